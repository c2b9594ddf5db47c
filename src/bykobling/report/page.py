"""Fill the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bykobling.palette import (
    BARRIER_KINDS,
    BURDEN_GRADES,
    DETOUR_GRADES,
    DETOUR_NO_WAY,
    DETOUR_NOTHING,
    EFFECT_GRADES,
    EFFECT_MISSING,
    VULNERABLE_COLOR,
)
from bykobling.report._drawing import canvas_for, saved
from bykobling.report._file import page_environment, policy_hash, template_text
from bykobling.report.map_tables import MapTables
from bykobling.report.maps import effect_map, noise_map, severance_map, transit_map
from bykobling.report.noise_texts import NOISE_TEXTS
from bykobling.report.numbers import Numbers
from bykobling.report.story import tell
from bykobling.report.texts import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bykobling._types import Progress
    from bykobling.palette import Language
    from bykobling.report._drawing import Picture
    from bykobling.results import Results

    Draw = Callable[..., Picture | None]

_TEMPLATE = "report.html"
_AHEAD: dict[tuple[bytes, Draw, bool], Picture | None] = {}
"""Maps of one run, drawn before its page was asked for."""


def ready(*, progress: Progress) -> None:
    """Have everything loaded and compiled that drawing a page needs.

    Parameters
    ----------
    progress : callable
        ``progress(done, total, message)``.
    """
    progress(0, 1, "making ready to draw")
    page_environment().get_template(_TEMPLATE)
    # what matplotlib loads when it first draws: fonts, and what writes each kind of picture
    for kind in ("svg", "png"):
        saved(canvas_for((0.0, 0.0, 1.0, 1.0))[0], kind, dpi=10)


def draw_ahead(tables: MapTables, *, osm: bool, progress: Progress) -> None:
    """Draw the maps for which no areas need to be compared; this process puts them into the page when asked for it.

    Parameters
    ----------
    tables : MapTables
        What they are drawn from. Where the page has other tables the maps are drawn again.
    osm : bool
        Whether to name OpenStreetMap on the maps.
    progress : callable
        ``progress(done, total, message)``.
    """
    progress(0, 1, "drawing maps")
    _AHEAD.clear()
    known = tables.digest()
    for draw in (severance_map, transit_map):
        _AHEAD[known, draw, osm] = draw(tables, osm=osm)


def _ahead_or_now(results: Results, *, osm: bool) -> Callable[[Draw], Picture | None]:
    """Give what takes a map that was drawn ahead, and draws one that was not."""
    tables = MapTables.of(results)
    ahead = dict(_AHEAD)
    _AHEAD.clear()
    known = tables.digest() if ahead else b""

    def drawn(draw: Draw) -> Picture | None:
        key = (known, draw, osm)
        return ahead[key] if key in ahead else draw(tables, osm=osm)

    return drawn


def render(results: Results, *, language: Language = "en", progress: Progress | None = None) -> str:
    """Give the page as text; the same results always give the same page.

    Parameters
    ----------
    results : Results
        What a run found.
    language : {"en", "da"}
        Language of the report.
    progress : callable, optional
        Called as ``progress(done, total, message)`` before the page is drawn.

    Returns
    -------
    str
        A complete HTML document.
    """
    if progress is not None:
        progress(0, 1, "drawing the report")
    story = tell(results, language=language)
    drawn = _ahead_or_now(results, osm=story.osm)
    # the policy of the page lets in one block of styles and none on single cells
    grades = (f".burden-{number} {{ background: {grade.color}; }}" for number, grade in enumerate(BURDEN_GRADES))
    style, script = "\n".join((template_text("report.css"), *grades, "")), template_text("sort.js")
    return (
        page_environment()
        .get_template(_TEMPLATE)
        .render(
            language=language,
            t=TEXTS[language],
            noise_text=NOISE_TEXTS[language],
            n=Numbers(language),
            story=story,
            title=results.title,
            effect_map=effect_map(results, story.headline, [row.area_id for row in story.top], osm=story.osm),
            severance_map=drawn(severance_map),
            transit_map=drawn(transit_map) if story.transit else None,
            noise_map=noise_map(results, osm=story.osm) if story.noise else None,
            effect_legend=[(grade.color, grade.label(language)) for grade in EFFECT_GRADES],
            missing_legend=(EFFECT_MISSING.color, EFFECT_MISSING.label(language)),
            detour_legend=[
                (item.color, item.label(language)) for item in (*DETOUR_GRADES, DETOUR_NO_WAY, DETOUR_NOTHING)
            ],
            kind_legend=[
                (kind.color, kind.label(language))
                for kind in BARRIER_KINDS
                if kind.kind in set(results.barriers["kind"])
            ],
            burden_legend=[(grade.color, grade.label(language)) for grade in BURDEN_GRADES],
            vulnerable_color=VULNERABLE_COLOR,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            style_hash=policy_hash(style),
            script_hash=policy_hash(script),
        )
    )
