"""A raster may say that its empty cells are outside the map: then they are unknown, and not quiet."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

from bykobling.raster import levels_at, read_noise


@pytest.mark.parametrize(("told", "reason"), [("outside the mapped area: not known", "unknown"), ("", "below_lowest")])
def test_empty_cells_mean_what_the_file_says(tmp_path, told, reason):
    cells = np.full((20, 20), 52.0, np.float32)
    cells[:, 10:] = -999.0
    path = tmp_path / "lden.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", count=1, width=20, height=20, nodata=-999.0, crs="EPSG:25832",
        transform=rasterio.Affine(10.0, 0.0, 700_000.0, 0.0, -10.0, 6_170_200.0),
    ) as file:  # fmt: skip
        file.write(cells, 1)
        if told:
            file.update_tags(nodata_means=told)
    levels = read_noise(path, metric="lden", source="road", lowest_db=50.0)
    points = gpd.GeoSeries(shapely.points([(700_050.0, 6_170_100.0), (700_150.0, 6_170_100.0)]), crs=25832)
    found = levels_at(levels, points)
    assert found["road_lden_db"].iloc[0] == 52.0
    assert found["road_lden_reason"].tolist() == [None, reason]


def test_nested_contours_are_closed_where_a_higher_one_begins():
    rings = [shapely.Point(0, 0).buffer(r) for r in (300, 200, 100)]
    nested = gpd.GeoDataFrame({"band": ["> 53", "> 58", "> 63"]}, geometry=rings, crs=25832)
    levels = read_noise(nested, metric="lden", source="road", column="band")
    assert [(band.lo_db, band.hi_db) for band in levels.bands] == [(53, 58), (58, 63), (63, np.inf)]
    found = levels_at(levels, gpd.GeoSeries(shapely.points([(250, 0), (150, 0), (50, 0)]), crs=25832))
    assert found["road_lden_db"].tolist() == [55.5, 60.5, 65.5]


def test_a_map_that_only_speaks_of_screening_is_no_estimate(tmp_path):
    path = tmp_path / "official.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", count=1, width=4, height=4, crs="EPSG:25832",
        transform=rasterio.Affine(10.0, 0.0, 700_000.0, 0.0, -10.0, 6_170_200.0),
    ) as file:  # fmt: skip
        file.write(np.full((4, 4), 55.0, np.float32), 1)
        file.update_tags(method="Nord2000, with screening by buildings and noise barriers")
    assert not read_noise(path, metric="lden", source="road").screening
