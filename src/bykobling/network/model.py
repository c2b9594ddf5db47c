"""The street network of one mode: plain arrays that never change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    import geopandas as gpd
    import networkx as nx
    import pandas as pd
    import pyproj
    import shapely
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Mode, Profile
    from bykobling.network.known_places import KnownPlaces
    from bykobling.network.links import Links
    from bykobling.network.near_lines import Corners, LineGrid
    from bykobling.network.snapping import Components, Snap

SECOND_GRID = 1024.0
"""Seconds are multiples of 1/1024 s, so sums of float32 seconds are exact up to 2^14 s (4.5 hours).

Splitting an edge, merging a chain or walking a route in another order then changes no last digit.
"""


_PART_NODES, _PART_SHARE, _PART_LEAST = 200, 0.1, 10


def on_grid(seconds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round seconds to the grid on which their float32 sums are exact (inf stays inf)."""
    rounded: NDArray[np.float32] = (np.round(seconds * SECOND_GRID) / SECOND_GRID).astype(np.float32)
    return rounded


@dataclass(frozen=True, eq=False)
class Network:
    """Streets of one mode as nodes, edges and arcs; every array is read-only.

    Parameters
    ----------
    crs : pyproj.CRS
        Projected, in metres.
    mode : {"walk", "bike"}
        Which streets are in it.
    profile : Profile
        Speeds and the snapping limit.
    node_x, node_y : array of float64 (n,)
        Coordinates, metres; nodes are numbered along a Hilbert curve (nodes added by `split_at` come last).
    node_id : array of int64 (n,)
        Ids of the streets table; nodes added by `split_at` have new negative ones.
    edge_u, edge_v : array of int32 (m,)
        End nodes.
    edge_length_m : array of float64 (m,)
        Metric length.
    edge_s_forward, edge_s_backward : array of float32 (m,)
        Seconds from u to v and from v to u; inf where not allowed. Multiples of 1/1024 s: sums are exact.
    edge_geometry : array of LineString (m,)
        From u to v.
    edge_street : array of int64 (m,)
        Row number of the (first) street in the source table.
    edge_snappable : array of bool (m,)
        Whether points may be snapped onto the edge (not onto crossings with a delay).
    edge_attributes : DataFrame
        Kept columns of the (first) street, one row an edge.
    component : array of int32 (n,)
        Weakly connected part each node lies in, numbered by its first node.
    indptr, adj_node, adj_s, adj_edge : array of int64 (n + 1,), int32, float32, int32
        Arcs out of each node in allowed directions (loops left out), as compressed rows.
    """

    crs: pyproj.CRS
    mode: Mode
    profile: Profile
    node_x: NDArray[np.float64]
    node_y: NDArray[np.float64]
    node_id: NDArray[np.int64]
    edge_u: NDArray[np.int32]
    edge_v: NDArray[np.int32]
    edge_length_m: NDArray[np.float64]
    edge_s_forward: NDArray[np.float32]
    edge_s_backward: NDArray[np.float32]
    edge_geometry: NDArray[np.object_]
    edge_street: NDArray[np.int64]
    edge_snappable: NDArray[np.bool_]
    edge_attributes: pd.DataFrame
    component: NDArray[np.int32]
    indptr: NDArray[np.int64]
    adj_node: NDArray[np.int32]
    adj_s: NDArray[np.float32]
    adj_edge: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Make every array read-only."""
        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    @classmethod
    def from_streets(cls, streets: gpd.GeoDataFrame, *, mode: Mode = "walk", profile: Profile | None = None) -> Network:
        """Build the network of one mode from streets; see `bykobling.network.build.from_streets`."""
        from bykobling.network.build import from_streets  # noqa: PLC0415 - build makes Networks

        return from_streets(streets, mode=mode, profile=profile)

    @classmethod
    def from_osmnx(cls, graph: nx.MultiDiGraph[int], *, mode: Mode = "walk", profile: Profile | None = None) -> Network:
        """Build the network from an OSMnx graph; see `bykobling.network.interop.from_osmnx`."""
        from bykobling.network.interop import from_osmnx  # noqa: PLC0415 - interop makes Networks

        return from_osmnx(graph, mode=mode, profile=profile)

    def to_networkx(self) -> nx.MultiDiGraph[int]:
        """Copy into a networkx graph as OSMnx makes them; see `bykobling.network.interop.to_networkx`.

        Returns
        -------
        networkx.MultiDiGraph
            A copy.
        """
        from bykobling.network.interop import to_networkx  # noqa: PLC0415 - interop reads Networks

        return to_networkx(self)

    def split_at(self, edge: ArrayLike, offset_m: ArrayLike) -> tuple[Network, NDArray[np.int64]]:
        """Insert a node at places along edges; see `bykobling.network.split.split_at`.

        Parameters
        ----------
        edge : array of int
            Numbers of edges.
        offset_m : array of float
            Metres along each from its u.

        Returns
        -------
        tuple of Network, array of int64
            The new network, and the node at each place.
        """
        from bykobling.network.split import split_at  # noqa: PLC0415 - split makes Networks

        return split_at(self, edge, offset_m)

    def snap(
        self,
        points: gpd.GeoSeries | ArrayLike,
        *,
        max_snap_m: float | None = None,
        components: Components = "main",
        walls: NDArray[np.object_] | None = None,
    ) -> Snap:
        """Find the nearest place on the network for points; see `bykobling.network.snapping.snap`.

        Parameters
        ----------
        points : GeoSeries or array of Point
            In the CRS of the network.
        max_snap_m : float, optional
            A point farther away is unlinked; by default the profile's.
        components : {"main", "any"}
            Snap to parts that are streets, or to fragments too.
        walls : array of Polygon, optional
            What the straight way to the street may not cross.

        Returns
        -------
        Snap
            Aligned with the points.
        """
        from bykobling.network.snapping import snap  # noqa: PLC0415 - snap reads Networks

        return snap(self, points, max_snap_m=max_snap_m, components=components, walls=walls)

    def at_nodes(self, nodes: ArrayLike) -> Snap:
        """Make a `Snap` that sits exactly on nodes; see `bykobling.network.snapping.at_nodes`.

        Parameters
        ----------
        nodes : array of int
            Numbers of nodes.

        Returns
        -------
        Snap
            Aligned with the nodes.
        """
        from bykobling.network.snapping import at_nodes  # noqa: PLC0415 - snap reads Networks

        return at_nodes(self, nodes)

    def snap_edges(
        self,
        destinations: gpd.GeoSeries | ArrayLike,
        *,
        max_snap_m: float | None = None,
        components: Components = "main",
        walls: NDArray[np.object_] | None = None,
    ) -> Links:
        """Link points and polygons to the network; see `bykobling.network.links.snap_edges`.

        Parameters
        ----------
        destinations : GeoSeries or array
            Points or polygons in the CRS of the network.
        max_snap_m : float, optional
            A point farther away is unlinked; by default the profile's.
        components : {"main", "any"}
            Snap to parts that are streets, or to fragments too.
        walls : array of Polygon, optional
            What the straight way to the street may not cross.

        Returns
        -------
        Links
            Where each can be reached.
        """
        from bykobling.network.links import snap_edges  # noqa: PLC0415 - links reads Networks

        return snap_edges(self, destinations, max_snap_m=max_snap_m, components=components, walls=walls)

    @cached_property
    def main_parts(self) -> NDArray[np.bool_]:
        """Which components are streets rather than fragments: the largest, and those of 200 nodes or a tenth of it.

        A quarter that a railway cuts off altogether is its own component, and the very thing to be measured; a
        platform or a path on a roof is a fragment.
        """
        nodes = np.bincount(self.component)
        parts: NDArray[np.bool_] = nodes >= max(_PART_LEAST, min(_PART_NODES, _PART_SHARE * nodes.max(initial=0)))
        parts[self.main_component] = True
        return parts

    @property
    def node_count(self) -> int:
        """Number of nodes."""
        return len(self.node_x)

    @property
    def edge_count(self) -> int:
        """Number of edges."""
        return len(self.edge_u)

    @cached_property
    def main_component(self) -> int:
        """Number of the part with the most nodes (the first of equals)."""
        return int(np.argmax(np.bincount(self.component)))

    @cached_property
    def _trees(self) -> dict[str, tuple[shapely.STRtree, NDArray[np.int64]]]:
        """Search trees over edges, made when first asked for."""
        return {}

    @cached_property
    def _corners(self) -> Corners:
        """The vertices of the edges."""
        from bykobling.network.near_lines import Corners  # noqa: PLC0415 - imports shapely

        return Corners.of(self.edge_geometry)

    @cached_property
    def _grids(self) -> dict[str, LineGrid]:
        """Grids over edges, made when very many points are first asked about."""
        return {}

    @cached_property
    def _known_places(self) -> dict[tuple[str, float, int], KnownPlaces]:
        """What was found for the places asked about so far."""
        return {}

    @cached_property
    def _known_links(self) -> dict[tuple[str, float, int, bytes], tuple[NDArray[np.object_] | None, Links]]:
        """The links of the polygons asked about so far, with the walls they were asked about with."""
        return {}

    def __getstate__(self) -> dict[str, Any]:
        """Leave caches out of pickles."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore, read-only again."""
        self.__dict__.update(state)
        self.__post_init__()

    def fingerprint(self) -> str:
        """Hash every array; equal networks have equal fingerprints.

        Returns
        -------
        str
            SHA-256 in hexadecimal.
        """
        import shapely  # noqa: PLC0415 - only here

        digest = hashlib.sha256()
        digest.update(repr((self.crs.to_wkt(), self.mode, self.profile)).encode())
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "edge_geometry":
                value, counts = shapely.get_coordinates(value, return_index=True)
                digest.update(counts.tobytes())
            elif each.name == "edge_attributes":
                digest.update(value.to_csv(index=False).encode())
            if isinstance(value, np.ndarray):
                digest.update(f"{each.name} {value.dtype} {value.shape}".encode())
                digest.update(value.tobytes())
        return digest.hexdigest()


