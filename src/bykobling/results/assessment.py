"""What proposals change, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from bykobling.results.study import Note


@dataclass(frozen=True)
class Assessment:
    """Proposals beside things as they are, all in one projected CRS.

    Parameters
    ----------
    title : str
        Name of the study.
    cutoff_min : float
        Minutes of the longest walk, on which reach is told.
    proposals : GeoDataFrame
        One row a modification of a proposal: ``proposal`` (name), ``what`` (bridge, underpass, path, stairs, ramp,
        crossing, removed street, changed speed, stop, service, headway, ...), ``name``, ``length_m``, geometry (None
        for changes of a timetable without a place).
    summary : DataFrame
        One row a proposal (and combination of proposals), index ``proposal``: ``members`` (how many proposals it is
        of), ``residents`` (of all areas), ``residents_gaining``, ``residents_losing`` (of reach on foot at the longest
        cut-off), ``vulnerable_gaining``, ``vulnerable_losing`` (NaN where no area is vulnerable), ``effect_before``,
        ``effect_after`` (barrier effect of all residents taken together, ``1 - Acc(G) / Acc(G0)``, not the mean of the
        areas' effects),
        ``recovered_share`` (reach gained over the reach that the headline barriers take today), of vulnerable areas
        ``recovered_vulnerable_share``, ``recovered_water_share`` (over what water takes), ``mean_reach_gain`` (share
        of all weighted places, mean of residents), ``gaps_closed`` (number of gaps between vulnerable areas and the
        rest that are at most half of what they were), ``gaps`` (that there were to close).
    areas : DataFrame
        One row a proposal x area x indicator that differs: ``proposal``, ``area_id``, ``area``, ``group``,
        ``residents``, ``indicator``, ``unit``, ``better``, ``before``, ``after``, ``change``, ``improves`` (bool).
    residents : GeoDataFrame
        Points of homes whose reach changes: ``proposal``, ``area_id``, ``residents``, ``reach_before``,
        ``reach_after`` (share of all weighted places within the longest cut-off on foot).
    who : DataFrame
        One row a proposal x area in which somebody's reach changes: ``proposal``, ``area_id``, ``area``, ``group``,
        ``residents``, ``residents_gaining``, ``residents_losing``, ``reach_before``, ``reach_after`` (mean of the
        residents whose homes are on the streets).
    groups : DataFrame
        One row a proposal x group x indicator: ``proposal``, ``group`` ("all", "vulnerable", "rest"),
        ``indicator``, ``unit``, ``better``, ``before``, ``after``, ``change`` (means of areas by residents);
        indicators that differ for some area.
    thresholds : DataFrame
        One row a proposal x standard x group: ``proposal``, ``group``, ``indicator``, ``limit``, ``met_before``,
        ``met_after`` (residents who meet it), ``gaining``, ``losing`` (residents moved over it either way); of all
        standards together ``standards_met_share``.
    times : DataFrame
        Minutes saved, where they differ for somebody: ``proposal``, ``group``, ``to`` (station, school,
        daily_shopping, ... or a named place), ``mode``, ``before_min``, ``after_min``, ``saved_min`` (mean of
        residents who have a way both times; infinite at the time when nobody has one),
        ``residents_saving_1_min`` (NaN for named places, whose times are known by area).
    gaps : DataFrame
        One row a proposal x indicator whose gap differs: ``proposal``, ``indicator``, ``gap_before``, ``gap_after``,
        ``gap_closed`` (NaN where vulnerable areas were as well or better off, so that there was none to close).
    interaction : DataFrame
        One row a pair of proposals: ``proposal``, ``other``, ``alone``, ``other_alone``, ``together``
        (``mean_reach_gain`` of each and of both), ``interaction`` (together minus both alone).
    spacing : DataFrame
        One row a proposal x barrier x measure, of barriers on which they differ: ``proposal``,
        ``barrier_id``, ``barrier`` (name), ``kind``, ``measure`` (``crossings``, places; ``mean_gap_m``,
        ``largest_gap_m``, stretches without one; ``beyond_200m_share``: see `bykobling.severance.crossing_spacing`),
        ``before``, ``after``, ``change``.
    barriers, streets, area_shapes : GeoDataFrame
        For the map, as in `FoundLinks`.
    notes : tuple of Note
        What was assumed or is missing.
    run : dict
        Provenance.
    """

    title: str
    cutoff_min: float
    proposals: gpd.GeoDataFrame
    summary: pd.DataFrame
    areas: pd.DataFrame
    residents: gpd.GeoDataFrame
    who: pd.DataFrame
    groups: pd.DataFrame
    thresholds: pd.DataFrame
    times: pd.DataFrame
    gaps: pd.DataFrame
    interaction: pd.DataFrame
    spacing: pd.DataFrame
    barriers: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    area_shapes: gpd.GeoDataFrame
    notes: tuple[Note, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)
