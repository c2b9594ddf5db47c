"""Searches from many origins: sums of what is in reach, travel times, costs to nodes.

Arguments shared by the kernels
-------------------------------
arcs : (indptr, adj_node, adj_s)
    Arcs of the network (int64, int32, float32).
origins : (order, seed_node, seed_s)
    ``order``, int64 (O,): origins in the order to search them (along the Hilbert curve: neighbours are searched
    together); rows of the result keep the caller's numbers. ``seed_node, seed_s``, int32, float32 (O, 2): two nodes
    an origin starts from, with the seconds to them; node -1: none.
hung : (hang_ptr, hang_dest, hang_s)
    Destinations hanging on each node, with the seconds from it: int64 (n + 1,), int32, float32.
direct : (direct_ptr, direct_dest, direct_s)
    Destinations an origin reaches along its own edge without passing a node: int64 (O + 1,), int32, float32.
mine : (searched, chosen, of_dests)
    Scratch of one thread: `bykobling._kernels.lanes.scratch`, `bykobling._kernels.together.scratch` and
    `bykobling._kernels.hung.scratch`.

Everything is read-only to numba, except scratch and results, so that each kernel is compiled once.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.cutoffs import add_up, first_cutoff
from bykobling._kernels.heap import roomy
from bykobling._kernels.hung import hang, told
from bykobling._kernels.lanes import reach_of, settle
from bykobling._kernels.together import START, seconds_by, together


@njit(cache=True, nogil=True)
def reached(first, stop, limit, arcs, origins, hung, direct, mine, reach):
    """Search from the origin `first` and its neighbours; return (last, destinations found, own ways, reach).

    Those from `first` to before `last` were searched. `bykobling._kernels.hung` tells how to read what was found.
    """
    searched, chosen, of_dests = mine
    order, _, _ = origins
    _, _, _, _, near, _, _, _, row, _ = searched
    last, lanes = together(first, stop, limit, origins, reach, *chosen)
    n = settle(lanes, limit, arcs, searched, chosen)
    found, own = hang(first, last, lanes, n, near, row, order, hung, direct, of_dests)
    return last, found, own, reach_of(n, lanes, row, limit, reach)


@njit(cache=True, nogil=True)
def reach_sums(start, stop, limit, arcs, origins, hung, direct, mine, weighed, cutoffs, sums):
    """Add the weights within each cut-off (ascending) into `sums` (O, C, F), zero before.

    ``weighed``: what each destination weighs, field by field, as compressed rows.
    """
    weight_ptr, weight_field, weight = weighed
    order, _, _ = origins
    _, chosen, of_dests = mine
    dest_at, dests, _, _, there = of_dests
    reach = np.int64(START)
    first = start
    while first < stop:
        last, found, own, reach = reached(first, stop, limit, arcs, origins, hung, direct, mine, reach)
        # destinations ascending: the same sums whoever is searched together
        for i in range(found):
            dest = dests[i]
            told(last - first, dest, own, chosen, of_dests, there)
            dest_at[dest] = -1
            for origin in range(last - first):
                if there[origin] <= limit:
                    c = first_cutoff(there[origin], cutoffs)
                    for k in range(weight_ptr[dest], weight_ptr[dest + 1]):
                        sums[order[first + origin], c, weight_field[k]] += weight[k]
        for k in range(first, last):
            add_up(sums, order[k])
        first = last


@njit(cache=True, nogil=True)
def travel_times(start, stop, limit, arcs, origins, hung, direct, mine, times):
    """Write the seconds to each destination within the limit into `times` (O, D), inf before."""
    order, _, _ = origins
    _, chosen, of_dests = mine
    dest_at, dests, _, _, there = of_dests
    reach = np.int64(START)
    first = start
    while first < stop:
        last, found, own, reach = reached(first, stop, limit, arcs, origins, hung, direct, mine, reach)
        for i in range(found):
            dest = dests[i]
            told(last - first, dest, own, chosen, of_dests, there)
            dest_at[dest] = -1
            for origin in range(last - first):
                if there[origin] <= limit:
                    times[order[first + origin], dest] = there[origin]
        first = last


@njit(cache=True, nogil=True)
def reach_pairs(start, stop, limit, arcs, origins, hung, direct, mine, counts):
    """Find the destinations within the limit: (destination, seconds), origin after origin; `counts` (O,) is filled.

    Destinations of an origin ascend.
    """
    order, _, _ = origins
    _, chosen, of_dests = mine
    dest_at, dests, _, _, there = of_dests
    out_dest = np.empty(1024, np.int32)
    out_s = np.empty(1024, np.float32)
    filled = np.int64(0)
    reach = np.int64(START)
    first = start
    while first < stop:
        last, found, own, reach = reached(first, stop, limit, arcs, origins, hung, direct, mine, reach)
        where = np.zeros(last - first, np.int64)
        for i in range(found):
            told(last - first, dests[i], own, chosen, of_dests, there)
            for origin in range(last - first):
                where[origin] += np.int64(there[origin] <= limit)
        out_dest, out_s, filled = _room(first, order, where, out_dest, out_s, filled, counts)
        for i in range(found):
            told(last - first, dests[i], own, chosen, of_dests, there)
            dest_at[dests[i]] = -1
            for origin in range(last - first):
                if there[origin] <= limit:
                    out_dest[where[origin]] = dests[i]
                    out_s[where[origin]] = there[origin]
                    where[origin] += 1
        first = last
    return out_dest[:filled], out_s[:filled]


@njit(cache=True, nogil=True)
def _room(first, order, where, out_number, out_s, filled, counts):
    """Make room in the lists for ``where`` entries an origin, and turn those into where each begins; fill `counts`.

    Returns (out_number, out_s, filled).
    """
    begun = filled
    for k in range(len(where)):
        counts[order[first + k]] = where[k]
        where[k], filled = filled, filled + where[k]
    return roomy(out_number, begun, filled), roomy(out_s, begun, filled), filled


@njit(cache=True, nogil=True)
def costs_within(start, stop, limit, arcs, origins, searched, chosen, counts):
    """Find the nodes within the limit: (node, seconds), origin after origin; `counts` (O,) is filled.

    Nodes of an origin ascend.
    """
    order, _, _ = origins
    _, _, _, local, near, _, _, _, row, _ = searched
    _, _, by, by_s = chosen
    nodes = np.empty(1024, np.int32)
    costs = np.empty(1024, np.float32)
    filled = np.int64(0)
    reach = np.int64(START)
    first = start
    while first < stop:
        last, lanes = together(first, stop, limit, origins, reach, *chosen)
        n = settle(lanes, limit, arcs, searched, chosen)
        where = np.zeros(last - first, np.int64)
        for i in range(n):
            local[near[i]] = i
            for k in range(last - first):
                where[k] += np.int64(seconds_by(k, row[i], by, by_s) <= limit)
        nodes, costs, filled = _room(first, order, where, nodes, costs, filled, counts)
        near[:n].sort()
        for i in range(n):
            here = row[local[near[i]]]
            local[near[i]] = -1
            for k in range(last - first):
                there = seconds_by(k, here, by, by_s)
                if there <= limit:
                    nodes[where[k]] = near[i]
                    costs[where[k]] = there
                    where[k] += 1
        reach = reach_of(n, lanes, row, limit, reach)
        first = last
    return nodes[:filled], costs[:filled]
