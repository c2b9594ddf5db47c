"""Scenarios as JSON in the shape of Conveyal's modifications.

Coordinates are ``[lon, lat]`` in degrees (WGS 84), times seconds. What is read and written, by ``type``:

``add-streets``
    `AddLink`, one for each of ``lineStrings``. ``allowedModes`` (``WALK``, ``BICYCLE``); ``linkable`` is false, since
    nothing snaps onto a new link. Own keys: ``kind`` (else ``path``), ``delaySeconds`` (null: those of the kind),
    ``widthMeters``, ``gradientPercent``, ``maxSnapMeters``.
``modify-streets``
    `RemoveLink` where ``allowedModes`` is empty, else `ChangeSpeed` with the own key ``speedKph``. Own keys:
    ``lineString``, ``toleranceMeters``. Conveyal chooses streets by ``polygons`` instead, which is written (the
    corridor along the line) and not read: streets that only cross would go too.
``add-trips``
    `AddService`: ``stops`` (``id`` of each), one of ``frequencies`` (``hopTimes``, ``dwellTimes`` all alike,
    ``startTime``, ``endTime``, ``headwaySecs``), ``bidirectional``, ``mode`` (GTFS route type). Own key: ``routeId``.
``adjust-frequency``
    `ChangeHeadway`, one for each of ``entries``; ``retainTripsOutsideFrequencyEntries`` is true. Entries of the same
    period and headway are one: every variant of the route runs at it, whatever the ``sourceTrip``.
``remove-trips``, ``remove-stops``
    `RemoveService` (``routes``, ``trips``), `RemoveStop` (``stops``; of all routes).
``add-crossing``, ``add-stop``
    Our own: `AddCrossing` (``place`` or ``lineString``, ``kind``, ``delaySeconds``), `AddStop` (``stop`` with ``id``,
    ``name``, ``lat``, ``lon``; ``routes``, ``dwellSeconds``).

``change-traffic``, ``add-road``
    Our own: `ChangeTraffic`, `AddRoad` (``lineString``; ``vehiclesPerDay``, ``speedKph``, ``heavyShare``, null where
    they stay or are assumed; ``toleranceMeters``).

``comment`` is the name of a modification. Other keys of Conveyal's are named as faults: they would change the result.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj
import shapely

from bykobling._check import metric_crs, settle
from bykobling.errors import Fault, InputError
from bykobling.gtfs.schema import MODES
from bykobling.scenario._json import Entry, parsed
from bykobling.scenario.conveyal_read import READERS
from bykobling.scenario.model import Scenario
from bykobling.scenario.modifications import (
    AddCrossing,
    AddLink,
    AddRoad,
    AddService,
    AddStop,
    ChangeHeadway,
    ChangeSpeed,
    ChangeTraffic,
    RemoveService,
    StreetChange,
    TrafficChange,
)

if TYPE_CHECKING:
    from bykobling.scenario.modifications import Modification

_DIGITS = 9
_STREET_MODES = {"walk": "WALK", "bike": "BICYCLE"}
_ROUTE_TYPE = {mode: number for number, mode in sorted(MODES.items(), reverse=True)} | {"coach": 200}
_EVERY_DAY = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"), True)


def scenario_to_json(scenario: Scenario, *, crs: Any = None) -> str:  # noqa: ANN401 - anything pyproj takes
    """Write a scenario as JSON in the shape of Conveyal's modifications; see the module for the mapping.

    Parameters
    ----------
    scenario : Scenario
        Its lines and points in a CRS in metres.
    crs : optional
        That CRS, where the scenario tells none.

    Returns
    -------
    str
        JSON; coordinates to a tenth of a millimetre.

    Raises
    ------
    CrsError
        No CRS in metres.
    """
    known = metric_crs(scenario.crs if scenario.crs is not None else crs, file=scenario.name or "scenario")
    writer = _Writer(known)
    document = {
        "description": scenario.name,
        "modifications": [writer.write(each) for each in scenario.modifications],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False)


def scenario_from_json(
    text: str,
    *,
    crs: Any,  # noqa: ANN401 - anything pyproj takes
    file: str = "scenario",
    faults: list[Fault] | None = None,
) -> Scenario:
    """Read a scenario from JSON in the shape of Conveyal's modifications; see the module for the mapping.

    Parameters
    ----------
    text : str
        The document: an object with ``modifications``, or the list itself.
    crs : optional
        CRS of the network, in metres: coordinates are projected to it.
    file : str
        What to call it in messages.
    faults : list of Fault, optional
        A collector of errors and warnings; with it nothing is raised, and what is wrong is left out.

    Returns
    -------
    Scenario

    Raises
    ------
    ReadError
        It is no JSON, too large, or nested too deep.
    InputError
        With every fault found.

    Examples
    --------
    >>> text = '[{"type": "remove-stops", "stops": ["8600626"], "comment": "Close it"}]'
    >>> scenario_from_json(text, crs=25832).modifications
    (RemoveStop(stop_ids=('8600626',), name='Close it'),)
    """
    known = metric_crs(crs, file="crs")
    document = parsed(text, file=file)
    found: list[Fault] = []
    whole = Entry({"modifications": document} if isinstance(document, list) else document, file, "", found)
    name = whole.text("description", "") or whole.text("name", "")
    entries = whole.items("modifications")
    whole.finish(("id", "feedChecksums"))
    made: list[Modification] = []
    for number, value in enumerate(entries, start=1):
        comment = value.get("comment") if isinstance(value, dict) else None
        told = f"modification {number}" + (f" ({comment})" if isinstance(comment, str) and comment else "")
        made += _read(Entry(value, file, told, found), known)
    settle(found, faults)
    return Scenario(tuple(made), name=name, crs=known)


def _read(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    """Read one entry, with all its keys."""
    kind = entry.text("type")
    if kind not in READERS:
        if kind:
            entry.fault(f"type is {kind!r}", f"choose one of: {', '.join(sorted(READERS))}")
        return []
    before = len(entry.faults)
    made = READERS[kind](entry, crs)
    entry.finish(("id", "feed", "activeInVariants"))
    broken = any(fault.severity == "error" for fault in entry.faults[before:])
    return [] if broken else made


class _Writer:
    """Writes modifications, their shapes in degrees."""

    def __init__(self, crs: pyproj.CRS) -> None:
        self.transformer = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
        self.name = crs.to_string()

    def write(self, change: Modification) -> dict[str, Any]:
        """Write one modification."""
        named = {"comment": change.name} if not isinstance(change, AddStop) else {}
        if isinstance(change, StreetChange | TrafficChange):
            return self._drawn(change) | named
        if isinstance(change, AddStop):
            lon, lat = self._places(change.place)[0]
            stop = {"id": change.stop_id, "name": change.name, "lat": lat, "lon": lon}
            return {
                "type": "add-stop", "stop": stop, "routes": list(change.route_ids), "dwellSeconds": change.dwell_s
            }  # fmt: skip
        if isinstance(change, AddService):
            return _service(change) | named
        if isinstance(change, ChangeHeadway):
            entry = {"startTime": change.start_s, "endTime": change.end_s, "headwaySecs": change.headway_s}
            return {
                "type": "adjust-frequency", "route": change.route_id, "entries": [entry | _EVERY_DAY],
                "retainTripsOutsideFrequencyEntries": True,
            } | named  # fmt: skip
        if isinstance(change, RemoveService):
            return {"type": "remove-trips", "routes": list(change.route_ids), "trips": list(change.trip_ids)} | named
        return {"type": "remove-stops", "stops": list(change.stop_ids)} | named

    def _drawn(self, change: StreetChange | TrafficChange) -> dict[str, Any]:
        if isinstance(change, ChangeTraffic | AddRoad):
            tolerance = {"toleranceMeters": change.tolerance_m} if isinstance(change, ChangeTraffic) else {}
            return {
                "type": "change-traffic" if tolerance else "add-road",
                "lineString": self._places(change.line),
                "vehiclesPerDay": change.aadt,
                "speedKph": change.speed_kmh,
                "heavyShare": change.heavy_share,
            } | tolerance  # fmt: skip
        if isinstance(change, AddLink):
            return {
                "type": "add-streets",
                "lineStrings": [self._places(change.line)],
                "allowedModes": [_STREET_MODES[mode] for mode in change.modes],
                "linkable": False,
                "kind": change.kind,
                "delaySeconds": change.delay_s,
                "widthMeters": change.width_m,
                "gradientPercent": change.gradient_pct,
                "maxSnapMeters": change.max_snap_m,
            }
        if isinstance(change, AddCrossing):
            places = self._places(change.place)
            point = isinstance(change.place, shapely.Point)
            where = {"place": places[0]} if point else {"lineString": places}
            return {"type": "add-crossing", **where, "kind": change.kind, "delaySeconds": change.delay_s}
        corridor = shapely.buffer(change.line, change.tolerance_m, cap_style="flat", quad_segs=2)
        outlines = [self._places(part.exterior) for part in shapely.get_parts(corridor)]
        modes = change.modes if isinstance(change, ChangeSpeed) else ()
        speed = {"speedKph": change.speed_kmh} if isinstance(change, ChangeSpeed) else {}
        return {
            "type": "modify-streets",
            "polygons": outlines,
            "allowedModes": [_STREET_MODES[mode] for mode in modes],
            "lineString": self._places(change.line),
            "toleranceMeters": change.tolerance_m,
            **speed,
        }

    def _places(self, shape: shapely.Geometry) -> list[list[float]]:
        """Turn coordinates into degrees."""
        x, y = shapely.get_coordinates(shape).T
        lonlat = np.round(np.column_stack(self.transformer.transform(x, y)), _DIGITS)
        if not len(lonlat) or not np.isfinite(lonlat).all():
            rule = f"a shape cannot be told in degrees: {shapely.to_wkt(shape)[:60]} in {self.name}"
            raise InputError(Fault("scenario", "", rule, "check the scenario first (Scenario.check)"))
        return [[float(lon), float(lat)] for lon, lat in lonlat]


def _service(change: AddService) -> dict[str, Any]:
    frequency = {
        "hopTimes": list(change.run_s),
        "dwellTimes": [change.dwell_s] * len(change.stop_ids),
        "startTime": change.start_s,
        "endTime": change.end_s,
        "headwaySecs": change.headway_s,
    }
    return {
        "type": "add-trips",
        "stops": [{"id": each} for each in change.stop_ids],
        "frequencies": [frequency | _EVERY_DAY],
        "bidirectional": change.both_ways,
        "mode": _ROUTE_TYPE.get(change.mode, MODE_UNKNOWN),
        "routeId": change.route_id,
    }


MODE_UNKNOWN = -1
"""Route type of a vehicle GTFS has no number for; refused when read."""
