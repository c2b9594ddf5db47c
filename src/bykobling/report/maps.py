"""The maps of the report: drawn without any window, the same bytes every time, as one data address."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path as Outline
from PIL import Image, ImageColor

from bykobling.palette import (
    BARRIER_KINDS,
    DETOUR_GRADES,
    DETOUR_NO_WAY,
    DETOUR_NOTHING,
    EFFECT_GRADES,
    EFFECT_MISSING,
    TRANSIT_MODES,
    VULNERABLE_COLOR,
    grade_of,
    kind_style,
)
from bykobling.report.transit import drawn_as, marker_pt2

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

    from bykobling.report.story import Effect
    from bykobling.results import Results

_WIDTH_IN = 7.2
_MAX_HEIGHT_IN = 7.6
# Above this a drawing is heavier as vectors than as a picture.
_MAX_VECTOR_POINTS = 20_000
# The picture of the streets within a vector drawing: so many pixels of street take the room of a point.
_STREET_PIXELS_A_POINT = 6
_VECTOR_DPI = 200
_MAX_BYTES = 700_000
_LINE_WIDTHS = {"rail": 1.9, "subway": 1.9, "tram": 1.5}
_BUS_WIDTH = 1.0
_MANY_LINES = 40
_OSM = "© OpenStreetMap contributors, ODbL"


@dataclass(frozen=True)
class Picture:
    """A picture as a data address, with its size in CSS pixels."""

    address: str
    width: int
    height: int


def effect_map(results: Results, effect: Effect | None, numbered: list[str], *, osm: bool) -> Picture | None:
    """Draw the areas by effect with barriers, crossings and ranks.

    Parameters
    ----------
    results : Results
        What a run found.
    effect : Effect or None
        Column that colours the areas; all are "not measured" without one.
    numbered : list of str
        Ids of areas to number 1, 2, ... in this order.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where there is no area to draw.
    """
    areas = results.areas[~(results.areas.geometry.isna() | results.areas.geometry.is_empty)]
    if areas.empty:
        return None
    view = _view(areas)
    figure, axes = _canvas(view)
    tolerance = (view[2] - view[0]) / 3000
    points = _ground(axes, results, view, tolerance)
    values = areas[effect.column].to_numpy(float) if effect else np.full(len(areas), np.nan)
    grades = [grade_of(value, EFFECT_GRADES) for value in values]
    colors = [grade.color if grade else EFFECT_MISSING.color for grade in grades]
    missing = np.array([grade is None for grade in grades])
    shapes = shapely.simplify(areas.geometry.to_numpy(), tolerance)
    points += _polygons(axes, shapes, colors, edge="#8a8f98", width=0.4, order=2)
    _polygons(axes, shapes[missing], ["none"] * int(missing.sum()), edge="#a9afb6", width=0.3, order=2.1, hatch="////")
    barriers = _seen(results.barriers, view)
    points += _polygons(
        axes,
        shapely.simplify(barriers.geometry.to_numpy(), tolerance),
        [kind_style(kind, BARRIER_KINDS).color for kind in barriers["kind"]],
        order=3,
    )
    vulnerable = shapes[(areas["group"] == "vulnerable").to_numpy()]
    _polygons(axes, vulnerable, ["none"] * len(vulnerable), edge=VULNERABLE_COLOR, width=1.5, order=4)
    crossings = _seen(results.crossings, view)
    size = 14 if len(crossings) < 200 else 4 if len(crossings) < 1000 else 1.6
    axes.scatter(
        crossings.geometry.x,
        crossings.geometry.y,
        s=size,
        c="white",
        edgecolors="#1f2933",
        linewidths=0.04 * size + 0.12,
        zorder=5,
    )
    _ranks(axes, areas, numbered)
    _finish(axes, view, osm=osm)
    return _picture(figure, points + 8 * len(crossings))


def severance_map(results: Results, *, osm: bool) -> Picture | None:
    """Draw the barriers by the detour it takes to cross them.

    Parameters
    ----------
    results : Results
        What a run found.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where no barrier was sampled.
    """
    if results.severance.empty:
        return None
    view = _view(results.severance if results.areas.empty else results.areas)
    figure, axes = _canvas(view)
    points = _pale_areas(axes, results, view, fill="#eef1f3", edge="#b4bac1", width=0.4)
    samples = _seen(results.severance, view)
    # The worst last, so that it is seen where lines meet.
    order = np.argsort(np.nan_to_num(samples["crossing_detour"].to_numpy(float), nan=-1.0), kind="stable")
    samples = samples.iloc[order]
    colors = [_detour_color(value) for value in samples["crossing_detour"].to_numpy(float)]
    points += _lines(axes, samples, colors, width=2.2, order=3)
    _finish(axes, view, osm=osm)
    return _picture(figure, points)


def transit_map(results: Results, *, osm: bool) -> Picture | None:
    """Draw stops sized by departures and lines coloured by mode, over the areas.

    Parameters
    ----------
    results : Results
        What a run found.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where public transport was not measured.
    """
    stops, lines = results.stops, results.lines
    if stops is None or lines is None or results.areas.empty:
        return None
    view = _view(results.areas)
    figure, axes = _canvas(view)
    points = _pale_areas(axes, results, view, fill="#eef1f3b0", edge="#8a8f98", width=0.5)
    running = _seen(lines[lines["departures_per_hour"] > 0], view)
    kinds = np.array([drawn_as(mode).kind for mode in running["mode"]], dtype=object)
    # what runs on rails on top: it has fewer lines
    for number, style in enumerate(TRANSIT_MODES):
        mine = running[kinds == style.kind]
        width = _LINE_WIDTHS.get(style.kind, _BUS_WIDTH) * (1.0 if len(mine) < _MANY_LINES else 0.6)
        points += _lines(axes, mine, [style.color] * len(mine), width=width, order=3 + 0.1 * number)
    called = _seen(stops[stops["departures_per_hour"] > 0], view)
    called = called.sort_values("departures_per_hour", ascending=False, kind="stable")
    axes.scatter(
        called.geometry.x,
        called.geometry.y,
        s=marker_pt2(called["departures_per_hour"].to_numpy(float), len(called)),
        c=[drawn_as(mode).color for mode in called["mode"]],
        edgecolors="white",
        linewidths=0.5 if len(called) < 600 else 0.2,
        zorder=5,
    )
    _finish(axes, view, osm=osm)
    return _picture(figure, points + 8 * len(called))


def _pale_areas(
    axes: Axes, results: Results, view: tuple[float, float, float, float], *, fill: str, edge: str, width: float
) -> int:
    """Draw the ground and the areas on it, as what something else is drawn over; return the points drawn."""
    tolerance = (view[2] - view[0]) / 3000
    points = _ground(axes, results, view, tolerance)
    shapes = shapely.simplify(results.areas.geometry.to_numpy(), tolerance)
    points += _polygons(axes, shapes, [fill] * len(shapes), edge=edge, width=width, order=1.5)
    vulnerable = shapes[(results.areas["group"] == "vulnerable").to_numpy()]
    _polygons(axes, vulnerable, ["none"] * len(vulnerable), edge=VULNERABLE_COLOR, width=1.2, order=2)
    return points


def _detour_color(value: float) -> str:
    """Colour one sample; no way and nothing beside it are classes of their own."""
    if np.isposinf(value):
        return DETOUR_NO_WAY.color
    grade = grade_of(value, DETOUR_GRADES)
    return grade.color if grade else DETOUR_NOTHING.color


def _view(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Frame what is to be seen, with a margin, never narrower than a book page nor wider than a strip."""
    west, south, east, north = frame.total_bounds
    margin = 0.04 * max(east - west, north - south, 200.0)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    width, height = max(east - west, 0.9 * (north - south)), north - south
    height = max(height, 0.5 * width)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _canvas(view: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """Make a figure of the shape of the view."""
    ratio = (view[3] - view[1]) / (view[2] - view[0])
    height = min(_WIDTH_IN * ratio, _MAX_HEIGHT_IN)
    figure = Figure(figsize=(_WIDTH_IN, height), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def _seen(frame: gpd.GeoDataFrame, view: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Keep what touches the view."""
    return frame[frame.geometry.notna() & frame.geometry.intersects(shapely.box(*view))]


def _ground(axes: Axes, results: Results, view: tuple[float, float, float, float], tolerance: float) -> int:
    """Draw water and streets as quiet ground and tell its weight in points; streets are a picture even in vectors."""
    streets = _seen(results.streets, view)
    _lines(axes, streets, ["#d9dde1"], width=0.35, order=1, raster=True)
    barriers = _seen(results.barriers, view)
    water = barriers[barriers["kind"] == "water"]
    color = kind_style("water", BARRIER_KINDS).color
    points = _polygons(axes, shapely.simplify(water.geometry.to_numpy(), tolerance), [color] * len(water), order=0.5)
    pixels = streets.length.sum() / (view[2] - view[0]) * _WIDTH_IN * _VECTOR_DPI
    return points + int(pixels / _STREET_PIXELS_A_POINT)


def _polygons(
    axes: Axes,
    shapes: np.ndarray,
    colors: list[str],
    *,
    order: float,
    edge: str = "none",
    width: float = 0.0,
    hatch: str | None = None,
) -> int:
    """Draw polygons with holes and tell how many points they have."""
    outlines = [_outline(shape) for shape in shapes]
    axes.add_collection(
        PathCollection(outlines, facecolors=colors, edgecolors=edge, linewidths=width, hatch=hatch, zorder=order)
    )
    return sum(int(np.shape(outline.vertices)[0]) for outline in outlines)


def _outline(shape: shapely.Geometry) -> Outline:
    """Turn a polygon with its holes into one path."""
    rings = [
        Outline(shapely.get_coordinates(ring), closed=True)
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon" and not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    return Outline.make_compound_path(*rings) if rings else Outline(np.empty((0, 2)))


def _lines(
    axes: Axes, frame: gpd.GeoDataFrame, colors: list[str], *, width: float, order: float, raster: bool = False
) -> int:
    """Draw lines, in a colour each or one for all, and tell how many points they have."""
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    # all at once, then cut where a line ends: asking line by line takes as long as drawing
    corner, line = shapely.get_coordinates(parts, return_index=True)
    segments = np.split(corner, np.searchsorted(line, np.arange(1, len(parts)))) if len(parts) else []
    each = colors if len(colors) == 1 else [colors[i] for i in owner]
    collection = LineCollection(segments, colors=each, linewidths=width, zorder=order, capstyle="butt")
    collection.set_rasterized(raster)
    axes.add_collection(collection)
    return sum(map(len, segments))


def _ranks(axes: Axes, areas: gpd.GeoDataFrame, numbered: list[str]) -> None:
    """Write ranks on the most cut-off areas, the worst on top."""
    ids = [str(index) for index in areas.index]
    for rank, area_id in reversed(list(enumerate(numbered, start=1))):
        if area_id not in ids:
            continue
        place = areas.geometry.iloc[ids.index(area_id)].representative_point()
        axes.text(
            place.x,
            place.y,
            str(rank),
            fontsize=7.5,
            fontweight="bold",
            color="#1f2933",
            ha="center",
            va="center",
            zorder=6,
            bbox={"boxstyle": "circle,pad=0.25", "facecolor": "white", "edgecolor": "#1f2933", "linewidth": 0.6},
        )


def _finish(axes: Axes, view: tuple[float, float, float, float], *, osm: bool) -> None:
    """Set the view, draw a scale bar and name the source."""
    west, south, east, north = view
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect("equal")
    width, height = east - west, north - south
    length = max(step for step in _steps() if step <= max(width * 0.25, 1.0))
    x, y = west + 0.025 * width, south + 0.03 * height
    axes.add_collection(LineCollection([[(x, y), (x + length, y)]], colors="white", linewidths=5, zorder=9))
    axes.add_collection(LineCollection([[(x, y), (x + length, y)]], colors="#1f2933", linewidths=2, zorder=10))
    halo = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.2}
    label = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(x, y + 0.014 * height, label, fontsize=7.5, color="#1f2933", va="bottom", zorder=10, bbox=halo)
    if osm:
        axes.text(
            east - 0.01 * width, south + 0.012 * height, _OSM, fontsize=6.5, color="#4b5563", ha="right", zorder=10,
            bbox=halo,
        )  # fmt: skip


def _steps() -> list[float]:
    """Round lengths for a scale bar, in metres."""
    return [factor * 10.0**power for power in range(6) for factor in (1, 2, 5)]


def _picture(figure: Figure, points: int) -> Picture:
    """Save as vectors where that is light, else as a crisp picture."""
    width, height = (round(side * 100) for side in figure.get_size_inches())
    if points <= _MAX_VECTOR_POINTS:
        data = _save(figure, "svg", dpi=_VECTOR_DPI)
        if len(data) <= _MAX_BYTES:
            return Picture(_address("image/svg+xml", data), width, height)
    for dpi in (220, 170, 120, 80):
        data = _save(figure, "png", dpi=dpi)
        if len(data) <= _MAX_BYTES:
            break
    return Picture(_address("image/png", data), width, height)


def _save(figure: Figure, kind: str, *, dpi: int) -> bytes:
    """Save without a date or a random id, so that the same results give the same bytes."""
    buffer = io.BytesIO()
    with mpl.rc_context({"svg.hashsalt": "bykobling", "svg.fonttype": "path", "hatch.linewidth": 0.4}):
        if kind == "svg":
            figure.savefig(buffer, format="svg", dpi=dpi, metadata={"Date": None, "Creator": None})
            return buffer.getvalue()
        # as it was drawn: to pack a picture only to unpack it takes as long as to draw it
        figure.savefig(buffer, format="rgba", dpi=dpi)
        width = int(figure.get_figwidth() * dpi)
        size = width, len(buffer.getvalue()) // (4 * width)
        return _with_palette(Image.frombytes("RGBA", size, buffer.getvalue()).convert("RGB"))


def _with_palette(picture: Image.Image) -> bytes:
    """Save a picture with 256 colours: a map has few, and it takes a third of the room."""
    small = io.BytesIO()
    # the map's own colours stay as they are, so that a rare one still matches its legend
    own = [
        level for style in (*EFFECT_GRADES, *BARRIER_KINDS, *TRANSIT_MODES) for level in ImageColor.getrgb(style.color)
    ]
    # a ninth of the picture tells its common colours
    common = picture.reduce(3).quantize(256 - len(own) // 3, dither=Image.Dither.NONE).getpalette() or []
    table = Image.new("P", (1, 1))
    table.putpalette((own + common)[:768])
    picture.quantize(palette=table, dither=Image.Dither.NONE).save(small, "png")
    return small.getvalue()


def _address(kind: str, data: bytes) -> str:
    """Wrap bytes as a data address."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
