"""Building the street changes of a scenario, one after the other, into a copy of a network."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.network.delays import ASSUMED_LANES, CrossingDelays, crossing_delays_s
from bykobling.network.edges import remade, split_told, with_edges, without_edges
from bykobling.network.model import on_grid
from bykobling.scenario.along import dead_points, split_along
from bykobling.scenario.drawing import drawing_faults
from bykobling.scenario.ends import CROSSING_REACH_M, Place, joinable, nearest_place, two_sides
from bykobling.scenario.modifications import MAX_SNAP_M, AddCrossing, AddLink, ChangeSpeed, RemoveLink
from bykobling.scenario.speeds import delay_of, link_seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.network import Network
    from bykobling.scenario.faults import Found, Where
    from bykobling.scenario.modifications import LinkKind, StreetChange

_ROAD_NEAR_M = 20.0
_ASSUMED_ROAD = "primary"


@dataclass(frozen=True)
class Laid:
    """A new link as it was laid, for those who check it.

    Parameters
    ----------
    where : Where
        Which modification.
    change : AddLink or AddCrossing
        What was asked for.
    before : Network
        With a node at both ends, without the link.
    u, v : int
        Nodes it joins.
    ends : tuple of Place
        Where it joins the network as it was before.
    line : LineString
        From street to street.
    seconds : tuple of float
        As drawn and back.
    same_street : bool
        Whether both ends are on one edge, or on two of one name.
    """

    where: Where
    change: AddLink | AddCrossing
    before: Network
    u: int
    v: int
    ends: tuple[Place, Place]
    line: shapely.LineString
    seconds: tuple[float, float]
    same_street: bool


@dataclass(frozen=True)
class Laying:
    """A new link about to be laid.

    Parameters
    ----------
    where : Where
        Which modification.
    change : AddLink or AddCrossing
        What was asked for.
    ends : tuple of Place
        Where it joins the streets.
    line : LineString
        Its course as drawn.
    told : mapping
        Columns of the streets it gets.
    """

    where: Where
    change: AddLink | AddCrossing
    ends: tuple[Place, Place]
    line: shapely.LineString
    told: Mapping[str, object]


@dataclass
class Site:
    """A network under construction: what was laid and what closed, `laid` and `added` in one order."""

    network: Network
    barriers: gpd.GeoDataFrame | None = None
    found: list[Found] = field(default_factory=list)
    laid: list[Laid] = field(default_factory=list)
    added: list[int] = field(default_factory=list)
    closed: list[shapely.LineString] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)

    @property
    def touched_nodes(self) -> NDArray[np.int64]:
        """Nodes at the ends of what changed, without those that have no street left."""
        nodes = np.unique(np.array(self.touched, np.int64))
        has_edge = np.zeros(self.network.node_count, np.bool_)
        has_edge[self.network.edge_u] = True
        has_edge[self.network.edge_v] = True
        return nodes[has_edge[nodes]]


def build(
    network: Network, changes: Iterable[tuple[Where, StreetChange]], *, barriers: gpd.GeoDataFrame | None = None
) -> Site:
    """Build street changes into a copy of a network; what cannot be built is told and left out.

    Parameters
    ----------
    network : Network
        Left as it is.
    changes : iterable of (Where, modification)
        In order.
    barriers : GeoDataFrame, optional
        Barriers with footprints: how a crossing told by a point lies across its road.

    Returns
    -------
    Site
        The network, what was found, and the nodes at the ends of what changed.
    """
    site = Site(network, barriers)
    for where, change in changes:
        modes = getattr(change, "modes", (network.mode,))
        faults = drawing_faults(where, change, network)
        site.found += faults
        if any(each.fault.severity == "error" for each in faults) or network.mode not in modes:
            continue
        if isinstance(change, AddLink):
            _add_link(site, where, change)
        elif isinstance(change, AddCrossing):
            _add_crossing(site, where, change)
        elif isinstance(change, RemoveLink):
            _remove_link(site, where, change)
        else:
            _change_speed(site, where, change)
    return site


def _add_link(site: Site, where: Where, link: AddLink) -> None:
    """Join the ends of a drawn link to the streets and lay it."""
    line = shapely.force_2d(link.line)
    usable = joinable(site.network, np.array(site.added, np.int64))
    ends = [nearest_place(site.network, shapely.get_point(line, at), usable, link.max_snap_m) for at in (0, -1)]
    far = [(name, at, place) for name, at, place in zip(("start", "end"), (0, -1), ends, strict=True) if place.edge < 0]
    for name, at, place in far:
        site.found.append(
            _too_far(site, where, name, shapely.get_point(line, at), off_m=place.distance_m, limit_m=link.max_snap_m)
        )
    if far:
        return
    _lay(
        site,
        Laying(where, link, (ends[0], ends[1]), line, _told(link)),
        kind=link.kind,
        delay_s=delay_of(link),
        gradient_pct=link.gradient_pct,
    )


def _told(link: AddLink) -> dict[str, object]:
    """Describe a new link as the columns of streets do."""
    highway = {"walk": "footway", "bike": "cycleway"}[link.modes[0]] if len(link.modes) == 1 else "path"
    return {
        "name": link.name or None,
        "highway": "steps" if link.kind == "stairs" else highway,
        "bridge": link.kind == "bridge",
        "tunnel": link.kind == "underpass",
        "layer": {"bridge": 1, "underpass": -1}.get(link.kind, 0),
        "steps": link.kind == "stairs",
        "delay_s": delay_of(link),
    }


def _too_far(site: Site, where: Where, name: str, point: shapely.Point, *, off_m: float, limit_m: float) -> Found:
    """Say how far off a drawn end is."""
    wet = _in_water(site.barriers, point)
    rule = (
        f"its {name} {'lies in the water (' + wet + '), ' if wet else 'is '}{off_m:,.0f} m from the nearest "
        f"street for {site.network.mode!r}, farther than {limit_m:g} m"
    )
    remedy = "draw it to the shore and on to the street" if wet else "draw it on to the street, or raise max_snap_m"
    return where.found("far", rule, remedy)


def _in_water(barriers: gpd.GeoDataFrame | None, point: shapely.Point) -> str:
    """Name the water a point lies in, if any."""
    if barriers is None or not len(barriers):
        return ""
    hit = (barriers["kind"] == "water").to_numpy(bool) & shapely.contains(barriers.geometry.to_numpy(), point)
    return str(barriers["name"].to_numpy(object)[hit][0]) if hit.any() else ""


def _lay(site: Site, laying: Laying, *, kind: LinkKind, delay_s: float, gradient_pct: float | None) -> None:
    """Split the streets at both ends and append one edge."""
    before, ends = site.network, laying.ends
    edges, offsets = np.array([end.edge for end in ends]), np.array([end.offset_m for end in ends])
    split, node, _ = split_told(before, edges, offsets)
    u, v = int(node[0]), int(node[1])
    if u == v:
        rule = "both ends meet the streets at one place, so it leads nowhere"
        site.found.append(laying.where.found("loop", rule, "draw it from one street to another"))
        return
    whole = _joined(ends, laying.line)
    seconds = link_seconds(whole.length, kind=kind, profile=split.profile, delay_s=delay_s, gradient_pct=gradient_pct)
    street = min(int(before.edge_street.min(initial=0)), 0) - 1
    line = np.empty(1, object)
    line[0] = whole
    site.network = with_edges(
        split, [u], [v],
        length_m=[whole.length], forward_s=[seconds[0]], backward_s=[seconds[1]],
        geometry=line, street=[street], told=laying.told,
    )  # fmt: skip
    site.added.append(street)
    site.touched += [u, v]
    same = _same_street(before, ends)
    site.laid.append(Laid(laying.where, laying.change, split, u, v, ends, whole, seconds, same_street=same))


def _joined(ends: tuple[Place, Place], line: shapely.LineString) -> shapely.LineString:
    """Lead a drawn line on to the streets at both ends."""
    tips = [end.point.coords[0] for end in ends]
    course = [tips[0], *shapely.get_coordinates(line).tolist(), tips[1]]
    kept = [course[0]]
    for place in course[1:]:
        if np.hypot(place[0] - kept[-1][0], place[1] - kept[-1][1]) > 1e-6:
            kept.append(place)
    kept[-1] = course[-1]
    return shapely.LineString(kept if len(kept) > 1 else [course[0], course[-1]])


def _same_street(network: Network, ends: tuple[Place, Place]) -> bool:
    """Tell whether two places are on one edge, or on two edges of one name."""
    one, other = ends[0].edge, ends[1].edge
    if one == other:
        return True
    if "name" not in network.edge_attributes:
        return False
    names = network.edge_attributes["name"].iloc[[one, other]].tolist()
    return isinstance(names[0], str) and names[0] != "" and names[0] == names[1]


def _add_crossing(site: Site, where: Where, crossing: AddCrossing) -> None:
    """Join the two sides of a road."""
    usable = joinable(site.network, np.array(site.added, np.int64))
    place = shapely.force_2d(crossing.place)
    road, highway = _road_at(site, place)
    if isinstance(place, shapely.LineString):
        drawn = [nearest_place(site.network, shapely.get_point(place, at), usable, MAX_SNAP_M) for at in (0, -1)]
        ends = [end if end.edge >= 0 else None for end in drawn]
        reach_m, line = MAX_SNAP_M, place
    else:
        middle = _on_road(place, road)
        ends = list(two_sides(site.network, middle, usable, road))
        reach_m, line = CROSSING_REACH_M, shapely.LineString([middle, middle])
    if ends[0] is None or ends[1] is None:
        sides = "either side" if ends[0] is None and ends[1] is None else "one side"
        rule = f"no street for {site.network.mode!r} lies within {reach_m:g} m on {sides} of the road"
        site.found.append(where.found("far", rule, "draw a line from the street on one side to that on the other"))
        return
    delay_s = crossing.delay_s
    if delay_s is None:
        delay_s = crossing_delays_s({"highway": highway}, crossing.kind, delays=CrossingDelays())
    told = {"name": crossing.name or None, "highway": "crossing", "crossing": crossing.kind, "delay_s": delay_s}
    laying = Laying(where, crossing, (ends[0], ends[1]), line, told)
    _lay(site, laying, kind="path", delay_s=delay_s, gradient_pct=None)


def _road_at(site: Site, place: shapely.Geometry) -> tuple[shapely.Geometry | None, str]:
    """Find the footprint of the road at a place, and its class (primary where nothing tells: assumed)."""
    barriers = site.barriers
    if barriers is not None and len(barriers):
        roads = barriers[(barriers["kind"] == "road").to_numpy(bool)]
        metres = shapely.distance(roads.geometry.to_numpy(), place)
        if len(roads) and metres.min() <= _ROAD_NEAR_M:
            row = int(np.argmin(metres))
            return roads.geometry.to_numpy()[row], str(roads["subkind"].iloc[row])
    network = site.network
    if "highway" in network.edge_attributes:
        big = network.edge_attributes["highway"].isin(list(ASSUMED_LANES)).to_numpy(bool)
        metres = shapely.distance(network.edge_geometry[big], place)
        if len(metres) and metres.min() <= _ROAD_NEAR_M:
            return None, str(network.edge_attributes["highway"].to_numpy(object)[big][np.argmin(metres)])
    return None, _ASSUMED_ROAD


def _on_road(place: shapely.Point, road: shapely.Geometry | None) -> shapely.Point:
    """Move a point drawn beside a road into it, half the way across."""
    if road is None or bool(shapely.contains(road, place)):
        return place
    way = shapely.shortest_line(place, road)
    (ax, ay), (bx, by) = way.coords
    size = float(np.hypot(bx - ax, by - ay))
    if size == 0:
        return place
    reach = shapely.LineString([(bx, by), (bx + (bx - ax) / size * 100, by + (by - ay) / size * 100)])
    across = shapely.get_parts(shapely.intersection(reach, road))
    return shapely.line_interpolate_point(across[0], 0.5, normalized=True) if across[0].length else place


def _remove_link(site: Site, where: Where, link: RemoveLink) -> None:
    """Take out the stretches of streets along a line."""
    split, along = split_along(site.network, shapely.force_2d(link.line), link.tolerance_m)
    if not _any_along(site, where, along, link.tolerance_m):
        return
    along = along | dead_points(split, along)
    site.touched += [*split.edge_u[along].tolist(), *split.edge_v[along].tolist()]
    # what the scenario itself added is no street that was there
    site.closed += split.edge_geometry[along & ~np.isin(split.edge_street, site.added)].tolist()
    site.network = without_edges(split, along)


def _any_along(site: Site, where: Where, along: NDArray[np.bool_], tolerance_m: float) -> bool:
    """Tell whether any street runs along a line; it is a fault where none does."""
    if not along.any():
        rule = f"no street for {site.network.mode!r} runs along it within {tolerance_m:g} m"
        site.found.append(where.found("nothing", rule, "draw it along the street, or raise tolerance_m"))
    return bool(along.any())


def _change_speed(site: Site, where: Where, change: ChangeSpeed) -> None:
    """Price the streets along a line anew; waiting at crossings stays."""
    split, along = split_along(site.network, shapely.force_2d(change.line), change.tolerance_m)
    if not _any_along(site, where, along, change.tolerance_m):
        return
    seconds = split.edge_length_m / (change.speed_kmh / 3.6)
    if "delay_s" in split.edge_attributes:
        seconds = seconds + np.nan_to_num(split.edge_attributes["delay_s"].to_numpy(np.float64))
    new = on_grid(seconds)
    priced = {
        name: np.where(along & np.isfinite(getattr(split, name)), new, getattr(split, name)).astype(np.float32)
        for name in ("edge_s_forward", "edge_s_backward")
    }
    site.touched += [*split.edge_u[along].tolist(), *split.edge_v[along].tolist()]
    site.network = remade(split, **priced)
