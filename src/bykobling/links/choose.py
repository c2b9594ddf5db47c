"""Which connections to build together: one after the other, each scored with those before it built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.links.demand import FIELDS, score_candidates
from bykobling.network.edges import with_edges
from bykobling.network.within import within_reach

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.links.demand import Demand
    from bykobling.links.model import LinkCandidates
    from bykobling.network import Network


def network_with(candidates: LinkCandidates, rows: ArrayLike) -> Network:
    """Build some of the candidates.

    Parameters
    ----------
    candidates : LinkCandidates
        Links.
    rows : array of int
        Which of them.

    Returns
    -------
    Network
        The network of the candidates with those links; nodes and old edges keep their numbers.
    """
    built = candidates.take(np.asarray(rows, np.int64))
    return with_edges(
        candidates.openings.network,
        built.u,
        built.v,
        length_m=built.length_m,
        forward_s=built.link_s,
        geometry=built.geometry,
    )


def choose_links(
    candidates: LinkCandidates,
    demand: Demand,
    *,
    steps: int = 5,
    budget_dkk: float | None = None,
    field: str = "score",
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Choose connections one after the other, each time the one that adds most to those chosen before.

    Parameters
    ----------
    candidates : LinkCandidates
        Among which to choose; some tens.
    demand : Demand
        Residents and places; gains count at the longest cut-off.
    steps : int, optional
        How many at most.
    budget_dkk : float, optional
        What they may cost together; without one, no limit.
    field : {"score", "places", "people"}, optional
        Gain of what.
    progress : callable, optional
        Told after every step.

    Returns
    -------
    DataFrame
        One row a step: ``row`` (of the candidate), ``gain`` (what it adds), ``alone`` (what it would give by itself),
        ``total_gain``, ``cost_dkk``, ``total_cost_dkk``. Ends where nothing affordable adds anything.

    Notes
    -----
    Greedy: the best pair need not hold the best link. Links may help or replace each other, so every candidate is
    scored again after each choice.
    """
    left = np.arange(len(candidates))
    chosen: list[int] = []
    by_home = _by_home(candidates, demand, field)
    alone = by_home.sum(axis=0)
    every = network_with(candidates, left)
    spent = gained = 0.0
    rows = []
    for step in range(steps):
        affordable = left if budget_dkk is None else left[spent + candidates.cost_dkk[left] <= budget_dkk]
        gain = by_home.sum(axis=0)[affordable]
        if not len(affordable) or not gain.max() > 0:
            break
        best = int(np.argmax(gain))
        row = int(affordable[best])
        spent, gained = spent + candidates.cost_dkk[row], gained + gain[best]
        rows.append((row, gain[best], alone[row], gained, candidates.cost_dkk[row], spent))
        chosen.append(row)
        left = left[left != row]
        near = _near(every, candidates, demand, row)
        built = network_with(candidates, chosen)
        by_home[near] = _by_home(candidates, demand.take(near), field, network=built)
        if progress is not None:
            progress(step + 1, steps, "Choosing links to build together")
    return pd.DataFrame(rows, columns=["row", "gain", "alone", "total_gain", "cost_dkk", "total_cost_dkk"])


def pair_interaction(
    candidates: LinkCandidates, demand: Demand, *, field: str = "score", progress: Progress | None = None
) -> pd.DataFrame:
    """Tell what two connections give together that they do not give alone.

    Parameters
    ----------
    candidates : LinkCandidates
        A few, such as the ten best.
    demand : Demand
        Residents and places; gains count at the longest cut-off.
    field : {"score", "places", "people"}, optional
        Gain of what.
    progress : callable, optional
        Told after every candidate.

    Returns
    -------
    DataFrame
        One row a pair: ``row``, ``other`` (candidates, row < other), ``together`` (gain of both), ``interaction``
        (together minus the sum of each alone: negative where one does for two, positive where they need each other).
    """
    count = len(candidates)
    by_home = _by_home(candidates, demand, field)
    alone = by_home.sum(axis=0)
    every = network_with(candidates, np.arange(count))
    parts = []
    for row in range(count - 1):
        others = np.arange(row + 1, count)
        near = _near(every, candidates, demand, row)
        after = _by_home(candidates.take(others), demand.take(near), field, network=network_with(candidates, [row]))
        interaction = after.sum(axis=0) - by_home[np.ix_(near, others)].sum(axis=0)
        together = alone[row] + alone[others] + interaction
        parts.append(pd.DataFrame({"row": row, "other": others, "together": together, "interaction": interaction}))
        if progress is not None:
            progress(row + 1, count - 1, "Pairs of links")
    columns = ["row", "other", "together", "interaction"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _near(every: Network, candidates: LinkCandidates, demand: Demand, row: int) -> NDArray[np.int64]:
    """Find the homes that may come to a link in time, whichever others are built: for the rest nothing changes."""
    nodes = [candidates.u[row], candidates.v[row]]
    return np.flatnonzero(within_reach(every, demand.homes, nodes, demand.cutoffs_s[-1]))


def _by_home(
    candidates: LinkCandidates, demand: Demand, field: str, *, network: Network | None = None
) -> NDArray[np.float64]:
    """Tell the gain of each candidate home by home at the longest cut-off, shape (O, L)."""
    gains = score_candidates(candidates, demand.at_last(), network=network, by_home=True)
    return np.asarray(gains.gain[:, :, -1, FIELDS.index(field)])
