"""One journey in words: the same times as the matrix, the least trouble of the earliest, and steps that join up."""

from __future__ import annotations

import datetime as dt
import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError
from bykobling.transit import (
    R5_COMPATIBLE,
    TransitSettings,
    Window,
    transit_network,
    transit_travel_time,
    travel_time_every_departure,
)
from bykobling.transit.ends import access_rows, egress_rows
from bykobling.transit.journeys import explain_journey
from tests.transit.random_towns import START_S, every_journey, random_town
from tests.transit.tiny_feeds import points, town, transfers

PORTO_ALEGRE = Path(__file__).parents[2].parent / "shared" / "data" / "porto_alegre"
SEEDS = st.integers(0, 1_000_000)

STOPS = """
    A 0
    B 10000
    C 10200
    D 20000
"""
TRIPS = """
    t1 red: A 8:10, B 8:20
    t2 blue: C 8:25, D 8:40
    t3 blue: C 8:55, D 9:10
"""


def ask(place, origin, destination, depart="08:00", **more):
    at = points([place.places.get(name, name) for name in (origin, destination)])
    return explain_journey(place.transit, at[0], at[1], depart, **more)


def clock(seconds):
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def test_a_journey_is_told_step_by_step(tmp_path):
    place = town(tmp_path, STOPS, TRIPS, settings=TransitSettings())
    journey = ask(place, 80, 20_080)
    assert journey.lines() == (
        "Leave at 08:00, be there at 08:41: 41 min, 2 rides.",
        "Walk 1 min (80 m) to A.",
        "Wait 9 min.",
        "Bus red 08:10 -> 08:20, 1 stop to B.",
        "Change: walk 2 min (200 m) to C.",
        "Wait 2 min.",
        "Bus blue 08:25 -> 08:40, 1 stop to D.",
        "Walk 1 min (80 m) to the destination.",
    )
    assert (journey.seconds, journey.minutes, journey.rides, journey.reason) == (2460.0, 41.0, 2, "ok")
    frame = journey.to_frame()
    assert frame["kind"].tolist() == ["walk", "ride", "walk", "ride", "walk"]
    assert frame["mode"].tolist() == ["walk", "bus", "walk", "bus", "walk"]
    assert frame["depart"].tolist() == ["08:00", "08:10", "08:20", "08:25", "08:40"]
    assert frame["wait_min"].tolist() == [0, 9, 0, 2.5, 0]
    np.testing.assert_allclose(frame["length_m"], [80, 10_000, 200, 9_800, 80], atol=0.01)
    assert frame.crs == place.transit.network.crs


def test_to_be_there_in_time_one_leaves_as_late_as_possible(tmp_path):
    place = town(tmp_path, STOPS, TRIPS, settings=TransitSettings())
    journey = ask(place, 80, 20_080, "09:00", arrive_by=True)
    assert journey.lines()[0] == "Leave at 08:08, be there at 08:41: 33 min, 2 rides."
    # a minute at the stop, and 19 minutes of leisure at the end count
    assert journey.seconds == 52 * 60
    assert [leg.wait_s for leg in journey.legs if leg.kind == "ride"] == [60, 150]


def test_no_way_is_told_with_its_reason(tmp_path):
    place = town(tmp_path, STOPS + "off 50000,4000", TRIPS)
    for origin, destination, depart, reason in (
        ("A", "D", "08:30", "no_service"),  # the red bus has left
        ("B", "A", "08:00", "beyond_limit"),  # no bus runs back
        ("A", "D", "22:00", "no_service"),
        (50_000, "D", "08:00", "no_service"),
        ("off", "D", "08:00", "unlinked"),
        ("A", "off", "08:00", "unlinked"),
    ):
        journey = ask(place, origin, destination, depart)
        assert journey.reason == place.reason(origin, destination, depart, minutes=1) == reason
        assert np.isnan(journey.seconds)
        assert journey.legs == ()
        assert len(journey.lines()) == 1
        assert journey.lines()[0].startswith("No journey was found: ")
        assert len(journey.to_frame()) == 0
        assert journey.to_frame().crs == place.transit.network.crs


