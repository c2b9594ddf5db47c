"""Bounded searches from one node to one other, stopping when it is settled."""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE, clean, node_of, pop, relax, seconds_of, seed


@njit(cache=True, nogil=True)
def pair_seconds(indptr, adj_node, adj_s, source, target, limit, start, stop, dist, touched, heap, out):
    """Fill ``out[start:stop]`` with seconds from source to target; inf beyond the limit."""
    for i in range(start, stop):
        size, count = seed(dist, touched, 0, heap, 0, source[i], np.float32(0), limit)
        found = INFINITE
        while size > 0:
            entry = heap[0]
            size = pop(heap, size)
            node = node_of(entry)
            seconds = seconds_of(entry)
            if seconds > dist[node]:
                continue
            if node == target[i]:
                found = seconds  # final only now that it is settled
                break
            size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
        out[i] = found
        clean(dist, touched, count, heap, size)
