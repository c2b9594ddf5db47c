"""Destinations on the network: points at their nearest place, polygons at every street that reaches them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.errors import Fault, InputError
from bykobling.network.known_places import make_room
from bykobling.network.model import on_grid
from bykobling.network.snapping import (
    Snap,
    checked_geometries,
    crossing_walls,
    edge_tree,
    nearest_edges,
    part_s,
    snap,
    unshared,
)

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling.network.model import Network
    from bykobling.network.snapping import Components

EDGE_REACH_M = 20.0
"""A street this near to a polygon reaches it, across the verge."""
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Links:
    """Destinations and the stretches of edges they are reached from; each counts once, at its nearest.

    Parameters
    ----------
    dest : array of int32 (k,)
        Destination each link belongs to, 0 to D - 1, ascending.
    edge : array of int32 (k,)
        Edge of the link.
    from_m, to_m : array of float64 (k,)
        Stretch of the edge, metres from its u, on which the destination is reached; equal for a single place.
    extra_s : array of float32 (k,)
        Seconds from the edge to the destination.
    snap_m : array of float64 (D,)
        Straight distance to the nearest edge; NaN for an empty geometry.
    reason : array of str (D,)
        ``"ok"``, ``"unlinked"`` or ``"island"``.
    """

    dest: NDArray[np.int32]
    edge: NDArray[np.int32]
    from_m: NDArray[np.float64]
    to_m: NDArray[np.float64]
    extra_s: NDArray[np.float32]
    snap_m: NDArray[np.float64]
    reason: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the destinations (not the links)."""
        return len(self.reason)

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Which destinations hang on the network."""
        flags: NDArray[np.bool_] = self.reason == "ok"
        return flags

    @classmethod
    def from_snap(cls, places: Snap) -> Links:
        """Take snapped points as destinations.

        Parameters
        ----------
        places : Snap
            Points on the network.

        Returns
        -------
        Links
        """
        rows = np.flatnonzero(places.linked)
        return cls(
            dest=rows.astype(np.int32),
            edge=places.edge[rows],
            from_m=places.offset_m[rows],
            to_m=places.offset_m[rows],
            extra_s=places.access_s[rows],
            snap_m=places.snap_m,
            reason=places.reason,
        )

    def node_table(self, network: Network) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        """List the destinations hanging on each node, as compressed rows.

        Parameters
        ----------
        network : Network
            The network the links belong to.

        Returns
        -------
        indptr : array of int64 (n + 1,)
        dest : array of int32
        seconds : array of float32
            From the node to the destination.
        """
        length = network.edge_length_m[self.edge]
        from_u, _ = part_s(network.edge_s_forward[self.edge], length, self.from_m)
        _, from_v = part_s(network.edge_s_backward[self.edge], length, self.to_m)
        node = np.concatenate([network.edge_u[self.edge], network.edge_v[self.edge]])
        dest = np.concatenate([self.dest, self.dest])
        seconds = np.concatenate([from_u + self.extra_s, from_v + self.extra_s])
        use = np.flatnonzero(np.isfinite(seconds))
        use = use[np.lexsort((seconds[use], dest[use], node[use]))]
        node, dest, seconds = node[use], dest[use], seconds[use]
        # a park on many edges of a node: the least will do
        first = np.ones(len(use), dtype=np.bool_)
        first[1:] = (node[1:] != node[:-1]) | (dest[1:] != dest[:-1])
        indptr = np.zeros(network.node_count + 1, dtype=np.int64)
        np.cumsum(np.bincount(node[first], minlength=network.node_count), out=indptr[1:])
        return indptr, dest[first], seconds[first]

    def direct_table(
        self, network: Network, origins: Snap
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
        """List the destinations on each origin's own edge, as compressed rows.

        They are reached along the edge without passing a node (perhaps quicker around, by the nodes).

        Parameters
        ----------
        network : Network
            The network of both.
        origins : Snap
            Points on it.

        Returns
        -------
        indptr : array of int64 (O + 1,)
        dest : array of int32
        seconds : array of float32
        """
        by_edge = np.argsort(self.edge, kind="stable")
        sorted_edge = self.edge[by_edge]
        low = np.searchsorted(sorted_edge, origins.edge, side="left")
        count = np.searchsorted(sorted_edge, origins.edge, side="right") - low
        origin = np.repeat(np.arange(len(origins)), count)
        within = np.arange(len(origin)) - np.repeat(np.cumsum(count) - count, count)
        link = by_edge[low[origin] + within]
        edge, at = self.edge[link], origins.offset_m[origin]
        ahead = np.maximum(self.from_m[link] - at, 0.0)
        behind = np.maximum(at - self.to_m[link], 0.0)
        length = network.edge_length_m[edge]
        onward, _ = part_s(network.edge_s_forward[edge], length, ahead)
        back, _ = part_s(network.edge_s_backward[edge], length, behind)
        seconds = onward + back + self.extra_s[link] + origins.access_s[origin]
        use = np.flatnonzero(np.isfinite(seconds))
        indptr = np.zeros(len(origins) + 1, dtype=np.int64)
        np.cumsum(np.bincount(origin[use], minlength=len(origins)), out=indptr[1:])
        return indptr, self.dest[link[use]], seconds[use].astype(np.float32)


def snap_edges(
    network: Network,
    destinations: gpd.GeoSeries | ArrayLike,
    *,
    max_snap_m: float | None = None,
    components: Components = "main",
    walls: NDArray[np.object_] | None = None,
) -> Links:
    """Link points and polygons to the network.

    A point hangs on its nearest place. A polygon (a park) is reached wherever a street runs into it, and from
    every street within `EDGE_REACH_M` of it across the verge; where there is none, from the nearest place.

    Parameters
    ----------
    network : Network
        The network.
    destinations : GeoSeries or array of Point, Polygon or MultiPolygon
        In the CRS of the network.
    max_snap_m : float, optional
        A destination farther away is unlinked; by default the profile's.
    components : {"main", "any"}
        Link to parts that are streets (`Network.main_parts`), or to fragments too.
    walls : array of Polygon, optional
        What the straight way from the street may not cross: a park beyond the railway is not reached across it.

    Returns
    -------
    Links
        Destinations numbered as given.

    Raises
    ------
    CrsError
        Another CRS than the network's.
    InputError
        Geometries that are neither points nor polygons.
    """
    shapes = checked_geometries(network, destinations)
    kinds = shapely.get_type_id(shapes)
    areal = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    dotted = np.isin(kinds, (shapely.GeometryType.POINT, shapely.GeometryType.MISSING))
    bad = np.flatnonzero(~areal & ~dotted)
    if len(bad):
        rule = f"{len(bad)} geometries are neither points nor polygons, the first a {shapes[bad[0]].geom_type}"
        raise InputError(Fault("destinations", f"row {bad[0]}", rule, "use points or polygons"))
    points = np.flatnonzero(~areal)
    areas = np.flatnonzero(areal)
    limit = network.profile.max_snap_m if max_snap_m is None else max_snap_m
    of_points = Links.from_snap(snap(network, shapes[points], max_snap_m=limit, components=components, walls=walls))
    of_areas = _known_area_links(network, shapes[areas], limit, components, walls)
    return _merge(len(shapes), ((points, of_points), (areas, of_areas)))


def joined(first: Links, second: Links) -> Links:
    """Put two lists of destinations one after the other.

    Parameters
    ----------
    first, second : Links
        On one network.

    Returns
    -------
    Links
        The second ones numbered after the first.
    """
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("edge", "from_m", "to_m", "extra_s", "snap_m", "reason")
    }
    return Links(dest=np.concatenate([first.dest, second.dest + np.int32(len(first))]), **columns)


def _merge(count: int, parts: tuple[tuple[NDArray[np.int64], Links], ...]) -> Links:
    """Put links of some destinations each together in one numbering."""
    snap_m = np.full(count, np.nan)
    reason = np.full(count, "unlinked", dtype=object)
    for rows, part in parts:
        snap_m[rows] = part.snap_m
        reason[rows] = part.reason
    dest = np.concatenate([rows[part.dest] for rows, part in parts]).astype(np.int32)
    order = np.argsort(dest, kind="stable")
    columns = {
        name: np.concatenate([getattr(part, name) for _, part in parts])[order]
        for name in ("edge", "from_m", "to_m", "extra_s")
    }
    return Links(dest=dest[order], snap_m=snap_m, reason=reason, **columns)


def _known_area_links(
    network: Network,
    areas: NDArray[np.object_],
    max_snap_m: float,
    components: Components,
    walls: NDArray[np.object_] | None,
) -> Links:
    """Link polygons, or take what was found for the same ones before: every measure asks for all parks."""
    known = network._known_links  # noqa: SLF001 - the network keeps it for this room
    # shapes that are the same but for who holds them hang alike
    shapes = hashlib.blake2b(b"".join(shapely.to_wkb(areas))).digest()
    key = (components, float(max_snap_m), id(walls), shapes)
    found = known.get(key)
    if found is None:
        make_room(known)
        # the walls are held, so that no other array can come to have their identity
        found = known[key] = (walls, _area_links(network, areas, max_snap_m, components, walls))
    return found[1]


def _area_links(
    network: Network,
    areas: NDArray[np.object_],
    max_snap_m: float,
    components: Components,
    walls: NDArray[np.object_] | None,
) -> Links:
    """Link polygons to the edges that run into them or near them, else to the nearest."""
    areas = unshared(areas)
    nearest, snap_m, reason = nearest_edges(network, areas, max_snap_m, components, walls=walls)
    linked = np.flatnonzero(nearest >= 0)
    tree, numbers = edge_tree(network, components)
    reach = min(EDGE_REACH_M, max_snap_m)
    blocks = [_near_pairs(tree, areas, linked[i : i + _BLOCK], reach) for i in range(0, len(linked), _BLOCK)]
    pairs = np.concatenate([*blocks, np.empty((2, 0), dtype=np.int64)], axis=1)
    area, edge = pairs[0], numbers[pairs[1]]
    if walls is not None and len(walls):
        free = ~crossing_walls(shapely.shortest_line(network.edge_geometry[edge], areas[area]), walls)
        area, edge = area[free], edge[free]
    lonely = linked[~np.isin(linked, area)]
    area = np.concatenate([area, lonely])
    edge = np.concatenate([edge, nearest[lonely]])
    lines, shapes = network.edge_geometry[edge], areas[area]
    gap_m = shapely.distance(lines, shapes)
    inside = gap_m == 0
    row, low, high = _stretches(lines[inside], shapes[inside])
    row = np.flatnonzero(inside)[row]
    beside = np.flatnonzero(~inside)
    if len(beside):
        touch = shapely.get_point(shapely.shortest_line(lines[beside], shapes[beside]), 0)
        at = shapely.line_locate_point(lines[beside], touch, normalized=True)
        row = np.concatenate([row, beside])
        low, high = np.concatenate([low, at]), np.concatenate([high, at])
    # a line without length has no shares
    low, high = np.nan_to_num(low), np.nan_to_num(high)
    order = np.lexsort((low, edge[row], area[row]))
    row, low, high = row[order], low[order], high[order]
    length = network.edge_length_m[edge[row]]
    return Links(
        dest=area[row].astype(np.int32),
        edge=edge[row].astype(np.int32),
        from_m=low * length,
        to_m=high * length,
        extra_s=on_grid(gap_m[row] / network.profile.speed_m_s),
        snap_m=snap_m,
        reason=reason,
    )


def _near_pairs(
    tree: shapely.STRtree, areas: NDArray[np.object_], rows: NDArray[np.int64], reach_m: float
) -> NDArray[np.int64]:
    """List (area, edge in the tree) within reach of each other."""
    found: NDArray[np.int64] = tree.query(areas[rows], predicate="dwithin", distance=reach_m)
    found[0] = rows[found[0]]
    return found


def _stretches(
    lines: NDArray[np.object_], areas: NDArray[np.object_]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Find the stretches of lines within areas: (row of the line, share where it begins, where it ends)."""
    if len(lines) == 0:
        return np.empty(0, dtype=np.int64), np.empty(0), np.empty(0)
    shapely.prepare(areas)
    whole = shapely.covers(areas, lines)
    some = np.flatnonzero(~whole)
    parts, row = shapely.get_parts(shapely.intersection(lines[some], areas[some]), return_index=True)
    row = some[row]
    ends = []
    for which in (0, -1):
        tips = np.where(
            shapely.get_type_id(parts) == shapely.GeometryType.POINT, parts, shapely.get_point(parts, which)
        )
        ends.append(shapely.line_locate_point(lines[row], tips, normalized=True))
    entire = np.flatnonzero(whole)
    return (
        np.concatenate([entire, row]),
        np.concatenate([np.zeros(len(entire)), np.minimum(*ends)]),
        np.concatenate([np.ones(len(entire)), np.maximum(*ends)]),
    )
