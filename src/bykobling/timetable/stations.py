"""Where stops meet the street, and the ways inside stations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.gtfs.model import Feed

_PLATFORM, _ENTRANCE = 0, 2


@dataclass(frozen=True, eq=False)
class StationWays:
    """Ways between streets and platforms, and between the platforms of a station; stops by row in the feed.

    Parameters
    ----------
    links : DataFrame
        ``stop``, ``lon``, ``lat``, ``in_s``, ``out_s``.
    walks : DataFrame
        ``from_stop``, ``to_stop``, ``seconds``.
    """

    links: pd.DataFrame
    walks: pd.DataFrame


def station_ways(feed: Feed, used: NDArray[np.int64]) -> StationWays:
    """Find where stops are entered.

    A stop of a station with pathways is entered through the entrances they lead from; any other at its own place.

    Parameters
    ----------
    feed : Feed
        Stops and pathways.
    used : array of int64
        Rows of the stops that matter.

    Returns
    -------
    StationWays
    """
    stops, paths = feed.stops, feed.pathways
    own = pd.DataFrame({"stop": used, "lon": stops["lon"].to_numpy()[used], "lat": stops["lat"].to_numpy()[used]})
    own = own.assign(in_s=0.0, out_s=0.0)
    none = pd.DataFrame({"from_stop": [], "to_stop": [], "seconds": []}).astype({"from_stop": int, "to_stop": int})
    if paths.empty:
        return StationWays(own, none)
    both = paths[paths["bidirectional"].to_numpy(bool)]
    tail = np.concatenate([paths["from_stop"], both["to_stop"]])
    head = np.concatenate([paths["to_stop"], both["from_stop"]])
    # scipy takes a stored 0 for no edge at all
    seconds = np.maximum(np.concatenate([paths["seconds"], both["seconds"]]), 1e-6)
    # a platform and its boarding areas are one place
    areas = np.flatnonzero(stops["location_type"].to_numpy() == 4)
    parent = stops["parent"].to_numpy(np.int64)[areas]
    tail, head = np.concatenate([tail, areas, parent]), np.concatenate([head, parent, areas])
    seconds = np.concatenate([seconds, np.full(2 * len(areas), 1e-6)])
    order = np.lexsort((seconds, head, tail))
    tail, head, seconds = tail[order], head[order], seconds[order]
    least = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])
    graph = coo_array((seconds[least], (tail[least], head[least])), shape=(len(stops), len(stops))).tocsr()
    on_path = np.zeros(len(stops), bool)
    on_path[tail] = on_path[head] = True
    inside = used[on_path[used]]
    doors = np.flatnonzero(on_path & (stops["location_type"].to_numpy() == _ENTRANCE))
    into = dijkstra(graph, indices=doors).reshape(len(doors), len(stops))[:, inside]
    across = dijkstra(graph, indices=inside).reshape(len(inside), len(stops))
    out = across[:, doors].T
    door, stop = np.nonzero(np.isfinite(into) | np.isfinite(out))
    entered = pd.DataFrame(
        {
            "stop": inside[stop],
            "lon": stops["lon"].to_numpy()[doors[door]],
            "lat": stops["lat"].to_numpy()[doors[door]],
            "in_s": np.round(into[door, stop], 3),
            "out_s": np.round(out[door, stop], 3),
        }
    )
    ways = across[:, inside]
    one, other = np.nonzero(np.isfinite(ways) & ~np.eye(len(inside), dtype=bool))
    walks = pd.DataFrame({"from_stop": inside[one], "to_stop": inside[other], "seconds": np.round(ways[one, other], 3)})
    links = pd.concat([own[~own["stop"].isin(entered["stop"])], entered], ignore_index=True)
    return StationWays(links.sort_values("stop", kind="stable", ignore_index=True), walks)
