"""Which vehicles one takes at one departure: every call of every trip is looked at, once a ride.

Slower than the kernels by far and with nothing in common with them, but it can tell the way. Forwards it finds the
earliest arrival and the fewest rides it takes, backwards what leads there in time, and forwards again, among that
alone, the least walking.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bykobling.timetable.build import trips_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.timetable.trips import Trips
    from bykobling.transit.network import TransitNetwork

NEVER = 1 << 40
"""Later than any moment; its negative is before any."""
_UNABLE = (1 << 22) - 1
"""More seconds on foot than any journey has."""


class Walks(NamedTuple):
    """Stops within the walk of one place, each once, and the whole seconds to or from each."""

    stop: NDArray[np.int32]
    seconds: NDArray[np.int32]


class Ride(NamedTuple):
    """One vehicle: from which call to which, for each trip it runs as, and the change before (-1: none)."""

    pieces: tuple[tuple[int, int], ...]
    change: int


@dataclass(frozen=True, eq=False)
class Service:
    """What runs within a span of time, and how one changes.

    Parameters
    ----------
    trips : Trips
        Calls are numbered through all of them.
    stop_count : int
        S stops.
    change_ptr : array of int64 (S + 1,)
        Rows of the next three, by the stop one changes from.
    change_to, change_s, change_foot_s : array of int32
        Where to, seconds until one is ready to board, and how many of them one walks.
    slack_s : int
        Seconds one must be at the first stop before a departure.
    """

    trips: Trips
    stop_count: int
    change_ptr: NDArray[np.int64]
    change_to: NDArray[np.int32]
    change_s: NDArray[np.int32]
    change_foot_s: NDArray[np.int32]
    slack_s: int

    @classmethod
    def within(cls, transit: TransitNetwork, first_s: int, last_s: int) -> Service:
        """Take what runs within a span of time.

        Parameters
        ----------
        transit : TransitNetwork
            Streets and timetable.
        first_s, last_s : int
            Trips that end before it or start after it are left out.

        Returns
        -------
        Service
        """
        trips = trips_in(transit.timetable)
        begin, end = trips.departure_s[trips.first[:-1]], trips.arrival_s[trips.first[1:] - 1]
        stop_id = transit.timetable.stops["stop_id"].to_numpy()
        start = np.repeat(np.arange(transit.timetable.stop_count), np.diff(transit.walk_ptr))
        on_foot = np.maximum(transit.walk_s - np.int32(transit.settings.board_slack_s), 0)
        # whatever a feed says of changing at one stop, it is no walk
        on_foot[stop_id[start] == stop_id[transit.walk_to]] = 0
        return cls(
            trips=trips.take(np.flatnonzero((end >= first_s) & (begin <= last_s))),
            stop_count=transit.timetable.stop_count,
            change_ptr=transit.walk_ptr,
            change_to=transit.walk_to,
            change_s=transit.walk_s,
            change_foot_s=on_foot,
            slack_s=int(transit.settings.board_slack_s),
        )

    @cached_property
    def trip(self) -> NDArray[np.int64]:
        """Trip of each call."""
        return self.trips.trip_of_call

    @cached_property
    def call(self) -> NDArray[np.int64]:
        """Number of each call."""
        return np.arange(len(self.trips.stop))

    @cached_property
    def change_from(self) -> NDArray[np.int64]:
        """Stop each change starts from."""
        return np.repeat(np.arange(self.stop_count), np.diff(self.change_ptr))

    def arrivals(self, ready_s: NDArray[np.int64], rides: int) -> list[NDArray[np.int64]]:
        """Find the earliest arrivals.

        Parameters
        ----------
        ready_s : array of int64 (S,)
            When one is ready to board at each stop.
        rides : int
            Most vehicles.

        Returns
        -------
        list of array of int64 (S,)
            With at most 1, 2, ... rides; `NEVER` where not reached.
        """
        trips, found = self.trips, [np.full(self.stop_count, NEVER)]
        for _ in range(rides):
            boarded = self._boarded(ready_s)
            off = self.call[trips.drop_off & (self.call > boarded[self.trip])]
            arrival_s = found[-1].copy()
            np.minimum.at(arrival_s, trips.stop[off], trips.arrival_s[off])
            found.append(arrival_s)
            ready_s = np.full(self.stop_count, NEVER)
            np.minimum.at(ready_s, self.change_to, arrival_s[self.change_from] + self.change_s)
        return found[1:]

    def _boarded(self, ready_s: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find the call from which on one may be on board of each trip."""
        trips = self.trips
        able = self.call[trips.pickup & (trips.departure_s >= ready_s[trips.stop])]
        boarded = np.full(len(trips), NEVER)
        np.minimum.at(boarded, self.trip[able], able)
        boarded[boarded == trips.first[1:] - 1] = NEVER  # the last call leads nowhere
        before, after = trips.stays.T
        while len(late := after[(boarded[before] < NEVER) & (boarded[after] > trips.first[after])]):
            boarded[late] = trips.first[late]
        return boarded

    def deadlines(self, arrive_by_s: NDArray[np.int64], rides: int) -> list[Deadline]:
        """Find until when one may still get there.

        Parameters
        ----------
        arrive_by_s : array of int64 (S,)
            Latest arrival at each stop that does; ``-NEVER`` where none does.
        rides : int
            Vehicles.

        Returns
        -------
        list of Deadline
            With exactly 1, 2, ... rides to go.
        """
        trips, found = self.trips, []
        for _ in range(rides):
            off = self.call[trips.drop_off & (trips.arrival_s <= arrive_by_s[trips.stop])]
            last = np.full(len(trips), -1)
            np.maximum.at(last, self.trip[off], off)
            before, after = trips.stays.T
            while len(early := before[(last[after] > trips.first[after]) & (last[before] < trips.first[before + 1])]):
                last[early] = trips.first[early + 1]
            on = self.call[trips.pickup & (self.call < np.minimum(last, trips.first[1:] - 1)[self.trip])]
            ready_by_s = np.full(self.stop_count, -NEVER)
            np.maximum.at(ready_by_s, trips.stop[on], trips.departure_s[on])
            found.append(Deadline(last, ready_by_s, arrive_by_s))
            arrive_by_s = np.full(self.stop_count, -NEVER)
            np.maximum.at(arrive_by_s, self.change_from, ready_by_s[self.change_to] - self.change_s)
        return found

    def least_walking(
        self, access: Walks, ready_s: NDArray[np.int64], egress: Walks, arrival_s: int, rides: int
    ) -> list[Ride]:
        """Choose the rides with the least walking.

        Parameters
        ----------
        access : Walks
            To the first stop.
        ready_s : array of int64
            When one is ready to board at each stop of `access`.
        egress : Walks
            From the last stop.
        arrival_s : int
            When one must be there; there must be a way.
        rides : int
            Exactly so many.

        Returns
        -------
        list of Ride
        """
        on_foot = np.full(self.stop_count, _UNABLE)
        on_foot[egress.stop] = egress.seconds
        deadlines = self.deadlines(np.where(on_foot < _UNABLE, arrival_s - on_foot, -NEVER), rides)
        none = np.full(len(access.stop), -1)
        ready = _Ready(access.stop.astype(np.int64), ready_s, access.seconds.astype(np.int64), none, none).least()
        rounds = []
        for left in range(rides - 1, -1, -1):
            aboard = self._aboard(ready, deadlines[left])
            rounds.append((aboard, ready))
            off, foot_s = aboard.alighted(self, deadlines[left])
            if left:
                ready = self._changed(off, foot_s, deadlines[left - 1])
        there = np.lexsort((off, self.trips.arrival_s[off], foot_s + on_foot[self.trips.stop[off]]))
        return self._read_back(int(off[there[0]]), rounds)

    def _aboard(self, ready: _Ready, deadline: Deadline) -> _Aboard:
        """Board every trip that leads there in time, at whichever call it takes the least walking."""
        trips = self.trips
        call = self.call[trips.pickup & (self.call < np.minimum(deadline.last, trips.first[1:] - 1)[self.trip])]
        # what is ready is ordered by stop and time, with ever less walking: of those in time, the last
        key = trips.stop[call].astype(np.int64) * NEVER + trips.departure_s[call]
        entry = np.searchsorted(ready.stop * NEVER + ready.ready_s, key, side="right") - 1
        fits = (entry >= 0) & (ready.stop[entry] == trips.stop[call])
        foot_s, entered = np.full(len(self.call), _UNABLE), np.full(len(self.call), -1)
        foot_s[call[fits]], entered[call[fits]] = ready.foot_s[entry[fits]], entry[fits]
        seat = np.full(len(trips), -1)
        before, after = trips.stays.T
        while True:
            new = _is_least(self.trip, foot_s)
            boarded = np.maximum.accumulate(np.where(new, self.call, 0))
            seated_s = foot_s[boarded[trips.first[before + 1] - 1]]
            better = np.flatnonzero(seated_s < foot_s[trips.first[after]])
            if not len(better):
                return _Aboard(boarded, foot_s, entered, seat)
            # the trip one comes from with the least walking is written last
            better = better[np.argsort(-seated_s[better], kind="stable")]
            foot_s[trips.first[after[better]]] = seated_s[better]
            seat[after[better]] = before[better]

    def _changed(self, off: NDArray[np.int64], foot_s: NDArray[np.int64], deadline: Deadline) -> _Ready:
        """Walk on from where one got off."""
        trips, nothing = self.trips, np.full(len(off), -1)
        at = _Ready(trips.stop[off].astype(np.int64), trips.arrival_s[off].astype(np.int64), foot_s, off, nothing)
        at = at.least()
        begin, count = self.change_ptr[at.stop], np.diff(self.change_ptr)[at.stop]
        row = np.repeat(np.arange(len(at.stop)), count)
        change = np.arange(len(row)) + np.repeat(begin - (np.cumsum(count) - count), count)
        to, ready_s = self.change_to[change].astype(np.int64), at.ready_s[row] + self.change_s[change]
        near = ready_s <= deadline.ready_by_s[to]
        row, change = row[near], change[near]
        walked_s = at.foot_s[row] + self.change_foot_s[change]
        return _Ready(to[near], ready_s[near], walked_s, at.call[row], change).least()

    def _read_back(self, off: int, rounds: list[tuple[_Aboard, _Ready]]) -> list[Ride]:
        """Follow the way back from where one gets off last."""
        found = []
        for aboard, ready in reversed(rounds):
            pieces = [(int(aboard.boarded[off - 1]), off)]
            while pieces[0][0] == self.trips.first[trip := self.trip[pieces[0][0]]] and aboard.seat[trip] >= 0:
                end = int(self.trips.first[aboard.seat[trip] + 1]) - 1
                pieces.insert(0, (int(aboard.boarded[end]), end))
            entry = aboard.entered[pieces[0][0]]
            found.append(Ride(tuple(pieces), int(ready.change[entry])))
            off = int(ready.call[entry])
        return found[::-1]


