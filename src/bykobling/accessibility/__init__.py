"""Accessibility: what can be reached, how far the nearest is, and what is left when others want it too."""

from __future__ import annotations

from bykobling.accessibility.competition import balancing_cost, spatial_availability, two_step_floating_catchment
from bykobling.accessibility.daily import CategoriesWithin, fifteen_minute_categories, green_300m, nearest_minutes
from bykobling.accessibility.decays import Binary, Exponential, Linear, Logistic, Power, Stepped, Truncated
from bykobling.accessibility.isochrones import isochrones
from bykobling.accessibility.opportunities import (
    cost_to_nearest,
    cumulative_interval,
    cumulative_opportunities,
    gravity,
)
from bykobling.accessibility.places import travel_time_to
from bykobling.accessibility.ptal import PTAL_BANDS, ptal, ptal_band, ptal_of_rows
from bykobling.accessibility.service import departures_per_hour, stops_within
from bykobling.accessibility.stations import station_walk
from bykobling.accessibility.transit_isochrones import transit_isochrones

__all__ = [
    "PTAL_BANDS",
    "Binary",
    "CategoriesWithin",
    "Exponential",
    "Linear",
    "Logistic",
    "Power",
    "Stepped",
    "Truncated",
    "balancing_cost",
    "cost_to_nearest",
    "cumulative_interval",
    "cumulative_opportunities",
    "departures_per_hour",
    "fifteen_minute_categories",
    "gravity",
    "green_300m",
    "isochrones",
    "nearest_minutes",
    "ptal",
    "ptal_band",
    "ptal_of_rows",
    "spatial_availability",
    "station_walk",
    "stops_within",
    "transit_isochrones",
    "travel_time_to",
    "two_step_floating_catchment",
]
