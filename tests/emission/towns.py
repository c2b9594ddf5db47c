"""Small towns to make noise in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

CRS = 25832


def roads(lines, **columns):
    """Streets with the columns that emission reads."""
    table = {"highway": "primary", "drive": True, "oneway": False, "tunnel": False, "maxspeed_kmh": 50.0, **columns}
    count = len(lines)
    full = {name: value if isinstance(value, (list, np.ndarray)) else [value] * count for name, value in table.items()}
    return gpd.GeoDataFrame(full, geometry=[shapely.LineString(line) for line in lines], crs=CRS)


def points(places):
    return gpd.GeoSeries(shapely.points(np.asarray(places, float)), crs=CRS)


def houses(boxes, heights):
    return gpd.GeoDataFrame({"height_m": heights}, geometry=[shapely.box(*box) for box in boxes], crs=CRS)
