"""Where people can cross: every place a walkable street passes through a barrier, and what kind of place it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.barriers.groups import components

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_PLACE_M = 15.0
"""Crossings of one kind and barrier nearer than this are one place (two carriageways, two tracks)."""

_NARROW_M = 6.0


def find_crossings(streets: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """List the places where a walkable street passes through a barrier's footprint.

    Parameters
    ----------
    streets : GeoDataFrame
        Streets with two sides (`bykobling.network.two_sided.two_sided`).
    barriers : GeoDataFrame
        Barriers with footprints (`make_barriers`).

    Returns
    -------
    GeoDataFrame
        Points with ``barrier_id``, ``barrier`` (name), ``kind`` (bridge, underpass, level_crossing, signal, zebra,
        refuge, unmarked) and ``delay_s``.

    Notes
    -----
    A street that merely enters a footprint and stays there, such as a path inside a railway yard, is no crossing:
    its part inside must join two stretches of the footprint's edge that lie apart by at least half the strip's
    mean width.
    """
    walkable = streets[streets["walk"].to_numpy(bool)].reset_index(drop=True)
    at_grade = _at_grade(walkable[walkable["is_crossing"].to_numpy(bool)], barriers)
    through = _through(walkable[~walkable["is_crossing"].to_numpy(bool)].reset_index(drop=True), barriers)
    table = pd.concat([at_grade, through], ignore_index=True)
    table = _one_a_place(table)
    names = barriers["name"].to_dict()
    return gpd.GeoDataFrame(
        {
            "barrier_id": table["barrier_id"],
            "barrier": [names[b] for b in table["barrier_id"]],
            "kind": table["kind"],
            "delay_s": table["delay_s"],
        },
        geometry=gpd.GeoSeries(table["geometry"].to_numpy(object), crs=barriers.crs),
        crs=barriers.crs,
    )


def _frame(
    barriers: gpd.GeoDataFrame,
    which: NDArray[Any],
    kind: NDArray[Any],
    delay_s: NDArray[Any],
    points: NDArray[Any],
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "barrier_id": barriers.index.to_numpy(object)[which],
            "kind": kind.astype(object),
            "delay_s": delay_s.astype(float),
            "geometry": points.astype(object),
        }
    )


def _at_grade(rows: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame) -> pd.DataFrame:
    """Give each crossing row to the road or railway whose footprint it lies in."""
    points = shapely.centroid(rows.geometry.to_numpy())
    level = (rows["crossing"] == "level_crossing").to_numpy(bool)
    row, hit = shapely.STRtree(barriers.geometry.to_numpy()).query(points, predicate="dwithin", distance=5.0)
    kinds = barriers["kind"].to_numpy(object)[hit]
    fits = np.where(level[row], kinds == "railway", np.isin(kinds, ["road", "user"]))
    row, hit = row[fits], hit[fits]
    # the nearest footprint, not the first found
    order = np.lexsort((hit, shapely.distance(points[row], barriers.geometry.to_numpy()[hit]), row))
    row, hit = row[order], hit[order]
    first = np.unique(row, return_index=True)[1]
    row, hit = row[first], hit[first]
    # a crossing in two halves carries half the delay on each
    delay = (rows["delay_s"] / rows["delay_part"]).to_numpy(float)[row]
    return _frame(barriers, hit, rows["crossing"].to_numpy(object)[row], delay, points[row])


def _through(streets: gpd.GeoDataFrame, barriers: gpd.GeoDataFrame) -> pd.DataFrame:
    """Find streets that pass over, under or through a footprint."""
    lines, shapes = streets.geometry.to_numpy(), barriers.geometry.to_numpy()
    hit, row = shapely.STRtree(lines).query(shapes, predicate="intersects")
    parts, pair = shapely.get_parts(shapely.intersection(lines[row], shapes[hit]), return_index=True)
    is_line = (shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 0.5)
    parts, row, hit = parts[is_line], row[pair[is_line]], hit[pair[is_line]]
    bridge = streets["bridge"].to_numpy(bool)[row]
    tunnel = streets["tunnel"].to_numpy(bool)[row]
    # at grade a road is crossed at its crossing rows; its side streets merely end inside it
    wanted = bridge | tunnel | (barriers["kind"].to_numpy(object)[hit] != "road")
    parts, row, hit, bridge, tunnel = (array[wanted] for array in (parts, row, hit, bridge, tunnel))
    if not len(parts):
        return _frame(barriers, hit, hit, hit, parts)
    # pieces that touch inside one footprint, on one level, are one way through
    code = hit * 4 + bridge * 2 + tunnel
    a, b = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=0.5)
    same = code[a] == code[b]
    group = components(len(parts), np.stack([a[same], b[same]]))
    edge = shapely.boundary(shapes)
    ends = np.stack([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    on_edge = shapely.distance(ends, edge[hit][None, :]) < 0.1
    linear = barriers["linear"].to_numpy(bool)
    mean_width = 2 * shapely.area(shapes) / np.maximum(shapely.length(shapes), 1e-9)
    kinds = np.where(bridge, "bridge", np.where(tunnel, "underpass", "unmarked")).astype(object)
    chosen, points = [], []
    for members in _members(group):
        exits = ends[:, members][on_edge[:, members]]
        if len(exits) < 2:
            continue
        places = shapely.get_coordinates(exits)
        spread = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1)).max()
        one = members[0]
        least = 0.5 * mean_width[hit[one]]
        # a strip may be one track here and a yard there
        if spread < (min(least, _NARROW_M) if linear[hit[one]] else least):
            continue
        chosen.append(one)
        points.append(shapely.centroid(shapely.union_all(parts[members])))
    at = np.asarray(chosen, np.int64)
    return _frame(barriers, hit[at], kinds[at], np.zeros(len(at)), np.asarray(points, object))


def _members(group: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1)


def _one_a_place(table: pd.DataFrame) -> pd.DataFrame:
    """Keep one of several crossings of one kind and barrier within `SAME_PLACE_M`, with the longest delay."""
    if not len(table):
        return table
    points = table["geometry"].to_numpy(object)
    codes = table.groupby(["barrier_id", "kind"], sort=False).ngroup().to_numpy()
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_PLACE_M)
    same = codes[a] == codes[b]
    group = components(len(table), np.stack([a[same], b[same]]))
    ordered = table.assign(_group=group).sort_values("delay_s", ascending=False, kind="stable")
    return ordered.drop_duplicates("_group").sort_index().drop(columns="_group").reset_index(drop=True)
