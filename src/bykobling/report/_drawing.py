"""How maps are drawn: shapes and lines on a canvas, saved with the same bytes every time, as one data address."""

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

from bykobling.palette import BARRIER_KINDS, EFFECT_GRADES, NOISE_GRADES, TRANSIT_MODES

if TYPE_CHECKING:
    import geopandas as gpd
    from matplotlib.axes import Axes

WIDTH_IN = 7.2
_MAX_HEIGHT_IN = 7.6
# Above this a drawing is heavier as vectors than as a picture.
_MAX_VECTOR_POINTS = 20_000
# The picture of the streets within a vector drawing: so many pixels of street take the room of a point (Monaco's took
# 7 bytes a pixel; 35 bytes a point are what a drawing may take).
STREET_PIXELS_A_POINT = 5
VECTOR_DPI = 200
_MAX_BYTES = 700_000
# A path is cut there: it is drawn whole, and a city of streets would be more than that can hold.
_PATH_POINTS = 5_000
OSM_CREDIT = "© OpenStreetMap contributors, ODbL"


@dataclass(frozen=True)
class Picture:
    """A picture as a data address, with its size in CSS pixels."""

    address: str
    width: int
    height: int


def view_of(frame: gpd.GeoDataFrame) -> tuple[float, float, float, float]:
    """Frame what is to be seen, with a margin, never narrower than a book page nor wider than a strip."""
    west, south, east, north = frame.total_bounds
    margin = 0.04 * max(east - west, north - south, 200.0)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    width, height = max(east - west, 0.9 * (north - south)), north - south
    height = max(height, 0.5 * width)
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def canvas_for(view: tuple[float, float, float, float]) -> tuple[Figure, Axes]:
    """Make a figure of the shape of the view."""
    ratio = (view[3] - view[1]) / (view[2] - view[0])
    height = min(WIDTH_IN * ratio, _MAX_HEIGHT_IN)
    figure = Figure(figsize=(WIDTH_IN, height), dpi=100, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    return figure, axes


def in_view(frame: gpd.GeoDataFrame, view: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    """Keep what touches the view."""
    return frame[frame.geometry.notna() & frame.geometry.intersects(shapely.box(*view))]


def draw_polygons(
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


def draw_lines(
    axes: Axes, frame: gpd.GeoDataFrame, colors: list[str], *, width: float, order: float, raster: bool = False
) -> int:
    """Draw lines, in a colour each or one for all, and tell how many points they have."""
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    corners, line = shapely.get_coordinates(parts, return_index=True)
    if not len(corners):
        return 0
    begin = np.flatnonzero(np.r_[True, line[1:] != line[:-1]])
    each = np.asarray(colors, object)[np.zeros(len(begin), int) if len(colors) == 1 else owner[line[begin]]]
    # neighbours of one colour are one path: a path for each line takes longer to make than to draw
    piece = begin // _PATH_POINTS
    cut = np.flatnonzero((each[1:] != each[:-1]) | (piece[1:] != piece[:-1])) + 1
    codes = np.full(len(corners), Outline.LINETO, Outline.code_type)
    codes[begin] = Outline.MOVETO
    paths = [Outline(*both) for both in zip(np.split(corners, begin[cut]), np.split(codes, begin[cut]), strict=True)]
    collection = PathCollection(
        paths, facecolors="none", edgecolors=each[np.r_[0, cut]].tolist(), linewidths=width, zorder=order,
        capstyle="butt",
    )  # fmt: skip
    collection.set_rasterized(raster)
    axes.add_collection(collection)
    return len(corners)


def finish(axes: Axes, view: tuple[float, float, float, float], *, osm: bool) -> None:
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
            east - 0.01 * width, south + 0.012 * height, OSM_CREDIT,
            fontsize=6.5, color="#4b5563", ha="right", zorder=10, bbox=halo,
        )  # fmt: skip


def _steps() -> list[float]:
    """Round lengths for a scale bar, in metres."""
    return [factor * 10.0**power for power in range(6) for factor in (1, 2, 5)]


def picture_of(figure: Figure, points: int) -> Picture:
    """Save as vectors where that is light, else as a crisp picture."""
    width, height = (round(side * 100) for side in figure.get_size_inches())
    if points <= _MAX_VECTOR_POINTS:
        data = saved(figure, "svg", dpi=VECTOR_DPI)
        if len(data) <= _MAX_BYTES:
            return Picture(data_address("image/svg+xml", data), width, height)
    for dpi in (220, 170, 120, 80):
        data = saved(figure, "png", dpi=dpi)
        if len(data) <= _MAX_BYTES:
            break
    return Picture(data_address("image/png", data), width, height)


def saved(figure: Figure, kind: str, *, dpi: int) -> bytes:
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
        level
        for style in (*EFFECT_GRADES, *BARRIER_KINDS, *TRANSIT_MODES, *NOISE_GRADES)
        for level in ImageColor.getrgb(style.color)
    ]
    # a ninth of the picture tells its common colours
    common = picture.reduce(3).quantize(256 - len(own) // 3, dither=Image.Dither.NONE).getpalette() or []
    table = Image.new("P", (1, 1))
    table.putpalette((own + common)[:768])
    picture.quantize(palette=table, dither=Image.Dither.NONE).save(small, "png")
    return small.getvalue()


def data_address(kind: str, data: bytes) -> str:
    """Wrap bytes as a data address."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"
