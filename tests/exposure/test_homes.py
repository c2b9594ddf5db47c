"""Levels at homes, and people shared among receivers."""

from __future__ import annotations

import math
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from bykobling.errors import CrsError, InputError
from bykobling.exposure import FacadeRules, area_exposure, building_levels, home_levels, home_receivers
from bykobling.raster import read_noise
from tests.exposure.towns import buildings, homes, street_map

NAME = "road_lden"
ROAD = {"metric": "lden", "source": "road"}


def test_tiers_by_hand(tmp_path):
    levels, town, living = street_map(tmp_path), buildings(), homes()
    before = living.copy()
    found = home_levels(levels, living, town)
    assert found.index.equals(living.index)
    assert found[f"{NAME}_tier"].tolist() == ["T2", "T2", "T2", "T2", "T2 point"]
    # e stands in the cell from 10 to 9 m, whose upper edge it is on
    assert found[f"{NAME}_db"].tolist() == [55.5, 55.5, 55.5, 55.5, 65.5]
    assert found[f"{NAME}_quiet_facade"].tolist()[:4] == [1] * 4
    assert math.isnan(found.loc["e", f"{NAME}_quiet_facade"])
    pd.testing.assert_frame_equal(living, before)
    facades = building_levels(levels, town)
    assert found.loc["c", f"{NAME}_db"] == facades.loc["B", f"{NAME}_max_db"]


def test_without_buildings_each_home_is_a_point(tmp_path):
    found = home_levels(street_map(tmp_path, screening=True), homes())
    assert found[f"{NAME}_tier"].tolist() == ["T4 point"] * 5
    assert found[f"{NAME}_db"].tolist() == [45.5, 50.5, 45.5, 45.5, 65.5]


def test_a_home_beside_a_building_belongs_to_it(tmp_path):
    levels = street_map(tmp_path)
    door = gpd.GeoDataFrame({"residents": [1.0]}, geometry=[shapely.Point(10, 14)], crs=25832)
    assert home_levels(levels, door, buildings())[f"{NAME}_db"].tolist() == [55.5]
    near = FacadeRules(near_m=5)
    assert home_levels(levels, door, buildings(), rules=near)[f"{NAME}_tier"].tolist() == ["T2 point"]


@pytest.mark.parametrize("rule", ["upper_half", "most_exposed", "all"])
def test_people_shared_among_receivers_keep_their_sum(tmp_path, rule):
    levels, living = street_map(tmp_path, lowest=45), homes().assign(dwellings=1.0)
    found = home_receivers(levels, living, buildings(), rule=rule, weights=("residents", "dwellings"))
    for column in ("residents", "dwellings"):
        pd.testing.assert_series_equal(
            found.groupby("home")[column].sum(), living[column], check_names=False, check_index_type=False
        )
    assert found.groupby("home")["area_id"].first().to_dict() == living["area_id"].to_dict()
    one = home_levels(levels, living, buildings())
    loudest = found.groupby("home")[f"{NAME}_db"].max()
    pd.testing.assert_series_equal(loudest, one[f"{NAME}_db"], check_names=False, check_index_type=False)
    count = {"upper_half": 8, "most_exposed": 1, "all": 17}[rule]
    assert (found["home"] == "a").sum() == count
    assert (found["home"] == "e").sum() == 1


def test_the_upper_half_is_less_loud_than_the_loudest_facade(tmp_path):
    levels, living = street_map(tmp_path), homes()
    loudest = area_exposure(living.join(home_levels(levels, living, buildings())))
    shared = area_exposure(home_receivers(levels, living, buildings()))
    every = area_exposure(home_receivers(levels, living, buildings(), rule="all"))
    column = f"{NAME}_pop_weighted_mean_db"
    assert (loudest[column] > shared[column]).all()
    assert (shared[column] > every[column]).all()


def test_dwellings_with_levels_of_their_own():
    told = gpd.GeoDataFrame(
        {"lden": [60.0, 66.0, 58.0]}, geometry=shapely.points([(10, 30), (12, 30), (50, 18)]), crs=25832
    )
    levels, living = read_noise(told, **ROAD), homes()
    found = home_levels(levels, living, buildings())
    # a stands on a dwelling; b has the loudest of its building; c that beside it; d and e have none
    assert found[f"{NAME}_db"].tolist() == pytest.approx([60, 66, 58, math.nan, math.nan], nan_ok=True)
    assert found[f"{NAME}_tier"].tolist() == ["T1", "T1", "T1", None, None]
    shared = home_receivers(levels, living, buildings())
    assert sorted(shared.loc[shared["home"] == "b", f"{NAME}_db"]) == [60, 66]
    assert shared.loc[shared["home"] == "b", "residents"].tolist() == [0.5, 0.5]


def test_a_dwelling_at_the_home_itself_counts_alone():
    told = gpd.GeoDataFrame({"lden": [60.0, 66.0]}, geometry=shapely.points([(10, 30), (16, 38)]), crs=25832)
    found = home_levels(read_noise(told, **ROAD), homes().head(2), buildings())
    assert found[f"{NAME}_db"].tolist() == [60, 66]


def test_a_house_without_dwellings_takes_the_nearest():
    told = gpd.GeoDataFrame({"lden": [61.0]}, geometry=shapely.points([(59, 30)]), crs=25832)
    living = gpd.GeoDataFrame({"residents": [1.0]}, geometry=shapely.points([(64, 30)]), crs=25832)
    assert home_levels(read_noise(told, **ROAD), living, buildings())[f"{NAME}_db"].tolist() == [61]


def test_levels_worked_out_where_they_are_asked_for(tmp_path):
    """A model in place of a map: 80 dB at x = 0, 1 dB less a metre to the east, and no sound at all beyond x = 90."""
    levels = replace(
        street_map(tmp_path), kind="model", raster=None, screening=True, lowest_db=30.0,
        domain=shapely.box(-50, 0, 200, 80), model=lambda x, _, __: np.where(x < 90, 80 - x, -np.inf),
    )  # fmt: skip
    found = home_levels(levels, homes(), buildings())
    assert found[f"{NAME}_tier"].tolist() == ["T4"] * 4 + ["T4 point"]
    assert found[f"{NAME}_reason"].tolist() == [None] * 4 + ["below_lowest"]
    assert found.loc["a", f"{NAME}_db"] == pytest.approx(80.1)
    assert found.loc["e", f"{NAME}_hi_db"] == 30


def test_no_homes_no_rows(tmp_path):
    found = home_levels(street_map(tmp_path), homes().head(0), buildings())
    assert len(found) == 0
    assert f"{NAME}_db" in found


def test_bad_input(tmp_path):
    levels = street_map(tmp_path)
    with pytest.raises(CrsError):
        home_levels(levels, homes(), buildings().to_crs(25833))
    with pytest.raises(InputError, match="Polygon where"):
        home_levels(levels, homes().buffer(1).to_frame("geometry"))
    with pytest.raises(InputError) as caught:
        home_receivers(levels, homes(), buildings(), rule="lower_half", weights=("flats",))
    assert len(caught.value.faults) == 2
