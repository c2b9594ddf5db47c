"""An optional index: declared weights, its parts beside it, and how far its ranks hang on the weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from bykobling._check import columns, nearest, raise_errors
from bykobling.equity.checked import choice_faults, floats, number_faults
from bykobling.errors import Fault
from bykobling.indicators import indicator_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

Better: TypeAlias = Literal["lower", "higher"]

SCALE = 23.0
"""Such that a tenth of areas score above 50 of 100."""

_DIGITS = 9
"""Scores are ranked to so many decimals: sums of floats differ by the order they are added in."""

_BLOCK = 4_000_000
"""So many scores are held at a time."""


@dataclass(frozen=True)
class CompositeIndex:
    """An index of several parts, with everything needed to doubt it.

    Parameters
    ----------
    table : DataFrame
        One row an area: ``index`` (0-100, higher is worse), ``rank`` (1 = worst; ties share the smaller number),
        ``rank_low`` and ``rank_high`` (among draws of weights), ``rank_without_low`` and ``rank_without_high`` (with
        one part left out). NaN where a part is missing.
    scores : DataFrame
        Each part, ranked and transformed, 0-100; NaN where it is missing.
    contributions : DataFrame
        Weight times score of each part; they add up to the index. NaN where the part is missing.
    weights : Series
        As declared, divided by their sum.
    leave_one_out : DataFrame
        Rank of each area without the part that names the column; no column where there is one part only.
    correlated : DataFrame
        Pairs of parts that say much the same, from `correlated`.
    """

    table: pd.DataFrame
    scores: pd.DataFrame
    contributions: pd.DataFrame
    weights: pd.Series[Any]
    leave_one_out: pd.DataFrame
    correlated: pd.DataFrame


def exponential_score(values: pd.Series, *, better: Better = "lower") -> pd.Series:
    """Rank areas and spread the worst apart, so that a bad part is not cancelled by good ones.

    ``E = -23 ln(1 - R (1 - exp(-100 / 23)))`` with R = rank / N, 1 for the worst area: 100 for the worst, near 0 for
    the best, and a tenth of areas above 50.

    Parameters
    ----------
    values : Series
        One number an area; NaN is left out of the ranking and stays NaN.
    better : {"lower", "higher"}, optional
        Which direction is good for residents.

    Returns
    -------
    Series
        0 to 100, higher is worse; ties share the mean of their ranks.

    Raises
    ------
    InputError
        If the direction is not known.

    Notes
    -----
    McLennan, Noble, Noble, Plunkett, Wright, Gutacker (2019), The English Indices of Deprivation 2019: technical
    report, Ministry of Housing, Communities and Local Government.

    Examples
    --------
    >>> import pandas as pd
    >>> exponential_score(pd.Series([0.1, 0.3, 0.2, None])).round(1).tolist()
    [9.2, 100.0, 24.7, nan]
    """
    raise_errors(choice_faults("better", better, ("lower", "higher")))
    rank = values.rank(method="average", ascending=better == "lower")
    share = floats(rank) / max(int(rank.notna().sum()), 1)
    score = -SCALE * np.log(1.0 - share * (1.0 - np.exp(-100.0 / SCALE)))
    return pd.Series(score, index=values.index, name=values.name)


def composite_index(
    parts: pd.DataFrame,
    weights: Mapping[str, float],
    *,
    better: Mapping[str, Better] | None = None,
    n_draws: int = 2000,
    seed: int = 0,
    level: float = 0.95,
    concentration: float = 1.0,
) -> CompositeIndex:
    """Add up transformed ranks with declared weights, and tell how far the order of areas hangs on them.

    Parameters
    ----------
    parts : DataFrame
        One row an area, one column a domain.
    weights : mapping of column to float
        One a domain, above 0; divided by their sum.
    better : mapping of column to {"lower", "higher"}, optional
        Which direction is good for residents; known for the indicators of `bykobling.indicators`.
    n_draws : int, optional
        How many sets of weights are drawn.
    seed : int, optional
        Of the draws; the same seed gives the same interval.
    level : float, optional
        Share of draws the rank interval holds, above 0 and below 1.
    concentration : float, optional
        Above 0; the larger, the closer draws stay to the declared weights.

    Returns
    -------
    CompositeIndex
        The index, its parts, and the intervals of its ranks.

    Raises
    ------
    InputError
        Weights that are missing, unknown or not above 0; a part whose direction is not known; options out of range.

    Notes
    -----
    Scores as `exponential_score`. Weights are drawn from a Dirichlet distribution with parameters
    ``concentration * k * w``, k the number of domains, whose mean is the declared weights w; with equal weights and a
    concentration of 1 every set of weights is as likely. An area without every part has no index and no rank, but
    counts in the ranking of the parts it has. Uncertainty of ranks: Saisana, Saltelli, Tarantola (2005), Journal of the
    Royal Statistical Society A 168(2):307-323, doi 10.1111/j.1467-985X.2005.00350.x.

    Examples
    --------
    >>> import pandas as pd
    >>> parts = pd.DataFrame({"noise": [70.0, 60.0, 50.0], "detour": [1.2, 1.9, 1.1]}, index=list("abc"))
    >>> found = composite_index(parts, {"noise": 1, "detour": 1}, better={"noise": "lower", "detour": "lower"})
    >>> found.table[["rank", "rank_low", "rank_high"]].to_numpy().tolist()
    [[1.0, 1.0, 2.0], [1.0, 1.0, 2.0], [3.0, 3.0, 3.0]]
    """
    direction = _directions(parts, better)
    _check(parts, weights, direction, better, n_draws=n_draws, level=level, concentration=concentration)
    names = list(parts.columns)
    share = np.array([float(weights[name]) for name in names])
    share /= share.sum()
    scores = pd.DataFrame({name: exponential_score(parts[name], better=direction[name]) for name in names})
    contributions = scores * share
    whole = scores.notna().all(axis=1).to_numpy(bool)
    score = scores.to_numpy(float)[whole]
    table = pd.DataFrame(index=parts.index)
    table["index"] = contributions.sum(axis=1).where(whole)
    without = np.array([_ranks(score, _leave_out(share, k))[0] for k in range(len(names)) if len(names) > 1])
    low, high = _rank_interval(score, share * len(names) * concentration, n_draws=n_draws, seed=seed, level=level)
    left_out = without if len(without) else _ranks(score, share)
    for name, ranks in {
        "rank": _ranks(score, share)[0], "rank_low": low, "rank_high": high,
        "rank_without_low": left_out.min(axis=0), "rank_without_high": left_out.max(axis=0),
    }.items():  # fmt: skip
        table[name] = _spread(ranks, whole)
    leave_one_out = pd.DataFrame(
        {name: _spread(ranks, whole) for name, ranks in zip(names, without, strict=False)}, index=parts.index
    )
    return CompositeIndex(
        table, scores, contributions, pd.Series(share, index=names, name="weight"), leave_one_out, correlated(parts)
    )


def correlated(values: pd.DataFrame, limit: float = 0.7) -> pd.DataFrame:
    """List pairs of columns that rank areas much the same way, so that adding both counts one thing twice.

    Parameters
    ----------
    values : DataFrame
        One row an area.
    limit : float, optional
        Pairs whose rank correlation exceeds it, in either direction, are listed; 0 or more, below 1.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``spearman`` (-1 to 1), ``n_areas`` (with both numbers), the strongest first.

    Raises
    ------
    InputError
        If the limit is out of range.

    Notes
    -----
    Spearman's rho of the areas that have both numbers, three or more; a column that does not vary has none.

    Examples
    --------
    >>> import pandas as pd
    >>> parts = pd.DataFrame({"noise": [1, 2, 3, 4], "isolation": [1, 3, 2, 4], "parks": [1, 4, 2, 0]})
    >>> correlated(parts).round(2).to_numpy().tolist()
    [['noise', 'isolation', 0.8, 4]]
    """
    raise_errors(number_faults("limit", limit, least=0.0, below=1.0))
    numbers = pd.DataFrame({name: floats(values[name]) for name in values.columns})
    known = numbers.notna().to_numpy(float)
    both = known.T @ known
    rho = numbers.corr(method="spearman", min_periods=3).to_numpy(float)
    found = [
        (values.columns[i], values.columns[j], float(rho[i, j]), int(both[i, j]))
        for i, j in zip(*np.nonzero(np.triu(np.abs(np.nan_to_num(rho)) > limit, 1)), strict=True)
    ]
    found.sort(key=lambda pair: -abs(pair[2]))
    table = pd.DataFrame(found, columns=["first", "second", "spearman", "n_areas"])
    return table.astype({"spearman": float, "n_areas": int})


def _leave_out(share: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    rest = np.where(np.arange(len(share)) == k, 0.0, share)
    return np.asarray(rest / rest.sum())


def _ranks(score: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return ranks, 1 = worst, one row a set of weights."""
    totals = np.round(np.atleast_2d(weights) @ score.T, _DIGITS)
    # pandas ranks as scipy.stats does, which takes two seconds to load
    return np.asarray(pd.DataFrame(-totals).rank(axis=1, method="min"), dtype=np.int32)


