"""Waits at the crossings of big roads.

::

      area a                       area b
    +--------+                   +--------+
    +--------+  y 50             +--------+
    ====S=======Z=====================U====   road, y 0..15;  S signal 25 s, Z zebra 3 s, U unmarked 60 s
        100     300                  5100
    ----------B----------------------------   railway, y -50..-40; B bridge
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.severance.waiting import crossing_delay
from bykobling.severance.within import sums_within

CRS = 25832
AREAS = gpd.GeoDataFrame(index=["a", "b"], geometry=[shapely.box(0, 50, 200, 150), shapely.box(5000, 50, 5200, 150)],
                         crs=CRS)  # fmt: skip
BARRIERS = gpd.GeoDataFrame(
    {"kind": ["road", "railway"]},
    index=["road", "rail"],
    geometry=[shapely.box(0, 0, 6000, 15), shapely.box(0, -50, 6000, -40)],
    crs=CRS,
)
CROSSINGS = gpd.GeoDataFrame(
    {
        "barrier_id": ["road", "road", "road", "rail"],
        "kind": ["signal", "zebra", "unmarked", "bridge"],
        "delay_s": [25.0, 3.0, 60.0, 0.0],
    },
    geometry=gpd.points_from_xy([100, 300, 5100, 200], [7, 7, 7, -45]),
    crs=CRS,
)


def homes(rows):
    """Make residents from ``(x, y, persons, area_id)``."""
    x, y, persons, area = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"residents": list(persons), "area_id": list(area)}, geometry=gpd.points_from_xy(x, y), crs=CRS
    )


def test_the_mean_wait_at_the_crossings_around():
    found = crossing_delay(AREAS, BARRIERS, CROSSINGS)
    assert found["crossing_delay_s"].tolist() == [14.0, 60.0]
    assert found["crossings"].tolist() == [2, 1]
    assert found["reason"].tolist() == ["ok", "ok"]


def test_railways_count_where_they_are_asked_for():
    assert crossing_delay(AREAS, BARRIERS, CROSSINGS, kinds=("road", "railway")).loc["a", "crossing_delay_s"] == (
        pytest.approx(28 / 3)
    )


def test_each_home_waits_at_the_crossings_round_it():
    # within 150 m: the signal alone, the zebra alone, none
    people = homes([(100, 100, 1, "a"), (390, 60, 3, "a"), (900, 100, 9, "a"), (0, 0, 5, None)])
    found = crossing_delay(AREAS, BARRIERS, CROSSINGS, radius_m=150, residents=people)
    assert found["crossing_delay_s"].iloc[0] == pytest.approx((1 * 25 + 3 * 3) / 4)
    assert found["reason"].tolist() == ["ok", "no residents"]
    assert np.isnan(found["crossing_delay_s"].iloc[1])


def test_without_a_crossing_nothing_is_told():
    found = crossing_delay(AREAS, BARRIERS, CROSSINGS.iloc[:2])
    assert found["reason"].tolist() == ["ok", "no crossing"]
    assert found["crossings"].tolist() == [2, 0]
    assert np.isnan(found.loc["b", "crossing_delay_s"])
    far = homes([(100, 3000, 1, "a"), (5100, 100, 1, "b")])
    assert crossing_delay(AREAS, BARRIERS, CROSSINGS, residents=far)["reason"].tolist() == ["no crossing", "ok"]


def test_a_crossing_without_a_delay_is_left_out():
    untold = CROSSINGS.assign(delay_s=[np.nan, 3.0, 60.0, 0.0])
    assert crossing_delay(AREAS, BARRIERS, untold).loc["a", ["crossing_delay_s", "crossings"]].tolist() == [3.0, 1]


def test_inputs_are_left_as_they_are_and_the_index_is_kept():
    kept = [table.copy() for table in (AREAS, BARRIERS, CROSSINGS)]
    assert crossing_delay(AREAS.iloc[::-1], BARRIERS, CROSSINGS).index.tolist() == ["b", "a"]
    assert all(a.equals(b) for a, b in zip(kept, (AREAS, BARRIERS, CROSSINGS), strict=True))
    assert len(crossing_delay(AREAS.iloc[:0], BARRIERS, CROSSINGS)) == 0


def test_every_fault_is_told_at_once():
    people = homes([(100, 100, -1, "a")])
    with pytest.raises(InputError) as caught:
        crossing_delay(
            AREAS, BARRIERS.drop(columns="kind"), CROSSINGS.drop(columns="delay_s"), radius_m=-1, residents=people
        )
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="area_id"):
        crossing_delay(AREAS, BARRIERS, CROSSINGS, residents=people.drop(columns="area_id"))


@settings(max_examples=30, deadline=None)
@given(
    # crossings nearer than 15 m are halves of one, whose waits add up
    st.lists(
        st.tuples(st.integers(0, 200).map(lambda n: 30.0 * n), st.floats(0, 120)), max_size=10, unique_by=lambda r: r[0]
    )
)
def test_the_mean_lies_between_the_shortest_and_the_longest_wait(rows):
    crossings = gpd.GeoDataFrame(
        {"barrier_id": "road", "kind": "unmarked", "delay_s": [d for _, d in rows]},
        index=range(len(rows)),
        geometry=gpd.points_from_xy([x for x, _ in rows], [7.0] * len(rows)),
        crs=CRS,
    )
    mean = crossing_delay(AREAS, BARRIERS, crossings)["crossing_delay_s"].dropna()
    delays = pd.Series([d for _, d in rows], dtype=float)
    assert mean.between(delays.min() - 1e-9, delays.max() + 1e-9).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1, 300))
def test_sums_within_agree_with_brute_force(seed, radius_m):
    rng = np.random.default_rng(seed)
    shapes = shapely.box(*rng.uniform(0, 500, (2, 300)), *rng.uniform(500, 600, (2, 300)))
    points, value = shapely.points(rng.uniform(-300, 900, (40, 2))), rng.uniform(0, 9, 40)
    near = shapely.distance(shapes[:, None], points[None, :]) <= radius_m
    np.testing.assert_allclose(sums_within(shapes, points, [value], radius_m)[0], near @ value)
