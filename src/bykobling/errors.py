"""Errors a user can act on.

Every message tells the value that was found, the rule it breaks and the remedy.

::

    BykoblingError
    +-- InputError      (ValueError)  input that breaks a rule; carries every Fault found
    |   +-- CrsError                  no CRS, or one in degrees where metres are needed
    |   +-- StudyError                a study.toml that breaks a rule
    +-- ReadError       (OSError)     a file that cannot be read: missing, truncated, hostile
    +-- OutputError     (OSError)     a result that cannot be written; earlier results are untouched
    +-- FetchError      (OSError)     a service that did not answer, or not usefully
    +-- Cancelled                     the user stopped the run; nothing half-written is left
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Fault:
    """One thing wrong with an input, with its place and its remedy.

    Parameters
    ----------
    file : str
        Name of the file, layer or setting the fault is in.
    where : str
        The feature, row or key, e.g. ``"feature 12"`` or ``"[walk] speed_kmh"``; empty for the whole file.
    rule : str
        What was found and which rule it breaks.
    remedy : str
        What the user can do about it.
    severity : {"error", "warning"}
        An error stops a run; a warning is reported and the run goes on.

    Examples
    --------
    >>> print(Fault("areas.gpkg", "row 3", "the geometry is empty", "draw it or delete the row"))
    areas.gpkg, row 3: the geometry is empty. Remedy: draw it or delete the row.
    """

    file: str
    where: str
    rule: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """Tell file, place, rule and remedy in one line."""
        place = f"{self.file}, {self.where}" if self.where else self.file
        return f"{place}: {self.rule}. Remedy: {self.remedy}."


class BykoblingError(Exception):
    """Base of every error bykobling raises on purpose."""


class InputError(BykoblingError, ValueError):
    """Input that breaks one or more rules.

    Parameters
    ----------
    faults : iterable of Fault, or Fault
        Everything found wrong, in the order found.
    """

    def __init__(self, faults: Iterable[Fault] | Fault) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]], dict[str, object]]:
        """Come back whole, faults, notes and all, from another process."""
        return type(self), (self.faults,), self.__dict__


class CrsError(InputError):
    """A layer without a CRS, or in degrees where metres are needed.

    Parameters
    ----------
    faults : iterable of Fault, or Fault
        Everything found wrong, in the order found.
    """


class StudyError(InputError):
    """A study file that breaks a rule.

    Parameters
    ----------
    faults : iterable of Fault, or Fault
        Everything found wrong, in the order found.
    """


class ReadError(BykoblingError, OSError):
    """A file that cannot be read: missing, truncated, of an unknown kind, or hostile."""


class OutputError(BykoblingError, OSError):
    """A result that cannot be written; results of an earlier run are untouched."""


class FetchError(BykoblingError, OSError):
    """A service that did not answer, or not usefully."""


class Cancelled(BykoblingError):  # noqa: N818 - not a failure: the user asked for it
    """The user stopped the run; nothing half-written is left."""
