"""The search against plain twins on random timetables, minute by minute; and what must hold whatever the timetable."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import numba
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bykobling.timetable import add_service, change_headway, remove_service, remove_stops
from bykobling.timetable.build import from_trips, trips_in
from bykobling.timetable.change import with_trips
from bykobling.timetable.trips import Trips, joined
from bykobling.transit import (
    TransitSettings,
    Window,
    transit_opportunities,
    transit_travel_time,
    travel_time_every_departure,
)
from bykobling.transit.layout import backwards
from bykobling.transit.search import ranks_of

from .drawn_towns import FIRST_S, Draw, draw_places, draw_town, draw_trips, hang, street
from .tiny_feeds import clock_of, points

seeds = st.integers(0, 2**32 - 1)
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))


@st.composite
def draws(draw):
    """Numbers drawn one by one, so that an example that fails is made small."""
    return Draw(lambda low, high: draw(st.integers(low, high)))


def snapped(places):
    return street().snap(points(places))


def window_of(draw, **more):
    first = FIRST_S + 60 * draw.integers(0, 20)
    clock = "0" + clock_of(first)
    every_s, count = draw.one([60, 30, 77, 300]), draw.integers(1, 14)
    window = Window(clock, every_s * count / 60, every_s, **more)
    assert window.count == count
    return window, [first + every_s * w for w in range(count)]


def compare(draw, transit, plain, *, arrive_by, places=3):
    """Search every moment of a window between all pairs of places, and so does the twin."""
    window, moments = window_of(draw, arrive_by=arrive_by)
    origins, destinations = draw_places(draw, places, plain), draw_places(draw, places, plain)
    found = travel_time_every_departure(transit, snapped(origins), snapped(destinations), window=window)
    twin = plain.every_arrival if arrive_by else plain.every_departure
    expected = np.array([twin(place, destinations, moments) for place in origins])
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, expected)
    return np.isfinite(found).mean()


# ---- every moment --------------------------------------------------------------------------------------------------


@relaxed
@given(draws())
def test_every_departure_of_small_timetables(draw):
    compare(draw, *draw_town(draw), arrive_by=False)


@relaxed
@given(draws())
def test_every_arrival_of_small_timetables(draw):
    compare(draw, *draw_town(draw), arrive_by=True)


@pytest.mark.parametrize("arrive_by", [False, True])
def test_every_moment_of_many_timetables(arrive_by):
    shares = []
    for seed in range(300):
        draw = Draw.seeded(seed)
        shares.append(compare(draw, *draw_town(draw), arrive_by=arrive_by))
    # the timetables are of some use
    assert np.mean(np.array(shares) > 0) > 0.5


@pytest.mark.parametrize("arrive_by", [False, True])
def test_every_moment_where_many_stay_seated(arrive_by):
    for seed in range(300):
        draw = Draw.seeded(5000 + seed)
        compare(draw, *draw_town(draw, stops=5, lines=4, trips=4, seated=True), arrive_by=arrive_by)


@pytest.mark.parametrize("arrive_by", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_every_moment_of_larger_timetables(seed, arrive_by):
    draw = Draw.seeded(1000 + seed)
    town = draw_town(draw, stops=20, lines=15, trips=6, length=9, every_s=(1, 7, 30)[seed % 3], walks=20)
    compare(draw, *town, arrive_by=arrive_by, places=2)


@relaxed
@given(draws())
def test_the_twin_finds_what_all_journeys_together_find(draw):
    transit, plain = draw_town(draw, stops=4, lines=3, trips=2, length=4)
    plain.settings = replace(transit.settings, max_rides=draw.integers(1, 3))
    for place in draw_places(draw, 2, plain):
        for now in (FIRST_S, FIRST_S + 450):
            assert plain.arrivals(place, now) == plain.all_journeys(place, now)


@relaxed
@given(draws())
def test_the_search_finds_what_all_journeys_together_find(draw):
    transit, plain = draw_town(draw, stops=4, lines=3, trips=2, length=4)
    window, moments = window_of(draw)
    origin, destination = draw_places(draw, 2, plain)
    found = travel_time_every_departure(transit, snapped([origin]), snapped([destination]), window=window)[0, 0]
    for seconds, now in zip(found, moments, strict=True):
        assert seconds == plain.travel(origin, destination, now, arrivals=plain.all_journeys(origin, now))


# ---- what is made of the moments -----------------------------------------------------------------------------------


def matrix(seed, *, places=20, arrive_by=False):
    draw = Draw.seeded(seed)
    transit, plain = draw_town(draw, stops=12, lines=10, trips=5, length=7)
    transit = replace(transit, settings=replace(transit.settings, max_access_min=10.0, max_trip_min=90.0))
    window, _ = window_of(draw, arrive_by=arrive_by)
    window = replace(window, minutes=20.0)
    origins, destinations = snapped(draw_places(draw, places, plain)), snapped(draw_places(draw, places + 3, plain))
    return transit, origins, destinations, window


@pytest.mark.parametrize("arrive_by", [False, True])
@pytest.mark.parametrize("seed", range(15))
def test_percentiles_are_ranks_of_every_departure(seed, arrive_by):
    transit, origins, destinations, window = matrix(seed, arrive_by=arrive_by)
    wanted = (0, 5, 25, 50, 75, 90, 100)
    every = travel_time_every_departure(transit, origins, destinations, window=window)
    found = transit_travel_time(transit, origins, destinations, window=window, percentiles=wanted)
    ranks = [min(int(window.count * p / 100), window.count - 1) for p in wanted]
    assert ranks_of(wanted, window.count).tolist() == ranks
    expected = np.sort(every, axis=2)[:, :, ranks] / np.float32(60)
    np.testing.assert_array_equal(found.minutes, np.where(np.isfinite(expected), expected, np.float32(np.nan)))
    for p in wanted:
        np.testing.assert_array_equal(found.at(p), found.minutes[:, :, wanted.index(p)])
    whole = replace(transit, settings=replace(transit.settings, whole_minutes=True))
    floored = transit_travel_time(whole, origins, destinations, window=window, percentiles=wanted).minutes
    np.testing.assert_array_equal(floored, np.floor(found.minutes))
    assert (found.reasons() == "ok").tolist() == (~np.isnan(found.minutes).all(axis=2)).tolist()


@pytest.mark.parametrize("percentile", [0.0, 30.0, 50.0, 100.0])
@pytest.mark.parametrize("seed", range(6))
def test_opportunities_are_sums_over_every_departure(seed, percentile):
    transit, origins, destinations, window = matrix(seed)
    weight = np.random.default_rng(seed).integers(0, 100, (len(destinations), 2)).astype(float)
    cutoffs = (5.0, 17.0, 30.0, 90.0)
    every = travel_time_every_departure(transit, origins, destinations, window=window)
    rank = ranks_of((percentile,), window.count)[0]
    there = np.sort(every, axis=2)[:, :, rank]
    expected = np.stack([(there <= cutoff * 60) @ weight for cutoff in cutoffs], axis=1)
    found = transit_opportunities(
        transit, origins, destinations, weight, cutoffs_min=cutoffs, percentile=percentile, window=window
    )
    np.testing.assert_array_equal(found, expected)
    assert found.any() or seed != 0


def test_threads_do_not_change_a_byte():
    before = numba.get_num_threads()
    try:
        for seed in range(4):
            transit, origins, destinations, window = matrix(seed, places=60)
            weight = np.random.default_rng(seed).random(len(destinations))
            found = []
            for threads in (1, 2, 2):
                numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
                found.append(
                    (
                        travel_time_every_departure(transit, origins, destinations, window=window).tobytes(),
                        transit_travel_time(transit, origins, destinations, window=window).minutes.tobytes(),
                        transit_opportunities(
                            transit, origins, destinations, weight, cutoffs_min=(15.0, 60.0), window=window
                        ).tobytes(),
                    )
                )
            assert found[0] == found[1] == found[2]
    finally:
        numba.set_num_threads(before)


# ---- what must hold ------------------------------------------------------------------------------------------------


def without_stays(trips):
    return replace(trips, stays=np.empty((0, 2), np.int32))


@relaxed
@given(draws(), st.booleans())
def test_one_more_trip_makes_nobody_slower(draw, arrive_by):
    transit, plain = draw_town(draw)
    trips = trips_in(transit.timetable)
    more = draw_trips(draw, transit.timetable.stop_count, 1, 1)
    grown = with_trips(transit.timetable, joined([trips, more]))
    window, _ = window_of(draw, arrive_by=arrive_by)
    ends = snapped(draw_places(draw, 3, plain)), snapped(draw_places(draw, 3, plain))
    before = travel_time_every_departure(transit, *ends, window=window)
    after = travel_time_every_departure(replace(transit, timetable=grown), *ends, window=window)
    assert (after <= before).all()


@relaxed
@given(draws(), st.booleans())
def test_wider_limits_make_nobody_slower(draw, arrive_by):
    transit, plain = draw_town(draw)
    window, _ = window_of(draw, arrive_by=arrive_by)
    ends = snapped(draw_places(draw, 3, plain)), snapped(draw_places(draw, 3, plain))
    before = travel_time_every_departure(transit, *ends, window=window)
    narrow = transit.settings
    for wider in (
        {"max_access_min": narrow.max_access_min + 3},
        {"max_egress_min": narrow.max_egress_min + 3},
        {"max_trip_min": narrow.max_trip_min + 20},
        {"max_rides": narrow.max_rides + 1},
    ):
        limits = replace(narrow, **wider)
        after = travel_time_every_departure(replace(transit, settings=limits), *ends, window=window)
        assert (after <= before).all()


@relaxed
@given(draws())
def test_who_leaves_later_is_not_there_before(draw):
    transit, plain = draw_town(draw)
    window, moments = window_of(draw)
    ends = snapped(draw_places(draw, 3, plain)), snapped(draw_places(draw, 3, plain))
    there = travel_time_every_departure(transit, *ends, window=window) + np.array(moments)
    late = np.array(moments) + transit.settings.max_trip_min * 60
    # an arrival that is too late for an early departure may be in time for a later one
    for w in range(1, len(moments)):
        assert (there[:, :, w] >= np.minimum(there[:, :, w - 1], late[w - 1])).all()


@relaxed
@given(draws())
def test_leaving_as_late_as_one_can_is_leaving_in_time(draw):
    # who leaves at the latest moment to be there by a time is there by it; a second later, and it is too late
    transit, plain = draw_town(draw)
    window, moments = window_of(draw, arrive_by=True)
    origin, destination = draw_places(draw, 2, plain)
    found = travel_time_every_departure(transit, snapped([origin]), snapped([destination]), window=window)[0, 0]
    for seconds, by in zip(found.tolist(), moments, strict=True):
        if np.isfinite(seconds):
            now = by - int(seconds)
            assert now + plain.travel(origin, destination, now) <= by
            assert now + 1 + plain.travel(origin, destination, now + 1) > by


@relaxed
@given(draws())
def test_time_turned_round_twice_is_time(draw):
    transit, plain = draw_town(draw)
    window, _ = window_of(draw)
    again = replace(transit, timetable=backwards(backwards(transit.timetable)))
    assert sorted(calls_of(again.timetable)) == sorted(calls_of(transit.timetable))
    ends = snapped(draw_places(draw, 2, plain)), snapped(draw_places(draw, 2, plain))
    found = [travel_time_every_departure(each, *ends, window=window) for each in (transit, again)]
    np.testing.assert_array_equal(*found)


def calls_of(timetable):
    """Every trip as its name and calls."""
    table = timetable.calls()
    columns = ["stop", "arrival_s", "departure_s", "pickup", "drop_off"]
    return [
        (timetable.trip_id[trip], *map(tuple, part[columns].to_numpy().tolist()))
        for trip, part in table.groupby("trip")
    ]


# ---- timetables ----------------------------------------------------------------------------------------------------


def rest_of(timetable):
    taken = {"pattern_first", "pattern_stop", "pickup", "drop_off", "pattern_trip", "trip_call", "arrival_s"} | {
        "departure_s", "trip_route", "trip_id", "trip_direction", "headway_based", "stay_ptr", "stay_trip",
    }  # fmt: skip
    return {each.name: getattr(timetable, each.name) for each in fields(timetable) if each.name not in taken}


@relaxed
@given(seeds)
def test_trips_taken_out_and_put_back_are_the_same_timetable(seed):
    draw = Draw.seeded(seed)
    timetable = draw_town(draw, stops=4, lines=5, trips=6, every_s=60)[0].timetable
    assert from_trips(trips_in(timetable), **rest_of(timetable)).fingerprint() == timetable.fingerprint()
    assert with_trips(timetable, trips_in(timetable)).fingerprint() == timetable.fingerprint()


@relaxed
@given(seeds)
def test_nobody_overtakes_within_a_pattern(seed):
    timetable = draw_town(Draw.seeded(seed), stops=4, lines=3, trips=8, every_s=60)[0].timetable
    for first, last in zip(timetable.pattern_trip[:-1], timetable.pattern_trip[1:], strict=True):
        calls = [slice(timetable.trip_call[t], timetable.trip_call[t + 1]) for t in range(first, last)]
        for before, after in pairwise(calls):
            assert (timetable.arrival_s[before] <= timetable.arrival_s[after]).all()
            assert (timetable.departure_s[before] <= timetable.departure_s[after]).all()


@relaxed
@given(seeds)
def test_changes_leave_the_original_as_it_was(seed):
    draw = Draw.seeded(seed)
    transit, _ = draw_town(draw, stops=4)
    before = transit.timetable
    mark = before.fingerprint()
    names = before.stops["stop_id"].tolist()
    line = {"route_id": "new", "mode": "tram", "headway_s": 600, "start_s": FIRST_S, "end_s": FIRST_S + 3600}
    grown = add_service(before, names[:2], [120], **line)
    remove_service(before, routes=["r0"])
    remove_service(before, trips=["t0"])
    remove_stops(before, names[:1])
    change_headway(before, "r0", 300, start_s=0, end_s=FIRST_S + 86_400)
    assert before.fingerprint() == mark
    assert grown.fingerprint() != mark
    # what is added can be taken away again: the trips are those there were
    back = remove_service(grown, routes=["new"])
    assert calls_of(back) == calls_of(before)
    assert back.stay_trip.tolist() == before.stay_trip.tolist()
    with pytest.raises(ValueError, match="read-only"):
        before.arrival_s[0] = 0


@relaxed
@given(draws())
def test_taking_away_trips_is_never_having_had_them(draw):
    transit, _ = draw_town(draw)
    before = transit.timetable
    gone = draw.integers(0, before.trip_count - 1)
    after = remove_service(before, trips=[str(before.trip_id[gone])])
    kept = [each for each in calls_of(before) if each[0] != before.trip_id[gone]]
    assert sorted(calls_of(after)) == sorted(kept)


@relaxed
@given(draws())
def test_closing_a_stop_is_forbidding_to_use_it(draw):
    transit, plain = draw_town(draw)
    closed = remove_stops(transit.timetable, ["s0"])
    plain.connections = [
        each._replace(may_board=each.may_board and each.start != 0, may_leave=each.may_leave and each.end != 0)
        for each in plain.connections
    ]
    compare(draw, replace(transit, timetable=closed), plain, arrive_by=False)


def test_a_timetable_without_trips():
    draw = Draw.seeded(3)
    transit, plain = draw_town(draw)
    trips = trips_in(transit.timetable)
    empty = with_trips(transit.timetable, trips.take(np.empty(0, np.int64)))
    walks = transit.walk_ptr, transit.walk_to, transit.walk_s
    limits = TransitSettings(max_walk_min=20.0)
    alone, _ = hang(empty, [link[1] for link in plain.links], walks, limits)
    for arrive_by in (False, True):
        found = travel_time_every_departure(
            alone, snapped([0.0]), snapped([400.0, 3600.0]), window=Window(arrive_by=arrive_by)
        )
        assert (found[0, 0] == 300).all()
        assert np.isinf(found[0, 1]).all()
    assert isinstance(trips, Trips)
