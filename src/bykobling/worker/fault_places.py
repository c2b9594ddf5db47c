"""Where faults lie on the map: the rows of layers they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio

from bykobling.worker.layers import write_layer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling._types import Progress
    from bykobling.errors import Fault
    from bykobling.study import Study

DEGREES = "EPSG:4326"
COLUMNS = ("file", "where", "rule", "remedy", "severity")
_ROWS = re.compile(r"\brows? (\d+(?:, \d+)*)")


def write_fault_layer(
    path: Path, study: Study, faults: Sequence[Fault], *, progress: Progress | None = None
) -> Path | None:
    """Draw the faults that name rows of a layer and, where there is no error, what is odd on the map.

    Parameters
    ----------
    path : Path
        A GeoPackage; replaced in one go.
    study : Study
        Names the files.
    faults : sequence of Fault
        What is wrong.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Path or None
        None where no fault has a place; nothing is written then.

    Raises
    ------
    OutputError
        Where it cannot be written.
    """
    from bykobling.worker.check_places import odd_places  # noqa: PLC0415 - it takes the columns from here

    table = fault_points(study, faults)
    if not any(one.severity == "error" for one in faults):
        odd = odd_places(study, progress=progress)
        table = pd.concat([one for one in (table, odd) if len(one)] or [table], ignore_index=True)
    if not len(table):
        return None
    write_layer(path, table, layer="faults", geometry_type="Point")
    return path


def fault_points(study: Study, faults: Sequence[Fault]) -> gpd.GeoDataFrame:
    """Find the places of faults.

    Parameters
    ----------
    study : Study
        Names the files.
    faults : sequence of Fault
        What is wrong.

    Returns
    -------
    GeoDataFrame
        In degrees: ``file``, ``where``, ``rule``, ``remedy``, ``severity`` and one point a row named.
    """
    rows: list[dict[str, Any]] = []
    points: list[Any] = []
    for fault in faults:
        numbers = [int(one) for found in _ROWS.finditer(fault.where) for one in found.group(1).split(", ")]
        for point in _points_of(study, fault.file, numbers) if numbers else []:
            rows.append({name: getattr(fault, name) for name in COLUMNS})
            points.append(point)
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points, crs=DEGREES), crs=DEGREES)


def _points_of(study: Study, label: str, numbers: list[int]) -> list[Any]:
    """Give a point on each of some rows (from 1) of a layer, in degrees; rows without a shape have none."""
    name, _, layer = label.partition("|")
    file = next((one for one in study.input_files() if one.name == name), None)
    if file is None or file.suffix.lower() in {".zip", ".toml", ".pbf", ".osm", ".json"}:
        return []
    try:
        table = pyogrio.read_dataframe(file, layer=layer or None, columns=[])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError):
        return []  # a layer that cannot be read has told so itself
    if not isinstance(table, gpd.GeoDataFrame) or table.crs is None:
        return []
    chosen = table.geometry.iloc[[number - 1 for number in numbers if 1 <= number <= len(table)]]
    chosen = chosen[chosen.notna() & ~chosen.is_empty]
    points = chosen.representative_point().to_crs(DEGREES)
    return [one for one in points if np.isfinite([one.x, one.y]).all()]
