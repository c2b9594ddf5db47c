"""What a card tells besides reach: the walk to a station, and the ways out of areas."""

from __future__ import annotations

from math import isinf
from typing import TYPE_CHECKING, Any

from bykobling.report._cells import number_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from bykobling.report.numbers import Numbers

MOST_AREAS = 5
_SPACE = "\N{NO-BREAK SPACE}"


def station_told(one: Mapping[Any, Any], numbers: Numbers, text: Mapping[str, str]) -> str:
    """Say how long the walk to a station is before and after.

    Parameters
    ----------
    one : mapping
        A row of `FoundLinks.links`.
    numbers : Numbers
        How numbers are written.
    text : mapping of str to str
        Words of the page.

    Returns
    -------
    str
        A sentence, also where it is not known.
    """
    before, after = (number_of(one.get(f"station_{when}_min")) for when in ("before", "after"))
    if before is None or after is None:
        return text["station_unknown"]

    def write(minutes: float, *, fine: bool = False) -> str:
        if isinf(minutes):
            return text["no_way"]
        # a mean of many moves by little: a decimal also above ten, and one more where it takes that to tell two apart
        return f"{numbers.value(minutes, 'index') if fine else numbers.ratio(minutes)}{_SPACE}min"

    rough, fine = ((write(before, fine=each), write(after, fine=each)) for each in (False, True))
    if fine[0] == fine[1]:
        return text["station_same"].format(before=rough[0])
    shown = rough if rough[0] != rough[1] else fine
    return text["station_change"].format(before=shown[0], after=shown[1])


def entries_told(entries: pd.DataFrame, one: Mapping[Any, Any], numbers: Numbers, text: Mapping[str, str]) -> str:
    """Say which areas get another number of ways out that share no street.

    Parameters
    ----------
    entries : DataFrame
        `FoundLinks.entries` of one connection.
    one : mapping
        Its row of `FoundLinks.links`.
    numbers : Numbers
        How numbers are written.
    text : mapping of str to str
        Words of the page.

    Returns
    -------
    str
        A sentence, also where it is not known; at most five areas a ring.
    """
    unknown = [number_of(one.get(f"entries_{ring_m}m_change")) is None for ring_m in (400, 800)]
    if all(unknown) or (entries.empty and any(unknown)):
        return text["entries_unknown"]
    rings = []
    for ring_m, part in entries.groupby("ring_m"):
        rows = part.sort_values("change", key=abs, ascending=False, kind="stable").to_dict("records")
        areas = [
            f"{text_of(row['area'], str(row['area_id']))} "
            f"{numbers.count(row['before'])} → {numbers.count(row['after'])}"
            for row in rows[:MOST_AREAS]
        ]
        if len(rows) > MOST_AREAS:
            areas.append(text["entries_more"].format(count=numbers.count(len(rows) - MOST_AREAS)))
        rings.append(text["entries_ring"].format(areas=", ".join(areas), metres=f"{ring_m:g}"))
    return text["entries_change"].format(rings="; ".join(rings)) if rings else text["entries_same"]
