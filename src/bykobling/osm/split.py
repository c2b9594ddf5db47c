"""Ways cut into pieces at their junctions, all at once in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.osm.scan import Ways

_SCALE = 1e-7
_LIMIT = 1_800_000_000


@dataclass
class Vertices:
    """Vertices of many ways as arrays; `run` numbers the unbroken stretches (a missing node breaks a way)."""

    ref: NDArray[np.int64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    way: NDArray[np.int64]
    run: NDArray[np.int64]
    missing: int


@dataclass
class Pieces:
    """Pieces of ways: first and last vertex (inclusive) in the vertex arrays."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]


def vertices(ways: Ways) -> Vertices:
    """Turn the flat buffers of a scan into arrays, without vertices whose position is not in the file."""
    ref = np.array(ways.refs, dtype=np.int64)
    x = np.array(ways.x, dtype=np.int64)
    y = np.array(ways.y, dtype=np.int64)
    starts = np.array(ways.starts, dtype=np.int64)
    way = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    known = (np.abs(x) <= _LIMIT) & (np.abs(y) <= _LIMIT // 2)
    repeated = np.zeros(len(ref), dtype=bool)
    repeated[1:] = (ref[1:] == ref[:-1]) & (way[1:] == way[:-1])
    breaks = np.zeros(len(ref), dtype=np.int64)
    if len(ref):
        breaks[1:] = (way[1:] != way[:-1]) | (known[1:] != known[:-1])
    run = np.cumsum(breaks)
    keep = known & ~repeated
    return Vertices(
        ref=ref[keep],
        lon=x[keep] * _SCALE,
        lat=y[keep] * _SCALE,
        way=way[keep],
        run=run[keep],
        missing=int(np.count_nonzero(~known)),
    )


def cut(run: NDArray[np.int64], ref: NDArray[np.int64], at: NDArray[np.bool_]) -> Pieces:
    """Cut runs at the marked vertices; a piece that would be a loop is cut once more in its middle."""
    if not len(run):
        empty = np.empty(0, dtype=np.int64)
        return Pieces(empty, empty)
    edge = np.ones(len(run), dtype=bool)
    edge[1:] = run[1:] != run[:-1]
    end = np.ones(len(run), dtype=bool)
    end[:-1] = edge[1:]
    pieces = _between(edge | end | at, run)
    loops = (ref[pieces.first] == ref[pieces.last]) & (pieces.last - pieces.first >= 2)
    if loops.any():
        marks = edge | end | at
        marks[(pieces.first[loops] + pieces.last[loops]) // 2] = True
        pieces = _between(marks, run)
    keep = ref[pieces.first] != ref[pieces.last]
    return Pieces(pieces.first[keep], pieces.last[keep])


def _between(marks: NDArray[np.bool_], run: NDArray[np.int64]) -> Pieces:
    places = np.flatnonzero(marks)
    same = run[places[1:]] == run[places[:-1]]
    return Pieces(places[:-1][same], places[1:][same])


def linestrings(pieces: Pieces, xy: NDArray[np.float64]) -> NDArray[np.object_]:
    """Draw the pieces as lines."""
    import shapely

    sizes = pieces.last - pieces.first + 1
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    index = np.repeat(np.arange(len(sizes)), sizes)
    source = np.arange(offsets[-1]) - offsets[:-1][index] + pieces.first[index]
    lines: NDArray[np.object_] = shapely.linestrings(xy[source], indices=index)
    return lines
