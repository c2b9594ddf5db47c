"""Correct assumed traffic by official levels: one offset for each class of road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class ClassCalibration:
    """Offsets by class and how well they fit.

    Parameters
    ----------
    table : DataFrame
        Index: the class; ``n``, ``mean_difference_db`` (official less modelled), ``offset_db`` and ``own`` (False where
        too few levels were there, and the offset is that of all classes together).
    n : int
        Levels compared.
    rmse_before_db, rmse_after_db : float
        Root mean square of official less modelled, without and with the offsets, on the same levels.
    """

    table: pd.DataFrame
    n: int
    rmse_before_db: float
    rmse_after_db: float

    @property
    def offsets_db(self) -> Mapping[str, float]:
        """What `line_sources` takes as ``class_offsets_db``."""
        return {str(name): float(value) for name, value in self.table["offset_db"].items()}


def calibrate_classes(
    modelled: pd.DataFrame,
    official_db: pd.Series[float],
    *,
    level: str = "lden_db",
    minimum: int = 30,
    minimum_per_class: int = 10,
    shrink: float = 10.0,
    most_db: float = 15.0,
    floor_db: float = 35.0,
) -> ClassCalibration:
    """Fit one offset for each class of road to official levels, by least squares in dB.

    Parameters
    ----------
    modelled : DataFrame
        From `receiver_levels`: the level and ``dominant_class``.
    official_db : Series of float
        Official or measured levels at the same receivers, dB; NaN where there is none.
    level : str
        Column to compare: ``lden_db`` or ``lnight_db``.
    minimum : int
        With fewer levels there is no calibration.
    minimum_per_class : int
        A class with fewer takes the offset of all classes together.
    shrink : float
        Offsets are drawn to the common one as if so many levels with it were added.
    most_db : float
        No offset is larger, in either direction: more is no calibration but another road.
    floor_db : float
        `NoiseSettings.floor_db` of the model: levels at it are left out, since they tell nothing.

    Returns
    -------
    ClassCalibration

    Raises
    ------
    InputError
        Other index, missing columns, levels below 0 or above 120 dB, or too few of them.

    Notes
    -----
    Each receiver counts for the class that makes most of its level. With ``d`` official less modelled, the common
    offset ``m`` is the mean of all ``d``, and class ``c`` gets ``(sum d + shrink m) / (n_c + shrink)``: the minimum of
    ``sum (d - o)^2 + shrink (o - m)^2``. Of official bands give the middle.

    Examples
    --------
    >>> import pandas as pd
    >>> modelled = pd.DataFrame({"lden_db": [60.0] * 40, "dominant_class": ["primary"] * 40})
    >>> found = calibrate_classes(modelled, pd.Series([63.0] * 40))
    >>> found.offsets_db, found.rmse_before_db, found.rmse_after_db
    ({'primary': 3.0}, 3.0, 0.0)
    """
    difference, road_class = _pairs(modelled, official_db, level, minimum, floor_db)
    common = float(difference.mean())
    rows = []
    for name in sorted(set(road_class.tolist())):
        mine = difference[road_class == name]
        own = len(mine) >= minimum_per_class
        offset = (mine.sum() + shrink * common) / (len(mine) + shrink) if own else common
        rows.append((name, len(mine), float(mine.mean()), float(np.clip(offset, -most_db, most_db)), own))
    table = pd.DataFrame(rows, columns=["road_class", "n", "mean_difference_db", "offset_db", "own"])
    table = table.set_index("road_class")
    left = difference - table["offset_db"].reindex(road_class).to_numpy(float)
    return ClassCalibration(
        table, len(difference), float(np.sqrt(np.mean(difference**2))), float(np.sqrt(np.mean(left**2)))
    )


def _pairs(
    modelled: pd.DataFrame, official_db: pd.Series[float], level: str, minimum: int, floor_db: float
) -> tuple[NDArray[np.float64], NDArray[np.object_]]:
    faults = []
    if not modelled.index.equals(official_db.index):
        faults.append(Fault("official_db", "", "its index is not that of the modelled levels", "align the two"))
    faults += [
        Fault("modelled", f"column {name}", "there is no such column", "give what receiver_levels returns")
        for name in (level, "dominant_class")
        if name not in modelled
    ]
    raise_errors(faults)
    known = pd.to_numeric(official_db, errors="coerce").to_numpy(float)
    if ((known < 0) | (known > 120)).any():
        rule = f"levels reach from {np.nanmin(known):g} to {np.nanmax(known):g} dB"
        faults.append(Fault("official_db", "", rule, "give levels in dB(A), and leave unknown ones empty"))
    value = modelled[level].to_numpy(float)
    road_class = modelled["dominant_class"].to_numpy(object)
    use = np.isfinite(known) & (value > floor_db) & modelled["dominant_class"].notna().to_numpy(bool)
    if use.sum() < minimum:
        rule = f"{int(use.sum())} levels can be compared, and {minimum} are needed"
        faults.append(Fault("official_db", "", rule, "give more levels in the area, or go without calibration"))
    raise_errors(faults)
    return known[use] - value[use], road_class[use]
