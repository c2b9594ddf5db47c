"""The picture of a noise map by itself, with its legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Patch

from bykobling.palette import NOISE_GRADES, NOISE_UNKNOWN
from bykobling.report._drawing import saved
from bykobling.report._file import write_whole
from bykobling.report.maps import noise_figure
from bykobling.report.noise_texts import NOISE_TEXTS

if TYPE_CHECKING:
    import os

    import geopandas as gpd

    from bykobling.palette import Language
    from bykobling.results import NoiseGrid

_DPI = 150


def write_noise_picture(
    grid: NoiseGrid, areas: gpd.GeoDataFrame, path: str | os.PathLike[str], *, language: Language = "en"
) -> None:
    """Write a PNG of levels over the land, under the outlines of areas.

    Parameters
    ----------
    grid : NoiseGrid
        The levels.
    areas : GeoDataFrame
        With ``group``; same CRS.
    path : path-like
        File to write; its folder must exist.
    language : {"en", "da"}
        Language of the legend.

    Raises
    ------
    OutputError
        Where the file cannot be written; an earlier one is untouched.
    """
    figure, _ = noise_figure(grid, areas, osm=True)
    text = NOISE_TEXTS[language]
    source, _, metric = grid.name.partition("_")
    title = f"{text[source].capitalize()}, {metric.capitalize()}"
    styles = (*NOISE_GRADES, NOISE_UNKNOWN)
    figure.axes[0].legend(
        handles=[Patch(facecolor=style.color, edgecolor="#8a8f98", label=style.label(language)) for style in styles],
        title=f"{title} ({text['estimated_tag']})" if grid.screening else title,
        loc="upper right", fontsize=7, title_fontsize=7.5, framealpha=0.9,
    ).set_zorder(11)  # fmt: skip
    write_whole(path, saved(figure, "png", dpi=_DPI), what="picture")
