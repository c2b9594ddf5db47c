"""From raw features to barriers a citizen would name, each with the footprint it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.barriers.groups import components
from bykobling.barriers.naming import common_name, heaviest, own_names, place_unnamed
from bykobling.barriers.rules import BarrierRules, is_barrier_road
from bykobling.network.delays import LANE_WIDTH_M, road_lanes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.osm import OsmExtract

COLUMNS = ("name", "kind", "subkind", "headline", "linear", "length_m", "area_m2", "geometry")
KINDS = ("road", "railway", "water", "land", "user")
HEADLINE_KINDS = ("road", "railway", "land", "user")
"""Water is reported apart: opening the sea would drown everything else."""

_SIMPLIFY_M = 0.5
_SHORT_M = 150.0
_BEYOND_M = 500.0
_SAME_ROAD_M = 8.0


def make_barriers(
    extract: OsmExtract,
    *,
    rules: BarrierRules | None = None,
    user_layers: Sequence[gpd.GeoDataFrame] = (),
) -> gpd.GeoDataFrame:
    """Merge raw features into named barriers with footprints.

    Features of one kind that share a name or ref and lie within ``rules.same_name_m`` are one barrier; unnamed pieces
    join the barrier they touch. Tunnels never sever. A viaduct severs only where no street passes beneath it.

    Parameters
    ----------
    extract : OsmExtract
        Supplies ``barrier_features`` and ``streets``, in a projected CRS.
    rules : BarrierRules, optional
        What counts as a barrier.
    user_layers : sequence of GeoDataFrame
        More features in the same CRS: ``kind``, ``name``, ``width_m`` (lines), geometry.

    Returns
    -------
    GeoDataFrame
        Index ``barrier_id``; ``name``, ``kind``, ``subkind``, ``headline`` (counts in the headline measure),
        ``linear`` (a strip rather than a surface), ``length_m`` (along it), ``area_m2``, footprint geometry.
    """
    rules = rules or BarrierRules()
    raw, yards = _railway_land(extract.barrier_features)
    own = _user_features(user_layers, raw)
    railways = raw[(raw["kind"] == "railway") & raw["subkind"].isin(rules.railway_classes) & _is_line(raw)]
    lines = {
        "road": _surface(raw[_chosen_roads(raw, rules)], extract.streets),
        "railway": _surface(railways, extract.streets),
        "user": raw.iloc[:0],
    }
    strips = {kind: _line_barriers(_with_own(table, own, kind), kind, rules) for kind, table in lines.items()}
    strips["railway"] = _with_yards(strips["railway"], yards)
    surfaces = [_area_barriers(_chosen_surfaces(raw, own, kind, rules), kind) for kind in KINDS]
    parts = [*strips.values(), *surfaces]
    parts = [part for part in parts if len(part)]
    if not parts:
        return gpd.GeoDataFrame(
            {name: [] for name in COLUMNS},
            geometry="geometry",
            crs=extract.crs,
            index=pd.Index([], name="barrier_id"),
        )
    table = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=extract.crs)
    table["geometry"] = shapely.intersection(table.geometry.to_numpy(), shapely.buffer(extract.extent, _BEYOND_M))
    table = table[~table.geometry.is_empty].reset_index(drop=True)
    table["geometry"] = _without_overlaps(table)
    table["name"] = place_unnamed(table, extract.streets)
    table["headline"] = table["kind"].isin(HEADLINE_KINDS)
    table["area_m2"] = table.geometry.area
    table = table[~table.geometry.is_empty & table.geometry.intersects(extract.extent)]
    # numbered within each kind, largest first, so that lists read from the top
    table = table.sort_values(["kind", "length_m", "name"], ascending=[True, False, True], kind="stable")
    number = table.groupby("kind", sort=False).cumcount() + 1
    table.index = pd.Index(table["kind"] + "-" + number.astype(str), name="barrier_id")
    return table[list(COLUMNS)]


def _railway_land(raw: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Set apart railway land that holds tracks at the surface: it is one barrier with them, not a second beside it."""
    land = ((raw["kind"] == "land") & (raw["subkind"] == "railway")).to_numpy(bool)
    rails = (raw["kind"] == "railway").to_numpy(bool) & ~raw["tunnel"].to_numpy(bool)
    held = np.unique(
        shapely.STRtree(raw.geometry.to_numpy()[rails]).query(raw.geometry.to_numpy()[land], "intersects")[0]
    )
    yard = np.zeros(len(raw), bool)
    yard[np.flatnonzero(land)[held]] = True
    return raw[~yard], raw[yard]


