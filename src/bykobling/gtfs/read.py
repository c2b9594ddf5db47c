"""GTFS files -> one Feed."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import Fault, InputError
from bykobling.gtfs import schema
from bykobling.gtfs.archive import MAX_BYTES, open_feed
from bykobling.gtfs.calendars import read_services, read_timezone
from bykobling.gtfs.calls import read_calls
from bykobling.gtfs.joined import join_feeds
from bykobling.gtfs.ledger import Ledger
from bykobling.gtfs.model import Feed
from bykobling.gtfs.places import read_pathways, read_stops
from bykobling.gtfs.table import empty_sheet, read_sheet
from bykobling.gtfs.transfers import read_transfers
from bykobling.gtfs.trips import check_frequencies, frequency_table, ids_of, read_routes, read_trips, trip_table

if TYPE_CHECKING:
    import os

    import pandas as pd

    from bykobling._types import Progress
    from bykobling.gtfs.archive import Opened
    from bykobling.gtfs.ledger import Sheet

_LOG = logging.getLogger(__name__)
ASSUMED_VERSION = "assumed-from-osm"
"""``feed_version`` of feeds made from OSM, whose headways and times are assumed."""


def read_gtfs(
    *paths: str | os.PathLike[str],
    sound_only: bool = False,
    max_bytes: int = MAX_BYTES,
    progress: Progress | None = None,
) -> Feed:
    r"""Read and check one or more GTFS feeds.

    Every rule is checked, and everything wrong is told at once: file, rows as a text editor counts them, rule and
    remedy. Files and columns a timetable has no use for are never read, and nothing is unpacked to disk.

    Blank stop times are interpolated between the timed calls around them, by ``shape_dist_traveled`` where every
    call of the trip has one and it never falls, else by counting stops.

    Parameters
    ----------
    *paths : path
        Zips, or folders with the files of a feed.
    sound_only : bool
        Leave out what is broken, with warnings in `Feed.faults`, instead of stopping. A trip that loses a call keeps
        the others; one left with fewer than two is left out.
    max_bytes : int
        The files used of one feed may not hold more.
    progress : callable, optional
        ``progress(done, total, message)``, told before every file; what it raises stops the reading.

    Returns
    -------
    Feed

    Raises
    ------
    ReadError
        If a feed is missing, damaged, not UTF-8, or hostile.
    InputError
        With every broken rule, unless `sound_only`; with what makes the feed useless (missing files and columns,
        no or unknown time zone, no trip) in any case.

    References
    ----------
    GTFS Schedule Reference, https://gtfs.org/documentation/schedule/reference/.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> for name, text in {
    ...     "agency": "agency_timezone\nEurope/Copenhagen",
    ...     "stops": "stop_id,stop_lat,stop_lon\na,55.70,12.50\nb,55.71,12.51",
    ...     "routes": "route_id,route_type\n5C,3",
    ...     "trips": "trip_id,route_id,service_id\nt,5C,daily",
    ...     "stop_times": "trip_id,stop_id,stop_sequence,arrival_time,departure_time\n"
    ...     "t,a,1,8:00:00,8:00:00\nt,b,2,8:04:00,8:04:00",
    ...     "calendar_dates": "service_id,date,exception_type\ndaily,20260302,1",
    ... }.items():
    ...     _ = (folder / f"{name}.txt").write_text(text)
    >>> read_gtfs(folder).stop_times[["trip", "stop", "departure_s"]].to_numpy().tolist()
    [[0, 0, 28800], [0, 1, 29040]]
    """
    if not paths:
        raise InputError(Fault("GTFS", "", "no feed is named", "give the path of a zip or a folder"))
    labels = _labels([Path(path).resolve() for path in paths])
    feeds: list[Feed] = []
    faults: list[Fault] = []
    for path, label in zip(paths, labels, strict=True):
        opened = open_feed(path, schema.FILES, label=label, max_bytes=max_bytes)
        try:
            feeds.append(_read_feed(opened, Ledger(sound_only=sound_only), progress))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    feed = join_feeds(feeds)
    _LOG.info("read %r", feed)
    return feed


def _labels(paths: list[Path]) -> list[str]:
    """Name the feeds by their files, with the folder where two are called the same."""
    names = [path.name for path in paths]
    return [
        name if names.count(name) == 1 else f"{path.parent.name}/{name}"
        for path, name in zip(paths, names, strict=True)
    ]


def _read_feed(opened: Opened, ledger: Ledger, progress: Progress | None) -> Feed:
    sheets = _open_sheets(opened, ledger, progress)
    timezone = read_timezone(sheets["agency.txt"], ledger)
    stops, stop_ids = read_stops(sheets["stops.txt"], ledger)
    routes, route_ids = read_routes(sheets["routes.txt"], ledger)
    services, exceptions, service_ids = read_services(sheets["calendar.txt"], sheets["calendar_dates.txt"], ledger)
    trips = read_trips(sheets["trips.txt"], route_ids, service_ids, ledger)
    repeated, trips = check_frequencies(sheets["frequencies.txt"], trips, ledger)
    stop_times, trips = read_calls(sheets["stop_times.txt"], trips, stops, stop_ids, ledger)
    if trips.rows.empty:
        remedy = (
            "correct the rows named below" if ledger.broken or ledger.lost else "use a feed with trips and stop times"
        )
        ledger.fail([Fault(opened.label, "", "no trip with two sound calls is in it", remedy)])
    feed = Feed(
        names=(opened.label,),
        timezones=(timezone,),
        stops=_of_feed(stops),
        routes=_of_feed(routes),
        trips=_of_feed(trip_table(trips)),
        stop_times=stop_times,
        services=_of_feed(services),
        exceptions=exceptions,
        frequencies=frequency_table(repeated, trips, ledger),
        transfers=read_transfers(sheets["transfers.txt"], stop_ids, route_ids, ids_of(trips), ledger),
        pathways=read_pathways(sheets["pathways.txt"], stop_ids, ledger),
    )
    made = sheets["feed_info.txt"]
    assumed = (made.rows["feed_version"] == ASSUMED_VERSION).to_numpy()
    rule = "the feed was made from OpenStreetMap; its headways and running times are assumed"
    ledger.warn(made, assumed, rule, "use the operator's timetable where there is one")
    return replace(feed, faults=ledger.settle())


def _open_sheets(opened: Opened, ledger: Ledger, progress: Progress | None) -> dict[str, Sheet]:
    """Read every file there is, and tell at once which are missing or lack a column."""
    sheets: dict[str, Sheet] = {}
    useless: list[Fault] = []
    remedy = "use a complete GTFS feed"
    for number, (name, file) in enumerate(schema.FILES.items()):
        if progress is not None:
            progress(number, len(schema.FILES), f"reading {name}")
        label = f"{opened.label}/{name}"
        sheets[name] = empty_sheet(file, label)
        if name in opened.files:
            try:
                sheets[name] = read_sheet(file, opened.files[name], label, ledger)
            except InputError as error:
                useless += error.faults
        elif file.needed:
            useless.append(Fault(label, "", "there is no such file", remedy))
    if not {"calendar.txt", "calendar_dates.txt"} & set(opened.files):
        useless.append(Fault(opened.label, "", "there is neither calendar.txt nor calendar_dates.txt", remedy))
    ledger.fail(useless)
    return sheets


def _of_feed(table: pd.DataFrame) -> pd.DataFrame:
    """Put the number of the feed, of which there is one so far, behind the ids."""
    table.insert(1, "feed", np.zeros(len(table), np.int16))
    return table
