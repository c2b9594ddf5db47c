"""One route, with the streets it takes and its line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import substring

from bykobling._kernels.heap import scratch
from bykobling._kernels.points import route
from bykobling.errors import Fault, InputError
from bykobling.network.links import Links

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap


@dataclass(frozen=True, eq=False)
class Path:
    """A shortest path between two places.

    Parameters
    ----------
    seconds : float
        Travel time, the walks to and from the network included; inf without a way, NaN for an unlinked end.
    nodes : array of int64
        Nodes passed, in order.
    edges : array of int64
        Edges used, in order; the first and last perhaps in part.
    forward : array of bool
        Whether each edge is walked from u to v.
    length_m : float
        Metres along the network, place to place.
    geometry : LineString
        From place to place on the network, without the walks to and from it; empty without a way.
    reason : str
        ``"ok"``, ``"beyond_limit"`` (no way, or only against one-way streets), ``"island"`` or
        ``"unlinked"``.
    """

    seconds: float
    nodes: NDArray[np.int64]
    edges: NDArray[np.int64]
    forward: NDArray[np.bool_]
    length_m: float
    geometry: shapely.LineString
    reason: str


def shortest_path(network: Network, origin: Snap, destination: Snap) -> Path:
    """Find the quickest way between two places.

    Parameters
    ----------
    network : Network
        The network.
    origin, destination : Snap
        One place each.

    Returns
    -------
    Path

    Raises
    ------
    InputError
        More or fewer than one place.
    """
    for name, place in (("origin", origin), ("destination", destination)):
        if len(place) != 1:
            raise InputError(Fault(name, "", f"it holds {len(place)} places", "choose one with Snap.take([number])"))
    for place in (origin, destination):
        if not place.linked[0]:
            return _no_path(np.nan, str(place.reason[0]))
    edge_o, edge_d = int(origin.edge[0]), int(destination.edge[0])
    _, _, direct = Links.from_snap(destination).direct_table(network, origin)
    dist, _, heap = scratch(network.node_count, len(network.adj_node))
    previous = np.full(network.node_count, -1, dtype=np.int64)
    starts = np.array([network.edge_u[edge_o], network.edge_v[edge_o]], dtype=np.int64)
    goals = np.array([network.edge_u[edge_d], network.edge_v[edge_d]], dtype=np.int64)
    start_s = np.array([origin.s_to_u[0], origin.s_to_v[0]], dtype=np.float32)
    goal_s = np.array([destination.s_from_u[0], destination.s_from_v[0]], dtype=np.float32)
    goal, seconds = route(
        network.indptr, network.adj_node, network.adj_s, starts, start_s, goals, goal_s, dist, heap, previous
    )
    at_o, at_d = float(origin.offset_m[0]), float(destination.offset_m[0])
    if len(direct) and direct[0] <= seconds:
        return _path(network, float(direct[0]), [], [(edge_o, at_o, at_d)])
    if goal < 0:
        same = network.component[starts[0]] == network.component[goals[0]]
        return _no_path(np.inf, "beyond_limit" if same else "island")
    nodes, arcs = _walk_back(network, int(goals[goal]), previous)
    began = 0 if starts[0] == nodes[0] and start_s[0] == dist[nodes[0]] else 1
    length = network.edge_length_m
    pieces = [(edge_o, at_o, length[edge_o] if began else 0.0)]
    for arc, tail in zip(arcs, nodes[:-1], strict=True):
        edge = int(network.adj_edge[arc])
        onward = network.edge_u[edge] == tail
        pieces.append((edge, 0.0, length[edge]) if onward else (edge, length[edge], 0.0))
    pieces.append((edge_d, length[edge_d] if goal else 0.0, at_d))
    return _path(network, float(seconds), nodes, pieces)


def _walk_back(network: Network, goal: int, previous: NDArray[np.int64]) -> tuple[list[int], list[int]]:
    """Read the nodes and arcs of a route, first to last."""
    nodes, arcs = [goal], []
    while previous[nodes[-1]] >= 0:
        arc = int(previous[nodes[-1]])
        arcs.append(arc)
        nodes.append(int(np.searchsorted(network.indptr, arc, side="right")) - 1)
    return nodes[::-1], arcs[::-1]


def _path(network: Network, seconds: float, nodes: list[int], pieces: list[tuple[int, float, float]]) -> Path:
    """Make the Path of stretches (edge, from, to), leaving out those without length at either end."""
    inner = [p for i, p in enumerate(pieces) if p[1] != p[2] or 0 < i < len(pieces) - 1]
    lines = []
    for edge, start, stop in inner or pieces[:1]:
        whole = network.edge_length_m[edge]
        share = (start / whole, stop / whole) if whole > 0 else (0.0, 0.0)
        part = substring(network.edge_geometry[edge], share[0], share[1], normalized=True)
        lines.append(shapely.get_coordinates(part))
    coordinates = np.concatenate(lines)
    moves = np.ones(len(coordinates), dtype=np.bool_)
    moves[1:] = (coordinates[1:] != coordinates[:-1]).any(axis=1)
    coordinates = coordinates[moves]
    if len(coordinates) == 1:
        coordinates = np.repeat(coordinates, 2, axis=0)
    return Path(
        seconds=seconds,
        nodes=np.array(nodes, dtype=np.int64),
        edges=np.array([edge for edge, _, _ in inner], dtype=np.int64),
        forward=np.array([stop >= start for _, start, stop in inner], dtype=np.bool_),
        length_m=float(sum(abs(stop - start) for _, start, stop in inner)),
        geometry=shapely.LineString(coordinates),
        reason="ok",
    )


def _no_path(seconds: float, reason: str) -> Path:
    """Make the Path of no way."""
    none = np.empty(0, dtype=np.int64)
    return Path(seconds, none, none, np.empty(0, dtype=np.bool_), np.nan, shapely.LineString(), reason)
