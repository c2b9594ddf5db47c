"""How long a pedestrian waits to cross: the Highway Capacity Manual's formulas, with every assumption in a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

ASSUMED_AADT_PER_LANE: dict[str, float] = {
    "motorway": 12_000, "trunk": 8_000, "primary": 5_500, "secondary": 4_500, "tertiary": 2_500,
}  # fmt: skip
"""Vehicles a day on each lane where no count is given (assumed by class)."""

ASSUMED_LANES: dict[str, float] = {"motorway": 4, "trunk": 4, "primary": 2, "secondary": 2, "tertiary": 2}
"""Lanes in both directions where OSM tells none (assumed by class)."""

BUSY_AADT_PER_LANE = 10_000
"""More vehicles a day than this on a lane, and there must be another lane (assumed)."""

LANE_WIDTH_M = 3.25
DAYTIME_HOUR_SHARE = 0.065
"""Share of a day's traffic in a daytime hour (assumed)."""

CROSSING_SPEED_M_S = 1.2
START_UP_S = 3.0
LONGEST_WAIT_S = 120.0
"""Nobody waits longer for a gap: the formula grows without bound on busy roads, people walk to the next crossing."""


@dataclass(frozen=True)
class CrossingDelays:
    """Seconds lost at a crossing, by kind.

    Parameters
    ----------
    signal : float
        Mean wait at a signal, ``(C - g)^2 / (2 C)``: 24.9 s for a cycle C of 90 s with 23 s of green g (assumed).
    zebra : float
        Drivers yield; what is left is looking and starting (assumed).
    refuge, unmarked : float or None
        None computes the wait for a gap from lanes and traffic, a refuge in two halves.
    level_crossing : float
        Looking, slowing, and the mean share of time a barrier is down, for each track crossed (assumed).
    """

    signal: float = 24.9
    zebra: float = 3.0
    refuge: float | None = None
    unmarked: float | None = None
    level_crossing: float = 5.0


def signal_delay_s(cycle_s: float, green_s: float) -> float:
    """Return the mean wait at a signal, ``(C - g)^2 / (2 C)``, in seconds (HCM 2010, eq. 18-71).

    Parameters
    ----------
    cycle_s, green_s : float
        Cycle length and green time for pedestrians, seconds.

    Returns
    -------
    float
        Seconds.

    Examples
    --------
    >>> round(signal_delay_s(90, 23), 1)
    24.9
    """
    return (cycle_s - green_s) ** 2 / (2 * cycle_s)


def gap_delay_s(vehicles_s: float, critical_gap_s: float) -> float:
    """Return the mean wait for a gap in traffic, ``(exp(v t) - v t - 1) / v``, in seconds.

    Parameters
    ----------
    vehicles_s : float
        Vehicles a second on the lanes crossed in one go.
    critical_gap_s : float
        Gap a pedestrian needs: width / walking speed + start-up time, seconds.

    Returns
    -------
    float
        Seconds, not capped.

    Notes
    -----
    Highway Capacity Manual (2010), eq. 19-68; random arrivals, no yielding.

    Examples
    --------
    >>> round(gap_delay_s(0.2, 10), 2)
    21.95
    """
    if vehicles_s <= 0:
        return 0.0
    load = vehicles_s * critical_gap_s
    return (math.exp(load) - load - 1) / vehicles_s if load < 50 else math.inf


def _class_of(highway: str) -> str:
    return highway.removesuffix("_link")


def road_lanes(streets: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the number of lanes of each street, assumed by class where not told.

    Parameters
    ----------
    streets : GeoDataFrame
        With ``highway``, ``lanes``, ``oneway``.

    Returns
    -------
    array of float, shape (n,)
        Lanes; half the class default on a one-way carriageway.
    """
    lanes = streets["lanes"].to_numpy(float)
    default = np.array([ASSUMED_LANES.get(_class_of(h), 2.0) for h in streets["highway"]])
    half = np.where(streets["oneway"].to_numpy(bool), 0.5, 1.0)
    return np.asarray(np.where(np.isfinite(lanes) & (lanes > 0), lanes, np.maximum(1.0, default * half)))


def road_width_m(streets: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Return the carriageway width of each street in metres: lanes times 3.25 m.

    Parameters
    ----------
    streets : GeoDataFrame
        With ``highway``, ``lanes``, ``oneway``.

    Returns
    -------
    array of float, shape (n,)
        Metres.
    """
    return np.minimum(road_lanes(streets), 10.0) * LANE_WIDTH_M


def crossing_delays_s(street: Mapping[Any, Any] | pd.Series[Any], kind: str, *, delays: CrossingDelays) -> float:
    """Return the seconds lost crossing one street at one kind of crossing.

    Parameters
    ----------
    street : Series or mapping
        A row of the streets table; an ``aadt`` entry, where present, beats the assumed traffic.
    kind : str
        signal, zebra, refuge, unmarked or level_crossing.
    delays : CrossingDelays
        Seconds by kind; None computes.

    Returns
    -------
    float
        Seconds, at most `LONGEST_WAIT_S`. A one-way carriageway (half of a dual road) costs half a signal, since
        both halves are usually walked on one green.
    """
    half = 0.5 if street.get("oneway", False) else 1.0
    if kind == "signal":
        return delays.signal * half
    if kind == "level_crossing":
        return delays.level_crossing
    fixed = {"zebra": delays.zebra, "refuge": delays.refuge, "unmarked": delays.unmarked}[kind]
    if fixed is not None:
        return fixed
    road_class = _class_of(street["highway"])
    aadt = float(street.get("aadt", math.nan))
    lanes = float(street.get("lanes", math.nan))
    if not lanes > 0:
        lanes = max(1.0, ASSUMED_LANES.get(road_class, 2.0) * half)
        # a count tells the size of a road better than its class
        lanes = max(lanes, math.ceil(aadt / BUSY_AADT_PER_LANE)) if aadt > 0 else lanes
    if not aadt > 0:
        aadt = ASSUMED_AADT_PER_LANE.get(road_class, 1_500.0) * lanes
    vehicles_s = aadt * DAYTIME_HOUR_SHARE / 3600
    stages = 2 if kind == "refuge" else 1
    gap_s = lanes * LANE_WIDTH_M / stages / CROSSING_SPEED_M_S + START_UP_S
    return min(LONGEST_WAIT_S, stages * gap_delay_s(vehicles_s / stages, gap_s))
