"""Levels at points, from any kind of noise map; a raster is read in windows, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from bykobling.errors import CrsError, Fault, InputError
from bykobling.raster.geotiff import opened, read_window
from bykobling.raster.model import NoiseLevels, RasterFile, Sampled

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling._types import Progress

NEAR_M = 15.0
"""A place takes the level of the nearest dwelling within this."""

_SIDE = 1_024
_CELLS = 1 << 24
_RINGS = (1, 2, 4)
"""Cells away at which a place without a level looks for what surrounds it."""
_GAP_DB = 5.0
"""A place without a level whose surroundings are this far above the lowest level is a gap, not quiet."""


def levels_at(
    levels: NoiseLevels,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    within_m: float = NEAR_M,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Tell the level at each point.

    Parameters
    ----------
    levels : NoiseLevels
        The map. The cell or the loudest contour a point lies in counts; nothing is interpolated.
    points : GeoDataFrame or GeoSeries
        n points, in any CRS.
    within_m : float, optional
        Of levels of dwellings, the nearest within this distance counts.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        Index of `points`; with ``<name>`` the source and metric, e.g. ``road_lden``: ``<name>_db`` (of a band its
        central value), ``<name>_lo_db`` and ``<name>_hi_db`` (edges of the band; both the level where it is exact),
        ``<name>_reason`` (None, ``"below_lowest"`` or ``"unknown"``). Below the lowest level mapped the edges are
        ``-inf`` and that level.

    Raises
    ------
    CrsError
        If the points have no CRS.
    InputError
        If a geometry is no point, or the raster holds what is no level.
    ReadError
        If the raster cannot be read to its end.

    Notes
    -----
    A place without a level is below the lowest one only where the map reaches; and not where all that surrounds it
    is 5 dB or more above the lowest, as in buildings cut out of a map or where a contour is missing: that is unknown.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from bykobling.raster import read_noise
    >>> band = gpd.GeoDataFrame({"category": ["Lden5559"]}, geometry=[shapely.box(0, 0, 99, 99)], crs=25832)
    >>> levels = read_noise(band, metric="lden", source="road")
    >>> levels_at(levels, gpd.GeoSeries(shapely.points([(5, 5), (500, 5)]), crs=25832))["road_lden_db"].tolist()
    [57.0, nan]
    """
    shapes = points.geometry
    if shapes.crs is None:
        raise CrsError(Fault("points", "", "they have no CRS", "set the one they were drawn in"))
    kinds = shapely.get_type_id(shapes.to_numpy())
    if (kinds != shapely.GeometryType.POINT).any() or shapely.is_empty(shapes.to_numpy()).any():
        rule, remedy = "some geometries are empty or no points", "use centroids or points on the surface"
        raise InputError(Fault("points", "", rule, remedy))
    xy = shapely.get_coordinates(shapes.to_numpy())
    found = sample(levels, xy, shapes.crs, within_m=within_m, progress=progress)
    return found.frame(levels.name, points.index)


def sample(
    levels: NoiseLevels,
    xy: NDArray[np.float64],
    crs: Any,  # noqa: ANN401 - anything pyproj takes
    *,
    within_m: float = NEAR_M,
    progress: Progress | None = None,
) -> Sampled:
    """Tell the level at each position.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    xy : array of float, shape (n, 2)
        Positions.
    crs : anything pyproj takes
        Of the positions.
    within_m : float, optional
        As in `levels_at`.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Sampled
        n levels.
    """
    x, y = moved(xy, crs, levels.crs)
    if levels.kind == "points":
        return _from_dwellings(levels, x, y, within_m)
    if levels.model is not None:
        return _from_model(levels, x, y, progress)
    if levels.kind == "contours":
        found, inside = _from_contours(levels, x, y), np.isfinite(x)
    else:
        found, inside = _from_raster(levels, x, y, progress)
    if levels.domain is not None:
        shapely.prepare(levels.domain)
        # a level told outside the domain is still told; the lack of one is not
        inside &= shapely.intersects_xy(levels.domain, x, y)
    outside = found.below & ~inside
    found.lo_db[outside] = found.hi_db[outside] = np.nan
    return found


