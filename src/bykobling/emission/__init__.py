"""Screening of road traffic noise where no map exists: emission, propagation, levels and maps, +-5 dB."""

from __future__ import annotations

from bykobling.emission.buildings import Walls, building_walls
from bykobling.emission.calibrate import ClassCalibration, calibrate_classes
from bykobling.emission.coefficients import RoadSurface, road_coefficients
from bykobling.emission.hours import DANISH_HOURS, END_HOURS, NoiseHours, lden
from bykobling.emission.levels import receiver_levels
from bykobling.emission.maps import NoiseMap, noise_map
from bykobling.emission.nordic import nordic_1996_laeq_10m, nordic_1996_lden_10m
from bykobling.emission.propagation import (
    NoiseSettings,
    atmospheric_absorption,
    flat_attenuation,
    ground_attenuation,
)
from bykobling.emission.road import a_weighted_db, road_emission
from bykobling.emission.sources import LineSources, line_sources
from bykobling.emission.traffic import CLASS_TRAFFIC, ClassTraffic, TrafficRules, street_traffic

__all__ = [
    "CLASS_TRAFFIC",
    "DANISH_HOURS",
    "END_HOURS",
    "ClassCalibration",
    "ClassTraffic",
    "LineSources",
    "NoiseHours",
    "NoiseMap",
    "NoiseSettings",
    "RoadSurface",
    "TrafficRules",
    "Walls",
    "a_weighted_db",
    "atmospheric_absorption",
    "building_walls",
    "calibrate_classes",
    "flat_attenuation",
    "ground_attenuation",
    "lden",
    "line_sources",
    "noise_map",
    "nordic_1996_laeq_10m",
    "nordic_1996_lden_10m",
    "receiver_levels",
    "road_coefficients",
    "road_emission",
    "street_traffic",
]
