# ruff: noqa: INP001 - a script, no part of a package
"""Draw docs/monaco.png, the picture in the README, from a run of the shipped study.

Run it from anywhere, after a change that moves the numbers::

    .venv/bin/python docs/make_picture.py

Areas are coloured by the headline measure, with homes, big roads, railways and crossings on top. The report's own map
shows whole areas; this one is cropped to the built-up part, names the areas and carries its legend, so that it can
stand alone. Colours and classes are the report's (`bykobling.palette`).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import shapely
from matplotlib import patheffects
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from PIL import Image, ImageColor

import bykobling as bk
from bykobling.indicators import HEADLINE
from bykobling.palette import BARRIER_KINDS, EFFECT_GRADES, EFFECT_MISSING, grade_of, kind_style

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

TARGET = Path(__file__).with_name("monaco.png")
VIEW = (370_900.0, 4_842_380.0, 375_080.0, 4_845_460.0)
"""West, south, east, north in metres (UTM 32): Monaco, Beausoleil and the built-up part of Cap-d'Ail."""

WIDTH_PX, DPI = 1600, 200
INK, LAND, SEA, HOME = "#1f2933", "#f3f2ee", "#cfe3ef", "#5b3a1e"
FEW_HOMES = 50.0
"""Areas with less floor space of homes (100 m²) than this are named without a number: it rests on a few buildings."""


def main() -> None:
    """Run the study, draw the map and save it in few colours."""
    study = bk.read_study(bk.demo_folder())
    study = dataclasses.replace(study, bike=dataclasses.replace(study.bike, enabled=False))
    results = bk.run_study(study)
    extract = bk.read_osm(study.osm.file, crs=results.areas.crs)
    figure = draw(results, extract.buildings)
    figure.savefig(TARGET, dpi=DPI, metadata={"Software": None})
    with Image.open(TARGET) as picture:
        small = in_few_colors(picture.convert("RGB"))
    small.save(TARGET, optimize=True)


def in_few_colors(picture: Image.Image) -> Image.Image:
    """Give a picture 256 colours, a third of the room, keeping the own ones of the map so that the legend holds."""
    own = [SEA, LAND, *(style.color for style in (*EFFECT_GRADES, *BARRIER_KINDS))]
    exact = [level for color in own for level in ImageColor.getrgb(color)]
    common = picture.quantize(256 - len(own), dither=Image.Dither.NONE).getpalette() or []
    table = Image.new("P", (1, 1))
    table.putpalette((exact + common)[:768])
    return picture.quantize(palette=table, dither=Image.Dither.NONE)


def draw(results: bk.Results, buildings: gpd.GeoDataFrame) -> Figure:
    """Draw everything inside the view, from the ground up.

    Parameters
    ----------
    results : Results
        A run of the study.
    buildings : GeoDataFrame
        Footprints, in the CRS of the results.

    Returns
    -------
    Figure
        1600 pixels wide when saved at `DPI`.
    """
    west, south, east, north = VIEW
    width = WIDTH_PX / DPI
    figure = Figure(figsize=(width, width * (north - south) / (east - west)), facecolor=LAND)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    areas, barriers, crossings = (seen(frame) for frame in (results.areas, results.barriers, results.crossings))
    water = barriers["kind"] == "water"
    areas.plot(ax=axes, color=[color_of(value) for value in areas[HEADLINE]], zorder=1)
    seen(buildings).plot(ax=axes, color=HOME, alpha=0.16, linewidth=0, zorder=2)
    seen(results.streets).plot(ax=axes, color="white", linewidth=0.45, zorder=3)
    areas.boundary.plot(ax=axes, color="#7d6a58", linewidth=0.5, zorder=3.5)
    barriers[water].plot(ax=axes, color=SEA, zorder=2.5)
    colors = [kind_style(kind, BARRIER_KINDS).color for kind in barriers.loc[~water, "kind"]]
    barriers[~water].plot(ax=axes, color=colors, edgecolor=colors, linewidth=0.7, zorder=4)
    crossings.plot(ax=axes, color="white", edgecolor=INK, linewidth=0.45, markersize=8, zorder=5)
    name_areas(axes, results.areas)
    explain(axes)
    axes.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    return figure


def seen(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what touches the view."""
    return frame[frame.geometry.intersects(shapely.box(*VIEW))]


def color_of(value: float) -> str:
    """Colour a share as the report does."""
    grade = grade_of(value, EFFECT_GRADES)
    return grade.color if grade else EFFECT_MISSING.color


def name_areas(axes: Axes, areas: gpd.GeoDataFrame) -> None:
    """Write the name and the share lost on each area that has room for it."""
    frame = shapely.box(*VIEW).buffer(-150)
    for area in areas.itertuples():
        part = shapely.intersection(area.geometry, frame)
        if part.is_empty:
            continue
        spot = shapely.maximum_inscribed_circle(part)
        x, y = shapely.get_coordinates(spot)[0]
        value = float(getattr(area, HEADLINE))
        share = "" if area.residents < FEW_HOMES else f"\n{value:.0%}".replace("%", " %")
        axes.text(
            x, y, f"{area.name}{share}", ha="center", va="center", fontsize=7, fontweight="bold", color=INK, zorder=8,
            linespacing=1.15, path_effects=[patheffects.withStroke(linewidth=2.2, foreground="white", alpha=0.9)],
        )  # fmt: skip


def explain(axes: Axes) -> None:
    """Write legend, scale and source on the sea, where there is room."""
    west, south, east, north = VIEW
    road = kind_style("road", BARRIER_KINDS).color
    land = kind_style("land", BARRIER_KINDS)
    lost = [Patch(facecolor=g.color, edgecolor="#8a8f98", linewidth=0.4, label=g.label_en) for g in EFFECT_GRADES]
    dot = Line2D([], [], marker="o", linestyle="", color="white", markeredgecolor=INK, markeredgewidth=0.6)
    dot.set(markersize=4.5, label="Place to cross")
    marks = [
        Line2D([], [], color=road, linewidth=2.5, label="Big road"),
        dot,
        Patch(color=land.color, label=land.label_en),
    ]
    legend = axes.legend(
        handles=[*lost, *marks], title="Places within 15 minutes' walk\nlost to barriers", title_fontproperties={
            "size": 7.5, "weight": "bold"}, alignment="left", loc="lower right", bbox_to_anchor=(0.985, 0.06),
        fontsize=7, frameon=False, labelcolor=INK, labelspacing=0.45,
    )  # fmt: skip
    legend.set_zorder(9)
    x, y = east - 0.30 * (east - west), south + 0.035 * (north - south)
    axes.plot([x, x + 500], [y, y], color=INK, linewidth=1.6, zorder=9)
    axes.text(x, y + 22, "500 m", fontsize=6.5, color=INK, zorder=9)
    axes.text(
        east - 0.012 * (east - west), south + 0.014 * (north - south), "© OpenStreetMap contributors, ODbL",
        fontsize=6, color="#4b5563", ha="right", zorder=9,
    )  # fmt: skip


if __name__ == "__main__":
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        main()
