"""The access part of the profile: what residents reach on foot and by bicycle, and what they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.accessibility import (
    Binary,
    Linear,
    cumulative_opportunities,
    fifteen_minute_categories,
    gravity,
    green_300m,
    nearest_minutes,
    spatial_availability,
    travel_time_to,
    two_step_floating_catchment,
)
from bykobling.indicators import CATCHMENT_CATEGORIES
from bykobling.network import reach_table
from bykobling.results import Note, NoteKind
from bykobling.tags import DESTINATION_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Mode, Progress
    from bykobling.barriers import Openings
    from bykobling.network import ReachTable, Snap

LONGEST_MIN = 60.0
"""What lies farther counts as this far."""

COVERED_SHARE = 0.5
"""Where more residents than this are too far from every place of a kind, the data do not cover the kind."""

FEW_PLACES = 10

TOLD_SHARE = 0.005
"""From this share of residents on, a note tells that a kind of place is too far for them."""

SHARED_MIN = 15.0
"""Residents share what they reach on foot within so many minutes."""


def access_on(
    openings: Openings,
    stands: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    cutoff_min: float,
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Measure what is reached from every stand in one mode.

    Parameters
    ----------
    openings : Openings
        Network of the mode, with its walls.
    stands : GeoDataFrame
        Points with ``residents`` and ``area_id``, those outside every area too: they share the places.
    destinations : GeoDataFrame
        Places with ``category`` and ``weight``.
    cutoff_min : float
        Longest cut-off of the mode.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    values : DataFrame
        Index of `stands`, one column an indicator; NaN where unlinked.
    notes : tuple of Note
        What is missing or assumed.
    """
    network, mode = openings.network, openings.network.mode
    homes = network.snap(stands.geometry, walls=openings.walls)
    places = network.snap_edges(destinations.geometry, walls=openings.walls)
    on_foot = mode == "walk"
    limit_min = max(cutoff_min, SHARED_MIN) if on_foot else cutoff_min
    reach = reach_table(network, homes, places, limit_min * 60, progress=progress)
    ones = np.ones(len(destinations))
    columns: dict[str, NDArray[np.float64]] = {
        f"places_{mode}_{cutoff_min:g}min": cumulative_opportunities(reach, ones, cutoffs_min=[cutoff_min])[:, 0, 0]
    }
    nearest, notes = _nearest(openings, stands, homes, destinations, progress)
    columns |= {f"minutes_to_{name}_{mode}": nearest[name].to_numpy(float) for name in nearest}
    if on_foot:
        columns["gravity_walk"] = gravity(reach, ones, decay=Linear(SHARED_MIN))[:, 0]
        shared = [name for name in CATCHMENT_CATEGORIES if name in nearest]
        columns |= _shared(reach, stands["residents"].to_numpy(float), destinations, shared)
        daily = [name for name in DESTINATION_CATEGORIES if name in nearest]
        if daily:
            columns["fifteen_minute_categories"] = fifteen_minute_categories(nearest[daily], daily).count
        green, told = _green(openings, homes, destinations)
        columns["green_300m_share"] = green
        notes = (*notes, *told)
    return pd.DataFrame(columns, index=stands.index), notes


