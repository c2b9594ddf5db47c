"""Public transport routes: which relations are lines, what their members are, and what is assumed of each mode."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from bykobling.tags.access import is_oneway

if TYPE_CHECKING:
    from bykobling.tags.values import Tags

TransitMode = Literal[
    "bus", "trolleybus", "share_taxi", "tram", "light_rail", "subway", "train", "monorail", "funicular", "ferry",
    "aerialway",
]  # fmt: skip
CallKind = Literal["stop", "platform"]


class TransitAssumption(NamedTuple):
    """What a line of one mode is taken to be where OSM does not say.

    Parameters
    ----------
    route_type : int
        The mode in GTFS.
    headway_min : float
        Minutes between departures of one line in one direction, all day.
    speed_kmh : float
        Average speed from one stop to the next, waiting at lights included, standing at stops not.
    dwell_s : float
        Standing at each stop between the first and the last.
    why : str
        Where speed and headway come from.
    """

    route_type: int
    headway_min: float
    speed_kmh: float
    dwell_s: float
    why: str


TRANSIT_ASSUMPTIONS: dict[TransitMode, TransitAssumption] = {
    "bus": TransitAssumption(
        3, 15.0, 20.0, 20.0,
        "with a stop every 400 m this makes 16 km/h from end to end, the 6.0 minutes a mile that Levinson (1983, "
        "Transportation Research Record 915, 1-6) found for city buses in the peak; the headway is our own assumption",
    ),
    "trolleybus": TransitAssumption(11, 12.0, 20.0, 20.0, "as a bus; the headway is our own assumption"),
    "share_taxi": TransitAssumption(3, 20.0, 25.0, 10.0, "our own assumption: a bus that stops on demand only"),
    "tram": TransitAssumption(
        0, 10.0, 24.0, 25.0, "our own assumption: with a stop every 500 m this makes 18 km/h from end to end"
    ),
    "light_rail": TransitAssumption(
        0, 10.0, 35.0, 25.0, "our own assumption: with a stop every 900 m this makes 28 km/h from end to end"
    ),
    "subway": TransitAssumption(
        1, 6.0, 42.0, 25.0, "our own assumption: with a stop every 1,000 m this makes 33 km/h from end to end"
    ),
    "train": TransitAssumption(
        2, 30.0, 65.0, 45.0, "our own assumption: with a stop every 4 km this makes 54 km/h from end to end"
    ),
    "monorail": TransitAssumption(
        12, 10.0, 35.0, 25.0, "our own assumption: with a stop every 1,000 m this makes 28 km/h from end to end"
    ),
    "funicular": TransitAssumption(7, 15.0, 9.0, 30.0, "our own assumption: 2.5 m/s along the slope"),
    "ferry": TransitAssumption(4, 60.0, 15.0, 120.0, "our own assumption: 8 knots, the usual limit in a harbour"),
    "aerialway": TransitAssumption(6, 15.0, 18.0, 30.0, "our own assumption: 5 m/s along the cable"),
}  # fmt: skip
"""Literal defaults by the value of ``route``; each can be set by the user, and each use is marked as assumed."""

ROUTE_MODES: dict[str, TransitMode] = {
    **{mode: mode for mode in TRANSIT_ASSUMPTIONS},
    "minibus": "bus",
}
"""Values of ``route`` that are lines. Coaches and hiking, cycling, road routes are not."""

SELDOM_SERVICES = frozenset(
    {"long_distance", "high_speed", "international", "national", "night", "car", "car_shuttle", "tourism", "charter"}
)
"""Values of ``service`` whose frequency cannot be guessed from the mode, and that nobody takes to the shop."""
_SELDOM_TAGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("service", SELDOM_SERVICES),
    ("passenger", SELDOM_SERVICES),
    ("by_night", frozenset({"only"})),
    ("on_demand", frozenset({"yes", "only"})),
    ("school", frozenset({"yes", "only"})),
    ("tourism", frozenset({"yes", "bus", "attraction"})),
    ("state", frozenset({"proposed", "temporary", "disused", "abandoned"})),
)

_STOP_TAGS: tuple[tuple[str, CallKind, frozenset[str]], ...] = (
    ("public_transport", "stop", frozenset({"stop_position"})),
    ("public_transport", "platform", frozenset({"platform", "station"})),
    ("highway", "platform", frozenset({"bus_stop", "platform"})),
    ("railway", "platform", frozenset({"platform"})),
    ("railway", "stop", frozenset({"stop", "halt", "station", "tram_stop"})),
    ("amenity", "platform", frozenset({"bus_station", "ferry_terminal"})),
    ("aerialway", "stop", frozenset({"station"})),
)
_ROLE = re.compile(r"^(?:(?P<way>forward|backward)[:_])?(?P<kind>stop|platform|halt|station)(?P<rest>.*)$")
_CLOCK = re.compile(r"^(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?$")
_ISO = re.compile(r"^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?$", re.IGNORECASE)
_PLAIN = re.compile(r"^(\d+(?:[.,]\d+)?)\s*(?:min|mins|minutes|m|')?$", re.IGNORECASE)
_MAX_MINUTES = 24 * 60


class CallRole(NamedTuple):
    """What a member of a route relation says about a stop.

    Parameters
    ----------
    kind : {"stop", "platform"}
        Where the vehicle stands, or where people stand.
    entry, exit : bool
        Whether one may get on and off.
    way : {"forward", "backward", ""}
        The direction it serves, in relations that hold both.
    """

    kind: CallKind
    entry: bool
    exit: bool
    way: str


def transit_mode(tags: Tags) -> TransitMode | None:
    """Name the mode of a route relation, None where it is no public transport.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one relation.

    Returns
    -------
    str or None
        A key of `TRANSIT_ASSUMPTIONS`.

    Examples
    --------
    >>> transit_mode({"type": "route", "route": "minibus"}), transit_mode({"type": "route", "route": "bicycle"})
    ('bus', None)
    """
    return ROUTE_MODES.get(tags.get("route", "")) if tags.get("type") == "route" else None


def runs_seldom(tags: Tags) -> bool:
    """Tell whether a line does not run all day, so that no headway may be assumed for it.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one route relation.

    Returns
    -------
    bool
        True for long-distance, night, school, on-demand and tourist services, and for lines not yet or no longer run.

    Examples
    --------
    >>> runs_seldom({"route": "train", "service": "international"}), runs_seldom({"route": "train"})
    (True, False)
    """
    return any(value in values for key, values in _SELDOM_TAGS for value in tags.get(key, "").split(";"))


def call_role(role: str, tags: Tags) -> CallRole | None:
    """Tell what stop a member of a route relation is, None where it is a piece of the way.

    Parameters
    ----------
    role : str
        Role of the member, such as ``stop_exit_only``; old ones such as ``forward:stop:3`` are understood.
    tags : mapping of str to str
        Tags of the member; they decide where the role is empty or unknown.

    Returns
    -------
    CallRole or None

    Examples
    --------
    >>> call_role("platform_entry_only", {})
    CallRole(kind='platform', entry=True, exit=False, way='')
    >>> call_role("", {"highway": "bus_stop", "public_transport": "stop_position"}).kind
    'stop'
    >>> call_role("forward", {"highway": "primary"}) is None
    True
    """
    found = _ROLE.match(role.strip().lower())
    if found is None:
        kind = next((kind for key, kind, values in _STOP_TAGS if tags.get(key) in values), None)
        way = role if role in {"forward", "backward"} else ""
        return None if kind is None else CallRole(kind, entry=True, exit=True, way=way)
    rest = found["rest"]
    return CallRole(
        kind="platform" if found["kind"] == "platform" else "stop",
        entry="exit_only" not in rest,
        exit="entry_only" not in rest,
        way=found["way"] or next((way for way in ("forward", "backward") if way in rest), ""),
    )


def transit_oneway(mode: TransitMode, tags: Tags) -> int:
    """Tell in which direction vehicles of a line use a way.

    Parameters
    ----------
    mode : str
        From `transit_mode`.
    tags : mapping of str to str
        Tags of the way.

    Returns
    -------
    int
        1 along the way alone, -1 against it alone, 0 both: rails and water have no one-way streets, and buses are
        often exempt from those of the road.

    Examples
    --------
    >>> transit_oneway("bus", {"highway": "primary", "oneway": "yes"})
    1
    >>> transit_oneway("bus", {"highway": "primary", "oneway": "yes", "oneway:psv": "no"})
    0
    """
    if mode not in {"bus", "trolleybus", "share_taxi"} or not is_oneway(tags):
        return 0
    if "no" in {tags.get(key) for key in ("oneway:bus", "oneway:psv")}:
        return 0
    contraflow = ("busway", "busway:left", "busway:right", "busway:both")
    if any(tags.get(key, "").startswith("opposite") for key in contraflow):
        return 0
    return -1 if tags.get("oneway") in {"-1", "reverse"} else 1


def minutes_of(text: str | None) -> float:
    """Read a duration in minutes; the middle of a range, NaN where untagged or nonsense.

    Parameters
    ----------
    text : str or None
        ``hh:mm:ss``, ``hh:mm``, ``mm``, ISO 8601 (``PT25M``), or a range or list of these (``10-15``, ``10;20``).

    Returns
    -------
    float
        Minutes, more than 0 and at most a day.

    Examples
    --------
    >>> minutes_of("00:07:30"), minutes_of("01:30"), minutes_of("10-15"), minutes_of("PT1H5M")
    (7.5, 90.0, 12.5, 65.0)
    >>> minutes_of("often")
    nan
    """
    parts = [_one_duration(part.strip()) for part in re.split(r"[;\u2013-]", text)] if text else []
    if not parts or not all(0 < part <= _MAX_MINUTES for part in parts):
        return math.nan
    return (min(parts) + max(parts)) / 2


def _one_duration(text: str) -> float:
    plain = _PLAIN.match(text)
    if plain:
        return float(plain[1].replace(",", "."))
    clock = _CLOCK.match(text) or _ISO.match(text)
    if clock is None:
        return math.nan
    hours, minutes, seconds = (float(part) if part else 0.0 for part in clock.groups())
    return hours * 60 + minutes + seconds / 60


def tagged_interval_min(tags: Tags) -> float:
    """Read the headway of a line in minutes from its tags, NaN where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of a route or its route master.

    Returns
    -------
    float
        Minutes between departures. Intervals of single hours (``interval:conditional``) are not read.
    """
    return minutes_of(tags.get("interval") or tags.get("headway"))


def tagged_duration_min(tags: Tags) -> float:
    """Read how long a line runs from its first to its last stop, NaN where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of a route.

    Returns
    -------
    float
        Minutes.
    """
    return minutes_of(tags.get("duration"))
