"""Look at some cells of a raster before it is used, whether they are decibels and what the lowest is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling import _check
from bykobling.errors import Fault, InputError
from bykobling.raster.geotiff import opened, read_window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bykobling.raster.model import RasterFile

_SIDE = 256
_WINDOWS = 64
"""So many windows are looked at, spread evenly."""
_ALL = 4_096
"""So many more are searched where none of the first holds a level."""
_LEAST_DB = 25.0
"""No map of traffic noise has its loudest cell below this; class codes have."""
_FEW = 12
_CELLS = 100
_STEP_DB = 3.0


def probe(raster: RasterFile) -> tuple[float, list[str]]:
    """Tell the lowest level among a sample of the cells.

    Parameters
    ----------
    raster : RasterFile
        What the header said.

    Returns
    -------
    tuple of float, list of str
        The lowest level found, rounded down to whole dB (for codes, the edge of their lowest band), and notes.

    Raises
    ------
    InputError
        If the cells are class codes without a meaning, no levels, or none holds one.
    """
    label = raster.path.name
    with opened(raster.path) as dataset:
        seen, empty, emptied = _seen(dataset, raster)
    notes = [f"{label}: cells without a level inside the map are read as below its lowest level."] if empty else []
    if emptied:
        listed = ", ".join(f"{number:g}" for number in sorted(emptied)[: _check.NAMED])
        notes.append(f"{label}: it does not say so, but {listed} is taken to mean that a cell holds no level.")
    if raster.codes:
        mapped = [band for band in raster.codes.values() if band.mapped]
        if not mapped:
            raise InputError(Fault(label, "", "no band of level is among its codes", "give the bands their edges"))
        return min(band.lo_db for band in mapped), notes
    if not len(seen):
        remedy = "choose another band or file"
        raise InputError(Fault(label, f"band {raster.band}", "no level was found in it", remedy))
    values = np.unique(seen)
    if values[-1] < _LEAST_DB:
        listed = ", ".join(f"{value:g}" for value in values[: _check.NAMED])
        rule = f"its highest number is {values[-1]:g} ({listed} ...): class codes, or another quantity, not decibels"
        raise InputError(Fault(label, "", rule, "give what each code means: bands={1: (55, 60), 2: (60, 65), ...}"))
    whole = bool((values == np.round(values)).all())
    if whole and 1 < len(values) <= _FEW and len(seen) >= _CELLS and np.diff(values).min() >= _STEP_DB:
        listed = ", ".join(f"{value:g}" for value in values)
        rule = f"it holds only the numbers {listed}: bands, not levels"
        remedy = f"tell their edges: bands={{{values[0]:g}: ({values[0]:g}, {values[1]:g}), ...}}"
        raise InputError(Fault(label, "", rule, remedy))
    if whole:
        notes.append(f"{label}: levels are told in whole decibels.")
    return math.floor(values[0]), notes


def _seen(dataset: Any, raster: RasterFile) -> tuple[NDArray[np.float64], bool, set[float]]:  # noqa: ANN401
    """Return the levels of some windows, whether there are cells without one, and what undeclared numbers mean that."""
    parts, empty = [], False
    emptied: set[float] = set()
    for rows, columns in _windows(raster, _WINDOWS):
        values = read_window(dataset, raster, rows, columns, emptied=emptied)
        there = ~np.isnan(values)
        empty |= not there.all()
        parts.append(values[there])
    if not any(map(len, parts)):
        for rows, columns in _windows(raster, _ALL):
            values = read_window(dataset, raster, rows, columns, emptied=emptied)
            if (there := ~np.isnan(values)).any():
                return values[there], True, emptied
    return np.concatenate(parts), empty, emptied


def _windows(raster: RasterFile, count: int) -> Iterator[tuple[slice, slice]]:
    """Yield windows spread evenly over the raster; all of them where there are few."""
    down, along = -(-raster.height // _SIDE), -(-raster.width // _SIDE)
    total = down * along
    for number in np.unique(np.linspace(0, total - 1, min(count, total)).astype(np.int64)).tolist():
        row, column = divmod(number, along)
        yield (
            slice(row * _SIDE, min((row + 1) * _SIDE, raster.height)),
            slice(column * _SIDE, min((column + 1) * _SIDE, raster.width)),
        )
