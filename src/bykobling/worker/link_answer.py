"""What is told of a drawn connection: in all, by area, and home by home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.links import FIELDS
from bykobling.worker.layers import write_layer

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bykobling.worker.links import Gains
    from bykobling.worker.memory import Loaded, LoadedMode

_PLACES, _PEOPLE = FIELDS.index("places"), FIELDS.index("people")
VULNERABLE = "vulnerable"


def answer(gains: Gains, loaded: Loaded, one: LoadedMode) -> dict[str, Any]:
    """Sum what residents gain, over all and by area.

    Parameters
    ----------
    gains : Gains
        Home by home.
    loaded : Loaded
        For the names of areas.
    one : LoadedMode
        The mode asked about.

    Returns
    -------
    dict
        Plain values.
    """
    demand, homes = one.demand, gains.homes
    totals = homes.sum()
    areas = loaded.ready.inputs.areas
    count = len(areas)
    summed = _by_area(
        demand.area[homes.index.to_numpy(np.int64)], homes[["residents", "places"]].to_numpy(float), count
    )
    linked = ~np.isnan(one.reached.before).any(axis=1)
    people = demand.people[linked]
    reached = np.column_stack([people, one.reached.before[linked, _PLACES] * people])
    here = _by_area(demand.area[linked], reached, count)
    told = []
    for place in np.flatnonzero(summed[:-1, 0] > 0):
        row, before = areas.iloc[place], here[place, 1] / here[place, 0]
        told.append(
            {
                "area_id": areas.index[place],
                "name": row["name"],
                "group": row["group"],
                "residents": here[place, 0],
                "residents_gaining": summed[place, 0],
                "reach_before": before,
                "reach_after": before + summed[place, 1] / here[place, 0],
            }
        )
    told.sort(key=lambda each: (each["reach_before"] - each["reach_after"]) * each["residents"])
    vulnerable = (areas["group"] == VULNERABLE).to_numpy()
    no_way = not np.isfinite(gains.route_min)
    gaining = float(totals["residents"])
    return {
        "length_m": gains.length_m,
        "link_min": gains.link_min,
        "detour_before_min": None if no_way else gains.route_min,
        "no_way_before": no_way,
        "minutes_saved": None if no_way else max(0.0, gains.route_min - gains.link_min),
        "cutoff_min": demand.cutoffs_min[-1],
        "residents_gaining": gaining,
        "residents_gaining_outside_areas": summed[-1, 0],
        "vulnerable_gaining": summed[:-1][vulnerable, 0].sum() if vulnerable.any() else None,
        "places_gain": float(totals["places"]),
        "people_gain": float(totals["people"]),
        "places_gain_each": float(totals["places"]) / gaining if gaining > 0 else 0.0,
        "areas": told,
    }


def home_layer(gains: Gains, loaded: Loaded, one: LoadedMode) -> gpd.GeoDataFrame:
    """Draw the homes that gain.

    Parameters
    ----------
    gains : Gains
        Home by home.
    loaded : Loaded
        For points and names of areas.
    one : LoadedMode
        The mode asked about.

    Returns
    -------
    GeoDataFrame
        Points where residents are gathered: ``area_id``, ``area``, ``residents``; each resident's ``gain``,
        ``reach_before``, ``reach_after`` (places) and ``people_gain``, ``people_before``, ``people_after``.
    """
    demand = one.demand
    homes = gains.homes[gains.homes["residents"] > 0]
    rows = homes.index.to_numpy(np.int64)
    areas = loaded.ready.inputs.areas
    ids, names = (_of_area(told, demand.area[rows]) for told in (areas.index, areas["name"]))
    people = demand.people[rows]
    columns: dict[str, Any] = {"area_id": ids, "area": names, "residents": people}
    for field, place, stem in (("places", _PLACES, "reach"), ("people", _PEOPLE, "people")):
        each = homes[field].to_numpy(float) / people
        columns["gain" if stem == "reach" else f"{stem}_gain"] = each
        columns[f"{stem}_before"] = one.reached.before[rows, place]
        columns[f"{stem}_after"] = one.reached.before[rows, place] + each
    points = loaded.ready.everybody.geometry.to_numpy()[demand.home[rows]]
    table = pd.DataFrame(columns).astype({"area_id": object, "area": object})
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(points, crs=loaded.ready.everybody.crs))


def write_homes(path: Path, gains: Gains, loaded: Loaded, one: LoadedMode) -> None:
    """Write the homes that gain.

    Parameters
    ----------
    path : Path
        A GeoPackage; replaced in one go.
    gains : Gains
        Home by home.
    loaded : Loaded
        For points and names of areas.
    one : LoadedMode
        The mode asked about.

    Raises
    ------
    OutputError
        Where it cannot be written; an earlier file is untouched.
    """
    write_layer(path, home_layer(gains, loaded, one), layer="homes", geometry_type="Point")


def _of_area(told: pd.Index | pd.Series[Any], area: NDArray[np.int64]) -> NDArray[np.object_]:
    """Look up what is told of areas; None outside all of them."""
    every = np.empty(len(told) + 1, object)
    every[:-1] = told.to_numpy(object)
    return every[area]


def _by_area(area: NDArray[np.int64], values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Sum columns over areas; the last row is everybody outside."""
    summed = np.zeros((count + 1, values.shape[1]))
    np.add.at(summed, area, values)
    return summed
