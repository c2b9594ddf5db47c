"""The compiled opening search against a plain twin that searches every opened network anew."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.barriers import Chords, Openings
from bykobling.network import Network
from bykobling.severance import barrier_effect
from bykobling.severance.fields import GATHER_M, gathered
from bykobling.severance.search import share_gain
from tests.toys import grid, points_layer, streets_table


def openings_of(network, links, n_barriers, *, water=()):
    """Openings from ``(u, v, seconds, group)``; the group ``n_barriers`` is the joint one."""
    u, v, seconds, group = (np.array(column) for column in zip(*links, strict=True)) if links else ([], [], [], [])
    none = np.empty(0)
    chords = Chords(none.astype(int), none.reshape(0, 2), none.reshape(0, 2), *(none,) * 6, none.astype(bool))
    return Openings(
        network=network,
        link_u=np.asarray(u, np.int32),
        link_v=np.asarray(v, np.int32),
        link_s=np.asarray(seconds, np.float32),
        link_group=np.asarray(group, np.int32),
        joint=(tuple(range(n_barriers)),) if n_barriers > 1 else (),
        chords=chords,
        chord_u=none,
        chord_v=none,
        walls=np.empty(0, object),
        barriers=pd.Index([f"b{i}" for i in range(n_barriers)]),
        headline=np.array([i not in water for i in range(n_barriers)], bool),
    )


def twin_reach(openings, homes, places, weights, cutoff_s, opened):  # noqa: C901, PLR0917 - plain loops on purpose
    """Search one opened network from every home with scipy and add up what lies within the cut-off."""
    network = openings.network
    n = network.node_count
    arcs = {}
    tails = np.repeat(np.arange(n), np.diff(network.indptr))
    for a, b, s in zip(tails, network.adj_node, network.adj_s, strict=True):
        arcs[a, b] = min(arcs.get((a, b), np.inf), float(s))
    for a, b, s, g in zip(openings.link_u, openings.link_v, openings.link_s, openings.link_group, strict=True):
        if opened[g]:
            for pair in ((a, b), (b, a)):
                arcs[pair] = min(arcs.get(pair, np.inf), float(s))
    arcs = {pair: s for pair, s in arcs.items() if pair[0] != pair[1]}
    rows, columns = np.array(list(arcs)).T
    # scipy drops explicit zeros, so a free link costs next to nothing
    matrix = csr_array((np.maximum(list(arcs.values()), 1e-9), (rows, columns)), shape=(n, n))
    seconds = dijkstra(matrix)
    total = np.zeros(len(homes))
    for i in range(len(homes)):
        for j in range(len(places)):
            best = np.inf
            for a, out in ((network.edge_u, homes.s_to_u), (network.edge_v, homes.s_to_v)):
                for b, onward in ((network.edge_u, places.s_from_u), (network.edge_v, places.s_from_v)):
                    best = min(best, out[i] + seconds[a[homes.edge[i]], b[places.edge[j]]] + onward[j])
            if homes.edge[i] == places.edge[j]:
                straight = abs(homes.offset_m[i] - places.offset_m[j]) / network.profile.speed_m_s
                best = min(best, homes.access_s[i] + straight + places.access_s[j])
            if best <= cutoff_s:
                total[i] += weights[j]
    return total


@st.composite
def towns(draw):
    """A grid with some streets missing, homes and places anywhere, and links of a few groups anywhere."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    pieces = grid(4, 4)
    kept = [piece for piece in pieces if rng.random() > 0.25] or pieces
    network = Network.from_streets(streets_table(kept))
    n_barriers = int(rng.integers(1, 4))
    links = [
        (
            *rng.integers(0, network.node_count, 2),
            float(rng.integers(0, 120)),
            int(rng.integers(0, n_barriers + (n_barriers > 1))),  # the last group is the joint one
        )
        for _ in range(int(rng.integers(0, 9)))
    ]
    openings = openings_of(network, links, n_barriers, water={0} if rng.random() < 0.3 else ())
    # some alone in their street, some in a row of houses, with shops among them: those share the ends of their street
    row = rng.integers(0, 3) * 100 + np.column_stack([rng.uniform(5, 95, 12), rng.uniform(-9, 9, 12)])
    homes = points_layer(
        np.concatenate([rng.uniform(0, 300, (5, 2)), row[:9]]),
        residents=rng.integers(1, 9, 14).astype(float),
        area_id=[*"aabb", None, *"aaaaaaaab"],
    )
    shops = np.concatenate([rng.uniform(0, 300, (6, 2)), row[9:]])
    places = points_layer(shops, category=["x"] * 9, weight=2.0 ** np.arange(9))
    return openings, homes, places


