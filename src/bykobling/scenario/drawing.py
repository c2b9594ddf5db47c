"""Faults of a drawn modification that can be told from itself: its shape, its numbers, its place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.scenario.modifications import (
    CROSSING_KINDS,
    LINK_KINDS,
    MODES,
    AddCrossing,
    AddLink,
    ChangeSpeed,
)

if TYPE_CHECKING:
    from bykobling.network import Network
    from bykobling.scenario.faults import Found, Where
    from bykobling.scenario.modifications import StreetChange

LONGEST_M = 10_000.0
"""Nobody builds a longer link; a line so long is drawn in another unit, or by mistake."""

PLAUSIBLE_M = {"path": 3_000.0, "bridge": 1_500.0, "underpass": 500.0, "stairs": 100.0, "ramp": 500.0}
"""Longer links of a kind are worth a second look."""

CROSSING_LONGEST_M = 100.0
STEEPEST_PCT = 35.0
_ACCESSIBLE_PCT = 8.0
_SHORTEST_M = 0.5
_FAR_M = 20_000.0


def drawing_faults(where: Where, change: StreetChange, network: Network) -> list[Found]:
    """Find what is wrong with a drawn modification itself.

    Parameters
    ----------
    where : Where
        Which modification.
    change : modification
        Of streets.
    network : Network
        For its extent.

    Returns
    -------
    list of Found
        After a shape that is none, nothing more is looked at.
    """
    shape = change.place if isinstance(change, AddCrossing) else change.line
    found = _no_shape(where, shape, point=isinstance(change, AddCrossing))
    if not found:
        found = place_faults(where, shape, network)
    if not found and isinstance(shape, shapely.LineString):
        found = _course(where, change, shape)
    return found + _numbers(where, change)


def _no_shape(where: Where, shape: object, *, point: bool) -> list[Found]:
    """Find a shape nothing can be built of."""
    allowed = (shapely.Point, shapely.LineString) if point else (shapely.LineString,)
    wanted = "a point or a line" if point else "a line"
    if not isinstance(shape, allowed):
        kind = getattr(shape, "geom_type", type(shape).__name__)
        return [where.found("shape", f"its shape is a {kind}, not {wanted}", f"draw {wanted}")]
    if shape.is_empty:
        return [where.found("shape", "its geometry is empty", "draw it or delete it")]
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return [where.found("shape", "its coordinates are not all numbers (NaN or infinite)", "draw it again")]
    return []


def place_faults(where: Where, shape: shapely.Geometry, network: Network) -> list[Found]:
    """Find a shape that lies nowhere near the network.

    Parameters
    ----------
    where : Where
        Which modification.
    shape : Geometry
        With coordinates.
    network : Network
        For its extent and CRS.

    Returns
    -------
    list of Found
        One, if any.
    """
    west, south, east, north = shapely.total_bounds(shape)
    x, y = network.node_x, network.node_y
    extent = shapely.box(x.min(), y.min(), x.max(), y.max())
    away_m = float(shapely.distance(extent, shape))
    if away_m <= _FAR_M:
        return []
    crs = network.crs.to_string()
    if max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90:
        rule = f"its coordinates ({west:g}, {south:g}) look like degrees; the network is in {crs}, in metres"
        return [where.found("crs", rule, "project it to the CRS of the network (to_crs)")]
    rule = f"it lies {away_m / 1000:,.0f} km from the network, so is in another CRS than {crs} or another place"
    return [where.found("crs", rule, "assign the CRS it was drawn in and project it to that of the network")]


def _course(where: Where, change: StreetChange, line: shapely.LineString) -> list[Found]:
    """Find a line without length, a loop, and one too long."""
    if line.length < _SHORTEST_M:
        return [where.found("short", f"it is {line.length:.2f} m long", "draw it from one street to another")]
    if line.length > LONGEST_M:
        rule = f"it is {line.length / 1000:,.1f} km long, longer than {LONGEST_M / 1000:g} km"
        return [where.found("long", rule, "check the CRS, or draw it in parts from street to street")]
    found = []
    start, end = shapely.get_point(line, 0), shapely.get_point(line, -1)
    if isinstance(change, AddLink | AddCrossing) and start.distance(end) < _SHORTEST_M:
        found.append(where.found("loop", "it is a loop: it ends where it starts", "draw it from one street to another"))
    if isinstance(change, AddLink):
        most = PLAUSIBLE_M.get(change.kind, LONGEST_M)
        if line.length > most:
            rule = f"it is {line.length:,.0f} m long, more than is likely for {change.kind} ({most:,.0f} m)"
            found.append(where.found("long", rule, "check that it is meant", "warning"))
        if not line.is_simple and change.kind != "ramp" and not found:
            rule = "its line crosses itself; it is as long as drawn"
            found.append(where.found("simple", rule, "look at the drawing", "warning"))
    if isinstance(change, AddCrossing) and line.length > CROSSING_LONGEST_M:
        rule = f"it is {line.length:,.0f} m long, more than is likely for a crossing ({CROSSING_LONGEST_M:,.0f} m)"
        found.append(where.found("long", rule, "draw it straight across the road", "warning"))
    return found


def _numbers(where: Where, change: StreetChange) -> list[Found]:
    """Find numbers and words outside what is allowed."""
    found = []
    if isinstance(change, AddLink):
        found += _word(where, "kind", change.kind, LINK_KINDS)
        if change.delay_s is not None:
            found += _number(where, "delay_s", change.delay_s, low=0.0)
        found += _number(where, "max_snap_m", change.max_snap_m, low=0.0)
        if change.width_m is not None:
            found += _number(where, "width_m", change.width_m, low=0.0, above=True)
        if change.gradient_pct is not None:
            found += _gradient(where, change.gradient_pct)
    elif isinstance(change, AddCrossing):
        found += _word(where, "kind", change.kind, CROSSING_KINDS)
        if change.delay_s is not None:
            found += _number(where, "delay_s", change.delay_s, low=0.0)
    else:
        found += _number(where, "tolerance_m", change.tolerance_m, low=0.0, above=True)
    if isinstance(change, ChangeSpeed):
        found += _number(where, "speed_kmh", change.speed_kmh, low=0.0, above=True)
    if isinstance(change, AddLink | ChangeSpeed):
        if not change.modes:
            found.append(where.found("modes", "it is for nobody: modes is empty", "name walk, bike or both"))
        found += [each for mode in change.modes for each in _word(where, "modes", mode, MODES)]
    return found


def _gradient(where: Where, gradient_pct: float) -> list[Found]:
    if not abs(gradient_pct) <= STEEPEST_PCT:  # NaN too
        rule = f"gradient_pct is {gradient_pct:g}, steeper than {STEEPEST_PCT:g} %"
        return [where.found("gradient", rule, "give the mean gradient in percent, or build stairs")]
    if abs(gradient_pct) > _ACCESSIBLE_PCT:
        rule = f"gradient_pct is {gradient_pct:g}: too steep for wheelchairs, prams and most cyclists"
        return [where.found("gradient", rule, "make it longer, or check that it is meant", "warning")]
    return []


def _word(where: Where, name: str, value: object, allowed: tuple[str, ...]) -> list[Found]:
    if value in allowed:
        return []
    return [where.found("kind", f"{name} is {value!r}", f"choose one of: {', '.join(allowed)}")]


def _number(where: Where, name: str, value: float, *, low: float, above: bool = False) -> list[Found]:
    fine = math.isfinite(value) and (value > low if above else value >= low)
    if fine:
        return []
    bound = f"above {low:g}" if above else f"of {low:g} or more"
    return [where.found("number", f"{name} is {value:g}, not a number {bound}", "correct the value")]
