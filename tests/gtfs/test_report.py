"""The account of a feed."""

from __future__ import annotations

import datetime as dt

import pytest
import shapely

from bykobling.errors import InputError
from bykobling.gtfs import feed_report, read_gtfs
from tests.gtfs.feeds import SOUND, folder, swap

FREQUENCIES = "trip_id,start_time,end_time,headway_secs,exact_times\n"


def test_account_of_two_feeds(tmp_path):
    bus = folder(tmp_path / "bus", frequencies=FREQUENCIES + "t,6:30:00,7:30:00,1200,0\n")
    tram = folder(tmp_path / "tram", routes=swap("routes.txt", ",3,", ",0,"), calendar_dates=None)
    times = SOUND["stop_times.txt"].replace("9:", "25:")
    night = folder(tmp_path / "night", trips=SOUND["trips.txt"].replace("5C,week,t,0,B1,Out\n", ""),
                   stop_times="\n".join(line for line in times.splitlines() if not line.startswith("t,")))  # fmt: skip
    report = feed_report(read_gtfs(bus, tram, night), extent=shapely.box(12.4, 55.6, 12.515, 55.8))
    assert report.date == dt.date(2026, 3, 4)
    assert report.chosen
    assert report.feeds["trips"].tolist() == [2, 2, 1]
    assert report.feeds["trips_on_date"].tolist() == [4, 2, 1]
    assert report.feeds["days"].tolist() == [10, 10, 10]
    assert list(report.hours.columns) == ["bus", "tram"]
    assert report.hours["bus"][report.hours["bus"] > 0].to_dict() == {6: 2, 7: 1, 9: 1, 25: 1}
    assert report.hours["tram"][report.hours["tram"] > 0].to_dict() == {8: 1, 9: 1}
    assert report.hours.index.tolist() == list(range(6, 26))
    assert report.outside["stop_id"].tolist() == ["1:c", "2:c", "3:c"]
    assert report.used_stops == 9
    assert report.dates.shape == (2, 2)
    lines = report.lines()
    assert lines[0] == (
        "bus: 2 trips on 1 route call at 3 stops; service on 10 days from 2026-03-02 to 2026-03-13 (Europe/Copenhagen)."
    )
    assert "7 trips on Wednesday 2026-03-04, the busiest usual weekday." in lines
    assert "Tram trips that begin in the hour from 08:00 (1), 09:00 (1)." in lines
    assert "3 of 9 stops (33%) lie outside the extent: C (1:c), C (2:c), C (3:c)." in lines
    assert lines[-1] == "Nothing was left out or mended."


def test_options(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f"))
    report = feed_report(feed, date=dt.date(2026, 3, 8), hours=(7, 9))
    assert (report.date, report.chosen, report.outside) == (dt.date(2026, 3, 8), False, None)
    assert report.hours["bus"].to_dict() == {7: 0, 8: 1}
    assert "2 trips on Sunday 2026-03-08." in report.lines()
    everywhere = feed_report(feed, extent=shapely.box(12, 55, 13, 56))
    assert "All 3 stops lie inside the extent." in everywhere.lines()
    with pytest.raises(InputError, match="no trip runs on it"):
        feed_report(feed, date=dt.date(2030, 1, 1))
    with pytest.raises(InputError, match=r"extent: .*\n.*hours: "):
        feed_report(feed, extent=shapely.box(5e5, 6e6, 6e5, 7e6), hours=(9, 9))


def test_what_was_left_out_and_interpolated_is_told(tmp_path):
    times = SOUND["stop_times.txt"].replace("08:04:00,08:05:00", ",") + "u,9:20:00,9:20:00,gone,9,,\n"
    report = feed_report(read_gtfs(folder(tmp_path / "f", stop_times=times), sound_only=True))
    lines = report.lines()
    assert any(line.startswith("17% of all calls have no time of their own") for line in lines)
    assert lines[-2] == "Left out, mended or assumed:"
    assert "row 8: stop_id names nothing in stops.txt ('gone'); left out" in lines[-1]
