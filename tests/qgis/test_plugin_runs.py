"""Every algorithm with the real engine, on a toy town: what planners have, and what comes out."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

import toy_town
from conftest import feedback_that, wait_until
from test_plugin_handover import memory

pytestmark = pytest.mark.usefixtures("qgis_new_project")


@pytest.fixture
def run(provider, real_engine):
    import processing

    def do(verb, feedback=None, **parameters):
        return processing.run(f"bykobling:{verb}", parameters, feedback=feedback or feedback_that())

    return do


@pytest.fixture(scope="session")
def study(toy):
    return str(toy / "study.toml")


def layer_of(source):
    from qgis.core import QgsVectorLayer

    layer = source if hasattr(source, "getFeatures") else QgsVectorLayer(source, "x", "ogr")
    assert layer.isValid(), source
    return layer


def effect(results):
    """The barrier effect of areas by name, and its column."""
    layer = layer_of(results["AREAS"])
    column = next(one for one in layer.fields().names() if one == "barrier_effect_walk_15min")
    return {row["name"]: row[column] for row in layer.getFeatures()}


def areas_layer(crs="EPSG:25832"):
    """The areas as a memory layer in a CRS, with a third one to leave unselected."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject

    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:4326"), QgsCoordinateReferenceSystem(crs), QgsProject.instance()
    )
    rows = []
    for feature in toy_town.areas()["features"]:
        ring = ", ".join(f"{x} {y}" for x, y in feature["geometry"]["coordinates"][0])
        shape = QgsGeometry.fromWkt(f"Polygon(({ring}))")
        shape.transform(transform)
        rows.append((shape.asWkt(17), *feature["properties"].values()))
    layer = memory("Polygon", *rows, fields="id:string navn:string gruppe:string", crs=crs)
    QgsProject.instance().addMapLayer(layer)
    return layer


def test_check_finds_nothing_in_order(run, toy):
    feedback = feedback_that()
    found = run(
        "checkdata", feedback, OSM=str(toy / "town.osm"), AREAS=str(toy / "areas.geojson"), NAME="navn",
        FAULTS="TEMPORARY_OUTPUT",
    )  # fmt: skip
    assert found["ERRORS"] == 0
    assert found["WARNINGS"] == layer_of(found["FAULTS"]).featureCount()
    assert ("info", "It can be measured.") in feedback.said


def test_check_shows_what_is_wrong_where_it_is(run, toy):
    """Two areas of one id, and residents below zero."""
    layer = areas_layer("EPSG:4326")
    from qgis.core import QgsProject

    people = memory("Point", ("POINT(12.505 55.703)", 5), ("POINT(12.506 55.703)", -7), fields="n:int", crs="EPSG:4326")
    QgsProject.instance().addMapLayer(people)
    feedback = feedback_that()
    found = run(
        "checkdata", feedback, OSM=str(toy / "town.osm"), AREAS=layer.id(), ID_FIELD="gruppe", POPULATION=people.id(),
        RESIDENTS="n", FAULTS="TEMPORARY_OUTPUT",
    )  # fmt: skip
    assert found["ERRORS"] == 1
    rows = list(layer_of(found["FAULTS"]).getFeatures())
    wrong = next(row for row in rows if row["severity"] == "error")
    assert wrong["file"] == "residents.gpkg"
    assert wrong["where"].endswith("row 2")
    assert wrong["remedy"]
    point = wrong.geometry().asPoint()
    assert (point.x(), point.y()) == pytest.approx((12.506, 55.703))
    assert [text for kind, text in feedback.said if kind == "error" and "residents.gpkg" in text]


