"""Origins and destinations laid out as the kernels take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling._kernels import hung, lanes, together
from bykobling.errors import Fault, InputError
from bykobling.network.links import Links

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from numpy.typing import NDArray

    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap

FARTHEST = np.finfo(np.float32).max


@dataclass(frozen=True)
class Ends:
    """Origins and destinations as the kernels take them."""

    links: Links
    tables: tuple[tuple[NDArray[Any], ...], ...]
    scratch: Callable[[], tuple[tuple[NDArray[Any], ...], ...]]

    @property
    def order(self) -> NDArray[Any]:
        """Origins in the order of work."""
        return self.tables[1][0]


def ends_of(network: Network, origins: Snap, destinations: Snap | Links) -> Ends:
    """Lay origins and destinations out for the kernels."""
    links = destinations if isinstance(destinations, Links) else Links.from_snap(destinations)
    hangs, direct = rows_of(*links.node_table(network)), rows_of(*links.direct_table(network, origins))
    count = len(links)

    def make() -> tuple[tuple[NDArray[Any], ...], ...]:
        return (*searching(network), hung.scratch(count))

    return Ends(links, (arcs_of(network), origins_of(network, origins), hangs, direct), make)


def searching(network: Network) -> tuple[tuple[NDArray[Any], ...], tuple[NDArray[Any], ...]]:
    """Allocate what one thread needs to search from origins together."""
    return lanes.scratch(network.node_count, len(network.adj_node)), together.scratch()


def arcs_of(network: Network) -> tuple[NDArray[Any], ...]:
    """Take the arcs of a network as the kernels take them."""
    return rows_of(network.indptr, network.adj_node, network.adj_s)


def rows_of(
    indptr: NDArray[np.int64], number: NDArray[np.int32], seconds: NDArray[np.float32]
) -> tuple[NDArray[Any], ...]:
    """Fix compressed rows for the kernels."""
    return fixed(indptr, np.int64), fixed(number, np.int32), fixed(seconds, np.float32)


def origins_of(network: Network, origins: Snap) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Lay origins out for the kernels: order of work, seed nodes, seed seconds."""
    edge = np.maximum(origins.edge, 0)
    ends = np.column_stack([network.edge_u[edge], network.edge_v[edge]])
    ends[~origins.linked] = -1
    # the lower of the two: streets stand next to their neighbours even where the curve jumps between their ends
    order = np.argsort(ends.min(axis=1), kind="stable")
    seconds = np.column_stack([origins.s_to_u, origins.s_to_v])
    return fixed(order, np.int64), fixed(ends, np.int32), fixed(seconds, np.float32)


def fixed(values: NDArray[Any], dtype: Any) -> NDArray[Any]:  # noqa: ANN401 - numpy's scalar types
    """Give an array the one type, layout and (read-only) kind a kernel is compiled for."""
    fixed: NDArray[Any] = np.ascontiguousarray(values, dtype=dtype).view()
    fixed.flags.writeable = False
    return fixed


def weights_of(table: NDArray[np.float64]) -> tuple[NDArray[Any], ...]:
    """Lay what destinations weigh (D, F) out for the kernels, as compressed rows: nearly all weigh in one field."""
    row, field = np.nonzero(table)
    per_dest = np.searchsorted(row, np.arange(len(table) + 1))
    return fixed(per_dest, np.int64), fixed(field, np.int64), fixed(table[row, field], np.float64)


def limit_of(limit_s: float | None) -> np.float32:
    """Check a limit; None is no limit, told as the largest number: what is not reached lies at inf, beyond it."""
    if limit_s is None:
        return FARTHEST
    if not limit_s >= 0:
        raise InputError(Fault("limit_s", "", f"{limit_s} is not a number of seconds", "pass 0 or more"))
    return np.float32(min(limit_s, float(FARTHEST)))


def cutoffs_of(cutoffs_s: NDArray[Any]) -> NDArray[np.float32]:
    """Lay cut-offs out for the kernels; inf as `limit_of` does."""
    return fixed(np.minimum(cutoffs_s, FARTHEST), np.float32)
