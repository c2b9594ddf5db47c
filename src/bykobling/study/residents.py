"""Where people live: a population layer, else homes weighted by floor space, else points along streets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.results import Note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.osm import OsmExtract

LEVELS_ASSUMED = 2.0
"""Storeys of a residential building where OSM tells none."""

STREET_SPACING_M = 25.0
"""Metres between points along residential streets."""

_STREET_CLASSES = ("residential", "living_street", "unclassified", "tertiary", "pedestrian")
_CLOSED_LAND = (
    "aerodrome", "cemetery", "harbour", "industrial", "landfill", "military", "port", "quarry", "railway",
)  # fmt: skip
_LEAST_BUILDINGS = 20
"""Fewer residential buildings in the extract than this means that they are not mapped."""


def make_residents(
    extract: OsmExtract, areas: gpd.GeoDataFrame, population: gpd.GeoDataFrame | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Place residents at points, in and around the areas.

    Tiers, the first that can be had: ``population`` (a layer of points, or of cells or polygons whose number is
    shared among the homes inside them by floor space, else among street points inside them); ``buildings``
    (residential buildings, footprint times levels); ``streets`` (a point every 25 m along residential streets).

    Parameters
    ----------
    extract : OsmExtract
        Supplies ``buildings`` and ``streets``.
    areas : GeoDataFrame
        Index ``area_id``.
    population : GeoDataFrame, optional
        Points or polygons with ``residents``; same CRS.

    Returns
    -------
    residents : GeoDataFrame
        Points: ``residents``, ``area_id`` (None outside every area), ``tier``. Where areas overlap, the first by id.
    notes : tuple of Note
        What was assumed.
    """
    homes, home_notes = _homes(extract)
    if population is not None:
        placed, notes = _from_population(population, homes, extract)
        tier = "population"
    elif len(homes):
        placed, notes = homes, (*home_notes, _DWELLINGS)
        tier = "buildings"
    else:
        placed, notes = _street_points(extract), (_STREETS,)
        tier = "streets"
    placed = placed[placed["residents"] > 0].reset_index(drop=True)
    placed["tier"] = tier
    placed["area_id"] = area_of(placed.geometry, areas)
    return placed[["residents", "area_id", "tier", "geometry"]], notes


def area_of(points: gpd.GeoSeries, areas: gpd.GeoDataFrame) -> NDArray[np.object_]:
    """Return the id of the area each point lies in; the first by id where areas overlap, None outside.

    Parameters
    ----------
    points : GeoSeries
        Points.
    areas : GeoDataFrame
        Index ``area_id``; same CRS.

    Returns
    -------
    array of object
        One id a point.
    """
    ordered = areas.sort_index(kind="stable")
    tree = shapely.STRtree(points.to_numpy())
    area, point = tree.query(ordered.geometry.to_numpy(), predicate="intersects")
    result = np.full(len(points), None, dtype=object)
    last_first = np.lexsort((point, -area))
    result[point[last_first]] = ordered.index.to_numpy(object)[area[last_first]]
    return result


_DWELLINGS = Note(
    "assumed",
    "No population was given: residents are an estimated dwelling weight, footprint times levels of residential "
    "buildings, and not a number of people.",
    ("residents",),
)
_STREETS = Note(
    "assumed",
    "No population was given and no residential buildings are mapped: residents are points every "
    f"{STREET_SPACING_M:.0f} m along residential streets, each counted as one.",
    ("residents",),
)


def _in_closed_land(buildings: gpd.GeoDataFrame, points: NDArray[np.object_], extract: OsmExtract) -> NDArray[np.bool_]:
    """Tell buildings of unknown use in cemeteries, works and the like: chapels and sheds, nobody's home."""
    land = extract.barrier_features
    closed = land[(land["kind"] == "land") & land["subkind"].isin(_CLOSED_LAND)]
    inside = np.zeros(len(buildings), bool)
    inside[shapely.STRtree(points).query(closed.geometry.to_numpy(), predicate="intersects")[1]] = True
    return np.asarray(inside & (buildings["building"] == "yes").to_numpy(bool))


