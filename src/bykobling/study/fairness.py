"""The fairness part of the profile: minimum standards, how evenly reach is spread, and the two axes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling.equity import (
    composite_index,
    concentration_index,
    correlated,
    fgt,
    gini,
    palma_by_income,
    standards_met,
    theil_t,
    two_axes,
    weighted_quantile,
)
from bykobling.indicators import indicator_of, indicators_among
from bykobling.results import Note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from bykobling.study.model import ProfileSettings

POOR_SHARE = 0.6
"""Who has less than so much of the residents' median is counted as poor in it, as in relative poverty (assumed)."""

_INEQUALITY = (
    "indicator", "gini", "theil_t", "theil_between", "theil_within", "poverty_line", "fgt_0", "fgt_1", "fgt_2",
)  # fmt: skip
_UNITS = {"min": " min", "m": " m", "pct": " %", "s": " s", "db": " dB"}


def standards_of(
    homes: pd.DataFrame, residents: pd.DataFrame, standards: Mapping[str, float]
) -> tuple[pd.DataFrame, tuple[Note, ...]]:
    """Count the minimum standards that each home does not meet.

    Parameters
    ----------
    homes : DataFrame
        One row a home, one column an indicator.
    residents : DataFrame
        ``residents``, same index.
    standards : mapping of indicator to limit
        What a resident must have, from the side that is good.

    Returns
    -------
    values : DataFrame
        ``standards_met_share`` (1 where all are met, 0 where not) and ``standards_unmet``; empty without a standard
        that can be told.
    notes : tuple of Note
        What the standards are, and which could not be told.
    """
    signs = {name: (one.better, one) for name in standards if (one := indicator_of(name)) is not None}
    there = {name: limit for name, limit in standards.items() if name in homes and homes[name].notna().any()}
    notes = []
    absent = sorted(set(standards) - set(there))
    if absent:
        text = f"The minimum standards {', '.join(absent)} could not be checked: nobody's value is known at home."
        notes.append(Note("missing", text, ("standards_met_share", "standards_unmet")))
    if not there:
        return pd.DataFrame(index=homes.index), tuple(notes)
    found = standards_met(
        homes[list(there)],
        {name: ("<=" if signs[name][0] == "lower" else ">=", limit) for name, limit in there.items()},
        residents["residents"],
    )
    told = "; ".join(
        f"{signs[name][1].label_en}: {'at most' if signs[name][0] == 'lower' else 'at least'} "
        f"{limit:g}{_UNITS.get(signs[name][1].unit, '')}"
        for name, limit in there.items()
    )
    notes.append(Note("assumed", f"The minimum standards are those of the study: {told}.", ("standards_met_share",)))
    met = (found.unmet == 0).astype(float).where(found.unmet.notna())
    return pd.DataFrame({"standards_met_share": met, "standards_unmet": found.unmet}), tuple(notes)


