"""What leaves near a home: the lines of a window, the places they leave from, and the metres to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.errors import Fault, InputError
from bykobling.network import by_length, reach_table
from bykobling.network.snapping import make_snap

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap
    from bykobling.timetable import Timetable
    from bykobling.transit import TransitNetwork, Window

ROUNDING_M = 0.01
"""Lengths are kept as seconds of 1/1024 s: a way of exactly 400 m may be a few millimetres longer."""
_BLOCK = 2048
"""Homes whose lines are held at once."""


def departure_window(window: Window | None, usual: Window) -> Window:
    """Take the usual window where there is none, refusing one of arrivals."""
    moments = window or usual
    if moments.arrive_by:
        raise InputError(Fault("window", "arrive_by", "departures are counted", "give a window of departures"))
    return moments


def boardings(timetable: Timetable, window: Window) -> pd.DataFrame:
    """List every call at which one may get on and go somewhere.

    Parameters
    ----------
    timetable : Timetable
        One day.
    window : Window
        Time of day.

    Returns
    -------
    DataFrame
        ``trip``, ``route``, ``stop`` (rows), ``mode``, ``inside`` (whether it leaves in the window).
    """
    calls = timetable.calls()
    ends = calls["position"].to_numpy() == np.diff(timetable.trip_call)[calls["trip"]] - 1
    calls = calls[calls["pickup"].to_numpy(bool) & ~ends]
    first, leaves = timetable.seconds_at(window.first), calls["departure_s"].to_numpy()
    return pd.DataFrame(
        {
            "trip": calls["trip"].to_numpy(np.int64),
            "route": calls["route"].to_numpy(np.int64),
            "stop": calls["stop"].to_numpy(np.int64),
            "mode": timetable.routes["mode"].to_numpy(object)[calls["route"]],
            "inside": (leaves >= first) & (leaves < first + window.minutes * 60),
        }
    )


def directions(timetable: Timetable) -> NDArray[np.int8]:
    """Tell the direction of every trip, also where the feed does not.

    Parameters
    ----------
    timetable : Timetable
        One day.

    Returns
    -------
    array of int8 (T,)
        0 or 1. A trip of unknown direction runs with the trip of its route that gets farthest from its start (of
        those whose direction is known, if there are any), or against it, by the straight line from its first stop
        to its last (assumed).
    """
    told = timetable.trip_direction
    pattern = timetable.trip_pattern
    begin = timetable.pattern_stop[timetable.pattern_first[pattern]]
    end = timetable.pattern_stop[timetable.pattern_first[pattern + 1] - 1]
    lon, lat = (np.radians(timetable.stops[name].to_numpy(np.float64)) for name in ("lon", "lat"))
    east, north = (lon[end] - lon[begin]) * np.cos(lat[begin]), lat[end] - lat[begin]
    order = np.lexsort((-np.hypot(east, north), told < 0, timetable.trip_route))
    _, first, same = np.unique(timetable.trip_route[order], return_index=True, return_inverse=True)
    model = np.empty(len(told), np.int64)
    model[order] = order[first][same]
    with_model = east * east[model] + north * north[model] >= 0
    ahead = np.maximum(told[model], 0)
    return np.where(told >= 0, told, np.where(with_model, ahead, 1 - ahead)).astype(np.int8)


@dataclass(frozen=True, eq=False)
class Service:
    """What leaves in a window, place by place: a stop, or the stops of a station, that a mode leaves from.

    Parameters
    ----------
    modes : tuple of str
        Modes one may board on the day.
    stop, stop_place : array of int64 (k,)
        Stops (rows of the timetable) and the places they belong to, by stop; one of two modes belongs to two.
    site : array of int64 (P,)
        Station or stop each place is at; equal for the modes of one.
    first : array of int64 (P + 1,)
        Lines ``first[p]`` to ``first[p + 1]`` of the next three leave place p.
    line : array of int64 (n,)
        Twice the row of the route, plus the direction.
    mode : array of int64 (n,)
        Number in `modes`.
    per_hour : array of float64 (n,)
        How often; a trip that calls more than once at a place counts once.
    """

    modes: tuple[str, ...]
    stop: NDArray[np.int64]
    stop_place: NDArray[np.int64]
    site: NDArray[np.int64]
    first: NDArray[np.int64]
    line: NDArray[np.int64]
    mode: NDArray[np.int64]
    per_hour: NDArray[np.float64]


def service_of(timetable: Timetable, window: Window) -> Service:
    """Count the departures of every line at every place.

    Parameters
    ----------
    timetable : Timetable
        One day.
    window : Window
        Time of day.

    Returns
    -------
    Service
    """
    calls = boardings(timetable, window)
    modes, mode = np.unique(calls["mode"].to_numpy(str), return_inverse=True)
    inside = calls["inside"].to_numpy(bool)
    leaving, mode = calls[inside], mode[inside]
    key, place = np.unique(sites(timetable)[leaving["stop"]] * max(1, len(modes)) + mode, return_inverse=True)
    line = leaving["route"].to_numpy() * 2 + directions(timetable)[leaving["trip"]]
    leaving = leaving.assign(mode=mode, place=place, line=line)
    stops = leaving[["stop", "place"]].drop_duplicates().sort_values(["stop", "place"])
    runs = leaving.drop_duplicates(["place", "trip"])
    lines = runs.groupby(["place", "line", "mode"]).size().rename("count").reset_index()
    return Service(
        modes=tuple(str(each) for each in modes),
        stop=stops["stop"].to_numpy(np.int64),
        stop_place=stops["place"].to_numpy(np.int64),
        site=key // max(1, len(modes)),
        first=np.searchsorted(lines["place"].to_numpy(np.int64), np.arange(len(key) + 1)),
        line=lines["line"].to_numpy(np.int64),
        mode=lines["mode"].to_numpy(np.int64),
        per_hour=lines["count"].to_numpy(np.float64) * 60 / window.minutes,
    )


def sites(timetable: Timetable) -> NDArray[np.int64]:
    """Give a number to every station, and to every stop that belongs to none; copies of a stop have one number.

    Parameters
    ----------
    timetable : Timetable
        One day.

    Returns
    -------
    array of int64 (S,)
    """
    station = timetable.stops["station"].to_numpy(np.int64)
    alone, _ = pd.factorize(timetable.stops["stop_id"])
    return np.where(station >= 0, station, station.max(initial=-1) + 1 + alone)


@dataclass(frozen=True, eq=False)
class Lines:
    """Lines within the walk of homes, at every place they leave from; arrays are aligned."""

    home: NDArray[np.int64]
    line: NDArray[np.int64]
    mode: NDArray[np.int64]
    metres: NDArray[np.float64]
    per_hour: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Near:
    """Places within the walk of homes, each pair once, and the metres to them; arrays are aligned."""

    home: NDArray[np.int64]
    place: NDArray[np.int64]
    metres: NDArray[np.float64]

    def lines(self, service: Service) -> Lines:
        """List the lines that leave from the places.

        Parameters
        ----------
        service : Service
            The places.

        Returns
        -------
        Lines
        """
        pair, row = spread(service.first, self.place)
        return Lines(
            self.home[pair], service.line[row], service.mode[row], self.metres[pair], service.per_hour[row]
        )  # fmt: skip


def service_near(
    transit: TransitNetwork,
    homes: Snap,
    service: Service,
    limit_m: float,
    *,
    progress: Progress | None = None,
) -> Iterator[tuple[int, int, Near]]:
    """Find the places within a walk, some homes at a time.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    homes : Snap
        On its streets.
    service : Service
        Of its timetable.
    limit_m : float
        Metres along the streets, inclusive.
    progress : callable, optional
        ``progress(done, total, message)``.

    Yields
    ------
    start, stop : int
        Which homes.
    near : Near
        Homes numbered from `start`.
    """
    metric, doors = in_metres(transit, homes)
    ways, stop_of = ways_in(transit, metric, service.stop)
    first = np.searchsorted(service.stop, np.arange(transit.timetable.stop_count + 1))
    for start in range(0, len(doors), _BLOCK):
        stop = min(start + _BLOCK, len(doors))
        block = doors.take(np.arange(start, stop))
        near = reach_table(metric, block, ways, (limit_m + ROUNDING_M) / metric.profile.speed_m_s)
        pair, row = spread(first, stop_of[near.dest])
        home, place = near.origin[pair], service.stop_place[row]
        metres = near.seconds.astype(np.float64)[pair] * metric.profile.speed_m_s
        least = last_of_each(home, place, -metres)
        yield start, stop, Near(home[least], place[least], metres[least])
        if progress is not None:
            progress(stop, len(doors), "stops nearby")


def in_metres(transit: TransitNetwork, homes: Snap) -> tuple[Network, Snap]:
    """Copy the streets so that seconds times the speed are metres, with the homes on them."""
    metric = by_length(transit.network)
    return metric, make_snap(metric, homes.edge, homes.offset_m, homes.snap_m, homes.reason)


def ways_in(
    transit: TransitNetwork, metric: Network, stops: NDArray[np.integer]
) -> tuple[Snap, NDArray[np.int32]]:  # fmt: skip
    """Take the ways from the street into some stops: where they meet it, and the stop of each.

    The walk ends at the entrance: what is walked inside a station is told in seconds, and belongs to the journey.
    """
    links, into = transit.links, transit.timetable.link_stop
    used = np.flatnonzero(links.linked & np.isfinite(transit.timetable.link_in_s) & np.isin(into, stops))
    ways = links.take(used)
    return make_snap(metric, ways.edge, ways.offset_m, ways.snap_m, ways.reason), into[used]


def placed(network: Network, homes: gpd.GeoDataFrame | gpd.GeoSeries, snapped: Snap | None) -> Snap:
    """Hang homes on the streets, unless that is done."""
    if snapped is None:
        return network.snap(homes.geometry)
    if len(snapped) != len(homes):
        rule = f"it has {len(snapped)} places for {len(homes)} homes"
        raise InputError(Fault("snapped", "", rule, "snap the same homes, in the same order"))
    return snapped


def spread(first: NDArray[np.int64], chosen: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Take the rows of several groups: for each the number among those chosen, and the row."""
    counts = first[chosen + 1] - first[chosen]
    pair = np.repeat(np.arange(len(chosen)), counts)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, first[chosen][pair] + within


def last_of_each(
    home: NDArray[np.int64], what: NDArray[np.int64], value: NDArray[np.float64]
) -> NDArray[np.int64]:  # fmt: skip
    """Find for each pair of home and something the row with the greatest value, sorted by pair."""
    key = home * (what.max(initial=0) + 1) + what
    order = np.lexsort((value, key))
    last = np.append(np.diff(key[order]) != 0, values=True)[: len(order)]
    rows: NDArray[np.int64] = order[last]
    return rows
