import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.errors import Cancelled, InputError
from bykobling.network import (
    Links,
    Network,
    costs_within,
    nearest,
    reach_sums,
    reasons,
    shortest_path,
    travel_time_matrix,
)
from bykobling.network.snapping import make_snap

from .streets import places, plain_distances, plain_times, random_streets, table

SEEDS = st.integers(0, 10_000)
MODES = st.sampled_from(["walk", "bike"])
TOLERANCE_S = 3e-3
"""Places are rounded to 1/1024 s, a few to a way; between nodes nothing is."""


@given(SEEDS, MODES)
@settings(max_examples=60, deadline=None)
def test_times_between_nodes_are_those_of_networkx_to_the_last_bit(seed, mode):
    streets = random_streets(seed)
    network = Network.from_streets(streets, mode=mode)
    everywhere = network.at_nodes(np.arange(network.node_count))
    ours = travel_time_matrix(network, everywhere, everywhere)
    np.testing.assert_array_equal(ours, plain_distances(streets, network, mode))


@given(SEEDS, MODES)
@settings(max_examples=60, deadline=None)
def test_times_between_places_are_those_by_hand(seed, mode):
    streets = random_streets(seed)
    network = Network.from_streets(streets, mode=mode)
    origins, destinations = places(network, seed), places(network, seed + 1)
    # some destinations share edges with origins
    both = make_snap(
        network,
        np.concatenate([destinations.edge, origins.edge]),
        np.concatenate([destinations.offset_m, origins.offset_m[::-1] * 0 + network.edge_length_m[origins.edge] / 2]),
        np.concatenate([destinations.snap_m, origins.snap_m]),
        np.concatenate([destinations.reason, origins.reason]),
    )
    expected = plain_times(network, plain_distances(streets, network, mode), origins, both)
    ours = travel_time_matrix(network, origins, both)
    np.testing.assert_allclose(ours, expected, rtol=0, atol=TOLERANCE_S)


