"""Rules for changing from one trip to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.gtfs.references import link

if TYPE_CHECKING:
    from bykobling.gtfs.ledger import Ledger, Sheet
    from bykobling.gtfs.references import Ids

_ENDS = ("from_stop", "to_stop", "from_route", "to_route", "from_trip", "to_trip")
_MIN_TIME = 2
_BETWEEN_TRIPS = (4, 5)


def read_transfers(sheet: Sheet, stops: Ids, routes: Ids, trips: Ids, ledger: Ledger) -> pd.DataFrame:
    """Read transfer rules; those without what their type needs are left out.

    Parameters
    ----------
    sheet : Sheet
        transfers.txt, perhaps without rows.
    stops, routes, trips : Ids
        What references may name.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    DataFrame
        ``from_stop to_stop from_route to_route from_trip to_trip transfer_type min_transfer_s``.
    """
    ids = {"stop": stops, "route": routes, "trip": trips}
    sheet = link(sheet, {f"{end}_id": ids[end.partition("_")[2]] for end in _ENDS}, ledger)
    rows = sheet.rows
    stays = rows["transfer_type"].isin(_BETWEEN_TRIPS).to_numpy()
    no_trip = stays & (rows[["from_trip", "to_trip"]] < 0).any(axis=1).to_numpy()
    no_stop = ~stays & (rows[["from_stop", "to_stop"]] < 0).any(axis=1).to_numpy()
    ledger.note(sheet, no_trip, "transfer_type 4 or 5 needs from_trip_id and to_trip_id", "name both trips")
    ledger.note(sheet, no_stop, "transfer_type 0 to 3 needs from_stop_id and to_stop_id", "name both stops")
    sheet = sheet.without(no_trip | no_stop)
    rows = sheet.rows
    timeless = ((rows["transfer_type"] == _MIN_TIME) & rows["min_transfer_time"].isna()).to_numpy()
    rule = "transfer_type 2 without min_transfer_time; no least time is known"
    ledger.warn(sheet, timeless, rule, "write the seconds a change takes")
    return pd.DataFrame(
        {
            **{end: rows[end].to_numpy() for end in _ENDS},
            "transfer_type": rows["transfer_type"].to_numpy(np.int8),
            "min_transfer_s": rows["min_transfer_time"].to_numpy(np.float64),
        }
    )
