"""Indicators of severance: what barriers take, how far round ways are, how land is cut."""

from __future__ import annotations

import re

from bykobling.indicators._model import MODES, Indicator

HEADLINE = "barrier_effect_walk_15min"

_EFFECT_SOURCE = (
    "bykobling's own normalised form of the barrier effect; concept: van Eldijk, Gil, Kuska, Sisinty Patro 2020, "
    "doi 10.1016/j.trd.2020.102410"
)
_DETOUR_SOURCE = "Hess 1997; Randall & Baetz 2001; Stangl 2017, doi 10.1080/17549175.2017.1381143"
_ENTRIES_SOURCE = "Menger 1927; maximum flow with unit capacities"


def _effect(mode: str, minutes: str, what: str = "") -> Indicator:
    by_en, by_da = MODES[mode]
    lost_en, lost_da = {
        "": ("Reach of places lost to barriers", "Rækkevidde til steder tabt til barrierer"),
        "people_": ("Reach of people lost to barriers", "Rækkevidde til mennesker tabt til barrierer"),
        "water_": ("Reach of places lost to water", "Rækkevidde til steder tabt til vand"),
    }[what]
    return Indicator(
        name=f"barrier_effect_{what}{mode}_{minutes}min",
        unit="share",
        better="lower",
        label_en=f"{lost_en}, {minutes} min {by_en}",
        label_da=f"{lost_da}, {minutes} min {by_da}",
        source=_EFFECT_SOURCE,
    )


def _detour(radius_m: str, kind: str = "") -> Indicator:
    en, da = {
        "": ("mean", "middel"),
        "_median": ("median", "median"),
        "_p90": ("90th percentile", "90-percentil"),
    }[kind]
    return Indicator(
        name=f"detour_index_{radius_m}m{kind}",
        unit="ratio",
        better="lower",
        label_en=f"Way over straight line, places {radius_m} m away ({en})",
        label_da=f"Vej i forhold til fugleflugt, steder {radius_m} m væk ({da})",
        source=_DETOUR_SOURCE,
    )


def _entries(ring_m: str) -> Indicator:
    return Indicator(
        name=f"independent_entries_{ring_m}m",
        unit="count",
        better="higher",
        label_en=f"Ways out of the area that share no street, up to {ring_m} m away",
        label_da=f"Veje ud af området uden fælles gade, op til {ring_m} m væk",
        source=_ENTRIES_SOURCE,
    )


def _bottleneck(ring_m: str) -> Indicator:
    return Indicator(
        name=f"bottleneck_share_{ring_m}m",
        unit="share",
        better="lower",
        label_en=f"Shortest ways out that share one entry, up to {ring_m} m away",
        label_da=f"Korteste veje ud gennem samme adgang, op til {ring_m} m væk",
        source="bykobling",
    )


SEVERANCE: tuple[Indicator, ...] = (
    *(_effect(mode, minutes, what) for what in ("", "people_", "water_")
      for mode, minutes in (("walk", "5"), ("walk", "10"), ("walk", "15"), ("bike", "10"))),
    *(_detour(radius_m, kind) for radius_m in ("400", "800") for kind in ("", "_median", "_p90")),
    *(make(ring_m) for ring_m in ("400", "800") for make in (_entries, _bottleneck)),
    Indicator(
        "crossing_spacing_m", "m", "lower", "Metres of barrier to each crossing, within 800 m",
        "Meter barriere pr. krydsning, inden for 800 m", "LEED-ND asks for about 245 m",
    ),
    Indicator(
        "crossing_beyond_200m_share", "share", "lower", "Barriers within 800 m that lie over 200 m from a crossing",
        "Barrierer inden for 800 m med over 200 m til en krydsning", "bykobling, after LEED-ND",
    ),
    Indicator(
        "crossing_delay_s", "s", "lower", "Seconds lost at a crossing of a big road within 800 m",
        "Sekunder tabt ved kryds over en stor vej inden for 800 m", "Highway Capacity Manual",
    ),
    Indicator(
        "barrier_factor_pct", "pct", "lower", "Neighbours within 800 m whose straight line crosses a big road",
        "Naboer inden for 800 m bag en stor vej", "Benavides, Usmani, Kioumourtzoglou 2024, "
        "Environ. Int. 185:108526",
    ),
    Indicator(
        "division_index", "index", "lower", "How divided the land within 800 m is",
        "Hvor opdelt arealet inden for 800 m er", "Jaeger 2000, doi 10.1023/A:1008129329289; Ananat 2011",
    ),
    Indicator(
        "division_index_people", "index", "lower", "How divided the residents within 800 m are",
        "Hvor opdelt beboerne inden for 800 m er", "Ananat 2011, AEJ Applied 3(2):34-66",
    ),
    Indicator(
        "enclosed_area_m2", "m2", "higher", "Land around the area that no barrier cuts off",
        "Areal omkring området uden barriere imellem", "Fleischmann et al. 2020",
    ),
    Indicator(
        "enclosed_residents", "count", "higher", "Residents around the area whom no barrier cuts off",
        "Beboere omkring området uden barriere imellem", "Fleischmann et al. 2020",
    ),
    Indicator(
        "pieces_800m", "count", "lower", "Pieces that barriers cut the land within 800 m into",
        "Stykker som barrierer deler arealet inden for 800 m i", "Fleischmann et al. 2020",
    ),
    Indicator(
        "near_but_far_places", "count", "lower", "Places within 500 m that are over 1,000 m to walk",
        "Steder inden for 500 m med over 1.000 m at gå", "bykobling",
    ),
    Indicator(
        "near_but_far_people", "count", "lower", "Residents within 500 m who are over 1,000 m to walk",
        "Beboere inden for 500 m med over 1.000 m at gå", "bykobling",
    ),
    Indicator(
        "station_detour_gap", "share", "lower", "Residents near a station in a straight line, but not on foot",
        "Beboere tæt på en station i fugleflugt, men ikke til fods", "bykobling; circle and walk of Fingerplan 2019",
    ),
)  # fmt: skip

FAMILIES = (
    (re.compile(r"barrier_effect_(?P<what>people_|water_|)(?P<mode>walk|bike)_(?P<minutes>\d+(?:\.\d+)?)min"), _effect),
    (re.compile(r"detour_index_(?P<radius_m>\d+)m(?P<kind>_median|_p90|)"), _detour),
)
"""Others of the same make: a pattern of the name, and what describes it."""
