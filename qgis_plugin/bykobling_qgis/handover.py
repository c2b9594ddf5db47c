"""Layers handed to the engine as GeoPackages: memory layers, selections and any CRS become files it can read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qgis.core import (
    NULL,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsProcessingException,
    QgsVectorFileWriter,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from .compat import is_whole, make_field
from .i18n import tr

if TYPE_CHECKING:
    from pathlib import Path

    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsFeatureIterator,
        QgsField,
        QgsProcessingFeatureSource,
        QgsProcessingFeedback,
        QgsVectorLayer,
    )

# Names of our own for what GeoPackage adds, so that a column "fid" or "geom" of the planner's stays one.
_LAYER_OPTIONS = ["FID=_row", "GEOMETRY_NAME=_shape"]
_RESERVED = frozenset({"_row", "_shape", "geometry"})


@dataclass(frozen=True)
class Snapshot:
    """A layer as it is now, edits and all, to be read in any thread.

    Parameters
    ----------
    source : QgsAbstractFeatureSource or QgsProcessingFeatureSource
        Gives its features.
    name : str
        What the planner calls it.
    fields : QgsFields
        Its columns.
    wkb_type : QgsWkbTypes.Type
        Of its geometries.
    crs : QgsCoordinateReferenceSystem
        Its CRS.
    """

    source: Any
    name: str
    fields: QgsFields
    wkb_type: Any
    crs: QgsCoordinateReferenceSystem

    @classmethod
    def of_layer(cls, layer: QgsVectorLayer) -> Snapshot:
        """Take a layer of the project; only in its own thread."""
        return cls(QgsVectorLayerFeatureSource(layer), layer.name(), layer.fields(), layer.wkbType(), layer.crs())

    @classmethod
    def of_source(cls, source: QgsProcessingFeatureSource) -> Snapshot:
        """Take a source of an algorithm, which may be the selected features of a layer."""
        return cls(source, source.sourceName(), source.fields(), source.wkbType(), source.sourceCrs())

    def features(self) -> QgsFeatureIterator:
        """Give its features, in their order."""
        return self.source.getFeatures()


def write_layer(
    layer: Snapshot, path: Path, feedback: QgsProcessingFeedback, *, extra: dict[str, str] | None = None
) -> dict[str, str]:
    """Write a layer to a GeoPackage of its own, named like the file.

    Parameters
    ----------
    layer : Snapshot
        To be written; keeps its CRS.
    path : Path
        A new file.
    feedback : QgsProcessingFeedback
        Tells whether to stop.
    extra : dict, optional
        Columns of text to add, alike in every row.

    Returns
    -------
    dict
        What each column is called in the file.

    Raises
    ------
    QgsProcessingException
        If it cannot be written, holds nothing, or the user stopped it.
    """
    names = _names(layer.fields)
    fields = QgsFields()
    for field in layer.fields:
        fields.append(make_field(names[field.name()], _kind(field)))
    for name in extra or {}:
        fields.append(make_field(name, "text"))
    added = list((extra or {}).values())
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = path.stem
    options.fileEncoding = "UTF-8"
    options.layerOptions = _LAYER_OPTIONS
    wkb_type = QgsWkbTypes.multiType(QgsWkbTypes.linearType(QgsWkbTypes.flatType(layer.wkb_type)))
    path.parent.mkdir(parents=True, exist_ok=True)
    context = QgsCoordinateTransformContext()
    writer = QgsVectorFileWriter.create(str(path), fields, wkb_type, layer.crs, context, options)
    written = 0
    try:
        if writer.hasError() != QgsVectorFileWriter.WriterError.NoError:
            raise _failure(layer, writer)
        for feature in layer.features():
            if feedback.isCanceled():
                raise QgsProcessingException(tr("Stopped, as you asked."))
            if not writer.addFeature(_plain(feature, layer.fields, added, fields), QgsFeatureSink.Flag.FastInsert):
                raise _failure(layer, writer)
            written += 1
    finally:
        del writer  # which closes the file
    if not written:
        raise QgsProcessingException(tr("The layer {layer} is empty.").format(layer=layer.name))
    return names


def _failure(layer: Snapshot, writer: QgsVectorFileWriter) -> QgsProcessingException:
    text = tr("The layer {layer} cannot be handed to the engine: {why}")
    return QgsProcessingException(text.format(layer=layer.name, why=writer.errorMessage()))


def _kind(field: QgsField) -> str:
    """Tell how a column is written: what is no number is text, whatever the layer's format calls it."""
    if not field.isNumeric():
        return "text"
    return "int" if is_whole(field) else "real"


def _names(fields: QgsFields) -> dict[str, str]:
    """Name columns so that GeoPackage takes them: unlike each other, whatever their case."""
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for field in fields:
        name = wanted = field.name()
        number = 1
        while name.lower() in taken:
            number += 1
            name = f"{wanted}_{number}"
        taken.add(name.lower())
        names[field.name()] = name
    return names


def _plain(feature: QgsFeature, given: QgsFields, added: list[str], fields: QgsFields) -> QgsFeature:
    """Copy a feature with plain values, and straight lines for curves."""
    copy = QgsFeature(fields)
    copy.setAttributes([*(_value(value, field) for value, field in zip(feature.attributes(), given)), *added])
    geometry = feature.geometry()
    if not geometry.isNull():
        if QgsWkbTypes.isCurvedType(geometry.wkbType()):
            geometry.convertToStraightSegment()
        geometry.get().dropZValue()
        geometry.get().dropMValue()
        geometry.convertToMultiType()
        copy.setGeometry(geometry)
    return copy


def _value(value: Any, field: QgsField) -> Any:
    if value is None or value == NULL:
        return NULL
    if field.isNumeric():
        return int(value) if is_whole(field) else float(value)
    if isinstance(value, str):
        return value
    return value.toString() if hasattr(value, "toString") else str(value)
