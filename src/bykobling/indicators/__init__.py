"""The catalogue of indicators: one table that results, report, legends, docs and the command line all read."""

from bykobling.indicators._model import THEMES, Indicator, Theme
from bykobling.indicators.access import CATCHMENT_CATEGORIES
from bykobling.indicators.catalogue import INDICATORS, indicator_of, indicators_among
from bykobling.indicators.severance import HEADLINE

__all__ = [
    "CATCHMENT_CATEGORIES",
    "HEADLINE",
    "INDICATORS",
    "THEMES",
    "Indicator",
    "Theme",
    "indicator_of",
    "indicators_among",
]
