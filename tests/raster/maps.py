"""Small noise maps a person can check."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from affine import Affine

GOLDEN = Path(__file__).parents[3] / "shared" / "golden"
LEFT, TOP = 724_000.0, 6_176_000.0

NORTH_UP = Affine(10.0, 0.0, LEFT, 0.0, -10.0, TOP)
NONE = -9999.0


def golden(name):
    import pytest

    file = GOLDEN / name
    if not file.is_file():
        pytest.skip(f"golden data are not beside the project: {file}")
    return json.loads(file.read_text(encoding="utf-8"))


def write_tiff(path, values, *, transform=NORTH_UP, crs=25832, nodata=NONE, tags=None, **profile):
    """Write one band, or several of shape (bands, rows, columns)."""
    bands = values[None] if values.ndim == 2 else values
    settings = {
        "driver": "GTiff", "count": len(bands), "height": bands.shape[1], "width": bands.shape[2],
        "dtype": bands.dtype, "nodata": nodata, **profile,
    }  # fmt: skip
    if crs is not None:
        settings["crs"] = rasterio.CRS.from_user_input(crs)
    if transform is not None:
        settings["transform"] = transform
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        out = rasterio.open(path, "w", **settings)
    with out:
        out.write(bands)
        if tags:
            out.update_tags(**tags)
    return path


def slope(rows=30, columns=40, *, lowest=50.0):
    """Levels that fall from 75 dB in the west to 36 in the east; below the lowest there is nothing."""
    values = np.broadcast_to(75.0 - np.arange(columns), (rows, columns)).astype(np.float32).copy()
    values[values < lowest] = NONE
    return values


def at(column, row, transform=NORTH_UP):
    """Return the middle of a cell as a point."""
    c, r, t = column + 0.5, row + 0.5, transform
    return shapely.Point(t.a * c + t.b * r + t.c, t.d * c + t.e * r + t.f)


def turned(angle):
    """Return the map turned around its upper left corner."""
    cos, sin = 10 * np.cos(np.radians(angle)), 10 * np.sin(np.radians(angle))
    return Affine(cos, sin, LEFT, sin, -cos, TOP)


def points(*shapes, crs=25832):
    return gpd.GeoSeries(list(shapes), crs=crs)


def contours(rows, *, crs=25832, name="category"):
    """Draw bands as boxes: (name, left, bottom, right, top), from the corner of the map."""
    shapes = [shapely.box(LEFT + a, TOP + b, LEFT + c, TOP + d) for _, a, b, c, d in rows]
    return gpd.GeoDataFrame({name: [row[0] for row in rows]}, geometry=shapes, crs=crs)
