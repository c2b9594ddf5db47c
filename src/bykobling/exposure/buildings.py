"""Levels at buildings: the most exposed facade, the louder half of receivers, and the quiet side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling import _check
from bykobling.exposure.receivers import (
    Ranked,
    Receivers,
    joined,
    lowered,
    must_overlap,
    nothing,
    quiet_facade,
    ranked,
    ring_receivers,
)
from bykobling.exposure.rules import DEFAULT_RULES, FacadeRules
from bykobling.raster.model import NoiseLevels, Sampled
from bykobling.raster.sample import moved, sample

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress

_BATCH = 20_000
"""Buildings whose receivers are held in memory at a time."""


def building_levels(
    levels: NoiseLevels,
    buildings: gpd.GeoDataFrame,
    *,
    rules: FacadeRules = DEFAULT_RULES,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Tell the levels at the facades of each building.

    Parameters
    ----------
    levels : NoiseLevels
        The map. Levels of dwellings are joined to the building they lie in, or the nearest.
    buildings : GeoDataFrame
        Footprints in a metric CRS, all there are: where two touch there is no facade.
    rules : FacadeRules, optional
        Where receivers stand.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        Index of `buildings`; with ``<name>`` the source and metric, e.g. ``road_lden``: ``<name>_max_db`` (most
        exposed facade) with its band ``<name>_max_lo_db`` and ``<name>_max_hi_db``, ``<name>_min_db``,
        ``<name>_upper_half_lowest_db`` and ``<name>_upper_half_energy_mean_db`` (the louder half of the receivers,
        among which people are shared where the place of their flat is unknown), ``<name>_receivers`` (number of
        which something is known), ``<name>_quiet_facade`` (1, 0, NaN where it cannot be told), ``<name>_reason``
        (None, ``"below_lowest"``, ``"unknown"``) and ``<name>_tier``: T1 levels of dwellings, T2 facades on a map,
        T4 facades on a screening estimate.

    Raises
    ------
    CrsError
        If the buildings are in no metric CRS.
    InputError
        If a geometry is no polygon, the map does not reach any building, or the raster holds what is no level.
    ReadError
        If the raster cannot be read to its end.

    Notes
    -----
    Directive 2002/49/EC Annex II 2.8 as amended by (EU) 2021/1226. The energy mean of the louder half is NaN where
    one of it is below the lowest level mapped.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from bykobling.raster import read_noise
    >>> street = gpd.GeoDataFrame({"lo_db": [65], "hi_db": [70]}, geometry=[shapely.box(0, 0, 99, 6)], crs=25832)
    >>> house = gpd.GeoDataFrame(geometry=[shapely.box(10, 5, 20, 15)], crs=25832)
    >>> levels = read_noise(street, metric="lden", source="road", domain=house.buffer(50).to_frame("geometry"))
    >>> building_levels(levels, house)[["road_lden_max_db", "road_lden_tier"]].to_numpy().tolist()
    [[67.5, 'T2']]
    """
    check_buildings(buildings, rules)
    found = building_receivers(levels, buildings, np.arange(len(buildings)), rules=rules, progress=progress)
    must_overlap(levels, found.sampled, "buildings")
    return _summary(levels, ranked(found), buildings.index)


def check_buildings(buildings: gpd.GeoDataFrame, rules: FacadeRules) -> None:
    """Check footprints and rules at the door.

    Parameters
    ----------
    buildings : GeoDataFrame
        Footprints.
    rules : FacadeRules
        Where receivers stand.

    Raises
    ------
    CrsError
        If the buildings are in no metric CRS.
    InputError
        If a geometry is no polygon, or a rule out of bounds.
    """
    _check.metric_crs(buildings.crs, file="buildings")
    _check.raise_errors([*_check.geometries(buildings, ("Polygon", "MultiPolygon"), file="buildings"), *rules.faults()])


def building_receivers(
    levels: NoiseLevels,
    buildings: gpd.GeoDataFrame,
    chosen: NDArray[np.int64],
    *,
    rules: FacadeRules,
    progress: Progress | None = None,
) -> Receivers:
    """Place receivers at some buildings and tell their levels.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    buildings : GeoDataFrame
        All footprints.
    chosen : array of int
        Rows wanted.
    rules : FacadeRules
        Where receivers stand.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Receivers
        Owners are rows of `buildings`, each with one receiver at least; of dwellings each is a receiver of its
        building.
    """
    shapes = buildings.geometry.to_numpy()
    if levels.kind == "points":
        return _dwelling_receivers(levels, buildings, chosen, rules)
    offset = rules.offset_for(levels)
    # from north to south, so that each window of a raster is read by one batch or two
    order = chosen[np.argsort(-shapely.bounds(shapes[chosen])[:, 3], kind="stable")] if len(chosen) else chosen
    tree = shapely.STRtree(shapes)
    parts: list[Receivers] = []
    for start in range(0, len(order), _BATCH):
        # within a batch only a wish to stop is heard
        asked = None if progress is None else partial(_ask, progress, start, len(order), levels.name)
        batch = order[start : start + _BATCH]
        reach = shapely.box(*_bounds(shapes[batch], 2 * offset))
        around = np.sort(tree.query(reach))
        owner, xy = ring_receivers(
            shapes[around], np.searchsorted(around, batch), offset_m=offset, spacing_m=rules.spacing_m
        )
        found = sample(levels, xy, buildings.crs, progress=asked)
        parts.append(Receivers(around[owner], found))
        if progress is not None:
            progress(min(start + _BATCH, len(order)), len(order), f"facades, {levels.name}")
    told = lowered(joined(parts), rules.reflection_db)
    # a shape without surface has no ring
    return joined([told, nothing(chosen[~np.isin(chosen, told.owner)])])


