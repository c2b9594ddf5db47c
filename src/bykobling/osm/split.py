"""The flat buffers of a scan as arrays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from bykobling.osm.scan import Ways

Project = Callable[[NDArray[Any], NDArray[Any]], NDArray[np.float64]]
"""Longitudes and latitudes -> metric positions, shape (n, 2)."""

_SCALE = 1e-7
_LIMIT = 1_800_000_000


@dataclass
class Vertices:
    """Vertices of many ways as arrays; `run` numbers the unbroken stretches (a missing node breaks a way)."""

    ref: NDArray[np.int64]
    xy: NDArray[np.float64]
    way: NDArray[np.int64]
    run: NDArray[np.int64]
    missing: int


def positions(ways: Ways) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return longitudes and latitudes in 1e-7 degrees, and which of them are in the file."""
    x, y = np.array(ways.x, dtype=np.int64), np.array(ways.y, dtype=np.int64)
    return x, y, (np.abs(x) <= _LIMIT) & (np.abs(y) <= _LIMIT // 2)


def bounds(ways: Ways) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north in degrees, None where there is no vertex."""
    x, y, known = positions(ways)
    if not known.any():
        return None
    x, y = x[known], y[known]
    return int(x.min()) * _SCALE, int(y.min()) * _SCALE, int(x.max()) * _SCALE, int(y.max()) * _SCALE


def vertices(ways: Ways, project: Project) -> Vertices:
    """Turn the flat buffers of a scan into arrays, without vertices whose position is not in the file."""
    ref = np.array(ways.refs, dtype=np.int64)
    x, y, known = positions(ways)
    starts = np.array(ways.starts, dtype=np.int64)
    way = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    repeated = np.zeros(len(ref), dtype=bool)
    repeated[1:] = (ref[1:] == ref[:-1]) & (way[1:] == way[:-1])
    breaks = np.zeros(len(ref), dtype=np.int64)
    if len(ref):
        breaks[1:] = (way[1:] != way[:-1]) | (known[1:] != known[:-1])
    run = np.cumsum(breaks)
    keep = known & ~repeated
    return Vertices(
        ref=ref[keep],
        xy=project(x[keep] * _SCALE, y[keep] * _SCALE),
        way=way[keep],
        run=run[keep],
        missing=int(np.count_nonzero(~known)),
    )
