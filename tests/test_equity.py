"""Percentiles and gaps, by properties first."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import add_comparisons, gap_to_rest, group_gaps, resident_percentile, weighted_mean

VALUES = st.lists(
    st.tuples(st.one_of(st.just(math.nan), st.integers(-4, 4).map(float)), st.integers(0, 9)),
    min_size=1,
    max_size=12,
)


def series(pairs):
    frame = pd.DataFrame(pairs, columns=["value", "residents"], index=[f"a{i}" for i in range(len(pairs))])
    return frame["value"].astype(float), frame["residents"].astype(float)


@given(VALUES)
def test_percentile_lies_within_bounds_and_keeps_order(pairs):
    values, residents = series(pairs)
    result = resident_percentile(values, residents)
    assert result.index.equals(values.index)
    known = values.notna() & (residents > 0)
    assert result[known].between(0, 100, inclusive="neither").all()
    assert result[~known].isna().all()
    for one in values.index[known]:
        for other in values.index[known]:
            assert (values[one] < values[other]) == (result[one] < result[other])


@given(VALUES)
def test_resident_weighted_mean_of_percentiles_is_fifty(pairs):
    values, residents = series(pairs)
    result = resident_percentile(values, residents)
    if result.notna().any():
        assert weighted_mean(result, residents) == pytest.approx(50)


@given(VALUES)
def test_splitting_an_area_in_two_changes_nothing(pairs):
    values, residents = series(pairs)
    halves = pd.concat([residents / 2, (residents / 2).rename(lambda i: i + "b")])
    doubled = pd.concat([values, values.rename(lambda i: i + "b")])
    split = resident_percentile(doubled, halves)
    assert np.allclose(split[values.index], resident_percentile(values, residents), equal_nan=True)


def test_percentile_by_hand():
    # residents:  ##  ##  ####        values 1, 2, 2 and a NaN nobody counts
    values = pd.Series([1.0, 2.0, 2.0, math.nan], index=list("abcd"))
    result = resident_percentile(values, pd.Series([2, 2, 4, 100], index=list("abcd")))
    assert result[["a", "b", "c"]].tolist() == [12.5, 62.5, 62.5]
    assert math.isnan(result["d"])


def test_gap_is_zero_for_the_rest_as_a_whole():
    values = pd.Series([0.5, 0.1, 0.3])
    residents = pd.Series([10, 10, 30])
    group = pd.Series(["vulnerable", "rest", "rest"])
    gaps = gap_to_rest(values, residents, group)
    assert gaps.tolist() == pytest.approx([0.25, -0.15, 0.05])
    assert weighted_mean(gaps[1:], residents[1:]) == pytest.approx(0)


def areas(**columns):
    return pd.DataFrame({"group": ["vulnerable", "rest"], "residents": [10.0, 30.0], "effect": [0.4, 0.2]} | columns)


def test_group_gaps():
    gaps, sentences = group_gaps(areas(), ["effect"])
    assert sentences == ()
    assert gaps.index.name == "indicator"
    assert gaps.loc["effect"].to_dict() == pytest.approx(
        {"vulnerable": 0.4, "rest": 0.2, "gap_abs": 0.2, "gap_ratio": 2.0}
    )


def test_missing_group_is_nan_and_told():
    gaps, sentences = group_gaps(areas(group=["rest", "rest"]), ["effect"])
    assert math.isnan(gaps.loc["effect", "vulnerable"])
    assert math.isnan(gaps.loc["effect", "gap_abs"])
    assert gaps.loc["effect", "rest"] == pytest.approx(0.25)
    assert sentences == ("No area is vulnerable, so no gap between the groups can be told.",)


def test_group_without_residents_is_nan_and_told():
    gaps, sentences = group_gaps(areas(residents=[0.0, 30.0]), ["effect"])
    assert math.isnan(gaps.loc["effect", "vulnerable"])
    assert "vulnerable area" in sentences[0]


def test_ratio_to_nothing_is_nan_not_infinite():
    gaps, _ = group_gaps(areas(effect=[0.4, 0.0]), ["effect"])
    assert math.isnan(gaps.loc["effect", "gap_ratio"])
    assert gaps.loc["effect", "gap_abs"] == pytest.approx(0.4)


def test_inputs_stay_as_they_were():
    table = areas()
    before = table.copy(deep=True)
    result = add_comparisons(table, ["effect"])
    pd.testing.assert_frame_equal(table, before)
    assert list(result.columns) == [*before.columns, "effect_percentile", "effect_gap"]


def test_different_indexes_are_refused():
    with pytest.raises(ValueError, match="align"):
        resident_percentile(pd.Series([1.0]), pd.Series([1.0], index=["x"]))
