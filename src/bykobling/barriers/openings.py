"""The open network G0: virtual links straight across barriers, kept apart by the barrier they open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling._types import WALKER
from bykobling.barriers.chords import (
    REACH_M,
    SPACING_M,
    Chords,
    Ways,
    hearts,
    join_streets,
    keep_open,
    ways_across,
)
from bykobling.network.model import on_grid

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.network import Network


@dataclass(frozen=True)
class Openings:
    """A network ready to have its barriers opened.

    Parameters
    ----------
    network : Network
        The network as it is, with a node at every end of a link; all distances are unchanged.
    link_u, link_v : array of int32, shape (n_links,)
        Nodes a link joins, in both directions.
    link_s : array of float32, shape (n_links,)
        Seconds along it, at walking speed and without delay, whatever the mode: nobody rides down a bank.
    link_group : array of int32, shape (n_links,)
        Row of the barrier the link opens; from ``n_barriers`` on, the joint group it belongs to.
    joint : tuple of tuple of int
        Rows of the headline barriers each joint group crosses; its links exist only where all of them are open.
    chords : Chords
        The ways across they come from, with those that could not be used.
    chord_u, chord_v : array of int64, shape (n_chords,)
        Nodes at the two ends of each chord; -1 where no street lies beside it.
    barriers : Index
        Ids of the barriers.
    headline : array of bool, shape (n_barriers,)
        Barriers that count in the headline.
    walls : array of Polygon
        Hearts of the footprints: what no straight way from a home to its street may cross.
    """

    network: Network
    link_u: NDArray[np.int32]
    link_v: NDArray[np.int32]
    link_s: NDArray[np.float32]
    link_group: NDArray[np.int32]
    joint: tuple[tuple[int, ...], ...]
    chords: Chords
    chord_u: NDArray[np.int64]
    chord_v: NDArray[np.int64]
    barriers: pd.Index
    headline: NDArray[np.bool_]
    walls: NDArray[np.object_]

    @property
    def n_barriers(self) -> int:
        """Number of barriers."""
        return len(self.barriers)


@dataclass(frozen=True)
class Ground:
    """Ways across barriers that have not met any street: the same on foot and by bicycle.

    Parameters
    ----------
    alone : Ways
        Across one barrier each.
    clusters : array of Polygon
        Headline barriers that lie side by side, taken as one.
    together : Ways
        Across the clusters.
    crossed : tuple of set of int
        Rows of the barriers each of `together` crosses, two or more.
    """

    alone: Ways
    clusters: NDArray[Any]
    together: Ways
    crossed: tuple[set[int], ...]


def ground_of(barriers: gpd.GeoDataFrame, *, spacing_m: float = SPACING_M, reach_m: float = REACH_M) -> Ground:
    """Sample ways across barriers, for every network they are opened in.

    Parameters
    ----------
    barriers : GeoDataFrame
        Barriers with footprints (`make_barriers`).
    spacing_m, reach_m : float, optional
        See `ways_across` and `join_streets`.

    Returns
    -------
    Ground
    """
    footprints = barriers.geometry.to_numpy()
    headline, linear = (barriers[name].to_numpy(bool) for name in ("headline", "linear"))
    alone = ways_across(footprints, barriers["kind"].to_numpy(object), spacing_m=spacing_m)
    mine = np.flatnonzero(headline)
    grown = shapely.union_all(shapely.buffer(footprints[mine], reach_m / 2, quad_segs=2))
    clusters = shapely.get_parts(shapely.buffer(grown, -reach_m / 2, quad_segs=2))
    wide = np.zeros(len(clusters), bool)
    surfaces = footprints[headline & ~linear]
    wide[shapely.STRtree(clusters).query(surfaces, predicate="intersects")[1]] = True
    # strips alone give no way longer than a wide railway yard
    kinds = np.where(wide, "land", "railway").astype(object)
    ways = ways_across(clusters, kinds, spacing_m=spacing_m)
    spans = shapely.linestrings(np.stack([ways.p, ways.q], axis=1))
    which, hit = shapely.STRtree(footprints[mine]).query(spans, predicate="intersects")
    crossed: list[set[int]] = [set() for _ in range(len(ways.barrier))]
    for w, h in zip(which, hit, strict=True):
        crossed[int(w)].add(int(mine[h]))
    several = np.array([len(each) > 1 for each in crossed], bool)
    return Ground(alone, clusters, ways.take(several), tuple(each for each in crossed if len(each) > 1))


def open_barriers(
    network: Network,
    barriers: gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    spacing_m: float = SPACING_M,
    reach_m: float = REACH_M,
    ground: Ground | None = None,
) -> Openings:
    """Prepare the virtual links that open each barrier.

    Parameters
    ----------
    network : Network
        Streets with two sides.
    barriers : GeoDataFrame
        Barriers with footprints (`make_barriers`).
    buildings : GeoDataFrame, optional
        No link runs through a building.
    spacing_m, reach_m : float, optional
        See `ways_across` and `join_streets`.
    ground : Ground, optional
        From `ground_of`, with the same spacing and reach, where the barriers are opened in several networks.

    Returns
    -------
    Openings
        Network and links.

    Notes
    -----
    A link opens one barrier only: it crosses no second barrier and no building. Where two headline barriers run
    side by side with no street between them, no such link exists; so that opening *all* of them is not blind to
    them, joint links cross several headline barriers at once (never water) and belong to all of them.
    """
    footprints = barriers.geometry.to_numpy()
    headline = barriers["headline"].to_numpy(bool)
    walls = buildings.geometry.to_numpy() if buildings is not None else np.empty(0, object)
    ground = ground or ground_of(barriers, spacing_m=spacing_m, reach_m=reach_m)
    chords = join_streets(ground.alone, footprints, network, reach_m=reach_m)
    chords = keep_open(chords, network, footprints=footprints, buildings=walls)
    joint, crossed = _joint(network, ground, footprints, walls, reach_m=reach_m)
    linked = chords.take(chords.linked)
    edges = np.r_[linked.edge_p, joint.edge_p, linked.edge_q, joint.edge_q]
    offsets = np.r_[linked.offset_p_m, joint.offset_p_m, linked.offset_q_m, joint.offset_q_m]
    split, nodes = network.split_at(edges, offsets)
    u, v = np.split(nodes, 2)
    chord_u, chord_v = (np.full(len(chords), -1, np.int64) for _ in range(2))
    chord_u[chords.linked], chord_v[chords.linked] = u[: len(linked)], v[: len(linked)]
    used = np.r_[linked.open, np.ones(len(joint), bool)]
    length = np.r_[linked.length_m, joint.length_m]
    sets = sorted(set(crossed))
    group = np.r_[linked.barrier, [len(barriers) + sets.index(each) for each in crossed]]
    return Openings(
        network=split,
        link_u=u[used].astype(np.int32),
        link_v=v[used].astype(np.int32),
        link_s=on_grid(length[used] / WALKER.speed_m_s),
        link_group=group[used].astype(np.int32),
        joint=tuple(sets),
        chords=chords,
        chord_u=chord_u,
        chord_v=chord_v,
        barriers=barriers.index,
        headline=headline,
        walls=hearts(footprints, linear=barriers["linear"].to_numpy(bool)),
    )


def _joint(
    network: Network, ground: Ground, footprints: NDArray[Any], walls: NDArray[Any], *, reach_m: float
) -> tuple[Chords, list[tuple[int, ...]]]:
    """Find ways across two or more headline barriers that lie side by side, and which each crosses."""
    chords = join_streets(ground.together, ground.clusters, network, reach_m=reach_m)
    allowed = np.empty(len(chords), object)
    allowed[:] = ground.crossed
    chords = keep_open(chords, network, footprints=footprints, buildings=walls, own=allowed)
    sets = [tuple(sorted(allowed[i])) for i in np.flatnonzero(chords.open)]
    return chords.take(chords.open), sets
