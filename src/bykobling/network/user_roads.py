"""Big roads a user supplies: find the streets that are them, and make crossing the rest of them cost its delay.

Street extracts often lack the carriageway of a big road (walk-only downloads drop roads whose sidewalks are mapped
separately), while a city's road register has it. A register's line is never drawn where OSM draws it, so topology
does not help; geometry does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops

from bykobling.network.delays import CrossingDelays, crossing_delays_s

if TYPE_CHECKING:
    from numpy.typing import NDArray

ALONG_M = 12.0
"""A street within this of a road line, for most of its length, is that road."""

_ALONG_SHARE = 0.7
_SAME_CROSSING_M = 30.0
_MARKED_M = 10.0
_LEAST_SINE = 0.5


def along_roads(streets: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which streets run along a road line, so are that road.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table.
    roads : GeoDataFrame
        Road lines in the same CRS.

    Returns
    -------
    array of bool, shape (n_streets,)
        True where a street open to motor vehicles lies within 12 m of a line for 70 % of its length.
    """
    result = np.zeros(len(streets), bool)
    candidates = np.flatnonzero(streets["drive"].to_numpy(bool) & ~streets["tunnel"].to_numpy(bool))
    if not len(roads) or not len(candidates):
        return result
    lines = streets.geometry.to_numpy()[candidates]
    zones = shapely.buffer(roads.geometry.to_numpy(), ALONG_M, cap_style="flat", quad_segs=2)
    street, zone = shapely.STRtree(zones).query(lines, predicate="intersects")
    inside = shapely.length(shapely.intersection(lines[street], zones[zone]))
    # pieces of one road overlap at their ends, which counts a little twice
    share = np.bincount(street, weights=inside, minlength=len(lines)) / np.maximum(shapely.length(lines), 1e-9)
    result[candidates[share >= _ALONG_SHARE]] = True
    return result


def cut_at_roads(
    streets: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    roads: gpd.GeoDataFrame,
    *,
    own: NDArray[Any],
    delays: CrossingDelays | None = None,
) -> gpd.GeoDataFrame:
    """Cut every street that crosses a road line at grade, and join the halves by a crossing that costs its delay.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table.
    crossings : GeoDataFrame
        Crossing nodes; one within 10 m tells the kind where the street does not.
    roads : GeoDataFrame
        Road lines in the same CRS; ``highway`` (class for assumed traffic), ``lanes``, ``aadt`` and
        ``maxspeed_kmh`` where known.
    own : array of LineString
        Streets that are the road itself (`along_roads`): crossings near them are charged by `two_sided`.
    delays : CrossingDelays, optional
        Seconds by kind.

    Returns
    -------
    GeoDataFrame
        Streets with ``delay_s``, ``snappable`` and ``is_crossing``; bridges and tunnels are left whole.
    """
    delays = delays or CrossingDelays()
    table = streets.reset_index(drop=True)
    for name, value in (("delay_s", 0.0), ("snappable", True), ("is_crossing", False), ("delay_part", 1.0)):
        if name not in table:
            table[name] = value
    cuts = _cuts(table, roads, own)
    if not cuts:
        return table
    marks = crossings[crossings["kind"] != "level_crossing"]
    tree = shapely.STRtree(marks.geometry.to_numpy())
    marked = marks["kind"].to_numpy(object)
    fresh = min(int(table["u"].min()), int(table["v"].min()), 0) - 1
    rows: list[dict[str, Any]] = []
    for row, places in cuts.items():
        street = table.iloc[row]
        line, start, node = street.geometry, 0.0, int(street["u"])
        scale = float(street["length_m"]) / max(line.length, 1e-9)
        for position, road in places:
            point = line.interpolate(position)
            near = tree.query(point, predicate="dwithin", distance=_MARKED_M)
            told = street["crossing"]
            kind = told if isinstance(told, str) else marked[near[0]] if len(near) else "unmarked"
            wait = crossing_delays_s(roads.iloc[road], str(kind), delays=delays)
            piece = shapely.ops.substring(line, start, position)
            rows.append(
                {
                    **street.to_dict(),
                    "u": node,
                    "v": fresh,
                    "geometry": piece,
                    "length_m": piece.length * scale,
                }
            )
            rows.append(
                {
                    **street.to_dict(),
                    "u": fresh,
                    "v": fresh - 1,
                    "highway": "crossing",
                    "crossing": str(kind),
                    "length_m": 0.1,
                    "delay_s": wait,
                    "snappable": False,
                    "is_crossing": True,
                    "geometry": shapely.LineString([point, point]),
                }
            )
            node, start, fresh = fresh - 1, position, fresh - 2
        piece = shapely.ops.substring(line, start, line.length)
        rows.append({**street.to_dict(), "u": node, "geometry": piece, "length_m": piece.length * scale})
    added = gpd.GeoDataFrame(rows, geometry="geometry", crs=table.crs)[list(table.columns)]
    kept = table.drop(index=list(cuts))
    stacked = pd.concat([kept, added.astype(dict(kept.drop(columns="geometry").dtypes))], ignore_index=True)
    return gpd.GeoDataFrame(stacked, geometry="geometry", crs=table.crs)


def _cuts(table: gpd.GeoDataFrame, roads: gpd.GeoDataFrame, own: NDArray[Any]) -> dict[int, list[tuple[float, int]]]:
    """Find where along each row it crosses a road line, and which: ``row -> [(metres from its start, road)]``."""
    walkable = (table["walk"] | table["bike_forward"] | table["bike_backward"]).to_numpy(bool)
    apart = table["bridge"].to_numpy(bool) | table["tunnel"].to_numpy(bool) | table["is_crossing"].to_numpy(bool)
    usable = np.flatnonzero(walkable & ~apart)
    lines, drawn = table.geometry.to_numpy(), roads.geometry.to_numpy()
    road, hit = shapely.STRtree(lines[usable]).query(drawn, predicate="intersects")
    row = usable[hit]
    parts, pair = shapely.get_parts(shapely.intersection(lines[row], drawn[road]), return_index=True)
    points = shapely.get_type_id(parts) == 0
    parts, row, road = parts[points], row[pair[points]], road[pair[points]]
    if not len(parts):
        return {}
    if len(own):  # the two-sided split charges these
        near = shapely.STRtree(own).query(parts, predicate="dwithin", distance=ALONG_M + 8)[0]
        free = np.ones(len(parts), bool)
        free[near] = False
        parts, row, road = parts[free], row[free], road[free]
    at = shapely.line_locate_point(lines[row], parts)
    steep = np.abs(
        np.sin(_bearing(lines[row], at) - _bearing(drawn[road], shapely.line_locate_point(drawn[road], parts)))
    )
    cuts: dict[int, list[tuple[float, int]]] = {}
    for i in np.lexsort((at, row)):
        if steep[i] < _LEAST_SINE:  # a sidewalk that sways over the line does not cross the road
            continue
        places = cuts.setdefault(int(row[i]), [])
        if not places or at[i] - places[-1][0] > _SAME_CROSSING_M:
            places.append((float(at[i]), int(road[i])))
    return cuts


def _bearing(lines: NDArray[Any], at: NDArray[np.float64]) -> NDArray[np.float64]:
    length = shapely.length(lines)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - 3, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(at + 3, length)))
    return np.asarray(np.arctan2(*(after - before).T[::-1]))
