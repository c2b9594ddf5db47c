"""Counts on streets.

A dual road of two one-way carriageways 16 m apart, a service road beside it and a side street::

    y 36  - - - - - - - - - - - - service
    y 16  <---------------------- west (primary, one-way)
    y  0  ----------------------> east (primary, one-way)
                 |
                 | side (residential, from 0,0 southwards)
"""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.severance.traffic import match_aadt

CRS = 25832
HELSINKI = Path(__file__).parents[2].parent / "shared" / "data" / "helsinki"


def streets_of(**rows):
    """Make streets from ``name=(highway, oneway, lanes, coordinates)``."""
    highway, oneway, lanes, lines = zip(*rows.values(), strict=True)
    return gpd.GeoDataFrame(
        {
            "highway": list(highway),
            "oneway": list(oneway),
            "lanes": np.array(lanes, float),
            "drive": [kind != "footway" for kind in highway],
            "name": [name if name in {"side", "lane"} else "Boulevard" for name in rows],
        },
        index=list(rows),
        geometry=[shapely.LineString(line) for line in lines],
        crs=CRS,
    )


STREETS = streets_of(
    east=("primary", True, 2, [(-200, 0), (200, 0)]),
    west=("primary", True, 2, [(200, 16), (-200, 16)]),
    service=("service", False, np.nan, [(-200, 36), (200, 36)]),
    side=("residential", False, np.nan, [(0, 0), (0, -200)]),
    path=("footway", False, np.nan, [(-200, -4), (200, -4)]),
)


def counts_of(*rows):
    """Make counts from ``(aadt, name, geometry)``."""
    aadt, names, shapes = zip(*rows, strict=True)
    return gpd.GeoDataFrame({"aadt": np.array(aadt, float), "name": list(names)}, geometry=list(shapes), crs=CRS)


def test_a_count_of_both_directions_is_shared_by_the_two_carriageways():
    found = match_aadt(STREETS, counts_of((20_000, "Boulevard", shapely.Point(90, -5))))
    assert found.loc[["east", "west"], "aadt"].tolist() == [10_000, 10_000]
    assert found["aadt_assumed"].tolist() == [False, False, True, True, False]


def test_a_count_of_one_direction_stays_on_its_carriageway():
    count = counts_of((20_000, "Boulevard", shapely.Point(90, -5)))
    found = match_aadt(STREETS, count, both_ways=False)
    assert found.loc["east"].tolist() == [20_000, False]
    assert found.loc["west"].tolist() == [2 * 5_500, True]


def test_a_count_a_direction_is_shared_by_none():
    rows = [(9_000, "Boulevard", shapely.Point(90, -2)), (7_000, "Boulevard", shapely.Point(80, 18))]
    assert match_aadt(STREETS, counts_of(*rows)).loc[["east", "west"], "aadt"].tolist() == [9_000, 7_000]


def test_two_cross_sections_far_apart_are_counts_of_the_whole_road():
    rows = [(20_000, "Boulevard", shapely.Point(-190, -2)), (30_000, "Boulevard", shapely.Point(190, 18))]
    assert match_aadt(STREETS, counts_of(*rows)).loc[["east", "west"], "aadt"].tolist() == [10_000, 15_000]


def test_a_short_piece_beside_none_of_the_other_carriageway_shares_as_the_rest_of_its_road_does():
    #   <- west ------------------|
    #   -> east ------------------|-> end, beyond the junction
    lane = ("primary", True, 2)
    dual = streets_of(
        east=(*lane, [(-200, 0), (100, 0)]), end=(*lane, [(100, 0), (200, 0)]), west=(*lane, [(0, 16), (-200, 16)])
    )
    count = counts_of((20_000, "Boulevard", shapely.Point(-90, -5)))
    assert match_aadt(dual, count, along_m=400)["aadt"].tolist() == [10_000, 10_000, 10_000]
    # a one-way street that is dual for a short way is still a one-way street
    lone = streets_of(
        east=(*lane, [(-200, 0), (-150, 0)]), end=(*lane, [(-150, 0), (200, 0)]), west=(*lane, [(-150, 16), (-200, 16)])
    )
    assert match_aadt(lone, count, along_m=400)["aadt"].tolist() == [10_000, 20_000, 10_000]