def _rank_interval(
    score: NDArray[np.float64], alpha: NDArray[np.float64], *, n_draws: int, seed: int, level: float
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the ranks between which the level of draws lies, both of them drawn."""
    draws = np.random.default_rng(seed).dirichlet(alpha, size=n_draws)
    step = max(1, _BLOCK // max(len(score), 1))
    ranks = np.concatenate([_ranks(score, draws[first : first + step]) for first in range(0, n_draws, step)])
    ranks.sort(axis=0)
    tail = (1.0 - level) / 2 * (n_draws - 1)
    return ranks[int(np.floor(tail))], ranks[int(np.ceil(n_draws - 1 - tail))]


def _spread(ranks: NDArray[np.int32], whole: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Put the ranks of complete areas in their places, NaN elsewhere."""
    result = np.full(len(whole), np.nan)
    result[whole] = ranks
    return result


def _directions(parts: pd.DataFrame, better: Mapping[str, Better] | None) -> dict[str, Better]:
    found = (indicator_of(str(name)) for name in parts.columns)
    known: dict[str, Better] = {indicator.name: indicator.better for indicator in found if indicator is not None}
    return known | dict(better or {})


def _check(
    parts: pd.DataFrame,
    weights: Mapping[str, float],
    direction: Mapping[str, str],
    better: Mapping[str, str] | None,
    *,
    n_draws: int,
    level: float,
    concentration: float,
) -> None:
    faults: list[Fault] = []
    if not len(parts.columns):
        faults.append(Fault("parts", "", "there is no column", "give one or more domains"))
    faults += [*columns(parts, weights, file="parts"), *columns(parts, better or (), file="parts")]
    for name in parts.columns:
        where = f"column {name}"
        if name not in weights:
            hint = nearest(str(name), map(str, weights)) or "declare one, or leave the column out"
            faults.append(Fault("weights", where, "it has no weight", hint))
        else:
            faults += number_faults(f"weights[{name!r}]", weights[name], above=0.0)
        if name not in direction:
            remedy = f'say so: better={{"{name}": "lower"}}, or "higher"'
            faults.append(Fault("better", where, "it is not known which direction is good for residents", remedy))
        else:
            faults += choice_faults(f"better[{name!r}]", direction[name], ("lower", "higher"))
    faults += number_faults("n_draws", n_draws, least=1)
    faults += number_faults("level", level, above=0.0, below=1.0)
    faults += number_faults("concentration", concentration, above=0.0)
    raise_errors(faults)
