"""One file of a feed -> typed columns: read fast, checked cell by distinct cell."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from bykobling import _check
from bykobling.errors import Fault, InputError, ReadError
from bykobling.gtfs import times
from bykobling.gtfs.ledger import Sheet
from bykobling.gtfs.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bykobling.gtfs.ledger import Ledger
    from bykobling.gtfs.schema import Column, File

_BLOCK_BYTES = 16 << 20
"""A record may not be longer."""
_HEAD_BYTES = 1 << 16
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,12}(\.0*)?", re.ASCII)
_COLOR = re.compile(r"[0-9A-Fa-f]{6}", re.ASCII)
_EPOCH = dt.date(1970, 1, 1).toordinal()


def read_sheet(file: File, content: bytes, label: str, ledger: Ledger) -> Sheet:
    """Read one file into typed columns; rows that break a rule of their own are noted and left out.

    Ids and text are str, refs categorical, all others float64 (times in seconds, dates in days since 1970) with the
    default, mostly NaN, for blank cells.

    Parameters
    ----------
    file : File
        What GTFS says of it.
    content : bytes
        The file.
    label : str
        ``"feed.zip/stops.txt"``.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    Sheet

    Raises
    ------
    ReadError
        If it is not UTF-8 or not a table.
    InputError
        If a needed column is missing.
    """
    _check_text(content, label)
    names = _header(content, label)
    lines = Lines(content, cells=len(names), label=label)
    _check_header(file, names, label)
    unclosed = lines.unclosed
    if unclosed is not None:
        raise ReadError(f"{label}, row {unclosed}: a quote opens and is never closed. Remedy: close it.")
    table, ragged = _parse(content, names, [column.name for column in file.columns], label)
    if ragged:
        ledger.skipped(label, lines.ragged, f"there are not {len(names)} cells in the row", "give it one a column")
    return _typed(
        file, table, Sheet(label, pd.DataFrame(index=pd.RangeIndex(table.num_rows)), lines, frozenset()), ledger
    )


def _check_text(content: bytes, label: str) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ReadError(
            f"{label}, row {line}: the byte {content[error.start]:#04x} is no UTF-8, the encoding GTFS needs. "
            "Remedy: save the file as UTF-8."
        ) from error


def _header(content: bytes, label: str) -> list[str]:
    head = io.StringIO(content[:_HEAD_BYTES].decode("utf-8-sig", errors="ignore"), newline="")
    try:
        names = next((cells for cells in csv.reader(head) if cells), [])
    except csv.Error as error:
        raise ReadError(
            f"{label}, row 1: the header cannot be read ({error}). Remedy: close the quote in it."
        ) from error
    if not names:
        raise InputError(Fault(label, "", "the file is empty", "give it a header and rows, or remove it"))
    return names


def _check_header(file: File, names: list[str], label: str) -> None:
    there = [name.strip() for name in names]
    wanted = [column.name for column in file.columns]
    needed = [column.name for column in file.columns if column.needed or column.there]
    faults = _check.columns(pd.DataFrame(columns=list(dict.fromkeys(there))), needed, file=label)
    faults += [
        Fault(label, f"column {name}", f"it is there {there.count(name)} times", "keep one of them")
        for name in wanted
        if there.count(name) > 1
    ]
    _check.raise_errors(faults)


def _parse(content: bytes, names: list[str], wanted: list[str], label: str) -> tuple[pa.Table, bool]:
    """Split the file into cells, blanks round them cut off; tell whether records of another length were skipped."""
    raw = {name.strip(): name for name in names if name.strip() in wanted}
    ragged = False

    def skip(row: pa.csv.InvalidRow) -> str:
        nonlocal ragged
        ragged = ragged or bool(row.text.strip())
        return "skip"

    # a header alone, without a line end, is no table to pyarrow
    stream = io.BytesIO(content if content.endswith(b"\n") else content + b"\n")
    try:
        table = pa.csv.read_csv(
            stream,
            read_options=pa.csv.ReadOptions(block_size=_BLOCK_BYTES),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True, invalid_row_handler=skip),
            convert_options=pa.csv.ConvertOptions(
                # 64-bit offsets: the ids of a nation's calls pass 2 GB
                column_types=dict.fromkeys(raw.values(), pa.large_string()),
                include_columns=list(raw.values()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise ReadError(
            f"{label}: it is no table of comma-separated values ({error}). Remedy: export it again."
        ) from error
    cut = [pc.utf8_trim_whitespace(column.combine_chunks()) for column in table.columns]
    return pa.table(dict(zip(raw, cut, strict=True))), ragged


def _typed(file: File, table: pa.Table, sheet: Sheet, ledger: Ledger) -> Sheet:
    """Turn cells into numbers, times and so on, then leave out rows with a cell that breaks a rule."""
    columns: dict[str, object] = {}
    broken: list[tuple[NDArray[np.bool_], str, list[str]]] = []
    for column in file.columns:
        if column.name not in table.column_names:
            columns[column.name] = _absent(column, len(sheet.rows))
            continue
        cells = table[column.name].combine_chunks()
        columns[column.name], bad = _convert(column, cells)
        if bad.any():
            values = cells.filter(pa.array(bad)).to_pylist()
            if column.mend:
                rule = f"{column.name} {_rule(column)}; taken as blank"
                ledger.warn(sheet, bad, rule, "correct it", values)
            else:
                broken.append((bad, f"{column.name} {_rule(column)}", values))
        if column.needed:
            blank = pc.equal(cells, "").to_numpy(zero_copy_only=False)
            broken.append((blank, f"{column.name} is empty", []))
    rows = pd.DataFrame(columns, index=sheet.rows.index)
    named = next((rows[column.name] for column in file.columns if column.kind in {"id", "ref"}), None)
    full = replace(sheet, rows=rows, ids=frozenset() if named is None else frozenset(named.dropna().unique()))
    every = np.zeros(len(full.rows), bool)
    for bad, rule, values in broken:
        ledger.note(full, bad, rule, "correct the rows", values)
        every |= bad
    return full.without(every)


def _absent(column: Column, count: int) -> object:
    if column.kind in {"id", "text", "color"}:
        return pd.array([""] * count, dtype="str")
    if column.kind == "ref":
        return pd.Categorical.from_codes(np.full(count, -1), categories=pd.Index([], dtype="str"))
    return np.full(count, column.default)


def _convert(column: Column, cells: pa.LargeStringArray) -> tuple[object, NDArray[np.bool_]]:
    """Turn the cells of one column into values, and tell which are filled but break the rule."""
    if column.kind in {"id", "text"}:
        return pd.array(cells.to_pylist(), dtype="str"), np.zeros(len(cells), bool)
    if column.kind == "number" and (fast := _floats(column, cells)) is not None:
        return fast
    encoded = cells.dictionary_encode()
    words: list[str] = encoded.dictionary.to_pylist()
    codes = encoded.indices.to_numpy()
    if column.kind == "ref":
        return _categories(words, codes), np.zeros(len(cells), bool)
    if column.kind == "color":
        bad = np.array([bool(word) and _COLOR.fullmatch(word) is None for word in words], bool)
        shown = np.array(["" if wrong else word.upper() for word, wrong in zip(words, bad, strict=True)], object)
        return pd.array(shown[codes], dtype="str"), bad[codes]
    values, bad = _numbers(column, words)
    return values[codes], bad[codes]


def _categories(words: list[str], codes: NDArray[np.int32]) -> pd.Categorical:
    """Make a column of references; blank ones have no category."""
    named = [word for word in words if word]
    place = {word: number for number, word in enumerate(named)}
    renumbered = np.array([place.get(word, -1) for word in words], np.int32)
    return pd.Categorical.from_codes(renumbered[codes], categories=pd.Index(named, dtype="str"))


def _numbers(column: Column, words: list[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read distinct cells as numbers; blank ones, and those that break the rule, are the default."""
    read = _READERS[column.kind]
    values = np.full(len(words), column.default)
    bad = np.zeros(len(words), bool)
    for place, word in enumerate(words):
        value = read(word) if word else None
        if value is not None and column.low <= value <= column.high:
            values[place] = value
        else:
            bad[place] = bool(word)
    return values, bad


