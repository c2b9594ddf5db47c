"""Numbering points along a Hilbert curve, so that neighbours on the map are neighbours in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_BITS = 16


def hilbert_distance(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Find the place of points along a Hilbert curve through their bounding square (65,536 cells a side).

    Parameters
    ----------
    x, y : array of float64
        Coordinates in metres.

    Returns
    -------
    array of int64
        0 to 2^32 - 1.

    Examples
    --------
    >>> hilbert_distance(np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])).argsort().tolist()
    [0, 1, 2, 3]
    """
    if len(x) == 0:
        return np.empty(0, dtype=np.int64)
    cells = 2**_BITS - 1
    side = max(float(np.ptp(x)), float(np.ptp(y)))
    scale = cells / side if side > 0 else 0.0
    column = ((x - x.min()) * scale).astype(np.int64)
    row = ((y - y.min()) * scale).astype(np.int64)
    distance = np.zeros(len(x), dtype=np.int64)
    # the classical quadrant by quadrant walk, all points at once
    for bit in range(_BITS - 1, -1, -1):
        half = 1 << bit
        in_x = (column & half) > 0
        in_y = (row & half) > 0
        distance += half * half * ((3 * in_x.astype(np.int64)) ^ in_y)
        flip = in_x & ~in_y
        column = np.where(flip, cells - column, column)
        row = np.where(flip, cells - row, row)
        column, row = np.where(in_y, column, row), np.where(in_y, row, column)
    return distance
