"""Barriers, destinations, buildings and boundaries out of a user's layers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import _check, tags
from bykobling._check import ROW
from bykobling._types import BarrierKind
from bykobling.errors import Fault
from bykobling.layers.columns import amounts, chosen, numbers, objects, take, text
from bykobling.layers.source import LINES, POLYGONS, Source, open_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bykobling.layers.where import Where

_TRUE = frozenset({"1", "yes", "true", "t", "y", "ja"})


def _flags(values: pd.Series[Any]) -> np.ndarray:
    return np.array([str(v).strip().lower() in _TRUE if v is not None else False for v in text(values)], dtype=bool)


def read_lines_or_polygons(
    source: Source,
    *,
    kind: BarrierKind | None = None,
    name: str | None = None,
    width_m: float | None = None,
    aadt: float | None = None,
    lanes: float | None = None,
    skip_absent: bool = False,
    columns: Mapping[str, str | None] | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read a barrier layer of the user's.

    Parameters
    ----------
    source : path or GeoDataFrame
        Lines or polygons. Columns read where there are any: ``kind subkind name ref width_m aadt lanes
        maxspeed_kmh bridge tunnel layer service``.
    kind : {"road", "railway", "water", "land", "user"}, optional
        Kind of every row; the column ``kind``, else ``"user"``, by default.
    name, width_m, aadt, lanes : optional
        One value for every row, or where `columns` names a column too, for the rows it leaves empty.
    skip_absent : bool, optional
        Whether rows without a shape are left out with a warning; otherwise they are errors.
    columns : mapping, optional
        Documented name -> name in the file, e.g. ``{"aadt": "aadt_koretojer"}``; None leaves a column unread.
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
        One row a feature. Columns of ``OsmExtract.barrier_features`` (``osm_id`` negative, ``osm_type`` "user") and
        ``aadt``. ``subkind`` is "user" and ``name`` None where nothing tells them; `make_barriers` names a barrier
        without a name after the street beside it.

    Raises
    ------
    InputError
        With every fault found.
    """
    table, label, found = open_layer(
        source, kinds=(*LINES, *POLYGONS), needed=chosen(columns), crs=crs, layer=layer, where=where, name="barriers",
        absent="warning" if skip_absent else "error",
    )  # fmt: skip
    kinds = text(take(table, "kind", kind, columns, "user")).fillna("user")
    odd = ~kinds.isin(get_args(BarrierKind))
    if odd.any():
        seen = ", ".join(sorted(set(kinds[odd])))
        found.append(
            Fault(label, _check.rows(table[ROW][odd]), f"kind is {seen}",
                  f"use one of {', '.join(get_args(BarrierKind))}, or give kind= for the whole layer")
        )  # fmt: skip
    measures = {"lanes": lanes, "maxspeed_kmh": None, "width_m": width_m, "aadt": aadt}
    good = {}
    for key, value in measures.items():
        number, wrong = amounts(take(table, key, value, columns), file=label, at=table[ROW].to_list())
        good[key] = number.to_numpy()
        found += wrong
    _check.settle(found, faults)
    result = pd.DataFrame(
        {
            "osm_id": -table[ROW].to_numpy(np.int64),
            "osm_type": objects(["user"] * len(table)),
            "kind": objects(kinds),
            "subkind": objects(text(take(table, "subkind", None, columns)).fillna("user")),
            "name": objects(text(take(table, "name", name, columns))),
            "ref": objects(text(take(table, "ref", None, columns))),
            "bridge": _flags(take(table, "bridge", None, columns)),
            "tunnel": _flags(take(table, "tunnel", None, columns)),
            "layer": numbers(take(table, "layer", None, columns)).fillna(0).to_numpy().astype(np.int64),
            "lanes": good["lanes"],
            "maxspeed_kmh": good["maxspeed_kmh"],
            "width_m": good["width_m"],
            "service": objects(text(take(table, "service", None, columns))),
            "aadt": good["aadt"],
        }
    )
    frame = gpd.GeoDataFrame(result, geometry=table.geometry.to_numpy(), crs=table.crs)
    return frame[~odd.to_numpy()].reset_index(drop=True)


