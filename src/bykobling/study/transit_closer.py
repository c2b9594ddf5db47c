"""Journeys to a few places that are come to by other walks than before: whose cross a cut-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bykobling._kernels import transit as kernels
from bykobling.transit.rows import below, full_rows, take_rows
from bykobling.transit.search import Task, from_walks, ranks_of, searcher
from bykobling.transit.times import MEDIAN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.study.transit_walks import TransitWalks

_BLOCK = 512
_SAMPLE = 256
"""So many are looked at first: where most are touched, all are searched without a closer look."""


class Closer:
    """Looks at the journeys to a few places that are come to by other walks, whether any crosses a cut-off.

    Parameters
    ----------
    was, now : TransitWalks
        Before and after.
    egress : array of int64
        Places with other walks from stops.
    walked : array of int64
        Places that may be another walk from home.
    walks_s : array of float32 (2, O, P)
        The walks to them, before and after.
    """

    def __init__(
        self,
        was: TransitWalks,
        now: TransitWalks,
        *,
        egress: NDArray[np.int64],
        walked: NDArray[np.int64],
        walks_s: NDArray[np.float32],
    ) -> None:
        self.access = was.access
        self.places = np.union1d(egress, walked)
        self.egress = below(*(take_rows(one.egress, self.places) for one in (was, now)))
        self.ready = searcher(now.within, now.source.window)
        # to the other places they walk as before: who is there on foot is there in any case
        self.walked = np.searchsorted(self.places, walked)
        self.walks_s = walks_s
        cutoffs_s = np.asarray(now.source.cutoffs_min, np.float32) * np.float32(60)
        marks = _marks(len(self.places))
        weights = np.kron(np.eye(2), marks)
        rank = int(ranks_of(MEDIAN, now.source.window.count)[0])
        self.task = Task(kernels.opportunities, (len(cutoffs_s), weights.shape[1]), (rank, cutoffs_s, weights))

    def touched(self, rows: NDArray[np.int64], progress: Progress) -> NDArray[np.int64]:
        """Choose those for whom it is so.

        Parameters
        ----------
        rows : array of int64
            Homes that walk to stops, and may change between them, as before.
        progress : callable
            ``progress(done, total, message)``.

        Returns
        -------
        array of int64
            Some of them, or all where it is so for most of a sample.
        """
        sample = np.unique(np.linspace(0, len(rows) - 1, min(_SAMPLE, len(rows))).astype(np.int64))
        hit = np.ones(len(rows), bool)
        hit[sample] = self._touched(rows[sample])
        if 2 * hit[sample].sum() <= len(sample):
            left = np.setdiff1d(np.arange(len(rows)), sample)
            for start in range(0, len(left), _BLOCK):
                some = left[start : start + _BLOCK]
                hit[some] = self._touched(rows[some])
                progress(start, len(left), "public transport")
        return rows[hit]

    def _touched(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Search from some homes, to the places as they are come to before and after."""
        count = len(self.places)
        walks_s = np.full((len(rows), 2, count), np.inf, np.float32)
        walks_s[:, :, self.walked] = self.walks_s[:, rows].swapaxes(0, 1)
        direct = full_rows(walks_s.reshape(len(rows), 2 * count))
        sums = from_walks(self.ready, take_rows(self.access, rows), direct, self.egress, self.task)
        before, after = np.split(sums, 2, axis=2)
        return np.asarray((before != after).any(axis=(1, 2)))


def _marks(count: int) -> NDArray[np.float64]:
    """Give places weights whose sums tell sets of them apart: (places, 4).

    One in the first column tells a set from one that holds it, which is all there is where ways are only added, or only
    closed. In the others there are numbers at random, small enough for their sums to be exact as float32.
    """
    top = max(2, 2**24 // max(1, count))
    return np.column_stack([np.ones(count), np.random.default_rng(1).integers(1, top, (count, 3))])
