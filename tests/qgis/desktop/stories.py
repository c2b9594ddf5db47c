"""What a planner does in QGIS, with a real pointer on a real screen."""

import os
import subprocess
import time
from pathlib import Path

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QPoint, Qt, QTimer
from qgis.PyQt.QtWidgets import QDockWidget, QScrollArea, QToolButton
from qgis.utils import iface, plugins

SHOTS = Path(os.environ.get("BYKOBLING_SHOTS", "."))
STUDIES = Path(os.environ.get("BYKOBLING_STUDIES", "."))

# Where a bridge is worth drawing: from street to street over tracks or a big road; EPSG:4326.
BRIDGES = {
    "copenhagen": ((12.573612, 55.695287), (12.57591, 55.69432)),
    "monaco": ((7.420246, 43.730574), (7.418463, 43.729898)),
    "helsinki": ((24.922428, 60.160245), (24.927481, 60.160517)),
}


class Stillness:
    """The longest time the window stood still: the largest gap between beats of a 10 ms timer.

    Beside it the processor time of the GUI thread within one gap: what it would be on a computer with nothing else
    to do.
    """

    def __init__(self):
        self.longest_ms = self.longest_cpu_ms = 0.0
        self.label = ""
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start(10)

    def _beat(self):
        now, cpu = time.perf_counter(), time.thread_time()
        self.longest_ms = max(self.longest_ms, 1000 * (now - self._last) - 10)
        self.longest_cpu_ms = max(self.longest_cpu_ms, 1000 * (cpu - self._last_cpu))
        self._last, self._last_cpu = now, cpu

    def restart(self, label=""):
        self.longest_ms, self.longest_cpu_ms, self.label = 0.0, 0.0, label
        self._last, self._last_cpu = time.perf_counter(), time.thread_time()


def wait(true, seconds=120.0, what=""):
    end = time.monotonic() + seconds
    while not true():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 10)
        time.sleep(0.001)
        if time.monotonic() > end:
            raise TimeoutError(f"{what or 'it'} did not come in {seconds:g} s")


def pause(seconds):
    end = time.monotonic() + seconds
    wait(lambda: time.monotonic() > end, seconds + 5)


def shot(name):
    pause(0.3)
    subprocess.run(["import", "-window", "root", str(SHOTS / f"{name}.png")], check=True)


def xdo(*arguments):
    # waited for with the window alive: it is the planner's hand, not part of QGIS
    hand = subprocess.Popen(["xdotool", *(str(one) for one in arguments)])
    wait(lambda: hand.poll() is not None, 20, "xdotool")
    pause(0.15)


def drawn_map():
    """Wait until the map is drawn."""
    canvas = iface.mapCanvas()
    pause(0.2)
    wait(lambda: not canvas.isDrawing(), 60, "the map")


def leave():
    plugin = plugins.get("bykobling_qgis")
    if plugin is not None:
        plugin.unload()
    QgsProject.instance().clear()
    QgsProject.instance().setDirty(False)
    QTimer.singleShot(200, lambda: os._exit(0))


def window():
    """Make the window as large as the screen, without the panels that are not ours."""
    main = iface.mainWindow()
    main.showMaximized()
    for one in main.findChildren(QDockWidget):
        if one.objectName() not in ("Layers", "BykoblingDock"):
            one.close()
    pause(0.5)
    xdo("key", "Escape")


def open_dock(ready=True):
    window()
    plugin = plugins["bykobling_qgis"]
    plugin.open_dock()
    dock = plugin.dock
    dock.setFloating(False)
    iface.mainWindow().resizeDocks([dock], [480], Qt.Orientation.Horizontal)
    if ready:
        wait(plugin.engine.is_ready, 120, "the engine")
    return dock


def open_study(dock, city):
    study = STUDIES / city / "study.toml"
    for left in study.parent.glob("proposals.gpkg*"):  # of an earlier story
        left.unlink()
    dock.data.study_file.setFilePath(str(study))
    return study


