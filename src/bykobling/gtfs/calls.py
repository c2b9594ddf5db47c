"""The calls of every trip: in order, timed, and at stops that are there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._globe import metres_between
from bykobling.gtfs.places import PLATFORM
from bykobling.gtfs.references import first_of_each, link, look_up
from bykobling.gtfs.trips import ids_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.gtfs.ledger import Ledger, Sheet
    from bykobling.gtfs.references import Ids

_NOT_ALLOWED = 1
"""In pickup_type and drop_off_type; by arrangement (2, 3) counts as allowed."""
_LEAST_CALLS = 2


def read_calls(
    sheet: Sheet, trips: Sheet, stops: pd.DataFrame, stop_ids: Ids, ledger: Ledger
) -> tuple[pd.DataFrame, Sheet]:
    """Read the calls of trips; trips left with fewer than two are left out.

    Blank times are interpolated before calls at missing stops are left out, so the others keep their times.

    Parameters
    ----------
    sheet : Sheet
        stop_times.txt.
    trips : Sheet
        The trips they belong to.
    stops : DataFrame
        As `places.read_stops` gives them.
    stop_ids : Ids
        What references to stops may name.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    table : DataFrame
        ``trip stop arrival_s departure_s pickup drop_off timed``, by trip and sequence.
    trips : Sheet
        The trips left, in the order the table counts them.
    """
    unknown, lost = look_up(sheet, {"stop_id": stop_ids}, ledger)
    stop = stop_ids.find(sheet.rows["stop_id"])[0]
    # a stop that is not there, -1, takes the last entry
    odd = np.append(stops["location_type"], PLATFORM)[stop] != PLATFORM
    rule = "a trip calls at a stop whose location_type is not 0"
    ledger.note(sheet, odd, rule, "name the platform it stops at", sheet.rows["stop_id"][odd])
    sheet = replace(sheet, rows=sheet.rows.assign(stop=stop, nowhere=unknown | odd, lost=lost))
    sheet = _in_order(link(sheet, {"trip_id": ids_of(trips)}, ledger), ledger)
    sheet = _timed(_forwards(sheet, ledger), ledger, stops)
    sheet = sheet.without(sheet.rows["nowhere"].to_numpy())
    sheet = ledger.follow(sheet, sheet.rows["lost"].to_numpy(), "stop_id names a row of stops.txt that was left out")
    trip = sheet.rows["trip"].to_numpy()
    short = np.bincount(trip, minlength=len(trips.rows)) < _LEAST_CALLS
    rule, remedy = "the trip has fewer than two sound calls; left out", "give it its calls, or delete it"
    ledger.warn(trips, short, rule, remedy, trips.rows["trip_id"][short], into=ledger.lost)
    number = np.cumsum(~short) - 1
    rows = sheet.rows[~short[trip]]
    table = pd.DataFrame(
        {
            "trip": number[rows["trip"]].astype(np.int32),
            "stop": rows["stop"].to_numpy(),
            "arrival_s": rows["arrival_time"].to_numpy(np.int32),
            "departure_s": rows["departure_time"].to_numpy(np.int32),
            "pickup": rows["pickup_type"].to_numpy() != _NOT_ALLOWED,
            "drop_off": rows["drop_off_type"].to_numpy() != _NOT_ALLOWED,
            "timed": rows["timed"].to_numpy(),
        }
    )
    return table, trips.without(short)


def _in_order(sheet: Sheet, ledger: Ledger) -> Sheet:
    """Sort by trip and sequence; a sequence number that repeats leaves the order open."""
    trip, sequence = sheet.rows["trip"].to_numpy(), sheet.rows["stop_sequence"].to_numpy()
    step, up = np.diff(trip), np.diff(sequence)
    if ((step > 0) | ((step == 0) & (up > 0))).all():
        return sheet
    order = np.lexsort((sequence, trip))
    return first_of_each(replace(sheet, rows=sheet.rows.iloc[order]), ["trip_id", "stop_sequence"], ledger)


def _forwards(sheet: Sheet, ledger: Ledger) -> Sheet:
    """Let one time stand for both where one is blank; leave out trips whose times run backwards."""
    arrival, departure = sheet.rows["arrival_time"].to_numpy(), sheet.rows["departure_time"].to_numpy()
    rows = sheet.rows.assign(
        arrival_time=np.where(np.isnan(arrival), departure, arrival),
        departure_time=np.where(np.isnan(departure), arrival, departure),
        timed=~(np.isnan(arrival) & np.isnan(departure)),
    )
    sheet = replace(sheet, rows=rows)
    trip, timed = rows["trip"].to_numpy(), rows["timed"].to_numpy()
    waits_backwards = (rows["arrival_time"] > rows["departure_time"]).to_numpy()
    at = np.flatnonzero(timed)
    arrives, leaves = rows["arrival_time"].to_numpy()[at], rows["departure_time"].to_numpy()[at]
    runs_backwards = np.zeros(len(rows), bool)
    runs_backwards[at[1:]] = (trip[at][1:] == trip[at][:-1]) & (arrives[1:] < leaves[:-1])
    done = "the whole trip left out"
    names = rows["trip_id"]
    for bad, rule, remedy in (
        (waits_backwards, "arrival_time is after departure_time", "exchange or correct them"),
        (runs_backwards, "arrival_time is before the departure from the stop before",
         "correct them; after midnight count on (24:05:00)"),
    ):  # fmt: skip
        ledger.note(sheet, bad, rule, remedy, names[bad], done=done)
    wrong = np.zeros(trip.max(initial=-1) + 1, bool)
    wrong[trip[waits_backwards | runs_backwards]] = True
    return sheet.without(wrong[trip])


def _timed(sheet: Sheet, ledger: Ledger, stops: pd.DataFrame) -> Sheet:
    """Interpolate blank times; calls before the first and after the last time of a trip cannot be."""
    rows = sheet.rows
    trip, timed = rows["trip"].to_numpy(), rows["timed"].to_numpy()
    if timed.all():
        return sheet
    here = np.arange(len(rows))
    before = np.maximum.accumulate(np.where(timed, here, -1))
    after = np.minimum.accumulate(np.where(timed, here, len(rows))[::-1])[::-1]
    last = len(rows) - 1
    open_end = (before < 0) | (after > last) | (trip[before] != trip) | (trip[np.minimum(after, last)] != trip)
    before, after = before[~open_end], after[~open_end]
    # counted in the rows that stay, which keep every timed one
    number = np.cumsum(~open_end) - 1
    rule = "the first and the last call of a trip need a time, and here and before, or after, there is none"
    sheet = ledger.drop(sheet, open_end, rule, "write the time", rows["trip_id"][open_end])
    return replace(sheet, rows=_interpolated(sheet.rows, number[before], number[after], stops))


def _interpolated(
    rows: pd.DataFrame, before: NDArray[np.int64], after: NDArray[np.int64], stops: pd.DataFrame
) -> pd.DataFrame:
    """Fill blank times between the timed calls `before` and `after`, to the second.

    By ``shape_dist_traveled`` where every call of the trip has one and it never falls, else by the straight distances
    from stop to stop; where the distance does not grow between two timed calls, or a stop of it is missing from the
    feed, by counting stops there. Buses stop
    now every 200 m and now every 2 km: counting alone puts them minutes from where they are.
    """
    trip, given = rows["trip"].to_numpy(), rows["shape_dist_traveled"].to_numpy()
    count = np.arange(len(rows), dtype=np.float64)
    unfit = np.isnan(given)
    unfit[1:] |= (trip[1:] == trip[:-1]) & ~(given[1:] >= given[:-1])
    untold = np.zeros(trip.max(initial=-1) + 1, bool)
    untold[trip[unfit]] = True
    stop = rows["stop"].to_numpy()
    distance = np.where(untold[trip], _along(stop, stops), given)
    nowhere = np.concatenate([[0], np.cumsum(stop < 0)])
    flat = ~(distance[after] > distance[before]) | (untold[trip] & (nowhere[after + 1] > nowhere[before]))
    place, start, end = (np.where(flat, count[at], distance[at]) for at in (np.arange(len(rows)), before, after))
    blank = ~rows["timed"].to_numpy()
    share = np.zeros(len(rows))
    share[blank] = (place[blank] - start[blank]) / (end[blank] - start[blank])
    leaves, arrives = rows["departure_time"].to_numpy()[before], rows["arrival_time"].to_numpy()[after]
    between = np.rint(leaves + share * (arrives - leaves))
    return rows.assign(
        arrival_time=np.where(blank, between, rows["arrival_time"]),
        departure_time=np.where(blank, between, rows["departure_time"]),
    )


def _along(stop: NDArray[np.int64], stops: pd.DataFrame) -> NDArray[np.float64]:
    """Add up the straight distances from call to call in metres; nonsense at stops that are missing."""
    if stops.empty:
        return np.zeros(len(stop))
    at = np.maximum(stop, 0)
    lon, lat = stops["lon"].to_numpy()[at], stops["lat"].to_numpy()[at]
    steps = metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
    return np.concatenate([[0.0], np.cumsum(steps)])[: len(stop)]