@settings(max_examples=40, deadline=None)
@given(towns())
def test_every_opened_network_agrees_with_a_search_of_its_own(town):
    openings, homes, places = town
    weights = places["weight"].to_numpy()
    found = barrier_effect(openings, homes, places, cutoffs_min=[2, 4], weights=weights)
    network = openings.network
    home, place = network.snap(homes.geometry), network.snap(places.geometry)
    linked = np.flatnonzero(home.linked)
    usable = np.flatnonzero(place.linked)
    home, place = home.take(linked), place.take(usable)
    # a place so near a cut-off that rounding decides is no test of the search
    for c, minutes in enumerate((2, 4)):

        def reach(opened, minutes=minutes):
            low, high = (
                twin_reach(openings, home, place, weights[usable], minutes * 60 + nudge, opened)
                for nudge in (-0.01, 0.01)
            )
            return np.where(low == high, low, np.nan)

        joint = len(openings.joint)
        none = np.zeros(openings.n_barriers + joint, bool)
        headline, water = (
            np.r_[openings.headline, np.ones(joint, bool)],
            np.r_[~openings.headline, np.zeros(joint, bool)],
        )
        for values, opened in (
            (found.reach, none),
            (found.reach_open, headline),
            (found.reach_open_water, water),
        ):
            expected = reach(opened)
            sure = ~np.isnan(expected)
            assert values[linked, c, 0][sure] == pytest.approx(expected[sure])
        base = reach(none)
        for b in range(openings.n_barriers):
            alone = none.copy()
            alone[b] = True
            gain = reach(alone) - base
            for a, area in enumerate(found.areas_index):
                mine = homes["area_id"].to_numpy()[linked] == area
                people = homes["residents"].to_numpy()[linked][mine]
                if mine.any() and not np.isnan(gain[mine]).any():
                    assert found.area_gain[a, b, c, 0] == pytest.approx((gain[mine] * people).sum() / people.sum())


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_streets_share_changes_nothing_for_a_home(seed):
    rng = np.random.default_rng(seed)
    network = Network.from_streets(streets_table([piece for piece in grid(12, 12) if rng.random() > 0.1]))
    links = [(*rng.integers(0, network.node_count, 2), 20.0, int(rng.integers(0, 5))) for _ in range(40)]
    openings = openings_of(network, links, 5)
    # streets with one home, with several and with two at one place; more streets in an area than are shared at once
    at = rng.uniform(0, 1100, (400, 2))
    at[100:150] = at[:50]
    # a long row of houses on each of a few streets
    at[200:] = at[rng.integers(0, 12, 200)] + rng.uniform(-30, 30, (200, 2))
    area = rng.choice(["a", "b"], 400)
    places = points_layer(rng.uniform(0, 1100, (40, 2)), category=["x"] * 40, weight=2.0 ** rng.integers(0, 9, 40))
    people = rng.integers(1, 5, 400).astype(float)
    how = {"weights": places["weight"].to_numpy()}
    together = barrier_effect(openings, points_layer(at, residents=people, area_id=area), places, **how)
    # homes of an area of their own share nothing with anybody
    own = [f"{number:03}" for number in range(400)]
    apart = barrier_effect(openings, points_layer(at, residents=people, area_id=own), places, **how)
    for name in ("reach", "reach_open", "reach_open_water"):
        np.testing.assert_array_equal(getattr(together, name), getattr(apart, name))
    linked = apart.people > 0
    assert linked.sum() > 300
    for row, name in enumerate(together.areas_index):
        mine = (area == name) & linked
        mean = np.tensordot(people[mine], apart.area_gain[mine], 1) / people[mine].sum()
        np.testing.assert_allclose(together.area_gain[row], mean, rtol=1e-12, atol=1e-12)


