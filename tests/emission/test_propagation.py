"""Absorption, ground and edges."""

# ruff: noqa: PLR0917 - the numbers of one path, in the order of the formulas

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bykobling._kernels.noise import bent_difference, diffraction_db, edge_difference
from bykobling.emission import NoiseSettings, atmospheric_absorption, flat_attenuation, ground_attenuation
from bykobling.emission.coefficients import OCTAVE_HZ
from bykobling.errors import InputError
from tests.emission import twin

GOLDEN = Path(__file__).parents[3] / "shared" / "golden" / "cnossos" / "iso17534_4_flat_cases.json"
needs_golden = pytest.mark.skipif(not GOLDEN.exists(), reason="no ../shared/golden/cnossos beside the project")

lengths, heights = st.floats(1, 800), st.floats(2, 60)


def cases():
    return json.loads(GOLDEN.read_text())["cases"] if GOLDEN.exists() else []


@needs_golden
@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_flat_ground_as_iso_17534_4(case):
    source, receiver = np.array(case["source"], float), np.array(case["receiver"], float)
    straight, bent = flat_attenuation(
        np.hypot(*(receiver - source)[:2]),
        receiver_height_m=receiver[2],
        source_height_m=source[2],
        ground=case["G"],
        source_ground=case["G"],
        temperature_c=case["temp_c"],
        humidity_pct=case["rh_pct"],
    )
    power = np.array(case["Lw_db"], float)
    np.testing.assert_allclose(power - straight, case["L_H"], atol=0.05)
    np.testing.assert_allclose(power - bent, case["L_F"], atol=0.05)
    p = case["p_favourable"]
    mixed = 10 * np.log10(p * 10 ** ((power - bent) / 10) + (1 - p) * 10 ** ((power - straight) / 10))
    np.testing.assert_allclose(mixed, case["L"], atol=0.05)


def test_absorption_of_iso_9613_1():
    np.testing.assert_allclose(atmospheric_absorption(), twin.ALPHA_DB_KM, atol=0.005)
    # ISO 9613-2:1996, table 2: 20 C at 70 %, and 15 C at 20 %, printed with three digits
    warm = [0.1, 0.3, 1.1, 2.8, 5.0, 9.0, 22.9, 76.6]
    np.testing.assert_allclose(atmospheric_absorption(temperature_c=20), warm, atol=0.06)
    dry = [0.3, 0.6, 1.2, 2.7, 8.2, 28.2, 88.8, 202.0]
    np.testing.assert_allclose(atmospheric_absorption(temperature_c=15, humidity_pct=20), dry, rtol=0.002, atol=0.06)


@given(lengths, st.floats(0.05, 5), heights, st.floats(0, 1), st.floats(0, 1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_ground_is_the_twins(distance, low, high, ground, at_source, bent):
    found = ground_attenuation(
        distance,
        source_height_m=low,
        receiver_height_m=high,
        ground=ground,
        source_ground=at_source,
        favourable=bent,
    )
    expected = [twin.ground(distance, low, high, hz, ground, at_source, bent) for hz in OCTAVE_HZ]
    np.testing.assert_allclose(found, expected, atol=1e-9)


@given(lengths, lengths, heights, st.floats(0.05, 5), st.floats(1.5, 20), st.integers(0, 7))
@settings(max_examples=100, deadline=None)
def test_an_edge_is_symmetric_and_gives_0_to_25_decibels(ds, dr, h, zs, zr, band):
    for difference in (edge_difference, bent_difference):
        there, back = difference(ds, dr, h, zs, zr), difference(dr, ds, h, zr, zs)
        assert there == pytest.approx(back, abs=1e-9)
        loss = diffraction_db(there, band)
        assert 0 <= loss <= 25
        assert loss == pytest.approx(diffraction_db(back, band), abs=1e-4)


@given(
    lengths, lengths, st.floats(0.1, 60), st.floats(0.01, 5), st.floats(0.05, 5), st.floats(1.5, 20), st.integers(0, 7)
)
@settings(max_examples=100, deadline=None)
def test_a_higher_edge_never_gives_less(ds, dr, h, more, zs, zr, band):
    for difference in (edge_difference, bent_difference):
        low, high = difference(ds, dr, h, zs, zr), difference(ds, dr, h + more, zs, zr)
        assert high >= low - 1e-9
        assert diffraction_db(high, band) >= diffraction_db(low, band) - 1e-6


@given(lengths, lengths, heights, st.floats(0.05, 5), st.floats(1.5, 20))
@settings(max_examples=60, deadline=None)
def test_differences_are_the_twins(ds, dr, h, zs, zr):
    assert edge_difference(ds, dr, h, zs, zr) == pytest.approx(twin.difference(ds, dr, h, zs, zr, bent=False), abs=1e-9)
    assert bent_difference(ds, dr, h, zs, zr) == pytest.approx(twin.difference(ds, dr, h, zs, zr, bent=True), abs=1e-7)


def test_an_edge_by_hand():
    # 30-40-50 triangles: source and receiver on the ground, an edge 30 m high half way over 80 m
    assert edge_difference(40.0, 40.0, 30.0, 0.0, 0.0) == pytest.approx(20.0)
    # at 1 kHz 40 x 20 / 0.34 is far beyond the cap; at grazing incidence an edge takes 10 lg 3
    assert diffraction_db(20.0, 4) == 25.0
    assert diffraction_db(0.0, 4) == pytest.approx(4.771, abs=1e-3)
    # 40 delta / lambda = 7 gives 10 dB: delta = 7 x 0.34 / 40
    assert diffraction_db(7 * 0.34 / 40, 4) == pytest.approx(10.0, abs=1e-9)
    assert diffraction_db(-3 * 0.34 / 40, 4) == 0.0


@given(st.floats(1.5, 10))
@settings(max_examples=20, deadline=None)
def test_over_hard_ground_sound_fades_with_distance_and_bent_sound_is_not_quieter(height):
    straight, bent = flat_attenuation(np.geomspace(5, 1000, 40), receiver_height_m=height, ground=0.0)
    assert (np.diff(straight, axis=0) > 0).all()
    assert (np.diff(bent, axis=0) > 0).all()
    assert (bent <= straight).all()


@given(lengths, st.floats(0, 1), st.floats(1.5, 10))
@settings(max_examples=40, deadline=None)
def test_the_ground_never_gives_more_than_the_law_allows(distance, ground, height):
    near = distance / (30 * (0.05 + height))
    mixed = ground * min(near, 1.0)
    least = -3 * (1 - mixed)
    for bent in (False, True):
        found = ground_attenuation(
            distance, source_height_m=0.05, receiver_height_m=height, ground=ground, favourable=bent
        )
        most = least * (3 - 2 / near) if bent and near > 1 else least
        assert (found >= most - 1e-9).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ground": 1.2}, {"favourable_share": (0.5, 0.75)}, {"receiver_height_m": 0.0}, {"max_distance_m": 1.0},
        {"version": "2020"}, {"canyon_db": 30.0}, {"built_share": 30.0}, {"humidity_pct": 0.0}, {"piece_m": 0.0},
    ],
)  # fmt: skip
def test_settings_out_of_range_are_told(wrong):
    with pytest.raises(InputError, match=next(iter(wrong))):
        NoiseSettings(**wrong)


def test_all_wrong_settings_are_told_at_once():
    with pytest.raises(InputError) as caught:
        NoiseSettings(ground=-1, piece_m=-1)
    assert len(caught.value.faults) == 2
