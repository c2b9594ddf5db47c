"""What is assumed, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.errors import Fault
from bykobling.made_feed.tables import clock
from bykobling.made_feed.timing import STREET_FACTOR
from bykobling.osm.route_faults import listed
from bykobling.tags import TRANSIT_ASSUMPTIONS

if TYPE_CHECKING:
    import pandas as pd

    from bykobling.made_feed.settings import Settings


def about_run(line: Any) -> str:  # noqa: ANN401 - a row of the summary
    """Tell of one run what is assumed of it.

    Parameters
    ----------
    line : named tuple
        A row of ``MadeFeed.lines``.

    Returns
    -------
    str
        For ``route_desc``.
    """
    often = "tagged" if line.interval_tagged else "assumed"
    fast = "tagged" if line.duration_tagged else "assumed"
    return f"Every {line.headway_min:g} min ({often}), {line.minutes:.0f} min from end to end ({fast})."


def assumptions(source: str, lines: pd.DataFrame, settings: Settings) -> tuple[str, ...]:
    """Say everything a reader of the results must know about the timetable.

    Parameters
    ----------
    source : str
        Name of the OSM file.
    lines : DataFrame
        As in ``MadeFeed.lines``.
    settings : Settings
        What was assumed.

    Returns
    -------
    tuple of str
        Sentences.
    """
    start, end = clock(np.array([settings.start_s, settings.end_s]))
    said = [
        f"No timetable is used: lines and stops are those of OpenStreetMap ({source}), every time is assumed.",
        f"All lines run on every day alike, from {start[:5]} to {end[:5]}, at even intervals but at no known minute.",
        "Variants of one line in one direction share its assumed headway.",
        *(_about_mode(mode, settings) for mode in TRANSIT_ASSUMPTIONS if (lines["mode"] == mode).any()),
    ]
    for column, tag, what in (
        ("interval_tagged", "interval", "headway"),
        ("duration_tagged", "duration", "running time"),
    ):
        count = int(lines[column].sum())
        if count:
            said.append(f"{count} of {len(lines)} runs carry {tag}=* in OSM, which is used for the {what} instead.")
    straight = float((lines["km"] * lines["straight_share"]).sum() / max(lines["km"].sum(), 1e-9))
    if straight:
        said.append(
            f"Where the ways of a line do not connect two stops ({straight:.0%} of the length), the way between them "
            f"is taken as {STREET_FACTOR:g} times the straight line."
        )
    backwards = int(lines["reversed"].sum())
    if backwards:
        said.append(f"{backwards} of {len(lines)} runs are not in OSM: they are the other direction read backwards.")
    return tuple(said)


def _about_mode(mode: Any, settings: Settings) -> str:  # noqa: ANN401 - a key of the table
    name = mode.replace("_", " ").capitalize()
    given = [option for option in ("headway_min", "speed_kmh", "dwell_s") if (option, mode) in settings.by_user]
    by_user = f"; set by the user: {', '.join(given)}" if given else ""
    return (
        f"{name}: a line runs every {settings.headway_min[mode]:g} min in each direction, at "
        f"{settings.speed_kmh[mode]:g} km/h from stop to stop, and stands {settings.dwell_s[mode]:g} s at each "
        f"({TRANSIT_ASSUMPTIONS[mode].why}{by_user})."
    )


def refused_durations(source: str, lines: pd.DataFrame) -> list[Fault]:
    """Warn of tagged durations that were not used.

    Parameters
    ----------
    source : str
        Name of the OSM file.
    lines : DataFrame
        Those rows of ``MadeFeed.lines``.

    Returns
    -------
    list of Fault
        One warning, or none.
    """
    if lines.empty:
        return []
    names = lines["name"].where(lines["name"].notna(), lines["trip_id"]).tolist()
    count, named = listed(names)
    rule = (
        f"{count} tagged durations do not fit the run (it is cut short in the file, or would be absurdly slow or "
        f"fast) and are not used: {named}"
    )
    return [Fault(source, "", rule, "use a larger extract, or check duration=* in OSM", "warning")]
