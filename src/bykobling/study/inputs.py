"""Read every input of a study into tables, and list everything wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.errors import Fault, InputError, ReadError
from bykobling.study.areas import boundary_areas, fit_to_extract, read_areas
from bykobling.study.vector import Layer

if TYPE_CHECKING:
    from pyproj import CRS

    from bykobling._types import Progress
    from bykobling.osm import OsmExtract
    from bykobling.study.model import BarrierLayer, DestinationLayer, PopulationSource, Study

_FEW_AREAS = 2


@dataclass(frozen=True)
class Inputs:
    """The tables a study starts from, all in one projected CRS.

    Parameters
    ----------
    extract : OsmExtract
        Streets, barriers, buildings; its ``destinations`` are those of OSM alone.
    areas : GeoDataFrame
        Housing areas.
    population : GeoDataFrame or None
        Points or polygons with ``residents``.
    barriers : tuple of GeoDataFrame
        The user's layers.
    destinations : GeoDataFrame
        Of OSM and the user's layers, weighted.
    """

    extract: OsmExtract
    areas: gpd.GeoDataFrame
    population: gpd.GeoDataFrame | None
    barriers: tuple[gpd.GeoDataFrame, ...]
    destinations: gpd.GeoDataFrame


def read_inputs(study: Study, *, progress: Progress | None = None) -> tuple[Inputs | None, tuple[Fault, ...]]:
    """Read every input, going on after a fault so that all are found.

    Parameters
    ----------
    study : Study
        A checked study file.
    progress : callable, optional
        Passed to the OSM reader.

    Returns
    -------
    inputs : Inputs or None
        None where an error stops the run.
    faults : tuple of Fault
        Errors and warnings in the order found.
    """
    faults: list[Fault] = []
    areas = read_areas(study.areas, faults) if study.areas.file is not None else None
    extract = _read_extract(study, areas.crs if areas is not None else None, faults, progress)
    if areas is None and extract is not None and study.areas.file is None:
        areas = boundary_areas(extract, study.areas, faults, file=study.osm.file.name)
    if areas is not None and len(areas) and extract is not None:
        areas = _fitted(study, areas, extract, faults)
    crs = extract.crs if extract is not None else (areas.crs if areas is not None else None)
    population = None
    if study.population is not None:
        population = _population(study.population, crs, extract, faults)
    barriers = tuple(_barriers(layer, crs, faults) for layer in study.barriers)
    own = [_destinations(layer, number, crs, faults) for number, layer in enumerate(study.destinations, 1)]
    destinations = _all_destinations(study, extract, own, faults) if extract is not None else None
    if extract is None or areas is None or destinations is None or any(f.severity == "error" for f in faults):
        return None, tuple(faults)
    return Inputs(extract, areas, population, barriers, destinations), tuple(faults)


def _read_extract(study: Study, crs: CRS | None, faults: list[Fault], progress: Progress | None) -> OsmExtract | None:
    from bykobling.osm import read_osm  # noqa: PLC0415 - kept beside its only use

    try:
        extract = read_osm(study.osm.file, crs=crs, ferries=study.osm.ferries, progress=progress)
    except InputError as error:
        faults.extend(error.faults)
        return None
    except ReadError as error:
        faults.append(_told(study.osm.file.name, error))
        return None
    if not extract.streets["walk"].any():
        rule, remedy = "it holds no street open to people on foot", "use an extract with all highways and their tags"
        faults.append(Fault(study.osm.file.name, "", rule, remedy))
        return None
    return extract


def _told(file: str, error: ReadError) -> Fault:
    """Turn a reader's sentence back into its parts, so that it is told once."""
    rule, _, remedy = str(error).partition(" Remedy: ")
    rule = rule.removeprefix(f"{file}: ").rstrip(".")
    return Fault(file, "", rule, remedy.rstrip(".") or "bring the extract again")


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
    layer = Layer(source.file, source.layer, crs=crs, faults=faults)
    numbers = layer.numbers(source.residents_column)
    if numbers is None:
        return None
    layer.table = layer.table.assign(residents=numbers)
    blank = int(numbers.isna().sum())
    if blank:
        rule = f"{blank} of {len(numbers)} rows have no number of residents and count as nobody"
        layer.fault(f"column {source.residents_column!r}", rule, "fill them in where people live", warning=True)
    layer.keep_geometry((0, 2), "points or polygons")
    if extract is not None and len(layer.table):
        near = np.asarray(shapely.intersects(layer.table.geometry.to_numpy(), extract.extent))
        if not layer.table.loc[near, "residents"].gt(0).any():
            layer.fault("", "nobody in it lives inside the OSM extract", "check the CRS and the column")
    columns: Any = {"residents": layer.table["residents"].to_numpy(float)}
    return gpd.GeoDataFrame(columns, geometry=layer.table.geometry.to_numpy(), crs=layer.table.crs)


