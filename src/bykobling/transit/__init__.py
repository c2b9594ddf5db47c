"""Public transport: door to door over every departure of a window, exactly."""

from bykobling.transit.journeys import Journey, explain_journey
from bykobling.transit.legs import Leg
from bykobling.transit.network import TransitNetwork, transit_network
from bykobling.transit.search import Window
from bykobling.transit.settings import R5_COMPATIBLE, TransitSettings
from bykobling.transit.shards import Shards, write_travel_times
from bykobling.transit.times import (
    TransitTimes,
    transit_opportunities,
    transit_travel_time,
    travel_time_every_departure,
)

__all__ = [
    "R5_COMPATIBLE",
    "Journey",
    "Leg",
    "Shards",
    "TransitNetwork",
    "TransitSettings",
    "TransitTimes",
    "Window",
    "explain_journey",
    "transit_network",
    "transit_opportunities",
    "transit_travel_time",
    "travel_time_every_departure",
    "write_travel_times",
]
