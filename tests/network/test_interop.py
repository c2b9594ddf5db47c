import networkx as nx
import numpy as np
import pytest
from shapely import LineString

from bykobling.errors import CrsError, InputError
from bykobling.network import Network, travel_time_matrix

from .streets import random_streets


def between_ids(network, ids):
    spot = {node: place for place, node in enumerate(network.node_id.tolist())}
    nodes = network.at_nodes([spot[each] for each in ids])
    return travel_time_matrix(network, nodes, nodes)


@pytest.mark.parametrize("mode", ["walk", "bike"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_there_and_back_keeps_every_distance(mode, seed):
    streets = random_streets(seed).assign(steps=False, delay_s=0.0)
    network = Network.from_streets(streets, mode=mode)
    graph = network.to_networkx()
    again = Network.from_osmnx(graph, mode=mode)
    ids = sorted(set(network.node_id.tolist()) & set(again.node_id.tolist()))
    assert len(ids) > 2
    np.testing.assert_allclose(between_ids(again, ids), between_ids(network, ids), atol=0.05)
    assert again.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum())


def test_the_graph_has_what_osmnx_reads():
    import osmnx

    network = Network.from_streets(random_streets(4))
    graph = network.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    nodes, edges = osmnx.convert.graph_to_gdfs(graph)
    assert len(nodes) == network.node_count
    assert {"osmid", "length", "geometry", "oneway", "reversed", "travel_time"} <= set(edges.columns)
    assert len(edges) == np.isfinite(network.edge_s_forward).sum() + np.isfinite(network.edge_s_backward).sum()
    shortest = nx.single_source_dijkstra_path_length(graph, int(network.node_id[0]), weight="travel_time")
    ours = travel_time_matrix(network, network.at_nodes([0]), network.at_nodes(np.arange(network.node_count)))[0]
    assert {int(network.node_id[i]): s for i, s in enumerate(ours.tolist()) if np.isfinite(s)} == shortest


def degrees():
    #  a square of about 63 m x 111 m at 55.67 N: the side 1 - 2 one way only, two ways between 3 and 4
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for node, (x, y) in {
        1: (12.5, 55.67),
        2: (12.501, 55.67),
        3: (12.501, 55.671),
        4: (12.5, 55.671),
    }.items():
        graph.add_node(node, x=x, y=y)
    graph.add_edge(1, 2, osmid=10, length=62.7, highway="residential")
    for u, v, osmid, length in ((2, 3, [11, 12], 111.2), (3, 4, 13, 62.7), (4, 1, 14, 111.2)):
        graph.add_edge(u, v, osmid=osmid, length=length, highway="steps" if osmid == 13 else ["path", "track"])
        graph.add_edge(v, u, osmid=osmid, length=length, highway="steps" if osmid == 13 else ["path", "track"])
    bend = LineString([(12.501, 55.671), (12.5005, 55.672), (12.5, 55.671)])
    graph.add_edge(3, 4, osmid=20, geometry=bend)
    graph.add_edge(4, 3, osmid=20, geometry=bend.reverse())
    return graph


def test_a_graph_in_degrees_is_projected_and_its_directions_joined():
    network = Network.from_osmnx(degrees(), mode="bike")
    assert network.crs.to_epsg() == 32633
    by_street = dict(zip(network.edge_attributes["osm_id"], range(network.edge_count), strict=True))
    one_way = by_street[10]
    assert sorted(np.isfinite([network.edge_s_forward[one_way], network.edge_s_backward[one_way]]).tolist()) == [
        False,
        True,
    ]
    assert np.isfinite(network.edge_s_forward[by_street[11]])
    bend = by_street[20]
    assert network.edge_length_m[bend] == pytest.approx(2 * np.hypot(31.4, 111.3), rel=0.01)
    walk = Network.from_osmnx(degrees())
    steps = int(np.flatnonzero(walk.edge_attributes["highway"] == "steps")[0])
    assert walk.edge_s_forward[steps] == pytest.approx(62.7 / (2.4 / 3.6), abs=1e-3)


def test_graphs_without_crs_or_edges_are_refused():
    with pytest.raises(CrsError, match="crs"):
        Network.from_osmnx(nx.MultiDiGraph())
    with pytest.raises(InputError, match="no edges"):
        Network.from_osmnx(nx.MultiDiGraph(crs="epsg:4326"))
