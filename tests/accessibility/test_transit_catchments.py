"""Isochrones by public transport, drawn by hand on one street and held to travel times of every metre."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.accessibility import isochrones, transit_isochrones
from bykobling.errors import CrsError, InputError
from bykobling.transit import TransitSettings, Window, transit_travel_time
from tests.transit.random_towns import LENGTH_M, random_town
from tests.transit.tiny_feeds import EAST_M, NORTH_M, points, streets, town

# people walk 4 m in 3 s
STOPS = "A 0\nB 10000\nC 20000"
TRIPS = "t red: A 8:01, B 8:10, C 8:25"
AT_8 = Window("08:00", minutes=1)


def homes(*places, index=None):
    return gpd.GeoDataFrame(
        {"kind": ["home"] * len(places)}, geometry=points(places).to_numpy(), crs=points([0]).crs, index=index
    )


def spans(polygon):
    """Give from where to where each part lies along the street, in whole metres."""
    parts = shapely.get_parts(polygon)
    return sorted((round(part.bounds[0] - EAST_M), round(part.bounds[2] - EAST_M)) for part in parts)


def test_streets_are_reached_on_foot_and_round_the_stops(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    drawn = transit_isochrones(place.transit, homes(0, index=["door"]), (30, 15), window=AT_8, width_m=10)
    assert drawn["origin"].tolist() == ["door", "door"]
    assert drawn["cutoff_min"].tolist() == [15, 30]
    assert drawn.crs == place.transit.network.crs
    # a quarter of an hour on foot is 1200 m; at B 5 minutes are left, at C none, then 20 and 5
    assert spans(drawn.geometry[0]) == [(-1210, 1210), (9590, 10_410)]
    assert spans(drawn.geometry[1]) == [(-2410, 2410), (8390, 11_610), (19_590, 20_410)]
    assert drawn.geometry[0].area == pytest.approx(2 * (2400 + 800) * 10 + 2 * np.pi * 100, rel=0.01)
    assert drawn.geometry[1].covers(drawn.geometry[0])


def test_half_of_the_departures_is_the_median(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    window = Window("07:52", minutes=20)  # ten leave by 8:01, the last nine minutes are in vain
    for percentile, parts in ((0, 2), (30, 2), (50, 1), (100, 1)):
        drawn = transit_isochrones(place.transit, homes(0), (17,), window=window, percentile=percentile, width_m=10)
        assert len(spans(drawn.geometry[0])) == parts
    with_bus = transit_isochrones(place.transit, homes(0), (17,), window=window, percentile=0, width_m=10)
    assert spans(with_bus.geometry[0])[1] == (10_000 - 640 - 10, 10_000 + 640 + 10)  # 9 minutes by bus from 8:01


def test_who_is_there_in_time(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    window = Window("08:15", minutes=1, arrive_by=True)
    drawn = transit_isochrones(place.transit, homes(10_000), (15,), window=window, width_m=10)
    # leaving at 8:00 one has a minute to walk to A
    assert spans(drawn.geometry[0]) == [(-90, 90), (8790, 11_210)]


def test_a_town_without_buses_is_a_town_on_foot(tmp_path):
    place = town(tmp_path, STOPS, TRIPS, network=streets(*CROSS))
    at = [0, (300, 150), 900]
    window = Window("20:00", minutes=1)
    for walls in (
        None,
        gpd.GeoSeries([shapely.box(250, -999, 260, 999)], crs=points([0]).crs).translate(EAST_M, NORTH_M),
    ):
        drawn = transit_isochrones(place.transit, homes(*at), (3, 6, 12), window=window, walls=walls)
        on_foot = isochrones(
            place.transit.network, place.transit.network.snap(points(at)), cutoffs_min=(3, 6, 12), walls=walls
        )
        np.testing.assert_array_equal(drawn["origin"], on_foot["origin"])
        for mine, theirs in zip(drawn.geometry, on_foot.geometry, strict=True):
            # whole seconds, rounded up, are 1.33 m at most
            assert theirs.buffer(0.01).covers(mine)
            assert mine.buffer(1.4).covers(theirs)


CROSS = (
    ((-10_000.0, 0.0), (0.0, 0.0)),
    *(((300.0 * i, 0.0), (300.0 * (i + 1), 0.0)) for i in range(5)),
    *(((300.0 * i, 0.0), (300.0 * i, 300.0)) for i in range(6)),
    *(((300.0 * i, 300.0), (300.0 * (i + 1), 300.0)) for i in range(5)),
    ((1500.0, 0.0), (90_000.0, 0.0)),
)


def test_unlinked_is_missing_and_many_are_drawn_in_order(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    at = homes(*[100 * i for i in range(20)], (0, 5000), 10_000, index=range(100, 122))
    told = []
    drawn = transit_isochrones(
        place.transit, at, (15,), window=AT_8, width_m=10, progress=lambda *news: told.append(news[:2])
    )
    assert drawn["origin"].tolist() == at.index.tolist()
    assert told[-1] == (22, 22)
    assert drawn.geometry[20] is None
    assert spans(drawn.geometry[21])[0] == (8790, 11_210)
    for i in range(20):
        assert spans(drawn.geometry[i])[0] == (100 * i - 1210, 100 * i + 1210)
    nobody = transit_isochrones(place.transit, at.iloc[:0], (15,), window=AT_8)
    assert (len(nobody), nobody.crs) == (0, at.crs)


def test_faults_are_told_at_the_door(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    for cutoffs, rule in (((), "above 0"), ((0,), "above 0"), ((15, 121), "121 min is beyond the longest journey")):
        with pytest.raises(InputError, match=f"cutoffs_min.*{rule}"):
            transit_isochrones(place.transit, homes(0), cutoffs)
    with pytest.raises(InputError, match="percentiles"):
        transit_isochrones(place.transit, homes(0), percentile=101)
    with pytest.raises(InputError, match="width_m"):
        transit_isochrones(place.transit, homes(0), width_m=0)
    with pytest.raises(CrsError):
        transit_isochrones(place.transit, homes(0).to_crs(4326))


@given(st.integers(0, 100_000), st.sampled_from([0.0, 25.0, 50.0, 100.0]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_a_metre_is_drawn_where_it_is_near_in_time(seed, percentile, arrive_by):
    transit, _ = random_town(seed, trips=12)
    far = TransitSettings(max_access_min=60, max_egress_min=60, max_walk_min=60, max_trip_min=60, board_slack_s=0)
    transit = replace(transit, settings=far)
    rng = np.random.default_rng(seed)
    at, window = homes(*rng.uniform(0, LENGTH_M, 2)), Window("08:00", minutes=30, every_s=300, arrive_by=arrive_by)
    metres = np.arange(-500.0, LENGTH_M + 500, 20.0)
    places = transit.network.snap(points(metres))
    ends = transit.network.snap(at.geometry), places
    near, there = ends[::-1] if arrive_by else ends
    times = transit_travel_time(transit, near, there, window=window, percentiles=(percentile,)).minutes[:, :, 0]
    times = times.T if arrive_by else times
    # what one reaches surely: from a place on the street that is reached at a stop, on foot
    stop_m = np.round(transit.links.offset_m + transit.network.node_x[transit.network.edge_u[0]] - EAST_M)
    drawn = transit_isochrones(transit, at, (8, 16), window=window, percentile=percentile, width_m=1)
    for row in drawn.itertuples():
        minutes = times[row.origin]
        covered = shapely.intersects(row.geometry, shapely.buffer(points(metres).to_numpy(), 0.1))
        # seconds are whole, and a stroke ends in a half circle of a metre
        assert (minutes[covered] <= row.cutoff_min + 3 / 60).all()
        by_stop = np.abs(metres[:, None] - stop_m) / 80 + np.interp(stop_m, metres, minutes)
        sure = by_stop.min(axis=1) <= row.cutoff_min - 4 / 60
        assert covered[sure].all()
