"""The steps of a run: one progress bar over all of them, and the seconds each took."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bykobling._types import Progress

TOTAL = 1000


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