def test_barrier_effect_of_whatever_a_planner_has_is_the_same(run, toy, tmp_path):
    """A file in degrees; a memory layer in another CRS, only what is selected; in a project that was never saved."""
    from qgis.core import QgsFeature, QgsGeometry, QgsProcessingFeatureSourceDefinition, QgsProject

    common = {"OSM": str(toy / "town.osm"), "NAME": "navn", "ID_FIELD": "id", "CUTOFFS": "15", "LOAD": False}
    from_file = effect(
        run("barriereffect", AREAS=str(toy / "areas.geojson"), OUTPUT=str(tmp_path / "Område Ø & co"), **common)
    )
    assert from_file["Vestparken"] > 0.1
    layer = areas_layer("EPSG:3857")
    layer.selectAll()
    layer.startEditing()
    stray = QgsFeature(layer.fields())
    stray.setAttributes(["x", "Ikke valgt", "rest"])
    stray.setGeometry(QgsGeometry.fromWkt("POLYGON((0 0, 1 0, 1 1, 0 0))"))
    layer.addFeature(stray)
    assert not QgsProject.instance().fileName()
    selected = QgsProcessingFeatureSourceDefinition(layer.id(), selectedFeaturesOnly=True)
    from_memory = effect(run("barriereffect", AREAS=selected, OUTPUT="TEMPORARY_OUTPUT", **common))
    assert from_memory == pytest.approx(from_file)
    layer.rollBack()


def test_a_barrier_of_ones_own_counts(run, toy, tmp_path):
    from qgis.core import QgsProject

    (west, south), (east, _) = toy_town.place(8, 2.5), toy_town.place(12, 2.5)
    wall = memory(
        "LineString", (f"LINESTRING({west} {south}, {east} {south})", "Hegnet"), fields="navn:string", crs="EPSG:4326"
    )
    QgsProject.instance().addMapLayer(wall)
    found = run(
        "barriermap", OSM=str(toy / "town.osm"), AREAS=str(toy / "areas.geojson"), NAME="navn", BARRIERS=[wall.id()],
        BARRIER_KIND=4, OUTPUT=str(tmp_path), LOAD=False,
    )  # fmt: skip
    barriers = {row["name"]: row["kind"] for row in layer_of(found["BARRIERS"]).getFeatures()}
    assert barriers == {"Ringbanen": "railway", "Hegnet": "land"}
    assert layer_of(found["SEVERANCE"]).featureCount()


def test_a_profile_is_shown_styled_and_grouped(provider, real_engine, toy, tmp_path):
    import processing
    from qgis.core import QgsProcessingContext, QgsProject

    context = QgsProcessingContext()
    context.setProject(QgsProject.instance())
    parameters = {
        "OSM": str(toy / "town.osm"), "AREAS": str(toy / "areas.geojson"), "NAME": "navn", "GROUP": "gruppe",
        "VULNERABLE": "udsat", "TITLE": "Østerhøj", "OUTPUT": str(tmp_path),
    }  # fmt: skip
    feedback = feedback_that()
    found = processing.run("bykobling:profile", parameters, feedback=feedback, context=context)
    assert Path(found["REPORT"]).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert (tmp_path / "study" / "study.toml").is_file()
    assert feedback.shares == sorted(feedback.shares)
    assert [text for kind, text in feedback.said if kind == "info" and "OpenStreetMap" in text]
    from processing.gui.Postprocessing import handleAlgorithmResults
    from qgis.core import QgsApplication

    # the processing of results in the window, which `processing.run` leaves out
    alg = QgsApplication.processingRegistry().createAlgorithmById("bykobling:profile")
    assert handleAlgorithmResults(alg, context, feedback, False)
    group = QgsProject.instance().layerTreeRoot().findGroup("Østerhøj")
    layers = {child.layer().source().split("layername=")[1]: child.layer() for child in group.children()}
    assert {"areas", "barriers", "residents", "severance"} <= set(layers)
    assert len(layers["areas"].renderer().legendSymbolItems()) > 5
    groups = {row["name"]: row["group"] for row in layers["areas"].getFeatures()}
    assert groups == {"Vestparken": "vulnerable", "Østerhøj": "rest"}
    QgsProject.instance().clear()


