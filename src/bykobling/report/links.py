"""Fill the page of found connections and write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bykobling.palette import BARRIER_KINDS, GAIN_COLORS, VULNERABLE_COLOR
from bykobling.report._drawing import OSM_CREDIT
from bykobling.report._file import page_environment, policy_hash, template_text, write_page
from bykobling.report.links_maps import LINK_COLOR, REACH_COLORS, card_maps, gain_grades, overview_map
from bykobling.report.links_story import CARDS, RANKED, tell_links
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.numbers import Numbers
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    import os

    from bykobling.palette import Language
    from bykobling.results.found import FoundLinks


def write_links_report(found: FoundLinks, path: str | os.PathLike[str], *, language: Language = "en") -> None:
    """Write one self-contained HTML file on where connections would pay most.

    It loads nothing from anywhere, has no script, prints on A4, and treats every name as text, never as markup. An
    earlier page is replaced only once the new one is complete.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    path : path-like
        File to write, e.g. ``results/links.html``; its folder must exist.
    language : {"en", "da"}
        Language of the page; reasons and assumptions are told as the search made them, notes stay in English.

    Raises
    ------
    InputError
        For a language that is not known.
    OutputError
        Where the file cannot be written; an earlier one is untouched.
    """
    write_page(path, lambda: render_links(found, language=language), language=language, known=LINK_TEXTS)


def render_links(found: FoundLinks, *, language: Language = "en") -> str:
    """Give the page as text; the same search always gives the same page.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    language : {"en", "da"}
        Language of the page.

    Returns
    -------
    str
        A complete HTML document.
    """
    story = tell_links(found, language=language)
    text = {**TEXTS[language], **LINK_TEXTS[language]}
    shown = [card.row.link_id for card in story.cards]
    grades = gain_grades(found.homes, text["grade_first"], text["grade_between"], text["grade_last"])
    style = f"{template_text('report.css')}\n{template_text('links.css')}"
    return (
        page_environment()
        .get_template("links.html")
        .render(
            language=language,
            t=text,
            n=Numbers(language),
            story=story,
            title=found.title,
            minutes=f"{found.cutoff_min:g}",
            mode=text["on_foot" if found.mode == "walk" else "by_bicycle"],
            best=max((row.gain or 0.0 for row in story.rows), default=0.0),
            overview=overview_map(found, numbered=RANKED, filled=CARDS, osm=story.osm),
            maps=card_maps(found, shown, grades),
            osm=OSM_CREDIT,
            gain_legend=[(grade.color, grade.label(language)) for grade in grades],
            kind_legend=[
                (kind.color, kind.label(language)) for kind in BARRIER_KINDS if kind.kind in set(found.barriers["kind"])
            ],
            gain_color=GAIN_COLORS[2],
            reach_colors=REACH_COLORS,
            link_color=LINK_COLOR,
            vulnerable_color=VULNERABLE_COLOR,
            style=Markup(style),  # noqa: S704 - our own files
            style_hash=policy_hash(style),
        )
    )
