"""What a noise map is once it is read: one type for rasters, contours and levels of dwellings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pyproj
    import shapely
    from affine import Affine
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.raster.bands import Band, Metric, NoiseSource

Kind = Literal["raster", "contours", "points", "model"]
BELOW_LOWEST = "below_lowest"
UNKNOWN = "unknown"


class Model(Protocol):
    """Works out levels where they are asked for."""

    def __call__(
        self, x: NDArray[np.float64], y: NDArray[np.float64], progress: Progress | None = None
    ) -> NDArray[np.float64]:
        """Tell exact levels, dB, at positions in metres.

        Parameters
        ----------
        x, y : array of float, shape (n,)
            Positions.
        progress : callable, optional
            ``progress(done, total, message)``.

        Returns
        -------
        array of float, shape (n,)
            Levels.
        """


@dataclass(frozen=True)
class RasterFile:
    """One band of a GeoTIFF, of which windows alone are read.

    Parameters
    ----------
    path : Path
        Where it is.
    band : int
        Which band, from 1.
    crs : CRS
        Of its positions; degrees are allowed.
    transform : Affine
        From (column, row) to positions; may be rotated.
    width, height : int
        Cells.
    block : tuple of int
        Rows and columns of the pieces it is stored in.
    scale, offset : float
        Level = stored * scale + offset.
    codes : dict of float to Band
        What each class code means; empty where cells hold decibels.
    cell_m : float
        Side of a cell in metres; of an oblong one, the longer.
    empty_is_unknown : bool
        Whether a cell without data is outside the map, as its metadata say, and not below the lowest level.
    """

    path: Path
    band: int
    crs: pyproj.CRS
    transform: Affine
    width: int
    height: int
    block: tuple[int, int]
    scale: float = 1.0
    offset: float = 0.0
    codes: dict[float, Band] = field(default_factory=dict)
    cell_m: float = 1.0
    empty_is_unknown: bool = False

    def cells(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the (column, row) of positions, with fractions.

        Parameters
        ----------
        x, y : array of float
            Positions in the CRS of the raster.

        Returns
        -------
        tuple of array
            Columns and rows; cell (0, 0) reaches from 0 to 1.
        """
        inverse = ~self.transform
        return (
            inverse.a * x + inverse.b * y + inverse.c,
            inverse.d * x + inverse.e * y + inverse.f,
        )


@dataclass(frozen=True)
class NoiseLevels:
    """Levels of one kind of source in one metric, as `read_noise` found them.

    Parameters
    ----------
    metric : {"lden", "lnight"}
        What the levels are.
    source : {"road", "rail", "aircraft", "industry"}
        Whose noise. Different sources are never added up.
    kind : {"raster", "contours", "points", "model"}
        What was read, or that levels are worked out where they are asked for.
    label : str
        Name of the file, for messages.
    crs : CRS
        Of `table`, `domain` and the raster.
    lowest_db : float
        The lowest level mapped; NaN for points, which need none.
    domain : geometry or None
        Where the map was made: inside, no level means "below the lowest"; outside, nothing is known. None: the
        rectangle of the raster.
    bands : tuple of Band
        The bands there are, lowest first; empty where levels are exact.
    table : GeoDataFrame or None
        Contours (``lo_db``, ``hi_db``, ``level_db``, the highest last) or dwellings (``level_db``).
    raster : RasterFile or None
        The raster.
    screening : bool
        Whether it is a screening estimate (+-5 dB) and no official map.
    notes : tuple of str
        What was assumed or left out, in sentences.
    model : callable or None
        What tells exact levels at positions x and y in `crs`; takes ``progress``, too.
    """

    metric: Metric
    source: NoiseSource
    kind: Kind
    label: str
    crs: pyproj.CRS
    lowest_db: float
    domain: shapely.Geometry | None = None
    bands: tuple[Band, ...] = ()
    table: gpd.GeoDataFrame | None = None
    raster: RasterFile | None = None
    screening: bool = False
    notes: tuple[str, ...] = ()
    model: Model | None = None

    @property
    def name(self) -> str:
        """Beginning of the columns told from it, e.g. ``"road_lden"``."""
        return f"{self.source}_{self.metric}"

    @property
    def cell_m(self) -> float:
        """Side of a cell in metres; 0 where it is no raster."""
        return self.raster.cell_m if self.raster is not None else 0.0


@dataclass(frozen=True)
class Sampled:
    """Levels at n places; a level that is not known is an interval.

    Parameters
    ----------
    level_db : array of float, shape (n,)
        The level, or the central value of its band; NaN below the lowest and where nothing is known.
    lo_db, hi_db : array of float, shape (n,)
        Edges of the band; equal to the level where it is exact; ``-inf`` and the lowest level below it; NaN where
        nothing is known.
    """

    level_db: NDArray[np.float64]
    lo_db: NDArray[np.float64]
    hi_db: NDArray[np.float64]

    @classmethod
    def unknown(cls, n: int) -> Sampled:
        """Make n places of which nothing is known.

        Parameters
        ----------
        n : int
            Places.

        Returns
        -------
        Sampled
            NaN throughout.
        """
        return cls(np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan))

    def __len__(self) -> int:
        """Count the places."""
        return len(self.level_db)

    @property
    def below(self) -> NDArray[np.bool_]:
        """Where the level is below the lowest mapped."""
        return np.asarray(np.isnan(self.level_db) & ~np.isnan(self.hi_db))

    @property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Where nothing is known."""
        return np.asarray(np.isnan(self.hi_db))

    @property
    def reason(self) -> NDArray[np.object_]:
        """Why there is no level: ``"below_lowest"``, ``"unknown"``, or None where there is one."""
        reason = np.full(len(self), None, dtype=object)
        reason[self.below] = BELOW_LOWEST
        reason[self.is_unknown] = UNKNOWN
        return reason

    def take(self, at: ArrayLike) -> Sampled:
        """Return some of the places.

        Parameters
        ----------
        at : array of int or bool
            Which.

        Returns
        -------
        Sampled
            In that order.
        """
        which = np.asarray(at)
        return Sampled(self.level_db[which], self.lo_db[which], self.hi_db[which])

    def frame(self, name: str, index: pd.Index[Any]) -> pd.DataFrame:
        """Write the levels as columns.

        Parameters
        ----------
        name : str
            Beginning of the names, e.g. ``"road_lden"``.
        index : Index
            Of the places.

        Returns
        -------
        DataFrame
            ``<name>_db``, ``<name>_lo_db``, ``<name>_hi_db``, ``<name>_reason``.
        """
        columns = {
            f"{name}_db": self.level_db,
            f"{name}_lo_db": self.lo_db,
            f"{name}_hi_db": self.hi_db,
            f"{name}_reason": pd.Series(self.reason, index=index, dtype=object),
        }
        return pd.DataFrame(columns, index=index)
