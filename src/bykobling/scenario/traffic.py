"""What a proposal changes for motor traffic: it moves nobody on foot, and is heard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.scenario.modifications import TRAFFIC_CHANGES, AddRoad, ChangeTraffic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.errors import Fault
    from bykobling.scenario.faults import Found, Where
    from bykobling.scenario.model import Scenario
    from bykobling.scenario.modifications import TrafficChange

_ALONG_SHARE = 0.5
_TWO_CARRIAGEWAYS = 1.5
_SPEEDS_KMH = (5.0, 130.0)


def traffic_changes(scenario: Scenario) -> list[tuple[int, TrafficChange]]:
    """List the modifications of motor traffic with their numbers.

    Parameters
    ----------
    scenario : Scenario
        The proposal.

    Returns
    -------
    list of (int, modification)
        Numbers from 1.
    """
    return [
        (number, each)
        for number, each in enumerate(scenario.modifications, start=1)
        if isinstance(each, TRAFFIC_CHANGES)
    ]


def traffic_faults(where: Where, change: TrafficChange) -> list[Found]:
    """Find what is wrong with the numbers of a change of motor traffic.

    Parameters
    ----------
    where : Where
        Of the modification.
    change : ChangeTraffic or AddRoad
        The modification.

    Returns
    -------
    list of Found
    """
    found = []
    line = change.line
    if not isinstance(line, shapely.LineString) or shapely.is_empty(line) or not line.length > 0:
        found.append(where.found("line", "it is no line with a length", "draw it along the road"))
    for name, value, low, high in (
        ("aadt", change.aadt, 0.0, 500_000.0),
        ("speed_kmh", change.speed_kmh, *_SPEEDS_KMH),
        ("heavy_share", change.heavy_share, 0.0, 1.0),
    ):
        if value is not None and not low <= value <= high:
            rule = f"{name} is {value:g}, not from {low:g} to {high:g}"
            found.append(where.found("traffic", rule, "correct the number"))
    if isinstance(change, ChangeTraffic) and (change.aadt, change.speed_kmh, change.heavy_share) == (None, None, None):
        found.append(where.found("traffic", "it changes nothing", "give aadt, speed_kmh or heavy_share"))
    return found


def apply_traffic(scenario: Scenario, streets: gpd.GeoDataFrame, faults: list[Fault] | None = None) -> gpd.GeoDataFrame:
    """Put a proposal's traffic on a copy of the streets.

    Parameters
    ----------
    scenario : Scenario
        Drawn in the CRS of the streets.
    streets : GeoDataFrame
        The streets table.
    faults : list of Fault, optional
        Where a line that runs along no street is told.

    Returns
    -------
    GeoDataFrame
        With ``aadt``, ``speed_kmh``, ``heavy_share``; roads that are new stand last. A dual carriageway shares the
        vehicles: each one-way part has half.
    """
    result = streets.copy()
    for name in ("aadt", "speed_kmh", "heavy_share"):
        result[name] = result[name].astype(float) if name in result else np.nan
    new: list[dict[str, Any]] = []
    for number, change in traffic_changes(scenario):
        if isinstance(change, AddRoad):
            new.append(
                {
                    "highway": "primary", "drive": True, "walk": False, "bike": False, "oneway": False,
                    "tunnel": False, "maxspeed_kmh": change.speed_kmh, "speed_kmh": change.speed_kmh,
                    "aadt": change.aadt, "heavy_share": change.heavy_share, "name": change.name,
                    "geometry": change.line,
                }
            )  # fmt: skip
            continue
        along = _along(change, result)
        if not along.any():
            if faults is not None:
                rule = "no street with motor traffic runs along it"
                remedy = f"draw it within {change.tolerance_m:g} m along the street that is meant"
                faults.append(scenario.where(number).found("no_traffic", rule, remedy).fault)
            continue
        if change.aadt is not None:
            half = np.where(result["oneway"].to_numpy(bool)[along] & _dual(change, result, along), 0.5, 1.0)
            result.loc[along, "aadt"] = change.aadt * half
        if change.speed_kmh is not None:
            result.loc[along, "speed_kmh"] = change.speed_kmh
        if change.heavy_share is not None:
            result.loc[along, "heavy_share"] = change.heavy_share
    if not new:
        return result
    rows = gpd.GeoDataFrame(new, geometry="geometry", crs=streets.crs)
    rows = rows[[column for column in rows.columns if column in result.columns]]
    joined: Any = pd.concat([result, rows], ignore_index=True)
    return gpd.GeoDataFrame(joined, geometry="geometry", crs=streets.crs)


def _along(change: ChangeTraffic, streets: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    """Tell which streets with motor traffic run along a line: most of the shorter of the two lies beside the other."""
    lines = streets.geometry.to_numpy()
    band = shapely.buffer(change.line, change.tolerance_m)
    inside = shapely.length(shapely.intersection(lines, band))
    shorter = np.minimum(shapely.length(lines), change.line.length)
    # a street that crosses is inside for the width of the band
    crossing = inside <= 2.5 * change.tolerance_m
    return np.asarray(
        streets["drive"].to_numpy(bool) & (inside > _ALONG_SHARE * shorter) & ~(crossing & (inside < 0.9 * shorter))
    )


def _dual(change: ChangeTraffic, streets: gpd.GeoDataFrame, along: NDArray[np.bool_]) -> bool:
    """Tell whether the streets meant are two carriageways of one road: one-way ways beside each other all along."""
    oneway = streets["oneway"].to_numpy(bool) & along
    band = shapely.buffer(change.line, change.tolerance_m, cap_style="flat")
    beside_m = shapely.length(shapely.intersection(streets.geometry.to_numpy()[oneway], band)).sum()
    return bool(beside_m > _TWO_CARRIAGEWAYS * change.line.length)


def changed_values(changes: Sequence[tuple[int, TrafficChange]]) -> list[str]:
    """Tell changes in words, for a note.

    Parameters
    ----------
    changes : sequence of (int, modification)
        From `traffic_changes`.

    Returns
    -------
    list of str
        One each.
    """
    told = []
    for _, change in changes:
        parts = [
            *([f"{change.aadt:,.0f} vehicles a day"] if change.aadt is not None else []),
            *([f"{change.speed_kmh:g} km/h"] if change.speed_kmh is not None else []),
            *([f"{change.heavy_share:.0%} heavy"] if change.heavy_share is not None else []),
        ]
        told.append(f"{change.name or 'a road'}: {', '.join(parts)}")
    return told
