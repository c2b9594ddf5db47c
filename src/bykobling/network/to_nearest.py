"""How far the nearest destination is, from everywhere at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling._kernels import points as point_kernels
from bykobling._kernels.heap import scratch
from bykobling.network.ends import fixed, limit_of, rows_of
from bykobling.network.links import Links

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from bykobling.network.model import Network
    from bykobling.network.snap import Snap


def seconds_to_nearest(
    network: Network, origins: Snap, destinations: Snap | Links, limit_s: float | None = None
) -> NDArray[np.float32]:
    """Find how far the nearest destination is, not which: one search for all origins, from all destinations at once.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        Places on it.
    destinations : Snap or Links
        Places or linked polygons.
    limit_s : float, optional
        Inclusive, seconds.

    Returns
    -------
    array of float32 (O,)
        As `nearest` with one destination: inf where there is none within the limit, NaN for an unlinked origin.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> homes, shops = network.snap([Point(0, 0), Point(700, 0)]), network.snap([Point(400, 0), Point(800, 0)])
    >>> seconds_to_nearest(network, homes, shops).tolist()
    [300.0, 75.0]
    """
    links = destinations if isinstance(destinations, Links) else Links.from_snap(destinations)
    limit = limit_of(limit_s)
    indptr, _, hung_s = links.node_table(network)
    node = np.repeat(np.arange(network.node_count, dtype=np.int32), np.diff(indptr))
    tail = np.repeat(np.arange(network.node_count, dtype=np.int32), np.diff(network.indptr))
    # arcs turned round: what is found from the destinations is the way to them
    back = np.argsort(network.adj_node, kind="stable")
    arcs_in = np.zeros(network.node_count + 1, dtype=np.int64)
    np.cumsum(np.bincount(network.adj_node, minlength=network.node_count), out=arcs_in[1:])
    dist, touched, heap = scratch(network.node_count, len(tail), seeds=len(node))
    arguments: tuple[Any, ...] = (
        limit, *rows_of(arcs_in, tail[back], network.adj_s[back]),
        fixed(node, np.int32), fixed(hung_s, np.float32), dist, touched, heap,
    )  # fmt: skip
    point_kernels.from_all(*arguments)
    edge = np.maximum(origins.edge, 0)
    found: NDArray[np.float32] = np.minimum(
        origins.s_to_u + dist[network.edge_u[edge]], origins.s_to_v + dist[network.edge_v[edge]]
    )
    own_ptr, _, own_s = links.direct_table(network, origins)
    np.minimum.at(found, np.repeat(np.arange(len(origins)), np.diff(own_ptr)), own_s)
    found[found > limit] = np.inf
    found[~origins.linked] = np.nan
    return found
