"""Clock times and the seconds of a service day, which GTFS counts from noon minus 12 hours."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from bykobling.errors import Fault, InputError

_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")
_NOON_S = 12 * 3600
_LAST_H = 47


def reference(date: dt.date, timezone: str) -> int:
    """Find the moment the times of a service day count from.

    Parameters
    ----------
    date : date
        Service day.
    timezone : str
        IANA name.

    Returns
    -------
    int
        Seconds since 1970 UTC of noon minus 12 hours: midnight, but on days on which the clocks change.

    Examples
    --------
    >>> import datetime
    >>> reference(datetime.date(2026, 3, 29), "Europe/Copenhagen")  # an hour before midnight, as the day lacks one
    1774735200
    """
    noon = dt.datetime.combine(date, dt.time(12), ZoneInfo(timezone))
    return round(noon.timestamp()) - _NOON_S


def clock_seconds(date: dt.date, time: str, timezone: str) -> int:
    """Turn a time on the clock into seconds after noon minus 12 hours.

    Parameters
    ----------
    date : date
        Service day.
    time : str
        ``"HH:MM"`` or ``"HH:MM:SS"``; 24:00 and later is the next day.
    timezone : str
        IANA name.

    Returns
    -------
    int
        Seconds.

    Raises
    ------
    InputError
        Not a time.

    Examples
    --------
    >>> import datetime
    >>> clock_seconds(datetime.date(2026, 3, 29), "08:00", "Europe/Copenhagen")
    28800
    >>> clock_seconds(datetime.date(2026, 3, 29), "01:00", "Europe/Copenhagen")  # before the clocks change
    7200
    """
    match = _TIME.fullmatch(time)
    if match is None or int(match[1]) > _LAST_H:
        raise InputError(Fault("time", "", f"{time!r} is not a time of day", 'write "HH:MM", such as "08:00"'))
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    day = date + dt.timedelta(days=hours // 24)
    moment = dt.datetime.combine(day, dt.time(hours % 24, minutes, seconds), ZoneInfo(timezone))
    return round(moment.timestamp()) - reference(date, timezone)
