"""The streets and crossings tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import tags as osm_tags
from bykobling.osm.scan import StreetRecord
from bykobling.osm.split import cut, linestrings, vertices
from bykobling.osm.squares import crossing_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bykobling.osm.scan import Scan

STREET_COLUMNS = ("u", "v", *StreetRecord._fields, "length_m")
_STUB_M = 1.0
"""Length of the closed piece on each side of a locked gate."""
_KINDS = ("signal", "zebra", "refuge", "unmarked")
_RANK = {kind: rank for rank, kind in enumerate(_KINDS)}


def build_streets(
    kept: Scan, project: Callable[[Any, Any], NDArray[np.float64]], crs: Any  # noqa: ANN401 - anything pyproj takes
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, list[str]]:
    """Cut ways at their junctions, cross squares, close gates, and place crossings.

    Returns
    -------
    tuple of GeoDataFrame, GeoDataFrame, list of str
        Streets, crossings and sentences about what was left out.
    """
    ways, rings = vertices(kept.streets), vertices(kept.square_rings)
    way_xy, ring_xy = project(ways.lon, ways.lat), project(rings.lon, rings.lat)
    at_way, at_ring = _junctions(kept, ways.ref, rings)
    pieces = cut(ways.run, ways.ref, at_way)
    ring_pieces = cut(rings.run, rings.ref, at_ring)
    records = list(kept.streets.records)
    parts = [
        _rows(records, ways.way[pieces.first], ways.ref, pieces, linestrings(pieces, way_xy)),
        _unique_pairs(
            _rows(kept.square_rings.records, rings.way[ring_pieces.first], rings.ref, ring_pieces,
                  linestrings(ring_pieces, ring_xy))
        ),
    ]  # fmt: skip
    entrances = at_ring & np.isin(rings.ref, _entrance_ids(kept, ways.ref, rings))
    hub = -1
    across, hub = _across_squares(kept, rings, ring_xy, entrances, parts[1], project, hub)
    parts.append(across)
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table = _close_gates(_without_points(table), kept.gates, hub)
    streets = _typed(table, crs)
    crossings = _crossings(kept, streets, ways.ref, way_xy, records, ways.way, crs)
    streets["crossing"] = _crossing_of_way(streets, crossings)
    notes = []
    missing = ways.missing + rings.missing
    if missing:
        notes.append(f"{missing:,} vertices of streets are not in the file; the streets are broken off there.")
    return streets, crossings, notes


def _junctions(kept: Scan, way_ref: NDArray[np.int64], rings: Any) -> tuple[Any, Any]:  # noqa: ANN401 - Vertices
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


def _entrance_ids(kept: Scan, way_ref: NDArray[np.int64], rings: Any) -> NDArray[np.int64]:  # noqa: ANN401
    """List the nodes a square is entered by: those of another street, or of another square."""
    square = np.array(kept.square_of_ring, dtype=np.int64)[rings.way] if len(rings.way) else np.empty(0, np.int64)
    pairs = np.unique(np.stack([rings.ref, square], axis=1), axis=0)
    ids, counts = np.unique(pairs[:, 0], return_counts=True)
    shared: NDArray[np.int64] = np.concatenate([ids[counts >= 2], np.intersect1d(ids, way_ref)])
    return shared


def _rows(records: list[Any], which: Any, ref: Any, pieces: Any, lines: Any) -> pd.DataFrame:  # noqa: ANN401 - arrays
    source = pd.DataFrame(
        {field: pd.Series([r[k] for r in records], dtype=object) for k, field in enumerate(StreetRecord._fields)}
    )
    table = source.take(which).reset_index(drop=True)
    table.insert(0, "u", ref[pieces.first])
    table.insert(1, "v", ref[pieces.last])
    table["geometry"] = pd.Series(list(lines), dtype=object)
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
    return table.loc[keep].reset_index(drop=True)


def _across_squares(
    kept: Scan, rings: Any, ring_xy: Any, entrances: Any, ring_table: pd.DataFrame, project: Any, hub: int  # noqa: ANN401
) -> tuple[pd.DataFrame, int]:
    rows: list[tuple[Any, ...]] = []
    joined = set(zip(ring_table["u"], ring_table["v"], strict=True)) if len(ring_table) else set()
    joined |= {(v, u) for u, v in joined}
    straight = _straight(ring_table, joined)
    square_of = np.array(kept.square_of_ring, dtype=np.int64)[rings.way] if len(rings.way) else np.empty(0, np.int64)
    picked = np.flatnonzero(entrances)
    by_square: dict[int, list[int]] = {}
    for place in picked:
        by_square.setdefault(int(square_of[place]), []).append(int(place))
    for number, places in by_square.items():
        record, shape = kept.squares[number]
        polygon = shapely.transform(
            shapely.make_valid(shapely.from_wkb(shape)), lambda xy: project(xy[:, 0], xy[:, 1])
        )
        nodes, first = np.unique(rings.ref[places], return_index=True)
        ends, lines = crossing_lines(
            polygon, nodes, ring_xy[np.array(places)[first]], hub=hub, neighbors=straight
        )
        if any(hub in pair for pair in ends):
            hub -= 1
        rows.extend((u, v, *record, line) for (u, v), line in zip(ends, lines, strict=True))
    columns = ["u", "v", *StreetRecord._fields, "geometry"]
    return pd.DataFrame({c: pd.Series([r[k] for r in rows], dtype=object) for k, c in enumerate(columns)}), hub


def _straight(ring_table: pd.DataFrame, joined: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs joined by a straight stretch of ring: a second line on top of it would be a duplicate."""
    if ring_table.empty:
        return joined
    simple = shapely.get_num_points(ring_table["geometry"].to_numpy()) == 2
    pairs = set(zip(ring_table["u"][simple], ring_table["v"][simple], strict=True))
    return pairs | {(v, u) for u, v in pairs}


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
    kept = table[~point].reset_index(drop=True)
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
    result = streets["crossing"].copy()
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
    for row in table.iloc[touched].to_dict("records"):
        rest, hub = _close_end(row, gates, hub, rows, at_start=True)
        rest, hub = _close_end(rest, gates, hub, rows, at_start=False)
        rows.append(rest)
    stubs = pd.DataFrame({c: pd.Series([r[c] for r in rows], dtype=object) for c in table.columns})
    return pd.concat([table.drop(index=table.index[touched]), stubs], ignore_index=True)


