"""Streets as sources of sound: how loud, where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling._check import metric_crs, raise_errors
from bykobling.emission.coefficients import A_WEIGHTING_DB, CATEGORIES, DEFAULT_SURFACE
from bykobling.emission.propagation import NoiseSettings
from bykobling.emission.road import road_emission
from bykobling.emission.traffic import FLOW_COLUMNS, PARTS, TrafficRules, street_traffic, traffic_notes
from bykobling.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    import pyproj
    from numpy.typing import NDArray

SIMPLIFY_M = 0.5
"""Bends of streets flatter than this are drawn straight: finer than OSM is drawn."""

LONGEST_M = 50.0
"""Segments are no longer, so that a grid finds them."""


@dataclass(frozen=True, eq=False)
class LineSources:
    """Segments of streets that emit sound.

    Parameters
    ----------
    ends : array of float, shape (S, 4)
        x0, y0, x1, y1 of each segment, metres.
    source : array of int, shape (S,)
        Row of `power_db`.
    power_db : array of float, shape (N, 3, 8)
        Sound power of a metre of each street that emits, in day, evening and night, by octave; dB, not A-weighted.
    street : array of int, shape (N,)
        Row of the streets table.
    road_class : array of str, shape (N,)
        Class of the street.
    traffic : DataFrame
        From `street_traffic`, all streets.
    settings : NoiseSettings
        What they were made with.
    crs : pyproj.CRS
        CRS of the ends.
    notes : tuple of str
        What is assumed.
    """

    ends: NDArray[np.float64]
    source: NDArray[np.int64]
    power_db: NDArray[np.float64]
    street: NDArray[np.int64]
    road_class: NDArray[np.object_]
    traffic: pd.DataFrame
    settings: NoiseSettings
    crs: pyproj.CRS
    notes: tuple[str, ...] = ()

    def energies(self, settings: NoiseSettings) -> NDArray[np.float64]:
        """Weigh the parts of the day: (N, 32) A-weighted energies, as the kernel takes them.

        Parameters
        ----------
        settings : NoiseSettings
            Hours, favourable shares and what canyons add.

        Returns
        -------
        array of float, shape (N, 32)
            Lden straight, Lden favourable, Lnight straight, Lnight favourable, 8 octaves each.
        """
        energy = 10.0 ** ((self.power_db + A_WEIGHTING_DB + settings.canyon_db) / 10.0)
        bent = np.array(settings.favourable_share)
        weights = settings.hours.weights
        parts = [
            np.einsum("npb,p->nb", energy, weights * (1.0 - bent)),
            np.einsum("npb,p->nb", energy, weights * bent),
            energy[:, 2] * (1.0 - bent[2]),
            energy[:, 2] * bent[2],
        ]
        return np.concatenate(parts, axis=1)


def settings_for(sources: LineSources | gpd.GeoDataFrame, settings: NoiseSettings | None) -> NoiseSettings:
    """Return the settings to compute levels with: those of the sources where none are given.

    Parameters
    ----------
    sources : LineSources or GeoDataFrame
        Sources, or streets to be made to sources.
    settings : NoiseSettings or None
        What the caller wants.

    Returns
    -------
    NoiseSettings

    Raises
    ------
    InputError
        If emission was computed with other hours, coefficients or temperature.
    """
    if not isinstance(sources, LineSources):
        return settings or NoiseSettings()
    if settings is None:
        return sources.settings
    raise_errors(
        Fault(
            "settings", name, f"it is {getattr(settings, name)}, and {getattr(sources.settings, name)} in the sources",
            "give line_sources the same settings",
        )
        for name in ("hours", "version", "temperature_c")
        if getattr(settings, name) != getattr(sources.settings, name)
    )  # fmt: skip
    return settings


def line_sources(
    streets: gpd.GeoDataFrame,
    *,
    settings: NoiseSettings | None = None,
    rules: TrafficRules | None = None,
    class_offsets_db: Mapping[str, float] | None = None,
) -> LineSources:
    """Turn streets into segments that emit sound.

    Parameters
    ----------
    streets : GeoDataFrame
        As for `street_traffic`, in a metric CRS. Where there are, also ``road_surface`` (code of CNOSSOS-EU, e.g.
        ``NL04``; empty: the reference surface) and ``gradient_pct`` (in the direction of the line, upwards
        positive).
    settings : NoiseSettings, optional
        The calculation.
    rules : TrafficRules, optional
        What traffic is assumed.
    class_offsets_db : mapping of str to float, optional
        Added to the emission of a class, from `calibrate_classes`.

    Returns
    -------
    LineSources

    Raises
    ------
    InputError
        As `street_traffic`; also offsets that are not finite, an unknown surface.

    Notes
    -----
    On a slope half the traffic of a two-way street climbs and half goes down. Junctions are left out: CNOSSOS-EU
    corrects by the distance to each, which at +-5 dB matters little.
    """
    settings = settings or NoiseSettings()
    crs = metric_crs(streets.crs, file="streets")
    offsets = dict(class_offsets_db or {})
    raise_errors(
        Fault("class_offsets_db", name, f"the offset is {value}", "give decibels")
        for name, value in offsets.items()
        if not np.isfinite(value)
    )
    traffic = street_traffic(streets, hours=settings.hours, rules=rules)
    shapes = streets.geometry.to_numpy()
    drawn = ~shapely.is_missing(shapes) & (shapely.length(shapes) > 0)
    street = np.flatnonzero(traffic["emits"].to_numpy(bool) & drawn)
    mine = traffic.iloc[street]
    lorry_kmh = (rules or TrafficRules()).heavy_speed_kmh
    power = _power(streets.iloc[street], mine, settings, lorry_kmh)
    road_class = mine["road_class"].to_numpy(object)
    power += np.array([offsets.get(name, 0.0) for name in road_class])[:, None, None]
    ends, source = _segments(shapes[street])
    notes = traffic_notes(streets, traffic)
    return LineSources(ends, source, power, street, road_class, traffic, settings, crs, notes)


def _power(
    streets: gpd.GeoDataFrame, traffic: pd.DataFrame, settings: NoiseSettings, lorry_kmh: float
) -> NDArray[np.float64]:
    """Compute the emission of each street, surface by surface, (n, 3, 8)."""
    count = len(streets)
    flow = np.zeros((count, len(PARTS), len(CATEGORIES)))
    flow[:, :, :3] = traffic[list(FLOW_COLUMNS)].to_numpy(float).reshape(count, 3, len(PARTS)).transpose(0, 2, 1)
    light = traffic["speed_kmh"].to_numpy(float)
    slow = np.minimum(light, lorry_kmh)
    speed = np.repeat(np.column_stack([light, slow, slow, light, light])[:, None, :], len(PARTS), axis=1)
    slope = streets["gradient_pct"].fillna(0.0).to_numpy(float) if "gradient_pct" in streets else np.zeros(count)
    both = ~streets["oneway"].to_numpy(bool)
    named = streets["road_surface"].fillna("") if "road_surface" in streets else [""] * count
    surface = np.array([str(name) or DEFAULT_SURFACE for name in named], object)
    power = np.empty((count, len(PARTS), 8))
    for name in np.unique(surface.astype(str)):
        rows = surface == name
        up, down = (
            road_emission(
                flow[rows],
                speed[rows],
                version=settings.version,
                temperature_c=settings.temperature_c,
                surface=name,
                gradient_pct=sign * slope[rows, None],
            )
            for sign in (1.0, -1.0)
        )
        with np.errstate(divide="ignore"):
            mean = 10.0 * np.log10((10.0 ** (up / 10.0) + 10.0 ** (down / 10.0)) / 2.0)
        power[rows] = np.where(both[rows, None, None], mean, up)
    return power


def _segments(lines: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Cut lines into straight segments of at most `LONGEST_M`."""
    if not len(lines):
        return np.empty((0, 4)), np.empty(0, np.int64)
    parts, owner = shapely.get_parts(lines, return_index=True)
    fine = shapely.segmentize(shapely.simplify(parts, SIMPLIFY_M), LONGEST_M)
    xy, part = shapely.get_coordinates(fine, return_index=True)
    joined = part[1:] == part[:-1]
    ends = np.concatenate([xy[:-1], xy[1:]], axis=1)[joined]
    source = owner[part[1:][joined]]
    long = np.hypot(ends[:, 2] - ends[:, 0], ends[:, 3] - ends[:, 1]) > 1e-6
    return ends[long], source[long].astype(np.int64)
