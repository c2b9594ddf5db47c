"""The public transport part of the profile: what leaves near home, and what is reached by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.accessibility import ptal, station_walk, stops_within
from bykobling.results import Note
from bykobling.study.access import area_means
from bykobling.study.timetables import day_record
from bykobling.study.transit_layers import line_layer, stop_layer
from bykobling.study.transit_walks import QUARTILES, walks_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.study.inputs import Inputs
    from bykobling.study.stands import Stands
    from bykobling.study.timetables import DayService
    from bykobling.study.transit_settings import TransitSource
    from bykobling.study.transit_walks import TransitWalks
    from bykobling.transit import TransitNetwork

NEAR_M = 400.0
"""What leaves within such a walk is counted."""


@dataclass(frozen=True)
class TransitTables:
    """What was measured of public transport.

    Parameters
    ----------
    stands : DataFrame
        One row a stand, one column an indicator; NaN for stands outside every area.
    travel_times : DataFrame or None
        As `bykobling.study.access.times_to_places`, with ``minutes_p25``, ``minutes_p75`` and ``arriving_share``.
    stops, lines : GeoDataFrame or None
        As `bykobling.Results`.
    notes : tuple of Note
        What is missing or assumed.
    run : dict
        For the provenance.
    walks : TransitWalks or None
        What it was measured with, to tell later what a change of streets leaves as it is.
    minutes : array of float64 (O, P, 3) or None
        From each stand of the areas to each named place.
    """

    stands: pd.DataFrame
    travel_times: pd.DataFrame | None = None
    stops: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None
    notes: tuple[Note, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)
    walks: TransitWalks | None = None
    minutes: NDArray[np.float64] | None = None


def measure_transit(
    source: TransitSource, inputs: Inputs, day: DayService, stands: Stands, *, walking: Openings, progress: Progress
) -> TransitTables:
    """Measure public transport at the homes of the areas.

    Parameters
    ----------
    source : TransitSource
        Window, cut-offs, limits.
    inputs : Inputs
        Areas, places, extent.
    day : DayService
        The timetable.
    stands : Stands
        Homes, those outside every area too: they are whom one can reach.
    walking : Openings
        Streets on foot, with their walls.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    TransitTables
    """
    walks = walks_of(source, inputs, day, stands, walking=walking)
    everybody = np.ones(len(walks.homes), bool)
    near, station = within_a_walk(walks, everybody), to_station(walks)
    reach = reach_table(source, walks.reach(everybody, progress), walks.living.index)
    minutes = None if walks.places is None else walks.minutes(everybody)
    extent = inputs.extract.extent
    layers = {
        "stops": stop_layer(day.timetable, source.window, extent=extent, crs=inputs.areas.crs),
        "lines": line_layer(day.timetable, source.window, extent=extent, crs=inputs.areas.crs),
    }
    if day.assumed:
        # also where nothing leaves in the window
        layers = {name: layer.assign(assumed=True) for name, layer in layers.items()}
    return TransitTables(
        stands=stands_table(near, station, reach, stands.points.index),
        travel_times=None if minutes is None else times_of_areas(walks, minutes, inputs),
        **layers,
        notes=notes_of(day, walks.transit, station="walk_to_station_m" in station),
        run=day_record(day, source),
        walks=walks,
        minutes=minutes,
    )


def stands_table(near: pd.DataFrame, station: pd.DataFrame, reach: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """Put what was measured at the homes of the areas side by side.

    Parameters
    ----------
    near, station, reach : DataFrame
        As `within_a_walk`, `to_station` and `reach_table` make them.
    index : Index
        Of all stands.

    Returns
    -------
    DataFrame
        NaN for stands outside every area.
    """
    columns = [near.drop(columns="ptal_ai"), station, near[["ptal_ai"]], reach]
    return pd.concat(columns, axis=1).reindex(index)


def parts_of(stands: pd.DataFrame, living: pd.Index) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take `near` and `reach` out of a table of stands again.

    Parameters
    ----------
    stands : DataFrame
        As `stands_table` makes it.
    living : Index
        Of the stands in the areas.

    Returns
    -------
    near, reach : DataFrame
    """
    names = [str(name) for name in stands]
    ridden = [name for name in names if "_transit_" in name]
    rest = [name for name in names if name not in ridden and "station" not in name and name != "ptal_ai"]
    return stands.loc[living, [*rest, "ptal_ai"]], stands.loc[living, ridden]


