"""Reading study.toml: what is allowed, and every fault at once."""

from __future__ import annotations

import contextlib
import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bykobling.errors import StudyError
from bykobling.layers import Where
from bykobling.study.config import read_study

SMALL = """
[osm]
file = "city.osm.pbf"
[areas]
file = "areas.gpkg"
"""


@pytest.fixture
def write(tmp_path):
    for name in ("city.osm.pbf", "areas.gpkg", "rail.gpkg", "people.gpkg"):
        (tmp_path / name).touch()

    def writer(text):
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return writer


def faults(path):
    with pytest.raises(StudyError) as caught:
        read_study(path)
    return [f"{fault.where}: {fault.rule}. {fault.remedy}" for fault in caught.value.faults]


def test_the_smallest_study_takes_defaults(write):
    study = read_study(write(SMALL))
    assert study.walk.cutoffs_min == (5, 10, 15)
    assert study.walk.profile.speed_kmh == 4.8
    assert study.bike.enabled
    assert study.bike.cutoffs_min == (10,)
    assert study.title == study.path.parent.name
    assert study.results == study.path.parent / "results"
    assert study.osm.file == study.path.parent / "city.osm.pbf"
    assert study.population is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.title = "x"


def test_a_folder_stands_for_its_study(write):
    assert read_study(write(SMALL).parent).path.name == "study.toml"


def test_everything_can_be_set(write):
    study = read_study(
        write(
            SMALL.replace('file = "areas.gpkg"', 'file = "areas.gpkg"\ngroup = "g"\nvulnerable = ["a", 1]')
            + """
[population]
file = "people.gpkg"
residents = "n"
[[barriers]]
file = "rail.gpkg"
kind = "railway"
width_m = 15
where = { column = "speed", min = 60, equals = ["x"] }
[[barriers]]
file = "rail.gpkg"
width_m = "breadth"
[barrier_rules]
road_classes = ["motorway"]
min_land_area_m2 = 5
[[destinations]]
file = "people.gpkg"
category = "mosque"
weight = "visitors"
[walk]
speed_kmh = 4
cutoffs_min = [15, 5]
[bike]
enabled = false
[crossing_delays_s]
signal = 30
unmarked = 12.5
[results]
folder = "out"
"""
        )
    )
    assert study.areas.vulnerable == ("a", 1)
    assert study.population.residents_column == "n"
    rail, second = study.barriers
    assert (rail.kind, rail.width_m, rail.width_column) == ("railway", 15.0, None)
    assert rail.where == Where("speed", minimum=60.0, equals=("x",))
    assert (second.kind, second.width_m, second.width_column) == ("user", None, "breadth")
    assert study.rules.road_classes == ("motorway",)
    assert study.rules.min_land_area_m2 == 5.0
    assert study.destinations[0].category == "mosque"
    assert study.walk.cutoffs_min == (5, 15)
    assert not study.bike.enabled
    assert (study.delays.signal, study.delays.unmarked, study.delays.refuge) == (30.0, 12.5, None)
    assert study.results == study.path.parent / "out"
    assert [path.name for path in study.input_files()] == [
        "study.toml", "city.osm.pbf", "areas.gpkg", "people.gpkg", "rail.gpkg",
    ]  # fmt: skip


def test_areas_from_boundaries(write):
    study = read_study(
        write('[osm]\nfile = "city.osm.pbf"\n[areas]\nfrom = "osm:admin_level=8,10"\nvulnerable = ["X"]')
    )
    assert study.areas.admin_levels == (8, 10)
    assert study.areas.file is None
    assert study.areas.vulnerable == ("X",)


