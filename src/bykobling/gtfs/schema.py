"""What GTFS says of the files a timetable is made of: a literal table.

Files and columns that are not listed here (fares, shapes, accessibility ...) are never read. After the reference
"GTFS Schedule", https://gtfs.org/documentation/schedule/reference/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "ref", "text", "whole", "number", "time", "date", "color"]
"""An id names the row itself, a ref a row of another file."""


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Parameters
    ----------
    name : str
        As in the header.
    kind : str
        How its cells are read.
    needed : bool
        Whether the column must be there and every cell filled.
    default : float
        What a blank cell of a number means; NaN: nothing.
    low, high : float
        Least and greatest number allowed.
    mend : bool
        A cell that breaks the rule is taken as blank, with a warning; otherwise the row is broken.
    there : bool
        Whether the column must be there, though cells may be blank.
    """

    name: str
    kind: Kind
    needed: bool = False
    default: float = float("nan")
    low: float = float("-inf")
    high: float = float("inf")
    mend: bool = False
    there: bool = False


@dataclass(frozen=True)
class File:
    """One file of a feed.

    Parameters
    ----------
    name : str
        In lower case.
    columns : tuple of Column
        Those that are read.
    needed : bool
        Whether a feed must have it.
    """

    name: str
    columns: tuple[Column, ...]
    needed: bool = False


_DAYS = tuple(
    Column(day, "whole", needed=True, low=0, high=1)
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)

AGENCY = File("agency.txt", (Column("agency_timezone", "text", needed=True),), needed=True)
STOPS = File(
    "stops.txt",
    (
        Column("stop_id", "id", needed=True),
        Column("stop_name", "text"),
        Column("stop_lat", "number", there=True, low=-90, high=90),
        Column("stop_lon", "number", there=True, low=-180, high=180),
        Column("location_type", "whole", default=0, low=0, high=4),
        Column("parent_station", "ref"),
    ),
    needed=True,
)
ROUTES = File(
    "routes.txt",
    (
        Column("route_id", "id", needed=True),
        Column("route_short_name", "text"),
        Column("route_long_name", "text"),
        Column("route_type", "whole", needed=True, low=0, high=99_999),
        Column("route_color", "color", mend=True),
    ),
    needed=True,
)
TRIPS = File(
    "trips.txt",
    (
        Column("trip_id", "id", needed=True),
        Column("route_id", "ref", needed=True),
        Column("service_id", "ref", needed=True),
        Column("direction_id", "whole", default=-1, low=0, high=1, mend=True),
        Column("block_id", "text"),
        Column("trip_headsign", "text"),
    ),
    needed=True,
)
STOP_TIMES = File(
    "stop_times.txt",
    (
        Column("trip_id", "ref", needed=True),
        Column("stop_id", "ref", needed=True),
        Column("stop_sequence", "whole", needed=True, low=0, high=2**31 - 1),
        Column("arrival_time", "time", there=True),
        Column("departure_time", "time", there=True),
        Column("pickup_type", "whole", default=0, low=0, high=3),
        Column("drop_off_type", "whole", default=0, low=0, high=3),
        Column("shape_dist_traveled", "number", low=0, mend=True),
    ),
    needed=True,
)
CALENDAR = File(
    "calendar.txt",
    (
        Column("service_id", "id", needed=True),
        *_DAYS,
        Column("start_date", "date", needed=True),
        Column("end_date", "date", needed=True),
    ),
)
CALENDAR_DATES = File(
    "calendar_dates.txt",
    (
        Column("service_id", "ref", needed=True),
        Column("date", "date", needed=True),
        Column("exception_type", "whole", needed=True, low=1, high=2),
    ),
)
FREQUENCIES = File(
    "frequencies.txt",
    (
        Column("trip_id", "ref", needed=True),
        Column("start_time", "time", needed=True),
        Column("end_time", "time", needed=True),
        Column("headway_secs", "whole", needed=True, high=86_400),
        Column("exact_times", "whole", default=0, low=0, high=1),
    ),
)
TRANSFERS = File(
    "transfers.txt",
    (
        Column("from_stop_id", "ref"),
        Column("to_stop_id", "ref"),
        Column("from_route_id", "ref"),
        Column("to_route_id", "ref"),
        Column("from_trip_id", "ref"),
        Column("to_trip_id", "ref"),
        Column("transfer_type", "whole", default=0, low=0, high=5),
        Column("min_transfer_time", "whole", low=0, high=86_400),
    ),
)
PATHWAYS = File(
    "pathways.txt",
    (
        Column("from_stop_id", "ref", needed=True),
        Column("to_stop_id", "ref", needed=True),
        Column("pathway_mode", "whole", needed=True, low=1, high=7),
        Column("is_bidirectional", "whole", needed=True, low=0, high=1),
        Column("length", "number", low=0, mend=True),
        Column("traversal_time", "whole", low=0, high=86_400, mend=True),
        Column("stair_count", "whole", mend=True),
    ),
)
FEED_INFO = File("feed_info.txt", (Column("feed_version", "text"),))

FILES: dict[str, File] = {
    file.name: file
    for file in (
        AGENCY, STOPS, ROUTES, TRIPS, STOP_TIMES, CALENDAR, CALENDAR_DATES, FREQUENCIES, TRANSFERS, PATHWAYS, FEED_INFO,
    )
}  # fmt: skip

MODES: dict[int, str] = {
    0: "tram", 1: "subway", 2: "rail", 3: "bus", 4: "ferry", 5: "cable_tram", 6: "aerial", 7: "funicular",
    11: "trolleybus", 12: "monorail",
    # of the extended types (Hierarchical Vehicle Types) those that are not like the rest of their hundred
    116: "rail", 401: "subway", 402: "subway", 403: "rail", 404: "rail", 405: "monorail",
    1500: "taxi", 1501: "taxi", 1502: "taxi",
}  # fmt: skip
"""Mode of a route type; else that of its hundred in `MODE_OF_HUNDRED`."""

MODE_OF_HUNDRED: dict[int, str] = {
    1: "rail", 2: "coach", 3: "rail", 4: "subway", 5: "subway", 6: "subway", 7: "bus", 8: "trolleybus", 9: "tram",
    10: "ferry", 12: "ferry", 13: "aerial", 14: "funicular", 15: "taxi",
}  # fmt: skip
"""Mode of an extended route type by its hundred (400 to 499: urban railways)."""


def mode_of(route_type: int) -> str | None:
    """Return the mode of a route type, None for one that is unknown.

    Parameters
    ----------
    route_type : int
        Basic or extended (100 and up).

    Returns
    -------
    str or None
        E.g. ``"bus"``.

    Examples
    --------
    >>> mode_of(3), mode_of(704), mode_of(405), mode_of(99)
    ('bus', 'bus', 'monorail', None)
    """
    return MODES.get(route_type) or MODE_OF_HUNDRED.get(route_type // 100)