def test_fewer_rides_before_less_walking_before_more(tmp_path):
    # equally early: two rides from the door, one ride after a walk of 400 m, one ride after a walk of 800 m
    place = town(
        tmp_path,
        "A 0\nM 400\nN -800\nB 10000\nD 20000",
        """
        two1 a: A 8:20, B 8:30
        two2 b: B 8:32, D 9:00
        near c: M 8:30, D 9:00
        far d: N 8:30, D 9:00
        """,
    )
    assert [leg.routes for leg in ask(place, "A", "D").legs if leg.kind == "ride"] == [("c",)]
    # half an hour later nothing but the walk all the way is left to go 800 m
    assert [leg.kind for leg in ask(place, "A", "N", "09:30").legs] == ["walk"]


@pytest.mark.parametrize(
    ("stops", "trips", "routes"),
    [
        # from X one walks 400 m, from Y, which is reached earlier, 800 m
        ("A 0\nX 19600\nY 20800", "t1 far: A 8:10, Y 8:35\nt2 near: A 8:10, X 8:40", ["near"]),
        # to C one walks 200 m, to E 400 m
        (
            "A 0\nB 10000\nC 10200\nE 10400\nD 20000",
            "t0 red: A 8:10, B 8:20\nt1 far: E 8:30, D 8:50\nt2 near: C 8:30, D 8:50",
            ["red", "near"],
        ),
        # from N, 800 m away, one is earlier at B, but waits there for those from A
        (
            "A 0\nN -800\nB 10000\nD 20000",
            "t0 far: N 8:12, B 8:20\nt1 near: A 8:12, B 8:28\nt2 blue: B 8:30, D 8:50",
            ["near", "blue"],
        ),
        # from N, 400 m away, one catches the bus to the door, from A only that to Y, 800 m from it
        (
            "A 0\nN -400\nB 10000\nD 20000\nY 20800",
            "t0 far: N 8:12, B 8:20\nt1 near: A 8:12, B 8:28\nt2 blue: B 8:25, D 8:50\nt3 green: B 8:30, Y 8:40",
            ["far", "blue"],
        ),
    ],
)
def test_the_least_walking_counts_from_door_to_door(tmp_path, stops, trips, routes):
    place = town(tmp_path, stops, trips)
    journey = ask(place, "A", 20_000)
    assert [leg.routes[0] for leg in journey.legs if leg.kind == "ride"] == routes


def test_to_be_there_in_time_nobody_changes_without_need(tmp_path):
    place = town(tmp_path, "A 0\nB 10000\nD 20000", "t1 red: A 8:10, B 8:20, D 8:50\nt2 fast: B 8:22, D 8:40")
    assert ask(place, "A", "D", "08:45", arrive_by=True).rides == 2
    assert ask(place, "A", "D", "09:00", arrive_by=True).rides == 1
    assert ask(place, "A", "D").rides == 2


def test_one_stays_seated_and_says_so(tmp_path):
    place = town(tmp_path, STOPS, "t1 red block_id=7: A 8:10, B 8:20\nt2 blue block_id=7: B 8:21, D 8:40")
    journey = ask(place, "A", "D")
    assert journey.rides == 1
    assert "Bus red 08:10 -> 08:40, 2 stops to D, staying seated as it goes on as blue." in journey.lines()
    assert journey.to_frame()["route"].tolist()[1] == "red, blue"


def test_a_change_at_one_stop_is_no_walk_whatever_the_feed_asks(tmp_path):
    place = town(
        tmp_path,
        STOPS,
        "t1 red: A 8:10, B 8:20\nt2 blue: B 8:24, D 8:40\nt3 blue: B 8:54, D 9:10",
        transfers=transfers("B B 2 600"),
    )
    journey = ask(place, "A", "D")
    assert "Change at B: wait 34 min." in journey.lines()
    assert journey.to_frame()["kind"].tolist() == ["walk", "ride", "ride", "walk"]


