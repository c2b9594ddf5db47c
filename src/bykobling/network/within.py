"""Who comes to some nodes in time: one search backwards instead of one from everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import dijkstra

from bykobling.network.arc_matrix import arc_matrix

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap

_SLACK_S = 1.0
"""A second more is let pass, so that rounding leaves nobody out."""


def within_reach(network: Network, homes: Snap, nodes: ArrayLike, limit_s: float) -> NDArray[np.bool_]:
    """Tell which homes come to any of some nodes within a limit.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    homes : Snap
        Homes on it.
    nodes : array of int
        Nodes.
    limit_s : float
        Seconds; up to a second more may pass.

    Returns
    -------
    array of bool
        False for a home that is not linked.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> homes = network.snap([Point(100, 0), Point(700, 0)])
    >>> within_reach(network, homes, [int(network.node_x.argmax())], 300).tolist()
    [False, True]
    """
    near = np.zeros(len(homes), bool)
    wanted = np.unique(np.asarray(nodes, np.int64))
    if not len(wanted):
        return near
    # turned round: who comes to the nodes, not where they lead
    seconds = dijkstra(arc_matrix(network, backwards=True), indices=wanted, limit=limit_s + _SLACK_S, min_only=True)
    linked = np.flatnonzero(homes.linked)
    edge = homes.edge[linked]
    by_u = homes.s_to_u[linked] + seconds[network.edge_u[edge]]
    by_v = homes.s_to_v[linked] + seconds[network.edge_v[edge]]
    near[linked] = np.minimum(by_u, by_v) <= limit_s + _SLACK_S
    return near
