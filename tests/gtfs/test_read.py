"""Rules of GTFS: a tiny feed is broken one rule at a time."""

from __future__ import annotations

import codecs

import numpy as np
import pandas as pd
import pytest

from bykobling.errors import InputError, ReadError
from bykobling.gtfs import read_gtfs
from bykobling.gtfs.schema import mode_of
from tests.gtfs.feeds import SOUND, folder, more, swap, zipped

FREQUENCIES = "trip_id,start_time,end_time,headway_secs,exact_times\n"
TRANSFERS = (
    "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\n"
)
PATHWAYS = "pathway_id,from_stop_id,to_stop_id,pathway_mode,is_bidirectional,length,traversal_time,stair_count\n"


def calls(feed, trip):
    """Stop ids and times of a trip."""
    row = feed.trips.index[feed.trips["trip_id"] == trip][0]
    mine = feed.stop_times[feed.stop_times["trip"] == row]
    return list(zip(feed.stops["stop_id"][mine["stop"]], mine["arrival_s"], mine["departure_s"], strict=True))


def test_sound_feed(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f"))
    assert feed.names == ("f",)
    assert feed.timezones == ("Europe/Copenhagen",)
    assert feed.faults == ()
    assert feed.stops["parent"].tolist() == [3, -1, -1, -1]
    assert feed.stops["location_type"].tolist() == [0, 0, 0, 1]
    assert feed.routes.drop(columns="feed").iloc[0].tolist() == ["5C", "5C", "Across", "bus", 3, "FF0000"]
    assert feed.trips["trip_id"].tolist() == ["t", "u"]
    assert feed.trips["block"].tolist() == ["B1", ""]
    assert feed.trips["direction"].tolist() == [0, 1]
    assert calls(feed, "t") == [("a", 28800, 28800), ("b", 29040, 29100), ("c", 29400, 29400)]
    assert feed.stop_times["pickup"].tolist() == [True, True, False, True, True, True]
    assert feed.stop_times["drop_off"].tolist() == [True, True, True, False, True, True]
    assert feed.stop_times["timed"].all()
    assert feed.services["first"][0] == pd.Timestamp(2026, 3, 2)
    assert feed.exceptions["added"].tolist() == [False, True]


def test_types_of_the_tables(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f"), folder(tmp_path / "g"))
    for name, kinds in {
        "stops": {"feed": "int16", "lon": "float64", "location_type": "int8", "parent": "int32"},
        "routes": {"feed": "int16", "route_type": "int32"},
        "trips": {"feed": "int16", "route": "int32", "service": "int32", "direction": "int8"},
        "stop_times": {"trip": "int32", "stop": "int32", "arrival_s": "int32", "departure_s": "int32",
                       "pickup": "bool", "drop_off": "bool", "timed": "bool"},
        "services": {"first": "datetime64[s]", "monday": "bool"},
        "exceptions": {"service": "int32", "date": "datetime64[s]", "added": "bool"},
        "frequencies": {"trip": "int32", "start_s": "int32", "headway_s": "int32", "exact": "bool"},
        "transfers": {"from_stop": "int32", "to_trip": "int32", "transfer_type": "int8", "min_transfer_s": "float64"},
        "pathways": {"from_stop": "int32", "seconds": "float64", "bidirectional": "bool", "mode": "int8"},
    }.items():  # fmt: skip
        table = getattr(feed, name)
        assert isinstance(table.index, pd.RangeIndex)
        assert {column: str(table[column].dtype) for column in kinds} == kinds


BROKEN = [
    # name, files, file, rows, rule, trips left with sound_only
    ("a time without two figures", {"stop_times": swap("stop_times.txt", "08:04:00,08:05:00", "7:5:00,08:05:00")},
     "stop_times.txt", "row 3", "arrival_time is no time H:MM:SS .* \\('7:5:00'\\)", ["t", "u"]),
    ("minutes over 59", {"stop_times": swap("stop_times.txt", "08:05:00", "99:99:99")},
     "stop_times.txt", "row 3", "departure_time is no time", ["t", "u"]),
    ("a time of the fourth day", {"stop_times": swap("stop_times.txt", "9:10:00,9:10:00", "9:10:00,72:00:01")},
     "stop_times.txt", "row 7", "up to 72:00:00", ["t", "u"]),
    ("a word for a time", {"stop_times": swap("stop_times.txt", "08:04:00", "noon")},
     "stop_times.txt", "row 3", "'noon'", ["t", "u"]),
    ("arrival after departure", {"stop_times": swap("stop_times.txt", "08:04:00,08:05:00", "08:05:00,08:04:00")},
     "stop_times.txt", "row 3", "arrival_time is after departure_time", ["u"]),
    ("times backwards", {"stop_times": swap("stop_times.txt", "08:10:00,08:10:00", "08:03:00,08:03:00")},
     "stop_times.txt", "row 4", "before the departure from the stop before", ["u"]),
    ("times begin again at midnight", {"stop_times": swap("stop_times.txt", "9:10:00,9:10:00", "0:10:00,0:10:00")},
     "stop_times.txt", "row 7", "before the departure from the stop before", ["t"]),
    ("an untimed first call", {"stop_times": swap("stop_times.txt", "t,08:00:00,08:00:00", "t,,")},
     "stop_times.txt", "row 2", "the first and the last call of a trip need a time", ["t", "u"]),
    ("untimed last calls", {"stop_times": swap("stop_times.txt", "08:10:00,08:10:00", ",")},
     "stop_times.txt", "row 4", "the first and the last call", ["t", "u"]),
    ("a sequence twice", {"stop_times": swap("stop_times.txt", "b,5", "b,1")},
     "stop_times.txt", "row 3", "trip_id and stop_sequence stood in an earlier row", ["t", "u"]),
    ("a negative sequence", {"stop_times": swap("stop_times.txt", "b,5", "b,-5")},
     "stop_times.txt", "row 3", "stop_sequence is no whole number from 0", ["t", "u"]),
    ("a pickup_type unknown", {"stop_times": swap("stop_times.txt", "c,9,1", "c,9,7")},
     "stop_times.txt", "row 4", "pickup_type is no whole number from 0 to 3 \\('7'\\)", ["t", "u"]),
    ("a stop that is not there", {"stop_times": swap("stop_times.txt", "08:05:00,b", "08:05:00,z")},
     "stop_times.txt", "row 3", "stop_id names nothing in stops.txt \\('z'\\)", ["t", "u"]),
    ("a call at a station", {"stop_times": swap("stop_times.txt", "08:05:00,b", "08:05:00,S")},
     "stop_times.txt", "row 3", "location_type is not 0 \\('S'\\)", ["t", "u"]),
    ("a call of no trip", {"stop_times": more("stop_times.txt", "z,1:00:00,1:00:00,a,1,,")},
     "stop_times.txt", "row 8", "trip_id names nothing in trips.txt", ["t", "u"]),
    ("a call without stop", {"stop_times": swap("stop_times.txt", "08:05:00,b", "08:05:00, ")},
     "stop_times.txt", "row 3", "stop_id is empty", ["t", "u"]),
    ("too many cells", {"stop_times": swap("stop_times.txt", "b,5,,", "b,5,,,,")},
     "stop_times.txt", "row 3", "there are not 7 cells in the row", ["t", "u"]),
    ("too few cells", {"stop_times": swap("stop_times.txt", "b,5,,", "b")},
     "stop_times.txt", "row 3", "there are not 7 cells", ["t", "u"]),
    ("a trip of no route", {"trips": swap("trips.txt", "5C,week,u", "6A,week,u")},
     "trips.txt", "row 3", "route_id names nothing in routes.txt \\('6A'\\)", ["t"]),
    ("a trip of no service", {"trips": swap("trips.txt", "5C,week,u", "5C,fair,u")},
     "trips.txt", "row 3", "service_id names nothing in calendar.txt or calendar_dates.txt", ["t"]),
    ("a trip twice", {"trips": more("trips.txt", "5C,week,t,,,")},
     "trips.txt", "row 4", "trip_id stood in an earlier row already \\('t'\\)", ["t", "u"]),
    ("a stop twice", {"stops": more("stops.txt", "a,Again,55,12,,")},
     "stops.txt", "row 6", "stop_id stood in an earlier row", ["t", "u"]),
    ("a route twice", {"routes": more("routes.txt", "5C,X,,,3,")},
     "routes.txt", "row 3", "route_id stood in an earlier row", ["t", "u"]),
    ("a service twice", {"calendar": more("calendar.txt", "week,0,0,0,0,0,0,1,20260302,20260313")},
     "calendar.txt", "row 3", "service_id stood in an earlier row", ["t", "u"]),
    ("a date twice", {"calendar_dates": more("calendar_dates.txt", "week,20260303,1")},
     "calendar_dates.txt", "row 4", "service_id and date stood in an earlier row", ["t", "u"]),
    ("a service that ends before it begins", {
        "calendar": more("calendar.txt", "fair,0,0,0,0,0,0,1,20260302,20260301")},
     "calendar.txt", "row 3", "end_date is before start_date \\('fair'\\)", ["t", "u"]),
    ("a day that does not exist", {"calendar_dates": more("calendar_dates.txt", "week,20260231,1")},
     "calendar_dates.txt", "row 4", "date is no date YYYYMMDD .* \\('20260231'\\)", ["t", "u"]),
    ("an exception_type unknown", {"calendar_dates": more("calendar_dates.txt", "week,20260309,3")},
     "calendar_dates.txt", "row 4", "exception_type is no whole number from 1 to 2", ["t", "u"]),
    ("latitude out of range", {"stops": more("stops.txt", "d,D,95.0,12.5,,")},
     "stops.txt", "row 6", "stop_lat is no number from -90 to 90 \\('95.0'\\)", ["t", "u"]),
    ("a decimal comma", {"stops": more("stops.txt", 'd,D,"55,7",12.5,,')},
     "stops.txt", "row 6", "stop_lat is no number", ["t", "u"]),
    ("not a number", {"stops": more("stops.txt", "d,D,nan,12.5,,")},
     "stops.txt", "row 6", "stop_lat is no number", ["t", "u"]),
    ("a stop at 0, 0", {"stops": more("stops.txt", "d,D,0,0.0,,")},
     "stops.txt", "row 6", "lies at 0, 0, .* \\('d'\\)", ["t", "u"]),
    ("a stop without place", {"stops": more("stops.txt", "d,D,,12.5,,")},
     "stops.txt", "row 6", "no stop_lat or no stop_lon", ["t", "u"]),
    ("a location_type unknown", {"stops": more("stops.txt", "d,D,55,12,9,")},
     "stops.txt", "row 6", "location_type is no whole number from 0 to 4", ["t", "u"]),
    ("a parent that is not there", {"stops": more("stops.txt", "d,D,55,12,,Z")},
     "stops.txt", "row 6", "parent_station names no stop \\('Z'\\)", ["t", "u"]),
    ("a parent that is a platform", {"stops": more("stops.txt", "d,D,55,12,,b")},
     "stops.txt", "row 6", "parent_station is not what the stop needs", ["t", "u"]),
    ("a station with a parent", {"stops": more("stops.txt", "T,T,55,12,1,S")},
     "stops.txt", "row 6", "parent_station is not what the stop needs", ["t", "u"]),
    ("its own parent", {"stops": more("stops.txt", "T,T,55,12,1,T")},
     "stops.txt", "row 6", "following parent_station from the stop never ends \\('T'\\)", ["t", "u"]),
    ("parents in a loop", {"stops": more("stops.txt", "T,T,55,12,1,U", "U,U,55,12,1,T", "d,D,55,12,0,U")},
     "stops.txt", "rows 6, 7, 8", "never ends \\('T', 'U', 'd'\\)", ["t", "u"]),
    ("an entrance without station", {"stops": more("stops.txt", "E,Door,55,12,2,")},
     "stops.txt", "row 6", "needs a parent_station \\('E'\\)", ["t", "u"]),
    ("a route without type", {"routes": more("routes.txt", "6A,X,6A,,,")},
     "routes.txt", "row 3", "route_type is empty", ["t", "u"]),
    ("headway 0", {"frequencies": FREQUENCIES + "t,6:00:00,7:00:00,0,0\n"},
     "frequencies.txt", "row 2", "headway_secs must be above 0 \\('t'\\)", ["u"]),
    ("a negative headway", {"frequencies": FREQUENCIES + "t,6:00:00,7:00:00,-60,0\n"},
     "frequencies.txt", "row 2", "headway_secs must be above 0", ["u"]),
    ("a headway that ends before it begins", {"frequencies": FREQUENCIES + "t,7:00:00,7:00:00,60,0\n"},
     "frequencies.txt", "row 2", "end_time is not after start_time", ["u"]),
    ("headways that overlap", {
        "frequencies": FREQUENCIES + "t,7:00:00,8:00:00,60,0\nt,6:00:00,7:00:01,60,0\nu,6:30:00,9:00:00,60,\n"},
     "frequencies.txt", "row 2", "start_time is before the end of an earlier row", ["t", "u"]),
    ("an overlap with one before the last", {
        "frequencies": FREQUENCIES + "t,6:00:00,9:00:00,60,0\nt,7:00:00,7:10:00,60,0\nt,8:00:00,8:30:00,60,0\n"},
     "frequencies.txt", "rows 3, 4", "start_time is before", ["t", "u"]),
    ("exact_times unknown", {"frequencies": FREQUENCIES + "t,6:00:00,7:00:00,60,2\n"},
     "frequencies.txt", "row 2", "exact_times is no whole number from 0 to 1", ["u"]),
    ("a transfer_type unknown", {"transfers": TRANSFERS + "a,b,,,,,6,\n"},
     "transfers.txt", "row 2", "transfer_type is no whole number from 0 to 5", ["t", "u"]),
    ("a transfer between trips without them", {"transfers": TRANSFERS + "a,b,,,t,,4,\n"},
     "transfers.txt", "row 2", "transfer_type 4 or 5 needs", ["t", "u"]),
    ("a transfer without stops", {"transfers": TRANSFERS + "a,,,,t,u,2,60\n"},
     "transfers.txt", "row 2", "transfer_type 0 to 3 needs", ["t", "u"]),
    ("a transfer to no stop", {"transfers": TRANSFERS + "a,z,,,,,2,60\n"},
     "transfers.txt", "row 2", "to_stop_id names nothing", ["t", "u"]),
    ("a transfer that takes less than no time", {"transfers": TRANSFERS + "a,b,,,,,2,-1\n"},
     "transfers.txt", "row 2", "min_transfer_time is no whole number", ["t", "u"]),
    ("a pathway to nowhere", {"pathways": PATHWAYS + "p,a,z,1,1,,30,\n"},
     "pathways.txt", "row 2", "to_stop_id names nothing", ["t", "u"]),
    ("a pathway_mode unknown", {"pathways": PATHWAYS + "p,a,b,8,1,,30,\n"},
     "pathways.txt", "row 2", "pathway_mode is no whole number from 1 to 7", ["t", "u"]),
]  # fmt: skip


@pytest.mark.parametrize("case", BROKEN, ids=[case[0] for case in BROKEN])
def test_broken_rows(tmp_path, case):
    _, changed, file, rows, rule, left = case
    path = folder(tmp_path / "f", **changed)
    with pytest.raises(InputError, match=rule) as caught:
        read_gtfs(path)
    (fault,) = caught.value.faults
    assert (fault.file, fault.where, fault.severity) == (f"f/{file}", rows, "error")
    assert "sound_only = true" in fault.remedy
    assert "sound_only=True" in fault.remedy
    feed = read_gtfs(path, sound_only=True)
    assert feed.trips["trip_id"].tolist() == left
    first = feed.faults[0]
    assert (first.file, first.where, first.severity) == (f"f/{file}", rows, "warning")
    assert all(fault.severity == "warning" for fault in feed.faults)
    assert whole(feed)


def whole(feed):
    """Every reference of a feed names a row."""
    sizes = {name: len(getattr(feed, name)) for name in ("stops", "routes", "trips", "services")}
    for table, column, to, may_lack in (
        (feed.stops, "parent", "stops", True), (feed.trips, "route", "routes", False),
        (feed.trips, "service", "services", False), (feed.stop_times, "trip", "trips", False),
        (feed.stop_times, "stop", "stops", False), (feed.exceptions, "service", "services", False),
        (feed.frequencies, "trip", "trips", False), (feed.transfers, "from_stop", "stops", True),
        (feed.transfers, "to_trip", "trips", True), (feed.pathways, "to_stop", "stops", False),
    ):  # fmt: skip
        rows = table[column]
        assert ((rows >= (-1 if may_lack else 0)) & (rows < sizes[to])).all()
    assert (np.bincount(feed.stop_times["trip"], minlength=len(feed.trips)) >= 2).all()
    return True


def test_every_fault_at_once_counted_and_ten_named(tmp_path):
    lost = "".join(f"u,{9 + n}:20:00,{9 + n}:20:00,z{n},{10 + n},,\n" for n in range(13))
    path = folder(tmp_path / "f", stop_times=SOUND["stop_times.txt"] + lost, stops=more("stops.txt", "d,D,0,0,,"))
    with pytest.raises(InputError) as caught:
        read_gtfs(path)
    stops, calls_ = caught.value.faults
    assert stops.file == "f/stops.txt"
    assert calls_.where == "rows 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 and 3 more"
    assert "'z9' and 3 more" in calls_.rule


def test_a_trip_that_loses_its_middle_keeps_the_others_and_their_times(tmp_path):
    times = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
    times += "t,8:00:00,8:00:00,a,1\nt,,,b,2\nt,8:06:00,8:06:00,gone,3\nt,,,b,4\nt,8:10:00,8:10:00,c,5\n"
    feed = read_gtfs(folder(tmp_path / "f", stop_times=times + "u,9:00:00,9:00:00,a,1\n"), sound_only=True)
    assert calls(feed, "t") == [("a", 28800, 28800), ("b", 28980, 28980), ("b", 29280, 29280), ("c", 29400, 29400)]
    assert feed.stop_times["timed"].tolist() == [True, False, False, True]
    # a trip of one call carries nobody: left out, and said
    assert feed.trips["trip_id"].tolist() == ["t"]
    assert any(fault.where == "row 3" and "fewer than two sound calls" in fault.rule for fault in feed.faults)


def test_a_short_trip_is_no_reason_to_stop(tmp_path):
    feed = read_gtfs(folder(tmp_path / "f", trips=more("trips.txt", "5C,week,never,,,")))
    assert feed.trips["trip_id"].tolist() == ["t", "u"]
    (fault,) = feed.faults
    assert (fault.file, fault.where, fault.severity) == ("f/trips.txt", "row 4", "warning")


def test_what_hangs_on_a_broken_row_is_no_fault_of_its_own(tmp_path):
    path = folder(
        tmp_path / "f",
        routes=swap("routes.txt", "3,ff0000", "bus,ff0000") + "6A,X,,,3,\n",
        trips=swap("trips.txt", "5C,week,u", "6A,week,u"),
        frequencies=FREQUENCIES + "t,6:00:00,7:00:00,60,\n",
        transfers=TRANSFERS + "a,b,5C,,,,0,\na,c,,,t,u,4,\na,b,6A,,,,0,\n",
    )
    with pytest.raises(InputError) as caught:
        read_gtfs(path)
    assert [fault.file for fault in caught.value.faults] == ["f/routes.txt"]
    feed = read_gtfs(path, sound_only=True)
    assert feed.trips["trip_id"].tolist() == ["u"]
    assert len(feed.stop_times) == 3
    assert len(feed.frequencies) == 0
    assert feed.transfers["from_route"].tolist() == [0]
    assert whole(feed)


def test_a_station_left_out_takes_its_entrances_but_not_its_platforms(tmp_path):
    stops = SOUND["stops.txt"].replace("S,Central,55.70,12.50", "S,Central,0,0") + "E,Door,55,12,2,S\n"
    feed = read_gtfs(folder(tmp_path / "f", stops=stops), sound_only=True)
    assert feed.stops["stop_id"].tolist() == ["a", "b", "c"]
    assert feed.stops["parent"].tolist() == [-1, -1, -1]


def test_the_date_of_a_broken_service_is_not_another_service(tmp_path):
    calendar = swap("calendar.txt", "week,1", "week,yes") + "fair,1,1,1,1,1,1,1,20260302,20260308\n"
    path = folder(tmp_path / "f", calendar=calendar, trips=swap("trips.txt", "5C,week,u", "5C,fair,u"))
    feed = read_gtfs(path, sound_only=True)
    assert feed.services["service_id"].tolist() == ["fair"]
    assert feed.trips["trip_id"].tolist() == ["u"]
    assert len(feed.exceptions) == 0


@pytest.mark.parametrize("name", ["agency", "stops", "routes", "trips", "stop_times"])
def test_missing_files(tmp_path, name):
    for sound_only in (False, True):
        with pytest.raises(InputError, match=rf"f/{name}\.txt: there is no such file"):
            read_gtfs(folder(tmp_path / "f", **{name: None}), sound_only=sound_only)


def test_missing_files_and_columns_are_told_together(tmp_path):
    stops = SOUND["stops.txt"].replace("stop_lat", "stop_latitude")
    trips = SOUND["trips.txt"].replace("service_id", "shape_id")
    path = folder(tmp_path / "f", stops=stops, trips=trips, routes=None, calendar=None, calendar_dates=None)
    with pytest.raises(InputError) as caught:
        read_gtfs(path)
    told = [(fault.file, fault.where) for fault in caught.value.faults]
    assert sorted(told) == [("f", ""), ("f/routes.txt", ""), ("f/stops.txt", "column stop_lat"),
                            ("f/trips.txt", "column service_id")]  # fmt: skip
    assert "perhaps you mean 'stop_latitude'" in str(caught.value)


def test_a_column_twice(tmp_path):
    with pytest.raises(InputError, match="column stop_lat: it is there 2 times"):
        read_gtfs(folder(tmp_path / "f", stops=SOUND["stops.txt"].replace("stop_name", "stop_lat")))


@pytest.mark.parametrize("empty", ["", "\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(tmp_path, empty):
    with pytest.raises(InputError, match=r"f/stops.txt: the file is empty"):
        read_gtfs(folder(tmp_path / "f", stops=empty))


def test_no_trip_is_an_error_even_of_the_sound_rows(tmp_path):
    header = SOUND["trips.txt"].partition("\n")[0]
    for trips in (header, header + "\n"):
        for sound_only in (False, True):
            with pytest.raises(InputError, match="no trip with two sound calls"):
                read_gtfs(
                    folder(tmp_path / "f", trips=trips, stop_times=SOUND["stop_times.txt"]), sound_only=sound_only
                )
    # why there is none is told too
    path = folder(tmp_path / "g", trips=SOUND["trips.txt"].replace("5C", "6A"))
    with pytest.raises(InputError, match=r"no trip .*\n.*route_id names nothing"):
        read_gtfs(path, sound_only=True)


def test_no_stop_is_an_error(tmp_path):
    for sound_only in (False, True):
        with pytest.raises(InputError, match="no trip with two sound calls"):
            read_gtfs(folder(tmp_path / "f", stops="stop_id,stop_lat,stop_lon\n"), sound_only=sound_only)


def test_time_zones(tmp_path):
    two = more("agency.txt", "Y,B,https://y.example,Europe/Oslo")
    with pytest.raises(InputError, match="2 time zones: Europe/Copenhagen, Europe/Oslo"):
        read_gtfs(folder(tmp_path / "f", agency=two))
    for odd in ("Europe/Nowhere", "../../etc/passwd", "Europe", "CPH/"):
        with pytest.raises(InputError, match=r"row 2: the time zone .* is unknown"):
            read_gtfs(folder(tmp_path / "f", agency=SOUND["agency.txt"].replace("Europe/Copenhagen", odd)))
    same = more("agency.txt", "Y,B,https://y.example,Europe/Copenhagen")
    assert read_gtfs(folder(tmp_path / "f", agency=same)).timezones == ("Europe/Copenhagen",)
    with pytest.raises(InputError, match="no agency with a time zone"):
        read_gtfs(folder(tmp_path / "f", agency=SOUND["agency.txt"].partition("\n")[0]))


def test_how_files_may_be_written(tmp_path):
    plain = read_gtfs(folder(tmp_path / "f"))
    written = {
        "stops": codecs.BOM_UTF8 + SOUND["stops.txt"].replace("\n", "\r\n").encode(),
        "stop_times": SOUND["stop_times.txt"].replace("\n", "\n\n").replace(",", " , ").rstrip().encode(),
        "trips": ("\n\n" + SOUND["trips.txt"]).replace("\n", "\r").encode(),
        "routes": SOUND["routes.txt"].replace("5C,X,5C", '"5C","X","5C"').replace("route_id", '" route_id "').encode(),
        "calendar": ("\n" + SOUND["calendar.txt"]).replace("service", "x,service").replace("week", "?,week").encode(),
        "fares": b"\xff not even text",
    }  # fmt: skip
    other = read_gtfs(folder(tmp_path / "g", **written))
    for name in ("stops", "routes", "trips", "stop_times", "services", "exceptions"):
        pd.testing.assert_frame_equal(getattr(plain, name), getattr(other, name))
    assert other.faults == ()


def test_rows_are_counted_as_a_text_editor_does(tmp_path):
    stops = (
        "\nstop_id,stop_name,stop_lat,stop_lon\n"  # 2
        'a,"A\nwith a line\r\nor two, ""so""",55.70,12.50\n'  # 3 to 5
        "\n   \n"  # 6, 7
        "b,B,55.71,12.51,\n"  # 8: a cell too many
        "c,C,99,12.52\n"  # 9
        'd,"D\n",0,0'  # 10
    )
    with pytest.raises(InputError) as caught:
        read_gtfs(folder(tmp_path / "f", stops=stops))
    where = {fault.rule.split("(")[0].strip(): fault.where for fault in caught.value.faults if "stops" in fault.file}
    assert where == {
        "there are not 4 cells in the row": "row 8",
        "stop_lat is no number from -90 to 90": "row 9",
        "the stop lies at 0, 0, off the coast of Africa": "row 10",
    }


def test_not_utf8(tmp_path):
    latin = SOUND["stops.txt"].replace("B,", "Åboulevard,").encode("latin-1")
    with pytest.raises(ReadError, match=r"f/stops.txt, row 3: the byte 0xc5 is no UTF-8.*save the file as UTF-8"):
        read_gtfs(folder(tmp_path / "f", stops=latin))
    with pytest.raises(ReadError, match=r"stops.txt, row 1: .* is no UTF-8"):
        read_gtfs(folder(tmp_path / "f", stops=SOUND["stops.txt"].encode("utf-16")))


def test_a_quote_that_is_never_closed(tmp_path):
    for filler in ("", "x" * 200_000):
        stops = more("stops.txt", 'd,"D,55,12,,', f"e,{filler},55,12,,")
        with pytest.raises(ReadError, match=r"f/stops.txt, row 6: .*Remedy: close"):
            read_gtfs(folder(tmp_path / "f", stops=stops))
    # a lone quote inside a name is no opening one
    feed = read_gtfs(folder(tmp_path / "f", stops=more("stops.txt", 'd,Pipe 5",55,12,,', "e,E,55,12,,")))
    assert feed.stops["stop_name"].tolist()[-2:] == ['Pipe 5"', "E"]


def test_a_cell_without_end(tmp_path):
    header = SOUND["stop_times.txt"].partition("\n")[0]
    with pytest.raises(ReadError, match=r"f/stop_times.txt, row 2: .*Remedy: close the quote"):
        read_gtfs(folder(tmp_path / "f", stop_times=f'{header}\nt,"{"x" * (1 << 18)}'))


def test_several_feeds_with_the_same_ids(tmp_path):
    one = folder(tmp_path / "one" / "gtfs", frequencies=FREQUENCIES + "u,6:00:00,7:00:00,600,1\n",
                 pathways=PATHWAYS + "p,a,b,1,1,,30,\n", transfers=TRANSFERS + "a,b,,,,,2,60\n")  # fmt: skip
    two = zipped(tmp_path / "two.zip")
    apart, both = read_gtfs(one), read_gtfs(two, one, one)
    assert both.names == ("two.zip", "one/gtfs", "one/gtfs")
    assert both.timezones == ("Europe/Copenhagen",) * 3
    assert both.stops["stop_id"].tolist() == [f"{n}:{stop}" for n in (1, 2, 3) for stop in "abcS"]
    assert both.stops["feed"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert both.trips["block"].tolist() == ["1:B1", "", "2:B1", "", "3:B1", ""]
    assert [time for stop, *time in calls(both, "3:t")] == [time for stop, *time in calls(apart, "t")]
    assert [stop for stop, *_ in calls(both, "3:t")] == ["3:a", "3:b", "3:c"]
    assert both.stops["parent"].tolist() == [3, -1, -1, -1, 7, -1, -1, -1, 11, -1, -1, -1]
    assert both.frequencies["trip"].tolist() == [3, 5]
    assert both.transfers[["from_stop", "to_stop", "from_trip"]].to_numpy().tolist() == [[4, 5, -1], [8, 9, -1]]
    assert both.pathways["to_stop"].tolist() == [5, 9]
    assert both.exceptions["service"].tolist() == [0, 0, 1, 1, 2, 2]
    assert whole(both)
    assert apart.stops["stop_id"].tolist() == list("abcS")


def test_faults_of_all_feeds_are_told_together(tmp_path):
    one = folder(tmp_path / "one", stops=None)
    two = folder(tmp_path / "two", trips=swap("trips.txt", "5C,week,u", "6A,week,u"))
    with pytest.raises(InputError, match=r"one/stops.txt.*\n.*two/trips.txt, row 3"):
        read_gtfs(one, two)
    with pytest.raises(InputError, match="no feed is named"):
        read_gtfs()


def test_places_of_nodes_and_boarding_areas(tmp_path):
    feed = read_gtfs(
        folder(tmp_path / "f", stops=more("stops.txt", "N,,,,3,S", "G,Gate,,,4,a", "D,Door,55.7,12.49,2,S"))
    )
    assert feed.stops.loc[[4, 5, 6], ["lon", "lat"]].to_numpy().tolist() == [[12.5, 55.7], [12.5, 55.7], [12.49, 55.7]]
    assert feed.stops["parent"].tolist()[4:] == [3, 0, 3]


def test_seconds_of_pathways(tmp_path):
    rows = [
        ("1,1,80,45,", 45.0), ("1,0,80,,", 80.0), ("1,1,,,", 30.0),
        ("2,1,10,,40", 24.0), ("2,1,50,,-10", 50.0), ("2,1,,,", 30.0),
        ("3,0,20,,", 20.0), ("4,0,,,", 30.0), ("5,1,3,,", 60.0), ("5,1,,90,", 90.0), ("6,1,,,", 5.0), ("7,0,,0,", 0.0),
    ]  # fmt: skip
    text = PATHWAYS + "".join(f"p{n},a,b,{cells}\n" for n, (cells, _) in enumerate(rows))
    feed = read_gtfs(folder(tmp_path / "f", pathways=text))
    assert feed.pathways["seconds"].tolist() == pytest.approx([seconds for _, seconds in rows])
    assert feed.pathways["bidirectional"].tolist()[:2] == [True, False]
    (fault,) = feed.faults
    assert fault.where == "rows 4, 7, 9, 10, 12"
    assert "assumed" in fault.rule


def test_transfers(tmp_path):
    text = TRANSFERS + "a,b,,,,,,\na,b,,,,,2,120\na,b,,,,,3,\na,b,5C,5C,t,u,1,\n,,,,t,u,4,\n,,,,u,t,5,\nb,c,,,,,2,\n"
    feed = read_gtfs(folder(tmp_path / "f", transfers=text))
    assert feed.transfers["transfer_type"].tolist() == [0, 2, 3, 1, 4, 5, 2]
    assert feed.transfers["min_transfer_s"].fillna(-1).tolist() == [-1, 120, -1, -1, -1, -1, -1]
    assert feed.transfers.loc[3].tolist()[:6] == [0, 1, 0, 0, 0, 1]
    assert feed.transfers.loc[4].tolist()[:6] == [-1, -1, -1, -1, 0, 1]
    (fault,) = feed.faults
    assert fault.where == "row 8"


def test_frequencies(tmp_path):
    text = FREQUENCIES + "u,7:00:00,25:00:00,900,1\nu,6:00:00,7:00:00,600,\n"
    feed = read_gtfs(folder(tmp_path / "f", frequencies=text))
    assert feed.frequencies.to_numpy().tolist() == [[1, 21600, 25200, 600, False], [1, 25200, 90000, 900, True]]
    assert feed.faults == ()


def test_calls_out_of_order_and_twice_at_one_stop(tmp_path):
    times = "stop_sequence,stop_id,trip_id,arrival_time,departure_time\n"
    times += (
        "30,a,u,26:10:00,26:10:00\n1,a,t,8:00:00,\n7,b,u,25:00:00,25:00:00\n0,a,u,23:50:00,23:50:00\n2,c,t,,8:09:00\n"
    )
    feed = read_gtfs(folder(tmp_path / "f", stop_times=times))
    assert calls(feed, "u") == [("a", 85800, 85800), ("b", 90000, 90000), ("a", 94200, 94200)]
    assert calls(feed, "t") == [("a", 28800, 28800), ("c", 29340, 29340)]
    assert feed.stop_times["timed"].all()


def test_odd_cells_that_do_not_matter_are_mended(tmp_path):
    path = folder(tmp_path / "f", routes=swap("routes.txt", "ff0000", "red") + "9,X,9,,1234,00FF0\n",
                  trips=swap("trips.txt", "t,0", "t,2"))  # fmt: skip
    feed = read_gtfs(path)
    assert feed.routes["color"].tolist() == ["", ""]
    assert feed.routes["mode"].tolist() == ["bus", "ferry"]
    assert feed.trips["direction"].tolist() == [-1, 1]
    assert [(fault.file, fault.where) for fault in feed.faults] == [
        ("f/routes.txt", "rows 2, 3"),
        ("f/trips.txt", "row 2"),
    ]


def test_modes(tmp_path):
    known = {0: "tram", 1: "subway", 2: "rail", 3: "bus", 4: "ferry", 5: "cable_tram", 6: "aerial", 7: "funicular",
             11: "trolleybus", 12: "monorail", 100: "rail", 109: "rail", 117: "rail", 200: "coach", 209: "coach",
             400: "subway", 401: "subway", 402: "subway", 403: "rail", 405: "monorail", 700: "bus", 715: "bus",
             800: "trolleybus", 900: "tram", 906: "tram", 1000: "ferry", 1200: "ferry", 1300: "aerial",
             1400: "funicular", 1500: "taxi"}  # fmt: skip
    assert {kind: mode_of(kind) for kind in known} == known
    assert {mode_of(kind) for kind in (8, 9, 10, 13, 99, 1100, 1700, 99_999)} == {None}
    feed = read_gtfs(folder(tmp_path / "f", routes=swap("routes.txt", "3,ff", "1700,ff")))
    assert feed.routes["mode"].tolist() == ["bus"]
    (fault,) = feed.faults
    assert (fault.where, fault.severity) == ("row 2", "warning")


def test_a_feed_made_from_osm_says_so(tmp_path):
    info = "feed_publisher_name,feed_version\nbykobling,assumed-from-osm\n"
    (fault,) = read_gtfs(folder(tmp_path / "f", feed_info=info)).faults
    assert "assumed" in fault.rule
    assert read_gtfs(folder(tmp_path / "f", feed_info=info.replace("assumed", "real"))).faults == ()
