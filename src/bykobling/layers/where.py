"""Which rows of a user's layer to use, told without SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Where:
    """Which rows of a layer to use: one simple condition on one column.

    Parameters
    ----------
    column : str
        Column to look at.
    minimum, maximum : float or None
        Bounds, both included.
    equals : tuple
        Allowed values; empty for any. 1, 1.0 and "1" are alike.
    """

    column: str
    minimum: float | None = None
    maximum: float | None = None
    equals: tuple[str | int | float | bool, ...] = ()

    def holds(self, values: pd.Series[Any]) -> NDArray[np.bool_]:
        """Tell in which rows the condition holds.

        Parameters
        ----------
        values : Series
            The column.

        Returns
        -------
        array of bool
            One a row; an empty value never meets a condition.

        Examples
        --------
        >>> import pandas as pd
        >>> Where("speed", minimum=60).holds(pd.Series([50, 60, None])).tolist()
        [False, True, False]
        """
        import pandas as pd  # noqa: PLC0415 - a study file names conditions, and is read without pandas

        keep = np.ones(len(values), dtype=bool)
        if self.minimum is not None or self.maximum is not None:
            number = pd.to_numeric(values, errors="coerce").to_numpy(float, na_value=np.nan)
            keep &= number >= (-np.inf if self.minimum is None else self.minimum)
            keep &= number <= (np.inf if self.maximum is None else self.maximum)
        if self.equals:
            keep &= matches(values, self.equals)
        return keep


def matches(values: pd.Series[Any], wanted: Iterable[object]) -> NDArray[np.bool_]:
    """Tell which entries equal one of some values; 1, 1.0 and "1" are alike.

    Parameters
    ----------
    values : Series
        Entries.
    wanted : iterable
        Values.

    Returns
    -------
    array of bool
        One an entry; an empty one never matches.

    Examples
    --------
    >>> import pandas as pd
    >>> matches(pd.Series(["1", "2", None]), [1]).tolist()
    [True, False, False]
    """
    from bykobling.layers.columns import plain  # noqa: PLC0415 - as above

    known = {plain(value) for value in wanted} - {None}
    return np.array([plain(value) in known for value in values], dtype=bool)
