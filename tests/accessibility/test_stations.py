"""Stations across the tracks: near as the crow flies, far on foot.

::

    y = 300   A (platform)------------------+
              |                             |
    y = 0     home 0 .. no way across ..    |
              +-----------------------------+
              x = 0                         x = 500
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.accessibility import station_walk
from bykobling.errors import CrsError, InputError
from bykobling.indicators import indicator_of
from bykobling.network import Network
from bykobling.transit import transit_network
from tests.accessibility.test_service import random_case
from tests.accessibility.timetables import every, timetable_of, trip
from tests.toys import grid, points_layer, streets_table

TOWN = Network.from_streets(
    streets_table([((0, 300), (500, 300)), ((500, 300), (500, 0)), ((500, 0), (0, 0)), ((500, 300), (3000, 300))])
)
STOPS = {"A": (0.0, 300.0), "B": (3000.0, 300.0), "T": (500.0, 0.0)}
ROUTES = {"S": "rail", "T": "tram", "1": "bus"}
TRIPS = [*every(20, "S", "A 0, B 9"), *every(20, "T", "T 0, B 9"), *every(20, "1", "T 0, A 9")]


def stations(points, *, stops=None, links=None, trips=TRIPS, members=None, **options):
    timetable = timetable_of(stops or STOPS, ROUTES, trips, links=links, stations=members)
    return station_walk(transit_network(TOWN, timetable), points_layer(points), **options)


def test_across_the_tracks():
    found = stations([(0, 0), (0, 300), (400, 300), (601, 300), (1100, 300), (1700, 300), (1801, 300)])
    assert found.columns.tolist() == [
        "walk_to_station_m", "station_core_600m_walk", "station_near_1200m", "station_detour_gap",
    ]  # fmt: skip
    np.testing.assert_allclose(found["walk_to_station_m"], [1300, 0, 400, 601, 1100, 1300, 1199], atol=0.01)
    assert found["station_core_600m_walk"].tolist() == [0, 1, 1, 0, 0, 0, 0]
    assert found["station_near_1200m"].tolist() == [1, 1, 1, 1, 1, 0, 1]
    # 300 m away in a straight line; 601 m is outside the circle
    assert found["station_detour_gap"].tolist() == [1, 0, 0, 0, 0, 0, 0]


def test_limits_are_inclusive():
    found = stations([(600, 300), (1200, 300)])
    assert found["station_core_600m_walk"].tolist() == [1, 0]
    assert found["station_near_1200m"].tolist() == [1, 1]


def test_trams_are_stations_where_one_says_so_and_columns_tell_the_metres():
    homes = [(500, 0), (0, 0)]
    assert stations(homes)["walk_to_station_m"].tolist() == pytest.approx([800, 1300], abs=0.01)
    found = stations(homes, modes=("rail", "subway", "tram"), core_m=450, near_m=500)
    assert found["walk_to_station_m"].tolist() == pytest.approx([0, 500], abs=0.01)
    assert found["station_core_450m_walk"].tolist() == [1, 0]
    assert found["station_near_500m"].tolist() == [1, 1]
    # station A is 300 m across the tracks
    assert found["station_detour_gap"].tolist() == [0, 1]


def test_a_stop_where_trains_pass_is_no_station():
    passing = [trip("S", "A 07:00, T 07:05, B 07:09", no_pickup=(1,), no_drop_off=(1,))]
    assert stations([(500, 0)], trips=passing)["walk_to_station_m"].tolist() == pytest.approx([800], abs=0.01)
    # getting off is enough
    ending = [trip("S", "A 07:00, T 07:05", no_pickup=(1,))]
    assert stations([(500, 0)], trips=ending)["walk_to_station_m"].tolist() == pytest.approx([0], abs=0.01)


def test_a_second_entrance_closes_the_gap():
    homes = [(0, 0)]
    assert stations(homes)["station_detour_gap"].tolist() == [1]
    south = [("A", (0, 300), 60.0, 60.0), ("A", (100, 0), 240.0, 240.0)]
    found = stations(homes, links=south)
    assert found.to_numpy().tolist() == [[pytest.approx(100, abs=0.01), 1, 1, 0]]
    # one may only leave there
    out = [("A", (0, 300), 60.0, 60.0), ("A", (100, 0), np.inf, 240.0)]
    assert stations(homes, links=out)["station_detour_gap"].tolist() == [1]
    # nor is a circle drawn round it
    assert stations(homes, links=out, core_m=250, near_m=250).iloc[0, 1:].tolist() == [0, 0, 0]


def test_whether_one_walks_to_a_station_off_the_streets_is_not_known():
    stops = STOPS | {"A": (-400.0, 300.0)}
    found = stations([(-100, 300), (0, 0), (500, 0), (3000, 300)], stops=stops)
    # 300 and 500 m from it; 949 m; at the other station
    assert found["walk_to_station_m"].tolist() == pytest.approx([3100, 3300, 2800, 0], abs=0.01)
    np.testing.assert_array_equal(found["station_core_600m_walk"], [np.nan, np.nan, 0, 1])
    np.testing.assert_array_equal(found["station_detour_gap"], [np.nan, np.nan, 0, 0])
    assert found["station_near_1200m"].tolist() == [1, 1, 1, 1]


def test_another_platform_on_the_streets_is_a_way_into_the_station():
    stops = STOPS | {"A": (-400.0, 300.0), "A2": (100.0, 300.0)}
    trips = [*TRIPS, trip("S", "A2 07:00, B 07:09")]
    found = stations([(0, 300), (0, 0)], stops=stops, trips=trips, members={"A": 4, "A2": 4})
    assert found.to_numpy().tolist() == [
        [pytest.approx(100, abs=0.01), 1, 1, 0],
        [pytest.approx(1200, abs=0.01), 0, 1, 1],
    ]


def test_homes_off_the_streets_are_missing_and_so_is_everybody_without_a_station():
    homes = points_layer([(0, 300), (0, 900)]).set_index(pd.Index(["a", "b"], name="id"))
    before = homes.copy()
    transit = transit_network(TOWN, timetable_of(STOPS, ROUTES, TRIPS))
    found = station_walk(transit, homes)
    pd.testing.assert_frame_equal(homes, before)
    pd.testing.assert_index_equal(found.index, homes.index)
    assert found.loc["b"].isna().all()
    assert found.loc["a"].notna().all()
    without = station_walk(transit, homes, modes=("subway",))
    assert without.columns.tolist() == found.columns.tolist()
    assert without.isna().all(axis=None)
    assert len(station_walk(transit, homes.iloc[:0])) == 0


def test_a_quarter_cut_off_altogether_has_no_way_to_the_station_it_looks_at():
    network = Network.from_streets(streets_table([*grid(4, 4), *grid(4, 4, y0=500.0)]))
    timetable = timetable_of({"A": (0, 500), "B": (300, 500)}, ROUTES, every(20, "S", "A 0, B 9"))
    transit = transit_network(network, timetable)
    assert transit.links.linked.all()
    found = station_walk(transit, points_layer([(0, 300), (0, 800)]))
    assert found["walk_to_station_m"].tolist() == [np.inf, pytest.approx(300, abs=0.01)]
    assert found["station_core_600m_walk"].tolist() == [0, 1]
    assert found["station_detour_gap"].tolist() == [1, 0]


def test_what_cannot_be_looked_for_is_refused():
    with pytest.raises(InputError, match=r"(?s)core_m.*near_m.*'trian' is not a mode.*perhaps you mean 'tram'"):
        stations([(0, 0)], core_m=0, near_m=-1, modes=("trian",))
    for modes in ("rail", ()):
        with pytest.raises(InputError, match="not a list of modes"):
            stations([(0, 0)], modes=modes)
    transit = transit_network(TOWN, timetable_of(STOPS, ROUTES, TRIPS))
    with pytest.raises(CrsError):
        station_walk(transit, points_layer([(0, 0)]).set_crs(25833, allow_override=True))
    with pytest.raises(InputError, match="places for 1 homes"):
        station_walk(transit, points_layer([(0, 0)]), snapped=TOWN.snap(shapely.points([(0, 0), (1, 1)])))


def test_every_column_is_an_indicator():
    for name in stations([(0, 0)], core_m=500, near_m=1000):
        assert indicator_of(name).name == name
    assert indicator_of("station_near_1200m").label_da == "Beboere inden for 1.200 m fra en station i fugleflugt"
    assert indicator_of("station_detour_gap").better == "lower"


@given(st.integers(0, 10_000), st.sampled_from([80.0, 200.0]))
@settings(max_examples=30, deadline=None)
def test_towns_against_loops(seed, core_m):
    transit, homes, snapped, metres = random_case(seed)
    timetable = transit.timetable
    found = station_walk(transit, homes, core_m=core_m, near_m=2 * core_m)
    calls, mode = timetable.calls(), timetable.routes["mode"]
    is_station = [
        ((calls["stop"] == stop) & (calls["pickup"] | calls["drop_off"]) & mode[calls["route"]].isin(["rail", "subway"])
         .to_numpy()).any() for stop in range(timetable.stop_count)
    ]  # fmt: skip
    ways = [k for k, stop in enumerate(timetable.link_stop) if is_station[stop] and np.isfinite(timetable.link_in_s[k])]
    import geopandas as gpd

    places = gpd.GeoSeries(gpd.points_from_xy(timetable.link_lon, timetable.link_lat), crs=4326).to_crs(homes.crs)
    linked = [k for k in ways if transit.links.linked[k]]
    for i, home in enumerate(homes.geometry):
        if not snapped.linked[i] or not ways:
            assert found.iloc[i].isna().all()
            continue
        walk = min((metres[i, k] for k in linked if np.isfinite(metres[i, k])), default=np.inf)
        straight = min((home.distance(places[k]) for k in linked), default=np.inf)
        nearest = min(home.distance(places[k]) for k in ways)
        row = found.iloc[i]
        assert row["walk_to_station_m"] == pytest.approx(walk, abs=0.01)
        # the stop off the streets is far from every home
        assert row[f"station_core_{core_m:g}m_walk"] == (walk <= core_m)
        assert row[f"station_near_{2 * core_m:g}m"] == (nearest <= 2 * core_m)
        assert row["station_detour_gap"] == (straight <= core_m < walk)
        # who walks is in the circle
        assert walk >= straight - 0.01
