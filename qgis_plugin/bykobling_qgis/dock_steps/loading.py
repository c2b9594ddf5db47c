"""Layers of a GeoPackage put on the map one by one, so that the map never stands still."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qgis.core import QgsLayerTree, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import QObject, QTimer

from ..layers import HIDDEN, ORDER, open_layer, style_layer

if TYPE_CHECKING:
    from collections.abc import Callable


ON_TOP = frozenset({"proposals", "homes", "faults"})
"""What stays above results: the lines that are drawn, the homes that gain, what is wrong."""


class LayerLoader(QObject):
    """Loads layers one a turn of the event loop.

    Parameters
    ----------
    parent : QObject
        Owner.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[str] = []
        self._file = ""
        self._group = ""
        self._hidden: frozenset[str] = frozenset()
        self._done: Callable[[list[Any]], None] = _nothing
        self._made: list[Any] = []
        self._opened: tuple[QgsVectorLayer, bool] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(15)
        self._timer.timeout.connect(self._next)

    def load(
        self,
        file: str,
        names: list[str],
        group: str,
        done: Callable[[list[Any]], None],
        *,
        hidden: frozenset[str] = HIDDEN,
    ) -> None:
        """Put layers on the map, in a new group.

        Parameters
        ----------
        file : str
            GeoPackage.
        names : list of str
            Of its layers.
        group : str
            Title of the group.
        done : callable
            Called with the layers.
        hidden : frozenset of str
            Names of those that are not shown at first.
        """
        known = [name for name in ORDER if name in names]
        self._waiting = known + [name for name in names if name not in known]
        self._file, self._group, self._done, self._hidden = file, group, done, hidden
        self._made, self._opened = [], None
        root = QgsProject.instance().layerTreeRoot()
        if root.findGroup(group) is None:
            # under what is drawn by hand, over everything else
            by_hand = 0
            for child in root.children():
                layer = child.layer() if QgsLayerTree.isLayer(child) else None
                if not isinstance(layer, QgsVectorLayer) or layer_name(layer) not in ON_TOP:
                    break
                by_hand += 1
            root.insertGroup(by_hand, group)
        self._timer.start()

    def stop(self) -> None:
        """Load no more."""
        self._timer.stop()
        self._waiting, self._opened = [], None

    def _next(self) -> None:
        """Do one of the three things a layer needs: opened, drawn as its style says, put on the map."""
        if self._opened is not None:
            layer, styled = self._opened
            if styled:
                self._opened = None
                self._put(layer)
            else:
                style_layer(layer)
                self._opened = layer, True
        elif self._waiting:
            layer = open_layer(self._file, self._waiting.pop(0))
            self._opened = None if layer is None else (layer, False)
        else:
            self._timer.stop()
            done, made = self._done, self._made
            self._done, self._made = _nothing, []
            done(made)

    def _put(self, layer: QgsVectorLayer) -> None:
        """Put a layer at the end of the group; they come from top to bottom."""
        project = QgsProject.instance()
        project.addMapLayer(layer, False)
        root = project.layerTreeRoot()
        group = root.findGroup(self._group) or root.addGroup(self._group)
        node = group.addLayer(layer)
        hidden = layer_name(layer) in self._hidden
        node.setExpanded(not hidden)
        node.setItemVisibilityChecked(not hidden)
        self._made.append(layer)


def layer_name(layer: QgsVectorLayer) -> str:
    """Give the name of a layer in its GeoPackage."""
    return str(layer.source().partition("|layername=")[2].partition("|")[0])


def in_project(file: str) -> list[QgsVectorLayer]:
    """List the layers of the project that come from a file."""
    wanted = Path(file)
    return [
        layer
        for layer in QgsProject.instance().mapLayers().values()
        if isinstance(layer, QgsVectorLayer) and Path(layer.source().split("|")[0]) == wanted
    ]


def free_folder(wanted: Path, file: str) -> Path:
    """Find a folder for results whose GeoPackage is not open in the project.

    Parameters
    ----------
    wanted : Path
        The usual folder.
    file : str
        Name of the GeoPackage.

    Returns
    -------
    Path
        The usual one, else it with ``_2``, ``_3`` and so on: Windows cannot replace a file that is open, and the
        planner may want to look at both.
    """
    found, number = wanted, 1
    while in_project(str(found / file)):
        number += 1
        found = wanted.with_name(f"{wanted.name}_{number}")
    return found


def _nothing(_: list[Any]) -> None:
    """Stand in where nobody waits."""
