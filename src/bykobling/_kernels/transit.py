"""Public transport: exact earliest arrivals for every departure of a window, and what they add up to.

The search goes through the departures from the last to the first and keeps what it found (range RAPTOR; Delling,
Pajor, Werneck 2015). Two things make it fast. A pattern is looked at only where a departure makes another trip
catchable: a pointer for every place one can board walks back through the trips. And of every trip it is known from
which stop on it has been ridden (trip-based routing; Witt 2015), so each stretch of a trip is ridden once a round,
whatever the number of departures.

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
walk_ptr, walk_to, walk_s : int64 (S + 1,), int32, int32
    Changes from each stop, to itself too, with the seconds until one is ready to board.
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


@njit(cache=True, nogil=True)
def _seat(trip, end, this_round, rounds, seated, queue_trip, queue_at, queued, stay_ptr, stay_trip):
    """Queue the trips that the vehicles of trips ``trip`` to ``end`` run next: who is on board may stay."""
    for later in range(trip, end):
        if seated[this_round, later]:
            continue
        for k in range(this_round, rounds):
            seated[k, later] = True
        for i in range(stay_ptr[later], stay_ptr[later + 1]):
            queue_trip[queued] = stay_trip[i]
            queue_at[queued] = -1
            queued += 1
    return queued


@njit(cache=True, nogil=True)
def _ride(
    rounds,
    this_round,
    latest,
    queue_trip,
    queue_at,
    queued,
    marked,
    is_marked,
    best_s,
    ridden_from,
    seated,
    pattern_first,
    pattern_trip,
    pattern_stop,
    drop_off,
    trip_call,
    arrive_s,
    trip_pattern,
    stay_ptr,
    stay_trip,
):
    """Ride every queued trip from where it is boarded; return how many stops were reached earlier than before."""
    reached = 0
    head = 0
    while head < queued:
        trip = np.int64(queue_trip[head])
        board = max(np.int64(queue_at[head]), 0)
        stayed = queue_at[head] < 0
        head += 1
        pattern = np.int64(trip_pattern[trip])
        last = pattern_trip[pattern + 1]
        if stay_ptr[last] > stay_ptr[pattern_trip[pattern]]:
            # who boards could wait for a later trip and stay seated in that one; who stayed seated could not
            end = trip + 1 if stayed else last
            queued = _seat(trip, end, this_round, rounds, seated, queue_trip, queue_at, queued, stay_ptr, stay_trip)
        known = np.int64(ridden_from[this_round, trip])
        if board >= known:
            continue
        begin = pattern_first[pattern]
        end = min(known, pattern_first[pattern + 1] - begin - 1)
        # later trips of the pattern are nowhere earlier, so they need not be ridden from here on
        later = trip
        while later < last and ridden_from[this_round, later] > board:
            for k in range(this_round, rounds):
                ridden_from[k, later] = min(ridden_from[k, later], board)
            later += 1
        call = trip_call[trip]
        for position in range(board + 1, end + 1):
            arrival = arrive_s[call + position]
            if arrival > latest:
                break
            if not drop_off[begin + position]:
                continue
            stop = np.int64(pattern_stop[begin + position])
            if arrival < best_s[this_round, stop]:
                for k in range(this_round, rounds):
                    best_s[k, stop] = min(best_s[k, stop], arrival)
                if not is_marked[stop]:
                    is_marked[stop] = True
                    marked[reached] = stop
                    reached += 1
    return reached


@njit(cache=True, nogil=True)
def _catch(
    stop,
    ready,
    this_round,
    queue_trip,
    queue_at,
    queued,
    next_trip,
    ridden_from,
    board_ptr,
    board_at,
    at_pattern,
    pattern_first,
    pattern_trip,
    leave_ptr,
    leave_s,
    stay_ptr,
):
    """Queue the earliest trip of every pattern that leaves a stop from a moment on, where it is a new one."""
    for i in range(board_ptr[stop], board_ptr[stop + 1]):
        at = np.int64(board_at[i])
        first = leave_ptr[at]
        trip = np.int64(next_trip[this_round, at])
        before = trip
        while trip > 0 and leave_s[first + trip - 1] >= ready:
            trip -= 1
        if trip == before:
            continue
        next_trip[this_round, at] = trip
        pattern = np.int64(at_pattern[at])
        number = pattern_trip[pattern] + trip
        position = at - pattern_first[pattern]
        stays = stay_ptr[pattern_trip[pattern + 1]] > stay_ptr[pattern_trip[pattern]]
        if position < ridden_from[this_round, number] or stays:
            queue_trip[queued] = number
            queue_at[queued] = position
            queued += 1
    return queued


@njit(cache=True, nogil=True)
def _change(this_round, rounds, marked, reached, best_s, ready_s, walk_ptr, walk_to, walk_s, around, is_around):
    """Walk on from the stops just reached; return how many stops one is ready to board at earlier than before."""
    count = 0
    for i in range(reached):
        stop = np.int64(marked[i])
        arrival = best_s[this_round, stop]
        for j in range(walk_ptr[stop], walk_ptr[stop + 1]):
            other = np.int64(walk_to[j])
            ready = arrival + walk_s[j]
            if ready < ready_s[this_round, other]:
                for k in range(this_round, rounds):
                    ready_s[k, other] = min(ready_s[k, other], ready)
                if not is_around[other]:
                    is_around[other] = True
                    around[count] = other
                    count += 1
    return count


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
    walk_ptr,
    walk_to,
    walk_s,
    best_s,
    ready_s,
    next_trip,
    ridden_from,
    seated,
    queue_trip,
    queue_at,
    marked,
    is_marked,
    around,
    is_around,
    changed,
    is_changed,
    travel_s,
    least_s,
):
    """Fill ``travel_s[s, w]`` with seconds from leaving at departure w to arriving at stop s, inf where not reached.

    `access_stop`, `access_s`: stops one walks to first (each once), and the seconds until one is ready to board
    there. `least_s[s]` is the least of a row; rows of stops that are not reached are left as they were.
    """
    best_s[:] = NEVER
    ready_s[:] = NEVER
    ridden_from[:] = NEVER
    seated[:] = False
    least_s[:] = NOT_REACHED
    for at in range(len(at_pattern)):
        trips = leave_ptr[at + 1] - leave_ptr[at]
        for k in range(rounds):
            next_trip[k, at] = trips
    for w in range(count - 1, -1, -1):
        now = first_s + w * every_s
        latest = now + most_s
        queued = 0
        for i in range(len(access_stop)):
            queued = _catch(np.int64(access_stop[i]), now + access_s[i], 0, queue_trip, queue_at, queued, next_trip,
                            ridden_from, board_ptr, board_at, at_pattern, pattern_first, pattern_trip, leave_ptr,
                            leave_s, stay_ptr)  # fmt: skip
        news = 0
        for k in range(rounds):
            if queued == 0:
                break
            reached = _ride(rounds, k, latest, queue_trip, queue_at, queued, marked, is_marked, best_s, ridden_from,
                            seated, pattern_first, pattern_trip, pattern_stop, drop_off, trip_call, arrive_s,
                            trip_pattern, stay_ptr, stay_trip)  # fmt: skip
            for i in range(reached):
                stop = np.int64(marked[i])
                is_marked[stop] = False
                if not is_changed[stop]:
                    is_changed[stop] = True
                    changed[news] = stop
                    news += 1
            queued = 0
            if k + 1 < rounds:
                ready = _change(k, rounds, marked, reached, best_s, ready_s, walk_ptr, walk_to, walk_s, around,
                                is_around)  # fmt: skip
                for i in range(ready):
                    stop = np.int64(around[i])
                    is_around[stop] = False
                    queued = _catch(stop, np.int64(ready_s[k, stop]), k + 1, queue_trip, queue_at, queued, next_trip,
                                    ridden_from, board_ptr, board_at, at_pattern, pattern_first, pattern_trip,
                                    leave_ptr, leave_s, stay_ptr)  # fmt: skip
        for i in range(news):
            stop = np.int64(changed[i])
            is_changed[stop] = False
            if least_s[stop] == NOT_REACHED:
                least_s[stop] = 0.0
                travel_s[stop, :] = NOT_REACHED
            travel_s[stop, w] = np.float32(best_s[rounds - 1, stop] - first_s)
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
    for w in range(count):
        row[w] = walked
    helped = False
    for i in range(egress_ptr[dest], egress_ptr[dest + 1]):
        stop = np.int64(egress_stop[i])
        on_foot = egress_s[i]
        least = least_s[stop] + on_foot
        if least >= walked or least > most_s:
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
            within += row[w] <= most_s
        top = np.float32(min(np.float32(most_s), walked)) if walked < NOT_REACHED else np.float32(most_s)
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
    for d in range(dest_count):
        _door_to_door(d, walked_s[d], count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row)
        for w in range(count):
            out[d, w] = row[w] if row[w] <= most_s or row[w] == walked_s[d] else NOT_REACHED


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
    for d in range(dest_count):
        walked = walked_s[d]
        helped = _door_to_door(d, walked, count, most_s, egress_ptr, egress_stop, egress_s, travel_s, least_s, row)
        if not helped and walked == NOT_REACHED:
            continue
        for c in range(len(cutoff_s)):
            within = 0
            for w in range(count):
                within += row[w] <= cutoff_s[c]
            if within > rank:
                for f in range(fields):
                    out[c, f] += weight[d, f]


@njit(cache=True, nogil=True)
def _origin(origin, access, direct, window, rounds, tables, walks, scratch, walked_s):
    """Search from one origin, and lay out what it walks to."""
    first, last = access[0][origin], access[0][origin + 1]
    search_window(
        access[1][first:last], access[2][first:last], window[0], window[1], window[2], window[3], rounds,
        *tables, *walks, *scratch,
    )  # fmt: skip
    walked_s[:] = NOT_REACHED
    for i in range(direct[0][origin], direct[0][origin + 1]):
        if direct[2][i] <= window[3]:
            walked_s[direct[1][i]] = np.float32(direct[2][i])


@njit(cache=True, nogil=True)
def percentiles(start, stop, access, direct, egress, window, rounds, ranks, tables, walks, scratch, walked_s, row, out):
    """Fill ``out[start:stop]`` (origins x destinations x ranks) with seconds."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        _origin(origin, access, direct, window, rounds, tables, walks, scratch, walked_s)
        percentile_row(len(walked_s), walked_s, window[2], window[3], ranks, egress[0], egress[1], egress[2],
                       travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def every_departure(start, stop, access, direct, egress, window, rounds, tables, walks, scratch, walked_s, row, out):
    """Fill ``out[start:stop]`` (origins x destinations x departures) with seconds."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        _origin(origin, access, direct, window, rounds, tables, walks, scratch, walked_s)
        every_departure_row(len(walked_s), walked_s, window[2], window[3], egress[0], egress[1], egress[2],
                            travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def opportunities(
    start, stop, access, direct, egress, window, rounds, rank, cutoff_s, weight, tables, walks, scratch, walked_s, row,
    out
):
    """Fill ``out[start:stop]`` (origins x cut-offs x fields) with what is within reach at a rank of the departures."""
    travel_s, least_s = scratch[-2], scratch[-1]
    for origin in range(start, stop):
        out[origin] = 0.0
        _origin(origin, access, direct, window, rounds, tables, walks, scratch, walked_s)
        opportunity_row(len(walked_s), walked_s, window[2], window[3], rank, cutoff_s, weight, egress[0], egress[1],
                        egress[2], travel_s, least_s, row, out[origin])  # fmt: skip


@njit(cache=True, nogil=True)
def search_only(start, stop, access, window, rounds, tables, walks, scratch, out):
    """Search from origins and keep the least seconds to every stop: what the search alone costs."""
    for origin in range(start, stop):
        first, last = access[0][origin], access[0][origin + 1]
        search_window(
            access[1][first:last], access[2][first:last], window[0], window[1], window[2], window[3], rounds,
            *tables, *walks, *scratch,
        )  # fmt: skip
        out[origin] = scratch[-1]
