"""A drawn crossing of a big road, priced as an assessment prices it: waiting by kind, then straight across."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bykobling.errors import Fault, InputError
from bykobling.links import gains_by_home
from bykobling.network import Links, travel_time_matrix
from bykobling.network.model import on_grid
from bykobling.network.snapping import make_snap
from bykobling.scenario import AddCrossing, Scenario
from bykobling.scenario.building import build
from bykobling.scenario.speeds import with_waits
from bykobling.worker.links import Gains

if TYPE_CHECKING:
    import shapely

    from bykobling.scenario.modifications import CrossingKind
    from bykobling.worker.memory import Loaded, LoadedMode

NAME = "crossing"


def crossing_gains(
    loaded: Loaded, one: LoadedMode, line: shapely.LineString, kind: str, *, delay_s: float | None = None
) -> Gains:
    """Measure what a crossing gives home by home.

    Parameters
    ----------
    loaded : Loaded
        For the roads: how long one waits goes by their class.
    one : LoadedMode
        The mode asked about.
    line : LineString
        From one side of the road to the other.
    kind : {"signal", "zebra", "refuge"}
        What is built.
    delay_s : float, optional
        Seconds of waiting; those of the kind in the study by default.

    Returns
    -------
    Gains

    Raises
    ------
    InputError
        With everything wrong with the line.
    """
    network, demand = one.openings.network, one.demand
    drawn = AddCrossing(line, kind=cast("CrossingKind", kind), delay_s=delay_s)
    asked = with_waits(Scenario((drawn,), name=NAME), loaded.study.delays)
    site = build(network, asked.street_changes(), barriers=loaded.ready.barriers)
    wrong = [replace(each.fault, where="") for each in site.found if each.fault.severity == "error"]
    if wrong:
        raise InputError(wrong)
    if not site.laid:
        rule = f"nobody can cross here by {network.mode}"
        raise InputError(Fault(NAME, "", rule, "draw it from a street on one side to one on the other"))
    laid = site.laid[0]
    edges = np.array([end.edge for end in laid.ends], np.int32)
    offsets = np.array([end.offset_m for end in laid.ends])
    ends = make_snap(network, edges, offsets, np.zeros(2), np.full(2, "ok", dtype=object))
    start, stop = ends.take(np.array([0])), ends.take(np.array([1]))
    link_s = on_grid(np.array([laid.seconds[0]], float))
    seconds = float(link_s[0])
    homes = gains_by_home(network, demand, one.reached, start=start, stop=stop, link_s=seconds)
    ways: list[Any] = [
        travel_time_matrix(network, a, Links.from_snap(b))[0, 0] for a, b in ((start, stop), (stop, start))
    ]
    return Gains(float(laid.line.length), seconds / 60, float(min(ways)) / 60, homes)
