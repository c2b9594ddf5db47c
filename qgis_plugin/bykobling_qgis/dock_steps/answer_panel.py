"""What a drawn line gives, as a planner reads it: minutes, residents, places, area by area."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ..i18n import tr
from .parts import Table, as_float, number, paragraph, share

if TYPE_CHECKING:
    from .answers import Answer


class _Tile(QFrame):
    """A big number with a line under it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.figure = QLabel("\N{EN DASH}")
        font = self.figure.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        self.figure.setFont(font)
        self.figure.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.text = QLabel(text)
        self.text.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 4, 6)
        layout.setSpacing(2)
        layout.addWidget(self.figure)
        layout.addWidget(self.text, 1)


class AnswerPanel(QWidget):
    """The answer for one line."""

    def __init__(self) -> None:
        super().__init__()
        self.title = QLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.minutes = _Tile(tr("minutes saved from end to end"))
        self.residents = _Tile(tr("residents who gain"))
        self.places = _Tile(tr("places more for each of them"))
        self.story = paragraph()
        self.table = Table([tr("Area"), tr("Who gain"), tr("Before"), tr("After"), tr("Change")])
        tiles = QHBoxLayout()
        tiles.setSpacing(4)
        for tile in (self.minutes, self.residents, self.places):
            tiles.addWidget(tile, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.title)
        layout.addLayout(tiles)
        layout.addWidget(self.story)
        layout.addWidget(self.table, 1)
        self.show_answer(None)

    def show_answer(self, answer: Answer | None) -> None:
        """Show an answer, that it is awaited, or why there is none.

        Parameters
        ----------
        answer : Answer or None
            None empties the panel.
        """
        self.setVisible(answer is not None)
        if answer is None:
            self.title.setText("")
            return
        told = answer.told or {}
        name = answer.line.title()
        self.title.setText(f"{name}, {number(told['length_m'])} m" if "length_m" in told else name)
        for tile in (self.minutes, self.residents, self.places):
            tile.setEnabled(answer.told is not None)
        self._tiles(told)
        if answer.problem:
            self.story.setText(answer.problem)
        elif answer.waits():
            self.story.setText(tr("The engine is measuring ..."))
        else:
            self.story.setText(_story(told))
        rows = [_row(area) for area in told.get("areas") or []]
        self.table.fill(rows)
        self.table.setVisible(bool(rows))

    def _tiles(self, told: dict[str, Any]) -> None:
        if told.get("no_way_before"):
            self.minutes.figure.setText(tr("new way"))
            self.minutes.text.setText(tr("there is none today"))
        else:
            self.minutes.figure.setText(number(told.get("minutes_saved"), 1))
            self.minutes.text.setText(tr("minutes saved from end to end"))
        self.residents.figure.setText(number(told.get("residents_gaining")))
        each = told.get("places_gain_each")
        self.places.figure.setText(number(each, 1 if isinstance(each, (int, float)) and each < 10 else 0))


def _story(told: dict[str, Any]) -> str:
    """Tell the answer in sentences."""
    parts = []
    if told.get("detour_before_min") is not None:
        parts.append(
            tr("From end to end it takes {before} min today and {after} min with it.").format(
                before=number(told["detour_before_min"], 1), after=number(told.get("link_min"), 1)
            )
        )
    if not told.get("residents_gaining"):
        parts.append(tr("No resident reaches more places within {n} minutes.").format(n=number(told.get("cutoff_min"))))
    else:
        parts.append(
            tr("Counted are residents who reach a place within {n} minutes that they did not reach before.").format(
                n=number(told.get("cutoff_min"))
            )
        )
    if told.get("vulnerable_gaining"):
        parts.append(tr("{n} of them live in vulnerable areas.").format(n=number(told["vulnerable_gaining"])))
    if told.get("residents_gaining_outside_areas"):
        parts.append(
            tr("{n} of them live outside the areas of the study.").format(
                n=number(told["residents_gaining_outside_areas"])
            )
        )
    if told.get("areas"):
        parts.append(tr("Before and after: places in reach, mean of an area's residents."))
    if told.get("seconds") is not None:
        parts.append(tr("Answered in {s} s.").format(s=number(told["seconds"], 2)))
    return " ".join(parts)


def _row(area: dict[str, Any]) -> tuple[Any, ...]:
    before, after = as_float(area.get("reach_before")), as_float(area.get("reach_after"))
    change = (after - before) / before if before > 0 else math.nan
    gaining = as_float(area.get("residents_gaining"))
    name = str(area.get("name") or area.get("area_id"))
    told = f"+{share(change, 1)}" if not math.isnan(change) else "\N{EN DASH}"
    return (
        name + (" *" if area.get("group") == "vulnerable" else ""),
        (number(gaining), gaining),
        (number(before, 1), before),
        (number(after, 1), after),
        (told, change),
    )
