"""Crossings gathered into the places a person would point at: both halves of a dual road are one crossing.

::

    ==o======================      o  two crossings of one carriageway each, listed apart by `find_crossings`
      |   <- shortest way across, mouth to mouth
    ==o======================      one place: the waits of the two halves add up
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling._check import columns as _check_columns
from bykobling._check import raise_errors, same_crs
from bykobling._check import unique as _check_unique
from bykobling.errors import Fault
from bykobling.network.delays import LONGEST_WAIT_S

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

SAME_PLACE_M = 15.0
"""Crossings of a barrier nearer than this to one way across are one place."""

NO_CROSSING = ("none", "forbidden")
"""Kinds of crossing that are none."""

_OVER_OR_UNDER = ("bridge", "underpass")
_LEVEL_M = 5.0
"""Crossings farther apart than this across a barrier are walked one after the other (two carriageways)."""

_DIRECTIONS = 18
_LONGEST_M = 1_000.0
_NEAR_M = 6.0
_AT_EDGE_M = 0.5
_AT_ONCE = 2_000_000


def crossing_places(
    barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame, *, no_crossing: Collection[str] = NO_CROSSING
) -> gpd.GeoDataFrame:
    """Gather the crossings of each barrier into places, with the straight way across at each.

    Parameters
    ----------
    barriers : GeoDataFrame
        Footprints with unique ids as index (`bykobling.barriers.make_barriers`).
    crossings : GeoDataFrame
        Points with ``barrier_id``, ``kind`` and, where known, ``delay_s`` (`bykobling.barriers.find_crossings`).
    no_crossing : collection of str, optional
        Kinds that do not count.

    Returns
    -------
    GeoDataFrame
        A row a place, in the order of their first crossings: ``barrier_id``; ``kind`` and ``delay_s`` (seconds lost
        there, NaN where none is told); ``crossings`` (rows gathered); ``place`` (Point on the way across). The
        geometry is the shortest straight way through the footprint there, of the ways at every 10 degrees.

    Raises
    ------
    InputError
        Columns that are missing, ids that are not unique, or crossings of a barrier that is not in the table.

    Notes
    -----
    At grade, what lies side by side (within 5 m across) is a choice and costs the least wait, what lies one behind
    the other is walked in turn and costs the sum, at most `bykobling.network.delays.LONGEST_WAIT_S` where no single
    one costs more. A bridge or underpass spans all of it.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> road = gpd.GeoDataFrame(index=["road-1"], geometry=[shapely.box(0, 0, 500, 20)], crs=25832)
    >>> halves = gpd.GeoDataFrame(
    ...     {"barrier_id": "road-1", "kind": "signal", "delay_s": [12.45, 12.45]},
    ...     geometry=gpd.points_from_xy([100, 103], [3, 17]),
    ...     crs=25832,
    ... )
    >>> crossing_places(road, halves)[["kind", "delay_s", "crossings"]].values.tolist()
    [['signal', 24.9, 2]]
    """
    _check_tables(barriers, crossings)
    points = crossings.geometry.to_numpy()
    drawn = ~shapely.is_missing(points) & ~shapely.is_empty(points)
    told = crossings[drawn & ~crossings["kind"].isin(list(no_crossing)).to_numpy(bool)].reset_index(drop=True)
    row = barriers.index.get_indexer(told["barrier_id"])
    ways = _ways(told.geometry.to_numpy(), row, barriers.geometry.to_numpy())
    first = _first_of(told.geometry.to_numpy(), ways, row)
    delay_s, kind = _waits(told, ways, first)
    leaders, count = np.unique(first, return_counts=True)
    place = shapely.line_interpolate_point(ways[leaders], 0.5, normalized=True)
    table = pd.DataFrame(
        {
            "barrier_id": told["barrier_id"].to_numpy(object)[leaders],
            "kind": kind,
            "delay_s": delay_s,
            "crossings": count,
        }
    )
    table["place"] = gpd.GeoSeries(place, crs=barriers.crs)
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(ways[leaders], crs=barriers.crs), crs=barriers.crs)


def _check_tables(barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> None:
    same_crs({"barriers": barriers, "crossings": crossings})
    faults = _check_columns(crossings, ["barrier_id", "kind"], file="crossings")
    faults += _check_unique(barriers.index.to_series().rename("barrier_id"), file="barriers")
    raise_errors(faults)
    if not (barriers.index.get_indexer(crossings["barrier_id"]) >= 0).all():
        odd = sorted({str(name) for name in crossings["barrier_id"] if name not in barriers.index})
        rule = f"barrier_id is not in the table of barriers: {', '.join(odd[:5])}"
        raise_errors([Fault("crossings", "column barrier_id", rule, "find the crossings of these barriers")])


def _ways(points: NDArray[Any], row: NDArray[np.int64], shapes: NDArray[Any]) -> NDArray[np.object_]:
    """Draw the shortest straight way through the footprint at each crossing; a point on its edge where there is none.

    A nearest-edge normal would run lengthwise at the end of a strip: many directions are tried instead.
    """
    inner = _inside(points, shapes[row])
    ends = np.repeat(shapely.get_coordinates(inner)[:, None, :], 2, axis=1)
    order = np.argsort(row, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(row[order])) + 1) if len(order) else ():
        start, along = _segments(shapes[row[members[0]]])
        step = max(1, _AT_ONCE // max(1, _DIRECTIONS * len(start)))
        for low in range(0, len(members), step):
            some = members[low : low + step]
            ends[some] = _shortest(ends[some, 0], start, along)
    return np.asarray(shapely.linestrings(ends), object)


def _inside(points: NDArray[Any], shapes: NDArray[Any]) -> NDArray[np.object_]:
    """Move crossings that lie on the edge of their footprint, or a step beside it, into it."""
    inner = points.copy()
    off = ~shapely.contains(shapes, points)
    off |= shapely.distance(points, shapely.boundary(shapes)) < _AT_EDGE_M
    near = shapely.intersection(shapely.buffer(points[off], _NEAR_M, quad_segs=4), shapes[off])
    middle = shapely.centroid(near)
    middle = np.where(shapely.contains(near, middle), middle, shapely.point_on_surface(near))
    # farther off than that it is taken to the nearest place on the edge
    edge = shapely.get_point(shapely.shortest_line(points[off], shapes[off]), -1)
    inner[off] = np.where(shapely.is_empty(near), edge, middle)
    return np.asarray(inner, object)


def _segments(shape: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:  # noqa: ANN401 - any polygon
    corner, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    same = ring[1:] == ring[:-1]
    return corner[:-1][same], np.diff(corner, axis=0)[same]


def _shortest(
    points: NDArray[np.float64], start: NDArray[np.float64], along: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return where the shortest way through each point meets the edge, shape (n, 2, 2)."""
    angle = np.arange(_DIRECTIONS) * np.pi / _DIRECTIONS
    ux, uy = np.cos(angle)[None, :, None], np.sin(angle)[None, :, None]
    ax, ay = (start.T[:, None, :] - points.T[:, :, None])[:, :, None, :]
    dx, dy = along.T[:, None, None, :]
    turn = ux * dy - uy * dx
    with np.errstate(divide="ignore", invalid="ignore"):
        far_m = (ax * dy - ay * dx) / turn
        share = (ax * uy - ay * ux) / turn
    hit = (share >= 0) & (share <= 1) & np.isfinite(far_m)
    ahead = np.where(hit & (far_m >= 0), far_m, np.inf).min(axis=2, initial=np.inf)
    behind = np.where(hit & (far_m < 0), far_m, -np.inf).max(axis=2, initial=-np.inf)
    best = np.argmin(ahead - behind, axis=1)
    which = np.arange(len(points))
    reach = np.stack([behind[which, best], ahead[which, best]], axis=1)
    reach[~(reach[:, 1] - reach[:, 0] <= _LONGEST_M)] = 0.0
    unit = np.stack([np.cos(angle[best]), np.sin(angle[best])], axis=1)
    return np.asarray(points[:, None, :] + reach[:, :, None] * unit[:, None, :])


