"""Columns of a user's layer as the types the tables need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling import _check
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def text(values: pd.Series[Any]) -> pd.Series[Any]:
    """Write values as text; whole numbers without a point, missing ones as None.

    Examples
    --------
    >>> import pandas as pd
    >>> text(pd.Series([1.0, None, "x"], dtype=object)).tolist()
    ['1', None, 'x']
    """
    return pd.Series([_one(value) for value in values], index=values.index, dtype=object, name=values.name)


def _one(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, float | np.floating):
        if np.isnan(value):
            return None
        return str(int(value)) if float(value).is_integer() else str(value)
    return str(value)


def plain(value: object) -> str | None:
    """Write a value so that it compares alike however a format stores it.

    Examples
    --------
    >>> [plain(value) for value in (1.0, "1 ", True, None)]
    ['1', '1', 'true', None]
    """
    told = _one(value)
    if told is None:
        return None
    return told.lower() if isinstance(value, bool | np.bool_) else told.strip()


def objects(values: Iterable[object]) -> pd.Series[Any]:
    """Hold values as they are: a text column may hold None, which pandas would turn into NaN."""
    return pd.Series(list(values), dtype=object)


def take(
    table: pd.DataFrame, key: str, constant: object, named: Mapping[str, str | None] | None, default: object = None
) -> pd.Series[Any]:
    """Take a column by the name the user gave or the documented one, else the constant, else the default.

    A constant stands for every row; beside a column the user named it fills the gaps.
    """
    column = (named or {}).get(key, key)
    asked = named is not None and key in named
    if column is not None and column in table.columns and (asked or constant is None):
        values = table[column]
        return values if constant is None else values.astype(object).where(values.notna(), constant)
    return pd.Series(
        [default if constant is None else constant] * len(table), index=table.index, dtype=object, name=key
    )


def chosen(named: Mapping[str, str | None] | None) -> list[str]:
    """List the columns the user named, which must be there."""
    return [column for column in (named or {}).values() if column is not None]


def numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    """Read numbers, NaN where there is none."""
    return pd.to_numeric(values, errors="coerce").astype("float64")


def amounts(
    values: pd.Series[Any], *, file: str, at: Sequence[int], negative: bool = False
) -> tuple[pd.Series[Any], list[Fault]]:
    """Read numbers of 0 or more, NaN where empty; find text, negative and infinite ones, told by their rows.

    With `negative`, numbers below 0 are taken too.
    """
    number = numbers(values)
    word = (values.notna() & number.isna()).to_numpy(bool)
    off = (((number < 0) & (not negative)) | np.isinf(number)).to_numpy(bool)
    bound = "finite" if negative else "of 0 or more"
    rules = (
        (word, f"{values.name} is not a number", "correct the values, or choose another column"),
        (off, f"{values.name} is not a number {bound}", "correct or empty the values"),
    )
    found = [
        Fault(file, _check.rows(at[place] for place in np.flatnonzero(wrong).tolist()), rule, remedy)
        for wrong, rule, remedy in rules
        if wrong.any()
    ]
    return number.where(~(word | off)), found