def _barriers(source: BarrierLayer, crs: CRS | None, faults: list[Fault]) -> gpd.GeoDataFrame:
    """Read a user's barriers into the columns of raw barrier features."""
    layer = Layer(source.file, source.layer, crs=crs, faults=faults)
    layer.select(source.where)
    layer.keep_geometry((1, 2), "lines or polygons")
    table = layer.table
    names = layer.column(source.name_column)
    # without a name of its own a barrier is named later, by the street beside it
    text = np.full(len(table), source.name, dtype=object)
    if names is not None:
        text = names.astype(object).where(names.notna(), source.name).to_numpy(object)
    columns: dict[str, Any] = {
        "kind": source.kind,
        "subkind": "user",
        "name": text,
        "ref": None,
        "tunnel": False,
        "bridge": False,
    }
    wanted = {
        "width_m": source.width_column,
        "lanes": source.lanes_column,
        "maxspeed_kmh": source.maxspeed_column,
        "aadt": source.aadt_column,
    }
    for name, column in wanted.items():
        values = layer.numbers(column)
        columns[name] = np.nan if values is None else values.to_numpy(float)
    if source.width_m is not None:
        columns["width_m"] = source.width_m
    result = gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs, index=range(len(table)))
    if source.merge_by_name and len(result):
        result = result.dissolve(by=["name"], as_index=False, sort=True)
    return result


def _destinations(source: DestinationLayer, number: int, crs: CRS | None, faults: list[Fault]) -> gpd.GeoDataFrame:
    layer = Layer(source.file, source.layer, crs=crs, faults=faults)
    layer.keep_geometry((0, 2), "points or polygons")
    weights = layer.numbers(source.weight_column)
    if weights is not None and weights.isna().any():
        rows = ", ".join(str(row) for row in weights.index[weights.isna()][:5])
        rule = f"{int(weights.isna().sum())} weights are empty (features {rows})"
        layer.fault(f"column {source.weight_column!r}", rule, "fill them in, 0 for places that do not count")
    table = layer.table
    columns: dict[str, Any] = {
        "dest_id": [f"user{number}-{row}" for row in table.index],
        "category": source.category,
        "name": table["name"].to_numpy(object) if "name" in table.columns else None,
        "weight": 1.0 if weights is None else weights.to_numpy(float),
        "area_m2": np.nan,
    }
    return gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs, index=range(len(table)))


def _all_destinations(
    study: Study, extract: OsmExtract, own: list[gpd.GeoDataFrame], faults: list[Fault]
) -> gpd.GeoDataFrame:
    """Join OSM's and the user's places; weights by category multiply."""
    choice = study.destinations_osm
    table = extract.destinations
    if choice.categories is not None:
        table = table[table["category"].isin(choice.categories)]
    factor = table["category"].map(choice.weights).astype(float).fillna(1.0)
    table = table.assign(weight=table["weight"].to_numpy(float) * factor.to_numpy(float))
    parts = [part for part in (table, *own) if len(part)]
    if not parts or not sum(float(part["weight"].sum()) for part in parts) > 0:
        rule = "there is no place to reach, neither in the extract nor in a layer of yours"
        faults.append(Fault(study.path.name, "[destinations_osm]", rule, "use an extract with shops, schools, ..."))
        return table
    joined: Any = pd.concat([part[list(table.columns)].astype(object) for part in parts], ignore_index=True)
    joined[["weight", "area_m2"]] = joined[["weight", "area_m2"]].astype(float)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=extract.crs)
