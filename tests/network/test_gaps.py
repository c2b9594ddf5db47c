"""Gaps of a sub-network, against towns drawn by hand and a plain twin in networkx."""

from fractions import Fraction
from itertools import combinations, pairwise

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network, contact_nodes, decluster_gaps, network_gaps, potential_gaps
from tests.toys import CRS, grid, streets_table


def town(*rows, index=None):
    """Make streets of ``(u, v, length_m, covered, flow)``."""
    table = pd.DataFrame(rows, columns=["u", "v", "length_m", "covered", "flow"], index=index)
    return table.astype({"length_m": float, "covered": bool, "flow": float})


def asked(streets):
    return streets, streets["covered"], streets["flow"]


def listed(gaps, *columns):
    return gaps[list(columns)].to_numpy().tolist()


# A track broken for one block, and the way round on tracks; === track, --- no track
#
#   1 === 100 === 2 --- 100 --- 3 === 100 === 4
#   |                                         |
#   +================== 500 ==================+
BROKEN = town((1, 2, 100, True, 0), (2, 3, 100, False, 8), (3, 4, 100, True, 0), (4, 1, 500, True, 0))

# Four ends of track at a crossing without any; 100 m each, flows are powers of two
#
#                 3
#                 | 1
#         2 --4-- 9 --8-- 5
#                 | 2
#                 6
STAR = town(
    *((9, end, 100, False, flow) for end, flow in ((3, 1), (2, 4), (5, 8), (6, 2))),
    *((end, end + 20, 100, True, 0) for end in (3, 2, 5, 6)),
    index=["north", "west", "east", "south", "t3", "t2", "t5", "t6"],
)

# A long street without track, with an end of track half way
#
#   1 === 2 --100,flow 4-- 3 --300,flow 8-- 4 === 5
#                          "
#                          6
PASSED = town(
    (1, 2, 100, True, 0), (2, 3, 100, False, 4), (3, 4, 300, False, 8), (4, 5, 100, True, 0), (3, 6, 100, True, 0)
)  # fmt: skip


def test_a_broken_track_is_a_gap():
    gaps = network_gaps(*asked(BROKEN))
    assert listed(gaps, "u", "v", "length_m", "detour", "betweenness", "edges") == [[2, 3, 100.0, 7.0, 8.0, (1,)]]
    assert gaps.index.tolist() == [1]
    assert gaps.index.name == "rank"
    assert contact_nodes(BROKEN, BROKEN["covered"]).tolist() == [2, 3]


def test_a_way_round_that_is_short_enough_makes_no_gap():
    assert len(network_gaps(*asked(BROKEN), min_detour=7.0)) == 1
    assert len(network_gaps(*asked(BROKEN), min_detour=7.01)) == 0


def test_a_street_used_too_little_is_no_gap():
    assert len(network_gaps(*asked(BROKEN), min_betweenness=8.0)) == 1
    assert len(network_gaps(*asked(BROKEN), min_betweenness=8.01)) == 0


def test_a_way_longer_than_asked_for_is_not_looked_for():
    assert len(potential_gaps(*asked(BROKEN), max_length_m=100.0)) == 1
    assert len(potential_gaps(*asked(BROKEN), max_length_m=99.0)) == 0


def test_without_a_way_round_the_detour_has_no_end():
    island = BROKEN.drop(index=3)
    assert listed(network_gaps(*asked(island), min_detour=np.inf), "detour") == [[np.inf]]


def test_of_two_ways_equally_short_one_without_track_is_enough():
    #   1 === 2 === 3          2-4-3 on the road is as long as 2-3 on the track; by 1 mm longer it is no gap
    #          \_4_/
    def loop(metres):
        return asked(
            town((1, 2, 50, True, 0), (2, 3, 100.7, True, 0), (2, 4, 50.3, False, 1), (4, 3, metres, False, 1))
        )

    assert listed(potential_gaps(*loop(50.4)), "u", "v", "detour") == [[2, 3, pytest.approx(1.0)]]
    assert len(potential_gaps(*loop(50.401))) == 0