def within_a_walk(walks: TransitWalks, rows: NDArray[np.bool_]) -> pd.DataFrame:
    """Count what leaves near home, and work out the PTAL index.

    Parameters
    ----------
    walks : TransitWalks
        Homes and timetable.
    rows : array of bool
        Which homes.

    Returns
    -------
    DataFrame
        Of those homes.
    """
    living, homes, window = walks.living[rows], walks.homes.take(rows), walks.source.window
    near = stops_within(walks.transit, living, radius_m=NEAR_M, window=window, snapped=homes)
    return near.join(ptal(walks.transit, living, window=window, snapped=homes)[["ptal_ai"]])


def to_station(walks: TransitWalks) -> pd.DataFrame:
    """Measure the walk to a station; without one there is no column.

    Parameters
    ----------
    walks : TransitWalks
        Homes and timetable.

    Returns
    -------
    DataFrame
        Of every home.
    """
    return station_walk(walks.transit, walks.living, snapped=walks.homes).dropna(axis="columns", how="all")


def reach_table(source: TransitSource, found: NDArray[np.float64], index: pd.Index) -> pd.DataFrame:
    """Name what is within reach.

    Parameters
    ----------
    source : TransitSource
        Cut-offs.
    found : array of float64 (O, C, 2)
        As `TransitWalks.reach` adds it up.
    index : Index
        Of the homes.

    Returns
    -------
    DataFrame
    """
    columns = {
        f"{what}_transit_{minutes}min": found[:, c, k]
        for k, what in enumerate(("people", "places"))
        for c, minutes in enumerate(source.cutoffs_min)
    }
    return pd.DataFrame(columns, index=index)


def times_of_areas(walks: TransitWalks, minutes: NDArray[np.float64], inputs: Inputs) -> pd.DataFrame:
    """Tell how long residents of each area take to named places: the median and the quartiles of the departures.

    Parameters
    ----------
    walks : TransitWalks
        Homes and places.
    minutes : array of float64 (O, P, 3)
        As `TransitWalks.minutes` finds them.
    inputs : Inputs
        Areas, names of places.

    Returns
    -------
    DataFrame
        ``area_id``, ``area``, ``place``, ``mode``, ``minutes``, ``minutes_p25``, ``minutes_p75``, ``arriving_share``.
    """
    places: Any = inputs.places
    ends: Any = walks.places
    living = walks.living
    names = pd.Index(places["name"].to_numpy(object))
    both = walks.homes.linked[:, None] & ends.linked[None, :]

    def of_areas(values: NDArray[np.float64], column: str) -> pd.Series:
        means = area_means(pd.DataFrame(values, index=living.index, columns=names), living).reset_index()
        long = means.melt("area_id", var_name="place", value_name=column)
        return long.set_index(["area_id", "place"])[column]

    at = {percentile: minutes[:, :, number] for number, percentile in enumerate(QUARTILES)}
    arriving = of_areas(np.where(both, np.isfinite(at[50.0]), np.nan), "arriving_share")
    columns = {"minutes": 50.0, "minutes_p25": 25.0, "minutes_p75": 75.0}
    times = pd.concat([*(of_areas(at[p], name) for name, p in columns.items()), arriving], axis=1)
    times.loc[times["arriving_share"] == 0, "minutes"] = np.inf
    times = times.reset_index().assign(mode="transit")
    times["area"] = inputs.areas["name"].reindex(times["area_id"]).to_numpy(object)
    return times[["area_id", "area", "place", "mode", *columns, "arriving_share"]]


def notes_of(day: DayService, transit: TransitNetwork, *, station: bool) -> tuple[Note, ...]:
    """Say what is assumed, and what lies beyond the streets.

    Parameters
    ----------
    day : DayService
        The timetable.
    transit : TransitNetwork
        Hung on the streets.
    station : bool
        Whether there is a station to walk to.

    Returns
    -------
    tuple of Note
    """
    notes = [Note("assumed", sentence) for sentence in day.sentences]
    beyond = int((transit.stop_reason == "unlinked").sum())
    if beyond:
        text = (
            f"{beyond:,} of {len(transit.stop_reason):,} stops of the day lie outside the streets of the extract: "
            "vehicles call there, but nobody gets on or off."
        )
        notes.append(Note("edge", text))
    if not station:
        text = "No train or metro calls in the timetable on that day, so there is no station to walk to."
        notes.append(Note("missing", text, ("walk_to_station_m",)))
    text = (
        "People by public transport leave once a minute in the window; what is within reach is that of the median "
        f"departure. They walk at most {transit.settings.max_access_min:g} min to a stop and "
        f"{transit.settings.max_egress_min:g} min from one, and are at the stop "
        f"{transit.settings.board_slack_s:g} s before a departure. The PTAL index is London's, in the same window "
        "(London: 08:15 to 09:15)."
    )
    return (*notes, Note("assumed", text))
