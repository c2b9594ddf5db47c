"""Noise at homes opens coloured in QGIS: every level falls in one class, and no level is told from a low one."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ET

import pytest

from bykobling.export import write_results
from bykobling.export.geopackage import layer_columns
from bykobling.export.qml import layer_styles
from bykobling.palette import NOISE_GRADES
from results_factory import make_results, with_noise


@pytest.fixture(scope="module")
def loud():
    return with_noise(make_results())


def test_a_style_for_each_source_in_both_languages(loud):
    rows = [row for row in layer_styles(layer_columns(loud)) if row["f_table_name"] == "noise"]
    assert [row["styleName"] for row in rows] == ["Road noise, Lden (dB)", "Vejstøj, Lden (dB)"]
    assert [row["useAsDefault"] for row in rows] == [True, False]
    for row in rows:
        rules = ET.fromstring(row["styleQML"]).findall(".//rule[@filter]")
        assert len(rules) == len(NOISE_GRADES) + 2
        assert "\"road_lden_reason\" = 'below_lowest'" in [rule.get("filter") for rule in rules]


def test_the_layer_and_the_tables_are_written(loud, tmp_path):
    write_results(loud, tmp_path / "out")
    with sqlite3.connect(tmp_path / "out" / "results.gpkg") as db:
        assert db.execute("select count(*) from noise").fetchone()[0] == len(loud.noise)
        names = {row[0] for row in db.execute("select table_name from gpkg_contents")}
    db.close()
    assert {"noise", "noise_exposure", "noise_bands"} <= names
    assert {"noise_exposure.csv", "noise_bands.csv"} <= {path.name for path in (tmp_path / "out").iterdir()}
