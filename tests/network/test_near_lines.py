"""The grid must never decide otherwise than a search through all lines."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from bykobling.network import Network
from bykobling.network.near_lines import Corners, LineGrid

from .streets import random_streets

CORNER = np.array([691_000.0, 6_175_000.0])


def surely_nearest(lines, points):
    """Ask a grid over all of the lines."""
    grid = LineGrid.over(Corners.of(lines), np.arange(len(lines)))
    return grid.surely_nearest(shapely.get_coordinates(points))


def drawn(seed, *, lines=40, side=600.0, longest=5):
    """Draw crooked lines at true coordinates, some of them long, one without length."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(lines):
        start = rng.uniform(0, side, 2)
        steps = rng.normal(0, rng.choice([8.0, 60.0, 400.0]), (rng.integers(1, longest), 2))
        made.append(shapely.LineString(np.vstack([start, start + np.cumsum(steps, axis=0)]) + CORNER))
    at = made[0].coords[0]
    return np.array([*made, shapely.LineString([at, at])], dtype=object)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([100.0, 600.0, 5_000.0]))
def test_what_is_sure_is_the_nearest_of_all(seed, side):
    lines = drawn(seed, side=side)
    rng = np.random.default_rng(seed)
    points = shapely.points(rng.uniform(-0.5 * side, 1.5 * side, (150, 2)) + CORNER)
    found = surely_nearest(lines, points)
    every = shapely.distance(points[:, None], lines[None, :])
    sure = found >= 0
    np.testing.assert_array_equal(found[sure], every.argmin(axis=1)[sure])
    # nothing else is as near, so the rounding of a distance decides nothing
    runner_up = np.partition(every, 1, axis=1)[:, 1]
    assert (runner_up - every.min(axis=1))[sure].min(initial=1.0) > 0.9e-6


def test_it_decides_for_nearly_all_homes_of_a_town():
    lines = drawn(1, lines=300, side=2_000.0)
    rng = np.random.default_rng(2)
    points = shapely.points(rng.uniform(0, 2_000, (1_000, 2)) + CORNER)
    assert (surely_nearest(lines, points) >= 0).mean() > 0.95


def test_equally_near_lines_are_left_open():
    cross = shapely.linestrings([[(0, 0), (100, 0)], [(100, 0), (100, 80)], [(0, 40), (60, 40)]])
    points = shapely.points([(130, -30), (20, 20), (20, 19.9), (100, 0), (100, 50)])
    assert surely_nearest(cross, points).tolist() == [-1, -1, 0, -1, 1]


def test_a_point_far_outside_is_left_open():
    street = shapely.linestrings([[(0, 0), (100, 0)]])
    assert surely_nearest(street, shapely.points([(50, 1e7), (50, 30), (np.inf, 0)])).tolist() == [-1, 0, -1]


def test_a_straight_street_needs_no_wide_grid():
    street = shapely.linestrings([[(x, 0), (x + 100, 0)] for x in range(0, 1_000, 100)])
    assert surely_nearest(street, shapely.points([(450, 60), (950, -1)])).tolist() == [4, 9]


def test_nothing_is_nearest_to_nothing():
    street = shapely.linestrings([[(0, 0), (100, 0)]])
    assert surely_nearest(street, np.empty(0, object)).tolist() == []
    assert surely_nearest(np.empty(0, object), shapely.points([(0, 0)])).tolist() == [-1]
    # an empty line keeps its number and is near nothing
    gap = np.array([shapely.LineString(), street[0]], dtype=object)
    assert surely_nearest(gap, shapely.points([(10, 1)])).tolist() == [1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("components", ["main", "any"])
def test_many_points_snap_as_each_by_itself(seed, components):
    network = Network.from_streets(random_streets(seed))
    rng = np.random.default_rng(seed)
    corners = shapely.points(np.column_stack([network.node_x, network.node_y]))
    points = [*shapely.points(rng.uniform(-100, 500, (200, 2))), *corners, Point(), None, Point(1e6, 1e6)]
    together = network.snap(points, components=components)
    # one point alone is not worth a grid
    single = [network.snap([point], components=components) for point in points]
    for name in ("edge", "offset_m", "snap_m", "reason", "s_to_u", "s_from_v"):
        np.testing.assert_array_equal(getattr(together, name), np.concatenate([getattr(one, name) for one in single]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([30.0, 600.0]))
def test_the_place_beside_a_point_is_the_one_geos_finds(seed, side):
    rng = np.random.default_rng(seed)
    # some lines turn back on themselves, some have corners twice, one has no length
    lines = drawn(seed, side=side)
    twice = [shapely.LineString(np.repeat(shapely.get_coordinates(line), 2, axis=0)) for line in lines[:5]]
    lines = np.array([*lines, *twice], dtype=object)
    line = rng.integers(0, len(lines), 300)
    xy = rng.uniform(-0.5 * side, 1.5 * side, (300, 2)) + CORNER
    # ends, corners and places on lines too
    xy[:100] = shapely.get_coordinates(
        shapely.line_interpolate_point(lines[line[:100]], rng.choice([0, 0.3, 1], 100), normalized=True)
    )
    points = shapely.points(xy)
    at = Corners.of(lines).beside(line, xy)
    # the same steps, so the same bits: it must not matter which of them found a place
    np.testing.assert_array_equal(at.metres, shapely.distance(points, lines[line]))
    np.testing.assert_array_equal(at.along_m, shapely.line_locate_point(lines[line], points))
    ways = shapely.get_coordinates(shapely.shortest_line(points, lines[line])).reshape(-1, 2, 2)
    np.testing.assert_array_equal(at.foot, ways[:, 1])


def test_a_grid_is_laid_once(monkeypatch):
    network = Network.from_streets(random_streets(3))
    rng = np.random.default_rng(3)
    network.snap(shapely.points(rng.uniform(0, 400, (200, 2))))
    made = []
    over = LineGrid.over.__func__
    monkeypatch.setattr(LineGrid, "over", classmethod(lambda *given: made.append(1) or over(*given)))
    network.snap(shapely.points(rng.uniform(0, 400, (200, 2))))
    assert not made
    network.snap(shapely.points(rng.uniform(0, 400, (200, 2))), components="any")
    assert made


def test_some_lines_of_many_are_entered():
    streets = shapely.linestrings([[(0, y), (100, y)] for y in range(0, 100, 10)])
    grid = LineGrid.over(Corners.of(streets), np.array([2, 7]))
    assert grid.surely_nearest(np.array([(50.0, 0.0), (50.0, 44.0), (50.0, 46.0), (50.0, 99.0)])).tolist() == [
        2,
        2,
        7,
        7,
    ]
