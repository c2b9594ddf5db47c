"""Days: calendars, exceptions, and the choice of a usual one."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.gtfs import busiest_weekday, read_gtfs, service_on
from bykobling.gtfs.services import runs
from tests.gtfs.feeds import SOUND, folder, swap

CALENDAR = SOUND["calendar.txt"].partition("\n")[0] + "\n"
DATES = "service_id,date,exception_type\n"
FREQUENCIES = "trip_id,start_time,end_time,headway_secs,exact_times\n"


def day(number):
    return dt.date(2026, 3, number)


def dates(feed):
    return [one.day for one in feed.dates.astype(object)]


def test_calendar_and_exceptions(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f"))
    # Monday 2nd to Friday 13th, without Tuesday 3rd, with Sunday 8th
    assert dates(feed) == [2, 4, 5, 6, 8, 9, 10, 11, 12, 13]
    assert [feed.active(day(n)).tolist() for n in (1, 2, 3, 7, 8, 14)] == [
        [n] for n in (False, True, False, False, True, False)
    ]


def test_calendar_alone(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f", calendar_dates=None))
    assert dates(feed) == [2, 3, 4, 5, 6, 9, 10, 11, 12, 13]


def test_dates_alone(tmp_path):
    feed = read_gtfs(
        folder(
            tmp_path / "f", calendar=None, calendar_dates=DATES + "week,20260310,1\nweek,20260304,1\nweek,20260305,2\n"
        )
    )
    assert dates(feed) == [4, 10]
    assert feed.services["first"].isna().all()
    assert feed.active(day(4)).tolist() == [True]
    assert busiest_weekday(feed) == day(4)


def test_a_calendar_without_end(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f", calendar=swap("calendar.txt", "20260313", "99991231")))
    assert feed.active(dt.date(2199, 12, 31)).tolist() == [True]
    assert len(feed.dates) > 40_000
    assert busiest_weekday(feed) == day(4)


def test_busiest_usual_weekday(tmp_path):
    trips = SOUND["trips.txt"] + "5C,fair,v,,,\n5C,fair,w,,,\n5C,fair,x,,,\n"
    times = SOUND["stop_times.txt"] + "".join(f"{t},9:00:00,9:00:00,a,1,,\n{t},9:10:00,9:10:00,b,2,,\n" for t in "vwx")

    def chosen(calendar, exceptions):
        path = folder(
            tmp_path / "f",
            trips=trips,
            stop_times=times,
            calendar=CALENDAR + calendar,
            calendar_dates=DATES + exceptions,
        )
        return busiest_weekday(read_gtfs(path))

    week = "week,1,1,1,1,1,0,0,20260302,20260313\n"
    # the fair of Saturday is busier, but no weekday; the earliest of equals
    assert chosen(week + "fair,0,0,0,0,0,1,0,20260302,20260313\n", "") == day(3)
    # on Thursdays the fair adds trips
    assert chosen(week + "fair,0,0,0,1,0,0,0,20260302,20260313\n", "") == day(5)
    # extra trips on a date of their own are how some feeds tell every day: they count ...
    assert chosen(week, "fair,20260311,1\n") == day(11)
    # ... but a change of a weekly service is an exception
    assert chosen(week + "fair,0,0,0,0,0,1,0,20260302,20260313\n", "fair,20260311,1\n") == day(3)
    assert chosen(week, "fair,20260307,1\nweek,20260303,2\n") == day(4)
    # every Tuesday to Thursday an exception
    exceptions = "".join(f"fair,202603{n:02d},1\n" for n in (3, 4, 5, 10, 11, 12))
    assert chosen(week + "fair,0,0,0,0,0,1,0,20260302,20260313\n", exceptions) == day(3)
    # no Tuesday to Thursday; no weekday
    assert chosen("week,1,0,0,0,1,0,0,20260302,20260313\nfair,0,0,0,0,1,0,0,20260302,20260313\n", "") == day(6)
    assert chosen("week,0,0,0,0,0,0,1,20260302,20260313\nfair,0,0,0,0,0,1,0,20260302,20260313\n", "") == day(7)


def test_headways_count_as_often_as_they_leave(tmp_path):
    frequencies = FREQUENCIES + "t,6:00:00,7:00:00,1200,0\nt,7:00:00,7:00:01,1200,1\n"
    feed = read_gtfs(folder(tmp_path / "f", frequencies=frequencies))
    assert runs(feed).tolist() == [4, 1]


def test_no_service_names_the_days_there_are(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f"))
    assert service_on(feed, day(8)).tolist() == [True]
    told = "2026-03-02, 2026-03-04 to 2026-03-06, 2026-03-08 to 2026-03-13"
    for n in (1, 3, 7, 14):
        with pytest.raises(InputError, match=f"f, date 2026-03-{n:02d}: no trip runs on it. .*{told}"):
            service_on(feed, day(n))


def test_one_of_two_feeds_that_has_ended_is_told(tmp_path):
    one = folder(tmp_path / "bus")
    two = folder(tmp_path / "rail", calendar=swap("calendar.txt", "20260313", "20260331"))
    feed = read_gtfs(one, two)
    with pytest.raises(InputError, match=r"^bus, date 2026-03-20: no trip runs on it.*2026-03-13\.$"):
        service_on(feed, day(20))
    # a day off inside its time is no fault while the other runs
    assert service_on(feed, day(10)).tolist() == [True, True]


def test_no_day_at_all(tmp_path):
    feed = read_gtfs(
        folder(tmp_path / "f", calendar=CALENDAR + "week,0,0,0,0,0,0,0,20260302,20260313\n", calendar_dates=None)
    )
    assert len(feed.dates) == 0
    with pytest.raises(InputError, match="no trip runs on any day"):
        busiest_weekday(feed)
    with pytest.raises(InputError, match="use a feed with a calendar that fits"):
        service_on(feed, day(3))


days = st.integers(1, 28)


@settings(max_examples=30, deadline=None)
@given(
    weekly=st.lists(st.tuples(st.lists(st.booleans(), min_size=7, max_size=7), days, days), min_size=2, max_size=2),
    singles=st.dictionaries(st.tuples(st.sampled_from(["week", "fair", "lone"]), days), st.booleans(), max_size=12),
)
def test_active_against_a_plain_twin(weekly, singles):
    calendar = CALENDAR
    spans = {}
    for name, (on, a, b) in zip(("week", "fair"), weekly, strict=True):
        spans[name] = (on, min(a, b), max(a, b))
        calendar += f"{name},{','.join(str(int(x)) for x in on)},202603{min(a, b):02d},202603{max(a, b):02d}\n"
    exceptions = DATES + "".join(f"{name},202603{n:02d},{1 if added else 2}\n" for (name, n), added in singles.items())
    with tempfile.TemporaryDirectory() as where:
        feed = read_gtfs(folder(Path(where) / "f", calendar=calendar, calendar_dates=exceptions))
    for n in range(1, 32):
        want = []
        for name in feed.services["service_id"]:
            on, first, last = spans.get(name, ([False] * 7, 1, 0))
            runs_ = first <= n <= last and on[day(n).weekday()]
            want.append(singles.get((name, n), runs_))
        assert feed.active(day(n)).tolist() == want
        assert (np.datetime64(day(n)) in feed.dates) == want[0]
