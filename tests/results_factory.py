"""A small town drawn by hand: a river, a railway and a big road between blocks.

::

    row 2   A B | C | D
    ------------ railway "Ringbanen" (two crossings)
    row 1   E F | G | H
    ~~~~~~~~~~~~ river "Åen" (one bridge)
    row 0   I J | K | L          | = big road "Åboulevard"
"""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point, box

from bykobling.exposure import area_exposure, residents_by_band
from bykobling.results import NoiseGrid, Note, Results

CRS = "EPSG:25832"
X0, Y0, BLOCK, GAP = 720_000.0, 6_175_000.0, 400.0, 60.0
NAMES = (
    "Mjølnerparken", "Titanparken", "Haraldsgade", "Lundtoftegade",
    "Aldersrogade", "Bispebjerg", "Åkvarteret", "Sjælør",
    "Remiseparken", "Gadekæret", "Hørgården", "Den tomme grund",
)  # fmt: skip
EFFECTS = ("walk_5min", "walk_10min", "walk_15min", "bike_10min")
BARRIERS = (
    ("rail1", "Ringbanen", "railway", "rail"),
    ("road1", "Åboulevard", "road", "primary"),
    ("water1", "Åen", "water", "river"),
    ("land1", None, "land", "brownfield"),
)


def make_results(*, rows=3, vulnerable=True, effects=True, hostile=None, title="Nørrebro and the north-west"):
    """Make a believable Results; `hostile` replaces the first area's and barrier's names."""
    areas = _areas(rows=rows, vulnerable=vulnerable, effects=effects)
    barriers = _barriers()
    if hostile is not None:
        areas.loc[areas.index[0], ["name", "top_barrier"]] = hostile
        barriers.loc["rail1", "name"] = hostile
        title = hostile
    shares = _shares(areas, barriers)
    return Results(
        title=title,
        areas=areas,
        residents=_residents(areas),
        barriers=barriers,
        crossings=_crossings(barriers),
        severance=_severance(),
        streets=_streets(),
        shares=shares,
        gaps=_gaps(areas),
        unlinked=gpd.GeoDataFrame(
            {"what": ["resident"], "reason": ["island"], "residents": [12.0]},
            geometry=[Point(X0 - 40, Y0 - 40)],
            crs=CRS,
        ),
        notes=_notes(hostile),
        run=_run(),
    )


def with_transit(results, *, assumed=False, hostile=None):
    """Add public transport: a metro through the middle row, buses around it."""
    areas = results.areas.copy()
    rng = np.random.default_rng(6)
    for minutes in (30, 45, 60):
        areas[f"people_transit_{minutes}min"] = areas["residents"].where(areas["residents"] > 0) * minutes
    areas["departures_per_hour_400m"] = rng.uniform(0, 40, len(areas)).round(1)
    areas["stops_400m"] = rng.integers(0, 9, len(areas)).astype(float)
    areas["ptal_ai"] = rng.uniform(0, 30, len(areas))
    areas["ptal_band"] = ["1a"] * (len(areas) - 1) + ["6b"]
    name = hostile or "Nørrebro St."
    rows = [
        ("s1", name, "subway", "M3", 20.0, assumed, Point(X0 + 200, Y0 + 660)),
        ("s2", "Titangade", "bus", "5C, 68", 12.0, assumed, Point(X0 + 700, Y0 + 900)),
        ("s3", "Havnen", "ferry", "991", 2.0, assumed, Point(X0 + 1500, Y0 + 100)),
        ("s4", "Nat", "bus", "", 0.0, assumed, Point(X0 + 1600, Y0 + 900)),
    ]
    columns = ["stop_id", "stop_name", "mode", "routes", "departures_per_hour", "assumed"]
    stops = gpd.GeoDataFrame(
        [row[:-1] for row in rows], columns=columns, geometry=[row[-1] for row in rows], crs=CRS
    )  # fmt: skip
    lines = gpd.GeoDataFrame(
        {
            "short_name": ["M3", "5C"],
            "long_name": ["", name],
            "mode": ["subway", "trolleybus"],
            "departures_per_hour": [20.0, 6.0],
            "color": ["#d6006b", None],
            "assumed": [assumed, assumed],
        },
        geometry=[
            LineString([(X0, Y0 + 660), (X0 + 1800, Y0 + 660)]),
            LineString([(X0 + 700, Y0 + 900), (X0 + 700, Y0)]),
        ],
        crs=CRS,
    )
    run = {
        "timetable": hostile or "rejseplanen.zip",
        "assumed": assumed,
        "date": None if assumed else "2026-05-12",
        "date_chosen": True,
        "window": "08:00-09:00",
        "trips_on_date": 12_345,
        "warnings": 0,
        "assumptions": [],
    }
    return dataclasses.replace(results, areas=areas, stops=stops, lines=lines, run=results.run | {"transit": run})


