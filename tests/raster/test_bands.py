"""Names of bands, with their edges and central values."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bykobling.errors import Fault
from bykobling.raster import Band, end_band, make_band, parse_band
from bykobling.raster.bands import given_band, missing_between, overlapping


@pytest.mark.parametrize(
    ("text", "metric", "lo", "hi", "central"),
    [
        ("Lden5559", "lden", 55, 60, 57),
        ("Lden7074", "lden", 70, 75, 72),
        ("LdenGreaterThan75", "lden", 75, math.inf, 77),
        ("Lnight5054", "lnight", 50, 55, 52),
        ("LnightGreaterThan70", "lnight", 70, math.inf, 72),
        ("53-58 dB", None, 53, 58, 55.5),
        ("58 \u2013 63 dB(A)", None, 58, 63, 60.5),
        ("55-59", None, 55, 60, 57),
        ("> 73 dB", None, 73, math.inf, 75.5),
        ("75+", None, 75, math.inf, 77.5),
        ("52,5 til 57,5", None, 52.5, 57.5, 55),
    ],
)
def test_names(text, metric, lo, hi, central):
    assert parse_band(text) == (metric, Band(lo, hi, central))


def test_names_of_below_the_lowest():
    metric, band = parse_band("LdenSmallerThan55")
    assert metric == "lden"
    assert not band.mapped
    assert band.hi_db == 55
    assert math.isnan(band.central_db)
    assert str(band) == "<55"


@pytest.mark.parametrize("text", ["", "road", "Lden5564", "60-55", "3", "Lmax5559"])
def test_what_is_no_band(text):
    assert parse_band(text) is None


@given(st.integers(30, 80), st.integers(1, 20))
def test_a_band_told_by_its_edges_is_read_back(lo, width):
    band = make_band(lo, lo + width)
    metric, again = parse_band(str(band))
    assert metric is None
    assert again.lo_db == lo
    # whole decibels four apart are a band of the Directive
    assert again == (end_band(lo) if width == 4 else band)
    assert again.lo_db <= again.central_db < again.hi_db


def test_bands_a_user_gives():
    assert given_band(1, (55, None), file="map") == make_band(55, math.inf)
    assert given_band(1, [60, 60], file="map").central_db == 60
    assert given_band(1, "Lden6064", file="map") == end_band(60)
    for wrong in ((60, 55), (None, None), (55,), "loud", 55, ("a", "b")):
        assert isinstance(given_band(1, wrong, file="map"), Fault)


def test_gaps_and_overlaps_of_bands():
    bands = [make_band(55, 60), make_band(65, 70), make_band(68, 75)]
    assert missing_between(bands) == [(60, 65)]
    assert overlapping(bands) == [(bands[1], bands[2])]
    assert missing_between([make_band(55, 60), make_band(60, math.inf)]) == []
