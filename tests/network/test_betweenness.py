"""Edge betweenness within a distance, against networkx and against counting every way."""

from itertools import combinations, pairwise

import networkx as nx
import numba
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bykobling.errors import InputError
from bykobling.network import Network, edge_betweenness
from tests.toys import grid, streets_table


def streets_of(*rows, index=None):
    """Make streets of ``(u, v, length_m)``."""
    return pd.DataFrame(rows, columns=["u", "v", "length_m"], index=index).astype({"length_m": float})


def counted(streets, cutoff_m):
    """List every shortest way of every pair, and share each pair out over its ways."""
    graph = nx.MultiGraph()
    for row in streets.itertuples():
        graph.add_edge(row.u, row.v, key=row.Index, weight=row.length_m)
    total = pd.Series(0.0, index=streets.index)
    for u, v in combinations(sorted(graph), 2):
        if not nx.has_path(graph, u, v):
            continue
        metres = nx.shortest_path_length(graph, u, v, weight="weight")
        if cutoff_m is not None and metres > cutoff_m:
            continue
        ways = [
            [edge for _, _, edge in way]
            for way in nx.all_simple_edge_paths(graph, u, v)
            if sum(streets["length_m"][edge] for _, _, edge in way) == metres
        ]
        for way in ways:
            total[way] += 1 / len(ways)
    return total


@st.composite
def small_towns(draw):
    nodes = draw(st.integers(2, 7))
    node = st.integers(1, nodes)
    edges = draw(st.integers(1, 10))
    return streets_of(*((draw(node), draw(node), draw(st.integers(1, 4))) for _ in range(edges)))


def random_streets(seed, n=12):
    """Draw a grid with some streets left out and lengths of whole metres, many ways being equally long."""
    rng = np.random.default_rng(seed)
    pieces = [piece for piece in grid(n, n) if rng.random() < 0.85]
    streets = pd.DataFrame(streets_table(pieces).drop(columns="geometry"))
    return streets.assign(length_m=rng.integers(1, 4, len(pieces)) * 50.0)


def test_a_street_is_counted_for_every_pair_it_joins():
    #  1 -- 2 -- 3 -- 4       2-3 joins {1, 2} with {3, 4}
    #                         of 2 and 5, equally far both ways round, half each
    #  2 -- 3 -- 5, 2 -- 6 -- 5
    row = streets_of((1, 2, 1), (2, 3, 1), (3, 4, 1), index=["a", "b", "c"])
    assert edge_betweenness(row, cutoff_m=None).to_dict() == {"a": 3.0, "b": 4.0, "c": 3.0}
    square = streets_of((2, 3, 1), (3, 5, 1), (2, 6, 1), (6, 5, 1))
    # its own two ends, and half of each pair across: 2-5 and 3-6
    assert edge_betweenness(square, cutoff_m=None).tolist() == [2.0] * 4


def test_a_pair_just_at_the_cutoff_counts():
    row = streets_of((1, 2, 0.1), (2, 3, 0.2))
    assert edge_betweenness(row, cutoff_m=0.3).tolist() == [2.0, 2.0]
    assert edge_betweenness(row, cutoff_m=0.299).tolist() == [1.0, 1.0]


def test_equal_is_to_the_millimetre():
    # 0.1 + 0.2 is not 0.3 in floating point
    two_ways = streets_of((1, 2, 0.1), (2, 3, 0.2), (1, 3, 0.3))
    assert edge_betweenness(two_ways, cutoff_m=None).tolist() == [1.5, 1.5, 0.5]
    longer = streets_of((1, 2, 0.1), (2, 3, 0.2), (1, 3, 0.301))
    assert edge_betweenness(longer, cutoff_m=None).tolist() == [2.0, 2.0, 0.0]


def test_parallel_streets_share_and_loops_carry_nobody():
    twice = streets_of((1, 2, 5), (2, 1, 5), (1, 2, 6), (2, 2, 1))
    assert edge_betweenness(twice, cutoff_m=None).tolist() == [0.5, 0.5, 0.0, 0.0]


