"""Barriers, the places where they can be crossed, and what opening them means."""

from __future__ import annotations

from bykobling.barriers.chords import Chords, find_chords
from bykobling.barriers.crossings import find_crossings
from bykobling.barriers.make import make_barriers
from bykobling.barriers.openings import Openings, open_barriers
from bykobling.barriers.read import read_barriers
from bykobling.barriers.rules import BarrierRules, is_barrier_road

__all__ = [
    "BarrierRules",
    "Chords",
    "Openings",
    "find_chords",
    "find_crossings",
    "is_barrier_road",
    "make_barriers",
    "open_barriers",
    "read_barriers",
]
