"""The engine outside QGIS: started, spoken to and ended without ever blocking the map.

The library runs in its own Python as a resident process. A crash there is a message here, cancelling really cancels,
and the networks stay in memory between two drawn connections.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from qgis.PyQt.QtCore import QObject, QProcess, QTimer, pyqtSignal

from .blocking import call_blocking
from .command import clean_environment, find_engine, why_not_found
from .compat import plugin_version
from .i18n import tr
from .wire import CANCELLED, MISMATCH, NOT_FOUND, STOPPED, EngineError, Lines, error_of, mismatch, notification, request

if TYPE_CHECKING:
    from collections.abc import Callable

    from qgis.core import QgsSettings

    OnResult = Callable[[dict[str, Any]], None]
    OnError = Callable[[EngineError], None]

__all__ = ["Engine", "EngineError", "call_blocking", "clean_environment", "find_engine"]

GRACE_MS = 3000
"""So long a cancelled job may take to end by itself."""

HELLO_MS = 120_000
"""So long the engine may take to say hello: a virus scanner reads every file of a new environment."""

_END_MS = 1500
_KEPT_LINES = 30


@dataclass
class _Call:
    """One thing asked of the engine."""

    method: str
    params: dict[str, Any]
    on_result: OnResult | None
    on_error: OnError | None
    sent: bool = False


class Engine(QObject):
    """The one engine of a QGIS session; lives in the GUI thread.

    Parameters
    ----------
    parent : QObject, optional
        Owner.
    settings : QgsSettings, optional
        Where the engine's path is looked for.
    """

    ready = pyqtSignal(dict)
    """The engine's answer to hello."""
    stopped = pyqtSignal(str)
    """Empty when asked to stop, else a message for the planner."""
    progress = pyqtSignal(int, float, str)
    """Call, share from 0 to 1, message."""
    log = pyqtSignal(str)
    """A line the engine wrote to stderr."""

    def __init__(self, parent: QObject | None = None, settings: QgsSettings | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._process: QProcess | None = None
        self._lines = Lines()
        self._hello: dict[str, Any] | None = None
        self._calls: dict[int, _Call] = {}
        self._last_id = 0
        self._hello_id = 0
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._asked_to_stop = False
        self._start_again = False
        self._last_words = ""
        self._hello_timer = QTimer(self)
        self._hello_timer.setSingleShot(True)
        self._hello_timer.timeout.connect(self._no_hello)

    # what the rest of the plug-in calls

    def start(self) -> None:
        """Find the engine, start it and greet it; `ready` or `stopped` tells how it went."""
        if self._process is None:
            self._launch()
        elif self._asked_to_stop:
            self._start_again = True
        elif self._hello is not None:
            self.ready.emit(self._hello)

    def stop(self) -> None:
        """Ask the engine to end; what was asked of it is cancelled."""
        self._start_again = False
        if self._process is None:
            return
        self._asked_to_stop = True
        self._hello = None
        self._hello_timer.stop()
        process = self._process
        self._fail_all(EngineError(tr("The engine was stopped."), CANCELLED))
        process.closeWriteChannel()  # it ends when nobody speaks to it any more
        QTimer.singleShot(_END_MS, partial(self._kill, process))

    def shut_down(self) -> None:
        """End the engine at once and wait for it: for the unloading of the plug-in alone."""
        process, self._process = self._process, None
        self._hello = None
        self._hello_timer.stop()
        self._calls.clear()
        if process is not None:
            _let_go(process)
            process.kill()
            process.waitForFinished(_END_MS)
            process.deleteLater()

    def is_ready(self) -> bool:
        """Tell whether the engine runs and fits this plug-in."""
        return self._hello is not None and not self._asked_to_stop

    def call(
        self, method: str, params: dict[str, Any], on_result: OnResult | None = None, on_error: OnError | None = None
    ) -> int:
        """Ask something of the engine; it is started where it does not run.

        Parameters
        ----------
        method : str
            E.g. ``"assess_link"``.
        params : dict
            Of the method.
        on_result : callable, optional
            Takes the result.
        on_error : callable, optional
            Takes an `EngineError`.

        Returns
        -------
        int
            Number of the call, for `cancel` and `progress`.
        """
        self._last_id += 1
        call_id = self._last_id
        self._calls[call_id] = _Call(method, params, on_result, on_error)
        if self.is_ready():
            self._send(call_id)
        elif self._process is None or self._asked_to_stop:
            # the caller must have the number before it can hear how it went
            QTimer.singleShot(0, self.start)
        return call_id

    def cancel(self, call_id: int) -> None:
        """Ask a call to end; if it has not after three seconds, the engine is killed and started anew.

        Parameters
        ----------
        call_id : int
            From `call`; one that has ended is no error.
        """
        call = self._calls.get(call_id)
        if call is None:
            return
        if not call.sent:
            self._fail(call_id, _cancelled())
            return
        self._write(notification("cancel", {"id": call_id}))
        QTimer.singleShot(GRACE_MS, partial(self._give_up, call_id))

    # starting

    def _launch(self) -> None:
        self._asked_to_stop = self._start_again = False
        self._last_words = ""
        self._said.clear()
        self._lines = Lines()
        command = find_engine(self._settings)
        if command is None:
            self._gone(EngineError(why_not_found(self._settings), NOT_FOUND))
            return
        process = QProcess(self)
        process.setProcessEnvironment(clean_environment())
        process.readyReadStandardOutput.connect(partial(self._read, process))
        process.readyReadStandardError.connect(partial(self._read_log, process))
        process.errorOccurred.connect(partial(self._failed, process))
        process.finished.connect(partial(self._finished, process))
        self._process = process
        self._last_id += 1
        self._hello_id = self._last_id
        self._hello_timer.start(HELLO_MS)
        process.start(command[0], command[1:])
        process.write(request(self._hello_id, "hello", {}))

    def _greeted(self, answer: dict[str, Any]) -> None:
        self._hello_timer.stop()
        hello = answer.get("result")
        if not isinstance(hello, dict):
            hello = {}
        misfit = mismatch(hello, plugin_version())
        if misfit:
            self._end_with(misfit)
            return
        self._hello = hello
        for call_id, call in list(self._calls.items()):
            if not call.sent:
                self._send(call_id)
        self.ready.emit(hello)

    def _no_hello(self) -> None:
        self._end_with(tr("The engine started but did not answer. Try again, or set it up anew on the set-up page."))

    def _end_with(self, message: str) -> None:
        """End an engine that is of no use, and say why."""
        self._last_words = message
        if self._process is not None:
            self._process.kill()

    # speaking

    def _send(self, call_id: int) -> None:
        call = self._calls[call_id]
        call.sent = True
        self._write(request(call_id, call.method, call.params))

    def _write(self, data: bytes) -> None:
        if self._process is not None:
            self._process.write(data)

    def _read(self, process: QProcess) -> None:
        for message in self._lines.feed(bytes(process.readAllStandardOutput())):
            if process is not self._process:
                return  # an answer's receiver has ended this engine
            if message.get("method") == "progress":
                self._progressed(message.get("params") or {})
            elif message.get("id") == self._hello_id:
                self._greeted(message)
            elif "id" in message:
                self._answered(message)

    def _progressed(self, told: dict[str, Any]) -> None:
        if told.get("id") in self._calls:
            share = min(max(float(told.get("share") or 0.0), 0.0), 1.0)
            self.progress.emit(int(told["id"]), share, str(told.get("message", "")))

    def _answered(self, answer: dict[str, Any]) -> None:
        call = self._calls.pop(answer["id"], None)
        if call is None:
            return
        if "error" in answer:
            if call.on_error is not None:
                call.on_error(error_of(answer))
        elif call.on_result is not None:
            call.on_result(answer.get("result") or {})

    def _read_log(self, process: QProcess) -> None:
        for line in bytes(process.readAllStandardError()).decode("utf-8", "replace").splitlines():
            if line.strip():
                self._said.append(line)
                self.log.emit(line)

    # ending

    def _give_up(self, call_id: int) -> None:
        """Kill an engine that does not let go of a cancelled job."""
        if call_id not in self._calls or self._process is None:
            return
        self._start_again = True
        self._hello = None  # what is asked from now on waits for the next engine
        self._fail(call_id, _cancelled())
        self._process.kill()

    def _kill(self, process: QProcess) -> None:
        if process is self._process:
            process.kill()

    def _failed(self, process: QProcess, error: QProcess.ProcessError) -> None:
        # every other error is followed by `finished`
        if process is self._process and error == QProcess.ProcessError.FailedToStart:
            text = tr("The engine at {path} cannot be started: {why}")
            self._ended(process, text.format(path=process.program(), why=process.errorString()))

    def _finished(self, process: QProcess, exit_code: int = 0, status: QProcess.ExitStatus | None = None) -> None:
        if process is not self._process:
            return
        self._read(process)
        self._read_log(process)
        self._ended(process, self._last_words or self._why(exit_code, status))

    def _why(self, exit_code: int, status: QProcess.ExitStatus | None) -> str:
        last = self._said[-1].strip() if self._said else ""
        if self._hello is None:
            text = tr("The engine could not start: {why}. Set it up anew on the set-up page.")
            return text.format(why=last.rstrip(".") or tr("it said nothing"))
        if status == QProcess.ExitStatus.CrashExit:
            text = tr("The engine crashed or was ended from outside; the computer may have run out of memory.")
        else:
            text = tr("The engine ended by itself (code {code}).").format(code=exit_code)
        rest = tr("Your files are as they were. It starts again with the next thing you ask.")
        return " ".join(part for part in (text, rest, last) if part)

    def _ended(self, process: QProcess, message: str) -> None:
        self._process = None
        self._hello = None
        self._hello_timer.stop()
        _let_go(process)
        process.deleteLater()
        if self._start_again:
            text = tr("The engine had to be started anew to stop other work. Please ask again.")
            self._fail_sent(EngineError(text))
            self._launch()
        elif self._asked_to_stop:
            self._asked_to_stop = False
            self.stopped.emit("")
        else:
            self._gone(EngineError(message, MISMATCH if self._last_words else STOPPED, details="\n".join(self._said)))

    def _gone(self, error: EngineError) -> None:
        """Tell everybody who waits, then the panel, that there is no engine."""
        self._fail_all(error)
        self.stopped.emit(error.message)

    def _fail(self, call_id: int, error: EngineError) -> None:
        call = self._calls.pop(call_id, None)
        if call is not None and call.on_error is not None:
            call.on_error(error)

    def _fail_all(self, error: EngineError) -> None:
        for call_id in list(self._calls):
            self._fail(call_id, error)

    def _fail_sent(self, error: EngineError) -> None:
        for call_id in [number for number, call in self._calls.items() if call.sent]:
            self._fail(call_id, error)


def _cancelled() -> EngineError:
    return EngineError(tr("Stopped, as you asked."), CANCELLED)


def _let_go(process: QProcess) -> None:
    """Hear nothing more of a process."""
    for signal in (
        process.readyReadStandardOutput, process.readyReadStandardError, process.errorOccurred, process.finished,
    ):  # fmt: skip
        signal.disconnect()
