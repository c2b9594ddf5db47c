"""Bands of level: what a contour or a class code of a noise map means, with its edges kept."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable

Metric = Literal["lden", "lnight"]
NoiseSource = Literal["road", "rail", "aircraft", "industry"]

_WIDTH_DB = 5.0
"""Bands of noise maps are 5 dB wide; an open one is taken to be as wide for its central value."""
_END_WIDTH_DB = 4.0
_END_ROUNDING_DB = 0.5
_END = re.compile(r"(lden|lnight)(\d{2})(\d{2})")
_END_OVER = re.compile(r"(lden|lnight)greaterthan(\d{2})")
_END_UNDER = re.compile(r"(lden|lnight)smallerthan(\d{2})")
_FROM_TO = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:-|\u2013|\u2014|\.\.|to|til|bis)\s*(\d+(?:[.,]\d+)?)")
_OVER = re.compile(r"(?:>=?|≥|over|above|über)\s*(\d+(?:[.,]\d+)?)|(\d+(?:[.,]\d+)?)\s*\+")
_UNDER = re.compile(r"(?:<=?|≤|under|below|unter)\s*(\d+(?:[.,]\d+)?)")


@dataclass(frozen=True, order=True)
class Band:
    """One band of level.

    Parameters
    ----------
    lo_db, hi_db : float
        Its edges, the lower included; ``-inf`` or ``inf`` where it is open.
    central_db : float
        The level its residents are taken to have; NaN for a band open below, which is not mapped.
    """

    lo_db: float
    hi_db: float
    central_db: float

    @property
    def mapped(self) -> bool:
        """Whether it is a band of level and not "below the lowest"."""
        return math.isfinite(self.lo_db)

    def __str__(self) -> str:
        """Tell it as a planner would."""
        if not self.mapped:
            return f"<{self.hi_db:g}"
        return f">{self.lo_db:g}" if math.isinf(self.hi_db) else f"{self.lo_db:g}-{self.hi_db:g}"


def make_band(lo_db: float, hi_db: float) -> Band:
    """Make a band with its middle as central value; an open upper one is taken to be 5 dB wide.

    Parameters
    ----------
    lo_db, hi_db : float
        Edges; equal ones stand for the level itself.

    Returns
    -------
    Band
        The band.

    Examples
    --------
    >>> make_band(53, 58).central_db, make_band(73, float("inf")).central_db
    (55.5, 75.5)
    """
    lo, hi = float(lo_db), float(hi_db)
    if math.isinf(lo):
        return Band(lo, hi, math.nan)
    return Band(lo, hi, lo + _WIDTH_DB / 2 if math.isinf(hi) else (lo + hi) / 2)


def end_band(lo_db: float, *, open_above: bool = False) -> Band:
    """Make a band of the Environmental Noise Directive, told in whole decibels.

    "55-59" holds levels that round to 55 ... 59. Its edges are kept as 55 and 60, which is what people above 55 or
    60 dB are counted by; the central value is that of the rounded levels, 57.

    Parameters
    ----------
    lo_db : float
        The first whole level in it.
    open_above : bool, optional
        Whether it is the highest, e.g. ``LdenGreaterThan75``.

    Returns
    -------
    Band
        The band.

    Notes
    -----
    Central values: Directive 2002/49/EC Annex III as amended by (EU) 2020/367.

    Examples
    --------
    >>> end_band(55)
    Band(lo_db=55.0, hi_db=60.0, central_db=57.0)
    """
    lo = float(lo_db)
    central = lo - _END_ROUNDING_DB + _WIDTH_DB / 2
    return Band(lo, math.inf if open_above else lo + _WIDTH_DB, central)


def parse_band(text: str) -> tuple[Metric | None, Band] | None:
    """Read the name of a band.

    Parameters
    ----------
    text : str
        ``Lden5559``, ``LnightGreaterThan70``, ``55-59``, ``53-58 dB``, ``> 73``, ``75+``, ``<55``.

    Returns
    -------
    tuple or None
        The metric it names, if it names one, and the band; None if the text tells no band. Whole decibels four
        apart (55-59) are a band of the Directive.

    Examples
    --------
    >>> parse_band("Lden5559")
    ('lden', Band(lo_db=55.0, hi_db=60.0, central_db=57.0))
    >>> parse_band("53 - 58 dB(A)")
    (None, Band(lo_db=53.0, hi_db=58.0, central_db=55.5))
    """
    plain = text.strip().lower()
    return _directive_band(plain) or _plain_band(re.sub(r"\s*db\s*(\(a\))?\s*$", "", plain))


def _directive_band(plain: str) -> tuple[Metric, Band] | None:
    if end := _END.fullmatch(plain):
        lo, hi = float(end[2]), float(end[3])
        return (_metric(end[1]), end_band(lo)) if hi - lo == _END_WIDTH_DB else None
    if end := _END_OVER.fullmatch(plain):
        return _metric(end[1]), end_band(float(end[2]), open_above=True)
    if end := _END_UNDER.fullmatch(plain):
        return _metric(end[1]), make_band(-math.inf, float(end[2]))
    return None


def _plain_band(bare: str) -> tuple[None, Band] | None:
    if told := _FROM_TO.fullmatch(bare):
        lo, hi = _number(told[1]), _number(told[2])
        if lo >= hi:
            return None
        return None, end_band(lo) if hi - lo == _END_WIDTH_DB and lo.is_integer() else make_band(lo, hi)
    if told := _OVER.fullmatch(bare):
        return None, make_band(_number(told[1] or told[2]), math.inf)
    if told := _UNDER.fullmatch(bare):
        return None, make_band(-math.inf, _number(told[1]))
    return None


def _metric(word: str) -> Metric:
    return "lden" if word == "lden" else "lnight"


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def given_band(key: object, value: object, *, file: str) -> Band | Fault:
    """Read one entry of the bands a user gives: a pair of edges, a `Band`, or its name.

    Parameters
    ----------
    key : object
        The code or name it stands for, for the message.
    value : object
        ``(lo, hi)`` with None or an infinity where open, a `Band`, or a text `parse_band` reads.
    file : str
        What the map is called, for the message.

    Returns
    -------
    Band or Fault
        What was told, or what is wrong with it.
    """
    if isinstance(value, Band):
        return value
    if isinstance(value, str) and (parsed := parse_band(value)):
        return parsed[1]
    remedy = "give its two edges in dB, e.g. (55, 60), with None where it is open"
    if not isinstance(value, tuple | list) or len(value) != 2:
        return Fault(file, f"band {key}", f"{value!r} is no pair of levels", remedy)
    try:
        lo = -math.inf if value[0] is None else float(value[0])
        hi = math.inf if value[1] is None else float(value[1])
    except (TypeError, ValueError):
        return Fault(file, f"band {key}", f"{value!r} is no pair of levels", remedy)
    if not lo <= hi or (math.isinf(lo) and math.isinf(hi)):
        return Fault(file, f"band {key}", f"its edges {lo:g} and {hi:g} dB are no band", remedy)
    return make_band(lo, hi)


def missing_between(bands: Iterable[Band]) -> list[tuple[float, float]]:
    """List the levels between the lowest and the highest band that no band holds.

    Parameters
    ----------
    bands : iterable of Band
        In any order.

    Returns
    -------
    list of tuple
        Edges of each stretch, in dB.

    Examples
    --------
    >>> missing_between([make_band(55, 60), make_band(65, 70)])
    [(60.0, 65.0)]
    """
    ordered = sorted({band for band in bands if band.mapped})
    return [(a.hi_db, b.lo_db) for a, b in pairwise(ordered) if a.hi_db < b.lo_db]


def overlapping(bands: Iterable[Band]) -> list[tuple[Band, Band]]:
    """List neighbouring bands that share levels.

    Parameters
    ----------
    bands : iterable of Band
        In any order.

    Returns
    -------
    list of tuple of Band
        Pairs, the lower first.
    """
    ordered = sorted({band for band in bands if band.mapped})
    return [(a, b) for a, b in pairwise(ordered) if a.hi_db > b.lo_db]
