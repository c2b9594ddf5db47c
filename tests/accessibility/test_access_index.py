"""PTAL by hand, by the shared worked case and against loops over loops.

::

    0        320       640       960  1000            2000  m
    home      A         B         C     D               E       y = 0
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.accessibility import PTAL_BANDS, ptal, ptal_band, ptal_of_rows
from bykobling.accessibility.access_index import PTAL_RULES
from bykobling.errors import InputError
from bykobling.gtfs.schema import MODE_OF_HUNDRED, MODES
from bykobling.indicators import indicator_of
from bykobling.network import Network
from bykobling.transit import Window, transit_network
from tests.accessibility.test_service import plain_places, random_case
from tests.accessibility.timetables import every, timetable_of
from tests.toys import points_layer, streets_table

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden" / "ptal" / "ptal_derived.json"
STREET = Network.from_streets(streets_table([((0, 0), (1000, 0)), ((1000, 0), (2000, 0)), ((0, 0), (-2000, 0))]))
STOPS = {name: (x, 0.0) for name, x in zip("ABCDE", (320, 640, 960, 1000, 2000), strict=True)}


def edf(metres, per_hour, reliability_min):
    return 30 / (metres / 80 + 30 / per_hour + reliability_min)


def peak(minutes, route, calls, **options):
    """Make trips from 08:15 until before 09:15."""
    return every(minutes, route, calls, **{"first": "08:15", "last": "09:14", **options})


def index_at(x, routes, trips, **options):
    transit = transit_network(STREET, timetable_of(STOPS, routes, trips))
    return ptal(transit, points_layer([(x, 0)]), **options)["ptal_ai"].item()


@pytest.mark.real
def test_the_worked_case():
    if not GOLDEN.exists():
        pytest.skip(f"{GOLDEN} is not there")
    case = json.loads(GOLDEN.read_text(encoding="utf-8"))
    table = pd.DataFrame(case["rows"], columns=case["columns"])
    modes = ["bus", "rail", "subway"]
    numbers = table["mode"].replace({"tube": "subway"}).map(modes.index)
    routes = pd.factorize(table["route"])[0]
    index = ptal_of_rows([0] * len(table), routes, numbers, table["dist_m"], table["freq_vph"], modes=modes, homes=1)
    assert index[0] == pytest.approx(case["AI"], rel=1e-12)
    assert ptal_band(index).tolist() == [case["band"]]
    # each route alone is its own EDF
    alone = ptal_of_rows(range(6), routes, numbers, table["dist_m"], table["freq_vph"], modes=modes, homes=6)
    np.testing.assert_allclose(alone, table["edf"], rtol=1e-12)
    uppers = case["bands_upper"]
    assert ptal_band(list(uppers.values())).tolist() == list(uppers)
    assert ptal_band([value + 0.01 for value in uppers.values()]).tolist() == [*list(uppers)[1:], "6b"]


def test_one_bus():
    # six an hour, 4 minutes away: 30 / (4 + 5 + 2)
    assert index_at(0, {"1": "bus"}, peak(10, "1", "A 0, E 9")) == pytest.approx(30 / 11, rel=1e-6)


def test_the_best_of_a_mode_counts_whole_and_the_others_half_and_modes_add_up():
    routes = {"1": "bus", "2": "trolleybus", "S": "rail", "M": "subway", "T": "tram", "C": "coach", "X": "taxi"}
    trips = [each for route in routes for each in peak(10, route, "A 0, E 9")]
    bus, rail = edf(320, 6, 2.0), edf(320, 6, 0.75)
    assert index_at(0, routes, trips) == pytest.approx(1.5 * bus + 3 * rail, rel=1e-6)


def test_a_route_counts_once_at_its_best_stop_in_its_better_direction():
    trips = [
        *peak(30, "1", "A 0, E 9"),
        *peak(15, "1", "E 0, A 9, B 10", direction=1),
        # twelve an hour, but from 640 m
        *peak(5, "1", "B 0, E 9"),
    ]
    # the farther stop serves better, though the other direction of the nearer is better than this one's
    assert edf(640, 12, 2) > edf(320, 4, 2) > edf(320, 2, 2)
    assert index_at(0, {"1": "bus"}, trips) == pytest.approx(edf(640, 12, 2), rel=1e-6)
    assert index_at(-1, {"1": "bus"}, trips) == pytest.approx(edf(321, 4, 2), rel=1e-6)


def test_one_walks_640_m_to_a_bus_and_960_m_to_a_train_and_not_a_metre_more():
    for mode, stop, metres, reliability in (("bus", "B", 640, 2), ("tram", "C", 960, 0.75), ("ferry", "B", 640, 2)):
        trips = peak(10, "1", f"{stop} 0, E 9")
        assert index_at(0, {"1": mode}, trips) == pytest.approx(edf(metres, 6, reliability), rel=1e-6)
        assert index_at(-1, {"1": mode}, trips) == 0


def test_steps_and_detours_count_by_their_length():
    streets = streets_table([((0, 0), (0, 240)), ((0, 240), (100, 240), {"steps": True})])
    timetable = timetable_of({"A": (100, 240), "E": (0, 0)}, {"1": "bus"}, peak(10, "1", "A 0, E 9"))
    found = ptal(transit_network(Network.from_streets(streets), timetable), points_layer([(0, 0)]))
    assert found["ptal_ai"].item() == pytest.approx(edf(340, 6, 2), rel=1e-6)


def test_the_window_is_the_morning_peak_and_told_by_the_hour():
    trips = peak(10, "1", "A 0, E 9") + every(1, "1", "A 0, E 9", first="07:00", last="08:14")
    trips += every(1, "1", "A 0, E 9", first="09:15", last="10:00")
    assert index_at(0, {"1": "bus"}, trips) == pytest.approx(edf(320, 6, 2), rel=1e-6)
    assert index_at(0, {"1": "bus"}, trips, window=Window("08:15", 30)) == pytest.approx(edf(320, 6, 2), rel=1e-6)
    assert index_at(0, {"1": "bus"}, trips, window=Window("11:00", 30)) == 0
    with pytest.raises(InputError, match="departures are counted"):
        index_at(0, {"1": "bus"}, trips, window=Window(arrive_by=True))


def test_homes_off_the_streets_are_missing_and_homes_without_service_have_none():
    timetable = timetable_of(STOPS, {"1": "bus"}, peak(10, "1", "A 0, E 9"))
    homes = points_layer([(0, 0), (0, 5_000), (-1_900, 0)]).set_index(pd.Index([7, 7, 3]))
    before = homes.copy()
    found = ptal(transit_network(STREET, timetable), homes)
    pd.testing.assert_frame_equal(homes, before)
    assert found.index.tolist() == [7, 7, 3]
    assert found["ptal_band"].iloc[[0, 2]].tolist() == ["1b", "0"]
    assert found.iloc[1].isna().all()
    assert found["ptal_ai"].iloc[2] == 0
    assert indicator_of("ptal_ai").better == "higher"


def test_a_timetable_without_trips_or_with_coaches_alone_serves_nobody():
    assert index_at(0, {"1": "bus"}, []) == 0
    assert index_at(0, {"1": "coach"}, peak(10, "1", "A 0, E 9")) == 0


def test_every_mode_of_a_feed_is_known_or_left_out_on_purpose():
    modes = set(MODES.values()) | set(MODE_OF_HUNDRED.values())
    assert modes - set(PTAL_RULES) == {"coach", "taxi"}
    assert set(PTAL_RULES) <= modes


def test_bands_are_in_order():
    index = np.linspace(0, 50, 5_001)
    bands = ptal_band(index).tolist()
    assert list(dict.fromkeys(bands)) == list(PTAL_BANDS)
    assert bands == sorted(bands, key=PTAL_BANDS.index)
    assert ptal_band([2.5 + 1e-12]).tolist() == ["1a"]


ROWS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 5), st.floats(0, 1_200), st.one_of(st.just(0.0), st.floats(0.5, 60))),
    max_size=25,
)
MODES_OF_ROUTES = ["bus", "bus", "trolleybus", "rail", "rail", "taxi"]


def index_of(rows):
    home, route, metres, per_hour = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
    return ptal_of_rows(home, route, route, metres, per_hour, modes=MODES_OF_ROUTES, homes=3)


@given(ROWS, st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_rows_come_in_any_order_and_another_one_never_harms(rows, random):
    mixed = random.sample(rows, len(rows))
    np.testing.assert_allclose(index_of(mixed), index_of(rows), rtol=1e-12)
    if rows:
        assert (index_of(rows[:-1]) <= index_of(rows) + 1e-12).all()


@given(ROWS)
@settings(max_examples=100, deadline=None)
def test_the_rows_against_loops(rows):
    limits = {"bus": (640, 2.0), "trolleybus": (640, 2.0), "rail": (960, 0.75)}
    expected = []
    for home in range(3):
        kinds = {}
        for at, route, metres, per_hour in rows:
            mode = MODES_OF_ROUTES[route]
            if at == home and mode in limits and metres <= limits[mode][0] and per_hour > 0:
                routes = kinds.setdefault(mode.removeprefix("trolley"), {})
                routes[route] = max(routes.get(route, 0), edf(metres, per_hour, limits[mode][1]))
        values = [sorted(routes.values(), reverse=True) for routes in kinds.values()]
        expected.append(sum(one[0] + 0.5 * sum(one[1:]) for one in values))
    np.testing.assert_allclose(index_of(rows), expected, rtol=1e-12)


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_towns_against_loops(seed):
    transit, homes, snapped, metres = random_case(seed)
    first = transit.timetable.seconds_at("07:30")
    found = ptal(transit, homes, window=Window("07:30", 90))
    kinds = {"bus": "bus", "trolleybus": "bus", "rail": "rail", "subway": "subway", "tram": "tram"}
    for i, places in enumerate(plain_places(transit, first, first + 5400, metres)):
        if not snapped.linked[i]:
            assert np.isnan(found["ptal_ai"].iloc[i])
            continue
        routes = {}
        for (_, mode), (walk_m, lines) in places.items():
            kind = kinds.get(mode)
            if kind is None or walk_m > (640 if kind == "bus" else 960):
                continue
            for (route, _), trips in lines.items():
                mine = routes.setdefault(kind, {})
                value = edf(walk_m, len(trips) / 1.5, 2.0 if kind == "bus" else 0.75)
                mine[route] = max(mine.get(route, 0), value)
        total = sum(0.5 * (sum(mine.values()) + max(mine.values())) for mine in routes.values())
        assert found["ptal_ai"].iloc[i] == pytest.approx(total, rel=1e-5)
        assert found["ptal_band"].iloc[i] == ptal_band([found["ptal_ai"].iloc[i]])[0]
