"""The barrier factor: how many of the places around cannot be seen without looking across a big road."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors, same_crs
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd
    from numpy.typing import NDArray

HALF_MILE_M = 804.672

ROAD_CLASSES = ("motorway", "trunk", "primary", "secondary")

_AT_ONCE = 200_000
_CHAIN = 16


def barrier_factor(
    areas: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    *,
    radius_m: float = HALF_MILE_M,
    classes: Collection[str] | None = ROAD_CLASSES,
) -> pd.Series:
    """Measure the share of neighbours whose straight line from the area crosses a barrier road, in percent.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons or points; their centroids are what is joined.
    roads : GeoDataFrame
        Barriers: lines or polygons. Where there is a ``highway`` column, only `classes` and their ``_link`` ramps
        count; where there is a ``tunnel`` column, tunnels do not.
    radius_m : float, optional
        Areas whose centroids lie within so many metres are neighbours; half a mile by default.
    classes : collection of str, optional
        Road classes that are barriers; None: all.

    Returns
    -------
    Series
        ``barrier_factor_pct``, index of the areas: 0 to 100; NaN for an area without neighbours.

    Raises
    ------
    InputError
        Another CRS, missing shapes, a radius that is not positive.

    Notes
    -----
    ``100 n_crossed / n`` over the ``n`` neighbours. Benavides et al. (2024), Environment International 185:108526,
    doi 10.1016/j.envint.2024.108526. A screening number: bridges and crossings do not change it, and it depends on
    how finely the city is divided into areas (theirs are census block groups). A surface that holds one of the two
    centroids is not crossed: the way starts in it.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> areas = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0, 100, 300, 5000], [0, 0, 0, 0]), crs=25832)
    >>> road = gpd.GeoDataFrame(
    ...     {"highway": ["primary"]}, geometry=[shapely.LineString([(200, -500), (200, 500)])], crs=25832
    ... )
    >>> barrier_factor(areas, road).tolist()
    [50.0, 50.0, 100.0, nan]
    """
    same_crs({"areas": areas, "roads": roads})
    faults = _check_geometries(areas, ["Polygon", "MultiPolygon", "Point"], file="areas")
    if not radius_m > 0:
        faults.append(Fault("radius_m", "", f"it is {radius_m}, and must be above 0", "give metres above 0"))
    raise_errors(faults)
    pairs = _neighbors(shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy())), radius_m)
    crossed = _crossed(areas, pairs, _barriers(roads, classes))
    met = np.bincount(pairs.ravel(), minlength=len(areas))
    across = np.bincount(pairs[crossed].ravel(), minlength=len(areas))
    share = np.divide(100.0 * across, met, out=np.full(len(areas), np.nan), where=met > 0)
    return pd.Series(share, index=areas.index, name="barrier_factor_pct")


def _neighbors(at: NDArray[np.float64], radius_m: float) -> NDArray[np.int64]:
    """List every two places within the radius once, shape (n_pairs, 2)."""
    return np.asarray(cKDTree(at).query_pairs(radius_m, output_type="ndarray"), np.int64).reshape(-1, 2)


def _barriers(roads: gpd.GeoDataFrame, classes: Collection[str] | None) -> NDArray[Any]:
    """Choose the barriers."""
    shapes = roads.geometry.to_numpy()
    chosen = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)
    if classes is not None and "highway" in roads:
        chosen &= roads["highway"].fillna("").str.removesuffix("_link").isin(list(classes)).to_numpy(bool)
    if "tunnel" in roads:
        chosen &= ~(roads["tunnel"] == True).to_numpy(bool)  # noqa: E712 - None is no tunnel
    return np.asarray(shapely.get_parts(shapes[chosen]), object)


def _crossed(areas: gpd.GeoDataFrame, pairs: NDArray[np.int64], barriers: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which straight lines between two places meet a barrier."""
    at = shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy()))
    crossed = np.zeros(len(pairs), bool)
    surface = np.flatnonzero(shapely.get_dimensions(barriers) == 2)
    centers = np.asarray(shapely.points(at), object)
    hit, place = shapely.STRtree(centers).query(barriers[surface], predicate="intersects")
    # centroid and barrier in one number, to look pairs of them up
    held = place * len(barriers) + surface[hit]
    chains, owner = _chains(barriers)
    tree = shapely.STRtree(chains)
    for low in range(0, len(pairs), _AT_ONCE):
        some = pairs[low : low + _AT_ONCE]
        line, hit = tree.query(shapely.linestrings(at[some]), predicate="intersects")
        starts = np.isin(some[line] * len(barriers) + owner[hit][:, None], held).any(axis=1)
        crossed[low + line[~starts]] = True
    return crossed


def _chains(barriers: NDArray[Any]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Cut lines and outlines into chains of a few corners: a way is held against the near ones, not a whole shore."""
    outline = np.where(shapely.get_dimensions(barriers) == 2, shapely.boundary(barriers), barriers)
    line, owner = shapely.get_parts(outline, return_index=True)
    corner, of = shapely.get_coordinates(line, return_index=True)
    rank = np.arange(len(of)) - np.searchsorted(of, of)
    start = np.flatnonzero((rank % _CHAIN == 0) & (np.r_[of[1:], -1] == of))
    size = np.minimum(_CHAIN + 1, np.searchsorted(of, of[start], side="right") - start)
    chain = np.repeat(np.arange(len(start)), size)
    inner = np.arange(len(chain)) - np.repeat(np.cumsum(size) - size, size)
    chains = shapely.linestrings(corner[start[chain] + inner], indices=chain)
    return np.asarray(chains, object), owner[of[start]]
