"""One catalogue for tables, report, legends and the command line."""

from __future__ import annotations

import pytest

from bykobling.indicators import HEADLINE, INDICATORS, THEMES, indicator_of, indicators_among
from bykobling.report.numbers import Numbers

UNITS = {"share", "pct", "min", "m", "m2", "s", "count", "per_1000", "ratio", "index", "db"}


def test_every_indicator_is_named_once_and_told_in_full():
    assert len({one.name for one in INDICATORS}) == len(INDICATORS)
    assert INDICATORS[2].name == HEADLINE
    for one in INDICATORS:
        assert one.unit in UNITS, one.name
        assert one.theme in THEMES
        assert one.better in {"lower", "higher"}
        assert one.label_en
        assert one.label_da
        assert one.source
        assert indicator_of(one.name) == one


def test_labels_tell_indicators_apart():
    for label in ("label_en", "label_da"):
        assert len({getattr(one, label) for one in INDICATORS}) == len(INDICATORS)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("barrier_effect_walk_20min", "Reach of places lost to barriers, 20 min on foot"),
        ("barrier_effect_water_bike_7.5min", "Reach of places lost to water, 7.5 min by bicycle"),
        ("people_walk_20min", "Residents within 20 min on foot"),
        ("minutes_to_jobs_bike", "Minutes by bicycle to jobs"),
        ("detour_index_600m_p90", "Way over straight line, places 600 m away (90th percentile)"),
        (
            "noise_aircraft_lden_above_45db_share",
            "Residents with at least 45 dB of aircraft over day, evening and night (Lden)",
        ),
    ],
)
def test_other_minutes_and_categories_are_told_too(name, label):
    assert indicator_of(name).label_en == label


@pytest.mark.parametrize(
    "name", ["residents", "name", "barrier_effect_walk_15min_percentile", "index", "barrier_effect_walk_min", ""]
)
def test_other_columns_are_no_indicators(name):
    assert indicator_of(name) is None


def test_the_order_is_that_of_the_profile():
    names = [one.name for one in INDICATORS]
    assert [one.name for one in indicators_among(reversed([*names, "name"]))] == sorted(
        names, key=lambda name: (THEMES.index(indicator_of(name).theme), names.index(name))
    )


@pytest.mark.parametrize(
    ("value", "unit", "english", "danish"),
    [
        (0.0834, "share", "8.3 %", "8,3 %"),
        (37.4, "pct", "37 %", "37 %"),
        (7.25, "min", "7.2 min", "7,2 min"),
        (1_240.0, "m", "1.2 km", "1,2 km"),
        (123_456.0, "m2", "12 ha", "12 ha"),
        (14.0, "s", "14 s", "14 s"),
        (12_345.6, "count", "12,346", "12.346"),
        (2.25, "count", "2.2", "2,2"),
        (1.256, "ratio", "1.26", "1,26"),
        (float("inf"), "min", "∞", "∞"),
    ],
)
def test_numbers_come_in_their_unit(value, unit, english, danish):
    for language, expected in (("en", english), ("da", danish)):
        assert Numbers(language).value(value, unit).replace("\xa0", " ") == expected


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.021, "share", "+2.1 pp"),
        (-3.0, "pct", "\N{MINUS SIGN}3.0 pp"),
        (-0.04, "min", "0.0 min"),
        (-1.5, "min", "\N{MINUS SIGN}1.5 min"),
        (0.2, "ratio", "+0.20"),
    ],
)
def test_differences_carry_their_sign_unless_they_are_none(value, unit, text):
    assert Numbers("en").difference(value, unit).replace("\xa0", " ") == text
