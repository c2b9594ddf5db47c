"""Gains of one link without any search from a home: who reaches what today is kept, one bit a pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.links.demand import FIELDS
from bykobling.links.score import link_gains
from bykobling.links.who_gains import may_gain, seconds_to
from bykobling.network import reach_table, travel_time_matrix
from bykobling.network.links import Links, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.links.demand import Demand
    from bykobling.network import Network, Snap

MOST_BYTES = 400_000_000
"""More is not kept: 60,000 homes and 50,000 places and people take this much."""

_HOMES_AT_A_TIME = 256


@dataclass(frozen=True, eq=False)
class Reached:
    """What homes reach as things are, within the longest cut-off.

    Parameters
    ----------
    before : array (O, F)
        Sums of the weights; NaN for homes that are not linked.
    bits : array of uint8 (O, D / 8), or None
        Whether each destination is reached, packed; None where it would be too much.
    """

    before: NDArray[np.float64]
    bits: NDArray[np.uint8] | None


def reached_now(network: Network, demand: Demand, *, progress: Progress | None = None) -> Reached:
    """Search once from every home.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    demand : Demand
        O homes, D places and people.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Reached
    """
    homes, count = len(demand.people), len(demand.destinations)
    limit_s = demand.cutoffs_s[-1]
    before = np.full((homes, demand.weights.shape[1]), np.nan)
    keep = homes * -(-count // 8) <= MOST_BYTES
    bits = np.zeros((homes, -(-count // 8)), np.uint8) if keep else None
    for first in range(0, homes, _HOMES_AT_A_TIME):
        rows = np.arange(first, min(first + _HOMES_AT_A_TIME, homes))
        table = reach_table(network, demand.homes.take(rows), demand.destinations, limit_s)
        there = np.zeros((len(rows), count), bool)
        there[table.origin, table.dest] = True
        before[rows] = np.where(table.linked[:, None], there.astype(float) @ demand.weights, np.nan)
        if bits is not None:
            bits[rows] = np.packbits(there, axis=1)
        if progress is not None:
            progress(int(rows[-1]) + 1, homes, "reach")
    return Reached(before, bits)


def gains_by_home(
    network: Network, demand: Demand, reached: Reached, *, start: Snap, stop: Snap, link_s: float
) -> pd.DataFrame:
    """Sum what each home newly reaches with one link, within the longest cut-off.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    demand : Demand
        Homes, places and people.
    reached : Reached
        From `reached_now`.
    start, stop : Snap
        Where the link leaves the streets, one place each.
    link_s : float
        Seconds along it, the same both ways.

    Returns
    -------
    DataFrame
        Index: rows of the demand that may gain; `FIELDS` newly reached, summed over the residents of the home, and
        ``residents`` who newly reach a place.

    Notes
    -----
    As `bykobling.links.link_gains`: ``c'(o, d) = min(c(o, d), c(o, u) + l + c(v, d), c(o, v) + l + c(u, d))``. Whether
    ``c(o, d)`` is within the cut-off is all that must be known of it.
    """
    limit_s = demand.cutoffs_s[-1]
    rows = np.flatnonzero(may_gain(network, demand.homes, start, stop, link_s=link_s, limit_s=limit_s))
    if reached.bits is None:
        some, group = demand.take(rows), np.arange(len(rows))
        found = link_gains(
            network, some.homes, some.people, some.destinations, some.weights,
            end_u=start, end_v=stop, link_s=[link_s], cutoffs_s=[limit_s], group=group, n_groups=len(rows),
        )  # fmt: skip
        table = pd.DataFrame(found.gain[:, 0, 0], columns=list(FIELDS), index=rows)
        return table.assign(residents=found.gaining[:, 0, 0])
    sums = _sums(network, demand, reached.bits, rows, ends=(start, stop), link_s=link_s)
    people = demand.people[rows]
    table = pd.DataFrame(sums * people[:, None], columns=list(FIELDS), index=rows)
    return table.assign(residents=np.where(sums[:, 0] > 0, people, 0.0))


def _sums(
    network: Network,
    demand: Demand,
    bits: NDArray[np.uint8],
    rows: NDArray[np.int64],
    *,
    ends: tuple[Snap, Snap],
    link_s: float,
) -> NDArray[np.float64]:
    """Sum the weights each of some homes newly reaches, shape (rows, F)."""
    limit_s, homes = demand.cutoffs_s[-1], demand.homes.take(rows)
    to_ends = np.stack([seconds_to(network, homes, place, limit_s) for place in ends])
    # along the street of an end itself there is a way that passes none of its corners
    beside = np.flatnonzero(np.isin(homes.edge, [place.edge[0] for place in ends]))
    if len(beside):
        both = joined(*(Links.from_snap(place) for place in ends))
        to_ends[:, beside] = travel_time_matrix(network, homes.take(beside), both).T
    far = np.full((2, len(demand.destinations)), np.inf)
    for number, place in enumerate(ends):
        table = reach_table(network, place, demand.destinations, limit_s)
        far[number, table.dest] = table.seconds
    some = np.flatnonzero(np.isfinite(far).any(axis=0))
    far, weights = far[:, some].astype(np.float32), demand.weights[some]
    left = (limit_s - link_s - to_ends).astype(np.float32)
    sums = np.zeros((len(rows), weights.shape[1]))
    for first in range(0, len(rows), _HOMES_AT_A_TIME):
        part = slice(first, first + _HOMES_AT_A_TIME)
        new = (far[1] <= left[0, part, None]) | (far[0] <= left[1, part, None])
        new &= np.unpackbits(bits[rows[part]], axis=1, count=len(demand.destinations))[:, some] == 0
        home, met = np.nonzero(new)
        for field in range(weights.shape[1]):
            sums[part, field] = np.bincount(home, weights=weights[met, field], minlength=len(new))
    return sums
