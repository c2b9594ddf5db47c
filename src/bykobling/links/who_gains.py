"""Who can gain by a link at all: two searches backwards leave out nearly everybody before anyone is searched from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network, Snap

_SLACK_S = 0.01
"""Seconds are exact to 1/1024: this keeps everybody in whom rounding could leave out."""


def may_gain(
    network: Network, homes: Snap, start: Snap, stop: Snap, *, link_s: float, limit_s: float
) -> NDArray[np.bool_]:
    """Tell which homes a link may lead anywhere sooner.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    homes : Snap
        O homes on it.
    start, stop : Snap
        Where the link leaves the streets, one place each.
    link_s : float
        Seconds along it, or less.
    limit_s : float
        The longest cut-off.

    Returns
    -------
    array of bool (O,)
        False only for homes without a gain.

    Notes
    -----
    Where ``c(o, v) <= c(o, u) + l``, every way over the link from u to v can be walked as fast without it, since
    ``c(o, d) <= c(o, v) + c(v, d)``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> lines = [LineString([(0, 0), (100, 0)]), LineString([(200, 0), (300, 0)])]
    >>> street = {"u": [1, 3], "v": [2, 4], "walk": True, "length_m": 100.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=lines, crs=25832))
    >>> homes = network.snap([Point(0, 0), Point(300, 0)], components="any")
    >>> start, stop = (network.snap([Point(x, 0)], components="any") for x in (100, 200))
    >>> may_gain(network, homes, start, stop, link_s=75, limit_s=300).tolist()
    [True, True]
    >>> may_gain(network, homes, start, stop, link_s=75, limit_s=60).tolist()
    [False, False]
    """
    to_start, to_stop = (seconds_to(network, homes, place, limit_s) for place in (start, stop))
    there = (to_start <= limit_s) & (to_start + link_s < to_stop + _SLACK_S)
    back = (to_stop <= limit_s) & (to_stop + link_s < to_start + _SLACK_S)
    beside = np.isin(homes.edge, [start.edge[0], stop.edge[0]])
    return np.asarray(homes.linked & (there | back | beside))


def seconds_to(network: Network, homes: Snap, place: Snap, limit_s: float) -> NDArray[np.float64]:
    """Measure how long it takes from each home to a place, over the ends of its street.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    homes : Snap
        O homes on it.
    place : Snap
        One place.
    limit_s : float
        Farther is not searched.

    Returns
    -------
    array of float64 (O,)
        Seconds; inf beyond the limit. For a home on the street of the place itself there may be a shorter way.
    """
    count = network.node_count
    graph = csr_array((network.adj_s.astype(np.float64), network.adj_node, network.indptr), shape=(count, count))
    edge = int(place.edge[0])
    ends = np.array([network.edge_u[edge], network.edge_v[edge]], np.int64)
    last = np.array([place.s_from_u[0], place.s_from_v[0]], np.float64)
    # turned round: who comes to the place, not where it leads
    found = dijkstra(graph.T.tocsr(), indices=ends, limit=limit_s + 1.0)
    nodes = np.min(found + last[:, None], axis=0)
    seconds = np.full(len(homes), np.inf)
    linked = np.flatnonzero(homes.linked)
    at = homes.edge[linked]
    seconds[linked] = np.minimum(
        homes.s_to_u[linked] + nodes[network.edge_u[at]], homes.s_to_v[linked] + nodes[network.edge_v[at]]
    )
    return seconds
