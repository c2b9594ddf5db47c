"""Gini, Theil, Palma and shortfall: against R, against slow twins, and by properties."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.equity import concentration_index, fgt, gini, palma_by_income, theil_t, weighted_mean, weighted_quantile
from bykobling.errors import InputError

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden" / "accessibility_r_small"

AREAS = st.lists(
    st.tuples(st.integers(0, 20).map(float), st.integers(0, 9), st.integers(0, 4).map(float)), min_size=1, max_size=12
)


def series(rows):
    frame = pd.DataFrame(rows, columns=["reach", "people", "income"], index=[f"a{i}" for i in range(len(rows))])
    return frame["reach"].astype(float), frame["people"].astype(float), frame["income"].astype(float)


def same(one, other):
    return (math.isnan(one) and math.isnan(other)) or one == pytest.approx(other, abs=1e-9)


@pytest.fixture(scope="module")
def belo_horizonte():
    if not GOLDEN.exists():
        pytest.skip(f"{GOLDEN} is not there")
    land = pd.read_csv(GOLDEN / "land_use_data.csv").set_index("id")
    jobs = pd.read_csv(GOLDEN / "exp_cumulative_cutoff_jobs_30.csv").set_index("id")["jobs"].reindex(land.index)
    expected = pd.read_csv(GOLDEN / "exp_inequality_scalars.csv").set_index("metric")["value"]
    return jobs.astype(float), land, expected


def exactly(value):
    return pytest.approx(value, rel=1e-9, abs=1e-12)


@pytest.mark.real
def test_every_number_of_the_r_package(belo_horizonte):
    jobs, land, expected = belo_horizonte
    people, income = land["population"], land["income_per_capita"].astype(float)
    ends = (float(jobs.min()), float(jobs.max()))
    found = {
        "palma": palma_by_income(jobs, people, income),
        "gini": gini(jobs, people),
        "ci_standard": concentration_index(jobs, people, income),
        "ci_corrected": concentration_index(jobs, people, income, kind="erreygers", bounds=ends),
        "weighted_mean_access": weighted_mean(jobs, people),
    }
    for alpha in (0, 1, 2):
        for line in (5000, 10_000, 20_000):
            found[f"fgt{alpha}_{line}"] = fgt(jobs, people, poverty_line=line, alpha=alpha)
    for pct in (10, 40, 50, 90):
        found[f"wq_income_{pct}"] = weighted_quantile(income, people, pct / 100)
    parts = theil_t(jobs, people, land["income_decile"])
    found |= {"theil_between_group": parts.between, "theil_within_group": parts.within, "theil_total": parts.total}
    found["theil_t"] = theil_t(jobs, people).total
    assert found.keys() == set(expected.index)
    for name, value in found.items():
        assert value == exactly(expected[name]), name


@pytest.mark.real
def test_variants_of_the_r_package(belo_horizonte):
    jobs, land, expected = belo_horizonte
    people, income = land["population"], land["income_per_capita"].astype(float)
    assert concentration_index(jobs, people, income, ties="sequence") == exactly(expected["ci_standard"])
    assert theil_t(jobs, people, zeros="drop").total == exactly(expected["theil_t"])


@pytest.mark.real
def test_theil_of_every_income_decile(belo_horizonte):
    jobs, land, _ = belo_horizonte
    groups = theil_t(jobs, land["population"], land["income_decile"]).groups
    between = pd.read_csv(GOLDEN / "exp_theil_between.csv").set_index("income_decile")["value"]
    within = pd.read_csv(GOLDEN / "exp_theil_within.csv").set_index("income_decile")
    assert len(groups) == 10
    for decile, row in groups.iterrows():
        assert row["between"] == exactly(between[decile])
        assert row["within"] == exactly(within.loc[decile, "value"])
        assert row["within_share"] == exactly(within.loc[decile, "share_of_component"])


def slow_gini(reach, people):
    """Mean difference of two residents over twice the mean."""
    pairs = sum(
        p * q * abs(a - b) for a, p in zip(reach, people, strict=True) for b, q in zip(reach, people, strict=True)
    )
    total = sum(people)
    mean = sum(a * p for a, p in zip(reach, people, strict=True)) / total if total else 0
    return pairs / (2 * mean * total**2) if mean else math.nan


def slow_theil(reach, people):
    total = sum(people)
    mean = sum(a * p for a, p in zip(reach, people, strict=True)) / total if total else 0
    if not mean:
        return math.nan
    return sum(p / total * a / mean * math.log(a / mean) for a, p in zip(reach, people, strict=True) if a and p)


@given(AREAS)
def test_gini_is_the_mean_difference(rows):
    reach, people, _ = series(rows)
    assert same(gini(reach, people), slow_gini(reach, people))


@given(AREAS)
def test_gini_ranked_by_reach_itself_is_the_concentration_index(rows):
    reach, people, _ = series(rows)
    assert same(gini(reach, people), concentration_index(reach, people, reach))


@given(AREAS, st.sampled_from([gini, lambda *a: theil_t(*a).total]))
def test_inequality_knows_no_unit_and_no_size_of_city(rows, measure):
    reach, people, _ = series(rows)
    value = measure(reach, people)
    assert math.isnan(value) or value >= -1e-12
    assert same(value, measure(reach * 7.3, people * 0.01))


@given(AREAS)
def test_splitting_an_area_in_two_changes_nothing(rows):
    reach, people, income = series(rows)
    double = {"reach": pd.concat([reach] * 2), "people": pd.concat([people * 0.3, people * 0.7])}
    twice = pd.DataFrame(double | {"income": pd.concat([income] * 2)}).reset_index(drop=True)
    args = twice["reach"], twice["people"]
    assert same(gini(reach, people), gini(*args))
    assert same(theil_t(reach, people).total, theil_t(*args).total)
    assert same(fgt(reach, people, poverty_line=5, alpha=1), fgt(*args, poverty_line=5, alpha=1))
    assert same(concentration_index(reach, people, income), concentration_index(*args, twice["income"]))
    assert same(palma_by_income(reach, people, income), palma_by_income(*args, twice["income"]))


@given(AREAS)
def test_theil_is_its_parts(rows):
    reach, people, income = series(rows)
    parts = theil_t(reach, people, income)
    assert same(parts.total, slow_theil(reach, people))
    assert same(parts.between + parts.within, parts.total)
    if not math.isnan(parts.total):
        assert parts.between >= -1e-12
        assert parts.within >= -1e-12
        assert parts.groups["residents_share"].sum() == pytest.approx(1)
        for label, row in parts.groups.iterrows():
            mine = income == label
            assert same(row["theil"], slow_theil(reach[mine], people[mine]))


@given(AREAS, st.integers(1, 20))
def test_shortfall_falls_with_alpha_and_rises_with_the_line(rows, line):
    reach, people, _ = series(rows)
    at = [fgt(reach, people, poverty_line=line, alpha=alpha) for alpha in (0, 1, 2)]
    if people.sum() == 0:
        assert all(map(math.isnan, at))
        return
    assert 1 >= at[0] >= at[1] >= at[2] >= 0
    assert at[0] == pytest.approx(people[reach < line].sum() / people.sum())
    assert fgt(reach, people, poverty_line=line + 1, alpha=1) >= at[1] - 1e-12
    assert fgt(reach + 1, people, poverty_line=line, alpha=1) <= at[1] + 1e-12


def test_exactly_on_the_line_is_enough():
    reach, people = pd.Series([100.0, 99.0]), pd.Series([75, 25])
    assert fgt(reach, people, poverty_line=100, alpha=0) == 0.25


def test_no_way_at_all_is_a_shortfall_and_endless_reach_is_none():
    reach, people = pd.Series([0.0, math.inf]), pd.Series([1, 3])
    assert fgt(reach, people, poverty_line=10, alpha=2) == 0.25


@given(AREAS)
def test_concentration_turns_with_the_ranking(rows):
    reach, people, income = series(rows)
    value = concentration_index(reach, people, income)
    assert same(-value, concentration_index(reach, people, -income))
    assert same(value, concentration_index(reach, people, income**3 + 5))
    assert math.isnan(value) or abs(value) <= 1


@given(AREAS, st.sampled_from(["erreygers", "wagstaff"]))
def test_bounded_indices_see_reach_and_lack_of_reach_alike(rows, kind):
    reach, people, income = series(rows)
    value = concentration_index(reach, people, income, kind=kind, bounds=(0, 20))
    mirror = concentration_index(20 - reach, people, income, kind=kind, bounds=(0, 20))
    assert same(value, -mirror)


@given(AREAS)
def test_kinds_hang_together(rows):
    reach, people, income = series(rows)
    mean = weighted_mean(reach, people)
    standard = concentration_index(reach, people, income)
    generalized = concentration_index(reach, people, income, kind="generalized")
    if math.isnan(standard):
        assert math.isnan(mean) or mean == 0
        return
    assert same(generalized, mean * standard)
    assert same(concentration_index(reach, people, income, kind="erreygers", bounds=(0, 40)), mean * standard / 10)
    wagstaff = concentration_index(reach, people, income, kind="wagstaff", bounds=(0, 40))
    assert same(wagstaff, standard * 40 / (40 - mean))


def test_ties_share_their_place_or_follow_the_table():
    # two areas of the same income: nobody is richer, so nothing is concentrated; in sequence the first counts as poorer
    reach, people, income = pd.Series([1.0, 3.0]), pd.Series([1, 1]), pd.Series([5, 5])
    assert concentration_index(reach, people, income) == 0
    assert concentration_index(reach, people, income, ties="sequence") == pytest.approx(0.25)
    turned = [one[::-1] for one in (reach, people, income)]
    assert concentration_index(*turned) == 0
    assert concentration_index(*turned, ties="sequence") == pytest.approx(-0.25)


@given(AREAS)
def test_without_ties_both_ways_agree(rows):
    reach, people, _ = series(rows)
    income = pd.Series(np.random.default_rng(len(rows)).permutation(len(rows)).astype(float), index=reach.index)
    one, other = (concentration_index(reach, people, income, ties=ties) for ties in ("mean", "sequence"))
    assert same(one, other)


def test_those_who_reach_nothing_count_unless_dropped():
    reach, people = pd.Series([0.0, 1.0, 1.0]), pd.Series([1, 1, 1])
    assert theil_t(reach, people).total == pytest.approx(math.log(1.5))
    assert theil_t(reach, people, zeros="drop").total == pytest.approx(0)
    groups = pd.Series(["poor", "rich", "rich"])
    kept = theil_t(reach, people, groups)
    assert (kept.between, kept.within) == pytest.approx((math.log(1.5), 0))
    assert list(kept.groups.index) == ["poor", "rich"]
    assert list(theil_t(reach, people, groups, zeros="drop").groups.index) == ["rich"]


def test_areas_without_a_group_are_left_out_of_every_part():
    reach, people = pd.Series([1.0, 3.0, 99.0]), pd.Series([1, 1, 1])
    parts = theil_t(reach, people, pd.Series(["a", "b", None]))
    assert parts.total == pytest.approx(theil_t(reach[:2], people[:2]).total)
    assert theil_t(reach, people).groups.empty


def test_palma_by_hand():
    # residents by income:  1111 2222 3333 4444 5     40 % poorest: the first 40 of 100; richest 10 %: the last area
    reach, income = pd.Series([1.0, 3.0, 5.0, 7.0]), pd.Series([100, 200, 300, 400])
    people = pd.Series([20, 20, 50, 10])
    assert palma_by_income(reach, people, income) == pytest.approx(7 / 2)
    assert palma_by_income(reach, people, income, poor_share=0.2, rich_share=0.6) == pytest.approx((5 * 50 + 70) / 60)


def test_palma_is_missing_where_the_richest_area_is_too_large_or_the_poor_reach_nothing():
    income = pd.Series([100, 200])
    assert math.isnan(palma_by_income(pd.Series([1.0, 2.0]), pd.Series([50, 50]), income))
    assert math.isnan(palma_by_income(pd.Series([0.0, 2.0]), pd.Series([95, 5]), income))


@given(AREAS, st.floats(0, 1))
def test_quantile_is_the_least_value_enough_do_not_exceed(rows, share):
    _, people, income = series(rows)
    value = weighted_quantile(income, people, share)
    if people.sum() == 0:
        assert math.isnan(value)
        return
    assert people[income <= value].sum() >= (share - 1e-9) * people.sum()
    assert people[income < value].sum() <= (share + 1e-9) * people.sum()
    assert same(value, weighted_quantile(income, people * 0.001, share))


MEASURES = {
    "gini": gini,
    "theil": lambda v, p: theil_t(v, p).total,
    "theil within": lambda v, p: theil_t(v, p, pd.Series("x", index=v.index)).within,
    "fgt": lambda v, p: fgt(v, p, poverty_line=2, alpha=1),
    "concentration": lambda v, p: concentration_index(v, p, v),
    "erreygers": lambda v, p: concentration_index(v, p, v, kind="erreygers", bounds=(0, 9)),
    "wagstaff": lambda v, p: concentration_index(v, p, v, kind="wagstaff", bounds=(0, 9)),
    "palma": lambda v, p: palma_by_income(v, p, pd.Series(range(len(v)), index=v.index, dtype=float)),
    "quantile": lambda v, p: weighted_quantile(v, p, 0.5),
}


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize(
    ("reach", "people"),
    [([], []), ([1.0, 2.0], [0, 0]), ([math.nan, math.nan], [1, 1])],
    ids=["none", "nobody", "unknown"],
)
def test_nothing_known_is_missing(measure, reach, people):
    value = measure(pd.Series(reach, dtype=float), pd.Series(people, dtype=float))
    assert math.isnan(value)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_missing_values_are_left_out_and_inputs_stay(measure):
    reach, people = pd.Series([1.0, math.nan, 4.0, 2.0]), pd.Series([10.0, 99.0, 5.0, 0.0])
    before = reach.copy(), people.copy()
    kept = [0, 2]
    assert same(measure(reach, people), measure(reach[kept], people[kept]))
    pd.testing.assert_series_equal(reach, before[0])
    pd.testing.assert_series_equal(people, before[1])


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
@pytest.mark.parametrize("people", [[1.0, -1.0], [1.0, math.nan], [1.0, math.inf]])
def test_bad_residents_are_refused(measure, people):
    with pytest.raises(InputError, match="residents"):
        measure(pd.Series([1.0, 2.0]), pd.Series(people))


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_different_indexes_are_refused(measure):
    with pytest.raises(InputError, match="align"):
        measure(pd.Series([1.0]), pd.Series([1.0], index=["x"]))


V, P, R = pd.Series([1.0, 2.0]), pd.Series([1, 1]), pd.Series([1, 2])
BAD = {
    "a line of 0": lambda: fgt(V, P, poverty_line=0, alpha=1),
    "a line of NaN": lambda: fgt(V, P, poverty_line=math.nan, alpha=1),
    "a negative alpha": lambda: fgt(V, P, poverty_line=1, alpha=-1),
    "negative reach": lambda: fgt(-V, P, poverty_line=1, alpha=1),
    "negative gini": lambda: gini(-V, P),
    "endless gini": lambda: gini(V.replace(2.0, math.inf), P),
    "negative theil": lambda: theil_t(-V, P),
    "unknown zeros": lambda: theil_t(V, P, zeros="keeep"),
    "groups elsewhere": lambda: theil_t(V, P, pd.Series(["a", "b"], index=[7, 8])),
    "unknown kind": lambda: concentration_index(V, P, R, kind="erreigers"),
    "unknown ties": lambda: concentration_index(V, P, R, ties="first"),
    "no bounds": lambda: concentration_index(V, P, R, kind="erreygers"),
    "bounds upside down": lambda: concentration_index(V, P, R, kind="erreygers", bounds=(2, 1)),
    "outside the bounds": lambda: concentration_index(V, P, R, kind="wagstaff", bounds=(0, 1.5)),
    "bounds without meaning": lambda: concentration_index(V, P, R, bounds=(0, 2)),
    "negative standard": lambda: concentration_index(-V, P, R),
    "rank elsewhere": lambda: concentration_index(V, P, R.set_axis([7, 8])),
    "income elsewhere": lambda: palma_by_income(V, P, R.set_axis([7, 8])),
    "poor share of 0": lambda: palma_by_income(V, P, R, poor_share=0),
    "shares over 1": lambda: palma_by_income(V, P, R, poor_share=0.6, rich_share=0.5),
    "quantile over 1": lambda: weighted_quantile(V, P, 1.5),
}


@pytest.mark.parametrize("call", BAD.values(), ids=BAD)
def test_bad_input_is_told_with_a_remedy(call):
    with pytest.raises(InputError, match="Remedy"):
        call()


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as caught:
        fgt(-V, P - 2, poverty_line=0, alpha=-1)
    assert {fault.file for fault in caught.value.faults} == {"values", "residents", "poverty_line", "alpha"}
