"""An assessment of proposals in the town of results_factory: believable, and consistent.

A bridge gives to homes near it, a closing takes from homes near it, a line changes no walk.
"""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import LineString, Point

from bykobling.results import Assessment, Note
from found_factory import _homes, _place
from results_factory import make_results

HEADLINE = "barrier_effect_walk_15min"
_REACH_M = 700.0


def make_assessment(*, vulnerable=True, hostile=None):
    """Make an Assessment of a bridge, a closing, a signal and a line, and of all together; `hostile` replaces names."""
    town = make_results(vulnerable=vulnerable)
    areas = town.areas[["name", "group", "residents", "geometry"]].copy()
    homes = _homes(areas, np.random.default_rng(8))
    homes["reach_before"] = 0.03 + 0.05 * np.random.default_rng(3).random(len(homes))
    bridge, closed = _place(town.barriers, 0)[1], _place(town.barriers, 1)[1]
    names = ["Bro", "Lukning", "Linje 9"] if hostile is None else [hostile, "Lukning", "Linje 9"]
    proposals = gpd.GeoDataFrame(
        {
            "proposal": [names[0], names[0], names[1], names[2]],
            "what": ["bridge", "crossing", "removed street", "service"],
            "name": ["", "signal", "", "9"], "length_m": [bridge.length, np.nan, closed.length, np.nan],
        },
        geometry=gpd.GeoSeries([bridge, Point(closed.coords[0]), closed, None], crs=areas.crs),
        crs=areas.crs,
    )  # fmt: skip
    moves = {names[0]: _moved(homes, bridge, 1.0), names[1]: _moved(homes, closed, -0.5), names[2]: None}
    moves[" + ".join(names)] = moves[names[0]] + moves[names[1]]
    moved = {name: np.zeros(len(homes)) if change is None else change for name, change in moves.items()}
    who = [_who(name, homes, change, areas) for name, change in moved.items()]
    made = Assessment(
        title="Nørrebro",
        cutoff_min=15.0,
        proposals=proposals,
        summary=_summary(moved, homes, areas, members=[1, 1, 1, 3]),
        areas=_areas(moved, areas),
        residents=_residents(moved, homes),
        who=pd.concat(who, ignore_index=True),
        groups=_groups(moved, vulnerable=vulnerable),
        thresholds=_thresholds(moved, vulnerable=vulnerable),
        times=_times(names, vulnerable=vulnerable),
        gaps=_gaps(moved) if vulnerable else _gaps({}),
        interaction=pd.DataFrame(
            {
                "proposal": [names[0], names[0]],
                "other": [names[1], names[2]],
                "alone": [0.004, 0.004],
                "other_alone": [-0.001, 0.002],
                "together": [0.0028, 0.0045],
                "interaction": [-0.0002, -0.0015],
            }
        ),
        spacing=_spacing(names),
        barriers=town.barriers[["name", "kind", "headline", "geometry"]],
        streets=town.streets,
        area_shapes=areas[["name", "group", "geometry"]],
        notes=(
            Note("assumed", "A bridge takes 15 s of climb, assumed."),
            Note("source", "Streets: OpenStreetMap, extract of 1 November 2026."),
        ),
        run={"bykobling": "0.1.0", "proposals": {names[0]: ["AddLink"]}},
    )
    if hostile is not None:
        for table, column in (
            (made.who, "area"),
            (made.spacing, "barrier"),
            (made.area_shapes, "name"),
            (made.barriers, "name"),
        ):
            table[column] = hostile
        made.proposals.loc[0, "what"] = hostile
        made.run[hostile] = hostile
        object.__setattr__(made, "title", hostile)
        object.__setattr__(made, "notes", (*made.notes, Note("missing", hostile)))
    return made


def _moved(homes, line: LineString, factor: float):
    away = homes.distance(line.interpolate(0.5, normalized=True)).to_numpy()
    return factor * np.where(away < _REACH_M, 0.02 * (1 - away / _REACH_M), 0.0)


def _residents(moved, homes):
    parts = []
    for name, change in moved.items():
        own = homes[change != 0]
        parts.append(
            gpd.GeoDataFrame(
                {
                    "proposal": name, "area_id": own["area_id"].to_numpy(object),
                    "residents": own["residents"].to_numpy(), "reach_before": own["reach_before"].to_numpy(),
                    "reach_after": own["reach_before"].to_numpy() + change[change != 0],
                },
                geometry=own.geometry.to_numpy(), crs=homes.crs,
            )
        )  # fmt: skip
    return gpd.GeoDataFrame(pd.concat([part for part in parts if len(part)], ignore_index=True), crs=homes.crs)


def _who(name, homes, change, areas):
    people = homes["residents"].to_numpy()
    sums = pd.DataFrame(
        {
            "residents_gaining": np.where(change > 0, people, 0.0),
            "residents_losing": np.where(change < 0, people, 0.0),
            "before": people * homes["reach_before"].to_numpy(),
            "after": people * (homes["reach_before"].to_numpy() + change),
            "people": people,
        }
    )  # fmt: skip
    sums = sums.groupby(homes["area_id"].to_numpy(object)).sum()
    sums = sums[(sums["residents_gaining"] > 0) | (sums["residents_losing"] > 0)]
    own = areas.loc[sums.index]
    return pd.DataFrame(
        {
            "proposal": name, "area_id": sums.index.to_numpy(object), "area": own["name"].to_numpy(object),
            "group": own["group"].to_numpy(object), "residents": own["residents"].to_numpy(),
            "residents_gaining": sums["residents_gaining"].to_numpy(),
            "residents_losing": sums["residents_losing"].to_numpy(),
            "reach_before": (sums["before"] / sums["people"]).to_numpy(),
            "reach_after": (sums["after"] / sums["people"]).to_numpy(),
        }
    )  # fmt: skip


