"""Who gains and who loses by a proposal: homes, and the residents of each area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.study.assess_state import differs, table

if TYPE_CHECKING:
    from bykobling.study.assess_state import State


def changed_homes(proposal: str, before: State, after: State) -> gpd.GeoDataFrame:
    """List the homes whose reach on the longest walk changes.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.

    Returns
    -------
    GeoDataFrame
        As `Assessment.residents`.
    """
    rows = np.flatnonzero(differs(before.reach, after.reach))
    homes = before.people.iloc[rows]
    columns = {
        "proposal": np.full(len(rows), proposal, object),
        "area_id": homes["area_id"].to_numpy(object),
        "residents": homes["residents"].to_numpy(float),
        "reach_before": before.reach[rows],
        "reach_after": after.reach[rows],
    }
    return gpd.GeoDataFrame(columns, geometry=homes.geometry.to_numpy(), crs=before.people.crs)


def who_changes(proposal: str, before: State, after: State) -> pd.DataFrame:
    """Count by area who gains and who loses reach on the longest walk.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.

    Returns
    -------
    DataFrame
        As `Assessment.who`: areas in which somebody's reach changes.
    """
    known = ~np.isnan(before.reach)
    people = np.where(known, before.effects[0].people, 0.0)
    moved = np.where(differs(before.reach, after.reach), after.reach - before.reach, 0.0)
    columns = {
        "known": people,
        "residents_gaining": np.where(moved > 0, people, 0.0),
        "residents_losing": np.where(moved < 0, people, 0.0),
        "reach_before": np.where(known, people * before.reach, 0.0),
        "reach_after": np.where(known, people * after.reach, 0.0),
    }
    sums = pd.DataFrame(columns).groupby(before.people["area_id"].to_numpy(object)).sum()
    sums = sums[(sums["residents_gaining"] > 0) | (sums["residents_losing"] > 0)]
    sums = sums.reindex(before.areas.index.intersection(sums.index, sort=False))
    for name in ("reach_before", "reach_after"):
        sums[name] /= sums["known"]
    areas = before.areas.loc[sums.index]
    sums = sums.assign(
        proposal=proposal, area_id=sums.index.to_numpy(object), area=areas["name"].to_numpy(object),
        group=areas["group"].to_numpy(object), residents=areas["residents"].to_numpy(float),
    )  # fmt: skip
    return table("who", sums)
