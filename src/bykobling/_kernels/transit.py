"""Public transport: exact earliest arrivals for every departure of a window, and what they add up to.

The search goes through the departures from the last to the first and keeps what it found (range RAPTOR; Delling,
Pajor, Werneck 2015, https://doi.org/10.1287/trsc.2014.0534). Of every trip it is known from which stop on it has been
ridden, and from every call which trips are worth changing to (trip-based routing; Witt 2015,
https://doi.org/10.1007/978-3-662-48350-3_85), so each stretch of a trip is ridden once a round, whatever the
number of departures.

Arguments shared by the kernels
-------------------------------
board_ptr, board_at : int64 (S + 1,), int32
    Positions (rows of the patterns' stops) where one can board at each stop.
at_pattern : int32 (n,)
    Pattern of each position.
pattern_first, pattern_trip : int64 (P + 1,)
    First position, first trip of each pattern.
pattern_stop, drop_off : int32, bool (n,)
    Stop of each position; whether one may get off.
leave_ptr, leave_s : int64 (n + 1,), int32
    Departures of a pattern's trips at each position, in order of trips.
trip_call, arrive_s : int64 (T + 1,), int32
    Arrivals of each trip, in order of positions.
trip_pattern : int32 (T,)
stay_ptr, stay_trip : int64 (T + 1,), int32
    Trips one may stay seated into.
change_ptr, change_trip, change_at : int64 (calls + 1,), int32, int32
    Trips worth changing to after each call, and the positions to board them at; see `trip_changes`.
first_s, every_s, count : int64
    Departures ``first_s + w * every_s`` for w below `count`.
most_s : int64
    Longest travel time.

Seconds are whole: a float would tie the answer to the order of sums.
"""

from __future__ import annotations

import numpy as np
from numba import njit

NEVER = np.int32(2_000_000_000)
NOT_REACHED = np.float32(np.inf)
STAYED = -1
"""In a queue: on board already, when the vehicle went on as this trip."""
ZERO = np.int64(0)
RIDES, STAYS = np.bool_(False), np.bool_(True)
"""A bare 0, False or True has a type of its own to numba: a function called with it is compiled once more."""


@njit(cache=True, nogil=True)
def _board(
    trip,
    board,
    stayed,
    this_round,
    rounds,
    queue_trip,
    queue_from,
    queue_to,
    queued,
    ridden_from,
    seated,
    pattern_first,
    pattern_trip,
    trip_pattern,
    stay_ptr,
    stay_trip,
):
    """Queue the stretch of a trip that has not been ridden in this round; return the length of the queue."""
    pattern = np.int64(trip_pattern[trip])
    last = pattern_trip[pattern + 1]
    if stay_ptr[last] > stay_ptr[pattern_trip[pattern]]:
        # who boards could wait for a later trip and stay seated in that one; who stayed seated could not
        for later in range(trip, trip + 1 if stayed else last):
            if seated[this_round, later]:
                continue
            for k in range(this_round, rounds):
                seated[k, later] = True
            for i in range(stay_ptr[later], stay_ptr[later + 1]):
                queue_trip[queued] = stay_trip[i]
                queue_from[queued] = STAYED
                queued += 1
    known = ridden_from[this_round, trip]
    if board < known:
        queue_trip[queued] = trip
        queue_from[queued] = board
        queue_to[queued] = min(np.int64(known), pattern_first[pattern + 1] - pattern_first[pattern] - 1)
        queued += 1
        # later trips of the pattern are nowhere earlier, so they need not be ridden from here on
        later = trip
        while later < last and ridden_from[this_round, later] > board:
            for k in range(this_round, rounds):
                ridden_from[k, later] = min(ridden_from[k, later], board)
            later += 1
    return queued


