"""Door to door by public transport, for every departure of a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._kernels.threads import in_chunks
from bykobling.errors import Fault, InputError
from bykobling.network.links import Links
from bykobling.transit.ends import access_rows, direct_rows, egress_rows
from bykobling.transit.layout import backwards, lay_out
from bykobling.transit.rows import fixed_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network.snapping import Snap
    from bykobling.transit.ends import Rows
    from bykobling.transit.layout import Layout
    from bykobling.transit.network import TransitNetwork
    from bykobling.transit.window import Window

BLOCK = 512
"""Origins whose walks are held at once."""
_CHUNK = 8
"""Origins between two looks at progress: each takes milliseconds."""


@dataclass(frozen=True, eq=False)
class Searcher:
    """A window of a transit network, ready to be searched from any origins to fixed destinations.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    window : Window
        Departures, or arrivals.
    layout : Layout
        The timetable as the kernels take it.
    first_s : int
        First moment in seconds of the (possibly turned) timetable.
    """

    transit: TransitNetwork
    window: Window
    layout: Layout
    first_s: int

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """First departure, step, number, longest journey: seconds."""
        most = int(self.transit.settings.max_trip_min * 60)
        return self.first_s, int(self.window.every_s), self.window.count, most


def searcher(transit: TransitNetwork, window: Window, *, progress: Progress | None = None) -> Searcher:
    """Lay a window out.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    window : Window
        Departures, or arrivals.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Searcher
    """
    timetable = transit.timetable
    first = timetable.seconds_at(window.first)
    last = first + (window.count - 1) * int(window.every_s)
    most = transit.settings.max_trip_min * 60
    walks = transit.walk_ptr, transit.walk_to, transit.walk_s
    if window.arrive_by:
        timetable, walks, first, last = backwards(timetable), turned(walks, timetable.stop_count), -last, -first
    return Searcher(
        transit, window, lay_out(timetable, fixed_rows(walks), first, last + most, progress=progress), first
    )


def turned(rows: Rows, count: int) -> Rows:
    """Exchange the rows and columns of compressed rows.

    Parameters
    ----------
    rows : tuple of array
        ``(ptr, number, seconds)``.
    count : int
        Number of columns.

    Returns
    -------
    tuple of array
        The same, by column.
    """
    row = np.repeat(np.arange(len(rows[0]) - 1, dtype=np.int32), np.diff(rows[0]))
    order = np.argsort(rows[1], kind="stable")
    pointer = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(rows[1], minlength=count), out=pointer[1:])
    return pointer, row[order], rows[2][order]


def ranks_of(percentiles: Sequence[float], count: int) -> NDArray[np.int64]:
    """Turn percentiles into ranks among the departures of a window, 0 the fastest.

    Parameters
    ----------
    percentiles : sequence of float
        Ascending, 0 to 100.
    count : int
        Number of departures.

    Returns
    -------
    array of int64
        ``floor(count * p / 100)``, at most ``count - 1``: of 60 departures the median is the 31st.

    Raises
    ------
    InputError
        Not ascending, or not percentages.
    """
    given = np.asarray(percentiles, np.float64)
    if given.ndim != 1 or not len(given) or not ((given >= 0) & (given <= 100)).all() or (np.diff(given) <= 0).any():
        rule = f"{given.tolist()} are not ascending numbers from 0 to 100"
        raise InputError(Fault("percentiles", "", rule, "give e.g. (25, 50, 75)"))
    return np.minimum(np.floor(given * count / 100.0 + 1e-9), count - 1).astype(np.int64)


@dataclass(frozen=True)
class Task:
    """What is asked of every origin.

    Parameters
    ----------
    kernel : callable
        One of `bykobling._kernels.transit`.
    shape : tuple of int
        Shape of one origin's answer.
    options : tuple
        What the kernel takes between the number of rounds and the tables.
    """

    kernel: Callable[..., None]
    shape: tuple[int, ...]
    options: tuple[Any, ...] = ()


def blocks(
    ready: Searcher,
    origins: Snap,
    destinations: Snap | Links,
    task: Task,
    *,
    progress: Progress | None = None,
    block: int = BLOCK,
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Run a kernel over origins (over destinations where arrivals are given), some at a time.

    Parameters
    ----------
    ready : Searcher
        Laid out before.
    origins : Snap
        O places.
    destinations : Snap or Links
        D places; a Snap where arrivals are given.
    task : Task
        What is asked.
    progress : callable, optional
        ``progress(done, total, message)``.
    block : int
        Origins whose walks and answers are held at once.

    Yields
    ------
    start, stop : int
        Which origins (destinations).
    answer : array of float32
        ``(stop - start, *task.shape)``.

    Raises
    ------
    InputError
        Arrivals at destinations that are `Links`.
    """
    near, far = origins, destinations
    if ready.window.arrive_by:
        if isinstance(destinations, Links):
            rule = "destinations of many links cannot be searched backwards from"
            raise InputError(Fault("destinations", "", rule, "snap points, or give a window of departures"))
        near, far = destinations, origins
    ends = JourneyEnds(ready.transit, ready.window.arrive_by)
    egress, total = ends.far(far), len(near)
    for start in range(0, total, block):
        stop = min(start + block, total)
        chosen = near.take(np.arange(start, stop))

        def tell(done: int, _: int, message: str, before: int = start) -> None:
            if progress is not None:
                progress(before + done, total, message)

        yield start, stop, from_walks(ready, ends.near(chosen), ends.direct(chosen, far), egress, task, progress=tell)


