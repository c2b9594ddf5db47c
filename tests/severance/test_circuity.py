"""The detour index on grids a person can check, and against plain searches.

::

    +---+---+---+      a square grid, 141.42 m: 45 degrees from the middle, 400 m away, is a corner,
    |   |   |   |      and due north or east, 400 m away, is in a street
    +---+---o---+
    |   |   |   |
"""

from __future__ import annotations

import geopandas as gpd
import networkx as nx
import numba
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network
from bykobling.network.two_sided import two_sided
from bykobling.severance.circuity import LIMIT_RATIO, detour_index, detour_summary
from tests.toys import CRS, crossings_table, grid, streets_table

SPACING = 400 / np.sqrt(2) / 2


def at(*places):
    return gpd.GeoSeries([shapely.Point(p) for p in places], crs=CRS)


def jittered_town(seed, *, missing=0.2):
    """A 10 x 10 grid whose corners are moved and of which some streets are missing."""
    rng = np.random.default_rng(seed)
    shift = rng.uniform(-30, 30, (10, 10, 2))

    def corner(point):
        i, j = (round(c / 100) for c in point)
        return (point[0] + shift[i, j, 0], point[1] + shift[i, j, 1])

    pieces = [(corner(a), corner(b)) for a, b, _ in grid(10, 10)]
    return [piece for piece in pieces if rng.random() > missing], rng


def test_a_square_grid_costs_nothing_along_streets_and_the_root_of_two_across():
    network = Network.from_streets(streets_table(grid(9, 9, spacing=SPACING)))
    ratios = detour_index(network, at((4 * SPACING, 4 * SPACING))).iloc[0]
    assert ratios.index.tolist() == [22.5 * i for i in range(16)]
    for bearing in range(0, 360, 90):
        assert ratios[bearing] == pytest.approx(1, abs=1e-5)
        assert ratios[bearing + 45] == pytest.approx(np.sqrt(2), abs=1e-5)


def test_the_mean_of_a_fine_grid_is_four_over_pi():
    network = Network.from_streets(streets_table(grid(51, 51, spacing=20.0)))
    ratios = detour_index(network, at((500, 500)), directions=360)
    assert ratios.to_numpy().mean() == pytest.approx(4 / np.pi, abs=0.005)


