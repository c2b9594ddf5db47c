"""The files of an assessment can be read back, and a failure leaves the earlier ones."""

from __future__ import annotations

import dataclasses
import json
import xml.etree.ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from assessment_factory import make_assessment
from bykobling.errors import OutputError
from bykobling.export import assessment_folder
from bykobling.export.assessment_folder import TABLES, area_layer, headline_indicator, write_assessment
from bykobling.export.assessment_styles import assessment_styles
from bykobling.results import Note
from bykobling.results.assessment import Assessment

CRS = "EPSG:25832"
HEADLINE = "barrier_effect_walk_15min"
LAYERS = ("proposals", "proposal_points", "residents", "areas")


def drawn(columns, shapes):
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def make():
    """A bridge from West to East, and a bus line without a place."""
    areas = pd.DataFrame(
        {
            "proposal": "Bro", "area_id": ["w", "e", "w"], "area": ["=Vest", "Øst", "=Vest"],
            "group": ["vulnerable", "rest", "vulnerable"], "residents": [10.0, 30.0, 10.0],
            "indicator": [HEADLINE, HEADLINE, "minutes_to_school_walk"], "unit": ["share", "share", "min"],
            "better": "lower", "before": [0.4, 0.2, np.inf], "after": [0.1, 0.25, 9.0],
            "change": [-0.3, 0.05, -np.inf], "improves": [True, False, True],
        }
    )  # fmt: skip
    shapes = drawn({"name": ["=Vest", "Øst"], "group": ["vulnerable", "rest"]}, [shapely.box(0, 0, 9, 9)] * 2)
    shapes.index = pd.Index(["w", "e"], name="area_id")
    summary = pd.DataFrame({"residents": [40.0], "recovered_share": [np.nan]}, index=["Bro"]).rename_axis("proposal")
    small = pd.DataFrame({"proposal": ["Bro"], "group": ["all"], "before": [1.0]})
    bridge = shapely.LineString([(1, 1), (8, 8)])
    return Assessment(
        title="Byen",
        cutoff_min=15.0,
        proposals=drawn(
            {"proposal": "Bro", "what": ["bridge", "service"], "name": ["", "1A"], "length_m": [9.9, np.nan]},
            [bridge, None],
        ),
        summary=summary,
        areas=areas,
        residents=drawn(
            {
                "proposal": ["Bro"],
                "area_id": ["w"],
                "residents": [2.5],
                "reach_before": [0.25],
                "reach_after": [0.75],
            },
            [shapely.Point(2, 2)],
        ),
        who=small,
        groups=small,
        thresholds=small,
        times=small.iloc[:0],
        gaps=small,
        interaction=small.iloc[:0],
        spacing=small.iloc[:0],
        barriers=shapes,
        streets=shapes,
        area_shapes=shapes,
        notes=(Note("assumed", "Alt er antaget.", ("residents",)),),
        run={"counts": {"areas": np.int64(2)}, "share": float("nan")},
    )


@pytest.fixture
def folder(tmp_path):
    write_assessment(make(), tmp_path / "out")
    return tmp_path / "out"


def test_every_file_is_there_and_nothing_else(folder):
    names = {"assessment.gpkg", "assessment.json", *(f"assessment_{name}.csv" for name in TABLES)}
    assert {path.name for path in folder.iterdir()} == names


def test_the_geopackage_reads_back(folder):
    kinds = dict(pyogrio.list_layers(folder / "assessment.gpkg"))
    assert {name for name, kind in kinds.items() if kind is not None} == set(LAYERS)
    plain = {name for name, kind in kinds.items() if kind is None}
    assert plain == {"layer_styles", *(f"assessment_{name}" for name in TABLES)}
    proposals = gpd.read_file(folder / "assessment.gpkg", layer="proposals")
    assert proposals.geometry.isna().tolist() == [False, True]
    assert proposals.crs == CRS
    homes = gpd.read_file(folder / "assessment.gpkg", layer="residents")
    assert homes["change"].tolist() == [0.5]
    areas = gpd.read_file(folder / "assessment.gpkg", layer="areas")
    assert areas["indicator"].tolist() == [HEADLINE] * 2
    assert areas["change"].tolist() == pytest.approx([-0.3, 0.05])
    assert areas.geom_type.eq("MultiPolygon").all()


def test_tables_keep_endless_numbers_and_disarm_formulas(folder):
    table = pd.read_csv(folder / "assessment_areas.csv", keep_default_na=False)
    assert table["before"].tolist()[-1] == np.inf
    assert table["area"].tolist()[0] == "'=Vest"
    assert pd.read_csv(folder / "assessment_summary.csv")["proposal"].tolist() == ["Bro"]
    assert pd.read_csv(folder / "assessment_times.csv").columns.tolist() == ["proposal", "group", "before"]


