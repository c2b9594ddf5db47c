"""Small pieces the steps are built of."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QLocale, QSize, Qt
from qgis.PyQt.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
)

from ..i18n import language, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
MIN_WIDTH_PX = 120
LAST_WIDTH_PX = 60
KEY_ROLE = Qt.ItemDataRole.UserRole


class _Paragraph(QLabel):
    """Wraps at any width; a plain label asks for the height it would need at its narrowest."""

    def minimumSizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(MIN_WIDTH_PX, self.fontMetrics().height())


def paragraph(text: str = "", *, quiet: bool = False) -> QLabel:
    """Make a label that wraps, and whose text can be copied."""
    label = _Paragraph(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if quiet:
        font = label.font()
        font.setItalic(True)
        label.setFont(font)
    return label


def heading(text: str) -> QLabel:
    """Make a heading of a part of a step."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setWordWrap(True)
    label.setContentsMargins(0, 6, 0, 0)
    return label


def button(text: str, clicked: Callable[[], None], *, main: bool = False, tip: str = "") -> QPushButton:
    """Make a button; the main one of a step stands out."""
    made = QPushButton(text)
    made.clicked.connect(lambda *_: clicked())
    made.setToolTip(tip)
    if main:
        font = made.font()
        font.setBold(True)
        made.setFont(font)
        made.setMinimumHeight(30)
    return made


class _Cell(QTableWidgetItem):
    """Sorts by its number, not by how it is written; what is missing comes last."""

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, theirs = self.data(SORT_ROLE), other.data(SORT_ROLE)
        if isinstance(mine, float) and isinstance(theirs, float):
            return mine < theirs
        return super().__lt__(other)


class Table(QTableWidget):
    """A table to read: numbers to the right, rows sortable, one row at a time chosen.

    Parameters
    ----------
    headers : sequence of str
        Titles of the columns.
    """

    def __init__(self, headers: Sequence[str]) -> None:
        super().__init__(0, len(headers))
        self.setHorizontalHeaderLabels(list(headers))
        self.verticalHeader().setVisible(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.horizontalHeader().setStretchLastSection(True)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setMinimumHeight(120)

    def fill(self, rows: Sequence[Sequence[Any]], keys: Sequence[Any] | None = None) -> None:
        """Show rows.

        Parameters
        ----------
        rows : sequence
            Each a text, or a pair of text and number to sort by, a column.
        keys : sequence, optional
            What `chosen` gives for each row.
        """
        self.setSortingEnabled(False)
        self.setRowCount(len(rows))
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                text, number = cell if isinstance(cell, tuple) else (cell, None)
                item = _Cell(str(text))
                item.setToolTip(str(text))
                if number is not None:
                    item.setData(SORT_ROLE, -math.inf if math.isnan(number) else float(number))
                    item.setTextAlignment(int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter))
                if column == 0 and keys is not None:
                    item.setData(KEY_ROLE, keys[row])
                self.setItem(row, column, item)
        if self.horizontalHeader().sectionResizeMode(0) == QHeaderView.ResizeMode.Stretch:
            self.resizeRowsToContents()
            return
        self.resizeColumnsToContents()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column), 220))
        # takes what is left, now that the others have their width, and no more
        self.setColumnWidth(self.columnCount() - 1, LAST_WIDTH_PX)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setStretchLastSection(True)

    def chosen(self) -> Any:
        """Give the key of the row that is chosen, None without one."""
        row = self.currentRow()
        item = self.item(row, 0) if row >= 0 else None
        return None if item is None else item.data(KEY_ROLE)


@lru_cache(maxsize=2)
def _locale_of(tongue: str) -> QLocale:
    return QLocale(QLocale.Language.Danish if tongue == "da" else QLocale.Language.English)


def locale() -> QLocale:
    """Give the locale numbers are written in: that of the plug-in's language."""
    return _locale_of(language())


def number(value: Any, decimals: int = 0) -> str:
    """Write a number as the language does; a dash where there is none."""
    if value is None or not isinstance(value, (int, float)) or math.isnan(value):
        return "\N{EN DASH}"
    if math.isinf(value):
        return tr("no way")
    return locale().toString(float(value), "f", decimals)


def share(value: Any, decimals: int = 0) -> str:
    """Write a share 0-1 as per cent."""
    if value is None or not isinstance(value, (int, float)) or math.isnan(value):
        return "\N{EN DASH}"
    return f"{number(100 * float(value), decimals)} %"


def as_float(value: Any) -> float:
    """Read a cell of a layer as a number; NaN where there is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return math.nan
    return float(value)
