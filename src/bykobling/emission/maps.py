"""Noise maps of Lden and Lnight as GeoTIFF, tile by tile: a stopped run goes on where it was."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
import shapely

from bykobling._check import raise_errors
from bykobling.emission.buildings import building_walls
from bykobling.emission.levels import SoundField
from bykobling.emission.sources import LineSources, line_sources, settings_for
from bykobling.errors import CrsError, Fault, InputError, OutputError

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely import Geometry

    from bykobling._types import Progress
    from bykobling.emission.propagation import NoiseSettings

TILE = 256
NODATA = -9999.0
LAYERS = ("lden", "lnight")
LABEL = "screening, +-5 dB"
MOST_CELLS = 400_000_000

_PART = ".bykobling-noise"


@dataclass(frozen=True)
class NoiseMap:
    """Where the maps are and what they are.

    Parameters
    ----------
    lden, lnight : Path
        GeoTIFFs of one band, dB(A), tiled and compressed.
    cells : int
        Cells with a value.
    notes : tuple of str
        What is assumed, and where it is wrong.
    """

    lden: Path
    lnight: Path
    cells: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Grid:
    """Square cells whose edges lie on multiples of their size."""

    west: float
    north: float
    cell_m: float
    columns: int
    rows: int

    @classmethod
    def over(cls, area: Geometry, cell_m: float) -> _Grid:
        west, south, east, north = shapely.bounds(area)
        left, top = np.floor(west / cell_m), np.ceil(north / cell_m)
        columns, rows = int(np.ceil(east / cell_m) - left), int(top - np.floor(south / cell_m))
        return cls(left * cell_m, top * cell_m, cell_m, max(columns, 1), max(rows, 1))

    def tiles(self) -> list[tuple[int, int]]:
        return [(row, column) for row in range(0, self.rows, TILE) for column in range(0, self.columns, TILE)]

    def centres(self, row: int, column: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        columns = np.arange(column, min(column + TILE, self.columns))
        rows = np.arange(row, min(row + TILE, self.rows))
        x = self.west + (columns + 0.5) * self.cell_m
        y = self.north - (rows + 0.5) * self.cell_m
        mesh = np.meshgrid(x, y)
        return mesh[0], mesh[1]


def noise_map(
    sources: LineSources | gpd.GeoDataFrame,
    folder: str | os.PathLike[str],
    *,
    area: Geometry | gpd.GeoDataFrame | gpd.GeoSeries | None = None,
    cell_m: float = 10.0,
    buildings: gpd.GeoDataFrame | None = None,
    settings: NoiseSettings | None = None,
    default_height_m: float = 9.0,
    source: str = "",
    resume: bool = True,
    progress: Progress | None = None,
) -> NoiseMap:
    """Map screening levels of road traffic to ``lden.tif`` and ``lnight.tif``.

    Parameters
    ----------
    sources : LineSources or GeoDataFrame
        From `line_sources`, or a streets table.
    folder : path-like
        Where the two files go; made where absent.
    area : polygon or table of areas, optional
        The domain: cells whose middle lies outside hold no data. By default the box around the streets that emit.
        Streets should reach `NoiseSettings.max_distance_m` beyond it, else levels near its edge are too low.
    cell_m : float
        Size of a cell.
    buildings : GeoDataFrame, optional
        As for `receiver_levels`. A cell inside a building has the level as if that building were not there.
    settings : NoiseSettings, optional
        The calculation; by default that of `line_sources`.
    default_height_m : float
        Of buildings that tell none.
    source : str
        Where streets and traffic come from, for the file's metadata.
    resume : bool
        Whether to go on with tiles that an interrupted run with the same inputs left in the folder.
    progress : callable, optional
        Called as ``progress(done, total, message)``, in cells; `bykobling.errors.Cancelled` raised in it stops the
        work and leaves what is done for the next run. Files of an earlier run stay until the new ones are whole.

    Returns
    -------
    NoiseMap

    Raises
    ------
    InputError, CrsError
        As `receiver_levels`; also an area without extent, or more cells than 400 million.
    OutputError
        If the folder cannot be written to.

    Notes
    -----
    Levels are free-field, A-weighted, float32, LZW-compressed in tiles of 256; cells at or below
    `NoiseSettings.floor_db` hold that floor, so cells without data are those outside the area and nothing else. Tags
    of the files tell settings, version, source and ``label`` ("screening, +-5 dB").
    """
    settings = settings_for(sources, settings)
    if not isinstance(sources, LineSources):
        sources = line_sources(sources, settings=settings)
    domain = _domain(area, sources)
    grid = _checked_grid(domain, cell_m)
    if buildings is not None and buildings.crs != sources.crs:
        rule = "their CRS is not that of the streets"
        raise CrsError(Fault("buildings", "", rule, "buildings.to_crs(streets.crs)"))
    walls = building_walls(buildings, default_height_m=default_height_m)
    field = SoundField.of(sources, walls, settings)
    notes = (*sources.notes, *screening_limits(field, buildings))
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with _Work.opened(target, grid, _fingerprint(field, grid, domain), resume=resume) as work:
            _fill(work, field, domain, progress)
            tags = _tags(field, source, notes)
            staged = [_write(work, number, sources.crs, tags) for number in range(len(LAYERS))]
            cells = int((work.values[0] != NODATA).sum())
            paths = [target / f"{name}.tif" for name in LAYERS]
            for temporary, path in zip(staged, paths, strict=True):
                temporary.replace(path)
            work.finished = True
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        rule = f"{target}: the noise map cannot be written: {error.strerror or error}"
        raise OutputError(f"{rule}. Remedy: check the folder and the disk, then run again.") from error
    return NoiseMap(paths[0], paths[1], cells, notes)


class _Work:
    """Tiles done so far, on disk beside the maps: arrays of floats, a list of tiles, and what they are tiles of."""

    def __init__(self, folder: Path, grid: _Grid, fingerprint: str) -> None:
        self.grid = grid
        self.fingerprint = fingerprint
        self.data, self.state = folder / f"{_PART}.dat", folder / f"{_PART}.json"
        self.folder = folder
        self.done: set[int] = set()
        self.finished = False
        self.values: Any = None

    @classmethod
    def opened(cls, folder: Path, grid: _Grid, fingerprint: str, *, resume: bool) -> _Work:
        work = cls(folder, grid, fingerprint)
        shape = (len(LAYERS), grid.rows, grid.columns)
        size = int(np.prod(shape)) * 4
        if resume and work.state.exists() and work.data.exists() and work.data.stat().st_size == size:
            work.done = work._earlier()
        mode: Literal["r+", "w+"] = "r+" if work.done else "w+"
        work.values = np.memmap(work.data, np.float32, mode, shape=shape)
        if not work.done:
            work.values[:] = NODATA
        return work

    def _earlier(self) -> set[int]:
        # a state file cut short by a crash is no state: start again
        try:
            state = json.loads(self.state.read_text(encoding="utf-8"))
            same = state["fingerprint"] == self.fingerprint
            return set(map(int, state["done"])) if same else set()
        except (ValueError, KeyError, TypeError):
            return set()

    def keep(self, tile: int) -> None:
        """Flush a tile to disk, then say that it is done."""
        self.values.flush()
        self.done.add(tile)
        fresh = self.state.with_suffix(".tmp")
        fresh.write_text(json.dumps({"fingerprint": self.fingerprint, "done": sorted(self.done)}), encoding="utf-8")
        fresh.replace(self.state)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.values = None
        for name in LAYERS:
            (self.folder / f"{_PART}-{name}.tif").unlink(missing_ok=True)
        if self.finished:
            for path in (self.data, self.state):
                with suppress(OSError):
                    path.unlink()


def _fill(work: _Work, field: SoundField, domain: Geometry, progress: Progress | None) -> None:
    grid = work.grid
    total, before = grid.rows * grid.columns, 0
    shapely.prepare(domain)
    for number, (row, column) in enumerate(grid.tiles()):
        x, y = grid.centres(row, column)
        if number not in work.done:
            inside = shapely.contains_xy(domain, x, y)
            block = np.full((len(LAYERS), *x.shape), NODATA, np.float32)
            told = _within(progress, before, total, inside)
            energies, _ = field.energies(x[inside], y[inside], progress=told)
            block[:, inside] = field.levels(energies[:, 0]).T
            work.values[:, row : row + x.shape[0], column : column + x.shape[1]] = block
            work.keep(number)
        before += x.size
        if progress is not None:
            progress(before, total, "noise map")


def _within(progress: Progress | None, before: int, total: int, inside: NDArray[np.bool_]) -> Progress | None:
    """Tell the progress inside a tile as cells of the whole map."""
    if progress is None:
        return None
    scale = inside.size / max(int(inside.sum()), 1)
    return lambda done, _all, _message: progress(before + int(done * scale), total, "noise map")


def _write(work: _Work, number: int, crs: Any, tags: dict[str, str]) -> Path:  # noqa: ANN401 - a pyproj CRS
    import rasterio  # noqa: PLC0415 - slow to import

    grid = work.grid
    path = work.folder / f"{_PART}-{LAYERS[number]}.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="float32", count=1, width=grid.columns, height=grid.rows, nodata=NODATA,
        crs=crs.to_wkt(), transform=rasterio.Affine(grid.cell_m, 0.0, grid.west, 0.0, -grid.cell_m, grid.north),
        tiled=True, blockxsize=TILE, blockysize=TILE, compress="lzw", predictor=3, bigtiff="if_safer",
    ) as file:  # fmt: skip
        for _, window in file.block_windows(1):
            rows, columns = window.toslices()
            file.write(np.asarray(work.values[number, rows, columns]), 1, window=window)
        file.update_tags(**tags, indicator=LAYERS[number])
        file.set_band_description(1, f"{LAYERS[number]}_db")
        file.set_band_unit(1, "dB(A)")
    return path


def _domain(area: Any, sources: LineSources) -> Geometry:  # noqa: ANN401 - a shape, or a table of them
    if area is None:
        if not len(sources.ends):
            rule = "no street emits sound, and no area is given"
            raise InputError(Fault("streets", "", rule, "give streets with motor traffic, or an area"))
        x, y = sources.ends[:, ::2], sources.ends[:, 1::2]
        box: Geometry = shapely.box(x.min(), y.min(), x.max(), y.max())
        return box
    if hasattr(area, "crs"):
        if area.crs != sources.crs:
            raise CrsError(Fault("area", "", "its CRS is not that of the streets", "area.to_crs(streets.crs)"))
        area = shapely.union_all(shapely.make_valid(area.geometry.to_numpy()))
    whole: Geometry = area
    return whole


def _checked_grid(domain: Geometry, cell_m: float) -> _Grid:
    faults = []
    if not (np.isfinite(cell_m) and cell_m > 0):
        faults.append(Fault("cell_m", "", f"it is {cell_m}", "give metres above 0"))
    if shapely.is_empty(domain) or not shapely.area(domain) > 0:
        faults.append(Fault("area", "", "it has no extent", "give a polygon"))
    raise_errors(faults)
    grid = _Grid.over(domain, cell_m)
    if grid.rows * grid.columns > MOST_CELLS:
        rule = f"{grid.columns:,} x {grid.rows:,} cells are more than {MOST_CELLS:,}"
        raise InputError(Fault("cell_m", "", rule, "give larger cells or a smaller area"))
    return grid


def screening_limits(field: SoundField, buildings: gpd.GeoDataFrame | None) -> tuple[str, ...]:
    """Say what a screening leaves out, and what of the buildings is assumed.

    Parameters
    ----------
    field : SoundField
        What is heard.
    buildings : GeoDataFrame or None
        As given to it.

    Returns
    -------
    tuple of str
        Sentences for a report.
    """
    missing = "reflections between facades, screens, terrain, junctions, trams and rail are left out"
    if buildings is None:
        share = field.settings.built_share
        land = f"houses on {share:.0%} of it, none drawn (ISO 9613-2, A.3)" if share else "without buildings"
        return (f"Screening, +-5 dB, more behind buildings: flat ground, {land}; {missing}.",)
    walls = field.walls
    return (
        f"Screening, +-5 dB: flat ground, sound passes over the one edge most in its way, never around it; {missing}.",
        f"The height of {walls.assumed:,} of {len(walls.shapes):,} buildings is assumed.",
    )


def _tags(field: SoundField, source: str, notes: tuple[str, ...]) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - slow to import

    try:
        release = version("bykobling")
    except PackageNotFoundError:
        release = "unknown"
    settings = asdict(field.settings)
    return {
        "label": LABEL,
        "method": f"CNOSSOS-EU road emission ({field.settings.version}), flat-ground propagation",
        "software": f"bykobling {release}",
        "source": source or "not told",
        "unit": "dB(A)",
        "settings": json.dumps(settings),
        "buildings": "one edge" if len(field.walls.ends) else "none",
        "nodata_means": "outside the mapped area: not known",
        "floor_db": f"{field.settings.floor_db:g}",
        "notes": " ".join(notes),
    }


def _fingerprint(field: SoundField, grid: _Grid, domain: Geometry) -> str:
    digest = hashlib.sha256()
    for part in _bytes(field):
        digest.update(part)
    digest.update(repr((grid, field.settings, TILE)).encode())
    digest.update(shapely.to_wkb(domain))
    return digest.hexdigest()


def _bytes(field: SoundField) -> Iterator[bytes]:
    sources, walls = field.sources, field.walls
    for array in (sources.ends, sources.source, sources.power_db, walls.ends, walls.height, walls.building):
        yield np.ascontiguousarray(array).tobytes()
