"""Sums over what lies near."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_BLOCK = 256


def sums_within(
    shapes: NDArray[Any], points: NDArray[Any], values: Sequence[NDArray[np.float64]], radius_m: float
) -> list[NDArray[np.float64]]:
    """Sum values over the points within a radius of each shape.

    Parameters
    ----------
    shapes : array of geometry, shape (n,)
        Areas or homes.
    points : array of Point, shape (m,)
        Where the values are.
    values : sequence of array of float, each of shape (m,)
        What is summed.
    radius_m : float
        Metres from the shape; what lies in it is at 0.

    Returns
    -------
    list of array of float, each of shape (n,)
        One sum for each of the values.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> home = shapely.points([[0.0, 0.0], [90.0, 0.0]])
    >>> sums_within(home, shapely.points([[60.0, 0.0]]), [np.array([4.0])], 50)[0].tolist()
    [0.0, 4.0]
    """
    sums = [np.zeros(len(shapes)) for _ in values]
    if not len(points):
        return sums
    tree = shapely.STRtree(points)
    # pairs are held in memory for so many shapes at a time
    for low in range(0, len(shapes), _BLOCK):
        some = shapes[low : low + _BLOCK]
        shape, point = tree.query(some, predicate="dwithin", distance=radius_m)
        for total, value in zip(sums, values, strict=True):
            total[low : low + len(some)] = np.bincount(shape, weights=value[point], minlength=len(some))
    return sums
