"""What the page of found connections tells: rows of text, None where a number is missing, no markup."""

from __future__ import annotations

from math import isfinite, isinf
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.palette import BARRIER_KINDS, kind_style
from bykobling.report._cells import OSM_WORD, barrier_label, grouped_notes, number_of, run_tables, text_of
from bykobling.report.links_counts import count_text, in_order
from bykobling.report.links_model import AreaGain, Card, LinkRow, LinksStory
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.links_ways import entries_told, station_told
from bykobling.report.numbers import Numbers
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from bykobling.palette import Language
    from bykobling.results.found import FoundLinks

RANKED = 25
CARDS = 10
_AREAS_A_CARD = 5
_KINDS = ("bridge", "underpass", "crossing", "path")
_CROWN: dict[Language, str] = {"en": "DKK {amount}", "da": "{amount} kr."}
_MILLION: dict[Language, str] = {"en": "DKK {amount} m", "da": "{amount} mio. kr."}
_SPACE = "\N{NO-BREAK SPACE}"
# Below this share of the smaller gain two connections do not touch one another; above the other one would do.
_APART, _REPLACE = 0.05, 0.5


def tell_links(found: FoundLinks, *, language: Language) -> LinksStory:
    """Work out what the page tells.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    language : {"en", "da"}
        Language of sentences and numbers.

    Returns
    -------
    LinksStory
        In the order of the page.
    """
    return _Teller(found, language).tell()


def money(value: float, language: Language) -> str:
    r"""Write a cost: whole crowns below a million, else millions.

    Parameters
    ----------
    value : float
        Danish crowns.
    language : {"en", "da"}
        Decides words and marks.

    Returns
    -------
    str
        With the unit.

    Examples
    --------
    >>> money(12_600_000, "da").replace("\xa0", " ")
    '13 mio. kr.'
    """
    numbers = Numbers(language)
    if value < 1e6:
        text = _CROWN[language].format(amount=numbers.count(value))
    else:
        text = _MILLION[language].format(amount=numbers.value(value / 1e6, "count"))
    return text.replace(" ", _SPACE)


