"""Plain twins of the search: a connection scan, and all journeys one by one.

Neither shares a line, an order of work or a shortcut with the search: one departure at a time, one label for every
number of rides, and everything is looked at again until nothing changes.

Connection scan after Dibbelt, Pajor, Strasser, Wagner 2018, https://doi.org/10.1145/3274661.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

NEVER = float("inf")
S_PER_M = 0.75
"""Seconds a metre on the street of the tests."""


class Connection(NamedTuple):
    """A vehicle between two calls that follow each other."""

    leaves: int
    arrives: int
    trip: int
    number: int
    start: int
    end: int
    may_board: bool
    may_leave: bool


@dataclass
class Plain:
    """A transit network as lists and dictionaries, and the places of its stops and people in metres along a street."""

    connections: list[Connection]
    calls_of: list[int]
    stays: dict[int, list[int]]
    changes: dict[int, list[tuple[int, int]]]
    links: list[tuple[int, float, float, float]]
    settings: object

    @classmethod
    def of(cls, transit, link_at):
        """Take a transit network apart; `link_at`: metres of every link between street and stop."""
        timetable = transit.timetable
        rows = list(timetable.calls().itertuples())
        connections = [
            Connection(a.departure_s, b.arrival_s, a.trip, a.position, a.stop, b.stop, a.pickup, b.drop_off)
            for a, b in pairwise(rows)
            if a.trip == b.trip
        ]
        pointer = timetable.stay_ptr
        stays = {t: timetable.stay_trip[pointer[t] : pointer[t + 1]].tolist() for t in range(timetable.trip_count)}
        changes = {}
        for stop in range(timetable.stop_count):
            row = slice(transit.walk_ptr[stop], transit.walk_ptr[stop + 1])
            changes[stop] = list(zip(transit.walk_to[row].tolist(), transit.walk_s[row].tolist(), strict=True))
        links = list(zip(timetable.link_stop.tolist(), link_at, timetable.link_in_s, timetable.link_out_s, strict=True))
        lengths = np.diff(timetable.trip_call).tolist()
        return cls(sorted(connections), lengths, stays, changes, links, transit.settings)

    def access(self, place):
        """Seconds from a place until one is ready to board at each stop."""
        return self._near(place, self.settings.max_access_min, 2, self.settings.board_slack_s)

    def egress(self, place):
        """Seconds from each stop to a place."""
        return self._near(place, self.settings.max_egress_min, 3, 0)

    def _near(self, place, limit_min, column, more_s):
        found: dict[int, float] = {}
        for link in self.links:
            seconds = abs(link[1] - place) * S_PER_M + link[column]
            if seconds <= limit_min * 60:
                found[link[0]] = min(found.get(link[0], NEVER), seconds + more_s)
        return found

    def on_foot(self, origin, destination):
        seconds = abs(origin - destination) * S_PER_M
        return seconds if seconds <= self.settings.max_walk_min * 60 else NEVER

    def arrivals(self, origin, now):
        """Earliest arrival at every stop by vehicle for who leaves a place at a moment, as a dictionary."""
        rides = self.settings.max_rides
        ready = [{stop: now + seconds for stop, seconds in self.access(origin).items()}]
        ready += [{} for _ in range(rides)]
        arrived: list[dict[int, float]] = [{} for _ in range(rides + 1)]
        boarded: list[dict[int, int]] = [{} for _ in range(rides + 1)]
        changing = True
        while changing:
            changing = False
            for each in self.connections:
                for k in range(1, rides + 1):
                    changing |= self._take(each, k, ready, arrived, boarded)
        best: dict[int, float] = {}
        for each in arrived:
            for stop, when in each.items():
                best[stop] = min(best.get(stop, NEVER), when)
        return best

    def _take(self, each, k, ready, arrived, boarded):
        """Ride one connection as the k-th vehicle, if one can; tell whether that is news."""
        news = each.may_board and ready[k - 1].get(each.start, NEVER) <= each.leaves
        news = news and each.number < boarded[k].get(each.trip, NEVER)
        if news:
            boarded[k][each.trip] = each.number
        if boarded[k].get(each.trip, NEVER) > each.number:
            return news
        if each.may_leave and each.arrives < arrived[k].get(each.end, NEVER):
            arrived[k][each.end], news = each.arrives, True
            for stop, seconds in self.changes[each.end]:
                ready[k][stop] = min(ready[k].get(stop, NEVER), each.arrives + seconds)
        if each.number == self.calls_of[each.trip] - 2:
            for other in self.stays[each.trip]:
                if boarded[k].get(other, NEVER) > 0:
                    boarded[k][other], news = 0, True
        return news

    def travel(self, origin, destination, now, *, arrivals=None):
        """Seconds from a place to another for who leaves at a moment."""
        arrivals = self.arrivals(origin, now) if arrivals is None else arrivals
        by_vehicle = [arrivals.get(stop, NEVER) + seconds - now for stop, seconds in self.egress(destination).items()]
        seconds = min([self.on_foot(origin, destination), *by_vehicle])
        return seconds if seconds <= self.settings.max_trip_min * 60 else NEVER

    def every_departure(self, origin, destinations, moments):
        """Seconds, destinations x moments."""
        found = np.full((len(destinations), len(moments)), NEVER)
        for w, now in enumerate(moments):
            arrivals = self.arrivals(origin, now)
            found[:, w] = [self.travel(origin, each, now, arrivals=arrivals) for each in destinations]
        return found

    def every_arrival(self, origin, destinations, moments):
        """Seconds between leaving as late as one can and each moment to be there; destinations x moments.

        Who leaves as late as one can leaves for one certain departure; so every such moment is tried.
        """
        access = self.access(origin)
        tried = {each.leaves - access[each.start] for each in self.connections if each.start in access}
        arrivals = {now: self.arrivals(origin, now) for now in tried}
        found = np.full((len(destinations), len(moments)), NEVER)
        for d, place in enumerate(destinations):
            egress = self.egress(place)
            there = {
                now: min((stops.get(stop, NEVER) + s for stop, s in egress.items()), default=NEVER)
                for now, stops in arrivals.items()
            }
            walk = self.on_foot(origin, place)
            for w, by in enumerate(moments):
                late = [by - now for now in tried if there[now] <= by]
                seconds = min([walk, *late])
                found[d, w] = seconds if seconds <= self.settings.max_trip_min * 60 else NEVER
        return found

    def all_journeys(self, origin, now):  # noqa: C901 - two walkers that call each other
        """Earliest arrivals as `arrivals` tells them, by walking through every journey there is (toys only)."""
        best: dict[int, float] = {}
        legs: dict[int, list[Connection]] = {}
        for each in sorted(self.connections, key=lambda one: (one.trip, one.number)):
            legs.setdefault(each.trip, []).append(each)

        def ride(trip, number, rides):
            for each in legs.get(trip, [])[number:]:
                if each.may_leave:
                    best[each.end] = min(best.get(each.end, NEVER), each.arrives)
                    for stop, seconds in self.changes[each.end]:
                        board(stop, each.arrives + seconds, rides)
            for other in self.stays[trip]:
                ride(other, 0, rides)

        def board(stop, when, rides):
            if rides == self.settings.max_rides:
                return
            for each in self.connections:
                if each.start == stop and each.may_board and each.leaves >= when:
                    ride(each.trip, each.number, rides + 1)

        for stop, seconds in self.access(origin).items():
            board(stop, now + seconds, 0)
        return best
