"""What a change does to the gap between vulnerable areas and the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.equity.checked import choice_faults, floats, index_faults

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bykobling.errors import Fault

_NO_GAP = 1e-12
"""A gap no larger is 0: what is left of adding up floats."""

_ROUNDING = 1e-9


class Halved(NamedTuple):
    """How many gaps are halved, of how many that can be.

    Parameters
    ----------
    n_halved : int
        Indicators whose gap is at most half of what it was.
    n_comparable : int
        Indicators with a gap before that is to be closed, and a gap after that is known.
    """

    n_halved: int
    n_comparable: int


def gap_closed(before: pd.Series, after: pd.Series) -> pd.Series:
    """Return the share of each gap that a change closes.

    ``gap_closed = 1 - gap_after / gap_before``: 1 where the gap is gone, 0 where nothing changes, negative where it
    widens, above 1 where vulnerable areas overtake the rest.

    Parameters
    ----------
    before, after : Series
        One gap an indicator (``gap_abs`` of `group_gaps`), same index.

    Returns
    -------
    Series
        Index of `before`; NaN where a gap is missing or there was none before.

    Raises
    ------
    InputError
        If the indexes differ.

    Examples
    --------
    >>> import pandas as pd
    >>> gap_closed(pd.Series([0.4, 0.0, 2.0]), pd.Series([0.1, 0.1, 3.0])).tolist()
    [0.75, nan, -0.5]
    """
    raise_errors(index_faults(before, after=after))
    first, last = floats(before), floats(after)
    known = np.isfinite(first) & np.isfinite(last) & (np.abs(first) > _NO_GAP)
    closed = 1.0 - np.divide(last, first, out=np.full(len(first), np.nan), where=known)
    return pd.Series(closed, index=before.index, name="gap_closed")


def n_halved(before: pd.Series, after: pd.Series, *, better: Mapping[str, str] | None = None) -> Halved:
    """Count the indicators whose gap is halved, of those with a gap to close.

    The City of Copenhagen's own aim for its vulnerable areas: the gap to the rest halved on at least half the
    criteria.

    Parameters
    ----------
    before, after : Series
        One gap an indicator (``gap_abs`` of `group_gaps`, vulnerable - rest), same index.
    better : mapping of indicator to {"lower", "higher"}, optional
        Which direction is good for residents. An indicator in which vulnerable areas were as well or better off before
        has no gap to close and does not count; one that is not named counts whichever way its gap points.

    Returns
    -------
    Halved
        ``n_halved`` of ``n_comparable``.

    Raises
    ------
    InputError
        If the indexes differ or a direction is not known.

    Examples
    --------
    >>> import pandas as pd
    >>> before = pd.Series({"noise": 4.0, "detour": 0.4, "parks": 2.0})
    >>> after = pd.Series({"noise": 2.0, "detour": 0.3, "parks": 1.0})
    >>> n_halved(before, after, better={"noise": "lower", "detour": "lower", "parks": "higher"})
    Halved(n_halved=1, n_comparable=2)
    """
    closed = gap_closed(before, after).to_numpy(float)
    comparable = np.isfinite(closed) & has_gap(before, better=better)
    halved = comparable & (np.where(comparable, closed, 0.0) >= 0.5 - _ROUNDING)
    return Halved(int(halved.sum()), int(comparable.sum()))


def has_gap(before: pd.Series, *, better: Mapping[str, str] | None = None) -> NDArray[np.bool_]:
    """Tell which indicators have a gap to close: vulnerable areas were worse off than the rest.

    Parameters
    ----------
    before : Series
        One gap an indicator (vulnerable - rest).
    better : mapping of indicator to {"lower", "higher"}, optional
        Which direction is good; one that is not named has a gap whichever way it points.

    Returns
    -------
    array of bool
        In the order of `before`; False where the gap is missing or 0.

    Raises
    ------
    InputError
        If a direction is not known.
    """
    direction = dict(better or {})
    faults: list[Fault] = []
    for name, word in direction.items():
        faults += choice_faults(f"better[{name!r}]", word, ("lower", "higher"))
    raise_errors(faults)
    gap = floats(before)
    sign = np.array([{"lower": 1.0, "higher": -1.0}.get(direction.get(name, ""), 0.0) for name in before.index])
    # a gap that is missing compares as False
    return np.where(sign == 0, np.abs(gap), gap * sign) > _NO_GAP
