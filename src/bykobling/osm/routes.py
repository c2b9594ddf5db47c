"""Public transport lines: route relations -> a table of lines and a table of their calls."""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import tags as osm_tags
from bykobling._globe import metres_between
from bykobling.osm import overpass
from bykobling.osm.route_calls import PAIR_M, Call, bring_together, sort_members
from bykobling.osm.route_faults import Account
from bykobling.osm.route_paths import Trace, Track, trace
from bykobling.osm.route_scan import RouteScan, scan_routes
from bykobling.osm.source import check_source

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Sequence

    from bykobling._types import Progress
    from bykobling.errors import Fault

_LOG = logging.getLogger(__name__)
_COME_BACK = frozenset({"tram", "light_rail", "subway", "train", "monorail", "funicular", "ferry", "aerialway"})
"""Vehicles on rails, cables and water return the way they came, if not in a circle."""


@dataclass(frozen=True, eq=False)
class OsmLines:
    """The public transport lines of one OSM file.

    Parameters
    ----------
    lines : GeoDataFrame
        One row a run, in degrees (EPSG:4326): ``osm_id`` of the relation, ``group`` (equal for the variants and
        directions of one line), ``direction`` (0, 1), ``reversed`` (True: the relation read backwards), ``one_way``
        (True: no run of the group goes the other way), ``circular``, ``mode ref name network operator color
        from_name to_name interval_min duration_min absent_stops`` and the way as geometry, None where the ways do
        not connect all stops.
    calls : DataFrame
        One row a call: ``line`` (row of `lines`), ``sequence`` from 0, ``stop_id`` (``n``, ``w`` or ``r`` and the
        OSM id), ``stop_name lon lat entry exit``, ``leg_m`` (along the ways from the call before, NaN where they do
        not connect), ``along_m`` (since the first call), ``off_m`` (from the stop to the ways).
    faults : tuple of Fault
        Warnings: what was left out, broken or read backwards.
    source : str
        Name of the file.
    """

    lines: gpd.GeoDataFrame
    calls: pd.DataFrame
    faults: tuple[Fault, ...]
    source: str


class _Run(NamedTuple):
    """One direction of one route relation."""

    number: int
    tags: dict[str, str]
    group: str
    mode: osm_tags.TransitMode
    calls: list[Call]
    tracks: list[Track]
    absent_stops: int
    reversed: bool = False


@dataclass
class _Grouped:
    """Runs of one line with their directions."""

    runs: list[_Run] = field(default_factory=list)
    directions: list[int] = field(default_factory=list)

    def add(self, run: _Run) -> None:
        """Give the run the direction of the first of the group, or the other one."""
        self.directions.append(int(bool(self.runs) and _other_way(self.runs[0].calls, run.calls)))
        self.runs.append(run)


def read_routes(
    path: str | os.PathLike[str],
    *,
    modes: Iterable[osm_tags.TransitMode] | None = None,
    progress: Progress | None = None,
) -> OsmLines:
    """Read the public transport lines of an OSM file.

    Parameters
    ----------
    path : path
        What `read_osm` takes. Route relations must be in it with their stops and ways.
    modes : iterable of str, optional
        Modes to read; all of `bykobling.tags.TRANSIT_ASSUMPTIONS` by default.
    progress : callable, optional
        Called as ``progress(done, total, message)``.

    Returns
    -------
    OsmLines
        Empty tables where there is no line.

    Raises
    ------
    ReadError
        If the file is missing, truncated, not OSM data, or hostile.
    """
    wanted = frozenset(osm_tags.TRANSIT_ASSUMPTIONS if modes is None else modes)
    file, kind = check_source(path)
    account = Account(file.name)
    if kind == "json":
        with tempfile.TemporaryDirectory(prefix="bykobling-") as folder:
            target = Path(folder) / "answer.osm.pbf"
            account.sentences += overpass.to_pbf(file, target)
            scan = scan_routes(target, name=file.name, modes=wanted, progress=progress)
    else:
        scan = scan_routes(file, name=file.name, modes=wanted, progress=progress)
    groups = _grouped(_runs(scan, account))
    _add_way_back(groups, account)
    lines, calls = _tables(groups, account)
    _LOG.info("read %s: %d runs of lines, %d calls", file.name, len(lines), len(calls))
    return OsmLines(lines, calls, account.faults(), file.name)