@given(small_towns(), st.one_of(st.none(), st.integers(1, 10)))
@settings(max_examples=150, deadline=None)
def test_is_what_counting_every_way_gives(streets, cutoff_m):
    assume((streets["u"] != streets["v"]).any())
    found = edge_betweenness(streets, cutoff_m=cutoff_m)
    np.testing.assert_allclose(found, counted(streets, cutoff_m), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_is_what_networkx_gives(seed):
    streets = random_streets(seed)
    graph = nx.Graph()
    for row in streets.itertuples():
        graph.add_edge(row.u, row.v, weight=row.length_m)
    expected = nx.edge_betweenness_centrality(graph, normalized=False, weight="weight")
    found = edge_betweenness(streets, cutoff_m=None)
    for row in streets.itertuples():
        pair = (row.u, row.v) if (row.u, row.v) in expected else (row.v, row.u)
        assert found[row.Index] == pytest.approx(expected[pair], rel=1e-12)


@given(st.integers(0, 99), st.sampled_from([50.0, 120.0, 400.0, None]))
@settings(max_examples=30, deadline=None)
def test_metres_walked_are_the_distances_of_all_pairs(seed, cutoff_m):
    streets = random_streets(seed, n=6)
    _, ends = np.unique(np.concatenate([streets["u"], streets["v"]]), return_inverse=True)
    matrix = coo_array((streets["length_m"], np.split(ends, 2)), shape=(ends.max() + 1,) * 2)
    metres = dijkstra(matrix.tocsr(), directed=False)
    near = np.isfinite(metres) & (metres <= (cutoff_m or np.inf))
    walked = (edge_betweenness(streets, cutoff_m=cutoff_m) * streets["length_m"]).sum()
    assert walked == pytest.approx(metres[near].sum() / 2, rel=1e-12)


def test_a_longer_cutoff_counts_more():
    streets = random_streets(4)
    sums = [edge_betweenness(streets, cutoff_m=cutoff_m) for cutoff_m in (100, 300, 900, None)]
    for less, more in pairwise(sums):
        assert (less <= more + 1e-9).all()
        assert less.sum() < more.sum()


def test_the_same_digits_for_every_number_of_threads():
    streets = random_streets(5, n=25)
    threads = numba.get_num_threads()
    expected = edge_betweenness(streets, cutoff_m=900)
    try:
        numba.set_num_threads(1)
        pd.testing.assert_series_equal(edge_betweenness(streets, cutoff_m=900), expected, check_exact=True)
    finally:
        numba.set_num_threads(threads)


def test_a_network_is_counted_by_its_edges():
    streets = streets_table(grid(4, 3))
    network = Network.from_streets(streets)
    found = edge_betweenness(network, cutoff_m=500)
    assert found.index.tolist() == list(range(network.edge_count))
    merged = pd.DataFrame({"u": network.edge_u, "v": network.edge_v, "length_m": network.edge_length_m})
    np.testing.assert_allclose(found, edge_betweenness(merged, cutoff_m=500), rtol=1e-12)
    # corners are no nodes of a network: fewer pairs than in the table
    assert found.sum() < edge_betweenness(streets, cutoff_m=500).sum()


def test_progress_is_told():
    told = []
    edge_betweenness(random_streets(0), cutoff_m=200, progress=lambda *step: told.append(step))
    assert told[-1][0] == told[-1][1] > 100
    assert {step[2] for step in told} == {"betweenness"}


@pytest.mark.parametrize("cutoff_m", [0.0, -1.0, float("nan")])
def test_a_cutoff_must_be_above_0(cutoff_m):
    with pytest.raises(InputError, match="cutoff_m"):
        edge_betweenness(streets_of((1, 2, 5)), cutoff_m=cutoff_m)


def test_lengths_must_be_lengths():
    for length_m in (0.0, -1.0, float("inf")):
        with pytest.raises(InputError, match="length_m"):
            edge_betweenness(streets_of((1, 2, length_m)), cutoff_m=None)
    with pytest.raises(InputError, match="longer than can be counted"):
        edge_betweenness(streets_of((1, 2, 5e6)), cutoff_m=None)
