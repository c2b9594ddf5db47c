"""Barriers, sea, destinations, buildings and boundaries on toys."""

from __future__ import annotations

import pytest
import shapely

from bykobling.osm import read_osm
from bykobling.osm.sea import sea_polygons


def ring(toy, first, x, y, size):
    for k, (dx, dy) in enumerate(((0, 0), (size, 0), (size, size), (0, size))):
        toy.node(first + k, x + dx, y + dy)
    return [first, first + 1, first + 2, first + 3, first]


@pytest.fixture
def town(toy):
    toy.box = (-5, -5, 20, 20)
    for number, x in ((1, 0), (2, 10)):
        toy.node(number, x, 0)
    toy.way(10, [1, 2], highway="primary", name="Jagtvej", lanes="4", maxspeed="60")
    return toy


def test_barrier_features_have_kind_and_subkind(town):
    for number, y in ((3, 5), (4, 6), (5, 7), (6, 8)):
        town.node(number, 0, y)
        town.node(number + 10, 10, y)
    town.way(11, [3, 13], railway="rail", service="yard", name="Ringbanen")
    town.way(12, [4, 14], railway="disused")
    town.way(13, [5, 15], waterway="canal", width="12 m")
    town.way(14, [6, 16], waterway="ditch")
    town.way(15, ring(town, 30, 11, 11, 2), landuse="cemetery", name="Assistens")
    town.way(16, ring(town, 40, 14, 11, 2), natural="water", water="lake")
    table = read_osm(town.write()).barrier_features.set_index("osm_id")
    assert table[["kind", "subkind"]].apply(tuple, axis=1).to_dict() == {
        10: ("road", "primary"),
        11: ("railway", "rail"),
        13: ("water", "canal"),
        15: ("land", "cemetery"),
        16: ("water", "lake"),
    }
    assert table.loc[11, "service"] == "yard"
    assert table.loc[13, "width_m"] == 12
    assert table.loc[15].geometry.geom_type == "Polygon"
    assert table.loc[10, ["lanes", "maxspeed_kmh"]].tolist() == [4, 60]


def test_a_tram_in_the_street_is_no_barrier_and_one_on_its_own_bed_is(town):
    for number, y in ((3, 0.02), (4, 3)):
        town.node(number, 0, y)
        town.node(number + 10, 10, y)
    town.way(11, [3, 13], railway="tram")
    town.way(12, [4, 14], railway="tram")
    town.way(13, [4, 14], railway="tram", embedded_rails="yes")
    table = read_osm(town.write()).barrier_features
    assert set(table.loc[table["subkind"] == "tram", "osm_id"]) == {12}


def test_a_tram_through_a_pedestrian_street_is_no_barrier(town):
    for number, y in ((3, 3), (4, 3.02)):
        town.node(number, 0, y)
        town.node(number + 10, 10, y)
    town.way(11, [3, 13], railway="tram")
    town.way(12, [4, 14], highway="pedestrian")
    assert "tram" not in set(read_osm(town.write()).barrier_features["subkind"])


def test_destinations_are_points_and_large_green_stays_an_area(town):
    town.node(50, 3, 3, shop="supermarket", name="Netto <script>")
    town.node(51, 4, 3, leisure="park")
    town.way(20, ring(town, 60, 11, 11, 2), leisure="park", name="Fælledparken")
    town.way(21, ring(town, 70, 14, 11, 0.1), leisure="park")
    town.way(22, ring(town, 80, 16, 11, 1), amenity="school")
    town.way(23, ring(town, 90, 16, 14, 1), amenity="school", access="private")
    table = read_osm(town.write()).destinations.set_index("dest_id")
    assert table["category"].to_dict() == {"n50": "daily_shopping", "w20": "green_space", "w22": "school"}
    assert table.loc["n50", "name"] == "Netto <script>"
    assert table.loc["w20"].geometry.geom_type == "Polygon"
    assert table.loc["w20", "area_m2"] == pytest.approx(126 * 223, rel=0.02)
    assert table.loc["w22"].geometry.geom_type == "Point"
    assert (table["weight"] == 1).all()


