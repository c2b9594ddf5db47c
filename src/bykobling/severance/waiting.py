"""How long people wait to cross the big roads around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import columns as _check_columns
from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors, same_crs
from bykobling._check import weights as _check_weights
from bykobling.errors import Fault
from bykobling.severance.crossing_places import NO_CROSSING, crossing_places
from bykobling.severance.within import sums_within

if TYPE_CHECKING:
    from collections.abc import Collection

    import geopandas as gpd


def crossing_delay(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    *,
    radius_m: float = 800.0,
    residents: gpd.GeoDataFrame | None = None,
    kinds: Collection[str] = ("road",),
    no_crossing: Collection[str] = NO_CROSSING,
) -> pd.DataFrame:
    """Measure the mean seconds lost at the crossings of big roads around each area.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons.
    barriers : GeoDataFrame
        With ``kind`` and unique ids as index (`bykobling.barriers.make_barriers`).
    crossings : GeoDataFrame
        Points with ``barrier_id``, ``kind``, ``delay_s`` (`bykobling.barriers.find_crossings`).
    radius_m : float, optional
        Crossings within so many metres count: of the area, or of each home where `residents` are given.
    residents : GeoDataFrame, optional
        Points with ``residents`` and ``area_id``: the mean is then over them, each with the crossings round the home.
    kinds : collection of str, optional
        Kinds of barrier whose crossings count.
    no_crossing : collection of str, optional
        Kinds of crossing that do not count.

    Returns
    -------
    DataFrame
        Index of the areas: ``crossing_delay_s`` (NaN where ``reason`` is not ok), ``crossings`` (places within the
        radius of the area), ``reason`` (``ok``, ``no crossing``, ``no residents``).

    Raises
    ------
    InputError
        Missing columns, a radius that is not positive, residents that are missing or negative.

    Notes
    -----
    ``d = (exp(v t) - v t - 1) / v`` at unmarked crossings and ``(C - g)^2 / (2 C)`` at signals, Highway Capacity
    Manual (2010), equations 19-68 and 18-71; see `bykobling.network.delays` for what is assumed. Crossings are
    gathered into places first, the two halves of a dual road added (`crossing_places`). Bridges and underpasses
    count, at 0 s; unmarked crossings at no more than 120 s. Every crossing counts alike, however few use it.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> area = gpd.GeoDataFrame(index=["a"], geometry=[shapely.box(0, 50, 100, 150)], crs=25832)
    >>> road = gpd.GeoDataFrame({"kind": ["road"]}, index=["road-1"], geometry=[shapely.box(0, 0, 900, 15)], crs=25832)
    >>> found = gpd.GeoDataFrame(
    ...     {"barrier_id": ["road-1"] * 2, "kind": ["signal", "zebra"], "delay_s": [25.0, 3.0]},
    ...     geometry=gpd.points_from_xy([100, 300], [7, 7]),
    ...     crs=25832,
    ... )
    >>> crossing_delay(area, road, found)["crossing_delay_s"].item()
    14.0
    """
    _check(areas, barriers, crossings, residents, radius_m)
    places = crossing_places(barriers, crossings, no_crossing=no_crossing)
    kind_of = barriers["kind"].reindex(places["barrier_id"])
    places = places[kind_of.isin(list(kinds)).to_numpy(bool) & places["delay_s"].notna().to_numpy(bool)]
    at, delay = places["place"].to_numpy(), places["delay_s"].to_numpy(float)
    ones = np.ones(len(at))
    total, count = sums_within(areas.geometry.to_numpy(), at, [delay, ones], radius_m)
    reason = np.where(count > 0, "ok", "no crossing").astype(object)
    mean = np.divide(total, count, out=np.full(len(areas), np.nan), where=count > 0)
    if residents is not None:
        row = areas.index.get_indexer(residents["area_id"])
        homes = residents[(row >= 0) & (residents["residents"] > 0).to_numpy(bool)]
        row, people = areas.index.get_indexer(homes["area_id"]), homes["residents"].to_numpy(float)
        waited, met = sums_within(homes.geometry.to_numpy(), at, [delay, ones], radius_m)
        near = met > 0
        own = np.divide(waited, met, out=np.zeros(len(homes)), where=near)
        crossing = np.bincount(row[near], weights=people[near], minlength=len(areas))
        everyone = np.bincount(row, weights=people, minlength=len(areas))
        lost = np.bincount(row[near], weights=(people * own)[near], minlength=len(areas))
        mean = np.divide(lost, crossing, out=np.full(len(areas), np.nan), where=crossing > 0)
        reason = np.where(everyone == 0, "no residents", np.where(crossing > 0, "ok", "no crossing")).astype(object)
    return pd.DataFrame(
        {"crossing_delay_s": mean, "crossings": count.astype(np.int64), "reason": reason}, index=areas.index
    )


def _check(
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    residents: gpd.GeoDataFrame | None,
    radius_m: float,
) -> None:
    tables = {"barriers": barriers, "areas": areas}
    same_crs(tables if residents is None else {**tables, "residents": residents})
    faults = _check_geometries(areas, ["Polygon", "MultiPolygon"], file="areas")
    faults += _check_columns(barriers, ["kind"], file="barriers")
    faults += _check_columns(crossings, ["delay_s"], file="crossings")
    if not radius_m > 0:
        faults.append(Fault("radius_m", "", f"it is {radius_m}, and must be above 0", "give metres above 0"))
    if residents is not None:
        missing = _check_columns(residents, ["residents", "area_id"], file="residents")
        faults += missing or _check_weights(residents["residents"], file="residents")
    raise_errors(faults)
