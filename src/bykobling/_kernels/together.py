"""Who is searched together, and how each of them reads its seconds from what they share.

Most origins are homes, and many homes stand on one street: whatever way leads from them begins at one of its two
ends. So a lane of a search is a node that origins start from, and an origin's seconds are the lesser of the two by
the ends of its street::

    min(row[by[k, 0]] + by_s[k, 0], row[by[k, 1]] + by_s[k, 1])

In Monaco a node stands for five places where people live. Where there are fewer origins than nodes they start from,
an origin is a lane of its own, read in the same way: both sides of ``by`` are that lane, both of ``by_s`` are 0. Sums
of seconds are exact up to `EXACT`, so it makes no difference to the answer; searches that may go farther take origins
as lanes, since those add seconds up in the order of a search from one origin alone.

===========  ==================  =====================================================
``start``    int32 LANES, 2      the nodes a lane starts from; -1: none
``start_s``  float32 LANES, 2    seconds to them
``by``       uint32 ORIGINS, 2   the lanes an origin's seconds are read from
``by_s``     float32 ORIGINS, 2  seconds to add; inf: nothing is read there
===========  ==================  =====================================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 16
"""Lanes searched together. Measured on streets with an origin a lane: 8 take a third longer, 32 a fifth less; with
nodes for lanes 24 and 32 are no quicker."""

ORIGINS = 128
"""Origins that share the lanes of one search."""

EXACT = np.float32(2**14)
"""Below so many seconds their sums do not depend on the order (`bykobling.network.model.on_grid`)."""

START = 256
"""How many nodes an origin is thought to reach before any was searched from."""

FAR = 5
"""Origins twice as far from each other are as quickly searched one by one."""


def scratch() -> tuple[NDArray[Any], ...]:
    """Allocate ``start``, ``start_s``, ``by`` and ``by_s``."""
    return (
        np.empty((LANES, 2), np.int32),
        np.empty((LANES, 2), np.float32),
        np.empty((ORIGINS, 2), np.uint32),
        np.empty((ORIGINS, 2), np.float32),
    )


@njit(cache=True, nogil=True)
def together(first, stop, limit, origins, reach, start, start_s, by, by_s):
    """Choose who is searched together with the origin `first`; return (the number after the last of them, lanes)."""
    order, seed_node, seed_s = origins
    near = _near(first, min(first + ORIGINS, stop), order, seed_node, reach)
    # two searched together are not worth what sharing costs
    apart = min(first + LANES, near) if near - first > 2 else first + 1
    if limit < EXACT:
        last, lanes = _by_nodes(first, near, limit, order, seed_node, seed_s, start, start_s, by, by_s)
        if (last - first > 2 or lanes == 1) and (last > apart or (last == apart and lanes < apart - first)):
            return last, lanes
    for k in range(apart - first):
        for side in range(2):
            start[k, side] = seed_node[order[first + k], side]
            start_s[k, side] = seed_s[order[first + k], side]
            by[k, side] = k
            by_s[k, side] = 0
    return apart, apart - first


@njit(cache=True, nogil=True)
def _near(first, stop, order, seed_node, reach):
    """Return the number after the last origin within a `FAR`-th of the nodes that one of them reaches (`reach`).

    Nodes are numbered along a Hilbert curve: where the numbers of two are near, so are they. The lower of the two an
    origin starts from tells where it is: the other may lie across a jump of the curve.
    """
    here = np.int64(0)
    for k in range(first, stop):
        u, v = np.int64(seed_node[order[k], 0]), np.int64(seed_node[order[k], 1])
        there = min(u, v) if v >= 0 else u
        if k == first:
            here = there
        elif FAR * abs(there - here) > reach:
            return k
    return stop


@njit(cache=True, nogil=True)
def _by_nodes(first, stop, limit, order, seed_node, seed_s, start, start_s, by, by_s):
    """Give each node a lane, as long as there are any; return (the number after the last origin, lanes)."""
    lanes = np.int64(0)
    last = first
    while last < stop:
        wanted = lanes
        for side in range(2):
            node, seconds = seed_node[order[last], side], seed_s[order[last], side]
            by[last - first, side] = 0
            by_s[last - first, side] = INFINITE
            if node >= 0 and seconds <= limit and wanted <= LANES:
                lane = np.int64(0)
                while lane < wanted and start[lane, 0] != node:
                    lane += 1
                if lane == wanted:
                    wanted += 1
                if wanted <= LANES:
                    start[lane, 0] = node
                    by[last - first, side] = lane
                    by_s[last - first, side] = seconds
        if wanted > LANES:
            break
        lanes = wanted
        last += 1
    if lanes == 0:
        # nobody starts anywhere: a lane that reaches nothing, so that there is one to read
        start[0, 0] = -1
        lanes = 1
    for lane in range(lanes):
        start[lane, 1] = -1
        for side in range(2):
            start_s[lane, side] = 0
    return last, lanes


@njit(cache=True, nogil=True, inline="always")
def seconds_by(k, row, by, by_s):
    """Return the seconds from the origin `k` of a search to what `row` (a lane each) tells of."""
    return min(row[by[k, 0]] + by_s[k, 0], row[by[k, 1]] + by_s[k, 1])
