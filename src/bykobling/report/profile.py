"""The profile as the report shows it: every measure for the two groups, and each area against the city."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from bykobling.indicators import HEADLINE, THEMES, indicators_among
from bykobling.palette import BURDEN_GRADES, grade_of
from bykobling.report.numbers import Numbers
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from bykobling.indicators import Indicator
    from bykobling.palette import Language
    from bykobling.results import Results

SHOWN = (
    HEADLINE, "detour_index_400m", "independent_entries_400m", "crossing_spacing_m", "near_but_far_places",
    "places_walk_15min", "places_bike_10min", "minutes_to_daily_shopping_walk", "minutes_to_school_walk",
    "minutes_to_health_walk", "green_300m_share", "people_transit_45min", "standards_met_share",
)  # fmt: skip
"""Measures of the picture of areas: a few of each kind; all are in the tables."""

MOST_AREAS = 40
"""With more areas than this the picture shows the vulnerable and the most cut off."""
_LEFT_OUT = re.compile(r".*_(median|p90)|spatial_availability_.*|minutes_to_(?!daily_shopping|school|health).*_bike")
"""Measures that tell nearly the same as another of the comparison; they are in gaps.csv."""

FEW_AREAS = 5
"""With fewer areas in a group, drawing them again tells too little of chance for a verdict."""
_NEAR = 10
_PROFILE_TOP = 10


@dataclass(frozen=True)
class GapRow:
    """One measure for the two groups, as texts; None for what is missing."""

    label: str
    vulnerable: str | None
    rest: str | None
    gap: str | None
    interval: str | None
    verdict: str
    """worse, better, even; few where there are too few areas to tell, empty where a number is missing"""


@dataclass(frozen=True)
class GapTheme:
    """The measures of one theme."""

    heading: str
    rows: tuple[GapRow, ...]


@dataclass(frozen=True)
class Cell:
    """One measure of one area: its value, and how many residents of the city are better off."""

    text: str | None
    grade: int | None
    title: str


@dataclass(frozen=True)
class ProfileRow:
    """One area against the city."""

    name: str
    vulnerable: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Profile:
    """Areas against the city, a few measures each."""

    labels: tuple[str, ...]
    rows: tuple[ProfileRow, ...]
    areas_left: int


@dataclass(frozen=True)
class NearRow:
    """Something near that is far to walk to."""

    area: str
    what: str
    direct: str
    walk: str | None
    residents: str


def gap_themes(results: Results, language: Language) -> tuple[GapTheme, ...]:
    """Set the two groups side by side in every measure, theme by theme.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of labels and numbers.

    Returns
    -------
    tuple of GapTheme
        Themes without a measure are left out.
    """
    gaps = results.gaps.to_dict("index")
    found = [one for one in indicators_among(results.gaps.index) if not _LEFT_OUT.fullmatch(one.name)]
    sizes = results.areas["group"].value_counts()
    sure = min(int(sizes.get(group, 0)) for group in ("vulnerable", "rest")) >= FEW_AREAS
    themes = []
    for theme in THEMES:
        rows = tuple(_gap_row(gaps[one.name], one, language, sure=sure) for one in found if one.theme == theme)
        if rows:
            heading = TEXTS[language][f"theme_{theme}"]
            if theme == "transit" and results.run.get("transit", {}).get("assumed"):
                heading += f" ({TEXTS[language]['transit_assumed_tag']})"
            themes.append(GapTheme(heading, rows))
    return tuple(themes)


def _gap_row(gap: dict[Any, Any], item: Indicator, language: Language, *, sure: bool) -> GapRow:
    numbers = Numbers(language)
    low, high = (_number(gap.get(name)) for name in ("gap_low", "gap_high"))
    value = _number(gap["gap_abs"])
    interval = None
    if low is not None and high is not None:
        interval = f"{numbers.difference(low, item.unit)} \N{EN DASH} {numbers.difference(high, item.unit)}"
    return GapRow(
        label=_label(item, language),
        vulnerable=_written(gap["vulnerable"], item.unit, numbers),
        rest=_written(gap["rest"], item.unit, numbers),
        gap=None if value is None else numbers.difference(value, item.unit),
        interval=interval,
        verdict=_verdict(low, high, lower_is_better=item.better == "lower") if sure else "few",
    )


def _verdict(low: float | None, high: float | None, *, lower_is_better: bool) -> str:
    """Tell whether the vulnerable are worse or better off than chance alone would make them."""
    if low is None or high is None:
        return ""
    if low <= 0 <= high:
        return "even"
    return "worse" if (low > 0) == lower_is_better else "better"


def profile_of(results: Results, language: Language) -> Profile | None:
    """Set areas against the city in a few measures each.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of labels and numbers.

    Returns
    -------
    Profile or None
        None where fewer than two of the measures were taken.
    """
    there = {one.name: one for one in indicators_among(results.areas.columns)}
    shown = [there[name] for name in SHOWN if name in there and f"{name}_percentile" in results.areas]
    if len(shown) < 2:
        return None
    frame = pd.DataFrame(results.areas.drop(columns=results.areas.geometry.name))
    first = shown[0]
    frame = frame.sort_values(first.name, ascending=first.better == "higher", na_position="last", kind="stable")
    left = 0
    if len(frame) > MOST_AREAS:
        chosen = (frame["group"] == "vulnerable") | frame.index.isin(frame.index[:_PROFILE_TOP])
        left = int((~chosen).sum())
        frame = frame[chosen]
    rows = tuple(
        ProfileRow(
            name=str(area["name"]) if _is(area["name"]) else str(area_id),
            vulnerable=area["group"] == "vulnerable",
            cells=tuple(_cell(area, item, language) for item in shown),
        )
        for area_id, area in zip(frame.index, frame.to_dict("records"), strict=True)
    )
    return Profile(tuple(_label(item, language) for item in shown), rows, left)


def _cell(area: dict[Any, Any], item: Indicator, language: Language) -> Cell:
    numbers = Numbers(language)
    text = _written(area[item.name], item.unit, numbers)
    place = _number(area[f"{item.name}_percentile"])
    if text is None or place is None:
        return Cell(None, None, TEXTS[language]["not_measured"])
    worse_off_than = place if item.better == "lower" else 100 - place
    grade = grade_of(worse_off_than, BURDEN_GRADES)
    title = TEXTS[language]["profile_cell"].format(share=numbers.count(worse_off_than))
    return Cell(text, BURDEN_GRADES.index(grade) if grade else None, title)


def near_rows(results: Results, language: Language) -> tuple[NearRow, ...]:
    """List the most telling places that are near and far to walk to.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of numbers.

    Returns
    -------
    tuple of NearRow
        Ten at most, one an area first; empty where none was found or nothing was measured.
    """
    table = results.near_but_far
    if table is None or table.empty:
        return ()
    # an area with a hundred such places must not fill the list alone
    table = table.assign(_turn=table.groupby("area_id").cumcount()).sort_values("_turn", kind="stable")
    numbers = Numbers(language)
    rows = []
    for row in table.head(_NEAR).to_dict("records"):
        kind = TEXTS[language].get(f"place_{row['category']}", str(row["category"]).replace("_", " "))
        walk = _number(row["walk_m"])
        rows.append(
            NearRow(
                area=str(row["area"]),
                what=f"{row['name']} ({kind})" if _is(row["name"]) else kind,
                direct=numbers.length(float(row["straight_m"])),
                walk=None if walk is None or walk == float("inf") else numbers.length(walk),
                residents=numbers.count(float(row["residents"])),
            )
        )
    return tuple(rows)


def _label(item: Indicator, language: Language) -> str:
    return item.label_da if language == "da" else item.label_en


def _written(value: Any, unit: str, numbers: Numbers) -> str | None:  # noqa: ANN401 - a cell of any table
    number = _number(value)
    return None if number is None else numbers.value(number, unit)


def _number(value: Any) -> float | None:  # noqa: ANN401 - a cell of any table
    return None if value is None or pd.isna(value) else float(value)


def _is(value: Any) -> bool:  # noqa: ANN401 - a cell of any table
    return isinstance(value, str) and bool(value.strip())
