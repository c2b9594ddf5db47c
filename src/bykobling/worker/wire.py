"""Lines in and out, which may be anything."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST_BYTES = 16_000_000
"""A longer line is refused."""

_BLOCK_BYTES = 65_536


class TooLong(Exception):  # noqa: N818 - not an error of ours: a line that is refused
    """A line longer than `LONGEST_BYTES`; what follows its end is read as before."""


class HalfLine(Exception):  # noqa: N818 - not an error of ours: a line that is refused
    """The input ended within a line."""


def lines(source: int) -> Iterator[bytes | TooLong | HalfLine]:
    """Read lines until the input ends.

    Parameters
    ----------
    source : int
        Descriptor.

    Yields
    ------
    bytes or TooLong or HalfLine
        A line without its end, or why there is none; never more than `LONGEST_BYTES` are held.
    """
    held = bytearray()
    skipping = False
    while block := _read(source):
        *whole, rest = block.split(b"\n")
        for piece in whole:
            held += piece
            if skipping or len(held) > LONGEST_BYTES:
                yield TooLong()
            else:
                yield bytes(held)
            held.clear()
            skipping = False
        held += rest
        if len(held) > LONGEST_BYTES:
            held.clear()
            skipping = True
    if skipping or held.strip():
        yield TooLong() if skipping else HalfLine()


def _read(source: int) -> bytes:
    try:
        return os.read(source, _BLOCK_BYTES)
    except OSError:  # the other end is gone
        return b""


class Writer:
    """Writes whole lines, from any thread.

    Parameters
    ----------
    target : int
        Descriptor.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._lock = threading.Lock()
        self.gone = threading.Event()

    def send(self, line: bytes) -> None:
        """Write one line; `gone` is set where nobody reads any more.

        Parameters
        ----------
        line : bytes
            Without its end.
        """
        left = memoryview(line + b"\n")
        with self._lock:
            try:
                while left and not self.gone.is_set():
                    left = left[os.write(self._target, left) :]
            except OSError:
                self.gone.set()

    def close(self) -> None:
        """Close the descriptor, so that the other end reads to the end."""
        with suppress(OSError):
            os.close(self._target)
