"""Travel times of many single pairs of nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.model import Network


def pair_costs(
    network: Network,
    source: ArrayLike,
    target: ArrayLike,
    limit_s: float,
    *,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Measure the time from each source node to the target node beside it.

    Parameters
    ----------
    network : Network
        Streets.
    source, target : array of int, shape (n,)
        Node positions.
    limit_s : float
        Longest time searched, seconds.
    progress : callable, optional
        ``progress(done, total, message)``; may raise to stop.

    Returns
    -------
    array of float32, shape (n,)
        Seconds; inf where the target is not reached within the limit.
    """
    from bykobling._kernels.heap import scratch  # noqa: PLC0415 - compiled on first use
    from bykobling._kernels.pairs import pair_seconds  # noqa: PLC0415 - compiled on first use
    from bykobling._kernels.threads import in_chunks  # noqa: PLC0415 - imports numba

    begin, end = np.ascontiguousarray(source, np.int64), np.ascontiguousarray(target, np.int64)
    out = np.full(len(begin), np.inf, np.float32)

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - arrays for the kernel
        dist, touched, heap = mine
        pair_seconds(
            network.indptr, network.adj_node, network.adj_s, begin, end, np.float32(limit_s),
            start, stop, dist, touched, heap, out,
        )  # fmt: skip

    in_chunks(
        work,
        len(begin),
        scratch=lambda: scratch(network.node_count, len(network.adj_node)),
        progress=progress,
        message="Walking from side to side of every barrier",
    )
    return out
