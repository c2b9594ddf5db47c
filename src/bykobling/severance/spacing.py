"""How far apart the crossings of a barrier are: along each barrier, and around each area.

::

    0        400             1000        1400           2000 m
    |=========#===============#===========#==============|      # crossing
         400         600           400          600             stretches without one: largest 600, mean 500
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from bykobling._check import columns as _check_columns
from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors, same_crs
from bykobling.errors import Fault
from bykobling.severance.crossing_places import NO_CROSSING, crossing_places
from bykobling.severance.within import sums_within

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

LONGEST_DELAY_S = 45.0
"""A crossing that costs more is none: beyond tolerance, people run for it (level of service F, HCM 2010)."""

SAMPLE_M = 10.0
"""Metres between samples on the edges of a footprint."""

_APART = 1e7


def crossing_spacing(
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    *,
    beyond_m: Sequence[float] = (100, 200),
    longest_delay_s: float = LONGEST_DELAY_S,
    no_crossing: Collection[str] = NO_CROSSING,
    extent: shapely.Polygon | None = None,
) -> pd.DataFrame:
    """Measure how far apart the crossings of each barrier are.

    Parameters
    ----------
    barriers : GeoDataFrame
        Footprints with unique ids as index (`bykobling.barriers.make_barriers`).
    crossings : GeoDataFrame
        Points with ``barrier_id``, ``kind`` and, where known, ``delay_s`` (`bykobling.barriers.find_crossings`).
    beyond_m : sequence of float, optional
        Distances from a crossing for the shares, metres.
    longest_delay_s : float, optional
        A crossing that costs more seconds does not count; inf counts them all.
    no_crossing : collection of str, optional
        Kinds of crossing that do not count.
    extent : Polygon, optional
        What the streets cover: barriers are measured inside it alone, as no crossing is known beyond.

    Returns
    -------
    DataFrame
        Index of the barriers. ``length_m`` (along the barrier: the long side of a strip as large and as long round
        as the footprint, summed over its parts; of a surface its long side); ``crossings`` (places);
        ``crossings_per_km``; ``mean_gap_m`` and ``largest_gap_m`` (stretches between neighbouring crossings, and
        between the last one and the end; the whole length where there is none); ``beyond_100m_share`` ... (share of
        the footprint's edges that lie farther than so much, in a straight line, from the nearest end of a crossing
        of this barrier). All NaN for a barrier outside the extent.

    Raises
    ------
    InputError
        Missing columns, ids that are not unique, distances or delays that are not positive.

    Notes
    -----
    Crossings are gathered into places first (`crossing_places`). Each place cuts the footprint at its shortest way
    across; a stretch is as long as half the outline of its piece less the strip's width, ``P / 2 - w`` with ``L + w``
    half the outline and ``L w`` the area of the part it is cut from. For a straight strip that is exact; a branch
    counts in the stretch it hangs on. The mean is ``L / (places + parts)``. Ends of a strip are no crossings, though
    one may walk round some. LEED-ND asks a through connection about every 245 m (800 ft).

    References: LEED v4 for Neighborhood Development (2014), NPD prerequisite Connected and Open Community; Highway
    Capacity Manual (2010), exhibit 19-2, for the delay beyond which pedestrians take risks.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> line = gpd.GeoDataFrame(index=["railway-1"], geometry=[shapely.box(0, 0, 2000, 10)], crs=25832)
    >>> bridges = gpd.GeoDataFrame(
    ...     {"barrier_id": ["railway-1"] * 3, "kind": "bridge"},
    ...     geometry=gpd.points_from_xy([400, 1000, 1400], [5, 5, 5]),
    ...     crs=25832,
    ... )
    >>> spacing = crossing_spacing(line, bridges).loc["railway-1"]
    >>> spacing[["length_m", "crossings_per_km", "mean_gap_m", "largest_gap_m"]].tolist()
    [2000.0, 1.5, 500.0, 600.0]
    """
    _check_options(barriers, {"beyond_m": beyond_m, "longest_delay_s": [longest_delay_s]})
    places = _usable(crossing_places(barriers, crossings, no_crossing=no_crossing), longest_delay_s)
    shapes = barriers.geometry.to_numpy()
    shapes = shapes if extent is None else shapely.intersection(shapes, extent)
    parts = _Parts.of(shapes)
    row = barriers.index.get_indexer(places["barrier_id"]).astype(np.int64)
    inside = shapely.dwithin(places["place"].to_numpy(), shapes[row], 0.1)
    length = np.bincount(parts.owner, weights=parts.length_m, minlength=len(shapes)).astype(float)
    n_parts = np.bincount(parts.owner, minlength=len(shapes))
    length[n_parts == 0] = np.nan
    count = np.bincount(row[inside], minlength=len(shapes))
    result = pd.DataFrame({"length_m": length}, index=barriers.index)
    result["crossings"] = np.where(n_parts > 0, count, np.nan)
    result["crossings_per_km"] = result["crossings"] / length * 1000
    result["mean_gap_m"] = length / (count + n_parts)
    result["largest_gap_m"] = _largest_gap_m(parts, places.geometry.to_numpy()[inside], row[inside], len(shapes))
    samples = _Samples.of(parts, extent)
    far_m = _to_crossing_m(samples, places, row)
    whole = np.bincount(samples.owner, weights=samples.weight_m, minlength=len(shapes))
    for limit in beyond_m:
        beyond = np.bincount(samples.owner, weights=samples.weight_m * (far_m > limit), minlength=len(shapes))
        result[f"beyond_{limit:g}m_share"] = np.divide(beyond, whole, out=np.full(len(shapes), np.nan), where=whole > 0)
    return result


def area_crossing_spacing(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    *,
    radius_m: float = 800.0,
    beyond_m: float = 200.0,
    headline_only: bool = True,
    longest_delay_s: float = LONGEST_DELAY_S,
    no_crossing: Collection[str] = NO_CROSSING,
    extent: shapely.Polygon | None = None,
) -> pd.DataFrame:
    """Measure how far apart crossings are on the barriers around each area.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons.
    barriers, crossings : GeoDataFrame
        As in `crossing_spacing`; barriers with ``headline`` unless all are wanted.
    radius_m : float, optional
        What lies within so many metres of the area, or in it, counts.
    beyond_m : float, optional
        Distance from a crossing for the share, metres.
    headline_only : bool, optional
        Leave out water.
    longest_delay_s, no_crossing, extent : optional
        As in `crossing_spacing`.

    Returns
    -------
    DataFrame
        Index of the areas: ``barrier_length_m`` and ``crossings`` (places) within the radius; ``crossing_spacing_m``
        (the one over the other; NaN without a barrier; *the whole length* with a barrier and no crossing, so a
        least value: see ``reason``); ``crossing_beyond_200m_share`` (of that length; NaN without a barrier);
        ``reason`` (``ok``, ``no barrier``, ``no crossing``).

    Raises
    ------
    InputError
        Missing columns, ids that are not unique, distances or delays that are not positive.

    Notes
    -----
    Length is summed over samples every 10 m on the footprints' edges, scaled so that a whole barrier comes to its
    ``length_m``. A missing number would hide the worst places, those with a barrier and no crossing at all: they
    get what is known, that crossings are at least so far apart.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(900, 50, 1100, 250)], crs=25832)
    >>> line = gpd.GeoDataFrame(
    ...     {"headline": [True]}, index=["railway-1"], geometry=[shapely.box(0, 0, 2000, 10)], crs=25832
    ... )
    >>> bridges = gpd.GeoDataFrame(
    ...     {"barrier_id": ["railway-1"] * 3, "kind": "bridge"},
    ...     geometry=gpd.points_from_xy([500, 1000, 1500], [5, 5, 5]),
    ...     crs=25832,
    ... )
    >>> around = area_crossing_spacing(area, line, bridges, radius_m=800)
    >>> around["crossings"].item(), round(around["crossing_spacing_m"].item(), -2)
    (3, 600.0)
    """
    _check_options(
        barriers, {"radius_m": [radius_m], "beyond_m": [beyond_m], "longest_delay_s": [longest_delay_s]}, areas=areas
    )
    if headline_only:
        raise_errors(_check_columns(barriers, ["headline"], file="barriers"))
    places = _usable(crossing_places(barriers, crossings, no_crossing=no_crossing), longest_delay_s)
    row = barriers.index.get_indexer(places["barrier_id"]).astype(np.int64)
    chosen = barriers["headline"].to_numpy(bool) if headline_only else np.ones(len(barriers), bool)
    shapes = barriers.geometry.to_numpy()
    shapes = shapes if extent is None else shapely.intersection(shapes, extent)
    parts = _Parts.of(shapes, chosen)
    samples = _Samples.of(parts, extent)
    far = _to_crossing_m(samples, places, row) > beyond_m
    at = places["place"].to_numpy()[chosen[row]]
    length, beyond = sums_within(
        areas.geometry.to_numpy(), samples.points, [samples.weight_m, samples.weight_m * far], radius_m
    )
    (count,) = sums_within(areas.geometry.to_numpy(), at, [np.ones(len(at))], radius_m)
    barred = length > 0
    unknown = np.full(len(areas), np.nan)
    return pd.DataFrame(
        {
            "barrier_length_m": length,
            "crossings": count.astype(np.int64),
            "crossing_spacing_m": np.divide(length, np.maximum(count, 1), out=unknown.copy(), where=barred),
            f"crossing_beyond_{beyond_m:g}m_share": np.divide(beyond, length, out=unknown.copy(), where=barred),
            "reason": np.where(~barred, "no barrier", np.where(count == 0, "no crossing", "ok")).astype(object),
        },
        index=areas.index,
    )


@dataclass(frozen=True)
class _Parts:
    """Polygons of footprints, with the strip each is like."""

    shape: NDArray[np.object_]
    owner: NDArray[np.int64]
    length_m: NDArray[np.float64]
    width_m: NDArray[np.float64]

    @classmethod
    def of(cls, shapes: NDArray[Any], chosen: NDArray[np.bool_] | None = None) -> _Parts:
        rows = np.arange(len(shapes)) if chosen is None else np.flatnonzero(chosen)
        whole, at = shapely.get_parts(shapes[rows], return_index=True)
        owner = rows[at]
        shape, inner = shapely.get_parts(whole, return_index=True)
        solid = (shapely.get_dimensions(shape) == 2) & (shapely.area(shape) > 0)
        shape, owner = shape[solid], owner[inner][solid]
        half, area = shapely.length(shape) / 2, shapely.area(shape)
        # a strip of this area and outline: L + w = P / 2, L w = A; a compact surface is taken for a square
        length = (half + np.sqrt(np.maximum(half * half - 4 * area, 0.0))) / 2
        return cls(shape, owner.astype(np.int64), length, half - length)


@dataclass(frozen=True)
class _Samples:
    """Points along the edges of footprints, each standing for some metres of barrier."""

    points: NDArray[np.object_]
    owner: NDArray[np.int64]
    weight_m: NDArray[np.float64]

    @classmethod
    def of(cls, parts: _Parts, extent: shapely.Polygon | None) -> _Samples:
        rings, part = shapely.get_rings(parts.shape, return_index=True)
        long = shapely.length(rings)
        count = np.maximum(1, np.ceil(long / SAMPLE_M)).astype(np.int64)
        ring = np.repeat(np.arange(len(rings)), count)
        number = np.arange(len(ring)) - np.repeat(np.cumsum(count) - count, count)
        points = _along(rings, ring, (number + 0.5) / count[ring] * long[ring])
        of = part[ring]
        # an end or a side of a strip both stand for their share of its length
        weight = (long / count)[ring] * (parts.length_m / shapely.length(parts.shape))[of]
        if extent is not None:  # the cut is no edge of the barrier
            kept = ~shapely.dwithin(points, shapely.boundary(extent), 0.1)
            points, of, weight = points[kept], of[kept], weight[kept]
        return cls(points, parts.owner[of], weight)


def _along(rings: NDArray[Any], ring: NDArray[np.int64], metres: NDArray[np.float64]) -> NDArray[np.object_]:
    """Find the places so many metres along rings, all at once: a shore has ten thousand corners to walk past."""
    if not len(ring):
        return np.empty(0, object)
    corner, of = shapely.get_coordinates(rings, return_index=True)
    # all rings laid end to end, with a metre between them that no place falls into
    step = np.where(of[1:] == of[:-1], np.hypot(*np.diff(corner, axis=0).T), 1.0)
    walked = np.r_[0.0, np.cumsum(step)]
    at = walked[np.searchsorted(of, ring)] + metres
    return np.asarray(shapely.points(np.column_stack([np.interp(at, walked, axis) for axis in corner.T])), object)


def _usable(places: gpd.GeoDataFrame, longest_delay_s: float) -> gpd.GeoDataFrame:
    """Keep the crossings people would wait for; an untold delay is taken for none."""
    return places[~(places["delay_s"] > longest_delay_s)].reset_index(drop=True)


def _largest_gap_m(parts: _Parts, ways: NDArray[Any], row: NDArray[np.int64], n_barriers: int) -> NDArray[np.float64]:
    """Cut each part at its crossings and return the longest piece of every barrier."""
    largest = np.full(n_barriers, np.nan)
    np.fmax.at(largest, parts.owner, np.where(np.isin(parts.owner, row), np.nan, parts.length_m))
    part, way = shapely.STRtree(ways).query(parts.shape, predicate="intersects")
    own = parts.owner[part] == row[way]
    part, way = part[own], way[own]
    # a way must overshoot the edge by a hair to cut it
    reach = shapely.get_coordinates(ways).reshape(-1, 2, 2)
    unit = reach[:, 1] - reach[:, 0]
    unit = unit / np.maximum(np.hypot(*unit.T), 1e-9)[:, None] * 0.01
    cuts = np.asarray(shapely.linestrings(np.stack([reach[:, 0] - unit, reach[:, 1] + unit], axis=1)), object)
    for i in np.flatnonzero(np.isin(parts.owner, row)):
        shape = parts.shape[i]
        noded = shapely.union_all([shapely.boundary(shape), *cuts[way[part == i]]])
        pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
        pieces = pieces[shapely.contains(shape, shapely.point_on_surface(pieces))]
        long = max(shapely.length(pieces).max(initial=0.0) / 2 - parts.width_m[i], 0.0)
        largest[parts.owner[i]] = np.fmax(largest[parts.owner[i]], min(long, parts.length_m[i]))
    return largest


def _to_crossing_m(samples: _Samples, places: gpd.GeoDataFrame, row: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measure from every sample to the nearest end of a crossing of its own barrier; inf where it has none."""
    ends = shapely.get_coordinates(places.geometry.to_numpy())
    if not len(ends) or not len(samples.points):
        return np.full(len(samples.points), np.inf)
    # barriers are laid in layers so far apart that the nearest end is always one's own, if there is one
    tree = cKDTree(np.column_stack([ends, np.repeat(row, 2) * _APART]))
    at = np.column_stack([shapely.get_coordinates(samples.points), samples.owner * _APART])
    return np.asarray(tree.query(at, distance_upper_bound=_APART / 2)[0])


def _check_options(
    barriers: gpd.GeoDataFrame, numbers: dict[str, Sequence[float]], *, areas: gpd.GeoDataFrame | None = None
) -> None:
    faults = [
        Fault(name, "", f"it is {number}, and must be above 0", "give metres or seconds above 0")
        for name, given in numbers.items()
        for number in given
        if not number > 0
    ]
    if areas is not None:
        same_crs({"barriers": barriers, "areas": areas})
        faults += _check_geometries(areas, ["Polygon", "MultiPolygon"], file="areas")
    raise_errors(faults)
