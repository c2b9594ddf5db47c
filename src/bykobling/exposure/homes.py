"""Levels at homes: each home takes those of its building, or of the point it stands at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import shapely

from bykobling import _check
from bykobling.errors import Fault
from bykobling.exposure.buildings import (
    building_of,
    building_receivers,
    check_buildings,
    facade_columns,
    tier_of,
)
from bykobling.exposure.receivers import Ranked, Receivers, joined, lowered, must_overlap, ranked
from bykobling.exposure.rules import DEFAULT_RULES, FacadeRules
from bykobling.raster.sample import sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.raster.model import NoiseLevels

Rule = Literal["upper_half", "most_exposed", "all"]

POINT = " point"
"""Ending of the tier of a home whose level is that of its point and of no facade."""

_SAME_M = 2.0
"""A home this near to a dwelling with a level is that dwelling."""


def home_levels(
    levels: NoiseLevels,
    homes: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    rules: FacadeRules = DEFAULT_RULES,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Tell the level of each home: that of the most exposed facade of its building.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    homes : GeoDataFrame
        n points where people live.
    buildings : GeoDataFrame, optional
        All footprints, in the CRS of the homes. A home belongs to the one it lies in, else to the nearest within
        ``rules.near_m``. A home without one takes the level at its point.
    rules : FacadeRules, optional
        Where receivers stand.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        Index of `homes`; with ``<name>`` the source and metric, e.g. ``road_lden``: ``<name>_db`` (NaN where there
        is none), ``<name>_lo_db`` and ``<name>_hi_db`` (its band; both the level where that is exact; ``-inf`` and
        the lowest level mapped below it; NaN where nothing is known), ``<name>_reason`` (None, ``"below_lowest"``,
        ``"unknown"``), ``<name>_tier`` and ``<name>_quiet_facade`` (1, 0, NaN where it cannot be told). Tiers: T1
        levels of dwellings, T2 facades on a map, T4 facades on a screening estimate; ``T2 point`` and ``T4 point``
        the level at the point of the home, which along a street is higher than at a facade; None where unknown.

    Raises
    ------
    CrsError
        If homes and buildings do not share one metric CRS.
    InputError
        If a geometry is of the wrong kind, or the map reaches no home.
    ReadError
        If the raster cannot be read to its end.

    Notes
    -----
    Directive 2002/49/EC Annex II 2.8: the most exposed facade is the level of a dwelling whose place is known, and
    an upper bound for flats somewhere in a building; `home_receivers` shares their people among the louder half.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from bykobling.raster import read_noise
    >>> band = gpd.GeoDataFrame({"category": ["Lden5559"]}, geometry=[shapely.box(0, 0, 99, 99)], crs=25832)
    >>> homes = gpd.GeoDataFrame({"residents": [3.0]}, geometry=[shapely.Point(50, 50)], crs=25832)
    >>> levels = read_noise(band, metric="lden", source="road")
    >>> home_levels(levels, homes)[["road_lden_db", "road_lden_tier"]].to_numpy().tolist()
    [[57.0, 'T2 point']]
    """
    found, tier = _receivers_of_homes(levels, homes, buildings, rules, progress)
    loudest, _, quiet = facade_columns(levels, found)
    quiet[np.array([one is None or one.endswith(POINT) for one in tier], bool)] = np.nan
    result = loudest.frame(levels.name, homes.index)
    result[f"{levels.name}_tier"] = pd.Series(tier, index=homes.index, dtype=object)
    result[f"{levels.name}_quiet_facade"] = quiet
    return result


