"""What the tests of the dock share: a window of QGIS, an engine that answers what a test says, a toy study."""

from pathlib import Path

from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication, QObject, QTimer, pyqtSignal
from qgis.PyQt.QtWidgets import QMainWindow

CRS = "EPSG:25832"
STUDY = "Områder på Ærø"
CORNER = (724_000.0, 6_175_000.0)


class Window:
    """As much of QGIS's interface as the dock asks for."""

    def __init__(self):
        self._window = QMainWindow()
        self._canvas = QgsMapCanvas(self._window)
        self._window.setCentralWidget(self._canvas)
        self._window.resize(800, 600)
        self._window.show()
        QCoreApplication.processEvents()
        self._canvas.setDestinationCrs(QgsCoordinateReferenceSystem(CRS))
        x, y = CORNER
        self._canvas.setExtent(QgsGeometry.fromWkt(f"POINT({x} {y})").buffer(500, 4).boundingBox())

    def mainWindow(self):
        return self._window

    def mapCanvas(self):
        return self._canvas


class EngineObject(QObject):
    """Answers from a table: a value, a function of the params, an error; "hold" answers when it is released."""

    ready = pyqtSignal(dict)
    stopped = pyqtSignal(str)
    progress = pyqtSignal(int, float, str)
    log = pyqtSignal(str)

    def __init__(self, *, is_ready=True, **answers):
        super().__init__()
        self.running = is_ready
        self.answers = {"load_study": loaded(), "assess_link": link_answer, **answers}
        self.asked = []
        self.pending = {}
        self.cancelled = []

    def is_ready(self):
        return self.running

    def start(self):
        if not self.running:
            QTimer.singleShot(0, self._start)

    def _start(self):
        self.running = True
        self.ready.emit({"bykobling": "0.1.0", "protocol": 1})

    def stop(self):
        self.running = False
        QTimer.singleShot(0, lambda: self.stopped.emit(""))

    def call(self, method, params, on_result=None, on_error=None):
        number = len(self.asked) + 1
        self.asked.append((method, params))
        self.pending[number] = (method, params, on_result, on_error)
        if self.answers.get(method) != "hold":
            QTimer.singleShot(0, lambda: self.release(number))
        return number

    def release(self, number, answer=None):
        """Answer a call; one that was cancelled has been answered."""
        if number not in self.pending:
            return
        from bykobling_qgis.wire import EngineError

        method, params, on_result, on_error = self.pending.pop(number)
        found = answer if answer is not None else self.answers[method]
        found = found(params) if callable(found) else found
        (on_error if isinstance(found, EngineError) else on_result)(found)

    def cancel(self, number):
        from bykobling_qgis.wire import CANCELLED, EngineError

        self.cancelled.append(number)
        if number in self.pending:
            self.release(number, EngineError("cancelled", CANCELLED))

    def crash(self, message):
        """End in the middle of everything, as the engine's manager tells it."""
        from bykobling_qgis.wire import STOPPED, EngineError

        self.running = False
        for number in list(self.pending):
            self.release(number, EngineError(message, STOPPED))
        self.stopped.emit(message)

    def params_of(self, method):
        return [params for name, params in self.asked if name == method]


def loaded():
    return {
        "study_id": "study-1", "title": STUDY, "areas": 3, "residents": 1234.0, "crs": CRS,
        "bounds": [CORNER[0], CORNER[1], CORNER[0] + 500, CORNER[1] + 500], "modes": ["walk", "bike"],
    }  # fmt: skip


def link_answer(params):
    """What the engine says of a drawn line, with a layer of two homes."""
    if params.get("layer"):
        write_points(
            params["layer"], "homes",
            "area:string&field=residents:double&field=gain:double&field=reach_before:double&field=reach_after:double",
            [("Nørre", 40.0, 3.0, 60.0, 63.0), ("Søndre", 12.0, 1.0, 20.0, 21.0)],
        )  # fmt: skip
    (x0, y0), (x1, y1) = params["line"][0], params["line"][-1]
    return {
        "length_m": ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5, "link_min": 1.5, "detour_before_min": 11.0,
        "no_way_before": False, "minutes_saved": 9.5, "cutoff_min": 15.0, "residents_gaining": 52.0,
        "residents_gaining_outside_areas": 0.0, "vulnerable_gaining": 12.0, "places_gain": 132.0,
        "places_gain_each": 2.5, "people_gain": 900.0, "seconds": 0.21, "layer": params.get("layer"),
        "areas": [
            {"area_id": "1", "name": "Nørre", "group": "rest", "residents": 100.0, "residents_gaining": 40.0,
             "reach_before": 60.0, "reach_after": 61.2},
            {"area_id": "2", "name": "Søndre", "group": "vulnerable", "residents": 50.0, "residents_gaining": 12.0,
             "reach_before": 20.0, "reach_after": 20.5},
        ],
    }  # fmt: skip


def write_points(file, name, fields, rows):
    """Write a GeoPackage of points, one under the other."""
    layer = QgsVectorLayer(f"Point?crs={CRS}&field={fields}", name, "memory")
    features = []
    for number, values in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values))
        feature.setGeometry(QgsGeometry.fromWkt(f"POINT({CORNER[0]} {CORNER[1] + 10 * number})"))
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    save(layer, file, name)


def areas_layer(fields, rows, crs=CRS):
    """Make squares in memory."""
    layer = QgsVectorLayer(f"Polygon?crs={crs}&field={fields}", "Boligområder æøå", "memory")
    features = []
    x, y = CORNER if crs == CRS else (12.5, 55.7)
    side = 100 if crs == CRS else 0.001
    for number, values in enumerate(rows):
        feature = QgsFeature(layer.fields())
        feature.setAttributes(list(values))
        west = x + 2 * side * number
        east, north = west + side, y + side
        feature.setGeometry(
            QgsGeometry.fromWkt(f"POLYGON(({west} {y}, {east} {y}, {east} {north}, {west} {north}, {west} {y}))")
        )
        features.append(feature)
    layer.dataProvider().addFeatures(features)
    layer.updateExtents()
    return layer


def save(layer, file, name):
    from qgis.core import QgsVectorFileWriter

    options = QgsVectorFileWriter.SaveVectorOptions()
    options.driverName = "GPKG"
    options.layerName = name
    error = QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, str(file), QgsProject.instance().transformContext(), options
    )
    assert error[0] == QgsVectorFileWriter.WriterError.NoError, error


def line(*points):
    """Make a line from offsets in metres."""
    text = ", ".join(f"{CORNER[0] + x} {CORNER[1] + y}" for x, y in points)
    return QgsGeometry.fromWkt(f"LINESTRING({text})")


def study_in(folder: Path):
    """Write a file that looks like a study; the engine of these tests never reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "study.toml"
    file.write_text('title = "Områder på Ærø"\n', encoding="utf-8")
    return file
