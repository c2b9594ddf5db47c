"""A timetable hung on the streets: where stops are entered, and the walks between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import Fault, InputError
from bykobling.network.reach import reach_table
from bykobling.timetable.model import RULE, UNKNOWN_WAY
from bykobling.transit.settings import TransitSettings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network.model import Network
    from bykobling.network.snapping import Snap
    from bykobling.timetable.model import Timetable


@dataclass(frozen=True, eq=False)
class TransitNetwork:
    """Streets on foot and a timetable, joined.

    Parameters
    ----------
    network : Network
        Streets on foot.
    timetable : Timetable
        One day.
    settings : TransitSettings
        Limits of a journey.
    links : Snap
        Where the ways into stops (`Timetable.link_stop`) meet the streets.
    stop_reason : array of str (S,)
        ``"ok"``, or why no street leads to a stop: ``"unlinked"``, ``"island"``. Vehicles call there all the same.
    walk_ptr, walk_to, walk_s : array of int64 (S + 1,), int32, int32
        Changes from each stop, to itself too: the seconds from getting off until one is ready to board.
    """

    network: Network
    timetable: Timetable
    settings: TransitSettings
    links: Snap
    stop_reason: NDArray[np.object_]
    walk_ptr: NDArray[np.int64]
    walk_to: NDArray[np.int32]
    walk_s: NDArray[np.int32]


def transit_network(
    network: Network,
    timetable: Timetable,
    *,
    settings: TransitSettings | None = None,
    progress: Progress | None = None,
) -> TransitNetwork:
    """Join a timetable to the streets.

    Parameters
    ----------
    network : Network
        Streets on foot.
    timetable : Timetable
        One day; see `timetable_from_feed`.
    settings : TransitSettings, optional
        Limits of a journey.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    TransitNetwork
        Stops outside the streets are kept, with the reason they are not linked.

    Raises
    ------
    InputError
        A network that is not for walking.
    """
    if network.mode != "walk":
        raise InputError(Fault("network", "mode", f"{network.mode!r} is not on foot", 'pass mode="walk"'))
    limits = settings or TransitSettings()
    links = stops_on(network, timetable, limits)
    walks = _changes(network, timetable, links, limits, progress)
    return TransitNetwork(network, timetable, limits, links, _reasons(timetable, links), *walks)


def stops_on(network: Network, timetable: Timetable, settings: TransitSettings) -> Snap:
    """Hang the stops of a timetable on streets.

    Parameters
    ----------
    network : Network
        Streets on foot.
    timetable : Timetable
        With the ways into its stops.
    settings : TransitSettings
        How far a street may be.

    Returns
    -------
    Snap
        One row a way in.
    """
    import geopandas as gpd  # noqa: PLC0415 - projects the stops alone

    places = gpd.GeoSeries(gpd.points_from_xy(timetable.link_lon, timetable.link_lat), crs=4326).to_crs(network.crs)
    return network.snap(places, max_snap_m=settings.max_snap_m)


def _reasons(timetable: Timetable, links: Snap) -> NDArray[np.object_]:
    """Say of each stop whether a street leads to it."""
    reason = np.full(timetable.stop_count, "unlinked", dtype=object)
    for kind in ("island", "ok"):  # one way in is enough
        reason[timetable.link_stop[links.reason == kind]] = kind
    return reason


def _changes(
    network: Network, timetable: Timetable, links: Snap, limits: TransitSettings, progress: Progress | None
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Work out every change: along streets, then what the feed tells, which holds before them."""
    stops, slack = timetable.stop_count, float(limits.board_slack_s)
    limit_s = limits.max_transfer_min * 60.0
    near = reach_table(network, links, links, limit_s, progress=progress)
    start, end = timetable.link_stop[near.origin].astype(np.int64), timetable.link_stop[near.dest].astype(np.int64)
    seconds = near.seconds + timetable.link_out_s[near.origin] + timetable.link_in_s[near.dest]
    kept = (seconds <= limit_s) & (start != end)
    itself = np.arange(stops)
    told = timetable.walk_kind
    guess = (told == UNKNOWN_WAY) & (timetable.walk_s <= limit_s)
    # the least rank of a pair holds, then the least time
    starts = np.concatenate([timetable.walk_from[told > UNKNOWN_WAY], start[kept], itself, timetable.walk_from[guess]])
    ends = np.concatenate([timetable.walk_to[told > UNKNOWN_WAY], end[kept], itself, timetable.walk_to[guess]])
    ready = np.concatenate(
        [
            (timetable.walk_s + np.where(told == RULE, 0.0, slack))[told > UNKNOWN_WAY],
            seconds[kept] + slack,
            np.full(stops, slack),
            timetable.walk_s[guess] + slack,
        ]
    )
    rank = np.repeat([0, 1, 1, 2], [int((told > UNKNOWN_WAY).sum()), int(kept.sum()), stops, int(guess.sum())])
    order = np.lexsort((ready, rank, ends, starts))
    starts, ends, ready = starts[order], ends[order], ready[order]
    chosen = np.concatenate([[True], (np.diff(starts) != 0) | (np.diff(ends) != 0)])[: len(starts)]
    chosen &= np.isfinite(ready)  # forbidden
    pointer = np.zeros(stops + 1, np.int64)
    np.cumsum(np.bincount(starts[chosen], minlength=stops), out=pointer[1:])
    return pointer, ends[chosen].astype(np.int32), whole_seconds(ready[chosen])


def whole_seconds(seconds: NDArray[np.floating]) -> NDArray[np.int32]:
    """Round up to whole seconds, forgiving what float32 adds: nobody catches a bus by a fraction.

    Parameters
    ----------
    seconds : array of float
        Finite, 0 or more.

    Returns
    -------
    array of int32
    """
    # in place: every home has its seconds to every place within the walk
    rounded = np.subtract(seconds, 1e-3, dtype=np.float64)
    return np.asarray(np.ceil(rounded, out=rounded).astype(np.int32))
