"""The noise maps of a study: those the user brings, and the one estimated from traffic."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd

from bykobling.emission.buildings import building_walls
from bykobling.emission.levels import SoundField
from bykobling.emission.propagation import NoiseSettings
from bykobling.emission.sources import line_sources
from bykobling.errors import InputError, ReadError
from bykobling.raster import NoiseLevels, read_noise
from bykobling.study.unread import unread_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from bykobling.errors import Fault
    from bykobling.osm import OsmExtract
    from bykobling.raster.bands import Metric
    from bykobling.study.noise_settings import NoiseLayer, NoiseScreening
    from bykobling.study.traffic import BigRoads


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
        The user's roads: where one runs along a street of OSM, it is heard instead of it.

    Returns
    -------
    GeoDataFrame
        The streets table; what is drawn twice drives once.
    """
    streets = extract.streets
    if len(big.own):
        own = big.own.assign(drive=True, oneway=False, tunnel=False)
        own = own[[column for column in own.columns if column in streets.columns or column == "aadt"]]
        # what is drawn twice must not be heard twice
        streets = streets.assign(drive=streets["drive"].to_numpy(bool) & ~big.along_own)
        joined: Any = pd.concat([streets, own], ignore_index=True)
        streets = gpd.GeoDataFrame(joined, geometry="geometry", crs=extract.streets.crs)
    return streets


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
    """
    settings = settings_for(screening)
    sources = line_sources(streets, settings=settings)
    walls = building_walls(extract.buildings if screening.buildings else None)
    asked = _Asked(SoundField.of(sources, walls, settings))
    label = "screening estimate from traffic (CNOSSOS-EU emission, flat ground), +-5 dB"
    return tuple(
        (
            NoiseLevels(
                metric, "road", "model", label, extract.streets.crs, settings.floor_db,
                domain=extract.extent, screening=True, model=asked.of(metric), notes=sources.notes,
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

    def of(self, metric: Metric) -> Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]:
        """Return what tells one metric, dB, at positions x and y."""
        column = _METRICS.index(metric)

        def levels(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
            key = hashlib.sha256(x.tobytes() + y.tobytes()).digest()
            if key not in self._kept:
                energies, _ = self._field.energies(x, y)
                self._kept[key] = self._field.levels(energies.sum(axis=1))
            return self._kept[key][:, column]

        return levels
