"""Places where a barrier is crossed.

A dual road, 30 m wide, two carriageways 20 m apart, each with its own rows of crossings::

      ...15 --------------------------------- y 25..35 (north carriageway, crossing points at y 30)
    y        a   b           c         |
      ... 5 --------------------------------- y  5..15 (south carriageway, crossing points at y 10)
             x 100, 104      x 400     bridge x 800
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError
from bykobling.severance.crossing_places import crossing_places

CRS = 25832


def barriers_of(**shapes):
    return gpd.GeoDataFrame(index=list(shapes), geometry=list(shapes.values()), crs=CRS)


def crossings_of(rows):
    """Make crossings from ``(barrier_id, kind, delay_s, x, y)``."""
    ids, kinds, delays, x, y = zip(*rows, strict=True) if rows else ([],) * 5
    return gpd.GeoDataFrame(
        {"barrier_id": list(ids), "kind": list(kinds), "delay_s": np.array(delays, float)},
        geometry=gpd.points_from_xy(x, y),
        crs=CRS,
    )


ROAD = barriers_of(road=shapely.box(0, 0, 1000, 40))


def test_the_two_halves_of_a_dual_road_are_one_place_and_their_waits_add_up():
    places = crossing_places(ROAD, crossings_of([("road", "signal", 12.5, 100, 10), ("road", "signal", 12.5, 102, 30)]))
    assert places["crossings"].tolist() == [2]
    assert places["delay_s"].tolist() == [25.0]
    assert places.geometry.iloc[0].length == pytest.approx(40)


def test_crossings_side_by_side_are_a_choice():
    places = crossing_places(ROAD, crossings_of([("road", "unmarked", 60, 100, 20), ("road", "zebra", 3, 110, 20)]))
    assert places[["kind", "delay_s"]].to_numpy().tolist() == [["zebra", 3.0]]


def test_a_bridge_spans_both_carriageways():
    rows = [("road", "signal", 12.5, 100, 10), ("road", "bridge", 0, 100, 20), ("road", "signal", 12.5, 100, 30)]
    places = crossing_places(ROAD, crossings_of(rows))
    assert places[["kind", "delay_s"]].to_numpy().tolist() == [["bridge", 0.0]]


def test_the_slowest_half_names_a_place_and_nobody_waits_for_ever():
    rows = [("road", "signal", 12.5, 100, 10), ("road", "unmarked", 119, 100, 30)]
    places = crossing_places(ROAD, crossings_of(rows))
    assert places[["kind", "delay_s"]].to_numpy().tolist() == [["unmarked", 120.0]]
    slow = crossing_places(ROAD, crossings_of([("road", "signal", 200.0, 100, 10)]))
    assert slow["delay_s"].tolist() == [200.0]  # what the user told is left alone


def test_arms_of_a_junction_are_two_places_and_a_chain_does_not_grow():
    rows = [("road", "zebra", 3, x, 20) for x in (100, 112, 124, 136)]
    assert crossing_places(ROAD, crossings_of(rows))["crossings"].tolist() == [2, 2]


def test_crossings_of_another_barrier_beside_it_are_not_gathered():
    two = barriers_of(a=shapely.box(0, 0, 1000, 10), b=shapely.box(0, 10, 1000, 20))
    places = crossing_places(two, crossings_of([("a", "zebra", 3, 100, 5), ("b", "zebra", 3, 100, 15)]))
    assert places["barrier_id"].tolist() == ["a", "b"]


def test_none_and_forbidden_are_no_crossings():
    rows = [("road", "none", 0, 100, 20), ("road", "forbidden", np.inf, 300, 20), ("road", "zebra", 3, 500, 20)]
    assert crossing_places(ROAD, crossings_of(rows))["kind"].tolist() == ["zebra"]


def test_an_untold_delay_stays_untold():
    places = crossing_places(ROAD, crossings_of([("road", "bridge", np.nan, 100, 20)]))
    assert places["delay_s"].isna().all()
    bare = crossing_places(ROAD, crossings_of([("road", "bridge", 0, 100, 20)]).drop(columns="delay_s"))
    assert bare["delay_s"].isna().all()


@pytest.mark.parametrize("x", [0, 1, 500, 999, 1000, 1004])
@pytest.mark.parametrize("y", [-3, 0, 20, 40, 43])
def test_the_way_across_runs_across_even_at_the_end_or_beside_the_strip(x, y):
    way = crossing_places(ROAD, crossings_of([("road", "zebra", 3, x, y)])).geometry.iloc[0]
    assert 0 < way.length <= 40 + 1e-9
    assert ROAD.geometry.iloc[0].buffer(0.01).contains(way)


def test_in_a_courtyard_the_way_runs_through_the_wall_nearby():
    ring = barriers_of(ring=shapely.box(0, 0, 500, 500).difference(shapely.box(20, 20, 480, 480)))
    way = crossing_places(ring, crossings_of([("ring", "bridge", 0, 250, 490)])).geometry.iloc[0]
    assert sorted(shapely.get_coordinates(way)[:, 1]) == pytest.approx([480, 500])


def test_without_crossings_there_are_no_places():
    places = crossing_places(ROAD, crossings_of([]))
    assert len(places) == 0
    assert list(places.columns) == ["barrier_id", "kind", "delay_s", "crossings", "place", "geometry"]


def test_inputs_are_left_as_they_are():
    crossings = crossings_of([("road", "zebra", 3, 100, 20), ("road", "none", 0, 300, 20)])
    before, road = crossings.copy(), ROAD.copy()
    crossing_places(ROAD, crossings)
    assert crossings.equals(before)
    assert ROAD.equals(road)


def test_a_crossing_of_an_unknown_barrier_is_refused():
    with pytest.raises(InputError, match="not in the table of barriers: moat"):
        crossing_places(ROAD, crossings_of([("moat", "bridge", 0, 100, 20)]))


def test_missing_columns_and_double_ids_are_told_together():
    double = gpd.GeoDataFrame(index=["a", "a"], geometry=[shapely.box(0, 0, 9, 9)] * 2, crs=CRS)
    with pytest.raises(InputError) as caught:
        crossing_places(double, crossings_of([("a", "bridge", 0, 1, 1)]).drop(columns="kind"))
    assert len(caught.value.faults) == 2


def test_degrees_are_refused():
    with pytest.raises(CrsError):
        crossing_places(ROAD.set_crs(4326, allow_override=True), crossings_of([]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 40)), max_size=12), st.floats(0, 1000))
def test_every_crossing_is_in_one_place_and_one_more_adds_one_at_most(at, x):
    def count(points):
        places = crossing_places(ROAD, crossings_of([("road", "zebra", 3, *p) for p in points]))
        assert places["crossings"].sum() == len(points)
        return len(places)

    assert 0 <= count([*at, (x, 20.0)]) - count(at) <= 1
