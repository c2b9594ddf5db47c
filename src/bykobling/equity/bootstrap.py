"""Draw areas again, with replacement: how far a mean hangs on which areas there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BLOCK = 2_000_000
"""So many areas are drawn at a time."""


def resampled_means(
    number: NDArray[np.float64], weight: NDArray[np.float64], *, n_boot: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the weighted means of areas drawn again and again, the same areas for every column.

    Parameters
    ----------
    number : array of float, shape (n_areas, n_columns)
        Not finite where not measured: then the area counts in the other columns alone.
    weight : array of float, shape (n_areas,)
        Residents, above 0.
    n_boot : int
        How many draws.
    rng : Generator
        Where chance comes from; moves on by the same steps whatever the columns are.

    Returns
    -------
    array of float, shape (n_boot, n_columns)
        NaN where a draw holds no area that is measured.
    """
    n_areas, n_columns = number.shape
    means = np.full((n_boot, n_columns), np.nan)
    if not n_areas:
        return means
    known = np.isfinite(number)
    people = known * weight[:, None]
    amount = np.where(known, number, 0.0) * weight[:, None]
    step = max(1, _BLOCK // n_areas)
    for first in range(0, n_boot, step):
        n_draws = min(step, n_boot - first)
        drawn = rng.integers(n_areas, size=(n_draws, n_areas)) + n_areas * np.arange(n_draws)[:, None]
        times = np.bincount(drawn.ravel(), minlength=n_draws * n_areas).reshape(n_draws, n_areas).astype(float)
        total = times @ people
        np.divide(times @ amount, total, out=means[first : first + n_draws], where=total > 0)
    return means


def interval(draws: NDArray[np.float64], *, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the quantiles between which a share of the draws lies, column by column.

    Parameters
    ----------
    draws : array of float, shape (n_boot, n_columns)
        NaN where a draw tells nothing.
    level : float
        Above 0 and below 1.

    Returns
    -------
    low, high : array of float, shape (n_columns,)
        NaN where no draw tells anything.
    """
    low, high = np.full((2, draws.shape[1]), np.nan)
    some = ~np.isnan(draws).all(axis=0)
    if some.any():
        tail = (1.0 - level) / 2
        low[some], high[some] = np.nanquantile(draws[:, some], [tail, 1.0 - tail], axis=0)
    return low, high
