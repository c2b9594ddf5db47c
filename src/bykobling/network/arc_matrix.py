"""The arcs of a network as a sparse matrix, for searches that scipy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array

if TYPE_CHECKING:
    from bykobling.network.model import Network


def arc_matrix(network: Network, *, backwards: bool = False) -> csr_array:
    """Put the quickest arc from node to node into a matrix.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    backwards : bool, optional
        Turn every arc round.

    Returns
    -------
    csr_array (n, n)
        Seconds, float64. Of parallel arcs the quickest alone: a sparse matrix would add them up.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> arc_matrix(network).toarray().tolist()
    [[0.0, 600.0], [600.0, 0.0]]
    """
    count = network.node_count
    tail, head = np.repeat(np.arange(count, dtype=np.int32), np.diff(network.indptr)), network.adj_node
    start, stop = (head, tail) if backwards else (tail, head)
    seconds = network.adj_s.astype(np.float64)
    order = np.lexsort((seconds, stop, start))
    start, stop, seconds = start[order], stop[order], seconds[order]
    least = np.ones(len(order), bool)
    least[1:] = (start[1:] != start[:-1]) | (stop[1:] != stop[:-1])
    indptr = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(start[least], minlength=count), out=indptr[1:])
    return csr_array((seconds[least], stop[least], indptr), shape=(count, count))
