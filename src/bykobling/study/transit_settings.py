"""What a study file says of public transport: ``[transit]``."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bykobling._check import nearest
from bykobling.errors import InputError
from bykobling.tags import TRANSIT_ASSUMPTIONS
from bykobling.transit.settings import TransitSettings
from bykobling.transit.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from bykobling.study._section import Section

_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_DAY_MIN = 1440.0
_ASSUMED = ("headway_min", "speed_kmh", "dwell_s")
_LIMITS = ("max_access_min", "max_egress_min", "max_transfer_min", "max_walk_min", "max_trip_min", "max_snap_m")
_WHOLE_LIMITS = ("max_rides", "board_slack_s")


@dataclass(frozen=True)
class TransitSource:
    """Where timetables come from, and what is asked of them: ``[transit]``.

    Parameters
    ----------
    gtfs : tuple of Path
        Zips of timetables; empty where they are made from OSM.
    from_osm : bool
        Whether a timetable is made of the lines in the OSM extract, at assumed headways.
    headway_min, speed_kmh, dwell_s : dict of mode to float
        What is assumed otherwise than usual, for a timetable made from OSM.
    timezone : str
        Of a timetable made from OSM.
    date : date or None
        Service day; None takes the busiest usual weekday.
    sound_only : bool
        Whether broken rows are left out rather than stopping the run.
    depart : str
        First departure from home, ``"HH:MM"``.
    window_min : float
        Minutes in which people leave, one departure a minute.
    cutoffs_min : tuple of int
        Minutes to measure reach at.
    limits : TransitSettings
        Longest walks, most rides.
    """

    gtfs: tuple[Path, ...] = ()
    from_osm: bool = False
    headway_min: dict[str, float] = field(default_factory=dict)
    speed_kmh: dict[str, float] = field(default_factory=dict)
    dwell_s: dict[str, float] = field(default_factory=dict)
    timezone: str = "UTC"
    date: dt.date | None = None
    sound_only: bool = False
    depart: str = "08:00"
    window_min: float = 60.0
    cutoffs_min: tuple[int, ...] = (30, 45, 60)
    limits: TransitSettings = field(default_factory=TransitSettings)

    @property
    def window(self) -> Window:
        """The departures that are measured."""
        return Window(self.depart, self.window_min)


def read_transit(section: Section) -> TransitSource:
    """Read ``[transit]``; faults go to the section.

    Parameters
    ----------
    section : Section
        Of the study file.

    Returns
    -------
    TransitSource
    """
    gtfs = section.files("gtfs")
    from_osm = section.flag("from_osm", default=False)
    if from_osm and "gtfs" in section:
        section.fault("from_osm", "both gtfs and from_osm are given", "keep one of them")
    if not from_osm and "gtfs" not in section:
        section.fault("gtfs", "it is missing", 'write gtfs = ["timetable.zip"], or from_osm = true')
    for key in (*_ASSUMED, "timezone"):
        if key in section and not from_osm:
            section.fault(key, "it belongs to from_osm = true, since a timetable tells its own", "delete it")
    limits = _limits(section)
    source = TransitSource(
        gtfs=gtfs,
        from_osm=from_osm,
        **{key: _by_mode(section, key) for key in _ASSUMED},
        timezone=section.text("timezone", TransitSource.timezone) or TransitSource.timezone,
        date=_date(section),
        sound_only=section.flag("sound_only", default=TransitSource.sound_only),
        depart=_clock(section, "depart", TransitSource.depart),
        window_min=section.number("window_min", TransitSource.window_min, low=1.0, high=_DAY_MIN)
        or TransitSource.window_min,
        cutoffs_min=section.minutes("cutoffs_min", TransitSource.cutoffs_min, high=int(limits.max_trip_min)),
        limits=limits,
    )
    section.close()
    return source


def _limits(section: Section) -> TransitSettings:
    """Read the limits of a journey by their own names."""
    default = TransitSettings()
    values: dict[str, Any] = {}
    for key in _LIMITS:
        values[key] = section.number(key, getattr(default, key), high=2000.0 if key.endswith("_m") else _DAY_MIN)
    for key in _WHOLE_LIMITS:
        number = section.number(key, getattr(default, key), low=1.0 if key == "max_rides" else 0.0, high=3600.0)
        if number is not None and number != int(number):
            section.fault(key, f"{number:g} is not a whole number", "write a whole number")
        values[key] = int(number or 0)
    if "max_walk_min" not in section:
        values["max_walk_min"] = min(values["max_walk_min"], values["max_trip_min"])
    try:
        return dataclasses.replace(default, **values)
    except InputError as error:
        for fault in error.faults:
            section.fault(fault.where, fault.rule, fault.remedy)
        return default


def _by_mode(section: Section, key: str) -> dict[str, float]:
    """Read a table of numbers by mode of OSM, such as ``{ bus = 10 }``."""
    table = section.raw(key)
    if table is None:
        return {}
    inner = section.inner(table, key)
    found = {}
    for mode in table if isinstance(table, dict) else ():
        number = inner.number(mode, None, low=0.0 if key == "dwell_s" else 0.02, high=1440.0)
        if mode not in TRANSIT_ASSUMPTIONS:
            hint = nearest(mode, TRANSIT_ASSUMPTIONS) or f"the modes are {', '.join(TRANSIT_ASSUMPTIONS)}"
            inner.fault(mode, "there is no such mode", hint)
        elif number is not None:
            found[mode] = number
    inner.close()
    return found


def _date(section: Section) -> dt.date | None:
    """Read a day, written as text or as TOML's own date."""
    value = section.raw("date")
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        section.fault("date", f"{value!r} is not a day", 'write date = "2026-05-12"')
        return None


def _clock(section: Section, key: str, default: str) -> str:
    text = section.text(key, default) or default
    if not _CLOCK.fullmatch(text):
        section.fault(key, f"{text!r} is not a time of day", f'write {key} = "08:00"')
        return default
    return text
