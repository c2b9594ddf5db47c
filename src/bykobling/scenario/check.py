"""Everything wrong with a scenario, found at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.errors import Fault
from bykobling.network import Network
from bykobling.network.paths import travel_time_matrix
from bykobling.scenario.building import build
from bykobling.scenario.contradictions import contradictions
from bykobling.scenario.drawing import place_faults
from bykobling.scenario.ends import nearest_place
from bykobling.scenario.modifications import (
    MODES,
    STREET_CHANGES,
    TIMETABLE_CHANGES,
    AddCrossing,
    AddLink,
    AddStop,
)
from bykobling.scenario.services import service_faults
from bykobling.scenario.traffic import traffic_changes, traffic_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from bykobling.scenario.building import Laid, Site
    from bykobling.scenario.faults import Found
    from bykobling.scenario.model import Scenario
    from bykobling.timetable import Timetable

_MODE_CODES = frozenset({"far", "nothing", "loop", "shortcut"})
"""Faults that are errors only where no mode can be built, and warnings where another can."""

_INSIDE_M = 3.0
_AT_GRADE = ("path", "stairs", "ramp")
_MOTORWAYS = frozenset({"motorway", "motorway_link"})


def check_scenario(
    scenario: Scenario,
    networks: Network | Sequence[Network] | Mapping[str, Network],
    timetable: Timetable | None,
    *,
    barriers: gpd.GeoDataFrame | None,
    buildings: gpd.GeoDataFrame | None,
) -> list[Fault]:
    """Find everything wrong with a scenario; see `Scenario.check`.

    Parameters
    ----------
    scenario : Scenario
        To be checked.
    networks : Network, or several
        Streets of each mode.
    timetable : Timetable, optional
        To look up ids.
    barriers, buildings : GeoDataFrame, optional
        What links should cross, and should not.

    Returns
    -------
    list of Fault
        Each once, by modification.
    """
    every = _listed(networks)
    odd = [network for network in every if scenario.crs is not None and scenario.crs != network.crs]
    if odd and (scenario.changes_streets or scenario.changes_traffic):
        told = getattr(scenario.crs, "to_string", lambda: "")()
        rule = f"it is drawn in {told}, the network is in {odd[0].crs.to_string()}"
        return [Fault(scenario.name or "scenario", "", rule, "read it with the CRS of the network")]
    found = contradictions(scenario)
    sites = [build(network, scenario.street_changes(), barriers=barriers) for network in every]
    found += _weighed(scenario, sites)
    for site in sites:
        for laid in site.laid:
            found += _course(laid, barriers, buildings)
    for number, change in traffic_changes(scenario):
        found += traffic_faults(scenario.where(number), change)
    found += _of_timetable(scenario, timetable, every) + _far_stops(scenario, every)
    once = dict.fromkeys(found)
    return [each.fault for each in sorted(once, key=lambda each: each.number)]


def _listed(networks: Network | Sequence[Network] | Mapping[str, Network]) -> list[Network]:
    if isinstance(networks, Network):
        return [networks]
    return list(networks.values()) if isinstance(networks, Mapping) else list(networks)


def _weighed(scenario: Scenario, sites: list[Site]) -> list[Found]:
    """Turn what hinders one mode alone into a warning."""
    found = []
    for number, change in enumerate(scenario.modifications, start=1):
        if not isinstance(change, STREET_CHANGES):
            continue
        modes = getattr(change, "modes", MODES)
        concerned = [site for site in sites if site.network.mode in modes]
        told = [
            [each for each in site.found if each.number == number]
            + [each for laid in site.laid if laid.where.number == number for each in _shortcut(laid)]
            for site in concerned
        ]
        fits = any(not any(e.code in _MODE_CODES and e.fault.severity == "error" for e in each) for each in told)
        for each in (one for of_site in told for one in of_site):
            if fits and each.code in _MODE_CODES and each.fault.severity == "error":
                rule = f"{each.fault.rule}; it is left out for them"
                found.append(scenario.where(number).found(each.code, rule, each.fault.remedy, "warning"))
            else:
                found.append(each)
        if not concerned:
            # what is wrong with the drawing itself is told by every network
            found += [each for site in sites for each in site.found if each.number == number]
    return found


def _shortcut(laid: Laid) -> list[Found]:
    """Find a link that leads nowhere faster than the streets that are there."""
    network = laid.before
    if isinstance(laid.change, AddCrossing) or np.isinf(max(laid.seconds)):
        return []
    ends = network.at_nodes([laid.u, laid.v])
    route = travel_time_matrix(network, ends, ends, max(laid.seconds) + 1.0)
    # a hundredth of a second is rounding
    useful = laid.seconds[0] < route[0, 1] - 0.01 or laid.seconds[1] < route[1, 0] - 0.01
    if useful:
        return []
    along = f"the streets lead from end to end in {route[0, 1]:,.0f} s, the link in {laid.seconds[0]:,.0f} s"
    if laid.same_street:
        rule = f"both ends are on the same street: {along}"
        return [laid.where.found("shortcut", rule, "draw it from one street to another")]
    rule = f"it is no shortcut: {along}"
    return [laid.where.found("shortcut", rule, "check its ends and its kind", "warning")]


def _course(laid: Laid, barriers: gpd.GeoDataFrame | None, buildings: gpd.GeoDataFrame | None) -> list[Found]:
    """Look at what a link runs through."""
    found: list[Found] = []
    if buildings is not None and len(buildings):
        shapes = buildings.geometry.to_numpy()
        hit = shapes[shapely.intersects(shapes, laid.line)]
        inside_m = float(shapely.length(shapely.intersection(hit, laid.line)).sum())
        if inside_m > 1.0:
            rule = f"it runs through buildings for {inside_m:,.0f} m"
            found.append(laid.where.found("building", rule, "draw it round them, or check that it is meant", "warning"))
    if barriers is None or not len(barriers):
        return found
    shapes = barriers.geometry.to_numpy()
    rows = np.flatnonzero(shapely.intersects(shapes, laid.line))
    inside = shapely.length(shapely.intersection(shapes[rows], laid.line))
    crossed = barriers.iloc[rows[inside > 0]]
    if isinstance(laid.change, AddLink) and not len(crossed):
        found.append(laid.where.found("barrier", "it crosses no barrier", "check where it is drawn", "warning"))
    deep = barriers.iloc[rows[inside > _INSIDE_M]]
    kind = "path" if isinstance(laid.change, AddCrossing) else laid.change.kind
    return found + (_at_grade(laid, deep) if kind in _AT_GRADE else []) + _wet_ends(laid, barriers)


def _at_grade(laid: Laid, crossed: gpd.GeoDataFrame) -> list[Found]:
    """Find motorways, railways and water that nobody crosses at grade."""
    found = []
    remedy = "make it a bridge or an underpass"
    for name, kind, subkind in zip(crossed["name"], crossed["kind"], crossed["subkind"], strict=True):
        if kind == "road" and subkind in _MOTORWAYS:
            found.append(laid.where.found("grade", f"it crosses a motorway at grade: {name}", remedy))
        elif kind in {"water", "railway"}:
            found.append(laid.where.found("grade", f"it crosses {kind} at grade: {name}", remedy, "warning"))
    return found


def _wet_ends(laid: Laid, barriers: gpd.GeoDataFrame) -> list[Found]:
    """Find drawn ends in the water that were led on to a street."""
    if isinstance(laid.change, AddCrossing):
        return []
    water = barriers[(barriers["kind"] == "water").to_numpy(bool)]
    found = []
    for name, at in (("start", 0), ("end", -1)):
        point = shapely.get_point(laid.change.line, at)
        wet = water[shapely.contains(water.geometry.to_numpy(), point)]
        if len(wet):
            metres = laid.ends[at].distance_m
            rule = f"its {name} lies in the water ({wet['name'].iloc[0]}) and was led {metres:,.0f} m on to a street"
            found.append(laid.where.found("water", rule, "draw it to the street", "warning"))
    return found


def _of_timetable(scenario: Scenario, timetable: Timetable | None, networks: list[Network]) -> list[Found]:
    """Look at the changes of public transport, and look up their ids."""
    from bykobling.scenario.timetables import apply_to_timetable  # noqa: PLC0415 - needed with a timetable alone

    if timetable is not None:
        return apply_to_timetable(scenario, timetable, networks[0].crs if networks else None)[1]
    return [
        each
        for number, change in enumerate(scenario.modifications, start=1)
        if isinstance(change, TIMETABLE_CHANGES)
        for each in service_faults(scenario.where(number), change)
    ]


def _far_stops(scenario: Scenario, networks: list[Network]) -> list[Found]:
    """Find new stops nobody can walk to."""
    walk = next((network for network in networks if network.mode == "walk"), None)
    found: list[Found] = []
    for number, change in enumerate(scenario.modifications, start=1):
        where = scenario.where(number)
        if walk is None or not isinstance(change, AddStop) or service_faults(where, change):
            continue
        wrong = place_faults(where, change.place, walk)
        found += wrong
        limit_m = walk.profile.max_snap_m
        place = nearest_place(walk, change.place, walk.edge_snappable, limit_m)
        if place.edge < 0 and not wrong:
            rule = f"it is {place.distance_m:,.0f} m from the nearest street for 'walk', farther than {limit_m:g} m"
            found.append(where.found("far", rule, "place it beside a street; nobody can get to it", "warning"))
    return found
