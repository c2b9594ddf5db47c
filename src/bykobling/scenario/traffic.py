"""What a proposal changes for motor traffic: it moves nobody on foot, and is heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.errors import Fault
    from bykobling.scenario.model import Scenario

TOLERANCE_M = 15.0
"""A carriageway within this of a drawn line is meant by it; wider than for footways, since roads are."""
_ALONG_SHARE = 0.5
_DEFAULT_SPEED_KMH = 50.0


@dataclass(frozen=True)
class ChangeTraffic:
    """Other traffic on the streets along a line, such as fewer cars or a lower speed.

    Parameters
    ----------
    line : LineString
        Drawn along the streets.
    aadt : float, optional
        Motor vehicles a day in all directions afterwards; None leaves them.
    speed_kmh : float, optional
        Their speed; None leaves it.
    heavy_share : float, optional
        Share of lorries and buses, 0-1; None leaves it.
    name : str
        What to call it.
    tolerance_m : float
        A street within this of the line runs along it.
    """

    line: shapely.LineString
    aadt: float | None = None
    speed_kmh: float | None = None
    heavy_share: float | None = None
    name: str = ""
    tolerance_m: float = TOLERANCE_M


@dataclass(frozen=True)
class AddRoad:
    """A new road for motor traffic. Who walks or cycles along it is a path or a bridge beside it.

    Parameters
    ----------
    line : LineString
        Its course.
    aadt : float
        Motor vehicles a day, both directions.
    speed_kmh : float
        Their speed.
    heavy_share : float, optional
        Share of lorries and buses, 0-1; None takes that of a main road (assumed).
    name : str
        What to call it.
    """

    line: shapely.LineString
    aadt: float
    speed_kmh: float = _DEFAULT_SPEED_KMH
    heavy_share: float | None = None
    name: str = ""


TrafficChange: TypeAlias = ChangeTraffic | AddRoad
TRAFFIC_CHANGES = (ChangeTraffic, AddRoad)


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
            half = np.where(result["oneway"].to_numpy(bool)[along] & _dual(result, along), 0.5, 1.0)
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


def _dual(streets: gpd.GeoDataFrame, along: NDArray[np.bool_]) -> bool:
    """Tell whether the streets meant are the two carriageways of one road: most of their length is one-way."""
    length = streets.geometry.length.to_numpy()[along]
    oneway = streets["oneway"].to_numpy(bool)[along]
    return bool(length[oneway].sum() > length[~oneway].sum())


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
