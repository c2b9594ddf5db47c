"""What an indicator is, and the words several of them share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Theme = Literal["severance", "access", "transit", "noise", "fairness"]
THEMES: tuple[Theme, ...] = ("severance", "access", "transit", "noise", "fairness")


@dataclass(frozen=True)
class Indicator:
    """One number an area gets.

    Parameters
    ----------
    name : str
        Column name; the unit or kind of number is in ``unit``.
    unit : str
        ``share`` (0-1), ``pct`` (0-100), ``min``, ``m``, ``m2``, ``s``, ``count``, ``per_1000``, ``ratio``, ``index``,
        ``db`` (decibels).
    better : {"lower", "higher"}
        Which direction is good for residents.
    label_en, label_da : str
        What a reader sees.
    source : str
        Who defined it; ``bykobling`` where it is our own.
    theme : {"severance", "access", "transit", "noise", "fairness"}
        Where it stands in the profile.
    """

    name: str
    unit: str
    better: Literal["lower", "higher"]
    label_en: str
    label_da: str
    source: str
    theme: Theme = "severance"


MODES = {"walk": ("on foot", "til fods"), "bike": ("by bicycle", "på cykel")}
"""Own ways of moving as they stand in a sentence, in English and Danish."""