@njit(cache=True, nogil=True)
def _catch(
    stop,
    ready,
    rounds,
    queue_trip,
    queue_from,
    queue_to,
    queued,
    next_trip,
    ridden_from,
    seated,
    board_ptr,
    board_at,
    at_pattern,
    pattern_first,
    pattern_trip,
    leave_ptr,
    leave_s,
    trip_pattern,
    stay_ptr,
    stay_trip,
):
    """Board the earliest trip of every pattern that leaves a stop from a moment on, where it is a new one."""
    for i in range(board_ptr[stop], board_ptr[stop + 1]):
        at = np.int64(board_at[i])
        first = leave_ptr[at]
        trip = np.int64(next_trip[at])
        before = trip
        while trip > 0 and leave_s[first + trip - 1] >= ready:
            trip -= 1
        if trip == before:
            continue
        next_trip[at] = trip
        pattern = np.int64(at_pattern[at])
        queued = _board(pattern_trip[pattern] + trip, at - pattern_first[pattern], RIDES, ZERO, rounds, queue_trip,
                        queue_from, queue_to, queued, ridden_from, seated, pattern_first, pattern_trip, trip_pattern,
                        stay_ptr, stay_trip)  # fmt: skip
    return queued


@njit(cache=True, nogil=True)
def search_window(
    access_stop,
    access_s,
    first_s,
    every_s,
    count,
    most_s,
    rounds,
    board_ptr,
    board_at,
    at_pattern,
    pattern_first,
    pattern_trip,
    pattern_stop,
    drop_off,
    leave_ptr,
    leave_s,
    trip_call,
    arrive_s,
    trip_pattern,
    stay_ptr,
    stay_trip,
    change_ptr,
    change_trip,
    change_at,
    best_s,
    next_trip,
    ridden_from,
    seated,
    queue_trip,
    queue_from,
    queue_to,
    changed,
    is_changed,
    travel_s,
    least_s,
):
    """Fill ``travel_s[s, w]`` with seconds from leaving at departure w to arriving at stop s, inf where not reached.

    `access_stop`, `access_s`: stops one walks to first (each once), and the seconds until one is ready to board
    there. `least_s[s]` is the least of a row; rows of stops that are not reached are left as they were.
    """
    any_stay = len(stay_trip) > 0
    best_s[:] = NEVER
    ridden_from[:] = NEVER
    seated[:] = False
    least_s[:] = NOT_REACHED
    for at in range(len(at_pattern)):
        next_trip[at] = leave_ptr[at + 1] - leave_ptr[at]
    for w in range(count - 1, -1, -1):
        now = first_s + w * every_s
        latest = now + most_s
        # two queues in turn: one round's is read while the next one's is written
        first_trip, first_from, first_to = queue_trip[0], queue_from[0], queue_to[0]
        queued = ZERO
        for i in range(len(access_stop)):
            queued = _catch(np.int64(access_stop[i]), now + access_s[i], rounds, first_trip, first_from, first_to,
                            queued, next_trip, ridden_from, seated, board_ptr, board_at, at_pattern,
                            pattern_first, pattern_trip, leave_ptr, leave_s, trip_pattern, stay_ptr,
                            stay_trip)  # fmt: skip
        news = 0
        for k in range(rounds):
            if queued == 0:
                break
            now_trip, now_from, now_to = queue_trip[k % 2], queue_from[k % 2], queue_to[k % 2]
            to_trip, to_from, to_to = queue_trip[1 - k % 2], queue_from[1 - k % 2], queue_to[1 - k % 2]
            head = 0
            following = ZERO
            while head < queued:
                trip = np.int64(now_trip[head])
                board = np.int64(now_from[head])
                end = np.int64(now_to[head])
                head += 1
                if board == STAYED:
                    queued = _board(trip, ZERO, STAYS, np.int64(k), rounds, now_trip, now_from, now_to, queued,
                                    ridden_from, seated, pattern_first, pattern_trip, trip_pattern, stay_ptr,
                                    stay_trip)  # fmt: skip
                    continue
                begin = pattern_first[np.int64(trip_pattern[trip])]
                call = trip_call[trip]
                for position in range(board + 1, end + 1):
                    arrival = arrive_s[call + position]
                    if arrival > latest:
                        break
                    stop = np.int64(pattern_stop[begin + position])
                    if not drop_off[begin + position]:
                        continue
                    # changes are taken also where the stop was reached before: what a later call of a trip lists,
                    # an earlier one leaves out
                    if arrival < best_s[stop]:
                        best_s[stop] = arrival
                        if not is_changed[stop]:
                            is_changed[stop] = True
                            changed[news] = stop
                            news += 1
                    if k + 1 < rounds:
                        for i in range(change_ptr[call + position], change_ptr[call + position + 1]):
                            other = np.int64(change_trip[i])
                            # most have been ridden: a look saves the call
                            if change_at[i] < ridden_from[k + 1, other] or any_stay:
                                following = _board(
                                    other, np.int64(change_at[i]), RIDES, np.int64(k + 1), rounds, to_trip, to_from,
                                    to_to, following, ridden_from, seated, pattern_first, pattern_trip, trip_pattern,
                                    stay_ptr, stay_trip,
                                )  # fmt: skip
            queued = following
        for i in range(news):
            stop = np.int64(changed[i])
            is_changed[stop] = False
            if least_s[stop] == NOT_REACHED:
                least_s[stop] = 0.0
                travel_s[stop, :] = NOT_REACHED
            travel_s[stop, w] = np.float32(best_s[stop] - first_s)
    _carry(len(least_s), every_s, count, most_s, travel_s, least_s)


