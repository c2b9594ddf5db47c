"""Levels told for each dwelling -> points with a level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling import _check
from bykobling._check import ROW
from bykobling.errors import Fault, InputError
from bykobling.raster.geotiff import HIGHEST_DB

if TYPE_CHECKING:
    from bykobling.raster.bands import Metric

_LEAST_DB = 20.0
"""No dwelling in a town is quieter; smaller numbers (0, -99) stand for "not computed"."""


def dwellings_of(
    table: gpd.GeoDataFrame, label: str, *, metric: Metric, column: str | None
) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read the level of each dwelling.

    Parameters
    ----------
    table : GeoDataFrame
        Points as `layers.open_layer` returns them.
    label : str
        Name of the layer, for messages.
    metric : {"lden", "lnight"}
        Name of the column where none is given, in capitals or not.
    column : str or None
        Column of levels.

    Returns
    -------
    tuple of GeoDataFrame, list of str
        ``level_db``, geometry; rows without a level are left out, with a note.

    Raises
    ------
    InputError
        If there is no such column, or a level is text or above 120 dB.
    """
    by_lower = {str(name).lower(): str(name) for name in table.columns}
    chosen = column or by_lower.get(metric, metric)
    _check.raise_errors(_check.columns(table, [chosen], file=label))
    values = table[chosen]
    level = pd.to_numeric(values, errors="coerce").astype("float64").to_numpy()
    at = table[ROW].to_numpy()
    faults = []
    word = values.notna().to_numpy(bool) & np.isnan(level)
    if word.any():
        remedy = "correct the values, or choose another column"
        faults.append(Fault(label, _check.rows(at[word]), f"{chosen} is not a number", remedy))
    strange = np.isin(level, (255.0, 999.0, 9999.0))
    high = (level > HIGHEST_DB) & ~strange
    if high.any():
        rule = f"{chosen} is {level[high][0]:g}, and no level is above {HIGHEST_DB:g} dB"
        faults.append(Fault(label, _check.rows(at[high]), rule, "correct the values"))
    _check.raise_errors(faults)
    good = (level >= _LEAST_DB) & ~strange
    if not good.any():
        rule = "it holds no level"
        raise InputError(Fault(label, f"column {chosen}", rule, "choose another column or layer"))
    notes = []
    if not good.all():
        notes.append(
            f"{label}: {(~good).sum():,} of {len(good):,} dwellings have no level, or one below {_LEAST_DB:g} dB, "
            "and are left out as unknown."
        )
    points = gpd.GeoDataFrame({"level_db": level[good]}, geometry=table.geometry.to_numpy()[good], crs=table.crs)
    return points, notes
