"""Gaps between streets; the toys are those of MissingLinks.jl (Bhagat-Conway), drawn as they are there."""

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.barriers import open_barriers
from bykobling.links.kinds import LINK_KINDS
from bykobling.links.street_gaps import GapRules, find_street_gaps
from bykobling.network import Network
from tests.network.streets import random_streets

from .drawn import town_of

TINY = GapRules(max_length_m=120.0, min_route_m=300.0, parts="any")
REAL = GapRules(parts="any")
WALK_M_S = 4.8 / 3.6


def gaps_of(pieces, rules, features=(), **options):
    town = town_of(pieces, features)
    return find_street_gaps(town.openings, rules=rules, **options)


def ends_of(found):
    """List ends of each, the lower first, in metres."""
    network = found.openings.network
    return sorted(
        tuple(sorted((round(float(network.node_x[n]), 2), round(float(network.node_y[n]), 2)) for n in pair))
        for pair in zip(found.u, found.v, strict=True)
    )


def sixty(*lines):
    return [tuple((60.0 * x, 60.0 * y) for x, y in line) for line in lines]


def test_middle_to_middle():
    # > |
    found, counts = gaps_of(sixty([(0, 0), (1, 1), (0, 2)], [(2, 0), (2, 2)]), TINY)
    assert ends_of(found) == [((60, 60), (120, 60))]
    assert found.length_m.tolist() == pytest.approx([60])
    assert np.isinf(found.route_s).all()
    assert found.kind.tolist() == ["path"]
    assert found.barrier.tolist() == [-1]
    assert found.cost_dkk.tolist() == pytest.approx([360_000])
    assert found.link_s.tolist() == pytest.approx([45], abs=1e-3)
    assert counts["gap_small_detour"] == 0


def test_end_to_end():
    # / \
    found, _ = gaps_of(sixty([(0, 1), (1, 0)], [(2, 0), (3, 1)]), TINY)
    assert ends_of(found) == [((60, 0), (120, 0))]


def test_end_to_middle():
    # ----------------
    # ______/
    rules = dataclasses.replace(TINY, max_edge_m=10_000)
    found, _ = gaps_of(sixty([(0, 0), (10, 0)], [(0, 2), (5, 2), (6, 1)]), rules)
    assert ends_of(found) == [((360, 0), (360, 60))]


def test_more_than_one_link():
    # = <
    rules = dataclasses.replace(TINY, max_edge_m=10_000)
    found, _ = gaps_of(sixty([(0, 0), (5, 0)], [(5, 1), (0, 1)], [(7, 0), (6, 1), (7, 2)]), rules)
    ends = ends_of(found)
    assert len(ends) == 3
    assert ((300, 0), (360, 60)) in ends
    assert ((300, 60), (360, 60)) in ends
    # the third joins the parallels somewhere
    assert sorted(found.length_m) == pytest.approx([60, 60, 60 * np.sqrt(2)])


#    B------------------------------C
#    |                              |
#    |_________A   D________________|     A and D are 50 m apart, 3,950 m by network
HORSESHOE = [
    ((475, 1000), (0, 1000), (0, 0)),
    ((0, 0), (1000, 0)),
    ((525, 1000), (1000, 1000), (1000, 0)),
]


def test_far_apart_by_network():
    found, _ = gaps_of(HORSESHOE, REAL)
    assert ends_of(found) == [((475, 1000), (525, 1000))]
    assert found.length_m.tolist() == pytest.approx([50])
    np.testing.assert_allclose(found.route_s * WALK_M_S, 3_950, atol=0.5)
    np.testing.assert_allclose(found.detour, 79, atol=0.01)


def test_connected_streets_have_no_gap():
    #   ___B
    #  /   |
    #  A   C     AC is 40 m, ABC far less than 1 km
    found, counts = gaps_of([((0, 100), (0, 20), (20, 0), (40, 0)), ((40, 0), (40, 100))], REAL)
    assert len(found) == 0
    assert found.openings.network.node_count >= 2
    assert counts["gap_double"] == 0


#       __B_____C__
#       |         |
#       |_A     D_|      A and D are 30 m apart, 810 m by network
LONG = [
    ((10, 370), (0, 370), (0, 0), (20, 0)),
    ((20, 0), (30, 0)),
    ((30, 0), (50, 0), (50, 370), (40, 370)),
]


def test_edge_breaking():
    # whole, the streets are nearest at BC; in pieces of at most 250 m, A and D are found
    found, _ = gaps_of(LONG, dataclasses.replace(REAL, min_route_m=800))
    assert ends_of(found) == [((10, 370), (40, 370))]
    assert found.length_m.tolist() == pytest.approx([30])
    np.testing.assert_allclose(found.route_s * WALK_M_S, 810, atol=0.5)


def test_without_edge_breaking_it_is_missed():
    found, _ = gaps_of(LONG, dataclasses.replace(REAL, min_route_m=800, max_edge_m=50_000))
    assert len(found) == 0


def test_the_steep_gorge_is_found():
    #      B-C       A to D is 4 m, ABCD 2 km: their known miss when edges stay whole
    #     /   \
    #    A     D
    gorge = [((0, 1000), (2, 0)), ((2, 0), (3, 0)), ((3, 0), (4, 1000))]
    found, _ = gaps_of(gorge, REAL)
    assert len(found) >= 1
    assert (found.route_s * WALK_M_S >= 999.9).all()
    assert (found.length_m <= 4).all()


