"""What can be reached, against plain loops over a dense matrix.

::

    home --4-- shop(1) --11-- school(2)      minutes; weights are powers of two
         `-16- park(4)
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.accessibility import (
    Binary,
    Exponential,
    Linear,
    Truncated,
    cost_to_nearest,
    cumulative_interval,
    cumulative_opportunities,
    gravity,
)
from bykobling.errors import InputError

from .tables import random_reach, table_of

SEEDS = st.integers(0, 10_000)
TOWN = table_of([[4, 15, 16]])
WEIGHTS = [1, 2, 4]


def test_a_town_one_can_add_up():
    assert cumulative_opportunities(TOWN, WEIGHTS, cutoffs_min=[15, 3, 16, 4])[0, :, 0].tolist() == [3, 0, 7, 1]
    # 4 to 16 by 4: 1, 1, 1, 7
    assert cumulative_interval(TOWN, WEIGHTS, from_min=4, to_min=16, step_min=4).tolist() == [[1]]
    assert cumulative_interval(TOWN, WEIGHTS, from_min=4, to_min=16, step_min=4, summary="mean").tolist() == [[2.5]]
    assert gravity(TOWN, WEIGHTS, decay=Linear(20)).tolist() == [[pytest.approx(0.8 + 2 * 0.25 + 4 * 0.2)]]
    assert cost_to_nearest(TOWN, [0, 2, 4]).tolist() == [15]
    assert cost_to_nearest(TOWN, [0, 2, 4], n=3).tolist() == [16]


@given(SEEDS)
def test_sums_are_those_of_loops(seed):
    table, dense = random_reach(seed)
    rng = np.random.default_rng(seed)
    weights = rng.integers(0, 9, (5, 2)).astype(float)
    cutoffs = [10.0, 7.5, 59.0, 10.0]
    sums = cumulative_opportunities(table, weights, cutoffs_min=cutoffs)
    drawn_in = gravity(table, weights, decay=Exponential(0.1))
    for i in range(7):
        for f in range(2):
            for c, cutoff in enumerate(cutoffs):
                plain = sum(weights[j, f] for j in range(5) if dense[i, j] <= cutoff)
                assert sums[i, c, f] == plain or (np.isnan(dense[i]).all() and np.isnan(sums[i, c, f]))
            plain = sum(weights[j, f] * np.exp(-0.1 * dense[i, j]) for j in range(5))
            np.testing.assert_allclose(drawn_in[i, f], plain, rtol=1e-9)


@given(SEEDS, st.sampled_from([1, 2, 3.5, 9, 100]))
def test_the_nth_nearest_is_that_of_loops(seed, n):
    table, dense = random_reach(seed)
    weights = np.random.default_rng(seed).choice([0, 0.5, 1, 3], 5)
    ours = cost_to_nearest(table, weights, n=n)
    for i in range(7):
        if np.isnan(dense[i]).all():
            assert np.isnan(ours[i])
            continue
        so_far, plain = 0.0, np.inf
        for j in np.argsort(dense[i]):
            so_far += weights[j]
            if np.isfinite(dense[i, j]) and ((n == 1 and weights[j] > 0) or so_far >= n):
                plain = dense[i, j]
                break
        assert ours[i] == pytest.approx(plain)


@given(SEEDS, st.lists(st.floats(0.1, 70), min_size=2, max_size=5))
def test_more_time_never_reaches_less(seed, cutoffs):
    table, _ = random_reach(seed, unlinked=False)
    sums = cumulative_opportunities(table, [1, 2, 4, 8, 16], cutoffs_min=np.sort(cutoffs))[:, :, 0]
    assert (np.diff(sums, axis=1) >= 0).all()
    farther = [cost_to_nearest(table, [1, 2, 4, 8, 16], n=n) for n in (1, 2, 7, 31)]
    assert all((b >= a).all() for a, b in pairwise(farther))


@given(SEEDS, st.floats(0.1, 70))
def test_a_binary_decay_is_a_cutoff(seed, cutoff):
    table, _ = random_reach(seed)
    weights = [1, 2, 4, 8, 16]
    np.testing.assert_array_equal(
        gravity(table, weights, decay=Binary(cutoff)),
        cumulative_opportunities(table, weights, cutoffs_min=[cutoff])[:, 0],
    )


@given(SEEDS)
def test_the_middle_of_a_range_lies_between_its_ends(seed):
    table, _ = random_reach(seed, unlinked=False)
    ends = cumulative_opportunities(table, [1, 2, 4, 8, 16], cutoffs_min=[5, 20])[:, :, 0]
    for summary in ("median", "mean"):
        middle = cumulative_interval(table, [1, 2, 4, 8, 16], from_min=5, to_min=20, summary=summary)[:, 0]
        assert ((ends[:, 0] - 1e-9 <= middle) & (middle <= ends[:, 1] + 1e-9)).all()


def test_a_range_ends_on_its_last_minute_though_steps_are_rounded():
    # 0.1 to 0.7 by 0.1 is seven cut-offs, though (0.7 - 0.1) / 0.1 is less than 6; at the last the place is reached
    table = table_of([[0.7]])
    mean = cumulative_interval(table, [7], from_min=0.1, to_min=0.7, step_min=0.1, summary="mean")
    assert mean.tolist() == [[pytest.approx(1)]]


def test_nineteen_tenths_are_one_point_nine():
    tenths = np.full(40, 0.1)
    assert tenths[:19].cumsum()[-1] != 1.9
    table = table_of([np.arange(40.0)])
    for n in (1.5, 1.9, 2, 2.3, 2.6, 3.9):
        assert cost_to_nearest(table, tenths, n=n).tolist() == [round(n * 10) - 1]


def test_many_rows_of_uneven_length_are_summed_in_blocks(monkeypatch):
    monkeypatch.setattr("bykobling.accessibility.accumulate._BLOCK", 8)
    table, dense = random_reach(3, origins=40, destinations=6, share=0.4)
    ours = cost_to_nearest(table, np.ones(6), n=2)
    plain = np.sort(np.where(np.isnan(dense), np.inf, dense), axis=1)[:, 1]
    np.testing.assert_allclose(ours[table.linked], plain[table.linked])


def test_nothing_in_reach_is_nothing_and_unlinked_is_unknown():
    table, _ = random_reach(0, share=0.0)
    for values, nothing in (
        (cumulative_opportunities(table, np.ones(5), cutoffs_min=[5])[:, 0, 0], 0),
        (cumulative_interval(table, np.ones(5), from_min=5, to_min=6)[:, 0], 0),
        (gravity(table, np.ones(5), decay=Linear(5))[:, 0], 0),
        (cost_to_nearest(table, np.ones(5)), np.inf),
        (cost_to_nearest(table, np.ones(5), n=2), np.inf),
    ):
        assert (values[table.linked] == nothing).all()
        assert np.isnan(values[~table.linked]).all()
    assert cost_to_nearest(TOWN, [0, 0, 0]).tolist() == [np.inf]


def test_a_table_that_ends_is_not_asked_what_lies_beyond():
    table, _ = random_reach(1, limit_min=30)
    assert cumulative_opportunities(table, np.ones(5), cutoffs_min=[30]).shape == (7, 1, 1)
    gravity(table, np.ones(5), decay=Truncated(Exponential(0.1), 30))
    with pytest.raises(InputError, match=r"31 min is farther .* \(30 min\).*limit_s=1860"):
        cumulative_opportunities(table, np.ones(5), cutoffs_min=[10, 31])
    with pytest.raises(InputError, match=r"beyond 30 min.*Truncated\(decay, 30\)"):
        gravity(table, np.ones(5), decay=Exponential(0.1))


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda: cumulative_opportunities(TOWN, [1, 2], cutoffs_min=[5]), r"\(2,\) for 3 destinations"),
        (lambda: cumulative_opportunities(TOWN, [1, np.nan, -2], cutoffs_min=[0]), "(?s)row 2.*row 3.*above 0"),
        (lambda: cumulative_opportunities(TOWN, np.ones((3, 2, 1)), cutoffs_min=[5]), "one column a field"),
        (lambda: cumulative_opportunities(TOWN, np.ones((3, 0)), cutoffs_min=[5]), "one column a field"),
        (lambda: cumulative_opportunities(TOWN, [[1, 1], [1, -1], [1, 1]], cutoffs_min=[5]), "field 1"),
        (lambda: cumulative_opportunities(TOWN, WEIGHTS, cutoffs_min=[]), "one or more"),
        (lambda: cumulative_opportunities(TOWN, WEIGHTS, cutoffs_min=[np.inf]), "minutes above 0"),
        (lambda: cumulative_opportunities(table_of(np.empty((1, 0))), [], cutoffs_min=[5]), "no destinations"),
        (lambda: cumulative_interval(TOWN, WEIGHTS, from_min=9, to_min=5), "no range"),
        (lambda: cumulative_interval(TOWN, WEIGHTS, from_min=5, to_min=9, step_min=0), "step_min"),
        (lambda: cumulative_interval(TOWN, WEIGHTS, from_min=5, to_min=9, summary="mode"), "median"),
        (lambda: gravity(TOWN, WEIGHTS, decay=lambda minutes: minutes), "is not a decay"),
        (lambda: gravity(TOWN, WEIGHTS, decay=30), "is not a decay"),
        (lambda: cost_to_nearest(TOWN, WEIGHTS, n=0), "below 1"),
        (lambda: cost_to_nearest(TOWN, np.ones((3, 2))), "one number a place"),
    ],
)
def test_what_cannot_be_counted_is_refused(ask, told):
    with pytest.raises(InputError, match=told):
        ask()


def test_weights_given_are_not_changed():
    weights = np.array([1.0, 2.0, 4.0])
    before = weights.copy()
    cumulative_opportunities(TOWN, weights, cutoffs_min=[5])
    gravity(TOWN, weights, decay=Linear(5))
    cost_to_nearest(TOWN, weights, n=2)
    np.testing.assert_array_equal(weights, before)
