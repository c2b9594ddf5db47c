"""Lines cut into pieces at their junctions, all at once in arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass
class Pieces:
    """Pieces of ways: first and last vertex (inclusive) in the vertex arrays."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]


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
    sizes = pieces.last - pieces.first + 1
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    index = np.repeat(np.arange(len(sizes)), sizes)
    source = np.arange(offsets[-1]) - offsets[:-1][index] + pieces.first[index]
    lines: NDArray[np.object_] = shapely.linestrings(xy[source], indices=index)
    return lines