def read_destination_layer(
    source: Source,
    *,
    category: str | None = None,
    name: str | None = None,
    weight: float | None = None,
    id_stem: str | None = None,
    as_points: bool = True,
    skip_absent: bool = False,
    columns: Mapping[str, str | None] | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read destinations of the user's: jobs, polling stations, staffed playgrounds.

    Parameters
    ----------
    source : path or GeoDataFrame
        Points or polygons. Columns read where there are any: ``dest_id category name weight``.
    category, name, weight : optional
        One value for every row, or where `columns` names a column too, for the rows it leaves empty. A category of
        one's own is welcome.
    id_stem : str, optional
        Start of the ids of rows without one, before the row number; the name of the file by default.
    as_points : bool, optional
        Whether polygons become points on their surface; otherwise they stay, to be reached at their edge.
    skip_absent : bool, optional
        Whether rows without a shape are left out with a warning; otherwise they are errors.
    columns : mapping, optional
        Documented name -> name in the file, e.g. ``{"weight": "jobs"}``; None leaves a column unread.
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
        ``dest_id category name weight area_m2``; Points, but polygons stay polygons for ``green_space``.

    Raises
    ------
    InputError
        With every fault found.
    """
    table, label, found = open_layer(
        source, kinds=("Point", *POLYGONS), needed=chosen(columns), crs=crs, layer=layer, where=where,
        name="destinations", absent="warning" if skip_absent else "error",
    )  # fmt: skip
    at = table[ROW].to_list()
    categories = text(take(table, "category", category, columns))
    blank = categories.isna() | (categories == "")
    if blank.any():
        found.append(
            Fault(label, _check.rows(table[ROW][blank]), "no category", "give category=, or a column of that name")
        )
    stem = id_stem or label.rsplit(".", 1)[0]
    fallback = pd.Series([f"{stem}:{row}" for row in table[ROW]], index=table.index, dtype=object)
    ids = text(take(table, "dest_id", None, columns)).fillna(fallback).rename("dest_id")
    found += _check.unique(ids, file=label, at=at)
    weights = take(table, "weight", weight, columns, 1.0)
    found += _check.weights(weights, file=label, at=at)
    _check.settle(found, faults)
    shapes = table.geometry.to_numpy().copy()
    area = shapely.get_dimensions(shapes) == 2
    to_point = area & ((categories != "green_space").to_numpy() & as_points)
    sizes = np.where(area, shapely.area(shapes), np.nan)
    shapes[to_point] = shapely.point_on_surface(shapes[to_point])
    number = numbers(weights)
    good = ~(blank | ids.duplicated() | ~(number >= 0) | ~np.isfinite(number)).to_numpy()
    result = pd.DataFrame(
        {
            "dest_id": objects(ids),
            "category": objects(categories),
            "name": objects(text(take(table, "name", name, columns))),
            "weight": number.to_numpy(),
            "area_m2": sizes,
        }
    )
    return gpd.GeoDataFrame(result, geometry=shapes, crs=table.crs)[good].reset_index(drop=True)


def read_building_layer(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read building footprints of the user's.

    Parameters
    ----------
    source : path or GeoDataFrame
        Polygons. Columns read where there are any: ``building`` (OSM value, "yes" by default), ``levels``, ``flats``,
        ``residential`` (yes/no; by default told from ``building``).
    columns : mapping, optional
        Documented name -> name in the file.
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
        ``osm_id`` (negative row number) ``building levels flats residential footprint_m2``.

    Raises
    ------
    InputError
        With every fault found.
    """
    table, _label, found = open_layer(
        source, kinds=POLYGONS, needed=chosen(columns), crs=crs, layer=layer, where=where, name="buildings"
    )
    _check.settle(found, faults)
    building = text(take(table, "building", None, columns, "yes")).fillna("yes")
    told = text(take(table, "residential", None, columns))
    guess = np.array([tags.is_residential({"building": value}) for value in building], dtype=bool)
    result = pd.DataFrame(
        {
            "osm_id": -table[ROW].to_numpy(np.int64),
            "building": objects(building),
            "levels": numbers(take(table, "levels", None, columns)).to_numpy(),
            "flats": numbers(take(table, "flats", None, columns)).to_numpy(),
            "residential": np.where(told.isna(), guess, _flags(told)),
            "footprint_m2": table.geometry.area.to_numpy(),
        }
    )
    return gpd.GeoDataFrame(result, geometry=table.geometry.to_numpy(), crs=table.crs)


def read_boundary_layer(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read named boundaries of the user's.

    Parameters
    ----------
    source : path or GeoDataFrame
        Polygons. Columns read where there are any: ``name``, ``admin_level``.
    columns : mapping, optional
        Documented name -> name in the file.
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
        ``osm_id`` (negative row number) ``name admin_level`` (0 where untold).

    Raises
    ------
    InputError
        With every fault found.
    """
    table, _label, found = open_layer(
        source, kinds=POLYGONS, needed=chosen(columns), crs=crs, layer=layer, where=where, name="boundaries"
    )
    _check.settle(found, faults)
    result = pd.DataFrame(
        {
            "osm_id": -table[ROW].to_numpy(np.int64),
            "name": objects(text(take(table, "name", None, columns))),
            "admin_level": numbers(take(table, "admin_level", None, columns)).fillna(0).to_numpy().astype(np.int64),
        }
    )
    return gpd.GeoDataFrame(result, geometry=table.geometry.to_numpy(), crs=table.crs)
