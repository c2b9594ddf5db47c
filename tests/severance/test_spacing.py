"""A railway 2 km long and 10 m wide with bridges, and areas beside it.

::

    0        400             1000        1400           2000 m
    |=========#===============#===========#==============|
         400         600           400          600
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError
from bykobling.severance.spacing import area_crossing_spacing, crossing_spacing

CRS = 25832
STRIP = shapely.box(0, 0, 2000, 10)


def barriers_of(*, headline=True, **shapes):
    return gpd.GeoDataFrame({"headline": headline}, index=list(shapes), geometry=list(shapes.values()), crs=CRS)


def bridges(places, *, barrier="rail", kind="bridge", delay_s=0.0):
    places = [place if isinstance(place, tuple) else (place, 5.0) for place in places]
    return gpd.GeoDataFrame(
        {"barrier_id": [barrier] * len(places), "kind": [kind] * len(places), "delay_s": np.full(len(places), delay_s)},
        geometry=gpd.points_from_xy([p[0] for p in places], [p[1] for p in places]),
        crs=CRS,
    )


RAIL = barriers_of(rail=STRIP)
AREA = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(900, 100, 1100, 300)], crs=CRS)


def test_a_railway_of_two_kilometres_with_four_bridges():
    row = crossing_spacing(RAIL, bridges([200, 600, 1500, 1900])).loc["rail"]
    assert row["length_m"] == pytest.approx(2000)
    assert row["crossings"] == 4
    assert row["crossings_per_km"] == pytest.approx(2)
    assert row["mean_gap_m"] == pytest.approx(400)  # 200 + 400 + 900 + 400 + 100: five stretches
    assert row["largest_gap_m"] == pytest.approx(900)
    # 200 m at either end of the long stretch; 100 m of the first, 200, 700 and 200 of the next three
    assert row["beyond_200m_share"] == pytest.approx(500 / 2000, abs=0.01)
    assert row["beyond_100m_share"] == pytest.approx((100 + 200 + 700 + 200) / 2000, abs=0.01)


def test_without_a_crossing_the_whole_length_is_the_gap():
    row = crossing_spacing(RAIL, bridges([])).loc["rail"]
    told = ["length_m", "crossings", "crossings_per_km", "mean_gap_m", "largest_gap_m", "beyond_100m_share"]
    assert row[told].tolist() == pytest.approx([2000, 0, 0, 2000, 2000, 1])


def test_a_bend_is_measured_along():
    bend = shapely.LineString([(0, 0), (1000, 0), (1000, 1000)]).buffer(5, cap_style="flat", join_style="mitre")
    row = crossing_spacing(barriers_of(rail=bend), bridges([(500, 0), (1000, 500)])).loc["rail"]
    assert row["length_m"] == pytest.approx(2000, abs=1)
    assert row["largest_gap_m"] == pytest.approx(1000, abs=2)


def test_a_branch_counts_in_the_stretch_it_hangs_on():
    #            | 300
    # ===#=======+=======#===      bridges at 400 and 1600
    fork = shapely.union(STRIP, shapely.box(995, 10, 1005, 310))
    row = crossing_spacing(barriers_of(rail=fork), bridges([400, 1600])).loc["rail"]
    assert row["length_m"] == pytest.approx(2300, abs=15)
    assert row["largest_gap_m"] == pytest.approx(1500, abs=15)


def test_a_ring_with_one_bridge_is_one_stretch_all_round():
    ring = shapely.box(0, 0, 510, 510).difference(shapely.box(10, 10, 500, 500))
    one = crossing_spacing(barriers_of(rail=ring), bridges([(250, 5)])).loc["rail"]
    two = crossing_spacing(barriers_of(rail=ring), bridges([(250, 5), (250, 505)])).loc["rail"]
    assert one["largest_gap_m"] == pytest.approx(2000, abs=30)
    assert two["largest_gap_m"] == pytest.approx(1000, abs=30)


def test_a_cemetery_is_as_long_as_its_long_side_and_a_path_halves_it():
    cemetery = barriers_of(rail=shapely.box(0, 0, 600, 300))
    shut = crossing_spacing(cemetery, bridges([])).loc["rail"]
    assert shut[["length_m", "largest_gap_m"]].tolist() == pytest.approx([600, 600])
    open_ = crossing_spacing(cemetery, bridges([(300, 150)], kind="unmarked")).loc["rail"]
    assert open_["largest_gap_m"] == pytest.approx(300)
    # of the outline of 1,800 m, 200 m lie within 100 m of either gate, at (300, 0) and (300, 300)
    assert open_["beyond_100m_share"] == pytest.approx(1 - 400 / 1800, abs=0.02)


def test_parts_of_a_barrier_are_stretches_of_their_own():
    parts = shapely.union(shapely.box(0, 0, 600, 10), shapely.box(800, 0, 1800, 10))
    row = crossing_spacing(barriers_of(rail=parts), bridges([300])).loc["rail"]
    assert row["length_m"] == pytest.approx(1600)
    assert row["largest_gap_m"] == pytest.approx(1000)
    assert row["mean_gap_m"] == pytest.approx(1600 / 3)


def test_a_crossing_nobody_waits_for_is_none():
    crossings = pd.concat([bridges([400]), bridges([1200], kind="unmarked", delay_s=77.8)], ignore_index=True)
    assert crossing_spacing(RAIL, crossings).loc["rail", "crossings"] == 1
    assert crossing_spacing(RAIL, crossings, longest_delay_s=np.inf).loc["rail", "crossings"] == 2


def test_beyond_the_extract_nothing_is_known_and_nothing_counts():
    inside = crossing_spacing(RAIL, bridges([400]), extent=shapely.box(-100, -100, 800, 100)).loc["rail"]
    assert inside[["length_m", "largest_gap_m"]].tolist() == pytest.approx([800, 400])
    outside = crossing_spacing(RAIL, bridges([]), extent=shapely.box(0, 500, 100, 600)).loc["rail"]
    assert outside.isna().all()


def test_a_crossing_of_the_barrier_beside_it_does_not_count():
    two = barriers_of(rail=STRIP, road=shapely.box(0, 10, 2000, 20))
    rows = crossing_spacing(two, bridges([(1000, 15)], barrier="road"))
    assert rows["crossings"].tolist() == [0, 1]
    assert rows.loc["rail", "beyond_200m_share"] == 1


def test_an_area_counts_what_lies_within_the_radius():
    # 800 m from the area reaches x 106..1,894 on the near edge, about as far on the far edge
    row = area_crossing_spacing(AREA, RAIL, bridges([200, 1000, 1950])).loc["a"]
    length = 200 + 2 * np.sqrt(800**2 - 95**2)
    assert row["barrier_length_m"] == pytest.approx(length, rel=0.01)
    assert row["crossings"] == 2
    assert row["crossing_spacing_m"] == pytest.approx(length / 2, rel=0.01)
    beyond = length - 400 - (200 + (200 - 106)) - (1894 - 1750)  # the bridge at 1,950 is out of reach, but there
    assert row["crossing_beyond_200m_share"] == pytest.approx(beyond / length, abs=0.02)
    assert row["reason"] == "ok"


def test_with_a_barrier_and_no_crossing_the_length_is_a_least_value_and_said_to_be():
    row = area_crossing_spacing(AREA, RAIL, bridges([])).loc["a"]
    assert row["crossing_spacing_m"] == row["barrier_length_m"] > 1700
    assert row["crossing_beyond_200m_share"] == 1
    assert row["reason"] == "no crossing"


def test_without_a_barrier_nothing_is_told():
    far = AREA.translate(0, 5000).to_frame("geometry").set_crs(CRS)
    row = area_crossing_spacing(far, RAIL, bridges([400])).loc["a"]
    assert row[["barrier_length_m", "crossings"]].tolist() == [0, 0]
    assert np.isnan(row["crossing_spacing_m"])
    assert np.isnan(row["crossing_beyond_200m_share"])
    assert row["reason"] == "no barrier"


def test_water_is_left_out_unless_wanted():
    river = barriers_of(headline=False, rail=STRIP)
    assert area_crossing_spacing(AREA, river, bridges([400]))["reason"].tolist() == ["no barrier"]
    everything = area_crossing_spacing(AREA, river, bridges([400]), headline_only=False)
    assert everything["crossings"].tolist() == [1]


def test_index_in_is_index_out_and_nothing_is_changed():
    areas = gpd.GeoDataFrame(index=[7, 3], geometry=[AREA.geometry.iloc[0]] * 2, crs=CRS)
    before, rail = areas.copy(), RAIL.copy()
    assert area_crossing_spacing(areas, RAIL, bridges([400])).index.tolist() == [7, 3]
    assert areas.equals(before)
    assert RAIL.equals(rail)
    assert len(area_crossing_spacing(areas.iloc[:0], RAIL, bridges([400]))) == 0
    assert len(crossing_spacing(RAIL.iloc[:0], bridges([]))) == 0


@pytest.mark.parametrize("options", [{"beyond_m": [0]}, {"longest_delay_s": -1}, {"beyond_m": [np.nan]}])
def test_distances_and_delays_must_be_positive(options):
    with pytest.raises(InputError, match="must be above 0"):
        crossing_spacing(RAIL, bridges([]), **options)


def test_every_fault_of_an_area_is_told_at_once():
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy([0], [0]), crs=CRS)
    with pytest.raises(InputError) as caught:
        area_crossing_spacing(points, RAIL, bridges([]), radius_m=0)
    assert len(caught.value.faults) == 2
    with pytest.raises(InputError, match="headline"):
        area_crossing_spacing(AREA, RAIL.drop(columns="headline"), bridges([]))
    with pytest.raises(CrsError):
        area_crossing_spacing(AREA.to_crs(25833), RAIL, bridges([]))


AT = st.floats(0, 2000)


@settings(max_examples=40, deadline=None)
@given(st.lists(AT, max_size=8), AT)
def test_one_more_crossing_never_increases_spacing(at, one_more):
    few, more = (crossing_spacing(RAIL, bridges(places)).loc["rail"] for places in (at, [*at, one_more]))
    for column in ("mean_gap_m", "largest_gap_m", "beyond_100m_share", "beyond_200m_share"):
        assert more[column] <= few[column] + 1e-6
    areas = [area_crossing_spacing(AREA, RAIL, bridges(places)).loc["a"] for places in (at, [*at, one_more])]
    assert areas[1]["crossing_spacing_m"] <= areas[0]["crossing_spacing_m"] + 1e-6


@settings(max_examples=40, deadline=None)
@given(st.lists(AT, min_size=1, max_size=8), st.integers(0, 6_283).map(lambda thousandth: thousandth / 1_000))
def test_a_straight_strip_agrees_with_arithmetic_however_it_lies(at, turn):
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    strip = shapely.transform(STRIP, lambda xy: xy @ rotate.T)
    points = [tuple(rotate @ (x, 5.0)) for x in at]
    row = crossing_spacing(barriers_of(rail=strip), bridges(points)).loc["rail"]
    # the way across may lean by 5 degrees: two places a little over 15 m apart may or may not be one
    told = []
    for within_m in (15, 17):
        places = gathered_within(at, within_m)
        gaps = np.diff(np.sort([0.0, *places, 2000.0]))
        told.append(row["largest_gap_m"] == pytest.approx(gaps.max(), abs=12))
        if row["crossings"] == len(places):
            assert row["mean_gap_m"] == pytest.approx(gaps.mean(), abs=0.01)
    assert any(told)


def gathered_within(at, within_m):
    """Places as the module gathers them: the first of those within so many metres."""
    places = []
    for x in at:
        if all(abs(x - other) > within_m for other in places):
            places.append(x)
    return places


@settings(max_examples=25, deadline=None)
@given(st.lists(AT, min_size=1, max_size=6))
def test_beyond_shares_agree_with_brute_force(at):
    row = crossing_spacing(RAIL, bridges(at)).loc["rail"]
    x = np.arange(0.5, 2000)
    far = np.abs(x[:, None] - np.array(at)[None, :]).min(axis=1)
    assert row["beyond_100m_share"] == pytest.approx((far > 100).mean(), abs=0.03)
    assert row["beyond_200m_share"] == pytest.approx((far > 200).mean(), abs=0.03)
