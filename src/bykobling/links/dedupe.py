"""Candidates that are one proposal: told apart by where they end, and by the network around their ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.links.model import LinkCandidates
    from bykobling.network import Network

RADIUS_M = 100.0
"""Radius of the sphere of influence of a link's end, metres by network (Bhagat-Conway, Compiano, Ivie 2025)."""

SAME_M = 15.0
"""Two candidates across one barrier whose ends are this near at both sides are one proposal."""

_CELLS = 2**22


def spheres_of_influence(candidates: LinkCandidates, gain: ArrayLike, radius_m: float = RADIUS_M) -> NDArray[np.int64]:
    """Keep one of links that do the same for the same streets: the best first, then what lies beyond its reach.

    Parameters
    ----------
    candidates : LinkCandidates
        L links.
    gain : array of float, shape (L,)
        What each is worth; the higher is kept, of equals the first.
    radius_m : float, optional
        A link is left out where both its ends lie within this distance of the ends of one kept link, by network and
        whichever way round. Metres at the mode's speed: a wait at a crossing on the way counts as the metres walked
        meanwhile.

    Returns
    -------
    array of int64
        Rows kept, best first.

    Raises
    ------
    InputError
        A gain missing or not finite, or a radius below 0.

    Notes
    -----
    M. W. Bhagat-Conway, S. Compiano, J. Ivie (2025), Computers, Environment and Urban Systems, as in MissingLinks.jl;
    there the sphere grows from a group's first link and its best is kept, here the best link is the first.
    """
    worth = np.asarray(gain, np.float64)
    _check(worth, len(candidates), radius_m)
    if not len(candidates):
        return np.empty(0, np.int64)
    network = candidates.openings.network
    u, v = candidates.u.astype(np.int64), candidates.v.astype(np.int64)
    ends, place = np.unique(np.concatenate([u, v]), return_inverse=True)
    at_u, at_v = np.split(place, 2)
    near = _near_ends(network, ends, radius_m / network.profile.speed_m_s)
    at_end: list[list[int]] = [[] for _ in ends]
    for row in range(len(u)):
        at_end[at_u[row]].append(row)
        at_end[at_v[row]].append(row)
    gone = np.zeros(len(u), bool)
    kept = []
    for row in np.argsort(-worth, kind="stable"):
        if gone[row]:
            continue
        kept.append(row)
        by_u, by_v = set(near[at_u[row]]), set(near[at_v[row]])
        for end in by_u:
            for other in at_end[end]:
                there = at_v[other] if at_u[other] == end else at_u[other]
                gone[other] |= there in by_v
    return np.array(kept, np.int64)


def _check(gain: NDArray[np.float64], count: int, radius_m: float) -> None:
    found = []
    if gain.shape != (count,):
        found.append(Fault("gain", "", f"{gain.shape} values for {count} candidates", "pass one a candidate"))
    elif not np.isfinite(gain).all():
        bad = int(np.flatnonzero(~np.isfinite(gain))[0])
        found.append(Fault("gain", f"candidate {bad}", f"{gain[bad]} is no finite number", "score every candidate"))
    if not radius_m >= 0:
        found.append(Fault("radius_m", "", f"{radius_m} is no distance", "pass 0 or more metres"))
    if found:
        raise InputError(found)


def _near_ends(network: Network, ends: NDArray[np.int64], limit_s: float) -> list[NDArray[np.int64]]:
    """List for each end the ends within reach, itself included, whichever way round is the shorter."""
    graph = csr_array(
        (network.adj_s.astype(np.float64), network.adj_node, network.indptr),
        shape=(network.node_count, network.node_count),
    )
    near: list[set[int]] = [{place} for place in range(len(ends))]
    size = max(1, _CELLS // network.node_count)
    for first in range(0, len(ends), size):
        block = ends[first : first + size]
        seconds = dijkstra(graph, indices=block, limit=limit_s)[:, ends]
        for one, other in zip(*np.nonzero(seconds <= limit_s), strict=True):
            near[first + int(one)].add(int(other))
            near[int(other)].add(first + int(one))
    return [np.array(sorted(each), np.int64) for each in near]


def apart(found: LinkCandidates, counts: dict[str, int]) -> LinkCandidates:
    """Keep one of candidates that join the same nodes, or run within 15 m of each other across one barrier.

    Parameters
    ----------
    found : LinkCandidates
        Candidates, in any order.
    counts : dict
        Takes the number left out as ``double`` (the same nodes) and ``beside`` (within 15 m at both ends).

    Returns
    -------
    LinkCandidates
        In the order they came. Of each group the one whose ends lie nearest to junctions and street ends, where people
        would build it, then the shortest.
    """
    network = found.openings.network
    off_m = _off_junctions_m(network, found.u) + _off_junctions_m(network, found.v)
    # whole metres: what lies as well is decided by length, then by place, not by the last digit
    rank = np.lexsort((np.arange(len(found)), found.length_m, np.round(off_m)))
    pair = np.sort(np.column_stack([found.u, found.v]), axis=1)[rank]
    first = np.sort(np.unique(pair, axis=0, return_index=True)[1]) if len(pair) else np.empty(0, np.int64)
    counts["double"] = len(found) - len(first)
    rank = rank[first]
    xy = np.column_stack([network.node_x, network.node_y])
    kept = rank[_not_beside(xy[found.u[rank]], xy[found.v[rank]], found.barrier[rank])]
    counts["beside"] = len(rank) - len(kept)
    return found.take(np.sort(kept))


def _off_junctions_m(network: Network, node: NDArray[Any]) -> NDArray[np.float64]:
    """Measure how far nodes lie from the nearest junction or street end."""
    degree = np.bincount(np.r_[network.edge_u, network.edge_v], minlength=network.node_count)
    # a node along a street has two edges
    real = np.flatnonzero((degree != 2) & (degree > 0))
    if not len(real) or not len(node):
        return np.zeros(len(node))
    xy = np.column_stack([network.node_x, network.node_y])
    return np.asarray(KDTree(xy[real]).query(xy[node])[0], np.float64)


def _not_beside(a: NDArray[np.float64], b: NDArray[np.float64], barrier: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Keep rows, best first, that are not within 15 m at both ends of a kept one across the same barrier."""
    keep = np.ones(len(a), bool)
    if not len(a):
        return keep
    one, other = np.hstack([a, b]), np.hstack([b, a])
    # both ends at once, as points in four dimensions; then the exact question
    tree = KDTree(one)
    same, turned = (tree.query_ball_point(ends, SAME_M, p=np.inf) for ends in (one, other))
    for row in range(len(a)):
        if keep[row]:
            others = np.array([*same[row], *turned[row]], np.int64)
            others = others[(others > row) & (barrier[others] == barrier[row])]
            keep[others[_near(a[row], b[row], a[others], b[others])]] = False
    return keep


def _near(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Tell whether links a-b and c-d end within 15 m of each other, whichever way round."""
    ac, bd, ad, bc = (np.hypot(*(x - y).T) <= SAME_M for x, y in ((a, c), (b, d), (a, d), (b, c)))
    return np.asarray((ac & bd) | (ad & bc))
