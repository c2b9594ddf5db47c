"""Searches that stop early: the k nearest destinations, and the route to one place."""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE, clean, node_of, pop, push, relax, seconds_of, seed
from bykobling._kernels.heap import pack as pack_entry


@njit(cache=True, nogil=True)
def _offer(best, best_s, row, k, dest, there):
    """Put a destination among the k best of a row, nearest first, lower number first among equals."""
    at = k - 1
    for i in range(k):
        if best[row, i] == dest:
            if best_s[row, i] <= there:
                return
            at = i
            break
    if best_s[row, at] < there or (best_s[row, at] == there and best[row, at] >= 0 and best[row, at] <= dest):
        return
    while at > 0 and (best_s[row, at - 1] > there or (best_s[row, at - 1] == there and best[row, at - 1] > dest)):
        best_s[row, at] = best_s[row, at - 1]
        best[row, at] = best[row, at - 1]
        at -= 1
    best_s[row, at] = there
    best[row, at] = dest


@njit(cache=True, nogil=True)
def k_nearest(start, stop, limit, arcs, origins, hung, direct, mine, best, best_s):
    """Write the k nearest destinations into `best` (O, k; -1 before) and `best_s` (O, k; inf before).

    ``arcs`` to ``direct``: as in `bykobling._kernels.search`; ``mine``: `bykobling._kernels.heap.scratch`.
    """
    indptr, adj_node, adj_s = arcs
    order, seed_node, seed_s = origins
    hang_ptr, hang_dest, hang_s = hung
    direct_ptr, direct_dest, direct_s = direct
    dist, touched, heap = mine
    k = best.shape[1]
    for number in range(start, stop):
        origin = order[number]
        size = 0
        count = 0
        for i in range(2):
            size, count = seed(
                dist, touched, count, heap, size, np.int64(seed_node[origin, i]), seed_s[origin, i], limit
            )
        for i in range(direct_ptr[origin], direct_ptr[origin + 1]):
            if direct_s[i] <= limit:
                _offer(best, best_s, origin, k, direct_dest[i], direct_s[i])
        while size > 0:
            entry = heap[0]
            seconds = seconds_of(entry)
            # nothing nearer can come
            if seconds > best_s[origin, k - 1]:
                break
            size = pop(heap, size)
            node = node_of(entry)
            if seconds > dist[node]:
                continue
            for i in range(np.uint64(hang_ptr[node]), np.uint64(hang_ptr[np.uint64(node) + np.uint64(1)])):
                there = seconds + hang_s[i]
                if there <= limit:
                    _offer(best, best_s, origin, k, hang_dest[i], there)
            size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
        clean(dist, touched, count, heap, size)


@njit(cache=True, nogil=True)
def route(indptr, adj_node, adj_s, seed_node, seed_s, goal_node, goal_s, dist, heap, previous):
    """Find the way from two seeds to the nearer of two goals: (goal number or -1, seconds).

    `dist` (n; inf before), `heap` and `previous` (n; -1 before) are used up. ``previous[node]`` is the arc a
    node was reached by, -1 at a seed.
    """
    size = 0
    for i in range(2):
        node = seed_node[i]
        if node >= 0 and seed_s[i] < dist[node]:
            dist[node] = seed_s[i]
            size = push(heap, size, pack_entry(seed_s[i], node))
    goal = -1
    least = INFINITE
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        at = node_of(entry)
        seconds = seconds_of(entry)
        if seconds >= least:
            break
        if seconds > dist[at]:
            continue
        for i in range(2):
            if goal_node[i] == np.int64(at) and seconds + goal_s[i] < least:
                least = seconds + goal_s[i]
                goal = i
        for arc in range(indptr[at], indptr[np.int64(at) + 1]):
            further = seconds + adj_s[arc]
            if further < dist[adj_node[arc]]:
                dist[adj_node[arc]] = further
                previous[adj_node[arc]] = arc
                size = push(heap, size, pack_entry(further, adj_node[arc]))
    return goal, least
