"""What is left for each when others want it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from bykobling._check import raise_errors
from bykobling.accessibility import _door
from bykobling.accessibility.accumulate import seconds_to_sum
from bykobling.accessibility.decays import as_seconds
from bykobling.errors import Fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.accessibility.decays import Decay
    from bykobling.network import ReachTable

Method = Literal["2sfca", "bfca"]


def two_step_floating_catchment(
    reach: ReachTable, demand: ArrayLike, supply: ArrayLike, *, decay: Decay, method: Method = "2sfca"
) -> NDArray[np.float64]:
    """Divide what each place offers among all who reach it, then add up each origin's share a head.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    demand : array of float (O,)
        People who want it at each origin, 0 or more; those of unlinked origins take part in nothing.
    supply : array of float (D,)
        What each destination offers, 0 or more.
    decay : Decay
        Weight of a travel time: `Binary` is the method of 2003, `Stepped` the enhanced one (E2SFCA) of 2009.
    method : {"2sfca", "bfca"}
        Balanced (``bfca``): weights are shares, so that neither people nor places count more than once.

    Returns
    -------
    array of float64 (O,)
        Supply a head; 0 where nothing is in reach; NaN for unlinked origins, and where it is undefined: at an origin
        without demand that reaches supply nobody demands (the R package `accessibility` says Inf there).

    Raises
    ------
    InputError
        Demand or supply that does not fit the table or is negative; a decay that still counts what is beyond the
        table; another method.

    Notes
    -----
    2SFCA: ``A_i = sum_j f_ij S_j / sum_k f_kj P_k``; hence ``sum_i P_i A_i`` is the supply within anybody's reach.
    Luo, Wang (2003), doi 10.1068/b29120; Luo, Qi (2009), doi 10.1016/j.healthplace.2009.06.002.
    BFCA: ``A_i = sum_j f^j_ij S_j / sum_k f^i_kj P_k``, ``f^i`` divided by its sum over each origin's destinations
    and ``f^j`` by that over each destination's origins. Paez, Higgins, Vivona (2019),
    doi 10.1371/journal.pone.0218773.

    Examples
    --------
    >>> from bykobling.accessibility import Binary
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 1, 1], [0, 0, 1], [5, 5, 5], n_origins=2, n_destinations=2)
    >>> two_step_floating_catchment(table, [30, 10], [20, 10], decay=Binary(10)).tolist()
    [0.5, 1.5]
    """
    faults = []
    if method not in ("2sfca", "bfca"):
        faults.append(Fault("method", "", f"{method!r} is unknown", 'choose "2sfca" or "bfca"'))
    people, offer = _both(reach, demand, supply, faults)
    faults += _door.decays_within(reach, decay)
    raise_errors(faults)
    origin, dest, weight = _weighted_pairs(reach, decay)
    asked = taken = weight
    if method == "bfca":
        asked = weight / np.bincount(origin, weights=weight)[origin]
        taken = weight / np.bincount(dest, weights=weight)[dest]
    served = np.bincount(dest, weights=asked * people[origin], minlength=reach.n_destinations)[dest]
    # pair by pair: far-off demand alone is so small that supply over it would overflow
    share = np.divide(taken, served, out=np.zeros_like(taken), where=served > 0)
    access = np.bincount(origin, weights=share * offer[dest], minlength=reach.n_origins).astype(np.float64)
    access[origin[(served == 0) & (offer[dest] > 0)]] = np.nan
    access[~reach.linked] = np.nan
    return access


def spatial_availability(
    reach: ReachTable, demand: ArrayLike, supply: ArrayLike, *, decay: Decay
) -> NDArray[np.float64]:
    """Allot all that places offer to origins, by their demand and their nearness.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    demand : array of float (O,)
        People who want it at each origin, 0 or more; those of unlinked origins take part in nothing.
    supply : array of float (D,)
        What each destination offers, 0 or more.
    decay : Decay
        Weight of a travel time.

    Returns
    -------
    array of float64 (O,)
        In the unit of the supply; 0 without demand or with nothing in reach, NaN for unlinked origins.

    Raises
    ------
    InputError
        Demand or supply that does not fit the table or is negative; a decay that still counts what is beyond the
        table.

    Notes
    -----
    ``V_i = sum_j S_j P_i f_ij / sum_k P_k f_kj``. Nothing is lost or counted twice: the sum over origins is the
    supply that anybody demands. Soukhov, Paez, Higgins, Mohamed (2023), doi 10.1371/journal.pone.0278468.

    Examples
    --------
    >>> from bykobling.accessibility import Binary
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 1, 1], [0, 0, 1], [5, 5, 5], n_origins=2, n_destinations=2)
    >>> spatial_availability(table, [30, 10], [20, 10], decay=Binary(10)).tolist()
    [15.0, 15.0]
    """
    faults: list[Fault] = []
    people, offer = _both(reach, demand, supply, faults)
    faults += _door.decays_within(reach, decay)
    raise_errors(faults)
    origin, dest, weight = _weighted_pairs(reach, decay)
    pull = weight * people[origin]
    total = np.bincount(dest, weights=pull, minlength=reach.n_destinations)[dest]
    share = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)
    available = np.bincount(origin, weights=share * offer[dest], minlength=reach.n_origins).astype(np.float64)
    available[~reach.linked] = np.nan
    return available


def balancing_cost(
    reach: ReachTable, demand: ArrayLike, supply: ArrayLike, *, increment_min: float = 1.0, strict: bool = False
) -> NDArray[np.float64]:
    """Find the time in which each origin reaches as many opportunities as it has people.

    Parameters
    ----------
    reach : ReachTable
        Travel times from O origins to D destinations.
    demand : array of float (O,)
        People at each origin, 0 or more.
    supply : array of float (D,)
        Opportunities at each destination, 0 or more.
    increment_min : float, optional
        The time is rounded up to a multiple of so many minutes.
    strict : bool, optional
        Ask for more opportunities than people, as the R package `accessibility` does, not just as many.

    Returns
    -------
    array of float64 (O,)
        Minutes; 0 without people, inf where there are never so many within the table, NaN for unlinked origins.

    Raises
    ------
    InputError
        Demand or supply that does not fit the table or is negative; an increment that is not above 0.

    Notes
    -----
    Barboza, Carneiro, Falavigna, Luz, Orrico (2021), doi 10.1016/j.jtrangeo.2020.102924.

    Examples
    --------
    >>> from bykobling.network import ReachTable
    >>> table = ReachTable.from_pairs([0, 0], [0, 1], [4.2, 9.0], n_origins=1, n_destinations=2)
    >>> [balancing_cost(table, [people], [10, 5]).tolist() for people in (0, 10, 11, 16)]
    [[0.0], [5.0], [9.0], [inf]]
    """
    faults: list[Fault] = []
    people, offer = _both(reach, demand, supply, faults)
    if not 0 < increment_min < np.inf:
        faults.append(Fault("increment_min", "", f"{increment_min} is not above 0", "give e.g. 1"))
    raise_errors(faults)
    seconds = seconds_to_sum(reach, offer, people, strict=strict)
    steps = seconds / (increment_min * 60.0)
    # a multiple that was rounded to float32 seconds stays one
    below = np.rint(steps)
    minutes = np.where(as_seconds(below * increment_min) >= seconds, below, np.ceil(steps)) * increment_min
    minutes[people == 0] = 0.0
    minutes[~reach.linked] = np.nan
    return minutes


def _both(
    reach: ReachTable, demand: ArrayLike, supply: ArrayLike, faults: list[Fault]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    people = _door.per_place(demand, reach.n_origins, "demand", faults)
    return people, _door.per_place(supply, reach.n_destinations, "supply", faults)


def _weighted_pairs(
    reach: ReachTable, decay: Decay
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    """List the pairs that weigh anything: (origin, destination, weight)."""
    weight = decay(reach.minutes)
    some = weight > 0
    if some.all():
        return reach.origin, reach.dest, weight
    return reach.origin[some], reach.dest[some], weight[some]
