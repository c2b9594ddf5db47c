"""Whose walk to a place is another one, looked at walk by walk, where a place or a home hangs otherwise than before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.accessibility.sweep import Sweep
from bykobling.network import Links, reach_table
from bykobling.network.snapping import make_snap

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from bykobling.network import Network, Snap
    from bykobling.study.changed_ways import ChangedWays, Side

_BLOCK = 256


def other_from_moved(
    ways: ChangedWays, limit_s: float, grade: Callable[[NDArray[np.float64]], NDArray[Any]]
) -> NDArray[np.bool_]:
    """Tell which origins that hang otherwise than before have a walk of another grade to any place.

    Parameters
    ----------
    ways : ChangedWays
        Origins and places, before and after.
    limit_s : float
        Longest walk.
    grade : callable
        Turns whole seconds, inf where there is no walk, into what is compared.

    Returns
    -------
    array of bool (O,)
    """
    found = np.zeros(len(ways.moved_origins), bool)
    moved = np.flatnonzero(ways.moved_origins)
    for start in range(0, len(moved), _BLOCK):
        rows = moved[start : start + _BLOCK]
        was, now = (_walks(side, rows, limit_s) for side in (ways.before, ways.after))
        found[rows] = (grade(was) != grade(now)).any(axis=1)
    return found


def walks_to(ways: ChangedWays, places: NDArray[np.int64], limit_s: float) -> NDArray[np.float32]:
    """Find the walks from every origin to some places, one search a place.

    Parameters
    ----------
    ways : ChangedWays
        Origins and places, before and after.
    places : array of int64 (P,)
        Which places.
    limit_s : float
        Longest walk.

    Returns
    -------
    array of float32 (2, O, P)
        Whole seconds before and after, inf where there is no walk.
    """
    seconds = np.full((2, len(ways.moved_origins), len(places)), np.inf, np.float32)
    if not len(places):
        return seconds
    for found, side in zip(seconds, (ways.before, ways.after), strict=True):
        links = side.links
        count = np.bincount(links.dest, minlength=len(links))
        first = np.searchsorted(links.dest, places)
        one = count[places] == 1
        one[one] = links.from_m[first[one]] == links.to_m[first[one]]
        if one.any():
            turned = _turned(side.network)
            there = _as_origins(turned, links, first[one])
            near = reach_table(turned, there, Links.from_snap(side.origins), limit_s)
            found[near.dest, np.flatnonzero(one)[near.origin]] = _whole(near.seconds)
        # a park has many ways in
        many = np.flatnonzero(~one & (count[places] > 0))
        if len(many):
            sweep = Sweep(side.network, side.origins)
            for column in many:
                found[:, column] = _whole(sweep.nearest_s(_only(links, places[column]), limit_s))
    return seconds


def _turned(network: Network) -> Network:
    """Turn every arc round."""
    tail = np.repeat(np.arange(network.node_count, dtype=np.int32), np.diff(network.indptr))
    order = np.lexsort((network.adj_edge, tail, network.adj_node))
    indptr = np.zeros(network.node_count + 1, np.int64)
    np.cumsum(np.bincount(network.adj_node, minlength=network.node_count), out=indptr[1:])
    return dataclasses.replace(
        network,
        edge_s_forward=network.edge_s_backward,
        edge_s_backward=network.edge_s_forward,
        indptr=indptr,
        adj_node=tail[order],
        adj_s=network.adj_s[order],
        adj_edge=network.adj_edge[order],
    )


def _as_origins(turned: Network, links: Links, rows: NDArray[np.int64]) -> Snap:
    """Let ways start from single places where they lead to, on streets turned round."""
    reason = np.full(len(rows), "ok", object)
    bare = make_snap(turned, links.edge[rows], links.from_m[rows], np.zeros(len(rows)), reason)
    access_s = links.extra_s[rows]
    ends = {name: getattr(bare, name) + access_s for name in ("s_to_u", "s_to_v", "s_from_u", "s_from_v")}
    return dataclasses.replace(bare, access_s=access_s, **ends)


def _walks(side: Side, rows: NDArray[np.int64], limit_s: float) -> NDArray[np.float64]:
    """Search the walks from some origins to every place: whole seconds, inf beyond the limit."""
    near = reach_table(side.network, side.origins.take(rows), side.links, limit_s)
    seconds = np.full((len(rows), len(side.links)), np.inf)
    seconds[near.origin, near.dest] = _whole(near.seconds)
    return seconds


def _whole(seconds: NDArray[np.float32]) -> NDArray[np.float64]:
    """Round up to whole seconds as `bykobling.transit.network.whole_seconds` does; inf where there is no walk."""
    return np.nan_to_num(np.ceil(seconds.astype(np.float64) - 1e-3), nan=np.inf, posinf=np.inf)


def _only(links: Links, place: np.int64) -> Links:
    """Take one of the places."""
    mine = links.dest == place
    one = slice(place, place + 1)
    return Links(
        dest=np.zeros(int(mine.sum()), np.int32),
        edge=links.edge[mine],
        from_m=links.from_m[mine],
        to_m=links.to_m[mine],
        extra_s=links.extra_s[mine],
        snap_m=links.snap_m[one],
        reason=links.reason[one],
    )
