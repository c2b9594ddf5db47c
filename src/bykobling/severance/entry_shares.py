"""What hangs on each entry of an area: where it is, and how many of the quickest ways out it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network
    from bykobling.severance.surroundings import Cut, Surroundings


_PAIRS_A_BLOCK = 1_000_000
"""Pairs of home and exit held in memory at a time."""


def entry_points(network: Network, around: Surroundings, cut: Cut, area: shapely.Geometry) -> NDArray[np.object_]:
    """Place each cut where its street last crosses the outline of the area; else in the middle of the street.

    Parameters
    ----------
    network : Network
        Streets.
    around : Surroundings
        The graph the cut was found in.
    cut : Cut
        The cut.
    area : Polygon
        The area.

    Returns
    -------
    array of Point (ways,)
    """
    lines = network.edge_geometry[around.edge[cut.piece]]
    low, high = around.low[cut.piece], around.high[cut.piece]
    outward = cut.inside[around.u[cut.piece]]
    at = (low + high) / 2
    parts, row = shapely.get_parts(shapely.intersection(lines, shapely.boundary(area)), return_index=True)
    # a street along the outline meets it in lines: their ends count
    tips, tip = shapely.get_coordinates(parts, return_index=True)
    row = row[tip]
    share = shapely.line_locate_point(lines[row], shapely.points(tips), normalized=True)
    on_piece = (share >= low[row]) & (share <= high[row])
    row, share = row[on_piece], share[on_piece]
    # the last on the way out: by row, then by distance from the inner end
    order = np.lexsort((np.where(outward[row], -share, share), row))
    rows, first = np.unique(row[order], return_index=True)
    at[rows] = share[order][first]
    return np.asarray(shapely.line_interpolate_point(lines, at, normalized=True), object)


def group_places(points: NDArray[np.object_], merge_m: float) -> NDArray[np.int64]:
    """Put cuts together that lie within so many metres of each other.

    Parameters
    ----------
    points : array of Point (k,)
        Where the cuts are.
    merge_m : float
        Greatest distance between two cuts of one entry.

    Returns
    -------
    array of int64 (k,)
        From 0, in the order of the first cut of each.
    """
    if len(points) < 2 or merge_m == 0:
        return np.arange(len(points))
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - slow to import

    group = fcluster(linkage(shapely.get_coordinates(points), "complete"), merge_m, "distance")
    _, first, number = np.unique(group, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[number.ravel()], np.int64)


def paths_by_piece(around: Surroundings, cut: Cut) -> NDArray[np.float64]:
    """Share the quickest ways out among the pieces they finally leave by.

    Parameters
    ----------
    around : Surroundings
        The graph; sources weigh their residents, every node beyond the ring weighs one.
    cut : Cut
        The cut.

    Returns
    -------
    array of float64 (ways,)
        Sums to 1.

    Notes
    -----
    The last cut piece on a way divides it: up to there it may go anywhere within the ring, from there it stays
    outside. So the quickest way from o to t takes ``min over pieces of to_piece(o) + from_piece(t)``, and two
    searches a piece measure all pairs.
    """
    inner_u = cut.inside[around.u[cut.piece]]
    inner = np.where(inner_u, around.u[cut.piece], around.v[cut.piece])
    outer = np.where(inner_u, around.v[cut.piece], around.u[cut.piece])
    origins = np.flatnonzero(around.source & (around.weight > 0))
    exits = np.flatnonzero(around.sink)
    free = ~around.sink[around.u] & ~around.sink[around.v]
    leaving = ~cut.inside[around.u] & ~cut.inside[around.v]
    to_piece = around.seconds[cut.piece][:, None] + _times(around, free, inner, origins)
    from_piece = _times(around, leaving, outer, exits)
    carried = np.zeros(len(cut.piece))
    step = max(1, _PAIRS_A_BLOCK // max(1, len(exits)))
    for start in range(0, len(origins), step):
        block = slice(start, start + step)
        carried += _last_pieces(to_piece[:, block], from_piece, around.weight[origins[block]])
    return np.asarray(carried / carried.sum(), float)


def _last_pieces(
    to_piece: NDArray[np.float32], from_piece: NDArray[np.float32], weight: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Add up the weight of the ways that leave by each piece; pieces as quick share it."""
    best = np.full((to_piece.shape[1], from_piece.shape[1]), np.inf, np.float32)
    ties = np.zeros(best.shape, np.int32)
    for before, after in zip(to_piece, from_piece, strict=True):
        total = before[:, None] + after
        ties = np.where(total < best, 1, ties + (total == best))
        np.minimum(best, total, out=best)
    each = np.divide(weight[:, None], ties, out=np.zeros(best.shape), where=np.isfinite(best))
    pieces = zip(to_piece, from_piece, strict=True)
    return np.array([each[(before[:, None] + after) == best].sum() for before, after in pieces])


def _times(
    around: Surroundings, usable: NDArray[np.bool_], begin: NDArray[np.int64], end: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Measure seconds between nodes over some of the pieces; a node beyond the ring is not passed through."""
    from bykobling._kernels.heap import scratch  # noqa: PLC0415 - imports numba
    from bykobling._kernels.sources import from_any  # noqa: PLC0415 - compiled on first use
    from bykobling.network.ends import limit_of  # noqa: PLC0415 - imports numba

    n = len(around.source)
    u, v, seconds = around.u[usable], around.v[usable], around.seconds[usable]
    tail, head, both = np.r_[u, v], np.r_[v, u], np.r_[seconds, seconds].astype(np.float32)
    arcs = np.flatnonzero(~around.sink[tail])
    arcs = arcs[np.argsort(tail[arcs], kind="stable")]
    ptr = np.concatenate([[0], np.cumsum(np.bincount(tail[arcs], minlength=n))]).astype(np.int64)
    streets = ptr, head[arcs].astype(np.int32), both[arcs]
    starts, which = np.unique(begin, return_inverse=True)
    times = np.empty((len(starts), len(end)), np.float32)
    dist, touched, heap = scratch(n, len(arcs))
    # one by one: the cuts lie all around the area, and who is far from each other shares no way
    for row, start in enumerate(starts):
        dist.fill(np.inf)
        seed = np.array([[start, -1]], np.int32), np.zeros((1, 2), np.float32)
        from_any(limit_of(None), *streets, *seed, dist, touched, heap)
        times[row] = dist[end]
    return times[which.ravel()]
