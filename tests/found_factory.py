"""Connections across the barriers of the town of results_factory, or of any other: believable, and consistent.

Every home within 600 m of a connection gains places, the nearer the more; all other numbers are sums of that.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point

from bykobling.results import Note
from bykobling.results.found import FoundLinks
from results_factory import make_results

KINDS = {"water": "bridge", "railway": "underpass", "road": "crossing", "land": "path"}
COSTS = pd.DataFrame(
    {
        "dkk_fixed": [2e6, 15e6, 400e3, 50e3],
        "dkk_per_m": [180e3, 450e3, 0.0, 6e3],
        "extra_s": [0.0, 5.0, 15.0, 0.0],
        "max_length_m": [300.0, 150.0, 60.0, 100.0],
        "assumed": [True] * 4,
    },
    index=pd.Index(["bridge", "underpass", "crossing", "path"], name="kind"),
)
_REACH_M = 600.0


def make_found(*, count=12, vulnerable=True, hostile=None, town=None, mode="walk"):
    """Make a believable FoundLinks; `town` has areas, barriers and streets, `hostile` replaces names and sentences."""
    town = town if town is not None else make_results(vulnerable=vulnerable)
    rng = np.random.default_rng(8)
    areas = town.areas[["name", "group", "residents", "geometry"]].copy()
    homes_of_all = _homes(areas, rng)
    places = [_place(town.barriers, number) for number in range(count)]
    homes = [_gaining(homes_of_all, line) for _, line in places]
    links = _links(town.barriers, places, homes, areas)
    order = np.argsort(-links["gain_score"].to_numpy(), kind="stable")
    links = links.iloc[order].reset_index(drop=True)
    homes = [homes[number] for number in order]
    links["rank"] = np.arange(1, len(links) + 1)
    links.index = pd.Index([f"L{rank}" for rank in links["rank"]], name="link_id", dtype=object)
    for column, by in (("rank_per_m", "gain_per_m"), ("rank_per_mdkk", "gain_per_mdkk")):
        links[column] = links[by].rank(ascending=False, method="first").astype(int)
    links["rank_vulnerable"] = links["gain_vulnerable"].rank(ascending=False, method="first")
    links["top_ten_share"] = np.clip(1.15 - 0.08 * links["rank"], 0.02, 1.0)
    if count >= 4:
        # one without any way, one nobody tried, one between two streets
        links.loc["L2", ["route_min", "detour"]] = np.inf
        links.loc[links.index[-1], "top_ten_share"] = np.nan
        links.loc[links.index[-2], ["barrier_id", "barrier", "barrier_kind", "at"]] = None
    best = links.index[:10]
    found = FoundLinks(
        title="Nørrebro and the north-west",
        mode=mode,
        cutoff_min=15.0,
        links=links,
        areas=_areas(links, homes, areas),
        sets=_sets(links),
        interaction=_interaction(links),
        homes=_best_homes(best, homes, homes_of_all),
        entries=_entries(best, areas),
        barriers=town.barriers[["name", "kind", "headline", "geometry"]],
        streets=town.streets,
        area_shapes=areas[["name", "group", "geometry"]],
        kinds=COSTS.copy(),
        counts={"pairs looked at": 4812, "through_a_building": 1733, "too long for its kind": 912, "scored": count},
        notes=(
            Note("assumed", "Costs a metre are assumed by kind."),
            Note("source", "Streets and barriers: OpenStreetMap, extract of 1 November 2026."),
        ),
        run={"bykobling": "0.1.0", "parameters": {"mode": mode, "infinite": np.inf, "steps": np.int64(3)}},
    )
    if hostile is not None:
        _spoil(found, hostile)
    return found


def _spoil(found, hostile):
    """Put a hostile text wherever a file of the user can put one."""
    found.links.loc["L1", ["barrier", "at", "reason", "assumed", "top_area"]] = hostile
    found.areas.loc[:, "area"] = hostile
    found.entries.loc[:, "area"] = hostile
    found.area_shapes.loc[:, "name"] = hostile
    found.barriers.loc[:, "name"] = hostile
    found.links.loc["L3", "kind"] = hostile
    object.__setattr__(found, "title", hostile)
    object.__setattr__(found, "notes", (*found.notes, Note("missing", hostile)))
    found.counts[hostile] = 1
    found.run[hostile] = hostile


def _homes(areas, rng):
    """Spread eight homes or more over every area."""
    rows = []
    for area_id, area in areas.iterrows():
        if not area["residents"] > 0:
            continue
        west, south, east, north = area.geometry.bounds
        spots = rng.uniform((west, south), (east, north), (40, 2))
        inside = [Point(spot) for spot in spots if area.geometry.contains(Point(spot))]
        inside = inside or [area.geometry.representative_point()]
        rows += [(area_id, area["residents"] / len(inside), rng.uniform(80, 420), spot) for spot in inside]
    frame = pd.DataFrame(rows, columns=["area_id", "residents", "places_before", "geometry"])
    return gpd.GeoDataFrame(frame, crs=areas.crs)


def _place(barriers, number):
    """Choose a barrier and a line straight across it, a few metres longer than it is wide."""
    row = number % len(barriers)
    shape = max(shapely.get_parts(barriers.geometry.iloc[row]), key=lambda part: part.area)
    ring = shape.exterior
    along = ring.length * ((0.13 + 0.29 * (number // len(barriers)) + 0.07 * row) % 1.0)
    here, ahead = ring.interpolate(along), ring.interpolate((along + 4.0) % ring.length)
    dx, dy = ahead.x - here.x, ahead.y - here.y
    if ring.is_ccw:
        dx, dy = -dx, -dy
    unit = np.array([dy, -dx]) / np.hypot(dx, dy)
    across = LineString([np.array([here.x, here.y]), np.array([here.x, here.y]) + 600 * unit])
    inside = across.intersection(shape.buffer(0.5))
    width = max((part.length for part in shapely.get_parts(inside)), default=20.0) if not inside.is_empty else 20.0
    start = np.array([here.x, here.y]) - 12 * unit
    return row, LineString([start, start + (width + 24) * unit])


def _gaining(homes, line):
    """Let homes within reach gain, the nearer the more."""
    away = homes.distance(line.interpolate(0.5, normalized=True)).to_numpy()
    near = np.flatnonzero(away < _REACH_M)
    gain = np.round(70 * (1 - away[near] / _REACH_M) ** 1.5 * (1 + line.length / 150), 1) + 0.5
    return pd.DataFrame({"home": near, "gain": gain, "people": 9 * gain})


def _links(barriers, places, homes, areas):
    kinds = [KINDS[barriers["kind"].iloc[row]] for row, _ in places]
    rows = []
    for number, ((row, line), kind) in enumerate(zip(places, kinds, strict=True)):
        cost = COSTS.loc[kind, "dkk_fixed"] + COSTS.loc[kind, "dkk_per_m"] * line.length
        rows.append(
            {
                "rank": 0, "kind": kind, "barrier_id": str(barriers.index[row]),
                "barrier": barriers["name"].iloc[row], "barrier_kind": barriers["kind"].iloc[row],
                "at": f"Jagtvej {number + 1} / Titangade", "length_m": line.length,
                "route_min": 6.0 + 1.7 * (number % 5), "link_min": line.length / 80, "cost_dkk": cost,
                "assumed": f"{kind.title()} of {line.length:.0f} m: the cost is assumed, as in the table.",
                "reason": (
                    f"The nearest way across is {300 + 90 * number} m away, and homes lie close on both sides."
                ),
                "geometry": line,
            }
        )  # fmt: skip
    columns = ["rank", "kind", "barrier_id", "barrier", "barrier_kind", "at", "length_m", "route_min", "link_min",
               "cost_dkk", "assumed", "reason", "geometry"]  # fmt: skip
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=barriers.crs)
    frame["detour"] = frame["route_min"] / frame["link_min"]
    return _with_gains(frame, homes, areas)


def _with_gains(links, homes, areas):
    """Sum over homes what each connection gives."""
    totals = []
    known = (areas["group"] == "vulnerable").any()
    everybody = _homes(areas, np.random.default_rng(8))
    group = everybody["area_id"].map(areas["group"]).to_numpy()
    residents = everybody["residents"].to_numpy()
    for mine in homes:
        weight, who = residents[mine["home"]], group[mine["home"]] == "vulnerable"
        score = weight * mine["gain"].to_numpy() / 2000
        top = (
            pd.Series(score).groupby(everybody["area_id"].to_numpy()[mine["home"]]).sum().idxmax()
            if len(mine)
            else None
        )
        totals.append(
            {
                "gain_places": float((weight * mine["gain"]).sum()),
                "gain_people": float((weight * mine["people"]).sum()),
                "gain_score": float(score.sum()),
                "gain_vulnerable": float(score[who].sum()) if known else np.nan,
                "residents_gaining": float(weight.sum()),
                "vulnerable_gaining": float(weight[who].sum()) if known else np.nan,
                "recovered_share": float(score.sum()) / 9000,
                "top_area": areas["name"].get(top),
                "top_area_gain_share": 0.12,
            }
        )
    names = ["gain_places", "gain_people", "gain_score", "gain_vulnerable", "residents_gaining",
             "vulnerable_gaining", "recovered_share", "top_area", "top_area_gain_share"]  # fmt: skip
    for name in names:
        links[name] = [total[name] for total in totals]
    links["gain_per_m"] = links["gain_score"] / links["length_m"]
    links["gain_per_mdkk"] = links["gain_score"] / (links["cost_dkk"] / 1e6)
    return links


def _areas(links, homes, areas):
    everybody = _homes(areas, np.random.default_rng(8))
    rows = []
    for link_id, mine in zip(links.index, homes, strict=True):
        part = everybody.iloc[mine["home"].to_numpy()].assign(gain=mine["gain"].to_numpy())
        for area_id, own in part.groupby("area_id", sort=False):
            all_of_it = everybody[everybody["area_id"] == area_id]
            before = float(np.average(all_of_it["places_before"], weights=all_of_it["residents"]))
            gained = float((own["gain"] * own["residents"]).sum())
            rows.append(
                (
                    link_id, area_id, areas.loc[area_id, "name"], areas.loc[area_id, "group"],
                    areas.loc[area_id, "residents"], own["residents"].sum(), before,
                    before + gained / areas.loc[area_id, "residents"], 9 * before, 9 * before + 40,
                    gained / 2000, 0.08,
                )
            )  # fmt: skip
    columns = ["link_id", "area_id", "area", "group", "residents", "residents_gaining", "places_before",
               "places_after", "people_before", "people_after", "gain_score", "recovered_share"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _entries(best, areas):
    """One area more in each ring for every connection but each third."""
    first = areas.index[0]
    rows = [
        (link_id, first, areas.loc[first, "name"], areas.loc[first, "group"], ring_m, before, before + 1.0, 1.0)
        for place, link_id in enumerate(best)
        for ring_m, before in ((400.0, 2.0), (800.0, 4.0))
        if place % 3 != 2
    ]
    columns = ["link_id", "area_id", "area", "group", "ring_m", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns)


def _sets(links):
    rows, total, spent = [], 0.0, 0.0
    for step, (link_id, link) in enumerate(links.head(5).iterrows(), start=1):
        added = link["gain_score"] * (1.0 if step == 1 else 0.72)
        total, spent = total + added, spent + link["cost_dkk"]
        rows.append((step, link_id, added, link["gain_score"], total, link["cost_dkk"], spent))
    columns = ["step", "link_id", "gain_score", "alone", "total_gain", "cost_dkk", "total_cost_dkk"]
    return pd.DataFrame(rows, columns=columns)


def _interaction(links):
    gain = links["gain_score"]
    rows = [
        (one, other, gain[one] + gain[other] + part * min(gain[one], gain[other]), part * min(gain[one], gain[other]))
        for one, other, part in (("L1", "L2", -0.8), ("L1", "L3", -0.2), ("L2", "L3", 0.0), ("L1", "L4", 0.3))
        if other in links.index
    ]
    return pd.DataFrame(rows, columns=["link_id", "other_id", "together", "interaction"])


def _best_homes(best, homes, everybody):
    parts = []
    for link_id, mine in zip(best, homes, strict=False):
        part = everybody.iloc[mine["home"].to_numpy()][["residents", "places_before", "geometry"]].copy()
        part.insert(0, "link_id", link_id)
        part["places_after"] = part["places_before"] + mine["gain"].to_numpy()
        part["people_before"] = 9 * part["places_before"]
        part["people_after"] = part["people_before"] + mine["people"].to_numpy()
        parts.append(part)
    if not parts:
        columns = ["link_id", "residents", "places_before", "geometry", "places_after", "people_before", "people_after"]
        return gpd.GeoDataFrame(pd.DataFrame(columns=columns), geometry="geometry", crs=everybody.crs)
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=everybody.crs)
