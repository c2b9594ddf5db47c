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
    """What is kept of the tags of a street way or square.

    Parameters
    ----------
    osm_id : int
        Id of the way; negative for a row of the user's.
    name, ref : str or None
        Name and number of the street.
    highway : str
        Class, from `street_class`.
    walk, bike_forward, bike_backward, drive : bool
        Who may use it; bicycles in its direction and against it.
    oneway : bool
        Whether general traffic may use one direction alone.
    lanes, maxspeed_kmh : float
        Traffic lanes and speed limit; NaN where unknown.
    bridge, tunnel : bool
        Whether it is on a bridge or below the ground.
    layer : int
        Height order; 0 at the surface.
    steps : bool
        Whether it is a flight of steps.
    sidewalk_separate : bool
        Whether its sidewalks are ways of their own.
    crossing : str or None
        Kind of crossing where the way is one.
    """

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
    """What is kept of the tags of a barrier drawn as a line or an area.

    Parameters
    ----------
    osm_id : int
        Id of the way or relation.
    osm_type : str
        ``way`` or ``relation``.
    kind, subkind : str
        From `line_barrier` or `area_barrier`.
    name, ref : str or None
        Name and number.
    bridge, tunnel : bool
        Whether it is on a bridge or below the ground.
    layer : int
        Height order; 0 at the surface.
    lanes, maxspeed_kmh, width_m : float
        Traffic lanes, speed limit and width; NaN where unknown.
    service : str or None
        Value of ``service`` of a railway.
    embedded : bool or None
        Whether a tram runs in the street, from `tram_embedded`.
    """

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
    """Read what the streets table keeps of the tags of one way.

    Parameters
    ----------
    osm_id : int
        Id of the way.
    tags : mapping of str to str
        Tags of one object.
    highway : str
        Its class, from `street_class`.

    Returns
    -------
    StreetRecord
        One row.
    """
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
    """Read what the table of barrier features keeps of the tags of one way or relation.

    Parameters
    ----------
    osm_id : int
        Id of the way or relation.
    osm_type : str
        ``way`` or ``relation``.
    tags : mapping of str to str
        Tags of one object.
    barrier : tuple of str
        Kind and subkind, from `line_barrier` or `area_barrier`.

    Returns
    -------
    LineRecord
        One row.
    """
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