def _runs(scan: RouteScan, account: Account) -> list[_Run]:
    masters = {m.ref: number for number, master in scan.masters.items() for m in master.members if m.kind == "r"}
    names = {
        (m.kind, m.ref): area.tags["name"] for area in scan.areas.values() if "name" in area.tags for m in area.members
    }
    runs: list[_Run] = []
    for number, relation in sorted(scan.routes.items()):
        mode = osm_tags.transit_mode(relation.tags)
        above = masters.get(number)
        tags = _tags_of_line(relation.tags, scan.masters[above].tags if above is not None else {})
        label = _label(number, tags)
        if mode is None or (osm_tags.runs_seldom(tags) and np.isnan(osm_tags.tagged_interval_min(tags))):
            account.seldom.append(label)
            continue
        members = sort_members(relation, scan, names)
        if members.absent_stops:
            account.absent_stops.append((label, members.absent_stops))
        if members.absent_ways:
            account.absent_ways.append((label, members.absent_ways))
        tracks = [
            Track(way.refs, way.lon, way.lat, way.joined, osm_tags.transit_oneway(mode, way.tags))
            for way in members.tracks
        ]
        both_ways = any(halt.role.way == "backward" for halt in members.halts)
        out = bring_together([halt for halt in members.halts if halt.role.way != "backward"])
        back = bring_together([halt for halt in members.halts if halt.role.way != "forward"])[::-1] if both_ways else []
        run = _Run(number, tags, _group(number, above, tags, mode), mode, out, tracks, members.absent_stops)
        kept = [run._replace(calls=calls) for calls in (out, back) if _goes_somewhere(calls)]
        if not kept:
            account.too_short.append(label)
        runs += kept
    return runs


def _tags_of_line(own: dict[str, str], master: dict[str, str]) -> dict[str, str]:
    """Let a run take from its line what it does not say itself; the number is that of the line."""
    return {**master, **own, **{key: master[key] for key in ("ref",) if key in master}}


def _label(number: int, tags: dict[str, str]) -> str:
    return f"{tags.get('name') or tags.get('ref') or 'a line without a name'} (relation {number})"


def _group(number: int, above: int | None, tags: dict[str, str], mode: str) -> str:
    """Name what the directions and variants of one line have in common."""
    if above is not None:
        return f"m{above}"
    if "ref" not in tags:
        return f"r{number}"
    return "|".join((mode, tags["ref"], tags.get("network") or tags.get("operator") or ""))


def _grouped(runs: list[_Run]) -> list[_Grouped]:
    groups: dict[str, _Grouped] = {}
    for run in runs:
        groups.setdefault(run.group, _Grouped()).add(run)
    return list(groups.values())


def _ends_apart_m(a: Sequence[Call], b: Sequence[Call]) -> tuple[float, float]:
    """Measure first to first and last to last, then first to last and last to first."""
    starts = np.array([[c.lon, c.lat] for c in (a[0], a[-1], a[0], a[-1])])
    ends = np.array([[c.lon, c.lat] for c in (b[0], b[-1], b[-1], b[0])])
    metres = metres_between(starts[:, 0], starts[:, 1], ends[:, 0], ends[:, 1])
    return float(metres[:2].sum()), float(metres[2:].sum())


def _other_way(a: Sequence[Call], b: Sequence[Call]) -> bool:
    same, swapped = _ends_apart_m(a, b)
    return swapped < same


def _is_circular(calls: Sequence[Call]) -> bool:
    """Tell whether a run ends where it began: at the same stop, or one of the same name beside it."""
    first, last = calls[0], calls[-1]
    same_name = first.name is not None and first.name == last.name
    _, apart = _ends_apart_m(calls, calls)
    return first.osm_id == last.osm_id or (same_name and apart / 2 <= PAIR_M)


def _goes_somewhere(calls: Sequence[Call]) -> bool:
    """Tell whether a run joins two places; of a ring line cut by the edge only its two ends may be left."""
    return len(calls) > 2 or (len(calls) == 2 and not _is_circular(calls))


def _add_way_back(groups: list[_Grouped], account: Account) -> None:
    """Read a line backwards that nobody drew the other way, where it surely runs that way too."""
    for group in groups:
        if len(set(group.directions)) > 1:
            continue
        for run in list(group.runs):
            if _is_circular(run.calls) or run.tags.get("roundtrip") == "yes":
                continue
            said = run.tags.get("roundtrip") == "no" or run.tags.get("public_transport:version") == "1"
            if said or run.mode in _COME_BACK:
                swapped = [call._replace(entry=call.exit, exit=call.entry) for call in run.calls[::-1]]
                group.runs.append(run._replace(calls=swapped, reversed=True))
                group.directions.append(1)
                account.read_backwards.append(_label(run.number, run.tags))
            else:
                account.one_way.append(_label(run.number, run.tags))


