"""Ask the engine and wait for the answer: for Processing, whose algorithms run in a thread of their own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from qgis.core import QgsProcessingException
from qgis.PyQt.QtCore import QProcess

from .command import clean_environment, find_engine, why_not_found
from .compat import plugin_version
from .i18n import tr
from .wire import MISMATCH, NOT_FOUND, STOPPED, TIMED_OUT, EngineError, Lines, error_of, mismatch, notification, request

if TYPE_CHECKING:
    from types import TracebackType

    from qgis.core import QgsProcessingFeedback, QgsSettings

GRACE_S = 0.7
"""So long a cancelled job may take to end by itself: this engine holds nothing that would be lost with it."""

_WAIT_MS = 100
_START_MS = 30_000
_END_MS = 1500
_KEPT_LINES = 30


def call_blocking(
    method: str,
    params: dict[str, Any],
    feedback: QgsProcessingFeedback | None,
    timeout_s: float | None = None,
    settings: QgsSettings | None = None,
) -> dict[str, Any]:
    """Start an engine, ask it one thing, and wait, in whatever thread this is.

    Parameters
    ----------
    method : str
        E.g. ``"run"``.
    params : dict
        Of the method.
    feedback : QgsProcessingFeedback or None
        Hears the progress, and tells whether the user wants to stop.
    timeout_s : float, optional
        Longest wait; as long as it takes without.
    settings : QgsSettings, optional
        Where the engine's path is looked for.

    Returns
    -------
    dict
        The result.

    Raises
    ------
    QgsProcessingException
        If the user stopped it.
    EngineError
        Anything else that went wrong.
    """
    with BlockingEngine(feedback, settings) as engine:
        return engine.call(method, params, timeout_s=timeout_s)


class BlockingEngine:
    """An engine of one's own for as long as a ``with`` lasts.

    Parameters
    ----------
    feedback : QgsProcessingFeedback or None
        Hears the progress, and tells whether the user wants to stop.
    settings : QgsSettings, optional
        Where the engine's path is looked for.
    """

    def __init__(self, feedback: QgsProcessingFeedback | None, settings: QgsSettings | None = None) -> None:
        self._feedback = feedback
        self._settings = settings
        self._lines = Lines()
        self._last_id = 0
        self._share = (0.0, 1.0)
        self._message = ""
        self._said: list[str] = []

    def __enter__(self) -> BlockingEngine:
        """Start it; a thread that is told to stop starts nothing."""
        self._stop_if_cancelled()
        command = find_engine(self._settings)
        if command is None:
            raise EngineError(why_not_found(self._settings), NOT_FOUND)
        self._process = QProcess()
        self._process.setProcessEnvironment(clean_environment())
        self._process.start(command[0], command[1:])
        if not self._process.waitForStarted(_START_MS):
            text = tr("The engine at {path} cannot be started: {why}")
            raise EngineError(text.format(path=command[0], why=self._process.errorString()))
        self._write(request(0, "hello", {}))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it: kindly where all went well, else at once."""
        self._process.closeWriteChannel()
        if kind is not None or not self._process.waitForFinished(_END_MS):
            self._process.kill()
            self._process.waitForFinished(_END_MS)

    def call(
        self,
        method: str,
        params: dict[str, Any],
        *,
        share: tuple[float, float] = (0.0, 1.0),
        timeout_s: float | None = None,
    ) -> dict[str, Any]:
        """Ask one thing and wait.

        Parameters
        ----------
        method : str
            E.g. ``"run"``.
        params : dict
            Of the method.
        share : tuple of float
            Which part of the progress bar it fills.
        timeout_s : float, optional
            Longest wait.

        Returns
        -------
        dict
            The result.
        """
        self._last_id += 1
        self._share = share
        self._write(request(self._last_id, method, params))
        until = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            self._process.waitForReadyRead(_WAIT_MS)
            answer = self._read()
            if answer is not None:
                return self._result(answer)
            if self._feedback is not None and self._feedback.isCanceled():
                self._cancel()
            if until is not None and time.monotonic() > until:
                raise EngineError(tr("The engine took too long to answer."), TIMED_OUT)
            if self._process.state() == QProcess.ProcessState.NotRunning:
                answer = self._read()
                if answer is None:
                    raise self._crash()
                return self._result(answer)

    def _result(self, answer: dict[str, Any]) -> dict[str, Any]:
        if "error" in answer:
            raise error_of(answer)
        result = answer.get("result")
        return result if isinstance(result, dict) else {}

    def _write(self, data: bytes) -> None:
        self._process.write(data)

    def _read(self) -> dict[str, Any] | None:
        """Take in what has come; give the answer if it is there."""
        for line in bytes(self._process.readAllStandardError()).decode("utf-8", "replace").splitlines():
            self._said = [*self._said[-_KEPT_LINES:], line]
            if self._feedback is not None:
                self._feedback.pushDebugInfo(line)
        found = None
        for message in self._lines.feed(bytes(self._process.readAllStandardOutput())):
            if message.get("method") == "progress":
                self._progressed(message.get("params") or {})
            elif message.get("id") == 0:
                misfit = mismatch(message.get("result") or {}, plugin_version())
                if misfit:
                    raise EngineError(misfit, MISMATCH)
            elif message.get("id") == self._last_id:
                found = message
        return found

    def _progressed(self, told: dict[str, Any]) -> None:
        if self._feedback is None:
            return
        start, end = self._share
        share = min(max(float(told.get("share") or 0.0), 0.0), 1.0)
        self._feedback.setProgress(100.0 * (start + share * (end - start)))
        message = str(told.get("message", ""))
        if message and message != self._message:
            self._message = message
            self._feedback.setProgressText(message)

    def _cancel(self) -> None:
        """Ask the engine to stop, do not wait long for it, and say so."""
        self._write(notification("cancel", {"id": self._last_id}))
        until = time.monotonic() + GRACE_S
        while time.monotonic() < until and self._process.state() == QProcess.ProcessState.Running:
            self._process.waitForReadyRead(_WAIT_MS)
            if self._read() is not None:
                break
        self._stop_if_cancelled()

    def _crash(self) -> EngineError:
        last = self._said[-1].strip() if self._said else ""
        text = tr("The engine stopped in the middle of its work; your files are as they were.")
        return EngineError(f"{text} {last}".strip(), STOPPED, details="\n".join(self._said))

    def _stop_if_cancelled(self) -> None:
        if self._feedback is not None and self._feedback.isCanceled():
            raise QgsProcessingException(tr("Stopped, as you asked."))
