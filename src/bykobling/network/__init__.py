"""Streets as a network: build it, snap to it, search it."""

from __future__ import annotations

from bykobling.network.betweenness import edge_betweenness
from bykobling.network.by_length import by_length
from bykobling.network.gaps import contact_nodes, decluster_gaps, network_gaps, potential_gaps
from bykobling.network.links import Links, snap_edges
from bykobling.network.model import Network
from bykobling.network.paths import (
    Costs,
    Nearest,
    Path,
    costs_within,
    nearest,
    reach_sums,
    reasons,
    shortest_path,
    travel_time_matrix,
)
from bykobling.network.reach import ReachTable, reach_table
from bykobling.network.snap import Snap, at_nodes, snap
from bykobling.network.split import split_at

__all__ = [
    "Costs",
    "Links",
    "Nearest",
    "Network",
    "Path",
    "ReachTable",
    "Snap",
    "at_nodes",
    "by_length",
    "contact_nodes",
    "costs_within",
    "decluster_gaps",
    "edge_betweenness",
    "nearest",
    "network_gaps",
    "potential_gaps",
    "reach_sums",
    "reach_table",
    "reasons",
    "shortest_path",
    "snap",
    "snap_edges",
    "split_at",
    "travel_time_matrix",
]
