"""The door every noise map passes: a GeoTIFF, contours, or levels of dwellings."""

from __future__ import annotations

import contextlib
import math
import os
from typing import TYPE_CHECKING, Any, get_args

import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from bykobling import _check
from bykobling.errors import CrsError, Fault, InputError, ReadError
from bykobling.layers.source import POLYGONS, open_layer
from bykobling.raster.bands import Metric, NoiseSource
from bykobling.raster.contours import contours_of
from bykobling.raster.dwellings import dwellings_of
from bykobling.raster.geotiff import is_tiff, local_file, open_raster
from bykobling.raster.model import NoiseLevels
from bykobling.raster.probe import probe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyproj

    from bykobling.layers import Source, Where

_LONGEST_EDGE = 0.01


def read_noise(
    path: Source,
    *,
    metric: Metric,
    source: NoiseSource,
    column: str | Sequence[str] | None = None,
    bands: Mapping[Any, Any] | None = None,
    band: int | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    lowest_db: float | None = None,
    domain: Source | None = None,
    layer: str | None = None,
    where: str | Where | None = None,
    screening: bool | None = None,
) -> NoiseLevels:
    """Read a noise map of any kind.

    What it is, is told from the file: a GeoTIFF (of which only a sample of windows is read here), polygons (contours)
    or points (levels of dwellings).

    Parameters
    ----------
    path : path or GeoDataFrame
        The map.
    metric : {"lden", "lnight"}
        What its levels are.
    source : {"road", "rail", "aircraft", "industry"}
        Whose noise it is; maps of different sources are read apart and never added up.
    column : str or pair of str, optional
        Of contours: the column of band names (``category`` and other usual names by default), or the two of their
        edges. Of points: the column of levels, called as the metric by default.
    bands : mapping, optional
        What each class code of a raster, or entry of the column of contours, means: ``{1: (55, 60), 2: (60, None)}``,
        with a pair of equal levels for a level itself.
    band : int, optional
        Band of a raster, from 1; needed where there are several.
    crs : optional
        CRS of a raster that has none of its own.
    lowest_db : float, optional
        The lowest level mapped. By default that of the lowest band, or of a raster the lowest found in a sample.
    domain : path or GeoDataFrame, optional
        Polygons in which the map was made: inside, no level means "below the lowest"; outside, nothing is known. By
        default the rectangle of a raster, and the convex hull of contours.
    layer : str, optional
        Layer of a file of vectors.
    where : str or Where, optional
        Which rows of vectors to read, e.g. those of one source.
    screening : bool, optional
        Whether the map is a screening estimate (+-5 dB) and no official one; by default a raster whose metadata
        speak of screening is.

    Returns
    -------
    NoiseLevels
        With ``kind`` and ``notes``.

    Raises
    ------
    ReadError
        If the file cannot be read.
    InputError
        With every fault found: codes without a meaning, several bands or sources, levels that are none, no position.
    CrsError
        If there is no CRS.

    Examples
    --------
    >>> band = gpd.GeoDataFrame({"category": ["Lden5559"]}, geometry=[shapely.box(0, 0, 99, 99)], crs=25832)
    >>> levels = read_noise(band, metric="lden", source="road")
    >>> levels.kind, levels.lowest_db
    ('contours', 55.0)
    """
    _options(metric, source, lowest_db)
    if not isinstance(path, gpd.GeoDataFrame):
        file = local_file(path) if not os.fspath(path).lower().endswith(".gdb") else None
        if file is not None and is_tiff(file):
            unused = {"column": column, "layer": layer, "where": where}
            faults = [
                Fault(file.name, f"{name}=", "it is a raster, which has none", f"leave {name} out")
                for name, value in unused.items()
                if value is not None
            ]
            _check.raise_errors(faults)
            raster, told, notes = open_raster(file, metric=metric, band=band, crs=crs, bands=bands)
            lowest, more = probe(raster)
            notes += more
            if lowest_db is None and not bands:
                notes.append(
                    f"{file.name}: its lowest level is taken to be {lowest:g} dB, the lowest found in a sample."
                )
            return NoiseLevels(
                metric, source, "raster", file.name, raster.crs, lowest if lowest_db is None else float(lowest_db),
                domain=_domain(domain, raster.crs), bands=tuple(sorted(set(raster.codes.values()))), raster=raster,
                screening=told if screening is None else screening, notes=tuple(notes),
            )  # fmt: skip
    table, label, found = open_layer(
        path, kinds=("Point", *POLYGONS), crs=_own_crs(path, layer), layer=layer, where=where, name="noise map"
    )
    _check.raise_errors(found)
    notes = [f"{fault.file}: {fault.rule}." for fault in found]
    area = np.isin(table.geometry.geom_type, POLYGONS)
    if area.any() and not area.all():
        rule = "it holds polygons and points"
        raise InputError(Fault(label, "", rule, "use a layer of contours, or one of dwellings"))
    if area.any():
        contours, each, more = contours_of(table, label, metric=metric, column=column, bands=bands)
        lowest = min(one.lo_db for one in each if one.mapped) if any(one.mapped for one in each) else math.nan
        hull = _domain(domain, table.crs)
        if hull is None:
            hull = shapely.convex_hull(shapely.geometrycollections(contours.geometry.to_numpy()))
            more.append(f"{label}: the map is taken to reach as far as the convex hull of its contours.")
        return NoiseLevels(
            metric, source, "contours", label, table.crs, lowest if lowest_db is None else float(lowest_db),
            domain=hull, bands=each, table=contours, screening=bool(screening), notes=tuple(notes + more),
        )  # fmt: skip
    if column is not None and not isinstance(column, str):
        raise InputError(Fault(label, "column=", "levels of dwellings are in one column", "name one"))
    points, more = dwellings_of(table, label, metric=metric, column=column)
    return NoiseLevels(
        metric, source, "points", label, table.crs, math.nan, table=points, screening=bool(screening),
        notes=tuple(notes + more),
    )  # fmt: skip


