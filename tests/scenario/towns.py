"""Toy towns of the scenario tests."""

from __future__ import annotations

import numpy as np
import shapely

from bykobling.network import Network, travel_time_matrix
from tests.toys import grid, streets_table


def two_banks(*, mode="walk", bridge_at=None, gap_m=100.0):
    """Draw two grids of 5 x 3 nodes, 100 m apart, with water between (and a bridge, if wanted).

    ::

        y = 300  +---+---+---+---+   north
        y = 200  +---+---+---+---+
        y = 100  ~~~~~~~~~~~~~~~~~   nothing but water
        y =   0  +---+---+---+---+   south (rows at 0, -100, -200)
               x=0  100 200 300 400
    """
    pieces = grid(5, 3, y0=-200.0) + grid(5, 3, y0=gap_m)
    if bridge_at is not None:
        pieces.append(((bridge_at, 0.0), (bridge_at, gap_m), {"bridge": True, "highway": "footway", "name": "Old"}))
    return Network.from_streets(streets_table(pieces), mode=mode)


def node_at(network, x, y):
    found = np.flatnonzero(np.hypot(network.node_x - x, network.node_y - y) < 1e-6)
    assert len(found) == 1, (x, y, found)
    return int(found[0])


def seconds(network, start, end):
    nodes = [node_at(network, *start), node_at(network, *end)]
    return float(travel_time_matrix(network, network.at_nodes(nodes[:1]), network.at_nodes(nodes[1:]))[0, 0])


def matrix(network, nodes):
    """Find seconds between nodes by number."""
    return travel_time_matrix(network, network.at_nodes(nodes), network.at_nodes(nodes))


def line(*points):
    return shapely.LineString(points)