@pytest.mark.parametrize(("apart_m", "name", "shared"), [(60, True, True), (90, True, False), (60, False, False)])
def test_carriageways_of_one_name_are_a_pair_farther_apart_than_nameless_ones(apart_m, name, shared):
    wide = streets_of(
        east=("primary", True, 2, [(-200, 0), (200, 0)]), west=("primary", True, 2, [(200, apart_m), (-200, apart_m)])
    )
    wide = wide if name else wide.assign(name=None)
    found = match_aadt(wide, counts_of((20_000, None, shapely.Point(90, -5))))
    assert found["aadt"].tolist() == ([10_000, 10_000] if shared else [20_000, 11_000])


def test_a_count_a_direction_stays_its_direction_s_where_the_other_is_not_reached():
    lane = ("primary", True, 2)
    road = streets_of(
        east=(*lane, [(-200, 0), (0, 0)]), east2=(*lane, [(0, 0), (300, 0)]),
        west=(*lane, [(40, 16), (-200, 16)]), west2=(*lane, [(300, 16), (40, 16)]),
    )  # fmt: skip
    rows = [(9_000, "Boulevard", shapely.Point(-30, -2)), (7_000, "Boulevard", shapely.Point(-60, 18))]
    found = match_aadt(road, counts_of(*rows), along_m=40)
    assert found["aadt"].tolist() == [9_000, 9_000, 7_000, 11_000]


def test_what_is_not_counted_is_assumed_by_class_and_lanes_and_said_so():
    found = match_aadt(STREETS, None)
    assert found["aadt"].tolist()[:4] == [11_000, 11_000, 3_000, 3_000]
    assert found["aadt_assumed"].tolist() == [True, True, True, True, False]
    assert np.isnan(found.loc["path", "aadt"])  # nobody drives there


def test_a_point_counts_on_the_street_of_its_name_before_a_nearer_one():
    point = shapely.Point(8, -20)  # 8 m from the side street, 20 m from the boulevard
    assert not match_aadt(STREETS, counts_of((9_000, "BOULEVARD ", point))).loc["east", "aadt_assumed"]
    assert match_aadt(STREETS, counts_of((9_000, None, point))).loc["side", "aadt"] == 9_000
    # spelt another way it must lie on the street
    assert match_aadt(STREETS, counts_of((9_000, "Blvd", point))).loc["side", "aadt"] == 9_000
    off = shapely.Point(14, -50)
    assert match_aadt(STREETS, counts_of((9_000, "Blvd", off)))["aadt_assumed"].sum() == 4


def test_a_point_farther_than_its_reach_counts_nowhere():
    far = counts_of((9_000, None, shapely.Point(100, -31)))
    assert match_aadt(STREETS, far)["aadt_assumed"].sum() == 4
    assert match_aadt(STREETS, far, point_reach_m=32)["aadt_assumed"].sum() == 2


def test_several_counts_on_one_street_are_averaged():
    rows = [(3_000, "side", shapely.Point(1, -100)), (5_000, "side", shapely.Point(1, -120))]
    assert match_aadt(STREETS, counts_of(*rows)).loc["side", "aadt"] == 4_000


def test_a_line_counts_on_the_street_it_runs_along_and_not_on_the_one_it_meets():
    along = shapely.LineString([(-200, 8), (200, 8)])
    found = match_aadt(STREETS, counts_of((24_000, None, along)))
    assert found.loc[["east", "west"], "aadt"].tolist() == [12_000, 12_000]
    assert found["aadt_assumed"].tolist() == [False, False, True, True, False]
    across = counts_of((24_000, None, shapely.LineString([(0, -50), (0, 50)])))
    assert not match_aadt(STREETS, across)["aadt_assumed"][["east", "west"]].eq(False).any()


