"""Gaps of a sub-network: where the shortest way between two of its ends leaves it, and riding round is long.

A city's cycle tracks are part of its streets. Between two places on the tracks the shortest way may lie on streets
without any: that stretch is a gap. The steps are functions of their own, so that every number on the way from
thousands of candidates to a short list can be told.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling._check import weights as _check_weights
from bykobling.errors import Fault, InputError
from bykobling.network.gap_search import Town, candidates, cut_apart, meeting, round_m
from bykobling.network.undirected import one_each, undirected

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.gap_search import Paths
    from bykobling.network.model import Network
    from bykobling.network.undirected import Undirected


def contact_nodes(streets: pd.DataFrame | Network, covered: ArrayLike) -> NDArray[Any]:
    """Find the nodes where the sub-network meets streets that are not in it.

    Parameters
    ----------
    streets : DataFrame, GeoDataFrame or Network
        One row an edge: ``u``, ``v``, ``length_m``.
    covered : array of bool (m,)
        Which edges are in the sub-network.

    Returns
    -------
    array
        Ids of nodes, ascending.

    Examples
    --------
    >>> import pandas as pd
    >>> blocks = pd.DataFrame({"u": [1, 2, 3], "v": [2, 3, 4], "length_m": 100.0})
    >>> contact_nodes(blocks, [True, False, True]).tolist()
    [2, 3]
    """
    edges = undirected(streets)
    flags, faults = _flags(edges, covered)
    if faults:
        raise InputError(faults)
    ids: NDArray[Any] = edges.node[meeting(edges, flags)]
    return ids


def potential_gaps(
    streets: pd.DataFrame | Network,
    covered: ArrayLike,
    betweenness: ArrayLike,
    *,
    contact: ArrayLike | None = None,
    max_length_m: float | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """List pairs of contact nodes whose shortest way leaves the sub-network altogether.

    Parameters
    ----------
    streets, covered, betweenness, contact : object
        As in `network_gaps`.
    max_length_m : float, optional
        Longer ways are not looked for, which saves time; None: all are.
    progress : callable, optional
        Told after every block of contact nodes.

    Returns
    -------
    DataFrame or GeoDataFrame
        One row a pair: ``u``, ``v`` (node ids, u < v), ``length_m``, ``detour`` (way along the sub-network over
        ``length_m``; inf where there is none), ``betweenness`` (mean along the gap, weighted by length),
        ``edges`` (labels, from u to v), and ``geometry`` where the streets have one.

    Raises
    ------
    InputError
        As in `network_gaps`.

    Notes
    -----
    A pair is listed if a way of covered edges at no point is needed: its distance along the other edges alone is its
    distance along all, to 1e-9 m. Of several such ways one is taken, always the same. Ways run through further
    contact nodes, so gaps overlap; `decluster_gaps` cuts them apart.

    Examples
    --------
    Two blocks of track with a block of road between, and a way round of 300 m on tracks.

    >>> import pandas as pd
    >>> ring = pd.DataFrame({"u": [1, 2, 3, 4], "v": [2, 3, 4, 1], "length_m": 100.0})
    >>> gaps = potential_gaps(ring, [True, False, True, True], [0.0, 8.0, 0.0, 0.0])
    >>> gaps[["u", "v", "detour", "betweenness", "edges"]].to_numpy().tolist()
    [[2, 3, 3.0, 8.0, (1,)]]
    """
    town = _town(streets, covered, betweenness, contact, max_length_m=max_length_m)
    return _table(town, candidates(town, np.inf if max_length_m is None else max_length_m, progress))


def decluster_gaps(
    gaps: pd.DataFrame,
    streets: pd.DataFrame | Network,
    covered: ArrayLike,
    betweenness: ArrayLike,
    *,
    contact: ArrayLike | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Cut overlapping gaps into gaps that share no street, the most used first.

    Parameters
    ----------
    gaps : DataFrame
        With ``edges``, as `potential_gaps` gives them.
    streets, covered, betweenness, contact : object
        As in `network_gaps`.
    progress : callable, optional
        Told the streets dealt with.

    Returns
    -------
    DataFrame or GeoDataFrame
        As `potential_gaps`, highest ``betweenness`` first. Streets that are left between no two ends are dropped.

    Raises
    ------
    InputError
        Gaps of streets that are not there; else as in `network_gaps`.

    Notes
    -----
    In each connected part of the union of the gaps, ends are its contact nodes whose degree is not 2. Of the shortest
    ways between ends the one with the highest betweenness is taken (of equals the longest, then that of the lowest
    node), its streets are removed, and so on in what is left. A gap so cut need not be the shortest way in town: its
    ``detour`` may be below that of the gaps given, and below 1.
    """
    town = _town(streets, covered, betweenness, contact)
    return _ranked(_table(town, cut_apart(town, _edges_of(gaps, town.streets), progress)))


