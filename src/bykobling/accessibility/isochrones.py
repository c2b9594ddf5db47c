"""Isochrones that follow the streets: what is reached, drawn as wide as a street with its houses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

from bykobling._check import raise_errors
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.stretches import reached_stretches
from bykobling.errors import Fault
from bykobling.network import costs_within
from bykobling.network.snap import checked_geometries

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap

WIDTH_M = 25.0
"""Houses this far beside a street are in it."""

FILL_M2 = 20_000.0
"""A courtyard or block up to this size, all round which people walk, is no gap."""

CROSSING_M = 5.0
"""Half the width of a bridge over a wall, or of a way through it."""

_QUARTER = 4
_WALL_CELL_M = 500.0


def isochrones(
    network: Network,
    origins: Snap,
    *,
    cutoffs_min: ArrayLike,
    width_m: float = WIDTH_M,
    fill_m2: float = FILL_M2,
    walls: gpd.GeoSeries | ArrayLike | None = None,
    crossing_m: float = CROSSING_M,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Draw what is reached from each origin within each cut-off, along the streets.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.
    cutoffs_min : array of float (C,)
        Minutes, inclusive, in any order.
    width_m : float, optional
        Metres to either side of a reached street that are drawn.
    fill_m2 : float, optional
        Holes up to this area are closed, unless a street or a wall lies in them; 0 closes none.
    walls : GeoSeries or array of Polygon, optional
        What is not walked on and never covered (railways, water, big roads: footprints of barriers, or
        ``Openings.walls``), except `crossing_m` to either side of a reached street through it. Nothing is drawn
        across a wall from the street beside it.
    crossing_m : float, optional
        Metres.
    progress : callable, optional
        Told after every origin.

    Returns
    -------
    GeoDataFrame
        ``origin`` (number), ``cutoff_min`` ascending, and polygons, one row for each of both; of one origin the
        larger holds the smaller. Empty where the street itself is out of reach; None for unlinked origins.

    Raises
    ------
    InputError
        Cut-offs or widths that are not above 0, an area that is negative, walls that are no polygons.

    Notes
    -----
    Streets are cut where time is up, to the metre. A street farther than the cut-off is covered only within
    `width_m` of a reached one.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> drawn = isochrones(network, network.snap([Point(0, 0)]), cutoffs_min=[5], width_m=10)
    >>> drawn.total_bounds.tolist()
    [-10.0, -10.0, 410.0, 10.0]
    """
    cutoffs = np.unique(np.asarray(cutoffs_min, np.float64))
    blocks = np.empty(0, object) if walls is None else checked_geometries(network, walls)
    _check(cutoffs, blocks, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    pen = _Pen(network.edge_geometry, blocks, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    costs = costs_within(network, origins, float(cutoffs[-1]) * 60.0)
    node_s = np.full(network.node_count, np.inf, np.float32)
    shapes: list[shapely.Geometry | None] = []
    for i in range(len(origins)):
        if origins.linked[i]:
            row = slice(costs.indptr[i], costs.indptr[i + 1])
            node_s[costs.node[row]] = costs.seconds[row]
            shapes += _of_one(network, node_s, origins.take([i]), cutoffs, pen)
            node_s[costs.node[row]] = np.inf
        else:
            shapes += [None] * len(cutoffs)
        if progress is not None:
            progress(i + 1, len(origins), "isochrones")
    table = {
        "origin": np.repeat(np.arange(len(origins)), len(cutoffs)),
        "cutoff_min": np.tile(cutoffs, len(origins)),
    }
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=network.crs), crs=network.crs)


def _of_one(
    network: Network, node_s: NDArray[np.float32], origin: Snap, cutoffs_min: NDArray[np.float64], pen: _Pen
) -> list[shapely.Geometry]:
    """Draw one origin's isochrones, from the smallest to the largest."""
    drawn: list[shapely.Geometry] = []
    done = np.zeros(network.edge_count, bool)
    for cutoff in cutoffs_min:
        reached = reached_stretches(network, node_s, origin, float(cutoff) * 60.0)
        fresh = reached.take(~done[reached.edge])
        done[fresh.edge[(fresh.low <= 0) & (fresh.high >= 1)]] = True
        drawn.append(pen.draw(fresh.lines(network), drawn[-1] if drawn else shapely.Polygon()))
    return drawn


