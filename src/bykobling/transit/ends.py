"""The walks at both ends of a journey, laid out for the kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling.network.reach import reach_table
from bykobling.transit.network import whole_seconds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network.links import Links
    from bykobling.network.snapping import Snap
    from bykobling.transit.network import TransitNetwork

Rows = tuple["NDArray[np.int64]", "NDArray[np.int32]", "NDArray[np.int32]"]


def access_rows(transit: TransitNetwork, origins: Snap) -> Rows:
    """List the stops within the walk from each place."""
    near = reach_table(transit.network, origins, transit.links, transit.settings.max_access_min * 60.0)
    seconds = near.seconds + transit.timetable.link_in_s[near.dest]
    return _rows(near.origin, transit.timetable.link_stop[near.dest], seconds, len(origins),
                 transit.settings.max_access_min * 60.0)  # fmt: skip


def egress_rows(transit: TransitNetwork, destinations: Snap | Links) -> Rows:
    """List for each place the stops from which it is within the walk."""
    near = reach_table(transit.network, transit.links, destinations, transit.settings.max_egress_min * 60.0)
    seconds = near.seconds + transit.timetable.link_out_s[near.origin]
    return _rows(near.dest.astype(np.int64), transit.timetable.link_stop[near.origin], seconds, len(destinations),
                 transit.settings.max_egress_min * 60.0)  # fmt: skip


def direct_rows(transit: TransitNetwork, origins: Snap, destinations: Snap | Links) -> Rows:
    """List the destinations within the walk from each origin."""
    near = reach_table(transit.network, origins, destinations, transit.settings.max_walk_min * 60.0)
    return near.indptr, near.dest, whole_seconds(near.seconds)


def _rows(
    row: NDArray[np.int64], stop: NDArray[np.int32], seconds: NDArray[np.float64], count: int, limit_s: float
) -> Rows:
    """Keep the shortest walk of each pair, within the limit."""
    order = np.lexsort((seconds, stop, row))
    order = order[seconds[order] <= limit_s]
    row, stop, seconds = row[order], stop[order], seconds[order]
    least = np.concatenate([[True], (np.diff(row) != 0) | (np.diff(stop) != 0)])[: len(row)]
    pointer = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(row[least], minlength=count), out=pointer[1:])
    return pointer, stop[least].astype(np.int32), whole_seconds(seconds[least])