@pytest.mark.parametrize(("degrees", "matched"), [(0, True), (25, True), (35, False), (90, False), (180, True)])
def test_a_line_must_run_within_thirty_degrees(degrees, matched):
    turn = np.deg2rad(degrees)
    line = shapely.LineString([(-15 * np.cos(turn), -100 - 15 * np.sin(turn)),
                               (15 * np.cos(turn), -100 + 15 * np.sin(turn))])  # fmt: skip
    lane = streets_of(lane=("tertiary", False, 2, [(-50, -100), (50, -100)]))
    assert match_aadt(lane, counts_of((8_000, None, line)))["aadt_assumed"].tolist() == [not matched]


def test_a_count_is_carried_along_the_road_where_that_is_wanted():
    #   A ------> B ------> C    one road in three pieces, counted on the first
    lane = ("tertiary", False, 2)
    pieces = streets_of(**{f"p{i}": (*lane, [(100 * i, 0), (100 * i + 100, 0)]) for i in range(3)})
    count = counts_of((8_000, "Boulevard", shapely.Point(50, 3)))
    assert match_aadt(pieces, count)["aadt"].tolist() == [8_000, 5_000, 5_000]
    assert match_aadt(pieces, count, along_m=100)["aadt"].tolist() == [8_000, 8_000, 5_000]
    other = pieces.assign(name=["Boulevard", "other", "Boulevard"])
    assert match_aadt(other, count, along_m=500)["aadt"].tolist() == [8_000, 5_000, 8_000]


def test_index_in_is_index_out_and_nothing_is_changed():
    before, counts = STREETS.copy(), counts_of((9_000, None, shapely.Point(90, -5)))
    kept = counts.copy()
    found = match_aadt(STREETS, counts)
    assert found.index.equals(STREETS.index)
    assert STREETS.equals(before)
    assert counts.equals(kept)
    assert len(match_aadt(STREETS.iloc[:0], counts)) == 0


def test_every_fault_is_told_at_once():
    counts = counts_of((-1, None, shapely.Point(0, 0)))
    with pytest.raises(InputError) as caught:
        match_aadt(STREETS.drop(columns="lanes"), counts, point_reach_m=0, along_m=-1)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="aadt"):
        match_aadt(STREETS, counts.drop(columns="aadt"))
    with pytest.raises(InputError, match="Polygon where"):
        match_aadt(STREETS, counts_of((1, None, shapely.box(0, 0, 1, 1))))


def test_rows_without_a_count_or_a_place_are_passed_over():
    rows = [(np.nan, None, shapely.Point(90, -5)), (9_000, None, None), (8_000, None, shapely.Point())]
    assert match_aadt(STREETS, counts_of(*rows))["aadt_assumed"].sum() == 4


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(0, 1e5)), max_size=8))
def test_every_street_with_motor_traffic_gets_a_number_and_no_other(rows):
    counts = counts_of(*[(aadt, None, shapely.Point(x, y)) for x, y, aadt in rows]) if rows else None
    found = match_aadt(STREETS, counts)
    assert found["aadt"].notna().tolist() == STREETS["drive"].tolist()
    counted = found.loc[~found["aadt_assumed"] & found["aadt"].notna(), "aadt"]
    assert counted.between(0, max([aadt for *_, aadt in rows], default=0)).all()


@pytest.mark.real
def test_helsinki_counts_find_the_streets_their_makers_put_them_on():
    if not HELSINKI.exists():
        pytest.skip(f"{HELSINKI} is not there")
    from bykobling.osm import read_osm

    streets = read_osm(HELSINKI / "helsinki_centre_2024.osm.pbf").streets
    counts = gpd.read_file(HELSINKI / "Helsinki_AADT_2023.geojson").to_crs(streets.crs)
    counts = counts.rename(columns={"AADT": "aadt", "osm_name": "name"})
    found = match_aadt(streets, counts, both_ways=False)
    matched = streets[~found["aadt_assumed"] & found["aadt"].notna()]
    inside = counts[counts.within(shapely.box(*streets.total_bounds))]
    assert len(inside) > 10
    assert len(matched) >= 0.8 * len(inside)
    # ways are cut and numbered anew over the years: the names hold
    assert matched["name"].isin(counts["name"]).mean() > 0.9