ONE_FAULT = {
    "unknown section": ("[wlak]\nspeed_kmh = 4", "[wlak]: this section or key is unknown. perhaps you mean 'walk'"),
    "unknown key": ("[walk]\nspeed_km = 4", "[walk] speed_km: this key is unknown. perhaps you mean 'speed_kmh'"),
    "text for a number": ('[walk]\nspeed_kmh = "4"', "[walk] speed_kmh: '4' (text) is not a number"),
    "flag for a number": ("[walk]\nspeed_kmh = true", "True (true or false) is not a number"),
    "nan": ("[walk]\nspeed_kmh = nan", "nan (a number) is not a number between 0.5 and 40"),
    "too fast": ("[walk]\nspeed_kmh = 400", "not a number between 0.5 and 40"),
    "no minutes": ("[walk]\ncutoffs_min = []", "[] (a list) is not a list of whole minutes"),
    "half minutes": ("[walk]\ncutoffs_min = [2.5]", "is not a list of whole minutes"),
    "language": ('language = "dk"', "language: 'dk' (text) is not one of en, da"),
    "kind": ('[[barriers]]\nfile = "rail.gpkg"\nkind = "rail"', "perhaps you mean 'railway'"),
    "single brackets": ('[barriers]\nfile = "rail.gpkg"', "write [[barriers]] in double brackets"),
    "missing file": ('[population]\nfile = "poeple.gpkg"', "perhaps you mean 'people.gpkg'"),
    "internet": ('[population]\nfile = "https://x.org/a.gpkg"', "is not a file on this computer"),
    "folder as file": ('[population]\nfile = "."', "is a folder"),
    "no file": ("[population]\nresidents = 'n'", "[population] file: it is missing"),
    "no condition": ('[[barriers]]\nfile = "rail.gpkg"\nwhere = { column = "a" }', "it has no condition"),
    "where": ('[[barriers]]\nfile = "rail.gpkg"\nwhere = { column = "a", mni = 1, max = 2 }', "perhaps you mean 'min'"),
    "negative width": ('[[barriers]]\nfile = "rail.gpkg"\nwidth_m = -3', "not a number between 0.1 and 2000"),
    "category": ('[destinations_osm]\ncategories = ["scool"]', "perhaps you mean 'school'"),
    "weights": ("[destinations_osm.weights]\nscool = 2", "perhaps you mean 'school'"),
    "rules": ('[barrier_rules]\nroad_classes = "motorway"', "is not a list of texts"),
    "delays": ("[crossing_delays_s]\nsignals = 3", "perhaps you mean 'signal'"),
    "no walking": ("[walk]\nenabled = false", "walking cannot be left out"),
    "results on a file": ('[results]\nfolder = "rail.gpkg"', "is a file, not a folder"),
    "section as value": ("walk = 3", "3 (a whole number) stands where a section belongs"),
}


@pytest.mark.parametrize("case", ONE_FAULT)
def test_a_fault_is_told_with_place_and_remedy(write, case):
    addition, words = ONE_FAULT[case]
    text = SMALL + addition if addition.startswith("[") else addition + SMALL
    told = faults(write(text))
    assert len(told) == 1, told
    assert words in told[0]


def test_all_faults_are_told_at_once(write):
    text = "tilte = 'x'\n[osm]\nfile = 'none.pbf'\n[areas]\n[walk]\nspeed_kmh = -1\nx = 2"
    told = faults(write(text))
    assert len(told) == 5, told


def test_areas_need_one_source(write):
    told = faults(write('[osm]\nfile = "city.osm.pbf"\n[areas]\nfile = "areas.gpkg"\nfrom = "osm:admin_level=9"'))
    assert "both file and from" in told[0]


def test_groups_need_a_column(write):
    told = faults(write(SMALL + "vulnerable_not_null = true"))
    assert "nobody can be told apart" in told[0]


@pytest.mark.parametrize(
    ("content", "words"), [(b"a = ", "not valid TOML"), (b"\xff\xfe", "not UTF-8"), (b"", "missing")]
)
def test_what_is_no_study(tmp_path, content, words):
    path = tmp_path / "study.toml"
    path.write_bytes(content)
    assert any(words in told for told in faults(path))


def test_a_study_that_is_not_there(tmp_path):
    assert "no such file" in faults(tmp_path / "none.toml")[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    section=st.sampled_from(["osm", "areas", "walk", "bike", "population", "barriers", "destinations_osm", "results"]),
    value=st.sampled_from(["1", "'x'", "[]", "{}", "[[1]]", "nan", "-inf", "true", "2026-01-01", "[{a=1}]", "''"]),
    key=st.sampled_from(["file", "from", "speed_kmh", "cutoffs_min", "vulnerable", "width_m", "where", "weights", ""]),
)
def test_no_value_makes_it_stumble(write, section, key, value):
    """Whatever stands anywhere, the answer is a study or a StudyError, never another error."""
    line = f"[{section}]\n{key} = {value}\n" if key else f"{section} = {value}\n"
    with contextlib.suppress(StudyError):
        read_study(write(line))