def test_where_gaps_overlap_the_most_used_is_taken_first():
    candidates = potential_gaps(*asked(STAR))
    assert sorted(listed(candidates, "u", "v")) == sorted(map(list, combinations([2, 3, 5, 6], 2)))
    gaps = decluster_gaps(candidates, *asked(STAR))
    # west-east carries (4 + 8) / 2; what is left runs straight on: (1 + 2) / 2
    assert listed(gaps, "betweenness", "edges") == [[6.0, ("west", "east")], [1.5, ("north", "south")]]


def test_what_joins_no_two_ends_is_dropped():
    three = STAR.drop(index=["south", "t6"])
    gaps = network_gaps(*asked(three))
    assert gaps["edges"].tolist() == [("west", "east")]


def test_a_gap_runs_on_past_an_end_of_track_at_its_side():
    assert sorted(listed(potential_gaps(*asked(PASSED)), "u", "v")) == [[2, 3], [2, 4], [3, 4]]
    gaps = network_gaps(*asked(PASSED))
    assert listed(gaps, "u", "v", "length_m", "betweenness") == [[2, 4, 400.0, 7.0]]


def test_a_gap_cut_out_of_others_must_itself_be_used_enough():
    # alone, 3-4 would carry 8; cut apart, the whole street carries 7
    assert len(network_gaps(*asked(PASSED), min_betweenness=7.0)) == 1
    assert listed(network_gaps(*asked(PASSED), min_betweenness=7.5), "u", "v") == [[3, 4]]
    # three ways to the east carry 4.5 and more; one is taken whole, and the rest of the others carries 1.5
    kept = potential_gaps(*asked(STAR)).query("betweenness >= 4.5")
    assert [len(kept), len(decluster_gaps(kept, *asked(STAR)))] == [3, 2]
    assert len(network_gaps(*asked(STAR), min_betweenness=4.5)) == 1


def test_contact_nodes_may_be_given():
    assert listed(network_gaps(*asked(PASSED), contact=[2, 3]), "u", "v") == [[2, 3]]
    # node 9 has no track at all: nothing leads round
    assert listed(network_gaps(*asked(STAR), contact=[9, 5]), "u", "v", "detour") == [[5, 9, np.inf]]


def test_parallel_streets_and_loops():
    # a shorter street beside the broken block, one without track and one with
    beside = pd.concat([BROKEN, town((3, 2, 90, False, 3), (2, 2, 10, False, 99))], ignore_index=True)
    assert listed(network_gaps(*asked(beside)), "length_m", "betweenness", "edges") == [[90.0, 3.0, (4,)]]
    mended = pd.concat([BROKEN, town((3, 2, 90, True, 0))], ignore_index=True)
    assert len(network_gaps(*asked(mended))) == 0


def test_of_gaps_used_alike_the_longest_is_first():
    even = town(
        (9, 1, 100, False, 0.3), (9, 2, 100, False, 0.3), (9, 3, 200, False, 0.3),
        *((end, end + 20, 100, True, 0) for end in (1, 2, 3)),
    )  # fmt: skip
    assert listed(network_gaps(*asked(even)), "u", "v", "length_m") == [[1, 3, 300.0]]


def test_names_as_ids_and_an_empty_answer():
    named = BROKEN.replace({"u": {1: "a", 2: "b", 3: "c", 4: "d"}, "v": {1: "a", 2: "b", 3: "c", 4: "d"}})
    named = named.set_axis(list("wxyz"))
    assert listed(network_gaps(*asked(named)), "u", "v", "edges") == [["b", "c", ("x",)]]
    none = network_gaps(named, np.ones(4, bool), named["flow"])
    assert none.columns.tolist() == ["u", "v", "length_m", "detour", "betweenness", "edges"]
    assert len(none) == 0


def drawn():
    """Draw two streets with tracks, and four of two blocks each up from one to the other without.

    ::

        ==+===+===+===+==   y = 200
          |   |   |   |
          |   |   |   |
        ==+===+===+===+==   y = 0
    """
    streets = streets_table(grid(4, 3))
    heights = streets.geometry.bounds
    streets["covered"] = heights["miny"] == heights["maxy"]
    return streets[~(streets["covered"] & (heights["miny"] == 100))].reset_index(drop=True)


