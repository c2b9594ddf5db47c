"""Minutes saved to everyday places against searching the built network from every home."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.links.test_choose import river_town

from bykobling.links.choose import network_with
from bykobling.network import Links, travel_time_matrix
from bykobling.study.find_times import minutes_saved


def test_minutes_are_those_of_searching_the_built_network():
    links, demand = river_town()
    network = links.openings.network
    at = shapely.points([(100, 160), (320, 160), (0, 100)])
    places = gpd.GeoDataFrame({"category": ["school", "school", "cafe"]}, geometry=list(at), crs=network.crs)
    told = minutes_saved(links, demand, places)
    assert len(told) == len(links)
    # nobody sells bread
    assert told[["daily_shopping_saving", "daily_shopping_saved_min"]].isna().all(axis=None)
    doors = network.snap_edges(places.geometry[:2])
    assert isinstance(doors, Links)
    was = travel_time_matrix(network, demand.homes, doors).min(axis=1)
    some = 0
    for row in range(len(links)):
        now = travel_time_matrix(network_with(links, [row]), demand.homes, doors).min(axis=1)
        saved = np.where(np.isinf(was) & np.isinf(now), 0.0, was - now)
        assert told["school_saving"][row] == pytest.approx(demand.people[saved >= 60].sum())
        known = (saved >= 60) & np.isfinite(saved)
        some += int((saved >= 60).any())
        mean = np.average(saved[known], weights=demand.people[known]) / 60 if known.any() else np.nan
        assert told["school_saved_min"][row] == pytest.approx(mean, nan_ok=True)
    assert some
