"""Features become barriers a citizen would name."""

from __future__ import annotations

import pytest
import shapely

from bykobling.barriers import BarrierRules, make_barriers
from tests.toys import extract_of, features_table, grid, points_layer, streets_table

STREETS = streets_table(grid(3, 3))


def line(*points):
    return shapely.LineString(points)


def names(features, **options):
    table = make_barriers(extract_of(STREETS, features), **options)
    return sorted(table["name"])


def test_pieces_of_one_name_near_each_other_are_one_barrier():
    pieces = [
        ("road", "primary", "Åboulevard", line((0, 0), (500, 0))),
        ("road", "primary", "Åboulevard", line((525, 0), (900, 0))),
        ("road", "primary", "Jagtvej", line((500, 0), (500, 400))),
    ]
    assert names(pieces) == ["Jagtvej", "Åboulevard"]


def test_pieces_of_one_name_far_apart_are_two():
    pieces = [
        ("road", "primary", "Åboulevard", line((0, 0), (500, 0))),
        ("road", "primary", "Åboulevard", line((760, 0), (1200, 0))),
    ]
    assert names(pieces) == ["Åboulevard", "Åboulevard"]
    assert names(pieces, rules=BarrierRules(same_name_m=300)) == ["Åboulevard"]


def test_two_carriageways_and_what_lies_between_are_one_footprint():
    pieces = [
        ("road", "trunk", "Lyngbyvej", line((0, 0), (500, 0))),
        ("road", "trunk", "Lyngbyvej", line((0, 20), (500, 20))),
    ]
    table = make_barriers(extract_of(STREETS, pieces))
    assert table.geometry.iloc[0].contains(shapely.Point(250, 10))
    assert table["length_m"].iloc[0] == pytest.approx(500, rel=0.05)


def test_an_unnamed_ramp_belongs_to_the_road_it_touches():
    pieces = [
        ("road", "motorway", "E47", line((0, 0), (500, 0))),
        ("road", "motorway_link", None, line((500, 0), (600, 60))),
        ("road", "primary", None, line((2000, 0), (2600, 0))),
    ]
    assert names(pieces) == ["E47", "unnamed road (primary)"]


def test_a_small_secondary_road_is_no_barrier_but_a_wide_or_fast_one_is():
    pieces = [
        ("road", "secondary", "Lille", line((0, 0), (500, 0)), {"lanes": 2.0, "maxspeed_kmh": 50.0}),
        ("road", "secondary", "Bred", line((0, 200), (500, 200)), {"lanes": 4.0}),
        ("road", "secondary", "Hurtig", line((0, 400), (500, 400)), {"maxspeed_kmh": 60.0}),
    ]
    assert names(pieces) == ["Bred", "Hurtig"]
    assert names(pieces, rules=BarrierRules(secondary_min_lanes=2)) == ["Bred", "Hurtig", "Lille"]


def test_tunnels_never_sever_and_a_viaduct_over_a_street_does_not_either():
    pieces = [
        ("railway", "rail", "Metro", line((0, 50), (200, 50)), {"tunnel": True}),
        ("railway", "rail", "Højbanen", line((0, 150), (200, 150)), {"bridge": True, "layer": 1}),
        ("railway", "rail", "Dæmningen", line((0, 650), (200, 650)), {"bridge": True, "layer": 1}),
    ]
    # streets pass under Højbanen at y = 150, none under Dæmningen
    assert names(pieces) == ["Dæmningen"]


def test_a_yard_is_filled_between_its_tracks():
    tracks = [("railway", "rail", "Banen", line((0, y), (400, y))) for y in range(1000, 1101, 20)]
    table = make_barriers(extract_of(STREETS, tracks))
    assert len(table) == 1
    assert table.geometry.iloc[0].area == pytest.approx(400 * 108, rel=0.02)


def test_touching_water_is_one_but_land_of_two_uses_is_two():
    water = [
        ("water", "lake", "Sø", shapely.box(0, 0, 100, 100)),
        ("water", "river", None, shapely.box(100, 0, 200, 50)),
    ]
    land = [
        ("land", "cemetery", "Assistens", shapely.box(0, 200, 200, 400)),
        ("land", "industrial", None, shapely.box(200, 200, 400, 400)),
    ]
    assert names([*water, *land]) == ["Assistens", "Sø", "unnamed land (industrial)"]


def test_water_is_not_in_the_headline():
    table = make_barriers(extract_of(STREETS, [("water", "lake", "Sø", shapely.box(0, 0, 100, 100))]))
    assert not table["headline"].any()


def test_a_user_layer_becomes_barriers_with_its_width():
    layer = features_table([("railway", "rail", "S-tog F", line((0, 1000), (800, 1000)), {"width_m": 30.0})])
    table = make_barriers(extract_of(STREETS), user_layers=[layer])
    assert table["name"].tolist() == ["S-tog F"]
    assert table["area_m2"].iloc[0] == pytest.approx(800 * 30)


def test_nothing_in_gives_an_empty_table_with_its_columns():
    table = make_barriers(extract_of(STREETS))
    assert len(table) == 0
    assert {"name", "kind", "headline", "geometry"} <= set(table.columns)
    assert table.crs == STREETS.crs


def test_inputs_are_left_as_they_were():
    features = [("road", "primary", "Å", line((0, 0), (500, 0)))]
    layer = (
        points_layer([(0, 0)], kind=["user"], name=["x"]).buffer(200).to_frame("geometry").assign(kind="user", name="x")
    )
    extract = extract_of(STREETS, features)
    before = (extract.barrier_features.copy(), layer.copy())
    make_barriers(extract, user_layers=[layer])
    assert extract.barrier_features.equals(before[0])
    assert layer.equals(before[1])


def test_barriers_are_read_from_osm_and_from_a_layer_alike(tmp_path):
    import bykobling as bk

    layer = features_table([("railway", "rail", "Ringbanen", line((0, 0), (800, 0)), {"width_m": 20.0})])
    layer.to_file(tmp_path / "rail.gpkg")
    table = bk.read_barriers(tmp_path / "rail.gpkg", kind="railway", crs=layer.crs)
    assert table["name"].tolist() == ["Ringbanen"]
    assert table["area_m2"].iloc[0] == pytest.approx(800 * 20)
    monaco = bk.read_barriers(bk.demo_folder() / "monaco.osm.pbf")
    assert {"road", "railway", "water", "land"} <= set(monaco["kind"])
    assert "the sea" in set(monaco["name"])
