"""Severance: how cut off, by what, and where along each barrier."""

from __future__ import annotations

from bykobling.severance.circuity import detour_index, detour_summary
from bykobling.severance.detour import crossing_detour
from bykobling.severance.effect import BarrierEffect, barrier_effect
from bykobling.severance.entries import IndependentEntries, independent_entries
from bykobling.severance.environment import spc
from bykobling.severance.factor import barrier_factor
from bykobling.severance.fields import category_weights
from bykobling.severance.near_far import NearButFar, near_but_far
from bykobling.severance.pieces import division_index, enclosure
from bykobling.severance.spacing import area_crossing_spacing, crossing_spacing
from bykobling.severance.traffic import match_aadt
from bykobling.severance.waiting import crossing_delay

__all__ = [
    "BarrierEffect",
    "IndependentEntries",
    "NearButFar",
    "area_crossing_spacing",
    "barrier_effect",
    "barrier_factor",
    "category_weights",
    "crossing_delay",
    "crossing_detour",
    "crossing_spacing",
    "detour_index",
    "detour_summary",
    "division_index",
    "enclosure",
    "independent_entries",
    "match_aadt",
    "near_but_far",
    "spc",
]
