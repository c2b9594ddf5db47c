"""Bounded searches from each origin to destinations of its own, little farther than the last of them."""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE
from bykobling._kernels.lanes import START, neighbours, reach_of, settle


@njit(cache=True, nogil=True)
def listed_seconds(
    start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    pair_ptr, pair_dest, dest_ptr, dest_node, dest_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, place, out,
):  # fmt: skip
    """Fill `out` (k,; inf before) with the seconds of the pairs within the limit, origin after origin.

    Neighbours are searched together (`bykobling._kernels.lanes`), at first about as far as those before them had to
    be, then twice as far until all they ask for is found or the limit is reached.

    Arguments beyond those of `bykobling._kernels.search`
    -----------------------------------------------------
    pair_ptr, pair_dest : int64 (O + 1,), int32 (k,)
        The destinations each origin asks for, none of them twice.
    dest_ptr, dest_node, dest_s : int64 (D + 1,), int32, float32
        The nodes each destination hangs on, with the seconds from them.
    place : int32 (D,)
        Scratch: where in its origin's list a destination stands (clean: all -1).
    """
    reach = np.int64(START)
    guess = limit * np.float32(0.125)
    first = start
    while first < stop:
        if pair_ptr[order[first]] == pair_ptr[order[first] + 1]:
            first += 1
            continue
        last = neighbours(first, stop, order, seed_node, reach)
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
            n = settle(
                first, last, order, within, indptr, adj_node, adj_s, seed_node, seed_s,
                dist, touched, heap, local, near, ptr, to, to_s, row, dirty,
            )  # fmt: skip
            for i in range(n):
                local[near[i]] = i
            farthest = np.float32(0)
            found = np.float32(0)
            for k in range(first, last):
                for pair in range(pair_ptr[order[k]], pair_ptr[order[k] + 1]):
                    for i in range(dest_ptr[pair_dest[pair]], dest_ptr[pair_dest[pair] + 1]):
                        at = local[dest_node[i]]
                        if at >= 0:
                            there = row[at, k - first] + dest_s[i]
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
        reach = reach_of(n, first, last, row, within, reach)
        # a little farther: neighbours differ
        guess = max(found * np.float32(1.125), limit * np.float32(0.015625))
        first = last
