"""bykobling: how cut off is each housing area, by which barrier, and what would reconnect it.

Everything public is importable from here and loaded when first used, so ``import bykobling`` is instant.

Examples
--------
>>> import bykobling as bk
>>> study = bk.read_study("study.toml")  # doctest: +SKIP
>>> results = bk.run_study(study)  # doctest: +SKIP
>>> bk.save_results(results, study)  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling._types import CYCLIST, PROFILES, WALKER, Profile
    from bykobling.barriers import (
        BarrierRules,
        Openings,
        find_crossings,
        is_barrier_road,
        make_barriers,
        open_barriers,
        read_barriers,
    )
    from bykobling.datasets import demo_folder
    from bykobling.equity import gap_to_rest, group_gaps, resident_percentile
    from bykobling.errors import (
        BykoblingError,
        Cancelled,
        CrsError,
        Fault,
        FetchError,
        InputError,
        OutputError,
        ReadError,
        StudyError,
    )
    from bykobling.export import write_results
    from bykobling.fetch import fetch_place
    from bykobling.indicators import INDICATORS
    from bykobling.layers import read_areas, read_population
    from bykobling.network import Network
    from bykobling.network.delays import CrossingDelays
    from bykobling.network.two_sided import two_sided
    from bykobling.osm import OsmExtract, read_osm
    from bykobling.readers import (
        read_barrier_features,
        read_boundaries,
        read_buildings,
        read_destinations,
        read_streets,
    )
    from bykobling.report import write_report
    from bykobling.results import Note, Results
    from bykobling.severance import BarrierEffect, barrier_effect, crossing_detour
    from bykobling.study import Study, check_study, read_study, run_study, save_results

__version__ = "0.1.0"

_ROOM_OF = {
    "BarrierEffect": "severance",
    "BarrierRules": "barriers",
    "BykoblingError": "errors",
    "CYCLIST": "_types",
    "Cancelled": "errors",
    "CrossingDelays": "network.delays",
    "CrsError": "errors",
    "Fault": "errors",
    "FetchError": "errors",
    "INDICATORS": "indicators",
    "InputError": "errors",
    "Network": "network",
    "Note": "results",
    "Openings": "barriers",
    "OsmExtract": "osm",
    "OutputError": "errors",
    "PROFILES": "_types",
    "Profile": "_types",
    "ReadError": "errors",
    "Results": "results",
    "Study": "study",
    "StudyError": "errors",
    "WALKER": "_types",
    "barrier_effect": "severance",
    "check_study": "study",
    "crossing_detour": "severance",
    "demo_folder": "datasets",
    "fetch_place": "fetch",
    "find_crossings": "barriers",
    "gap_to_rest": "equity",
    "group_gaps": "equity",
    "is_barrier_road": "barriers",
    "make_barriers": "barriers",
    "read_barriers": "barriers",
    "open_barriers": "barriers",
    "read_areas": "layers",
    "read_barrier_features": "readers",
    "read_boundaries": "readers",
    "read_buildings": "readers",
    "read_destinations": "readers",
    "read_osm": "osm",
    "read_population": "layers",
    "read_streets": "readers",
    "read_study": "study",
    "resident_percentile": "equity",
    "run_study": "study",
    "save_results": "study",
    "two_sided": "network.two_sided",
    "write_report": "report",
    "write_results": "export",
}

__all__ = [
    "CYCLIST",
    "INDICATORS",
    "PROFILES",
    "WALKER",
    "BarrierEffect",
    "BarrierRules",
    "BykoblingError",
    "Cancelled",
    "CrossingDelays",
    "CrsError",
    "Fault",
    "FetchError",
    "InputError",
    "Network",
    "Note",
    "Openings",
    "OsmExtract",
    "OutputError",
    "Profile",
    "ReadError",
    "Results",
    "Study",
    "StudyError",
    "__version__",
    "barrier_effect",
    "check_study",
    "crossing_detour",
    "demo_folder",
    "fetch_place",
    "find_crossings",
    "gap_to_rest",
    "group_gaps",
    "is_barrier_road",
    "make_barriers",
    "open_barriers",
    "read_areas",
    "read_barrier_features",
    "read_barriers",
    "read_boundaries",
    "read_buildings",
    "read_destinations",
    "read_osm",
    "read_population",
    "read_streets",
    "read_study",
    "resident_percentile",
    "run_study",
    "save_results",
    "two_sided",
    "write_report",
    "write_results",
]


def __getattr__(name: str) -> object:
    """Load a public name from its room when it is first used."""
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'bykobling' has no attribute {name!r}")
    value = getattr(import_module(f"bykobling.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
