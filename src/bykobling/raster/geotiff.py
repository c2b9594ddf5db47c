"""Open a GeoTIFF safely and tell what its cells hold; only windows are ever read."""

from __future__ import annotations

import contextlib
import math
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyproj

from bykobling import _check
from bykobling.errors import CrsError, Fault, InputError, ReadError
from bykobling.raster.bands import Band, given_band
from bykobling.raster.model import RasterFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

_MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_MOST_CELLS_A_BLOCK = 1 << 26
"""A piece larger than this (256 MB) cannot be read without taking all the memory."""
_PICTURE = {"red", "green", "blue"}
HIGHEST_DB = 120.0
LEAST_DB = -50.0
_NO_DATA = (0.0, 255.0, 999.0, 9999.0, 32767.0, 65535.0)
"""Numbers written for "no level" in files that do not declare it; those below -50 dB, such as -99, are told by that."""


_OTHERS = {".asc", ".bil", ".grd", ".img", ".jp2", ".jpeg", ".jpg", ".nc", ".png", ".rst", ".sdat", ".vrt", ".xyz"}


def is_tiff(path: str | os.PathLike[str]) -> bool:
    """Tell whether a file begins as a TIFF does, whatever it is called.

    Parameters
    ----------
    path : path
        A local file.

    Returns
    -------
    bool
        Also True for an unreadable file called ``.tif``, so that the message speaks of a raster.
    """
    file = Path(path)
    if file.suffix.lower() in {".tif", ".tiff"}:
        return True
    try:
        with file.open("rb") as stream:
            return stream.read(4) in _MAGIC
    except OSError:
        return False


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Any]:
    """Open a GeoTIFF; what GDAL cannot read becomes a `ReadError`, now or while windows are read.

    Only the GeoTIFF driver is allowed: others follow references to other files and addresses.
    """
    import rasterio  # noqa: PLC0415 - slow to load

    try:
        with warnings.catch_warnings():
            # a file without position is told by its transform
            warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
            dataset = rasterio.open(path, driver="GTiff")
        with dataset:
            yield dataset
    except rasterio.errors.RasterioError as error:
        remedy = "it may be truncated or of another format; export it again"
        raise ReadError(
            f"{path.name}: it cannot be read as a GeoTIFF ({error.__cause__ or error}). Remedy: {remedy}."
        ) from error


def read_window(
    dataset: Any,  # noqa: ANN401 - rasterio has no types
    raster: RasterFile,
    rows: slice,
    columns: slice,
    *,
    emptied: set[float] | None = None,
) -> NDArray[np.float64]:
    """Read the cells of a window as levels (or class codes), NaN where they hold none.

    Parameters
    ----------
    dataset : DatasetReader
        As `opened` gives it.
    raster : RasterFile
        What it holds.
    rows, columns : slice
        Window, within the raster.
    emptied : set, optional
        Takes the numbers that were read as "no level" without being declared so.

    Returns
    -------
    array of float, shape (rows, columns)
        dB, or codes.

    Raises
    ------
    InputError
        If a cell holds what cannot be a level, or a code without a meaning.
    """
    from rasterio.windows import Window  # noqa: PLC0415 - slow to load

    window = Window.from_slices(rows, columns)
    read = dataset.read(raster.band, window=window, masked=True)
    values = read.astype(np.float64).filled(np.nan)
    # whole numbers too large for a float become inf
    values[~np.isfinite(values)] = np.nan
    if raster.codes:
        _known_codes(values, raster, rows, columns)
        values[~np.isin(values, list(raster.codes))] = np.nan
        return np.asarray(values)
    if raster.scale != 1 or raster.offset:
        values = values * raster.scale + raster.offset
    # few cells are looked at twice
    row_, column_ = np.nonzero(~((values > 0) & (values <= HIGHEST_DB)))
    odd = values[row_, column_]
    empty = (odd < LEAST_DB) | np.isin(odd, _NO_DATA)
    if emptied is not None:
        emptied.update(np.unique(odd[empty]).tolist())
    odd[empty] = np.nan
    values[row_, column_] = odd
    high = odd > HIGHEST_DB
    if high.any():
        row, column = int(row_[high][0]), int(column_[high][0])
        raise InputError(
            Fault(
                raster.path.name, f"row {rows.start + row}, column {columns.start + column}",
                f"the cell holds {values[row, column]:g}, and no level is above {HIGHEST_DB:g} dB",
                "declare the number that means no data, or divide by the scale (533 may be tenths of 53.3 dB)",
            )
        )  # fmt: skip
    return np.asarray(values)