def _bounds(shapes: NDArray[np.object_], margin: float) -> tuple[float, float, float, float]:
    left, bottom, right, top = shapely.total_bounds(shapes).tolist()
    return left - margin, bottom - margin, right + margin, top + margin


def _ask(progress: Progress, done: int, total: int, name: str, *_: object) -> None:
    progress(done, total, f"facades, {name}")


def _dwelling_receivers(
    levels: NoiseLevels, buildings: gpd.GeoDataFrame, chosen: NDArray[np.int64], rules: FacadeRules
) -> Receivers:
    """Return the dwellings of each building; a building without one has one receiver, unknown."""
    assert levels.table is not None  # noqa: S101 - points have a table
    xy = shapely.get_coordinates(levels.table.geometry.to_numpy())
    x, y = moved(xy, levels.crs, buildings.crs)
    of = building_of(np.array(shapely.points(x, y)), buildings.geometry.to_numpy(), rules.near_m)
    wanted = np.zeros(len(buildings), bool)
    wanted[chosen] = True
    mine = np.flatnonzero((of >= 0) & wanted[np.maximum(of, 0)])
    level = levels.table["level_db"].to_numpy(float)[mine]
    told = lowered(Receivers(of[mine], Sampled(level, level.copy(), level.copy())), rules.reflection_db)
    return joined([told, nothing(chosen[~np.isin(chosen, of[mine])])])


def building_of(points: NDArray[np.object_], shapes: NDArray[np.object_], near_m: float) -> NDArray[np.int64]:
    """Return the row of the building each point lies in, else of the nearest within a distance.

    Parameters
    ----------
    points : array of Point
        Homes or dwellings.
    shapes : array of Polygon or MultiPolygon
        Footprints.
    near_m : float
        Metres.

    Returns
    -------
    array of int
        -1 where there is none.
    """
    result = np.full(len(points), -1, np.int64)
    there = np.flatnonzero(~shapely.is_empty(points) & np.isfinite(shapely.get_x(points)))
    if len(there) and len(shapes):
        point, shape = shapely.STRtree(shapes).query_nearest(points[there], max_distance=near_m, all_matches=True)
        # of buildings drawn on each other the first counts: written last
        order = np.lexsort((-shape, point))
        result[there[point[order]]] = shape[order]
    return result


def tier_of(levels: NoiseLevels) -> str:
    """Return the tier of levels told at facades.

    Parameters
    ----------
    levels : NoiseLevels
        The map.

    Returns
    -------
    str
        T1 dwellings, T2 a map, T4 a screening estimate.
    """
    if levels.kind == "points":
        return "T1"
    return "T4" if levels.screening else "T2"


def facade_columns(levels: NoiseLevels, found: Ranked) -> tuple[Sampled, Sampled, NDArray[np.float64]]:
    """Return the loudest and the quietest receiver of each owner, and whether there is a quiet facade.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    found : Ranked
        Receivers.

    Returns
    -------
    tuple of Sampled, Sampled, array
        One entry an owner.
    """
    loudest = found.receivers.sampled.take(found.first)
    quietest = found.receivers.sampled.take(found.first + found.count - 1)
    if levels.kind == "points":
        # one level a dwelling tells nothing of its other side
        return loudest, quietest, np.full(len(found.first), np.nan)
    return loudest, quietest, quiet_facade(loudest, quietest, found.count, lden=levels.metric == "lden")


def _summary(levels: NoiseLevels, found: Ranked, index: pd.Index) -> pd.DataFrame:
    loudest, quietest, quiet = facade_columns(levels, found)
    last = found.first + found.upper - 1
    level = found.receivers.sampled.level_db
    known = ~loudest.is_unknown
    energy = _energy_mean_of_upper(level, found)
    name = levels.name
    numbers = {
        f"{name}_max_db": loudest.level_db,
        f"{name}_max_lo_db": loudest.lo_db,
        f"{name}_max_hi_db": loudest.hi_db,
        f"{name}_min_db": quietest.level_db,
        f"{name}_upper_half_lowest_db": level[last],
        f"{name}_upper_half_energy_mean_db": energy,
        f"{name}_receivers": np.where(known, found.count, 0).astype(float),
        f"{name}_quiet_facade": quiet,
    }
    result = pd.DataFrame(
        {key: _placed(found.owner, values, len(index)) for key, values in numbers.items()}, index=index
    )
    result[f"{name}_receivers"] = result[f"{name}_receivers"].fillna(0).astype(np.int64)
    reason = np.full(len(index), "unknown", dtype=object)
    reason[found.owner] = loudest.reason
    result[f"{name}_reason"] = pd.Series(reason, index=index, dtype=object)
    tier = np.full(len(index), None, dtype=object)
    tier[found.owner[known]] = tier_of(levels)
    result[f"{name}_tier"] = pd.Series(tier, index=index, dtype=object)
    return result


def _placed(owner: NDArray[np.int64], values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    result = np.full(n, np.nan)
    result[owner] = values
    return result


def _energy_mean_of_upper(level: NDArray[np.float64], found: Ranked) -> NDArray[np.float64]:
    """Average the louder half of each owner's receivers as energy; NaN where one has no level."""
    upper = found.rank() < np.repeat(found.upper, found.count)
    run = np.repeat(np.arange(len(found.first)), found.count)[upper]
    energy = np.bincount(run, weights=10 ** (level[upper] / 10), minlength=len(found.first))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(10 * np.log10(energy / found.upper))