def _with_yards(railways: gpd.GeoDataFrame, yards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Widen each railway by the railway land it runs through most."""
    if not len(railways) or not len(yards):
        return railways
    strips = railways.geometry.to_numpy().copy()
    names = railways["name"].to_numpy(object).copy()
    land, named = shapely.make_valid(yards.geometry.to_numpy()), own_names(yards)
    yard, strip = shapely.STRtree(strips).query(land, predicate="intersects")
    shared = shapely.area(shapely.intersection(land[yard], strips[strip]))
    best = np.lexsort((-shared, yard))
    for i in best[np.unique(yard[best], return_index=True)[1]]:
        strips[strip[i]] = _closed(shapely.union(strips[strip[i]], land[yard[i]]), 0.5)
        if named[yard[i]] and names[strip[i]].startswith("unnamed"):
            names[strip[i]] = named[yard[i]]
    return railways.assign(name=names, geometry=strips, length_m=[_strip_length_m(shape) for shape in strips])


def _without_overlaps(table: gpd.GeoDataFrame) -> NDArray[Any]:
    """Cut barriers out of the land they lie in: where two overlap, a link would open neither.

    Roads, railways and what the user drew are cut out of land, and small pieces of land out of large ones.
    """
    shapes = table.geometry.to_numpy().copy()
    kinds = table["kind"].to_numpy(object)
    user = (table["subkind"] == "user").to_numpy(bool)
    land = (kinds == "land") & ~user
    area = shapely.area(shapes)
    upper, lower = shapely.STRtree(shapes[land]).query(shapes, predicate="intersects")
    lower = np.flatnonzero(land)[lower]
    cuts = np.isin(kinds[upper], ["road", "railway", "user"]) | user[upper]
    smaller = land[upper] & ((area[upper] < area[lower]) | ((area[upper] == area[lower]) & (upper < lower)))
    use = (cuts | smaller) & (upper != lower)
    upper, lower = upper[use], lower[use]
    whole = shapes.copy()
    for i in np.unique(lower):
        shapes[i] = shapely.difference(whole[i], shapely.union_all(whole[upper[lower == i]]))
    return np.asarray(shapes, object)


def _is_line(table: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    return np.asarray(shapely.get_dimensions(table.geometry.to_numpy()) == 1, bool)


def _chosen_roads(raw: gpd.GeoDataFrame, rules: BarrierRules) -> NDArray[np.bool_]:
    roads = np.asarray(raw["kind"] == "road", bool) & _is_line(raw)
    return roads & is_barrier_road(raw, rules=rules, column="subkind")


def _surface(features: gpd.GeoDataFrame, streets: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep what a person on the ground meets: no tunnels, no viaducts that a street passes under."""
    features = features[~features["tunnel"].to_numpy(bool)].reset_index(drop=True)
    viaducts = np.flatnonzero(features["bridge"].to_numpy(bool))
    if not len(viaducts):
        return features
    walkable = streets[streets["walk"].to_numpy(bool)]
    tree = shapely.STRtree(walkable.geometry.to_numpy())
    lines = features.geometry.to_numpy()
    over, under = tree.query(lines[viaducts], predicate="crosses")
    lower = walkable["layer"].to_numpy(int)[under] < features["layer"].to_numpy(int)[viaducts[over]]
    lower |= ~walkable["bridge"].to_numpy(bool)[under]
    passed = np.unique(viaducts[over[lower]])
    return features.drop(index=passed).reset_index(drop=True)


def _near_pairs(geometries: NDArray[Any], distance_m: float) -> NDArray[np.int64]:
    return np.asarray(shapely.STRtree(geometries).query(geometries, predicate="dwithin", distance=distance_m), np.int64)


def _group_named(features: gpd.GeoDataFrame, kind: str, rules: BarrierRules) -> NDArray[np.int64]:
    """Give pieces the number of their barrier: one name nearby; unnamed and short ones join the longest.

    A roundabout or a square of 50 m is no barrier of its own: it belongs to the longest road that meets it.
    """
    lines, names = features.geometry.to_numpy(), own_names(features)
    near = _near_pairs(lines, rules.same_name_m)
    # a parallel track without a name belongs to its line; a register draws a road a few metres beside OSM's
    beside = _near_pairs(lines, rules.join_m if kind == "railway" else _SAME_ROAD_M)
    same = near[:, (names[near[0]] == names[near[1]]) & (names[near[0]] != "")]
    unnamed = beside[:, (names[beside[0]] == "") & (names[beside[1]] == "")]
    group = components(len(features), np.concatenate([same, unnamed], axis=1))
    length_m = np.bincount(group, weights=shapely.length(lines))
    nameless = np.ones(len(length_m), bool)
    nameless[group[names != ""]] = False
    for piece in np.lexsort((length_m, ~nameless)):
        if not nameless[piece] and length_m[piece] >= _SHORT_M:
            continue
        met = group[beside[1][group[beside[0]] == piece]]
        met = met[(met != piece) & ~nameless[met] & (length_m[met] >= length_m[piece] * (not nameless[piece]))]
        if len(met):
            longest = met[np.argmax(length_m[met])]
            group[group == piece] = longest
            length_m[longest] += length_m[piece]
            length_m[piece] = 0.0
    return np.unique(group, return_inverse=True)[1]


def _half_widths_m(features: gpd.GeoDataFrame, kind: str, rules: BarrierRules) -> NDArray[np.float64]:
    given = features["width_m"].to_numpy(float) / 2
    if kind == "railway":
        assumed = np.full(len(features), rules.track_half_width_m)
    else:
        # a carriageway of unknown direction is taken at its full class width
        assumed = road_lanes(features.assign(highway=features["subkind"], oneway=False)) * LANE_WIDTH_M / 2
    return np.where(np.isfinite(given) & (given > 0), given, assumed)


def _line_barriers(features: gpd.GeoDataFrame, kind: str, rules: BarrierRules) -> gpd.GeoDataFrame:
    """Group lines and close them into strips, filling what lies between parallel carriageways or tracks."""
    if not len(features):
        return features.iloc[:0]
    groups = _group_named(features, kind, rules)
    half = _half_widths_m(features, kind, rules)
    lines, names = features.geometry.to_numpy(), own_names(features)
    rows = []
    for group in range(groups.max() + 1):
        mine = np.flatnonzero(groups == group)
        strip = shapely.union_all(
            shapely.buffer(lines[mine], half[mine], cap_style="flat", join_style="round", quad_segs=2)
        )
        footprint = _closed(strip, rules.join_m / 2)
        rows.append(
            {
                "name": common_name(names[mine], lines[mine], kind, features["subkind"].to_numpy(object)[mine]),
                "kind": kind,
                "subkind": heaviest(features["subkind"].to_numpy(object)[mine], shapely.length(lines[mine])),
                "linear": True,
                "length_m": _strip_length_m(footprint),
                "geometry": footprint,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=features.crs)


def _closed(shape: shapely.Geometry, reach_m: float) -> shapely.Geometry:
    """Fill gaps narrower than twice `reach_m`, keeping the outline."""
    grown = shapely.buffer(shape, reach_m, quad_segs=2, join_style="mitre", mitre_limit=2)
    shrunk = shapely.buffer(grown, -reach_m, quad_segs=2, join_style="mitre", mitre_limit=2)
    return shapely.simplify(shapely.make_valid(shapely.union(shrunk, shape)), _SIMPLIFY_M)


def _strip_length_m(footprint: shapely.Geometry) -> float:
    """Length of a strip with this area and perimeter: half the perimeter less one width."""
    half, area = shapely.length(footprint) / 2, shapely.area(footprint)
    root = half * half - 4 * area
    return float((half + np.sqrt(root)) / 2) if root > 0 else float(half / 2)


def _user_features(layers: Sequence[gpd.GeoDataFrame], raw: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the user's features into the columns of raw ones, so that one of a name with OSM's is one barrier."""
    defaults = {"ref": None, "subkind": "user", "width_m": np.nan, "lanes": np.nan, "tunnel": False, "bridge": False}
    parts = [raw.iloc[:0].assign(own=True)]
    parts += [layer.assign(own=True, **{k: v for k, v in defaults.items() if k not in layer}) for layer in layers]
    parts = [part for part in parts if len(part)] or parts[:1]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=raw.crs)


def _with_own(features: gpd.GeoDataFrame, own: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Add the user's lines of a kind."""
    mine = own[(own["kind"] == kind) & _is_line(own)]
    parts = [part for part in (features, mine) if len(part)]
    if not parts:
        return features
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=features.crs)


def _chosen_surfaces(raw: gpd.GeoDataFrame, own: gpd.GeoDataFrame, kind: str, rules: BarrierRules) -> gpd.GeoDataFrame:
    """Choose surfaces of a kind (and rivers drawn as lines), with the least area each merged one must have."""
    features = raw[(raw["kind"] == kind).to_numpy(bool) & ~raw["tunnel"].to_numpy(bool)]
    if kind == "land":
        features = features[features["subkind"].isin(rules.land_subkinds)]
    elif kind != "water":
        features = features.iloc[:0]
    # a river or a fence drawn as a line is a surface too narrow to draw
    mine = own[(own["kind"] == kind) & ((kind in {"water", "land"}) | ~_is_line(own))]
    least = {"land": rules.min_land_area_m2, "water": rules.min_water_area_m2}.get(kind, 0.0)
    # what a user names as a barrier is one, however small
    parts = [part for part in (features.assign(least_m2=least), mine.assign(least_m2=0.0)) if len(part)]
    if not parts:
        return features
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=raw.crs)


def _area_barriers(features: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Merge touching surfaces of one kind; a river drawn as a line takes its width, or 10 m (assumed)."""
    if not len(features):
        return features.iloc[:0]
    shapes = features.geometry.to_numpy().copy()
    line = shapely.get_dimensions(shapes) == 1
    width = np.where(features["width_m"].to_numpy(float) > 0, features["width_m"].to_numpy(float), 10.0)
    shapes[line] = shapely.buffer(shapes[line], width[line] / 2, cap_style="flat", quad_segs=2)
    shapes = shapely.make_valid(shapes)
    subkinds, names = features["subkind"].to_numpy(object), own_names(features)
    pairs = _near_pairs(shapes, 1.0)
    if kind == "land":  # a cemetery beside a factory is two barriers; a lake beside a river is one water
        pairs = pairs[:, subkinds[pairs[0]] == subkinds[pairs[1]]]
    groups = components(len(features), pairs)
    least = features["least_m2"].to_numpy(float)
    rows = []
    for group in range(groups.max() + 1):
        mine = np.flatnonzero(groups == group)
        footprint = shapely.simplify(shapely.make_valid(shapely.union_all(shapes[mine])), _SIMPLIFY_M)
        if shapely.area(footprint) < least[mine].min():
            continue
        rows.append(
            {
                "name": common_name(names[mine], shapes[mine], kind, subkinds[mine]),
                "kind": kind,
                "subkind": heaviest(subkinds[mine], shapely.area(shapes[mine])),
                "linear": False,
                "length_m": _strip_length_m(footprint),
                "geometry": footprint,
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=features.crs) if rows else features.iloc[:0]
