"""An area and the streets around it up to a ring: a small graph with the area as source and the ring as sink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components, maximum_flow

from bykobling.network.model import on_grid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network

_SOURCE, _SINK = 0, 1


@dataclass(frozen=True)
class Stops:
    """Places along edges that belong to an area, though no node there does.

    Parameters
    ----------
    edge : array of int64 (k,)
        Edges of the network.
    share : array of float64 (k,)
        How far along each from its u, 0-1.
    weight : array of float64 (k,)
        Residents there.
    """

    edge: NDArray[np.int64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]

    def joined(self, other: Stops) -> Stops:
        """Put two lists together.

        Parameters
        ----------
        other : Stops
            More places.

        Returns
        -------
        Stops
        """
        return Stops(*(np.concatenate([getattr(self, f), getattr(other, f)]) for f in ("edge", "share", "weight")))


@dataclass(frozen=True)
class Surroundings:
    """The streets from an area to its ring, undirected; nodes are numbered anew.

    Parameters
    ----------
    u, v : array of int64 (m,)
        End nodes of each piece of street.
    seconds : array of float32 (m,)
        Along it.
    edge : array of int64 (m,)
        Edge of the network it is a piece of.
    low, high : array of float64 (m,)
        From where to where on the edge, shares of its length.
    source, sink : array of bool (n,)
        Nodes in the area, and nodes beyond the ring.
    weight : array of float64 (n,)
        Residents at a node; 0 but in the area.
    """

    u: NDArray[np.int64]
    v: NDArray[np.int64]
    seconds: NDArray[np.float32]
    edge: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    source: NDArray[np.bool_]
    sink: NDArray[np.bool_]
    weight: NDArray[np.float64]


@dataclass(frozen=True)
class Cut:
    """The fewest cuts that part an area from its ring, as near the area as they can be.

    Parameters
    ----------
    ways : int
        How many: the number of ways out that share no street (Menger).
    piece : array of int64 (ways,)
        Pieces of street to cut.
    inside : array of bool (n,)
        Nodes on the area's side of the cut.
    part : array of int64 (n,)
        Into which parts the area's side falls once cut; numbers mean nothing beyond it.
    """

    ways: int
    piece: NDArray[np.int64]
    inside: NDArray[np.bool_]
    part: NDArray[np.int64]


def passing_stops(network: Network, edges: NDArray[np.int64], area: shapely.Geometry) -> Stops:
    """Find where streets run through an area without having a node in it.

    Parameters
    ----------
    network : Network
        Streets.
    edges : array of int64
        Edges to look at.
    area : Polygon
        The area.

    Returns
    -------
    Stops
        In the middle of the first stretch inside, weight 0.
    """
    return _middles(network, edges, shapely.intersection(network.edge_geometry[edges], area))


def surround(
    network: Network,
    inside: NDArray[np.bool_],
    stops: Stops,
    *,
    within: NDArray[np.bool_],
    ring: shapely.Geometry,
    rim: NDArray[np.int64],
) -> Surroundings:
    """Make the graph of the streets between an area and its ring.

    Parameters
    ----------
    network : Network
        Streets.
    inside : array of bool (n,)
        Nodes in the area.
    stops : Stops
        Other places of the area.
    within : array of bool (n,)
        Nodes within the ring.
    ring : Polygon
        The area grown by the radius of the ring.
    rim : array of int64
        Edges that meet the outline of the ring.

    Returns
    -------
    Surroundings
    """
    # a street that leaves the ring and comes back has led beyond it
    bulge = rim[within[network.edge_u[rim]] & within[network.edge_v[rim]]]
    beyond = _middles(network, bulge, shapely.difference(network.edge_geometry[bulge], ring))
    every = stops.joined(beyond)
    order = np.lexsort((every.share, every.edge))
    at_edge, share = every.edge[order], every.share[order]
    used = within[network.edge_u] | within[network.edge_v]
    used[at_edge] = True
    edges = np.flatnonzero(used)
    number = np.full(network.node_count, -1, np.int64)
    nodes = np.unique(np.concatenate([network.edge_u[edges], network.edge_v[edges]]))
    number[nodes] = np.arange(len(nodes))
    stop_number = len(nodes) + np.arange(len(at_edge))
    # one row a piece: its edge, and the stops it lies between
    row = np.searchsorted(edges, at_edge)
    pieces = 1 + np.bincount(row, minlength=len(edges))
    parent = np.repeat(edges, pieces)
    last = np.cumsum(pieces) - 1
    first = last - pieces + 1
    begins, ends = np.zeros((2, len(parent)), dtype=bool)
    begins[first] = ends[last] = True
    u, v = number[network.edge_u[parent]], number[network.edge_v[parent]]
    low, high = np.zeros(len(parent)), np.ones(len(parent))
    u[~begins], low[~begins] = stop_number, share
    v[~ends], high[~ends] = stop_number, share
    whole = np.minimum(network.edge_s_forward, network.edge_s_backward)[parent].astype(np.float64)
    is_beyond = order >= len(stops.edge)
    flags = np.zeros((2, len(nodes) + len(order)), dtype=bool)
    flags[_SOURCE] = np.concatenate([inside[nodes], ~is_beyond])
    flags[_SINK] = np.concatenate([~within[nodes], is_beyond])
    weight = np.concatenate([np.zeros(len(nodes)), every.weight[order]])
    if not weight.any():
        weight = flags[_SOURCE].astype(np.float64)
    kept = u != v
    return Surroundings(
        u=u[kept],
        v=v[kept],
        seconds=(on_grid(whole * high) - on_grid(whole * low))[kept],
        edge=parent[kept],
        low=low[kept],
        high=high[kept],
        source=flags[_SOURCE],
        sink=flags[_SINK],
        weight=weight,
    )


def fewest_cuts(around: Surroundings) -> Cut:
    """Count the ways out that share no street, and find the cut nearest the area that parts it from the ring.

    Parameters
    ----------
    around : Surroundings
        The graph.

    Returns
    -------
    Cut

    Notes
    -----
    Every piece of street carries one way, in either direction; the area is one source and all beyond the ring one
    sink. The greatest flow is the number of ways that share no piece, and the least number of pieces that part
    area and ring (Menger 1927; Ford and Fulkerson 1956). Of all least cuts the one whose area side is smallest is
    unique: it is what the source still reaches in the residual graph, whatever the flow found.
    """
    n = len(around.source)
    merged = np.cumsum(~(around.source | around.sink)) + 1
    merged[around.source], merged[around.sink] = _SOURCE, _SINK
    a, b = merged[around.u], merged[around.v]
    between = a != b
    # scipy's flow takes 32 bits only
    a, b = a[between].astype(np.int32), b[between].astype(np.int32)
    size = int(merged.max(initial=1)) + 1
    ones = np.ones(2 * len(a), np.int32)
    capacity = csr_array(coo_array((ones, (np.r_[a, b], np.r_[b, a])), shape=(size, size)))
    found = maximum_flow(capacity, _SOURCE, _SINK)
    left = csr_array(capacity - found.flow)
    left.eliminate_zeros()
    reached = np.zeros(size, bool)
    reached[breadth_first_order(left, _SOURCE, return_predecessors=False)] = True
    inside = reached[merged]
    leaving = inside[around.u] != inside[around.v]
    both = inside[around.u] & inside[around.v]
    ends: tuple[Any, Any] = (around.u[both], around.v[both])
    graph = coo_array((np.ones(int(both.sum()), np.int8), ends), shape=(n, n))
    part = connected_components(graph.tocsr(), directed=False)[1]
    return Cut(ways=int(found.flow_value), piece=np.flatnonzero(leaving), inside=inside, part=part.astype(np.int64))


def _middles(network: Network, edges: NDArray[np.int64], stretches: NDArray[np.object_]) -> Stops:
    """Find the middle of the first stretch of each edge, for those that have one."""
    parts, row = shapely.get_parts(stretches, return_index=True)
    lines = shapely.get_dimensions(parts) == 1
    parts, row = parts[lines], row[lines]
    row, first = np.unique(row, return_index=True)
    middle = shapely.line_interpolate_point(parts[first], 0.5, normalized=True)
    share = shapely.line_locate_point(network.edge_geometry[edges[row]], middle, normalized=True)
    return Stops(edges[row], np.asarray(share, float), np.zeros(len(row)))