def _nearest(
    openings: Openings,
    stands: gpd.GeoDataFrame,
    homes: Snap,
    destinations: gpd.GeoDataFrame,
    progress: Progress | None,
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Find the minutes to the nearest place of each category; of one the data do not cover there is no column."""
    network = openings.network
    own = [name for name in destinations["category"].unique() if name not in DESTINATION_CATEGORIES]
    wanted = [*DESTINATION_CATEGORIES, *sorted(map(str, own))]
    there = [name for name in wanted if (destinations["category"] == name).any()]
    found = nearest_minutes(
        network, homes, destinations, categories=there, walls=openings.walls, limit_min=LONGEST_MIN, progress=progress
    )
    table = pd.DataFrame(found, columns=there)
    # of residents of the areas: those outside only take part in what is shared
    people = stands["residents"].where(stands["area_id"].notna(), 0.0).to_numpy(float)
    far = (np.isinf(table.to_numpy(float)) * people[:, None]).sum(axis=0) / max(people.sum(), 1e-9)
    share = dict(zip(there, far.tolist(), strict=True))
    counts = destinations["category"].value_counts().to_dict()
    covered = [name for name in there if share[name] <= COVERED_SHARE]
    return table[covered].clip(upper=LONGEST_MIN), _nearest_notes(network.mode, wanted, counts, share)


def _nearest_notes(
    mode: Mode, wanted: Sequence[str], counts: dict[str, int], far: dict[str, float]
) -> tuple[Note, ...]:
    """Say of which kinds of place the data hold none, too few, or some that are too far."""
    on_foot = mode == "walk"
    notes = []

    def tell(kind: NoteKind, text: str, names: list[str]) -> None:
        notes.append(Note(kind, text, tuple(f"minutes_to_{name}_{mode}" for name in names)))

    absent = [name for name in wanted if name not in far]
    if absent and on_foot:
        text = f"There is no place of the kind {', '.join(absent)} in the data, so the way to one is not measured."
        tell("missing", text, absent)
    by = {"walk": "on foot", "bike": "by bicycle"}[mode]
    bare = [name for name, share in far.items() if share > COVERED_SHARE]
    if bare:
        text = (
            f"Most residents have no {' or '.join(bare)} within {LONGEST_MIN:g} minutes {by} in the data: the data do "
            "not cover it, and the way to one is not measured."
        )
        tell("missing", text, bare)
    beyond = [name for name, share in far.items() if TOLD_SHARE <= share <= COVERED_SHARE]
    if beyond:
        told = ", ".join(f"{name} ({far[name]:.0%})" for name in beyond)
        text = f"Some residents have no {told} within {LONGEST_MIN:g} minutes {by}: that counts as {LONGEST_MIN:g}."
        tell("assumed", text, beyond)
    few = [name for name in far if counts[name] < FEW_PLACES and name not in bare]
    if few and on_foot:
        told = ", ".join(f"{name} ({counts[name]})" for name in few)
        tell("assumed", f"The data hold few places of some kinds: {told}; all there are is taken to be there.", few)
    return tuple(notes)


def _shared(
    reach: ReachTable, people: NDArray[np.float64], destinations: gpd.GeoDataFrame, categories: Sequence[str]
) -> dict[str, NDArray[np.float64]]:
    """Share out the places of a few categories among all who reach them, per 1,000 residents."""
    columns = {}
    category, weight = destinations["category"].to_numpy(object), destinations["weight"].to_numpy(float)
    for name in categories:
        supply = np.where(category == name, weight, 0.0)
        if not supply.any():
            continue
        per_head = two_step_floating_catchment(reach, people, supply, decay=Binary(SHARED_MIN))
        columns[f"catchment_2sfca_{name}"] = 1_000 * per_head
        available = spatial_availability(reach, people, supply, decay=Linear(SHARED_MIN))
        per_head = np.divide(available, people, out=np.full(len(people), np.nan), where=people > 0)
        columns[f"spatial_availability_{name}"] = 1_000 * per_head
    return columns


def _green(
    openings: Openings, homes: Snap, destinations: gpd.GeoDataFrame
) -> tuple[NDArray[np.float64], tuple[Note, ...]]:
    drawn = destinations.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    green = destinations[(destinations["category"] == "green_space") & drawn]
    if green.empty:
        text = "There is no green space drawn as a surface in the data, so nobody's distance to it is measured."
        return np.full(len(homes), np.nan), (Note("missing", text, ("green_300m_share",)),)
    return np.asarray(green_300m(openings.network, homes, green.geometry, walls=openings.walls), float), ()


def times_to_places(
    opened: Sequence[Openings], residents: gpd.GeoDataFrame, places: gpd.GeoDataFrame, areas: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Tell how long residents of each area take to named places, on average.

    Parameters
    ----------
    opened : sequence of Openings
        One a mode.
    residents : GeoDataFrame
        Points with ``residents`` and ``area_id``.
    places : GeoDataFrame
        With ``name``.
    areas : GeoDataFrame
        Index ``area_id``, ``name``.

    Returns
    -------
    DataFrame
        ``area_id``, ``area``, ``place``, ``mode``, ``minutes``; infinite where some residents have no way.
    """
    parts: list[Any] = []
    for openings in opened:
        homes = openings.network.snap(residents.geometry, walls=openings.walls)
        minutes = travel_time_to(openings.network, homes, places, index=residents.index, walls=openings.walls)
        means = area_means(minutes, residents).reset_index()
        parts.append(means.melt("area_id", var_name="place", value_name="minutes").assign(mode=openings.network.mode))
    table: pd.DataFrame = pd.concat(parts, ignore_index=True)
    table.insert(1, "area", areas["name"].reindex(table["area_id"]).to_numpy(object))
    return table[["area_id", "area", "place", "mode", "minutes"]]


def area_means(values: pd.DataFrame, residents: pd.DataFrame) -> pd.DataFrame:
    """Average over the residents of each area who have a value.

    Parameters
    ----------
    values : DataFrame
        One row a home, one column an indicator; NaN where missing.
    residents : DataFrame
        ``residents`` and ``area_id``, same index.

    Returns
    -------
    DataFrame
        Index ``area_id``, same columns; NaN where nobody has a value.

    Examples
    --------
    >>> homes = pd.DataFrame({"residents": [1.0, 3.0, 5.0], "area_id": ["a", "a", "b"]})
    >>> area_means(pd.DataFrame({"minutes": [4.0, 8.0, None]}), homes)["minutes"].tolist()
    [7.0, nan]
    """
    number = values.to_numpy(float, na_value=np.nan)
    weight = np.where(np.isnan(number), 0.0, residents["residents"].to_numpy(float)[:, None])
    # 0 x inf is no number: who weighs nothing takes no part
    product = pd.DataFrame(np.where(weight > 0, number, 0.0) * weight, columns=values.columns)
    area_id = residents["area_id"].to_numpy(object)
    total = pd.DataFrame(weight, columns=values.columns).groupby(area_id).sum()
    means = product.groupby(area_id).sum() / total.where(total > 0)
    return means.rename_axis(index="area_id")