def home_receivers(
    levels: NoiseLevels,
    homes: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None = None,
    *,
    rule: Rule = "upper_half",
    weights: Sequence[str] = ("residents",),
    by: Sequence[str] = ("area_id",),
    rules: FacadeRules = DEFAULT_RULES,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Share the people of each home among the receivers of its building.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    homes : GeoDataFrame
        n points where people live.
    buildings : GeoDataFrame, optional
        As in `home_levels`.
    rule : {"upper_half", "most_exposed", "all"}, optional
        Among which receivers: the louder half (where the place of a flat is unknown), the loudest alone, or all.
        Dwellings with levels of their own each take an equal part, whatever the rule.
    weights : sequence of str, optional
        Columns of `homes` to share: ``residents``, ``dwellings``.
    by : sequence of str, optional
        Columns of `homes` to repeat.
    rules : FacadeRules, optional
        Where receivers stand.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        One row a home and receiver, the loudest of each home first: ``home`` (its index), the columns shared and
        repeated, and those of `home_levels`. The sum of each column shared is that of the homes. `area_exposure`
        takes either table.

    Raises
    ------
    CrsError
        If homes and buildings do not share one metric CRS.
    InputError
        If a column is missing, a geometry is of the wrong kind, or the map reaches no home.
    ReadError
        If the raster cannot be read to its end.

    Notes
    -----
    Directive 2002/49/EC Annex II 2.8 as amended by (EU) 2021/1226: where the place of a dwelling is unknown,
    receivers are sorted by level, of an odd number the quietest is left out, and inhabitants are shared equally
    among the upper half.
    """
    faults = _check.columns(homes, [*weights, *by], file="homes")
    if rule not in get_args(Rule):
        faults.append(Fault("rule", "", f"{rule!r} is not known", f"choose one of {', '.join(get_args(Rule))}"))
    _check.raise_errors(faults)
    found, tier = _receivers_of_homes(levels, homes, buildings, rules, progress)
    _, _, quiet = facade_columns(levels, found)
    quiet[np.array([one is None or one.endswith(POINT) for one in tier], bool)] = np.nan
    used = found.count
    if levels.kind != "points" and rule != "all":
        used = found.upper if rule == "upper_half" else np.ones_like(found.count)
    kept = found.rank() < np.repeat(used, found.count)
    home = found.receivers.owner[kept]
    columns = {"home": homes.index.to_numpy()[home]}
    columns |= {name: homes[name].to_numpy()[home] for name in by}
    columns |= {name: homes[name].to_numpy(float)[home] / used[home] for name in weights}
    result = pd.DataFrame(columns)
    told = found.receivers.sampled.take(kept).frame(levels.name, result.index)
    told[f"{levels.name}_tier"] = pd.Series(tier[home], index=result.index, dtype=object)
    told[f"{levels.name}_quiet_facade"] = quiet[home]
    return pd.concat([result, told], axis=1)


def _receivers_of_homes(
    levels: NoiseLevels,
    homes: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None,
    rules: FacadeRules,
    progress: Progress | None,
) -> tuple[Ranked, NDArray[np.object_]]:
    """Return the receivers of every home, sorted, one run a home in order, and the tier of each home."""
    tables = {"homes": homes} if buildings is None else {"homes": homes, "buildings": buildings}
    _check.same_crs(tables)
    _check.raise_errors([*_check.geometries(homes, ("Point",), file="homes"), *rules.faults()])
    points = homes.geometry.to_numpy()
    building = np.full(len(homes), -1, np.int64)
    if buildings is not None and len(buildings):
        check_buildings(buildings, rules)
        building = building_of(points, buildings.geometry.to_numpy(), rules.near_m)
    if levels.kind == "points":
        itself = sample(levels, shapely.get_coordinates(points), homes.crs, within_m=_SAME_M)
        building[~itself.is_unknown] = -1
    parts = []
    if buildings is not None and (building >= 0).any():
        shared = _shared(levels, buildings, building, rules, progress)
        if levels.kind == "points":
            # a building without a dwelling that has a level is as good as none
            nothing = np.zeros(len(homes), bool)
            nothing[shared.owner[shared.sampled.is_unknown]] = True
            building[nothing] = -1
            shared = shared.take(~nothing[shared.owner])
        parts.append(shared)
    alone = np.flatnonzero(building < 0)
    if len(alone):
        xy = shapely.get_coordinates(points[alone])
        at_home = Receivers(alone, sample(levels, xy, homes.crs, within_m=rules.near_m, progress=progress))
        # a level of a dwelling is one at its facade; what a map tells of a point is not
        parts.append(lowered(at_home, rules.reflection_db) if levels.kind == "points" else at_home)
    every = joined(parts)
    must_overlap(levels, every.sampled, "homes")
    found = ranked(every)
    tier = np.full(len(homes), tier_of(levels), dtype=object)
    if levels.kind != "points":
        tier[building < 0] = tier_of(levels) + POINT
    tier[found.owner[found.receivers.sampled.take(found.first).is_unknown]] = None
    return found, tier


def _shared(
    levels: NoiseLevels,
    buildings: gpd.GeoDataFrame,
    building: NDArray[np.int64],
    rules: FacadeRules,
    progress: Progress | None,
) -> Receivers:
    """Give every home the receivers of its building."""
    home = np.flatnonzero(building >= 0)
    chosen = np.unique(building[home])
    told = building_receivers(levels, buildings, chosen, rules=rules, progress=progress)
    order = np.argsort(told.owner, kind="stable")
    first = np.searchsorted(told.owner[order], building[home], side="left")
    count = np.searchsorted(told.owner[order], building[home], side="right") - first
    which = np.repeat(first - (np.cumsum(count) - count), count) + np.arange(int(count.sum()))
    return Receivers(np.repeat(home, count), told.sampled.take(order[which]))
