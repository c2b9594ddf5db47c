"""Public transport: door to door over every departure of a window, exactly."""

from bykobling.transit.network import TransitNetwork, transit_network
from bykobling.transit.search import Window
from bykobling.transit.settings import R5_COMPATIBLE, TransitSettings
from bykobling.transit.times import (
    TransitTimes,
    transit_opportunities,
    transit_travel_time,
    travel_time_every_departure,
)

__all__ = [
    "R5_COMPATIBLE",
    "TransitNetwork",
    "TransitSettings",
    "TransitTimes",
    "Window",
    "transit_network",
    "transit_opportunities",
    "transit_travel_time",
    "travel_time_every_departure",
]
