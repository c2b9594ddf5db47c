"""Time public transport on Porto Alegre beside cafein: ``python -m tests.benchmarks.transit [PEER_PYTHON]``.

1,227 x 1,227 points, 60 departures from 14:00, median, two threads. PEER_PYTHON is the interpreter of an environment
with cafein in it; without it only our own rows are printed. Points, files, date, limits are the same; cafein knows
fewer rules (no in-seat changes, no pick-up rules), ours are all on.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time

import geopandas as gpd
import numba
import numpy as np
import pandas as pd

import bykobling as bk
from bykobling._kernels import transit as kernels
from bykobling._types import Profile
from bykobling.gtfs import read_gtfs
from bykobling.network import Network
from bykobling.timetable import timetable_from_feed
from bykobling.transit import R5_COMPATIBLE, Window, transit_network, transit_opportunities, transit_travel_time
from bykobling.transit.search import JourneyEnds, searcher
from tests.real.studies import DATA

FOLDER = DATA / "porto_alegre"
FEEDS = [FOLDER / "poa_eptc.zip", FOLDER / "poa_trensurb.zip"]
DATE = dt.date(2019, 5, 13)
WINDOW = Window("14:00", 60)
SIZES = (1_000, 5_000, 10_000, 40_000)
SAMPLE = 300
"""Origins timed of each size: the rest take as long."""

PEER = """
import sys, time, warnings
warnings.filterwarnings("ignore")
import geopandas as gpd, pandas as pd, cafein
folder = sys.argv[1]
hexes = pd.read_csv(folder + "/poa_hexgrid.csv")
points = gpd.GeoDataFrame({"id": hexes.id}, geometry=gpd.points_from_xy(hexes.lon, hexes.lat), crs=4326)
network = cafein.TransportNetwork.from_gtfs(
    [folder + "/poa_eptc.zip", folder + "/poa_trensurb.zip"], osm_pbf=folder + "/poa_osm.pbf", walking_speed_kmph=3.6,
    max_walking_time=20)
for router in ("raptor", "tbtr", "tbtr"):
    start = time.perf_counter()
    network.travel_time_matrix(points, departure="2019-05-13 14:00:00", max_rides=3, departure_time_window=60,
                               percentiles=[50], router=router, walking_speed_kmph=3.6, max_walking_time=20, workers=2)
    print(f"cafein {router}", (time.perf_counter() - start) / len(points) * 1e3, flush=True)
"""


def city():
    """Read streets, timetable and points."""
    streets = bk.read_streets(FOLDER / "poa_osm.pbf", mode="walk")
    profile = Profile(mode="walk", speed_kmh=3.6, steps_speed_kmh=3.6, max_snap_m=1600.0)
    network = Network.from_streets(streets, profile=profile)
    timetable = timetable_from_feed(read_gtfs(*FEEDS), DATE)
    transit = transit_network(network, timetable, settings=R5_COMPATIBLE)
    hexes = pd.read_csv(FOLDER / "poa_hexgrid.csv")
    points = gpd.GeoSeries(gpd.points_from_xy(hexes["lon"], hexes["lat"]), crs=4326).to_crs(network.crs)
    return transit, network.snap(points, max_snap_m=1600.0)


def best_of(count, call):
    """Take the least of several wall times in seconds."""
    taken = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def split(transit, points):
    """Time the search alone and the whole, on one thread: ms an origin."""
    ready = searcher(transit, WINDOW)
    ends = JourneyEnds(transit, backward=False)
    access, egress, direct = ends.near(points), ends.far(points), ends.direct(points, points)
    rounds, count = transit.settings.max_rides, len(points)
    scratch = ready.layout.scratch(rounds, ready.frame[2])
    tables = ready.layout.tables, ready.layout.changes, scratch
    stops = np.empty((SAMPLE, transit.timetable.stop_count), np.float32)
    times = np.empty((count, count, 1), np.float32)
    walked, row, ranks = np.empty(count, np.float32), np.empty(ready.frame[2], np.float32), np.array([30])

    def search():
        kernels.search_only(0, SAMPLE, access, ready.frame, rounds, *tables, stops)

    def whole():
        kernels.percentiles(0, SAMPLE, access, direct, egress, ready.frame, rounds, ranks, *tables, walked, row, times)

    search(), whole()  # compiled
    return best_of(5, search) / SAMPLE * 1e3, best_of(5, whole) / SAMPLE * 1e3


def growth(transit):
    """Time sums of opportunities for random places: ms an origin by number of destinations."""
    rng = np.random.default_rng(0)
    network = transit.network
    for size in SIZES:
        places = network.at_nodes(rng.integers(0, network.node_count, size))
        some = places.take(np.arange(min(SAMPLE, size)))
        weights = np.ones(size)
        seconds = best_of(2, lambda: transit_opportunities(transit, some, places, weights, window=WINDOW))  # noqa: B023
        print(f"{size:>7,} destinations, sums within 30/45/60 min: {seconds / len(some) * 1e3:7.2f} ms an origin "
              f"({seconds / len(some) * size / 60:6.1f} min for all {size:,} origins)")  # fmt: skip


def main() -> int:
    """Print every row."""
    if not FOLDER.exists():
        print(f"not timed: {FOLDER} is not there")
        return 1
    numba.set_num_threads(2)
    transit, points = city()
    transit_travel_time(transit, points.take(np.arange(4)), points, window=WINDOW)  # compiled
    start = time.perf_counter()
    searcher(transit, WINDOW)
    print(f"changes between trips, once a window: {time.perf_counter() - start:.2f} s")
    for _ in range(2):
        ours = best_of(2, lambda: transit_travel_time(transit, points, points, window=WINDOW)) / len(points) * 1e3
        print(f"bykobling, 1,227 x 1,227, two threads: {ours:.2f} ms an origin")
        if len(sys.argv) > 1:
            subprocess.run([sys.argv[1], "-c", PEER, str(FOLDER)], check=True)
    searched, whole = split(transit, points)
    print(f"one thread: search {searched:.2f} ms, propagation and percentiles {whole - searched:.2f} ms an origin")
    growth(transit)
    return 0


if __name__ == "__main__":
    sys.exit(main())
