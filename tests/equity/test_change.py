"""How much of a gap a change closes."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import Halved, gap_closed, n_halved
from bykobling.errors import InputError

GAPS = st.lists(st.tuples(st.integers(-4, 4).map(float), st.integers(-4, 4).map(float)), max_size=8)


def gaps(pairs):
    table = pd.DataFrame(pairs, columns=["before", "after"], index=[f"i{k}" for k in range(len(pairs))]).astype(float)
    return table["before"], table["after"]


@given(GAPS)
def test_closed_share_gives_the_gap_that_is_left(pairs):
    before, after = gaps(pairs)
    closed = gap_closed(before, after)
    assert closed.index.equals(before.index)
    for first, last, share in zip(before, after, closed, strict=True):
        assert math.isnan(share) if first == 0 else first * (1 - share) == pytest.approx(last)


@given(GAPS)
def test_nothing_changed_nothing_closed(pairs):
    before, _ = gaps(pairs)
    closed = gap_closed(before, before)
    assert (closed.dropna() == 0).all()
    assert n_halved(before, before).n_halved == 0


@given(GAPS)
def test_count_is_that_of_a_loop(pairs):
    before, after = gaps(pairs)
    better = dict.fromkeys(before.index[::2], "higher")
    expected = [0, 0]
    for name in before.index:
        first, last = before[name], after[name]
        if name in better or first < 0:
            first, last = -first, -last
        if first > 0:
            expected[1] += 1
            expected[0] += last <= first / 2
    assert n_halved(before, after, better=better) == Halved(*expected)


def test_a_gap_of_rounding_is_none():
    before, after = gaps([(0.1 + 0.2 - 0.3, 1.0), (math.nan, 1.0), (1.0, math.nan), (1.0, math.inf)])
    assert gap_closed(before, after).isna().all()
    assert n_halved(before, after) == (0, 0)


def test_exactly_half_counts_and_overtaking_counts():
    before, after = gaps([(0.6, 0.3), (0.6, -0.2), (0.6, 0.31)])
    assert n_halved(before, after) == (2, 3)


def test_vulnerable_areas_that_are_better_off_have_no_gap_to_close():
    before, after = gaps([(-2.0, -1.0), (2.0, 1.0)])
    assert n_halved(before, after, better={"i0": "lower", "i1": "lower"}) == (1, 1)
    assert n_halved(before, after, better={"i0": "higher", "i1": "higher"}) == (1, 1)


def test_bad_input():
    before, after = gaps([(1.0, 1.0)])
    with pytest.raises(InputError, match="align"):
        gap_closed(before, after.set_axis(["x"]))
    with pytest.raises(InputError, match="perhaps you mean 'lower'"):
        n_halved(before, after, better={"i0": "lowest", "i1": "higher"})
