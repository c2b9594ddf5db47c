"""Stops, the stations they belong to, and the ways inside those."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.gtfs.references import Ids, first_of_each, link

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.gtfs.ledger import Ledger, Sheet

PLATFORM, STATION, ENTRANCE, NODE, BOARDING = range(5)
_TYPE_OF_PARENT = np.array([STATION, -1, STATION, STATION, PLATFORM], np.int8)
"""By location_type; a station has none."""
_NEEDS_PARENT = np.array([False, False, True, True, True])
_NEEDS_PLACE = np.array([True, True, True, False, False])
_NULL_ISLAND_DEGREES = 1e-6

PATHWAY_M_S = 1.0
"""Walking speed inside stations, slow for the turns and the crowd (assumed)."""
STAIR_S = 0.6
"""Seconds a step of stairs (assumed)."""
PATHWAY_S = np.array([0.0, 30.0, 30.0, 30.0, 30.0, 60.0, 5.0, 5.0])
"""Seconds, by mode, of a pathway without time, length or steps (assumed): a lift's include the wait for it."""
_STAIRS, _LIFT, _FARE_GATE, _EXIT_GATE = 2, 5, 6, 7


def read_stops(sheet: Sheet, ledger: Ledger) -> tuple[pd.DataFrame, Ids]:
    """Check stops and find their parents.

    Parameters
    ----------
    sheet : Sheet
        stops.txt.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    table : DataFrame
        ``stop_id stop_name lon lat location_type parent``, every stop with a place.
    ids : Ids
        What references may name.
    """
    sheet = _placed(first_of_each(sheet, ["stop_id"], ledger), ledger)
    sheet = _with_sound_parents(sheet, ledger)
    ids = Ids("stops.txt", sheet.rows["stop_id"].tolist(), sheet.ids)
    parent = ids.find(sheet.rows["parent_station"])[0]
    lon, lat = (sheet.rows[name].to_numpy(copy=True) for name in ("stop_lon", "stop_lat"))
    nowhere = np.isnan(lon) | np.isnan(lat)
    lon[nowhere], lat[nowhere] = lon[parent[nowhere]], lat[parent[nowhere]]
    table = pd.DataFrame(
        {
            "stop_id": sheet.rows["stop_id"].array,
            "stop_name": sheet.rows["stop_name"].array,
            "lon": lon,
            "lat": lat,
            "location_type": sheet.rows["location_type"].to_numpy(np.int8),
            "parent": parent,
        }
    )
    return table, ids


def _placed(sheet: Sheet, ledger: Ledger) -> Sheet:
    """Leave out stops without a believable place."""
    lon, lat = sheet.rows["stop_lon"].to_numpy(), sheet.rows["stop_lat"].to_numpy()
    needed = _NEEDS_PLACE[sheet.rows["location_type"].to_numpy(np.int64)]
    nowhere = (np.isnan(lon) | np.isnan(lat)) & needed
    null = (np.abs(lon) < _NULL_ISLAND_DEGREES) & (np.abs(lat) < _NULL_ISLAND_DEGREES)
    names = sheet.rows["stop_id"]
    ledger.note(sheet, nowhere, "the stop has no stop_lat or no stop_lon", "give it its place", names[nowhere])
    ledger.note(sheet, null, "the stop lies at 0, 0, off the coast of Africa", "give it its place", names[null])
    return sheet.without(nowhere | null)


def _with_sound_parents(sheet: Sheet, ledger: Ledger) -> Sheet:
    """Blank the parents that cannot be; stops that cannot do without one are left out."""
    names = sheet.rows["stop_id"]
    kind = sheet.rows["location_type"].to_numpy(np.int64)
    parent, unknown, lost = Ids("stops.txt", names.tolist(), sheet.ids).find(sheet.rows["parent_station"])
    looping = _leads_to_loop(parent)
    unfit = (parent >= 0) & ~looping & (kind[parent] != _TYPE_OF_PARENT[kind])
    blank = sheet.rows["parent_station"].isna().to_numpy() & _NEEDS_PARENT[kind]
    done = "the parent taken away, entrances and the like left out"
    for bad, rule, remedy, values in (
        (unknown, "parent_station names no stop", "correct it or add the station", sheet.rows["parent_station"]),
        (looping, "following parent_station from the stop never ends", "leave it blank for stations", names),
        (unfit, "parent_station is not what the stop needs (station, platform for boarding areas, none for stations)",
         "correct it or the location_type", names),
        (blank, "a stop with location_type 2, 3 or 4 needs a parent_station", "name its station", names),
    ):  # fmt: skip
        ledger.note(sheet, bad, rule, remedy, values[bad], done=done)
    ledger.warn(sheet, lost & ~_NEEDS_PARENT[kind], "parent_station was left out, so the stop has none",
                "correct the rows named above", into=ledger.lost)  # fmt: skip
    bad = unknown | looping | unfit | blank
    own = sheet.rows["parent_station"].mask(bad | lost)
    sheet = replace(sheet, rows=sheet.rows.assign(parent_station=own))
    gone, orphan = bad & _NEEDS_PARENT[kind], lost & _NEEDS_PARENT[kind]
    return ledger.follow(sheet.without(gone), orphan[~gone], "parent_station names a stop that was left out")


def _leads_to_loop(parent: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which stops never reach one without a parent: double the steps until all that can have."""
    ahead = np.append(parent, -1)
    for _ in range(len(parent).bit_length() + 1):
        ahead = ahead[ahead]
    return ahead[:-1] >= 0


def read_pathways(sheet: Sheet, stops: Ids, ledger: Ledger) -> pd.DataFrame:
    """Read the ways inside stations and how long they take.

    Seconds are the ``traversal_time``; else the ``length`` at `PATHWAY_M_S`, for stairs at least `STAIR_S` a step;
    else, with a warning, `PATHWAY_S` by mode; so do lifts and gates, whose length says nothing of the wait.

    Parameters
    ----------
    sheet : Sheet
        pathways.txt.
    stops : Ids
        What its ends may name.
    ledger : Ledger
        Where faults are noted.

    Returns
    -------
    DataFrame
        ``from_stop to_stop seconds bidirectional mode``.
    """
    sheet = link(sheet, {"from_stop_id": stops, "to_stop_id": stops}, ledger)
    rows = sheet.rows
    mode = rows["pathway_mode"].to_numpy(np.int64)
    told = rows["traversal_time"].to_numpy()
    by_length = rows["length"].to_numpy() / PATHWAY_M_S
    steps = np.where(mode == _STAIRS, np.abs(rows["stair_count"].to_numpy()) * STAIR_S, np.nan)
    walked = np.fmax(by_length, steps)
    walked = np.where(np.isin(mode, [_LIFT, _FARE_GATE, _EXIT_GATE]), np.nan, walked)
    assumed = np.isnan(told) & np.isnan(walked)
    rule = (
        "neither traversal_time nor length tells how long the pathway takes; assumed by its mode "
        "(a lift 60 s, a gate 5 s, all others 30 s)"
    )
    ledger.warn(sheet, assumed, rule, "add traversal_time")
    seconds = np.where(np.isnan(told), np.where(np.isnan(walked), PATHWAY_S[mode], walked), told)
    return pd.DataFrame(
        {
            "from_stop": rows["from_stop"].to_numpy(),
            "to_stop": rows["to_stop"].to_numpy(),
            "seconds": seconds.astype(np.float64),
            "bidirectional": rows["is_bidirectional"].to_numpy() == 1,
            "mode": mode.astype(np.int8),
        }
    )