def _from_model(
    levels: NoiseLevels, x: NDArray[np.float64], y: NDArray[np.float64], progress: Progress | None
) -> Sampled:
    """Work out levels where the model reaches; no sound at all is below its lowest level."""
    inside = np.isfinite(x) & np.isfinite(y)
    if levels.domain is not None:
        shapely.prepare(levels.domain)
        inside &= shapely.intersects_xy(levels.domain, x, y)
    found = np.full(len(x), np.nan)
    if levels.model is not None:
        found[inside] = levels.model(x[inside], y[inside], progress)
    lo, hi = found.copy(), found.copy()
    silent = inside & ~np.isfinite(found)
    found[silent], lo[silent], hi[silent] = np.nan, -np.inf, levels.lowest_db
    return Sampled(found, lo, hi)


def moved(xy: NDArray[np.float64], crs: Any, target: pyproj.CRS) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401
    """Return positions in another CRS; inf where they have none there."""
    source = pyproj.CRS.from_user_input(crs)
    x, y = np.ascontiguousarray(xy[:, 0], float), np.ascontiguousarray(xy[:, 1], float)
    if source == target:
        return x, y
    there = pyproj.Transformer.from_crs(source, target, always_xy=True).transform(x, y)
    return np.asarray(there[0], float), np.asarray(there[1], float)


def _from_dwellings(levels: NoiseLevels, x: NDArray[np.float64], y: NDArray[np.float64], within_m: float) -> Sampled:
    assert levels.table is not None  # noqa: S101 - points have a table
    found = Sampled.unknown(len(x))
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    tree = shapely.STRtree(levels.table.geometry.to_numpy())
    place, near = tree.query_nearest(shapely.points(x[finite], y[finite]), max_distance=within_m, all_matches=True)
    told = levels.table["level_db"].to_numpy(float)[near]
    # of dwellings as near, e.g. of one address, the loudest: sorted so that it is written last
    order = np.lexsort((told, place))
    for column in (found.level_db, found.lo_db, found.hi_db):
        column[finite[place[order]]] = told[order]
    return found


def _from_contours(levels: NoiseLevels, x: NDArray[np.float64], y: NDArray[np.float64]) -> Sampled:
    assert levels.table is not None  # noqa: S101 - contours have a table
    table = levels.table
    low, high = table["lo_db"].to_numpy(float), table["hi_db"].to_numpy(float)
    central = table["level_db"].to_numpy(float)
    tree = shapely.STRtree(table.geometry.to_numpy())
    finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points: NDArray[np.object_] = np.array(shapely.points(x[finite], y[finite]))
    at, contour = tree.query(points, predicate="intersects")
    best = np.full(len(finite), -1, np.int64)
    # contours are sorted by level: the largest number is the loudest
    np.maximum.at(best, at, contour)
    found = Sampled.unknown(len(x))
    hit = best >= 0
    for column, values in ((found.level_db, central), (found.lo_db, low), (found.hi_db, high)):
        column[finite[hit]] = values[best[hit]]
    quiet = np.flatnonzero(~hit)
    if len(quiet):
        at, contour = tree.query_nearest(points[quiet], all_matches=True)
        nearest_lo = np.full(len(quiet), np.inf)
        np.minimum.at(nearest_lo, at, low[contour])
        below = finite[quiet[~(nearest_lo >= levels.lowest_db + _GAP_DB)]]
        found.lo_db[below], found.hi_db[below] = -np.inf, levels.lowest_db
    return found


def _from_raster(
    levels: NoiseLevels, x: NDArray[np.float64], y: NDArray[np.float64], progress: Progress | None
) -> tuple[Sampled, NDArray[np.bool_]]:
    raster = levels.raster
    assert raster is not None  # noqa: S101 - a raster has one
    values, around, inside = _cells(raster, x, y, levels.name, progress)
    if raster.empty_is_unknown:
        inside &= ~np.isnan(values)
    level, lo, hi = _meaning(raster, values)
    near_lo = _meaning(raster, around)[1]
    empty = inside & np.isnan(values)
    gap = empty & (near_lo >= levels.lowest_db + _GAP_DB)
    below = empty & ~gap
    lo[below], hi[below] = -np.inf, levels.lowest_db
    return Sampled(level, lo, hi), inside


