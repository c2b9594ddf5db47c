"""Which links are one proposal.

::

    a----50 m----b------100 m------c      two streets 40 m apart, joined nowhere
    :            :                 :
    A------------B-----------------C
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.errors import InputError
from bykobling.links.dedupe import apart, spheres_of_influence

from .drawn import links_between, node_at, town_of

XS = (0, 50, 150)
# a stub at every place keeps its node
STREETS = [((a, y), (b, y)) for y in (0, 40) for a, b in ((-300, 0), (0, 50), (50, 150), (150, 400))]
STUBS = [((x, y), (x, y + side)) for x in XS for y, side in ((0, -7), (40, 7))]
LADDER = [((x, 0), (x, 40)) for x in XS]


@pytest.fixture(scope="module")
def town():
    return town_of([*STREETS, *STUBS])


@pytest.mark.parametrize(
    ("gain", "radius_m", "kept"),
    [
        ([1, 2, 4], 101, [2, 0]),  # b goes with c, a is 150 m from c
        ([1, 2, 4], 99, [2, 1]),  # b stays, and a goes with b
        ([1, 4, 2], 101, [1]),
        ([1, 4, 2], 49, [1, 2, 0]),
        ([3, 3, 3], 151, [0]),  # equals: the first
        ([3, 3, 3], 0, [0, 1, 2]),
        ([-3, -1, -2], 60, [1, 2]),
    ],
)
def test_the_best_is_kept_and_clears_its_neighbourhood(town, gain, radius_m, kept):
    links = links_between(town.openings, LADDER)
    assert spheres_of_influence(links, gain, radius_m).tolist() == kept
    turned = links_between(town.openings, [LADDER[0], LADDER[1][::-1], LADDER[2]])
    assert spheres_of_influence(turned, gain, radius_m).tolist() == kept


def test_one_end_near_is_not_the_same_link(town):
    # from a: to A and to C
    links = links_between(town.openings, [((0, 0), (0, 40)), ((0, 0), (150, 40))])
    assert spheres_of_influence(links, [1, 2]).tolist() == [1, 0]
    assert spheres_of_influence(links, [1, 2], 151).tolist() == [1]


def test_near_is_asked_by_network_not_as_the_crow_flies(town):
    # both ends 40 m from the other's, but on streets that do not meet: a-b and A-B
    links = links_between(town.openings, [((0, 0), (50, 0)), ((0, 40), (50, 40))])
    assert spheres_of_influence(links, [1, 2]).tolist() == [1, 0]


def test_both_ends_of_one_may_not_lie_at_one_end_of_the_other(town):
    # a-b lies within 60 m of a, but C does not
    links = links_between(town.openings, [((0, 0), (50, 0)), ((0, 0), (150, 40))])
    assert spheres_of_influence(links, [1, 2], 60).tolist() == [1, 0]


def test_bad_input_is_told_at_once(town):
    links = links_between(town.openings, LADDER)
    with pytest.raises(InputError) as caught:
        spheres_of_influence(links, [1, 2], -1)
    assert [fault.file for fault in caught.value.faults] == ["gain", "radius_m"]
    with pytest.raises(InputError, match="candidate 1: nan"):
        spheres_of_influence(links, [1, np.nan, 2])


def test_no_candidates(town):
    assert spheres_of_influence(links_between(town.openings, []), []).tolist() == []
    counts = {}
    assert len(apart(links_between(town.openings, []), counts)) == 0
    assert counts == {"double": 0, "beside": 0}


def plain_spheres(links, gain, radius_m):
    network = links.openings.network
    graph = csr_array((network.adj_s.astype(float), network.adj_node, network.indptr), shape=(network.node_count,) * 2)
    metres = dijkstra(graph) * network.profile.speed_m_s
    near = np.minimum(metres, metres.T) <= radius_m
    kept = []
    for row in sorted(range(len(gain)), key=lambda i: (-gain[i], i)):
        u, v = links.u[row], links.v[row]
        same = [
            (near[u, links.u[k]] and near[v, links.v[k]]) or (near[u, links.v[k]] and near[v, links.u[k]]) for k in kept
        ]
        if not any(same):
            kept.append(row)
    return kept


PLACES = [(x, y) for y in (0, 40) for x in (-300, *XS, 400)]
PAIRS = st.tuples(st.sampled_from(PLACES), st.sampled_from(PLACES)).filter(lambda pair: pair[0] != pair[1])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(PAIRS, st.integers(-3, 3)), min_size=1, max_size=12), st.sampled_from([20, 55, 120, 260]))
def test_it_equals_its_plain_twin(town, drawn, radius_m):
    links = links_between(town.openings, [pair for pair, _ in drawn])
    gain = [worth for _, worth in drawn]
    assert spheres_of_influence(links, gain, radius_m).tolist() == plain_spheres(links, gain, radius_m)


def test_apart_drops_doubles_and_keeps_what_ends_at_a_junction(town):
    #   x 40: along the street;  x 50: at a stub;  both ends 10 m apart
    network = town.openings.network
    edges = [int(e) for y in (0, 40) for e in np.flatnonzero(at_edge(network, (0, y), (50, y)))]
    split, _ = network.split_at(edges, [40.0 if network.node_x[network.edge_u[e]] == 0 else 10.0 for e in edges])
    openings = type(town.openings)(**{**vars(town.openings), "network": split})
    pairs = [((40, 0), (40, 40)), ((50, 0), (50, 40)), ((50, 40), (50, 0)), ((150, 0), (150, 40))]
    counts = {}
    kept = apart(links_between(openings, pairs), counts)
    assert kept.u.tolist() == [node_at(split, (50, 0)), node_at(split, (150, 0))]
    assert counts == {"double": 1, "beside": 1}
    # turned round it is still beside
    turned = apart(links_between(openings, [pairs[0][::-1], pairs[1]]), {})
    assert turned.u.tolist() == [node_at(split, (50, 0))]
    # another barrier is another proposal
    links = links_between(openings, pairs[:2])
    other = type(links)(**{**vars(links), "barrier": np.array([0, 1])})
    assert len(apart(other, {})) == 2


def at_edge(network, one, other):
    ends = {node_at(network, one), node_at(network, other)}
    return [{int(u), int(v)} == ends for u, v in zip(network.edge_u, network.edge_v, strict=True)]
