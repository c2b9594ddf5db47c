# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .betweenness import edge_betweenness
from .gaps import contact_nodes, decluster_gaps, network_gaps, potential_gaps
from .lengths import by_length
from .links import Links, snap_edges
from .model import Network
from .paths import Costs, Nearest, Path, costs_within, nearest, reach_sums, reasons, shortest_path, travel_time_matrix
from .reach import ReachTable, reach_table
from .snapping import Snap, at_nodes, snap
from .split import split_at

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