def _meaning(
    raster: RasterFile, values: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return level and edges of cell values: themselves, or what their codes mean."""
    if not raster.codes:
        return values.copy(), values.copy(), values.copy()
    codes = np.array(sorted(raster.codes))
    table = np.array([[b.central_db, b.lo_db, b.hi_db] for b in (raster.codes[code] for code in codes.tolist())])
    there = ~np.isnan(values)
    result = np.full((3, len(values)), np.nan)
    result[:, there] = table[np.searchsorted(codes, values[there])].T
    return result[0], result[1], result[2]


def _cells(
    raster: RasterFile, x: NDArray[np.float64], y: NDArray[np.float64], name: str, progress: Progress | None
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return the cell each position lies in, for empty ones the least of those around, and what lies in the raster."""
    column, row = raster.cells(x, y)
    with np.errstate(invalid="ignore"):
        inside = (column >= 0) & (column <= raster.width) & (row >= 0) & (row <= raster.height)
    values, around = np.full(len(x), np.nan), np.full(len(x), np.nan)
    there = np.flatnonzero(inside)
    if not len(there):
        return values, around, inside
    # the last edge belongs to the last cell
    col = np.minimum(column[there].astype(np.int64), raster.width - 1)
    line = np.minimum(row[there].astype(np.int64), raster.height - 1)
    along, down = piece(raster)
    number = (line // down) * (-(-raster.width // along)) + col // along
    order = np.argsort(number, kind="stable")
    edges = np.flatnonzero(np.diff(number[order], prepend=-1, append=-1))
    with opened(raster.path) as dataset:
        for k in range(len(edges) - 1):
            part = order[edges[k] : edges[k + 1]]
            rows, columns = line[part], col[part]
            margin = _RINGS[-1]
            top, left = max(int(rows.min()) - margin, 0), max(int(columns.min()) - margin, 0)
            bottom = min(int(rows.max()) + margin + 1, raster.height)
            right = min(int(columns.max()) + margin + 1, raster.width)
            window = read_window(dataset, raster, slice(top, bottom), slice(left, right))
            here = window[rows - top, columns - left]
            values[there[part]] = here
            empty = np.isnan(here)
            if empty.any():
                around[there[part[empty]]] = _least_around(window, rows[empty] - top, columns[empty] - left)
            if progress is not None:
                progress(int(edges[k + 1]), len(there), f"levels of {name}")
    return values, around, inside


def piece(raster: RasterFile) -> tuple[int, int]:
    """Return columns and rows of the windows to read: whole stored blocks, about a million cells."""
    down, along = raster.block
    along = min(along * max(1, _SIDE // along), raster.width)
    down = min(down * max(1, min(_SIDE, _CELLS // along) // down), raster.height)
    return along, down


def _least_around(
    window: NDArray[np.float64], rows: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the least level in the nearest ring of cells that holds one; NaN where none of the rings does."""
    # one look at each empty cell, however many places lie in it
    flat, back = np.unique(rows * window.shape[1] + columns, return_inverse=True)
    row, column = np.divmod(flat, window.shape[1])
    least = np.full(len(flat), np.nan)
    open_ = np.arange(len(flat))
    for ring in _RINGS:
        steps = [(dr, dc) for dr in range(-ring, ring + 1) for dc in range(-ring, ring + 1) if (dr, dc) != (0, 0)]
        best = np.full(len(open_), np.inf)
        for dr, dc in steps:
            r, c = row[open_] + dr, column[open_] + dc
            valid = (r >= 0) & (r < window.shape[0]) & (c >= 0) & (c < window.shape[1])
            near = window[np.where(valid, r, 0), np.where(valid, c, 0)]
            best = np.fmin(best, np.where(valid, near, np.nan))
        least[open_] = np.where(np.isinf(best), np.nan, best)
        open_ = open_[np.isinf(best)]
        if not len(open_):
            break
    return least[back]