def _homes(extract: OsmExtract) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Return a point in each residential building with its floor space in units of 100 m²."""
    table = extract.buildings[extract.buildings["residential"].to_numpy(bool)]
    points = np.asarray(shapely.point_on_surface(table.geometry.to_numpy()), object)
    lived_in = ~_in_closed_land(table, points, extract)
    table, points = table[lived_in], points[lived_in]
    if len(table) < _LEAST_BUILDINGS:
        return _points([], [], extract.crs), ()
    levels = table["levels"].to_numpy(float)
    known = np.isfinite(levels) & (levels > 0)
    floor_m2 = table["footprint_m2"].to_numpy(float) * np.where(known, levels, LEVELS_ASSUMED)
    homes = _points(points, floor_m2 / 100, extract.crs)
    missing = int((~known).sum())
    text = (
        f"{missing:,} of {len(table):,} residential buildings have no levels in OSM: {LEVELS_ASSUMED:g} were assumed."
    )
    return homes, (Note("assumed", text, ("residents",)),) if missing else ()


def _street_points(extract: OsmExtract) -> gpd.GeoDataFrame:
    """Return points every 25 m along residential streets, each of weight 1."""
    streets = extract.streets
    usable = streets["walk"].to_numpy(bool) & ~streets["tunnel"].to_numpy(bool)
    chosen = usable & streets["highway"].isin(_STREET_CLASSES).to_numpy(bool)
    chosen = chosen if chosen.any() else usable
    lines = streets.geometry.to_numpy()[chosen]
    count = np.maximum(1, np.round(shapely.length(lines) / STREET_SPACING_M).astype(int))
    line = np.repeat(np.arange(len(lines)), count)
    place = (np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count) + 0.5) / np.repeat(count, count)
    points = shapely.line_interpolate_point(lines[line], place, normalized=True)
    return _points(points, np.ones(len(points)), extract.crs)


def _from_population(
    population: gpd.GeoDataFrame, homes: gpd.GeoDataFrame, extract: OsmExtract
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Keep points as they are; share polygons among the homes, else the street points, inside them."""
    number = population["residents"].to_numpy(float)
    shapes = population.geometry.to_numpy()
    notes = []
    blank = int(np.isnan(number).sum())
    if blank:
        notes.append(Note("missing", f"{blank:,} rows of the population layer have no number and count as nobody."))
    number = np.nan_to_num(number)
    surfaces = shapely.get_dimensions(shapes) == 2
    # of a cell that reaches beyond the extract only the part inside is known to it
    kept = shapely.area(shapely.intersection(shapes[surfaces], extract.extent)) / shapely.area(shapes[surfaces])
    left_out = float((number[surfaces] * (1 - kept)).sum())
    number[surfaces] *= kept
    if left_out >= 1:
        text = (
            f"{left_out:,.0f} residents of the population layer live beyond the edge of the extract and are left out."
        )
        notes.append(Note("edge", text))
    inside = np.asarray(shapely.intersects(shapes, extract.extent)) & (number > 0)
    surface = shapely.get_dimensions(shapes) == 2
    parts = [_points(shapes[inside & ~surface], number[inside & ~surface], extract.crs)]
    if (inside & surface).any():
        shared, told = _shared(shapes[inside & surface], number[inside & surface], homes, extract)
        parts.append(shared)
        notes += told
    placed: Any = pd.concat(parts, ignore_index=True)
    points = gpd.GeoDataFrame(placed, geometry="geometry", crs=extract.crs)
    within = np.asarray(shapely.intersects(points.geometry.to_numpy(), extract.extent))
    return points[within], tuple(notes)


def _shared(
    cells: NDArray[Any], number: NDArray[np.float64], homes: gpd.GeoDataFrame, extract: OsmExtract
) -> tuple[gpd.GeoDataFrame, list[Note]]:
    """Share the number of each cell among what lies inside it, keeping its sum."""
    left = np.arange(len(cells))
    parts: list[gpd.GeoDataFrame] = []
    notes: list[Note] = []
    for source, words in ((homes, "homes"), (None, "streets")):
        if not len(left):
            break
        points = _street_points(extract) if source is None else source
        at, point = shapely.STRtree(points.geometry.to_numpy()).query(cells[left], predicate="intersects")
        # a home on the line between two cells belongs to the first
        _, first = np.unique(point, return_index=True)
        at, point = at[first], point[first]
        weight = points["residents"].to_numpy(float)[point]
        total = np.bincount(at, weights=weight, minlength=len(left))
        parts.append(_points(points.geometry.to_numpy()[point], number[left][at] * weight / total[at], extract.crs))
        left = left[total == 0]
        if words == "homes" and len(homes) and len(left):
            share = number[left].sum() / number.sum()
            text = f"{share:.1%} of residents live in cells without mapped homes: they are placed along streets."
            notes.append(Note("assumed", text, ("residents",)))
    if len(left):
        parts.append(_points(shapely.point_on_surface(cells[left]), number[left], extract.crs))
        text = f"{len(left):,} cells with residents have neither homes nor streets: they are placed in their middle."
        notes.append(Note("assumed", text, ("residents",)))
    placed: Any = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return gpd.GeoDataFrame(placed, geometry="geometry", crs=extract.crs), notes


def _points(points: Any, number: Any, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - arrays, CRS
    return gpd.GeoDataFrame({"residents": np.asarray(number, float)}, geometry=list(points), crs=crs)
