"""A study as measured once, without or with a proposal, and how two such states differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling.severance import BarrierEffect
    from bykobling.study.noise import NoiseTables
    from bykobling.study.profile import ProfileTables
    from bykobling.study.transit import TransitTables

GROUPS = ("all", "vulnerable", "rest")
SAME = 1e-9
"""Numbers that differ by less, relatively, are one number added up in another order."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "areas": (
        "proposal", "area_id", "area", "group", "residents", "indicator", "unit", "better", "before", "after",
        "change", "improves",
    ),
    "who": (
        "proposal", "area_id", "area", "group", "residents", "residents_gaining", "residents_losing", "reach_before",
        "reach_after",
    ),
    "groups": ("proposal", "group", "indicator", "unit", "better", "before", "after", "change"),
    "thresholds": (
        "proposal", "group", "indicator", "limit", "met_before", "met_after", "gaining", "losing",
    ),
    "times": (
        "proposal", "group", "to", "mode", "before_min", "after_min", "saved_min", "residents_saving_1_min",
    ),
    "gaps": ("proposal", "indicator", "gap_before", "gap_after", "gap_closed"),
    "interaction": ("proposal", "other", "alone", "other_alone", "together", "interaction"),
}  # fmt: skip


@dataclass(frozen=True)
class State:
    """A study as measured once, as it is or with a proposal.

    Parameters
    ----------
    effects : tuple of BarrierEffect
        One a mode, walking first.
    people : GeoDataFrame
        Homes of the areas with their indicators.
    areas : GeoDataFrame
        With theirs.
    gaps : DataFrame
        Between the groups.
    profile : ProfileTables or None
    transit : TransitTables or None
    noise : NoiseTables or None
        Measured where a proposal changes motor traffic.
    """

    effects: tuple[BarrierEffect, ...]
    people: gpd.GeoDataFrame
    areas: gpd.GeoDataFrame
    gaps: pd.DataFrame
    profile: ProfileTables | None = None
    transit: TransitTables | None = None
    noise: NoiseTables | None = None

    @property
    def home_group(self) -> pd.Series[Any]:
        """Group of the area each home lies in."""
        group: pd.Series[Any] = self.areas["group"].reindex(self.people["area_id"])
        return group

    @property
    def reach(self) -> NDArray[np.float64]:
        """Share of all weighted places each home reaches on the longest walk; NaN where unlinked."""
        return np.asarray(self.effects[0].reach[:, -1, 0])


def table(kind: str, rows: list[dict[str, Any]] | pd.DataFrame) -> pd.DataFrame:
    """Make one of the tables; one of nothing has its columns too.

    Parameters
    ----------
    kind : str
        ``areas``, ``who``, ``groups``, ``thresholds``, ``times``, ``gaps`` or ``interaction``.
    rows : list of dict, or DataFrame
        Its rows.

    Returns
    -------
    DataFrame
    """
    return pd.DataFrame(rows, columns=list(COLUMNS[kind])).reset_index(drop=True)


def in_groups(group: pd.Series[Any]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Give who belongs to each group; a group of nobody is left out.

    Parameters
    ----------
    group : Series
        Group of each area, or of the area each home lies in.

    Yields
    ------
    str, array of bool
        Name of the group, and who belongs to it.
    """
    for name in GROUPS:
        mine = np.ones(len(group), bool) if name == "all" else (group == name).to_numpy(bool)
        if mine.any():
            yield name, mine


def recovered(before: State, after: State, mine: NDArray[np.bool_], *, water: bool = False) -> float:
    """Return the reach a proposal gives, as a share of what barriers take, on the longest walk.

    ``(Acc(G + l) - Acc(G)) / (Acc(G0) - Acc(G))``, with Acc the mean reach of residents, l the proposal and G0 the
    city as it is with its barriers open: one measure for every proposal, also of one that crosses no barrier.

    Parameters
    ----------
    before, after : State
        Without and with it.
    mine : array of bool
        Which homes.
    water : bool, optional
        Of what water takes, instead of the headline barriers.

    Returns
    -------
    float
        NaN where barriers take nothing; negative where reach is lost.
    """
    walking = before.effects[0]
    opened = (walking.reach_open_water if water else walking.reach_open)[:, -1, 0]
    use = mine & ~np.isnan(before.reach)
    weight = walking.people[use]
    lost = float((weight * (opened - before.reach)[use]).sum())
    gain = float((weight * (after.reach - before.reach)[use]).sum())
    return gain / lost if lost > SAME * max(weight.sum(), 1.0) else float("nan")


def lost_share(state: State) -> float:
    """Return the barrier effect of all residents together on the longest walk, ``1 - Acc(G) / Acc(G0)``.

    Parameters
    ----------
    state : State
        Without or with a proposal.

    Returns
    -------
    float
        NaN where nothing is reached even with the barriers open. The mean of the areas' effects is another number:
        there an area in which little is reached weighs as much as one in which much is.
    """
    walking = state.effects[0]
    use = ~np.isnan(state.reach)
    opened = float((walking.people * walking.reach_open[:, -1, 0])[use].sum())
    return 1.0 - float((walking.people * state.reach)[use].sum()) / opened if opened > 0 else float("nan")


def mean_gain(before: State, after: State) -> float:
    """Return the mean over residents of the reach a proposal adds on the longest walk.

    Parameters
    ----------
    before, after : State
        Without and with it.

    Returns
    -------
    float
        Share of all weighted places; negative where reach is lost.
    """
    use = ~np.isnan(before.reach)
    people = before.effects[0].people[use]
    return float((people * (after.reach - before.reach)[use]).sum() / people.sum()) if people.sum() > 0 else 0.0


def differs(first: NDArray[np.float64], last: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell which numbers are another; one that is missing cannot be compared.

    Parameters
    ----------
    first, last : array of float
        One beside the other.

    Returns
    -------
    array of bool
    """
    told = ~(np.isnan(first) | np.isnan(last))
    return np.asarray(told & ~np.isclose(first, last, rtol=SAME, atol=1e-12))
