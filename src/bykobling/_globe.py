"""Distances between places told in degrees, and the zone of the map projection they lie in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import geopandas as gpd
    import pyproj
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius."""

_UTM_SOUTH, _UTM_NORTH = -80.0, 84.0


def metres_between(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Measure great-circle distances in metres (haversine, mean radius of the Earth).

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : array of float
        Degrees.

    Returns
    -------
    array of float
        Metres.

    Examples
    --------
    >>> metres_between(np.array([12.5]), np.array([55.7]), np.array([12.5]), np.array([55.701])).round(1)
    array([111.2])
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half = half + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    result: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return result


def local_utm(table: gpd.GeoDataFrame | gpd.GeoSeries) -> pyproj.CRS:
    """Choose the UTM zone (WGS 84) that the middle of a table lies in.

    As ``GeoSeries.estimate_utm_crs``, which takes a tenth of a second to look through a database for a division by six.

    Parameters
    ----------
    table : GeoDataFrame or GeoSeries
        In any CRS.

    Returns
    -------
    pyproj.CRS

    Raises
    ------
    RuntimeError
        Without a place on the Earth, or beyond the reach of UTM.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> local_utm(gpd.GeoSeries([Point(12.5, 55.7)], crs=4326)).to_epsg()
    32633
    """
    import pyproj  # noqa: PLC0415 - distances need none

    west, south, east, north = table.total_bounds
    if table.crs is not None and not table.crs.is_geographic:
        to_degrees = pyproj.Transformer.from_crs(table.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_degrees.transform_bounds(west, south, east, north)
    lon, lat = (west + east) / 2, (south + north) / 2
    # beyond the reach of UTM it tells so, and it knows what lies across the date line
    if table.crs is None or not (-180 <= west <= east <= 180 and _UTM_SOUTH <= lat <= _UTM_NORTH):
        told: pyproj.CRS = table.estimate_utm_crs()
        return told
    zone = max(1, int(np.ceil((lon + 180) / 6)))
    return pyproj.CRS.from_epsg((32_600 if lat >= 0 else 32_700) + zone)
