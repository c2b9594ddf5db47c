"""The tables of one or more GTFS feeds, read, checked and joined by row number."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import datetime as dt

    from numpy.typing import ArrayLike, NDArray

    from bykobling.errors import Fault

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR = 366
_EPOCH_WEEKDAY = 3
"""1970-01-01 was a Thursday."""


@dataclass(frozen=True, eq=False)
class Feed:
    """What one or more GTFS feeds promise, with every reference resolved.

    Every table has rows from 0; a reference is the row in the other table (int32, -1: none). Ids are those of the
    files; where several feeds were read they are led by ``"1:"``, ``"2:"`` and so on, so equal ids never meet.
    Times are whole seconds (int32) after noon minus 12 hours of the service day; they may pass 86,400.

    Parameters
    ----------
    names : tuple of str
        File name of each feed.
    timezones : tuple of str
        Time zone of each feed's agencies (IANA).
    stops : DataFrame
        ``stop_id``, ``feed`` (int16), ``stop_name``, ``lon``, ``lat`` (degrees; always there: generic nodes and
        boarding areas without a place have that of their parent), ``location_type`` (int8, 0 to 4), ``parent`` (row).
    routes : DataFrame
        ``route_id``, ``feed``, ``short_name``, ``long_name``, ``mode``, ``route_type`` (int32), ``color`` (``""`` or
        ``"RRGGBB"``).
    trips : DataFrame
        ``trip_id``, ``feed``, ``route``, ``service`` (rows), ``direction`` (int8, -1 unknown), ``block`` (``""``
        none), ``headsign``.
    stop_times : DataFrame
        ``trip``, ``stop`` (rows), ``arrival_s``, ``departure_s``, ``pickup``, ``drop_off`` (bool: may one get on,
        off), ``timed`` (bool; False where the time was interpolated); by trip and stop sequence.
    services : DataFrame
        ``service_id``, ``feed``, ``first``, ``last`` (days; NaT where only single dates are listed), ``monday`` to
        ``sunday`` (bool).
    exceptions : DataFrame
        ``service`` (row), ``date``, ``added`` (bool; False: removed).
    frequencies : DataFrame
        ``trip`` (row), ``start_s``, ``end_s`` (exclusive), ``headway_s``, ``exact`` (bool).
    transfers : DataFrame
        ``from_stop``, ``to_stop``, ``from_route``, ``to_route``, ``from_trip``, ``to_trip`` (rows, -1 none),
        ``transfer_type`` (int8, 0 to 5), ``min_transfer_s`` (float64, NaN none).
    pathways : DataFrame
        ``from_stop``, ``to_stop`` (rows), ``seconds`` (float64), ``bidirectional`` (bool), ``mode`` (int8).
    faults : tuple of Fault
        Warnings: everything that was left out, repaired or assumed, counted, the first ten named.
    """

    names: tuple[str, ...]
    timezones: tuple[str, ...]
    stops: pd.DataFrame
    routes: pd.DataFrame
    trips: pd.DataFrame
    stop_times: pd.DataFrame
    services: pd.DataFrame
    exceptions: pd.DataFrame
    frequencies: pd.DataFrame
    transfers: pd.DataFrame
    pathways: pd.DataFrame
    faults: tuple[Fault, ...] = ()

    def __repr__(self) -> str:
        """Count the rows of each table."""
        tables = {each.name: getattr(self, each.name) for each in fields(self)}
        counts = ", ".join(
            f"{len(table):,} {name}" for name, table in tables.items() if isinstance(table, pd.DataFrame)
        )
        return f"<Feed {', '.join(self.names)}: {counts}>"

    def active(self, date: dt.date) -> NDArray[np.bool_]:
        """Tell which services run on a date: what the calendar says, then what single dates add or remove.

        Parameters
        ----------
        date : datetime.date
            Service day.

        Returns
        -------
        array of bool
            One for each row of `services`.
        """
        running: NDArray[np.bool_] = self._running(np.array([date], "datetime64[D]"))[0]
        return running

    @property
    def dates(self) -> NDArray[np.datetime64]:
        """Days (datetime64[D], in order) on which at least one trip runs."""
        days, trips = self.count_by_date(np.bincount(self.trips["service"], minlength=len(self.services)))
        return days[trips > 0]

    def count_by_date(self, per_service: ArrayLike) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
        """Add up a number each service brings on the days it runs.

        Parameters
        ----------
        per_service : array of int
            One for each row of `services`, e.g. its trips.

        Returns
        -------
        days : array of datetime64[D]
            Every day from the first to the last a service is listed for.
        total : array of int64
            The sum on each.
        """
        days = self._listed()
        numbers = np.asarray(per_service, np.int64)
        # year by year: calendars without an end run for centuries
        parts = [self._running(days[at : at + _YEAR]) @ numbers for at in range(0, len(days), _YEAR)]
        return days, np.concatenate([np.empty(0, np.int64), *parts])

    def _listed(self) -> NDArray[np.datetime64]:
        """Every day from the first to the last the calendars speak of."""
        named = [_days(self.services["first"]), _days(self.services["last"]), _days(self.exceptions["date"])]
        listed = np.concatenate(named)
        listed = listed[~np.isnat(listed)]
        if not len(listed):
            return listed
        return np.arange(listed.min(), listed.max() + 1)

    def _running(self, days: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        """Tell which services run on some days in a row, shape (days, services)."""
        weekday = (days.astype(np.int64) + _EPOCH_WEEKDAY) % 7
        on = self.services[list(WEEKDAYS)].to_numpy(bool).T[weekday]
        # a comparison with NaT is False, so services of single dates alone start from nothing
        on &= (_days(self.services["first"]) <= days[:, None]) & (days[:, None] <= _days(self.services["last"]))
        place = (_days(self.exceptions["date"]) - days[0]).astype(np.int64)
        here = (place >= 0) & (place < len(days))
        on[place[here], self.exceptions["service"].to_numpy()[here]] = self.exceptions["added"].to_numpy(bool)[here]
        return on


def _days(dates: pd.Series[pd.Timestamp]) -> NDArray[np.datetime64]:
    return dates.to_numpy().astype("datetime64[D]")
