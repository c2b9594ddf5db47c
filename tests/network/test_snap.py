import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box

from bykobling.errors import CrsError, InputError
from bykobling.network import Network, Snap, by_length, known_places, travel_time_matrix
from bykobling.network.links import Links
from bykobling.network.snapping import unshared

from .streets import CRS, table

#  main street   1 ---200 m--- 2 ---200 m--- 3          island  8 --50 m-- 9, far up at y = 1000
#                              |200 m
#                              4


def town(**columns):
    rows = [
        (1, 2, [(0, 0), (200, 0)]),
        (2, 3, [(200, 0), (400, 0)]),
        (2, 4, [(200, 0), (200, -200)]),
        (8, 9, [(0, 1000), (50, 1000)]),
    ]
    return Network.from_streets(table(rows, **columns))


def test_reasons_tell_why_a_point_is_off_the_network():
    points = gpd.GeoSeries([Point(100, 30), Point(25, 1020), Point(200, 500), None, Point()], crs=CRS)
    found = town().snap(points)
    assert found.reason.tolist() == ["ok", "island", "unlinked", "unlinked", "unlinked"]
    np.testing.assert_allclose(found.snap_m, [30, 1020, 500, np.nan, np.nan])
    assert found.edge.tolist()[1:] == [-1] * 4
    assert np.isinf(found.s_to_u[1:]).all()
    anywhere = town().snap(points, components="any")
    assert anywhere.reason.tolist()[:3] == ["ok", "ok", "unlinked"]
    assert town().snap(points, max_snap_m=29.0).reason[0] == "unlinked"
    assert town().snap(points, max_snap_m=30.0).reason[0] == "ok"


def test_the_walk_to_the_street_counts():
    network = town()
    found = network.snap([Point(40, 8)])
    edge = found.edge[0]
    assert found.offset_m[0] in {40.0, 160.0}
    to_1, to_2 = (found.s_to_u, found.s_to_v) if found.offset_m[0] == 40 else (found.s_to_v, found.s_to_u)
    # 0.75 s a metre
    assert to_1[0] == (8 + 40) * 0.75
    assert to_2[0] == (8 + 160) * 0.75
    assert {network.node_id[network.edge_u[edge]], network.node_id[network.edge_v[edge]]} == {1, 2}


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(3, 12))
def test_what_was_asked_before_changes_no_answer(seed, most):
    rng = np.random.default_rng(seed)
    network, walls = town(), np.array([box(90, 5, 110, 60), box(0, -150, 190, -90)], dtype=object)
    places = shapely.points(rng.uniform((-50, -250), (450, 80), (20, 2)))
    with pytest.MonkeyPatch.context() as patch:
        # few are remembered, so that some are forgotten
        patch.setattr(known_places, "MOST", most)
        for _ in range(6):
            asked = [*rng.choice(places, rng.integers(0, 12)), *rng.choice([None, Point()], rng.integers(0, 3))]
            how = {
                "max_snap_m": float(rng.choice([20.0, 150.0])),
                "components": str(rng.choice(["main", "any"])),
                "walls": [None, walls][rng.integers(2)],
            }
            for one in (network, by_length(network)):
                found, fresh = one.snap(asked, **how), dataclasses.replace(one).snap(asked, **how)
                for name in Snap.__dataclass_fields__:
                    np.testing.assert_array_equal(getattr(found, name), getattr(fresh, name))


def test_lengths_keep_what_is_a_street():
    # whoever says which parts are streets says so for the lengths too
    network = town()
    vars(network)["main_parts"] = np.ones(len(network.main_parts), bool)
    assert by_length(network).snap([Point(25, 1020)]).reason.tolist() == ["ok"]


def test_nothing_snaps_onto_a_crossing():
    points = [Point(200, -100), Point(390, 5)]
    free = town()
    assert free.snap(points).snap_m.tolist() == [0.0, 5.0]
    delayed = town(delay_s=[0, 0, 20.0, 0])
    assert delayed.snap(points).snap_m.tolist() == [100.0, 5.0]
    forbidden = town(snappable=[True, True, False, True])
    assert forbidden.snap(points).snap_m.tolist() == [100.0, 5.0]


def test_equally_near_edges_give_the_lowest():
    network = town()
    at_two = network.snap([Point(200, 0)] * 3)
    touching = np.flatnonzero(shapely.distance(network.edge_geometry, Point(200, 0)) == 0)
    assert at_two.edge.tolist() == [touching.min()] * 3


def test_snapping_agrees_with_brute_force():
    rng = np.random.default_rng(3)
    network = town()
    points = shapely.points(rng.uniform(-150, 600, (200, 2)))
    found = network.snap(points, max_snap_m=1e9, components="any")
    every = shapely.distance(points[:, None], network.edge_geometry[None, :])
    np.testing.assert_allclose(found.snap_m, every.min(axis=1))
    at = shapely.line_interpolate_point(network.edge_geometry[found.edge], found.offset_m)
    np.testing.assert_allclose(shapely.distance(points, at), found.snap_m, atol=1e-9)


