"""Times from many origins to the nearest of some places, searched backwards from all the places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.network.arc_matrix import arc_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Links, Network, Snap


class Sweep:
    """One search for all origins, instead of one for each.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.

    Notes
    -----
    Dijkstra's search over the arcs turned round, from one more node that leads to every place. Times are sums of
    seconds on a grid on which sums are exact, so they are those of a search from each origin to the last bit.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> shops = network.snap_edges([Point(400, 0), Point(800, 0)])
    >>> Sweep(network, network.snap([Point(0, 0), Point(720, 0)])).nearest_s(shops).tolist()
    [300.0, 60.0]
    """

    def __init__(self, network: Network, origins: Snap) -> None:
        self.network, self.origins = network, origins
        self._arcs = arc_matrix(network, backwards=True)

    def nearest_s(self, places: Links, limit_s: float = np.inf) -> NDArray[np.float32]:
        """Find the time to the nearest place.

        Parameters
        ----------
        places : Links
            Linked points or polygons.
        limit_s : float, optional
            Inclusive, seconds.

        Returns
        -------
        array of float32 (O,)
            Seconds; inf where none is within the limit, NaN for unlinked origins.
        """
        node_s = self._node_s(places, limit_s)
        edge = np.maximum(self.origins.edge, 0)
        seconds = np.minimum(
            self.origins.s_to_u + node_s[self.network.edge_u[edge]],
            self.origins.s_to_v + node_s[self.network.edge_v[edge]],
        ).astype(np.float32)
        # without passing a node
        indptr, _, along_s = places.direct_table(self.network, self.origins)
        np.minimum.at(seconds, np.repeat(np.arange(len(seconds)), np.diff(indptr)), along_s)
        seconds[seconds > np.float32(limit_s)] = np.inf
        seconds[~self.origins.linked] = np.nan
        return seconds

    def _node_s(self, places: Links, limit_s: float) -> NDArray[np.float64]:
        """Find the seconds from every node to the nearest place."""
        n = self.network.node_count
        indptr, _, hang_s = places.node_table(self.network)
        doors = np.flatnonzero(np.diff(indptr))
        door_s = np.minimum.reduceat(hang_s, indptr[doors]) if len(doors) else np.empty(0)
        arcs = csr_array(
            (
                np.concatenate([self._arcs.data, door_s]),
                np.concatenate([self._arcs.indices, doors.astype(np.int32)]),
                np.append(self._arcs.indptr, self._arcs.indptr[-1] + len(doors)),
            ),
            shape=(n + 1, n + 1),
        )
        return np.asarray(dijkstra(arcs, indices=n, limit=limit_s)[:n])