def inequality_table(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell how unevenly what is good is spread over residents.

    Parameters
    ----------
    areas : GeoDataFrame
        ``residents``, ``group`` and indicators; ``income`` and ``vulnerability`` where the study has them.

    Returns
    -------
    DataFrame
        ``indicator``; ``gini``; ``theil_t``, ``theil_between`` and ``theil_within`` the two groups; ``fgt_0``,
        ``fgt_1``, ``fgt_2`` below ``poverty_line`` (60 % of the residents' median); with an income,
        ``palma_by_income`` and ``concentration_by_income``; with a screening, ``concentration_by_vulnerability``
        (negative where the vulnerable have less). Only indicators of which more is better.
    """
    people = areas["residents"].to_numpy(float)
    by = {name: areas[name].array for name in ("group", "income", "vulnerability") if name in areas}
    rows = []
    for one in indicators_among(areas.columns):
        if one.better != "higher" or one.theme not in {"access", "transit"}:
            continue
        value = areas[one.name].to_numpy(float)
        known = np.isfinite(value) & (people > 0)
        if not (value[known] > 0).any():
            continue
        mine, weight = pd.Series(value[known]), pd.Series(people[known])
        others = {name: pd.Series(column[known]) for name, column in by.items()}
        line = POOR_SHARE * weighted_quantile(mine, weight, 0.5)
        theil = theil_t(mine, weight, others["group"])
        row = {
            "indicator": one.name,
            "gini": gini(mine, weight),
            "theil_t": theil.total,
            "theil_between": theil.between,
            "theil_within": theil.within,
            "poverty_line": line,
        }
        row |= {
            f"fgt_{alpha}": fgt(mine, weight, poverty_line=line, alpha=alpha) if line > 0 else np.nan
            for alpha in (0, 1, 2)
        }
        if "income" in others:
            row["palma_by_income"] = palma_by_income(mine, weight, others["income"])
            row["concentration_by_income"] = concentration_index(mine, weight, others["income"])
        if "vulnerability" in others:
            row["concentration_by_vulnerability"] = concentration_index(mine, weight, others["vulnerability"])
        rows.append(row)
    # a table of nothing has its columns too: it is written like any other
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=_INEQUALITY)


def add_axes(areas: gpd.GeoDataFrame, settings: ProfileSettings, headline: str) -> gpd.GeoDataFrame:
    """Add the two axes and the combined index, where the study asks for them.

    Parameters
    ----------
    areas : GeoDataFrame
        ``residents``, indicators, and ``vulnerability`` where the study names one.
    settings : ProfileSettings
        Weights of the index.
    headline : str
        The barrier burden.

    Returns
    -------
    GeoDataFrame
        A copy with ``vulnerability_percentile``, ``pareto_front`` (no area is worse on both axes), and ``index``,
        ``index_rank``, ``index_rank_low``, ``index_rank_high`` and a part ``index_part_<indicator>`` each.
    """
    result = areas.copy()
    if "vulnerability" in areas and headline in areas:
        axes = two_axes(areas["vulnerability"], areas[headline], areas["residents"])
        result["vulnerability_percentile"] = axes["vulnerability_percentile"]
        result["pareto_front"] = axes["pareto_front"]
    weights = {name: weight for name, weight in settings.index.items() if name in areas and weight > 0}
    if weights:
        better = {name: one.better for name in weights if (one := indicator_of(name)) is not None}
        found = composite_index(result[list(weights)], weights, better=better)
        columns = {"index": "index", "rank": "index_rank", "rank_low": "index_rank_low", "rank_high": "index_rank_high"}
        for name, column in columns.items():
            result[column] = found.table[name]
        for name in weights:
            result[f"index_part_{name}"] = found.contributions[name]
    return result


def index_notes(areas: gpd.GeoDataFrame, settings: ProfileSettings) -> tuple[Note, ...]:
    """Say what the combined index could not take in.

    Parameters
    ----------
    areas : GeoDataFrame
        With indicators.
    settings : ProfileSettings
        Weights of the index.

    Returns
    -------
    tuple of Note
        Empty where nothing is amiss.
    """
    absent = sorted(set(settings.index) - set(areas.columns))
    if not absent:
        return ()
    text = f"The combined index leaves out {', '.join(absent)}: this study does not measure it."
    return (Note("missing", text, ("index",)),)


def correlation_table(areas: gpd.GeoDataFrame, names: Sequence[str]) -> pd.DataFrame:
    """List indicators of different families that rank the areas alike, so that nobody counts one thing twice.

    Parameters
    ----------
    areas : GeoDataFrame
        With indicators.
    names : sequence of str
        Indicators to hold against each other.

    Returns
    -------
    DataFrame
        ``first``, ``second``, ``spearman``, ``n_areas``; pairs of one family (other minutes or modes of the same
        measure) are left out.
    """
    table = correlated(areas[list(names)].astype(float).replace(np.inf, np.nan))
    family = {name: name.split("_")[0] for name in names}
    same = table["first"].map(family) == table["second"].map(family)
    return table[~same].reset_index(drop=True)
