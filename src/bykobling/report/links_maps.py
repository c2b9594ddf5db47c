"""The maps of found connections: the city with the best numbered, and one small map a connection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling.palette import GAIN_COLORS, Grade
from bykobling.report._drawing import Picture, canvas_for, draw_lines, finish, picture_of, view_of
from bykobling.report._link_map import (
    CARD_IN,
    LINK_COLOR,
    PAIR_IN,
    REACH_COLORS,
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
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.results.found import FoundLinks

__all__ = ["LINK_COLOR", "REACH_COLORS", "CardMaps", "card_maps", "gain_grades", "gains", "overview_map"]


@dataclass(frozen=True)
class CardMaps:
    """What homes gain by one connection, and what they reach before and after; None where nobody is known to gain."""

    gain: Picture
    before: Picture | None
    after: Picture | None


def overview_map(found: FoundLinks, *, numbered: int, filled: int, osm: bool) -> Picture | None:
    """Draw the city with the best connections numbered.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    numbered : int
        How many connections are drawn with their rank.
    filled : int
        How many of them stand out.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where there is no connection.
    """
    links = found.links.sort_values("rank", kind="stable").head(numbered)
    if links.empty:
        return None
    view = view_of(links if found.area_shapes.empty else found.area_shapes)
    # a connection outside every area must not fall off the map
    view = overview_view(view, links.total_bounds)
    figure, axes = canvas_for(view)
    points = draw_ground(axes, ground_of(found, view), view)
    points += draw_lines(axes, links, ["white"], width=5.5, order=5)
    points += draw_lines(axes, links, [LINK_COLOR], width=3.2, order=5.1)
    middles = links.geometry.interpolate(0.5, normalized=True)
    labels = zip(links["rank"], middles.x, middles.y, strict=True)
    draw_numbers(axes, ((f"{int(rank)}", x, y, n < filled) for n, (rank, x, y) in enumerate(labels)), view)
    finish(axes, view, osm=osm)
    return picture_of(figure, points)


def card_maps(found: FoundLinks, link_ids: list[str], grades: tuple[Grade, ...]) -> dict[str, CardMaps]:
    """Draw for each connection the homes that gain.

    The large map is coloured by the gain: most homes gain a few places on top of many, so on two maps of one scale
    the eye has to compare, while the difference itself is seen at once. Before and after stand small below it, in
    fifths of what these homes reach.

    Parameters
    ----------
    found : FoundLinks
        What a search found.
    link_ids : list of str
        Connections to draw.
    grades : tuple of Grade
        Classes of places gained, from `gain_grades`.

    Returns
    -------
    dict of str to CardMaps
        By connection.
    """
    homes = {str(link): part for link, part in found.homes.groupby("link_id")}
    return {link: _card(found, link, homes.get(link, found.homes.iloc[:0]), grades) for link in link_ids}


def gains(homes: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Tell how many places each home gains; NaN where it is not known.

    Parameters
    ----------
    homes : GeoDataFrame
        `FoundLinks.homes`.

    Returns
    -------
    array of float
        Places within the cut-off after, less those before.
    """
    gained: NDArray[np.float64] = homes["places_after"].to_numpy(float) - homes["places_before"].to_numpy(float)
    return gained


def gain_grades(homes: gpd.GeoDataFrame, first: str, between: str, last: str) -> tuple[Grade, ...]:
    """Class the places gained at round numbers near the quartiles, one scale for all maps.

    Parameters
    ----------
    homes : GeoDataFrame
        `FoundLinks.homes`.
    first, between, last : str
        Labels with the blanks ``{high}``, ``{low}`` and ``{high}``, and ``{low}``.

    Returns
    -------
    tuple of Grade
        At most four, light to dark, at least one.

    Examples
    --------
    >>> import geopandas as gpd
    >>> homes = gpd.GeoDataFrame({"places_before": [0.0, 0, 0, 0], "places_after": [1.0, 4, 11, 40]})
    >>> [grade.label_en for grade in gain_grades(homes, "under {high}", "{low}-{high}", "{low}+")]
    ['under 3', '3-10', '10-30', '30+']
    """
    gained = gains(homes)
    gained = gained[np.isfinite(gained) & (gained > 0)]
    limits = sorted({rounded(float(value)) for value in np.quantile(gained, (0.3, 0.6, 0.85))}) if len(gained) else []
    edges = [-np.inf, *limits, np.inf]
    colors = GAIN_COLORS if len(limits) == len(GAIN_COLORS) - 1 else GAIN_COLORS[-len(limits) - 1 :]
    grades = []
    for number, color in enumerate(colors):
        low, high = edges[number], edges[number + 1]
        pattern = first if number == 0 and limits else last if number == len(limits) else between
        label = pattern.format(low=f"{max(low, 0):g}", high=f"{high:g}")
        grades.append(Grade(low, high, color, label, label))
    return tuple(grades)


def _card(found: FoundLinks, link_id: str, homes: gpd.GeoDataFrame, grades: tuple[Grade, ...]) -> CardMaps:
    """Draw one connection: what homes gain by it, and what they reach before and after."""
    link = found.links.loc[[link_id]]
    marks = Marks(link, [LINK_COLOR])
    gained = gains(homes)
    known = np.isfinite(gained) & (gained > 0)
    view = view_around(link, homes)
    ground = ground_of(found, view)
    shown, gained = homes[known], gained[known]
    main = small_map(ground, view, shown, (gained, grades), marks=marks, size_in=CARD_IN)
    if shown.empty:
        return CardMaps(main, None, None)
    before, after = shown["places_before"].to_numpy(float), shown["places_after"].to_numpy(float)
    levels = fifths(np.concatenate((before, after)))
    return CardMaps(
        main,
        small_map(ground, view, shown, (before, levels), marks=None, size_in=PAIR_IN),
        small_map(ground, view, shown, (after, levels), marks=marks, size_in=PAIR_IN),
    )
