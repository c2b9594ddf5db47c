"""The searches behind `bykobling.network.gaps`: ways beside a sub-network, and cutting overlapping ones apart.

Distances are scipy's, in float64: whether a way is as short as another is decided to 1e-9 m, where the float32 seconds
of the travel-time kernels end at 1/1024 s. Nobody travels here, so neither speeds nor one-way streets matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network.undirected import Undirected

_TIE_M = 1e-9
"""Two ways are equally short within this: more than adding float64 metres loses, less than any street is long."""
_TIE_SHARE = 1e-12
"""Two means are equal within this share."""
_CELLS = 2**22
"""Distances held at a time (32 MB): origins are searched in blocks, never all at once."""


@dataclass(frozen=True, eq=False)
class Town:
    """Streets, which of them are covered, how much each is used, and which nodes are contact nodes."""

    streets: Undirected
    covered: NDArray[np.bool_]
    flow: NDArray[np.float64]
    contact: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Paths:
    """Ways as rows of edges: way i from node `start[i]` to `stop[i]` is every edge whose `owner` is i, in order."""

    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    owner: NDArray[np.int64]
    edge: NDArray[np.int64]

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up a value of the edges along each way."""
        # where there is no way at all numpy counts in integers
        return np.bincount(self.owner, weights=values[self.edge], minlength=len(self.start)).astype(np.float64)


