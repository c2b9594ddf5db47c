"""Daily places on streets one can pace out: 4.8 km/h is 80 m a minute.

::

    0       400      800     1200  m
    home----+---------+--------+        y = 0
            |  steps           |
            +------------------+        y = 100 (from x = 400 to 1200)
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.accessibility import (
    fifteen_minute_categories,
    green_300m,
    nearest_minutes,
    travel_time_to,
)
from bykobling.accessibility.sweep import Sweep
from bykobling.errors import CrsError, InputError
from bykobling.network import Links, Network, by_length, nearest, travel_time_matrix
from bykobling.network.snapping import make_snap
from tests.network.streets import places, random_streets
from tests.toys import CRS, points_layer, streets_table

SEEDS = st.integers(0, 10_000)
STREET = Network.from_streets(streets_table([((0, 0), (400, 0)), ((400, 0), (800, 0)), ((800, 0), (1200, 0))]))
HOMES = STREET.snap(shapely.points([(0, 0), (800, 0), (400, 900)]))  # the last one is nowhere near a street


def test_the_nearest_of_each_kind():
    shops = points_layer([(400, 0), (1200, 0), (800, 8)], category=["shop", "school", "shop"])
    before = shops.copy()
    minutes = nearest_minutes(STREET, HOMES, shops, categories=["school", "shop", "library"], limit_min=10)
    assert minutes.dtype == np.float32
    np.testing.assert_allclose(minutes, [[np.inf, 5, np.nan], [5, 0.1, np.nan], [np.nan] * 3], rtol=0, atol=1e-3)
    pd.testing.assert_frame_equal(shops, before)


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_the_nearest_is_the_least_of_the_matrix(seed):
    network = Network.from_streets(random_streets(seed), mode="bike")
    origins, shops = places(network, seed), places(network, seed + 1)
    share = np.divide(
        shops.offset_m,
        network.edge_length_m[shops.edge],
        out=np.zeros(len(shops)),
        where=network.edge_length_m[shops.edge] > 0,
    )
    points = shapely.line_interpolate_point(network.edge_geometry[shops.edge], share, normalized=True)
    kinds = np.array(["a", "b", "c"])[np.random.default_rng(seed).integers(0, 3, len(points))]
    layer = gpd.GeoDataFrame({"category": kinds}, geometry=list(points), crs=CRS)
    ours = nearest_minutes(network, origins, layer, categories=["a", "b", "c"], limit_min=600)
    for k, kind in enumerate("abc"):
        if (kinds == kind).any():
            times = travel_time_matrix(network, origins, network.snap(points[kinds == kind])) / 60
            # a shop on an islet is reached by nobody
            times[np.isnan(times)] = np.inf
            np.testing.assert_allclose(ours[:, k], times.min(axis=1), rtol=1e-6)
        else:
            assert np.isnan(ours[:, k]).all()


@given(SEEDS, st.sampled_from(["walk", "bike"]), st.sampled_from([np.inf, 90.0, 0.0]))
@settings(max_examples=60, deadline=None)
def test_one_sweep_is_a_search_from_every_origin_to_the_last_bit(seed, mode, limit_s):
    network = Network.from_streets(random_streets(seed), mode=mode)
    homes, shops = places(network, seed), places(network, seed + 1)
    links = Links.from_snap(shops.take(np.arange(1 + seed % 9)))
    plain = nearest(network, homes, links, 1, limit_s).seconds[:, 0]
    np.testing.assert_array_equal(Sweep(network, homes).nearest_s(links, limit_s), plain)
    nodes = network.at_nodes(np.arange(network.node_count))
    plain = nearest(network, nodes, Links.from_snap(nodes.take([seed % len(nodes)])), 1).seconds[:, 0]
    swept = Sweep(network, nodes).nearest_s(Links.from_snap(nodes.take([seed % len(nodes)])))
    np.testing.assert_array_equal(swept, plain)


def test_a_shop_off_every_street_is_there_but_out_of_reach():
    shop = points_layer([(400, 5_000)], category=["shop"])
    minutes = nearest_minutes(STREET, HOMES, shop, categories=["shop"])[:, 0]
    np.testing.assert_array_equal(minutes, [np.inf, np.inf, np.nan])


def test_a_shop_behind_the_wall_is_not_in_the_street_before_it():
    shop = points_layer([(800, 60)], category=["shop"])
    wall = np.array([shapely.box(0, 20, 1300, 40)])
    assert nearest_minutes(STREET, HOMES, shop, categories=["shop"])[1, 0] == pytest.approx(60 / 80, abs=1e-3)
    assert nearest_minutes(STREET, HOMES, shop, categories=["shop"], walls=wall)[1, 0] == np.inf


def test_progress_is_told_once_a_category():
    told = []
    shop = points_layer([(800, 0)], category=["shop"])
    nearest_minutes(STREET, HOMES, shop, categories=["shop", "x"], progress=lambda *step: told.append(step))
    assert told == [(1, 2, "nearest shop"), (2, 2, "nearest x")]


def test_what_cannot_be_looked_for_is_refused():
    shop = points_layer([(800, 0)], kind=["shop"])
    with pytest.raises(InputError, match=r"(?s)column category.*name each once.*limit_min"):
        nearest_minutes(STREET, HOMES, shop, categories=["a", "a"], limit_min=0)
    with pytest.raises(InputError, match="one or more different names"):
        nearest_minutes(STREET, HOMES, shop.rename(columns={"kind": "category"}), categories=[])
    far = points_layer([(800, 0)], category=["shop"]).set_crs(25833, allow_override=True)
    with pytest.raises(CrsError):
        nearest_minutes(STREET, HOMES, far, categories=["shop"])


MINUTES = [[15, 15.01, np.nan, np.inf], [0, 3, np.nan, 14], [np.nan] * 4]
KINDS = ["shop", "school", "library", "park"]


def test_categories_within_fifteen_minutes():
    found = fifteen_minute_categories(MINUTES, KINDS)
    np.testing.assert_array_equal(found.count, [1, 3, np.nan])
    assert found.counted == ("shop", "school", "park")
    assert found.absent == ("library",)
    np.testing.assert_allclose(found.share, [1 / 3, 1, np.nan])
    assert fifteen_minute_categories(MINUTES, KINDS, cutoff_min=5).count[:2].tolist() == [0, 2]


def test_a_mask_tells_what_there_is_in_the_city():
    found = fifteen_minute_categories(MINUTES, KINDS, present=[True, False, False, True])
    np.testing.assert_array_equal(found.count, [1, 2, np.nan])
    assert found.absent == ("school", "library")
    # a time is missing though the place is there: the count is unknown
    assert np.isnan(fifteen_minute_categories(MINUTES, KINDS, present=[True] * 4).count).all()
    none = fifteen_minute_categories(MINUTES, KINDS, present=[False] * 4)
    assert np.isnan(none.count).all()
    assert np.isnan(none.share).all()
    assert none.counted == ()


def test_times_kept_as_float32_are_held_by_the_cutoff():
    time = np.array([[7.3]], np.float32)
    assert float(time[0, 0]) > 7.3
    assert fifteen_minute_categories(time, ["a"], cutoff_min=7.3).count.tolist() == [1]


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: fifteen_minute_categories([[1.0]], ["a", "b"]), "for 2 categories"),
        (lambda: fifteen_minute_categories([1.0], ["a"]), "one column a category"),
        (lambda: fifteen_minute_categories(np.empty((1, 0)), []), "one column a category"),
        (lambda: fifteen_minute_categories([[-1.0]], ["a"]), "negative"),
        (lambda: fifteen_minute_categories([[1.0]], ["a"], present=[True, False]), "one flag a category"),
        (lambda: fifteen_minute_categories([[1.0]], ["a"], cutoff_min=-15), "above 0"),
    ],
)
def test_counts_that_cannot_be_made_are_refused(ask, told):
    with pytest.raises(InputError, match=told):
        ask()


def green(*shapes):
    return gpd.GeoSeries(list(shapes), crs=CRS)


def is_green(network, homes, layer, **options):
    return green_300m(network, network.snap(shapely.points(homes)), layer, **options)


def test_green_is_reached_at_its_edge_at_three_hundred_metres_and_not_farther():
    park = green(shapely.box(700, -50, 900, 50))
    near = is_green(STREET, [(400, 0), (399.9, 0), (400, 5), (750, 0), (1200, 0), (0, 900)], park)
    np.testing.assert_array_equal(near, [1, 0, 0, 1, 1, np.nan])


def test_steps_and_delays_make_no_way_longer():
    slow = [((0, 0), (100, 0), {"steps": True}), ((100, 0), (110.01, 0)), ((110.01, 0), (600, 0))]
    network = Network.from_streets(streets_table(slow).assign(delay_s=[0.0, 90.0, 0.0]))
    park = green(shapely.box(300, -50, 500, 50))
    assert is_green(network, [(0, 0)], park).tolist() == [1]
    times = nearest(network, network.snap([shapely.Point(0, 0)]), network.snap_edges(park), 1)
    assert times.seconds[0, 0] * network.profile.speed_m_s > 300


def test_half_a_hectare_may_be_made_of_pieces_that_touch():
    west, east = shapely.box(400, -20, 480, 20), shapely.box(480, -20, 560, 20)  # 3,200 m2 each
    home = [(300, 0)]
    assert is_green(STREET, home, green(west, east)).tolist() == [1]
    assert is_green(STREET, home, green(west, shapely.box(500, -20, 580, 20))).tolist() == [0]
    # one wood mapped twice is no larger
    assert is_green(STREET, home, green(west, west)).tolist() == [0]
    assert is_green(STREET, home, green(west), min_area_m2=3_200).tolist() == [1]


def test_without_a_layer_of_green_nothing_is_known():
    np.testing.assert_array_equal(is_green(STREET, [(0, 0)], green()), [np.nan])
    np.testing.assert_array_equal(is_green(STREET, [(0, 0)], green(None, shapely.Polygon())), [np.nan])


def test_a_park_beyond_the_railway_is_not_next_door():
    park = green(shapely.box(0, 15, 20, 300))
    wall = np.array([shapely.box(-50, 5, 1300, 10)])
    assert is_green(STREET, [(0, 0)], park).tolist() == [1]
    assert is_green(STREET, [(0, 0)], park, walls=wall).tolist() == [0]


@given(SEEDS)
@settings(max_examples=30, deadline=None)
def test_green_is_what_the_metres_say(seed):
    network = Network.from_streets(random_streets(seed), mode="bike")
    homes = places(network, seed)
    x, y = np.random.default_rng(seed).uniform(0, 400, 2)
    park = green(shapely.box(x, y, x + 80, y + 80))
    metric = by_length(network)
    at = make_snap(metric, homes.edge, homes.offset_m, homes.snap_m, homes.reason)
    metres = travel_time_matrix(metric, at, metric.snap_edges(park))[:, 0] * network.profile.speed_m_s
    for walk_m in (50, 300):
        sure = np.abs(metres - walk_m) > 0.1
        ours = green_300m(network, homes, park, walk_m=walk_m)
        np.testing.assert_array_equal(ours[sure], (metres <= walk_m)[sure])


def test_what_is_no_green_is_refused():
    with pytest.raises(InputError, match=r"(?s)walk_m.*min_area_m2.*not polygons"):
        is_green(STREET, [(0, 0)], green(shapely.Point(0, 0)), walk_m=0, min_area_m2=-1)
    with pytest.raises(CrsError):
        is_green(STREET, [(0, 0)], gpd.GeoSeries([shapely.box(0, 0, 100, 100)], crs=25833))


def test_minutes_to_places_with_a_name():
    station = gpd.GeoDataFrame(
        {"name": ["Nord", "Fælleden", "Øen"]},
        geometry=[shapely.Point(1200, 0), shapely.box(300, -30, 500, 30), shapely.Point(5_000, 0)],
        crs=CRS,
    )
    table = travel_time_to(STREET, HOMES, station, index=pd.Index(["a", "b", "c"], name="home"))
    assert table.index.name == "home"
    assert table.columns.tolist() == ["Nord", "Fælleden", "Øen"]
    expected = [[15, 3.75, np.nan], [5, 3.75, np.nan], [np.nan] * 3]
    np.testing.assert_allclose(table, expected, rtol=0, atol=1e-3)
    assert travel_time_to(STREET, HOMES, station, limit_min=10)["Nord"].tolist()[:2] == [np.inf, 5]
    assert travel_time_to(STREET, HOMES.take(np.zeros(0, int)), station).shape == (0, 3)


@given(SEEDS, st.sampled_from(["walk", "bike"]))
@settings(max_examples=60, deadline=None)
def test_searched_backwards_it_is_the_same_way(seed, mode):
    network = Network.from_streets(random_streets(seed), mode=mode)
    homes = places(network, seed)
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(0, 400, (2, 6))
    shapes = [*shapely.points(x, y)[:3], *shapely.box(x - 30, y - 30, x + 60, y + 10)[3:]]
    named = gpd.GeoDataFrame({"name": list("abcdef")}, geometry=shapes, crs=CRS)
    for limit_min in (None, 1.5):
        ours = travel_time_to(network, homes, named, limit_min=limit_min)
        limit_s = None if limit_min is None else limit_min * 60
        plain = travel_time_matrix(network, homes, network.snap_edges(named.geometry), limit_s) / 60.0
        np.testing.assert_allclose(ours, plain, rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize(
    ("table", "options", "told"),
    [
        (points_layer([(0, 0)], title=["x"]), {}, "column name"),
        (points_layer([(0, 0)] * 2, name=["x", "x"]), {}, "not unique"),
        (points_layer([(0, 0)], name=["x"]), {"index": pd.RangeIndex(2)}, "one label an origin"),
        (points_layer([(0, 0)], name=["x"]), {"limit_min": -1.0}, "limit_min"),
    ],
)
def test_places_that_cannot_be_told_apart_are_refused(table, options, told):
    with pytest.raises(InputError, match=told):
        travel_time_to(STREET, HOMES, table, **options)
