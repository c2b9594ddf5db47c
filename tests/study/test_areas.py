"""Housing areas and what may be wrong with them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from bykobling.study.areas import areas_from_boundaries, boundary_areas, fit_to_extract
from bykobling.study.inputs import own_areas, own_barriers, own_destinations
from bykobling.study.model import AreasSource, BarrierLayer, DestinationLayer
from toys import CRS, X, Y, areas, box, extract, frame


@pytest.fixture
def read(tmp_path):
    def reader(columns, shapes, crs=CRS, **options):
        path = tmp_path / "areas.gpkg"
        if crs is None:
            # GeoJSON always has a CRS; a GeoPackage may have none
            with pytest.warns(UserWarning, match="crs"):
                frame(columns, shapes, None).to_file(path)
        else:
            frame(columns, shapes, crs).to_file(path)
        faults = []
        table = own_areas(AreasSource(file=path, **options), faults)
        return table, [f"{fault.severity} {fault}" for fault in faults]

    return reader


TWO = [box(0, 0, 10, 10), box(10, 0, 20, 10)]


def test_ids_names_and_groups(read):
    columns = {"nr": [7, 8], "who": ["A", None], "g": ["x", None]}
    table, faults = read(columns, TWO, id_column="nr", name_column="who", group_column="g", vulnerable_not_null=True)
    assert faults == []
    assert table.index.tolist() == ["7", "8"]
    assert table["name"].tolist() == ["A", "8"]
    assert table["group"].tolist() == ["vulnerable", "rest"]
    assert table.crs.is_projected


def test_without_an_id_rows_are_counted_from_one(read):
    table, _ = read({"nr": [7, 8]}, TWO)
    assert table.index.tolist() == ["1", "2"]
    assert set(table["group"]) == {"rest"}


def test_groups_by_value(read):
    table, faults = read({"g": [1, 2]}, TWO, group_column="g", vulnerable=("1", 9))
    assert table["group"].tolist() == ["vulnerable", "rest"]
    assert len(faults) == 1
    assert "no area has the value 9" in faults[0]
    assert faults[0].startswith("error")


BAD = {
    "empty": ([None, TWO[1]], {}, "error areas.gpkg, row 1: the geometry is null or empty"),
    "lines": (
        [shapely.LineString([(X, Y), (X + 1, Y)]), TWO[1]],
        {},
        "error areas.gpkg, row 1: LineString where MultiPolygon or Polygon is needed",
    ),
    "twice": (TWO, {"id_column": "same"}, "error areas.gpkg, rows 1, 2: same is not unique: 5"),
    "blank id": (TWO, {"id_column": "blank"}, "error areas.gpkg, row 2: blank is empty"),
    "no column": (TWO, {"name_column": "naem"}, "perhaps you mean 'name'"),
    "overlap": ([TWO[0], TWO[0]], {}, "warning areas.gpkg, areas 1 and 2: they overlap by 100 m²"),
    "layer": (TWO, {"layer": "araes"}, "perhaps you mean 'areas'"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told(read, case):
    shapes, options, words = BAD[case]
    columns = {"same": [5, 5], "blank": ["a", None], "name": ["n", "m"]}
    _, faults = read(columns, shapes, **options)
    assert any(words in fault for fault in faults), faults


def test_a_bow_tie_is_repaired_and_told(read):
    bow = shapely.Polygon([(X, Y), (X + 10, Y + 10), (X + 10, Y), (X, Y + 10)])
    table, faults = read({"n": [1, 2]}, [bow, TWO[1]])
    assert table.geometry.is_valid.all()
    assert "warning areas.gpkg, row 1: the geometry is invalid (it crosses itself); it was repaired" in faults[0]


def test_no_crs(read):
    table, faults = read({"n": [1, 2]}, TWO, crs=None)
    assert table is None
    assert "areas.gpkg: it has no CRS. Remedy: set the CRS it was drawn in" in faults[0]


def test_degrees_become_metres(read):
    table, faults = read({"n": [1]}, [shapely.box(12.5, 55.6, 12.51, 55.61)], crs="EPSG:4326")
    assert faults == []
    assert table.crs.to_epsg() == 32633
    assert table.area.sum() == pytest.approx(630 * 1113, rel=0.02)


def test_metres_called_degrees(read):
    _, faults = read({"n": [1, 2]}, TWO, crs="EPSG:4326")
    assert "holds metres" in faults[0]


def test_a_file_that_is_no_layer(tmp_path):
    path = tmp_path / "areas.gpkg"
    path.write_bytes(b"hello")
    faults = []
    assert own_areas(AreasSource(file=path), faults) is None
    assert len(faults) == 1
    assert str(faults[0]).startswith("areas.gpkg: not a vector file GDAL can read")
    assert "Remedy: use a GeoPackage." in str(faults[0])


def test_a_virtual_layer_is_refused(tmp_path):
    path = tmp_path / "areas.vrt"
    path.write_text("<OGRVRTDataSource/>")
    faults = []
    assert own_areas(AreasSource(file=path), faults) is None
    assert len(faults) == 1


def test_boundaries_give_the_finest_areas_on_land_inside():
    table = areas_from_boundaries(extract(), (8, 10), vulnerable=["East"])
    assert table["name"].tolist() == ["West", "East"]
    assert table["group"].tolist() == ["rest", "vulnerable"]
    # the sea reaches to y = -40
    assert np.allclose(table.area, 500 * 90)


def test_a_boundary_half_outside_is_left_out():
    assert "Far" not in set(areas_from_boundaries(extract(), (10,))["name"])


def test_boundaries_that_are_not_there():
    faults = []
    found = boundary_areas(extract(), AreasSource(admin_levels=(9,)), faults, file="x.pbf")
    assert len(found) == 0
    assert "levels of complete boundaries here: [8, 10]" in str(faults[0])
    boundary_areas(extract(), AreasSource(admin_levels=(10,), vulnerable=("Eastt",)), faults, file="x.pbf")
    assert "perhaps you mean 'East'" in str(faults[1])


@pytest.mark.parametrize(
    ("shift", "only_inside", "severity", "kept"),
    [(0, False, None, 2), (100, False, "warning", 2), (700, False, "error", 2), (9000, False, "error", 2),
     (100, True, None, 1), (9000, True, "error", 2)],
)  # fmt: skip
def test_areas_and_the_extract(shift, only_inside, severity, kept):
    moved = areas().set_geometry(areas().translate(shift, 0))
    faults = []
    result = fit_to_extract(moved, extract(), only_inside=only_inside, file="a", faults=faults)
    assert len(result) == kept
    worst = min((fault.severity for fault in faults), default=None)
    assert worst == severity


LINE = [shapely.LineString([(X, Y), (X + 9, Y)]), shapely.LineString([(X, Y + 5), (X + 9, Y + 5)])]


def test_barriers_hold_what_the_study_names_and_nothing_else(tmp_path):
    path = tmp_path / "roads.gpkg"
    frame({"kind": ["land"] * 2, "name": ["x", "y"], "tunnel": [True] * 2, "lanes": [2, 4], "n": [9, 8]}, LINE).to_file(
        path
    )
    faults = []
    table = own_barriers(BarrierLayer(path, kind="road", aadt_column="n", width_m=6), CRS, faults)
    assert faults == []
    columns = ["kind", "subkind", "name", "ref", "tunnel", "bridge", "lanes", "maxspeed_kmh", "width_m", "aadt"]
    assert set(columns) <= set(table.columns)
    assert table["kind"].tolist() == ["road", "road"]
    assert set(table["subkind"]) == {"user"}
    # a barrier without a name is named later, by the street beside it
    assert table["name"].tolist() == [None, None]
    assert not table["tunnel"].any()
    assert table["lanes"].isna().all()
    assert table["aadt"].tolist() == [9, 8]
    assert table["width_m"].tolist() == [6, 6]


def test_pieces_of_one_name_are_merged_and_nameless_ones_kept(tmp_path):
    path = tmp_path / "roads.gpkg"
    frame({"who": ["a", "a", None]}, [*LINE, LINE[0]]).to_file(path)
    table = own_barriers(BarrierLayer(path, name_column="who", merge_by_name=True), CRS, [])
    assert table["name"].isna().tolist() == [False, True]
    assert table.geom_type.tolist() == ["MultiLineString", "LineString"]
    assert set(own_barriers(BarrierLayer(path, name_column="who", name="b"), CRS, [])["name"]) == {"a", "b"}


def test_a_barrier_without_a_shape_is_a_warning(tmp_path):
    path = tmp_path / "roads.gpkg"
    frame({"n": ["1", "x"]}, [LINE[0], None]).to_file(path)
    faults = []
    assert len(own_barriers(BarrierLayer(path), CRS, faults)) == 1
    assert [(fault.where, fault.severity) for fault in faults] == [("row 2", "warning")]


def test_places_keep_their_name_and_their_shape(tmp_path):
    path = tmp_path / "places.gpkg"
    frame({"name": ["a", None], "dest_id": ["1", "1"], "w": [2.0, 0.0]}, TWO).to_file(path)
    table = own_destinations(DestinationLayer(path, "jobs", weight_column="w"), 3, CRS, [])
    assert table["dest_id"].tolist() == ["user3:1", "user3:2"]
    assert table["name"].tolist() == ["a", None]
    assert table["weight"].tolist() == [2, 0]
    assert table.geom_type.tolist() == ["Polygon", "Polygon"]
