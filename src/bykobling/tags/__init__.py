"""OSM knowledge as literal tables, and tiny pure functions over one mapping of tags.

Nothing here knows a file format, a geometry or a CRS. Every function takes the tags of one object
(``{"highway": "footway", ...}``) and is tested by table.
"""

from __future__ import annotations

from bykobling.tags.access import (
    ABSENT_HIGHWAYS,
    DRIVE_HIGHWAYS,
    SQUARE_HIGHWAYS,
    WALK_HIGHWAYS,
    bike_allowed,
    drivable,
    gate_blocks,
    is_oneway,
    is_street,
    sidewalk_separate,
    street_class,
    walk_allowed,
)
from bykobling.tags.barriers import (
    LAND_TAGS,
    RAILWAYS,
    ROAD_BARRIERS,
    WATER_TAGS,
    WATERWAYS,
    area_barrier,
    line_barrier,
    tram_embedded,
)
from bykobling.tags.crossings import FOOTWAY_CLASSES, node_crossing, way_crossing
from bykobling.tags.places import (
    DESTINATION_CATEGORIES,
    DESTINATION_TAGS,
    RESIDENTIAL_BUILDINGS,
    destination_category,
    is_building,
    is_residential,
    storeys,
)
from bykobling.tags.records import LineRecord, StreetRecord, line_record, street_record
from bykobling.tags.transit import (
    SELDOM_SERVICES,
    TRANSIT_ASSUMPTIONS,
    CallRole,
    TransitAssumption,
    TransitMode,
    call_role,
    runs_seldom,
    tagged_duration_min,
    tagged_interval_min,
    transit_mode,
    transit_oneway,
)
from bykobling.tags.values import Tags, flats, in_tunnel, lanes, layer, maxspeed_kmh, on_bridge, width_m

__all__ = [
    "ABSENT_HIGHWAYS",
    "DESTINATION_CATEGORIES",
    "DESTINATION_TAGS",
    "DRIVE_HIGHWAYS",
    "FOOTWAY_CLASSES",
    "LAND_TAGS",
    "RAILWAYS",
    "RESIDENTIAL_BUILDINGS",
    "ROAD_BARRIERS",
    "SELDOM_SERVICES",
    "SQUARE_HIGHWAYS",
    "TRANSIT_ASSUMPTIONS",
    "WALK_HIGHWAYS",
    "WATERWAYS",
    "WATER_TAGS",
    "CallRole",
    "LineRecord",
    "StreetRecord",
    "Tags",
    "TransitAssumption",
    "TransitMode",
    "area_barrier",
    "bike_allowed",
    "call_role",
    "destination_category",
    "drivable",
    "flats",
    "gate_blocks",
    "in_tunnel",
    "is_building",
    "is_oneway",
    "is_residential",
    "is_street",
    "lanes",
    "layer",
    "line_barrier",
    "line_record",
    "maxspeed_kmh",
    "node_crossing",
    "on_bridge",
    "runs_seldom",
    "sidewalk_separate",
    "storeys",
    "street_class",
    "street_record",
    "tagged_duration_min",
    "tagged_interval_min",
    "tram_embedded",
    "transit_mode",
    "transit_oneway",
    "walk_allowed",
    "way_crossing",
    "width_m",
]
