"""The timetable of one day: plain arrays that never change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.timetable.clock import clock_seconds

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import NDArray

UNKNOWN_WAY, INDOORS, RULE = range(3)


@dataclass(frozen=True, eq=False)
class Timetable:
    """What runs on one day, as patterns of stops and the trips on them; every array is read-only.

    Trips of one pattern call at the same stops in the same order with the same rules for getting on and off, and
    never overtake each other. Times are seconds after noon minus 12 hours of `date` in `timezone`.

    Parameters
    ----------
    date : date
        Service day; the night trips of the day before and the morning after are in it too.
    timezone : str
        Time zone the times are told in (IANA).
    stops : DataFrame (S rows)
        ``stop_id``, ``stop_name``, ``lon``, ``lat``, ``station`` (number shared by the stops of one station, -1
        alone). Trips with a transfer rule of their own may have a copy of their stop: same id, another row.
    routes : DataFrame
        ``route_id``, ``short_name``, ``long_name``, ``mode``, ``color``.
    pattern_first : array of int64 (P + 1,)
        Row i of a pattern's stops is ``pattern_first[p] + i`` in the next three.
    pattern_stop : array of int32
        Stop of each position.
    pickup, drop_off : array of bool
        Whether one may get on, get off there.
    pattern_trip : array of int64 (P + 1,)
        Trips ``pattern_trip[p]`` to ``pattern_trip[p + 1]`` run pattern p, in order of time.
    trip_call : array of int64 (T + 1,)
        The times of a trip's call at position i are at ``trip_call[t] + i``.
    arrival_s, departure_s : array of int32
        Times of every call.
    trip_route : array of int32 (T,)
        Row in `routes`.
    trip_id : array of str (T,)
        As in the feed; several trips of one id where a headway was laid out.
    trip_direction : array of int8 (T,)
        0, 1, or -1 unknown.
    headway_based : array of bool (T,)
        Departures that no timetable promises: placed one headway apart (assumed).
    stay_ptr, stay_trip : array of int64 (T + 1,), int32
        Trips the same vehicle runs next: who is on board may stay seated.
    walk_from, walk_to : array of int32 (k,)
        Transfers the feed tells of (stops).
    walk_s : array of float64 (k,)
        Seconds they take; inf: not allowed.
    walk_kind : array of int8 (k,)
        `RULE`: the seconds are all it takes; `INDOORS`: the time to get ready comes on top; `UNKNOWN_WAY`: a guess
        for stops that the feed joins and the streets may not.
    link_stop : array of int32 (l,)
        Ways between street and stop: the stop's own place, or the entrances of its station.
    link_lon, link_lat : array of float64 (l,)
        Where they meet the street.
    link_in_s, link_out_s : array of float64 (l,)
        Seconds from the street to the stop, and back; inf where there is no way.
    assumed : tuple of str
        Sentences on what the feed left open.
    """

    date: dt.date
    timezone: str
    stops: pd.DataFrame
    routes: pd.DataFrame
    pattern_first: NDArray[np.int64]
    pattern_stop: NDArray[np.int32]
    pickup: NDArray[np.bool_]
    drop_off: NDArray[np.bool_]
    pattern_trip: NDArray[np.int64]
    trip_call: NDArray[np.int64]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    trip_route: NDArray[np.int32]
    trip_id: NDArray[np.object_]
    trip_direction: NDArray[np.int8]
    headway_based: NDArray[np.bool_]
    stay_ptr: NDArray[np.int64]
    stay_trip: NDArray[np.int32]
    walk_from: NDArray[np.int32]
    walk_to: NDArray[np.int32]
    walk_s: NDArray[np.float64]
    walk_kind: NDArray[np.int8]
    link_stop: NDArray[np.int32]
    link_lon: NDArray[np.float64]
    link_lat: NDArray[np.float64]
    link_in_s: NDArray[np.float64]
    link_out_s: NDArray[np.float64]
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make every array read-only."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @property
    def stop_count(self) -> int:
        """Number of stops, copies included."""
        return len(self.stops)

    @property
    def pattern_count(self) -> int:
        """Number of patterns."""
        return len(self.pattern_first) - 1

    @property
    def trip_count(self) -> int:
        """Number of trips."""
        return len(self.trip_call) - 1

    @property
    def trip_pattern(self) -> NDArray[np.int32]:
        """Pattern of each trip, shape (T,)."""
        return np.repeat(np.arange(self.pattern_count, dtype=np.int32), np.diff(self.pattern_trip))

    def seconds_at(self, time: str) -> int:
        """Turn a time on the clock of the day into seconds of the timetable.

        Parameters
        ----------
        time : str
            ``"HH:MM"`` or ``"HH:MM:SS"``; 24:00 and later is the next day.

        Returns
        -------
        int
            The same number as counted from midnight, but on a day on which the clocks change.
        """
        return clock_seconds(self.date, time, self.timezone)

    def calls(self) -> pd.DataFrame:
        """List every call of every trip.

        Returns
        -------
        DataFrame
            ``trip``, ``pattern``, ``route``, ``direction``, ``position``, ``stop`` (rows), ``arrival_s``,
            ``departure_s``, ``pickup``, ``drop_off``; by trip and position.
        """
        lengths = np.diff(self.trip_call)
        trip = np.repeat(np.arange(self.trip_count, dtype=np.int32), lengths)
        position = np.arange(len(trip)) - self.trip_call[trip]
        pattern = self.trip_pattern[trip]
        row = self.pattern_first[pattern] + position
        return pd.DataFrame(
            {
                "trip": trip,
                "pattern": pattern,
                "route": self.trip_route[trip],
                "direction": self.trip_direction[trip],
                "position": position,
                "stop": self.pattern_stop[row],
                "arrival_s": self.arrival_s,
                "departure_s": self.departure_s,
                "pickup": self.pickup[row],
                "drop_off": self.drop_off[row],
            }
        )

    def fingerprint(self) -> str:
        """Hash every array; equal timetables have equal fingerprints.

        Returns
        -------
        str
            SHA-256 in hexadecimal.
        """
        digest = hashlib.sha256()
        for each in fields(self):
            value: Any = getattr(self, each.name)
            if isinstance(value, pd.DataFrame):
                value = value.to_csv(index=False).encode()
            elif isinstance(value, np.ndarray) and value.dtype == object:
                value = "\x00".join(value).encode()
            elif isinstance(value, np.ndarray):
                value = value.tobytes()
            else:
                value = repr(value).encode()
            digest.update(each.name.encode() + b"=" + value)
        return digest.hexdigest()
