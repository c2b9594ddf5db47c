"""Severance: how cut off, by what, and where along each barrier."""

from __future__ import annotations

from bykobling.severance.detour import crossing_detour
from bykobling.severance.effect import BarrierEffect, barrier_effect
from bykobling.severance.fields import category_weights

__all__ = ["BarrierEffect", "barrier_effect", "category_weights", "crossing_detour"]
