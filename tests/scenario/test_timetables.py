"""Changes of public transport."""

from __future__ import annotations

import pyproj
import pytest
import shapely

from bykobling.errors import InputError
from bykobling.scenario import AddService, AddStop, ChangeHeadway, RemoveService, RemoveStop, Scenario
from bykobling.timetable.stops import add_stop, insertions
from tests.accessibility.timetables import every, seconds, timetable_of, trip
from tests.toys import CRS

UTM = pyproj.CRS(CRS)


def town():
    """Draw a line A - B - C, 1 km apart, and a line 2 that runs it without B; each way and back."""
    stops = {"A": (0, 0), "B": (1_000, 0), "C": (2_000, 0)}
    trips = [
        *every(10, "1", "A 0, B 4, C 8", last="07:30"),
        *every(10, "1", "C 0, B 4, A 8", last="07:30", direction=1),
        trip("2", "A 07:00, C 07:10"),
    ]
    return timetable_of(stops, {"1": "bus", "2": "bus"}, trips)


def calls(timetable, route):
    """List the first trip of each variant as (stop, arrival, departure) from its start."""
    table = timetable.calls()
    table = table[table["route"] == timetable.routes["route_id"].tolist().index(f"id-{route}")]
    names = timetable.stops["stop_id"].to_numpy()
    found = []
    for _, mine in table.groupby("pattern"):
        first = mine[mine["trip"] == mine["trip"].min()]
        zero = first["departure_s"].iloc[0]
        times = zip(names[first["stop"]], first["arrival_s"] - zero, first["departure_s"] - zero, strict=True)
        found.append([(str(s), int(a), int(d)) for s, a, d in times])
    return sorted(found)


def test_a_new_stop_is_called_at_where_the_detour_is_least():
    before = town()
    mark = before.fingerprint()
    # a quarter of the way from B to C, on both lines
    new = AddStop("X", shapely.Point(1_250, 0), ("id-1", "id-2"), dwell_s=30, name="New Square")
    after = Scenario((new,), crs=UTM).apply_timetable(before)
    assert before.fingerprint() == mark
    assert calls(after, "1") == [
        [("A", 0, 0), ("B", 240, 240), ("X", 300, 330), ("C", 510, 510)],
        [("C", 0, 0), ("X", 180, 210), ("B", 270, 270), ("A", 510, 510)],
    ]
    assert calls(after, "2") == [[("A", 0, 0), ("X", 375, 405), ("C", 630, 630)]]
    row = after.stops.iloc[-1]
    assert (row["stop_id"], row["stop_name"], row["station"]) == ("X", "New Square", -1)
    lonlat = pyproj.Transformer.from_crs(UTM, 4326, always_xy=True).transform(1_250, 0)
    assert (row["lon"], row["lat"]) == pytest.approx(lonlat)
    assert (after.link_lon[-1], after.link_lat[-1]) == pytest.approx(lonlat)
    assert after.link_stop[-1] == before.stop_count
    assert len(after.trip_id) == len(before.trip_id)
    assert after.stops.dtypes.equals(before.stops.dtypes)


def test_a_stop_without_routes_changes_no_trip():
    before = town()
    after = Scenario((AddStop("X", shapely.Point(1_250, 0)),), crs=UTM).apply_timetable(before)
    assert after.stop_count == before.stop_count + 1
    assert calls(after, "1") == calls(before, "1")
    assert (after.arrival_s == before.arrival_s).all()


def test_only_trips_of_the_routes_named_call_there_even_in_one_pattern():
    stops = {"A": (0, 0), "B": (1_000, 0)}
    shared = timetable_of(
        stops, {"1": "bus", "2": "bus"}, [trip("1", "A 07:00, B 07:10"), trip("2", "A 07:05, B 07:15")]
    )
    after = Scenario((AddStop("X", shapely.Point(500, 0), ("id-2",)),), crs=UTM).apply_timetable(shared)
    assert calls(after, "1") == [[("A", 0, 0), ("B", 600, 600)]]
    assert calls(after, "2") == [[("A", 0, 0), ("X", 300, 320), ("B", 620, 620)]]


def test_changes_follow_each_other():
    new = AddStop("X", shapely.Point(500, 500))
    ring = AddService(("X", "C"), (120,), "R", "bus", 600, seconds("07:00"), seconds("08:00"), name="Ring")
    scenario = Scenario(
        (
            new,
            ring,
            ChangeHeadway("id-1", 300, seconds("07:00"), seconds("07:31")),
            RemoveService(("id-2",)),
            RemoveStop(("B",)),
        ),
        crs=UTM,
    )
    before = town()
    assert scenario.check([], before) == []
    after = scenario.apply_timetable(before)
    table = after.calls()
    per_route = table[table["position"] == 0].groupby("route").size().to_dict()
    assert per_route == {0: 2 * 7, 2: 2 * 6}
    at_b = table[table["stop"] == 1]
    assert not at_b["pickup"].any()
    assert not at_b["drop_off"].any()
    with pytest.raises(InputError, match=r"modification 1 \(Ring\).*'X' is not in the timetable"):
        Scenario((ring, new), crs=UTM).apply_timetable(before)


def test_nothing_changes_without_changes_and_a_place_needs_a_crs():
    before = town()
    assert Scenario().apply_timetable(before) is before
    with pytest.raises(InputError, match="no CRS"):
        Scenario((AddStop("X", shapely.Point(0, 0)),)).apply_timetable(before)


def test_a_far_stop_is_told():
    far = Scenario((AddStop("X", shapely.Point(1_500, 900), ("id-1",)),), crs=UTM)
    assert far.check([], town())[0].severity == "warning"
    assert "makes a detour of up to" in far.check([], town())[0].rule


def test_detours_equal_those_of_a_plain_loop():
    timetable = town()
    lon, lat = pyproj.Transformer.from_crs(UTM, 4326, always_xy=True).transform(1_700, 300)
    there, back, alone = insertions(timetable, lon, lat, ["id-1", "id-2"])
    assert (there.after, back.after, alone.after) == (1, 0, 0)
    leg = (700**2 + 300**2) ** 0.5, (300**2 + 300**2) ** 0.5
    # metres on the ground and in the projection differ by a little
    assert there.detour_m == pytest.approx(sum(leg) - 1_000, rel=0.01)
    assert there.share == pytest.approx(leg[0] / sum(leg), abs=0.002)
    assert back.share == pytest.approx(1 - there.share, abs=1e-9)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"stop_id": "A"}, "already"),
        ({"lon": 200.0}, "no place on earth"),
        ({"dwell_s": -1}, "negative"),
        ({"route_ids": ["Q"]}, "'Q' is not in the timetable"),
    ],
)
def test_stops_that_cannot_be_added(options, words):
    given = {"stop_id": "X", "lon": 9.0, "lat": 0.0} | options
    with pytest.raises(InputError, match=words):
        add_stop(town(), given.pop("stop_id"), **given)
