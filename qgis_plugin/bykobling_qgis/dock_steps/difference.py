"""The layer of the homes that gain from the line that is chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsDataProvider, QgsProject, QgsVectorLayer

from ..i18n import tr

if TYPE_CHECKING:
    from .session import Session

STYLE = Path(__file__).parents[1] / "styles" / "homes_that_gain.qml"


class DifferenceLayer:
    """One layer in the project, showing one answer at a time.

    Parameters
    ----------
    session : Session
        Shared by the steps.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._layer_id = ""

    def layer(self) -> QgsVectorLayer | None:
        """Give the layer, if it is in the project."""
        found = QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None
        return found if isinstance(found, QgsVectorLayer) else None

    def show(self, file: str, title: str) -> None:
        """Show the homes of an answer.

        Parameters
        ----------
        file : str
            GeoPackage of the engine.
        title : str
            Of the line.
        """
        name = tr("Homes that gain: {line}").format(line=title)
        source = f"{file}|layername=homes"
        layer = self.layer()
        if layer is not None and layer.source() == source:
            layer.setName(name)
            return
        if layer is not None:
            layer.setDataSource(source, name, "ogr", QgsDataProvider.ProviderOptions())
            layer.triggerRepaint()
            return
        layer = QgsVectorLayer(source, name, "ogr")
        if not layer.isValid():
            self._session.told.emit(tr("{file} cannot be opened as a layer.").format(file=file), "error")
            return
        layer.loadNamedStyle(str(STYLE))
        _in_words(layer)
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        # below the lines that are drawn, above everything else
        project.layerTreeRoot().insertLayer(min(1, len(project.layerTreeRoot().children())), layer)
        self._layer_id = layer.id()
        node = project.layerTreeRoot().findLayer(layer.id())
        if node is not None:
            # the tree folds what is new at its top
            node.setExpanded(False)
            node.setExpanded(True)

    def hide(self) -> None:
        """Take the layer out of the project."""
        layer = self.layer()
        self._layer_id = ""
        if layer is not None:
            QgsProject.instance().removeMapLayer(layer.id())
            self._session.iface.mapCanvas().refresh()

    def throw_away(self, file: str) -> bool:
        """Delete a layer of the engine that is shown no more.

        Returns
        -------
        bool
            False where it is still open: it is to be tried again.
        """
        layer = self.layer()
        if layer is not None and layer.source().startswith(f"{file}|"):
            return False
        try:
            for name in (file, f"{file}-wal", f"{file}-shm"):
                Path(name).unlink(missing_ok=True)
        except OSError:
            return False
        return True


def _in_words(layer: QgsVectorLayer) -> None:
    """Name classes and columns in the language of QGIS."""
    labels = (
        tr("up to 1 % more places"),
        tr("1\u20135 % more"),
        tr("5\u201310 % more"),
        tr("10\u201325 % more"),
        tr("over 25 % more"),
    )
    renderer: Any = layer.renderer()
    if hasattr(renderer, "ranges"):
        for number, label in enumerate(labels[: len(renderer.ranges())]):
            renderer.updateRangeLabel(number, label)
    for column, label in {
        "area": tr("Area"),
        "area_id": tr("Area id"),
        "residents": tr("Residents"),
        "gain": tr("Places more in reach"),
        "reach_before": tr("Places in reach before"),
        "reach_after": tr("Places in reach after"),
        "people_gain": tr("People more in reach"),
        "people_before": tr("People in reach before"),
        "people_after": tr("People in reach after"),
    }.items():
        layer.setFieldAlias(layer.fields().lookupField(column), label)
