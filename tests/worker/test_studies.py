"""What the worker answers is what Python answers, value for value."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.study.test_run import ROAD_COLUMN, TOML, make, place, town

from bykobling.links import ask_link, demand_on
from bykobling.scenario import AddCrossing, Scenario
from bykobling.severance import category_weights
from bykobling.study import read_study, run_study
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps

BRIDGE = [list(place(ROAD_COLUMN - 1, 3)), list(place(ROAD_COLUMN + 1, 3))]
"""Straight over the railway of the toy town, where the schools are."""


@pytest.fixture(scope="module")
def loaded(worker, toy):
    return worker.result("load_study", study=str(toy))


@pytest.fixture(scope="module")
def ready(toy):
    return prepare_study(read_study(toy), Steps(None, PREPARE_SHARES))


def test_a_run_is_that_of_python(worker, toy, tmp_path):
    told = worker.result("run", study=str(toy / "study.toml"), folder=str(tmp_path / "ud"))
    expected = run_study(read_study(toy))
    listed = pd.read_csv(told["files"]["areas"], index_col="area_id")
    assert listed.index.tolist() == expected.areas.index.tolist()
    for column in expected.areas.select_dtypes("number"):
        assert np.array_equal(listed[column], expected.areas[column].astype(float), equal_nan=True), column
    drawn = gpd.read_file(told["files"]["geopackage"], layer="residents")
    assert np.array_equal(drawn["residents"], expected.residents["residents"])
    assert {"areas", "barriers", "residents"} <= set(told["layers"])
    assert "layer_styles" not in told["layers"] + told["tables"]
    assert told["headline"]["areas"][0]["area_id"] == "w"
    assert told["headline"]["areas"][0]["value"] == expected.areas.loc["w", "barrier_effect_walk_15min"]
    assert told["headline"]["areas"][0]["top_barrier"] == "Ringbanen"
    assert any(note["kind"] == "assumed" for note in told["notes"])


def test_a_run_stopped_in_the_middle_writes_nothing(worker, toy, tmp_path):
    ident = worker.ask("run", study=str(toy), folder=str(tmp_path / "ud"))
    worker.wait_for_progress(ident)
    worker.notify("cancel", id=ident)
    assert worker.answer(ident)["error"]["code"] == -32800
    assert not (tmp_path / "ud").exists()


def test_a_study_is_loaded_once(worker, toy, loaded, ready):
    assert loaded["fresh"]
    assert (loaded["areas"], loaded["modes"], loaded["crs"]) == (2, ["walk", "bike"], "EPSG:32633")
    assert loaded["residents"] == pytest.approx(ready.residents["residents"].sum())
    assert loaded["bounds"] == pytest.approx(ready.inputs.areas.total_bounds.tolist())
    again = worker.result("load_study", study=str(toy / "study.toml"))
    assert (again["study_id"], again["fresh"]) == (loaded["study_id"], False)


@pytest.mark.parametrize("mode", ["walk", "bike"])
def test_a_drawn_bridge_is_that_of_python(worker, loaded, ready, mode, tmp_path):
    layer = tmp_path / "gevinst.gpkg"
    told = worker.result(
        "assess_link", study_id=loaded["study_id"], line=BRIDGE, crs="EPSG:4326", kind="bridge", mode=mode,
        layer=str(layer),
    )  # fmt: skip
    openings = next(one for one in ready.openings if one.network.mode == mode)
    demand = demand_on(
        openings, ready.everybody, ready.inputs.destinations, ready.inputs.areas.index,
        weights=category_weights(ready.inputs.destinations), cutoffs_min=(5, 10, 15) if mode == "walk" else (10,),
    )  # fmt: skip
    line = gpd.GeoSeries([shapely.LineString(BRIDGE)], crs=4326).to_crs(openings.network.crs).iloc[0]
    expected = ask_link(openings.network, demand, line, kind="bridge")
    total = expected.totals.iloc[-1]
    assert told["length_m"] == pytest.approx(expected.length_m)
    # nobody may ride over the footbridge, so by bicycle there is no way round
    assert told["no_way_before"] == (mode == "bike") == (expected.route_min == np.inf)
    assert told["detour_before_min"] == (None if mode == "bike" else pytest.approx(expected.route_min))
    assert told["residents_gaining"] == pytest.approx(total["residents"])
    assert told["places_gain"] == pytest.approx(total["places"])
    assert told["people_gain"] == pytest.approx(total["people"])
    by_area = {one["area_id"]: one for one in told["areas"]}
    assert set(by_area) == set(expected.areas.index)
    for ident, row in expected.areas.iterrows():
        one = by_area[ident]
        assert one["residents_gaining"] == pytest.approx(row["residents"])
        assert (one["reach_after"] - one["reach_before"]) * one["residents"] == pytest.approx(row["places"])
    homes = gpd.read_file(layer)
    assert homes["residents"].sum() == pytest.approx(total["residents"])
    assert (homes["gain"] * homes["residents"]).sum() == pytest.approx(total["places"])
    assert np.allclose(homes["reach_after"] - homes["reach_before"], homes["gain"])
    assert (homes["gain"] > 0).all()
    assert set(homes.geom_type) <= {"Point"}
    if mode == "walk":
        assert told["residents_gaining"] > 0
        assert {"Vest"} <= set(homes["area"].dropna())


@pytest.mark.parametrize("kind", ["signal", "zebra", "refuge"])
def test_a_drawn_crossing_is_priced_as_in_an_assessment(worker, loaded, ready, kind):
    told = worker.result("assess_link", study_id=loaded["study_id"], line=BRIDGE, crs="EPSG:4326", kind=kind)
    network = ready.walking.network
    line = gpd.GeoSeries([shapely.LineString(BRIDGE)], crs=4326).to_crs(network.crs).iloc[0]
    changed = Scenario((AddCrossing(line, kind=kind),), name="x").apply(network, barriers=ready.barriers)
    new = np.argmin(changed.edge_street)
    assert told["link_min"] == pytest.approx(float(changed.edge_s_forward[new]) / 60)
    assert told["residents_gaining"] > 0
    assert told["layer"] is None


def test_a_drawn_crossing_takes_the_wait_of_its_study(worker, tmp_path):
    study = make(tmp_path, toml=TOML + "[crossing_delays_s]\nsignal = 55\n")
    ident = worker.result("load_study", study=str(study.path))["study_id"]
    ask = {"study_id": ident, "line": BRIDGE, "crs": "EPSG:4326", "kind": "signal"}
    own, given, assumed = (worker.result("assess_link", **ask, **more)["link_min"] for more in (
        {}, {"delay_s": 55.0}, {"delay_s": 24.9},
    ))  # fmt: skip
    assert own == given
    assert own - assumed == pytest.approx((55 - 24.9) / 60, abs=1e-4)


def test_where_nobody_gains_the_layer_is_empty(worker, loaded, tmp_path):
    along = [list(place(1, 2)), list(place(2, 2))]
    told = worker.result(
        "assess_link", study_id=loaded["study_id"], line=along, crs="EPSG:4326", kind="path",
        layer=str(tmp_path / "ingen.gpkg"),
    )  # fmt: skip
    assert (told["residents_gaining"], told["areas"]) == (0, [])
    assert gpd.read_file(told["layer"]).empty


def test_lines_that_cannot_be_are_told(worker, loaded, tmp_path):
    ask = {"study_id": loaded["study_id"], "kind": "bridge", "crs": "EPSG:4326"}
    for changes, where in (
        ({"line": [[12.0, 55.0], [12.001, 55.0]]}, "start"),
        ({"line": BRIDGE, "crs": "EPSG:999999"}, "crs"),
        ({"line": [[500.0, 95.0], [501.0, 96.0]]}, "crs"),
        ({"line": BRIDGE, "layer": str(tmp_path / "x.shp")}, ""),
        ({"line": [BRIDGE[0], BRIDGE[0]]}, "geometry"),
    ):
        error = worker.error("assess_link", **(ask | changes))
        assert error["code"] == -32000
        assert where in {fault["where"] for fault in error["data"]["faults"]}


def test_check_draws_faults_where_they_are(worker, toy, tmp_path):
    told = worker.result("check", study=str(toy), layer=str(tmp_path / "fejl.gpkg"))
    assert told["can_run"]
    assert told["layer"] is None
    table = gpd.read_file(toy / "areas.geojson")
    double = pd.concat([table, table.iloc[[1]]], ignore_index=True)
    folder = tmp_path / "dobbelt"
    folder.mkdir()
    double.to_file(folder / "areas.geojson")
    text = (toy / "study.toml").read_text(encoding="utf-8").replace("town.osm", (toy / "town.osm").as_posix())
    (folder / "study.toml").write_text(text, encoding="utf-8")
    told = worker.result("check", study=str(folder), layer="fejl.gpkg")
    assert not told["can_run"]
    drawn = gpd.read_file(folder / "fejl.gpkg")
    assert {"file", "where", "rule", "remedy", "severity"} <= set(drawn.columns)
    assert set(drawn["file"]) == {"areas.geojson"}
    assert drawn.geometry.within(table.union_all().buffer(1e-6)).all()
    (folder / "study.toml").write_text("title = 3", encoding="utf-8")
    told = worker.result("check", study=str(folder), layer="fejl.gpkg")
    assert not told["can_run"]
    assert len(told["faults"]) >= 2


def test_check_draws_islands_and_what_is_far_from_every_street(worker, toy, tmp_path):
    for file in toy.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    # without its footbridge the town is in two parts
    (tmp_path / "town.osm").write_text(town().replace('v="footway"', 'v="proposed"'), encoding="utf-8")
    far = gpd.GeoDataFrame({"n": [5]}, geometry=gpd.points_from_xy([12.515], [55.715]), crs=4326)
    far.to_file(tmp_path / "far.geojson")
    with (tmp_path / "study.toml").open("a", encoding="utf-8") as file:
        file.write('[[destinations]]\nfile = "far.geojson"\ncategory = "culture"\n')
    told = worker.result("check", study=str(tmp_path), layer="fejl.gpkg")
    assert told["can_run"]
    drawn = gpd.read_file(told["layer"])
    assert drawn["severity"].eq("warning").all()
    assert drawn["where"].tolist() == ["streets", "destinations"]
    assert "38 street corners" in drawn["rule"][0]
    assert drawn.geometry.iloc[1].distance(far.geometry.iloc[0]) < 1e-6


def test_find_and_assess_write_what_they_tell(worker, toy, tmp_path):
    found = worker.result("find", study=str(toy), folder=str(tmp_path / "links"), steps=1, street_gaps=False)
    links = gpd.read_file(found["files"]["geopackage"], layer="links")
    assert found["found"] == len(links) > 0
    gpd.GeoDataFrame(
        {"kind": ["bridge"], "proposal": ["Ny bro"]}, geometry=[shapely.LineString(BRIDGE)], crs=4326
    ).to_file(tmp_path / "forslag.gpkg")
    told = worker.result(
        "assess", study=str(toy), proposals=[str(tmp_path / "forslag.gpkg")], folder=str(tmp_path / "a")
    )
    assert told["proposals"][0]["proposal"] == "Ny bro"
    assert told["proposals"][0]["residents_gaining"] > 0
    assert {"proposals", "residents", "areas"} <= set(told["layers"])
    error = worker.error("find", study=str(toy), folder=str(toy))
    assert "where results are written" in error["message"]


def test_a_screening_of_noise_writes_its_maps(worker, toy, tmp_path):
    told = worker.result("noise_screening", study=str(toy), folder=str(tmp_path / "støj"), cell_m=50)
    assert set(told["files"]) == {"lden", "lnight", "picture"}
    assert all(Path(path).is_file() for path in told["files"].values())
    assert told["files"]["lden"] in told["study_lines"]
    assert told["notes"]


def test_isochrones_lie_round_their_points(worker, toy, tmp_path):
    points = gpd.GeoDataFrame(
        {"name": ["A", "B"]}, geometry=gpd.points_from_xy(*np.transpose([place(2, 2), place(9, 3)])), crs=4326
    )
    points.to_file(tmp_path / "punkter.gpkg")
    told = worker.result(
        "isochrone", study=str(toy), points=str(tmp_path / "punkter.gpkg"), cutoffs_min=[5, 2], mode="walk",
        output=str(tmp_path / "iso.gpkg"),
    )  # fmt: skip
    drawn = gpd.read_file(told["output"])
    assert told["unlinked"] == 0
    assert drawn[["point", "name", "cutoff_min"]].to_numpy().tolist() == [
        [1, "A", 5],
        [1, "A", 2],
        [2, "B", 5],
        [2, "B", 2],
    ]
    assert drawn.geometry.iloc[1].within(drawn.geometry.iloc[0].buffer(0.01))


def test_a_study_made_of_layers_can_run(worker, toy, tmp_path):
    params = {
        "folder": str(tmp_path / "ny"), "title": 'Byen "Ø" \\ 1', "language": "da", "osm": str(toy / "town.osm"),
        "areas": str(toy / "areas.geojson"), "id_field": "id", "name_field": "name", "group_field": "group",
        "modes": ["walk"], "settings": {"profile": {"enabled": False}},
    }  # fmt: skip
    made = worker.result("make_study", **params)
    study = read_study(made["study"])
    assert (study.title, study.language, study.bike.enabled) == ('Byen "Ø" \\ 1', "da", False)
    assert worker.result("check", study=made["study"])["can_run"]
    assert "not overwritten" in worker.error("make_study", **params)["message"]
    error = worker.error("make_study", **(params | {"folder": str(tmp_path / "y"), "group_field": "gruppe"}))
    assert "group" in json.dumps(error["data"]["faults"])
    assert not (tmp_path / "y").exists()


def test_the_sample_town_is_copied(worker, tmp_path):
    told = worker.result("sample", folder=str(tmp_path / "prøve"))
    assert read_study(told["study"]).title == "Monaco and its neighbours"
    assert worker.error("sample", folder=str(tmp_path / "prøve"))["code"] == -32000
