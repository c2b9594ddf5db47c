"""Noise at the homes of a study: read from the user's maps, or estimated from traffic where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.exposure import FacadeRules, area_exposure, home_receivers, residents_by_band
from bykobling.exposure.buildings import building_of
from bykobling.raster import levels_at
from bykobling.results import NoiseGrid, Note
from bykobling.study.steps import parted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bykobling._types import Progress
    from bykobling.raster import NoiseLevels
    from bykobling.study.inputs import Inputs
    from bykobling.study.profile import ProfileTables

LIMITS_DB: dict[str, tuple[float, ...]] = {
    "road_lden": (53, 58, 68),
    "road_lnight": (45,),
    "rail_lden": (54, 64),
    "rail_lnight": (44,),
    "aircraft_lden": (45,),
    "aircraft_lnight": (40,),
    "industry_lden": (55,),
    "industry_lnight": (50,),
}
"""Limits told of each area: the Danish guideline and "strongly exposed", and those of WHO (2018)."""

FACADE_M = 10.0
"""So far from the middle of a street do homes have their facade that are known as points on it (assumed)."""

_GRID_CELLS = 120_000
"""So many cells the map of the report has at most."""
_GRID_CELLS_MODELLED = 20_000
"""A level that is worked out takes a thousand times as long as one that is read."""
_LEAST_CELL_M = 10.0
_ON_STREET_M = 0.1
_INSIDE_M = 1e-6
_SPACING_MODELLED_M = 10.0
"""Between receivers along a facade, where levels are worked out: nearer than 10 m they differ less than +-5 dB."""


@dataclass(frozen=True)
class NoiseTables:
    """What was measured of noise.

    Parameters
    ----------
    homes : GeoDataFrame
        One row a home of the areas: ``area_id``, ``residents`` and for each source and metric ``<name>_db`` (of the
        loudest facade), ``<name>_reason``, ``<name>_tier``, ``<name>_quiet_facade``.
    areas : DataFrame
        Index ``area_id``, one column an indicator.
    exposure : DataFrame
        As `bykobling.area_exposure`, every measure.
    bands : DataFrame
        As `bykobling.residents_by_band`.
    notes : tuple of Note
        What is assumed or missing.
    run : dict
        For the provenance: maps, tiers, whether estimated.
    """

    homes: gpd.GeoDataFrame
    areas: pd.DataFrame
    exposure: pd.DataFrame
    bands: pd.DataFrame
    notes: tuple[Note, ...]
    run: dict[str, Any]


def with_noise(profile: ProfileTables | None, noise: NoiseTables | None) -> ProfileTables | None:
    """Add what areas are told of noise to their profile.

    Parameters
    ----------
    profile : ProfileTables or None
        The other measures.
    noise : NoiseTables or None
        What was measured of noise.

    Returns
    -------
    ProfileTables or None
    """
    if profile is None or noise is None:
        return profile
    return replace(profile, areas=profile.areas.join(noise.areas))


def measure_noise(
    maps: Sequence[tuple[NoiseLevels, float]],
    inputs: Inputs,
    residents: gpd.GeoDataFrame,
    streets: gpd.GeoDataFrame,
    *,
    progress: Progress,
) -> NoiseTables:
    """Tell the levels at the homes of the areas, and who lives above the limits.

    Parameters
    ----------
    maps : sequence of (NoiseLevels, float)
        Each with what it holds of the own facade's reflection, dB.
    inputs : Inputs
        Buildings, areas.
    residents : GeoDataFrame
        Homes of the areas, numbered from 0.
    streets : GeoDataFrame
        Streets with motor traffic: homes known as points on one are moved to its side.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    NoiseTables
    """
    homes = residents[["residents", "area_id", "geometry"]].reset_index(drop=True)
    buildings = inputs.extract.buildings
    inside = building_of(homes.geometry.to_numpy(), buildings.geometry.to_numpy(), _INSIDE_M) >= 0
    at = beside_streets(homes.geometry, streets.geometry).where(~inside, homes.geometry)
    beside = homes.set_geometry(at)
    each = parted(progress, len(maps))
    exposures, bands, columns, notes = [], [], [], []
    tiers: dict[str, list[str]] = {}
    for (levels, reflection_db), tell in zip(maps, each, strict=True):
        rules = FacadeRules(reflection_db=reflection_db)
        if levels.kind == "model":
            rules = replace(rules, spacing_m=_SPACING_MODELLED_M)
        # levels of dwellings are found where homes are
        placed = homes if levels.kind == "points" else beside
        shared = home_receivers(levels, placed, buildings, rules=rules, progress=tell)
        told = area_exposure(shared, thresholds_db={levels.name: LIMITS_DB[levels.name]})
        exposures.append(told.drop(columns="residents"))
        bands.append(residents_by_band(shared))
        # the receivers of a home stand in order, the loudest first
        loudest = shared.drop_duplicates("home").set_index("home").reindex(homes.index)
        kept = [f"{levels.name}_{end}" for end in ("db", "reason", "tier", "quiet_facade")]
        columns.append(loudest[kept])
        tiers[levels.name] = sorted({str(one) for one in loudest[f"{levels.name}_tier"].dropna()})
        notes += _notes(levels, told, tiers[levels.name])
    exposure = pd.concat(exposures, axis=1).reindex(inputs.areas.index)
    names = [levels.name for levels, _ in maps]
    return NoiseTables(
        homes=gpd.GeoDataFrame(homes.join(columns), crs=residents.crs),
        areas=_indicators(exposure, names),
        exposure=exposure,
        bands=pd.concat(bands, ignore_index=True),
        notes=tuple(notes),
        run={
            "maps": {levels.name: levels.label for levels, _ in maps},
            "tiers": tiers,
            "screening": [levels.name for levels, _ in maps if levels.screening],
        },
    )


def beside_streets(points: gpd.GeoSeries, streets: gpd.GeoSeries) -> gpd.GeoSeries:
    """Move points that lie on streets to where facades are; others stay.

    Parameters
    ----------
    points : GeoSeries
        Homes.
    streets : GeoSeries
        Lines with motor traffic; same CRS.

    Returns
    -------
    GeoSeries
        Points at least `FACADE_M` from the nearest street, on the side they lie on; of points on the line itself
        every other goes to the left.
    """
    lines = streets.to_numpy()
    if not len(lines) or not len(points):
        return points
    shapes = points.to_numpy()
    near, line = shapely.STRtree(lines).query_nearest(shapes, max_distance=FACADE_M, all_matches=False)
    moved = shapes.copy()
    at = shapely.line_locate_point(lines[line], shapes[near])
    foot = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at))
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], np.maximum(at - 1.0, 0.0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines[line], at + 1.0))
    course = after - before
    left = np.stack([-course[:, 1], course[:, 0]], axis=1)
    off = shapely.get_coordinates(shapes[near]) - foot
    on_it = np.hypot(*off.T) < _ON_STREET_M
    side = np.where(near % 2 == 0, 1.0, -1.0)[:, None]
    away = np.where(on_it[:, None], left * side, off)
    length = np.hypot(*away.T)
    sound = length > 0
    moved[near[sound]] = shapely.points(foot[sound] + FACADE_M * away[sound] / length[sound, None])
    return gpd.GeoSeries(moved, index=points.index, crs=points.crs)


def _indicators(exposure: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Name as indicators what every area is told by; the rest stands in a table of its own."""
    found: dict[str, Any] = {}
    for name in names:
        source = name.partition("_")[0]
        for limit in LIMITS_DB[name]:
            found[f"noise_{name}_above_{limit:g}db_share"] = exposure[f"{name}_share_above_{limit:g}"]
        found[f"noise_{name}_pop_weighted_mean_db"] = exposure[f"{name}_pop_weighted_mean_db"]
        for what in ("highly_annoyed", "highly_sleep_disturbed"):
            if f"{name}_{what}_pct" in exposure:
                found[f"noise_{source}_{what}_share"] = exposure[f"{name}_{what}_pct"] / 100
        if name.endswith("_lden"):
            found[f"noise_{source}_quiet_facade_share"] = exposure[f"{name}_quiet_facade_share"]
    return pd.DataFrame(found, index=exposure.index)


