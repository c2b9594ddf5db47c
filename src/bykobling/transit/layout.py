"""A timetable laid out as the kernels take it, forwards or backwards in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.network.ends import fixed
from bykobling.timetable.build import trips_in
from bykobling.timetable.change import with_trips
from bykobling.timetable.trips import Trips

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bykobling.timetable.model import Timetable


@dataclass(frozen=True, eq=False)
class Layout:
    """What the search reads, and the scratch it needs.

    Parameters
    ----------
    tables : tuple of array
        As `bykobling._kernels.transit.search_window` lists them, from ``board_ptr`` to ``stay_trip``.
    scratch : callable
        Makes the scratch of one thread for a number of rounds and of departures.
    """

    tables: tuple[NDArray[Any], ...]
    scratch: Callable[[int, int], tuple[NDArray[Any], ...]]


def lay_out(timetable: Timetable, first_s: float, last_s: float) -> Layout:
    """Lay out the trips that run in a span of time.

    Parameters
    ----------
    timetable : Timetable
        All trips.
    first_s, last_s : float
        Trips that end before the span or start after it are left out.

    Returns
    -------
    Layout
    """
    trips = trips_in(timetable)
    begin, end = trips.departure_s[trips.first[:-1]], trips.arrival_s[trips.first[1:] - 1]
    running = np.flatnonzero((end >= first_s) & (begin <= last_s))
    if len(running) < len(trips):
        timetable = with_trips(timetable, trips.take(running))
    stops, patterns = timetable.stop_count, timetable.pattern_count
    lengths = np.diff(timetable.pattern_first)
    positions = len(timetable.pattern_stop)
    at_pattern = np.repeat(np.arange(patterns), lengths)
    counts = np.diff(timetable.pattern_trip)
    leave_ptr = np.zeros(positions + 1, np.int64)
    np.cumsum(counts[at_pattern], out=leave_ptr[1:])
    trip_pattern = timetable.trip_pattern
    trip = np.repeat(np.arange(timetable.trip_count), np.diff(timetable.trip_call))
    at = timetable.pattern_first[trip_pattern[trip]] + np.arange(len(trip)) - timetable.trip_call[trip]
    leave_s = timetable.departure_s[np.argsort(at, kind="stable")]
    is_last = np.zeros(positions, bool)
    is_last[timetable.pattern_first[1:] - 1] = True
    board = np.flatnonzero(timetable.pickup & ~is_last)
    board = board[np.argsort(timetable.pattern_stop[board], kind="stable")]
    board_ptr = np.zeros(stops + 1, np.int64)
    np.cumsum(np.bincount(timetable.pattern_stop[board], minlength=stops), out=board_ptr[1:])
    tables = (
        fixed(board_ptr, np.int64),
        fixed(board, np.int32),
        fixed(at_pattern, np.int32),
        fixed(timetable.pattern_first, np.int64),
        fixed(timetable.pattern_trip, np.int64),
        fixed(timetable.pattern_stop, np.int32),
        fixed(timetable.drop_off, np.bool_),
        fixed(leave_ptr, np.int64),
        fixed(leave_s, np.int32),
        fixed(timetable.trip_call, np.int64),
        fixed(timetable.arrival_s, np.int32),
        fixed(trip_pattern, np.int32),
        fixed(timetable.stay_ptr, np.int64),
        fixed(timetable.stay_trip, np.int32),
    )
    trip_count, stay_count = timetable.trip_count, len(timetable.stay_trip)

    def scratch(rounds: int, departures: int) -> tuple[NDArray[Any], ...]:
        return (
            np.empty((rounds, stops), np.int32),
            np.empty((rounds, stops), np.int32),
            np.empty((rounds, positions), np.int32),
            np.empty((rounds, trip_count), np.int32),
            np.empty((rounds, trip_count), np.bool_),
            np.empty(positions + stay_count + 1, np.int32),
            np.empty(positions + stay_count + 1, np.int32),
            np.empty(stops, np.int32),
            np.zeros(stops, np.bool_),
            np.empty(stops, np.int32),
            np.zeros(stops, np.bool_),
            np.empty(stops, np.int32),
            np.zeros(stops, np.bool_),
            np.empty((stops, departures), np.float32),
            np.empty(stops, np.float32),
        )

    return Layout(tables, scratch)


def backwards(timetable: Timetable) -> Timetable:
    """Turn time round: what leaves at t arrives at -t, and who gets on gets off.

    Parameters
    ----------
    timetable : Timetable
        Not changed.

    Returns
    -------
    Timetable
        Its trips alone are turned; transfers and links are not.
    """
    trips = trips_in(timetable)
    lengths = np.diff(trips.first)
    last = np.repeat(trips.first[1:] - 1, lengths)
    turned = last - (np.arange(len(trips.stop)) - np.repeat(trips.first[:-1], lengths))
    return with_trips(
        timetable,
        Trips(
            first=trips.first,
            stop=trips.stop[turned],
            arrival_s=-trips.departure_s[turned],
            departure_s=-trips.arrival_s[turned],
            pickup=trips.drop_off[turned],
            drop_off=trips.pickup[turned],
            route=trips.route,
            trip_id=trips.trip_id,
            direction=trips.direction,
            headway_based=trips.headway_based,
            stays=trips.stays[:, ::-1].copy(),
        ),
    )
