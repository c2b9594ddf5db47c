"""How much less a place counts the longer the way to it: weights from 1 (here) to 0 (out of reach)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.special import expit

from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


class Decay(Protocol):
    """What a measure asks of a decay; any callable with a `limit_min` will do."""

    @property
    def limit_min(self) -> float:
        """Minutes beyond which the weight is 0; inf where it never is."""

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""


@dataclass(frozen=True)
class Binary:
    """Count whole what lies within a cut-off, inclusive, and nothing beyond.

    Parameters
    ----------
    cutoff_min : float
        Minutes, above 0.

    Examples
    --------
    >>> Binary(30)([10, 30, 31]).tolist()
    [1.0, 1.0, 0.0]
    """

    cutoff_min: float

    def __post_init__(self) -> None:
        """Check the cut-off."""
        _raise(_positive("Binary", "cutoff_min", self.cutoff_min))

    @property
    def limit_min(self) -> float:
        """The cut-off."""
        return float(self.cutoff_min)

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        return np.asarray(as_seconds(minutes) <= as_seconds(self.cutoff_min), np.float64)


@dataclass(frozen=True)
class Linear:
    """Fall in a straight line to 0 at a cut-off: ``max(0, 1 - c / cutoff)``.

    Parameters
    ----------
    cutoff_min : float
        Minutes, above 0.

    Examples
    --------
    >>> Linear(40)([0, 10, 40, 99]).tolist()
    [1.0, 0.75, 0.0, 0.0]
    """

    cutoff_min: float

    def __post_init__(self) -> None:
        """Check the cut-off."""
        _raise(_positive("Linear", "cutoff_min", self.cutoff_min))

    @property
    def limit_min(self) -> float:
        """The cut-off."""
        return float(self.cutoff_min)

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        return np.asarray(np.maximum(0.0, 1.0 - np.asarray(minutes, np.float64) / self.cutoff_min))


@dataclass(frozen=True)
class Exponential:
    """Lose the same share with every minute: ``exp(-rate c)``.

    Parameters
    ----------
    rate_per_min : float
        Above 0; the weight is halved every ``ln 2 / rate`` minutes.

    Examples
    --------
    >>> Exponential(0.1)([0, 10]).round(3).tolist()
    [1.0, 0.368]
    """

    rate_per_min: float

    def __post_init__(self) -> None:
        """Check the rate."""
        _raise(_positive("Exponential", "rate_per_min", self.rate_per_min))

    @property
    def limit_min(self) -> float:
        """None: inf."""
        return math.inf

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        return np.asarray(np.exp(-self.rate_per_min * np.asarray(minutes, np.float64)))


@dataclass(frozen=True)
class Power:
    """Fall with a power of the time, but never above 1: ``min(1, c^-exponent)``, c in minutes.

    Parameters
    ----------
    exponent : float
        Above 0.

    Examples
    --------
    >>> Power(1)([0, 1, 4]).tolist()
    [1.0, 1.0, 0.25]
    """

    exponent: float

    def __post_init__(self) -> None:
        """Check the exponent."""
        _raise(_positive("Power", "exponent", self.exponent))

    @property
    def limit_min(self) -> float:
        """None: inf."""
        return math.inf

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        return np.asarray(np.maximum(1.0, np.asarray(minutes, np.float64)) ** -float(self.exponent))


@dataclass(frozen=True)
class Logistic:
    """Fall along an S: most steeply at the midpoint, normalised to 1 at 0 minutes.

    Parameters
    ----------
    midpoint_min : float
        Minutes at which the curve bends, above 0.
    sd_min : float
        Standard deviation in minutes, above 0: near 0 a cut-off, large nearly a straight line.

    Notes
    -----
    ``f(c) = g(0) / g(c)``, ``g(c) = 1 + exp((c - midpoint) pi / (sd sqrt 3))``: the form of the R package
    `accessibility` (Pereira, Herszenhut); Bauer, Groneberg (2016), doi 10.1371/journal.pone.0159148.

    Examples
    --------
    >>> Logistic(30, 5)([0, 30, 60]).round(3).tolist()
    [1.0, 0.5, 0.0]
    """

    midpoint_min: float
    sd_min: float

    def __post_init__(self) -> None:
        """Check midpoint and deviation."""
        _raise(
            _positive("Logistic", "midpoint_min", self.midpoint_min) + _positive("Logistic", "sd_min", self.sd_min),
        )

    @property
    def limit_min(self) -> float:
        """None: inf."""
        return math.inf

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        # 1 / g is the logistic function of the negative exponent, which does not overflow
        scale = math.pi / (self.sd_min * math.sqrt(3.0))
        here = expit(self.midpoint_min * scale)
        return np.asarray(expit((self.midpoint_min - np.asarray(minutes, np.float64)) * scale) / here, np.float64)


@dataclass(frozen=True)
class Stepped:
    """Fall in steps: 1 before the first, then each step's weight from the step on (``>=``) to the next.

    Parameters
    ----------
    steps_min : tuple of float
        Minutes, ascending, above 0.
    weights : tuple of float
        Weight from each step on, 0 to 1, never rising.

    Notes
    -----
    With `bykobling.accessibility.two_step_floating_catchment` this is the enhanced method of Luo, Qi (2009),
    doi 10.1016/j.healthplace.2009.06.002: ``Stepped((10, 20, 30), (0.68, 0.22, 0))``.

    Examples
    --------
    >>> Stepped((10, 20), (0.5, 0))([9, 10, 19, 20]).tolist()
    [1.0, 0.5, 0.5, 0.0]
    """

    steps_min: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check steps and weights, and keep them as tuples."""
        for name in ("steps_min", "weights"):
            object.__setattr__(self, name, tuple(float(value) for value in getattr(self, name)))
        faults = []
        steps, weights = np.array(self.steps_min), np.array(self.weights)
        if not len(steps) or not np.isfinite(steps).all() or steps[0] <= 0 or (np.diff(steps) <= 0).any():
            rule = f"{self.steps_min} are not ascending minutes above 0"
            faults.append(Fault("Stepped", "steps_min", rule, "give e.g. (10, 20, 30); 0 is not a step"))
        if len(weights) != len(steps):
            rule = f"there are {len(weights)} weights for {len(steps)} steps"
            faults.append(Fault("Stepped", "weights", rule, "give one a step; the 1 before the first step is implied"))
        if not ((weights >= 0) & (weights <= 1)).all() or (np.diff(weights) > 0).any():
            rule = f"{self.weights} are not falling numbers between 0 and 1"
            faults.append(Fault("Stepped", "weights", rule, "give e.g. (0.68, 0.22, 0)"))
        _raise(faults)

    @property
    def limit_min(self) -> float:
        """The step from which the weight is 0; inf where it never is."""
        return self.steps_min[self.weights.index(0.0)] if 0.0 in self.weights else math.inf

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        passed = np.searchsorted(as_seconds(self.steps_min), as_seconds(minutes), side="right")
        return np.asarray(np.array([1.0, *self.weights])[passed])


