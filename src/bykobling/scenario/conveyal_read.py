"""Readers of the entries of a scenario in Conveyal's shape, by their type."""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from bykobling.gtfs.schema import mode_of
from bykobling.scenario._json import MOST, Entry
from bykobling.scenario.modifications import (
    CARRIAGEWAY_TOLERANCE_M,
    CROSSING_KINDS,
    LINK_KINDS,
    MAX_SNAP_M,
    TOLERANCE_M,
    AddCrossing,
    AddLink,
    AddRoad,
    AddService,
    AddStop,
    ChangeHeadway,
    ChangeSpeed,
    ChangeTraffic,
    RemoveLink,
    RemoveService,
    RemoveStop,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from bykobling._types import Mode
    from bykobling.scenario.modifications import Modification

_MODES: dict[str, Mode] = {"WALK": "walk", "BICYCLE": "bike"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PHASING = ("sourceTrip", "entryId")


def _add_streets(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    lines = [_line(entry, "lineStrings", places, crs) for places in entry.items("lineStrings")]
    if not lines:
        entry.fault("lineStrings holds no line", 'give "lineStrings": [[[lon, lat], [lon, lat]]]')
    if entry.flag("linkable", default=False):
        rule = "linkable is true, but nothing snaps onto a new link"
        entry.fault(rule, "nothing to do: homes stay at the streets they are at", warn=True)
    common: dict[str, Any] = {
        "kind": _word(entry, "kind", "path", LINK_KINDS),
        "modes": _modes(entry),
        "delay_s": entry.number("delaySeconds", needed=False),
        "width_m": entry.number("widthMeters", needed=False),
        "gradient_pct": entry.number("gradientPercent", needed=False),
        "name": entry.text("comment", ""),
        "max_snap_m": entry.number("maxSnapMeters", MAX_SNAP_M),
    }
    return [AddLink(line, **common) for line in lines if line is not None]


def _modify_streets(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    places = entry.take("lineString")
    entry.items("polygons", needed=False)
    if places is None:
        rule = "there is no lineString; polygons would take streets that only cross them"
        entry.fault(rule, 'draw the streets as "lineString": [[lon, lat], ...]')
    line = None if places is None else _line(entry, "lineString", places, crs)
    tolerance_m = entry.number("toleranceMeters", TOLERANCE_M)
    name = entry.text("comment", "")
    modes = _modes(entry, needed=False)
    if line is None or tolerance_m is None:
        return []
    if not modes:
        return [RemoveLink(line, name=name, tolerance_m=tolerance_m)]
    speed_kmh = entry.number("speedKph")
    return [ChangeSpeed(line, speed_kmh or 0.0, modes=modes, name=name, tolerance_m=tolerance_m)]


def _add_crossing(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    place, places = entry.take("place"), entry.take("lineString")
    shape: shapely.Point | shapely.LineString | None = None
    if (place is None) == (places is None):
        entry.fault("it needs a place or a lineString, and not both", 'give "place": [lon, lat]')
    elif place is not None:
        shape = _point(entry, "place", place, crs)
    else:
        shape = _line(entry, "lineString", places, crs)
    kind: Any = _word(entry, "kind", "signal", CROSSING_KINDS)
    delay_s, name = entry.number("delaySeconds", needed=False), entry.text("comment", "")
    return [AddCrossing(shape, kind=kind, delay_s=delay_s, name=name)] if shape is not None else []


def _add_stop(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    stop = Entry(entry.take("stop"), entry.file, f"{entry.where}, stop", entry.faults)
    place = _point(stop, "lon, lat", [stop.number("lon"), stop.number("lat")], crs)
    stop_id, name = stop.text("id"), stop.text("name", "")
    stop.finish()
    routes, dwell_s = entry.texts("routes", needed=False), entry.whole("dwellSeconds", 20)
    name = name or entry.text("comment", "")
    return [AddStop(stop_id, place, routes, dwell_s=dwell_s, name=name)] if place is not None else []


def _add_trips(entry: Entry, _: pyproj.CRS) -> list[Modification]:
    ids = []
    for position, value in enumerate(entry.items("stops"), start=1):
        stop = Entry(value, entry.file, f"{entry.where}, stop {position}", entry.faults)
        if stop.take("id") is None and stop.values:
            stop.fault("it has no id", "add new stops with add-stop before it, and name their ids here")
        else:
            ids.append(stop.text("id"))
        stop.finish(("lat", "lon", "name"))
    number = entry.whole("mode", 3)
    mode = mode_of(number)
    if mode is None:
        entry.fault(f"mode is {number}, no route type of GTFS", "give 3 for a bus, 0 for a tram, ...")
    name = entry.text("comment", "")
    route_id = entry.text("routeId", name)
    both_ways = entry.flag("bidirectional", default=True)
    for key in ("color", "directionId"):
        entry.take(key)  # changes no travel time
    made: list[Modification] = []
    for position, value in enumerate(entry.items("frequencies"), start=1):
        times = Entry(value, entry.file, f"{entry.where}, frequency {position}", entry.faults)
        start_s, end_s, headway_s = _period(times)
        run_s = _wholes(times, "hopTimes")
        dwell_s = _dwell(times)
        times.finish((*_DAYS, *_PHASING))
        made.append(
            AddService(
                tuple(ids), run_s, route_id, mode or "", headway_s, start_s, end_s, dwell_s=dwell_s,
                both_ways=both_ways, name=name,
            )
        )  # fmt: skip
    return made


def _dwell(times: Entry) -> int:
    """Read the dwell at the stops on the way; there is one for all of them."""
    every = _wholes(times, "dwellTimes", needed=False)
    if not every:
        return 20
    inner = set(every[1:-1]) or {every[0]}
    if len(inner) > 1:
        rule = f"dwellTimes are {sorted(inner)}; they must be alike at all stops on the way"
        times.fault(rule, "give the mean")
    return min(inner)


def _adjust_frequency(entry: Entry, _: pyproj.CRS) -> list[Modification]:
    route_id, name = entry.text("route"), entry.text("comment", "")
    if not entry.flag("retainTripsOutsideFrequencyEntries", default=False):
        rule = "trips outside its entries stay, though retainTripsOutsideFrequencyEntries is false"
        entry.fault(rule, "remove the route with remove-trips and add it anew, or leave it so", warn=True)
    periods: dict[tuple[int, int, int], None] = {}
    for position, value in enumerate(entry.items("entries"), start=1):
        times = Entry(value, entry.file, f"{entry.where}, entry {position}", entry.faults)
        periods.setdefault(_period(times))
        times.finish((*_DAYS, *_PHASING))
    return [ChangeHeadway(route_id, each[2], each[0], each[1], name=name) for each in periods]


def _remove_trips(entry: Entry, _: pyproj.CRS) -> list[Modification]:
    routes, trips = entry.texts("routes", needed=False), entry.texts("trips", needed=False)
    return [RemoveService(routes, trips, name=entry.text("comment", ""))]


def _remove_stops(entry: Entry, _: pyproj.CRS) -> list[Modification]:
    if entry.take("secondsSavedAtEachStop", 0) != 0:
        entry.fault("secondsSavedAtEachStop is set, but vehicles keep their times", "leave it out")
    return [RemoveStop(entry.texts("stops"), name=entry.text("comment", ""))]


def _traffic(entry: Entry, crs: pyproj.CRS) -> list[Modification]:
    line = _line(entry, "lineString", entry.take("lineString"), crs)
    new = entry.text("type") == "add-road"
    aadt = entry.number("vehiclesPerDay", needed=new)
    speed_kmh, heavy_share = entry.number("speedKph", needed=False), entry.number("heavyShare", needed=False)
    name = entry.text("comment", "")
    if new:
        if line is None or aadt is None:
            return []
        speed = {} if speed_kmh is None else {"speed_kmh": speed_kmh}
        return [AddRoad(line, aadt, heavy_share=heavy_share, name=name, **speed)]
    tolerance_m = entry.number("toleranceMeters", CARRIAGEWAY_TOLERANCE_M)
    if line is None or tolerance_m is None:
        return []
    return [ChangeTraffic(line, aadt, speed_kmh, heavy_share, name=name, tolerance_m=tolerance_m)]


READERS: dict[str, Callable[[Entry, pyproj.CRS], list[Modification]]] = {
    "add-streets": _add_streets,
    "modify-streets": _modify_streets,
    "add-crossing": _add_crossing,
    "add-stop": _add_stop,
    "add-trips": _add_trips,
    "adjust-frequency": _adjust_frequency,
    "remove-trips": _remove_trips,
    "remove-stops": _remove_stops,
    "change-traffic": _traffic,
    "add-road": _traffic,
}
"""Reader of each type of entry."""


def _modes(entry: Entry, *, needed: bool = True) -> tuple[Mode, ...]:
    found: list[Mode] = []
    for told in entry.texts("allowedModes", needed=needed):
        if told in _MODES:
            found.append(_MODES[told])
        elif told != "CAR":
            entry.fault(f"allowedModes holds {told!r}", f"choose among: {', '.join(_MODES)}")
        else:
            entry.fault("cars are not modelled: CAR is left out", "nothing to do", warn=True)
    if needed and not found:
        entry.fault("it is for nobody who walks or cycles", 'give "allowedModes": ["WALK"]')
    return tuple(dict.fromkeys(found))


def _word(entry: Entry, key: str, default: str, allowed: tuple[str, ...]) -> Any:  # noqa: ANN401 - a Literal
    value = entry.text(key, default)
    if value not in allowed:
        entry.fault(f"{key} is {value!r}", f"choose one of: {', '.join(allowed)}")
    return value


def _wholes(entry: Entry, key: str, *, needed: bool = True) -> tuple[int, ...]:
    values = entry.items(key, needed=needed)
    if any(not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**31 for value in values):
        entry.fault(f"{key} holds what is no whole number", "give seconds")
        return ()
    return tuple(values)


def _period(times: Entry) -> tuple[int, int, int]:
    if times.take("firstDepartures") is not None:
        times.fault("firstDepartures is not supported", "give startTime, endTime and headwaySecs")
    return times.whole("startTime"), times.whole("endTime"), times.whole("headwaySecs")


def _line(entry: Entry, key: str, places: object, crs: pyproj.CRS) -> shapely.LineString | None:
    if not isinstance(places, list) or not 2 <= len(places) <= MOST:
        entry.fault(f"{key} is no line of 2 to {MOST:,} places", 'give "[[lon, lat], [lon, lat]]"')
        return None
    xy: list[tuple[float, float]] = []
    for place in places:
        projected = _projected(place, crs)
        if projected is None:
            entry.fault(f"{key} holds {str(place)[:60]}, no [lon, lat] in degrees", "give degrees, longitude first")
            return None
        xy.append(projected)
    return shapely.LineString(xy)


def _point(entry: Entry, key: str, place: object, crs: pyproj.CRS) -> shapely.Point | None:
    xy = _projected(place, crs)
    if xy is None:
        entry.fault(f"{key} is {str(place)[:60]}, no place in degrees", "give degrees, longitude first")
        return None
    return shapely.Point(xy)


def _projected(place: object, crs: pyproj.CRS) -> tuple[float, float] | None:
    """Project a place in degrees, None where it is none."""
    if not isinstance(place, list) or len(place) != 2:
        return None
    lon, lat = place
    if any(isinstance(v, bool) or not isinstance(v, int | float) for v in place) or not (
        abs(lon) <= 180 and abs(lat) <= 90
    ):
        return None
    x, y = _from_degrees(crs).transform(lon, lat)
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


@functools.lru_cache(maxsize=8)
def _from_degrees(crs: pyproj.CRS) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(4326, crs, always_xy=True)
