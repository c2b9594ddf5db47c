"""Reading lines: their calls, their way, their directions.

::

    A           B           C          stops beside the street (y = 0.1)
    1--2--3--4--5--6--7--8--9          nodes, 62.7 m apart
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import ReadError
from bykobling.osm import read_routes
from bykobling.osm.route_calls import Halt, bring_together
from bykobling.osm.route_paths import Track, metres_between, trace
from bykobling.tags import call_role
from tests.transit_osm.conftest import stop, street

STEP_M = 62.67
A, B, C = 101, 102, 103
STOPS = [("node", A, "platform"), ("node", B, "platform"), ("node", C, "platform")]


@pytest.fixture
def town(toy):
    """Three stops along two streets that meet at node 5."""
    street(toy, 11, [1, 2, 3, 4, 5])
    toy.way(12, [5, 6, 7, 8, 9], highway="secondary")
    for k in range(5, 9):
        toy.node(k + 1, k, 0)
    for number, x, name in ((A, 0, "Harbour"), (B, 4, "Square"), (C, 8, "Hill")):
        stop(toy, number, x, 0.1, name)
    return toy


def bus(toy, number, members, **tags):
    return toy.relation(number, members, type="route", route="bus", **tags)


def told(lines):
    return "\n".join(str(fault) for fault in lines.faults)


def test_one_line(town):
    bus(town, 1, [*STOPS, ("way", 11, ""), ("way", 12, "")], ref="7", colour="#ff0000", operator="City", to="Hill")
    found = read_routes(town.write())
    line = found.lines.iloc[0]
    assert (line["osm_id"], line["mode"], line["ref"], line["color"], line["to_name"]) == (
        1,
        "bus",
        "7",
        "#ff0000",
        "Hill",
    )
    assert found.calls["stop_name"].tolist() == ["Harbour", "Square", "Hill"]
    assert found.calls["stop_id"].tolist() == ["n101", "n102", "n103"]
    assert found.calls["leg_m"].to_numpy()[1:] == pytest.approx([4 * STEP_M] * 2, rel=1e-3)
    assert found.calls["along_m"].to_numpy() == pytest.approx([0, 4 * STEP_M, 8 * STEP_M], rel=1e-3)
    assert found.calls["off_m"].to_numpy() == pytest.approx([11.1] * 3, abs=0.1)
    assert line.geometry.bounds == pytest.approx((12.5, 55.7, 12.508, 55.7), abs=1e-6)
    # nobody drew the way back, and a bus may not run it
    assert bool(line["one_way"])
    assert "1 lines run in one direction alone" in told(found)


def test_order_of_ways_does_not_matter(town):
    bus(town, 1, [("way", 12, ""), *STOPS, ("way", 11, "forward"), ("way", 12, "")])
    assert read_routes(town.write()).calls["along_m"].iloc[-1] == pytest.approx(8 * STEP_M, rel=1e-3)


def test_one_way_streets_are_gone_round_but_never_block(toy):
    r"""Eastwards along the bottom, westwards over the top.

    ::

        3-<-4      one-way 2 -> 4 -> 3 -> 1
        |   |
        1->-2
    """
    for node, x, y in ((1, 0, 0), (2, 4, 0), (4, 4, 1), (3, 0, 1)):
        toy.node(node, x, y)
    toy.way(11, [1, 2], highway="primary", oneway="yes")
    toy.way(12, [1, 3, 4, 2], highway="primary", oneway="-1")
    stop(toy, A, 0, 0, "West")
    stop(toy, B, 4, 0, "East")
    stop(toy, C, 4, 0.001, "East")
    bus(toy, 1, [("node", A, ""), ("node", B, ""), ("way", 11, ""), ("way", 12, "")], ref="1")
    bus(toy, 2, [("node", B, ""), ("node", A, ""), ("way", 11, ""), ("way", 12, "")], ref="1")
    bus(toy, 3, [("node", B, ""), ("node", A, ""), ("way", 11, "")], ref="2")
    runs = read_routes(toy.write())
    legs = runs.calls.groupby("line")["leg_m"].max().to_numpy()
    assert legs == pytest.approx([4 * STEP_M, 4 * STEP_M + 2 * 111.2, 4 * STEP_M], rel=2e-3)
    assert runs.lines["direction"].tolist() == [0, 1, 0]
    assert runs.lines["one_way"].tolist() == [False, False, True]


def test_stopping_place_and_platform_are_one_call(town):
    members = []
    for node, platform in ((1, A), (5, B), (9, C)):
        members += [("node", node, "stop"), ("node", platform, "platform_entry_only" if node == 1 else "platform")]
    bus(town, 1, [*members, ("way", 11, ""), ("way", 12, "")])
    calls = read_routes(town.write()).calls
    assert calls["stop_id"].tolist() == ["n101", "n102", "n103"]
    # the vehicle stands on the street
    assert calls["off_m"].tolist() == [0, 0, 0]
    assert calls["exit"].tolist() == [False, True, True]
    assert calls["entry"].all()


def halts(kind, places, names):
    role = call_role(kind, {})
    return [Halt(0, f"{kind[0]}{k}", role, names[k], 12.5 + 0.005 * x, 55.7, 0) for k, x in enumerate(places)]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True), st.data())
def test_lists_one_after_the_other_or_in_turns_pair_alike(places, data):
    names = [f"Stop {x}" for x in places]
    stops, platforms = halts("stop", places, names), halts("platform", places, names)
    waiting, merged = {"stop": stops[:], "platform": platforms[:]}, []
    while any(waiting.values()):
        merged.append(waiting[data.draw(st.sampled_from([kind for kind in waiting if waiting[kind]]))].pop(0))
    merged = [halt._replace(order=k) for k, halt in enumerate(merged)]
    assert [call.osm_id for call in bring_together(merged)] == [halt.osm_id for halt in platforms]


def test_a_stop_without_platform_keeps_its_place():
    role, platform = call_role("stop", {}), call_role("platform", {})
    listed = [
        Halt(0, "s0", role, "A", 12.50, 55.7, 1),
        Halt(1, "p0", platform, "A", 12.50, 55.7001, 0),
        Halt(2, "s1", role, "B", 12.51, 55.7, 2),
        Halt(3, "p2", platform, "C", 12.52, 55.7, 0),
        Halt(4, "s3", role, "D", 12.53, 55.7, 3),
    ]
    assert [call.osm_id for call in bring_together(listed)] == ["p0", "s1", "p2", "s3"]


def test_two_names_near_each_other_are_two_stops():
    role, platform = call_role("stop", {}), call_role("platform", {})
    listed = [Halt(0, "s0", role, "Casino", 12.500, 55.7, 1), Halt(1, "p1", platform, "Opera", 12.501, 55.7, 0)]
    assert [call.osm_id for call in bring_together(listed)] == ["s0", "p1"]


def test_platforms_drawn_as_lines_areas_and_relations(town):
    for node, x, y in ((51, 3.5, 0.1), (52, 4.5, 0.1), (61, 8, 0.1), (62, 8.2, 0.1), (63, 8.2, 0.2), (64, 8, 0.2)):
        town.node(node, x, y)
    town.way(21, [51, 52], public_transport="platform", name="Long platform")
    town.way(22, [61, 62, 63, 64, 61])
    town.relation(31, [("way", 22, "outer")], type="multipolygon", public_transport="platform", name="Wide platform")
    town.relation(32, [("node", A, "")], type="public_transport", public_transport="stop_area", name="Old harbour")
    town.nodes[A] = (*town.nodes[A][:2], {"highway": "bus_stop"})
    bus(town, 1, [("node", A, ""), ("way", 21, ""), ("relation", 31, "platform"), ("way", 11, ""), ("way", 12, "")])
    calls = read_routes(town.write()).calls
    assert calls["stop_id"].tolist() == ["n101", "w21", "r31"]
    assert calls["stop_name"].tolist() == ["Old harbour", "Long platform", "Wide platform"]
    assert calls["lon"].iloc[1] == pytest.approx(12.504)
    assert calls["leg_m"].iloc[1] == pytest.approx(4 * STEP_M, rel=1e-3)


def test_the_part_inside_the_extract_is_kept_and_counted(town):
    away = [("node", 901, "platform"), ("way", 902, "")]
    bus(town, 1, [*STOPS, ("way", 11, ""), ("way", 12, ""), *away], name="Long line")
    bus(town, 2, [STOPS[0], ("node", 903, "platform"), ("way", 11, "")], name="Short line")
    found = read_routes(town.write())
    assert found.lines["osm_id"].tolist() == [1]
    assert found.lines["absent_stops"].tolist() == [1]
    assert "1 lines with fewer than two stops in the file, left out: Short line (relation 2)" in told(found)
    assert "2 stops of lines are not in the file" in told(found)
    assert "1 ways of lines are not in the file: 1 of Long line" in told(found)


def test_gaps_and_far_stops_have_no_length(town):
    stop(town, 104, 4, 3, "Far away")
    bus(town, 1, [*STOPS, ("way", 12, "")], name="Half drawn", roundtrip="no")
    bus(town, 2, [STOPS[0], ("node", 104, ""), STOPS[2], ("way", 11, ""), ("way", 12, "")], name="Wide")
    found = read_routes(town.write())
    legs = {line: part["leg_m"].to_numpy()[1:] for line, part in found.calls.groupby("line")}
    assert found.lines["name"].tolist() == ["Half drawn", "Half drawn", "Wide"]
    # Harbour is 250 m from the only way that is drawn
    assert np.isnan(legs[0]).tolist() == [True, False]
    assert np.isnan(legs[2]).all()
    assert found.lines.geometry.isna().all()
    assert "4 times the ways of a line do not connect" in told(found)
    assert "3 stops lie more than 150 m from the ways of their line" in told(found)


def test_a_long_way_round_is_a_gap():
    """Two stops on the two ends of a hairpin of two kilometres, 60 m apart: a piece is missing between them."""
    lat = [55.70, 55.71, 55.71, 55.70]
    lon = [12.50, 12.50, 12.501, 12.501]
    hairpin = Track((1, 2, 3, 4), lon, lat, (True, True, True), 0)
    assert np.isnan(trace([hairpin], [1, 4], np.array([12.50, 12.501]), np.array([55.70, 55.70])).leg_m).all()
    shorter = Track((1, 2, 3, 4), lon, [55.70, 55.704, 55.704, 55.70], (True, True, True), 0)
    assert trace([shorter], [1, 4], np.array([12.50, 12.501]), np.array([55.70, 55.70])).leg_m[0] == pytest.approx(
        952, abs=2
    )


def test_a_way_torn_in_its_middle_is_not_bridged(town):
    town.way(12, [5, 6, 999, 8, 9], highway="secondary")
    town.ways = [way for way in town.ways if way[:2] != (12, [5, 6, 7, 8, 9])]
    bus(town, 1, [*STOPS, ("way", 11, ""), ("way", 12, "")])
    assert np.isnan(read_routes(town.write()).calls["leg_m"].iloc[2])


def test_ways_without_stops_are_told(town):
    for k in range(9, 19):
        town.node(k + 1, k, 0)
    town.way(13, list(range(9, 20)), highway="secondary")
    bus(town, 1, [*STOPS, ("way", 11, ""), ("way", 12, ""), ("way", 13, "")], name="To the beach")
    assert "reach more than 500 m beyond their stops, so stops are missing there: To the beach" in told(
        read_routes(town.write())
    )


@pytest.mark.parametrize(
    ("route", "tags", "backwards"),
    [
        ("bus", {}, False),
        ("bus", {"roundtrip": "no"}, True),
        ("bus", {"public_transport__version": "1"}, True),
        ("tram", {}, True),
        ("ferry", {"roundtrip": "yes"}, False),
    ],
)
def test_the_way_back(town, route, tags, backwards):
    members = [("node", A, "stop_entry_only"), *STOPS[1:], ("way", 11, ""), ("way", 12, "")]
    town.relation(1, members, type="route", route=route, name="Alone", **{"from": "Harbour", "to": "Hill", **tags})
    found = read_routes(town.write())
    assert found.lines["reversed"].tolist() == ([False, True] if backwards else [False])
    assert ("read backwards" in told(found)) == backwards
    if backwards:
        back = found.calls[found.calls["line"] == 1]
        assert back["stop_name"].tolist() == ["Hill", "Square", "Harbour"]
        # where one may only get on, one may only get off on the way back
        assert back["entry"].tolist() == [True, True, False]
        assert found.lines["to_name"].tolist() == ["Hill", "Harbour"]


def test_no_way_back_is_made_where_it_is_drawn(town):
    for number, stops in ((1, STOPS), (2, STOPS[::-1])):
        bus(
            town,
            number,
            [*stops, ("way", 11, ""), ("way", 12, "")],
            roundtrip="no",
            ref="C.A.M. 6" if number == 1 else "6",
        )
    town.relation(
        9, [("relation", 1, ""), ("relation", 2, "")], type="route_master", route_master="bus", ref="6", interval="12"
    )
    lines = read_routes(town.write()).lines
    assert lines["group"].tolist() == ["m9", "m9"]
    assert lines["ref"].tolist() == ["6", "6"]
    assert lines["interval_min"].tolist() == [12, 12]
    assert lines["direction"].tolist() == [0, 1]
    assert not lines["reversed"].any()
    assert not lines["one_way"].any()


def test_old_relations_that_hold_both_directions(town):
    stop(town, 104, 4, -0.1, "Square, other side")
    members = [("node", A, "stop"), ("node", B, "forward_stop"), ("node", 104, "backward:stop:2"), ("node", C, "stop")]
    bus(town, 1, [*members, ("way", 11, ""), ("way", 12, "")])
    found = read_routes(town.write())
    stops = found.calls.groupby("line")["stop_id"].agg(list).tolist()
    assert stops == [["n101", "n102", "n103"], ["n103", "n104", "n101"]]
    assert found.lines["direction"].tolist() == [0, 1]


def test_rings(toy):
    for node, x, y in ((1, 0, 0), (2, 4, 0), (3, 4, 2), (4, 0, 2)):
        toy.node(node, x, y)
        stop(toy, 100 + node, x, y, f"Corner {node}")
    toy.way(11, [1, 2, 3, 4, 1], highway="primary", oneway="yes")
    round_it = [("node", 100 + k, "platform") for k in (1, 2, 3, 4)]
    bus(toy, 1, [*round_it, round_it[0], ("way", 11, "")], ref="ring")
    bus(toy, 2, [*round_it, ("way", 11, "")], ref="open ring", roundtrip="yes")
    found = read_routes(toy.write())
    assert found.lines["circular"].all()
    assert not found.lines["one_way"].any()
    assert found.calls.groupby("line").size().tolist() == [5, 5]
    assert found.calls.groupby("line")["along_m"].max().to_numpy() == pytest.approx(8 * STEP_M + 4 * 111.2, rel=2e-3)


def test_two_ends_of_a_ring_are_no_line(toy):
    for number, x in ((101, 0), (102, 1)):
        stop(toy, number, x, 0, "Central")
    toy.relation(1, [("node", 101, "stop"), ("node", 102, "stop")], type="route", route="train")
    assert read_routes(toy.write()).lines.empty


def test_seldom_services_are_left_out_unless_tagged(town):
    for number, tags in ((1, {}), (2, {"service": "international"}), (3, {"service": "night", "interval": "60"})):
        town.relation(number, STOPS, type="route", route="train", name=f"Train {number}", roundtrip="yes", **tags)
    found = read_routes(town.write())
    assert found.lines["osm_id"].tolist() == [1, 3]
    assert "1 long-distance, night" in told(found)


def test_modes_asked_for(town):
    bus(town, 1, STOPS)
    town.relation(2, STOPS, type="route", route="tram")
    assert set(read_routes(town.write(), modes=["tram"]).lines["mode"]) == {"tram"}


def test_an_overpass_answer_says_the_same(town, tmp_path):
    bus(town, 1, [*STOPS, ("way", 11, ""), ("way", 12, "")], ref="7")
    elements = [
        *({"type": "node", "id": n, "lon": p[0], "lat": p[1], "tags": p[2]} for n, p in town.nodes.items()),
        *({"type": "way", "id": n, "nodes": refs, "tags": tags} for n, refs, tags in town.ways),
        *(
            {
                "type": "relation",
                "id": n,
                "tags": tags,
                "members": [{"type": t, "ref": r, "role": o} for t, r, o in members],
            }
            for n, members, tags in town.relations
        ),
    ]
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"elements": elements}), encoding="utf-8")
    one, other = read_routes(town.write()), read_routes(answer)
    assert one.calls.round(6).equals(other.calls.round(6))
    assert one.lines.drop(columns="geometry").equals(other.lines.drop(columns="geometry"))


def test_no_lines_no_rows(town):
    found = read_routes(town.write())
    assert found.lines.empty
    assert found.calls.empty
    assert found.faults == ()
    assert "stop_id" in found.calls


def test_a_file_cut_short_is_named(town, tmp_path):
    bus(town, 1, STOPS)
    cut = tmp_path / "cut.osm"
    cut.write_text(town.xml()[:-200], encoding="utf-8")
    with pytest.raises(ReadError, match=r"cut\.osm: the file is damaged"):
        read_routes(cut)


def twin_length(points):
    return sum(
        float(metres_between(*(np.array([value]) for value in (*points[k], *points[k + 1])))[0])
        for k in range(len(points) - 1)
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=15, unique=True), st.data())
def test_along_a_single_way_the_run_is_the_way(grid, data):
    """The twin adds up the vertices between two stops; a line that crosses itself joins only at shared nodes."""
    points = [(12.5 + x * 1e-4, 55.7 + y * 1e-4) for x, y in grid]
    lon, lat = (list(axis) for axis in zip(*points, strict=True))
    picked = sorted(data.draw(st.sets(st.integers(0, len(points) - 1), min_size=2)))
    way = Track(range(1, len(points) + 1), lon, lat, (True,) * (len(points) - 1), 1)
    found = trace([way], [k + 1 for k in picked], np.array(lon)[picked], np.array(lat)[picked])
    for k, leg_m in enumerate(found.leg_m):
        along = twin_length(points[picked[k] : picked[k + 1] + 1])
        straight = twin_length([points[picked[k]], points[picked[k + 1]]])
        if np.isnan(leg_m):
            assert along > 5 * straight + 1000 - 1e-6
        else:
            assert leg_m == pytest.approx(along)
            assert leg_m >= straight - 1e-6
