"""Walks to places of one's own against the matrix of all walks."""

from __future__ import annotations

import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.network import Links, Network, by_length, travel_time_matrix
from bykobling.severance.walks import metres_to_edge, nearest_metres, walk_metres
from tests.network.streets import places, plain_distances, plain_times, random_streets
from tests.toys import grid, streets_table


def random_pairs(seed, origins, destinations):
    """Choose some destinations for each origin, none for some."""
    rng = np.random.default_rng(seed)
    rows = [rng.permutation(destinations)[: rng.integers(0, destinations + 1)] for _ in range(origins)]
    return np.cumsum([0, *map(len, rows)]), np.concatenate([np.empty(0, int), *rows]).astype(int)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([60.0, 200.0, 5_000.0]))
def test_walks_are_those_of_networkx_within_the_limit(seed, limit_m):
    streets = random_streets(seed)
    lengths = by_length(Network.from_streets(streets))
    homes, goals = places(lengths, seed), places(lengths, seed + 1)
    ptr, dest = random_pairs(seed, len(homes), len(goals))
    found = walk_metres(lengths, homes, goals, ptr, dest, limit_m=limit_m)
    plain = plain_times(
        lengths, plain_distances(streets.assign(steps=False, delay_s=0.0), lengths, "walk"), homes, goals
    )
    expected = plain[np.repeat(np.arange(len(homes)), np.diff(ptr)), dest] * lengths.profile.speed_m_s
    near = np.abs(expected - limit_m) > 0.01
    assert found[near] == pytest.approx(np.where(expected > limit_m, np.inf, expected)[near], abs=0.02)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_asking_for_some_gives_what_asking_for_all_gives(seed):
    lengths = by_length(Network.from_streets(random_streets(seed)))
    homes, goals = places(lengths, seed), places(lengths, seed + 1)
    everything = travel_time_matrix(lengths, homes, goals).astype(float) * lengths.profile.speed_m_s
    ptr, dest = random_pairs(seed, len(homes), len(goals))
    found = walk_metres(lengths, homes, goals, ptr, dest, limit_m=1e6)
    np.testing.assert_array_equal(found, everything[np.repeat(np.arange(len(homes)), np.diff(ptr)), dest])


def test_a_park_is_reached_at_its_nearest_street_and_not_twice():
    lengths = by_length(Network.from_streets(streets_table(grid(4, 4))))
    park = lengths.snap_edges(np.array([shapely.box(210, 110, 290, 190), shapely.Point(0, 0)], object))
    home = lengths.snap([shapely.Point(0, 100)])
    assert len(park.edge) > 3
    # 200 m to the corner of the block, and from there to the corner of the park
    assert walk_metres(lengths, home, park, [0, 2], [0, 1], limit_m=999) == pytest.approx(
        [200 + np.hypot(10, 10), 100], abs=0.02
    )


def test_an_unlinked_end_is_unknown_and_not_far():
    lengths = by_length(Network.from_streets(streets_table(grid(3, 3))))
    homes, goals = (lengths.snap([shapely.Point(0, 0), shapely.Point(0, 9_000)]) for _ in range(2))
    found = walk_metres(lengths, homes, goals, [0, 2, 4], [0, 1, 0, 1], limit_m=100)
    assert np.isnan(found).tolist() == [False, True, True, True]


def test_one_thread_and_many_give_the_same_bytes():
    lengths = by_length(Network.from_streets(streets_table(grid(20, 20))))
    rng = np.random.default_rng(1)
    homes, goals = (lengths.snap(shapely.points(rng.uniform(0, 1_900, (700, 2)))) for _ in range(2))
    ptr, dest = random_pairs(2, 700, 700)
    before, found = numba.get_num_threads(), []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            found.append(walk_metres(lengths, homes, goals, ptr, dest, limit_m=800).tobytes())
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1]


def test_metres_to_the_edge_lead_along_the_streets():
    #  0---100---200---300 |edge at 310;  the way from (0, 100) leads round
    #  100
    lengths = by_length(Network.from_streets(streets_table([*grid(4, 1), ((0, 0), (0, 100))])))
    to_edge_m = metres_to_edge(lengths, shapely.box(-200, -200, 310, 200))
    goals = Links.from_snap(lengths.snap([shapely.Point(0, 100), shapely.Point(250, 20), shapely.Point(0, 9_000)]))
    assert nearest_metres(lengths, goals, to_edge_m).tolist() == pytest.approx([400, 70, np.inf], abs=0.02)
    assert np.isinf(metres_to_edge(lengths, None)).all()
