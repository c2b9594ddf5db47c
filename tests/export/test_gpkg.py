"""Columns handed over whole make the same GeoPackage as values one by one."""

from __future__ import annotations

import datetime as dt
import sqlite3

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely import Point

from bykobling.errors import OutputError
from bykobling.export import _gpkg

WHOLE = {
    "flag": [True, False, True],
    "number": [1.5, np.nan, np.inf],
    "small": np.array([1, -2, 3], np.int16),
    "text": ["a", None, "b"],
    "blank": np.array([None] * 3, object),
    "gone": [np.nan] * 3,
}
ONE_BY_ONE = {
    "flags among objects": np.array([True, None, False], object),
    "numbers among objects": np.array([1, 2.5, None], object),
    "numbers without a sign": np.array([1, 2, 2**53 + 1], np.uint64),
    "days": np.array([dt.date(2026, 1, 2)] * 3, object),
    "kinds": pd.Categorical([1, 2, None]),
    "lists": pd.Series([["a"], ["b", "c"], []]),
    "tables": pd.Series([{"a": 1}, {}, None]),
}


def contents(path):
    """Return how the tables were made, and their rows."""
    with sqlite3.connect(path) as file:
        made = {name: file.execute("select sql from sqlite_master where name = ?", (name,)).fetchall()
                for name in ("places", "notes")}  # fmt: skip
        return made, {name: file.execute(f"select * from {name}").fetchall() for name in made}


@pytest.mark.parametrize("column", [*WHOLE, *ONE_BY_ONE])
def test_a_column_comes_to_be_the_same_field(column, tmp_path, monkeypatch):
    table = pd.DataFrame({"id": ["x", "y", "z"], column: (WHOLE | ONE_BY_ONE)[column]})
    assert _gpkg._by_column(table) == (column in WHOLE)
    places = gpd.GeoDataFrame(table, geometry=[Point(1, 2), None, Point(5, 6)], crs=25832)
    files = [tmp_path / "whole.gpkg", tmp_path / "one_by_one.gpkg"]
    for file in files:
        _gpkg.write_gpkg(file, {"places": (places, "Point")}, {"notes": table}, earlier="Nothing was there")
        monkeypatch.setattr(_gpkg, "_by_column", lambda _: False)
    assert contents(files[0]) == contents(files[1])


def test_a_table_of_nothing_and_names_that_are_no_text_go_one_by_one():
    assert not _gpkg._by_column(pd.DataFrame())
    assert not _gpkg._by_column(pd.DataFrame({5: [1.0]}))


def test_gdal_is_left_as_it_was(tmp_path, monkeypatch):
    seen = []
    write = _gpkg.pyogrio.write_dataframe

    def watched(*given, **named):
        seen.append(pyogrio.get_gdal_config_option(_gpkg._SYNCHRONOUS))
        write(*given, **named)

    monkeypatch.setattr(_gpkg.pyogrio, "write_dataframe", watched)
    table = pd.DataFrame({"a": [1]})
    styled = {"styles": lambda: [{"f_table_name": "a"}], "earlier": "Nothing was there"}
    _gpkg.write_gpkg(tmp_path / "a.gpkg", {}, {"a": table, "b": table}, **styled)
    # OFF, as pyogrio tells it; what is written last waits for the disk, for all of them
    assert seen == [False, False, None]
    assert pyogrio.get_gdal_config_option(_gpkg._SYNCHRONOUS) is None
    pyogrio.set_gdal_config_options({_gpkg._SYNCHRONOUS: "FULL"})
    try:
        with pytest.raises(OutputError):
            _gpkg.write_gpkg(tmp_path / "no" / "a.gpkg", {}, {"a": table}, **styled)
        assert pyogrio.get_gdal_config_option(_gpkg._SYNCHRONOUS) == "FULL"
        # with nothing to come after it, each waits
        _gpkg.write_gpkg(tmp_path / "c.gpkg", {}, {"a": table}, earlier="Nothing was there")
    finally:
        pyogrio.set_gdal_config_options({_gpkg._SYNCHRONOUS: None})
    assert seen[3:] == [False, "FULL"]


def test_styles_are_asked_for_last(tmp_path):
    def styles():
        assert pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0].tolist() == ["places", "notes"]
        return [{"f_table_name": "places", "styleQML": "<qgis/>"}]

    places = gpd.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2)], crs=25832)
    tables = {"notes": pd.DataFrame({"b": [1]})}
    _gpkg.write_gpkg(tmp_path / "a.gpkg", {"places": (places, "Point")}, tables, styles=styles, earlier="")
    assert "layer_styles" in pyogrio.list_layers(tmp_path / "a.gpkg")[:, 0]
