"""Timetables in a few lines of code, hung on toy streets."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.timetable.build import from_trips
from bykobling.timetable.trips import Trips
from bykobling.transit import transit_network
from tests.toys import CRS

DATE = dt.date(2026, 3, 4)


def seconds(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60


def trip(route, calls, *, direction=0, headway=False, no_pickup=(), no_drop_off=()):
    """Make a trip of ``"A 07:00, B 07:05"``; `no_pickup` and `no_drop_off` are positions."""
    parts = [call.split() for call in calls.split(",")]
    return {
        "route": route,
        "stops": [name for name, _ in parts],
        "times": [seconds(clock) for _, clock in parts],
        "direction": direction,
        "headway": headway,
        "pickup": [i not in no_pickup for i in range(len(parts))],
        "drop_off": [i not in no_drop_off for i in range(len(parts))],
    }


def every(minutes, route, calls, *, first="07:00", last="08:59", **options):
    """Make trips from `first` to `last`, some minutes apart; `calls` are ``"A 0, B 5"``, minutes after the start."""
    parts = [call.split() for call in calls.split(",")]
    starts = range(seconds(first), seconds(last) + 1, minutes * 60)
    clock = [[s // 60 + int(after) for _, after in parts] for s in starts]
    return [
        trip(
            route,
            ", ".join(f"{name} {at // 60}:{at % 60:02d}" for (name, _), at in zip(parts, times, strict=True)),
            **options,
        )
        for times in clock
    ]


def timetable_of(stops, routes, trips, *, stations=None, links=None, ids=None):
    """Make a timetable.

    `stops` is ``{name: (x, y)}`` in the CRS of the toys; `routes` ``{short name: mode}``, a long name where it starts
    with ``_``; `stations` ``{stop: number}``; `links` rows ``(stop, (x, y), seconds in, seconds out)`` for stops that
    are not entered at their own place; `ids` ``{stop: stop_id}`` where that is not the name.
    """
    names, lines = list(stops), list(routes)
    lonlat = gpd.GeoSeries([shapely.Point(stops[name]) for name in names], crs=CRS).to_crs(4326)
    own = [(name, stops[name], 0.0, 0.0) for name in names if name not in {row[0] for row in links or []}]
    ways = sorted([*own, *(links or [])], key=lambda row: names.index(row[0]))
    ends = gpd.GeoSeries([shapely.Point(row[1]) for row in ways], crs=CRS).to_crs(4326)
    first = np.cumsum([0] + [len(one["stops"]) for one in trips])

    def flat(key):
        return [value for one in trips for value in one[key]]

    return from_trips(
        Trips(
            first=first.astype(np.int64),
            stop=np.array([names.index(name) for name in flat("stops")], np.int32),
            arrival_s=np.array(flat("times"), np.int32),
            departure_s=np.array(flat("times"), np.int32),
            pickup=np.array(flat("pickup"), bool),
            drop_off=np.array(flat("drop_off"), bool),
            route=np.array([lines.index(one["route"]) for one in trips], np.int32),
            trip_id=np.array([f"t{i}" for i in range(len(trips))], object),
            direction=np.array([one["direction"] for one in trips], np.int8),
            headway_based=np.array([one["headway"] for one in trips], bool),
            stays=np.empty((0, 2), np.int32),
        ),
        date=DATE,
        timezone="Europe/Copenhagen",
        stops=pd.DataFrame(
            {
                "stop_id": [(ids or {}).get(name, name) for name in names],
                "stop_name": [f"Stop {name}" for name in names],
                "lon": lonlat.x.to_numpy(),
                "lat": lonlat.y.to_numpy(),
                "station": np.array([(stations or {}).get(name, -1) for name in names], np.int32),
            }
        ),
        routes=pd.DataFrame(
            {
                "route_id": [f"id-{name}" for name in lines],
                "short_name": ["" if name.startswith("_") else name for name in lines],
                "long_name": [name.removeprefix("_") if name.startswith("_") else "" for name in lines],
                "mode": list(routes.values()),
                "color": "",
            }
        ),
        walk_from=np.empty(0, np.int32),
        walk_to=np.empty(0, np.int32),
        walk_s=np.empty(0),
        walk_kind=np.empty(0, np.int8),
        link_stop=np.array([names.index(row[0]) for row in ways], np.int32),
        link_lon=ends.x.to_numpy(),
        link_lat=ends.y.to_numpy(),
        link_in_s=np.array([row[2] for row in ways], np.float64),
        link_out_s=np.array([row[3] for row in ways], np.float64),
    )


def random_transit(network, seed):
    """Draw stops beside the streets of a network (some of them in stations) and trips of every kind."""
    rng = np.random.default_rng(seed)
    edge = rng.choice(np.flatnonzero(network.edge_snappable), 8)
    at = shapely.line_interpolate_point(network.edge_geometry[edge], rng.random(8), normalized=True)
    xy = shapely.get_coordinates(at) + rng.uniform(-10, 10, (8, 2))
    stops = {name: tuple(place) for name, place in zip("ABCDEFGH", xy, strict=True)}
    # nobody walks to the last one
    stops["H"] = (9_000.0, 9_000.0)
    routes = {"1": "bus", "2": "bus", "3": "trolleybus", "4": "rail", "5": "subway", "6": "tram", "7": "coach"}
    trips = []
    for _ in range(60):
        length = int(rng.integers(2, 6))
        called = rng.choice(list(stops), length)
        begin = int(rng.integers(6 * 60, 10 * 60))
        minutes = begin + np.cumsum(rng.integers(0, 9, length))
        calls = ", ".join(f"{s} {m // 60}:{m % 60:02d}" for s, m in zip(called, minutes, strict=True))
        flags = {key: tuple(np.flatnonzero(rng.random(length) < 0.1)) for key in ("no_pickup", "no_drop_off")}
        trips.append(trip(str(rng.choice(list(routes))), calls, direction=int(rng.integers(0, 2)), **flags))
    stations = {"A": 3, "B": 3, "C": 8, "D": 8, "E": 8}
    links = [("E", stops["A"], 60.0, np.inf), ("E", stops["F"], np.inf, 30.0), ("D", stops["G"], 20.0, 20.0)]
    return transit_network(network, timetable_of(stops, routes, trips, stations=stations, links=links))


def plain_calls(timetable, first_s, last_s):
    """List (stop row, trip, route, direction) of each departure in ``[first_s, last_s)``, with loops over loops."""
    found = []
    for pattern in range(timetable.pattern_count):
        stops = timetable.pattern_stop[timetable.pattern_first[pattern] : timetable.pattern_first[pattern + 1]]
        for number in range(timetable.pattern_trip[pattern], timetable.pattern_trip[pattern + 1]):
            for i in range(len(stops) - 1):
                leaves = timetable.departure_s[timetable.trip_call[number] + i]
                if timetable.pickup[timetable.pattern_first[pattern] + i] and first_s <= leaves < last_s:
                    route, way = int(timetable.trip_route[number]), int(timetable.trip_direction[number])
                    found.append((int(stops[i]), number, route, way))
    return found
