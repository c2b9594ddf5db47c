import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network, ReachTable, by_length, reach_table, travel_time_matrix

from .streets import places, random_streets, table


@given(
    st.integers(0, 10_000),
    st.sampled_from(["walk", "bike"]),
    st.sampled_from([0.0, 20.0, 150.0, 400.0]),
    st.sampled_from([10, 300]),
)
@settings(max_examples=60, deadline=None)
def test_the_table_is_the_matrix_within_the_limit(seed, mode, limit_s, count):
    # of 300 destinations few are reached in 20 s, and put in order; where many are, they are read off in order
    network = Network.from_streets(random_streets(seed), mode=mode)
    origins, destinations = places(network, seed, 12), places(network, seed + 1, count)
    times = travel_time_matrix(network, origins, destinations, limit_s)
    found = reach_table(network, origins, destinations, limit_s)
    dense = np.full(times.shape, np.inf, np.float32)
    dense[found.origin, found.dest] = found.seconds
    np.testing.assert_array_equal(dense, np.where(np.isnan(times), np.inf, times))
    assert (found.linked == origins.linked).all()
    for row in np.split(found.dest, found.indptr[1:-1]):
        assert (np.diff(row) > 0).all()


def test_one_thread_and_many_give_the_same_bytes():
    network = Network.from_streets(random_streets(5, nodes=300, rows=600))
    everywhere = network.at_nodes(np.arange(network.node_count))
    many = everywhere.take(np.tile(np.arange(len(everywhere)), 4))
    before = numba.get_num_threads()
    found = []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            one = reach_table(network, many, everywhere, 300)
            found.append((one.indptr.tobytes(), one.dest.tobytes(), one.seconds.tobytes()))
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1]


@given(st.integers(0, 10_000))
def test_pairs_in_any_order_make_the_same_table(seed):
    rng = np.random.default_rng(seed)
    pairs = rng.choice(20, rng.integers(1, 20), replace=False)
    minutes = rng.integers(0, 50, len(pairs)).astype(float)
    minutes[rng.random(len(pairs)) < 0.2] = np.inf
    mixed = rng.permutation(len(pairs))
    first, second = (
        ReachTable.from_pairs(pairs[o] // 5, pairs[o] % 5, minutes[o], n_origins=4, n_destinations=5)
        for o in (np.arange(len(pairs)), mixed)
    )
    assert first.dest.tolist() == second.dest.tolist()
    assert first.minutes.tolist() == second.minutes.tolist()
    assert len(first.dest) == np.isfinite(minutes).sum()


@pytest.mark.parametrize(
    ("origin", "dest", "minutes", "said"),
    [
        ([0, 2], [0, 0], [1, 1], "2 is not between 0 and 1"),
        ([0, 1], [0, -1], [1, 1], "-1 is not between 0 and 0"),
        ([0, 1], [0, 0], [1, -3], "-3.0 is negative"),
        ([0, 0], [0, 0], [1, 2], "told twice"),
        ([0], [0, 0], [1, 2], "one length"),
    ],
)
def test_bad_pairs_are_named(origin, dest, minutes, said):
    with pytest.raises(InputError, match=said):
        ReachTable.from_pairs(origin, dest, minutes, n_origins=2, n_destinations=1)


def test_by_length_forgets_delays_and_steps_and_keeps_one_way_streets():
    streets = table(
        [(1, 2, [(0, 0), (100, 0)]), (2, 3, [(100, 0), (100, 50)]), (3, 4, [(100, 50), (180, 50)])],
        delay_s=[30.0, 0.0, 0.0],
        steps=[False, True, False],
        bike_backward=[True, True, False],
        bridge=[True, False, True],
    )
    for mode, back in (("walk", 230.0), ("bike", np.inf)):
        network = by_length(Network.from_streets(streets, mode=mode))
        ends = network.at_nodes([int(np.argmin(network.node_x + network.node_y)), int(np.argmax(network.node_x))])
        metres = travel_time_matrix(network, ends, ends) * network.profile.speed_m_s
        assert metres[0, 1] == pytest.approx(230.0, abs=0.01)
        assert metres[1, 0] == pytest.approx(back, abs=0.01)