def _close_end(
    row: dict[str, Any], gates: dict[int, tuple[bool, bool]], hub: int, rows: list[dict[str, Any]], *, at_start: bool
) -> tuple[dict[str, Any], int]:
    from shapely.ops import substring

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
    kept: Scan, streets: gpd.GeoDataFrame, ref: Any, xy: Any, records: list[Any], way: Any, crs: Any  # noqa: ANN401
) -> gpd.GeoDataFrame:
    """Place the crossing nodes that lie on a street; traffic signals count where walkers meet them."""
    footway = np.fromiter((r.highway in _FOOT for r in records), dtype=bool, count=len(records))
    special = np.isin(ref, np.fromiter(kept.crossing_nodes, dtype=np.int64))
    on_footway = {int(node) for node in ref[special & footway[way]]} if len(way) else set()
    ids, first = np.unique(ref[special], return_index=True)
    places = xy[special][first]
    ends = pd.Series(np.concatenate([streets["u"], streets["v"]])).value_counts()
    rows = []
    for node, place in zip(ids.tolist(), places, strict=True):
        tags = kept.crossing_nodes[node]
        kind: str | None = osm_tags.node_crossing(tags, on_footway=node in on_footway)
        junction = False
        if kind is None and tags.get("highway") == "traffic_signals" and tags.get("crossing") != "no":
            # signals on the junction itself (three arms or more) stop the traffic for walkers, too
            junction = ends.get(node, 0) >= 3
            kind = "signal" if junction else None
        if kind is not None:
            rows.append((node, kind, junction, place))
    return gpd.GeoDataFrame(
        {
            "node": np.array([r[0] for r in rows], dtype=np.int64),
            "kind": pd.Series([r[1] for r in rows], dtype=object),
            "junction": np.array([r[2] for r in rows], dtype=bool),
        },
        geometry=gpd.GeoSeries(shapely.points(np.array([r[3] for r in rows]).reshape(-1, 2)), crs=crs),
        crs=crs,
    )


_FOOT = osm_tags.FOOTWAY_CLASSES
