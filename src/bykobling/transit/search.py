"""Door to door by public transport, for every departure of a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling._kernels import transit as kernels
from bykobling._kernels.threads import in_chunks
from bykobling.errors import Fault, InputError
from bykobling.network.ends import fixed
from bykobling.transit.ends import access_rows, direct_rows, egress_rows
from bykobling.transit.layout import backwards, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.links import Links
    from bykobling.network.snap import Snap
    from bykobling.transit.ends import Rows
    from bykobling.transit.layout import Layout
    from bykobling.transit.network import TransitNetwork

BLOCK = 1024
"""Origins whose walks are held at once."""
_CHUNK = 8
"""Origins between two looks at progress: each takes milliseconds."""
_DAY_S = 86_400


@dataclass(frozen=True)
class Window:
    """The moments one may leave, or wants to be there.

    Parameters
    ----------
    first : str
        First moment on the clock, ``"HH:MM"``.
    minutes : float
        Length; moments lie in ``[first, first + minutes)``.
    every_s : int
        Seconds between them.
    arrive_by : bool
        Whether they are the times to be there.
    """

    first: str = "08:00"
    minutes: float = 60.0
    every_s: int = 60
    arrive_by: bool = False

    def __post_init__(self) -> None:
        """Check the length and the step."""
        faults = []
        if not 0 < self.minutes * 60 <= _DAY_S:
            rule = f"{self.minutes} minutes are not between 0 and a day"
            faults.append(Fault("window", "minutes", rule, "give e.g. 60"))
        if self.every_s < 1 or int(self.every_s) != self.every_s:
            faults.append(Fault("window", "every_s", f"{self.every_s} is no whole number above 0", "give e.g. 60"))
        if faults:
            raise InputError(faults)

    @property
    def count(self) -> int:
        """Number of moments."""
        return int(-(-self.minutes * 60 // self.every_s))


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
    walks : tuple of array
        Changes, as compressed rows.
    first_s : int
        First moment in seconds of the (possibly turned) timetable.
    """

    transit: TransitNetwork
    window: Window
    layout: Layout
    walks: Rows
    first_s: int

    @property
    def frame(self) -> tuple[int, int, int, int]:
        """First departure, step, number, longest journey: seconds."""
        most = int(self.transit.settings.max_trip_min * 60)
        return self.first_s, int(self.window.every_s), self.window.count, most


def searcher(transit: TransitNetwork, window: Window) -> Searcher:
    """Lay a window out.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    window : Window
        Departures, or arrivals.

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
        timetable, walks, first, last = backwards(timetable), _turned(*walks), -last, -first
    return Searcher(transit, window, lay_out(timetable, first, last + most), _fixed(walks), first)


def _turned(pointer: NDArray[np.int64], to: NDArray[np.int32], seconds: NDArray[np.int32]) -> Rows:
    """Exchange rows and columns."""
    row = np.repeat(np.arange(len(pointer) - 1, dtype=np.int32), np.diff(pointer))
    order = np.argsort(to, kind="stable")
    turned = np.zeros_like(pointer)
    np.cumsum(np.bincount(to, minlength=len(pointer) - 1), out=turned[1:])
    return turned, row[order], seconds[order]


def _fixed(rows: Rows) -> Rows:
    return fixed(rows[0], np.int64), fixed(rows[1], np.int32), fixed(rows[2], np.int32)


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


Kernel = Any


def blocks(
    ready: Searcher,
    origins: Snap,
    destinations: Snap | Links,
    kernel: Kernel,
    options: tuple[Any, ...],
    shape: tuple[int, ...],
    *,
    progress: Progress | None = None,
    block: int = BLOCK,
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Run a kernel over origins, some at a time.

    Parameters
    ----------
    ready : Searcher
        Laid out before.
    origins : Snap
        O places.
    destinations : Snap or Links
        D places.
    kernel : callable
        One of `bykobling._kernels.transit`.
    options : tuple
        What it takes between the number of rounds and the tables.
    shape : tuple of int
        Shape of one origin's answer.
    progress : callable, optional
        ``progress(done, total, message)``.
    block : int
        Origins whose walks and answers are held at once.

    Yields
    ------
    start, stop : int
        Which origins.
    answer : array of float32
        ``(stop - start, *shape)``.
    """
    transit, backward = ready.transit, ready.window.arrive_by
    slack = np.int32(transit.settings.board_slack_s)
    if backward:
        raise AssertionError
    egress = _fixed(egress_rows(transit, destinations))
    frame, rounds = ready.frame, transit.settings.max_rides
    dest_count = len(destinations)
    total = len(origins)

    def make() -> tuple[tuple[NDArray[Any], ...], NDArray[np.float32], NDArray[np.float32]]:
        scratch = ready.layout.scratch(rounds, frame[2])
        return scratch, np.empty(dest_count, np.float32), np.empty(frame[2], np.float32)

    for start in range(0, total, block):
        stop = min(start + block, total)
        chosen = origins.take(np.arange(start, stop))
        pointer, number, seconds = access_rows(transit, chosen)
        access = _fixed((pointer, number, seconds + slack))
        direct = _fixed(direct_rows(transit, chosen, destinations))
        answer = np.empty((stop - start, *shape), np.float32)

        def work(begin: int, end: int, mine: Any, parts: Any = (access, direct, answer)) -> None:  # noqa: ANN401
            scratch, walked, row = mine
            kernel(begin, end, parts[0], parts[1], egress, frame, rounds, *options, ready.layout.tables, ready.walks,
                   scratch, walked, row, parts[2])  # fmt: skip

        def tell(done: int, _: int, message: str, before: int = start) -> None:
            if progress is not None:
                progress(before + done, total, message)

        in_chunks(work, stop - start, scratch=make, progress=tell, message="public transport", chunk=_CHUNK)
        yield start, stop, answer