def _check(
    cutoffs: NDArray[np.float64], walls: NDArray[np.object_], *, width_m: float, fill_m2: float, crossing_m: float
) -> None:
    faults = above_zero("width_m", width_m, "25") + above_zero("crossing_m", crossing_m, "5")
    if not len(cutoffs) or not (np.isfinite(cutoffs) & (cutoffs > 0)).all():
        rule = f"{cutoffs.tolist()} are not numbers of minutes above 0"
        faults.append(Fault("cutoffs_min", "", rule, "give one or more, e.g. (5, 10, 15)"))
    if not fill_m2 >= 0:
        faults.append(Fault("fill_m2", "", f"{fill_m2} is negative", "give an area, or 0 to close no holes"))
    if (bad := np.flatnonzero(shapely.get_dimensions(walls) < 2)).size:
        rule = f"{len(bad)} are not polygons, the first is {walls[bad[0]]!s:.60}"
        faults.append(Fault("walls", f"row {bad[0]}", rule, "give the footprints of barriers"))
    raise_errors(faults)


class _Pen:
    """Draws reached streets; keeps the search trees all drawings share."""

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

    def draw(self, lines: NDArray[np.object_], smaller: shapely.Geometry) -> shapely.Geometry:
        """Draw lines, together with what was drawn for a smaller cut-off."""
        if not len(lines):
            return smaller
        near, wall = self._near_walls(lines)
        parts = [shapely.buffer(lines[~near], self.width_m, quad_segs=_QUARTER), np.array([smaller], object)]
        if near.any():
            parts += _beside(lines[near], wall, self.width_m), _through(lines[near], wall, self.crossing_m)
        return self._filled(shapely.union_all(np.concatenate(parts)))

    def _near_walls(self, lines: NDArray[np.object_]) -> tuple[NDArray[np.bool_], shapely.Geometry]:
        """Find the lines with a wall in their width, and the walls around them as one."""
        line, cell = self.walls.query(lines, predicate="dwithin", distance=self.width_m)
        near = np.zeros(len(lines), bool)
        near[line] = True
        return near, shapely.union_all(self.walls.geometries[np.unique(cell)])

    def _filled(self, shape: shapely.Geometry) -> shapely.Geometry:
        """Close holes without a street or a wall in them, up to the greatest area."""
        polygons = shapely.get_parts(shape)
        rings, owner = shapely.get_rings(polygons, return_index=True)
        outer = np.ones(len(rings), bool)
        outer[1:] = owner[1:] != owner[:-1]
        holes = np.asarray(shapely.polygons(rings), object)
        close = ~outer & (shapely.area(holes) <= self.fill_m2)
        for tree in (self.streets, self.walls):
            asked = np.flatnonzero(close)
            close[asked[tree.query(holes[asked], predicate="intersects")[0]]] = False
        if not close.any():
            return shape
        kept = [
            shapely.Polygon(ring, list(rings[~outer & ~close & (owner == i)])) for i, ring in enumerate(rings[outer])
        ]
        return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _beside(lines: NDArray[np.object_], wall: shapely.Geometry, width_m: float) -> NDArray[np.object_]:
    """Draw what of lines is outside the wall, on their own side of it only."""
    outside = shapely.get_parts(shapely.difference(lines, wall))
    parts, line = shapely.get_parts(
        shapely.difference(shapely.buffer(outside, width_m, quad_segs=_QUARTER), wall), return_index=True
    )
    return np.asarray(parts[shapely.intersects(parts, outside[line])])


def _through(lines: NDArray[np.object_], wall: shapely.Geometry, crossing_m: float) -> NDArray[np.object_]:
    """Draw what of lines is inside the wall: a bridge, an underpass, a level crossing."""
    inside, line = shapely.get_parts(shapely.intersection(lines, wall), return_index=True)
    long = shapely.length(inside) > 0
    ways, line = shapely.buffer(inside[long], crossing_m, quad_segs=_QUARTER), line[long]
    # the round end of a way that stops inside must not look out on the far side
    parts, way = shapely.get_parts(shapely.difference(ways, wall), return_index=True)
    astray = ~shapely.intersects(parts, lines[line[way]])
    for i in np.unique(way[astray]):
        ways[i] = shapely.difference(ways[i], shapely.union_all(parts[astray & (way == i)]))
    return np.asarray(ways)


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
