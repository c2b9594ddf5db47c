"""Stops and lines as they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.accessibility import departures_per_hour
from bykobling.accessibility.lines import boardings, service_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely import Geometry

    from bykobling.timetable import Timetable
    from bykobling.transit import Window


def stop_layer(timetable: Timetable, window: Window, *, extent: Geometry, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - CRS
    """Draw the stops inside the extract.

    Parameters
    ----------
    timetable : Timetable
        The day.
    window : Window
        Time of day to count departures in.
    extent : Polygon
        Where the streets are, in `crs`.
    crs : CRS
        To project to.

    Returns
    -------
    GeoDataFrame
        Points, one a stop and mode: ``stop_id``, ``stop_name``, ``mode``, ``routes``, ``departures_per_hour``,
        ``assumed``.
    """
    table = departures_per_hour(timetable, window=window)
    points = gpd.points_from_xy(table["lon"], table["lat"], crs=4326).to_crs(crs)
    columns = ["stop_id", "stop_name", "mode", "routes", "departures_per_hour", "assumed"]
    layer = gpd.GeoDataFrame(table[columns], geometry=points, crs=crs)
    return layer[layer.intersects(extent)].reset_index(drop=True)


def line_layer(timetable: Timetable, window: Window, *, extent: Geometry, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - CRS
    """Draw the routes that call inside the extract, straight from stop to stop.

    Parameters
    ----------
    timetable : Timetable
        The day.
    window : Window
        Time of day to count departures in.
    extent : Polygon
        Where the streets are, in `crs`.
    crs : CRS
        To project to.

    Returns
    -------
    GeoDataFrame
        Lines, one a route along the stops of the pattern that runs most often (in the window, else on the day; the
        longest of several): ``short_name``, ``long_name``, ``mode``, ``departures_per_hour`` (in its busier
        direction, at the stop where it leaves most often), ``color`` (of the feed, ``#rrggbb`` or None),
        ``assumed``.
    """
    best = _patterns(timetable, window)
    lon, lat = (timetable.stops[name].to_numpy(float) for name in ("lon", "lat"))
    first = timetable.pattern_first
    shapes = [
        shapely.linestrings(np.column_stack([lon[stops], lat[stops]]))
        for stops in (timetable.pattern_stop[first[p] : first[p + 1]] for p in best["pattern"])
    ]
    routes = timetable.routes.iloc[best["route"]].reset_index(drop=True)
    color = routes["color"].to_numpy(object)
    table = pd.DataFrame(
        {
            "short_name": [short or name for short, name in zip(routes["short_name"], routes["route_id"], strict=True)],
            "long_name": routes["long_name"],
            "mode": routes["mode"],
            "departures_per_hour": _per_hour(timetable, window)[best["route"]],
            "color": np.array([f"#{one.lower()}" if one else None for one in color], dtype=object),
            "assumed": best["assumed"].to_numpy(bool),
        }
    )
    layer = gpd.GeoDataFrame(table, geometry=shapes, crs=4326).to_crs(crs)
    stops = shapely.get_coordinates(layer.geometry.to_numpy(), return_index=True)
    inside = np.bincount(stops[1], weights=shapely.intersects_xy(extent, *stops[0].T), minlength=len(layer)) > 0
    return layer[inside].sort_values(["mode", "short_name"], kind="stable", ignore_index=True)


def _patterns(timetable: Timetable, window: Window) -> pd.DataFrame:
    """Choose for each route the pattern to draw: ``route``, ``pattern``, ``assumed``."""
    calls = boardings(timetable, window)
    leaving = np.zeros(timetable.trip_count, bool)
    leaving[calls["trip"][calls["inside"]]] = True
    trips = pd.DataFrame(
        {
            "route": timetable.trip_route,
            "pattern": timetable.trip_pattern,
            "inside": leaving,
            "assumed": timetable.headway_based,
        }
    )
    told = trips.groupby(["route", "pattern"]).agg(
        inside=("inside", "sum"), trips=("inside", "size"), assumed=("assumed", "any")
    )
    told = told.reset_index()
    told["stops"] = np.diff(timetable.pattern_first)[told["pattern"]]
    order = ["route", "inside", "trips", "stops", "pattern"]
    told = told.sort_values(order, ascending=[True, False, False, False, True], kind="stable")
    return told.drop_duplicates("route").reset_index(drop=True)


def _per_hour(timetable: Timetable, window: Window) -> NDArray[np.float64]:
    """Tell of each route how often it leaves in one direction, where it leaves most often."""
    service = service_of(timetable, window)
    most = np.zeros(len(timetable.routes))
    np.maximum.at(most, service.line // 2, service.per_hour)
    return most
