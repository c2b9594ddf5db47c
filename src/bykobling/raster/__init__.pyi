# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .bands import Band, end_band, make_band, parse_band
from .model import NoiseLevels, RasterFile, Sampled
from .read import read_noise
from .sample import levels_at

__all__ = [
    "Band",
    "NoiseLevels",
    "RasterFile",
    "Sampled",
    "end_band",
    "levels_at",
    "make_band",
    "parse_band",
    "read_noise",
]
