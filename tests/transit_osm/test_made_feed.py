"""A timetable out of lines: times, headways, what is said of them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.made_feed import ASSUMED_VERSION, gtfs_from_osm
from bykobling.made_feed.settings import seconds_of
from bykobling.made_feed.timing import run_times
from bykobling.osm import read_routes
from tests.transit_osm.conftest import stop, street

LEG_M = 4 * 62.67
BUS_LEG_S = LEG_M / (20 / 3.6)


@pytest.fixture
def town(toy):
    """Three stops 251 m apart along one street: Harbour (101), Square (102), Hill (103)."""
    street(toy, 11, list(range(1, 10)))
    for number, x, name in ((101, 0, "Harbour"), (102, 4, "Square"), (103, 8, "Hill")):
        stop(toy, number, x, 0.1, name)
    return toy


def line(toy, number, stops=(101, 102, 103), ways=(11,), route="bus", **tags):
    members = [("node", node, "platform") for node in stops] + [("way", way, "") for way in ways]
    return toy.relation(number, members, type="route", route=route, **tags)


def test_times_by_hand(town):
    line(town, 1, ref="7", colour="#Ff8800", to="Hill")
    made = gtfs_from_osm(town.write(), timezone="Europe/Copenhagen")
    times = made.tables["stop_times"]
    # 251 m at 20 km/h are 45.1 s; 20 s at the square
    assert round(BUS_LEG_S, 1) == 45.1
    assert times["arrival_time"].tolist() == ["06:00:00", "06:00:45", "06:01:50"]
    assert times["departure_time"].tolist() == ["06:00:00", "06:01:05", "06:01:50"]
    assert times["shape_dist_traveled"].to_numpy() == pytest.approx([0, LEG_M, 2 * LEG_M], rel=1e-3)
    assert (times["timepoint"] == 0).all()
    route, trip = made.tables["routes"].iloc[0], made.tables["trips"].iloc[0]
    assert (route["route_short_name"], route["route_type"], route["route_color"]) == ("7", 3, "FF8800")
    assert route["route_desc"] == "Every 15 min (assumed), 2 min from end to end (assumed)."
    assert (trip["trip_headsign"], trip["direction_id"], trip["service_id"]) == ("Hill", 0, "every_day")
    assert made.tables["frequencies"].iloc[0].tolist() == ["1-0", "06:00:00", "24:00:00", 900, 0]
    assert made.tables["agency"]["agency_timezone"].item() == "Europe/Copenhagen"
    assert made.tables["calendar"].iloc[0, 1:8].tolist() == [1] * 7


def test_the_feed_says_that_it_is_assumed(town):
    line(town, 1)
    made = gtfs_from_osm(town.write(), headway_min={"bus": 8})
    assert made.tables["feed_info"]["feed_version"].item() == ASSUMED_VERSION == "assumed-from-osm"
    assert "OpenStreetMap" in made.tables["attributions"]["organization_name"].item()
    said = "\n".join(made.assumptions)
    assert "every time is assumed" in said
    assert "Bus: a line runs every 8 min in each direction, at 20 km/h" in said
    assert "set by the user: headway_min" in said
    # no word of what did not happen
    for word in ("Tram", "interval=*", "duration=*", "straight line", "backwards"):
        assert word not in said


def test_options_beat_assumptions_and_tags_beat_options(town):
    line(town, 1, ref="1")
    line(town, 2, ref="2", interval="10-15", duration="00:04")
    options = {"headway_min": {"bus": 20}, "speed_kmh": {"bus": 10}, "dwell_s": {"bus": 0}}
    made = gtfs_from_osm(town.write(), start="05:30", end="25:00:00", **options)
    assert made.lines["headway_min"].tolist() == [20, 12.5]
    assert made.lines["minutes"].to_numpy() == pytest.approx([4 * BUS_LEG_S / 60, 4], abs=0.01)
    assert made.lines["interval_tagged"].tolist() == made.lines["duration_tagged"].tolist() == [False, True]
    assert made.tables["frequencies"]["headway_secs"].tolist() == [1200, 750]
    assert made.tables["frequencies"]["start_time"].tolist() == ["05:30:00"] * 2
    assert made.tables["frequencies"]["end_time"].tolist() == ["25:00:00"] * 2
    said = "\n".join(made.assumptions)
    assert "1 of 2 runs carry interval=*" in said
    assert "1 of 2 runs carry duration=*" in said


@pytest.mark.parametrize(("duration", "extra"), [("03:00", ()), ("00:00:05", ()), ("00:04", (999,))])
def test_a_duration_that_cannot_be_is_refused(town, duration, extra):
    """Three hours for half a kilometre, five seconds, or the time of a line that is cut short in the file."""
    line(town, 1, stops=(101, 102, 103, *extra), name="Bus 1", duration=duration)
    made = gtfs_from_osm(town.write())
    assert made.lines["minutes"].item() == pytest.approx((2 * BUS_LEG_S + 20) / 60, abs=0.01)
    assert any("tagged durations do not fit the run" in fault.rule and "Bus 1" in fault.rule for fault in made.faults)
    assert not any("duration=*" in sentence for sentence in made.assumptions)


def test_variants_of_a_line_share_its_headway_and_take_turns(town):
    line(town, 1, ref="5")
    line(town, 2, stops=(101, 102), ref="5")
    line(town, 3, ref="5", interval="40")
    line(town, 4, stops=(103, 102, 101), ref="5")
    line(town, 5, ref="6")
    made = gtfs_from_osm(town.write())
    assert made.tables["trips"]["route_id"].tolist() == ["r1"] * 4 + ["r5"]
    assert made.tables["trips"]["direction_id"].tolist() == [0, 0, 0, 1, 0]
    rows = made.tables["frequencies"]
    assert rows["headway_secs"].tolist() == [1800, 1800, 2400, 900, 900]
    assert rows["start_time"].tolist() == ["06:00:00", "06:15:00", "06:00:00", "06:00:00", "06:00:00"]


def test_where_ways_do_not_connect_the_straight_line_counts_a_third_more(town):
    line(town, 1, ways=())
    made = gtfs_from_osm(town.write())
    assert made.lines["km"].item() == pytest.approx(1.3 * 2 * LEG_M / 1000, rel=1e-3)
    assert made.lines["straight_share"].item() == 1
    assert made.tables["stop_times"]["shape_dist_traveled"].isna().all()
    assert made.tables["trips"]["shape_id"].isna().all()
    assert made.tables["shapes"].empty
    assert any("(100% of the length)" in sentence for sentence in made.assumptions)


def test_one_stop_of_many_lines_is_one_row(town):
    stop(town, 104, 4.2, 0.1, "Square")
    town.nodes[103] = (*town.nodes[103][:2], {"highway": "bus_stop"})
    line(town, 1, ref="1")
    line(town, 2, stops=(103, 104, 101), ref="1")
    stops = gtfs_from_osm(town.write()).tables["stops"]
    # platforms of one name stay apart: people cross the street between them
    assert stops["stop_id"].tolist() == ["n101", "n102", "n103", "n104"]
    assert stops["stop_name"].tolist() == ["Harbour", "Square", "stop without a name (n103)", "Square"]


def test_getting_on_and_off(town):
    members = [("node", 101, "platform_entry_only"), ("node", 102, "platform"), ("node", 103, "platform_exit_only")]
    town.relation(1, members, type="route", route="bus")
    times = gtfs_from_osm(town.write()).tables["stop_times"]
    assert times["pickup_type"].tolist() == [0, 0, 1]
    assert times["drop_off_type"].tolist() == [1, 0, 0]


def test_references_hold_and_stops_lie_on_the_shape(town):
    line(town, 1, ref="1", roundtrip="no")
    line(town, 2, route="tram", ways=())
    line(town, 3, stops=(101, 103), route="ferry")
    made = gtfs_from_osm(read_routes(town.write()))
    tables = made.tables
    assert set(tables["stop_times"]["stop_id"]) == set(tables["stops"]["stop_id"])
    assert set(tables["trips"]["route_id"]) == set(tables["routes"]["route_id"])
    assert set(tables["trips"]["service_id"]) == set(tables["calendar"]["service_id"])
    assert set(tables["routes"]["agency_id"]) == set(tables["agency"]["agency_id"])
    for name in ("stop_times", "frequencies"):
        assert set(tables[name]["trip_id"]) == set(tables["trips"]["trip_id"]) == set(made.lines["trip_id"])
    assert tables["trips"]["trip_id"].is_unique
    shapes = tables["shapes"].groupby("shape_id")["shape_dist_traveled"]
    assert set(shapes.groups) == set(tables["trips"]["shape_id"].dropna())
    assert shapes.apply(lambda distance: distance.is_monotonic_increasing).all()
    last_call = tables["stop_times"].groupby("trip_id")["shape_dist_traveled"].max().dropna()
    assert shapes.max().to_numpy() == pytest.approx(last_call.loc[list(shapes.groups)].to_numpy(), abs=0.2)


def calls_of(points, leg_m):
    return pd.DataFrame({"lon": [p[0] for p in points], "lat": [p[1] for p in points], "leg_m": [math.nan, *leg_m]})


@given(
    st.lists(st.tuples(st.floats(12, 13), st.floats(55, 56)), min_size=2, max_size=20),
    st.data(),
    st.floats(1, 120),
    st.floats(0, 300),
    st.one_of(st.just(math.nan), st.floats(0.1, 1440)),
)
def test_times_always_increase(points, data, speed_kmh, dwell_s, duration_min):
    lengths = st.one_of(st.just(math.nan), st.floats(0, 50_000))
    leg_m = data.draw(st.lists(lengths, min_size=len(points) - 1, max_size=len(points) - 1))
    calls = calls_of(points, leg_m)
    run = run_times(calls, speed_kmh=speed_kmh, dwell_s=dwell_s, duration_min=duration_min, whole=True)
    assert run.arrival_s[0] == run.departure_s[0] == 0
    assert (run.departure_s >= run.arrival_s).all()
    assert (run.arrival_s[1:] > run.departure_s[:-1]).all()
    assert run.arrival_s[-1] == run.departure_s[-1]
    assert run.duration_refused == (not run.duration_used and not math.isnan(duration_min))
    if run.duration_used and run.metres > 1000 * len(points):
        assert run.arrival_s[-1] == pytest.approx(duration_min * 60, abs=len(points))


@given(st.lists(st.floats(1, 5_000), min_size=1, max_size=10), st.floats(1, 100), st.floats(0, 100))
def test_faster_is_never_later(leg_m, speed_kmh, dwell_s):
    points = [(12.0 + k / 100, 55.0) for k in range(len(leg_m) + 1)]
    run = [
        run_times(calls_of(points, leg_m), speed_kmh=v, dwell_s=dwell_s, duration_min=math.nan, whole=True)
        for v in (speed_kmh, 1.5 * speed_kmh)
    ]
    assert (run[1].arrival_s <= run[0].arrival_s).all()


def test_every_wrong_option_is_named_at_once(town):
    line(town, 1)
    with pytest.raises(InputError) as caught:
        gtfs_from_osm(
            town.write(),
            headway_min={"bsu": 10, "tram": 0},
            speed_kmh={"bus": math.nan},
            dwell_s={"bus": -1, "ferry": 0},
            start="6 am",
            timezone="Europe/Atlantis",
        )
    assert [fault.where for fault in caught.value.faults] == [
        "headway_min['bsu']", "headway_min['tram']", "speed_kmh['bus']", "dwell_s['bus']", "start", "timezone",
    ]  # fmt: skip
    assert "perhaps you mean 'bus'" in str(caught.value)


@pytest.mark.parametrize(
    ("start", "end"), [("10:00:00", "10:00:00"), ("10:00:00", "09:00:00"), ("00:00:00", "24:00:01")]
)
def test_a_day_has_a_beginning_and_an_end(town, start, end):
    with pytest.raises(InputError, match="span of at most a day"):
        gtfs_from_osm(town.write(), start=start, end=end)


@pytest.mark.parametrize("name", ["", "../etc/passwd", "/etc/passwd", "Copenhagen"])
def test_time_zones_that_are_none(town, name):
    with pytest.raises(InputError, match="there is no time zone"):
        gtfs_from_osm(town.write(), timezone=name)


def test_without_lines_there_is_no_feed(town):
    with pytest.raises(InputError, match=r"toy\.osm: there is no public transport line with two stops"):
        gtfs_from_osm(town.write())


def test_seconds():
    assert [seconds_of(text) for text in ("06:00:00", "6:05", "25:00:00", "6:60", "600", "")] == [
        21_600, 21_900, 90_000, None, None, None,
    ]  # fmt: skip


def test_nothing_is_taken_from_the_lines_given(town):
    line(town, 1, roundtrip="no")
    lines = read_routes(town.write())
    before = lines.lines.copy(), lines.calls.copy()
    gtfs_from_osm(lines)
    assert lines.lines.equals(before[0])
    assert lines.calls.equals(before[1])
    assert np.isfinite(lines.calls["along_m"]).all()
