"""The noise maps of a study: those the user brings, and the one estimated from traffic."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.emission.buildings import building_walls
from bykobling.emission.levels import SoundField
from bykobling.emission.maps import screening_limits
from bykobling.emission.propagation import NoiseSettings
from bykobling.emission.sources import line_sources
from bykobling.errors import Fault, InputError, ReadError, StudyError
from bykobling.network.user_roads import along_roads
from bykobling.raster import NoiseLevels, read_noise
from bykobling.severance import match_aadt
from bykobling.study.unread import unread_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.osm import OsmExtract
    from bykobling.raster.bands import Metric
    from bykobling.raster.model import Model
    from bykobling.study.noise_settings import NoiseLayer, NoiseScreening
    from bykobling.study.traffic import BigRoads


OWN_SPEED_KMH = 50.0
"""Speed on a road of the user's that tells none (assumed): those that OSM lacks are city streets."""
_METRICS: tuple[Metric, ...] = ("lden", "lnight")


def read_maps(layers: Sequence[NoiseLayer], faults: list[Fault]) -> tuple[tuple[NoiseLevels, float], ...]:
    """Open the user's noise maps.

    Parameters
    ----------
    layers : sequence of NoiseLayer
        Of the study.
    faults : list of Fault
        Where faults are put.

    Returns
    -------
    tuple of (NoiseLevels, float)
        Each with what it holds of the own facade's reflection, dB; those that could be read.
    """
    maps = []
    for layer in layers:
        try:
            levels = read_noise(
                layer.file,
                metric=layer.metric,
                source=layer.source,
                column=layer.column,
                bands=layer.bands or None,
                band=layer.band,
                crs=layer.crs,
                lowest_db=layer.lowest_db,
                domain=layer.domain,
                layer=layer.layer,
                where=layer.where,
            )
        except InputError as error:
            faults.extend(error.faults)
        except ReadError as error:
            faults.append(unread_fault(layer.file, error))
        else:
            maps.append((levels, layer.facade_reflection_db))
    return tuple(maps)


def sounding_streets(extract: OsmExtract, big: BigRoads) -> gpd.GeoDataFrame:
    """Take the streets of a study, and the user's own roads, as what is heard.

    Parameters
    ----------
    extract : OsmExtract
        Streets; with ``aadt`` where the study names counts.
    big : BigRoads
        The user's roads: one that runs along a street of OSM gives it its count; the others are heard too, as main
        roads, at 50 km/h where they tell no limit (assumed).

    Returns
    -------
    GeoDataFrame
        The streets table, roads of the user's last.
    """
    streets = extract.streets
    own = big.own.explode(ignore_index=True) if len(big.own) else big.own
    own = own[shapely.get_dimensions(own.geometry.to_numpy()) == 1].reset_index(drop=True)
    if not len(own):
        return streets
    counted = own[own["aadt"].gt(0).to_numpy(bool)] if "aadt" in own else own.iloc[:0]
    if len(counted):
        found = match_aadt(streets, counted[["aadt", "name", "geometry"]])
        told = found["aadt"].where(~found["aadt_assumed"])
        streets = streets.assign(aadt=streets["aadt"].fillna(told) if "aadt" in streets else told)
    heard = streets[streets["drive"].to_numpy(bool) & streets["highway"].ne("service").to_numpy(bool)]
    # what is drawn twice must not be heard twice
    alone = own[~along_roads(own.assign(drive=True, tunnel=False), heard)]
    if not len(alone):
        return streets
    under = alone["tunnel"].eq(True).to_numpy(bool) if "tunnel" in alone else np.zeros(len(alone), bool)
    limit = alone["maxspeed_kmh"].fillna(OWN_SPEED_KMH) if "maxspeed_kmh" in alone else OWN_SPEED_KMH
    more = alone.assign(drive=True, oneway=False, tunnel=under, maxspeed_kmh=limit)
    more = more[[column for column in more.columns if column in streets.columns or column == "aadt"]]
    joined: Any = pd.concat([streets, more], ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=streets.crs)


def settings_for(screening: NoiseScreening) -> NoiseSettings:
    """Give the calculation the settings of a study.

    Parameters
    ----------
    screening : NoiseScreening
        Of the study.

    Returns
    -------
    NoiseSettings
    """
    return NoiseSettings(
        hours=screening.hours,
        receiver_height_m=screening.height_m,
        ground=screening.ground,
        max_distance_m=screening.reach_m,
        built_share=screening.built_share,
    )


def screened_maps(
    screening: NoiseScreening, extract: OsmExtract, streets: gpd.GeoDataFrame
) -> tuple[tuple[NoiseLevels, float], ...]:
    """Estimate road noise wherever it is asked for: Lden and Lnight.

    Parameters
    ----------
    screening : NoiseScreening
        Of the study.
    extract : OsmExtract
        Buildings, and how far the map reaches.
    streets : GeoDataFrame
        From `sounding_streets`.

    Returns
    -------
    tuple of (NoiseLevels, float)
        Two, without the own facade's reflection.

    Raises
    ------
    StudyError
        If no street has motor traffic: silence would be no finding.
    """
    if not streets["drive"].to_numpy(bool).any():
        rule = "it holds no street with motor traffic, so noise cannot be estimated"
        remedy = "use an extract with all highways, not one for walking alone, or delete [noise_screening]"
        raise StudyError(Fault(extract.source, "", rule, remedy))
    settings = settings_for(screening)
    sources = line_sources(streets, settings=settings)
    buildings = extract.buildings if screening.buildings else None
    field = SoundField.of(sources, building_walls(buildings), settings)
    asked = _Asked(field)
    notes = (*sources.notes, *screening_limits(field, buildings))
    label = "screening estimate from traffic (CNOSSOS-EU emission, flat ground), +-5 dB"
    return tuple(
        (
            NoiseLevels(
                metric, "road", "model", label, extract.streets.crs, settings.floor_db,
                domain=extract.extent, screening=True, model=asked.of(metric), notes=notes,
            ),
            0.0,
        )
        for metric in _METRICS
    )  # fmt: skip


class _Asked:
    """Answers levels at positions; Lden and Lnight of the same positions are worked out together, once."""

    def __init__(self, field: SoundField) -> None:
        self._field = field
        self._kept: dict[bytes, NDArray[np.float64]] = {}

    def of(self, metric: Metric) -> Model:
        """Return what tells one metric, dB, at positions x and y."""
        column = _METRICS.index(metric)

        def levels(
            x: NDArray[np.float64], y: NDArray[np.float64], progress: Progress | None = None
        ) -> NDArray[np.float64]:
            key = hashlib.sha256(x.tobytes() + y.tobytes()).digest()
            if key not in self._kept:
                energies, _ = self._field.energies(x, y, progress=progress)
                self._kept[key] = self._field.levels(energies.sum(axis=1))
            return self._kept[key][:, column]

        return levels
