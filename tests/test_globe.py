"""The local UTM zone is the one a search through the database of projections finds."""

import geopandas as gpd
import numpy as np
import pytest
from shapely import MultiPoint, Point

from bykobling._globe import local_utm

rng = np.random.default_rng(5)
PLACES = [
    *zip(rng.uniform(-179.9, 179.9, 25), rng.uniform(-79.9, 83.9, 25), strict=True),
    (0.0, 0.0), (6.0, 51.0), (-180.0, 20.0), (180.0, 20.0), (5.3, 60.4), (12.0, -0.5), (9.99, 84.0), (9.99, -80.0),
]  # fmt: skip


@pytest.mark.parametrize(("lon", "lat"), PLACES)
def test_the_zone_is_that_of_the_database(lon, lat):
    place = gpd.GeoSeries([Point(lon, lat)], crs=4326)
    assert local_utm(place) == place.estimate_utm_crs()


@pytest.mark.parametrize("crs", [25832, 3857, 27700, 4258])
def test_a_table_in_another_crs_has_the_same_zone(crs):
    # nothing of it lies near the border of a zone
    place = gpd.GeoSeries([MultiPoint([(-3.4, 54.2), (-2.8, 54.9)])], crs=4326).to_crs(crs)
    assert local_utm(place) == place.estimate_utm_crs()
    assert local_utm(place.to_frame("geometry")).to_epsg() == 32630


@pytest.mark.parametrize("crs", [3460, 2193, 3832])
def test_a_table_across_the_date_line_has_the_zone_of_its_middle(crs):
    fiji = gpd.GeoSeries([MultiPoint([(179.95, -16.8), (-179.97, -16.7)])], crs=4326).to_crs(crs)
    assert local_utm(fiji) == fiji.estimate_utm_crs()
    assert local_utm(fiji).to_epsg() in {32701, 32760}


@pytest.mark.parametrize("place", [Point(10, 89), Point(10, -85), Point()])
def test_where_there_is_no_zone_it_is_an_error(place):
    with pytest.raises((RuntimeError, ValueError)):
        local_utm(gpd.GeoSeries([place], crs=4326))
