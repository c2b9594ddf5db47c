"""Seconds a new way takes beyond its length: one table for those who look for ways and those who draw them."""

from __future__ import annotations

CLIMB_S: dict[str, float] = {
    # 5 m of clearance at 5 % take 100 m of ramp each side, most of it on the way: slope and detour add this
    "bridge": 15.0,
    # down and up 3 m, some half of a bridge's climb
    "underpass": 10.0,
    # climbing a ramp of 5 % on fill
    "ramp": 10.0,
    "path": 0.0,
    # the speed on steps tells what they cost
    "stairs": 0.0,
}
"""Seconds lost on a new way of each kind, on foot and by bicycle, in either direction. Every value is assumed."""