def test_wrong_points_are_refused():
    with pytest.raises(CrsError, match="to_crs"):
        town().snap(gpd.GeoSeries([Point(0, 0)], crs=4326))
    with pytest.raises(InputError, match="snap_edges"):
        town().snap([box(0, 0, 1, 1)])
    with pytest.raises(InputError, match="LineString"):
        town().snap_edges([shapely.LineString([(0, 0), (1, 1)])])
    assert len(town().snap([])) == 0
    assert len(town().snap_edges([])) == 0


# a park over the end of the main street, from x = 300:   1 ------ 2 ---|===3===|
#                                                                  |    |       |
# and one beside the street 2 - 4, 15 m east of it                 | [] 4


def test_a_park_is_reached_where_the_street_runs_into_it():
    network = town()
    park = box(300, -50, 500, 50)
    links = network.snap_edges([park])
    homes = network.snap([Point(0, 0), Point(200, 0), Point(250, 0), Point(350, 0), Point(400, 0)])
    times = travel_time_matrix(network, homes, links)
    assert times.ravel().tolist() == [300 * 0.75, 100 * 0.75, 50 * 0.75, 0.0, 0.0]


def test_a_park_beside_the_street_is_reached_across_the_verge():
    network = town()
    park = box(215, -150, 290, -60)
    links = network.snap_edges([park])
    assert links.reason.tolist() == ["ok"]
    homes = network.snap([Point(200, 0)])
    # 60 m down the street, 15 m over the grass
    assert travel_time_matrix(network, homes, links)[0, 0] == 75 * 0.75


def test_far_parks_hang_on_the_nearest_place_or_on_none():
    network = town()
    near, far, island = box(20, 60, 80, 200), box(20, 400, 80, 500), box(0, 990, 60, 1010)
    links = network.snap_edges([far, near, Point(100, 8), island, Polygon()])
    assert links.reason.tolist() == ["unlinked", "ok", "ok", "island", "unlinked"]
    assert len(links) == 5
    homes = network.snap([Point(0, 0)])
    times = travel_time_matrix(network, homes, links)[0]
    assert np.isnan(times[[0, 3, 4]]).all()
    assert times[1] == pytest.approx((20 + 60) * 0.75, abs=45)
    assert times[2] == 108 * 0.75


def test_a_street_wholly_in_a_park_is_in_it_everywhere():
    network = town()
    links = network.snap_edges([box(-10, -10, 210, 10)])
    homes = network.snap([Point(0, 0), Point(77, 5), Point(200, 0), Point(200, -90), Point(400, 0)])
    times = travel_time_matrix(network, homes, links).ravel()
    assert times.tolist() == [0.0, 5 * 0.75, 0.0, 80 * 0.75, 190 * 0.75]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_parks_asked_about_before_change_no_answer(seed):
    rng = np.random.default_rng(seed)
    network, walls = town(), np.array([box(90, 5, 110, 60), box(0, -150, 190, -90)], dtype=object)
    corners = rng.uniform((-50, -250), (450, 80), (6, 2))
    parks = shapely.box(*corners.T, *(corners + rng.uniform(5, 150, (6, 2))).T)
    with pytest.MonkeyPatch.context() as patch:
        # few are remembered, so that some are forgotten
        patch.setattr(known_places, "KEYS", 3)
        for _ in range(8):
            how = {
                "max_snap_m": float(rng.choice([20.0, 150.0])),
                "components": str(rng.choice(["main", "any"])),
                "walls": [None, walls][rng.integers(2)],
            }
            # in another order, or the same shapes in other hands
            asked = [shapely.from_wkb(shapely.to_wkb(one)) for one in rng.permutation(parks)[: rng.integers(0, 4)]]
            asked += [Point(250, 5)] * int(rng.integers(0, 2))
            for one in (network, by_length(network)):
                found, fresh = one.snap_edges(asked, **how), dataclasses.replace(one).snap_edges(asked, **how)
                for name in Links.__dataclass_fields__:
                    np.testing.assert_array_equal(getattr(found, name), getattr(fresh, name))


def test_shapes_of_the_user_are_not_made_ready_for_one_thread():
    parks = np.array([box(50, -10, 90, 10), box(100, 30, 150, 60)], dtype=object)
    walls = np.array([box(-10, 5, 400, 8)], dtype=object)
    town().snap_edges(parks, walls=walls)
    assert not shapely.is_prepared(np.concatenate([parks, walls])).any()
    shapely.prepare(walls)
    own = unshared(np.append(walls, None))
    assert own[0].equals_exact(walls[0])
    assert own[1] is None
    assert not shapely.is_prepared(own).any()
