"""The dock, with an engine that answers what a test says."""

import math
from pathlib import Path

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsFeature, QgsProject, QgsVectorLayer

from conftest import wait_until
from dock_parts import CRS, EngineObject, Window, areas_layer, line, link_answer, save, study_in


@pytest.fixture
def window(qgis_app):
    QgsProject.instance().clear()
    made = Window()
    yield made
    QgsProject.instance().clear()
    made.mainWindow().deleteLater()


@pytest.fixture
def open_dock(window, no_engine, monkeypatch, tmp_path):
    """Opens a dock; ends it after the test."""
    from bykobling_qgis.dock import BykoblingDock

    docks = []

    def make(engine, study=True):
        dock = BykoblingDock(window, engine)
        dock.show()
        docks.append(dock)
        if study:
            dock.data.study_file.setFilePath(str(study_in(tmp_path / "Søndre Å, København")))
        wait_until(lambda: dock.engine_text.text() or dock.pages.currentWidget() is dock.setup)
        return dock

    yield make
    for dock in docks:
        dock.close_down()
        dock.deleteLater()


def draw(dock, geometry, kind="bridge"):
    """Draw a line as the map tool tells of it, and wait for what the engine says."""
    dock.show_step(2)
    dock.draw.start(kind)
    shown = dock.draw._shown
    dock.draw._drawn(geometry)
    wait_until(lambda: dock.draw._shown not in ("", shown))
    line_id = dock.draw._shown
    wait_until(lambda: not dock.draw.answers.get(line_id).waits())
    return line_id


def message(dock):
    return dock.messages.text()


def test_without_an_engine_it_opens_on_the_set_up_page(open_dock):
    from bykobling_qgis.engine import Engine

    engine = Engine()
    dock = open_dock(engine, study=False)
    assert dock.pages.currentWidget() is dock.setup
    assert "no engine" in dock.setup.verdict.text()
    engine.shut_down()


def test_an_engine_that_does_not_fit_leads_to_the_set_up_page(open_dock):
    engine = EngineObject(is_ready=False)
    dock = open_dock(engine, study=False)
    engine.stopped.emit("The engine is 0.0.1, this plug-in needs 0.1: update the engine.")
    assert dock.pages.currentWidget() is dock.setup
    assert "update the engine" in dock.setup.verdict.text()
    engine.ready.emit({"bykobling": "0.1.0"})
    assert dock.pages.currentWidget() is dock.work


def test_a_drawn_line_is_a_feature_and_is_answered(open_dock):
    engine = EngineObject()
    dock = open_dock(engine)
    line_id = draw(dock, line((0, 0), (90, 0), (90, 40)))
    layer = dock.draw.proposals.layer
    assert layer.isEditable()
    assert [one["kind"] for one in layer.getFeatures()] == ["bridge"]
    asked = engine.params_of("assess_link")[0]
    assert asked["kind"] == "bridge"
    assert asked["crs"] == CRS
    assert len(asked["line"]) == 3
    assert dock.draw.panel.minutes.figure.text() == "9.5"
    assert dock.draw.panel.residents.figure.text() == "52"
    assert "11.0 min today" in dock.draw.panel.story.text()
    rows = [dock.draw.panel.table.item(row, 0).text() for row in range(dock.draw.panel.table.rowCount())]
    assert rows == ["Nørre", "Søndre *"]
    homes = dock.draw.difference.layer()
    assert homes.featureCount() == 2
    assert homes.renderer().type() == "graduatedSymbol"
    assert dock.draw.answers.get(line_id).told["minutes_saved"] == 9.5


def test_undo_takes_line_answer_and_homes_away_and_redo_asks_again(open_dock):
    engine = EngineObject()
    dock = open_dock(engine)
    draw(dock, line((0, 0), (90, 0)))
    layer = dock.draw.proposals.layer
    dock.draw.undo()
    wait_until(lambda: dock.draw.list.rowCount() == 0)
    assert dock.draw.difference.layer() is None
    assert not dock.draw.panel.isVisibleTo(dock)
    assert layer.featureCount() == 0
    layer.undoStack().redo()
    wait_until(lambda: dock.draw.list.rowCount() == 1)
    wait_until(lambda: len(engine.params_of("assess_link")) == 2)


