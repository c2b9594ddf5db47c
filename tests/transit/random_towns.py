"""Random timetables on one street, with everything that makes a search go wrong, and every journey there is."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.timetable.build import from_trips
from bykobling.timetable.model import INDOORS, RULE, UNKNOWN_WAY
from bykobling.timetable.trips import Trips
from bykobling.transit import TransitSettings, transit_network
from tests.transit.tiny_feeds import CRS, WEDNESDAY, points, streets

LENGTH_M = 4000
START_S = 8 * 3600


def random_trips(rng, *, stops, trips, coarse=False):
    """Draw trips that overtake, call twice at a stop, refuse passengers, and go on as others."""
    step_s = 300 if coarse else 1
    parts, first = [], [0]
    for _ in range(trips):
        calls = int(rng.integers(2, 5))
        gaps = rng.integers(0, 600 // step_s, 2 * calls) // (1 if coarse else 2) * step_s
        times = START_S + int(rng.integers(0, 1800)) // step_s * step_s + np.cumsum(gaps)
        parts.append((rng.integers(0, stops, calls), times[::2], times[1::2], rng.random((2, calls)) < 0.85))
        first.append(first[-1] + calls)
    arrive, leave = (np.concatenate([part[i] for part in parts]).astype(np.int32) for i in (1, 2))
    end, begin = arrive[np.array(first[1:]) - 1], leave[np.array(first[:-1])]
    pairs = [(a, b) for a in range(trips) for b in range(trips) if a != b and end[a] <= begin[b]]
    stays = [pair for pair in pairs if rng.random() < 0.15]
    return Trips(
        first=np.array(first, np.int64),
        stop=np.concatenate([part[0] for part in parts]).astype(np.int32),
        arrival_s=arrive,
        departure_s=leave,
        pickup=np.concatenate([part[3][0] for part in parts]),
        drop_off=np.concatenate([part[3][1] for part in parts]),
        route=rng.integers(0, 2, trips).astype(np.int32),
        trip_id=np.array([f"t{i}" for i in range(trips)], object),
        direction=np.zeros(trips, np.int8),
        headway_based=rng.random(trips) < 0.3,
        stays=np.array(stays, np.int32).reshape(-1, 2),
    )


def random_town(seed, *, stops=6, trips=5, coarse=False):
    """Hang a random timetable on one street; walks are short, so that one rides.

    Where it is coarse, times are 5 minutes apart and places as far as one walks in them: many journeys take the same.
    """
    rng = np.random.default_rng(seed)
    at = points(rng.choice(np.arange(0, LENGTH_M, 400.0 if coarse else 100.0), stops)).to_crs(4326)
    told = [(a, b) for a in range(stops) for b in range(stops) if rng.random() < 0.15]
    walks = np.array(told, np.int32).reshape(-1, 2)
    timetable = from_trips(
        random_trips(rng, stops=stops, trips=trips, coarse=coarse),
        date=WEDNESDAY,
        timezone="Europe/Copenhagen",
        stops=pd.DataFrame(
            {"stop_id": [f"s{i}" for i in range(stops)], "stop_name": [f"Stop {i}" for i in range(stops)],
             "lon": at.x, "lat": at.y, "station": -1}
        ),
        routes=pd.DataFrame(
            {"route_id": ["r", "b"], "short_name": ["1", "2"], "long_name": ["Red", ""], "mode": "bus", "color": ""}
        ),
        walk_from=walks[:, 0],
        walk_to=walks[:, 1],
        walk_s=rng.choice([0.0, 30.0, 240.0, 600.0, np.inf], len(walks)),
        walk_kind=rng.choice([UNKNOWN_WAY, INDOORS, RULE], len(walks)).astype(np.int8),
        link_stop=np.arange(stops, dtype=np.int32),
        link_lon=at.x.to_numpy(),
        link_lat=at.y.to_numpy(),
        link_in_s=np.zeros(stops),
        link_out_s=np.zeros(stops),
    )  # fmt: skip
    settings = TransitSettings(
        max_access_min=float(rng.choice([5, 10])),
        max_egress_min=float(rng.choice([5, 10])),
        max_transfer_min=5.0,
        max_walk_min=float(rng.choice([0, 15])),
        max_trip_min=float(rng.choice([30, 60])),
        max_rides=int(rng.integers(1, 4)),
        board_slack_s=int(rng.choice([0, 60])),
    )
    where = rng.uniform(0, LENGTH_M, 4)
    homes = gpd.GeoSeries(points((where // 400 * 400) if coarse else where.round()), crs=CRS)
    return transit_network(streets(), timetable, settings=settings), homes


def every_ride(transit, stop, ready_s):
    """List all one can do with one ride from a stop: (stop and time where it ends)."""
    calls, table = transit.timetable.calls(), transit.timetable
    by_trip = [group.to_dict("records") for _, group in calls.groupby("trip")]

    def on_board(trip, position):
        for call in by_trip[trip][position + 1 :]:
            if call["drop_off"]:
                yield int(call["stop"]), int(call["arrival_s"])
        for later in table.stay_trip[table.stay_ptr[trip] : table.stay_ptr[trip + 1]]:
            yield from on_board(int(later), 0)

    for trip, mine in enumerate(by_trip):
        for call in mine[:-1]:
            if call["stop"] == stop and call["pickup"] and call["departure_s"] >= ready_s:
                yield from on_board(trip, call["position"])


def every_journey(transit, access, egress, depart_s):
    """Give (arrival, rides, walking) of every journey with at most so many rides; walks as dicts by stop."""
    slack = transit.settings.board_slack_s
    found = set()
    standing = {(stop, depart_s + seconds + slack, seconds) for stop, seconds in access.items()}
    for rides in range(1, transit.settings.max_rides + 1):
        arrived = {
            (off, time, walked) for stop, ready, walked in standing for off, time in every_ride(transit, stop, ready)
        }
        found |= {(time + egress[off], rides, walked + egress[off]) for off, time, walked in arrived if off in egress}
        standing = set()
        for off, time, walked in arrived:
            for row in range(transit.walk_ptr[off], transit.walk_ptr[off + 1]):
                to, seconds = int(transit.walk_to[row]), int(transit.walk_s[row])
                standing.add((to, time + seconds, walked + (max(0, seconds - slack) if to != off else 0)))
    return found
