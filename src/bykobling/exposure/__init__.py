"""Exposure to traffic noise: levels at buildings and homes, people above limits, and what it does to them."""

from __future__ import annotations

from bykobling.exposure.buildings import building_levels
from bykobling.exposure.by_band import EDGES_DB, residents_by_band
from bykobling.exposure.health import highly_annoyed_pct, highly_sleep_disturbed_pct, ihd_paf, sbt_unconfirmed
from bykobling.exposure.homes import home_levels, home_receivers
from bykobling.exposure.people import THRESHOLDS_DB, area_exposure
from bykobling.exposure.rules import FacadeRules
from bykobling.exposure.statistics import energy_mean_db, mean_db, percentile_db, share_above, share_above_bounds
from bykobling.exposure.surfaces import area_levels

__all__ = [
    "EDGES_DB",
    "THRESHOLDS_DB",
    "FacadeRules",
    "area_exposure",
    "area_levels",
    "building_levels",
    "energy_mean_db",
    "highly_annoyed_pct",
    "highly_sleep_disturbed_pct",
    "home_levels",
    "home_receivers",
    "ihd_paf",
    "mean_db",
    "percentile_db",
    "residents_by_band",
    "sbt_unconfirmed",
    "share_above",
    "share_above_bounds",
]
