"""How many shortest ways run along each edge: Brandes' algorithm within a limit.

Lengths are whole millimetres. Which ways are equally short is then a question of integers, answered alike in
every order of adding up; and the heap of `bykobling._kernels.heap` serves, since its entries compare as plain
uint64: millimetres above, node below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from bykobling._kernels.heap import EMPTY, node_of, pop, push

if TYPE_CHECKING:
    from numpy.typing import NDArray

FAR = np.uint32(0xFFFFFFFF)
"""Millimetres to a node not seen: longer than any limit."""
_HIGH = np.uint64(32)


def scratch(
    nodes: int, arcs: int
) -> tuple[NDArray[np.uint32], NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.uint64]]:
    """Allocate the clean scratch of one thread: ``dist``, ``seen``, ``ways``, ``through``, ``heap``.

    ``dist`` (uint32, all `FAR`) and ``heap`` (all `EMPTY`) are clean between origins; the rest is written before
    it is read.
    """
    return (
        np.full(nodes, FAR, np.uint32),
        np.empty(nodes, np.int32),
        np.empty(nodes, np.float64),
        np.empty(nodes, np.float64),
        np.full(arcs + 5, EMPTY, np.uint64),
    )


@njit(cache=True, nogil=True)
def edge_betweenness(start, stop, limit, indptr, adj_node, adj_mm, adj_edge, dist, seen, ways, through, heap, between):
    """Add the shares of shortest ways from the nodes `start` to `stop` to nodes within the limit into `between` (m,).

    indptr, adj_node, adj_mm, adj_edge : int64 (n + 1,), int32, uint32, int32
        Arcs out of each node, each edge in both directions; lengths above 0.
    limit : uint64
        Inclusive, millimetres, below `FAR`.
    """
    for origin in range(start, stop):
        settled = np.int64(0)
        size = np.int64(0)
        dist[origin] = np.uint32(0)
        size = push(heap, size, np.uint64(origin))
        while size > 0:
            entry = heap[0]
            size = pop(heap, size)
            node = node_of(entry)
            here = entry >> _HIGH
            # the older, farther entry of a node settled before
            if here > np.uint64(dist[node]):
                continue
            seen[settled] = node
            settled += 1
            ways[node] = 0.0
            through[node] = 0.0
            for arc in range(indptr[node], indptr[node + 1]):
                there = here + np.uint64(adj_mm[arc])
                other = adj_node[arc]
                if there <= limit and there < np.uint64(dist[other]):
                    dist[other] = np.uint32(there)
                    size = push(heap, size, (there << _HIGH) | np.uint64(other))
        ways[origin] = 1.0
        # nearest first: every way to a node is known before it is passed on
        for i in range(settled):
            node = seen[i]
            here = np.uint64(dist[node])
            for arc in range(indptr[node], indptr[node + 1]):
                if here + np.uint64(adj_mm[arc]) == np.uint64(dist[adj_node[arc]]):
                    ways[adj_node[arc]] += ways[node]
        # farthest first: what runs on from a node is known before it is handed back
        for i in range(settled - 1, 0, -1):
            node = seen[i]
            here = np.uint64(dist[node])
            share = (1.0 + through[node]) / ways[node]
            for arc in range(indptr[node], indptr[node + 1]):
                other = adj_node[arc]
                if np.uint64(dist[other]) + np.uint64(adj_mm[arc]) == here:
                    part = ways[other] * share
                    between[adj_edge[arc]] += part
                    through[other] += part
        for i in range(settled):
            dist[seen[i]] = FAR
