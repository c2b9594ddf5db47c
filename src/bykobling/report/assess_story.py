"""What the page of an assessment tells: rows of text, None where a number is missing, no markup."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.report._cells import OSM_WORD, grouped_notes, number_of, run_tables, text_of
from bykobling.report.assess_cells import Cells
from bykobling.report.assess_model import AssessStory, ProposalCard, ProposalRow, WhoRow
from bykobling.report.assess_tables import measure_rows, spacing_rows, standard_rows, time_rows
from bykobling.report.assess_texts import ASSESS_TEXTS
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from bykobling.palette import Language
    from bykobling.results.assessment import Assessment

ROWS = 40
CARDS = 10
_AREAS_A_CARD = 8
_TOLD = 3
# Below this share of the smaller gain two proposals do not touch one another; above the other one would do.
_APART, _REPLACE = 0.05, 0.5
_MOSTLY = 0.5
_POINTS = 1e4


def tell_assessment(assessment: Assessment, *, language: Language) -> AssessStory:
    """Work out what the page tells.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.
    language : {"en", "da"}
        Language of sentences and numbers.

    Returns
    -------
    AssessStory
        In the order of the page.
    """
    return _Teller(assessment, language).tell()


def proposal_numbers(assessment: Assessment) -> dict[str, str]:
    """Give each proposal a number, in the order they were given; combinations have none.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.

    Returns
    -------
    dict of str to str
        Number of each.
    """
    single = assessment.summary.index[assessment.summary["members"] == 1]
    return {str(name): str(number) for number, name in enumerate(single, start=1)}


def carded(assessment: Assessment) -> dict[str, list[str]]:
    """Choose what is told one by one: the proposals that change most, and all together.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.

    Returns
    -------
    dict of str to list of str
        In the order they were given: name, and the proposals it is made of.
    """
    numbers = proposal_numbers(assessment)
    change = assessment.summary.loc[list(numbers), "mean_reach_gain"].abs().sort_values(ascending=False, kind="stable")
    most = set(change.index[:CARDS])
    chosen = {name: [name] for name in numbers if name in most}
    if len(numbers) > 1:
        together = assessment.summary.index[assessment.summary["members"] == len(numbers)]
        chosen |= {str(name): list(numbers) for name in together}
    return chosen


class _Teller:
    """Hold what every sentence needs: the tables, the language and how to write numbers."""

    def __init__(self, assessment: Assessment, language: Language) -> None:
        self.tables, self.language = assessment, language
        self.text = {**TEXTS[language], **LINK_TEXTS[language], **ASSESS_TEXTS[language]}
        self.cells = Cells(language)
        self.numbers = proposal_numbers(assessment)
        self.records: dict[str, dict[Any, Any]] = {
            str(name): row
            for name, row in zip(assessment.summary.index, assessment.summary.to_dict("records"), strict=True)
        }
        times = assessment.times
        whole = times[times["group"] == "all"] if len(times) else times
        self.saved = {(str(row["proposal"]), row["to"], row["mode"]): row for row in whole.to_dict("records")}

    def tell(self) -> AssessStory:
        """Put the page together."""
        tables = self.tables
        rows = {name: self.row(name) for name in list(self.records)[:ROWS]}
        chosen = carded(tables)
        sources = [note.text for note in tables.notes if note.kind == "source"]
        return AssessStory(
            answer=self.answer(),
            rows=tuple(rows.values()),
            rows_left=max(0, len(self.records) - ROWS),
            cards=tuple(self.card(name) for name in chosen),
            cards_left=max(0, len(self.numbers) - CARDS),
            pairs=tuple(self.pair(row) for row in tables.interaction.to_dict("records")),
            has_vulnerable=bool((tables.area_shapes["group"] == "vulnerable").any()),
            notes=grouped_notes(tables.notes, self.language),
            run=run_tables(tables.run),
            osm=any(OSM_WORD.search(text) for text in (*sources, str(tables.run))),
        )

    def what(self, name: str) -> str | None:
        """List what a proposal is made of."""
        own = self.tables.proposals[self.tables.proposals["proposal"] == name]
        parts = []
        for row in own.to_dict("records"):
            told = self.text.get(f"made_{row['what']}", str(row["what"]))
            length = number_of(row["length_m"])
            parts.append(told if length is None else f"{told}, {self.cells.numbers.length(length)}")
        return "; ".join(parts) or None

    def name(self, name: str) -> str:
        """Name a proposal; all of them together by a word, not by a chain of names."""
        every = len(self.numbers) > 2 and self.records[name]["members"] == len(self.numbers)
        return self.text["together_all"] if every else name

    def minutes_saved(self, name: str, to: str) -> str | None:
        """Write the minutes saved on foot to a kind of place; nothing where the way stays as it is."""
        row = self.saved.get((name, to, "walk"))
        return None if row is None else self.cells.saved(row["saved_min"])

    def row(self, name: str) -> ProposalRow:
        """Write one proposal."""
        one, cells = self.records[name], self.cells
        gaps = number_of(one["gaps"])
        closed = cells.count(one["gaps_closed"])
        return ProposalRow(
            key=name,
            number=self.numbers.get(name, ""),
            name=self.name(name),
            what=self.what(name),
            gaining=cells.count(one["residents_gaining"]),
            losing=cells.count(one["residents_losing"]),
            vulnerable_gaining=cells.count(one["vulnerable_gaining"]),
            vulnerable_losing=cells.count(one["vulnerable_losing"]),
            effect_before=cells.exact_share(one["effect_before"]),
            effect_after=cells.exact_share(one["effect_after"]),
            recovered=cells.signed_share(one["recovered_share"]),
            recovered_water=cells.signed_share(one["recovered_water_share"]),
            saved_station=self.minutes_saved(name, "station"),
            saved_school=self.minutes_saved(name, "school"),
            saved_shop=self.minutes_saved(name, "daily_shopping"),
            halved=self.text["halved_of"].format(closed=closed, gaps=cells.count(gaps)) if gaps else None,
        )

    def card(self, name: str) -> ProposalCard:
        """Write one proposal at length."""
        who, who_left = self.who(name)
        times, times_left = time_rows(self.tables, name, self.cells, self.text)
        measures, measures_left = measure_rows(self.tables, name, self.cells, self.text)
        spacing, spacing_left = spacing_rows(self.tables, name, self.cells)
        return ProposalCard(
            row=self.row(name),
            who=who,
            who_left=who_left,
            times=times,
            times_left=times_left,
            standards=standard_rows(self.tables, name, self.cells, self.text),
            measures=measures,
            measures_left=measures_left,
            spacing=spacing,
            spacing_left=spacing_left,
        )

    def who(self, name: str) -> tuple[tuple[WhoRow, ...], int]:
        """Write the areas in which most is gained or lost."""
        own = self.tables.who[self.tables.who["proposal"] == name]
        moved = (own["residents"] * (own["reach_after"] - own["reach_before"])).abs()
        own = own.loc[moved.sort_values(ascending=False, kind="stable").index]
        shown = own.head(_AREAS_A_CARD)
        longest = float(shown[["reach_before", "reach_after"]].to_numpy(float).max(initial=0.0))
        return tuple(self.who_row(row, longest) for row in shown.to_dict("records")), len(own) - len(shown)

    def who_row(self, row: dict[Any, Any], longest: float) -> WhoRow:
        """Write one area."""
        before, after = float(row["reach_before"]), float(row["reach_after"])
        scale = 100 / longest if longest > 0 else 0.0
        return WhoRow(
            name=text_of(row["area"], str(row["area_id"])),
            vulnerable=row["group"] == "vulnerable",
            gaining=self.cells.some_count(row["residents_gaining"]),
            losing=self.cells.some_count(row["residents_losing"]),
            before=self.cells.exact_share(before),
            after=self.cells.exact_share(after),
            kept_width=scale * min(before, after),
            moved_width=scale * abs(after - before),
            loses=after < before,
        )

    def answer(self) -> tuple[str, ...]:
        """Say what each of the proposals that change most changes, and all together, a paragraph each."""
        change = {name: abs(number_of(self.records[name]["mean_reach_gain"]) or 0.0) for name in self.numbers}
        most = sorted(change, key=lambda name: -change[name])[:_TOLD]
        together = [name for name, members in carded(self.tables).items() if len(members) > 1]
        return tuple(" ".join(self.about(name)) for name in [*(one for one in self.numbers if one in most), *together])

    def about(self, name: str) -> list[str]:
        """Say what one proposal changes."""
        one = self.records[name]
        gaining, losing = (number_of(one[f"residents_{key}"]) or 0.0 for key in ("gaining", "losing"))
        keys = {(True, True): "both", (True, False): "gain", (False, True): "lose", (False, False): "nobody"}
        told = self.text[f"assess_{keys[gaining > 0, losing > 0]}"].format(
            name=self.text["assess_all"] if self.name(name) != name else name,
            gaining=self.cells.count(gaining),
            losing=self.cells.count(losing),
            minutes=f"{self.tables.cutoff_min:g}",
        )
        vulnerable = number_of(one["vulnerable_gaining"])
        of_them = (
            [] if vulnerable is None or not gaining > 0 else ["assess_of_them" if vulnerable > 0 else "assess_of_none"]
        )
        sentences = [self.text[each].format(vulnerable=self.cells.count(vulnerable)) for each in of_them]
        return [told, *sentences, *self.worth(one)]

    def worth(self, one: dict[Any, Any]) -> list[str]:
        """Say what a gain is worth, in what the barriers it crosses take; nothing where more is lost than gained."""
        land, water, before, after = (
            number_of(one[name])
            for name in ("recovered_share", "recovered_water_share", "effect_before", "effect_after")
        )
        if before and after is not None and land and water and (1 - after / before) / land < _MOSTLY:
            # roads and railways take nearly as much as before: what is gained is not theirs
            land = None
        if land is not None and land > 0:
            return [self.text["assess_worth"].format(recovered=self.cells.share(land))]
        if water is not None and water > 0:
            return [self.text["assess_worth_water"].format(water=self.cells.share(water))]
        return []

    def pair(self, row: dict[Any, Any]) -> tuple[str | None, ...]:
        """Write one pair, and what follows from it."""
        alone = [number_of(row["alone"]), number_of(row["other_alone"])]
        known = [value for value in alone if value is not None]
        together, difference = number_of(row["together"]), number_of(row["interaction"])
        return (
            self.numbered(row["proposal"]),
            self.numbered(row["other"]),
            self.points(sum(known) if len(known) == 2 else None),
            self.points(together),
            self.points(difference),
            self.verdict(difference, known),
        )

    def numbered(self, name: Any) -> str:  # noqa: ANN401 - a cell of any table
        """Name a proposal with its number."""
        number = self.numbers.get(str(name), "")
        return f"{number}. {name}" if number else str(name)

    def points(self, value: float | None) -> str | None:
        """Write reach in hundredths of a percentage point."""
        if value is None or not isfinite(value):
            return None
        return self.cells.numbers.difference(np.round(value * _POINTS, 1) + 0.0, "count")

    def verdict(self, difference: float | None, alone: list[float]) -> str | None:
        """Say in words how two proposals bear on one another; nothing where one of them takes."""
        if difference is None or len(alone) < 2 or not min(alone) > 0:
            return None
        part = difference / min(alone)
        if part <= -_REPLACE:
            return self.text["pair_replace"]
        if abs(part) < _APART:
            return self.text["pair_apart"]
        return self.text["pair_overlap" if part < 0 else "pair_support"]
