"""Gradients from a raster of heights: planes by hand, rasters that will not do, the real one of Porto Alegre."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import InputError, ReadError
from bykobling.scenario import AddLink, RemoveLink, Scenario
from bykobling.scenario.heights import gradient_from_dem, with_gradients

CRS = 25832
REAL = Path(__file__).parents[3] / "shared" / "data" / "porto_alegre" / "poa_elevation.tif"
X0, Y0, CELL = 724_000.0, 6_176_000.0, 10.0


def line(*places):
    return shapely.LineString([(X0 + x, Y0 - y) for x, y in places])


def written(path, heights, *, crs=CRS, unit=None, nodata=None):
    heights = np.asarray(heights, "float32")
    profile = {
        "driver": "GTiff", "width": heights.shape[1], "height": heights.shape[0], "count": 1, "dtype": "float32",
        "crs": crs, "transform": rasterio.Affine(CELL, 0.0, X0, 0.0, -CELL, Y0), "nodata": nodata,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as dataset:
        dataset.write(heights, 1)
        if unit:
            dataset.set_band_unit(1, unit)
    return path


@pytest.fixture(scope="module")
def plane(tmp_path_factory):
    """Rises a metre a cell to the east: 10 %."""
    return written(tmp_path_factory.mktemp("dem") / "plane.tif", np.tile(np.arange(20.0), (20, 1)))


def test_a_plane_rises_by_its_slope_and_falls_back(plane):
    east = line((15, 50), (115, 50))
    assert gradient_from_dem(plane, east, crs=CRS) == pytest.approx(10.0)
    assert gradient_from_dem(plane, shapely.reverse(east), crs=CRS) == pytest.approx(-10.0)
    assert gradient_from_dem(plane, line((50, 15), (50, 115)), crs=CRS) == pytest.approx(0.0, abs=1e-6)
    # only the ends count, and the length as drawn
    detour = line((15, 50), (15, 150), (115, 150), (115, 50))
    assert gradient_from_dem(plane, detour, crs=CRS) == pytest.approx(10 / 3)


@given(*[st.floats(5, 195)] * 4)
def test_between_cells_a_plane_stays_a_plane(plane, x0, y0, x1, y1):
    drawn = line((x0, y0), (x1, y1))
    if drawn.length < 1:
        return
    assert gradient_from_dem(plane, drawn, crs=CRS) == pytest.approx(10 * (x1 - x0) / drawn.length, abs=1e-3)


def test_the_line_may_be_in_another_crs(plane):
    drawn = gpd.GeoSeries([line((15, 50), (115, 50))], crs=CRS)
    assert gradient_from_dem(plane, drawn.to_crs(32633).iloc[0], crs=32633) == pytest.approx(10.0, abs=0.05)


def test_ends_without_a_height_are_told(plane, tmp_path):
    with pytest.raises(InputError, match="no height at the end") as caught:
        gradient_from_dem(plane, line((15, 50), (500, 50)), crs=CRS)
    assert "Remedy" in str(caught.value)
    holes = np.zeros((20, 20))
    holes[:, 0:3] = -9999
    holed = written(tmp_path / "holes.tif", holes, nodata=-9999)
    with pytest.raises(InputError, match="no height at the start"):
        gradient_from_dem(holed, line((15, 50), (115, 50)), crs=CRS)


def test_rasters_that_will_not_do(tmp_path):
    drawn = line((15, 50), (115, 50))
    with pytest.raises(ReadError, match="no such file"):
        gradient_from_dem(tmp_path / "none.tif", drawn, crs=CRS)
    broken = tmp_path / "broken.tif"
    broken.write_text("no raster")
    with pytest.raises(ReadError, match="cannot be read as a raster"):
        gradient_from_dem(broken, drawn, crs=CRS)
    with pytest.raises(InputError, match="heights are in 'ft'"):
        gradient_from_dem(written(tmp_path / "feet.tif", np.zeros((9, 9)), unit="ft"), drawn, crs=CRS)
    with pytest.raises(InputError, match="no CRS"):
        gradient_from_dem(written(tmp_path / "bare.tif", np.zeros((9, 9)), crs=None), drawn, crs=CRS)


def test_links_of_a_scenario_are_given_theirs_and_those_of_ones_own_stay(plane):
    east, off = line((15, 50), (115, 50)), line((15, 50), (900, 50))
    links = (
        AddLink(east), AddLink(east, gradient_pct=2.0), AddLink(east, kind="stairs"), AddLink(off), RemoveLink(east),
    )  # fmt: skip
    scenario = Scenario(links, name="Plan", crs=CRS)
    faults = []
    made = with_gradients(scenario, plane, faults=faults)
    told = [getattr(each, "gradient_pct", None) for each in made.modifications]
    assert told == [pytest.approx(10.0), 2.0, None, None, None]
    assert [fault.severity for fault in faults] == ["warning"]
    assert "modification 4" in faults[0].where
    assert scenario.modifications[0].gradient_pct is None
    with pytest.raises(InputError, match="no height"):
        with_gradients(scenario, plane)
    assert with_gradients(Scenario((links[1],), crs=CRS), plane).modifications == (links[1],)


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_file(), reason="the data of Porto Alegre is not there")
def test_porto_alegre_climbs_from_the_lake():
    """From the shore by the Usina do Gasômetro up Rua Duque de Caxias to the cathedral on its ridge."""
    ends = gpd.GeoSeries(gpd.points_from_xy([-51.2405, -51.2305], [-30.0345, -30.0335]), crs=4326).to_crs(31982)
    up = shapely.LineString(ends.tolist())
    with rasterio.open(REAL) as dataset:
        near = [float(each[0]) for each in dataset.sample([(-51.2405, -30.0345), (-51.2305, -30.0335)])]
    told = gradient_from_dem(REAL, up, crs=31982)
    # heights are whole metres
    assert told == pytest.approx(100 * (near[1] - near[0]) / up.length, abs=100 * 6 / up.length)
    assert 1 < told < 8
