"""What maps of connections and of proposals share: the ground, homes in the colours of a number, labels."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from typing import TYPE_CHECKING, Protocol

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
    data_address,
    draw_lines,
    draw_polygons,
    finish,
    in_view,
    saved,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    View = tuple[float, float, float, float]

# one that a picture with few colours keeps as it is
LINK_COLOR = "#b2182b"
REACH_COLORS = ("#f3ecf6", "#cdb3da", "#9c73b8", "#683f8e", "#351a55")
CARD_IN, PAIR_IN = (3.4, 3.1), (1.7, 1.55)
# A card shows at least so much around a connection, and at most what can be told apart.
_CARD_MIN_M, _CARD_MAX_M = 500.0, 4000.0
# Ten cards must not weigh more than the rest of the page: a picture of twice the pixels shown is crisp and light.
_CARD_DPI = 190
# A label is a disc of so much of the width of the map.
_LABEL_SHARE = 0.027


class Mapped(Protocol):
    """What has the tables a map is drawn over."""

    @property
    def area_shapes(self) -> gpd.GeoDataFrame: ...
    @property
    def barriers(self) -> gpd.GeoDataFrame: ...
    @property
    def streets(self) -> gpd.GeoDataFrame: ...


@dataclass(frozen=True)
class Ground:
    """What every map is drawn over, simplified once."""

    areas: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame


@dataclass(frozen=True)
class Marks:
    """What is built: lines or points, each in its colour; a ring finds what is short on a wide map."""

    shapes: gpd.GeoDataFrame
    colors: list[str]


def ground_of(tables: Mapped, view: View) -> Ground:
    """Take what lies in a view, simplified to what can be seen."""
    tolerance = (view[2] - view[0]) / 3000
    areas, barriers = in_view(tables.area_shapes, view), in_view(tables.barriers, view)
    return Ground(
        areas=areas.set_geometry(shapely.simplify(areas.geometry.to_numpy(), tolerance), crs=areas.crs),
        barriers=barriers.set_geometry(shapely.simplify(barriers.geometry.to_numpy(), tolerance), crs=barriers.crs),
        streets=in_view(tables.streets, view),
    )


def draw_ground(axes: Axes, ground: Ground, view: View, *, street_width: float = 0.35) -> int:
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


def fifths(values: NDArray[np.float64]) -> tuple[Grade, ...]:
    """Class what homes reach into fifths, so that a change of some places is a change of colour."""
    limits = np.quantile(values, np.linspace(0.2, 0.8, len(REACH_COLORS) - 1))
    edges = [-np.inf, *limits.tolist(), np.inf]
    return tuple(
        Grade(low, high, color, "", "") for low, high, color in zip(edges, edges[1:], REACH_COLORS, strict=False)
    )


def small_map(
    ground: Ground,
    view: View,
    homes: gpd.GeoDataFrame,
    shades: tuple[NDArray[np.float64], tuple[Grade, ...]],
    *,
    marks: Marks | None,
    size_in: tuple[float, float],
) -> Picture:
    """Draw homes in the colours of their values, the highest on top, and what is built found by a ring."""
    figure = Figure(figsize=size_in, dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    scale = size_in[0] / CARD_IN[0]
    draw_ground(axes, ground, view, street_width=0.5 * scale)
    values, grades = shades
    # of gains and losses the larger lies on top, whichever it is
    order = np.argsort(np.abs(values), kind="stable")
    rows = np.searchsorted([grade.high for grade in grades], values[order], side="right")
    colors = np.array([grade.color for grade in grades], dtype=object)[np.minimum(rows, len(grades) - 1)]
    place = homes.geometry.iloc[order]
    size = scale * (16 if len(homes) < 250 else 8 if len(homes) < 1000 else 4)
    axes.scatter(place.x, place.y, s=size, c=colors.tolist(), edgecolors="#24463a", linewidths=0.25 * scale, zorder=4.5)
    if marks is not None:
        draw_marks(axes, marks, scale=scale)
    if scale == 1.0:
        finish(axes, view, osm=False)
    else:
        axes.set_xlim(view[0], view[2])
        axes.set_ylim(view[1], view[3])
    width_px, height_px = (round(side * 100) for side in size_in)
    return Picture(data_address("image/png", saved(figure, "png", dpi=_CARD_DPI)), width_px, height_px)


def draw_marks(axes: Axes, marks: Marks, *, scale: float) -> None:
    """Draw what is built; a short connection on a wide map is a few pixels, so a ring finds it."""
    shapes, colors = marks.shapes, np.array(marks.colors, dtype=object)
    lines = (shapes.geom_type == "LineString").to_numpy()
    draw_lines(axes, shapes[lines], ["white"], width=6.0 * scale, order=5)
    draw_lines(axes, shapes[lines], colors[lines].tolist(), width=3.4 * scale, order=5.1)
    for shape, color in zip(shapes.geometry, colors.tolist(), strict=True):
        middle = shape.interpolate(0.5, normalized=True) if shape.geom_type == "LineString" else shape.centroid
        if shape.geom_type != "LineString":
            axes.scatter([middle.x], [middle.y], s=40 * scale**2, c=[color], edgecolors="white", zorder=5.15)
        for edge, width, level in (("white", 3.0, 5.2), (color, 1.4, 5.3)):
            axes.scatter(
                [middle.x], [middle.y], s=330 * scale**2, facecolors="none", edgecolors=edge,
                linewidths=width * scale, zorder=level,
            )  # fmt: skip


def view_around(shapes: gpd.GeoDataFrame, homes: gpd.GeoDataFrame) -> View:
    """Frame what is built in the middle, with nearly all the homes that are touched."""
    west, south, east, north = shapes.total_bounds
    x, y, most = (west + east) / 2, (south + north) / 2, max(east - west, north - south)
    if len(shapes) == 1 and shapes.geom_type.iloc[0] == "LineString":
        middle = shapes.geometry.iloc[0].interpolate(0.5, normalized=True)
        x, y, most = middle.x, middle.y, float(shapes.geometry.iloc[0].length)
    half = max(_CARD_MIN_M / 2, most * 0.7)
    if len(homes):
        away = np.maximum(np.abs(homes.geometry.x - x), np.abs(homes.geometry.y - y)).to_numpy(float)
        half = max(half, float(np.quantile(away, 0.97)) * 1.06)
    half = min(half, max(_CARD_MAX_M / 2, most * 0.7))
    tall = half * CARD_IN[1] / CARD_IN[0]
    return x - half, y - tall, x + half, y + tall


def overview_view(view: View, bounds: NDArray[np.float64]) -> View:
    """Widen a view where something would fall off the map."""
    west, south, east, north = view
    if bounds[0] >= west and bounds[1] >= south and bounds[2] <= east and bounds[3] <= north:
        return view
    west, south, east, north = min(west, bounds[0]), min(south, bounds[1]), max(east, bounds[2]), max(north, bounds[3])
    margin = 0.03 * max(east - west, north - south)
    return west - margin, south - margin, east + margin, north + margin


def draw_numbers(axes: Axes, places: Iterable[tuple[str, float, float, bool]], view: View) -> None:
    """Write a number beside each place, none over another, the first best placed; those that stand out are filled."""
    size = _LABEL_SHARE * (view[2] - view[0])
    taken: list[tuple[float, float]] = []
    for text, at_x, at_y, strong in places:
        x, y = _free(at_x, at_y, size, taken, view)
        taken.append((x, y))
        axes.plot([at_x, x], [at_y, y], color=LINK_COLOR, linewidth=0.7, zorder=5.5)
        axes.text(
            x, y, text, fontsize=7 if strong else 6, fontweight="bold", ha="center", va="center", zorder=6,
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


def rounded(value: float) -> float:
    """Give the round number nearest in ratio."""
    power = 10.0 ** np.floor(np.log10(value))
    steps = np.array([1.0, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0]) * power
    return float(f"{steps[np.argmin(np.abs(np.log(steps / value)))]:g}")