@njit(cache=True, nogil=True)
def _carry(stops, every_s, count, most_s, travel_s, least_s):
    """Turn arrivals at the departures that changed them into travel times of every departure."""
    for s in range(stops):
        if least_s[s] == NOT_REACHED:
            continue
        arrival = NOT_REACHED
        least = NOT_REACHED
        for w in range(count - 1, -1, -1):
            arrival = min(arrival, travel_s[s, w])
            seconds = arrival - np.float32(w * every_s)
            if seconds > most_s:
                seconds = NOT_REACHED
            travel_s[s, w] = seconds
            least = min(least, seconds)
        least_s[s] = least


@njit(cache=True, nogil=True, inline="always")
def _door_to_door(dest, walked, count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row):
    """Fill `row` with the seconds to a destination for every departure; return whether any stop helped."""
    most = np.float32(most_s)
    for w in range(count):
        row[w] = walked
    helped = False
    for i in range(egress_ptr[dest], egress_ptr[dest + 1]):
        stop = np.int64(egress_stop[i])
        on_foot = np.float32(egress_s[i])  # an int32 would make every sum a float64, twice as slow
        least = least_s[stop] + on_foot
        if least >= walked or least > most:
            continue
        helped = True
        for w in range(count):
            there = travel_s[stop, w] + on_foot
            row[w] = min(row[w], there)
    return helped


@njit(cache=True, nogil=True)
def _ranked(row, count, rank, low, high):
    """Find the value that `rank` others do not exceed, by halving; values are whole seconds from low to high."""
    while low < high:
        middle = np.float32(np.floor((low + high) / np.float32(2)))
        below = 0
        for w in range(count):
            below += row[w] <= middle
        if below > rank:
            high = middle
        else:
            low = middle + np.float32(1)
    return low


@njit(cache=True, nogil=True)
def percentile_row(
    dest_count, walked_s, count, most_s, ranks, egress_ptr, egress_stop, egress_s, travel_s, least_s, row, out
):
    """Fill ``out[d, p]`` with the p-th of some ranks (0: the fastest departure) of the seconds to every destination."""
    most = np.float32(most_s)
    for d in range(dest_count):
        walked = walked_s[d]
        helped = _door_to_door(d, walked, count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row)
        if not helped:
            for p in range(len(ranks)):
                out[d, p] = walked
            continue
        low = NOT_REACHED
        within = 0
        for w in range(count):
            low = min(low, row[w])
            within += row[w] <= most
        top = min(most, walked)
        for p in range(len(ranks)):
            if within > ranks[p]:
                low = _ranked(row, count, ranks[p], low, max(top, low))
                out[d, p] = low
            else:
                out[d, p] = walked


@njit(cache=True, nogil=True)
def every_departure_row(
    dest_count, walked_s, count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row, out
):
    """Fill ``out[d, w]`` with the seconds to every destination at every departure."""
    most = np.float32(most_s)
    for d in range(dest_count):
        _door_to_door(d, walked_s[d], count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row)
        for w in range(count):
            out[d, w] = row[w] if row[w] <= most or row[w] == walked_s[d] else NOT_REACHED


