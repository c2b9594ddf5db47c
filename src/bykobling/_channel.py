"""A channel to the process that started this one, which nothing else can write into."""

from __future__ import annotations

import os
import sys


def own_channel() -> tuple[int, int]:
    """Take stdin and stdout for the protocol alone.

    What Python, GDAL or any other library prints from now on goes to stderr, and what reads from stdin finds nothing.

    Returns
    -------
    tuple of int
        Descriptors to read from and to write to; programs started from here do not inherit them.
    """
    sys.stdout.flush()
    source, target = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return source, target
