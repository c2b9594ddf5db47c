"""The time at which the sum of what an origin reaches comes to an amount."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import ReachTable

_BLOCK = 1 << 20
"""Padded cells worked on at a time (8 MB an array)."""

_SLACK = 1e-12
"""Relative: ten times 0.1 come to 1."""


def seconds_to_sum(
    reach: ReachTable, weights: NDArray[np.float64], needed: NDArray[np.float64], *, strict: bool = False
) -> NDArray[np.float64]:
    """Find when the weight reached first comes to what each origin needs.

    Parameters
    ----------
    reach : ReachTable
        Travel times.
    weights : array of float (D,)
        Weight of each destination, 0 or more.
    needed : array of float (O,)
        Above 0.
    strict : bool, optional
        Ask for more than is needed.

    Returns
    -------
    array of float64 (O,)
        Seconds; inf where it never does within the table.

    Examples
    --------
    >>> import numpy as np
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0], [0, 1], [2, 1], n_origins=1, n_destinations=2)
    >>> seconds_to_sum(table, np.array([1.0, 4.0]), np.array([5.0])).tolist()
    [120.0]
    """
    found = np.full(reach.n_origins, np.inf)
    slack = _SLACK if strict else -_SLACK
    counts = np.diff(reach.indptr)
    step = max(1, _BLOCK // max(1, int(counts.max(initial=0))))
    for start in range(0, reach.n_origins, step):
        rows = slice(start, start + step)
        pairs = slice(reach.indptr[start], reach.indptr[min(start + step, reach.n_origins)])
        filled = np.arange(counts[rows].max()) < counts[rows, None]
        if not filled.size:
            continue
        seconds = np.full(filled.shape, np.inf, np.float32)
        seconds[filled] = reach.seconds[pairs]
        weight = np.zeros(filled.shape)
        weight[filled] = weights[reach.dest[pairs]]
        order = np.argsort(seconds, axis=1)
        # each row is summed from its own start: one sum over all rows would lose digits
        running = np.cumsum(np.take_along_axis(weight, order, 1), axis=1)
        enough = needed[rows] * (1.0 + slack)
        there = running > enough[:, None] if strict else running >= enough[:, None]
        first = np.take_along_axis(order, there.argmax(axis=1)[:, None], 1)
        found[rows] = np.where(there.any(axis=1), np.take_along_axis(seconds, first, 1)[:, 0], np.inf)
    return found
