"""What is wrong with a modification, told with its place in the scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.errors import Fault

if TYPE_CHECKING:
    from bykobling.errors import Severity


@dataclass(frozen=True)
class Found:
    """A fault, and what kind of fault it is.

    Parameters
    ----------
    number : int
        Modification, from 1.
    code : str
        Faults of one code in the networks of two modes are weighed against each other.
    fault : Fault
        In words.
    """

    number: int
    code: str
    fault: Fault


@dataclass(frozen=True)
class Where:
    """Which modification of which scenario.

    Parameters
    ----------
    scenario : str
        Name of the scenario; may be empty.
    number : int
        From 1.
    name : str
        Name of the modification; may be empty.
    """

    scenario: str
    number: int
    name: str

    @property
    def text(self) -> str:
        """Number and name in words."""
        return f"modification {self.number}" + (f" ({self.name})" if self.name else "")

    def found(self, code: str, rule: str, remedy: str, severity: Severity = "error") -> Found:
        """Tell a fault of this modification.

        Parameters
        ----------
        code : str
            Its kind.
        rule, remedy, severity : str
            As in `Fault`.

        Returns
        -------
        Found
        """
        fault = Fault(self.scenario or "scenario", self.text, rule, remedy, severity)
        return Found(self.number, code, fault)
