"""Who lives near a station, and who lives near it only as the crow flies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling._check import nearest as _hint
from bykobling._check import raise_errors
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.lines import ROUNDING_M, in_metres, placed, sites, ways_in
from bykobling.accessibility.sweep import Sweep
from bykobling.errors import Fault
from bykobling.gtfs.schema import MODE_OF_HUNDRED, MODES
from bykobling.network import Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.network import Snap
    from bykobling.timetable import Timetable
    from bykobling.transit import TransitNetwork

STATION_MODES = ("rail", "subway")
_MODES = frozenset(MODES.values()) | frozenset(MODE_OF_HUNDRED.values())


def station_walk(
    transit: TransitNetwork,
    homes: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    modes: Sequence[str] = STATION_MODES,
    core_m: float = 600.0,
    near_m: float = 1200.0,
    snapped: Snap | None = None,
) -> pd.DataFrame:
    """Tell who is near a station on foot, and who only in a straight line.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable; ways are measured in metres, whatever speeds and delays the streets have.
    homes : GeoDataFrame or GeoSeries of Point
        In the CRS of the streets.
    modes : sequence of str, optional
        What makes a stop a station: a vehicle of such a mode calls there on the day. Trams are left out by default,
        since most stop in the street; where light rail has stations of its own and the feed calls it tram (as in
        Denmark), add ``"tram"``.
    core_m : float, optional
        Metres of the station core: the walk, and the circle in which the gap is looked for; inclusive.
    near_m : float, optional
        Straight metres within which one lives near a station, inclusive.
    snapped : Snap, optional
        Where the homes hang on the streets, if it is known (`Network.snap`).

    Returns
    -------
    DataFrame (index of `homes`)
        ``walk_to_station_m``: metres along the streets to the nearest place where a station is entered, inf where
        no way leads to any. And as 1 or 0, so that the mean of residents is their share:
        ``station_core_600m_walk``, within `core_m` along the streets; ``station_near_1200m``, within `near_m` in a
        straight line; ``station_detour_gap``, within a circle of `core_m` but not within a walk of `core_m`.
        NaN for homes that hang on no street, and for all where the timetable has no station.

    Raises
    ------
    CrsError
        Homes in another CRS than the streets.
    InputError
        Homes that are not points, modes there are not, distances that are not above 0.

    Notes
    -----
    The circles are drawn round the places where stations are entered, as the walks end there. A station that no
    street of the network leads to (`TransitNetwork.stop_reason`) is near in a straight line, but who could walk to
    it is not known: within `core_m` of it the core and the gap are NaN, unless another station is within the walk.

    The distances are those of the Danish Fingerplan (landsplandirektiv), which draws the core of 600 m and the
    1,200 m round it.
    """
    raise_errors(_faults(modes, core_m, near_m))
    places = placed(transit.network, homes, snapped)
    names = ["walk_to_station_m", f"station_core_{core_m:g}m_walk", f"station_near_{near_m:g}m", "station_detour_gap"]
    table = pd.DataFrame(np.nan, index=homes.index, columns=names)
    stops = _stations(transit.timetable, modes)
    if not len(stops) or not len(homes):
        return table
    metric, doors = in_metres(transit, places)
    ways, _ = ways_in(transit, metric, stops)
    walk_m = Sweep(metric, doors).nearest_s(Links.from_snap(ways)).astype(np.float64) * metric.profile.speed_m_s
    timetable, linked = transit.timetable, transit.links.linked
    entered = np.isin(timetable.link_stop, stops) & np.isfinite(timetable.link_in_s)
    site = sites(timetable)[timetable.link_stop]
    off = entered & ~np.isin(site, site[entered & linked])
    on_m, off_m, any_m = (_straight_m(timetable, homes, ways) for ways in (entered & linked, off, entered))
    core = (walk_m <= core_m + ROUNDING_M).astype(np.float64)
    core[(core == 0) & (off_m <= core_m)] = np.nan
    gap = np.where(np.isnan(core), np.nan, (core == 0) & (on_m <= core_m))
    near = any_m <= near_m
    table = pd.DataFrame(dict(zip(names, (walk_m, core, near.astype(float), gap), strict=True)), index=homes.index)
    table[~places.linked] = np.nan
    return table


def _faults(modes: Sequence[str], core_m: float, near_m: float) -> list[Fault]:
    faults = above_zero("core_m", core_m, "600") + above_zero("near_m", near_m, "1200")
    given = (modes,) if isinstance(modes, str) else tuple(modes)
    for mode in given:
        if mode not in _MODES:
            known = _hint(mode, sorted(_MODES)) or f"the modes are {', '.join(sorted(_MODES))}"
            faults.append(Fault("modes", "", f"{mode!r} is not a mode", known))
    if isinstance(modes, str) or not given:
        faults.append(Fault("modes", "", f"{modes!r} is not a list of modes", 'give e.g. ("rail", "subway")'))
    return faults


def _stations(timetable: Timetable, modes: Sequence[str]) -> NDArray[np.int64]:
    """Find the stops at which a vehicle of one of the modes lets people on or off."""
    calls = timetable.calls()
    mode = timetable.routes["mode"].to_numpy(object)[calls["route"]]
    used = np.isin(mode.astype(str), list(modes)) & (calls["pickup"] | calls["drop_off"]).to_numpy(bool)
    return np.unique(calls["stop"].to_numpy(np.int64)[used])


def _straight_m(
    timetable: Timetable, homes: gpd.GeoDataFrame | gpd.GeoSeries, ways: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Measure the straight distance to the nearest of some places where stops are entered; inf without any."""
    import geopandas as gpd  # noqa: PLC0415 - projects the entrances alone

    metres = np.full(len(homes), np.inf)
    if ways.any():
        places = gpd.GeoSeries(gpd.points_from_xy(timetable.link_lon[ways], timetable.link_lat[ways]), crs=4326)
        tree = shapely.STRtree(np.asarray(places.to_crs(homes.crs), dtype=object))
        (row, _), found = tree.query_nearest(
            np.asarray(homes.geometry, dtype=object), return_distance=True, all_matches=False
        )
        metres[row] = found
    return metres
