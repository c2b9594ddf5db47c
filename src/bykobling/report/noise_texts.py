"""Sentences of the report about noise, in English and Danish."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.palette import Language

NOISE_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "heading": "Traffic noise",
        "estimated_tag": "estimate, ±5 dB",
        "about_map": "Levels are read from {maps}, at the facades of buildings where those are mapped.",
        "about_estimate": (
            "Levels of road traffic are estimated from counted and assumed traffic over flat "
            "ground, without reflections, screens or trains. Read them as classes of 5 dB that may be one class "
            "wrong, not as levels of a home; an official map replaces them."
        ),
        "map_alt": "Map of the levels of noise over the areas",
        "map_legend": "{what}, Lden",
        "bars": "Residents by level, {what} (Lden)",
        "group_vulnerable": "Vulnerable areas",
        "group_rest": "Rest of the city",
        "group_all": "All areas",
        "below": "under {limit} dB",
        "over": "{limit} dB or more",
        "unknown": "not known",
        "worst": "The areas with most residents at or above {limit} dB of {what}",
        "above": "{limit} dB or more",
        "mean": "Mean level",
        "annoyed": "Highly annoyed",
        "quiet": "With a quiet facade",
        "limits": (
            "58 dB (roads) and 64 dB (railways) are the Danish guidelines for dwellings, 68 dB of roads is called "
            "strongly exposed. Who is highly annoyed is estimated by the curves of Directive (EU) 2020/367 from 50 "
            "dB up. Every measure is in noise_exposure.csv, the bands in noise_bands.csv."
        ),
        "average": "Average of all residents",
        "road": "road traffic",
        "rail": "railways",
        "aircraft": "aircraft",
        "industry": "industry",
    },
    "da": {
        "heading": "Trafikstøj",
        "estimated_tag": "skøn, ±5 dB",
        "about_map": "Niveauerne er læst af {maps}, ved bygningernes facader hvor de er kortlagt.",
        "about_estimate": (
            "Vejstøjen er skønnet ud fra talt og antaget trafik over fladt terræn, "
            "uden refleksioner, skærme eller tog. Læs niveauerne som klasser på 5 dB, der kan være én klasse forkerte, "
            "ikke som en boligs niveau; et officielt kort erstatter dem."
        ),
        "map_alt": "Kort over støjniveauerne i områderne",
        "map_legend": "{what}, Lden",
        "bars": "Beboere efter niveau, {what} (Lden)",
        "group_vulnerable": "Udsatte områder",
        "group_rest": "Resten af byen",
        "group_all": "Alle områder",
        "below": "under {limit} dB",
        "over": "mindst {limit} dB",
        "unknown": "ikke kendt",
        "worst": "Områderne med flest beboere på mindst {limit} dB fra {what}",
        "above": "Mindst {limit} dB",
        "mean": "Middelniveau",
        "annoyed": "Stærkt generede",
        "quiet": "Med en stille facade",
        "limits": (
            "58 dB (veje) og 64 dB (jernbaner) er de vejledende grænseværdier for boliger, 68 dB fra veje kaldes "
            "stærkt støjbelastet. Hvem der er stærkt generet, er anslået med kurverne i direktiv (EU) 2020/367 fra 50 "
            "dB og op. Alle mål står i noise_exposure.csv, intervallerne i noise_bands.csv."
        ),
        "average": "Middel af alle beboere",
        "road": "vejtrafik",
        "rail": "jernbaner",
        "aircraft": "fly",
        "industry": "virksomheder",
    },
}
