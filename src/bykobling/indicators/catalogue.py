"""All indicators, and what an indicator of other minutes, metres or places than the usual is called."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bykobling.indicators import access, noise, severance, transit
from bykobling.indicators._model import THEMES
from bykobling.indicators.fairness import FAIRNESS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bykobling.indicators._model import Indicator

INDICATORS: tuple[Indicator, ...] = (
    *severance.SEVERANCE, *access.ACCESS, *transit.TRANSIT, *noise.NOISE, *FAIRNESS,
)  # fmt: skip
"""What a run with the usual settings gives, in the order of the profile."""

_BY_NAME = {one.name: one for one in INDICATORS}
_FAMILIES = (*severance.FAMILIES, *access.FAMILIES, *transit.FAMILIES, *noise.FAMILIES)


@cache
def indicator_of(name: str) -> Indicator | None:
    """Describe an indicator, also one of other minutes or categories than the usual.

    Parameters
    ----------
    name : str
        Column of the areas.

    Returns
    -------
    Indicator or None
        None where the column is no indicator.

    Examples
    --------
    >>> indicator_of("minutes_to_polling_station_walk").label_en
    'Minutes on foot to polling station'
    >>> indicator_of("residents") is None
    True
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    for pattern, make in _FAMILIES:
        found = pattern.fullmatch(name)
        if found:
            return make(**found.groupdict())
    return None


def indicators_among(columns: Iterable[str]) -> tuple[Indicator, ...]:
    """Describe the indicators among columns: the usual ones in the order of the profile, then the others.

    Parameters
    ----------
    columns : iterable of str
        Columns of a table of areas or residents.

    Returns
    -------
    tuple of Indicator
        Without columns that are no indicators.

    Examples
    --------
    >>> [one.name for one in indicators_among(["name", "green_300m_share", "division_index"])]
    ['division_index', 'green_300m_share']
    """
    there = [one for column in columns if (one := indicator_of(str(column))) is not None]
    rank = {name: number for number, name in enumerate(_BY_NAME)}
    return tuple(sorted(there, key=lambda one: (THEMES.index(one.theme), rank.get(one.name, len(rank)))))
