"""Links scored by the formula, against searching the network with the link added."""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling._types import Profile
from bykobling.errors import InputError
from bykobling.links import link_gains
from bykobling.network import Links, Network, reach_sums, travel_time_matrix
from bykobling.network.edges import with_edges
from bykobling.network.snapping import make_snap

METRE_A_SECOND = Profile(mode="walk", speed_kmh=3.6, steps_speed_kmh=3.6)
CYCLE = Profile(mode="bike", speed_kmh=3.6, steps_speed_kmh=3.6)


def town(*lines):
    """Streets from point to point, named by the ends; a second is a metre."""
    ids: dict[tuple[float, float], int] = {}
    rows = [[ids.setdefault(tuple(map(float, p)), len(ids) + 1) for p in (line[0], line[-1])] for line in lines]
    u, v = zip(*rows, strict=True)
    shapes = [shapely.LineString(line) for line in lines]
    table = gpd.GeoDataFrame({"u": u, "v": v, "walk": True}, geometry=shapes, crs=25832)
    network = Network.from_streets(table.assign(length_m=table.length), profile=METRE_A_SECOND)
    return network, {place: network.node_id.tolist().index(number) for place, number in ids.items() if number in
                     network.node_id}  # fmt: skip


def on(network, *points):
    return network.snap([shapely.Point(p) for p in points], components="any")


def score(network, corners, ends, link_s, cutoff_s):
    """Corners with weights 1, 2, 4, ... are homes and places alike."""
    weights = 2.0 ** np.arange(len(corners))
    homes = on(network, *corners)
    return link_gains(
        network, homes, weights, Links.from_snap(homes), weights,
        end_u=on(network, ends[0]), end_v=on(network, ends[1]), link_s=[link_s], cutoffs_s=[np.nextafter(cutoff_s, 0)],
    )  # fmt: skip


def test_a_link_between_two_towns_missinglinks_784():
    """::

        3              6
        |              |
    1---2     ***     4---5     three corners gain the other three, both ways: 7 x 56 x 2
    """
    network, _ = town([(0, 0), (1, 0)], [(1, 0), (1, 1.1)], [(2, 0), (3, 0)], [(2, 0), (2, 1)])
    corners = [(0, 0), (1, 0), (1, 1.1), (2, 0), (3, 0), (2, 1)]
    found = score(network, corners, ((1, 0), (2, 0)), 1.0, 2_000.0)
    assert found.gain.item() == 784
    assert found.gaining.item() == 63


def test_a_link_across_a_frame_missinglinks_56():
    """::

        5---6
        |   |
    1---2***3---4       each line 500 m, cut-off 1,900 m: 1 gains 3, 4; 2 gains 4; 3 gains 1; 4 gains 1, 2
    """
    network, _ = town(
        [(0, 500), (500, 500)], [(1000, 500), (1500, 500)], [(500, 500), (500, 0)],
        [(500, 0), (1000, 0)], [(1000, 0), (1000, 500)],
    )  # fmt: skip
    corners = [(0, 500), (500, 500), (1000, 500), (1500, 500), (500, 0), (1000, 0)]
    found = score(network, corners, ((500, 500), (1000, 500)), 500.0, 1_900.0)
    assert found.gain.item() == 1 * (4 + 8) + 2 * 8 + 4 * 1 + 8 * (1 + 2) == 56


def test_a_link_from_the_middle_of_a_street_to_the_middle_of_another_missinglinks_6624():
    """::

    1----2      5----6      arms 900 m; the link of 100 m leaves 2-4 and 5-7 at 72 m from 2 and 5, 45 m from 4 and 7
          ) ** (
    3----4      7----8
    """
    # a second is a metre, so the bent streets may be drawn with the lengths of the original
    bend = [(900, 0), (936, 62.353829), (900, 88.0)]
    other = [(1064, 0), (1028, 62.353829), (1064, 88.0)]
    network, _ = town(
        [(0, 0), (900, 0)], [(0, 88), (900, 88)], [(1964, 0), (1064, 0)], [(1064, 88), (1964, 88)], bend, other
    )
    corners = [(0, 0), (900, 0), (0, 88), (900, 88), (1064, 0), (1964, 0), (1064, 88), (1964, 88)]
    found = score(network, corners, (bend[1], other[1]), 100.0, 2_000.0)
    w = 2.0 ** np.arange(8)
    told = (
        w[0] * w[[4, 6]].sum() + w[1] * w[4:].sum() + w[2] * w[[4, 6, 7]].sum() + w[3] * w[4:].sum()
        + w[4] * w[:4].sum() + w[5] * w[[1, 3]].sum() + w[6] * w[:4].sum() + w[7] * w[[1, 2, 3]].sum()
    )  # fmt: skip
    assert found.gain.item() == told == 6_624


