"""A timetable laid out as the kernels take it, forwards or backwards in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._kernels.threads import in_chunks
from bykobling._kernels.transit import NEVER
from bykobling._kernels.trip_changes import trip_changes
from bykobling.network.ends import fixed
from bykobling.timetable.build import trips_in
from bykobling.timetable.change import with_trips
from bykobling.timetable.trips import Trips

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.timetable.model import Timetable
    from bykobling.transit.ends import Rows

_CHUNK = 64
"""Trips between two looks at progress."""


@dataclass(frozen=True, eq=False)
class Layout:
    """What the search reads, and the scratch it needs.

    Parameters
    ----------
    tables : tuple of array
        As `bykobling._kernels.transit.search_window` lists them, from ``board_ptr`` to ``stay_trip``.
    changes : tuple of array
        ``change_ptr``, ``change_trip``, ``change_at``.
    scratch : callable
        Makes the scratch of one thread for a number of rounds and of departures.
    """

    tables: tuple[NDArray[Any], ...]
    changes: tuple[NDArray[Any], ...]
    scratch: Callable[[int, int], tuple[NDArray[Any], ...]]


def lay_out(
    timetable: Timetable, walks: Rows, first_s: float, last_s: float, *, progress: Progress | None = None
) -> Layout:
    """Lay out the trips that run in a span of time.

    Parameters
    ----------
    timetable : Timetable
        All trips.
    walks : tuple of array
        ``(ptr, stop, seconds)``: changes from each stop.
    first_s, last_s : float
        Trips that end before the span or start after it are left out.
    progress : callable, optional
        ``progress(done, total, message)``.

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
    changes = _changes(tables, _nearest_first(walks), stops, progress)
    trip_count, call_count, stay_count = timetable.trip_count, len(trip), len(timetable.stay_trip)

    def scratch(rounds: int, departures: int) -> tuple[NDArray[Any], ...]:
        # each trip is queued once for every position at most, and once for every trip one may stay seated from
        queue = call_count + stay_count + 1
        return (
            np.empty(stops, np.int32),
            np.empty(positions, np.int32),
            np.empty((rounds, trip_count), np.int32),
            np.empty((rounds, trip_count), np.bool_),
            np.empty((2, queue), np.int32),
            np.empty((2, queue), np.int32),
            np.empty((2, queue), np.int32),
            np.empty(stops, np.int32),
            np.zeros(stops, np.bool_),
            np.empty((stops, departures), np.float32),
            np.empty(stops, np.float32),
        )

    return Layout(tables, changes, scratch)


def _nearest_first(walks: Rows) -> Rows:
    """Order the changes from each stop by time: what is near is mostly best, and the rest is then soon dismissed."""
    pointer, to, seconds = walks
    row = np.repeat(np.arange(len(pointer) - 1), np.diff(pointer))
    order = np.lexsort((to, seconds, row))
    return pointer, fixed(to[order], np.int32), fixed(seconds[order], np.int32)


def _changes(
    tables: tuple[NDArray[Any], ...], walks: Rows, stops: int, progress: Progress | None
) -> tuple[NDArray[Any], ...]:
    """Find the trips worth changing to after each call, as compressed rows."""
    trip_call, trip_pattern = tables[9], tables[11]
    patterns, trips = len(tables[4]) - 1, len(trip_pattern)
    count = np.zeros(int(trip_call[-1]), np.int64)
    found: dict[int, tuple[NDArray[np.int32], NDArray[np.int32]]] = {}

    def make() -> tuple[NDArray[Any], ...]:
        seen = [np.empty(patterns, np.int64) for _ in range(2)]
        known = np.full(stops, NEVER, np.int32)
        return known, np.empty(stops, np.int32), *seen, np.full(patterns, -1, np.int64)

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, *tables[:-1], *walks, *mine, count)
        found[start] = trip_changes(*arguments)

    in_chunks(work, trips, scratch=make, progress=progress, message="changes", chunk=_CHUNK)
    pointer = np.zeros(len(count) + 1, np.int64)
    np.cumsum(count, out=pointer[1:])
    trip, at = (
        np.concatenate([found[start][part] for start in sorted(found)]) if found else np.empty(0, np.int32)
        for part in range(2)
    )
    # they were listed from the last call of each trip to the first
    calls = (
        np.repeat(trip_call[1:], np.diff(trip_call))
        - 1
        - (np.arange(len(count)) - np.repeat(trip_call[:-1], np.diff(trip_call)))
    )
    listed = np.zeros(len(count) + 1, np.int64)
    np.cumsum(count[calls], out=listed[1:])
    begin = np.empty(len(count), np.int64)
    begin[calls] = listed[:-1]
    order = np.arange(pointer[-1]) + np.repeat(begin - pointer[:-1], count)
    return fixed(pointer, np.int64), fixed(trip[order], np.int32), fixed(at[order], np.int32)


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
