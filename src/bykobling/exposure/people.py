"""Who lives in the noise: one row an area, counted resident by resident."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from bykobling import _check
from bykobling.errors import Fault
from bykobling.exposure.health import (
    ANNOYED,
    ANNOYED_FROM_DB,
    SLEEP_DISTURBED,
    SLEEP_DISTURBED_FROM_DB,
    highly_annoyed_pct,
    highly_sleep_disturbed_pct,
    ihd_paf,
    sbt_unconfirmed,
)
from bykobling.exposure.statistics import energy_mean_db, mean_db, percentile_db, share_above
from bykobling.raster.model import Sampled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from bykobling.exposure.health import TransportSource

THRESHOLDS_DB: dict[str, tuple[float, ...]] = {
    "road_lden": (53, 55, 58, 64, 65, 68),
    "rail_lden": (54, 55, 64, 65),
    "aircraft_lden": (45, 55, 65),
    "industry_lden": (55, 65),
    "road_lnight": (45, 50, 55),
    "rail_lnight": (44, 50, 55),
    "aircraft_lnight": (40, 50, 55),
    "industry_lnight": (50, 55),
}
"""Danish guideline (58, rail 64) and "strongly exposed" (68); WHO 2018 (53/45, 54/44, 45/40); reporting to the EU
(55 and 65, at night 50 and 55)."""

PERCENTILES = (10, 50, 90)

_NAME = re.compile(r"(road|rail|aircraft|industry)_(lden|lnight)_db")


def names_in(table: pd.DataFrame) -> list[str]:
    """List the kinds of noise a table has levels of.

    Parameters
    ----------
    table : DataFrame
        With columns of `home_levels`.

    Returns
    -------
    list of str
        E.g. ``["road_lden", "rail_lden"]``, in order of the columns.
    """
    return [str(name).removesuffix("_db") for name in table.columns if _NAME.fullmatch(str(name))]


def sampled_in(table: pd.DataFrame, name: str) -> Sampled:
    """Return the levels of one kind of noise in a table.

    Parameters
    ----------
    table : DataFrame
        With columns of `home_levels`.
    name : str
        E.g. ``"road_lden"``.

    Returns
    -------
    Sampled
        One level a row.
    """
    return Sampled(*(table[f"{name}_{part}db"].to_numpy(float, na_value=np.nan) for part in ("", "lo_", "hi_")))


def area_exposure(
    homes: pd.DataFrame,
    *,
    by: str | None = "area_id",
    weight: str = "residents",
    thresholds_db: Mapping[str, Sequence[float]] | None = None,
    annoyed_from_db: float = ANNOYED_FROM_DB,
    sleep_disturbed_from_db: float = SLEEP_DISTURBED_FROM_DB,
) -> pd.DataFrame:
    """Tell how many residents of each area live above which level, and what that does to them.

    Parameters
    ----------
    homes : DataFrame
        One row a home (with `home_levels` joined to it, of one kind of noise or several) or a receiver
        (`home_receivers`).
    by : str or None, optional
        Column of areas; rows without one are in none. None: one row, ``"all"``, of everybody.
    weight : str, optional
        What is counted: ``"residents"``, or ``"dwellings"``.
    thresholds_db : mapping, optional
        Levels to count from, by kind of noise, e.g. ``{"road_lden": (58, 68)}``; `THRESHOLDS_DB` for those not named.
    annoyed_from_db, sleep_disturbed_from_db : float, optional
        Residents below are not counted as annoyed or disturbed by the curves.

    Returns
    -------
    DataFrame
        Index of areas, sorted; the sum of `weight`, and for each kind of noise ``<name>`` (e.g. ``road_lden``):

        - ``<name>_unknown_share`` of all (0-1); every share below is of the others, of whom something is known.
        - ``<name>_below_lowest_share``, below the lowest level mapped.
        - ``<name>_share_above_<t>``, at or above t dB; NaN where it cannot be told (`share_above`).
        - ``<name>_energy_mean_db`` and ``<name>_pop_weighted_mean_db``; those below the lowest level mapped are
          taken to be at it, so that both are upper bounds where there are such.
        - ``<name>_p10_db``, ``_p50_db``, ``_p90_db``: levels that so many percent do not exceed; NaN where that is
          below the lowest level mapped.
        - ``<name>_quiet_facade_share`` of those of whom it can be told.
        - Lden: ``<name>_highly_annoyed`` (number) and ``<name>_highly_annoyed_pct``; Lnight:
          ``<name>_highly_sleep_disturbed`` and ``<name>_highly_sleep_disturbed_pct``.
        - Lden of roads: ``road_lden_ihd_paf`` (0-1); and where dwellings are known ``road_lden_sbt_unconfirmed``.
        - ``<name>_tier``, all tiers there are.

        ``attrs["notes"]`` tells what was assumed, in sentences.

    Raises
    ------
    InputError
        If there is no level, a column is missing, or a weight is missing or negative.

    Notes
    -----
    Shares and effects are summed over people and never computed from a mean level: the curves are convex. Noise of
    roads and of railways is told apart.

    Examples
    --------
    >>> level = [52.0, 58.0]
    >>> homes = pd.DataFrame({"area_id": "a", "residents": [3.0, 1.0], "road_lden_db": level,
    ...                       "road_lden_lo_db": level, "road_lden_hi_db": level})
    >>> area_exposure(homes)[["road_lden_share_above_58", "road_lden_pop_weighted_mean_db"]].to_numpy().tolist()
    [[0.25, 53.5]]
    """
    names = checked_names(homes, by, weight)
    limits = {**THRESHOLDS_DB, **{name: tuple(values) for name, values in (thresholds_db or {}).items()}}
    _check_thresholds(limits, thresholds_db or {})
    lowest = {"lden": annoyed_from_db, "lnight": sleep_disturbed_from_db}
    rows = []
    for area, part in groups(homes, by):
        people = part[weight].to_numpy(float)
        row: dict[str, Any] = {by or "area_id": area, weight: float(people.sum())}
        for name in names:
            found = sampled_in(part, name)
            row |= _levels(part, name, found, people, limits[name])
            row |= _effects(part, name, found, people, weight=weight, from_db=lowest)
        rows.append(row)
    result = pd.DataFrame(rows).set_index(by or "area_id") if rows else pd.DataFrame(columns=[weight])
    result.attrs["notes"] = _notes(result, names)
    return result


def checked_names(homes: pd.DataFrame, by: str | None, weight: str) -> list[str]:
    """Check a table of homes and list its kinds of noise.

    Parameters
    ----------
    homes : DataFrame
        With columns of `home_levels`.
    by : str or None
        Column of areas.
    weight : str
        Column of what is counted.

    Returns
    -------
    list of str
        Kinds of noise.

    Raises
    ------
    InputError
        With every fault found.
    """
    names = names_in(homes)
    needed = [weight, *([by] if by is not None else []), *(f"{n}_{end}_db" for n in names for end in ("lo", "hi"))]
    faults = _check.columns(homes, needed, file="homes")
    if not names:
        remedy = "join the columns of home_levels to it, e.g. homes.join(home_levels(levels, homes))"
        faults.append(Fault("homes", "", "it has no levels, e.g. road_lden_db", remedy))
    if weight in homes:
        faults += _check.weights(homes[weight], file="homes")
    _check.raise_errors(faults)
    return names


def groups(homes: pd.DataFrame, by: str | None) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Yield the rows of each area, in order of its id; all of them, as ``"all"``, without a column of areas.

    Parameters
    ----------
    homes : DataFrame
        Rows.
    by : str or None
        Column of areas.

    Yields
    ------
    tuple of id and DataFrame
        Rows without an area are in none.
    """
    if by is None:
        yield "all", homes
    else:
        yield from homes.groupby(by, sort=True, dropna=True)