class Deadline(NamedTuple):
    """What still leads there in time.

    ``last`` call of each trip worth riding to (past its end where one stays seated), latest moment to be ready to
    board at each stop, and to get off.
    """

    last: NDArray[np.int64]
    ready_by_s: NDArray[np.int64]
    arrive_by_s: NDArray[np.int64]


class _Ready(NamedTuple):
    """Ways to stand at a stop: when, after how much walking, from which call (-1: the start), by which change."""

    stop: NDArray[np.int64]
    ready_s: NDArray[np.int64]
    foot_s: NDArray[np.int64]
    call: NDArray[np.int64]
    change: NDArray[np.int64]

    def least(self) -> _Ready:
        """Keep the ways that no other beats in both time and walking, by stop and time."""
        order = np.lexsort((self.foot_s, self.ready_s, self.stop))
        kept = order[_is_least(self.stop[order], self.foot_s[order])]
        return _Ready(*(each[kept] for each in self))


class _Aboard(NamedTuple):
    """Least walking to be on board: where one boarded to leave each call, and by which way; seats kept from trips."""

    boarded: NDArray[np.int64]
    foot_s: NDArray[np.int64]
    entered: NDArray[np.int64]
    seat: NDArray[np.int64]

    def alighted(self, service: Service, deadline: Deadline) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """List the calls one may get off at in time, and the walking until then."""
        trips, call = service.trips, service.call
        off = call[trips.drop_off & (call > trips.first[service.trip])]
        off = off[trips.arrival_s[off] <= deadline.arrive_by_s[trips.stop[off]]]
        foot_s = self.foot_s[self.boarded[off - 1]]
        return off[foot_s < _UNABLE], foot_s[foot_s < _UNABLE]


def _is_least(group: NDArray[np.int64], value: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which values are below all before them in their group; groups ascend, values are 0 to `_UNABLE`."""
    lower = value - group * (_UNABLE + 1)  # so that any of a group is below all of the group before
    least = np.concatenate([[NEVER], np.minimum.accumulate(lower)[:-1]]) if len(lower) else lower
    return np.asarray(lower < least)
