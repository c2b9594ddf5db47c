"""How sure ranks are: shares of trials by hand, and other speeds and weights against scoring anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.links.test_choose import river_town

from bykobling.links.demand import score_candidates
from bykobling.study.find_stability import (
    COSTS,
    SPEEDS,
    Trials,
    among_the_best,
    among_the_best_for_cost,
    other_gains,
)


def test_shares_are_counts_of_trials():
    gain = np.zeros((12, 1, 1))
    gain[:, 0, 0] = np.arange(12, 0, -1)
    steady = np.repeat(gain[:, :, 0], 2, axis=1)
    turned = steady[::-1, :1]
    told = among_the_best(gain, Trials(steady, turned))
    # of four trials three rank as the first, one the other way round
    assert told.tolist() == [0.75, 0.75, *[1.0] * 8, 0.25, 0.25]
    nothing = among_the_best(np.zeros((12, 1, 1)), Trials(np.zeros((12, 2)), np.zeros((12, 9))))
    assert (nothing == 0).all()
    assert len(among_the_best(gain[:0], Trials(steady[:0], turned[:0]))) == 0
    assert len(among_the_best_for_cost(np.empty(0), np.empty(0), np.empty(0, object))) == 0
    assert np.isnan(among_the_best(gain[:10], Trials(steady[:10], turned[:10]))).all()


def test_a_kind_that_may_be_cheaper_rises_where_it_is_near():
    kind = np.array(["bridge"] * 10 + ["path"] * 2, object)
    gain, cost = np.full(12, 10.0), np.r_[np.full(10, 100.0), 140.0, 250.0]
    told = among_the_best_for_cost(gain, cost, kind)
    # paths at 140 beat bridges where they cost at least 1.4 times as much relative to the table: 0.7 with 1.0 or 1.3,
    # and 0.7 with 1.0 ties at 98 to 100; paths at 250 never do
    trials = [(b, p) for b in COSTS for p in COSTS]
    wins = sum(140 * p < 100 * b for b, p in trials)
    assert told[10] == pytest.approx(wins / len(trials))
    assert 0 < told[10] < 1
    assert told[11] == 0
    assert told[0] == 1.0
    assert told[9] == pytest.approx(1 - wins / len(trials))


def test_other_speeds_and_weights_are_those_of_scoring_anew():
    links, demand = river_town()
    places = np.flatnonzero(demand.weights[:, 1] > 0)
    category = np.where(np.arange(len(places)) % 2, "school", "shop").astype(object)
    told = other_gains(links, demand, category)
    last = demand.cutoffs_min[-1]
    for column, share in enumerate(SPEEDS):
        again = score_candidates(links, replace(demand, cutoffs_min=(last * share,)))
        np.testing.assert_allclose(told.speeds[:, column], again.gain[:, :, 0, 0].sum(axis=0), rtol=1e-9)
    # a weighting lies between half and double of the gain as it is, and is one of its parts
    gain = score_candidates(links, demand).gain[:, :, -1, 0].sum(axis=0)
    assert (told.weights >= gain[:, None] / 2 - 1e-9).all()
    assert (told.weights <= gain[:, None] * 2 + 1e-9).all()
    # the same draws every time
    np.testing.assert_array_equal(told.weights, other_gains(links, demand, category).weights)
