"""One search for up to `LANES` neighbouring origins or streets' ends: each node is settled once for all of them.

Neighbours reach nearly the same nodes in nearly the same order. So one search from all of them together (`heap`)
lists the nodes within the limit of any, nearest first; their seconds from each stand side by side in a row, one lane
each, and are brought along the arcs row by row, which the processor does for all lanes at once. Where a row of
before gets nearer, the work goes back there; where streets are what they are that is one row in eight. What is found
is the least over all ways, each added up in its own order, so the answer is that of a search from each lane alone,
to the last bit. The twins in the tests are such searches.

How to use it in a kernel of your own::

    last, lanes = together(first, stop, limit, origins, reach, *chosen)     # bykobling._kernels.together
    n = settle(lanes, limit, arcs, mine, chosen)
    # seconds from lane to node near[i], i < n: row[i, lane] where that is not above the limit, which is finite
    # (`bykobling.network.ends.limit_of`); from the origin of number first + k: seconds_by(k, row[i], by, by_s)

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
from bykobling._kernels.together import LANES

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
def settle(lanes, limit, arcs, mine, chosen):
    """Search from the lanes `chosen` by `together`: fill `near` and `row`, return how many rows."""
    dist, _, _, local, near, ptr, to, to_s, row, dirty = mine
    n = nodes_near(lanes, limit, arcs, mine, chosen)
    if lanes == 1:
        # there is nothing to share
        for i in range(n):
            node = near[i]
            row[i, 0] = dist[node]
            dist[node] = INFINITE
            local[node] = -1
        return n
    laid_out(n, lanes, arcs, mine, chosen)
    for i in range(n):
        local[near[i]] = -1
    passed_on(n, lanes, limit, ptr, to, to_s, row, dirty)
    return n


@njit(cache=True, nogil=True)
def nodes_near(lanes, limit, arcs, mine, chosen):
    """List the nodes within the limit of any lane in `near`, nearest first; return how many.

    Left behind: ``dist``, the seconds from the nearest lane, and ``local``.
    """
    indptr, adj_node, adj_s = arcs
    dist, touched, heap, local, near, _, _, _, _, _ = mine
    start, start_s, _, _ = chosen
    size = 0
    count = 0
    for lane in range(lanes):
        for side in range(2):
            size, count = seed(
                dist, touched, count, heap, size, np.int64(start[lane, side]), start_s[lane, side], limit
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
def laid_out(n, lanes, arcs, mine, chosen):
    """List the arcs between rows and write the seconds to the nodes the lanes start from; `dist` is left clean."""
    indptr, adj_node, adj_s = arcs
    dist, _, _, local, near, ptr, to, to_s, row, dirty = mine
    start, start_s, _, _ = chosen
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
    for lane in range(lanes):
        for side in range(2):
            node = np.int64(start[lane, side])
            if node >= 0 and local[node] >= 0:
                i = local[node]
                row[i, lane] = min(row[i, lane], start_s[lane, side])
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
def reach_of(n, lanes, row, limit, reach):
    """Return how many nodes a lane searched last reaches; the number known before where that is none."""
    count = np.int64(0)
    for i in range(n):
        for lane in range(lanes):
            count += np.int64(row[i, lane] <= limit)
    return count // lanes if count > 0 else reach
