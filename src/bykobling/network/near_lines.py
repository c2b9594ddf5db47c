"""The line nearest to each of very many points, and the place on a line nearest to a point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK = 4_096


@dataclass(frozen=True, eq=False)
class Corners:
    """The vertices of many lines, taken out of them once.

    Parameters
    ----------
    x, y : array of float64 (n,)
        Line after line.
    ptr : array of int64 (L + 1,)
        Where each line begins.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    ptr: NDArray[np.int64]

    @classmethod
    def of(cls, lines: NDArray[np.object_]) -> Corners:
        """Take the vertices out of lines.

        Parameters
        ----------
        lines : array of LineString (L,)
            An empty one has no vertices.

        Returns
        -------
        Corners
        """
        x, y = np.ascontiguousarray(shapely.get_coordinates(lines).T)
        return cls(x, y, np.append(0, np.cumsum(shapely.get_num_coordinates(lines))).astype(np.int64))

    def beside(self, line: NDArray[np.integer[Any]], xy: NDArray[np.float64]) -> Beside:
        """Find the place on its line that is nearest to each point.

        Parameters
        ----------
        line : array of int (P,)
            Number of the line of each point, none of them empty.
        xy : array of float64 (P, 2)
            Points, with numbers.

        Returns
        -------
        Beside

        Examples
        --------
        >>> import shapely
        >>> street = Corners.of(shapely.linestrings([[(0, 0), (60, 0), (60, 40)]]))
        >>> at = street.beside(np.array([0]), np.array([[50.0, 30.0]]))
        >>> at.metres.tolist(), at.along_m.tolist(), at.foot.tolist()
        ([10.0], [90.0], [[60.0, 30.0]])
        """
        from bykobling._kernels.grid import place_on_line  # noqa: PLC0415 - compiled on first use

        metres, along_m, foot_x, foot_y = (np.full(len(line), np.nan) for _ in range(4))
        px, py = np.ascontiguousarray(xy.T)
        lines: tuple[Any, ...] = (self.x, self.y, self.ptr[line], self.ptr[line + 1] - 1)
        arguments: tuple[Any, ...] = (px, py, *lines, metres, along_m, foot_x, foot_y)
        place_on_line(*arguments)
        return Beside(metres, along_m, np.column_stack([foot_x, foot_y]))


class Beside(NamedTuple):
    """Where points lie beside their lines, one row a point.

    Parameters
    ----------
    metres : array of float64 (P,)
        From the point to the line.
    along_m : array of float64 (P,)
        From the start of the line to the place nearest to the point, along the line.
    foot : array of float64 (P, 2)
        That place.
    """

    metres: NDArray[np.float64]
    along_m: NDArray[np.float64]
    foot: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LineGrid:
    """A grid over lines that knows which of them run through each cell.

    It only decides which line is nearest where no other is within a thousandth of a millimetre of being as near, so
    that rounding decides nothing; in a tenth of the time of asking a tree point by point.

    Parameters
    ----------
    corners : Corners
        Of all lines.
    owner : array of int32 (n,)
        Line of each vertex.
    cells : tuple of (float, float, float, int, int)
        West, south, metres of a side, columns, rows.
    ptr, segment : array of int64 (cells + 1,), (k,)
        The vertices that segments begin with, cell by cell.
    """

    corners: Corners
    owner: NDArray[np.int32]
    cells: tuple[float, float, float, int, int]
    ptr: NDArray[np.int64]
    segment: NDArray[np.int64]

    @classmethod
    def over(cls, corners: Corners, lines: NDArray[np.int64]) -> LineGrid:
        """Lay a grid over some of the lines.

        Parameters
        ----------
        corners : Corners
            In a metric CRS.
        lines : array of int64
            Numbers of the lines to enter.

        Returns
        -------
        LineGrid
        """
        from bykobling._kernels.grid import fill_cells  # noqa: PLC0415 - compiled on first use

        owner = np.repeat(np.arange(len(corners.ptr) - 1, dtype=np.int32), np.diff(corners.ptr))
        chosen = np.zeros(len(corners.ptr) - 1, np.bool_)
        chosen[lines] = True
        x, y = corners.x[chosen[owner]], corners.y[chosen[owner]]
        if not len(x):
            return cls(corners, owner, (0.0, 0.0, 1.0, 0, 0), np.zeros(1, np.int64), np.empty(0, np.int64))
        width, height = np.ptp(x), np.ptp(y)
        # about as many cells as vertices, however the lines are spread
        cell_m = max(np.sqrt(width * height / len(x)), max(width, height) / len(x), 1.0)
        columns, rows = int(width // cell_m) + 1, int(height // cell_m) + 1
        cells = (float(x.min()), float(y.min()), float(cell_m), columns, rows)
        first, last = corners.ptr[lines], corners.ptr[lines + 1] - 1
        count = np.zeros(columns * rows + 1, np.int64)
        fill_cells(corners.x, corners.y, first, last, *cells, count, np.empty(0, np.int64))
        ptr = np.cumsum(count)
        segment = np.empty(ptr[-1], np.int64)
        fill_cells(corners.x, corners.y, first, last, *cells, ptr[:-1].copy(), segment)
        return cls(corners, owner, cells, ptr, segment)

    def surely_nearest(self, xy: NDArray[np.float64]) -> NDArray[np.int64]:
        """Find the nearest line of each point where there is no doubt about it.

        Parameters
        ----------
        xy : array of float64 (P, 2)
            Points.

        Returns
        -------
        array of int64 (P,)
            Number of the line; -1 where several are equally near or none is near, which is to be found otherwise.

        Examples
        --------
        >>> import shapely
        >>> streets = shapely.linestrings([[(0, 0), (100, 0)], [(0, 50), (100, 50)]])
        >>> grid = LineGrid.over(Corners.of(streets), np.arange(2))
        >>> grid.surely_nearest(np.array([(10.0, 20.0), (10.0, 30.0), (10.0, 25.0)])).tolist()
        [0, 1, -1]
        """
        from bykobling._kernels.grid import nearest_line  # noqa: PLC0415 - compiled on first use
        from bykobling._kernels.threads import in_chunks  # noqa: PLC0415 - imports numba

        found = np.full(len(xy), -1, np.int64)
        if not len(self.segment) or not len(xy):
            return found
        px, py = np.ascontiguousarray(xy.T)
        lines: tuple[Any, ...] = (self.corners.x, self.corners.y, self.owner, *self.cells, self.ptr, self.segment)

        def work(start: int, stop: int, _: None) -> None:
            arguments: tuple[Any, ...] = (start, stop, px, py, *lines, found)
            nearest_line(*arguments)

        in_chunks(work, len(xy), scratch=lambda: None, chunk=_CHUNK)
        return found
