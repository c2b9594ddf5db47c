"""Towns small enough to measure by hand.

::

    west grid          east grid          spacing 100 m, west x 0..500, east x 560..1060
    +--+--+--+ | ~ | +--+--+--+
    +--+--+--+ | ~ | +--+--+--+           ~ the barrier, x 510..550, y -50..550
    +--+--+--+=====+--+--+--+             = the only bridge, at y = 0
"""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.barriers import find_crossings
from bykobling.severance import barrier_effect, crossing_detour
from tests.toys import extract_of, features_table, grid, opened_town, points_layer, streets_table

WEST, EAST = grid(6, 6), grid(6, 6, x0=560)
BRIDGE = ((500, 0), (560, 0), {"bridge": True, "layer": 1})
STRIP = shapely.box(510, -50, 550, 550)
HOME = points_layer([(500, 500)], residents=[10.0], area_id=["home"])


def measured(features, places, weights, *, pieces=(*WEST, *EAST, BRIDGE), home=HOME, cutoff=5.0, marks=None):
    extract = extract_of(streets_table(pieces), features, marks)
    town = opened_town(extract)
    layer = points_layer(places, category=["x"] * len(places), weight=[float(w) for w in weights])
    effect = barrier_effect(town.openings, home, layer, cutoffs_min=[cutoff], weights=layer["weight"])
    return town, effect


def test_a_river_with_one_bridge_costs_what_lies_across_it():
    # 100 m west: near either way; 60 m straight across: 1,060 m by the bridge
    _, effect = measured([("water", "river", "Å", STRIP)], [(400, 500), (560, 500)], [1, 2])
    assert effect.area_reach[0, 0, 0] == 1
    assert effect.area_effect(water=True)[0, 0, 0] == pytest.approx(2 / 3)
    assert effect.area_effect()[0, 0, 0] == 0  # water is no part of the headline


def test_the_same_strip_as_a_railway_is_in_the_headline():
    _, effect = measured([("land", "railway", "Banen", STRIP)], [(400, 500), (560, 500)], [1, 2])
    assert effect.area_effect()[0, 0, 0] == pytest.approx(2 / 3)
    shares = effect.shares()
    assert shares["barrier_share"].tolist() == [1.0]
    assert shares["lost_reach_share"].tolist() == pytest.approx([2 / 3])


def test_next_to_the_bridge_nothing_is_lost():
    home = points_layer([(500, 0)], residents=[1.0], area_id=["home"])
    _, effect = measured([("water", "river", "Å", STRIP)], [(560, 0), (560, 100)], [1, 2], home=home)
    assert effect.area_effect(water=True)[0, 0, 0] == 0


# two barriers side by side, x 505..525 and x 535..555; with a lane between them they can be opened one by one
PAIR = [
    ("land", "railway", "Banen", shapely.box(505, -50, 525, 550)),
    ("land", "industrial", "Værket", shapely.box(535, -50, 555, 550)),
]
LANE = [((530, y), (530, y + 100)) for y in range(0, 500, 100)]


def test_two_parallel_barriers_with_a_lane_between_share_nothing_until_both_open():
    # the lane alone is reached by opening the first barrier; the far side needs both
    _, effect = measured(
        PAIR, [(530, 450), (560, 500)], [1, 4], pieces=(*WEST, *EAST, BRIDGE, *LANE, ((500, 0), (530, 0)))
    )
    lost = effect.area_effect()[0, 0, 0]
    assert lost == 1.0
    # alone, the railway gives the lane (1) and the works nothing; together they give 4 more, two each
    assert sorted(effect.area_gain[0, :, 0, 0]) == [0.0, 1.0]
    shares = effect.shares().set_index("barrier_id")["barrier_share"]
    assert sorted(shares) == pytest.approx([2 / 5, 3 / 5])
    assert effect.interaction()[0, 0] == pytest.approx(0)


def test_two_barriers_with_no_street_between_open_only_together():
    _, effect = measured(PAIR, [(560, 500)], [1])
    assert effect.area_effect()[0, 0, 0] == 1.0
    assert (effect.area_gain == 0).all()
    assert effect.shares()["barrier_share"].tolist() == [0.5, 0.5]
    assert effect.interaction()[0, 0] == 0


def test_a_link_does_not_open_the_river_under_a_railway():
    river = ("water", "river", "Å", shapely.box(525, -60, 535, 560))
    _, effect = measured([("land", "railway", "Banen", STRIP), river], [(560, 500)], [1])
    assert effect.area_effect()[0, 0, 0] != effect.area_effect()[0, 0, 0]  # nothing reached even when open: unknown


def test_a_link_does_not_run_through_a_building():
    import geopandas as gpd

    wall = gpd.GeoDataFrame({"building": ["yes"]}, geometry=[shapely.box(552, 60, 556, 540)], crs=25832)
    extract = extract_of(streets_table((*WEST, *EAST, BRIDGE)), [("land", "railway", "Banen", STRIP)], buildings=wall)
    town = opened_town(extract)
    linked = town.openings.chords.linked
    middle = (town.openings.chords.p[:, 1] > 70) & (town.openings.chords.p[:, 1] < 530)
    assert linked[middle].any()
    assert not town.openings.chords.open[middle].any()


