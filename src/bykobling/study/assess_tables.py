"""What proposals change as tables: areas, homes, groups, thresholds, minutes and gaps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.equity import gap_closed, n_halved, weighted_mean
from bykobling.equity.change import has_gap
from bykobling.indicators import indicator_of, indicators_among
from bykobling.study.assess_state import SAME, differs, in_groups, lost_share, mean_gain, recovered, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from bykobling.scenario import Scenario
    from bykobling.study.assess_state import State

_MINUTES = re.compile(r"minutes_to_(?P<to>.+)_(?P<mode>walk|bike)")
_STATION = "walk_to_station_m"
_SAVED_MIN = 1.0
_SAME_SHARE = 1e-9
_NOISE_SAME = 1e-3
"""Changes of noise below are rounding: dB, or a share of 0.1 %."""
_WHAT = {
    "RemoveLink": "removed street",
    "AddCrossing": "crossing",
    "ChangeSpeed": "changed speed",
    "ChangeTraffic": "changed motor traffic",
    "AddRoad": "new road",
    "AddStop": "stop",
    "AddService": "service",
    "ChangeHeadway": "headway",
    "RemoveService": "removed service",
    "RemoveStop": "removed stop",
}
"""What a modification is, where its kind does not tell."""


def changed_areas(proposal: str, before: State, after: State) -> pd.DataFrame:
    """List what differs, one row an area and indicator.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.

    Returns
    -------
    DataFrame
        As `Assessment.areas`.
    """
    parts = []
    for one in _both(before.areas, after.areas):
        first, last = (state.areas[one].to_numpy(float) for state in (before, after))
        known = indicator_of(one)
        rows = np.flatnonzero(differs(first, last))
        if known is not None and known.theme == "noise":
            # what is added up in another order, far from what changes, is no change
            rows = rows[np.abs(last[rows] - first[rows]) > _NOISE_SAME]
        if known is None or not len(rows):
            continue
        # no way before and one after: better, though by no number
        with np.errstate(invalid="ignore"):
            change = last[rows] - first[rows]
        parts.append(
            pd.DataFrame(
                {
                    "proposal": proposal,
                    "area_id": before.areas.index.to_numpy(object)[rows],
                    "area": before.areas["name"].to_numpy(object)[rows],
                    "group": before.areas["group"].to_numpy(object)[rows],
                    "residents": before.areas["residents"].to_numpy(float)[rows],
                    "indicator": one,
                    "unit": known.unit,
                    "better": known.better,
                    "before": first[rows],
                    "after": last[rows],
                    "change": change,
                    "improves": (change < 0) == (known.better == "lower"),
                }
            )
        )
    found = table("areas", pd.concat(parts, ignore_index=True) if parts else [])
    return found.astype({"improves": bool})


def changed_groups(proposal: str, before: State, after: State, indicators: list[str]) -> pd.DataFrame:
    """Average the areas of each group by residents.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.
    indicators : list of str
        Those that differ anywhere.

    Returns
    -------
    DataFrame
        As `Assessment.groups`.
    """
    rows = []
    for name, mine in in_groups(before.areas["group"]):
        for one in indicators_among(indicators):
            values = [state.areas.loc[mine, one.name].astype(float) for state in (before, after)]
            # of the same areas: one that has a way only now would pull the mean of now up
            both = np.isfinite(values[0]) & np.isfinite(values[1])
            first, last = (weighted_mean(value[both], before.areas.loc[mine, "residents"][both]) for value in values)
            rows.append(
                {
                    "proposal": proposal, "group": name, "indicator": one.name, "unit": one.unit,
                    "better": one.better, "before": first, "after": last, "change": last - first,
                }
            )  # fmt: skip
    return table("groups", rows)


def thresholds(proposal: str, before: State, after: State, standards: Mapping[str, float]) -> pd.DataFrame:
    """Count residents who meet each standard, and who move over it.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.
    standards : mapping of indicator to limit
        Of the study; all of them together are ``standards_met_share``.

    Returns
    -------
    DataFrame
        As `Assessment.thresholds`; residents whose value is not known both times are left out.
    """
    rows = []
    people = before.people["residents"].to_numpy(float)
    for name, limit in {**standards, "standards_met_share": 1.0}.items():
        known = indicator_of(name)
        if known is None or name not in before.people or name not in after.people:
            continue
        first, last = (state.people[name].to_numpy(float) for state in (before, after))
        told = ~(np.isnan(first) | np.isnan(last))
        if not told.any():
            continue
        met = [value <= limit if known.better == "lower" else value >= limit for value in (first, last)]
        for group, mine in in_groups(before.home_group):
            weight = np.where(told & mine, people, 0.0)
            rows.append(
                {
                    "proposal": proposal, "group": group, "indicator": name, "limit": float(limit),
                    "met_before": weight[met[0]].sum(), "met_after": weight[met[1]].sum(),
                    "gaining": weight[met[1] & ~met[0]].sum(), "losing": weight[met[0] & ~met[1]].sum(),
                }
            )  # fmt: skip
    return table("thresholds", rows)


def minutes(proposal: str, before: State, after: State, *, walk_m_s: float) -> pd.DataFrame:
    """Tell the minutes saved to everyday places, to a station and to named places.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.
    walk_m_s : float
        Speed on foot, for the metres to a station.

    Returns
    -------
    DataFrame
        As `Assessment.times`: places whose time differs for somebody.
    """
    rows: list[dict[str, Any]] = []
    people = before.people["residents"].to_numpy(float)
    for name in [c for c in before.people.columns if c in after.people.columns]:
        found = _MINUTES.fullmatch(str(name))
        if found is None and name != _STATION:
            continue
        to, mode = (found["to"], found["mode"]) if found else ("station", "walk")
        unit = 1.0 if found else 1.0 / (60.0 * walk_m_s)
        first, last = (state.people[name].to_numpy(float) * unit for state in (before, after))
        if not differs(first, last).any():
            continue
        told = comparable(first, last)
        for group, mine in in_groups(before.home_group):
            weight = np.where(told & mine, people, 0.0)
            saving = weight[told][(first - last)[told] >= _SAVED_MIN - SAME].sum()
            rows.append(
                _times_row((proposal, group, to, mode), (first, last), weight) | {"residents_saving_1_min": saving}
            )
    return table("times", [*rows, *_named_rows(proposal, before, after)])


def _named_rows(proposal: str, before: State, after: State) -> list[dict[str, Any]]:
    """Tell the minutes to named places, which are known by area."""
    times = [None if state.profile is None else state.profile.travel_times for state in (before, after)]
    if times[0] is None or times[1] is None:
        return []
    key = ["place", "mode", "area_id"]
    was, now = times[0].set_index(key), times[1].set_index(key)
    both = was["minutes"].to_frame("first").join(now["minutes"].rename("last"))
    if "arriving_share" in was and "arriving_share" in now:
        # means of those who arrive: of other people before than after they tell no saving
        others = (was["arriving_share"] - now["arriving_share"].reindex(was.index)).abs() > _SAME_SHARE
        known = np.isfinite(both.to_numpy(float)).all(axis=1)
        both[others.to_numpy(bool) & known] = np.nan
    rows: list[dict[str, Any]] = []
    areas = before.areas
    for (place, mode), some in both.groupby(level=[0, 1], sort=False):
        first, last = (some[one].droplevel([0, 1]).reindex(areas.index).to_numpy(float) for one in ("first", "last"))
        if not differs(first, last).any():
            continue
        told = comparable(first, last)
        for name, mine in in_groups(areas["group"]):
            weight = np.where(told & mine, areas["residents"].to_numpy(float), 0.0)
            row = _times_row((proposal, name, str(place), str(mode)), (first, last), weight)
            rows.append(row | {"residents_saving_1_min": np.nan})
    return rows


def _times_row(
    key: tuple[str, str, str, str],
    values: tuple[NDArray[np.float64], NDArray[np.float64]],
    weight: NDArray[np.float64],
) -> dict[str, Any]:
    first, last, saved = mean_minutes(*values, weight)
    return {
        **dict(zip(("proposal", "group", "to", "mode"), key, strict=True)),
        "before_min": first,
        "after_min": last,
        "saved_min": saved,
    }


def changed_gaps(proposal: str, before: State, after: State) -> tuple[pd.DataFrame, int, int]:
    """Tell how much of each gap between the groups is closed.

    Parameters
    ----------
    proposal : str
        Its name.
    before, after : State
        Without and with it.

    Returns
    -------
    gaps : DataFrame
        As `Assessment.gaps`: indicators whose gap differs.
    closed, comparable : int
        Gaps that are at most half of what they were, and gaps there were to close.
    """
    names = before.gaps.index.intersection(after.gaps.index, sort=False)
    first, last = (state.gaps.loc[names, "gap_abs"].astype(float) for state in (before, after))
    # a gap of other areas before than after is another gap
    other = [
        name
        for name in names
        if (np.isfinite(before.areas[name].to_numpy(float)) != np.isfinite(after.areas[name].to_numpy(float))).any()
    ]
    first[other] = last[other] = np.nan
    better = {name: known.better for name in names if (known := indicator_of(name)) is not None}
    frame = pd.DataFrame({"gap_before": first, "gap_after": last, "gap_closed": gap_closed(first, last)})
    # where vulnerable areas were better off there was nothing to close
    frame["gap_closed"] = frame["gap_closed"].where(has_gap(first, better=better))
    frame = frame[differs(first.to_numpy(float), last.to_numpy(float))]
    count = n_halved(first, last, better=better)
    rows = frame.rename_axis("indicator").reset_index().assign(proposal=proposal)
    return table("gaps", rows), count.n_halved, count.n_comparable


def summary_row(before: State, after: State, *, closed: int, comparable: int) -> dict[str, Any]:
    """Sum up a proposal in one row.

    Parameters
    ----------
    before, after : State
        Without and with it.
    closed, comparable : int
        From `changed_gaps`.

    Returns
    -------
    dict
        A row of `Assessment.summary`.
    """
    people = before.effects[0].people
    member = dict(in_groups(before.home_group))
    weak = member.get("vulnerable")
    with np.errstate(invalid="ignore"):
        gain = np.where(differs(before.reach, after.reach), after.reach - before.reach, 0.0)

    def moved(sign: float, mine: NDArray[np.bool_] | None) -> float:
        return float("nan") if mine is None else float(people[mine & (gain * sign > 0)].sum())

    return {
        "residents": float(before.areas["residents"].sum()),
        "residents_gaining": moved(1, member["all"]),
        "residents_losing": moved(-1, member["all"]),
        "vulnerable_gaining": moved(1, weak),
        "vulnerable_losing": moved(-1, weak),
        "effect_before": lost_share(before),
        "effect_after": lost_share(after),
        "recovered_share": recovered(before, after, member["all"]),
        "recovered_vulnerable_share": float("nan") if weak is None else recovered(before, after, weak),
        "recovered_water_share": recovered(before, after, member["all"], water=True),
        "mean_reach_gain": mean_gain(before, after),
        "gaps_closed": closed,
        "gaps": comparable,
    }


def proposal_layer(scenarios: Sequence[Scenario], *, crs: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - as geopandas takes it
    """List what proposals change, one row a modification.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Proposals.
    crs : object
        Of their lines.

    Returns
    -------
    GeoDataFrame
        As `Assessment.proposals`.
    """
    shapes: list[Any] = []
    rows: list[tuple[Any, ...]] = []
    for scenario in scenarios:
        for each in scenario.modifications:
            shape = getattr(each, "line", getattr(each, "place", None))
            length = float(shapely.length(shape)) if shape is not None and shape.geom_type == "LineString" else np.nan
            kind = _WHAT.get(type(each).__name__) or str(getattr(each, "kind", type(each).__name__))
            rows.append((scenario.name, kind, each.name, length))
            shapes.append(shape)
    frame = pd.DataFrame(rows, columns=["proposal", "what", "name", "length_m"])
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, crs=crs), crs=crs)


def comparable(first: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell whose minutes say something: no way at one of the times does, no way at both does not.

    Parameters
    ----------
    first, last : array of float
        Before and after; NaN where not known, inf where there is no way.

    Returns
    -------
    array of bool
    """
    return np.asarray(~(np.isnan(first) | np.isnan(last) | (np.isinf(first) & np.isinf(last))))


def mean_minutes(
    first: NDArray[np.float64], last: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Average minutes before and after over residents who have a way both times.

    Parameters
    ----------
    first, last : array of float
        Before and after.
    weight : array of float
        Residents; 0 for those whose minutes are not `comparable`.

    Returns
    -------
    tuple of float
        Before, after and saved; NaN where nobody's are. Infinite where nobody has a way at that time: the few who have
        none must not hide what the others save.
    """
    both = np.where(np.isfinite(first) & np.isfinite(last), weight, 0.0)
    weight = both if both.sum() > 0 else weight
    total, some = weight.sum(), weight > 0
    before, after = (
        float((value[some] * weight[some]).sum() / total) if total > 0 else float("nan") for value in (first, last)
    )
    return before, after, before - after if np.isfinite(before) or np.isfinite(after) else float("nan")


def _both(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    """List the indicators that both tables have, in the order of the profile."""
    return [one.name for one in indicators_among(before.columns) if one.name in after.columns]
