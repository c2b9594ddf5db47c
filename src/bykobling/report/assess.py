"""Fill the page of an assessment and write it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bykobling.palette import BARRIER_KINDS, GAIN_COLORS, LOSS_COLORS, VULNERABLE_COLOR
from bykobling.report._drawing import OSM_CREDIT
from bykobling.report._file import page_environment, policy_hash, template_text, write_page
from bykobling.report._link_map import REACH_COLORS
from bykobling.report.assess_maps import (
    MARK_COLORS,
    change_grades,
    mark_of,
    proposal_maps,
    proposals_map,
)
from bykobling.report.assess_story import carded, proposal_numbers, tell_assessment
from bykobling.report.assess_texts import ASSESS_TEXTS
from bykobling.report.links_texts import LINK_TEXTS
from bykobling.report.numbers import Numbers
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    import os

    from bykobling.palette import Language
    from bykobling.results.assessment import Assessment

_WORDS = ("change_first", "change_between", "change_last", "change_any")


def write_assessment_report(assessment: Assessment, path: str | os.PathLike[str], *, language: Language = "en") -> None:
    """Write one self-contained HTML file on what proposals change, and for whom.

    It loads nothing from anywhere, has no script, prints on A4, and treats every name as text, never as markup. An
    earlier page is replaced only once the new one is complete.

    Parameters
    ----------
    assessment : Assessment
        From `assess_study`.
    path : path-like
        File to write, e.g. ``assessment/report.html``; its folder must exist.
    language : {"en", "da"}
        Language of the page; notes stay in English.

    Raises
    ------
    InputError
        For a language that is not known.
    OutputError
        Where the file cannot be written; an earlier one is untouched.
    """
    write_page(path, lambda: render_assessment(assessment, language=language), language=language, known=ASSESS_TEXTS)


def render_assessment(assessment: Assessment, *, language: Language = "en") -> str:
    """Give the page as text; the same assessment always gives the same page.

    Parameters
    ----------
    assessment : Assessment
        From `assess_study`.
    language : {"en", "da"}
        Language of the page.

    Returns
    -------
    str
        A complete HTML document.
    """
    story = tell_assessment(assessment, language=language)
    text = {**TEXTS[language], **LINK_TEXTS[language], **ASSESS_TEXTS[language]}
    first, between, last, everything = (text[name] for name in _WORDS)
    grades = change_grades(assessment.residents, (first, between, last, everything))
    there = {mark_of(what) for what in assessment.proposals["what"][assessment.proposals.geometry.notna()]}
    numbers = Numbers(language)
    style = "\n".join(template_text(name) for name in ("report.css", "links.css", "assess.css"))
    return (
        page_environment()
        .get_template("assess.html")
        .render(
            language=language,
            t=text,
            n=numbers,
            story=story,
            title=assessment.title,
            minutes=f"{assessment.cutoff_min:g}",
            overview=proposals_map(assessment, proposal_numbers(assessment), osm=story.osm),
            maps=proposal_maps(assessment, carded(assessment), grades),
            osm=OSM_CREDIT,
            more_legend=[(one.color, one.label(language)) for one in grades if one.low >= 0],
            fewer_legend=[(one.color, one.label(language)) for one in reversed(grades) if one.low < 0],
            mark_legend=[(color, text[f"mark_{mark}"]) for mark, color in MARK_COLORS.items() if mark in there],
            kind_legend=[
                (kind.color, kind.label(language))
                for kind in BARRIER_KINDS
                if kind.kind in set(assessment.barriers["kind"])
            ],
            gain_color=GAIN_COLORS[2],
            loss_color=LOSS_COLORS[2],
            reach_colors=REACH_COLORS,
            vulnerable_color=VULNERABLE_COLOR,
            style=Markup(style),  # noqa: S704 - our own files
            style_hash=policy_hash(style),
        )
    )
