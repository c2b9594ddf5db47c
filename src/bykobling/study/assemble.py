"""From measured arrays to the tables of `Results`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.equity import add_comparisons, group_gaps
from bykobling.indicators import HEADLINE, indicators_among
from bykobling.results import Note

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bykobling.barriers import Openings
    from bykobling.network import Network
    from bykobling.severance import BarrierEffect
    from bykobling.study.profile import ProfileTables

_INFIX = {"places": "", "people": "_people"}


def indicator_name(field: str, mode: str, minutes: float, *, water: bool = False) -> str:
    """Return the column of one measure.

    Parameters
    ----------
    field : {"places", "people"}
        What is reached.
    mode : {"walk", "bike"}
        How.
    minutes : float
        Cut-off.
    water : bool, optional
        Lost to water rather than to the headline barriers.

    Returns
    -------
    str
        E.g. ``"barrier_effect_walk_15min"``.

    Examples
    --------
    >>> indicator_name("people", "bike", 10.0)
    'barrier_effect_people_bike_10min'
    """
    infix = "_water" if water else _INFIX[field]
    return f"barrier_effect{infix}_{mode}_{minutes:g}min"


def _columns(effect: BarrierEffect) -> list[tuple[str, int, int, bool]]:
    """List (name, cut-off, field, water) of every column a measure gives."""
    rows = []
    for c, minutes in enumerate(effect.cutoffs_min):
        for f, field in enumerate(effect.fields):
            rows.append((indicator_name(field, effect.mode, minutes), c, f, False))
        rows.append((indicator_name("places", effect.mode, minutes, water=True), c, 0, True))
    return rows


def resident_table(
    residents: gpd.GeoDataFrame, effects: Sequence[BarrierEffect], profile: ProfileTables | None = None
) -> gpd.GeoDataFrame:
    """Add each indicator, the reason for a missing one and the mark of the extract's edge to the residents.

    Parameters
    ----------
    residents : GeoDataFrame
        Points.
    effects : sequence of BarrierEffect
        Walking first.
    profile : ProfileTables, optional
        The other measures.

    Returns
    -------
    GeoDataFrame
        A copy with ``reason``, ``edge_affected`` (at the longest cut-off on foot) and the indicators.
    """
    walking = effects[0]
    columns: dict[str, Any] = {"reason": walking.reason, "edge_affected": walking.edge_affected[:, -1]}
    for effect in effects:
        values = {water: effect.effect(water=water) for water in (False, True)}
        columns |= {name: values[water][:, c, f] for name, c, f, water in _columns(effect)}
    table = residents.assign(**columns)
    return table if profile is None else table.join(profile.residents)


def area_table(
    areas: gpd.GeoDataFrame,
    residents: gpd.GeoDataFrame,
    effects: Sequence[BarrierEffect],
    shares: pd.DataFrame,
    profile: ProfileTables | None = None,
) -> gpd.GeoDataFrame:
    """Make the table of areas: indicators, percentiles, gaps, the barrier to blame.

    Parameters
    ----------
    areas : GeoDataFrame
        Index ``area_id``; ``name``, ``group``.
    residents : GeoDataFrame
        From `resident_table`.
    effects : sequence of BarrierEffect
        Walking first.
    shares : DataFrame
        From `share_table`.
    profile : ProfileTables, optional
        The other measures.

    Returns
    -------
    GeoDataFrame
        As described in `Results`.
    """
    result = areas.copy()
    inside = residents[residents["area_id"].notna()]
    total = inside.groupby("area_id")["residents"].sum()
    result["residents"] = total.reindex(result.index).fillna(0.0)
    names = []
    for effect in effects:
        values = {water: effect.area_effect(water=water) for water in (False, True)}
        for name, c, f, water in _columns(effect):
            column = pd.Series(values[water][:, c, f], index=effect.areas_index)
            result[name] = column.reindex(result.index)
            names.append(name)
    touched = (inside["residents"] * inside["edge_affected"]).groupby(inside["area_id"]).sum()
    result["edge_affected_share"] = (touched / total).reindex(result.index)
    left_over = pd.Series(effects[0].interaction()[:, -1], index=effects[0].areas_index)
    result["interaction_share"] = left_over.reindex(result.index)
    top = _top(shares, effects[0])
    result["top_barrier"] = top["barrier"].reindex(result.index).astype(object).where(lambda s: s.notna(), None)
    result["top_barrier_share"] = top["barrier_share"].reindex(result.index)
    if profile is not None:
        result = result.join(profile.areas)
        names += [one.name for one in indicators_among(profile.areas.columns)]
    compared: gpd.GeoDataFrame = add_comparisons(result, names)
    return compared


def share_table(effects: Sequence[BarrierEffect], areas: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame) -> pd.DataFrame:
    """List each barrier's share of each area's lost reach, with names.

    Parameters
    ----------
    effects : sequence of BarrierEffect
        One a mode.
    areas, barriers : GeoDataFrame
        For the names.

    Returns
    -------
    DataFrame
        As described in `Results`.
    """
    table = pd.concat([effect.shares() for effect in effects], ignore_index=True)
    table = table[table["area_id"].isin(areas.index)].reset_index(drop=True)
    table.insert(1, "area", areas["name"].reindex(table["area_id"]).to_numpy(object))
    table.insert(3, "barrier", barriers["name"].reindex(table["barrier_id"]).to_numpy(object))
    table.insert(4, "kind", barriers["kind"].reindex(table["barrier_id"]).to_numpy(object))
    return table


def barrier_table(
    barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame, walking: BarrierEffect, residents: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Add the number of crossings and the share of all lost reach to the barriers.

    Parameters
    ----------
    barriers, crossings : GeoDataFrame
        Footprints; points with ``barrier_id``.
    walking : BarrierEffect
        On foot; its longest cut-off is used.
    residents : GeoDataFrame
        The points measured, in the order measured.

    Returns
    -------
    GeoDataFrame
        With ``crossings`` and ``all_lost_reach_share``: of what opening single headline barriers gives the residents of
        all areas; for water, of what opening single waters gives.
    """
    result = barriers.copy()
    counts = crossings["barrier_id"].value_counts()
    result["crossings"] = counts.reindex(result.index).fillna(0).astype(int)
    linked = pd.Series(walking.people).groupby(residents["area_id"].to_numpy(object)).sum()
    people = linked.reindex(walking.areas_index).fillna(0.0).to_numpy(float)
    gain = (walking.area_share_gain[:, :, -1, 0] * people[:, None]).sum(axis=0)
    share = np.zeros(len(gain))
    for mask in (walking.headline, ~walking.headline):
        total = gain[mask].sum()
        share[mask] = gain[mask] / total if total > 0 else 0.0
    result["all_lost_reach_share"] = pd.Series(share, index=walking.barriers_index).reindex(result.index)
    return result


