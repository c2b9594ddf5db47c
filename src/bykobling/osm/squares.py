"""Pedestrian squares: the ring is walkable, and so is every straight line across that stays inside."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling.tags import StreetRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.osm.scan import Scan
    from bykobling.osm.split import Project, Vertices

MAX_LINES = 120
"""A square with more pairs of entrances than this (16 entrances) is crossed by way of one inner point instead."""
_SLACK_M = 0.1
"""Lines along the ring itself must count as inside in spite of rounding."""
_MIN_LINE_M = 0.5


def lines_across(  # noqa: PLR0917 - one caller, which has just these at hand
    kept: Scan,
    rings: Vertices,
    at: NDArray[np.bool_],
    street_refs: NDArray[np.int64],
    outlines: pd.DataFrame,
    project: Project,
) -> tuple[pd.DataFrame, int]:
    """Draw lines across all squares.

    Parameters
    ----------
    kept : Scan
        For the squares and which ring belongs to which.
    rings : Vertices
        Vertices of all rings.
    at : array of bool
        Which of them are junctions.
    street_refs : array of int64
        Node ids of all streets drawn as lines.
    outlines : DataFrame
        The rings as street pieces.
    project : callable
        Degrees -> metres.

    Returns
    -------
    tuple of DataFrame and int
        Street pieces, and the next synthetic node id to use.
    """
    hub = -1
    rows: list[tuple[Any, ...]] = []
    if len(rings.ref):
        square = np.array(kept.square_of_ring, dtype=np.int64)[rings.way]
        straight = _straight(outlines)
        entrances = np.flatnonzero(at & np.isin(rings.ref, _entrance_ids(rings.ref, square, street_refs)))
        by_square: dict[int, list[int]] = {}
        for place in entrances.tolist():
            by_square.setdefault(int(square[place]), []).append(place)
        for number, places in by_square.items():
            record, shape = kept.squares[number]
            if not (record.walk or record.bike_forward):
                continue
            polygon = shapely.transform(
                shapely.make_valid(shapely.from_wkb(shape)), lambda lonlat: project(lonlat[:, 0], lonlat[:, 1])
            )
            nodes, first = np.unique(rings.ref[places], return_index=True)
            ends, lines = crossing_lines(polygon, nodes, rings.xy[np.array(places)[first]], hub=hub, neighbors=straight)
            hub -= any(hub in pair for pair in ends)
            rows.extend((u, v, *record, line) for (u, v), line in zip(ends, lines, strict=True))
    columns = ["u", "v", *StreetRecord._fields, "geometry"]
    return pd.DataFrame({c: pd.Series([r[k] for r in rows], dtype=object) for k, c in enumerate(columns)}), hub


def _entrance_ids(
    refs: NDArray[np.int64], square: NDArray[np.int64], street_refs: NDArray[np.int64]
) -> NDArray[np.int64]:
    """List the nodes a square is entered by: those of another street, or of another square."""
    pairs = np.unique(np.stack([refs, square], axis=1), axis=0)
    ids, counts = np.unique(pairs[:, 0], return_counts=True)
    shared: NDArray[np.int64] = np.concatenate([ids[counts >= 2], np.intersect1d(ids, street_refs)])
    return shared


def _straight(outlines: pd.DataFrame) -> set[tuple[int, int]]:
    """Pairs joined by a straight stretch of ring: a second line on top of it would be a duplicate."""
    simple = shapely.get_num_points(outlines["geometry"].to_numpy()) == 2
    pairs = set(zip(outlines["u"][simple], outlines["v"][simple], strict=True))
    return pairs | {(v, u) for u, v in pairs}


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
    lines = np.atleast_1d(np.array(shapely.linestrings(shape), dtype=object))
    roomy = shapely.buffer(square, _SLACK_M)
    shapely.prepare(roomy)
    inside = shapely.covers(roomy, lines) & (shapely.length(lines) >= _MIN_LINE_M)
    kept = [k for k in np.flatnonzero(inside) if ends[k] not in neighbors]
    return [ends[k] for k in kept], [lines[k] for k in kept]


def _inner_point(square: shapely.Geometry) -> shapely.Geometry:
    """Take the centroid where it lies inside, else some point that does."""
    center = shapely.centroid(square)
    return center if shapely.contains(square, center) else shapely.point_on_surface(square)