def _check_thresholds(limits: Mapping[str, Sequence[float]], given: Mapping[str, Sequence[float]]) -> None:
    faults = []
    for name, values in given.items():
        if name not in THRESHOLDS_DB:
            hint = _check.nearest(name, THRESHOLDS_DB)
            remedy = f"{hint + '; ' if hint else ''}choose of {', '.join(THRESHOLDS_DB)}"
            faults.append(Fault("thresholds_db", name, "there is no such kind of noise", remedy))
        if not all(math.isfinite(value) for value in limits[name]):
            faults.append(Fault("thresholds_db", name, f"{values!r} are not levels", "give dB, e.g. (58, 68)"))
    _check.raise_errors(faults)


def _levels(
    part: pd.DataFrame, name: str, found: Sampled, people: NDArray[np.float64], limits: Sequence[float]
) -> dict[str, Any]:
    known, below = ~found.is_unknown, found.below
    everybody, told = people.sum(), people[known].sum()
    row: dict[str, Any] = {
        f"{name}_unknown_share": _share(people[~known].sum(), everybody),
        f"{name}_below_lowest_share": _share(people[below].sum(), told),
    }
    for limit in limits:
        row[f"{name}_share_above_{limit:g}"] = share_above(found, people, limit)
    at_most = np.where(below, found.hi_db, found.level_db)
    row[f"{name}_energy_mean_db"] = energy_mean_db(at_most, people)
    row[f"{name}_pop_weighted_mean_db"] = mean_db(at_most, people)
    ordered = np.where(below, -np.inf, found.level_db)
    for pct in PERCENTILES:
        row[f"{name}_p{pct}_db"] = percentile_db(ordered, people, pct)
    quiet = f"{name}_quiet_facade"
    if quiet in part:
        side = part[quiet].to_numpy(float, na_value=np.nan)
        clear = ~np.isnan(side)
        row[f"{name}_quiet_facade_share"] = _share(people[clear & (side == 1)].sum(), people[clear].sum())
    if f"{name}_tier" in part:
        row[f"{name}_tier"] = ", ".join(sorted({str(tier) for tier in part[f"{name}_tier"].dropna()})) or None
    return row


