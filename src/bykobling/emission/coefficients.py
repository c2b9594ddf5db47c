"""The coefficient tables of CNOSSOS-EU road traffic, both versions, read from the files in ``data``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import numpy as np

from bykobling._check import nearest
from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CoefficientVersion = Literal["2021/1226", "2015/996"]
"""The law the tables stand in; the later one gives cars and lorries about 3 to 4.5 dB more."""

VERSIONS: tuple[CoefficientVersion, ...] = ("2021/1226", "2015/996")

CATEGORIES = ("1", "2", "3", "4a", "4b")
"""Light vehicles, medium heavy, heavy, mopeds, motorcycles: the order of every array of flows or speeds."""

OCTAVE_HZ = np.array([63.0, 125.0, 250.0, 500.0, 1000.0, 2000.0, 4000.0, 8000.0])
"""Centres of the octave bands, Hz: the order of every array of bands."""

A_WEIGHTING_DB = np.array([-26.2, -16.1, -8.6, -3.2, 0.0, 1.2, 1.0, -1.1])
"""A-weighting of the octave bands, dB (IEC 61672-1)."""

DEFAULT_SURFACE = "DEF"


@dataclass(frozen=True, eq=False)
class RoadSurface:
    """What a road surface changes in the sound of tyres, for categories 1, 2 and 3.

    Parameters
    ----------
    alpha_db : array of float, shape (3, 8)
        Change at the reference speed in every octave, dB.
    beta_db : array of float, shape (3,)
        Change for each tenfold speed, dB.
    description : str
        What the law calls it.
    """

    alpha_db: NDArray[np.float64]
    beta_db: NDArray[np.float64]
    description: str = ""


@dataclass(frozen=True, eq=False)
class RoadCoefficients:
    """Tables F-1 to F-4 of one version.

    Parameters
    ----------
    version : str
        The law.
    source : str
        Where the numbers stand.
    rolling_db, propulsion_db : array of float, shape (2, 5, 8)
        A and B of rolling and of propulsion noise for the five `CATEGORIES`, dB. Mopeds and motorcycles have no
        rolling noise: their rows there are not used.
    studded_db : array of float, shape (2, 8)
        a and b of studded tyres, light vehicles alone.
    crossing_db, roundabout_db : array of float, shape (2, 5)
        C of rolling and of propulsion noise near a junction with signals, or a roundabout.
    surfaces : mapping of str to RoadSurface
        By code; ``"DEF"`` is the reference surface.
    reference_speed_kmh : float
        70 km/h.
    """

    version: str
    source: str
    rolling_db: NDArray[np.float64]
    propulsion_db: NDArray[np.float64]
    studded_db: NDArray[np.float64]
    crossing_db: NDArray[np.float64]
    roundabout_db: NDArray[np.float64]
    surfaces: Mapping[str, RoadSurface]
    reference_speed_kmh: float


@cache
def road_coefficients(version: CoefficientVersion = "2021/1226") -> RoadCoefficients:
    """Read the coefficients of one version.

    Parameters
    ----------
    version : {"2021/1226", "2015/996"}
        The law whose tables are wanted.

    Returns
    -------
    RoadCoefficients

    Raises
    ------
    InputError
        If there is no such version.

    Examples
    --------
    >>> road_coefficients("2015/996").rolling_db[0, 0, 0]
    np.float64(79.7)
    """
    if version not in VERSIONS:
        rule = f"there is no version {version!r} of the CNOSSOS-EU tables"
        raise InputError(Fault("version", "", rule, nearest(str(version), VERSIONS) or f"use one of {VERSIONS}"))
    name = f"cnossos_{version.replace('/', '_')}.json"
    table = json.loads(files("bykobling.emission").joinpath("data", name).read_text(encoding="utf-8"))
    by_category = [table["categories"][category] for category in CATEGORIES]
    return RoadCoefficients(
        version=version,
        source=table["source"],
        rolling_db=_stacked(by_category, "a_r_db", "b_r_db"),
        propulsion_db=_stacked(by_category, "a_p_db", "b_p_db"),
        studded_db=np.array([by_category[0]["studded_a_db"], by_category[0]["studded_b_db"]], float),
        crossing_db=np.array([row["crossing_db"] for row in by_category], float).T,
        roundabout_db=np.array([row["roundabout_db"] for row in by_category], float).T,
        surfaces={
            code: RoadSurface(
                np.array([row[category]["alpha_db"] for category in CATEGORIES[:3]], float),
                np.array([row[category]["beta_db"] for category in CATEGORIES[:3]], float),
                row["description"],
            )
            for code, row in table["surfaces"].items()
        },
        reference_speed_kmh=float(table["reference_speed_kmh"]),
    )


def _stacked(rows: list[dict[str, list[float]]], a: str, b: str) -> NDArray[np.float64]:
    return np.array([[row[a] for row in rows], [row[b] for row in rows]], float)
