"""Travel times by public transport as matrices, as shards on disk, and as sums of what is within reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import weights as check_weights
from bykobling._kernels import transit as kernels
from bykobling.errors import Fault, InputError
from bykobling.transit.ends import access_rows
from bykobling.transit.search import Task, blocks, ranks_of, searcher
from bykobling.transit.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network.links import Links
    from bykobling.network.snapping import Snap
    from bykobling.transit.network import TransitNetwork

MEDIAN = (50.0,)


@dataclass(frozen=True, eq=False)
class TransitTimes:
    """Travel times door to door.

    Parameters
    ----------
    minutes : array of float32 (O, D, P)
        NaN where more than that share of the departures do not arrive within the longest journey.
    percentiles : tuple of float
        Of the departures, fastest first; P of them.
    origin_reason, destination_reason : array of str
        ``"ok"``, or why nothing is reached: ``"unlinked"``, ``"island"``.
    no_service : array of bool (O,)
        Origins from which no stop with a departure in the window is within the walk.
    """

    minutes: NDArray[np.float32]
    percentiles: tuple[float, ...]
    origin_reason: NDArray[np.object_]
    destination_reason: NDArray[np.object_]
    no_service: NDArray[np.bool_]

    def at(self, percentile: float) -> NDArray[np.float32]:
        """Take one percentile.

        Parameters
        ----------
        percentile : float
            One of `percentiles`.

        Returns
        -------
        array of float32 (O, D)
            Minutes.
        """
        if percentile not in self.percentiles:
            rule = f"{percentile:g} is not among {', '.join(f'{p:g}' for p in self.percentiles)}"
            raise InputError(Fault("percentile", "", rule, "ask for it when the times are made"))
        return self.minutes[:, :, self.percentiles.index(percentile)]

    def reasons(self) -> NDArray[np.object_]:
        """Say of every pair why it has no time.

        Returns
        -------
        array of str (O, D)
            ``"ok"``; ``"unlinked"`` or ``"island"``: an end hangs on no street; ``"no_service"``: no stop with a
            departure is near the origin, and it is too far to walk; ``"beyond_limit"``.
        """
        reason = np.full(self.minutes.shape[:2], "ok", dtype=object)
        missing = np.isnan(self.minutes).all(axis=2)
        reason[missing] = "beyond_limit"
        reason[missing & self.no_service[:, None]] = "no_service"
        for kind in ("island", "unlinked"):
            reason[missing & (self.destination_reason == kind)[None, :]] = kind
            reason[missing & (self.origin_reason == kind)[:, None]] = kind
        return reason


def transit_travel_time(
    transit: TransitNetwork,
    origins: Snap,
    destinations: Snap | Links,
    *,
    window: Window | None = None,
    percentiles: Sequence[float] = MEDIAN,
    progress: Progress | None = None,
) -> TransitTimes:
    """Find travel times door to door, waiting included, over every departure of a window.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    origins : Snap
        O places on the network of `transit`.
    destinations : Snap or Links
        D places on it (a Snap where the window tells arrivals).
    window : Window, optional
        Departures, or arrivals with ``arrive_by=True``; 08:00 to 09:00, one a minute, by default.
    percentiles : sequence of float
        Ascending.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    TransitTimes
        For each departure the earliest arrival is exact, within the limits of the settings; where walking all the
        way is faster, that counts.

    Notes
    -----
    Range RAPTOR over the departures (Delling, Pajor, Werneck 2015, https://doi.org/10.1287/trsc.2014.0534), from the
    last to the first.
    """
    moments = window or Window()
    ranks = ranks_of(percentiles, moments.count)
    near, far = (destinations, origins) if moments.arrive_by else (origins, destinations)
    seconds = np.empty((len(near), len(far), len(ranks)), np.float32)
    task = Task(kernels.percentiles, seconds.shape[1:], (ranks,))
    answers = blocks(searcher(transit, moments), origins, destinations, task, progress=progress)
    for start, stop, part in answers:
        seconds[start:stop] = part
    if moments.arrive_by:
        seconds = np.ascontiguousarray(seconds.transpose(1, 0, 2))
    return TransitTimes(
        minutes=as_minutes(seconds, whole=transit.settings.whole_minutes),
        percentiles=tuple(float(p) for p in percentiles),
        origin_reason=origins.reason,
        destination_reason=destinations.reason,
        no_service=without_service(transit, origins, moments),
    )


def travel_time_every_departure(
    transit: TransitNetwork,
    origins: Snap,
    destinations: Snap | Links,
    *,
    window: Window | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Find the travel time of every single departure (or arrival).

    Parameters
    ----------
    transit, origins, destinations, window, progress : object
        As for `transit_travel_time`.

    Returns
    -------
    array of float32 (O, D, W)
        Seconds; inf where not within the longest journey.
    """
    moments = window or Window()
    count = len(origins) if moments.arrive_by else len(destinations)
    task = Task(kernels.every_departure, (count, moments.count))
    answers = blocks(searcher(transit, moments), origins, destinations, task, progress=progress, block=64)
    found = [part for _, _, part in answers]
    seconds = np.concatenate(found) if found else np.empty((0, count, moments.count), np.float32)
    if moments.arrive_by:
        # time was turned round: the first departure is the last arrival
        seconds = np.ascontiguousarray(seconds.transpose(1, 0, 2)[:, :, ::-1])
    return seconds


def transit_opportunities(
    transit: TransitNetwork,
    origins: Snap,
    destinations: Snap | Links,
    weights: ArrayLike,
    *,
    cutoffs_min: Sequence[float] = (30.0, 45.0, 60.0),
    percentile: float = 50.0,
    window: Window | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Add up what is within reach by public transport at a share of the departures.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    origins : Snap
        O places on the network of `transit`.
    destinations : Snap or Links
        D places on it.
    weights : array of float (D,) or (D, F)
        How much each destination counts, in one field or several.
    cutoffs_min : sequence of float
        Inclusive, minutes.
    percentile : float
        Of the departures; 50: half of them arrive within the cut-off.
    window : Window, optional
        Departures; 08:00 to 09:00, one a minute, by default.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    array of float64 (O, C, F)
        NaN for origins that hang on no street. The matrix of travel times is never held.
    """
    moments = window or Window()
    given = np.asarray(weights, np.float64)
    wide = given[:, None] if given.ndim == 1 else given
    faults = []
    if wide.ndim != 2 or len(wide) != len(destinations):
        rule = f"their shape is {given.shape} for {len(destinations)} destinations"
        faults.append(Fault("weights", "", rule, "give one row a destination, one column a field"))
    else:
        for field in range(wide.shape[1]):
            faults += check_weights(pd.Series(wide[:, field], name=f"field {field}"), file="weights")
    cutoff_s = np.asarray(cutoffs_min, np.float64) * 60.0
    if not ((cutoff_s > 0) & (cutoff_s <= transit.settings.max_trip_min * 60)).all():
        rule = (
            f"{list(cutoffs_min)} are not all between 0 and the longest journey, {transit.settings.max_trip_min:g} min"
        )
        faults.append(Fault("cutoffs_min", "", rule, "give less, or raise max_trip_min in the settings"))
    if moments.arrive_by:
        faults.append(Fault("window", "arrive_by", "sums are made for departures", "give a window of departures"))
    if faults:
        raise InputError(faults)
    options = (
        int(ranks_of((percentile,), moments.count)[0]),
        np.ascontiguousarray(cutoff_s, np.float32),
        np.ascontiguousarray(wide, np.float64),
    )
    task = Task(kernels.opportunities, (len(cutoff_s), wide.shape[1]), options)
    result = np.full((len(origins), *task.shape), np.nan)
    for start, stop, part in blocks(searcher(transit, moments), origins, destinations, task, progress=progress):
        result[start:stop] = part
    result[~origins.linked] = np.nan
    return result


def as_minutes(seconds: NDArray[np.float32], *, whole: bool) -> NDArray[np.float32]:
    """Turn seconds into minutes, NaN where not reached.

    Parameters
    ----------
    seconds : array of float32
        Inf where not reached.
    whole : bool
        Whether to round down.

    Returns
    -------
    array of float32
    """
    minutes: NDArray[np.float32] = np.where(np.isfinite(seconds), seconds / np.float32(60), np.float32(np.nan))
    return np.floor(minutes) if whole else minutes


def without_service(transit: TransitNetwork, origins: Snap, window: Window) -> NDArray[np.bool_]:
    """Find origins from which no stop with a departure in the window is within the walk.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    origins : Snap
        Places.
    window : Window
        Departures, until the longest journey after the last.

    Returns
    -------
    array of bool (O,)
    """
    calls = transit.timetable.calls()
    first = transit.timetable.seconds_at(window.first)
    last = first + window.minutes * 60
    most = transit.settings.max_trip_min * 60
    begin, end = (first - most, last) if window.arrive_by else (first, last + most)
    is_last = calls["trip"] != calls["trip"].shift(-1)
    leaving = calls["pickup"] & ~is_last & (calls["departure_s"] >= begin) & (calls["departure_s"] <= end)
    served = np.zeros(transit.timetable.stop_count, bool)
    served[calls["stop"][leaving]] = True
    pointer, stop, _ = access_rows(transit, origins)
    row = np.repeat(np.arange(len(origins)), np.diff(pointer))
    reached: NDArray[np.int64] = np.bincount(row[served[stop]], minlength=len(origins))
    return np.asarray(reached == 0)