def test_lines_follow_the_streets():
    streets = drawn()
    before = streets.copy()
    gaps = network_gaps(streets, streets["covered"], np.ones(len(streets)))
    assert isinstance(gaps, gpd.GeoDataFrame)
    assert gaps.crs == CRS
    # four straight ways up, each 200 m, none shorter to ride round
    assert gaps.length.tolist() == [200.0] * 4 == gaps["length_m"].tolist()
    assert (gaps.geom_type == "LineString").all()
    for gap in gaps.itertuples():
        assert gap.geometry.equals(streets.geometry.loc[list(gap.edges)].union_all())
    pd.testing.assert_frame_equal(streets, before)
    nothing = network_gaps(streets, streets["covered"], np.ones(len(streets)), min_betweenness=2.0)
    assert isinstance(nothing, gpd.GeoDataFrame)
    assert nothing.crs == CRS


def test_a_network_is_taken_by_its_edges():
    streets = drawn()
    # a change of layer keeps tracks and other streets apart where the network merges chains
    network = Network.from_streets(streets.assign(layer=streets["covered"].astype(int)))
    covered = network.edge_attributes["layer"].to_numpy() == 1
    gaps = network_gaps(network, covered, np.ones(network.edge_count))
    assert gaps["length_m"].tolist() == [200.0] * 4
    ends = [sorted(ids_at(streets, [(x, 0), (x, 200)])) for x in (0, 100, 200, 300)]
    assert sorted(listed(gaps, "u", "v")) == sorted(ends)
    assert {edge for edges in gaps["edges"] for edge in edges} <= set(np.flatnonzero(~covered))


def ids_at(streets, places):
    """Find the ids of the nodes at places."""
    ids = {}
    for row in streets.itertuples():
        ids[row.geometry.coords[0]], ids[row.geometry.coords[-1]] = row.u, row.v
    return [ids[tuple(map(float, place))] for place in places]


def test_progress_is_told_and_may_stop_the_search():
    told = []
    network_gaps(*asked(STAR), progress=lambda *step: told.append(step))
    assert told[0] == (4, 4, "gaps")
    assert told[-1] == (4, 4, "cutting gaps apart")

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        network_gaps(*asked(STAR), progress=stop)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"streets": BROKEN.drop(columns="length_m")}, "column length_m"),
        ({"streets": BROKEN.assign(length_m=[100, 0, np.nan, 500])}, "must be above 0"),
        ({"streets": BROKEN.assign(u=[1, None, 3, 4])}, "row 2: u or v is empty"),
        ({"streets": BROKEN.set_axis([0, 0, 1, 2])}, "index is not unique"),
        ({"streets": BROKEN.iloc[:0], "covered": [], "betweenness": []}, "there is no row"),
        ({"covered": [True, False]}, r"covered: its shape is \(2,\) for 4 streets"),
        ({"covered": ["car", "bike", "car", "car"]}, "not True or False"),
        ({"covered": np.zeros(4, bool)}, "no street is in the sub-network"),
        ({"covered": BROKEN["covered"].iloc[::-1]}, "covered: its index is not that of the streets"),
        ({"betweenness": [1.0, np.nan, 1.0, 1.0]}, "betweenness, row 2: betweenness is not a finite number"),
        ({"betweenness": [1.0, -1.0, 1.0, 1.0]}, "must not be negative"),
        ({"betweenness": np.ones((4, 2))}, r"betweenness: its shape is \(4, 2\)"),
        ({"contact": [2, 77]}, "contact: 1 are the end of no street, e.g. 77"),
        ({"contact": []}, "contact: there is no node"),
        ({"max_length_m": 0.0}, "max_length_m: 0.0 is not above 0"),
        ({"max_length_m": np.nan}, "max_length_m"),
        ({"min_detour": 0.5}, "min_detour: 0.5 is below 1"),
        ({"min_betweenness": -1.0}, "min_betweenness"),
    ],
)
def test_what_no_gap_can_be_made_of_is_told(change, told):
    given = {"streets": BROKEN, "covered": BROKEN["covered"].to_numpy(), "betweenness": np.ones(4)} | change
    with pytest.raises(InputError, match=told):
        network_gaps(**given)


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as caught:
        network_gaps(BROKEN, np.zeros(4, bool), [1.0, -1.0, np.nan, 1.0], contact=[77], min_detour=0, max_length_m=-1)
    assert [fault.file for fault in caught.value.faults] == [
        "covered", "betweenness", "betweenness", "contact", "max_length_m", "min_detour",
    ]  # fmt: skip


