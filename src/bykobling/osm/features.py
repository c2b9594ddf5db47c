"""Barrier features, destinations, buildings and boundaries as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling._pieces import cut, linestrings
from bykobling.osm.split import vertices
from bykobling.tags import LineRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.osm.scan import Scan
    from bykobling.osm.split import Project

BARRIER_COLUMNS = tuple(name for name in LineRecord._fields if name != "embedded")
GREEN_MIN_M2 = 5_000.0
"""Green space smaller than half a hectare is no destination (WHO 2016)."""
_TRAM_STREET_M = 7.0
"""A tram nearer than this to a street's centre line runs in the street..."""
_TRAM_SHARE = 0.5
"""...where at least this share of its length does."""


def shapes(wkb: list[bytes], project: Project) -> NDArray[np.object_]:
    """Turn WKB in degrees into valid polygons in metres; what is left of an unusable one is empty."""
    if not wkb:
        return np.empty(0, dtype=object)
    raw = shapely.transform(shapely.from_wkb(np.array(wkb, dtype=object)), lambda xy: project(xy[:, 0], xy[:, 1]))
    bad = ~shapely.is_valid(raw)
    raw[bad] = [_polygonal(shape) for shape in shapely.make_valid(raw[bad])]
    single = shapely.get_num_geometries(raw) == 1
    raw[single] = shapely.get_geometry(raw[single], 0)
    result: NDArray[np.object_] = raw
    return result


def _polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [p for p in shapely.get_parts(shapely.get_parts(shape)) if p.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def _frame(columns: dict[str, Any], geometry: Any, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - anything pyproj takes
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=gpd.GeoSeries(geometry, crs=crs), crs=crs)


def _text(values: list[Any]) -> pd.Series[Any]:
    return pd.Series(values, dtype=object)


def build_barriers(
    kept: Scan,
    streets: gpd.GeoDataFrame,
    sea: list[shapely.Polygon],
    project: Project,
    crs: Any,  # noqa: ANN401
) -> gpd.GeoDataFrame:
    """Gather roads, railways, water and closed land, raw as drawn."""
    points = vertices(kept.lines, project)
    pieces = cut(points.run, points.ref, np.zeros(len(points.ref), dtype=bool))
    lines = linestrings(pieces, points.xy)
    records = [kept.lines.records[k] for k in points.way[pieces.first].tolist()]
    areas = shapes([shape for _, shape in kept.barrier_areas], project)
    records += [record for record, _ in kept.barrier_areas]
    records += [_sea_record(number) for number in range(len(sea))]
    geometry = np.concatenate([lines, areas, np.array(sea, dtype=object)])
    keep = ~shapely.is_empty(geometry) & ~_in_street(records, geometry, streets)
    table = pd.DataFrame({c: _text([getattr(r, c) for r in records]) for c in BARRIER_COLUMNS})[keep]
    table = table.astype(
        {**dict.fromkeys(("osm_id", "layer"), "int64"), **dict.fromkeys(("bridge", "tunnel"), "bool"),
         **dict.fromkeys(("lanes", "maxspeed_kmh", "width_m"), "float64")}
    )  # fmt: skip
    return gpd.GeoDataFrame(table.reset_index(drop=True), geometry=gpd.GeoSeries(geometry[keep], crs=crs), crs=crs)


def _sea_record(number: int) -> LineRecord:
    nan = float("nan")
    return LineRecord(-1 - number, "way", "water", "sea", None, None, False, False, 0, nan, nan, nan, None, False)


def _in_street(
    records: list[LineRecord], geometry: NDArray[np.object_], streets: gpd.GeoDataFrame
) -> NDArray[np.bool_]:
    """Mark trams that run in the street: by their tags, else by how near a street's centre line they lie."""
    result = np.array([record.embedded is True for record in records], dtype=bool)
    unknown = np.flatnonzero([record.embedded is None for record in records])
    if not len(unknown):
        return result
    # trams also run through pedestrian streets, and people walk across the rails there
    shared = (streets["drive"] | (streets["highway"] == "pedestrian")) & ~streets["tunnel"]
    driven = streets.geometry[shared].to_numpy()
    near = shapely.buffer(driven, _TRAM_STREET_M, cap_style="flat")
    tree = shapely.STRtree(near)
    trams = geometry[unknown]
    which, street = tree.query(trams, predicate="intersects")
    for k in np.unique(which):
        cover = shapely.union_all(near[street[which == k]])
        inside = shapely.length(shapely.intersection(trams[k], cover))
        result[unknown[k]] = inside >= _TRAM_SHARE * trams[k].length
    return result


def build_destinations(kept: Scan, project: Project, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - anything pyproj takes
    """Gather destinations: points, and polygons for green space of half a hectare or more."""
    areas = shapes([row[3] for row in kept.place_areas], project)
    size = shapely.area(areas)
    category = np.array([row[1] for row in kept.place_areas], dtype=object)
    green = category == "green_space"
    place = areas.copy()
    place[~green] = shapely.point_on_surface(areas[~green])
    keep = ~shapely.is_empty(areas) & (~green | (size >= GREEN_MIN_M2))
    nodes = [row for row in kept.place_nodes if row[1] != "green_space"]
    points: Any = shapely.points(
        project(np.array([row[3] for row in nodes], dtype=float), np.array([row[4] for row in nodes], dtype=float))
    )
    rows = [*nodes, *(row for row, kept_row in zip(kept.place_areas, keep, strict=True) if kept_row)]
    table = _frame(
        {
            "dest_id": _text([row[0] for row in rows]),
            "category": _text([row[1] for row in rows]),
            "name": _text([row[2] for row in rows]),
            "weight": np.ones(len(rows)),
            "area_m2": np.concatenate([np.full(len(nodes), np.nan), size[keep]]),
        },
        np.concatenate([np.atleast_1d(points), place[keep]]),
        crs,
    )
    return table.drop_duplicates("dest_id").reset_index(drop=True)


def build_buildings(kept: Scan, project: Project, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - anything pyproj takes
    """Gather building footprints."""
    areas = shapes([row[5] for row in kept.buildings], project)
    table = _frame(
        {
            "osm_id": np.array([row[0] for row in kept.buildings], dtype=np.int64),
            "building": _text([row[1] for row in kept.buildings]),
            "levels": np.array([row[2] for row in kept.buildings], dtype=float),
            "flats": np.array([row[3] for row in kept.buildings], dtype=float),
            "residential": np.array([row[4] for row in kept.buildings], dtype=bool),
            "footprint_m2": shapely.area(areas),
        },
        areas,
        crs,
    )
    return table[~table.geometry.is_empty].reset_index(drop=True)


def build_boundaries(kept: Scan, project: Project, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - anything pyproj takes
    """Gather administrative boundaries that close."""
    areas = shapes([row[3] for row in kept.boundaries], project)
    table = _frame(
        {
            "osm_id": np.array([row[0] for row in kept.boundaries], dtype=np.int64),
            "name": _text([row[1] for row in kept.boundaries]),
            "admin_level": np.array([row[2] for row in kept.boundaries], dtype=np.int64),
        },
        areas,
        crs,
    )
    return table[~table.geometry.is_empty].reset_index(drop=True)