def test_a_moved_line_is_asked_about_again_and_the_old_answer_is_let_go(open_dock):
    engine = EngineObject()
    dock = open_dock(engine)
    line_id = draw(dock, line((0, 0), (90, 0)))
    feature = next(dock.draw.proposals.layer.getFeatures())
    dock.draw.proposals.layer.changeGeometry(feature.id(), line((0, 0), (30, 0)))
    wait_until(lambda: len(engine.params_of("assess_link")) == 2)
    wait_until(lambda: not dock.draw.answers.get(line_id).waits())
    assert dock.draw.answers.get(line_id).told["length_m"] == pytest.approx(30)
    assert "30 m" in dock.draw.panel.title.text()


def test_an_answer_that_comes_after_the_line_was_taken_back_is_dropped(open_dock):
    engine = EngineObject(assess_link="hold")
    dock = open_dock(engine)
    dock.draw.start("path")
    dock.draw._drawn(line((0, 0), (90, 0)))
    wait_until(lambda: engine.params_of("assess_link"))
    number = next(number for number, call in engine.pending.items() if call[0] == "assess_link")
    assert "measuring" in dock.draw.panel.story.text()
    dock.draw.undo()
    wait_until(lambda: dock.draw.list.rowCount() == 0)
    assert number in engine.cancelled
    engine.release(number, link_answer(engine.params_of("assess_link")[0]))
    assert dock.draw.difference.layer() is None


def test_lines_are_saved_beside_the_study_and_found_again(open_dock, tmp_path):
    engine = EngineObject()
    dock = open_dock(engine)
    line_id = draw(dock, line((0, 0), (90, 0)), kind="underpass")
    dock.draw.put_down()
    wait_until(lambda: not dock.draw.proposals.layer.isModified())
    file = tmp_path / "Søndre Å, København" / "proposals.gpkg"
    stored = QgsVectorLayer(f"{file}|layername=proposals", "stored", "ogr")
    feature = next(stored.getFeatures())
    assert feature["kind"] == "underpass"
    assert feature["proposal"] == "Underpass 1"
    assert feature["line_id"] == line_id
    # saving gives the feature another id, but it is the same line with the same answer
    wait_until(lambda: dock.draw.answers.get(line_id) is not None)
    assert dock.draw.answers.get(line_id).told is not None
    assert len(engine.params_of("assess_link")) == 1
    del stored
    dock.close_down()
    QgsProject.instance().clear()
    again = EngineObject()
    other = open_dock(again)
    other.draw.start("bridge")
    wait_until(lambda: other.draw.list.rowCount() == 1)
    assert not again.params_of("assess_link")
    other.draw.list.selectRow(0)
    wait_until(lambda: len(again.params_of("assess_link")) == 1)


def test_a_map_in_degrees_gives_lines_in_the_crs_of_the_study(open_dock, window):
    window.mapCanvas().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:4326"))
    engine = EngineObject()
    dock = open_dock(engine)
    from qgis.core import QgsGeometry

    draw(dock, QgsGeometry.fromWkt("LINESTRING(12.55 55.69, 12.551 55.69)"))
    (x0, y0), (x1, _) = engine.params_of("assess_link")[0]["line"]
    assert 700_000 < x0 < 750_000
    assert 6_100_000 < y0 < 6_200_000
    assert 55 < x1 - x0 < 70


def test_faults_of_a_line_are_told_in_the_panel(open_dock):
    from bykobling_qgis.wire import EngineError

    fault = {
        "file": "link",
        "where": "start",
        "rule": "the nearest street is 90 m away",
        "remedy": "draw it up to a street",
    }
    engine = EngineObject(assess_link=EngineError("1 thing to mend", -32000, faults=(fault,)))
    dock = open_dock(engine)
    draw(dock, line((0, 0), (90, 0)))
    assert "draw it up to a street" in dock.draw.panel.story.text()
    assert dock.draw.difference.layer() is None


