"""Ways out of areas drawn by hand.

::

    an estate of four corners, its one street in the north leads to a bridge, two in the south to the town

        |          ring
        # bridge
        |
    +---+          the estate, 100 m wide
    |   |
    +---+
    |   |
    -------        the town
"""

from __future__ import annotations

import itertools

import geopandas as gpd
import numba
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bykobling.errors import CrsError, InputError
from bykobling.network import Network
from bykobling.network.two_sided import two_sided
from bykobling.severance.entries import independent_entries
from tests.toys import CRS, crossings_table, grid, points_layer, streets_table


def areas_layer(*shapes):
    names = list("abcdefgh")[: len(shapes)]
    return gpd.GeoDataFrame(geometry=list(shapes), crs=CRS, index=pd.Index(names, name="area_id"))


def network_of(pieces):
    streets = streets_table(pieces)
    if "snappable" in streets:
        streets["snappable"] = streets["snappable"].fillna(value=True).astype(bool)
    return Network.from_streets(streets)


def comb(x, y, *, teeth=12):
    """Draw a street with dead ends: nodes enough for a main part, and no way on."""
    at = [(x + 20 * i, y) for i in range(teeth + 1)]
    return [*itertools.pairwise(at), *(((a, b), (a, b + 10)) for a, b in at[1:])]


ESTATE = [((0, 0), (100, 0)), ((100, 0), (100, 100)), ((100, 100), (0, 100)), ((0, 100), (0, 0))]
SQUARE = areas_layer(shapely.box(-20, -20, 120, 120))
NORTH = [
    ((100, 100), (100, 300)),
    ((100, 300), (100, 340), {"bridge": True, "name": "Broen"}),
    ((100, 340), (100, 900)),
]
SOUTH = [((0, 0), (0, -900), {"name": "Vestvej"}), ((100, 0), (100, -900), {"name": "Østvej"})]
TOWN = [*comb(100, 900), *comb(0, -900), *comb(100, -950)]


def test_each_street_out_is_an_entry_where_it_crosses_the_outline():
    found = independent_entries(network_of([*ESTATE, *NORTH, *SOUTH, *TOWN]), SQUARE, ring_m=[400])
    assert found.areas.loc["a"].to_dict() == {
        "independent_entries_400m": 3,
        "entry_places_400m": 3,
        "bottleneck_share_400m": pytest.approx(found.entries["traffic_share"].max()),
        "entries_reason_400m": "ok",
    }
    entries = found.entries.set_index("name")
    places = {name: point.coords[0] for name, point in entries.geometry.items()}
    assert places["Vestvej"] == pytest.approx((0, -20))
    assert places["Østvej"] == pytest.approx((100, -20))
    assert not entries["isolates"].any()
    assert (entries["cut_off_share"] == 0).all()
    # each way crosses the ring once, so each entry carries a third of what leads to three places beyond it
    assert entries["traffic_share"].tolist() == pytest.approx([1 / 3] * 3)


def test_one_bridge_isolates_though_three_streets_lead_to_it():
    # all three streets out meet at (0, 200), and the only way on is the bridge
    meet = [((0, 100), (0, 200)), ((100, 100), (0, 200)), ((0, 0), (-90, 0)), ((-90, 0), (0, 200))]
    bridge = [((0, 200), (0, 300), {"name": "Broen", "bridge": True}), ((0, 300), (0, 900)), ((0, 300), (50, 900))]
    found = independent_entries(network_of([*ESTATE, *meet, *bridge, *comb(0, 900)]), SQUARE, ring_m=[60, 400])
    assert found.areas.loc["a", ["independent_entries_60m", "independent_entries_400m"]].tolist() == [3, 1]
    entry = found.entries[found.entries["ring_m"] == 400].iloc[0]
    assert entry[["name", "ways", "isolates", "cut_off_share", "traffic_share"]].tolist() == ["Broen", 1, True, 1, 1]
    assert entry.geometry.equals(shapely.Point(0, 250))