def test_what_rounding_leaves_of_a_set_of_neighbours_is_no_gain_of_any():
    network = Network.from_streets(streets_table(grid(2, 2)))
    openings = openings_of(network, [], 3)
    # together the three give what one of them gives alone, added up in another order
    alone, together = sum([0.1] * 10), 1.0
    assert alone != together
    gain = np.array([alone, 0.0, 0.0, together]).reshape(1, 4, 1, 1)
    assert share_gain(gain, openings).ravel().tolist() == [alone, 0.0, 0.0]
    assert share_gain(gain + 0.3, openings).ravel() == pytest.approx([alone + 0.1] + [0.1] * 2)


def test_one_thread_and_many_give_the_same_bytes():
    rng = np.random.default_rng(1)
    network = Network.from_streets(streets_table(grid(12, 12)))
    links = [(*rng.integers(0, network.node_count, 2), 20.0, int(rng.integers(0, 5))) for _ in range(60)]
    openings = openings_of(network, links, 5)
    homes = points_layer(rng.uniform(0, 1100, (500, 2)), residents=rng.random(500), area_id=["a", "b"] * 250)
    places = points_layer(rng.uniform(0, 1100, (90, 2)), category=["x"] * 90, weight=rng.random(90))
    found = []
    before = numba.get_num_threads()
    try:
        for threads in (1, before, before):
            numba.set_num_threads(threads)
            effect = barrier_effect(openings, homes, places)
            found.append((effect.reach.tobytes(), effect.reach_open.tobytes(), effect.area_gain.tobytes()))
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1] == found[2]


def test_no_barrier_gives_exactly_zero():
    network = Network.from_streets(streets_table(grid(5, 5)))
    homes = points_layer([(0, 0), (210, 90)], residents=[1.0, 3.0], area_id=["a", "a"])
    places = points_layer([(400, 400), (100, 0)], category=["x", "y"], weight=[1.0, 1.0])
    effect = barrier_effect(openings_of(network, [], 0), homes, places)
    assert (effect.effect() == 0).all()
    assert (effect.area_effect() == 0).all()
    assert effect.shares().empty


def test_an_edge_of_the_extract_is_noticed():
    # the street east is cut off by the edge: a dead end there may go on
    network = Network.from_streets(streets_table([*grid(9, 2), ((800, 0), (804, 0))]))
    homes = points_layer([(0, 50), (800, 50)], residents=[1.0, 1.0], area_id=["west", "east"])
    places = points_layer([(400, 0)], category=["x"], weight=[1.0])
    extent = shapely.box(-500, -500, 805, 500)
    effect = barrier_effect(openings_of(network, [], 0), homes, places, cutoffs_min=[5], extent=extent)
    assert effect.edge_affected[:, 0].tolist() == [False, True]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_people_put_together_are_all_there_and_near_their_homes(seed):
    rng = np.random.default_rng(seed)
    network = Network.from_streets(streets_table(grid(3, 3)))
    homes = network.snap([shapely.Point(xy) for xy in rng.uniform(-200, 400, (40, 2))])
    people = rng.integers(0, 4, 40).astype(float)
    met, number = gathered(network, homes, people)
    assert number.sum() == pytest.approx(people[homes.linked].sum())
    for i in np.flatnonzero(homes.linked & (people > 0)):
        same = met.edge == homes.edge[i]
        near = np.hypot(met.offset_m[same] - homes.offset_m[i], met.snap_m[same] - homes.snap_m[i])
        assert near.min() <= GATHER_M * np.sqrt(2)
    # nobody is moved on average
    for name in ("offset_m", "snap_m"):
        linked = homes.linked
        before = (getattr(homes, name)[linked] * people[linked]).sum()
        assert (getattr(met, name) * number).sum() == pytest.approx(before)


def test_nobody_to_meet_is_no_place():
    network = Network.from_streets(streets_table(grid(2, 2)))
    met, number = gathered(network, network.snap([shapely.Point(0, 0)]), np.zeros(1))
    assert len(met) == len(number) == 0
