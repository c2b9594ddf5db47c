"""Time the street searches against scipy and networkx: same graph, same limit, same run.

Run ``python -m tests.benchmarks.streets`` (add ``--quick`` for the made-up town only). Not collected by pytest.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numba
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.network import Network, costs_within, nearest, reach_sums

DATA = Path(__file__).parents[2].parent / "shared" / "data"
REAL = {
    "Copenhagen": DATA / "copenhagen" / "inner_north_2022.osm.pbf",
    "Porto Alegre": DATA / "porto_alegre" / "poa_osm.pbf",
}
FIELDS = 8
CUTOFFS_S = [600.0, 1200.0, 1800.0]
"""800, 1,600 and 2,400 m at 4.8 km/h."""
ROUNDS = 5


def town(nodes: int, seed: int = 0) -> gpd.GeoDataFrame:
    """Make up a town: a grid with uneven blocks and a quarter of the streets missing."""
    rng = np.random.default_rng(seed)
    side = int(nodes**0.5)
    number = np.arange(side * side).reshape(side, side)
    xy = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2) * 70.0
    xy += rng.uniform(-25, 25, xy.shape)
    u = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    v = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    keep = rng.random(len(u)) < 0.75
    u, v = u[keep], v[keep]
    lines = shapely.linestrings(np.stack([xy[u], xy[v]], axis=1))
    columns = pd.DataFrame({"u": u, "v": v, "walk": True, "length_m": shapely.length(lines)})
    return gpd.GeoDataFrame(columns, geometry=lines, crs=25832)


def median_s(work) -> float:
    """Time a piece of work: the median of a few rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def side_by_side(works) -> list[float]:
    """Time pieces of work in turn, in processor time, so that other load on the machine tells on none of them."""
    taken = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, times in zip(works, taken, strict=True):
            began = time.process_time()
            work()
            times.append(time.process_time() - began)
    return [statistics.median(times) for times in taken]