def to_map(point):
    """Give a place as a point of the screen."""
    canvas = iface.mapCanvas()
    place = QgsGeometry.fromPointXY(QgsPointXY(*point))
    from qgis.core import QgsCoordinateTransform

    place.transform(
        QgsCoordinateTransform(
            QgsCoordinateReferenceSystem("EPSG:4326"), canvas.mapSettings().destinationCrs(), QgsProject.instance()
        )
    )
    pixel = canvas.getCoordinateTransform().transform(place.asPoint())
    return canvas.viewport().mapToGlobal(QPoint(round(pixel.x()), round(pixel.y())))


def look_at(points, metres=420):
    """Show a place with so many metres around it."""
    canvas = iface.mapCanvas()
    from qgis.core import QgsCoordinateTransform

    change = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"), canvas.mapSettings().destinationCrs(), QgsProject.instance()
    )
    if canvas.mapSettings().destinationCrs().isGeographic():
        metres /= 111_000
    found = [change.transform(QgsPointXY(*one)) for one in points]
    x, y = sum(one.x() for one in found) / len(found), sum(one.y() for one in found) / len(found)
    canvas.setExtent(QgsRectangle(x - metres, y - metres, x + metres, y + metres))
    canvas.refresh()
    drawn_map()


def draw_with_pointer(points):
    """Click on the map with a real pointer."""
    for point in points:
        place = to_map(point)
        xdo("mousemove", place.x() - 3, place.y() - 3)
        xdo("mousemove", place.x(), place.y())
        xdo("click", 1)
    xdo("click", 3)


def answered(dock):
    answer = dock.draw.answers.get(dock.draw._shown) if dock.draw._shown else None
    return answer is not None and not answer.waits()


def screenshots():
    """Photograph the dock at work, all four steps and an error layer."""
    city = os.environ.get("BYKOBLING_OPTIONS") or "copenhagen"
    dock = open_dock()
    found = _profile_and_bridge(dock, city)
    dock.show_step(3)
    dock.compare.run()
    pause(1.5)
    shot("4_running")
    wait(lambda: not dock.session.jobs, 500, "the comparison")
    pause(1.0)
    drawn_map()
    shot("4_compare")
    dock.show_setup()
    pause(0.5)
    shot("5_setup_running_engine")
    dock.setup._back()
    return {**found, **_errors(dock)}


def bridge():
    """Photograph the profile and a drawn bridge."""
    return _profile_and_bridge(open_dock(), os.environ.get("BYKOBLING_OPTIONS") or "copenhagen")


def errors():
    """Photograph an error layer."""
    return _errors(open_dock())


def _profile_and_bridge(dock, city):
    from bykobling_qgis.dock_steps.profile import zoom_to

    open_study(dock, city)
    pause(0.5)
    shot("1_data")
    dock.show_step(1)
    dock.profile.open_earlier()
    wait(lambda: dock.profile.table.rowCount() > 0, 60, "the results")
    drawn_map()
    shot("2_profile")
    dock.profile.table.selectRow(0)
    drawn_map()
    pause(1.5)
    dock.profile.table.clearSelection()
    xdo("mousemove", 900, 500)
    line = BRIDGES[city]
    look_at(line)
    dock.show_step(2)
    dock.draw.start("bridge")
    wait(lambda: bool(dock.session.info), 300, "the study")
    pause(0.5)
    draw_with_pointer(line)
    wait(lambda: answered(dock), 120, "the answer")
    homes = dock.draw.difference.layer()
    if homes is not None:
        zoom_to(iface, homes.extent(), homes, margin=1.2)
    drawn_map()
    shot("3_draw")
    return {"answer": dock.draw.panel.story.text()}


def _errors(dock):
    import faulty_study

    from bykobling_qgis.dock_steps.profile import zoom_to

    dock.show_step(0)
    QgsProject.instance().clear()
    dock.data.study_file.setFilePath(str(faulty_study.write(STUDIES)))
    dock.data.check()
    wait(lambda: dock.data.faults.table.rowCount() > 0, 200, "the faults")
    areas = faulty_study.areas_layer(STUDIES)
    QgsProject.instance().addMapLayer(areas, False)
    QgsProject.instance().layerTreeRoot().insertLayer(1, areas)
    drawn_map()
    pause(1.0)
    zoom_to(iface, areas.extent(), areas)
    drawn_map()
    shot("6_errors")
    return {"faults": dock.data.faults.verdict.text()}


