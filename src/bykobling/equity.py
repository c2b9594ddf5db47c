"""Compare areas: percentile among the city's residents, gap to the rest, gap between the groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

VULNERABLE = "vulnerable"
REST = "rest"


def resident_percentile(values: pd.Series, residents: pd.Series) -> pd.Series:
    """Return where each area stands among the residents of the city, in percent.

    The share of residents who live in areas with a lower value, plus half of those with the same value.

    Parameters
    ----------
    values : Series
        One number an area; NaN is left out and stays NaN.
    residents : Series
        Residents of each area (or a dwelling weight), 0 or more, same index.

    Returns
    -------
    Series
        0 to 100, index of `values`. An area alone, or all areas alike, stand at 50.

    Examples
    --------
    >>> import pandas as pd
    >>> resident_percentile(pd.Series([0.1, 0.2, 0.4]), pd.Series([50, 25, 25])).tolist()
    [25.0, 62.5, 87.5]
    """
    number, weight = _aligned(values, residents)
    known = np.isfinite(number) & (weight > 0)
    result = np.full(len(number), np.nan)
    if known.any():
        levels, place = np.unique(number[known], return_inverse=True)
        at_level = np.bincount(place, weights=weight[known], minlength=len(levels))
        below = np.cumsum(at_level) - at_level
        result[known] = (100 * (below + at_level / 2) / at_level.sum())[place]
    return pd.Series(result, index=values.index, name=values.name)


def weighted_mean(values: pd.Series, residents: pd.Series) -> float:
    """Return the mean over residents of the areas that have a value, NaN where nobody has.

    Parameters
    ----------
    values : Series
        One number an area.
    residents : Series
        Residents of each area, same index.

    Returns
    -------
    float
        In the unit of `values`.

    Examples
    --------
    >>> import pandas as pd
    >>> weighted_mean(pd.Series([1.0, 3.0, None]), pd.Series([30, 10, 99]))
    1.5
    """
    number, weight = _aligned(values, residents)
    known = np.isfinite(number) & (weight > 0)
    return float(np.average(number[known], weights=weight[known])) if known.any() else math.nan


def gap_to_rest(values: pd.Series, residents: pd.Series, group: pd.Series) -> pd.Series:
    """Return how far each area lies from the resident-weighted mean of the areas that are not vulnerable.

    Parameters
    ----------
    values, residents, group : Series
        One entry an area, same index; `group` is ``"vulnerable"`` or ``"rest"``.

    Returns
    -------
    Series
        In the unit of `values`; positive where the area has the larger number; NaN where no rest is known.

    Examples
    --------
    >>> import pandas as pd
    >>> groups = pd.Series(["vulnerable", "rest"])
    >>> gap_to_rest(pd.Series([0.5, 0.25]), pd.Series([10, 10]), groups).tolist()
    [0.25, 0.0]
    """
    rest = (group == REST).to_numpy(bool)
    return values.astype(float) - weighted_mean(values[rest], residents[rest])


def group_gaps(areas: pd.DataFrame, columns: Sequence[str]) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Compare the resident-weighted means of vulnerable areas and the rest.

    Parameters
    ----------
    areas : DataFrame
        With ``group``, ``residents`` and `columns`.
    columns : sequence of str
        Indicators to compare.

    Returns
    -------
    gaps : DataFrame
        Index ``indicator``: ``vulnerable``, ``rest``, ``gap_abs`` (vulnerable - rest), ``gap_ratio`` (vulnerable /
        rest; NaN where the rest is 0).
    sentences : tuple of str
        Why a number is missing, in plain English.

    Examples
    --------
    >>> import pandas as pd
    >>> areas = pd.DataFrame({"group": ["vulnerable", "rest"], "residents": [10, 30], "effect": [0.5, 0.25]})
    >>> group_gaps(areas, ["effect"])[0].loc["effect"].tolist()
    [0.5, 0.25, 0.25, 2.0]
    """
    rows = {}
    sentences = []
    for group in (VULNERABLE, REST):
        if not (areas["group"] == group).any():
            told = "vulnerable" if group == VULNERABLE else "other than vulnerable"
            sentences.append(f"No area is {told}, so no gap between the groups can be told.")
    for column in columns:
        means = {}
        for group in (VULNERABLE, REST):
            chosen = (areas["group"] == group).to_numpy(bool)
            means[group] = weighted_mean(areas.loc[chosen, column], areas.loc[chosen, "residents"])
            if chosen.any() and math.isnan(means[group]):
                sentences.append(f"No {_group_words(group)} has residents and a value of {column}: its gap is missing.")
        ratio = means[VULNERABLE] / means[REST] if means[REST] != 0 else math.nan
        rows[column] = {**means, "gap_abs": means[VULNERABLE] - means[REST], "gap_ratio": ratio}
    gaps = pd.DataFrame.from_dict(rows, orient="index", columns=[VULNERABLE, REST, "gap_abs", "gap_ratio"])
    gaps.index.name = "indicator"
    return gaps.astype(float), tuple(sentences)


def add_comparisons(areas: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Add ``<indicator>_percentile`` and ``<indicator>_gap`` to a copy of the areas.

    Parameters
    ----------
    areas : DataFrame or GeoDataFrame
        With ``group``, ``residents`` and `columns`.
    columns : sequence of str
        Indicators to compare.

    Returns
    -------
    DataFrame or GeoDataFrame
        The kind given, with two more columns for each indicator.

    Examples
    --------
    >>> import pandas as pd
    >>> areas = pd.DataFrame({"group": ["vulnerable", "rest"], "residents": [10, 30], "effect": [0.5, 0.25]})
    >>> add_comparisons(areas, ["effect"])[["effect_percentile", "effect_gap"]].to_numpy().tolist()
    [[87.5, 0.25], [37.5, 0.0]]
    """
    result = areas.copy()
    for column in columns:
        result[f"{column}_percentile"] = resident_percentile(areas[column], areas["residents"])
        result[f"{column}_gap"] = gap_to_rest(areas[column], areas["residents"], areas["group"])
    return result


def _group_words(group: str) -> str:
    return "vulnerable area" if group == VULNERABLE else "area of the rest"


def _aligned(values: pd.Series, residents: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats; unknown residents count as none."""
    if not values.index.equals(residents.index):
        raise ValueError("values and residents have different indexes; align them first")
    weight = residents.to_numpy(float, na_value=np.nan)
    return values.to_numpy(float, na_value=np.nan), np.where(np.isfinite(weight), weight, 0.0)
