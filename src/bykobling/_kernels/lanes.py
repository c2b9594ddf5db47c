"""One search for up to `LANES` neighbouring origins: each node is settled once for all of them.

Neighbours reach nearly the same nodes in nearly the same order. So one search from all of them together (`heap`)
lists the nodes within the limit of any, nearest first; their seconds from each origin stand side by side in a row,
one lane an origin, and are brought along the arcs row by row, which the processor does for all lanes at once. Where
a row of before gets nearer, the work goes back there; where streets are what they are that is one row in eight.
What is found is the least over all ways, and sums of seconds are exact (`bykobling.network.model.on_grid`), so the
answer is that of a search from each origin alone, to the last bit. The twins in the tests are such searches.

How to use it in a kernel of your own::

    n = settle(first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s, *scratch)
    # seconds from origin order[first + lane] to node near[i], i < n: row[i, lane] where that is not above the limit,
    # which is finite (`bykobling.network.ends.limit_of`)

The scratch of one thread (`scratch`), clean between searches:

===========  ===============  =====================================================================
``dist``     float32 n        clean: all inf
``touched``  int32 n
``heap``     uint64           room for every push of one search (clean: all `EMPTY`)
``local``    int32 n          which row is a node's (clean: all -1)
``near``     int32 n          the node of each row
``ptr``      int64 n + 1      arcs between rows, as compressed rows
``to``       int32 arcs
``to_s``     float32 arcs
``row``      float32 n, LANES
``dirty``    uint8 n          rows that got nearer and have not been passed on
===========  ===============  =====================================================================

Only as many rows are touched as nodes are within the limit: Linux and macOS give no memory for the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels import heap as _heap
from bykobling._kernels.heap import INFINITE, node_of, pop, relax, seconds_of, seed

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 16
"""Origins searched together. Measured on streets: 8 take a third longer an origin, 32 a fifth less."""

START = 256
"""How many nodes an origin is thought to reach before any was searched from."""

FAR = 5
"""Origins twice as far from each other are as quickly searched one by one."""

MANY = 32
"""From one in so many destinations on, those found are looked through in order instead of being sorted."""

STRETCH = 64
"""Rows passed on before the work goes back to any that got nearer: passing them all on first takes twice as long."""


def scratch(nodes: int, arcs: int) -> tuple[NDArray[Any], ...]:
    """Allocate the clean scratch of one thread."""
    return (
        *_heap.scratch(nodes, arcs, seeds=2 * LANES),
        np.full(nodes, -1, np.int32),
        np.empty(nodes, np.int32),
        np.empty(nodes + 1, np.int64),
        np.empty(arcs, np.int32),
        np.empty(arcs, np.float32),
        np.empty((nodes, LANES), np.float32),
        np.empty(nodes, np.uint8),
    )


@njit(cache=True, nogil=True)
def settle(
    first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty,
):  # fmt: skip
    """Search from the origins `order[first:last]`, at most `LANES`: fill `near` and `row`, return how many rows."""
    n = nodes_near(
        first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s, dist, touched, heap, local, near
    )  # fmt: skip
    if last - first == 1:
        # there is nothing to share
        for i in range(n):
            node = near[i]
            row[i, 0] = dist[node]
            dist[node] = INFINITE
            local[node] = -1
        return n
    laid_out(
        n, first, last, order, indptr, adj_node, adj_s, seed_node, seed_s,
        dist, local, near, ptr, to, to_s, row, dirty,
    )  # fmt: skip
    for i in range(n):
        local[near[i]] = -1
    passed_on(n, last - first, limit, ptr, to, to_s, row, dirty)
    return n


@njit(cache=True, nogil=True)
def nodes_near(
    first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s, dist, touched, heap, local, near
):  # fmt: skip
    """List the nodes within the limit of any of the origins in `near`, nearest first; return how many.

    Left behind: ``dist``, the seconds from the nearest origin, and ``local``.
    """
    size = 0
    count = 0
    for k in range(first, last):
        origin = order[k]
        for side in range(2):
            size, count = seed(
                dist, touched, count, heap, size, np.int64(seed_node[origin, side]), seed_s[origin, side], limit
            )  # fmt: skip
    n = np.int64(0)
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = node_of(entry)
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue
        local[node] = n
        near[n] = node
        n += 1
        size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
    return n


@njit(cache=True, nogil=True)
def laid_out(
    n, first, last, order, indptr, adj_node, adj_s, seed_node, seed_s, dist, local, near, ptr, to, to_s, row, dirty
):  # fmt: skip
    """List the arcs between rows and write the seconds to the nodes the origins start from; `dist` is left clean."""
    lanes = last - first
    filled = np.int64(0)
    for i in range(n):
        node = np.int64(near[i])
        dist[node] = INFINITE
        dirty[i] = 0
        ptr[i] = filled
        for arc in range(np.uint64(indptr[node]), np.uint64(indptr[node + 1])):
            other = local[np.uint32(adj_node[arc])]
            if other >= 0:
                to[filled] = other
                to_s[filled] = adj_s[arc]
                filled += 1
        for lane in range(lanes):
            row[i, lane] = INFINITE
    ptr[n] = filled
    for k in range(first, last):
        origin = order[k]
        for side in range(2):
            node = np.int64(seed_node[origin, side])
            if node >= 0 and local[node] >= 0:
                i = local[node]
                row[i, k - first] = min(row[i, k - first], seed_s[origin, side])
                dirty[i] = 1


@njit(cache=True, nogil=True)
def passed_on(n, lanes, limit, ptr, to, to_s, row, dirty):
    """Bring rows along arcs until none gets nearer."""
    start = np.int64(0)
    while start < n:
        again = min(start + np.int64(STRETCH), n)
        for i in range(start, again):
            if dirty[i] == 0:
                continue
            dirty[i] = 0
            for arc in range(np.uint64(ptr[i]), np.uint64(ptr[i + 1])):
                other = np.int64(to[arc])
                better = nearer(lanes, row[i], to_s[arc], row[other], limit)
                dirty[other] |= better
                again = min(again, other if better else again)
        start = again


@njit(cache=True, nogil=True, inline="always")
def nearer(lanes, here, seconds, there, limit):
    """Bring lanes nearer that get there from here within the limit; return 1 where any got nearer, 0 where none did.

    No jumps, and a number of lanes not known before: that is what lets the compiler take several at once.
    """
    better = np.int32(0)
    for lane in range(lanes):
        by_here = here[lane] + seconds
        known = there[lane]
        less = (by_here < known) & (by_here <= limit)
        better |= np.int32(less)
        there[lane] = by_here if less else known
    return np.uint8(better)


@njit(cache=True, nogil=True)
def hang(
    first, last, order, n, hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    near, row, dest_at, dests, dest_row,
):  # fmt: skip
    """Bring the rows of `settle` to destinations: fill `dests`, ascending, and `dest_row`; return how many.

    The seconds from lane to ``dests[k]`` are ``dest_row[dest_at[dests[k]], lane]`` where not above the limit. The
    caller sets ``dest_at[dests[:k]]`` back to -1.
    """
    lanes = last - first
    found = np.int64(0)
    for i in range(n):
        node = np.int64(near[i])
        for k in range(np.uint64(hang_ptr[node]), np.uint64(hang_ptr[node + 1])):
            found = _listed(hang_dest[k], lanes, found, dest_at, dests, dest_row)
            here, there = row[i], dest_row[dest_at[hang_dest[k]]]
            seconds = hang_s[k]
            for lane in range(lanes):
                there[lane] = min(there[lane], here[lane] + seconds)
    for k in range(first, last):
        for i in range(direct_ptr[order[k]], direct_ptr[order[k] + 1]):
            found = _listed(direct_dest[i], lanes, found, dest_at, dests, dest_row)
            at = dest_at[direct_dest[i]]
            dest_row[at, k - first] = min(dest_row[at, k - first], direct_s[i])
    # ascending, so that the answer does not tell the way of the search
    if found > len(dest_at) // MANY:
        # looking through all is quicker than putting many in order
        k = np.int64(0)
        for dest in range(len(dest_at)):
            dests[k] = dest
            k += 1 if dest_at[dest] >= 0 else 0
            if k == found:
                break
    else:
        dests[:found].sort()
    return found


@njit(cache=True, nogil=True)
def neighbours(first, stop, order, seed_node, reach):
    """Return the number after the last origin to search together with `order[first]`.

    Nodes are numbered along a Hilbert curve: where the numbers of two are near, so are they. Origins share a search
    where they lie within a `FAR`-th of the nodes that one of them reaches (`reach`); two alone are not worth it.
    """
    last = first + 1
    node = _number(order[first], seed_node)
    while last < min(first + LANES, stop) and FAR * abs(_number(order[last], seed_node) - node) <= reach:
        last += 1
    return last if last - first > 2 else first + 1


@njit(cache=True, nogil=True, inline="always")
def _number(origin, seed_node):
    """Return the lower of the two nodes an origin starts from: the other may lie across a jump of the curve."""
    u, v = np.int64(seed_node[origin, 0]), np.int64(seed_node[origin, 1])
    return min(u, v) if v >= 0 else u


@njit(cache=True, nogil=True)
def reach_of(n, first, last, row, limit, reach):
    """Return how many nodes one of the origins searched last reaches; the number known before where that is none."""
    count = np.int64(0)
    for i in range(n):
        for lane in range(last - first):
            count += np.int64(row[i, lane] <= limit)
    return count // (last - first) if count > 0 else reach


@njit(cache=True, nogil=True, inline="always")
def _listed(dest, lanes, found, dest_at, dests, dest_row):
    """Give a destination a row if it has none; return how many have one."""
    if dest_at[dest] < 0:
        dest_at[dest] = found
        dests[found] = dest
        for lane in range(lanes):
            dest_row[found, lane] = INFINITE
        found += 1
    return found