def test_a_long_job_shows_its_progress_and_can_be_cancelled(open_dock):
    engine = EngineObject(run="hold")
    dock = open_dock(engine)
    dock.profile.run()
    assert dock.job.isVisibleTo(dock)
    assert not dock.profile.run_button.isEnabled()
    number = next(iter(engine.pending))
    engine.progress.emit(number, 0.42, "measuring (walk)")
    assert dock.bar.value() == 420
    assert "measuring (walk)" in dock.job_text.text()
    dock.cancel_button.click()
    assert engine.cancelled == [number]
    assert not dock.job.isVisibleTo(dock)
    assert dock.profile.run_button.isEnabled()
    assert "Cancelled" in message(dock)
    dock.profile.run()
    assert len(engine.params_of("run")) == 2


def test_a_crash_is_told_and_the_next_question_works(open_dock):
    engine = EngineObject(run="hold")
    dock = open_dock(engine)
    dock.profile.run()
    engine.crash("The engine crashed. Your files are as they were.")
    assert dock.pages.currentWidget() is dock.work
    assert "as they were" in message(dock)
    assert dock.profile.run_button.isEnabled()
    assert dock.session.info == {}
    engine.running = True
    draw(dock, line((0, 0), (90, 0)))
    assert engine.params_of("load_study")


def results_in(folder):
    """Write what a run leaves behind: areas, one of them not measured."""
    folder.mkdir(parents=True, exist_ok=True)
    layer = areas_layer(
        "area_id:string&field=name:string&field=residents:double&field=barrier_effect_walk_15min:double"
        "&field=top_barrier:string&field=top_barrier_share:double",
        [("1", "Nørre", 400.0, 0.05, "Ringbanen", 0.8), ("2", "Søndre", 90.0, None, None, None),
         ("3", "Østre", 150.0, 0.31, "Å", 0.55)],
    )  # fmt: skip
    save(layer, folder / "results.gpkg", "areas")
    (folder / "report.html").write_text("<p>æøå", encoding="utf-8")
    return {
        "folder": str(folder),
        "files": {"geopackage": str(folder / "results.gpkg"), "report": str(folder / "report.html")},
        "layers": ["areas"],
        "headline": {"indicator": "barrier_effect_walk_15min"},
        "notes": [{"kind": "assumed", "text": "delays"}],
    }


def test_a_profile_arrives_on_the_map_and_in_the_table(open_dock, tmp_path):
    engine = EngineObject(
        run=lambda params: results_in(Path(params.get("folder", tmp_path / "Søndre Å, København" / "results")))
    )
    dock = open_dock(engine)
    QgsProject.instance().addMapLayer(areas_layer("name:string", [("mine",)]))
    dock.profile.run()
    wait_until(lambda: dock.profile.table.rowCount() == 3)
    rows = [[dock.profile.table.item(row, column).text() for column in range(4)] for row in range(3)]
    assert rows[0] == ["Østre", "31.0 %", "150", "Å (55 %)"]
    assert rows[2][:2] == ["Søndre", "\N{EN DASH}"]
    layers = QgsProject.instance().mapLayers().values()
    assert sorted(layer.name() for layer in layers) == ["Boligområder æøå", "Housing areas"]
    assert "notes: 1" in message(dock)
    # over the planner's own layers
    assert QgsProject.instance().layerTreeRoot().children()[0].name().startswith("Profile")
    before = dock.session.iface.mapCanvas().extent()
    dock.profile.table.selectRow(0)
    after = dock.session.iface.mapCanvas().extent()
    assert after.width() < before.width() or math.isclose(after.center().x(), before.center().x()) is False
    # a second run never writes over layers that are open
    dock.profile.run()
    assert engine.params_of("run")[1]["folder"].endswith("results_2")
    wait_until(lambda: len(QgsProject.instance().mapLayers()) == 3)


