"""Percentiles, gaps and their intervals, by properties first."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import add_comparisons, bootstrap, gap_to_rest, group_gaps, resident_percentile, weighted_mean
from bykobling.errors import InputError

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
    # each group is one area: the gap is told, its interval is not
    assert [sentence.partition(":")[2] for sentence in sentences] == [" no interval of the gap can be told."] * 2
    assert gaps.index.name == "indicator"
    assert list(gaps.columns) == ["vulnerable", "rest", "gap_abs", "gap_ratio", "gap_low", "gap_high"]
    assert gaps.loc["effect", :"gap_ratio"].to_dict() == pytest.approx(
        {"vulnerable": 0.4, "rest": 0.2, "gap_abs": 0.2, "gap_ratio": 2.0}
    )
    assert gaps.loc["effect", "gap_low":].isna().all()


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


def city(n_areas=40, seed=3, columns=("effect", "noise")):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({name: rng.normal(10, 2, n_areas) for name in columns})
    return table.assign(
        group=np.where(rng.random(n_areas) < 0.3, "vulnerable", "rest"), residents=rng.integers(0, 900, n_areas)
    )


def slow_interval(table, column, *, n_boot, seed, level):
    """Draw areas one by one, as a person would, from the same chance."""
    rng = np.random.default_rng(seed)
    means = []
    for group in ("vulnerable", "rest"):
        part = table[(table["group"] == group) & (table["residents"] > 0)]
        drawn = []
        for picks in rng.integers(len(part), size=(n_boot, len(part))):
            again = part.iloc[picks].dropna(subset=[column])
            total = again["residents"].sum()
            drawn.append((again[column] * again["residents"]).sum() / total if total else math.nan)
        means.append(np.array(drawn))
    gap = means[0] - means[1]
    return np.quantile(gap[~np.isnan(gap)], [(1 - level) / 2, (1 + level) / 2])


@pytest.mark.parametrize("missing", [0.0, 0.6])
def test_interval_is_that_of_drawing_areas_one_by_one(missing):
    table = city()
    table["effect"] = table["effect"].mask(np.random.default_rng(9).random(len(table)) < missing)
    gaps, sentences = group_gaps(table, ["effect"], n_boot=150, seed=5, level=0.8)
    low, high = slow_interval(table, "effect", n_boot=150, seed=5, level=0.8)
    assert gaps.loc["effect", ["gap_low", "gap_high"]].tolist() == pytest.approx([low, high], abs=1e-12)
    assert sentences == ()


def test_interval_does_not_hang_on_how_many_are_drawn_at_a_time(monkeypatch):
    table = city()
    number, weight = table[["effect", "noise"]].to_numpy(), table["residents"].to_numpy(float) + 1
    whole = bootstrap.resampled_means(number, weight, n_boot=50, rng=np.random.default_rng(1))
    assert len(np.unique(whole[:, 0])) == 50
    monkeypatch.setattr(bootstrap, "_BLOCK", 7 * len(table))
    parts = bootstrap.resampled_means(number, weight, n_boot=50, rng=np.random.default_rng(1))
    assert parts == pytest.approx(whole)


def test_interval_is_as_wide_as_theory_says():
    # equal residents: the standard error of a mean is the deviation over the root of the number of areas
    table = city(400).assign(residents=1)
    parts = [table.loc[table["group"] == group, "effect"] for group in ("vulnerable", "rest")]
    error = math.sqrt(sum(part.var(ddof=0) / len(part) for part in parts))
    gaps, _ = group_gaps(table, ["effect"], n_boot=20_000)
    low, high, gap = gaps.loc["effect", ["gap_low", "gap_high", "gap_abs"]]
    assert (high - low) / (2 * 1.96 * error) == pytest.approx(1, abs=0.03)
    assert (high + low) / 2 == pytest.approx(gap, abs=0.1 * error)


def test_same_draws_serve_every_indicator_and_their_order_is_nothing():
    table = city().assign(double=lambda t: 2 * t["effect"])
    alone, _ = group_gaps(table, ["effect"])
    together, _ = group_gaps(table, ["noise", "double", "effect"])
    pd.testing.assert_frame_equal(alone, together.loc[["effect"]])
    for bound in ("gap_low", "gap_high"):
        assert together.loc["double", bound] == pytest.approx(2 * together.loc["effect", bound])


def test_same_seed_same_interval():
    table = city()
    first, again, other = (group_gaps(table, ["effect"], seed=seed)[0] for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert first.loc["effect", "gap_low"] != other.loc["effect", "gap_low"]


def test_wider_level_wider_interval():
    table = city()
    narrow, wide = (group_gaps(table, ["effect"], level=level)[0].loc["effect"] for level in (0.5, 0.99))
    assert wide["gap_low"] < narrow["gap_low"] < narrow["gap_high"] < wide["gap_high"]


def test_areas_nobody_lives_in_are_never_drawn():
    table = city()
    more = pd.concat([table, table.iloc[:9].assign(residents=0, effect=1e6)], ignore_index=True)
    pd.testing.assert_frame_equal(group_gaps(table, ["effect"])[0], group_gaps(more, ["effect"])[0])


def test_group_with_one_measured_area_has_a_gap_but_no_interval():
    table = pd.DataFrame({
        "group": ["vulnerable", "vulnerable", "rest", "rest"], "residents": [10, 10, 10, 10],
        "a": [1.0, None, 2.0, 3.0], "b": [1.0, 2.0, 3.0, 4.0],
    })  # fmt: skip
    gaps, sentences = group_gaps(table, ["a", "b"])
    assert gaps.loc["a", "gap_abs"] == pytest.approx(-1.5)
    assert gaps.loc["a", ["gap_low", "gap_high"]].isna().all()
    assert gaps.loc["b"].notna().all()
    assert sentences == (
        "Only one vulnerable area has residents and a value of a: no interval of the gap can be told.",
    )


@pytest.mark.parametrize(
    "table",
    [
        areas(residents=[0.0, 0.0]),
        areas(residents=[math.nan, math.nan]),
        areas(group=["vulnerable", "vulnerable"]),
        areas(effect=[math.nan, 0.2]),
        areas().iloc[:1],
        areas().iloc[:0],
    ],
)
def test_what_cannot_be_told_is_missing_with_a_sentence(table):
    gaps, sentences = group_gaps(table, ["effect"])
    assert gaps.loc["effect", ["gap_abs", "gap_ratio", "gap_low", "gap_high"]].isna().all()
    assert sentences
    assert all(sentence.endswith(".") for sentence in sentences)


def test_no_indicator_no_row():
    gaps, sentences = group_gaps(city(), [])
    assert len(gaps) == 0
    assert list(gaps.columns) == ["vulnerable", "rest", "gap_abs", "gap_ratio", "gap_low", "gap_high"]
    assert sentences == ()


@pytest.mark.parametrize("options", [{"n_boot": 0}, {"level": 1.0}, {"level": 0.0}, {"level": math.nan}])
def test_options_out_of_range(options):
    with pytest.raises(InputError, match="Remedy"):
        group_gaps(areas(), ["effect"], **options)
