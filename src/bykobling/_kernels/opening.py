"""What each opened barrier gives each origin, exactly, without a new search for each.

Neighbouring homes are searched together (`bykobling._kernels.together`): the seconds from each end of their streets
to a node stand side by side in one row. One search lists the nodes they reach with every barrier open, and their
seconds as things are. Opening a barrier only ever makes nodes nearer, so for each barrier the rows that links bring
nearer are passed on, and only those; then every row is put back for the next. The twin in the tests searches every
opened network anew.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from bykobling._kernels import hung as _hung
from bykobling._kernels import lanes as _lanes
from bykobling._kernels import together as _together
from bykobling._kernels.cutoffs import add_up
from bykobling._kernels.heap import INFINITE, node_of, pop, relax, seconds_of, seed
from bykobling._kernels.hung import MANY, hang, told
from bykobling._kernels.lanes import STRETCH, laid_out, nearer, nodes_near, passed_on, reach_of
from bykobling._kernels.together import LANES, ORIGINS, START, seconds_by, together


def opening_scratch(nodes: int, arcs: int, links: int, dests: int, groups: int, trials: int) -> tuple[Any, ...]:
    """Allocate the clean scratch of one thread of `opening_sums`; `trials` with the unions."""
    return (
        _lanes.scratch(nodes, arcs + 2 * links),  # pushed once from what was found, and once as an arc
        _together.scratch(),
        _hung.scratch(dests),
        np.empty(nodes + 1, np.int64),  # link_at: links between rows, as compressed rows
        np.empty(links, np.int32),  # leads: the row a link leads to
        np.empty(links, np.float32),  # leads_s
        np.empty(links, np.int32),  # leads_group
        np.empty((nodes, LANES), np.float32),  # was: a row before the trial
        np.empty(nodes, np.int64),  # saved: the trial in which a row was last saved
        np.empty(nodes, np.int32),  # changed: rows saved in this trial
        np.empty((dests, LANES), np.float32),  # open_row: seconds to a destination in this trial
        np.empty(dests, np.int64),  # open_at: the trial in which it was last written
        np.empty(dests, np.int32),  # opened: destinations written in this trial
        np.empty(ORIGINS, np.float32),  # known: seconds from each origin to a destination before the trial
        np.full(groups, -1, np.int64),  # useful_at: the search in which a group last helped
        np.empty(groups, np.int32),  # useful
        np.full(trials, -1, np.int64),  # asked: the search in which a trial was last asked for
        np.zeros(1, np.int64),  # counter: numbers never used before
    )


@njit(cache=True, nogil=True)
def _beyond(
    n, limit, indptr, adj_node, adj_s, link_ptr, link_to, link_s, dist, touched, heap, local, near
):  # fmt: skip
    """Go on from the nodes found through links of every barrier, listing those reached in no other way; return n."""
    size = 0
    for i in range(n):
        node = np.int64(near[i])
        for k in range(link_ptr[node], link_ptr[node + 1]):
            # `touched` is not kept: all that is touched comes to be listed in `near`
            size, _ = seed(dist, touched, 0, heap, size, np.int64(link_to[k]), dist[node] + link_s[k], limit)
    while size > 0:
        entry = heap[0]
        size = pop(heap, size)
        node = np.int64(node_of(entry))
        seconds = seconds_of(entry)
        if seconds > dist[node]:
            continue
        if local[node] < 0:
            local[node] = n
            near[n] = node
            n += 1
        size, _ = relax(dist, touched, 0, heap, size, node, seconds, indptr, adj_node, adj_s, limit)
        for k in range(link_ptr[node], link_ptr[node + 1]):
            size, _ = seed(dist, touched, 0, heap, size, np.int64(link_to[k]), seconds + link_s[k], limit)
    return n


@njit(cache=True, nogil=True)
def _links_between(n, link_ptr, link_to, link_s, link_group, local, near, link_at, leads, leads_s, leads_group):
    """List the links between rows."""
    filled = np.int64(0)
    for i in range(n):
        link_at[i] = filled
        node = np.int64(near[i])
        for k in range(link_ptr[node], link_ptr[node + 1]):
            other = local[link_to[k]]
            if other >= 0:
                leads[filled] = other
                leads_s[filled] = link_s[k]
                leads_group[filled] = link_group[k]
                filled += 1
    link_at[n] = filled


@njit(cache=True, nogil=True, inline="always")
def _brought(i, other, seconds, lanes, limit, row, dirty, was, saved, changed, n_changed, trial, again):
    """Bring row `other` nearer by row `i`, remembering what it was before the trial.

    Returns how many rows are remembered, and the row to go back to: `other` where that is lower than `again`.
    """
    if saved[other] != trial:
        saved[other] = trial
        for lane in range(lanes):
            was[other, lane] = row[other, lane]
        changed[n_changed] = other
        n_changed += 1
    better = nearer(lanes, row[i], seconds, row[other], limit)
    dirty[other] |= better
    return n_changed, min(again, other if better else again)


@njit(cache=True, nogil=True)
def _opened(
    allowed, helps, n, lanes, limit, ptr, to, to_s, link_at, leads, leads_s, leads_group,
    row, dirty, was, saved, changed, trial,
):  # fmt: skip
    """Pass on what allowed links bring nearer; return how many rows were saved."""
    n_changed = np.int64(0)
    start = np.int64(n)
    for k in range(0, len(helps), 2):
        if allowed[leads_group[helps[k]]]:
            i, other = np.int64(helps[k + 1]), np.int64(leads[helps[k]])
            n_changed, start = _brought(
                i, other, leads_s[helps[k]], lanes, limit, row, dirty, was, saved, changed, n_changed, trial, start
            )  # fmt: skip
    while start < n:
        again = min(start + np.int64(STRETCH), n)
        for i in range(start, again):
            if dirty[i] == 0:
                continue
            dirty[i] = 0
            for arc in range(ptr[i], ptr[i + 1]):
                n_changed, again = _brought(
                    i, np.int64(to[arc]), to_s[arc], lanes, limit,
                    row, dirty, was, saved, changed, n_changed, trial, again,
                )  # fmt: skip
            for k in range(link_at[i], link_at[i + 1]):
                if allowed[leads_group[k]]:
                    n_changed, again = _brought(
                        i, np.int64(leads[k]), leads_s[k], lanes, limit,
                        row, dirty, was, saved, changed, n_changed, trial, again,
                    )  # fmt: skip
        start = again
    return n_changed


@njit(cache=True, nogil=True, inline="always")
def _any_nearer(lanes, limit, here, there):
    """Return whether `here` is less than `there`, and within the limit, in any lane."""
    better = np.int32(0)
    for lane in range(lanes):
        better |= np.int32((here[lane] < there[lane]) & (here[lane] <= limit))
    return better != 0


@njit(cache=True, nogil=True, inline="always")
def _any_within(lanes, limit, here):
    """Return whether `here` is within the limit in any lane."""
    within = np.int32(0)
    for lane in range(lanes):
        within |= np.int32(here[lane] <= limit)
    return within != 0


@njit(cache=True, nogil=True, inline="always")
def _add_within(sums, seconds, count, low, high, weight):
    """Add the weight of a destination to the sums of the origins it lies beyond `low` and within `high` of.

    No jumps, here and in `_add_gained`: the compiler takes several origins at once.
    """
    for k in range(count):
        sums[k] += weight if (seconds[k] > low) & (seconds[k] <= high) else 0.0


@njit(cache=True, nogil=True, inline="always")
def _add_gained(sums, now, before, count, cutoff, weight):
    """Add the weight of a destination to the sums of the origins it is within the cut-off of now and was not before."""
    for k in range(count):
        sums[k] += weight if (now[k] <= cutoff) & (before[k] > cutoff) else 0.0


@njit(cache=True, nogil=True)
def _brought_to(
    n_changed, lanes, hang_ptr, hang_dest, hang_s, near, row, was, changed, trial,
    dest_at, dest_row, open_row, open_at, opened,
):  # fmt: skip
    """Bring rows that got nearer to destinations: fill `opened`; return how many there are."""
    n_opened = np.int64(0)
    for j in range(n_changed):
        i = np.int64(changed[j])
        if not _any_nearer(lanes, INFINITE, row[i], was[i]):
            continue
        node = np.int64(near[i])
        for k in range(hang_ptr[node], hang_ptr[node + 1]):
            at = np.int64(dest_at[hang_dest[k]])
            if open_at[at] != trial:
                open_at[at] = trial
                for lane in range(lanes):
                    open_row[at, lane] = dest_row[at, lane]
                opened[n_opened] = hang_dest[k]
                n_opened += 1
            here, there = row[i], open_row[at]
            seconds = hang_s[k]
            for lane in range(lanes):
                there[lane] = min(there[lane], here[lane] + seconds)
    return n_opened


@njit(cache=True, nogil=True)
def opening_sums(
    arcs, links, trials, origins, hung, direct, weighed, cutoffs, people, chunk_ptr, first_chunk, last_chunk, mine,
    base, union_gain, trial_gain,
):  # fmt: skip
    """Fill `base`, `union_gain` and `trial_gain`.

    ``arcs``, ``origins``, ``hung``, ``direct``: as in `bykobling._kernels.search`. ``links``: (link_ptr, link_to,
    link_s, link_group), links by the node they leave, with the group that opens them. ``trials``: (masks, ask_ptr,
    ask_trial): masks (U + T, G) of groups opened together, first the U unions told origin by origin, then the T
    trials summed over origins; ``ask_*``: trials (counted from 0) by the groups that call for them. ``weighed``: what
    each destination weighs, field by field, as compressed rows (nearly all weigh in one field alone); ``cutoffs``
    (C,), ascending seconds; ``people`` (O,). ``chunk_ptr`` (K+1,) splits the origins into pieces, each worked through
    in order by one thread, `first_chunk` to `last_chunk` in this call. Out: ``base`` (O, C, F), ``union_gain`` (O, U,
    C, F), and ``trial_gain`` (K, T, C, F), summed over the chunk's origins times `people`.
    """
    (
        searched, chosen, of_dests,
        link_at, leads, leads_s, leads_group, was, saved, changed, open_row, open_at, opened, known,
        useful_at, useful, asked, counter,
    ) = mine  # fmt: skip
    dist, touched, heap, local, near, ptr, to, to_s, row, dirty = searched
    _, _, by, by_s = chosen
    dest_at, dests, dest_row, own_at, there = of_dests
    indptr, adj_node, adj_s = arcs
    link_ptr, link_to, link_s, link_group = links
    masks, ask_ptr, ask_trial = trials
    order, _, _ = origins
    hang_ptr, hang_dest, hang_s = hung
    weight_ptr, weight_field, weight = weighed
    n_union, n_fields = union_gain.shape[1], base.shape[2]
    limit = cutoffs[-1]
    helps = np.empty(2 * len(leads), np.int32)
    # of each origin searched together, field by field and cut-off by cut-off
    sums = np.zeros((n_fields, len(cutoffs), ORIGINS))
    now = np.empty(ORIGINS, np.float32)
    for chunk in range(first_chunk, last_chunk):
        # begun anew for every chunk: the answer does not depend on who works on it
        reach = np.int64(START)
        first = chunk_ptr[chunk]
        while first < chunk_ptr[chunk + 1]:
            last, lanes = together(first, chunk_ptr[chunk + 1], limit, origins, reach, *chosen)
            n = nodes_near(lanes, limit, arcs, searched, chosen)
            n = _beyond(
                n, limit, indptr, adj_node, adj_s, link_ptr, link_to, link_s, dist, touched, heap, local, near
            )  # fmt: skip
            laid_out(n, lanes, arcs, searched, chosen)
            _links_between(
                n, link_ptr, link_to, link_s, link_group, local, near, link_at, leads, leads_s, leads_group
            )  # fmt: skip
            for i in range(n):
                local[near[i]] = -1
                saved[i] = -1
            passed_on(n, lanes, limit, ptr, to, to_s, row, dirty)
            reach = reach_of(n, lanes, row, limit, reach)
            found, own = hang(first, last, lanes, n, near, row, order, hung, direct, of_dests)
            for i in range(found):
                dest = dests[i]
                at = dest_at[dest]
                open_at[at] = -1
                # many are found through links alone
                if own_at[at] < 0 and not _any_within(lanes, limit, dest_row[at]):
                    continue
                told(last - first, dest, own, chosen, of_dests, there)
                for w in range(weight_ptr[dest], weight_ptr[dest + 1]):
                    low = np.float32(-1)
                    for c in range(len(cutoffs)):
                        _add_within(sums[weight_field[w], c], there, last - first, low, cutoffs[c], weight[w])
                        low = cutoffs[c]
            for k in range(first, last):
                for f in range(n_fields):
                    for c in range(len(cutoffs)):
                        base[order[k], c, f] += sums[f, c, k - first]
                        sums[f, c, k - first] = 0.0
                add_up(base, order[k])
            # links that bring a row nearer as things are, and the trials their groups call for
            counter[0] += 1
            search = counter[0]
            n_helps = np.int64(0)
            n_useful = np.int64(0)
            for i in range(n):
                for k in range(link_at[i], link_at[i + 1]):
                    beyond = row[leads[k]]
                    helping = np.int32(0)
                    for lane in range(lanes):
                        by_link = row[i, lane] + leads_s[k]
                        helping |= np.int32((by_link < beyond[lane]) & (by_link <= limit))
                    if helping:
                        group = leads_group[k]
                        if useful_at[group] != search:
                            useful_at[group] = search
                            useful[n_useful] = group
                            n_useful += 1
                        helps[n_helps] = k
                        helps[n_helps + 1] = i
                        n_helps += 2
            for g in range(-1, n_useful):
                # the unions are asked for by any link
                low = ask_ptr[useful[g]] if g >= 0 else 0
                high = ask_ptr[useful[g] + 1] if g >= 0 else (n_union if n_useful else 0)
                for a in range(low, high):
                    trial = n_union + ask_trial[a] if g >= 0 else a
                    if asked[trial] == search:
                        continue
                    asked[trial] = search
                    counter[0] += 1
                    n_changed = _opened(
                        masks[trial], helps[:n_helps], n, lanes, limit, ptr, to, to_s,
                        link_at, leads, leads_s, leads_group, row, dirty, was, saved, changed, counter[0],
                    )  # fmt: skip
                    n_opened = _brought_to(
                        n_changed, lanes, hang_ptr, hang_dest, hang_s, near, row, was, changed, counter[0],
                        dest_at, dest_row, open_row, open_at, opened,
                    )  # fmt: skip
                    # ascending: the sums do not tell the way of the search, so two trials that give the same are equal
                    many = n_opened > found // MANY
                    if not many:
                        opened[:n_opened].sort()
                    for i in range(found if many else n_opened):
                        dest = dests[i] if many else opened[i]
                        at = dest_at[dest]
                        if open_at[at] != counter[0] or not _any_nearer(lanes, limit, open_row[at], dest_row[at]):
                            continue
                        told(last - first, dest, own, chosen, of_dests, known)
                        opened_row = open_row[at]
                        for k in range(last - first):
                            now[k] = seconds_by(k, opened_row, by, by_s)
                        for w in range(weight_ptr[dest], weight_ptr[dest + 1]):
                            for c in range(len(cutoffs)):
                                _add_gained(
                                    sums[weight_field[w], c], now, known, last - first, cutoffs[c], weight[w]
                                )  # fmt: skip
                    for f in range(n_fields):
                        for c in range(len(cutoffs)):
                            everybody = 0.0
                            for k in range(last - first):
                                gain = sums[f, c, k]
                                sums[f, c, k] = 0.0
                                if trial < n_union:
                                    union_gain[order[first + k], trial, c, f] = gain
                                else:
                                    everybody += people[order[first + k]] * gain
                            if trial >= n_union:
                                trial_gain[chunk, trial - n_union, c, f] += everybody
                    for j in range(n_changed):
                        for lane in range(lanes):
                            row[changed[j], lane] = was[changed[j], lane]
            for i in range(found):
                dest_at[dests[i]] = -1
            first = last
