"""When an assumed line is where, and how often it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling._globe import metres_between

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from bykobling.made_feed.settings import Settings

STREET_FACTOR = 1.3
"""Where the ways of a line do not connect: the usual length of streets over the straight line."""
_LEAST_LEG_S = 1.0
_FASTER, _SLOWER = 4.0, 0.25
"""A tagged duration that makes a line this much faster or slower than assumed is a slip of the pen."""


@dataclass(frozen=True)
class Run:
    """The run of one line, from 0 s at its first stop.

    Parameters
    ----------
    arrival_s, departure_s : array of int
        One a call.
    metres, straight_m : float
        Length of the run, and how much of it was taken as straight line times `STREET_FACTOR`.
    duration_used, duration_refused : bool
        Whether the tagged duration decided; whether there was one that could not be.
    """

    arrival_s: NDArray[np.int64]
    departure_s: NDArray[np.int64]
    metres: float
    straight_m: float
    duration_used: bool
    duration_refused: bool


def run_times(calls: pd.DataFrame, *, speed_kmh: float, dwell_s: float, duration_min: float, whole: bool) -> Run:
    """Time one line.

    ``leg / speed`` from stop to stop and `dwell_s` at each stop between the first and the last; all of it stretched
    to the tagged duration where there is one.

    Parameters
    ----------
    calls : DataFrame
        Calls of one line in order, as in `OsmLines`.
    speed_kmh, dwell_s : float
        From one stop to the next, and at each stop.
    duration_min : float
        As tagged, NaN where it is not.
    whole : bool
        Whether all stops of the line are in the file: else the duration is that of a longer run.

    Returns
    -------
    Run
    """
    lon, lat = calls["lon"].to_numpy(), calls["lat"].to_numpy()
    along = calls["leg_m"].to_numpy()[1:]
    straight = STREET_FACTOR * metres_between(lon[:-1], lat[:-1], lon[1:], lat[1:])
    leg_m = np.where(np.isnan(along), straight, along)
    leg_s = np.maximum(leg_m / (speed_kmh / 3.6), _LEAST_LEG_S)
    stand_s = np.full(len(leg_s), dwell_s)
    stand_s[-1] = 0.0
    assumed_s = float(leg_s.sum() + stand_s.sum())
    stretch = duration_min * 60 / assumed_s
    use = whole and _SLOWER <= 1 / stretch <= _FASTER
    if use:
        leg_s, stand_s = np.maximum(leg_s * stretch, _LEAST_LEG_S), stand_s * stretch
    # always rounded the same way, so legs of a second or more never vanish
    arrival = np.floor(np.cumsum(leg_s) + np.concatenate([[0.0], np.cumsum(stand_s)[:-1]]) + 0.5)
    departure = np.floor(np.cumsum(leg_s) + np.cumsum(stand_s) + 0.5)
    return Run(
        arrival_s=np.concatenate([[0], arrival]).astype(np.int64),
        departure_s=np.concatenate([[0], departure]).astype(np.int64),
        metres=float(leg_m.sum()),
        straight_m=float(leg_m[np.isnan(along)].sum()),
        duration_used=use,
        duration_refused=not use and not np.isnan(duration_min),
    )


def departures(lines: pd.DataFrame, settings: Settings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Tell how often each line runs and how long after the start its first departure is.

    A tagged interval is that of the run it stands on. An assumed headway is that of the whole line in one direction:
    its variants share it and take turns.

    Parameters
    ----------
    lines : DataFrame
        As in `OsmLines`.
    settings : Settings
        Assumed headways.

    Returns
    -------
    tuple of array
        Headway and delay of the first departure, both in minutes.
    """
    tagged = lines["interval_min"].to_numpy()
    assumed = lines["mode"].map(settings.headway_min).to_numpy(dtype=float)
    sharing = lines[np.isnan(tagged)].groupby(["group", "direction"])
    variants = sharing["mode"].transform("size").reindex(lines.index, fill_value=1).to_numpy()
    turn = sharing.cumcount().reindex(lines.index, fill_value=0).to_numpy()
    headway = np.where(np.isnan(tagged), assumed * variants, tagged)
    # with more variants than departures in a day some start together
    return headway, (assumed * turn) % ((settings.end_s - settings.start_s) / 60)