@given(SEEDS, MODES, st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_every_question_has_the_answer_of_the_matrix(seed, mode, k):
    network = Network.from_streets(random_streets(seed), mode=mode)
    origins, destinations = places(network, seed, 12), places(network, seed + 1, 10)
    times = travel_time_matrix(network, origins, destinations)
    weights = 2.0 ** np.arange(20).reshape(10, 2)
    cutoffs = [400.0, 0.0, 150.0]
    sums = reach_sums(network, origins, destinations, weights, cutoffs)
    for c, cutoff in enumerate(cutoffs):
        np.testing.assert_array_equal(sums[:, c], (times <= cutoff) @ weights)
    best = nearest(network, origins, destinations, k, 300.0)
    within = np.where(times <= 300, times, np.inf)
    order = np.argsort(within, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(best.seconds, np.take_along_axis(within, order, 1))
    np.testing.assert_array_equal(best.dest, np.where(np.isfinite(best.seconds), order, -1))
    limited = travel_time_matrix(network, origins, destinations, 300.0)
    np.testing.assert_array_equal(limited, within)
    told = reasons(network, origins, destinations, limited)
    np.testing.assert_array_equal(told == "ok", np.isfinite(limited))
    apart = (
        network.component[network.edge_u[origins.edge]][:, None] != network.component[network.edge_u[destinations.edge]]
    )
    np.testing.assert_array_equal(told == "island", apart)


@given(SEEDS, MODES)
@settings(max_examples=40, deadline=None)
def test_costs_within_is_the_matrix_to_nodes(seed, mode):
    network = Network.from_streets(random_streets(seed), mode=mode)
    origins = places(network, seed)
    times = travel_time_matrix(network, origins, network.at_nodes(np.arange(network.node_count)), 250.0)
    costs = costs_within(network, origins, 250.0)
    dense = np.full(times.shape, np.inf, dtype=np.float32)
    dense[np.repeat(np.arange(len(origins)), np.diff(costs.indptr)), costs.node] = costs.seconds
    np.testing.assert_array_equal(dense, times)
    assert len(costs.node) == np.isfinite(dense).sum()


@given(SEEDS, MODES)
@settings(max_examples=40, deadline=None)
def test_a_path_is_connected_and_as_long_as_its_time_says(seed, mode):
    streets = random_streets(seed).assign(steps=False, delay_s=0.0)
    network = Network.from_streets(streets, mode=mode)
    origins, destinations = places(network, seed), places(network, seed)
    times = travel_time_matrix(network, origins, destinations)
    for i, j in [(0, 1), (1, 0), (2, 3), (4, 4), (5, 6)]:
        path = shortest_path(network, origins.take([i]), destinations.take([j]))
        assert path.seconds == times[i, j]
        if not np.isfinite(path.seconds):
            assert path.geometry.is_empty
            assert path.reason in {"island", "beyond_limit"}
            continue
        assert path.geometry.length == pytest.approx(path.length_m, abs=1e-6)
        walked = path.seconds - origins.access_s[i] - destinations.access_s[j]
        assert path.length_m == pytest.approx(walked * network.profile.speed_m_s, abs=0.02)
        for tip, place, row in ((0, origins, i), (-1, destinations, j)):
            line, length = network.edge_geometry[place.edge[row]], network.edge_length_m[place.edge[row]]
            share = place.offset_m[row] / length if length else 0.0
            at = shapely.line_interpolate_point(line, share, normalized=True)
            assert shapely.distance(shapely.get_point(path.geometry, tip), at) < 1e-6
        assert len(path.edges) == len(path.forward)


def grid(side, seed):
    rng = np.random.default_rng(seed)
    rows = []
    for r in range(side):
        for c in range(side):
            here = (100.0 * c, 100.0 * r)
            if c + 1 < side and rng.random() < 0.9:
                rows.append((r * side + c, r * side + c + 1, [here, (here[0] + 100.0, here[1])]))
            if r + 1 < side and rng.random() < 0.9:
                rows.append((r * side + c, r * side + c + side, [here, (here[0], here[1] + 100.0)]))
    return table(rows)


def test_a_grid_of_streets_costs_what_scipy_says():
    network = Network.from_streets(grid(25, 1))
    n = network.node_count
    dense = csr_array((network.adj_s.astype(float), network.adj_node, network.indptr), shape=(n, n))
    expected = dijkstra(dense, limit=900.0)
    everywhere = network.at_nodes(np.arange(n))
    np.testing.assert_array_equal(travel_time_matrix(network, everywhere, everywhere, 900.0), expected)


def test_one_thread_and_many_give_the_same_bytes():
    network = Network.from_streets(grid(30, 2))
    rng = np.random.default_rng(0)
    homes = network.snap(shapely.points(rng.uniform(0, 2900, (1500, 2))))
    weights = rng.random((1500, 3))
    before = numba.get_num_threads()
    answers = []
    try:
        for threads in range(1, numba.config.NUMBA_NUM_THREADS + 1):
            numba.set_num_threads(threads)
            best = nearest(network, homes, homes, 3, 600.0)
            costs = costs_within(network, homes, 200.0)
            answers.append(
                (
                    reach_sums(network, homes, homes, weights, [300.0, 600.0]).tobytes(),
                    best.dest.tobytes(),
                    best.seconds.tobytes(),
                    costs.node.tobytes(),
                    costs.seconds.tobytes(),
                )
            )
    finally:
        numba.set_num_threads(before)
    assert all(answer == answers[0] for answer in answers)


def test_the_order_of_origins_does_not_matter():
    network = Network.from_streets(grid(20, 3))
    rng = np.random.default_rng(0)
    homes = network.snap(shapely.points(rng.uniform(0, 1900, (400, 2))))
    weights = rng.integers(0, 9, 400).astype(float)
    shuffled = rng.permutation(400)
    one = reach_sums(network, homes, homes, weights, [500.0])
    other = reach_sums(network, homes.take(shuffled), homes, weights, [500.0])
    assert one[shuffled].tobytes() == other.tobytes()


#   1 ----100 m---- 2 ----100 m---- 3      one-way for cyclists: 2 -> 3 only; 90 s a 120 m on foot
#    \______________________________/      3 - 1 is 300 m, both ways


def one_way():
    rows = [
        (1, 2, [(0, 0), (100, 0)]),
        (2, 3, [(100, 0), (200, 0)]),
        (3, 1, [(200, 0), (200, -50), (0, -50), (0, 0)]),
    ]
    return table(rows, bike_backward=[True, False, True])


def test_cyclists_obey_one_way_streets_and_walkers_do_not():
    for mode, there, back in (("walk", 75.0, 75.0), ("bike", 22.5, 90.0)):
        network = Network.from_streets(one_way(), mode=mode)
        spot = dict(zip(network.node_id.tolist(), range(network.node_count), strict=True))
        if mode == "walk":
            # nothing but a ring: one node is kept
            assert network.node_count == 1
            continue
        a, b = network.at_nodes([spot[2]]), network.at_nodes([spot[3]])
        assert travel_time_matrix(network, a, b)[0, 0] == there
        assert travel_time_matrix(network, b, a)[0, 0] == back


def test_on_one_way_street_a_place_just_behind_is_far():
    network = Network.from_streets(one_way(), mode="bike")
    found = network.snap(shapely.points([[120.0, 0.0], [160.0, 0.0]]))
    times = travel_time_matrix(network, found, found)
    assert times[0, 1] == pytest.approx(40 / network.profile.speed_m_s, abs=2e-3)
    # on to 3, around by 1 and 2
    assert times[1, 0] == pytest.approx((40 + 300 + 100 + 20) / network.profile.speed_m_s, abs=2e-3)


def test_cutoffs_include_their_own_second():
    #  home --400 m-- shop: 300 s at 4.8 km/h
    network = Network.from_streets(table([(1, 2, [(0, 0), (400, 0)])]))
    home, shop = network.at_nodes([0]), network.at_nodes([1])
    assert reach_sums(network, home, shop, [1.0], [300.0, 299.9]).ravel().tolist() == [1.0, 0.0]
    assert travel_time_matrix(network, home, shop, 300.0)[0, 0] == 300.0
    assert nearest(network, home, shop, 1, 299.9).reason.tolist() == ["beyond_limit"]


def test_neighbours_on_one_edge_do_not_walk_to_its_end():
    network = Network.from_streets(table([(1, 2, [(0, 0), (800, 0)])]))
    found = network.snap(shapely.points([[400.0, 8.0], [440.0, -8.0]]))
    # 8 m + 40 m + 8 m at 0.75 s a metre
    assert travel_time_matrix(network, found, found)[0, 1] == 42.0


def test_an_unlinked_origin_is_missing_not_zero():
    network = Network.from_streets(table([(1, 2, [(0, 0), (400, 0)])]))
    found = network.snap(shapely.points([[0.0, 0.0], [0.0, 5000.0]]))
    assert np.isnan(reach_sums(network, found, found, [1.0, 1.0], [900.0])[1, 0, 0])
    assert reach_sums(network, found, found, [1.0, 1.0], [900.0])[0, 0, 0] == 1.0
    times = travel_time_matrix(network, found, found)
    assert np.isnan(times[1]).all()
    assert np.isnan(times[:, 1]).all()
    assert reasons(network, found, found, times).tolist() == [["ok", "unlinked"], ["unlinked", "unlinked"]]
    best = nearest(network, found, found, 1)
    assert best.reason.tolist() == ["ok", "unlinked"]
    assert np.isnan(best.seconds[1, 0])
    assert costs_within(network, found, 900.0).indptr.tolist() == [0, 2, 2]
    assert shortest_path(network, found.take([0]), found.take([1])).reason == "unlinked"


def test_a_destination_on_many_nodes_counts_once():
    network = Network.from_streets(grid(5, 4))
    edges = np.arange(network.edge_count, dtype=np.int32)
    everywhere = Links(
        dest=np.zeros(len(edges), dtype=np.int32),
        edge=edges,
        from_m=np.zeros(len(edges)),
        to_m=network.edge_length_m,
        extra_s=np.zeros(len(edges), dtype=np.float32),
        snap_m=np.zeros(1),
        reason=np.array(["ok"], dtype=object),
    )
    home = network.at_nodes([0])
    assert reach_sums(network, home, everywhere, [5.0], [0.0, 900.0]).ravel().tolist() == [5.0, 5.0]
    assert nearest(network, home, everywhere, 3).dest.tolist() == [[0, -1, -1]]


def test_progress_is_told_and_may_cancel():
    network = Network.from_streets(grid(10, 5))
    homes = network.at_nodes(np.arange(network.node_count).repeat(10))
    told = []
    nearest(network, homes, homes.take([0]), progress=lambda *step: told.append(step))
    assert told[-1] == (len(homes), len(homes), "nearest")

    def stop(*_):
        raise Cancelled

    with pytest.raises(Cancelled):
        nearest(network, homes, homes.take([0]), progress=stop)


@pytest.mark.parametrize(
    ("weights", "cutoffs", "word"),
    [
        ([1.0], [60.0], "shape"),
        ([1.0, np.nan], [60.0], "finite"),
        ([1.0, 1.0], [], "cutoffs"),
        ([1.0, 1.0], [-1.0], "seconds"),
    ],
)
def test_sums_that_cannot_be_made_are_refused(weights, cutoffs, word):
    network = Network.from_streets(table([(1, 2, [(0, 0), (400, 0)])]))
    both = network.at_nodes([0, 1])
    with pytest.raises(InputError, match=word):
        reach_sums(network, both, both, weights, cutoffs)


def test_limits_and_counts_that_make_no_sense_are_refused():
    network = Network.from_streets(table([(1, 2, [(0, 0), (400, 0)])]))
    both = network.at_nodes([0, 1])
    with pytest.raises(InputError, match="limit_s"):
        travel_time_matrix(network, both, both, -1.0)
    with pytest.raises(InputError, match="below 1"):
        nearest(network, both, both, 0)
    with pytest.raises(InputError, match="2 places"):
        shortest_path(network, both, both.take([0]))