def _summary(moved, homes, areas, *, members):
    people = homes["residents"].to_numpy()
    weak = homes["area_id"].map(areas["group"]).to_numpy() == "vulnerable"
    rows = {}
    for (name, change), count in zip(moved.items(), members, strict=True):
        total = float((people * change).sum() / people.sum())
        told = float("nan") if not weak.any() else None
        rows[name] = {
            "members": count, "residents": float(people.sum()),
            "residents_gaining": float(people[change > 0].sum()), "residents_losing": float(people[change < 0].sum()),
            "vulnerable_gaining": told or float(people[weak & (change > 0)].sum()),
            "vulnerable_losing": told or float(people[weak & (change < 0)].sum()),
            "effect_before": 0.0445, "effect_after": 0.0445 - total, "recovered_share": total / 0.04,
            "recovered_vulnerable_share": float("nan"), "recovered_water_share": total / 0.05,
            "mean_reach_gain": total, "gaps_closed": 1 if total > 0 else 0, "gaps": 7 if weak.any() else 0,
        }  # fmt: skip
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("proposal")


def _areas(moved, areas):
    rows = [
        (name, area, row["name"], row["group"], row["residents"], HEADLINE, "share", "lower", 0.04, 0.03, -0.01, True)
        for name, change in moved.items() if (change != 0).any() for area, row in areas.iterrows()
    ]  # fmt: skip
    columns = ["proposal", "area_id", "area", "group", "residents", "indicator", "unit", "better", "before", "after",
               "change", "improves"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _in_groups(vulnerable):
    return ("all", "vulnerable", "rest") if vulnerable else ("all", "rest")


def _groups(moved, *, vulnerable):
    measures = (
        (HEADLINE, "share", "lower", 0.0445, -0.004), ("detour_index_400m", "ratio", "lower", 2.31, -0.02),
        ("detour_index_400m_p90", "ratio", "lower", 4.0, -0.1), ("places_walk_15min", "count", "higher", 210.0, -12.0),
        ("places_bike_10min", "count", "higher", 900.0, 1e-5), ("minutes_to_school_walk", "min", "lower", 7.0, -0.5),
    )  # fmt: skip
    rows = [
        (name, group, one, unit, better, before, before + change, change)
        for name, moves in moved.items() if (moves != 0).any()
        for group in _in_groups(vulnerable)
        for one, unit, better, before, change in measures
    ]  # fmt: skip
    columns = ["proposal", "group", "indicator", "unit", "better", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns)


def _thresholds(moved, *, vulnerable):
    rows = [
        (name, group, one, limit, 800.0, 800.0 + gaining - losing, gaining, losing)
        for name, change in moved.items()
        for group in _in_groups(vulnerable)
        for one, limit, gaining, losing in (
            ("minutes_to_school_walk", 15.0, 120.0 * (change > 0).any(), 30.0 * (change < 0).any()),
            ("green_300m_share", 1.0, 0.0, 0.0),
            ("standards_met_share", 1.0, 40.0 * (change > 0).any(), 0.0),
        )
    ]
    columns = ["proposal", "group", "indicator", "limit", "met_before", "met_after", "gaining", "losing"]
    return pd.DataFrame(rows, columns=columns)


def _times(names, *, vulnerable):
    ways = (
        (names[0], "school", "walk", 9.0, 8.5, 310.0), (names[0], "station", "walk", 12.0, 11.0, 500.0),
        (names[0], "culture", "walk", 12.0, 11.999, 0.0), (names[1], "school", "walk", 9.0, np.inf, 0.0),
        (names[2], "Nørreport", "transit", 24.0, 21.0, np.nan),
    )  # fmt: skip
    rows = [
        (name, group, to, mode, before, after, before - after, people)
        for name, to, mode, before, after, people in ways
        for group in _in_groups(vulnerable)
    ]
    columns = ["proposal", "group", "to", "mode", "before_min", "after_min", "saved_min", "residents_saving_1_min"]
    return pd.DataFrame(rows, columns=columns)


def _gaps(moved):
    rows = [(name, HEADLINE, 0.02, 0.015, 0.25) for name, change in moved.items() if (change != 0).any()]
    return pd.DataFrame(rows, columns=["proposal", "indicator", "gap_before", "gap_after", "gap_closed"])


def _spacing(names):
    measures = (
        ("crossings", 3.0, 2.0), ("mean_gap_m", 450.0, 600.0), ("largest_gap_m", 700.0, 1250.0),
        ("beyond_200m_share", 0.4, 0.6),
    )  # fmt: skip
    rows = [
        (name, barrier, label, "railway", measure, before, after, after - before)
        for name in (names[1], " + ".join(names))
        for barrier, label in (("railway-1", "Ringbanen"), ("railway-2", None))
        for measure, before, after in measures
    ]
    columns = ["proposal", "barrier_id", "barrier", "kind", "measure", "before", "after", "change"]
    return pd.DataFrame(rows, columns=columns)