def network_gaps(
    streets: pd.DataFrame | Network,
    covered: ArrayLike,
    betweenness: ArrayLike,
    *,
    contact: ArrayLike | None = None,
    min_detour: float = 1.5,
    min_betweenness: float = 0.0,
    max_length_m: float | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Find and rank the gaps of a sub-network, such as the streets without track in a network of cycle tracks.

    Parameters
    ----------
    streets : DataFrame, GeoDataFrame or Network
        One row an edge, ``u``, ``v`` and ``length_m`` (above 0), open both ways. A `Network` has merged chains of
        streets; pass the table where only part of a chain may be covered.
    covered : array of bool (m,)
        Which edges are in the sub-network.
    betweenness : array of float (m,)
        How much each edge would be used, 0 or more: `edge_betweenness`, or trips from a count or a model.
    contact : array, optional
        Ids of the nodes gaps may start at; by default those where covered and other edges meet.
    min_detour : float, optional
        Gaps that can be ridden round on the sub-network in less than so many times their length are left out.
    min_betweenness : float, optional
        Gaps used less are left out, before and after they are cut apart.
    max_length_m : float, optional
        Longer ways are not looked for; None: all are.
    progress : callable, optional
        Told as the search goes on.

    Returns
    -------
    DataFrame or GeoDataFrame
        One row a gap, index ``rank`` from 1, highest ``betweenness`` first; columns as `potential_gaps`. No two share
        a street.

    Raises
    ------
    InputError
        Streets, flags, values or limits nothing can be made of; no edge that is covered; contact nodes that are not
        there.

    Notes
    -----
    The method is that of Vybornova, Cunha, Gühnemann, Szell (2023), "Automated detection of missing links in bicycle
    networks", Geographical Analysis 55(2):239-267, doi 10.1111/gean.12324: identify, prioritise, decluster; its last
    step, classifying gaps by looking at them, is left to people. None of the authors' code is used.
    With l(e) the length and b(e) the betweenness of an edge, a gap counts sum l(e) b(e) / sum l(e).

    Examples
    --------
    >>> import pandas as pd
    >>> ring = pd.DataFrame({"u": [1, 2, 3, 4], "v": [2, 3, 4, 1], "length_m": 100.0})
    >>> gaps = network_gaps(ring, [True, False, True, True], [1.0, 8.0, 1.0, 1.0])
    >>> gaps[["length_m", "detour", "betweenness"]].loc[1].tolist()
    [100.0, 3.0, 8.0]
    """
    town = _town(
        streets, covered, betweenness, contact,
        max_length_m=max_length_m, min_detour=min_detour, min_betweenness=min_betweenness,
    )  # fmt: skip
    found = candidates(town, np.inf if max_length_m is None else max_length_m, progress)
    measured = _measured(town, found)
    kept = (measured["detour"] >= min_detour) & (measured["betweenness"] >= min_betweenness)
    gaps = _ranked(_table(town, cut_apart(town, np.unique(found.edge[kept[found.owner]]), progress)))
    # those left out are the last ranks
    return gaps[gaps["betweenness"] >= min_betweenness]


def _town(
    streets: pd.DataFrame | Network,
    covered: ArrayLike,
    betweenness: ArrayLike,
    contact: ArrayLike | None,
    **limits: float | None,
) -> Town:
    """Check what every step is given, collect what is wrong, and raise it."""
    edges = undirected(streets)
    flags, faults = _flags(edges, covered)
    flow, wrong = one_each(edges, betweenness, "betweenness")
    faults += wrong or _check_weights(pd.Series(flow, name="betweenness"), file="betweenness")
    faults += [*_contact_faults(edges, contact), *_limit_faults(**limits)]
    if faults:
        raise InputError(faults)
    marked = meeting(edges, flags) if contact is None else np.isin(edges.node, np.asarray(contact))
    return Town(edges, flags, flow.astype(np.float64), marked)


def _flags(edges: Undirected, covered: ArrayLike) -> tuple[NDArray[np.bool_], list[Fault]]:
    """Take which edges are covered, and find what is wrong with it."""
    flags, faults = one_each(edges, covered, "covered")
    if not faults and flags.dtype != np.bool_:
        remedy = "make it one, e.g. streets['kind'] != 'car'"
        faults = [Fault("covered", "", f"it holds {flags.dtype}, not True or False", remedy)]
    elif not faults and not flags.any():
        faults = [Fault("covered", "", "no street is in the sub-network", "check the kind of street it was made from")]
    return flags, faults


def _contact_faults(edges: Undirected, contact: ArrayLike | None) -> list[Fault]:
    """Find what is wrong with contact nodes given by hand."""
    if contact is None:
        return []
    ids = np.unique(np.asarray(contact))
    if not len(ids):
        return [
            Fault("contact", "", "there is no node", "leave it out: nodes where both kinds of street meet are used")
        ]
    absent = ids[~np.isin(ids, edges.node)]
    if not len(absent):
        return []
    rule = f"{len(absent)} are the end of no street, e.g. {absent[0]}"
    return [Fault("contact", "", rule, "give ids that are in u or v")]


def _limit_faults(
    *, max_length_m: float | None = None, min_detour: float | None = None, min_betweenness: float | None = None
) -> list[Fault]:
    """Find limits that are no limits."""
    faults = []
    if max_length_m is not None and not max_length_m > 0:
        faults.append(Fault("max_length_m", "", f"{max_length_m} is not above 0", "give metres, or None for no limit"))
    if min_detour is not None and not min_detour >= 1:
        faults.append(Fault("min_detour", "", f"{min_detour} is below 1", "no way round is shorter than the gap"))
    if min_betweenness is not None and not min_betweenness >= 0:
        rule = f"{min_betweenness} is not 0 or more"
        faults.append(Fault("min_betweenness", "", rule, "give 0 to keep gaps however little used"))
    return faults


def _edges_of(gaps: pd.DataFrame, streets: Undirected) -> NDArray[np.int64]:
    """Find the places of all streets that are in a gap, each once."""
    labels = pd.Index([label for edges in gaps["edges"] for label in edges], dtype=streets.label.dtype).unique()
    places: NDArray[np.int64] = streets.label.get_indexer(labels).astype(np.int64)
    if (places < 0).any():
        rule = f"{(places < 0).sum()} of their edges are no streets, e.g. {labels[places < 0][0]}"
        raise InputError(Fault("gaps", "edges", rule, "give the streets the gaps were found in"))
    return np.sort(places)


def _measured(town: Town, paths: Paths) -> dict[str, NDArray[np.float64]]:
    """Tell length, detour and mean betweenness of each way."""
    length_m = paths.sums(town.streets.length_m)
    return {
        "length_m": length_m,
        "detour": round_m(town, paths) / length_m,
        "betweenness": paths.sums(town.flow * town.streets.length_m) / length_m,
    }


def _table(town: Town, paths: Paths) -> pd.DataFrame:
    """Lay gaps out as a table, with lines where the streets have them."""
    streets = town.streets
    labels = streets.label[paths.edge].tolist()
    bounds = np.searchsorted(paths.owner, np.arange(len(paths.start) + 1))
    ends = {"u": streets.node[paths.start], "v": streets.node[paths.stop]}
    columns = {**ends, **_measured(town, paths), "edges": [tuple(labels[a:b]) for a, b in pairwise(bounds)]}
    if streets.geometry is None:
        return pd.DataFrame(columns)
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and not every table has lines

    lines = np.full(len(paths.start), None, dtype=object)
    parts, of = shapely.get_parts(streets.geometry[paths.edge], return_index=True)
    shapely.multilinestrings(parts, indices=paths.owner[of], out=lines)
    drawn: pd.DataFrame = gpd.GeoDataFrame(columns, geometry=shapely.line_merge(lines), crs=streets.crs)
    return drawn


def _ranked(gaps: pd.DataFrame) -> pd.DataFrame:
    """Sort gaps: the most used first, of equals the longest, then by their nodes."""
    ranked = gaps.sort_values(
        ["betweenness", "length_m", "u", "v"], ascending=[False, False, True, True], kind="stable"
    )
    return ranked.set_axis(pd.RangeIndex(1, len(gaps) + 1, name="rank"))
