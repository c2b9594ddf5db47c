"""Discs cut by barriers, and the piece an area sits in.

::

      halves          quarters         70 / 30
       ___             ___              ___
     /  |  \\         /  |  \\         /     | \\
    |   |   |       |---+---|        |      |  |
     \\__|__/         \\__|__/         \\____|_/
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from bykobling.errors import CrsError, InputError
from bykobling.severance.land import CELL_M, PASSAGE_M, is_sliver, land_pieces
from bykobling.severance.pieces import division_index, enclosure

CRS = 25832
R = 800.0
AREA = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(-50, -50, 50, 50)], crs=CRS)
WORLD = shapely.box(-3000, -3000, 3000, 3000)
NORTH_SOUTH = shapely.box(-5, -3000, 5, 3000)
EAST_WEST = shapely.box(-3000, -5, 3000, 5)


def barriers_of(*shapes, headline=True):
    return gpd.GeoDataFrame({"headline": [headline] * len(shapes)}, geometry=list(shapes), crs=CRS)


def homes(*rows):
    """Make residents from ``(x, y, persons)``."""
    x, y, persons = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"residents": list(persons)}, geometry=gpd.points_from_xy(x, y), crs=CRS)


def index(*shapes, **options):
    return division_index(AREA, barriers_of(*shapes), **options).loc["a", "division_index"]


def test_no_barrier_divides_nothing():
    row = division_index(AREA, barriers_of()).loc["a"]
    assert row["division_index"] == 0
    assert row["pieces"] == 1
    assert row["effective_mesh_m2"] == row["land_m2"] == pytest.approx(np.pi * R * R, rel=0.001)


def test_halves():
    assert index(NORTH_SOUTH) == pytest.approx(0.5, abs=1e-9)


def test_quarters():
    assert index(NORTH_SOUTH, EAST_WEST) == pytest.approx(0.75, abs=1e-9)


def test_seventy_and_thirty():
    # a line h from the centre cuts off r^2 acos(h/r) - h sqrt(r^2 - h^2)
    h = brentq(lambda h: R * R * np.arccos(h / R) - h * np.sqrt(R * R - h * h) - 0.3 * np.pi * R * R, 0, R)
    assert index(shapely.box(h - 0.01, -3000, h + 0.01, 3000)) == pytest.approx(0.42, abs=1e-3)


def test_mesh_over_land_and_index_are_one():
    row = division_index(AREA, barriers_of(NORTH_SOUTH, shapely.box(-3000, 200, 3000, 260))).loc["a"]
    assert row["effective_mesh_m2"] / row["land_m2"] + row["division_index"] == pytest.approx(1)


def test_the_strip_between_two_tracks_is_no_piece():
    # a lane of 25 m is closed, one of 40 m by 60 m is too small, one of 40 m all through the disc is land
    track = shapely.box(-5, -3000, 5, 3000)
    row = division_index(AREA, barriers_of(track, shapely.box(30, -3000, 40, 3000))).loc["a"]
    assert row["pieces"] == 2
    loop = shapely.box(5, -40, 55, 40).difference(shapely.box(5, -30, 45, 30))
    assert division_index(AREA, barriers_of(track, loop)).loc["a", "pieces"] == 2
    wide = division_index(AREA, barriers_of(track, shapely.box(45, -3000, 55, 3000))).loc["a"]
    assert wide["pieces"] == 3


def test_a_street_under_a_viaduct_joins_no_pieces_but_a_tunnel_does():
    def gap(metres):
        return shapely.difference(NORTH_SOUTH, shapely.box(-10, 0, 10, metres))

    assert index(gap(20)) == pytest.approx(0.5, abs=0.001)
    assert index(gap(100)) == 0


def test_the_sea_takes_land_and_divides_none():
    sea = barriers_of(shapely.box(0, -3000, 3000, 3000), headline=False)
    assert division_index(AREA, sea).loc["a", ["division_index", "pieces"]].tolist() == [0, 1]
    river = barriers_of(NORTH_SOUTH, headline=False)
    assert division_index(AREA, river).loc["a", "division_index"] == pytest.approx(0.5)
    assert division_index(AREA, river, water=False).loc["a", "division_index"] == 0
    assert division_index(AREA, barriers_of(NORTH_SOUTH), headline=False).loc["a", "division_index"] == 0


def test_where_no_land_is_left_nothing_is_told():
    row = division_index(AREA, barriers_of(WORLD), residents=homes((0, 0, 5))).loc["a"]
    assert row[["division_index", "effective_mesh_m2", "land_m2", "division_index_people"]].isna().all()
    assert row["pieces"] == 0


def test_people_are_divided_as_they_live():
    people = homes((-300, 0, 30), (-300, 10, 40), (300, 0, 30), (2000, 0, 99))
    row = division_index(AREA, barriers_of(NORTH_SOUTH), residents=people).loc["a"]
    assert row["division_index_people"] == pytest.approx(1 - 0.7**2 - 0.3**2)
    assert np.isnan(division_index(AREA, barriers_of(NORTH_SOUTH), residents=homes((2000, 0, 9)))
                    .loc["a", "division_index_people"])  # fmt: skip


def test_a_home_on_a_strip_drawn_too_wide_belongs_to_the_land_beside_it():
    people = homes((-300, 0, 50), (4, 0, 50))
    row = division_index(AREA, barriers_of(NORTH_SOUTH), residents=people).loc["a"]
    assert row["division_index_people"] == pytest.approx(0.5)


def test_the_disc_is_cut_to_the_extract():
    row = division_index(AREA, barriers_of(NORTH_SOUTH), extent=shapely.box(-200, -3000, 3000, 3000)).loc["a"]
    west, east = 1600 * 195, np.pi * R * R / 2
    assert row["division_index"] == pytest.approx(1 - (west**2 + east**2) / (west + east) ** 2, abs=0.01)


def ring(x0, x1, width=10):
    return shapely.box(x0, x0, x1, x1).difference(shapely.box(x0 + width, x0 + width, x1 - width, x1 - width))


def test_a_ring_road_encloses_what_it_encloses():
    people = homes((0, 0, 10), (200, 200, 20), (900, 900, 40), (304, 0, 5))
    row = enclosure(AREA, barriers_of(ring(-310, 310)), residents=people, extent=WORLD).loc["a"]
    assert row["enclosed_area_m2"] == pytest.approx(600 * 600)
    assert row["enclosed_residents"] == 35  # the home on the road counts on the nearer side
    assert not row["touches_limit"]
    assert row["in_piece_share"] == 1
    assert row["pieces_800m"] == 2


def test_outside_the_ring_the_limit_is_touched():
    outside = gpd.GeoDataFrame(index=["b"], geometry=[shapely.box(1000, 1000, 1100, 1100)], crs=CRS)
    row = enclosure(outside, barriers_of(ring(-310, 310)), extent=WORLD).loc["b"]
    assert row["touches_limit"]
    assert row["enclosed_area_m2"] == pytest.approx(6000 * 6000 - 620 * 620)
    assert "enclosed_residents" not in row


def test_an_area_sits_where_most_of_it_lies():
    split = gpd.GeoDataFrame(index=["c"], geometry=[shapely.box(-350, -100, 450, 100)], crs=CRS)
    row = enclosure(split, barriers_of(ring(-310, 310)), extent=WORLD).loc["c"]
    assert row["enclosed_area_m2"] == pytest.approx(360_000)
    assert row["in_piece_share"] == pytest.approx(600 / (600 + 40 + 140))


def test_without_an_extent_the_box_round_everything_is_the_limit():
    row = enclosure(AREA, barriers_of(ring(-310, 310)), radius_m=500).loc["a"]
    assert row["enclosed_area_m2"] == pytest.approx(360_000)
    assert not row["touches_limit"]
    assert row["pieces_500m"] == 2  # the disc reaches beyond the box


def test_a_sea_that_stops_short_of_the_edge_leaves_no_beach_round_it():
    sea = barriers_of(shapely.box(-2999, -2999, 2999, 0), NORTH_SOUTH, headline=False)
    both = gpd.GeoDataFrame(geometry=[shapely.box(-900, 500, -800, 600), shapely.box(800, 500, 900, 600)], crs=CRS)
    assert enclosure(both, sea, extent=WORLD)["enclosed_area_m2"].tolist() == pytest.approx([2995 * 3000] * 2, rel=1e-3)


def test_an_area_on_a_barrier_has_no_piece():
    row = enclosure(AREA, barriers_of(shapely.box(-500, -500, 500, 500)), residents=homes((0, 0, 9)), extent=WORLD)
    assert row[["enclosed_area_m2", "enclosed_residents", "in_piece_share"]].isna().all(axis=None)
    assert row["touches_limit"].tolist() == [False]


def test_an_area_larger_than_a_square_of_the_grid_is_measured_whole():
    large = gpd.GeoDataFrame(geometry=[shapely.box(-2.4 * CELL_M, -100, 2.1 * CELL_M, 100)], crs=CRS)
    row = enclosure(large, barriers_of(NORTH_SOUTH), extent=WORLD).iloc[0]
    assert row["in_piece_share"] == pytest.approx((2400 - 5) / (2400 - 5 + 2100 - 5))


def test_index_in_is_index_out_and_nothing_is_changed():
    areas = gpd.GeoDataFrame(index=[7, 3], geometry=[shapely.box(0, 0, 9, 9), shapely.box(900, 0, 990, 90)], crs=CRS)
    barriers, people = barriers_of(NORTH_SOUTH), homes((0, 0, 1))
    kept = [table.copy() for table in (areas, barriers, people)]
    for measure in (division_index, enclosure):
        assert measure(areas, barriers, residents=people).index.tolist() == [7, 3]
        assert len(measure(areas.iloc[:0], barriers, residents=people)) == 0
        assert len(measure(areas, barriers, residents=people.iloc[:0])) == 2
    assert all(a.equals(b) for a, b in zip(kept, (areas, barriers, people), strict=True))


@pytest.mark.parametrize("measure", [division_index, enclosure])
def test_every_fault_is_told_at_once(measure):
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs=CRS)
    with pytest.raises(InputError) as caught:
        measure(points, barriers_of(NORTH_SOUTH).drop(columns="headline"), radius_m=0, residents=homes((0, 0, -1)))
    assert len(caught.value.faults) == 4
    with pytest.raises(CrsError):
        measure(AREA, barriers_of(NORTH_SOUTH).to_crs(25833))


def random_town(seed):
    rng = np.random.default_rng(seed)
    ends = rng.uniform(-4000, 4000, (7, 2, 2))
    strips = shapely.buffer(shapely.linestrings(ends), rng.uniform(3, 20, 7), cap_style="flat")
    parks = shapely.buffer(shapely.points(rng.uniform(-2500, 2500, (3, 2))), rng.uniform(50, 400, 3))
    at = rng.uniform(-2500, 2500, (12, 2))
    areas = gpd.GeoDataFrame(geometry=shapely.box(*(at - 60).T, *(at + 60).T), crs=CRS)
    people = homes(*np.column_stack([rng.uniform(-3000, 3000, (200, 2)), rng.integers(0, 9, 200)]))
    return areas, barriers_of(*strips, *parks), people


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_discs_agree_with_cutting_each_one_by_itself(seed):
    areas, barriers, people = random_town(seed)
    found = division_index(areas, barriers, residents=people)
    plane = shapely.union(shapely.box(*areas.total_bounds), shapely.box(*barriers.total_bounds)).buffer(R)
    land = shapely.union_all(land_pieces(barriers, shapely.box(*plane.bounds)))
    for i, area in enumerate(areas.geometry):
        pieces = shapely.get_parts(shapely.intersection(land, area.centroid.buffer(R, quad_segs=32)))
        pieces = pieces[~is_sliver(pieces)]
        size = shapely.area(pieces)
        assert found["division_index"].iloc[i] == pytest.approx(1 - (size**2).sum() / size.sum() ** 2, abs=1e-6)
        assert found["pieces"].iloc[i] == len(pieces)
        dry = people[people.within(land)]
        lived = np.array([dry.loc[dry.within(piece), "residents"].sum() for piece in pieces])
        near = people[~people.within(land) & people.dwithin(area.centroid, R + PASSAGE_M)]
        if not near["residents"].sum() and lived.sum():
            expected = 1 - (lived**2).sum() / lived.sum() ** 2
            assert found["division_index_people"].iloc[i] == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_a_barrier_that_cuts_never_lowers_the_index_nor_enlarges_the_piece(seed):
    rng = np.random.default_rng(seed)
    # strips of 10 cm right through the plane: what they take away is next to nothing, and GEOS unites them rightly
    # (with 2 cm, two at half a degree of each other came out of a union of all as an invalid polygon)
    angle, off = rng.uniform(0, np.pi, 5), rng.uniform(-1000, 1000, 5)
    unit = np.column_stack([np.cos(angle), np.sin(angle)])
    foot = off[:, None] * np.column_stack([-unit[:, 1], unit[:, 0]])
    strips = shapely.buffer(shapely.linestrings(np.stack([foot - 9000 * unit, foot + 9000 * unit], 1)), 0.05)
    few, more = (division_index(AREA, barriers_of(*strips[:n])).loc["a"] for n in (4, 5))
    # land narrower than 30 m where two of them meet at a sharp angle is closed, and slivers are left out; a third one
    # through such a corner may open it again
    lost = abs(few["land_m2"] - more["land_m2"]) / few["land_m2"]
    assert more["division_index"] >= few["division_index"] - 2 * lost - 1e-6
    assert 0 <= more["division_index"] <= 1
    held = [enclosure(AREA, barriers_of(*strips[:n]), extent=WORLD).loc["a"] for n in (4, 5)]
    if all(row["in_piece_share"] == 1 for row in held):  # an area that is cut may be told the other piece
        assert held[1]["enclosed_area_m2"] <= held[0]["enclosed_area_m2"] + 1e-6
