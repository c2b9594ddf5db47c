"""Finding the place on the network that a point hangs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from bykobling.errors import CrsError, Fault, InputError
from bykobling.network.known_places import looked_up
from bykobling.network.model import on_grid
from bykobling.network.near_lines import Corners, LineGrid

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling.network.model import Network
    from bykobling.network.near_lines import Beside

Components = Literal["main", "any"]
V_END_M = 1e-9
"""Offset that tells the v end of an edge without length from its u end, at 0."""
_MANY_SHARE = 0.1
"""So many points beside the edges are worth laying the edges out in a grid."""


@dataclass(frozen=True, eq=False)
class Snap:
    """Where points hang on a network; arrays are aligned with the points.

    Parameters
    ----------
    edge : array of int32
        Edge number; -1 where unlinked.
    offset_m : array of float64
        Metres along the edge from its u; NaN where unlinked.
    snap_m : array of float64
        Straight distance to the nearest edge, also where that is too far; NaN for an empty point.
    access_s : array of float32
        Seconds to walk the straight distance; inf where unlinked.
    s_to_u, s_to_v : array of float32
        Seconds from the point to the ends of its edge, the straight distance included; inf where not allowed.
    s_from_u, s_from_v : array of float32
        Seconds from the ends of the edge to the point.
    reason : array of str
        ``"ok"``, ``"unlinked"`` (no edge within the limit) or ``"island"`` (only edges off the main part
        within it).
    """

    edge: NDArray[np.int32]
    offset_m: NDArray[np.float64]
    snap_m: NDArray[np.float64]
    access_s: NDArray[np.float32]
    s_to_u: NDArray[np.float32]
    s_to_v: NDArray[np.float32]
    s_from_u: NDArray[np.float32]
    s_from_v: NDArray[np.float32]
    reason: NDArray[np.object_]

    def __len__(self) -> int:
        """Count the points."""
        return len(self.edge)

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Which points hang on the network."""
        flags: NDArray[np.bool_] = self.edge >= 0
        return flags

    def take(self, rows: ArrayLike) -> Snap:
        """Choose points by number or flag.

        Parameters
        ----------
        rows : array of int or bool
            Which points, in which order.

        Returns
        -------
        Snap
        """
        chosen = np.asarray(rows)
        return Snap(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))


def snap(
    network: Network,
    points: gpd.GeoSeries | ArrayLike,
    *,
    max_snap_m: float | None = None,
    components: Components = "main",
    walls: NDArray[np.object_] | None = None,
) -> Snap:
    """Find the nearest place on the network for points; of equally near edges the lowest.

    Parameters
    ----------
    network : Network
        Edges with ``edge_snappable`` False are passed over.
    points : GeoSeries or array of Point
        In the CRS of the network.
    max_snap_m : float, optional
        A point farther away is unlinked; by default the profile's.
    components : {"main", "any"}
        Snap to parts that are streets (`Network.main_parts`), or to fragments too.
    walls : array of Polygon, optional
        What the straight way to the street may not cross: a home behind the railway is not in the street before it.

    Returns
    -------
    Snap

    Raises
    ------
    CrsError
        Points in another CRS than the network.
    InputError
        Geometries that are not points.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (100, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 100.0}
    >>> streets = gpd.GeoDataFrame(street, geometry=[line], crs=25832)
    >>> found = Network.from_streets(streets).snap([Point(25, 8), Point(0, 500)])
    >>> found.offset_m.tolist(), found.snap_m.tolist(), found.reason.tolist()
    ([25.0, nan], [8.0, 500.0], ['ok', 'unlinked'])
    """
    shapes = checked_geometries(network, points)
    kinds = shapely.get_type_id(shapes)
    bad = np.flatnonzero((kinds != shapely.GeometryType.POINT) & (kinds != shapely.GeometryType.MISSING))
    if len(bad):
        rule = f"{len(bad)} geometries are not points, the first a {shapes[bad[0]].geom_type}"
        raise InputError(Fault("points", f"row {bad[0]}", rule, "use Network.snap_edges for polygons"))
    limit = network.profile.max_snap_m if max_snap_m is None else max_snap_m
    # homes of one house stand at one place
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    place = np.full(len(shapes), np.nan, dtype=np.complex128)
    place[there] = shapely.get_coordinates(shapes[there]) @ [1, 1j]
    places, first, same = np.unique(place, return_index=True, return_inverse=True)
    key = (components, float(limit), id(walls))

    def find(new: NDArray[np.bool_]) -> tuple[NDArray[Any], ...]:
        chosen = shapes[first[new]]
        edge, snap_m, reason = nearest_edges(network, chosen, limit, components, walls=walls)
        offset_m, linked = np.full(len(chosen), np.nan), edge >= 0
        offset_m[linked] = _offset_m(network, edge[linked], shapely.get_coordinates(chosen[linked]))
        return edge, offset_m, snap_m, reason

    known = network._known_places  # noqa: SLF001 - the network keeps it for this room
    edge, offset_m, snap_m, reason = (column[same] for column in looked_up(known, key, walls, places, find))
    return make_snap(network, edge, offset_m, snap_m, reason)


