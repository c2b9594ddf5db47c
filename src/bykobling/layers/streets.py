"""Streets out of a user's layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import _check, tags
from bykobling._check import ROW
from bykobling._pieces import cut, linestrings
from bykobling.errors import Fault, InputError
from bykobling.layers.columns import text
from bykobling.layers.source import LINES, Source, open_layer

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bykobling.layers.where import Where

_ROUND_M = 0.01
_INT = ("u", "v", "osm_id", "layer")
_BOOL = ("walk", "bike_forward", "bike_backward", "drive", "oneway", "bridge", "tunnel", "steps", "sidewalk_separate")
_FLOAT = ("lanes", "maxspeed_kmh")
_RECORD = tags.StreetRecord._fields


def read_streets_layer(
    source: Source,
    *,
    highway: str = "residential",
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read streets of the user's.

    Lines are joined where they share a vertex (rounded to 1 cm) and cut there: lines that cross without a common
    vertex pass over each other. A table that already has ``u`` and ``v`` and the other columns of the streets table
    (one that bykobling wrote) is taken as it is.

    Parameters
    ----------
    source : path or GeoDataFrame
        Lines. Every column named like an OSM key is read as that tag: ``highway name ref oneway bridge tunnel layer
        lanes maxspeed foot bicycle access sidewalk footway crossing ...``; ``osm_id`` where there is one.
    highway : str
        Class of rows without one.
    crs : optional
        Metric CRS to project to; the local UTM zone by default.
    layer : str, optional
        Layer of the file.
    where : str or Where, optional
        Which rows to read: a condition, or for files an attribute filter in SQL.
    faults : list of Fault, optional
        A collector, as in `read_areas`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.streets``; node ids are negative.

    Raises
    ------
    InputError
        With every fault found, or if no line is a street.
    """
    table, label, found = open_layer(source, kinds=LINES, crs=crs, layer=layer, where=where, name="streets")
    _check.settle(found, faults)
    table = table.explode(index_parts=False).reset_index(drop=True)
    if {"u", "v", "walk", "bike_forward", "bike_backward"} <= set(table.columns):
        return _ready_made(table, label)
    records = _records(table, highway)
    used = np.array([record is not None for record in records], dtype=bool)
    if not used.any():
        raise InputError(
            Fault(label, "column highway", "no line is a street", "leave the column out, or use OSM values")
        )
    return _assemble(table.geometry.to_numpy()[used], [r for r in records if r is not None], table.crs)


def _records(table: gpd.GeoDataFrame, highway: str) -> list[tags.StreetRecord | None]:
    columns = {str(c): text(table[c]).tolist() for c in table.columns if c not in {"geometry", ROW, "osm_id"}}
    ids = pd.to_numeric(table["osm_id"] if "osm_id" in table.columns else -table[ROW], errors="coerce")
    ids = ids.fillna(-table[ROW]).astype("int64")
    records: list[tags.StreetRecord | None] = []
    for place, osm_id in enumerate(ids.tolist()):
        found: dict[str, str] = {}
        for key, values in columns.items():
            value = values[place]
            if value is not None and value != "":
                found[key] = _tag(value)
        found.setdefault("highway", highway)
        kind = tags.street_class(found)
        records.append(None if kind is None else tags.street_record(osm_id, found, kind))
    return records


def _tag(value: str) -> str:
    """Write a boolean of another format as OSM would."""
    return {"True": "yes", "False": "no"}.get(value, value)


def _assemble(shapes: Any, records: list[tags.StreetRecord], crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - arrays
    xy, line = shapely.get_coordinates(shapes, return_index=True)
    grid = np.round(xy / _ROUND_M).astype(np.int64)
    same = np.zeros(len(grid), dtype=bool)
    same[1:] = (grid[1:] == grid[:-1]).all(axis=1) & (line[1:] == line[:-1])
    xy, line, grid = xy[~same], line[~same], grid[~same]
    _, ref, counts = np.unique(grid, axis=0, return_inverse=True, return_counts=True)
    ref = ref.reshape(-1)
    pieces = cut(line, ref, counts[ref] >= 2)
    source = pd.DataFrame({f: pd.Series([r[k] for r in records], dtype=object) for k, f in enumerate(_RECORD)})
    table = source.take(line[pieces.first]).reset_index(drop=True)
    table.insert(0, "u", -1 - ref[pieces.first])
    table.insert(1, "v", -1 - ref[pieces.last])
    return _typed(table, linestrings(pieces, xy), crs)


def _ready_made(table: gpd.GeoDataFrame, label: str) -> gpd.GeoDataFrame:
    missing = [name for name in _RECORD if name not in table.columns]
    defaults: dict[str, Hashable] = {**dict.fromkeys(_BOOL, False), **dict.fromkeys(_FLOAT, np.nan), "layer": 0}
    for name in missing:
        table[name] = table[ROW] * -1 if name == "osm_id" else defaults.get(name)
    found = _check.weights(table["u"].abs(), file=label) + _check.weights(table["v"].abs(), file=label)
    _check.raise_errors(found)
    frame = pd.DataFrame(table.drop(columns="geometry"))[["u", "v", *_RECORD]]
    for name in ("name", "ref", "highway", "crossing"):
        frame[name] = text(frame[name])
    return _typed(frame, table.geometry.to_numpy(), table.crs)


def _typed(frame: pd.DataFrame, shapes: Any, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - arrays
    kinds = {**dict.fromkeys(_INT, "int64"), **dict.fromkeys(_BOOL, "bool"), **dict.fromkeys(_FLOAT, "float64")}
    typed = frame.astype(kinds)
    typed["length_m"] = shapely.length(shapes)
    return gpd.GeoDataFrame(typed, geometry=shapes, crs=crs)
