"""How sound fades over flat ground, by octave: absorption of the air, and the ground (CNOSSOS-EU, 2.5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from bykobling._check import raise_errors
from bykobling.emission.coefficients import OCTAVE_HZ, VERSIONS
from bykobling.emission.hours import END_HOURS
from bykobling.errors import Fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.emission.coefficients import CoefficientVersion
    from bykobling.emission.hours import NoiseHours

SOUND_SPEED_M_S = 340.0
ROAD_SOURCE_HEIGHT_M = 0.05
"""Height of traffic as a source (Annex II, 2.2.1)."""

HOUSING_MOST_DB = 10.0
"""Houses that are not drawn one by one never take more."""

_TURBULENCE = 6e-3
_BENDING = 2e-4


@dataclass(frozen=True)
class NoiseSettings:
    """Everything about the calculation that is not traffic.

    Parameters
    ----------
    hours : NoiseHours
        Day, evening and night.
    version : {"2021/1226", "2015/996"}
        Which emission coefficients.
    receiver_height_m : float
        4 m for the END; 1.5 m for Danish maps.
    ground : float
        Ground factor G: 0 hard (asphalt, water), 1 soft (grass); 0.3 for mixed urban ground.
    temperature_c, humidity_pct : float
        Yearly means of the air, for emission and absorption.
    favourable_share : tuple of float
        Share of the day, evening and night in which sound is bent downwards (WG-AEN: 0.5, 0.75, 1).
    max_distance_m : float
        Traffic farther away is left out.
    piece_m, piece_per_distance : float
        A street counts as points, each for a piece no longer than the greater of `piece_m` and
        `piece_per_distance` times its distance; shorter beside receivers nearer than a piece is long.
    built_share : float
        Where no buildings are drawn: share of the ground that they cover, 0-1 (0.2 to 0.3 in a dense city). Each metre
        of path then takes 0.1 dB times the share, at most `HOUSING_MOST_DB` (ISO 9613-2:1996, A.3). 0: open land.
    canyon_db : float
        Added to all levels for reflections between facades: 1 to 3 in closed streets; off by default.
    floor_db : float
        Levels below are given as this: a background the model does not know.
    """

    hours: NoiseHours = field(default=END_HOURS)
    version: CoefficientVersion = "2021/1226"
    receiver_height_m: float = 4.0
    ground: float = 0.3
    temperature_c: float = 10.0
    humidity_pct: float = 70.0
    favourable_share: tuple[float, float, float] = (0.5, 0.75, 1.0)
    max_distance_m: float = 1000.0
    piece_m: float = 5.0
    piece_per_distance: float = 0.5
    built_share: float = 0.0
    canyon_db: float = 0.0
    floor_db: float = 35.0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        rules = {
            "version": (self.version in VERSIONS, f"use one of {VERSIONS}"),
            "receiver_height_m": (0.1 <= self.receiver_height_m <= 200, "give metres from 0.1 to 200"),
            "ground": (0 <= self.ground <= 1, "give a ground factor from 0 (hard) to 1 (soft)"),
            "temperature_c": (-40 <= self.temperature_c <= 50, "give degrees Celsius from -40 to 50"),
            "humidity_pct": (0 < self.humidity_pct <= 100, "give a percentage above 0"),
            "favourable_share": (
                len(self.favourable_share) == 3 and all(0 <= share <= 1 for share in self.favourable_share),
                "give three shares from 0 to 1",
            ),
            "max_distance_m": (10 <= self.max_distance_m <= 5000, "give metres from 10 to 5,000"),
            "piece_m": (self.piece_m > 0, "give metres above 0"),
            "piece_per_distance": (self.piece_per_distance > 0, "give a number above 0"),
            "built_share": (0 <= self.built_share <= 1, "give a share from 0 to 1"),
            "canyon_db": (0 <= self.canyon_db <= 6, "give decibels from 0 to 6"),
            "floor_db": (np.isfinite(self.floor_db), "give decibels"),
        }
        raise_errors(
            Fault(name, "", f"it is {getattr(self, name)}", remedy)
            for name, (fine, remedy) in rules.items()
            if not fine
        )


def atmospheric_absorption(
    *, temperature_c: float = 10.0, humidity_pct: float = 70.0, pressure_kpa: float = 101.325
) -> NDArray[np.float64]:
    """Compute what the air absorbs, by octave.

    Parameters
    ----------
    temperature_c, humidity_pct, pressure_kpa : float
        The air.

    Returns
    -------
    array of float, shape (8,)
        dB a kilometre, at the exact centre of each octave.

    Notes
    -----
    ISO 9613-1:1993, formulas 3 to 5 and B.3.

    Examples
    --------
    >>> atmospheric_absorption().round(2).tolist()
    [0.12, 0.41, 1.04, 1.93, 3.66, 9.66, 32.77, 116.88]
    """
    kelvin = temperature_c + 273.15
    warm = kelvin / 293.15
    saturation = 10.0 ** (-6.8346 * (273.16 / kelvin) ** 1.261 + 4.6151)
    water = humidity_pct * saturation * 101.325 / pressure_kpa
    pressure = pressure_kpa / 101.325
    oxygen = pressure * (24.0 + 4.04e4 * water * (0.02 + water) / (0.391 + water))
    nitrogen = pressure * warm**-0.5 * (9.0 + 280.0 * water * np.exp(-4.170 * (warm ** (-1 / 3) - 1.0)))
    f = 1000.0 * 10.0 ** (0.3 * np.arange(-4, 4))
    molecules = 0.01275 * np.exp(-2239.1 / kelvin) / (oxygen + f**2 / oxygen)
    molecules += 0.1068 * np.exp(-3352.0 / kelvin) / (nitrogen + f**2 / nitrogen)
    return np.asarray(8686.0 * f**2 * (1.84e-11 / pressure * warm**0.5 + warm**-2.5 * molecules))


def ground_attenuation(
    distance_m: ArrayLike,
    *,
    source_height_m: float,
    receiver_height_m: float,
    ground: float,
    source_ground: float = 0.0,
    favourable: bool = False,
) -> NDArray[np.float64]:
    """Compute the ground's attenuation over flat ground, by octave.

    Parameters
    ----------
    distance_m : array of float, shape (...)
        Distance on the plan.
    source_height_m, receiver_height_m : float
        Heights above the ground.
    ground : float
        Ground factor G of the path, 0-1.
    source_ground : float
        That at the source; 0 for roads.
    favourable : bool
        Whether sound is bent downwards, else it runs straight.

    Returns
    -------
    array of float, shape (..., 8)
        dB; negative where the ground makes it louder.

    Notes
    -----
    Commission Directive (EU) 2015/996, Annex II, 2.5.6, formulas 2.5.14 to 2.5.20.

    Examples
    --------
    >>> ground_attenuation(50.0, source_height_m=0.05, receiver_height_m=4.0, ground=0.0).tolist()
    [-3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0, -3.0]
    """
    d = np.maximum(np.asarray(distance_m, float), 1e-3)[..., None]
    zs, zr = source_height_m, receiver_height_m
    near = d / (30.0 * (zs + zr))
    mixed = np.where(near <= 1.0, ground * near + source_ground * (1.0 - near), ground)
    lowest = -3.0 * (1.0 - mixed)
    soft = mixed
    up_s = up_r = np.zeros_like(d)
    if favourable:
        soft = np.full_like(d, ground)
        turbulence = _TURBULENCE * d / (zs + zr)
        up_s = _BENDING * (zs / (zs + zr)) ** 2 * d**2 / 2.0 + turbulence
        up_r = _BENDING * (zr / (zs + zr)) ** 2 * d**2 / 2.0 + turbulence
        lowest = np.where(near <= 1.0, lowest, lowest * (1.0 + 2.0 * (1.0 - 1.0 / np.maximum(near, 1.0))))
    if ground == 0.0:
        return np.asarray(np.broadcast_to(lowest, np.broadcast_shapes(d.shape, OCTAVE_HZ.shape)).copy())
    zs, zr = zs + up_s, zr + up_r
    k = 2.0 * np.pi * OCTAVE_HZ / SOUND_SPEED_M_S
    g26, g13 = soft**2.6, soft**1.3
    w = 0.0185 * OCTAVE_HZ**2.5 * g26 / (OCTAVE_HZ**1.5 * g26 + 1.3e3 * OCTAVE_HZ**0.75 * g13 + 1.16e6)
    wd = w * d
    c = d * (1.0 + 3.0 * wd * np.exp(-np.sqrt(wd))) / (1.0 + wd)
    root = np.sqrt(2.0 * c / k)
    inner = (zs**2 - root * zs + c / k) * (zr**2 - root * zr + c / k)
    return np.asarray(np.maximum(-10.0 * np.log10(4.0 * k**2 / d**2 * inner), lowest))


def housing_attenuation(distance_m: ArrayLike, built_share: float) -> NDArray[np.float64]:
    """Compute what houses take that are not drawn one by one.

    Parameters
    ----------
    distance_m : array of float
        Length of the path through the built-up land.
    built_share : float
        Share of the land that buildings cover, 0-1.

    Returns
    -------
    array of float
        dB, alike in all octaves: ``0.1 B d``, at most 10 (ISO 9613-2:1996, annex A.3, without rows along the road).

    Examples
    --------
    >>> housing_attenuation([10.0, 100.0, 900.0], 0.25).tolist()
    [0.25, 2.5, 10.0]
    """
    return np.asarray(np.minimum(0.1 * built_share * np.asarray(distance_m, float), HOUSING_MOST_DB))


def flat_attenuation(
    distance_m: ArrayLike,
    *,
    receiver_height_m: float,
    ground: float,
    source_height_m: float = ROAD_SOURCE_HEIGHT_M,
    source_ground: float = 0.0,
    temperature_c: float = 10.0,
    humidity_pct: float = 70.0,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Compute the whole attenuation from a point to a receiver with nothing between them.

    Parameters
    ----------
    distance_m : array of float, shape (...)
        Distance on the plan.
    receiver_height_m : float
        Height of the receiver above the ground.
    ground : float
        Ground factor of the path.
    source_height_m : float
        Height of the source.
    source_ground : float
        Ground factor at the source.
    temperature_c, humidity_pct : float
        The air.

    Returns
    -------
    tuple of array of float, shape (..., 8)
        dB under straight and under favourable propagation: ``20 lg d + 11 + absorption + ground``, d the direct
        distance.
    """
    d = np.asarray(distance_m, float)[..., None]
    direct = np.sqrt(d**2 + (receiver_height_m - source_height_m) ** 2)
    air = atmospheric_absorption(temperature_c=temperature_c, humidity_pct=humidity_pct)
    fading = 20.0 * np.log10(direct) + 11.0 + air * direct / 1000.0
    straight, bent = (
        fading
        + ground_attenuation(
            distance_m,
            source_height_m=source_height_m,
            receiver_height_m=receiver_height_m,
            ground=ground,
            source_ground=source_ground,
            favourable=favourable,
        )
        for favourable in (False, True)
    )
    return straight, bent
