"""Cells, names and notes of tables as a page tells them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from bykobling.palette import BARRIER_KINDS, kind_style
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from bykobling.palette import Language
    from bykobling.results import Note

OSM_WORD = re.compile(r"openstreetmap|overpass|\.osm\b|(?<![a-z])osm(?![a-z])", re.IGNORECASE)
_NOTE_KINDS = ("missing", "assumed", "unlinked", "edge", "source")


def number_of(value: Any) -> float | None:  # noqa: ANN401 - a cell of any table
    """Give a cell as a number, None where it is missing."""
    return None if value is None or pd.isna(value) else float(value)


def text_of(value: Any, fallback: str) -> str:  # noqa: ANN401 - a cell of any table
    """Give a cell as text, or what to say where it is missing."""
    return fallback if value is None or pd.isna(value) or not str(value).strip() else str(value)


def barrier_label(name: Any, kind: str, language: Language) -> str:  # noqa: ANN401 - a cell of any table
    """Name a barrier, by its kind where nobody named it."""
    label = kind_style(kind, BARRIER_KINDS).label(language)
    return text_of(name, TEXTS[language]["unnamed"].format(kind=label.lower()))


def grouped_notes(notes: tuple[Note, ...], language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Group the notes by kind, each sentence once."""
    groups = []
    for kind in _NOTE_KINDS:
        texts = tuple(dict.fromkeys(note.text for note in notes if note.kind == kind))
        if texts:
            groups.append((TEXTS[language][f"note_{kind}"], texts))
    return tuple(groups)


def run_tables(run: dict[str, Any]) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Flatten provenance to one table a part; timings are for run.json alone."""
    tables: dict[str, list[tuple[str, str]]] = {}
    for key, value in run.items():
        if key == "timings":
            continue
        nested = isinstance(value, (dict, list, tuple))
        rows = tables.setdefault(str(key) if nested else "", [])
        rows.extend(_flat(value, "") if nested else [(str(key), str(value))])
    return tuple((title, tuple(rows)) for title, rows in tables.items() if rows)


def _flat(value: Any, name: str) -> list[tuple[str, str]]:  # noqa: ANN401 - whatever was recorded
    """Flatten nested dicts and lists to rows of name and text."""
    if isinstance(value, dict):
        return [row for key, item in value.items() for row in _flat(item, f"{name} · {key}" if name else str(key))]
    if isinstance(value, (list, tuple)):
        if not any(isinstance(item, (dict, list, tuple)) for item in value):
            return [(name, ", ".join(map(str, value)))]
        return [
            row for i, item in enumerate(value, start=1) for row in _flat(item, f"{name} · {i}" if name else str(i))
        ]
    return [(name, str(value))]
