"""Time exposure of 100,000 buildings on a 10,000 x 10,000 raster: ``python -m tests.benchmarks.exposure``.

The raster (10 m cells, tiled and compressed, 1 % of its cells without a level) and the buildings are made up in a
temporary folder: blocks of terraced houses with party walls, spread over the whole of it.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import rasterio
import shapely
from rasterio.windows import Window

from bykobling.exposure import area_exposure, area_levels, building_levels, home_levels, residents_by_band
from bykobling.raster import read_noise

CELLS, CELL_M, TILE = 10_000, 10.0, 256
LEFT, TOP = 600_000.0, 6_300_000.0
N_BUILDINGS, IN_A_ROW = 100_000, 5
N_AREAS = 400


def write_raster(path: Path) -> None:
    """Write a town's worth of levels: smooth from 40 to 75 dB, 1 % holes, tile by tile."""
    rng = np.random.default_rng(0)
    profile = {
        "driver": "GTiff", "width": CELLS, "height": CELLS, "count": 1, "dtype": "float32", "crs": "EPSG:25832",
        "transform": rasterio.transform.from_origin(LEFT, TOP, CELL_M, CELL_M), "nodata": -9999.0, "tiled": True,
        "blockxsize": TILE, "blockysize": TILE, "compress": "deflate",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as out:
        for row in range(0, CELLS, 4 * TILE):
            rows = np.arange(row, min(row + 4 * TILE, CELLS))
            wave = 57 + 9 * np.sin(rows / 40.0)[:, None] + 9 * np.cos(np.arange(CELLS) / 55.0)[None, :]
            values = (wave + rng.normal(0, 0.5, wave.shape)).round(1).astype(np.float32)
            values[rng.random(values.shape) < 0.01] = -9999.0
            out.write(values, 1, window=Window(0, row, CELLS, len(rows)))


def made_up_buildings() -> gpd.GeoDataFrame:
    """Draw rows of five terraced houses, 10 x 12 m each, turned at random."""
    rng = np.random.default_rng(1)
    rows = N_BUILDINGS // IN_A_ROW
    x, y = (rng.uniform(200, CELLS * CELL_M - 200, rows) for _ in range(2))
    angle = rng.uniform(0, np.pi, rows)
    along, across = np.array([0.0, 10, 10, 0]), np.array([0.0, 0, 12, 12])
    place = np.arange(N_BUILDINGS) % IN_A_ROW
    row = np.arange(N_BUILDINGS) // IN_A_ROW
    u, v = 10.0 * place[:, None] + along, np.broadcast_to(across, (N_BUILDINGS, 4))
    cos, sin = np.cos(angle[row])[:, None], np.sin(angle[row])[:, None]
    corners = np.stack([LEFT + x[row, None] + u * cos - v * sin, TOP - y[row, None] + u * sin + v * cos], axis=-1)
    return gpd.GeoDataFrame(geometry=shapely.polygons(corners), crs=25832)


def peak_gb() -> float:
    """Return the most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def measure(path: Path) -> None:
    """Print seconds and memory of each step."""
    buildings = made_up_buildings()
    homes = gpd.GeoDataFrame({"residents": 2.0}, geometry=buildings.centroid, crs=25832, index=buildings.index)
    side = int(N_AREAS**0.5)
    column, row = (((homes.geometry.x - LEFT) // (CELLS * CELL_M / side)).astype(int),
                   ((TOP - homes.geometry.y) // (CELLS * CELL_M / side)).astype(int))  # fmt: skip
    homes["area_id"] = (row * side + column).astype(str)
    number = np.arange(N_AREAS)
    step = CELLS * CELL_M / side
    boxes = shapely.box(LEFT + number % side * step, TOP - (number // side + 1) * step,
                        LEFT + (number % side + 1) * step, TOP - number // side * step)  # fmt: skip
    areas = gpd.GeoDataFrame(geometry=boxes, crs=25832, index=number.astype(str))
    print(f"before: {peak_gb():.2f} GB")
    state = {}

    def step_of(name, work):
        begun, worked = time.perf_counter(), time.process_time()
        state[name] = work()
        taken, own = time.perf_counter() - begun, time.process_time() - worked
        print(f"{name:<34}{taken:8.2f} s ({own:.2f} s of processor time), at most {peak_gb():.2f} GB")

    step_of("read_noise", lambda: read_noise(path, metric="lden", source="road"))
    levels = state["read_noise"]
    step_of("building_levels, 100,000", lambda: building_levels(levels, buildings))
    step_of("home_levels, 100,000", lambda: home_levels(levels, homes, buildings))
    told = homes.join(state["home_levels, 100,000"])
    step_of("area_exposure, 400 areas", lambda: area_exposure(told))
    step_of("residents_by_band", lambda: residents_by_band(told))
    small = areas.assign(geometry=areas.centroid.buffer(130))
    step_of("area_levels, 400 of 530 cells", lambda: area_levels(levels, small))
    step_of("area_levels, 20 of 250,000 cells", lambda: area_levels(levels, areas.head(20)))
    receivers = state["building_levels, 100,000"]["road_lden_receivers"].sum()
    print(f"{receivers:,} receivers; whole raster in memory would be {CELLS * CELLS * 4 / 1024**3:.2f} GB")


def main() -> None:
    """Write the raster here; measure in a process of its own, so that its memory alone is told."""
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.tif"
        write_raster(path)
        print(f"raster {CELLS:,} x {CELLS:,}, {path.stat().st_size / 1024**2:.0f} MB")
        sys.stdout.flush()
        subprocess.run([sys.executable, "-m", "tests.benchmarks.exposure", str(path)], check=True)


if __name__ == "__main__":
    main()
