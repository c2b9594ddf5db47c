"""Files that cannot be read, told as faults among the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bykobling.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from bykobling.errors import ReadError


def unread_fault(file: Path, error: ReadError) -> Fault:
    """Turn a reader's sentence back into its parts, so that it is told once.

    Parameters
    ----------
    file : Path
        The file that was to be read.
    error : ReadError
        What its reader said.

    Returns
    -------
    Fault
        An error.
    """
    rule, _, remedy = str(error).partition(" Remedy: ")
    for name in (str(file), file.name):
        rule = rule.removeprefix(f"{name}: ")
    return Fault(file.name, "", rule.rstrip("."), remedy.rstrip(".") or "bring the file again")
