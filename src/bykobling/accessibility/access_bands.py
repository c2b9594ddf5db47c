"""The bands London puts its access index into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PTAL_BANDS = ("0", "1a", "1b", "2", "3", "4", "5", "6a", "6b")
_UPPER = (0.0, 2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0)


def ptal_band(index: ArrayLike) -> NDArray[np.object_]:
    """Name the bands of access indices.

    Parameters
    ----------
    index : array of float
        As `ptal_ai` of `ptal`.

    Returns
    -------
    array of str
        The upper ends 2.5, 5, 10, 15, 20, 25 and 40 belong to the band below them; None where NaN.

    Examples
    --------
    >>> ptal_band([0, 2.5, 2.6, 41, float("nan")]).tolist()
    ['0', '1a', '1b', '6b', None]
    """
    given = np.asarray(index, np.float64)
    known = np.isfinite(given)
    bands = np.full(given.shape, None, dtype=object)
    # what adding up loses is no band
    place = np.searchsorted(np.array(_UPPER) + 1e-9, given[known], side="left")
    bands[known] = np.array(PTAL_BANDS, dtype=object)[place]
    return bands
