"""The account of a feed: what it covers, what runs when, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
import shapely

from bykobling.errors import Fault, InputError
from bykobling.gtfs.services import busiest_weekday, date_ranges, runs, service_on

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed

Extent: TypeAlias = shapely.Polygon | shapely.MultiPolygon
_HOUR_S = 3600
_NAMED = 10


@dataclass(frozen=True, eq=False)
class FeedReport:
    """What one or more feeds promise on a day, as tables and as sentences.

    Parameters
    ----------
    feeds : DataFrame
        One row a feed: ``name timezone first last`` (days with service), ``days`` (number with service), ``stops``
        (called at by any trip), ``routes``, ``trips`` (in the feed), ``trips_on_date``.
    dates : DataFrame
        ``first last`` of every stretch of days with service, of all feeds together.
    date : datetime.date
        The day told about.
    chosen : bool
        Whether the day was chosen for want of one: the busiest usual weekday.
    hours : DataFrame
        Trips that begin in each hour of the service day (index ``hour``, 24 and up: after midnight), a column a mode.
        Those a headway promises count as often as they leave.
    outside : DataFrame or None
        Stops called at outside the extent: ``stop_id stop_name lon lat``; None where no extent was given.
    used_stops : int
        Number of stops called at by any trip.
    interpolated_share : float
        Share of calls whose time is interpolated between others.
    faults : tuple of Fault
        What was left out, mended or assumed in reading.
    """

    feeds: pd.DataFrame
    dates: pd.DataFrame
    date: dt.date
    chosen: bool
    hours: pd.DataFrame
    outside: pd.DataFrame | None
    used_stops: int
    interpolated_share: float
    faults: tuple[Fault, ...]

    def lines(self) -> list[str]:
        """Tell the account in plain sentences.

        Returns
        -------
        list of str
            One a line; the faults last.
        """
        told = [
            f"{row['name']}: {_many(row['trips'], 'trip')} on {_many(row['routes'], 'route')} call at "
            f"{_many(row['stops'], 'stop')}; service on {_many(row['days'], 'day')} from {row['first']:%Y-%m-%d} to "
            f"{row['last']:%Y-%m-%d} ({row['timezone']})."
            for row in self.feeds.to_dict("records")
        ]
        why = ", the busiest usual weekday" if self.chosen else ""
        total = int(self.feeds["trips_on_date"].sum())
        told.append(f"{_many(total, 'trip')} on {self.date:%A %Y-%m-%d}{why}.")
        told += [f"None of them is of {name}." for name in self.feeds["name"][self.feeds["trips_on_date"] == 0]]
        told += _shape(self.hours)
        if self.interpolated_share:
            told.append(
                f"{self.interpolated_share:.0%} of all calls have no time of their own; it is interpolated (assumed)."
            )
        if self.outside is not None:
            told += _beyond(self.outside, self.used_stops)
        told.append("Nothing was left out or mended." if not self.faults else "Left out, mended or assumed:")
        return told + [str(fault) for fault in self.faults]


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _shape(hours: pd.DataFrame) -> list[str]:
    """Tell how many trips begin when, a line a mode."""
    told = []
    for mode in hours.columns:
        number = hours[mode][hours[mode] > 0]
        listed = ", ".join(f"{hour:02d}:00 ({count:,})" for hour, count in zip(number.index, number, strict=True))
        told.append(f"{str(mode).replace('_', ' ').capitalize()} trips that begin in the hour from {listed}.")
    return told


def _beyond(outside: pd.DataFrame, used: int) -> list[str]:
    if outside.empty:
        return [f"All {_many(used, 'stop')} lie inside the extent."]
    first = outside.head(_NAMED)
    named = ", ".join(
        f"{name} ({stop_id})" if name else str(stop_id)
        for name, stop_id in zip(first["stop_name"], first["stop_id"], strict=True)
    )
    more = f" and {len(outside) - _NAMED:,} more" if len(outside) > _NAMED else ""
    return [f"{len(outside):,} of {used:,} stops ({len(outside) / used:.0%}) lie outside the extent: {named}{more}."]


def feed_report(
    feed: Feed,
    *,
    date: dt.date | None = None,
    extent: Extent | None = None,
    hours: tuple[int, int] | None = None,
) -> FeedReport:
    """Give an account of a feed.

    Parameters
    ----------
    feed : Feed
        As `read_gtfs` gives it.
    date : datetime.date, optional
        The day to tell about; the busiest usual weekday by default.
    extent : Polygon, optional
        In degrees (lon, lat); stops outside it are listed.
    hours : tuple of int, optional
        First and last hour (exclusive) of the service day to count trips in; all by default.

    Returns
    -------
    FeedReport

    Raises
    ------
    InputError
        If no trip runs on the date, the extent is not in degrees, or the hours are none.
    """
    faults = _check_options(extent, hours)
    if faults:
        raise InputError(faults)
    day = busiest_weekday(feed) if date is None else date
    on = service_on(feed, day)[feed.trips["service"]]
    used = np.zeros(len(feed.stops), bool)
    used[feed.stop_times["stop"]] = True
    return FeedReport(
        feeds=_by_feed(feed, on, used),
        dates=date_ranges(feed.dates),
        date=day,
        chosen=date is None,
        hours=_by_hour(feed, on, hours),
        outside=None if extent is None else _outside(feed.stops[used], extent),
        used_stops=int(used.sum()),
        interpolated_share=float(1 - feed.stop_times["timed"].mean()),
        faults=feed.faults,
    )


def _check_options(extent: Extent | None, hours: tuple[int, int] | None) -> list[Fault]:
    faults = []
    if extent is not None and not _in_degrees(extent):
        rule = "it has no surface, or is not in degrees of longitude and latitude"
        faults.append(Fault("extent", "", rule, "give a polygon in EPSG:4326, e.g. to_crs(4326)"))
    if hours is not None and not 0 <= hours[0] < hours[1]:
        faults.append(Fault("hours", "", f"{hours} is no span of hours", "give the first and the last, as in (6, 24)"))
    return faults


def _in_degrees(extent: Extent) -> bool:
    if extent.is_empty or not extent.area:
        return False
    west, south, east, north = extent.bounds
    return bool(west >= -180 and east <= 180 and south >= -90 and north <= 90)


def _by_feed(feed: Feed, on: NDArray[np.bool_], used: NDArray[np.bool_]) -> pd.DataFrame:
    count = len(feed.names)
    number = runs(feed)
    rows = []
    for this, (name, zone) in enumerate(zip(feed.names, feed.timezones, strict=True)):
        mine = (feed.trips["feed"] == this).to_numpy()
        trips = np.bincount(feed.trips["service"][mine], minlength=len(feed.services))
        days, running = feed.count_by_date(trips)
        days = days[running > 0]
        rows.append(
            {
                "name": name,
                "timezone": zone,
                "first": days[0],
                "last": days[-1],
                "days": len(days),
                "stops": int((used & (feed.stops["feed"] == this).to_numpy()).sum()),
                "routes": int(feed.trips["route"][mine].nunique()),
                "trips": int(mine.sum()),
                "trips_on_date": int(number[mine & on].sum()),
            }
        )
    return pd.DataFrame(rows, index=pd.RangeIndex(count))


def _by_hour(feed: Feed, on: NDArray[np.bool_], hours: tuple[int, int] | None) -> pd.DataFrame:
    """Count the trips that begin in each hour, a column a mode, the most common first."""
    trip, begin_s = _beginnings(feed, on)
    hour = begin_s // _HOUR_S
    mode = feed.routes["mode"].to_numpy()[feed.trips["route"].to_numpy()[trip]]
    table = pd.crosstab(pd.Series(hour, name="hour"), pd.Series(mode, name="mode"))
    first, last = hours or (int(hour.min()), int(hour.max()) + 1)
    table = table.reindex(pd.RangeIndex(first, last, name="hour"), fill_value=0)
    return table[table.sum().sort_values(ascending=False, kind="stable").index]


def _beginnings(feed: Feed, on: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """List when the trips of a day begin: trip and seconds, once for each time a headway-based trip leaves."""
    calls = feed.stop_times
    first_call = np.flatnonzero(np.diff(calls["trip"].to_numpy(), prepend=-1))
    begin_s = calls["departure_s"].to_numpy(np.int64)[first_call]
    repeated = feed.frequencies[on[feed.frequencies["trip"]]]
    plain = on.copy()
    plain[feed.frequencies["trip"]] = False
    spans = repeated[["start_s", "end_s", "headway_s"]].to_numpy(np.int64)
    departures = [np.arange(*span) for span in spans]
    trip = np.repeat(repeated["trip"].to_numpy(np.int64), [len(each) for each in departures])
    once = np.flatnonzero(plain)
    return np.concatenate([once, trip]), np.concatenate([begin_s[once], *departures]).astype(np.int64)


def _outside(stops: pd.DataFrame, extent: Extent) -> pd.DataFrame:
    shapely.prepare(extent)
    beyond = ~shapely.intersects_xy(extent, stops["lon"].to_numpy(), stops["lat"].to_numpy())
    return stops.loc[beyond, ["stop_id", "stop_name", "lon", "lat"]].reset_index(drop=True)
