"""Near but far in a town a person can walk through in the mind.

::

    (0,100) shop------------------------(800,100)      the street turns at its east end: the shop is 100 m
                                            |          from home and 1,700 m on foot
    (0,0)   home------------------------(800,0)
"""

from __future__ import annotations

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network, by_length, travel_time_matrix
from bykobling.severance.near_far import near_but_far
from tests.real.studies import DATA
from tests.toys import CRS, grid, points_layer, streets_table

TURN = [((0, 0), (400, 0)), ((400, 0), (800, 0)), ((800, 0), (800, 100)), ((800, 100), (0, 100))]
NETWORK = Network.from_streets(streets_table(TURN))


def homes_layer(places, residents, area_id):
    return points_layer(places, residents=[float(n) for n in residents], area_id=list(area_id))


def shops_layer(places, names="abcdefgh"):
    return points_layer(places, dest_id=[f"n{i}" for i in range(len(places))], name=list(names)[: len(places)])


def test_a_shop_in_sight_and_a_long_way_round():
    homes = homes_layer([(0, 0), (300, 0), (700, 0)], [4, 2, 1], "aab")
    found = near_but_far(NETWORK, homes, shops_layer([(0, 100), (700, 100)]))
    # from 0: 1,700 m to the first; from 300: 1,400 m to the first, 700 m to the second; from 700: near on foot too
    assert found.residents["near_but_far_places"].tolist() == [1, 1, 0]
    assert found.areas["near_but_far_places"].tolist() == [1, 0]
    assert found.areas.index.tolist() == ["a", "b"]
    pairs = found.pairs
    assert pairs[["area_id", "dest_id", "name", "residents"]].to_numpy().tolist() == [["a", "n0", "a", 6.0]]
    # four of six live at the first home: it has the median detour
    assert pairs["straight_m"].tolist() == [100]
    assert pairs["walk_m"].tolist() == pytest.approx([1_700], abs=0.05)
    assert pairs.geometry.iloc[0].equals(shapely.LineString([(0, 0), (0, 100)]))
    assert pairs.crs == CRS


def test_people_across_count_as_persons_and_only_if_linked():
    homes = homes_layer([(0, 0), (0, 100), (50, 100), (0, 9_000)], [1, 8, 16, 32], "abcd")
    found = near_but_far(NETWORK, homes, shops_layer([(400, 0)]))
    assert found.residents["near_but_far_people"].tolist()[:3] == [24, 1, 1]
    assert found.residents.loc[3].isna().all()
    assert found.areas.loc["d"].isna().all()


def test_neighbors_are_met_though_they_are_in_no_area():
    homes = homes_layer([(0, 0)], [1], "a")
    found = near_but_far(NETWORK, homes, shops_layer([(400, 0)]), neighbors=points_layer([(0, 100)], residents=[64.0]))
    assert found.areas.loc["a"].tolist() == [0, 64]


def test_far_is_farther_than_the_limit_and_near_is_within_it():
    # 100 m apart straight, 2 x 500 + 100 m on foot from x = 300
    homes, shop = homes_layer([(300, 0)], [1], "a"), shops_layer([(300, 100)])
    for near_m, far_m, expected in ((100, 1_099, 1), (100, 1_101, 0), (99, 999, 0), (100, 100, 1)):
        found = near_but_far(NETWORK, homes, shop, near_m=near_m, far_m=far_m)
        assert found.residents["near_but_far_places"].tolist() == [expected]


def test_no_way_at_all_counts_as_far_and_comes_first():
    apart = Network.from_streets(streets_table([*grid(12, 2), *grid(12, 2, y0=200)]))
    homes = homes_layer([(0, 0), (50, 100)], [1, 1], "aa")
    found = near_but_far(apart, homes, shops_layer([(0, 200), (300, 100)]))
    assert found.pairs["name"].tolist() == ["a"]
    assert np.isinf(found.pairs["walk_m"]).all()
    assert found.pairs["residents"].tolist() == [2]


