"""How far one walks and how often one changes."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bykobling.errors import Fault, InputError


@dataclass(frozen=True)
class TransitSettings:
    """Limits of a journey by public transport.

    Parameters
    ----------
    max_access_min, max_egress_min : float
        Longest walk to the first stop, and from the last.
    max_transfer_min : float
        Longest walk between two stops.
    max_walk_min : float
        Longest walk all the way; a journey on foot that is faster than the bus is what people do.
    max_trip_min : float
        Longest journey; at least `max_walk_min`.
    max_rides : int
        Most vehicles boarded; staying seated while a vehicle goes on as another trip is one ride.
    board_slack_s : int
        Seconds one must be at the stop before a departure (assumed); a transfer time of the feed includes it.
    whole_minutes : bool
        Whether travel times are rounded down to whole minutes.
    max_snap_m : float or None
        A stop farther from a street is not linked; None: as far as homes.
    """

    max_access_min: float = 15.0
    max_egress_min: float = 15.0
    max_transfer_min: float = 10.0
    max_walk_min: float = 60.0
    max_trip_min: float = 120.0
    max_rides: int = 4
    board_slack_s: int = 60
    whole_minutes: bool = False
    max_snap_m: float | None = None

    def __post_init__(self) -> None:
        """Check every limit."""
        faults = [
            Fault("TransitSettings", each.name, f"{getattr(self, each.name)} is below 0", "give 0 or more")
            for each in fields(self)
            if getattr(self, each.name) is not None and not getattr(self, each.name) >= 0
        ]
        if self.max_rides < 1:
            faults.append(Fault("TransitSettings", "max_rides", f"{self.max_rides} is no ride", "give 1 or more"))
        if self.max_walk_min > self.max_trip_min:
            rule = f"a walk of {self.max_walk_min:g} min is longer than a journey of {self.max_trip_min:g} min"
            faults.append(Fault("TransitSettings", "max_walk_min", rule, "give less, or raise max_trip_min"))
        if faults:
            raise InputError(faults)


R5_COMPATIBLE = TransitSettings(
    max_access_min=20.0,
    max_egress_min=20.0,
    max_transfer_min=1000.0 / 60.0,
    max_walk_min=120.0,
    max_trip_min=120.0,
    max_rides=3,
    board_slack_s=60,
    whole_minutes=True,
    max_snap_m=1600.0,
)
"""The rules of R5 at a walking speed of 1 m/s: a minute at every stop, whole minutes, transfers up to 1 km."""
