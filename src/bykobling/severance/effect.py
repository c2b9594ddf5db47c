"""The headline pair: what share of their reach barriers take from residents, and which barrier takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling._kernels.opening import opening_scratch, opening_sums
from bykobling._kernels.threads import in_chunks
from bykobling.network import Links

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Mode, Progress
    from bykobling.barriers import Openings
    from bykobling.network import Network, Snap

ORIGINS_A_CHUNK = 32
EDGE_M = 30.0
"""A street end this near the edge of the extract may go on outside it."""

_HEADLINE, _WATER = 0, 1


@dataclass(frozen=True)
class BarrierEffect:
    """Reach with barriers as they are, with all opened, and with each opened alone.

    Arrays are aligned with the residents (R), areas (A), barriers (B), cut-offs (C) and fields (F) of the call.

    Parameters
    ----------
    mode : {"walk", "bike"}
        How residents move.
    cutoffs_min : tuple of float
        Minutes (C).
    fields : tuple of str
        What is reached (F).
    residents_index, areas_index, barriers_index : Index
        Labels of R, A, B.
    people : array (R,)
        Residents, 0 where unlinked.
    reach, reach_open, reach_open_water : array (R, C, F)
        Weight within reach as it is, with the headline barriers open, with the water open; NaN where unlinked.
    area_reach, area_reach_open, area_reach_open_water : array (A, C, F)
        The same, mean over an area's residents; NaN without linked residents.
    area_gain : array (A, B, C, F)
        What opening each barrier alone adds to an area's mean reach.
    area_share_gain : array (A, B, C, F)
        The same, plus an equal part of what barriers side by side give back only together (see `shares`).
    edge_affected : array of bool (R, C)
        True where the reach touches the edge of the extract.
    reason : array of str (R,)
        ``ok``, ``unlinked`` or ``island``.
    headline : array of bool (B,)
        Which barriers count in the headline.
    """

    mode: Mode
    cutoffs_min: tuple[float, ...]
    fields: tuple[str, ...]
    residents_index: pd.Index
    areas_index: pd.Index
    barriers_index: pd.Index
    people: NDArray[np.float64]
    reach: NDArray[np.float64]
    reach_open: NDArray[np.float64]
    reach_open_water: NDArray[np.float64]
    area_reach: NDArray[np.float64]
    area_reach_open: NDArray[np.float64]
    area_reach_open_water: NDArray[np.float64]
    area_gain: NDArray[np.float64]
    area_share_gain: NDArray[np.float64]
    edge_affected: NDArray[np.bool_]
    reason: NDArray[np.object_]
    headline: NDArray[np.bool_]

    def effect(self, *, water: bool = False) -> NDArray[np.float64]:
        """Return the barrier effect at each resident's home, 1 - reach / open reach, shape (R, C, F).

        Parameters
        ----------
        water : bool, optional
            Open the water instead of the headline barriers.

        Returns
        -------
        array of float
            In [0, 1); NaN where unlinked or where nothing is reached even with the barriers open.
        """
        return _lost(self.reach, self.reach_open_water if water else self.reach_open)

    def area_effect(self, *, water: bool = False) -> NDArray[np.float64]:
        """Return the barrier effect of each area, shape (A, C, F).

        Parameters
        ----------
        water : bool, optional
            Open the water instead of the headline barriers.

        Returns
        -------
        array of float
            In [0, 1); NaN where it cannot be told.
        """
        return _lost(self.area_reach, self.area_reach_open_water if water else self.area_reach_open)

    def shares(self, *, field: int = 0) -> pd.DataFrame:
        """List each barrier's share of each area's lost reach.

        Parameters
        ----------
        field : int, optional
            Position in `fields`.

        Returns
        -------
        DataFrame
            ``area_id``, ``barrier_id``, ``mode``, ``cutoff_min``, ``barrier_share`` (of the sum over headline
            barriers, so that it sums to 1; water barriers have shares among the water), and ``lost_reach_share``
            (the same gain over the reach with its kind all open).

        Notes
        -----
        A barrier's gain is what opening it alone adds. Where barriers run side by side with no street between (a
        railway and the building site along it), opening one alone gives nothing though both cut off; what opening
        such neighbours together adds beyond their own gains is split equally between them, as the Shapley value of
        two players does (Shapley 1953, doi 10.1515/9781400881970-018).
        """
        parts = []
        for mask, opened in (
            (self.headline, self.area_reach_open),
            (~self.headline, self.area_reach_open_water),
        ):
            gain = np.where(mask[None, :, None], self.area_share_gain[:, :, :, field], 0.0)
            total = gain.sum(axis=1)
            area, barrier, cutoff = np.nonzero(gain > 0)
            value = gain[area, barrier, cutoff]
            parts.append(
                pd.DataFrame(
                    {
                        "area_id": self.areas_index.to_numpy(object)[area],
                        "barrier_id": self.barriers_index.to_numpy(object)[barrier],
                        "mode": self.mode,
                        "cutoff_min": np.asarray(self.cutoffs_min)[cutoff],
                        "barrier_share": value / total[area, cutoff],
                        "lost_reach_share": value / opened[area, cutoff, field],
                    }
                )
            )
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values(
            ["area_id", "cutoff_min", "barrier_share"], ascending=[True, True, False], kind="stable"
        ).reset_index(drop=True)

    def interaction(self, *, field: int = 0) -> NDArray[np.float64]:
        """Return the share of each area's loss that is in no barrier's share, shape (A, C).

        All open minus the sum of the barriers' gains, over all open minus as it is. Positive where barriers lie one
        behind the other (opening one helps little), negative where one opening would do for two.

        Parameters
        ----------
        field : int, optional
            Position in `fields`.

        Returns
        -------
        array of float
            NaN where nothing is lost.
        """
        lost = (self.area_reach_open - self.area_reach)[:, :, field]
        alone = self.area_share_gain[..., field][:, self.headline].sum(axis=1)
        return np.asarray(np.divide(lost - alone, lost, out=np.full_like(lost, np.nan), where=lost > 0))


def _lost(reach: NDArray[np.float64], opened: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 - np.divide(reach, opened, out=np.full_like(reach, np.nan), where=opened > 0))


def category_weights(destinations: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Weigh places so that every category counts alike, whatever its number of places.

    Parameters
    ----------
    destinations : GeoDataFrame
        With ``category`` and ``weight``.

    Returns
    -------
    array of float, shape (n,)
        Sums to 1 over all places and to the same over each category that has any.

    Examples
    --------
    >>> import pandas as pd
    >>> category_weights(pd.DataFrame({"category": ["a", "a", "b"], "weight": [1.0, 3.0, 5.0]})).tolist()
    [0.125, 0.375, 0.5]
    """
    weight = destinations["weight"].astype(float)
    total = weight.groupby(destinations["category"].to_numpy()).transform("sum")
    categories = destinations["category"][weight > 0].nunique()
    share = np.divide(weight, total * categories, out=np.zeros(len(weight)), where=(total > 0).to_numpy())
    return np.asarray(share, float)


