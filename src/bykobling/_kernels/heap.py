"""A 4-ary heap of (seconds, node), and the scratch of one thread of a search.

How to use it in a kernel of your own
-------------------------------------
One entry is one uint64: the 32 bits of the float32 seconds above the 32 bits of the node. Seconds are never
negative, so the bits of a float32 order as the number does, one integer comparison orders entries, and ties
fall to the lower node: the order of settling is the same on every machine and thread.

Deletion is lazy: a node that got nearer is pushed again and its older entry is passed over when it comes up
(``seconds > dist[node]``). Measured on a street-like grid (one entry in nine is an older one) it takes as
long as a heap with decrease-key, 75-90 ns a settled node, and needs no array of positions.

The scratch of one thread (`scratch`) is a tuple of three arrays, clean between origins:

===========  =========  ========================================================================
``dist``     float32 n  seconds to a node; inf where not seen (clean: all inf)
``touched``  int32 n    nodes whose ``dist`` is not inf, in the order seen
``heap``     uint64     room for every push of one search: arcs + seeds + 4 (clean: all `EMPTY`)
===========  =========  ========================================================================

A search is then::

    size = 0
    count = 0
    size, count = seed(dist, touched, count, heap, size, node, seconds, limit)        # once a seed
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = node_of(entry)
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue                                              # an older, farther entry of a settled node
        ...                                                       # dist[node] == seconds is final here
        size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
    clean(dist, touched, count, heap, size)                       # also after breaking off early

Type ``limit`` and all seconds float32 (a float64 among them doubles the cost of every comparison).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

if TYPE_CHECKING:
    from numpy.typing import NDArray

INFINITE = np.float32(np.inf)
EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
"""What the unused part of a heap holds: later than any entry."""
_HIGH = np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)


def scratch(
    nodes: int, arcs: int, *, seeds: int = 2
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.uint64]]:
    """Allocate the clean scratch of one thread: ``dist``, ``touched``, ``heap``."""
    return (
        np.full(nodes, np.inf, dtype=np.float32),
        np.empty(nodes, dtype=np.int32),
        np.full(arcs + seeds + 4, EMPTY, dtype=np.uint64),
    )


@njit(cache=True, nogil=True, inline="always")
def pack(seconds, node):
    """Make the heap entry of a node at float32 seconds (not negative)."""
    return (np.uint64(np.float32(seconds).view(np.uint32)) << _HIGH) | np.uint64(node)


@njit(cache=True, nogil=True, inline="always")
def seconds_of(entry):
    """Read the float32 seconds of a heap entry."""
    return np.uint32(entry >> _HIGH).view(np.float32)


@njit(cache=True, nogil=True, inline="always")
def node_of(entry):
    """Read the node of a heap entry (unsigned: as an index it needs no wrap-around)."""
    return np.uint32(entry & _LOW)


@njit(cache=True, nogil=True, inline="always")
def push(heap, size, entry):
    """Put an entry into a heap of `size` entries; return the new size."""
    at = np.uint64(size)
    while at > np.uint64(0):
        parent = (at - np.uint64(1)) >> np.uint64(2)
        above = heap[parent]
        if above <= entry:
            break
        heap[at] = above
        at = parent
    heap[at] = entry
    return size + 1


@njit(cache=True, nogil=True, inline="always")
def pop(heap, size):
    """Take the least entry, ``heap[0]``, out of a heap of `size` >= 1 entries; return the new size.

    Read ``heap[0]`` before: it is overwritten. Everything from `size` on must hold `EMPTY`: a group of four
    children is then compared without asking how many there are.
    """
    left_over = size - 1
    end = np.uint64(left_over)
    entry = heap[end]
    heap[end] = EMPTY
    if end > np.uint64(0):
        at = np.uint64(0)
        child = np.uint64(1)
        while child < end:
            # two independent comparisons first: a shorter chain than a running minimum, and no jumps
            least = heap[child]
            where = child
            other = heap[child + np.uint64(1)]
            where = child + np.uint64(1) if other < least else where
            least = min(least, other)
            right = heap[child + np.uint64(2)]
            at_right = child + np.uint64(2)
            other = heap[child + np.uint64(3)]
            at_right = child + np.uint64(3) if other < right else at_right
            right = min(right, other)
            where = at_right if right < least else where
            least = min(least, right)
            if entry <= least:
                break
            heap[at] = least
            at = where
            child = np.uint64(4) * at + np.uint64(1)
        heap[at] = entry
    return left_over


@njit(cache=True, nogil=True, inline="always")
def seed(dist, touched, count, heap, size, node, seconds, limit):
    """Start a search at a node (node < 0 or seconds beyond the limit: no seed); return (size, count)."""
    if node >= 0 and seconds <= limit and seconds < dist[node]:
        if dist[node] == INFINITE:
            touched[count] = node
            count += 1
        dist[node] = seconds
        size = push(heap, size, pack(seconds, node))
    return size, count


@njit(cache=True, nogil=True, inline="always")
def relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit):
    """Look along the arcs of a node just settled at `seconds`; return (size, count)."""
    for arc in range(np.uint64(indptr[node]), np.uint64(indptr[np.uint64(node) + np.uint64(1)])):
        further = seconds + adj_s[arc]
        other = np.uint32(adj_node[arc])
        known = dist[other]
        if further < known and further <= limit:
            if known == INFINITE:
                touched[np.uint64(count)] = other
                count += 1
            dist[other] = further
            size = push(heap, size, pack(further, other))
    return size, count


@njit(cache=True, nogil=True)
def spread(dist, touched, count, heap, size, indptr, adj_node, adj_s, limit):
    """Settle every node within the limit of what was seeded; return how many were touched; the heap is left clean."""
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = node_of(entry)
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue
        size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
    return count


@njit(cache=True, nogil=True)
def clean(dist, touched, count, heap, size):
    """Forget a search, ready for the next origin; `size` is not 0 where it was broken off."""
    for i in range(size):
        heap[i] = EMPTY
    for i in range(count):
        dist[touched[i]] = INFINITE


@njit(cache=True, nogil=True)
def roomy(values, filled, needed):
    """Return the array, or a longer one with the same first `filled` values where it has no room for `needed`."""
    if needed <= len(values):
        return values
    more = np.empty(2 * needed, values.dtype)
    # a loop compiles in a tenth of the time of copying slices
    for i in range(filled):
        more[i] = values[i]
    return more
