"""Timetables: one day of a feed as arrays, patched without reading again."""

from bykobling.timetable.build import timetable_from_feed
from bykobling.timetable.change import (
    add_service,
    change_headway,
    remove_service,
    remove_stops,
)
from bykobling.timetable.model import Timetable
from bykobling.timetable.stops import add_stop

__all__ = [
    "Timetable",
    "add_service",
    "add_stop",
    "change_headway",
    "remove_service",
    "remove_stops",
    "timetable_from_feed",
]
