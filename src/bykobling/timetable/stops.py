"""A new stop in a timetable, and the routes that call there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling._globe import metres_between
from bykobling.errors import Fault, InputError
from bykobling.timetable.build import trips_in
from bykobling.timetable.change import with_trips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.timetable.model import Timetable


@dataclass(frozen=True)
class Insertion:
    """Where the trips of a pattern call at a new stop.

    Parameters
    ----------
    pattern : int
        Which.
    after : int
        Position of the call before.
    share : float
        How much of the way between the two calls lies before the new stop, 0-1.
    detour_m : float
        How much longer the way over the new stop is than the straight one, metres as the crow flies.
    """

    pattern: int
    after: int
    share: float
    detour_m: float


def insertions(timetable: Timetable, lon: float, lat: float, route_ids: Sequence[str]) -> list[Insertion]:
    """Find where along each variant of routes a new stop is the least detour.

    Parameters
    ----------
    timetable : Timetable
        Any.
    lon, lat : float
        Place of the stop, degrees.
    route_ids : sequence of str
        As in the feed.

    Returns
    -------
    list of Insertion
        One a pattern of the routes; the first of equally good places.
    """
    routes = np.flatnonzero(timetable.routes["route_id"].isin(list(route_ids)).to_numpy())
    wanted = np.isin(timetable.trip_route, routes)
    lons, lats = (timetable.stops[name].to_numpy(np.float64) for name in ("lon", "lat"))
    found = []
    for pattern in np.unique(timetable.trip_pattern[wanted]).tolist():
        stops = timetable.pattern_stop[timetable.pattern_first[pattern] : timetable.pattern_first[pattern + 1]]
        if len(stops) < 2:
            continue
        x, y = lons[stops], lats[stops]
        to_new = metres_between(x, y, np.full(len(x), lon), np.full(len(x), lat))
        between = metres_between(x[:-1], y[:-1], x[1:], y[1:])
        detour = to_new[:-1] + to_new[1:] - between
        at = int(np.argmin(detour))
        total = float(to_new[at] + to_new[at + 1])
        found.append(Insertion(pattern, at, float(to_new[at]) / total if total > 0 else 0.5, float(detour[at])))
    return found


def add_stop(
    timetable: Timetable,
    stop_id: str,
    *,
    lon: float,
    lat: float,
    route_ids: Sequence[str] = (),
    dwell_s: int = 20,
    name: str = "",
) -> Timetable:
    """Add a stop, and let routes call there.

    Each variant of a route calls there between the two stops where the way over the new one is the least detour as
    the crow flies. It arrives after as much of the time between the two as that is of the way, stands for the dwell,
    and is so much later at every stop after it; driving a longer way is not counted.

    Parameters
    ----------
    timetable : Timetable
        Not changed.
    stop_id : str
        A new id.
    lon, lat : float
        Its place, degrees.
    route_ids : sequence of str
        Routes that call there.
    dwell_s : int
        Seconds at the stop.
    name : str
        What to call it; the id where empty.

    Returns
    -------
    Timetable

    Raises
    ------
    InputError
        An id that is there already, unknown routes, a place that is none, a negative dwell.
    """
    _check(timetable, stop_id, lon=lon, lat=lat, route_ids=route_ids, dwell_s=dwell_s)
    number = timetable.stop_count
    row = {"stop_id": stop_id, "stop_name": name or stop_id, "lon": lon, "lat": lat, "station": -1}
    stops = pd.concat([timetable.stops, pd.DataFrame([row])], ignore_index=True)
    stops["station"] = stops["station"].astype(timetable.stops["station"].dtype)
    link: dict[str, float] = {
        "link_stop": number,
        "link_lon": lon,
        "link_lat": lat,
        "link_in_s": 0.0,
        "link_out_s": 0.0,
    }
    links: dict[str, Any] = {}
    for each, value in link.items():
        known = getattr(timetable, each)
        links[each] = np.append(known, value).astype(known.dtype)
    changed = replace(timetable, stops=stops, **links)
    chosen = insertions(timetable, lon, lat, route_ids)
    return _calling(changed, number, chosen, dwell_s, _mine(timetable, route_ids)) if chosen else changed


def _mine(timetable: Timetable, route_ids: Sequence[str]) -> NDArray[np.bool_]:
    """Tell which trips are of the routes; one pattern may be of several."""
    routes = np.flatnonzero(timetable.routes["route_id"].isin(list(route_ids)).to_numpy())
    return np.isin(timetable.trip_route, routes)


def _calling(
    timetable: Timetable, stop: int, chosen: list[Insertion], dwell_s: int, mine: NDArray[np.bool_]
) -> Timetable:
    """Let trips call at a stop between two of their calls."""
    trips = trips_in(timetable)
    after, share = np.full(timetable.pattern_count, -1), np.zeros(timetable.pattern_count)
    for each in chosen:
        after[each.pattern], share[each.pattern] = each.after, each.share
    pattern = timetable.trip_pattern
    which = np.flatnonzero(mine)
    before = trips.first[which] + after[pattern[which]]
    leaves = trips.departure_s[before]
    arrive = leaves + np.round((trips.arrival_s[before + 1] - leaves) * share[pattern[which]]).astype(np.int32)
    # every call after the new one is later by the dwell
    position = np.arange(len(trips.stop)) - np.repeat(trips.first[:-1], np.diff(trips.first))
    from_here = np.full(len(trips), np.iinfo(np.int64).max)
    from_here[which] = after[pattern[which]]
    late = np.where(position > from_here[trips.trip_of_call], dwell_s, 0).astype(np.int32)
    place = before + 1
    lengths = np.diff(trips.first)
    lengths[which] += 1
    first = np.zeros(len(trips) + 1, np.int64)
    np.cumsum(lengths, out=first[1:])
    called = replace(
        trips,
        first=first,
        stop=np.insert(trips.stop, place, stop),
        arrival_s=np.insert(trips.arrival_s + late, place, arrive),
        departure_s=np.insert(trips.departure_s + late, place, arrive + dwell_s),
        pickup=np.insert(trips.pickup, place, True),
        drop_off=np.insert(trips.drop_off, place, True),
    )
    return with_trips(timetable, called)


def _check(
    timetable: Timetable, stop_id: str, *, lon: float, lat: float, route_ids: Sequence[str], dwell_s: int
) -> None:
    """Refuse a stop that cannot be added."""
    faults = []
    if stop_id in set(timetable.stops["stop_id"]):
        faults.append(Fault("add_stop", "stop_id", f"{stop_id!r} is in the timetable already", "choose a new id"))
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        faults.append(Fault("add_stop", "place", f"{lon}, {lat} is no place on earth", "give degrees"))
    if dwell_s < 0:
        faults.append(Fault("add_stop", "dwell_s", f"{dwell_s} is negative", "give seconds, 0 or more"))
    known = set(timetable.routes["route_id"])
    faults += [
        Fault("add_stop", "route_ids", f"{each!r} is not in the timetable", "take an id of the feed")
        for each in route_ids
        if each not in known
    ]
    if faults:
        raise InputError(faults)
