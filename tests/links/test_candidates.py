"""Ways across a barrier that would be built.

::

    west grid          east grid          spacing 100 m, west x 0..500, east x 560..1060
    +--+--+--+ | ~ | +--+--+--+
    +--+--+--+ | ~ | +--+--+--+           ~ the barrier, x 510..550, y -50..550
    +--+--+--+=====+--+--+--+             = the only bridge, at y = 0
"""

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling.links.candidates import find_candidates, kind_of
from bykobling.links.kinds import LINK_KINDS, LinkKind
from bykobling.network.pairs import pair_costs
from tests.toys import grid

from .drawn import town_of

WEST, EAST = grid(6, 6), grid(6, 6, x0=560)
BRIDGE = ((500, 0), (560, 0), {"bridge": True, "layer": 1})
STRIP = shapely.box(510, -50, 550, 550)
RIVER = [("water", "river", "Å", STRIP)]
FILTERS = (
    "no_street", "blocked", "off_limits", "too_long", "one_place", "small_detour", "at_edge", "at_bridge",
    "little_saved", "double", "beside",
)  # fmt: skip
WALK_M_S = 4.8 / 3.6


def found_in(town, **options):
    return find_candidates(town.openings, town.barriers, street_gaps=False, **options)


@pytest.fixture(scope="module")
def river():
    return town_of([*WEST, *EAST, BRIDGE], RIVER)


def test_a_river_is_bridged_where_the_way_round_is_three_times_as_long(river):
    found, counts = found_in(river)
    # straight 60 m; by the bridge y + 60 + y: three times as long from y = 60 on
    y = river.openings.network.node_y[found.u]
    np.testing.assert_allclose(found.route_s * WALK_M_S, 2 * y + 60, atol=0.05)
    np.testing.assert_allclose(found.direct_s * WALK_M_S, 60, atol=0.01)
    np.testing.assert_allclose(found.detour, (2 * y + 60) / 60, atol=1e-3)
    assert y.min() >= 60
    assert y.min() < 100
    assert y.max() > 450
    assert set(found.kind) == {"bridge"}
    assert (found.barrier == 0).all()
    np.testing.assert_allclose(found.length_m, 60, atol=0.01)
    np.testing.assert_allclose(found.link_s, 60 / WALK_M_S + 15, atol=1e-3)
    np.testing.assert_allclose(found.cost_dkk, 5_000_000 + 60 * 120_000, atol=2_000)
    assert counts["across"] == len(found)
    assert counts["chords"] == len(found) + sum(counts[name] for name in FILTERS)
    assert counts["small_detour"] > 0


def test_lines_run_from_u_to_v(river):
    found, _ = found_in(river)
    network = found.openings.network
    for end, node in ((0, found.u), (-1, found.v)):
        at = shapely.get_coordinates(shapely.get_point(found.geometry, end))
        np.testing.assert_allclose(at, np.column_stack([network.node_x[node], network.node_y[node]]), atol=1e-6)
    assert shapely.intersects(found.geometry, STRIP).all()


def test_fewer_pass_the_stricter_question(river):
    loose, _ = found_in(river, min_detour=1.0, min_saved_s=0.0)
    usual, _ = found_in(river)
    strict, counts = found_in(river, min_detour=8.0)
    longer, saved = found_in(river, min_saved_s=500.0)
    assert len(loose) > len(usual) > len(strict) > 0
    assert (strict.detour >= 8).all()
    assert counts["small_detour"] > 0
    assert (longer.route_s - longer.link_s >= 500).all()
    assert saved["little_saved"] > 0


def test_nothing_is_put_beside_the_bridge_that_is_there(river):
    found, counts = found_in(river, min_detour=0.0, min_saved_s=-1e9)
    assert counts["at_bridge"] > 0
    assert river.openings.network.node_y[found.u].min() >= 25


def test_near_the_edge_of_the_map_nothing_is_called_a_detour(river):
    # 180 m are three times the 60 m across; from y = 460 a way by the edge at y = 550 may be as short
    extent = shapely.box(-1_000, -1_000, 2_000, 550)
    every, _ = found_in(river)
    found, counts = found_in(river, extent=extent)
    node_y = river.openings.network.node_y
    assert sorted(node_y[found.u]) == sorted(y for y in node_y[every.u] if 2 * (550 - y) >= 180)
    assert len(found) < len(every)
    assert counts["at_edge"] > 0
    assert len(found_in(river, extent=shapely.box(-1_000, -1_000, 2_000, 0))[0]) == 0


def test_without_any_bridge_there_is_no_way():
    found, _ = found_in(town_of([*WEST, *EAST], RIVER))
    assert len(found) > 10
    assert np.isinf(found.route_s).all()
    assert np.isinf(found.detour).all()


def test_each_of_two_candidates_is_kept_once(river):
    found, counts = found_in(river)
    network = river.openings.network
    ends = np.sort(np.column_stack([found.u, found.v]), axis=1)
    assert len(np.unique(ends, axis=0)) == len(ends)
    # every one runs straight across, so that neighbours are apart by their y alone
    assert (np.diff(np.sort(network.node_y[found.u])) > 15).all()
    assert counts["double"] + counts["beside"] > 0


