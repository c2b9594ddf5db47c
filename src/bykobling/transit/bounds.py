"""How soon one can be at stops at best: a bound that waits for nothing, to tell who cannot be touched by a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.timetable.model import Timetable
    from bykobling.transit.ends import Rows


def least_seconds(
    timetable: Timetable, walks: Rows, after_stop_s: NDArray[np.float64], *, first_s: float, last_s: float
) -> NDArray[np.float64]:
    """Bound from below the seconds from being ready to board at a stop until something that begins at stops is done.

    Parameters
    ----------
    timetable : Timetable
        All trips.
    walks : tuple of array
        Changes from each stop, ``(ptr, stop, seconds)``.
    after_stop_s : array of float64 (S,)
        Seconds it takes from getting off at each stop; inf where it does not begin there.
    first_s, last_s : float
        Rides that begin before or end after are left out.

    Returns
    -------
    array of float64 (S,)
        Inf where no ride leads there. No journey with at least one ride takes less: every stretch is ridden in the
        least time of its pattern, and no vehicle is waited for.
    """
    stops, positions = timetable.stop_count, len(timetable.pattern_stop)
    # nodes: ready at a stop, got off at a stop, leaving a position, come to a position, and the end of it all
    off, leave, come, end = stops, 2 * stops, 2 * stops + positions, 2 * stops + 2 * positions
    at = np.arange(positions)
    is_last = np.zeros(positions, bool)
    is_last[timetable.pattern_first[1:] - 1] = True
    stop = timetable.pattern_stop.astype(np.int64)
    ride_s, stand_s = _least_of_patterns(timetable, first_s, last_s)
    on, gets_off = at[timetable.pickup & ~is_last], at[timetable.drop_off]
    moves = at[~is_last]
    change_from = np.repeat(np.arange(stops), np.diff(walks[0]))
    before, after = _stays(timetable)
    begins = np.flatnonzero(np.isfinite(after_stop_s))
    parts = [
        (stop[on], leave + on, np.zeros(len(on))),
        (leave + moves, come + moves + 1, ride_s[moves]),
        (come + at, leave + at, stand_s),
        (come + gets_off, off + stop[gets_off], np.zeros(len(gets_off))),
        (off + change_from, walks[1].astype(np.int64), walks[2].astype(np.float64)),
        (come + before, leave + after, np.zeros(len(before))),
        (off + begins, np.full(len(begins), end), after_stop_s[begins]),
    ]
    tail, head, seconds = (np.concatenate([part[k] for part in parts]) for k in range(3))
    use = np.isfinite(seconds)
    # turned round: from the end to whoever comes there
    graph = csr_array((seconds[use], (head[use], tail[use])), shape=(end + 1, end + 1))
    return np.asarray(dijkstra(graph, indices=end)[:stops])


def _least_of_patterns(
    timetable: Timetable, first_s: float, last_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find the least seconds from each position to the next, and of standing at each, of the trips that run then."""
    positions = len(timetable.pattern_stop)
    lengths = np.diff(timetable.trip_call)
    trip = np.repeat(np.arange(timetable.trip_count), lengths)
    within = np.arange(len(trip)) - timetable.trip_call[trip]
    at = timetable.pattern_first[timetable.trip_pattern[trip]] + within
    ride_s, stand_s = np.full(positions, np.inf), np.full(positions, np.inf)
    here = np.flatnonzero(within < lengths[trip] - 1)
    gone_s, there_s = timetable.departure_s[here], timetable.arrival_s[here + 1]
    runs = (gone_s >= first_s) & (there_s <= last_s)
    np.minimum.at(ride_s, at[here[runs]], (there_s - gone_s)[runs].astype(np.float64))
    np.minimum.at(stand_s, at, (timetable.departure_s - timetable.arrival_s).astype(np.float64))
    return np.maximum(ride_s, 0.0), np.maximum(stand_s, 0.0)


def _stays(timetable: Timetable) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List the positions between which one may stay seated: the last of a pattern, the first of another; each once."""
    trip = np.repeat(np.arange(timetable.trip_count), np.diff(timetable.stay_ptr))
    last = timetable.pattern_first[timetable.trip_pattern[trip] + 1] - 1
    first = timetable.pattern_first[timetable.trip_pattern[timetable.stay_trip]]
    pairs = np.unique(np.column_stack([last, first]), axis=0).astype(np.int64)
    return pairs[:, 0], pairs[:, 1]
