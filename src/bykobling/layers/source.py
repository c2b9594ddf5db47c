"""The door every vector layer of the user's passes: open, check, repair, project."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from bykobling import _check
from bykobling._check import ROW
from bykobling._globe import local_utm
from bykobling.errors import CrsError, Fault, InputError, ReadError
from bykobling.layers.where import Where

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bykobling.errors import Severity

Source: TypeAlias = str | os.PathLike[str] | gpd.GeoDataFrame
"""A local file in any format GDAL reads, or a GeoDataFrame."""

POLYGONS = ("Polygon", "MultiPolygon")
LINES = ("LineString", "MultiLineString")
_REDIRECTS = (b"<OGRVRTDataSource", b"<VRTDataset", b"<OGRWFSDataSource", b"<GDAL_WMS", b"<WMS_", b"<OGRWarpedLayer")
_DEGREES = 360.0
_OSM = (".pbf", ".osm", ".osm.gz", ".osm.bz2")


def open_layer(
    source: Source,
    *,
    kinds: Iterable[str],
    needed: Iterable[str] = (),
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    name: str | None = None,
    absent: Severity = "error",
) -> tuple[gpd.GeoDataFrame, str, list[Fault]]:
    """Read one layer, repair and project it, and list what is wrong with its rows.

    A column `ROW` (from 1) tells the place in the file (after a filter in SQL, the place among what it left). Rows
    without a usable geometry are faults and left out.

    Parameters
    ----------
    source : path or GeoDataFrame
        A local file or a table.
    kinds : iterable of str
        Geometry types allowed.
    needed : iterable of str
        Columns that must be there.
    crs : optional
        Metric CRS to project to; the local UTM zone by default.
    layer : str, optional
        Which layer of the file; needed where there are several.
    where : str or Where, optional
        A condition, or for files an attribute filter in SQL, e.g. ``"residents > 0"``.
    name : str, optional
        What to call the layer in messages.
    absent : {"error", "warning"}, optional
        What a row without geometry is.

    Returns
    -------
    tuple of GeoDataFrame, str, list of Fault
        The table, its name for messages, and what was found.

    Raises
    ------
    ReadError
        If the file cannot be read or is not a local file.
    InputError
        If the layer or a needed column is missing, or there is no row.
    CrsError
        If the layer has no CRS or `crs` is not metric.
    """
    target = None if crs is None else _check.metric_crs(crs, file="crs")
    found: list[Fault]
    if isinstance(source, gpd.GeoDataFrame):
        label, table, found = name or "table", source.copy(), []
    else:
        label, table, found = _read_file(source, layer, None if isinstance(where, Where) else where)
    if table.empty:
        raise InputError(Fault(label, "", "there is no row in it", "check the layer and the filter"))
    table[ROW] = np.arange(1, len(table) + 1)
    wanted = [*needed, where.column] if isinstance(where, Where) else needed
    missing = _check.columns(table, wanted, file=label)
    found += missing
    if isinstance(where, Where) and where.column in table.columns:
        table = _filtered(table, where, label, found)
    if table.crs is None:
        remedy = "set the CRS it was drawn in (QGIS: Assign projection; set_crs in Python)"
        raise CrsError([*found, Fault(label, "", "it has no CRS", remedy)])
    table = _usable(table, kinds, label, found, absent)
    table = _project(table, target, label, found)
    if missing:
        raise InputError(found)
    return _repair(table, label, found), label, found


def _filtered(table: gpd.GeoDataFrame, where: Where, label: str, found: list[Fault]) -> gpd.GeoDataFrame:
    kept = table[where.holds(table[where.column])].copy()
    if kept.empty:
        found.append(Fault(label, f"column {where.column}", "no row meets the condition", "check `where`"))
        raise InputError(found)
    return kept


def _usable(
    table: gpd.GeoDataFrame, kinds: Iterable[str], label: str, found: list[Fault], absent: Severity
) -> gpd.GeoDataFrame:
    """Keep the rows with a shape of the right kind, flat; tell the others."""
    shapes = shapely.force_2d(table.geometry.to_numpy())
    # many formats write every point as a MultiPoint of one
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT) & (shapely.get_num_geometries(shapes) == 1)
    shapes[alone] = shapely.get_geometry(shapes[alone], 0)
    table = table.set_geometry(gpd.GeoSeries(shapes, table.index, crs=table.crs))
    found += _check.geometries(table, kinds, file=label, at=table[ROW].to_list(), absent=absent)
    types = np.asarray(table.geometry.geom_type, dtype=object)
    left = table[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & np.isin(types, list(kinds))].copy()
    if left.empty:
        rule = f"no {' or '.join(kinds)} is left in it"
        raise InputError([*found, Fault(label, "", rule, "choose another file or layer")])
    return left


def _read_file(
    path: str | os.PathLike[str], layer: str | None, where: str | None
) -> tuple[str, gpd.GeoDataFrame, list[Fault]]:
    file = _local(path)
    chosen = _choose(file, layer)
    label = file.name if layer is None else f"{file.name}|{layer}"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            table = pyogrio.read_dataframe(file, layer=chosen, where=where)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
            raise ReadError(
                f"{label}: it cannot be read ({error}). Remedy: open it in QGIS and export it again."
            ) from error
    if not isinstance(table, gpd.GeoDataFrame):
        raise InputError(Fault(label, "", "it has no geometry", "use a layer with shapes, not a plain table"))
    notes = [Fault(label, "", str(w.message).rstrip("."), "look at the file in QGIS", "warning") for w in said]
    return label, table, notes


def _local(path: str | os.PathLike[str]) -> Path:
    """Accept local files alone: GDAL would also open addresses and services, and files that point to them."""
    text = os.fspath(path)
    if "://" in text or text.startswith("/vsi"):
        raise ReadError(f"{text}: not a local file. Remedy: download it first and give its path.")
    file = Path(text)
    if file.is_dir() and file.suffix.lower() == ".gdb":
        return file.resolve()
    if not file.is_file():
        what = "a folder, not a file" if file.is_dir() else "there is no such file"
        raise ReadError(f"{text}: {what}. Remedy: check the path, relative to {Path.cwd()}.")
    if file.name.lower().endswith(_OSM):
        raise ReadError(f"{file.name}: an OSM file, not a vector layer. Remedy: bykobling.read_osm reads it.")
    with file.open("rb") as stream:
        head = stream.read(4096)
    if not head:
        raise ReadError(f"{file.name}: the file is empty (0 bytes). Remedy: export it again.")
    if any(mark in head for mark in _REDIRECTS):
        raise ReadError(f"{file.name}: it only points to other data. Remedy: export the data itself to a GeoPackage.")
    return file.resolve()


def _choose(file: Path, layer: str | None) -> str:
    try:
        listed = pyogrio.list_layers(file)
    except (pyogrio.errors.DataSourceError, RuntimeError, UnicodeDecodeError) as error:
        raise ReadError(f"{file.name}: not a vector file GDAL can read ({error}). Remedy: use a GeoPackage.") from error
    names = [str(name) for name, kind in listed if kind is not None and name != "layer_styles"]
    there = ", ".join(names) or "none with shapes"
    if layer is not None:
        if layer not in names:
            hint = _check.nearest(layer, names)
            remedy = f"{hint}; choose one of: {there}" if hint else f"choose one of: {there}"
            raise InputError(Fault(file.name, f"layer {layer}", "there is no such layer", remedy))
        return layer
    if not names:
        raise InputError(Fault(file.name, "", "it has no layer with shapes", "use a layer with geometry"))
    if len(names) > 1:
        raise InputError(Fault(file.name, "", f"it has {len(names)} layers", f"name one with layer=: {there}"))
    return names[0]


def _project(table: gpd.GeoDataFrame, target: Any, label: str, found: list[Fault]) -> gpd.GeoDataFrame:  # noqa: ANN401
    if table.crs.is_geographic and (np.abs(table.total_bounds) > _DEGREES).any():
        rule = f"it says {table.crs.name} but holds metres, which do not fit its CRS"
        raise CrsError([*found, Fault(label, "", rule, "assign the CRS the layer was drawn in")])
    try:
        crs = target if target is not None else local_utm(table)
        moved = table.to_crs(crs)
    except (RuntimeError, ValueError) as error:
        rule = f"its positions do not fit its CRS {table.crs.name} ({error})"
        raise CrsError([*found, Fault(label, "", rule, "assign the CRS the layer was drawn in")]) from error
    finite = np.isfinite(moved.bounds.to_numpy()).all(axis=1)
    if not finite.all():
        found.append(
            Fault(label, _check.rows(moved[ROW][~finite]), "the positions cannot be projected",
                  "assign the CRS the layer was drawn in, or delete the rows")
        )  # fmt: skip
        moved = moved[finite].copy()
        if moved.empty:
            raise InputError(found)
    return moved


def _repair(table: gpd.GeoDataFrame, label: str, found: list[Fault]) -> gpd.GeoDataFrame:
    """Make invalid polygons valid; what has no surface left, or no length, is an error."""
    shapes = table.geometry.to_numpy().copy()
    bad = ~shapely.is_valid(shapes)
    if not bad.any():
        return table
    area = np.isin(table.geometry.geom_type, POLYGONS)
    shapes[bad & area] = [polygonal(shape) for shape in shapely.make_valid(shapes[bad & area])]
    lost = np.where(area, shapely.is_empty(shapes), bad & (shapely.length(shapes) == 0))
    if lost.any():
        found.append(Fault(label, _check.rows(table[ROW][lost]), "the shape has no surface or length", "draw it again"))
    repaired = table.set_geometry(gpd.GeoSeries(shapes, table.index, crs=table.crs))
    return repaired[~lost].copy()


def polygonal(shape: shapely.Geometry) -> shapely.Geometry:
    """Keep the surfaces of a shape: lines and points that a repair or an intersection leaves are dropped."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()
