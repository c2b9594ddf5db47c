"""Searches from many origins: sums of what is in reach, travel times, costs to nodes.

Arguments shared by the kernels
-------------------------------
indptr, adj_node, adj_s
    Arcs of the network (int64, int32, float32).
order : int64 (O,)
    Origins in the order to search them (along the Hilbert curve: neighbours are searched together); rows of the
    result keep the caller's numbers.
seed_node, seed_s : int32, float32 (O, 2)
    Two nodes an origin starts from, with the seconds to them; node -1: none.
hang_ptr, hang_dest, hang_s : int64 (n + 1,), int32, float32
    Destinations hanging on each node, with the seconds from it.
direct_ptr, direct_dest, direct_s : int64 (O + 1,), int32, float32
    Destinations an origin reaches along its own edge without passing a node.
mine
    Scratch of one thread (`bykobling._kernels.lanes.scratch`), and of the destinations (`dest_scratch`).

Everything is read-only to numba, except scratch and results, so that each kernel is compiled once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels.cutoffs import add_up, first_cutoff
from bykobling._kernels.heap import roomy
from bykobling._kernels.lanes import LANES, START, hang, neighbours, reach_of, settle

if TYPE_CHECKING:
    from numpy.typing import NDArray


def dest_scratch(destinations: int) -> tuple[NDArray[Any], ...]:
    """Allocate the clean ``dest_at``, ``dests`` and ``dest_row`` of one thread."""
    return (
        np.full(destinations, -1, np.int32),
        np.empty(destinations, np.int32),
        np.empty((destinations, LANES), np.float32),
    )


@njit(cache=True, nogil=True)
def reached(
    first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, reach,
):  # fmt: skip
    """Search from the origins `order[first:last]` together; return (destinations found, nodes one origin reaches).

    The caller reads `dests` and `dest_row` as `bykobling._kernels.lanes.hang` tells, and sets `dest_at` back.
    """
    n = settle(
        first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
        dist, touched, heap, local, near, ptr, to, to_s, row, dirty,
    )  # fmt: skip
    found = hang(
        first, last, order, n, hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
        near, row, dest_at, dests, dest_row,
    )  # fmt: skip
    return found, reach_of(n, first, last, row, limit, reach)


@njit(cache=True, nogil=True)
def reach_sums(
    start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row,
    weight_ptr, weight_field, weight, cutoffs, sums,
):  # fmt: skip
    """Add the weights within each cut-off (ascending) into `sums` (O, C, F), zero before.

    ``weight_*``: what each destination weighs, field by field, as compressed rows.
    """
    reach = np.int64(START)
    first = start
    while first < stop:
        last = neighbours(first, stop, order, seed_node, reach)
        found, reach = reached(
            first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
            hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
            dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, reach,
        )  # fmt: skip
        # destinations ascending: the same sums whoever is searched together
        for i in range(found):
            dest = dests[i]
            at = dest_at[dest]
            dest_at[dest] = -1
            for lane in range(last - first):
                there = dest_row[at, lane]
                if there <= limit:
                    c = first_cutoff(there, cutoffs)
                    for k in range(weight_ptr[dest], weight_ptr[dest + 1]):
                        sums[order[first + lane], c, weight_field[k]] += weight[k]
        for k in range(first, last):
            add_up(sums, order[k])
        first = last


@njit(cache=True, nogil=True)
def travel_times(
    start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, times,
):  # fmt: skip
    """Write the seconds to each destination within the limit into `times` (O, D), inf before."""
    reach = np.int64(START)
    first = start
    while first < stop:
        last = neighbours(first, stop, order, seed_node, reach)
        found, reach = reached(
            first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
            hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
            dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, reach,
        )  # fmt: skip
        for i in range(found):
            dest = dests[i]
            for lane in range(last - first):
                there = dest_row[dest_at[dest], lane]
                if there <= limit:
                    times[order[first + lane], dest] = there
            dest_at[dest] = -1
        first = last


@njit(cache=True, nogil=True)
def reach_pairs(
    start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, counts,
):  # fmt: skip
    """Find the destinations within the limit: (destination, seconds), origin after origin; `counts` (O,) is filled.

    Destinations of an origin ascend.
    """
    out_dest = np.empty(1024, np.int32)
    out_s = np.empty(1024, np.float32)
    filled = np.int64(0)
    reach = np.int64(START)
    first = start
    while first < stop:
        last = neighbours(first, stop, order, seed_node, reach)
        found, reach = reached(
            first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
            hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
            dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, reach,
        )  # fmt: skip
        out_dest, out_s, filled = _told(
            first, last, order, limit, found, dests, dest_at, dest_row, out_dest, out_s, filled, counts
        )  # fmt: skip
        for i in range(found):
            dest_at[dests[i]] = -1
        first = last
    return out_dest[:filled], out_s[:filled]


@njit(cache=True, nogil=True)
def _told(first, last, order, limit, found, numbers, at, rows, out_number, out_s, filled, counts):
    """Append what is within the limit of each lane to the lists; `counts` (O,) is filled.

    `numbers[:found]` are told, whose seconds are ``rows[at[number]]``. Returns (out_number, out_s, filled).
    """
    where = np.zeros(last - first, np.int64)
    for i in range(found):
        here = rows[at[numbers[i]]]
        for lane in range(last - first):
            where[lane] += np.int64(here[lane] <= limit)
    for lane in range(last - first):
        counts[order[first + lane]] = where[lane]
        where[lane], filled = filled, filled + where[lane]
    # one more: what is not within the limit is written too, and written over
    out_number = roomy(out_number, where[0], filled + 1)
    out_s = roomy(out_s, where[0], filled + 1)
    for lane in range(last - first):
        k = where[lane]
        for i in range(found):
            there = rows[at[numbers[i]], lane]
            out_number[k] = numbers[i]
            out_s[k] = there
            k += np.int64(there <= limit)
    return out_number, out_s, filled


@njit(cache=True, nogil=True)
def costs_within(
    start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, counts,
):  # fmt: skip
    """Find the nodes within the limit: (node, seconds), origin after origin; `counts` (O,) is filled.

    Nodes of an origin ascend.
    """
    nodes = np.empty(1024, np.int32)
    costs = np.empty(1024, np.float32)
    filled = np.int64(0)
    reach = np.int64(START)
    first = start
    while first < stop:
        last = neighbours(first, stop, order, seed_node, reach)
        n = settle(
            first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
            dist, touched, heap, local, near, ptr, to, to_s, row, dirty,
        )  # fmt: skip
        for i in range(n):
            local[near[i]] = i
        near[:n].sort()
        nodes, costs, filled = _told(
            first, last, order, limit, n, near, local, row, nodes, costs, filled, counts
        )  # fmt: skip
        for i in range(n):
            local[near[i]] = -1
        reach = reach_of(n, first, last, row, limit, reach)
        first = last
    return nodes[:filled], costs[:filled]