def test_lengths_and_costs_come_from_the_table(river):
    short = {**LINK_KINDS, "bridge": dataclasses.replace(LINK_KINDS["bridge"], max_length_m=59.9)}
    none, counts = found_in(river, kinds=short)
    assert len(none) == 0
    assert counts["too_long"] > 0
    own = {**LINK_KINDS, "bridge": LinkKind("bridge", 7.0, 0.0, 100.0, 60.1, assumed=False)}
    found, _ = found_in(river, kinds=own)
    assert set(found.cost_dkk) == {7.0}
    np.testing.assert_allclose(found.link_s, 60 / WALK_M_S + 100, atol=1e-3)


def test_a_building_in_the_way_blocks():
    wall = gpd.GeoDataFrame({"building": ["yes"]}, geometry=[shapely.box(552, 60, 556, 540)], crs=25832)
    found, counts = found_in(town_of([*WEST, *EAST, BRIDGE], RIVER, buildings=wall))
    assert len(found) == 0
    assert counts["blocked"] > 0


def test_a_one_way_bridge_counts_for_the_way_it_can_be_ridden():
    pieces = [*grid(6, 6), *grid(6, 6, x0=560), (*BRIDGE[:2], {**BRIDGE[2], "bike_backward": False})]
    town = town_of(pieces, RIVER, mode="bike")
    found, counts = found_in(town, min_saved_s=0.0)
    network = town.openings.network
    assert len(found) > 5
    assert (network.node_x[found.u] == 500).all()
    there = pair_costs(network, found.u, found.v, np.inf)
    np.testing.assert_array_equal(found.route_s, there)
    assert np.isinf(pair_costs(network, found.v, found.u, np.inf)).all()
    assert counts["small_detour"] > 0
    starts = shapely.get_coordinates(shapely.get_point(found.geometry, 0))
    assert (starts[:, 0] == 500).all()


def test_gaps_between_streets_follow_the_ways_across():
    # two dead ends 40 m apart, north of everything
    lanes = [((0, 500), (0, 2_000)), ((0, 2_000), (400, 2_000)), ((440, 2_000), (1_000, 2_000))]
    back = [((1_000, 2_000), (1_000, 500)), ((1_000, 500), (960, 500))]
    town = town_of([*WEST, *EAST, BRIDGE, *lanes, *back], RIVER)
    across, _ = found_in(town)
    both, counts = find_candidates(town.openings, town.barriers, buildings=None)
    assert counts["street_gaps"] >= 1
    assert len(both) == len(across) + counts["street_gaps"]
    np.testing.assert_array_equal(both.u[: len(across)], across.u)
    assert (both.barrier[len(across) :] == -1).all()
    network = both.openings.network
    old = town.openings.network.node_count
    np.testing.assert_array_equal(network.node_x[:old], town.openings.network.node_x)
    gap = len(across) + int(np.argmin(np.abs(both.length_m[len(across) :] - 40)))
    assert sorted([network.node_x[both.u[gap]], network.node_x[both.v[gap]]]) == [400, 440]


def test_what_is_built_follows_from_what_is_crossed():
    table = pd.DataFrame(
        [
            ("water", "river", "bridge"), ("railway", "rail", "underpass"), ("road", "primary", "crossing"),
            ("road", "motorway", "bridge"), ("road", "trunk_link", "bridge"), ("road", "user", "crossing"),
            ("land", "industrial", "path"), ("land", "military", ""), ("user", "user", "path"),
            ("land", None, "path"), ("water", "motorway", "bridge"),
        ],
        columns=["kind", "subkind", "built"],
    )  # fmt: skip
    assert kind_of(table).tolist() == table["built"].tolist()


def test_nothing_leads_through_a_barracks():
    found, counts = found_in(town_of([*WEST, *EAST, BRIDGE], [("land", "military", "Kasernen", STRIP)]))
    assert len(found) == 0
    assert counts["off_limits"] > 0


def test_a_big_road_is_crossed_at_a_signal():
    road = [
        ((530, y), (530, y + 100), {"highway": "primary", "lanes": 6.0, "name": "Boulevard"})
        for y in range(-100, 600, 100)
    ]
    line = shapely.LineString([(530, -100), (530, 600)])
    feature = ("road", "primary", "Boulevard", line, {"lanes": 6.0})
    found, _ = found_in(town_of([*WEST, *EAST, ((500, 0), (530, 0)), ((530, 0), (560, 0)), *road], [feature]))
    assert len(found) > 3
    assert set(found.kind) == {"crossing"}
    assert set(found.cost_dkk) == {1_500_000.0}
    walked_s = found.length_m / WALK_M_S
    np.testing.assert_allclose(found.link_s - walked_s, 24.9, atol=1e-2)
    assert (found.detour >= 3).all()


def test_no_barrier_gives_no_candidate():
    found, counts = found_in(town_of([*WEST, *EAST, BRIDGE]))
    assert len(found) == 0
    assert counts["chords"] == counts["across"] == 0
