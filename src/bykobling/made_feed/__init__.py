"""A timetable where there is none: the lines of OSM with stated, assumed headways and speeds."""

from __future__ import annotations

from bykobling.gtfs.read import ASSUMED_VERSION
from bykobling.made_feed.make import gtfs_from_osm
from bykobling.made_feed.model import MadeFeed

__all__ = ["ASSUMED_VERSION", "MadeFeed", "gtfs_from_osm"]
