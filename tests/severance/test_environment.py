"""Local environments in a street that turns, and against plain sums over all pairs.

::

    (0,100)  red -----------------------(900,100)      100 m apart, 1,900 m on foot
                                            |
    (0,0)    blue-----------------------(900,0)
"""

from __future__ import annotations

import geopandas as gpd
import numba
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.errors import InputError
from bykobling.network import Network, by_length, travel_time_matrix
from bykobling.severance.environment import spc
from tests.toys import CRS, grid, streets_table

TURN = Network.from_streets(streets_table([((0, 0), (900, 0)), ((900, 0), (900, 100)), ((900, 100), (0, 100))]))
ACROSS = gpd.GeoSeries([shapely.Point(0, 0), shapely.Point(0, 100)], crs=CRS)


def test_who_lives_across_is_near_in_a_straight_line_only():
    found = spc(TURN, ACROSS, [[8.0, 0.0], [0.0, 4.0]], radius_m=200).iloc[0]
    # at half the radius one weighs (1 - 1/4)^2 = 9/16
    assert found["environment_straight"] == pytest.approx(8 + 4 * 9 / 16)
    assert found["environment_network"] == 8
    assert found["environment_lost_share"] == pytest.approx(1 - 8 / (8 + 4 * 9 / 16))
    near, city = np.array([8, 4 * 9 / 16]) / (8 + 4 * 9 / 16), np.array([2, 1]) / 3
    assert found["divergence_straight"] == pytest.approx((near * np.log(near / city)).sum())
    assert found["divergence_network"] == pytest.approx(np.log(3 / 2))
    assert found["spc"] == pytest.approx(found["divergence_network"] - found["divergence_straight"])
    assert found["divergence_between"] == pytest.approx(-np.log(near[0]))


def test_one_group_alone_tells_how_much_of_the_environment_is_lost():
    found = spc(TURN, ACROSS, [8.0, 4.0], radius_m=200)
    assert found["environment_lost_share"].tolist() == pytest.approx([2.25 / 10.25, 4.5 / 8.5])
    assert (found[["divergence_straight", "divergence_network", "spc", "divergence_between"]] == 0).all(axis=None)


def test_homes_along_a_straight_street_lose_nothing():
    street = Network.from_streets(streets_table([((0, 0), (900, 0))]))
    homes = gpd.GeoSeries([shapely.Point(x, 0) for x in (0, 90, 250, 900)], crs=CRS)
    found = spc(street, homes, [[1, 5], [4, 0], [0, 2], [3, 3]], radius_m=500)
    assert found[["environment_lost_share", "spc", "divergence_between"]].to_numpy() == pytest.approx(0, abs=1e-5)


def test_a_home_off_the_street_is_at_home_without_a_walk():
    homes = gpd.GeoSeries([shapely.Point(400, -60)], crs=CRS)
    assert spc(TURN, homes, [5.0], radius_m=100)["environment_network"].tolist() == [5]


def test_an_unlinked_home_is_unknown_and_in_no_environment():
    homes = gpd.GeoSeries([*ACROSS, shapely.Point(0, -160)], crs=CRS, index=[5, 3, 4])
    found = spc(TURN, homes, [8.0, 4.0, 100.0], radius_m=200)
    assert found.index.tolist() == [5, 3, 4]
    assert found.loc[4].isna().all()
    assert found.loc[5, "environment_straight"] == pytest.approx(8 + 4 * 9 / 16)


def test_nobody_near_is_unknown_and_not_nothing():
    found = spc(TURN, ACROSS, [[0.0], [3.0]], radius_m=50)
    assert found.iloc[0, :2].tolist() == [0, 0]
    assert found.iloc[0, 2:].isna().all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_environments_are_sums_over_all_pairs(seed):
    rng = np.random.default_rng(seed)
    network = Network.from_streets(streets_table([p for p in grid(7, 7) if rng.random() > 0.3]))
    xy = rng.uniform(0, 600, (25, 2))
    homes, groups = gpd.GeoSeries(shapely.points(xy), crs=CRS), rng.integers(0, 6, (25, 3)).astype(float)
    groups[0] = 1
    found = spc(network, homes, groups, radius_m=350)
    lengths = by_length(network)
    snapped = lengths.snap(homes)
    linked = snapped.linked
    walk = travel_time_matrix(lengths, snapped, snapped).astype(float) * lengths.profile.speed_m_s
    np.fill_diagonal(walk, 0)
    straight = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    living = groups * linked[:, None]
    environment = {}
    for name, metres in (("straight", straight), ("network", walk)):
        weight = np.where(metres < 350, (1 - (np.nan_to_num(metres, nan=350) / 350).clip(max=1) ** 2) ** 2, 0)
        environment[name] = (weight @ living)[linked]
        assert found[f"environment_{name}"].to_numpy()[linked] == pytest.approx(environment[name].sum(axis=1), abs=1e-3)
    city = living.sum(axis=0) / living.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        mixes = {name: each / each.sum(axis=1, keepdims=True) for name, each in environment.items()}
        for name, mix in mixes.items():
            divergence = np.where(mix > 0, mix * np.log(mix / city), mix * 0).sum(axis=1)
            known = found[f"divergence_{name}"].to_numpy()[linked]
            assert known == pytest.approx(divergence, abs=1e-4, nan_ok=True)
    assert found["environment_lost_share"].dropna().between(0, 1).all()
    assert (found["divergence_between"].dropna() >= 0).all()
    assert np.isfinite(found["divergence_between"].dropna()).all()


def test_one_thread_and_many_give_the_same_bytes():
    rng = np.random.default_rng(2)
    network = Network.from_streets(streets_table(grid(12, 12)))
    homes = gpd.GeoSeries(shapely.points(rng.uniform(0, 1_100, (1_500, 2))), crs=CRS)
    groups, before, found = rng.random((1_500, 2)), numba.get_num_threads(), []
    try:
        for threads in (1, before):
            numba.set_num_threads(threads)
            found.append(spc(network, homes, groups, radius_m=300).to_numpy().tobytes())
    finally:
        numba.set_num_threads(before)
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("groups", "radius_m", "said"),
    [
        ([1.0], 100, "2 points"),
        ([1.0, np.nan], 100, "missing"),
        ([1.0, -1.0], 100, "negative"),
        ([0.0, 0.0], 100, "nobody"),
        ([1.0, 1.0], 0, "radius_m"),
        ([1.0, 1.0], np.inf, "radius_m"),
    ],
)
def test_groups_that_make_no_mix_are_refused(groups, radius_m, said):
    with pytest.raises(InputError, match=said):
        spc(TURN, ACROSS, groups, radius_m=radius_m)
