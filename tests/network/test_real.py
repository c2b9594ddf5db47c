from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from bykobling.network import Network, costs_within, travel_time_matrix

COPENHAGEN = Path(__file__).parents[2].parent / "shared" / "data" / "copenhagen" / "inner_north_2022.osm.pbf"


@pytest.mark.real
def test_copenhagen_costs_what_scipy_says_of_the_unmerged_streets():
    if not COPENHAGEN.exists():
        pytest.skip(f"{COPENHAGEN} is not there")
    from bykobling.osm import read_osm

    streets = read_osm(COPENHAGEN).streets
    network = Network.from_streets(streets)
    assert 5_000 < network.node_count < 15_000
    assert np.bincount(network.component)[network.main_component] > 0.9 * network.node_count
    walk = streets[streets["walk"]]
    ids, ends = np.unique(np.concatenate([walk["u"], walk["v"]]), return_inverse=True)
    u, v = np.split(ends, 2)
    speed_m_s = np.where(walk["steps"], network.profile.steps_speed_kmh, network.profile.speed_kmh) / 3.6
    seconds = np.round(walk["length_m"].to_numpy() / speed_m_s * 1024) / 1024
    # of parallel streets the quickest, and no loops: a sparse matrix would add them up
    order = np.lexsort((seconds, np.maximum(u, v), np.minimum(u, v)))
    pair = np.column_stack([np.minimum(u, v), np.maximum(u, v)])[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (pair[1:] != pair[:-1]).any(axis=1)
    first &= pair[:, 0] != pair[:, 1]
    matrix = coo_array((seconds[order][first], pair[first].T), shape=(len(ids), len(ids)))
    origins = np.arange(0, network.node_count, network.node_count // 20)
    rows = np.searchsorted(ids, network.node_id)
    expected = dijkstra(matrix.tocsr(), directed=False, indices=rows[origins], limit=900.0)[:, rows]
    homes, everywhere = network.at_nodes(origins), network.at_nodes(np.arange(network.node_count))
    np.testing.assert_array_equal(travel_time_matrix(network, homes, everywhere, 900.0), expected)
    assert len(costs_within(network, homes, 900.0).node) == np.isfinite(expected).sum()
