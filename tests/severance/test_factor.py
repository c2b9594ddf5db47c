"""The barrier factor on four places in a row.

::

    A ---100--- B ---|---200--- C          D (5 km off)
                  primary at x = 200
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError
from bykobling.severance.factor import barrier_factor

CRS = 25832
AREAS = gpd.GeoDataFrame(
    index=list("ABCD"), geometry=shapely.buffer(shapely.points([[0, 0], [100, 0], [300, 0], [5000, 0]]), 20), crs=CRS
)


def roads_of(*rows):
    """Make roads from ``(highway, tunnel, geometry)``."""
    highway, tunnel, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"highway": list(highway), "tunnel": list(tunnel)}, geometry=list(shapes), crs=CRS)


WALL = shapely.LineString([(200, -500), (200, 500)])


def test_one_road_between():
    found = barrier_factor(AREAS, roads_of(("primary", False, WALL)))
    assert found.name == "barrier_factor_pct"
    assert found.to_dict() == pytest.approx({"A": 50, "B": 50, "C": 100, "D": np.nan}, nan_ok=True)


@pytest.mark.parametrize(
    ("road", "expected"),
    [
        (("primary_link", False, WALL), 50),
        (("residential", False, WALL), 0),
        (("primary", True, WALL), 0),
        (("primary", None, WALL), 50),
        ((None, False, WALL), 0),
        (("primary", False, shapely.LineString([(200, 1), (200, 500)])), 0),
        (("primary", False, None), 0),
    ],
)
def test_what_counts_as_a_barrier(road, expected):
    assert barrier_factor(AREAS, roads_of(("primary", False, shapely.LineString([(0, 900), (1, 900)])), road))["A"] == (
        expected
    )


def test_every_road_counts_where_no_class_is_named():
    assert barrier_factor(AREAS, roads_of(("residential", False, WALL)), classes=None)["A"] == 50
    assert barrier_factor(AREAS, roads_of(("residential", False, WALL)).drop(columns=["highway", "tunnel"]))["A"] == 50


def test_a_surface_is_crossed_but_not_by_those_who_start_in_it():
    between = gpd.GeoDataFrame(geometry=[shapely.box(150, -50, 250, 50)], crs=CRS)
    assert barrier_factor(AREAS, between)["A"] == 50
    around_b = gpd.GeoDataFrame(geometry=[shapely.box(50, -50, 150, 50)], crs=CRS)
    assert barrier_factor(AREAS, around_b).to_dict() == pytest.approx({"A": 50, "B": 0, "C": 50, "D": np.nan},
                                                                      nan_ok=True)  # fmt: skip


def test_neighbors_lie_within_the_radius():
    assert barrier_factor(AREAS, roads_of(("primary", False, WALL)), radius_m=150).isna().tolist() == [
        False, False, True, True,
    ]  # fmt: skip
    assert barrier_factor(AREAS, roads_of(("primary", False, WALL)), radius_m=9_000)["D"] == pytest.approx(200 / 3)


def test_no_roads_no_areas():
    assert barrier_factor(AREAS, roads_of(("primary", False, WALL)).iloc[:0])["A"] == 0
    assert len(barrier_factor(AREAS.iloc[:0], roads_of(("primary", False, WALL)))) == 0


def test_inputs_are_left_as_they_are():
    roads = roads_of(("primary", False, WALL))
    kept = roads.copy(), AREAS.copy()
    barrier_factor(AREAS, roads)
    assert roads.equals(kept[0])
    assert AREAS.equals(kept[1])


def test_bad_input_is_refused():
    roads = roads_of(("primary", False, WALL))
    with pytest.raises(InputError) as caught:
        barrier_factor(AREAS.set_geometry(gpd.GeoSeries([None] * 4, AREAS.index, crs=CRS)), roads, radius_m=-1)
    assert len(caught.value.faults) == 2
    with pytest.raises(CrsError):
        barrier_factor(AREAS, roads.to_crs(25833))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 40), st.integers(0, 25))
def test_it_agrees_with_every_pair_held_against_every_road(seed, n_areas, n_roads):
    rng = np.random.default_rng(seed)
    at = rng.uniform(0, 2000, (n_areas, 2))
    areas = gpd.GeoDataFrame(geometry=shapely.points(at), crs=CRS)
    lines = [shapely.LineString(rng.uniform(0, 2000, (40, 2))[: rng.integers(2, 40)]) for _ in range(n_roads)]
    discs = [shapely.Point(*rng.uniform(0, 2000, 2)).buffer(rng.uniform(10, 300)) for _ in range(n_roads)]
    shapes = [*lines[: n_roads // 5], *discs[: n_roads // 2]]
    roads = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, crs=CRS), crs=CRS)
    expected = []
    for i in range(n_areas):
        met = [j for j in range(n_areas) if j != i and np.hypot(*(at[i] - at[j])) <= 804.672]
        crossed = 0
        for j in met:
            way, ends = shapely.LineString(at[[i, j]]), shapely.points(at[[i, j]])
            crossed += any(
                way.intersects(shape) and not (shape.area > 0 and shapely.intersects(shape, ends).any())
                for shape in shapes
            )
        expected.append(100 * crossed / len(met) if met else np.nan)
    np.testing.assert_allclose(barrier_factor(areas, roads), expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_more_road_never_lowers_it(seed):
    rng = np.random.default_rng(seed)
    areas = gpd.GeoDataFrame(geometry=shapely.points(rng.uniform(0, 2000, (30, 2))), crs=CRS)
    lines = shapely.linestrings(rng.uniform(0, 2000, (6, 2, 2)))
    few, more = (barrier_factor(areas, gpd.GeoDataFrame(geometry=lines[:n], crs=CRS)) for n in (5, 6))
    assert (more.dropna() >= few.dropna()).all()