def _known_codes(values: NDArray[np.float64], raster: RasterFile, rows: slice, columns: slice) -> None:
    strange = ~np.isnan(values) & ~np.isin(values, list(raster.codes)) & ~np.isin(values, _NO_DATA)
    strange &= values >= LEAST_DB
    if strange.any():
        row, column = (int(place[0]) for place in np.nonzero(strange))
        named = ", ".join(f"{value:g}" for value in np.unique(values[strange])[: _check.NAMED])
        raise InputError(
            Fault(
                raster.path.name, f"row {rows.start + row}, column {columns.start + column}",
                f"the codes {named} have no band", "give every code its band, or its own meaning as no data",
            )
        )  # fmt: skip


def local_file(path: str | os.PathLike[str]) -> Path:
    """Return the path of a local file that is there and not empty.

    Raises
    ------
    ReadError
        If it is an address, missing, a folder, empty, or a raster of another format.
    """
    text = os.fspath(path)
    if "://" in text or text.startswith("/vsi"):
        raise ReadError(f"{text}: not a local file. Remedy: download it first and give its path.")
    file = Path(text)
    if not file.is_file():
        what = "a folder, not a file" if file.is_dir() else "there is no such file"
        raise ReadError(f"{text}: {what}. Remedy: check the path, relative to {Path.cwd()}.")
    if file.stat().st_size == 0:
        raise ReadError(f"{file.name}: the file is empty (0 bytes). Remedy: export it again.")
    if file.suffix.lower() in _OTHERS:
        remedy = "write a GeoTIFF of it (gdal_translate, or Export of QGIS)"
        raise ReadError(f"{file.name}: a raster of another format than GeoTIFF. Remedy: {remedy}.")
    return file.resolve()


def open_raster(
    path: Path,
    *,
    metric: str,
    band: int | None,
    crs: Any,  # noqa: ANN401 - anything pyproj takes
    bands: Mapping[Any, Any] | None,
) -> tuple[RasterFile, bool, list[str]]:
    """Read the header of a GeoTIFF, check it, and say how it is understood.

    Parameters
    ----------
    path : Path
        A local file.
    metric : str
        Wanted; a band described by it is chosen where there are several.
    band : int or None
        Which band, from 1.
    crs : optional
        That of a file without one.
    bands : mapping or None
        Class code -> band.

    Returns
    -------
    tuple of RasterFile, bool, list of str
        The raster, whether it says that it is a screening estimate, and notes.

    Raises
    ------
    ReadError
        If it cannot be read.
    InputError
        With every fault of the header.
    CrsError
        If it has no CRS and none was given.
    """
    label = path.name
    notes: list[str] = []
    with opened(path) as dataset:
        faults = _shape_faults(dataset, label)
        number = _chosen_band(dataset, metric, band, label=label, faults=faults, notes=notes)
        codes = {}
        for key, value in (bands or {}).items():
            told = given_band(key, value, file=label)
            if isinstance(told, Fault):
                faults.append(told)
            else:
                codes.update(_code(key, told, label, faults))
        if number is not None and dataset.colorinterp[number - 1].name == "palette" and not codes:
            rule = "its cells are codes with a colour each, not decibels"
            faults.append(Fault(label, f"band {number}", rule, "give what each code means: bands={1: (55, 60), ...}"))
        known = _crs(dataset, crs, label, faults, notes)
        _check.raise_errors(faults)
        # raise_errors has raised where either is missing
        assert number is not None and known is not None  # noqa: S101, PT018
        transform = dataset.transform
        scale, offset = float(dataset.scales[number - 1]), float(dataset.offsets[number - 1])
        if (scale, offset) != (1.0, 0.0):
            notes.append(f"{label}: levels are the stored numbers times {scale:g} plus {offset:g}, as the file says.")
        if transform.b or transform.d:
            notes.append(f"{label}: the raster is rotated; levels are read from its cells as they lie.")
        latitude = transform.d * dataset.width / 2 + transform.e * dataset.height / 2 + transform.f
        cell = _cell_m(transform, known, latitude)
        if known.is_geographic:
            notes.append(f"{label}: the raster is in degrees; its cells are up to {cell:.3g} m wide here.")
        tags = {**dataset.tags(), **dataset.tags(number)}
        raster = RasterFile(
            path=path, band=number, crs=known, transform=transform, width=dataset.width, height=dataset.height,
            block=dataset.block_shapes[number - 1], scale=scale, offset=offset, codes=codes, cell_m=cell,
            empty_is_unknown="outside" in tags.get("nodata_means", ""),
        )  # fmt: skip
    return raster, tags.get("label", "").lower().startswith("screening,"), notes


