"""A big road is split in two, and crossing it costs what it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling._types import CYCLIST
from bykobling.network import Network, travel_time_matrix
from bykobling.network.delays import CrossingDelays, crossing_delays_s, gap_delay_s, signal_delay_s
from bykobling.network.two_sided import offset_lines, two_sided
from bykobling.network.user_roads import along_roads, cut_at_roads
from tests.toys import crossings_table, features_table, points_layer, streets_table

SPEED = 4.8 / 3.6


def seconds(streets, start, end, *, mode="walk"):
    network = Network.from_streets(streets, mode=mode)
    ends = points_layer([start, end])
    snap = network.snap(ends.geometry, components="any")
    return float(travel_time_matrix(network, snap.take([0]), snap.take([1]), 7200)[0, 0])


def split(pieces, marks=None, **options):
    streets = streets_table(pieces)
    return two_sided(
        streets,
        crossings_table(streets, marks or {}),
        streets["highway"].isin(["primary"]).to_numpy(),
        **options,
    )


#            side street north (0, 0)-(0, 100)
#   ========= primary road along y = 0, x -200..200 ==========
#            side street south (0, 0)-(0, -100)
ROAD = [
    ((-200, 0), (0, 0), {"highway": "primary", "lanes": 4.0}),
    ((0, 0), (200, 0), {"highway": "primary", "lanes": 4.0}),
]
NORTH, SOUTH = ((0, 0), (0, 100)), ((0, 0), (0, -100))
WIDTH = 4 * 3.25


@pytest.mark.parametrize(("kind", "wait"), [("signal", 24.9), ("zebra", 3.0)])
def test_crossing_costs_the_delay_of_its_kind_and_the_width(kind, wait):
    streets = split([*ROAD, NORTH, SOUTH], {(0, 0): kind})
    assert seconds(streets, (0, 100), (0, -100)) == pytest.approx((200 + WIDTH) / SPEED + wait, abs=0.01)


def test_walking_along_one_side_costs_nothing_extra():
    streets = split([*ROAD, NORTH, SOUTH])
    north_side = WIDTH / 2 + 1
    assert seconds(streets, (-200, north_side), (200, north_side)) == pytest.approx(400 / SPEED, abs=1)


def test_from_one_side_to_the_other_takes_a_crossing():
    streets = split([*ROAD, NORTH, SOUTH], {(0, 0): "signal"})
    side = WIDTH / 2 + 1
    straight = 2 * 50 / SPEED
    assert seconds(streets, (-50, side), (-50, -side)) == pytest.approx(straight + WIDTH / SPEED + 24.9, abs=4)


def test_a_side_street_on_one_side_only_still_meets_the_road():
    streets = split([*ROAD, NORTH])
    assert np.isfinite(seconds(streets, (0, 100), (150, WIDTH / 2 + 1)))


def test_with_separate_sidewalks_the_road_itself_carries_nobody():
    road = [(*piece[:2], {**piece[2], "sidewalk_separate": True}) for piece in ROAD]
    streets = split([*road, NORTH, SOUTH], {(0, 0): "zebra"})
    walked = streets[streets["walk"] & (streets["highway"] == "primary")]
    assert walked.empty
    assert seconds(streets, (0, 100), (0, -100)) == pytest.approx(200.1 / SPEED + 3.0, abs=0.01)


def test_a_footbridge_over_the_road_shares_no_node_and_no_delay():
    bridge = ((50, 100), (50, -100), {"bridge": True, "layer": 1, "level": 1})
    streets = split([*ROAD, NORTH, SOUTH, bridge])
    assert seconds(streets, (50, 100), (50, -100)) == pytest.approx(200 / SPEED, abs=0.01)


def test_a_change_of_tags_along_the_road_is_no_place_to_cross():
    streets = split([*ROAD])
    assert not streets["is_crossing"].any()


def test_four_corners_of_two_big_roads_are_crossed_one_arm_at_a_time():
    other = [((0, -200), (0, 0), {"highway": "primary"}), ((0, 0), (0, 200), {"highway": "primary"})]
    streets = split([*ROAD, *other], {(0, 0): "signal"})
    assert streets["is_crossing"].sum() == 4
    # from the north-east corner to the south-west one takes two signals
    assert seconds(streets, (100, 8), (-100, -8)) > 200 / SPEED + 2 * 24.9


def test_a_level_crossing_costs_its_delay_once_on_the_way_through():
    streets = streets_table([((0, 0), (100, 0)), ((100, 0), (200, 0))])
    table = two_sided(streets, crossings_table(streets, {(100, 0): "level_crossing"}), np.zeros(2, bool))
    assert seconds(table, (0, 0), (200, 0)) == pytest.approx(200 / SPEED + CrossingDelays().level_crossing, abs=0.01)


def test_streets_away_from_big_roads_are_untouched():
    streets = streets_table([((0, 0), (100, 0)), ((100, 0), (200, 0))])
    table = two_sided(streets, crossings_table(streets, {}), np.zeros(2, bool))
    assert table[list(streets.columns)].equals(streets)


def test_the_manuals_formulas():
    assert gap_delay_s(0.2, 10) == pytest.approx(21.95, abs=0.005)
    assert gap_delay_s(0, 10) == 0
    assert signal_delay_s(90, 23) == pytest.approx(24.94, abs=0.005)


@pytest.mark.parametrize("lanes", [2.0, 4.0, 6.0])
def test_a_refuge_never_costs_more_than_nothing(lanes):
    road = pd.Series({"highway": "primary", "lanes": lanes, "oneway": False})
    waits = [crossing_delays_s(road, kind, delays=CrossingDelays()) for kind in ("refuge", "unmarked")]
    assert 0 < waits[0] <= waits[1] <= 120


def test_more_traffic_and_more_lanes_never_shorten_the_wait():
    waits = [gap_delay_s(v, 8) for v in np.linspace(0.01, 0.6, 30)]
    assert waits == sorted(waits)


def test_offset_lines_keep_their_bends():
    bent = shapely.LineString([(0, 0), (100, 0), (100, 100)])
    moved = offset_lines(np.array([bent]), np.array([5.0]))[0]
    assert len(moved.coords) == 3
    assert moved.coords[0] == (0, 5)
    assert moved.coords[-1] == (95, 100)


# a register's line of a big road at x = 0 crosses a path along y = 0
REGISTER = features_table([("road", "primary", "Åboulevard", shapely.LineString([(0, -300), (0, 300)]))]).assign(
    highway="primary", oneway=False
)


def test_a_path_across_a_users_road_pays_the_delay_of_its_mark():
    streets = streets_table([((-100, 0), (100, 0), {"highway": "footway", "drive": False, "crossing": "signal"})])
    cut = cut_at_roads(streets, crossings_table(streets, {}), REGISTER, own=np.empty(0, object))
    assert cut["is_crossing"].sum() == 1
    assert seconds(cut, (-100, 0), (100, 0)) == pytest.approx(200.1 / SPEED + 24.9, abs=0.01)


def test_a_bridge_over_a_users_road_is_left_whole():
    streets = streets_table([((-100, 0), (100, 0), {"bridge": True})])
    cut = cut_at_roads(streets, crossings_table(streets, {}), REGISTER, own=np.empty(0, object))
    assert len(cut) == 1


def test_a_sidewalk_that_sways_over_the_line_does_not_cross():
    streets = streets_table([((-1, -100), (1, 100), {"highway": "footway", "drive": False})])
    cut = cut_at_roads(streets, crossings_table(streets, {}), REGISTER, own=np.empty(0, object))
    assert not cut["is_crossing"].any()


def test_a_street_drawn_beside_the_register_line_is_that_road():
    streets = streets_table([((4, -200), (4, 200)), ((40, -200), (40, 200)), ((-100, 0), (100, 0))])
    assert along_roads(streets, REGISTER).tolist() == [True, False, False]


def test_where_only_big_roads_meet_people_still_cross():
    other = [((0, -200), (0, 0), {"highway": "primary"}), ((0, 0), (0, 200), {"highway": "primary"})]
    assert split([*ROAD, *other])["is_crossing"].sum() == 4


def test_a_signal_on_a_ramp_is_a_crossing_and_a_motorway_has_none():
    for highway, found in (("motorway_link", 1), ("motorway", 0)):
        road = [(*piece[:2], {"highway": highway, "walk": False}) for piece in ROAD]
        streets = streets_table([*road, NORTH, SOUTH])
        big = streets["highway"].str.startswith("motorway").to_numpy()
        sided = two_sided(streets, crossings_table(streets, {(0, 0): "signal"}), big)
        assert sided["is_crossing"].sum() == found


def test_a_level_crossing_on_a_big_road_costs_its_delay_along_the_road():
    streets = streets_table([*ROAD, NORTH, SOUTH])
    big = (streets["highway"] == "primary").to_numpy()
    free = two_sided(streets, crossings_table(streets, {}), big)
    rails = two_sided(streets, crossings_table(streets, {(0, 0): "level_crossing"}), big)
    side = WIDTH / 2 + 1
    ends = ((-150, side), (150, side))
    assert seconds(rails, *ends) - seconds(free, *ends) == pytest.approx(CrossingDelays().level_crossing, abs=0.01)


def test_a_registers_line_over_osms_own_road_charges_a_crossing_once():
    road = [
        (
            (0, -200),
            (0, 0),
            {"highway": "primary", "sidewalk_separate": True, "bike_forward": False, "bike_backward": False},
        ),
        (
            (0, 0),
            (0, 200),
            {"highway": "primary", "sidewalk_separate": True, "bike_forward": False, "bike_backward": False},
        ),
    ]
    path = [
        ((-100, 0), (0, 0), {"highway": "footway", "drive": False}),
        ((0, 0), (100, 0), {"highway": "footway", "drive": False}),
    ]
    streets = streets_table([*road, *path])
    along = along_roads(streets, REGISTER)
    sided = two_sided(streets, crossings_table(streets, {(0, 0): "signal"}), along)
    cut = cut_at_roads(sided, crossings_table(streets, {}), REGISTER, own=streets.geometry.to_numpy()[along])
    assert seconds(cut, (-100, 0), (100, 0)) == pytest.approx(200.1 / SPEED + 24.9, abs=0.1)


def test_against_a_one_way_street_a_cyclist_pushes():
    streets = streets_table([((0, 0), (120, 0), {"bike_backward": False})])
    for pushing, back in ((4.8, 120 / SPEED), (None, np.inf)):
        network = Network.from_streets(streets, mode="bike", profile=replace(CYCLIST, push_speed_kmh=pushing))
        ends = network.snap(points_layer([(0, 0), (120, 0)]).geometry)
        times = travel_time_matrix(network, ends, ends, 3600)
        assert times[0, 1] == pytest.approx(120 / (16 / 3.6), abs=0.01)
        assert times[1, 0] == pytest.approx(back, abs=0.01)


def test_a_big_road_that_goes_on_as_a_smaller_one_is_not_free_to_cross_there():
    # the primary road ends at the crossroads and goes on as a secondary one
    smaller = ((0, 0), (200, 0), {"highway": "secondary"})
    streets = split([ROAD[0], smaller, NORTH, SOUTH], {(0, 0): "signal"})
    assert seconds(streets, (0, 100), (0, -100)) == pytest.approx((200 + WIDTH) / SPEED + 24.9, abs=0.01)
    # walking on along the road costs half a crossing from either side
    ends = [seconds(streets, (-150, side * (WIDTH / 2 + 1)), (150, 0)) for side in (1, -1)]
    assert ends == pytest.approx([(300 + WIDTH / 2) / SPEED + 24.9 / 2] * 2, abs=9)


def test_a_big_road_that_ends_in_a_square_is_walked_round():
    streets = split([ROAD[0], NORTH, SOUTH])
    assert not streets["is_crossing"].any()