def test_a_place_that_hangs_on_no_street_is_unknown_and_left_out():
    found = near_but_far(NETWORK, homes_layer([(0, 0)], [1], "a"), shops_layer([(0, -300)]))
    assert found.areas["near_but_far_places"].tolist() == [0]
    assert found.pairs.empty
    assert found.pairs.columns.tolist() == [
        "area_id",
        "dest",
        "dest_id",
        "name",
        "residents",
        "straight_m",
        "walk_m",
        "geometry",
    ]


def test_a_park_is_near_at_its_edge():
    park = gpd.GeoDataFrame({"category": ["green"]}, geometry=[shapely.box(-90, 100, 10, 190)], crs=CRS, index=["p"])
    found = near_but_far(NETWORK, homes_layer([(0, 0)], [3], "a"), park)
    assert found.pairs[["dest", "category", "straight_m"]].to_numpy().tolist() == [["p", "green", 100.0]]
    assert found.pairs["walk_m"].tolist() == pytest.approx([800 + 100 + 790], abs=0.05)


def test_the_list_begins_with_what_concerns_most_people_most():
    homes = homes_layer([(0, 0), (200, 0)], [5, 5], "ab")
    found = near_but_far(NETWORK, homes, shops_layer([(0, 100), (200, 100), (250, 100)]))
    pairs = found.pairs
    telling = pairs["residents"] * (1 - pairs["straight_m"] / pairs["walk_m"])
    assert telling.is_monotonic_decreasing
    assert pairs.iloc[0][["area_id", "name"]].tolist() == ["a", "a"]
    assert len(pairs) == 6


def test_a_way_that_may_lead_beyond_the_edge_of_the_extract_is_not_told():
    homes, shop = homes_layer([(0, 0)], [1], "a"), shops_layer([(0, 100)])
    # both streets end at the western edge, where they may well be joined
    edge = near_but_far(NETWORK, homes, shop, extent=shapely.box(-10, -900, 2_000, 900))
    wide = near_but_far(NETWORK, homes, shop, extent=shapely.box(-900, -900, 2_000, 900))
    assert edge.pairs.empty
    assert edge.areas["near_but_far_places"].tolist() == [0]
    assert len(wide.pairs) == 1


def random_town(seed):
    rng = np.random.default_rng(seed)
    pieces = [piece for piece in grid(8, 8) if rng.random() > 0.4]
    homes = homes_layer(rng.uniform(0, 700, (30, 2)), rng.integers(0, 5, 30), rng.choice(["a", "b", None], 30))
    return pieces, homes, shops_layer(rng.uniform(0, 700, (8, 2)))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_counts_are_those_of_every_pair_looked_at(seed):
    pieces, homes, shops = random_town(seed)
    network = Network.from_streets(streets_table(pieces))
    found = near_but_far(network, homes, shops, near_m=300, far_m=600)
    lengths = by_length(network)
    snapped = lengths.snap(homes.geometry)
    walk = travel_time_matrix(lengths, snapped, lengths.snap(shops.geometry)) * lengths.profile.speed_m_s
    straight = np.array([[home.distance(shop) for shop in shops.geometry] for home in homes.geometry])
    far = (straight <= 300) & (walk > 600)
    linked = snapped.linked
    assert found.residents["near_but_far_places"].to_numpy()[linked].tolist() == far[linked].sum(axis=1).tolist()
    assert found.residents["near_but_far_places"].isna().tolist() == (~linked).tolist()
    # the list tells the same
    number, area = homes["residents"].to_numpy(), homes["area_id"].to_numpy(object)
    expected = {}
    for i, j in zip(*np.nonzero(far), strict=True):
        if not pd.isna(area[i]) and number[i] > 0 and linked[i]:
            expected[area[i], f"n{j}"] = expected.get((area[i], f"n{j}"), 0) + number[i]
    pairs = found.pairs
    assert dict(zip(zip(pairs["area_id"], pairs["dest_id"], strict=True), pairs["residents"], strict=True)) == expected
    assert (pairs["walk_m"] > 600).all()
    assert (pairs["straight_m"] <= 300).all()
    for name in ("a", "b"):
        mine = (area == name) & linked & (number > 0)
        if mine.any():
            mean = np.average(far[mine].sum(axis=1), weights=number[mine])
            assert found.areas.loc[name, "near_but_far_places"] == pytest.approx(mean)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_more_street_never_makes_more_things_far(seed):
    pieces, homes, shops = random_town(seed)
    rng = np.random.default_rng(seed)
    tunnel = (*(pieces[i][0] for i in rng.integers(0, len(pieces), 2)), {"tunnel": True, "snappable": False})
    counts = []
    for streets in (streets_table(pieces), streets_table([*pieces, tunnel])):
        snappable = streets["snappable"].fillna(value=True).astype(bool) if "snappable" in streets else True
        network = Network.from_streets(streets.assign(snappable=snappable))
        # one more street may make a street of a fragment, on which things then hang that did not before
        main = network.main_parts[network.component]
        counts.append((main.sum(), near_but_far(network, homes, shops, near_m=300, far_m=600).residents))
    (main_before, before), (main_after, after) = counts
    if main_before == main_after:
        assert (after.fillna(0) <= before.fillna(0) + 1e-9).all(axis=None)