def test_a_change_the_feed_tells_of_is_drawn_straight(tmp_path):
    place = town(tmp_path, "A 0\nB 10000,100\nC 10100,100\nD 20000", TRIPS, transfers=transfers("B C 2 240"))
    journey = ask(place, "A", "D")
    change = journey.legs[2]
    assert (change.start, change.end, change.arrive_s - change.depart_s) == ("B", "C", 240)
    assert change.length_m == pytest.approx(100, abs=0.01)


def test_clocks_after_midnight_and_headways_are_named(tmp_path):
    place = town(
        tmp_path,
        STOPS,
        "t1 red: A 23:50, B 24:14",
        frequencies="trip_id,start_time,end_time,headway_secs,exact_times\nt1,23:50:00,23:59:00,600,0\n",
    )
    said = " ".join(ask(place, "A", "B", "23:45").lines())
    assert "23:50 -> 00:14 (next day) (times assumed from a headway), 1 stop to B" in said


def test_clocks_that_change_are_told_as_they_show(tmp_path):
    # in the night of 29 March 2026 the clocks go from 2 to 3; 25:30 of the day before is 1:30 that night
    place = town(tmp_path, STOPS, "t1 red: A 25:30, B 26:10", date=dt.date(2026, 3, 28))
    assert "Bus red 01:30 (next day) -> 03:10 (next day), 1 stop to B." in ask(place, "A", "B", "25:20").lines()


def test_the_door_asks_for_one_point_in_the_crs(tmp_path):
    place = town(tmp_path, STOPS, TRIPS)
    at = points([0, 20_000])
    assert explain_journey(place.transit, at[:1], at[1:]).seconds == ask(place, "A", "D").seconds
    for wrong in (at, at[:0], shapely.LineString([(0, 0), (1, 1)]), shapely.Point()):
        with pytest.raises(InputError, match=r"origin.*not one point"):
            explain_journey(place.transit, wrong, at[1])
    with pytest.raises(CrsError):
        explain_journey(place.transit, at[:1].to_crs(4326), at[1:])
    with pytest.raises(InputError, match="time of day"):
        explain_journey(place.transit, at[0], at[1], "8 o'clock")


@given(SEEDS, st.booleans())
@settings(max_examples=40, deadline=None)
def test_every_moment_takes_what_the_matrix_says(seed, arrive_by):
    transit, homes = random_town(seed, trips=8)
    at = transit.network.snap(homes)
    first = START_S + (4200 if arrive_by else -300)
    window = Window(clock(first), minutes=45, every_s=700, arrive_by=arrive_by)
    times = travel_time_every_departure(transit, at, at, window=window)
    moment = Window(clock(first), minutes=1, arrive_by=arrive_by)
    reasons = transit_travel_time(transit, at, at, window=moment).reasons()
    for i, j in ((0, 1), (1, 2), (2, 3), (3, 3)):
        for w in range(window.count):
            journey = explain_journey(transit, homes[i], homes[j], clock(first + 700 * w), arrive_by=arrive_by)
            if np.isfinite(times[i, j, w]):
                assert journey.seconds == times[i, j, w]
            else:
                assert np.isnan(journey.seconds)
            if w == 0:
                assert journey.reason == reasons[i, j]
            check_joined(transit, journey, homes[i], homes[j])


@given(SEEDS, st.booleans())
@settings(max_examples=40, deadline=None)
def test_of_equal_arrivals_it_is_the_fewest_rides_and_then_the_least_walking(seed, coarse):
    transit, homes = random_town(seed, trips=8, coarse=coarse)
    at = transit.network.snap(homes)
    depart_s = START_S + seed % 600 // 60 * 60
    for i, j in ((0, 1), (2, 3)):
        access, egress = (
            dict(zip(rows[1].tolist(), rows[2].tolist(), strict=True))
            for rows in (access_rows(transit, at.take([i])), egress_rows(transit, at.take([j])))
        )
        best = min(every_journey(transit, access, egress, depart_s), default=(np.inf, 0, 0))
        journey = explain_journey(transit, homes[i], homes[j], clock(depart_s))
        if journey.rides:
            walked = sum(leg.arrive_s - leg.depart_s for leg in journey.legs if leg.kind == "walk")
            assert (journey.arrive_s, journey.rides, walked) == best
        else:
            limit_s = transit.settings.max_trip_min * 60
            assert best[0] >= (journey.arrive_s if journey.reason == "ok" else depart_s + limit_s + 1)