def test_a_part_of_the_area_that_hangs_on_one_entry_is_told():
    # a lane of its own, 40 m south of the estate's outline, joined to nothing but one street out
    lane = [((0, 0), (0, -900)), ((300, 0), (340, 0)), ((340, 0), (340, -900)), ((300, 0), (300, 40))]
    area = areas_layer(shapely.union(SQUARE.geometry.iloc[0], shapely.box(290, -10, 350, 50)))
    homes = points_layer([(50, 0), (320, 0)], residents=[3.0, 1.0], area_id=["a", "a"])
    network = network_of([*ESTATE, *NORTH, *lane, *TOWN, *comb(340, -900)])
    main = network.main_parts[network.component].all()
    assert main
    found = independent_entries(network, area, ring_m=[400], residents=homes)
    assert found.areas.loc["a", "independent_entries_400m"] == 3
    assert sorted(found.entries["cut_off_share"]) == [0, 0, 0.25]
    assert not found.entries["isolates"].any()


def test_two_pavements_of_one_street_are_two_ways_and_one_entry():
    pavements = [
        ((100, 100), (100, 160)),
        *[((100, 160), (x, 200)) for x in (90, 110)],
        *[((x, 200), (x, 240), {"bridge": True}) for x in (90, 110)],
        *[((x, 240), (x, 900)) for x in (90, 110)],
        *[((100, 100), (x, 160)) for x in (90, 110)],
        *[((x, 160), (x, 200)) for x in (90, 110)],
    ]
    network = network_of([*ESTATE, *pavements, *comb(110, 900), *comb(90, 900)])
    found = independent_entries(network, SQUARE, ring_m=[400])
    assert found.areas.loc["a", ["independent_entries_400m", "entry_places_400m"]].tolist() == [2, 1]
    assert found.entries[["ways", "isolates", "cut_off_share", "traffic_share"]].to_numpy().tolist() == [
        [2, True, 1, 1]
    ]
    apart = independent_entries(network, SQUARE, ring_m=[400], merge_m=0)
    assert apart.areas.loc["a", ["independent_entries_400m", "entry_places_400m"]].tolist() == [2, 2]
    assert not apart.entries["isolates"].any()


def test_a_crossing_of_a_big_road_is_a_way_out():
    pieces = [*grid(6, 6), *grid(6, 6, y0=560), ((200, 500), (200, 530)), ((200, 530), (200, 560))]
    road = [((x, 530), (x + 100, 530), {"highway": "primary", "lanes": 6.0}) for x in range(-1000, 1500, 100)]
    streets = streets_table([*pieces, *road])
    counts = []
    for marks in ({}, {(200, 530): "signal"}):
        sided = two_sided(streets, crossings_table(streets, marks), (streets["highway"] == "primary").to_numpy())
        # nobody walks along the road, so across it is the only way
        sided.loc[(sided["highway"] == "primary"), "walk"] = False
        if not marks:
            sided.loc[sided["is_crossing"], "walk"] = False
        network = Network.from_streets(sided)
        found = independent_entries(network, areas_layer(shapely.box(-10, -10, 510, 510)), ring_m=[100])
        counts.append(found.areas["independent_entries_100m"].iloc[0])
        if marks:
            assert not network.edge_snappable.all()
    assert counts == [0, 1]


def test_a_street_along_the_outline_belongs_to_the_area_whose_people_live_in_it():
    # a block whose courtyard has no street; the streets around it are its outline
    network = Network.from_streets(streets_table(grid(14, 14)))
    block = areas_layer(shapely.box(600, 600, 700, 700))
    assert independent_entries(network, block, ring_m=[200]).areas["entries_reason_200m"].tolist() == ["no_street"]
    homes = points_layer([(650, 605), (650, 695)], residents=[1.0, 1.0], area_id=["a", "a"])
    found = independent_entries(network, block, ring_m=[200], residents=homes)
    # from either street one goes both ways
    assert found.areas["independent_entries_200m"].tolist() == [4]
    assert found.entries["traffic_share"].tolist() == pytest.approx([0.25] * 4)


