"""Where receivers stand in front of facades."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bykobling.errors import Fault
from bykobling.exposure.receivers import LEAST_OFFSET_M, SPACING_M
from bykobling.raster.sample import NEAR_M

if TYPE_CHECKING:
    from bykobling.raster.model import NoiseLevels


@dataclass(frozen=True)
class FacadeRules:
    """How levels are told at facades.

    Parameters
    ----------
    offset_m : float or None
        Receivers stand this far from the facade; None: 0.1 m, or half a cell of a raster, so that the cell read is
        one outside.
    spacing_m : float
        There is a receiver at least every so many metres.
    reflection_db : float
        Taken off the levels of a map that holds the reflection from the facade itself (3 dB); 0 where it tells free
        field levels.
    near_m : float
        A home, or a dwelling with a level of its own, belongs to the building it lies in, else to the nearest
        within this.
    """

    offset_m: float | None = None
    spacing_m: float = SPACING_M
    reflection_db: float = 0.0
    near_m: float = NEAR_M

    def faults(self) -> list[Fault]:
        """Find numbers out of bounds.

        Returns
        -------
        list of Fault
            One a number.
        """
        found = []
        offset = LEAST_OFFSET_M if self.offset_m is None else self.offset_m
        for name, value, least in (
            ("offset_m", offset, 1e-3),
            ("spacing_m", self.spacing_m, 0.1),
            ("reflection_db", self.reflection_db, 0.0),
            ("near_m", self.near_m, 0.0),
        ):
            if not (math.isfinite(value) and value >= least):
                found.append(Fault(name, "", f"{value!r} is below {least:g} or no number", "give a larger one"))
        return found

    def offset_for(self, levels: NoiseLevels) -> float:
        """Return the metres between facade and receiver.

        Parameters
        ----------
        levels : NoiseLevels
            The map.

        Returns
        -------
        float
            Metres.
        """
        return max(LEAST_OFFSET_M, levels.cell_m / 2) if self.offset_m is None else self.offset_m


DEFAULT_RULES = FacadeRules()
