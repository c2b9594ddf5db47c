"""How well public transport serves a door, as London tells it: the walk and the wait of every line, in one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.accessibility.access_bands import ptal_band
from bykobling.accessibility.lines import (
    ROUNDING_M,
    departure_window,
    last_of_each,
    placed,
    service_near,
    service_of,
)
from bykobling.transit import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Snap
    from bykobling.transit import TransitNetwork

PEAK = Window("08:15", 60.0)
_WALK_M_MIN = 80.0
_HALF_HOUR_MIN = 30.0


@dataclass(frozen=True)
class PtalRule:
    """How PTAL takes a mode.

    Parameters
    ----------
    kind : str
        Modes of one kind are summed together.
    walk_m : float
        Longest walk.
    reliability_min : float
        Minutes added to the wait.
    """

    kind: str
    walk_m: float
    reliability_min: float


_BUS, _RAIL = (640.0, 2.0), (960.0, 0.75)
PTAL_RULES = {
    "bus": PtalRule("bus", *_BUS),
    "trolleybus": PtalRule("bus", *_BUS),
    "ferry": PtalRule("ferry", *_BUS),
    "tram": PtalRule("tram", *_RAIL),
    "cable_tram": PtalRule("tram", *_RAIL),
    "rail": PtalRule("rail", *_RAIL),
    "subway": PtalRule("subway", *_RAIL),
    "monorail": PtalRule("subway", *_RAIL),
    "aerial": PtalRule("aerial", *_RAIL),
    "funicular": PtalRule("funicular", *_RAIL),
}
"""The modes that count. London counts no ferries and no cable cars; here a ferry is taken as a bus that is a mode of
its own, and what hangs on a cable as rail (assumed). Coaches and taxis do not count."""


def ptal(
    transit: TransitNetwork,
    homes: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    window: Window | None = None,
    snapped: Snap | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Work out the public transport accessibility level of homes.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable; ways are measured in metres, whatever speeds and delays the streets have.
    homes : GeoDataFrame or GeoSeries of Point
        In the CRS of the streets.
    window : Window, optional
        Time of day; 08:15 to 09:15 by default.
    snapped : Snap, optional
        Where the homes hang on the streets, if it is known (`Network.snap`).
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame (index of `homes`)
        ``ptal_ai``, the access index, 0 where nothing is within the walk, and ``ptal_band``, "0", "1a", "1b", "2"
        to "5", "6a" or "6b". Missing for homes that hang on no street.

    Raises
    ------
    CrsError
        Homes in another CRS than the streets.
    InputError
        Homes that are not points, a window of arrivals.

    Notes
    -----
    Transport for London (2015), "Assessing transport connectivity in London". Stops within 640 m (bus) or 960 m
    (rail, metro, tram) along the streets. For every route, at the stop and in the direction that serve best::

        walk = metres / 80    wait = 30 / departures an hour + K    K = 2 (bus), 0.75 (rail)
        EDF = 30 / (walk + wait)

    and for every mode ``EDF of the best route + half the sum of the others``; ``ptal_ai`` is the sum of the modes.
    London takes each route at its nearest stop; here the best counts, which is another one where few of its
    trips call at the nearest. A route is one of the feed, where London takes trains that call at other stations for
    another route. A station is as near as its nearest entrance.
    """
    moments = departure_window(window, PEAK)
    places = placed(transit.network, homes, snapped)
    service = service_of(transit.timetable, moments)
    walk_m = max((PTAL_RULES[mode].walk_m for mode in service.modes if mode in PTAL_RULES), default=0.0)
    index = np.zeros(len(places))
    for start, stop, near in service_near(transit, places, service, walk_m, progress=progress):
        lines = near.lines(service)
        index[start:stop] = ptal_of_rows(
            lines.home,
            lines.line // 2,
            lines.mode,
            lines.metres,
            lines.per_hour,
            modes=service.modes,
            homes=stop - start,
        )
    index[~places.linked] = np.nan
    return pd.DataFrame({"ptal_ai": index, "ptal_band": ptal_band(index)}, index=homes.index)


def ptal_of_rows(
    home: ArrayLike,
    route: ArrayLike,
    mode: ArrayLike,
    metres: ArrayLike,
    per_hour: ArrayLike,
    *,
    modes: Sequence[str],
    homes: int,
) -> NDArray[np.float64]:
    """Work out access indices of rows that each tell one line at one stop.

    Parameters
    ----------
    home, route : array of int (k,)
        Numbers from 0; each route has one mode.
    mode : array of int (k,)
        Number in `modes`.
    metres : array of float (k,)
        Walk from the home to the stop.
    per_hour : array of float (k,)
        Departures of the route in one direction there.
    modes : sequence of str
        As in a feed; those not in `PTAL_RULES` do not count.
    homes : int
        How many there are.

    Returns
    -------
    array of float64 (homes,)
        See `ptal`; 0 where no row counts.

    Examples
    --------
    A bus six times an hour 300 m away is 30 / (3.75 + 7) = 2.79; another, worse, counts half.

    >>> ptal_of_rows([0, 0], [0, 1], [0, 0], [300, 300], [6, 4], modes=["bus"], homes=1).round(2).tolist()
    [3.92]
    """
    rules = [PTAL_RULES.get(each, PtalRule("", -1.0, 0.0)) for each in modes]
    kinds = sorted({rule.kind for rule in rules})
    kind_of = np.array([kinds.index(rule.kind) for rule in rules], np.int64)
    limit_m = np.array([rule.walk_m for rule in rules])
    reliability_min = np.array([rule.reliability_min for rule in rules])
    number, far, often = np.asarray(mode, np.int64), np.asarray(metres, np.float64), np.asarray(per_hour, np.float64)
    counted = np.flatnonzero((far <= limit_m[number] + ROUNDING_M) & (often > 0))
    number, far, often = number[counted], far[counted], often[counted]
    at, line = np.asarray(home, np.int64)[counted], np.asarray(route, np.int64)[counted]
    minutes = far / _WALK_M_MIN + _HALF_HOUR_MIN / often + reliability_min[number]
    edf = _HALF_HOUR_MIN / minutes
    best = last_of_each(at, line, edf)
    cell = at[best] * len(kinds) + kind_of[number[best]]
    total = np.bincount(cell, weights=edf[best], minlength=homes * len(kinds))
    most = np.zeros(homes * len(kinds))
    np.maximum.at(most, cell, edf[best])
    index: NDArray[np.float64] = (0.5 * (total + most)).reshape(homes, len(kinds)).sum(axis=1)
    return index
