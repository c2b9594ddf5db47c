"""Real feeds: counts that a change may move only on purpose."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from bykobling.errors import InputError
from bykobling.gtfs import busiest_weekday, feed_report, read_gtfs, service_on

pytestmark = pytest.mark.real


def test_porto_alegre(real):
    paths = real("porto_alegre/poa_eptc.zip"), real("porto_alegre/poa_trensurb.zip")
    feed = read_gtfs(*paths)
    assert feed.faults == ()
    assert feed.timezones == ("America/Sao_Paulo",) * 2
    assert np.bincount(feed.stops["feed"]).tolist() == [3986, 24]
    assert np.bincount(feed.trips["feed"]).tolist() == [2374, 1248]
    assert len(feed.stop_times) == 144_874
    assert set(feed.routes["mode"]) == {"bus", "rail"}
    # the bus feed times the ends of its trips alone
    bus = feed.trips["feed"].to_numpy()[feed.stop_times["trip"]] == 0
    assert feed.stop_times["timed"][~bus].all()
    assert bus[~feed.stop_times["timed"]].all()
    report = feed_report(feed)
    assert report.date == busiest_weekday(feed) == dt.date(2019, 4, 16)
    assert report.feeds["trips_on_date"].tolist() == [2374, 529]
    assert report.hours.sum().to_dict() == {"bus": 2374, "rail": 529}
    # the bus feed holds the middle of the day alone
    assert report.hours["bus"].loc[11:16].sum() == 2374
    with pytest.raises(InputError, match=r"^poa_eptc.zip, date 2019-08-01: no trip runs on it.*2019-07-15\.$"):
        service_on(feed, dt.date(2019, 8, 1))


def test_broken_helsinki(real):
    path = real("helsinki/hsl_gtfs_2022_subset_deliberately_broken.zip")
    with pytest.raises(InputError) as caught:
        read_gtfs(path)
    faults = {(fault.file.partition("/")[2], fault.rule.split()[0]): fault for fault in caught.value.faults}
    assert set(faults) == {("stops.txt", "parent_station"), ("trips.txt", "route_id"), ("stop_times.txt", "stop_id"),
                           ("transfers.txt", "from_stop_id"), ("transfers.txt", "to_stop_id")}  # fmt: skip
    # 1,432 of 1,999
    assert faults["stop_times.txt", "stop_id"].where == "rows 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 and 1422 more"
    assert faults["trips.txt", "route_id"].where == "row 20"
    assert "'-1001'" in faults["trips.txt", "route_id"].rule
    feed = read_gtfs(path, sound_only=True)
    assert len(feed.trips) == 62
    assert len(feed.stop_times) == 558
    assert np.bincount(feed.stop_times["trip"]).min() >= 2
    report = feed_report(feed)
    assert report.date == dt.date(2022, 2, 23)
    assert any("and 1422 more" in line for line in report.lines())
