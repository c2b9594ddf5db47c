"""Proposals as ordered modifications of streets and timetables: check, apply, read, write."""

from bykobling.scenario.conveyal import scenario_from_json, scenario_to_json
from bykobling.scenario.drawn import read_scenarios
from bykobling.scenario.heights import gradient_from_dem, with_gradients
from bykobling.scenario.model import Scenario
from bykobling.scenario.modifications import (
    AddCrossing,
    AddLink,
    AddRoad,
    AddService,
    AddStop,
    ChangeHeadway,
    ChangeSpeed,
    ChangeTraffic,
    Modification,
    RemoveLink,
    RemoveService,
    RemoveStop,
)

__all__ = [
    "AddCrossing",
    "AddLink",
    "AddRoad",
    "AddService",
    "AddStop",
    "ChangeHeadway",
    "ChangeSpeed",
    "ChangeTraffic",
    "Modification",
    "RemoveLink",
    "RemoveService",
    "RemoveStop",
    "Scenario",
    "gradient_from_dem",
    "read_scenarios",
    "scenario_from_json",
    "scenario_to_json",
    "with_gradients",
]
