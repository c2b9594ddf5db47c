"""How far apart the crossings of a barrier are with a proposal: those it closes are gone, those it builds are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling.scenario import RemoveLink
from bykobling.scenario.crossings import crossings_after
from bykobling.severance import crossing_spacing
from bykobling.study.prepare import streets_with_sides

if TYPE_CHECKING:
    import geopandas as gpd

    from bykobling.scenario import Scenario
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared

MEASURES = ("crossings", "mean_gap_m", "largest_gap_m", "beyond_200m_share")
_SAME = 1e-6
COLUMNS = ("proposal", "barrier_id", "barrier", "kind", "measure", "before", "after", "change")


def crossings_with(study: Study, ready: Prepared, scenario: Scenario) -> gpd.GeoDataFrame:
    """List the crossings of barriers there are with a proposal.

    Parameters
    ----------
    study : Study
        What crossings cost.
    ready : Prepared
        Streets, barriers and crossings.
    scenario : Scenario
        The proposal.

    Returns
    -------
    GeoDataFrame
        As `Prepared.crossings`; those themselves where they stay as they are.
    """
    streets = ready.inputs.extract.streets
    if any(isinstance(each, RemoveLink) for each in scenario.modifications):
        streets = streets_with_sides(ready.inputs.extract, ready.big, delays=study.delays)
    return crossings_after(scenario, ready.walking.network, ready.barriers, ready.crossings, streets=streets)


def changed_spacing(proposal: str, ready: Prepared, crossings: gpd.GeoDataFrame | None) -> pd.DataFrame:
    """Tell how far apart the crossings of each barrier are before and after, where that is not the same.

    Parameters
    ----------
    proposal : str
        Its name.
    ready : Prepared
        Barriers, and crossings as they are.
    crossings : GeoDataFrame or None
        With the proposal; None where they stay as they are.

    Returns
    -------
    DataFrame
        As `Assessment.spacing`.
    """
    crossings = ready.crossings if crossings is None else crossings
    was, now = _by_barrier(ready.crossings), _by_barrier(crossings)
    # found anew, a crossing may lie elsewhere by the last digit
    maybe = [each for each in ready.barriers.index if was.get(each) != now.get(each)]
    if not maybe:
        return pd.DataFrame(columns=list(COLUMNS))
    barriers = ready.barriers.loc[maybe]
    first, last = (
        crossing_spacing(barriers, table[table["barrier_id"].isin(maybe)], extent=ready.inputs.extract.extent)
        for table in (ready.crossings, crossings)
    )
    names = list(MEASURES)
    before, after = first[names].to_numpy(float), last[names].to_numpy(float)
    changed = np.flatnonzero(~np.isclose(before, after, rtol=_SAME, atol=_SAME, equal_nan=True).all(axis=1))
    called, kind = barriers["name"].to_numpy(object), barriers["kind"].to_numpy(object)
    rows = [
        (proposal, maybe[row], called[row], kind[row], name, before[row, at], after[row, at])
        for row in changed
        for at, name in enumerate(names)
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS[:-1]))
    return table.assign(change=table["after"] - table["before"])


def _by_barrier(crossings: gpd.GeoDataFrame) -> dict[object, list[tuple[Any, ...]]]:
    """List what crosses each barrier, in an order of its own."""
    rows = zip(crossings["kind"], crossings["delay_s"], shapely.to_wkb(crossings.geometry.to_numpy()), strict=True)
    found: dict[object, list[tuple[Any, ...]]] = {}
    for barrier, row in zip(crossings["barrier_id"], rows, strict=True):
        found.setdefault(barrier, []).append(row)
    return {barrier: sorted(each) for barrier, each in found.items()}
