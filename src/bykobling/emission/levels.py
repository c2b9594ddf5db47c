"""Levels at receivers: every source in reach, over flat ground or over the edge of a building."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling._check import geometries as _check_geometries
from bykobling._check import metric_crs, raise_errors, same_crs
from bykobling.emission.buildings import Walls, building_walls
from bykobling.emission.propagation import (
    ROAD_SOURCE_HEIGHT_M,
    NoiseSettings,
    atmospheric_absorption,
    flat_attenuation,
    ground_attenuation,
    housing_attenuation,
)
from bykobling.emission.sources import LineSources, line_sources, settings_for
from bykobling.errors import CrsError, Fault, InputError

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress

NODES_PER_ROOT_M = 32.0
"""Nodes of the table for each step of one in the square root of the distance: 6 cm apart at 1 m, 2 m at 1 km."""

SPECTRUM_STEP_DB = 0.1
MOST_SPECTRA = 1024
_FAINT = 1e-5

CELL_M = 100.0
CHUNK = 512


@dataclass(frozen=True, eq=False)
class SoundField:
    """Sources, walls and tables made ready: ask it for the energy at any point.

    Parameters
    ----------
    sources : LineSources
        What emits.
    walls : Walls
        What is in the way.
    settings : NoiseSettings
        The calculation.
    group : array of int, shape (N,)
        Group of each source; energies are summed by group.
    groups : int
        How many.
    arrays : tuple
        What the kernel takes.
    """

    sources: LineSources
    walls: Walls
    settings: NoiseSettings
    group: NDArray[np.int64]
    groups: int
    arrays: tuple[Any, ...]

    @classmethod
    def of(
        cls,
        sources: LineSources,
        walls: Walls,
        settings: NoiseSettings,
        *,
        group: NDArray[np.int64] | None = None,
    ) -> SoundField:
        """Sort sources into a grid and tabulate the attenuation.

        Parameters
        ----------
        sources : LineSources
            What emits.
        walls : Walls
            What is in the way.
        settings : NoiseSettings
            The calculation.
        group : array of int, shape (N,), optional
            Group of each source; all in one by default.

        Returns
        -------
        SoundField

        Raises
        ------
        InputError
            If buildings would count twice.
        """
        if len(walls.ends) and settings.built_share > 0:
            rule = "buildings are drawn, and built_share would count them again"
            raise InputError(Fault("settings", "built_share", rule, "set it to 0, or give no buildings"))
        group = np.zeros(len(sources.power_db), np.int64) if group is None else group
        middle = (sources.ends[:, :2] + sources.ends[:, 2:]) / 2.0
        west, south = middle.min(axis=0) if len(middle) else np.zeros(2)
        at = np.floor((middle - [west, south]) / CELL_M).astype(np.int64)
        columns, rows = (at.max(axis=0) + 1).tolist() if len(at) else (0, 0)
        cell = at[:, 1] * columns + at[:, 0]
        order = np.argsort(cell, kind="stable")
        ptr = np.zeros(columns * rows + 1, np.int64)
        np.cumsum(np.bincount(cell, minlength=columns * rows), out=ptr[1:])
        x0, y0, x1, y1 = np.ascontiguousarray(sources.ends[order].T)
        source = sources.source[order]
        table, power = arrival_table(settings), sources.energies(settings)
        strength, kind, shapes = spectra(power)
        heard = np.stack([shapes[:, :16] @ table.T, shapes[:, 16:] @ table.T], axis=2)
        arrays = (
            *(x0, y0, x1, y1, source, strength[source], kind[source], group[source]),
            *(float(west), float(south), CELL_M, columns, rows, ptr),
            power, table, _open_air(settings, len(table)), heard.astype(np.float32),
            *_sides(walls, settings, len(table)),
            NODES_PER_ROOT_M, float(settings.max_distance_m),
            float(settings.piece_m), float(settings.piece_per_distance),
            *walls.grid, walls.ptr, walls.wall, *np.ascontiguousarray(walls.ends.T),
            walls.height, walls.building, walls.storey,
        )  # fmt: skip
        return cls(sources, walls, settings, group, int(group.max(initial=0)) + 1, arrays)

    def energies(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        *,
        progress: Progress | None = None,
        message: str = "noise levels",
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Sum the energy that arrives at each point.

        Parameters
        ----------
        x, y : array of float, shape (R,)
            Points, metres.
        progress : callable, optional
            Called as ``progress(done, total, message)``.
        message : str
            For it.

        Returns
        -------
        tuple of array
            Energies of Lden and Lnight by group, (R, G, 2), and how many points each receiver heard, (R,). A
            receiver's sum has one order, so it does not depend on the number of threads.
        """
        from bykobling._kernels.noise import add_sources  # noqa: PLC0415 - compiled on first use
        from bykobling._kernels.threads import in_chunks  # noqa: PLC0415 - imports numba

        settings = self.settings
        x, y = np.ascontiguousarray(x, float), np.ascontiguousarray(y, float)
        inside = self.walls.around(x, y)
        out, pairs = np.zeros((len(x), self.groups, 2)), np.zeros(len(x), np.int64)
        mine = (x, y, float(settings.receiver_height_m), inside, ROAD_SOURCE_HEIGHT_M)

        def work(start: int, stop: int, _: None) -> None:
            arguments: tuple[Any, ...] = (start, stop, *mine, *self.arrays, out, pairs)
            add_sources(*arguments)

        if len(x):
            in_chunks(work, len(x), scratch=lambda: None, progress=progress, message=message, chunk=CHUNK)
        return out, pairs

    def levels(self, energies: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn energies to levels, not below the floor.

        Parameters
        ----------
        energies : array of float
            Sums.

        Returns
        -------
        array of float
            dB(A).
        """
        floor = 10.0 ** (self.settings.floor_db / 10.0)
        return np.asarray(10.0 * np.log10(np.maximum(energies, floor)))


def spectra(
    power: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Tell the strength of each street and sort streets into few spectra.

    Parameters
    ----------
    power : array of float, shape (N, 32)
        From `LineSources.energies`.

    Returns
    -------
    tuple of array
        Strength (N,): the energy of Lden a metre emits; number of the spectrum (N,); spectra (U, 32) of strength 1.
        Streets share one where every band agrees to 0.1 dB (more where that leaves above 1,024 spectra); it is their
        mean, so the sum over all streets is kept.
    """
    strength = power[:, :16].sum(axis=1)
    if not len(power):
        return strength, np.empty(0, np.int64), np.zeros((0, 32))
    shape = power / strength[:, None]
    step = SPECTRUM_STEP_DB
    while True:
        steps = np.round(10.0 * np.log10(np.maximum(shape, _FAINT)) / step).astype(np.int32)
        _, kind = np.unique(steps, axis=0, return_inverse=True)
        kind = kind.reshape(-1).astype(np.int64)
        if kind.max() < MOST_SPECTRA:
            break
        step *= 2.0
    mean = np.zeros((int(kind.max()) + 1, 32))
    np.add.at(mean, kind, shape)
    return strength, kind, mean / np.bincount(kind)[:, None]


def arrival_table(settings: NoiseSettings) -> NDArray[np.float64]:
    """Tabulate what part of the energy arrives over flat ground, at equal steps of the root of the distance.

    Parameters
    ----------
    settings : NoiseSettings
        The calculation.

    Returns
    -------
    array of float, shape (n, 16)
        8 octaves under straight, 8 under favourable propagation.
    """
    nodes = int(np.ceil(np.sqrt(settings.max_distance_m) * NODES_PER_ROOT_M)) + 2
    straight, bent = flat_attenuation(
        _distances(nodes),
        receiver_height_m=settings.receiver_height_m,
        ground=settings.ground,
        temperature_c=settings.temperature_c,
        humidity_pct=settings.humidity_pct,
    )
    houses = housing_attenuation(_distances(nodes), settings.built_share)[:, None]
    return np.ascontiguousarray(10.0 ** (-(np.concatenate([straight, bent], axis=1) + houses) / 10.0))


def _distances(nodes: int) -> NDArray[np.float64]:
    return np.asarray((np.arange(nodes) / NODES_PER_ROOT_M) ** 2)


def _open_air(settings: NoiseSettings, nodes: int) -> NDArray[np.float64]:
    """Tabulate what arrives with neither ground nor edge, (nodes, 8)."""
    height = settings.receiver_height_m - ROAD_SOURCE_HEIGHT_M
    direct = np.hypot(_distances(nodes), height)[:, None]
    air = atmospheric_absorption(temperature_c=settings.temperature_c, humidity_pct=settings.humidity_pct)
    return np.asarray(10.0 ** (-(20.0 * np.log10(direct) + 11.0 + air * direct / 1000.0) / 10.0))


def _sides(walls: Walls, settings: NoiseSettings, nodes: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Tabulate the ground before and behind an edge of each height: ``10^(-Aground/20) - 1``, (heights, nodes, 16)."""
    tables = []
    for source in (True, False):
        side = np.empty((len(walls.heights), nodes, 16))
        for number, height in enumerate(walls.heights.tolist()):
            for bent in (False, True):
                ground = ground_attenuation(
                    _distances(nodes),
                    source_height_m=ROAD_SOURCE_HEIGHT_M if source else height,
                    receiver_height_m=height if source else settings.receiver_height_m,
                    ground=settings.ground,
                    source_ground=0.0 if source else settings.ground,
                    favourable=bent,
                )
                side[number, :, 8 * bent : 8 * bent + 8] = 10.0 ** (-ground / 20.0) - 1.0
        tables.append(side.astype(np.float32))
    return tables[0], tables[1]


def receiver_levels(
    sources: LineSources | gpd.GeoDataFrame,
    receivers: gpd.GeoSeries | gpd.GeoDataFrame,
    *,
    buildings: gpd.GeoDataFrame | None = None,
    settings: NoiseSettings | None = None,
    default_height_m: float = 9.0,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compute screening levels at points, for example in front of facades.

    Parameters
    ----------
    sources : LineSources or GeoDataFrame
        From `line_sources`, or a streets table.
    receivers : GeoSeries or GeoDataFrame
        Points in the CRS of the streets.
    buildings : GeoDataFrame, optional
        Areas with ``height_m`` or ``levels``: sound then passes over the edge that is most in its way. None: it
        meets nothing.
    settings : NoiseSettings, optional
        The calculation; by default that of `line_sources`.
    default_height_m : float
        Of buildings that tell none.
    progress : callable, optional
        Called as ``progress(done, total, message)``; `bykobling.errors.Cancelled` raised in it stops the work.

    Returns
    -------
    DataFrame
        Index of the receivers: ``lden_db``, ``lnight_db`` (free field, not below the floor), ``dominant_class`` (the
        road class that makes most of Lden; None where nothing is in reach) and ``pieces_heard``.

    Raises
    ------
    InputError, CrsError
        Receivers that are no points, another CRS, buildings that are no areas.

    Notes
    -----
    Point by point ``Lp = LW - 20 lg d - 11 - absorption - (ground or diffraction)`` by octave, straight and
    favourable propagation mixed by their share (Annex II, 2.5). A receiver inside a building hears through that
    building. Reflections, screens, terrain and rail are left out: +-5 dB, and more behind rows of buildings, which
    have more than one edge.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> street = gpd.GeoDataFrame(
    ...     {"highway": ["primary"], "drive": True, "oneway": False, "tunnel": False, "maxspeed_kmh": 50.0},
    ...     geometry=[shapely.LineString([(-500, 0), (500, 0)])], crs=25832,
    ... )  # fmt: skip
    >>> homes = gpd.GeoSeries(shapely.points([(0, 10), (0, 100)]), crs=25832)
    >>> levels = receiver_levels(street, homes)
    >>> bool(levels["lden_db"].is_monotonic_decreasing), levels["dominant_class"].tolist()
    (True, ['primary', 'primary'])
    """
    settings = settings_for(sources, settings)
    points = receivers.geometry
    if not isinstance(sources, LineSources):
        sources = line_sources(sources, settings=settings)
    _check_receivers(points, sources, buildings)
    classes = sorted(set(sources.road_class.tolist()))
    group = np.array([classes.index(name) for name in sources.road_class], np.int64)
    walls = building_walls(buildings, default_height_m=default_height_m)
    field = SoundField.of(sources, walls, settings, group=group)
    x, y = shapely.get_coordinates(points.to_numpy()).T
    energies, pairs = field.energies(x, y, progress=progress)
    total = field.levels(energies.sum(axis=1))
    loudest = energies[:, :, 0].argmax(axis=1)
    heard = energies[:, :, 0].max(axis=1, initial=0.0) > 0
    dominant = np.array([classes[k] if known else None for k, known in zip(loudest, heard, strict=True)], object)
    levels = pd.DataFrame({"lden_db": total[:, 0], "lnight_db": total[:, 1]}, index=receivers.index)
    return levels.assign(dominant_class=pd.Series(dominant, index=receivers.index, dtype=object), pieces_heard=pairs)


def _check_receivers(points: gpd.GeoSeries, sources: LineSources, buildings: gpd.GeoDataFrame | None) -> None:
    crs = metric_crs(points.crs, file="receivers")
    if crs != sources.crs:
        rule = f"their CRS is {crs.name}, that of the streets is {sources.crs.name}"
        raise CrsError(Fault("receivers", "", rule, "receivers.to_crs(streets.crs)"))
    if buildings is not None:
        same_crs({"receivers": points.to_frame("geometry"), "buildings": buildings})
    raise_errors(_check_geometries(points.to_frame("geometry"), ["Point"], file="receivers"))
