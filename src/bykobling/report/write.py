"""Write the page of a run, drawn here or by a second process."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bykobling.report._file import write_page
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    import os

    from bykobling._second import Second
    from bykobling.palette import Language
    from bykobling.results import Results

READY = "bykobling.report.page:ready"
DRAW_AHEAD = "bykobling.report.page:draw_ahead"
RENDER = "bykobling.report.page:render"
"""As a second process is asked for them."""


def write_report(
    results: Results, path: str | os.PathLike[str], *, language: Language = "en", second: Second | None = None
) -> None:
    """Write one self-contained HTML file.

    It loads nothing from anywhere, needs no script to be read, prints on A4, and treats every name as text, never
    as markup. An earlier report is replaced only once the new one is complete.

    Parameters
    ----------
    results : Results
        What a run found.
    path : path-like
        File to write, e.g. ``results/report.html``; its folder must exist.
    language : {"en", "da"}
        Language of the report; notes of the run stay in English.
    second : Second, optional
        A process that draws it; otherwise this one does.

    Raises
    ------
    InputError
        For a language that is not known.
    OutputError
        Where the file cannot be written; an earlier one is untouched.
    """

    def page() -> str:
        if second is not None:
            return str(second.answer(RENDER, _told(results), language=language))
        from bykobling.report.page import render  # noqa: PLC0415 - matplotlib is slow to load

        return render(results, language=language)

    write_page(path, page, language=language, known=TEXTS)


def _told(results: Results) -> Results:
    """Leave out the tables of homes, the largest: a page tells nothing of single ones, but how they are known."""
    homes = results.residents
    return dataclasses.replace(results, residents=homes[[name for name in homes if name == "tier"]], noise=None)
