"""Open barriers for every home: what to open, in which order to work, and how to share what neighbours give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._kernels.opening import opening_scratch, opening_sums
from bykobling._kernels.threads import in_chunks
from bykobling.network.ends import arcs_of, cutoffs_of, fixed, origins_of, rows_of, weights_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network import Links, Network, Snap

PLACES_A_CHUNK = 128
CHUNKS_A_BATCH = 256
"""Gains are kept by chunk only for a batch, then added to the areas in order: memory does not grow with homes."""

HEADLINE, WATER = 0, 1

ROUNDING = 1e-8
"""What neighbours give together beyond their parts is rounding up to this share of it."""


def chunks_of(
    network: Network, home: Snap, area_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Order linked residents by area, then by street, and cut their places into chunks of whole streets of one area.

    Streets stand in the order of their lower nodes, so that neighbours are searched together (as in
    `bykobling.network.ends.origins_of`). Residents of one house hang on one place, and what is reached from it is the
    same for all of them.

    Returns
    -------
    order : array of int64 (R,)
        Linked residents.
    place : array of int64 (R,)
        The place of each, counted from 0 in this order.
    chunk_ptr : array of int64 (K + 1,)
        The first place of each chunk.
    chunk_area : array of int64 (K,)
        The area of each chunk.
    """
    linked = np.flatnonzero(home.linked)
    ends = np.minimum(network.edge_u, network.edge_v)[np.maximum(home.edge, 0)]
    keys = np.stack([home.snap_m, home.offset_m, home.edge, ends, area_of]).astype(float)[:, linked]
    by_place = np.lexsort(keys)
    order = linked[by_place]
    moved = np.ones((len(keys), len(order)), bool)
    moved[:, 1:] = np.diff(keys[:, by_place], axis=1) != 0
    place = np.cumsum(moved.any(axis=0)) - 1
    new_street = moved[2] | moved[4]
    first: list[int] = []
    areas: list[int] = []
    for start, area in zip(place[new_street].tolist(), area_of[order[new_street]].tolist(), strict=True):
        if not first or area != areas[-1] or start - first[-1] >= PLACES_A_CHUNK:
            first.append(start)
            areas.append(area)
    n_places = int(place[-1]) + 1 if len(place) else 0
    return order, place, np.array([*first, n_places], np.int64), np.array(areas, np.int64)


