# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .access_bands import PTAL_BANDS, ptal_band
from .access_index import ptal, ptal_of_rows
from .catchments import isochrones
from .competition import balancing_cost, spatial_availability, two_step_floating_catchment
from .daily import CategoriesWithin, fifteen_minute_categories, green_300m, nearest_minutes
from .decays import Binary, Exponential, Linear, Logistic, Power, Stepped, Truncated
from .opportunities import (
    cost_to_nearest,
    cumulative_interval,
    cumulative_opportunities,
    gravity,
)
from .places import travel_time_to
from .service import departures_per_hour, stops_within
from .stations import station_walk
from .transit_catchments import transit_isochrones

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
