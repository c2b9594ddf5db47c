"""The whole profile of the town of test_run: two halves, a railway between, one footbridge, schools in the east."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from test_run import TOML, areas, make, place

from bykobling.errors import StudyError
from bykobling.indicators import indicator_of
from bykobling.study import check_study, read_study, run_study, save_results
from bykobling.study.access import area_means

PROFILE = """
[profile]
places = { file = "stations.geojson", name = "label" }
standards = { minutes_to_school_walk = 10 }
index = { barrier_effect_walk_15min = 2, detour_index_400m = 1 }
"""
STATIONS = gpd.GeoDataFrame(
    {"label": ["Nørre Station", "Øst Station"]},
    geometry=[shapely.Point(place(1, 6)), shapely.Point(place(12, 6))],
    crs=4326,
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("profile")
    table = areas().assign(score=[7.0, 3.0], income=[200.0, 400.0])
    STATIONS.to_file(folder / "stations.geojson")
    toml = TOML.replace('group = "group"', 'group = "group"\nvulnerability = "score"\nincome = "income"') + PROFILE
    return run_study(make(folder, table=table, toml=toml))


def test_the_west_is_near_the_schools_and_far_on_foot(results):
    west, east = results.areas.loc["w"], results.areas.loc["e"]
    assert west["minutes_to_school_walk"] > 2 * east["minutes_to_school_walk"]
    # nobody rides over a footbridge
    assert west["minutes_to_school_bike"] == 60
    assert east["minutes_to_school_bike"] < east["minutes_to_school_walk"]
    assert west["places_walk_15min"] < east["places_walk_15min"] <= 6
    assert west["near_but_far_places"] > 0
    assert east["near_but_far_places"] == 0
    listed = results.near_but_far
    assert (listed["area_id"] == "w").all()
    assert (listed["category"] == "school").all()
    assert (listed["walk_m"] > 1_000).all()
    assert (listed["straight_m"] <= 500).all()


def test_every_indicator_is_known_and_compared(results):
    measured = [name for name in results.areas.columns if indicator_of(name)]
    assert len(measured) > 35
    for name in measured:
        assert {f"{name}_percentile", f"{name}_gap"} <= set(results.areas.columns)
        assert name in results.gaps.index
    profile = results.profile()
    assert set(profile["indicator"]) == set(measured)
    assert len(profile) == 2 * len(measured)


def test_what_a_home_has_averages_to_what_its_area_has(results):
    means = area_means(results.residents[["minutes_to_school_walk", "green_300m_share"]], results.residents)
    for name in ("minutes_to_school_walk",):
        assert results.areas[name].to_numpy() == pytest.approx(means[name].reindex(results.areas.index).to_numpy())


def test_what_the_data_lack_is_missing_with_a_sentence(results):
    # no shop, no green: no column, never a zero
    for name in ("minutes_to_daily_shopping_walk", "catchment_2sfca_health"):
        assert name not in results.areas
    assert results.areas["green_300m_share"].isna().all()
    text = " ".join(note.text for note in results.notes if note.kind == "missing")
    assert "There is no place of the kind daily_shopping" in text
    assert "no green space" in text
    assert results.areas["fifteen_minute_categories"].between(0, 1).all()


def test_standards_are_those_of_the_study(results):
    homes = results.residents
    met = homes["minutes_to_school_walk"] <= 10
    assert (homes["standards_met_share"] == met).all()
    assert (homes["standards_unmet"] == ~met).all()
    assert any("at most 10 min" in note.text for note in results.notes)


def test_the_only_bridge_is_no_way_out_of_a_grid_that_ends_in_fields(results):
    # of the 400 m around the west only the streets beyond the railway lead further
    assert results.areas.loc["w", "independent_entries_400m"] == 1
    entry = results.entries[(results.entries["area_id"] == "w") & (results.entries["ring_m"] == 400)]
    assert entry["isolates"].all()
    assert entry["area"].tolist() == ["Vest"]
    assert results.areas.loc["w", "bottleneck_share_400m"] == pytest.approx(1)


def test_travel_times_to_named_places(results):
    times = results.travel_times.set_index(["area_id", "place", "mode"])["minutes"]
    assert times["w", "Nørre Station", "walk"] < times["e", "Nørre Station", "walk"]
    assert times["e", "Øst Station", "bike"] < times["e", "Øst Station", "walk"] < times["w", "Øst Station", "walk"]
    assert times["w", "Øst Station", "bike"] == np.inf
    assert len(times) == 2 * 2 * 2


def test_two_axes_and_index_stand_beside_their_parts(results):
    west, east = results.areas.loc["w"], results.areas.loc["e"]
    assert west["vulnerability"] == 7
    # worse on both axes: the east is behind the front
    assert west["pareto_front"]
    assert not east["pareto_front"]
    assert west["index_rank"] == 1
    parts = [name for name in results.areas if name.startswith("index_part_")]
    assert len(parts) == 2
    assert west[parts].sum() == pytest.approx(west["index"])


def test_inequality_tells_who_has_less(results):
    table = results.inequality.set_index("indicator")
    row = table.loc["places_walk_15min"]
    assert 0 < row["gini"] < 1
    assert row["theil_between"] + row["theil_within"] == pytest.approx(row["theil_t"])
    # the poor and vulnerable west has less
    assert row["concentration_by_income"] > 0
    assert row["concentration_by_vulnerability"] < 0
    assert row["fgt_0"] >= row["fgt_1"] >= row["fgt_2"] >= 0


def test_a_run_without_the_profile_measures_the_headline_alone(tmp_path):
    results = run_study(make(tmp_path, toml=TOML + "[profile]\nenabled = false\n"))
    assert "detour_index_400m" not in results.areas
    assert results.entries is None
    assert results.inequality is None
    assert "barrier_effect_walk_15min" in results.areas


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("standards = { minutes_to_scool_walk = 10 }", "minutes_to_school_walk"),
        ("standards = { minutes_to_school_walk = 'ten' }", "number"),
        ("index = 3", "stands where a section belongs"),
        ("places = { file = 'none.gpkg' }", "none.gpkg"),
        ("enabeld = true", "enabled"),
    ],
)
def test_faults_in_the_section_are_named_with_their_remedy(tmp_path, line, said):
    make(tmp_path)
    (tmp_path / "study.toml").write_text(f"{TOML}[profile]\n{line}\n", encoding="utf-8")
    with pytest.raises(StudyError, match=said):
        read_study(tmp_path)


def test_nameless_places_are_left_out_with_a_warning(tmp_path):
    twice = pd.concat([STATIONS, STATIONS.iloc[:1], STATIONS.iloc[:1].assign(label=None)])
    twice.to_file(tmp_path / "stations.geojson")
    make(tmp_path)
    (tmp_path / "study.toml").write_text(TOML + PROFILE, encoding="utf-8")
    faults = check_study(read_study(tmp_path))
    assert any("2 places have no name" in str(fault) for fault in faults)


def test_area_means_weigh_by_residents_and_tell_nobody_apart():
    homes = pd.DataFrame({"residents": [1.0, 3.0, 2.0, 0.0], "area_id": ["a", "a", "b", None]})
    values = pd.DataFrame({"x": [4.0, 8.0, np.nan, 1.0], "y": [np.inf, 1.0, 1.0, 1.0]})
    means = area_means(values, homes)
    assert means.loc["a", "x"] == 7
    assert np.isnan(means.loc["b", "x"])
    assert means.loc["a", "y"] == np.inf
    assert list(means.index) == ["a", "b"]


def test_homes_far_from_every_street_leave_the_profile_missing_with_a_sentence(tmp_path):
    x, y = place(0, 0)
    far = gpd.GeoDataFrame(
        {"residents": [5.0, 5.0]}, geometry=[shapely.Point(x - d, y) for d in (0.006, 0.0065)], crs=4326
    )
    far.to_file(tmp_path / "people.geojson")
    wide = areas().to_crs(25832).assign(geometry=lambda table: table.buffer(700)).to_crs(4326).iloc[:1]
    study = make(tmp_path, table=wide, toml=TOML + '[population]\nfile = "people.geojson"\n')
    results = run_study(study)
    assert any("No home of the areas is linked" in note.text for note in results.notes)
    assert results.areas["barrier_effect_walk_15min"].isna().all()
    assert results.inequality.empty
    assert "places_walk_15min" not in results.areas
    save_results(results, study)
    assert (study.results / "report.html").exists()
