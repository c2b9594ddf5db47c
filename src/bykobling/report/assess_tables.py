"""The tables of one proposal as its card shows them: minutes, standards, and both groups in every measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.indicators import indicator_of, indicators_among
from bykobling.report._cells import barrier_label, number_of
from bykobling.report.assess_model import MeasureRow, SpacingRow, StandardRow, TimeRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from bykobling.indicators import Indicator
    from bykobling.report.assess_cells import Cells
    from bykobling.results.assessment import Assessment

_MOST_TIMES, _MOST_MEASURES, _MOST_BARRIERS = 10, 14, 8
_SHOWN_MIN = 0.05
_FIRST = ("station", "school", "daily_shopping")
# told beside another of its kind, or elsewhere on the card
_BESIDE = ("_median", "_p90")
_APART = ("minutes_to_", "spatial_availability_", "standards_met_share", "walk_to_station_m")


def time_rows(
    tables: Assessment, proposal: str, cells: Cells, text: Mapping[str, str]
) -> tuple[tuple[TimeRow, ...], int]:
    """Write the minutes saved: station, school and daily shopping first, then where most is saved.

    Parameters
    ----------
    tables : Assessment
        What proposals change.
    proposal : str
        Its name.
    cells : Cells
        How numbers are written.
    text : mapping of str to str
        Words of the page.

    Returns
    -------
    rows : tuple of TimeRow
        At most ten, of ways that change for some group by what is shown, or for anybody by a minute.
    left : int
        How many more there are.
    """
    own = tables.times[tables.times["proposal"] == proposal]
    ways = {
        (str(to), str(mode)): {str(row["group"]): row for row in part.to_dict("records")}
        for (to, mode), part in own.groupby(["to", "mode"], sort=False)
    }

    def place(way: tuple[str, str]) -> tuple[int, float]:
        first = _FIRST.index(way[0]) if way[0] in _FIRST and way[1] == "walk" else len(_FIRST)
        saved = number_of(ways[way].get("all", {}).get("saved_min"))
        return first, -abs(saved) if saved is not None else 0.0

    chosen = sorted((way for way, rows in ways.items() if _told(rows)), key=place)
    rows = []
    for way in chosen[:_MOST_TIMES]:
        saved = {group: cells.saved(row["saved_min"]) for group, row in ways[way].items()}
        people = ways[way].get("all", {}).get("residents_saving_1_min")
        rows.append(
            TimeRow(
                _way(*way, text, danish=cells.language == "da"), saved.get("all"), saved.get("vulnerable"),
                saved.get("rest"), cells.count(people),
            )
        )  # fmt: skip
    return tuple(rows), len(ways) - len(rows)


def _told(groups: Mapping[str, dict[Any, Any]]) -> bool:
    """Tell whether a way changes for some group by what is shown, or for anybody by a minute."""
    saved = [number_of(row["saved_min"]) for row in groups.values()]
    people = number_of(groups.get("all", {}).get("residents_saving_1_min"))
    return bool(people) or any(value is not None and abs(value) >= _SHOWN_MIN for value in saved)


def _way(to: str, mode: str, text: Mapping[str, str], *, danish: bool) -> str:
    """Name a way in words."""
    if to == "station":
        return text["way_station"]
    known = indicator_of(f"minutes_to_{to}_{mode}")
    return text["way_transit"].format(to=to) if known is None else _label(known, danish=danish)


def _label(item: Indicator, *, danish: bool) -> str:
    return item.label_da if danish else item.label_en


def standard_rows(tables: Assessment, proposal: str, cells: Cells, text: Mapping[str, str]) -> tuple[StandardRow, ...]:
    """Write the standards over which somebody is moved.

    Parameters
    ----------
    tables : Assessment
        What proposals change.
    proposal : str
        Its name.
    cells : Cells
        How numbers are written.
    text : mapping of str to str
        Words of the page.

    Returns
    -------
    tuple of StandardRow
        Standards that as many meet as before, the same residents, are left out.
    """
    own = tables.thresholds[tables.thresholds["proposal"] == proposal]
    rows = []
    for name, part in own.groupby("indicator", sort=False):
        groups = {str(row["group"]): row for row in part.to_dict("records")}
        every = groups["all"]
        if not (every["gaining"] > 0 or every["losing"] > 0):
            continue
        known = indicator_of(str(name))
        rows.append(
            StandardRow(
                label=_standard(str(name), known, float(every["limit"]), cells, text),
                before=cells.count(every["met_before"]),
                after=cells.count(every["met_after"]),
                gaining=cells.some_count(every["gaining"]),
                losing=cells.some_count(every["losing"]),
                vulnerable=cells.some_count(groups["vulnerable"]["gaining"]) if "vulnerable" in groups else None,
            )
        )
    return tuple(rows)


def _standard(name: str, known: Indicator | None, limit: float, cells: Cells, text: Mapping[str, str]) -> str:
    """Name a standard with its limit."""
    if name == "standards_met_share":
        return text["standard_every"]
    if known is None:
        return name
    key = "standard_lower" if known.better == "lower" else "standard_higher"
    told = cells.numbers.value(limit, known.unit)
    return text[key].format(label=_label(known, danish=cells.language == "da"), limit=told)


def measure_rows(
    tables: Assessment, proposal: str, cells: Cells, text: Mapping[str, str]
) -> tuple[tuple[MeasureRow, ...], int]:
    """Set the two groups side by side in every measure that changes by as much as is shown.

    Parameters
    ----------
    tables : Assessment
        What proposals change.
    proposal : str
        Its name.
    cells : Cells
        How numbers are written.
    text : mapping of str to str
        Words of the page.

    Returns
    -------
    rows : tuple of MeasureRow
        At most fourteen, in the order of the profile.
    left : int
        How many more change.
    """
    own = tables.groups[tables.groups["proposal"] == proposal]
    gaps = tables.gaps[tables.gaps["proposal"] == proposal].set_index("indicator")["gap_closed"].to_dict()
    by = {str(name): part for name, part in own.groupby("indicator", sort=False)}
    rows: list[MeasureRow] = []
    left = 0
    for item in indicators_among(by):
        sides = _sides(by[item.name], item, cells)
        seen = any(side is not None and side[0] != side[1] for side in sides.values())
        told = not item.name.endswith(_BESIDE) and not item.name.startswith(_APART)
        if not told or not seen or len(rows) == _MOST_MEASURES:
            left += 1
            continue
        rows.append(
            MeasureRow(
                label=_label(item, danish=cells.language == "da"),
                everybody=sides.get("all"),
                vulnerable=sides.get("vulnerable"),
                rest=sides.get("rest"),
                closed=cells.signed_share(gaps.get(item.name)),
                verdict=text[f"is_{verdict}"] if (verdict := _verdict(by[item.name], item)) else "",
            )
        )
    return tuple(rows), left


def _sides(part: pd.DataFrame, item: Indicator, cells: Cells) -> dict[str, tuple[str | None, str | None]]:
    """Write each group before and after."""
    return {
        str(row["group"]): (cells.value(row["before"], item.unit), cells.value(row["after"], item.unit))
        for row in part.to_dict("records")
    }


def _verdict(part: pd.DataFrame, item: Indicator) -> str:
    """Tell whether all together are better off; nothing where they are as they were."""
    change: Any = part.loc[part["group"] == "all", "change"]
    value = float(change.iloc[0]) if len(change) else float("nan")
    if not np.isfinite(value) or value == 0:
        return ""
    return "better" if (value < 0) == (item.better == "lower") else "worse"


def spacing_rows(tables: Assessment, proposal: str, cells: Cells) -> tuple[tuple[SpacingRow, ...], int]:
    """Write how far apart crossings are, of barriers where others are there than before.

    Parameters
    ----------
    tables : Assessment
        What proposals change.
    proposal : str
        Its name.
    cells : Cells
        How numbers are written.

    Returns
    -------
    rows : tuple of SpacingRow
        At most eight, where the longest stretch changes most first.
    left : int
        How many more there are.
    """
    own = tables.spacing[tables.spacing["proposal"] == proposal]
    barriers = [
        {str(row["measure"]): row for row in part.to_dict("records")}
        for _, part in own.groupby("barrier_id", sort=False)
    ]
    changed = [number_of(one["largest_gap_m"]["change"]) or 0.0 for one in barriers]
    order = sorted(range(len(barriers)), key=lambda place: -abs(changed[place]))
    rows = [_spacing_row(barriers[place], changed[place], cells) for place in order[:_MOST_BARRIERS]]
    return tuple(rows), len(barriers) - len(rows)


def _spacing_row(one: Mapping[str, dict[Any, Any]], change: float, cells: Cells) -> SpacingRow:
    """Write one barrier."""

    def sides(measure: str) -> tuple[str | None, str | None]:
        before, after = (one[measure][side] for side in ("before", "after"))
        if measure == "crossings":
            return cells.count(before), cells.count(after)
        return cells.value(before, "m"), cells.value(after, "m")

    first = one["crossings"]
    return SpacingRow(
        barrier=barrier_label(first["barrier"], str(first["kind"]), cells.language),
        crossings=sides("crossings"),
        mean=sides("mean_gap_m"),
        longest=sides("largest_gap_m"),
        change=cells.numbers.difference(change, "m"),
    )
