"""Metres on foot from homes to places of each home's own, by bounded searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bykobling.network.ends import arcs_of, fixed, limit_of, origins_of, rows_of, searching
from bykobling.network.links import Links
from bykobling.severance.fields import edge_nodes

if TYPE_CHECKING:
    from typing import Any

    import shapely
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap


def walk_metres(
    lengths: Network,
    origins: Snap,
    destinations: Snap | Links,
    pair_ptr: ArrayLike,
    pair_dest: ArrayLike,
    *,
    limit_m: float,
    progress: Progress | None = None,
    message: str = "walking to places",
) -> NDArray[np.float64]:
    """Measure the walk from each origin to the destinations it asks for, never to all.

    Parameters
    ----------
    lengths : Network
        Streets where seconds are metres (`bykobling.network.lengths`).
    origins : Snap
        O places on it.
    destinations : Snap or Links
        D places or linked polygons on it.
    pair_ptr, pair_dest : array of int (O + 1,), (k,)
        Destinations of each origin as compressed rows; no destination twice in a row.
    limit_m : float
        Longest walk searched, metres.
    progress : callable, optional
        Told after every chunk of origins.
    message : str, optional
        Passed to `progress`.

    Returns
    -------
    array of float64 (k,)
        Metres from door to door, the ways between door and street included; inf where there is no way within the
        limit, NaN where either end is unlinked.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network, by_length
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> table = gpd.GeoDataFrame(street, geometry=[LineString([(0, 0), (800, 0)])], crs=25832)
    >>> lengths = by_length(Network.from_streets(table))
    >>> homes, shops = lengths.snap([Point(0, 30)]), lengths.snap([Point(300, 0), Point(800, 0)])
    >>> walk_metres(lengths, homes, shops, [0, 2], [0, 1], limit_m=500).tolist()
    [330.0, inf]
    """
    from bykobling._kernels.listed import listed_seconds  # noqa: PLC0415 - compiled on first use
    from bykobling._kernels.threads import in_chunks  # noqa: PLC0415 - imports numba

    links = destinations if isinstance(destinations, Links) else Links.from_snap(destinations)
    ptr, dest = fixed(np.asarray(pair_ptr), np.int64), fixed(np.asarray(pair_dest), np.int32)
    hung_ptr, hung_node, hung_s = nodes_of(lengths, links)
    tables = (
        arcs_of(lengths), origins_of(lengths, origins), (ptr, dest),
        rows_of(hung_ptr, hung_node, hung_s), rows_of(*links.direct_table(lengths, origins)),
    )  # fmt: skip
    speed = lengths.profile.speed_m_s
    limit = limit_of(limit_m / speed)
    seconds = np.full(len(dest), np.inf, np.float32)

    def make() -> tuple[Any, ...]:
        return (*searching(lengths), np.full(len(links), -1, np.int32))

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, *tables, *mine, seconds)
        listed_seconds(*arguments)

    in_chunks(work, len(origins), scratch=make, progress=progress, message=message)
    metres = seconds.astype(np.float64) * speed
    metres[np.repeat(~origins.linked, np.diff(ptr)) | ~links.linked[dest]] = np.nan
    return metres


def nodes_of(network: Network, links: Links) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """List the nodes each destination hangs on, with the seconds from them, as compressed rows.

    Parameters
    ----------
    network : Network
        Streets.
    links : Links
        D destinations on it.

    Returns
    -------
    indptr : array of int64 (D + 1,)
    node : array of int32
    seconds : array of float32
    """
    indptr, dest, seconds = links.node_table(network)
    node = np.repeat(np.arange(network.node_count, dtype=np.int32), np.diff(indptr))
    order = np.argsort(dest, kind="stable")
    rows = np.zeros(len(links) + 1, np.int64)
    np.cumsum(np.bincount(dest, minlength=len(links)), out=rows[1:])
    return rows, node[order], seconds[order]


def metres_to_edge(lengths: Network, extent: shapely.Polygon | None) -> NDArray[np.float64]:
    """Measure how far every node is, along streets, from where streets may go on beyond the extract.

    Parameters
    ----------
    lengths : Network
        Streets where seconds are metres.
    extent : Polygon or None
        What the extract covers; None where it has no known edge.

    Returns
    -------
    array of float64 (n,)
        Metres from the nearest node at the edge; inf where there is none.
    """
    edge = np.empty(0, np.int64) if extent is None else edge_nodes(lengths, extent)
    if not len(edge):
        return np.full(lengths.node_count, np.inf)
    shape = (lengths.node_count, lengths.node_count)
    # a sparse matrix forgets explicit zeros, so a free edge costs next to nothing
    seconds = np.maximum(lengths.adj_s.astype(np.float64), 1e-9)
    streets = csr_array((seconds, lengths.adj_node, lengths.indptr), shape=shape)
    found: NDArray[np.float64] = dijkstra(streets.T, indices=edge, min_only=True)
    return found * lengths.profile.speed_m_s


def nearest_metres(lengths: Network, links: Links, to_node_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the least of the metres known at the nodes, the way from them to each destination included.

    Parameters
    ----------
    lengths : Network
        Streets where seconds are metres.
    links : Links
        D destinations.
    to_node_m : array of float (n,)
        Metres known at every node.

    Returns
    -------
    array of float64 (D,)
        Inf for what hangs on no node.
    """
    indptr, node, seconds = nodes_of(lengths, links)
    metres = to_node_m[node] + seconds * lengths.profile.speed_m_s
    found = np.full(len(links), np.inf)
    some = np.flatnonzero(np.diff(indptr))
    if len(some):
        found[some] = np.minimum.reduceat(metres, indptr[some])
    return found
