"""Sound power of road traffic by CNOSSOS-EU."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from bykobling._check import nearest, raise_errors
from bykobling.emission.coefficients import (
    A_WEIGHTING_DB,
    CATEGORIES,
    DEFAULT_SURFACE,
    RoadSurface,
    road_coefficients,
)
from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.emission.coefficients import CoefficientVersion, RoadCoefficients

JunctionKind = Literal["crossing", "roundabout"]

LOWEST_SPEED_KMH = 20.0
"""Slower traffic is as loud as at 20 km/h (Annex II, 2.2.1)."""

_REFERENCE_C = 20.0
_TEMPERATURE_DB = np.array([0.08, 0.04, 0.04])
_STUDDED_KMH = (50.0, 90.0)
_STEEPEST_PCT = 12.0
_JUNCTION_REACH_M = 100.0


def road_emission(
    flow_h: ArrayLike,
    speed_kmh: ArrayLike,
    *,
    version: CoefficientVersion = "2021/1226",
    temperature_c: float = 20.0,
    surface: str | RoadSurface = DEFAULT_SURFACE,
    gradient_pct: ArrayLike = 0.0,
    junction: JunctionKind | None = None,
    junction_distance_m: ArrayLike = np.inf,
    studded_share: ArrayLike = 0.0,
    studded_months: float = 0.0,
) -> NDArray[np.float64]:
    """Compute the sound power of each metre of road, by octave.

    Parameters
    ----------
    flow_h : array of float, shape (..., 5)
        Vehicles an hour of categories 1, 2, 3, 4a and 4b.
    speed_kmh : array of float, shape (...) or (..., 5)
        Mean speed, of all vehicles or by category; below 20 km/h counts as 20.
    version : {"2021/1226", "2015/996"}
        Which coefficients.
    temperature_c : float
        Yearly mean of the air; cold roads are louder.
    surface : str or RoadSurface
        Code of the law's tables (``DEF``, ``NL01`` to ``NL14``), or a surface of your own.
    gradient_pct : array of float, shape (...)
        Slope in the direction of travel, upwards positive; beyond 12 % counts as 12 %.
    junction : {"crossing", "roundabout"} or None
        Kind of the junction near by at which traffic brakes and speeds up.
    junction_distance_m : array of float, shape (...)
        Distance to it; beyond 100 m it changes nothing.
    studded_share : array of float, shape (...)
        Share of light vehicles with studded tyres in the months they are used, 0-1.
    studded_months : float
        Months a year in which they are used.

    Returns
    -------
    array of float, shape (..., 8)
        Sound power level of a metre of road, dB re 1 pW, not A-weighted; minus infinity where nothing drives.

    Raises
    ------
    InputError
        Flows that are negative or not finite, speeds that are not above 0, an unknown surface or version.

    Notes
    -----
    For category ``m``: ``LW' = LW + 10 lg(Q / (1000 v))``; ``LW`` is the sum of rolling noise
    ``A + B lg(v/70)`` and propulsion noise ``A + B (v-70)/70`` with corrections for surface, temperature, studded
    tyres, gradient and junction. Commission Directive (EU) 2015/996, Annex II, 2.2; coefficients of the same or of
    Delegated Directive (EU) 2021/1226.

    Examples
    --------
    >>> loud = road_emission([1000.0, 0, 0, 0, 0], 50.0)
    >>> round(float(a_weighted_db(loud)), 1)
    81.5
    """
    table = road_coefficients(version)
    flow = np.asarray(flow_h, float)
    speed = np.asarray(speed_kmh, float)
    _check(flow, speed, surface, table)
    # a speed for each vehicle category has the shape of the flows
    speed = speed if speed.ndim == flow.ndim and speed.shape[-1:] == (len(CATEGORIES),) else speed[..., None]
    speed = np.maximum(speed, LOWEST_SPEED_KMH)
    flow, speed = np.broadcast_arrays(flow, speed)
    slope = np.clip(np.asarray(gradient_pct, float), -_STEEPEST_PCT, _STEEPEST_PCT)[..., None]
    tyres = table.surfaces[surface] if isinstance(surface, str) else surface
    near = np.maximum(1.0 - np.abs(np.asarray(junction_distance_m, float)) / _JUNCTION_REACH_M, 0.0)[..., None, None]
    c_db = np.zeros((2, len(CATEGORIES)))
    if junction is not None:
        c_db = table.crossing_db if junction == "crossing" else table.roundabout_db
    v = speed[..., None]
    ratio = np.log10(v / table.reference_speed_kmh)
    rolling = table.rolling_db[0] + table.rolling_db[1] * ratio + c_db[0][:, None] * near
    rolling[..., :3, :] += (
        tyres.alpha_db
        + tyres.beta_db[:, None] * ratio[..., :3, :]
        + (_TEMPERATURE_DB * (_REFERENCE_C - temperature_c))[:, None]
    )
    rolling[..., 0, :] += _studded(speed[..., 0], np.asarray(studded_share, float), studded_months, table)
    propulsion = (
        table.propulsion_db[0]
        + table.propulsion_db[1] * (v - table.reference_speed_kmh) / table.reference_speed_kmh
        + c_db[1][:, None] * near
    )
    propulsion[..., :3, :] += np.minimum(tyres.alpha_db, 0.0)
    propulsion += _gradient(speed, slope)[..., None]
    power = 10.0 ** (propulsion / 10.0)
    power[..., :3, :] += 10.0 ** (rolling[..., :3, :] / 10.0)
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10((power * (flow / (1000.0 * speed))[..., None]).sum(axis=-2)))


def a_weighted_db(levels_db: ArrayLike) -> NDArray[np.float64]:
    """Sum octave bands to one A-weighted level.

    Parameters
    ----------
    levels_db : array of float, shape (..., 8)
        Levels of the octaves 63 to 8000 Hz, dB.

    Returns
    -------
    array of float, shape (...)
        dB(A).

    Examples
    --------
    >>> round(float(a_weighted_db([0.0] * 8)), 2)
    6.99
    """
    with np.errstate(divide="ignore"):
        weighted = 10.0 ** ((np.asarray(levels_db, float) + A_WEIGHTING_DB) / 10.0)
        return np.asarray(10.0 * np.log10(weighted.sum(axis=-1)))


def _studded(
    speed: NDArray[np.float64], share: NDArray[np.float64], months: float, table: RoadCoefficients
) -> NDArray[np.float64]:
    """Add studded tyres of light vehicles; their speed counts as 50 to 90 km/h."""
    ratio = np.log10(np.clip(speed, *_STUDDED_KMH) / table.reference_speed_kmh)[..., None]
    louder = 10.0 ** ((table.studded_db[0] + table.studded_db[1] * ratio) / 10.0)
    part = (share * months / 12.0)[..., None]
    return np.asarray(10.0 * np.log10(1.0 - part + part * louder))


def _gradient(speed: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what climbing and braking on a slope add to propulsion noise, by category, dB."""
    s, v = slope[..., 0], speed
    zero = np.zeros(np.broadcast_shapes(s.shape, v[..., 0].shape))
    light = np.where(s < -6, -s - 6, np.where(s > 2, (s - 2) / 1.5 * v[..., 0] / 100, zero))
    medium = np.where(s < -4, (-s - 4) / 0.7 * (v[..., 1] - 20) / 100, np.where(s > 0, s * v[..., 1] / 100, zero))
    heavy = np.where(s < -4, (-s - 4) / 0.5 * (v[..., 2] - 10) / 100, np.where(s > 0, s / 0.8 * v[..., 2] / 100, zero))
    return np.stack([light, medium, heavy, zero, zero], axis=-1)


def _check(
    flow: NDArray[np.float64],
    speed: NDArray[np.float64],
    surface: str | RoadSurface,
    table: RoadCoefficients,
) -> None:
    faults = []
    if flow.shape[-1:] != (len(CATEGORIES),):
        rule = f"its last axis has {flow.shape[-1] if flow.ndim else 0} values, and must have {len(CATEGORIES)}"
        raise InputError(Fault("flow_h", "", rule, "give vehicles an hour of categories 1, 2, 3, 4a and 4b"))
    if not (np.isfinite(flow).all() and (flow >= 0).all()):
        faults.append(Fault("flow_h", "", "a flow is negative or not finite", "give vehicles an hour of 0 or more"))
    if not (np.isfinite(speed).all() and (speed > 0).all()):
        faults.append(Fault("speed_kmh", "", "a speed is not above 0", "give a mean speed in km/h"))
    if isinstance(surface, str) and surface not in table.surfaces:
        rule = f"there is no road surface {surface!r} in {table.version}"
        hint = nearest(surface, table.surfaces) or f"use one of {', '.join(table.surfaces)}"
        faults.append(Fault("surface", "", rule, hint))
    raise_errors(faults)
