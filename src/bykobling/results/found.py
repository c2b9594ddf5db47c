"""Where connections would pay most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from bykobling.results.study import Note


@dataclass(frozen=True)
class FoundLinks:
    """The connections a search found, best first, all in one projected CRS.

    Parameters
    ----------
    title : str
        Name of the study.
    mode : {"walk", "bike"}
        How residents move.
    cutoff_min : float
        Minutes within which places count.
    links : GeoDataFrame
        One row a connection, lines, index ``link_id`` ("L1", ... in order of rank): ``rank`` (1 is best), ``kind``
        (bridge, underpass, crossing, path), ``barrier_id``, ``barrier`` (name; None for a gap between streets),
        ``barrier_kind``, ``at`` (names of the streets it joins), ``length_m``, ``route_min`` (the way from end to end
        as it is; infinite where there is none), ``link_min`` (along the connection), ``delay_s`` (seconds of it beyond
        its length, from `kinds`: drawn from this row, an assessment takes the same), ``detour``, ``gain_places`` (sum
        over residents of places newly within the cut-off), ``gain_people`` (pairs of residents newly within it),
        ``gain_score`` (sum over residents of the share of all weighted places newly within it: what the barrier effect
        counts, and what the rank is by), ``gain_vulnerable`` (of it, of residents of vulnerable areas; NaN where no
        area is vulnerable), ``residents_gaining`` (who newly reach a place, in an area or not), ``vulnerable_gaining``,
        ``recovered_share`` (of the barrier effect of all residents), ``top_area`` (name), ``top_area_gain_share`` (gain
        over its reach as it is), ``cost_dkk`` (assumed), ``gain_per_m``, ``gain_per_mdkk``, ``rank_per_m``,
        ``rank_per_mdkk``, ``rank_vulnerable``, ``top_ten_share`` (of the trials with other cut-offs, speeds, weights of
        places, and with places, weighted places or residents counted, in which it is among the best ten; NaN where no
        more than ten are ranked), ``top_ten_cost_share`` (the same for its cost, with each kind up to 30 % cheaper or
        dearer), ``assumed`` (sentence on kind and cost), ``reason`` (a sentence: why here); of the best ten
        ``school_saving``, ``daily_shopping_saving`` (residents who get a minute or more closer to the nearest) and
        ``school_saved_min``, ``daily_shopping_saved_min`` (mean minutes they save), ``station_before_min``,
        ``station_after_min``, ``station_saved_min`` (minutes on foot to a station, mean of the residents of the areas;
        NaN without a timetable), ``entries_400m_change``, ``entries_800m_change`` (ways out that share no street, more
        or fewer, summed over the areas).
    areas : DataFrame
        One row a connection x area that gains: ``link_id``, ``area_id``, ``area``, ``group``, ``residents``,
        ``residents_gaining``, ``places_before``, ``places_after`` (mean number within the cut-off),
        ``people_before``, ``people_after``, ``gain_score``, ``recovered_share`` (of the area's barrier effect).
    sets : DataFrame
        The connections to build one after the other: ``step``, ``link_id``, ``gain_score`` (added), ``alone``
        (its gain by itself), ``total_gain``, ``cost_dkk``, ``total_cost_dkk``.
    interaction : DataFrame
        One row a pair of the best: ``link_id``, ``other_id``, ``together`` (gain of both), ``interaction`` (together
        minus the sum of each alone: negative where one would do for two).
    homes : GeoDataFrame
        Where the residents of the best ten connections live, one row a connection x place that gains: points,
        ``link_id``, ``residents``, ``places_before``, ``places_after``, ``people_before``, ``people_after``.
    entries : DataFrame
        One row a connection x area x ring whose number of ways out that share no street is another, of the best ten:
        ``link_id``, ``area_id``, ``area``, ``group``, ``ring_m``, ``before``, ``after``, ``change``.
    barriers : GeoDataFrame
        Footprints: ``name``, ``kind``, ``headline``.
    streets : GeoDataFrame
        The network as drawn.
    area_shapes : GeoDataFrame
        Housing areas, index ``area_id``: ``name``, ``group``.
    kinds : DataFrame
        The table of costs used: index kind; ``dkk_fixed``, ``dkk_per_m``, ``extra_s``, ``max_length_m``, ``assumed``.
    counts : dict
        How many candidates there were, and how many each filter left out.
    notes : tuple of Note
        What was assumed or is missing.
    run : dict
        Provenance.
    """

    title: str
    mode: str
    cutoff_min: float
    links: gpd.GeoDataFrame
    areas: pd.DataFrame
    sets: pd.DataFrame
    interaction: pd.DataFrame
    homes: gpd.GeoDataFrame
    entries: pd.DataFrame
    barriers: gpd.GeoDataFrame
    streets: gpd.GeoDataFrame
    area_shapes: gpd.GeoDataFrame
    kinds: pd.DataFrame
    counts: dict[str, int] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)
