"""A small language for tiny feeds and tiny streets, so that a test draws its town and asks in a few lines.

Everything hangs on one straight street; a place is so many metres along it (``10000``), or metres along and aside
(``10000,300``). People walk 4 m in 3 s. Stops are 10 km apart unless a test is about walking, so that nobody walks::

    A ---------------- B ---------------- C
    0                10000              20000

Stops, one a line: ``B 10000``, ``S 10000 station``, ``P 10000 in S``, ``E 10200 door in S``. Trips, one a line, with
trip, route, settings of trips.txt and calls: ``t red service_id=sat block_id=7: A 8:00, B 8:10/8:12, C 8:20``. A call
may be ``in`` (only to board) or ``out`` (only to get off); a time ``.`` is left blank. Other tables: `table`.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from bykobling.gtfs import read_gtfs
from bykobling.network import Network
from bykobling.timetable import Timetable, timetable_from_feed
from bykobling.transit import (
    TransitNetwork,
    TransitSettings,
    Window,
    transit_network,
    transit_travel_time,
    travel_time_every_departure,
)

CRS = "EPSG:25832"
EAST_M, NORTH_M = 650_000.0, 6_175_000.0
"""Where the street begins."""
STREET = ((-10_000.0, 0.0), (90_000.0, 0.0))
WEDNESDAY = dt.date(2026, 3, 4)
DAILY = "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nalways,1,1,1,1,1,1,1,20260101,20261231\n"  # noqa: E501

_TO_DEGREES = pyproj.Transformer.from_crs(CRS, 4326, always_xy=True)


def table(header, *rows):
    """Write a table; cells are parted by blanks, ``-`` is an empty one."""
    lines = [",".join("" if cell == "-" else cell for cell in row.split()) for row in (header, *rows)]
    return "\n".join(lines) + "\n"


def transfers(*rows):
    """``from_stop to_stop type seconds``, and for rules of routes and trips behind them four more cells."""
    header = "from_stop_id to_stop_id transfer_type min_transfer_time from_route_id to_route_id from_trip_id to_trip_id"
    return table(header, *(row + " -" * (8 - len(row.split())) for row in rows))


def pathways(*rows):
    """``from_stop to_stop seconds both_ways`` (1 or 0)."""
    cells = [row.split() for row in rows]
    lines = [f"w{i} {a} {b} 1 {both} {seconds}" for i, (a, b, seconds, both) in enumerate(cells)]
    return table("pathway_id from_stop_id to_stop_id pathway_mode is_bidirectional traversal_time", *lines)


def gtfs(file, stops, trips, *, timezone="Europe/Copenhagen", **tables):
    """Write a feed as a zip; tables of GTFS by name, without ``.txt``, as text."""
    places = _places(stops)
    texts = {
        "agency": f"agency_id,agency_name,agency_url,agency_timezone\nX,X,https://x.example,{timezone}\n",
        "stops": _stops(stops, places),
        "calendar": DAILY,
        **_trips(trips),
        **tables,
    }
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            if text is not None:
                archive.writestr(f"{name}.txt", text)
    return file


def _lines(text):
    return [line.split("#")[0].strip() for line in text.strip().splitlines() if line.split("#")[0].strip()]


def _places(stops):
    """Metres of every stop."""
    places = {}
    for line in _lines(stops):
        name, place, *_ = line.split()
        along, _, aside = place.partition(",")
        places[name] = (float(along), float(aside or 0))
    return places


def _stops(stops, places):
    rows = []
    for line in _lines(stops):
        name, _, *more = line.split()
        kind = 1 if "station" in more else 2 if "door" in more else 0
        parent = more[more.index("in") + 1] if "in" in more else ""
        lon, lat = _TO_DEGREES.transform(EAST_M + places[name][0], NORTH_M + places[name][1])
        rows.append(f"{name},{name},{lon:.12f},{lat:.12f},{kind},{parent}\n")
    return "stop_id,stop_name,stop_lon,stop_lat,location_type,parent_station\n" + "".join(rows)


def _trips(trips):
    """Write routes, trips and stop times."""
    routes: dict[str, None] = {}
    heads, calls = [], []
    for line in _lines(trips):
        head, _, run = line.partition(": ")
        name, route, *more = head.split()
        given = dict(each.split("=") for each in more)
        routes[route] = None
        heads.append(f"{name},{route},{given.get('service_id', 'always')},{given.get('block_id', '')}\n")
        for number, call in enumerate(run.split(",")):
            stop, time, *flags = call.split()
            arrive, _, leave = time.partition("/")
            both = ["" if each == "." else each + ":00" * (each.count(":") == 1) for each in (arrive, leave or arrive)]
            calls.append(f"{name},{stop},{number},{both[0]},{both[1]},{int('out' in flags)},{int('in' in flags)}\n")
    return {
        "routes": "route_id,route_short_name,route_type\n" + "".join(f"{each},{each},3\n" for each in routes),
        "trips": "trip_id,route_id,service_id,block_id\n" + "".join(heads),
        "stop_times": "trip_id,stop_id,stop_sequence,arrival_time,departure_time,pickup_type,drop_off_type\n"
        + "".join(calls),
    }


def streets(*pieces):
    """Make a network on foot of straight streets, each ``((x, y), (x, y))``."""
    lines = [shapely.LineString(np.add(piece, (EAST_M, NORTH_M))) for piece in pieces or (STREET,)]
    ends: dict[tuple[float, float], int] = {}
    number = [[ends.setdefault(end, len(ends)) for end in piece] for piece in pieces or (STREET,)]
    data = {"u": [u for u, _ in number], "v": [v for _, v in number], "walk": True}
    frame = gpd.GeoDataFrame(data, geometry=lines, crs=CRS)
    return Network.from_streets(frame.assign(length_m=frame.length))


def points(places):
    """Make points of metres along the street (and aside)."""
    at = np.array([place if isinstance(place, tuple) else (place, 0.0) for place in places], float).reshape(-1, 2)
    return gpd.GeoSeries(gpd.points_from_xy(at[:, 0] + EAST_M, at[:, 1] + NORTH_M), crs=CRS)


def seconds_of(clock):
    """Turn ``"8:10"`` or ``"25:10:30"`` into seconds."""
    hours, minutes, *rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + sum(rest)


def clock_of(seconds):
    """Turn seconds into ``"8:10"``, or ``"8:10:30"``; None where they are not finite."""
    if not np.isfinite(seconds):
        return None
    whole = int(seconds)
    assert whole == seconds
    tail = f":{whole % 60:02d}" if whole % 60 else ""
    return f"{whole // 3600}:{whole // 60 % 60:02d}{tail}"


@dataclass
class Town:
    """A feed on its street; places are names of stops, or metres along the street."""

    transit: TransitNetwork
    places: dict[str, tuple[float, float]]

    @property
    def timetable(self) -> Timetable:
        return self.transit.timetable

    def snap(self, *names):
        return self.transit.network.snap(points([self.places.get(name, name) for name in names]))

    def arrive(self, origin, destination, at):
        """Tell when one is there who leaves at a time, None for never; times count as those of the feed."""
        window = Window(first=_padded(at), minutes=1)
        seconds = travel_time_every_departure(self.transit, self.snap(origin), self.snap(destination), window=window)
        return clock_of(self.timetable.seconds_at(_padded(at)) + float(seconds[0, 0, 0]))

    def leave(self, origin, destination, by):
        """Tell when one leaves at the latest to be there by a time, None where it cannot be done."""
        window = Window(first=_padded(by), minutes=1, arrive_by=True)
        seconds = travel_time_every_departure(self.transit, self.snap(origin), self.snap(destination), window=window)
        travel = float(seconds[0, 0, 0])
        return clock_of(self.timetable.seconds_at(_padded(by)) - travel) if np.isfinite(travel) else None

    def every(self, origin, destination, first, minutes, **more):
        """Minutes of every departure of a window, inf for never."""
        window = Window(first=_padded(first), minutes=minutes, **more)
        seconds = travel_time_every_departure(self.transit, self.snap(origin), self.snap(destination), window=window)
        return (seconds[0, 0] / 60).tolist()

    def reason(self, origin, destination, first="08:00", **more):
        """Tell why a pair has no time."""
        window = Window(first=first, **more)
        return transit_travel_time(self.transit, self.snap(origin), self.snap(destination), window=window).reasons()[
            0, 0
        ]


def _padded(clock):
    return clock if len(clock.split(":")[0]) == 2 else "0" + clock


NO_SLACK = TransitSettings(board_slack_s=0)


def town(
    folder, stops, trips, *, date=WEDNESDAY, settings=NO_SLACK, network=None, timezone="Europe/Copenhagen", **tables
):
    """Write a feed, read it, take a day and hang it on the street; by default one boards without any slack."""
    feed = read_gtfs(gtfs(folder / "tiny.zip", stops, trips, timezone=timezone, **tables))
    timetable = timetable_from_feed(feed, date)
    return Town(transit_network(network or streets(), timetable, settings=settings), _places(stops))
