"""Vector layers of the user's -> tables.

Every reader takes `faults`, a list that collects warnings and row errors instead of raising; see `read_areas`.
"""

from __future__ import annotations

from bykobling.layers.areas import overlaps, read_areas, read_population
from bykobling.layers.features import (
    read_boundary_layer,
    read_building_layer,
    read_destination_layer,
    read_lines_or_polygons,
)
from bykobling.layers.source import Source
from bykobling.layers.streets import read_streets_layer
from bykobling.layers.traffic import read_traffic_layer
from bykobling.layers.where import Where

__all__ = [
    "Source",
    "Where",
    "overlaps",
    "read_areas",
    "read_boundary_layer",
    "read_building_layer",
    "read_destination_layer",
    "read_lines_or_polygons",
    "read_population",
    "read_streets_layer",
    "read_traffic_layer",
]
