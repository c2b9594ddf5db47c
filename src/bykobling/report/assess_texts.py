"""Every sentence of the page of an assessment, in both languages; a test holds their keys and blanks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.palette import Language

_EN = {
    "assess_kicker": "What would the proposals change, and for whom?",
    "assess_gain": (
        "With {name}, {gaining} residents of the housing areas would reach more places within {minutes} minutes on "
        "foot."
    ),
    "assess_lose": (
        "With {name}, {losing} residents of the housing areas would reach fewer places within {minutes} minutes on "
        "foot."
    ),
    "assess_both": (
        "With {name}, {gaining} residents of the housing areas would reach more places within {minutes} minutes on "
        "foot, and {losing} would reach fewer."
    ),
    "assess_nobody": "With {name}, nobody's reach on foot changes.",
    "assess_all": "all proposals together",
    "assess_of_them": "Of those who gain, {vulnerable} live in vulnerable areas.",
    "assess_worth": "That is worth {recovered} of what roads, railways and closed land take from all residents.",
    "assess_worth_water": "That is worth {water} of what water takes from all residents.",
    "assess_of_none": "Of those who gain, nobody lives in a vulnerable area.",
    "assess_map_heading": "What is proposed",
    "assess_map_alt": "Map of the city with the proposals numbered",
    "assess_map_numbers": "Numbers are those of the tables below.",
    "mark_added": "new way, crossing or stop",
    "mark_removed": "closed",
    "mark_changed": "changed",
    "assess_read_heading": "What was measured, and how to read it",
    "assess_read_reach": (
        "Everything was measured as it is, and again with each proposal: residents, places and barriers stay where "
        "they are, only the ways change. Reach is the share of all places within {minutes} minutes on foot; kinds of "
        "places count as they do in the barrier effect. Who gains or loses is told by that reach."
    ),
    "assess_read_recovered": (
        "“Recovered” is the reach gained over the reach that barriers take today: from roads, railways and closed "
        "land, and, apart from them, from water. The two tell of the same gain, so they are not to be added."
    ),
    "assess_read_changes": (
        "Means are of residents. Where somebody has a way only with the proposal, no number tells what is saved; it "
        "stands as ∞."
    ),
    "summary_heading": "Side by side",
    "proposal": "Proposal",
    "gaining": "Residents who gain",
    "losing": "Residents who lose",
    "of_vulnerable": ", below: in vulnerable areas",
    "effect_change": "Barrier effect now → then",
    "recovered_of": "Recovered of roads, railways, land",
    "recovered_water_of": "of water",
    "saved_station": "Minutes saved to a station",
    "saved_school": "to school",
    "saved_shop": "to daily shopping",
    "halved": "Gaps halved",
    "halved_of": "{closed} of {gaps}",
    "summary_more": "{count} more are in assessment_summary.csv.",
    "saved_text": (
        "Minutes saved are means of all residents who have a way, so that a few who save much count as many who save "
        "little; a dash stands where nothing changes, or nothing is known. A gap is the difference between vulnerable "
        "areas and the rest in one measure; it is halved where at most half of it is left."
    ),
    "one_heading": "One by one",
    "one_more": "{count} more proposals are in the tables.",
    "one_text": (
        "Each large map shows the homes whose reach changes: green for more places within {minutes} minutes on foot, "
        "orange for fewer. The scale is the same on all of them. Below it: what the same homes reach today, and what "
        "they would reach."
    ),
    "together_all": "All proposals together",
    "change_alt": "Map of the homes whose reach on foot changes with {name}",
    "change_legend": "Change in the share of all places within {minutes} minutes on foot, percentage points",
    "change_reach_legend": "Places within {minutes} minutes on foot, on the small maps (fifths of the map's homes)",
    "change_first": "under {high}",
    "change_between": "{low}\N{EN DASH}{high}",
    "change_last": "{low} or more",
    "change_any": "any",
    "change_more": "more:",
    "change_fewer": "fewer:",
    "then": "With the proposal",
    "no_home": "No home's reach on foot changes, so there is no map of homes.",
    "who_title": "Who gains and who loses",
    "who_area": "Area",
    "who_gain": "gain",
    "who_lose": "lose",
    "who_reach": "Reach now → then",
    "who_left": "and {count} more areas, in assessment_who.csv",
    "times_title": "Minutes saved",
    "times_to": "Way",
    "times_all": "All",
    "times_vulnerable": "Vulnerable",
    "times_rest": "Rest",
    "times_people": "Residents who save a minute or more",
    "times_left": "and {count} more ways, in assessment_times.csv",
    "times_none": "No way to an everyday place changes by as much as is shown.",
    "way_station": "Minutes on foot to a station",
    "way_transit": "Minutes by public transport to {to}",
    "standards_title": "Residents moved over each standard",
    "standard": "Standard",
    "standard_lower": "{label}: at most {limit}",
    "standard_higher": "{label}: at least {limit}",
    "standard_every": "Every standard",
    "standard_met": "Met by, now → then",
    "standard_in": "come to meet it",
    "standard_out": "no longer meet it",
    "standard_vulnerable": "come to meet it, vulnerable",
    "standards_none": "Nobody is moved over a standard.",
    "groups_title": "Vulnerable areas against the rest",
    "groups_title_all": "What else changes",
    "measure": "Measure",
    "group_vulnerable": "Vulnerable, now → then",
    "group_rest": "Rest, now → then",
    "group_all": "All, now → then",
    "gap_closed": "Of the gap closed",
    "groups_left": "{count} more measures change, in assessment_groups.csv",
    "groups_none": "No measure changes by as much as is shown.",
    "spacing_title": "How far apart crossings are",
    "spacing_barrier": "Barrier",
    "spacing_crossings": "Crossings, now → then",
    "spacing_mean": "Stretch without one on average",
    "spacing_longest": "Longest stretch without one",
    "spacing_change": "Change of the longest",
    "spacing_left": "and {count} more barriers, in assessment_spacing.csv",
    "is_better": "better",
    "is_worse": "worse",
    "pairs_assess_heading": "Two at a time",
    "pairs_assess_text": (
        "What two give together, against the sum of what each gives alone, in hundredths of a percentage point of "
        "reach, mean of all residents. Below zero they give some of the same places; above zero each makes the other "
        "worth more."
    ),
    "pair_first": "One proposal",
    "pair_second": "The other",
    "made_bridge": "bridge",
    "made_underpass": "underpass",
    "made_path": "path",
    "made_stairs": "stairs",
    "made_ramp": "ramp",
    "made_crossing": "crossing",
    "made_removed street": "closed street",
    "made_changed speed": "changed speed",
    "made_changed motor traffic": "changed motor traffic",
    "made_new road": "new road",
    "made_stop": "new stop",
    "made_service": "new line",
    "made_headway": "changed headway",
    "made_removed service": "line that runs no more",
    "made_removed stop": "closed stop",
    "footer_assess": "Made with bykobling. The numbers behind this page are in the tables beside it.",
}
_DA = {
    "assess_kicker": "Hvad ændrer forslagene, og for hvem?",
    "assess_gain": (
        "Med {name} når {gaining} beboere i boligområderne flere steder inden for {minutes} minutter til fods."
    ),
    "assess_lose": (
        "Med {name} når {losing} beboere i boligområderne færre steder inden for {minutes} minutter til fods."
    ),
    "assess_both": (
        "Med {name} når {gaining} beboere i boligområderne flere steder inden for {minutes} minutter til fods, og "
        "{losing} når færre."
    ),
    "assess_nobody": "Med {name} ændres ingens rækkevidde til fods.",
    "assess_all": "alle forslag sammen",
    "assess_of_them": "Af dem, der får mere, bor {vulnerable} i udsatte områder.",
    "assess_worth": "Det svarer til {recovered} af det, veje, jernbaner og lukkede arealer tager fra alle beboere.",
    "assess_worth_water": "Det svarer til {water} af det, vand tager fra alle beboere.",
    "assess_of_none": "Af dem, der får mere, bor ingen i et udsat område.",
    "assess_map_heading": "Hvad der foreslås",
    "assess_map_alt": "Kort over byen med forslagene nummereret",
    "assess_map_numbers": "Numrene er de samme som i tabellerne nedenfor.",
    "mark_added": "ny vej, krydsning eller stop",
    "mark_removed": "lukket",
    "mark_changed": "ændret",
    "assess_read_heading": "Hvad der er målt, og hvordan det læses",
    "assess_read_reach": (
        "Alt er målt, som det er, og igen med hvert forslag: Beboere, steder og barrierer bliver, hvor de er; kun "
        "vejene ændres. Rækkevidde er andelen af alle steder inden for {minutes} minutter til fods; arterne af steder "
        "tæller som i barriereeffekten. Hvem der vinder eller taber, afgøres af den rækkevidde."
    ),
    "assess_read_recovered": (
        "“Genvundet” er den vundne rækkevidde i forhold til den, barrierer tager i dag: veje, jernbaner og lukkede "
        "arealer, og for sig vand. De to fortæller om den samme gevinst og kan ikke lægges sammen."
    ),
    "assess_read_changes": (
        "Gennemsnit er af beboere. Hvor nogen først får en vej med forslaget, kan ingen talværdi fortælle, hvad der "
        "spares; der står ∞."
    ),
    "summary_heading": "Side om side",
    "proposal": "Forslag",
    "gaining": "Beboere der vinder",
    "losing": "Beboere der taber",
    "of_vulnerable": ", nederst: i udsatte områder",
    "effect_change": "Barriereeffekt nu → da",
    "recovered_of": "Genvundet af veje, jernbaner, arealer",
    "recovered_water_of": "af vand",
    "saved_station": "Minutter sparet til en station",
    "saved_school": "til skole",
    "saved_shop": "til dagligvarer",
    "halved": "Halverede forskelle",
    "halved_of": "{closed} af {gaps}",
    "summary_more": "{count} flere findes i assessment_summary.csv.",
    "saved_text": (
        "Sparede minutter er gennemsnit af alle beboere, der har en vej, så få, der sparer meget, tæller som mange, "
        "der sparer lidt; en streg står, hvor intet ændres eller kendes. En forskel er den mellem udsatte områder og "
        "resten i ét mål; den er halveret, hvor højst halvdelen er tilbage."
    ),
    "one_heading": "Et for et",
    "one_more": "{count} forslag mere findes i tabellerne.",
    "one_text": (
        "Hvert stort kort viser de boliger, hvis rækkevidde ændres: grøn for flere steder inden for {minutes} minutter "
        "til fods, orange for færre. Skalaen er den samme på dem alle. Nedenunder: hvad de samme boliger når i dag, og "
        "hvad de ville nå."
    ),
    "together_all": "Alle forslag sammen",
    "change_alt": "Kort over de boliger, hvis rækkevidde til fods ændres med {name}",
    "change_legend": "Ændring i andelen af alle steder inden for {minutes} minutter til fods, procentpoint",
    "change_reach_legend": "Steder inden for {minutes} minutter til fods, de små kort (femtedele af kortets boliger)",
    "change_first": "under {high}",
    "change_between": "{low} til {high}",
    "change_last": "{low} eller mere",
    "change_any": "alle",
    "change_more": "flere:",
    "change_fewer": "færre:",
    "then": "Med forslaget",
    "no_home": "Ingen boligs rækkevidde til fods ændres, så der er intet kort over boliger.",
    "who_title": "Hvem der vinder, og hvem der taber",
    "who_area": "Område",
    "who_gain": "vinder",
    "who_lose": "taber",
    "who_reach": "Rækkevidde nu → da",
    "who_left": "og {count} områder mere, i assessment_who.csv",
    "times_title": "Sparede minutter",
    "times_to": "Vej",
    "times_all": "Alle",
    "times_vulnerable": "Udsatte",
    "times_rest": "Resten",
    "times_people": "Beboere der sparer mindst et minut",
    "times_left": "og {count} veje mere, i assessment_times.csv",
    "times_none": "Ingen vej til et hverdagssted ændres så meget, at det kan ses her.",
    "way_station": "Minutter til fods til en station",
    "way_transit": "Minutter med kollektiv trafik til {to}",
    "standards_title": "Beboere flyttet over hvert minimumskrav",
    "standard": "Minimumskrav",
    "standard_lower": "{label}: højst {limit}",
    "standard_higher": "{label}: mindst {limit}",
    "standard_every": "Alle minimumskrav",
    "standard_met": "Opfyldt for, nu → da",
    "standard_in": "får det opfyldt",
    "standard_out": "får det ikke længere opfyldt",
    "standard_vulnerable": "får det opfyldt, udsatte",
    "standards_none": "Ingen flyttes over et minimumskrav.",
    "groups_title": "Udsatte områder mod resten",
    "groups_title_all": "Hvad der ellers ændres",
    "measure": "Mål",
    "group_vulnerable": "Udsatte, nu → da",
    "group_rest": "Resten, nu → da",
    "group_all": "Alle, nu → da",
    "gap_closed": "Af forskellen lukket",
    "groups_left": "{count} mål mere ændres, i assessment_groups.csv",
    "groups_none": "Intet mål ændres så meget, at det kan ses her.",
    "spacing_title": "Hvor langt der er mellem krydsninger",
    "spacing_barrier": "Barriere",
    "spacing_crossings": "Krydsninger, nu → da",
    "spacing_mean": "Gennemsnitligt stykke uden krydsning",
    "spacing_longest": "Længste stykke uden krydsning",
    "spacing_change": "Ændring af det længste",
    "spacing_left": "og {count} barrierer mere, i assessment_spacing.csv",
    "is_better": "bedre",
    "is_worse": "dårligere",
    "pairs_assess_heading": "To ad gangen",
    "pairs_assess_text": (
        "Hvad to giver sammen, mod summen af hvad hvert giver alene, i hundrededele procentpoint af rækkevidden, "
        "gennemsnit af alle beboere. Under nul giver de nogle af de samme steder; over nul gør hvert det andet mere "
        "værd."
    ),
    "pair_first": "Det ene forslag",
    "pair_second": "Det andet",
    "made_bridge": "bro",
    "made_underpass": "tunnel",
    "made_path": "sti",
    "made_stairs": "trappe",
    "made_ramp": "rampe",
    "made_crossing": "krydsning",
    "made_removed street": "lukket gade",
    "made_changed speed": "ændret fart",
    "made_changed motor traffic": "ændret biltrafik",
    "made_new road": "ny vej",
    "made_stop": "nyt stop",
    "made_service": "ny linje",
    "made_headway": "ændret frekvens",
    "made_removed service": "nedlagt linje",
    "made_removed stop": "nedlagt stop",
    "footer_assess": "Lavet med bykobling. Tallene bag siden findes i tabellerne ved siden af den.",
}
ASSESS_TEXTS: dict[Language, dict[str, str]] = {"en": _EN, "da": _DA}
