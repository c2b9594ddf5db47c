"""Levels over areas of land: how much of an area is how loud, whoever lives there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling import _check
from bykobling.errors import Fault, InputError
from bykobling.exposure.people import THRESHOLDS_DB
from bykobling.exposure.statistics import energy_mean_db, share_above
from bykobling.raster.coverage import covered_cells
from bykobling.raster.model import Sampled

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.raster.model import NoiseLevels, RasterFile

TIER_AREA = "T3"
"""Area exposure, not dwelling exposure."""

_LONGEST_EDGE_M = 50.0


def area_levels(
    levels: NoiseLevels,
    areas: gpd.GeoDataFrame,
    *,
    thresholds_db: Sequence[float] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Tell how much of the land of each area is how loud: area exposure, not dwelling exposure.

    Parameters
    ----------
    levels : NoiseLevels
        A raster or contours.
    areas : GeoDataFrame
        Polygons in a metric CRS.
    thresholds_db : sequence of float, optional
        Levels to count from; those of `THRESHOLDS_DB` by default.
    progress : callable, optional
        ``progress(done, total, message)``, once an area.

    Returns
    -------
    DataFrame
        Index of `areas`; with ``<name>`` the source and metric, e.g. ``road_lden``: ``<name>_area_unknown_share``
        of the surface (0-1), and of the rest ``<name>_area_below_lowest_share``, ``<name>_area_share_above_<t>``
        (NaN where it cannot be told), ``<name>_area_energy_mean_db`` (where a part is below the lowest level mapped,
        an upper bound: that part is taken to be at it), ``<name>_area_max_db``, and ``<name>_area_tier`` (T3).
        Cells that a border cuts count by the part inside.

    Raises
    ------
    CrsError
        If the areas are in no metric CRS.
    InputError
        If the map is neither a raster nor contours, a geometry is no polygon, or the map reaches no area.
    ReadError
        If the raster cannot be read to its end.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from bykobling.raster import read_noise
    >>> band = gpd.GeoDataFrame({"category": ["Lden6064"]}, geometry=[shapely.box(0, 0, 10, 100)], crs=25832)
    >>> area = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 40, 100)], crs=25832)
    >>> found = area_levels(read_noise(band, metric="lden", source="road", domain=area), area)
    >>> found[["road_lden_area_share_above_65", "road_lden_area_below_lowest_share"]].to_numpy().tolist()
    [[0.0, 0.75]]
    """
    _check.metric_crs(areas.crs, file="areas")
    faults = _check.geometries(areas, ("Polygon", "MultiPolygon"), file="areas")
    if levels.kind not in {"raster", "contours"}:
        rule = "levels of dwellings tell nothing of the land between"
        rule = rule if levels.kind == "points" else "levels worked out at points tell nothing of the land between"
        faults.append(Fault(levels.label, "", rule, "use home_levels, or a raster or contours"))
    _check.raise_errors(faults)
    limits = THRESHOLDS_DB[levels.name] if thresholds_db is None else tuple(thresholds_db)
    bent = areas.geometry.segmentize(_LONGEST_EDGE_M) if levels.crs != areas.crs else areas.geometry
    shapes = bent.to_crs(levels.crs).to_numpy()
    rows = []
    for number, shape in enumerate(shapes):
        told, weight, unknown = (
            _cells(levels, levels.raster, shape) if levels.raster is not None else _pieces(levels, shape)
        )
        rows.append(_row(levels, told, weight, unknown, limits))
        if progress is not None:
            progress(number + 1, len(shapes), f"areas, {levels.name}")
    result = pd.DataFrame(rows, index=areas.index)
    if len(result) and (result[f"{levels.name}_area_unknown_share"] >= 1).all():
        remedy = f"check its place and its CRS ({levels.crs.name}), or use the map of this town"
        raise InputError(Fault(levels.label, "", "it reaches none of the areas", remedy))
    result[f"{levels.name}_area_tier"] = pd.Series(TIER_AREA, index=areas.index, dtype=object)
    return result


def _row(
    levels: NoiseLevels, told: Sampled, weight: NDArray[np.float64], unknown: float, limits: Sequence[float]
) -> dict[str, Any]:
    name, known = f"{levels.name}_area", float(weight.sum())
    below = told.below
    highest = told.level_db[~np.isnan(told.level_db)]
    row = {
        f"{name}_unknown_share": unknown,
        f"{name}_below_lowest_share": float(weight[below].sum() / known) if known > 0 else math.nan,
    }
    row |= {f"{name}_share_above_{limit:g}": share_above(told, weight, limit) for limit in limits}
    row[f"{name}_energy_mean_db"] = energy_mean_db(np.where(below, told.hi_db, told.level_db), weight)
    row[f"{name}_max_db"] = float(highest.max()) if len(highest) else math.nan
    return row


def _cells(
    levels: NoiseLevels, raster: RasterFile, shape: shapely.Geometry
) -> tuple[Sampled, NDArray[np.float64], float]:
    """Return the levels of the cells an area covers, how much of each, and the share nothing is known of."""
    within = shape if levels.domain is None else shapely.intersection(shape, levels.domain)
    values, shares = [np.empty(0)], [np.empty(0)]
    for _, value, share in covered_cells(raster, np.array([within], dtype=object)):
        values.append(value)
        shares.append(share)
    value, share = np.concatenate(values), np.concatenate(shares)
    there = ~np.isnan(value)
    level, lo, hi = np.full(len(value), np.nan), np.full(len(value), -np.inf), np.full(len(value), levels.lowest_db)
    if raster.codes:
        for code, band in raster.codes.items():
            hit = value == code
            level[hit], lo[hit], hi[hit] = band.central_db, band.lo_db, band.hi_db
    else:
        level[there] = lo[there] = hi[there] = value[there]
    cells = shapely.area(shape) / abs(raster.transform.determinant)
    # shares of cells are told in single precision
    unknown = 1 - float(share.sum()) / cells
    return Sampled(level, lo, hi), share, 0.0 if unknown < 1e-6 else min(unknown, 1.0)


def _pieces(levels: NoiseLevels, shape: shapely.Geometry) -> tuple[Sampled, NDArray[np.float64], float]:
    """Return the bands of contours in an area and the surface of each; where they overlap the loudest counts."""
    assert levels.table is not None  # noqa: S101 - contours have a table
    table = levels.table
    shapes = table.geometry.to_numpy()
    near = shapely.STRtree(shapes).query(shape, predicate="intersects")
    clipped = shapely.intersection(shapes[near], shape)
    low = table["lo_db"].to_numpy(float)[near]
    bands = sorted({(lo, hi, mid) for lo, hi, mid in table[["lo_db", "hi_db", "level_db"]].to_numpy(float)[near]},
                   key=lambda band: -band[0])  # fmt: skip
    told, surface = [], []
    reached: shapely.Geometry = shapely.Polygon()
    before = 0.0
    for lo, hi, mid in bands:
        reached = shapely.union(reached, shapely.union_all(clipped[low == lo]))
        told.append((mid, lo, hi))
        surface.append(shapely.area(reached) - before)
        before = shapely.area(reached)
    quiet = shapely.difference(shape if levels.domain is None else shapely.intersection(shape, levels.domain), reached)
    told.append((math.nan, -math.inf, levels.lowest_db))
    surface.append(shapely.area(quiet))
    whole = shapely.area(shape)
    unknown = 1 - sum(surface) / whole
    numbers = np.array(told)
    found = Sampled(numbers[:, 0], numbers[:, 1], numbers[:, 2])
    return found, np.array(surface), 0.0 if unknown < 1e-9 else float(unknown)
