"""Time noise maps of Copenhagen's extract: ``python -m tests.benchmarks.noise``.

Lden and Lnight on a raster of 10 m without buildings, traffic within 1 km; then Helsinki's centre with its buildings,
traffic within 300 m, on every fourth cell either way. Wall seconds, and processor seconds, which on a shared machine
are what compares: on two free cores the wall takes half of them. A pair is one piece of road heard at one receiver.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np

import bykobling as bk
from bykobling.emission import LineSources, NoiseSettings, building_walls, line_sources, noise_map
from bykobling.emission.levels import SoundField
from tests.real.studies import DATA

CELL_M = 10.0
NEAR_M = 300.0


@dataclass
class Timer:
    """Wall and processor seconds since it was made."""

    wall: float
    cpu: float

    @classmethod
    def start(cls) -> Timer:
        return cls(time.perf_counter(), time.process_time())

    def told(self) -> tuple[float, float]:
        return time.perf_counter() - self.wall, time.process_time() - self.cpu


def centres(extent: Any, cell_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Middles of cells over an extent."""
    west, south, east, north = extent.bounds
    x, y = np.meshgrid(np.arange(west, east, cell_m) + cell_m / 2, np.arange(south, north, cell_m) + cell_m / 2)
    return x.ravel(), y.ravel()


def repeated(sources: LineSources, times: int) -> LineSources:
    """As many times the sources, all in the same place."""
    return LineSources(
        np.tile(sources.ends, (times, 1)),
        np.tile(sources.source, times),
        sources.power_db,
        sources.street,
        sources.road_class,
        sources.traffic,
        sources.settings,
        sources.crs,
    )


def timed(name: str, field: SoundField, x: np.ndarray, y: np.ndarray) -> None:
    """Print one line for one call, compiled before."""
    field.energies(x[:9], y[:9])
    timer = Timer.start()
    _, pairs = field.energies(x, y)
    wall, cpu = timer.told()
    total = int(pairs.sum())
    sys.stdout.write(
        f"{name:<44}{len(x):>9,}{total / 1e6:>10.1f}{wall:>9.1f}{cpu:>9.1f}{1e9 * cpu / max(total, 1):>12.0f}\n"
    )


def main() -> None:
    """Print one line a case."""
    settings = NoiseSettings()
    extract = bk.read_osm(DATA / "copenhagen" / "inner_north_2022.osm.pbf")
    sources = line_sources(extract.streets, settings=settings)
    walls = building_walls(None)
    x, y = centres(extract.extent, CELL_M)
    timed_head = f"{'case':<44}{'receivers':>9}{'Mpairs':>10}{'wall s':>9}{'cpu s':>9}{'ns cpu/pair':>12}\n"
    sys.stdout.write(f"{numba.get_num_threads()} threads, {len(sources.ends):,} segments of street\n{timed_head}")
    field = SoundField.of(sources, walls, settings)
    for step in (16, 8, 4):
        timed(f"Copenhagen, every {step}th cell", field, x[::step], y[::step])
    for times in (2, 4):
        crowd = SoundField.of(repeated(sources, times), walls, settings)
        timed(f"Copenhagen, every 16th cell, {times}x the sources", crowd, x[::16], y[::16])
    timer = Timer.start()
    with tempfile.TemporaryDirectory() as folder:
        made = noise_map(sources, folder, area=extract.extent, cell_m=CELL_M, settings=settings)
    wall, cpu = timer.told()
    sys.stdout.write(f"noise_map of {made.cells:,} cells, files and all: {wall:.1f} s wall, {cpu:.1f} s cpu\n")
    centre = bk.read_osm(DATA / "helsinki" / "helsinki_centre_2024.osm.pbf")
    near = NoiseSettings(max_distance_m=NEAR_M)
    loud = line_sources(centre.streets, settings=near)
    x, y = centres(centre.extent, 4 * CELL_M)
    timed("Helsinki, flat, 300 m", SoundField.of(loud, walls, near), x, y)
    timed("Helsinki, 3,343 buildings, 300 m", SoundField.of(loud, building_walls(centre.buildings), near), x, y)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"peak memory {peak:,.0f} MB, reading the extracts included\n")


if __name__ == "__main__":
    main()