def compare(name: str, streets: gpd.GeoDataFrame) -> None:
    """Print one network's numbers."""
    began = time.perf_counter()
    network = Network.from_streets(streets)
    built = time.perf_counter() - began
    n = network.node_count
    print(f"\n{name}: {len(streets):,} rows -> {n:,} nodes, {network.edge_count:,} edges, built in {built:.2f} s")
    rng = np.random.default_rng(1)
    everywhere = network.at_nodes(np.arange(n))
    shops = network.at_nodes(rng.integers(0, n, FIELDS * max(50, n // 100)))
    weights = np.zeros((len(shops), FIELDS))
    weights[np.arange(len(shops)), np.arange(len(shops)) % FIELDS] = 1.0
    limit = max(CUTOFFS_S)
    sample = np.sort(rng.choice(np.flatnonzero(network.component == network.main_component), 400, replace=False))
    origins = everywhere.take(sample)
    settled = len(costs_within(network, origins, limit).node) / len(sample)
    most = numba.config.NUMBA_NUM_THREADS
    whole = {}
    for threads in sorted({1, most}):
        numba.set_num_threads(threads)
        whole[threads] = median_s(lambda: reach_sums(network, everywhere, shops, weights, CUTOFFS_S))
    numba.set_num_threads(1)
    # what the wrappers prepare once a call is in ours
    matrix = csr_array((network.adj_s.astype(np.float64), network.adj_node, network.indptr), shape=(n, n))
    graph = nx.from_scipy_sparse_array(matrix, create_using=nx.DiGraph, edge_attribute="s")
    few = sample[::4]
    fewer = sample[::20].tolist()
    fused, nodes, near, by_scipy, by_networkx = side_by_side(
        [
            lambda: reach_sums(network, origins, shops, weights, CUTOFFS_S),
            lambda: costs_within(network, origins, limit),
            lambda: nearest(network, origins, shops, 1, limit),
            lambda: dijkstra(matrix, indices=few, limit=limit),
            lambda: [nx.single_source_dijkstra_path_length(graph, o, cutoff=limit, weight="s") for o in fewer],
        ]
    )
    fused, nodes, near = fused / len(sample), nodes / len(sample), near / len(sample)
    by_scipy, by_networkx = by_scipy / len(few), by_networkx / len(fewer)
    numba.set_num_threads(most)
    everything = len(costs_within(network, everywhere.take(rng.permutation(n)[:2000]), limit).node) / min(n, 2000)
    print(f"  settled nodes an origin within {limit:.0f} s: {settled:,.0f} (sample), {everything:,.0f} (all)")
    for threads, seconds in whole.items():
        print(
            f"  all {n:,} origins x {FIELDS} fields x {len(CUTOFFS_S)} cut-offs, {threads} thread(s): {seconds:.2f} s"
            f" = {seconds / n * 1e3:.3f} ms an origin"
            + (f", {seconds / n / everything * 1e9:.0f} ns a settled node" if threads == 1 else "")
        )
    by_one = whole[1] / n
    print(f"  scipy / ours {by_scipy / by_one:.1f}, networkx / ours {by_networkx / by_one:.0f}, an origin of all")
    print("  one to many from origins far from each other, one thread, processor time in ms:")
    for label, seconds in (
        ("bykobling sums (8 fields x 3 cut-offs)", fused),
        ("bykobling costs to nodes", nodes),
        ("bykobling nearest", near),
        ("scipy dijkstra(limit)", by_scipy),
        ("networkx dijkstra(cutoff)", by_networkx),
    ):
        per_node = "" if label.endswith("nearest") else f"  {seconds / settled * 1e9:7.0f} ns a settled node"
        print(f"    {label:40s} {seconds * 1e3:8.3f}{per_node}")
    print(f"  scipy / ours {by_scipy / fused:.1f} (sums), {by_scipy / nodes:.1f} (costs);", end=" ")
    print(f"networkx / ours {by_networkx / fused:.0f} (sums), {by_networkx / nodes:.0f} (costs)")
    print(f"  peak memory of the process so far: {peak_mb():.0f} MB")


def peak_mb() -> float:
    """Read the largest resident size so far, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def growth() -> None:
    """Print how time and memory grow with origins and with nodes."""
    numba.set_num_threads(1)
    print("\ngrowth, one thread (time against 1x; flat is 1, 2, 4, 8 for origins and 1 for nodes)")
    rng = np.random.default_rng(2)
    network = Network.from_streets(town(20_000))
    first = None
    for times in (1, 2, 4, 8):
        origins = network.at_nodes(rng.integers(0, network.node_count, 500 * times))
        shops = network.at_nodes(np.arange(0, network.node_count, 20))
        ones = np.ones((len(shops), 1))
        (taken,) = side_by_side([lambda o=origins, s=shops, w=ones: reach_sums(network, o, s, w, CUTOFFS_S)])
        first = first or taken
        print(f"  origins {500 * times:6,}: {taken:.3f} s = {taken / first:.2f}x; peak {peak_mb():.0f} MB")
    first = None
    for times in (1, 2, 4, 8):
        bigger = Network.from_streets(town(10_000 * times))
        inner = bigger.snap(shapely.points(rng.uniform(2500, 4300, (1000, 2))))
        shops = bigger.at_nodes(np.arange(0, bigger.node_count, 20))
        ones = np.ones((len(shops), 1))
        (taken,) = side_by_side([lambda b=bigger, o=inner, s=shops, w=ones: reach_sums(b, o, s, w, CUTOFFS_S)])
        first = first or taken
        print(
            f"  nodes {bigger.node_count:7,}, 1,000 origins in the middle: {taken:.3f} s = {taken / first:.2f}x;"
            f" peak {peak_mb():.0f} MB"
        )
    numba.set_num_threads(numba.config.NUMBA_NUM_THREADS)


def _tiny():
    """Make the least that compiles the kernels."""
    network = Network.from_streets(town(100))
    home = network.at_nodes([0])
    return network, home, home


def main() -> None:
    """Run everything."""
    reach_sums(*_tiny(), [1.0], CUTOFFS_S)
    # before the others, whose peak would hide how memory grows
    growth()
    compare("made-up town", town(60_000))
    if "--quick" in sys.argv:
        return
    from bykobling.osm import read_osm

    for name, path in REAL.items():
        if not path.exists():
            print(f"\n{name}: skipped, {path} is not there")
            continue
        began = time.perf_counter()
        streets = read_osm(path).streets
        print(f"\nread {name} in {time.perf_counter() - began:.1f} s")
        compare(name, streets)


if __name__ == "__main__":
    main()
