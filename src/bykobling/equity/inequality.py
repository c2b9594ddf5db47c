"""How unequally reach is shared out among residents: Gini, Theil, Palma, and the shortfall below a line.

Every measure weighs an area by its residents and leaves out areas without a value.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.equity.checked import (
    choice_faults,
    floats,
    index_faults,
    number_faults,
    resident_faults,
    value_faults,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ROUNDING = 1e-12
"""Sums of weights differ by no more, relatively, whatever order they are added in."""

_GROUP_COLUMNS = pd.Index(["residents_share", "mean", "theil", "between", "within", "within_share"])


@dataclass(frozen=True)
class Theil:
    """Theil's T, taken apart into groups.

    Parameters
    ----------
    total : float
        0 where all residents have the same; NaN where nobody has anything.
    between : float
        What is left if everybody had the mean of the own group; NaN without groups.
    within : float
        The rest, ``total - between``; NaN without groups.
    groups : DataFrame
        One row a group: ``residents_share`` (0-1), ``mean``, ``theil`` (within the group alone), ``between`` and
        ``within`` (what it adds to each), ``within_share`` (0-1, of all within). Empty without groups.
    """

    total: float
    between: float
    within: float
    groups: pd.DataFrame


def weighted_quantile(values: pd.Series, residents: pd.Series, share: float) -> float:
    """Return the value that at least a share of residents do not exceed.

    Parameters
    ----------
    values : Series
        One number an area; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.
    share : float
        0 to 1.

    Returns
    -------
    float
        One of `values`; NaN where nobody has one.

    Raises
    ------
    InputError
        A share outside 0 to 1; residents missing or negative; indexes that differ.

    Notes
    -----
    The smallest x with ``F(x) >= share``. Unlike R's ``Hmisc::wtd.quantile``, which takes weights for counts, it does
    not change when all weights are scaled; with counts of people the two agree wherever `share` falls inside an area.

    Examples
    --------
    >>> import pandas as pd
    >>> weighted_quantile(pd.Series([10.0, 20.0, 30.0]), pd.Series([40, 50, 10]), 0.5)
    20.0
    """
    faults = [*index_faults(values, residents=residents), *resident_faults(residents)]
    faults += number_faults("share", share, least=0.0, below=math.nextafter(1.0, 2.0))
    raise_errors(faults)
    number, weight = floats(values), floats(residents)
    known = ~np.isnan(number) & (weight > 0)
    return _quantile(number[known], weight[known], share)


def _quantile(number: NDArray[np.float64], weight: NDArray[np.float64], share: float) -> float:
    if not len(number):
        return math.nan
    order = np.argsort(number, kind="stable")
    up_to = np.cumsum(weight[order])
    place = int(np.searchsorted(up_to, share * up_to[-1] * (1 - _ROUNDING)))
    return float(number[order[place]])


def fgt(values: pd.Series, residents: pd.Series, *, poverty_line: float, alpha: float) -> float:
    """Return the Foster-Greer-Thorbecke index: how many residents have too little, and how far they fall short.

    ``FGT = sum p_i ((z - y_i) / z)^alpha [y_i < z] / sum p_i`` with the line z.

    Parameters
    ----------
    values : Series
        Reach of each area (more is better), 0 or more; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.
    poverty_line : float
        What is enough, in the unit of `values`, above 0. A resident exactly on the line has enough.
    alpha : float
        0: the share of residents below the line; 1: times how far below; 2: the worst off weigh more.

    Returns
    -------
    float
        0 to 1; NaN where no resident has a value.

    Raises
    ------
    InputError
        A line that is not above 0, a negative alpha; negative values; residents missing or negative; indexes that
        differ.

    Notes
    -----
    Foster, Greer, Thorbecke (1984), "A class of decomposable poverty measures", Econometrica 52(3):761-766, doi
    10.2307/1913475.

    Examples
    --------
    >>> import pandas as pd
    >>> reach, people = pd.Series([50.0, 100.0, 200.0]), pd.Series([20, 20, 60])
    >>> fgt(reach, people, poverty_line=100, alpha=0), fgt(reach, people, poverty_line=100, alpha=1)
    (0.2, 0.1)
    """
    faults = [*value_faults(values, infinite=True), *resident_faults(residents)]
    faults += index_faults(values, residents=residents)
    faults += [*number_faults("poverty_line", poverty_line, above=0.0), *number_faults("alpha", alpha, least=0.0)]
    raise_errors(faults)
    number, weight = floats(values), floats(residents)
    known = ~np.isnan(number) & (weight > 0)
    if not known.any():
        return math.nan
    poor = known & (number < poverty_line)
    short = ((poverty_line - number[poor]) / poverty_line) ** alpha
    return float((weight[poor] * short).sum() / weight[known].sum())


def gini(values: pd.Series, residents: pd.Series) -> float:
    """Return the Gini coefficient of reach among residents.

    Twice the area between the Lorenz curve and equality, ``1 - sum (X_k - X_k-1)(Y_k + Y_k-1)``, with X the share of
    residents and Y the share of reach, from those with the least.

    Parameters
    ----------
    values : Series
        Reach of each area, 0 or more; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.

    Returns
    -------
    float
        0 (all alike) to 1; NaN where no resident has anything.

    Raises
    ------
    InputError
        Negative or infinite values; residents missing or negative; indexes that differ.

    Notes
    -----
    With weights: Lerman, Yitzhaki (1989), "Improving the accuracy of estimates of Gini coefficients", Journal of
    Econometrics 42(1):43-47, doi 10.1016/0304-4076(89)90074-2.

    Examples
    --------
    >>> import pandas as pd
    >>> gini(pd.Series([0.0, 10.0]), pd.Series([30, 10]))
    0.75
    """
    number, weight = _measured(values, residents)
    if not (number * weight).sum() > 0:
        return math.nan
    order = np.argsort(number, kind="stable")
    people, reach = weight[order], (weight * number)[order]
    lorenz = np.r_[0.0, np.cumsum(reach)] / reach.sum()
    return float(1.0 - (people / people.sum() * (lorenz[1:] + lorenz[:-1])).sum())


def palma_by_income(
    values: pd.Series, residents: pd.Series, income: pd.Series, *, poor_share: float = 0.4, rich_share: float = 0.1
) -> float:
    """Return the mean reach of the richest residents over that of the poorest.

    Parameters
    ----------
    values : Series
        Reach of each area, 0 or more; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.
    income : Series
        Income of each area, same index; areas without one are left out.
    poor_share, rich_share : float, optional
        Shares of residents, above 0 and below 1. Areas are not divided: the poor live where income is at most the
        quantile of `poor_share`, the rich where it is above that of ``1 - rich_share``.

    Returns
    -------
    float
        Above 1 where the rich reach more; NaN where the poor reach nothing, or where the richest area alone holds more
        than `rich_share` of the residents, so that nobody is above its own quantile.

    Raises
    ------
    InputError
        Negative or infinite values; shares outside 0 to 1 or more than 1 together; residents missing or negative;
        indexes that differ.

    Notes
    -----
    Palma (2011), "Homogeneous middles vs. heterogeneous tails", Development and Change 42(1):87-153, doi
    10.1111/j.1467-7660.2011.01694.x, here for reach by income, as the R package ``accessibility`` has it.

    Examples
    --------
    >>> import pandas as pd
    >>> reach, people = pd.Series([10.0, 20.0, 30.0]), pd.Series([40, 50, 10])
    >>> palma_by_income(reach, people, income=pd.Series([100, 200, 300]))
    3.0
    """
    faults = [*number_faults("poor_share", poor_share, above=0.0, below=1.0)]
    faults += number_faults("rich_share", rich_share, above=0.0, below=1.0)
    if not faults:
        faults += number_faults("poor_share + rich_share", poor_share + rich_share, below=1.0 + _ROUNDING)
    raise_errors([*faults, *index_faults(values, income=income)])
    number, weight, earned = _measured(values, residents, floats(income))
    poor = earned <= _quantile(earned, weight, poor_share)
    rich = earned > _quantile(earned, weight, 1.0 - rich_share)
    if not (poor.any() and rich.any()):
        return math.nan
    least, most = (float(np.average(number[who], weights=weight[who])) for who in (poor, rich))
    return most / least if least > 0 else math.nan


def theil_t(
    values: pd.Series,
    residents: pd.Series,
    groups: pd.Series | None = None,
    *,
    zeros: Literal["keep", "drop"] = "keep",
) -> Theil:
    """Return Theil's T of reach among residents, taken apart into between and within groups.

    ``T = sum p_i / P * y_i / m * ln(y_i / m)`` with m the mean over residents; a group with the share s_g of all reach
    and the mean m_g adds ``s_g ln(m_g / m)`` between and ``s_g T_g`` within.

    Parameters
    ----------
    values : Series
        Reach of each area, 0 or more; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.
    groups : Series, optional
        Group of each area, e.g. an income decile, same index. Areas without one are left out of all numbers.
    zeros : {"keep", "drop"}, optional
        Residents who reach nothing count in the mean and add 0, the limit of ``y ln y``. ``"drop"`` leaves them out, as
        the R package ``accessibility`` does, which hides the worst off.

    Returns
    -------
    Theil
        Total, between, within and each group's part.

    Raises
    ------
    InputError
        Negative or infinite values; residents missing or negative; indexes that differ; an unknown option.

    Notes
    -----
    Theil (1967), Economics and Information Theory; decomposition: Shorrocks (1980), "The class of additively
    decomposable inequality measures", Econometrica 48(3):613-625, doi 10.2307/1913126.

    Examples
    --------
    >>> import pandas as pd
    >>> reach, people = pd.Series([1.0, 1.0, 3.0]), pd.Series([10, 10, 20])
    >>> parts = theil_t(reach, people, groups=pd.Series(["west", "west", "east"]))
    >>> round(parts.total, 4), round(parts.between, 4), round(parts.within, 4)
    (0.1308, 0.1308, 0.0)
    """
    raise_errors([*choice_faults("zeros", zeros, ("keep", "drop")), *index_faults(values, residents=residents)])
    if groups is None:
        number, weight = _measured(values, residents)
        label = np.zeros(len(number))
    else:
        raise_errors(index_faults(values, groups=groups))
        codes, labels = pd.factorize(groups, sort=True)
        number, weight, label = _measured(values, residents, np.where(codes >= 0, codes, np.nan))
    kept = (number > 0) | (zeros == "keep")
    number, weight, label = number[kept], weight[kept], label[kept]
    total = _theil(number, weight)
    if groups is None:
        return Theil(total, math.nan, math.nan, pd.DataFrame(columns=_GROUP_COLUMNS, dtype=float))
    table = _theil_groups(number, weight, label)
    table.index = pd.Index(labels[table.index.to_numpy(int)], name=groups.name)
    between, within = (float(table[part].sum(min_count=1)) for part in ("between", "within"))
    return Theil(total, between, within, table)


def _theil_groups(number: NDArray[np.float64], weight: NDArray[np.float64], label: NDArray[np.float64]) -> pd.DataFrame:
    """Return what each group adds, by its code."""
    reach = float((number * weight).sum())
    mean = reach / weight.sum() if len(weight) else math.nan
    rows = {}
    for code in np.unique(label).astype(int):
        mine = label == code
        own_mean = float(np.average(number[mine], weights=weight[mine]))
        own = _theil(number[mine], weight[mine])
        share = own_mean * weight[mine].sum() / reach if reach > 0 else math.nan
        # a group that reaches nothing adds nothing: the limit of s ln s
        added = (share * math.log(own_mean / mean), share * own) if own_mean > 0 else (share, share)
        rows[code] = (weight[mine].sum() / weight.sum(), own_mean, own, *added)
    parts = np.array(list(rows.values()), float).reshape(-1, len(_GROUP_COLUMNS) - 1)
    within = np.nansum(parts[:, -1])
    share = parts[:, -1:] / within if within > 0 else np.full((len(parts), 1), np.nan)
    return pd.DataFrame(np.hstack([parts, share]), index=list(rows), columns=_GROUP_COLUMNS)


def _theil(number: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    if not (number * weight).sum() > 0:
        return math.nan
    ratio = number / np.average(number, weights=weight)
    some = ratio > 0
    return float((weight[some] * ratio[some] * np.log(ratio[some])).sum() / weight.sum())


def _measured(values: pd.Series, residents: pd.Series, *others: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Check, and return the numbers, residents and other arrays of the areas that have them all."""
    raise_errors([*value_faults(values), *resident_faults(residents), *index_faults(values, residents=residents)])
    number, weight = floats(values), floats(residents)
    known = ~np.isnan(number) & (weight > 0)
    for other in others:
        known &= ~np.isnan(other)
    return tuple(one[known] for one in (number, weight, *others))
