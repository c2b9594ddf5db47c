"""Enough for everybody: who meets the minimum standards, and who does not."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from bykobling._check import columns, raise_errors
from bykobling.equity.checked import choice_faults, floats, index_faults, resident_faults
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

Operator: TypeAlias = Literal["<", "<=", ">", ">="]

_OPERATORS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


@dataclass(frozen=True)
class Sufficiency:
    """Which minimum standards are met, where, and by how many residents.

    Parameters
    ----------
    met : DataFrame
        One row a place, one column an indicator: 1.0 met, 0.0 not met, NaN where the value is missing.
    unmet : Series
        Number of standards not met; NaN where a value is missing.
    met_share : Series
        Share of residents (0-1) meeting each standard, of those whose value is known.
    all_met_share : float
        Share of residents (0-1) meeting every standard, of those whose count is known; NaN where nobody's is.
    known_share : float
        Share of all residents (0-1) whose count is known; NaN where nobody lives.
    """

    met: pd.DataFrame
    unmet: pd.Series[Any]
    met_share: pd.Series[Any]
    all_met_share: float
    known_share: float


def standards_met(
    values: pd.DataFrame, standards: Mapping[str, tuple[Operator, float]], residents: pd.Series
) -> Sufficiency:
    """Count the minimum standards each place does not meet, and the residents who meet them all.

    Parameters
    ----------
    values : DataFrame
        One row an area (or a home), with a column for each standard. An infinite number is a known one: no way there.
    standards : mapping of indicator to (operator, limit)
        What a value must be to meet the standard, e.g. ``{"travel_time_school_min": ("<=", 15)}``.
    residents : Series
        Residents of each row, 0 or more, same index.

    Returns
    -------
    Sufficiency
        Counts by row and shares of residents. A standard whose value is missing leaves the count missing.

    Raises
    ------
    InputError
        No standard, an unknown operator, a limit that is no number, a column that is not there, residents that are
        missing or negative, indexes that differ.

    Notes
    -----
    Sufficientarian fairness: Lucas, van Wee, Maat (2016), "A method to evaluate equitable accessibility",
    Transportation 43:473-490, doi 10.1007/s11116-015-9585-2.

    Examples
    --------
    >>> import pandas as pd
    >>> homes = pd.DataFrame({"school_min": [10.0, 20.0, None], "lden_db": [60.0, 50.0, 50.0]})
    >>> found = standards_met(homes, {"school_min": ("<=", 15), "lden_db": ("<", 58)}, pd.Series([10, 30, 40]))
    >>> found.unmet.tolist(), found.all_met_share, found.known_share
    ([1.0, 1.0, nan], 0.0, 0.5)
    """
    _check(values, standards, residents)
    names = list(standards)
    number = np.column_stack([floats(values[name]) for name in names])
    held = np.column_stack(
        [_OPERATORS[sign](number[:, k], limit) for k, (sign, limit) in enumerate(standards.values())]
    )
    known = ~np.isnan(number)
    counted = known.all(axis=1)
    unmet = np.where(counted, (~held).sum(axis=1), np.nan)
    weight = floats(residents)
    return Sufficiency(
        met=pd.DataFrame(np.where(known, held, np.nan), index=values.index, columns=names),
        unmet=pd.Series(unmet, index=values.index, name="unmet"),
        met_share=pd.Series(
            [_share(weight, held[:, k], known[:, k]) for k in range(len(names))], index=names, name="met_share"
        ),
        all_met_share=_share(weight, held.all(axis=1), counted),
        known_share=_share(weight, counted, np.ones(len(weight), bool)),
    )


def _share(weight: Any, which: Any, among: Any) -> float:  # noqa: ANN401 - arrays of one length
    total = weight[among].sum()
    return float(weight[among & which].sum() / total) if total > 0 else float("nan")


def _check(values: pd.DataFrame, standards: Mapping[str, tuple[Operator, float]], residents: pd.Series) -> None:
    faults: list[Fault] = []
    if not standards:
        faults.append(Fault("standards", "", "there is none", 'give one or more, e.g. {"school_min": ("<=", 15)}'))
    faults += columns(values, standards, file="values")
    for name, (sign, limit) in standards.items():
        faults += choice_faults(f"standards[{name!r}]", sign, _OPERATORS)
        if np.isnan(limit):
            faults.append(Fault(f"standards[{name!r}]", "", "the limit is no number", "give a number"))
    faults += resident_faults(residents)
    faults += index_faults(pd.Series(0.0, index=values.index), residents=residents)
    raise_errors(faults)
