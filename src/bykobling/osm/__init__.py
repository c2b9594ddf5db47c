"""OSM files -> tables."""

from __future__ import annotations

from bykobling.osm.extract import OsmExtract, read_osm
from bykobling.osm.routes import OsmLines, read_routes
from bykobling.osm.source import is_osm_path

__all__ = ["OsmExtract", "OsmLines", "is_osm_path", "read_osm", "read_routes"]
