"""Levels of noise over the land, as a map draws them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class NoiseGrid:
    """Levels at the middles of square cells, north up, in the CRS of the results.

    Parameters
    ----------
    name : str
        Source and metric, e.g. ``"road_lden"``.
    level_db : array of float, shape (rows, columns)
        The level, or the central value of its band; NaN where there is none.
    below : array of bool, shape (rows, columns)
        Where it is below the lowest level mapped; elsewhere without a level nothing is known.
    west_m, north_m : float
        Corner of the first cell.
    cell_m : float
        Side of a cell.
    screening : bool
        Whether it is an estimate (+-5 dB) and no official map.
    """

    name: str
    level_db: NDArray[np.float64]
    below: NDArray[np.bool_]
    west_m: float
    north_m: float
    cell_m: float
    screening: bool

    @property
    def extent_m(self) -> tuple[float, float, float, float]:
        """West, east, south, north."""
        rows, columns = self.level_db.shape
        return (
            self.west_m, self.west_m + columns * self.cell_m, self.north_m - rows * self.cell_m, self.north_m,
        )  # fmt: skip
