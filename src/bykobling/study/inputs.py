"""Read every input of a study into tables, and list everything wrong with them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.equity import VULNERABLE
from bykobling.errors import Fault, InputError, ReadError
from bykobling.layers import read_areas, read_destination_layer, read_lines_or_polygons, read_population
from bykobling.layers.traffic import read_traffic_layer
from bykobling.study.areas import boundary_areas, fit_to_extract
from bykobling.study.timetables import timetable_beside, timetable_of
from bykobling.study.traffic import counted_roads, counted_streets
from bykobling.study.unread import unread_fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyproj import CRS

    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.osm import OsmExtract
    from bykobling.raster import NoiseLevels
    from bykobling.study.model import (
        AreasSource,
        BarrierLayer,
        DestinationLayer,
        PlaceLayer,
        PopulationSource,
        Study,
        TrafficSource,
    )
    from bykobling.study.timetables import DayService

_FEW_AREAS = 2


@dataclass(frozen=True)
class Inputs:
    """The tables a study starts from, all in one projected CRS.

    Parameters
    ----------
    extract : OsmExtract
        Streets, barriers, buildings; its ``destinations`` are those of OSM alone. Where the study names counts, the
        streets have ``aadt`` (NaN where not counted).
    areas : GeoDataFrame
        Housing areas.
    population : GeoDataFrame or None
        Points or polygons with ``residents``.
    barriers : tuple of GeoDataFrame
        The user's layers.
    destinations : GeoDataFrame
        Of OSM and the user's layers, weighted.
    places : GeoDataFrame or None
        Named places to tell travel times to.
    day : DayService or None
        The timetable; None where the study names none.
    noise : tuple of (NoiseLevels, float)
        Noise maps, each with what it holds of the own facade's reflection, dB.
    """

    extract: OsmExtract
    areas: gpd.GeoDataFrame
    population: gpd.GeoDataFrame | None
    barriers: tuple[gpd.GeoDataFrame, ...]
    destinations: gpd.GeoDataFrame
    places: gpd.GeoDataFrame | None = None
    day: DayService | None = None
    noise: tuple[tuple[NoiseLevels, float], ...] = ()


def read_inputs(study: Study, *, progress: Progress | None = None) -> tuple[Inputs | None, tuple[Fault, ...]]:
    """Read every input, going on after a fault so that all are found.

    Parameters
    ----------
    study : Study
        A checked study file.
    progress : callable, optional
        Passed to the readers of OSM and timetables.

    Returns
    -------
    inputs : Inputs or None
        None where an error stops the run.
    faults : tuple of Fault
        Errors and warnings in the order found.
    """
    with timetable_beside(study) as timetable:
        inputs, faults = read_layers(study, progress=progress)
        day, more = timetable_of(timetable, progress)
    if inputs is None or any(fault.severity == "error" for fault in more):
        return None, (*faults, *more)
    return dataclasses.replace(inputs, day=day), (*faults, *more)


def read_layers(
    study: Study, *, progress: Progress | None = None, second: Second | None = None
) -> tuple[Inputs | None, tuple[Fault, ...]]:
    """Read every input but the timetable.

    Parameters
    ----------
    study : Study
        A checked study file.
    progress : callable, optional
        Passed to the reader of OSM.
    second : Second, optional
        A process that goes through the map.

    Returns
    -------
    inputs : Inputs or None
        None where an error stops the run.
    faults : tuple of Fault
        Errors and warnings in the order found.
    """
    faults: list[Fault] = []
    areas = own_areas(study.areas, faults) if study.areas.file is not None else None
    extract = _read_extract(study, areas.crs if areas is not None else None, faults, progress, second)
    if areas is None and extract is not None and study.areas.file is None:
        areas = boundary_areas(extract, study.areas, faults, file=study.osm.file.name)
    if areas is not None and len(areas) and extract is not None:
        areas = _fitted(study, areas, extract, faults)
    crs = extract.crs if extract is not None else (areas.crs if areas is not None else None)
    population = None
    if study.population is not None:
        population = _population(study.population, crs, extract, faults)
    walls = [own_barriers(layer, crs, faults) for layer in study.barriers]
    barriers = tuple(layer for layer in walls if layer is not None)
    if study.traffic is not None:
        extract, barriers = _with_traffic(study.traffic, crs, extract, barriers, faults)
    places = [own_destinations(layer, number, crs, faults) for number, layer in enumerate(study.destinations, 1)]
    own = [layer for layer in places if layer is not None]
    destinations = _all_destinations(study, extract, own, faults) if extract is not None else None
    named = named_places(study.profile.places, crs, faults) if study.profile.places is not None else None
    noise: tuple[tuple[NoiseLevels, float], ...] = ()
    if study.noise:
        from bykobling.study.noise_maps import read_maps  # noqa: PLC0415 - few studies have noise maps

        noise = read_maps(study.noise, faults)
    if extract is None or areas is None or destinations is None or any(f.severity == "error" for f in faults):
        return None, tuple(faults)
    return Inputs(extract, areas, population, barriers, destinations, named, None, noise), tuple(faults)


def _read_extract(
    study: Study, crs: CRS | None, faults: list[Fault], progress: Progress | None, second: Second | None
) -> OsmExtract | None:
    from bykobling.osm import read_osm  # noqa: PLC0415 - kept beside its only use

    try:
        extract = read_osm(study.osm.file, crs=crs, ferries=study.osm.ferries, progress=progress, second=second)
    except InputError as error:
        faults.extend(error.faults)
        return None
    except ReadError as error:
        faults.append(unread_fault(study.osm.file, error))
        return None
    if not extract.streets["walk"].any():
        rule, remedy = "it holds no street open to people on foot", "use an extract with all highways and their tags"
        faults.append(Fault(study.osm.file.name, "", rule, remedy))
        return None
    return extract


def _read(
    reader: Callable[..., gpd.GeoDataFrame],
    file: Path,
    faults: list[Fault],
    **options: Any,  # noqa: ANN401 - those of the reader
) -> gpd.GeoDataFrame | None:
    """Read a layer; None where there is no table to go on with, with the reason among the faults."""
    try:
        return reader(file, faults=faults, **options)
    except InputError as error:
        faults.extend(error.faults)
    except ReadError as error:
        faults.append(unread_fault(file, error))
    return None


def own_areas(source: AreasSource, faults: list[Fault]) -> gpd.GeoDataFrame | None:
    """Read housing areas from the user's layer, into the local UTM zone.

    Parameters
    ----------
    source : AreasSource
        With a file.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    GeoDataFrame or None
        As `layers.read_areas`; None where nothing can be used.

    Raises
    ------
    ValueError
        Where the source names no file.
    """
    if source.file is None:
        raise ValueError("these areas come from OSM boundaries, not from a file")
    return _read(
        read_areas,
        source.file,
        faults,
        layer=source.layer,
        id_column=source.id_column,
        name_column=source.name_column,
        group_column=source.group_column,
        vulnerable_values=source.vulnerable or (VULNERABLE,),
        vulnerable_not_null=source.vulnerable_not_null,
        vulnerability_column=source.vulnerability_column,
        income_column=source.income_column,
    )


def _fitted(study: Study, areas: gpd.GeoDataFrame, extract: OsmExtract, faults: list[Fault]) -> gpd.GeoDataFrame:
    file = (study.areas.file or study.osm.file).name
    only_inside = study.areas.only_inside_extract
    areas = fit_to_extract(areas, extract, only_inside=only_inside, file=file, faults=faults)
    groups = set(areas["group"])
    if len(areas) and "vulnerable" not in groups:
        remedy = "name them in [areas]: group = ..., vulnerable = [...]"
        rule = "no area is vulnerable, so there will be no gap between groups"
        faults.append(Fault(file, "", rule, remedy, "warning"))
    if len(areas) and "rest" not in groups:
        rule = "every area is vulnerable, so there will be no gap to the rest"
        faults.append(Fault(file, "", rule, "add areas of the rest of the city", "warning"))
    if 0 < len(areas) < _FEW_AREAS:
        faults.append(Fault(file, "", "there is one area only, so nothing to rank", "add its neighbours", "warning"))
    return areas


def _population(
    source: PopulationSource, crs: CRS | None, extract: OsmExtract | None, faults: list[Fault]
) -> gpd.GeoDataFrame | None:
    people = _read(
        read_population,
        source.file,
        faults,
        layer=source.layer,
        residents_column=source.residents_column,
        blank_is_nobody=True,
        crs=crs,
    )
    if people is not None and extract is not None and len(people):
        near = np.asarray(shapely.intersects(people.geometry.to_numpy(), extract.extent))
        if not near.any():
            rule = "nobody in it lives inside the OSM extract"
            faults.append(Fault(source.file.name, "", rule, "check the CRS and the column"))
    return people


def own_barriers(source: BarrierLayer, crs: CRS | None, faults: list[Fault]) -> gpd.GeoDataFrame | None:
    """Read barriers from the user's layer: what the study file names, and nothing else in it.

    Parameters
    ----------
    source : BarrierLayer
        File, columns and constants.
    crs : CRS or None
        Project to this; None finds the local UTM zone.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    GeoDataFrame or None
        As `layers.read_lines_or_polygons`; a barrier without a name is named later, by the street beside it.
    """
    unread = dict.fromkeys(("kind", "subkind", "ref", "bridge", "tunnel", "layer", "service"))
    result = _read(
        read_lines_or_polygons,
        source.file,
        faults,
        layer=source.layer,
        where=source.where,
        kind=source.kind,
        name=source.name,
        width_m=source.width_m,
        columns={
            **unread,
            "name": source.name_column,
            "width_m": source.width_column,
            "lanes": source.lanes_column,
            "maxspeed_kmh": source.maxspeed_column,
            "aadt": source.aadt_column,
        },
        skip_absent=True,
        crs=crs,
    )
    if result is None or not source.merge_by_name:
        return result
    named = result["name"].notna()
    merged = result[named].dissolve(by="name", as_index=False, sort=True)
    joined: Any = pd.concat([part for part in (merged, result[~named]) if len(part)], ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=result.crs)


def _with_traffic(
    source: TrafficSource,
    crs: CRS | None,
    extract: OsmExtract | None,
    barriers: tuple[gpd.GeoDataFrame, ...],
    faults: list[Fault],
) -> tuple[OsmExtract | None, tuple[gpd.GeoDataFrame, ...]]:
    """Put the user's counts on the streets, and on those of the user's roads that tell no count of their own."""
    columns = {"aadt": source.aadt_column, "name": source.name_column}
    counts = _read(
        read_traffic_layer, source.file, faults, layer=source.layer, where=source.where, columns=columns, crs=crs
    )
    if counts is None or extract is None or not len(counts):
        return extract, barriers
    streets = counted_streets(extract.streets, counts, source)
    roads = tuple(counted_roads(layer, counts, source) for layer in barriers)
    same = all(old["aadt"].equals(new["aadt"]) for old, new in zip(barriers, roads, strict=True))
    if same and not streets["aadt"].notna().any():
        rule = f"none of its {len(counts):,} counts lies on a street, so all traffic is assumed"
        remedy = "check the CRS of the file, and the distances in [traffic]"
        faults.append(Fault(source.file.name, "", rule, remedy, "warning"))
    return dataclasses.replace(extract, streets=streets), roads


def own_destinations(
    source: DestinationLayer, number: int, crs: CRS | None, faults: list[Fault]
) -> gpd.GeoDataFrame | None:
    """Read places from the user's layer; polygons are reached at their edge.

    Parameters
    ----------
    source : DestinationLayer
        File, category, column of weights.
    number : int
        Of the layer in the study file; ids start with it.
    crs : CRS or None
        Project to this; None finds the local UTM zone.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    GeoDataFrame or None
        As `layers.read_destination_layer`.
    """
    return _read(
        read_destination_layer,
        source.file,
        faults,
        layer=source.layer,
        category=source.category,
        columns={"dest_id": None, "weight": source.weight_column},
        id_stem=f"user{number}",
        as_points=False,
        skip_absent=True,
        crs=crs,
    )


def named_places(source: PlaceLayer, crs: CRS | None, faults: list[Fault]) -> gpd.GeoDataFrame | None:
    """Read the named places that travel times are told to; each name once.

    Parameters
    ----------
    source : PlaceLayer
        File and column of names.
    crs : CRS or None
        Project to this; None finds the local UTM zone.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    GeoDataFrame or None
        With ``name``; None where nothing can be used.
    """
    table = _read(
        read_destination_layer,
        source.file,
        faults,
        layer=source.layer,
        category="place",
        columns={"dest_id": None, "weight": None, "category": None, "name": source.name_column},
        as_points=False,
        skip_absent=True,
        crs=crs,
    )
    if table is None:
        return None
    nameless = table["name"].isna() | table["name"].duplicated()
    if nameless.any():
        rule = f"{int(nameless.sum())} places have no name, or one that another has"
        remedy = "give every place its own name; those are left out"
        faults.append(Fault(source.file.name, f"column {source.name_column}", rule, remedy, "warning"))
    return table[~nameless].reset_index(drop=True)


def _all_destinations(
    study: Study, extract: OsmExtract, own: list[gpd.GeoDataFrame], faults: list[Fault]
) -> gpd.GeoDataFrame:
    """Join OSM's and the user's places, those inside the extract: what lies outside it nobody here can reach."""
    choice = study.destinations_osm
    table = extract.destinations
    if choice.categories is not None:
        table = table[table["category"].isin(choice.categories)]
    parts = [part[part.geometry.intersects(extract.extent)] for part in (table, *own)]
    parts = [part for part in parts if len(part)]
    if not parts or not sum(float(part["weight"].sum()) for part in parts) > 0:
        rule = "there is no place to reach, neither in the extract nor in a layer of yours"
        faults.append(Fault(study.path.name, "[destinations_osm]", rule, "use an extract with shops, schools, ..."))
        return table
    joined: Any = pd.concat([part[list(table.columns)].astype(object) for part in parts], ignore_index=True)
    joined[["weight", "area_m2"]] = joined[["weight", "area_m2"]].astype(float)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=extract.crs)
