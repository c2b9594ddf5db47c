"""The maps of found connections: the city with the best numbered, and one small map a connection."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bykobling.palette import BARRIER_KINDS, VULNERABLE_COLOR, Grade, kind_style
from bykobling.report._drawing import (
    STREET_PIXELS_A_POINT,
    VECTOR_DPI,
    WIDTH_IN,
    Picture,
    canvas_for,
    data_address,
    draw_lines,
    draw_polygons,
    finish,
    in_view,
    picture_of,
    saved,
    view_of,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from bykobling.results.found import FoundLinks

    View = tuple[float, float, float, float]

# one that a picture with few colours keeps as it is
LINK_COLOR = "#b2182b"
GAIN_COLORS = ("#cfe6d3", "#86c79b", "#34946a", "#0b5138")
REACH_COLORS = ("#f3ecf6", "#cdb3da", "#9c73b8", "#683f8e", "#351a55")
_CARD_IN, _PAIR_IN = (3.4, 3.1), (1.7, 1.55)
# A card shows at least so much around a connection, and at most what can be told apart.
_CARD_MIN_M, _CARD_MAX_M = 500.0, 4000.0
# Ten cards must not weigh more than the rest of the page: a picture of twice the pixels shown is crisp and light.
_CARD_DPI = 190
# A label is a disc of so much of the width of the map.
_LABEL_SHARE = 0.027


@dataclass(frozen=True)
class CardMaps:
    """What homes gain by one connection, and what they reach before and after; None where nobody is known to gain."""

    gain: Picture
    before: Picture | None
    after: Picture | None


@dataclass(frozen=True)
class _Ground:
    """What every map is drawn over, simplified once."""

    areas: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


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
    west, south, east, north = view
    # a connection outside every area must not fall off the map
    out = links.total_bounds
    if out[0] < west or out[1] < south or out[2] > east or out[3] > north:
        west, south, east, north = min(west, out[0]), min(south, out[1]), max(east, out[2]), max(north, out[3])
        view = _framed(west, south, east, north)
    figure, axes = canvas_for(view)
    points = _draw_ground(axes, _ground_of(found, view), view)
    points += draw_lines(axes, links, ["white"], width=5.5, order=5)
    points += draw_lines(axes, links, [LINK_COLOR], width=3.2, order=5.1)
    _numbers(axes, links, view, filled=filled)
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
    limits = sorted({_rounded(float(value)) for value in np.quantile(gained, (0.3, 0.6, 0.85))}) if len(gained) else []
    edges = [-np.inf, *limits, np.inf]
    colors = GAIN_COLORS if len(limits) == len(GAIN_COLORS) - 1 else GAIN_COLORS[-len(limits) - 1 :]
    grades = []
    for number, color in enumerate(colors):
        low, high = edges[number], edges[number + 1]
        pattern = first if number == 0 and limits else last if number == len(limits) else between
        label = pattern.format(low=f"{max(low, 0):g}", high=f"{high:g}")
        grades.append(Grade(low, high, color, label, label))
    return tuple(grades)


def _rounded(value: float) -> float:
    """Give the round number nearest in ratio."""
    power = 10.0 ** np.floor(np.log10(value))
    steps = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0]) * power
    return float(f"{steps[np.argmin(np.abs(np.log(steps / value)))]:g}")


def _ground_of(found: FoundLinks, view: View) -> _Ground:
    """Take what lies in a view, simplified to what can be seen."""
    tolerance = (view[2] - view[0]) / 3000
    areas, barriers = in_view(found.area_shapes, view), in_view(found.barriers, view)
    return _Ground(
        areas=areas.set_geometry(shapely.simplify(areas.geometry.to_numpy(), tolerance), crs=areas.crs),
        barriers=barriers.set_geometry(shapely.simplify(barriers.geometry.to_numpy(), tolerance), crs=barriers.crs),
        streets=in_view(found.streets, view),
    )


def _draw_ground(axes: Axes, ground: _Ground, view: View, *, street_width: float = 0.35) -> int:
    """Draw pale areas, streets, barriers and outlines of vulnerable areas; tell the weight in points."""
    areas, barriers = ground.areas, ground.barriers
    colors = [kind_style(kind, BARRIER_KINDS).color for kind in barriers["kind"]]
    water = (barriers["kind"] == "water").to_numpy()
    shapes = areas.geometry.to_numpy()
    points = draw_polygons(axes, shapes, ["#eef1f3"] * len(shapes), edge="#b4bac1", width=0.4, order=1)
    draw_lines(axes, ground.streets, ["#cdd2d8"], width=street_width, order=2, raster=True)
    # water under the rest: it is wide, and a bridge that is there must be seen on it
    for order, mask in ((1.5, water), (3.0, ~water)):
        own = [color for color, mine in zip(colors, mask, strict=True) if mine]
        points += draw_polygons(axes, barriers.geometry.to_numpy()[mask], own, order=order)
    vulnerable = shapes[(areas["group"] == "vulnerable").to_numpy()]
    draw_polygons(axes, vulnerable, ["none"] * len(vulnerable), edge=VULNERABLE_COLOR, width=1.2, order=4)
    pixels = ground.streets.length.sum() / (view[2] - view[0]) * WIDTH_IN * VECTOR_DPI
    return points + int(pixels / STREET_PIXELS_A_POINT)


def _card(found: FoundLinks, link_id: str, homes: gpd.GeoDataFrame, grades: tuple[Grade, ...]) -> CardMaps:
    """Draw one connection: what homes gain by it, and what they reach before and after."""
    link = found.links.loc[[link_id]]
    gained = gains(homes)
    known = np.isfinite(gained) & (gained > 0)
    view = _around(link, homes)
    ground = _ground_of(found, view)
    shown, gained = homes[known], gained[known]
    main = _small_map(ground, view, shown, (gained, grades), link=link, size_in=_CARD_IN)
    if shown.empty:
        return CardMaps(main, None, None)
    before, after = shown["places_before"].to_numpy(float), shown["places_after"].to_numpy(float)
    levels = _levels(np.concatenate((before, after)))
    return CardMaps(
        main,
        _small_map(ground, view, shown, (before, levels), link=None, size_in=_PAIR_IN),
        _small_map(ground, view, shown, (after, levels), link=link, size_in=_PAIR_IN),
    )


def _levels(values: NDArray[np.float64]) -> tuple[Grade, ...]:
    """Class what homes reach into fifths, so that a change of some places is a change of colour."""
    limits = np.quantile(values, np.linspace(0.2, 0.8, len(REACH_COLORS) - 1))
    edges = [-np.inf, *limits.tolist(), np.inf]
    return tuple(
        Grade(low, high, color, "", "") for low, high, color in zip(edges, edges[1:], REACH_COLORS, strict=False)
    )


def _small_map(
    ground: _Ground,
    view: View,
    homes: gpd.GeoDataFrame,
    shades: tuple[NDArray[np.float64], tuple[Grade, ...]],
    *,
    link: gpd.GeoDataFrame | None,
    size_in: tuple[float, float],
) -> Picture:
    """Draw homes in the colours of their values, the highest on top, and a connection found by a ring."""
    figure = Figure(figsize=size_in, dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    scale = size_in[0] / _CARD_IN[0]
    _draw_ground(axes, ground, view, street_width=0.5 * scale)
    values, grades = shades
    order = np.argsort(values, kind="stable")
    rows = np.searchsorted([grade.high for grade in grades], values[order], side="right")
    colors = np.array([grade.color for grade in grades], dtype=object)[np.minimum(rows, len(grades) - 1)]
    place = homes.geometry.iloc[order]
    size = scale * (16 if len(homes) < 250 else 8 if len(homes) < 1000 else 4)
    axes.scatter(place.x, place.y, s=size, c=colors.tolist(), edgecolors="#24463a", linewidths=0.25 * scale, zorder=4.5)
    if link is not None:
        draw_lines(axes, link, ["white"], width=6.0 * scale, order=5)
        draw_lines(axes, link, [LINK_COLOR], width=3.4 * scale, order=5.1)
        middle = link.geometry.iloc[0].interpolate(0.5, normalized=True)
        # a short connection on a wide map is a few pixels: a ring finds it
        for color, width, level in (("white", 3.0, 5.2), (LINK_COLOR, 1.4, 5.3)):
            axes.scatter(
                [middle.x], [middle.y], s=330 * scale**2, facecolors="none", edgecolors=color,
                linewidths=width * scale, zorder=level,
            )  # fmt: skip
    if scale == 1.0:
        finish(axes, view, osm=False)
    else:
        axes.set_xlim(view[0], view[2])
        axes.set_ylim(view[1], view[3])
    width_px, height_px = (round(side * 100) for side in size_in)
    return Picture(data_address("image/png", saved(figure, "png", dpi=_CARD_DPI)), width_px, height_px)


def _around(link: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> View:
    """Frame a connection in the middle, with nearly all the homes that gain."""
    middle = link.geometry.iloc[0].interpolate(0.5, normalized=True)
    x, y = middle.x, middle.y
    half = max(_CARD_MIN_M / 2, float(link.geometry.iloc[0].length) * 0.7)
    if len(homes):
        away = np.maximum(np.abs(homes.geometry.x - x), np.abs(homes.geometry.y - y)).to_numpy(float)
        half = max(half, float(np.quantile(away, 0.97)) * 1.06)
    half = min(half, max(_CARD_MAX_M / 2, float(link.geometry.iloc[0].length) * 0.7))
    tall = half * _CARD_IN[1] / _CARD_IN[0]
    return x - half, y - tall, x + half, y + tall


def _framed(west: float, south: float, east: float, north: float) -> View:
    """Widen a view a little."""
    margin = 0.03 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def _numbers(axes: Axes, links: gpd.GeoDataFrame, view: View, *, filled: int) -> None:
    """Write ranks beside the connections, none over another, the best placed first."""
    size = _LABEL_SHARE * (view[2] - view[0])
    taken: list[tuple[float, float]] = []
    for number, (rank, line) in enumerate(zip(links["rank"], links.geometry, strict=True)):
        middle = line.interpolate(0.5, normalized=True)
        x, y = _free(middle.x, middle.y, size, taken, view)
        taken.append((x, y))
        strong = number < filled
        axes.plot([middle.x, x], [middle.y, y], color=LINK_COLOR, linewidth=0.7, zorder=5.5)
        axes.text(
            x, y, f"{int(rank)}", fontsize=7 if strong else 6, fontweight="bold", ha="center", va="center", zorder=6,
            color="white" if strong else LINK_COLOR,
            bbox={
                "boxstyle": "circle,pad=0.22", "facecolor": LINK_COLOR if strong else "white",
                "edgecolor": "white" if strong else LINK_COLOR, "linewidth": 0.7,
            },
        )  # fmt: skip


def _free(x: float, y: float, size: float, taken: list[tuple[float, float]], view: View) -> tuple[float, float]:
    """Find the nearest free spot for a label, in rings around a point; beside it where all are taken."""
    west, south, east, north = view
    for ring in (1.0, 1.6, 2.4, 3.4, 4.6):
        for turn in range(12):
            angle = pi / 4 + turn * pi / 6
            spot = x + ring * size * cos(angle), y + ring * size * sin(angle)
            inside = west + size < spot[0] < east - size and south + size < spot[1] < north - size
            if inside and all((spot[0] - a) ** 2 + (spot[1] - b) ** 2 > (1.15 * size) ** 2 for a, b in taken):
                return spot
    return x + size, y + size