def check_joined(transit, journey, origin, destination):
    """Legs follow each other in time and place, boarding and alighting only where allowed, with time to get ready."""
    if journey.reason != "ok":
        assert journey.legs == ()
        return
    legs = journey.legs
    assert legs[0].depart_s == journey.depart_s
    assert legs[-1].arrive_s == journey.arrive_s
    assert journey.rides <= transit.settings.max_rides
    assert journey.arrive_s - journey.depart_s <= transit.settings.max_trip_min * 60
    assert shapely.Point(legs[0].geometry.coords[0]).distance(origin) < 0.01
    assert shapely.Point(legs[-1].geometry.coords[-1]).distance(destination) < 0.01
    calls = transit.timetable.calls()
    name = transit.timetable.stops["stop_name"].to_numpy()
    for before, leg in itertools.pairwise(legs):
        assert before.end == leg.start
        assert shapely.Point(before.geometry.coords[-1]).distance(shapely.Point(leg.geometry.coords[0])) < 0.01
        assert leg.depart_s - leg.wait_s == before.arrive_s
        assert leg.wait_s >= 0
    for leg in legs:
        if leg.kind == "ride":
            here = name[calls["stop"]]
            assert ((here == leg.start) & (calls["departure_s"] == leg.depart_s) & calls["pickup"]).any()
            assert ((here == leg.end) & (calls["arrival_s"] == leg.arrive_s) & calls["drop_off"]).any()
            assert leg.stops >= 1
    assert legs[1].wait_s >= transit.settings.board_slack_s if len(legs) > 1 else True


@pytest.mark.real
def test_porto_alegre_agrees_with_its_matrix():
    if not PORTO_ALEGRE.exists():
        pytest.skip(f"{PORTO_ALEGRE} is not there")
    from bykobling import Network, read_streets
    from bykobling._types import Profile
    from bykobling.gtfs import read_gtfs
    from bykobling.timetable import timetable_from_feed

    feed = read_gtfs(PORTO_ALEGRE / "poa_eptc.zip", PORTO_ALEGRE / "poa_trensurb.zip")
    profile = Profile(mode="walk", speed_kmh=3.6, steps_speed_kmh=3.6, max_snap_m=1600)
    network = Network.from_streets(read_streets(PORTO_ALEGRE / "poa_osm.pbf", mode="walk"), profile=profile)
    transit = transit_network(network, timetable_from_feed(feed, dt.date(2019, 5, 13)), settings=R5_COMPATIBLE)
    hexes = pd.read_csv(PORTO_ALEGRE / "poa_hexgrid.csv")
    places = gpd.GeoSeries(gpd.points_from_xy(hexes["lon"], hexes["lat"]), crs=4326).to_crs(network.crs)
    rng = np.random.default_rng(8)
    one, other = rng.choice(len(places), (2, 8))
    rides = 0
    for first, arrive_by in (("13:50", False), ("07:30", False), ("15:10", True), ("14:00", True)):
        window = Window(first, minutes=10, every_s=300, arrive_by=arrive_by)
        snaps = [network.snap(places.iloc[rows]) for rows in (one, other)]
        times = travel_time_every_departure(transit, *snaps, window=window)
        for k, (i, j) in enumerate(zip(one, other, strict=True)):
            for w in range(window.count):
                moment = clock(transit.timetable.seconds_at(first) + 300 * w)
                journey = explain_journey(transit, places.iloc[i], places.iloc[j], moment, arrive_by=arrive_by)
                if np.isfinite(times[k, k, w]):
                    assert journey.seconds == times[k, k, w]
                else:
                    assert journey.reason != "ok"
                rides += journey.rides
    assert rides > 40
