"""Bring a place of the world to a folder: OSM with all its tags, areas to start from, a study file."""

from __future__ import annotations

from bykobling.fetch.place import Fetched, fetch_place

__all__ = ["Fetched", "fetch_place"]
