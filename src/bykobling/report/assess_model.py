"""What the page of an assessment shows, ready to be filled in: texts, and None for what is not known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposalRow:
    """One proposal, or several together, as the table shows it."""

    key: str
    number: str
    name: str
    what: str | None
    gaining: str | None
    losing: str | None
    vulnerable_gaining: str | None
    vulnerable_losing: str | None
    effect_before: str | None
    effect_after: str | None
    recovered: str | None
    recovered_water: str | None
    saved_station: str | None
    saved_school: str | None
    saved_shop: str | None
    halved: str | None


@dataclass(frozen=True)
class WhoRow:
    """One area in which somebody gains or loses; widths in percent of the longest bar of the card."""

    name: str
    vulnerable: bool
    gaining: str | None
    losing: str | None
    before: str | None
    after: str | None
    kept_width: float
    moved_width: float
    loses: bool


@dataclass(frozen=True)
class TimeRow:
    """Minutes saved on one way."""

    way: str
    everybody: str | None
    vulnerable: str | None
    rest: str | None
    people: str | None


@dataclass(frozen=True)
class StandardRow:
    """One standard, and who is moved over it."""

    label: str
    before: str | None
    after: str | None
    gaining: str | None
    losing: str | None
    vulnerable: str | None


@dataclass(frozen=True)
class MeasureRow:
    """One measure of the two groups; a side is the texts before and after, None where the group is not there."""

    label: str
    everybody: tuple[str | None, str | None] | None
    vulnerable: tuple[str | None, str | None] | None
    rest: tuple[str | None, str | None] | None
    closed: str | None
    verdict: str
    """better, worse, or empty where all together do not change"""


@dataclass(frozen=True)
class SpacingRow:
    """One barrier whose crossings are others than before; texts before and after."""

    barrier: str
    crossings: tuple[str | None, str | None]
    mean: tuple[str | None, str | None]
    longest: tuple[str | None, str | None]
    change: str | None


@dataclass(frozen=True)
class ProposalCard:
    """One proposal, or all of them together."""

    row: ProposalRow
    who: tuple[WhoRow, ...]
    who_left: int
    times: tuple[TimeRow, ...]
    times_left: int
    standards: tuple[StandardRow, ...]
    measures: tuple[MeasureRow, ...]
    measures_left: int
    spacing: tuple[SpacingRow, ...]
    spacing_left: int


@dataclass(frozen=True)
class AssessStory:
    """All a page needs; `pairs` are rows of cells as their headings stand."""

    answer: tuple[str, ...]
    rows: tuple[ProposalRow, ...]
    rows_left: int
    cards: tuple[ProposalCard, ...]
    cards_left: int
    pairs: tuple[tuple[str | None, ...], ...]
    has_vulnerable: bool
    notes: tuple[tuple[str, tuple[str, ...]], ...]
    run: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    osm: bool
