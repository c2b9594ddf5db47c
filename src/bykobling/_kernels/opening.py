"""What each opened barrier gives each origin, exactly, without a new search for each.

One bounded search from an origin gives its seconds on the network as it is. Opening a barrier only ever makes nodes
nearer, so the opened network is searched from the ends of the links that help, and only nodes that got nearer are
visited; then everything is put back for the next barrier. The twin in the tests searches every opened network anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels.heap import EMPTY, node_of, pack, pop, push, relax, seconds_of, seed

if TYPE_CHECKING:
    from numpy.typing import NDArray


@njit(cache=True, nogil=True)
def _hang(node, node_s, dest_ptr, dest_id, dest_s, limit, cost, seen, count):
    """Offer a node's destinations its seconds; record those first reached; return their number."""
    for k in range(dest_ptr[node], dest_ptr[node + 1]):
        seconds = node_s + dest_s[k]
        if seconds <= limit:
            dest = dest_id[k]
            if cost[dest] == np.inf:
                seen[count] = dest
                count += 1
            cost[dest] = min(cost[dest], seconds)
    return count


@njit(cache=True, nogil=True, inline="always")
def _nearer(node, seconds, dist, heap, size, changed, n_changed, was, stamp, at):
    """Bring a node nearer in trial `at`, remembering what it was; return (size, n_changed)."""
    if stamp[node] != at:
        stamp[node] = at
        was[node] = dist[node]
        changed[n_changed] = node
        n_changed += 1
    dist[node] = seconds
    return push(heap, size, pack(seconds, node)), n_changed


@njit(cache=True, nogil=True)
def _opened(
    allowed, indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group, dest_ptr, dest_id, dest_s, limit,
    dist, heap, size, changed, n_changed, was, stamp, at, cost, cost_changed, cost_was, cost_stamp,
):  # fmt: skip
    """Spread what got nearer through arcs and allowed links; return the numbers of changed nodes and destinations."""
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = np.int64(node_of(entry))
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue
        for arc in range(indptr[node], indptr[node + 1]):
            further = seconds + adj_s[arc]
            other = adj_node[arc]
            if further < dist[other] and further <= limit:
                size, n_changed = _nearer(other, further, dist, heap, size, changed, n_changed, was, stamp, at)
        for k in range(link_ptr[node], link_ptr[node + 1]):
            if allowed[link_group[k]]:
                further = seconds + link_s[k]
                other = link_to[k]
                if further < dist[other] and further <= limit:
                    size, n_changed = _nearer(other, further, dist, heap, size, changed, n_changed, was, stamp, at)
    n_cost = 0
    for i in range(n_changed):
        node = changed[i]
        for k in range(dest_ptr[node], dest_ptr[node + 1]):
            nearer = dist[node] + dest_s[k]
            dest = dest_id[k]
            if nearer < cost[dest] and nearer <= limit:
                if cost_stamp[dest] != at:
                    cost_stamp[dest] = at
                    cost_was[dest] = cost[dest]
                    cost_changed[n_cost] = dest
                    n_cost += 1
                cost[dest] = nearer
    return n_changed, n_cost


def opening_scratch(
    nodes: int, arcs: int, links: int, dests: int, groups: int, trials: int
) -> tuple[NDArray[Any], ...]:
    """Allocate the clean scratch of one thread of `opening_sums`."""
    return (
        np.full(nodes, np.inf, np.float32),  # dist
        np.empty(nodes, np.int32),  # touched
        np.full(arcs + 2 * links + 8, EMPTY, np.uint64),  # heap
        np.empty(nodes, np.float32),  # was
        np.full(nodes, -1, np.int64),  # stamp
        np.empty(nodes, np.int32),  # changed
        np.full(dests, np.inf, np.float32),  # cost
        np.empty(dests, np.int32),  # seen
        np.empty(dests, np.float32),  # cost_was
        np.full(dests, -1, np.int64),  # cost_stamp
        np.empty(dests, np.int32),  # cost_changed
        np.empty((3, links), np.int32),  # helps: link, from, next
        np.full(groups, -1, np.int32),  # head
        np.empty(groups, np.int32),  # useful
        np.full(trials, -1, np.int64),  # asked: origin a trial was last asked for
        np.empty(trials, np.int32),  # asked_for
        np.zeros(1, np.int64),  # at: number of the trial, never reused
    )