def from_walks(
    ready: Searcher, access: Rows, direct: Rows, egress: Rows, task: Task, *, progress: Progress | None = None
) -> NDArray[np.float32]:
    """Run a kernel over origins whose walks are known.

    Parameters
    ----------
    ready : Searcher
        Laid out before.
    access, direct, egress : tuple of array
        As `JourneyEnds` makes them of origins, of pairs, and of destinations.
    task : Task
        What is asked.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    array of float32
        ``(O, *task.shape)``.
    """
    frame, rounds, count, far_count = ready.frame, ready.transit.settings.max_rides, len(access[0]) - 1, len(egress[0])
    answer = np.empty((count, *task.shape), np.float32)

    def make() -> tuple[Any, ...]:
        scratch = ready.layout.scratch(rounds, frame[2])
        return scratch, np.empty(far_count - 1, np.float32), np.empty(frame[2], np.float32)

    def work(begin: int, end: int, mine: Any) -> None:  # noqa: ANN401
        scratch, walked, row = mine
        task.kernel(begin, end, access, direct, egress, frame, rounds, *task.options, ready.layout.tables,
                    ready.layout.changes, scratch, walked, row, answer)  # fmt: skip

    in_chunks(work, count, scratch=make, progress=progress, message="public transport", chunk=_CHUNK)
    return answer


@dataclass(frozen=True)
class JourneyEnds:
    """The walks at both ends, whichever the search starts from; who boards is at the stop a moment before."""

    transit: TransitNetwork
    backward: bool

    def near(self, places: Any) -> Rows:  # noqa: ANN401 - a Snap
        """List the stops of what the search starts from."""
        return fixed_rows(egress_rows(self.transit, places) if self.backward else self._boarding(places))

    def far(self, places: Any) -> Rows:  # noqa: ANN401 - a Snap or Links
        """List for each place of the other end the stops it is near."""
        return fixed_rows(self._boarding(places) if self.backward else egress_rows(self.transit, places))

    def direct(self, near: Any, far: Any) -> Rows:  # noqa: ANN401
        """List the places of the other end within the walk."""
        if self.backward:
            return fixed_rows(turned(direct_rows(self.transit, far, near), len(near)))
        return fixed_rows(direct_rows(self.transit, near, far))

    def _boarding(self, places: Snap) -> Rows:
        pointer, stop, seconds = access_rows(self.transit, places)
        return pointer, stop, seconds + np.int32(self.transit.settings.board_slack_s)
