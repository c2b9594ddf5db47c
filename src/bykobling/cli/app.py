"""The command line as one object; the rooms beside add their commands to it."""

from __future__ import annotations

from cyclopts import App

from bykobling import __version__

EXIT_FAILED = 1
EXIT_INPUT = 2
EXIT_STOPPED = 130

app = App(
    name="bykobling",
    version=f"bykobling {__version__}",
    help="How cut off is each housing area, by which barrier, and what would reconnect it.",
    suppress_keyboard_interrupt=False,  # we tell it ourselves
)