def edge_nodes(network: Network, extent: shapely.Polygon) -> NDArray[np.int64]:
    """Find nodes where streets may go on beyond the extract.

    Parameters
    ----------
    network : Network
        Streets.
    extent : Polygon
        What the extract covers, in the network's CRS.

    Returns
    -------
    array of int
        Nodes within 30 m of the extent's outline, or outside it.
    """
    inner = shapely.buffer(extent, -EDGE_M)
    shapely.prepare(inner)
    return np.flatnonzero(~shapely.contains_xy(inner, network.node_x, network.node_y))


def barrier_effect(
    openings: Openings,
    residents: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    cutoffs_min: Sequence[float] = (5, 10, 15),
    weights: ArrayLike | None = None,
    neighbors: gpd.GeoDataFrame | None = None,
    extent: shapely.Polygon | None = None,
    progress: Progress | None = None,
) -> BarrierEffect:
    """Measure the share of residents' reach lost to barriers, and the share each barrier takes.

    ``BE_A = 1 - Acc_A(G) / Acc_A(G0)`` with ``Acc_A`` the mean over the area's residents of the weight within the
    cut-off, G the network as it is and G0 with virtual links straight across every barrier, walked without delay.
    A barrier's share is what opening it alone adds, over the sum of that over all barriers.

    Parameters
    ----------
    openings : Openings
        Network and virtual links (`bykobling.barriers.open_barriers`).
    residents : GeoDataFrame
        Points with ``residents`` (persons, or a weight) and ``area_id`` (None outside every area).
    destinations : GeoDataFrame
        Points, or polygons reached at their edge, with ``category`` and ``weight``.
    cutoffs_min : sequence of float, optional
        Minutes.
    weights : array of float, shape (n_destinations,), optional
        Weight of each destination; `category_weights` by default.
    neighbors : GeoDataFrame, optional
        Points with ``residents``: everybody who counts in the second field, ``people`` (the reach of people); the
        residents themselves by default.
    extent : Polygon, optional
        What the extract covers: marks residents whose reach touches its edge.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    BarrierEffect
        Values by resident, area and barrier.

    Notes
    -----
    The normalised form is bykobling's own. The concept, travel time and catchment with and without the barrier, is
    van Eldijk, Gil, Kuska, Sisinty Patro (2020), "Missing links: Quantifying barrier effects of transport
    infrastructure on local accessibility", Transportation Research Part D 85:102410, doi 10.1016/j.trd.2020.102410.
    """
    network = openings.network
    cutoffs = np.sort(np.asarray(cutoffs_min, float))
    home = network.snap(residents.geometry)
    people_there = residents if neighbors is None else neighbors
    links, table = _fields(network, destinations, weights, people_there)
    fields = ("places", "people")
    links, table = _with_edge(network, links, table, extent)
    areas = pd.Index(sorted(residents["area_id"].dropna().unique()), name="area_id")
    area_of = areas.get_indexer(residents["area_id"].to_numpy(object)).astype(np.int64)
    order, chunk_ptr, chunk_area = _chunks(home, area_of)
    base, union, trial = _search(
        openings, home.take(order), links, table, cutoffs,
        people=residents["residents"].to_numpy(float)[order], chunk_ptr=chunk_ptr, progress=progress,
    )  # fmt: skip
    n_fields = len(fields)
    reach, opened, wet = (np.full((len(residents), len(cutoffs), n_fields), np.nan) for _ in range(3))
    reach[order] = base[:, :, :n_fields]
    opened[order] = reach[order] + union[:, _HEADLINE, :, :n_fields]
    wet[order] = reach[order] + union[:, _WATER, :, :n_fields]
    touched = np.zeros((len(residents), len(cutoffs)), bool)
    touched[order] = (base[:, :, -1] + union[:, _HEADLINE, :, -1]) > 0
    people = np.where(home.linked, residents["residents"].to_numpy(float), 0.0)
    gain = np.zeros((len(areas), *trial.shape[1:]))
    inside = chunk_area >= 0
    np.add.at(gain, chunk_area[inside], trial[inside])
    total = np.bincount(area_of[area_of >= 0], weights=people[area_of >= 0], minlength=len(areas)).astype(float)
    mean_gain = np.divide(
        gain, total[:, None, None, None], out=np.zeros_like(gain), where=total[:, None, None, None] > 0
    )
    return BarrierEffect(
        mode=network.mode,
        cutoffs_min=tuple(float(c) for c in cutoffs),
        fields=fields,
        residents_index=residents.index,
        areas_index=areas,
        barriers_index=openings.barriers,
        people=people,
        reach=reach,
        reach_open=opened,
        reach_open_water=wet,
        area_reach=_area_mean(reach, people, area_of, total),
        area_reach_open=_area_mean(opened, people, area_of, total),
        area_reach_open_water=_area_mean(wet, people, area_of, total),
        area_gain=mean_gain[:, : openings.n_barriers, :, :n_fields],
        area_share_gain=_share_gain(mean_gain[..., :n_fields], openings),
        edge_affected=touched,
        reason=home.reason,
        headline=openings.headline,
    )


