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
from bykobling._kernels.search import reached
from bykobling._kernels.together import START, seconds_by


@njit(cache=True, nogil=True)
def sort_rows(start, stop, indptr, key):
    """Sort each of the rows, in place."""
    for row in range(start, stop):
        key[indptr[row] : indptr[row + 1]].sort()


@njit(cache=True, nogil=True)
def link_gains(
    start, stop, chunk_ptr, first_chunk, limit, arcs, origins, hung, direct, mine,
    first_end, leaving, rows, weighed, cutoffs, people, before, gain, gaining,
):  # fmt: skip
    """Fill `before` (O, C, F), and add to `gain` (K, L, C, F) and `gaining` (K, L, C), zero before.

    ``chunk_ptr`` cuts the origins into chunks, ``start`` to ``stop`` of this call; row 0 of `gain` is ``first_chunk``.
    ``limit`` to ``mine``: as in `bykobling._kernels.search`; destinations from ``first_end`` on are ends of links.
    ``leaving``: the links leaving each end, as compressed rows: which link, the end it leads to, seconds.
    ``rows``: destinations from each end, as sorted (seconds, destination). ``weighed``: what each destination
    weighs, field by field, as compressed rows. ``cutoffs`` (C,) ascending; ``people`` (O,).
    `gain` is what is newly within each cut-off times people, `gaining` the people for whom any of the first field is.
    """
    order, _, _ = origins
    direct_ptr, direct_dest, direct_s = direct
    _, (_, _, by, by_s), (dest_at, dests, dest_row, _, _) = mine
    leave_ptr, leave_link, leave_to, leave_s = leaving
    row_ptr, row_key = rows
    weight_ptr, weight_field, weight = weighed
    n_cut = len(cutoffs)
    helped = np.zeros(n_cut, np.bool_)
    dest_s = np.full(len(dest_at), INFINITE, np.float32)
    for chunk in range(start, stop):
        out = chunk - first_chunk
        reach = np.int64(START)
        first = chunk_ptr[chunk]
        while first < chunk_ptr[chunk + 1]:
            last, found, _, reach = reached(
                first, chunk_ptr[chunk + 1], limit, arcs, origins, hung, direct, mine, reach
            )  # fmt: skip
            for k in range(first, last):
                origin = order[k]
                # a link is walked through for one origin at a time: what is known of it stands by destination
                for i in range(found):
                    there = seconds_by(k - first, dest_row[dest_at[dests[i]]], by, by_s)
                    dest_s[dests[i]] = there if there <= limit else INFINITE
                for i in range(direct_ptr[origin], direct_ptr[origin + 1]):
                    if direct_s[i] <= limit:
                        dest_s[direct_dest[i]] = min(dest_s[direct_dest[i]], direct_s[i])
                for i in range(found):
                    if dest_s[dests[i]] <= limit and dests[i] < first_end:
                        c = first_cutoff(dest_s[dests[i]], cutoffs)
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
