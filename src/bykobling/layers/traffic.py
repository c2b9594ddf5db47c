"""Traffic counts out of a user's layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling import _check
from bykobling._check import ROW
from bykobling.errors import Fault
from bykobling.layers.columns import amounts, chosen, objects, take, text
from bykobling.layers.source import LINES, Source, open_layer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bykobling.layers.where import Where


def read_traffic_layer(
    source: Source,
    *,
    columns: Mapping[str, str | None] | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read traffic counts of the user's.

    Parameters
    ----------
    source : path or GeoDataFrame
        Points or lines. Columns read: ``aadt`` (vehicles a day, annual average), which must be there, and ``name``
        (of the street) where there is one.
    columns : mapping, optional
        Documented name -> name in the file, e.g. ``{"aadt": "aadt_koretojer"}``; None leaves a column unread.
    crs : optional
        Metric CRS to project to; the local UTM zone by default.
    layer : str, optional
        Layer of the file.
    where : str or Where, optional
        Which rows to read, e.g. those of one year: a condition, or for files an attribute filter in SQL.
    faults : list of Fault, optional
        A collector, as in `read_areas`.

    Returns
    -------
    GeoDataFrame
        ``aadt`` (above 0) and ``name``. Rows without a shape, and without a count or with a count of 0, which
        registers write where nobody counted, are left out with a warning.

    Raises
    ------
    InputError
        With every fault found; also where no row has a count.

    Examples
    --------
    >>> import shapely
    >>> table = gpd.GeoDataFrame({"adt": [18_000, 0]}, geometry=shapely.points([(0, 0), (9, 9)]), crs=25832)
    >>> read_traffic_layer(table, columns={"aadt": "adt"}, crs=25832)["aadt"].tolist()
    [18000.0]
    """
    column = (columns or {}).get("aadt") or "aadt"
    named = {**(columns or {}), "aadt": column}
    table, label, found = open_layer(
        source, kinds=("Point", *LINES), needed=chosen(named), crs=crs, layer=layer, where=where, name="counts",
        absent="warning",
    )  # fmt: skip
    at = table[ROW].to_list()
    number, wrong = amounts(take(table, "aadt", None, named), file=label, at=at)
    found += wrong
    counted = (number > 0).to_numpy(bool)
    blank = (number == 0).to_numpy(bool) | table[column].isna().to_numpy(bool)
    place = f"column {column}"
    if not counted.any():
        found.append(Fault(label, place, "it holds no count above 0", "choose another column or layer"))
    elif blank.any():
        rule = f"{_check.rows(np.asarray(at)[blank])} of {len(table)} hold no count, or 0, and are left out"
        found.append(Fault(label, place, rule, "nothing needs doing if nobody counted there", "warning"))
    _check.settle(found, faults)
    result = pd.DataFrame({"aadt": number.to_numpy(), "name": objects(text(take(table, "name", None, named)))})
    return gpd.GeoDataFrame(result, geometry=table.geometry.to_numpy(), crs=table.crs)[counted].reset_index(drop=True)
