"""Distances between places told in degrees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius."""


def metres_between(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Measure great-circle distances in metres (haversine, mean radius of the Earth).

    Parameters
    ----------
    lon_a, lat_a, lon_b, lat_b : array of float
        Degrees.

    Returns
    -------
    array of float
        Metres.

    Examples
    --------
    >>> metres_between(np.array([12.5]), np.array([55.7]), np.array([12.5]), np.array([55.701])).round(1)
    array([111.2])
    """
    phi_a, phi_b = np.radians(lat_a), np.radians(lat_b)
    half = np.sin((phi_b - phi_a) / 2) ** 2
    half = half + np.cos(phi_a) * np.cos(phi_b) * np.sin(np.radians(lon_b - lon_a) / 2) ** 2
    result: Floats = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return result