def drawn_grid(
    maps: Sequence[tuple[NoiseLevels, float]], areas: gpd.GeoDataFrame, progress: Progress
) -> NoiseGrid | None:
    """Sample the first map of the whole day where the report draws it.

    Parameters
    ----------
    maps : sequence of (NoiseLevels, float)
        As in `measure_noise`.
    areas : GeoDataFrame
        What is to be seen.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    NoiseGrid or None
        None where no map tells levels over the land.
    """
    levels = next((one for one, _ in maps if one.metric == "lden" and one.kind != "points"), None)
    return None if levels is None or areas.empty else level_grid(levels, areas, progress)


def level_grid(levels: NoiseLevels, areas: gpd.GeoDataFrame, progress: Progress) -> NoiseGrid:
    """Sample a map in and around areas, as coarsely as a picture needs it.

    Parameters
    ----------
    levels : NoiseLevels
        The map.
    areas : GeoDataFrame
        What is to be seen.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    NoiseGrid
    """
    west, south, east, north = areas.total_bounds
    margin = 0.04 * max(east - west, north - south)
    west, south, east, north = west - margin, south - margin, east + margin, north + margin
    most = _GRID_CELLS_MODELLED if levels.kind == "model" else _GRID_CELLS
    cell_m = max(_LEAST_CELL_M, float(np.sqrt((east - west) * (north - south) / most)))
    columns, rows = int(np.ceil((east - west) / cell_m)), int(np.ceil((north - south) / cell_m))
    x = west + (np.arange(columns) + 0.5) * cell_m
    y = north - (np.arange(rows) + 0.5) * cell_m
    middles = gpd.GeoSeries(shapely.points(*(one.ravel() for one in np.meshgrid(x, y))), crs=areas.crs)
    found = levels_at(levels, middles, progress=progress)
    shape = (rows, columns)
    return NoiseGrid(
        name=levels.name,
        level_db=found[f"{levels.name}_db"].to_numpy(float).reshape(shape),
        below=(found[f"{levels.name}_reason"] == "below_lowest").to_numpy(bool).reshape(shape),
        west_m=float(west), north_m=float(north), cell_m=cell_m, screening=levels.screening,
    )  # fmt: skip


