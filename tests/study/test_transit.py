"""Public transport in a study: one street, three homes, one bus, and numbers a person can check.

::

    A ------------------ B ------------------ C        5 km from each to the next: too far to walk in an hour
    100                  50 + a school        20       residents

A bus leaves A at 8:00:30 and every ten minutes, takes 8 minutes to B and 8 more to C; so it does from C to A. Who
leaves A at 8:00 misses the first (60 s before it one must be there) and rides at 8:10:30: 18.5 min to B. Of the 60
departures each of 9.5, 10.5, ... 18.5 min comes six times: the median (the 31st) is 14.5, the quartiles (the 16th and
the 46th) are 11.5 and 16.5; to C it is 8 more.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import threading
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling.datasets import example_study
from bykobling.errors import Cancelled, StudyError
from bykobling.gtfs import read_gtfs
from bykobling.network import Network
from bykobling.osm import read_osm
from bykobling.report.page import render
from bykobling.study import check_study, look_at_study, read_study, run_study, save_results
from bykobling.study.inputs import read_inputs
from bykobling.study.transit_settings import TransitSource
from bykobling.timetable import timetable_from_feed
from bykobling.transit import TransitSettings, Window, transit_network, transit_opportunities

LAT, WEST, STEP = 55.7, 12.5, 0.0795
"""About 5 km of longitude."""
HOMES = {"a": 100.0, "b": 50.0, "c": 20.0}
PLACES = {name: (WEST + number * STEP, LAT) for number, name in enumerate("abc")}

TOML = """
title = "Tiny"
[osm]
file = "town.osm"
[areas]
file = "areas.geojson"
id = "id"
name = "id"
group = "group"
vulnerable = ["vulnerable"]
[population]
file = "people.geojson"
[bike]
enabled = false
[profile]
places = { file = "stations.geojson" }
"""
TRANSIT = """
[transit]
gtfs = ["bus.zip"]
cutoffs_min = [14, 15, 23]
"""
FROM_OSM = '[transit]\nfrom_osm = true\nheadway_min = { bus = 10 }\ntimezone = "Europe/Copenhagen"\n'

LINE = (
    '<relation id="70" version="1"><member type="node" ref="1" role="stop"/><member type="node" ref="2" role="stop"/>'
    '<member type="node" ref="3" role="stop"/><member type="way" ref="10" role=""/>'
    '<tag k="type" v="route"/><tag k="route" v="bus"/><tag k="ref" v="7"/></relation>'
)


def town(*, line=""):
    tags = {1: "", 2: '<tag k="amenity" v="school"/>', 3: ""}
    stop = '<tag k="public_transport" v="stop_position"/><tag k="bus" v="yes"/>' if line else ""
    nodes = "".join(
        f'<node id="{number}" version="1" lon="{lon:.7f}" lat="{lat}">{tags[number]}{stop}</node>'
        for number, (lon, lat) in enumerate(PLACES.values(), 1)
    )
    way = '<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>'
    box = '<bounds minlat="55.6" minlon="12.4" maxlat="55.8" maxlon="12.8"/>'
    return f'<?xml version="1.0"?>\n<osm version="0.6">{box}{nodes}{way}{line}</osm>\n'


def clock(minutes):
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}:30"


def timetable(**changed):
    trips, times = (
        ["route_id,service_id,trip_id,direction_id"],
        ["trip_id,stop_id,stop_sequence,arrival_time,departure_time"],
    )
    for number, first in enumerate(range(7 * 60, 11 * 60, 10)):
        for direction, stops in enumerate(("abc", "cba")):
            trip = f"t{number}{direction}"
            trips.append(f"one,week,{trip},{direction}")
            times += [f"{trip},{one},{k},{clock(first + 8 * k)},{clock(first + 8 * k)}" for k, one in enumerate(stops)]
    stops = [f"{name},Stop {name.upper()},{lat},{lon:.7f}" for name, (lon, lat) in PLACES.items()]
    days = "monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date"
    files = {
        "agency": "agency_name,agency_url,agency_timezone\nBus,https://x.example,Europe/Copenhagen",
        "stops": "\n".join(["stop_id,stop_name,stop_lat,stop_lon", *stops]),
        "routes": "route_id,route_short_name,route_type,route_color\none,1,3,FF0000",
        "trips": "\n".join(trips),
        "stop_times": "\n".join(times),
        "calendar": f"service_id,{days}\nweek,1,1,1,1,1,0,0,20260302,20260313",
    }
    return files | changed


def make(folder, *, toml=TOML + TRANSIT, feed=None, osm=None, people=None):
    (folder / "town.osm").write_text(osm or town(), encoding="utf-8")
    with zipfile.ZipFile(folder / "bus.zip", "w") as archive:
        for name, text in (feed or timetable()).items():
            archive.writestr(f"{name}.txt", text)
    shapes = [shapely.Point(place).buffer(0.02) for place in PLACES.values()]
    groups = ["vulnerable", "rest", "rest"]
    gpd.GeoDataFrame({"id": list(PLACES), "group": groups}, geometry=shapes, crs=4326).to_file(folder / "areas.geojson")
    if people is None:
        people = gpd.GeoDataFrame(
            {"residents": HOMES.values()}, geometry=gpd.points_from_xy(*zip(*PLACES.values(), strict=True)), crs=4326
        )
    people.to_file(folder / "people.geojson")
    stations = gpd.GeoDataFrame({"name": ["Havn"]}, geometry=[shapely.Point(PLACES["c"])], crs=4326)
    stations.to_file(folder / "stations.geojson")
    (folder / "study.toml").write_text(toml, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return run_study(read_study(make(tmp_path_factory.mktemp("transit"))))


def column(results, name):
    return results.areas[name].round(6).to_dict()


def test_what_is_within_reach_at_the_median_departure(results):
    assert column(results, "people_transit_14min") == {"a": 100, "b": 50, "c": 20}
    assert column(results, "people_transit_15min") == {"a": 150, "b": 170, "c": 70}
    assert column(results, "people_transit_23min") == {"a": 170, "b": 170, "c": 170}
    assert column(results, "places_transit_14min") == {"a": 0, "b": 1, "c": 0}
    assert column(results, "places_transit_15min") == {"a": 1, "b": 1, "c": 1}


def test_what_leaves_near_home(results):
    assert column(results, "stops_400m") == {"a": 1, "b": 1, "c": 1}
    assert column(results, "departures_per_hour_400m") == {"a": 6, "b": 12, "c": 6}
    assert column(results, "departures_per_hour_400m_bus") == {"a": 6, "b": 12, "c": 6}
    # 30 / (30 / 6 + 2), in the better direction
    assert results.areas["ptal_ai"].to_numpy() == pytest.approx(30 / 7, rel=1e-3)
    assert results.areas["ptal_band"].to_dict() == {"a": "1b", "b": "1b", "c": "1b"}


def test_times_to_named_places(results):
    table = results.travel_times[results.travel_times["mode"] == "transit"].set_index("area_id")
    # a second of walk at most at either end
    assert table.loc["a", ["minutes", "minutes_p25", "minutes_p75"]].tolist() == pytest.approx(
        [22.5, 19.5, 24.5], abs=0.04
    )
    assert table.loc["b", "minutes"] == pytest.approx(14.5, abs=0.04)
    assert table.loc["c", "minutes"] == pytest.approx(0, abs=0.04)
    assert table["arriving_share"].tolist() == [1, 1, 1]
    assert set(table["place"]) == {"Havn"}
    walked = results.travel_times[results.travel_times["mode"] == "walk"]
    assert walked["minutes"].max() > 120


def test_without_a_station_there_is_nothing_to_walk_to(results):
    assert not {"walk_to_station_m", "station_core_600m_walk", "station_detour_gap"} & set(results.areas.columns)
    assert any("no station to walk to" in note.text for note in results.notes if note.kind == "missing")


def test_groups_are_compared(results):
    gap = results.gaps.loc["people_transit_15min"]
    rest = (170 * 50 + 70 * 20) / 70
    assert (gap["vulnerable"], gap["rest"]) == (150, pytest.approx(rest))
    assert "people_transit_15min_percentile" in results.areas
    assert "people_transit_15min" in set(results.inequality["indicator"])
    assert set(results.profile()["indicator"]) >= {"people_transit_15min", "ptal_ai", "stops_400m"}


def test_layers_of_stops_and_lines(results):
    stops = results.stops.set_index("stop_id")
    assert stops["departures_per_hour"].to_dict() == {"a": 6, "b": 12, "c": 6}
    assert stops["stop_name"].tolist() == ["Stop A", "Stop B", "Stop C"]
    assert set(stops["routes"]) == {"1"}
    assert not stops["assumed"].any()
    (line,) = results.lines.to_dict("records")
    assert (line["short_name"], line["mode"], line["departures_per_hour"]) == ("1", "bus", 6)
    assert (line["color"], line["assumed"]) == ("#ff0000", False)
    assert line["geometry"].length == pytest.approx(10_000, rel=0.01)
    assert results.stops.crs == results.lines.crs == results.areas.crs


def test_the_day_and_the_window_are_recorded(results):
    run = results.run["transit"]
    # the first usual Tuesday to Thursday of those with most trips
    assert (run["date"], run["date_chosen"], run["window"]) == ("2026-03-03", True, "08:00-09:00")
    assert (run["timetable"], run["assumed"], run["trips_on_date"], run["warnings"]) == ("bus.zip", False, 48, 0)
    assert "bus.zip" in {one["file"] for one in results.run["inputs"]}
    assert results.run["parameters"]["transit"]["cutoffs_min"] == [14, 15, 23]
    assert results.run["timings_s"]["transit"] > 0


def test_it_is_written_and_told(results, tmp_path):
    folder = save_results(results, read_study(make(tmp_path)))
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["transit"]["window"] == "08:00-09:00"
    assert len(gpd.read_file(folder / "results.gpkg", layer="stops")) == 3
    assert pd.read_csv(folder / "areas.csv").set_index("area_id").loc["a", "ptal_band"] == "1b"
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Timetable: bus.zip, on Tuesday 3 March 2026 (the busiest usual weekday), leaving home between 08:00" in page
    assert "not published by anybody" not in page


def test_the_study_and_the_library_give_one_answer(tmp_path):
    """Homes at random, some beyond a walk to a stop: the same sums as by `transit_opportunities`."""
    rng = np.random.default_rng(7)
    # one home in every 100 m, so that each is measured by itself
    lon = WEST - 0.019 + 0.0016 * np.arange(120) + rng.uniform(0, 0.0004, 120)
    lon = lon[lon < WEST + 2 * STEP]
    table = gpd.GeoDataFrame(
        {"residents": rng.integers(1, 9, len(lon)).astype(float)},
        geometry=gpd.points_from_xy(lon, lon * 0 + LAT),
        crs=4326,
    )
    make(tmp_path, people=table, toml=TOML + TRANSIT + 'date = "2026-03-04"\nmax_access_min = 12\n')
    results = run_study(read_study(tmp_path))
    extract = read_osm(tmp_path / "town.osm", crs=results.areas.crs)
    network = Network.from_streets(extract.streets, mode="walk")
    day = timetable_from_feed(read_gtfs(tmp_path / "bus.zip"), dt.date(2026, 3, 4))
    transit = transit_network(network, day, settings=TransitSettings(max_access_min=12))
    everybody = network.snap(table.to_crs(network.crs).geometry)
    homes = network.snap(results.residents.geometry)
    people = table["residents"].to_numpy()
    sums = transit_opportunities(
        transit, homes, everybody, people, cutoffs_min=(14, 15, 23), window=Window("08:00", 60)
    )
    for number, minutes in enumerate((14, 15, 23)):
        mine = results.residents[f"people_transit_{minutes}min"].to_numpy()
        np.testing.assert_allclose(mine, sums[:, number, 0])
    assert len(np.unique(sums[:, 1, 0])) > 10


def test_reading_a_timetable_stops_when_reading_the_map_does(tmp_path, monkeypatch):
    make(tmp_path, toml=TOML + TRANSIT)
    study = read_study(tmp_path)
    begun, stopped = threading.Event(), threading.Event()

    def endless(*_, progress, **__):
        begun.set()
        try:
            while True:
                progress(0, 1, "")
        except Cancelled:
            stopped.set()
            raise

    def stop(_done, _total, _message):
        assert begun.wait(30)
        raise Cancelled("enough")

    monkeypatch.setattr("bykobling.gtfs.read_gtfs", endless)
    with pytest.raises(Cancelled, match="enough"):
        read_inputs(study, progress=stop)
    assert stopped.is_set()


def test_reading_a_feed_can_be_stopped_between_its_files(tmp_path):
    make(tmp_path, toml=TOML + TRANSIT)
    told = []

    def stop(done, total, message):
        told.append((done < total, message))
        if "trips" in message:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        read_gtfs(tmp_path / "bus.zip", progress=stop)
    assert len(told) > 1
    assert all(before_the_end for before_the_end, _ in told)


def test_made_of_osm_it_is_marked_as_assumed(tmp_path):
    make(tmp_path, osm=town(line=LINE), toml=TOML + FROM_OSM)
    study = read_study(tmp_path)
    assert [path.name for path in study.input_files()].count("bus.zip") == 0
    results = run_study(study)
    run = results.run["transit"]
    assert run["assumed"]
    assert run["date"] is None
    assert results.stops["assumed"].all()
    assert results.lines["assumed"].all()
    # the line is drawn in one direction: nobody gets on at its end
    assert results.stops.set_index("stop_id")["departures_per_hour"].to_dict() == {"n1": 6, "n2": 6}
    assumed = [note.text for note in results.notes if note.kind == "assumed"]
    assert any("every time is assumed" in text for text in assumed)
    assert any("set by the user: headway_min" in text for text in assumed)
    english, danish = (render(results, language=language) for language in ("en", "da"))
    assert english.count('<span class="tag">assumed</span>') >= 3
    assert "not published by anybody" in english
    assert "Public transport (assumed)" in english
    assert "on any day" in english
    assert danish.count('<span class="tag">antaget</span>') >= 3
    told = look_at_study(study).timetable
    assert any("every time is assumed" in sentence for sentence in told)


def test_without_a_timetable_it_is_missing_with_a_sentence(tmp_path):
    results = run_study(read_study(make(tmp_path, toml=TOML)))
    assert results.stops is None
    assert results.lines is None
    assert "transit" not in results.run
    assert not [name for name in results.areas.columns if "transit" in name or "stops" in name or "ptal" in name]
    assert list(results.travel_times.columns) == ["area_id", "area", "place", "mode", "minutes"]
    told = [note for note in results.notes if "public transport" in note.text.lower()]
    assert [(note.kind, note.text) for note in told] == [
        ("missing", "No timetable was given, so public transport is missing.")
    ]
    assert "Departures an hour" not in render(results)


def test_check_tells_what_the_timetable_covers(tmp_path):
    checked = look_at_study(read_study(make(tmp_path)))
    told = " ".join(checked.timetable)
    assert "48 trips on 1 route call at 3 stops; service on 10 days from 2026-03-02 to 2026-03-13" in told
    assert "48 trips on Tuesday 2026-03-03, the busiest usual weekday." in told
    assert "07:00 (12), 08:00 (12), 09:00 (12), 10:00 (12)" in told
    assert "All 3 stops lie inside the extent." in told
    assert {fault.severity for fault in checked.faults} <= {"warning"}


def test_stops_beyond_the_streets_are_counted(tmp_path):
    feed = timetable()
    feed["stops"] += "\nd,Far,55.7,13.9"
    feed["stop_times"] += f"\nt00,d,9,{clock(9 * 60)},{clock(9 * 60)}"
    results = run_study(read_study(make(tmp_path, feed=feed)))
    assert set(results.stops["stop_id"]) == {"a", "b", "c"}
    assert any("1 of 4 stops of the day lie outside the streets" in note.text for note in results.notes)
    told = look_at_study(read_study(tmp_path)).timetable
    assert any("1 of 4 stops (25%) lie outside the extent: Far (d)." in sentence for sentence in told)


IN_THE_FILE = {
    "both": ('gtfs = ["bus.zip"]\nfrom_osm = true', "both gtfs and from_osm are given"),
    "neither": ("depart = '08:00'", "[transit] gtfs: it is missing"),
    "no such feed": ('gtfs = ["bsu.zip"]', "perhaps you mean 'bus.zip'"),
    "no list": ("gtfs = 3", "3 (a whole number) is not a list of files"),
    "twice": ('gtfs = ["bus.zip", "bus.zip"]', "bus.zip is named more than once"),
    "unknown key": ('gtfs = ["bus.zip"]\ndepatr = "08:00"', "perhaps you mean 'depart'"),
    "no date": ('gtfs = ["bus.zip"]\ndate = "soon"', "'soon' is not a day"),
    "no time": ('gtfs = ["bus.zip"]\ndepart = "25:00"', "'25:00' is not a time of day"),
    "headway of a feed": ('gtfs = ["bus.zip"]\nheadway_min = { bus = 5 }', "it belongs to from_osm = true"),
    "no such mode": ("from_osm = true\nheadway_min = { buss = 5 }", "perhaps you mean 'bus'"),
    "no headway": ("from_osm = true\nheadway_min = { bus = 0 }", "0 (a whole number) is not a number between"),
    "too long": ('gtfs = ["bus.zip"]\ncutoffs_min = [150]', "is not a list of whole minutes from 1 to 120"),
    "walk beyond the journey": (
        'gtfs = ["bus.zip"]\nmax_walk_min = 90\nmax_trip_min = 70',
        "a walk of 90 min is longer than a journey of 70 min",
    ),
    "half a ride": ('gtfs = ["bus.zip"]\nmax_rides = 1.5', "1.5 is not a whole number"),
}


@pytest.mark.parametrize("case", IN_THE_FILE)
def test_faults_in_the_study_file(tmp_path, case):
    text, words = IN_THE_FILE[case]
    make(tmp_path, toml=f"{TOML}[transit]\n{text}\n")
    with pytest.raises(StudyError) as caught:
        read_study(tmp_path)
    assert words in str(caught.value)
    assert len(caught.value.faults) == 1, caught.value


def test_a_profile_that_is_off_measures_no_public_transport(tmp_path):
    toml = TOML.replace("[profile]", "[profile]\nenabled = false") + TRANSIT
    with pytest.raises(StudyError, match="public transport is part of the profile"):
        read_study(make(tmp_path, toml=toml))


IN_THE_FEED = {
    "no service": (
        {"toml": TOML + TRANSIT + 'date = "2026-03-07"'},
        "choose a date with service: 2026-03-02 to 2026-03-06",
    ),
    "a quiet hour": (
        {"toml": TOML + TRANSIT + 'depart = "14:00"'},
        "no vehicle leaves within 60 minutes from 14:00 on 2026-03-03. Remedy: choose another time",
    ),
    "a broken row": ({"feed": timetable(routes="route_id,route_type\none,3\ntwo,x")}, "bus.zip/routes.txt"),
    "no line in OSM": ({"toml": TOML + FROM_OSM}, "no public transport line with two stops"),
    "no time zone": (
        {"toml": TOML + FROM_OSM.replace("Copenhagen", "Kopenhagen"), "osm": town(line=LINE)},
        "there is no time zone 'Europe/Kopenhagen'",
    ),
}


@pytest.mark.parametrize("case", IN_THE_FEED)
def test_faults_in_the_feed_are_told_by_check_and_stop_a_run(tmp_path, case):
    options, words = IN_THE_FEED[case]
    study = read_study(make(tmp_path, **options))
    errors = [str(fault) for fault in check_study(study) if fault.severity == "error"]
    assert len(errors) == 1, errors
    assert words in errors[0]
    with pytest.raises(StudyError):
        run_study(study)


def test_a_file_that_is_no_feed(tmp_path):
    make(tmp_path)
    (tmp_path / "bus.zip").write_bytes(b"no zip")
    errors = [fault for fault in check_study(read_study(tmp_path)) if fault.severity == "error"]
    assert [fault.file for fault in errors] == ["bus.zip"]
    assert "not a zip" in errors[0].rule


def test_sound_rows_alone_are_used_where_asked(tmp_path):
    feed = timetable(routes="route_id,route_short_name,route_type\none,1,3\ntwo,2,x")
    make(tmp_path, feed=feed, toml=TOML + TRANSIT + "sound_only = true")
    results = run_study(read_study(tmp_path))
    assert column(results, "people_transit_15min") == {"a": 150, "b": 170, "c": 70}
    assert results.run["transit"]["warnings"] == 1


def test_a_silent_mode_is_a_warning(tmp_path):
    feed = timetable()
    feed["routes"] = "route_id,route_short_name,route_type\none,1,3\nf,F,4"
    feed["trips"] += "\nf,week,ferry,0"
    feed["stop_times"] += "\nferry,a,1,16:00:00,16:00:00\nferry,c,2,16:30:00,16:30:00"
    faults = check_study(read_study(make(tmp_path, feed=feed)))
    told = [str(fault) for fault in faults if "[transit]" in fault.where]
    assert len(told) == 1
    assert "no ferry leaves within 60 minutes from 08:00 on 2026-03-03. Remedy: choose another time" in told[0]
    assert told[0].endswith("most leave in the hours from 16:00.")


def test_dates_may_be_written_as_toml_dates(tmp_path):
    make(tmp_path, toml=TOML + TRANSIT + "date = 2026-03-04")
    study = read_study(tmp_path)
    assert study.transit.date == dt.date(2026, 3, 4)
    assert study.transit.window == Window("08:00", 60)
    with pytest.raises(dataclasses.FrozenInstanceError):
        study.transit.depart = "09:00"


def test_the_example_tells_the_defaults(tmp_path):
    lines = example_study().split("# [transit]")[1].split("# [[noise]]")[0].splitlines()[1:]
    section = "\n".join(line.removeprefix("# ") for line in lines)
    make(tmp_path, toml=f"{TOML}[transit]\n{section}".replace("timetable.zip", "bus.zip"))
    source = read_study(tmp_path).transit
    told = TransitSource(gtfs=source.gtfs, date=source.date, limits=TransitSettings(max_snap_m=150))
    assert source == told
    assert len(section.splitlines()) > 15