def big_road(crossing_ys=(), **options):
    """A big road x = 530 from y -100 to 600, joined to both grids by side streets at every 100 m."""
    road = [
        ((530, y), (530, y + 100), {"highway": "primary", "lanes": 6.0, "name": "Boulevard", **options})
        for y in range(-100, 600, 100)
    ]
    sides = [((500, y), (530, y), {}) for y in range(0, 600, 100)] + [
        ((530, y), (560, y), {}) for y in range(0, 600, 100)
    ]
    return (*WEST, *EAST, *road, *sides), {(530, y): "signal" for y in crossing_ys}


ROAD_LINE = ("road", "primary", "Boulevard", shapely.LineString([(530, -100), (530, 600)]), {"lanes": 6.0})


def test_a_six_lane_road_costs_its_delay_and_no_more_at_a_signal():
    pieces, marks = big_road([500])
    town, _ = measured([ROAD_LINE], [(560, 500)], [1], pieces=pieces, marks=marks)
    seconds = town.network.snap(HOME.geometry)
    from bykobling.network import travel_time_matrix

    there = town.network.snap(points_layer([(560, 500)]).geometry)
    walked = float(travel_time_matrix(town.network, seconds, there, 3600)[0, 0])
    width = 6 * 3.25
    assert walked == pytest.approx((60 + width) / (4.8 / 3.6) + 24.9, abs=0.01)


def test_a_six_lane_road_without_a_crossing_is_worse_than_with_one():
    # 24 s for 60 m straight; 40 s more at the signal; up to 120 s in an unmarked gap
    place, weight = [(560, 500)], [1]
    losses = []
    for crossings in ([], [500]):
        pieces, marks = big_road(crossings)
        _, effect = measured([ROAD_LINE], place, weight, pieces=pieces, marks=marks, cutoff=1.75)
        losses.append(effect.area_effect()[0, 0, 0])
    assert losses == [1.0, 0.0]


def test_a_motorway_is_crossed_nowhere_at_grade():
    pieces, marks = big_road(
        range(0, 600, 100),
        highway="motorway",
        walk=False,
        bike_forward=False,
        bike_backward=False,
    )
    line = ("road", "motorway", "E47", ROAD_LINE[3], {"lanes": 6.0})
    town, effect = measured([line], [(560, 500)], [1], pieces=(*pieces, BRIDGE), marks=marks)
    assert not town.streets["is_crossing"].any()
    assert effect.area_effect()[0, 0, 0] == 1.0


def test_a_bridge_over_a_motorway_is_found_as_a_crossing():
    pieces, _ = big_road(highway="motorway", walk=False, bike_forward=False, bike_backward=False)
    line = ("road", "motorway", "E47", ROAD_LINE[3], {"lanes": 6.0})
    town, _ = measured([line], [(560, 500)], [1], pieces=(*pieces, BRIDGE))
    found = find_crossings(town.streets, town.barriers)
    assert (found["kind"] == "bridge").sum() == 1
    assert found.loc[found["kind"] == "bridge"].geometry.iloc[0].distance(shapely.Point(530, 0)) < 1


def test_every_kind_of_crossing_of_a_road_is_typed_with_its_delay():
    pieces, marks = big_road()
    marks = {(530, 100): "signal", (530, 200): "zebra", (530, 300): "refuge"}
    town, _ = measured([ROAD_LINE], [(560, 500)], [1], pieces=pieces, marks=marks)
    found = find_crossings(town.streets, town.barriers).set_index(
        find_crossings(town.streets, town.barriers).geometry.y.round(-1)
    )
    assert found["kind"].to_dict() == {
        0: "unmarked", 100: "signal", 200: "zebra", 300: "refuge", 400: "unmarked", 500: "unmarked",
    }  # fmt: skip
    assert found["delay_s"].loc[100] == 24.9
    assert found["delay_s"].loc[200] == 3.0
    assert found["delay_s"].loc[300] <= found["delay_s"].loc[0] == 120.0


def test_crossing_detour_is_low_at_the_bridge_and_grows_away_from_it():
    town, _ = measured([("water", "river", "Å", STRIP)], [(560, 500)], [1])
    severance = crossing_detour(town.openings, town.barriers)
    y = severance.geometry.centroid.y.to_numpy()
    side = np.isfinite(severance["crossing_detour"]) & (severance.geometry.length < 30)
    low, high = severance["crossing_detour"][side & (y < 60)], severance["crossing_detour"][side & (y > 440)]
    assert low.max() < 3
    assert high.min() > 8
    assert (severance["crossing_detour"].dropna() >= 1).all()