def at_nodes(network: Network, nodes: ArrayLike) -> Snap:
    """Make a `Snap` that sits exactly on nodes.

    Parameters
    ----------
    network : Network
        The network.
    nodes : array of int
        Node numbers.

    Returns
    -------
    Snap

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (100, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 100.0}
    >>> streets = gpd.GeoDataFrame(street, geometry=[line], crs=25832)
    >>> at_nodes(Network.from_streets(streets), [1]).s_to_u.tolist()
    [75.0]
    """
    wanted = np.atleast_1d(np.asarray(nodes, dtype=np.int64))
    some_edge = np.empty(network.node_count, dtype=np.int32)
    numbers = np.arange(network.edge_count, dtype=np.int32)
    some_edge[network.edge_v] = numbers
    some_edge[network.edge_u] = numbers
    edge = some_edge[wanted]
    offset_m = np.where(network.edge_u[edge] == wanted, 0.0, np.maximum(network.edge_length_m[edge], V_END_M))
    reason = np.full(len(wanted), "ok", dtype=object)
    return make_snap(network, edge, offset_m, np.zeros(len(wanted)), reason)


def make_snap(
    network: Network,
    edge: NDArray[np.int32],
    offset_m: NDArray[np.float64],
    snap_m: NDArray[np.float64],
    reason: NDArray[np.object_],
) -> Snap:
    """Work out the seconds between places and the ends of their edges.

    Parameters
    ----------
    network : Network
        The network.
    edge, offset_m, snap_m, reason
        As in `Snap`.

    Returns
    -------
    Snap
    """
    linked = edge >= 0
    access_s = np.full(len(edge), np.inf, dtype=np.float32)
    access_s[linked] = on_grid(snap_m[linked] / network.profile.speed_m_s)
    from_u, from_v, to_u, to_v = (np.full(len(edge), np.inf, dtype=np.float32) for _ in range(4))
    chosen, at = edge[linked], offset_m[linked]
    forward, backward = network.edge_s_forward[chosen], network.edge_s_backward[chosen]
    length = network.edge_length_m[chosen]
    from_u[linked], to_v[linked] = part_s(forward, length, at)
    to_u[linked], from_v[linked] = part_s(backward, length, at)
    return Snap(
        edge=edge.astype(np.int32),
        offset_m=offset_m,
        snap_m=snap_m,
        access_s=access_s,
        s_to_u=to_u + access_s,
        s_to_v=to_v + access_s,
        s_from_u=from_u + access_s,
        s_from_v=from_v + access_s,
        reason=reason,
    )


