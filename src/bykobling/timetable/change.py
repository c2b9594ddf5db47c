"""Patches of a timetable: what a proposal changes, without reading the feed again."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.errors import Fault, InputError
from bykobling.timetable.build import from_trips, trips_in
from bykobling.timetable.trips import Trips, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from bykobling.timetable.model import Timetable

_OF_TRIPS = frozenset(
    (
        *("pattern_first", "pattern_stop", "pickup", "drop_off", "pattern_trip", "trip_call", "arrival_s"),
        *("departure_s", "trip_route", "trip_id", "trip_direction", "headway_based", "stay_ptr", "stay_trip"),
    )
)


def with_trips(timetable: Timetable, trips: Trips, **changed: Any) -> Timetable:  # noqa: ANN401 - fields of Timetable
    """Replace the trips of a timetable.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    trips : Trips
        All that run afterwards.
    **changed : object
        Other fields to replace.

    Returns
    -------
    Timetable
    """
    rest = {each.name: getattr(timetable, each.name) for each in fields(timetable) if each.name not in _OF_TRIPS}
    return from_trips(trips, **(rest | changed))


def remove_service(timetable: Timetable, *, routes: Sequence[str] = (), trips: Sequence[str] = ()) -> Timetable:
    """Take routes or trips out of service.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    routes, trips : sequence of str
        Ids as in the feed.

    Returns
    -------
    Timetable

    Raises
    ------
    InputError
        Ids that are not in the timetable.
    """
    route = _rows(timetable.routes["route_id"], routes, "route_id")
    _rows(pd.Series(timetable.trip_id), trips, "trip_id")
    gone = np.isin(timetable.trip_route, route) | np.isin(timetable.trip_id, np.array(list(trips), object))
    return with_trips(timetable, trips_in(timetable).take(np.flatnonzero(~gone)))


def remove_stops(timetable: Timetable, stop_ids: Sequence[str]) -> Timetable:
    """Close stops: vehicles pass them, nobody gets on or off or changes there.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    stop_ids : sequence of str
        Ids as in the feed.

    Returns
    -------
    Timetable

    Raises
    ------
    InputError
        Ids that are not in the timetable.
    """
    trips = trips_in(timetable)
    open_ = ~np.isin(trips.stop, _rows(timetable.stops["stop_id"], stop_ids, "stop_id"))
    return with_trips(timetable, replace(trips, pickup=trips.pickup & open_, drop_off=trips.drop_off & open_))


def add_service(
    timetable: Timetable,
    stop_ids: Sequence[str],
    run_s: ArrayLike,
    *,
    route_id: str,
    mode: str,
    headway_s: int,
    start_s: int,
    end_s: int,
    dwell_s: int = 20,
    both_ways: bool = True,
) -> Timetable:
    """Add a line through stops at a headway.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    stop_ids : sequence of str
        Stops in order, as in the feed.
    run_s : array of int (stops - 1,)
        Seconds from each to the next, without the dwell.
    route_id : str
        Name of the line; may be one that runs already.
    mode : str
        ``"bus"``, ``"tram"``, ... (of a new line).
    headway_s : int
        Seconds between departures.
    start_s, end_s : int
        First departure, and the time before which the last leaves.
    dwell_s : int
        Seconds at each stop on the way.
    both_ways : bool
        Whether it runs back as well, with the same times.

    Returns
    -------
    Timetable

    Raises
    ------
    InputError
        Unknown stops, fewer than two, times or a headway that are not positive.
    """
    run = np.asarray(run_s, np.int64)
    faults = []
    if len(stop_ids) < 2:
        faults.append(Fault("add_service", "stop_ids", f"{len(stop_ids)} stops make no line", "name two or more"))
    elif run.shape != (len(stop_ids) - 1,) or (run <= 0).any():
        rule = f"{run.tolist()} are not {len(stop_ids) - 1} running times above 0"
        faults.append(Fault("add_service", "run_s", rule, "give one for each pair of stops that follow each other"))
    if headway_s <= 0 or end_s <= start_s:
        rule = f"a headway of {headway_s} s from {start_s} to {end_s} s gives no departure"
        faults.append(Fault("add_service", "headway_s", rule, "give a headway above 0 and an end after the start"))
    if faults:
        raise InputError(faults)
    stops = np.array([_rows(timetable.stops["stop_id"], [stop], "stop_id")[0] for stop in stop_ids], np.int32)
    routes = timetable.routes
    if route_id not in set(routes["route_id"]):
        new = {"route_id": route_id, "short_name": route_id, "long_name": "", "mode": mode, "color": ""}
        routes = pd.concat([routes, pd.DataFrame([new])], ignore_index=True)
    route = int(np.flatnonzero(routes["route_id"] == route_id)[0])
    starts = np.arange(start_s, end_s, headway_s)
    parts = [trips_in(timetable)]
    for direction in range(1 + both_ways):
        here, times = (stops, run) if direction == 0 else (stops[::-1], run[::-1])
        arrive = np.concatenate([[0], np.cumsum(times + dwell_s)]) - dwell_s
        arrive[0] = 0
        leave = np.concatenate([[0], arrive[1:] + dwell_s])
        leave[-1] = arrive[-1]
        parts.append(
            _runs(here, starts, (arrive, leave), route=route, name=f"{route_id}:{direction}", direction=direction)
        )
    return with_trips(timetable, joined(parts), routes=routes)


def _runs(
    stops: NDArray[np.int32],
    starts: NDArray[np.int64],
    times: tuple[NDArray[np.int64], NDArray[np.int64]],
    *,
    route: int,
    name: str,
    direction: int,
) -> Trips:
    """Lay one trip out at every start."""
    count, length = len(starts), len(stops)
    arrive, leave = times
    return Trips(
        first=np.arange(0, (count + 1) * length, length, dtype=np.int64),
        stop=np.tile(stops, count),
        arrival_s=(starts[:, None] + arrive).astype(np.int32).ravel(),
        departure_s=(starts[:, None] + leave).astype(np.int32).ravel(),
        pickup=np.ones(count * length, bool),
        drop_off=np.ones(count * length, bool),
        route=np.full(count, route, np.int32),
        trip_id=np.full(count, name, object),
        direction=np.full(count, direction, np.int8),
        headway_based=np.ones(count, bool),
        stays=np.empty((0, 2), np.int32),
    )


def change_headway(timetable: Timetable, route_id: str, headway_s: int, *, start_s: int, end_s: int) -> Timetable:
    """Let a route run at another headway within a period.

    Each direction (and variant) of the route keeps the running times of its first trip of the period.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    route_id : str
        As in the feed.
    headway_s : int
        Seconds between departures of each variant.
    start_s, end_s : int
        Trips that start in ``[start_s, end_s)`` are replaced.

    Returns
    -------
    Timetable

    Raises
    ------
    InputError
        Unknown route, nothing running in the period, a headway that is not positive.
    """
    if headway_s <= 0:
        raise InputError(Fault("change_headway", "headway_s", f"{headway_s} is not above 0", "give seconds"))
    route = _rows(timetable.routes["route_id"], [route_id], "route_id")[0]
    trips = trips_in(timetable)
    begin = trips.departure_s[trips.first[:-1]]
    mine = (trips.route == route) & (begin >= start_s) & (begin < end_s)
    if not mine.any():
        rule = f"no trip of {route_id!r} starts between {start_s} and {end_s} s"
        raise InputError(Fault("change_headway", "route_id", rule, "choose a period in which it runs"))
    parts = [trips.take(np.flatnonzero(~mine))]
    for model in _models(timetable, np.flatnonzero(mine)):
        calls = slice(trips.first[model], trips.first[model + 1])
        zero = begin[model]
        starts = np.arange(start_s + (zero - start_s) % headway_s, end_s, headway_s)
        times = trips.arrival_s[calls].astype(np.int64) - zero, trips.departure_s[calls].astype(np.int64) - zero
        name, direction = str(trips.trip_id[model]), int(trips.direction[model])
        new = _runs(trips.stop[calls], starts, times, route=int(route), name=name, direction=direction)
        flags = {name: np.tile(getattr(trips, name)[calls], len(starts)) for name in ("pickup", "drop_off")}
        parts.append(replace(new, **flags))
    return with_trips(timetable, joined(parts))


def _models(timetable: Timetable, trips: NDArray[np.int64]) -> list[int]:
    """Choose the first trip of every variant; trips that overtake are in patterns of their own, but no variant."""
    first: dict[tuple[bytes, ...], int] = {}
    tables = timetable.pattern_stop, timetable.pickup, timetable.drop_off
    begin = timetable.departure_s[timetable.trip_call[trips]]
    trip_pattern = timetable.trip_pattern
    for trip in trips[np.argsort(begin, kind="stable")].tolist():
        pattern = trip_pattern[trip]
        calls = slice(timetable.pattern_first[pattern], timetable.pattern_first[pattern + 1])
        first.setdefault(tuple(each[calls].tobytes() for each in tables), trip)
    return sorted(first.values())


def _rows(ids: pd.Series[str], wanted: Sequence[str], column: str) -> NDArray[np.int64]:
    """Find the rows of ids; name every one that is not there."""
    known = set(ids)
    faults = [
        Fault("timetable", column, f"{each!r} is not in the timetable", "take an id of the feed")
        for each in wanted
        if each not in known
    ]
    if faults:
        raise InputError(faults)
    return np.flatnonzero(ids.isin(list(wanted)).to_numpy())
