"""A street a person can check.

::

    y=40  +------+        +------+------+       A: stands alone     homes a (2 in it), b
          |  A   |        |  B   |  C   |       B, C: share a wall  homes c, d
    y=20  +------+        +------+------+       e: stands on the pavement, in no building
    y=10  ----------------- e -------------
    y= 0  ======= the street: 75 dB, falling by 1 dB a metre ==========
          x=0   x=20      x=40   x=60   x=80
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from affine import Affine

from bykobling.raster import read_noise
from tests.raster.maps import NONE, write_tiff

ROWS, COLUMNS = 80, 200
GRID = Affine(1.0, 0.0, -50.0, 0.0, -1.0, 80.0)


def street_map(folder, *, lowest=None, crs=25832, **options):
    """Write cells of 1 m: 75 dB at y = 0, 1 dB less a metre, the same everywhere along the street."""
    y = 80.0 - np.arange(ROWS) - 0.5
    values = np.broadcast_to((75.0 - y)[:, None], (ROWS, COLUMNS)).astype(np.float32).copy()
    if lowest is not None:
        values[values < lowest] = NONE
    path = write_tiff(folder / f"street{lowest}.tif", values, transform=GRID, crs=crs)
    return read_noise(path, **{"metric": "lden", "source": "road", **options})


def buildings():
    shapes = [shapely.box(0, 20, 20, 40), shapely.box(40, 20, 60, 40), shapely.box(60, 20, 80, 40)]
    return gpd.GeoDataFrame(geometry=shapes, crs=25832, index=["A", "B", "C"])


def homes():
    places = [(10, 30), (5, 25), (50, 30), (70, 30), (100, 10)]
    return gpd.GeoDataFrame(
        {"residents": [2.0, 1.0, 4.0, 8.0, 16.0], "area_id": ["north", "north", "north", "south", "south"]},
        geometry=shapely.points(places),
        crs=25832,
        index=list("abcde"),
    )
