"""The Nordic road traffic noise formula of 1996 at 10 m, to check emission against."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling.emission.hours import END_HOURS, lden

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.emission.hours import NoiseHours

_HOUR_S = 3600.0


def nordic_1996_laeq_10m(light_h: ArrayLike, heavy_h: ArrayLike, speed_kmh: ArrayLike) -> NDArray[np.float64]:
    """Compute the level 10 m from the middle of a straight road, free field.

    Parameters
    ----------
    light_h, heavy_h : array of float
        Vehicles an hour.
    speed_kmh : array of float
        Their speed.

    Returns
    -------
    array of float
        LAeq, dB; minus infinity without traffic.

    Notes
    -----
    TemaNord 1996:525: a light vehicle has ``LAE = 73.5 + 25 lg(v/50)`` from 40 km/h (71.1 below), a heavy one
    ``80.5 + 30 lg(v/50)`` from 50 to 90 km/h (80.5 below); ``LAeq = 10 lg sum 10^(LAE/10) N / 3600``. Written from
    memory of the report, not from its text.

    Examples
    --------
    >>> round(float(nordic_1996_laeq_10m(500.0, 0.0, 50.0)), 1)
    64.9
    """
    speed = np.asarray(speed_kmh, float)
    light = np.where(speed >= 40, 73.5 + 25.0 * np.log10(np.maximum(speed, 40.0) / 50.0), 71.1)
    heavy = 80.5 + 30.0 * np.log10(np.clip(speed, 50.0, 90.0) / 50.0)
    energy = np.asarray(light_h, float) * 10.0 ** (light / 10.0) + np.asarray(heavy_h, float) * 10.0 ** (heavy / 10.0)
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10(energy / _HOUR_S))


def nordic_1996_lden_10m(
    light_h: ArrayLike, heavy_h: ArrayLike, speed_kmh: ArrayLike, *, hours: NoiseHours = END_HOURS
) -> NDArray[np.float64]:
    """Compute Lden 10 m from the middle of a straight road, free field.

    Parameters
    ----------
    light_h, heavy_h : array of float, shape (..., 3)
        Vehicles an hour in day, evening and night.
    speed_kmh : array of float, shape (...)
        Their speed.
    hours : NoiseHours
        Lengths of day, evening and night.

    Returns
    -------
    array of float, shape (...)
        dB.

    Examples
    --------
    >>> round(float(nordic_1996_lden_10m([500.0, 500, 500], [0.0, 0, 0], 50.0)), 1)
    71.3
    """
    speed = np.asarray(speed_kmh, float)[..., None]
    levels = nordic_1996_laeq_10m(light_h, heavy_h, speed)
    return lden(levels[..., 0], levels[..., 1], levels[..., 2], hours=hours)
