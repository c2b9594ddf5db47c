"""One pass over an OSM file: what matters is kept in flat arrays, the rest is never held."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import osmium

from bykobling import tags as osm_tags
from bykobling.errors import ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from bykobling._types import Progress

_KEYS = (
    "highway", "railway", "waterway", "natural", "landuse", "building", "amenity", "shop", "leisure", "office",
    "tourism", "healthcare", "barrier", "crossing", "boundary", "aeroway", "industrial", "club", "route",
    "public_transport",
)  # fmt: skip
_AREA_KEYS = tuple(key for key in _KEYS if key not in {"crossing", "barrier", "route"})
# buildings and the like come back as areas: handing their ways to Python would double the time
_LINE_KEYS = ("highway", "railway", "waterway", "natural", "route", "public_transport")
_ALL_BUT_WAYS = osmium.osm.NODE | osmium.osm.RELATION | osmium.osm.AREA
_PROGRESS_EVERY = 5_000
_USUAL_KEYS = ("building", "source", "highway", "natural", "landuse", "leisure", "wall", "barrier")
_FEW_TAGS = 3


@dataclass
class Ways:
    """Ways as flat arrays: node ids and positions (1e-7 degrees) of all vertices, and where each way begins."""

    refs: array[int] = field(default_factory=lambda: array("q"))
    x: array[int] = field(default_factory=lambda: array("i"))
    y: array[int] = field(default_factory=lambda: array("i"))
    starts: array[int] = field(default_factory=lambda: array("q", [0]))
    records: list[Any] = field(default_factory=list)

    def add(self, nodes: Any, record: Any) -> None:  # noqa: ANN401 - osmium's node list
        """Append one way."""
        for node in nodes:
            self.refs.append(node.ref)
            self.x.append(node.x)
            self.y.append(node.y)
        self.starts.append(len(self.refs))
        self.records.append(record)


@dataclass
class Scan:
    """Everything one pass keeps."""

    box: tuple[float, float, float, float] | None = None
    streets: Ways = field(default_factory=Ways)
    square_rings: Ways = field(default_factory=Ways)
    square_of_ring: list[int] = field(default_factory=list)
    squares: list[tuple[osm_tags.StreetRecord, bytes]] = field(default_factory=list)
    lines: Ways = field(default_factory=Ways)
    coast: Ways = field(default_factory=Ways)
    crossing_nodes: dict[int, dict[str, str]] = field(default_factory=dict)
    gates: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    place_nodes: list[tuple[str, str, str | None, float, float]] = field(default_factory=list)
    place_areas: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)
    barrier_areas: list[tuple[osm_tags.LineRecord, bytes]] = field(default_factory=list)
    buildings: list[tuple[int, str, float, float, bool, bytes]] = field(default_factory=list)
    boundaries: list[tuple[int, str | None, int, bytes]] = field(default_factory=list)
    wanted_relations: dict[int, str] = field(default_factory=dict)
    made_relations: set[int] = field(default_factory=set)
    broken_areas: int = 0


def scan(file: Path, *, name: str, ferries: bool, progress: Progress | None) -> Scan:
    """Read the file once (relations are looked up first, as areas need them).

    Raises
    ------
    ReadError
        If the file is truncated or malformed.
    """
    kept = Scan()
    factory = osmium.geom.WKBFactory()
    on_ways, on_others = osmium.filter.KeyFilter(*_LINE_KEYS), osmium.filter.KeyFilter(*_KEYS)
    on_ways.enable_for(osmium.osm.WAY)
    on_others.enable_for(_ALL_BUT_WAYS)
    try:
        processor = (
            osmium.FileProcessor(osmium.io.File(str(file)))
            .with_areas(osmium.filter.KeyFilter(*_AREA_KEYS))
            .with_filter(on_ways)
            .with_filter(on_others)
        )
        box = processor.header.box()
        if box.valid():
            kept.box = (box.bottom_left.lon, box.bottom_left.lat, box.top_right.lon, box.top_right.lat)
        item: Any
        for count, item in enumerate(processor):
            if progress is not None and count % _PROGRESS_EVERY == 0:
                progress(0, 5, f"reading {name}: {count:,} objects")
            tags = tags_of(item)
            if item.is_way():
                _way(kept, item, tags, ferries=ferries)
            elif item.is_node():
                _node(kept, item, tags)
            elif item.is_area():
                _area(kept, item, tags, factory)
            elif item.is_relation() and tags.get("type") in {"multipolygon", "boundary"}:
                _relation(kept, item.id, tags)
    except (RuntimeError, ValueError) as error:
        raise ReadError(
            f"{name}: the file is damaged, cut short or not OSM data ({error}). Remedy: download it again."
        ) from error
    return kept


def tags_of(item: Any) -> dict[str, str]:  # noqa: ANN401 - any object of osmium's
    """Copy the tags of an object.

    Most have one to three, of a few keys: those are asked for, in a tenth of the time that going through them takes.
    """
    tags = item.tags
    count = len(tags)
    if 0 < count <= _FEW_TAGS:
        found: dict[str, str] = {}
        for key in _USUAL_KEYS:
            value = tags.get(key)
            if value is not None:
                found[key] = value
                # a key that stands there twice counts twice: then it is gone through after all
                if len(found) == count:
                    return found
    return {tag.k: tag.v for tag in tags}


def _is_square(tags: dict[str, str]) -> bool:
    return osm_tags.street_class(tags) in osm_tags.SQUARE_HIGHWAYS and tags.get("area") != "no"


def _way(kept: Scan, way: Any, tags: dict[str, str], *, ferries: bool) -> None:  # noqa: ANN401 - osmium's way
    highway = osm_tags.street_class(tags)
    # a way drawn as an area comes back from the area assembly as a square; its outline is no street
    drawn_as_area = way.is_closed() and (tags.get("area") == "yes" or highway == "platform")
    if highway is not None and not drawn_as_area and (ferries or highway != "ferry"):
        kept.streets.add(way.nodes, osm_tags.street_record(way.id, tags, highway))
    barrier = osm_tags.line_barrier(tags)
    if barrier is not None:
        kept.lines.add(way.nodes, osm_tags.line_record(way.id, "way", tags, barrier))
    if tags.get("natural") == "coastline":
        kept.coast.add(way.nodes, way.id)


def _node(kept: Scan, node: Any, tags: dict[str, str]) -> None:  # noqa: ANN401 - osmium's node
    if tags.get("highway") in {"crossing", "traffic_signals"} or "crossing" in tags or "railway" in tags:
        kept.crossing_nodes[node.id] = {
            key: value for key, value in tags.items() if key.startswith(("crossing", "highway", "railway", "traffic"))
        }
    blocks = osm_tags.gate_blocks(tags)
    if any(blocks):
        kept.gates[node.id] = blocks
    category = osm_tags.destination_category(tags)
    if category is not None and node.location.valid():
        kept.place_nodes.append((f"n{node.id}", category, tags.get("name"), node.lon, node.lat))


def _area(kept: Scan, area: Any, tags: dict[str, str], factory: Any) -> None:  # noqa: ANN401 - osmium's area
    from_way = area.from_way()
    number, osm_type = area.orig_id(), "way" if from_way else "relation"
    square = _is_square(tags) and (not from_way or tags.get("area") == "yes" or "highway" not in tags)
    barrier = osm_tags.area_barrier(tags)
    category = osm_tags.destination_category(tags)
    building = osm_tags.is_building(tags)
    level = _admin_level(tags)
    if not (square or barrier or category or building or level):
        return
    try:
        # osmium writes WKB as text, which takes GEOS four times as long to read
        shape = bytes.fromhex(factory.create_multipolygon(area))
    except RuntimeError:
        kept.broken_areas += 1
        return
    if not from_way:
        kept.made_relations.add(number)
    if square:
        _square(kept, area, osm_tags.street_record(number, tags, osm_tags.street_class(tags) or ""), shape)
    if barrier:
        kept.barrier_areas.append((osm_tags.line_record(number, osm_type, tags, barrier), shape))
    if category:
        kept.place_areas.append((f"{osm_type[0]}{number}", category, tags.get("name"), shape))
    if building:
        kept.buildings.append(
            (
                number,
                tags["building"],
                osm_tags.storeys(tags),
                osm_tags.flats(tags),
                osm_tags.is_residential(tags),
                shape,
            )
        )
    if level:
        kept.boundaries.append((number, tags.get("name"), level, shape))


def _square(kept: Scan, area: Any, record: osm_tags.StreetRecord, shape: bytes) -> None:  # noqa: ANN401 - osmium's area
    for outer in area.outer_rings():
        for ring in (outer, *area.inner_rings(outer)):
            kept.square_rings.add(ring, record)
            kept.square_of_ring.append(len(kept.squares))
    kept.squares.append((record, shape))


def _relation(kept: Scan, number: int, tags: dict[str, str]) -> None:
    if _admin_level(tags):
        kept.wanted_relations[number] = "boundary"
    elif osm_tags.area_barrier(tags):
        kept.wanted_relations[number] = "barrier area"
    elif osm_tags.is_building(tags):
        kept.wanted_relations[number] = "building"
    elif osm_tags.street_class(tags) in osm_tags.SQUARE_HIGHWAYS:
        kept.wanted_relations[number] = "square"
    elif osm_tags.destination_category(tags):
        kept.wanted_relations[number] = "destination"


def _admin_level(tags: dict[str, str]) -> int:
    """Read the level of an administrative boundary, 0 where it is none."""
    if tags.get("boundary") != "administrative":
        return 0
    text = tags.get("admin_level", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 else 0
