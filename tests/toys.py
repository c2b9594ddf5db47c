"""Toy towns a person can check: street tables, crossings and extracts made by hand."""

from __future__ import annotations

from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from bykobling.barriers import BarrierRules, is_barrier_road, make_barriers, open_barriers
from bykobling.network import Network
from bykobling.network.two_sided import two_sided

CRS = "EPSG:25832"

_DEFAULTS = {
    "osm_id": 0,
    "name": None,
    "ref": None,
    "highway": "residential",
    "walk": True,
    "bike_forward": True,
    "bike_backward": True,
    "drive": True,
    "oneway": False,
    "lanes": np.nan,
    "maxspeed_kmh": np.nan,
    "bridge": False,
    "tunnel": False,
    "layer": 0,
    "steps": False,
    "sidewalk_separate": False,
    "crossing": None,
}


def streets_table(pieces):
    """Make a streets table from ``((x1, y1), (x2, y2), {column: value})``; ends at one place and level share a node."""
    ids: dict[tuple[float, float, int], int] = {}
    rows = []
    for number, piece in enumerate(pieces):
        *points, options = piece if isinstance(piece[-1], dict) else (*piece, {})
        line = shapely.LineString(points)
        level = options.pop("level", 0)
        ends = [ids.setdefault((*map(float, p), level), len(ids) + 1) for p in (points[0], points[-1])]
        rows.append(
            {
                **_DEFAULTS,
                "osm_id": number,
                **options,
                "u": ends[0],
                "v": ends[1],
                "length_m": line.length,
                "geometry": line,
            }
        )
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)
    for column in ("name", "ref", "crossing"):
        table[column] = table[column].astype(object).where(table[column].notna(), None)
    return table


def grid(n_x, n_y, *, spacing=100.0, x0=0.0, y0=0.0, **options):
    """Return pieces of a grid of streets with ``n_x`` by ``n_y`` nodes."""
    at = [[(x0 + i * spacing, y0 + j * spacing) for i in range(n_x)] for j in range(n_y)]
    across = [(at[j][i], at[j][i + 1], dict(options)) for j in range(n_y) for i in range(n_x - 1)]
    up = [(at[j][i], at[j + 1][i], dict(options)) for j in range(n_y - 1) for i in range(n_x)]
    return across + up


def crossings_table(streets, marks):
    """Make a crossings table from ``{(x, y): kind}``."""
    places = {}
    for row in streets.itertuples():
        places[row.geometry.coords[0]] = row.u
        places[row.geometry.coords[-1]] = row.v
    return gpd.GeoDataFrame(
        {
            "node": np.array([places[tuple(map(float, p))] for p in marks], np.int64),
            "kind": list(marks.values()),
        },
        geometry=[shapely.Point(p) for p in marks],
        crs=CRS,
    )


def features_table(features):
    """Make raw barrier features from ``(kind, subkind, name, geometry, {column: value})``."""
    rows = [
        {
            "osm_id": i, "osm_type": "way", "kind": kind, "subkind": subkind, "name": name, "ref": None,
            "bridge": False, "tunnel": False, "layer": 0, "lanes": np.nan, "maxspeed_kmh": np.nan,
            "width_m": np.nan, "service": None, "geometry": geometry,
            **(options[0] if options else {}),
        }
        for i, (kind, subkind, name, geometry, *options) in enumerate(features)
    ]  # fmt: skip
    if not rows:
        empty = features_table([("land", "x", None, shapely.Point(0, 0).buffer(1))])
        return empty.iloc[:0]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=CRS)


def empty_layer(*columns):
    """Return a layer without rows."""
    return gpd.GeoDataFrame({column: [] for column in columns}, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)


def extract_of(streets, features=(), marks=None, buildings=None, extent=None):
    """Put tables together as the OSM reader does."""
    box = extent if extent is not None else shapely.box(*streets.total_bounds).buffer(10_000)
    return SimpleNamespace(
        streets=streets,
        crossings=crossings_table(streets, marks or {}),
        barrier_features=features_table(features),
        destinations=empty_layer("dest_id", "category", "name", "weight", "area_m2"),
        buildings=buildings if buildings is not None else empty_layer("osm_id", "building", "levels"),
        boundaries=empty_layer("osm_id", "name", "admin_level"),
        extent=box,
        crs=pyproj.CRS(CRS),
        source="toy",
        notes=(),
    )


def points_layer(places, **columns):
    """Make a layer of points."""
    return gpd.GeoDataFrame(columns, geometry=[shapely.Point(p) for p in places], crs=CRS)


def opened_town(extract, *, mode="walk", rules=None, user_layers=()):
    """Take a toy through the whole chain: two sides, network, barriers, openings."""
    rules = rules or BarrierRules()
    streets = two_sided(extract.streets, extract.crossings, is_barrier_road(extract.streets, rules=rules))
    network = Network.from_streets(streets, mode=mode)
    barriers = make_barriers(extract, rules=rules, user_layers=user_layers)
    return SimpleNamespace(
        streets=streets,
        network=network,
        barriers=barriers,
        openings=open_barriers(network, barriers, buildings=extract.buildings),
    )
