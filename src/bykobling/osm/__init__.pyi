# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .extract import OsmExtract, read_osm
from .routes import OsmLines, read_routes
from .source import is_osm_path

__all__ = [
    "OsmExtract",
    "OsmLines",
    "is_osm_path",
    "read_osm",
    "read_routes",
]
