"""OSM files -> tables."""

from __future__ import annotations

from bykobling.osm.extract import OsmExtract, read_osm
from bykobling.osm.source import is_osm_path

__all__ = ["OsmExtract", "is_osm_path", "read_osm"]
