"""Inserting nodes along edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.errors import Fault, InputError
from bykobling.network.model import Network, make_network, on_grid

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_SAME_PLACE_M = 1e-6


def split_at(network: Network, edge: ArrayLike, offset_m: ArrayLike) -> tuple[Network, NDArray[np.int64]]:
    """Insert a node at places along edges; distances between old nodes stay as they were, to the last bit.

    Old nodes keep their numbers; new ones follow, in the order of edge and offset, with new negative ids.
    Edges are numbered anew, the pieces of an edge one after the other in its place.

    Parameters
    ----------
    network : Network
        Left as it is.
    edge : array of int (k,)
        Edge numbers.
    offset_m : array of float (k,)
        Metres along the edge from its u; 0 and the full length give the end nodes.

    Returns
    -------
    network : Network
        The same streets with the nodes inserted.
    node : array of int64 (k,)
        Node in the new network of each place asked for; the same place has the same node.

    Raises
    ------
    InputError
        An edge that does not exist, or an offset outside its edge.
    """
    at_edge = np.atleast_1d(np.asarray(edge, dtype=np.int64))
    at_m = np.atleast_1d(np.asarray(offset_m, dtype=np.float64))
    _check(network, at_edge, at_m)
    length = network.edge_length_m[at_edge]
    at_u = (at_m <= _SAME_PLACE_M) & ((length > 0) | (at_m <= 0))
    node = np.where(at_u, network.edge_u[at_edge], network.edge_v[at_edge]).astype(np.int64)
    inner = np.flatnonzero((at_m > _SAME_PLACE_M) & (at_m < length - _SAME_PLACE_M))
    micro = np.round(at_m[inner] / _SAME_PLACE_M).astype(np.int64)
    places, which = np.unique(np.column_stack([at_edge[inner], micro]), axis=0, return_inverse=True)
    node[inner] = network.node_count + which.ravel()
    if len(places) == 0:
        return network, node
    cuts_m = np.asarray(places[:, 1] * _SAME_PLACE_M, dtype=np.float64)
    return _split(network, places[:, 0], cuts_m), node


def _check(network: Network, edge: NDArray[np.int64], offset_m: NDArray[np.float64]) -> None:
    """Refuse places that are not on the network."""
    if edge.shape != offset_m.shape:
        rule = f"{len(edge)} edges and {len(offset_m)} offsets"
        raise InputError(Fault("split_at", "", rule, "pass one offset an edge"))
    outside = (edge < 0) | (edge >= network.edge_count)
    if not outside.any():
        outside = ~((offset_m >= -_SAME_PLACE_M) & (offset_m <= network.edge_length_m[edge] + _SAME_PLACE_M))
    if outside.any():
        bad = int(np.flatnonzero(outside)[0])
        rule = f"edge {edge[bad]} at {offset_m[bad]} m is not on the network ({network.edge_count} edges)"
        raise InputError(Fault("split_at", f"place {bad}", rule, "take edge and offset from Network.snap"))


def _split(network: Network, edge: NDArray[np.int64], offset_m: NDArray[np.float64]) -> Network:
    """Cut edges at places sorted by edge and offset, each once and none at an end."""
    n, m = network.node_count, network.edge_count
    share = offset_m / network.edge_length_m[edge]
    xy = shapely.get_coordinates(shapely.line_interpolate_point(network.edge_geometry[edge], share, normalized=True))
    # one row a piece: its parent edge, and the cuts it lies between
    pieces = 1 + np.bincount(edge, minlength=m)
    parent = np.repeat(np.arange(m), pieces)
    first = np.cumsum(pieces) - pieces
    last = first + pieces - 1
    is_first = np.zeros(len(parent), dtype=np.bool_)
    is_first[first] = True
    is_last = np.zeros(len(parent), dtype=np.bool_)
    is_last[last] = True
    new_nodes = np.arange(n, n + len(edge), dtype=np.int32)
    u = network.edge_u[parent]
    v = network.edge_v[parent]
    u[~is_first] = new_nodes
    v[~is_last] = new_nodes
    low = np.zeros(len(parent))
    high = np.ones(len(parent))
    low[~is_first] = share
    high[~is_last] = share
    geometry = network.edge_geometry[parent]
    cut = np.flatnonzero(~(is_first & is_last))
    geometry[cut] = _substrings(geometry[cut], low[cut], high[cut])
    ids = min(int(network.node_id.min()), 0) - 1 - np.arange(len(edge), dtype=np.int64)
    return make_network(
        crs=network.crs,
        mode=network.mode,
        profile=network.profile,
        node_x=np.concatenate([network.node_x, xy[:, 0]]),
        node_y=np.concatenate([network.node_y, xy[:, 1]]),
        node_id=np.concatenate([network.node_id, ids]),
        edge_u=u,
        edge_v=v,
        edge_length_m=network.edge_length_m[parent] * (high - low),
        edge_s_forward=_shares(network.edge_s_forward[parent], low, high),
        edge_s_backward=_shares(network.edge_s_backward[parent], low, high),
        edge_geometry=geometry,
        edge_street=network.edge_street[parent],
        edge_snappable=network.edge_snappable[parent],
        edge_attributes=network.edge_attributes.iloc[parent].reset_index(drop=True),
    )


def _shares(seconds: NDArray[np.float32], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.float32]:
    """Share the seconds of edges out over pieces so that they add up exactly (inf stays inf)."""
    allowed = np.isfinite(seconds)
    whole = np.where(allowed, seconds, 0).astype(np.float64)
    # differences of grid values are grid values; the ends are the edge's own
    to_low = np.where(low == 0, 0.0, on_grid(whole * low))
    to_high = np.where(high == 1, whole, on_grid(whole * high))
    return np.where(allowed, to_high - to_low, np.inf).astype(np.float32)


def _substrings(lines: NDArray[np.object_], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.object_]:
    """Cut lines between two shares of their length (0 <= low < high <= 1)."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    step = np.hypot(*np.diff(coordinates, axis=0, prepend=coordinates[:1]).T)
    step[np.flatnonzero(np.diff(line, prepend=-1))] = 0.0
    along = np.cumsum(step)
    starts = np.flatnonzero(np.diff(line, prepend=-1))
    along -= along[starts][line]
    total = shapely.length(lines)
    inside = (along > (low * total)[line]) & (along < (high * total)[line])
    ends = shapely.line_interpolate_point(np.tile(lines, 2), np.concatenate([low, high]), normalized=True)
    tips = shapely.get_coordinates(ends)
    k = len(lines)
    owner = np.concatenate([np.arange(k), line[inside], np.arange(k)])
    points = np.concatenate([tips[:k], coordinates[inside], tips[k:]])
    # stable: head, the vertices between in their order, tail
    order = np.argsort(owner, kind="stable")
    return np.asarray(shapely.linestrings(points[order], indices=owner[order]), dtype=object)
