"""Fewest cuts against taking streets away by brute force, and against networkx."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest

from bykobling.severance.entry_shares import paths_by_piece
from bykobling.severance.surroundings import Surroundings, fewest_cuts


def surroundings(pairs, n, source, sink, *, seconds=None, weight=None):
    """Make the graph by hand: pairs of nodes, and which nodes are the area's and beyond the ring."""
    u, v = np.array(pairs, int).reshape(-1, 2).T
    flags = np.zeros((2, n), bool)
    flags[0, list(source)] = flags[1, list(sink)] = True
    return Surroundings(
        u=u,
        v=v,
        seconds=np.asarray(np.ones(len(u)) if seconds is None else seconds, np.float32),
        edge=np.arange(len(u)),
        low=np.zeros(len(u)),
        high=np.ones(len(u)),
        source=flags[0],
        sink=flags[1],
        weight=flags[0].astype(float) if weight is None else np.asarray(weight, float),
    )


def joined(pairs, source, sink):
    """Tell whether any node of the area is joined to any node beyond the ring, by plain search."""
    seen, todo = set(source), list(source)
    while todo:
        node = todo.pop()
        for a, b in pairs:
            for here, there in ((a, b), (b, a)):
                if here == node and there not in seen:
                    seen.add(there)
                    todo.append(there)
    return bool(seen & set(sink))


def least_removals(pairs, source, sink):
    """Count the fewest streets to take away until nobody gets out, trying all sets from the smallest."""
    for k in range(len(pairs) + 1):
        cuts = [
            cut
            for cut in itertools.combinations(range(len(pairs)), k)
            if not joined([p for i, p in enumerate(pairs) if i not in cut], source, sink)
        ]
        if cuts:
            return k, cuts
    raise AssertionError("taking all streets away parts everything")


def random_graph(seed, *, nodes=7, streets=11):
    """Draw streets with parallel ones, an area of one to three nodes and one to three nodes beyond the ring."""
    rng = np.random.default_rng(seed)
    pairs = []
    while len(pairs) < streets:
        a, b = rng.integers(0, nodes, 2)
        if a != b:
            pairs.append((int(a), int(b)))
    order = rng.permutation(nodes)
    first, last = rng.integers(1, 4, 2)
    return pairs, nodes, order[:first].tolist(), order[nodes - last :].tolist()


@pytest.mark.parametrize("seed", range(200))
def test_ways_out_are_the_fewest_streets_to_take_away(seed):
    pairs, n, source, sink = random_graph(seed, streets=8 + seed % 5)
    cut = fewest_cuts(surroundings(pairs, n, source, sink))
    fewest, cuts = least_removals(pairs, source, sink)
    assert cut.ways == fewest
    # the cut found is one of them...
    assert tuple(cut.piece.tolist()) in cuts
    # ...and of them all the one that leaves least on the area's side: whoever it keeps, every other keeps too
    kept = set(np.flatnonzero(cut.inside).tolist())
    for other in cuts:
        left = [p for i, p in enumerate(pairs) if i not in other]
        # the area counts as one place: a node is on its side if any node of the area reaches it
        assert kept <= {node for node in range(n) if node in source or joined(left, source, [node])}


@pytest.mark.parametrize("seed", range(40))
def test_ways_out_are_the_greatest_flow_of_networkx(seed):
    pairs, n, source, sink = random_graph(seed, nodes=60, streets=130)
    graph = nx.Graph()
    for a, b in pairs:
        graph.add_edge(a, b, capacity=graph.get_edge_data(a, b, {"capacity": 0})["capacity"] + 1)
    for node in source:
        graph.add_edge("area", node, capacity=1_000)
    for node in sink:
        graph.add_edge("ring", node, capacity=1_000)
    found = fewest_cuts(surroundings(pairs, n, source, sink))
    assert found.ways == nx.maximum_flow_value(graph, "area", "ring")
    assert len(found.piece) == found.ways


def test_parts_of_the_area_are_told_apart_once_it_is_cut():
    #  0 = 1 - 4    5 - 2      the area: 0, 1, 2, 3; beyond: 4, 5; 3 has no way
    cut = fewest_cuts(surroundings([(0, 1), (1, 4), (5, 2)], 6, [0, 1, 2, 3], [4, 5]))
    assert cut.ways == 2
    assert cut.part[0] == cut.part[1]
    assert len({cut.part[0], cut.part[2], cut.part[3]}) == 3


def test_no_street_at_all_is_no_way():
    for pairs in ([], [(0, 1)]):
        cut = fewest_cuts(surroundings(pairs, 4, [0, 1], [2]))
        assert cut.ways == 0
        assert not len(cut.piece)


def last_pieces(around, cut):
    """Find the last cut piece of every quickest way by walking it in networkx; ways as quick must be of one piece."""
    graph = nx.Graph()
    sinks = set(np.flatnonzero(around.sink).tolist())
    rows = list(zip(around.u.tolist(), around.v.tolist(), around.seconds.tolist(), strict=True))
    carried = np.zeros(cut.ways)
    total = 0.0
    cutting = {frozenset(rows[p][:2]): k for k, p in enumerate(cut.piece.tolist())}
    for goal in sinks:
        graph = nx.Graph()
        for a, b, s in rows:
            # no other place beyond the ring is passed through
            if not {a, b} & (sinks - {goal}):
                graph.add_edge(a, b, s=s)
        for origin in np.flatnonzero(around.source).tolist():
            if origin in graph and goal in graph and nx.has_path(graph, origin, goal):
                way = nx.dijkstra_path(graph, origin, goal, "s")
                crossed = [cutting[frozenset(p)] for p in itertools.pairwise(way) if frozenset(p) in cutting]
                carried[crossed[-1]] += around.weight[origin]
                total += around.weight[origin]
    return carried / total


@pytest.mark.parametrize("seed", range(60))
def test_quickest_ways_leave_by_the_piece_networkx_leaves_by(seed):
    rng = np.random.default_rng(seed)
    pairs, n, source, sink = random_graph(seed, nodes=14, streets=30)
    pairs = list(dict.fromkeys((min(p), max(p)) for p in pairs))
    # powers of two would do; distinct sums make every quickest way the only one
    seconds = rng.permutation(4 * len(pairs))[: len(pairs)] + rng.integers(0, 1024, len(pairs)) / 1024 + 1
    weight = np.where(np.isin(np.arange(n), source), rng.integers(1, 9, n), 0)
    around = surroundings(pairs, n, source, sink, seconds=seconds, weight=weight)
    cut = fewest_cuts(around)
    if cut.ways:
        assert paths_by_piece(around, cut) == pytest.approx(last_pieces(around, cut))


def test_ways_as_quick_share_alike():
    #      1         two ways of two streets each from 0 to 3
    #    /   \       a third of one street that takes longer carries nothing
    #   0 --- 3
    #    \   /
    #      2
    pairs = [(0, 1), (1, 3), (0, 2), (2, 3), (0, 3)]
    around = surroundings(pairs, 4, [0], [3], seconds=[1, 1, 1, 1, 9])
    cut = fewest_cuts(around)
    assert dict(zip(cut.piece.tolist(), paths_by_piece(around, cut).tolist(), strict=True)) == {0: 0.5, 2: 0.5, 4: 0.0}
