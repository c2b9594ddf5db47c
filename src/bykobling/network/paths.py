"""Travel times, sums of what is in reach, nearest destinations and routes, from many origins at once.

Every function takes places snapped to the network (`Network.snap`, `Network.at_nodes`) as origins, and places
or `Links` (`Network.snap_edges`) as destinations. Cut-offs and limits are inclusive. An unlinked origin gets
NaN, never zero; an unlinked destination is reached by nobody. Results have the same bytes for every number of
threads (`numba.set_num_threads`), and rows in the order given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling._kernels import points as point_kernels
from bykobling._kernels import search
from bykobling._kernels.heap import scratch as one_by_one
from bykobling._kernels.threads import in_chunks
from bykobling.errors import Fault, InputError
from bykobling.network.ends import arcs_of, cutoffs_of, ends_of, limit_of, origins_of, searching, weights_of
from bykobling.network.links import Links
from bykobling.network.reach import in_rows
from bykobling.network.route import Path, shortest_path

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap

__all__ = [
    "Costs",
    "Nearest",
    "Path",
    "costs_within",
    "nearest",
    "reach_sums",
    "reasons",
    "shortest_path",
    "travel_time_matrix",
]


@dataclass(frozen=True, eq=False)
class Costs:
    """Nodes within a limit of each origin, as compressed rows.

    Parameters
    ----------
    indptr : array of int64 (O + 1,)
        Row i is ``node[indptr[i]:indptr[i + 1]]``.
    node : array of int32
        Node numbers, ascending.
    seconds : array of float32
        From the origin, the walk to the network included.
    """

    indptr: NDArray[np.int64]
    node: NDArray[np.int32]
    seconds: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The k nearest destinations of each origin.

    Parameters
    ----------
    dest : array of int32 (O, k)
        Destination numbers, nearest first (of equally near the lower number); -1 where there are fewer.
    seconds : array of float32 (O, k)
        Travel times; inf where there are fewer, NaN for an unlinked origin.
    reason : array of str (O,)
        ``"ok"`` with at least one, else why there is none.
    """

    dest: NDArray[np.int32]
    seconds: NDArray[np.float32]
    reason: NDArray[np.object_]


def costs_within(network: Network, origins: Snap, limit_s: float, *, progress: Progress | None = None) -> Costs:
    """Find the nodes within a limit of each origin.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        Places on it; an unlinked one has an empty row.
    limit_s : float
        Inclusive, seconds.
    progress : callable, optional
        Told after every chunk of origins.

    Returns
    -------
    Costs
    """
    limit = limit_of(limit_s)
    laid = origins_of(network, origins)
    arcs = arcs_of(network)
    counts = np.zeros(len(origins), dtype=np.int64)
    chunks: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, arcs, laid, *mine, counts)
        chunks[start] = search.costs_within(*arguments)

    in_chunks(
        work,
        len(origins),
        scratch=lambda: searching(network),
        progress=progress,
        message="costs",
    )
    indptr, node, seconds = in_rows(chunks, counts, laid[0])
    return Costs(indptr=indptr, node=node, seconds=seconds)


def travel_time_matrix(
    network: Network,
    origins: Snap,
    destinations: Snap | Links,
    limit_s: float | None = None,
    *,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Find the travel time from every origin to every destination.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        Places on it.
    destinations : Snap or Links
        Places or linked polygons.
    limit_s : float, optional
        Inclusive, seconds.
    progress : callable, optional
        Told after every chunk of origins.

    Returns
    -------
    array of float32 (O, D)
        Seconds; inf where there is no way within the limit, NaN where either end is unlinked (see `reasons`).
    """
    ends = ends_of(network, origins, destinations)
    times = np.full((len(origins), len(ends.links)), np.inf, dtype=np.float32)
    limit = limit_of(limit_s)

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, *ends.tables, mine, times)
        search.travel_times(*arguments)

    in_chunks(work, len(origins), scratch=ends.scratch, progress=progress, message="travel times")
    times[~origins.linked] = np.nan
    times[:, ~ends.links.linked] = np.nan
    return times


def reach_sums(
    network: Network,
    origins: Snap,
    destinations: Snap | Links,
    weights: ArrayLike,
    cutoffs_s: ArrayLike,
    *,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Add up the weights of the destinations within each cut-off of each origin, in one sweep.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        Places on it.
    destinations : Snap or Links
        D places or linked polygons; each counts once.
    weights : array of float (D,) or (D, F)
        One column a field (category of destinations).
    cutoffs_s : array of float (C,)
        Inclusive, seconds, in any order.
    progress : callable, optional
        Told after every chunk of origins.

    Returns
    -------
    array of float64 (O, C, F)
        NaN for unlinked origins.

    Raises
    ------
    InputError
        Weights that do not fit the destinations or are not finite; cut-offs that are missing or negative.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> streets = gpd.GeoDataFrame(street, geometry=[line], crs=25832)
    >>> network = Network.from_streets(streets)
    >>> home = network.snap([Point(0, 0)])
    >>> shops = network.snap([Point(400, 0), Point(800, 0)])
    >>> reach_sums(network, home, shops, [1.0, 2.0], [300.0, 600.0]).tolist()
    [[[1.0], [3.0]]]
    """
    ends = ends_of(network, origins, destinations)
    weighted = np.asarray(weights, dtype=np.float64)
    weighted = weighted[:, None] if weighted.ndim == 1 else weighted
    cutoffs = np.atleast_1d(np.asarray(cutoffs_s, dtype=np.float64))
    _check_sums(len(ends.links), weighted, cutoffs)
    ascending = np.argsort(cutoffs, kind="stable")
    bounds = cutoffs_of(cutoffs[ascending])
    rows = weights_of(weighted)
    sums = np.zeros((len(origins), len(cutoffs), weighted.shape[1]))

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, bounds[-1], *ends.tables, mine, rows, bounds, sums)
        search.reach_sums(*arguments)

    in_chunks(work, len(origins), scratch=ends.scratch, progress=progress, message="reach")
    sums[~origins.linked] = np.nan
    back = np.empty_like(ascending)
    back[ascending] = np.arange(len(ascending))
    return sums if (back == np.arange(len(back))).all() else np.ascontiguousarray(sums[:, back])


