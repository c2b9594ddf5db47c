"""Every rule of GTFS and of a journey on a feed of a few lines, with answers worked out by hand.

Stops lie 10 km apart on one street, so nobody walks from one to the next; ``B2`` is 80 m (one minute) from ``B``.
Read ``A -8:00-> B 8:10`` as: leaves A at 8:00, is at B at 8:10.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from bykobling.errors import InputError
from bykobling.gtfs import read_gtfs
from bykobling.timetable import add_service, change_headway, remove_service, remove_stops, timetable_from_feed
from bykobling.transit import TransitSettings, Window, transit_network, travel_time_every_departure

from .tiny_feeds import DAILY, NO_SLACK, STREET, gtfs, pathways, seconds_of, streets, table, town, transfers

ABC = "A 0 \n B 10000 \n B2 10080 \n C 20000 \n D 30000"
MINUTE = TransitSettings(board_slack_s=60)

# ---- changing ------------------------------------------------------------------------------------------------------

# red: A -8:00-> B 8:10, then blue from B every minute, ten minutes to C
EVERY_MINUTE = "r red: A 8:00, B 8:10 \n" + "\n".join(f"u{m} blue: B 8:{m}, C 8:{m + 10}" for m in range(10, 30))


@pytest.mark.parametrize(
    ("rule", "there"),
    [
        (None, "8:21"),  # ready after the minute everybody needs
        ("B B 2 300", "8:25"),  # five minutes; the minute is in it
        ("B B 2 301", "8:26"),
        ("B B 2 30", "8:21"),  # half a minute, less than the usual: 8:10:30 -> the bus of 8:11
        ("B B 2 0", "8:20"),
        ("B B 0 -", "8:21"),  # "recommended" says no time
        ("B B 2 -", "8:21"),  # a least time that is not told is none
        ("B B 1 -", "8:20"),  # the bus waits
        ("B B 3 -", None),
    ],
)
def test_changing_at_one_stop(tmp_path, rule, there):
    rules = {} if rule is None else {"transfers": transfers(rule)}
    assert town(tmp_path, ABC, EVERY_MINUTE, settings=MINUTE, **rules).arrive("A", "C", "7:59") == there


# B ---- 80 m, one minute ---- B2; blue leaves from B2
@pytest.mark.parametrize(
    ("rule", "there"),
    [
        (None, "8:22"),  # one minute on foot, one to get ready
        ("B B2 2 240", "8:24"),
        ("B B2 2 241", "8:25"),
        ("B B2 2 1", "8:21"),  # no rule makes one faster than 2 m/s along the straight line: 8:10:40
        ("B2 B 2 240", "8:22"),  # the other way
        ("B B2 1 -", "8:21"),
        ("B B2 3 -", None),
        ("B2 B 3 -", "8:22"),
        ("B B 3 -", "8:22"),
    ],
)
def test_changing_between_two_stops(tmp_path, rule, there):
    rules = {} if rule is None else {"transfers": transfers(rule)}
    trips = EVERY_MINUTE.replace(": B 8", ": B2 8")
    assert town(tmp_path, ABC, trips, settings=MINUTE, **rules).arrive("A", "C", "7:59") == there


@pytest.mark.parametrize("far", ["B2", "B"])
@pytest.mark.parametrize(
    ("rules", "there"),
    [
        (["S S 2 300"], "8:25"),  # of every stop to every stop, itself too
        (["S {far} 2 360"], "8:26"),
        (["B S 2 420"], "8:27"),
        (["B {far} 2 180", "S S 2 300"], "8:23"),  # a stop is nearer than its station
        (["S S 2 300", "B {far} 2 180"], "8:23"),
        (["S S 2 300", "B S 2 360"], "8:26"),
        (["S S 3 -"], None),
        (["S S 3 -", "B {far} 2 180"], "8:23"),
    ],
)
def test_changing_within_a_station(tmp_path, rules, there, far):
    stops = "S 10000 station \n A 0 \n B 10000 in S \n B2 10080 in S \n C 20000"
    trips = EVERY_MINUTE.replace(": B 8", f": {far} 8")
    told = transfers(*(rule.format(far=far) for rule in rules))
    assert town(tmp_path, stops, trips, settings=MINUTE, transfers=told).arrive("A", "C", "7:59") == there


# red and gray come to B at 8:10; blue leaves for C and green for D every minute
COLOURS = (
    "r red: A 8:00, B 8:10 \n g gray: A2 8:00, B 8:10 \n"
    + "\n".join(f"u{m} blue: B 8:{m}, C 8:{m + 10}" for m in range(10, 30))
    + "\n"
    + "\n".join(f"v{m} green: B 8:{m}, D 8:{m + 10}" for m in range(10, 30))
)
COLOUR_STOPS = "A 0 \n A2 40000 \n B 10000 \n C 20000 \n D 30000"


@pytest.mark.parametrize(
    ("rules", "red_blue", "red_green", "gray_blue", "gray_green"),
    [
        ([], "8:21", "8:21", "8:21", "8:21"),
        (["B B 2 300 red blue"], "8:25", "8:21", "8:21", "8:21"),
        (["B B 2 300 red -"], "8:25", "8:25", "8:21", "8:21"),
        (["B B 2 300 - blue"], "8:25", "8:21", "8:25", "8:21"),
        (["B B 2 300", "B B 2 180 red blue"], "8:23", "8:25", "8:25", "8:25"),
        (["B B 2 300 red blue", "B B 2 180 red -"], "8:25", "8:23", "8:21", "8:21"),
        (["B B 3 - red blue"], None, "8:21", "8:21", "8:21"),
        (["B B 3 -", "B B 2 300 red blue"], "8:25", None, None, None),
        (["B B 3 - - - r u25"], "8:21", "8:21", "8:21", "8:21"),  # the bus of 8:11 is another one
        (["B B 3 - - - r -"], None, None, "8:21", "8:21"),
        (["B B 3 -", "B B 2 300 - - r u15"], "8:25", None, None, None),
        (["B B 3 -", "B B 2 301 - - r u15"], None, None, None, None),
        (["B B 2 720", "B B 1 - - - - v10"], "8:32", "8:20", "8:32", "8:20"),
    ],
)
def test_changing_between_routes_and_trips(*, tmp_path, rules, red_blue, red_green, gray_blue, gray_green):
    tiny = town(tmp_path, COLOUR_STOPS, COLOURS, settings=MINUTE, transfers=transfers(*rules))
    found = [tiny.arrive(start, end, "7:59") for start in ("A", "A2") for end in "CD"]
    assert found == [red_blue, red_green, gray_blue, gray_green]


# from the most to the least particular; they forbid and allow in turn
LADDER = [
    "B B {} - - - r u",
    "B B {} - - blue r -",
    "B B {} - - - r -",
    "B B {} - red blue",
    "B B {} - red -",
    "B B {}",
]


@pytest.mark.parametrize("top", range(6))
@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("up", [False, True])
def test_the_more_particular_rule_holds(tmp_path, top, first, up):
    rules = [rule.format((1, 3)[(i + first) % 2]) for i, rule in enumerate(LADDER)][top:]
    rules = [rule + " -" * (4 - len(rule.split())) for rule in rules]
    tiny = town(
        tmp_path, ABC, "r red: A 8:00, B 8:10 \n u blue: B 8:10, C 8:20",
        settings=MINUTE, transfers=transfers(*(rules[::-1] if up else rules)),
    )  # fmt: skip
    assert tiny.arrive("A", "C", "7:59") == ("8:20", None)[(top + first) % 2]


def test_a_trip_and_a_route_named_on_either_side(tmp_path):
    trips = "r red: A 8:00, B 8:10 \n u blue: B 8:10, C 8:20"
    rules = transfers("B B 1 - red - - u", "B B 3 - - - - u", "B B 3 - red blue")
    assert town(tmp_path, ABC, trips, settings=MINUTE, transfers=rules).arrive("A", "C", "7:59") == "8:20"


def test_a_rule_of_a_trip_holds_backwards_too(tmp_path):
    tiny = town(tmp_path, COLOUR_STOPS, COLOURS, settings=MINUTE, transfers=transfers("B B 2 300 red blue"))
    assert tiny.leave("A", "C", "8:25") == "7:59"
    assert tiny.leave("A", "C", "8:24") is None


def test_a_recommended_change_in_a_station_takes_the_way_inside(tmp_path):
    # 80 m apart, but ten minutes of stairs; type 0 tells no time of its own
    stops = "S 10000 station \n A 0 \n B 10000 in S \n B2 10080 in S \n C 20000 \n E 10000,60 door in S"
    ways = pathways("B B2 600 1", "E B 600 1")
    trips = EVERY_MINUTE.replace(": B 8", ": B2 8")
    for rules in ({}, {"transfers": transfers("B B2 0 -")}, {"transfers": transfers("B B2 2 -")}):
        tiny = town(tmp_path, stops, trips, settings=NO_SLACK, pathways=ways, **rules)
        assert tiny.arrive("A", "C", "8:00") == "8:30"


# ---- staying seated ------------------------------------------------------------------------------------------------

ONE_RIDE = TransitSettings(board_slack_s=60, max_rides=1)
SEATED = "A 0 \n B 10000 \n Bnear 10150 \n Bfar 15000 \n C 20000 \n D 30000"

SKIPPED = """
    r red block_id=7: A 8:00, B 8:10
    e gray block_id=7: Bfar 8:15, D 8:30
    u blue block_id=7: B 9:00, C 9:10
