"""One drawn link, answered at once: the network and everybody on it stay in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling.errors import Fault, InputError
from bykobling.links.demand import FIELDS
from bykobling.links.kinds import LINK_KINDS
from bykobling.links.score import link_gains
from bykobling.network import Links, travel_time_matrix
from bykobling.network.model import on_grid

if TYPE_CHECKING:
    from bykobling.links.demand import Demand
    from bykobling.network import Network, Snap

MAX_SNAP_M = 25.0
"""A drawn end farther from every street than this joins none."""

LONGEST_M = 2_000.0
"""A drawn line longer than this is a mistake, or in another unit."""


@dataclass(frozen=True)
class LinkAnswer:
    """What one drawn link gives.

    Parameters
    ----------
    length_m : float
        Metres of the drawn line and from its ends to the streets.
    link_min, route_min : float
        Minutes along it, and from end to end as things are; infinite where there is no way.
    totals : DataFrame
        Index ``cutoff_min``: ``score``, ``places``, ``people`` newly within it (summed over residents), ``residents``
        who newly reach a place.
    areas : DataFrame
        The same at the longest cut-off for each area that gains, index ``area_id``, highest ``score`` first.
    """

    length_m: float
    link_min: float
    route_min: float
    totals: pd.DataFrame
    areas: pd.DataFrame


def ask_link(
    network: Network,
    demand: Demand,
    line: shapely.LineString,
    *,
    kind: str = "path",
    delay_s: float | None = None,
    max_snap_m: float = MAX_SNAP_M,
) -> LinkAnswer:
    """Tell what a drawn link gives the residents.

    Parameters
    ----------
    network : Network
        Kept in memory between questions.
    demand : Demand
        Residents and places on it (`demand_on`), kept too.
    line : LineString
        Drawn, in the network's CRS; its ends are joined to the nearest street.
    kind : str, optional
        A key of `LINK_KINDS`. Stairs are taken at the profile's speed on steps.
    delay_s : float, optional
        Seconds beyond its length, either way; those of the kind by default, as for a drawn
        `bykobling.scenario.AddLink`.
    max_snap_m : float, optional
        Farthest an end may lie from a street.

    Returns
    -------
    LinkAnswer

    Raises
    ------
    InputError
        With every fault: not a line, too long, an end off the streets (and how far), both ends at one place.
    """
    ends = _ends(network, line, kind, delay_s, max_snap_m=max_snap_m)
    metres = float(line.length + ends.snap_m.sum())
    profile = network.profile
    speed_m_s = profile.steps_speed_kmh / 3.6 if kind == "stairs" else profile.speed_m_s
    extra_s = LINK_KINDS[kind].extra_s if delay_s is None else delay_s
    link_s = on_grid(np.array([line.length / speed_m_s + extra_s]))
    start, stop = ends.take([0]), ends.take([1])
    found = link_gains(
        network, demand.homes, demand.people, demand.destinations, demand.weights,
        end_u=start, end_v=stop, link_s=link_s, cutoffs_s=demand.cutoffs_s,
        group=demand.area, n_groups=len(demand.areas) + 1,
    )  # fmt: skip
    gain, gaining = found.gain[:, 0], found.gaining[:, 0]
    totals = pd.DataFrame(gain.sum(axis=0), columns=list(FIELDS), index=pd.Index(demand.cutoffs_min, name="cutoff_min"))
    totals["residents"] = gaining.sum(axis=0)
    areas = pd.DataFrame(gain[:-1, -1], columns=list(FIELDS), index=demand.areas).rename_axis("area_id")
    areas["residents"] = gaining[:-1, -1]
    areas = areas[areas["residents"] > 0].sort_values("score", ascending=False, kind="stable")
    ways = [travel_time_matrix(network, a, Links.from_snap(b))[0, 0] for a, b in ((start, stop), (stop, start))]
    whole_s = float(link_s[0] + ends.access_s.sum())
    return LinkAnswer(metres, whole_s / 60, float(min(ways)) / 60, totals, areas)


def _ends(network: Network, line: shapely.LineString, kind: str, delay_s: float | None, *, max_snap_m: float) -> Snap:
    """Join both ends to the streets, or tell all that is wrong."""
    faults = []
    if kind not in LINK_KINDS:
        faults.append(Fault("link", "kind", f"{kind!r} is none of {', '.join(LINK_KINDS)}", "choose one of them"))
    if delay_s is not None and not (np.isfinite(delay_s) and delay_s >= 0):
        faults.append(Fault("link", "delay_s", f"{delay_s} is not seconds of 0 or more", "give 0 where none are lost"))
    if not isinstance(line, shapely.LineString) or line.is_empty or not np.isfinite(line.bounds).all():
        faults.append(Fault("link", "geometry", "it is not a line with two ends", "draw one from street to street"))
        raise InputError(faults)
    if line.length > LONGEST_M:
        rule = f"it is {line.length:,.0f} m long, more than {LONGEST_M:,.0f} m"
        faults.append(Fault("link", "geometry", rule, "draw it in the map's CRS, from one street to the next"))
    points = shapely.points([line.coords[0], line.coords[-1]])
    ends = network.snap(points, max_snap_m=max_snap_m)
    for name, linked, off_m in zip(("start", "end"), ends.linked, ends.snap_m, strict=True):
        if not linked:
            rule = f"the nearest street is {off_m:,.0f} m away, more than {max_snap_m:g} m"
            faults.append(Fault("link", name, rule, "draw it up to a street"))
    if ends.linked.all() and ends.edge[0] == ends.edge[1] and abs(np.diff(ends.offset_m)[0]) < 1:
        faults.append(
            Fault("link", "geometry", "both ends are at one place of one street", "draw it to another street")
        )
    if faults:
        raise InputError(faults)
    return ends
