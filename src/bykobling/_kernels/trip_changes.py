"""Which trips are worth changing to after each call of a trip (Witt 2015, algorithms 1 and 3)."""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.transit import NEVER


@njit(cache=True, nogil=True)
def _earliest(leave_s, first, last, ready):
    """Find the first of some ascending departures that is not before a moment."""
    low, high = first, last
    while low < high:
        middle = (low + high) // 2
        if leave_s[middle] < ready:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def _longer(values):
    """Copy an array into one of twice the length."""
    result = np.empty(2 * len(values), values.dtype)
    # one by one: for an array put into a slice numba compiles how to say that sizes differ, which takes seconds
    for i in range(len(values)):
        result[i] = values[i]
    return result


@njit(cache=True, nogil=True)
def trip_changes(
    start,
    stop,
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
    walk_ptr,
    walk_to,
    walk_s,
    known_s,
    touched,
    seen_trip,
    seen_at,
    seen_in,
    count,
):
    """List changes of the trips ``start`` to ``stop``; return trips and positions, call by call from each trip's last.

    A change is kept where it reaches some stop earlier than staying on board, or than a change kept before, would: at
    that stop, so that whatever can be done from there can be done. Trips of patterns in which one may stay seated are
    always kept. So a search must look at every call of what it rides: were calls at stops it has been at passed over,
    a trip that calls twice at a stop would rely on the call that is passed over. `count[c]` is the number of each
    call. Other arguments as in `bykobling._kernels.transit`; `walk_ptr`, `walk_to`, `walk_s` are the changes from each
    stop, with the seconds until one is ready to board.
    """
    trips = np.empty(1024, np.int32)
    positions = np.empty(1024, np.int32)
    found = 0
    for trip in range(start, stop):
        pattern = np.int64(trip_pattern[trip])
        begin = pattern_first[pattern]
        used = 0
        for position in range(pattern_first[pattern + 1] - begin - 1, 0, -1):
            call = trip_call[trip] + position
            count[call] = 0
            if not drop_off[begin + position]:
                continue
            arrival = arrive_s[call]
            here = np.int64(pattern_stop[begin + position])
            if known_s[here] == NEVER:
                touched[used] = here
                used += 1
            known_s[here] = min(known_s[here], arrival)
            for w in range(walk_ptr[here], walk_ptr[here + 1]):
                ready = arrival + walk_s[w]
                other = np.int64(walk_to[w])
                for b in range(board_ptr[other], board_ptr[other + 1]):
                    at = np.int64(board_at[b])
                    first = leave_ptr[at]
                    last = leave_ptr[at + 1]
                    goal = np.int64(at_pattern[at])
                    board = at - pattern_first[goal]
                    stays = stay_ptr[pattern_trip[goal + 1]] > stay_ptr[pattern_trip[goal]]
                    if not stays:
                        # on board of a trip of this pattern, or sure to catch one at this stop or before: only an
                        # earlier one is news
                        known = NEVER
                        if goal == pattern and board >= position:
                            known = trip - pattern_trip[goal]
                        if seen_in[goal] == call and seen_at[goal] <= board:
                            known = min(known, seen_trip[goal])
                        if known != NEVER and (known == 0 or leave_s[first + known - 1] < ready):
                            continue
                    caught = _earliest(leave_s, first, last, ready)
                    if caught == last:
                        continue
                    other_trip = pattern_trip[goal] + caught - first
                    seen_in[goal], seen_trip[goal], seen_at[goal] = call, caught - first, board
                    keep = stays
                    goal_begin = pattern_first[goal]
                    goal_call = trip_call[other_trip]
                    for j in range(board + 1, pattern_first[goal + 1] - goal_begin):
                        if not drop_off[goal_begin + j]:
                            continue
                        there = np.int64(pattern_stop[goal_begin + j])
                        if arrive_s[goal_call + j] < known_s[there]:
                            if known_s[there] == NEVER:
                                touched[used] = there
                                used += 1
                            known_s[there] = arrive_s[goal_call + j]
                            keep = True
                    if keep:
                        if found == len(trips):
                            trips, positions = _longer(trips), _longer(positions)
                        trips[found] = other_trip
                        positions[found] = board
                        found += 1
                        count[call] += 1
        for i in range(used):
            known_s[touched[i]] = NEVER
    return trips[:found], positions[:found]
