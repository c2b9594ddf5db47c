"""Trips as rows of calls, and the patterns they fall into."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Trips:
    """Trips with their calls one after the other.

    Parameters
    ----------
    first : array of int64 (T + 1,)
        Calls ``first[t]`` to ``first[t + 1]`` are trip t's.
    stop : array of int32 (n,)
        Stop of each call.
    arrival_s, departure_s : array of int32 (n,)
        Times of each call.
    pickup, drop_off : array of bool (n,)
        Whether one may get on, get off.
    route : array of int32 (T,)
        Route of each trip.
    trip_id : array of str (T,)
        Its name.
    direction : array of int8 (T,)
        0, 1, or -1.
    headway_based : array of bool (T,)
        Whether its times are one headway laid out.
    stays : array of int32 (k, 2)
        Pairs of trips (from, to) between which one may stay seated.
    """

    first: NDArray[np.int64]
    stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    pickup: NDArray[np.bool_]
    drop_off: NDArray[np.bool_]
    route: NDArray[np.int32]
    trip_id: NDArray[np.object_]
    direction: NDArray[np.int8]
    headway_based: NDArray[np.bool_]
    stays: NDArray[np.int32]

    def __len__(self) -> int:
        """Count the trips."""
        return len(self.route)

    @property
    def trip_of_call(self) -> NDArray[np.int64]:
        """Trip of each call, shape (n,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.first))

    def take(self, trips: ArrayLike) -> Trips:
        """Choose trips, in an order; staying seated is kept between those chosen.

        Parameters
        ----------
        trips : array of int
            Numbers of trips, each at most once.

        Returns
        -------
        Trips
        """
        chosen = np.asarray(trips, np.int64)
        lengths = np.diff(self.first)[chosen]
        first = np.zeros(len(chosen) + 1, np.int64)
        np.cumsum(lengths, out=first[1:])
        calls = np.arange(first[-1]) + np.repeat(self.first[chosen] - first[:-1], lengths)
        number = np.full(len(self) + 1, -1, np.int32)  # the last: a trip that is none
        number[chosen] = np.arange(len(chosen))
        stays = number[self.stays].reshape(-1, 2)
        return Trips(
            first=first,
            stop=self.stop[calls],
            arrival_s=self.arrival_s[calls],
            departure_s=self.departure_s[calls],
            pickup=self.pickup[calls],
            drop_off=self.drop_off[calls],
            route=self.route[chosen],
            trip_id=self.trip_id[chosen],
            direction=self.direction[chosen],
            headway_based=self.headway_based[chosen],
            stays=stays[(stays >= 0).all(axis=1)],
        )

    def shifted(self, seconds: ArrayLike) -> Trips:
        """Move every trip in time.

        Parameters
        ----------
        seconds : int or array of int (T,)
            How much later.

        Returns
        -------
        Trips
        """
        later = np.broadcast_to(np.asarray(seconds, np.int32), len(self))[self.trip_of_call]
        return replace(self, arrival_s=self.arrival_s + later, departure_s=self.departure_s + later)


def joined(parts: list[Trips]) -> Trips:
    """Put trips together; those of the first part come first.

    Parameters
    ----------
    parts : list of Trips
        At least one.

    Returns
    -------
    Trips
    """
    calls = np.cumsum([0] + [len(part.stop) for part in parts])
    trips = np.cumsum([0] + [len(part) for part in parts])
    pairs = list(zip(parts, calls[:-1], trips[:-1], strict=True))
    return Trips(
        first=np.concatenate([*(part.first[:-1] + before for part, before, _ in pairs), calls[-1:]]).astype(np.int64),
        stays=np.concatenate([part.stays + before for part, _, before in pairs]).astype(np.int32),
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in Trips.__dataclass_fields__
            if name not in {"first", "stays"}
        },
    )


def in_patterns(trips: Trips) -> tuple[Trips, NDArray[np.int64]]:
    """Order trips by pattern and time.

    Trips of one pattern have the same stops and rules and do not overtake each other: an earlier trip is nowhere
    later. Those that overtake get a pattern of their own.

    Parameters
    ----------
    trips : Trips
        In any order.

    Returns
    -------
    trips : Trips
        The same, in order.
    pattern_trip : array of int64 (P + 1,)
        Trips ``pattern_trip[p]`` to ``pattern_trip[p + 1]`` are pattern p's.
    """
    groups: dict[bytes, list[int]] = {}
    flags = trips.pickup.astype(np.int8) + 2 * trips.drop_off
    for trip in range(len(trips)):
        calls = slice(trips.first[trip], trips.first[trip + 1])
        groups.setdefault(trips.stop[calls].tobytes() + flags[calls].tobytes(), []).append(trip)
    order: list[int] = []
    lengths: list[int] = []
    for members in groups.values():
        for chain in _chains(trips, np.array(members)):
            order += chain
            lengths.append(len(chain))
    pattern_trip = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, out=pattern_trip[1:])
    return trips.take(order), pattern_trip


def _chains(trips: Trips, members: NDArray[np.int64]) -> list[list[int]]:
    """Split trips of the same stops into chains in which nobody overtakes."""
    length = int(trips.first[members[0] + 1] - trips.first[members[0]])
    calls = trips.first[members][:, None] + np.arange(length)
    times = np.concatenate([trips.departure_s[calls], trips.arrival_s[calls]], axis=1)
    rank = np.lexsort((members, times[:, -1], times[:, 0]))
    times, members = times[rank], members[rank]
    if bool((np.diff(times, axis=0) >= 0).all()):
        return [members.tolist()]
    chains: list[list[int]] = []
    last: list[NDArray[np.int32]] = []
    for trip, when in zip(members.tolist(), times, strict=True):
        for number, before in enumerate(last):
            if bool((when >= before).all()):
                chains[number].append(trip)
                last[number] = when
                break
        else:
            chains.append([trip])
            last.append(when)
    return chains
