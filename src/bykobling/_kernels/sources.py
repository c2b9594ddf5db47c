"""One search from all origins at once: seconds to each node from whichever origin is nearest."""

from __future__ import annotations

from numba import njit

from bykobling._kernels.heap import seed, spread


@njit(cache=True, nogil=True)
def from_any(limit, indptr, adj_node, adj_s, seed_node, seed_s, dist, touched, heap):
    """Write the seconds to each node within the limit into `dist` (n; inf before); the heap is left clean.

    `seed_node`, `seed_s` (O, 2) are those of the origins; the heap has room for all seeds and arcs.
    """
    size = 0
    count = 0
    for origin in range(seed_node.shape[0]):
        for i in range(2):
            size, count = seed(dist, touched, count, heap, size, seed_node[origin, i], seed_s[origin, i], limit)
    spread(dist, touched, count, heap, size, indptr, adj_node, adj_s, limit)
