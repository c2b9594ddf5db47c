"""A second process: Python works on one core at a time, and makes machine code for one kernel at a time.

What a run can do beside its own work (reading the map and the timetable, drawing the report, making machine code on a
first run) is asked of a process that lives as long as the run. The programs bykobling starts itself open one, the
command line and QGIS's worker; who calls the library from Python has none unless they open one. The answer is the same
either way: the same function makes it, and where there is no second process, or it is lost, it is called here.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor, wait
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

from bykobling._channel import own_channel
from bykobling.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from types import TracebackType

    from bykobling._types import Progress

_LOG = logging.getLogger(__name__)
# modules are looked for where this process finds them, not in the folder a user happens to stand in
_COMMAND = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); from bykobling._second import serve; serve()"
_LEAST_CORES = 2
_LOOK_EVERY_S = 0.2


class _Lost(Exception):  # noqa: N818 - never seen outside
    """The second process has ended, or cannot be talked to."""


class Second:
    """A process beside this one that works through what it is asked, one after the other.

    Examples
    --------
    >>> with Second() as second:
    ...     asked = second.ask("bykobling._second:echo", "there")
    ...     own = "here"
    ...     own, asked.result()
    ('here', 'there')
    """

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._told = (0, 1, "")
        self._asked: dict[bytes, Future[Any]] = {}
        # what a process leaves there when it is ended goes with it
        self._scrap = tempfile.TemporaryDirectory(prefix="bykobling-second-", ignore_cleanup_errors=True)
        # one thread talks with the process, so answers come in the order of the questions
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="bykobling-second")
        self._child = _started(self._scrap.name) if _cores() >= _LEAST_CORES else None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, whatever it is at."""
        self._ended.set()
        self._lose()
        self._pool.shutdown(cancel_futures=True)
        self._lose()  # what `renew` may have started meanwhile
        self._scrap.cleanup()

    @property
    def apart(self) -> bool:
        """Whether there is a process: otherwise what is asked is done in this one."""
        return self._child is not None

    def ask(self, work: str, *args: Any, **named: Any) -> Future[Any]:  # noqa: ANN401 - those of the function
        """Ask for something; asked again it is the same question, until `answer` has taken what came of it.

        So what a run will need can be asked for before what needs it is even loaded.

        Parameters
        ----------
        work : str
            A function, as ``"package.module:name"``. It takes `progress`, and what it takes and gives can be pickled.
        *args
            What the function takes.
        **named
            What it takes by name.

        Returns
        -------
        Future
            ``result()`` is what the function gave, or raises what it raised.
        """
        question, key = _question(work, args, named)
        if key not in self._asked:
            self._asked[key] = self._pool.submit(self._made, question)
        return self._asked[key]

    def answer(self, work: str, *args: Any, progress: Progress | None = None, **named: Any) -> Any:  # noqa: ANN401
        """Ask, and wait for the answer.

        Parameters
        ----------
        work, *args, **named
            As `ask`.
        progress : callable, optional
            Called with what the process tells of itself; what it raises ends the waiting.

        Returns
        -------
        object
            What the function gave.
        """
        question, key = _question(work, args, named)
        asked = self._asked.pop(key, None)
        if asked is None and not self.apart:
            return found(work)(*args, **named, progress=progress or (lambda _done, _total, _message: None))
        asked = asked or self._pool.submit(self._made, question)
        while not asked.done():
            wait([asked], timeout=_LOOK_EVERY_S)
            if progress is not None:
                progress(*self._told)
        return asked.result()

    def offer(self, work: str, *args: Any, **named: Any) -> None:  # noqa: ANN401 - those of the function
        """Ask for something that is only worth doing elsewhere: nobody waits for it, and it is never done here.

        Parameters
        ----------
        work, *args, **named
            As `ask`.
        """
        if self.apart:
            self._pool.submit(self._offered, _question(work, args, named)[0])

    def renew(self) -> None:
        """Go on with a new process, once what was asked so far is answered: this one may hold much it needs no more."""
        self._pool.submit(self._begun_anew)

    def _begun_anew(self) -> None:
        if self.apart:
            self._lose()
            self._child = _started(self._scrap.name)

    def _made(self, question: bytes) -> Any:  # noqa: ANN401 - what the function gives
        if self._child is not None:
            try:
                return self._answered(self._child, question)
            except _Lost:
                self._give_up()
        if self._ended.is_set():
            raise Cancelled("the run this was asked for has ended")
        work, args, named = pickle.loads(question)  # noqa: S301 - made here
        return found(work)(*args, **named, progress=self._tell)

    def _offered(self, question: bytes) -> None:
        if self._child is None:
            return
        try:
            self._answered(self._child, question)
        except _Lost:
            self._give_up()
        except Exception as error:  # noqa: BLE001 - whoever needs it does it again, and meets the same
            _LOG.debug("what was offered failed (%s: %s)", type(error).__name__, error)

    def _answered(self, child: subprocess.Popen[bytes], question: bytes) -> Any:  # noqa: ANN401
        assert child.stdin is not None and child.stdout is not None  # noqa: PT018, S101 - pipes were asked for
        try:
            child.stdin.write(question)
            child.stdin.flush()
            kind, value = pickle.load(child.stdout)  # noqa: S301 - from a process of our own
            while kind == "told":
                self._told = value
                kind, value = pickle.load(child.stdout)  # noqa: S301 - as above
        except Exception as error:
            raise _Lost from error
        if kind == "failed":
            raise value
        return value

    def _tell(self, done: int, total: int, message: str) -> None:
        if self._ended.is_set():
            raise Cancelled("the run this was asked for has ended")
        self._told = (done, total, message)

    def _give_up(self) -> None:
        self._lose()
        if not self._ended.is_set():
            _LOG.warning("the second process ended; its work is done in this one")

    def _lose(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        child.wait()


def _question(work: str, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[bytes, bytes]:
    """Write a question down, with a short key to know it by."""
    question = pickle.dumps((work, args, named), pickle.HIGHEST_PROTOCOL)
    return question, hashlib.blake2b(question).digest()


def _cores() -> int:
    """Count the cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _started(scrap: str) -> subprocess.Popen[bytes] | None:
    """Start the process; None where there is no Python to start."""
    if not sys.executable:
        return None
    # a stop from the keyboard is this process's to tell; on Windows no black window may open
    apart: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    try:
        return subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-P", *_flags(), "-c", _COMMAND, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": scrap, "TEMP": scrap, "TMP": scrap},
            **apart,
        )
    except OSError as error:
        _LOG.warning("no second process could be started (%s)", error)
        return None


def _flags() -> list[str]:
    """Return how this Python was told to look away from the user's environment, if it was."""
    told = (("-I", sys.flags.isolated), ("-E", sys.flags.ignore_environment), ("-s", sys.flags.no_user_site))
    return [flag for flag, given in told if given]


def found(work: str) -> Callable[..., Any]:
    """Find a function by ``"package.module:name"``."""
    module, _, name = work.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def echo(value: Any, *, progress: Progress) -> Any:  # noqa: ANN401 - anything
    """Give back what was given: tells that the process is there."""
    progress(1, 1, "echo")
    return value


def serve() -> None:
    """Answer questions until nobody asks any more."""
    questions, answers = (os.fdopen(end, mode) for end, mode in zip(own_channel(), ("rb", "wb"), strict=True))

    def say(kind: str, value: object) -> None:
        # straight into the pipe: tables of millions of rows are never there a second time as bytes
        pickle.dump((kind, value), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    # where nobody listens any more there is nothing to tell
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            work, args, named = pickle.load(questions)  # noqa: S301 - from the process that started this one
            try:
                kind, value = "made", found(work)(*args, **named, progress=lambda *told: say("told", told))
            except BrokenPipeError:
                raise
            except Exception as error:  # noqa: BLE001 - raised again where it was asked
                error.add_note(f"in the second process:\n{traceback.format_exc()}")
                # one that cannot go there ends this process: then it is raised there by the same work
                kind, value = "failed", pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
            say(kind, value)
            del work, args, named, value
