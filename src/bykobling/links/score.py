"""What each candidate link gives, by the one-link formula: exact, and thousands of links in one pass over the homes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._kernels.one_link import link_gains as _gains
from bykobling._kernels.one_link import sort_rows
from bykobling._kernels.threads import in_chunks
from bykobling._kernels.together import ORIGINS
from bykobling.errors import Fault, InputError
from bykobling.network import Links, Snap, reach_table
from bykobling.network.ends import cutoffs_of, ends_of, fixed, weights_of
from bykobling.network.links import joined
from bykobling.network.within import within_reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network

LINKS_A_BLOCK = 1_024
"""The destinations from both ends of so many links are held at a time."""

_BATCH_BYTES = 2**26


@dataclass(frozen=True, eq=False)
class LinkGains:
    """Reach as it is, and what each link adds to it.

    Parameters
    ----------
    before : array (O, C, F)
        Weight within each cut-off of each home as things are; NaN for a home that is not linked, or so far from
        every link that none can help it.
    gain : array (G, L, C, F)
        Sum over the people of each group of the weight newly within the cut-off with each link.
    gaining : array (G, L, C)
        People of the group for whom anything that weighs in the first field is newly within it.
    """

    before: NDArray[np.float64]
    gain: NDArray[np.float64]
    gaining: NDArray[np.float64]

    def take(self, links: NDArray[np.int64]) -> LinkGains:
        """Choose links.

        Parameters
        ----------
        links : array of int
            Which, in which order.

        Returns
        -------
        LinkGains
        """
        return LinkGains(self.before, self.gain[:, links], self.gaining[:, links])


def link_gains(
    network: Network,
    homes: Snap,
    people: ArrayLike,
    destinations: Links,
    weights: ArrayLike,
    *,
    end_u: Snap,
    end_v: Snap,
    link_s: ArrayLike,
    cutoffs_s: Sequence[float],
    group: ArrayLike | None = None,
    n_groups: int = 1,
    progress: Progress | None = None,
) -> LinkGains:
    """Score links one by one, each alone added to the network.

    ``gain_l = sum_o p_o sum_d w_d [f(c'(o, d)) - f(c(o, d))]`` with f = 1 within the cut-off, 0 beyond, and
    ``c'(o, d) = min(c(o, d), c(o, u) + l + c(v, d), c(o, v) + l + c(u, d))``.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    homes : Snap
        O homes on it.
    people : array of float (O,)
        Residents of each.
    destinations : Links
        D places.
    weights : array of float (D,) or (D, F)
        One column a field.
    end_u, end_v : Snap
        Where the links leave the network, one entry a link (L), anywhere along its edges.
    link_s : array of float (L,)
        Seconds along each, the same both ways.
    cutoffs_s : sequence of float (C,)
        Ascending, inclusive.
    group : array of int (O,), optional
        Group of each home, 0 to ``n_groups - 1``, such as its area; -1 leaves a home out. All in one by default.
    n_groups : int
        Number of groups.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    LinkGains

    Raises
    ------
    InputError
        Arrays that do not fit, ends that are not on the network, times or cut-offs that are negative or not ascending.

    Notes
    -----
    The measure is that of Bhagat-Conway, Compiano, Ivie (2025), "Identifying missing links in pedestrian networks"
    (MissingLinks.jl), on homes and places along streets instead of nodes; every path through the link is counted,
    each destination at its nearest.

    Examples
    --------
    Two streets 100 m apart that nothing joins: with a link of 75 s, the 10 people of the one reach the shop in
    the other.

    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Links, Network
    >>> lines = [LineString([(0, 0), (100, 0)]), LineString([(200, 0), (300, 0)])]
    >>> street = {"u": [1, 3], "v": [2, 4], "walk": True, "length_m": 100.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=lines, crs=25832))
    >>> snap = lambda x: network.snap([Point(x, 0)], components="any")
    >>> shop = Links.from_snap(snap(300))
    >>> found = link_gains(
    ...     network, snap(0), [10], shop, [1.0], end_u=snap(100), end_v=snap(200), link_s=[75], cutoffs_s=[300]
    ... )
    >>> found.gain.tolist(), found.gaining.tolist()
    ([[[[10.0]]]], [[[10.0]]])
    """
    asked = _Asked(
        np.asarray(people, np.float64),
        _columns(weights),
        np.asarray(link_s, np.float32),
        cutoffs_of(np.asarray(cutoffs_s, np.float64)),
        np.zeros(len(homes), np.int64) if group is None else np.asarray(group, np.int64),
    )
    _check(asked, len(homes), len(destinations), {"end_u": end_u, "end_v": end_v})
    order = np.flatnonzero(homes.linked & (asked.group >= 0))
    # in the order of lower nodes, as in `bykobling.network.ends.origins_of`: neighbours are searched together
    ends = np.minimum(network.edge_u, network.edge_v)[homes.edge[order]]
    order = order[np.lexsort((homes.offset_m[order], homes.edge[order], ends, asked.group[order]))]
    n_links, n_cut, n_fields = len(asked.link_s), len(asked.cutoffs_s), asked.weights.shape[1]
    before = np.full((len(homes), n_cut, n_fields), np.nan)
    gain = np.zeros((n_groups, n_links, n_cut, n_fields))
    gaining = np.zeros((n_groups, n_links, n_cut))
    # links near each other share the homes they can help
    along = np.lexsort((end_v.edge, end_u.edge))
    blocks = [along[first : first + LINKS_A_BLOCK] for first in range(0, n_links, LINKS_A_BLOCK)]
    for number, block in enumerate(blocks):
        near = order[_near(network, homes.take(order), (end_u.take(block), end_v.take(block)), asked.cutoffs_s[-1])]

        def tell(done: int, total: int, message: str, number: int = number) -> None:
            if progress is not None:
                progress(number * total + done, len(blocks) * total, message)

        places = end_u.take(block), end_v.take(block)
        found = _score(
            network, homes.take(near), destinations, asked.take(near, block),
            places=places, n_groups=n_groups, progress=tell,
        )  # fmt: skip
        before[near] = found.before
        gain[:, block], gaining[:, block] = found.gain, found.gaining
    return LinkGains(before, gain, gaining)


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is asked, checked and of one type."""

    people: NDArray[np.float64]
    weights: NDArray[np.float64]
    link_s: NDArray[np.float32]
    cutoffs_s: NDArray[np.float32]
    group: NDArray[np.int64]

    def take(self, homes: NDArray[np.int64], links: NDArray[np.int64]) -> _Asked:
        return replace(self, people=self.people[homes], group=self.group[homes], link_s=self.link_s[links])


def _score(
    network: Network,
    homes: Snap,
    destinations: Links,
    asked: _Asked,
    *,
    places: tuple[Snap, Snap],
    n_groups: int,
    progress: Progress,
) -> LinkGains:
    """Score one block of links for the homes near it, which come group after group."""
    n, n_links = len(homes), len(asked.link_s)
    n_cut, n_fields = len(asked.cutoffs_s), asked.weights.shape[1]
    before = np.zeros((n, n_cut, n_fields))
    gain = np.zeros((n_groups, n_links, n_cut, n_fields))
    gaining = np.zeros((n_groups, n_links, n_cut))
    if not n:
        return LinkGains(before, gain, gaining)
    ends, leave = _leaving(*places, asked.link_s)
    limit = np.float32(asked.cutoffs_s[-1])
    rows = _rows(network, ends, destinations, float(limit - asked.link_s.min()))
    # ends of links are destinations too, numbered after the others
    laid = ends_of(network, homes, joined(destinations, Links.from_snap(ends)))
    weighed = weights_of(asked.weights)
    bounds = np.r_[0, np.flatnonzero(np.diff(asked.group)) + 1, n]
    # as many as may share a search
    starts = [np.arange(a, b, ORIGINS) for a, b in itertools.pairwise(bounds)]
    chunk_ptr = fixed(np.concatenate([*starts, [n]]), np.int64)
    chunk_group = asked.group[chunk_ptr[:-1]]
    n_chunks = len(chunk_group)
    batch = max(1, min(n_chunks, _BATCH_BYTES // (8 * n_links * n_cut * (n_fields + 1))))
    # home by home the chunks are small: a call takes some of them
    some = max(1, ORIGINS * n_chunks // n)
    people = fixed(asked.people, np.float64)
    along = fixed(np.arange(n), np.int64)
    arcs, (_, *seeds), hung, direct = laid.tables
    for first in range(0, n_chunks, batch):
        last = min(first + batch, n_chunks)
        part = np.zeros((last - first, *gain.shape[1:])), np.zeros((last - first, *gaining.shape[1:]))

        def work(start: int, stop: int, mine: Any, first: int = first, part: Any = part) -> None:  # noqa: ANN401
            given: tuple[Any, ...] = (
                first + start, first + stop, chunk_ptr, first, limit, arcs, (along, *seeds), hung, direct, mine,
                len(destinations), leave, rows, weighed, asked.cutoffs_s, people, before, *part,
            )  # fmt: skip
            _gains(*given)

        def told(done: int, _: int, message: str, first: int = first) -> None:
            progress(first + done, n_chunks, message)

        in_chunks(work, last - first, scratch=laid.scratch, progress=told, message="Scoring links", chunk=some)
        # chunk after chunk: the same sums for every number of threads
        np.add.at(gain, chunk_group[first:last], part[0])
        np.add.at(gaining, chunk_group[first:last], part[1])
    return LinkGains(before, gain, gaining)


def _leaving(end_u: Snap, end_v: Snap, link_s: NDArray[np.float32]) -> tuple[Snap, tuple[NDArray[Any], ...]]:
    """Find the places links end at, each once, and the links leaving each, as compressed rows."""
    edge, offset_m = np.r_[end_u.edge, end_v.edge], np.r_[end_u.offset_m, end_v.offset_m]
    depth_m = np.r_[end_u.snap_m, end_v.snap_m]
    _, first, place = np.unique(
        np.column_stack([edge, offset_m, depth_m]), axis=0, return_index=True, return_inverse=True
    )
    names = Snap.__dataclass_fields__
    both = Snap(*(np.concatenate([getattr(end_u, name), getattr(end_v, name)]) for name in names))
    place = place.ravel()
    n = len(link_s)
    tail, head = place, np.r_[place[n:], place[:n]]
    link = np.tile(np.arange(n), 2)
    order = np.lexsort((link, tail))
    indptr = np.r_[0, np.cumsum(np.bincount(tail, minlength=len(first)))]
    leave = (
        fixed(indptr, np.int64), fixed(link[order], np.int64), fixed(head[order], np.int64),
        fixed(np.tile(link_s, 2)[order], np.float32),
    )  # fmt: skip
    return both.take(first), leave


def _rows(network: Network, places: Snap, destinations: Links, limit_s: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """List the destinations from each place, nearest first, as compressed rows of (seconds, destination)."""
    table = reach_table(network, places, destinations, max(limit_s, 0.0))
    # the bits of float32 seconds order as the numbers do: one sort of uint64 sorts both
    key = table.seconds.view(np.uint32).astype(np.uint64) << np.uint64(32) | table.dest.astype(np.uint64)
    in_chunks(lambda start, stop, _: sort_rows(start, stop, table.indptr, key), len(places), scratch=lambda: None)
    return fixed(table.indptr, np.int64), fixed(key, np.uint64)


def _near(network: Network, homes: Snap, ends: tuple[Snap, Snap], limit_s: float) -> NDArray[np.bool_]:
    """Tell which homes may come to an end in time: by a node of its edge, or along the edge itself."""
    edges = np.unique(np.concatenate([each.edge for each in ends]))
    nodes = np.concatenate([network.edge_u[edges], network.edge_v[edges]])
    return within_reach(network, homes, nodes, float(limit_s)) | np.isin(homes.edge, edges)


def _columns(weights: ArrayLike) -> NDArray[np.float64]:
    """Take weights as one column a field."""
    table = np.asarray(weights, np.float64)
    return table[:, None] if table.ndim == 1 else table


def _check(asked: _Asked, homes: int, destinations: int, ends: dict[str, Snap]) -> None:
    """Collect what does not fit together, and raise it."""
    faults = []
    n_links = len(asked.link_s)
    for name, length, wanted in (
        ("people", len(asked.people), homes),
        ("group", len(asked.group), homes),
        ("weights", len(asked.weights), destinations),
        *((name, len(places), n_links) for name, places in ends.items()),
    ):
        if length != wanted:
            faults.append(Fault(name, "", f"there are {length}, not {wanted}", "give one each, in the same order"))
    for name in ("people", "weights", "link_s"):
        values = getattr(asked, name)
        if not (np.isfinite(values) & (values >= 0)).all():
            faults.append(Fault(name, "", "some are negative or not finite", "give numbers of 0 or more"))
    cutoffs = asked.cutoffs_s
    if not len(cutoffs) or not (cutoffs >= 0).all() or not (np.diff(cutoffs) > 0).all():
        rule = f"{cutoffs.tolist()} are not ascending seconds"
        faults.append(Fault("cutoffs_s", "", rule, "give one or more, each above the one before"))
    for name, places in ends.items():
        astray = np.flatnonzero(~places.linked)
        if len(astray):
            rule = f"{len(astray)} ends are not on the network"
            faults.append(Fault(name, f"link {astray[0]}", rule, "leave those links out"))
    if faults:
        raise InputError(faults)