def make_network(
    *,
    crs: pyproj.CRS,
    mode: Mode,
    profile: Profile,
    node_x: NDArray[np.float64],
    node_y: NDArray[np.float64],
    node_id: NDArray[np.int64],
    edge_u: NDArray[np.int32],
    edge_v: NDArray[np.int32],
    edge_length_m: NDArray[np.float64],
    edge_s_forward: NDArray[np.float32],
    edge_s_backward: NDArray[np.float32],
    edge_geometry: NDArray[np.object_],
    edge_street: NDArray[np.int64],
    edge_snappable: NDArray[np.bool_],
    edge_attributes: pd.DataFrame,
) -> Network:
    """Make a Network of nodes and edges, working out its arcs and components.

    Parameters
    ----------
    crs, mode, profile : object
        As in `Network`.
    node_x, node_y, node_id : array
        As in `Network`.
    edge_u, edge_v, edge_length_m, edge_s_forward, edge_s_backward : array
        As in `Network`.
    edge_geometry, edge_street, edge_snappable, edge_attributes : array, DataFrame
        As in `Network`. Arrays are taken over and made read-only; edges keep their order.

    Returns
    -------
    Network
    """
    nodes = len(node_x)
    tail = np.concatenate([edge_u, edge_v])
    head = np.concatenate([edge_v, edge_u])
    seconds = np.concatenate([edge_s_forward, edge_s_backward])
    numbers = np.arange(len(edge_u), dtype=np.int32)
    edge = np.concatenate([numbers, numbers])
    # an arc from a node to itself shortens no way
    arcs = np.flatnonzero(np.isfinite(seconds) & (tail != head))
    arcs = arcs[np.lexsort((edge[arcs], head[arcs], tail[arcs]))]
    indptr = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(tail[arcs], minlength=nodes), out=indptr[1:])
    links = coo_array((np.ones(len(edge_u), dtype=np.int8), (edge_u, edge_v)), shape=(nodes, nodes))
    _, component = connected_components(links.tocsr(), directed=False)
    return Network(
        crs=crs,
        mode=mode,
        profile=profile,
        node_x=node_x,
        node_y=node_y,
        node_id=node_id,
        edge_u=edge_u,
        edge_v=edge_v,
        edge_length_m=edge_length_m,
        edge_s_forward=edge_s_forward,
        edge_s_backward=edge_s_backward,
        edge_geometry=edge_geometry,
        edge_street=edge_street,
        edge_snappable=edge_snappable,
        edge_attributes=edge_attributes,
        component=component.astype(np.int32),
        indptr=indptr,
        adj_node=np.ascontiguousarray(head[arcs], dtype=np.int32),
        adj_s=np.ascontiguousarray(seconds[arcs], dtype=np.float32),
        adj_edge=np.ascontiguousarray(edge[arcs], dtype=np.int32),
    )
