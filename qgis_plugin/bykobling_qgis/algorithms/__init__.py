"""The algorithms, one a verb."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .assess_connections import AssessConnections
from .barrier_effect import BarrierEffect
from .barrier_map import BarrierMap
from .check_data import CheckData
from .find_connections import FindConnections
from .isochrone import Isochrone
from .noise_exposure import NoiseExposure
from .noise_screening import NoiseScreening
from .profile import Profile
from .run_study import RunStudy
from .transit_access import TransitAccess

if TYPE_CHECKING:
    from .base import BykoblingAlgorithm


def all_algorithms() -> list[BykoblingAlgorithm]:
    """Make one of each."""
    kinds = (
        CheckData, Profile, BarrierMap, BarrierEffect, TransitAccess, Isochrone, NoiseExposure, NoiseScreening,
        RunStudy, FindConnections, AssessConnections,
    )  # fmt: skip
    return [kind() for kind in kinds]
