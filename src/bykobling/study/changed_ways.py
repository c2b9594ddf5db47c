"""Whose ways on foot can be others after streets changed: told from a few searches at the change alone.

Where a way of one network is not there in the other, it uses an edge the other lacks. Both ends of such edges that are
nodes of before are the *ends of the change*. After the last of them a quickest way runs on edges both networks have,
so nobody who comes to every end in the same time as before has another time to anything; and no way grows or shrinks
by more than the way to one of the ends does. Points that hang on an edge of the change are looked at one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from bykobling.network.arc_matrix import arc_matrix
from bykobling.network.within import within_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.network import Links, Network, Snap

MOST_ENDS = 64
"""With more ends than these, all who come near any of them are taken to have other ways."""
LEAST_PLACES, MOST_PLACES = 64, 1000
"""Walks to so many places are looked at one by one from however few homes, and to so many at most."""
_SLACK_S = 1.0
_GRID_S = 0.01


@dataclass(frozen=True, eq=False)
class Side:
    """One state of the streets, and what hangs on it.

    Parameters
    ----------
    network : Network
        Streets on foot.
    origins : Snap
        O places ways start from.
    links : Links
        D places they lead to.
    """

    network: Network
    origins: Snap
    links: Links


@dataclass(frozen=True, eq=False)
class ChangedWays:
    """What may be another way, between the same places before and after.

    Parameters
    ----------
    before, after : Side
        The same places on both.
    ends : array of int64 (K,)
        Nodes at the ends of the change; they have one number in both networks.
    moved_origins : array of bool (O,)
        Hang on another edge than before, or on one that was cut.
    moved_links : array of bool (D,)
        The same of what ways lead to.
    """

    before: Side
    after: Side
    ends: NDArray[np.int64]
    moved_origins: NDArray[np.bool_]
    moved_links: NDArray[np.bool_]

    @property
    def none(self) -> bool:
        """Whether both networks are one."""
        return not (len(self.ends) or self.moved_origins.any() or self.moved_links.any())

    def near(self, limit_s: float) -> NDArray[np.bool_]:
        """Tell which origins come to the change within a limit, before or after.

        Parameters
        ----------
        limit_s : float
            Seconds.

        Returns
        -------
        array of bool (O,)
        """
        found = self.moved_origins.copy()
        for side in (self.before, self.after):
            found |= within_reach(side.network, side.origins, self.ends, limit_s)
        return found

    def near_moved_links(self, limit_s: float) -> NDArray[np.bool_]:
        """Tell which origins may come within a limit, before or after, to something that hangs otherwise than before.

        Parameters
        ----------
        limit_s : float
            Seconds.

        Returns
        -------
        array of bool (O,)
        """
        found = np.zeros(len(self.moved_origins), bool)
        for side in (self.before, self.after):
            found |= self.near_moved(side.network, side.origins, side.links, limit_s)
        return found

    def near_moved(self, network: Network, origins: Snap, links: Links, limit_s: float) -> NDArray[np.bool_]:
        """Tell which origins may come within a limit to something that hangs otherwise, on one of the networks.

        Parameters
        ----------
        network : Network
            Of before or after, or with other seconds on its edges.
        origins : Snap
            The origins on it.
        links : Links
            What ways lead to.
        limit_s : float
            Seconds.

        Returns
        -------
        array of bool (O,)
        """
        edge = np.unique(links.edge[self.moved_links[links.dest]])
        nodes = np.concatenate([network.edge_u[edge], network.edge_v[edge]])
        # who lives on the same edge passes no node
        return within_reach(network, origins, nodes, limit_s) | np.isin(origins.edge, edge)

    def other_ways(self, limit_s: float) -> NDArray[np.bool_]:
        """Tell which origins may have another way of at most a limit to anything that hangs as before.

        Parameters
        ----------
        limit_s : float
            Seconds.

        Returns
        -------
        array of bool (O,)
            Those that hang otherwise are among them.
        """
        if len(self.ends) > MOST_ENDS:
            return self.near(limit_s)
        was, now = (seconds_to(side, self.ends, limit_s) for side in (self.before, self.after))
        other = (was != now) & (np.minimum(was, now) <= limit_s + _SLACK_S)
        return np.asarray(other.any(axis=0) | self.moved_origins)

    def may_cross(self, limits_s: Sequence[float]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Tell where something that hangs as before may come within a limit it was beyond, or beyond it.

        Parameters
        ----------
        limits_s : sequence of float
            Seconds.

        Returns
        -------
        origins : array of bool (O,)
            Those it may be so for.
        places : array of bool (D,)
            Places fewer than whom it may be so for, so that walks to them are soon looked at one by one. From whom it
            may be so to these alone are not among the origins.
        """
        longest, places = max(limits_s), np.zeros(len(self.moved_links), bool)
        if len(self.ends) > MOST_ENDS:
            return self.near(longest), places
        groups = []
        sides = (self.before, self.after)
        to_end = [seconds_to(side, self.ends, longest) for side in sides]
        from_end = [seconds_from(side, self.ends, longest) for side in sides]
        for quick, slow in ((1, 0), (0, 1)):
            saved = _gain(to_end[quick], to_end[slow])
            seconds, between = from_end[quick]
            leads = _leads(seconds, between, from_end[slow][0])
            for last, led in enumerate(leads):
                hit = _within_other_limits(to_end[quick][last], saved[last], seconds[last, led], limits_s)
                groups.append((hit, led))
        origins = np.zeros(len(self.moved_origins), bool)
        for hit, led in sorted(groups, key=lambda group: int(group[1].sum())):
            if (places | led).sum() <= min(MOST_PLACES, max(LEAST_PLACES, hit.sum() // 2)):
                places |= led
            else:
                origins |= hit
        return origins, places & ~self.moved_links


def changed_ways(before: Side, after: Side) -> ChangedWays:
    """Find where two networks differ, and what hangs there.

    Parameters
    ----------
    before, after : Side
        The same places; nodes of before keep their numbers after.

    Returns
    -------
    ChangedWays
    """
    return ChangedWays(
        before,
        after,
        ends=ends_of_change(before.network, after.network),
        moved_origins=moved_points(before.network, before.origins, after.network, after.origins),
        moved_links=moved_links(before.network, before.links, after.network, after.links),
    )


def ends_of_change(before: Network, after: Network) -> NDArray[np.int64]:
    """List the nodes of before that an edge ends at which the other network has not.

    Parameters
    ----------
    before, after : Network
        Nodes of before keep their numbers after.

    Returns
    -------
    array of int64
    """
    if after is before:
        return np.empty(0, np.int64)
    columns = ("edge_u", "edge_v", "edge_s_forward", "edge_s_backward", "edge_length_m")
    tables = [pd.DataFrame({name: getattr(one, name) for name in columns}).drop_duplicates() for one in (before, after)]
    other = pd.concat(tables, ignore_index=True).drop_duplicates(keep=False)
    nodes = np.unique(other[["edge_u", "edge_v"]].to_numpy(np.int64))
    return nodes[nodes < before.node_count]


def moved_points(before: Network, was: Snap, after: Network, now: Snap) -> NDArray[np.bool_]:
    """Tell which points hang otherwise than before.

    Parameters
    ----------
    before, after : Network
        Two networks.
    was, now : Snap
        The same points on each.

    Returns
    -------
    array of bool
    """
    moved = was.linked != now.linked
    both = np.flatnonzero(was.linked & now.linked)
    same = _same_edges(before, was.edge[both], after, now.edge[both])
    same &= (was.offset_m[both] == now.offset_m[both]) & (was.access_s[both] == now.access_s[both])
    moved[both] = ~same
    return np.asarray(moved)


def moved_links(before: Network, was: Links, after: Network, now: Links) -> NDArray[np.bool_]:
    """Tell which destinations hang otherwise than before.

    Parameters
    ----------
    before, after : Network
        Two networks.
    was, now : Links
        The same destinations on each.

    Returns
    -------
    array of bool
    """
    counts = [np.bincount(one.dest, minlength=len(was)) for one in (was, now)]
    moved = np.asarray(counts[0] != counts[1])
    rows = [np.flatnonzero(~moved[one.dest]) for one in (was, now)]
    # destinations ascend and edges keep their order, so that one row is beside the other
    same = _same_edges(before, was.edge[rows[0]], after, now.edge[rows[1]])
    for name in ("from_m", "to_m", "extra_s"):
        same &= getattr(was, name)[rows[0]] == getattr(now, name)[rows[1]]
    moved[was.dest[rows[0]][~same]] = True
    return moved


def _same_edges(
    before: Network, was: NDArray[np.int32], after: Network, now: NDArray[np.int32]
) -> NDArray[np.bool_]:  # fmt: skip
    """Tell which edges are one and the same: a cut edge has pieces with lines of their own."""
    same = np.fromiter(
        (a is b for a, b in zip(before.edge_geometry[was], after.edge_geometry[now], strict=True)), bool, len(was)
    )
    for name in ("edge_u", "edge_v", "edge_s_forward", "edge_s_backward", "edge_length_m"):
        same &= getattr(before, name)[was] == getattr(after, name)[now]
    return same


def seconds_to(side: Side, nodes: NDArray[np.int64], limit_s: float) -> NDArray[np.float64]:
    """Find how long it takes from origins to nodes.

    Parameters
    ----------
    side : Side
        Streets and origins.
    nodes : array of int64 (K,)
        Nodes.
    limit_s : float
        Seconds.

    Returns
    -------
    array of float64 (K, O)
        Seconds, to the last bit; inf where not linked, and beyond the limit.
    """
    network, origins = side.network, side.origins
    at_node = _search(network, nodes, limit_s, backwards=True)
    edge = np.maximum(origins.edge, 0)
    by_u = at_node[:, network.edge_u[edge]] + origins.s_to_u
    return np.asarray(np.minimum(by_u, at_node[:, network.edge_v[edge]] + origins.s_to_v))


def seconds_from(
    side: Side, nodes: NDArray[np.int64], limit_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Find how long it takes from nodes to what ways lead to, and to each other.

    Parameters
    ----------
    side : Side
        Streets and links.
    nodes : array of int64 (K,)
        Nodes.
    limit_s : float
        Seconds.

    Returns
    -------
    places : array of float64 (K, D)
        Seconds, to the last bit; inf where not linked, and beyond the limit.
    nodes : array of float64 (K, K)
    """
    network, links = side.network, side.links
    at_node = _search(network, nodes, limit_s, backwards=False)
    indptr, dest, seconds = links.node_table(network)
    tail = np.repeat(np.arange(network.node_count), np.diff(indptr))
    order = np.argsort(dest, kind="stable")
    first = np.flatnonzero(np.diff(dest[order], prepend=-1))
    found = np.full((len(nodes), len(links)), np.inf)
    if len(first):
        ways = at_node[:, tail[order]] + seconds[order]
        found[:, dest[order][first]] = np.minimum.reduceat(ways, first, axis=1)
    return found, at_node[:, nodes]


def _search(network: Network, nodes: NDArray[np.int64], limit_s: float, *, backwards: bool) -> NDArray[np.float64]:
    """Search from (or to) some nodes: (K, n)."""
    if not len(nodes):
        return np.empty((0, network.node_count))
    arcs = arc_matrix(network, backwards=backwards)
    return np.asarray(dijkstra(arcs, indices=nodes, limit=limit_s + _SLACK_S))


def _leads(
    quick: NDArray[np.float64], between: NDArray[np.float64], slow: NDArray[np.float64]
) -> list[NDArray[np.bool_]]:
    """Tell for each end, the last of the change a way passes, to which places a quicker way leads so.

    Such a way comes to the change at another end, from where the place is nearer than in the slow network, and passes
    the last end on the quickest way from there.
    """
    nearer = _gain(quick, slow) > 0
    found = []
    for last, seconds in enumerate(quick):
        led = nearer & np.isfinite(seconds) & (between[:, last, None] + seconds <= quick + _GRID_S)
        led[last] = False
        found.append(led.any(axis=0))
    return found


def _within_other_limits(
    there: NDArray[np.float64], saved: NDArray[np.float64], places: NDArray[np.float64], limits_s: Sequence[float]
) -> NDArray[np.bool_]:
    """Tell from which origins a way by one end may be within a limit, and would not be if it were longer by `saved`."""
    hit = np.zeros(len(there), bool)
    rows = np.flatnonzero(saved > 0)
    ordered = np.sort(places)
    for limit in limits_s:
        # walks are rounded up to whole seconds, so a limit of whole seconds is kept by the seconds themselves
        slack = _GRID_S if float(limit).is_integer() else _SLACK_S
        left = limit - there[rows]
        within = np.searchsorted(ordered, left + slack, side="right")
        inside = np.searchsorted(ordered, left - saved[rows] - slack, side="left")
        hit[rows] |= within > inside
    return hit


def _gain(quick: NDArray[np.float64], slow: NDArray[np.float64]) -> NDArray[np.float64]:
    """Tell how much quicker one is than the other: inf where the other is beyond the limit, 0 where both are."""
    known = np.isfinite(quick)
    gain = np.zeros(quick.shape)
    gain[known] = slow[known] - quick[known]
    return np.maximum(gain, 0.0)
