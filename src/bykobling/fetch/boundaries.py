"""Administrative areas out of an Overpass answer: a start for housing areas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bykobling._globe import local_utm

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely import MultiPolygon, Polygon

INSIDE_SHARE = 0.5
"""An area belongs to the place when at least this share of it lies inside."""


def areas_inside(answer: dict[str, Any], place: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the finest administrative areas inside a place, or the place itself where there are none.

    Parameters
    ----------
    answer : dict
        An Overpass answer with boundary relations, their ways and nodes.
    place : GeoDataFrame
        Outline of the place.

    Returns
    -------
    GeoDataFrame
        EPSG:4326 with ``area_id``, ``name``, ``group`` (all ``"rest"``: the user tells), ``admin_level``.
    """
    import geopandas as gpd  # noqa: PLC0415 - heavy

    rows = _boundary_rows(answer)
    outline = place.to_crs(4326).geometry.union_all()
    if rows:
        table = gpd.GeoDataFrame(rows, geometry="geometry", crs=4326)
        metric = table.to_crs(local_utm(table))
        local = gpd.GeoSeries([outline], crs=4326).to_crs(metric.crs).iloc[0]
        share = metric.geometry.intersection(local).area / metric.geometry.area
        inside = table[(share >= INSIDE_SHARE).to_numpy()]
        if len(inside):
            # the finest level present: districts rather than the city they make up
            return inside[inside["admin_level"] == inside["admin_level"].max()].reset_index(drop=True)
    name = str(place.iloc[0].get("display_name", "area")).split(",")[0]
    row = {"area_id": "place", "name": name, "group": "rest", "admin_level": 0, "geometry": outline}
    return gpd.GeoDataFrame([row], geometry="geometry", crs=4326)


def _boundary_rows(answer: dict[str, Any]) -> list[dict[str, Any]]:
    nodes: dict[int, tuple[float, float]] = {}
    ways: dict[int, list[int]] = {}
    relations = []
    for element in answer["elements"]:
        if element["type"] == "node":
            nodes[element["id"]] = (element["lon"], element["lat"])
        elif element["type"] == "way":
            ways[element["id"]] = element.get("nodes", [])
        elif element.get("tags", {}).get("boundary") == "administrative":
            relations.append(element)
    rows = []
    for relation in sorted(relations, key=lambda one: one["id"]):
        level = str(relation["tags"].get("admin_level", ""))
        shape = _shape(relation, ways, nodes)
        if shape is not None and level.isdecimal():
            name = relation["tags"].get("name") or f"relation {relation['id']}"
            rows.append(
                {
                    "area_id": f"r{relation['id']}",
                    "name": name,
                    "group": "rest",
                    "admin_level": int(level),
                    "geometry": shape,
                }
            )
    return rows


def _shape(
    relation: dict[str, Any], ways: dict[int, list[int]], nodes: dict[int, tuple[float, float]]
) -> Polygon | MultiPolygon | None:
    """Return the polygon of a boundary relation, None where a member is missing or the ring stays open."""
    import shapely  # noqa: PLC0415 - heavy

    lines = []
    for member in relation.get("members", []):
        if member["type"] != "way" or member.get("role") not in {"outer", "inner", ""}:
            continue
        ids = ways.get(member["ref"], [])
        if len(ids) < 2 or any(node not in nodes for node in ids):
            return None
        lines.append(shapely.LineString([nodes[node] for node in ids]))
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    rings = list(getattr(merged, "geoms", [merged]))
    if not lines or not all(ring.is_closed for ring in rings):
        return None
    # even-odd: a ring inside a ring is a hole, whatever its role says
    area = shapely.build_area(shapely.MultiLineString(rings))
    if not isinstance(area, shapely.Polygon | shapely.MultiPolygon) or area.is_empty:
        return None
    return area
