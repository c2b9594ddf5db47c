"""Noise as the report shows it: where levels are from, who lives at which, and the areas that have most of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.palette import NOISE_BELOW, NOISE_GRADES, NOISE_UNKNOWN, grade_of
from bykobling.report.noise_texts import NOISE_TEXTS
from bykobling.report.numbers import Numbers

if TYPE_CHECKING:
    from bykobling.palette import Language
    from bykobling.results import Results

_WORST = 5
_LIMITS = {"road_lden": ("58", "68"), "rail_lden": ("64", "54"), "aircraft_lden": ("45",), "industry_lden": ("55",)}
"""Limits shown of each source, the first ranks the areas."""
_OPEN_DB = 2.5


@dataclass(frozen=True)
class BandPart:
    """Some of the residents of a group: those at one band of level."""

    color: str
    share: float
    label: str


@dataclass(frozen=True)
class BandBar:
    """The residents of a group by level."""

    group: str
    parts: tuple[BandPart, ...]


@dataclass(frozen=True)
class LoudRow:
    """What noise there is in one area, or in all, as texts; None for what is missing."""

    name: str
    vulnerable: bool
    cells: tuple[str | None, ...]


@dataclass(frozen=True)
class SourceNoise:
    """One source of noise."""

    bars_heading: str
    bars: tuple[BandBar, ...]
    worst_heading: str
    columns: tuple[str, ...]
    rows: tuple[LoudRow, ...]


@dataclass(frozen=True)
class Noise:
    """What the section tells."""

    about: tuple[str, ...]
    estimated: bool
    sources: tuple[SourceNoise, ...]
    map_legend: str
    legend: tuple[tuple[str, str], ...]
    """colour and label of the levels on the map"""


def noise_of(results: Results, language: Language) -> Noise | None:
    """Tell of noise.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of sentences and numbers.

    Returns
    -------
    Noise or None
        None where it was not measured.
    """
    run = results.run.get("noise")
    if not run or results.noise_exposure is None or results.noise_bands is None:
        return None
    text = NOISE_TEXTS[language]
    names = [name for name in run["maps"] if name in _LIMITS]
    mapped = [label for name, label in run["maps"].items() if name not in run["screening"]]
    about = []
    if mapped:
        about.append(text["about_map"].format(maps=", ".join(dict.fromkeys(mapped))))
    if run["screening"]:
        about.append(text["about_estimate"])
    drawn = results.noise_grid
    return Noise(
        about=tuple(about),
        estimated=bool(run["screening"]),
        sources=tuple(_source(results, name, language) for name in names),
        map_legend=text["map_legend"].format(what=_what(drawn.name, language).capitalize()) if drawn else "",
        legend=(
            *((grade.color, grade.label(language)) for grade in NOISE_GRADES),
            *([(NOISE_BELOW.color, NOISE_BELOW.label(language))] if drawn and drawn.below.any() else []),
            (NOISE_UNKNOWN.color, NOISE_UNKNOWN.label(language)),
        ),
    )


def _what(name: str, language: Language) -> str:
    return NOISE_TEXTS[language][name.partition("_")[0]]


def _source(results: Results, name: str, language: Language) -> SourceNoise:
    text, what = NOISE_TEXTS[language], _what(name, language)
    limits = _LIMITS[name]
    columns = [f"{name}_share_above_{limit}" for limit in limits]
    more = [f"{name}_pop_weighted_mean_db", f"{name}_highly_annoyed_pct", f"{name}_quiet_facade_share"]
    exposure = _exposure(results)
    known = exposure[exposure[columns[0]].notna()].sort_values(columns[0], ascending=False, kind="stable")
    keys = [*columns, *(one for one in more if one in exposure)]
    words = dict(zip(more, (text["mean"], text["annoyed"], text["quiet"]), strict=True))
    heads = [*(text["above"].format(limit=limit) for limit in limits), *(words[key] for key in keys[len(columns) :])]
    rows = [_row(row, str(row["name"]), keys, language) for row in known.head(_WORST).to_dict("records")]
    if len(known):
        mean = {key: _mean(known, key, f"{name}_unknown_share") for key in keys}
        rows.append(_row(mean, text["average"], keys, language))
    return SourceNoise(
        bars_heading=text["bars"].format(what=what),
        bars=_bars(results, name, language),
        worst_heading=text["worst"].format(limit=limits[0], what=what),
        columns=tuple(heads),
        rows=tuple(rows),
    )


def _exposure(results: Results) -> pd.DataFrame:
    areas = pd.DataFrame(results.areas.drop(columns=results.areas.geometry.name))
    exposure = results.noise_exposure if results.noise_exposure is not None else pd.DataFrame(index=areas.index)
    return areas[["name", "group", "residents"]].join(exposure)


def _mean(table: pd.DataFrame, key: str, unknown: str) -> float:
    """Average over the residents of whom something is known, as the numbers of areas do."""
    people = table["residents"] * (1 - table[unknown])
    known = table[key].notna() & (people > 0)
    return float(np.average(table.loc[known, key], weights=people[known])) if known.any() else float("nan")


def _row(area: dict[Any, Any], name: str, keys: list[str], language: Language) -> LoudRow:
    numbers = Numbers(language)

    def written(key: str) -> str | None:
        value = area.get(key)
        if value is None or pd.isna(value):
            return None
        unit = "db" if key.endswith("_db") else "share"
        return numbers.value(float(value) / (100 if key.endswith("_pct") else 1), unit)

    return LoudRow(name, area.get("group") == "vulnerable", tuple(written(key) for key in keys))


def _bars(results: Results, name: str, language: Language) -> tuple[BandBar, ...]:
    """Set the groups side by side: their residents by level, the loudest first."""
    text = NOISE_TEXTS[language]
    bands = results.noise_bands
    if bands is None:
        return ()
    mine = bands[bands["noise"] == name]
    group = results.areas["group"].reindex(mine["area_id"]).to_numpy(object)
    bars = []
    for key, label in (("vulnerable", text["group_vulnerable"]), ("rest", text["group_rest"])):
        part = mine[group == key]
        if not part["residents"].sum() > 0:
            continue
        heading = label if {"vulnerable", "rest"} <= set(group) else text["group_all"]
        bars.append(BandBar(heading, _parts(part, language)))
    return tuple(bars)


def _parts(bands: pd.DataFrame, language: Language) -> tuple[BandPart, ...]:
    numbers = Numbers(language)
    by_band = bands.groupby("band", sort=False).agg({"residents": "sum", "lo_db": "first", "hi_db": "first"})
    whole = by_band["residents"].sum()
    parts = []
    for band, row in by_band.iloc[::-1].iterrows():
        share = float(row["residents"] / whole)
        if not share > 0:
            continue
        label = _band_label(str(band), float(row["lo_db"]), float(row["hi_db"]), language)
        color = _band_color(str(band), row["lo_db"], row["hi_db"])
        parts.append(BandPart(color, share, f"{label}: {numbers.share(share)}"))
    return tuple(parts)


def _band_label(band: str, lo_db: float, hi_db: float, language: Language) -> str:
    text = NOISE_TEXTS[language]
    if band == "unknown":
        return text["unknown"]
    if np.isinf(lo_db):
        return text["below"].format(limit=f"{hi_db:g}")
    return text["over"].format(limit=f"{lo_db:g}") if np.isinf(hi_db) else f"{lo_db:g}\N{EN DASH}{hi_db:g} dB"


def _band_color(band: str, lo_db: float, hi_db: float) -> str:
    if band == "unknown":
        return NOISE_UNKNOWN.color
    if band == "below_lowest":
        return NOISE_BELOW.color
    grade = grade_of((lo_db + hi_db) / 2 if np.isfinite(hi_db) else lo_db + _OPEN_DB, NOISE_GRADES)
    return grade.color if grade else NOISE_UNKNOWN.color