_METRICS = {"lden": "Lden", "lnight": "Lnight"}
_TIERS = {
    "T1": "levels of dwellings",
    "T2": "levels of the map at the facades of each building, half of the receivers, the louder, for its residents",
    "T2 point": f"without a building, the level of the map at the home; one on a street is taken to have its facade "
    f"{FACADE_M:g} m from the middle of it",
    "T4": "estimated levels at the facades of each building, half of the receivers, the louder, for its residents",
    "T4 point": f"without a building, the estimated level at the home; one on a street is taken to have its facade "
    f"{FACADE_M:g} m from the middle of it",
}
"""How a level came to a home, by tier."""


def _notes(levels: NoiseLevels, told: pd.DataFrame, tiers: Sequence[str]) -> list[Note]:
    """Say where the levels are from, how homes got theirs, and what they leave out."""
    about = f"{levels.source} {_METRICS[levels.metric]}"
    columns = tuple(column for column in told.columns if str(column).startswith(levels.name))
    notes = [Note("assumed" if levels.screening else "source", f"Noise, {about}: {levels.label}.")]
    notes += [Note("assumed", f"Noise, {about}: {sentence}", columns) for sentence in levels.notes]
    ways = "; ".join(_TIERS[tier] for tier in tiers if tier in _TIERS)
    if ways:
        notes.append(Note("assumed", f"Noise, {about}, at home: {ways}.", columns))
    notes += [Note("missing", f"Noise: {sentence}", columns) for sentence in told.attrs.get("notes", ())]
    return notes
