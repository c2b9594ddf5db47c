"""One layer in one GeoPackage, written in one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bykobling.errors import Fault, InputError
from bykobling.export import atomic_folder
from bykobling.export._gpkg import write_gpkg

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd


def write_layer(path: Path, table: gpd.GeoDataFrame, *, layer: str, geometry_type: str) -> None:
    """Write a layer to a GeoPackage of its own.

    Parameters
    ----------
    path : Path
        Replaced in one go at the end.
    table : GeoDataFrame
        Its rows; may be empty.
    layer : str
        Name of the layer.
    geometry_type : str
        As GDAL calls it.

    Raises
    ------
    InputError
        Where the file is not to be a GeoPackage.
    OutputError
        Where it cannot be written; an earlier file is untouched.
    """
    if path.suffix.lower() != ".gpkg":
        rule = f"{path.name!r} does not end in .gpkg"
        raise InputError(Fault(str(path), "", rule, "choose a name that ends in .gpkg"))
    with atomic_folder(path.parent) as staging:
        write_gpkg(staging / path.name, {layer: (table, geometry_type)}, {}, earlier="An earlier file is untouched")
