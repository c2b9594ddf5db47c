"""Two passes over an OSM file: which relations are lines, then the members they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import osmium

from bykobling import tags as osm_tags
from bykobling.errors import ReadError
from bykobling.osm.scan import tags_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bykobling._types import Progress

_PROGRESS_EVERY = 5_000


class Member(NamedTuple):
    """One member of a relation: kind (``n``, ``w`` or ``r``), id and role."""

    kind: str
    ref: int
    role: str


class Relation(NamedTuple):
    """Tags and members of a relation."""

    tags: dict[str, str]
    members: tuple[Member, ...]


class NodePlace(NamedTuple):
    """Position and tags of a node."""

    lon: float
    lat: float
    tags: dict[str, str]


class WayLine(NamedTuple):
    """Tags of a way with the ids and positions of those of its nodes that are in the file.

    `joined` tells of each node but the first whether it follows the one before it without a gap.
    """

    tags: dict[str, str]
    refs: tuple[int, ...]
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    joined: tuple[bool, ...]


@dataclass
class RouteScan:
    """Everything the two passes keep; ids are those of OSM."""

    routes: dict[int, Relation] = field(default_factory=dict)
    masters: dict[int, Relation] = field(default_factory=dict)
    areas: dict[int, Relation] = field(default_factory=dict)
    platforms: dict[int, Relation] = field(default_factory=dict)
    nodes: dict[int, NodePlace] = field(default_factory=dict)
    ways: dict[int, WayLine] = field(default_factory=dict)

    def wanted(self, kind: str) -> set[int]:
        """Gather the ids of all members of one kind."""
        holders = (*self.routes.values(), *self.platforms.values())
        return {m.ref for holder in holders for m in holder.members if m.kind == kind and m.ref > 0}


def scan_routes(file: Path, *, name: str, modes: frozenset[str], progress: Progress | None) -> RouteScan:
    """Read the route relations of a file with all their members.

    Raises
    ------
    ReadError
        If the file is truncated or malformed.
    """
    kept = RouteScan()
    try:
        others = _relations(kept, file, modes)
        kept.platforms = {number: others[number] for number in kept.wanted("r") if number in others}
        if kept.routes:
            _members(kept, file, name, progress)
    except (RuntimeError, ValueError) as error:
        raise ReadError(
            f"{name}: the file is damaged, cut short or not OSM data ({error}). Remedy: download it again."
        ) from error
    return kept


def _relations(kept: RouteScan, file: Path, modes: frozenset[str]) -> dict[int, Relation]:
    """Sort relations into routes, route masters and stop areas; return those that may be platforms."""
    others: dict[int, Relation] = {}
    item: Any
    for item in osmium.FileProcessor(osmium.io.File(str(file)), osmium.osm.RELATION):
        tags = tags_of(item)
        kind = tags.get("type")
        if kind == "route":
            home = kept.routes if osm_tags.transit_mode(tags) in modes else None
        elif kind == "route_master":
            home = kept.masters
        elif tags.get("public_transport") == "stop_area":
            home = kept.areas
        else:
            home = others if osm_tags.call_role("", tags) else None
        if home is not None:
            home[item.id] = Relation(tags, tuple(Member(m.type, m.ref, m.role) for m in item.members))
    return others


def _members(kept: RouteScan, file: Path, name: str, progress: Progress | None) -> None:
    nodes, ways = kept.wanted("n"), kept.wanted("w")
    processor = osmium.FileProcessor(osmium.io.File(str(file)), osmium.osm.NODE | osmium.osm.WAY).with_locations()
    for ids, entity in ((nodes, osmium.osm.NODE), (ways, osmium.osm.WAY)):
        # a filter without ids would let everything through
        only = osmium.filter.IdFilter(sorted(ids) or [0])
        only.enable_for(entity)
        processor = processor.with_filter(only)
    item: Any
    for count, item in enumerate(processor):
        if progress is not None and count % _PROGRESS_EVERY == 0:
            progress(0, 1, f"reading lines of {name}: {count:,} objects")
        if item.is_node():
            if item.location.valid():
                kept.nodes[item.id] = NodePlace(item.lon, item.lat, tags_of(item))
        else:
            kept.ways[item.id] = _way_line(item.nodes, tags_of(item))


def _way_line(nodes: Iterable[Any], tags: dict[str, str]) -> WayLine:
    """Keep the nodes that have a position; where one in the middle has none, the line is torn."""
    refs: list[int] = []
    lon: list[float] = []
    lat: list[float] = []
    joined: list[bool] = []
    torn = False
    for node in nodes:
        if not node.location.valid():
            torn = True
            continue
        if refs:
            joined.append(not torn)
        refs.append(node.ref)
        lon.append(node.lon)
        lat.append(node.lat)
        torn = False
    return WayLine(tags, tuple(refs), tuple(lon), tuple(lat), tuple(joined))
