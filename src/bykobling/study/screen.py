"""A map of road noise for a study that has none: estimated from traffic, corrected by levels where some are known."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling.emission import calibrate_classes, noise_map, receiver_levels
from bykobling.emission.sources import line_sources
from bykobling.errors import Fault, InputError, StudyError
from bykobling.raster import read_noise
from bykobling.study.inputs import read_inputs
from bykobling.study.noise import level_grid
from bykobling.study.noise_maps import settings_for, sounding_streets
from bykobling.study.noise_settings import NoiseScreening
from bykobling.study.steps import Steps
from bykobling.study.traffic import big_roads

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from bykobling._types import Progress
    from bykobling.emission import ClassCalibration, NoiseSettings
    from bykobling.results import NoiseGrid
    from bykobling.study.inputs import Inputs
    from bykobling.study.model import Study

AROUND_M = 300.0
"""How far beyond the areas the map reaches."""

_SHARES = {"read": 20.0, "calibrate": 10.0, "map": 65.0, "picture": 5.0}


@dataclass(frozen=True)
class ScreenedNoise:
    """The map of a study, and how it was made.

    Parameters
    ----------
    lden, lnight : Path
        GeoTIFFs.
    calibration : ClassCalibration or None
        How known levels corrected the estimate; None where none were given.
    grid : NoiseGrid
        Lden, as the picture draws it.
    areas : GeoDataFrame
        The areas.
    notes : tuple of str
        What is assumed, and where it is wrong.
    """

    lden: Path
    lnight: Path
    calibration: ClassCalibration | None
    grid: NoiseGrid
    areas: gpd.GeoDataFrame
    notes: tuple[str, ...]

    def study_lines(self) -> str:
        """Return what to write into study.toml so that a run reads the maps.

        Returns
        -------
        str
            Two ``[[noise]]``.
        """
        return "\n\n".join(
            f'[[noise]]\nfile = {json.dumps(path.as_posix(), ensure_ascii=False)}\nsource = "road"\nmetric = "{metric}"'
            for path, metric in ((self.lden, "lden"), (self.lnight, "lnight"))
        )


def screen_study(
    study: Study,
    folder: Path,
    *,
    cell_m: float = 10.0,
    known_levels: Path | None = None,
    resume: bool = True,
    progress: Progress | None = None,
) -> ScreenedNoise:
    """Estimate road noise around the areas of a study and write it as GeoTIFFs.

    Parameters
    ----------
    study : Study
        Streets, traffic, areas; ``[noise_screening]`` tells the settings.
    folder : Path
        Where ``lden.tif`` and ``lnight.tif`` go.
    cell_m : float, optional
        Size of a cell.
    known_levels : Path, optional
        Points with a column ``lden``: official levels that the classes of road are corrected by.
    resume : bool, optional
        Whether to go on with what an interrupted run left in the folder.
    progress : callable, optional
        ``progress(done, total, message)``; raising `Cancelled` in it stops, and a later run goes on from there.

    Returns
    -------
    ScreenedNoise

    Raises
    ------
    StudyError
        With every error in the inputs.
    InputError
        If the known levels are too few or none.
    OutputError
        If the folder cannot be written to.
    """
    steps = Steps(progress, _SHARES)
    screening = study.noise_screening or NoiseScreening()
    settings = settings_for(screening)
    with steps.step("read", "reading") as inner:
        # maps that are named already need not be read to make one
        inputs, faults = read_inputs(replace(study, noise=(), transit=None), progress=inner)
        if inputs is None or any(fault.severity == "error" for fault in faults):
            raise StudyError(faults)
    extract = inputs.extract
    streets = sounding_streets(extract, big_roads(extract.streets, inputs.barriers, rules=study.rules))
    buildings = extract.buildings if screening.buildings else None
    calibration = None
    if known_levels is not None:
        with steps.step("calibrate", "comparing with known levels") as inner:
            calibration = _calibrated(known_levels, inputs, streets, buildings, settings, progress=inner)
    offsets = calibration.offsets_db if calibration is not None else None
    sources = line_sources(streets, settings=settings, class_offsets_db=offsets)
    reach = shapely.box(*shapely.buffer(shapely.box(*inputs.areas.total_bounds), AROUND_M).bounds)
    with steps.step("map", "mapping noise") as inner:
        made = noise_map(
            sources, folder, area=shapely.intersection(reach, extract.extent), cell_m=cell_m, buildings=buildings,
            settings=settings, source=f"{extract.source}, © OpenStreetMap contributors, ODbL", resume=resume,
            progress=inner,
        )  # fmt: skip
    with steps.step("picture", "drawing") as inner:
        levels = read_noise(made.lden, metric="lden", source="road")
        grid = level_grid(levels, inputs.areas, inner)
    steps.finish()
    return ScreenedNoise(made.lden, made.lnight, calibration, grid, inputs.areas, made.notes)


def _calibrated(
    path: Path,
    inputs: Inputs,
    streets: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame | None,
    settings: NoiseSettings,
    *,
    progress: Progress,
) -> ClassCalibration:
    """Compare the estimate with levels that are known."""
    known = read_noise(path, metric="lden", source="road")
    if known.kind != "points" or known.table is None:
        rule = f"it is a map ({known.kind}), and levels are compared at points"
        raise InputError(Fault(path.name, "", rule, "give points with a column lden"))
    points = known.table.to_crs(inputs.extract.streets.crs)
    points = points[points.geometry.intersects(inputs.extract.extent)].reset_index(drop=True)
    if points.empty:
        rule = "none of its points lies inside the OSM extract"
        raise InputError(Fault(path.name, "", rule, "check the CRS"))
    modelled = receiver_levels(
        line_sources(streets, settings=settings), points, buildings=buildings, settings=settings,
        progress=progress,
    )  # fmt: skip
    return calibrate_classes(modelled, points["level_db"].astype(float).where(np.isfinite))
