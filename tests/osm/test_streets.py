"""Streets on toys: where pieces end, what squares and gates do, what never joins."""

from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bykobling.osm import read_osm


def graph(streets, mode="walk"):
    open_to = streets[streets["walk"]] if mode == "walk" else streets[streets["bike_forward"]]
    g = nx.Graph()
    for u, v, metres in zip(open_to["u"], open_to["v"], open_to["length_m"], strict=True):
        if not g.has_edge(u, v) or g[u][v]["m"] > metres:
            g.add_edge(u, v, m=metres)
    return g


def test_ways_are_cut_where_others_meet_them(toy):
    # 1---2---3      way 10: 1 2 3 (north-south way 11 meets it at 2)
    #     |
    #     4
    for number, x, y in ((1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 1, 0)):
        toy.node(number, x, y)
    toy.way(10, [1, 2, 3], highway="residential", name="Langgade <b>", lanes="2;3", maxspeed="30 mph")
    toy.way(11, [2, 4], highway="footway")
    extract = read_osm(toy.write())
    pairs = {(u, v, w) for u, v, w in extract.streets[["u", "v", "osm_id"]].itertuples(index=False)}
    assert pairs == {(1, 2, 10), (2, 3, 10), (2, 4, 11)}
    row = extract.streets[extract.streets["osm_id"] == 10].iloc[0]
    assert row["name"] == "Langgade <b>"
    assert (row["lanes"], round(row["maxspeed_kmh"], 1)) == (3.0, 48.3)
    assert row["ref"] is None
    assert extract.crs.to_epsg() == 32633
    assert np.allclose(extract.streets["length_m"], extract.streets.length)


def test_a_bridge_never_joins_what_it_passes(toy):
    #      3
    #      |  bridge, no common node
    # 1---------2
    #      |
    #      4
    for number, x, y in ((1, 0, 1), (2, 2, 1), (3, 1, 2), (4, 1, 0)):
        toy.node(number, x, y)
    toy.way(10, [1, 2], highway="primary")
    toy.way(11, [3, 4], highway="footway", bridge="yes", layer="1")
    streets = read_osm(toy.write()).streets
    assert len(streets) == 2
    assert not nx.has_path(graph(streets), 1, 3)
    assert streets.set_index("osm_id").loc[11, ["bridge", "layer"]].tolist() == [True, 1]


def test_building_passages_are_at_the_surface_and_true_tunnels_are_not(toy):
    for number in range(1, 4):
        toy.node(number, number, 0)
    toy.way(10, [1, 2], highway="footway", tunnel="building_passage")
    toy.way(11, [2, 3], highway="footway", tunnel="yes")
    streets = read_osm(toy.write()).streets.set_index("osm_id")
    assert not streets.loc[10, "tunnel"]
    assert streets.loc[11, "tunnel"]


def test_loops_are_cut_in_two(toy):
    # 1---2 with a turning loop 2-3-4-5-2
    for number, x, y in ((1, 0, 0), (2, 1, 0), (3, 2, 1), (4, 3, 0), (5, 2, -1)):
        toy.node(number, x, y)
    toy.way(10, [1, 2], highway="residential")
    toy.way(11, [2, 3, 4, 5, 2], highway="residential")
    streets = read_osm(toy.write()).streets
    assert (streets["u"] != streets["v"]).all()
    assert len(streets) == 3


