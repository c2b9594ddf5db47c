"""Indicators of traffic noise: who lives above the limits, and how many it annoys."""

from __future__ import annotations

import re

from bykobling.indicators._model import Indicator

_SOURCES = {
    "road": ("road traffic", "vejtrafik"),
    "rail": ("railways", "jernbane"),
    "aircraft": ("aircraft", "fly"),
    "industry": ("industry", "virksomheder"),
}
_METRICS = {
    "lden": ("over day, evening and night (Lden)", "over dag, aften og nat (Lden)"),
    "lnight": ("at night (Lnight)", "om natten (Lnight)"),
}
_LIMITS = {
    ("road", "lden", "58"): "Danish guideline for dwellings, Miljøstyrelsen vejledning 4/2007",
    ("road", "lden", "68"): "Danish limit of strong exposure, Miljøstyrelsen",
    ("rail", "lden", "64"): "Danish guideline for dwellings, Miljøstyrelsen vejledning 1/1997",
    ("road", "lden", "53"): "WHO 2018, Environmental Noise Guidelines for the European Region",
    ("road", "lnight", "45"): "WHO 2018, Environmental Noise Guidelines for the European Region",
    ("rail", "lden", "54"): "WHO 2018, Environmental Noise Guidelines for the European Region",
    ("rail", "lnight", "44"): "WHO 2018, Environmental Noise Guidelines for the European Region",
}
"""Who set a limit."""
_CURVES = "Directive (EU) 2020/367, Annex III"


def _above(source: str, metric: str, limit_db: str) -> Indicator:
    (what_en, what_da), (when_en, when_da) = _SOURCES[source], _METRICS[metric]
    return Indicator(
        name=f"noise_{source}_{metric}_above_{limit_db}db_share",
        unit="share",
        better="lower",
        label_en=f"Residents with at least {limit_db} dB of {what_en} {when_en}",
        label_da=f"Beboere med mindst {limit_db} dB fra {what_da} {when_da}",
        source=_LIMITS.get((source, metric, limit_db), "a limit of the study's"),
        theme="noise",
    )


def _mean(source: str, metric: str) -> Indicator:
    (what_en, what_da), (when_en, when_da) = _SOURCES[source], _METRICS[metric]
    return Indicator(
        name=f"noise_{source}_{metric}_pop_weighted_mean_db",
        unit="db",
        better="lower",
        label_en=f"Level of {what_en} {when_en}, mean of residents",
        label_da=f"Niveau fra {what_da} {when_da}, middel af beboere",
        source="population-weighted mean of the levels at home",
        theme="noise",
    )


def _annoyed(source: str) -> Indicator:
    what_en, what_da = _SOURCES[source]
    return Indicator(
        name=f"noise_{source}_highly_annoyed_share",
        unit="share",
        better="lower",
        label_en=f"Residents highly annoyed by {what_en} (estimated from levels)",
        label_da=f"Beboere stærkt generet af {what_da} (anslået ud fra niveauer)",
        source=_CURVES,
        theme="noise",
    )


def _disturbed(source: str) -> Indicator:
    what_en, what_da = _SOURCES[source]
    return Indicator(
        name=f"noise_{source}_highly_sleep_disturbed_share",
        unit="share",
        better="lower",
        label_en=f"Residents highly disturbed in their sleep by {what_en} (estimated from levels)",
        label_da=f"Beboere stærkt søvnforstyrret af {what_da} (anslået ud fra niveauer)",
        source=_CURVES,
        theme="noise",
    )


def _quiet(source: str) -> Indicator:
    what_en, what_da = _SOURCES[source]
    return Indicator(
        name=f"noise_{source}_quiet_facade_share",
        unit="share",
        better="higher",
        label_en=f"Residents with a quiet facade ({what_en})",
        label_da=f"Beboere med en stille facade ({what_da})",
        source="Directive 2002/49/EC, Annex VI; quiet is 55 dB Lden or less, or 20 dB below the loudest",
        theme="noise",
    )


NOISE: tuple[Indicator, ...] = (
    *(_above(*limit) for limit in _LIMITS),
    *(make(source) for source in ("road", "rail") for make in (_annoyed, _disturbed, _quiet)),
    *(_mean(source, metric) for source in ("road", "rail") for metric in _METRICS),
)  # fmt: skip

_HEAD = rf"noise_(?P<source>{'|'.join(_SOURCES)})"
FAMILIES = (
    (re.compile(rf"{_HEAD}_(?P<metric>lden|lnight)_above_(?P<limit_db>\d+(?:\.\d+)?)db_share"), _above),
    (re.compile(rf"{_HEAD}_(?P<metric>lden|lnight)_pop_weighted_mean_db"), _mean),
    (re.compile(rf"{_HEAD}_highly_annoyed_share"), _annoyed),
    (re.compile(rf"{_HEAD}_highly_sleep_disturbed_share"), _disturbed),
    (re.compile(rf"{_HEAD}_quiet_facade_share"), _quiet),
)
"""Others of the same make: a pattern of the name, and what describes it."""
