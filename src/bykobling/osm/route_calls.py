"""The calls of a line: where its vehicles stand and where people wait, brought together stop by stop."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import shapely

from bykobling import tags as osm_tags
from bykobling._globe import metres_between

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.osm.route_scan import Member, Relation, RouteScan, WayLine

PAIR_M = 150.0
"""A stopping place and a platform farther apart than this are two stops."""
NAMED_APART_M = 40.0
"""So are those of two names, unless they are as near as the two sides of a street."""
_ALONE = 100.0
"""What it costs to leave a stopping place or a platform without its partner, in metres between partners."""


class Halt(NamedTuple):
    """One member that is a stop: where it stands among the members, what it is, and where."""

    order: int
    osm_id: str
    role: osm_tags.CallRole
    name: str | None
    lon: float
    lat: float
    node: int


class Call(NamedTuple):
    """One call of a line: where people wait (`osm_id`, `lon`, `lat`) and where the vehicle stands (`track_...`)."""

    osm_id: str
    name: str | None
    lon: float
    lat: float
    track_node: int
    track_lon: float
    track_lat: float
    entry: bool
    exit: bool
    way: str


@dataclass
class Members:
    """The members of a route relation, sorted: stops, ways to run along, and how many are not in the file."""

    halts: list[Halt] = field(default_factory=list)
    tracks: list[WayLine] = field(default_factory=list)
    absent_stops: int = 0
    absent_ways: int = 0


def sort_members(relation: Relation, scan: RouteScan, names: dict[tuple[str, int], str]) -> Members:
    """Tell stops from ways.

    Parameters
    ----------
    relation : Relation
        A route.
    scan : RouteScan
        Where its members are.
    names : dict of (kind, id) to str
        Names of stops from their stop areas, for those without one of their own.

    Returns
    -------
    Members
    """
    result = Members()
    for order, member in enumerate(relation.members):
        tags = _tags(member, scan)
        role = osm_tags.call_role(member.role, tags or {})
        where = None if role is None else _where(member, scan)
        if role is None and member.kind == "w":
            way = scan.ways.get(member.ref)
            if way is None or not any(way.joined):
                result.absent_ways += 1
            else:
                result.tracks.append(way)
        elif role is not None and where is None:
            result.absent_stops += 1
        elif role is not None and where is not None:
            name = (tags or {}).get("name") or names.get((member.kind, member.ref))
            node = member.ref if member.kind == "n" else 0
            result.halts.append(Halt(order, f"{member.kind}{member.ref}", role, name, *where, node))
        elif member.kind == "n" and tags is None:
            # without its tags nobody can say whether it is a stop; in most relations every node is
            result.absent_stops += 1
    return result


def _tags(member: Member, scan: RouteScan) -> dict[str, str] | None:
    homes: dict[str, dict[int, Any]] = {"n": scan.nodes, "w": scan.ways, "r": scan.platforms}
    found = homes[member.kind].get(member.ref)
    return None if found is None else dict(found.tags)


def _where(member: Member, scan: RouteScan) -> tuple[float, float] | None:
    """Return a point that stands for a stop drawn as a node, a line, an area or several of these."""
    if member.kind == "n":
        node = scan.nodes.get(member.ref)
        return None if node is None else (node.lon, node.lat)
    if member.kind == "w":
        way = scan.ways.get(member.ref)
        return None if way is None else _middle(way)
    parts = scan.platforms[member.ref].members if member.ref in scan.platforms else ()
    points = [place for part in parts if part.kind != "r" and (place := _where(part, scan)) is not None]
    return None if not points else tuple(np.mean(points, axis=0).tolist())


def _middle(way: WayLine) -> tuple[float, float] | None:
    if len(way.refs) < 2:
        return None
    xy = np.stack([way.lon, way.lat], axis=1)
    if way.refs[0] == way.refs[-1] and len(way.refs) > 3:
        point = shapely.Polygon(xy).centroid
    else:
        point = shapely.LineString(xy).interpolate(0.5, normalized=True)
    return (float(point.x), float(point.y))


def bring_together(halts: Sequence[Halt]) -> list[Call]:
    """Make one call of each stopping place and its platform, in the order of the line.

    Stopping places and platforms may alternate in the relation, or come one list after the other: the two lists are
    aligned so that the distance between partners is least, neither of them out of its order.

    Parameters
    ----------
    halts : sequence of Halt
        The stops of one direction.

    Returns
    -------
    list of Call
        A stop named twice in a row calls once.
    """
    stops = [halt for halt in halts if halt.role.kind == "stop"]
    platforms = [halt for halt in halts if halt.role.kind == "platform"]
    calls = _aligned(stops, platforms) if stops and platforms else [_call(halt, halt) for halt in halts]
    return [call for k, call in enumerate(calls) if k == 0 or call.osm_id != calls[k - 1].osm_id]


def _call(stop: Halt, platform: Halt) -> Call:
    """Board at the platform, stand at the stopping place."""
    return Call(
        osm_id=platform.osm_id,
        name=platform.name or stop.name,
        lon=platform.lon,
        lat=platform.lat,
        track_node=stop.node,
        track_lon=stop.lon,
        track_lat=stop.lat,
        entry=stop.role.entry and platform.role.entry,
        exit=stop.role.exit and platform.role.exit,
        way=stop.role.way or platform.role.way,
    )


def _aligned(stops: list[Halt], platforms: list[Halt]) -> list[Call]:
    """Align two lists as one aligns two texts: partners cost their distance, a single a fixed price."""
    apart = _apart(stops, platforms)
    rows, columns = apart.shape
    cost = np.zeros((rows + 1, columns + 1))
    cost[1:, 0] = _ALONE * np.arange(1, rows + 1)
    cost[0, 1:] = _ALONE * np.arange(1, columns + 1)
    for i in range(rows):
        for j in range(columns):
            alone = min(cost[i, j + 1], cost[i + 1, j]) + _ALONE
            cost[i + 1, j + 1] = min(cost[i, j] + apart[i, j], alone)
    calls: list[Call] = []
    i, j = rows, columns
    while i or j:
        if i and j and cost[i, j] == cost[i - 1, j - 1] + apart[i - 1, j - 1]:
            i, j = i - 1, j - 1
            calls.append(_call(stops[i], platforms[j]))
            continue
        may_stop = i > 0 and cost[i, j] == cost[i - 1, j] + _ALONE
        may_platform = j > 0 and cost[i, j] == cost[i, j - 1] + _ALONE
        # the way back through the table starts at the end: of two singles the later member comes first
        if may_stop and not (may_platform and platforms[j - 1].order > stops[i - 1].order):
            i -= 1
            calls.append(_call(stops[i], stops[i]))
        else:
            j -= 1
            calls.append(_call(platforms[j], platforms[j]))
    return calls[::-1]


def _apart(stops: list[Halt], platforms: list[Halt]) -> NDArray[np.float64]:
    """Measure from each stopping place to each platform; too far apart to be partners is infinitely far."""
    a = np.array([(halt.lon, halt.lat) for halt in stops])
    b = np.array([(halt.lon, halt.lat) for halt in platforms])
    metres = metres_between(a[:, None, 0], a[:, None, 1], b[None, :, 0], b[None, :, 1])
    other_name = np.array([[bool(s.name and p.name and s.name != p.name) for p in platforms] for s in stops])
    return np.where(metres <= np.where(other_name, NAMED_APART_M, PAIR_M), metres, np.inf)
