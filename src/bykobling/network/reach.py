"""A table of what each origin reaches within a limit: searched once, asked as often as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling._kernels import search
from bykobling._kernels.threads import CHUNK, in_chunks
from bykobling.errors import Fault, InputError
from bykobling.network.ends import ends_of, limit_of

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.links import Links
    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap


@dataclass(frozen=True, eq=False)
class ReachTable:
    """Origins x destinations within a limit, as compressed rows: one more field or cut-off needs no new search.

    Parameters
    ----------
    indptr : array of int64 (O + 1,)
        Row i is ``dest[indptr[i]:indptr[i + 1]]``.
    dest : array of int32 (k,)
        Destination numbers, ascending in each row.
    seconds : array of float32 (k,)
        Travel time of each pair.
    n_destinations : int
        Number of destinations, reached or not.
    limit_s : float
        What is farther is not in the table; inf where nothing was left out.
    reason : array of str (O,)
        ``"ok"``, or why an origin reaches nothing: ``"unlinked"``, ``"island"``.
    """

    indptr: NDArray[np.int64]
    dest: NDArray[np.int32]
    seconds: NDArray[np.float32]
    n_destinations: int
    limit_s: float
    reason: NDArray[np.object_]

    @property
    def n_origins(self) -> int:
        """Number of origins, linked or not."""
        return len(self.indptr) - 1

    @property
    def linked(self) -> NDArray[np.bool_]:
        """Which origins hang on the network; measures of the others are missing."""
        flags: NDArray[np.bool_] = self.reason == "ok"
        return flags

    @property
    def origin(self) -> NDArray[np.int64]:
        """Row of each pair, shape (k,)."""
        return np.repeat(np.arange(self.n_origins), np.diff(self.indptr))

    @property
    def minutes(self) -> NDArray[np.float64]:
        """Travel time of each pair in minutes, shape (k,)."""
        return self.seconds.astype(np.float64) / 60.0

    @classmethod
    def from_pairs(
        cls,
        origin: ArrayLike,
        dest: ArrayLike,
        minutes: ArrayLike,
        *,
        n_origins: int,
        n_destinations: int,
        limit_min: float = np.inf,
    ) -> ReachTable:
        """Make a table of travel times computed elsewhere.

        Parameters
        ----------
        origin, dest : array of int (k,)
            Numbers from 0, in any order; each pair once.
        minutes : array of float (k,)
            Travel time; a pair that is not finite is not reached.
        n_origins, n_destinations : int
            How many there are.
        limit_min : float, optional
            What is farther was left out.

        Returns
        -------
        ReachTable
            All origins linked.

        Raises
        ------
        InputError
            Numbers out of range, pairs told twice, times that are negative, arrays of unequal length.

        Examples
        --------
        >>> table = ReachTable.from_pairs([0, 0, 1], [1, 0, 0], [5, 2, 9], n_origins=2, n_destinations=2)
        >>> table.dest.tolist(), table.minutes.tolist()
        ([0, 1, 0], [2.0, 5.0, 9.0])
        """
        rows, columns = np.asarray(origin, np.int64), np.asarray(dest, np.int64)
        time = np.asarray(minutes, np.float64)
        if not rows.shape == columns.shape == time.shape or rows.ndim != 1:
            rule = f"they have the shapes {rows.shape}, {columns.shape} and {time.shape}"
            raise InputError(Fault("origin, dest, minutes", "", rule, "give three lists of one length"))
        faults = []
        for name, number, count in (("origin", rows, n_origins), ("dest", columns, n_destinations)):
            bad = np.flatnonzero((number < 0) | (number >= count))
            if len(bad):
                rule = f"{number[bad[0]]} is not between 0 and {count - 1}"
                faults.append(Fault(name, f"pair {bad[0]}", rule, "number them from 0"))
        below = np.flatnonzero(time < 0)
        if len(below):
            faults.append(Fault("minutes", f"pair {below[0]}", f"{time[below[0]]} is negative", "give 0 or more"))
        order = np.lexsort((columns, rows))
        rows, columns, time = rows[order], columns[order], time[order]
        twice = np.flatnonzero((np.diff(rows) == 0) & (np.diff(columns) == 0))
        if len(twice):
            rule = f"origin {rows[twice[0]]} and destination {columns[twice[0]]} are told twice"
            faults.append(Fault("origin, dest", "", rule, "keep the least time of each pair"))
        if faults:
            raise InputError(faults)
        kept = np.isfinite(time) & (time <= limit_min)
        indptr = np.zeros(n_origins + 1, np.int64)
        np.cumsum(np.bincount(rows[kept], minlength=n_origins), out=indptr[1:])
        return cls(
            indptr=indptr,
            dest=columns[kept].astype(np.int32),
            seconds=(time[kept] * 60.0).astype(np.float32),
            n_destinations=n_destinations,
            limit_s=float(limit_min) * 60.0,
            reason=np.full(n_origins, "ok", dtype=object),
        )


def reach_table(
    network: Network,
    origins: Snap,
    destinations: Snap | Links,
    limit_s: float,
    *,
    progress: Progress | None = None,
) -> ReachTable:
    """Find what each origin reaches within a limit.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.
    destinations : Snap or Links
        D places or linked polygons.
    limit_s : float
        Inclusive, seconds.
    progress : callable, optional
        Told after every chunk of origins.

    Returns
    -------
    ReachTable
        8 bytes a pair; unlinked origins have empty rows.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> home, shops = network.snap([Point(0, 0)]), network.snap([Point(800, 0), Point(400, 0)])
    >>> table = reach_table(network, home, shops, 400)
    >>> table.dest.tolist(), table.minutes.tolist()
    ([1], [5.0])
    """
    ends = ends_of(network, origins, destinations)
    limit = limit_of(limit_s)
    counts = np.zeros(len(origins), np.int64)
    chunks: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]] = {}

    def work(start: int, stop: int, mine: Any) -> None:  # noqa: ANN401 - a thread's scratch arrays
        arguments: tuple[Any, ...] = (start, stop, limit, *ends.tables, mine, counts)
        chunks[start] = search.reach_pairs(*arguments)

    in_chunks(work, len(origins), scratch=ends.scratch, progress=progress, message="reach")
    indptr, dest, seconds = in_rows(chunks, counts, ends.order)
    return ReachTable(indptr, dest, seconds, len(ends.links), float(limit_s), origins.reason)


def in_rows(
    chunks: dict[int, tuple[NDArray[np.int32], NDArray[np.float32]]],
    counts: NDArray[np.int64],
    order: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]:
    """Put what chunks of origins found, in order of work, into compressed rows in the caller's order.

    Parameters
    ----------
    chunks : dict of int to (array of int32, array of float32)
        What was found from the origins `order[start:start + CHUNK]`, one after the other; emptied.
    counts : array of int64 (O,)
        How many each origin found.
    order : array of int64 (O,)
        Order of work.

    Returns
    -------
    indptr, number, seconds : array
        Compressed rows.
    """
    indptr = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=indptr[1:])
    number = np.empty(indptr[-1], dtype=np.int32)
    seconds = np.empty(indptr[-1], dtype=np.float32)
    for start in sorted(chunks):
        numbers, costs = chunks.pop(start)
        begin = 0
        for origin in order[start : start + CHUNK]:
            end = begin + counts[origin]
            row = slice(indptr[origin], indptr[origin + 1])
            number[row] = numbers[begin:end]
            seconds[row] = costs[begin:end]
            begin = end
    return indptr, number, seconds
