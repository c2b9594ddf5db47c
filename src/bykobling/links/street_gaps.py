"""Gaps between streets that run past each other without meeting, where no barrier lies between.

::

    ----A   D----      a street ends 50 m from another, and the way round is 4 km
    |           |
    B-----------C
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.links.dedupe import apart
from bykobling.links.kinds import LINK_KINDS, cost_dkk
from bykobling.links.model import LinkCandidates
from bykobling.links.routes import beyond_the_map_m, far_apart, route_seconds
from bykobling.network.model import on_grid

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.links.kinds import LinkKind
    from bykobling.network import Network
    from bykobling.network.snapping import Components

_BLOCK = 10_000
_CELL_M = 150.0
_CELLS = 2**22
_TOUCH_M = 0.5
_TOLERANCE_M = 1.0


@dataclass(frozen=True)
class GapRules:
    """What counts as a gap between streets.

    Parameters
    ----------
    max_length_m : float
        Longest gap, straight; never longer than paths are built.
    min_route_m : float
        Shortest way round, in metres at the mode's speed (waiting counts as metres walked meanwhile).
    max_edge_m : float
        Longer streets are cut: each pair of pieces has one nearest place, and a long pair may have a second that is
        worth more.
    parts : {"main", "any"}
        Whether fragments of the network (a platform, a path on a roof) are streets to be joined.
    """

    max_length_m: float = 100.0
    min_route_m: float = 1_000.0
    max_edge_m: float = 250.0
    parts: Components = "main"


def find_street_gaps(
    openings: Openings,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    extent: shapely.Polygon | None = None,
    kinds: Mapping[str, LinkKind] = LINK_KINDS,
    rules: GapRules | None = None,
    progress: Progress | None = None,
) -> tuple[LinkCandidates, dict[str, int]]:
    """Find pairs of streets that are near each other and far apart by network, with nothing between them.

    Parameters
    ----------
    openings : Openings
        Network and barriers (`bykobling.barriers.open_barriers`).
    buildings : GeoDataFrame, optional
        No gap is closed through more than 1 m of a building.
    extent : Polygon, optional
        What the streets were cut to: where a way of less than ``rules.min_route_m`` may run outside, no gap is told.
    kinds : mapping, optional
        Costs and longest length of a ``"path"``.
    rules : GapRules, optional
        Lengths.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    candidates : LinkCandidates
        Kind ``"path"``, barrier -1, from the nearest point of one street to the nearest point of the other, in the
        direction in which the way there is now is the shorter. ``openings`` has a network with a node at every end;
        nodes that were there keep their numbers.
    counts : dict of str to int
        ``gap_pairs`` near each other and not surely joined, and how many of them each filter left out, in its order:
        ``gap_longer`` than the longest gap or touching, ``gap_barrier``, ``gap_building``, ``gap_edge`` of the map,
        ``gap_small_detour``, ``gap_double`` and ``gap_beside`` (within 15 m of another at
        both ends).

    Notes
    -----
    M. W. Bhagat-Conway, S. Compiano, J. Ivie (2025), Computers, Environment and Urban Systems: edges no more than
    100 m apart and at least 1 km by network. Bridges, tunnels and crossings are no ends of a path. Times of the way
    round are asked both ways: a one-way street is no gap.
    """
    rules = rules or GapRules()
    longest_m = min(rules.max_length_m, kinds["path"].max_length_m)
    cut = _cut_long(openings.network, rules)
    edges = _usable(cut, rules)
    limit_s = rules.min_route_m / cut.profile.speed_m_s
    first, second = _near_pairs(cut, edges, longest_m, limit_s, progress)
    counts = {"gap_pairs": len(first)}
    lines = np.asarray(shapely.shortest_line(cut.edge_geometry[first], cut.edge_geometry[second]), object)
    length_m = shapely.length(lines)
    walls = buildings.geometry.to_numpy() if buildings is not None else np.empty(0, object)
    left = np.flatnonzero((length_m <= longest_m) & (length_m >= _TOUCH_M))
    counts["gap_longer"] = len(lines) - len(left)
    for name, shapes, tolerance_m in (("gap_barrier", openings.walls, None), ("gap_building", walls, _TOLERANCE_M)):
        out = _hits(lines[left], shapes, tolerance_m)
        counts[name] = int(out.sum())
        left = left[~out]
    first, second, lines = first[left], second[left], lines[left]
    whole, u, v = _with_ends(cut, first, second, lines)
    inner = np.flatnonzero(beyond_the_map_m(whole, u, v, extent) >= rules.min_route_m)
    counts["gap_edge"] = len(u) - len(inner)
    far = inner[far_apart(whole, u[inner], v[inner], np.full(len(inner), limit_s), progress=progress)]
    counts["gap_small_detour"] = len(inner) - len(far)
    found = _candidates(openings, cut, (first[far], second[far], lines[far]), kinds)
    several: dict[str, int] = {}
    found = apart(found, several)
    return found, counts | {f"gap_{name}": number for name, number in several.items()}


def _cut_long(network: Network, rules: GapRules) -> Network:
    """Cut long edges into equal pieces."""
    pieces = np.ceil(network.edge_length_m / rules.max_edge_m).astype(np.int64)
    long = np.flatnonzero((pieces > 1) & network.edge_snappable)
    edge = np.repeat(long, pieces[long] - 1)
    number = np.arange(len(edge)) - np.searchsorted(edge, edge) + 1
    return network.split_at(edge, number / pieces[edge] * network.edge_length_m[edge])[0]


def _usable(network: Network, rules: GapRules) -> NDArray[np.int64]:
    """Choose the edges a path may begin at."""
    usable = network.edge_snappable.copy()
    if rules.parts == "main":
        usable &= network.main_parts[network.component[network.edge_u]]
    for name in ("bridge", "tunnel"):
        if name in network.edge_attributes:
            usable &= ~network.edge_attributes[name].to_numpy(bool)
    return np.flatnonzero(usable)


def _near_pairs(
    network: Network, edges: NDArray[np.int64], longest_m: float, limit_s: float, progress: Progress | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find pairs of edges that may be near each other and are not surely near by network."""
    bounds = shapely.bounds(network.edge_geometry[edges])
    tree = shapely.STRtree(network.edge_geometry[edges])
    hubs = _Hubs.of(network)
    found = [np.empty((2, 0), np.int64)]
    for start in range(0, len(edges), _BLOCK):
        mine = bounds[start : start + _BLOCK] + np.array([-1, -1, 1, 1]) * longest_m
        # boxes only: exact distances are asked of the few pairs left
        one, other = tree.query(shapely.box(*mine.T))
        one += start
        later = other > one
        one, other = edges[one[later]], edges[other[later]]
        spare_s = limit_s - network.edge_s_backward[one] - network.edge_s_forward[other]
        near = hubs.within(network.edge_u[one], network.edge_u[other], spare_s, limit_s)
        found.append(np.stack([one[~near], other[~near]]))
        if progress is not None:
            progress(min(start + _BLOCK, len(edges)), len(edges), "looking for gaps between streets")
    first, second = np.concatenate(found, axis=1)
    return first, second