def test_the_way_from_the_door_to_the_street_is_walked_too():
    # a home 30 m north of a street: 400 m east along it, 30 m more than that from the door
    network = Network.from_streets(streets_table(grid(12, 12)))
    ratios = detour_index(network, at((550, 530))).iloc[0]
    assert ratios[90.0] == pytest.approx((30 + 400) / np.hypot(30, 400), abs=1e-4)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_ratios_are_those_of_networkx_and_never_below_one(seed):
    pieces, rng = jittered_town(seed)
    streets = streets_table(pieces)
    network = Network.from_streets(streets)
    home = rng.uniform(300, 600, 2)
    found = detour_index(network, at(home), directions=8).iloc[0]
    keep = network.main_parts[network.component[network.edge_u]]
    lines = network.edge_geometry[keep]

    def hang(point):
        distance = shapely.distance(lines, shapely.Point(point))
        edge = int(np.argmin(distance))
        along = shapely.line_locate_point(lines[edge], shapely.Point(point))
        return edge, along, distance[edge]

    graph = nx.MultiGraph()
    ends = [(tuple(line.coords[0]), tuple(line.coords[-1])) for line in lines]
    for (a, b), line in zip(ends, lines, strict=True):
        graph.add_edge(a, b, m=line.length)
    edge, along, off = hang(home)
    graph.add_edge("home", ends[edge][0], m=off + along)
    graph.add_edge("home", ends[edge][1], m=off + lines[edge].length - along)
    metres = nx.single_source_dijkstra_path_length(graph, "home", weight="m")
    for bearing, ratio in found.items():
        goal = home + 400 * np.array([np.sin(np.deg2rad(bearing)), np.cos(np.deg2rad(bearing))])
        to, on, gap = hang(goal)
        if abs(gap - 50) < 0.01:
            continue
        assert np.isnan(ratio) == (gap > 50)
        if gap <= 50:
            place = lines[to].interpolate(on)
            straight = np.hypot(*(home - place.coords[0]))
            ways = [metres.get(ends[to][0], np.inf) + on, metres.get(ends[to][1], np.inf) + lines[to].length - on]
            # not one ratio is saved by the maximum: the triangle inequality holds by itself
            assert min(ways) / straight >= 1 - 1e-9
            assert ratio >= 1
            assert ratio == pytest.approx(min(ways) / straight if min(ways) <= 10 * straight else np.inf, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_more_street_never_makes_a_detour_longer(seed):
    pieces, rng = jittered_town(seed, missing=0.35)
    homes = at(*rng.uniform(250, 650, (4, 2)))
    # a tunnel between two corners: nobody lives in it, and no place on a circle falls into it
    ends = [pieces[i][0] for i in rng.integers(0, len(pieces), 2)]
    tunnel = (*ends, {"snappable": False, "tunnel": True})
    networks = [Network.from_streets(_with_snappable(streets_table(each))) for each in (pieces, [*pieces, tunnel])]
    # it may make a street of a fragment, on which places then fall that fell elsewhere before
    assume(_main_metres(networks[0]) == pytest.approx(_main_metres(networks[1])))
    before, after = (detour_index(network, homes) for network in networks)
    there = before.notna().to_numpy() & after.notna().to_numpy()
    assert (after.to_numpy()[there] <= before.to_numpy()[there] + 1e-5).all()


def _main_metres(network):
    main = network.main_parts[network.component[network.edge_u]]
    return network.edge_length_m[main & network.edge_snappable].sum()


def _with_snappable(streets):
    if "snappable" not in streets:
        streets["snappable"] = True
    return streets.assign(snappable=streets["snappable"].fillna(value=True).astype(bool))


def test_no_way_is_told_as_infinite_and_not_left_out():
    # two grids and a river between them without a bridge
    west, east = grid(8, 16, spacing=50), grid(8, 16, spacing=50, x0=420)
    network = Network.from_streets(streets_table([*west, *east]))
    ratios = detour_index(network, at((300, 400)), directions=4, radius_m=300, max_snap_m=20).iloc[0]
    assert np.isinf(ratios[90])
    assert ratios[[0, 180, 270]].to_numpy() == pytest.approx(1, abs=1e-5)
    summary = detour_summary(ratios.to_frame().T, pd.Series([5.0], [0]), pd.Series(["a"], [0]), radius_m=300)
    assert summary.loc["a"].tolist() == pytest.approx([(3 + LIMIT_RATIO) / 4, 1.0, np.inf, 0.25], abs=1e-5)
    assert summary.columns.tolist() == [
        "detour_index_300m",
        "detour_index_300m_median",
        "detour_index_300m_p90",
        "detour_no_way_300m_share",
    ]


def test_a_way_ten_times_as_long_is_no_way():
    # across the river 100 m, round by the bridge 100 + 2 x 600 m
    bank = [((0, y), (0, y + 50)) for y in range(-1000, 1000, 50)]
    other = [((100, y), (100, y + 50)) for y in range(-1000, 1000, 50)]
    for bridge_y, expected in ((400, (2 * 400 + 100) / 100), (500, np.inf)):
        network = Network.from_streets(streets_table([*bank, *other, ((0, bridge_y), (100, bridge_y))]))
        ratios = detour_index(network, at((0, 0)), directions=8, radius_m=100, max_snap_m=50)
        assert ratios[90.0].tolist() == pytest.approx([expected], rel=1e-4)


def test_water_is_left_out_and_a_pier_altogether():
    network = Network.from_streets(streets_table(grid(12, 12, spacing=50)))
    homes = at((300, 300), (0, 300), (0, 0), (-600, 0))
    ratios = detour_index(network, homes, directions=8, radius_m=250, max_snap_m=30)
    # in the middle all 8, at the shore 5, in the corner 3 and so none, beyond 150 m of any street none
    assert ratios.notna().sum(axis=1).tolist() == [8, 5, 0, 0]


def test_homes_at_one_place_have_one_answer_in_their_own_order():
    network = Network.from_streets(streets_table(grid(12, 12)))
    homes = gpd.GeoDataFrame(geometry=at((505, 310), (600, 420), (505, 310)).to_numpy(), index=[9, 4, 7], crs=CRS)
    before = homes.copy()
    ratios = detour_index(network, homes)
    assert ratios.index.tolist() == [9, 4, 7]
    assert ratios.loc[9].equals(ratios.loc[7])
    assert not ratios.loc[9].equals(ratios.loc[4])
    assert homes.equals(before)
    alone = detour_index(network, homes.iloc[[1]])
    assert alone.loc[4].equals(ratios.loc[4])


def test_the_two_sides_of_a_big_road_are_never_nearer_than_straight():
    pieces = grid(12, 12)
    road = [((-50, y), (-50, y + 100), {"highway": "primary", "lanes": 6.0}) for y in range(0, 1100, 100)]
    road += [((-50, y), (0, y), {}) for y in range(0, 1200, 100)]
    streets = streets_table([*pieces, *road])
    sided = two_sided(streets, crossings_table(streets, {}), (streets["highway"] == "primary").to_numpy())
    ratios = detour_index(Network.from_streets(sided), at((-50, 550), (-40, 330), (20, 500)))
    assert (ratios.to_numpy()[ratios.notna().to_numpy()] >= 1).all()


def test_a_home_behind_a_wall_walks_from_its_own_side():
    network = Network.from_streets(streets_table([*grid(12, 6, spacing=80), *grid(12, 6, spacing=80, y0=460)]))
    home, wall = at((440, 415)), np.array([shapely.box(-50, 402, 900, 410)], object)
    free, walled = (detour_index(network, home, walls=walls).iloc[0] for walls in (None, wall))
    # the street south of the wall is nearer, but behind the wall; there is no way from one grid to the other
    assert np.isfinite(free[180.0])
    assert np.isinf(free[0.0])
    assert np.isinf(walled[180.0])
    assert np.isfinite(walled[0.0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.lists(st.sampled_from([1.0, 1.25, 2.0, 9.0, np.inf]), min_size=4, max_size=4)),
        min_size=1,
        max_size=6,
    )
)
def test_residents_count_as_often_as_they_are(rows):
    people = pd.Series([float(number) for number, _ in rows])
    ratios = pd.DataFrame([values for _, values in rows])
    found = detour_summary(ratios, people, pd.Series(["a"] * len(rows))).loc["a"]
    plain = np.sort(np.concatenate([np.repeat(values, number) for number, values in rows]))
    assert found["detour_index_400m"] == pytest.approx(np.minimum(plain, LIMIT_RATIO).mean())
    assert found["detour_index_400m_median"] == plain[int(np.ceil(0.5 * len(plain))) - 1]
    assert found["detour_index_400m_p90"] == plain[int(np.ceil(0.9 * len(plain))) - 1]
    assert found["detour_no_way_400m_share"] == pytest.approx(np.isinf(plain).mean())


