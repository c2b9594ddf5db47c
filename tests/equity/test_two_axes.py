"""Vulnerability against burden: ranks side by side, and the front nobody exceeds."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import pareto_front, resident_percentile, two_axes
from bykobling.errors import InputError

NUMBER = st.one_of(st.sampled_from([math.nan, math.inf, -math.inf]), st.integers(-2, 3).map(float))
POINTS = st.lists(st.tuples(NUMBER, NUMBER), max_size=12)


def axes(points):
    frame = pd.DataFrame(points, columns=["v", "b"], index=[f"a{i}" for i in range(len(points))]).astype(float)
    return frame["v"], frame["b"]


@given(POINTS)
def test_front_is_that_of_comparing_everybody_with_everybody(points):
    front = pareto_front(*axes(points))
    assert front.dtype == bool
    for (v, b), there in zip(points, front, strict=True):
        exceeded = any(x >= v and y >= b and (x > v or y > b) for x, y in points)
        assert there == (not exceeded and not math.isnan(v) and not math.isnan(b))


@given(POINTS)
def test_axes_may_change_places(points):
    v, b = axes(points)
    pd.testing.assert_series_equal(pareto_front(v, b), pareto_front(b, v))


def test_front_by_eye():
    # burden
    #   3 | A . .       A, B and both C are in the front; D is exceeded by B, E by everybody
    #   2 | D B .
    #   1 | E . C C
    #     +-1-2-3-> vulnerability
    v, b = axes([(1, 3), (2, 2), (3, 1), (3, 1), (1, 2), (1, 1), (9, math.nan)])
    assert pareto_front(v, b).tolist() == [True, True, True, True, False, False, False]


def test_both_numbers_stand_side_by_side_untouched():
    v, b = axes([(3, 0.1), (2, 0.4), (1, 0.4), (math.nan, 0.2)])
    people = pd.Series([10, 10, 20, 0], index=v.index)
    table = two_axes(v, b, people)
    assert table["vulnerability"].equals(v.rename("vulnerability"))
    assert table["burden"].equals(b.rename("burden"))
    assert table["vulnerability_rank"].tolist()[:3] == [1, 2, 3]
    assert math.isnan(table["vulnerability_rank"].iloc[3])
    assert table["burden_rank"].tolist() == [4, 1, 1, 3]
    assert table["burden_percentile"].equals(resident_percentile(b, people).rename("burden_percentile"))
    assert table["pareto_front"].tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    "call",
    [
        lambda v, b, _: pareto_front(v, b.set_axis([5, 6])),
        lambda v, b, p: two_axes(v, b.set_axis([5, 6]), p),
        lambda v, b, p: two_axes(v, b, p.set_axis([5, 6])),
        lambda v, b, p: two_axes(v, b, -p),
    ],
)
def test_bad_input(call):
    with pytest.raises(InputError, match="Remedy"):
        call(pd.Series([1.0, 2.0]), pd.Series([1.0, 2.0]), pd.Series([1, 1]))
