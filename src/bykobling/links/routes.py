"""How long the way is between the two ends of a candidate, as things are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.network.pairs import pair_costs
from bykobling.network.snapping import unshared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network

_BLOCK = 2_000


def route_seconds(network: Network, u: NDArray[Any], v: NDArray[Any]) -> NDArray[np.float32]:
    """Measure the way from each u to the v beside it, however long; pairs in two parts are not searched.

    Parameters
    ----------
    network : Network
        Streets.
    u, v : array of int
        Nodes.

    Returns
    -------
    array of float32
        Seconds; inf where there is no way.
    """
    seconds = np.full(len(u), np.inf, np.float32)
    one = np.flatnonzero(network.component[u] == network.component[v])
    seconds[one] = pair_costs(network, u[one], v[one], np.inf)
    return seconds


def far_apart(
    network: Network,
    u: NDArray[Any],
    v: NDArray[Any],
    least_s: NDArray[np.float64],
    *,
    progress: Progress | None = None,
) -> NDArray[np.bool_]:
    """Tell which pairs are at least so many seconds apart, both ways round; no search goes farther than asked for.

    Parameters
    ----------
    network : Network
        Streets.
    u, v : array of int
        Nodes.
    least_s : array of float
        Seconds, one a pair.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    array of bool
        True also where there is no way at all.
    """
    far = np.ones(len(u), bool)
    # in blocks of like limits, so that a short way across is not searched as far as a long one
    order = np.argsort(least_s, kind="stable")
    for block in np.array_split(order, max(1, len(order) // _BLOCK)):
        for tail, head in ((u, v), (v, u)):
            some = block[far[block]]
            if len(some):
                limit_s = float(least_s[some].max())
                seconds = pair_costs(network, tail[some], head[some], limit_s, progress=progress)
                far[some] = seconds >= least_s[some]
    return far


def beyond_the_map_m(
    network: Network, u: NDArray[Any], v: NDArray[Any], extent: shapely.Polygon | None
) -> NDArray[np.float64]:
    """Measure the shortest way from u to v there could be outside the map, in metres: out to its edge and back in.

    Parameters
    ----------
    network : Network
        Streets.
    u, v : array of int
        Nodes.
    extent : Polygon or None
        What the streets were cut to; None says they were not.

    Returns
    -------
    array of float64
        No such way is shorter; 0 for nodes outside, inf without an extent.
    """
    if extent is None:
        return np.full(len(u), np.inf)
    # a copy is made ready: another thread may be asking the caller's own
    extent = unshared(np.array([extent], dtype=object))[0]
    shapely.prepare(extent)
    edge = extent.boundary
    out_m = []
    for node in (u, v):
        at = shapely.points(network.node_x[node], network.node_y[node])
        out_m.append(np.where(shapely.intersects(extent, at), shapely.distance(edge, at), 0.0))
    total_m: NDArray[np.float64] = out_m[0] + out_m[1]
    return total_m
