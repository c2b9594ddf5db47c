"""Minimum standards: who meets them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import standards_met
from bykobling.errors import InputError

STANDARDS = {"school_min": ("<=", 15), "lden_db": ("<", 58), "entries": (">=", 2), "green_m2": (">", 0)}


def homes():
    """Four homes:          all met | two unmet | on every line | school not known."""
    return pd.DataFrame(
        {
            "school_min": [10.0, math.inf, 15.0, math.nan],
            "lden_db": [50.0, 70.0, 58.0, 50.0],
            "entries": [3.0, 3.0, 2.0, 3.0],
            "green_m2": [9.0, 9.0, 0.0, 9.0],
        },
        index=list("abcd"),
    )


def test_standards_by_hand():
    values = homes()
    before = values.copy()
    found = standards_met(values, STANDARDS, pd.Series([10, 20, 30, 40], index=list("abcd")))
    # exactly on the line: <= and >= hold, < and > do not; an endless way is known to be too long
    assert found.unmet.tolist()[:3] == [0, 2, 2]
    assert math.isnan(found.unmet["d"])
    assert found.all_met_share == pytest.approx(10 / 60)
    assert found.known_share == pytest.approx(60 / 100)
    assert found.met_share.to_dict() == pytest.approx(
        {"school_min": 40 / 60, "lden_db": 50 / 100, "entries": 1.0, "green_m2": 70 / 100}
    )
    assert found.met.loc["b"].tolist() == [0, 0, 1, 1]
    assert math.isnan(found.met.loc["d", "school_min"])
    assert found.unmet.index.equals(values.index)
    pd.testing.assert_frame_equal(values, before)


VALUES = st.one_of(st.just(math.nan), st.integers(-3, 3).map(float))


@given(st.lists(st.tuples(VALUES, VALUES, st.integers(0, 5)), min_size=1, max_size=9), st.integers(-3, 3))
def test_counts_are_those_of_a_loop(rows, limit):
    table = pd.DataFrame(rows, columns=["x", "y", "people"])
    found = standards_met(table, {"x": ("<", limit), "y": (">=", limit)}, table["people"])
    meeting = known = 0
    for (x, y, people), count in zip(rows, found.unmet, strict=True):
        if math.isnan(x) or math.isnan(y):
            assert math.isnan(count)
            continue
        assert count == (not x < limit) + (not y >= limit)
        known += people
        meeting += people * (count == 0)
    assert found.all_met_share == pytest.approx(meeting / known) if known else math.isnan(found.all_met_share)


@given(st.lists(st.integers(-3, 3).map(float), min_size=1, max_size=9))
def test_a_stricter_standard_is_never_met_by_more(values):
    table = pd.DataFrame({"x": values})
    people = pd.Series(1.0, index=table.index)
    shares = [standards_met(table, {"x": ("<=", limit)}, people).all_met_share for limit in (2, 1, 0)]
    assert shares == sorted(shares, reverse=True)


def test_nobody_no_share():
    found = standards_met(homes(), STANDARDS, pd.Series(0, index=list("abcd")))
    assert math.isnan(found.all_met_share)
    assert math.isnan(found.known_share)
    assert found.unmet.tolist()[:2] == [0, 2]


def test_nullable_numbers_count():
    table = pd.DataFrame({"x": pd.array([1, None], dtype="Int64")})
    assert np.array_equal(standards_met(table, {"x": (">", 0)}, pd.Series([1, 1])).unmet, [0, np.nan], equal_nan=True)


PEOPLE = pd.Series(1, index=list("abcd"))
BAD = {
    "none": ({}, PEOPLE, "there is none"),
    "no such column": ({"scool_min": ("<", 1)}, PEOPLE, "perhaps you mean 'school_min'"),
    "no such operator": ({"school_min": ("=<", 1)}, PEOPLE, "choose one of <, <="),
    "no limit": ({"school_min": ("<", math.nan)}, PEOPLE, "the limit is no number"),
    "negative residents": (STANDARDS, -PEOPLE, "must not be negative"),
    "other index": (STANDARDS, PEOPLE.set_axis(range(4)), "align"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input(case):
    standards, people, words = BAD[case]
    with pytest.raises(InputError, match="Remedy") as caught:
        standards_met(homes(), standards, people)
    assert words in str(caught.value)