def nearest(
    network: Network,
    origins: Snap,
    destinations: Snap | Links,
    k: int = 1,
    limit_s: float | None = None,
    *,
    progress: Progress | None = None,
) -> Nearest:
    """Find the k nearest destinations of each origin.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        Places on it.
    destinations : Snap or Links
        Places or linked polygons; each counts once.
    k : int
        How many.
    limit_s : float, optional
        Inclusive, seconds.
    progress : callable, optional
        Told after every chunk of origins.

    Returns
    -------
    Nearest

    Raises
    ------
    InputError
        A k below 1.
    """
    if k < 1:
        raise InputError(Fault("nearest", "k", f"{k} is below 1", "ask for one or more"))
    ends = ends_of(network, origins, destinations)
    limit = limit_of(limit_s)
    best = np.full((len(origins), k), -1, dtype=np.int32)
    best_s = np.full((len(origins), k), np.inf, dtype=np.float32)

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, *ends.tables, mine, best, best_s)
        point_kernels.k_nearest(*arguments)

    in_chunks(
        work,
        len(origins),
        scratch=lambda: one_by_one(network.node_count, len(network.adj_node)),
        progress=progress,
        message="nearest",
    )
    best_s[~origins.linked] = np.nan
    on_part = np.zeros(int(network.component.max()) + 1, dtype=np.bool_)
    on_part[network.component[network.edge_u[ends.links.edge]]] = True
    reason = np.full(len(origins), "beyond_limit", dtype=object)
    reason[~on_part[network.component[network.edge_u[origins.edge]]]] = "island"
    reason[best[:, 0] >= 0] = "ok"
    reason[~origins.linked] = origins.reason[~origins.linked]
    return Nearest(dest=best, seconds=best_s, reason=reason)


def reasons(
    network: Network, origins: Snap, destinations: Snap | Links, times: NDArray[np.float32]
) -> NDArray[np.object_]:
    """Tell why travel times are missing.

    Parameters
    ----------
    network : Network
        The network.
    origins : Snap
        As given to `travel_time_matrix`.
    destinations : Snap or Links
        As given to `travel_time_matrix`.
    times : array of float32 (O, D)
        Its answer.

    Returns
    -------
    array of str (O, D)
        ``"ok"``, ``"beyond_limit"`` (also against one-way streets), ``"island"``, ``"unlinked"``.
    """
    links = destinations if isinstance(destinations, Links) else Links.from_snap(destinations)
    parts = int(network.component.max()) + 1
    on_part = np.zeros((parts, len(links)), dtype=np.bool_)
    on_part[network.component[network.edge_u[links.edge]], links.dest] = True
    reason = np.full(times.shape, "beyond_limit", dtype=object)
    reason[~on_part[network.component[network.edge_u[origins.edge]]]] = "island"
    reason[np.isfinite(times)] = "ok"
    reason[:, ~links.linked] = links.reason[~links.linked]
    reason[~origins.linked] = origins.reason[~origins.linked][:, None]
    return reason


def _check_sums(destinations: int, weights: NDArray[np.float64], cutoffs: NDArray[np.float64]) -> None:
    """Refuse weights and cut-offs no sum can be made of."""
    faults = []
    if weights.ndim != 2 or len(weights) != destinations:
        rule = f"their shape is {weights.shape} for {destinations} destinations"
        faults.append(Fault("weights", "", rule, "pass one row a destination, one column a field"))
    elif not np.isfinite(weights).all():
        faults.append(Fault("weights", "", "some are not finite numbers", "fill or drop those destinations"))
    if len(cutoffs) == 0 or not (cutoffs >= 0).all():
        rule = f"{cutoffs.tolist()} are not numbers of seconds"
        faults.append(Fault("cutoffs_s", "", rule, "pass one or more, each 0 or more"))
    if faults:
        raise InputError(faults)
