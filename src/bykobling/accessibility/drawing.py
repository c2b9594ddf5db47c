"""Streets drawn as wide as they are with their houses, and united in a tree that all drawings share.

Edges stand in the order of a Hilbert curve, two and two are united, then pairs of pairs, up to the whole city. Of what
an origin reaches, nearly all is whole branches, which are taken as they are::

    reached      . # # # # # # .
    taken          # [  ##  ] #         one pair of pairs, two edges and the stretches at the rim
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.accessibility.stretches import with_points
from bykobling.network.hilbert import hilbert_distance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

_QUARTER = 4
_WALL_CELL_M = 500.0


class Pen:
    """Draws stretches of streets, aware of walls, and fills holes nobody could mind.

    Parameters
    ----------
    streets : array of LineString
        Every street there is: none may be covered by filling.
    walls : array of Polygon
        What is never covered, except where a street goes through.
    width_m, fill_m2, crossing_m : float
        As in `bykobling.isochrones`.
    """

    def __init__(
        self,
        streets: NDArray[np.object_],
        walls: NDArray[np.object_],
        *,
        width_m: float,
        fill_m2: float,
        crossing_m: float,
    ) -> None:
        self.width_m, self.fill_m2, self.crossing_m = width_m, fill_m2, crossing_m
        self.streets = shapely.STRtree(streets)
        self.walls = shapely.STRtree(_cells(walls))

    def strokes(self, lines: NDArray[np.object_]) -> NDArray[np.object_]:
        """Draw each line by itself.

        Parameters
        ----------
        lines : array of LineString or Point
            Stretches of streets.

        Returns
        -------
        array of Polygon or MultiPolygon
            Aligned.
        """
        drawn = np.asarray(shapely.buffer(lines, self.width_m, quad_segs=_QUARTER), object)
        reach = max(self.width_m, self.crossing_m)
        line, cell = self.walls.query(lines, predicate="dwithin", distance=reach)
        if not len(line):
            return drawn
        near, at = np.unique(line, return_inverse=True)
        wall = united(self.walls.geometries[cell], at, len(near))
        beside, own = _beside(lines[near], wall, self.width_m)
        through, way = _through(lines[near], wall, self.crossing_m)
        drawn[near] = united(np.concatenate([beside, through]), np.concatenate([own, way]), len(near))
        return drawn

    def filled(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Close holes without a street or a wall in them, up to the greatest area.

        Parameters
        ----------
        shapes : array of Polygon or MultiPolygon
            What was drawn.

        Returns
        -------
        array of Polygon or MultiPolygon
            Aligned.
        """
        polygons, owner = shapely.get_parts(shapes, return_index=True)
        pierced = np.flatnonzero(shapely.get_num_interior_rings(polygons) > 0)
        rings, polygon = shapely.get_rings(polygons[pierced], return_index=True)
        outer = np.ones(len(rings), bool)
        outer[1:] = polygon[1:] != polygon[:-1]
        holes = np.asarray(shapely.polygons(rings), object)
        close = ~outer & (shapely.area(holes) <= self.fill_m2)
        for tree in (self.streets, self.walls):
            asked = np.flatnonzero(close)
            close[asked[tree.query(holes[asked], predicate="intersects")[0]]] = False
        if not close.any():
            return shapes
        polygons[pierced] = shapely.polygons(rings[~close], indices=polygon[~close])
        result = shapes.copy()
        for shape in np.unique(owner[pierced[polygon[close]]]):
            mine = polygons[owner == shape]
            result[shape] = mine[0] if len(mine) == 1 else shapely.MultiPolygon(list(mine))
        return result


