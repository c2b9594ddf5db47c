"""Motor traffic of a proposal: it changes what is heard, and nothing for those on foot."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString

from bykobling.emission import receiver_levels
from bykobling.scenario import Scenario
from bykobling.scenario.traffic import AddRoad, ChangeTraffic, apply_traffic, traffic_changes


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