@njit(cache=True, nogil=True)
def opening_sums(
    indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group, masks, ask_ptr, ask_trial,
    seed_node, seed_s, same_ptr, same_dest, same_s, dest_ptr, dest_id, dest_s,
    weights, cutoffs, people, chunk_ptr, first_chunk, last_chunk, scratch, base, union_gain, trial_gain,
):  # fmt: skip
    """Fill `base`, `union_gain` and `trial_gain`.

    ``indptr, adj_node, adj_s``: arcs. ``link_*``: links by the node they leave, with the group that opens them.
    ``masks`` (U + T, G): groups opened together, first the U unions told origin by origin, then the T trials summed
    over origins; ``ask_*``: trials (counted from 0) by the groups that call for them. ``seed_*`` (O, 2).
    ``same_*``: destinations on the origin's own edge. ``dest_*``: destinations by node. ``weights`` (D, F);
    ``cutoffs`` (C,), ascending seconds; ``people`` (O,). ``chunk_ptr`` (K+1,) splits the origins into pieces,
    each worked through in order by one thread, `first_chunk` to `last_chunk` in this call. Out: ``base`` (O, C, F),
    ``union_gain`` (O, U, C, F), and ``trial_gain`` (K, T, C, F), summed over the chunk's origins times `people`.
    """
    n_fields = weights.shape[1]
    n_cut = len(cutoffs)
    n_union = union_gain.shape[1]
    limit = cutoffs[n_cut - 1]
    (
        dist, touched, heap, was, stamp, changed, cost, seen, cost_was, cost_stamp, cost_changed,
        helping, head, useful, asked, asked_for, counter,
    ) = scratch  # fmt: skip
    helps, helps_from, helps_next = helping[0], helping[1], helping[2]
    at = counter[0]
    for chunk in range(first_chunk, last_chunk):
        for origin in range(chunk_ptr[chunk], chunk_ptr[chunk + 1]):
            size = 0
            count = 0
            size, count = seed(dist, touched, count, heap, size, seed_node[origin, 0], seed_s[origin, 0], limit)
            size, count = seed(dist, touched, count, heap, size, seed_node[origin, 1], seed_s[origin, 1], limit)
            while size > 0:
                entry = heap[0]
                size = pop(heap, size)
                node = node_of(entry)
                seconds = seconds_of(entry)
                if seconds <= dist[node]:
                    size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
            n_seen = 0
            for i in range(count):
                n_seen = _hang(touched[i], dist[touched[i]], dest_ptr, dest_id, dest_s, limit, cost, seen, n_seen)
            for k in range(same_ptr[origin], same_ptr[origin + 1]):
                if same_s[k] <= limit:
                    if cost[same_dest[k]] == np.inf:
                        seen[n_seen] = same_dest[k]
                        n_seen += 1
                    cost[same_dest[k]] = min(cost[same_dest[k]], same_s[k])
            for i in range(n_seen):
                for c in range(n_cut):
                    if cost[seen[i]] <= cutoffs[c]:
                        for f in range(n_fields):
                            base[origin, c, f] += weights[seen[i], f]
            # links that bring a node nearer, listed by group, and the trials their groups call for
            n_helps = 0
            n_useful = 0
            for i in range(count):
                node = touched[i]
                for k in range(link_ptr[node], link_ptr[node + 1]):
                    further = dist[node] + link_s[k]
                    if further <= limit and further < dist[link_to[k]]:
                        group = link_group[k]
                        if head[group] < 0:
                            useful[n_useful] = group
                            n_useful += 1
                        helps[n_helps] = k
                        helps_from[n_helps] = node
                        helps_next[n_helps] = head[group]
                        head[group] = n_helps
                        n_helps += 1
            n_asked = 0
            for g in range(n_useful):
                for k in range(ask_ptr[useful[g]], ask_ptr[useful[g] + 1]):
                    if asked[ask_trial[k]] != origin:
                        asked[ask_trial[k]] = origin
                        asked_for[n_asked] = ask_trial[k]
                        n_asked += 1
            for which in range(n_union + n_asked):
                told = which < n_union
                trial = which if told else asked_for[which - n_union]
                allowed = masks[which] if told else masks[n_union + trial]
                at += 1
                size = 0
                n_changed = 0
                for g in range(n_useful):
                    i = head[useful[g]] if allowed[useful[g]] else -1
                    while i >= 0:
                        other = link_to[helps[i]]
                        further = dist[helps_from[i]] + link_s[helps[i]]
                        # the near end may itself have got nearer already; the spread takes care of it
                        if further < dist[other]:
                            size, n_changed = _nearer(
                                other, further, dist, heap, size, changed, n_changed, was, stamp, at
                            )
                        i = helps_next[i]
                if n_changed == 0:
                    continue
                n_changed, n_cost = _opened(
                    allowed, indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group,
                    dest_ptr, dest_id, dest_s, limit, dist, heap, size, changed, n_changed, was, stamp, at,
                    cost, cost_changed, cost_was, cost_stamp,
                )  # fmt: skip
                for i in range(n_cost):
                    dest = cost_changed[i]
                    for c in range(n_cut):
                        if cost[dest] <= cutoffs[c] and cost_was[dest] > cutoffs[c]:
                            for f in range(n_fields):
                                if told:
                                    union_gain[origin, trial, c, f] += weights[dest, f]
                                else:
                                    trial_gain[chunk, trial, c, f] += people[origin] * weights[dest, f]
                    cost[dest] = cost_was[dest]
                for i in range(n_changed):
                    dist[changed[i]] = was[changed[i]]
            for g in range(n_useful):
                head[useful[g]] = -1
            for i in range(n_seen):
                cost[seen[i]] = np.inf
            for i in range(count):
                dist[touched[i]] = np.inf
    counter[0] = at
