"""The timetable of a study: read from GTFS or made of the lines in OSM, for one day.

A second process reads it, where there is one, so what reads it is loaded where it is used.
"""

from __future__ import annotations

import dataclasses
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np

from bykobling.errors import Fault, InputError, ReadError
from bykobling.study.ahead import READ_DAY
from bykobling.study.steps import awaited, beside
from bykobling.study.unread import unread_fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.gtfs import Feed
    from bykobling.osm import OsmExtract
    from bykobling.study.model import Study
    from bykobling.study.transit_settings import TransitSource
    from bykobling.timetable import Timetable

    _Day = tuple["DayService | None", tuple[Fault, ...]]

_SHOWN_H = 3


@dataclass(frozen=True, eq=False)
class DayService:
    """What runs on the day a study looks at.

    Parameters
    ----------
    feed : Feed
        All days.
    timetable : Timetable
        That day.
    date_chosen : bool
        Whether the day is the busiest usual weekday, since the study names none.
    assumed : bool
        Whether the timetable is made of the lines in OSM.
    sentences : tuple of str
        What is assumed in it.
    warnings : int
        How many faults were told of it.
    """

    feed: Feed
    timetable: Timetable
    date_chosen: bool
    assumed: bool
    sentences: tuple[str, ...]
    warnings: int

    def account(self, extract: OsmExtract) -> tuple[str, ...]:
        """Tell what the timetable covers, in sentences.

        Parameters
        ----------
        extract : OsmExtract
            Where the streets are.

        Returns
        -------
        tuple of str
            As `bykobling.gtfs.FeedReport.lines`, but for the faults, which are told with the others.
        """
        from bykobling.gtfs import feed_report  # noqa: PLC0415

        extent = gpd.GeoSeries([extract.extent], crs=extract.crs).to_crs(4326).iloc[0]
        report = feed_report(self.feed, date=self.timetable.date, extent=extent)
        # the share without a time of its own is among the sentences
        report = dataclasses.replace(report, chosen=self.date_chosen and not self.assumed, interpolated_share=0.0)
        report = dataclasses.replace(report, faults=())
        return (*report.lines()[:-1], *self.sentences)


def read_day(study: Study, *, progress: Progress | None = None) -> tuple[DayService | None, tuple[Fault, ...]]:
    """Read the timetable of the day.

    Parameters
    ----------
    study : Study
        With ``[transit]``.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    day : DayService or None
        None where it cannot be used; then there is an error among the faults.
    faults : tuple of Fault
        In the order found.

    Raises
    ------
    ValueError
        Where the study names no timetable.
    """
    source = study.transit
    if source is None:
        raise ValueError("this study names no timetable")
    from bykobling.gtfs import busiest_weekday, service_on  # noqa: PLC0415 - as said above
    from bykobling.timetable import timetable_from_feed  # noqa: PLC0415

    faults: list[Fault] = []
    told: list[Fault] = []
    try:
        feed, sentences = (
            _feed_of_osm(study, source, told, progress) if source.from_osm else _feed(source, told, progress)
        )
        faults += told
        date = source.date or busiest_weekday(feed)
        service_on(feed, date)
        timetable = timetable_from_feed(feed, date)
    except InputError as error:
        return None, (*faults, *error.faults)
    except ReadError as error:
        # an extract that cannot be read is told already
        if source.gtfs:
            blamed = [file for file in source.gtfs if str(error).startswith((str(file), file.name))]
            faults.append(unread_fault((blamed or source.gtfs)[0], error))
        return None, tuple(faults)
    quiet = _quiet_faults(source, feed, timetable)
    faults += quiet
    if any(fault.severity == "error" for fault in quiet):
        return None, tuple(faults)
    # of a made timetable everything is assumed, and told as such
    assumed = sentences or timetable.assumed
    day = DayService(feed, timetable, source.date is None, source.from_osm, assumed, warnings=len(told))
    return day, tuple(faults)


@contextmanager
def timetable_beside(study: Study, second: Second | None = None) -> Iterator[Future[_Day]]:
    """Read the timetable while the body of the ``with`` goes on: it asks nothing of the other inputs.

    Parameters
    ----------
    study : Study
        With ``[transit]`` or without.
    second : Second, optional
        A process that reads it; otherwise a thread does.

    Yields
    ------
    Future
        For `timetable_of`.
    """

    def read(tell: Progress) -> _Day:
        if study.transit is None:
            return None, ()
        return read_day(study, progress=tell) if second is None else second.answer(READ_DAY, study, progress=tell)

    with beside(read) as timetable:
        yield timetable


