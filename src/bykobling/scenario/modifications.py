"""What a proposal may change: frozen records, each one thing, in the order they are built.

Lines and points are in the projected CRS of the network they are applied to, metres.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import shapely

    from bykobling._types import Mode

LinkKind = Literal["path", "bridge", "underpass", "stairs", "ramp"]
CrossingKind = Literal["signal", "zebra", "refuge"]

LINK_KINDS: tuple[LinkKind, ...] = ("path", "bridge", "underpass", "stairs", "ramp")
CROSSING_KINDS: tuple[CrossingKind, ...] = ("signal", "zebra", "refuge")
MODES: tuple[Mode, ...] = ("walk", "bike")

MAX_SNAP_M = 25.0
"""So far from a street may the drawn end of a new link lie."""

TOLERANCE_M = 5.0
"""A street within this of a drawn line runs along it."""

CARRIAGEWAY_TOLERANCE_M = 15.0
"""A carriageway within this of a drawn line is meant by it; wider than for footways, since roads are."""

_ROAD_SPEED_KMH = 50.0


@dataclass(frozen=True)
class AddLink:
    """A new way between two streets.

    Parameters
    ----------
    line : LineString
        Its course; each end is joined straight to the nearest street, or to a link added before it.
    kind : {"path", "bridge", "underpass", "stairs", "ramp"}
        What is built.
    modes : tuple of {"walk", "bike"}
        Who may use it. A bicycle on stairs is carried, at the speed of the profile on steps.
    delay_s : float, optional
        Seconds lost on the way (a climb, a signal, a lift), in either direction; None takes those of the kind
        (`bykobling.network.climbs`, assumed), 0 says that there are none.
    width_m : float, optional
        Clear width, for what it costs to build; changes no travel time.
    gradient_pct : float, optional
        Mean gradient in the direction it is drawn, percent: above 0 climbs. None: level.
    name : str
        What to call it.
    max_snap_m : float
        Farthest a drawn end may lie from a street.
    """

    line: shapely.LineString
    kind: LinkKind = "path"
    modes: tuple[Mode, ...] = ("walk", "bike")
    delay_s: float | None = None
    width_m: float | None = None
    gradient_pct: float | None = None
    name: str = ""
    max_snap_m: float = MAX_SNAP_M


@dataclass(frozen=True)
class RemoveLink:
    """The closing of the streets along a line, for everyone.

    Parameters
    ----------
    line : LineString
        Drawn along what closes. Streets that only cross it stay.
    name : str
        What to call it.
    tolerance_m : float
        A street within this of the line runs along it; parallel footways within it close too.
    """

    line: shapely.LineString
    name: str = ""
    tolerance_m: float = TOLERANCE_M


@dataclass(frozen=True)
class AddCrossing:
    """A place to cross a big road at grade, joining the streets on its two sides.

    Parameters
    ----------
    place : Point or LineString
        A point on the road, or a line from one side to the other.
    kind : {"signal", "zebra", "refuge"}
        What is built.
    delay_s : float, optional
        Seconds lost waiting; None takes those of the kind (`bykobling.network.delays`).
    name : str
        What to call it.
    """

    place: shapely.Point | shapely.LineString
    kind: CrossingKind = "signal"
    delay_s: float | None = None
    name: str = ""


@dataclass(frozen=True)
class ChangeSpeed:
    """Another speed on the streets along a line, such as a widened cycle track or a path without lights.

    Parameters
    ----------
    line : LineString
        Drawn along the streets.
    speed_kmh : float
        Speed of those who use them afterwards, in the directions they may.
    modes : tuple of {"walk", "bike"}
        Whose speed.
    name : str
        What to call it.
    tolerance_m : float
        A street within this of the line runs along it.
    """

    line: shapely.LineString
    speed_kmh: float
    modes: tuple[Mode, ...] = ("bike",)
    name: str = ""
    tolerance_m: float = TOLERANCE_M


@dataclass(frozen=True)
class ChangeTraffic:
    """Other traffic on the streets along a line, such as fewer cars or a lower speed; each way of OSM as a whole.

    Parameters
    ----------
    line : LineString
        Drawn along the streets.
    aadt : float, optional
        Motor vehicles a day in all directions afterwards; None leaves them.
    speed_kmh : float, optional
        Their speed; None leaves it.
    heavy_share : float, optional
        Share of lorries and buses, 0-1; None leaves it.
    name : str
        What to call it.
    tolerance_m : float
        A street within this of the line runs along it.
    """

    line: shapely.LineString
    aadt: float | None = None
    speed_kmh: float | None = None
    heavy_share: float | None = None
    name: str = ""
    tolerance_m: float = CARRIAGEWAY_TOLERANCE_M


@dataclass(frozen=True)
class AddRoad:
    """A new road for motor traffic. Who walks or cycles along it is a path or a bridge beside it.

    Parameters
    ----------
    line : LineString
        Its course.
    aadt : float
        Motor vehicles a day, both directions.
    speed_kmh : float
        Their speed.
    heavy_share : float, optional
        Share of lorries and buses, 0-1; None takes that of a main road (assumed).
    name : str
        What to call it.
    """

    line: shapely.LineString
    aadt: float
    speed_kmh: float = _ROAD_SPEED_KMH
    heavy_share: float | None = None
    name: str = ""


@dataclass(frozen=True)
class AddStop:
    """A new stop of public transport.

    Parameters
    ----------
    stop_id : str
        A new id.
    place : Point
        In the CRS of the scenario.
    route_ids : tuple of str
        Routes that call there from now on, each variant of them between the two stops where the way over the new one
        is the least detour as the crow flies.
    dwell_s : int
        Seconds at the stop; every later call of those trips is so much later. Driving a longer way is not counted.
    name : str
        What to call it; the id where empty.
    """

    stop_id: str
    place: shapely.Point
    route_ids: tuple[str, ...] = ()
    dwell_s: int = 20
    name: str = ""


@dataclass(frozen=True)
class AddService:
    """A line through stops at a headway; see `bykobling.timetable.add_service`.

    Parameters
    ----------
    stop_ids : tuple of str
        Stops in order, those of an `AddStop` before it too.
    run_s : tuple of int
        Seconds from each stop to the next, without the dwell.
    route_id : str
        Name of the line; may be one that runs already.
    mode : str
        ``"bus"``, ``"tram"``, ...
    headway_s : int
        Seconds between departures.
    start_s, end_s : int
        First departure, and the time before which the last leaves; seconds of the service day.
    dwell_s : int
        Seconds at each stop on the way.
    both_ways : bool
        Whether it runs back as well.
    name : str
        What to call the modification.
    """

    stop_ids: tuple[str, ...]
    run_s: tuple[int, ...]
    route_id: str
    mode: str
    headway_s: int
    start_s: int
    end_s: int
    dwell_s: int = 20
    both_ways: bool = True
    name: str = ""


@dataclass(frozen=True)
class ChangeHeadway:
    """Another headway of a route within a period; see `bykobling.timetable.change_headway`.

    Parameters
    ----------
    route_id : str
        As in the feed.
    headway_s : int
        Seconds between departures of each variant.
    start_s, end_s : int
        Trips that start in ``[start_s, end_s)`` are replaced.
    name : str
        What to call the modification.
    """

    route_id: str
    headway_s: int
    start_s: int
    end_s: int
    name: str = ""


@dataclass(frozen=True)
class RemoveService:
    """Routes or trips that run no more; see `bykobling.timetable.remove_service`.

    Parameters
    ----------
    route_ids, trip_ids : tuple of str
        As in the feed.
    name : str
        What to call the modification.
    """

    route_ids: tuple[str, ...] = ()
    trip_ids: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class RemoveStop:
    """Stops that close; vehicles pass them. See `bykobling.timetable.remove_stops`.

    Parameters
    ----------
    stop_ids : tuple of str
        As in the feed.
    name : str
        What to call the modification.
    """

    stop_ids: tuple[str, ...]
    name: str = ""


StreetChange: TypeAlias = AddLink | RemoveLink | AddCrossing | ChangeSpeed
TimetableChange: TypeAlias = AddStop | AddService | ChangeHeadway | RemoveService | RemoveStop
TrafficChange: TypeAlias = ChangeTraffic | AddRoad
Modification: TypeAlias = StreetChange | TimetableChange | TrafficChange

STREET_CHANGES = (AddLink, RemoveLink, AddCrossing, ChangeSpeed)
TRAFFIC_CHANGES = (ChangeTraffic, AddRoad)
TIMETABLE_CHANGES = (AddStop, AddService, ChangeHeadway, RemoveService, RemoveStop)
