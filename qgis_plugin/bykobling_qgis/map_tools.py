"""Drawing a connection on the map: click from street to street."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qgis.core import (
    QgsDistanceArea,
    QgsGeometry,
    QgsPointLocator,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.gui import QgsMapTool, QgsRubberBand, QgsSnapIndicator
from qgis.PyQt.QtCore import QObject, Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor

if TYPE_CHECKING:
    from qgis.gui import QgsMapCanvas, QgsMapMouseEvent
    from qgis.PyQt.QtGui import QKeyEvent

SNAP_PX = 14
"""How near the pointer must be to a street, in pixels."""

INK = "#d81b60"
"""Colour of what is being drawn: told apart from every class of the maps."""


class StreetSnapper(QObject):
    """Find the street under the pointer, without ever blocking the map.

    Parameters
    ----------
    canvas : QgsMapCanvas
        Of its visible line layers those in ``streets`` are snapped to, or all but those in ``left_out`` where no
        streets are known; while an index is still made, nothing is.
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._locators: dict[str, QgsPointLocator] = {}
        self.left_out: set[str] = set()
        self.streets: set[str] = set()

    def prepare(self) -> None:
        """Begin to index the visible line layers in the background."""
        settings = self._canvas.mapSettings()
        wanted: dict[str, QgsPointLocator] = {}
        for layer in self._canvas.layers():
            if not isinstance(layer, QgsVectorLayer) or layer.id() in self.left_out:
                continue
            if self.streets and layer.id() not in self.streets:
                continue
            if layer.geometryType() != QgsWkbTypes.GeometryType.LineGeometry:
                continue
            known = self._locators.get(layer.id())
            if known is None or known.destinationCrs() != settings.destinationCrs():
                known = QgsPointLocator(layer, settings.destinationCrs(), QgsProject.instance().transformContext())
            wanted[layer.id()] = known
            if not known.hasIndex():
                known.init(-1, True)
        self._locators = wanted

    def release(self) -> None:
        """Let go of every layer."""
        self._locators = {}

    def snap(self, point: QgsPointXY) -> QgsPointLocator.Match:
        """Find the nearest corner, else the nearest street, within reach of the pointer.

        Parameters
        ----------
        point : QgsPointXY
            In the CRS of the map.

        Returns
        -------
        QgsPointLocator.Match
            Not valid where there is none.
        """
        reach = SNAP_PX * self._canvas.mapUnitsPerPixel()
        best = QgsPointLocator.Match()
        for look, within in (("nearestVertex", reach / 2), ("nearestEdge", reach)):
            for locator in self._locators.values():
                match = getattr(locator, look)(point, within, None, True)
                if match.isValid() and (not best.isValid() or match.distance() < best.distance()):
                    best = match
            if best.isValid():
                break
        return best