def test_noise_at_homes_is_read_from_contours(run, toy, tmp_path):
    from qgis.core import QgsProject

    def band(first, last):
        ring = ", ".join(f"{x} {y}" for x, y in toy_town.half(first, last)[0])
        return f"POLYGON(({ring}))"

    loud = [(band(0, 2), 60, 65), (band(3, 5), 55, 60)]
    contours = memory("Polygon", *loud, fields="fra:int til:int", crs="EPSG:4326")
    QgsProject.instance().addMapLayer(contours)
    found = run(
        "noiseexposure", OSM=str(toy / "town.osm"), AREAS=str(toy / "areas.geojson"), NAME="navn", ID_FIELD="id",
        CONTOURS=contours.id(), LEVEL="fra", UPPER="til", LOWEST=55, OUTPUT=str(tmp_path / "støj"), LOAD=False,
    )  # fmt: skip
    homes = layer_of(found["NOISE"])
    column = next(name for name in homes.fields().names() if "lden" in name)
    west = {row[column] for row in homes.getFeatures() if row["area_id"] == "w"}
    assert {57.5, 62.5} <= west  # the middle of each band
    assert {"areas", "noise"} <= set(_layers(found["OUTPUT"]))


def _layers(folder):
    from bykobling_qgis.layers import layer_names

    return layer_names(str(Path(folder) / "results.gpkg"))


def test_noise_is_estimated_where_there_is_no_map(run, toy, tmp_path):
    from qgis.core import QgsRasterBandStats, QgsRasterLayer

    from bykobling_qgis.drawn import draw_levels

    feedback = feedback_that()
    found = run(
        "noisescreening", feedback, OSM=str(toy / "town.osm"), AREAS=str(toy / "areas.geojson"), NAME="navn",
        ID_FIELD="id", CELL=25, BUILDINGS=False, OUTPUT=str(tmp_path / "støj"), LOAD=False,
    )  # fmt: skip
    levels = {}
    for name in ("LDEN", "LNIGHT"):
        raster = QgsRasterLayer(found[name], name)
        assert raster.isValid()
        levels[name] = raster.dataProvider().bandStatistics(1, QgsRasterBandStats.Stats.Mean).mean
        draw_levels(raster)
        assert len(raster.renderer().legendSymbologyItems()) == 7
    # the night is quieter than the day with its evening and night weighted up
    assert 20 < levels["LNIGHT"] < levels["LDEN"] < 90
    assert [text for kind, text in feedback.said if kind == "info" and "dB" in text]


def test_isochrones_of_points(run, study, tmp_path):
    from qgis.core import QgsProject

    lon, lat = toy_town.place(2, 3)
    far = (lon - 0.2, lat)
    rows = [(f"POINT({x} {y})", name) for (x, y), name in (((lon, lat), "Skole"), (far, "Langt væk"))]
    points = memory("Point", *rows, fields="name:string", crs="EPSG:4326")
    QgsProject.instance().addMapLayer(points)
    feedback = feedback_that()
    found = run(
        "isochrone", feedback, STUDY=study, POINTS=points.id(), CUTOFFS="3, 6", OUTPUT=str(tmp_path), LOAD=False
    )
    rows = {
        (row["name"], row["cutoff_min"]): row.geometry().area() for row in layer_of(found["ISOCHRONES"]).getFeatures()
    }
    assert set(rows) == {("Skole", 3.0), ("Skole", 6.0)}
    assert rows["Skole", 6.0] > 2 * rows["Skole", 3.0] > 0
    assert [text for kind, text in feedback.said if kind == "warning" and text.startswith("1 points")]


