"""JSON-RPC 2.0: lines into requests, results and errors into lines."""

from __future__ import annotations

import json
import math
import traceback
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from bykobling.errors import BykoblingError, Cancelled, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PARSE, INVALID, UNKNOWN_METHOD, INVALID_PARAMS, INTERNAL = -32700, -32600, -32601, -32602, -32603
CANCELLED, OURS = -32800, -32000

_MISSING = frozenset({"<NA>", "NaT"})
"""How pandas writes what is missing."""

Id: TypeAlias = str | int | float | None
"""What a client calls a request."""


class RpcError(Exception):
    """An answer that tells what is wrong.

    Parameters
    ----------
    code : int
        One of those above.
    message : str
        One sentence.
    data : dict, optional
        More for a program.
    ident : str, int, float or None
        Of the request, where it could be read.
    """

    def __init__(self, code: int, message: str, *, data: dict[str, Any] | None = None, ident: Id = None) -> None:
        super().__init__(message)
        self.code, self.message, self.data, self.ident = code, message, data, ident


@dataclass(frozen=True)
class Request:
    """What a client asks.

    Parameters
    ----------
    method : str
        What.
    params : dict
        With what.
    ident : str, int, float or None
        To be answered under this name.
    silent : bool
        Whether no answer is wanted (a notification).
    """

    method: str
    params: dict[str, Any]
    ident: Id
    silent: bool


def read_request(line: bytes) -> Request:
    """Read a request.

    Parameters
    ----------
    line : bytes
        One line.

    Returns
    -------
    Request

    Raises
    ------
    RpcError
        Where it is none.

    Examples
    --------
    >>> read_request(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}')
    Request(method='ping', params={}, ident=1, silent=False)
    """
    message = _parsed(line)
    if isinstance(message, list):
        raise RpcError(INVALID, "batches are not taken: write one message a line")
    if not isinstance(message, dict):
        raise RpcError(INVALID, f"a request is an object, not {type(message).__name__}")
    ident = message.get("id")
    if isinstance(ident, bool) or not isinstance(ident, str | int | float | None):
        raise RpcError(INVALID, "id is a text or a number")
    if message.get("jsonrpc") != "2.0":
        raise RpcError(INVALID, 'jsonrpc is not "2.0"', ident=ident)
    method = message.get("method")
    if not isinstance(method, str):
        raise RpcError(INVALID, "method is missing, or no text", ident=ident)
    params = message.get("params")
    if params is not None and not isinstance(params, dict):
        raise RpcError(INVALID_PARAMS, "params is an object with names", ident=ident, data={"faults": []})
    return Request(method, params or {}, ident, silent="id" not in message)


def _parsed(line: bytes) -> Any:  # noqa: ANN401 - whatever JSON holds
    try:
        return json.loads(line.decode("utf-8-sig"), parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError) as error:  # of which a wrong encoding and wrong JSON are two
        reason = "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
        raise RpcError(PARSE, f"the line is no JSON in UTF-8 ({reason})") from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large")
    return number


def result_line(ident: Id, result: dict[str, Any]) -> bytes:
    """Write an answer.

    Parameters
    ----------
    ident : str, int, float or None
        Of the request.
    result : dict
        What came out.

    Returns
    -------
    bytes
        One line without its end.
    """
    return _line({"jsonrpc": "2.0", "id": ident, "result": result})


def error_line(ident: Id, error: RpcError) -> bytes:
    """Write an answer that tells what is wrong.

    Parameters
    ----------
    ident : str, int, float or None
        Of the request, None where it could not be read.
    error : RpcError
        What is wrong.

    Returns
    -------
    bytes
        One line without its end.
    """
    told: dict[str, Any] = {"code": error.code, "message": error.message}
    if error.data is not None:
        told["data"] = error.data
    return _line({"jsonrpc": "2.0", "id": ident, "error": told})


def notice_line(method: str, params: dict[str, Any]) -> bytes:
    """Write a notification.

    Parameters
    ----------
    method : str
        What it tells.
    params : dict
        Its contents.

    Returns
    -------
    bytes
        One line without its end.
    """
    return _line({"jsonrpc": "2.0", "method": method, "params": params})


def _line(message: dict[str, Any]) -> bytes:
    text = json.dumps(plain(message), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    # a path that is no valid text holds lone surrogates, which are written as JSON escapes them
    return text.encode("utf-8", "backslashreplace")


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    """Turn what Python has into what JSON has: numbers that are not finite, and missing values, become null.

    Parameters
    ----------
    value : object
        Anything.

    Returns
    -------
    object
        Dicts, lists, texts, finite numbers, true, false, None.

    Examples
    --------
    >>> plain({"a": (float("nan"), float("inf"), 1.5), 2: None})
    {'a': [None, None, 1.5], '2': None}
    """
    if hasattr(value, "tolist"):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    text = str(value)
    return None if text in _MISSING else text


def faults_of(faults: Iterable[Fault]) -> list[dict[str, str]]:
    """Write faults as JSON holds them.

    Parameters
    ----------
    faults : iterable of Fault
        What is wrong.

    Returns
    -------
    list of dict
        ``file``, ``where``, ``rule``, ``remedy``, ``severity``.
    """
    return [asdict(one) for one in faults]


def as_rpc_error(error: BaseException) -> RpcError:
    """Turn what a job raised into an answer.

    Parameters
    ----------
    error : exception
        What was raised.

    Returns
    -------
    RpcError
    """
    if isinstance(error, RpcError):
        return error
    kind = type(error).__name__
    if isinstance(error, Cancelled):
        return RpcError(CANCELLED, "cancelled")
    if isinstance(error, InputError):
        wrong = [one for one in error.faults if one.severity == "error"] or list(error.faults)
        first = str(wrong[0]) if wrong else "the input breaks a rule"
        message = first if len(wrong) < 2 else f"{first} ({len(wrong) - 1} more to mend)"
        return RpcError(OURS, message, data={"kind": kind, "faults": faults_of(error.faults)})
    if isinstance(error, BykoblingError):
        rule, _, remedy = str(error).partition(" Remedy: ")
        fault = Fault("", "", rule.rstrip("."), remedy.rstrip(".") or "see the message")
        return RpcError(OURS, str(error), data={"kind": kind, "faults": faults_of([fault])})
    told = "".join(traceback.format_exception(error))
    return RpcError(INTERNAL, f"an error in bykobling itself: {kind}: {error}", data={"kind": kind, "traceback": told})


def path_text(path: Path) -> str:
    """Write a path as every client reads it.

    Parameters
    ----------
    path : Path
        Any.

    Returns
    -------
    str
        Absolute, with forward slashes.
    """
    return path.absolute().as_posix()