def setup_page():
    """Photograph the set-up page of a computer without an engine."""
    dock = open_dock(ready=False)
    pause(1.5)
    shot("5_setup")
    return {"page": dock.setup.verdict.text()}


def measure():
    """Time what a planner waits for, in this QGIS on this screen."""
    found = {"load average": os.getloadavg()[0], "plug-in": _load_times()}
    still = Stillness()
    dock = open_dock()
    for city in (os.environ.get("BYKOBLING_OPTIONS") or "copenhagen helsinki").split():
        found[city] = _measure_city(dock, city, still)
        QgsProject.instance().clear()
        pause(0.5)
    return found


def _load_times():
    """Load the plug-in as QGIS does at its start, three times over."""
    import qgis.utils

    loads = []
    for _ in range(3):
        qgis.utils.unloadPlugin("bykobling_qgis")
        begin = time.perf_counter()
        qgis.utils.loadPlugin("bykobling_qgis")
        qgis.utils.startPlugin("bykobling_qgis")
        loads.append(time.perf_counter() - begin)
    window()
    plugin = plugins["bykobling_qgis"]
    begin = time.perf_counter()
    plugin.open_dock()
    opened = time.perf_counter() - begin
    return {"load_s": round(min(loads), 3), "load_first_s": round(loads[0], 3), "open_panel_s": round(opened, 3)}


def _measure_city(dock, city, still):
    told = {}
    open_study(dock, city)
    blocks = {}

    def phase(name):
        if still.label:
            blocks[still.label] = {"on the clock": round(still.longest_ms), "processor": round(still.longest_cpu_ms)}
        still.restart(name)

    phase("results on the map")
    dock.show_step(1)
    dock.profile.open_earlier()
    wait(lambda: dock.profile.table.rowCount() > 0, 60, "the results")
    drawn_map()
    phase("study into memory")
    begin = time.perf_counter()
    dock.show_step(2)
    dock.draw.start("bridge")
    wait(lambda: bool(dock.session.info), 600, "the study")
    told["study_into_memory_s"] = round(time.perf_counter() - begin, 1)
    look_at(BRIDGES[city])
    phase("drawing and answers")
    waits, engine = [], []
    for _ in range(5):
        shown = dock.draw._shown
        dock.draw.start("bridge")
        pause(0.3)
        place = [to_map(point) for point in BRIDGES[city]]
        for one in place:
            xdo("mousemove", one.x() - 3, one.y() - 3)
            xdo("mousemove", one.x(), one.y())
            xdo("click", 1)
        begin = time.perf_counter()
        subprocess.Popen(["xdotool", "click", "3"])
        wait(lambda shown=shown: dock.draw._shown != shown and answered(dock), 120, "the answer")
        waits.append(time.perf_counter() - begin)
        answer = dock.draw.answers.get(dock.draw._shown)
        if answer.told is None:
            raise AssertionError(answer.problem)
        engine.append(answer.told["seconds"])
        drawn_map()
    told["drawn_to_answer_s"] = [round(one, 2) for one in waits]
    told["of_it_engine_s"] = [round(one, 2) for one in engine]
    told["residents_gaining"] = answer.told["residents_gaining"]
    phase("measuring, then cancel")
    dock.draw.put_down()
    dock.show_step(1)
    dock.profile.run()
    job = dock.session.running()
    cancels = []
    for seconds in (3.0, 8.0):
        pause(seconds)
        during = dock.job_text.text()
        begin = time.perf_counter()
        dock.cancel_button.click()
        wait(lambda: not dock.session.jobs, 60, "the end")
        cancels.append({"s": round(time.perf_counter() - begin, 2), "during": during})
        alive = []
        dock._engine.call("ping", {}, alive.append, alive.append)
        wait(lambda alive=alive: alive, 60, "the next answer")
        dock.profile.run()
    dock.session.cancel()
    wait(lambda: not dock.session.jobs, 60, "the end")
    told["cancel_to_idle_s"] = cancels
    assert job is not None
    phase("")
    told["longest_block_ms"] = blocks
    return told


