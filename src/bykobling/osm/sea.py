"""The sea: coastline and the edge of the extract, closed into polygons. Water lies to the right of the line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROBE_M = 0.05
_BRIDGE_M = 500.0
"""A loose end of coastline is drawn on to the edge of the extract, or to another loose end, over at most this."""
_CLEAR_SHARE = 0.8
"""A face is sea or land where at least this share of its coastline says so."""
_GRID_M = 0.01


def sea_polygons(
    coast: Sequence[shapely.LineString], extent: shapely.Polygon
) -> tuple[list[shapely.Polygon], list[str]]:
    """Close coastlines with the edge of the extract into sea polygons.

    Parameters
    ----------
    coast : sequence of LineString
        Coastline ways in metres, land on the left, water on the right.
    extent : Polygon
        Edge of the extract in the same CRS.

    Returns
    -------
    tuple of list of Polygon and list of str
        The sea, and sentences about coastline that did not close.

    Examples
    --------
    >>> west_to_east = shapely.LineString([(-1, 5), (11, 5)])
    >>> sea, _ = sea_polygons([west_to_east], shapely.box(0, 0, 10, 10))
    >>> [face.bounds for face in sea]
    [(0.0, 0.0, 10.0, 5.0)]
    """
    lines = [line for line in coast if line.length > 0]
    inside = shapely.intersection(np.array(lines, dtype=object), extent) if lines else np.empty(0, dtype=object)
    parts: list[shapely.LineString] = [
        p for p in shapely.get_parts(shapely.get_parts(inside)) if p.geom_type == "LineString" and p.length > 0
    ]
    if not parts:
        return [], []
    parts = [p for p in shapely.set_precision(parts, _GRID_M) if not p.is_empty]
    ring = shapely.set_precision(extent.exterior, _GRID_M)
    closing = _close_loose_ends(parts, ring)
    noded = shapely.get_parts(shapely.union_all([*parts, ring, *closing], grid_size=_GRID_M))
    faces = list(shapely.get_parts(shapely.polygonize(noded)))
    water, land = _votes(parts, faces)
    total = water + land
    share = np.divide(water, total, out=np.zeros(len(faces)), where=total > 0)
    sea = [face for face, wet in zip(faces, share, strict=True) if wet >= _CLEAR_SHARE]
    unclear = int(np.count_nonzero((share > 1 - _CLEAR_SHARE) & (share < _CLEAR_SHARE)))
    notes = []
    if unclear:
        notes.append(f"The coastline does not close; {unclear} parts that may be sea are left out.")
    elif closing:
        notes.append(f"{len(closing)} loose ends of coastline were closed by straight lines.")
    merged: list[shapely.Polygon] = list(shapely.get_parts(shapely.union_all(sea, grid_size=_GRID_M))) if sea else []
    return [face for face in merged if face.geom_type == "Polygon"], notes


def _close_loose_ends(parts: list[shapely.LineString], ring: shapely.LineString) -> list[shapely.LineString]:
    """Draw loose ends on: to the nearest loose beginning, else to the edge of the extract."""
    starts = np.array([p.coords[0] for p in parts])
    ends = np.array([p.coords[-1] for p in parts])
    begun, ended = {tuple(p) for p in starts}, {tuple(p) for p in ends}
    loose_ends = [p for p in ended - begun if ring.distance(shapely.Point(p)) > 2 * _GRID_M]
    loose_starts = [p for p in begun - ended if ring.distance(shapely.Point(p)) > 2 * _GRID_M]
    closing = []
    for end in sorted(loose_ends):
        gaps = [float(np.hypot(end[0] - s[0], end[1] - s[1])) for s in loose_starts]
        if gaps and min(gaps) <= min(_BRIDGE_M, ring.distance(shapely.Point(end))):
            closing.append(shapely.LineString([end, loose_starts.pop(int(np.argmin(gaps)))]))
        else:
            closing += _to_ring(end, ring)
    for start in sorted(loose_starts):
        closing += _to_ring(start, ring)
    return closing


def _to_ring(point: tuple[float, ...], ring: shapely.LineString) -> list[shapely.LineString]:
    line = shapely.shortest_line(shapely.Point(point), ring)
    return [line] if 0 < line.length <= _BRIDGE_M else []


def _votes(parts: list[shapely.LineString], faces: list[shapely.Geometry]) -> tuple[np.ndarray, np.ndarray]:
    """Sum, for each face, the length of coastline that has it on its right (water) and on its left (land)."""
    segments, weights = [], []
    for part in parts:
        xy = shapely.get_coordinates(part)
        step = np.diff(xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        good = length > 4 * _PROBE_M
        if good.any():
            middle = (xy[:-1] + xy[1:])[good] / 2
            right = np.stack([step[good, 1], -step[good, 0]], axis=1) / length[good, None] * _PROBE_M
            segments.append(np.stack([middle + right, middle - right], axis=1))
            weights.append(length[good])
    votes = np.zeros((2, len(faces)))
    if segments and faces:
        probes, weight = np.concatenate(segments), np.concatenate(weights)
        tree = shapely.STRtree(faces)
        for side in (0, 1):
            point, face = tree.query(shapely.points(probes[:, side]), predicate="within")
            np.add.at(votes[side], face, weight[point])
    return votes[0], votes[1]