def _first_of(points: NDArray[Any], ways: NDArray[Any], row: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give every crossing the first one whose way across it lies on; a first one has itself."""
    own = np.arange(len(points))
    if not len(points):
        return own
    point, way = shapely.STRtree(ways).query(points, predicate="dwithin", distance=SAME_PLACE_M)
    use = (row[point] == row[way]) & (way < point)
    first = own.copy()
    # chains of crossings must not grow into one long place: only a first one gathers others
    for i, j in sorted(zip(point[use].tolist(), way[use].tolist(), strict=True)):
        if first[i] == i and first[j] == j:
            first[i] = j
    return first


def _waits(
    told: gpd.GeoDataFrame, ways: NDArray[Any], first: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    """Return seconds lost and kind of crossing at each place, in the order of the first crossings."""
    delay = told["delay_s"].to_numpy(float) if "delay_s" in told else np.full(len(told), np.nan)
    across = shapely.line_locate_point(ways[first], told.geometry.to_numpy())
    frame = pd.DataFrame({"place": first, "across": across, "delay": delay, "kind": told["kind"].to_numpy(object)})
    spans = frame["kind"].isin(_OVER_OR_UNDER)
    level = frame[~spans].sort_values(["place", "across"], kind="stable")
    new = (level["place"] != level["place"].shift()) | (level["across"].diff() > _LEVEL_M)
    least = _least(level.assign(level=new.cumsum()), ["place", "level"])
    # the slowest part names the crossing
    slow = least.sort_values("delay", ascending=False, na_position="last", kind="stable").drop_duplicates("place")
    total = least.groupby("place")["delay"].sum(min_count=1).reindex(slow["place"]).to_numpy(float)
    slowest = slow["delay"].to_numpy(float)
    at_grade = slow.assign(delay=np.minimum(total, np.maximum(slowest, LONGEST_WAIT_S)))
    both = pd.concat([_least(frame[spans], ["place"]), at_grade[["place", "delay", "kind"]]], ignore_index=True)
    best = _least(both, ["place"]).sort_values("place")
    return best["delay"].to_numpy(float), best["kind"].to_numpy(object)


def _least(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Keep the row with the least delay of each group, an untold one where there is no other."""
    return frame.sort_values("delay", na_position="last", kind="stable").drop_duplicates(keys)
