"""A frequency-based GTFS feed out of OSM route relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.errors import Fault, InputError
from bykobling.made_feed import tables as made
from bykobling.made_feed.model import MadeFeed
from bykobling.made_feed.said import about_run, assumptions, refused_durations
from bykobling.made_feed.settings import checked_settings
from bykobling.made_feed.timing import Run, departures, run_times
from bykobling.osm import OsmLines, read_routes

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.made_feed.settings import Settings
    from bykobling.tags import TransitMode


def gtfs_from_osm(
    source: str | os.PathLike[str] | OsmLines,
    *,
    headway_min: Mapping[TransitMode, float] | None = None,
    speed_kmh: Mapping[TransitMode, float] | None = None,
    dwell_s: Mapping[TransitMode, float] | None = None,
    start: str = "06:00:00",
    end: str = "24:00:00",
    timezone: str = "UTC",
    progress: Progress | None = None,
) -> MadeFeed:
    """Make a timetable of the public transport lines of an OSM file, where there is no GTFS.

    Lines and stops are those of OSM. How often and how fast they run is assumed by mode
    (`bykobling.tags.TRANSIT_ASSUMPTIONS`), unless the relation is tagged with ``interval`` or ``duration``. Every
    line runs on all days alike.

    Parameters
    ----------
    source : path or OsmLines
        What `read_osm` takes, or lines read by `read_routes`.
    headway_min : mapping of mode to float, optional
        Minutes between departures of a line in one direction, for the modes that differ from the assumption.
    speed_kmh : mapping of mode to float, optional
        Average speed from one stop to the next, waiting at lights included.
    dwell_s : mapping of mode to float, optional
        Seconds at each stop between the first and the last.
    start, end : str
        First departure, and when no more depart; ``hh:mm:ss``.
    timezone : str
        IANA name that the feed carries; the times are local whatever it is.
    progress : callable, optional
        Called as ``progress(done, total, message)``.

    Returns
    -------
    MadeFeed
        Raw GTFS tables with what was assumed; ``bykobling.write_gtfs(made.tables, "made.zip")`` writes them.

    Raises
    ------
    ReadError
        If the file is missing, truncated, not OSM data, or hostile.
    InputError
        If an option breaks a rule, or there is no line with two stops.

    Examples
    --------
    >>> from bykobling.datasets import demo_folder
    >>> feed = gtfs_from_osm(demo_folder() / "monaco.osm.pbf", headway_min={"bus": 10})
    >>> feed.tables["feed_info"]["feed_version"].item()
    'assumed-from-osm'
    """
    given = {"headway_min": headway_min, "speed_kmh": speed_kmh, "dwell_s": dwell_s}
    settings = checked_settings(given, start=start, end=end, timezone=timezone)
    osm = source if isinstance(source, OsmLines) else read_routes(source, progress=progress)
    if osm.lines.empty:
        rule = "there is no public transport line with two stops in it"
        remedy = "use an extract with route relations (type=route) and their stops, or a GTFS feed"
        raise InputError(Fault(osm.source, "", rule, remedy))
    runs = _runs(osm, settings)
    headway, delay = departures(osm.lines, settings)
    lines = _summary(osm, runs, headway)
    said = [about_run(line) for line in lines.itertuples()]
    tables = {
        **made.fixed_tables(settings),
        "stops": made.stops_table(osm.calls),
        "routes": made.routes_table(osm.lines, said),
        "trips": made.trips_table(osm),
        "stop_times": made.stop_times_table(osm, runs, settings),
        "frequencies": made.frequencies_table(osm.lines, headway, delay, settings),
        "shapes": made.shapes_table(osm),
    }
    refused = refused_durations(osm.source, lines[[run.duration_refused for run in runs]])
    return MadeFeed(tables, lines, assumptions(osm.source, lines, settings), (*osm.faults, *refused))


def _runs(osm: OsmLines, settings: Settings) -> list[Run]:
    calls = osm.calls.groupby("line")
    return [
        run_times(
            calls.get_group(row),
            speed_kmh=settings.speed_kmh[mode],
            dwell_s=settings.dwell_s[mode],
            duration_min=duration,
            whole=absent == 0,
        )
        for row, mode, duration, absent in zip(
            osm.lines.index, osm.lines["mode"], osm.lines["duration_min"], osm.lines["absent_stops"], strict=True
        )
    ]


def _summary(osm: OsmLines, runs: list[Run], headway_min: NDArray[np.float64]) -> pd.DataFrame:
    """Tell of each trip in one row what a local can check."""
    lines = osm.lines
    metres = np.array([run.metres for run in runs])
    straight_m = np.array([run.straight_m for run in runs])
    return pd.DataFrame(
        {
            "trip_id": made.trip_ids(lines),
            "ref": lines["ref"],
            "name": lines["name"],
            "mode": lines["mode"],
            "direction": lines["direction"],
            "stops": osm.calls.groupby("line").size(),
            "km": metres / 1000,
            "minutes": [run.arrival_s[-1] / 60 for run in runs],
            "headway_min": headway_min,
            "interval_tagged": lines["interval_min"].notna(),
            "duration_tagged": [run.duration_used for run in runs],
            "reversed": lines["reversed"],
            "one_way": lines["one_way"],
            "straight_share": np.divide(straight_m, metres, out=np.zeros(len(runs)), where=metres > 0),
        }
    )
