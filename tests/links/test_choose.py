"""Sets of links: each scored with those before it built, against building and searching them all."""

from __future__ import annotations

import dataclasses
import itertools
from types import SimpleNamespace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling.links import LinkCandidates, choose_links, demand_on, network_with, pair_interaction, score_candidates
from bykobling.network import Network, reach_sums

CRS = 25832


def river_town(columns=8):
    """Two grids of 100 m with a river of 60 m between, joined nowhere; a home at every corner, a shop at some.

    ::

        +--+--+--+--+--+     y = 160, 260, ...
        ~~~~~~~~~~~~~~~~     a link may be built from any corner of one bank to the corner across
        +--+--+--+--+--+     y = 0, 100
    """
    rows, ids = [], {}
    banks = ([0.0, 100.0], [160.0, 260.0, 360.0])
    for ys in banks:
        for x, y in itertools.product(range(columns), ys):
            here = (100.0 * x, y)
            for there in ((100.0 * (x + 1), y), (100.0 * x, y + 100)):
                if there[0] < 100 * columns and there[1] in ys:
                    ends = [ids.setdefault(p, len(ids) + 1) for p in (here, there)]
                    rows.append((*ends, shapely.LineString([here, there])))
    u, v, lines = zip(*rows, strict=True)
    streets = gpd.GeoDataFrame({"u": u, "v": v, "walk": True, "length_m": 100.0}, geometry=list(lines), crs=CRS)
    network = Network.from_streets(streets)
    node = {(x, y): i for i, (x, y) in enumerate(zip(network.node_x, network.node_y, strict=True))}
    corners = list(node)
    residents = gpd.GeoDataFrame(
        {"residents": np.arange(1.0, len(corners) + 1), "area_id": ["south" if y <= 100 else None for _, y in corners]},
        geometry=[shapely.Point(p) for p in corners],
        crs=CRS,
    )
    shops = gpd.GeoDataFrame(
        {"category": "shop", "weight": 1.0},
        index=range(6),
        geometry=[shapely.Point(p) for p in corners[::4][:6]],
        crs=CRS,
    )
    openings = SimpleNamespace(network=network, walls=None)
    xs = np.arange(1, columns - 1) * 100.0
    links = LinkCandidates(
        openings=openings,
        u=np.array([node[x, 100.0] for x in xs], np.int32),
        v=np.array([node[x, 160.0] for x in xs], np.int32),
        link_s=np.full(len(xs), 45.0, np.float32),
        length_m=np.full(len(xs), 60.0),
        kind=np.full(len(xs), "bridge", object),
        barrier=np.zeros(len(xs), np.int64),
        cost_dkk=np.linspace(10e6, 15e6, len(xs)),
        route_s=np.full(len(xs), np.inf, np.float32),
        direct_s=np.full(len(xs), 45.0, np.float32),
        geometry=np.array([shapely.LineString([(x, 100), (x, 160)]) for x in xs], object),
    )
    demand = demand_on(openings, residents, shops, pd.Index(["south"]), cutoffs_min=(3, 5))
    return links, demand


def alone_of(links, demand):
    return score_candidates(links, demand).gain[:, :, -1, 0].sum(axis=0)


def searched(links, demand, rows):
    """Gain of a set of links by searching the network with all of them built."""
    sums = [
        reach_sums(network, demand.homes, demand.destinations, demand.weights, demand.cutoffs_s)[:, -1, 0]
        for network in (links.openings.network, network_with(links, rows))
    ]
    return float(demand.people @ (sums[1] - sums[0]))


def test_a_set_gains_what_searching_with_all_of_it_built_tells():
    links, demand = river_town()
    sets = choose_links(links, demand, steps=3)
    assert len(sets) == 3
    chosen = sets["row"].tolist()
    for k in range(3):
        assert sets["total_gain"][k] == pytest.approx(searched(links, demand, chosen[: k + 1]), rel=1e-9)
        assert sets["alone"][k] == pytest.approx(searched(links, demand, [chosen[k]]), rel=1e-9)
    # the first is the best alone; nobody else would add more as the second
    assert chosen[0] == np.argmax(alone_of(links, demand))
    seconds = [searched(links, demand, [chosen[0], row]) for row in range(len(links)) if row != chosen[0]]
    assert sets["total_gain"][1] == pytest.approx(max(seconds), rel=1e-9)
    assert (np.diff(sets["total_gain"]) > 0).all()


def test_a_budget_is_kept_and_a_link_that_adds_nothing_is_not_built():
    links, demand = river_town()
    sets = choose_links(links, demand, steps=6, budget_dkk=25e6)
    assert sets["total_cost_dkk"].max() <= 25e6
    assert len(sets) == 2
    assert choose_links(links, demand, budget_dkk=1e6).empty
    nobody = dataclasses.replace(demand, people=np.zeros(len(demand.people)))
    assert choose_links(links, nobody).empty


def test_pairs_interact_as_searching_both_built_tells():
    links, demand = river_town()
    pairs = pair_interaction(links, demand).set_index(["row", "other"])
    assert len(pairs) == 15
    alone = alone_of(links, demand)
    for row, other in [(0, 1), (0, 5), (2, 4)]:
        together = searched(links, demand, [row, other])
        assert pairs["together"][row, other] == pytest.approx(together, rel=1e-9)
        assert pairs["interaction"][row, other] == pytest.approx(together - alone[row] - alone[other], abs=1e-9)
    # neighbours do for each other
    assert pairs["interaction"][0, 1] < 0


def test_gains_home_by_home_sum_to_those_of_areas():
    links, demand = river_town()
    areas, homes = score_candidates(links, demand), score_candidates(links, demand, by_home=True)
    np.testing.assert_allclose(homes.gain.sum(axis=0), areas.gain.sum(axis=0), rtol=1e-12)
    south = demand.area == 0
    np.testing.assert_allclose(homes.gain[south].sum(axis=0), areas.gain[0], rtol=1e-12)
    assert areas.gain.shape == (2, len(links), 2, 3)
    assert 0 < areas.gaining[0].max() <= demand.people[south].sum()
