"""Response curves against the anchors of the Directive and the WHO."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from bykobling.errors import InputError
from bykobling.exposure import highly_annoyed_pct, highly_sleep_disturbed_pct, ihd_paf, sbt_unconfirmed
from bykobling.exposure.health import ANNOYED, SLEEP_DISTURBED
from tests.raster.maps import golden

SOURCES = {"road": "road", "rail": "rail", "air": "aircraft"}
CURVES = {"HA": (highly_annoyed_pct, ANNOYED), "HSD": (highly_sleep_disturbed_pct, SLEEP_DISTURBED)}


def test_anchors_golden():
    case = golden("noise_health/annexIII_anchors.json")
    for name, numbers in case["coefficients_percent"].items():
        effect, source = name.split("_")
        assert list(CURVES[effect][1][SOURCES[source]]) == numbers
    for anchor in case["anchors"]:
        effect, source = anchor["curve"].split("_")
        curve = CURVES[effect][0]

        def over(level, curve=curve, source=source, anchor=anchor):
            return float(curve(level, SOURCES[source], from_db=anchor["vertex_db"])) - anchor["percent"]

        root = brentq(over, max(anchor["vertex_db"], 20), 70)
        assert root == pytest.approx(anchor["level_db"], abs=0.006)
        assert round(root) == anchor["who_guideline_db"]
    for name, table in case["table"].items():
        effect, source = name.split("_")
        for level, percent in table.items():
            found = CURVES[effect][0](float(level), SOURCES[source], from_db=0.0)
            assert float(found) == pytest.approx(percent, abs=6e-4), (name, level)


def test_ihd_golden():
    case = golden("noise_health/ihd_paf_derived.json")
    levels = [float(level) for level in case["p_by_band_mid"]]
    shares = list(case["p_by_band_mid"].values())
    # the rest of the population is below the lowest band
    found = ihd_paf([*levels, math.nan], [*shares, 1 - sum(shares)])
    assert found == pytest.approx(case["paf"], abs=1e-12)
    # head counts give the same as shares
    assert ihd_paf([*levels, -math.inf], [1e5 * s for s in [*shares, 1 - sum(shares)]]) == pytest.approx(case["paf"])


@given(st.sampled_from(sorted(ANNOYED)), st.lists(st.floats(0, 130), min_size=2, max_size=9))
def test_louder_never_annoys_less(source, levels):
    for curve in (highly_annoyed_pct, highly_sleep_disturbed_pct):
        found = curve(np.sort(levels), source)
        assert (np.diff(found) >= 0).all()
        assert ((found >= 0) & (found <= 100)).all()


def test_clamped_at_both_ends():
    assert highly_annoyed_pct([10.0, 50.0], "road").tolist() == [highly_annoyed_pct(50.0, "road")] * 2
    assert highly_annoyed_pct([80.0, 99.0], "rail").tolist() == [highly_annoyed_pct(80.0, "rail")] * 2
    assert math.isnan(highly_annoyed_pct(math.nan, "road"))


@given(st.lists(st.tuples(st.floats(40, 90), st.floats(0, 100)), min_size=1, max_size=9))
def test_paf_is_a_fraction_and_grows(rows):
    level, people = zip(*rows, strict=True)
    found = ihd_paf(level, people)
    if not sum(people):
        assert math.isnan(found)
        return
    assert 0 <= found < 1
    assert ihd_paf(np.array(level) + 1, people) >= found


def test_sbt_gives_the_published_weights():
    assert sbt_unconfirmed([60.5, 65.5, 70.5, 75.5]).round(2).tolist() == [0.11, 0.22, 0.45, 0.93]
    assert sbt_unconfirmed([57.99, math.nan, -math.inf]).tolist() == [0, 0, 0]


def test_bad_input():
    with pytest.raises(InputError, match="no response to noise of 'industry'"):
        highly_annoyed_pct(60.0, "industry")
    with pytest.raises(InputError, match="1 weights for 2 levels"):
        ihd_paf([60.0, 61.0], [1.0])
    with pytest.raises(InputError, match="negative"):
        ihd_paf([60.0], [-1.0])
    assert math.isnan(ihd_paf([60.0], [0.0]))
