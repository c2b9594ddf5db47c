"""Faults of a modification of public transport that can be told without a timetable."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely

from bykobling.gtfs.schema import MODE_OF_HUNDRED, MODES
from bykobling.scenario.modifications import AddService, AddStop, ChangeHeadway, RemoveStop

if TYPE_CHECKING:
    from bykobling.scenario.faults import Found, Where
    from bykobling.scenario.modifications import RemoveService, TimetableChange

VEHICLES = tuple(sorted({*MODES.values(), *MODE_OF_HUNDRED.values()}))
"""Modes a new service may have."""


def service_faults(where: Where, change: TimetableChange) -> list[Found]:
    """Find what is wrong with a modification of public transport itself.

    Parameters
    ----------
    where : Where
        Which modification.
    change : modification
        Of the timetable.

    Returns
    -------
    list of Found
    """
    if isinstance(change, AddStop):
        return _stop(where, change)
    if isinstance(change, AddService):
        return [*_line(where, change), *_period(where, change.headway_s, change.start_s, change.end_s)]
    if isinstance(change, ChangeHeadway):
        found = _ids(where, "route_id", (change.route_id,))
        return found + _period(where, change.headway_s, change.start_s, change.end_s)
    named = {"stop_ids": change.stop_ids} if isinstance(change, RemoveStop) else _runs_no_more(change)
    if not any(named.values()):
        return [where.found("ids", f"it names nothing in {' or '.join(named)}", "name what is taken away")]
    return [each for name, ids in named.items() for each in _ids(where, name, ids)]


def _runs_no_more(change: RemoveService) -> dict[str, tuple[str, ...]]:
    return {"route_ids": change.route_ids, "trip_ids": change.trip_ids}


def _ids(where: Where, name: str, ids: tuple[str, ...]) -> list[Found]:
    """Find empty and repeated ids."""
    found = []
    if any(not each for each in ids):
        found.append(where.found("ids", f"{name} holds an empty id", "name it, or leave it out"))
    double = sorted({each for each in ids if ids.count(each) > 1})
    if double:
        found.append(where.found("ids", f"{name} names {', '.join(double)} twice", "name each once"))
    return found


def _stop(where: Where, stop: AddStop) -> list[Found]:
    found = [*_ids(where, "stop_id", (stop.stop_id,)), *_ids(where, "route_ids", stop.route_ids)]
    place = stop.place
    if not isinstance(place, shapely.Point) or place.is_empty:
        found.append(where.found("shape", "its place is no point", "draw a point"))
    elif not (math.isfinite(place.x) and math.isfinite(place.y)):
        found.append(where.found("shape", "its coordinates are not all numbers (NaN or infinite)", "draw it again"))
    if stop.dwell_s < 0:
        found.append(where.found("number", f"dwell_s is {stop.dwell_s}, below 0", "give seconds, 0 or more"))
    return found


def _line(where: Where, service: AddService) -> list[Found]:
    """Find a line through too few stops, or with running times that do not fit it."""
    found = []
    if len(service.stop_ids) < 2:
        found.append(where.found("stops", f"{len(service.stop_ids)} stops make no line", "name two or more"))
    elif len(service.run_s) != len(service.stop_ids) - 1 or min(service.run_s) <= 0:
        rule = f"run_s is {list(service.run_s)}, not {len(service.stop_ids) - 1} running times above 0"
        found.append(where.found("run", rule, "give one for each pair of stops that follow each other"))
    again = [a for a, b in zip(service.stop_ids, service.stop_ids[1:], strict=False) if a == b]
    if again:
        found.append(where.found("stops", f"it calls at {again[0]!r} twice in a row", "name it once"))
    if not service.route_id:
        found.append(where.found("ids", "route_id is empty", "name the line"))
    if service.mode not in VEHICLES:
        found.append(where.found("kind", f"mode is {service.mode!r}", f"choose one of: {', '.join(VEHICLES)}"))
    if service.dwell_s < 0:
        found.append(where.found("number", f"dwell_s is {service.dwell_s}, below 0", "give seconds, 0 or more"))
    return found


def _period(where: Where, headway_s: int, start_s: int, end_s: int) -> list[Found]:
    found = []
    if headway_s <= 0:
        found.append(where.found("number", f"headway_s is {headway_s}, not above 0", "give seconds"))
    if end_s <= start_s or start_s < 0:
        rule = f"the period from {start_s} to {end_s} s is empty or begins before the day"
        found.append(where.found("number", rule, "give an end after the start, seconds of the service day"))
    return found