class Canvas:
    """The drawings of all edges, united in a tree whose branches are drawn when first needed.

    Parameters
    ----------
    edges : array of LineString
        Edges of a network.
    pen : Pen
        Draws them.
    pool : Executor
        Where branches and shapes are united.
    """

    def __init__(self, edges: NDArray[np.object_], pen: Pen, pool: Executor) -> None:
        self.edges, self.pen, self.pool = with_points(edges), pen, pool
        middle = shapely.get_coordinates(shapely.line_interpolate_point(edges, 0.5, normalized=True))
        self.order = np.argsort(hilbert_distance(middle[:, 0], middle[:, 1]), kind="stable")
        self.place = np.empty(len(edges), np.int64)
        self.place[self.order] = np.arange(len(edges))
        count, self.levels = len(edges), [np.full(len(edges), None, object)]
        while count > 1:
            count = -(-count // 2)
            self.levels.append(np.full(count, None, object))

    def draw(
        self, whole: Sequence[NDArray[np.int64]], parts: Sequence[NDArray[np.object_]], *, steps: int
    ) -> Iterator[shapely.Geometry]:
        """Draw shapes, each of whole edges and of lines.

        Parameters
        ----------
        whole : sequence of array of int
            Edges of each shape, each edge once.
        parts : sequence of array of LineString or Point
            Other lines of each shape.
        steps : int
            So many shapes belong together, each reaching farther than the one before.

        Yields
        ------
        Polygon or MultiPolygon
            One a shape, holding those before it of its steps; an empty polygon where nothing is drawn.
        """
        covers = [self._cover(edges) for edges in whole]
        self._prepare(covers)
        ends = np.cumsum([len(lines) for lines in parts])[:-1]
        strokes = np.split(self.pen.strokes(np.concatenate([*parts, np.empty(0, object)])), ends)
        pieces = [
            np.concatenate([*(self.levels[level][at] for level, at in cover), mine])
            for cover, mine in zip(covers, strokes, strict=True)
        ]
        together = [pieces[i : i + steps] for i in range(0, len(pieces), steps)]
        for shapes in self.pool.map(_united_in_steps, together):
            yield from self.pen.filled(shapes)

    def _cover(self, edges: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
        """Find the fewest branches that hold these edges and no other: ``[(level, numbers)]``."""
        left, found = np.sort(self.place[edges]), []
        for level, branches in enumerate(self.levels):
            if not len(left):
                break
            above, members = np.unique(left // 2, return_counts=True)
            full = above[members == np.minimum(2, len(branches) - 2 * above)] if len(branches) > 1 else above[:0]
            found.append((level, left[~np.isin(left // 2, full)]))
            left = full
        return found

    def _prepare(self, covers: Sequence[list[tuple[int, NDArray[np.int64]]]]) -> None:
        """Draw the branches that are needed and not yet there, from the edges up."""
        needed = [np.zeros(len(branches), bool) for branches in self.levels]
        for cover in covers:
            for level, at in cover:
                needed[level][at] = True
        for level in range(len(needed) - 1, -1, -1):
            needed[level] &= self.levels[level] == None  # noqa: E711 - element by element
            if level:
                both = np.repeat(needed[level], 2)[: len(needed[level - 1])]
                needed[level - 1] |= both
        for level, wanted in enumerate(needed):
            fresh = np.flatnonzero(wanted)
            if not len(fresh):
                continue
            if level:
                below = np.concatenate([self.levels[level - 1], np.array([None], object)])
                pairs = below[np.column_stack([2 * fresh, np.minimum(2 * fresh + 1, len(below) - 1)])]
                halves = np.array_split(pairs, max(1, len(pairs) // 200))
                drawn = self.pen.filled(np.concatenate(list(self.pool.map(_pairs_united, halves))))
            else:
                drawn = self.pen.strokes(self.edges[self.order[fresh]])
            # older GEOS keeps a box with each shape, made when first asked for, which threads must not do at once
            shapely.bounds(drawn)
            self.levels[level][fresh] = drawn


def united(shapes: NDArray[np.object_], owner: NDArray[np.int64], count: int) -> NDArray[np.object_]:
    """Unite the shapes of each owner.

    Parameters
    ----------
    shapes : array of geometry
        Polygons.
    owner : array of int
        Whose each is, 0 to `count` - 1.
    count : int
        Number of owners.

    Returns
    -------
    array of geometry, shape (count,)
        Empty for an owner without shapes.
    """
    order = np.argsort(owner, kind="stable")
    size = np.bincount(owner, minlength=count)
    begin = np.cumsum(size) - size
    table = np.full((count, max(1, int(size.max(initial=0)))), None, object)
    table[owner[order], np.arange(len(order)) - begin[owner[order]]] = shapes[order]
    return np.asarray(shapely.union_all(table, axis=1), object)


def _united_in_steps(pieces: Sequence[NDArray[np.object_]]) -> NDArray[np.object_]:
    """Unite the pieces of each step, with what was united before: pieces cut elsewhere differ in the last digits."""
    shapes = np.full(len(pieces), shapely.Polygon(), object)
    for step, mine in enumerate(pieces):
        both = shapely.union_all([*mine, shapes[max(step - 1, 0)]])
        shapes[step] = shapely.Polygon() if shapely.is_empty(both) else both
    return shapes


def _pairs_united(pairs: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(shapely.union_all(pairs, axis=1), object)


def _beside(
    lines: NDArray[np.object_], wall: NDArray[np.object_], width_m: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Draw what of each line is outside its wall, on its own side of it only: shapes and whose they are."""
    outside, line = shapely.get_parts(shapely.difference(lines, wall), return_index=True)
    parts, piece = shapely.get_parts(
        shapely.difference(shapely.buffer(outside, width_m, quad_segs=_QUARTER), wall[line]), return_index=True
    )
    own = shapely.intersects(parts, outside[piece])
    return parts[own], line[piece[own]]


def _through(
    lines: NDArray[np.object_], wall: NDArray[np.object_], crossing_m: float
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Draw what of each line is inside its wall: a bridge, an underpass, a level crossing; and whose it is."""
    inside, line = shapely.get_parts(shapely.intersection(lines, wall), return_index=True)
    long = shapely.length(inside) > 0
    line = line[long]
    ways = np.asarray(shapely.buffer(inside[long], crossing_m, quad_segs=_QUARTER), object)
    # the round end of a way that stops inside must not look out on the far side
    parts, way = shapely.get_parts(shapely.difference(ways, wall[line]), return_index=True)
    astray = ~shapely.intersects(parts, lines[line[way]])
    for i in np.unique(way[astray]):
        ways[i] = shapely.difference(ways[i], shapely.union_all(parts[astray & (way == i)]))
    return ways, line


def _cells(walls: NDArray[np.object_]) -> NDArray[Any]:
    """Cut large walls into pieces, so that only what is near is worked with."""
    walls = shapely.get_parts(shapely.make_valid(walls))
    walls = walls[(shapely.get_dimensions(walls) == 2) & ~shapely.is_empty(walls)]
    pieces = [_quartered(wall) for wall in walls]
    return np.concatenate([*pieces, np.empty(0, object)])


def _quartered(wall: shapely.Geometry) -> NDArray[Any]:
    west, south, east, north = shapely.bounds(wall)
    if max(east - west, north - south) <= _WALL_CELL_M:
        return np.array([wall], object)
    x, y = np.meshgrid(np.arange(west, east, _WALL_CELL_M), np.arange(south, north, _WALL_CELL_M))
    boxes = shapely.box(x.ravel(), y.ravel(), x.ravel() + _WALL_CELL_M, y.ravel() + _WALL_CELL_M)
    shapely.prepare(wall)
    boxes = boxes[shapely.intersects(wall, boxes)]
    pieces = shapely.get_parts(shapely.intersection(wall, boxes))
    return np.asarray(pieces[shapely.get_dimensions(pieces) == 2])
