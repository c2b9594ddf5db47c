"""What every GeoPackage of ours has in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

if TYPE_CHECKING:
    import pandas as pd

GPKG_VERSION = "1.2"
WRITE_ERRORS = (DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError)


def free_fid(frame: pd.DataFrame) -> str:
    """Choose a name for the row number that no column has, whatever its case."""
    taken = {str(column).lower() for column in frame.columns}
    name = "fid"
    while name in taken:
        name = f"{name}_"
    return name