class DrawLinkTool(QgsMapTool):
    """Draw a line: click for each corner, right-click, double-click or Enter to end it.

    Backspace takes back a corner, Escape the line.

    Parameters
    ----------
    canvas : QgsMapCanvas
        The map.
    """

    drawn = pyqtSignal(QgsGeometry)
    """A line in the CRS of the map."""
    measuring = pyqtSignal(float)
    """Metres drawn so far, up to the pointer."""
    left = pyqtSignal()
    """Escape with nothing drawn: the planner is done."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._points: list[QgsPointXY] = []
        self._pointer: QgsPointXY | None = None
        self._skip_release = False
        self._listening = False
        self._ended: list[QgsGeometry] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._tell)
        self.snapper = StreetSnapper(canvas)
        self._band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.LineGeometry)
        self._band.setColor(QColor(INK))
        self._band.setSecondaryStrokeColor(QColor("#ffffff"))
        self._band.setWidth(3)
        self._indicator = QgsSnapIndicator(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def points(self) -> list[QgsPointXY]:
        """Give the corners set so far."""
        return list(self._points)

    def activate(self) -> None:
        """Begin: index the streets."""
        super().activate()
        self.snapper.prepare()
        if not self._listening:
            self.canvas().layersChanged.connect(self.snapper.prepare)
            self._listening = True

    def deactivate(self) -> None:
        """End: forget what was begun."""
        if self._listening:
            self.canvas().layersChanged.disconnect(self.snapper.prepare)
            self._listening = False
        # the indexes are kept: to throw them away takes as long as to draw a map
        self.clear()
        super().deactivate()

    def clear(self) -> None:
        """Take back the whole line."""
        self._points = []
        self._pointer = None
        self._band.reset(QgsWkbTypes.GeometryType.LineGeometry)
        self._indicator.setMatch(QgsPointLocator.Match())

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Follow the pointer."""
        self._pointer = self._snapped(event)
        self._show()

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Wait for the release, so that a drag is one corner."""

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Set a corner, or end the line."""
        if self._skip_release:
            self._skip_release = False
        elif event.button() == Qt.MouseButton.RightButton:
            self.finish()
        elif event.button() == Qt.MouseButton.LeftButton:
            self.add_point(self._snapped(event))

    def canvasDoubleClickEvent(self, event: QgsMapMouseEvent) -> None:
        """End the line; its last corner was set by the first click."""
        self._skip_release = True  # of the second click
        self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back, end, or leave."""
        key = event.key()
        if key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and self._points:
            self._points.pop()
            self._show()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.finish()
        elif key == Qt.Key.Key_Escape:
            if self._points:
                self.clear()
            else:
                self.left.emit()
        else:
            event.ignore()
            return
        event.accept()

    def add_point(self, point: QgsPointXY) -> None:
        """Set a corner, unless it is where the last one is."""
        if not self._points or self._points[-1] != point:
            self._points.append(point)
        self._pointer = point
        self._show()

    def finish(self) -> None:
        """End the line and tell of it; one corner alone is no line."""
        points = self._points
        if len(points) < 2:
            return
        self.clear()
        self.measuring.emit(0.0)
        line = QgsGeometry.fromPolylineXY(points)
        # not inside the event: what listens may open a layer, and Qt is still delivering the click
        self._ended.append(line)
        self._soon.start()

    def dispose(self) -> None:
        """Leave nothing on the map; the tool cannot be used any more."""
        self._soon.stop()
        self.clear()
        self.snapper.release()
        self.canvas().scene().removeItem(self._band)
        self.deleteLater()

    def _tell(self) -> None:
        ended, self._ended = self._ended, []
        for line in ended:
            self.drawn.emit(line)

    def _snapped(self, event: QgsMapMouseEvent) -> QgsPointXY:
        """Snap as the project says where it says anything, else to the streets."""
        if QgsProject.instance().snappingConfig().enabled():
            point = event.snapPoint()
            match = event.mapPointMatch()
        else:
            point = event.mapPoint()
            match = self.snapper.snap(point)
            if match.isValid():
                point = match.point()
        self._indicator.setMatch(match)
        return QgsPointXY(point)

    def _show(self) -> None:
        """Draw what there is, up to the pointer."""
        line = [*self._points, self._pointer] if self._points and self._pointer is not None else self._points
        self._band.setToGeometry(QgsGeometry.fromPolylineXY(line) if len(line) > 1 else QgsGeometry(), None)
        self.measuring.emit(line_length_m(line, self.canvas()))


def line_length_m(points: list[QgsPointXY], canvas: QgsMapCanvas) -> float:
    """Measure a line on the ground.

    Parameters
    ----------
    points : list of QgsPointXY
        In the CRS of the map.
    canvas : QgsMapCanvas
        The map.

    Returns
    -------
    float
        Metres, whatever the CRS.
    """
    if len(points) < 2:
        return 0.0
    area = QgsDistanceArea()
    project = QgsProject.instance()
    area.setSourceCrs(canvas.mapSettings().destinationCrs(), project.transformContext())
    area.setEllipsoid(project.ellipsoid() if project.ellipsoid() not in ("", "NONE") else "EPSG:7030")
    return float(area.measureLine(points))
