"""One row of a table, read from the tags of one object."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bykobling.tags.access import (
    bike_allowed,
    drivable,
    is_oneway,
    sidewalk_separate,
    walk_allowed,
)
from bykobling.tags.barriers import tram_embedded
from bykobling.tags.crossings import way_crossing
from bykobling.tags.values import in_tunnel, lanes, layer, maxspeed_kmh, on_bridge, width_m

if TYPE_CHECKING:
    from bykobling.tags.values import Tags


class StreetRecord(NamedTuple):
    """What is kept of the tags of a street way or square."""

    osm_id: int
    name: str | None
    ref: str | None
    highway: str
    walk: bool
    bike_forward: bool
    bike_backward: bool
    drive: bool
    oneway: bool
    lanes: float
    maxspeed_kmh: float
    bridge: bool
    tunnel: bool
    layer: int
    steps: bool
    sidewalk_separate: bool
    crossing: str | None


class LineRecord(NamedTuple):
    """What is kept of the tags of a barrier drawn as a line or an area."""

    osm_id: int
    osm_type: str
    kind: str
    subkind: str
    name: str | None
    ref: str | None
    bridge: bool
    tunnel: bool
    layer: int
    lanes: float
    maxspeed_kmh: float
    width_m: float
    service: str | None
    embedded: bool | None


def street_record(osm_id: int, tags: Tags, highway: str) -> StreetRecord:
    """Read what the streets table keeps of the tags of one way."""
    forward, backward = bike_allowed(tags)
    return StreetRecord(
        osm_id=osm_id,
        name=tags.get("name"),
        ref=tags.get("ref"),
        highway=highway,
        walk=walk_allowed(tags),
        bike_forward=forward,
        bike_backward=backward,
        drive=drivable(tags),
        oneway=is_oneway(tags),
        lanes=lanes(tags),
        maxspeed_kmh=maxspeed_kmh(tags),
        bridge=on_bridge(tags),
        tunnel=in_tunnel(tags),
        layer=layer(tags),
        steps=highway == "steps",
        sidewalk_separate=sidewalk_separate(tags),
        crossing=way_crossing(tags),
    )


def line_record(osm_id: int, osm_type: str, tags: Tags, barrier: tuple[str, str]) -> LineRecord:
    """Read what the table of barrier features keeps of the tags of one way or relation."""
    kind, subkind = barrier
    return LineRecord(
        osm_id=osm_id,
        osm_type=osm_type,
        kind=kind,
        subkind=subkind,
        name=tags.get("name"),
        ref=tags.get("ref"),
        bridge=on_bridge(tags),
        tunnel=in_tunnel(tags),
        layer=layer(tags),
        lanes=lanes(tags),
        maxspeed_kmh=maxspeed_kmh(tags),
        width_m=width_m(tags),
        service=tags.get("service") if kind == "railway" else None,
        embedded=tram_embedded(tags) if subkind == "tram" else False,
    )
