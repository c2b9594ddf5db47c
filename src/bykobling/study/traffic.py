"""Counted traffic of a study: put it on streets and on the user's roads, and tell how much is assumed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.barriers import is_barrier_road
from bykobling.network.user_roads import along_roads
from bykobling.results import Note
from bykobling.severance import match_aadt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.barriers import BarrierRules
    from bykobling.study.model import TrafficSource


@dataclass(frozen=True, eq=False)
class BigRoads:
    """The roads that are split into two sides, and whose crossings cost a delay.

    Parameters
    ----------
    in_osm : array of bool, shape (n_streets,)
        Streets that are big under the study's rules.
    along_own : array of bool, shape (n_streets,)
        Streets that are a road of the user's.
    own : GeoDataFrame
        Roads of the user's layers.
    """

    in_osm: NDArray[np.bool_]
    along_own: NDArray[np.bool_]
    own: gpd.GeoDataFrame


@dataclass(frozen=True)
class TrafficAccount:
    """How much of the traffic on big roads is counted.

    Parameters
    ----------
    aadt_assumed_share : float or None
        Of the length of big roads, 0-1; None where there is none.
    notes : tuple of Note
        The sentence for the report; none where no count was given.
    """

    aadt_assumed_share: float | None
    notes: tuple[Note, ...] = ()


def big_roads(streets: gpd.GeoDataFrame, barriers: Sequence[gpd.GeoDataFrame], *, rules: BarrierRules) -> BigRoads:
    """Find the big roads among OSM's streets and the user's barriers.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table.
    barriers : sequence of GeoDataFrame
        The user's layers, as `bykobling.layers.read_lines_or_polygons`.
    rules : BarrierRules
        What of OSM is big.

    Returns
    -------
    BigRoads
    """
    layers = [layer[(layer["kind"] == "road") & (layer.geometry.length > 0)] for layer in barriers]
    layers = [layer for layer in layers if len(layer)]
    big = is_barrier_road(streets, rules=rules)
    if not layers:
        return BigRoads(big, np.zeros(len(streets), bool), gpd.GeoDataFrame(geometry=[], crs=streets.crs))
    # a register tells no OSM class; traffic is assumed as on a primary road where it tells no count
    own = pd.concat(layers, ignore_index=True).assign(highway="primary")
    return BigRoads(big, along_roads(streets, own), own)


def counted_streets(streets: gpd.GeoDataFrame, counts: gpd.GeoDataFrame, source: TrafficSource) -> gpd.GeoDataFrame:
    """Add counted traffic to the streets.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table.
    counts : GeoDataFrame
        As `bykobling.layers.traffic.read_traffic_layer`; same CRS.
    source : TrafficSource
        How far counts reach.

    Returns
    -------
    GeoDataFrame
        A copy with ``aadt``; NaN where not counted, so that delays there follow class and lanes.
    """
    found = match_aadt(
        streets,
        counts,
        line_reach_m=source.line_reach_m,
        point_reach_m=source.point_reach_m,
        bearing_deg=source.bearing_deg,
        along_m=source.along_m,
        both_ways=source.both_ways,
    )
    return streets.assign(aadt=found["aadt"].where(~found["aadt_assumed"]))


def counted_roads(layer: gpd.GeoDataFrame, counts: gpd.GeoDataFrame, source: TrafficSource) -> gpd.GeoDataFrame:
    """Add counted traffic to the roads of a user's layer that tell none of their own.

    Parameters
    ----------
    layer : GeoDataFrame
        As `bykobling.layers.read_lines_or_polygons`; what is no line, or no road, stays as it is.
    counts : GeoDataFrame
        As `bykobling.layers.traffic.read_traffic_layer`; same CRS.
    source : TrafficSource
        How far counts reach.

    Returns
    -------
    GeoDataFrame
        A copy with ``aadt``.
    """
    parts, row = shapely.get_parts(layer.geometry.to_numpy(), return_index=True)
    wanted = (layer["kind"] == "road").to_numpy(bool)[row] & (shapely.get_dimensions(parts) == 1)
    parts, row = parts[wanted], row[wanted]
    # a road in several pieces is found by its longest
    longest = np.lexsort((-shapely.length(parts), row))
    first = longest[np.unique(row[longest], return_index=True)[1]]
    roads = layer.iloc[row[first]][["name", "lanes"]].assign(highway="primary", drive=True, oneway=False)
    lines = gpd.GeoDataFrame(roads, geometry=parts[first], crs=layer.crs)
    found = counted_streets(lines, counts, source)["aadt"]
    return layer.assign(aadt=layer["aadt"].fillna(found.reindex(layer.index)))


def traffic_account(streets: gpd.GeoDataFrame, big: BigRoads, source: TrafficSource | None) -> TrafficAccount:
    """Tell on what share of the length of big roads traffic is counted, and on what share assumed.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table; ``aadt`` where the study names counts.
    big : BigRoads
        From `big_roads`.
    source : TrafficSource or None
        Names the file.

    Returns
    -------
    TrafficAccount
        A road of the user's counts once, as the user drew it.
    """
    in_osm = streets[big.in_osm & ~big.along_own & streets["drive"].to_numpy(bool)]
    length, counted = 0.0, 0.0
    for roads in (in_osm, big.own):
        metres = roads.geometry.length.to_numpy()
        length += float(metres.sum())
        if "aadt" in roads:
            counted += float(metres[roads["aadt"].gt(0).to_numpy(bool)].sum())
    if not length:
        return TrafficAccount(None)
    share = 1 - counted / length
    if source is None and not counted:
        return TrafficAccount(share)
    told = "" if source is None else f" ({source.file.name})"
    text = (
        f"Traffic is counted on {counted / 1000:,.1f} of {length / 1000:,.1f} km of big roads{told}; on the other "
        f"{share:.0%} of their length it is assumed by class and lanes."
    )
    return TrafficAccount(share, (Note("assumed", text),))
