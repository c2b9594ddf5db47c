"""The part of the profile that is read off the map: crossings, big roads and pieces of land around each area."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bykobling.results import Note
from bykobling.severance import (
    area_crossing_spacing,
    barrier_factor,
    crossing_delay,
    division_index,
    enclosure,
)

if TYPE_CHECKING:
    import geopandas as gpd

    from bykobling.study.inputs import Inputs


def land_measures(
    inputs: Inputs, barriers: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame, everybody: gpd.GeoDataFrame
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Measure what barriers do to the land around each area.

    Parameters
    ----------
    inputs : Inputs
        Areas, extent.
    barriers, crossings : GeoDataFrame
        Made before.
    everybody : GeoDataFrame
        Homes with ``residents``.

    Returns
    -------
    values : DataFrame
        Index ``area_id``, one column an indicator.
    notes : tuple of Note
        What is missing.
    """
    areas = inputs.areas
    extent = inputs.extract.extent
    spacing = area_crossing_spacing(areas, barriers, crossings, extent=extent)
    waiting = crossing_delay(areas, barriers, crossings)
    roads = barriers[barriers["kind"] == "road"]
    divided = division_index(areas, barriers, residents=everybody, extent=extent)
    enclosed = enclosure(areas, barriers, residents=everybody, extent=extent)
    parts = (
        spacing[["crossing_spacing_m", "crossing_beyond_200m_share"]],
        waiting[["crossing_delay_s"]],
        barrier_factor(areas, roads, classes=None),
        divided[["division_index", "division_index_people"]],
        enclosed[["enclosed_area_m2", "enclosed_residents", "pieces_800m"]],
    )
    table = pd.concat(parts, axis=1)
    notes = []
    bare = int((spacing["reason"] == "no crossing").sum())
    if bare:
        text = (
            f"{bare} areas have a barrier and no crossing within 800 m: their crossings are at least as far apart as "
            "the barrier is long, which is what is shown."
        )
        notes.append(Note("assumed", text, ("crossing_spacing_m",)))
    open_ended = int(enclosed["touches_limit"].sum())
    if open_ended:
        text = (
            f"The land around {open_ended} of {len(areas)} areas that no barrier cuts off goes on beyond the extract: "
            "its size and its residents are at least what is told."
        )
        notes.append(Note("edge", text, ("enclosed_area_m2", "enclosed_residents")))
    return table, tuple(notes)