"""
THROUGH = """
    r red block_id=7: A 8:00, B 8:10
    e gray block_id=7: B 8:15, D 8:30
    u blue block_id=7: D 8:31, C 8:40
"""


@pytest.mark.parametrize(
    ("trips", "rules", "there"),
    [
        # the same vehicle: one ride, no time to get ready
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: B 8:10, C 8:20", [], "8:20"),
        ("r red: A 8:00, B 8:10 \n u blue: B 8:10, C 8:20", [], None),
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=8: B 8:10, C 8:20", [], None),
        # it starts 150 m on: still there; 5 km on: it went there empty
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: Bnear 8:10, C 8:20", [], "8:20"),
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: Bfar 8:15, C 8:20", [], None),
        # by name, wherever it starts
        ("r red: A 8:00, B 8:10 \n u blue: B 8:10, C 8:20", ["B B 4 - - - r u"], "8:20"),
        ("r red: A 8:00, B 8:10 \n u blue: Bfar 8:15, C 8:20", ["B Bfar 4 - - - r u"], "8:20"),
        ("r red: A 8:00, B 8:10 \n u blue: B 8:10, C 8:20", ["- - 4 - - - r u"], "8:20"),
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: B 8:10, C 8:20", ["B B 5 - - - r u"], None),
        # not backwards in time
        ("r red: A 8:00, B 8:10 \n u blue: B 8:09, C 8:20", ["B B 4 - - - r u"], None),
        # the trip of the block after the next: nobody skips one ...
        (SKIPPED, [], None),
        # ... but may ride through it
        (THROUGH, [], "8:40"),
        # nobody needs to be let on or off where nobody gets on or off
        ("r red block_id=7: A 8:00, B 8:10 in \n u blue block_id=7: B 8:10 out, C 8:20", [], "8:20"),
        # another day's vehicle
        ("r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7 service_id=other: B 8:10, C 8:20", [], None),
    ],
)  # fmt: skip
def test_staying_seated(tmp_path, trips, rules, there):
    calendar = DAILY + "other,1,0,0,0,0,0,0,20260101,20261231\n"
    tiny = town(tmp_path, SEATED, trips, settings=ONE_RIDE, transfers=transfers(*rules), calendar=calendar)
    assert tiny.arrive("A", "C", "7:59") == there
    assert tiny.leave("A", "C", "9:30") == (None if there is None else "7:59")


def test_only_who_is_on_board_stays_seated(tmp_path):
    # nobody may board blue at B; its vehicle comes from A as red
    trips = "r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: B 8:10 out, C 8:20"
    tiny = town(tmp_path, SEATED, trips)
    assert tiny.arrive("A", "C", "8:00") == "8:20"
    assert tiny.arrive("A", "C", "8:01") is None
    assert tiny.arrive("B", "C", "8:00") is None
    assert tiny.leave("B", "C", "8:20") is None


def test_waiting_for_the_trip_that_goes_on(tmp_path):
    # the first red ends at B; the second goes on as blue, which nobody may board
    trips = """
        r1 red: A 8:00, B 8:10
        r2 red block_id=7: A 8:05, B 8:15
        u2 blue block_id=7: B 8:15 out, C 8:25
        r3 red: A 8:10, B 8:20
    """
    tiny = town(tmp_path, SEATED, trips)
    assert [tiny.arrive("A", "C", at) for at in ("8:00", "8:05", "8:06")] == ["8:25", "8:25", None]
    assert tiny.every("A", "C", "8:00", 8) == [25, 24, 23, 22, 21, 20, np.inf, np.inf]
    assert [tiny.arrive("A", "B", at) for at in ("8:00", "8:05")] == ["8:10", "8:15"]
    assert [tiny.leave("A", "C", by) for by in ("8:24", "8:25")] == [None, "8:05"]


def test_staying_seated_after_changing_costs_no_ride(tmp_path):
    # A -red-> B, change, B -blue-> C, seated, C -blue2-> D: two rides
    trips = """
        r red: A 8:00, B 8:10
        u blue block_id=7: B 8:15, C 8:25
        v blue block_id=7: C 8:25, D 8:35
    """
    for rides, there in ((1, None), (2, "8:35")):
        tiny = town(tmp_path, SEATED, trips, settings=replace(MINUTE, max_rides=rides))
        assert tiny.arrive("A", "D", "7:59") == there


def test_a_loop_line_goes_on_round_after_round(tmp_path):
    # one vehicle: B -> A -> C -> B -> D as three trips
    trips = """
        r red block_id=7: B 8:00, A 8:10, C 8:20
        s red block_id=7: C 8:20, B 8:30
        t red block_id=7: B 8:30, D 8:40
    """
    tiny = town(tmp_path, SEATED, trips, settings=ONE_RIDE)
    assert tiny.arrive("A", "D", "8:00") == "8:40"
    assert tiny.arrive("B", "D", "7:59") == "8:40"


# ---- getting on and off --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "ab", "bc", "ac"),
    [
        ("B 8:10", "8:10", "8:20", "8:20"),
        ("B 8:10 out", "8:10", None, "8:20"),
        ("B 8:10 in", None, "8:20", "8:20"),
        ("B 8:10 in out", None, None, "8:20"),
    ],
)
def test_getting_on_and_off(tmp_path, call, ab, bc, ac):
    tiny = town(tmp_path, ABC, f"t red: A 8:00, {call}, C 8:20")
    pairs = [("A", "B", ab), ("B", "C", bc), ("A", "C", ac)]
    assert [tiny.arrive(start, end, "8:00") for start, end, _ in pairs] == [there for *_, there in pairs]
    for start, end, there in pairs:
        assert (tiny.leave(start, end, "8:20") is None) == (there is None)


def test_by_arrangement_counts_as_allowed(tmp_path):
    times = table(
        "trip_id stop_id stop_sequence arrival_time departure_time pickup_type drop_off_type",
        "t A 1 8:00:00 8:00:00 2 -", "t B 2 8:10:00 8:10:00 3 2", "t C 3 8:20:00 8:20:00 - 3",
    )  # fmt: skip
    tiny = town(tmp_path, ABC, "t red: A 8:00, C 8:20", stop_times=times)
    assert [tiny.arrive(*pair, "8:00") for pair in ("AB", "BC", "AC")] == ["8:10", "8:20", "8:20"]


def test_a_trip_that_calls_twice_at_a_stop(tmp_path):
    #        8:10        8:20
    # A 8:00 -> B -> C -> B -> D 8:40     B: 8:10 and 8:30
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10, C 8:20, B 8:30, D 8:40")
    assert tiny.arrive("A", "B", "8:00") == "8:10"
    assert tiny.arrive("C", "B", "8:00") == "8:30"
    assert [tiny.arrive("B", "D", at) for at in ("8:10", "8:11", "8:30", "8:31")] == ["8:40", "8:40", "8:40", None]
    assert [tiny.leave("B", "D", by) for by in ("8:39", "8:40")] == [None, "8:30"]
    assert tiny.arrive("B", "C", "8:11") is None


def test_changing_where_a_trip_calls_twice(tmp_path):
    # to blue one can change at either call at B
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10, C 8:15, B 8:20 \n u blue: B 8:30, D 8:40")
    assert [tiny.arrive(start, "D", "8:00") for start in "AC"] == ["8:40", "8:40"]
    assert tiny.arrive("C", "D", "8:11") == "8:40"
    assert [tiny.leave(start, "D", "8:40") for start in "ABC"] == ["8:00", "8:30", "8:15"]


def test_changing_from_a_trip_to_itself_saves_the_round(tmp_path):
    # two vehicles of one loop: off at B, and on again to the one that comes before
    trips = "t red: A 8:00, B 8:10, C 8:20, B 8:30, D 8:40 \n s red: A 7:40, B 7:50, C 8:00, B 8:10, D 8:20"
    assert town(tmp_path, ABC, trips).arrive("A", "D", "8:00") == "8:20"
    assert town(tmp_path, ABC, trips, settings=ONE_RIDE).arrive("A", "D", "7:59") == "8:40"


def test_trips_that_overtake(tmp_path):
    # slow leaves first and is there last
    tiny = town(tmp_path, ABC, "slow red: A 8:00, B 8:40 \n fast red: A 8:10, B 8:30 \n last red: A 8:20, B 8:50")
    assert tiny.timetable.pattern_count == 2
    asked = {"7:50": "8:30", "8:00": "8:30", "8:10": "8:30", "8:11": "8:50", "8:20": "8:50", "8:21": None}
    assert {at: tiny.arrive("A", "B", at) for at in asked} == asked
    by = {"8:29": None, "8:30": "8:10", "8:40": "8:10", "8:49": "8:10", "8:50": "8:20"}
    assert {at: tiny.leave("A", "B", at) for at in by} == by


def test_trips_that_overtake_between_the_ends_only(tmp_path):
    trips = "slow red: A 8:00, B 8:20, C 8:30 \n fast red: A 8:05, B 8:15, C 8:35"
    tiny = town(tmp_path, ABC, trips)
    assert [tiny.arrive("A", end, "8:00") for end in "BC"] == ["8:15", "8:30"]
    assert [tiny.arrive("B", "C", at) for at in ("8:15", "8:16", "8:21")] == ["8:30", "8:30", None]


# ---- days ----------------------------------------------------------------------------------------------------------


def test_after_midnight(tmp_path):
    # Wednesday's night bus
    tiny = town(tmp_path, ABC, "t red: A 25:10, B 25:20")
    asked = {"23:30": "25:20", "24:50": "25:20", "25:10": "25:20", "25:11": None}
    assert {at: tiny.arrive("A", "B", at) for at in asked} == asked
    assert tiny.leave("A", "B", "25:30") == "25:10"


def test_through_midnight(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 23:50, B 24:00, C 24:10")
    assert tiny.arrive("A", "C", "23:45") == "24:10"
    # and the one of the night before
    assert tiny.arrive("B", "C", "0:00") == "0:10"
    assert tiny.arrive("A", "C", "0:00") is None


def test_the_day_before_in_the_early_morning(tmp_path):
    # at 1:10 on Wednesday Tuesday's bus of 25:10 runs
    trips = "t red: A 25:10, B 25:20 \n u blue service_id=wed: C 12:00, D 12:10"
    every = DAILY + "wed,0,0,1,0,0,0,0,20260101,20261231\n"
    for tuesday, there in ((1, "1:20"), (0, None)):
        text = every.replace("always,1,1,1,1,1,1,1", f"always,0,{tuesday},0,0,0,0,0")
        assert town(tmp_path, ABC, trips, calendar=text).arrive("A", "B", "1:00") == there


def test_the_morning_after_at_the_end_of_a_late_window(tmp_path):
    # Wednesday evening; the bus of 6:00 on Thursday is at 30:00
    tiny = town(tmp_path, ABC, "t red: A 6:00, B 6:10", settings=replace(NO_SLACK, max_trip_min=180))
    assert tiny.arrive("A", "B", "28:00") == "30:10"
    assert tiny.arrive("A", "B", "30:00") == "30:10"
    # from 23:00 to 6:30: who leaves before 3:10 is longer than three hours on the way
    minutes = tiny.every("A", "B", "23:00", 450)
    assert minutes[:250] == [np.inf] * 250
    assert minutes[250:421] == [180 - i for i in range(171)]
    assert minutes[421:] == [np.inf] * 29


def test_thursday_without_service_has_no_morning_after(tmp_path):
    text = DAILY.replace("always,1,1,1,1", "always,1,1,1,0")
    assert town(tmp_path, ABC, "t red: A 6:00, B 6:10", calendar=text).arrive("A", "B", "29:50") is None


DATES = "service_id date exception_type"


@pytest.mark.parametrize(
    ("calendar", "dates", "there"),
    [
        (DAILY, None, "8:10"),
        (DAILY, table(DATES, "always 20260305 2"), "8:10"),  # another day is taken away
        (None, table(DATES, "always 20260304 1"), "8:10"),  # no weekly calendar at all
        (DAILY.replace("1,1,1,1,1,1,1", "1,1,0,1,1,1,1"), table(DATES, "always 20260304 1"), "8:10"),  # added
        (DAILY.replace("20260101", "20260401"), table(DATES, "always 20260304 1"), "8:10"),  # before it begins
    ],
)
def test_days_with_service(tmp_path, calendar, dates, there):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10", calendar=calendar, calendar_dates=dates)
    assert tiny.arrive("A", "B", "8:00") == there


@pytest.mark.parametrize(
    ("calendar", "dates"),
    [
        (DAILY, table(DATES, "always 20260304 2")),
        (DAILY.replace("1,1,1,1,1,1,1", "1,1,0,1,1,1,1"), None),
        (DAILY.replace("20260101", "20260305"), None),
        (None, table(DATES, "always 20260303 1", "always 20260305 1")),
    ],
)
def test_a_day_without_service_is_told(tmp_path, calendar, dates):
    file = gtfs(tmp_path / "f.zip", ABC, "t red: A 8:00, B 8:10", calendar=calendar, calendar_dates=dates)
    feed = read_gtfs(file)
    with pytest.raises(InputError, match=r"f\.zip.*2026-03-04.*2026-.*to 2026-.*choose one") as told:
        timetable_from_feed(feed, dt.date(2026, 3, 4))
    assert str(feed.dates[0]) in str(told.value)
    assert str(feed.dates[-1]) in str(told.value)


def test_services_are_of_their_own_days(tmp_path):
    # on weekdays 8:00, on Saturdays 9:00
    calendar = DAILY.replace("always,1,1,1,1,1,1,1", "week,1,1,1,1,1,0,0") + "sat,0,0,0,0,0,1,0,20260101,20261231\n"
    trips = "t red service_id=week: A 8:00, B 8:10 \n s red service_id=sat: A 9:00, B 9:10"
    for day, there in ((4, "8:10"), (7, "9:10")):
        tiny = town(tmp_path, ABC, trips, calendar=calendar, date=dt.date(2026, 3, day))
        assert tiny.arrive("A", "B", "7:30") == there


# noon minus 12 hours is 23:00 the evening before on 29 March, and 1:00 on 25 October (Europe/Copenhagen)
@pytest.mark.parametrize(
    ("date", "trip", "first", "wait_min"),
    [
        (dt.date(2026, 3, 29), "8:00", "08:00", 0),  # a usual bus comes when the clock says so
        (dt.date(2026, 3, 29), "1:30", "00:30", 0),  # an hour earlier on the clock: 1.5 h after 23:00
        (dt.date(2026, 3, 29), "3:30", "03:30", 0),  # 3:30 after 23:00 is 2:30, which is called 3:30
        (dt.date(2026, 3, 29), "3:30", "01:30", 60),  # an hour before 3:30
        (dt.date(2026, 10, 25), "8:00", "08:00", 0),
        (dt.date(2026, 10, 25), "1:30", "02:30", 0),  # half past two, the first time
        (dt.date(2026, 10, 25), "2:30", "02:30", 60),  # ... and the second, an hour later
        (dt.date(2026, 10, 25), "0:30", "01:30", 0),
        # the service day before: 26:30 is half past two, which on 29 March is half past three
        (dt.date(2026, 3, 29), "26:30", "03:30", 0),
        (dt.date(2026, 10, 25), "26:30", "02:30", 0),
        # ... and on 25 October there is an hour after midnight before the day's times begin
        (dt.date(2026, 10, 25), "24:10", "00:10", 0),
    ],
)
def test_the_clocks_change(tmp_path, date, trip, first, wait_min):
    hours, minutes = trip.split(":")
    end = f"{hours}:{int(minutes) + 20}"
    tiny = town(tmp_path, ABC, f"t red: A {trip}, B {end}", date=date)
    assert tiny.every("A", "B", first, 1) == [wait_min + 20]
    assert tiny.every("A", "B", first, 1, every_s=60) == tiny.every("A", "B", first, 2)[:1]


def test_headways_on_the_day_the_clocks_change(tmp_path):
    every = table("trip_id start_time end_time headway_secs exact_times", "t 01:00:00 04:00:00 3600 1")
    tiny = town(tmp_path, ABC, "t red: A 1:00, B 1:10", date=dt.date(2026, 3, 29), frequencies=every)
    # 1:00, 2:00 and 3:00 after 23:00: midnight, one, and two, which is called three
    assert [tiny.every("A", "B", first, 1) for first in ("00:00", "01:00", "03:00", "03:01")] == [
        [10], [10], [10], [np.inf],
    ]  # fmt: skip


# ---- headways ------------------------------------------------------------------------------------------------------

HEADWAYS = "trip_id start_time end_time headway_secs exact_times"


@pytest.mark.parametrize("exact", [0, 1])
def test_headways_of_several_periods(tmp_path, exact):
    # every 20 minutes from 6:00 to 7:00, then every 30; the end belongs to the next period
    every = table(HEADWAYS, f"t 06:00:00 07:00:00 1200 {exact}", f"t 07:00:00 08:00:00 1800 {exact}")
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10/8:11, C 8:20", frequencies=every)
    leaves = tiny.timetable.calls().query("position == 0")["departure_s"]
    today = sorted(s for s in leaves if s < 86_400)
    assert today == [seconds_of(clock) for clock in ("6:00", "6:20", "6:40", "7:00", "7:30")]
    asked = {"5:30": "6:20", "6:00": "6:20", "6:01": "6:40", "6:41": "7:20", "7:01": "7:50", "7:31": None}
    assert {at: tiny.arrive("A", "C", at) for at in asked} == asked
    assert tiny.arrive("B", "C", "6:11") == "6:20"
    assert tiny.arrive("B", "C", "6:12") == "6:40"
    assert tiny.timetable.headway_based.all() == (exact == 0)
    assert bool([each for each in tiny.timetable.assumed if "headway" in each]) == (exact == 0)


def test_a_headway_takes_the_running_times_alone(tmp_path):
    # the trip's own 8:00 is no departure; it waits five minutes at A before leaving
    every = table(HEADWAYS, "t 06:00:00 06:01:00 600 0")
    tiny = town(tmp_path, ABC, "t red: A 7:55/8:00, B 8:10", frequencies=every)
    assert [tiny.arrive("A", "B", at) for at in ("6:00", "6:01", "8:00")] == ["6:10", None, None]


def test_headways_past_midnight(tmp_path):
    every = table(HEADWAYS, "t 23:00:00 25:30:00 3600 0")
    tiny = town(tmp_path, ABC, "t red: A 0:00, B 0:10", frequencies=every)
    assert [tiny.arrive("A", "B", at) for at in ("24:30", "25:01")] == ["25:10", None]
    assert [tiny.arrive("A", "B", at) for at in ("0:30", "1:01")] == ["1:10", None]


def test_nobody_stays_seated_in_a_headway(tmp_path):
    every = table(HEADWAYS, "r 08:00:00 09:00:00 600 0", "u 08:10:00 09:00:00 600 0")
    trips = "r red block_id=7: A 8:00, B 8:10 \n u blue block_id=7: B 8:10 out, C 8:20"
    assert town(tmp_path, ABC, trips, frequencies=every).arrive("A", "C", "8:00") is None


# ---- times that are not told ---------------------------------------------------------------------------------------


def test_blank_times(tmp_path):
    # B is half, E a quarter of the way from A to C, which takes 20 minutes
    tiny = town(tmp_path, ABC + "\n E 5000", "t red: A 8:00, E ., B ., C 8:20")
    assert [tiny.arrive("A", end, "8:00") for end in "EBC"] == ["8:05", "8:10", "8:20"]
    assert [tiny.arrive(start, "C", "8:05") for start in "EB"] == ["8:20", "8:20"]
    assert tiny.arrive("E", "C", "8:05:01") is None
    assert any("interpolated" in each for each in tiny.timetable.assumed)


# ---- stations ------------------------------------------------------------------------------------------------------

#   E 9700 (in) ... P 10000 ... X 10300 (out)       platform P of station S, doors E and X, a street above
DEEP = "A 0 \n S 10000 station \n P 10000 in S \n E 9700 door in S \n X 10300 door in S \n C 20000"


def test_a_platform_is_entered_through_its_doors(tmp_path):
    trips = "\n".join(f"t{m} red: P 8:{m:02d}, C 8:{m + 10:02d}" for m in range(20)) + "\n i gray: A 8:00, P 8:10"
    tiny = town(tmp_path, DEEP, trips, pathways=pathways("E P 120 0", "P X 60 0"))
    # from above the platform: 300 m (225 s) back to E, 120 s down: 8:05:45 -> 8:06
    assert tiny.arrive(10_000.0, "C", "8:00") == "8:16"
    assert tiny.arrive("E", "C", "8:00") == "8:12"
    # X leads out only: 600 m (450 s) to E and 120 s down: 8:09:30 -> 8:10
    assert tiny.arrive("X", "C", "8:00") == "8:20"
    # out through X: 60 s up, then on foot
    assert tiny.arrive("A", "X", "8:00") == "8:11"
    assert tiny.arrive("A", 10_000.0, "8:00") == "8:14:45"
    assert tiny.arrive("A", "E", "8:00") == "8:18:30"
    # the other way round in time
    assert tiny.leave(10_000.0, "C", "8:16") == "8:00:15"
    assert tiny.leave("A", 10_000.0, "8:15") == "8:00"
    assert tiny.leave("A", 10_000.0, "8:14") is None


def test_a_door_both_ways(tmp_path):
    trips = "i gray: A 8:00, P 8:10/8:11, C 8:21"
    tiny = town(tmp_path, DEEP, trips, pathways=pathways("E P 120 1"))
    assert tiny.arrive("A", "E", "8:00") == "8:12"
    assert [tiny.arrive("E", "C", at) for at in ("8:09", "8:10")] == ["8:21", None]


def test_no_way_out_of_a_platform(tmp_path):
    tiny = town(tmp_path, DEEP, "i gray: A 8:00, P 8:10/8:11, C 8:21", pathways=pathways("E P 120 0"))
    assert tiny.arrive("A", 10_000.0, "8:00") is None
    assert tiny.arrive("E", "C", "8:00") == "8:21"


def test_ways_in_a_row_and_the_shorter_of_two(tmp_path):
    stops = DEEP + "\n M 10000 in S"
    told = pathways("E M 40 1", "M P 50 1", "E P 120 1")
    tiny = town(tmp_path, stops, "i gray: A 8:00, P 8:10, C 8:20", pathways=told)
    assert [tiny.arrive("E", "C", at) for at in ("8:08:30", "8:08:31")] == ["8:20", None]


def test_a_platform_without_ways_is_entered_where_it_is(tmp_path):
    stops = DEEP + "\n Q 10000 in S"
    tiny = town(tmp_path, stops, "t red: Q 8:00, C 8:10 \n u red: P 8:00, C 8:20", pathways=pathways("E P 120 1"))
    assert tiny.arrive(10_000.0, "C", "8:00") == "8:10"


def test_changing_platforms_inside(tmp_path):
    # above ground it is 1 minute from P to Q; inside three, and one to get ready
    stops = "A 0 \n S 10000 station \n P 10000 in S \n Q 10080 in S \n E 9000 door in S \n C 20000"
    trips = "r red: A 8:00, P 8:10 \n" + "\n".join(f"u{m} blue: Q 8:{m}, C 8:{m + 10}" for m in range(10, 30))
    ways = ("P Q 180 0", "E P 60 1", "E Q 60 1")
    tiny = town(tmp_path, stops, trips, settings=MINUTE, pathways=pathways(*ways))
    # by the door at E, a minute either way, it is two minutes: less than three
    assert tiny.arrive("A", "C", "7:59") == "8:23"
    tiny = town(tmp_path, stops, trips, settings=MINUTE, pathways=pathways(*ways[:1]))
    assert tiny.arrive("A", "C", "7:59") == "8:24"
    # a rule of transfers.txt holds before the way
    tiny = town(tmp_path, stops, trips, settings=MINUTE, pathways=pathways(*ways[:1]), transfers=transfers("P Q 2 420"))
    assert tiny.arrive("A", "C", "7:59") == "8:27"


# ---- several feeds -------------------------------------------------------------------------------------------------


def two(folder, first, second, *, date=dt.date(2026, 3, 4), settings=NO_SLACK):
    """Hang two feeds on one street; places by number are best here."""
    feed = read_gtfs(gtfs(folder / "one.zip", **first), gtfs(folder / "two.zip", **second))
    tiny = town(folder, ABC, "t red: A 8:00, B 8:10")
    tiny.transit = transit_network(streets(), timetable_from_feed(feed, date), settings=settings)
    return tiny


def test_two_feeds_with_the_same_ids(tmp_path):
    # A, B, red, t and block 7 mean other things in the other feed, which starts where the first ends
    one = {"stops": "A 0 \n B 10000", "trips": "t red block_id=7: A 8:00, B 8:10"}
    other = {"stops": "A 10000 \n B 20000", "trips": "t red block_id=7: A 8:10 out, B 8:20 \n u red: A 8:15, B 8:25"}
    tiny = two(tmp_path, one, other)
    assert tiny.timetable.stops["stop_id"].tolist() == ["1:A", "1:B", "2:A", "2:B"]
    assert tiny.arrive(0.0, 10_000.0, "8:00") == "8:10"
    # nobody stays seated from one operator's block 7 to the other's
    assert tiny.arrive(0.0, 20_000.0, "8:00") == "8:25"
    assert tiny.arrive(10_000.0, 20_000.0, "8:00") == "8:25"


def test_two_feeds_with_rules_of_their_own(tmp_path):
    # the rule of the first feed forbids red to blue at its B; the second's red and blue are others
    one = {
        "stops": ABC,
        "trips": "r red: A 8:00, B 8:10 \n u blue: B 8:15, C 8:25",
        "transfers": transfers("B B 3 - red blue"),
    }
    other = {"stops": ABC, "trips": "r red: A 8:00, B 8:11 \n u blue: B 8:20, C 8:30"}
    assert two(tmp_path, one, other).arrive(0.0, 20_000.0, "8:00") == "8:25"  # by the second's red
    assert two(tmp_path, one, {"stops": ABC, "trips": "u blue: B 8:20, C 8:30"}).arrive(0.0, 20_000.0, "8:00") == "8:30"


@pytest.mark.parametrize(
    ("zone", "trip", "there"),
    [
        ("Europe/London", "7:30", "8:40"),  # an hour behind
        ("Europe/Helsinki", "9:30", "8:40"),  # an hour ahead
        ("America/New_York", "26:30", "8:40"),  # Tuesday's bus at half past two at night, six hours behind
        ("America/New_York", "2:30", "8:40"),
        ("Asia/Tokyo", "16:30", "8:40"),
    ],
)
def test_feeds_of_two_time_zones(tmp_path, zone, trip, there):
    hour, minute = trip.split(":")
    other = {"stops": "A 10000 \n B 20000", "trips": f"t red: A {trip}, B {hour}:{int(minute) + 10}", "timezone": zone}
    tiny = two(tmp_path, {"stops": "A 0 \n B 10000", "trips": "t red: A 8:00, B 8:10"}, other)
    assert tiny.timetable.timezone == "Europe/Copenhagen"
    assert tiny.arrive(0.0, 20_000.0, "8:00") == there


# ---- limits, all of them inclusive ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rides", "there"), [(1, [None] * 2), (2, ["8:30", None]), (3, ["8:30", "8:40"]), (4, ["8:30", "8:40"])]
)
def test_rides(tmp_path, rides, there):
    trips = "a 1: A 8:00, B 8:10 \n b 2: B 8:20, C 8:30 \n c 3: C 8:30, D 8:40"
    tiny = town(tmp_path, ABC, trips, settings=replace(NO_SLACK, max_rides=rides))
    assert [tiny.arrive("A", end, "8:00") for end in "CD"] == there


def test_fewer_rides_where_they_are_few(tmp_path):
    # with one ride the slow bus, with two the fast ones
    trips = "slow s: A 8:00, C 9:00 \n a 1: A 8:00, B 8:10 \n b 2: B 8:20, C 8:30"
    found = [
        town(tmp_path, ABC, trips, settings=replace(NO_SLACK, max_rides=n)).arrive("A", "C", "8:00") for n in (1, 2)
    ]
    assert found == ["9:00", "8:30"]


@pytest.mark.parametrize(("metres", "caught"), [(0.0, True), (796.0, True), (800.0, True), (804.0, False)])
def test_the_walk_to_the_first_stop(tmp_path, metres, caught):
    # 800 m are ten minutes
    settings = replace(NO_SLACK, max_access_min=10, max_walk_min=20)
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10", settings=settings)
    assert tiny.arrive(metres, "B", "7:50") == ("8:10" if caught else None)
    assert tiny.arrive(-metres, "B", "7:50") == ("8:10" if caught else None)
    # at the last moment: 3 s for every 4 m
    assert (tiny.leave(metres, "B", "8:10") is not None) == caught
    assert tiny.every(metres, "B", "7:45", 30, every_s=60).count(np.inf) == 30 - sum(
        caught and 900 - 60 * i >= metres * 0.75 for i in range(30)
    )


@pytest.mark.parametrize(("metres", "there"), [(0.0, "8:10"), (400.0, "8:15"), (800.0, "8:20"), (804.0, None)])
def test_the_walk_from_the_last_stop(tmp_path, metres, there):
    settings = replace(NO_SLACK, max_egress_min=10, max_walk_min=20)
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10", settings=settings)
    assert tiny.arrive("A", 10_000.0 + metres, "8:00") == there
    assert tiny.leave("A", 10_000.0 + metres, "8:30") == (None if there is None else "8:00")


@pytest.mark.parametrize(("metres", "there"), [(400, "8:25"), (800, "8:30"), (804, None)])
def test_the_walk_between_stops(tmp_path, metres, there):
    trips = "r red: A 8:00, B 8:10 \n" + "\n".join(f"u{m} blue: E 8:{m}, C 8:{m + 10}" for m in range(10, 30))
    settings = replace(NO_SLACK, max_transfer_min=10, max_walk_min=20)
    tiny = town(tmp_path, f"A 0 \n B 10000 \n E {10_000 + metres} \n C 20000", trips, settings=settings)
    assert tiny.arrive("A", "C", "8:00") == there


@pytest.mark.parametrize(("minutes", "there"), [(29, None), (30, "8:30"), (31, "8:30")])
def test_the_whole_journey(tmp_path, minutes, there):
    # 400 m (5 min) to A, 8:05 -> 8:20, 800 m (10 min) from B
    settings = replace(NO_SLACK, max_trip_min=minutes, max_walk_min=20)
    tiny = town(tmp_path, ABC, "t red: A 8:05, B 8:20", settings=settings)
    assert tiny.arrive(400.0, 10_800.0, "8:00") == there
    assert tiny.leave(400.0, 10_800.0, "8:30") == (None if there is None else "8:00")
    # who leaves a minute later waits a minute less
    assert tiny.every(400.0, 10_800.0, "7:59", 2)[0] == (np.inf if minutes < 31 else 31)


@pytest.mark.parametrize(("minutes", "there"), [(14, None), (15, "8:15")])
def test_the_whole_journey_ends_at_the_stop(tmp_path, minutes, there):
    settings = replace(NO_SLACK, max_trip_min=minutes, max_walk_min=10)
    tiny = town(tmp_path, ABC, "t red: A 8:05, B 8:10, C 8:15", settings=settings)
    assert tiny.arrive("A", "C", "8:00") == there
    assert tiny.leave("A", "C", "8:20") == (None if there is None else "8:05")


@pytest.mark.parametrize(("minutes", "there"), [(14, None), (15, "8:15"), (16, "8:15")])
def test_walking_all_the_way(tmp_path, minutes, there):
    settings = replace(NO_SLACK, max_walk_min=minutes)
    tiny = town(tmp_path, ABC, "t red: A 9:00, B 9:10", settings=settings)
    assert tiny.arrive(0.0, 1200.0, "8:00") == there
    assert tiny.leave(0.0, 1200.0, "8:15") == (None if there is None else "8:00")


def test_walking_beats_the_bus(tmp_path):
    # 1200 m: 15 minutes on foot; the bus takes five, every twenty minutes
    stops = "A 0 \n B 1200"
    trips = "\n".join(f"t{m} red: A 8:{m:02d}, B 8:{m + 5:02d}" for m in (0, 20, 40))
    tiny = town(tmp_path, stops, trips)
    assert tiny.every("A", "B", "8:00", 21) == [5] + [15] * 9 + [15 - i for i in range(11)]
    assert [tiny.leave("A", "B", by) for by in ("8:25", "8:24", "8:30", "8:35", "8:36")] == [
        "8:20", "8:09", "8:20", "8:20", "8:21",
    ]  # fmt: skip


@pytest.mark.parametrize(("slack", "there"), [(0, "8:10"), (60, "8:10"), (61, "8:20"), (120, "8:20")])
def test_time_to_board(tmp_path, slack, there):
    # 7:50 and 9 minutes on foot: at the stop at 7:59, the bus leaves at 8:00, and again at 8:10
    trips = "t red: A 8:00, B 8:10 \n u red: A 8:10, B 8:20"
    tiny = town(tmp_path, ABC, trips, settings=replace(NO_SLACK, board_slack_s=slack))
    assert tiny.arrive(720.0, "B", "7:50") == there
    by = tiny.leave(720.0, "B", "8:15")
    assert seconds_of(by) == seconds_of("7:51") - slack


def test_no_time_to_board_is_needed_to_get_off(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10", settings=MINUTE)
    assert tiny.arrive("A", 10_400.0, "7:59") == "8:15"
    assert tiny.leave("A", 10_400.0, "8:15") == "7:59"
    assert tiny.leave("A", 10_400.0, "8:14") is None


# ---- windows -------------------------------------------------------------------------------------------------------


def test_every_departure_of_a_window(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10 \n u red: A 8:06, B 8:13")
    assert tiny.every("A", "B", "7:58", 10) == [12, 11, 10, 12, 11, 10, 9, 8, 7, np.inf]
    assert tiny.every("A", "B", "7:58", 10, every_s=180) == [12, 12, 9, np.inf]
    # a window ends before its last moment
    assert len(tiny.every("A", "B", "7:58", 9, every_s=180)) == 3


def test_every_arrival_of_a_window(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10 \n u red: A 8:06, B 8:13")
    assert tiny.every("A", "B", "8:09", 6, arrive_by=True) == [np.inf, 10, 11, 12, 7, 8]


def test_to_arrive_by_takes_the_last_of_several(tmp_path):
    # two ways from A to C; a later start is better even where the way is longer
    trips = "a 1: A 8:00, B 8:10 \n b 2: B 8:15, C 8:30 \n direct d: A 8:05, C 8:29"
    tiny = town(tmp_path, ABC, trips)
    assert [tiny.leave("A", "C", by) for by in ("8:28", "8:29", "8:30")] == [None, "8:05", "8:05"]
    assert tiny.arrive("A", "C", "8:00") == "8:29"


# ---- what cannot be reached ----------------------------------------------------------------------------------------


def test_a_stop_outside_the_streets(tmp_path):
    # nobody gets to Far from a street, but two lines meet there
    stops = "A 0 \n Far 10000,5000 \n C 20000"
    trips = "a 1: A 8:00, Far 8:10 \n b 2: Far 8:10, C 8:20"
    tiny = town(tmp_path, stops, trips)
    assert tiny.transit.stop_reason.tolist() == ["ok", "unlinked", "ok"]
    assert tiny.arrive("A", "C", "8:00") == "8:20"
    assert tiny.arrive(10_000.0, "C", "8:00") is None


def test_a_stop_on_an_island(tmp_path):
    network = streets(STREET, ((10_000.0, 300.0), (10_100.0, 300.0)))
    tiny = town(tmp_path, "A 0 \n B 10000,300 \n C 20000", "t red: A 8:00, B 8:10, C 8:20", network=network)
    assert tiny.transit.stop_reason.tolist() == ["ok", "island", "ok"]
    assert tiny.arrive("A", "C", "8:00") == "8:20"


@pytest.mark.parametrize(
    ("origin", "destination", "reason"),
    [
        ("A", "B", "ok"),
        (0.0, 400.0, "ok"),  # on foot
        ((0.0, 5000.0), "B", "unlinked"),
        ("A", (0.0, 5000.0), "unlinked"),
        ((50_000.0, 300.0), "B", "island"),
        ("A", (50_000.0, 300.0), "island"),
        ((0.0, 5000.0), (50_000.0, 300.0), "unlinked"),
        (40_000.0, "B", "no_service"),  # no stop near
        ("C", "B", "no_service"),  # a stop, but its bus runs in the afternoon
        ("B", "A", "no_service"),  # a stop at which everything ends
        ("A", 40_000.0, "beyond_limit"),
        ("A", "D", "beyond_limit"),  # three hours
    ],
)
def test_reasons(tmp_path, origin, destination, reason):
    network = streets(STREET, ((50_000.0, 300.0), (50_100.0, 300.0)))
    trips = "t red: A 9:00, B 9:10 \n u blue: C 16:00, B 16:10 \n v gray: A 9:00, D 12:00"
    assert town(tmp_path, ABC, trips, network=network).reason(origin, destination) == reason


def test_reasons_of_arrivals(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10 \n u blue: C 16:00, D 16:10")
    assert tiny.reason("A", "B", first="08:10", arrive_by=True) == "ok"
    assert tiny.reason("A", "C", first="08:10", arrive_by=True) == "beyond_limit"
    assert tiny.reason("C", "D", first="08:10", arrive_by=True) == "no_service"


# ---- changes of a timetable ----------------------------------------------------------------------------------------


def asked(tiny, timetable, *pair, at="8:00"):
    tiny.transit = transit_network(tiny.transit.network, timetable, settings=NO_SLACK)
    return tiny.arrive(*pair, at)


def test_taking_service_away(tmp_path):
    trips = "t red: A 8:00, B 8:10 \n u red: A 8:20, B 8:30 \n v blue: A 8:40, B 8:50"
    tiny = town(tmp_path, ABC, trips)
    before, mark = tiny.timetable, tiny.timetable.fingerprint()
    assert asked(tiny, remove_service(before, trips=["t"]), "A", "B") == "8:30"
    assert asked(tiny, remove_service(before, routes=["red"]), "A", "B") == "8:50"
    assert asked(tiny, remove_service(before, routes=["red"], trips=["v"]), "A", "B") is None
    assert before.fingerprint() == mark
    with pytest.raises(InputError, match=r"'nix' is not in the timetable"):
        remove_service(before, trips=["nix"])


def test_closing_a_stop(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10, C 8:20 \n u blue: B 8:15, D 8:25")
    closed = remove_stops(tiny.timetable, ["B"])
    for pair, there in (("AB", None), ("AC", "8:20"), ("BC", None), ("AD", None)):
        assert asked(tiny, closed, *pair) == there


def test_a_new_line(tmp_path):
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10")
    # A -10-> B (1 min) -10-> C and back, every 20 minutes from 8:00; 9:00 is not in it
    line = {"route_id": "new", "mode": "bus", "headway_s": 1200, "start_s": 28_800, "end_s": 32_400, "dwell_s": 60}
    before = tiny.timetable
    after = add_service(before, ["A", "B", "C"], [600, 600], **line)
    table_ = {("A", "C"): "8:21", ("A", "B"): "8:10", ("B", "C"): "8:21", ("C", "A"): "8:21", ("B", "A"): "8:21"}
    assert {pair: asked(tiny, after, *pair) for pair in table_} == table_
    assert [asked(tiny, after, "A", "C", at=at) for at in ("8:01", "8:40", "8:41")] == ["8:41", "9:01", None]
    assert asked(tiny, add_service(before, ["A", "C"], [600], **line, both_ways=False), "C", "A") is None


def test_another_headway(tmp_path):
    trips = "\n".join(f"t{m} red: A 8:{m:02d}, B 8:{m + 10:02d}" for m in (3, 23, 43)) + "\n z red: A 9:03, B 9:13"
    tiny = town(tmp_path, ABC, trips)
    after = change_headway(tiny.timetable, "red", 600, start_s=seconds_of("8:00"), end_s=seconds_of("9:00"))
    leaves = after.calls().query("position == 0 and departure_s < 86400")["departure_s"]
    assert sorted(leaves) == [seconds_of(f"8:{m:02d}") for m in (3, 13, 23, 33, 43, 53)] + [seconds_of("9:03")]


def test_another_headway_where_a_trip_overtakes(tmp_path):
    # both run A to B, so they are one variant, and a bus leaves every ten minutes, not two
    tiny = town(tmp_path, ABC, "slow red: A 8:00, B 8:40 \n fast red: A 8:10, B 8:30")
    after = change_headway(tiny.timetable, "red", 600, start_s=seconds_of("8:00"), end_s=seconds_of("9:00"))
    leaves = after.calls().query("position == 0 and departure_s < 86400")["departure_s"]
    assert sorted(leaves) == [seconds_of(f"8:{m:02d}") for m in (0, 10, 20, 30, 40, 50)]


def test_places_are_asked_all_at_once(tmp_path):
    # the answers of many origins and destinations are those of each alone
    tiny = town(tmp_path, ABC, "t red: A 8:00, B 8:10, C 8:20 \n u blue: C 8:25, B 8:35, A 8:45")
    every = tiny.snap(*"ABCD", 5000.0, 10_400.0)
    window = Window("07:55", 40)
    together = travel_time_every_departure(tiny.transit, every, every, window=window)
    for i in range(len(every)):
        for j in range(len(every)):
            alone = travel_time_every_departure(tiny.transit, every.take([i]), every.take([j]), window=window)
            assert (together[i, j] == alone[0, 0]).all()
