"""How sure the ranks of connections are: the same again with other cut-offs, speeds, weights and costs."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bykobling.links.demand import FIELDS, score_candidates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.links import Demand, LinkCandidates

TOP = 10
SPEEDS = (0.9, 1.1)
"""Speeds on foot or by bicycle, as shares of the profile's."""

COSTS = (0.7, 1.0, 1.3)
"""Costs of each kind, as shares of the table's, one kind independently of another."""

_WEIGHT_DRAWS, _WEIGHT_RANGE = 9, 2.0
_SEED = 20_260_101


@dataclass(frozen=True, eq=False)
class Trials:
    """Gains of connections under other assumptions.

    Parameters
    ----------
    speeds : array (L, 2)
        At each of `SPEEDS`.
    weights : array (L, 9)
        With the weight of each kind of place drawn from half to double.
    """

    speeds: NDArray[np.float64]
    weights: NDArray[np.float64]


def other_gains(
    links: LinkCandidates, demand: Demand, category: NDArray[np.object_], *, progress: Progress | None = None
) -> Trials:
    """Score connections at other speeds and with other weights of categories.

    Parameters
    ----------
    links : LinkCandidates
        L connections.
    demand : Demand
        Residents and places.
    category : array of str
        Of the places, which come first among the destinations of `demand`.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Trials

    Notes
    -----
    Who goes 10 % slower comes as far as another in 10 % less time, but for waits and climbs, which are a small part of
    a walk: so speeds are tried as cut-offs. Gains are sums over categories, so each weighting is a sum of the same
    parts, and one search does for all of them.
    """
    minutes = demand.cutoffs_min[-1]
    score = demand.weights[:, FIELDS.index("score")]
    names = np.unique(category.astype(str))
    parts = np.zeros((len(score), 1 + len(names)))
    parts[:, 0] = score
    for column, name in enumerate(names, start=1):
        mine = np.flatnonzero(category == name)
        parts[mine, column] = score[mine]
    cutoffs = tuple(sorted({minutes, *(minutes * share for share in SPEEDS)}))
    asked = replace(demand, weights=parts, cutoffs_min=cutoffs)
    gain = score_candidates(links, asked, progress=progress).gain.sum(axis=0)
    rng = np.random.default_rng(_SEED)
    factors = np.exp(rng.uniform(-1, 1, (len(names), _WEIGHT_DRAWS)) * np.log(_WEIGHT_RANGE))
    at = [cutoffs.index(minutes * share) for share in SPEEDS]
    return Trials(gain[:, at, 0], gain[:, cutoffs.index(minutes), 1:] @ factors)


def among_the_best(gain: NDArray[np.float64], others: Trials) -> NDArray[np.float64]:
    """Tell how often a connection is among the ten best, whatever is assumed.

    Parameters
    ----------
    gain : array (L, C, F)
        By cut-off and by what is counted.
    others : Trials
        At other speeds and weights.

    Returns
    -------
    array (L,)
        Share of the trials: each cut-off with each thing counted, each speed, each draw of weights. NaN where no more
        than ten are ranked.
    """
    every = np.hstack([gain.reshape(len(gain), gain.shape[1] * gain.shape[2]), others.speeds, others.weights])
    return _share_in_top(every)


def among_the_best_for_cost(
    gain: NDArray[np.float64], cost_dkk: NDArray[np.float64], kind: NDArray[np.object_]
) -> NDArray[np.float64]:
    """Tell how often a connection is among the ten that give most for their cost, whatever its kind costs.

    Parameters
    ----------
    gain : array (L,)
        As ranked.
    cost_dkk : array (L,)
        From the table of kinds.
    kind : array of str (L,)
        Of each.

    Returns
    -------
    array (L,)
        Share of all ways to give each kind one of `COSTS`; NaN where no more than ten are ranked.
    """
    if not len(gain):
        return np.empty(0)
    names, row = np.unique(kind.astype(str), return_inverse=True)
    factors = np.array(list(itertools.product(COSTS, repeat=len(names))), float).reshape(-1, len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        per_dkk = gain[:, None] / (cost_dkk[:, None] * factors[:, row].T)
    return _share_in_top(np.nan_to_num(per_dkk, posinf=np.inf))


def _share_in_top(trials: NDArray[np.float64]) -> NDArray[np.float64]:
    """Count in how many columns each row is among the ten highest above 0."""
    if len(trials) <= TOP:
        return np.full(len(trials), np.nan)
    place = np.argsort(np.argsort(-trials, axis=0, kind="stable"), axis=0)
    return np.asarray(((place < TOP) & (trials > 0)).mean(axis=1))
