"""What can be reached: within a cut-off, weighed by the way, and how far the nearest is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.sparse import csr_array

from bykobling._check import raise_errors
from bykobling.accessibility import _door
from bykobling.accessibility.accumulate import seconds_to_sum
from bykobling.errors import Fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.accessibility.decays import Decay
    from bykobling.network import ReachTable

Summary = Literal["median", "mean"]


def cumulative_opportunities(reach: ReachTable, weights: ArrayLike, *, cutoffs_min: ArrayLike) -> NDArray[np.float64]:
    """Add up what lies within each cut-off: ``A_i = sum_j w_j [c_ij <= T]``.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    weights : array of float (D,) or (D, F)
        Weight of each destination, 0 or more; one column a field.
    cutoffs_min : array of float (C,)
        Minutes, inclusive, in any order.

    Returns
    -------
    array of float64 (O, C, F)
        In the unit of the weights; NaN for unlinked origins, 0 where nothing is in reach.

    Raises
    ------
    InputError
        Weights that do not fit the table or are negative; cut-offs that are not above 0, or lie beyond the table.

    Notes
    -----
    Wachs, Kumagai (1973), doi 10.1016/0038-0121(73)90041-4.

    Examples
    --------
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0, 0], [0, 1, 2], [4, 15, 16], n_origins=1, n_destinations=3)
    >>> cumulative_opportunities(table, [1, 2, 4], cutoffs_min=[5, 15]).tolist()
    [[[1.0], [3.0]]]
    """
    faults: list[Fault] = []
    weighted = _door.per_field(weights, reach.n_destinations, faults)
    bounds_s = _door.cutoffs(reach, cutoffs_min, faults)
    raise_errors(faults)
    ascending, place = np.unique(bounds_s, return_inverse=True)
    bands = len(ascending) + 1
    # each pair is put into the first cut-off that holds it; what is beyond all goes into one more band
    key = reach.origin * bands + np.searchsorted(ascending, reach.seconds, side="left")
    sums = np.empty((reach.n_origins, len(bounds_s), weighted.shape[1]))
    for field in range(weighted.shape[1]):
        band = np.bincount(key, weights=weighted[reach.dest, field], minlength=reach.n_origins * bands)
        sums[:, :, field] = band.reshape(-1, bands).cumsum(axis=1)[:, place]
    sums[~reach.linked] = np.nan
    return sums


def cumulative_interval(
    reach: ReachTable,
    weights: ArrayLike,
    *,
    from_min: float,
    to_min: float,
    step_min: float = 1.0,
    summary: Summary = "median",
) -> NDArray[np.float64]:
    """Summarise what lies within reach over a range of cut-offs, so that no single one decides.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    weights : array of float (D,) or (D, F)
        Weight of each destination, 0 or more; one column a field.
    from_min, to_min : float
        First and last cut-off, minutes.
    step_min : float, optional
        Minutes between cut-offs.
    summary : {"median", "mean"}
        Over the cut-offs.

    Returns
    -------
    array of float64 (O, F)
        NaN for unlinked origins.

    Raises
    ------
    InputError
        As `cumulative_opportunities`; a range that is empty, a step that is not above 0, another summary.

    Notes
    -----
    Tomasiello, Herszenhut, Oliveira, Braga, Pereira (2023), doi 10.1016/j.apgeog.2023.103007.

    Examples
    --------
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0], [0, 1], [4, 6], n_origins=1, n_destinations=2)
    >>> cumulative_interval(table, [1, 2], from_min=4, to_min=6).tolist()
    [[1.0]]
    """
    faults = []
    if not (0 < from_min <= to_min < np.inf):
        rule = f"{from_min} to {to_min} is no range of minutes above 0"
        faults.append(Fault("from_min, to_min", "", rule, "give e.g. 20 and 40"))
    if not 0 < step_min < np.inf:
        faults.append(Fault("step_min", "", f"{step_min} is not above 0", "give e.g. 1"))
    if summary not in ("median", "mean"):
        faults.append(Fault("summary", "", f"{summary!r} is unknown", 'choose "median" or "mean"'))
    raise_errors(faults)
    cutoffs = from_min + step_min * np.arange(int((to_min - from_min) / step_min + 1e-9) + 1)
    sums = cumulative_opportunities(reach, weights, cutoffs_min=cutoffs)
    return np.asarray(np.median(sums, axis=1) if summary == "median" else sums.mean(axis=1))


def gravity(reach: ReachTable, weights: ArrayLike, *, decay: Decay) -> NDArray[np.float64]:
    """Add up all places, each the less the longer the way: ``A_i = sum_j w_j f(c_ij)``.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    weights : array of float (D,) or (D, F)
        Weight of each destination, 0 or more; one column a field.
    decay : Decay
        Weight of a travel time, e.g. ``Exponential(0.1)``.

    Returns
    -------
    array of float64 (O, F)
        NaN for unlinked origins, 0 where nothing is in reach.

    Raises
    ------
    InputError
        Weights that do not fit the table or are negative; a decay that still counts what is beyond the table.

    Notes
    -----
    Hansen (1959), doi 10.1080/01944365908978307.

    Examples
    --------
    >>> from bykobling.accessibility import Linear
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0], [0, 1], [10, 20], n_origins=1, n_destinations=2)
    >>> gravity(table, [1, 2], decay=Linear(40)).tolist()
    [[1.75]]
    """
    faults: list[Fault] = []
    weighted = _door.per_field(weights, reach.n_destinations, faults)
    faults += _door.decays_within(reach, decay)
    raise_errors(faults)
    shape = (reach.n_origins, reach.n_destinations)
    sums = np.asarray(csr_array((decay(reach.minutes), reach.dest, reach.indptr), shape=shape) @ weighted)
    sums[~reach.linked] = np.nan
    return sums


def cost_to_nearest(reach: ReachTable, weights: ArrayLike, *, n: float = 1) -> NDArray[np.float64]:
    """Find the time in which n opportunities can be reached.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    weights : array of float (D,)
        Opportunities at each destination, 0 or more.
    n : float, optional
        How many, 1 or more. 1 is the nearest destination with any weight at all, be it less than 1; above, weights
        are added up from the nearest on until they come to n.

    Returns
    -------
    array of float64 (O,)
        Minutes; inf where there are fewer within the table, NaN for unlinked origins.

    Raises
    ------
    InputError
        Weights that do not fit the table or are negative; an n below 1.

    Notes
    -----
    Opportunities are counted as the R package `accessibility` does (Pereira, Herszenhut).

    Examples
    --------
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0, 0], [0, 1, 2], [9, 4, 6], n_origins=1, n_destinations=3)
    >>> [cost_to_nearest(table, [5, 0, 2], n=n).tolist() for n in (1, 2, 3, 8)]
    [[6.0], [6.0], [9.0], [inf]]
    """
    faults: list[Fault] = []
    given = _door.per_place(weights, reach.n_destinations, "weights", faults)
    if not 1 <= n < np.inf:
        faults.append(Fault("n", "", f"{n} is below 1", "ask for one or more"))
    raise_errors(faults)
    if n == 1:
        seconds = np.full(reach.n_origins, np.inf)
        some = np.flatnonzero(np.diff(reach.indptr))
        there = np.where(given[reach.dest] > 0, reach.seconds, np.float32(np.inf))
        if len(some):
            seconds[some] = np.minimum.reduceat(there, reach.indptr[some])
    else:
        seconds = seconds_to_sum(reach, given, np.full(reach.n_origins, float(n)))
    seconds[~reach.linked] = np.nan
    return seconds / 60.0
