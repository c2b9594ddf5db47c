"""Where new links and crossings lead across barriers, as rows of the table of crossings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from bykobling.barriers import find_crossings
from bykobling.barriers.crossings import SAME_PLACE_M
from bykobling.scenario.building import Laid, build
from bykobling.scenario.modifications import STREET_CHANGES, AddCrossing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network
    from bykobling.scenario.model import Scenario


def new_crossings(
    scenario: Scenario, network: Network, barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """List the crossings of barriers that a scenario adds on foot.

    Parameters
    ----------
    scenario : Scenario
        Left as it is.
    network : Network
        On foot, before it.
    barriers : GeoDataFrame
        With footprints.
    crossings : GeoDataFrame
        Those there are (`bykobling.barriers.find_crossings`).

    Returns
    -------
    GeoDataFrame
        As `find_crossings`; what lies within 15 m of a crossing of the same barrier is that one.
    """
    changes = [
        (scenario.where(number), each)
        for number, each in enumerate(scenario.modifications, start=1)
        if isinstance(each, STREET_CHANGES)
    ]
    laid = build(network, changes, barriers=barriers).laid
    if not laid:
        return crossings.iloc[:0]
    found = find_crossings(_streets(laid, network), barriers)
    return found[~_there(found, crossings)].reset_index(drop=True)


def _streets(laid: list[Laid], network: Network) -> gpd.GeoDataFrame:
    """Put what was laid into columns of streets."""
    kinds = [getattr(one.change, "kind", "") for one in laid]
    at_grade = np.array([isinstance(one.change, AddCrossing) for one in laid])
    # what a crossing takes beyond its length is its wait; nobody waits at a bridge, as at those that are there
    waits = [
        float(one.seconds[0] - one.line.length / network.profile.speed_m_s)
        if isinstance(one.change, AddCrossing)
        else 0.0
        for one in laid
    ]
    return gpd.GeoDataFrame(
        {
            "walk": True,
            "is_crossing": at_grade,
            "crossing": [kind if grade else None for kind, grade in zip(kinds, at_grade, strict=True)],
            "delay_s": waits,
            "delay_part": 1.0,
            "bridge": [kind == "bridge" for kind in kinds],
            "tunnel": [kind == "underpass" for kind in kinds],
        },
        geometry=[one.line for one in laid],
        crs=network.crs,
    )


def _there(found: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which lie at a crossing of the same barrier that is there already."""
    there = np.zeros(len(found), bool)
    if not len(found) or not len(crossings):
        return there
    new, old = shapely.STRtree(crossings.geometry.to_numpy()).query(
        found.geometry.to_numpy(), predicate="dwithin", distance=SAME_PLACE_M
    )
    same = found["barrier_id"].to_numpy(object)[new] == crossings["barrier_id"].to_numpy(object)[old]
    there[new[same]] = True
    return there
