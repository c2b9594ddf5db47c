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
