"""Which days have service, and which of them is a usual weekday."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.errors import Fault, InputError
from bykobling.gtfs.model import WEEKDAYS

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed

_TUESDAY, _THURSDAY, _FRIDAY = 1, 3, 4
_NAMED_RANGES = 10


def runs(feed: Feed) -> NDArray[np.int64]:
    """Count how often each trip leaves on a day it runs: once, or once a headway.

    Parameters
    ----------
    feed : Feed
        Feeds read by `read_gtfs`.

    Returns
    -------
    array of int64
        One for each row of ``feed.trips``.
    """
    number = np.ones(len(feed.trips), np.int64)
    repeated = feed.frequencies
    number[repeated["trip"]] = 0
    # the end is exclusive: 6:00 to 7:00 every 20 minutes is 6:00, 6:20, 6:40
    departures = -(-(repeated["end_s"] - repeated["start_s"]) // repeated["headway_s"])
    np.add.at(number, repeated["trip"].to_numpy(), departures.to_numpy(np.int64))
    return number


def runs_by_date(feed: Feed) -> pd.Series[int]:
    """Count the trips of each day.

    Parameters
    ----------
    feed : Feed
        Feeds read by `read_gtfs`.

    Returns
    -------
    Series of int
        Index: every date from the first to the last a service is listed for; headway-based trips count as often as
        they leave.
    """
    per_service = np.zeros(len(feed.services), np.int64)
    np.add.at(per_service, feed.trips["service"].to_numpy(), runs(feed))
    days, number = feed.count_by_date(per_service)
    return pd.Series(number, index=pd.DatetimeIndex(days.astype("datetime64[s]"), name="date"), name="trips")


def busiest_weekday(feed: Feed) -> dt.date:
    """Choose the usual weekday with most trips, a sensible default for an analysis.

    Of the Tuesdays, Wednesdays and Thursdays that are no exception the one with most trips; of several the earliest.
    A day is an exception where single dates change a service that runs by the week. Where there is no such day,
    exceptions count too; without any Tuesday to Thursday, Monday to Friday; and then any day.

    Parameters
    ----------
    feed : Feed
        Feeds read by `read_gtfs`.

    Returns
    -------
    datetime.date

    Raises
    ------
    InputError
        If no trip runs on any day.
    """
    number = runs_by_date(feed)
    number = number[number > 0]
    if number.empty:
        raise _no_service(feed)
    days = pd.DatetimeIndex(number.index)
    weekday = days.day_of_week
    usual = (weekday >= _TUESDAY) & (weekday <= _THURSDAY)
    for allowed in (usual & ~days.isin(_exceptional(feed)), usual, weekday <= _FRIDAY, weekday >= 0):
        if allowed.any():
            break
    return days[allowed][int(number[allowed].to_numpy().argmax())].date()


def _exceptional(feed: Feed) -> pd.DatetimeIndex:
    """Days on which the weekly calendar of a service with trips is changed."""
    weekly = feed.services[list(WEEKDAYS)].any(axis=1).to_numpy()
    used = np.bincount(feed.trips["service"], minlength=len(feed.services)) > 0
    changed = (weekly & used)[feed.exceptions["service"]]
    return pd.DatetimeIndex(feed.exceptions["date"][changed].unique())


def service_on(feed: Feed, date: dt.date) -> NDArray[np.bool_]:
    """Tell which services run on a date, or why none does.

    Parameters
    ----------
    feed : Feed
        Feeds read by `read_gtfs`.
    date : datetime.date
        Service day.

    Returns
    -------
    array of bool
        One for each row of ``feed.services``.

    Raises
    ------
    InputError
        If no trip runs on the date, or one of several feeds has no trip on it or later, or on it or earlier: naming
        the dates it has service on.
    """
    faults = []
    for number, name in enumerate(feed.names):
        days = _dates_of(feed, number)
        if not len(days) or not days[0] <= np.datetime64(date, "D") <= days[-1]:
            faults.append(_outside(name, date, days))
    if faults:
        raise InputError(faults)
    if np.datetime64(date, "D") not in feed.dates:
        raise InputError(_outside(", ".join(feed.names), date, feed.dates))
    return feed.active(date)


def _dates_of(feed: Feed, number: int) -> NDArray[np.datetime64]:
    """Days on which a trip of one of the feeds runs."""
    mine = feed.trips["service"][feed.trips["feed"] == number]
    days, trips = feed.count_by_date(np.bincount(mine, minlength=len(feed.services)))
    return days[trips > 0]


def _outside(name: str, date: dt.date, days: NDArray[np.datetime64]) -> Fault:
    told = dates_in_words(days)
    remedy = f"choose a date with service: {told}" if told else "use a feed with a calendar that fits its trips"
    return Fault(name, f"date {date:%Y-%m-%d}", "no trip runs on it", remedy)


def dates_in_words(days: NDArray[np.datetime64]) -> str:
    """Tell days as stretches, the first ten named.

    Parameters
    ----------
    days : array of datetime64[D]
        In order.

    Returns
    -------
    str
        E.g. ``"2026-03-02 to 2026-03-03, 2026-03-05"``; empty where there is none.

    Examples
    --------
    >>> dates_in_words(np.array(["2026-03-02", "2026-03-03", "2026-03-05"], "datetime64[D]"))
    '2026-03-02 to 2026-03-03, 2026-03-05'
    """
    ranges = date_ranges(days)
    told = [
        f"{first:%Y-%m-%d}" if first == last else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        for first, last in zip(ranges["first"], ranges["last"], strict=True)
    ]
    more = f" and {len(told) - _NAMED_RANGES} more stretches until {days[-1]}" if len(told) > _NAMED_RANGES else ""
    return ", ".join(told[:_NAMED_RANGES]) + more


def _no_service(feed: Feed) -> InputError:
    rule, remedy = "no trip runs on any day", "use a feed with a calendar that fits its trips"
    return InputError(Fault(", ".join(feed.names), "", rule, remedy))


def date_ranges(days: NDArray[np.datetime64]) -> pd.DataFrame:
    """Put days in a row together.

    Parameters
    ----------
    days : array of datetime64[D]
        In order.

    Returns
    -------
    DataFrame
        ``first last`` of every stretch without a gap.

    Examples
    --------
    >>> date_ranges(np.array(["2026-03-02", "2026-03-03", "2026-03-05"], "datetime64[D]"))["last"].dt.day.tolist()
    [3, 5]
    """
    breaks = np.flatnonzero(np.diff(days).astype(np.int64) != 1)
    starts = np.concatenate([[0], breaks + 1])[: len(days)]
    ends = np.concatenate([breaks, [len(days) - 1]])[: len(days)]
    return pd.DataFrame({"first": days[starts].astype("datetime64[s]"), "last": days[ends].astype("datetime64[s]")})
