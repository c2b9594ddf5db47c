"""Public transport round the corner: the stops within a walk, and how often something leaves from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import raise_errors
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.lines import (
    boardings,
    departure_window,
    last_of_each,
    placed,
    service_near,
    service_of,
)
from bykobling.transit import Window

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Snap
    from bykobling.timetable import Timetable
    from bykobling.transit import TransitNetwork

MORNING = Window("07:00", 120.0)
_GROUPS = {"trolleybus": "bus", "cable_tram": "tram", "subway": "rail", "monorail": "rail"}
"""Modes told together with another; all others stand for themselves."""


def departures_per_hour(timetable: Timetable, *, window: Window | None = None) -> pd.DataFrame:
    """Count at every stop how often one may get on.

    Parameters
    ----------
    timetable : Timetable
        One day.
    window : Window, optional
        Time of day; 07:00 to 09:00 by default.

    Returns
    -------
    DataFrame
        One row a stop and mode that serves it at any time of the timetable, in the order of its stops: ``stop_id``,
        ``stop_name``, ``lon``, ``lat``, ``mode``, ``departures_per_hour``, ``routes`` (short names of those that
        leave in the window, in order, with commas between), ``assumed`` (whether departures at a headway that no
        timetable promises are among them).

    Raises
    ------
    InputError
        A window of arrivals.

    Notes
    -----
    Where one may not get on, and where a trip ends, nothing leaves. A trip that calls at a stop more than once in
    the window (a loop, a turn) counts once. Platforms are stops of their own here; `stops_within` joins stations.
    """
    moments = departure_window(window, MORNING)
    calls = boardings(timetable, moments)
    calls["stop_id"] = timetable.stops["stop_id"].to_numpy(object)[calls["stop"]]
    table = calls.sort_values(["stop", "mode"], kind="stable").drop_duplicates(["stop_id", "mode"])
    table = table[["stop", "stop_id", "mode"]].set_index(["stop_id", "mode"])
    leaving = calls[calls["inside"]].drop_duplicates(["stop_id", "trip"])
    leaving = leaving.assign(assumed=timetable.headway_based[leaving["trip"]])
    there = leaving.groupby(["stop_id", "mode"])
    names = pd.DataFrame({"name": _route_names(timetable)[leaving["route"]]}, index=leaving.index)
    told = names["name"].groupby([leaving["stop_id"], leaving["mode"]]).agg(_listed)
    stop = table["stop"].to_numpy()
    return pd.DataFrame(
        {
            "stop_id": table.index.get_level_values("stop_id"),
            "stop_name": timetable.stops["stop_name"].to_numpy(object)[stop],
            "lon": timetable.stops["lon"].to_numpy()[stop],
            "lat": timetable.stops["lat"].to_numpy()[stop],
            "mode": table.index.get_level_values("mode"),
            "departures_per_hour": there.size().reindex(table.index, fill_value=0).to_numpy() * 60 / moments.minutes,
            "routes": told.reindex(table.index, fill_value="").to_numpy(object),
            "assumed": there["assumed"].any().reindex(table.index, fill_value=False).to_numpy(bool),
        }
    )


def stops_within(
    transit: TransitNetwork,
    homes: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    radius_m: float = 400.0,
    window: Window | None = None,
    snapped: Snap | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Count the stops within a walk, and how often something leaves from them.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable; ways are measured in metres, whatever speeds and delays the streets have.
    homes : GeoDataFrame or GeoSeries of Point
        In the CRS of the streets.
    radius_m : float, optional
        Metres along the streets to where a stop is entered, inclusive.
    window : Window, optional
        Time of day; 07:00 to 09:00 by default.
    snapped : Snap, optional
        Where the homes hang on the streets, if it is known (`Network.snap`).
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame (index of `homes`)
        ``stops_400m``; ``departures_per_hour_400m``, and the same of each group of modes the timetable has:
        ``departures_per_hour_400m_bus`` (trolleybuses too), ``_tram``, ``_rail`` (metro too), ``_ferry`` and so on.
        NaN for homes that hang on no street.

    Raises
    ------
    CrsError
        Homes in another CRS than the streets.
    InputError
        Homes that are not points, a radius that is not above 0, a window of arrivals.

    Notes
    -----
    A stop counts where something leaves in the window. The stops of a station count as one, as near as the nearest
    of those a mode leaves from; two stops across the street count as two, unless the feed makes them a station.
    Stops no street leads to (`TransitNetwork.stop_reason`) are not counted.

    Every line (a route in one direction) counts once, at the stop within the walk where it leaves most often: a bus
    that calls five times within 400 m does not come five times as often.
    """
    moments = departure_window(window, MORNING)
    raise_errors(above_zero("radius_m", radius_m, "400"))
    places = placed(transit.network, homes, snapped)
    service = service_of(transit.timetable, moments)
    top = service.site.max(initial=0) + 1
    groups = sorted({_GROUPS.get(mode, mode) for mode in service.modes})
    group = np.array([groups.index(_GROUPS.get(mode, mode)) for mode in service.modes], np.int64)
    count = np.zeros(len(places))
    per_hour = np.zeros((len(places), len(groups)))
    for start, stop, near in service_near(transit, places, service, radius_m, progress=progress):
        found = np.unique(near.home * top + service.site[near.place])
        count[start:stop] = np.bincount(found // top, minlength=stop - start)
        lines = near.lines(service)
        best = last_of_each(lines.home, lines.line, lines.per_hour)
        cell = lines.home[best] * len(groups) + group[lines.mode[best]]
        sums = np.bincount(cell, weights=lines.per_hour[best], minlength=(stop - start) * len(groups))
        per_hour[start:stop] = sums.reshape(stop - start, len(groups))
    name = f"departures_per_hour_{radius_m:g}m"
    columns = {f"stops_{radius_m:g}m": count, name: per_hour.sum(axis=1)}
    columns |= {f"{name}_{each}": per_hour[:, k] for k, each in enumerate(groups)}
    table = pd.DataFrame(columns, index=homes.index)
    table[~places.linked] = np.nan
    return table


def _route_names(timetable: Timetable) -> NDArray[np.object_]:
    """Name routes as the signs do, or else as the feed does."""
    short, long, number = (timetable.routes[name].to_numpy(object) for name in ("short_name", "long_name", "route_id"))
    return np.array([a or b or c for a, b, c in zip(short, long, number, strict=True)], object)


def _listed(names: pd.Series) -> str:
    """Write names with commas between, numbers in them by size: 2A before 10."""

    def rank(name: str) -> list[tuple[int, int, str]]:
        return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]

    return ", ".join(sorted(set(names), key=rank))
