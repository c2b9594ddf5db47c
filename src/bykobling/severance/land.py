"""The land between barriers, in pieces.

::

    +--------------+------------+
    |              | strip      |     pieces 1, 2 and 3; the lane between the two tracks is a sliver, and
    |      1       |     2      |     the 20 m gap where the strip passes over a street does not join 1 and 2
    |              +            |
    ===========================+     a passage narrower than 30 m is a crossing, not land
    ===========================+
    |             3             |
    +---------------------------+
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling._check import columns as _check_columns
from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors, same_crs
from bykobling._check import weights as _check_weights
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

PASSAGE_M = 30.0
"""Land narrower than this between barriers joins no pieces and is none, as in `BarrierRules.join_m`."""

SLIVER_M2 = 2_500.0
"""A piece of less than 50 m by 50 m is none."""

SLIVER_WIDTH_M = 15.0
"""A piece whose mean width (twice its area over its outline) is less is none."""

CELL_M = 1_000.0

_DISC_SEGMENTS = 32
_FAR_M = 1e8
_INSIDE_M = 0.1


@dataclass(frozen=True)
class Discs:
    """The pieces of land in a disc around each area, slivers left out; arrays are aligned, one entry a piece.

    Parameters
    ----------
    owner : array of int64 (k,)
        Row of the area.
    shape : array of Polygon (k,)
        The piece.
    area_m2 : array of float64 (k,)
        Its size.
    """

    owner: NDArray[np.int64]
    shape: NDArray[np.object_]
    area_m2: NDArray[np.float64]


def land_pieces(
    barriers: gpd.GeoDataFrame, plane: shapely.Polygon, *, headline: bool = True, water: bool = True
) -> NDArray[np.object_]:
    """Cut a plane by barriers.

    Parameters
    ----------
    barriers : GeoDataFrame
        Footprints with ``headline``.
    plane : Polygon
        What is cut.
    headline, water : bool, optional
        Whether barriers of the headline, and the others (water), cut.

    Returns
    -------
    array of Polygon
        The pieces, largest first, slivers among them (`is_sliver`).
    """
    inside = barriers["headline"].to_numpy(bool)
    chosen = (inside & headline) | (~inside & water)
    walls = shapely.intersection(barriers.geometry.to_numpy()[chosen], shapely.buffer(plane, PASSAGE_M))
    half = PASSAGE_M / 2
    # a sea that stops a metre short of the edge must not leave a beach all round
    rim = shapely.difference(shapely.buffer(plane, PASSAGE_M, join_style="mitre"), plane)
    # closed where people could only slip through: grown, merged and shrunk again
    grown = shapely.union_all(shapely.buffer([*walls, rim], half, quad_segs=2, join_style="mitre", mitre_limit=2))
    closed = shapely.buffer(grown, -half, quad_segs=2, join_style="mitre", mitre_limit=2)
    land = shapely.get_parts(shapely.difference(plane, shapely.union_all([closed, *walls])))
    land = land[shapely.get_dimensions(land) == 2]
    return np.asarray(land[np.argsort(-shapely.area(land), kind="stable")], object)


def is_sliver(pieces: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which pieces are too small or too narrow to be land people live on.

    Parameters
    ----------
    pieces : array of Polygon
        Pieces of land.

    Returns
    -------
    array of bool
        True for a sliver.
    """
    area = shapely.area(pieces)
    width = 2 * area / np.maximum(shapely.length(pieces), 1e-9)
    return np.asarray((area < SLIVER_M2) | (width < SLIVER_WIDTH_M))


def in_discs(areas: gpd.GeoDataFrame, land: NDArray[Any], radius_m: float) -> Discs:
    """Cut the land to a disc around the centroid of each area.

    Parameters
    ----------
    areas : GeoDataFrame
        Areas.
    land : array of Polygon
        From `land_pieces`.
    radius_m : float
        Radius of the discs.

    Returns
    -------
    Discs
        Pieces by area.
    """
    centers = shapely.centroid(areas.geometry.to_numpy())
    discs = np.asarray(shapely.buffer(centers, radius_m, quad_segs=_DISC_SEGMENTS), object)
    shapes, owners = [np.empty(0, object)], [np.empty(0, np.int64)]
    for rows, _, there in cells(land, shapely.get_coordinates(centers), radius_m + 1.0):
        disc, piece = shapely.STRtree(there).query(discs[rows], predicate="intersects")
        cut, at = shapely.get_parts(shapely.intersection(there[piece], discs[rows[disc]]), return_index=True)
        kept = (shapely.get_dimensions(cut) == 2) & ~is_sliver(cut)
        shapes.append(cut[kept])
        owners.append(rows[disc[at[kept]]])
    shape, owner = np.concatenate(shapes), np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return Discs(owner[order], shape[order], np.asarray(shapely.area(shape[order])))


