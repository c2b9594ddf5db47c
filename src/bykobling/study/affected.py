"""Who can be touched by a proposal, and their reach after it: only what can have changed is searched again."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import shapely

from bykobling.network import Links
from bykobling.network.links import joined
from bykobling.network.paths import reach_sums
from bykobling.network.snapping import make_snap
from bykobling.network.within import within_reach
from bykobling.severance import category_weights
from bykobling.severance.fields import fields_of, gathered
from bykobling.study.access import area_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network import Network
    from bykobling.severance import BarrierEffect
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared

_SAME_M = 0.01
_ROUNDING = 1e-9


def same_streets(before: Network, after: Network) -> Network:
    """Let homes and places hang on the same parts of a changed network as before.

    Which parts are streets and which fragments goes by their size: a bridge taken away must not turn a quarter into a
    fragment that nobody lives in.

    Parameters
    ----------
    before : Network
        As things are.
    after : Network
        A changed copy; old nodes keep their numbers. Changed in place: its `main_parts` are those with a node that
        was on a street before.

    Returns
    -------
    Network
        The changed copy.
    """
    if after is before:
        return after
    was = before.main_parts[before.component]
    parts = np.zeros(int(after.component.max(initial=-1)) + 1, bool)
    parts[after.component[: len(was)][was]] = True
    vars(after)["main_parts"] = parts
    # what was found on other parts holds no more
    for name in ("_trees", "_grids", "_known_places", "_known_links"):
        vars(after).pop(name, None)
    return after


def hang_alike(before: Network, after: Network) -> bool:
    """Tell whether points hang on the same streets in both: nothing was closed, and no fragment was joined.

    Parameters
    ----------
    before, after : Network
        As things are, and changed.

    Returns
    -------
    bool
    """
    lengths = []
    for one in (before, after):
        usable = one.edge_snappable & one.main_parts[one.component[one.edge_u]]
        lengths.append(float(shapely.length(one.edge_geometry[usable]).sum()))
    return abs(lengths[0] - lengths[1]) < _SAME_M


def with_links(openings: Openings, used: NDArray[np.bool_]) -> Network:
    """Open barriers all at once: the network with virtual links as arcs of their own.

    Parameters
    ----------
    openings : Openings
        Network and links.
    used : array of bool (n_links,)
        Which links.

    Returns
    -------
    Network
        Of the same edges; points hang on it as on the network itself.
    """
    network, u, v = openings.network, openings.link_u[used], openings.link_v[used]
    tail = np.concatenate([np.repeat(np.arange(network.node_count), np.diff(network.indptr)), u, v])
    head = np.concatenate([network.adj_node, v, u]).astype(np.int32)
    seconds = np.concatenate([network.adj_s, openings.link_s[used], openings.link_s[used]]).astype(np.float32)
    edge = np.concatenate([network.adj_edge, np.full(2 * len(u), -1)]).astype(np.int32)
    order = np.lexsort((edge, head, tail))
    indptr = np.zeros(network.node_count + 1, np.int64)
    np.cumsum(np.bincount(tail, minlength=network.node_count), out=indptr[1:])
    return dataclasses.replace(network, indptr=indptr, adj_node=head[order], adj_s=seconds[order], adj_edge=edge[order])


def opened_networks(openings: Openings) -> dict[str, Network]:
    """Make the network as it is, with the headline barriers open, and with the water open.

    Parameters
    ----------
    openings : Openings
        Network and links.

    Returns
    -------
    dict of str to Network
        By the name of the reach in `BarrierEffect`.
    """
    # joint links cross headline barriers alone
    joint = openings.link_group >= openings.n_barriers
    headline = joint | openings.headline[np.where(joint, 0, openings.link_group)]
    return {
        "reach": openings.network,
        "reach_open": with_links(openings, headline),
        "reach_open_water": with_links(openings, ~headline),
    }


def effect_after(
    study: Study,
    ready: Prepared,
    before: BarrierEffect,
    *,
    openings: Openings,
    changed: Openings,
    touched: NDArray[np.int64] | None,
    only: Literal["adds", "closes"] | None = None,
    progress: Progress | None = None,
) -> BarrierEffect:
    """Measure reach on a changed network, as it is and with its barriers open.

    Parameters
    ----------
    study : Study
        Weights of categories.
    ready : Prepared
        Residents and places.
    before : BarrierEffect
        As things are.
    openings, changed : Openings
        With the network as it is, and changed (`same_streets`).
    touched : array of int or None
        Nodes of the changed network where something changed; None searches from every home.
    only : {"adds", "closes"}, optional
        Whether ways are only added, so that nobody loses, or only closed, so that nobody gains. What says otherwise is
        a home or a place that hangs on another street than before.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    BarrierEffect
        Reach after, in all three networks. What single barriers take is that of before.

    Notes
    -----
    Nobody whose way to all changed nodes is longer than the longest cut-off, with every barrier open, can gain or lose.
    """
    network, alike = changed.network, hang_alike(openings.network, changed.network)
    homes = network.snap(ready.residents.geometry, walls=changed.walls)
    rows = np.flatnonzero(homes.linked)
    cutoffs_s = np.asarray(before.cutoffs_min) * 60.0
    if touched is not None and alike:
        everything = with_links(changed, np.ones(len(changed.link_u), bool))
        rows = np.flatnonzero(within_reach(everything, homes, touched, float(cutoffs_s.max())))
    links, table = _fields(study, ready, openings, changed, alike=alike)
    values: dict[str, NDArray[np.float64]] = {}
    for name, graph in opened_networks(changed).items():
        was = getattr(before, name)
        reach = was.copy()
        # who has no street left reaches nothing; who had none before cannot be compared
        reach[~homes.linked & ~np.isnan(was[:, 0, 0])] = 0.0
        if len(rows):
            reach[rows] = reach_sums(graph, homes.take(rows), links, table, cutoffs_s, progress=progress)
        if only is not None:
            reach = np.fmax(reach, was) if only == "adds" else np.fmin(reach, was)
        same = np.isclose(reach, was, rtol=_ROUNDING, atol=1e-12) | np.isnan(was)
        values[name] = np.where(same, was, reach)
        values[f"area_{name}"] = _area_reach(before, ready, name, values[name])
    changes: dict[str, Any] = dict(values)
    return dataclasses.replace(before, **changes)


def _fields(
    study: Study, ready: Prepared, openings: Openings, changed: Openings, *, alike: bool
) -> tuple[Links, NDArray[np.float64]]:
    """List what is reached on the changed network; people met together before are met together after."""
    inputs, everybody = ready.inputs, ready.everybody
    weights = category_weights(inputs.destinations, factors=study.destinations_osm.weights)
    people = everybody["residents"].to_numpy(float)
    network = changed.network
    if not alike:
        others = network.snap(everybody.geometry, walls=changed.walls)
        return fields_of(changed, inputs.destinations, weights, others, people)
    old = openings.network
    met, number = gathered(old, old.snap(everybody.geometry, walls=openings.walls), people)
    share = np.divide(met.offset_m, old.edge_length_m[met.edge], out=np.zeros(len(met)), where=met.offset_m > 0)
    points = shapely.line_interpolate_point(old.edge_geometry[met.edge], share.clip(0, 1), normalized=True)
    there = network.snap(points, max_snap_m=1.0)
    here = make_snap(network, there.edge, there.offset_m, met.snap_m, there.reason)
    places = network.snap_edges(inputs.destinations.geometry, walls=changed.walls)
    table = np.zeros((len(weights) + len(number), 2))
    table[: len(weights), 0] = weights
    table[len(weights) :, 1] = number
    return joined(places, Links.from_snap(here)), table


def _area_reach(before: BarrierEffect, ready: Prepared, name: str, reach: NDArray[np.float64]) -> NDArray[np.float64]:
    """Average the homes of each area; areas where nothing changed keep their numbers to the last digit."""
    was, area_was = getattr(before, name), getattr(before, f"area_{name}")
    flat = pd.DataFrame(reach.reshape(len(reach), -1))
    means = area_means(flat, ready.residents).reindex(before.areas_index).to_numpy(float).reshape(area_was.shape)
    moved = ready.residents.loc[(reach != was).any(axis=(1, 2)) & ~np.isnan(was[:, 0, 0]), "area_id"]
    mine = before.areas_index.isin(moved.unique())
    return np.asarray(np.where(mine[:, None, None], means, area_was))