def _traced(run: _Run) -> tuple[list[Call], Trace]:
    """Trace a run; one that is tagged as a round trip returns to its first stop if its ways do."""
    closed = [*run.calls, run.calls[0]]
    open_ring = run.tags.get("roundtrip") == "yes" and not _is_circular(run.calls)
    calls = closed if open_ring else run.calls
    found = trace(
        run.tracks,
        [call.track_node for call in calls],
        np.array([call.track_lon for call in calls]),
        np.array([call.track_lat for call in calls]),
    )
    if open_ring and np.isnan(found.leg_m[-1]):
        return run.calls, Trace(found.leg_m[:-1], found.legs[:-1], found.off_m[:-1], found.beyond_m)
    return calls, found


def _tables(groups: list[_Grouped], account: Account) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    lines: list[dict[str, object]] = []
    shapes: list[shapely.LineString | None] = []
    parts: list[pd.DataFrame] = []
    for group in groups:
        both = len(set(group.directions)) > 1
        for run, direction in zip(group.runs, group.directions, strict=True):
            calls, found = _traced(run)
            label = _label(run.number, run.tags)
            account.add_trace(label, found)
            account.unnamed.update(call.osm_id for call in calls if not call.name)
            parts.append(_calls_table(len(lines), calls, found))
            lines.append(_line_row(run, direction, circular=_is_circular(calls), both=both))
            legs = [leg for leg in found.legs if leg is not None]
            whole = len(legs) == len(found.legs)
            shapes.append(shapely.LineString(np.concatenate(legs)) if whole else None)
    table = pd.DataFrame(lines, columns=list(_LINE_DTYPES)).astype(_LINE_DTYPES)
    geometry = gpd.GeoSeries(shapes, crs="EPSG:4326")
    every = pd.concat(parts, ignore_index=True) if parts else _calls_table(0, [], None)
    return gpd.GeoDataFrame(table, geometry=geometry, crs="EPSG:4326"), every


_LINE_DTYPES = {
    "osm_id": "int64", "group": "object", "direction": "int8", "reversed": "bool", "one_way": "bool",
    "circular": "bool", "mode": "object", "ref": "object", "name": "object", "network": "object",
    "operator": "object", "color": "object", "from_name": "object", "to_name": "object", "interval_min": "float64",
    "duration_min": "float64", "absent_stops": "int64",
}  # fmt: skip


def _line_row(run: _Run, direction: int, *, circular: bool, both: bool) -> dict[str, object]:
    tags = run.tags
    ends = (tags.get("from"), tags.get("to"))
    return {
        "osm_id": run.number,
        "group": run.group,
        "direction": direction,
        "reversed": run.reversed,
        "one_way": not both and not circular,
        "circular": circular,
        "mode": run.mode,
        **{key: tags.get(key) for key in ("ref", "name", "network", "operator")},
        "color": tags.get("colour") or tags.get("color"),
        "from_name": ends[1] if run.reversed else ends[0],
        "to_name": ends[0] if run.reversed else ends[1],
        "interval_min": osm_tags.tagged_interval_min(tags),
        "duration_min": osm_tags.tagged_duration_min(tags),
        "absent_stops": run.absent_stops,
    }


def _calls_table(line: int, calls: Sequence[Call], found: Trace | None) -> pd.DataFrame:
    nothing = np.empty(0)
    leg_m = nothing if found is None else np.concatenate([[np.nan], found.leg_m])
    along_m = nothing if found is None else np.concatenate([[0.0], np.cumsum(found.leg_m)])
    return pd.DataFrame(
        {
            "line": np.full(len(calls), line, dtype=np.int64),
            "sequence": np.arange(len(calls), dtype=np.int64),
            "stop_id": pd.Series([call.osm_id for call in calls], dtype=object),
            "stop_name": pd.Series([call.name for call in calls], dtype=object),
            "lon": np.array([call.lon for call in calls], dtype=float),
            "lat": np.array([call.lat for call in calls], dtype=float),
            "entry": np.array([call.entry for call in calls], dtype=bool),
            "exit": np.array([call.exit for call in calls], dtype=bool),
            "leg_m": leg_m,
            "along_m": along_m,
            "off_m": nothing if found is None else found.off_m,
        }
    )
