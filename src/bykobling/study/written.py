"""Read back what a run wrote: its areas, gaps and provenance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from bykobling import _check
from bykobling.errors import Fault, ReadError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

_NEEDED = {"areas.csv": ("area_id", "name", "group", "residents"), "gaps.csv": ("indicator", "gap_abs")}


@dataclass(frozen=True)
class Written:
    """What is compared of one folder of results.

    Parameters
    ----------
    folder : Path
        As given.
    areas : DataFrame
        Index ``area_id`` (text): ``name``, ``group``, ``residents`` and one column an indicator of `gaps`.
    gaps : DataFrame
        Index ``indicator``: ``gap_abs``.
    run : dict
        From ``run.json``; empty where there is none.
    """

    folder: Path
    areas: pd.DataFrame
    gaps: pd.DataFrame
    run: dict[str, Any]

    @property
    def crs(self) -> str | None:
        """CRS of the results, None where it is not told."""
        told = self.run.get("crs")
        return str(told) if told else None

    def part(self, key: str) -> dict[str, Any]:
        """Return one part of the provenance.

        Parameters
        ----------
        key : str
            E.g. ``"parameters"``.

        Returns
        -------
        dict
            Empty where it is not told.
        """
        told = self.run.get(key)
        return told if isinstance(told, dict) else {}

    def name(self, file: str) -> str:
        """Return what to call a file of the folder in a message.

        Parameters
        ----------
        file : str
            Name of the file.

        Returns
        -------
        str
            With its folder.
        """
        return str(self.folder / file)


def read_written(folder: str | os.PathLike[str], faults: list[Fault]) -> Written | None:
    """Read the tables of a folder of results.

    Parameters
    ----------
    folder : path-like
        That a run wrote.
    faults : list of Fault
        Takes what is wrong with it.

    Returns
    -------
    Written or None
        None where something is wrong.

    Raises
    ------
    ReadError
        If a file is there but may not be read.
    """
    place = Path(folder)
    found = _folder_faults(place)
    if not found:
        areas, gaps = (_table(place / file, found) for file in _NEEDED)
        run = _run(place / "run.json", found)
        if not found:
            _by_id(areas, "area_id", place / "areas.csv", found)
            _by_id(gaps, "indicator", place / "gaps.csv", found)
        if not found:
            areas, gaps = areas.set_index("area_id"), gaps.set_index("indicator")
            areas = _numbers(areas, ["residents", *gaps.index], place / "areas.csv", found)
            gaps = _numbers(gaps, ["gap_abs"], place / "gaps.csv", found)
            if not found:
                return Written(place, areas, gaps, run)
    faults += found
    return None


def same_crs(one: str, other: str) -> bool:
    """Tell whether two names mean the same CRS.

    Parameters
    ----------
    one, other : str
        Codes or WKT.

    Returns
    -------
    bool
        False also where one of them is unknown.
    """
    import pyproj  # noqa: PLC0415 - slow to load
    from pyproj.exceptions import CRSError  # noqa: PLC0415 - slow to load

    if one == other:
        return True
    try:
        return bool(pyproj.CRS.from_user_input(one) == pyproj.CRS.from_user_input(other))
    except CRSError:
        return False


def _folder_faults(place: Path) -> list[Fault]:
    remedy = "give the folder that `bykobling run` wrote its results to"
    if not place.exists():
        return [Fault(str(place), "", "there is no such folder", remedy)]
    if not place.is_dir():
        return [Fault(str(place), "", "it is a file, not a folder", remedy)]
    missing = [file for file in _NEEDED if not (place / file).is_file()]
    inside = [path.parent for path in sorted(place.glob("*/areas.csv")) if (path.parent / "gaps.csv").is_file()]
    if len(missing) == len(_NEEDED) and inside:
        remedy = f"perhaps you mean {inside[0]}"
    return [
        Fault(str(place / file), "", "there is no such file, so this is no complete folder of results", remedy)
        for file in missing
    ]


def _table(path: Path, found: list[Fault]) -> pd.DataFrame:
    """Read a table as text: an id keeps its zeros, and an area may be called NA."""
    remedy = "run the study again"
    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(f"{path}: it cannot be read ({error.strerror}). Remedy: check its permissions.") from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError, UnicodeDecodeError, ValueError) as error:
        found.append(Fault(str(path), "", f"it is no table a run wrote ({error})", remedy))
        return pd.DataFrame()
    found += _check.columns(table, _NEEDED[path.name], file=str(path))
    if table.empty and not found:
        found.append(Fault(str(path), "", "there is no row in it", remedy))
    return table


def _run(path: Path, found: list[Fault]) -> dict[str, Any]:
    """Read provenance; a folder without it can still be compared."""
    if not path.is_file():
        return {}
    try:
        run = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReadError(f"{path}: it cannot be read ({error.strerror}). Remedy: check its permissions.") from error
    except ValueError as error:
        found.append(Fault(str(path), "", f"it is no JSON ({error})", "run the study again"))
        return {}
    if not isinstance(run, dict):
        found.append(Fault(str(path), "", "it is not what a run wrote", "run the study again"))
        return {}
    return run


def _by_id(table: pd.DataFrame, column: str, path: Path, found: list[Fault]) -> None:
    found += _check.unique(table[column].where(table[column] != ""), file=str(path))


def _numbers(table: pd.DataFrame, names: Sequence[str], path: Path, found: list[Fault]) -> pd.DataFrame:
    """Turn columns of text into numbers; an empty cell is NaN."""
    missing = _check.columns(table, names, file=str(path))
    found += missing
    if missing:
        return table
    numbers = {name: pd.to_numeric(table[name], errors="coerce") for name in names}
    for name, column in numbers.items():
        if (bad := column.isna() & (table[name] != "")).any():
            where = f"column {name}, {_check.rows(_places(bad))}"
            found.append(Fault(str(path), where, "it is not a number", "run the study again"))
    return table.assign(**{name: column.astype(float) for name, column in numbers.items()})


def _places(bad: pd.Series[Any]) -> Iterable[int]:
    return [place + 1 for place, wrong in enumerate(bad) if wrong]