def test_a_building_between_closes_the_gap():
    house = gpd.GeoDataFrame({"building": ["yes"]}, geometry=[shapely.box(490, 900, 510, 1100)], crs=25832)
    found, counts = gaps_of(HORSESHOE, REAL, buildings=house)
    assert len(found) == 0
    assert counts["gap_building"] == 1
    # a corner of less than a metre does not
    sliver = gpd.GeoDataFrame({"building": ["yes"]}, geometry=[shapely.box(490, 900, 490.9, 1100)], crs=25832)
    assert len(gaps_of(HORSESHOE, REAL, buildings=sliver)[0]) == 1


def test_a_barrier_between_makes_it_no_street_gap():
    found, counts = gaps_of(HORSESHOE, REAL, [("water", "river", "Å", shapely.box(490, 100, 510, 1300))])
    assert len(found) == 0
    assert counts["gap_barrier"] == 1


@pytest.mark.parametrize(("margin_m", "gaps"), [(499, 0), (501, 1)])
def test_a_way_round_may_run_outside_the_map(margin_m, gaps):
    extent = shapely.box(-5_000, -5_000, 5_000, 1_000 + margin_m)
    found, counts = gaps_of(HORSESHOE, REAL, extent=extent)
    assert len(found) == gaps
    assert counts["gap_edge"] == 1 - gaps


def test_paths_may_be_kept_shorter_than_gaps():
    kinds = {**LINK_KINDS, "path": dataclasses.replace(LINK_KINDS["path"], max_length_m=49)}
    found, counts = gaps_of(HORSESHOE, REAL, kinds=kinds)
    assert len(found) == 0
    assert counts["gap_longer"] >= 0


def test_no_path_begins_on_a_bridge_and_none_at_a_fragment():
    bridge = [(*HORSESHOE[0], {"bridge": True}), HORSESHOE[1], (*HORSESHOE[2], {"bridge": True})]
    assert len(gaps_of(bridge, REAL)[0]) == 0
    two = sixty([(0, 0), (1, 1), (0, 2)], [(2, 0), (2, 2)])
    assert len(gaps_of(two, dataclasses.replace(TINY, parts="main"))[0]) == 0


def test_the_streets_themselves_stay_as_they_were():
    town = town_of(HORSESHOE)
    before = town.openings.network.fingerprint()
    found, _ = find_street_gaps(town.openings, rules=REAL)
    assert town.openings.network.fingerprint() == before
    old, new = town.openings.network, found.openings.network
    np.testing.assert_array_equal(new.node_id[: old.node_count], old.node_id)
    assert new.edge_length_m.sum() == pytest.approx(old.edge_length_m.sum())


def plain_gaps(openings, rules):
    """Every pair of cut edges, one by one: ends of the shortest line, and the way between them over the whole graph."""
    network = openings.network
    places, lines = [], []
    pieces = np.ceil(network.edge_length_m / rules.max_edge_m).astype(int)
    edge = np.repeat(np.arange(network.edge_count), np.maximum(pieces - 1, 0))
    share = np.concatenate([np.arange(1, n) / n for n in pieces] or [[]])
    network, _ = network.split_at(edge, share * network.edge_length_m[edge])
    usable = [e for e in range(network.edge_count) if network.edge_snappable[e] and not on_bridge(network, e)]
    for i in usable:
        for j in usable:
            line = shapely.shortest_line(network.edge_geometry[i], network.edge_geometry[j])
            if i < j and 0.5 <= line.length <= rules.max_length_m:
                lines.append(line)
                for e, end in ((i, line.coords[0]), (j, line.coords[-1])):
                    at = network.edge_geometry[e].project(shapely.Point(end), normalized=True)
                    places.append((e, at * network.edge_length_m[e]))
    if not places:
        return []
    split, node = network.split_at([e for e, _ in places], [m for _, m in places])
    graph = csr_array((split.adj_s.astype(float), split.adj_node, split.indptr), shape=(split.node_count,) * 2)
    seconds = dijkstra(graph)
    limit_s = rules.min_route_m / network.profile.speed_m_s
    return [
        line
        for line, u, v in zip(lines, node[::2], node[1::2], strict=True)
        if min(seconds[u, v], seconds[v, u]) >= limit_s
    ]


def on_bridge(network, edge):
    return any(
        network.edge_attributes[name].iloc[edge] for name in ("bridge", "tunnel") if name in network.edge_attributes
    )


def same_place(one, other, metres):
    return any(
        all(
            shapely.distance(shapely.Point(p), shapely.Point(q)) <= metres for p, q in zip(one.coords, way, strict=True)
        )
        for way in (list(other.coords), list(other.coords)[::-1])
    )


@settings(deadline=None, max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from(["walk", "bike"]), st.sampled_from([150.0, 400.0, 1_000.0]))
@example(1, "walk", 150.0)
def test_it_finds_what_the_plain_twin_finds(seed, mode, min_route_m):
    streets = random_streets(seed, nodes=8, rows=11)
    network = Network.from_streets(streets, mode=mode)
    town = town_of([((0, 0), (1, 0))])
    openings = open_barriers(network, town.barriers)
    rules = GapRules(max_length_m=100, min_route_m=min_route_m, max_edge_m=120, parts="any")
    found, _ = find_street_gaps(openings, rules=rules)
    expected = plain_gaps(openings, rules)
    for line in found.geometry:
        assert any(same_place(line, each, 0.01) for each in expected)
    # what is left out lies within 15 m of one kept
    for line in expected:
        assert any(same_place(line, each, 15.01) for each in found.geometry)
