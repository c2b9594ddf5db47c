"""The maps of an assessment: the city with the proposals numbered, and the homes whose reach each changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling.palette import GAIN_COLORS, LOSS_COLORS, Grade
from bykobling.report._drawing import Picture, canvas_for, draw_lines, finish, picture_of, view_of
from bykobling.report._link_map import (
    CARD_IN,
    LINK_COLOR,
    PAIR_IN,
    Marks,
    draw_ground,
    draw_numbers,
    fifths,
    ground_of,
    overview_view,
    rounded,
    small_map,
    view_around,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.results.assessment import Assessment

REMOVED_COLOR, CHANGED_COLOR = "#1b2430", "#0b4f8a"
_MARKS = {
    "removed street": "removed", "removed stop": "removed", "removed service": "removed",
    "changed speed": "changed", "changed motor traffic": "changed", "headway": "changed",
}  # fmt: skip
MARK_COLORS = {"added": LINK_COLOR, "removed": REMOVED_COLOR, "changed": CHANGED_COLOR}
_QUANTILES = (0.3, 0.6, 0.85)


@dataclass(frozen=True)
class ProposalMaps:
    """How reach changes by a proposal, and what the same homes reach before and after; None where none changes."""

    change: Picture
    before: Picture | None
    after: Picture | None


def mark_of(what: str) -> str:
    """Tell how a modification is drawn.

    Parameters
    ----------
    what : str
        As in `Assessment.proposals`.

    Returns
    -------
    str
        ``added``, ``removed`` or ``changed``.

    Examples
    --------
    >>> mark_of("bridge"), mark_of("removed street")
    ('added', 'removed')
    """
    return _MARKS.get(what, "added")


def proposals_map(assessment: Assessment, numbers: Mapping[str, str], *, osm: bool) -> Picture | None:
    """Draw the city with the proposals numbered.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.
    numbers : mapping of str to str
        Number of each proposal; others are not drawn.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where nothing that is proposed has a place.
    """
    drawn = _placed(assessment.proposals)
    drawn = drawn[drawn["proposal"].isin(list(numbers))]
    if drawn.empty:
        return None
    view = view_of(drawn if assessment.area_shapes.empty else assessment.area_shapes)
    view = overview_view(view, drawn.total_bounds)
    figure, axes = canvas_for(view)
    points = draw_ground(axes, ground_of(assessment, view), view)
    colors = np.array([MARK_COLORS[mark_of(what)] for what in drawn["what"]], dtype=object)
    lines = (drawn.geom_type == "LineString").to_numpy()
    points += draw_lines(axes, drawn[lines], ["white"], width=5.5, order=5)
    points += draw_lines(axes, drawn[lines], colors[lines].tolist(), width=3.2, order=5.1)
    spots = drawn.geometry[~lines].centroid
    axes.scatter(spots.x, spots.y, s=34, c=colors[~lines].tolist(), edgecolors="white", zorder=5.2)
    labels = []
    for name, part in drawn.groupby("proposal", sort=False):
        # beside the longest part: a proposal of many is one number
        main = part.geometry.iloc[int(np.argmax(part.length.to_numpy()))]
        at = main.interpolate(0.5, normalized=True) if main.geom_type == "LineString" else main.centroid
        labels.append((numbers[str(name)], at.x, at.y, True))
    draw_numbers(axes, labels, view)
    finish(axes, view, osm=osm)
    return picture_of(figure, points)


def proposal_maps(
    assessment: Assessment, members: Mapping[str, list[str]], grades: tuple[Grade, ...]
) -> dict[str, ProposalMaps]:
    """Draw for each proposal the homes whose reach it changes.

    Parameters
    ----------
    assessment : Assessment
        What proposals change.
    members : mapping of str to list of str
        What is drawn on the map of each: the proposal, or all there are.
    grades : tuple of Grade
        Classes of change, from `change_grades`.

    Returns
    -------
    dict of str to ProposalMaps
        By proposal; one that has neither a place nor a home that changes is left out.
    """
    placed = _placed(assessment.proposals)
    homes = {str(name): part for name, part in assessment.residents.groupby("proposal")}
    maps = {}
    for name, own in members.items():
        shapes = placed[placed["proposal"].isin(own)]
        some = homes.get(name, assessment.residents.iloc[:0])
        if len(shapes) or len(some):
            maps[name] = _one(assessment, shapes, some, grades)
    return maps


def changes_pp(homes: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Tell by how many percentage points of all places the reach of each home changes.

    Parameters
    ----------
    homes : GeoDataFrame
        `Assessment.residents`.

    Returns
    -------
    array of float
    """
    change: NDArray[np.float64] = homes["reach_after"].to_numpy(float) - homes["reach_before"].to_numpy(float)
    return 100.0 * change