@st.composite
def random_town(draw):
    """Corners joined at random, one-way for cyclists here and there, in unconnected parts; links and homes anywhere."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, m = int(rng.integers(4, 14)), int(rng.integers(3, 22))
    xy = rng.uniform(0, 600, (n, 2))
    pairs = np.unique(np.sort(rng.integers(0, n, (m, 2))), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    if not len(pairs):
        pairs = np.array([[0, 1]])
    bike = draw(st.booleans())
    ways = rng.integers(0, 4, len(pairs))
    table = gpd.GeoDataFrame(
        {
            "u": pairs[:, 0] + 1, "v": pairs[:, 1] + 1, "walk": True,
            "bike_forward": ways != 1, "bike_backward": ways != 2,
            "length_m": rng.uniform(1, 2, len(pairs)) * np.hypot(*(xy[pairs[:, 0]] - xy[pairs[:, 1]]).T),
        },
        geometry=[shapely.LineString(xy[p]) for p in pairs],
        crs=25832,
    )  # fmt: skip
    mode, profile = ("bike", CYCLE) if bike else ("walk", METRE_A_SECOND)
    network = Network.from_streets(table, mode=mode, profile=profile)

    def anywhere(count, depth_m):
        edge = rng.integers(0, network.edge_count, count).astype(np.int32)
        share = np.where(rng.random(count) < 0.3, rng.integers(0, 2, count), rng.random(count))
        depth = rng.uniform(0, depth_m, count)
        return make_snap(network, edge, share * network.edge_length_m[edge], depth, np.full(count, "ok", object))

    links = int(rng.integers(1, 5))
    return {
        "network": network,
        "homes": anywhere(int(rng.integers(1, 9)), 20.0),
        "places": anywhere(int(rng.integers(1, 12)), 20.0),
        "end_u": anywhere(links, 0.0),
        "end_v": anywhere(links, 0.0),
        "link_s": (rng.integers(0, 300 * 1024, links) / 1024).astype(np.float32),
        "rng": rng,
    }


@given(random_town())
@settings(max_examples=150, deadline=None)
def test_the_formula_equals_searching_the_network_with_the_link(case):
    homes, places = case["homes"], Links.from_snap(case["places"])
    people = case["rng"].uniform(0, 5, len(homes))
    weights = case["rng"].integers(0, 5, (len(places), 2)).astype(float)
    links = range(len(case["link_s"]))
    before, *after = (searched(case, link) for link in (None, *links))
    # cut-offs that no time is near, so that a rounded millisecond moves nobody over one
    times = np.concatenate([before.ravel(), *(each.ravel() for each in after)])
    cutoffs = [c for c in case["rng"].uniform(1, 1_500, 3) if (np.abs(times[np.isfinite(times)] - c) > 0.01).all()]
    if not cutoffs:
        return
    cutoffs = np.sort(cutoffs)
    group = case["rng"].integers(-1, 2, len(homes))
    found = link_gains(
        case["network"], homes, people, places, weights, end_u=case["end_u"], end_v=case["end_v"],
        link_s=case["link_s"], cutoffs_s=cutoffs, group=group, n_groups=2,
    )  # fmt: skip
    for g in range(2):
        mine = group == g
        for link, times in enumerate(after):
            for c, cutoff in enumerate(cutoffs):
                newly = ((times <= cutoff) & (before > cutoff))[mine]
                assert found.gain[g, link, c] == pytest.approx(people[mine] @ (newly @ weights), abs=1e-9)
                helped = (newly & (weights[:, 0] > 0)).any(axis=1)
                assert found.gaining[g, link, c] == pytest.approx(people[mine][helped].sum(), abs=1e-9)
    assert (found.gain >= 0).all()


@given(random_town())
@settings(max_examples=150, deadline=None)
def test_the_formula_gives_the_seconds_of_the_network_with_the_link(case):
    """Seconds lie on a grid of 1/1024 s and each of four places along edges is rounded to it: 2 ms at most."""
    network, homes, places = case["network"], case["homes"], Links.from_snap(case["places"])

    def seconds(a, b):
        return travel_time_matrix(network, a, b).astype(float)

    now = seconds(homes, places)
    for link, link_s in enumerate(case["link_s"]):
        u, v = (case[name].take([link]) for name in ("end_u", "end_v"))
        across = [seconds(homes, a) + link_s + seconds(b, places) for a, b in ((u, v), (v, u))]
        formula = np.minimum(now, np.minimum(*across))
        anew = searched(case, link)
        assert (np.isfinite(formula) == np.isfinite(anew)).all()
        known = np.isfinite(anew)
        assert np.abs(formula[known] - anew[known]).max(initial=0.0) <= 2.1e-3


def searched(case, link):
    """Search the streets with a link built, or none, from node to node: homes, places and ends are put in as nodes."""
    network = case["network"]
    parts = [case[name] for name in ("homes", "places", "end_u", "end_v")]
    edge, offset_m = (np.concatenate([getattr(p, name) for p in parts]) for name in ("edge", "offset_m"))
    split, nodes = network.split_at(edge, offset_m)
    home, place, u, v = np.split(nodes, np.cumsum([len(p) for p in parts])[:-1])
    built = split
    if link is not None:
        built = with_edges(split, [u[link]], [v[link]], length_m=[1.0], forward_s=[case["link_s"][link]])
    graph = nx.DiGraph()
    graph.add_nodes_from(range(built.node_count))
    for tail in range(built.node_count):
        for arc in range(built.indptr[tail], built.indptr[tail + 1]):
            head, seconds = int(built.adj_node[arc]), float(built.adj_s[arc])
            if not graph.has_edge(tail, head) or graph[tail][head]["weight"] > seconds:
                graph.add_edge(tail, head, weight=seconds)
    times = np.full((len(home), len(place)), np.inf)
    for i, node in enumerate(home):
        reached = nx.single_source_dijkstra_path_length(graph, int(node), weight="weight")
        for j, goal in enumerate(place):
            walk = case["homes"].access_s[i] + case["places"].access_s[j]
            times[i, j] = reached.get(int(goal), np.inf) + walk
    return times


def test_many_threads_and_one_give_the_same_bytes():
    rng = np.random.default_rng(3)
    lines = [[(x, y), (x + 100, y)] for x in range(0, 1500, 100) for y in range(0, 1000, 100)]
    lines += [[(x, y), (x, y + 100)] for x in range(0, 1600, 100) for y in range(0, 900, 100) if y != 500]
    network, _ = town(*lines)
    homes = network.snap(shapely.points(rng.uniform(0, 1500, (400, 2))))
    places = Links.from_snap(network.snap(shapely.points(rng.uniform(0, 1500, (300, 2)))))
    ends = [network.snap(shapely.points(np.column_stack([np.arange(20) * 70.0, np.full(20, y)]))) for y in (500, 600)]
    arguments = {"link_s": np.full(20, 100.0), "cutoffs_s": [300.0, 600.0], "group": np.arange(400) % 7, "n_groups": 7}
    results = []
    threads = numba.get_num_threads()
    for count in (1, threads):
        numba.set_num_threads(count)
        found = link_gains(
            network, homes, rng.uniform(0, 1, 400) * 0 + 1.1, places, np.ones(300) * 0.3, end_u=ends[0], end_v=ends[1],
            **arguments,
        )  # fmt: skip
        results.append((found.before.tobytes(), found.gain.tobytes(), found.gaining.tobytes()))
    numba.set_num_threads(threads)
    assert results[0] == results[1]
    assert found.gain.max() > 0
    told = reach_sums(network, homes, places, np.ones(300) * 0.3, [300.0, 600.0])
    near = np.isfinite(found.before[:, 0, 0])
    assert near.any()
    np.testing.assert_allclose(found.before[near], told[near], rtol=1e-12)


def test_faults_are_told_all_at_once():
    network, _ = town([(0, 0), (100, 0)], [(100, 0), (200, 0)])
    homes = on(network, (0, 0), (50, 0))
    far = network.snap([shapely.Point(0, 9_000)])
    with pytest.raises(InputError) as caught:
        link_gains(
            network, homes, [1.0], Links.from_snap(homes), [1.0, -1.0],
            end_u=far, end_v=on(network, (0, 0)), link_s=[1.0], cutoffs_s=[600, 300],
        )  # fmt: skip
    told = {fault.file for fault in caught.value.faults}
    assert told == {"people", "weights", "cutoffs_s", "end_u"}
