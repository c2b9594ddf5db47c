"""What is made: raw GTFS tables, and what was assumed in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from bykobling.errors import Fault


@dataclass(frozen=True, eq=False)
class MadeFeed:
    """A timetable made from OSM lines; nothing in it about times is published by anybody.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Raw GTFS tables by name (``stops``, ``stop_times``, ...), as the files hold them.
    lines : DataFrame
        One row a trip: ``trip_id ref name mode direction stops km minutes headway_min interval_tagged
        duration_tagged reversed one_way straight_share`` (of the length, where the ways do not connect).
    assumptions : tuple of str
        Sentences to show beside everything computed from the feed.
    faults : tuple of Fault
        Warnings: what was left out, broken or read backwards.
    """

    tables: dict[str, pd.DataFrame]
    lines: pd.DataFrame
    assumptions: tuple[str, ...]
    faults: tuple[Fault, ...]
