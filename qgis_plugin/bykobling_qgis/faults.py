"""What is wrong with the data, told so that a planner can mend it, and shown where it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsFields,
    QgsGeometry,
    QgsVectorLayer,
)

from .compat import make_field
from .i18n import tr

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .wire import EngineError

COLUMNS = ("severity", "file", "where", "rule", "remedy")
"""Columns of the error layer."""

CRS = "EPSG:4326"
"""CRS of the error layer."""

_ROWS = re.compile(r"\brows? (\d+(?:, \d+)*)")


def sentence(fault: dict[str, Any]) -> str:
    """Tell one fault in a line: where, what, and how to mend it."""
    place = ": ".join(str(part) for part in (fault.get("file"), fault.get("where")) if part)
    told = f"{place}: {fault.get('rule', '')}" if place else str(fault.get("rule", ""))
    remedy = str(fault.get("remedy", "")).rstrip(".")
    return f"{told.rstrip('.')}. {tr('Remedy')}: {remedy}." if remedy else told


def message_of(error: EngineError) -> str:
    """Tell an error of the engine: everything that must be mended on a line of its own, else its message."""
    errors = [fault for fault in error.faults if fault.get("severity") != "warning"]
    return "\n".join(sentence(fault) for fault in errors or error.faults) or error.message


def fields() -> QgsFields:
    """Give the columns of the error layer."""
    made = QgsFields()
    for name in COLUMNS:
        made.append(make_field(name, "text"))
    return made


def rows_of(
    faults: Sequence[dict[str, Any]], layer: str | None, folder: Path
) -> Iterator[tuple[list[str], QgsGeometry]]:
    """Give the rows of the error layer: a point for each place, one row without for a fault that has none.

    Parameters
    ----------
    faults : sequence of dict
        As the engine tells them.
    layer : str or None
        The engine's GeoPackage of those with a place.
    folder : Path
        Of the layers that were handed over, to find the rows of those the engine did not place.

    Yields
    ------
    list of str, QgsGeometry
        Values of `COLUMNS`, and a point in `CRS`; a null geometry where there is no place.
    """
    placed = _placed(layer) if layer else {}
    for fault in faults:
        values = [str(fault.get(name, "") or "") for name in COLUMNS]
        points = placed.get(_key(fault)) or _points(fault, folder)
        for point in points or [QgsGeometry()]:
            yield values, point


def _key(fault: dict[str, Any]) -> tuple[str, str, str]:
    return str(fault.get("file", "")), str(fault.get("where", "")), str(fault.get("rule", ""))


def _placed(path: str) -> dict[tuple[str, str, str], list[QgsGeometry]]:
    """Read the points the engine gave its faults."""
    layer = QgsVectorLayer(path, "faults", "ogr")
    found: dict[tuple[str, str, str], list[QgsGeometry]] = {}
    for feature in layer.getFeatures():
        fault = {name: feature[name] for name in ("file", "where", "rule")}
        found.setdefault(_key(fault), []).append(QgsGeometry(feature.geometry()))
    return found


def _points(fault: dict[str, Any], folder: Path) -> list[QgsGeometry]:
    """Give a point on each row a fault names, from the layer that was handed over."""
    numbers = {int(one) for found in _ROWS.finditer(str(fault.get("where", ""))) for one in found[1].split(", ")}
    path = folder / str(fault.get("file", "")).partition("|")[0]
    if not numbers or path.suffix != ".gpkg" or not path.is_file():
        return []
    layer = QgsVectorLayer(str(path), "rows", "ogr")
    target = QgsCoordinateReferenceSystem(CRS)
    transform = QgsCoordinateTransform(layer.crs(), target, QgsCoordinateTransformContext())
    points = []
    for number, feature in enumerate(layer.getFeatures(), start=1):
        point = feature.geometry().pointOnSurface() if number in numbers else QgsGeometry()
        if point.isNull():
            continue
        try:
            point.transform(transform)
        except QgsCsException:  # outside what its CRS covers: that is its fault, and it has no place
            continue
        points.append(point)
    return points
