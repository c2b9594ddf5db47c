# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .chords import Chords, find_chords
from .crossings import find_crossings
from .make import make_barriers
from .openings import Openings, open_barriers
from .read import read_barriers
from .rules import BarrierRules, is_barrier_road

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
