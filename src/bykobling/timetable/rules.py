"""What a feed says of changing from one stop to another, down to single routes and trips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bykobling._globe import metres_between
from bykobling.timetable.model import INDOORS, RULE, UNKNOWN_WAY

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed
    from bykobling.timetable.trips import Trips

_TIMED, _LEAST, _FORBIDDEN = 1, 2, 3
_STATION = 1
_BRISK_M_S = 2.0
"""No rule of a feed makes a traveller faster than this along the straight line."""
_WALK_M_S, _DETOUR = 4.8 / 3.6, 1.3
"""Between stops of a station without pathways (assumed)."""
_SPECIFIC = {(2, 0): 6, (1, 1): 5, (1, 0): 4, (0, 2): 3, (0, 1): 2, (0, 0): 1}
"""GTFS: of two rules the one with more trips, then more routes holds."""

Selector = tuple[str, int]


class _Rule(NamedTuple):
    """One row of transfers.txt, for one pair of stops."""

    start: int
    end: int
    leaves: Selector | None
    boards: Selector | None
    kind: int
    least_s: float
    rank: tuple[int, int]


@dataclass(frozen=True, eq=False)
class StopPlan:
    """The stops of a timetable: those of the feed, and copies for trips with rules of their own.

    Parameters
    ----------
    row : array of int64 (S,)
        Row of each in the feed.
    of_call : array of int32 (n,)
        Stop each call of the trips is at.
    selectors : list of frozenset
        For each stop: which routes and trips named by rules the calls at it belong to.
    """

    row: NDArray[np.int64]
    of_call: NDArray[np.int32]
    selectors: list[frozenset[Selector]]


def rules_of(feed: Feed) -> list[_Rule]:
    """Take the rules of transfers.txt stop by stop.

    Parameters
    ----------
    feed : Feed
        Stops and transfers.

    Returns
    -------
    list of rule
        A rule of a station is one of each of its stops; in-seat transfers are left out.
    """
    kind, parent = feed.stops["location_type"].to_numpy(), feed.stops["parent"].to_numpy(np.int64)

    def platforms(stop: int) -> list[int]:
        if kind[stop] != _STATION:
            return [stop]
        found: list[int] = np.flatnonzero((parent == stop) & (kind == 0)).tolist()
        return found

    rules: list[_Rule] = []
    names = ["from_stop", "to_stop", "from_route", "to_route", "from_trip", "to_trip", "transfer_type"]
    numbers = feed.transfers[names].to_numpy(np.int64)
    kept = (numbers[:, :2] >= 0).all(axis=1) & (numbers[:, 6] <= _FORBIDDEN)
    least = feed.transfers["min_transfer_s"].to_numpy(np.float64)
    for row, least_s in zip(numbers[kept].tolist(), least[kept].tolist(), strict=True):
        start, end, from_route, to_route, from_trip, to_trip, told = row
        leaves, boards = _selector(from_route, from_trip), _selector(to_route, to_trip)
        named = [each[0] for each in (leaves, boards) if each is not None]
        rank = _SPECIFIC[named.count("trip"), named.count("route")]
        exact = int(kind[start] != _STATION) + int(kind[end] != _STATION)
        rules += [
            _Rule(a, b, leaves, boards, told, least_s, (rank, exact)) for a in platforms(start) for b in platforms(end)
        ]
    return rules


def _selector(route: int, trip: int) -> Selector | None:
    if trip >= 0:
        return "trip", trip
    return ("route", route) if route >= 0 else None


def plan_stops(trips: Trips, row: NDArray[np.int64], rules: list[_Rule], platforms: NDArray[np.int64]) -> StopPlan:
    """Give every stop of a timetable a number, and give trips with rules of their own a copy of the stop.

    Parameters
    ----------
    trips : Trips
        Their stops are rows of the feed.
    row : array of int64 (T,)
        Row of each trip in the feed.
    rules : list of rule
        See `rules_of`.
    platforms : array of int64
        Rows of the stops to number, in order.

    Returns
    -------
    StopPlan
    """
    number = np.full(int(max(platforms.max(initial=-1), trips.stop.max(initial=-1))) + 1, -1, np.int32)
    number[platforms] = np.arange(len(platforms))
    of_call = number[trips.stop]
    rows, selectors = platforms.tolist(), [frozenset[Selector]()] * len(platforms)
    named: dict[int, set[Selector]] = {}
    for rule in rules:
        for stop, selector in ((rule.start, rule.leaves), (rule.end, rule.boards)):
            if selector is not None:
                named.setdefault(stop, set()).add(selector)
    if not named:
        return StopPlan(platforms, of_call, selectors)
    copies: dict[tuple[int, frozenset[Selector]], int] = {}
    trip_of_call = trips.trip_of_call
    for call in np.flatnonzero(np.isin(trips.stop, list(named))):
        stop, trip = int(trips.stop[call]), trip_of_call[call]
        mine = frozenset({("trip", int(row[trip])), ("route", int(trips.route[trip]))} & named[stop])
        if mine:
            if (stop, mine) not in copies:
                copies[stop, mine] = len(rows)
                rows.append(stop)
                selectors.append(mine)
            of_call[call] = copies[stop, mine]
    return StopPlan(np.array(rows, np.int64), of_call, selectors)


def transfers_of(
    feed: Feed, plan: StopPlan, rules: list[_Rule], walks: pd.DataFrame
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64], NDArray[np.int8]]:
    """List the transfers a feed tells of: rules before ways inside stations before mere belonging together.

    Parameters
    ----------
    feed : Feed
        Stops with their places and stations.
    plan : StopPlan
        Stops of the timetable.
    rules : list of rule
        See `rules_of`.
    walks : DataFrame
        ``from_stop``, ``to_stop`` (rows of the feed), ``seconds``.

    Returns
    -------
    walk_from, walk_to, walk_s, walk_kind : array
        As in `Timetable`, by stop.
    """
    copies: dict[int, list[int]] = {}
    for stop, row in enumerate(plan.row.tolist()):
        copies.setdefault(row, []).append(stop)
    found = _highest({}, [*_station_mates(feed, plan), *_indoors(walks, copies), *_between_copies(copies)])
    inside = {pair: way for pair, way in found.items() if way.kind == INDOORS}
    ways: list[_Way] = []
    begins, ends = (np.array([rule[at] for rule in rules], np.int64) for at in range(2))
    for rule, apart_m in zip(rules, _apart_m(feed, begins, ends).tolist(), strict=True):
        seconds, kind = _told(rule, apart_m)
        fitting = [
            _Way(a, b, rule.rank, seconds, kind)
            for a in copies.get(rule.start, [])
            for b in copies.get(rule.end, [])
            if _fits(rule.leaves, plan.selectors[a]) and _fits(rule.boards, plan.selectors[b])
        ]
        if kind == UNKNOWN_WAY:  # it tells no time; the way inside does
            known = [inside.get((way.start, way.end), way) for way in fitting]
            fitting = [each._replace(rank=rule.rank) for each in known]
        ways += fitting
    found = _highest(found, ways)
    chosen = [found[pair] for pair in sorted(found)]
    return (
        np.array([way.start for way in chosen], np.int32),
        np.array([way.end for way in chosen], np.int32),
        np.array([way.seconds for way in chosen], np.float64),
        np.array([way.kind for way in chosen], np.int8),
    )


class _Way(NamedTuple):
    """A change between two stops; of two ways the one of higher rank holds."""

    start: int
    end: int
    rank: tuple[int, int]
    seconds: float
    kind: int


def _highest(found: dict[tuple[int, int], _Way], ways: list[_Way]) -> dict[tuple[int, int], _Way]:
    """Keep the way of the highest rank for each pair of stops, of equals the first."""
    result = dict(found)
    for way in ways:
        pair = way.start, way.end
        if pair not in result or result[pair].rank < way.rank:
            result[pair] = way
    return result


def _apart_m(feed: Feed, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Measure straight from stops to stops, by row in the feed."""
    lon, lat = feed.stops["lon"].to_numpy(), feed.stops["lat"].to_numpy()
    return metres_between(lon[one], lat[one], lon[other], lat[other])


