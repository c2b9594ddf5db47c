"""Where to build in a toy town: a railway with one bridge at its southern end."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from tests.study.test_run import make

from bykobling import cli
from bykobling.errors import Cancelled, StudyError
from bykobling.links import LINK_KINDS
from bykobling.study import FindSettings, find_study, save_found


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return make(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def found(study):
    return find_study(study, settings=FindSettings(steps=3))


def test_the_best_connection_passes_the_railway_away_from_its_bridge(found):
    best = found.links.iloc[0]
    assert best["barrier"] == "Ringbanen"
    assert best["kind"] == "underpass"
    assert best.name == "L1"
    assert best["residents_gaining"] > 0
    assert 0 < best["recovered_share"] <= 1
    assert best["detour"] >= 3
    assert found.links["gain_score"].is_monotonic_decreasing
    assert found.links["rank"].tolist() == list(range(1, len(found.links) + 1))
    # the bridge is in the south: what lies beside it gives nothing
    south = found.links.geometry.centroid.y.min()
    assert best.geometry.centroid.y > south or len(found.links) == 1


def test_numbers_of_all_tables_agree(found):
    links, areas = found.links, found.areas
    for column in ("gain_score", "residents_gaining"):
        of_areas = areas.groupby("link_id")[column].sum().reindex(links.index)
        # some live outside the two areas
        assert (of_areas > 0.8 * links[column]).all()
        assert (of_areas <= links[column] + 1e-9).all()
    vulnerable = areas[areas["group"] == "vulnerable"].groupby("link_id")["gain_score"].sum().reindex(links.index)
    assert np.allclose(vulnerable.fillna(0), links["gain_vulnerable"])
    places = ((areas["places_after"] - areas["places_before"]) * areas["residents"]).groupby(areas["link_id"]).sum()
    assert (places.reindex(links.index) <= links["gain_places"] + 1e-6).all()
    best = found.homes[found.homes["link_id"] == "L1"]
    assert best["residents"].sum() == pytest.approx(links.loc["L1", "residents_gaining"])
    gained = ((best["places_after"] - best["places_before"]) * best["residents"]).sum()
    assert gained == pytest.approx(links.loc["L1", "gain_places"])
    assert found.sets["link_id"].iloc[0] == "L1"
    assert found.sets["gain_score"].iloc[0] == pytest.approx(links.loc["L1", "gain_score"])
    assert found.sets["total_cost_dkk"].is_monotonic_increasing
    assert links["top_ten_share"].isna().all() == (len(links) <= 10)
    assert found.counts["ranked"] == len(links)


def test_costs_of_ones_own_change_rank_by_cost_alone(study, found):
    dear = dict(LINK_KINDS) | {"underpass": dataclasses.replace(LINK_KINDS["underpass"], dkk_fixed=1e9, assumed=False)}
    other = find_study(study, settings=FindSettings(kinds=dear, steps=1))
    assert other.links["cost_dkk"].iloc[0] > 1e9
    assert np.allclose(other.links["gain_score"], found.links["gain_score"])
    assert not other.kinds.loc["underpass", "assumed"]


def test_a_budget_is_kept(study, found):
    least = found.links["cost_dkk"].min()
    poor = find_study(study, settings=FindSettings(budget_dkk=least / 2))
    assert poor.sets.empty
    rich = find_study(study, settings=FindSettings(budget_dkk=least * 1.5, steps=4))
    assert rich.sets["total_cost_dkk"].max() <= least * 1.5


def test_by_bicycle(study):
    found = find_study(study, settings=FindSettings(mode="bike"))
    assert found.mode == "bike"
    assert found.cutoff_min == 10


def test_settings_nothing_can_be_found_with_are_told_together(study):
    with pytest.raises(StudyError) as caught:
        find_study(study, settings=FindSettings(min_detour=0.5, steps=0, budget_dkk=-1))
    assert {fault.file for fault in caught.value.faults} == {"min_detour", "steps", "budget_dkk"}


def test_a_search_can_be_stopped(study):
    def stop(done, _total, _message):
        if done > 300:
            raise Cancelled

    with pytest.raises(Cancelled):
        find_study(study, progress=stop)


def test_files_hold_what_was_found(study, found, tmp_path):
    folder = save_found(found, study, folder=tmp_path / "links")
    names = {path.name for path in folder.iterdir()}
    assert {"links.gpkg", "links.csv", "links.html", "links.json", "link_areas.csv"} <= names
    drawn = gpd.read_file(folder / "links.gpkg", layer="links")
    assert len(drawn) == len(found.links)
    listed = pd.read_csv(folder / "links.csv")
    assert np.allclose(listed["gain_score"], found.links["gain_score"])
    assert "Ringbanen" in (folder / "links.html").read_text(encoding="utf-8")


def test_the_terminal_and_python_find_the_same(study, found, tmp_path, capsys):
    code = cli._guarded(["find", str(study.path), "-o", str(tmp_path / "links"), "--steps", "3"])
    told = capsys.readouterr()
    assert code == 0, told.err
    assert "Ringbanen" in told.out
    listed = pd.read_csv(tmp_path / "links" / "links.csv", index_col="link_id")
    assert np.array_equal(listed["gain_score"], found.links["gain_score"])
    assert listed.index.tolist() == found.links.index.tolist()


def test_a_town_without_barriers_has_gaps_between_streets_or_nothing(tmp_path):
    from tests.study.test_run import town

    plain = town().replace('k="railway" v="rail"', 'k="power" v="line"')
    found = find_study(make(tmp_path, osm=plain))
    assert found.barriers.empty
    assert found.links["barrier"].isna().all()
    assert found.links["recovered_share"].isna().all()
    saved = save_found(found, make(tmp_path, osm=plain), folder=tmp_path / "links")
    assert (saved / "links.html").exists()


def test_where_nothing_can_be_built_the_tables_are_empty(study, tmp_path):
    none = find_study(study, settings=FindSettings(min_detour=1e6, street_gaps=False))
    assert none.links.empty
    assert none.sets.empty
    assert none.interaction.empty
    assert none.homes.empty
    assert (save_found(none, study, folder=tmp_path / "links") / "links.csv").exists()


def test_a_table_of_costs_in_the_folder_written_to_is_refused(study, tmp_path, capsys):
    costs = tmp_path / "link_kinds.csv"
    costs.write_text("kind,dkk_fixed,dkk_per_m,extra_s,max_length_m\nbridge,1,1,1,1\n", encoding="utf-8")
    assert cli._guarded(["find", str(study.path), "-o", str(tmp_path), "--costs", str(costs)]) == 2
    assert "where results are written" in capsys.readouterr().err
    assert costs.read_text(encoding="utf-8").startswith("kind,dkk_fixed")