def _fields(
    network: Network, destinations: gpd.GeoDataFrame, weights: ArrayLike | None, neighbors: gpd.GeoDataFrame
) -> tuple[Links, NDArray[np.float64]]:
    """Put places and people into one list of destinations with a column of weights each."""
    own = category_weights(destinations) if weights is None else np.asarray(weights, float)
    table = np.zeros((len(own) + len(neighbors), 2))
    table[: len(own), 0] = own
    table[len(own) :, 1] = neighbors["residents"].to_numpy(float)
    people = Links.from_snap(network.snap(neighbors.geometry))
    return _stacked(network.snap_edges(destinations.geometry), people), table


def _stacked(first: Links, second: Links) -> Links:
    """Give the second destinations the numbers after the first."""
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("edge", "from_m", "to_m", "extra_s", "snap_m", "reason")
    }
    return Links(dest=np.concatenate([first.dest, second.dest + np.int32(len(first))]), **joined)


def _with_edge(
    network: Network, links: Links, table: NDArray[np.float64], extent: shapely.Polygon | None
) -> tuple[Links, NDArray[np.float64]]:
    """Add one more field: nodes at the edge of the extract."""
    nodes = edge_nodes(network, extent) if extent is not None else np.empty(0, np.int64)
    edge = Links.from_snap(network.at_nodes(nodes))
    wide = np.zeros((len(table) + len(edge), table.shape[1] + 1))
    wide[: len(table), :-1] = table
    wide[len(table) :, -1] = 1.0
    return _stacked(links, edge), wide


