"""Buildings as walls that sound has to pass over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors
from bykobling.errors import Fault

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

STOREY_M = 3.0
"""Height of a storey where only levels are known (assumed)."""

CELL_M = 25.0
SIMPLIFY_M = 0.05
"""Corners of outlines flatter than this are drawn straight."""

HEIGHT_STEP_M = 0.5
"""Heights are rounded to this, at least one step: finer than storeys are known."""


@dataclass(frozen=True, eq=False)
class Walls:
    """Walls in a grid, as the kernel takes them.

    Parameters
    ----------
    ends : array of float, shape (W, 4)
        ax, ay, bx, by, metres.
    height : array of float, shape (W,)
        Metres above the ground.
    building : array of int, shape (W,)
        Number of the building.
    storey : array of int, shape (W,)
        Number of the height in `heights`.
    heights : array of float, shape (H,)
        The different heights.
    grid : tuple
        West, south, cell size, columns, rows.
    ptr, wall : array of int
        Walls of each cell.
    shapes : array of Polygon
        The buildings.
    assumed : int
        So many heights are assumed.
    """

    ends: NDArray[np.float64]
    height: NDArray[np.float64]
    building: NDArray[np.int64]
    storey: NDArray[np.int64]
    heights: NDArray[np.float64]
    grid: tuple[float, float, float, int, int]
    ptr: NDArray[np.int64]
    wall: NDArray[np.int64]
    shapes: NDArray[np.object_]
    assumed: int

    def around(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
        """Tell in which building each point lies, -1 where in none.

        Parameters
        ----------
        x, y : array of float, shape (R,)
            Points.

        Returns
        -------
        array of int, shape (R,)
            Number of the building.
        """
        inside = np.full(len(x), -1, np.int64)
        if len(self.shapes) and len(x):
            point, building = shapely.STRtree(self.shapes).query(shapely.points(x, y), predicate="within")
            # of two buildings that overlap the later one: any is as good, but it is always the same
            order = np.lexsort((building, point))
            inside[point[order]] = building[order]
        return inside


def building_walls(buildings: gpd.GeoDataFrame | None, *, default_height_m: float = 9.0) -> Walls:
    """Take the outlines of buildings as walls.

    Parameters
    ----------
    buildings : GeoDataFrame or None
        Areas with ``height_m``, else ``levels`` (3 m each), where known. None: no walls.
    default_height_m : float
        Height of the others.

    Returns
    -------
    Walls

    Raises
    ------
    InputError
        Shapes that are no areas; heights that are negative or above 500 m.
    """
    if buildings is None or not len(buildings):
        nothing = np.empty(0, np.int64)
        grid = (0.0, 0.0, CELL_M, 0, 0)
        return Walls(
            np.empty((0, 4)), np.empty(0), nothing, nothing, np.empty(0), grid, nothing, nothing, np.empty(0, object), 0
        )
    height, assumed = _heights(buildings, default_height_m)
    shapes = buildings.geometry.to_numpy()
    tall = ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes) & (height > 0)
    parts, owner = shapely.get_parts(shapely.boundary(shapely.simplify(shapes[tall], SIMPLIFY_M)), return_index=True)
    xy, part = shapely.get_coordinates(shapely.segmentize(parts, CELL_M), return_index=True)
    joined = part[1:] == part[:-1]
    ends = np.concatenate([xy[:-1], xy[1:]], axis=1)[joined]
    building = owner[part[1:][joined]].astype(np.int64)
    grid, ptr, wall = _in_cells(ends)
    heights, storey = np.unique(height[tall], return_inverse=True)
    mine = storey.reshape(-1).astype(np.int64)[building]
    return Walls(ends, heights[mine], building, mine, heights, grid, ptr, wall, shapes[tall], int(assumed[tall].sum()))


def _heights(buildings: gpd.GeoDataFrame, default_m: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    faults = _check_geometries(buildings, ["Polygon", "MultiPolygon"], file="buildings", absent="warning")
    if not default_m > 0:
        faults.append(Fault("default_height_m", "", f"it is {default_m}", "give metres above 0"))
    known = np.full(len(buildings), np.nan)
    for name, metres in (("levels", STOREY_M), ("height_m", 1.0)):
        if name in buildings:
            value = pd.to_numeric(buildings[name], errors="coerce").to_numpy(float) * metres
            known = np.where(np.isfinite(value), value, known)
    if ((known < 0) | (known > 500)).any():
        rule = f"heights reach from {np.nanmin(known):g} to {np.nanmax(known):g} m"
        faults.append(Fault("buildings", "column height_m or levels", rule, "give metres above the ground"))
    raise_errors(faults)
    height = np.where(np.isfinite(known), known, default_m)
    steps = np.maximum(np.round(height / HEIGHT_STEP_M), 1.0) * HEIGHT_STEP_M
    return np.where(height > 0, steps, 0.0), ~np.isfinite(known)


def _in_cells(
    ends: NDArray[np.float64],
) -> tuple[tuple[float, float, float, int, int], NDArray[np.int64], NDArray[np.int64]]:
    """Put each wall into every cell its box touches: at most four, since it is no longer than a cell."""
    low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
    # a margin of a metre keeps walls on a cell's edge from being missed by rounding
    west, south = low.min(axis=0) - 1.0
    first = np.floor((low - 1e-6 - [west, south]) / CELL_M).astype(np.int64)
    last = np.floor((high + 1e-6 - [west, south]) / CELL_M).astype(np.int64)
    columns, rows = (last.max(axis=0) + 1).tolist()
    cells, walls = [], []
    for right in range(int((last - first).max()) + 1):
        for up in range(int((last - first).max()) + 1):
            at = first + np.array([right, up])
            there = (at <= last).all(axis=1)
            cells.append(at[there, 1] * columns + at[there, 0])
            walls.append(np.flatnonzero(there))
    cell, wall = np.concatenate(cells), np.concatenate(walls)
    order = np.lexsort((wall, cell))
    ptr = np.zeros(columns * rows + 1, np.int64)
    np.cumsum(np.bincount(cell, minlength=columns * rows), out=ptr[1:])
    return (float(west), float(south), CELL_M, columns, rows), ptr, wall[order].astype(np.int64)
