# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .areas import overlaps, read_areas, read_population
from .features import read_boundary_layer, read_building_layer, read_destination_layer, read_lines_or_polygons
from .source import Source
from .streets import read_streets_layer
from .traffic import read_traffic_layer
from .where import Where

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
