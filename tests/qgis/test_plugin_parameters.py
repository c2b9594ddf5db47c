"""What a planner is told before anything is run."""

import pytest

from test_plugin_handover import SQUARE, memory


@pytest.fixture
def told(provider, fake_engine, toy, qgis_new_project):
    """Messages of an algorithm for some parameters; empty where it may run."""
    from qgis.core import QgsApplication, QgsProcessingContext, QgsProject

    def check(verb, **parameters):
        alg = QgsApplication.processingRegistry().createAlgorithmById(f"bykobling:{verb}")
        context = QgsProcessingContext()
        context.setProject(QgsProject.instance())
        given = {"OUTPUT": "TEMPORARY_OUTPUT", "FAULTS": "TEMPORARY_OUTPUT", **parameters}
        known = {one.name() for one in alg.parameterDefinitions()}
        fine, message = alg.checkParameterValues({name: v for name, v in given.items() if name in known}, context)
        assert fine == (not message)
        return message

    return check


@pytest.fixture
def good(toy):
    return {"OSM": str(toy / "town.osm"), "AREAS": str(toy / "areas.geojson")}


def project_layer(layer):
    from qgis.core import QgsProject

    QgsProject.instance().addMapLayer(layer)
    return layer


@pytest.mark.parametrize("verb", ["checkdata", "profile", "barriermap", "barriereffect"])
def test_a_good_town_may_run(told, good, verb):
    assert not told(verb, **good, GROUP="gruppe", VULNERABLE="udsat", NAME="navn")


def test_everything_wrong_is_told_at_once(told, good, tmp_path):
    message = told("profile", OSM=str(tmp_path / "gone.osm.pbf"), AREAS=None)
    assert message.splitlines() == [
        f"There is no file {tmp_path / 'gone.osm.pbf'}.",
        "Choose a layer of housing areas.",
    ]


def test_a_file_of_another_kind_is_no_map(told, good):
    message = told("profile", **{**good, "OSM": good["AREAS"]})
    assert "areas.geojson cannot be read as a map: its name should end in .osm.pbf" in message


def test_an_empty_layer_and_an_empty_selection_differ(told, good):
    from qgis.core import QgsProcessingFeatureSourceDefinition

    empty = project_layer(memory("Polygon", fields="n:int"))
    assert told("profile", **{**good, "AREAS": empty.id()}) == "The layer My layer is empty."
    full = project_layer(memory("Polygon", (SQUARE, 1), fields="n:int"))
    selected = QgsProcessingFeatureSourceDefinition(full.id(), selectedFeaturesOnly=True)
    assert "No feature of the layer My layer is selected" in told("profile", **{**good, "AREAS": selected})
    full.selectAll()
    assert not told("profile", **{**good, "AREAS": selected})


def test_a_layer_without_a_crs_says_where_to_set_it(told, good):
    layer = project_layer(memory("Polygon", (SQUARE, 1), fields="n:int", crs=""))
    from qgis.core import QgsCoordinateReferenceSystem

    layer.setCrs(QgsCoordinateReferenceSystem())
    assert "no coordinate reference system" in told("profile", **{**good, "AREAS": layer.id()})


@pytest.mark.parametrize(
    ("more", "part"),
    [
        ({"NAME": "nope"}, "has no column nope"),
        ({"VULNERABLE": "udsat"}, "Choose the column that holds the values"),
        ({"DATE": "12/5"}, "12/5 is no date"),
        ({"DEPART": "25:00"}, "25:00 is no time of day"),
        ({"GTFS": ["/no/where.zip"]}, "There is no file /no/where.zip"),
    ],
)
def test_wrong_settings_are_told_in_words(told, good, more, part):
    assert part in told("profile", **good, **more)


def test_residents_need_their_column(told, good):
    people = project_layer(memory("Point", ("POINT(0 0)", 5), fields="n:int"))
    assert "holds how many" in told("profile", **good, POPULATION=people.id())
    assert not told("profile", **good, POPULATION=people.id(), RESIDENTS="n")


def test_public_transport_needs_a_timetable_or_lines(told, good):
    assert "Give a timetable" in told("transitaccess", **good)
    assert not told("transitaccess", **good, TRANSIT_FROM_OSM=True)


def test_noise_needs_one_map_and_its_column(told, good):
    assert "Choose a noise map" in told("noiseexposure", **good)
    contours = project_layer(memory("Polygon", (SQUARE, 55.0), fields="db:double"))
    assert "holds the levels" in told("noiseexposure", **good, CONTOURS=contours.id())
    assert not told("noiseexposure", **good, CONTOURS=contours.id(), LEVEL="db")
    counts = project_layer(memory("Point", ("POINT(0 0)", 5000), fields="n:int"))
    assert "vehicles a day" in told("noisescreening", **good, TRAFFIC=counts.id())
    assert not told("noisescreening", **good, TRAFFIC=counts.id(), AADT="n")


@pytest.mark.parametrize("minutes", ["", "ten", "5, -1", "0", "5; 500"])
def test_minutes_are_minutes(told, good, minutes):
    assert "is not a list of minutes" in told("barriereffect", **good, CUTOFFS=minutes)
    assert not told("barriereffect", **good, CUTOFFS="5; 7.5, 10")


@pytest.mark.parametrize("verb", ["runstudy", "findconnections"])
def test_a_study_is_a_study(told, toy, verb):
    assert told(verb) == "Choose a file for: study."
    assert "should end in .toml" in told(verb, STUDY=str(toy / "town.osm"))
    assert not told(verb, STUDY=str(toy / "study.toml"))


def test_proposals_of_an_unknown_kind_are_told(told, toy):
    layer = project_layer(memory("LineString", ("LINESTRING(0 0, 1 1)", "tunnel"), fields="kind:string"))
    message = told("assessconnections", STUDY=str(toy / "study.toml"), PROPOSALS=layer.id())
    assert "holds tunnel. It may hold: bridge, underpass" in message
    plain = project_layer(memory("LineString", ("LINESTRING(0 0, 1 1)", 1), fields="n:int"))
    assert not told("assessconnections", STUDY=str(toy / "study.toml"), PROPOSALS=plain.id())
    assert told("assessconnections", STUDY=str(toy / "study.toml")) == "Choose a layer of proposals."


def test_without_an_engine_nothing_is_run(told, good, monkeypatch):
    monkeypatch.delenv("BYKOBLING_ENGINE")
    assert "not installed yet" in told("profile", **good)