@pytest.mark.parametrize(
    ("gate", "walks", "bikes"),
    [
        ({"barrier": "gate"}, True, True),
        ({"barrier": "gate", "access": "private"}, False, False),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, True, False),
        ({"barrier": "bollard", "access": "no"}, True, True),
        ({"barrier": "kissing_gate"}, True, False),
        ({"barrier": "gate", "locked": "yes"}, False, False),
    ],
)
def test_locked_gates_stop_whom_they_are_locked_for(toy, gate, walks, bikes):
    # nodes 1, 2 (gate), 3 in a line
    toy.node(1, 0, 0)
    toy.node(2, 1, 0, **gate)
    toy.node(3, 2, 0)
    toy.way(10, [1, 2, 3], highway="residential")
    streets = read_osm(toy.write()).streets
    for mode, passes in (("walk", walks), ("bike", bikes)):
        g = graph(streets, mode)
        assert (1 in g and 3 in g and nx.has_path(g, 1, 3)) is passes
    # nothing is lost: the closed metres are still drawn
    assert streets["length_m"].sum() == pytest.approx(125.5, abs=1.0)


def square(toy, **tags):
    # 3---2     entrances at the corners 1 and 3, a street to each
    # |   |
    # 4---1
    for number, x, y in ((1, 2, 0), (2, 2, 1), (3, 0, 1), (4, 0, 0), (5, 3, 0), (6, -1, 1)):
        toy.node(number, x, y)
    toy.way(20, [5, 1], highway="footway")
    toy.way(21, [6, 3], highway="footway")
    return tags


def test_squares_are_walked_across(toy):
    square(toy)
    toy.way(10, [1, 2, 3, 4, 1], highway="pedestrian", area="yes", name="Torvet")
    streets = read_osm(toy.write()).streets
    ends = streets[["u", "v"]].apply(frozenset, axis=1)
    across = streets[(ends == {1, 3}) & (streets["length_m"] < 180)]
    assert len(across) == 1
    assert nx.shortest_path_length(graph(streets), 1, 3, weight="m") == pytest.approx(168, abs=2)
    assert set(streets.loc[streets["osm_id"] == 10, "name"]) == {"Torvet"}


def test_squares_drawn_as_relations_keep_out_of_their_holes(toy):
    # a square with a block in its middle: no straight line may run through the block
    square(toy)
    for number, x, y in ((11, 0.4, 0.2), (12, 1.6, 0.2), (13, 1.6, 0.8), (14, 0.4, 0.8)):
        toy.node(number, x, y)
    toy.way(10, [1, 2, 3, 4, 1])
    toy.way(12, [11, 12, 13, 14, 11])
    toy.relation(1, [("way", 10, "outer"), ("way", 12, "inner")], type="multipolygon", highway="pedestrian")
    streets = read_osm(toy.write()).streets
    assert nx.shortest_path_length(graph(streets), 1, 3, weight="m") > 230
    # the ring of the block is walked, too, though nothing enters it
    assert len(streets[streets["osm_id"] == 1]) == 4


def test_private_squares_have_no_lines_across(toy):
    square(toy)
    toy.way(10, [1, 2, 3, 4, 1], highway="pedestrian", area="yes", access="private")
    streets = read_osm(toy.write()).streets
    assert not nx.has_path(graph(streets), 1, 3)


def test_a_square_with_many_entrances_is_crossed_through_one_inner_point(toy):
    number, ring = 40, []
    for k in range(number):
        angle = 2 * np.pi * k / number
        ring.append(toy.node(100 + k, 2 * np.cos(angle), np.sin(angle)))
        toy.node(200 + k, 4 * np.cos(angle), 2 * np.sin(angle))
        toy.way(300 + k, [100 + k, 200 + k], highway="footway")
    toy.way(10, [*ring, ring[0]], highway="pedestrian", area="yes")
    streets = read_osm(toy.write()).streets
    hubs = set(streets["u"][streets["u"] < 0]) | set(streets["v"][streets["v"] < 0])
    assert len(hubs) == 1
    assert len(streets[streets["osm_id"] == 10]) == 2 * number
    assert nx.shortest_path_length(graph(streets), 100, 120, weight="m") == pytest.approx(251, abs=3)


