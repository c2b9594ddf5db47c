"""Whole runs on real cities: would a planner who knows the place believe it?"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bykobling.study import read_study, run_study
from tests.real.approve import TABLE
from tests.real.studies import DATA, copenhagen, helsinki

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data beside the project"),
]
HEADLINE = "barrier_effect_walk_15min"


@pytest.fixture(scope="module")
def helsinki_results(tmp_path_factory):
    return run_study(read_study(helsinki(tmp_path_factory.mktemp("helsinki"))))


@pytest.fixture(scope="module")
def copenhagen_results(tmp_path_factory):
    return run_study(read_study(copenhagen(tmp_path_factory.mktemp("copenhagen"))))


def blamed(results, area_id, *, least):
    """Names of the barriers that take at least this share of an area's loss on a 15 minute walk."""
    mine = results.shares
    mine = mine[(mine["area_id"] == area_id) & (mine["mode"] == "walk") & (mine["cutoff_min"] == 15)]
    return set(mine.loc[(mine["barrier_share"] >= least) & (mine["kind"] != "water"), "barrier"])


def near(results, x, y):
    """Id of the area at a place given in degrees."""
    import geopandas as gpd

    point = gpd.GeoSeries(gpd.points_from_xy([x], [y]), crs=4326).to_crs(results.areas.crs).iloc[0]
    return results.areas.index[results.areas.contains(point)][0]


def test_helsinki_effects_lie_where_the_design_expects_them(helsinki_results):
    effect = helsinki_results.areas[HEADLINE].dropna()
    assert effect.between(0, 0.6).all()
    # fading to nothing away from barriers, and not nothing everywhere
    assert effect.median() < 0.06
    assert effect.max() > 0.1


def test_the_railway_yard_is_to_blame_on_both_of_its_sides(helsinki_results):
    # Kaisaniemi east of it, Töölönlahti west of it
    for place in ((24.9440, 60.1755), (24.9375, 60.1755)):
        area = near(helsinki_results, *place)
        assert helsinki_results.areas.loc[area, HEADLINE] > 0.05
        assert any("railway yard" in name for name in blamed(helsinki_results, area, least=0.1))


def test_the_yard_is_one_barrier_and_the_sea_is_called_the_sea(helsinki_results):
    names = helsinki_results.barriers["name"]
    assert names.str.contains("railway yard").sum() == 1
    assert "the sea" in set(names)
    assert not helsinki_results.barriers.loc[names == "the sea", "headline"].any()


def test_copenhagen_blames_what_a_citizen_would(copenhagen_results):
    areas = copenhagen_results.areas.set_index("name")
    # in the corner of Borups Allé and Hulgårdsvej
    assert areas[HEADLINE].idxmax() == "Genforeningsplads"
    assert areas.loc["Genforeningsplads", "top_barrier"] == "Borups Allé"
    # behind the walls of the cemetery
    assert areas.loc["Birkegades", "top_barrier"] == "Assistens Kirkegård"


def test_copenhagen_tells_vulnerable_areas_from_the_rest(copenhagen_results):
    assert copenhagen_results.areas["group"].value_counts().to_dict() == {"rest": 114, "vulnerable": 33}
    gaps = copenhagen_results.gaps.loc[HEADLINE]
    assert np.isfinite(gaps["gap_abs"])
    assert gaps["vulnerable"] > gaps["rest"]


def test_copenhagen_has_the_numbers_that_were_approved(copenhagen_results):
    expected = pd.read_csv(TABLE, index_col="indicator")
    pd.testing.assert_frame_equal(copenhagen_results.gaps, expected, check_dtype=False, rtol=1e-5, atol=2e-6)


def test_the_profile_of_copenhagen_is_what_a_planner_would_believe(copenhagen_results):
    areas = copenhagen_results.areas
    # a dense block city: ways are a third longer than the crow flies, and the farther the less
    assert areas["detour_index_400m"].dropna().between(1.1, 2.0).all()
    assert areas["detour_index_800m"].mean() < areas["detour_index_400m"].mean()
    assert areas["independent_entries_400m"].dropna().ge(1).all()
    # there is no shop in this extract: no number, never a zero
    assert "minutes_to_daily_shopping_walk" not in areas


def test_shares_of_every_area_sum_to_one(copenhagen_results, helsinki_results):
    for results in (copenhagen_results, helsinki_results):
        shares = results.shares
        dry = shares[shares["kind"] != "water"]
        total = dry.groupby(["area_id", "mode", "cutoff_min"])["barrier_share"].sum()
        assert total.to_numpy() == pytest.approx(1.0)


def test_the_severance_map_never_beats_the_straight_line(helsinki_results):
    detour = helsinki_results.severance["crossing_detour"].dropna()
    assert (detour >= 1).all()
    assert np.isfinite(detour).mean() > 0.9


def test_two_runs_give_the_same_numbers(helsinki_results, tmp_path):
    again = run_study(read_study(helsinki(tmp_path)))
    columns = [c for c in again.areas.columns if c.startswith("barrier_effect")]
    assert again.areas[columns].equals(helsinki_results.areas[columns])
