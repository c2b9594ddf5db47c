"""Links added and taken away, on toys a person can check and on random streets."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bykobling._types import CYCLIST, WALKER
from bykobling.errors import InputError
from bykobling.network import Network
from bykobling.network.climbs import CLIMB_S
from bykobling.network.delays import CrossingDelays, crossing_delays_s
from bykobling.scenario import AddCrossing, AddLink, AddStop, ChangeSpeed, RemoveLink, Scenario
from bykobling.scenario.along import split_along
from tests.network.streets import random_streets
from tests.scenario.towns import line, matrix, node_at, seconds, two_banks
from tests.toys import CRS, grid, streets_table

BRIDGE = AddLink(line((150, 2), (150, 98)), kind="bridge", name="New bridge")


def test_an_empty_scenario_is_the_same_network():
    network = two_banks()
    assert Scenario().apply(network) is network
    assert not Scenario().changes_streets
    other = Scenario((AddStop("x", shapely.Point(0, 0)),))
    assert other.apply(network) is network
    assert other.changes_timetable
    assert not other.changes_streets


def test_a_bridge_joins_two_streets_in_their_middle():
    network = two_banks()
    before = network.fingerprint()
    built = Scenario((BRIDGE,)).apply(network)
    assert network.fingerprint() == before
    assert np.isinf(seconds(network, (100, 0), (100, 100)))
    # 50 m along the quay, 100 m of bridge with the joins, 50 m back, at 4.8 km/h, and a bridge's climb
    walk_s = 200 / WALKER.speed_m_s + CLIMB_S["bridge"]
    assert seconds(built, (100, 0), (100, 100)) == pytest.approx(walk_s, abs=0.01)
    row = built.edge_attributes.iloc[-1]
    assert (row["name"], row["bridge"], row["tunnel"], row["highway"]) == ("New bridge", True, False, "path")
    assert not built.edge_snappable[-1]
    assert built.edge_length_m[-1] == pytest.approx(100)
    assert list(built.edge_geometry[-1].coords) == [(150, 0), (150, 2), (150, 98), (150, 100)]
    assert built.node_x[: network.node_count].tolist() == network.node_x.tolist()
    assert Scenario((BRIDGE,)).touched_nodes(network).tolist() == [network.node_count, network.node_count + 1]
    assert built.edge_attributes.dtypes.equals(network.edge_attributes.dtypes)


def test_delay_stairs_and_gradient_cost_time():
    network = two_banks()
    ends = (150, 0), (150, 100)

    def taken(way=ends, **options):
        built = Scenario((AddLink(line(*ends), **options),)).apply(network)
        return seconds(built, *way)

    assert taken() == pytest.approx(75)
    assert taken(delay_s=30) == pytest.approx(105)
    assert taken(kind="stairs") == pytest.approx(150)
    # a climb of its own, assumed by kind, where none is given
    assert taken(kind="bridge") == pytest.approx(75 + CLIMB_S["bridge"])
    assert taken(kind="underpass") == pytest.approx(75 + CLIMB_S["underpass"])
    assert taken(kind="bridge", delay_s=0) == pytest.approx(75)
    assert taken(kind="bridge", delay_s=2) == pytest.approx(77)
    # the gradient of a ramp is its climb
    assert taken(kind="ramp") == pytest.approx(85)
    assert taken(kind="ramp", gradient_pct=0.0) == pytest.approx(75)
    # Tobler: exp(-3.5 * 0.05) up, exp(3.5 * 0.05) down 5 percent
    assert taken(gradient_pct=5.0) == pytest.approx(75 / np.exp(-0.175), abs=0.01)
    assert taken(gradient_pct=5.0, way=ends[::-1]) == pytest.approx(75 / np.exp(0.175), abs=0.01)


def test_only_the_modes_given_are_changed():
    walk, bike = two_banks(), two_banks(mode="bike")
    on_foot = Scenario((AddLink(line((150, 0), (150, 100)), modes=("walk",)),))
    assert on_foot.apply(bike) is bike
    assert on_foot.apply(walk) is not walk
    stairs = Scenario((AddLink(line((150, 0), (150, 100)), kind="stairs"),)).apply(bike)
    assert seconds(stairs, (150, 0), (150, 100)) == pytest.approx(100 / (CYCLIST.steps_speed_kmh / 3.6), abs=0.01)
    up = Scenario((AddLink(line((150, 0), (150, 100)), gradient_pct=30.0),)).apply(bike)
    # too steep to ride: pushed at Tobler's walking speed
    pushing = WALKER.speed_m_s * np.exp(-3.5 * 0.3)
    assert seconds(up, (150, 0), (150, 100)) == pytest.approx(100 / pushing, abs=0.1)


def test_a_link_may_join_one_added_before_it_and_no_other():
    network = two_banks()
    pier = AddLink(line((150, 50), (250, 50), (250, 0)))
    with pytest.raises(InputError, match=r"modification 1.*50 m from the nearest"):
        Scenario((pier, BRIDGE)).apply(network)
    built = Scenario((BRIDGE, pier)).apply(network)
    # half the bridge with half its climb, and the pier
    walk_s = (50 + 150) / WALKER.speed_m_s + CLIMB_S["bridge"] / 2
    assert seconds(built, (150, 100), (250, 0)) == pytest.approx(walk_s, abs=0.01)


def test_removing_a_bridge_takes_the_bridge_alone():
    network = two_banks(bridge_at=200.0)
    gone = Scenario((RemoveLink(line((200, 1), (200, 99))),))
    built = gone.apply(network)
    assert np.isinf(seconds(built, (200, 0), (200, 100)))
    # the stubs at its ends and all the streets stay
    assert built.edge_length_m.sum() == pytest.approx(network.edge_length_m.sum() - 98)
    assert {node_at(built, 200, 1), node_at(built, 200, 99)} == set(gone.touched_nodes(network).tolist())
    whole = Scenario((RemoveLink(line((200, 0), (200, 100))),))
    assert whole.apply(network).edge_count == network.edge_count - 1
    np.testing.assert_array_equal(
        matrix(whole.apply(network), np.arange(network.node_count)), matrix(two_banks(), np.arange(network.node_count))
    )


def test_removing_takes_parallel_ways_and_leaves_those_that_cross():
    #      |   /          a street at right angles, one at 30 degrees, and a footway 4 m beside
    #   ===+==+=====      all 200 m long
    #   ===+==+=====
    along = ((0, 0), (200, 0)), ((0, 4), (200, 4))
    cross = ((50, -50), (50, 50)), ((80, -50), (253.2, 50)), ((120, 0), (120, 80)), ((150, 1), (160, -40))
    network = Network.from_streets(streets_table([*along, *cross]))
    built = Scenario((RemoveLink(line((0, 0), (200, 0))),)).apply(network)
    assert built.edge_length_m.sum() == pytest.approx(sum(line(*piece).length for piece in cross))


@given(
    angle=st.floats(20, 160),
    share=st.floats(0.1, 0.9),
    turn=st.floats(0, 360),
    tolerance_m=st.floats(1, 15),
    beside=st.floats(-0.7, 0.7),
    drawn_back=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_streets_that_cross_stay_whole_and_those_beside_go(*, angle, share, turn, tolerance_m, beside, drawn_back):
    length = 40 * tolerance_m
    drawn = line((0, 0), (length, 0))
    at = share * length
    across = np.array([np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))]) * 30 * tolerance_m
    crossing = line((at - across[0], -across[1]), (at + across[0], across[1]))
    parallel = line((0, beside * tolerance_m), (length, beside * tolerance_m))
    streets = [shapely.affinity.rotate(each, turn, origin=(0, 0)) for each in (crossing, parallel, drawn)]
    *pieces, route = (tuple(each.coords) for each in streets)
    network = Network.from_streets(streets_table(pieces))
    removal = RemoveLink(line(*(route[::-1] if drawn_back else route)), tolerance_m=tolerance_m)
    built = Scenario((removal,)).apply(network)
    assert built.edge_length_m.sum() == pytest.approx(60 * tolerance_m, abs=1e-3)


def test_removing_a_drawn_crossing_takes_its_point_between_two_removed_halves():
    pieces = [
        ((0, 0), (20, 0)),
        ((20, 0), (20, 0.0), {"level": 1}),
        ((20, 0), (40, 0), {"level": 2}),
        ((20, 0), (20, 50)),
        ((20, 0), (20, -50), {"level": 2}),
    ]
    table = streets_table(pieces)
    table.loc[1, ["u", "v"]] = [table.loc[0, "v"], table.loc[2, "u"]]
    network = Network.from_streets(table)
    assert np.isfinite(seconds(network, (20, 50), (20, -50)))
    built = Scenario((RemoveLink(line((5, 0), (35, 0))),)).apply(network)
    assert np.isinf(seconds(built, (20, 50), (20, -50)))


def test_a_new_speed_holds_along_the_line_and_waiting_stays():
    network = two_banks(mode="bike", bridge_at=200.0)
    change = Scenario((ChangeSpeed(line((0, 0), (400, 0)), speed_kmh=8.0),))
    built = change.apply(network)
    # the way round by the next street is 300 m at 16 km/h
    assert seconds(built, (100, 0), (200, 0)) == pytest.approx(100 / (8 / 3.6), abs=0.01)
    assert seconds(built, (0, 0), (400, 0)) == pytest.approx(600 / CYCLIST.speed_m_s, abs=0.01)
    assert seconds(built, (0, -100), (400, -100)) == pytest.approx(400 / CYCLIST.speed_m_s, abs=0.01)
    assert change.apply(two_banks()).fingerprint() == two_banks().fingerprint()
    waited = streets_table([((0, 0), (100, 0)), ((0, 50), (9, 50))]).assign(delay_s=[20.0, 0.0])
    slow = Scenario((ChangeSpeed(line((0, 0), (100, 0)), speed_kmh=3.6, modes=("walk",)),))
    assert slow.apply(Network.from_streets(waited)).edge_s_forward.max() == pytest.approx(120)


def test_a_crossing_joins_the_two_sides_of_the_road():
    # two sidewalks 20 m apart; the road between them is not in the network
    streets = streets_table([*grid(3, 1, y0=10.0), *grid(3, 1, y0=-10.0)])
    network = Network.from_streets(streets)
    built = Scenario((AddCrossing(shapely.Point(80, 3), kind="zebra"),)).apply(network)
    assert seconds(built, (0, 10), (0, -10)) == pytest.approx(180 / WALKER.speed_m_s + 3.0, abs=0.01)
    drawn = Scenario((AddCrossing(line((80, 9), (80, -9)), kind="signal"),)).apply(network)
    assert seconds(drawn, (0, 10), (0, -10)) == pytest.approx(180 / WALKER.speed_m_s + 24.9, abs=0.01)
    told = Scenario((AddCrossing(shapely.Point(80, 0), delay_s=5.0),)).apply(network)
    assert seconds(told, (0, 10), (0, -10)) == pytest.approx(180 / WALKER.speed_m_s + 5.0, abs=0.01)
    # a refuge on a primary road, assumed 2 lanes of 5,500 vehicles: two short waits, more than none
    refuge = Scenario((AddCrossing(shapely.Point(80, 0), kind="refuge"),)).apply(network)
    assert 3 < seconds(refuge, (0, 10), (0, -10)) - 180 / WALKER.speed_m_s < 24.9
    assert built.edge_attributes.iloc[-1]["crossing"] == "zebra"


def big_road(*, carriageway=False):
    """Draw sidewalks 12 m either side of a road 20 m wide, and a yard path 22 m north of it."""
    pieces = [((0, 12), (300, 12)), ((0, -12), (300, -12)), ((0, 22), (300, 22)), ((0, 12), (0, 22))]
    if carriageway:
        pieces.append(((0, 0), (300, 0), {"highway": "secondary", "name": "Road"}))
    footprint = gpd.GeoDataFrame(
        {"name": ["Road"], "kind": ["road"], "subkind": ["trunk"]}, geometry=[shapely.box(0, -10, 300, 10)], crs=CRS
    )
    return Network.from_streets(streets_table(pieces)), footprint


@pytest.mark.parametrize("y", [0.0, 4.0, 9.9, 10.0, 12.0, -14.0])
def test_with_its_footprint_a_point_anywhere_about_a_road_crosses_all_of_it(y):
    network, footprint = big_road()
    built = Scenario((AddCrossing(shapely.Point(150, y), kind="refuge"),)).apply(network, barriers=footprint)
    assert built.edge_length_m[-1] == pytest.approx(24)
    assert sorted(built.node_y[[built.edge_u[-1], built.edge_v[-1]]]) == [-12, 12]
    # the class of the footprint tells the traffic: 4 lanes of 8,000 vehicles in two halves
    row = {"highway": "trunk"}
    expected = crossing_delays_s(row, "refuge", delays=CrossingDelays())
    assert built.edge_s_forward[-1] == pytest.approx(24 / WALKER.speed_m_s + expected, abs=0.01)


def test_on_a_carriageway_the_sidewalks_on_its_two_sides_are_joined():
    network, _ = big_road(carriageway=True)
    scenario = Scenario((AddCrossing(shapely.Point(150, 0), kind="refuge"),))
    built = scenario.apply(network)
    assert sorted(built.node_y[[built.edge_u[-1], built.edge_v[-1]]]) == [-12, 12]
    expected = crossing_delays_s({"highway": "secondary"}, "refuge", delays=CrossingDelays())
    assert built.edge_s_forward[-1] == pytest.approx(24 / WALKER.speed_m_s + expected, abs=0.01)


def test_an_end_joins_a_street_before_a_fragment_unless_it_touches_it():
    # a street of eleven nodes, and a roof path nearer to the end
    street = [((10.0 * i, 0), (10.0 * i + 10, 0), {"steps": i % 2 == 0}) for i in range(12)]
    network = Network.from_streets(streets_table([*street, ((60, 60), (120, 60)), ((0, 15), (50, 15))]))

    def joined(*points):
        built = Scenario((AddLink(line(*points)),)).apply(network)
        return sorted(built.node_y[[built.edge_u[-1], built.edge_v[-1]]].tolist())

    assert joined((20, 9), (80, 60)) == [0, 60]
    assert joined((20, 15), (80, 60)) == [15, 60]


def test_what_does_not_fit_a_mode_is_left_out_where_a_collector_is_given():
    streets = streets_table([((0, 0), (200, 0)), ((0, 50), (200, 50), {"bike_forward": False, "bike_backward": False})])
    bike = Network.from_streets(streets, mode="bike")
    link = Scenario((AddLink(line((100, 0), (100, 50))),))
    with pytest.raises(InputError, match="50 m from the nearest street for 'bike'"):
        link.apply(bike)
    faults = []
    assert link.apply(bike, faults=faults) is bike
    assert len(faults) == 1


def random_link(network, draw):
    """Draw a straight link between places on two streets."""
    # a street that runs back over itself has two places at one point
    simple = shapely.is_simple(network.edge_geometry)
    edges = np.flatnonzero(network.edge_snappable & simple & (network.edge_length_m > 1))
    one, other = (int(edges[draw(st.integers(0, len(edges) - 1))]) for _ in range(2))
    at = [network.edge_geometry[e].interpolate(draw(st.floats(0.05, 0.95)), normalized=True) for e in (one, other)]
    assume(one != other and at[0].distance(at[1]) > 1)
    kind = draw(st.sampled_from(["path", "bridge", "stairs", "ramp"]))
    gradient = draw(st.sampled_from([None, -4.0, 6.0]))
    return AddLink(line(*(p.coords[0] for p in at)), kind=kind, gradient_pct=gradient, max_snap_m=0.001)


@given(st.integers(0, 10_000), st.sampled_from(["walk", "bike"]), st.data())
@settings(max_examples=40, deadline=None)
def test_no_distance_grows_by_a_new_link_and_it_is_used_where_it_pays(seed, mode, data):
    network = Network.from_streets(random_streets(seed), mode=mode)
    before = network.fingerprint()
    built = Scenario((random_link(network, data.draw),)).apply(network)
    old = np.arange(network.node_count)
    was, now = matrix(network, old), matrix(built, old)
    assert (now <= was).all()
    # the plain twin: one link, either way
    u, v = int(built.edge_u[-1]), int(built.edge_v[-1])
    every = np.r_[old, u, v]
    bare = matrix(split_only(built), every)
    there = bare[:-2, [-2]] + built.edge_s_forward[-1] + bare[[-1], :-2]
    back = bare[:-2, [-1]] + built.edge_s_backward[-1] + bare[[-2], :-2]
    np.testing.assert_allclose(now, np.minimum(was, np.minimum(there, back)), atol=5e-3)
    assert network.fingerprint() == before


def split_only(built):
    from bykobling.network.edges import without_edges

    return without_edges(built, np.arange(built.edge_count) == built.edge_count - 1)


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=30, deadline=None)
def test_disjoint_links_commute_and_one_removed_again_leaves_the_other(seed, data):
    network = Network.from_streets(random_streets(seed))
    one, other = random_link(network, data.draw), random_link(network, data.draw)
    assume(one.line.distance(other.line) > 0.1)
    old = np.arange(network.node_count)
    there, back = Scenario((one, other)).apply(network), Scenario((other, one)).apply(network)
    np.testing.assert_allclose(matrix(there, old), matrix(back, old), atol=5e-3)
    split, along = split_along(there, other.line, 0.01)
    # a street that leaves the link at a fraction of a degree runs along it too
    assume((split.edge_street[along] < 0).all())
    gone = Scenario((one, other, RemoveLink(other.line, tolerance_m=0.01))).apply(network)
    np.testing.assert_allclose(matrix(gone, old), matrix(Scenario((one,)).apply(network), old), atol=5e-3)


@given(st.integers(0, 10_000), st.data())
@settings(max_examples=30, deadline=None)
def test_what_changed_begins_at_a_touched_node(seed, data):
    """A node whose distances changed reaches a touched node no later than the first node that changed for it."""
    network = Network.from_streets(random_streets(seed))
    scenario = Scenario((random_link(network, data.draw),))
    built, touched = scenario.apply(network), scenario.touched_nodes(network)
    old = np.arange(network.node_count)
    was, now = matrix(network, old), matrix(built, old)
    to_touched = matrix(built, np.r_[old, touched])[: len(old), len(old) :].min(axis=1)
    first_changed = np.where(now < was, now, np.inf).min(axis=1)
    assert (to_touched <= first_changed + 1e-6).all()
