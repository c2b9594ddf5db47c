"""Compare areas: percentile among the city's residents, gap to the rest, gap between the groups."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.equity.bootstrap import interval, resampled_means
from bykobling.equity.checked import number_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

VULNERABLE = "vulnerable"
REST = "rest"

_MEASURED = 2
"""Areas a group must have for an interval: one alone never varies."""

_NAMED = 3
"""So many indicators are named in a sentence, the rest is counted."""


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
    return _mean(*_aligned(values, residents))


def _mean(number: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
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
    number, weight = _aligned(values, residents)
    return values.astype(float) - _mean(number[rest], weight[rest])


def group_gaps(
    areas: pd.DataFrame, columns: Sequence[str], *, n_boot: int = 2000, seed: int = 0, level: float = 0.95
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Compare the resident-weighted means of vulnerable areas and the rest.

    Parameters
    ----------
    areas : DataFrame
        With ``group``, ``residents`` and `columns`.
    columns : sequence of str
        Indicators to compare.
    n_boot : int, optional
        How many times the areas of each group are drawn again for the interval; 1 or more.
    seed : int, optional
        Of the draws; the same seed gives the same interval.
    level : float, optional
        Share of draws between ``gap_low`` and ``gap_high``, above 0 and below 1.

    Returns
    -------
    gaps : DataFrame
        Index ``indicator``: ``vulnerable``, ``rest``, ``gap_abs`` (vulnerable - rest), ``gap_ratio`` (vulnerable /
        rest; NaN where the rest is 0), ``gap_low``, ``gap_high`` (interval of ``gap_abs``; NaN where a group has fewer
        than two areas with residents and a value).
    sentences : tuple of str
        Why a number is missing, in plain English.

    Raises
    ------
    InputError
        If an option is out of range.

    Notes
    -----
    Percentile bootstrap: Efron (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics
    7(1):1-26, doi 10.1214/aos/1176344552. Areas with residents are drawn with replacement within their group, their
    residents staying their weights, and the same draws serve every indicator. The interval tells how far the gap hangs
    on which areas are in the groups; with few areas it is too narrow.

    Examples
    --------
    >>> import pandas as pd
    >>> groups = ["vulnerable", "vulnerable", "rest", "rest"]
    >>> areas = pd.DataFrame({"group": groups, "residents": [10, 10, 30, 10], "effect": [0.5, 0.5, 0.25, 0.25]})
    >>> group_gaps(areas, ["effect"])[0].loc["effect"].tolist()
    [0.5, 0.25, 0.25, 2.0, 0.25, 0.25]
    """
    raise_errors([*number_faults("n_boot", n_boot, least=1), *number_faults("level", level, above=0.0, below=1.0)])
    rows = {}
    sentences = []
    for group in (VULNERABLE, REST):
        if not (areas["group"] == group).any():
            told = "vulnerable" if group == VULNERABLE else "other than vulnerable"
            sentences.append(f"No area is {told}, so no gap between the groups can be told.")
    # each group is looked up once: a table of hundreds of columns is slow to ask for a few rows of one of them
    grouped = [(group, (areas["group"] == group).to_numpy(bool)) for group in (VULNERABLE, REST)]
    _, weight = _aligned(areas["residents"], areas["residents"])
    number = np.empty((len(areas), len(columns)))
    for k, column in enumerate(columns):
        number[:, k], _ = _aligned(areas[column], areas["residents"])
        means = {group: _mean(number[chosen, k], weight[chosen]) for group, chosen in grouped}
        for group, chosen in grouped:
            if chosen.any() and math.isnan(means[group]):
                sentences.append(f"No {_group_words(group)} has residents and a value of {column}: its gap is missing.")
        ratio = means[VULNERABLE] / means[REST] if means[REST] != 0 else math.nan
        rows[column] = {**means, "gap_abs": means[VULNERABLE] - means[REST], "gap_ratio": ratio}
    gaps = pd.DataFrame.from_dict(rows, orient="index", columns=[VULNERABLE, REST, "gap_abs", "gap_ratio"])
    gaps.index.name = "indicator"
    lived_in = [chosen & (weight > 0) for _, chosen in grouped]
    low, high, n_measured = _intervals(number, weight, lived_in, n_boot=n_boot, seed=seed, level=level)
    alone = (gaps["gap_abs"].notna().to_numpy() & (n_measured < _MEASURED)).T
    sentences += [
        _alone(group, gaps.index[alone[:, k]]) for k, group in enumerate((VULNERABLE, REST)) if alone[:, k].any()
    ]
    return gaps.assign(gap_low=low, gap_high=high).astype(float), tuple(sentences)


def _intervals(
    number: NDArray[np.float64],
    weight: NDArray[np.float64],
    groups: Sequence[NDArray[np.bool_]],
    *,
    n_boot: int,
    seed: int,
    level: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return low and high of each gap, and how many areas of each group are measured, shape (2, columns)."""
    rng = np.random.default_rng(seed)
    means, n_measured = [], []
    for chosen in groups:
        means.append(resampled_means(number[chosen], weight[chosen], n_boot=n_boot, rng=rng))
        n_measured.append(np.isfinite(number[chosen]).sum(axis=0))
    measured = np.stack(n_measured)
    low, high = interval(means[0] - means[1], level=level)
    enough = (measured >= _MEASURED).all(axis=0)
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan), measured


def _alone(group: str, columns: pd.Index) -> str:
    named = ", ".join(map(str, columns[:_NAMED])) + (
        f" and {len(columns) - _NAMED} more" if len(columns) > _NAMED else ""
    )
    return f"Only one {_group_words(group)} has residents and a value of {named}: no interval of the gap can be told."


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
    added: dict[str, pd.Series] = {}
    for column in columns:
        added[f"{column}_percentile"] = resident_percentile(areas[column], areas["residents"])
        added[f"{column}_gap"] = gap_to_rest(areas[column], areas["residents"], areas["group"])
    # all at once: a table that grows column by column gets slow
    return areas.drop(columns=list(added), errors="ignore").join(pd.DataFrame(added, index=areas.index))


def _group_words(group: str) -> str:
    return "vulnerable area" if group == VULNERABLE else "area of the rest"


def _aligned(values: pd.Series, residents: pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return both as floats; unknown residents count as none."""
    if not values.index.equals(residents.index):
        raise ValueError("values and residents have different indexes; align them first")
    weight = residents.to_numpy(float, na_value=np.nan)
    return values.to_numpy(float, na_value=np.nan), np.where(np.isfinite(weight), weight, 0.0)