def test_gaps_of_other_streets_are_refused():
    gaps = potential_gaps(*asked(BROKEN)).assign(edges=[(1, 99)])
    with pytest.raises(InputError, match=r"gaps, edges: 1 of their edges are no streets, e\.g\. 99"):
        decluster_gaps(gaps, *asked(BROKEN))
    with pytest.raises(InputError, match="no street is in the sub-network"):
        contact_nodes(BROKEN, np.zeros(4, bool))


# the plain twin


def plain(streets, *, covered=None):
    """Make a networkx graph of the streets, or of those covered or not; of parallel ones the shortest."""
    graph = nx.Graph()
    for row in streets.itertuples():
        known = graph.get_edge_data(row.u, row.v)
        if row.u == row.v or covered not in {None, row.covered} or (known and known["weight"] <= row.length_m):
            continue
        graph.add_edge(row.u, row.v, weight=row.length_m, label=row.Index)
    return graph


def plain_contacts(streets):
    def ends(rows):
        return set(rows["u"]) | set(rows["v"])

    return ends(streets[streets["covered"]]) & ends(streets[~streets["covered"]])


def plain_potential(streets):
    """Find ``{(u, v): (length, detour)}``."""
    every, track, road = (plain(streets, covered=covered) for covered in (None, True, False))
    found = {}
    for u, v in combinations(sorted(plain_contacts(streets)), 2):
        along = {graph: nx.single_source_dijkstra_path_length(graph, u).get(v, np.inf) if u in graph else np.inf
                 for graph in (every, track, road)}  # fmt: skip
        if np.isfinite(along[road]) and along[road] == along[every]:
            found[u, v] = (along[road], along[track] / along[road])
    return found


def plain_flow(streets, edges):
    """Mean flow weighted by length, as a fraction."""
    metres = [Fraction(streets["length_m"][edge]) for edge in edges]
    return sum(Fraction(streets["flow"][edge]) * m for edge, m in zip(edges, metres, strict=True)) / sum(metres)


def plain_declustered(streets, edges):
    """Take out the most used way, again and again; lengths must tell ways apart."""
    graph = nx.MultiGraph()
    for edge in edges:
        row = streets.loc[edge]
        graph.add_edge(row["u"], row["v"], key=edge, weight=row["length_m"])
    contacts, found = plain_contacts(streets), []
    while True:
        ends = sorted(node for node in graph if node in contacts and graph.degree(node) not in {0, 2})
        ways = []
        for u, v in combinations(ends, 2):
            if nx.has_path(graph, u, v):
                nodes = nx.shortest_path(graph, u, v, weight="weight")
                way = [min(graph[a][b], key=lambda edge: streets["length_m"][edge]) for a, b in pairwise(nodes)]
                ways.append((-plain_flow(streets, way), -streets["length_m"][way].sum(), u, v, tuple(way)))
        if not ways:
            return sorted(found)
        best = min(ways)
        found.append(best)
        graph.remove_edges_from([(streets["u"][edge], streets["v"][edge], edge) for edge in best[-1]])


@st.composite
def towns(draw, *, apart=False):
    """Draw a town of up to nine nodes; `apart`: no two ways are equally long."""
    nodes = draw(st.integers(2, 9))
    node = st.integers(1, nodes)
    edges = draw(st.integers(1, 16))
    lengths = [2.0**k for k in draw(st.permutations(range(edges)))] if apart else None
    rows = [
        (draw(node), draw(node), lengths[k] if apart else draw(st.integers(1, 6)), draw(st.booleans()),
         draw(st.integers(0, 15)))
        for k in range(edges)
    ]  # fmt: skip
    streets = town(*rows, index=[f"s{k}" for k in range(edges)])
    assume(streets["covered"].any())
    return streets


@given(towns())
@settings(max_examples=120, deadline=None)
def test_candidates_are_those_of_the_plain_twin(streets):
    gaps = potential_gaps(*asked(streets))
    found = {(row.u, row.v): (row.length_m, row.detour) for row in gaps.itertuples()}
    assert found == plain_potential(streets)
    assert (gaps["detour"] >= 1).all()
    for row in gaps.itertuples():
        # whichever way is taken, it is one: from u to v, and not along a track
        at = row.u
        for edge in row.edges:
            ends = [streets["u"][edge], streets["v"][edge]]
            assert not streets["covered"][edge]
            at = ends[1 - ends.index(at)]
        assert at == row.v
        assert streets["length_m"][list(row.edges)].sum() == row.length_m
        assert row.betweenness == pytest.approx(float(plain_flow(streets, row.edges)), rel=1e-12)


