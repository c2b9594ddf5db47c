"""Barriers straight from a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pyproj
import shapely

from bykobling import layers
from bykobling.barriers.make import make_barriers
from bykobling.osm import OsmExtract, read_osm
from bykobling.readers import osm_path

if TYPE_CHECKING:
    from bykobling.barriers.rules import BarrierRules
    from bykobling.layers import Source


def read_barriers(
    source: Source,
    *,
    rules: BarrierRules | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    **options: Any,  # noqa: ANN401 - those of the layer reader
) -> gpd.GeoDataFrame:
    """Read barriers from an OSM file, or from a layer of lines and polygons of the user's.

    Parameters
    ----------
    source : path or GeoDataFrame
        An OSM file, or features as `bykobling.layers.read_lines_or_polygons` takes them.
    rules : BarrierRules, optional
        What counts as a barrier.
    crs : optional
        Metric CRS; the local UTM zone by default.
    **options
        Further options of `bykobling.layers.read_lines_or_polygons`, such as ``kind``.

    Returns
    -------
    GeoDataFrame
        As `make_barriers`. Without streets beside it, a layer's viaducts all sever and its unnamed barriers stay
        unnamed; `make_barriers` with ``user_layers`` does better.
    """
    path = osm_path(source)
    if path is not None:
        return make_barriers(read_osm(path, crs=crs), rules=rules)
    features = layers.read_lines_or_polygons(source, crs=crs, **options)
    none = features.iloc[:0]
    streets = gpd.GeoDataFrame(
        {"name": [], "walk": [], "bridge": [], "layer": []},
        geometry=gpd.GeoSeries([], crs=features.crs),
        crs=features.crs,
    )
    bare = OsmExtract(
        streets=streets.astype({"walk": bool, "bridge": bool, "layer": int}),
        crossings=none,
        barrier_features=none,
        destinations=none,
        buildings=none,
        boundaries=none,
        extent=shapely.box(*features.total_bounds),
        crs=pyproj.CRS(features.crs),
        source="layer",
        notes=(),
    )
    return make_barriers(bare, rules=rules, user_layers=[features])
