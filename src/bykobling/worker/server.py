"""The worker: reads requests, answers some at once, lets one thread do the rest, and ends with whoever started it."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any

from bykobling._channel import own_channel
from bykobling._garbage import look_seldom
from bykobling.worker import methods
from bykobling.worker.jobs import Job, Jobs
from bykobling.worker.memory import Memory
from bykobling.worker.params import Params
from bykobling.worker.rpc import (
    INVALID,
    PARSE,
    UNKNOWN_METHOD,
    Id,
    Request,
    RpcError,
    as_rpc_error,
    error_line,
    read_request,
    result_line,
)
from bykobling.worker.wire import LONGEST_BYTES, HalfLine, TooLong, Writer, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOOK_EVERY_S = 0.2
"""So often it is looked whether the parent still lives."""

PATIENCE_S = 1.0
"""So long a running job gets to put away what it was writing."""

_log = logging.getLogger(__name__)


def main() -> None:
    """Run the worker on stdin and stdout until stdin closes, the parent dies, or a shutdown is asked for."""
    look_seldom()
    source, target = own_channel()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    faulthandler.enable(sys.stderr)
    code = serve(source, target, parent=os.getppid())
    logging.shutdown()
    sys.stderr.flush()
    # a kernel that is still searching, and the thread that waits for stdin, would hold up an ordinary end
    os._exit(code)


def serve(source: int, target: int, *, parent: int) -> int:
    """Answer requests.

    Parameters
    ----------
    source, target : int
        Descriptors to read from and to write to.
    parent : int
        Process whose end is the end of the worker, where the system tells of it (not on Windows: there and
        everywhere the end of the input is).

    Returns
    -------
    int
        Exit code: 0 for every end that was wanted.
    """
    server = Server(Writer(target))
    for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda *_: server.end.set())
    threading.Thread(target=server.listen, args=(lines(source),), name="bykobling-listen", daemon=True).start()
    server.jobs.start()
    while not server.end.wait(LOOK_EVERY_S):
        if os.getppid() != parent or server.writer.gone.is_set():
            break
    server.jobs.close(PATIENCE_S)
    server.writer.close()
    return 0


class Server:
    """What one client asks of one worker.

    Parameters
    ----------
    writer : Writer
        Where answers go.
    """

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.end = threading.Event()
        self.memory = Memory()
        self.jobs = Jobs(writer, self._do)
        self._warming: threading.Thread | None = None
        self._at_once: dict[str, Callable[[Request], dict[str, Any]]] = {
            "hello": self._hello,
            "ping": self._ping,
            "cancel": self._cancel,
            "shutdown": self._shutdown,
        }

    def listen(self, source: Iterator[bytes | TooLong | HalfLine]) -> None:
        """Take lines until there is none left; then it is time to end.

        Parameters
        ----------
        source : iterator
            From `wire.lines`.
        """
        try:
            for line in source:
                if isinstance(line, TooLong):
                    self._refuse(None, RpcError(PARSE, f"the line is longer than {LONGEST_BYTES:,} bytes"))
                elif isinstance(line, HalfLine):
                    self._refuse(None, RpcError(PARSE, "the input ends within a line"))
                elif line.strip():
                    self.take(line)
                if self.end.is_set():
                    return
        except Exception:  # noqa: BLE001 - told in the log; without its input the worker ends
            _log.exception("the input cannot be read any more")
        finally:
            self.end.set()

    def take(self, line: bytes) -> None:
        """Answer a line at once, or queue what it asks for.

        Parameters
        ----------
        line : bytes
            One message.
        """
        try:
            request = read_request(line)
        except RpcError as error:
            self._refuse(error.ident, error)
            return
        try:
            if request.method in self._at_once:
                result = self._at_once[request.method](request)
                if not request.silent:
                    self.writer.send(result_line(request.ident, result))
                if request.method == "shutdown":
                    self.end.set()
            else:
                self._queue(request)
        except Exception as error:  # noqa: BLE001 - told to the client
            if not request.silent:
                self._refuse(request.ident, as_rpc_error(error))

    def _queue(self, request: Request) -> None:
        """Let the thread of the jobs do what takes long."""
        if request.method not in methods.METHODS:
            known = sorted([*self._at_once, *methods.METHODS])
            data = {"method": request.method[:100], "methods": known}
            raise RpcError(UNKNOWN_METHOD, f"there is no method {request.method[:100]!r}", data=data)
        if not self.jobs.add(request):
            raise RpcError(INVALID, f"a request with the id {request.ident!r} is still on its way")

    def _refuse(self, ident: Id, error: RpcError) -> None:
        self.writer.send(error_line(ident, error))

    def _do(self, job: Job) -> dict[str, Any]:
        """Do a job, in the thread of the jobs."""
        if self._warming is not None:
            self._warming.join()  # two threads that load the same libraries get in each other's way
        params = Params(job.request.method, job.request.params)
        return methods.METHODS[job.request.method](params, methods.Call(job, self.memory))

    def _hello(self, request: Request) -> dict[str, Any]:
        del request  # whatever a client tells of itself is welcome
        if self._warming is None:
            warming = threading.Thread(target=_warm_up, name="bykobling-warm-up", daemon=True)
            warming.start()
            self._warming = warming
        return methods.hello([*self._at_once, *methods.METHODS])

    def _ping(self, request: Request) -> dict[str, Any]:
        Params("ping", request.params).close()
        return {}

    def _cancel(self, request: Request) -> dict[str, Any]:
        return {"cancelled": self.jobs.cancel(request.params.get("id"))}

    def _shutdown(self, request: Request) -> dict[str, Any]:
        Params("shutdown", request.params).close()
        return {}


def _warm_up() -> None:
    """Load what nearly every job needs, while the client still looks for its files."""
    try:
        import_module("bykobling.study")
    except ImportError:
        _log.exception("bykobling is not installed completely")
