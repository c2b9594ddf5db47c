"""Found connections as files: read back as they were, drawn in QGIS, all or nothing."""

import json
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest

from bykobling.errors import OutputError
from bykobling.export import found_folder
from bykobling.export.found_folder import write_found
from bykobling.export.found_styles import found_styles
from found_factory import make_found

LAYERS = {"links": "links", "link_homes": "homes", "barriers": "barriers"}
TABLES = {
    "link_areas": "areas", "link_sets": "sets", "link_interaction": "interaction", "link_kinds": "kinds",
    "link_entries": "entries",
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return make_found()


@pytest.fixture(scope="module")
def folder(found, tmp_path_factory):
    target = tmp_path_factory.mktemp("found") / "results"
    write_found(found, target)
    return target


def test_every_file_is_there_and_nothing_else(folder):
    names = {"links.gpkg", "links.csv", "links.json", *(f"{name}.csv" for name in TABLES)}
    assert {path.name for path in folder.iterdir()} == names


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_a_layer_reads_back_as_it_was(folder, found, layer):
    original = getattr(found, LAYERS[layer])
    back = gpd.read_file(folder / "links.gpkg", layer=layer)
    assert back.crs == original.crs
    assert len(back) == len(original)
    for column in original.columns.drop(original.geometry.name):
        if pd.api.types.is_numeric_dtype(original[column]):
            np.testing.assert_array_equal(back[column].astype(float), original[column].astype(float))
        else:
            assert back[column].fillna("").tolist() == original[column].fillna("").tolist()
    assert back.geometry.geom_equals(gpd.GeoSeries(original.geometry.to_numpy(), crs=original.crs)).all()


def test_ids_survive_in_every_file(folder, found):
    ids = found.links.index.tolist()
    assert gpd.read_file(folder / "links.gpkg", layer="links")["link_id"].tolist() == ids
    assert pd.read_csv(folder / "links.csv")["link_id"].tolist() == ids
    assert pd.read_csv(folder / "link_kinds.csv")["kind"].tolist() == found.kinds.index.tolist()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_is_the_same_in_csv_and_geopackage(folder, found, name):
    original = getattr(found, TABLES[name])
    written = pd.read_csv(folder / f"{name}.csv")
    stored = pyogrio.read_dataframe(folder / "links.gpkg", layer=name)
    assert len(written) == len(stored) == len(original)
    for column in original.select_dtypes("number"):
        np.testing.assert_allclose(written[column], original[column].to_numpy(float), rtol=1e-12)
        np.testing.assert_allclose(stored[column], original[column].to_numpy(float), rtol=1e-12)


def test_no_way_is_infinite_and_missing_is_empty(folder):
    table = pd.read_csv(folder / "links.csv").set_index("link_id")
    assert np.isposinf(table.loc["L2", "route_min"])
    assert np.isnan(table["top_ten_share"].iloc[-1])
    assert pd.isna(table["barrier"].iloc[-2])


def test_provenance_is_strict_json_with_counts_and_notes(folder, found):
    def refuse(text):
        raise AssertionError(text)

    record = json.loads((folder / "links.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert record["run"]["parameters"] == {"mode": "walk", "infinite": "inf", "steps": 3}
    assert record["counts"] == found.counts
    assert [note["text"] for note in record["notes"]] == [note.text for note in found.notes]
    assert (record["mode"], record["cutoff_min"]) == ("walk", 15.0)


def test_a_formula_in_a_name_is_disarmed_in_every_csv(tmp_path):
    write_found(make_found(hostile='=HYPERLINK("http://x";"y")'), tmp_path)
    for name, column in (("links", "barrier"), ("link_areas", "area")):
        text = pd.read_csv(tmp_path / f"{name}.csv")[column].dropna()
        assert text.str.startswith("'=").any()
        assert not text.str.startswith("=").any()
    # in a GeoPackage nothing runs, so names stay as they are
    assert gpd.read_file(tmp_path / "links.gpkg", layer="links")["barrier"].iloc[0].startswith("=HYPERLINK")


def test_every_style_is_well_formed_and_fits_its_layer(found):
    layers = {
        "links": found.links.reset_index(),
        "link_homes": found.homes,
        "barriers": found.barriers.reset_index(),
    }
    rows = found_styles(layers, geometry_column="geom")
    assert len(rows) == 2 * len(layers)
    for row in rows:
        root = ET.fromstring(row["styleQML"])
        renderer = root.find("renderer-v2")
        symbols = {symbol.get("name") for symbol in renderer.iter("symbol")}
        used = {one.get("symbol") for tag in ("rule", "category") for one in renderer.iter(tag)} - {None}
        assert used == symbols
        columns = set(layers[row["f_table_name"]].columns)
        assert {alias.get("field") for alias in root.iter("alias")} <= columns
        said = [rule.get("filter") or "" for rule in renderer.iter("rule")]
        said += [option.get("value") or "" for option in renderer.iter("Option") if option.get("name") == "expression"]
        said += [style.get("fieldName") for style in root.iter("text-style")]
        assert {name for text in said for name in text.split('"')[1::2]} <= columns
        assert not any("&quot;" in text for text in said)


@pytest.mark.parametrize("language", ["en", "da"])
def test_each_layer_opens_with_one_style_of_the_language(found, tmp_path, language):
    write_found(found, tmp_path, language=language)
    styles = pyogrio.read_dataframe(tmp_path / "links.gpkg", layer="layer_styles")
    default = styles[styles["useAsDefault"]]
    assert sorted(default["f_table_name"]) == sorted(LAYERS)
    links = default.loc[default["f_table_name"] == "links", "styleQML"].iloc[0]
    assert {"en": "The ten best", "da": "De ti bedste"}[language] in links


@pytest.mark.parametrize("count", [0, 1])
def test_few_or_no_connections_are_written(tmp_path, count):
    write_found(make_found(count=count), tmp_path)
    assert len(gpd.read_file(tmp_path / "links.gpkg", layer="links")) == count
    assert len(pd.read_csv(tmp_path / "links.csv")) == count


def test_a_failure_half_way_leaves_the_earlier_files(found, tmp_path, monkeypatch):
    write_found(found, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_frame, path):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(found_folder, "write_csv", full)
    with pytest.raises(OutputError, match="untouched"):
        write_found(make_found(count=5), tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_inputs_are_left_as_they_were(tmp_path):
    found, twin = make_found(), make_found()
    write_found(found, tmp_path)
    for name in ("links", "areas", "homes", "barriers", "kinds"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(twin, name))
