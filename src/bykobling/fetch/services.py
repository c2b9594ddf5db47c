"""Ask a service politely: time limit, size limit, another try when it is busy, errors a user can act on."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from bykobling.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import requests

_T = TypeVar("_T")
logger = logging.getLogger(__name__)

BUSY_STATUS = (429, 502, 503, 504)
"""Answers that mean "later", not "no"."""

_CHUNK_BYTES = 1 << 18


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to ask again.

    Parameters
    ----------
    tries : int
        How often to ask before giving up.
    pause_s : float
        Wait before the second try; doubled for each further one.
    timeout_s : float
        Longest silence of the service.
    max_bytes : int
        Largest answer taken.
    """

    tries: int = 4
    pause_s: float = 5.0
    timeout_s: float = 240.0
    max_bytes: int = 1_000_000_000

    def pauses(self) -> Iterator[float]:
        """Yield the wait after each failed try that may be followed by another.

        Yields
        ------
        float
            Seconds.
        """
        for number in range(self.tries - 1):
            yield self.pause_s * 2**number


class Busy(Exception):  # noqa: N818 - a state of the service, never seen by users
    """The service asks to come back later."""


def host_of(url: str) -> str:
    """Return the host of an address, for messages.

    Parameters
    ----------
    url : str
        An address.

    Returns
    -------
    str
        Host and port.
    """
    return urlsplit(url).netloc or url


def ask_again(ask: Callable[[], _T], *, service: str, patience: Patience, wait: Callable[[float, str], None]) -> _T:
    """Call `ask` until it answers or patience ends.

    Parameters
    ----------
    ask : callable
        Raises `Busy` to be called again.
    service : str
        Name for messages.
    patience : Patience
        How often and how long.
    wait : callable
        Called with seconds and a message; sleeps.

    Returns
    -------
    Any
        What `ask` returned.

    Raises
    ------
    FetchError
        When the service stayed busy.
    """
    pauses = patience.pauses()
    while True:
        try:
            return ask()
        except Busy as busy:
            pause = next(pauses, None)
            if pause is None:
                raise FetchError(
                    f"{service} stayed busy: {busy} after {patience.tries} tries. "
                    "Remedy: try again in some minutes, choose a smaller place or margin, or name another server."
                ) from None
            logger.info("%s: %s; asking again in %.0f s", service, busy, pause)
            wait(pause, f"{service} is busy ({busy}); asking again in {pause:.0f} s")


def read_body(
    response: requests.Response, *, service: str, max_bytes: int, tell: Callable[[int], None] | None = None
) -> bytes:
    """Return the body of a streamed answer.

    Parameters
    ----------
    response : Response
        Opened with ``stream=True``.
    service : str
        Name for messages.
    max_bytes : int
        Largest body taken.
    tell : callable, optional
        Called with the number of bytes so far; may raise to stop.

    Returns
    -------
    bytes
        The whole body, decompressed.

    Raises
    ------
    FetchError
        When it is too large or cut off.
    """
    import requests  # noqa: PLC0415 - heavy

    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK_BYTES):
            body += chunk
            if len(body) > max_bytes:
                raise FetchError(
                    f"{service} sends more than {max_bytes / 1e6:.0f} MB. "
                    "Remedy: choose a smaller place or margin, or download an extract and name it in study.toml."
                )
            if tell is not None:
                tell(len(body))
    except requests.RequestException as error:
        raise FetchError(
            f"{service} broke off after {len(body)} bytes ({type(error).__name__}). Remedy: try again."
        ) from error
    return bytes(body)


def parse_json(body: bytes, *, service: str, status: int) -> Any:  # noqa: ANN401 - JSON
    """Return a JSON body, or an error that shows what came instead.

    Parameters
    ----------
    body : bytes
        What the service sent.
    service : str
        Name for messages.
    status : int
        HTTP status.

    Returns
    -------
    Any
        The parsed answer.

    Raises
    ------
    FetchError
        When it is no JSON.
    """
    try:
        return json.loads(body)
    except ValueError:  # UnicodeDecodeError and JSONDecodeError are both ValueErrors
        start = " ".join(body[:200].decode("utf-8", "replace").split())
        cut = body.lstrip()[:1] in {b"{", b"["}
        what = "an answer that is cut off" if cut else f"something that is not JSON: {start!r}"
        raise FetchError(
            f"{service} sent {what} (status {status}, {len(body)} bytes). "
            "Remedy: try again; if it stays so, name another server."
        ) from None


def sleep(seconds: float, message: str) -> None:
    """Wait, saying nothing.

    Parameters
    ----------
    seconds : float
        How long.
    message : str
        Why.
    """
    logger.debug("waiting %.1f s: %s", seconds, message)
    time.sleep(seconds)
