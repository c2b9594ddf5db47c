"""Routes, the trips on them, and trips that are repeated at a headway."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.gtfs.references import Ids, first_of_each, link
from bykobling.gtfs.schema import mode_of

if TYPE_CHECKING:
    from bykobling.gtfs.ledger import Ledger, Sheet


def read_routes(sheet: Sheet, ledger: Ledger) -> tuple[pd.DataFrame, Ids]:
    """Read the routes and tell their mode.

    Parameters
    ----------
    sheet : Sheet
        routes.txt.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    table : DataFrame
        ``route_id short_name long_name mode route_type color``.
    ids : Ids
        What references may name.
    """
    sheet = first_of_each(sheet, ["route_id"], ledger)
    rows = sheet.rows
    kinds = rows["route_type"].to_numpy(np.int32)
    modes = [mode_of(int(kind)) for kind in kinds]
    unknown = np.array([mode is None for mode in modes], bool)
    rule = "route_type is none that is known; taken as a bus"
    ledger.warn(sheet, unknown, rule, "use a basic or extended route type of GTFS", kinds[unknown])
    table = pd.DataFrame(
        {
            "route_id": rows["route_id"].array,
            "short_name": rows["route_short_name"].array,
            "long_name": rows["route_long_name"].array,
            "mode": pd.array([mode or "bus" for mode in modes], dtype="str"),
            "route_type": kinds,
            "color": rows["route_color"].array,
        }
    )
    return table, Ids("routes.txt", table["route_id"].tolist(), sheet.ids)


def read_trips(sheet: Sheet, routes: Ids, services: Ids, ledger: Ledger) -> Sheet:
    """Find the route and the service of every trip.

    Parameters
    ----------
    sheet : Sheet
        trips.txt.
    routes, services : Ids
        What references may name.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    Sheet
        With ``route`` and ``service`` (rows).
    """
    sheet = first_of_each(sheet, ["trip_id"], ledger)
    return link(sheet, {"route_id": routes, "service_id": services}, ledger)


def ids_of(trips: Sheet) -> Ids:
    """Tell what references to trips may name.

    Parameters
    ----------
    trips : Sheet
        Those in use.

    Returns
    -------
    Ids
    """
    return Ids("trips.txt", trips.rows["trip_id"].tolist(), trips.ids)


def trip_table(sheet: Sheet) -> pd.DataFrame:
    """Make the table of trips.

    Parameters
    ----------
    sheet : Sheet
        As `read_trips` gives it.

    Returns
    -------
    DataFrame
        ``trip_id route service direction block headsign``.
    """
    rows = sheet.rows
    return pd.DataFrame(
        {
            "trip_id": rows["trip_id"].array,
            "route": rows["route"].to_numpy(),
            "service": rows["service"].to_numpy(),
            "direction": rows["direction_id"].to_numpy(np.int8),
            "block": rows["block_id"].array,
            "headsign": rows["trip_headsign"].array,
        }
    )


def check_frequencies(sheet: Sheet, trips: Sheet, ledger: Ledger) -> tuple[Sheet, Sheet]:
    """Leave out headways that cannot be, and trips that are left without any of theirs.

    Such a trip's stop times only say how long it takes, not when it runs.

    Parameters
    ----------
    sheet : Sheet
        frequencies.txt, perhaps without rows.
    trips : Sheet
        The trips they repeat.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    sheet : Sheet
        The sound headways.
    trips : Sheet
        The trips left.
    """
    sheet = link(sheet, {"trip_id": ids_of(trips)}, ledger)
    names = sheet.rows["trip_id"]
    never = (sheet.rows["headway_secs"] <= 0).to_numpy()
    empty = (sheet.rows["end_time"] <= sheet.rows["start_time"]).to_numpy()
    ledger.note(sheet, never, "headway_secs must be above 0", "write the seconds between departures", names[never])
    ledger.note(sheet, empty, "end_time is not after start_time", "correct them", names[empty])
    sheet = sheet.without(never | empty)
    rows = sheet.rows.sort_values(["trip", "start_time"], kind="stable")
    # the latest end so far within the trip, the row itself left out
    before = rows.groupby("trip")["end_time"].cummax().groupby(rows["trip"]).shift()
    overlap = (rows["start_time"] < before).reindex(sheet.rows.index).to_numpy(bool)
    rule = "start_time is before the end of an earlier row of the same trip"
    sheet = ledger.drop(sheet, overlap, rule, "let one begin where the other ends", sheet.rows["trip_id"][overlap])
    bare = sheet.ids - set(sheet.rows["trip_id"])
    lost = np.array([name in bare for name in trips.rows["trip_id"]], bool)
    return sheet, ledger.follow(trips, lost, "all rows of the trip in frequencies.txt were left out")


def frequency_table(sheet: Sheet, trips: Sheet, ledger: Ledger) -> pd.DataFrame:
    """Make the table of headways of the trips that are left in the end.

    Parameters
    ----------
    sheet : Sheet
        As `check_frequencies` gives it.
    trips : Sheet
        Those left.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    DataFrame
        ``trip start_s end_s headway_s exact``.
    """
    rows = link(sheet, {"trip_id": ids_of(trips)}, ledger).rows.sort_values(["trip", "start_time"], kind="stable")
    return pd.DataFrame(
        {
            "trip": rows["trip"].to_numpy(),
            "start_s": rows["start_time"].to_numpy(np.int32),
            "end_s": rows["end_time"].to_numpy(np.int32),
            "headway_s": rows["headway_secs"].to_numpy(np.int32),
            "exact": rows["exact_times"].to_numpy() == 1,
        }
    )
