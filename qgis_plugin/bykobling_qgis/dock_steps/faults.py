"""What is wrong with the data: a table, and a layer of what has a place."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QHeaderView, QVBoxLayout, QWidget

from ..i18n import tr
from ..layers import layer_names, load_layer
from .parts import Table, paragraph

if TYPE_CHECKING:
    from .session import Session

KEY = ("file", "where", "rule")
TIP = '<b>[% "file" %]: [% "where" %]</b><br>[% "rule" %]<br><i>[% "remedy" %]</i>'
"""What is shown when the pointer rests on a fault."""


class FaultsPanel(QWidget):
    """Lists faults, and shows on the map those with a place.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._layer_id = ""
        self._round = 0
        self.verdict = paragraph()
        self.table = Table([tr("What is wrong"), tr("What to do")])
        self.table.setWordWrap(True)
        self.table.horizontalHeader().setStretchLastSection(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self.table.resizeRowsToContents())
        self.table.setToolTip(tr("Click a row to see the place on the map"))
        self.table.itemSelectionChanged.connect(self._zoom)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.verdict)
        layout.addWidget(self.table)
        self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self.setVisible(False)
        self.verdict.setText("")
        self.verdict.setVisible(False)
        self.table.setVisible(False)

    def ask(self) -> None:
        """Check the study."""
        self._round += 1
        file = scratch(self._session.folder()) / f"check_{self._round}.gpkg"
        params = {"study": self._session.study, "layer": str(file)}
        self._session.ask("check", params, self._show, text=tr("Checking the data"))

    def _show(self, answer: dict[str, Any]) -> None:
        faults = list(answer.get("faults") or [])
        errors = sum(fault.get("severity") == "error" for fault in faults)
        if not faults:
            text = tr("Nothing is wrong with the data.")
        elif not errors:
            text = tr("The study can be measured. Worth knowing: {n}.").format(n=len(faults))
        else:
            told = tr("Must be mended before the study can be measured: {errors}. Worth knowing: {others}.")
            text = told.format(errors=errors, others=len(faults) - errors)
        self.verdict.setText(text)
        self.setVisible(True)
        self.verdict.setVisible(True)
        mark = {"error": "\N{HEAVY BALLOT X} ", "warning": "\N{WARNING SIGN} "}
        ranked = sorted(faults, key=lambda one: one.get("severity") != "error")
        rows = [
            (
                f"{mark.get(str(fault.get('severity')), '')}{_place(fault)}\n{fault.get('rule', '')}",
                str(fault.get("remedy", "")),
            )
            for fault in ranked
        ]
        self.table.fill(rows, [_key(fault) for fault in ranked])
        self.table.setVisible(bool(rows))
        # the columns have their width once the table is shown
        QTimer.singleShot(0, self.table.resizeRowsToContents)
        if answer.get("layer"):
            self._load(str(answer["layer"]))

    def _load(self, file: str) -> None:
        """Put the error layer on top of the map, in place of the last one."""
        names = layer_names(file)
        layer = load_layer(file, names[0]) if names else None
        if layer is None:
            return
        layer.setName(tr("What is wrong with the data"))
        layer.setMapTipTemplate(TIP)
        project = QgsProject.instance()
        if self._layer_id and project.mapLayer(self._layer_id) is not None:
            project.removeMapLayer(self._layer_id)
        self._layer_id = layer.id()

    def _zoom(self) -> None:
        """Show the places of the chosen fault."""
        layer = QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None
        key = self.table.chosen()
        if not isinstance(layer, QgsVectorLayer) or key is None:
            return
        found = [
            feature.id() for feature in layer.getFeatures() if _key({name: feature[name] for name in KEY}) == tuple(key)
        ]
        if found:
            canvas = self._session.iface.mapCanvas()
            canvas.zoomToFeatureIds(layer, found)
            canvas.flashFeatureIds(layer, found)


def _key(fault: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(fault.get(name) or "") for name in KEY)


def _place(fault: dict[str, Any]) -> str:
    return ": ".join(str(part) for part in (fault.get("file"), fault.get("where")) if part)


def scratch(folder: str) -> Path:
    """Find a folder for layers that are made again and again: beside the study where that can be written."""
    beside = Path(folder) / "bykobling_layers"
    try:
        beside.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=beside):
            return beside
    except OSError:
        return Path(tempfile.mkdtemp(prefix="bykobling_"))
