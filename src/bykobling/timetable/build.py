"""Building the timetable of a day from a feed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.errors import Fault, InputError
from bykobling.timetable.day import trips_of_day
from bykobling.timetable.model import Timetable
from bykobling.timetable.rules import plan_stops, rules_of, transfers_of
from bykobling.timetable.stations import station_ways
from bykobling.timetable.trips import Trips, in_patterns

if TYPE_CHECKING:
    import datetime as dt
    from typing import Any

    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed

_PLATFORM = 0


def timetable_from_feed(feed: Feed, date: dt.date) -> Timetable:
    """Build the timetable of one day.

    Parameters
    ----------
    feed : Feed
        What `read_gtfs` returned.
    date : date
        Service day; see `Feed.dates`.

    Returns
    -------
    Timetable
        Trips of the day, of the night before and of the morning after.

    Raises
    ------
    InputError
        No trip runs on the day.

    Notes
    -----
    Where a trip runs at a headway without exact times, its departures are placed one headway apart from the start of
    each period; `Timetable.headway_based` marks them.
    """
    if not feed.active(date)[feed.trips["service"].to_numpy(np.int64)].any():
        dates = feed.dates
        span = f"{dates[0]} to {dates[-1]}" if len(dates) else "no date at all"
        rule = f"no trip runs on {date.isoformat()}; the feed has service on {len(dates)} days, {span}"
        raise InputError(Fault(", ".join(feed.names), "date", rule, "choose one of those dates"))
    trips, row = trips_of_day(feed, date)
    is_platform = feed.stops["location_type"].to_numpy() == _PLATFORM
    is_platform[np.unique(feed.stop_times["stop"])] = True
    platforms = np.flatnonzero(is_platform)
    rules = rules_of(feed)
    plan = plan_stops(trips, row, rules, platforms)
    ways = station_ways(feed, platforms)
    walk_from, walk_to, walk_s, walk_kind = transfers_of(feed, plan, rules, ways.walks)
    links = pd.DataFrame({"number": np.arange(len(plan.row)), "stop": plan.row}).merge(ways.links, on="stop")
    links = links.sort_values("number", kind="stable")
    stops = feed.stops.iloc[plan.row][["stop_id", "stop_name", "lon", "lat"]].reset_index(drop=True)
    stops["station"] = _station(feed, plan.row)
    return from_trips(
        replace(trips, stop=plan.of_call),
        date=date,
        timezone=feed.timezones[0],
        stops=stops,
        routes=feed.routes[["route_id", "short_name", "long_name", "mode", "color"]],
        walk_from=walk_from,
        walk_to=walk_to,
        walk_s=walk_s,
        walk_kind=walk_kind,
        link_stop=links["number"].to_numpy(np.int32),
        link_lon=links["lon"].to_numpy(np.float64),
        link_lat=links["lat"].to_numpy(np.float64),
        link_in_s=links["in_s"].to_numpy(np.float64),
        link_out_s=links["out_s"].to_numpy(np.float64),
        assumed=tuple(_assumed(feed, trips)),
    )


def from_trips(trips: Trips, **rest: Any) -> Timetable:  # noqa: ANN401 - the other fields of Timetable, as they are
    """Lay trips out in patterns.

    Parameters
    ----------
    trips : Trips
        In any order, stops numbered as in ``rest["stops"]``.
    **rest : object
        The fields of `Timetable` that do not speak of trips.

    Returns
    -------
    Timetable
    """
    ordered, pattern_trip = in_patterns(trips)
    leaders = pattern_trip[:-1]
    lengths = np.diff(ordered.first)[leaders]
    pattern_first = np.zeros(len(leaders) + 1, np.int64)
    np.cumsum(lengths, out=pattern_first[1:])
    calls = np.arange(pattern_first[-1]) + np.repeat(ordered.first[leaders] - pattern_first[:-1], lengths)
    stays = ordered.stays[np.lexsort((ordered.stays[:, 1], ordered.stays[:, 0]))]
    stay_ptr = np.zeros(len(ordered) + 1, np.int64)
    np.cumsum(np.bincount(stays[:, 0], minlength=len(ordered)), out=stay_ptr[1:])
    return Timetable(
        pattern_first=pattern_first,
        pattern_stop=ordered.stop[calls],
        pickup=ordered.pickup[calls],
        drop_off=ordered.drop_off[calls],
        pattern_trip=pattern_trip,
        trip_call=ordered.first,
        arrival_s=ordered.arrival_s,
        departure_s=ordered.departure_s,
        trip_route=ordered.route,
        trip_id=ordered.trip_id,
        trip_direction=ordered.direction,
        headway_based=ordered.headway_based,
        stay_ptr=stay_ptr,
        stay_trip=stays[:, 1].copy(),
        **rest,
    )


def trips_in(timetable: Timetable) -> Trips:
    """Take the trips of a timetable out again.

    Parameters
    ----------
    timetable : Timetable
        Any.

    Returns
    -------
    Trips
        `from_trips` of it is the same timetable.
    """
    calls = timetable.calls()
    stayed_from = np.repeat(np.arange(timetable.trip_count, dtype=np.int32), np.diff(timetable.stay_ptr))
    return Trips(
        first=timetable.trip_call,
        stop=calls["stop"].to_numpy(np.int32),
        arrival_s=timetable.arrival_s,
        departure_s=timetable.departure_s,
        pickup=calls["pickup"].to_numpy(bool),
        drop_off=calls["drop_off"].to_numpy(bool),
        route=timetable.trip_route,
        trip_id=timetable.trip_id,
        direction=timetable.trip_direction,
        headway_based=timetable.headway_based,
        stays=np.column_stack([stayed_from, timetable.stay_trip]),
    )


def _station(feed: Feed, rows: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give each station a number; copies of one stop belong together too."""
    parent = feed.stops["parent"].to_numpy(np.int64)[rows]
    known, number = np.unique(np.where(parent >= 0, parent, len(feed.stops) + rows), return_inverse=True)
    counts = np.bincount(number, minlength=len(known))
    return np.where((parent >= 0) | (counts[number] > 1), number, -1).astype(np.int32)


def _assumed(feed: Feed, trips: Trips) -> list[str]:
    """Say what the feed leaves open."""
    said: list[str] = []
    count = int(trips.headway_based.sum())
    if count:
        said.append(
            f"{count:,} of {len(trips):,} departures come from headways without exact times; they are placed one "
            "headway apart from the start of each period (assumed)."
        )
    untimed = int((~feed.stop_times["timed"].to_numpy(bool)).sum())
    if untimed:
        share = 100 * untimed / len(feed.stop_times)
        said.append(f"{untimed:,} of {len(feed.stop_times):,} times at stops ({share:.0f} %) are not in the feed and "
                    "were interpolated between those that are (assumed).")  # fmt: skip
    return said