def test_connections_are_found_and_assessed(run, study, tmp_path):
    from qgis.core import QgsProject

    found = run("findconnections", STUDY=study, OUTPUT=str(tmp_path / "links"), LOAD=False, STEPS=2)
    links = layer_of(found["LINKS"])
    assert links.featureCount() > 0
    assert max(row["gain_places"] for row in links.getFeatures()) > 0
    (x0, y0), (x1, y1) = toy_town.bridge()
    drawn = memory(
        "LineString", (f"LINESTRING({x0} {y0}, {x1} {y1})", "Nordbroen"), fields="navn:string", crs="EPSG:4326"
    )
    drawn.setName("Broen mod nord")
    QgsProject.instance().addMapLayer(drawn)
    feedback = feedback_that()
    changed = run(
        "assessconnections", feedback, STUDY=study, PROPOSALS=drawn.id(), KIND=0, OUTPUT=str(tmp_path / "after"),
        LOAD=False,
    )  # fmt: skip
    assert {row["what"] for row in layer_of(changed["PROPOSALS"]).getFeatures()} == {"bridge"}
    homes = layer_of(changed["RESIDENTS"])
    assert all(row["reach_after"] >= row["reach_before"] for row in homes.getFeatures())
    assert [text for kind, text in feedback.said if text.startswith("Broen mod nord: ")]


def test_cancelled_it_ends_early_leaves_nothing_and_the_next_run_works(run, study, tmp_path):
    from qgis.core import QgsProcessingException

    with pytest.raises(QgsProcessingException, match="as you asked"):
        run("runstudy", feedback_that(stop_after_s=1.0), STUDY=study, OUTPUT=str(tmp_path / "out"), LOAD=False)
    assert not list((tmp_path / "out").rglob("*.gpkg"))
    assert effect(run("runstudy", STUDY=study, OUTPUT=str(tmp_path / "out"), LOAD=False))["Vestparken"] > 0.1


def test_faults_of_a_study_are_told_one_a_line(run, toy, tmp_path):
    from qgis.core import QgsProcessingException

    shutil.copytree(toy, tmp_path / "broken")
    study = tmp_path / "broken" / "study.toml"
    study.write_text(study.read_text(encoding="utf-8").replace("town.osm", "gone.osm") + "[walkk]\n", encoding="utf-8")
    with pytest.raises(QgsProcessingException) as told:
        run("runstudy", STUDY=str(study), OUTPUT=str(tmp_path / "out"), LOAD=False)
    assert "Remedy: " in str(told.value)
    assert "Traceback" not in str(told.value)


def test_the_resident_engine_answers_a_drawn_bridge_and_survives_being_killed(real_engine, engine, study, tmp_path):
    """The whole way of the panel: load, draw, cancel, kill in the middle, and draw again."""

    def ask(method, **params):
        came = []
        engine.call(method, params, came.append, came.append)
        wait_until(lambda: came, 90)
        return came[0]

    def loaded():
        return ask("load_study", study=study)["study_id"]

    line = [list(end) for end in toy_town.bridge()]
    answer = ask(
        "assess_link", study_id=loaded(), line=line, crs="EPSG:4326", kind="bridge", layer=str(tmp_path / "é.gpkg")
    )
    assert answer["residents_gaining"] > 0
    assert layer_of(answer["layer"]).featureCount() > 0
    stopped, came = [], []
    engine.stopped.connect(stopped.append)
    engine.call("run", {"study": study, "folder": str(tmp_path / "out")}, came.append, came.append)
    os.kill(engine._process.processId(), signal.SIGKILL)
    wait_until(lambda: stopped)
    assert "files are as they were" in came[0].message
    assert not list((tmp_path / "out").rglob("*.gpkg"))
    again = ask("assess_link", study_id=loaded(), line=line, crs="EPSG:4326", kind="bridge")
    assert again["residents_gaining"] == answer["residents_gaining"]


def test_the_engine_dies_with_qgis(real_engine, engine):
    came = []
    engine.call("ping", {}, came.append, came.append)
    wait_until(lambda: came, 60)
    pid = engine._process.processId()
    engine.shut_down()
    told = subprocess.run(["ps", "-p", str(pid), "-o", "stat="], capture_output=True, text=True, check=False)
    assert told.stdout.strip() in {"", "Z"}
