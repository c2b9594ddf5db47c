"""What each of many links would give each origin, exactly, without searching a changed network.

With one link added between u and v, taking l seconds either way, the seconds from origin o to destination d are

    c'(o, d) = min(c(o, d), c(o, u) + l + c(v, d), c(o, v) + l + c(u, d)).

A search from the origin (`bykobling._kernels.lanes`) gives c(o, d) and the seconds to the ends of all links at once:
ends are destinations too, numbered after the others. The destinations from each end, nearest first, are listed before,
so that a link costs a walk along one list, broken off where the limit is passed. At most one of the two directions
helps an origin: if
c(o, u) + l < c(o, v), then c(o, v) + l > c(o, u).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from bykobling._kernels.cutoffs import add_up, first_cutoff
from bykobling._kernels.heap import INFINITE, node_of, seconds_of
from bykobling._kernels.lanes import START, neighbours
from bykobling._kernels.search import reached


@njit(cache=True, nogil=True)
def sort_rows(start, stop, indptr, key):
    """Sort each of the rows, in place."""
    for row in range(start, stop):
        key[indptr[row] : indptr[row + 1]].sort()


@njit(cache=True, nogil=True)
def link_gains(
    start, stop, chunk_ptr, first_chunk, order, limit,
    indptr, adj_node, adj_s, seed_node, seed_s, hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row,
    first_end, leave_ptr, leave_link, leave_to, leave_s, row_ptr, row_key,
    weight_ptr, weight_field, weight, cutoffs, people,
    before, gain, gaining,
):  # fmt: skip
    """Fill `before` (O, C, F), and add to `gain` (K, L, C, F) and `gaining` (K, L, C), zero before.

    ``chunk_ptr`` cuts the origins into chunks, ``start`` to ``stop`` of this call; row 0 of `gain` is ``first_chunk``.
    ``order`` to ``dest_row``: as in `bykobling._kernels.search`; destinations from ``first_end`` on are ends of
    links. ``leave_*``: the links leaving each end, as compressed rows: which link, the end it leads to, seconds.
    ``row_*``: destinations from each end, as sorted (seconds, destination). ``weight_*``: what each destination
    weighs, field by field, as compressed rows. ``cutoffs`` (C,) ascending; ``people`` (O,).
    `gain` is what is newly within each cut-off times people, `gaining` the people for whom any of the first field is.
    """
    n_cut = len(cutoffs)
    helped = np.zeros(n_cut, np.bool_)
    dest_s = np.full(len(dest_at), INFINITE, np.float32)
    for chunk in range(start, stop):
        out = chunk - first_chunk
        reach = np.int64(START)
        first = chunk_ptr[chunk]
        while first < chunk_ptr[chunk + 1]:
            last = neighbours(first, chunk_ptr[chunk + 1], order, seed_node, reach)
            found, reach = reached(
                first, last, order, limit, indptr, adj_node, adj_s, seed_node, seed_s,
                hang_ptr, hang_dest, hang_s, direct_ptr, direct_dest, direct_s,
                dist, touched, heap, local, near, ptr, to, to_s, row, dirty, dest_at, dests, dest_row, reach,
            )  # fmt: skip
            for k in range(first, last):
                origin = order[k]
                for i in range(found):
                    there = dest_row[dest_at[dests[i]], k - first]
                    if there <= limit:
                        dest_s[dests[i]] = there
                        if dests[i] < first_end:
                            c = first_cutoff(there, cutoffs)
                            for j in range(weight_ptr[dests[i]], weight_ptr[dests[i] + 1]):
                                before[origin, c, weight_field[j]] += weight[j]
                add_up(before, origin)
                # ends of links are the last destinations
                i = found - 1
                while i >= 0 and dests[i] >= first_end:
                    end = dests[i] - first_end
                    i -= 1
                    here = dest_s[first_end + end]
                    for leave in range(leave_ptr[end], leave_ptr[end + 1]):
                        across = here + leave_s[leave]
                        other = leave_to[leave]
                        if across >= dest_s[first_end + other] or across > limit:
                            continue
                        link = leave_link[leave]
                        for j in range(row_ptr[other], row_ptr[other + 1]):
                            there = across + seconds_of(row_key[j])
                            if there > limit:
                                break
                            dest = np.int64(node_of(row_key[j]))
                            known = dest_s[dest]
                            if there < known:
                                for c in range(first_cutoff(there, cutoffs), first_cutoff(known, cutoffs)):
                                    for w in range(weight_ptr[dest], weight_ptr[dest + 1]):
                                        gain[out, link, c, weight_field[w]] += people[origin] * weight[w]
                                        if weight_field[w] == 0 and weight[w] > 0:
                                            helped[c] = True
                        for c in range(n_cut):
                            if helped[c]:
                                gaining[out, link, c] += people[origin]
                                helped[c] = False
                for i in range(found):
                    dest_s[dests[i]] = INFINITE
            for i in range(found):
                dest_at[dests[i]] = -1
            first = last
