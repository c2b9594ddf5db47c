import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network, split_at, travel_time_matrix

from .streets import places, random_streets, table


@given(st.integers(0, 10_000), st.sampled_from(["walk", "bike"]))
@settings(max_examples=60, deadline=None)
def test_splitting_changes_no_distance(seed, mode):
    network = Network.from_streets(random_streets(seed), mode=mode)
    before = network.fingerprint()
    found = places(network, seed, 12)
    split, node = network.split_at(found.edge, found.offset_m)
    old = np.arange(network.node_count)
    np.testing.assert_array_equal(
        travel_time_matrix(network, network.at_nodes(old), network.at_nodes(old)),
        travel_time_matrix(split, split.at_nodes(old), split.at_nodes(old)),
    )
    bare = travel_time_matrix(network, found, found) - found.access_s[:, None] - found.access_s
    by_node = travel_time_matrix(split, split.at_nodes(node), split.at_nodes(node))
    np.testing.assert_allclose(by_node, bare, rtol=0, atol=3e-3)
    at = np.column_stack([split.node_x[node], split.node_y[node]])
    lines = network.edge_geometry[found.edge]
    share = np.divide(found.offset_m, shapely.length(lines), out=np.zeros(12), where=shapely.length(lines) > 0)
    expected = shapely.get_coordinates(shapely.line_interpolate_point(lines, share, normalized=True))
    np.testing.assert_allclose(at, expected, atol=1e-5)
    np.testing.assert_allclose(shapely.length(split.edge_geometry), split.edge_length_m, atol=1e-5)
    assert split.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum())
    assert len(set(split.node_id.tolist())) == split.node_count
    assert network.fingerprint() == before


def test_places_at_ends_and_places_asked_twice_share_nodes():
    #  1 --------100 m-------- 2     split at 0, 25, 25, 60, 100
    network = Network.from_streets(table([(1, 2, [(0, 0), (50, 0), (100, 0)])]))
    split, node = split_at(network, [0] * 5, [0.0, 25.0, 25.0, 60.0, 100.0])
    u, v = int(network.edge_u[0]), int(network.edge_v[0])
    assert node.tolist() == [u, 2, 2, 3, v]
    assert split.edge_length_m.tolist() == [25.0, 35.0, 40.0]
    assert split.edge_s_forward.tolist() == [18.75, 26.25, 30.0]
    assert split.node_id.tolist()[2:] == [-1, -2]
    assert [list(line.coords) for line in split.edge_geometry] == [
        [(0, 0), (25, 0)],
        [(25, 0), (50, 0), (60, 0)],
        [(60, 0), (100, 0)],
    ]
    same, _ = split_at(network, [0], [0.0])
    assert same is network


@pytest.mark.parametrize(
    ("edge", "offset"), [([1], [0.0]), ([-1], [0.0]), ([0], [101.0]), ([0], [np.nan]), ([0], [1, 2])]
)
def test_places_off_the_network_are_refused(edge, offset):
    network = Network.from_streets(table([(1, 2, [(0, 0), (100, 0)])]))
    with pytest.raises(InputError, match="Remedy"):
        split_at(network, edge, offset)