def search(
    openings: Openings,
    home: Snap,
    links: Links,
    table: NDArray[np.float64],
    cutoffs_min: NDArray[np.float64],
    *,
    people: NDArray[np.float64],
    chunk_ptr: NDArray[np.int64],
    chunk_area: NDArray[np.int64],
    n_areas: int,
    progress: Progress | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Run the compiled search.

    Returns reach as it is (O, C, F), gain by union (O, U, C, F), and gain by trial summed over each area's people
    (A, T, C, F).
    """
    network = openings.network
    links_by_node = _link_rows(openings)
    trials = _trials(openings)
    masks = trials[0]
    _, *seeds = origins_of(network, home)
    origins = (fixed(np.arange(len(home)), np.int64), *seeds)
    direct = rows_of(*links.direct_table(network, home))
    hung = rows_of(*links.node_table(network))
    n, fields, n_chunks = len(home), table.shape[1], len(chunk_ptr) - 1
    base = np.zeros((n, len(cutoffs_min), fields))
    union = np.zeros((n, 2, len(cutoffs_min), fields))
    gain = np.zeros((n_areas, len(masks) - 2, len(cutoffs_min), fields))
    cutoffs_s = cutoffs_of(cutoffs_min * 60)
    weights = weights_of(table)
    arcs = arcs_of(network)
    spare = np.zeros((min(CHUNKS_A_BATCH, n_chunks), *gain.shape[1:]))
    message = "Opening barriers for every home" if network.mode == "walk" else "Opening barriers by bicycle"
    for first in range(0, n_chunks, CHUNKS_A_BATCH):
        last = min(first + CHUNKS_A_BATCH, n_chunks)
        spare[:] = 0.0
        ends = chunk_ptr[first : last + 1]

        def work(start: int, stop: int, mine: Any, ends: NDArray[np.int64] = ends) -> None:  # noqa: ANN401
            arguments: tuple[Any, ...] = (
                arcs, links_by_node, trials, origins, hung, direct, weights, cutoffs_s, people,
                ends, start, stop, mine, base, union, spare,
            )  # fmt: skip
            opening_sums(*arguments)

        def told(done: int, _: int, text: str, first: int = first) -> None:
            if progress is not None:
                progress(first + done, n_chunks, text)

        in_chunks(
            work,
            last - first,
            scratch=lambda: opening_scratch(
                network.node_count, len(network.adj_node), len(links_by_node[1]), len(table), masks.shape[1], len(masks)
            ),
            progress=told,
            message=message,
            chunk=1,
        )
        inside = np.flatnonzero(chunk_area[first:last] >= 0)
        np.add.at(gain, chunk_area[first:last][inside], spare[inside])
    return base, union, gain


def _trials(openings: Openings) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int32]]:
    """List what is opened together: all headline barriers, all water, each barrier alone, each set of neighbours.

    Returns the masks over groups, and which trials (counted after the two unions) each group calls for: a barrier
    for itself, a joint group for its set.
    """
    n, joint = openings.n_barriers, openings.joint
    groups = n + len(joint)
    masks = np.zeros((2 + groups, groups), bool)
    masks[HEADLINE] = np.r_[openings.headline, np.ones(len(joint), bool)]
    masks[WATER, :n] = ~openings.headline
    masks[2:] = np.eye(groups, dtype=bool)
    for k, members in enumerate(joint):
        masks[2 + n + k, list(members)] = True
        for other, subset in enumerate(joint):
            masks[2 + n + k, n + other] |= set(subset) <= set(members)
    # a set is tried wherever a link of it or of a member helps: neighbours may have to be opened one after the other
    called = masks[2:] & (np.arange(groups)[:, None] >= n) | np.eye(groups, dtype=bool)
    trial, group = np.nonzero(called)
    order = np.lexsort((trial, group))
    counts = np.bincount(group, minlength=groups)
    return masks, np.r_[0, np.cumsum(counts)].astype(np.int64), trial[order].astype(np.int32)


def share_gain(gain: NDArray[np.float64], openings: Openings) -> NDArray[np.float64]:
    """Give each barrier its own gain and an equal part of what its sets of neighbours add beyond their parts."""
    n = openings.n_barriers
    result = gain[:, :n].copy()
    extra: dict[tuple[int, ...], NDArray[np.float64]] = {}
    for k in sorted(range(len(openings.joint)), key=lambda k: len(openings.joint[k])):
        members = openings.joint[k]
        parts = sum(value for subset, value in extra.items() if set(subset) < set(members))
        beyond = gain[:, n + k] - gain[:, list(members)].sum(axis=1) - parts
        # sums differ in their last digits with their order: that is no gain of anybody
        extra[members] = np.where(np.abs(beyond) > ROUNDING * gain[:, n + k], beyond, 0.0)
        result[:, list(members)] += extra[members][:, None] / len(members)
    return np.maximum(result, 0.0)


def _link_rows(
    openings: Openings,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """List the links leaving each node, in both directions, as compressed rows."""
    tail = np.r_[openings.link_u, openings.link_v]
    order = np.argsort(tail, kind="stable")
    head = np.r_[openings.link_v, openings.link_u][order].astype(np.int32)
    seconds = np.r_[openings.link_s, openings.link_s][order].astype(np.float32)
    group = np.r_[openings.link_group, openings.link_group][order].astype(np.int32)
    counts = np.bincount(tail, minlength=openings.network.node_count)
    return np.r_[0, np.cumsum(counts)].astype(np.int64), head, seconds, group
