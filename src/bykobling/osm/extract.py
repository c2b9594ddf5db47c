"""Read an OSM file into tables."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from bykobling._check import metric_crs
from bykobling._globe import local_utm
from bykobling._pieces import cut, linestrings
from bykobling.errors import Fault, InputError
from bykobling.osm import features
from bykobling.osm.kept import KEPT_OF, kept_of, without_collecting
from bykobling.osm.sea import sea_polygons
from bykobling.osm.split import bounds, vertices
from bykobling.osm.streets import build_streets

if TYPE_CHECKING:
    import os

    from numpy.typing import NDArray

    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.osm.kept import Kept
    from bykobling.osm.scan import Scan

_LOG = logging.getLogger(__name__)
_STEPS = 5
_EDGE_DEGREES = 0.005
"""The edge of the extract is straight in degrees; it is bent this finely before projecting."""


@dataclass(frozen=True)
class OsmExtract:
    """The tables of one OSM file, all in one metric CRS.

    Parameters
    ----------
    streets : GeoDataFrame
        Lines, one a piece between junctions: ``u v osm_id name ref highway walk bike_forward bike_backward drive
        oneway lanes maxspeed_kmh bridge tunnel layer steps sidewalk_separate crossing length_m``.
    crossings : GeoDataFrame
        Points: ``node kind junction`` (`junction`: traffic signals on a junction of streets, not a mapped crossing).
    barrier_features : GeoDataFrame
        Lines and areas, raw: ``osm_id osm_type kind subkind name ref bridge tunnel layer lanes maxspeed_kmh width_m
        service``.
    destinations : GeoDataFrame
        Points, and areas for green space: ``dest_id category name weight area_m2``.
    buildings : GeoDataFrame
        Areas: ``osm_id building levels flats residential footprint_m2``.
    boundaries : GeoDataFrame
        Areas: ``osm_id name admin_level``.
    extent : Polygon
        The box in the file's header, else the bounding box of the streets.
    crs : pyproj.CRS
        CRS of all tables and of the extent.
    source : str
        Name of the file.
    notes : tuple of str
        Sentences about what was missing, assumed or left out.
    """

    streets: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    barrier_features: gpd.GeoDataFrame
    destinations: gpd.GeoDataFrame
    buildings: gpd.GeoDataFrame
    boundaries: gpd.GeoDataFrame
    extent: shapely.Polygon
    crs: pyproj.CRS
    source: str
    notes: tuple[str, ...]


def read_osm(
    path: str | os.PathLike[str],
    *,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    ferries: bool = False,
    progress: Progress | None = None,
    second: Second | None = None,
) -> OsmExtract:
    """Read an OSM extract into tables.

    Parameters
    ----------
    path : path
        ``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``, or an Overpass answer in ``.json``. Local files only.
    crs : optional
        A projected CRS in metres; the local UTM zone by default.
    ferries : bool
        Whether ferry routes count as streets.
    progress : callable, optional
        Called as ``progress(done, total, message)``.
    second : Second, optional
        A process that goes through the file meanwhile, where it was asked ahead.

    Returns
    -------
    OsmExtract

    Raises
    ------
    ReadError
        If the file is missing, truncated, not OSM data, or hostile.
    InputError
        If there is no street in it.
    CrsError
        If `crs` is not metric.
    """
    wanted = None if crs is None else metric_crs(crs, file="crs")
    if second is None:
        kept = kept_of(path, ferries=ferries, progress=progress)
    else:
        kept = second.answer(KEPT_OF, path, ferries=ferries, progress=progress)
    with without_collecting():
        return _tables(kept, wanted, progress)


def _tables(read: Kept, wanted: pyproj.CRS | None, progress: Progress | None) -> OsmExtract:
    kept, name, notes = read
    tell = progress or (lambda _done, _total, _message: None)
    box = kept.box or bounds(kept.streets) or bounds(kept.square_rings)
    if box is None or _without_nodes(kept):
        raise _no_streets(name, placed=not kept.streets.records)
    crs = wanted or local_utm(gpd.GeoSeries([shapely.box(*box)], crs="EPSG:4326"))
    transformer = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)

    def project(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(transformer.transform(lon, lat), axis=1)

    edge = shapely.segmentize(shapely.box(*box), _EDGE_DEGREES)
    extent = shapely.transform(edge, lambda xy: project(xy[:, 0], xy[:, 1]))
    tell(1, _STEPS, "cutting streets at their junctions")
    streets, crossings, said = build_streets(kept, project, crs)
    if streets.empty:
        raise _no_streets(name)
    tell(2, _STEPS, "closing the coastline")
    coast = vertices(kept.coast, project)
    pieces = cut(coast.run, coast.ref, np.zeros(len(coast.ref), dtype=bool))
    sea, about_sea = sea_polygons(list(linestrings(pieces, coast.xy)), extent)
    tell(3, _STEPS, "gathering barriers")
    barriers = features.build_barriers(kept, streets, sea, project, crs)
    tell(4, _STEPS, "gathering destinations and buildings")
    buildings = features.build_buildings(kept, project, crs)
    extract = OsmExtract(
        streets=streets,
        crossings=crossings,
        barrier_features=barriers,
        destinations=features.build_destinations(kept, project, crs),
        buildings=buildings,
        boundaries=features.build_boundaries(kept, project, crs),
        extent=extent,
        crs=pyproj.CRS.from_user_input(crs),
        source=name,
        notes=(*notes, *said, *about_sea, *_about(kept, buildings)),
    )
    tell(_STEPS, _STEPS, f"read {name}")
    _LOG.info("read %s: %d streets, %d barrier features", name, len(streets), len(barriers))
    return extract


def _without_nodes(kept: Scan) -> bool:
    """Tell whether there are streets, but not one with a position."""
    return bool(kept.streets.records) and bounds(kept.streets) is None


def _no_streets(name: str, *, placed: bool = True) -> InputError:
    if placed:
        rule, remedy = "there is no street in it", "use an extract that covers the city and keeps highway=* ways"
    else:
        rule = "the nodes of its streets are not in it, come after them, or have negative ids"
        remedy = "run osmium sort (or osmium renumber) on it, or download it with its nodes"
    return InputError(Fault(name, "", rule, remedy))


def _about(kept: Scan, buildings: gpd.GeoDataFrame) -> list[str]:
    """Tell what could not be assembled and what was assumed."""
    notes = []
    if kept.box is None:
        notes.append("The file does not say which area it covers; the bounding box of its streets is taken.")
    lost = Counter(kind for number, kind in kept.wanted_relations.items() if number not in kept.made_relations)
    for kind, count in sorted(lost.items()):
        notes.append(f"{count} {kind} relations are incomplete in the file and were left out.")
    if kept.broken_areas:
        notes.append(f"{kept.broken_areas} areas could not be assembled and were left out.")
    assumed = int((buildings["residential"] & (buildings["building"] == "yes")).sum())
    if assumed:
        notes.append(f"{assumed:,} buildings of unknown use (building=yes) are taken as homes.")
    return notes
