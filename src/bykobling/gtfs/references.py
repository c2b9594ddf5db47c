"""References between files: ids -> row numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.gtfs.ledger import Ledger, Sheet


@dataclass(frozen=True, eq=False)
class Ids:
    """What a reference may name.

    Parameters
    ----------
    file : str
        Where the ids stand, e.g. ``"stops.txt"``.
    kept : list of str
        Ids of the rows in use, in order.
    ever : set of str
        Every id the feed lists, those of rows left out too.
    """

    file: str
    kept: list[str]
    ever: frozenset[str]

    def find(self, column: pd.Series[str]) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.bool_]]:
        """Look up a column of references.

        Parameters
        ----------
        column : Series of category
            Ids; missing where blank.

        Returns
        -------
        row : array of int32
            Row named, -1 for none.
        unknown : array of bool
            The id is nowhere in the feed.
        lost : array of bool
            The row it names was left out.
        """
        words = column.cat.categories.tolist()
        codes = column.cat.codes.to_numpy()
        # plain dict and set: looking up in a str Index of pandas 3 is many times slower
        place = {word: number for number, word in enumerate(self.kept)}
        # a blank has code -1, which takes the last entry
        row = np.array([*(place.get(word, -1) for word in words), -1], np.int32)[codes]
        ever = np.array([*(word in self.ever for word in words), True], bool)[codes]
        return row, ~ever, ever & (row < 0) & (codes >= 0)


def link(sheet: Sheet, columns: dict[str, Ids], ledger: Ledger) -> Sheet:
    """Add the row numbers that columns of ids name; rows with an id of nothing are left out.

    Parameters
    ----------
    sheet : Sheet
        The rows.
    columns : dict of str to Ids
        What each column names; ``stop_id`` gives a new column ``stop`` (int32), -1 where it is blank.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    Sheet
    """
    unknown, lost = look_up(sheet, columns, ledger)
    rows = sheet.rows.assign(
        **{name.removesuffix("_id"): ids.find(sheet.rows[name])[0] for name, ids in columns.items()}
    )
    sheet = replace(sheet, rows=rows).without(unknown)
    return ledger.follow(sheet, lost[~unknown], f"{' or '.join(columns)} names a row that was left out")


def look_up(sheet: Sheet, columns: dict[str, Ids], ledger: Ledger) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Note the ids that name nothing.

    Parameters
    ----------
    sheet : Sheet
        The rows.
    columns : dict of str to Ids
        What each column names.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    unknown : array of bool
        Rows with an id of nothing.
    lost : array of bool
        Rows with an id of a row that was left out.
    """
    unknown, lost = np.zeros((2, len(sheet.rows)), bool)
    for name, ids in columns.items():
        _, bad, gone = ids.find(sheet.rows[name])
        remedy = f"correct the id or add it to {ids.file}"
        ledger.note(sheet, bad, f"{name} names nothing in {ids.file}", remedy, sheet.rows.loc[bad, name])
        unknown |= bad
        lost |= gone
    return unknown, lost


def first_of_each(sheet: Sheet, columns: list[str], ledger: Ledger) -> Sheet:
    """Leave out rows that repeat the key of an earlier one.

    Parameters
    ----------
    sheet : Sheet
        The rows.
    columns : list of str
        The key.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    Sheet
    """
    double = sheet.rows.duplicated(columns).to_numpy()
    if not double.any():
        return sheet
    values = sheet.rows.loc[double, columns].astype("str").agg(" ".join, axis=1)
    rule = f"{' and '.join(columns)} stood in an earlier row already"
    return ledger.drop(sheet, double, rule, "give every row its own, or delete the row", values)