def test_ferries_and_proposed_streets_are_left_out(toy):
    for number in range(1, 5):
        toy.node(number, number, 0)
    toy.way(10, [1, 2], highway="residential")
    toy.way(11, [2, 3], route="ferry")
    toy.way(12, [3, 4], highway="proposed")
    assert set(read_osm(toy.write()).streets["osm_id"]) == {10}
    assert set(read_osm(toy.write(), ferries=True).streets["osm_id"]) == {10, 11}


def test_missing_nodes_break_a_street_and_are_told(toy):
    for number in (1, 2, 4, 5):
        toy.node(number, number, 0)
    toy.way(10, [1, 2, 3, 4, 5], highway="residential")
    extract = read_osm(toy.write())
    assert {(u, v) for u, v in extract.streets[["u", "v"]].itertuples(index=False)} == {(1, 2), (4, 5)}
    assert any("1 vertices" in note for note in extract.notes)


def test_two_nodes_in_one_place_become_one(toy):
    for number, x in ((1, 0), (2, 1), (3, 1), (4, 2)):
        toy.node(number, x, 0)
    toy.way(10, [1, 2], highway="residential")
    toy.way(11, [2, 3], highway="residential")
    toy.way(12, [3, 4], highway="residential")
    streets = read_osm(toy.write()).streets
    assert (streets["length_m"] > 0).all()
    assert nx.has_path(graph(streets), 1, 4)


def test_crossings_are_typed_and_cut_the_street(toy):
    # 1---2(zebra)---3---4(signals, no footway)---5---6(tram crossing)---7
    tags = {
        2: {"highway": "crossing", "crossing": "uncontrolled"},
        4: {"highway": "traffic_signals"},
        6: {"railway": "tram_crossing"},
    }
    for number in range(1, 9):
        toy.node(number, number, 0 if number < 8 else 1, **tags.get(number, {}))
    toy.way(10, [1, 2, 3, 4, 5, 6, 7], highway="primary")
    toy.way(11, [8, 2], highway="footway", footway="crossing")
    extract = read_osm(toy.write())
    assert extract.crossings[["node", "kind"]].values.tolist() == [[2, "zebra"]]
    # a silent crossing way takes the kind of its node
    assert extract.streets.set_index("osm_id").loc[11, "crossing"] == "zebra"
    assert (1, 2) in {(u, v) for u, v in extract.streets[["u", "v"]].itertuples(index=False)}


def test_signals_on_a_junction_count_as_such(toy):
    for number, x, y in ((1, 0, 1), (2, 1, 1), (3, 2, 1), (4, 1, 0)):
        toy.node(number, x, y, **({"highway": "traffic_signals"} if number == 2 else {}))
    toy.way(10, [1, 2, 3], highway="primary")
    toy.way(11, [2, 4], highway="secondary")
    crossings = read_osm(toy.write()).crossings
    assert crossings[["node", "kind", "junction"]].values.tolist() == [[2, "signal", True]]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ways=st.lists(st.lists(st.integers(1, 12), min_size=2, max_size=7), min_size=1, max_size=6),
)
def test_cutting_keeps_every_metre_and_every_join(tmp_path, ways):
    from tests.osm.conftest import Toy

    toy = Toy(tmp_path)
    for number in range(1, 13):
        toy.node(number, (number * 7) % 5 + number * 0.01, (number * 3) % 4)
    expected, drawn = nx.Graph(), 0.0
    for number, refs in enumerate(ways, start=100):
        toy.way(number, refs, highway="residential")
        for u, v in itertools.pairwise(refs):
            if u != v:
                expected.add_edge(u, v)
                drawn += 1
    if not drawn:
        return
    streets = read_osm(toy.write()).streets
    joined = graph(streets)
    for u, v in zip(streets["u"], streets["v"], strict=True):
        assert u != v
        assert nx.has_path(expected, u, v)
    for part in nx.connected_components(expected):
        ends = [node for node in part if node in joined]
        assert all(nx.has_path(joined, ends[0], node) for node in ends[1:])
    segments = sum(len(line.coords) - 1 for line in streets.geometry)
    assert segments == drawn
