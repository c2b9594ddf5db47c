"""Traffic of each street by part of the day: counted where counted, else assumed from its class."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from bykobling._check import columns as _check_columns
from bykobling._check import raise_errors
from bykobling.emission.hours import END_HOURS
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.emission.hours import NoiseHours

PARTS = ("day", "evening", "night")
FLOW_COLUMNS = tuple(f"{kind}_{part}_h" for kind in ("light", "medium", "heavy") for part in PARTS)
"""Columns of flows: vehicles an hour of categories 1, 2 and 3."""


class ClassTraffic(NamedTuple):
    """Traffic assumed on a road of one class, both directions.

    Parameters
    ----------
    day, evening, night : float
        Vehicles in 12, 4 and 8 hours (7-19, 19-23, 23-7).
    heavy_day_pct, heavy_evening_pct, heavy_night_pct : float
        Share of lorries and buses in them, 0-100.
    speed_kmh : float
        Mean speed where no limit is known.
    """

    day: float
    evening: float
    night: float
    heavy_day_pct: float
    heavy_evening_pct: float
    heavy_night_pct: float
    speed_kmh: float

    @property
    def aadt(self) -> float:
        """Vehicles a day."""
        return self.day + self.evening + self.night

    @property
    def heavy_share(self) -> float:
        """Share of heavy vehicles over the whole day, 0-1."""
        heavy = self.day * self.heavy_day_pct + self.evening * self.heavy_evening_pct
        return (heavy + self.night * self.heavy_night_pct) / self.aadt / 100.0


_TERTIARY = ClassTraffic(700, 200, 100, 10, 6, 3, 50)
_SERVICE = ClassTraffic(175, 50, 25, 2, 1, 0, 30)

CLASS_TRAFFIC: Mapping[str, ClassTraffic] = MappingProxyType(
    {
        "motorway": ClassTraffic(26_103, 7_458, 3_729, 25, 35, 45, 130),
        "trunk": ClassTraffic(17_936, 3_826, 2_152, 20, 20, 20, 110),
        "primary": ClassTraffic(7_124, 1_069, 712, 20, 15, 10, 80),
        "secondary": ClassTraffic(1_400, 400, 200, 15, 10, 5, 80),
        "tertiary": _TERTIARY,
        "unclassified": _TERTIARY,
        "residential": ClassTraffic(350, 100, 50, 5, 2, 1, 30),
        "service": _SERVICE,
        "living_street": _SERVICE,
    }
)
"""Traffic by OSM class, links like their class: WG-AEN Good Practice Guide, version 2 (2007), toolkits 2 and 4, in the
reading for OSM classes that is in use with END mapping tools. In cities motorways come out too busy and main streets
too quiet: counts, or `calibrate_classes`, correct that. Classes not named here carry no motor traffic."""


@dataclass(frozen=True)
class TrafficRules:
    """What is assumed where a street tells nothing.

    Parameters
    ----------
    by_class : mapping of str to ClassTraffic
        By OSM class without ``_link``; a class that is missing emits nothing.
    medium_share_of_heavy : float
        Part of heavy vehicles that has two axles (category 2: buses, small lorries), the rest being category 3.
    heavy_speed_kmh : float
        Lorries drive no faster, whatever the limit.
    """

    by_class: Mapping[str, ClassTraffic] = field(default_factory=lambda: CLASS_TRAFFIC)
    medium_share_of_heavy: float = 0.5
    heavy_speed_kmh: float = 80.0

    def __post_init__(self) -> None:
        """Refuse shares and speeds out of range."""
        faults = []
        if not 0 <= self.medium_share_of_heavy <= 1:
            rule = f"it is {self.medium_share_of_heavy}"
            faults.append(Fault("medium_share_of_heavy", "", rule, "give a share from 0 to 1"))
        if not self.heavy_speed_kmh > 0:
            faults.append(Fault("heavy_speed_kmh", "", f"it is {self.heavy_speed_kmh}", "give km/h above 0"))
        raise_errors(faults)


def street_traffic(
    streets: gpd.GeoDataFrame, *, hours: NoiseHours = END_HOURS, rules: TrafficRules | None = None
) -> pd.DataFrame:
    """Tell how many vehicles an hour each street carries, and how fast.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table: ``highway``, ``drive``, ``oneway``, ``tunnel``, ``maxspeed_kmh``. Where there are, also
        ``aadt`` (vehicles a day in the directions the street carries, NaN where not counted; put there by
        `match_aadt`), ``heavy_share`` (0-1) and ``speed_kmh`` (measured).
    hours : NoiseHours
        Day, evening and night.
    rules : TrafficRules, optional
        What is assumed.

    Returns
    -------
    DataFrame
        Index of the streets: ``road_class``, ``emits``, ``aadt``, ``aadt_assumed``, ``heavy_share``,
        ``heavy_assumed``, ``speed_kmh``, ``speed_assumed`` and `FLOW_COLUMNS`. On streets that emit nothing (no
        motor traffic, or in a tunnel) flows are 0, and ``aadt`` is NaN where no motor traffic runs.

    Raises
    ------
    InputError
        Missing columns; counts below 0, heavy shares outside 0-1, speeds not above 0.

    Notes
    -----
    A one-way street without a count carries half of its class. Speed is the measured one, else the limit, else that
    of the class. How traffic spreads over the day, and heavy vehicles over it, follows the class also where it is
    counted. A limit taken as a speed is called known (``speed_assumed`` is False).

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> streets = gpd.GeoDataFrame(
    ...     {"highway": ["primary", "residential"], "drive": True, "oneway": [True, False], "tunnel": False,
    ...      "maxspeed_kmh": [50.0, float("nan")], "aadt": [float("nan"), 2_000.0]},
    ...     geometry=shapely.linestrings([[(0, 0), (90, 0)], [(0, 0), (0, 90)]]), crs=25832,
    ... )  # fmt: skip
    >>> street_traffic(streets)[["aadt", "aadt_assumed", "speed_kmh", "speed_assumed"]].values.tolist()
    [[4452.5, True, 50.0, False], [2000.0, False, 30.0, True]]
    """
    rules = rules or TrafficRules()
    _check(streets)
    road_class = streets["highway"].fillna("").astype(str).str.removesuffix("_link")
    names = list(rules.by_class)
    code = road_class.map({name: number for number, name in enumerate(names)}).to_numpy(float)
    drives = streets["drive"].to_numpy(bool) & np.isfinite(code)
    row = np.where(drives, code, 0).astype(np.int64)
    table = np.array([rules.by_class[name] for name in names], float).reshape(-1, len(ClassTraffic._fields))
    share = _optional(streets, "heavy_share")
    counted = _optional(streets, "aadt")
    half = np.where(streets["oneway"].to_numpy(bool), 0.5, 1.0)
    daily = table[row, :3].sum(axis=1) * half
    aadt = np.where(np.isfinite(counted), counted, daily)
    by_class = np.array([rules.by_class[name].heavy_share for name in names])[row]
    heavy = np.where(np.isfinite(share), share, by_class)
    limit, measured = streets["maxspeed_kmh"].to_numpy(float), _optional(streets, "speed_kmh")
    known = np.where(np.isfinite(measured), measured, np.where(limit > 0, limit, np.nan))
    speed = np.where(np.isfinite(known), known, table[row, 6])
    emits = drives & ~streets["tunnel"].to_numpy(bool) & (aadt > 0)
    result = pd.DataFrame(
        {
            "road_class": road_class.where(drives, ""),
            "emits": emits,
            "aadt": np.where(drives, aadt, np.nan),
            "aadt_assumed": drives & ~np.isfinite(counted),
            "heavy_share": np.where(drives, heavy, np.nan),
            "heavy_assumed": drives & ~np.isfinite(share),
            "speed_kmh": np.where(drives, speed, np.nan),
            "speed_assumed": drives & ~np.isfinite(known),
        },
        index=streets.index,
    )
    light_hour, heavy_hour = _hourly(table, hours)
    vehicles = np.where(emits, aadt, 0.0)
    lorries = (vehicles * heavy)[:, None] * heavy_hour[row]
    flows = np.concatenate(
        [
            (vehicles * (1 - heavy))[:, None] * light_hour[row],
            lorries * rules.medium_share_of_heavy,
            lorries * (1 - rules.medium_share_of_heavy),
        ],
        axis=1,
    )
    return result.assign(**dict(zip(FLOW_COLUMNS, flows.T, strict=True)))


def traffic_notes(streets: gpd.GeoDataFrame, traffic: pd.DataFrame) -> tuple[str, ...]:
    """Say in sentences what of the traffic is assumed and what emits nothing.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table, for lengths.
    traffic : DataFrame
        From `street_traffic`.

    Returns
    -------
    tuple of str
        Sentences for a report.
    """
    km = streets.geometry.length.to_numpy() / 1000.0
    emits = traffic["emits"].to_numpy(bool)
    total = float(km[emits].sum())
    if not total:
        return ("No street carries motor traffic, so there is no traffic noise to map.",)
    shares = {
        name: float(km[emits & traffic[f"{name}_assumed"].to_numpy(bool)].sum()) / total
        for name in ("aadt", "heavy", "speed")
    }
    text = (
        f"Traffic is assumed from the road class on {shares['aadt']:.0%} of {total:,.1f} km of streets, the share of "
        f"heavy vehicles on {shares['heavy']:.0%}, speed on {shares['speed']:.0%}; elsewhere it is counted, or speed "
        "is the limit."
    )
    notes = [text]
    tunnels = float(km[streets["tunnel"].to_numpy(bool) & streets["drive"].to_numpy(bool)].sum())
    if tunnels > 0:
        notes.append(f"{tunnels:,.1f} km of streets in tunnels emit nothing; noise at their mouths is left out.")
    return tuple(notes)


def _hourly(table: NDArray[np.float64], hours: NoiseHours) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share a day's light and heavy vehicles out: part of them in a mean hour of day, evening and night, (class, 3)."""
    per_hour = table[:, :3] / np.array(END_HOURS.lengths_h)
    heavy = per_hour * table[:, 3:6] / 100.0
    part = hours.of_hour
    mine = (part[None, :] == np.arange(3)[:, None]) / np.array(hours.lengths_h)[:, None]
    spread = []
    for flow in (per_hour - heavy, heavy):
        of_24 = flow[:, END_HOURS.of_hour]
        total = of_24.sum(axis=1, keepdims=True)
        # a class without heavy vehicles may still have counted ones: they drive when all others do
        of_24 = np.where(total > 0, of_24, per_hour[:, END_HOURS.of_hour])
        spread.append(of_24 / of_24.sum(axis=1, keepdims=True) @ mine.T)
    return spread[0], spread[1]


def _optional(streets: gpd.GeoDataFrame, name: str) -> NDArray[np.float64]:
    if name not in streets:
        return np.full(len(streets), np.nan)
    return np.asarray(pd.to_numeric(streets[name], errors="coerce").to_numpy(float))


def _check(streets: gpd.GeoDataFrame) -> None:
    faults = _check_columns(streets, ["highway", "drive", "oneway", "tunnel", "maxspeed_kmh"], file="streets")
    raise_errors(faults)
    aadt, share, speed = (_optional(streets, name) for name in ("aadt", "heavy_share", "speed_kmh"))
    if (aadt < 0).any() or np.isinf(aadt).any():
        faults.append(Fault("streets", "column aadt", "a count is negative or infinite", "leave it empty if unknown"))
    if ((share < 0) | (share > 1)).any():
        rule = f"shares reach from {np.nanmin(share):g} to {np.nanmax(share):g}"
        faults.append(
            Fault("streets", "column heavy_share", rule, "give shares from 0 to 1; divide percentages by 100")
        )
    if (speed <= 0).any():
        faults.append(Fault("streets", "column speed_kmh", "a speed is not above 0", "leave it empty if unknown"))
    raise_errors(faults)
