"""Contours of any naming, with gaps, overlaps and several sources; levels of dwellings."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError, ReadError
from bykobling.layers import Where
from bykobling.raster import levels_at, read_noise
from tests.raster.maps import LEFT, TOP, contours, points

ROAD = {"metric": "lden", "source": "road"}

# west to east, 100 m each:  70+ | 65-69 | 60-64 | 55-59 | nothing
STREET = [
    ("LdenGreaterThan70", 0, 0, 100, 100),
    ("Lden6569", 100, 0, 200, 100),
    ("Lden6064", 200, 0, 300, 100),
    ("Lden5559", 300, 0, 400, 100),
]


def spot(x, y=50):
    return shapely.Point(LEFT + x, TOP + y)


def test_bands_of_the_directive():
    table = contours(STREET)
    before = table.copy()
    domain = contours([("all", 0, 0, 600, 100)])
    levels = read_noise(table, **ROAD, domain=domain)
    assert (levels.kind, levels.lowest_db) == ("contours", 55)
    assert [str(band) for band in levels.bands] == ["55-60", "60-65", "65-70", ">70"]
    found = levels_at(levels, points(*(spot(x) for x in (50, 150, 250, 350, 500, 700))))
    assert found["road_lden_db"].tolist()[:4] == [72, 67, 62, 57]
    assert found["road_lden_hi_db"].tolist()[:5] == [math.inf, 70, 65, 60, 55]
    assert found["road_lden_reason"].tolist() == [None, None, None, None, "below_lowest", "unknown"]
    assert table.equals(before)


def test_without_a_domain_the_hull_of_the_contours_is_the_map():
    levels = read_noise(contours([*STREET, ("Lden5559", 0, 300, 400, 400)]), **ROAD)
    found = levels_at(levels, points(spot(350, 200), spot(450, 200)))
    assert found["road_lden_reason"].tolist() == ["below_lowest", "unknown"]
    assert any("convex hull" in note for note in levels.notes)


def test_where_contours_overlap_the_highest_counts():
    levels = read_noise(contours([("Lden6569", 50, 0, 150, 100), *STREET, ("Lden5559", 0, 0, 400, 100)]), **ROAD)
    assert levels_at(levels, points(spot(60), spot(140), spot(220)))["road_lden_db"].tolist() == [72, 67, 62]
    assert any("overlap on" in note for note in levels.notes)


def test_a_missing_contour_is_a_gap_not_quiet():
    domain = contours([("all", 0, 0, 600, 100)])
    levels = read_noise(contours([*STREET[:2], STREET[3]]), **ROAD, domain=domain)
    found = levels_at(levels, points(spot(220), spot(290), spot(500)))
    # beside 65-69 nothing can be below 55; at the edge of 55-59 it can
    assert found["road_lden_reason"].tolist() == ["unknown", "below_lowest", "below_lowest"]
    assert any("no contour holds levels from 60 to 65 dB" in note for note in levels.notes)


def test_danish_bands_and_columns_of_edges():
    names = contours([("53-58 dB", 0, 0, 9, 9), ("> 73 dB", 9, 0, 18, 9)], name="Klasse")
    levels = read_noise(names, **ROAD)
    assert levels_at(levels, points(spot(4, 4), spot(14, 4)))["road_lden_db"].tolist() == [55.5, 75.5]
    edges = names.assign(fra=[53, 73], til=[58, None])
    again = read_noise(edges, **ROAD, column=("fra", "til"))
    assert again.bands == levels.bands
    with pytest.raises(InputError, match="til is not below fra"):
        read_noise(edges, **ROAD, column=("til", "fra"))


def test_bands_told_by_the_user():
    table = contours([("3", 0, 0, 9, 9), ("4", 9, 0, 18, 9)], name="zone")
    with pytest.raises(InputError, match="no column is called"):
        read_noise(table, **ROAD)
    with pytest.raises(InputError, match="zone is '3', which names no band"):
        read_noise(table, **ROAD, column="zone")
    levels = read_noise(table, **ROAD, column="zone", bands={3: (55, 65), 4: (65, None)})
    assert levels_at(levels, points(spot(4, 4), spot(14, 4)))["road_lden_db"].tolist() == [60, 67.5]
    with pytest.raises(InputError, match="'4', which names no band"):
        read_noise(table, **ROAD, column="zone", bands={3: (55, 65)})


def test_a_polygon_of_below_the_lowest_is_below():
    table = contours([*STREET, ("LdenSmallerThan55", 400, 0, 600, 100)])
    levels = read_noise(table, **ROAD)
    found = levels_at(levels, points(spot(500)))
    assert levels.lowest_db == 55
    assert found["road_lden_reason"].tolist() == ["below_lowest"]
    assert found["road_lden_hi_db"].tolist() == [55]


def test_metrics_and_sources_are_kept_apart():
    table = contours([*STREET, ("Lnight5054", 0, 0, 400, 100)])
    levels = read_noise(table, **ROAD)
    assert any("1 polygons of the other metric" in note for note in levels.notes)
    assert read_noise(table, metric="lnight", source="road").lowest_db == 50
    with pytest.raises(InputError, match="no polygon is a band of lnight"):
        read_noise(contours(STREET), metric="lnight", source="road")
    both = contours(STREET).assign(source=["roads", "roads", "railways", "railways"])
    with pytest.raises(InputError, match="2 sources: railways, roads"):
        read_noise(both, **ROAD)
    assert len(read_noise(both, **ROAD, where=Where("source", equals=("roads",))).bands) == 2


def test_files_and_their_faults(tmp_path):
    path = tmp_path / "noise.gpkg"
    contours(STREET).to_file(path)
    assert read_noise(path, **ROAD).label == "noise.gpkg"
    assert read_noise(path, **ROAD).crs.to_epsg() == 25832
    with pytest.raises(CrsError, match="no CRS"):
        read_noise(contours(STREET, crs=None), **ROAD)
    lines = gpd.GeoDataFrame({"category": ["Lden5559"]}, geometry=[shapely.LineString([(0, 0), (9, 9)])], crs=25832)
    with pytest.raises(InputError, match="LineString where"):
        read_noise(lines, **ROAD)
    (tmp_path / "junk.gpkg").write_bytes(b"junk" * 99)
    with pytest.raises(ReadError, match="junk"):
        read_noise(tmp_path / "junk.gpkg", **ROAD)


def test_contours_in_degrees_are_projected():
    levels = read_noise(contours(STREET).to_crs(4326), **ROAD)
    assert levels.crs.is_projected
    assert levels_at(levels, points(spot(50), spot(350)))["road_lden_db"].tolist() == [72, 57]


def test_levels_of_dwellings():
    table = gpd.GeoDataFrame(
        {"LDEN": [61.5, 64.0, None, -99.0]}, geometry=[spot(0), spot(0), spot(50), spot(90)], crs=25832
    )
    levels = read_noise(table, **ROAD)
    found = levels_at(levels, points(spot(3), spot(40), spot(89)))
    # of two at one address the louder; nothing near; not computed
    assert found["road_lden_db"].tolist()[0] == 64
    assert found["road_lden_reason"].tolist() == [None, "unknown", "unknown"]
    assert any("2 of 4 dwellings have no level" in note for note in levels.notes)
    assert levels_at(levels, points(spot(40)), within_m=45)["road_lden_db"].tolist() == [64]
    with pytest.raises(InputError, match="no level is above 120 dB"):
        read_noise(table.assign(LDEN=645.0), **ROAD)
    with pytest.raises(InputError, match="not a number"):
        read_noise(table.assign(LDEN="loud"), **ROAD)
    with pytest.raises(InputError, match="it holds no level"):
        read_noise(table.assign(LDEN=0.0), **ROAD)
    with pytest.raises(InputError, match="there is no such column"):
        read_noise(table, metric="lnight", source="road")


def test_points_are_checked():
    levels = read_noise(contours(STREET), **ROAD)
    with pytest.raises(CrsError, match="no CRS"):
        levels_at(levels, gpd.GeoSeries([spot(5)]))
    with pytest.raises(InputError, match="no points"):
        levels_at(levels, gpd.GeoSeries([spot(5).buffer(1)], crs=25832))


SIDES = [st.integers(0, 7), st.integers(0, 7), st.integers(1, 6), st.integers(1, 6)]
BOXES = st.lists(
    st.tuples(st.sampled_from([50, 55, 60, 65]), *SIDES).map(lambda b: (*b[:3], b[1] + b[3], b[2] + b[4])),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(BOXES, st.integers(0, 2**32 - 1))
def test_levels_in_contours_are_those_of_a_loop(boxes, seed):
    xy = np.random.default_rng(seed).uniform(0, 8, (30, 2))
    shapes = [shapely.box(a, b, c, d) for _, a, b, c, d in boxes]
    table = gpd.GeoDataFrame(
        {"lo_db": [box[0] for box in boxes], "hi_db": [box[0] + 5 for box in boxes]}, geometry=shapes, crs=25832
    )
    whole = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 8, 8)], crs=25832)
    found = levels_at(read_noise(table, **ROAD, domain=whole), gpd.GeoSeries(shapely.points(xy), crs=25832))
    lowest = min(box[0] for box in boxes)
    for (x, y), level, reason in zip(xy, found["road_lden_db"], found["road_lden_reason"], strict=True):
        inside = [lo for lo, a, b, c, d in boxes if a <= x <= c and b <= y <= d]
        if inside:
            assert level == max(inside) + 2.5
            continue
        away = [shapely.Point(x, y).distance(shape) for shape in shapes]
        near = min(lo for (lo, *_), d in zip(boxes, away, strict=True) if d == min(away))
        assert reason == ("unknown" if near >= lowest + 5 else "below_lowest")
