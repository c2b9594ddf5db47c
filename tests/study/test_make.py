"""A study file made of inputs says what was given, and nothing is written where something is wrong."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.study.test_run import make

from bykobling.datasets import example_study
from bykobling.errors import OutputError, StudyError
from bykobling.study import read_study
from bykobling.study.made_text import study_text, toml_value
from bykobling.study.make import INPUTS, make_study


@pytest.fixture(scope="module")
def given_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    make(folder)
    return {"osm": str(folder / "town.osm"), "areas": str(folder / "areas.geojson")}


def test_the_least_that_can_be_given(given_files, tmp_path):
    made = make_study(tmp_path, given_files)
    study = read_study(made.path)
    assert made.path == tmp_path / "study.toml"
    assert study.population is None
    assert study.transit is None
    assert study.bike.enabled
    assert study.title == tmp_path.name
    assert study.results == tmp_path / "results"
    # every setting there is can still be found
    text = made.path.read_text(encoding="utf-8")
    for line in example_study().split("\n"):
        if line.startswith("# ") and " = " in line:
            assert line.split(" = ")[0].lstrip("# ") in text


def test_everything_that_can_be_given(given_files, tmp_path):
    layer = {"file": given_files["areas"], "kind": "water", "name_field": "name", "name_constant": "Søen"}
    inputs = given_files | {
        "title": 'Nørre"bro" \\ og\nomegn', "language": "da", "ferries": True, "id_field": "id", "name_field": "name",
        "group_field": "group", "vulnerable": ["vulnerable"], "only_inside_extract": False,
        "barriers": [given_files["areas"], layer], "modes": ["walk"], "transit_from_osm": True,
        "destinations": [{"file": given_files["areas"], "category": "culture"}], "results": "resultater",
        "settings": {"walk": {"speed_kmh": 4.5, "cutoffs_min": [5, 15]}, "osm": {"ferries": False},
                     "destinations_osm": {"weights": {"school": 2.0}}},
    }  # fmt: skip
    study = read_study(make_study(tmp_path / "ny mappe", inputs).path)
    assert study.title == 'Nørre"bro" \\ og\nomegn'
    assert (study.language, study.osm.ferries, study.bike.enabled) == ("da", False, False)
    assert (study.areas.id_column, study.areas.vulnerable) == ("id", ("vulnerable",))
    assert [(one.kind, one.name, one.name_column) for one in study.barriers] == [
        ("user", None, None), ("water", "Søen", "name"),
    ]  # fmt: skip
    assert study.destinations[0].category == "culture"
    assert study.transit.from_osm
    assert (study.walk.profile.speed_kmh, study.walk.cutoffs_min) == (4.5, (5, 15))
    assert study.destinations_osm.weights == {"school": 2.0}
    assert study.results == tmp_path / "ny mappe" / "resultater"


def test_paths_in_the_folder_are_relative_so_that_it_can_be_moved(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    make(folder)
    make_study(folder, {"osm": "town.osm", "areas": str(folder / "areas.geojson")}, overwrite=True)
    moved = folder.rename(tmp_path / "b")
    assert read_study(moved).areas.file == moved / "areas.geojson"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"osm": None}, "osm"),
        ({"areas": "nowhere.gpkg"}, "nowhere.gpkg"),
        ({"areas": "https://x/y.gpkg"}, "on this computer"),
        ({"group_field": "gruppe"}, "gruppe"),
        ({"areas_layer": "no such"}, "no such"),
        ({"barriers": [{"layer": "x"}]}, "names no file"),
        ({"barriers": ["nowhere.gpkg"]}, "nowhere.gpkg"),
        ({"population_field": "n"}, "name the file"),
        ({"modes": ["bike"]}, "walking"),
        ({"modes": ["swim"]}, "swim"),
        ({"titel": "x"}, "title"),
        ({"title": 7}, "no text"),
        ({"settings": {"wlak": {}}}, "walk"),
        ({"settings": {"walk": {"speed_kmh": 900}}}, "speed_kmh"),
        ({"settings": {"walk": {"speed_kmh": float("nan")}}}, "study file"),
        ({"vulnerable": [None]}, "study file"),
        ({"gtfs": [3]}, "list of files"),
        ({"settings": {"transit": {"cutoffs_min": [30]}}}, "gtfs"),
        ({"transit_from_osm": True, "gtfs": ["none.zip"]}, "both"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(given_files, tmp_path, changes, told):
    folder = tmp_path / "ny"
    with pytest.raises(StudyError) as caught:
        make_study(folder, given_files | changes)
    assert told in str(caught.value)
    assert not folder.exists()


def test_a_study_that_is_there_stays(given_files, tmp_path):
    path = make_study(tmp_path, given_files | {"title": "first"}).path
    with pytest.raises(StudyError, match="not overwritten"):
        make_study(tmp_path, given_files | {"title": "second"})
    assert read_study(path).title == "first"
    make_study(tmp_path, given_files | {"title": "second"}, overwrite=True)
    assert read_study(path).title == "second"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["study.toml"]


def test_a_folder_that_cannot_be_is_told(given_files, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        make_study(tmp_path / "file" / "under", given_files)


def test_a_population_is_looked_at(given_files, tmp_path):
    with pytest.raises(StudyError, match="residents"):
        make_study(tmp_path, given_files | {"population": given_files["areas"]})
    assert not list(tmp_path.iterdir())


VALUES = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=100, deadline=None)
@given(VALUES)
def test_every_value_comes_back(value):
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.sampled_from(["speed_kmh", "cutoffs_min", "another"]), VALUES), st.text(), st.booleans())
def test_a_study_file_says_what_it_was_given(walk, title, twice):
    layers = [{"file": "a", "kind": title}, {"file": "b"}][: 1 + twice]
    tables = {"": {"title": title}, "osm": {"file": "x"}, "areas": {"file": "y"}, "walk": walk, "barriers": layers,
              "not_in_the_example": {"a b": 1}}  # fmt: skip
    said = tomllib.loads(study_text(tables, lambda path: f"/{path}"))
    assert said == {
        "title": title, "osm": {"file": "/x"}, "areas": {"file": "/y"}, "walk": walk,
        "barriers": [one | {"file": f"/{one['file']}"} for one in layers], "not_in_the_example": {"a b": 1},
    }  # fmt: skip


def test_the_text_of_the_example_is_not_lost():
    assert tomllib.loads(study_text({"": {}, "osm": {}, "areas": {}}, str)) == {"osm": {}, "areas": {}}
    assert len(set(INPUTS)) == len(INPUTS)