@njit(cache=True, nogil=True)
def opportunity_row(
    dest_count,
    walked_s,
    count,
    most_s,
    rank,
    cutoff_s,
    weight,
    egress_ptr,
    egress_stop,
    egress_s,
    travel_s,
    least_s,
    row,
    out,
):
    """Add the weights (destinations x fields) within each cut-off at a rank of the departures: ``out[c, f]``."""
    fields = weight.shape[1]
    most = np.float32(most_s)
    soonest_s = NOT_REACHED
    for c in range(len(cutoff_s)):
        soonest_s = min(soonest_s, cutoff_s[c])
    for d in range(dest_count):
        walked = walked_s[d]
        if walked <= soonest_s and walked < NOT_REACHED:
            # who walks there in time at every departure asks no stop
            for c in range(len(cutoff_s)):
                for f in range(fields):
                    out[c, f] += weight[d, f]
            continue
        # the fastest departure: it settles most cut-offs without looking at the others
        low = walked
        for i in range(egress_ptr[d], egress_ptr[d + 1]):
            least = least_s[np.int64(egress_stop[i])] + np.float32(egress_s[i])
            if least <= most:
                low = min(low, least)
        if low == NOT_REACHED:
            continue
        filled = False
        for c in range(len(cutoff_s)):
            if low > cutoff_s[c]:
                continue
            within = count
            if walked > cutoff_s[c]:
                if not filled:
                    _door_to_door(d, walked, count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row)
                    filled = True
                within = 0
                for w in range(count):
                    within += row[w] <= cutoff_s[c]
            if within > rank:
                for f in range(fields):
                    out[c, f] += weight[d, f]


@njit(cache=True, nogil=True)
def _origin(origin, access, direct, window, rounds, tables, changes, scratch, walked_s):
    """Search from one origin, and lay out what it walks to."""
    first, last = access[0][origin], access[0][origin + 1]
    search_window(
        access[1][first:last], access[2][first:last], window[0], window[1], window[2], window[3], rounds,
        *tables, *changes, *scratch,
    )  # fmt: skip
    walked_s[:] = NOT_REACHED
    for i in range(direct[0][origin], direct[0][origin + 1]):
        if direct[2][i] <= window[3]:
            walked_s[direct[1][i]] = np.float32(direct[2][i])


@njit(cache=True, nogil=True)
def percentiles(
    start, stop, access, direct, egress, window, rounds, ranks, tables, changes, scratch, walked_s, row, out
):
    """Fill ``out[start:stop]`` (origins x destinations x ranks) with seconds."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        _origin(origin, access, direct, window, rounds, tables, changes, scratch, walked_s)
        percentile_row(len(walked_s), walked_s, window[2], window[3], ranks, egress[0], egress[1], egress[2],
                       travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def every_departure(start, stop, access, direct, egress, window, rounds, tables, changes, scratch, walked_s, row, out):
    """Fill ``out[start:stop]`` (origins x destinations x departures) with seconds."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        _origin(origin, access, direct, window, rounds, tables, changes, scratch, walked_s)
        every_departure_row(len(walked_s), walked_s, window[2], window[3], egress[0], egress[1], egress[2],
                            travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def opportunities(
    start,
    stop,
    access,
    direct,
    egress,
    window,
    rounds,
    rank,
    cutoff_s,
    weight,
    tables,
    changes,
    scratch,
    walked_s,
    row,
    out,
):
    """Fill ``out[start:stop]`` (origins x cut-offs x fields) with what is within reach at a rank of the departures."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        out[origin] = 0.0
        _origin(origin, access, direct, window, rounds, tables, changes, scratch, walked_s)
        opportunity_row(len(walked_s), walked_s, window[2], window[3], rank, cutoff_s, weight, egress[0], egress[1],
                        egress[2], travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def search_only(start, stop, access, window, rounds, tables, changes, scratch, out):
    """Search from origins and keep the least seconds to every stop: what the search alone costs."""
    for origin in range(start, stop):
        first, last = access[0][origin], access[0][origin + 1]
        search_window(
            access[1][first:last], access[2][first:last], window[0], window[1], window[2], window[3], rounds,
            *tables, *changes, *scratch,
        )  # fmt: skip
        out[origin] = scratch[-1]
