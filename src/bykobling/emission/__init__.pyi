# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .buildings import Walls, building_walls
from .calibrate import ClassCalibration, calibrate_classes
from .coefficients import RoadSurface, road_coefficients
from .hours import DANISH_HOURS, END_HOURS, NoiseHours, lden
from .levels import receiver_levels
from .maps import NoiseMap, noise_map
from .nordic import nordic_1996_laeq_10m, nordic_1996_lden_10m
from .propagation import NoiseSettings, atmospheric_absorption, flat_attenuation, ground_attenuation
from .road import a_weighted_db, road_emission
from .sources import LineSources, line_sources
from .traffic import CLASS_TRAFFIC, ClassTraffic, TrafficRules, street_traffic

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
