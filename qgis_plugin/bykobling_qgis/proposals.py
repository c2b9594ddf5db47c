"""The layer "Proposals": what the planner draws, saved beside the study as ``bykobling assess`` reads it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qgis.core import (
    QgsCoordinateTransform,
    QgsFeature,
    QgsFeatureRequest,
    QgsFields,
    QgsGeometry,
    QgsProject,
    QgsVectorFileWriter,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QObject, QTimer, QVariant, pyqtSignal

from .compat import make_field
from .i18n import tr
from .proposals_look import dress, kind_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransformContext

FILE = "proposals.gpkg"
LAYER = "proposals"

KINDS = ("bridge", "underpass", "path", "signal", "zebra", "refuge", "stairs", "ramp")
"""What may be drawn and answered at once."""
COLUMNS = ("line_id", "proposal", "kind", "name", "mode", "width_m", "delay_s", "gradient_pct")
_NUMBERS = ("width_m", "delay_s", "gradient_pct")


class ProposalsError(Exception):
    """The layer cannot be made, opened or saved; the message is for the planner."""


@dataclass(frozen=True)
class Line:
    """One drawn line.

    Parameters
    ----------
    line_id : str
        The same before and after saving.
    feature_id : int
        Of the layer; another one after saving.
    kind, proposal, name, mode : str
        As `bykobling assess` reads them; ``mode`` is empty for walk and bike.
    geometry : QgsGeometry
        In the CRS of the layer.
    """

    line_id: str
    feature_id: int
    kind: str
    proposal: str
    name: str
    mode: str
    geometry: QgsGeometry

    def same_question(self, other: Line) -> bool:
        """Tell whether the engine would answer the same."""
        return (self.kind, self.mode, self.geometry.asWkb()) == (other.kind, other.mode, other.geometry.asWkb())

    def title(self) -> str:
        """Give what the planner calls it."""
        return self.name or self.proposal or kind_names().get(self.kind, self.kind)


class Proposals(QObject):
    """The layer of proposals of one study.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    """

    changed = pyqtSignal()
    """A line was added, moved, changed, taken back, or the layer left the project; told once for many changes."""
    failed = pyqtSignal(str)
    """A sentence for the planner."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._layer: QgsVectorLayer | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.changed)

    @property
    def layer(self) -> QgsVectorLayer | None:
        """The layer, if it is open."""
        return self._layer

    def file(self) -> str:
        """Give the path of the GeoPackage, empty if none is open."""
        return "" if self._layer is None else self._layer.source().split("|")[0]

    def open(self, folder: str, crs: QgsCoordinateReferenceSystem) -> QgsVectorLayer:
        """Open the layer of a study, and make it where there is none.

        Parameters
        ----------
        folder : str
            Folder of the study.
        crs : QgsCoordinateReferenceSystem
            Of a new layer.

        Returns
        -------
        QgsVectorLayer
            In the project.
        """
        file = Path(folder) / FILE
        if self._layer is not None and Path(self.file()) == file:
            return self._layer
        self.release()
        project = QgsProject.instance()
        known = [layer for layer in project.mapLayers().values() if Path(layer.source().split("|")[0]) == file]
        layer = next((one for one in known if isinstance(one, QgsVectorLayer) and one.isValid()), None)
        if layer is None:
            if not file.exists():
                _make(file, crs, project.transformContext())
            layer = QgsVectorLayer(f"{file}|layername={_only_layer(file)}", tr("Proposals"), "ogr")
            if not layer.isValid():
                raise ProposalsError(
                    tr("{file} cannot be opened as a layer. Rename it, and draw again.").format(file=file)
                )
            dress(layer)
            project.addMapLayer(layer, False)
            project.layerTreeRoot().insertLayer(0, layer)
        missing = [name for name in ("kind", "proposal") if layer.fields().lookupField(name) < 0]
        if missing:
            raise ProposalsError(
                tr(
                    "{file} has no column {names}, so it is not a layer of proposals. Rename it, and draw again."
                ).format(file=file, names=", ".join(missing))
            )
        self._layer = layer
        for signal in self._signals(layer):
            signal.connect(self._soon_changed)
        layer.willBeDeleted.connect(self._lost)
        self._soon_changed()
        return layer

    def release(self) -> None:
        """Save, and let go of the layer; it stays in the project."""
        layer = self._layer
        if layer is None:
            return
        self.save(stop=True)
        self._layer = None
        for signal in self._signals(layer):
            signal.disconnect(self._soon_changed)
        layer.willBeDeleted.disconnect(self._lost)
        self._soon_changed()

    def add(self, geometry: QgsGeometry, crs: QgsCoordinateReferenceSystem, kind: str) -> str:
        """Add a line as a proposal of its own; undo takes it back.

        Parameters
        ----------
        geometry : QgsGeometry
            The line.
        crs : QgsCoordinateReferenceSystem
            Its CRS.
        kind : str
            One of `KINDS`.

        Returns
        -------
        str
            Its ``line_id``.
        """
        layer = self._opened()
        if not layer.isEditable() and not layer.startEditing():
            raise ProposalsError(
                tr("The layer of proposals cannot be edited: {file} is read-only.").format(file=self.file())
            )
        line = QgsGeometry(geometry)
        line.transform(QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance().transformContext()))
        if QgsWkbTypes.isMultiType(layer.wkbType()):
            line.convertToMultiType()
        name = self._free_name(kind)
        line_id = uuid.uuid4().hex[:12]
        feature = QgsFeature(layer.fields())
        for column, value in (("line_id", line_id), ("proposal", name), ("kind", kind), ("name", name)):
            if layer.fields().lookupField(column) >= 0:
                feature.setAttribute(column, value)
        feature.setGeometry(line)
        with self._command(tr("Draw {name}").format(name=name)):
            if not layer.addFeature(feature):
                raise ProposalsError(tr("The line could not be added to the layer of proposals."))
        layer.triggerRepaint()
        return line_id

    def remove(self, line_id: str) -> None:
        """Take a line away; undo brings it back."""
        layer = self._opened()
        found = [line.feature_id for line in self.lines() if line.line_id == line_id]
        if found and (layer.isEditable() or layer.startEditing()):
            with self._command(tr("Take a line away")):
                layer.deleteFeatures(found)
            layer.triggerRepaint()

    def set_kind(self, line_id: str, kind: str) -> None:
        """Make another kind of a line."""
        layer = self._opened()
        column = layer.fields().lookupField("kind")
        found = [line.feature_id for line in self.lines() if line.line_id == line_id]
        if found and (layer.isEditable() or layer.startEditing()):
            with self._command(tr("Change the kind")):
                layer.changeAttributeValue(found[0], column, kind)
            layer.triggerRepaint()

    def undo(self) -> bool:
        """Take back the last change.

        Returns
        -------
        bool
            False where there is none since the last saving.
        """
        layer = self._layer
        if layer is None or not layer.undoStack().canUndo():
            return False
        layer.undoStack().undo()
        layer.triggerRepaint()
        return True

    def can_undo(self) -> bool:
        """Tell whether there is anything to take back."""
        return self._layer is not None and bool(self._layer.undoStack().canUndo())

    def save(self, *, stop: bool = False) -> bool:
        """Write what was drawn to the file.

        Parameters
        ----------
        stop : bool
            Leave the editing of the layer, too.

        Returns
        -------
        bool
            False where it could not be written (`failed` tells why); nothing drawn is lost then.
        """
        layer = self._layer
        if layer is None or not layer.isEditable():
            return True
        if layer.commitChanges(stop):
            return True
        reasons = " ".join(layer.commitErrors())
        self.failed.emit(tr("The proposals could not be saved to {file}: {why}").format(file=self.file(), why=reasons))
        return False

    def lines(self) -> list[Line]:
        """List what is drawn, in the order it was drawn."""
        layer = self._layer
        if layer is None:
            return []
        found: list[Line] = []
        taken: set[str] = set()
        features = sorted(layer.getFeatures(QgsFeatureRequest()), key=lambda one: (one.id() < 0, abs(one.id())))
        names = [field.name() for field in layer.fields()]
        for feature in features:
            if not feature.hasGeometry() or feature.geometry().isEmpty():
                continue
            told = {name: _text(feature[name]) if name in names else "" for name in COLUMNS}
            # drawn with another tool, or one of the halves of a line that was split
            line_id = told["line_id"] if told["line_id"] and told["line_id"] not in taken else f"fid{feature.id()}"
            taken.add(line_id)
            found.append(
                Line(
                    line_id, feature.id(), told["kind"].lower(), told["proposal"], told["name"], told["mode"].lower(),
                    QgsGeometry(feature.geometry()),
                )
            )  # fmt: skip
        return found

    def drawn(self) -> bool:
        """Tell whether anything is drawn, without reading it."""
        return self._layer is not None and self._layer.featureCount() > 0

    def line(self, line_id: str) -> Line | None:
        """Find one line."""
        return next((one for one in self.lines() if one.line_id == line_id), None)

    def _opened(self) -> QgsVectorLayer:
        if self._layer is None:
            raise ProposalsError(tr("There is no layer of proposals. Choose a study first."))
        return self._layer

    def _free_name(self, kind: str) -> str:
        word = kind_names().get(kind, kind)
        taken = {text for line in self.lines() for text in (line.name, line.proposal)}
        number = 1
        while f"{word} {number}" in taken:
            number += 1
        return f"{word} {number}"

    @contextmanager
    def _command(self, text: str) -> Iterator[None]:
        """Make one step of undo of what is done inside, or none at all."""
        layer = self._opened()
        layer.beginEditCommand(text)
        try:
            yield
        except ProposalsError:
            layer.destroyEditCommand()
            raise
        layer.endEditCommand()

    @staticmethod
    def _signals(layer: QgsVectorLayer) -> tuple:
        return (
            layer.featureAdded,
            layer.featureDeleted,
            layer.geometryChanged,
            layer.attributeValueChanged,
            layer.editingStopped,
        )

    def _soon_changed(self, *_: object) -> None:
        self._soon.start()

    def _lost(self) -> None:
        """Let go of a layer the planner took out of the project."""
        self._layer = None
        self._soon_changed()


def _make(file: Path, crs: QgsCoordinateReferenceSystem, context: QgsCoordinateTransformContext) -> None:
    """Write an empty layer of proposals."""
    fields = QgsFields()
    for name in COLUMNS:
        fields.append(make_field(name, "real" if name in _NUMBERS else "text"))
    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = LAYER
    options.fileEncoding = "UTF-8"
    writer = QgsVectorFileWriter.create(str(file), fields, QgsWkbTypes.Type.LineString, crs, context, options)
    wrong, why = writer.hasError(), writer.errorMessage()
    del writer  # closes the file
    if wrong:
        raise ProposalsError(tr("{file} cannot be written: {why}").format(file=file, why=why))


def _only_layer(file: Path) -> str:
    """Name the layer of a file: ours, or the only one of a file that was made elsewhere."""
    probe = QgsVectorLayer(str(file), "probe", "ogr")
    names = [text.split("!!::!!")[1] for text in probe.dataProvider().subLayers()] if probe.isValid() else []
    return LAYER if LAYER in names or not names else names[0]


def _text(value: object) -> str:
    """Read a cell; what is missing is empty."""
    if value is None or (isinstance(value, QVariant) and value.isNull()):
        return ""
    return str(value).strip()
