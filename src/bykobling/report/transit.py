"""Public transport as the report shows it: what was looked at, and the areas it serves least."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.accessibility import ptal_band
from bykobling.palette import TRANSIT_MODE_OF, TRANSIT_MODES, KindStyle, kind_style
from bykobling.report.numbers import Numbers
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.palette import Language
    from bykobling.results import Results

_MANY_STOPS = 600
_PX_PER_PT = 1.88
"""The map is drawn 7.2 inches wide and shown about 976 pixels wide."""
_SIZES = (2.0, 10.0, 40.0)
_WORST = 5
_STOPS, _DEPARTURES, _BAND = "stops_400m", "departures_per_hour_400m", "ptal_band"
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
}
_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
    "da": ("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober",
           "november", "december"),
}  # fmt: skip


@dataclass(frozen=True)
class ServedRow:
    """How public transport serves one area, or all, as texts; None for what is missing."""

    name: str
    vulnerable: bool
    people: str | None
    band: str | None
    departures: str | None
    stops: str | None


@dataclass(frozen=True)
class Transit:
    """What the section tells."""

    about: str
    assumed: str | None
    minutes: int
    rows: tuple[ServedRow, ...]
    """the areas that reach fewest residents, then the average of all"""
    modes: tuple[tuple[str, str], ...]
    """colour and name of the modes on the map"""
    sizes: tuple[tuple[str, str], ...]
    """radius in pixels of a few stops, and their departures an hour"""


def transit_of(results: Results, language: Language) -> Transit | None:
    """Tell of public transport.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of sentences and numbers.

    Returns
    -------
    Transit or None
        None where it was not measured.
    """
    run = results.run.get("transit")
    column = _column(results)
    if not run or column is None:
        return None
    areas = pd.DataFrame(results.areas.drop(columns=results.areas.geometry.name))
    known = areas[areas[column].notna()].sort_values(column, kind="stable")
    text = TEXTS[language]
    worst = [_row(area, str(area["name"]), column, language) for area in known.head(_WORST).to_dict("records")]
    return Transit(
        about=_about(run, language),
        assumed=text["transit_assumed"] if run["assumed"] else None,
        minutes=_minutes(column),
        rows=(*worst, _row(_mean(known), text["transit_average"], column, language)),
        modes=_modes(results, language),
        sizes=_sizes(results, language),
    )


def _column(results: Results) -> str | None:
    """Choose the middle one of the cut-offs measured."""
    names = [name for name in results.areas.columns if name.startswith("people_transit_") and name.endswith("min")]
    return sorted(names, key=_minutes)[len(names) // 2] if names else None


def _minutes(column: str) -> int:
    return int(column.removesuffix("min").rpartition("_")[2])


def _about(run: dict[str, Any], language: Language) -> str:
    """Say in one sentence which timetable, day and time were looked at."""
    text = TEXTS[language]
    first, last = run["window"].split("-")
    if run["date"] is None:
        when = text["transit_any_day"]
    else:
        date = dt.date.fromisoformat(run["date"])
        day = f"{_WEEKDAYS[language][date.weekday()]} {date.day}{'.' if language == 'da' else ''} "
        when = text["transit_on"].format(day=f"{day}{_MONTHS[language][date.month - 1]} {date.year}")
        when += text["transit_chosen"] if run["date_chosen"] else ""
    key = "transit_about_assumed" if run["assumed"] else "transit_about"
    trips = Numbers(language).count(run["trips_on_date"])
    return text[key].format(timetable=run["timetable"], when=when, first=first, last=last, trips=trips)


def _row(area: dict[Any, Any], name: str, column: str, language: Language) -> ServedRow:
    numbers = Numbers(language)

    def written(key: str) -> str | None:
        value = area.get(key)
        return None if value is None or pd.isna(value) else numbers.value(float(value), "count")

    band = area.get(_BAND)
    return ServedRow(
        name=name,
        vulnerable=area.get("group") == "vulnerable",
        people=written(column),
        band=band if isinstance(band, str) else None,
        departures=written(_DEPARTURES),
        stops=written(_STOPS),
    )


def _mean(areas: pd.DataFrame) -> dict[Any, Any]:
    """Average over the residents of all areas; the band is that of the mean."""
    people = areas["residents"].to_numpy(float)
    numbers = areas.select_dtypes("number")
    if not people.sum() > 0:
        return dict.fromkeys(numbers.columns, np.nan)
    mean: dict[Any, Any] = {name: float(np.average(column, weights=people)) for name, column in numbers.items()}
    return mean | {_BAND: ptal_band([mean["ptal_ai"]])[0]} if "ptal_ai" in mean else mean


def drawn_as(mode: str) -> KindStyle:
    """Find how a mode of a timetable is drawn.

    Parameters
    ----------
    mode : str
        As in a feed.

    Returns
    -------
    KindStyle
        One of the palette.

    Examples
    --------
    >>> drawn_as("trolleybus").label_en, drawn_as("funicular").label_en
    ('Bus', 'Other')
    """
    return kind_style(TRANSIT_MODE_OF.get(mode, "other"), TRANSIT_MODES)


def marker_pt2(per_hour: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Size stops so that their surface grows with the departures; all smaller where there are many.

    Parameters
    ----------
    per_hour : array of float
        Departures an hour.
    count : int
        Number of stops on the map.

    Returns
    -------
    array of float
        Square of the diameter, in points.

    Examples
    --------
    >>> marker_pt2(np.array([4.0, 40.0]), 100).tolist()
    [16.0, 88.0]
    """
    scale = 1.0 if count < _MANY_STOPS else max(0.3, _MANY_STOPS / (2 * count))
    sizes: NDArray[np.float64] = scale * (8.0 + 2.0 * np.minimum(per_hour, 60.0))
    return sizes


def _sizes(results: Results, language: Language) -> tuple[tuple[str, str], ...]:
    """Show how large a few stops are drawn."""
    if results.stops is None:
        return ()
    count = int((results.stops["departures_per_hour"] > 0).sum())
    radius = np.sqrt(marker_pt2(np.array(_SIZES), count)) / 2 * _PX_PER_PT
    numbers = Numbers(language)
    return tuple((f"{r:.1f}", numbers.count(often)) for r, often in zip(radius, _SIZES, strict=True))


def _modes(results: Results, language: Language) -> tuple[tuple[str, str], ...]:
    """List the modes that are drawn, in the order of the palette."""
    drawn: set[KindStyle] = set()
    for layer in (results.stops, results.lines):
        if layer is not None:
            drawn |= {drawn_as(mode) for mode in layer["mode"][layer["departures_per_hour"] > 0]}
    return tuple((style.color, style.label(language)) for style in TRANSIT_MODES if style in drawn)