def _options(metric: str, source: str, lowest_db: float | None) -> None:
    faults = []
    for name, value, known in (("metric", metric, get_args(Metric)), ("source", source, get_args(NoiseSource))):
        if value not in known:
            hint = _check.nearest(str(value), known)
            remedy = f"{hint + '; ' if hint else ''}choose one of {', '.join(known)}"
            faults.append(Fault(name, "", f"{value!r} is not known", remedy))
    if lowest_db is not None and not (math.isfinite(lowest_db) and 0 < lowest_db < 100):
        faults.append(Fault("lowest_db", "", f"{lowest_db!r} is no level a map begins at", "give dB, e.g. 55"))
    _check.raise_errors(faults)


def _own_crs(source: Source, layer: str | None) -> Any:  # noqa: ANN401 - anything pyproj takes
    """Return the CRS of a layer if it is metric, so that it need not be moved; what is wrong is told on reading."""
    crs = None
    if isinstance(source, gpd.GeoDataFrame):
        crs = source.crs
    else:
        unread = (ReadError, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, RuntimeError)
        with contextlib.suppress(*unread):
            crs = pyogrio.read_info(local_file(source), layer=layer)["crs"]
    with contextlib.suppress(CrsError):
        return _check.metric_crs(crs, file="noise map")
    return None


def _domain(domain: Source | None, crs: pyproj.CRS) -> shapely.Geometry | None:
    """Return the polygons of the map's domain in its CRS."""
    if domain is None:
        return None
    table, _, found = open_layer(domain, kinds=POLYGONS, crs=_own_crs(domain, None), name="domain")
    _check.raise_errors(found)
    merged = shapely.union_all(table.geometry.to_numpy())
    # straight edges bend between systems
    longest = _LONGEST_EDGE * max(shapely.length(merged), 1.0)
    bent: shapely.Geometry = gpd.GeoSeries([shapely.segmentize(merged, longest)], crs=table.crs).to_crs(crs).iloc[0]
    return bent
