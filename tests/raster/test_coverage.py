"""Cells under polygons: against numbers computed elsewhere, and against intersecting every cell."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bykobling.exposure import energy_mean_db
from bykobling.raster import read_noise
from bykobling.raster.coverage import cell_shares, covered_cells, plain_shares
from tests.raster.maps import NONE, golden, turned, write_tiff

ROAD = {"metric": "lden", "source": "road"}


@pytest.mark.parametrize("side", [1_024, 4])
def test_zonal_golden(tmp_path, monkeypatch, side):
    case = golden("zonal/zonal_exact_20x20.json")
    values = np.array([[np.nan if v is None else v for v in row] for row in case["raster"]])
    west, north = case["origin"]
    grid = Affine(case["res"], 0, west, 0, -case["res"], north)
    path = write_tiff(
        tmp_path / "n.tif", values, transform=grid, nodata=np.nan, tiled=True, blockxsize=16, blockysize=16
    )
    # windows smaller than the polygons give the same
    monkeypatch.setattr("bykobling.raster.coverage.piece", lambda _: (side, side))
    raster = read_noise(path, **ROAD).raster
    for name, want in case["expected"].items():
        parts = list(covered_cells(raster, np.array([shapely.from_wkt(want["wkt"])])))
        level = np.concatenate([part[1] for part in parts])
        share = np.concatenate([part[2] for part in parts])
        there = ~np.isnan(level)
        level, share = level[there], share[there]
        assert share.sum() == pytest.approx(want["count"], abs=1e-5), name
        assert (level * share).sum() / share.sum() == pytest.approx(want["mean_arith"], abs=1e-6), name
        assert energy_mean_db(level, share) == pytest.approx(want["mean_energy_db"], abs=1e-6), name
        assert level.max() == want["max"], name
        assert share[level >= 58].sum() / share.sum() == pytest.approx(want["share_ge_58"], abs=1e-6), name


CORNERS = st.lists(st.tuples(*[st.floats(-2, 8, width=32)] * 2), min_size=3, max_size=8)


@settings(max_examples=60, deadline=None)
@example([(0.0, 0.0), (3.0, 3.0), (1e-38, 2.0), (-1.0, 0.0)])
@given(CORNERS)
def test_exactextract_agrees_with_shapely(corners):
    shape = shapely.convex_hull(shapely.multipoints(corners))
    if shape.area < 0.01:
        return
    window = np.arange(30.0).reshape(5, 6)
    window[2, 3] = np.nan
    fast, slow = (f(shape, window, 0.0, 0.0 + 5) for f in (cell_shares, plain_shares))
    for value in range(30):
        a, b = (share[values == value].sum() for values, share in (fast, slow))
        assert a == pytest.approx(b, abs=1e-5)
    inside = shapely.area(shapely.intersection(shape, shapely.box(0, 0, 6, 5)))
    assert fast[1].sum() == pytest.approx(inside, abs=1e-5)


def test_without_exactextract_shapely_does_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "exactextract", None)
    values, shares = cell_shares(shapely.box(0.5, 0, 2, 1), np.array([[50.0, 60.0]]), 0, 1)
    assert values.tolist() == [50, 60]
    assert shares.tolist() == [0.5, 1.0]


@pytest.mark.parametrize("angle", [0, 37, 180])
def test_any_grid_covers_the_same_surface(tmp_path, angle):
    values = np.full((20, 20), 60, np.float32)
    values[3, 4] = NONE
    raster = read_noise(write_tiff(tmp_path / "n.tif", values, transform=turned(angle)), **ROAD).raster
    middle = shapely.Point(*(turned(angle).c, turned(angle).f))
    shape = middle.buffer(1_000)
    ((_, level, share),) = covered_cells(raster, np.array([shape]))
    assert share.sum() == pytest.approx(400)
    assert np.isnan(level).sum() == 1