def _effects(
    part: pd.DataFrame,
    name: str,
    found: Sampled,
    people: NDArray[np.float64],
    *,
    weight: str,
    from_db: Mapping[str, float],
) -> dict[str, Any]:
    source, metric = name.split("_")
    row: dict[str, Any] = {}
    told = people[~found.is_unknown].sum()
    level = found.level_db
    if weight == "residents":
        what, curves = ("highly_annoyed", ANNOYED) if metric == "lden" else ("highly_sleep_disturbed", SLEEP_DISTURBED)
        if source in curves:
            curve = highly_annoyed_pct if metric == "lden" else highly_sleep_disturbed_pct
            counted = level >= from_db[metric]
            pct = curve(level[counted], cast("TransportSource", source), from_db=from_db[metric])
            number = float((people[counted] * pct).sum()) / 100
            row[f"{name}_{what}"] = number if told > 0 else math.nan
            row[f"{name}_{what}_pct"] = 100 * _share(number, told)
        if name == "road_lden":
            known = ~found.is_unknown
            row[f"{name}_ihd_paf"] = ihd_paf(level[known], people[known])
    if name == "road_lden" and "dwellings" in part:
        dwellings = part["dwellings"].to_numpy(float, na_value=np.nan)
        row[f"{name}_sbt_unconfirmed"] = float((sbt_unconfirmed(level) * dwellings).sum())
    return row


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else math.nan


def _notes(result: pd.DataFrame, names: Sequence[str]) -> tuple[str, ...]:
    """Say what the numbers do not."""
    notes = []
    for name in names:
        if f"{name}_below_lowest_share" not in result:
            continue
        words = name.replace("_", " ")
        if (result[f"{name}_below_lowest_share"] > 0).any():
            notes.append(
                f"{words}: residents below the lowest level mapped are taken to be at it in mean levels, which are "
                "upper bounds there, and are not counted as annoyed, disturbed or ill."
            )
        if (result[f"{name}_unknown_share"] > 0).any():
            notes.append(f"{words}: residents where nothing is known are in no share but that of the unknown.")
        told = result[f"{name}_unknown_share"] < 1
        blank = [
            str(column).rsplit("_", 1)[1]
            for column in result
            if str(column).startswith(f"{name}_share_above_") and (result[column].isna() & told).any()
        ]
        if blank:
            notes.append(
                f"{words}: the share above {', '.join(blank)} dB cannot be told in some areas, as the map begins "
                "higher or its bands are cut by that level."
            )
        if f"{name}_sbt_unconfirmed" in result:
            notes.append(f"{words}: the noise exposure index (SBT) follows an unconfirmed formula.")
    return tuple(notes)