def cells(
    land: NDArray[Any], places: NDArray[np.float64], margin_m: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]]:
    """Cut land into squares that overlap by a margin: a disc is not held against the outline of a whole city.

    Parameters
    ----------
    land : array of Polygon
        Pieces.
    places : array of float, shape (n, 2)
        Squares that hold none of these are left out.
    margin_m : float
        How far the land reaches beyond a square.

    Yields
    ------
    rows : array of int64
        The places in the square.
    pieces : array of int64
        Position of the pieces there.
    shapes : array of Polygon or MultiPolygon
        What lies of them in the square and its margin.
    """
    column, line = np.floor(places / CELL_M).astype(np.int64).T
    every = np.arange(len(land))
    for x in np.unique(column):
        of_column, strip = _clipped(every, land, (x * CELL_M - margin_m, -_FAR_M, (x + 1) * CELL_M + margin_m, _FAR_M))
        for y in np.unique(line[column == x]):
            bounds = (-_FAR_M, y * CELL_M - margin_m, _FAR_M, (y + 1) * CELL_M + margin_m)
            yield (np.flatnonzero((column == x) & (line == y)), *_clipped(of_column, strip, bounds))


def _clipped(
    numbers: NDArray[np.int64], shapes: NDArray[Any], bounds: tuple[float, float, float, float]
) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Cut shapes to a box."""
    box = shapely.box(*bounds)
    near = shapely.intersects(shapes, box)
    cut = shapely.intersection(shapes[near], box)
    solid = shapely.area(cut) > 0
    return numbers[near][solid], np.asarray(cut[solid], object)


def on_land(points: NDArray[Any], land: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """Find the piece each home stands on, or the nearest within `PASSAGE_M` where a barrier is drawn too wide.

    Parameters
    ----------
    points : array of Point
        Homes.
    land : array of Polygon
        Pieces.

    Returns
    -------
    piece : array of int64
        Position of the piece; -1 where none is near.
    moved : array of Point
        The homes, those beside their piece taken a step into it.
    """
    found, moved = np.full(len(points), -1, np.int64), points.copy()
    if not len(points) or not len(land):
        return found, moved
    piece, point = shapely.STRtree(points).query(land, predicate="intersects")
    found[point] = piece
    off = np.flatnonzero(found < 0)
    which, near = shapely.STRtree(land).query_nearest(points[off], max_distance=PASSAGE_M, all_matches=False)
    off = off[which]
    found[off] = near
    way = shapely.get_coordinates(shapely.shortest_line(points[off], land[near])).reshape(-1, 2, 2)
    step = way[:, 1] - way[:, 0]
    unit = step / np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    moved[off] = shapely.points(way[:, 1] + unit * _INSIDE_M)
    return found, moved


def check_tables(
    areas: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame, residents: gpd.GeoDataFrame | None, radius_m: float
) -> None:
    """Refuse tables that cannot be cut.

    Parameters
    ----------
    areas, barriers : GeoDataFrame
        Polygons.
    residents : GeoDataFrame or None
        Points.
    radius_m : float
        Radius of the discs.

    Raises
    ------
    InputError
        With every fault found.
    """
    tables = {"barriers": barriers, "areas": areas}
    same_crs(tables if residents is None else {**tables, "residents": residents})
    faults = _check_geometries(areas, ["Polygon", "MultiPolygon"], file="areas")
    faults += _check_columns(barriers, ["headline"], file="barriers")
    if not radius_m > 0:
        faults.append(Fault("radius_m", "", f"it is {radius_m}, and must be above 0", "give metres above 0"))
    if residents is not None:
        missing = _check_columns(residents, ["residents"], file="residents")
        faults += missing or _check_weights(residents["residents"], file="residents")
    raise_errors(faults)
