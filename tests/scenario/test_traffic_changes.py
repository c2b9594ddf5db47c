"""Motor traffic of a proposal: it changes what is heard, and nothing for those on foot."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString

from bykobling.emission import receiver_levels
from bykobling.network import Network
from bykobling.scenario import (
    AddRoad,
    ChangeTraffic,
    Scenario,
    read_scenarios,
    scenario_from_json,
    scenario_to_json,
)
from bykobling.scenario.traffic import apply_traffic, traffic_changes


def streets():
    """A dual carriageway along y = 0 and 12, a street across it, a footway beside it."""
    lines = [
        LineString([(0, 0), (400, 0)]),
        LineString([(400, 12), (0, 12)]),
        LineString([(200, -150), (200, 150)]),
        LineString([(0, -8), (400, -8)]),
    ]
    return gpd.GeoDataFrame(
        {
            "highway": ["primary", "primary", "residential", "footway"],
            "drive": [True, True, True, False],
            "walk": True,
            "oneway": [True, True, False, False],
            "tunnel": False,
            "maxspeed_kmh": [50.0, 50.0, 30.0, np.nan],
        },
        geometry=lines,
        crs=25832,
    )


ALONG = LineString([(20, 6), (380, 6)])


def test_a_dual_road_shares_its_vehicles_and_what_crosses_it_keeps_its_own():
    changed = apply_traffic(Scenario((ChangeTraffic(ALONG, aadt=8_000, speed_kmh=40, heavy_share=0.02),)), streets())
    assert changed["aadt"].tolist()[:2] == [4_000, 4_000]
    assert changed["aadt"].iloc[2:].isna().all()
    assert changed["speed_kmh"].tolist()[:2] == [40, 40]
    assert changed["heavy_share"].tolist()[:2] == [0.02, 0.02]


def test_a_two_way_street_carries_all_of_it():
    line = LineString([(200, -140), (200, -20)])
    changed = apply_traffic(Scenario((ChangeTraffic(line, aadt=500),)), streets())
    assert changed["aadt"].iloc[2] == 500
    assert changed["aadt"].iloc[[0, 1, 3]].isna().all()


def test_the_streets_given_stay_as_they_are():
    before = streets()
    apply_traffic(Scenario((ChangeTraffic(ALONG, aadt=1), AddRoad(ALONG, aadt=100))), before)
    assert before.equals(streets())


def test_a_line_along_no_street_is_told():
    found = []
    far = Scenario((ChangeTraffic(LineString([(0, 90), (150, 90)]), aadt=9, name="Ringvej"),), name="A")
    assert apply_traffic(far, streets(), found)["aadt"].isna().all()
    (fault,) = found
    assert "no street with motor traffic runs along it" in fault.rule
    assert "Ringvej" in fault.where


@pytest.mark.parametrize("fewer", [0.5, 0.1])
def test_less_traffic_is_heard_less_and_a_new_road_more(fewer):
    base = apply_traffic(Scenario((ChangeTraffic(ALONG, aadt=20_000),)), streets())
    less = apply_traffic(Scenario((ChangeTraffic(ALONG, aadt=20_000 * fewer),)), streets())
    more = apply_traffic(Scenario((AddRoad(LineString([(0, 60), (400, 60)]), aadt=10_000),)), base)
    homes = gpd.GeoSeries(shapely.points([(50, 40), (120, 80)]), crs=25832)
    levels = [receiver_levels(each, homes)["lden_db"].to_numpy() for each in (less, base, more)]
    assert (levels[0] < levels[1]).all()
    assert (levels[1] < levels[2]).all()
    # the crossing street is heard as well, so the fall is a little less than that of the road alone
    assert np.all(levels[1] - levels[0] <= -10 * np.log10(fewer) + 1e-6)


def test_changes_are_numbered_as_they_stand():
    road = AddRoad(ALONG, aadt=1)
    assert traffic_changes(Scenario((road, ChangeTraffic(ALONG)))) == [(1, road), (2, ChangeTraffic(ALONG))]


def test_numbers_out_of_range_and_changes_of_nothing_are_told():
    table = streets().assign(bike=True, length_m=400.0, u=[1, 2, 3, 1], v=[2, 1, 4, 2])
    network = Network.from_streets(table, mode="walk")
    wrong = Scenario(
        (
            ChangeTraffic(ALONG, aadt=-1, speed_kmh=300),
            ChangeTraffic(ALONG, heavy_share=30),
            ChangeTraffic(ALONG),
            AddRoad(LineString(), aadt=5),
        ),
        name="A",
    )
    rules = [fault.rule for fault in wrong.check(network)]
    assert [rule.split(",")[0] for rule in rules] == [
        "aadt is -1", "speed_kmh is 300", "heavy_share is 30", "it changes nothing", "it is no line with a length",
    ]  # fmt: skip
    assert wrong.changes_traffic
    assert not wrong.changes_streets
    assert wrong.apply(network) is network


def test_traffic_is_read_as_drawn_and_survives_json(tmp_path):
    drawn = gpd.GeoDataFrame(
        {
            "kind": ["traffic", "road", "road"],
            "proposal": "A",
            "name": ["Fewer", "New", "Silent"],
            "aadt": [500.0, 9_000.0, np.nan],
            "speed_kmh": [30.0, np.nan, 50.0],
            "heavy_share": [np.nan, 0.1, np.nan],
        },
        geometry=[LineString([(x, 0), (x, 100)]) for x in (700_000, 700_100, 700_200)],
        crs=25832,
    )
    drawn.to_file(tmp_path / "drawn.gpkg")
    found = []
    (scenario,) = read_scenarios(tmp_path / "drawn.gpkg", crs=25832, faults=found)
    assert [(fault.where, fault.rule) for fault in found] == [("row 3", "aadt is empty")]
    fewer, new = scenario.modifications
    assert (fewer.aadt, fewer.speed_kmh, fewer.heavy_share, fewer.name) == (500, 30, None, "Fewer")
    assert (new.aadt, new.speed_kmh, new.heavy_share) == (9_000, 50, 0.1)
    again = scenario_from_json(scenario_to_json(scenario), crs=25832)
    for one, other in zip(scenario.modifications, again.modifications, strict=True):
        assert type(one) is type(other)
        assert one.line.equals_exact(other.line, 1e-3)
        assert dataclasses.replace(one, line=other.line) == other


def test_one_one_way_street_carries_all_that_is_told():
    alone = streets().iloc[[0, 2]].reset_index(drop=True)
    changed = apply_traffic(Scenario((ChangeTraffic(ALONG, aadt=6_000),)), alone)
    assert changed["aadt"].iloc[0] == 6_000
