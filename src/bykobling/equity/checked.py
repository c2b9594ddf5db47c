"""The door of this room: numbers of areas, their residents, and options, checked once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._check import nearest, rows, weights
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray


def floats(values: pd.Series[Any]) -> NDArray[np.float64]:
    """Return the numbers of a column, NaN where missing.

    Parameters
    ----------
    values : Series
        Numbers, of any dtype that holds them.

    Returns
    -------
    array of float
        In order.
    """
    return values.to_numpy(float, na_value=np.nan)


def index_faults(first: pd.Series[Any], **others: pd.Series[Any]) -> list[Fault]:
    """Find columns whose index is not that of the first.

    Parameters
    ----------
    first : Series
        What is measured.
    **others : Series
        By the name of the argument.

    Returns
    -------
    list of Fault
        One a column.
    """
    rule, remedy = "its index differs from that of the values", "align them first, with reindex"
    return [Fault(name, "", rule, remedy) for name, other in others.items() if not other.index.equals(first.index)]


def value_faults(values: pd.Series[Any], *, negative: bool = False, infinite: bool = False) -> list[Fault]:
    """Find values no inequality can be told of; a missing value is none.

    Parameters
    ----------
    values : Series
        One number an area.
    negative, infinite : bool, optional
        Whether such numbers are allowed.

    Returns
    -------
    list of Fault
        At most one a rule.
    """
    number = floats(values)
    found = []
    if not infinite and np.isinf(number).any():
        remedy = "cap them, or leave them out and say so"
        found.append(Fault("values", rows(np.flatnonzero(np.isinf(number)) + 1), "the number is infinite", remedy))
    if not negative and (number < 0).any():
        where = rows(np.flatnonzero(number < 0) + 1)
        found.append(Fault("values", where, "the number is negative", "use a measure that is 0 or more"))
    return found


def resident_faults(residents: pd.Series[Any]) -> list[Fault]:
    """Find residents that are missing, infinite or negative.

    Parameters
    ----------
    residents : Series
        Persons, or a weight.

    Returns
    -------
    list of Fault
        At most one a rule.
    """
    return weights(residents.rename("residents"), file="residents")


def choice_faults(name: str, value: str, choices: Iterable[str]) -> list[Fault]:
    """Find an option that is none of the choices.

    Parameters
    ----------
    name : str
        Of the argument.
    value : str
        What was given.
    choices : iterable of str
        What is known.

    Returns
    -------
    list of Fault
        At most one.
    """
    known = list(choices)
    if value in known:
        return []
    hint = nearest(str(value), known)
    listed = f"choose one of {', '.join(known)}"
    return [Fault(name, "", f"{value!r} is not known", f"{hint}; {listed}" if hint else listed)]


def number_faults(
    name: str, value: float, *, above: float = -np.inf, least: float = -np.inf, below: float = np.inf
) -> list[Fault]:
    """Find an option that is no number, or outside its limits.

    Parameters
    ----------
    name : str
        Of the argument.
    value : float
        What was given.
    above, least, below : float, optional
        It must be above the first, at least the second and below the third.

    Returns
    -------
    list of Fault
        At most one.
    """
    if np.isfinite(value) and above < value < below and value >= least:
        return []
    limits = {"above": above, "at least": least, "below": below}
    told = " and ".join(f"{word} {limit:g}" for word, limit in limits.items() if np.isfinite(limit)) or "finite"
    return [Fault(name, "", f"{value!r} breaks the rule: {told}", f"give a number {told}")]
