"""Indicators of public transport: stops and departures near by, stations, and what is reached."""

from __future__ import annotations

import re

from bykobling.indicators._model import Indicator
from bykobling.indicators.access import opportunities

_MINUTES = ("30", "45", "60")

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


TRANSIT: tuple[Indicator, ...] = (
    *(opportunities(what, "transit", minutes) for what in ("people", "places") for minutes in _MINUTES),
    _stops("400"), _departures("400"), _station_core("600"), _station_near("1200"),
    Indicator(
        "walk_to_station_m", "m", "lower", "Metres on foot to the nearest station",
        "Meter til fods til nærmeste station", "timetable (GTFS)", "transit",
    ),
    Indicator(
        "ptal_ai", "index", "higher", "Public transport at the door (PTAL access index)",
        "Kollektiv trafik ved døren (PTAL-indeks)", "Transport for London 2015, Assessing transport connectivity in "
        "London", "transit",
    ),
)  # fmt: skip

FAMILIES = (
    (re.compile(r"stops_(?P<radius_m>\d+(?:\.\d+)?)m"), _stops),
    (
        re.compile(rf"departures_per_hour_(?P<radius_m>\d+(?:\.\d+)?)m(?:_(?P<group>{'|'.join(_DEPARTING)[1:]}))?"),
        _departures,
    ),
    (re.compile(r"station_core_(?P<radius_m>\d+(?:\.\d+)?)m_walk"), _station_core),
    (re.compile(r"station_near_(?P<radius_m>\d+(?:\.\d+)?)m"), _station_near),
)
"""Others of the same make: a pattern of the name, and what describes it."""
