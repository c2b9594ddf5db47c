"""The catalogue of indicators: one table that results, report, legends, docs and the command line all read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Theme = Literal["severance", "access", "transit", "fairness"]
THEMES: tuple[Theme, ...] = ("severance", "access", "transit", "fairness")


@dataclass(frozen=True)
class Indicator:
    """One number an area gets.

    Parameters
    ----------
    name : str
        Column name; the unit or kind of number is in ``unit``.
    unit : str
        ``share`` (0-1), ``pct`` (0-100), ``min``, ``m``, ``m2``, ``s``, ``count``, ``per_1000``, ``ratio``, ``index``.
    better : {"lower", "higher"}
        Which direction is good for residents.
    label_en, label_da : str
        What a reader sees.
    source : str
        Who defined it; ``bykobling`` where it is our own.
    theme : {"severance", "access", "transit", "fairness"}
        Where it stands in the profile.
    """

    name: str
    unit: str
    better: Literal["lower", "higher"]
    label_en: str
    label_da: str
    source: str
    theme: Theme = "severance"


HEADLINE = "barrier_effect_walk_15min"

_EFFECT_SOURCE = (
    "bykobling's own normalised form of the barrier effect; concept: van Eldijk, Gil, Kuska, Sisinty Patro 2020, "
    "doi 10.1016/j.trd.2020.102410"
)
_DETOUR_SOURCE = "Hess 1997; Randall & Baetz 2001; Stangl 2017, doi 10.1080/17549175.2017.1381143"
_ENTRIES_SOURCE = "Menger 1927; maximum flow with unit capacities"
_CATCHMENT_SOURCE = "Luo & Wang 2003, doi 10.1068/b29120"
_AVAILABILITY_SOURCE = "Soukhov, Páez, Higgins, Mohamed 2023, doi 10.1371/journal.pone.0278468"
_NEAREST_SOURCE = "cost to the nearest opportunity; places from OpenStreetMap or a layer of the user's"

_MODES = {"walk": ("on foot", "til fods"), "bike": ("by bicycle", "på cykel")}
_WAYS = {**_MODES, "transit": ("by public transport", "med kollektiv trafik")}
_TRANSIT_MINUTES = ("30", "45", "60")
_CATEGORIES = {
    "daily_shopping": ("daily shopping", "dagligvarer"),
    "school": ("a school", "skole"),
    "childcare": ("childcare", "daginstitution"),
    "health": ("a doctor or pharmacy", "læge eller apotek"),
    "culture": ("culture", "kultur"),
    "sport": ("sport", "idræt"),
    "playground": ("a playground", "legeplads"),
    "green_space": ("green space", "grønt område"),
    "public_service": ("a public service", "offentlig service"),
    "cafe": ("a café", "café"),
}
"""Categories of places as they stand in a sentence: "minutes on foot to ..."."""
CATCHMENT_CATEGORIES = ("school", "childcare", "health")
"""What residents share with others who can reach it, and so can run short of."""


def _effect(mode: str, minutes: str, what: str = "") -> Indicator:
    by_en, by_da = _MODES[mode]
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


def _nearest(category: str, mode: str) -> Indicator:
    en, da = _CATEGORIES.get(category, (category.replace("_", " "),) * 2)
    return Indicator(
        name=f"minutes_to_{category}_{mode}",
        unit="min",
        better="lower",
        label_en=f"Minutes {_MODES[mode][0]} to {en}",
        label_da=f"Minutter {_MODES[mode][1]} til {da}",
        source=_NEAREST_SOURCE,
        theme="access",
    )


def _opportunities(what: str, mode: str, minutes: str) -> Indicator:
    en, da = {"places": ("Places", "Steder"), "people": ("Residents", "Beboere")}[what]
    return Indicator(
        name=f"{what}_{mode}_{minutes}min",
        unit="count",
        better="higher",
        label_en=f"{en} within {minutes} min {_WAYS[mode][0]}",
        label_da=f"{da} inden for {minutes} min {_WAYS[mode][1]}",
        source="cumulative opportunities" + (", median of the departures" if mode == "transit" else ""),
        theme="transit" if mode == "transit" else "access",
    )


def _shared(measure: str, category: str) -> Indicator:
    en, da = _CATEGORIES.get(category, (category.replace("_", " "),) * 2)
    source, how = {
        "catchment_2sfca": (_CATCHMENT_SOURCE, "2SFCA"),
        "spatial_availability": (_AVAILABILITY_SOURCE, "spatial availability"),
    }[measure]
    return Indicator(
        name=f"{measure}_{category}",
        unit="per_1000",
        better="higher",
        label_en=f"Places per 1,000 residents who share them, 15 min on foot: {en} ({how})",
        label_da=f"Steder pr. 1.000 beboere der deles om dem, 15 min til fods: {da} ({how})",
        source=source,
        theme="access",
    )


_DEPARTING = {
    "": ("Departures an hour", "Afgange i timen"),
    "bus": ("Departures of buses an hour", "Busafgange i timen"),
    "coach": ("Departures of coaches an hour", "Afgange med fjernbus i timen"),
    "tram": ("Departures of trams an hour", "Afgange med sporvogn eller letbane i timen"),
    "rail": ("Departures of trains an hour", "Togafgange i timen"),
    "ferry": ("Departures of ferries an hour", "Færgeafgange i timen"),
    "aerial": ("Departures of cable cars an hour", "Afgange med svævebane i timen"),
    "funicular": ("Departures of funiculars an hour", "Afgange med kabelbane i timen"),
    "taxi": ("Departures of shared taxis an hour", "Afgange med fælles taxi i timen"),
}
"""What leaves, by group of modes."""
_FINGERPLAN = "Fingerplan 2019 (the Danish Planning Act), near a station; measured on timetable and streets"


def _metres(radius_m: str) -> tuple[str, str]:
    """Write metres in both languages."""
    english = f"{float(radius_m):,g} m"
    return english, english.translate(str.maketrans(",.", ".,"))


def _departures(radius_m: str, group: str | None = None) -> Indicator:
    far_en, far_da = _metres(radius_m)
    en, da = _DEPARTING[group or ""]
    return Indicator(
        name=f"departures_per_hour_{radius_m}m{'_' * bool(group)}{group or ''}",
        unit="count",
        better="higher",
        label_en=f"{en} within {far_en} on foot, each line once",
        label_da=f"{da} inden for {far_da} til fods, hver linje én gang",
        source="timetable (GTFS)",
        theme="transit",
    )


def _stops(radius_m: str) -> Indicator:
    far_en, far_da = _metres(radius_m)
    return Indicator(
        name=f"stops_{radius_m}m",
        unit="count",
        better="higher",
        label_en=f"Stops and stations within {far_en} on foot",
        label_da=f"Stoppesteder og stationer inden for {far_da} til fods",
        source="timetable (GTFS)",
        theme="transit",
    )


def _station_core(radius_m: str) -> Indicator:
    far_en, far_da = _metres(radius_m)
    return Indicator(
        name=f"station_core_{radius_m}m_walk",
        unit="share",
        better="higher",
        label_en=f"Residents within {far_en} of a station on foot",
        label_da=f"Beboere inden for {far_da} gang fra en station",
        source=_FINGERPLAN,
        theme="transit",
    )


def _station_near(radius_m: str) -> Indicator:
    far_en, far_da = _metres(radius_m)
    return Indicator(
        name=f"station_near_{radius_m}m",
        unit="share",
        better="higher",
        label_en=f"Residents within {far_en} of a station in a straight line",
        label_da=f"Beboere inden for {far_da} fra en station i fugleflugt",
        source=_FINGERPLAN,
        theme="transit",
    )


_GRAVITY = Indicator(
    "gravity_walk", "index", "higher", "Places on foot, the nearer the more (linear to 15 min)",
    "Steder til fods, jo nærmere des mere (lineært til 15 min)", "Hansen 1959, doi 10.1080/01944365908978307", "access",
)  # fmt: skip

_SINGLE: tuple[Indicator, ...] = (
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
    _GRAVITY,
    Indicator(
        "fifteen_minute_categories", "count", "higher", "Kinds of daily places within 15 min on foot",
        "Slags hverdagssteder inden for 15 min til fods", "Moreno et al. 2021, "
        "doi 10.3390/smartcities4010006", "access",
    ),
    Indicator(
        "green_300m_share", "share", "higher", "Residents with green space of half a hectare within 300 m",
        "Beboere med mindst en halv hektar grønt inden for 300 m", "WHO 2016, Urban green spaces and health", "access",
    ),
    Indicator(
        "walk_to_station_m", "m", "lower", "Metres on foot to the nearest station",
        "Meter til fods til nærmeste station", "timetable (GTFS)", "transit",
    ),
    Indicator(
        "ptal_ai", "index", "higher", "Public transport at the door (PTAL access index)",
        "Kollektiv trafik ved døren (PTAL-indeks)", "Transport for London 2015, Assessing transport connectivity in "
        "London", "transit",
    ),
    Indicator(
        "standards_met_share", "share", "higher", "Residents for whom every minimum standard is met",
        "Beboere for hvem alle minimumskrav er opfyldt", "bykobling; the standards are those of the study", "fairness",
    ),
    Indicator(
        "standards_unmet", "count", "lower", "Minimum standards not met, mean of residents",
        "Minimumskrav der ikke er opfyldt, middel af beboere", "bykobling; the standards are those of the study",
        "fairness",
    ),
)  # fmt: skip

INDICATORS: tuple[Indicator, ...] = (
    *(_effect(mode, minutes, what) for what in ("", "people_", "water_")
      for mode, minutes in (("walk", "5"), ("walk", "10"), ("walk", "15"), ("bike", "10"))),
    *(_detour(radius_m, kind) for radius_m in ("400", "800") for kind in ("", "_median", "_p90")),
    *(make(ring_m) for ring_m in ("400", "800") for make in (_entries, _bottleneck)),
    *(one for one in _SINGLE if one.theme == "severance"),
    *(_opportunities(what, *reach) for what in ("places", "people") for reach in (("walk", "15"), ("bike", "10"))),
    *(_nearest(category, mode) for mode in _MODES for category in _CATEGORIES),
    *(_shared(measure, category) for measure in ("catchment_2sfca", "spatial_availability")
      for category in CATCHMENT_CATEGORIES),
    *(_opportunities(what, "transit", minutes) for what in ("people", "places") for minutes in _TRANSIT_MINUTES),
    _stops("400"), _departures("400"), _station_core("600"), _station_near("1200"),
    *(one for one in _SINGLE if one.theme != "severance"),
)  # fmt: skip
"""What a run with the usual settings gives, in the order of the profile."""

_BY_NAME = {one.name: one for one in INDICATORS}
_FAMILIES = (
    (re.compile(r"barrier_effect_(?P<what>people_|water_|)(?P<mode>walk|bike)_(?P<minutes>\d+(?:\.\d+)?)min"), _effect),
    (re.compile(r"(?P<what>places|people)_(?P<mode>walk|bike|transit)_(?P<minutes>\d+(?:\.\d+)?)min"), _opportunities),
    (re.compile(r"minutes_to_(?P<category>.+)_(?P<mode>walk|bike)"), _nearest),
    (re.compile(r"detour_index_(?P<radius_m>\d+)m(?P<kind>_median|_p90|)"), _detour),
    (re.compile(r"stops_(?P<radius_m>\d+(?:\.\d+)?)m"), _stops),
    (
        re.compile(rf"departures_per_hour_(?P<radius_m>\d+(?:\.\d+)?)m(?:_(?P<group>{'|'.join(_DEPARTING)[1:]}))?"),
        _departures,
    ),
    (re.compile(r"station_core_(?P<radius_m>\d+(?:\.\d+)?)m_walk"), _station_core),
    (re.compile(r"station_near_(?P<radius_m>\d+(?:\.\d+)?)m"), _station_near),
)


@cache
def indicator_of(name: str) -> Indicator | None:
    """Describe an indicator, also one of other minutes or categories than the usual.

    Parameters
    ----------
    name : str
        Column of the areas.

    Returns
    -------
    Indicator or None
        None where the column is no indicator.

    Examples
    --------
    >>> indicator_of("minutes_to_polling_station_walk").label_en
    'Minutes on foot to polling station'
    >>> indicator_of("residents") is None
    True
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    for pattern, make in _FAMILIES:
        found = pattern.fullmatch(name)
        if found:
            return make(**found.groupdict())
    return None


def indicators_among(columns: Iterable[str]) -> tuple[Indicator, ...]:
    """Describe the indicators among columns: the usual ones in the order of the profile, then the others.

    Parameters
    ----------
    columns : iterable of str
        Columns of a table of areas or residents.

    Returns
    -------
    tuple of Indicator
        Without columns that are no indicators.

    Examples
    --------
    >>> [one.name for one in indicators_among(["name", "green_300m_share", "division_index"])]
    ['division_index', 'green_300m_share']
    """
    there = [one for column in columns if (one := indicator_of(str(column))) is not None]
    rank = {name: number for number, name in enumerate(_BY_NAME)}
    return tuple(sorted(there, key=lambda one: (THEMES.index(one.theme), rank.get(one.name, len(rank)))))
