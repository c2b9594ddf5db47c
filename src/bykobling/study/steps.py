"""The steps of a run: one progress bar over all of them, and the seconds each took."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from bykobling.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from bykobling._types import Progress

TOTAL = 1000
_ASK_S = 0.2

_Made = TypeVar("_Made")


class Steps:
    """Turns the progress of each step into progress of the whole run.

    Parameters
    ----------
    progress : callable or None
        Called as ``progress(done, 1000, message)``; whatever it raises stops the run.
    shares : dict of str to float
        How much of the time each step is expected to take, in order.
    """

    def __init__(self, progress: Progress | None, shares: dict[str, float]) -> None:
        self._progress = progress
        self._shares = shares
        self._message = ""
        self._start = 0.0
        self._span = 0.0
        self._told = 0
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, message: str) -> Iterator[Progress]:
        """Time a step and give the progress callable for what runs inside it.

        Parameters
        ----------
        name : str
            One of the steps named at the start.
        message : str
            What a user sees.

        Yields
        ------
        callable
            ``progress(done, total, message)`` within the step.
        """
        names = list(self._shares)
        whole = sum(self._shares.values())
        self._start = sum(self._shares[one] for one in names[: names.index(name)]) / whole
        self._span = self._shares[name] / whole
        self._message = message
        begun = time.perf_counter()
        self._inside(0, 1, "")
        yield self._inside
        self.seconds[name] = round(time.perf_counter() - begun, 3)

    def finish(self) -> None:
        """Tell that all steps are done."""
        if self._progress is not None:
            self._progress(TOTAL, TOTAL, "done")

    def _inside(self, done: int, total: int, message: str) -> None:
        if self._progress is None:
            return
        share = min(1.0, done / total) if total > 0 else 0.0
        text = f"{self._message}: {message}" if message else self._message
        # a measure may search more than once, each time from nothing: the bar waits for it and never falls
        self._told = max(self._told, int(TOTAL * (self._start + self._span * share)))
        self._progress(self._told, TOTAL, text)


def parted(progress: Progress, count: int) -> list[Progress]:
    """Part the progress of a step among what is done in it, one after the other.

    Parameters
    ----------
    progress : callable
        ``progress(done, total, message)`` of the whole step.
    count : int
        How many parts.

    Returns
    -------
    list of callable
        One a part.

    Examples
    --------
    >>> first, second = parted(lambda done, total, message: print(f"{done / total:.2f} {message}"), 2)
    >>> first(1, 2, "half of the first")
    0.25 half of the first
    >>> second(0, 2, "begun")
    0.50 begun
    """

    def part(number: int) -> Progress:
        def tell(done: int, total: int, message: str) -> None:
            share = min(1.0, done / total) if total > 0 else 0.0
            progress(int(TOTAL * (number + share)), TOTAL * count, message)

        return tell

    return [part(number) for number in range(count)]


@contextmanager
def beside(work: Callable[[Progress], _Made]) -> Iterator[Future[_Made]]:
    """Do work in a second thread while the body of the ``with`` goes on in this one.

    Compiled searches keep every core busy, and what is between them one alone: two measures that do not need each
    other take turns. Neither may change what the other reads, which holds for shapes too: GEOS writes to a prepared
    shape when it is asked (`bykobling.network.snapping.unshared`).

    Parameters
    ----------
    work : callable
        Takes ``progress(done, total, message)``, which tells nobody anything, but stops the work by raising
        `Cancelled` once the body has failed or was cancelled.

    Yields
    ------
    Future
        ``result()`` waits for the work and hands back what it made, or raises what it raised.

    Examples
    --------
    >>> with beside(lambda progress: 6 * 7) as other:
    ...     own = 1
    >>> own + other.result()
    43
    """
    stopped = threading.Event()

    def go_on(_done: int, _total: int, _message: str) -> None:
        if stopped.is_set():
            raise Cancelled("what was done beside this was stopped")

    with ThreadPoolExecutor(1, thread_name_prefix="bykobling-beside") as pool:
        future = pool.submit(work, go_on)
        try:
            yield future
        except BaseException:
            stopped.set()
            raise


def awaited(future: Future[_Made], progress: Progress | None) -> _Made:
    """Wait for what is made in another thread, asking meanwhile whether to stop.

    Parameters
    ----------
    future : Future
        From `beside`.
    progress : callable, optional
        ``progress(done, total, message)``; what it raises ends the waiting.

    Returns
    -------
    object
        What was made.

    Examples
    --------
    >>> with beside(lambda progress: 6 * 7) as other:
    ...     awaited(other, None)
    42
    """
    while not future.done():
        wait([future], timeout=_ASK_S)
        if progress is not None:
            progress(0, 1, "")
    return future.result()
