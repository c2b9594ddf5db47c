"""Several feeds in one: equal ids never meet, row numbers count on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.gtfs.model import Feed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_ID = {"stops": "stop_id", "routes": "route_id", "trips": "trip_id", "services": "service_id"}
_REFERENCES: dict[str, dict[str, str]] = {
    "stops": {"parent": "stops"},
    "routes": {},
    "trips": {"route": "routes", "service": "services"},
    "stop_times": {"trip": "trips", "stop": "stops"},
    "services": {},
    "exceptions": {"service": "services"},
    "frequencies": {"trip": "trips"},
    "transfers": {
        "from_stop": "stops", "to_stop": "stops", "from_route": "routes", "to_route": "routes",
        "from_trip": "trips", "to_trip": "trips",
    },
    "pathways": {"from_stop": "stops", "to_stop": "stops"},
}  # fmt: skip
"""Columns of each table that are row numbers, and of which table."""


def join_feeds(feeds: Sequence[Feed]) -> Feed:
    """Put feeds together; where there are several their ids are led by ``"1:"``, ``"2:"`` and so on.

    Parameters
    ----------
    feeds : sequence of Feed
        One or more, of one feed each.

    Returns
    -------
    Feed
    """
    if len(feeds) == 1:
        return feeds[0]
    before = {name: np.cumsum([0, *(len(getattr(feed, name)) for feed in feeds)]) for name in _ID}
    tables = {
        name: pd.concat(
            [
                _renamed(getattr(feed, name), name, number, {to: int(before[to][number]) for to in _ID})
                for number, feed in enumerate(feeds)
            ],
            ignore_index=True,
        )
        for name in _REFERENCES
    }
    return Feed(
        names=tuple(name for feed in feeds for name in feed.names),
        timezones=tuple(zone for feed in feeds for zone in feed.timezones),
        faults=tuple(fault for feed in feeds for fault in feed.faults),
        **tables,
    )


def _renamed(table: pd.DataFrame, name: str, number: int, before: dict[str, int]) -> pd.DataFrame:
    """Lead ids by the number of their feed, and count row numbers on."""
    changed: dict[str, NDArray[np.generic] | pd.Series[str]] = {}
    for column, to in _REFERENCES[name].items():
        rows = table[column].to_numpy()
        changed[column] = np.where(rows < 0, -1, rows + before[to]).astype(np.int32)
    if name in _ID:
        changed[_ID[name]] = f"{number + 1}:" + table[_ID[name]]
        changed["feed"] = np.full(len(table), number, np.int16)
    if name == "trips":
        changed["block"] = (f"{number + 1}:" + table["block"]).where(table["block"] != "", "")
    return table.assign(**changed)
