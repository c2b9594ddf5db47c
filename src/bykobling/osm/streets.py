"""The streets and crossings tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.ops import substring

from bykobling import tags as osm_tags
from bykobling._pieces import cut, linestrings
from bykobling.osm.split import vertices
from bykobling.osm.squares import lines_across
from bykobling.tags import StreetRecord

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.osm.scan import Scan
    from bykobling.osm.split import Project, Vertices

STREET_COLUMNS = ("u", "v", *StreetRecord._fields, "length_m")
_JUNCTION_ARMS = 3
_STUB_M = 1.0
"""Length of the closed piece on each side of a locked gate."""
_KINDS = ("signal", "zebra", "refuge", "unmarked")
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}


def build_streets(
    kept: Scan,
    project: Project,
    crs: Any,  # noqa: ANN401 - anything pyproj takes
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[str]]:
    """Cut ways at their junctions, cross squares, close gates, and place crossings.

    Returns
    -------
    tuple of GeoDataFrame, GeoDataFrame, list of str
        Streets, crossings and sentences about what was left out.
    """
    ways, rings = vertices(kept.streets, project), vertices(kept.square_rings, project)
    at_way, at_ring = _junctions(kept, ways.ref, rings)
    lines = _rows(kept.streets.records, ways, at_way)
    outlines = _unique_pairs(_rows(kept.square_rings.records, rings, at_ring))
    across, hub = lines_across(kept, rings, at_ring, ways.ref, outlines, project)
    parts = [part for part in (lines, outlines, across) if len(part)]
    table = pd.concat(parts or [lines], ignore_index=True)
    streets = _typed(_close_gates(_without_points(table), kept.gates, hub), crs)
    crossings = _crossings(kept, streets, ways, crs)
    streets["crossing"] = _crossing_of_way(streets, crossings)
    missing = ways.missing + rings.missing
    notes = []
    if missing:
        notes.append(f"{missing:,} vertices of streets are not in the file; the streets are broken off there.")
    return streets, crossings, notes


def _junctions(kept: Scan, way_ref: NDArray[np.int64], rings: Vertices) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mark vertices at which pieces begin and end: used twice, or carrying a crossing or a locked gate."""
    ring_ref = rings.ref
    # the closing vertex repeats the first one and is no second use
    closing = np.zeros(len(ring_ref), dtype=bool)
    if len(ring_ref):
        ends = np.flatnonzero(np.append(rings.run[1:] != rings.run[:-1], True))
        starts = np.concatenate([[0], ends[:-1] + 1])
        closing[ends[ring_ref[starts] == ring_ref[ends]]] = True
    everything = np.concatenate([way_ref, ring_ref])
    _, inverse, counts = np.unique(
        np.concatenate([way_ref, ring_ref[~closing]]), return_inverse=True, return_counts=True
    )
    shared_ids = np.unique(np.concatenate([way_ref, ring_ref[~closing]])[counts[inverse] >= 2])
    special = np.fromiter((*kept.crossing_nodes, *kept.gates), dtype=np.int64)
    marks = np.isin(everything, np.concatenate([shared_ids, special]))
    return marks[: len(way_ref)], marks[len(way_ref) :]


def _rows(records: list[StreetRecord], points: Vertices, at: NDArray[np.bool_]) -> pd.DataFrame:
    """Cut ways or rings at the marked vertices, one row a piece."""
    pieces = cut(points.run, points.ref, at)
    source = pd.DataFrame(
        {field: pd.Series([r[k] for r in records], dtype=object) for k, field in enumerate(StreetRecord._fields)}
    )
    table = source.take(points.way[pieces.first]).reset_index(drop=True)
    table.insert(0, "u", points.ref[pieces.first])
    table.insert(1, "v", points.ref[pieces.last])
    table["geometry"] = pd.Series(list(linestrings(pieces, points.xy)), dtype=object)
    return table


