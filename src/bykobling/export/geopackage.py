"""One GeoPackage with every layer, the plain tables and the styles QGIS draws them with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bykobling.export._gpkg import GEOMETRY_COLUMN, write_gpkg
from bykobling.export.tables import gaps_table, measured_tables, notes_table, with_index

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import geopandas as gpd

    from bykobling.palette import Language
    from bykobling.results import Results

# Layer, name of its index, geometry type; listed as a layer tree should stand, points on top.
_LAYERS = (
    ("entries", "entry_id", "Point"),
    ("stops", "stop_number", "Point"),
    ("crossings", "crossing_id", "Point"),
    ("unlinked", "point_id", "Point"),
    ("residents", "resident_id", "Point"),
    ("noise", "home_id", "Point"),
    ("severance", "sample_id", "MultiLineString"),
    ("lines", "line_number", "MultiLineString"),
    ("barriers", "barrier_id", "MultiPolygon"),
    ("streets", "street_id", "MultiLineString"),
    ("areas", "area_id", "MultiPolygon"),
)

STYLES = "bykobling.export.qml:layer_styles"
"""As a second process is asked for them."""


def layer_columns(results: Results) -> dict[str, list[str]]:
    """List the columns of each layer: what its styles are made of, and no more.

    Parameters
    ----------
    results : Results
        What a run found.

    Returns
    -------
    dict of str to list of str
        Without layers that were not measured.
    """
    return {layer: [str(name) for name in frame.columns] for layer, frame in _measured(results).items()}


def _measured(results: Results) -> dict[str, gpd.GeoDataFrame]:
    """Take the layers there are."""
    frames = {layer: getattr(results, layer) for layer, _, _ in _LAYERS}
    return {layer: frame for layer, frame in frames.items() if frame is not None}


def write_geopackage(
    results: Results, path: Path, *, language: Language = "en", styles: Callable[[], list[dict[str, Any]]] | None = None
) -> None:
    """Write all tables of a run into one new GeoPackage.

    Parameters
    ----------
    results : Results
        What a run found.
    path : Path
        File to write; must not exist.
    language : {"en", "da"}
        Language of the style a layer opens with.
    styles : callable, optional
        Gives the styles; by default they are made here.

    Raises
    ------
    OutputError
        Where the file cannot be written, e.g. on a full disk.
    """
    frames = _measured(results)
    layers: dict[str, tuple[gpd.GeoDataFrame, str]] = {
        layer: (with_index(frames[layer], index), geometry_type)
        for layer, index, geometry_type in _LAYERS
        if layer in frames
    }
    tables = {
        "shares": results.shares.reset_index(drop=True),
        "gaps": gaps_table(results),
        "notes": notes_table(results),
        **measured_tables(results),
    }

    def made_here() -> list[dict[str, Any]]:
        from bykobling.export.qml import layer_styles  # noqa: PLC0415 - imports jinja2

        return layer_styles(layer_columns(results), geometry_column=GEOMETRY_COLUMN, language=language)

    earlier = "Results of an earlier run are untouched"
    write_gpkg(path, layers, tables, styles=styles or made_here, earlier=earlier)
