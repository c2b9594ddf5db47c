"""The bound of journeys that waits for nothing, against every journey there is; and tables of walks."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.transit import travel_time_every_departure
from bykobling.transit.bounds import least_seconds
from bykobling.transit.ends import direct_rows
from bykobling.transit.rows import below, differing, full_rows, take_rows
from bykobling.transit.search import JourneyEnds

from .drawn_towns import Draw, draw_places, draw_town
from .test_against_oracle import relaxed, seeds, snapped, window_of

COUNT = 3


def bounds(transit, window, origins, destinations):
    """Bound the seconds between all pairs: the walk, or the walk to a stop and what is left at best."""
    ends = JourneyEnds(transit, backward=False)
    access, egress, direct = ends.near(origins), ends.far(destinations), direct_rows(transit, origins, destinations)
    first_s = transit.timetable.seconds_at(window.first)
    last_s = first_s + (window.count - 1) * window.every_s + 60 * transit.settings.max_trip_min
    least = np.full((len(origins), len(destinations)), np.inf)
    rows = np.repeat(np.arange(len(origins)), np.diff(direct[0]))
    least[rows, direct[1]] = direct[2]
    walks = transit.walk_ptr, transit.walk_to, transit.walk_s
    for d in range(len(destinations)):
        mine = slice(egress[0][d], egress[0][d + 1])
        after_s = np.full(transit.timetable.stop_count, np.inf)
        after_s[egress[1][mine]] = egress[2][mine]
        left_s = least_seconds(transit.timetable, walks, after_s, first_s=first_s, last_s=last_s)
        rows = np.repeat(np.arange(len(origins)), np.diff(access[0]))
        np.minimum.at(least[:, d], rows, access[2] + left_s[access[1]])
    return least


@relaxed
@given(seed=seeds, seated=st.booleans())
def test_no_journey_is_quicker_than_the_bound(seed, seated):
    draw = Draw.seeded(seed)
    transit, plain = draw_town(draw, seated=seated)
    window, _ = window_of(draw)
    origins, destinations = (snapped(draw_places(draw, COUNT, plain)) for _ in range(2))
    found = travel_time_every_departure(transit, origins, destinations, window=window)
    assert (found.min(axis=2) >= bounds(transit, window, origins, destinations)).all()


def test_the_bound_is_what_a_journey_takes_whose_vehicles_leave_at_once():
    """Of many towns: were the bound 0 everywhere the test above would hold too."""
    kept = ridden = 0
    for seed in range(300):
        draw = Draw.seeded(seed)
        transit, plain = draw_town(draw)
        window, _ = window_of(draw)
        origins, destinations = (snapped(draw_places(draw, COUNT, plain)) for _ in range(2))
        found = travel_time_every_departure(transit, origins, destinations, window=window).min(axis=2)
        least = bounds(transit, window, origins, destinations)
        walks = direct_rows(transit, origins, destinations)
        on_foot = np.full(found.shape, np.inf)
        on_foot[np.repeat(np.arange(COUNT), np.diff(walks[0])), walks[1]] = walks[2]
        rides = np.isfinite(found) & (found < on_foot)
        ridden += rides.sum()
        kept += (least[rides] > 0.5 * found[rides]).sum()
    assert ridden > 30
    assert kept > 0.5 * ridden


tables = st.lists(st.dictionaries(st.integers(0, 5), st.integers(0, 3), max_size=4), min_size=1, max_size=5)


def as_rows(table):
    pointer = np.cumsum([0, *(len(row) for row in table)])
    pairs = [(number, row[number]) for row in table for number in sorted(row)]
    return pointer, np.array([a for a, _ in pairs], np.int32), np.array([b for _, b in pairs], np.int32)


def as_dicts(rows):
    pointer, number, seconds = rows
    parts = [slice(a, b) for a, b in pairwise(pointer)]
    return [dict(zip(number[part].tolist(), seconds[part].tolist(), strict=True)) for part in parts]


@settings(deadline=None)
@given(first=tables, second=tables)
def test_tables_differ_where_they_do(first, second):
    size = min(len(first), len(second))
    first, second = first[:size], second[:size]
    expected = {
        (row, number): min(each[number] for each in (first[row], second[row]) if number in each)
        for row in range(size)
        for number in first[row] | second[row]
        if first[row].get(number) != second[row].get(number)
    }
    row, number, seconds = differing(as_rows(first), as_rows(second))
    assert dict(zip(zip(row.tolist(), number.tolist(), strict=True), seconds.tolist(), strict=True)) == expected


@settings(deadline=None)
@given(table=tables, other=tables, data=st.data())
def test_rows_of_tables(table, other, data):
    chosen = data.draw(st.lists(st.integers(0, len(table) - 1), max_size=6))
    taken = take_rows(as_rows(table), np.array(chosen, np.int64))
    assert as_dicts(taken) == [table[row] for row in chosen]
    assert as_dicts(below(as_rows(table), as_rows(other))) == [*table, *other]
    full = np.full((len(table), 6), np.inf, np.float32)
    for row, each in enumerate(table):
        full[row, list(each)] = list(each.values())
    assert as_dicts(full_rows(full)) == table
