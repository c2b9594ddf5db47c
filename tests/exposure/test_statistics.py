"""Rules of averaging and counting, on any levels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.exposure import energy_mean_db, mean_db, percentile_db, share_above, share_above_bounds
from bykobling.raster import Sampled

DB = st.floats(20, 110)
PEOPLE = st.floats(0, 1e4)
ROWS = st.lists(st.tuples(DB, PEOPLE), min_size=1, max_size=20).filter(lambda rows: sum(p for _, p in rows) > 1e-6)


@given(ROWS)
def test_energy_mean_lies_between_least_and_greatest_and_above_the_plain_mean(rows):
    level, people = map(np.array, zip(*rows, strict=True))
    there = level[people > 0]
    mean = energy_mean_db(level, people)
    assert there.min() <= mean <= there.max()
    assert mean >= mean_db(level, people) - 1e-9
    want = 10 * math.log10((people * 10 ** (level / 10)).sum() / people.sum())
    assert mean == pytest.approx(want, abs=1e-9)


@given(ROWS, st.floats(-30, 30), st.floats(0.01, 100))
def test_energy_mean_moves_with_the_levels_and_not_with_the_scale_of_people(rows, shift, scale):
    level, people = map(np.array, zip(*rows, strict=True))
    mean = energy_mean_db(level, people)
    assert energy_mean_db(level + shift, people) == pytest.approx(mean + shift, abs=1e-9)
    assert energy_mean_db(level, people * scale) == pytest.approx(mean, abs=1e-9)


def test_energy_is_added_not_decibels():
    # twice the energy is 3 dB more: a level and nothing (-inf would be no energy) averages to 3 dB less
    assert energy_mean_db([60.0, -1000.0]) == pytest.approx(60 - 10 * math.log10(2))
    assert energy_mean_db([60.0, math.nan]) == 60
    assert math.isnan(energy_mean_db([]))
    assert math.isnan(energy_mean_db([60.0], [0.0]))


@given(ROWS, st.floats(0, 100))
def test_percentile_is_that_of_people_written_out(rows, pct):
    level = [level for level, _ in rows]
    count = [int(people) % 5 for _, people in rows]
    everybody = sorted(np.repeat(level, count))
    found = percentile_db(level, count, pct)
    if not everybody:
        assert math.isnan(found)
        return
    assert found in everybody
    at_most = sum(one <= found for one in everybody) / len(everybody)
    less = sum(one < found for one in everybody) / len(everybody)
    assert at_most >= pct / 100 - 1e-9
    assert less < pct / 100 + 1e-9


def test_percentile_below_the_lowest_cannot_be_told():
    assert math.isnan(percentile_db([-math.inf, 60.0], [3, 1], 50))
    assert percentile_db([-math.inf, 60.0], [3, 1], 90) == 60


BANDS = st.lists(
    st.tuples(st.sampled_from(["exact", "band", "below", "unknown"]), st.integers(40, 80), st.integers(0, 9)),
    min_size=1,
    max_size=12,
)


def written(rows, lowest=50.0):
    low, high, level = [], [], []
    for kind, db, _ in rows:
        a, b, mid = {
            "exact": (db, db, db),
            "band": (db, db + 5, db + 2.5),
            "below": (-math.inf, lowest, math.nan),
            "unknown": (math.nan, math.nan, math.nan),
        }[kind]
        low.append(a)
        high.append(b)
        level.append(mid)
    return Sampled(*(np.array(values, float) for values in (level, low, high)))


@given(BANDS, st.integers(40, 85))
def test_share_above_is_that_of_a_loop(rows, threshold):
    sure = perhaps = known = 0
    for kind, db, people in rows:
        if kind == "unknown":
            continue
        known += people
        above = {"exact": db >= threshold, "band": db >= threshold, "below": False}[kind]
        may = above or {"exact": False, "band": db + 5 > threshold, "below": threshold < 50}[kind]
        sure += people * above
        perhaps += people * may
    found = share_above(written(rows), [row[2] for row in rows], threshold)
    low, high = share_above_bounds(written(rows), [row[2] for row in rows], threshold)
    if not known:
        assert math.isnan(found)
        return
    assert (low, high) == pytest.approx((sure / known, perhaps / known))
    assert found == pytest.approx(low) if sure == perhaps else math.isnan(found)


@settings(max_examples=40)
@given(BANDS)
def test_fewer_live_above_a_higher_level(rows):
    people = [row[2] for row in rows]
    bounds = [share_above_bounds(written(rows), people, threshold) for threshold in range(40, 86)]
    for part in range(2):
        values = [one[part] for one in bounds]
        assert values == sorted(values, reverse=True) or all(map(math.isnan, values))


def test_bad_input():
    with pytest.raises(InputError, match="2 weights for 1 levels"):
        energy_mean_db([60.0], [1, 2])
    with pytest.raises(InputError, match="negative"):
        mean_db([60.0], [-1])
    with pytest.raises(InputError, match="percentage"):
        percentile_db([60.0], [1], 101)
