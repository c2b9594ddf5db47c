"""Functions a second process is asked for in `test_second.py`."""

from __future__ import annotations

import os
import tempfile
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


def unspeakable(home, *, progress):
    progress(0, 1, "giving what nobody can pick up")
    return "done at home" if os.getpid() == home else Unspeakable()


class Unspeakable:
    """What can be put into a pipe, and not taken out of it."""

    def __reduce__(self):
        return _not_here, ()


def _not_here():
    raise AttributeError("nobody can pick this up")


def leaves_a_file(*, progress):
    path = tempfile.mkdtemp()
    (Path(path) / "left").write_text("behind")
    progress(0, 1, "leaving a file")
    return path
