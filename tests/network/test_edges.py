"""Edges added between nodes: a shorter way where they help, nothing else changed."""

from __future__ import annotations

import numpy as np
import shapely

from bykobling.network import Network, travel_time_matrix
from bykobling.network.edges import with_edges
from tests.toys import streets_table


def star():
    """::

    1---2---3      100 m each; 4 below 2, so that 2 is a node
        |
        4
    """
    return Network.from_streets(streets_table([((0, 0), (100, 0)), ((100, 0), (200, 0)), ((100, 0), (100, -100))]))


def ends(network):
    at = {(x, y): n for n, (x, y) in enumerate(zip(network.node_x, network.node_y, strict=True))}
    return at[0, 0], at[200, 0]


def test_an_edge_of_one_direction_shortens_that_direction_alone():
    network = star()
    left, right = ends(network)
    built = with_edges(network, [left], [right], length_m=[200.0], forward_s=[20.0], backward_s=[np.inf])
    nodes = network.at_nodes([left, right])
    assert travel_time_matrix(network, nodes, nodes).tolist() == [[0, 150], [150, 0]]
    same = built.at_nodes([left, right])
    assert travel_time_matrix(built, same, same).tolist() == [[0, 20], [150, 0]]


def test_nothing_old_changes():
    network = star()
    before = network.fingerprint()
    left, right = ends(network)
    built = with_edges(network, [left, right], [right, left], length_m=[200.0, 9.0], forward_s=[20.00001, 7.0])
    assert network.fingerprint() == before
    for name in ("node_x", "node_id", "edge_u", "edge_s_forward", "edge_geometry", "edge_street"):
        old = getattr(network, name)
        assert (getattr(built, name)[: len(old)] == old).all()
    assert built.edge_count == network.edge_count + 2
    assert len(built.edge_attributes) == built.edge_count
    assert built.edge_attributes["bridge"].dtype == bool
    # seconds on the grid; drawn straight; nobody moves onto it
    assert built.edge_s_backward[-2] == 20.0
    assert built.edge_geometry[-2].equals(shapely.LineString([(0, 0), (200, 0)]))
    assert not built.edge_snappable[-2:].any()


def test_no_edge_is_the_same_network():
    network = star()
    assert with_edges(network, [], [], length_m=[], forward_s=[]).fingerprint() == network.fingerprint()
