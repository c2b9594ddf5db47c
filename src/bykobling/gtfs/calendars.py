"""The days services run on, and the zone their clock is in."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.errors import Fault
from bykobling.gtfs.model import WEEKDAYS
from bykobling.gtfs.references import Ids, first_of_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.gtfs.ledger import Ledger, Sheet

_ADDED = 1


def read_timezone(sheet: Sheet, ledger: Ledger) -> str:
    """Find the one time zone of a feed's agencies.

    Parameters
    ----------
    sheet : Sheet
        agency.txt.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    str
        IANA name.

    Raises
    ------
    InputError
        If there is none, more than one, or one that is unknown.
    """
    zones = sheet.rows["agency_timezone"]
    where = dict(zip(zones, sheet.lines.of(sheet.rows.index.to_numpy()), strict=True))
    remedy = "write the same IANA name for all, such as Europe/Copenhagen"
    if not where:
        ledger.fail([Fault(sheet.label, "", "no agency with a time zone is in it", remedy)])
    if len(where) > 1:
        ledger.fail([Fault(sheet.label, "", f"its agencies have {len(where)} time zones: {', '.join(where)}", remedy)])
    ((zone, line),) = where.items()
    if not _is_zone(zone):
        ledger.fail([Fault(sheet.label, f"row {line}", f"the time zone {zone!r} is unknown", remedy)])
    return str(zone)


def _is_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def read_services(calendar: Sheet, dates: Sheet, ledger: Ledger) -> tuple[pd.DataFrame, pd.DataFrame, Ids]:
    """Read the weekly services and the single dates that add to them, take from them, or stand alone.

    Parameters
    ----------
    calendar : Sheet
        calendar.txt, perhaps without rows.
    dates : Sheet
        calendar_dates.txt, perhaps without rows.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    services : DataFrame
        ``service_id first last monday ... sunday``.
    exceptions : DataFrame
        ``service date added``.
    ids : Ids
        What references may name.
    """
    calendar = first_of_each(calendar, ["service_id"], ledger)
    backwards = (calendar.rows["end_date"] < calendar.rows["start_date"]).to_numpy()
    names = calendar.rows.loc[backwards, "service_id"]
    calendar = ledger.drop(calendar, backwards, "end_date is before start_date", "exchange or correct them", names)
    dates = _dates_of_sound_services(calendar, dates, ledger)
    weekly = calendar.rows["service_id"].tolist()
    listed = set(weekly)
    alone = [name for name in dates.rows["service_id"].unique() if name not in listed]
    every = [*weekly, *alone]
    ids = Ids("calendar.txt or calendar_dates.txt", every, calendar.ids | dates.ids)
    services = pd.DataFrame({"service_id": pd.array(every, dtype="str")})
    missing = np.full(len(alone), np.nan)
    for name, column in (("first", "start_date"), ("last", "end_date")):
        services[name] = _dates(np.concatenate([calendar.rows[column].to_numpy(), missing]))
    for weekday in WEEKDAYS:
        services[weekday] = np.concatenate([calendar.rows[weekday].to_numpy() == 1, np.zeros(len(alone), bool)])
    exceptions = pd.DataFrame(
        {
            "service": ids.find(dates.rows["service_id"])[0],
            "date": _dates(dates.rows["date"].to_numpy()),
            "added": dates.rows["exception_type"].to_numpy() == _ADDED,
        }
    )
    return services, exceptions, ids


def _dates_of_sound_services(calendar: Sheet, dates: Sheet, ledger: Ledger) -> Sheet:
    """Leave out repeated dates, and those of services whose calendar row was left out.

    Those dates alone would be another service than the feed's.
    """
    dates = first_of_each(dates, ["service_id", "date"], ledger)
    kept = Ids("calendar.txt", calendar.rows["service_id"].tolist(), calendar.ids)
    lost = kept.find(dates.rows["service_id"])[2]
    return ledger.follow(dates, lost, "service_id names a row of calendar.txt that was left out")


def _dates(days: NDArray[np.float64]) -> NDArray[np.datetime64]:
    """Turn days since 1970 into dates, NaN into NaT."""
    filled = np.where(np.isnan(days), 0, days).astype(np.int64).astype("datetime64[D]")
    filled[np.isnan(days)] = np.datetime64("NaT")
    return filled.astype("datetime64[s]")
