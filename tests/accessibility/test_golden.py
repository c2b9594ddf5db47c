"""Every accessibility number of the R package `accessibility` on Belo Horizonte, reproduced."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from bykobling.accessibility import (
    Binary,
    Exponential,
    Linear,
    Logistic,
    Power,
    Stepped,
    balancing_cost,
    cost_to_nearest,
    cumulative_interval,
    cumulative_opportunities,
    gravity,
    spatial_availability,
    two_step_floating_catchment,
)
from bykobling.network import ReachTable

GOLDEN = Path(__file__).parents[2].parent / "shared" / "golden" / "accessibility_r_small"
pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def places():
    if not GOLDEN.exists():
        pytest.skip(f"{GOLDEN} is not there")
    return pd.read_csv(GOLDEN / "land_use_data.csv", index_col="id")


@pytest.fixture(scope="module")
def reach(places):
    pairs = pd.read_csv(GOLDEN / "travel_matrix.csv")
    return ReachTable.from_pairs(
        places.index.get_indexer(pairs["from_id"]),
        places.index.get_indexer(pairs["to_id"]),
        pairs["travel_time"],
        n_origins=len(places),
        n_destinations=len(places),
    )


def jobs_by(decay):
    return lambda reach, places: gravity(reach, places["jobs"], decay=decay)[:, 0]


def catchment(decay, method="2sfca"):
    return lambda reach, places: two_step_floating_catchment(
        reach, places["population"], places["jobs"], decay=decay, method=method
    )


CASES = {
    "cumulative_cutoff_jobs_30": lambda reach, places: cumulative_opportunities(
        reach, places["jobs"], cutoffs_min=[30]
    )[:, 0, 0],
    "cumulative_cutoff_schools_15_30_45_60": lambda reach, places: cumulative_opportunities(
        reach, places[["jobs", "schools"]], cutoffs_min=[15, 30, 45, 60]
    )[:, :, 1],
    "cumulative_interval_jobs_20_40_step1_median": lambda reach, places: cumulative_interval(
        reach, places["jobs"], from_min=20, to_min=40, step_min=1, summary="median"
    )[:, 0],
    "gravity_jobs_binary_30": jobs_by(Binary(30)),
    "gravity_jobs_exponential_0p2": jobs_by(Exponential(0.2)),
    "gravity_jobs_linear_45": jobs_by(Linear(45)),
    "gravity_jobs_logistic_30_5": jobs_by(Logistic(30, 5)),
    "gravity_jobs_power_0p2": jobs_by(Power(0.2)),
    "gravity_jobs_stepped_10_20_30_40": jobs_by(Stepped((10, 20, 30, 40), (0.75, 0.5, 0.25, 0))),
    "cost_to_closest_schools_n1": lambda reach, places: cost_to_nearest(reach, places["schools"], n=1),
    "cost_to_closest_schools_n3": lambda reach, places: cost_to_nearest(reach, places["schools"], n=3),
    "fca_2sfca_binary30": catchment(Binary(30)),
    "fca_2sfca_exp0p2": catchment(Exponential(0.2)),
    "fca_e2sfca_stepped_10_20_30_w1_0p68_0p22": catchment(Stepped((10, 20, 30), (0.68, 0.22, 0))),
    "fca_bfca_exp0p2": catchment(Exponential(0.2), "bfca"),
    "spatial_availability_exp0p1": lambda reach, places: spatial_availability(
        reach, places["population"], places["jobs"], decay=Exponential(0.1)
    ),
    "balancing_cost_inc1": lambda reach, places: balancing_cost(
        reach, places["population"], places["jobs"], increment_min=1, strict=True
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_are_those_of_the_r_package(places, reach, name):
    table = pd.read_csv(GOLDEN / f"exp_{name}.csv")
    value = table.columns[-1]
    # several cut-offs: one column each
    rows = ["id", "travel_time"] if len(table.columns) == 3 else ["id"]
    theirs = table.set_index(rows)[value]
    theirs = (theirs.unstack() if len(rows) == 2 else theirs).loc[places.index].to_numpy(float)  # noqa: PD010
    np.testing.assert_allclose(CASES[name](reach, places), theirs, rtol=1e-9, atol=1e-9)


def test_every_file_on_accessibility_is_reproduced(places):  # noqa: ARG001 - skips without the folder
    names = {path.stem.removeprefix("exp_") for path in GOLDEN.glob("exp_*.csv")}
    assert {name for name in names if not name.startswith(("inequality", "theil"))} == set(CASES)


def test_as_many_or_more_is_all_one_in_this_city(places, reach):
    # no place reaches exactly as many jobs as it has people: our own convention gives the same numbers
    cost = [balancing_cost(reach, places["population"], places["jobs"], strict=strict) for strict in (True, False)]
    np.testing.assert_array_equal(*cost)
