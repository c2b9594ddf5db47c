"""How often Python looks for garbage in circles, in the programs bykobling starts itself."""

from __future__ import annotations

import atexit
import gc


def look_seldom() -> None:
    """Look for garbage a thousandth as often: a run makes millions of small records, and hardly any of it in circles.

    Looking takes a tenth of a run's time. For programs alone: whoever calls the library has a say of their own. Not for
    the second process: on a first run it makes machine code, and what that leaves behind does lie in circles.

    At the end Python does not look at all: the system takes back what a process held, in no time, while going through
    all of it several times more took the better part of a second.
    """
    gc.set_threshold(1_000_000, 10, 10)
    atexit.register(gc.freeze)
