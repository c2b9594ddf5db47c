"""Searches from many origins: sums of what is in reach, travel times, costs to nodes, and one route.

Arguments shared by the kernels
-------------------------------
indptr, adj_node, adj_s
    Arcs of the network (int64, int32, float32).
order : int64 (O,)
    Origins in the order to search them (along the Hilbert curve); rows of the result keep the caller's
    numbers.
seed_node, seed_s : int32, float32 (O, 2)
    Two nodes an origin starts from, with the seconds to them; node -1: none.
hang_ptr, hang_dest, hang_s : int64 (n + 1,), int32, float32
    Destinations hanging on each node, with the seconds from it.
direct_ptr, direct_dest, direct_s : int64 (O + 1,), int32, float32
    Destinations an origin reaches along its own edge without passing a node.

Everything is read-only to numba, except scratch and results, so that each kernel is compiled once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE, clean, node_of, pop, relax, roomy, seconds_of, seed, spread

MANY = 32
"""From one in so many destinations on, those reached are read off in order instead of being sorted."""


@njit(cache=True, nogil=True)
def reached(
    origin,
    limit,
    indptr,
    adj_node,
    adj_s,
    seed_node,
    seed_s,
    hang_ptr,
    hang_dest,
    hang_s,
    direct_ptr,
    direct_dest,
    direct_s,
    dist,
    touched,
    heap,
    dest_s,
    dest_seen,
):
    """Find every destination within the limit of one origin: `dest_seen[:k]` with their `dest_s`; return k.

    The caller sets ``dest_s[dest_seen[:k]]`` back to inf; the rest of the scratch is left clean.
    """
    size = 0
    count = 0
    found = 0
    for i in range(2):
        size, count = seed(dist, touched, count, heap, size, np.int64(seed_node[origin, i]), seed_s[origin, i], limit)
    for i in range(direct_ptr[origin], direct_ptr[origin + 1]):
        if direct_s[i] <= limit and direct_s[i] < dest_s[direct_dest[i]]:
            if dest_s[direct_dest[i]] == INFINITE:
                dest_seen[found] = direct_dest[i]
                found += 1
            dest_s[direct_dest[i]] = direct_s[i]
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = node_of(entry)
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue
        for i in range(np.uint64(hang_ptr[node]), np.uint64(hang_ptr[np.uint64(node) + np.uint64(1)])):
            there = seconds + hang_s[i]
            dest = np.uint32(hang_dest[i])
            known = dest_s[dest]
            if there < known and there <= limit:
                if known == INFINITE:
                    dest_seen[found] = dest
                    found += 1
                dest_s[dest] = there
        size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
    clean(dist, touched, count, heap, size)
    return found


@njit(cache=True, nogil=True)
def reach_sums(
    start,
    stop,
    order,
    limit,
    indptr,
    adj_node,
    adj_s,
    seed_node,
    seed_s,
    hang_ptr,
    hang_dest,
    hang_s,
    direct_ptr,
    direct_dest,
    direct_s,
    dist,
    touched,
    heap,
    dest_s,
    dest_seen,
    weights,
    cutoffs,
    sums,
):
    """Add the weights (D, F) within each cut-off (ascending) into `sums` (O, C, F), zero before."""
    for k in range(start, stop):
        origin = order[k]
        found = reached(
            origin,
            limit,
            indptr,
            adj_node,
            adj_s,
            seed_node,
            seed_s,
            hang_ptr,
            hang_dest,
            hang_s,
            direct_ptr,
            direct_dest,
            direct_s,
            dist,
            touched,
            heap,
            dest_s,
            dest_seen,
        )
        # in the order found: the same for every number of threads
        for i in range(found):
            dest = dest_seen[i]
            there = dest_s[dest]
            dest_s[dest] = INFINITE
            c = 0
            while cutoffs[c] < there:
                c += 1
            for f in range(weights.shape[1]):
                sums[origin, c, f] += weights[dest, f]
        for c in range(1, len(cutoffs)):
            for f in range(weights.shape[1]):
                sums[origin, c, f] += sums[origin, c - 1, f]


@njit(cache=True, nogil=True)
def travel_times(
    start,
    stop,
    order,
    limit,
    indptr,
    adj_node,
    adj_s,
    seed_node,
    seed_s,
    hang_ptr,
    hang_dest,
    hang_s,
    direct_ptr,
    direct_dest,
    direct_s,
    dist,
    touched,
    heap,
    dest_s,
    dest_seen,
    times,
):
    """Write the seconds to each destination within the limit into `times` (O, D), inf before."""
    for k in range(start, stop):
        origin = order[k]
        found = reached(
            origin,
            limit,
            indptr,
            adj_node,
            adj_s,
            seed_node,
            seed_s,
            hang_ptr,
            hang_dest,
            hang_s,
            direct_ptr,
            direct_dest,
            direct_s,
            dist,
            touched,
            heap,
            dest_s,
            dest_seen,
        )
        for i in range(found):
            dest = dest_seen[i]
            times[origin, dest] = dest_s[dest]
            dest_s[dest] = INFINITE


@njit(cache=True, nogil=True)
def reach_pairs(
    start,
    stop,
    order,
    limit,
    indptr,
    adj_node,
    adj_s,
    seed_node,
    seed_s,
    hang_ptr,
    hang_dest,
    hang_s,
    direct_ptr,
    direct_dest,
    direct_s,
    dist,
    touched,
    heap,
    dest_s,
    dest_seen,
    counts,
):
    """Find the destinations within the limit: (destination, seconds), origin after origin; `counts` (O,) is filled."""
    dests = np.empty(1024, np.int32)
    seconds = np.empty(1024, np.float32)
    filled = np.int64(0)
    for k in range(start, stop):
        origin = order[k]
        found = reached(
            origin,
            limit,
            indptr,
            adj_node,
            adj_s,
            seed_node,
            seed_s,
            hang_ptr,
            hang_dest,
            hang_s,
            direct_ptr,
            direct_dest,
            direct_s,
            dist,
            touched,
            heap,
            dest_s,
            dest_seen,
        )
        dests = roomy(dests, filled, filled + found)
        seconds = roomy(seconds, filled, filled + found)
        # ascending, so that the answer does not tell the way of the search
        if found > len(dest_s) // MANY:
            # looking through all destinations is quicker than putting many in order
            for dest in range(len(dest_s)):
                if dest_s[dest] < INFINITE:
                    dests[filled] = dest
                    seconds[filled] = dest_s[dest]
                    dest_s[dest] = INFINITE
                    filled += 1
        else:
            dest_seen[:found].sort()
            for i in range(found):
                dests[filled] = dest_seen[i]
                seconds[filled] = dest_s[dest_seen[i]]
                dest_s[dest_seen[i]] = INFINITE
                filled += 1
        counts[origin] = found
    return dests[:filled], seconds[:filled]


@njit(cache=True, nogil=True)
def costs_within(start, stop, order, limit, indptr, adj_node, adj_s, seed_node, seed_s, dist, touched, heap, counts):
    """Find the nodes within the limit: (node, seconds), origin after origin; `counts` (O,) is filled."""
    nodes = np.empty(1024, np.int32)
    costs = np.empty(1024, np.float32)
    filled = np.int64(0)
    for k in range(start, stop):
        origin = order[k]
        size = 0
        count = 0
        for i in range(2):
            size, count = seed(
                dist, touched, count, heap, size, np.int64(seed_node[origin, i]), seed_s[origin, i], limit
            )
        count = spread(dist, touched, count, heap, size, indptr, adj_node, adj_s, limit)
        nodes = roomy(nodes, filled, filled + count)
        costs = roomy(costs, filled, filled + count)
        for i in range(count):
            nodes[filled] = touched[i]
            costs[filled] = dist[touched[i]]
            filled += 1
        counts[origin] = count
        clean(dist, touched, count, heap, np.int64(0))
    return nodes[:filled], costs[:filled]