def with_noise(results, *, screening=False, hostile=None):
    """Add noise: a loud east, a quiet west, a home of which nothing is known; a map in the middle."""
    areas = results.areas
    homes = results.residents[["residents", "area_id", "geometry"]].copy()
    level = 45 + 30 * (homes.geometry.x - X0).to_numpy() / 1_800
    level[0] = np.nan
    exact = level.copy()
    shared = homes.assign(road_lden_db=level, road_lden_lo_db=exact, road_lden_hi_db=exact)
    shared["road_lden_quiet_facade"] = (level < 60).astype(float)
    exposure = area_exposure(shared, thresholds_db={"road_lden": (53, 58, 68)})
    homes["road_lden_db"] = level
    homes["road_lden_reason"] = np.where(np.isnan(level), "unknown", None)
    homes["road_lden_tier"] = "T4" if screening else "T2"
    homes["road_lden_quiet_facade"] = shared["road_lden_quiet_facade"]
    rows, columns = 30, 40
    grid = np.tile(np.linspace(45, 80, columns), (rows, 1))
    grid[0] = np.nan
    below = np.zeros(grid.shape, bool)
    below[0, :10] = True
    name = hostile or "stoej_2022.tif"
    return dataclasses.replace(
        results,
        noise=homes,
        noise_exposure=exposure.drop(columns="residents").reindex(areas.index),
        noise_bands=residents_by_band(shared),
        noise_grid=NoiseGrid("road_lden", grid, below, X0 - 50, Y0 + 1_400, 50.0, screening),
        run=results.run
        | {
            "noise": {
                "maps": {"road_lden": name},
                "tiers": {"road_lden": ["T4" if screening else "T2"]},
                "screening": ["road_lden"] if screening else [],
            }
        },
    )


def _areas(*, rows, vulnerable, effects):
    names = NAMES[: 4 * rows] if rows else NAMES[:1]
    rng = np.random.default_rng(4)
    records = []
    for i, name in enumerate(names):
        row, column = divmod(i, 4)
        left, top = X0 + column * (BLOCK + GAP), Y0 + (2 - row) * (BLOCK + GAP)
        record = {
            "area_id": f"a{i:02d}",
            "name": name,
            "group": "vulnerable" if vulnerable and i in {0, 3, 8} else "rest",
            "residents": 0.0 if name == "Den tomme grund" else float(rng.integers(300, 4200)),
            "geometry": box(left, top, left + BLOCK, top + BLOCK),
        }
        base = float(rng.uniform(0.0, 0.12)) + {0: 0.36, 3: 0.18, 8: 0.12}.get(i, 0.0)
        for effect, scale in zip(EFFECTS, (1.15, 1.1, 1.0, 0.55), strict=True):
            for infix, factor in (("", 1.0), ("_people", 0.9), ("_water", 0.4)):
                value = base * scale * factor if effects else 0.0
                if name in {"Den tomme grund", "Hørgården"}:
                    value = np.nan
                record[f"barrier_effect{infix}_{effect}"] = 0.0004 if (i, infix) == (5, "") and effects else value
        record["top_barrier_id"] = "rail1" if row < 2 else "road1"
        record["top_barrier"] = "Ringbanen" if row < 2 else "Åboulevard"
        record["top_barrier_share"] = 0.61 - 0.01 * i
        if not effects or np.isnan(record["barrier_effect_walk_15min"]):
            record["top_barrier"], record["top_barrier_share"] = None, np.nan
        record["edge_affected_share"] = 0.3 if i == 7 else 0.0
        records.append(record)
    frame = gpd.GeoDataFrame(records, crs=CRS).set_index("area_id").drop(columns="top_barrier_id")
    for effect in EFFECTS:
        column = f"barrier_effect_{effect}"
        frame[f"{column}_percentile"] = frame[column].rank(pct=True) * 100
        frame[f"{column}_gap"] = frame[column] - frame.loc[frame["group"] == "rest", column].mean()
    return frame