def timetable_of(timetable: Future[_Day], progress: Progress | None) -> _Day:
    """Wait for the timetable.

    Parameters
    ----------
    timetable : Future
        From `timetable_beside`.
    progress : callable, optional
        ``progress(done, total, message)``; what it raises ends the waiting.

    Returns
    -------
    day : DayService or None
        As `read_day`.
    faults : tuple of Fault
        In the order found.
    """

    def waiting(_done: int, _total: int, _message: str) -> None:
        if progress is not None:
            progress(1, 1, "reading the timetable")

    return awaited(timetable, waiting)


def _feed(source: TransitSource, faults: list[Fault], progress: Progress | None) -> tuple[Feed, tuple[str, ...]]:
    from bykobling.gtfs import read_gtfs  # noqa: PLC0415

    feed = read_gtfs(*source.gtfs, sound_only=source.sound_only, progress=progress)
    faults += feed.faults
    return feed, ()


def _feed_of_osm(
    study: Study, source: TransitSource, faults: list[Fault], progress: Progress | None
) -> tuple[Feed, tuple[str, ...]]:
    """Make a timetable and pass it through the door every timetable passes."""
    from bykobling.export import write_gtfs  # noqa: PLC0415
    from bykobling.gtfs import read_gtfs  # noqa: PLC0415
    from bykobling.made_feed import gtfs_from_osm  # noqa: PLC0415

    given: dict[str, Any] = {name: getattr(source, name) or None for name in ("headway_min", "speed_kmh", "dwell_s")}
    made = gtfs_from_osm(study.osm.file, **given, timezone=source.timezone, progress=progress)
    faults += made.faults
    with tempfile.TemporaryDirectory() as folder:
        feed = read_gtfs(write_gtfs(made.tables, Path(folder) / f"lines of {study.osm.file.name}.zip"))
    # that everything in it is assumed is told by the sentences of the made feed
    return dataclasses.replace(feed, faults=()), made.assumptions


def _quiet_faults(source: TransitSource, feed: Feed, timetable: Timetable) -> list[Fault]:
    """Find modes of which nothing leaves in the window; where nothing leaves at all everybody would walk."""
    calls = timetable.calls()
    calls = calls[calls["pickup"]]
    mode = timetable.routes["mode"].to_numpy(object)[calls["route"]]
    first_s = timetable.seconds_at(source.depart)
    inside = (calls["departure_s"] >= first_s) & (calls["departure_s"] < first_s + source.window_min * 60)
    leaving = set(mode[inside])
    names, date = ", ".join(feed.names), f"{timetable.date:%Y-%m-%d}"
    faults = []
    for silent in sorted(set(mode) - leaving) if leaving else ["vehicle"]:
        mine = (mode == silent) if leaving else np.ones(len(calls), bool)
        hours = (calls["departure_s"][mine] // 3600).value_counts()
        busiest = ", ".join(f"{hour:02d}:00" for hour in sorted(hours.index[:_SHOWN_H]))
        rule = (
            f"no {silent.replace('_', ' ')} leaves within {source.window_min:g} minutes from {source.depart} on {date}"
        )
        remedy = f"choose another time; most leave in the hours from {busiest}"
        faults.append(Fault(names, "[transit] depart", rule, remedy, "warning" if leaving else "error"))
    return faults


def day_record(day: DayService, source: TransitSource) -> dict[str, Any]:
    """Tell for the provenance what public transport was measured with.

    Parameters
    ----------
    day : DayService
        The timetable.
    source : TransitSource
        Settings of the study.

    Returns
    -------
    dict
        Plain values.
    """
    from bykobling.gtfs.services import runs  # noqa: PLC0415

    on = day.feed.active(day.timetable.date)[day.feed.trips["service"]]
    any_day = day.assumed and day.date_chosen
    return {
        "timetable": "assumed, from the lines of OpenStreetMap" if day.assumed else ", ".join(day.feed.names),
        "assumed": day.assumed,
        "date": None if any_day else day.timetable.date.isoformat(),
        "date_chosen": day.date_chosen,
        "window": f"{source.depart}-{_end(source)}",
        "trips_on_date": int(runs(day.feed)[on].sum()),
        "warnings": day.warnings,
        "assumptions": list(day.sentences),
    }


def _end(source: TransitSource) -> str:
    hours, minutes = map(int, source.depart.split(":"))
    end = int(hours * 60 + minutes + source.window_min)
    return f"{end // 60 % 24:02d}:{end % 60:02d}"
