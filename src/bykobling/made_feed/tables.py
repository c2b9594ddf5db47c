"""The tables of a made feed, each as its file holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling._globe import metres_between
from bykobling.gtfs.read import ASSUMED_VERSION
from bykobling.tags import TRANSIT_ASSUMPTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.made_feed.settings import Settings
    from bykobling.made_feed.timing import Run
    from bykobling.osm import OsmLines

AGENCY, SERVICE = "osm", "every_day"
FIRST_DATE, LAST_DATE = "20200101", "20391231"
"""The feed says nothing about dates: it runs on every day of twenty years."""
_COPYRIGHT = "https://www.openstreetmap.org/copyright"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def clock(seconds: NDArray[np.int64]) -> pd.Series[str]:
    """Write seconds as ``hh:mm:ss``.

    Examples
    --------
    >>> clock(np.array([23_405, 90_000])).tolist()
    ['06:30:05', '25:00:00']
    """
    every = np.asarray(seconds).tolist()
    return pd.Series([f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in every], dtype=object)


def fixed_tables(settings: Settings) -> dict[str, pd.DataFrame]:
    """Make the tables that do not depend on the lines: who, when, and that all of it is assumed."""
    agency = {
        "agency_id": AGENCY,
        "agency_name": "Lines of OpenStreetMap, times assumed",
        "agency_url": _COPYRIGHT,
        "agency_timezone": settings.timezone,
    }
    calendar = {"service_id": SERVICE, **dict.fromkeys(_DAYS, 1), "start_date": FIRST_DATE, "end_date": LAST_DATE}
    info = {
        "feed_publisher_name": "bykobling: assumed headways and speeds on lines of OpenStreetMap",
        "feed_publisher_url": _COPYRIGHT,
        "feed_lang": "mul",
        "feed_start_date": FIRST_DATE,
        "feed_end_date": LAST_DATE,
        "feed_version": ASSUMED_VERSION,
    }
    thanks = {
        "organization_name": "OpenStreetMap contributors, Open Database License",
        "is_producer": 1,
        "attribution_url": _COPYRIGHT,
    }
    rows = {"agency": agency, "calendar": calendar, "feed_info": info, "attributions": thanks}
    return {name: pd.DataFrame([row]) for name, row in rows.items()}


def stops_table(calls: pd.DataFrame) -> pd.DataFrame:
    """Make one row of each stop, however many lines call there."""
    once = calls.drop_duplicates("stop_id").sort_values("stop_id")
    unnamed = "stop without a name (" + once["stop_id"] + ")"
    return pd.DataFrame(
        {
            "stop_id": once["stop_id"],
            "stop_name": once["stop_name"].where(once["stop_name"].notna(), unnamed),
            "stop_lat": once["lat"].round(7),
            "stop_lon": once["lon"].round(7),
        }
    ).reset_index(drop=True)


def route_ids(lines: pd.DataFrame) -> pd.Series[str]:
    """Name the GTFS route of each line by its route master, or else by the first relation of its group."""
    first = "r" + lines.groupby("group")["osm_id"].transform("min").astype(str)
    return lines["group"].where(lines["group"].str.fullmatch(r"m\d+"), first)


def routes_table(lines: pd.DataFrame, said: Sequence[str]) -> pd.DataFrame:
    """Make one row of each route; its description tells what is assumed."""
    table = pd.DataFrame(
        {
            "route_id": route_ids(lines),
            "agency_id": AGENCY,
            "route_short_name": lines["ref"],
            "route_long_name": lines["name"],
            "route_desc": pd.Series(said, index=lines.index, dtype=object),
            "route_type": lines["mode"].map({mode: a.route_type for mode, a in TRANSIT_ASSUMPTIONS.items()}),
            "route_color": lines["color"].str.extract(r"^#?([0-9A-Fa-f]{6})$", expand=False).str.upper(),
        }
    ).drop_duplicates("route_id")
    nameless = table["route_short_name"].isna() & table["route_long_name"].isna()
    table.loc[nameless, "route_long_name"] = "line without a name (" + table["route_id"] + ")"
    return table.reset_index(drop=True)


def trip_ids(lines: pd.DataFrame) -> pd.Series[str]:
    """Name each trip by its relation and its number among the runs of that relation."""
    return lines["osm_id"].astype(str) + "-" + lines.groupby("osm_id").cumcount().astype(str)


def trips_table(osm: OsmLines) -> pd.DataFrame:
    """Make one trip of each line; `frequencies_table` tells how often it runs."""
    lines = osm.lines
    last = osm.calls.groupby("line")["stop_name"].agg(lambda names: names.iloc[-1])
    ids = trip_ids(lines)
    return pd.DataFrame(
        {
            "route_id": route_ids(lines),
            "service_id": SERVICE,
            "trip_id": ids,
            "trip_headsign": lines["to_name"].where(lines["to_name"].notna(), last),
            "direction_id": lines["direction"],
            "shape_id": ids.where(lines.geometry.notna()),
        }
    )


def stop_times_table(osm: OsmLines, runs: Sequence[Run], settings: Settings) -> pd.DataFrame:
    """Make one row of each call, the first trip of the day standing for all."""
    calls, lines = osm.calls, osm.lines
    drawn = calls["line"].map(lines.geometry.notna())
    return pd.DataFrame(
        {
            "trip_id": calls["line"].map(trip_ids(lines)),
            "arrival_time": clock(settings.start_s + np.concatenate([run.arrival_s for run in runs])),
            "departure_time": clock(settings.start_s + np.concatenate([run.departure_s for run in runs])),
            "stop_id": calls["stop_id"],
            "stop_sequence": calls["sequence"] + 1,
            "pickup_type": np.where(calls["entry"], 0, 1),
            "drop_off_type": np.where(calls["exit"], 0, 1),
            "shape_dist_traveled": calls["along_m"].where(drawn).round(1),
            "timepoint": 0,
        }
    )


def frequencies_table(
    lines: pd.DataFrame, headway_min: NDArray[np.float64], delay_min: NDArray[np.float64], settings: Settings
) -> pd.DataFrame:
    """Make one row of each trip: it runs all day, at no exact time."""
    return pd.DataFrame(
        {
            "trip_id": trip_ids(lines),
            "start_time": clock(settings.start_s + np.rint(delay_min * 60).astype(np.int64)),
            "end_time": clock(np.full(len(lines), settings.end_s)),
            "headway_secs": np.rint(headway_min * 60).astype(np.int64),
            "exact_times": 0,
        }
    )


def shapes_table(lines: OsmLines) -> pd.DataFrame:
    """Draw the lines whose ways connect all their stops."""
    drawn = lines.lines[lines.lines.geometry.notna()]
    xy, part = shapely.get_coordinates(drawn.geometry.to_numpy(), return_index=True)
    lon, lat = xy.T
    step = np.zeros(len(xy))
    step[1:] = np.where(part[1:] == part[:-1], metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:]), 0.0)
    table = pd.DataFrame(
        {
            "shape_id": trip_ids(lines.lines).loc[drawn.index].to_numpy()[part],
            "shape_pt_lat": lat.round(7),
            "shape_pt_lon": lon.round(7),
        }
    )
    each = table.groupby("shape_id", sort=False)
    return table.assign(
        shape_pt_sequence=each.cumcount() + 1,
        shape_dist_traveled=pd.Series(step).groupby(part).cumsum().round(1),
    )
