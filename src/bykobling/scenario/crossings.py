"""Where barriers can be crossed on foot once a scenario is built: without what closes, with what is new."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.barriers import find_crossings
from bykobling.barriers.crossings import SAME_PLACE_M
from bykobling.scenario.building import build
from bykobling.scenario.modifications import AddCrossing

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network
    from bykobling.scenario.building import Laid, Site
    from bykobling.scenario.model import Scenario

_ON_M = 0.001
"""A street within this of a closed stretch is that stretch: both are drawn along one line."""

_SAME_WAIT_S = 0.01

_LEAST_M = 0.5
"""What shares less with a closed stretch only crosses it."""


def crossings_after(
    scenario: Scenario,
    network: Network,
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    *,
    streets: gpd.GeoDataFrame,
) -> gpd.GeoDataFrame:
    """List the crossings of barriers there are on foot with a scenario.

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
    streets : GeoDataFrame
        With two sides, of which `crossings` were found; looked at where the scenario closes any.

    Returns
    -------
    GeoDataFrame
        As `find_crossings`; `crossings` itself where they stay as they are. Of streets that close, what crosses a
        barrier does so no more: all crossings are found anew without them. A new link or crossing within 15 m of one
        of its kind over the same barrier, where one waits no longer, is that one.

    Notes
    -----
    Only `RemoveLink` closes a crossing. A crossing at grade is closed as a whole; of a bridge, what is left on either
    side of a closed stretch leads nowhere.
    """
    site = build(network, scenario.street_changes(), barriers=barriers)
    left = find_crossings(without_closed(streets, site.closed), barriers) if site.closed else crossings
    new = _new(site)
    if not len(new):
        return left
    found = find_crossings(new, barriers)
    found = found[~_there(found, left)]
    return gpd.GeoDataFrame(pd.concat([left, found], ignore_index=True)) if len(found) else left


def without_closed(streets: gpd.GeoDataFrame, closed: list[shapely.LineString]) -> gpd.GeoDataFrame:
    """Take closed stretches out of a table of streets.

    Parameters
    ----------
    streets : GeoDataFrame
        With ``walk`` and ``is_crossing``.
    closed : list of LineString
        Stretches of them, as a network draws them.

    Returns
    -------
    GeoDataFrame
        Streets of which a part closes are cut into what is left; rows are numbered anew.
    """
    lines, gone = streets.geometry.to_numpy(), np.asarray(closed, object)
    walk, length = streets["walk"].to_numpy(bool), shapely.length(lines)
    kept = np.ones(len(streets), bool)
    # GEOS finds no line without length by its distance
    dots = np.flatnonzero(walk & (length <= _ON_M))
    drawn = shapely.length(gone) > _ON_M
    kept[dots] = ~_as_many(lines[dots], gone[~drawn])
    near = np.unique(shapely.STRtree(lines).query(gone[drawn], predicate="dwithin", distance=_ON_M)[1])
    near = near[walk[near] & (length[near] > _ON_M)]
    rest = shapely.difference(lines[near], shapely.union_all(shapely.buffer(gone[drawn], _ON_M)))
    shut = length[near] - shapely.length(rest)
    whole = streets["is_crossing"].to_numpy(bool)[near]
    hit = shut > np.where(whole, length[near] / 2, np.minimum(_LEAST_M, length[near] / 2))
    kept[near[hit]] = False
    cut = hit & ~whole
    parts = streets.iloc[near[cut]].set_geometry(rest[cut]).explode(index_parts=False)
    parts = parts[shapely.length(parts.geometry.to_numpy()) > _ON_M]
    if not len(parts):
        return streets[kept].reset_index(drop=True)
    return gpd.GeoDataFrame(pd.concat([streets[kept], parts], ignore_index=True))


def _as_many(dots: NDArray[np.object_], gone: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Choose as many crossings drawn as a point as close there: each way through a level crossing has one."""
    left = Counter(_places(gone))
    hit = np.zeros(len(dots), bool)
    for row, at in enumerate(_places(dots)):
        hit[row] = left[at] > 0
        left[at] -= 1
    return hit


def _places(dots: NDArray[np.object_]) -> list[tuple[float, ...]]:
    """Tell where points lie, to a millimetre."""
    return [tuple(np.round(shapely.get_coordinates(dot)[0] / _ON_M).tolist()) for dot in dots]


def _new(site: Site) -> gpd.GeoDataFrame:
    """Put what was laid, and did not close again, into columns of streets."""
    rows: list[tuple[Laid, shapely.LineString]] = []
    for one, street in zip(site.laid, site.added, strict=True):
        pieces = site.network.edge_geometry[site.network.edge_street == street]
        if isinstance(one.change, AddCrossing):
            # half a crossing is none
            pieces = [one.line] if shapely.length(pieces).sum() > one.line.length - _LEAST_M else []
        rows += [(one, piece) for piece in pieces]
    kinds = [getattr(one.change, "kind", "") for one, _ in rows]
    at_grade = np.array([isinstance(one.change, AddCrossing) for one, _ in rows], bool)
    # what a crossing takes beyond its length is its wait; nobody waits at a bridge, as at those that are there
    waits = [
        float(one.seconds[0] - one.line.length / site.network.profile.speed_m_s)
        if isinstance(one.change, AddCrossing)
        else 0.0
        for one, _ in rows
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
        geometry=[line for _, line in rows],
        crs=site.network.crs,
    )


def _there(found: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which lie at a crossing of their barrier and kind that is there already, and no slower."""
    there = np.zeros(len(found), bool)
    if not len(found) or not len(crossings):
        return there
    new, old = shapely.STRtree(crossings.geometry.to_numpy()).query(
        found.geometry.to_numpy(), predicate="dwithin", distance=SAME_PLACE_M
    )
    same = np.ones(len(new), bool)
    for name in ("barrier_id", "kind"):
        same &= found[name].to_numpy(object)[new] == crossings[name].to_numpy(object)[old]
    # a signal where people waited long for a gap is a new crossing; one that is there is not built again
    wait_s, was_s = (np.nan_to_num(table["delay_s"].to_numpy(float)) for table in (found, crossings))
    there[new[same & (was_s[old] <= wait_s[new] + _SAME_WAIT_S)]] = True
    return there
