"""What levels do to people: annoyance, sleep, heart disease, and the Danish noise exposure index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np

from bykobling._check import nearest, raise_errors
from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

TransportSource = Literal["road", "rail", "aircraft"]

ANNOYED: dict[str, tuple[float, float, float]] = {
    "road": (78.9270, -3.1162, 0.0342),
    "rail": (38.1596, -2.05538, 0.0285),
    "aircraft": (-50.9693, 1.0168, 0.0072),
}
"""a, b, c of ``a + b L + c L^2``, percent highly annoyed at Lden L."""

SLEEP_DISTURBED: dict[str, tuple[float, float, float]] = {
    "road": (19.4312, -0.9336, 0.0126),
    "rail": (67.5406, -3.1852, 0.0391),
    "aircraft": (16.7885, -0.9293, 0.0198),
}
"""The same for percent highly sleep-disturbed at Lnight L."""

ANNOYED_FROM_DB = 50.0
SLEEP_DISTURBED_FROM_DB = 45.0
"""The parabolas rise again below: they are read no lower than these."""

_ANNOYED_TO_DB = 80.0
_SLEEP_TO_DB = 70.0

_RISK_A_10_DB = 1.08
_RISK_FROM_DB = 53.0

_SBT_FROM_DB = 58.0


def highly_annoyed_pct(
    level_db: ArrayLike, source: TransportSource, *, from_db: float = ANNOYED_FROM_DB
) -> NDArray[np.float64]:
    """Return the percentage of people highly annoyed at levels of Lden.

    Parameters
    ----------
    level_db : array of float
        Lden in dB, of any shape; of a band its central value.
    source : {"road", "rail", "aircraft"}
        Whose noise.
    from_db : float, optional
        Levels below are read as this one.

    Returns
    -------
    array of float
        Percent (0-100) of the people exposed to each level; NaN where there is no level.

    Raises
    ------
    InputError
        If the source is not known.

    Notes
    -----
    ``a + b L + c L^2``: Directive 2002/49/EC Annex III as amended by (EU) 2020/367, after WHO Environmental Noise
    Guidelines 2018. The curves were fitted up to about 80 dB: higher levels are read as 80. As parabolas they rise
    again below 46 dB (road), which means nothing: levels below `from_db` are read as that.

    Examples
    --------
    >>> highly_annoyed_pct([55.0, 65.0, 30.0], "road").round(1).tolist()
    [11.0, 20.9, 8.6]
    """
    return _curve(level_db, source, ANNOYED, from_db, _ANNOYED_TO_DB)


def highly_sleep_disturbed_pct(
    level_db: ArrayLike, source: TransportSource, *, from_db: float = SLEEP_DISTURBED_FROM_DB
) -> NDArray[np.float64]:
    """Return the percentage of people highly sleep-disturbed at levels of Lnight.

    Parameters
    ----------
    level_db : array of float
        Lnight in dB, of any shape; of a band its central value.
    source : {"road", "rail", "aircraft"}
        Whose noise.
    from_db : float, optional
        Levels below are read as this one.

    Returns
    -------
    array of float
        Percent (0-100) of the people exposed to each level; NaN where there is no level.

    Raises
    ------
    InputError
        If the source is not known.

    Notes
    -----
    As `highly_annoyed_pct`; fitted up to about 70 dB.

    Examples
    --------
    >>> highly_sleep_disturbed_pct([50.0, 60.0], "rail").round(1).tolist()
    [6.0, 17.2]
    """
    return _curve(level_db, source, SLEEP_DISTURBED, from_db, _SLEEP_TO_DB)


def _curve(
    level_db: ArrayLike, source: str, curves: Mapping[str, tuple[float, float, float]], low: float, high: float
) -> NDArray[np.float64]:
    if source not in curves:
        hint = nearest(str(source), curves)
        remedy = f"{hint + '; ' if hint else ''}choose one of {', '.join(curves)}"
        raise InputError(Fault("source", "", f"no response to noise of {source!r} is known", remedy))
    a, b, c = curves[source]
    level = np.clip(np.asarray(level_db, np.float64), low, high)
    return np.clip(a + b * level + c * level**2, 0.0, 100.0)


def ihd_paf(level_db: ArrayLike, weights: ArrayLike) -> float:
    """Return the share of all ischaemic heart disease that road noise accounts for.

    Parameters
    ----------
    level_db : array of float, shape (n,)
        Lden of road noise; NaN or ``-inf`` for people below the lowest level mapped, who count as not exposed.
    weights : array of float, shape (n,)
        People, or shares of them: the whole population, not the exposed alone.

    Returns
    -------
    float
        Population attributable fraction (0-1); NaN where there is nobody.

    Raises
    ------
    InputError
        If a weight is negative or not finite, or their number differs.

    Notes
    -----
    ``RR(L) = exp(ln(1.08) / 10 (L - 53))`` above 53 dB, else 1; ``S = sum p_j (RR_j - 1)``, ``PAF = S / (S + 1)``,
    with ``p_j`` the share of the whole population at level j: Directive 2002/49/EC Annex III as amended by (EU)
    2020/367. Cases = PAF times incidence times population.

    Examples
    --------
    >>> round(ihd_paf([float("nan"), 63.0], [0.5, 0.5]), 4)
    0.0385
    """
    level = np.atleast_1d(np.asarray(level_db, np.float64))
    weight = np.atleast_1d(np.asarray(weights, np.float64))
    faults = []
    if weight.shape != level.shape:
        rule = f"there are {len(weight)} weights for {len(level)} levels"
        faults.append(Fault("weights", "", rule, "give one weight a level"))
    elif not np.isfinite(weight).all() or (weight < 0).any():
        faults.append(Fault("weights", "", "some are negative or not finite", "give numbers of 0 or more"))
    raise_errors(faults)
    if not weight.sum() > 0:
        return math.nan
    above = np.maximum(np.nan_to_num(level, nan=0.0, neginf=0.0) - _RISK_FROM_DB, 0.0)
    excess = np.expm1(math.log(_RISK_A_10_DB) / 10 * above)
    total = float((weight * excess).sum() / weight.sum())
    return total / (total + 1)


def sbt_unconfirmed(level_db: ArrayLike) -> NDArray[np.float64]:
    """Return the contribution of dwellings to the Danish noise exposure index (støjbelastningstal, SBT).

    Unconfirmed: the formula reproduces the published weights of 5 dB bands, but was not read in the official note.

    Parameters
    ----------
    level_db : array of float
        Lden of road noise at each dwelling; NaN counts as nothing where it means "below the lowest level".

    Returns
    -------
    array of float
        One number a dwelling; their sum is the SBT.

    Notes
    -----
    ``0.01 * 4.22^(0.1 (Lden - 44))`` from 58 dB, else 0. Concept: Miljøstyrelsen 2010. The band weights it gives
    (0.11, 0.22, 0.45, 0.93 at 60.5, 65.5, 70.5 and 75.5 dB) are those published.

    Examples
    --------
    >>> sbt_unconfirmed([57.9, 60.5, 70.5]).round(2).tolist()
    [0.0, 0.11, 0.45]
    """
    level = np.nan_to_num(np.asarray(level_db, np.float64), nan=0.0, neginf=0.0)
    return np.where(level >= _SBT_FROM_DB, 0.01 * 4.22 ** (0.1 * (level - 44.0)), 0.0)
