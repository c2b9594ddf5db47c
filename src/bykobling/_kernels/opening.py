"""What each opened barrier gives each origin, exactly, without a new search for each.

One bounded search from an origin gives its seconds on the network as it is. Opening a barrier only ever makes nodes
nearer, so the opened network is searched from the ends of the links that help, and only nodes that got nearer are
visited; then everything is put back for the next barrier. The twin in the tests searches every opened network anew.

Homes are many, and a way from a home begins at one end of its street or the other. Where several homes stand in one
street its two ends are searched instead, once for all streets that meet there, and each home takes, for every
destination, the nearer of the two: seconds lie on a grid on which sums are exact, so the answer has not a bit of
difference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import njit

from bykobling._kernels.cutoffs import first_cutoff
from bykobling._kernels.heap import EMPTY, node_of, pack, pop, push, relax, roomy, seconds_of, seed

if TYPE_CHECKING:
    from numpy.typing import NDArray


ZERO = np.int64(0)
"""A bare 0 has a type of its own to numba: a function called with it is compiled once more."""

MANY_HOMES = 3
"""So many homes in one street are searched from its two ends; fewer each by itself."""

MOST_STREETS = 64
"""So many streets are worked through together, and share what was found at their ends."""

FIRST_STREETS = 8
"""So many at first; twice as many next where they found little, half where they found much."""

MUCH = 2_000_000
"""Destinations found, of 8 bytes each, from all sources and in all trials."""

SOURCES = 2 * MOST_STREETS
"""A street has two ends, and no more homes than two that are searched from by themselves."""


@njit(cache=True, nogil=True)
def _hang(node, node_s, dest_ptr, dest_id, dest_s, limit, cost, seen, count):
    """Offer a node's destinations its seconds; record those first reached; return how many are recorded."""
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
    n_cost = ZERO
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
    """Allocate the clean scratch of one thread of `opening_sums`; `trials` with the unions."""
    return (
        np.full(nodes, np.inf, np.float32),  # dist
        np.empty(nodes, np.int32),  # touched
        np.full(arcs + links + 8, EMPTY, np.uint64),  # heap
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
        np.full(trials, -1, np.int64),  # asked: the number for which a trial was last asked for
        np.empty((SOURCES + 1, trials), np.int32),  # tried: by source, and for a home
        np.zeros(SOURCES, np.int64),  # n_tried
        np.zeros((SOURCES, trials + 1, 2), np.int64),  # rows: first and last of what a source found, by trial
        np.full((SOURCES, trials + 1), -1, np.int64),  # rows_at: the number for which a row was last written
        np.zeros(SOURCES, np.int64),  # source_at: the number for which a source was last searched from
        np.empty((SOURCES, 2), np.int32),  # source_node: where it starts
        np.empty((SOURCES, 2), np.float32),  # source_s: seconds to there
        np.empty(SOURCES, np.float32),  # source_least: the shortest way to it from a home
        np.empty(SOURCES, np.int64),  # alone: the sources that are one home
        np.full(nodes, -1, np.int64),  # slot_at: the number for which a node was last made a source
        np.empty(nodes, np.int64),  # slot: which source it is
        np.zeros(1, np.int64),  # counter: numbers never used before
    )


@njit(cache=True, nogil=True)
def _kept(out_dest, out_s, filled, dests, n, cost):
    """Append destinations with their seconds to what was found; return the lists, longer where they had to be."""
    out_dest = roomy(out_dest, filled, filled + n)
    out_s = roomy(out_s, filled, filled + n)
    for i in range(n):
        out_dest[filled + i] = dests[i]
        out_s[filled + i] = cost[dests[i]]
    return out_dest, out_s


