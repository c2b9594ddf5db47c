"""Tables out of whatever the user has: an OSM file or a vector layer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bykobling import layers, osm

if TYPE_CHECKING:
    import geopandas as gpd

    from bykobling._types import Mode
    from bykobling.layers import Source

_SNIFF_BYTES = 4096


def osm_path(source: Source) -> str | None:
    """Return the path of an OSM file, None for a vector layer; GeoJSON in a ``.json`` file is a layer.

    Parameters
    ----------
    source : path or GeoDataFrame
        What a reader was given.

    Returns
    -------
    str or None
        The path.
    """
    if not isinstance(source, str | os.PathLike) or not osm.is_osm_path(source):
        return None
    path = Path(source)
    if path.suffix.lower() == ".json" and path.is_file():
        with path.open("rb") as stream:
            if b'"Feature' in stream.read(_SNIFF_BYTES):
                return None
    return str(source)


def read_streets(
    source: Source,
    *,
    mode: Mode | None = None,
    ferries: bool = False,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    **options: Any,  # noqa: ANN401 - those of the layer reader
) -> gpd.GeoDataFrame:
    """Read streets from an OSM file or a line layer.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or lines as `layers.read_streets_layer` takes them.
    mode : {"walk", "bike"}, optional
        Keep the streets of one mode alone.
    ferries : bool
        Whether ferry routes of an OSM file count as streets.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `layers.read_streets_layer`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.streets``.
    """
    path = osm_path(source)
    if path is None:
        streets = layers.read_streets_layer(source, crs=crs, **options)
    else:
        streets = osm.read_osm(path, crs=crs, ferries=ferries).streets
    if mode is None:
        return streets
    open_to = streets["walk"] if mode == "walk" else streets["bike_forward"] | streets["bike_backward"]
    return streets[open_to].reset_index(drop=True)


def read_barrier_features(source: Source, *, crs: Any = None, **options: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Read raw barrier features from an OSM file or a layer of lines or polygons.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or a layer as `layers.read_lines_or_polygons` takes it.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `layers.read_lines_or_polygons`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.barrier_features``.
    """
    path = osm_path(source)
    if path is None:
        return layers.read_lines_or_polygons(source, crs=crs, **options)
    return osm.read_osm(path, crs=crs).barrier_features


def read_destinations(source: Source, *, crs: Any = None, **options: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Read destinations from an OSM file or a layer of points or polygons.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or a layer as `layers.read_destination_layer` takes it.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `layers.read_destination_layer`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.destinations``.
    """
    path = osm_path(source)
    if path is None:
        return layers.read_destination_layer(source, crs=crs, **options)
    return osm.read_osm(path, crs=crs).destinations


def read_buildings(source: Source, *, crs: Any = None, **options: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Read building footprints from an OSM file or a polygon layer.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or a layer as `layers.read_building_layer` takes it.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `layers.read_building_layer`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.buildings``.
    """
    path = osm_path(source)
    if path is None:
        return layers.read_building_layer(source, crs=crs, **options)
    return osm.read_osm(path, crs=crs).buildings


def read_boundaries(source: Source, *, crs: Any = None, **options: Any) -> gpd.GeoDataFrame:  # noqa: ANN401
    """Read named boundaries from an OSM file or a polygon layer.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or a layer as `layers.read_boundary_layer` takes it.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `layers.read_boundary_layer`.

    Returns
    -------
    GeoDataFrame
        Columns of ``OsmExtract.boundaries``.
    """
    path = osm_path(source)
    if path is None:
        return layers.read_boundary_layer(source, crs=crs, **options)
    return osm.read_osm(path, crs=crs).boundaries