def part_s(
    seconds: NDArray[np.float32], length_m: NDArray[np.float64], offset_m: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Share the seconds of an edge at a place along it: (between u and the place, between the place and v).

    The two add up to the whole exactly. At an end the nearer part is 0 also where the edge may not be used in
    this direction: one is there already.

    Parameters
    ----------
    seconds : array of float32
        Of the whole edge in one direction; inf where not allowed.
    length_m : array of float64
        Of the edge.
    offset_m : array of float64
        Of the place from u.

    Returns
    -------
    near, far : array of float32
    """
    share = np.divide(offset_m, length_m, out=(offset_m > 0).astype(np.float64), where=length_m > 0)
    share = share.clip(0.0, 1.0)
    allowed = np.isfinite(seconds)
    whole = np.where(allowed, seconds, 0).astype(np.float64)
    near = np.where(share >= 1, whole, on_grid(whole * share))
    far = whole - near
    near = np.where(allowed, near, np.where(share <= 0, 0.0, np.inf))
    far = np.where(allowed, far, np.where(share >= 1, 0.0, np.inf))
    return near.astype(np.float32), far.astype(np.float32)


def checked_geometries(network: Network, geometries: gpd.GeoSeries | ArrayLike) -> NDArray[np.object_]:
    """Take geometries as an array, refusing another CRS than the network's."""
    crs = getattr(geometries, "crs", None)
    if crs is not None and crs != network.crs:
        rule = f"it is in {crs.to_string()}, the network in {network.crs.to_string()}"
        raise CrsError(Fault("points", "", rule, "project it with to_crs(network.crs)"))
    inner = getattr(geometries, "geometry", geometries)
    return np.array(inner, dtype=object).ravel()


def nearest_edges(
    network: Network,
    shapes: NDArray[np.object_],
    max_snap_m: float,
    components: Components,
    *,
    walls: NDArray[np.object_] | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.object_]]:
    """Find the nearest edge of each geometry: (edge or -1, distance in metres, reason)."""
    edge, snap_m = _query(network, components, shapes)
    far = ~(snap_m <= max_snap_m)
    reason = np.full(len(shapes), "ok", dtype=object)
    reason[far] = "unlinked"
    edge[far] = -1
    if components == "main" and far.any():
        rows = np.flatnonzero(far)
        near, _ = edge_tree(network, "any")[0].query(shapes[rows], predicate="dwithin", distance=max_snap_m)
        reason[rows[near]] = "island"
    if walls is not None and len(walls):
        _keep_this_side(network, shapes, max_snap_m, components, walls, edge=edge, snap_m=snap_m)
        reason[(edge < 0) & (reason == "ok")] = "unlinked"
    return edge, snap_m, reason


