"""The first step: a study from layers, and what is wrong with it."""

from pathlib import Path

from qgis.core import QgsProject, QgsVectorLayer
from test_dock import message, open_dock, window  # noqa: F401 - fixtures

from conftest import wait_until
from dock_parts import EngineObject, areas_layer, study_in, write_points


def made_in(folder):
    return lambda params: {"study": str(study_in(Path(params["folder"]))), "faults": []}


def fill_in(dock, folder, areas):
    data = dock.data
    data.make_group.setCollapsed(False)
    data.title.setText("Byen på øen")
    data.folder.setFilePath(str(folder))
    data.osm.setFilePath("/data/øen.osm.pbf")
    QgsProject.instance().addMapLayer(areas)
    data.areas.setLayer(areas)
    return data


def test_a_study_is_made_from_a_memory_layer_in_degrees_with_its_selected_areas_alone(open_dock, tmp_path):  # noqa: F811
    engine = EngineObject(make_study=made_in(tmp_path), check={"faults": [], "layer": None})
    dock = open_dock(engine, study=False)
    areas = areas_layer("navn:string&field=udsat:string", [("Nørre", "ja"), ("Søndre", None)], crs="EPSG:4326")
    areas.selectByIds([next(areas.getFeatures()).id()])
    data = fill_in(dock, tmp_path / "ny by", areas)
    assert data.only_selected.isChecked()
    assert data.area_name.currentField() == "navn"
    data.area_group.setField("udsat")
    data.make_button.click()
    wait_until(lambda: engine.params_of("make_study"))
    asked = engine.params_of("make_study")[0]
    assert asked["name_field"] == "navn"
    assert asked["vulnerable_not_null"] is True
    assert "vulnerable" not in asked
    written = QgsVectorLayer(asked["areas"], "areas", "ogr")
    assert [one["navn"] for one in written.getFeatures()] == ["Nørre"]
    assert written.crs().authid() == "EPSG:4326"
    wait_until(lambda: dock.session.study)
    assert Path(dock.session.study).parent == tmp_path / "ny by"
    wait_until(lambda: "Nothing is wrong" in dock.data.faults.verdict.text())


def test_vulnerable_areas_may_be_told_by_values(open_dock, tmp_path):  # noqa: F811
    engine = EngineObject(make_study=made_in(tmp_path), check={"faults": [], "layer": None})
    dock = open_dock(engine, study=False)
    data = fill_in(dock, tmp_path / "by", areas_layer("gruppe:string", [("udsat",), ("anden",)]))
    data.area_group.setField("gruppe")
    data.group_values.setText("udsat, forebyggelse")
    data.make_button.click()
    wait_until(lambda: engine.params_of("make_study"))
    asked = engine.params_of("make_study")[0]
    assert asked["vulnerable"] == ["udsat", "forebyggelse"]
    assert "vulnerable_not_null" not in asked


def test_what_is_missing_is_said_before_anything_is_written(open_dock, tmp_path):  # noqa: F811
    engine = EngineObject()
    dock = open_dock(engine, study=False)
    dock.data.make_group.setCollapsed(False)
    dock.data.make_button.click()
    assert "Streets (OSM file)" in message(dock)
    assert not engine.asked
    empty = areas_layer("name:string", [])
    fill_in(dock, tmp_path / "tom", empty)
    dock.data.make_button.click()
    wait_until(lambda: "empty" in message(dock))
    assert dock.data.make_button.isEnabled()


def test_faults_are_listed_errors_first_and_drawn(open_dock, tmp_path):  # noqa: F811
    faults = [
        {"file": "a.gpkg", "where": "", "rule": "old", "remedy": "renew it", "severity": "warning"},
        {"file": "områder.gpkg", "where": "row 3", "rule": "it is empty", "remedy": "draw it", "severity": "error"},
    ]

    def check(params):
        columns = "severity:string&field=file:string&field=where:string&field=rule:string&field=remedy:string"
        rows = [(one["severity"], one["file"], one["where"], one["rule"], one["remedy"]) for one in faults]
        write_points(params["layer"], "faults", columns, rows)
        return {"faults": faults, "layer": params["layer"]}

    dock = open_dock(EngineObject(check=check))
    dock.data.check_button.click()
    wait_until(lambda: dock.data.faults.table.rowCount() == 2)
    assert "områder.gpkg: row 3" in dock.data.faults.table.item(0, 0).text()
    assert "measured: 1. Worth knowing: 1." in dock.data.faults.verdict.text()
    layers = [one for one in QgsProject.instance().mapLayers().values() if one.name() == "What is wrong with the data"]
    assert [one.featureCount() for one in layers] == [2]
    assert layers[0].renderer().type() == "categorizedSymbol"
    before = dock.session.iface.mapCanvas().extent()
    dock.data.faults.table.selectRow(0)
    assert dock.session.iface.mapCanvas().extent() != before
    dock.data.check_button.click()
    wait_until(lambda: len(dock.session.engine.params_of("check")) == 2 and not dock.session.jobs)
    layers = [one for one in QgsProject.instance().mapLayers().values() if one.name() == "What is wrong with the data"]
    assert len(layers) == 1


def test_the_sample_town_is_copied_opened_and_measured(open_dock, tmp_path):  # noqa: F811
    engine = EngineObject(sample=lambda params: {"study": str(study_in(Path(params["folder"])))}, run="hold")
    dock = open_dock(engine, study=False)
    dock.data.sample_button.click()
    wait_until(lambda: engine.params_of("run"))
    assert dock.steps.currentIndex() == 1
    assert Path(engine.params_of("run")[0]["study"]).parent.name == "sample"
    dock.session.cancel()
    # the second time it is there already
    dock.session.set_study("")
    dock.data.sample_button.click()
    wait_until(lambda: len(engine.params_of("run")) == 2)
    assert len(engine.params_of("sample")) == 1


def test_a_file_that_is_not_there_is_said_so(open_dock):  # noqa: F811
    dock = open_dock(EngineObject(), study=False)
    dock.data.study_file.setFilePath("/nowhere/study.toml")
    assert "There is no file" in dock.data.about.text()
    assert not dock.session.study
