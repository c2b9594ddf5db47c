"""Bounded searches from each origin to destinations of its own, stopping when the last of them is settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE, clean, node_of, pop, relax, seconds_of, seed

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray


def listed_scratch(nodes: int, destinations: int, slots: int) -> tuple[NDArray[Any], ...]:
    """Allocate ``place``, ``head``, ``after``, ``slot_pair`` and ``slot_s`` of one thread."""
    return (
        np.full(destinations, -1, np.int32),
        np.full(nodes, -1, np.int32),
        np.empty(slots, np.int32),
        np.empty(slots, np.int32),
        np.empty(slots, np.float32),
    )


@njit(cache=True, nogil=True)
def listed_seconds(
    start,
    stop,
    order,
    limit,
    indptr,
    adj_node,
    adj_s,
    seed_node,
    seed_s,
    pair_ptr,
    pair_dest,
    dest_ptr,
    dest_node,
    dest_s,
    direct_ptr,
    direct_dest,
    direct_s,
    dist,
    touched,
    heap,
    place,
    head,
    after,
    slot_pair,
    slot_s,
    out,
):
    """Fill `out` (k,; inf before) with the seconds of the pairs within the limit, origin after origin.

    Arguments beyond those of `search`
    ----------------------------------
    pair_ptr, pair_dest : int64 (O + 1,), int32 (k,)
        The destinations each origin asks for, none of them twice.
    dest_ptr, dest_node, dest_s : int64 (D + 1,), int32, float32
        The nodes each destination hangs on, with the seconds from them.
    place : int32 (D,)
        Scratch: where in its origin's list a destination stands (clean: all -1).
    head : int32 (n,)
        Scratch: the first slot waiting at a node (clean: all -1).
    after, slot_pair, slot_s : int32, int32, float32
        Scratch with room for every node of every destination of one origin.
    """
    for k in range(start, stop):
        origin = order[k]
        first, last = pair_ptr[origin], pair_ptr[origin + 1]
        if first == last:
            continue
        slots = 0
        for pair in range(first, last):
            dest = pair_dest[pair]
            place[dest] = pair - first
            for i in range(dest_ptr[dest], dest_ptr[dest + 1]):
                node = dest_node[i]
                after[slots] = head[node]
                head[node] = slots
                slot_pair[slots] = pair - first
                slot_s[slots] = dest_s[i]
                slots += 1
        pending = last - first
        for i in range(direct_ptr[origin], direct_ptr[origin + 1]):
            at = place[direct_dest[i]]
            if at >= 0 and direct_s[i] <= limit and direct_s[i] < out[first + at]:
                if out[first + at] == INFINITE:
                    pending -= 1
                out[first + at] = direct_s[i]
        # later finds only come nearer, so the farthest known when all are known is a bound
        farthest = INFINITE
        size = 0
        count = 0
        for i in range(2):
            size, count = seed(
                dist, touched, count, heap, size, np.int64(seed_node[origin, i]), seed_s[origin, i], limit
            )
        while size > 0:
            if pending == 0 and farthest == INFINITE:
                farthest = np.float32(0)
                for pair in range(first, last):
                    farthest = max(farthest, out[pair])
            entry = heap[0]
            seconds = seconds_of(entry)
            if seconds >= farthest:
                break
            size = pop(heap, size)
            node = node_of(entry)
            if seconds > dist[node]:
                continue
            slot = head[node]
            while slot >= 0:
                there = seconds + slot_s[slot]
                pair = first + slot_pair[slot]
                if there <= limit and there < out[pair]:
                    if out[pair] == INFINITE:
                        pending -= 1
                    out[pair] = there
                slot = after[slot]
            size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
        clean(dist, touched, count, heap, size)
        for pair in range(first, last):
            dest = pair_dest[pair]
            place[dest] = -1
            for i in range(dest_ptr[dest], dest_ptr[dest + 1]):
                head[dest_node[i]] = -1
