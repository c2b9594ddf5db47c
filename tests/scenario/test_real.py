"""A real bridge taken away, and one drawn beside it: would somebody who knows the lakes believe it?"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from bykobling.barriers import BarrierRules, is_barrier_road, make_barriers
from bykobling.network import Network, travel_time_matrix
from bykobling.network.two_sided import two_sided
from bykobling.osm import read_osm
from bykobling.scenario import AddLink, RemoveLink, Scenario
from tests.real.studies import DATA

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside the project"),
]


@pytest.fixture(scope="module")
def city():
    extract = read_osm(DATA / "copenhagen" / "inner_north_2022.osm.pbf")
    rules = BarrierRules()
    streets = two_sided(extract.streets, extract.crossings, is_barrier_road(extract.streets, rules=rules))
    return Network.from_streets(streets), make_barriers(extract, rules=rules)


def projected(network, *lonlat):
    return gpd.GeoSeries(gpd.points_from_xy(*zip(*lonlat, strict=True)), crs=4326).to_crs(network.crs).to_list()


def minutes(network, start, end):
    here, there = network.snap([start]), network.snap([end])
    return float(travel_time_matrix(network, here, there)[0, 0]) / 60


def test_without_dronning_louises_bro_one_walks_round_by_the_next_bridge(city):
    network, barriers = city
    name = network.edge_attributes["name"] == "Dronning Louises Bro"
    bridge = network.edge_geometry[np.flatnonzero(name & network.edge_attributes["bridge"])[0]]
    city_side, norrebro = projected(network, (12.5665, 55.6858), (12.5610, 55.6885))
    gone = Scenario((RemoveLink(bridge, tolerance_m=15),))
    assert gone.check(network, barriers=barriers) == []
    without = gone.apply(network)
    # the bridge and nothing else: streets along the shores only cross its ends
    assert network.edge_length_m.sum() - without.edge_length_m.sum() == pytest.approx(bridge.length, abs=5)
    assert minutes(network, city_side, norrebro) < 8
    # by Fredensbro or Åboulevard, about a kilometre and a half
    assert 12 < minutes(without, city_side, norrebro) < 30
    # drawn again, it is as long as it was, but for where its ends meet the streets
    again = Scenario((AddLink(bridge, kind="bridge"),)).apply(without)
    assert minutes(again, city_side, norrebro) == pytest.approx(minutes(network, city_side, norrebro), abs=0.5)


def test_a_bridge_over_the_lake_needs_both_shores(city):
    network, barriers = city
    # across the larger basin, from quay to quay
    east, west = (shapely.Point(place) for place in ((347_631.6, 6_174_694.4), (347_460.4, 6_174_783.3)))
    middle = shapely.Point((east.x + west.x) / 2, (east.y + west.y) / 2)
    faults = Scenario((AddLink(shapely.LineString([east, middle]), kind="bridge"),)).check(network, barriers=barriers)
    assert [fault.severity for fault in faults] == ["error"]
    assert "its end lies in the water (Sortedams Sø)" in faults[0].rule
    proposal = Scenario((AddLink(shapely.LineString([east, west]), kind="bridge"),))
    assert proposal.check(network, barriers=barriers) == []
    assert minutes(network, east, west) > 10
    assert minutes(proposal.apply(network), east, west) < 3
