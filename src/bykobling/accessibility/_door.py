"""What every measure over a table of reach checks before it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import weights as _check_weights
from bykobling.accessibility.decays import as_seconds
from bykobling.errors import Fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.accessibility.decays import Decay
    from bykobling.network import ReachTable


def per_place(values: ArrayLike, count: int, name: str, faults: list[Fault]) -> NDArray[np.float64]:
    """Take one number a place, 0 or more; faults go to the collector."""
    given = np.asarray(values, np.float64)
    if given.ndim != 1 or len(given) != count:
        rule = f"its shape is {given.shape} for {count} places"
        faults.append(Fault(name, "", rule, "give one number a place, in the order of the table"))
    elif not count:
        faults.append(Fault(name, "", "there are no places", "leave the measure out, or give it places"))
    else:
        faults += _check_weights(pd.Series(given, name=name), file=name)
    return given


def per_field(weights: ArrayLike, count: int, faults: list[Fault]) -> NDArray[np.float64]:
    """Take one number a destination and field, 0 or more, as (D, F); faults go to the collector."""
    given = np.asarray(weights, np.float64)
    wide = given[:, None] if given.ndim == 1 else given
    if wide.ndim != 2 or len(wide) != count or not wide.shape[1]:
        rule = f"their shape is {given.shape} for {count} destinations"
        faults.append(Fault("weights", "", rule, "give one row a destination, one column a field"))
    elif not count:
        faults.append(Fault("weights", "", "there are no destinations", "leave the measure out, or give it some"))
    else:
        for field in range(wide.shape[1]):
            name = "weight" if wide.shape[1] == 1 else f"field {field}"
            faults += _check_weights(pd.Series(wide[:, field], name=name), file="weights")
    return wide


def cutoffs(reach: ReachTable, cutoffs_min: ArrayLike, faults: list[Fault]) -> NDArray[np.float32]:
    """Take cut-offs above 0 and within the table, as seconds; faults go to the collector."""
    given = np.atleast_1d(np.asarray(cutoffs_min, np.float64))
    if given.ndim != 1 or not len(given) or not (np.isfinite(given) & (given > 0)).all():
        rule = f"{given.tolist()} are not numbers of minutes above 0"
        faults.append(Fault("cutoffs_min", "", rule, "give one or more, e.g. (5, 10, 15)"))
        return as_seconds(np.zeros(0))
    faults += within(reach, float(given.max()), "cutoffs_min")
    return as_seconds(given)


def within(reach: ReachTable, limit_min: float, name: str) -> list[Fault]:
    """Find out whether the table was searched far enough."""
    if as_seconds(limit_min) <= np.float32(reach.limit_s):
        return []
    rule = f"{limit_min:g} min is farther than the table of reach goes ({reach.limit_s / 60:g} min)"
    remedy = f"make the table with limit_s={limit_min * 60:g} or more, or ask for no more than it holds"
    return [Fault(name, "", rule, remedy)]


def decays_within(reach: ReachTable, decay: Decay) -> list[Fault]:
    """Find out whether a decay is one, and weighs nothing beyond the table."""
    if not callable(decay) or not hasattr(decay, "limit_min"):
        rule = f"{decay!r} is not a decay"
        return [Fault("decay", "", rule, "give e.g. bykobling.accessibility.Linear(30)")]
    if as_seconds(decay.limit_min) <= np.float32(reach.limit_s):
        return []
    end = reach.limit_s / 60
    rule = f"{decay} still counts places beyond {end:g} min, where the table of reach ends"
    return [Fault("decay", "", rule, f"make the table with a larger limit_s, or say Truncated(decay, {end:g})")]


def above_zero(name: str, value: float, example: str) -> list[Fault]:
    """Find out whether an option is a finite number above 0."""
    if 0 < value < np.inf:
        return []
    return [Fault(name, "", f"{value} is not a finite number above 0", f"give e.g. {example}")]