def _code(key: object, band: Band, label: str, faults: list[Fault]) -> dict[float, Band]:
    try:
        return {float(str(key)): band}
    except ValueError:
        faults.append(Fault(label, f"band {key}", "a class code of a raster is a number", "give the codes of the file"))
        return {}


def _shape_faults(dataset: Any, label: str) -> list[Fault]:  # noqa: ANN401 - rasterio has no types
    faults = []
    if dataset.transform.is_identity or not math.isfinite(dataset.transform.determinant):
        rule = "it has no position on the earth" + (" but control points" if dataset.gcps[0] else "")
        faults.append(Fault(label, "", rule, "georeference it (gdalwarp, or the Georeferencer of QGIS)"))
    elif dataset.transform.determinant == 0:
        faults.append(Fault(label, "", "its cells have no surface", "export it again"))
    if any("complex" in name for name in dataset.dtypes):
        faults.append(Fault(label, "", "its cells hold complex numbers", "use a raster of levels in dB"))
    rows, columns = dataset.block_shapes[0]
    if rows * columns > _MOST_CELLS_A_BLOCK:
        rule = f"it is stored in pieces of {rows:,} x {columns:,} cells, which must be read whole"
        remedy = "store it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE"
        faults.append(Fault(label, "", rule, remedy))
    return faults


def _chosen_band(
    dataset: Any,  # noqa: ANN401 - rasterio has no types
    metric: str,
    band: int | None,
    *,
    label: str,
    faults: list[Fault],
    notes: list[str],
) -> int | None:
    count = dataset.count
    if band is not None:
        if not 1 <= band <= count:
            faults.append(Fault(label, f"band {band}", f"it has {count} bands", f"choose one from 1 to {count}"))
            return None
        return band
    interpretation = {one.name for one in dataset.colorinterp}
    if interpretation >= _PICTURE:
        remedy = "use the raster of levels, or say which band holds levels: band=1"
        faults.append(Fault(label, "", "it is a picture (red, green, blue), not levels", remedy))
        return None
    told = [number for number in range(1, count + 1) if dataset.colorinterp[number - 1].name != "alpha"]
    if len(told) == 1:
        return told[0]
    names = [(dataset.descriptions[number - 1] or "").strip() for number in told]
    fitting = [number for number, name in zip(told, names, strict=True) if metric in name.lower()]
    if len(fitting) == 1:
        notes.append(f"{label}: of its {len(told)} bands number {fitting[0]} is read, which is called {metric}.")
        return fitting[0]
    listed = ", ".join(f"{number}: {name or 'no name'}" for number, name in zip(told, names, strict=True))
    faults.append(Fault(label, "", f"it has {len(told)} bands ({listed})", "say which holds the levels: band=1"))
    return None


def _crs(
    dataset: Any,  # noqa: ANN401 - rasterio has no types
    given: Any,  # noqa: ANN401 - anything pyproj takes
    label: str,
    faults: list[Fault],
    notes: list[str],
) -> pyproj.CRS | None:
    try:
        own = pyproj.CRS.from_user_input(dataset.crs) if dataset.crs else None
        told = pyproj.CRS.from_user_input(given) if given is not None else None
    except pyproj.exceptions.CRSError as error:
        faults.append(Fault(label, "", f"its CRS is not understood ({error})", "name it with crs=, e.g. 25832"))
        return None
    if own is not None and not (own.is_projected or own.is_geographic):
        own = None
    if own is None and told is None:
        _check.raise_errors(faults)
        raise CrsError(Fault(label, "", "it has no CRS", "name the one it was made in: crs=25832"))
    if own is None:
        notes.append(f"{label}: the file has no CRS of its own; {told.name if told else 'none'} was given.")
        return told
    if told is not None and told != own:
        notes.append(f"{label}: its own CRS ({own.name}) is used, not the one given ({told.name}).")
    return own


def _cell_m(transform: Any, crs: pyproj.CRS, latitude: float) -> float:  # noqa: ANN401
    """Return the longer side of a cell in metres; of one in degrees, at a latitude."""
    sides = [(transform.a, transform.d), (transform.b, transform.e)]
    if crs.is_geographic:
        metres = math.radians(1) * 6_371_008.8
        shrink = math.cos(math.radians(latitude))
        return max(math.hypot(dx * metres * shrink, dy * metres) for dx, dy in sides)
    unit = crs.axis_info[0].unit_conversion_factor if crs.axis_info else 1.0
    return max(math.hypot(dx, dy) for dx, dy in sides) * unit
