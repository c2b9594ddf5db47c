"""How many shortest ways run along each street: where people would ride or walk if all went the shortest way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._kernels import betweenness as kernels
from bykobling._kernels.threads import in_chunks
from bykobling.errors import Fault, InputError
from bykobling.network.undirected import undirected

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network.model import Network

_PARTS = 64
"""Partial sums, whatever the number of threads: adding them in one order makes the last digit the same."""
_LIMIT_MM = int(kernels.FAR) - 1


def edge_betweenness(
    streets: pd.DataFrame | Network, *, cutoff_m: float | None, progress: Progress | None = None
) -> pd.Series:
    """Count the shortest ways between all pairs of nodes that run along each edge.

    Of a pair of nodes with several equally short ways, each way counts in equal parts. One-way rules are left out:
    an edge may be used both ways.

    Parameters
    ----------
    streets : DataFrame, GeoDataFrame or Network
        One row an edge, ``u``, ``v`` and ``length_m`` (above 0); or a network, whose nodes are the junctions and
        ends of streets that are left after merging.
    cutoff_m : float or None
        Pairs farther apart along the streets do not count; None: all pairs do.
    progress : callable, optional
        Told as parts of the nodes are done.

    Returns
    -------
    Series of float64
        Pairs of nodes, each pair once; index of the streets, or edge numbers. The same digits for every number of
        threads.

    Raises
    ------
    InputError
        A cut-off that is not above 0; streets no way can be made of; an edge of 4,000 km.

    Notes
    -----
    For an edge e, sum over unordered pairs (s, t) with d(s, t) <= cutoff of sigma(s, t | e) / sigma(s, t), sigma the
    number of shortest ways. Brandes (2001), "A faster algorithm for betweenness centrality", Journal of Mathematical
    Sociology 25(2):163-177, doi 10.1080/0022250X.2001.9990249; with a limit as in Brandes (2008), Social Networks
    30(2):136-145, doi 10.1016/j.socnet.2007.11.001. Lengths are rounded to the millimetre, so that "equally short"
    is exact.

    Examples
    --------
    A street of three blocks: the one in the middle lies between most.

    >>> import pandas as pd
    >>> blocks = pd.DataFrame({"u": [1, 2, 3], "v": [2, 3, 4], "length_m": 100.0}, index=["a", "b", "c"])
    >>> edge_betweenness(blocks, cutoff_m=None).to_dict()
    {'a': 3.0, 'b': 4.0, 'c': 3.0}
    >>> edge_betweenness(blocks, cutoff_m=200.0).to_dict()
    {'a': 2.0, 'b': 3.0, 'c': 2.0}
    """
    limit = _limit_mm(cutoff_m)
    edges = undirected(streets)
    length_mm = np.round(edges.length_m * 1000)
    if length_mm.max() > _LIMIT_MM:
        rule = f"an edge of {edges.length_m.max():.0f} m is longer than can be counted in millimetres"
        raise InputError(Fault("streets", "length_m", rule, "check that lengths are in metres"))
    # half a millimetre is no way at all, and would be a way in no direction
    arcs = _arcs(edges.u, edges.v, np.maximum(length_mm, 1).astype(np.uint32), len(edges.node))
    nodes = len(edges.node)
    chunk = -(-nodes // _PARTS)
    parts = np.zeros((-(-nodes // chunk), len(edges.label)))

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, *arcs, *mine, parts[start // chunk])
        kernels.edge_betweenness(*arguments)

    in_chunks(
        work,
        nodes,
        scratch=lambda: kernels.scratch(nodes, len(arcs[1])),
        progress=progress,
        message="betweenness",
        chunk=chunk,
    )
    # every pair was met from both ends
    return pd.Series(parts.sum(axis=0) / 2, index=edges.label, name="betweenness")


def _limit_mm(cutoff_m: float | None) -> np.uint64:
    """Check a cut-off, and tell it in whole millimetres."""
    if cutoff_m is None:
        return np.uint64(_LIMIT_MM)
    if not cutoff_m > 0:
        rule = f"{cutoff_m} is not a number of metres above 0"
        raise InputError(Fault("cutoff_m", "", rule, "give metres along the streets, or None for all pairs"))
    return np.uint64(min(_LIMIT_MM, np.floor(cutoff_m * 1000 + 1e-6)))


def _arcs(
    u: NDArray[np.int64], v: NDArray[np.int64], length_mm: NDArray[np.uint32], nodes: int
) -> tuple[NDArray[Any], ...]:
    """Lay edges out as arcs in both directions, as compressed rows; a loop lies on no shortest way."""
    number = np.arange(len(u), dtype=np.int32)
    tail, head, edge = np.concatenate([u, v]), np.concatenate([v, u]), np.concatenate([number, number])
    order = np.lexsort((edge, head, tail))
    order = order[tail[order] != head[order]]
    indptr = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(tail[order], minlength=nodes), out=indptr[1:])
    return indptr, head[order].astype(np.int32), length_mm[edge[order]], edge[order]
