"""Statistics of levels over people: nothing is averaged before it is counted, and energy is averaged as energy."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.raster import Sampled


def energy_mean_db(level_db: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Average levels as energy.

    Parameters
    ----------
    level_db : array of float, shape (n,)
        Levels in dB; NaN are left out.
    weights : array of float, shape (n,), optional
        Surface, time or people; all 1 by default.

    Returns
    -------
    float
        ``10 lg(sum w 10^(L / 10) / sum w)`` in dB; NaN where nothing weighs.

    Raises
    ------
    InputError
        If a weight is negative or not finite, or their number differs.

    Examples
    --------
    >>> round(energy_mean_db([60.0, 70.0]), 2)
    67.4
    """
    level, weight = _checked(level_db, weights)
    total = weight.sum()
    if not total > 0:
        return math.nan
    highest = level[weight > 0].max()
    # relative to the loudest, so that no level is too high or too low for a float
    mean = float(highest + 10 * np.log10((weight * 10 ** ((level - highest) / 10)).sum() / total))
    # a mean lies between its terms; rounding alone may put it outside
    return float(min(max(mean, level[weight > 0].min()), highest))


def mean_db(level_db: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Average levels as numbers: the level a resident typically has, which is no sound energy.

    Parameters
    ----------
    level_db : array of float, shape (n,)
        Levels in dB; NaN are left out.
    weights : array of float, shape (n,), optional
        People; all 1 by default.

    Returns
    -------
    float
        ``sum w L / sum w``; NaN where nothing weighs.

    Raises
    ------
    InputError
        If a weight is negative or not finite, or their number differs.

    Examples
    --------
    >>> mean_db([60.0, 70.0])
    65.0
    """
    level, weight = _checked(level_db, weights)
    total = weight.sum()
    return float((level * weight).sum() / total) if total > 0 else math.nan


def percentile_db(level_db: ArrayLike, weights: ArrayLike, pct: float) -> float:
    """Return the level that a share of the people does not exceed.

    Parameters
    ----------
    level_db : array of float, shape (n,)
        Levels in dB; ``-inf`` for those below the lowest, NaN are left out.
    weights : array of float, shape (n,)
        People.
    pct : float
        0-100.

    Returns
    -------
    float
        The smallest level at or below which at least `pct` percent of the people are; NaN where that is below the
        lowest, or nobody is known of.

    Raises
    ------
    InputError
        If a weight is negative or not finite, their number differs, or `pct` is not 0-100.

    Examples
    --------
    >>> percentile_db([50.0, 60.0, 70.0], [1, 1, 2], 50)
    60.0
    """
    if not 0 <= pct <= 100:
        raise InputError(Fault("pct", "", f"{pct!r} is no percentage", "give a number from 0 to 100"))
    level, weight = _checked(level_db, weights)
    there = weight > 0
    if not there.any():
        return math.nan
    order = np.argsort(level[there], kind="stable")
    total = np.cumsum(weight[there][order])
    at = min(int(np.searchsorted(total, pct / 100 * total[-1] * (1 - 1e-12))), len(order) - 1)
    found = float(level[there][order][at])
    return found if math.isfinite(found) else math.nan


def share_above(sampled: Sampled, weights: ArrayLike, threshold_db: float) -> float:
    """Return the share of people at or above a level.

    Parameters
    ----------
    sampled : Sampled
        Levels, or the bands they lie in.
    weights : array of float, shape (n,)
        People.
    threshold_db : float
        The level, included.

    Returns
    -------
    float
        ``sum p [L >= t] / sum p`` over those of whom something is known (0-1). NaN where nobody is, and where it
        cannot be told: somebody is below the lowest level mapped and that is above the threshold, or in a band that
        the threshold cuts.

    Raises
    ------
    InputError
        If a weight is negative or not finite, or their number differs.

    Examples
    --------
    >>> from bykobling.raster import Sampled
    >>> exact = np.array([52.0, 58.0])
    >>> share_above(Sampled(exact, exact, exact), [3, 1], 58)
    0.25
    """
    low, high = share_above_bounds(sampled, weights, threshold_db)
    return low if low == high else math.nan


def share_above_bounds(sampled: Sampled, weights: ArrayLike, threshold_db: float) -> tuple[float, float]:
    """Return the least and the greatest share of people that can be at or above a level.

    Parameters
    ----------
    sampled : Sampled
        Levels, or the bands they lie in.
    weights : array of float, shape (n,)
        People.
    threshold_db : float
        The level, included.

    Returns
    -------
    tuple of float
        Shares (0-1), equal where it can be told exactly; NaN where nobody is known of.

    Raises
    ------
    InputError
        If a weight is negative or not finite, or their number differs.
    """
    # a place is known where its band has an upper edge
    _, weight = _checked(np.where(np.isnan(sampled.hi_db), np.nan, 0.0), weights)
    total = weight.sum()
    if not total > 0:
        return math.nan, math.nan
    with np.errstate(invalid="ignore"):
        above = sampled.lo_db >= threshold_db
        may = above | (sampled.hi_db > threshold_db)
    return float(weight[above].sum() / total), float(weight[may].sum() / total)


def _checked(level_db: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return levels and weights as arrays; where there is no level nothing weighs."""
    level = np.atleast_1d(np.asarray(level_db, np.float64))
    weight = np.ones(len(level)) if weights is None else np.atleast_1d(np.asarray(weights, np.float64))
    if weight.shape != level.shape:
        rule = f"there are {len(weight)} weights for {len(level)} levels"
        raise InputError(Fault("weights", "", rule, "give one weight a level"))
    if not np.isfinite(weight).all() or (weight < 0).any():
        raise InputError(Fault("weights", "", "some are negative or not finite", "give numbers of 0 or more"))
    missing = np.isnan(level)
    return np.where(missing, 0.0, level), np.where(missing, 0.0, weight)
