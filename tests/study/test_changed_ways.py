"""Who may have another way after streets changed, against searching all ways again in random grids."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from test_assess import grid

from bykobling.errors import InputError
from bykobling.network import Network, reach_table
from bykobling.scenario import AddLink, ChangeSpeed, RemoveLink, Scenario
from bykobling.study import changed_ways as room
from bykobling.study.affected import same_streets
from bykobling.study.changed_ways import Side, changed_ways, ends_of_change
from bykobling.study.walked_again import other_from_moved, walks_to

SIZE = 7
LIMITS_S = [240.0, 420.0]
LIMIT_S = 420.0


@pytest.fixture(scope="module")
def town():
    """Streets 100 m apart, homes and shops beside them, and two parks."""
    rng = np.random.default_rng(5)
    network = grid(SIZE)
    at = rng.uniform(-5, 100 * SIZE - 95, (70, 2))
    homes = gpd.GeoSeries(shapely.points(at[:40]), crs=network.crs)
    parks = [shapely.box(120, 130, 260, 190), shapely.box(390, 395, 420, 480)]
    shops = gpd.GeoSeries([*shapely.points(at[40:]), *parks], crs=network.crs)
    return network, homes, shops


def side_of(network, homes, shops):
    return Side(network, network.snap(homes, max_snap_m=60), network.snap_edges(shops, max_snap_m=60))


def seconds(side):
    """Search all walks: whole seconds, inf beyond the limit."""
    near = reach_table(side.network, side.origins, side.links, LIMIT_S)
    table = np.full((near.n_origins, near.n_destinations), np.inf)
    table[near.origin, near.dest] = np.ceil(near.seconds.astype(float) - 1e-3)
    return table


corner = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).map(lambda one: (100.0 * one[0], 100.0 * one[1]))
anywhere = st.tuples(
    st.sampled_from([0.0, 30.0, 100.0, 155.5, 300.0, 440.0, 600.0]), st.sampled_from([0.0, 100.0, 200.0, 460.25, 600.0])
)
along = st.sampled_from([(100.0, 0.0), (0.0, 200.0)])
steps = st.one_of(
    st.tuples(st.just("add"), anywhere, anywhere, st.sampled_from([0.0, 15.0, 400.0])),
    st.tuples(st.sampled_from(["remove", "slow", "fast"]), corner, along, st.just(0.0)),
)


def built(network, drawn):
    """Build what was drawn into a copy; None where it cannot be."""
    made = []
    for kind, start, to, delay_s in drawn:
        if kind == "add" and start != to:
            made.append(AddLink(shapely.LineString([start, to]), kind="path", delay_s=delay_s))
        elif kind != "add":
            line = shapely.LineString([start, (start[0] + to[0], start[1] + to[1])])
            made.append(RemoveLink(line) if kind == "remove" else ChangeSpeed(line, 2.0 if kind == "slow" else 9.0))
    try:
        return same_streets(network, Scenario(tuple(made), name="Drawn").apply(network))
    except InputError:
        return None


@settings(max_examples=150, deadline=None)
@given(
    drawn=st.lists(steps, min_size=1, max_size=2),
    few=st.sampled_from([(64, 1000), (3, 1000), (0, 0)]),
    ends=st.sampled_from([64, 64, 0]),
)
def test_nobody_with_another_way_is_left_out(town, drawn, few, ends):
    network, homes, shops = town
    changed = built(network, drawn)
    if changed is None:
        return
    before, after = side_of(network, homes, shops), side_of(changed, homes, shops)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(room, "MOST_ENDS", ends)
        patch.setattr(room, "LEAST_PLACES", few[0])
        patch.setattr(room, "MOST_PLACES", few[1])
        ways = changed_ways(before, after)
        was, now = seconds(before), seconds(after)
        # of what hangs as before
        assert not ((was != now)[:, ~ways.moved_links].any(axis=1) & ~ways.other_ways(LIMIT_S)).any()
        told = ways.near_moved_links(LIMIT_S) | ways.moved_origins
        assert not ((was != now)[:, ways.moved_links].any(axis=1) & ~told).any()
        origins, places = ways.may_cross(LIMITS_S)
    crossed = (np.searchsorted(LIMITS_S, was) != np.searchsorted(LIMITS_S, now)) & ~ways.moved_links
    told = origins[:, None] | places[None, :] | ways.moved_origins[:, None]
    assert not (crossed & ~told).any()
    chosen = np.flatnonzero(places | ways.moved_links)
    found = walks_to(ways, chosen, LIMIT_S)
    assert (found[0] == was[:, chosen]).all()
    assert (found[1] == now[:, chosen]).all()
    alone = other_from_moved(ways, LIMIT_S, lambda one: one)
    assert (alone == ((was != now).any(axis=1) & ways.moved_origins)).all()


def test_all_walks_are_found_one_place_after_the_other(town):
    network, homes, shops = town
    side = side_of(network, homes, shops)
    ways = changed_ways(side, side)
    assert ways.none
    found = walks_to(ways, np.arange(len(shops)), LIMIT_S)
    assert (found == seconds(side)).all()


def test_a_link_that_saves_nobody_anything_is_near_few(town):
    """From street to street, but one waits for it: no way is another one, of all those that come near."""
    network, homes, shops = town
    path = AddLink(shapely.LineString([(330.0, 300.0), (330.0, 400.0)]), kind="path", delay_s=3600.0)
    changed = same_streets(network, Scenario((path,), name="Path").apply(network))
    ways = changed_ways(side_of(network, homes, shops), side_of(changed, homes, shops))
    # the four ends of the two streets that were cut
    assert len(ways.ends) == 4
    assert (ways.other_ways(LIMIT_S) == ways.moved_origins).all()
    assert ways.moved_origins.sum() < 6 < ways.near(LIMIT_S).sum()
    assert not ways.may_cross(LIMITS_S)[0].any()
    assert not ways.may_cross(LIMITS_S)[1].any()


def test_the_same_streets_have_no_ends_of_change(town):
    network, _, _ = town
    assert not len(ends_of_change(network, network))
    gone = Scenario((RemoveLink(shapely.LineString([(100.0, 100.0), (200.0, 100.0)])),), name="Gone").apply(network)
    ends = ends_of_change(network, gone)
    at = np.column_stack([network.node_x[ends], network.node_y[ends]])
    assert sorted(at.tolist()) == [[100.0, 100.0], [200.0, 100.0]]


def test_who_lives_on_the_edge_something_moves_to_is_near_it():
    """A shop in a lane that closes is reached from the long street beside it, far from both its corners.

    +-- lane --+           the shop S hangs on the lane, and on the street once the lane is gone
    |    S     |
    +----H-----+           H: a home in the middle of the street, 300 m from both corners
    |          |
    +----------+
    """
    ends = [(0, 0), (600, 0), (600, 40), (0, 40), (0, -200), (600, -200)]
    pairs = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 4), (4, 5), (5, 1)]
    u, v = np.array(pairs).T
    told = {"u": u, "v": v, "walk": True}
    lines = [shapely.LineString([ends[a], ends[b]]) for a, b in pairs]
    streets = gpd.GeoDataFrame({**told, "length_m": shapely.length(lines)}, geometry=lines, crs=25832)
    network = Network.from_streets(streets)
    lane = RemoveLink(shapely.LineString([(0, 40), (600, 40)]))
    closed = same_streets(network, Scenario((lane,), name="Closed").apply(network))
    home, shop = gpd.GeoSeries([shapely.Point(300, -2)], crs=25832), gpd.GeoSeries([shapely.Point(300, 25)], crs=25832)
    ways = changed_ways(side_of(network, home, shop), side_of(closed, home, shop))
    assert ways.moved_links.all()
    assert not ways.moved_origins.any()
    assert seconds(ways.before)[0, 0] > 300
    assert seconds(ways.after)[0, 0] < 60
    assert ways.near_moved_links(60.0).all()
