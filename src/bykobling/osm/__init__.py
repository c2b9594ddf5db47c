"""OSM files -> tables."""

from __future__ import annotations

from bykobling.osm.extract import OsmExtract, read_osm

__all__ = ["OsmExtract", "read_osm"]
