"""Seconds to destinations, brought from the nodes they hang on, for all that were searched together.

The scratch of one thread (`scratch`), clean between searches:

============  ==================  ==============================================================
``dest_at``   int32 D             which row is a destination's (clean: all -1)
``dests``     int32 D             the destinations found
``dest_row``  float32 D, LANES    seconds from each lane
``own_at``    int32 D             by row: the first of the own ways that lead there (`own`); -1: none
``there``     float32 ORIGINS     seconds from each origin to one destination (`told`)
============  ==================  ==============================================================

An own way leads from an origin to a destination along their street, without passing a node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels.heap import INFINITE
from bykobling._kernels.together import LANES, ORIGINS, seconds_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

MANY = 32
"""From one in so many destinations on, those found are looked through in order instead of being sorted."""


def scratch(destinations: int) -> tuple[NDArray[Any], ...]:
    """Allocate the clean scratch of one thread."""
    return (
        np.full(destinations, -1, np.int32),
        np.empty(destinations, np.int32),
        np.empty((destinations, LANES), np.float32),
        np.empty(destinations, np.int32),
        np.empty(ORIGINS, np.float32),
    )


@njit(cache=True, nogil=True)
def hang(first, last, lanes, n, near, row, order, hung, direct, mine):
    """Bring `n` rows to destinations: fill `dests`, ascending, and their rows; return (how many, own ways).

    What is told of ``dests[k]``, `told` reads. The caller sets ``dest_at[dests[:k]]`` back to -1.
    """
    hang_ptr, hang_dest, hang_s = hung
    direct_ptr, direct_dest, direct_s = direct
    dest_at, dests, dest_row, own_at, _ = mine
    found = np.int64(0)
    for i in range(n):
        node = np.int64(near[i])
        for k in range(np.uint64(hang_ptr[node]), np.uint64(hang_ptr[node + 1])):
            found = _listed(hang_dest[k], lanes, found, dest_at, dests, dest_row, own_at)
            here, there = row[i], dest_row[dest_at[hang_dest[k]]]
            seconds = hang_s[k]
            for lane in range(lanes):
                there[lane] = min(there[lane], here[lane] + seconds)
    ways = np.int64(0)
    for k in range(first, last):
        ways += direct_ptr[order[k] + 1] - direct_ptr[order[k]]
    # a chain for each destination: the origin, its seconds, the next way
    own = np.empty(ways, np.int32), np.empty(ways, np.float32), np.empty(ways, np.int32)
    way = np.int32(0)
    for k in range(first, last):
        for i in range(direct_ptr[order[k]], direct_ptr[order[k] + 1]):
            found = _listed(direct_dest[i], lanes, found, dest_at, dests, dest_row, own_at)
            at = dest_at[direct_dest[i]]
            own[0][way], own[1][way], own[2][way] = k - first, direct_s[i], own_at[at]
            own_at[at] = way
            way += np.int32(1)
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
    return found, own


@njit(cache=True, nogil=True, inline="always")
def _listed(dest, lanes, found, dest_at, dests, dest_row, own_at):
    """Give a destination a row if it has none; return how many have one."""
    if dest_at[dest] < 0:
        dest_at[dest] = found
        own_at[found] = -1
        dests[found] = dest
        for lane in range(lanes):
            dest_row[found, lane] = INFINITE
        found += 1
    return found


@njit(cache=True, nogil=True)
def told(origins, dest, own, chosen, mine, there):
    """Fill ``there[:origins]`` with the seconds from each origin of a search to a destination it found."""
    _, _, by, by_s = chosen
    dest_at, _, dest_row, own_at, _ = mine
    at = dest_at[dest]
    row = dest_row[at]
    for k in range(origins):
        there[k] = seconds_by(k, row, by, by_s)
    way = own_at[at]
    while way >= 0:
        there[own[0][way]] = min(there[own[0][way]], own[1][way])
        way = own[2][way]
