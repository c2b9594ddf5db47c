"""The public transport part of the profile: what leaves near home, and what is reached by it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.accessibility import ptal, station_walk, stops_within
from bykobling.results import Note
from bykobling.study.access import area_means
from bykobling.study.timetables import day_record
from bykobling.study.transit_layers import line_layer, stop_layer
from bykobling.transit import transit_network, transit_opportunities, transit_travel_time

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network import Snap
    from bykobling.study.inputs import Inputs
    from bykobling.study.stands import Stands
    from bykobling.study.timetables import DayService
    from bykobling.study.transit_settings import TransitSource
    from bykobling.transit import TransitNetwork

QUARTILES = (25.0, 50.0, 75.0)


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
    """

    stands: pd.DataFrame
    travel_times: pd.DataFrame | None = None
    stops: gpd.GeoDataFrame | None = None
    lines: gpd.GeoDataFrame | None = None
    notes: tuple[Note, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)


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
    transit = transit_network(walking.network, day.timetable, settings=source.limits)
    window = source.window
    mine = stands.points["area_id"].notna().to_numpy(bool)
    living = stands.points[mine]
    homes = walking.network.snap(living.geometry, walls=walking.walls)
    near = [
        stops_within(transit, living, window=window, snapped=homes),
        station_walk(transit, living, snapped=homes).dropna(axis="columns", how="all"),
        ptal(transit, living, window=window, snapped=homes)[["ptal_ai"]],
        _reach(transit, source, inputs, stands, homes=homes, walking=walking, progress=progress).set_index(
            living.index
        ),
    ]
    times = None
    if inputs.places is not None:
        times = _times(transit, source, inputs, living, homes=homes, walking=walking)
    extent = inputs.extract.extent
    layers = {
        "stops": stop_layer(day.timetable, window, extent=extent, crs=inputs.areas.crs),
        "lines": line_layer(day.timetable, window, extent=extent, crs=inputs.areas.crs),
    }
    if day.assumed:
        # also where nothing leaves in the window
        layers = {name: layer.assign(assumed=True) for name, layer in layers.items()}
    return TransitTables(
        stands=pd.concat(near, axis=1).reindex(stands.points.index),
        travel_times=times,
        **layers,
        notes=_notes(day, transit, station="walk_to_station_m" in near[1]),
        run=day_record(day, source),
    )


def _reach(
    transit: TransitNetwork,
    source: TransitSource,
    inputs: Inputs,
    stands: Stands,
    *,
    homes: Snap,
    walking: Openings,
    progress: Progress,
) -> pd.DataFrame:
    """Add up the residents and places within reach at the median departure, in one search."""
    people, places = stands.points, inputs.destinations
    shapes = np.concatenate([people.geometry.to_numpy(), places.geometry.to_numpy()])
    ends = walking.network.snap_edges(shapes, walls=walking.walls)
    weights = np.zeros((len(shapes), 2))
    weights[: len(people), 0] = people["residents"]
    weights[len(people) :, 1] = 1.0
    # what is reached later than at the last cut-off does not count, so it is not looked for
    longest = float(max(source.cutoffs_min))
    limits = dataclasses.replace(
        source.limits, max_trip_min=longest, max_walk_min=min(source.limits.max_walk_min, longest)
    )
    found = transit_opportunities(
        dataclasses.replace(transit, settings=limits),
        homes,
        ends,
        weights,
        cutoffs_min=source.cutoffs_min,
        window=source.window,
        progress=progress,
    )
    return pd.DataFrame(
        {
            f"{what}_transit_{minutes}min": found[:, c, k]
            for k, what in enumerate(("people", "places"))
            for c, minutes in enumerate(source.cutoffs_min)
        }
    )


def _times(
    transit: TransitNetwork,
    source: TransitSource,
    inputs: Inputs,
    living: gpd.GeoDataFrame,
    *,
    homes: Snap,
    walking: Openings,
) -> pd.DataFrame:
    """Tell how long residents of each area take to named places: the median and the quartiles of the departures."""
    places: Any = inputs.places
    ends = walking.network.snap_edges(places.geometry, walls=walking.walls)
    found = transit_travel_time(transit, homes, ends, window=source.window, percentiles=QUARTILES)
    names = pd.Index(places["name"].to_numpy(object))
    both = homes.linked[:, None] & ends.linked[None, :]

    def of_areas(values: NDArray[np.float64], column: str) -> pd.Series:
        means = area_means(pd.DataFrame(values, index=living.index, columns=names), living).reset_index()
        long = means.melt("area_id", var_name="place", value_name=column)
        return long.set_index(["area_id", "place"])[column]

    minutes = {p: found.at(p).astype(np.float64) for p in QUARTILES}
    arriving = of_areas(np.where(both, np.isfinite(minutes[50.0]), np.nan), "arriving_share")
    columns = {"minutes": 50.0, "minutes_p25": 25.0, "minutes_p75": 75.0}
    times = pd.concat([*(of_areas(minutes[p], name) for name, p in columns.items()), arriving], axis=1)
    times.loc[times["arriving_share"] == 0, "minutes"] = np.inf
    times = times.reset_index().assign(mode="transit")
    times["area"] = inputs.areas["name"].reindex(times["area_id"]).to_numpy(object)
    return times[["area_id", "area", "place", "mode", *columns, "arriving_share"]]


def _notes(day: DayService, transit: TransitNetwork, *, station: bool) -> tuple[Note, ...]:
    """Say what is assumed, and what lies beyond the streets."""
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
