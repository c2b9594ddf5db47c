"""Bring a place to a folder, ready to run."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bykobling._globe import local_utm
from bykobling.errors import Fault, FetchError, InputError, OutputError
from bykobling.fetch.boundaries import areas_inside
from bykobling.fetch.nominatim import geocode_place
from bykobling.fetch.overpass import download_osm
from bykobling.fetch.services import Patience
from bykobling.fetch.study_file import study_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

    from bykobling._types import Progress

_STEPS = 4
_LARGEST_MARGIN_M = 20_000.0


@dataclass(frozen=True)
class Fetched:
    """What was brought.

    Parameters
    ----------
    study, osm, areas : Path
        The files written.
    display_name : str
        The place as the service names it.
    n_areas : int
        Number of administrative areas.
    size_bytes : int
        Size of the OSM file.
    """

    study: Path
    osm: Path
    areas: Path
    display_name: str
    n_areas: int
    size_bytes: int


def fetch_place(
    place: str,
    folder: str | Path,
    *,
    margin_m: float = 1500.0,
    nominatim_url: str | None = None,
    overpass_url: str | None = None,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> Fetched:
    """Bring the OSM of a place, its administrative areas and a study file to a folder.

    Parameters
    ----------
    place : str
        A name Nominatim knows, e.g. ``"Nørrebro, København"``.
    folder : str or Path
        Made where it does not exist; an existing ``study.toml`` in it is never overwritten.
    margin_m : float, optional
        Metres to bring around the place: as far as people walk within the largest cut-off.
    nominatim_url, overpass_url : str, optional
        Other servers than the public ones.
    patience : Patience, optional
        Time and size limits.
    progress : callable, optional
        Called as ``progress(done, total, message)``; raising in it stops the work and leaves nothing half-written.

    Returns
    -------
    Fetched
        The files and what they hold.

    Raises
    ------
    InputError
        When place, folder or margin cannot be.
    FetchError
        When a service does not answer, or not usefully.
    OutputError
        When the folder cannot be written.
    """
    target = Path(folder).expanduser().absolute()
    _check_request(place, target, margin_m)
    patience = patience or Patience()
    tell = progress or (lambda *_: None)

    def wait(seconds: float, message: str) -> None:
        # in small steps, so that a user can stop a long wait
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            tell(step, _STEPS, message)
            time.sleep(min(0.5, left))

    step = 0
    tell(step, _STEPS, f"looking for {place}")
    outline = geocode_place(place, url=nominatim_url, patience=patience, wait=wait)
    step = 1
    tell(step, _STEPS, "asking Overpass")
    body, answer = download_osm(
        _box(outline, margin_m),
        url=overpass_url,
        patience=patience,
        wait=wait,
        tell=lambda size: tell(1, _STEPS, f"receiving OSM: {size / 1e6:.1f} MB"),
    )
    step = 2
    tell(step, _STEPS, "finding areas")
    areas = areas_inside(answer, outline)
    name = str(outline.iloc[0].get("display_name") or place)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    text = study_text(name.partition(",")[0].strip() or place, date=today, margin_m=margin_m, n_areas=len(areas))
    step = 3
    tell(step, _STEPS, "writing")
    files = _write(target, body, areas, text)
    tell(_STEPS, _STEPS, "done")
    return Fetched(*files, display_name=name, n_areas=len(areas), size_bytes=len(body))


def _check_request(place: str, folder: Path, margin_m: float) -> None:
    faults = []
    if not place.strip():
        faults.append(Fault("place", "", "it is blank", 'name a place, e.g. "Nørrebro, København"'))
    if not 0 <= margin_m <= _LARGEST_MARGIN_M:
        rule = f"{margin_m:g} m is not between 0 and {_LARGEST_MARGIN_M:g}"
        faults.append(Fault("margin_m", "", rule, "1500 m suits walks of 15 minutes"))
    if folder.exists() and not folder.is_dir():
        faults.append(Fault(str(folder), "", "it is a file, not a folder", "choose another name"))
    if (folder / "study.toml").exists():
        faults.append(
            Fault(str(folder / "study.toml"), "", "it exists and is not overwritten", "choose another folder")
        )
    if faults:
        raise InputError(faults)


def _box(outline: gpd.GeoDataFrame, margin_m: float) -> tuple[float, float, float, float]:
    metric = outline.to_crs(local_utm(outline))
    west, south, east, north = metric.buffer(max(margin_m, 1.0)).to_crs(4326).total_bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise FetchError("the place lies across the date line or a pole. Remedy: download an extract yourself.")
    return float(west), float(south), float(east), float(north)


def _write(folder: Path, body: bytes, areas: gpd.GeoDataFrame, text: str) -> tuple[Path, Path, Path]:
    """Write three files under temporary names, then rename: none is ever half-written."""

    def write_areas(path: Path) -> None:
        areas.to_file(path, layer="areas", driver="GPKG", engine="pyogrio")

    writers: dict[str, Callable[[Path], object]] = {
        "osm.json": lambda path: path.write_bytes(body),
        "areas.gpkg": write_areas,
        "study.toml": lambda path: path.write_text(text, encoding="utf-8"),
    }
    temporary = {name: folder / f".{os.getpid()}-{name}" for name in writers}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, write in writers.items():
            write(temporary[name])
        for name, path in temporary.items():
            path.replace(folder / name)
    except (OSError, RuntimeError) as error:  # pyogrio's errors are RuntimeErrors
        raise OutputError(
            f"{folder} cannot be written ({error}). Remedy: check its permissions and the space left, or choose "
            "another folder."
        ) from error
    finally:
        for path in temporary.values():
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
    return folder / "study.toml", folder / "osm.json", folder / "areas.gpkg"
