"""The pencil: clicks on the map become a line from street to street."""

import pytest
from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapMouseEvent
from qgis.PyQt.QtCore import QEvent, QPoint, Qt
from qgis.PyQt.QtGui import QKeyEvent

from conftest import wait_until
from dock_parts import CORNER, CRS, Window


class Pencil:
    """The tool on a map, moved by a test."""

    def __init__(self, canvas):
        from bykobling_qgis.map_tools import DrawLinkTool

        self.canvas = canvas
        self.tool = DrawLinkTool(canvas)
        self.lines = []
        self.metres = []
        self.tool.drawn.connect(self.lines.append)
        self.tool.measuring.connect(self.metres.append)
        canvas.setMapTool(self.tool)

    def event(self, kind, east, north, button):
        place = self.canvas.getCoordinateTransform().transform(QgsPointXY(CORNER[0] + east, CORNER[1] + north))
        point = QPoint(round(place.x()), round(place.y()))
        return QgsMapMouseEvent(
            self.canvas, kind, point, button, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        )

    def move(self, east, north):
        self.tool.canvasMoveEvent(self.event(QEvent.Type.MouseMove, east, north, Qt.MouseButton.NoButton))

    def click(self, east, north, button=Qt.MouseButton.LeftButton):
        self.tool.canvasPressEvent(self.event(QEvent.Type.MouseButtonPress, east, north, button))
        self.tool.canvasReleaseEvent(self.event(QEvent.Type.MouseButtonRelease, east, north, button))

    def double_click(self, east, north):
        button = Qt.MouseButton.LeftButton
        self.click(east, north)
        self.tool.canvasDoubleClickEvent(self.event(QEvent.Type.MouseButtonDblClick, east, north, button))
        self.tool.canvasReleaseEvent(self.event(QEvent.Type.MouseButtonRelease, east, north, button))

    def press(self, key):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        self.tool.keyPressEvent(event)
        return event.isAccepted()


@pytest.fixture
def window(qgis_app):
    QgsProject.instance().clear()
    made = Window()
    yield made
    made.mapCanvas().unsetMapTool(made.mapCanvas().mapTool())
    QgsProject.instance().clear()
    made.mainWindow().deleteLater()


@pytest.fixture
def pencil(window):
    return Pencil(window.mapCanvas())


def corners(geometry):
    return [(round(point.x() - CORNER[0]), round(point.y() - CORNER[1])) for point in geometry.asPolyline()]


def test_clicks_and_a_right_click_make_a_line(pencil):
    pencil.click(0, 0)
    pencil.move(50, 0)
    pencil.click(100, 0)
    pencil.click(100, 50)
    assert not pencil.lines
    pencil.click(100, 50, Qt.MouseButton.RightButton)
    wait_until(lambda: pencil.lines)
    drawn = corners(pencil.lines[0])
    assert len(drawn) == 3
    assert all(
        abs(a - b) <= 2 for point, wanted in zip(drawn, [(0, 0), (100, 0), (100, 50)]) for a, b in zip(point, wanted)
    )
    assert pencil.tool.points() == []
    assert max(pencil.metres) == pytest.approx(150, abs=5)


def test_a_double_click_ends_the_line_with_the_corner_under_it(pencil):
    pencil.click(0, 0)
    pencil.double_click(100, 0)
    wait_until(lambda: pencil.lines)
    assert len(corners(pencil.lines[0])) == 2
    assert pencil.tool.points() == []
    pencil.click(0, 100)
    assert len(pencil.tool.points()) == 1


def test_one_corner_is_no_line(pencil):
    pencil.click(0, 0)
    pencil.click(0, 0)
    pencil.press(Qt.Key.Key_Return)
    assert len(pencil.tool.points()) == 1
    assert not pencil.lines


def test_backspace_takes_back_a_corner_and_escape_the_line_and_then_the_pencil(pencil):
    left = []
    pencil.tool.left.connect(lambda: left.append(True))
    pencil.click(0, 0)
    pencil.click(100, 0)
    assert pencil.press(Qt.Key.Key_Backspace)
    assert len(pencil.tool.points()) == 1
    assert pencil.press(Qt.Key.Key_Escape)
    assert pencil.tool.points() == []
    assert not left
    pencil.press(Qt.Key.Key_Escape)
    assert left
    assert not pencil.press(Qt.Key.Key_A)


def test_enter_ends_the_line(pencil):
    pencil.click(0, 0)
    pencil.click(100, 0)
    pencil.press(Qt.Key.Key_Enter)
    wait_until(lambda: pencil.lines)


def street(window):
    layer = QgsVectorLayer(f"LineString?crs={CRS}", "streets", "memory")
    feature = QgsFeature()
    x, y = CORNER
    feature.setGeometry(QgsGeometry.fromWkt(f"LINESTRING({x - 300} {y + 100}, {x} {y + 100}, {x + 300} {y + 100})"))
    layer.dataProvider().addFeatures([feature])
    QgsProject.instance().addMapLayer(layer)
    window.mapCanvas().setLayers([layer])
    return layer


def test_it_snaps_to_the_street_under_the_pointer_corners_first(window, pencil):
    street(window)
    pencil.tool.snapper.prepare()

    def snapped(east, north):
        return pencil.tool.snapper.snap(QgsPointXY(CORNER[0] + east, CORNER[1] + north))

    wait_until(lambda: snapped(60, 105).isValid())
    point = snapped(60, 105).point()
    assert (point.x() - CORNER[0], point.y() - CORNER[1]) == pytest.approx((60, 100))
    corner = snapped(4, 103).point()
    assert (corner.x() - CORNER[0], corner.y() - CORNER[1]) == pytest.approx((0, 100))
    assert not snapped(60, 180).isValid()
    pencil.click(60, 104)
    assert pencil.tool.points()[0].y() - CORNER[1] == pytest.approx(100)


def test_it_does_not_snap_to_what_is_left_out_nor_keeps_layers(window, pencil):
    layer = street(window)
    pencil.tool.snapper.left_out = {layer.id()}
    pencil.tool.snapper.prepare()
    assert not pencil.tool.snapper.snap(QgsPointXY(CORNER[0] + 60, CORNER[1] + 100)).isValid()
    window.mapCanvas().unsetMapTool(pencil.tool)
    assert pencil.tool.points() == []
    assert not pencil.tool._listening


def test_metres_are_metres_in_degrees_too(window):
    from qgis.core import QgsCoordinateReferenceSystem

    from bykobling_qgis.map_tools import line_length_m

    window.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    line = [QgsPointXY(12.5, 55.7), QgsPointXY(12.5, 55.709)]
    assert line_length_m(line, window.mapCanvas()) == pytest.approx(1002, abs=3)