@dataclass(frozen=True, eq=False)
class _Hubs:
    """One node in every square of 150 m: a way through it bounds the way between its neighbours from above."""

    graph: Any
    hub: NDArray[np.int64]

    @classmethod
    def of(cls, network: Network) -> _Hubs:
        count = network.node_count
        graph = csr_array((network.adj_s.astype(float), network.adj_node, network.indptr), shape=(count, count))
        xy = np.column_stack([network.node_x, network.node_y]) / _CELL_M
        cell = np.floor(xy)
        _, square = np.unique(np.column_stack([network.component, cell]), axis=0, return_inverse=True)
        square = square.ravel()
        order = np.lexsort((np.hypot(*(xy - cell - 0.5).T), square))
        middle = order[np.searchsorted(square[order], np.arange(square.max(initial=-1) + 1))]
        return cls(graph, middle[square])

    def within(
        self, tail: NDArray[Any], head: NDArray[Any], spare_s: NDArray[np.float64], limit_s: float
    ) -> NDArray[np.bool_]:
        """Tell which pairs surely have a way shorter than the seconds given; False says nothing."""
        near = np.zeros(len(tail), bool)
        hub = self.hub[tail]
        order = np.argsort(hub, kind="stable")
        every, begin = np.unique(hub[order], return_index=True)
        begin = np.append(begin, len(order))
        back = self.graph.T.tocsr()
        size = max(1, _CELLS // max(1, len(self.hub)))
        for first in range(0, len(every), size):
            block = every[first : first + size]
            rows = order[begin[first] : begin[first + len(block)]]
            into, out = (dijkstra(graph, indices=block, limit=limit_s) for graph in (back, self.graph))
            place = np.searchsorted(block, hub[rows])
            near[rows] = into[place, tail[rows]] + out[place, head[rows]] < spare_s[rows]
        return near


def _hits(lines: NDArray[Any], shapes: NDArray[Any], tolerance_m: float | None) -> NDArray[np.bool_]:
    """Tell which lines meet a shape, or run through more than so many metres of one."""
    hit = np.zeros(len(lines), bool)
    # made ready once: a sea of ten thousand corners is asked thousands of times
    shapely.prepare(shapes)
    which, shape = shapely.STRtree(shapes).query(lines)
    met = shapely.intersects(shapes[shape], lines[which])
    which, shape = which[met], shape[met]
    if tolerance_m is not None:
        which = which[shapely.length(shapely.intersection(lines[which], shapes[shape])) > tolerance_m]
    hit[which] = True
    return hit


def _with_ends(
    network: Network, first: NDArray[np.int64], second: NDArray[np.int64], lines: NDArray[Any]
) -> tuple[Network, NDArray[np.int64], NDArray[np.int64]]:
    """Put a node at both ends of every line, on the edge it starts and on the edge it stops at."""
    edge = np.concatenate([first, second])
    ends = np.concatenate([shapely.get_point(lines, 0), shapely.get_point(lines, -1)])
    # drawn length and length may differ (the sides of a big road): offsets count along the length
    share = np.nan_to_num(shapely.line_locate_point(network.edge_geometry[edge], ends, normalized=True))
    split, node = network.split_at(edge, np.clip(share, 0.0, 1.0) * network.edge_length_m[edge])
    u, v = np.split(node, 2)
    return split, u, v


def _candidates(
    openings: Openings,
    cut: Network,
    gaps: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]],
    kinds: Mapping[str, LinkKind],
) -> LinkCandidates:
    network, u, v = _with_ends(cut, *gaps)
    lines, count = gaps[2], len(u)
    route_s, back_s = route_seconds(network, u, v), route_seconds(network, v, u)
    turned = back_s < route_s
    length_m = shapely.length(lines)
    speed = network.profile.speed_m_s
    kind = np.full(count, "path", object)
    return LinkCandidates(
        openings=replace(openings, network=network),
        u=np.where(turned, v, u).astype(np.int32),
        v=np.where(turned, u, v).astype(np.int32),
        link_s=on_grid(length_m / speed + kinds["path"].extra_s),
        length_m=length_m,
        kind=kind,
        barrier=np.full(count, -1, np.int64),
        cost_dkk=cost_dkk(kind, length_m, kinds),
        route_s=np.minimum(route_s, back_s),
        direct_s=(length_m / speed).astype(np.float32),
        geometry=np.where(turned, shapely.reverse(lines), lines),
    )