def _chunks(home: Snap, area_of: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Order linked residents by area, then by edge, and cut them into chunks that never straddle two areas."""
    linked = np.flatnonzero(home.linked)
    order = linked[np.lexsort((home.offset_m[linked], home.edge[linked], area_of[linked]))]
    area = area_of[order]
    starts = np.flatnonzero(np.r_[True, np.diff(area) != 0]) if len(order) else np.empty(0, np.int64)
    ends = np.r_[starts[1:], len(order)]
    pieces = [np.arange(a, b, ORIGINS_A_CHUNK) for a, b in zip(starts, ends, strict=True)]
    first = np.concatenate(pieces) if pieces else np.empty(0, np.int64)
    return order, np.r_[first, len(order)].astype(np.int64), area[first]


def _search(
    openings: Openings,
    home: Snap,
    links: Links,
    table: NDArray[np.float64],
    cutoffs_min: NDArray[np.float64],
    *,
    people: NDArray[np.float64],
    chunk_ptr: NDArray[np.int64],
    progress: Progress | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Run the compiled search: reach as it is, gain by union, gain by trial (summed by chunk)."""
    network = openings.network
    link_ptr, link_to, link_s, link_group = _link_rows(openings)
    masks, ask_ptr, ask_trial = _trials(openings)
    seeds = np.stack([network.edge_u[home.edge], network.edge_v[home.edge]], axis=1).astype(np.int32)
    seed_s = np.stack([home.s_to_u, home.s_to_v], axis=1).astype(np.float32)
    same = links.direct_table(network, home)
    hung = links.node_table(network)
    n, fields, n_chunks = len(home), table.shape[1], len(chunk_ptr) - 1
    base = np.zeros((n, len(cutoffs_min), fields))
    union = np.zeros((n, 2, len(cutoffs_min), fields))
    alone = np.zeros((n_chunks, len(masks) - 2, len(cutoffs_min), fields))
    cutoffs_s = (cutoffs_min * 60).astype(np.float32)
    weights = np.ascontiguousarray(table)

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - arrays for the kernel
        opening_sums(
            network.indptr, network.adj_node, network.adj_s, link_ptr, link_to, link_s, link_group, masks, ask_ptr, ask_trial,
            seeds, seed_s, *same, *hung, weights, cutoffs_s, people, chunk_ptr, start, stop, mine, base, union, alone,
        )  # fmt: skip

    in_chunks(
        work,
        n_chunks,
        scratch=lambda: opening_scratch(
            network.node_count, len(network.adj_node), len(link_to), len(table), masks.shape[1], len(masks) - 2
        ),
        progress=progress,
        message="Opening barriers for every home" if network.mode == "walk" else "Opening barriers by bicycle",
        chunk=1,
    )
    return base, union, alone


def _trials(openings: Openings) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int32]]:
    """List what is opened together: all headline barriers, all water, each barrier alone, each set of neighbours.

    Returns the masks over groups, and which trials (counted after the two unions) each group calls for: a barrier
    for itself, a joint group for its set.
    """
    n, joint = openings.n_barriers, openings.joint
    groups = n + len(joint)
    masks = np.zeros((2 + groups, groups), bool)
    masks[_HEADLINE] = np.r_[openings.headline, np.ones(len(joint), bool)]
    masks[_WATER, :n] = ~openings.headline
    masks[2:] = np.eye(groups, dtype=bool)
    for k, members in enumerate(joint):
        masks[2 + n + k, list(members)] = True
        for other, subset in enumerate(joint):
            masks[2 + n + k, n + other] |= set(subset) <= set(members)
    # a set is tried wherever a link of it or of a member helps: neighbours may have to be opened one after the other
    called = masks[2:] & (np.arange(groups)[:, None] >= n) | np.eye(groups, dtype=bool)
    trial, group = np.nonzero(called)
    order = np.lexsort((trial, group))
    counts = np.bincount(group, minlength=groups)
    return masks, np.r_[0, np.cumsum(counts)].astype(np.int64), trial[order].astype(np.int32)


