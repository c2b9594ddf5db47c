"""Minutes that the best connections save on the way to everyday places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.accessibility.sweep import Sweep
from bykobling.links.choose import network_with

if TYPE_CHECKING:
    import geopandas as gpd

    from bykobling.links import Demand, LinkCandidates

TOLD = ("school", "daily_shopping")
"""Categories the way to which is told; a station needs the timetable (`bykobling.study.find_ways`)."""

_LEAST_S = 60.0
_LIMIT_S = 3600.0


def minutes_saved(links: LinkCandidates, demand: Demand, destinations: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell the minutes each connection saves to the nearest school and daily shopping, built alone.

    Parameters
    ----------
    links : LinkCandidates
        L connections, some ten.
    demand : Demand
        Residents, in an area or not.
    destinations : GeoDataFrame
        Places with ``category``.

    Returns
    -------
    DataFrame
        One row a connection; for each category ``<category>_saving`` (residents who save a minute or more; also those
        who have a way within an hour only with it) and ``<category>_saved_min`` (mean minutes of those who have a way
        both times; NaN where nobody is). NaN for a category without any place.
    """
    openings = links.openings
    network = openings.network
    category = destinations["category"].to_numpy(object)
    doors = {
        name: network.snap_edges(destinations.geometry[category == name], walls=openings.walls)
        for name in TOLD
        if (category == name).any()
    }
    sweep = Sweep(network, demand.homes)
    before = {name: sweep.nearest_s(places, _LIMIT_S) for name, places in doors.items()}
    table = pd.DataFrame(
        np.nan,
        index=range(len(links)),
        columns=[f"{name}_{what}" for name in TOLD for what in ("saving", "saved_min")],
    )
    for row in range(len(links)):
        # old edges keep their numbers, so homes and doors hang as before
        built = Sweep(network_with(links, [row]), demand.homes)
        for name, places in doors.items():
            after = built.nearest_s(places, _LIMIT_S)
            with np.errstate(invalid="ignore"):
                saved_s = np.where(np.isinf(before[name]) & np.isinf(after), 0.0, before[name] - after)
            mine = saved_s >= _LEAST_S
            known = mine & np.isfinite(saved_s)
            people = demand.people[known]
            table.loc[row, f"{name}_saving"] = demand.people[mine].sum()
            if people.sum() > 0:
                table.loc[row, f"{name}_saved_min"] = (people * saved_s[known]).sum() / people.sum() / 60
    return table
