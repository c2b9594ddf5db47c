"""Which cells a polygon covers, and how much of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.raster.geotiff import opened, read_window
from bykobling.raster.sample import piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bykobling.raster.model import RasterFile

_DECIMALS = 9
"""Corners are rounded to a billionth of a cell."""

_EMPTY = -1e9
"""Stands for cells without a level, which are covered too."""


def covered_cells(
    raster: RasterFile, shapes: NDArray[np.object_]
) -> Iterator[tuple[int, NDArray[np.float64], NDArray[np.float64]]]:
    """Yield the cells each polygon covers, window by window.

    Parameters
    ----------
    raster : RasterFile
        Any grid: rotated, or in degrees.
    shapes : array of Polygon or MultiPolygon
        In the CRS of the raster.

    Yields
    ------
    tuple of int, array, array
        Which polygon; the cells it covers in one window (dB or codes, NaN where they hold no level); the share of
        each that it covers (0-1).

    Notes
    -----
    Shares are exact (exactextract, or shapely's intersections where it is not installed). They are computed in
    columns and rows, since an affine map keeps ratios of surface; so no grid is ever resampled.
    """
    along, down = piece(raster)
    with opened(raster.path) as dataset:
        for number, shape in enumerate(shapes):
            grid = on_grid(raster, shape)
            if shapely.is_empty(grid):
                continue
            left, bottom, right, top = shapely.bounds(grid)
            first, last = max(int(np.floor(-top)), 0), min(int(np.ceil(-bottom)), raster.height)
            west, east = max(int(np.floor(left)), 0), min(int(np.ceil(right)), raster.width)
            for row in range(first, last, down):
                for column in range(west, east, along):
                    rows = slice(row, min(row + down, last))
                    columns = slice(column, min(column + along, east))
                    window = read_window(dataset, raster, rows, columns)
                    values, share = cell_shares(grid, window, columns.start, -rows.start)
                    yield number, values, share


def on_grid(raster: RasterFile, shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in columns and (negative) rows of the raster."""

    def cells(xy: NDArray[np.float64]) -> NDArray[np.float64]:
        column, row = raster.cells(xy[:, 0], xy[:, 1])
        return np.column_stack([column, -row])

    return shapely.transform(shape, cells)


def cell_shares(
    grid: shapely.Geometry, window: NDArray[np.float64], left: float, top: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the values of the cells a shape covers, and the share of each it covers.

    Parameters
    ----------
    grid : Polygon or MultiPolygon
        In cells.
    window : array of float, shape (rows, columns)
        Cells, NaN where they hold no level.
    left, top : float
        Position of its upper left corner; rows go down.

    Returns
    -------
    tuple of array
        Values and shares (0-1).
    """
    try:
        from exactextract import exact_extract  # noqa: PLC0415 - slow to load, and QGIS has none
        from exactextract.raster import NumPyRasterSource  # noqa: PLC0415
    except ImportError:
        return plain_shares(grid, window, left, top)
    height, width = window.shape
    filled = np.where(np.isnan(window), _EMPTY, window)
    source = NumPyRasterSource(filled, left, top - height, left + width, top)
    # exactextract 0.3 misses cells beside a corner that lies less than 1e-16 from their border
    grid = shapely.transform(grid, lambda xy: np.round(xy, _DECIMALS))
    feature = {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(grid))}
    told: Any = exact_extract(source, [feature], ["values", "coverage"])[0]["properties"]
    values = np.asarray(told["values"], float)
    return np.where(values == _EMPTY, np.nan, values), np.asarray(told["coverage"], float)


def plain_shares(
    grid: shapely.Geometry, window: NDArray[np.float64], left: float, top: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Do what `cell_shares` does by intersecting every cell in the bounds of the shape, about 13 times slower.

    Parameters
    ----------
    grid : Polygon or MultiPolygon
        In cells.
    window : array of float, shape (rows, columns)
        Cells.
    left, top : float
        Position of its upper left corner.

    Returns
    -------
    tuple of array
        Values and shares (0-1).
    """
    height, width = window.shape
    west, south, east, north = shapely.bounds(grid)
    columns = np.arange(max(int(np.floor(west - left)), 0), min(int(np.ceil(east - left)), width))
    rows = np.arange(max(int(np.floor(top - north)), 0), min(int(np.ceil(top - south)), height))
    row, column = (grid_.ravel() for grid_ in np.meshgrid(rows, columns, indexing="ij"))
    cells = shapely.box(left + column, top - row - 1, left + column + 1, top - row)
    shapely.prepare(grid)
    share = shapely.covers(grid, cells).astype(float)
    cut = (share == 0) & shapely.intersects(grid, cells)
    share[cut] = shapely.area(shapely.intersection(cells[cut], grid))
    hit = share > 0
    return window[row[hit], column[hit]], share[hit]
