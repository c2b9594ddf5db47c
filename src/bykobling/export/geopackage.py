"""One GeoPackage with every layer, the plain tables and the styles QGIS draws them with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyogrio

from bykobling.errors import OutputError
from bykobling.export._gpkg import GPKG_VERSION, WRITE_ERRORS, free_fid
from bykobling.export.qml import layer_styles
from bykobling.export.tables import gaps_table, measured_tables, notes_table, with_index

if TYPE_CHECKING:
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
    ("severance", "sample_id", "MultiLineString"),
    ("lines", "line_number", "MultiLineString"),
    ("barriers", "barrier_id", "MultiPolygon"),
    ("streets", "street_id", "MultiLineString"),
    ("areas", "area_id", "MultiPolygon"),
)
GEOMETRY_COLUMN = "geom"
# The newest version that QGIS 3.22 reads without a warning.


def write_geopackage(results: Results, path: Path, *, language: Language = "en") -> None:
    """Write all tables of a run into one new GeoPackage.

    Parameters
    ----------
    results : Results
        What a run found.
    path : Path
        File to write; must not exist.
    language : {"en", "da"}
        Language of the style a layer opens with.

    Raises
    ------
    OutputError
        Where the file cannot be written, e.g. on a full disk.
    """
    try:
        for layer, index, geometry_type in _LAYERS:
            measured = getattr(results, layer)
            if measured is None:
                continue
            frame: gpd.GeoDataFrame = with_index(measured, index)
            pyogrio.write_dataframe(
                frame,
                path,
                layer=layer,
                driver="GPKG",
                geometry_type=geometry_type,
                promote_to_multi=geometry_type.startswith("Multi"),
                append=path.exists(),
                dataset_options=None if path.exists() else {"VERSION": GPKG_VERSION},
                layer_options={"GEOMETRY_NAME": GEOMETRY_COLUMN, "FID": free_fid(frame)},
            )
        tables = {
            "shares": results.shares.reset_index(drop=True),
            "gaps": gaps_table(results),
            "notes": notes_table(results),
            **measured_tables(results),
        }
        for layer, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=layer, driver="GPKG", append=True)
        styles = pd.DataFrame(layer_styles(results, geometry_column=GEOMETRY_COLUMN, language=language))
        pyogrio.write_dataframe(
            styles, path, layer="layer_styles", driver="GPKG", append=True, layer_options={"FID": "id"}
        )
    except WRITE_ERRORS as error:
        raise OutputError(
            f"{path.name} cannot be written: {error}. Results of an earlier run are untouched. "
            "Remedy: free some space on the disk, or choose a folder you may write to."
        ) from error