def test_every_resident_counts_once_however_many_directions_are_left():
    ratios = pd.DataFrame([[1.0, 1.0, 1.0, 1.0], [3.0, np.nan, np.nan, np.nan], [np.nan] * 4, [np.nan] * 4])
    people, area = pd.Series([1.0, 1.0, 8.0, 5.0]), pd.Series(["a", "a", "a", "b"])
    found = detour_summary(ratios, people, area)
    assert found.loc["a", "detour_index_400m"] == 2
    assert found.loc["b"].isna().all()


def test_people_outside_every_area_and_areas_of_nobody():
    ratios = pd.DataFrame([[1.0] * 4, [2.0] * 4, [4.0] * 4])
    found = detour_summary(ratios, pd.Series([1.0, 0.0, 1.0]), pd.Series(["a", "b", None], dtype=object))
    assert found["detour_index_400m"].tolist()[0] == 1
    assert np.isnan(found.loc["b", "detour_index_400m"])
    assert found.index.tolist() == ["a", "b"]


def test_one_thread_and_many_give_the_same_bytes():
    pieces, rng = jittered_town(3)
    network = Network.from_streets(streets_table(pieces))
    homes = at(*rng.uniform(100, 800, (600, 2)))
    before, found = numba.get_num_threads(), []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            found.append(detour_index(network, homes).to_numpy().tobytes())
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"radius_m": 0}, "radius_m"),
        ({"radius_m": np.nan}, "radius_m"),
        ({"max_snap_m": 201}, "half the radius"),
        ({"max_snap_m": 0}, "above 0"),
        ({"directions": 3}, "directions"),
    ],
)
def test_circles_that_make_no_index_are_refused(options, said):
    network = Network.from_streets(streets_table(grid(3, 3)))
    with pytest.raises(InputError, match=said):
        detour_index(network, at((0, 0)), **options)


def test_all_that_is_wrong_with_residents_is_told_at_once():
    ratios = pd.DataFrame([[1.0] * 4, [2.0] * 4])
    with pytest.raises(InputError) as caught:
        detour_summary(ratios, pd.Series([-1.0, np.nan]), pd.Series(["a", "b"], [5, 6]))
    assert len(caught.value.faults) == 3


def test_nobody_at_all_gives_an_empty_answer():
    network = Network.from_streets(streets_table(grid(3, 3)))
    assert detour_index(network, at()).shape == (0, 16)
    assert detour_index(network, at((5_000, 0))).isna().all(axis=None)