def test_people_of_one_street_are_met_together_and_none_is_lost():
    rng = np.random.default_rng(4)
    across = np.column_stack([rng.uniform(0, 60, 400), np.full(400, 100.0)])
    neighbors = points_layer(across, residents=rng.integers(1, 5, 400).astype(float))
    found = near_but_far(NETWORK, homes_layer([(0, 0)], [1], "a"), shops_layer([(400, 0)]), neighbors=neighbors)
    assert found.residents["near_but_far_people"].iloc[0] == pytest.approx(neighbors["residents"].sum())


def test_homes_at_one_place_are_told_once_with_all_their_residents():
    homes = homes_layer([(0, 0)] * 3, [1, 2, 4], "aab").set_axis([7, 7, 3])
    before = homes.copy()
    found = near_but_far(NETWORK, homes, shops_layer([(0, 100)]))
    assert found.residents.index.tolist() == [7, 7, 3]
    assert found.residents["near_but_far_places"].tolist() == [1, 1, 1]
    assert found.pairs.set_index("area_id")["residents"].to_dict() == {"a": 3, "b": 4}
    pd.testing.assert_frame_equal(homes, before)


def test_one_thread_and_many_give_the_same_bytes():
    pieces, homes, shops = random_town(11)
    network = Network.from_streets(streets_table(pieces))
    threads, found = numba.get_num_threads(), []
    try:
        for count in (1, threads):
            numba.set_num_threads(count)
            answer = near_but_far(network, homes, shops, near_m=300, far_m=600)
            found.append((answer.residents.to_csv(), answer.areas.to_csv(), answer.pairs.to_csv()))
    finally:
        numba.set_num_threads(threads)
    assert found[0] == found[1]


def test_all_that_is_wrong_is_told_at_once():
    homes = homes_layer([(0, 0), (1, 0)], [-1, np.nan], "ab")
    with pytest.raises(InputError) as caught:
        near_but_far(NETWORK, homes, shops_layer([]), near_m=0, far_m=-1, neighbors=homes[["geometry"]])
    told = str(caught.value)
    for word in ("column residents", "destinations", "near_m", "far_m"):
        assert word in told
    with pytest.raises(InputError, match="negative"):
        near_but_far(NETWORK, homes, shops_layer([(0, 0)]))
    with pytest.raises(InputError, match="residents: the table is empty"):
        near_but_far(NETWORK, homes.iloc[:0], shops_layer([(0, 0)]))


@pytest.mark.real
@pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside the project")
def test_the_library_beyond_helsinkis_rail_yard_is_in_sight_and_far():
    from bykobling.osm import read_osm

    extract = read_osm(DATA / "helsinki" / "helsinki_centre_2024.osm.pbf")
    # in Kaisaniemi, east of the tracks
    home = gpd.GeoSeries([shapely.Point(24.9448, 60.1759)], crs=4326).to_crs(extract.crs)
    homes = gpd.GeoDataFrame({"residents": [1.0], "area_id": ["Kaisaniemi"]}, geometry=home)
    oodi = extract.destinations[extract.destinations["name"] == "Helsingin keskustakirjasto Oodi"]
    pair = near_but_far(Network.from_streets(extract.streets), homes, oodi).pairs.iloc[0]
    assert 300 < pair["straight_m"] < 500
    assert 1_000 < pair["walk_m"] < 1_500