def change_grades(homes: gpd.GeoDataFrame, words: tuple[str, str, str, str]) -> tuple[Grade, ...]:
    """Class changes of reach at round numbers, gains and losses alike, one scale for all maps.

    Parameters
    ----------
    homes : GeoDataFrame
        `Assessment.residents`.
    words : tuple of str
        Labels with the blanks ``{high}``, ``{low}`` and ``{high}``, ``{low}``, and that of a class of everything.

    Returns
    -------
    tuple of Grade
        From the largest loss to the largest gain, in percentage points; without losses where nobody loses.

    Examples
    --------
    >>> import geopandas as gpd
    >>> homes = gpd.GeoDataFrame({"reach_before": [0.1] * 4, "reach_after": [0.11, 0.14, 0.21, 0.05]})
    >>> found = change_grades(homes, ("under {high}", "{low}-{high}", "{low}+", "any"))
    >>> [(grade.low, grade.label_en) for grade in found][3:6]
    [(-3.0, 'under 3'), (0.0, 'under 3'), (3.0, '3-5')]
    """
    change = changes_pp(homes)
    size = np.abs(change[np.isfinite(change) & (change != 0)])
    limits = sorted({rounded(float(value)) for value in np.quantile(size, _QUANTILES)}) if len(size) else []
    edges = [0.0, *limits, np.inf]
    grades: list[Grade] = []
    for sign, ramp in ((-1, LOSS_COLORS), (1, GAIN_COLORS)):
        if not (change * sign > 0).any():
            continue
        own = []
        for number, color in enumerate(ramp[-len(edges) + 1 :]):
            low, high = edges[number], edges[number + 1]
            place = 3 if not limits else 0 if number == 0 else 2 if number == len(limits) else 1
            label = words[place].format(low=f"{low:g}", high=f"{high:g}")
            bounds = (low, high) if sign > 0 else (-high, -low)
            own.append(Grade(bounds[0] + 0.0, bounds[1] + 0.0, color, label, label))
        grades += own if sign > 0 else own[::-1]
    return tuple(grades)


def _placed(proposals: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what has a place, a line of several parts as its parts."""
    known = proposals[proposals.geometry.notna() & ~proposals.geometry.is_empty]
    return known.explode(ignore_index=True)


def _one(
    assessment: Assessment, shapes: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, grades: tuple[Grade, ...]
) -> ProposalMaps:
    """Draw one proposal: the change, before and after."""
    view = view_around(shapes if len(shapes) else homes, homes)
    ground = ground_of(assessment, view)
    marks = Marks(shapes, [MARK_COLORS[mark_of(what)] for what in shapes["what"]]) if len(shapes) else None
    change = changes_pp(homes)
    main = small_map(ground, view, homes, (change, grades), marks=marks, size_in=CARD_IN)
    if homes.empty:
        return ProposalMaps(main, None, None)
    before, after = (homes[name].to_numpy(float) for name in ("reach_before", "reach_after"))
    levels = fifths(np.concatenate((before, after)))
    return ProposalMaps(
        main,
        small_map(ground, view, homes, (before, levels), marks=None, size_in=PAIR_IN),
        small_map(ground, view, homes, (after, levels), marks=marks, size_in=PAIR_IN),
    )
