"""OSM files -> tables."""

from __future__ import annotations

from bykobling.osm.extract import OsmExtract, read_osm
from bykobling.osm.route_paths import metres_between
from bykobling.osm.routes import OsmLines, read_routes
from bykobling.osm.source import is_osm_path

__all__ = ["OsmExtract", "OsmLines", "is_osm_path", "metres_between", "read_osm", "read_routes"]
