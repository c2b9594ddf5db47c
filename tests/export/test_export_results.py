"""What is written can be read back, and QGIS finds it drawn."""

import dataclasses
import sqlite3
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from bykobling.errors import Cancelled
from bykobling.export import write_results
from bykobling.export.geopackage import layer_columns
from bykobling.export.qml import layer_styles
from results_factory import make_results, with_transit

LAYERS = {"areas", "residents", "barriers", "crossings", "severance", "streets", "unlinked"}
TABLES = {"shares", "gaps", "notes", "layer_styles"}


@pytest.fixture(scope="module")
def results():
    return make_results()


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    target = tmp_path_factory.mktemp("export") / "results"
    write_results(results, target)
    return target


def test_every_file_is_there_and_nothing_else(folder):
    names = {
        "results.gpkg",
        "areas.csv",
        "areas.parquet",
        "shares.csv",
        "gaps.csv",
        "barriers.csv",
        "run.json",
        "profile.csv",
    }
    assert {path.name for path in folder.iterdir()} == names


def test_every_layer_and_table_is_registered(folder):
    kinds = dict(pyogrio.list_layers(folder / "results.gpkg"))
    assert set(kinds) == LAYERS | TABLES
    assert {name for name, kind in kinds.items() if kind is None} == TABLES
    with sqlite3.connect(folder / "results.gpkg") as database:
        rows = dict(database.execute("SELECT table_name, data_type FROM gpkg_contents"))
    database.close()
    assert {name for name, kind in rows.items() if kind == "attributes"} == TABLES


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_a_layer_reads_back_as_it_was(folder, results, layer):
    original = getattr(results, layer)
    back = gpd.read_file(folder / "results.gpkg", layer=layer)
    assert len(back) == len(original)
    assert back.crs == original.crs
    for column in original.columns.drop(original.geometry.name):
        if pd.api.types.is_numeric_dtype(original[column]):
            np.testing.assert_array_equal(back[column].astype(float), original[column].astype(float))
        else:
            assert back[column].fillna("").tolist() == original[column].fillna("").tolist()
    assert back.geometry.geom_equals(gpd.GeoSeries(original.geometry.to_numpy(), crs=original.crs)).all()


def test_ids_survive(folder, results):
    back = gpd.read_file(folder / "results.gpkg", layer="areas")
    assert back["area_id"].tolist() == results.areas.index.tolist()
    assert gpd.read_parquet(folder / "areas.parquet")["area_id"].tolist() == results.areas.index.tolist()
    assert pd.read_csv(folder / "areas.csv")["area_id"].tolist() == results.areas.index.tolist()
    assert pd.read_csv(folder / "gaps.csv")["indicator"].tolist() == results.gaps.index.tolist()


def test_infinite_is_not_missing(folder):
    back = gpd.read_file(folder / "results.gpkg", layer="severance")["crossing_detour"]
    assert np.isposinf(back).sum() == 2
    assert back.isna().sum() == 4


def test_inputs_are_left_as_they_were(tmp_path):
    results = make_results()
    before = results.areas.copy()
    write_results(results, tmp_path)
    pd.testing.assert_frame_equal(results.areas, before)


def test_every_style_is_well_formed_and_fits_its_layer(results):
    for row in layer_styles(layer_columns(results)):
        root = ET.fromstring(row["styleQML"])
        renderer = root.find("renderer-v2")
        symbols = {symbol.get("name") for symbol in renderer.iter("symbol")}
        used = {rule.get("symbol") for rule in renderer.iter("rule")} | {
            category.get("symbol") for category in renderer.iter("category")
        }
        assert used <= symbols, row["f_table_name"]
        assert symbols
        columns = set(getattr(results, row["f_table_name"]).columns)
        assert {alias.get("field") for alias in root.iter("alias")} <= columns
        for rule in renderer.iter("rule"):
            quoted = (rule.get("filter") or "").split('"')[1::2]
            assert set(quoted) <= columns


