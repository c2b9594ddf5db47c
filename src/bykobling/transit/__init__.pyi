# The names of this room: what type checkers read, and where `__init__.py` finds them.
from .journeys import Journey, explain_journey
from .legs import Leg
from .network import TransitNetwork, transit_network
from .settings import R5_COMPATIBLE, TransitSettings
from .shards import Shards, write_travel_times
from .times import TransitTimes, transit_opportunities, transit_travel_time, travel_time_every_departure
from .window import Window

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