def _floats(column: Column, cells: pa.LargeStringArray) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Read decimal numbers in one go, None where a cell is no number."""
    blank = pc.equal(cells, "")
    try:
        read = pc.cast(pc.if_else(blank, None, cells), pa.float64())
    except pa.ArrowInvalid:
        return None
    numbers = read.to_numpy(zero_copy_only=False).astype(np.float64)
    filled = ~blank.to_numpy(zero_copy_only=False)
    bad = filled & ~(np.isfinite(numbers) & (numbers >= column.low) & (numbers <= column.high))
    numbers[bad | ~filled] = column.default
    return numbers, bad


def _whole(word: str) -> float | None:
    return float(word) if _WHOLE.fullmatch(word) else None


def _decimal(word: str) -> float | None:
    return float(word) if _NUMBER.fullmatch(word) else None


def _date(word: str) -> int | None:
    found = times.day(word)
    return None if found is None else found.toordinal() - _EPOCH


_READERS: dict[str, Callable[[str], float | None]] = {
    "whole": _whole,
    "number": _decimal,
    "time": times.seconds,
    "date": _date,
}


def _rule(column: Column) -> str:
    """Say what a cell of the column must be."""
    said = {"time": times.TIME_RULE, "date": times.DATE_RULE, "color": "is no colour of six figures 0 to F"}
    if column.kind in said:
        return said[column.kind]
    number = "whole number" if column.kind == "whole" else "number"
    if np.isfinite(column.low) and np.isfinite(column.high):
        return f"is no {number} from {column.low:g} to {column.high:.10g}"
    return f"is no {number} of {column.low:g} or more" if np.isfinite(column.low) else f"is no {number}"


def empty_sheet(file: File, label: str) -> Sheet:
    """Stand in for a file a feed does without.

    Parameters
    ----------
    file : File
        What GTFS says of it.
    label : str
        ``"feed.zip/stops.txt"``.

    Returns
    -------
    Sheet
        No rows.
    """
    rows = pd.DataFrame({column.name: _absent(column, 0) for column in file.columns}, index=pd.RangeIndex(0))
    return Sheet(label, rows, Lines(b"", cells=0, label=label), frozenset())
