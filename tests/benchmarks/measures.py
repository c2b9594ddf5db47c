"""Time every measure on 10,000 homes of Copenhagen's extract: ``python -m tests.benchmarks.measures``.

Homes are random places near its streets, places random too; 145 roder are the areas. Seconds of one warm call each.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import shapely

import bykobling as bk
from tests.real.studies import DATA

if TYPE_CHECKING:
    from collections.abc import Callable

N_HOMES, N_PLACES = 10_000, 500


def measures() -> dict[str, Callable[[], Any]]:
    """Prepare the city and list what to time."""
    rng = np.random.default_rng(0)
    extract = bk.read_osm(DATA / "copenhagen" / "inner_north_2022.osm.pbf")
    big = bk.is_barrier_road(extract.streets, rules=bk.BarrierRules())
    streets = bk.two_sided(extract.streets, extract.crossings, big)
    network = bk.Network.from_streets(streets)
    node = rng.integers(0, network.node_count, N_HOMES)
    at = np.column_stack([network.node_x[node], network.node_y[node]]) + rng.normal(0, 20, (N_HOMES, 2))
    roder = gpd.read_file(DATA / "copenhagen" / "roder_2023.geojson").to_crs(extract.crs)
    roder["geometry"] = roder.geometry.make_valid()
    roder["area_id"] = roder["rode_nr"].astype(str)
    areas = roder[roder.within(extract.extent)].set_index("area_id")[["geometry"]]
    homes = gpd.GeoDataFrame({"residents": np.ones(N_HOMES)}, geometry=shapely.points(at), crs=extract.crs)
    home, area = areas.sindex.query(homes.geometry, predicate="within")
    area_id = np.full(N_HOMES, None, dtype=object)
    area_id[home] = areas.index.to_numpy()[area]
    homes["area_id"] = area_id
    places = gpd.GeoDataFrame(
        {"category": rng.choice(["shop", "school"], N_PLACES), "weight": 1.0, "name": map(str, range(N_PLACES))},
        geometry=homes.geometry.sample(N_PLACES, random_state=0).to_numpy(),
        crs=homes.crs,
    )
    barriers = bk.make_barriers(extract)
    crossings = bk.find_crossings(streets, barriers)
    snapped, goals = network.snap(homes.geometry), network.snap_edges(places.geometry)
    reach = bk.reach_table(network, snapped, goals, 900)
    ones, people = np.ones(N_PLACES), homes["residents"].to_numpy()
    green = extract.destinations.loc[extract.destinations["category"] == "green_space"].geometry
    green = green[green.geom_type.isin(["Polygon", "MultiPolygon"])]
    groups = np.column_stack([people, rng.random(N_HOMES)])
    return {
        "snap homes": lambda: network.snap(homes.geometry),
        "reach_table 15 min": lambda: bk.reach_table(network, snapped, goals, 900),
        "cumulative_opportunities": lambda: bk.cumulative_opportunities(reach, ones, cutoffs_min=[5, 10, 15]),
        "gravity": lambda: bk.gravity(reach, ones, decay=bk.Linear(15)),
        "cost_to_nearest, third": lambda: bk.cost_to_nearest(reach, ones, n=3),
        "two_step_floating_catchment": lambda: bk.two_step_floating_catchment(reach, people, ones, decay=bk.Binary(15)),
        "spatial_availability": lambda: bk.spatial_availability(reach, people, ones, decay=bk.Linear(15)),
        "balancing_cost": lambda: bk.balancing_cost(reach, people, ones, increment_min=1),
        "nearest_minutes, 2 kinds": lambda: bk.nearest_minutes(network, snapped, places, categories=["shop", "school"]),
        "green_300m": lambda: bk.green_300m(network, snapped, green),
        "travel_time_to 20 places": lambda: bk.travel_time_to(network, snapped, places.head(20)),
        "isochrones of 100 homes": lambda: bk.isochrones(network, snapped.take(np.arange(100)), cutoffs_min=[5, 10]),
        "isochrones, merged": lambda: bk.isochrones(network, snapped, cutoffs_min=[5, 10], merged=True),
        "detour_index 400 m": lambda: bk.detour_index(network, homes),
        "near_but_far": lambda: bk.near_but_far(network, homes, places),
        "spc 500 m": lambda: bk.spc(network, homes, groups, radius_m=500),
        "independent_entries": lambda: bk.independent_entries(network, areas),
        "area_crossing_spacing": lambda: bk.area_crossing_spacing(areas, barriers, crossings),
        "crossing_delay": lambda: bk.crossing_delay(areas, barriers, crossings),
        "barrier_factor": lambda: bk.barrier_factor(areas, extract.streets),
        "division_index": lambda: bk.division_index(areas, barriers, residents=homes),
        "enclosure": lambda: bk.enclosure(areas, barriers, residents=homes),
    }


def main() -> None:
    """Print one line a measure."""
    sys.stdout.write(f"{N_HOMES:,} homes, {N_PLACES} places, roder of Copenhagen\n")
    for name, measure in measures().items():
        measure()
        begun = time.perf_counter()
        measure()
        sys.stdout.write(f"{name:<30}{time.perf_counter() - begun:8.2f} s\n")


if __name__ == "__main__":
    main()