def _unique_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Keep a stretch shared by two neighbouring squares once, as walkable as the better of the two."""
    if table.empty:
        return table
    low, high = table[["u", "v"]].min(axis=1), table[["u", "v"]].max(axis=1)
    length = shapely.length(table["geometry"].to_numpy()).round(2)
    order = (~table["walk"].astype(bool)).to_numpy().argsort(kind="stable")
    keys = pd.DataFrame({"a": low, "b": high, "l": length}).iloc[order]
    keep = np.sort(keys.index[~keys.duplicated().to_numpy()].to_numpy())
    unique: pd.DataFrame = table.loc[keep].reset_index(drop=True)
    return unique


def _without_points(table: pd.DataFrame) -> pd.DataFrame:
    """Drop pieces without length (two nodes in one place) and make their two ends one node."""
    point = shapely.length(table["geometry"].to_numpy()) == 0
    if not point.any():
        return table
    same: dict[int, int] = {}
    for u, v in zip(table["u"][point], table["v"][point], strict=True):
        a, b = _root(same, u), _root(same, v)
        if a != b:
            same[b] = a
    kept: pd.DataFrame = table[~point].reset_index(drop=True)
    for column in ("u", "v"):
        kept[column] = [_root(same, node) for node in kept[column]]
    return kept


def _root(same: dict[int, int], node: int) -> int:
    while node in same:
        node = same[node]
    return node


def _crossing_of_way(streets: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> pd.Series[Any]:
    """Let a crossing way that says nothing about itself take the kind of the crossing node on it."""
    known = dict(zip(crossings["node"], crossings["kind"], strict=True))
    result: pd.Series[Any] = streets["crossing"].copy()
    silent = streets[streets["crossing"] == "unmarked"]
    kinds = pd.concat([silent["u"].map(known), silent["v"].map(known)])
    ranked = pd.DataFrame({"osm_id": pd.concat([silent["osm_id"]] * 2), "rank": kinds.map(_RANK)}).dropna()
    best = ranked.groupby("osm_id")["rank"].min()
    found = silent["osm_id"].map(best).dropna()
    result.loc[found.index] = [_KINDS[int(rank)] for rank in found]
    return result


def _close_gates(table: pd.DataFrame, gates: dict[int, tuple[bool, bool]], hub: int) -> pd.DataFrame:
    """Close the last metre of every piece that ends at a locked gate, for whom it is locked."""
    if not gates or table.empty:
        return table
    ids = np.fromiter(gates, dtype=np.int64)
    touched = np.flatnonzero(np.isin(table["u"].to_numpy(np.int64), ids) | np.isin(table["v"].to_numpy(np.int64), ids))
    if not len(touched):
        return table
    rows: list[dict[str, Any]] = []
    for values in table.iloc[touched].to_dict("records"):
        row = {str(key): value for key, value in values.items()}
        rest, hub = _close_end(row, gates, hub, rows, at_start=True)
        rest, hub = _close_end(rest, gates, hub, rows, at_start=False)
        rows.append(rest)
    stubs = pd.DataFrame({c: pd.Series([r[c] for r in rows], dtype=object) for c in table.columns})
    return pd.concat([table.drop(index=table.index[touched]), stubs], ignore_index=True)


def _close_end(
    row: dict[str, Any], gates: dict[int, tuple[bool, bool]], hub: int, rows: list[dict[str, Any]], *, at_start: bool
) -> tuple[dict[str, Any], int]:
    walk_stops, bike_stops = gates.get(row["u" if at_start else "v"], (False, False))
    if not ((walk_stops and row["walk"]) or (bike_stops and (row["bike_forward"] or row["bike_backward"]))):
        return row, hub
    line = row["geometry"]
    stub_m = min(_STUB_M, line.length / 4)
    place = stub_m if at_start else line.length - stub_m
    head, tail = substring(line, 0, place), substring(line, place, line.length)
    first, second = {**row, "v": hub, "geometry": head}, {**row, "u": hub, "geometry": tail}
    stub, rest = (first, second) if at_start else (second, first)
    stub["walk"] = stub["walk"] and not walk_stops
    for column in ("bike_forward", "bike_backward"):
        stub[column] = stub[column] and not bike_stops
    rows.append(stub)
    return rest, hub - 1


def _typed(table: pd.DataFrame, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - anything pyproj takes
    kinds = {
        **dict.fromkeys(("u", "v", "osm_id", "layer"), "int64"),
        **dict.fromkeys(
            ("walk", "bike_forward", "bike_backward", "drive", "oneway", "bridge", "tunnel", "steps",
             "sidewalk_separate"), "bool"
        ),
        **dict.fromkeys(("lanes", "maxspeed_kmh"), "float64"),
    }  # fmt: skip
    geometry = gpd.GeoSeries(table["geometry"].to_numpy(), crs=crs)
    frame = table.drop(columns="geometry").astype(kinds)
    frame["length_m"] = geometry.length.to_numpy()
    return gpd.GeoDataFrame(frame[list(STREET_COLUMNS)], geometry=geometry, crs=crs)


def _crossings(
    kept: Scan,
    streets: gpd.GeoDataFrame,
    ways: Vertices,
    crs: Any,  # noqa: ANN401 - anything pyproj takes
) -> gpd.GeoDataFrame:
    """Place the crossing nodes that lie on a street; traffic signals count where walkers meet them."""
    records = kept.streets.records
    footway = np.fromiter((r.highway in osm_tags.FOOTWAY_CLASSES for r in records), dtype=bool, count=len(records))
    special = np.isin(ways.ref, np.fromiter(kept.crossing_nodes, dtype=np.int64))
    on_footway = set(ways.ref[special][footway[ways.way[special]]].tolist())
    ids, first = np.unique(ways.ref[special], return_index=True)
    places = ways.xy[special][first]
    ends, arms = np.unique(np.concatenate([streets["u"], streets["v"]]), return_counts=True)
    junctions = set(ends[arms >= _JUNCTION_ARMS].tolist())
    rows: list[tuple[int, str, bool, NDArray[np.float64]]] = []
    for node, place in zip(ids.tolist(), places, strict=True):
        tags = kept.crossing_nodes[node]
        kind = osm_tags.node_crossing(tags, on_footway=node in on_footway)
        # signals on the junction itself stop the traffic for walkers, too
        signals = tags.get("highway") == "traffic_signals" and tags.get("crossing") != "no" and node in junctions
        if kind is not None:
            rows.append((node, kind, False, place))
        elif signals:
            rows.append((node, "signal", True, place))
    return gpd.GeoDataFrame(
        {
            "node": np.array([r[0] for r in rows], dtype=np.int64),
            "kind": pd.Series([r[1] for r in rows], dtype=object),
            "junction": np.array([r[2] for r in rows], dtype=bool),
        },
        geometry=gpd.GeoSeries(shapely.points(np.array([r[3] for r in rows]).reshape(-1, 2)), crs=crs),
        crs=crs,
    )
