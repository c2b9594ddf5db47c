"""Housing areas from boundaries in the OSM extract, and how areas fit to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling._check import nearest
from bykobling.equity import REST, VULNERABLE
from bykobling.errors import Fault
from bykobling.layers.source import polygonal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.errors import Severity
    from bykobling.osm import OsmExtract
    from bykobling.study.model import AreasSource

INSIDE_SHARE = 0.9
"""A boundary is used when at least this share of its land lies inside the extract; the rest is cut off."""

_SHOWN = 5


def areas_from_boundaries(
    extract: OsmExtract, levels: Sequence[int], *, vulnerable: Sequence[str] = ()
) -> gpd.GeoDataFrame:
    """Make housing areas from administrative boundaries: the finest there are, on land, inside the extract.

    Parameters
    ----------
    extract : OsmExtract
        With ``boundaries``.
    levels : sequence of int
        OSM ``admin_level`` to use; where a finer one covers most of a coarser one, the finer is used.
    vulnerable : sequence of str, optional
        Names of areas that are vulnerable.

    Returns
    -------
    GeoDataFrame
        Index ``area_id`` (``r`` and the number of the relation); ``name``, ``group``, geometry.
    """
    table = extract.boundaries[extract.boundaries["admin_level"].isin(list(levels))]
    table = table.sort_values(["admin_level", "osm_id"], ascending=[False, True])
    features = extract.barrier_features
    sea = features[(features["subkind"] == "sea").to_numpy(bool)].geometry
    whole = shapely.difference(table.geometry.to_numpy(), sea.union_all()) if len(sea) else table.geometry.to_numpy()
    inside = shapely.intersection(whole, extract.extent)
    area = np.maximum(shapely.area(whole), 1e-9)
    inside = [polygonal(shape) for shape in inside]
    keep: list[int] = []
    finer = shapely.Polygon()
    for row, shape in enumerate(inside):
        covered = shapely.area(shapely.intersection(shape, finer)) / max(shapely.area(shape), 1e-9)
        if shapely.area(shape) >= INSIDE_SHARE * area[row] and not shape.is_empty and covered < 1 - INSIDE_SHARE:
            keep.append(row)
            finer = shapely.union(finer, shape)
    names = table["name"].to_numpy(object)[keep]
    groups = np.where(np.isin(names.astype(str), list(vulnerable)), VULNERABLE, REST).astype(object)
    ids = [f"r{abs(int(ident))}" for ident in table["osm_id"].to_numpy()[keep]]
    return gpd.GeoDataFrame(
        {"name": names, "group": groups},
        geometry=[inside[row] for row in keep],
        crs=extract.crs,
        index=pd.Index(ids, name="area_id", dtype=object),
    )


def boundary_areas(extract: OsmExtract, source: AreasSource, faults: list[Fault], *, file: str) -> gpd.GeoDataFrame:
    """Make areas from boundaries and note what is wrong with the choice.

    Parameters
    ----------
    extract : OsmExtract
        With ``boundaries``.
    source : AreasSource
        Levels and names.
    faults : list of Fault
        Where faults are put.
    file : str
        Name of the extract, for messages.

    Returns
    -------
    GeoDataFrame
        See `areas_from_boundaries`; may be empty.
    """
    vulnerable = [str(name) for name in source.vulnerable]
    areas = areas_from_boundaries(extract, source.admin_levels, vulnerable=vulnerable)
    if not len(areas):
        levels = sorted({int(level) for level in extract.boundaries["admin_level"]})
        rule = f"no boundary of level {', '.join(map(str, source.admin_levels))} lies inside the extract"
        faults.append(Fault(file, "[areas] from", rule, f"levels of complete boundaries here: {levels or 'none'}"))
    for name in vulnerable:
        if len(areas) and name not in set(areas["name"]):
            hint = nearest(name, areas["name"]) or f"names here: {', '.join(sorted(areas['name'])[:20])}"
            faults.append(Fault(file, "[areas] vulnerable", f"there is no area {name!r}", hint))
    return areas


def fit_to_extract(
    areas: gpd.GeoDataFrame, extract: OsmExtract, *, only_inside: bool, file: str, faults: list[Fault]
) -> gpd.GeoDataFrame:
    """Compare areas with the extent of the streets; leave out those beyond it where asked to.

    Parameters
    ----------
    areas : GeoDataFrame
        Housing areas.
    extract : OsmExtract
        Same CRS.
    only_inside : bool
        Whether to leave out areas that are not wholly inside.
    file : str
        Name of the areas file, for messages.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    GeoDataFrame
        The areas to use.
    """
    shapes = areas.geometry.to_numpy()
    touches = np.asarray(shapely.intersects(shapes, extract.extent))
    # half a metre: the outline of the extent and of an area are projected apart
    inside = np.asarray(shapely.covered_by(shapes, extract.extent.buffer(0.5)))
    if not touches.any():
        rule = "none of the areas lies in the OSM extract"
        faults.append(Fault(file, "", rule, "check the coordinate reference system, or bring another extract"))
        return areas
    if only_inside:
        if not inside.any():
            faults.append(Fault(file, "", "no area lies wholly inside the extract", "bring a larger extract"))
        return areas[inside]
    _note(areas, ~touches, "it lies outside the OSM extract", _LARGER, faults, file=file, severity="error")
    partly = touches & ~inside
    _note(areas, partly, "it reaches beyond the OSM extract", _LARGER, faults, file=file, severity="warning")
    return areas


_LARGER = "bring a larger extract, or set only_inside_extract = true"


def _note(
    areas: gpd.GeoDataFrame,
    wrong: NDArray[np.bool_],
    rule: str,
    remedy: str,
    faults: list[Fault],
    *,
    file: str,
    severity: Severity,
) -> None:
    rows = np.flatnonzero(wrong)
    for row in rows[:_SHOWN]:
        place = f"area {areas.index[row]} ({areas['name'].iloc[row]})"
        faults.append(Fault(file, place, rule, remedy, severity))
    if len(rows) > _SHOWN:
        more = f"so it is with {len(rows) - _SHOWN} more areas: {rule}"
        faults.append(Fault(file, "", more, remedy, severity))
