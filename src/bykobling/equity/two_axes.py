"""Two axes, not one number: social vulnerability as the city screens it, against the burden of barriers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.equity.checked import floats, index_faults, resident_faults
from bykobling.equity.compare import resident_percentile


def pareto_front(vulnerability: pd.Series, burden: pd.Series) -> pd.Series:
    """Tell which areas no other area exceeds on both axes.

    An area is in the front unless another is at least as high on both axes and higher on one.

    Parameters
    ----------
    vulnerability, burden : Series
        One number an area, higher is worse, same index.

    Returns
    -------
    Series of bool
        Index of `vulnerability`; False where a number is missing. Areas alike on both axes are in it together.

    Raises
    ------
    InputError
        If the indexes differ.

    Notes
    -----
    Sorted by vulnerability, an area is in the front where its burden is the highest of its own vulnerability and
    above that of every more vulnerable area: O(n log n).

    Examples
    --------
    >>> import pandas as pd
    >>> pareto_front(pd.Series([3, 2, 1, 1]), pd.Series([1, 2, 2, 3])).tolist()
    [True, True, False, True]
    """
    raise_errors(index_faults(vulnerability, burden=burden))
    first, second = floats(vulnerability), floats(burden)
    front = np.zeros(len(first), bool)
    known = np.flatnonzero(~np.isnan(first) & ~np.isnan(second))
    if len(known):
        levels, level = np.unique(-first[known], return_inverse=True)
        highest = np.full(len(levels), -np.inf)
        np.maximum.at(highest, level, second[known])
        above = np.r_[-np.inf, np.maximum.accumulate(highest)[:-1]]
        # the most vulnerable areas have nobody before them, also where their burden is -inf
        free = (highest > above) | (np.arange(len(levels)) == 0)
        front[known] = free[level] & (second[known] == highest[level])
    return pd.Series(front, index=vulnerability.index, name="pareto_front")


def two_axes(vulnerability: pd.Series, burden: pd.Series, residents: pd.Series) -> pd.DataFrame:
    """Set the city's own screening beside a barrier burden, without mixing them.

    Parameters
    ----------
    vulnerability : Series
        The city's own number, untouched; higher is more vulnerable.
    burden : Series
        A barrier burden such as ``barrier_effect_walk_15min``; higher is worse. Same index.
    residents : Series
        Residents of each area, 0 or more, same index.

    Returns
    -------
    DataFrame
        Index of `vulnerability`: ``vulnerability``, ``burden`` as given, ``vulnerability_rank``, ``burden_rank``
        (1 = worst; ties share the smaller number), ``vulnerability_percentile``, ``burden_percentile`` (among
        residents, 0-100; NaN where nobody lives), ``pareto_front`` (bool). NaN, and not in the front, where a number
        is missing.

    Raises
    ------
    InputError
        Indexes that differ; residents that are missing or negative.

    Examples
    --------
    >>> import pandas as pd
    >>> table = two_axes(pd.Series([3.0, 2.0, 1.0]), pd.Series([0.1, 0.4, 0.2]), pd.Series([10, 10, 20]))
    >>> table[["vulnerability_rank", "burden_rank", "burden_percentile", "pareto_front"]].to_numpy().tolist()
    [[1.0, 3.0, 12.5, True], [2.0, 1.0, 87.5, True], [3.0, 2.0, 50.0, False]]
    """
    raise_errors([*index_faults(vulnerability, burden=burden, residents=residents), *resident_faults(residents)])
    given = pd.DataFrame({"vulnerability": vulnerability, "burden": burden}, index=vulnerability.index)
    ranks = {f"{name}_rank": given[name].rank(ascending=False, method="min") for name in given}
    percentiles = {f"{name}_percentile": resident_percentile(given[name], residents) for name in given}
    return given.assign(**ranks, **percentiles, pareto_front=pareto_front(vulnerability, burden))
