"""What goes over the wire to the engine: JSON-RPC 2.0, one message a line, and what its answers mean."""

from __future__ import annotations

import json
from typing import Any

from .i18n import tr

PROTOCOL = 1
"""The version of the engine's protocol this plug-in speaks."""

METHODS_NEEDED = frozenset(
    {"hello", "sample", "make_study", "check", "load_study", "assess_link", "run", "find", "assess", "isochrone"}
)
"""An engine without one of these is older than the plug-in."""

CANCELLED = -32800
NOT_FOUND = 1
STOPPED = 2
MISMATCH = 3
TIMED_OUT = 4


class EngineError(Exception):
    """The engine could not do what was asked.

    Parameters
    ----------
    message : str
        One plain sentence.
    code : int
        Of JSON-RPC, or one of this module's.
    faults : list of dict
        ``file``, ``where``, ``rule``, ``remedy``, ``severity`` of each thing wrong with the input.
    details : str
        For a report of an error: a traceback, or what the engine last said.
    """

    def __init__(
        self, message: str, code: int = STOPPED, faults: list[dict[str, Any]] | None = None, details: str = ""
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.faults = faults or []
        self.details = details

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked for it."""
        return self.code == CANCELLED


def request(call_id: int, method: str, params: dict[str, Any]) -> bytes:
    """Write a request as a line."""
    return _line({"jsonrpc": "2.0", "id": call_id, "method": method, "params": params})


def notification(method: str, params: dict[str, Any]) -> bytes:
    """Write a message that wants no answer as a line."""
    return _line({"jsonrpc": "2.0", "method": method, "params": params})


def _line(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode("utf-8") + b"\n"


class Lines:
    """Cut a stream of bytes into messages; a half line waits for its rest."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[dict[str, Any]]:
        """Take bytes and give the messages that are complete; what is no message is left out."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        return [message for line in whole if (message := _message(line)) is not None]


def _message(line: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(line.decode("utf-8"))
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def error_of(answer: dict[str, Any]) -> EngineError:
    """Make an error of an answer that holds one."""
    told = answer.get("error")
    told = told if isinstance(told, dict) else {}
    data = told.get("data")
    data = data if isinstance(data, dict) else {}
    code = int(told.get("code", STOPPED))
    message = tr("Stopped, as you asked.") if code == CANCELLED else str(told.get("message", ""))
    return EngineError(message, code, list(data.get("faults") or []), str(data.get("traceback", "")))


def mismatch(hello: dict[str, Any], plugin_version: str) -> str:
    """Tell which of plug-in and engine must be updated; empty where they fit.

    Parameters
    ----------
    hello : dict
        The engine's answer to ``hello``.
    plugin_version : str
        Version of the plug-in.

    Returns
    -------
    str
        A sentence for the planner.
    """
    spoken = hello.get("protocol")
    words = {"engine": hello.get("bykobling", "?"), "plugin": plugin_version}
    if isinstance(spoken, int) and spoken > PROTOCOL:
        text = tr("The engine (version {engine}) is newer than this plug-in ({plugin}). Update the plug-in.")
        return text.format(**words)
    if spoken != PROTOCOL or not set(hello.get("methods", ())) >= METHODS_NEEDED:
        text = tr("The engine (version {engine}) is older than this plug-in ({plugin}). Update the engine.")
        return text.format(**words)
    return ""