def _station_mates(feed: Feed, plan: StopPlan) -> list[_Way]:
    """Join the stops of each station by a guess."""
    parent = feed.stops["parent"].to_numpy(np.int64)[plan.row]
    ways: list[_Way] = []
    for station in np.unique(parent[parent >= 0]):
        members = np.flatnonzero(parent == station)
        one, other = (each.ravel() for each in np.meshgrid(members, members, indexing="ij"))
        apart_s = _apart_m(feed, plan.row[one], plan.row[other]) * _DETOUR / _WALK_M_S
        pairs = zip(one.tolist(), other.tolist(), apart_s.tolist(), strict=True)
        ways += [_Way(a, b, (-3, 0), seconds, UNKNOWN_WAY) for a, b, seconds in pairs if a != b]
    return ways


def _indoors(walks: pd.DataFrame, copies: dict[int, list[int]]) -> list[_Way]:
    """Join stops by the ways inside their station."""
    ends = walks[["from_stop", "to_stop"]].to_numpy(np.int64).tolist()
    return [
        _Way(a, b, (-2, 0), seconds, INDOORS)
        for (start, end), seconds in zip(ends, walks["seconds"].tolist(), strict=True)
        for a in copies.get(start, [])
        for b in copies.get(end, [])
    ]


def _between_copies(copies: dict[int, list[int]]) -> list[_Way]:
    """Join the copies of one stop, which are one place."""
    return [_Way(a, b, (-1, 0), 0.0, INDOORS) for stops in copies.values() for a in stops for b in stops if a != b]


def _told(rule: _Rule, apart_m: float) -> tuple[float, int]:
    """Seconds and kind of what a rule says."""
    if rule.kind == _FORBIDDEN:
        return np.inf, RULE
    if rule.kind == _LEAST and not np.isnan(rule.least_s):
        return max(rule.least_s, apart_m / _BRISK_M_S), RULE
    if rule.kind == _TIMED:
        return apart_m / _BRISK_M_S, RULE
    return apart_m * _DETOUR / _WALK_M_S, UNKNOWN_WAY


def _fits(selector: Selector | None, mine: frozenset[Selector]) -> bool:
    return selector is None or selector in mine