def click_on(widget):
    """Click on a widget where it is on the screen."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
    pause(0.2)
    place = widget.mapToGlobal(widget.rect().center())
    xdo("mousemove", place.x(), place.y())
    xdo("click", 1)


def type_into(line_edit, text):
    click_on(line_edit)
    line_edit.clear()
    xdo("type", "--delay", 8, text)
    wait(lambda: line_edit.text() == text, 20, f"{text!r} in the field")


def first_time():
    """A planner's first hour: no engine, then a study from an OSM file, a profile, a bridge and who gains.

    With the built plug-in in a fresh profile, and nothing but pointer and keys for everything that is clicked.
    """
    import shutil
    import tempfile

    window()
    plugin = plugins["bykobling_qgis"]
    tool = next(one for one in iface.mainWindow().findChildren(QToolButton) if one.defaultAction() is plugin._action)
    click_on(tool)
    wait(lambda: plugin.dock is not None and plugin.dock.isVisible(), 20, "the panel")
    dock = plugin.dock
    iface.mainWindow().resizeDocks([dock], [480], Qt.Orientation.Horizontal)
    wait(lambda: dock.pages.currentWidget() is dock.setup, 20, "the set-up page")
    shot("first_1_setup")
    type_into(dock.setup.existing.lineEdit(), os.environ["BYKOBLING_REAL_ENGINE"])
    click_on(dock.setup.use_button)
    wait(plugin.engine.is_ready, 120, "the engine")
    wait(lambda: dock.pages.currentWidget() is dock.work, 20, "the first step")

    town = Path(os.environ["BYKOBLING_HERE"]).parents[2] / "data" / "monaco"
    folder = Path(tempfile.mkdtemp(prefix="Min første by ")) / "Monaco æøå"
    shutil.copytree(town, folder.parent / "data")
    QgsProject.instance().addMapLayer(
        QgsVectorLayer(str(folder.parent / "data" / "areas.geojson"), "Boligområder", "ogr")
    )
    drawn_map()
    dock.data.make_group.setCollapsed(False)
    pause(0.5)
    type_into(dock.data.title, "Monaco")
    dock.data.folder.setFilePath(str(folder))
    dock.data.osm.setFilePath(str(folder.parent / "data" / "monaco.osm.pbf"))
    shot("first_2_study")
    click_on(dock.data.make_button)
    wait(lambda: bool(dock.session.study), 120, "the study")
    wait(lambda: bool(dock.data.faults.verdict.text()), 240, "the check")
    shot("first_3_checked")
    click_on(dock.data.next_button)
    click_on(dock.profile.run_button)
    wait(lambda: dock.profile.table.rowCount() > 0, 900, "the profile")
    drawn_map()
    shot("first_4_profile")
    areas = dock.profile.table.rowCount()
    click_on(dock.profile.next_button)
    look_at(BRIDGES["monaco"])
    click_on(dock.draw.kind_buttons["bridge"])
    wait(lambda: bool(dock.session.info), 300, "the study in memory")
    draw_with_pointer(BRIDGES["monaco"])
    wait(lambda: answered(dock), 120, "the answer")
    drawn_map()
    shot("first_5_bridge")
    answer = dock.draw.answers.get(dock.draw._shown)
    if answer.told is None or dock.draw.difference.layer() is None:
        raise AssertionError(answer.problem or "no layer of homes")
    click_on(dock.draw.save_button)
    wait(lambda: not dock.draw.proposals.layer.isModified(), 20, "the saving")
    saved = (folder / "proposals.gpkg").is_file()
    click_on(dock.draw.undo_button if dock.draw.undo_button.isEnabled() else dock.draw.remove_button)
    wait(lambda: dock.draw.list.rowCount() == 0, 20, "the line to go")
    found = {
        "areas": areas,
        "residents_gaining": answer.told["residents_gaining"],
        "minutes_saved": answer.told["minutes_saved"],
        "saved": saved,
    }
    plugin.dock.draw.proposals.save(stop=True)
    return found