def test_a_street_that_runs_through_without_a_corner_leads_out_at_both_ends():
    network = network_of([((-900, 0), (900, 0)), *comb(900, 0), *comb(-900, 0)])
    inside = areas_layer(shapely.box(-50, -50, 50, 50), shapely.box(-50, 10, 50, 50))
    found = independent_entries(network, inside, ring_m=[400])
    assert found.areas["independent_entries_400m"].tolist()[0] == 2
    assert found.areas["entries_reason_400m"].tolist() == ["ok", "no_street"]
    assert sorted(point.x for point in found.entries.geometry) == pytest.approx([-50, 50])


def test_an_entry_lies_where_its_street_leaves_the_area_for_good():
    # the street north leaves the estate at y = 120, meets its allotments from 160 to 200, and goes on
    area = areas_layer(shapely.union(SQUARE.geometry.iloc[0], shapely.box(-20, 160, 120, 200)))
    for turned in (False, True):
        north = ((100, 900), (100, 100)) if turned else ((100, 100), (100, 900))
        found = independent_entries(network_of([*ESTATE, north, *comb(100, 900)]), area, ring_m=[400])
        assert found.entries.geometry.iloc[0].coords[0] == pytest.approx((100, 200))


def test_a_tunnel_under_an_area_is_no_street_of_it():
    tunnel = ((-900, 0), (900, 0), {"tunnel": True, "snappable": False})
    found = independent_entries(
        network_of([tunnel, *comb(900, 0), *comb(-900, 0)]), areas_layer(shapely.box(-50, -50, 50, 50)), ring_m=[400]
    )
    assert found.areas["entries_reason_400m"].tolist() == ["no_street"]


def test_a_ring_beyond_the_extract_is_unknown_and_told():
    network = Network.from_streets(streets_table(grid(20, 20)))
    areas = areas_layer(shapely.box(850, 850, 1_050, 1_050), shapely.box(250, 850, 450, 1_050))
    found = independent_entries(network, areas, ring_m=[200, 400], extent=shapely.box(0, 0, 1_900, 1_900))
    assert found.areas["entries_reason_200m"].tolist() == ["ok", "ok"]
    assert found.areas["entries_reason_400m"].tolist() == ["ok", "edge"]
    assert found.areas["independent_entries_400m"].isna().tolist() == [False, True]
    # four nodes, two streets out of each
    assert found.areas["independent_entries_200m"].tolist() == [8, 8]
    assert set(found.entries.loc[found.entries["area_id"] == "b", "ring_m"]) == {200}


def test_an_island_has_no_way_out_and_no_entry():
    network = Network.from_streets(streets_table([*grid(6, 6), *grid(6, 6, x0=3_000)]))
    found = independent_entries(network, areas_layer(shapely.box(-50, -50, 550, 550)))
    assert found.areas.loc["a", ["independent_entries_400m", "entry_places_400m"]].tolist() == [0, 0]
    assert np.isnan(found.areas.loc["a", "bottleneck_share_400m"])
    assert found.entries.empty
    assert found.entries.crs == CRS


def test_a_path_on_a_roof_does_not_make_an_area_have_a_street():
    network = network_of([*grid(20, 20), ((5_000, 0), (5_010, 0))])
    found = independent_entries(network, areas_layer(shapely.box(4_990, -10, 5_020, 10)))
    assert found.areas["entries_reason_400m"].tolist() == ["no_street"]


def test_a_street_that_leads_beyond_the_ring_and_back_has_led_out():
    # one loop of 800 m to the north, and nothing else: it is beyond the ring of 200 m in its middle
    loop = ((0, 100), (0, 500), (100, 500), (100, 100))
    network = network_of([*ESTATE, loop, *comb(100, 0, teeth=3), *comb(0, 0, teeth=2)])
    found = independent_entries(network, SQUARE, ring_m=[200, 600])
    assert found.areas.loc["a", ["independent_entries_200m", "independent_entries_600m"]].tolist() == [2, 0]