def crossing_walls(ways: NDArray[np.object_], walls: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Tell which straight ways cross a wall."""
    crossing = np.zeros(len(ways), dtype=np.bool_)
    if len(ways):
        crossing[shapely.STRtree(ways).query(unshared(walls), predicate="intersects")[1]] = True
    return crossing


def unshared(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Copy shapes for one thread: GEOS writes to a prepared shape when it is asked, so no two threads may ask it."""
    return np.asarray(shapely.from_wkb(shapely.to_wkb(shapes, include_srid=True)), dtype=object)


def _keep_this_side(
    network: Network,
    shapes: NDArray[np.object_],
    max_snap_m: float,
    components: Components,
    walls: NDArray[np.object_],
    *,
    edge: NDArray[np.int32],
    snap_m: NDArray[np.float64],
) -> None:
    """Move geometries whose way to the street crosses a wall to the nearest street on their own side, in place."""
    linked = np.flatnonzero(edge >= 0)
    astray = linked[crossing_walls(_ways(network, shapes[linked], edge[linked]), walls)]
    tree, numbers = edge_tree(network, components)
    row, found = tree.query(shapes[astray], predicate="dwithin", distance=max_snap_m)
    ways = shapely.shortest_line(shapes[astray[row]], network.edge_geometry[numbers[found]])
    free = ~crossing_walls(ways, walls)
    row, found, metres = astray[row[free]], numbers[found[free]], shapely.length(ways[free])
    order = np.lexsort((found, metres, row))
    rows, first = np.unique(row[order], return_index=True)
    edge[astray] = -1
    edge[rows] = found[order[first]]
    snap_m[rows] = metres[order[first]]


def _ways(network: Network, shapes: NDArray[np.object_], edge: NDArray[np.int32]) -> NDArray[np.object_]:
    """Draw the straight way from each geometry to its edge."""
    if (shapely.get_type_id(shapes) != shapely.GeometryType.POINT).any():
        return np.asarray(shapely.shortest_line(shapes, network.edge_geometry[edge]), object)
    xy = shapely.get_coordinates(shapes)
    return np.asarray(shapely.linestrings(np.stack([xy, _beside(network, edge, xy).foot], axis=1)), object)


def _beside(network: Network, edge: NDArray[np.integer[Any]], xy: NDArray[np.float64]) -> Beside:
    """Find the place on its edge nearest to each point."""
    if len(edge) < _MANY_SHARE * network.edge_count and "_corners" not in vars(network):
        # a few points are not worth taking all edges apart
        return Corners.of(network.edge_geometry[edge]).beside(np.arange(len(edge)), xy)
    return network._corners.beside(edge, xy)  # noqa: SLF001 - the network keeps it for this room


def edge_tree(network: Network, components: Components) -> tuple[shapely.STRtree, NDArray[np.int64]]:
    """Make (once) the search tree over the edges points may snap to, with their edge numbers."""
    trees = network._trees  # noqa: SLF001 - the network keeps it for this room
    if components not in trees:
        usable = network.edge_snappable
        if components == "main":
            usable = usable & network.main_parts[network.component[network.edge_u]]
        numbers = np.flatnonzero(usable)
        trees[components] = (shapely.STRtree(network.edge_geometry[numbers]), numbers)
    return trees[components]


def _edge_grid(network: Network, components: Components) -> LineGrid:
    """Make (once) the grid over the edges that the search tree holds."""
    grids = network._grids  # noqa: SLF001 - the network keeps it for this room
    if components not in grids:
        grids[components] = LineGrid.over(network._corners, edge_tree(network, components)[1])  # noqa: SLF001
    return grids[components]


def _query(
    network: Network, components: Components, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """Find the nearest edge however far: (edge, distance); -1 and NaN for an empty geometry."""
    tree, numbers = edge_tree(network, components)
    edge = np.full(len(shapes), -1, dtype=np.int32)
    distance_m = np.full(len(shapes), np.nan)
    if len(numbers) == 0 or len(shapes) == 0:
        return edge, distance_m
    points = np.flatnonzero((shapely.get_type_id(shapes) == shapely.GeometryType.POINT) & ~shapely.is_empty(shapes))
    if len(points) >= _MANY_SHARE * len(numbers):
        xy = shapely.get_coordinates(shapes[points])
        found = _edge_grid(network, components).surely_nearest(xy)
        sure = found >= 0
        edge[points[sure]] = found[sure]
        distance_m[points[sure]] = _beside(network, found[sure], xy[sure]).metres
    # where edges are equally near, and what is no point
    rest = np.flatnonzero(edge < 0)
    (row, found), metres = tree.query_nearest(shapes[rest], return_distance=True, all_matches=True)
    order = np.lexsort((numbers[found], row))
    rows, first = np.unique(row[order], return_index=True)
    edge[rest[rows]] = numbers[found[order[first]]]
    distance_m[rest[rows]] = metres[order[first]]
    return edge, distance_m


def _offset_m(network: Network, edge: NDArray[np.int32], xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find how far along their edges the places nearest to points are (0 on a line without length)."""
    drawn_m = shapely.length(network.edge_geometry[edge])
    along_m = _beside(network, edge, xy).along_m
    share: NDArray[np.float64] = np.divide(along_m, drawn_m, out=np.zeros(len(edge)), where=drawn_m > 0)
    return share.clip(0.0, 1.0) * network.edge_length_m[edge]
