"""Who gets what, against plain loops and the sums that must come out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.accessibility import (
    Binary,
    Exponential,
    Linear,
    Stepped,
    balancing_cost,
    spatial_availability,
    two_step_floating_catchment,
)
from bykobling.errors import InputError

from .tables import random_reach, table_of

SEEDS = st.integers(0, 10_000)
DECAYS = st.sampled_from([Binary(10), Exponential(0.1), Stepped((6, 20, 30), (0.68, 0.22, 0)), Linear(40)])


def people_and_places(seed, *, least=0):
    rng = np.random.default_rng(seed)
    return rng.integers(least, 5, 7).astype(float), rng.integers(0, 5, 5).astype(float)


def weights_of(dense, decay):
    return decay(np.where(np.isnan(dense), np.inf, dense))


@given(SEEDS, DECAYS, st.sampled_from(["2sfca", "bfca"]))
def test_catchments_are_those_of_loops(seed, decay, method):
    table, dense = random_reach(seed)
    demand, supply = people_and_places(seed)
    f = weights_of(dense, decay)
    ours = two_step_floating_catchment(table, demand, supply, decay=decay, method=method)
    for i in range(7):
        plain = 0.0
        for j in range(5):
            if f[i, j] == 0 or supply[j] == 0:
                continue
            by_home = [f[k, j] / (f[k].sum() if method == "bfca" else 1) if f[k, j] > 0 else 0 for k in range(7)]
            served = sum(by_home[k] * demand[k] for k in range(7))
            mine = f[i, j] / (f[:, j].sum() if method == "bfca" else 1)
            plain += supply[j] / served * mine if served > 0 else np.nan
        np.testing.assert_allclose(ours[i], plain if table.linked[i] else np.nan, rtol=1e-9)


@given(SEEDS, DECAYS)
def test_nothing_is_handed_out_twice(seed, decay):
    table, dense = random_reach(seed)
    demand, supply = people_and_places(seed)
    wanted = (weights_of(dense, decay) * demand[:, None]).sum(axis=0) > 0
    available = spatial_availability(table, demand, supply, decay=decay)
    assert np.nansum(available) == pytest.approx(supply[wanted].sum())
    a_head = two_step_floating_catchment(table, demand, supply, decay=decay)
    assert np.nansum(demand * a_head) == pytest.approx(supply[wanted].sum())
    # and a head both are one measure
    lived_in = (demand > 0) & table.linked
    np.testing.assert_allclose(available[lived_in], (demand * a_head)[lived_in], rtol=1e-9)


@given(SEEDS, DECAYS)
def test_balanced_shares_add_up_to_the_ratios_of_places(seed, decay):
    table, dense = random_reach(seed)
    demand, supply = people_and_places(seed, least=1)
    f = weights_of(dense, decay)
    total = f.sum(axis=1, keepdims=True)
    served = (np.divide(f, total, out=np.zeros_like(f), where=total > 0) * demand[:, None]).sum(axis=0)
    ours = two_step_floating_catchment(table, demand, supply, decay=decay, method="bfca")
    assert np.nansum(ours) == pytest.approx((supply[served > 0] / served[served > 0]).sum())


@given(SEEDS, st.sampled_from([1.0, 0.1, 7.0]), st.booleans())
def test_balancing_is_that_of_loops(seed, increment, strict):
    table, dense = random_reach(seed)
    demand, supply = people_and_places(seed)
    ours = balancing_cost(table, demand, supply, increment_min=increment, strict=strict)
    for i in range(7):
        plain = np.nan if not table.linked[i] else 0.0 if demand[i] == 0 else np.inf
        for j in np.argsort(dense[i]) if plain == np.inf else []:
            reached = supply[dense[i] <= dense[i, j]].sum()
            if np.isfinite(dense[i, j]) and (reached > demand[i] if strict else reached >= demand[i]):
                plain = np.ceil(round(dense[i, j] / increment, 4)) * increment
                break
        assert ours[i] == pytest.approx(plain, nan_ok=True)


#   village (2 people) --5-- pit (3 jobs) --5-- town (4 people) --5-- works (8 jobs)
PEOPLE, JOBS = [2, 4], [3, 8]
VALLEY = table_of([[5, 15], [5, 5]])


def test_a_valley_one_can_work_out():
    near = Binary(5)
    # the pit is 3 jobs for 6 people; the works 8 jobs for the 4 of the town
    catchment = two_step_floating_catchment(VALLEY, PEOPLE, JOBS, decay=near)
    assert catchment.tolist() == pytest.approx([0.5, 0.5 + 2])
    assert spatial_availability(VALLEY, PEOPLE, JOBS, decay=near).tolist() == pytest.approx([1, 2 + 8])
    # balanced: the town goes half to the pit, half to the works, and the pit serves half of each
    balanced = two_step_floating_catchment(VALLEY, PEOPLE, JOBS, decay=near, method="bfca")
    assert balanced.tolist() == pytest.approx([3 / 4 / 2, 3 / 4 / 2 + 8 / 2])


def test_as_many_jobs_as_people_or_more():
    table = table_of([[4.2, 9.0]])
    assert balancing_cost(table, [10], [10, 1]).tolist() == [5]
    assert balancing_cost(table, [10], [10, 1], strict=True).tolist() == [9]
    assert balancing_cost(table, [11], [10, 1], strict=True).tolist() == [np.inf]
    assert balancing_cost(table, [10], [10, 1], increment_min=0.1).tolist() == pytest.approx([4.2])
    assert balancing_cost(table, [10], [10, 1], increment_min=2.5).tolist() == [5]


@pytest.mark.parametrize("minutes", [5.123, 4.217, 9.337, 7.001])
def test_a_time_that_is_a_multiple_of_the_increment_stays(minutes):
    # though it is kept as float32 seconds
    assert balancing_cost(table_of([[minutes]]), [1], [1], increment_min=0.001).tolist() == [pytest.approx(minutes)]


def test_tenths_of_jobs_for_tenths_of_people():
    table = table_of([np.arange(1.0, 41.0)])
    for people in range(1, 40):
        for strict in (False, True):
            cost = balancing_cost(table, [people / 10], np.full(40, 0.1), strict=strict)
            assert cost.tolist() == [people + strict]


@pytest.mark.parametrize("method", ["2sfca", "bfca"])
def test_nobody_and_nothing(method):
    decay = Binary(5)
    nobody = two_step_floating_catchment(VALLEY, [0, 0], JOBS, decay=decay, method=method)
    assert np.isnan(nobody).all()  # jobs a head of nobody
    half = two_step_floating_catchment(VALLEY, [2, 0], JOBS, decay=decay, method=method)
    assert np.isfinite(half[0])
    assert np.isnan(half[1])  # the works are there for nobody
    nothing = two_step_floating_catchment(VALLEY, PEOPLE, [0, 0], decay=decay, method=method)
    assert nothing.tolist() == [0, 0]
    far = two_step_floating_catchment(VALLEY, PEOPLE, JOBS, decay=Binary(1), method=method)
    assert far.tolist() == [0, 0]
    table, _ = random_reach(0, share=0.0)
    apart = two_step_floating_catchment(table, np.ones(7), np.ones(5), decay=decay, method=method)
    np.testing.assert_array_equal(apart, np.where(table.linked, 0, np.nan))
    alone = two_step_floating_catchment(table_of([[5]]), [2], [3], decay=decay, method=method)
    assert alone.tolist() == [1.5]


def test_nobody_is_allotted_nothing():
    assert spatial_availability(VALLEY, [0, 0], JOBS, decay=Binary(5)).tolist() == [0, 0]
    assert spatial_availability(VALLEY, [2, 0], JOBS, decay=Binary(5)).tolist() == [3, 0]
    assert spatial_availability(VALLEY, PEOPLE, [0, 0], decay=Binary(5)).tolist() == [0, 0]
    table, _ = random_reach(0, share=0.0)
    apart = spatial_availability(table, np.ones(7), np.ones(5), decay=Binary(5))
    np.testing.assert_array_equal(apart, np.where(table.linked, 0, np.nan))
    np.testing.assert_array_equal(balancing_cost(table, np.ones(7), np.ones(5)), np.where(table.linked, np.inf, np.nan))
    assert balancing_cost(VALLEY, [0, 1], [0, 0]).tolist() == [0, np.inf]


@pytest.mark.parametrize("method", ["2sfca", "bfca"])
def test_demand_from_very_far_off_overflows_nothing(method):
    # exp(-740) is all but nothing: one who comes from there has the place for himself
    table = table_of([[3_700.0]])
    ours = two_step_floating_catchment(table, [2], [3], decay=Exponential(0.2), method=method)
    assert ours.tolist() == pytest.approx([1.5])
    assert spatial_availability(table, [2], [3], decay=Exponential(0.2)).tolist() == pytest.approx([3])


@pytest.mark.parametrize("measure", [two_step_floating_catchment, spatial_availability])
def test_what_cannot_be_shared_is_refused(measure):
    with pytest.raises(InputError, match=r"(?s)demand.*\(1,\) for 2 places.*supply.*row 1.*not a decay"):
        measure(VALLEY, [1], [-3, 8], decay=None)
    table, _ = random_reach(1, limit_min=30)
    with pytest.raises(InputError, match="beyond 30 min"):
        measure(table, np.ones(7), np.ones(5), decay=Exponential(0.1))
    with pytest.raises(InputError, match="no places"):
        measure(table_of(np.empty((1, 0))), [1], [], decay=Binary(5))


def test_other_questions_that_cannot_be_answered_are_refused():
    with pytest.raises(InputError, match=r"'3sfca' is unknown"):
        two_step_floating_catchment(VALLEY, PEOPLE, JOBS, decay=Binary(5), method="3sfca")
    with pytest.raises(InputError, match=r"(?s)demand, row 2.*finite.*increment_min"):
        balancing_cost(VALLEY, [1, np.nan], JOBS, increment_min=0)