def _share_gain(gain: NDArray[np.float64], openings: Openings) -> NDArray[np.float64]:
    """Give each barrier its own gain and an equal part of what its sets of neighbours add beyond their parts."""
    n = openings.n_barriers
    result = gain[:, :n].copy()
    extra: dict[tuple[int, ...], NDArray[np.float64]] = {}
    for k in sorted(range(len(openings.joint)), key=lambda k: len(openings.joint[k])):
        members = openings.joint[k]
        parts = sum(value for subset, value in extra.items() if set(subset) < set(members))
        extra[members] = gain[:, n + k] - gain[:, list(members)].sum(axis=1) - parts
        result[:, list(members)] += extra[members][:, None] / len(members)
    return np.maximum(result, 0.0)


def _link_rows(
    openings: Openings,
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32], NDArray[np.int32]]:
    """List the links leaving each node, in both directions, as compressed rows."""
    tail = np.r_[openings.link_u, openings.link_v]
    order = np.argsort(tail, kind="stable")
    head = np.r_[openings.link_v, openings.link_u][order].astype(np.int32)
    seconds = np.r_[openings.link_s, openings.link_s][order].astype(np.float32)
    group = np.r_[openings.link_group, openings.link_group][order].astype(np.int32)
    counts = np.bincount(tail, minlength=openings.network.node_count)
    return np.r_[0, np.cumsum(counts)].astype(np.int64), head, seconds, group


def _area_mean(
    values: NDArray[np.float64],
    people: NDArray[np.float64],
    area_of: NDArray[np.int64],
    total: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Average over each area's linked residents; NaN where there are none."""
    mine = (area_of >= 0) & (people > 0)
    summed = np.zeros((len(total), *values.shape[1:]))
    np.add.at(summed, area_of[mine], values[mine] * people[mine][:, None, None])
    return np.divide(summed, total[:, None, None], out=np.full_like(summed, np.nan), where=total[:, None, None] > 0)