def test_json_is_strict_and_tells_the_summary(folder):
    told = json.loads((folder / "assessment.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert told["title"] == "Byen"
    assert told["summary"] == [{"proposal": "Bro", "residents": 40.0, "recovered_share": None}]
    assert told["notes"] == [{"kind": "assumed", "text": "Alt er antaget.", "columns": ["residents"]}]
    assert told["run"] == {"counts": {"areas": 2}, "share": None}


def test_an_earlier_one_is_replaced_and_other_files_stay(folder):
    (folder / "mine.txt").write_text("mine")
    write_assessment(dataclasses.replace(make(), title="Ny"), folder)
    assert json.loads((folder / "assessment.json").read_text(encoding="utf-8"))["title"] == "Ny"
    assert (folder / "mine.txt").read_text() == "mine"


def test_a_failure_leaves_the_earlier_one(folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(assessment_folder, "write_csv", full)
    with pytest.raises(OutputError, match="Remedy"):
        write_assessment(make(), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_geopackage_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    def broken(*_, **__):
        raise pyogrio.errors.DataSourceError("disk I/O error")

    monkeypatch.setattr("bykobling.export._gpkg.pyogrio.write_dataframe", broken)
    with pytest.raises(OutputError, match="disk I/O error"):
        write_assessment(make(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_map_shows_the_longest_walk():
    made = make()
    assert headline_indicator(made) == HEADLINE
    other = made.areas.assign(indicator=["barrier_effect_walk_5min", "barrier_effect_walk_10min", "x"])
    made = dataclasses.replace(made, areas=other)
    assert headline_indicator(made) == "barrier_effect_walk_10min"
    assert area_layer(made, "barrier_effect_walk_10min")["area_id"].tolist() == ["e"]
    empty = dataclasses.replace(made, areas=other.iloc[:0])
    assert len(area_layer(empty, headline_indicator(empty))) == 0


def test_an_assessment_in_which_nothing_changes_can_be_written(tmp_path):
    made = make()
    nothing = dataclasses.replace(made, areas=made.areas.iloc[:0], residents=made.residents.iloc[:0])
    write_assessment(nothing, tmp_path)
    assert len(gpd.read_file(tmp_path / "assessment.gpkg", layer="areas")) == 0


def test_points_lie_in_a_layer_of_their_own(tmp_path):
    write_assessment(make_assessment(), tmp_path)
    lines = gpd.read_file(tmp_path / "assessment.gpkg", layer="proposals")
    points = gpd.read_file(tmp_path / "assessment.gpkg", layer="proposal_points")
    assert lines["what"].tolist() == ["bridge", "removed street", "service"]
    assert points["what"].tolist() == ["crossing"]
    assert points.geom_type.eq("Point").all()


@pytest.mark.parametrize("language", ["en", "da"])
def test_every_style_is_well_formed_fits_its_layer_and_opens_it(tmp_path, language):
    write_assessment(make_assessment(), tmp_path, language=language)
    styles = pyogrio.read_dataframe(tmp_path / "assessment.gpkg", layer="layer_styles")
    assert sorted(styles["f_table_name"]) == sorted(LAYERS * 2)
    default = styles[styles["useAsDefault"]]
    assert sorted(default["f_table_name"]) == sorted(LAYERS)
    words = {"en": "More places within reach", "da": "Flere steder inden for rækkevidde"}
    assert words[language] in default.set_index("f_table_name").loc["residents", "styleQML"]
    kinds = {"proposals": "1", "proposal_points": "0", "residents": "0", "areas": "2"}
    for row in styles.to_dict("records"):
        layer = row["f_table_name"]
        root = ET.fromstring(row["styleQML"])
        assert root.findtext("layerGeometryType") == kinds[layer]
        renderer = root.find("renderer-v2")
        symbols = {symbol.get("name") for symbol in renderer.iter("symbol")}
        assert {rule.get("symbol") for rule in renderer.iter("rule")} == symbols
        columns = set(pyogrio.read_dataframe(tmp_path / "assessment.gpkg", layer=layer, max_features=1).columns)
        assert {alias.get("field") for alias in root.iter("alias")} <= columns
        filters = [rule.get("filter") for rule in renderer.iter("rule")]
        assert {name for text in filters for name in text.split('"')[1::2]} <= columns
        assert not any("&" in text for text in filters)


@pytest.mark.parametrize("layer", ["residents", "areas"])
def test_a_change_falls_into_one_class_and_the_better_is_green(layer):
    frames = {layer: pd.DataFrame({"change": [0.0]})}
    style = assessment_styles(frames, geometry_column="geom")[0]["styleQML"]
    rules = [(rule.get("filter"), rule.get("symbol")) for rule in ET.fromstring(style).find("renderer-v2").iter("rule")]
    for change in (-0.5, -0.01, -0.001, 0.0019, 0.002, 0.3):
        table = pd.DataFrame({"change": [change]})
        held = [symbol for text, symbol in rules if table.eval(text.replace('"', "`").replace("AND", "and")).all()]
        assert len(held) == 1
        assert (int(held[0]) < 4) == ((change > 0) == (layer == "residents"))
    still = pd.DataFrame({"change": [0.0]})
    assert not any(still.eval(text.replace('"', "`").replace("AND", "and")).any() for text, _ in rules)