def test_without_a_bridge_there_is_no_way_and_that_is_said():
    town, _ = measured([("water", "river", "Å", STRIP)], [(560, 500)], [1], pieces=(*WEST, *EAST))
    severance = crossing_detour(town.openings, town.barriers)
    assert np.isinf(severance["crossing_detour"]).any()


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(range(0, 600, 100))), st.sampled_from(range(0, 600, 100)))
def test_one_more_crossing_never_raises_the_effect(at, one_more):
    places = [(560 + 100 * i, 100 * j) for i in range(6) for j in range(6)]
    effects = []
    for crossings in (at, at | {one_more}):
        pieces, marks = big_road(crossings)
        # 6.3 min: 504 m, far from every sum of hundreds and the width of the road when nothing delays
        _, effect = measured([ROAD_LINE], places, np.ones(36), pieces=pieces, marks=marks, cutoff=6.8)
        effects.append(effect.area_effect()[0, 0, 0])
    assert effects[1] <= effects[0] + 1e-12


def test_a_quarter_cut_off_altogether_loses_all_that_lies_beyond():
    # no bridge: the east is a part of its own, and opening the railway joins it
    town, effect = measured(
        [("land", "railway", "Banen", STRIP)], [(400, 500), (560, 500)], [1, 2], pieces=(*WEST, *grid(5, 6, x0=560))
    )
    assert len(set(town.network.component)) == 2
    assert effect.reason.tolist() == ["ok"]
    assert effect.area_effect()[0, 0, 0] == pytest.approx(2 / 3)


def test_a_home_behind_the_railway_is_not_in_the_street_before_it():
    # 20 m from a street across the railway, 60 m from one on its own side
    pieces = (*WEST, *grid(6, 6, x0=620))
    home = points_layer([(555, 300)], residents=[1.0], area_id=["home"])
    town, _ = measured([("land", "railway", "Banen", STRIP)], [(620, 300)], [1], pieces=pieces, home=home)
    found = town.network.snap(home.geometry, walls=town.openings.walls)
    assert town.network.edge_geometry[found.edge[0]].distance(shapely.Point(620, 300)) == 0


def test_a_park_across_the_road_is_not_reached_for_nothing():
    import geopandas as gpd

    pieces, _ = big_road(highway="motorway", walk=False, bike_forward=False, bike_backward=False)
    town = opened_town(extract_of(streets_table((*WEST, *EAST, BRIDGE)), [ROAD_LINE]))
    park = gpd.GeoDataFrame(
        {"category": ["green"], "weight": [1.0]}, geometry=[shapely.box(541, 400, 559, 600)], crs=25832
    )
    home = points_layer([(520, 500)], residents=[1.0], area_id=["home"])
    effect = barrier_effect(town.openings, home, park, cutoffs_min=[5], weights=[1.0])
    assert effect.reach[0, 0, 0] == 0
    assert pieces


@pytest.mark.parametrize("options", [{}, {"lanes": 1.0}, {"lanes": 2.0}, {"lanes": 4.0}])
def test_a_dual_carriageway_opens_however_its_lanes_are_tagged(options):
    # two one-way carriageways 14 m apart, no crossing but round the far end at y = 2000
    ways = [("north", 523, [(523, -100), (523, 600)]), ("south", 537, [(537, 600), (537, -100)])]
    road = [(*line, {"highway": "primary", "name": "Allé", "oneway": True, **options}) for _, _, line in ways]
    lines = [("road", "primary", "Allé", shapely.LineString(line), dict(options)) for _, _, line in ways]
    town, effect = measured(lines, [(560, 500)], [1], pieces=(*WEST, *EAST, BRIDGE, *road))
    assert town.openings.chords.linked.mean() > 0.7
    assert effect.area_effect()[0, 0, 0] == 1.0


def test_a_works_drawn_by_osm_and_by_the_user_is_one_barrier():
    land = ("land", "industrial", "Værket", shapely.box(505, -50, 555, 550))
    own = features_table([("land", "user", "Værket", shapely.box(504, -49, 556, 549))])
    extract = extract_of(streets_table((*WEST, *EAST, BRIDGE)), [land])
    town = opened_town(extract, user_layers=[own])
    place = points_layer([(560, 500)], category=["x"], weight=[1.0])
    effect = barrier_effect(town.openings, HOME, place, cutoffs_min=[5], weights=[1.0])
    assert effect.area_effect()[0, 0, 0] == 1.0


def test_weights_that_would_blank_results_are_refused():
    from bykobling.errors import InputError

    town, _ = measured([], [(400, 500)], [1])
    place = points_layer([(400, 500)], category=["x"], weight=[1.0])
    for broken in ({"weights": [1.0, 2.0]}, {"weights": [np.nan]}, {"cutoffs_min": []}, {"cutoffs_min": [-5]}):
        with pytest.raises(InputError):
            barrier_effect(town.openings, HOME, place, **broken)
    with pytest.raises(InputError, match="residents"):
        barrier_effect(town.openings, HOME.assign(residents=np.nan), place)
