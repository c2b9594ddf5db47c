"""Every sentence of the page of found connections, in both languages; a test holds their keys and blanks alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.palette import Language

_EN = {
    "links_kicker": "Where would a connection pay most?",
    "answer_best": (
        "Of {count} connections, {what} would give most: {residents} residents would have {places} more places within "
        "{minutes} minutes {mode}, on average."
    ),
    "answer_best_only": "Of {count} connections, {what} would give most.",
    "answer_recovered": "Alone it would give back {recovered} of what barriers take from the residents of all areas.",
    "answer_recovered_water": (
        "Alone it would give back {recovered} of what water takes from the residents of all areas."
    ),
    "answer_vulnerable": "To the residents of vulnerable areas, no. {rank} would give most: {what}.",
    "answer_vulnerable_same": "It is also the one that would give the residents of vulnerable areas most.",
    "answer_cost": "For its cost, no. {rank} would give most: {what}, {cost} (assumed).",
    "answer_cost_known": "For its cost, no. {rank} would give most: {what}, {cost}.",
    "answer_none": "No connection was found that would bring anybody anything.",
    "what_bridge": "a bridge across {barrier}",
    "what_underpass": "an underpass beneath {barrier}",
    "what_crossing": "a crossing of {barrier}",
    "what_path": "a path across {barrier}",
    "what_other": "a connection across {barrier}",
    "gap_bridge": "a bridge between streets",
    "gap_underpass": "an underpass between streets",
    "gap_crossing": "a crossing between streets",
    "gap_path": "a path between streets",
    "gap_other": "a connection between streets",
    "kind_bridge": "Bridge",
    "kind_underpass": "Underpass",
    "kind_crossing": "Crossing",
    "kind_path": "Path",
    "read_heading": "What was searched, and how to read it",
    "read_search": (
        "We looked for places where streets lie close together but are far apart to walk or cycle, because of a "
        "barrier or a missing link. Each connection was then tried out alone, with all else as it is: for every home, "
        "which places come within {minutes} minutes {mode} that are out of reach today?"
    ),
    "read_gain": (
        "Gain is residents times places newly within {minutes} minutes: 100 residents with 5 more places each count "
        "as much as 50 with 10. Kinds of places count as they do in the barrier effect. The rank follows the gain, "
        "shown so that the best connection is 100."
    ),
    "read_recovered": (
        "“Barrier effect recovered” is the share of what barriers take from the residents of all areas that would come "
        "back; for a connection across water, of what water takes."
    ),
    "read_cost": (
        "Costs are assumed where they are marked so: a fixed sum and a price a metre for each kind. They serve to "
        "compare, not to budget. Who owns the land, the ground and permits were not looked at."
    ),
    "read_stable": (
        "“In the top ten” tells how sure the rank is: in how many of the trials, with other times, speeds, weights of "
        "places and other things counted, the connection is among the ten best."
    ),
    "links_map_heading": "The best connections",
    "links_map_alt": "Map of the city with the best connections numbered by rank",
    "links_map_numbers": "Numbers are ranks; the ten best are filled.",
    "connection": "Connection",
    "table_heading": "The {count} best connections",
    "table_heading_one": "The best connection",
    "table_more": "{count} more are in links.csv.",
    "gain_index": "Gain (best = 100)",
    "way_now": "Way now",
    "way_then": "Way with it",
    "way_change": "Way now → with it",
    "no_way": "no way",
    "residents_gaining": "Residents who gain",
    "vulnerable_gaining": ", below: in vulnerable areas",
    "places_each": "More places for each",
    "people_each": "More residents within reach of each",
    "recovered": "Barrier effect recovered",
    "cost": "Cost",
    "per_cost": "Rank for its cost",
    "stable": "In the top ten",
    "assumed_tag": "assumed",
    "unknown": "not known",
    "at": "at {streets}",
    "cards_heading": "The ten best, one by one",
    "cards_heading_few": "One by one",
    "cards_text": (
        "Each large map shows the homes that gain, darker for more places newly within {minutes} minutes {mode}; the "
        "scale is the same on all of them. Below it: what the same homes reach today and would reach. The bars show "
        "the places within reach of an average resident of an area before (grey) and what the connection adds (green)."
    ),
    "card_alt": "Map of the homes that gain by connection no. {rank}",
    "gain_legend": "More places within {minutes} minutes {mode}",
    "reach_legend": "Places within {minutes} minutes {mode}, on the small maps (fifths of what the card's homes reach)",
    "fewer": "fewer",
    "more": "more",
    "before": "As it is",
    "after": "With the connection",
    "grade_first": "fewer than {high}",
    "grade_between": "{low}\N{EN DASH}{high}",
    "grade_last": "{low} or more",
    "who": "Who gains",
    "who_vulnerable": "{share} of the gain goes to residents of vulnerable areas.",
    "who_vulnerable_unknown": "How much of the gain goes to vulnerable areas is not known.",
    "who_none": "Which areas gain is not known.",
    "who_more": "and {count} more areas",
    "who_more_one": "and one more area",
    "places_before_after": "Places within reach",
    "people_pairs": "{count} pairs of residents come within reach of one another.",
    "other_ranks": "Among all {count}: {ranks}.",
    "closer": "A minute or more closer: {ways}.",
    "closer_school": "{count} residents to a school ({minutes} on average)",
    "closer_daily_shopping": "{count} residents to daily shopping ({minutes} on average)",
    "station_change": "To a station on foot: {before} today, {after} with it (areas' residents who have a way).",
    "station_same": "The walk to a station stays as it is: {before} (areas' residents who have a way).",
    "station_unknown": "How long the walk to a station is, is not known.",
    "entries_change": "Ways out of areas that share no street: {rings}.",
    "entries_ring": "{areas} within {metres} m",
    "entries_more": "and {count} more areas",
    "entries_same": "No area gets another number of ways out that share no street.",
    "entries_unknown": "How many ways lead out of areas is not known.",
    "by_metre": "no. {rank} for its length",
    "by_cost": "no. {rank} for its cost",
    "by_cost_sure": (
        "no. {rank} for its cost (among the ten best for cost in {share} of trials with costs up to 30 % off)"
    ),
    "by_vulnerable": "no. {rank} for vulnerable areas",
    "sets_heading": "What to build one after the other",
    "sets_text": (
        "At each step the connection that adds most to those already chosen, measured anew. Where it adds less than it "
        "would alone, those before it have already given some of the same places."
    ),
    "sets_none": "No set was chosen.",
    "step": "Step",
    "added": "Adds (best = 100)",
    "alone": "Alone",
    "kept": "Share of alone",
    "total_gain": "Gain so far",
    "total_cost": "Cost so far",
    "pairs_heading": "Two at a time",
    "pairs_text": (
        "What both give together, against the sum of what each gives alone. Below zero they give some of the same "
        "places; above zero each makes the other worth more."
    ),
    "pair_one": "One connection",
    "pair_other": "The other",
    "pair_sum": "Each alone, summed",
    "pair_together": "Both together",
    "pair_interaction": "Difference",
    "pair_verdict": "So they",
    "pair_replace": "can stand in for one another",
    "pair_overlap": "overlap",
    "pair_apart": "are independent",
    "pair_support": "support one another",
    "kinds_heading": "What a connection is taken to cost",
    "kinds_text": "The table can be replaced by your own; every cost on this page comes from it.",
    "dkk_fixed": "Fixed",
    "dkk_per_m": "Per metre",
    "extra_s": "Extra time on it",
    "max_length_m": "Longest looked for",
    "source_of_cost": "Source",
    "given": "given",
    "counts_heading": "How many were looked at, and why some were left out",
    "counts_none": "Nothing was counted.",
    "counted": "What",
    "count": "Number",
    "footer_links": "Made with bykobling. The numbers behind this page are in the tables beside it.",
}
_DA = {
    "links_kicker": "Hvor giver en forbindelse mest?",
    "answer_best": (
        "Af {count} forbindelser giver {what} mest: {residents} beboere får i gennemsnit {places} flere steder inden "
        "for {minutes} minutter {mode}."
    ),
    "answer_best_only": "Af {count} forbindelser giver {what} mest.",
    "answer_recovered": "Alene giver den {recovered} tilbage af det, barrierer tager fra beboerne i alle områder.",
    "answer_recovered_water": "Alene giver den {recovered} tilbage af det, vand tager fra beboerne i alle områder.",
    "answer_vulnerable": "Beboerne i de udsatte områder får mest af nr. {rank}: {what}.",
    "answer_vulnerable_same": "Den er også den, der giver beboerne i de udsatte områder mest.",
    "answer_cost": "For pengene giver nr. {rank} mest: {what}, {cost} (antaget).",
    "answer_cost_known": "For pengene giver nr. {rank} mest: {what}, {cost}.",
    "answer_none": "Der er ikke fundet nogen forbindelse, der giver nogen noget.",
    "what_bridge": "en bro over {barrier}",
    "what_underpass": "en tunnel under {barrier}",
    "what_crossing": "en krydsning af {barrier}",
    "what_path": "en sti over {barrier}",
    "what_other": "en forbindelse over {barrier}",
    "gap_bridge": "en bro mellem gader",
    "gap_underpass": "en tunnel mellem gader",
    "gap_crossing": "en krydsning mellem gader",
    "gap_path": "en sti mellem gader",
    "gap_other": "en forbindelse mellem gader",
    "kind_bridge": "Bro",
    "kind_underpass": "Tunnel",
    "kind_crossing": "Krydsning",
    "kind_path": "Sti",
    "read_heading": "Hvad der er søgt efter, og hvordan det læses",
    "read_search": (
        "Vi har søgt efter steder, hvor gader ligger tæt, men er langt fra hinanden til fods eller på cykel, fordi en "
        "barriere ligger imellem, eller et stykke mangler. Hver forbindelse er så prøvet alene, med alt andet som nu: "
        "Hvilke steder kommer for hver bolig inden for {minutes} minutter {mode}, som i dag er uden for rækkevidde?"
    ),
    "read_gain": (
        "Gevinst er beboere gange steder, der kommer inden for {minutes} minutter: 100 beboere med 5 flere steder hver "
        "tæller lige så meget som 50 med 10. Arterne af steder tæller som i barriereeffekten. Rangen følger gevinsten, "
        "vist så den bedste forbindelse er 100."
    ),
    "read_recovered": (
        "“Genvundet barriereeffekt” er den del af det, barrierer tager fra beboerne i alle områder, som kommer "
        "tilbage; for en forbindelse over vand af det, vand tager."
    ),
    "read_cost": (
        "Priser er antaget, hvor det er mærket: et fast beløb og en pris pr. meter for hver art. De er til at "
        "sammenligne med, ikke til et budget. Hvem der ejer jorden, jordbund og tilladelser er ikke undersøgt."
    ),
    "read_stable": (
        "“I top ti” viser, hvor sikker rangen er: i hvor stor en del af forsøgene, med andre tider, farter, "
        "vægte af steder og andet talt med, forbindelsen er blandt de ti bedste."
    ),
    "links_map_heading": "De bedste forbindelser",
    "links_map_alt": "Kort over byen med de bedste forbindelser nummereret efter rang",
    "links_map_numbers": "Tal er rang; de ti bedste er fyldt.",
    "connection": "Forbindelse",
    "table_heading": "De {count} bedste forbindelser",
    "table_heading_one": "Den bedste forbindelse",
    "table_more": "{count} flere findes i links.csv.",
    "gain_index": "Gevinst (bedste = 100)",
    "way_now": "Vej nu",
    "way_then": "Vej med den",
    "way_change": "Vej nu → med den",
    "no_way": "ingen vej",
    "residents_gaining": "Beboere der får gevinst",
    "vulnerable_gaining": ", derunder: i udsatte områder",
    "places_each": "Flere steder til hver",
    "people_each": "Flere beboere inden for hvers rækkevidde",
    "recovered": "Genvundet barriereeffekt",
    "cost": "Pris",
    "per_cost": "Rang for pengene",
    "stable": "I top ti",
    "assumed_tag": "antaget",
    "unknown": "kendes ikke",
    "at": "ved {streets}",
    "cards_heading": "De ti bedste, en for en",
    "cards_heading_few": "En for en",
    "cards_text": (
        "Hvert stort kort viser de boliger, der får gevinst, mørkere jo flere steder der kommer inden for {minutes} "
        "minutter {mode}; skalaen er den samme på dem alle. Under det: hvad de samme boliger når i dag og ville nå. "
        "Søjlerne viser steder inden for rækkevidde af en gennemsnitlig "
        "beboer i et område før (grå) og hvad forbindelsen lægger til (grøn)."
    ),
    "card_alt": "Kort over de boliger, der får gevinst af forbindelse nr. {rank}",
    "gain_legend": "Flere steder inden for {minutes} minutter {mode}",
    "reach_legend": "Steder inden for {minutes} minutter {mode}, på de små kort (femtedele af det, boligerne når)",
    "fewer": "færre",
    "more": "flere",
    "before": "Som nu",
    "after": "Med forbindelsen",
    "grade_first": "færre end {high}",
    "grade_between": "{low} til {high}",
    "grade_last": "{low} eller flere",
    "who": "Hvem får gevinst",
    "who_vulnerable": "{share} af gevinsten går til beboere i udsatte områder.",
    "who_vulnerable_unknown": "Hvor meget af gevinsten der går til udsatte områder, kendes ikke.",
    "who_none": "Hvilke områder der får gevinst, kendes ikke.",
    "who_more": "og {count} områder mere",
    "who_more_one": "og ét område mere",
    "places_before_after": "Steder inden for rækkevidde",
    "people_pairs": "{count} par af beboere kommer inden for hinandens rækkevidde.",
    "other_ranks": "Blandt alle {count}: {ranks}.",
    "closer": "Mindst et minut tættere på: {ways}.",
    "closer_school": "{count} beboere på skole ({minutes} i gennemsnit)",
    "closer_daily_shopping": "{count} beboere på dagligvarer ({minutes} i gennemsnit)",
    "station_change": "Til en station til fods: {before} i dag, {after} med den (områdernes beboere, der har en vej).",
    "station_same": "Vejen til en station er uændret: {before} (områdernes beboere, der har en vej).",
    "station_unknown": "Hvor lang vejen til en station er, kendes ikke.",
    "entries_change": "Veje ud af områder, der ikke deler nogen gade: {rings}.",
    "entries_ring": "{areas} inden for {metres} m",
    "entries_more": "og {count} områder mere",
    "entries_same": "Intet område får et andet antal veje ud, der ikke deler nogen gade.",
    "entries_unknown": "Hvor mange veje der fører ud af områder, kendes ikke.",
    "by_metre": "nr. {rank} for længden",
    "by_cost": "nr. {rank} for pengene",
    "by_cost_sure": (
        "nr. {rank} for pengene (blandt de ti bedste i {share} af forsøg med priser op til 30 % ved siden af)"
    ),
    "by_vulnerable": "nr. {rank} for udsatte områder",
    "sets_heading": "Hvad der bør bygges, en efter en",
    "sets_text": (
        "I hvert trin den forbindelse, der lægger mest til de allerede valgte, målt på ny. Hvor den lægger mindre til, "
        "end den gør alene, har de forrige allerede givet nogle af de samme steder."
    ),
    "sets_none": "Der er ikke valgt noget sæt.",
    "step": "Trin",
    "added": "Lægger til (bedste = 100)",
    "alone": "Alene",
    "kept": "Andel af alene",
    "total_gain": "Gevinst i alt",
    "total_cost": "Pris i alt",
    "pairs_heading": "To ad gangen",
    "pairs_text": (
        "Hvad begge giver sammen, mod summen af hvad hver giver alene. Under nul giver de nogle af de samme steder; "
        "over nul gør hver den anden mere værd."
    ),
    "pair_one": "Den ene forbindelse",
    "pair_other": "Den anden",
    "pair_sum": "Hver alene, lagt sammen",
    "pair_together": "Begge sammen",
    "pair_interaction": "Forskel",
    "pair_verdict": "Så de",
    "pair_replace": "kan træde i stedet for hinanden",
    "pair_overlap": "overlapper",
    "pair_apart": "er uafhængige",
    "pair_support": "støtter hinanden",
    "kinds_heading": "Hvad en forbindelse regnes at koste",
    "kinds_text": "Tabellen kan erstattes af jeres egen; alle priser på siden kommer fra den.",
    "dkk_fixed": "Fast",
    "dkk_per_m": "Pr. meter",
    "extra_s": "Ekstra tid på den",
    "max_length_m": "Længste der søges efter",
    "source_of_cost": "Kilde",
    "given": "oplyst",
    "counts_heading": "Hvor mange der er set på, og hvorfor nogle er udeladt",
    "counts_none": "Intet er talt.",
    "counted": "Hvad",
    "count": "Antal",
    "footer_links": "Lavet med bykobling. Tallene bag siden findes i tabellerne ved siden af den.",
}
LINK_TEXTS: dict[Language, dict[str, str]] = {"en": _EN, "da": _DA}
