"""The optional index: its formula, its parts, and how far its ranks hang on the weights."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from bykobling.equity import composite_index, correlated, exponential_score
from bykobling.equity.index import _rank_interval
from bykobling.errors import InputError

NUMBER = st.one_of(st.just(math.nan), st.integers(-3, 3).map(float))


def parts(n_areas=30, seed=2, names=("noise", "detour", "isolation")):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.random((n_areas, len(names))), columns=list(names), index=[f"a{i}" for i in range(n_areas)])


LOWER = {"noise": "lower", "detour": "lower", "isolation": "lower"}
EVEN = {"noise": 1, "detour": 1, "isolation": 1}


def test_score_of_a_thousand_areas():
    score = exponential_score(pd.Series(np.arange(1000.0)))
    assert score.iloc[-1] == pytest.approx(100)
    assert score.iloc[0] == pytest.approx(0.0227, abs=1e-4)
    # the constant 23 is there so that a tenth of areas score above 50
    assert (score > 50).sum() == pytest.approx(100, abs=5)
    assert score.iloc[499] == pytest.approx(-23 * math.log(1 - 0.5 * (1 - math.exp(-100 / 23))))


@given(st.lists(NUMBER, min_size=1, max_size=12))
def test_score_keeps_the_order_and_turns_with_the_direction(numbers):
    values = pd.Series(numbers)
    score = exponential_score(values)
    assert score.isna().equals(values.isna())
    assert score.dropna().between(0, 100 + 1e-9).all()
    for i in values.dropna().index:
        for j in values.dropna().index:
            assert (values[i] < values[j]) == (score[i] < score[j])
    pd.testing.assert_series_equal(exponential_score(values, better="higher"), exponential_score(-values))


def test_ties_share_the_mean_of_their_ranks():
    # ranks 1, 2.5, 2.5, 4 of 4
    score = exponential_score(pd.Series([1.0, 2.0, 2.0, 3.0]))
    assert score[1] == score[2] == pytest.approx(-23 * math.log(1 - 2.5 / 4 * (1 - math.exp(-100 / 23))))


def test_index_by_hand():
    table = pd.DataFrame({"noise": [3.0, 2.0, 1.0], "parks": [1.0, 5.0, 9.0]}, index=list("abc"))
    found = composite_index(table, {"noise": 3, "parks": 1}, better={"noise": "lower", "parks": "higher"})
    # a is the worst in both: 100 in each part, three quarters of it from noise
    assert found.table.loc["a", "index"] == pytest.approx(100)
    assert found.contributions.loc["a"].tolist() == pytest.approx([75, 25])
    assert found.weights.to_dict() == {"noise": 0.75, "parks": 0.25}
    assert found.table["rank"].tolist() == [1, 2, 3]
    assert found.leave_one_out.to_numpy().tolist() == [[1, 1], [2, 2], [3, 3]]
    assert found.correlated[["first", "second", "spearman"]].to_numpy().tolist() == [["noise", "parks", -1.0]]


def test_contributions_add_up_and_inputs_stay():
    table = parts()
    before = table.copy()
    found = composite_index(table, {"noise": 2, "detour": 1, "isolation": 5}, better=LOWER)
    pd.testing.assert_frame_equal(table, before)
    assert found.contributions.sum(axis=1).to_numpy() == pytest.approx(found.table["index"].to_numpy())
    assert found.table["rank"].tolist() == found.table["index"].rank(ascending=False).tolist()
    for name in table:
        assert found.scores[name].equals(exponential_score(table[name]))


def test_missing_part_no_index_but_it_counts_in_the_other_parts():
    table = parts()
    table.loc["a3", "noise"] = math.nan
    found = composite_index(table, EVEN, better=LOWER)
    assert found.table.loc["a3"].isna().all()
    assert found.leave_one_out.loc["a3"].isna().all()
    assert found.table.drop("a3").notna().all(axis=None)
    assert found.table["rank"].max() == len(table) - 1
    assert found.scores["detour"].equals(exponential_score(table["detour"]))
    assert math.isnan(found.contributions.loc["a3", "noise"])
    assert found.contributions.loc["a3", "detour"] == pytest.approx(found.scores.loc["a3", "detour"] / 3)


def test_leave_one_out_is_the_index_of_the_other_parts():
    table = parts()
    weights = {"noise": 2, "detour": 1, "isolation": 5}
    found = composite_index(table, weights, better=LOWER)
    for name in table:
        others = {other: weight for other, weight in weights.items() if other != name}
        again = composite_index(table[list(others)], others, better=dict.fromkeys(others, "lower"))
        assert found.leave_one_out[name].tolist() == again.table["rank"].tolist()
    assert found.table["rank_without_low"].tolist() == found.leave_one_out.min(axis=1).tolist()
    assert found.table["rank_without_high"].tolist() == found.leave_one_out.max(axis=1).tolist()


def slow_interval(score, alpha, *, n_draws, seed, level):
    ranks = []
    for weights in np.random.default_rng(seed).dirichlet(alpha, size=n_draws):
        totals = [sum(w * s for w, s in zip(weights, row, strict=True)) for row in score]
        ranks.append([1 + sum(other > mine + 1e-9 for other in totals) for mine in totals])
    cut = (1 - level) / 2
    return np.quantile(ranks, cut, axis=0, method="lower"), np.quantile(ranks, 1 - cut, axis=0, method="higher")


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_rank_interval_is_that_of_drawing_weights_one_by_one(level):
    score = np.random.default_rng(7).integers(0, 20, (12, 3)).astype(float)
    options = {"n_draws": 80, "seed": 3, "level": level}
    low, high = _rank_interval(score, np.array([2.0, 0.5, 1.0]), **options)
    slow_low, slow_high = slow_interval(score, [2.0, 0.5, 1.0], **options)
    assert low.tolist() == slow_low.tolist()
    assert high.tolist() == slow_high.tolist()


def test_weights_are_drawn_around_those_declared():
    table, weights = parts(), {"noise": 2, "detour": 1, "isolation": 5}
    found = composite_index(table, weights, better=LOWER, n_draws=60, seed=4, level=0.9, concentration=2)
    # three parts, concentration 2: parameters 6 w, of mean w
    low, high = slow_interval(found.scores.to_numpy(), 6 * np.array([2, 1, 5]) / 8, n_draws=60, seed=4, level=0.9)
    assert found.table["rank_low"].tolist() == low.tolist()
    assert found.table["rank_high"].tolist() == high.tolist()


def test_sums_that_differ_by_rounding_alone_share_a_rank():
    # the same three scores in another order, seven times
    rows = [(i, i + 7, i + 14) for i in range(7)]
    turned = [row[k:] + row[:k] for row in rows for k in range(3)]
    table = pd.DataFrame(turned, columns=["noise", "detour", "isolation"]).astype(float)
    ranks = composite_index(table, EVEN, better=LOWER, n_draws=1).table["rank"].to_numpy().reshape(7, 3)
    assert (ranks == ranks[:, :1]).all()
    assert sorted(ranks[:, 0]) == [1, 4, 7, 10, 13, 16, 19]


def test_many_areas_are_ranked_a_few_draws_at_a_time(monkeypatch):
    table = parts()
    whole = composite_index(table, EVEN, better=LOWER, n_draws=101)
    monkeypatch.setattr("bykobling.equity.index._BLOCK", 7 * len(table))
    pd.testing.assert_frame_equal(composite_index(table, EVEN, better=LOWER, n_draws=101).table, whole.table)


def test_interval_shrinks_as_draws_stay_close_to_the_weights():
    table = parts()
    loose, tight = (composite_index(table, EVEN, better=LOWER, concentration=c).table for c in (1, 1e7))
    assert (loose["rank_low"] <= loose["rank_high"]).all()
    width = [(one["rank_high"] - one["rank_low"]).sum() for one in (loose, tight)]
    assert width[0] > 10 * width[1]
    assert tight["rank_low"].sub(tight["rank"]).abs().max() <= 1


def test_same_seed_same_interval():
    first, again, other = (composite_index(parts(), EVEN, better=LOWER, n_draws=40, seed=s).table for s in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_alike_areas_share_a_rank():
    table = pd.DataFrame({"noise": [1.0, 2.0, 2.0, 0.0] * 5, "detour": [1.0, 3.0, 3.0, 0.5] * 5})
    found = composite_index(table, {"noise": 0.7, "detour": 0.3}, better={"noise": "lower", "detour": "lower"}).table
    assert found["rank"].tolist() == [11, 1, 1, 16] * 5
    assert found["rank_low"].equals(found["rank"].rename("rank_low"))
    assert found["rank_high"].equals(found["rank"].rename("rank_high"))


def test_one_part_has_no_other_way_to_be_ranked():
    found = composite_index(parts(names=("noise",)), {"noise": 4}, better={"noise": "lower"})
    assert found.leave_one_out.shape == (30, 0)
    for column in ("rank_low", "rank_high", "rank_without_low", "rank_without_high"):
        assert found.table[column].tolist() == found.table["rank"].tolist()


def test_no_complete_area_no_rank():
    table = pd.DataFrame({"noise": [1.0, math.nan], "detour": [math.nan, 1.0]})
    found = composite_index(table, {"noise": 1, "detour": 1}, better={"noise": "lower", "detour": "lower"})
    assert found.table.isna().all(axis=None)
    assert len(found.table) == 2


def test_direction_of_known_indicators_is_known():
    table = pd.DataFrame({"barrier_effect_walk_15min": [0.1, 0.2], "places_walk_15min": [9.0, 5.0]})
    found = composite_index(table, {"barrier_effect_walk_15min": 1, "places_walk_15min": 1})
    assert found.table["rank"].tolist() == [2, 1]


BAD = {
    "no part": (parts()[[]], {}, {}, {}, "there is no column"),
    "no weight": (parts(), {"noise": 1, "detour": 1}, LOWER, {}, "it has no weight"),
    "weight of nothing": (parts(), EVEN | {"parks": 1}, LOWER, {}, "there is no such column"),
    "weight 0": (parts(), EVEN | {"noise": 0}, LOWER, {}, "above 0"),
    "weight NaN": (parts(), EVEN | {"noise": math.nan}, LOWER, {}, "above 0"),
    "direction not known": (parts(), EVEN, {}, {}, "which direction is good"),
    "no such direction": (parts(), EVEN, LOWER | {"noise": "down"}, {}, "choose one of lower, higher"),
    "direction of nothing": (parts(), EVEN, LOWER | {"parks": "lower"}, {}, "there is no such column"),
    "no draw": (parts(), EVEN, LOWER, {"n_draws": 0}, "at least 1"),
    "level 1": (parts(), EVEN, LOWER, {"level": 1}, "below 1"),
    "no concentration": (parts(), EVEN, LOWER, {"concentration": 0}, "above 0"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case):
    table, weights, better, options, words = BAD[case]
    with pytest.raises(InputError, match="Remedy") as caught:
        composite_index(table, weights, better=better, **options)
    assert words in str(caught.value)


PAIRS = st.lists(st.tuples(NUMBER, NUMBER), min_size=3, max_size=12)


@given(PAIRS)
def test_rank_correlation_is_that_of_scipy(rows):
    table = pd.DataFrame(rows, columns=["x", "y"]).astype(float)
    both = table.dropna()
    found = correlated(table, limit=0)
    if len(both) < 3 or both["x"].nunique() < 2 or both["y"].nunique() < 2:
        assert found.empty
        return
    rho = spearmanr(both["x"], both["y"]).statistic
    if abs(rho) < 1e-9:
        return
    assert found["spearman"].tolist() == pytest.approx([rho])
    assert found["n_areas"].tolist() == [len(both)]


def test_only_strong_pairs_are_listed_strongest_first():
    table = pd.DataFrame({
        "a": [1, 2, 3, 4, 5], "b": [1, 2, 3, 5, 4], "c": [5, 4, 3, 2, 1], "d": [2, 5, 1, 4, 3], "same": [1, 1, 1, 1, 1],
    })  # fmt: skip
    found = correlated(table)
    assert list(zip(found["first"], found["second"], found["spearman"].round(6), strict=True)) == [
        ("a", "c", -1.0), ("a", "b", 0.9), ("b", "c", -0.9),
    ]  # fmt: skip
    assert len(correlated(table, limit=0.95)) == 1
    # exactly at the limit is not above it
    four = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 3, 2, 4]})
    assert correlated(four, limit=0.8).empty
    assert len(correlated(four, limit=0.79)) == 1
    with pytest.raises(InputError, match="limit"):
        correlated(table, limit=1.0)
