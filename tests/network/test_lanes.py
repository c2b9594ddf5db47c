"""Searches of neighbours together against searches of scipy from each alone."""

from __future__ import annotations

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra
from shapely import LineString, Point

from bykobling._kernels.lanes import reach_of, settle
from bykobling._kernels.together import LANES, ORIGINS, START, scratch, seconds_by, together
from bykobling.links import link_gains
from bykobling.network import Links, Network, costs_within, reach_sums, reach_table, travel_time_matrix
from bykobling.network.arc_matrix import arc_matrix
from bykobling.network.ends import arcs_of, origins_of, searching

from .streets import places, random_streets


@given(
    seed=st.integers(0, 10_000), mode=st.sampled_from(["walk", "bike"]), count=st.integers(1, 60),
    limit_s=st.floats(0, 600), reach=st.sampled_from([1, 300, 10**6]), crowded=st.booleans(),
    size=st.sampled_from([14, 60]),
)  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_any_origins_together_are_each_searched_alone_to_the_last_bit(
    *, seed, mode, count, limit_s, reach, crowded, size
):
    network = Network.from_streets(random_streets(seed, nodes=size, rows=size + 8), mode=mode)
    n = network.node_count
    # near or far from each other, twice the same, on islands, few to a street or many: sharing is only ever slower
    homes = places(network, seed, max(count, 2))
    if crowded:
        homes = homes.take(np.random.default_rng(seed).integers(0, 1 + len(homes) // 8, len(homes)))
    origins = order, nodes, seconds = origins_of(network, homes)
    limit = np.float32(limit_s)
    alone = dijkstra(arc_matrix(network))
    mine, chosen = searching(network)
    clean = [part.copy() for part in mine[:4]]
    near, row, by, by_s = mine[4], mine[8], chosen[2], chosen[3]
    first = 0
    while first < len(order):
        last, lanes = together(first, len(order), limit, origins, reach, *chosen)
        assert first < last <= len(order)
        assert 1 <= lanes <= LANES
        n_rows = settle(lanes, limit, arcs_of(network), mine, chosen)
        for k, origin in enumerate(order[first:last]):
            found = np.full(n, np.inf)
            found[near[:n_rows]] = [seconds_by(k, row[i], by, by_s) for i in range(n_rows)]
            expected = np.full(n, np.inf)
            for node, there in zip(nodes[origin], seconds[origin], strict=True):
                if node >= 0:
                    expected = np.minimum(expected, np.float64(there) + alone[node])
            np.testing.assert_array_equal(
                np.where(found <= limit, found, np.inf),
                np.where(expected <= limit, expected.astype(np.float32), np.inf),
            )
        assert len(set(near[:n_rows].tolist())) == n_rows
        # left as it was found, ready for the next
        for before, part in zip((clean[0], clean[2], clean[3]), (mine[0], mine[2], mine[3]), strict=True):
            np.testing.assert_array_equal(part, before)
        first = last


def chosen_of(nodes, first, reach, *, limit=60.0, seconds=1.0):
    """Who is searched together with `first`: (last, starts of lanes, the lanes each origin is read from)."""
    nodes = np.array(nodes, np.int32)
    origins = np.arange(len(nodes)), nodes, np.full(nodes.shape, seconds, np.float32)
    start, start_s, by, by_s = scratch()
    last, lanes = together(first, len(nodes), np.float32(limit), origins, reach, start, start_s, by, by_s)
    read = [sorted(set(by[k][np.isfinite(by_s[k])].tolist())) for k in range(last - first)]
    return last, start[:lanes].tolist(), read


def test_neighbours_are_searched_together_and_the_others_alone():
    nodes = [[5, 9], [6, -1], [6, 6], [40, 7], [400, 401], [410, 411], [-1, -1]]
    # each a lane of its own, since they start from more nodes; the lower node of a street tells where it is
    assert chosen_of(nodes, 0, 100) == (4, nodes[:4], [[0], [1], [2], [3]])
    # two are not worth it
    assert chosen_of(nodes, 4, 100) == (5, [[400, 401]], [[0]])
    assert chosen_of(nodes[:2], 0, START) == (1, [[5, 9]], [[0]])
    assert chosen_of(nodes, 6, 100) == (7, [[-1, -1]], [[0]])


def test_homes_of_a_street_share_its_ends():
    street = [[3, 4]] * 10
    assert chosen_of(street, 0, 100) == (10, [[3, -1], [4, -1]], [[0, 1]] * 10)
    assert chosen_of(street, 8, 100) == (9, [[3, 4]], [[0]])
    # one end is enough for two
    assert chosen_of([[3, -1], [3, -1]], 0, 100) == (2, [[3, -1]], [[0], [0]])
    # as many as there is room for, and no street with one end left out
    row = [[k, k + 1] for k in range(40) for _ in range(3)]
    last, starts, read = chosen_of(row, 0, 10_000)
    assert (last, len(starts)) == (3 * (LANES - 1), LANES)
    assert read[-1] == [LANES - 2, LANES - 1]
    assert chosen_of([[3, 4]] * 500, 100, 100)[0] == 100 + ORIGINS
    # an end farther than the limit, or with no way to it, leads nowhere
    assert chosen_of(street, 0, 100, seconds=61.0) == (10, [[-1, -1]], [[]] * 10)
    assert chosen_of(street, 0, 100, seconds=np.inf)[1:] == ([[-1, -1]], [[]] * 10)


def test_the_reach_of_one_is_the_mean_of_those_searched_and_kept_where_nobody_reaches_anything():
    row = np.array([[1, 2], [3, 99], [99, 99]], np.float32)
    assert reach_of(3, 2, row, np.float32(10), 7) == 1
    assert reach_of(1, 2, row, np.float32(0.5), 7) == 7


@pytest.mark.parametrize("seed", range(5))
def test_sums_do_not_tell_who_was_searched_together(seed):
    network = Network.from_streets(random_streets(seed))
    homes, shops = places(network, seed, 40), places(network, seed + 1, 30)
    weights = np.random.default_rng(seed).random((30, 3))
    together = reach_sums(network, homes, shops, weights, [200.0, 500.0])
    for home in range(len(homes)):
        alone = reach_sums(network, homes.take([home]), shops, weights, [200.0, 500.0])
        np.testing.assert_array_equal(together[home], alone[0])


def test_what_is_hours_away_does_not_tell_who_was_searched_together_either():
    # 60 km on foot: beyond 4.5 hours sums of seconds depend on their order
    rng = np.random.default_rng(0)
    x = np.cumsum(np.r_[0, rng.uniform(50, 400, 300)])
    lines = [LineString([(a, 0), (b, 0)]) for a, b in itertools.pairwise(x)]
    # lanes to both sides, so that the road is not one street
    lines += [LineString([(a, 0), (a, 30)]) for a in x]
    u, v = [*range(300), *range(301)], [*range(1, 301), *range(301, 602)]
    lengths = [line.length for line in lines]
    street = {"u": u, "v": v, "walk": True, "length_m": lengths}
    network = Network.from_streets(gpd.GeoDataFrame(street, geometry=lines, crs=25832))
    homes = network.snap([Point(a, 3) for a in rng.uniform(x[0], x[12], 40)])
    shops = network.snap([Point(a, 3) for a in rng.uniform(x[150], x[-1], 40)])
    together = travel_time_matrix(network, homes, shops)
    assert together.min() > 2**14
    for home in range(len(homes)):
        np.testing.assert_array_equal(together[home], travel_time_matrix(network, homes.take([home]), shops)[0])


def test_costs_ascend_by_node():
    network = Network.from_streets(random_streets(3))
    found = costs_within(network, network.at_nodes(np.arange(network.node_count)), 300.0)
    for first, last in zip(found.indptr[:-1], found.indptr[1:], strict=True):
        assert (np.diff(found.node[first:last]) > 0).all()


def test_without_a_limit_what_is_not_reached_is_not_told():
    lines = [LineString([(0, y), (100, y)]) for y in (0, 500)]
    street = {"u": [1, 3], "v": [2, 4], "walk": True, "length_m": 100.0}
    network = Network.from_streets(gpd.GeoDataFrame(street, geometry=lines, crs=25832))
    homes = network.snap(shapely.points([(x, y) for y in (0, 500, 9000) for x in (10, 50, 90)]), components="any")
    shops = network.snap(shapely.points([(0, 0), (100, 500)]), components="any")
    for limit_s in (1e6, np.inf):
        table = reach_table(network, homes, shops, limit_s)
        assert np.diff(table.indptr).tolist() == [1] * 6 + [0] * 3
        assert np.isfinite(table.seconds).all()
        assert np.diff(costs_within(network, homes, limit_s).indptr).tolist() == [2] * 6 + [0] * 3
        sums = reach_sums(network, homes, shops, [1.0, 10.0], [limit_s])[:, 0, 0]
        np.testing.assert_array_equal(sums, [1.0] * 3 + [10.0] * 3 + [np.nan] * 3)
        found = link_gains(
            network, homes.take(np.arange(3)), [1, 1, 1], Links.from_snap(shops), [1.0, 10.0],
            end_u=shops.take([0]), end_v=shops.take([1]), link_s=[60.0], cutoffs_s=[limit_s],
        )  # fmt: skip
        assert found.before.ravel().tolist() == [1.0] * 3
        assert found.gain.ravel().tolist() == [30.0]


def test_a_home_that_reaches_nothing_at_all_is_no_endless_search():
    street = {"u": [1, 2], "v": [2, 3], "walk": True, "length_m": [1000.0, 100.0]}
    lines = [LineString([(0, 0), (1000, 0)]), LineString([(1000, 0), (1100, 0)])]
    network = Network.from_streets(gpd.GeoDataFrame(street, geometry=lines, crs=25832))
    home, end, shop = (network.snap([Point(x, 0)]) for x in (500, 1000.1, 1090))
    # 375 s to the next corner
    for limit_s in (374.5, 375.0, 375.5):
        found = link_gains(
            network, home, [1], Links.from_snap(shop), [1.0], end_u=end, end_v=shop, link_s=[1.0], cutoffs_s=[limit_s]
        )
        assert not found.gain.any()
        assert not found.before.any()