def test_earlier_results_can_be_shown_without_the_engine(open_dock, tmp_path):
    results_in(tmp_path / "Søndre Å, København" / "results")
    dock = open_dock(EngineObject())
    dock.show_step(1)
    assert dock.profile.open_button.isVisibleTo(dock)
    dock.profile.open_button.click()
    wait_until(lambda: dock.profile.table.rowCount() == 3)


def test_proposals_are_compared_side_by_side(open_dock, tmp_path):
    rows = [
        {
            "proposal": "Bridge 1",
            "residents_gaining": 52.0,
            "effect_before": 0.31,
            "effect_after": 0.2,
            "gaps_closed": None,
        },
        {
            "proposal": "Path 1",
            "residents_gaining": 4.0,
            "effect_before": 0.31,
            "effect_after": 0.3,
            "gaps_closed": None,
        },
    ]
    answer = {"folder": str(tmp_path), "files": {}, "layers": [], "proposals": rows, "notes": []}
    engine = EngineObject(assess=answer)
    dock = open_dock(engine)
    draw(dock, line((0, 0), (90, 0)))
    draw(dock, line((0, 50), (90, 50)), kind="path")
    dock.show_step(3)
    dock.compare.run_button.click()
    wait_until(lambda: dock.compare.table.rowCount() > 0)
    assert not dock.draw.proposals.layer.isModified()
    proposals = Path(engine.params_of("assess")[0]["proposals"][0])
    assert proposals.name == "proposals.gpkg"
    heads = [dock.compare.table.horizontalHeaderItem(place).text() for place in range(3)]
    assert heads == ["Measure", "Bridge 1", "Path 1"]
    assert [dock.compare.table.item(0, place).text() for place in range(3)] == ["Residents who gain", "52", "4"]


def test_choosing_another_study_lets_go_of_everything(open_dock, tmp_path):
    engine = EngineObject()
    dock = open_dock(engine)
    draw(dock, line((0, 0), (90, 0)))
    other = study_in(tmp_path / "another")
    dock.data.study_file.setFilePath(str(other))
    assert dock.session.info == {}
    assert dock.draw.proposals.layer is None
    assert dock.draw.difference.layer() is None
    wait_until(lambda: dock.draw.list.rowCount() == 0)
    draw(dock, line((0, 0), (90, 0)))
    assert Path(dock.draw.proposals.file()) == tmp_path / "another" / "proposals.gpkg"


def test_taking_the_layer_out_of_the_project_is_no_accident(open_dock):
    dock = open_dock(EngineObject())
    draw(dock, line((0, 0), (90, 0)))
    dock.draw.save()
    QgsProject.instance().removeMapLayer(dock.draw.proposals.layer.id())
    wait_until(lambda: dock.draw.list.rowCount() == 0)
    draw(dock, line((0, 50), (90, 50)))
    assert dock.draw.list.rowCount() == 2


def test_the_project_remembers_its_study(open_dock, tmp_path):
    dock = open_dock(EngineObject())
    dock.close_down()
    other = open_dock(EngineObject(), study=False)
    wait_until(lambda: other.session.study)
    assert Path(other.session.study).parent.name == "Søndre Å, København"


def test_connections_worth_building_arrive_on_the_map(open_dock, tmp_path):
    def find(params):
        layer = QgsVectorLayer(f"LineString?crs={CRS}&field=link_id:string", "links", "memory")
        feature = QgsFeature(layer.fields())
        feature.setAttributes(["L1"])
        feature.setGeometry(line((0, 0), (90, 0)))
        layer.dataProvider().addFeatures([feature])
        Path(params["folder"]).mkdir()
        save(layer, Path(params["folder"]) / "links.gpkg", "links")
        return {"files": {"geopackage": str(Path(params["folder"]) / "links.gpkg")}, "layers": ["links"], "found": 1}

    dock = open_dock(EngineObject(find=find))
    dock.show_step(2)
    dock.draw.find_button.click()
    assert not dock.draw.find_button.isEnabled()
    wait_until(lambda: len(QgsProject.instance().mapLayers()) == 1)
    assert dock.draw.find_button.isEnabled()
    assert "Connections found: 1" in message(dock)
