import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling._types import CYCLIST
from bykobling.errors import CrsError, InputError
from bykobling.network import Network, travel_time_matrix
from bykobling.network.hilbert import hilbert_distance

from .streets import random_streets, table


@given(st.integers(0, 10_000), st.sampled_from(["walk", "bike"]))
@settings(max_examples=60, deadline=None)
def test_lines_lengths_and_nodes_fit_together(seed, mode):
    streets = random_streets(seed)
    untouched = streets.copy()
    network = Network.from_streets(streets, mode=mode)
    xy = np.column_stack([network.node_x, network.node_y])
    for tip, node in ((0, network.edge_u), (-1, network.edge_v)):
        np.testing.assert_allclose(shapely.get_coordinates(shapely.get_point(network.edge_geometry, tip)), xy[node])
    np.testing.assert_allclose(shapely.length(network.edge_geometry), network.edge_length_m, atol=1e-9)
    assert network.edge_length_m.sum() == pytest.approx(streets["length_m"].sum())
    assert len(set(network.node_id.tolist())) == network.node_count
    assert set(network.edge_u) | set(network.edge_v) == set(range(network.node_count))
    assert len(network.edge_attributes) == network.edge_count
    assert streets.equals(untouched)
    assert network.fingerprint() == Network.from_streets(streets, mode=mode).fingerprint()


# one street of three pieces, and a side street:
#
#   1 --80-- 2 --80-- 3 --80-- 4
#                     |80
#                     5


def side_street(**columns):
    rows = [
        (1, 2, [(0, 0), (80, 0)]),
        (3, 2, [(160, 0), (80, 0)]),
        (3, 4, [(160, 0), (240, 0)]),
        (3, 5, [(160, 0), (160, -80)]),
    ]
    return table(rows, **columns)


def test_a_node_between_two_pieces_is_merged_away_and_its_line_kept():
    network = Network.from_streets(side_street(osm_id=[7, 8, 9, 10]))
    assert sorted(network.node_id.tolist()) == [1, 3, 4, 5]
    edge = int(np.argmax(network.edge_length_m))
    assert network.edge_length_m[edge] == 160.0
    assert network.edge_s_forward[edge] == network.edge_s_backward[edge] == 120.0
    assert shapely.get_num_coordinates(network.edge_geometry[edge]) == 3
    assert network.edge_street[edge] == 0
    assert network.edge_attributes["osm_id"].iloc[edge] == 7


@pytest.mark.parametrize(
    "columns",
    [
        {"bridge": [True, False, False, False]},
        {"tunnel": [False, True, False, False]},
        {"layer": [0, 1, 0, 0]},
        {"steps": [True, False, False, False]},
        {"crossing": [None, "zebra", None, None]},
        {"barrier_id": ["a", "b", None, None]},
        {"snappable": [True, False, True, True]},
        {"delay_s": [0.0, 5.0, 0.0, 0.0]},
        {"delay_s": [5.0, 5.0, 0.0, 0.0]},
    ],
)
def test_unlike_pieces_stay_apart(columns):
    assert Network.from_streets(side_street(**columns)).edge_count == 4


def test_one_way_pieces_merge_only_in_line():
    # 3 -> 2 drawn against 1 -> 2: together they are no one-way street
    ahead = side_street(bike_backward=[False, False, True, True])
    assert Network.from_streets(ahead, mode="bike").edge_count == 4
    in_line = side_street(bike_forward=[True, False, True, True], bike_backward=[False, True, True, True])
    network = Network.from_streets(in_line, mode="bike")
    assert network.edge_count == 3
    edge = int(np.argmax(network.edge_length_m))
    one = network.edge_s_forward[edge], network.edge_s_backward[edge]
    assert sorted(one) == [36.0, np.inf]


def test_delays_and_steps_cost_their_own_time():
    network = Network.from_streets(side_street(delay_s=[0, 30.0, 0, 0], steps=[False, False, True, False]))
    by_street = dict(zip(network.edge_street.tolist(), network.edge_s_forward.tolist(), strict=True))
    assert by_street == {0: 60.0, 1: 90.0, 2: 120.0, 3: 60.0}
    snappable = dict(zip(network.edge_street.tolist(), network.edge_snappable.tolist(), strict=True))
    assert snappable == {0: True, 1: False, 2: True, 3: True}


def test_rings_loops_and_parallel_streets_are_kept():
    #  a ring 1-2-3, a loop at 10, and two streets between 10 and 11
    rows = [
        (1, 2, [(0, 0), (90, 0)]),
        (2, 3, [(90, 0), (45, 60)]),
        (3, 1, [(45, 60), (0, 0)]),
        (10, 10, [(500, 0), (520, 20), (480, 20), (500, 0)]),
        (10, 11, [(500, 0), (500, -100)]),
        (10, 11, [(500, 0), (560, -50), (500, -100)]),
        (11, 12, [(500, -100), (500, -200)]),
    ]
    network = Network.from_streets(table(rows))
    loops = network.edge_u == network.edge_v
    assert loops.sum() == 2
    assert sorted(network.edge_length_m[loops].round().tolist()) == [97.0, 240.0]
    assert network.edge_count == 5
    assert np.bincount(network.component).tolist() in ([1, 3], [3, 1])
    assert network.component[network.node_id == 10] == network.main_component
    ten, eleven = (int(np.flatnonzero(network.node_id == each)[0]) for each in (10, 11))
    assert travel_time_matrix(network, network.at_nodes([ten]), network.at_nodes([eleven]))[0, 0] == 75.0


def test_only_streets_of_the_mode_are_in_it():
    network = Network.from_streets(side_street(walk=[True, True, False, True]))
    assert network.edge_count == 1
    assert network.edge_length_m[0] == 240.0


def test_arrays_are_read_only_also_from_a_pickle():
    import pickle

    network = Network.from_streets(side_street())
    again = pickle.loads(pickle.dumps(network))
    assert again.fingerprint() == network.fingerprint()
    for each in (network, again):
        with pytest.raises(ValueError, match="read-only"):
            each.edge_s_forward[0] = 1.0


def test_every_fault_is_told_at_once():
    broken = side_street(delay_s=[0, np.nan, -1, 0])
    broken.loc[1, "length_m"] = np.nan
    broken.loc[2, "geometry"] = shapely.Point(0, 0)
    with pytest.raises(InputError) as told:
        Network.from_streets(broken)
    assert len(told.value.faults) == 3
    assert "rows 1" in str(told.value)
    with pytest.raises(InputError, match="bike_forward") as told:
        Network.from_streets(side_street().drop(columns=["u", "bike_forward"]), mode="bike")
    assert len(told.value.faults) == 2


def test_what_cannot_be_a_network_is_refused():
    with pytest.raises(InputError, match="none of 4 rows"):
        Network.from_streets(side_street(walk=False))
    with pytest.raises(CrsError, match="degrees"):
        Network.from_streets(side_street().to_crs(4326))
    with pytest.raises(CrsError, match="no CRS"):
        Network.from_streets(side_street().set_crs(None, allow_override=True))
    with pytest.raises(InputError, match="'bike'"):
        Network.from_streets(side_street(), profile=CYCLIST)


def test_the_hilbert_curve_steps_from_neighbour_to_neighbour():
    side = 16
    x, y = (each.ravel().astype(float) for each in np.meshgrid(np.arange(side), np.arange(side)))
    order = np.argsort(hilbert_distance(x, y))
    steps = np.abs(np.diff(x[order])) + np.abs(np.diff(y[order]))
    assert (steps == 1).all()
