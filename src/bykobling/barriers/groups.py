"""Which pieces belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


def components(n: int, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of the group of each of `n` pieces; `pairs`, shape (2, n_pairs), says which are joined."""
    graph = coo_array((np.ones(pairs.shape[1], bool), (pairs[0], pairs[1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)
