"""How a vehicle gets from each stop of a line to the next along the ways of its relation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from bykobling._globe import EARTH_RADIUS_M, metres_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

MAX_OFF_M = 150.0
"""A stop farther from the ways than this is not on them."""
_AGAINST = 3.0
"""Going against a one-way street counts three times: lines do where the tags of the street forget the bus lane."""
_MAX_DETOUR, _MAX_DETOUR_M = 5.0, 1_000.0
"""A longer way round than five times the straight line and a kilometre means that a piece is missing."""
_TINY_M = 0.001
"""A length of zero would be no edge at all in a sparse matrix."""


class Track(NamedTuple):
    """A piece of way: ids and positions of its nodes, whether each follows the one before, and its direction.

    `oneway` is 1 along the nodes alone, -1 against them alone, 0 both ways.
    """

    refs: Sequence[int]
    lon: Sequence[float]
    lat: Sequence[float]
    joined: Sequence[bool]
    oneway: int


@dataclass(frozen=True)
class Trace:
    """The run of a line.

    Parameters
    ----------
    leg_m : array of float, one fewer than stops
        Metres along the ways from each stop to the next, NaN where they do not connect.
    legs : tuple of array (n, 2) or None
        Longitude and latitude of the way of each leg.
    off_m : array of float, one a stop
        Metres from the stop to the nearest way, NaN where there is none.
    beyond_m : float
        Metres from the run to the farthest point of the ways, 0 where there are none: stops are missing there.
    """

    leg_m: Floats
    legs: tuple[Floats | None, ...]
    off_m: Floats
    beyond_m: float


@dataclass
class _Net:
    """Vertices with ids and positions, and segments between them."""

    refs: Ints
    lonlat: Floats
    start: Ints
    end: Ints
    oneway: Ints


def trace(tracks: Sequence[Track], nodes: Sequence[int], lon: Floats, lat: Floats) -> Trace:
    """Find the shortest run along the ways from each stop to the next.

    The order of the ways in the relation is not used: half the relations of the world keep none.

    Parameters
    ----------
    tracks : sequence of Track
        The ways of the relation.
    nodes : sequence of int
        Id of the node at which the vehicle stops, 0 where it is unknown: the nearest point of the ways is taken.
    lon, lat : array of float
        Where the vehicle stops, in degrees.

    Returns
    -------
    Trace
    """
    net = _net(tracks)
    if net is None:
        return Trace(np.full(len(nodes) - 1, np.nan), (None,) * (len(nodes) - 1), np.full(len(nodes), np.nan), 0.0)
    stands = np.stack([lon, lat], axis=1)
    vertex, off_m, net = _snap(net, np.asarray(nodes, dtype=np.int64), stands)
    graph = _graph(net)
    straight = metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
    legs = tuple(
        _leg(graph, net, int(a), int(b), float(direct))
        for a, b, direct in zip(vertex[:-1], vertex[1:], straight, strict=True)
    )
    leg_m = np.array([np.nan if leg is None else length_m(leg) for leg in legs], dtype=float)
    return Trace(leg_m, legs, off_m, _beyond_m(net, [stands, *(leg for leg in legs if leg is not None)]))


def _beyond_m(net: _Net, run: list[Floats]) -> float:
    """Measure how far the ways reach from the vertices of the run."""
    here = np.concatenate(run)
    scale = np.radians(1.0) * EARTH_RADIUS_M * np.array([np.cos(np.radians(here[:, 1].mean())), 1.0])
    away, _ = cKDTree(here * scale).query(net.lonlat * scale)
    return float(away.max())


def length_m(line: Floats) -> float:
    """Measure a line given in degrees."""
    return float(metres_between(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum())


def _net(tracks: Sequence[Track]) -> _Net | None:
    whole = [track for track in tracks if any(track.joined)]
    if not whole:
        return None
    refs = np.concatenate([np.asarray(t.refs, dtype=np.int64) for t in whole])
    lonlat = np.concatenate([np.stack([t.lon, t.lat], axis=1) for t in whole])
    # one entry a node: whether it is joined to the next one of its way
    joined = np.concatenate([np.asarray([*t.joined, False], dtype=bool) for t in whole])
    oneway = np.concatenate([np.full(len(t.refs), t.oneway, dtype=np.int64) for t in whole])
    unique, first, inverse = np.unique(refs, return_index=True, return_inverse=True)
    here = np.flatnonzero(joined)
    start, end, oneway = inverse[here], inverse[here + 1], oneway[here]
    real = start != end
    return _Net(unique, lonlat[first], start[real], end[real], oneway[real]) if real.any() else None


def _snap(net: _Net, nodes: Ints, lonlat: Floats) -> tuple[Ints, Floats, _Net]:
    """Give each stop a vertex (-1: none near), new ones in the middle of segments where it needs them."""
    place = np.searchsorted(net.refs, nodes).clip(max=len(net.refs) - 1)
    known = net.refs[place] == nodes
    vertex = np.where(known, place, -1)
    off_m = np.zeros(len(nodes))
    hits: dict[int, list[tuple[float, int]]] = {}
    added: list[Floats] = []
    for k in np.flatnonzero(~known).tolist():
        segment, along, off_m[k] = _nearest(net, lonlat[k])
        if off_m[k] > MAX_OFF_M:
            continue
        vertex[k] = len(net.refs) + len(added)
        a, b = net.lonlat[net.start[segment]], net.lonlat[net.end[segment]]
        added.append(a + along * (b - a))
        hits.setdefault(segment, []).append((along, int(vertex[k])))
    return vertex, off_m, _split(net, hits, added) if hits else net


def _nearest(net: _Net, point: Floats) -> tuple[int, float, float]:
    """Find the nearest segment, the share of it before the nearest point, and the distance in metres."""
    scale = np.radians(1.0) * EARTH_RADIUS_M * np.array([np.cos(np.radians(point[1])), 1.0])
    a = (net.lonlat[net.start] - point) * scale
    step = (net.lonlat[net.end] - point) * scale - a
    size = np.maximum((step**2).sum(axis=1), _TINY_M**2)
    along = np.clip(-(a * step).sum(axis=1) / size, 0.0, 1.0)
    distance = np.hypot(*(a + along[:, None] * step).T)
    best = int(distance.argmin())
    return best, float(along[best]), float(distance[best])


def _split(net: _Net, hits: dict[int, list[tuple[float, int]]], added: list[Floats]) -> _Net:
    keep = np.ones(len(net.start), dtype=bool)
    keep[list(hits)] = False
    start, end, oneway = [], [], []
    for segment, on_it in hits.items():
        chain = [int(net.start[segment]), *(vertex for _, vertex in sorted(on_it)), int(net.end[segment])]
        start += chain[:-1]
        end += chain[1:]
        oneway += [int(net.oneway[segment])] * (len(chain) - 1)
    return _Net(
        refs=np.concatenate([net.refs, np.full(len(added), -1)]),
        lonlat=np.concatenate([net.lonlat, np.array(added)]),
        start=np.concatenate([net.start[keep], np.array(start, dtype=np.int64)]),
        end=np.concatenate([net.end[keep], np.array(end, dtype=np.int64)]),
        oneway=np.concatenate([net.oneway[keep], np.array(oneway, dtype=np.int64)]),
    )


def _graph(net: _Net) -> csr_array:
    a, b = net.lonlat[net.start], net.lonlat[net.end]
    metres = np.maximum(metres_between(a[:, 0], a[:, 1], b[:, 0], b[:, 1]), _TINY_M)
    source = np.concatenate([net.start, net.end])
    target = np.concatenate([net.end, net.start])
    cost = np.concatenate([np.where(net.oneway < 0, _AGAINST, 1.0), np.where(net.oneway > 0, _AGAINST, 1.0)])
    cost *= np.tile(metres, 2)
    # a way listed twice is one edge; a matrix would add the two up
    order = np.lexsort([cost, target, source])
    source, target, cost = source[order], target[order], cost[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    size = len(net.refs)
    return csr_array((cost[first], (source[first], target[first])), shape=(size, size))


def _leg(graph: csr_array, net: _Net, a: int, b: int, straight_m: float) -> Floats | None:
    """Return the way from one vertex to another, None where there is none or it goes a long way round."""
    if a < 0 or b < 0:
        return None
    longest = _MAX_DETOUR * straight_m + _MAX_DETOUR_M
    cost, before = dijkstra(graph, indices=a, return_predecessors=True, limit=_AGAINST * longest)
    if not np.isfinite(cost[b]):
        return None
    path = [b]
    while path[-1] != a:
        path.append(int(before[path[-1]]))
    line: Floats = net.lonlat[path[::-1]]
    if len(line) == 1:
        line = np.repeat(line, 2, axis=0)
    return line if length_m(line) <= longest else None
