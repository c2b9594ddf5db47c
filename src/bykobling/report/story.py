"""What the report tells, worked out from the tables: no markup here, no numbers turned to text but in sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.indicators import HEADLINE, indicators_among
from bykobling.palette import BARRIER_KINDS, kind_style
from bykobling.report._cells import OSM_WORD, barrier_label, grouped_notes, number_of, run_tables, text_of
from bykobling.report.noise import Noise, noise_of
from bykobling.report.numbers import Numbers
from bykobling.report.profile import GapTheme, NearRow, Profile, gap_themes, near_rows, profile_of
from bykobling.report.texts import TEXTS
from bykobling.report.transit import Transit, transit_of

if TYPE_CHECKING:
    import pandas as pd

    from bykobling.palette import Language
    from bykobling.results import Results

TOP = 10
_PARTS = 5
_BARRIERS = 15
_EFFECT = re.compile(r"barrier_effect_(water_)?(walk|bike)_(\d+)min")


@dataclass(frozen=True)
class Effect:
    """One effect column: which way of travelling, how long, and whether it is lost to water."""

    column: str
    mode: str
    minutes: int
    water: bool = False


@dataclass(frozen=True)
class Part:
    """A barrier's part of an area's loss."""

    barrier: str
    color: str
    share: float


@dataclass(frozen=True)
class AreaRow:
    """One area as the table shows it; None for what is missing."""

    area_id: str
    rank: int | None
    name: str
    vulnerable: bool
    residents: float | None
    effects: tuple[float | None, ...]
    headline: float | None
    barrier: str
    barrier_share: float | None
    edge_share: float
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class BarrierRow:
    """One barrier as the ranking shows it."""

    name: str
    kind: str
    color: str
    length_m: float
    crossings: float
    share: float


@dataclass(frozen=True)
class Story:
    """All a page needs."""

    headline: Effect | None
    effects: tuple[Effect, ...]
    answer: tuple[str, ...]
    areas: tuple[AreaRow, ...]
    top: tuple[AreaRow, ...]
    barriers: tuple[BarrierRow, ...]
    barriers_left: int
    gaps: tuple[GapTheme, ...]
    profile: Profile | None
    near: tuple[NearRow, ...]
    transit: Transit | None
    noise: Noise | None
    gap_reasons: tuple[tuple[str, str], ...]
    comparable: bool
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    run: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    estimated: bool
    osm: bool


def tell(results: Results, *, language: Language) -> Story:
    """Work out what the report tells.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of sentences and labels.

    Returns
    -------
    Story
        Rows and sentences in the order of the page.
    """
    effects = _effects(results)
    dry = [effect for effect in effects if not effect.water]
    headline = next((effect for effect in dry if effect.column == HEADLINE), dry[-1] if dry else None)
    rows = _area_rows(results, effects, headline, language)
    affected = [row for row in rows if row.headline is not None and row.headline > 0]
    taken = _headline_shares(results, headline)
    top = tuple(_with_parts(taken, row, language) for row in affected[:TOP])
    barriers = _barrier_rows(results, language)
    return Story(
        headline=headline,
        effects=effects,
        answer=_answer(results, rows, headline, barriers, language),
        areas=rows,
        top=top,
        barriers=tuple(barriers[:_BARRIERS]),
        barriers_left=max(0, len(barriers) - _BARRIERS),
        gaps=gap_themes(results, language),
        profile=profile_of(results, language),
        near=near_rows(results, language),
        transit=transit_of(results, language),
        noise=noise_of(results, language),
        gap_reasons=_gap_reasons(results, language),
        comparable={"vulnerable", "rest"} <= set(results.areas["group"]),
        notes=grouped_notes(results.notes, language),
        run=run_tables(results.run),
        estimated=bool((results.residents["tier"] != "population").any()) if "tier" in results.residents else False,
        osm=_uses_osm(results),
    )


def _effects(results: Results) -> tuple[Effect, ...]:
    """List the effect columns present, in the order of the catalogue."""
    found = [(item.name, _EFFECT.fullmatch(item.name)) for item in indicators_among(results.areas.columns)]
    effects = [Effect(name, match[2], int(match[3]), bool(match[1])) for name, match in found if match]
    # one column of water is enough: the longest walk
    wet = [effect for effect in effects if effect.water and effect.mode == "walk"][-1:]
    return (*(effect for effect in effects if not effect.water), *wet)


def _area_rows(
    results: Results, effects: tuple[Effect, ...], headline: Effect | None, language: Language
) -> tuple[AreaRow, ...]:
    """Rank the areas; those without a number come last and have no rank."""
    frame = results.areas.drop(columns=results.areas.geometry.name)
    if headline is not None:
        frame = frame.sort_values(headline.column, ascending=False, na_position="last", kind="stable")
    rows: list[AreaRow] = []
    for area_id, area in zip(frame.index, frame.to_dict("records"), strict=True):
        value = number_of(area[headline.column]) if headline else None
        rows.append(
            AreaRow(
                area_id=str(area_id),
                rank=len(rows) + 1 if value is not None else None,
                name=text_of(area["name"], str(area_id)),
                vulnerable=area["group"] == "vulnerable",
                residents=number_of(area["residents"]),
                effects=tuple(number_of(area[effect.column]) for effect in effects),
                headline=value,
                barrier=text_of(area.get("top_barrier"), TEXTS[language]["a_barrier"]),
                barrier_share=number_of(area.get("top_barrier_share")),
                edge_share=number_of(area.get("edge_affected_share")) or 0.0,
            )
        )
    return tuple(rows)


def _headline_shares(results: Results, headline: Effect | None) -> dict[str, pd.DataFrame]:
    """Take the shares of the headline by area, the largest first; water is told apart."""
    if headline is None:
        return {}
    shares = results.shares
    mine = shares[
        (shares["mode"] == headline.mode)
        & (shares["cutoff_min"] == headline.minutes)
        & (shares["barrier_share"] > 0)
        & shares["barrier_id"].isin(results.barriers.index[results.barriers["headline"]])
    ].sort_values("barrier_share", ascending=False, kind="stable")
    return {str(area_id): part for area_id, part in mine.groupby("area_id")}


def _with_parts(shares: dict[str, pd.DataFrame], row: AreaRow, language: Language) -> AreaRow:
    """Add which barriers take the loss of an area, the largest first."""
    mine = shares.get(row.area_id)
    if mine is None:
        return row
    text = TEXTS[language]
    parts = [
        Part(barrier_label(name, kind, language), kind_style(kind, BARRIER_KINDS).color, float(share))
        for name, kind, share in zip(
            mine["barrier"].iloc[:_PARTS], mine["kind"].iloc[:_PARTS], mine["barrier_share"].iloc[:_PARTS], strict=True
        )
    ]
    rest = float(mine["barrier_share"].iloc[_PARTS:].sum())
    if rest > 0:
        parts.append(Part(text["others"], "#d5d8dc", rest))
    return AreaRow(**{**row.__dict__, "parts": tuple(parts)})


def _barrier_rows(results: Results, language: Language) -> list[BarrierRow]:
    """Rank the headline barriers that take anything; water is told apart."""
    frame = results.barriers
    frame = frame[frame["headline"] & (frame["all_lost_reach_share"] > 0)].sort_values(
        "all_lost_reach_share", ascending=False, kind="stable"
    )
    rows = []
    for barrier in frame.drop(columns=frame.geometry.name).to_dict("records"):
        style = kind_style(barrier["kind"], BARRIER_KINDS)
        rows.append(
            BarrierRow(
                name=barrier_label(barrier["name"], barrier["kind"], language),
                kind=style.label(language),
                color=style.color,
                length_m=float(barrier["length_m"]),
                crossings=float(barrier["crossings"]),
                share=float(barrier["all_lost_reach_share"]),
            )
        )
    return rows


def _answer(
    results: Results,
    rows: tuple[AreaRow, ...],
    headline: Effect | None,
    barriers: list[BarrierRow],
    language: Language,
) -> tuple[str, ...]:
    """Say in a few sentences what was found."""
    text, numbers = TEXTS[language], Numbers(language)
    measured = [row for row in rows if row.headline is not None]
    if headline is None or not measured:
        return (text["nothing_measured"],)
    worst = measured[0]
    if not (worst.headline or 0.0) > 0:
        return (text["no_effect"],)
    vulnerable = next((row for row in measured if row.vulnerable and (row.headline or 0.0) > 0), None)
    first = vulnerable or worst
    known = first.barrier_share is not None
    sentences = [
        text["worst" if known else "worst_no_barrier"].format(
            area=first.name,
            effect=numbers.share(first.headline or 0.0),
            mode=text["on_foot" if headline.mode == "walk" else "by_bicycle"],
            minutes=headline.minutes,
            share=numbers.share(first.barrier_share or 0.0),
            barrier=first.barrier,
        )
    ]
    if first is not worst:
        sentences.append(text["overall"].format(area=worst.name, effect=numbers.share(worst.headline or 0.0)))
    sentences += _group_sentences(results, headline, language)
    if barriers:
        sentences.append(text["city"].format(barrier=barriers[0].name, share=numbers.share(barriers[0].share)))
    return tuple(sentences)


def _group_sentences(results: Results, headline: Effect, language: Language) -> list[str]:
    """Set the two groups side by side where both are known."""
    if headline.column not in results.gaps.index:
        return []
    text, numbers = TEXTS[language], Numbers(language)
    gap = results.gaps.loc[headline.column]
    vulnerable, rest, ratio = (number_of(gap[name]) for name in ("vulnerable", "rest", "gap_ratio"))
    if vulnerable is None or rest is None:
        return []
    sentences = [text["groups"].format(vulnerable=numbers.share(vulnerable), rest=numbers.share(rest))]
    if ratio is not None and 1.05 <= ratio < 100:
        sentences.append(text["groups_ratio"].format(ratio=numbers.ratio(ratio)))
    return sentences


def _gap_reasons(results: Results, language: Language) -> tuple[tuple[str, str], ...]:
    """Say why numbers of the comparison are missing, as (language, sentence)."""
    missing = results.gaps.index[results.gaps[["vulnerable", "rest", "gap_abs", "gap_ratio"]].isna().any(axis=1)]
    if missing.empty:
        return ()
    text, groups = TEXTS[language], set(results.areas["group"])
    if "vulnerable" not in groups:
        key = "why_no_vulnerable"
    elif "rest" not in groups:
        key = "why_no_rest"
    else:
        key = "why_unmeasured"
    about = [note.text for note in results.notes if note.kind == "missing" and set(note.columns) & set(missing)]
    return ((language, text[key]), *(("en", sentence) for sentence in about))


def _uses_osm(results: Results) -> bool:
    """Tell whether the map must name OpenStreetMap."""
    sources = [note.text for note in results.notes if note.kind == "source"]
    return any(OSM_WORD.search(text) for text in (*sources, str(results.run)))
