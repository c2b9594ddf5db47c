"""Noise maps -> levels: GeoTIFFs read in windows, contours, and levels of dwellings."""

from __future__ import annotations

from bykobling.raster.bands import Band, end_band, make_band, parse_band
from bykobling.raster.model import NoiseLevels, RasterFile, Sampled
from bykobling.raster.read import read_noise
from bykobling.raster.sample import levels_at

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