@dataclass(frozen=True)
class Truncated:
    """Weigh as another decay does within a cut-off, inclusive, and count nothing beyond.

    A table of reach ends somewhere; this says where, for decays that never reach 0.

    Parameters
    ----------
    decay : Decay
        Weight within the cut-off.
    cutoff_min : float
        Minutes, above 0.

    Examples
    --------
    >>> Truncated(Power(1), 30)([2, 30, 31]).round(3).tolist()
    [0.5, 0.033, 0.0]
    """

    decay: Decay
    cutoff_min: float

    def __post_init__(self) -> None:
        """Check the cut-off."""
        _raise(_positive("Truncated", "cutoff_min", self.cutoff_min))

    @property
    def limit_min(self) -> float:
        """The lesser of the two limits."""
        return min(float(self.cutoff_min), self.decay.limit_min)

    def __call__(self, minutes: ArrayLike) -> NDArray[np.float64]:
        """Weigh travel times."""
        return self.decay(minutes) * (as_seconds(minutes) <= as_seconds(self.cutoff_min))


def as_seconds(minutes: ArrayLike) -> NDArray[np.float32]:
    """Return minutes as the float32 seconds a `ReachTable` keeps, so that a bound is inclusive to the last bit.

    Parameters
    ----------
    minutes : array of float
        Travel times or bounds.

    Returns
    -------
    array of float32
        Seconds.
    """
    return np.asarray(np.asarray(minutes, np.float64) * 60.0, np.float32)


def _positive(owner: str, name: str, value: float) -> list[Fault]:
    if math.isfinite(value) and value > 0:
        return []
    return [Fault(owner, name, f"{value} is not a finite number above 0", "give a number above 0")]


def _raise(faults: list[Fault]) -> None:
    if faults:
        raise InputError(faults)
