"""What leaves near home, on a street one can pace out.

::

    0    100   200   300   400   500   600              1000  m
    home  A     B     C     D     E                      F        y = 0
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.accessibility import departures_per_hour, stops_within
from bykobling.accessibility.lines import directions
from bykobling.errors import CrsError, InputError
from bykobling.indicators import indicator_of
from bykobling.network import Network, by_length, travel_time_matrix
from bykobling.network.snapping import make_snap
from bykobling.transit import Window, transit_network
from tests.accessibility.timetables import every, plain_calls, random_transit, timetable_of, trip
from tests.network.streets import random_streets
from tests.toys import CRS, points_layer, streets_table

STREET = Network.from_streets(streets_table([((0, 0), (500, 0)), ((500, 0), (1000, 0)), ((1000, 0), (2000, 0))]))
STOPS = {name: (x, 0.0) for name, x in zip("ABCDEF", (100, 200, 300, 400, 500, 1000), strict=True)}
HOUR = Window("07:00", 60)


def at(rows, stop, mode="bus"):
    (found,) = rows[(rows["stop_id"] == stop) & (rows["mode"] == mode)].to_dict("records")
    return found


def hung(timetable):
    return transit_network(STREET, timetable)


def homes_at(*places, **columns):
    return points_layer(places, **columns).set_index(pd.Index([f"home {i}" for i in range(len(places))], name="id"))


# departures at stops


def test_a_window_counts_from_its_first_second_to_before_its_end():
    trips = [trip("1", f"A {clock}, B 9:30") for clock in ("06:59", "07:00", "08:59", "09:00")]
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, trips))
    assert at(rows, "A")["departures_per_hour"] == 1.0
    longer = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, trips), window=Window("06:30", 180))
    assert at(longer, "A")["departures_per_hour"] == pytest.approx(4 / 3)


def test_nothing_leaves_where_a_trip_ends_or_nobody_may_get_on():
    trips = [trip("1", "A 07:00, B 07:05, C 07:10", no_pickup=(1,))]
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, trips))
    assert rows["stop_id"].tolist() == ["A"]


def test_a_stop_served_at_another_time_of_day_is_told_with_nothing():
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, [trip("1", "A 12:00, B 12:05")]))
    assert at(rows, "A") == {
        "stop_id": "A", "stop_name": "Stop A", "lon": rows["lon"][0], "lat": rows["lat"][0], "mode": "bus",
        "departures_per_hour": 0.0, "routes": "", "assumed": False,
    }  # fmt: skip


def test_past_midnight_is_the_end_of_the_day():
    trips = [trip("1", "A 23:50, B 24:20"), trip("1", "B 24:29, A 24:40"), trip("1", "B 24:30, A 24:41")]
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, trips), window=Window("23:30", 60))
    assert at(rows, "A")["departures_per_hour"] == 1
    assert at(rows, "B")["departures_per_hour"] == 1


def test_a_trip_that_comes_round_twice_counts_once():
    rows = departures_per_hour(
        timetable_of(STOPS, {"1": "bus"}, [trip("1", "A 07:00, B 07:05, A 07:10, C 07:15")]), window=HOUR
    )
    assert at(rows, "A")["departures_per_hour"] == 1
    # the first time round is before the window
    late = departures_per_hour(
        timetable_of(STOPS, {"1": "bus"}, [trip("1", "A 06:55, B 07:05, A 07:10, C 07:15")]), window=HOUR
    )
    assert at(late, "A")["departures_per_hour"] == 1


def test_modes_names_and_promises():
    routes = {"10": "bus", "2A": "bus", "2": "bus", "_Airport shuttle": "bus", "M1": "subway"}
    trips = [trip(route, "A 07:00, B 07:05") for route in routes]
    trips += [trip("10", "A 07:10, B 07:15"), trip("10", "B 07:15, C 07:20", headway=True)]
    rows = departures_per_hour(timetable_of(STOPS, routes, trips), window=HOUR)
    assert list(zip(rows["stop_id"], rows["mode"], strict=True)) == [("A", "bus"), ("A", "subway"), ("B", "bus")]
    assert at(rows, "A")["routes"] == "2, 2A, 10, Airport shuttle"
    assert at(rows, "A")["departures_per_hour"] == 5
    assert at(rows, "A", "subway")["routes"] == "M1"
    assert rows["assumed"].tolist() == [False, False, True]


def test_copies_of_a_stop_are_one_stop():
    trips = [trip("1", "A 07:00, F 07:09"), trip("2", "B 07:05, F 07:14")]
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus", "2": "bus"}, trips, ids={"B": "A"}), window=HOUR)
    assert rows["stop_id"].tolist() == ["A"]
    assert at(rows, "A")["departures_per_hour"] == 2
    assert at(rows, "A")["routes"] == "1, 2"
    both = timetable_of(STOPS, {"1": "bus"}, [trip("1", "A 07:00, B 07:05, F 07:09")], ids={"B": "A"})
    assert at(departures_per_hour(both, window=HOUR), "A")["departures_per_hour"] == 1


def test_a_day_without_departures_has_no_rows():
    rows = departures_per_hour(timetable_of(STOPS, {"1": "bus"}, []))
    assert len(rows) == 0
    assert "departures_per_hour" in rows


# directions


def test_trips_of_unknown_direction_run_with_or_against_the_longest():
    calls = ["A 7:00, F 7:09", "F 7:00, A 7:09", "B 7:00, C 7:09", "D 7:00, B 7:09"]
    timetable = timetable_of(STOPS, {"1": "bus"}, [trip("1", each, direction=-1) for each in calls])
    ways = dict(zip(timetable.trip_id, directions(timetable), strict=True))
    assert ways["t0"] == ways["t2"]
    assert ways["t1"] == ways["t3"] == 1 - ways["t0"]


def test_a_known_direction_is_kept_and_leads_the_others():
    trips = [trip("1", "B 7:00, C 7:09", direction=1), trip("1", "F 7:00, A 7:09", direction=-1)]
    trips += [trip("1", "A 8:00, F 8:09", direction=-1), trip("1", "A 9:00, B 9:04, A 9:09", direction=-1)]
    timetable = timetable_of(STOPS, {"1": "bus"}, trips)
    assert dict(zip(timetable.trip_id, directions(timetable), strict=True)) == {"t0": 1, "t1": 0, "t2": 1, "t3": 1}


# stops within a walk


def test_a_bus_that_calls_four_times_nearby_comes_once():
    timetable = timetable_of(STOPS, {"1": "bus"}, every(15, "1", "A 0, B 1, C 2, D 3, E 4, F 5"))
    found = stops_within(hung(timetable), homes_at((0, 0)))
    assert found.to_dict("records") == [
        {"stops_400m": 4, "departures_per_hour_400m": 4, "departures_per_hour_400m_bus": 4}
    ]


def test_both_directions_and_every_line_count_and_each_where_it_leaves_most_often():
    trips = [
        *every(15, "1", "A 0, B 1, F 5"),
        *every(20, "1", "F 0, B 4, A 5", direction=1),
        # twice as many from the farther stop
        *every(30, "1", "D 0, F 5"),
        *every(10, "2", "D 0, F 5"),
        *every(30, "M", "A 0, F 5"),
    ]
    timetable = timetable_of(STOPS, {"1": "bus", "2": "bus", "M": "subway", "F": "ferry"}, trips)
    (found,) = stops_within(hung(timetable), homes_at((0, 0))).to_dict("records")
    assert found == {
        "stops_400m": 3,
        "departures_per_hour_400m": 4 + 3 + 6 + 2,
        "departures_per_hour_400m_bus": 4 + 3 + 6,
        "departures_per_hour_400m_rail": 2,
    }


def test_a_train_whose_direction_the_feed_leaves_open_does_not_come_twice_as_often():
    trips = every(15, "S", "A 0, D 5, F 9", direction=-1) + every(15, "S", "F 0, D 4, A 9", direction=-1)
    timetable = timetable_of(STOPS, {"S": "rail"}, trips)
    found = stops_within(hung(timetable), homes_at((400, 0)), radius_m=50)
    assert found["departures_per_hour_50m_rail"].tolist() == [8]


def test_the_platforms_of_a_station_are_one_place():
    trips = every(20, "S", "A 0, F 9") + every(20, "S", "B 0, F 9", first="07:10") + every(20, "5", "C 0, F 9")
    timetable = timetable_of(STOPS, {"S": "rail", "5": "bus"}, trips, stations={"A": 7, "B": 7, "C": 7})
    apart = timetable_of(STOPS, {"S": "rail", "5": "bus"}, trips)
    # only platform A is within the walk; the bus leaves 300 m away
    (found,) = stops_within(hung(timetable), homes_at((0, 0)), radius_m=120).to_dict("records")
    assert found == {"stops_120m": 1, "departures_per_hour_120m": 6, "departures_per_hour_120m_bus": 0,
                     "departures_per_hour_120m_rail": 6}  # fmt: skip
    (found,) = stops_within(hung(timetable), homes_at((0, 0))).to_dict("records")
    assert (found["stops_400m"], found["departures_per_hour_400m"]) == (1, 9)
    (found,) = stops_within(hung(apart), homes_at((0, 0))).to_dict("records")
    assert (found["stops_400m"], found["departures_per_hour_400m_rail"]) == (3, 3)


def test_the_walk_is_along_the_streets_and_inclusive():
    streets = streets_table([((0, 0), (0, 300)), ((0, 300), (100, 300)), ((100, 300), (100, 0), {"steps": True})])
    timetable = timetable_of({"A": (100, 300), "B": (100, 0)}, {"1": "bus"}, every(60, "1", "A 0, B 1, A 2"))
    transit = transit_network(Network.from_streets(streets), timetable)
    homes = homes_at((0, 0), (0, 0.05))
    # steps are slow, not long
    for radius, count in ((399, 0), (400, 1), (699, 1), (700, 2)):
        assert stops_within(transit, homes.iloc[:1], radius_m=radius).iloc[0, 0] == count


def test_a_stop_counts_only_when_something_leaves():
    timetable = timetable_of(STOPS, {"1": "bus"}, every(10, "1", "A 0, B 1, C 2", first="12:00", last="13:00"))
    home = homes_at((0, 0))
    (found,) = stops_within(hung(timetable), home).to_dict("records")
    assert set(found.values()) == {0}
    (found,) = stops_within(hung(timetable), home, window=Window("12:00", 60)).to_dict("records")
    assert found["stops_400m"] == 2


def test_stations_are_entered_where_their_ways_in_are():
    links = [("A", (100, 0), np.inf, 30.0), ("A", (1000, 0), 300.0, 300.0)]
    timetable = timetable_of(STOPS, {"S": "rail"}, every(60, "S", "A 0, E 5"), links=links)
    found = stops_within(hung(timetable), homes_at((0, 0), (1000, 0)), radius_m=100)
    # the way out is no way in; what is walked inside is no street
    assert found["stops_100m"].tolist() == [0, 1]


def test_homes_keep_their_index_and_those_off_the_streets_are_missing():
    timetable = timetable_of(STOPS, {"1": "bus"}, every(15, "1", "A 0, B 1, F 5"))
    homes = homes_at((0, 0), (0, 5_000), (1500, 0), name=["a", "b", "c"])
    before = homes.copy()
    found = stops_within(hung(timetable), homes)
    pd.testing.assert_frame_equal(homes, before)
    pd.testing.assert_index_equal(found.index, homes.index)
    assert found.iloc[1].isna().all()
    assert found.iloc[2].tolist() == [0, 0, 0]
    known = stops_within(hung(timetable), homes, snapped=STREET.snap(homes.geometry, max_snap_m=5_000))
    assert known.iloc[1].tolist() == [0, 0, 0]
    assert len(stops_within(hung(timetable), homes.iloc[:0])) == 0


def test_progress_is_told():
    told = []
    timetable = timetable_of(STOPS, {"1": "bus"}, every(15, "1", "A 0, F 5"))
    stops_within(hung(timetable), homes_at((0, 0)), progress=lambda *step: told.append(step))
    assert told == [(1, 1, "stops nearby")]


def test_what_cannot_be_counted_is_refused():
    timetable = timetable_of(STOPS, {"1": "bus"}, every(15, "1", "A 0, F 5"))
    transit, homes = hung(timetable), homes_at((0, 0))
    with pytest.raises(InputError, match="departures are counted"):
        departures_per_hour(timetable, window=Window(arrive_by=True))
    with pytest.raises(InputError, match="radius_m"):
        stops_within(transit, homes, radius_m=0)
    with pytest.raises(InputError, match="2 places for 1 homes"):
        stops_within(transit, homes, snapped=STREET.snap(shapely.points([(0, 0), (1, 0)])))
    with pytest.raises(CrsError):
        stops_within(transit, homes.set_crs(25833, allow_override=True))


def test_every_column_is_an_indicator_and_their_ranks_are_none():
    timetable = timetable_of(STOPS, {"1": "bus", "M": "subway"}, every(15, "1", "A 0, F 5") + every(9, "M", "A 0, F 1"))
    for name in stops_within(hung(timetable), homes_at((0, 0)), radius_m=500):
        assert indicator_of(name).name == name
        assert indicator_of(f"{name}_percentile") is None
        assert indicator_of(f"{name}_gap") is None
    assert indicator_of("departures_per_hour_500m_rail").label_da == (
        "Togafgange i timen inden for 500 m til fods, hver linje én gang"
    )


# against loops over loops


def plain_places(transit, first_s, last_s, metres):
    """Find, for each home, {(site, mode): (metres, {(route, direction): trips})} of what is entered anywhere."""
    timetable = transit.timetable
    station, modes = timetable.stops["station"], timetable.routes["mode"]
    calls = plain_calls(timetable, first_s, last_s)
    answer = []
    for row in metres:
        places = {}
        for link, stop in enumerate(timetable.link_stop):
            for called, _, route, _ in calls:
                if called == stop and np.isfinite(timetable.link_in_s[link]) and np.isfinite(row[link]):
                    site = ("station", station[stop]) if station[stop] >= 0 else ("stop", stop)
                    place = places.setdefault((site, modes[route]), [np.inf, {}])
                    place[0] = min(place[0], row[link])
        for (site, mode), place in places.items():
            for called, number, route, way in calls:
                mine = ("station", station[called]) if station[called] >= 0 else ("stop", called)
                if mine == site and modes[route] == mode:
                    place[1].setdefault((route, way), set()).add(number)
        answer.append(places)
    return answer


def random_case(seed):
    """Draw a town and tell the metres from its homes to where stops are entered."""
    network = Network.from_streets(random_streets(seed))
    transit = random_transit(network, seed)
    rng = np.random.default_rng(seed + 1)
    points = [*shapely.points(rng.uniform(0, 400, (6, 2))), shapely.Point(-900, 0)]
    homes = gpd.GeoDataFrame(geometry=points, index=list("tuvwxyz"), crs=CRS)
    metric, snapped = by_length(network), network.snap(homes.geometry)
    ends = (make_snap(metric, s.edge, s.offset_m, s.snap_m, s.reason) for s in (snapped, transit.links))
    return transit, homes, snapped, travel_time_matrix(metric, *ends) * metric.profile.speed_m_s


@given(st.integers(0, 10_000), st.sampled_from([60.0, 150.0, 400.0]))
@settings(max_examples=25, deadline=None)
def test_stops_within_are_those_of_a_plain_count(seed, radius_m):
    transit, homes, snapped, metres = random_case(seed)
    first = transit.timetable.seconds_at("07:00")
    found = stops_within(transit, homes, radius_m=radius_m)
    expected = plain_places(transit, first, first + 7200, np.where(metres <= radius_m, metres, np.inf))
    groups = {"trolleybus": "bus", "subway": "rail"}
    for i, places in enumerate(expected):
        if not snapped.linked[i]:
            assert found.iloc[i].isna().all()
            continue
        best = {}
        for (_, mode), (_, lines) in places.items():
            for line, trips in lines.items():
                key = (groups.get(mode, mode), line)
                best[key] = max(best.get(key, 0), len(trips) / 2)
        assert found.iloc[i, 0] == len({site for site, _ in places})
        assert found.iloc[i, 1] == pytest.approx(sum(best.values()))
        for column in found.columns[2:]:
            group = column.rsplit("_", 1)[1]
            assert found.iloc[i][column] == pytest.approx(sum(n for (g, _), n in best.items() if g == group))