@njit(cache=True, nogil=True)
def _from_source(
    source, source_node, source_s, limit, n_union, out_dest, out_s, filled,
    indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group, masks, ask_ptr, ask_trial,
    dest_ptr, dest_id, dest_s, scratch,
):  # fmt: skip
    """Search from a source as things are (row 0) and in every trial its links call for (rows 1 on).

    What is found goes to `out_dest`, `out_s` from `filled` on, with the first and last of each row in the scratch.
    Returns (out_dest, out_s, filled).
    """
    (
        dist, touched, heap, was, stamp, changed, cost, seen, cost_was, cost_stamp, cost_changed,
        helping, head, useful, asked, tried, n_tried, rows, rows_at, source_at, _, _, _, _, _, _, counter,
    ) = scratch  # fmt: skip
    helps, helps_from, helps_next = helping[0], helping[1], helping[2]
    at = counter[0] + 1
    mark = at
    source_at[source] = mark
    n_tried[source] = 0
    size = ZERO
    count = ZERO
    for i in range(2):
        size, count = seed(
            dist, touched, count, heap, size, source_node[source, i], source_s[source, i], limit
        )  # fmt: skip
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = node_of(entry)
        seconds = seconds_of(entry)
        if seconds <= dist[node]:
            size, count = relax(dist, touched, count, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
    n_seen = ZERO
    for i in range(count):
        n_seen = _hang(touched[i], dist[touched[i]], dest_ptr, dest_id, dest_s, limit, cost, seen, n_seen)
    out_dest, out_s = _kept(out_dest, out_s, filled, seen, n_seen, cost)
    rows[source, 0, 0] = filled
    filled += n_seen
    rows[source, 0, 1] = filled
    # links that bring a node nearer, listed by group, and the trials their groups call for
    n_helps = ZERO
    n_useful = ZERO
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
    for g in range(-1, n_useful):
        # the unions are asked for by any link
        low = ask_ptr[useful[g]] if g >= 0 else 0
        high = ask_ptr[useful[g] + 1] if g >= 0 else (n_union if n_useful else 0)
        for k in range(low, high):
            trial = n_union + ask_trial[k] if g >= 0 else k
            if asked[trial] == mark:
                continue
            asked[trial] = mark
            allowed = masks[trial]
            at += 1
            size = ZERO
            n_changed = ZERO
            for other_g in range(n_useful):
                i = head[useful[other_g]] if allowed[useful[other_g]] else -1
                while i >= 0:
                    other = link_to[helps[i]]
                    further = dist[helps_from[i]] + link_s[helps[i]]
                    # the near end may itself have got nearer already; the spread takes care of it
                    if further < dist[other]:
                        size, n_changed = _nearer(other, further, dist, heap, size, changed, n_changed, was, stamp, at)
                    i = helps_next[i]
            if n_changed == 0:
                continue
            n_changed, n_cost = _opened(
                allowed, indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group,
                dest_ptr, dest_id, dest_s, limit, dist, heap, size, changed, n_changed, was, stamp, at,
                cost, cost_changed, cost_was, cost_stamp,
            )  # fmt: skip
            if n_cost > 0:
                out_dest, out_s = _kept(out_dest, out_s, filled, cost_changed, n_cost, cost)
                rows[source, trial + 1, 0] = filled
                filled += n_cost
                rows[source, trial + 1, 1] = filled
                rows_at[source, trial + 1] = mark
                tried[source, n_tried[source]] = trial
                n_tried[source] += 1
            for i in range(n_cost):
                cost[cost_changed[i]] = cost_was[cost_changed[i]]
            for i in range(n_changed):
                dist[changed[i]] = was[changed[i]]
    for g in range(n_useful):
        head[useful[g]] = -1
    for i in range(n_seen):
        cost[seen[i]] = np.inf
    for i in range(count):
        dist[touched[i]] = np.inf
    counter[0] = at
    return out_dest, out_s, filled


@njit(cache=True, nogil=True)
def _street_end(seed_node, origin, last):
    """Return the number after the last home in the street of `origin`."""
    after = origin + 1
    while after < last and seed_node[after, 0] == seed_node[origin, 0] and seed_node[after, 1] == seed_node[origin, 1]:
        after += 1
    return after


@njit(cache=True, nogil=True)
def _sources(
    seed_node, seed_s, first, last, streets, mark, source_node, source_s, source_least, alone, slot_at, slot
):  # fmt: skip
    """List where to search from for the next streets; return (the number after their last home, number of sources).

    The ends of streets with many homes, and of others between two such ends, serve all homes there; other homes are
    sources by themselves, in order in `alone`.
    """
    n_sources = ZERO
    n_alone = ZERO
    after = first
    for few in (False, True):
        home = first
        for _ in range(streets):
            if home >= last:
                break
            after = _street_end(seed_node, home, last)
            u, v = seed_node[home, 0], seed_node[home, 1]
            both = slot_at[u] == mark and slot_at[v] == mark
            if few and not both:
                for one in range(home, after):
                    for side in range(2):
                        source_node[n_sources, side] = seed_node[one, side]
                        source_s[n_sources, side] = seed_s[one, side]
                    source_least[n_sources] = 0.0
                    alone[n_alone] = n_sources
                    n_sources += 1
                    n_alone += 1
            elif few or after - home >= MANY_HOMES:
                for side in range(2):
                    node = seed_node[home, side]
                    if slot_at[node] != mark:
                        slot_at[node] = mark
                        slot[node] = n_sources
                        source_node[n_sources, 0], source_node[n_sources, 1] = node, -1
                        source_s[n_sources, 0] = 0.0
                        source_least[n_sources] = np.inf
                        n_sources += 1
                    for one in range(home, after):
                        source_least[slot[node]] = min(source_least[slot[node]], seed_s[one, side])
            home = after
    return after, n_sources


@njit(cache=True, nogil=True)
def opening_sums(
    indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group, masks, ask_ptr, ask_trial,
    seed_node, seed_s, same_ptr, same_dest, same_s, dest_ptr, dest_id, dest_s,
    weight_ptr, weight_field, weight, cutoffs, people, chunk_ptr, first_chunk, last_chunk, scratch,
    base, union_gain, trial_gain,
):  # fmt: skip
    """Fill `base`, `union_gain` and `trial_gain`.

    ``indptr, adj_node, adj_s``: arcs. ``link_*``: links by the node they leave, with the group that opens them.
    ``masks`` (U + T, G): groups opened together, first the U unions told origin by origin, then the T trials summed
    over origins; ``ask_*``: trials (counted from 0) by the groups that call for them. ``seed_*`` (O, 2).
    ``same_*``: destinations on the origin's own edge. ``dest_*``: destinations by node. ``weight_*``: what each
    destination weighs, field by field, as compressed rows (nearly all weigh in one field alone);
    ``cutoffs`` (C,), ascending seconds; ``people`` (O,). ``chunk_ptr`` (K+1,) splits the origins into pieces,
    each worked through in order by one thread, `first_chunk` to `last_chunk` in this call. Out: ``base`` (O, C, F),
    ``union_gain`` (O, U, C, F), and ``trial_gain`` (K, T, C, F), summed over the chunk's origins times `people`.
    """
    n_cut = len(cutoffs)
    n_union = union_gain.shape[1]
    limit = cutoffs[n_cut - 1]
    (
        _, _, _, _, _, _, cost, seen, cost_new, stamp, changed, _, _, _, asked, tried, n_tried, rows, rows_at,
        source_at, source_node, source_s, source_least, alone, slot_at, slot, counter,
    ) = scratch  # fmt: skip
    out_dest = np.empty(1024, np.int32)
    out_s = np.empty(1024, np.float32)
    starts = np.empty(2, np.int64)
    offsets = np.empty(2, np.float32)
    for chunk in range(first_chunk, last_chunk):
        home = chunk_ptr[chunk]
        # begun anew for every chunk: the answer does not depend on who works on it
        streets = np.int64(FIRST_STREETS)
        while home < chunk_ptr[chunk + 1]:
            counter[0] += 1
            mark = counter[0]
            last, n_sources = _sources(
                seed_node, seed_s, home, chunk_ptr[chunk + 1], streets, mark,
                source_node, source_s, source_least, alone, slot_at, slot,
            )  # fmt: skip
            filled = ZERO
            n_alone = ZERO
            for source in range(n_sources):
                out_dest, out_s, filled = _from_source(
                    source, source_node, source_s, limit - source_least[source], n_union, out_dest, out_s, filled,
                    indptr, adj_node, adj_s, link_ptr, link_to, link_s, link_group, masks, ask_ptr, ask_trial,
                    dest_ptr, dest_id, dest_s, scratch,
                )  # fmt: skip
            if filled > MUCH:
                streets = max(streets // 2, 1)
            elif 2 * filled < MUCH:
                streets = min(2 * streets, MOST_STREETS)
            while home < last:
                u, v = seed_node[home, 0], seed_node[home, 1]
                if slot_at[u] == mark and slot_at[v] == mark:
                    n_starts = 2
                    starts[0], starts[1] = slot[u], slot[v]
                    offsets[0], offsets[1] = seed_s[home, 0], seed_s[home, 1]
                else:
                    n_starts = 1
                    starts[0], offsets[0] = alone[n_alone], 0.0
                    n_alone += 1
                n_seen = ZERO
                for k in range(n_starts):
                    for i in range(rows[starts[k], 0, 0], rows[starts[k], 0, 1]):
                        there = offsets[k] + out_s[i]
                        dest = out_dest[i]
                        if there <= limit and there < cost[dest]:
                            if cost[dest] == np.inf:
                                seen[n_seen] = dest
                                n_seen += 1
                            cost[dest] = there
                for k in range(same_ptr[home], same_ptr[home + 1]):
                    if same_s[k] <= limit:
                        if cost[same_dest[k]] == np.inf:
                            seen[n_seen] = same_dest[k]
                            n_seen += 1
                        cost[same_dest[k]] = min(cost[same_dest[k]], same_s[k])
                for i in range(n_seen):
                    dest = seen[i]
                    c = first_cutoff(cost[dest], cutoffs)
                    for k in range(weight_ptr[dest], weight_ptr[dest + 1]):
                        base[home, c, weight_field[k]] += weight[k]
                for c in range(1, n_cut):
                    for f in range(base.shape[2]):
                        base[home, c, f] += base[home, c - 1, f]
                counter[0] += 1
                at = counter[0]
                n_trials = ZERO
                for k in range(n_starts):
                    for j in range(n_tried[starts[k]]):
                        trial = tried[starts[k], j]
                        if asked[trial] != at:
                            asked[trial] = at
                            tried[SOURCES, n_trials] = trial
                            n_trials += 1
                for j in range(n_trials):
                    trial = tried[SOURCES, j]
                    counter[0] += 1
                    n_changed = ZERO
                    for k in range(n_starts):
                        if rows_at[starts[k], trial + 1] != source_at[starts[k]]:
                            continue
                        for i in range(rows[starts[k], trial + 1, 0], rows[starts[k], trial + 1, 1]):
                            there = offsets[k] + out_s[i]
                            dest = out_dest[i]
                            if there <= limit and there < cost[dest]:
                                if stamp[dest] != counter[0]:
                                    stamp[dest] = counter[0]
                                    changed[n_changed] = dest
                                    n_changed += 1
                                    cost_new[dest] = there
                                else:
                                    cost_new[dest] = min(cost_new[dest], there)
                    for i in range(n_changed):
                        dest = changed[i]
                        # within these cut-offs it is reached now and was not before
                        for c in range(first_cutoff(cost_new[dest], cutoffs), first_cutoff(cost[dest], cutoffs)):
                            for k in range(weight_ptr[dest], weight_ptr[dest + 1]):
                                if trial < n_union:
                                    union_gain[home, trial, c, weight_field[k]] += weight[k]
                                else:
                                    gain = people[home] * weight[k]
                                    trial_gain[chunk, trial - n_union, c, weight_field[k]] += gain
                for i in range(n_seen):
                    cost[seen[i]] = np.inf
                home += 1