def test_buildings(town):
    town.way(20, ring(town, 60, 1, 1, 0.5), building="apartments", building__levels="5", building__flats="20")
    town.way(21, ring(town, 70, 3, 1, 0.5), building="yes")
    town.way(22, ring(town, 80, 5, 1, 0.5), building="school")
    extract = read_osm(town.write())
    table = extract.buildings.set_index("osm_id")
    assert table["residential"].to_dict() == {20: True, 21: True, 22: False}
    assert table.loc[20, ["levels", "flats"]].tolist() == [5, 20]
    assert table.loc[21, "footprint_m2"] == pytest.approx(31.5 * 55.7, rel=0.02)
    assert any("1 buildings of unknown use" in note for note in extract.notes)


def test_only_whole_boundaries_are_kept_and_the_others_are_told(town):
    town.way(20, ring(town, 60, 1, 1, 5))
    tags = {"type": "boundary", "boundary": "administrative", "admin_level": "10"}
    town.relation(1, [("way", 20, "outer")], name="Nørrebro", **tags)
    town.relation(2, [("way", 20, "outer"), ("way", 999, "outer")], name="Half", **tags)
    extract = read_osm(town.write())
    assert extract.boundaries[["osm_id", "name", "admin_level"]].values.tolist() == [[1, "Nørrebro", 10]]
    assert any("1 boundary relations are incomplete" in note for note in extract.notes)


# The sea lies to the right of its coastline.
BOX = shapely.box(0, 0, 1000, 1000)


def line(*points):
    return shapely.LineString(points)


@pytest.mark.parametrize(
    ("coast", "area", "wet", "dry"),
    [
        # ~~~~ eastward along y=500: sea in the south
        ([line((-50, 500), (1050, 500))], 500_000, (500, 100), (500, 900)),
        # the same the other way round: sea in the north
        ([line((1050, 500), (-50, 500))], 500_000, (500, 900), (500, 100)),
        # in two ways that meet
        ([line((-50, 500), (300, 500)), line((300, 500), (1050, 500))], 500_000, (500, 100), (500, 900)),
        # an island, counter-clockwise: land inside, sea around it up to the edge
        ([line((400, 400), (600, 400), (600, 600), (400, 600), (400, 400))], 960_000, (100, 100), (500, 500)),
        # a lagoon drawn clockwise: sea inside
        ([line((400, 400), (400, 600), (600, 600), (600, 400), (400, 400))], 40_000, (500, 500), (100, 100)),
        # coast and island
        (
            [
                line((-50, 500), (1050, 500)),
                line((400, 100), (600, 100), (600, 300), (400, 300), (400, 100)),
            ],
            460_000,
            (100, 100),
            (500, 200),
        ),
        # a gap of 100 m is bridged
        ([line((-50, 500), (300, 500)), line((400, 500), (1050, 500))], 500_000, (500, 100), (500, 900)),
        # a loose end is drawn on to the edge of the extract
        ([line((-50, 500), (900, 500))], 500_000, (500, 100), (500, 900)),
        # leaves the extract and comes back: two bays
        (
            [line((-50, 500), (200, 500), (200, 1200), (800, 1200), (800, 500), (1050, 500))],
            800_000,
            (500, 900),
            (100, 900),
        ),
    ],
)
def test_the_sea_lies_right_of_the_coast(coast, area, wet, dry):
    sea, _ = sea_polygons(coast, BOX)
    merged = shapely.union_all(sea)
    assert merged.area == pytest.approx(area, rel=1e-3)
    assert merged.contains(shapely.Point(wet))
    assert not merged.contains(shapely.Point(dry))


def test_coast_that_ends_nowhere_gives_no_sea_but_a_sentence():
    box = shapely.box(0, 0, 10_000, 10_000)
    sea, notes = sea_polygons([line((3000, 5000), (7000, 5000))], box)
    assert sea == []
    assert "does not close" in notes[0]


def test_no_coast_no_sea():
    assert sea_polygons([], BOX) == ([], [])


def test_the_sea_is_a_barrier_feature(town):
    town.node(70, -10, 10)
    town.node(71, 30, 10)
    town.way(30, [71, 70], natural="coastline")
    extract = read_osm(town.write())
    sea = extract.barrier_features[extract.barrier_features["subkind"] == "sea"]
    assert len(sea) == 1
    assert sea.geometry.iloc[0].area == pytest.approx(extract.extent.area * 0.4, rel=0.01)
