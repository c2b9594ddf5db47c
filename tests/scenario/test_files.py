"""Scenarios written and read: the way there and back, and hostile files."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError, ReadError
from bykobling.scenario import (
    AddCrossing,
    AddLink,
    AddService,
    AddStop,
    ChangeHeadway,
    ChangeSpeed,
    RemoveLink,
    RemoveService,
    RemoveStop,
    Scenario,
    read_scenarios,
    scenario_from_json,
    scenario_to_json,
)
from bykobling.scenario.modifications import CROSSING_KINDS, LINK_KINDS
from tests.scenario.towns import line
from tests.toys import CRS

UTM = pyproj.CRS(CRS)

names = st.text(max_size=12)
ids = st.text(min_size=1, max_size=8)
spots = st.tuples(st.floats(720_000, 730_000), st.floats(6_170_000, 6_180_000))
lines = st.lists(spots, min_size=2, max_size=5, unique=True).map(shapely.LineString)
points = spots.map(shapely.Point)
modes = st.sampled_from([("walk",), ("bike",), ("walk", "bike")])
amounts = st.floats(0, 500)
whole = st.integers(1, 86_400)
changes = st.one_of(
    st.builds(
        AddLink, lines, st.sampled_from(LINK_KINDS), modes, amounts, st.none() | st.floats(0.5, 9),
        st.none() | st.floats(-30, 30), names, amounts,
    ),
    st.builds(RemoveLink, lines, names, st.floats(0.5, 20)),
    st.builds(AddCrossing, lines | points, st.sampled_from(CROSSING_KINDS), st.none() | amounts, names),
    st.builds(ChangeSpeed, lines, st.floats(1, 40), modes, names, st.floats(0.5, 20)),
    st.builds(AddStop, ids, points, st.lists(ids, max_size=3).map(tuple), whole, names),
    st.integers(2, 5).flatmap(
        lambda count: st.builds(
            AddService, st.tuples(*[ids] * count), st.tuples(*[whole] * (count - 1)), ids,
            st.sampled_from(["bus", "tram", "rail", "ferry", "trolleybus", "coach", "subway"]),
            whole, whole, whole, whole, st.booleans(), names,
        )
    ),
    st.builds(ChangeHeadway, ids, whole, whole, whole, names),
    st.builds(RemoveService, st.lists(ids, max_size=3).map(tuple), st.lists(ids, max_size=3).map(tuple), names),
    st.builds(RemoveStop, st.lists(ids, min_size=1, max_size=3).map(tuple), names),
)  # fmt: skip


def alike(one, other):
    assert type(one) is type(other)
    for name in one.__dataclass_fields__:
        was, now = getattr(one, name), getattr(other, name)
        if isinstance(was, shapely.Geometry):
            assert was.geom_type == now.geom_type
            np.testing.assert_allclose(shapely.get_coordinates(now), shapely.get_coordinates(was), atol=1e-3)
        else:
            assert was == now, name


@given(st.lists(changes, max_size=6), names)
@settings(max_examples=60, deadline=None)
def test_there_and_back(modifications, name):
    scenario = Scenario(tuple(modifications), name, UTM)
    faults = []
    back = scenario_from_json(scenario_to_json(scenario), crs=UTM, faults=faults)
    assert faults == []
    assert back.name == name
    assert back.crs == UTM
    assert len(back.modifications) == len(modifications)
    for one, other in zip(modifications, back.modifications, strict=True):
        alike(one, other)


def test_an_entry_as_conveyal_writes_it():
    entries = [
        {
            "type": "add-streets", "comment": "Bridge", "allowedModes": ["WALK", "CAR"], "linkable": True,
            "lineStrings": [[[12.57, 55.68], [12.571, 55.681]], [[12.58, 55.68], [12.581, 55.681]]],
        },
        {
            "type": "add-trips", "comment": "Line 9", "stops": [{"id": "a"}, {"id": "b"}, {"id": "c"}], "mode": 0,
            "color": "4444FF", "directionId": 0, "bidirectional": False,
            "frequencies": [
                {"hopTimes": [60, 90], "dwellTimes": [0, 25, 0], "startTime": 25200, "endTime": 32400,
                 "headwaySecs": 600, "monday": True, "sunday": False},
            ],
        },
        {
            "type": "adjust-frequency", "route": "1A",
            "entries": [
                {"sourceTrip": "t1", "startTime": 0, "endTime": 9, "headwaySecs": 5},
                {"sourceTrip": "t2", "startTime": 0, "endTime": 9, "headwaySecs": 5},
            ],
        },
        {"type": "remove-trips", "routes": ["5C"], "trips": None},
    ]  # fmt: skip
    faults = []
    text = json.dumps({"id": "x", "description": "Plan", "modifications": entries})
    scenario = scenario_from_json(text, crs=UTM, faults=faults)
    assert [type(each).__name__ for each in scenario.modifications] == [
        "AddLink", "AddLink", "AddService", "ChangeHeadway", "RemoveService",
    ]  # fmt: skip
    assert scenario.modifications[0].modes == ("walk",)
    assert scenario.modifications[2] == AddService(
        ("a", "b", "c"), (60, 90), "Line 9", "tram", 600, 25200, 32400, dwell_s=25, both_ways=False, name="Line 9"
    )
    assert {fault.severity for fault in faults} == {"warning"}
    assert len(faults) == 3


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"type": "reroute"}, "type is 'reroute'"),
        ({"stops": ["a"]}, "type is None"),
        ("remove", "no object with keys"),
        ({"type": "remove-stops", "stops": ["a"], "stop": 1}, "the key 'stop' is unknown"),
        ({"type": "remove-stops", "stops": [1]}, "stops holds 1, not text"),
        ({"type": "remove-stops", "stops": "a"}, "stops is no list"),
        ({"type": "remove-stops", "stops": ["a"], "routes": ["5C"]}, "the key 'routes' is unknown"),
        ({"type": "remove-stops", "stops": ["a"], "secondsSavedAtEachStop": 9}, "secondsSavedAtEachStop is set"),
        ({"type": "remove-stops", "stops": ["a"] * 10_001}, "longer than 10,000"),
        ({"type": "remove-trips", "patterns": ["a"]}, "the key 'patterns' is unknown"),
        ({"type": "add-streets", "lineStrings": [], "allowedModes": ["WALK"]}, "holds no line"),
        ({"type": "add-streets", "lineStrings": [[[12, 55]]], "allowedModes": ["WALK"]}, "no line of 2"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [12, "x"]]], "allowedModes": ["WALK"]}, "in degrees"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [720000, 6e6]]], "allowedModes": ["WALK"]}, "in degrees"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [12.1, 55]]], "allowedModes": ["CAR"]}, "for nobody"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [12.1, 55]]], "allowedModes": ["WALK"],
          "walkTimeFactor": 2}, "the key 'walkTimeFactor' is unknown"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [12.1, 55]]], "allowedModes": ["WALK"],
          "delaySeconds": "long"}, "delaySeconds is 'long'"),
        ({"type": "add-streets", "lineStrings": [[[12, 55], [12.1, 55]]], "allowedModes": ["WALK"],
          "delaySeconds": 10**400}, "not a finite number"),
        ({"type": "modify-streets", "polygons": [[[12, 55], [12, 56], [13, 55]]], "allowedModes": []},
         "there is no lineString"),
        ({"type": "add-crossing", "kind": "zebra"}, "needs a place or a lineString"),
        ({"type": "add-crossing", "place": [12, 55], "kind": "tunnel"}, "kind is 'tunnel'"),
        ({"type": "add-stop", "stop": {"id": "x", "lat": 95, "lon": 1}}, "no place in degrees"),
        ({"type": "add-trips", "stops": [{"lat": 55, "lon": 12}], "frequencies": []}, "add-stop before it"),
        ({"type": "add-trips", "stops": [{"id": "a"}, {"id": "b"}], "mode": -1, "frequencies": []}, "mode is -1"),
        ({"type": "add-trips", "stops": [{"id": "a"}, {"id": "b"}], "frequencies": [{"firstDepartures": [1]}]},
         "firstDepartures is not supported"),
        ({"type": "adjust-frequency", "route": "1", "entries": [{"startTime": 1.5, "endTime": 9, "headwaySecs": 5}]},
         "startTime is 1.5, not a whole number"),
    ],
)  # fmt: skip
def test_entries_that_cannot_be_read_are_named(entry, words):
    text = json.dumps([{"type": "remove-stops", "stops": ["fine"]}, entry])
    with pytest.raises(InputError, match="modification 2") as caught:
        scenario_from_json(text, crs=UTM, file="plan.json")
    assert words in str(caught.value)
    assert {fault.file for fault in caught.value.faults} == {"plan.json"}
    assert scenario_from_json(text, crs=UTM, faults=[]).modifications == (RemoveStop(("fine",)),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not valid JSON"),
        ('[{"type": "remove-stops", "stops": NaN}]', "NaN is no number"),
        ('{"modifications": Infinity}', "Infinity is no number"),
        ('{"modifications": [], "modifications": []}', "'modifications' is there twice"),
        ("[" * 100_000, "nested deeper than 12"),
        ('"' + "x" * 20_000_001 + '"', "more than 20,000,000"),
    ],
    ids=["cut off", "nan", "infinity", "twice", "deep", "large"],
)
def test_hostile_documents_are_refused(text, words):
    with pytest.raises(ReadError, match="Remedy") as caught:
        scenario_from_json(text, crs=UTM)
    assert words in str(caught.value)


def test_brackets_in_text_are_no_depth():
    assert scenario_from_json(json.dumps({"description": "[" * 50, "modifications": []}), crs=UTM).name == "[" * 50
    with pytest.raises(InputError, match="modifications is no list"):
        scenario_from_json('{"modifications": 5}', crs=UTM)
    with pytest.raises(InputError, match="'modification' is unknown"):
        scenario_from_json('{"modification": [], "modifications": []}', crs=UTM)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=9),
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
                        st.sampled_from(["type", "stops", "lineStrings", "modifications", "comment", "frequencies"]),
                        inner | st.sampled_from(["add-streets", "add-trips", "add-stop", "remove-trips"]), max_size=4),
                    max_leaves=12))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_document_is_read_or_refused_in_words(document):
    text, told = json.dumps({"modifications": [document]}), ""
    try:
        scenario_from_json(text, crs=UTM)
    except (InputError, ReadError) as error:
        told = str(error)
    assert not told or "Remedy" in told


def drawing(**columns):
    shapes = [line((725_000, 6_175_000), (725_100, 6_175_000 + 10 * i)) for i in range(len(columns["kind"]))]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.mark.parametrize("suffix", ["geojson", "gpkg", "json"])
def test_drawn_lines(tmp_path, suffix):
    table = drawing(
        kind=["bridge", "Stairs", "remove", "zebra", "speed"],
        proposal=["A", "B", "A", "B", None],
        name=["One", None, "", "Four", "Five"],
        mode=["", "walk", None, None, "bike"],
        delay_s=[20.0, None, None, 4.0, None],
        width_m=[4.0, None, None, None, None],
        speed_kmh=[None, None, None, None, 20.0],
    )
    path = tmp_path / f"plans.{suffix}"
    (table if suffix == "gpkg" else table.to_crs(4326)).to_file(
        path, driver={"gpkg": "GPKG"}.get(suffix, "GeoJSON"), engine="pyogrio"
    )
    a, b, alone = read_scenarios(path, crs=CRS)
    assert [each.name for each in (a, b, alone)] == ["A", "B", "plans"]
    assert a.crs == UTM
    bridge, remove = a.modifications
    alike(bridge, AddLink(table.geometry[0], "bridge", delay_s=20.0, width_m=4.0, name="One"))
    alike(remove, RemoveLink(table.geometry[2]))
    stairs, zebra = b.modifications
    alike(stairs, AddLink(table.geometry[1], "stairs", ("walk",)))
    alike(zebra, AddCrossing(table.geometry[3], "zebra", 4.0, "Four"))
    alike(alone.modifications[0], ChangeSpeed(table.geometry[4], 20.0, ("bike",), "Five"))


def test_json_in_a_file_is_named_like_it(tmp_path):
    path = tmp_path / "plan.json"
    path.write_text('[{"type": "remove-stops", "stops": ["a"]}]')
    (scenario,) = read_scenarios(path, crs=CRS)
    assert (scenario.name, scenario.modifications) == ("plan", (RemoveStop(("a",)),))


def test_rows_with_faults_are_told_at_once(tmp_path):
    table = drawing(
        kind=["brige", None, "path", "path", "speed", "path", "ramp"],
        mode=["walk", "walk", "fly", "walk", "walk", "walk", "walk"],
        delay_s=["1", "2", "3", "-4", "5", "soon", "6"],
    )
    table.loc[2, "geometry"] = shapely.MultiLineString([[(0, 0), (9, 9)], [(50, 50), (60, 60)]])
    table.loc[6, "geometry"] = shapely.Point(725_000, 6_175_000)
    path = tmp_path / "plans.gpkg"
    table.to_file(path, engine="pyogrio")
    with pytest.raises(InputError) as caught:
        read_scenarios(path, crs=CRS)
    told = {(fault.where, fault.rule.split(",")[0]) for fault in caught.value.faults}
    assert told == {
        ("row 1", "kind is 'brige'"),
        ("row 2", "kind is empty"),
        ("row 3", "mode is 'fly'"),
        ("row 3", "its 2 parts make no single line"),
        ("row 4", "delay_s is not a number of 0 or more"),
        ("row 5", "speed_kmh is empty"),
        ("row 6", "delay_s is not a number"),
        ("row 7", "a ramp is drawn as a point"),
    }
    assert "perhaps you mean 'bridge'" in str(caught.value)


def test_files_that_are_none(tmp_path):
    with pytest.raises(ReadError, match="no such file"):
        read_scenarios(tmp_path / "none.json", crs=CRS)
    path = tmp_path / "lines.geojson"
    drawing(kind=["path"]).drop(columns="kind").to_crs(4326).to_file(path, engine="pyogrio")
    with pytest.raises(InputError, match="column kind"):
        read_scenarios(path, crs=CRS)
    binary = tmp_path / "x.json"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReadError, match="UTF-8"):
        read_scenarios(binary, crs=CRS)
