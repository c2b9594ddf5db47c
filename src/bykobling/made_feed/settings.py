"""What the user may set of an assumed timetable, checked."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bykobling._check import nearest, raise_errors
from bykobling.errors import Fault
from bykobling.tags import TRANSIT_ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bykobling.tags import TransitMode

_TIME = re.compile(r"^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$")
_DAY_S = 86_400
_FILE = "gtfs_from_osm"


@dataclass(frozen=True)
class Settings:
    """Headway, speed and dwell of every mode, and when lines run.

    Parameters
    ----------
    headway_min, speed_kmh, dwell_s : dict of mode to float
        For every mode.
    by_user : frozenset of (str, mode)
        Which of these the user gave, by option and mode.
    start_s, end_s : int
        First and last departure, seconds of the day; the last is excluded.
    timezone : str
        IANA name.
    """

    headway_min: dict[TransitMode, float]
    speed_kmh: dict[TransitMode, float]
    dwell_s: dict[TransitMode, float]
    by_user: frozenset[tuple[str, str]]
    start_s: int
    end_s: int
    timezone: str


def checked_settings(
    given: Mapping[str, Mapping[TransitMode, float] | None], *, start: str, end: str, timezone: str
) -> Settings:
    """Put what the user gave over the defaults.

    Parameters
    ----------
    given : mapping of option to mapping of mode to float, or None
        Options ``headway_min``, ``speed_kmh``, ``dwell_s``.
    start, end : str
        ``hh:mm:ss``; `end` may be past midnight, such as ``25:00:00``.
    timezone : str
        IANA name.

    Returns
    -------
    Settings

    Raises
    ------
    InputError
        With every fault found.
    """
    faults: list[Fault] = []
    for option, values in given.items():
        for mode, value in (values or {}).items():
            faults += _number_faults(option, mode, value)
    times = [seconds_of(text) for text in (start, end)]
    for name, text, seconds in zip(("start", "end"), (start, end), times, strict=True):
        if seconds is None:
            faults.append(Fault(_FILE, name, f"{text!r} is not a time", "write it as hh:mm:ss, such as 06:00:00"))
    first, last = (seconds or 0 for seconds in times)
    if None not in times and not first < last <= first + _DAY_S:
        rule = f"from {start} to {end} is not a span of at most a day"
        faults.append(Fault(_FILE, "end", rule, "give an end after the start, such as 24:00:00"))
    faults += _timezone_faults(timezone)
    raise_errors(faults)

    def of_modes(option: str) -> dict[TransitMode, float]:
        assumed: dict[TransitMode, float] = {mode: getattr(a, option) for mode, a in TRANSIT_ASSUMPTIONS.items()}
        return {**assumed, **(given[option] or {})}

    return Settings(
        headway_min=of_modes("headway_min"),
        speed_kmh=of_modes("speed_kmh"),
        dwell_s=of_modes("dwell_s"),
        by_user=frozenset((option, mode) for option, modes in given.items() for mode in modes or {}),
        start_s=first,
        end_s=last,
        timezone=timezone,
    )


def seconds_of(text: str) -> int | None:
    """Read a time of day in seconds, None where it is none.

    Parameters
    ----------
    text : str
        ``hh:mm:ss`` or ``hh:mm``.

    Returns
    -------
    int or None

    Examples
    --------
    >>> seconds_of("06:30:00"), seconds_of("6 am")
    (23400, None)
    """
    found = _TIME.match(text)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def _number_faults(option: str, mode: str, value: float) -> list[Fault]:
    where = f"{option}[{mode!r}]"
    if mode not in TRANSIT_ASSUMPTIONS:
        hint = nearest(mode, TRANSIT_ASSUMPTIONS) or f"use one of {', '.join(TRANSIT_ASSUMPTIONS)}"
        return [Fault(_FILE, where, "there is no such mode", hint)]
    least = "0 or more" if option == "dwell_s" else "more than 0"
    if not math.isfinite(value) or value < 0 or (value == 0 and option != "dwell_s"):
        return [Fault(_FILE, where, f"{value} is not a number {least}", f"give a number {least}")]
    if option == "headway_min" and value * 60 < 1:
        return [Fault(_FILE, where, f"{value} minutes are less than a second", "give minutes, such as 10")]
    return []


def _timezone_faults(timezone: str) -> list[Fault]:
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        rule = f"there is no time zone {timezone!r}"
        return [Fault(_FILE, "timezone", rule, "use a name such as Europe/Copenhagen")]
    return []
