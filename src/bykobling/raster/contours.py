"""Noise contours of any naming -> polygons with the edges of their band."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import _check
from bykobling._check import ROW
from bykobling.errors import Fault, InputError
from bykobling.layers.columns import amounts, plain
from bykobling.raster.bands import Band, given_band, make_band, missing_between, overlapping, parse_band

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bykobling.raster.bands import Metric

_NAMES = ("category", "stoyintervall", "interval", "isov", "class", "klasse", "band", "db_interval")
_EDGES = (("lo_db", "hi_db"), ("db_lo", "db_hi"), ("isov1", "isov2"), ("db_low", "db_high"))
_SOURCES = ("source", "noisesource", "kilde")
_OVERLAP_M2 = 1.0
_MOST_CHECKED = 20_000


def contours_of(
    table: gpd.GeoDataFrame,
    label: str,
    *,
    metric: Metric,
    column: str | Sequence[str] | None,
    bands: Mapping[Any, Any] | None,
) -> tuple[gpd.GeoDataFrame, tuple[Band, ...], list[str]]:
    """Read the band of each polygon.

    Parameters
    ----------
    table : GeoDataFrame
        Polygons as `layers.open_layer` returns them.
    label : str
        Name of the layer, for messages.
    metric : {"lden", "lnight"}
        Wanted; polygons that name the other one are left out.
    column : str, pair of str or None
        Column of band names, or of the two edges; found by the usual names otherwise.
    bands : mapping or None
        What each entry of the column means.

    Returns
    -------
    tuple of GeoDataFrame, tuple of Band, list of str
        ``lo_db``, ``hi_db``, ``level_db``, geometry, the loudest last; the bands, lowest first; notes.

    Raises
    ------
    InputError
        With every fault found.
    """
    chosen, notes = _column(table, label, column)
    if isinstance(chosen, tuple):
        told, faults = _from_edges(table, label, chosen)
    else:
        told, faults = _from_names(table, label, chosen, metric=metric, bands=bands, notes=notes)
    _check.raise_errors(faults)
    keep = np.array([band is not None for band in told], bool)
    if not keep.any():
        rule = f"no polygon is a band of {metric}"
        raise InputError(Fault(label, f"column {chosen}", rule, "choose another column, layer or metric"))
    found = _unnested([band for band in told if band is not None])
    _one_source(table[keep], label)
    frame = pd.DataFrame(
        {
            "lo_db": [band.lo_db for band in found],
            "hi_db": [band.hi_db for band in found],
            "level_db": [band.central_db for band in found],
        }
    )
    result = gpd.GeoDataFrame(frame, geometry=table.geometry.to_numpy()[keep], crs=table.crs)
    result = result.sort_values(["lo_db", "hi_db"], kind="stable", ignore_index=True)
    every = tuple(sorted(set(found)))
    notes += _about(every, result, label)
    return result, every, notes


def _column(
    table: gpd.GeoDataFrame, label: str, column: str | Sequence[str] | None
) -> tuple[str | tuple[str, str], list[str]]:
    by_lower = {str(name).lower(): str(name) for name in table.columns}
    if column is None:
        for pair in _EDGES:
            if all(name in by_lower for name in pair):
                return (by_lower[pair[0]], by_lower[pair[1]]), []
        for name in _NAMES:
            if name in by_lower:
                return by_lower[name], []
        there = ", ".join(name for name in map(str, table.columns) if name not in {"geometry", ROW})
        remedy = f"name the column of bands (column=), or the two of their edges; there are: {there}"
        raise InputError(Fault(label, "", "no column is called as those of noise contours are", remedy))
    wanted = [column] if isinstance(column, str) else list(column)
    _check.raise_errors(_check.columns(table, wanted, file=label))
    if len(wanted) > 2:
        raise InputError(Fault(label, "", f"{len(wanted)} columns are named", "name one, or two of edges (lo, hi)"))
    return (wanted[0] if len(wanted) == 1 else (wanted[0], wanted[1])), []


def _from_edges(table: gpd.GeoDataFrame, label: str, pair: tuple[str, str]) -> tuple[list[Band | None], list[Fault]]:
    at = table[ROW].to_list()
    lo, faults = amounts(table[pair[0]], file=label, at=at)
    hi, more = amounts(table[pair[1]], file=label, at=at)
    faults += more
    low, high = lo.to_numpy(float), hi.to_numpy(float)
    # an empty edge, or one no level reaches, is that of an open band
    low = np.where(np.isnan(low) | (low == 0), -np.inf, low)
    high = np.where(np.isnan(high) | (high >= 99), np.inf, high)
    wrong = (low >= high) | (np.isinf(low) & np.isinf(high))
    if wrong.any():
        where = _check.rows(np.asarray(at)[wrong])
        faults.append(Fault(label, where, f"{pair[0]} is not below {pair[1]}", "correct the edges of the bands"))
    told: list[Band | None] = [make_band(a, b) for a, b in zip(low, high, strict=True)] if not faults else []
    return told, faults


def _from_names(
    table: gpd.GeoDataFrame,
    label: str,
    column: str,
    *,
    metric: Metric,
    bands: Mapping[Any, Any] | None,
    notes: list[str],
) -> tuple[list[Band | None], list[Fault]]:
    faults: list[Fault] = []
    meaning: dict[str, tuple[str | None, Band]] = {}
    for key, value in (bands or {}).items():
        told = given_band(key, value, file=label)
        if isinstance(told, Fault):
            faults.append(told)
        else:
            meaning[plain(key) or ""] = (None, told)
    words = [plain(value) for value in table[column]]
    strange: dict[str, list[int]] = {}
    result: list[Band | None] = []
    other = 0
    for word, row in zip(words, table[ROW], strict=True):
        told_band = None if word is None else meaning.get(word) or (None if bands else parse_band(word))
        if told_band is None:
            strange.setdefault(word or "nothing", []).append(int(row))
            result.append(None)
            continue
        named, band = told_band
        other += named not in {None, metric}
        result.append(band if named in {None, metric} else None)
    for word, rows in strange.items():
        remedy = "tell what it means: bands={...: (55, 60)}, or name the columns of the two edges: column=(lo, hi)"
        faults.append(Fault(label, _check.rows(rows), f"{column} is {word!r}, which names no band", remedy))
    if other:
        notes.append(f"{label}: {other:,} polygons of the other metric than {metric} are left out.")
    return result, faults


def _unnested(bands: list[Band]) -> list[Band]:
    """Close bands that are open above where a higher one begins: nested contours (over 53, over 58, ...)."""
    begins = sorted({band.lo_db for band in bands if band.mapped})
    closed = []
    for band in bands:
        higher = [lo for lo in begins if lo > band.lo_db]
        closed.append(make_band(band.lo_db, higher[0]) if np.isinf(band.hi_db) and higher and band.mapped else band)
    return closed


def _one_source(table: gpd.GeoDataFrame, label: str) -> None:
    """Refuse contours of several sources: noise of roads and of railways is never put together."""
    by_lower = {str(name).lower(): str(name) for name in table.columns}
    for name in _SOURCES:
        if name in by_lower:
            kinds = sorted({str(value) for value in table[by_lower[name]].dropna()})
            if len(kinds) > 1:
                rule = f"it holds contours of {len(kinds)} sources: {', '.join(kinds[: _check.NAMED])}"
                remedy = f'read each alone: where=Where("{by_lower[name]}", equals=("{kinds[0]}",))'
                raise InputError(Fault(label, f"column {by_lower[name]}", rule, remedy))


def _about(bands: tuple[Band, ...], table: gpd.GeoDataFrame, label: str) -> list[str]:
    """Say what the bands leave out, and where contours lie on each other."""
    notes = [
        f"{label}: no contour holds levels from {lo:g} to {hi:g} dB; places beside them without a contour are unknown."
        for lo, hi in missing_between(bands)
    ]
    notes += [f"{label}: the bands {a} and {b} dB share levels; the higher counts." for a, b in overlapping(bands)]
    if len(table) <= _MOST_CHECKED:
        shapes = table.geometry.to_numpy()
        left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        low = table["lo_db"].to_numpy()
        pair = (left < right) & (low[left] != low[right])
        common = shapely.area(shapely.intersection(shapes[left[pair]], shapes[right[pair]])).sum()
        if common > _OVERLAP_M2:
            notes.append(f"{label}: contours of different bands overlap on {common:,.0f} m²; the highest counts there.")
    return notes
