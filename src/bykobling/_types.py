"""Types shared by every room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Mode = Literal["walk", "bike"]
BarrierKind = Literal["road", "railway", "water", "land", "user"]
Progress = Callable[[int, int, str], None]
"""Called as ``progress(done, total, message)``; raising :class:`bykobling.errors.Cancelled` in it stops the work."""


@dataclass(frozen=True)
class Profile:
    """How one kind of traveller moves.

    Parameters
    ----------
    mode : {"walk", "bike"}
        Which streets may be used.
    speed_kmh : float
        Speed on the level street.
    steps_speed_kmh : float
        Speed along the drawn line of steps (on foot; carrying for cyclists).
    max_snap_m : float
        A point farther than this from the network is unlinked.
    push_speed_kmh : float or None
        Speed at which cyclists push against a one-way street that may be walked; None: they never do.
    """

    mode: Mode
    speed_kmh: float
    steps_speed_kmh: float
    max_snap_m: float = 150.0
    push_speed_kmh: float | None = None

    @property
    def speed_m_s(self) -> float:
        """Speed in metres a second."""
        return self.speed_kmh / 3.6


WALKER = Profile(mode="walk", speed_kmh=4.8, steps_speed_kmh=2.4)
CYCLIST = Profile(mode="bike", speed_kmh=16.0, steps_speed_kmh=1.5)
PROFILES: dict[Mode, Profile] = {"walk": WALKER, "bike": CYCLIST}