def test_each_layer_opens_with_one_style(folder):
    styles = pyogrio.read_dataframe(folder / "results.gpkg", layer="layer_styles")
    default = styles[styles["useAsDefault"]]
    assert sorted(default["f_table_name"]) == sorted(LAYERS)
    assert set(styles["f_geometry_column"]) == {"geom"}
    headline = default.loc[default["f_table_name"] == "areas", "styleQML"].iloc[0]
    assert "barrier_effect_walk_15min" in headline
    assert "under 2 %" in headline
    assert "IS NULL" in headline


def test_danish_can_be_the_default(results):
    rows = [row for row in layer_styles(layer_columns(results), language="da") if row["useAsDefault"]]
    assert any("Stor vej" in row["styleQML"] for row in rows)
    assert not any("Big road" in row["styleQML"] for row in rows)


def test_no_effect_at_all_gives_no_style_but_a_file(tmp_path):
    results = make_results()
    plain = results.areas.drop(columns=[name for name in results.areas if name.startswith("barrier_effect")])
    write_results(dataclasses.replace(results, areas=plain), tmp_path)
    styles = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="layer_styles")
    assert "areas" not in set(styles["f_table_name"])


def test_empty_layers_keep_their_kind(tmp_path):
    results = make_results()
    empty = {name: getattr(results, name).iloc[:0] for name in ("crossings", "severance", "unlinked", "barriers")}
    write_results(dataclasses.replace(results, notes=(), **empty), tmp_path)
    kinds = dict(pyogrio.list_layers(tmp_path / "results.gpkg"))
    assert kinds["severance"] == "MultiLineString"
    assert kinds["crossings"] == "Point"


def test_a_spreadsheet_runs_no_name(tmp_path):
    results = make_results(hostile='=HYPERLINK("x")')
    write_results(results, tmp_path)
    assert pd.read_csv(tmp_path / "areas.csv")["name"][0] == '\'=HYPERLINK("x")'
    assert gpd.read_parquet(tmp_path / "areas.parquet")["name"][0] == '=HYPERLINK("x")'
    assert (tmp_path / "areas.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("stop_at", range(5))
def test_cancel_in_the_middle_leaves_nothing(results, tmp_path, stop_at):
    def progress(done, total, message):
        assert 0 <= done <= total
        assert message
        if done == stop_at:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        write_results(results, tmp_path / "new", progress=progress)
    assert not (tmp_path / "new").exists()


def test_stops_and_lines_are_layers_of_their_own(tmp_path):
    results = with_transit(make_results(), assumed=True)
    write_results(results, tmp_path)
    kinds = dict(pyogrio.list_layers(tmp_path / "results.gpkg"))
    assert (kinds["stops"], kinds["lines"]) == ("Point", "MultiLineString")
    for layer in ("stops", "lines"):
        original = getattr(results, layer)
        back = gpd.read_file(tmp_path / "results.gpkg", layer=layer)
        assert back.crs == original.crs
        for column in original.columns.drop("geometry"):
            assert back[column].fillna("").tolist() == original[column].fillna("").tolist()
    styles = pyogrio.read_dataframe(tmp_path / "results.gpkg", layer="layer_styles")
    default = styles[styles["useAsDefault"]].set_index("f_table_name")["styleName"]
    assert default[["stops", "lines"]].to_dict() == {"stops": "Stops by departures", "lines": "Lines by mode"}
    assert pd.read_csv(tmp_path / "areas.csv")["ptal_band"].iloc[-1] == "6b"


@pytest.mark.parametrize("layer", ["stops", "lines"])
def test_every_mode_has_its_own_rule(layer):
    results = with_transit(make_results())
    for row in layer_styles(layer_columns(results)):
        if row["f_table_name"] != layer:
            continue
        root = ET.fromstring(row["styleQML"])
        rules = {rule.get("filter"): rule.get("label") for rule in root.iter("rule") if rule.get("filter")}
        assert len(rules) == 6
        assert rules["ELSE"] in {"Other", "Andet"}
        assert any("'trolleybus'" in text and label == "Bus" for text, label in rules.items())
        assert {alias.get("field") for alias in root.iter("alias")} <= set(getattr(results, layer).columns)
    sizes = [row["styleQML"] for row in layer_styles(layer_columns(results)) if row["f_table_name"] == "stops"]
    assert all("sqrt(coalesce(&#34;departures_per_hour&#34;" in text for text in sizes)
