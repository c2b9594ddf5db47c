"""Tables as files hold them: the index becomes a named column, nothing is lost on the way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from bykobling.results import Results

_FORMULA = re.compile(r"^(?:[=@\t\r]|[+\-](?![\d.]))")


def with_index(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Turn the index into a first column; an index that repeats a column is dropped.

    Parameters
    ----------
    frame : DataFrame
        Any table; left as it is.
    name : str
        Column name for an index without one.

    Returns
    -------
    DataFrame
        With a plain 0..n-1 index.
    """
    column = frame.index.name or name
    if column in frame.columns:
        return frame.reset_index(drop=True)
    return frame.reset_index(names=str(column))


def areas_table(results: Results) -> gpd.GeoDataFrame:
    """Give the areas with their id as a column."""
    return with_index(results.areas, "area_id")


def gaps_table(results: Results) -> pd.DataFrame:
    """Give the gaps with the indicator as a column."""
    return with_index(results.gaps, "indicator")


def notes_table(results: Results) -> pd.DataFrame:
    """Give the notes as a table; the columns a note is about are joined by a comma."""
    rows = [(note.kind, note.text, ", ".join(note.columns)) for note in results.notes]
    return pd.DataFrame(rows, columns=["kind", "text", "columns"], dtype=object)


def measured_tables(results: Results) -> dict[str, pd.DataFrame]:
    """Give the plain tables of the profile by name, those that were measured."""
    names = ("near_but_far", "travel_times", "inequality", "correlated", "noise_exposure", "noise_bands")
    tables = {name: getattr(results, name) for name in names}
    return {name: _with_area(table) for name, table in tables.items() if table is not None}


def _with_area(table: pd.DataFrame) -> pd.DataFrame:
    """Keep the ids of areas where they are the index."""
    return table.reset_index() if table.index.name == "area_id" else table


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write UTF-8 with a mark, so a spreadsheet reads Danish letters, and with formulas disarmed.

    Parameters
    ----------
    frame : DataFrame
        No geometry; its index is not written.
    path : Path
        File to write.
    """
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_bool_dtype(safe[column]):
            safe[column] = safe[column].map(_disarm, na_action="ignore")
    safe.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\n")


def _disarm(value: object) -> object:
    """Put an apostrophe before text that a spreadsheet would run."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value
