"""Building the changes of public transport into a copy of a timetable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyproj

from bykobling.errors import InputError
from bykobling.scenario.modifications import (
    TIMETABLE_CHANGES,
    AddService,
    AddStop,
    ChangeHeadway,
    RemoveService,
)
from bykobling.scenario.services import service_faults
from bykobling.timetable import add_service, change_headway, remove_service, remove_stops
from bykobling.timetable.stops import add_stop, insertions

if TYPE_CHECKING:
    from bykobling.scenario.faults import Found, Where
    from bykobling.scenario.model import Scenario
    from bykobling.scenario.modifications import TimetableChange
    from bykobling.timetable import Timetable

_DETOUR_M = 300.0
_DEGREES = 4326


def apply_to_timetable(
    scenario: Scenario, timetable: Timetable, crs: pyproj.CRS | None
) -> tuple[Timetable, list[Found]]:
    """Build the changes of public transport, one after the other; what cannot be built is told and left out.

    Parameters
    ----------
    scenario : Scenario
        Its modifications of streets are passed over.
    timetable : Timetable
        Left as it is.
    crs : pyproj.CRS, optional
        CRS of the places of new stops, where the scenario tells none.

    Returns
    -------
    tuple of Timetable, list of Found
    """
    found: list[Found] = []
    for number, change in enumerate(scenario.modifications, start=1):
        if not isinstance(change, TIMETABLE_CHANGES):
            continue
        where = scenario.where(number)
        wrong = service_faults(where, change)
        found += wrong
        if wrong:
            continue
        try:
            timetable = _changed(where, change, timetable, scenario.crs or crs, found)
        except InputError as error:
            found += [where.found("timetable", _told(f.where, f.rule), f.remedy) for f in error.faults]
    return timetable, found


def _told(where: str, rule: str) -> str:
    return f"{where}: {rule}" if where else rule


def _changed(
    where: Where, change: TimetableChange, timetable: Timetable, crs: pyproj.CRS | None, found: list[Found]
) -> Timetable:
    """Build one change."""
    if isinstance(change, AddStop):
        return _with_stop(where, change, timetable, crs, found)
    if isinstance(change, AddService):
        return add_service(
            timetable,
            change.stop_ids,
            change.run_s,
            route_id=change.route_id,
            mode=change.mode,
            headway_s=change.headway_s,
            start_s=change.start_s,
            end_s=change.end_s,
            dwell_s=change.dwell_s,
            both_ways=change.both_ways,
        )
    if isinstance(change, ChangeHeadway):
        return change_headway(timetable, change.route_id, change.headway_s, start_s=change.start_s, end_s=change.end_s)
    if isinstance(change, RemoveService):
        return remove_service(timetable, routes=change.route_ids, trips=change.trip_ids)
    return remove_stops(timetable, change.stop_ids)


def _with_stop(
    where: Where, stop: AddStop, timetable: Timetable, crs: pyproj.CRS | None, found: list[Found]
) -> Timetable:
    """Place a new stop and look at the detour to it."""
    if crs is None:
        rule = "it has a place, but the scenario no CRS"
        found.append(where.found("crs", rule, "make it with Scenario(..., crs=network.crs)"))
        return timetable
    lon, lat = pyproj.Transformer.from_crs(crs, _DEGREES, always_xy=True).transform(stop.place.x, stop.place.y)
    changed = add_stop(
        timetable,
        stop.stop_id,
        lon=float(lon),
        lat=float(lat),
        route_ids=stop.route_ids,
        dwell_s=stop.dwell_s,
        name=stop.name,
    )
    for route_id in stop.route_ids:
        detours = [each.detour_m for each in insertions(timetable, float(lon), float(lat), [route_id])]
        if detours and max(detours) > _DETOUR_M:
            rule = f"route {route_id!r} makes a detour of up to {max(detours):,.0f} m; driving it is not counted"
            remedy = "check the place and the route, or add a service with its own running times"
            found.append(where.found("detour", rule, remedy, "warning"))
    return changed
