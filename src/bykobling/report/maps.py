"""The maps of the report: barrier effect, severance, public transport."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from matplotlib.colors import ListedColormap

from bykobling.palette import (
    BARRIER_KINDS,
    DETOUR_GRADES,
    DETOUR_NO_WAY,
    DETOUR_NOTHING,
    EFFECT_GRADES,
    EFFECT_MISSING,
    NOISE_BELOW,
    NOISE_GRADES,
    NOISE_UNKNOWN,
    TRANSIT_MODES,
    VULNERABLE_COLOR,
    grade_of,
    kind_style,
)
from bykobling.report._drawing import (
    STREET_PIXELS_A_POINT,
    VECTOR_DPI,
    WIDTH_IN,
    Picture,
    canvas_for,
    draw_lines,
    draw_polygons,
    finish,
    in_view,
    picture_of,
    view_of,
)
from bykobling.report.map_tables import MapTables
from bykobling.report.transit import drawn_as, marker_pt2

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from bykobling.report.story import Effect
    from bykobling.results import NoiseGrid, Results

_LINE_WIDTHS = {"rail": 1.9, "subway": 1.9, "tram": 1.5}
_BUS_WIDTH = 1.0
_MANY_LINES = 40
_PICTURE_POINTS = 100_000
"""Levels over the land are a picture: no drawing of vectors holds them lightly."""


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
    view = view_of(areas)
    figure, axes = canvas_for(view)
    tolerance = (view[2] - view[0]) / 3000
    points = _ground(axes, MapTables.of(results), view, tolerance)
    values = areas[effect.column].to_numpy(float) if effect else np.full(len(areas), np.nan)
    grades = [grade_of(value, EFFECT_GRADES) for value in values]
    colors = [grade.color if grade else EFFECT_MISSING.color for grade in grades]
    missing = np.array([grade is None for grade in grades])
    shapes = shapely.simplify(areas.geometry.to_numpy(), tolerance)
    points += draw_polygons(axes, shapes, colors, edge="#8a8f98", width=0.4, order=2)
    draw_polygons(
        axes, shapes[missing], ["none"] * int(missing.sum()), edge="#a9afb6", width=0.3, order=2.1, hatch="////"
    )
    barriers = in_view(results.barriers, view)
    points += draw_polygons(
        axes,
        shapely.simplify(barriers.geometry.to_numpy(), tolerance),
        [kind_style(kind, BARRIER_KINDS).color for kind in barriers["kind"]],
        order=3,
    )
    vulnerable = shapes[(areas["group"] == "vulnerable").to_numpy()]
    draw_polygons(axes, vulnerable, ["none"] * len(vulnerable), edge=VULNERABLE_COLOR, width=1.5, order=4)
    crossings = in_view(results.crossings, view)
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
    finish(axes, view, osm=osm)
    return picture_of(figure, points + 8 * len(crossings))


def severance_map(tables: MapTables, *, osm: bool) -> Picture | None:
    """Draw the barriers by the detour it takes to cross them.

    Parameters
    ----------
    tables : MapTables
        What a run found.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where no barrier was sampled.
    """
    if tables.severance.empty:
        return None
    view = view_of(tables.severance if tables.areas.empty else tables.areas)
    figure, axes = canvas_for(view)
    points = _pale_areas(axes, tables, view, fill="#eef1f3", edge="#b4bac1", width=0.4)
    samples = in_view(tables.severance, view)
    # The worst last, so that it is seen where lines meet.
    order = np.argsort(np.nan_to_num(samples["crossing_detour"].to_numpy(float), nan=-1.0), kind="stable")
    samples = samples.iloc[order]
    colors = [_detour_color(value) for value in samples["crossing_detour"].to_numpy(float)]
    points += draw_lines(axes, samples, colors, width=2.2, order=3)
    finish(axes, view, osm=osm)
    return picture_of(figure, points)


def transit_map(tables: MapTables, *, osm: bool) -> Picture | None:
    """Draw stops sized by departures and lines coloured by mode, over the areas.

    Parameters
    ----------
    tables : MapTables
        What a run found.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where public transport was not measured.
    """
    stops, lines = tables.stops, tables.lines
    if stops is None or lines is None or tables.areas.empty:
        return None
    view = view_of(tables.areas)
    figure, axes = canvas_for(view)
    points = _pale_areas(axes, tables, view, fill="#eef1f3b0", edge="#8a8f98", width=0.5)
    running = in_view(lines[lines["departures_per_hour"] > 0], view)
    kinds = np.array([drawn_as(mode).kind for mode in running["mode"]], dtype=object)
    # what runs on rails on top: it has fewer lines
    for number, style in enumerate(TRANSIT_MODES):
        mine = running[kinds == style.kind]
        width = _LINE_WIDTHS.get(style.kind, _BUS_WIDTH) * (1.0 if len(mine) < _MANY_LINES else 0.6)
        points += draw_lines(axes, mine, [style.color] * len(mine), width=width, order=3 + 0.1 * number)
    called = in_view(stops[stops["departures_per_hour"] > 0], view)
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
    finish(axes, view, osm=osm)
    return picture_of(figure, points + 8 * len(called))


def noise_map(results: Results, *, osm: bool) -> Picture | None:
    """Draw the levels of noise under the outlines of the areas.

    Parameters
    ----------
    results : Results
        What a run found.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    Picture or None
        None where there are no levels over the land.
    """
    if results.noise_grid is None or results.areas.empty:
        return None
    figure, points = noise_figure(results.noise_grid, results.areas, osm=osm)
    return picture_of(figure, points + _PICTURE_POINTS)


def noise_figure(grid: NoiseGrid, areas: gpd.GeoDataFrame, *, osm: bool) -> tuple[Figure, int]:
    """Draw levels over the land, and areas on them; return how many points are drawn, too.

    Parameters
    ----------
    grid : NoiseGrid
        The levels.
    areas : GeoDataFrame
        With ``group``.
    osm : bool
        Whether to name OpenStreetMap on the map.

    Returns
    -------
    tuple of Figure and int
    """
    view = view_of(areas)
    figure, axes = canvas_for(view)
    edges = [grade.low for grade in NOISE_GRADES[1:]]
    palette = [grade.color for grade in NOISE_GRADES] + [NOISE_BELOW.color, NOISE_UNKNOWN.color]
    shown = np.digitize(np.nan_to_num(grid.level_db), edges)
    shown[np.isnan(grid.level_db)] = len(NOISE_GRADES) + 1
    shown[grid.below] = len(NOISE_GRADES)
    axes.imshow(
        shown, extent=grid.extent_m, cmap=ListedColormap(palette), vmin=-0.5, vmax=len(palette) - 0.5,
        interpolation="nearest", zorder=0.5, aspect="auto",
    )  # fmt: skip
    points = _outlined(axes, areas, (view[2] - view[0]) / 3000, fill="none", edge="#1f2933", width=0.35, marked=1.6)
    finish(axes, view, osm=osm)
    return figure, points


def _pale_areas(
    axes: Axes, tables: MapTables, view: tuple[float, float, float, float], *, fill: str, edge: str, width: float
) -> int:
    """Draw the ground and the areas on it, as what something else is drawn over; return the points drawn."""
    tolerance = (view[2] - view[0]) / 3000
    points = _ground(axes, tables, view, tolerance)
    return points + _outlined(axes, tables.areas, tolerance, fill=fill, edge=edge, width=width, marked=1.2)


def _outlined(
    axes: Axes, areas: gpd.GeoDataFrame, tolerance: float, *, fill: str, edge: str, width: float, marked: float
) -> int:
    """Draw areas all alike, the vulnerable with an outline as wide as `marked`; return the points drawn."""
    shapes = shapely.simplify(areas.geometry.to_numpy(), tolerance)
    points = draw_polygons(axes, shapes, [fill] * len(shapes), edge=edge, width=width, order=1.5)
    vulnerable = shapes[(areas["group"] == "vulnerable").to_numpy()]
    draw_polygons(axes, vulnerable, ["none"] * len(vulnerable), edge=VULNERABLE_COLOR, width=marked, order=2)
    return points


def _detour_color(value: float) -> str:
    """Colour one sample; no way and nothing beside it are classes of their own."""
    if np.isposinf(value):
        return DETOUR_NO_WAY.color
    grade = grade_of(value, DETOUR_GRADES)
    return grade.color if grade else DETOUR_NOTHING.color


def _ground(axes: Axes, tables: MapTables, view: tuple[float, float, float, float], tolerance: float) -> int:
    """Draw water and streets as quiet ground and tell its weight in points; streets are a picture even in vectors."""
    streets = in_view(tables.streets, view)
    draw_lines(axes, streets, ["#d9dde1"], width=0.35, order=1, raster=True)
    barriers = in_view(tables.barriers, view)
    water = barriers[barriers["kind"] == "water"]
    color = kind_style("water", BARRIER_KINDS).color
    points = draw_polygons(
        axes, shapely.simplify(water.geometry.to_numpy(), tolerance), [color] * len(water), order=0.5
    )
    pixels = streets.length.sum() / (view[2] - view[0]) * WIDTH_IN * VECTOR_DPI
    return points + int(pixels / STREET_PIXELS_A_POINT)


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