def gap_table(areas: gpd.GeoDataFrame) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Compare the groups in every indicator the areas have.

    Parameters
    ----------
    areas : GeoDataFrame
        From `area_table`.

    Returns
    -------
    gaps : DataFrame
        As described in `Results`.
    notes : tuple of Note
        Why a gap is missing.
    """
    names = [one.name for one in indicators_among(areas.columns)]
    gaps, sentences = group_gaps(areas, names)
    return gaps, tuple(Note("missing", sentence) for sentence in sentences)


def street_table(network: Network) -> gpd.GeoDataFrame:
    """Draw the walking network, with its islands marked.

    Parameters
    ----------
    network : Network
        On foot.

    Returns
    -------
    GeoDataFrame
        Lines with ``island``.
    """
    island = ~network.main_parts[network.component[network.edge_u]]
    return gpd.GeoDataFrame({"island": island}, geometry=list(network.edge_geometry), crs=network.crs)


def unlinked_table(
    residents: gpd.GeoDataFrame, destinations: gpd.GeoDataFrame, openings: Openings
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """List residents and places that lie too far from a street, or on an island.

    Parameters
    ----------
    residents : GeoDataFrame
        From `resident_table`.
    destinations : GeoDataFrame
        Places.
    openings : Openings
        On foot.

    Returns
    -------
    unlinked : GeoDataFrame
        ``what``, ``reason``, ``residents`` (NaN for a place); points.
    notes : tuple of Note
        How many, where any.
    """
    people = residents[residents["reason"] != "ok"]
    network = openings.network
    reason = np.asarray(network.snap_edges(destinations.geometry, walls=openings.walls).reason, dtype=object)
    places = destinations[reason != "ok"]
    what = ["resident"] * len(people) + ["destination"] * len(places)
    number = np.r_[people["residents"].to_numpy(float), np.full(len(places), np.nan)]
    reasons = np.r_[people["reason"].to_numpy(object), reason[reason != "ok"]]
    points = [*people.geometry, *places.geometry.representative_point()]
    table = gpd.GeoDataFrame(
        {"what": np.array(what, dtype=object), "reason": reasons, "residents": number},
        geometry=points,
        crs=residents.crs,
    )
    notes = []
    if len(people):
        share = people["residents"].sum() / residents["residents"].sum()
        limit = network.profile.max_snap_m
        text = (
            f"{share:.1%} of residents lie more than {limit:g} m from a street, or on an island, and are not measured."
        )
        notes.append(Note("unlinked", text))
    if len(places):
        text = f"{len(places):,} of {len(destinations):,} places lie too far from a street to be reached."
        notes.append(Note("unlinked", text))
    return table, tuple(notes)


def headline_of(areas: pd.DataFrame) -> str:
    """Return the column that ranks the areas: 15 minutes on foot, else the longest walk measured.

    Parameters
    ----------
    areas : DataFrame
        From `area_table`.

    Returns
    -------
    str
        A column.
    """
    walks = [c for c in areas.columns if c.startswith("barrier_effect_walk_") and c.endswith("min")]
    return HEADLINE if HEADLINE in walks else walks[-1]


def _top(shares: pd.DataFrame, walking: BarrierEffect) -> pd.DataFrame:
    """Return the headline barrier with the largest share of each area's loss at the longest walk."""
    longest = walking.cutoffs_min[-1]
    headline = set(walking.barriers_index[walking.headline])
    chosen = (shares["mode"] == walking.mode) & (shares["cutoff_min"] == longest)
    table = shares[chosen & shares["barrier_id"].isin(headline)]
    table = table.sort_values(["barrier_share", "barrier_id"], ascending=[False, True], kind="stable")
    return table.drop_duplicates("area_id").set_index("area_id")
