"""One journey told step by step: what a number in the matrix of travel times stands for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import geopandas as gpd
import numpy as np
import shapely

from bykobling.errors import Fault, InputError
from bykobling.network.snapping import checked_geometries
from bykobling.timetable.clock import reference
from bykobling.transit.ends import access_rows, direct_rows, egress_rows
from bykobling.transit.legs import Ends, LegMaker
from bykobling.transit.rides import NEVER, Service, Walks
from bykobling.transit.times import without_service
from bykobling.transit.window import Window

if TYPE_CHECKING:
    import pyproj

    from bykobling.transit.legs import Leg
    from bykobling.transit.network import TransitNetwork
    from bykobling.transit.rides import Ride

_COLUMNS = ("kind", "mode", "route", "start", "end", "depart", "arrive", "minutes", "wait_min", "stops", "length_m")
_WHY = {
    "unlinked": "an end is too far from any street",
    "island": "an end is on streets that are cut off from the others",
    "no_service": "no stop with a departure then is within the walk, and it is too far to walk all the way",
    "beyond_limit": "it takes longer, or more rides, than the settings allow",
}


@dataclass(frozen=True, eq=False)
class Journey:
    """One journey; times are seconds of the timetable (`Timetable.seconds_at`).

    Parameters
    ----------
    legs : tuple of Leg
        Walks and rides in order; none without a way.
    depart_s, arrive_s : int
        When one leaves, and is there; without a way, both are the moment asked for.
    seconds : float
        Door to door as `travel_time_every_departure` counts: from the departure asked for, or until the arrival asked
        for; NaN without a way.
    reason : str
        ``"ok"``, or why there is no way: ``"unlinked"``, ``"island"``, ``"no_service"``, ``"beyond_limit"``.
    date : date
        Service day.
    timezone : str
        Of the clock (IANA).
    crs : pyproj.CRS
        Of the lines.
    """

    legs: tuple[Leg, ...]
    depart_s: int
    arrive_s: int
    seconds: float
    reason: str
    date: dt.date
    timezone: str
    crs: pyproj.CRS

    @property
    def minutes(self) -> float:
        """Door to door, seconds not rounded; NaN without a way."""
        return self.seconds / 60.0

    @property
    def rides(self) -> int:
        """Number of vehicles boarded."""
        return sum(leg.kind == "ride" for leg in self.legs)

    def clock(self, seconds: int) -> str:
        """Tell a moment as a clock shows it.

        Parameters
        ----------
        seconds : int
            Of the timetable.

        Returns
        -------
        str
            ``"HH:MM"``, seconds left out as timetables do; ``"00:14 (next day)"`` after midnight.
        """
        moment = dt.datetime.fromtimestamp(reference(self.date, self.timezone) + seconds, ZoneInfo(self.timezone))
        days = (moment.date() - self.date).days
        day = {0: "", 1: " (next day)", -1: " (day before)"}.get(days, f" ({days} days later)")
        return f"{moment:%H:%M}{day}"

    def lines(self) -> tuple[str, ...]:
        """Tell the journey in plain English.

        Returns
        -------
        tuple of str
            A sentence for the whole, then one for every step.
        """
        if self.reason != "ok":
            return (f"No journey was found: {_WHY[self.reason]}.",)
        rides = f"{self.rides} rides" if self.rides > 1 else "1 ride" if self.rides else "on foot"
        when = f"Leave at {self.clock(self.depart_s)}, be there at {self.clock(self.arrive_s)}"
        said = [f"{when}: {_minutes(self.arrive_s - self.depart_s)}, {rides}."]
        for before, leg in zip((None, *self.legs), self.legs, strict=False):
            said += self._steps(leg, changing=before is not None and before.kind == "ride")
        return tuple(said)

    def _steps(self, leg: Leg, *, changing: bool) -> list[str]:
        """Tell a leg, and the wait before it."""
        if leg.kind == "walk":
            between = changing and leg is not self.legs[-1]
            walk = "Change: walk" if between else "Walk"
            return [f"{walk} {_minutes(leg.arrive_s - leg.depart_s)} ({leg.length_m:.0f} m) to {leg.end}."]
        wait = [f"{f'Change at {leg.start}: wait' if changing else 'Wait'} {_minutes(leg.wait_s)}."]
        first, *later = leg.routes
        seated = f", staying seated as it goes on as {' and '.join(later)}" if later else ""
        times = f"{self.clock(leg.depart_s)} -> {self.clock(leg.arrive_s)}"
        stops = f"{leg.stops} stops" if leg.stops != 1 else "1 stop"
        assumed = " (times assumed from a headway)" if leg.assumed else ""
        ride = f"{leg.mode.replace('_', ' ').capitalize()} {first} {times}{assumed}, {stops} to {leg.end}{seated}."
        return [*wait, ride] if leg.wait_s else [ride]

    def to_frame(self) -> gpd.GeoDataFrame:
        """List the legs as lines.

        Returns
        -------
        GeoDataFrame
            ``kind``, ``mode``, ``route``, ``start``, ``end``, ``depart``, ``arrive`` (on the clock), ``minutes``,
            ``wait_min`` (before a ride), ``stops``, ``length_m``; no rows without a way.
        """
        rows = [
            (
                *(leg.kind, leg.mode, ", ".join(leg.routes), leg.start, leg.end),
                *(self.clock(leg.depart_s), self.clock(leg.arrive_s)),
                *((leg.arrive_s - leg.depart_s) / 60.0, leg.wait_s / 60.0, leg.stops, leg.length_m),
            )
            for leg in self.legs
        ]
        table = dict(zip(_COLUMNS, zip(*rows, strict=True) if rows else [[]] * len(_COLUMNS), strict=True))
        return gpd.GeoDataFrame(table, geometry=[leg.geometry for leg in self.legs], crs=self.crs)


def explain_journey(
    transit: TransitNetwork,
    origin: shapely.Point | gpd.GeoSeries,
    destination: shapely.Point | gpd.GeoSeries,
    depart: str = "08:00",
    *,
    arrive_by: bool = False,
) -> Journey:
    """Find the journey of one departure, with the walks, the vehicles and the waits.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    origin, destination : Point or GeoSeries of one
        In the CRS of the network.
    depart : str
        ``"HH:MM"`` or ``"HH:MM:SS"`` on the clock.
    arrive_by : bool
        Whether `depart` is the time to be there instead.

    Returns
    -------
    Journey
        The earliest arrival; of equally early ones that with the fewest rides, of those the one with the least
        walking. To be there at a time: the latest departure, of equally late ones the fewest rides, and of those
        the earliest arrival.

    Raises
    ------
    InputError
        Not one point, or not a time.
    CrsError
        A point in another CRS than the network.

    Notes
    -----
    The rules are those of `travel_time_every_departure`, which agrees to the second; the search is another.

    Times on foot are those of the network; of a change the feed tells of, the seconds it asks for less
    `TransitSettings.board_slack_s`.
    """
    places = [_one_point(transit, place, name) for place, name in ((origin, "origin"), (destination, "destination"))]
    ends = Ends(places[0], places[1], *(transit.network.snap(place) for place in places))
    moment_s = transit.timetable.seconds_at(depart)
    found = _find(transit, ends, moment_s, arrive_by=arrive_by)
    if found is None:
        legs: tuple[Leg, ...] = ()
        leave_s, there_s, seconds = moment_s, moment_s, np.nan
        reason = _reason(transit, ends, Window(depart, minutes=1.0, arrive_by=arrive_by))
    else:
        legs, leave_s, there_s, reason = found.legs, found.depart_s, found.arrive_s, "ok"
        seconds = float(moment_s - leave_s if arrive_by else there_s - moment_s)
    day, timezone = transit.timetable.date, transit.timetable.timezone
    return Journey(legs, leave_s, there_s, seconds, reason, day, timezone, transit.network.crs)


class _Found(NamedTuple):
    legs: tuple[Leg, ...]
    depart_s: int
    arrive_s: int


def _find(transit: TransitNetwork, ends: Ends, moment_s: int, *, arrive_by: bool) -> _Found | None:
    """Find the best journey, or none."""
    most_s, rides = int(transit.settings.max_trip_min * 60), transit.settings.max_rides
    access, egress = (
        Walks(*rows[1:]) for rows in (access_rows(transit, ends.origin_at), egress_rows(transit, ends.destination_at))
    )
    walk = direct_rows(transit, ends.origin_at, ends.destination_at)[2]
    walk_s = int(walk[0]) if len(walk) and walk[0] <= most_s else NEVER
    span = (moment_s - most_s, moment_s) if arrive_by else (moment_s, moment_s + most_s)
    service = Service.within(transit, *span)
    if arrive_by:
        leave_s, rides = _latest(service, access, egress, moment_s, rides)
        if moment_s - walk_s >= leave_s:
            leave_s, rides = moment_s - walk_s, 0
        if moment_s - leave_s > most_s:
            return None
        moment_s = leave_s
    make = LegMaker(transit, service, ends)
    there_s, rides = _earliest(service, access, egress, moment_s, rides)
    if walk_s <= there_s - moment_s:
        return _Found(make.on_foot(moment_s, walk_s), moment_s, moment_s + walk_s) if walk_s < NEVER else None
    if there_s - moment_s > most_s:
        return None
    chosen = service.least_walking(
        access, moment_s + access.seconds + np.int64(service.slack_s), egress, there_s, rides
    )
    walks_s = _ends_on_foot(service, chosen, access, egress)
    return _Found(make.by_rides(chosen, moment_s, *walks_s), moment_s, there_s)


def _earliest(service: Service, access: Walks, egress: Walks, depart_s: int, rides: int) -> tuple[int, int]:
    """Find the earliest arrival by vehicle, and the fewest rides it takes."""
    ready_s = np.full(service.stop_count, NEVER)
    ready_s[access.stop] = depart_s + access.seconds + service.slack_s
    times = [
        int((arrival_s[egress.stop] + egress.seconds).min(initial=NEVER))
        for arrival_s in service.arrivals(ready_s, rides)
    ]
    best = min(times, default=NEVER)
    return best, times.index(best) + 1 if times else 0


def _latest(service: Service, access: Walks, egress: Walks, there_s: int, rides: int) -> tuple[int, int]:
    """Find the latest departure by vehicle, and the fewest rides it takes."""
    arrive_by_s = np.full(service.stop_count, -NEVER)
    arrive_by_s[egress.stop] = there_s - egress.seconds
    times = [
        int((deadline.ready_by_s[access.stop] - access.seconds - service.slack_s).max(initial=-NEVER))
        for deadline in service.deadlines(arrive_by_s, rides)
    ]
    best = max(times)
    return best, times.index(best) + 1


def _ends_on_foot(service: Service, rides: list[Ride], access: Walks, egress: Walks) -> tuple[int, int]:
    """Find the seconds to the first stop and from the last."""
    first, last = service.trips.stop[[rides[0].pieces[0][0], rides[-1].pieces[-1][1]]]
    return int(access.seconds[access.stop == first][0]), int(egress.seconds[egress.stop == last][0])


def _one_point(transit: TransitNetwork, place: shapely.Point | gpd.GeoSeries, name: str) -> np.ndarray:
    """Take one point as an array of one."""
    given = [place] if isinstance(place, shapely.Geometry) else place
    points = checked_geometries(transit.network, given)
    kinds = shapely.get_type_id(points)
    if len(points) != 1 or kinds[0] != shapely.GeometryType.POINT or shapely.is_empty(points[0]):
        what = f"it holds {len(points)} places" if len(points) != 1 else f"it is {points[0]!s:.60}"
        raise InputError(Fault(name, "", f"{what}, not one point", "give one Point in the CRS of the network"))
    return points


def _reason(transit: TransitNetwork, ends: Ends, window: Window) -> str:
    """Say why there is no way, as `TransitTimes.reasons` does."""
    for kind in ("unlinked", "island"):
        if kind in (ends.origin_at.reason[0], ends.destination_at.reason[0]):
            return kind
    return "no_service" if without_service(transit, ends.origin_at, window)[0] else "beyond_limit"


def _minutes(seconds: int) -> str:
    """Tell a time in whole minutes; what takes any time takes one."""
    return f"{max(round(seconds / 60), int(seconds > 0))} min"
