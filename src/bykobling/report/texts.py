"""Every sentence of the report, in both languages; a test holds their keys and blanks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.palette import Language

_EN = {
    "kicker": "How cut off is each housing area, and by what?",
    "answer_heading": "The short answer",
    "worst": (
        "In {area}, residents lose {effect} of the places they could reach {mode} in {minutes} minutes to barriers; "
        "the largest share ({share}) to {barrier}."
    ),
    "worst_no_barrier": (
        "In {area}, residents lose {effect} of the places they could reach {mode} in {minutes} minutes to barriers."
    ),
    "overall": "The most cut-off area of all is {area} ({effect}).",
    "groups": "In the vulnerable areas the loss is {vulnerable} on average, in the rest of the city {rest}.",
    "groups_ratio": "That is {ratio} times as much.",
    "city": "Of everything the city loses to barriers, {barrier} takes {share}.",
    "no_effect": "No area was found to lose any of the places in reach to barriers.",
    "nothing_measured": "No area could be measured. The notes below tell why.",
    "on_foot": "on foot",
    "by_bicycle": "by bicycle",
    "how_heading": "What was measured, and how to read it",
    "how_effect": (
        "For every home we count the places its residents can reach in a given time on the streets as they are, and "
        "again as if each barrier could be crossed anywhere. The number is the share of places that goes missing: "
        "0 % means that barriers cost nothing, 30 % that three in ten places are out of reach because of them."
    ),
    "how_share": (
        "Each barrier is also opened alone. What it would give back, set against what all of them give back one by "
        "one, is its share. Water is measured apart and is not part of the headline."
    ),
    "map_heading": "Where residents are cut off",
    "map_alt": "Map of housing areas coloured by the share of reachable places lost to barriers",
    "map_numbers": "Numbers are the ranks of the most cut-off areas.",
    "map_legend": "Reach lost to barriers, {minutes} min {mode}",
    "vulnerable_outline": "vulnerable area",
    "crossing_dot": "crossing",
    "severance_heading": "Where barriers are hard to cross",
    "severance_text": (
        "Along every barrier: how many times longer it takes to walk to the other side than it would straight "
        "across, waiting times included."
    ),
    "severance_alt": "Map of barriers coloured by how long a detour it takes to cross them",
    "severance_legend": "Detour across the barrier",
    "severance_empty": "No barrier was sampled, so there is no map.",
    "areas_heading": "All areas, the most cut off first",
    "areas_text": "The share of reachable places lost to barriers, for each time and way of travelling.",
    "areas_sort": "Choose a column heading to sort.",
    "rank": "Rank",
    "area": "Area",
    "group": "Group",
    "residents": "Residents",
    "residents_estimated": "Residents (estimated)",
    "walk_minutes": "{minutes} min on foot",
    "bike_minutes": "{minutes} min by bicycle",
    "water_minutes": "to water, {minutes} min on foot (apart)",
    "top_barrier": "Takes most",
    "unnamed": "unnamed ({kind})",
    "vulnerable": "vulnerable",
    "rest": "rest",
    "no_residents": "no residents",
    "not_measured": "not measured",
    "edge_mark": (
        "† The data end near this area for the given share of its residents. What lies beyond is not counted, so the "
        "number may be too low or too high."
    ),
    "estimated_note": (
        "Where no population figures were given, residents are estimated from dwellings or streets: read them as "
        "weights, not as a count of people."
    ),
    "top_heading": "Which barriers take it: the {count} most cut-off areas",
    "top_heading_none": "Which barriers take it",
    "top_heading_one": "Which barriers take it: the most cut-off area",
    "top_text": (
        "The length of a bar is the reach lost, {minutes} min {mode}; its parts are the shares of the barriers."
    ),
    "top_none": "No area loses reach to barriers.",
    "top_lost": "lost",
    "a_barrier": "a barrier without a name",
    "others": "others",
    "barriers_heading": "The barriers that take most, city-wide",
    "barrier": "Barrier",
    "kind": "Kind",
    "length": "Length",
    "crossings": "Crossings",
    "city_share": "Share of all lost reach",
    "barriers_none": "No barrier takes reach from any area.",
    "barriers_more": "{count} more are in results.gpkg.",
    "gaps_heading": "Vulnerable areas and the rest of the city",
    "gaps_text": "Averages over residents.",
    "indicator": "Measure",
    "mean_vulnerable": "Vulnerable",
    "mean_rest": "Rest",
    "difference": "Difference",
    "not_available": "not available",
    "why_no_vulnerable": "No area is marked as vulnerable, so the two groups cannot be compared.",
    "why_no_rest": "Every area is marked as vulnerable, so there is no rest to compare with.",
    "why_unmeasured": (
        "“Not available” means that nobody in the group could be measured, or that a ratio to zero was asked for."
    ),
    "theme_severance": "Cut off",
    "theme_access": "Within reach",
    "theme_transit": "Public transport",
    "theme_noise": "Traffic noise",
    "theme_fairness": "Minimum standards",
    "interval": "95 % interval",
    "verdict": "Vulnerable areas are",
    "worse": "worse off",
    "better": "better off",
    "even": "no clear difference",
    "few": "too few areas to tell",
    "gaps_interval": (
        "The interval tells what the difference could be by the chance of which areas there are (areas drawn again "
        "2,000 times). Where it holds zero, the data show no clear difference. More measures are in gaps.csv."
    ),
    "profile_heading": "Each area against the city",
    "profile_text": (
        "The darker, the more of the city's residents are better off than those of the area. All measures of all "
        "areas are in areas.csv and profile.csv."
    ),
    "profile_legend": "Residents of the area are",
    "profile_cell": "worse off than {share} % of residents",
    "profile_left": "{count} more areas are in the tables; here are the vulnerable and the most cut off.",
    "near_heading": "So near, and so far",
    "near_text": "Places less than 500 m away that take more than a kilometre to walk to. All are in near_but_far.csv.",
    "near_place": "Place",
    "near_direct": "As the crow flies",
    "near_walk": "On foot",
    "near_no_way": "no way",
    "near_for": "Residents",
    "place_daily_shopping": "daily shopping",
    "place_school": "school",
    "place_childcare": "childcare",
    "place_health": "health",
    "place_culture": "culture",
    "place_sport": "sport",
    "place_playground": "playground",
    "place_green_space": "green space",
    "place_public_service": "public service",
    "place_cafe": "café or restaurant",
    "transit_heading": "Public transport",
    "transit_about": "Timetable: {timetable}, {when}, leaving home between {first} and {last}; {trips} trips that day.",
    "transit_about_assumed": (
        "No timetable: the lines are those of OpenStreetMap, {when}, leaving home between {first} and {last}."
    ),
    "transit_on": "on {day}",
    "transit_chosen": " (the busiest usual weekday)",
    "transit_any_day": "on any day",
    "transit_assumed": (
        "How often and how fast they run is assumed by kind of vehicle, not published by anybody, and lines that "
        "nobody has mapped are missing: departures, travel times and what is within reach are a sketch, to be replaced "
        "by the operator's timetable. What is assumed stands among the notes."
    ),
    "transit_assumed_tag": "assumed",
    "transit_text": (
        "For every home: the residents and places within reach door to door, walking and waiting included, at the "
        "median of the departures of the window; and what leaves within 400 m. Lines are drawn straight from stop "
        "to stop."
    ),
    "transit_alt": "Map of stops sized by departures an hour, and of lines coloured by mode",
    "transit_legend": "Lines and stops by mode",
    "transit_sizes": "Departures an hour from a stop",
    "transit_worst": "The areas that reach fewest residents",
    "transit_people": "Residents within {minutes} min",
    "transit_people_estimated": "Residents within {minutes} min (estimated)",
    "transit_band": "PTAL band",
    "transit_departures": "Departures an hour within 400 m",
    "transit_stops": "Stops within 400 m",
    "transit_average": "Average of all residents",
    "transit_band_text": (
        "PTAL bands run from 0 (nothing in reach on foot) over 1a to 6b (the best served); the band is that of the "
        "area's mean. Each line counts once, at the stop where it leaves most often. All areas are in areas.csv."
    ),
    "notes_heading": "What to know before using the numbers",
    "note_assumed": "Assumed",
    "note_missing": "Missing",
    "note_unlinked": "Could not be used",
    "note_edge": "Near the edge of the data",
    "note_source": "Sources",
    "notes_none": "Nothing was assumed, missing or left out.",
    "run_heading": "Sources, versions and settings",
    "run_none": "The run recorded nothing.",
    "footer": "Made with bykobling. Every number here is in the tables beside this report.",
}
_DA = {
    "kicker": "Hvor afskåret er hvert boligområde, og af hvad?",
    "answer_heading": "Det korte svar",
    "worst": (
        "I {area} mister beboerne {effect} af de steder, de kunne nå {mode} på {minutes} minutter, til barrierer; "
        "den største del ({share}) til {barrier}."
    ),
    "worst_no_barrier": (
        "I {area} mister beboerne {effect} af de steder, de kunne nå {mode} på {minutes} minutter, til barrierer."
    ),
    "overall": "Det mest afskårne område af alle er {area} ({effect}).",
    "groups": "I de udsatte områder er tabet i gennemsnit {vulnerable}, i resten af byen {rest}.",
    "groups_ratio": "Det er {ratio} gange så meget.",
    "city": "Af alt det, byen mister til barrierer, tager {barrier} {share}.",
    "no_effect": "Intet område mister steder inden for rækkevidde til barrierer.",
    "nothing_measured": "Intet område kunne måles. Noterne nedenfor fortæller hvorfor.",
    "on_foot": "til fods",
    "by_bicycle": "på cykel",
    "how_heading": "Hvad der er målt, og hvordan det læses",
    "how_effect": (
        "For hver bolig tæller vi de steder, beboerne kan nå på en given tid ad gaderne, som de er, og igen som om "
        "hver barriere kunne krydses overalt. Tallet er den andel af stederne, der går tabt: 0 % betyder, at "
        "barrierer intet koster, 30 % at tre ud af ti steder er uden for rækkevidde på grund af dem."
    ),
    "how_share": (
        "Hver barriere åbnes også for sig. Det, den ville give tilbage, målt mod det, de alle giver tilbage hver for "
        "sig, er dens andel. Vand måles for sig og indgår ikke i hovedtallet."
    ),
    "map_heading": "Hvor beboerne er afskåret",
    "map_alt": "Kort over boligområder farvet efter andelen af steder tabt til barrierer",
    "map_numbers": "Tallene er rangen for de mest afskårne områder.",
    "map_legend": "Rækkevidde tabt til barrierer, {minutes} min. {mode}",
    "vulnerable_outline": "udsat område",
    "crossing_dot": "krydsning",
    "severance_heading": "Hvor barrierer er svære at krydse",
    "severance_text": (
        "Langs hver barriere: hvor mange gange længere tid det tager at gå til den anden side end lige over, "
        "ventetid medregnet."
    ),
    "severance_alt": "Kort over barrierer farvet efter hvor lang en omvej det kræver at krydse dem",
    "severance_legend": "Omvej over barrieren",
    "severance_empty": "Ingen barriere er undersøgt, så der er intet kort.",
    "areas_heading": "Alle områder, de mest afskårne først",
    "areas_text": "Andelen af steder inden for rækkevidde, der er tabt til barrierer, for hver tid og rejsemåde.",
    "areas_sort": "Vælg en kolonneoverskrift for at sortere.",
    "rank": "Rang",
    "area": "Område",
    "group": "Gruppe",
    "residents": "Beboere",
    "residents_estimated": "Beboere (anslået)",
    "walk_minutes": "{minutes} min. til fods",
    "bike_minutes": "{minutes} min. på cykel",
    "water_minutes": "til vand, {minutes} min. til fods (for sig)",
    "top_barrier": "Tager mest",
    "unnamed": "uden navn ({kind})",
    "vulnerable": "udsat",
    "rest": "resten",
    "no_residents": "ingen beboere",
    "not_measured": "ikke målt",
    "edge_mark": (
        "† Data slutter nær dette område for den angivne andel af dets beboere. Hvad der ligger udenfor, er ikke "
        "talt med, så tallet kan være for lavt eller for højt."
    ),
    "estimated_note": (
        "Hvor der ikke var befolkningstal, er beboere anslået ud fra boliger eller gader: læs dem som vægte, ikke "
        "som et antal mennesker."
    ),
    "top_heading": "Hvilke barrierer tager det: de {count} mest afskårne områder",
    "top_heading_none": "Hvilke barrierer tager det",
    "top_heading_one": "Hvilke barrierer tager det: det mest afskårne område",
    "top_text": ("Søjlens længde er den tabte rækkevidde, {minutes} min. {mode}; delene er barrierernes andele."),
    "top_none": "Intet område mister rækkevidde til barrierer.",
    "top_lost": "tabt",
    "a_barrier": "en barriere uden navn",
    "others": "andre",
    "barriers_heading": "De barrierer, der tager mest i hele byen",
    "barrier": "Barriere",
    "kind": "Art",
    "length": "Længde",
    "crossings": "Krydsninger",
    "city_share": "Andel af al tabt rækkevidde",
    "barriers_none": "Ingen barriere tager rækkevidde fra noget område.",
    "barriers_more": "{count} flere findes i results.gpkg.",
    "gaps_heading": "Udsatte områder og resten af byen",
    "gaps_text": "Gennemsnit over beboere.",
    "indicator": "Mål",
    "mean_vulnerable": "Udsatte",
    "mean_rest": "Resten",
    "difference": "Forskel",
    "not_available": "findes ikke",
    "why_no_vulnerable": "Intet område er markeret som udsat, så de to grupper kan ikke sammenlignes.",
    "why_no_rest": "Alle områder er markeret som udsatte, så der er ingen rest at sammenligne med.",
    "why_unmeasured": ("“Findes ikke” betyder, at ingen i gruppen kunne måles, eller at der skulle deles med nul."),
    "theme_severance": "Afskåret",
    "theme_access": "Inden for rækkevidde",
    "theme_transit": "Kollektiv trafik",
    "theme_noise": "Trafikstøj",
    "theme_fairness": "Minimumskrav",
    "interval": "95 %-interval",
    "verdict": "Udsatte områder er",
    "worse": "dårligere stillet",
    "better": "bedre stillet",
    "even": "ingen tydelig forskel",
    "few": "for få områder til at sige det",
    "gaps_interval": (
        "Intervallet viser, hvad forskellen kunne være ved tilfældet i, hvilke områder der er (områder trukket på ny "
        "2.000 gange). Hvor det rummer nul, viser data ingen tydelig forskel. Flere mål findes i gaps.csv."
    ),
    "profile_heading": "Hvert område i forhold til byen",
    "profile_text": (
        "Jo mørkere, des flere af byens beboere er bedre stillet end områdets. Alle mål for alle områder findes i "
        "areas.csv og profile.csv."
    ),
    "profile_legend": "Områdets beboere er",
    "profile_cell": "dårligere stillet end {share} % af beboerne",
    "profile_left": "{count} områder mere findes i tabellerne; her er de udsatte og de mest afskårne.",
    "near_heading": "Så nær og dog så fjern",
    "near_text": "Steder under 500 m væk, som det tager over en kilometer at gå til. Alle findes i near_but_far.csv.",
    "near_place": "Sted",
    "near_direct": "I fugleflugt",
    "near_walk": "Til fods",
    "near_no_way": "ingen vej",
    "near_for": "Beboere",
    "place_daily_shopping": "dagligvarer",
    "place_school": "skole",
    "place_childcare": "daginstitution",
    "place_health": "sundhed",
    "place_culture": "kultur",
    "place_sport": "idræt",
    "place_playground": "legeplads",
    "place_green_space": "grønt område",
    "place_public_service": "offentlig service",
    "place_cafe": "café eller restaurant",
    "transit_heading": "Kollektiv trafik",
    "transit_about": (
        "Køreplan: {timetable}, {when}, afgang hjemmefra mellem {first} og {last}; {trips} ture den dag."
    ),
    "transit_about_assumed": (
        "Ingen køreplan: linjerne er dem fra OpenStreetMap, {when}, afgang hjemmefra mellem {first} og {last}."
    ),
    "transit_on": "{day}",
    "transit_chosen": " (den travleste almindelige hverdag)",
    "transit_any_day": "en hvilken som helst dag",
    "transit_assumed": (
        "Hvor ofte og hvor hurtigt de kører, er antaget efter transportmiddel og ikke offentliggjort af nogen, og "
        "linjer, som ingen har kortlagt, mangler: afgange, rejsetider og rækkevidde er en skitse, der skal afløses af "
        "trafikselskabets køreplan. Hvad der er antaget, står i noterne."
    ),
    "transit_assumed_tag": "antaget",
    "transit_text": (
        "For hver bolig: de beboere og steder, der kan nås fra dør til dør med gang og ventetid, ved medianen af "
        "tidsrummets afgange; og hvad der afgår inden for 400 m. Linjer er tegnet lige fra stop til stop."
    ),
    "transit_alt": "Kort over stoppesteder efter afgange i timen og linjer farvet efter transportmiddel",
    "transit_legend": "Linjer og stoppesteder efter transportmiddel",
    "transit_sizes": "Afgange i timen fra et stoppested",
    "transit_worst": "De områder, der når færrest beboere",
    "transit_people": "Beboere inden for {minutes} min.",
    "transit_people_estimated": "Beboere inden for {minutes} min. (anslået)",
    "transit_band": "PTAL-bånd",
    "transit_departures": "Afgange i timen inden for 400 m",
    "transit_stops": "Stoppesteder inden for 400 m",
    "transit_average": "Gennemsnit af alle beboere",
    "transit_band_text": (
        "PTAL-bånd går fra 0 (intet inden for gangafstand) over 1a til 6b (bedst betjent); båndet er det for områdets "
        "gennemsnit. Hver linje tæller én gang, ved det stop, hvor den afgår oftest. Alle områder findes i areas.csv."
    ),
    "notes_heading": "Hvad man bør vide, før tallene bruges",
    "note_assumed": "Antaget",
    "note_missing": "Mangler",
    "note_unlinked": "Kunne ikke bruges",
    "note_edge": "Nær datas kant",
    "note_source": "Kilder",
    "notes_none": "Intet er antaget, mangler eller er udeladt.",
    "run_heading": "Kilder, versioner og indstillinger",
    "run_none": "Kørslen har intet noteret.",
    "footer": "Lavet med bykobling. Hvert tal her findes i tabellerne ved siden af rapporten.",
}
TEXTS: dict[Language, dict[str, str]] = {"en": _EN, "da": _DA}
