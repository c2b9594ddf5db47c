"""Indicators of fairness besides the gaps: minimum standards."""

from __future__ import annotations

from bykobling.indicators._model import Indicator

FAIRNESS: tuple[Indicator, ...] = (
    Indicator(
        "standards_met_share", "share", "higher", "Residents for whom every minimum standard is met",
        "Beboere for hvem alle minimumskrav er opfyldt", "bykobling; the standards are those of the study", "fairness",
    ),
    Indicator(
        "standards_unmet", "count", "lower", "Minimum standards not met, mean of residents",
        "Minimumskrav der ikke er opfyldt, middel af beboere", "bykobling; the standards are those of the study",
        "fairness",
    ),
)  # fmt: skip
