"""Pedestrian squares: the ring is walkable, and so is every straight line across that stays inside."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_LINES = 120
"""A square with more pairs of entrances than this (16 entrances) is crossed by way of one inner point instead."""
_SLACK_M = 0.1
"""Lines along the ring itself must count as inside in spite of rounding."""
_MIN_LINE_M = 0.5


def crossing_lines(
    square: shapely.Geometry,
    nodes: NDArray[np.int64],
    xy: NDArray[np.float64],
    *,
    hub: int,
    neighbors: set[tuple[int, int]],
) -> tuple[list[tuple[int, int]], list[shapely.LineString]]:
    """Join the entrances of a square by straight lines that stay inside it.

    Parameters
    ----------
    square : Polygon or MultiPolygon
        In metres.
    nodes : array of int64, shape (n,)
        Ids of the entrances: the junctions on its rings.
    xy : array of float64, shape (n, 2)
        Their positions.
    hub : int
        Id to give the inner point, where one is needed.
    neighbors : set of (int, int)
        Pairs already joined along the ring (both orders).

    Returns
    -------
    tuple of list of (int, int) and list of LineString
        Ends and lines.
    """
    if len(nodes) < 2:
        return [], []
    ends: list[tuple[int, int]]
    if len(nodes) * (len(nodes) - 1) // 2 <= MAX_LINES:
        pairs = np.array(list(itertools.combinations(range(len(nodes)), 2)))
        ends = [(int(nodes[i]), int(nodes[j])) for i, j in pairs]
        shape = np.stack([xy[pairs[:, 0]], xy[pairs[:, 1]]], axis=1)
    else:
        inner = shapely.get_coordinates(_inner_point(square))[0]
        ends = [(int(node), hub) for node in nodes]
        shape = np.stack([xy, np.broadcast_to(inner, xy.shape)], axis=1)
    lines = shapely.linestrings(shape)
    roomy = shapely.buffer(square, _SLACK_M)
    shapely.prepare(roomy)
    inside = shapely.covers(roomy, lines) & (shapely.length(lines) >= _MIN_LINE_M)
    kept = [k for k in np.flatnonzero(inside) if ends[k] not in neighbors]
    return [ends[k] for k in kept], [lines[k] for k in kept]


def _inner_point(square: shapely.Geometry) -> shapely.Geometry:
    """Take the centroid where it lies inside, else some point that does."""
    center = shapely.centroid(square)
    return center if shapely.contains(square, center) else shapely.point_on_surface(square)
