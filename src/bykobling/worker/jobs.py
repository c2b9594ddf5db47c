"""One long job at a time, in a thread of its own: queued, told of, stopped."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bykobling.errors import Cancelled
from bykobling.worker.rpc import CANCELLED, RpcError, as_rpc_error, error_line, notice_line, result_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from bykobling.worker.rpc import Id, Request
    from bykobling.worker.wire import Writer

TELL_EVERY_S = 0.1
"""Progress is told no more often."""

_SURE_SHARE, _SURE_S = 0.03, 1.0
"""From when on the time left is guessed."""


@dataclass(eq=False)
class Job:
    """A request on its way.

    Parameters
    ----------
    request : Request
        What was asked.
    send : callable
        Writes a line.
    """

    request: Request
    send: Callable[[bytes], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    _begun: float = 0.0
    _told: float = 0.0

    def begin(self) -> None:
        """Start the clock."""
        self._begun = time.monotonic()
        self._told = 0.0

    def progress(self, done: int, total: int, message: str) -> None:
        """Tell how far the job is; stop it where the client wants that.

        Parameters
        ----------
        done, total : int
            How far.
        message : str
            What is being done.

        Raises
        ------
        Cancelled
            Where the client wants no more of it.
        """
        self.check()
        now = time.monotonic()
        if now - self._told < TELL_EVERY_S or self.request.silent:
            return
        self._told = now
        share = min(1.0, max(0.0, done / total)) if total > 0 else 0.0
        spent = now - self._begun
        left = spent * (1 - share) / share if share > _SURE_SHARE and spent > _SURE_S else None
        told = {"id": self.request.ident, "share": round(share, 4), "message": message}
        self.send(notice_line("progress", {**told, "seconds_left": None if left is None else round(left, 1)}))

    def check(self) -> None:
        """Stop here where the client wants no more of it.

        Raises
        ------
        Cancelled
            Where that is so.
        """
        if self.cancelled.is_set():
            raise Cancelled("cancelled")


class Jobs:
    """The queue of jobs and the thread that does them.

    Parameters
    ----------
    writer : Writer
        Where answers go.
    do : callable
        ``do(job)`` gives the result of a job.
    """

    def __init__(self, writer: Writer, do: Callable[[Job], dict[str, Any]]) -> None:
        self._writer, self._do = writer, do
        self._waiting: deque[Job] = deque()
        self._now: Job | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="bykobling-job", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def add(self, request: Request) -> bool:
        """Queue a request.

        Parameters
        ----------
        request : Request
            What was asked.

        Returns
        -------
        bool
            False where another of the same id is still on its way.
        """
        with self._changed:
            if not request.silent and any(one.request.ident == request.ident for one in self._all()):
                return False
            self._waiting.append(Job(request, self._writer.send))
            self._changed.notify_all()
        return True

    def cancel(self, ident: Id) -> bool:
        """Stop a job, or take it out of the queue.

        Parameters
        ----------
        ident : str, int, float or None
            Of the request.

        Returns
        -------
        bool
            Whether there was one.
        """
        with self._changed:
            for job in self._all():
                if job.request.ident == ident and not job.request.silent:
                    job.cancelled.set()
                    if job in self._waiting:
                        self._waiting.remove(job)
                        self._writer.send(error_line(ident, RpcError(CANCELLED, "cancelled")))
                    return True
        return False

    def close(self, patience_s: float) -> bool:
        """Stop everything and answer nothing more.

        Parameters
        ----------
        patience_s : float
            Seconds the running job gets to end.

        Returns
        -------
        bool
            Whether it did.
        """
        with self._changed:
            self._closed = True
            self._waiting.clear()
            if self._now is not None:
                self._now.cancelled.set()
            self._changed.notify_all()
        self._thread.join(patience_s)
        return not self._thread.is_alive()

    def _all(self) -> list[Job]:
        return [*([self._now] if self._now is not None else []), *self._waiting]

    def _work(self) -> None:
        while (job := self._next()) is not None:
            line = self._answer(job)
            with self._changed:
                self._now = None
                if not self._closed and not job.request.silent:
                    self._writer.send(line)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            if self._closed:
                return None
            self._now = self._waiting.popleft()
            return self._now

    def _answer(self, job: Job) -> bytes:
        """Do a job; whatever goes wrong in it is an answer, and the next job is done all the same."""
        try:
            job.begin()
            return result_line(job.request.ident, self._do(job))
        except BaseException as error:  # noqa: BLE001 - told to the client, with its traceback where it is not ours
            return error_line(job.request.ident, as_rpc_error(error))
