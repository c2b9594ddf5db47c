"""The three parts of the day, and the level that weighs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import Fault, InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

PENALTY_DB = (0.0, 5.0, 10.0)
"""What the evening and the night weigh more than the day, dB (Directive 2002/49/EC, Annex I)."""


@dataclass(frozen=True)
class NoiseHours:
    """When day, evening and night begin.

    Parameters
    ----------
    day_from, evening_from, night_from : int
        Full hours, in this order within one day.

    Examples
    --------
    >>> NoiseHours(7, 19, 22).lengths_h
    (12, 3, 9)
    """

    day_from: int = 7
    evening_from: int = 19
    night_from: int = 23

    def __post_init__(self) -> None:
        """Refuse hours out of order."""
        fine = 0 <= self.day_from < self.evening_from < self.night_from <= 24
        if not fine or self.night_from - self.day_from == 24:
            rule = f"day, evening and night begin at {self.day_from}, {self.evening_from} and {self.night_from}"
            raise InputError(
                Fault("hours", "", rule, "give three full hours in this order, from 0 to 24, that leave a night")
            )

    @property
    def lengths_h(self) -> tuple[int, int, int]:
        """Hours of day, evening and night."""
        day, evening = self.evening_from - self.day_from, self.night_from - self.evening_from
        return day, evening, 24 - day - evening

    @property
    def of_hour(self) -> NDArray[np.int64]:
        """For each of 24 hours its part of the day: 0 day, 1 evening, 2 night."""
        hour = np.arange(24)
        evening = (hour >= self.evening_from) & (hour < self.night_from)
        day = (hour >= self.day_from) & (hour < self.evening_from)
        return np.where(day, 0, np.where(evening, 1, 2))

    @property
    def weights(self) -> NDArray[np.float64]:
        """Weights of the energies of day, evening and night in Lden, penalties included."""
        return np.array(self.lengths_h, float) / 24.0 * 10.0 ** (np.array(PENALTY_DB) / 10.0)


END_HOURS = NoiseHours(7, 19, 23)
"""12, 4 and 8 hours: the default of Directive 2002/49/EC."""

DANISH_HOURS = NoiseHours(7, 19, 22)
"""12, 3 and 9 hours, as in Denmark."""


def lden(
    day_db: ArrayLike, evening_db: ArrayLike, night_db: ArrayLike, *, hours: NoiseHours = END_HOURS
) -> NDArray[np.float64]:
    """Weigh the levels of day, evening and night to the day-evening-night level.

    Parameters
    ----------
    day_db, evening_db, night_db : array of float
        A-weighted levels, dB; minus infinity for silence.
    hours : NoiseHours
        Their lengths.

    Returns
    -------
    array of float
        dB.

    Notes
    -----
    ``10 lg[(hd 10^(Ld/10) + he 10^((Le+5)/10) + hn 10^((Ln+10)/10)) / 24]``, Directive 2002/49/EC, Annex I.

    Examples
    --------
    >>> round(float(lden(60.0, 60.0, 60.0)), 2)
    66.4
    >>> round(float(lden(60.0, 60.0, 60.0, hours=DANISH_HOURS)), 2)
    66.67
    """
    levels = np.stack(np.broadcast_arrays(*(np.asarray(part, float) for part in (day_db, evening_db, night_db))))
    weights = hours.weights.reshape(3, *[1] * (levels.ndim - 1))
    with np.errstate(divide="ignore"):
        return np.asarray(10.0 * np.log10((weights * 10.0 ** (levels / 10.0)).sum(axis=0)))
