"""The catalogue of indicators: one literal table that tables, report, legends and docs all read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One number an area gets.

    Parameters
    ----------
    name : str
        Column name; the unit or kind of number is in ``unit``.
    unit : str
        ``share`` (0-1), ``min``, ``m``, ``count``, ...
    better : {"lower", "higher"}
        Which direction is good for residents.
    label_en, label_da : str
        What a reader sees.
    source : str
        Who defined it; ``bykobling`` where it is our own.
    """

    name: str
    unit: str
    better: Literal["lower", "higher"]
    label_en: str
    label_da: str
    source: str


_BARRIER_EFFECT_SOURCE = (
    "bykobling's own normalised form of the barrier effect; concept: van Eldijk, Gil, Kuska, Sisinty Patro 2020, "
    "doi 10.1016/j.trd.2020.102410"
)


def _effect(mode: str, minutes: int, *, what: str = "") -> Indicator:
    by_en, by_da = {"walk": ("on foot", "til fods"), "bike": ("by bicycle", "på cykel")}[mode]
    lost_en, lost_da, infix = {
        "": ("Reach of places lost to barriers", "Rækkevidde til steder tabt til barrierer", ""),
        "people": ("Reach of people lost to barriers", "Rækkevidde til mennesker tabt til barrierer", "_people"),
        "water": ("Reach of places lost to water", "Rækkevidde til steder tabt til vand", "_water"),
    }[what]
    return Indicator(
        name=f"barrier_effect{infix}_{mode}_{minutes}min",
        unit="share",
        better="lower",
        label_en=f"{lost_en}, {minutes} min {by_en}",
        label_da=f"{lost_da}, {minutes} min {by_da}",
        source=_BARRIER_EFFECT_SOURCE,
    )


INDICATORS: tuple[Indicator, ...] = (
    *(_effect("walk", minutes) for minutes in (5, 10, 15)),
    _effect("bike", 10),
    *(_effect("walk", minutes, what="people") for minutes in (5, 10, 15)),
    _effect("bike", 10, what="people"),
    *(_effect("walk", minutes, what="water") for minutes in (5, 10, 15)),
    _effect("bike", 10, what="water"),
)
HEADLINE = "barrier_effect_walk_15min"