def town_of(seed, *, missing=0.35):
    """Draw a grid with moved corners and missing streets, two areas, and homes."""
    rng = np.random.default_rng(seed)
    shift = rng.uniform(-30, 30, (12, 12, 2))

    def corner(point):
        i, j = (round(c / 100) for c in point)
        return (point[0] + shift[i, j, 0], point[1] + shift[i, j, 1])

    pieces = [(corner(a), corner(b)) for a, b, _ in grid(12, 12) if rng.random() > missing]
    low, side = rng.uniform(300, 450, (2, 2)), rng.uniform(80, 250, (2, 2))
    areas = areas_layer(*(shapely.box(*at, *(at + by)) for at, by in zip(low, side, strict=True)))
    within = low + rng.random((6, 2, 2)) * side
    homes = points_layer(within.reshape(-1, 2), residents=rng.integers(1, 5, 12), area_id=[*"ab"] * 6)
    return pieces, areas, homes.astype({"residents": float}), rng


def _main_metres(network):
    return network.edge_length_m[network.main_parts[network.component[network.edge_u]]].sum()


def counts(found):
    return found.areas.filter(like="independent_entries").to_numpy()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_a_node_along_a_street_changes_nothing(seed, with_homes):
    pieces, areas, homes, rng = town_of(seed)
    network = network_of(pieces)
    edge = rng.integers(0, network.edge_count, 60)
    split, _ = network.split_at(edge, rng.random(60) * network.edge_length_m[edge])
    # more nodes may make a street of a fragment
    assume(_main_metres(network) == pytest.approx(_main_metres(split)))
    options = {"ring_m": (120, 250), "residents": homes if with_homes else None, "merge_m": 0}
    whole, cut = (independent_entries(each, areas, **options) for each in (network, split))
    np.testing.assert_array_equal(counts(whole), counts(cut))
    assert whole.areas.filter(like="reason").equals(cut.areas.filter(like="reason"))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_one_more_street_never_takes_a_way_out(seed):
    pieces, areas, homes, rng = town_of(seed)
    ends = [pieces[i][0] for i in rng.integers(0, len(pieces), 2)]
    network = network_of(pieces)
    hung = network.snap(homes.geometry)
    # of the streets that meet at a corner a home hangs on the lowest, and one more street numbers them anew
    at_corner = np.minimum(hung.offset_m, network.edge_length_m[hung.edge] - hung.offset_m) < 1e-6
    options = {"ring_m": (120, 250), "residents": homes[~at_corner]}
    before = counts(independent_entries(network, areas, **options))
    after = counts(independent_entries(network_of([*pieces, (*ends, {"snappable": False})]), areas, **options))
    assert (np.nan_to_num(after, nan=-1) >= np.nan_to_num(before, nan=-1)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_entries_add_up_and_a_farther_ring_has_no_more_ways(seed):
    pieces, areas, homes, _ = town_of(seed)
    found = independent_entries(network_of(pieces), areas, ring_m=(120, 250), residents=homes)
    near, far = counts(found).T
    there = ~np.isnan(near)
    assert (far[there] <= near[there]).all()
    for ring_m, values in ((120, near), (250, far)):
        entries = found.entries[found.entries["ring_m"] == ring_m]
        for label, ways in zip(areas.index, values, strict=True):
            mine = entries[entries["area_id"] == label]
            assert mine["ways"].sum() == max(0, ways)
            if len(mine):
                assert mine["traffic_share"].sum() == pytest.approx(1)
                assert mine["traffic_share"].max() == found.areas.loc[label, f"bottleneck_share_{ring_m}m"]
                # the only entry isolates, and no two can
                assert (len(mine) == 1) <= mine["isolates"].sum() <= 1
                assert (mine["isolates"] == (mine["cut_off_share"] > 1 - 1e-9)).all()
                assert mine["cut_off_share"].between(0, 1).all()
                assert mine["cut_off_share"].sum() <= 1 + 1e-9


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_closing_an_entry_cuts_off_whom_it_is_said_to(seed):
    pieces, areas, _, _ = town_of(seed)
    # streets are closed at the entries by taking their edge away; every node in the area counts as one resident
    network = network_of(pieces)
    found = independent_entries(network, areas, ring_m=[200], merge_m=0)
    for label, area in areas.geometry.items():
        entries = found.entries[found.entries["area_id"] == label]
        inside = shapely.contains_xy(area, network.node_x, network.node_y)
        inside &= network.main_parts[network.component]
        ring = shapely.buffer(area, 200)
        for entry in entries.itertuples():
            edge = int(np.argmin(shapely.distance(network.edge_geometry, entry.geometry)))
            if not inside[[network.edge_u[edge], network.edge_v[edge]]].any() or _passing(network, inside, area):
                continue
            had, lost = (_without_way(network, inside, ring, closed) for closed in (-1, edge))
            assert entry.cut_off_share == pytest.approx((lost - had) / (inside.sum() - had))


def _passing(network, inside, area):
    meets = shapely.intersects(network.edge_geometry, area)
    return (meets & ~inside[network.edge_u] & ~inside[network.edge_v]).any()


def _without_way(network, inside, ring, closed):
    """Count nodes of the area with no way beyond the ring, one edge closed."""
    kept = np.arange(network.edge_count) != closed
    out = ~shapely.contains_xy(ring, network.node_x, network.node_y)
    leaving = kept & ~shapely.covers(ring, network.edge_geometry)
    reached = out.copy()
    reached[network.edge_u[leaving]] = reached[network.edge_v[leaving]] = True
    while True:
        more = kept & (reached[network.edge_u] != reached[network.edge_v])
        if not more.any():
            return int((inside & ~reached).sum())
        reached[network.edge_u[more]] = reached[network.edge_v[more]] = True


def test_one_thread_and_many_give_the_same_bytes():
    pieces, areas, homes, _ = town_of(5)
    network = network_of(pieces)
    threads, found = numba.get_num_threads(), []
    try:
        for number in (1, threads):
            numba.set_num_threads(number)
            answer = independent_entries(network, areas, ring_m=(120, 250), residents=homes)
            found.append((answer.areas.to_csv(), answer.entries.to_csv()))
    finally:
        numba.set_num_threads(threads)
    assert found[0] == found[1]


def test_nothing_given_is_changed_and_progress_is_told():
    pieces, areas, homes, _ = town_of(6)
    network = network_of(pieces)
    before = areas.copy(), homes.copy(), network.fingerprint()
    told = []
    independent_entries(network, areas, residents=homes, progress=lambda *step: told.append(step))
    assert areas.equals(before[0])
    # another measure may be asking the same shapes in another thread
    assert not shapely.is_prepared(areas.geometry.to_numpy()).any()
    assert homes.equals(before[1])
    assert network.fingerprint() == before[2]
    assert told[-1][:2] == (2, 2)


def test_all_that_is_wrong_is_told_at_once():
    network = network_of([*ESTATE, *SOUTH])
    homes = points_layer([(0, 0)], residents=[-1.0], area_id=["a"])
    with pytest.raises(InputError) as caught:
        independent_entries(network, SQUARE.iloc[:0], ring_m=[400, 400], residents=homes, merge_m=-1)
    assert len(caught.value.faults) == 4
    with pytest.raises(InputError, match="column residents"):
        independent_entries(network, SQUARE, residents=homes[["geometry"]])
    with pytest.raises(InputError, match="Polygon"):
        independent_entries(network, SQUARE.set_geometry(SQUARE.centroid))
    with pytest.raises(CrsError, match="network"):
        independent_entries(network, SQUARE.to_crs(4326))
    for rings in ([], [0], [np.nan]):
        with pytest.raises(InputError, match="ring_m"):
            independent_entries(network, SQUARE, ring_m=rings)
