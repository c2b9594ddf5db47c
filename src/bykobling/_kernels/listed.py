"""Bounded searches from each origin to destinations of its own, little farther than the last of them."""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE
from bykobling._kernels.lanes import reach_of, settle
from bykobling._kernels.together import START, seconds_by, together


@njit(cache=True, nogil=True)
def listed_seconds(start, stop, limit, arcs, origins, pairs, ends, direct, searched, chosen, place, out):
    """Fill `out` (k,; inf before) with the seconds of the pairs within the limit, origin after origin.

    Neighbours are searched together (`bykobling._kernels.lanes`), at first about as far as those before them had to
    be, then twice as far until all they ask for is found or the limit is reached.

    Arguments beyond those of `bykobling._kernels.search`
    -----------------------------------------------------
    pairs : (pair_ptr, pair_dest)
        The destinations each origin asks for, none of them twice: int64 (O + 1,), int32 (k,).
    ends : (dest_ptr, dest_node, dest_s)
        The nodes each destination hangs on, with the seconds from them: int64 (D + 1,), int32, float32.
    place : int32 (D,)
        Scratch: where in its origin's list a destination stands (clean: all -1).
    """
    order, seed_node, _ = origins
    pair_ptr, pair_dest = pairs
    dest_ptr, dest_node, dest_s = ends
    direct_ptr, direct_dest, direct_s = direct
    _, _, _, local, near, _, _, _, row, _ = searched
    _, _, by, by_s = chosen
    reach = np.int64(START)
    guess = limit * np.float32(0.125)
    first = start
    while first < stop:
        if pair_ptr[order[first]] == pair_ptr[order[first] + 1]:
            first += 1
            continue
        last, lanes = together(first, stop, limit, origins, reach, *chosen)
        for k in range(first, last):
            origin = order[k]
            if direct_ptr[origin] < direct_ptr[origin + 1]:
                for pair in range(pair_ptr[origin], pair_ptr[origin + 1]):
                    place[pair_dest[pair]] = pair - pair_ptr[origin]
                for i in range(direct_ptr[origin], direct_ptr[origin + 1]):
                    at = place[direct_dest[i]]
                    if at >= 0 and direct_s[i] <= limit:
                        out[pair_ptr[origin] + at] = min(out[pair_ptr[origin] + at], direct_s[i])
                for pair in range(pair_ptr[origin], pair_ptr[origin + 1]):
                    place[pair_dest[pair]] = -1
        within = min(max(guess, np.float32(1)), limit)
        farthest = INFINITE
        while True:
            n = settle(lanes, within, arcs, searched, chosen)
            for i in range(n):
                local[near[i]] = i
            farthest = np.float32(0)
            found = np.float32(0)
            for k in range(first, last):
                for pair in range(pair_ptr[order[k]], pair_ptr[order[k] + 1]):
                    for i in range(dest_ptr[pair_dest[pair]], dest_ptr[pair_dest[pair] + 1]):
                        at = local[dest_node[i]]
                        if at >= 0:
                            there = seconds_by(k - first, row[at], by, by_s) + dest_s[i]
                            # what is farther may have a nearer way outside of what was searched
                            if there <= within and there < out[pair]:
                                out[pair] = there
                    # what hangs on no street is not looked for
                    if seed_node[order[k], 0] >= 0 and dest_ptr[pair_dest[pair]] < dest_ptr[pair_dest[pair] + 1]:
                        farthest = max(farthest, out[pair])
                    if out[pair] < INFINITE:
                        found = max(found, out[pair])
            for i in range(n):
                local[near[i]] = -1
            if farthest <= within or within >= limit:
                break
            within = min(np.float32(2) * within, limit)
        reach = reach_of(n, lanes, row, within, reach)
        # a little farther: neighbours differ
        guess = max(found * np.float32(1.125), limit * np.float32(0.015625))
        first = last
