"""An extract small enough to check by eye, and layers to go with it."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import shapely

CRS = "EPSG:25832"
X, Y = 700_000.0, 6_170_000.0


def box(x0, y0, x1, y1):
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


def frame(columns, geometry, crs=CRS):
    return gpd.GeoDataFrame(columns, geometry=list(geometry), crs=crs)


def extract(*, n_homes=0, levels=np.nan):
    """One residential street along y = 0 from x = 0 to 1000, homes above it, a river at x = 500.

    h h h h | h h h h     y = 10
    ========|========     y = 0
    """
    street = shapely.LineString([(X, Y), (X + 1000, Y)])
    streets = frame({"highway": ["residential"], "walk": [True], "tunnel": [False]}, [street])
    corners = np.linspace(0, 980, n_homes) if n_homes else np.empty(0)
    homes = frame(
        {
            "building": np.full(n_homes, "yes", dtype=object),
            "residential": np.ones(n_homes, bool),
            "levels": np.full(n_homes, levels, dtype=float),
            "footprint_m2": np.full(n_homes, 100.0),
        },
        [box(x, 10, x + 10, 20) for x in corners],
    )
    boundaries = frame(
        {"osm_id": [1, 2, 3, 4], "name": ["City", "West", "East", "Far"], "admin_level": [8, 10, 10, 10]},
        [box(0, -50, 1000, 50), box(0, -50, 500, 50), box(500, -50, 1000, 50), box(900, -50, 9000, 50)],
    )
    sea = frame({"kind": ["water"], "subkind": ["sea"]}, [box(0, -90, 1000, -40)])
    return SimpleNamespace(
        streets=streets, buildings=homes, boundaries=boundaries, barrier_features=sea, crs=streets.crs,
        extent=box(-10, -100, 1010, 100),
    )  # fmt: skip


def areas():
    table = frame(
        {"name": ["West", "East"], "group": ["vulnerable", "rest"]}, [box(0, -50, 500, 50), box(500, -50, 1000, 50)]
    )
    table.index = ["w", "e"]
    table.index.name = "area_id"
    return table
