"""Fairness: the gap to the rest, inequality among residents, minimum standards, two axes, an optional index."""

from __future__ import annotations

from bykobling.equity.change import Halved, gap_closed, n_halved
from bykobling.equity.compare import (
    REST,
    VULNERABLE,
    add_comparisons,
    gap_to_rest,
    group_gaps,
    resident_percentile,
    weighted_mean,
)
from bykobling.equity.concentration import concentration_index
from bykobling.equity.index import CompositeIndex, composite_index, correlated, exponential_score
from bykobling.equity.inequality import Theil, fgt, gini, palma_by_income, theil_t, weighted_quantile
from bykobling.equity.sufficiency import Sufficiency, standards_met
from bykobling.equity.two_axes import pareto_front, two_axes

__all__ = [
    "REST",
    "VULNERABLE",
    "CompositeIndex",
    "Halved",
    "Sufficiency",
    "Theil",
    "add_comparisons",
    "composite_index",
    "concentration_index",
    "correlated",
    "exponential_score",
    "fgt",
    "gap_closed",
    "gap_to_rest",
    "gini",
    "group_gaps",
    "n_halved",
    "palma_by_income",
    "pareto_front",
    "resident_percentile",
    "standards_met",
    "theil_t",
    "two_axes",
    "weighted_mean",
    "weighted_quantile",
]
