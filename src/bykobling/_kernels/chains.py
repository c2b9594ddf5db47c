"""Walking along chains of streets whose inner nodes join exactly two of them."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def chains(edge_u, edge_v, mergeable, incident):
    """Join edges into chains through nodes that may be merged away.

    Parameters
    ----------
    edge_u, edge_v : int32 (m,)
    mergeable : bool (n,)
        Nodes with exactly two incident edges, which may become one.
    incident : int32 (n, 2)
        The two edges at a mergeable node.

    Returns
    -------
    order : int32 (m,)
        Edges chain after chain, each chain in walking order; the first edge of a chain is its lowest where a
        chain has no fixed end (a ring).
    backward : bool (m,)
        Whether the edge at this place in `order` is walked from v to u.
    starts : int32 (k + 1,)
        Where each chain begins in `order`.
    """
    m = len(edge_u)
    order = np.empty(m, np.int32)
    backward = np.empty(m, np.bool_)
    starts = np.empty(m + 1, np.int32)
    seen = np.zeros(m, np.bool_)
    placed = 0
    count = 0
    # rings have no fixed end: they are what the first round leaves over
    for rings in range(2):
        for first in range(m):
            if seen[first]:
                continue
            if rings == 0 and mergeable[edge_u[first]] and mergeable[edge_v[first]]:
                continue
            starts[count] = placed
            count += 1
            edge = first
            reverse = rings == 0 and mergeable[edge_u[first]]
            while True:
                seen[edge] = True
                order[placed] = edge
                backward[placed] = reverse
                placed += 1
                node = edge_u[edge] if reverse else edge_v[edge]
                if not mergeable[node]:
                    break
                edge = incident[node, 1] if incident[node, 0] == edge else incident[node, 0]
                if seen[edge]:
                    break
                reverse = edge_v[edge] == node
    starts[count] = placed
    return order, backward, starts[: count + 1]