@given(towns(apart=True), st.sampled_from([1.0, 1.5, 4.0]), st.integers(0, 8))
@settings(max_examples=120, deadline=None)
def test_gaps_are_those_of_the_plain_twin(streets, min_detour, min_betweenness):
    kept = [
        row.edges
        for row in potential_gaps(*asked(streets)).itertuples()
        if row.detour >= min_detour and plain_flow(streets, row.edges) >= min_betweenness
    ]
    union = sorted({edge for edges in kept for edge in edges})
    expected = [way for way in plain_declustered(streets, union) if -way[0] >= min_betweenness]
    gaps = network_gaps(*asked(streets), min_detour=min_detour, min_betweenness=min_betweenness)
    assert gaps.index.tolist() == list(range(1, len(expected) + 1))
    assert [set(edges) for edges in gaps["edges"]] == [set(way[-1]) for way in expected]
    assert listed(gaps, "u", "v", "length_m") == [[u, v, -metres] for _, metres, u, v, _ in expected]


@given(towns())
@settings(max_examples=60, deadline=None)
def test_gaps_share_no_street_and_stand_in_order(streets):
    gaps = network_gaps(*asked(streets), min_detour=1.0)
    edges = [edge for way in gaps["edges"] for edge in way]
    assert len(edges) == len(set(edges))
    assert not streets["covered"][edges].any()
    assert (np.diff(gaps["betweenness"]) <= 1e-9).all()
    in_candidates = {edge for way in potential_gaps(*asked(streets))["edges"] for edge in way}
    assert set(edges) <= in_candidates


@given(towns(), st.data())
@settings(max_examples=60, deadline=None)
def test_building_a_track_makes_no_way_round_longer(streets, data):
    gaps = potential_gaps(*asked(streets))
    assume(len(gaps) > 0)
    built = list(data.draw(st.sampled_from(gaps["edges"].tolist())))
    mended = streets.assign(covered=streets["covered"] | streets.index.isin(built))
    # the same ends, though some now have nothing but tracks
    after = potential_gaps(*asked(mended), contact=sorted(plain_contacts(streets)))
    before = {(row.u, row.v): row.detour for row in gaps.itertuples()}
    assert {(row.u, row.v) for row in after.itertuples()} <= set(before)
    assert all(row.detour <= before[row.u, row.v] for row in after.itertuples())


@given(towns(apart=True), st.randoms(use_true_random=False))
@settings(max_examples=50, deadline=None)
def test_the_order_of_rows_and_the_unit_of_length_change_nothing(streets, random):
    order = list(streets.index)
    random.shuffle(order)
    gaps = network_gaps(*asked(streets))
    turned = streets.loc[order].rename(columns={"u": "v", "v": "u"})
    pd.testing.assert_frame_equal(network_gaps(*asked(turned)), gaps)
    longer = network_gaps(*asked(streets.assign(length_m=4 * streets["length_m"])))
    pd.testing.assert_frame_equal(longer.assign(length_m=longer["length_m"] / 4), gaps)


def test_many_blocks_of_origins_give_what_one_gives(monkeypatch):
    rng = np.random.default_rng(5)
    pieces = grid(9, 9)
    streets = streets_table(pieces).drop(columns="geometry")
    streets = pd.DataFrame(streets).assign(
        length_m=rng.integers(50, 150, len(pieces)).astype(float),
        covered=rng.random(len(pieces)) < 0.4,
        flow=rng.integers(0, 99, len(pieces)).astype(float),
    )
    expected = potential_gaps(*asked(streets)), network_gaps(*asked(streets))
    assert len(expected[0]) > 50
    assert len(expected[1]) > 10
    assert {(row.u, row.v): (row.length_m, row.detour) for row in expected[0].itertuples()} == plain_potential(streets)
    monkeypatch.setattr("bykobling.network.gap_search._CELLS", 200)
    pd.testing.assert_frame_equal(potential_gaps(*asked(streets)), expected[0])
    pd.testing.assert_frame_equal(network_gaps(*asked(streets)), expected[1])
