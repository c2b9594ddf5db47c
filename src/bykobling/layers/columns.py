"""Columns of a user's layer as the types the tables need."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


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


def objects(values: Iterable[object]) -> pd.Series[Any]:
    """Hold values as they are: a text column may hold None, which pandas would turn into NaN."""
    return pd.Series(list(values), dtype=object)


def take(
    table: pd.DataFrame, key: str, constant: object, renamed: Mapping[str, str] | None, default: object = None
) -> pd.Series[Any]:
    """Take a column by its documented or renamed name, else the constant, else the default."""
    column = (renamed or {}).get(key, key)
    if constant is not None:
        return pd.Series([constant] * len(table), index=table.index, dtype=object, name=key)
    if column in table.columns:
        return table[column].rename(key)
    return pd.Series([default] * len(table), index=table.index, dtype=object, name=key)


def numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    """Read numbers, NaN where there is none."""
    return pd.to_numeric(values, errors="coerce").astype("float64")


def renames(table: pd.DataFrame, renamed: Mapping[str, str] | None, *, file: str) -> list[Fault]:
    """Find renamed columns that are not there."""
    there = ", ".join(map(str, table.columns))
    return [
        Fault(file, f"column {theirs}", "there is no such column", f"name one of those there are: {there}")
        for theirs in (renamed or {}).values()
        if theirs not in table.columns
    ]
