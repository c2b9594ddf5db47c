"""Two folders of results side by side: what changed for each area, and how much of the gap is closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.equity import gap_closed, n_halved
from bykobling.equity.change import has_gap
from bykobling.errors import Fault, InputError
from bykobling.export import atomic_folder
from bykobling.export.tables import with_index, write_csv
from bykobling.indicators import indicator_of
from bykobling.study.written import Written, read_written, same_crs

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

_NAMED = 5
"""So many areas or indicators are named in a sentence, the rest is counted."""

_LOOKS = ("title", "language")
"""Settings that change no number."""


@dataclass(frozen=True)
class Comparison:
    """What differs between two runs.

    Parameters
    ----------
    areas : DataFrame
        One row an area x indicator in both folders: ``area_id``, ``area``, ``indicator``, ``before``, ``after``,
        ``change`` (after - before); NaN where a number is missing.
    gaps : DataFrame
        One row an indicator, index ``indicator``: ``gap_before``, ``gap_after`` (vulnerable - rest), ``gap_closed``
        (1 - after / before), ``comparable`` (bool: there was a gap to close, and both are known).
    n_halved : int
        Indicators whose gap is at most half of what it was.
    n_comparable : int
        Of so many indicators with a gap to close.
    sentences : tuple of str
        What a reader must know first: areas or indicators in one folder alone, other residents, other settings.
    """

    areas: pd.DataFrame
    gaps: pd.DataFrame
    n_halved: int
    n_comparable: int
    sentences: tuple[str, ...]


def compare_results(before: str | os.PathLike[str], after: str | os.PathLike[str]) -> Comparison:
    """Compare the results of two runs: each area in each indicator, and the gap between the groups.

    Parameters
    ----------
    before, after : path-like
        Folders that runs wrote, each with ``areas.csv``, ``gaps.csv`` and, to know the CRS, ``run.json``.

    Returns
    -------
    Comparison
        Of the areas and indicators that both folders have.

    Raises
    ------
    InputError
        A folder or file that is missing or no result of a run, another CRS, no area or no indicator in common.

    Notes
    -----
    The gaps are those the runs wrote, over all areas each of them measured. ``gap_closed`` is ``1 - gap_after /
    gap_before``; see `bykobling.equity.n_halved` for which indicators count.
    """
    faults: list[Fault] = []
    one, other = (read_written(folder, faults) for folder in (before, after))
    if one is None or other is None:
        raise InputError(faults)
    faults += _crs_faults(one, other)
    areas = one.areas.index.intersection(other.areas.index, sort=False)
    indicators = one.gaps.index.intersection(other.gaps.index, sort=False)
    for shared, what, file in ((areas, "area_id", "areas.csv"), (indicators, "indicator", "gaps.csv")):
        if not len(shared):
            rule = f"no {what} of it is in {one.name(file)}"
            faults.append(Fault(other.name(file), "", rule, "compare runs of the same areas, with the same ids"))
    raise_errors(faults)
    first, last = (table.gaps.loc[indicators, "gap_abs"].astype(float) for table in (one, other))
    better = {name: known.better for name in indicators if (known := indicator_of(name)) is not None}
    closed = gap_closed(first, last)
    gaps = pd.DataFrame({"gap_before": first, "gap_after": last, "gap_closed": closed})
    gaps["comparable"] = closed.notna().to_numpy() & has_gap(first, better=better)
    gaps.index.name = "indicator"
    count = n_halved(first, last, better=better)
    sentences = (*_differences(one, other, areas), *_left_out(gaps))
    return Comparison(_area_changes(one, other, areas, indicators), gaps, *count, sentences)


def write_comparison(comparison: Comparison, folder: str | os.PathLike[str]) -> None:
    """Write ``comparison_areas.csv`` and ``comparison_gaps.csv``, both or none of them.

    Parameters
    ----------
    comparison : Comparison
        From `compare_results`.
    folder : path-like
        Made where absent; an earlier comparison there is replaced, other files stay.

    Raises
    ------
    OutputError
        Where it cannot be written; earlier files are untouched.
    """
    with atomic_folder(folder) as staging:
        write_csv(comparison.areas, staging / "comparison_areas.csv")
        write_csv(with_index(comparison.gaps, "indicator"), staging / "comparison_gaps.csv")


def _area_changes(one: Written, other: Written, areas: pd.Index, indicators: pd.Index) -> pd.DataFrame:
    """Lay out one row an area x indicator, areas in the order of the first folder."""
    values = [table.areas.loc[areas, list(indicators)].to_numpy(float) for table in (one, other)]
    with np.errstate(invalid="ignore"):  # no way before and none after: the change cannot be told
        change = values[1] - values[0]
    return pd.DataFrame(
        {
            "area_id": np.repeat(areas.to_numpy(object), len(indicators)),
            "area": np.repeat(one.areas.loc[areas, "name"].to_numpy(object), len(indicators)),
            "indicator": np.tile(indicators.to_numpy(object), len(areas)),
            "before": values[0].ravel(),
            "after": values[1].ravel(),
            "change": change.ravel(),
        }
    )


def _crs_faults(one: Written, other: Written) -> list[Fault]:
    if one.crs is None or other.crs is None or same_crs(one.crs, other.crs):
        return []
    rule = f"its CRS is {other.crs}, that of {one.folder} is {one.crs}"
    return [Fault(other.name("run.json"), "", rule, "run both studies with areas and maps of the same place")]


def _differences(one: Written, other: Written, areas: pd.Index) -> list[str]:
    """Tell what keeps two runs from being compared like with like."""
    found = []
    for here, there in ((one, other), (other, one)):
        if len(only := here.areas.index.difference(there.areas.index, sort=False)):
            names = here.areas.loc[only, "name"]
            found.append(
                f"{_count(len(only), 'area is', 'areas are')} in {here.folder} alone and not compared, but "
                f"{'counts' if len(only) == 1 else 'count'} in its gaps: {_listed(names)}."
            )
        if len(only := here.gaps.index.difference(there.gaps.index, sort=False)):
            told = _count(len(only), "indicator is", "indicators are")
            found.append(f"{told} in {here.folder} alone and not compared: {_listed(only)}.")
    first, last = (table.areas.loc[areas] for table in (one, other))
    if len(moved := areas[(first["group"] != last["group"]).to_numpy(bool)]):
        found.append(
            f"{_count(len(moved), 'area has', 'areas have')} changed group, which moves the gaps by itself: "
            f"{_listed(first.loc[moved, 'name'])}."
        )
    people = ~np.isclose(first["residents"].to_numpy(float), last["residents"].to_numpy(float), equal_nan=True)
    if people.any():
        told = _count(int(people.sum()), "area has", "areas have")
        found.append(f"{told} another number of residents, which moves the gaps by itself.")
    return found + _run_differences(one, other)


def _run_differences(one: Written, other: Written) -> list[str]:
    found = [
        f"{table.name('run.json')} tells no CRS, so it is not known whether the maps are the same."
        for table in (one, other)
        if table.crs is None
    ]
    versions = [str(table.part("versions").get("bykobling", "unknown")) for table in (one, other)]
    if versions[0] != versions[1] and "unknown" not in versions:
        found.append(
            f"The runs were made with bykobling {versions[0]} and {versions[1]}, which may measure differently."
        )
    settings = [table.part("parameters") for table in (one, other)]
    if all(settings):
        names = [name for name in dict.fromkeys([*settings[0], *settings[1]]) if name not in _LOOKS]
        if odd := [name for name in names if settings[0].get(name) != settings[1].get(name)]:
            found.append(f"The runs differ in their settings of {_listed(odd)}.")
    if one.folder.resolve() == other.folder.resolve():
        found.append("Both are the same folder, so nothing changes.")
    return found


def _left_out(gaps: pd.DataFrame) -> list[str]:
    """Tell why some indicators do not count."""
    known = gaps[["gap_before", "gap_after"]].notna().all(axis=1)
    found = []
    if len(missing := gaps.index[~known]):
        found.append(f"{_count(len(missing), 'gap is', 'gaps are')} missing and not counted: {_listed(missing)}.")
    if len(none := gaps.index[known & ~gaps["comparable"]]):
        found.append(
            f"In {_count(len(none), 'indicator', 'indicators')} there was no gap to close, since vulnerable areas were "
            f"as well or better off: {_listed(none)}."
        )
    return found


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _listed(names: Iterable[Any]) -> str:
    every = [str(name) for name in names]
    return ", ".join(every[:_NAMED]) + (f" and {len(every) - _NAMED} more" if len(every) > _NAMED else "")