def _residents(areas):
    rng = np.random.default_rng(5)
    rows = []
    for area_id, area in areas.iterrows():
        if area["residents"] == 0:
            continue
        x, y = area.geometry.bounds[:2]
        for dx, dy in rng.uniform(30, BLOCK - 30, (8, 2)):
            effect = area["barrier_effect_walk_15min"] * (0.7 + 0.6 * rng.random())
            rows.append(
                {
                    "residents": area["residents"] / 8,
                    "area_id": area_id,
                    "tier": "population",
                    "reason": "ok",
                    "edge_affected": False,
                    "barrier_effect_walk_15min": effect,
                    "geometry": Point(x + dx, y + dy),
                }
            )
    return gpd.GeoDataFrame(rows, crs=CRS)


def _barriers():
    width = 4 * (BLOCK + GAP)
    rail_y, river_y, road_x = Y0 + 2 * (BLOCK + GAP) - 45, Y0 + (BLOCK + GAP) - 55, X0 + 2 * (BLOCK + GAP) - 48
    shapes = [
        box(X0 - 200, rail_y, X0 + width + 150, rail_y + 22),
        box(road_x, Y0 - 200, road_x + 30, Y0 + 3 * (BLOCK + GAP) + 100),
        LineString([(X0 - 200, river_y), (X0 + 700, river_y + 30), (X0 + width + 150, river_y + 5)]).buffer(18),
        box(X0 + width - 20, Y0 + 950, X0 + width + 140, Y0 + 1300),
    ]
    frame = gpd.GeoDataFrame(BARRIERS, columns=["barrier_id", "name", "kind", "subkind"], geometry=shapes, crs=CRS)
    frame["headline"] = frame["kind"] != "water"
    frame["length_m"] = [2190.0, 1680.0, 2193.0, 350.0]
    frame["crossings"] = [2, 5, 1, 0]
    frame["all_lost_reach_share"] = [0.58, 0.31, np.nan, 0.0005]
    return frame.set_index("barrier_id")


def _crossings(barriers):
    rail_y, road_x = Y0 + 2 * (BLOCK + GAP) - 34, X0 + 2 * (BLOCK + GAP) - 33
    rows = [("underpass", 0.0, "rail1", X0 + 430, rail_y), ("level_crossing", 30.0, "rail1", X0 + 1400, rail_y)]
    rows += [
        (kind, delay, "road1", road_x, Y0 + 150 + 260 * i)
        for i, (kind, delay) in enumerate(
            [("signal", 30.0), ("zebra", 2.0), ("refuge", 9.0), ("unmarked", 20.0), ("bridge", 0.0)]
        )
    ]
    frame = gpd.GeoDataFrame(
        [row[:3] for row in rows],
        columns=["kind", "delay_s", "barrier_id"],
        geometry=[Point(row[3:]) for row in rows],
        crs=CRS,
    )
    frame["barrier"] = frame["barrier_id"].map(barriers["name"])
    return frame


def _severance():
    rail_y, road_x = Y0 + 2 * (BLOCK + GAP) - 34, X0 + 2 * (BLOCK + GAP) - 33
    rows = []
    for i, x in enumerate(np.arange(X0 - 200, X0 + 1950, 50.0)):
        detour = 1.1 + min(abs(x - X0 - 430), abs(x - X0 - 1400)) / 60
        detour = np.nan if i < 4 else (np.inf if x > X0 + 1800 else detour)
        rows.append(("rail1", "Ringbanen", detour, LineString([(x, rail_y), (x + 50, rail_y)])))
    for i, y in enumerate(np.arange(Y0 - 200, Y0 + 1400, 50.0)):
        rows.append(("road1", "Åboulevard", 1.0 + (i % 5) * 0.6, LineString([(road_x, y), (road_x, y + 50)])))
    frame = gpd.GeoDataFrame(
        [row[:3] for row in rows],
        columns=["barrier_id", "barrier", "crossing_detour"],
        geometry=[row[3] for row in rows],
        crs=CRS,
    )
    frame["direct_m"] = 52.0
    frame["route_m"] = frame["direct_m"] * frame["crossing_detour"]
    return frame