class _Teller:
    """Hold what every sentence needs: the tables, the language and how to write numbers."""

    def __init__(self, found: FoundLinks, language: Language) -> None:
        self.found, self.language = found, language
        self.text = {**TEXTS[language], **LINK_TEXTS[language]}
        self.numbers = Numbers(language)
        links = found.links.drop(columns=found.links.geometry.name).sort_values("rank", kind="stable")
        self.records: dict[str, dict[Any, Any]] = {
            str(link): row for link, row in zip(links.index, links.to_dict("records"), strict=True)
        }
        best = links["gain_score"].max() if len(links) else 0.0
        self.best = float(best) if best and best > 0 else None
        assumed = found.kinds["assumed"] if "assumed" in found.kinds else pd.Series(dtype=bool)
        self.assumed = {str(kind): bool(value) for kind, value in assumed.items()}

    def tell(self) -> LinksStory:
        """Put the page together."""
        rows = {link: self.row(link) for link in list(self.records)[:RANKED]}
        found = self.found
        sources = [note.text for note in found.notes if note.kind == "source"]
        return LinksStory(
            answer=self.answer(),
            rows=tuple(rows.values()),
            rows_left=max(0, len(self.records) - RANKED),
            cards=tuple(self.card(link, row) for link, row in list(rows.items())[:CARDS]),
            sets=tuple(self.step(row) for row in found.sets.sort_values("step").to_dict("records")),
            pairs=tuple(self.pair(row) for row in found.interaction.to_dict("records")),
            kinds=tuple(self.kind_row(str(kind), row) for kind, row in found.kinds.to_dict("index").items()),
            counts=tuple(
                (count_text(key, self.language), self.numbers.count(found.counts[key]))
                for key in in_order(found.counts)
            ),
            notes=grouped_notes(found.notes, self.language),
            run=run_tables(found.run),
            osm=any(OSM_WORD.search(text) for text in (*sources, str(found.run))),
        )

    # single numbers, None where they are missing

    def count(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a whole number."""
        number = number_of(value)
        return None if number is None else self.numbers.count(number)

    def some(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a number, with a decimal where it is small."""
        number = number_of(value)
        return None if number is None else self.numbers.value(number, "count")

    def share(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a share."""
        number = number_of(value)
        return None if number is None else self.numbers.share(number)

    def money(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a cost."""
        number = number_of(value)
        return None if number is None else money(number, self.language)

    def cost(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write what a connection costs: two digits, for it is a length times a price nobody has tendered."""
        number = number_of(value)
        return self.money(number if number is None else float(f"{number:.2g}"))

    def minutes(self, value: Any) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a time; where there is no way, say so."""
        number = number_of(value)
        if number is None:
            return None
        return self.text["no_way"] if isinf(number) else self.numbers.value(number, "min")

    def each(self, value: Any, people: Any) -> str | None:  # noqa: ANN401 - cells of any table
        """Write what each of some people has of a sum."""
        total, count = number_of(value), number_of(people)
        return None if total is None or not count else self.some(total / count)

    def index(self, value: Any, *, signed: bool = False) -> str | None:  # noqa: ANN401 - a cell of any table
        """Write a gain so that the best connection is 100; a difference with its sign, where it is not nothing."""
        number = number_of(value)
        if number is None or self.best is None:
            return None
        per_cent = number / self.best * 100
        return self.numbers.difference(per_cent, "count") if signed else self.numbers.value(per_cent, "count")

    # names

    def kind(self, kind: Any) -> str:  # noqa: ANN401 - a cell of any table
        """Name a kind of connection, by its own word where it is none of ours."""
        return self.text.get(f"kind_{kind}", str(kind))

    def barrier(self, record: dict[Any, Any]) -> str | None:
        """Name the barrier, None for a gap between streets."""
        if text_of(record.get("barrier_id"), "") == "" and text_of(record.get("barrier"), "") == "":
            return None
        return barrier_label(record.get("barrier"), text_of(record.get("barrier_kind"), ""), self.language)

    def what(self, link_id: str) -> str:
        """Name a connection within a sentence."""
        record = self.records[link_id]
        kind = record["kind"] if record["kind"] in _KINDS else "other"
        barrier = self.barrier(record)
        phrase = self.text[f"gap_{kind}" if barrier is None else f"what_{kind}"].format(barrier=barrier)
        streets = text_of(record.get("at"), "")
        return f"{phrase} {self.text['at'].format(streets=streets)}" if streets else phrase

    def short(self, link_id: Any) -> str:  # noqa: ANN401 - a cell of any table
        """Name a connection in a table: rank, kind, barrier."""
        record = self.records.get(str(link_id))
        if record is None:
            return str(link_id)
        barrier = self.barrier(record) or text_of(record.get("at"), "")
        return f"{int(record['rank'])}. {self.kind(record['kind'])}{f', {barrier}' if barrier else ''}"

    # parts of the page

    def row(self, link_id: str) -> LinkRow:
        """Write one connection."""
        one = self.records[link_id]
        length = number_of(one["length_m"])
        return LinkRow(
            link_id=link_id,
            rank=str(int(one["rank"])),
            kind=self.kind(one["kind"]),
            barrier=self.barrier(one),
            color=kind_style(text_of(one.get("barrier_kind"), ""), BARRIER_KINDS).color,
            at=text_of(one.get("at"), "") or None,
            gain=number_of(one["gain_score"]),
            gain_index=self.index(one["gain_score"]),
            length=None if length is None else self.numbers.length(length),
            way_now=self.minutes(one["route_min"]),
            way_then=self.minutes(one["link_min"]),
            residents=self.count(one["residents_gaining"]),
            vulnerable=self.count(one["vulnerable_gaining"]),
            places_each=self.each(one["gain_places"], one["residents_gaining"]),
            people_each=self.each(one["gain_people"], one["residents_gaining"]),
            pairs=self.count(one["gain_people"]),
            recovered=self.share(one["recovered_share"]),
            cost=self.cost(one["cost_dkk"]),
            cost_assumed=self.assumed.get(str(one["kind"]), True),
            rank_cost=self.count(one["rank_per_mdkk"]),
            stable=self.share(one["top_ten_share"]),
        )

    def card(self, link_id: str, row: LinkRow) -> Card:
        """Write one of the best."""
        one = self.records[link_id]
        all_areas = self.found.areas
        areas = all_areas[all_areas["link_id"] == link_id].sort_values("gain_score", ascending=False, kind="stable")
        shown = areas.head(_AREAS_A_CARD)
        reach = shown[["places_before", "places_after"]].to_numpy(float)
        longest = float(reach.max(initial=0.0, where=np.isfinite(reach)))
        part, total = number_of(one["gain_vulnerable"]), number_of(one["gain_score"])
        known = part is not None and total is not None and total > 0
        sure = self.share(one.get("top_ten_cost_share"))
        ranks = [
            self.text[key].format(rank=rank, share=sure)
            for key, column in (
                ("by_metre", "rank_per_m"), ("by_cost_sure" if sure else "by_cost", "rank_per_mdkk"),
                ("by_vulnerable", "rank_vulnerable"),
            )
            if (rank := self.count(one[column])) is not None
        ]  # fmt: skip
        return Card(
            row=row,
            reason=text_of(one.get("reason"), "") or None,
            assumed=text_of(one.get("assumed"), "") or None,
            vulnerable=(
                self.text["who_vulnerable"].format(share=self.numbers.share((part or 0.0) / (total or 1.0)))
                if known
                else self.text["who_vulnerable_unknown"]
            ),
            areas=tuple(self.area(area, longest) for area in shown.to_dict("records")),
            areas_left=len(areas) - len(shown),
            ranks=(
                self.text["other_ranks"].format(count=self.count(len(self.records)), ranks=", ".join(ranks))
                if ranks
                else None
            ),
            closer=self.closer(one),
            station=station_told(one, self.numbers, self.text),
            entries=entries_told(
                self.found.entries[self.found.entries["link_id"] == link_id], one, self.numbers, self.text
            ),
        )

    def closer(self, one: dict[Any, Any]) -> str | None:
        """Say how many get closer to everyday places; nothing where nobody does, or it is not known."""
        ways = []
        for to in ("school", "daily_shopping"):
            people, saved = number_of(one.get(f"{to}_saving")), number_of(one.get(f"{to}_saved_min"))
            if people and saved is not None:
                ways.append(self.text[f"closer_{to}"].format(count=self.count(people), minutes=self.minutes(saved)))
        return self.text["closer"].format(ways=", ".join(ways)) if ways else None

    def area(self, area: dict[Any, Any], longest: float) -> AreaGain:
        """Write what one area gains."""
        before, after = number_of(area["places_before"]), number_of(area["places_after"])
        drawn = before is not None and after is not None and longest > 0
        return AreaGain(
            name=text_of(area["area"], str(area["area_id"])),
            vulnerable=area["group"] == "vulnerable",
            residents=self.count(area["residents_gaining"]),
            before=self.some(before),
            after=self.some(after),
            before_width=100 * (before or 0.0) / longest if drawn else 0.0,
            gain_width=100 * max(0.0, (after or 0.0) - (before or 0.0)) / longest if drawn else 0.0,
        )

    def answer(self) -> tuple[str, ...]:
        """Say in a few sentences which connection pays most."""
        if not self.records or self.best is None:
            return (self.text["answer_none"],)
        link_id, best = next(iter(self.records.items()))
        row = self.row(link_id)
        known = row.residents is not None and row.places_each is not None
        sentences = [
            self.text["answer_best" if known else "answer_best_only"].format(
                count=self.count(len(self.records)),
                what=self.what(link_id),
                residents=row.residents,
                places=row.places_each,
                minutes=f"{self.found.cutoff_min:g}",
                mode=self.text["on_foot" if self.found.mode == "walk" else "by_bicycle"],
            )
        ]
        if row.recovered is not None:
            # what water takes is measured apart from what the other barriers take
            key = "answer_recovered_water" if best["barrier_kind"] == "water" else "answer_recovered"
            sentences.append(self.text[key].format(recovered=row.recovered))
        for column, key in (("rank_vulnerable", "answer_vulnerable"), ("rank_per_mdkk", "answer_cost")):
            other = next((link for link, record in self.records.items() if record[column] == 1), None)
            if other is None:
                continue
            if other == link_id:
                sentences += [self.text["answer_vulnerable_same"]] if key == "answer_vulnerable" else []
                continue
            given = key == "answer_cost" and not self.row(other).cost_assumed
            sentences.append(
                self.text["answer_cost_known" if given else key].format(
                    rank=int(self.records[other]["rank"]),
                    what=self.what(other),
                    cost=self.cost(self.records[other]["cost_dkk"]) or self.text["unknown"],
                )
            )
        return tuple(sentences)

    def step(self, row: dict[Any, Any]) -> tuple[str | None, ...]:
        """Write one step of the set."""
        added, alone = number_of(row["gain_score"]), number_of(row["alone"])
        kept = self.share(added / alone) if added is not None and alone else None
        return (
            self.count(row["step"]),
            self.short(row["link_id"]),
            self.index(added),
            self.index(alone),
            kept,
            self.index(row["total_gain"]),
            self.cost(row["cost_dkk"]),
            self.cost(row["total_cost_dkk"]),
        )

    def pair(self, row: dict[Any, Any]) -> tuple[str | None, ...]:
        """Write one pair, and what follows from it."""
        together, difference = number_of(row["together"]), number_of(row["interaction"])
        both = (self.records.get(str(row[column]), {}).get("gain_score") for column in ("link_id", "other_id"))
        alone = [gain for gain in map(number_of, both) if gain is not None]
        total = None if together is None or difference is None else together - difference
        return (
            self.short(row["link_id"]),
            self.short(row["other_id"]),
            self.index(total),
            self.index(together),
            self.index(difference, signed=True),
            self.verdict(difference, min(alone) if len(alone) == 2 else None),
        )

    def verdict(self, difference: float | None, smaller: float | None) -> str | None:
        """Say in words how two connections bear on one another."""
        if difference is None or not smaller or not isfinite(difference / smaller):
            return None
        part = difference / smaller
        if part <= -_REPLACE:
            return self.text["pair_replace"]
        if abs(part) < _APART:
            return self.text["pair_apart"]
        return self.text["pair_overlap" if part < 0 else "pair_support"]

    def kind_row(self, kind: str, row: dict[Any, Any]) -> tuple[str | None, ...]:
        """Write what one kind is taken to cost."""
        extra, longest = number_of(row.get("extra_s")), number_of(row.get("max_length_m"))
        return (
            self.kind(kind),
            self.money(row.get("dkk_fixed")),
            self.money(row.get("dkk_per_m")),
            None if extra is None else self.numbers.value(extra, "s"),
            None if longest is None or not isfinite(longest) else self.numbers.length(longest),
            self.text["assumed_tag" if self.assumed.get(kind, True) else "given"],
        )
