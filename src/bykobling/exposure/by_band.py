"""Residents by band of level: every resident stands in one row, also those of whom nothing is known."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling import _check
from bykobling.errors import Fault, InputError
from bykobling.exposure.people import checked_names, groups, sampled_in
from bykobling.raster.bands import Band, make_band
from bykobling.raster.model import BELOW_LOWEST, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bykobling.raster.model import Sampled

EDGES_DB: dict[str, tuple[float, ...]] = {
    "road_lden": (53, 58, 63, 68, 73),
    "rail_lden": (54, 59, 64, 69, 74),
    "aircraft_lden": (45, 50, 55, 60, 65, 70, 75),
    "industry_lden": (55, 60, 65, 70, 75),
    "road_lnight": (45, 50, 55, 60, 65, 70),
    "rail_lnight": (45, 50, 55, 60, 65, 70),
    "aircraft_lnight": (40, 45, 50, 55, 60, 65, 70),
    "industry_lnight": (50, 55, 60, 65, 70),
}
"""Lower edges of the bands exact levels are put into, the last open: Danish for roads and railways."""


def residents_by_band(
    homes: pd.DataFrame,
    *,
    by: str | None = "area_id",
    weight: str = "residents",
    edges_db: Mapping[str, Sequence[float]] | None = None,
) -> pd.DataFrame:
    """Count the residents of each area by band of level.

    Parameters
    ----------
    homes : DataFrame
        As in `area_exposure`.
    by : str or None, optional
        Column of areas; None: everybody, as ``"all"``.
    weight : str, optional
        What is counted: ``"residents"``, or ``"dwellings"``.
    edges_db : mapping, optional
        Lower edges of the bands by kind of noise, the last band open. By default the bands of the map itself, or
        `EDGES_DB` where its levels are exact.

    Returns
    -------
    DataFrame
        One row an area, kind of noise and band, quiet bands first: ``area_id`` (or the name of `by`), ``noise``
        (e.g. ``road_lden``), ``band`` (``"below_lowest"``: below the lowest level mapped or the first edge;
        ``"53-58"``; ``">73"``; ``"unknown"``), ``lo_db`` (included) and ``hi_db``, the weight, and ``share`` (0-1)
        of all. Over the bands of an area the weights sum to that of its homes.

    Raises
    ------
    InputError
        If there is no level, a column is missing, a weight is negative, or edges cut the bands of the map.

    Examples
    --------
    >>> level = [52.0, 58.0]
    >>> homes = pd.DataFrame({"area_id": "a", "residents": [3.0, 1.0], "road_lden_db": level,
    ...                       "road_lden_lo_db": level, "road_lden_hi_db": level})
    >>> found = residents_by_band(homes)
    >>> found.loc[found["residents"] > 0, ["band", "residents"]].to_numpy().tolist()
    [['below_lowest', 3.0], ['58-63', 1.0]]
    """
    names = checked_names(homes, by, weight)
    bands = {name: _bands(sampled_in(homes, name), name, edges_db or {}) for name in names}
    rows: list[dict[str, Any]] = []
    for area, part in groups(homes, by):
        people = part[weight].to_numpy(float)
        total = people.sum()
        for name in names:
            place = _place(sampled_in(part, name), bands[name])
            count = np.bincount(place, weights=people, minlength=len(bands[name]) + 2)
            labels = [BELOW_LOWEST, *map(str, bands[name]), UNKNOWN]
            lowest = bands[name][0].lo_db if bands[name] else math.nan
            edges = [(-math.inf, lowest), *((b.lo_db, b.hi_db) for b in bands[name]), (math.nan, math.nan)]
            rows += [
                {
                    by or "area_id": area, "noise": name, "band": label, "lo_db": lo, "hi_db": hi,
                    weight: float(number), "share": float(number / total) if total > 0 else math.nan,
                }
                for label, (lo, hi), number in zip(labels, edges, count, strict=True)
            ]  # fmt: skip
    columns = [by or "area_id", "noise", "band", "lo_db", "hi_db", weight, "share"]
    return pd.DataFrame(rows, columns=columns)


def _bands(found: Sampled, name: str, given: Mapping[str, Sequence[float]]) -> list[Band]:
    """Return the bands to count by, lowest first."""
    mapped = ~np.isnan(found.level_db)
    told = {(lo, hi) for lo, hi in zip(found.lo_db[mapped], found.hi_db[mapped], strict=True) if lo < hi}
    exact = bool((mapped & (found.lo_db == found.hi_db)).any())
    if name not in given and told and not exact:
        own = sorted(make_band(lo, hi) for lo, hi in told)
        if all(a.hi_db <= b.lo_db for a, b in pairwise(own)):
            return own
        rule, remedy = "its bands overlap, so nobody can be counted once by them", "give edges_db= that none crosses"
        raise InputError(Fault("homes", name, rule, remedy))
    edges = [float(edge) for edge in given.get(name, EDGES_DB[name])]
    if not edges or not all(map(math.isfinite, edges)) or edges != sorted(set(edges)):
        rule = f"{edges} do not rise"
        raise InputError(Fault("edges_db", name, rule, "give the lower edges of the bands in dB, e.g. (55, 60, 65)"))
    cut = [(lo, hi, edge) for lo, hi in sorted(told) for edge in edges if lo < edge < hi]
    _check.raise_errors(
        Fault("edges_db", f"{name} {edge:g}", f"it cuts the band {make_band(lo, hi)} dB of the map",
              "use edges the map has")
        for lo, hi, edge in cut
    )  # fmt: skip
    return [make_band(lo, hi) for lo, hi in zip(edges, [*edges[1:], math.inf], strict=True)]


def _place(found: Sampled, bands: Sequence[Band]) -> NDArray[np.int64]:
    """Return where each row stands: 0 below, 1 ... the bands, then unknown."""
    place = np.searchsorted(np.array([band.lo_db for band in bands]), found.lo_db, side="right").astype(np.int64)
    place[found.below] = 0
    place[found.is_unknown] = len(bands) + 1
    return place