def _streets():
    lines, island = [], []
    for i in range(5):
        x = X0 + i * (BLOCK + GAP) - GAP / 2
        lines.append(LineString([(x, Y0 - 150), (x, Y0 + 1400)]))
        lines.extend(LineString([(x + 100 * k, Y0 + 40), (x + 100 * k, Y0 + 380)]) for k in (1, 2, 3))
    for j in range(4):
        y = Y0 + j * (BLOCK + GAP) - GAP / 2
        lines.append(LineString([(X0 - 150, y), (X0 + 1900, y)]))
    island = [False] * len(lines) + [True]
    lines.append(LineString([(X0 + 1700, Y0 + 1100), (X0 + 1800, Y0 + 1200)]))
    return gpd.GeoDataFrame({"island": island}, geometry=lines, crs=CRS)


def _shares(areas, barriers):
    rows = []
    for area_id, area in areas.iterrows():
        for mode, cutoff in (("walk", 15), ("walk", 10), ("bike", 10)):
            effect = area[f"barrier_effect_{mode}_{cutoff}min"]
            if not effect > 0:
                continue
            top = area["top_barrier_share"]
            first, second = ("rail1", "road1") if area["top_barrier"] == "Ringbanen" else ("road1", "rail1")
            parts = {first: top, second: 0.93 - top, "land1": 0.07}
            for barrier_id, part in parts.items():
                rows.append(
                    {
                        "area_id": area_id,
                        "area": area["name"],
                        "barrier_id": barrier_id,
                        "barrier": barriers.loc[barrier_id, "name"],
                        "kind": barriers.loc[barrier_id, "kind"],
                        "mode": mode,
                        "cutoff_min": cutoff,
                        "barrier_share": part,
                        "lost_reach_share": part * effect,
                    }
                )
    columns = ["area_id", "area", "barrier_id", "barrier", "kind", "mode", "cutoff_min"]
    return pd.DataFrame(rows, columns=[*columns, "barrier_share", "lost_reach_share"])


def _gaps(areas):
    names = [name for name in areas.columns if name.startswith("barrier_effect") and name.endswith("min")]
    rows = {}
    for name in names:
        means = []
        for group in ("vulnerable", "rest"):
            part = areas[(areas["group"] == group) & areas[name].notna()]
            weight = part["residents"].sum()
            means.append((part[name] * part["residents"]).sum() / weight if weight else np.nan)
        ratio = means[0] / means[1] if means[1] else np.nan
        rows[name] = (*means, means[0] - means[1], ratio)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["vulnerable", "rest", "gap_abs", "gap_ratio"])
    return frame.rename_axis("indicator")


def _notes(hostile):
    notes = (
        Note("assumed", "Walking speed is assumed to be 4.8 km/h."),
        Note("assumed", "Waiting at a signal is assumed to be 30 s."),
        Note(
            "missing", "Hørgården has residents but no destinations were found near it.", ("barrier_effect_walk_15min",)
        ),
        Note("unlinked", "12 residents live more than 150 m from any street and were left out."),
        Note("edge", "Sjælør lies near the edge of the extract: 30 % of its residents could reach beyond it."),
        Note("source", "Streets and barriers: OpenStreetMap, extract of 1 November 2026."),
    )
    return notes if hostile is None else (*notes, Note("assumed", hostile))


def _run():
    return {
        "bykobling": "0.1.0",
        "inputs": [{"what": "osm", "path": "copenhagen.osm.pbf", "sha256": "0f" * 32, "bytes": 48_000_000}],
        "versions": {"python": "3.11.7", "numpy": "2.2.0"},
        "parameters": {"modes": ["walk", "bike"], "cutoffs_min": [5, 10, 15]},
        "timings": {"read_s": np.float64(12.5), "worst": float("inf"), "none": float("nan")},
    }
