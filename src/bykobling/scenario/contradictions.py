"""Modifications of one scenario that do not go together."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, TypeGuard

import shapely

from bykobling.scenario.modifications import (
    AddCrossing,
    AddLink,
    AddService,
    AddStop,
    ChangeHeadway,
    RemoveLink,
    RemoveService,
    RemoveStop,
)

if TYPE_CHECKING:
    from bykobling.scenario.faults import Found
    from bykobling.scenario.model import Scenario
    from bykobling.scenario.modifications import Modification

_SAME_M = 0.5


def contradictions(scenario: Scenario) -> list[Found]:
    """Find modifications that undo, repeat or rule out an earlier one.

    Parameters
    ----------
    scenario : Scenario
        Its lines need not be sound.

    Returns
    -------
    list of Found
        Told at the later of the two.
    """
    found = []
    for (first, one), (second, other) in itertools.combinations(enumerate(scenario.modifications, start=1), 2):
        rule = _rule(one, other)
        if rule is not None:
            earlier = scenario.where(first).text
            remedy = f"drop it or {earlier}; proposals that exclude each other are scenarios of their own"
            found.append(scenario.where(second).found("contradiction", f"{earlier} {rule}", remedy))
    return found


def _rule(one: Modification, other: Modification) -> str | None:
    """Say how an earlier modification rules out a later one."""
    if isinstance(one, AddLink) and isinstance(other, AddLink):
        same = bool(set(one.modes) & set(other.modes)) and _same_line(one.line, other.line)
        return "adds the same link already" if same else None
    if isinstance(one, AddCrossing) and isinstance(other, AddCrossing):
        return "adds a crossing at the same place already" if _same_line(one.place, other.place) else None
    if isinstance(one, AddLink) and isinstance(other, RemoveLink):
        undone = _drawn(one.line) and _drawn(other.line) and _hausdorff(one.line, other.line) <= other.tolerance_m
        return "adds the link that this takes away" if undone else None
    if isinstance(one, RemoveLink) and isinstance(other, RemoveLink):
        return "removes the same streets already" if _same_line(one.line, other.line) else None
    return _service_rule(one, other) or _stop_rule(one, other)


def _service_rule(one: Modification, other: Modification) -> str | None:
    """Compare two changes of service."""
    if isinstance(one, RemoveService) and isinstance(other, RemoveService):
        again = sorted({*one.route_ids, *one.trip_ids} & {*other.route_ids, *other.trip_ids})
        return f"removes {', '.join(again)} already" if again else None
    for removal, change in ((one, other), (other, one)):
        if isinstance(removal, RemoveService) and isinstance(change, ChangeHeadway):
            if change.route_id in removal.route_ids:
                return f"and this remove route {change.route_id!r} and change its headway"
        elif isinstance(removal, RemoveService) and isinstance(change, AddStop):
            gone = sorted(set(removal.route_ids) & set(change.route_ids))
            if gone:
                return f"and this remove route {gone[0]!r} and let it call at a new stop"
    if isinstance(one, AddService) and isinstance(other, RemoveService):
        return f"adds the route {one.route_id!r} that this removes" if one.route_id in other.route_ids else None
    if isinstance(one, ChangeHeadway) and isinstance(other, ChangeHeadway) and one.route_id == other.route_id:
        overlap = one.start_s < other.end_s and other.start_s < one.end_s
        return f"changes the headway of {one.route_id!r} in the same period" if overlap else None
    return None


def _stop_rule(one: Modification, other: Modification) -> str | None:
    """Compare two changes of stops."""
    if isinstance(one, AddStop) and isinstance(other, AddStop):
        return f"adds a stop {one.stop_id!r} too" if one.stop_id == other.stop_id else None
    if isinstance(one, RemoveStop) and isinstance(other, RemoveStop):
        again = sorted(set(one.stop_ids) & set(other.stop_ids))
        return f"closes {', '.join(again)} already" if again else None
    for closing, change in ((one, other), (other, one)):
        if not isinstance(closing, RemoveStop):
            continue
        if isinstance(change, AddService):
            served = [each for each in change.stop_ids if each in closing.stop_ids]
            if served:
                return f"and this close {', '.join(served)} and add a service that calls there"
        if isinstance(change, AddStop) and change.stop_id in closing.stop_ids:
            return f"and this add and close the stop {change.stop_id!r}"
    return None


def _drawn(shape: object) -> TypeGuard[shapely.LineString | shapely.Point]:
    return isinstance(shape, shapely.LineString | shapely.Point) and not shape.is_empty and shape.is_valid


def _same_line(one: object, other: object) -> bool:
    """Tell whether two shapes lie on each other, however they are drawn."""
    if not (_drawn(one) and _drawn(other)):
        return False
    return _hausdorff(one, other) <= _SAME_M


def _hausdorff(one: shapely.Geometry, other: shapely.Geometry) -> float:
    return float(shapely.hausdorff_distance(one, other))
