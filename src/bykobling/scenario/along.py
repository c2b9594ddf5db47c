"""Stretches of streets that run along a drawn line, told from those that only cross it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.network.edges import split_told

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network

_ALONG_SHARE = 0.8
"""A stretch that gains less than this of its length along the line does not run along it."""

_AT_SIDE = 0.9
_ENTERING, _CROSSING = 3.0, 6.0
"""A street that comes in from the side must stay by the line for 3 tolerances, one that goes out again on the other
side for 6 (a crossing at less than 20 degrees)."""

_POINT_M = 0.5


def split_along(network: Network, line: shapely.LineString, tolerance_m: float) -> tuple[Network, NDArray[np.bool_]]:
    """Split edges where they leave a drawn line, and mark the pieces that run along it.

    Parameters
    ----------
    network : Network
        Left as it is.
    line : LineString
        In its CRS.
    tolerance_m : float
        How far beside the line a street still runs along it.

    Returns
    -------
    network : Network
        With nodes where streets come to the line and leave it; all distances are unchanged.
    along : array of bool
        Edges of it that run along the line; a crossing without drawn length is one of them where both its ends are
        ends of others.
    """
    corridor = shapely.buffer(line, tolerance_m, cap_style="flat", quad_segs=4)
    lines = network.edge_geometry
    near = np.sort(shapely.STRtree(lines).query(corridor, predicate="intersects"))
    parts, owner = shapely.get_parts(shapely.intersection(lines[near], corridor), return_index=True)
    edge = near[owner]
    drawn = shapely.length(parts) > _POINT_M
    parts, edge = parts[drawn], edge[drawn]
    runs = np.array([_runs_along(part, line, tolerance_m) for part in parts], np.bool_)
    parts, edge = parts[runs], edge[runs]
    low, high = _shares(lines[edge], parts)
    length = network.edge_length_m[edge]
    split, _, parent = split_told(network, np.r_[edge, edge], np.r_[low * length, high * length])
    return split, _with_points(split, _inside(split, network, parent, edge=edge, low=low, high=high), corridor)


def _runs_along(part: shapely.LineString, line: shapely.LineString, tolerance_m: float) -> bool:
    """Tell whether a stretch beside a line runs along it."""
    at = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(part)))
    gained_m = float(at.max() - at.min())
    if gained_m < _ALONG_SHARE * part.length:
        return False
    ends = [shapely.get_point(part, 0), shapely.get_point(part, -1)]
    sides = [_side(end, line) for end in ends if end.distance(line) > _AT_SIDE * tolerance_m]
    if len(sides) == 2 and sides[0] != sides[1]:
        return gained_m >= _CROSSING * tolerance_m
    return not sides or gained_m >= min(_ENTERING * tolerance_m, _ALONG_SHARE * line.length)


def _side(point: shapely.Point, line: shapely.LineString) -> bool:
    """Tell whether a point lies to the left of a line."""
    at = line.project(point)
    (ax, ay), (bx, by) = (line.interpolate(min(max(at + step, 0.0), line.length)).coords[0] for step in (-1.0, 1.0))
    return (bx - ax) * (point.y - ay) - (by - ay) * (point.x - ax) > 0


def _shares(lines: NDArray[np.object_], parts: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find between which shares of their lines parts lie."""
    if not len(lines):
        return np.empty(0), np.empty(0)
    ends = [shapely.line_locate_point(lines, shapely.get_point(parts, at), normalized=True) for at in (0, -1)]
    low, high = np.minimum(*ends), np.maximum(*ends)
    # a ring within the corridor begins where it ends
    ring = shapely.is_closed(lines) & (shapely.length(parts) > (1 - 1e-6) * shapely.length(lines))
    return np.where(ring, 0.0, low), np.where(ring, 1.0, high)


def _inside(
    split: Network,
    network: Network,
    parent: NDArray[np.int64],
    *,
    edge: NDArray[np.int64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Mark the pieces whose middle lies in a stretch."""
    walked = np.cumsum(split.edge_length_m)
    before = np.r_[0.0, walked][np.searchsorted(parent, parent)]
    whole = np.maximum(network.edge_length_m[parent], 1e-9)
    middle = (walked - split.edge_length_m / 2 - before) / whole
    marked = np.zeros(split.edge_count, np.bool_)
    for number, start, end in zip(edge, low, high, strict=True):
        pieces = slice(*np.searchsorted(parent, [number, number + 1]))
        marked[pieces] |= (middle[pieces] > start) & (middle[pieces] < end)
    return marked


def _with_points(split: Network, marked: NDArray[np.bool_], corridor: shapely.Geometry) -> NDArray[np.bool_]:
    """Add crossings drawn as a point between two marked streets."""
    ends = np.zeros(split.node_count, np.bool_)
    ends[split.edge_u[marked]] = True
    ends[split.edge_v[marked]] = True
    short = np.flatnonzero(~marked & ends[split.edge_u] & ends[split.edge_v])
    short = short[shapely.length(split.edge_geometry[short]) <= _POINT_M]
    result = marked.copy()
    result[short[shapely.intersects(split.edge_geometry[short], corridor)]] = True
    return result


def dead_points(network: Network, gone: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Find crossings drawn as a point, as at a level crossing, that lead nowhere once edges are gone.

    Parameters
    ----------
    network : Network
        With all its edges.
    gone : array of bool (m,)
        Edges taken out.

    Returns
    -------
    array of bool (m,)
        Edges without drawn length that stay, at a node all other edges of which are gone.
    """
    dots = np.flatnonzero(~gone & (shapely.length(network.edge_geometry) <= _POINT_M))
    lost, kept = np.zeros((2, network.node_count), np.int64)
    for end in (network.edge_u, network.edge_v):
        np.add.at(lost, end[gone], 1)
        np.add.at(kept, end[~gone], 1)
    dead = np.zeros(network.edge_count, np.bool_)
    for end in (network.edge_u, network.edge_v):
        dead[dots] |= (lost[end[dots]] > 0) & (kept[end[dots]] == 1)
    return dead
