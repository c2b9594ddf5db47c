"""How every GeoPackage of ours is written: layers, plain tables, and the styles QGIS draws them with."""

from __future__ import annotations

import threading
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio
from pandas.api.types import infer_dtype
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

from bykobling.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

GEOMETRY_COLUMN = "geom"
# The newest version that QGIS 3.22 reads without a warning.
_VERSION = "1.2"
_PLAIN = ("geometry", "str", "bool", "int8", "int16", "int32", "int64", "float32", "float64")
# GDAL takes whole columns from 3.8 on
_TAKES_COLUMNS = pyogrio.__gdal_version__ >= (3, 8)
_SYNCHRONOUS = "OGR_SQLITE_SYNCHRONOUS"
# GDAL has one setting for all threads
_SETTING = threading.Lock()
_WRITE_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)


def write_gpkg(
    path: Path,
    layers: Mapping[str, tuple[gpd.GeoDataFrame, str]],
    tables: Mapping[str, pd.DataFrame],
    *,
    styles: Callable[[], Sequence[dict[str, Any]]] | None = None,
    earlier: str,
) -> None:
    """Write layers (each with its geometry type), tables and, asked for at last, styles into one new file.

    `earlier` is what an error says of files that were there, e.g. "Results of an earlier run are untouched".
    """
    try:
        with _unhurried() if styles is not None else nullcontext():
            for layer, (frame, geometry_type) in layers.items():
                pyogrio.write_dataframe(
                    frame,
                    path,
                    layer=layer,
                    driver="GPKG",
                    geometry_type=geometry_type,
                    promote_to_multi=geometry_type.startswith("Multi"),
                    append=path.exists(),
                    use_arrow=_by_column(frame),
                    dataset_options=None if path.exists() else {"VERSION": _VERSION},
                    layer_options={"GEOMETRY_NAME": GEOMETRY_COLUMN, "FID": _free_fid(frame)},
                )
            for layer, table in tables.items():
                pyogrio.write_dataframe(
                    table, path, layer=layer, driver="GPKG", append=True, use_arrow=_by_column(table)
                )
        if styles is not None:
            # these wait for the disk, and with them all that was written before
            pyogrio.write_dataframe(
                pd.DataFrame(styles()), path, layer="layer_styles", driver="GPKG", append=True,
                layer_options={"FID": "id"},
            )  # fmt: skip
    except _WRITE_ERRORS as error:
        raise OutputError(
            f"{path.name} cannot be written: {error}. {earlier}. "
            "Remedy: free some space on the disk, or choose a folder you may write to."
        ) from error


@contextmanager
def _unhurried() -> Iterator[None]:
    """Let a new file wait for the disk once, with what is written last, not after every layer.

    GDAL has one setting for all: what else writes SQLite in this process meanwhile does not wait for the disk either.
    """
    with _SETTING:
        before = pyogrio.get_gdal_config_option(_SYNCHRONOUS)
        pyogrio.set_gdal_config_options({_SYNCHRONOUS: "OFF"})
        try:
            yield
        finally:
            pyogrio.set_gdal_config_options({_SYNCHRONOUS: before})


def _by_column(frame: pd.DataFrame) -> bool:
    """Tell whether columns may be handed over whole (Arrow), in less time than value by value.

    Only what comes to be the same field either way: numbers, flags and text. A user's own column of, say, flags among
    texts would become another kind of field.
    """
    return (
        _TAKES_COLUMNS
        and len(frame.columns) > 0
        and all(
            isinstance(name, str) and (column.dtype in _PLAIN or _is_text(column)) for name, column in frame.items()
        )
    )


def _is_text(column: pd.Series) -> bool:
    """Tell whether a column of objects holds text or nothing."""
    return column.dtype == object and infer_dtype(column, skipna=True) in {"string", "empty"}


def _free_fid(frame: pd.DataFrame) -> str:
    """Choose a name for the row number that no column has, whatever its case."""
    taken = {str(column).lower() for column in frame.columns}
    name = "fid"
    while name in taken:
        name = f"{name}_"
    return name
