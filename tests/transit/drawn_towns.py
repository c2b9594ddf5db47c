"""Timetables drawn number by number on one street: loops, overtaking, staying seated, stops one may not use.

Drawn by Hypothesis, which can make an example smaller, or out of a seed.
"""

from __future__ import annotations

import datetime as dt
from functools import cache

import numpy as np
import pandas as pd

from bykobling.timetable.build import from_trips
from bykobling.timetable.trips import Trips
from bykobling.transit import TransitNetwork, TransitSettings

from .oracle import Plain
from .tiny_feeds import points, streets

FIRST_S = 8 * 3600
STEP_M = 4.0
"""Three seconds on foot, so that every walk is whole seconds."""


@cache
def street():
    return streets(((0.0, 0.0), (4000.0, 0.0)))


class Draw:
    """Numbers out of a seed, or out of Hypothesis."""

    def __init__(self, integers):
        self.integers = integers

    @classmethod
    def seeded(cls, seed):
        rng = np.random.default_rng(seed)
        return cls(lambda low, high: int(rng.integers(low, high + 1)))

    def chance(self, out_of):
        """True once in so many times; the smallest example has none."""
        return self.integers(0, out_of - 1) == out_of - 1

    def one(self, values):
        return values[self.integers(0, len(values) - 1)]


def draw_trips(draw, stops, lines, trips_of_line, *, length=5, every_s=30, seated=False):
    """Draw lines, the trips on them (they overtake), and between which of them one may stay seated.

    With `seated` many go on as others that nobody may board where they start.
    """
    calls: list[tuple[int, int, int, bool, bool]] = []
    first, route = [0], []
    for line in range(lines):
        path = [draw.integers(0, stops - 1) for _ in range(draw.integers(2, length))]
        flags = [(not draw.chance(5), not draw.chance(5)) for _ in path]
        if seated and draw.chance(2):
            flags = [(False, drop_off) for _, drop_off in flags]
        for _ in range(draw.integers(1, trips_of_line)):
            now = FIRST_S + every_s * draw.integers(-10, 60)
            for stop, (pickup, drop_off) in zip(path, flags, strict=True):
                arrive = now
                now += every_s * draw.integers(0, 2)
                calls.append((stop, arrive, now, pickup, drop_off))
                now += every_s * draw.integers(0, 10)
            first.append(len(calls))
            route.append(line)
    columns = list(zip(*calls, strict=True))
    start = [calls[i][2] for i in first[:-1]]
    end = [calls[i - 1][1] for i in first[1:]]
    pairs = [(a, b) for a in range(len(route)) for b in range(len(route)) if a != b and end[a] <= start[b]]
    few = pairs if len(pairs) <= 40 or seated else sorted({draw.one(pairs) for _ in range(10)})
    # half of the towns are without: where one may stay seated the search dismisses less
    stays = [pair for pair in few if draw.chance(4)] if seated or draw.chance(2) else []
    return Trips(
        first=np.array(first, np.int64),
        stop=np.array(columns[0], np.int32),
        arrival_s=np.array(columns[1], np.int32),
        departure_s=np.array(columns[2], np.int32),
        pickup=np.array(columns[3], bool),
        drop_off=np.array(columns[4], bool),
        route=np.array(route, np.int32),
        trip_id=np.array([f"t{i}" for i in range(len(route))], object),
        direction=np.zeros(len(route), np.int8),
        headway_based=np.zeros(len(route), bool),
        stays=np.array(stays, np.int32).reshape(-1, 2),
    )


def rest_of(draw, stops, lines):
    """Draw what a timetable has beside its trips: stops along the street, some with doors, some without a way in."""
    at = [draw.integers(0, 900) for _ in range(stops)]
    link_stop, link_at, link_in, link_out = [], [], [], []
    for stop in range(stops):
        if draw.chance(8):
            continue
        for _ in range(1 + draw.chance(4)):
            link_stop.append(stop)
            link_at.append(STEP_M * at[stop])
            link_in.append(draw.one([0.0, 0.0, 0.0, 30.0, np.inf]))
            link_out.append(draw.one([0.0, 0.0, 0.0, 45.0, np.inf]))
    names = [f"s{i}" for i in range(stops)]
    routes = [f"r{i}" for i in range(lines)]
    rest = {
        "date": dt.date(2026, 3, 4),
        "timezone": "Europe/Copenhagen",
        "stops": pd.DataFrame({"stop_id": names, "stop_name": names, "lon": 12.0, "lat": 55.0, "station": -1}),
        "routes": pd.DataFrame({"route_id": routes, "short_name": routes, "long_name": "", "mode": "bus", "color": ""}),
        "walk_from": np.empty(0, np.int32),
        "walk_to": np.empty(0, np.int32),
        "walk_s": np.empty(0, np.float64),
        "walk_kind": np.empty(0, np.int8),
        "link_stop": np.array(link_stop, np.int32),
        "link_lon": np.full(len(link_stop), 12.0),
        "link_lat": np.full(len(link_stop), 55.0),
        "link_in_s": np.array(link_in, np.float64),
        "link_out_s": np.array(link_out, np.float64),
    }
    return rest, link_at


def draw_walks(draw, stops, pairs):
    """Draw changes: at most stops to itself, and between some."""
    chosen = {(stop, stop): draw.one([0, 0, 30, 60, 150]) for stop in range(stops) if not draw.chance(6)}
    for _ in range(pairs):
        chosen[draw.integers(0, stops - 1), draw.integers(0, stops - 1)] = draw.one([0, 30, 90, 300])
    order = sorted(chosen)
    pointer = np.zeros(stops + 1, np.int64)
    np.cumsum(np.bincount([a for a, _ in order], minlength=stops), out=pointer[1:])
    return pointer, np.array([b for _, b in order], np.int32), np.array([chosen[each] for each in order], np.int32)


def draw_settings(draw):
    walk = draw.one([0.0, 5.0, 20.0])
    return TransitSettings(
        max_access_min=draw.one([5.0, 10.0, 2.0]),
        max_egress_min=draw.one([5.0, 10.0, 2.0]),
        max_walk_min=walk,
        max_trip_min=walk + draw.one([30.0, 10.0, 90.0]),
        max_rides=draw.one([4, 1, 2, 3]),
        board_slack_s=draw.one([0, 60, 7]),
    )


def draw_town(draw, *, stops=6, lines=4, trips=3, walks=4, **more):
    """Draw a transit network and its plain twin; `more` as for `draw_trips`."""
    count = draw.integers(2, stops)
    rest, link_at = rest_of(draw, count, lines)
    timetable = from_trips(draw_trips(draw, count, lines, trips, **more), **rest)
    return hang(timetable, link_at, draw_walks(draw, count, draw.integers(0, walks)), draw_settings(draw))


def hang(timetable, link_at, walks, settings):
    """Join a timetable to the street, with changes as given."""
    links = street().snap(points(link_at))
    reason = np.full(timetable.stop_count, "ok", object)
    transit = TransitNetwork(street(), timetable, settings, links, reason, *walks)
    return transit, Plain.of(transit, link_at)


def draw_places(draw, count, plain):
    """Draw places along the street, metres: most where a stop is entered, so that there is something to ride."""
    doors = [link[1] for link in plain.links]
    return [STEP_M * draw.integers(0, 900) if not doors or draw.chance(3) else draw.one(doors) for _ in range(count)]
