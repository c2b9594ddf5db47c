"""The moments a journey may begin, or end."""

from __future__ import annotations

from dataclasses import dataclass

from bykobling.errors import Fault, InputError

_DAY_S = 86_400


@dataclass(frozen=True)
class Window:
    """The moments one may leave, or wants to be there.

    Parameters
    ----------
    first : str
        First moment on the clock, ``"HH:MM"``.
    minutes : float
        Length; moments lie in ``[first, first + minutes)``.
    every_s : int
        Seconds between them.
    arrive_by : bool
        Whether they are the times to be there.
    """

    first: str = "08:00"
    minutes: float = 60.0
    every_s: int = 60
    arrive_by: bool = False

    def __post_init__(self) -> None:
        """Check the length and the step."""
        faults = []
        if not 0 < self.minutes * 60 <= _DAY_S:
            rule = f"{self.minutes} minutes are not between 0 and a day"
            faults.append(Fault("window", "minutes", rule, "give e.g. 60"))
        if self.every_s < 1 or int(self.every_s) != self.every_s:
            faults.append(Fault("window", "every_s", f"{self.every_s} is no whole number above 0", "give e.g. 60"))
        if faults:
            raise InputError(faults)

    @property
    def count(self) -> int:
        """Number of moments."""
        return int(-(-self.minutes * 60 // self.every_s))
