"""The validators: what they find, what they say, and that they say it all at once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from bykobling import _check
from bykobling.errors import CrsError, Fault, InputError

ERROR = Fault("a.gpkg", "row 1", "it is wrong", "make it right")
WARNING = Fault("a.gpkg", "row 2", "it is odd", "look at it", "warning")


@pytest.mark.parametrize(
    ("crs", "words"),
    [
        (None, "no CRS"),
        (4326, r"WGS 84 \(EPSG:4326\) is not projected"),
        ("EPSG:4258", "ETRS89"),
        (2263, "foot"),
        ("nonsense", "unknown"),
    ],
)
def test_a_crs_in_metres_or_an_error_that_names_it(crs, words):
    with pytest.raises(CrsError, match=words) as caught:
        _check.metric_crs(crs, file="areas")
    assert "Remedy: " in str(caught.value)


def test_metric_crs_passes():
    assert _check.metric_crs(25832, file="areas") == pyproj.CRS(25832)


def test_one_crs_for_all_tables():
    points = gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=25832)
    assert _check.same_crs({"a": points, "b": points}).to_epsg() == 25832
    with pytest.raises(CrsError, match=r"b\.to_crs"):
        _check.same_crs({"a": points, "b": points.to_crs(32633)})


def test_errors_are_raised_together_and_warnings_alone_never():
    _check.raise_errors([WARNING])
    with pytest.raises(InputError) as caught:
        _check.raise_errors([ERROR, WARNING, ERROR])
    assert caught.value.faults == (ERROR, ERROR)


def test_a_collector_takes_everything():
    faults: list[Fault] = []
    _check.settle([ERROR, WARNING], faults)
    assert faults == [ERROR, WARNING]
    with pytest.raises(InputError):
        _check.settle([ERROR], None)


def test_ten_rows_are_named_and_the_rest_is_counted():
    assert _check.rows([7]) == "row 7"
    assert _check.rows(range(1, 11)).endswith("9, 10")
    assert _check.rows(range(1, 100)).endswith("10 and 89 more")


def test_columns():
    assert _check.columns(pd.DataFrame({"a": []}), ["a"], file="x") == []
    assert "a" in _check.columns(pd.DataFrame({"a": []}), ["b"], file="x")[0].remedy


def test_unique():
    values = pd.Series(["a", "b", "a", None], name="id")
    missing, double = _check.unique(values, file="x")
    assert missing.where == "row 4"
    assert (double.where, "a" in double.rule) == ("rows 1, 3", True)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=20))
def test_weights_are_finite_and_not_negative_or_told(numbers):
    found = _check.weights(pd.Series(numbers, name="residents"), file="x")
    good = all(np.isfinite(n) and n >= 0 for n in numbers)
    assert (found == []) is good


def test_weights_that_are_no_numbers():
    assert "row 2" in str(_check.weights(pd.Series(["1", "many"], name="w"), file="x")[0])
    assert "above 0" in _check.weights(pd.Series([0.0], name="w"), file="x", positive=True)[0].rule


def test_geometries():
    bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    table = gpd.GeoDataFrame(
        geometry=[None, shapely.Polygon(), bow_tie, shapely.Point(0, 0), shapely.box(0, 0, 1, 1)], crs=25832
    )
    found = {fault.where: fault for fault in _check.geometries(table, ["Polygon"], file="x")}
    assert set(found) == {"rows 1, 2", "row 3", "row 4"}
    assert found["row 3"].severity == "warning"
    assert "Point where Polygon" in found["row 4"].rule
