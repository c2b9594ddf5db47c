"""Layers of the project written beside a study: memory layers, other CRSs, selections, unsaved edits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import (
    QgsApplication,
    QgsFeatureRequest,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsTask,
)

from ..handover import Snapshot, write_layer
from ..i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qgis.core import QgsFeatureIterator, QgsVectorLayer

_tasks: set[QgsTask] = set()
"""A task without a reference in Python is collected before it is run."""


class Written:
    """What was written of one layer.

    Parameters
    ----------
    file : str
        The GeoPackage.
    names : dict
        What each column is called in it.
    """

    def __init__(self, file: str, names: dict[str, str]) -> None:
        self.file = file
        self.names = names


class _Selected:
    """The selected features of a layer as they are now."""

    def __init__(self, source: Any, ids: Sequence[int]) -> None:
        self._source, self._ids = source, list(ids)

    def getFeatures(self) -> QgsFeatureIterator:
        """Give them."""
        return self._source.getFeatures(QgsFeatureRequest().setFilterFids(self._ids))


class _Writing(QgsTask):
    """Writes layers outside the GUI thread."""

    def __init__(self, layers: dict[str, Snapshot], folder: Path, end: Callable[[_Writing], None]) -> None:
        super().__init__(tr("Writing layers beside the study"), QgsTask.Flag.CanCancel)
        self._layers, self._folder, self._end = layers, folder, end
        self._feedback = QgsProcessingFeedback()
        self.written: dict[str, Written] = {}
        self.problem = ""

    def run(self) -> bool:
        """Write; nothing of the project or the map is touched here."""
        try:
            for name, layer in self._layers.items():
                file = self._folder / f"{name}.gpkg"
                half = self._folder / "half" / file.name
                half.unlink(missing_ok=True)
                names = write_layer(layer, half, self._feedback)
                half.replace(file)
                half.parent.rmdir()
                self.written[name] = Written(str(file), names)
        except QgsProcessingException as error:
            self.problem = str(error)
        except OSError as error:
            self.problem = tr("{folder} cannot be written: {why}").format(
                folder=self._folder, why=error.strerror or error
            )
        return not self.problem

    def cancel(self) -> None:
        """Stop soon."""
        self._feedback.cancel()
        super().cancel()

    def finished(self, result: bool) -> None:
        """Tell how it went; QGIS calls this in the GUI thread."""
        if not result and not self.problem:
            self.problem = tr("Cancelled. Nothing was changed.")
        self._end(self)


def hand_over(
    layers: dict[str, tuple[QgsVectorLayer, bool]],
    folder: Path,
    done: Callable[[dict[str, Written]], None],
    failed: Callable[[Any], None],
) -> None:
    """Write layers beside a study.

    Parameters
    ----------
    layers : dict
        Name of the file to layer, and whether only its selected features are meant.
    folder : Path
        Of the study; made where absent.
    done : callable
        Called with what was written of each name, in the GUI thread.
    failed : callable
        Called with a sentence.
    """
    taken: dict[str, Snapshot] = {}
    for name, (layer, selected) in layers.items():
        if not layer.crs().isValid():
            told = tr("The layer {layer} has no coordinate reference system. Set it in the layer's properties.")
            failed(told.format(layer=layer.name()))
            return
        if Path(layer.source().split("|")[0]) == folder / f"{name}.gpkg":
            told = tr("The layer {layer} is {file} itself. Choose another folder.")
            failed(told.format(layer=layer.name(), file=folder / f"{name}.gpkg"))
            return
        snapshot = Snapshot.of_layer(layer)
        if selected and layer.selectedFeatureCount():
            snapshot = replace(snapshot, source=_Selected(snapshot.source, layer.selectedFeatureIds()))
        taken[name] = snapshot

    def end(task: _Writing) -> None:
        _tasks.discard(task)
        if task.problem:
            failed(task.problem)
        else:
            done(task.written)

    task = _Writing(taken, folder, end)
    _tasks.add(task)
    QgsApplication.taskManager().addTask(task)
