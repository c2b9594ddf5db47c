"""Functions a second process is asked for in `test_second.py`."""

from __future__ import annotations

import os
import time
from pathlib import Path

from bykobling.errors import Fault, InputError


class StubbornError(Exception):
    """An error that cannot go from one process to another."""

    def __init__(self, one, two):
        super().__init__(one, two)
        self.kept = lambda: None


def doubled(number, *, progress):
    progress(1, 2, "half way")
    print("what a library prints")  # noqa: T201 - as a library does
    os.write(1, b"what a C library prints")
    return 2 * number, os.getpid()


def counted(path, *, progress):
    progress(0, 1, "counting")
    with Path(path).open("a") as file:
        file.write("x")
    return len(Path(path).read_text())


def refused(*, progress):
    progress(0, 1, "refusing")
    raise InputError([Fault("a.gpkg", "row 1", "it is empty", "draw it"), Fault("b.gpkg", "", "odd", "mend it")])


def stubborn(*, progress):
    progress(0, 1, "failing")
    raise StubbornError(1, 2)


def never_ends(path, *, progress):
    Path(path).write_text(str(os.getpid()))
    while True:
        time.sleep(0.05)
        progress(0, 1, "still at it")


def dies_elsewhere(home, *, progress):
    progress(0, 1, "dying")
    if os.getpid() != home:
        os._exit(3)
    return "done at home"
