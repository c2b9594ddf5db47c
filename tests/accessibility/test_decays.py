from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.accessibility import Binary, Exponential, Linear, Logistic, Power, Stepped, Truncated
from bykobling.errors import InputError

POSITIVE = st.floats(0.01, 200)
SIMPLE = st.one_of(
    POSITIVE.map(Binary),
    POSITIVE.map(Linear),
    POSITIVE.map(Exponential),
    POSITIVE.map(Power),
    st.builds(Logistic, POSITIVE, POSITIVE),
    st.integers(1, 4).flatmap(
        lambda n: st.builds(
            lambda steps, weights: Stepped(tuple(sorted(steps)), tuple(sorted(weights, reverse=True))),
            st.lists(st.integers(1, 90), min_size=n, max_size=n, unique=True),
            st.lists(st.floats(0, 1), min_size=n, max_size=n),
        )
    ),
)
DECAYS = st.one_of(SIMPLE, st.builds(Truncated, SIMPLE, POSITIVE))


@given(DECAYS, st.lists(st.floats(0, 1e5), min_size=1, max_size=20))
def test_weights_fall_from_one_to_nothing(decay, minutes):
    times = np.sort(minutes)
    weights = decay(times)
    assert weights.dtype == np.float64
    assert weights.shape == times.shape
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (np.diff(weights) <= 1e-12).all()
    assert decay([0.0])[0] == pytest.approx(1.0)
    assert (weights[times > decay.limit_min + 1e-3] == 0).all()
    if math.isfinite(decay.limit_min):
        assert decay(decay.limit_min + 0.1) == 0


@given(DECAYS)
def test_no_way_at_all_weighs_nothing(decay):
    far = decay([np.inf])[0]
    assert far == (decay.weights[-1] if isinstance(decay, Stepped) else 0)


@given(st.integers(1, 10_000))
def test_a_cutoff_told_in_minutes_holds_a_time_kept_in_seconds(seconds):
    cutoff = seconds / 60
    kept = float(np.float32(seconds)) / 60
    assert Binary(cutoff)([kept, kept + 0.002]).tolist() == [1, 0]
    assert Stepped((cutoff,), (0.5,))([kept - 0.002, kept]).tolist() == [1, 0.5]


def test_what_each_is_at_a_time_one_can_work_out():
    assert Linear(45)([9, 45]).tolist() == pytest.approx([0.8, 0])
    assert Exponential(0.2)(5) == pytest.approx(math.exp(-1))
    assert Power(2)([0.5, 3]).tolist() == pytest.approx([1, 1 / 9])
    slope = math.pi / (5 * math.sqrt(3))
    by_hand = (1 + math.exp(-30 * slope)) / (1 + math.exp(10 * slope))
    assert Logistic(30, 5)(40) == pytest.approx(by_hand)
    assert Logistic(30, 0.001)([29, 31, 1e9]).tolist() == pytest.approx([1, 0, 0])


def test_a_decay_ends_where_its_weight_is_nought():
    assert Stepped((10, 20, 30), (0.5, 0, 0)).limit_min == 20
    assert Stepped((10, 20), (0.5, 0.1)).limit_min == math.inf
    assert Truncated(Linear(20), 30).limit_min == 20
    assert Truncated(Power(1), 30).limit_min == 30


def test_a_step_counts_from_its_minute_on_and_lists_will_do():
    decay = Stepped([10, 20], [0.5, 0])
    assert decay([0, 9.99, 10, 19.99, 20]).tolist() == [1, 1, 0.5, 0.5, 0]
    assert decay == Stepped((10.0, 20.0), (0.5, 0.0))


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Binary(0), "cutoff_min"),
        (lambda: Linear(math.nan), "cutoff_min"),
        (lambda: Exponential(-1), "rate_per_min"),
        (lambda: Power(math.inf), "exponent"),
        (lambda: Logistic(0, -1), "midpoint_min.*\n.*sd_min"),
        (lambda: Stepped((), ()), "steps_min"),
        (lambda: Stepped((0, 10), (1, 0)), "0 is not a step"),
        (lambda: Stepped((20, 10), (0.5, 0)), "ascending"),
        (lambda: Stepped((10, 20), (0.5,)), "1 weights for 2 steps"),
        (lambda: Stepped((10, 20), (0.2, 0.5)), "falling"),
        (lambda: Stepped((10,), (1.5,)), "between 0 and 1"),
        (lambda: Truncated(Power(1), 0), "cutoff_min"),
    ],
)
def test_parameters_that_make_no_decay_are_refused(make, told):
    with pytest.raises(InputError, match=told):
        make()
