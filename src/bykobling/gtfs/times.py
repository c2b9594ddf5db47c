"""Times and dates as GTFS writes them."""

from __future__ import annotations

import datetime as dt
import re

_TIME = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
LAST_S = 72 * 3600
"""A service day may run into the third day; what lies beyond is a slip, not a trip."""
FIRST_YEAR, LAST_YEAR = 1970, 2199
TIME_RULE = "is no time H:MM:SS up to 72:00:00 (minutes and seconds have two figures, 00 to 59)"
DATE_RULE = f"is no date YYYYMMDD of the years {FIRST_YEAR} to 9999"


def seconds(text: str) -> int | None:
    """Turn a time of the service day into seconds, None if it is none.

    Parameters
    ----------
    text : str
        ``"7:05:00"``, ``"07:05:00"``, ``"25:10:00"`` (past midnight).

    Returns
    -------
    int or None
        Seconds after noon minus 12 hours.

    Examples
    --------
    >>> seconds("25:10:00"), seconds("7:5:00"), seconds("07:60:00")
    (90600, None, None)
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hours, minutes, rest = map(int, match.groups())
    total = hours * 3600 + minutes * 60 + rest
    return total if total <= LAST_S else None


def day(text: str) -> dt.date | None:
    """Turn ``"YYYYMMDD"`` into a date, None if there is no such day.

    Years after 2199 stand for "no end" and become the last day of that year, so that counting days stays cheap.

    Parameters
    ----------
    text : str
        Eight figures.

    Returns
    -------
    date or None

    Examples
    --------
    >>> day("20190415"), day("20190231"), day("99991231")
    (datetime.date(2019, 4, 15), None, datetime.date(2199, 12, 31))
    """
    match = _DATE.fullmatch(text)
    if match is None or int(match[1]) < FIRST_YEAR:
        return None
    try:
        found = dt.date(*map(int, match.groups()))
    except ValueError:
        return None
    return min(found, dt.date(LAST_YEAR, 12, 31))
