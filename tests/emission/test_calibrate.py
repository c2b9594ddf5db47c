"""Offsets by class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling.emission import calibrate_classes
from bykobling.errors import InputError


def levels(counts, seed=0, noise_db=1.0, offsets=None):
    """Modelled levels and official ones, off by a known offset for each class."""
    rng = np.random.default_rng(seed)
    classes = np.repeat(list(counts), list(counts.values())).astype(object)
    modelled = pd.DataFrame({"lden_db": rng.uniform(50, 75, len(classes)), "dominant_class": classes})
    offset = modelled["dominant_class"].map(offsets or dict.fromkeys(counts, 0.0)).astype(float)
    return modelled, modelled["lden_db"] + offset + rng.normal(0, noise_db, len(classes))


def test_known_offsets_are_found_and_the_error_falls():
    modelled, official = levels({"primary": 400, "residential": 300}, offsets={"primary": 4.0, "residential": -3.0})
    found = calibrate_classes(modelled, official)
    assert found.offsets_db["primary"] == pytest.approx(4.0, abs=0.25)
    assert found.offsets_db["residential"] == pytest.approx(-3.0, abs=0.35)
    assert found.n == 700
    assert found.rmse_after_db < 1.1
    assert found.rmse_before_db > 3.0


@given(st.integers(0, 99), st.floats(0.0, 50.0))
@settings(max_examples=30, deadline=None)
def test_offsets_are_the_minimum_of_what_they_minimise(seed, shrink):
    modelled, official = levels({"a": 30, "b": 12}, seed, 2.0, {"a": 2.0, "b": -4.0})
    found = calibrate_classes(modelled, official, shrink=shrink)
    difference = official - modelled["lden_db"]
    common = difference.mean()

    def cost(name, offset):
        mine = difference[modelled["dominant_class"] == name]
        return ((mine - offset) ** 2).sum() + shrink * (offset - common) ** 2

    for name, offset in found.offsets_db.items():
        assert cost(name, offset) <= min(cost(name, offset + step) for step in (-0.01, 0.01)) + 1e-9


def test_a_class_with_few_levels_takes_the_common_offset():
    modelled, official = levels({"primary": 60, "trunk": 3}, offsets={"primary": 2.0, "trunk": 12.0})
    found = calibrate_classes(modelled, official)
    assert found.table["own"].tolist() == [True, False]
    assert found.offsets_db["trunk"] == pytest.approx((official - modelled["lden_db"]).mean())


def test_unknown_official_levels_and_receivers_without_a_street_do_not_count():
    modelled, official = levels({"primary": 60}, offsets={"primary": 2.0})
    official[:10] = np.nan
    modelled.loc[50:, "dominant_class"] = None
    modelled.loc[10:12, "lden_db"] = 35.0
    assert calibrate_classes(modelled, official).n == 37


def test_an_offset_is_never_beyond_all_reason():
    modelled, official = levels({"primary": 60}, offsets={"primary": 30.0})
    assert calibrate_classes(modelled, official).offsets_db == {"primary": 15.0}


def test_too_few_levels_and_other_faults_are_told():
    modelled, official = levels({"primary": 29})
    with pytest.raises(InputError, match="29 levels can be compared, and 30 are needed"):
        calibrate_classes(modelled, official)
    with pytest.raises(InputError, match="index"):
        calibrate_classes(modelled, official.iloc[::-1])
    with pytest.raises(InputError, match="dominant_class"):
        calibrate_classes(modelled.drop(columns="dominant_class"), official)
    with pytest.raises(InputError, match="dB"):
        calibrate_classes(modelled, official * 0 - 9999, minimum=5)
