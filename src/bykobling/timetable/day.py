"""The trips of one day out of a feed: services, headways, vehicles that go on as another trip."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._globe import metres_between
from bykobling.timetable.clock import clock_seconds, reference
from bykobling.timetable.trips import Trips, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed

_UNTIL_S = 36 * 3600
"""Trips of the next morning that start later than noon are left out."""
_SAME_PLACE_M = 200.0
_STAY, _LEAVE = 4, 5


def trips_of_day(feed: Feed, date: dt.date) -> tuple[Trips, NDArray[np.int64]]:
    """Gather the trips that run on a day.

    Parameters
    ----------
    feed : Feed
        Tables of one or more feeds.
    date : date
        Service day.

    Returns
    -------
    trips : Trips
        Those of the day, those of the day before that run past its midnight and those of the next morning, in
        seconds after noon minus 12 hours of `date` in the time zone of the first feed; headways laid out.
    row : array of int64
        Row of each in ``feed.trips``.
    """
    all_trips, row = _as_rows(feed), np.arange(len(feed.trips))
    all_trips, row = _laid_out(all_trips, row, feed.frequencies)
    zero = reference(date, feed.timezones[0])
    # where the clocks go back the day begins on the clock an hour before its times do
    midnight = min(clock_seconds(date, "00:00", feed.timezones[0]), 0)
    parts: list[Trips] = []
    rows: list[NDArray[np.int64]] = []
    for day in (-1, 0, 1):
        running = feed.active(date + dt.timedelta(days=day))
        starts = np.array([reference(date + dt.timedelta(days=day), zone) - zero for zone in feed.timezones])
        later = starts[feed.trips["feed"].to_numpy(np.int64)[row]]
        begin = all_trips.departure_s[all_trips.first[:-1]] + later
        end = all_trips.arrival_s[all_trips.first[1:] - 1] + later
        chosen = np.flatnonzero(
            running[feed.trips["service"].to_numpy(np.int64)[row]] & (end >= midnight) & (begin < _UNTIL_S)
        )
        part = all_trips.take(chosen).shifted(later[chosen])
        parts.append(_staying(part, row[chosen], feed))
        rows.append(row[chosen])
    return joined(parts), np.concatenate(rows)


def _as_rows(feed: Feed) -> Trips:
    """Lay the calls of every trip of a feed one after the other."""
    times = feed.stop_times
    counts = np.bincount(times["trip"], minlength=len(feed.trips))
    first = np.zeros(len(feed.trips) + 1, np.int64)
    np.cumsum(counts, out=first[1:])
    return Trips(
        first=first,
        stop=times["stop"].to_numpy(np.int32),
        arrival_s=times["arrival_s"].to_numpy(np.int32),
        departure_s=times["departure_s"].to_numpy(np.int32),
        pickup=times["pickup"].to_numpy(bool),
        drop_off=times["drop_off"].to_numpy(bool),
        route=feed.trips["route"].to_numpy(np.int32),
        trip_id=feed.trips["trip_id"].to_numpy(object),
        direction=feed.trips["direction"].to_numpy(np.int8),
        headway_based=np.zeros(len(feed.trips), bool),
        stays=np.empty((0, 2), np.int32),
    )


def _laid_out(trips: Trips, row: NDArray[np.int64], frequencies: pd.DataFrame) -> tuple[Trips, NDArray[np.int64]]:
    """Replace trips that run at a headway by one trip a departure, from the start of each period."""
    if frequencies.empty:
        return trips, row
    every = frequencies["headway_s"].to_numpy(np.int64)
    start, end = frequencies["start_s"].to_numpy(np.int64), frequencies["end_s"].to_numpy(np.int64)
    counts = np.maximum(-(-(end - start) // every), 0)
    period = np.repeat(np.arange(len(frequencies)), counts)
    number = np.arange(len(period)) - np.repeat(np.cumsum(counts) - counts, counts)
    template = frequencies["trip"].to_numpy(np.int64)[period]
    lengths = np.diff(trips.first)[template]
    calls = np.repeat(trips.first[template], lengths) + _within(lengths)
    first = np.zeros(len(template) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    leaves = start[period] + number * every[period]
    later = np.repeat(leaves - trips.departure_s[trips.first[template]], lengths).astype(np.int32)
    runs = Trips(
        first=first,
        stop=trips.stop[calls],
        arrival_s=trips.arrival_s[calls] + later,
        departure_s=trips.departure_s[calls] + later,
        pickup=trips.pickup[calls],
        drop_off=trips.drop_off[calls],
        route=trips.route[template],
        trip_id=trips.trip_id[template],
        direction=trips.direction[template],
        headway_based=~frequencies["exact"].to_numpy(bool)[period],
        stays=np.empty((0, 2), np.int32),
    )
    fixed = np.setdiff1d(np.arange(len(trips)), template)
    return joined([trips.take(fixed), runs]), np.concatenate([row[fixed], template])


def _within(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count from 0 in each of several runs."""
    return np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def _staying(trips: Trips, row: NDArray[np.int64], feed: Feed) -> Trips:
    """Find between which trips one may stay seated: the next trip of a block, and in-seat transfers.

    A block's next trip must start where the last one ends (200 m); a headway laid out has no vehicles to follow.
    """
    pairs = _listed(feed.transfers, row, _STAY)
    block = feed.trips["block"].to_numpy(object)[row]
    number, _ = pd.factorize(pd.Series(block, dtype=object).where(block != ""))
    number = np.where(trips.headway_based, -1, number)
    begin, end = trips.departure_s[trips.first[:-1]], trips.arrival_s[trips.first[1:] - 1]
    order = np.lexsort((end, begin, number))
    order = order[number[order] >= 0]
    if len(order) > 1:
        one, other = order[:-1], order[1:]
        same = (number[one] == number[other]) & (end[one] <= begin[other])
        one, other = one[same], other[same]
        lon, lat = feed.stops["lon"].to_numpy(), feed.stops["lat"].to_numpy()
        ends, begins = trips.stop[trips.first[one + 1] - 1], trips.stop[trips.first[other]]
        near = metres_between(lon[ends], lat[ends], lon[begins], lat[begins]) <= _SAME_PLACE_M
        pairs |= {(int(a), int(b)) for a, b in zip(one[near], other[near], strict=True)}
    pairs -= _listed(feed.transfers, row, _LEAVE)
    pairs = {(a, b) for a, b in pairs if end[a] <= begin[b]}
    stays = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    return replace(trips, stays=stays)


def _listed(transfers: pd.DataFrame, row: NDArray[np.int64], kind: int) -> set[tuple[int, int]]:
    """Pair the trips that transfers of one kind name."""
    chosen = transfers[
        (transfers["transfer_type"] == kind) & (transfers["from_trip"] >= 0) & (transfers["to_trip"] >= 0)
    ]
    if chosen.empty:
        return set()
    runs = pd.Series(np.arange(len(row))).groupby(row).agg(list)
    return {
        (a, b)
        for start, end in zip(chosen["from_trip"], chosen["to_trip"], strict=True)
        for a in runs.get(start, [])
        for b in runs.get(end, [])
    }