@dataclass(frozen=True, eq=False)
class _Ways:
    """Some of the edges as a symmetric matrix of metres, and which edge joins two neighbours in it."""

    streets: Undirected
    matrix: Any
    key: NDArray[np.int64]
    edge: NDArray[np.int64]

    def between(self, one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.int64]:
        """Find the edges between neighbours."""
        found: NDArray[np.int64] = self.edge[np.searchsorted(self.key, self.streets.key_of(one, other))]
        return found

    def blocks(
        self, origins: NDArray[np.int64], limit_m: float = np.inf
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]]:
        """Search from origins: a block of them, metres to every node (inf beyond), the node before (-1: none)."""
        size = max(1, _CELLS // len(self.streets.node))
        for first in range(0, len(origins), size):
            block = origins[first : first + size]
            metres, before = dijkstra(self.matrix, indices=block, limit=limit_m, return_predecessors=True)
            yield block, metres, np.maximum(before, -1).astype(np.int64)


def meeting(streets: Undirected, covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Mark the nodes where covered edges and others meet."""
    with_covered, with_other = (
        np.bincount(np.concatenate([streets.u[which], streets.v[which]]), minlength=len(streets.node)) > 0
        for which in (covered, ~covered)
    )
    both: NDArray[np.bool_] = with_covered & with_other
    return both


def candidates(town: Town, limit_m: float, progress: Progress | None) -> Paths:
    """Find the pairs of contact nodes whose shortest way along uncovered edges is their shortest of all."""
    streets = town.streets
    beside, every = _ways(streets, ~town.covered), _ways(streets, np.ones(len(streets.u), dtype=np.bool_))
    # no way beside the covered edges begins at a node that has none but those
    origins = np.flatnonzero(town.contact & (np.diff(beside.matrix.indptr) > 0))
    found = []
    done = 0
    for block, metres, before in beside.blocks(origins, limit_m):
        there = metres[:, origins]
        row, column = np.nonzero(np.isfinite(there) & (origins[None, :] > block[:, None]))
        way_m = there[row, column]
        if len(row):
            shortest = dijkstra(every.matrix, indices=block, limit=way_m.max() + _TIE_M)
            none_shorter = way_m - shortest[row, origins[column]] <= _TIE_M
            row, column = row[none_shorter], column[none_shorter]
        found.append(_walked(beside, block, before, row, origins[column]))
        done += len(block)
        if progress is not None:
            progress(done, len(origins), "gaps")
    return _joined(found)


def round_m(town: Town, paths: Paths) -> NDArray[np.float64]:
    """Find the metres from start to stop of each way along covered edges; inf where there is no way."""
    metres = np.full(len(paths.start), np.inf)
    starts, place = np.unique(paths.start, return_inverse=True)
    order = np.argsort(place, kind="stable")
    first = 0
    for block, there, _ in _ways(town.streets, town.covered).blocks(starts):
        mine = order[np.searchsorted(place[order], first) : np.searchsorted(place[order], first + len(block))]
        metres[mine] = there[place[mine] - first, paths.stop[mine]]
        first += len(block)
    return metres


def cut_apart(town: Town, edges: NDArray[np.int64], progress: Progress | None) -> Paths:
    """Take the most used way between two ends out of the edges, again and again, until no two ends are joined."""
    waiting = _pieces(town.streets, edges)
    found = []
    left = sum(map(len, waiting))
    total = left
    while waiting:
        piece = waiting.pop()
        way = _most_used(town, piece)
        left -= len(piece)
        if way is not None:
            found.append(way)
            rest = _pieces(town.streets, np.setdiff1d(piece, way.edge))
            waiting += rest
            left += sum(map(len, rest))
        if progress is not None:
            progress(total - left, total, "cutting gaps apart")
    return _joined(found)


def _ways(streets: Undirected, which: NDArray[np.bool_]) -> _Ways:
    """Choose edges: of parallel ones the shortest (a sparse matrix would add them up), and no loops."""
    chosen = np.flatnonzero(which & (streets.u != streets.v))
    key = streets.key[chosen]
    order = np.lexsort((chosen, streets.length_m[chosen], key))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = key[order][1:] != key[order][:-1]
    edge = chosen[order][first]
    u, v, metres = streets.u[edge], streets.v[edge], streets.length_m[edge]
    ends = np.concatenate([u, v]), np.concatenate([v, u])
    nodes = len(streets.node)
    matrix = coo_array((np.concatenate([metres, metres]), ends), shape=(nodes, nodes)).tocsr()
    return _Ways(streets, matrix, key[order][first], edge)


def _walked(
    ways: _Ways,
    block: NDArray[np.int64],
    before: NDArray[np.int64],
    row: NDArray[np.int64],
    stop: NDArray[np.int64],
) -> Paths:
    """Walk back from stops to the origins of the block, all at once."""
    at, active = stop.copy(), np.arange(len(stop))
    owners: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    edges: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    while len(active):
        back = before[row[active], at[active]]
        active, back = active[back >= 0], back[back >= 0]
        owners.append(active)
        edges.append(ways.between(at[active], back))
        at[active] = back
    # the last step back is the first of the way
    owner, edge = np.concatenate(owners[::-1]), np.concatenate(edges[::-1])
    order = np.argsort(owner, kind="stable")
    return Paths(block[row], stop, owner[order], edge[order])


def _joined(found: Sequence[Paths]) -> Paths:
    """Put ways one after the other."""
    none = np.empty(0, np.int64)
    before = np.cumsum([0, *(len(paths.start) for paths in found)])
    owner = [paths.owner + first for paths, first in zip(found, before[:-1], strict=True)]
    return Paths(
        np.concatenate([none, *(paths.start for paths in found)]),
        np.concatenate([none, *(paths.stop for paths in found)]),
        np.concatenate([none, *owner]),
        np.concatenate([none, *(paths.edge for paths in found)]),
    )


def _pieces(streets: Undirected, edges: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Split edges into connected parts."""
    if not len(edges):
        return []
    used, ends = np.unique(np.concatenate([streets.u[edges], streets.v[edges]]), return_inverse=True)
    u, v = np.split(ends, 2)
    links = coo_array((np.ones(len(edges), np.int8), (u, v)), shape=(len(used), len(used)))
    _, part = connected_components(links.tocsr(), directed=False)
    order = np.argsort(part[u], kind="stable")
    return np.split(edges[order], np.flatnonzero(np.diff(part[u][order])) + 1)


def _part(town: Town, edges: NDArray[np.int64]) -> tuple[Town, NDArray[np.int64]]:
    """Cut a town down to some edges; the nodes of the part are numbered anew, in the same order."""
    streets = town.streets
    used, ends = np.unique(np.concatenate([streets.u[edges], streets.v[edges]]), return_inverse=True)
    u, v = np.split(ends.astype(np.int64), 2)
    smaller = replace(
        streets, node=streets.node[used], u=u, v=v, length_m=streets.length_m[edges], label=streets.label[edges]
    )
    return Town(smaller, town.covered[edges], town.flow[edges], town.contact[used]), used


def _most_used(town: Town, edges: NDArray[np.int64]) -> Paths | None:
    """Find the way with the highest mean flow among the shortest ways between ends, if two ends are joined."""
    part, used = _part(town, edges)
    streets = part.streets
    degree = np.bincount(np.concatenate([streets.u, streets.v]), minlength=len(used))
    # inside a street of several blocks no gap ends
    ends = np.flatnonzero(part.contact & (degree != 2))
    ways = _ways(streets, np.ones(len(edges), dtype=np.bool_))
    tops = [_best(part, ways, ends, found) for found in ways.blocks(ends)]
    mean, metres, start, stop = np.concatenate([np.empty((4, 0)), *tops], axis=1)
    if not len(mean):
        return None
    best = _first(mean, metres, start, stop)
    origin, stops = start[best : best + 1].astype(np.int64), stop[best : best + 1].astype(np.int64)
    _, _, before = next(ways.blocks(origin))
    way = _walked(ways, origin, before, np.zeros(1, np.int64), stops)
    return Paths(used[way.start], used[way.stop], way.owner, edges[way.edge])


def _best(
    part: Town,
    ways: _Ways,
    ends: NDArray[np.int64],
    searched: tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """Tell the best way that starts in a block: mean flow, metres, start and stop as one column, or no column."""
    block, metres, before = searched
    there = metres[:, ends]
    row, column = np.nonzero(np.isfinite(there) & (ends[None, :] > block[:, None]))
    if not len(row):
        return np.empty((4, 0))
    mean = _flow_metres(part, ways, before)[row, ends[column]] / there[row, column]
    found = (mean, there[row, column], block[row], ends[column])
    best = _first(*found)
    return np.array([[value[best]] for value in found], dtype=np.float64)


def _first(mean: NDArray[Any], metres: NDArray[Any], start: NDArray[Any], stop: NDArray[Any]) -> int:
    """Choose the highest mean; of equals the longest, to the micrometre, then the one of the lowest nodes."""
    equal = np.flatnonzero(mean >= mean.max() * (1 - _TIE_SHARE))
    return int(equal[np.lexsort((stop[equal], start[equal], -np.round(metres[equal], 6)))[0]])


def _flow_metres(part: Town, ways: _Ways, before: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add up flow times metres along the way to every node, for every row of a block.

    Each node knows the sum over its last 1, 2, 4, 8 ... edges: as many rounds as the longest way has binary digits.
    """
    nodes = np.arange(before.shape[1])
    has_edge = before >= 0
    up = np.where(has_edge, before, nodes)
    total = np.zeros(before.shape)
    edge = ways.between(np.broadcast_to(nodes, before.shape)[has_edge], before[has_edge])
    total[has_edge] = part.flow[edge] * part.streets.length_m[edge]
    while True:
        further = np.take_along_axis(up, up, axis=1)
        if (further == up).all():
            return total
        total = total + np.take_along_axis(total, up, axis=1)
        up = further
