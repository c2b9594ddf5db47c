"""Whether reach goes to the rich or to the poor: the concentration index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from bykobling._check import raise_errors, rows
from bykobling.equity.checked import choice_faults, floats, index_faults, resident_faults, value_faults
from bykobling.errors import Fault

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Kind: TypeAlias = Literal["standard", "generalized", "erreygers", "wagstaff"]
Ties: TypeAlias = Literal["mean", "sequence"]

_BOUNDED = ("erreygers", "wagstaff")


def concentration_index(
    values: pd.Series,
    residents: pd.Series,
    rank_by: pd.Series,
    *,
    kind: Kind = "standard",
    bounds: tuple[float, float] | None = None,
    ties: Ties = "mean",
) -> float:
    """Return how far reach is concentrated among residents who rank high, e.g. by income.

    ``C = 2 / m * sum p_i / P * y_i (r_i - 1/2)`` with m the mean over residents and r_i the share of residents who rank
    lower, plus half of those who rank the same.

    Parameters
    ----------
    values : Series
        Reach of each area; NaN is left out.
    residents : Series
        Residents of each area, 0 or more, same index.
    rank_by : Series
        What ranks residents from the worst off to the best off, same index; areas without it are left out.
    kind : {"standard", "generalized", "erreygers", "wagstaff"}, optional
        C; m C, in the unit of `values`; ``4 m C / (b - a)``; ``m (b - a) C / ((b - m)(m - a))``.
    bounds : tuple of float, optional
        Least and most that can be reached (a, b); needed for ``"erreygers"`` and ``"wagstaff"``, which have no meaning
        without them. The least and most that was found may be given, but must be stated where the number is shown.
    ties : {"mean", "sequence"}, optional
        Areas that rank the same share their place. ``"sequence"`` ranks them in the order of the table, as the R
        package ``accessibility`` does; the result then depends on that order.

    Returns
    -------
    float
        Positive where reach goes to those who rank high, -1 to 1 (``"generalized"``: in the unit of `values`); NaN
        where nobody is measured, nobody reaches anything, or all are at one bound (``"wagstaff"``).

    Raises
    ------
    InputError
        Infinite values; negative ones (``"standard"``) or ones outside the bounds; bounds that are missing, upside
        down, or given where they have no meaning; residents missing or negative; indexes that differ; an unknown
        option.

    Notes
    -----
    Kakwani, Wagstaff, van Doorslaer (1997), Journal of Econometrics 77(1):87-103, doi 10.1016/S0304-4076(96)01807-6;
    Erreygers (2009), "Correcting the concentration index", Journal of Health Economics 28(2):504-515, doi
    10.1016/j.jhealeco.2008.02.003; Wagstaff (2005), Health Economics 14(4):429-432, doi 10.1002/hec.953.

    Examples
    --------
    >>> import pandas as pd
    >>> reach, people, income = pd.Series([0.0, 10.0]), pd.Series([30, 10]), pd.Series([100, 900])
    >>> concentration_index(reach, people, income)
    0.75
    >>> concentration_index(reach, people, income, kind="erreygers", bounds=(0, 10))
    0.75
    """
    _check(values, residents, rank_by, kind=kind, bounds=bounds, ties=ties)
    number, weight, order = floats(values), floats(residents), floats(rank_by)
    known = ~np.isnan(number) & ~np.isnan(order) & (weight > 0)
    if not known.any():
        return math.nan
    number, share = number[known], weight[known] / weight[known].sum()
    place = _fractional_rank(order[known], share, ties)
    mean = float((share * number).sum())
    generalized = float(2.0 * (share * number * (place - 0.5)).sum())
    if kind == "generalized":
        return generalized
    if kind == "standard":
        return generalized / mean if mean > 0 else math.nan
    low, high = bounds if bounds is not None else (math.nan, math.nan)
    if kind == "erreygers":
        return 4.0 * generalized / (high - low)
    room = (high - mean) * (mean - low)
    return generalized * (high - low) / room if room > 0 else math.nan


def _fractional_rank(order: NDArray[np.float64], share: NDArray[np.float64], ties: Ties) -> NDArray[np.float64]:
    """Return the share of residents below each area, plus half its own."""
    if ties == "mean":
        levels, level = np.unique(order, return_inverse=True)
        at_level = np.bincount(level, weights=share, minlength=len(levels))
        return np.asarray((np.cumsum(at_level) - at_level / 2)[level])
    sequence = np.argsort(order, kind="stable")
    place = np.empty(len(order))
    place[sequence] = np.cumsum(share[sequence]) - share[sequence] / 2
    return place


def _check(
    values: pd.Series,
    residents: pd.Series,
    rank_by: pd.Series,
    *,
    kind: str,
    bounds: tuple[float, float] | None,
    ties: str,
) -> None:
    faults = choice_faults("kind", kind, ("standard", "generalized", *_BOUNDED))
    faults += choice_faults("ties", ties, ("mean", "sequence"))
    faults += index_faults(values, residents=residents, rank_by=rank_by)
    faults += value_faults(values, negative=kind != "standard")
    faults += resident_faults(residents)
    if kind in _BOUNDED:
        faults += _bound_faults(values, kind, bounds)
    elif bounds is not None:
        rule = f"bounds have no meaning for kind {kind!r}"
        faults.append(Fault("bounds", "", rule, f"leave them out, or choose one of {', '.join(_BOUNDED)}"))
    raise_errors(faults)


def _bound_faults(values: pd.Series, kind: str, bounds: tuple[float, float] | None) -> list[Fault]:
    if bounds is None:
        rule = f"kind {kind!r} needs the least and the most that can be reached"
        return [Fault("bounds", "", rule, "state them, e.g. bounds=(0, 1) for a share")]
    low, high = bounds
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        return [Fault("bounds", "", f"{bounds} are not a lower and a higher finite number", "give (least, most)")]
    number = floats(values)
    outside = np.flatnonzero((number < low) | (number > high)) + 1
    if not len(outside):
        return []
    return [Fault("values", rows(outside), f"the number is outside the bounds {bounds}", "widen the bounds")]
