# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .chords import Chords, Ways, join_streets, ways_across
from .crossings import find_crossings
from .make import make_barriers
from .openings import Ground, Openings, ground_of, open_barriers
from .read import read_barriers
from .rules import BarrierRules, is_barrier_road

__all__ = [
    "BarrierRules",
    "Chords",
    "Ground",
    "Openings",
    "Ways",
    "find_crossings",
    "ground_of",
    "is_barrier_road",
    "join_streets",
    "make_barriers",
    "open_barriers",
    "read_barriers",
    "ways_across",
]
