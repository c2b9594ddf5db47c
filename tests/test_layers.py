"""Layers of the user's: what is read, what is refused, and what is told."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bykobling import layers, readers
from bykobling.errors import CrsError, InputError, ReadError

REAL = Path(__file__).resolve().parents[2] / "shared" / "data"
CRS = 25832
X, Y = 720_000.0, 6_178_000.0


def box(x, y, width=100.0, height=100.0):
    return shapely.box(X + x, Y + y, X + x + width, Y + y + height)


def table(shapes, **columns):
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


@pytest.fixture
def areas_file(tmp_path):
    path = tmp_path / "areas.gpkg"
    areas = table([box(0, 0), box(200, 0)], code=["A1", "A2"], title=["Mjølnerparken", None], listed=["2014", ""])
    areas.to_file(path, layer="areas", driver="GPKG")
    return path


def test_areas(areas_file):
    areas = layers.read_areas(areas_file, id_column="code", name_column="title", group_column="listed", crs=CRS)
    assert areas.index.name == "area_id"
    assert areas.index.tolist() == ["A1", "A2"]
    assert areas["name"].tolist() == ["Mjølnerparken", "A2"]
    assert areas["group"].tolist() == ["vulnerable", "rest"]
    assert areas.crs.to_epsg() == CRS
    assert list(areas.columns) == ["name", "group", "geometry"]


def test_areas_by_value_and_by_row(areas_file):
    assert layers.read_areas(areas_file).index.tolist() == ["1", "2"]
    told: list = []
    areas = layers.read_areas(areas_file, group_column="listed", vulnerable_values=["2014", "2015"], faults=told)
    assert areas["group"].tolist() == ["vulnerable", "rest"]
    assert "2015" in told[0].rule
    assert areas.crs.is_projected


def test_the_users_table_is_not_changed():
    source = table([box(0, 0)], code=[1.0])
    before = source.copy()
    assert layers.read_areas(source, id_column="code", crs=CRS).index.tolist() == ["1"]
    pd.testing.assert_frame_equal(source, before)


def test_degrees_are_projected():
    source = table([box(0, 0)]).to_crs(4326)
    areas = layers.read_areas(source, crs=CRS)
    assert areas.area.iloc[0] == pytest.approx(10_000, rel=1e-4)
    assert layers.read_areas(source).crs.to_epsg() == 32633


@pytest.mark.parametrize(("target", "words"), [(4326, "not projected"), (2263, "foot")])
def test_the_crs_asked_for_must_be_metric(target, words):
    with pytest.raises(CrsError, match=words):
        layers.read_areas(table([box(0, 0)]), crs=target)


def test_no_crs():
    with pytest.raises(CrsError, match=r"no CRS.*Assign projection"):
        layers.read_areas(gpd.GeoDataFrame(geometry=[box(0, 0)]))


def test_every_fault_is_told_at_once():
    bow_tie = shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)])
    source = table([box(0, 0), None, bow_tie, box(300, 0)], code=["a", "b", "c", "a"])
    with pytest.raises(InputError) as caught:
        layers.read_areas(source, id_column="code", crs=CRS)
    assert [fault.where for fault in caught.value.faults] == ["row 2", "rows 1, 4"]
    told: list = []
    areas = layers.read_areas(source, id_column="code", crs=CRS, faults=told)
    assert areas.index.tolist() == ["a", "c"]
    assert areas.is_valid.all()
    assert areas.loc["c"].geometry.area == pytest.approx(40.5)
    assert {fault.severity for fault in told} == {"error", "warning"}


def test_overlaps_are_warned_with_pair_and_surface():
    told: list = []
    layers.read_areas(table([box(0, 0), box(50, 0), box(100.001, 200)]), crs=CRS, faults=told)
    assert [(f.where, f.rule, f.severity) for f in told] == [
        ("areas 1 and 2", "they overlap by 5,000 m²", "warning"),
    ]


def test_many_overlaps_are_counted():
    told: list = []
    layers.read_areas(table([box(k, 0) for k in range(6)]), crs=CRS, faults=told)
    assert len(told) == 11
    assert told[-1].rule == "5 more pairs of areas overlap"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layer": "houses"}, r"layer houses: there is no such layer.*choose one of: areas, rivers"),
        ({}, r"it has 2 layers.*areas, rivers"),
        ({"layer": "areas", "id_column": "kode"}, r"column kode: there is no such column.*code"),
        ({"layer": "rivers"}, r"LineString where MultiPolygon or Polygon"),
        ({"layer": "areas", "where": "code = 'none'"}, "there is no row"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(areas_file, options, words):
    table([shapely.LineString([(X, Y), (X + 1, Y)])], name=["å"]).to_file(areas_file, layer="rivers", driver="GPKG")
    with pytest.raises(InputError, match=words):
        layers.read_areas(areas_file, crs=CRS, **options)


@pytest.mark.parametrize(
    "path", ["https://example.org/a.gpkg", "/vsicurl/a.gpkg", "/vsizip/a.zip", "nowhere.gpkg", "."]
)
def test_only_local_files_are_opened(path):
    with pytest.raises(ReadError, match="Remedy"):
        layers.read_areas(path)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.gpkg", b"", "empty"),
        ("a.gpkg", b"not a geopackage", "not a vector file"),
        ("a.vrt", b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "points to other data"),
        ("a.xml", b"<OGRWFSDataSource><URL>http://example.org</URL></OGRWFSDataSource>", "points to other data"),
        ("a.osm.pbf", b"anything", "read_osm"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [{"type"', "read|vector"),
    ],
)
def test_hostile_files_are_refused_by_name(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=words) as caught:
        layers.read_areas(path)
    assert name in str(caught.value)


def test_positions_outside_their_crs_are_told():
    source = gpd.GeoDataFrame(geometry=[shapely.box(700_000, 6_000_000, 700_100, 6_000_100)], crs=4326)
    with pytest.raises(InputError):
        layers.read_areas(source, crs=CRS)


def test_population():
    source = table([shapely.Point(X, Y), box(0, 0), box(200, 0)], persons=[3, 12.5, 0])
    people = layers.read_population(source, residents_column="persons", crs=CRS)
    assert people["residents"].tolist() == [3.0, 12.5]
    assert people.geom_type.tolist() == ["Point", "Polygon"]
    assert people.index.tolist() == [0, 1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_bad_numbers_of_residents(bad):
    source = table([shapely.Point(X, Y), shapely.Point(X, Y + 1)], residents=[2.0, bad])
    with pytest.raises(InputError, match="row 2: residents"):
        layers.read_population(source, crs=CRS)
    told: list = []
    assert layers.read_population(source, crs=CRS, faults=told)["residents"].tolist() == [2.0]
    assert len(told) == 1


def test_empty_streets_of_people():
    with pytest.raises(InputError, match="nobody lives there"):
        layers.read_population(table([box(0, 0)], residents=[0]), crs=CRS)


def test_user_barriers():
    source = table(
        [shapely.LineString([(X, Y), (X + 9, Y)]), box(0, 0)],
        kind=["road", "land"],
        count=[12_000, None],
        name=["<b>", None],
    )
    got = layers.read_lines_or_polygons(source, columns={"aadt": "count"}, width_m=20, crs=CRS)
    assert got["kind"].tolist() == ["road", "land"]
    assert got["name"].tolist() == ["<b>", None]
    assert got["aadt"].iloc[0] == 12_000
    assert np.isnan(got["aadt"].iloc[1])
    assert got["width_m"].tolist() == [20, 20]
    assert (got["osm_type"] == "user").all()
    from bykobling.osm.features import BARRIER_COLUMNS

    assert set(BARRIER_COLUMNS) <= set(got.columns)


def test_user_barriers_of_unknown_kind():
    source = table([box(0, 0), box(9, 9)], kind=["wall", "road"])
    with pytest.raises(InputError, match=r"row 1: kind is wall.*use one of road, railway"):
        layers.read_lines_or_polygons(source, crs=CRS)
    assert layers.read_lines_or_polygons(source, kind="user", crs=CRS)["kind"].tolist() == ["user", "user"]
    with pytest.raises(InputError, match="column x"):
        layers.read_lines_or_polygons(source, columns={"aadt": "x"}, crs=CRS)


def test_user_destinations():
    source = table([shapely.Point(X, Y), box(0, 0)], jobs=[5, 7])
    got = layers.read_destination_layer(source, category="jobs", columns={"weight": "jobs"}, crs=CRS)
    assert got["weight"].tolist() == [5, 7]
    assert got.geom_type.tolist() == ["Point", "Point"]
    assert got["dest_id"].is_unique
    green = layers.read_destination_layer(source, category="green_space", crs=CRS)
    assert green.geom_type.tolist() == ["Point", "Polygon"]
    assert green["area_m2"].iloc[1] == 10_000
    with pytest.raises(InputError, match="no category"):
        layers.read_destination_layer(source, crs=CRS)


@pytest.mark.parametrize(
    ("where", "left"),
    [
        (layers.Where("v", minimum=60), [2, 3]),
        (layers.Where("v", maximum=60, equals=(60,)), [2]),
        (layers.Where("t", equals=("b",)), [2, 3]),
        (layers.Where("v", equals=("80.0", "80")), [3]),
        ("v > 50", [1, 2]),
    ],
)
def test_rows_can_be_chosen(tmp_path, where, left):
    path = tmp_path / "roads.gpkg"
    table([box(0, 0)] * 3, v=[30, 60, 80], t=["a", "b", "b"]).to_file(path)
    got = layers.read_lines_or_polygons(path, where=where, crs=CRS)
    # a filter in SQL is the format's own, so rows are counted after it
    assert (-got["osm_id"]).tolist() == left


def test_a_condition_that_cannot_be_met_is_told():
    source = table([box(0, 0), None], speed=[30, 60])
    with pytest.raises(InputError, match="column speed: no row meets the condition"):
        layers.read_lines_or_polygons(source, where=layers.Where("speed", minimum=90), crs=CRS)
    with pytest.raises(InputError, match=r"column spead: there is no such column.*perhaps you mean 'speed'") as caught:
        layers.read_lines_or_polygons(source, where=layers.Where("spead", minimum=90), crs=CRS)
    # a missing column does not hide what else is wrong
    assert "row 2" in str(caught.value)
    # a row that is not chosen may be anything
    assert len(layers.read_lines_or_polygons(source, where=layers.Where("speed", maximum=30), crs=CRS)) == 1


def test_a_constant_fills_what_a_named_column_leaves_empty():
    source = table([box(0, 0), box(9, 9)], who=["A", None], name=["x", "y"], tunnel=[True, True])
    by = {"who": {"columns": {"name": "who"}}, "both": {"columns": {"name": "who"}, "name": "S"}, "all": {"name": "S"},
          "none": {"columns": {"name": None, "tunnel": None}}}  # fmt: skip
    got = {key: layers.read_lines_or_polygons(source, crs=CRS, **options) for key, options in by.items()}
    assert {key: one["name"].tolist() for key, one in got.items()} == {
        "who": ["A", None],
        "both": ["A", "S"],
        "all": ["S", "S"],
        "none": [None, None],
    }
    assert got["all"]["tunnel"].all()
    assert not got["none"]["tunnel"].any()


def test_numbers_of_barriers_are_checked():
    source = table([box(0, 0)] * 5, n=["1", "x", "-2", None, "inf"])
    told: list = []
    got = layers.read_lines_or_polygons(source, columns={"lanes": "n"}, crs=CRS, faults=told)
    assert [(fault.where, fault.rule) for fault in told] == [
        ("row 2", "n is not a number"),
        ("rows 3, 5", "n is not a number of 0 or more"),
    ]
    assert got["lanes"].iloc[0] == 1
    assert got["lanes"].iloc[1:].isna().all()


def test_a_feature_of_several_parts_is_one_row():
    line = shapely.MultiLineString([[(X, Y), (X + 9, Y)], [(X + 900, Y), (X + 909, Y)]])
    assert len(layers.read_lines_or_polygons(table([line]), crs=CRS)) == 1


def test_rows_without_a_shape_can_be_left_out_and_told():
    source = table([None, shapely.Point(X, Y)], residents=[5, 7], w=[1.0, -1.0])
    with pytest.raises(InputError, match="row 1: the geometry is null or empty"):
        layers.read_population(source, crs=CRS)
    told: list = []
    people = layers.read_population(source, blank_is_nobody=True, crs=CRS, faults=told)
    assert people["residents"].tolist() == [7]
    assert [(fault.where, fault.severity) for fault in told] == [("row 1", "warning")]
    told.clear()
    layers.read_destination_layer(source, category="c", columns={"weight": "w"}, skip_absent=True, crs=CRS, faults=told)
    # rows keep their number when one before them is left out
    assert [(fault.where, fault.severity) for fault in told] == [("row 1", "warning"), ("row 2", "error")]


def test_blank_numbers_of_residents_can_count_as_nobody():
    source = table([shapely.Point(X, Y)] * 3, residents=["4", None, "x"])
    told: list = []
    people = layers.read_population(source, blank_is_nobody=True, crs=CRS, faults=told)
    assert people["residents"].tolist() == [4]
    assert [(fault.where, fault.severity) for fault in told] == [("row 3", "error"), ("row 2", "warning")]
    assert "empty in 1 of 3 rows; they count as nobody" in told[1].rule


def test_points_may_be_written_as_multipoints_of_one():
    one, two = shapely.MultiPoint([(X, Y)]), shapely.MultiPoint([(X, Y), (X + 1, Y)])
    assert layers.read_population(table([one], residents=[1]), crs=CRS).geom_type.tolist() == ["Point"]
    with pytest.raises(InputError, match="MultiPoint where"):
        layers.read_population(table([one, two], residents=[1, 1]), crs=CRS)


def test_a_column_of_the_users_may_be_called_row():
    source = table([box(0, 0), box(200, 0)], row=["x", "y"])
    assert layers.read_areas(source, id_column="row", crs=CRS).index.tolist() == ["x", "y"]
    assert len(layers.read_areas(source, where=layers.Where("row", equals=("y",)), crs=CRS)) == 1


def test_vulnerable_areas_by_value_or_by_any_value():
    source = table([box(0, 0), box(200, 0), box(400, 0), box(600, 0)], g=[1.0, 0.0, None, 2.0])
    by = {"values": {"vulnerable_values": ["1", 2]}, "any": {"vulnerable_not_null": True}, "default": {}}
    groups = {
        key: (layers.read_areas(source, group_column="g", crs=CRS, **options)["group"] == "vulnerable").tolist()
        for key, options in by.items()
    }
    assert groups == {
        "values": [True, False, False, True],
        "any": [True, True, False, True],
        "default": [True, False, False, True],
    }


def test_user_destinations_may_stay_polygons():
    source = table([shapely.Point(X, Y), box(0, 0)], dest_id=["x", "y"])
    got = layers.read_destination_layer(
        source, category="jobs", as_points=False, id_stem="user2", columns={"dest_id": None}, crs=CRS
    )
    assert got.geom_type.tolist() == ["Point", "Polygon"]
    assert got["dest_id"].tolist() == ["user2:1", "user2:2"]


def test_user_buildings_and_boundaries():
    source = table([box(0, 0), box(200, 0)], building=["school", None], name=["a", "b"], floors=[2, 5])
    got = layers.read_building_layer(source, columns={"levels": "floors"}, crs=CRS)
    assert got["residential"].tolist() == [False, True]
    assert got["levels"].tolist() == [2, 5]
    assert got["footprint_m2"].tolist() == [10_000, 10_000]
    assert layers.read_boundary_layer(source, crs=CRS)["name"].tolist() == ["a", "b"]


def lines(*shapes):
    return [shapely.LineString([(X + x, Y + y) for x, y in shape]) for shape in shapes]


def test_user_streets_join_at_vertices_alone():
    # 1---2---3   a third line crosses without a vertex: it passes over
    #     |
    #     4
    shapes = lines([(0, 0), (100, 0), (200, 0)], [(100.001, 0), (100, -100)], [(150, -50), (150, 50)])
    source = table(shapes, highway=["residential", "steps", None], oneway=["yes", None, None])
    got = layers.read_streets_layer(source, crs=CRS)
    assert len(got) == 4
    assert got["steps"].tolist() == [False, False, True, False]
    assert got["bike_backward"].tolist() == [False, False, False, True]
    ends = pd.Series([*got["u"], *got["v"]])
    assert sorted(ends.value_counts()) == [1, 1, 1, 1, 1, 3]
    from bykobling.osm.streets import STREET_COLUMNS

    assert tuple(got.columns) == (*STREET_COLUMNS, "geometry")
    # what bykobling wrote comes back as it was
    again = layers.read_streets_layer(got, crs=CRS)
    pd.testing.assert_frame_equal(again, got)


def test_no_user_streets():
    with pytest.raises(InputError, match="no line is a street"):
        layers.read_streets_layer(table(lines([(0, 0), (1, 1)]), highway=["proposed"]), crs=CRS)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=5, unique=True),
        min_size=1,
        max_size=5,
    )
)
def test_cutting_user_streets_keeps_every_metre(paths):
    source = table(lines(*paths))
    got = layers.read_streets_layer(source, crs=CRS)
    assert got["length_m"].sum() == pytest.approx(source.length.sum())
    assert (got["u"] != got["v"]).all()


def test_readers_take_layers_and_osm_files(tmp_path):
    path = tmp_path / "streets.json"
    source = table(lines([(0, 0), (100, 0)], [(100, 0), (100, 50)]), highway=["footway", "residential"]).to_crs(4326)
    path.write_text(source.to_json(), encoding="utf-8")
    assert len(readers.read_streets(path)) == 2
    assert len(readers.read_streets(path, mode="bike")) == 1
    elements = [
        {"type": "node", "id": 1, "lon": 12.5, "lat": 55.7, "tags": {"amenity": "cafe"}},
        {"type": "node", "id": 2, "lon": 12.51, "lat": 55.7},
        {"type": "way", "id": 3, "nodes": [1, 2], "tags": {"highway": "primary"}},
    ]
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"elements": elements}), encoding="utf-8")
    assert readers.read_streets(answer, mode="walk")["osm_id"].tolist() == [3]
    assert readers.read_barrier_features(answer)["kind"].tolist() == ["road"]
    assert readers.read_destinations(answer)["category"].tolist() == ["cafe"]
    assert readers.read_buildings(answer).empty
    assert readers.read_boundaries(answer).empty
    for reader, options in (
        (readers.read_barrier_features, {"kind": "road"}),
        (readers.read_buildings, {}),
        (readers.read_boundaries, {}),
        (readers.read_destinations, {"category": "jobs"}),
    ):
        assert len(reader(table([box(0, 0)]), crs=CRS, **options)) == 1


@pytest.mark.real
def test_the_housing_areas_of_copenhagen():
    path = REAL / "copenhagen" / "roder_2023.geojson"
    if not path.exists():
        pytest.skip(f"{path} is absent")
    areas = layers.read_areas(path, group_column="udsat_byomraade", crs=CRS)
    assert len(areas) == 399
    assert (areas["group"] == "vulnerable").sum() == 71
