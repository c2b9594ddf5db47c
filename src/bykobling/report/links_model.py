"""What the page of found connections shows, ready to be filled in: texts, and None for what is not known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkRow:
    """One connection as the tables show it; None for what is not known."""

    link_id: str
    rank: str
    kind: str
    barrier: str | None
    color: str
    at: str | None
    gain: float | None
    gain_index: str | None
    length: str | None
    way_now: str | None
    way_then: str | None
    residents: str | None
    vulnerable: str | None
    places_each: str | None
    people_each: str | None
    pairs: str | None
    recovered: str | None
    cost: str | None
    cost_assumed: bool
    rank_cost: str | None
    stable: str | None


@dataclass(frozen=True)
class AreaGain:
    """One area that gains; widths in percent of the longest bar of the card."""

    name: str
    vulnerable: bool
    residents: str | None
    before: str | None
    after: str | None
    before_width: float
    gain_width: float


@dataclass(frozen=True)
class Card:
    """One of the best."""

    row: LinkRow
    reason: str | None
    assumed: str | None
    vulnerable: str
    areas: tuple[AreaGain, ...]
    areas_left: int
    ranks: str | None
    closer: str | None
    station: str
    entries: str


@dataclass(frozen=True)
class LinksStory:
    """All a page needs; `sets`, `pairs` and `kinds` are rows of cells as their headings stand."""

    answer: tuple[str, ...]
    rows: tuple[LinkRow, ...]
    rows_left: int
    cards: tuple[Card, ...]
    sets: tuple[tuple[str | None, ...], ...]
    pairs: tuple[tuple[str | None, ...], ...]
    kinds: tuple[tuple[str | None, ...], ...]
    counts: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    run: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    osm: bool
