"""From gains of connections to the tables of `FoundLinks`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.links import FIELDS
from bykobling.links.kinds import by_kind
from bykobling.results import Note
from bykobling.study.find_sentences import ASSUMED, GIVEN, reason
from bykobling.study.find_stability import COSTS, among_the_best, among_the_best_for_cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from bykobling.links import Demand, LinkCandidates, LinkGains, LinkKind
    from bykobling.network import Network
    from bykobling.severance import BarrierEffect
    from bykobling.study.find_stability import Trials
    from bykobling.study.model import Language

SCORE, PLACES, PEOPLE = range(len(FIELDS))


@dataclass(frozen=True)
class Found:
    """Connections, best first, with what they give.

    Parameters
    ----------
    links : LinkCandidates
        L connections.
    gains : LinkGains
        Of them; groups are areas, the last everybody outside.
    before : array (O, C, F)
        Reach of every home as things are.
    demand : Demand
        Residents and places.
    effect : BarrierEffect
        Of the same mode.
    trials : Trials
        What they give under other assumptions.
    """

    links: LinkCandidates
    gains: LinkGains
    before: NDArray[np.float64]
    demand: Demand
    effect: BarrierEffect
    trials: Trials

    @property
    def gain(self) -> NDArray[np.float64]:
        """Gain at the longest cut-off, shape (A + 1, L, F)."""
        return self.gains.gain[:, :, -1]

    @property
    def gaining(self) -> NDArray[np.float64]:
        """Residents who gain at the longest cut-off, shape (A + 1, L)."""
        return self.gains.gaining[:, :, -1]

    @property
    def residents(self) -> NDArray[np.float64]:
        """Linked residents of each area, and outside, shape (A + 1,)."""
        count = len(self.demand.areas) + 1
        return np.asarray(np.bincount(self.demand.area, weights=self.demand.people, minlength=count), float)

    def lost(self, areas: pd.Index) -> NDArray[np.float64]:
        """Tell what barriers take from each area: (A, 2), headline barriers and water; NaN where it is not known."""
        effect = self.effect
        at = effect.areas_index.get_indexer(areas)
        here = np.stack(
            [
                (opened - effect.area_reach)[:, -1, 0]
                for opened in (effect.area_reach_open, effect.area_reach_open_water)
            ],
            axis=1,
        )
        lost = np.where((at >= 0)[:, None], here[at], np.nan)
        return np.asarray(lost * self.residents[:-1, None])

    def of_water(self) -> NDArray[np.bool_]:
        """Tell which connections cross a barrier that is not in the headline, shape (L,)."""
        barrier = self.links.barrier
        water = np.zeros(len(barrier), bool)
        water[barrier >= 0] = ~self.effect.headline[barrier[barrier >= 0]]
        return water


def link_table(
    found: Found,
    areas: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    *,
    kinds: Mapping[str, LinkKind],
    language: Language = "en",
) -> gpd.GeoDataFrame:
    """Make the table of connections.

    Parameters
    ----------
    found : Found
        Best first.
    areas : GeoDataFrame
        Index ``area_id``; ``name``, ``group``.
    barriers : GeoDataFrame
        For the names.
    kinds : mapping
        Table of costs, assumed or the user's.
    language : {"en", "da"}, optional
        Of the sentences.

    Returns
    -------
    GeoDataFrame
        As described in `FoundLinks`.
    """
    links, gain = found.links, found.gain
    count = len(links)
    vulnerable = (areas["group"] == "vulnerable").to_numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        table = gpd.GeoDataFrame(
            {
                "rank": np.arange(1, count + 1),
                "kind": links.kind,
                "barrier_id": _of_barrier(barriers.index.to_numpy(object), links.barrier),
                "barrier": _of_barrier(barriers["name"].to_numpy(object), links.barrier),
                "barrier_kind": _of_barrier(barriers["kind"].to_numpy(object), links.barrier),
                "at": _streets_joined(links),
                "length_m": links.length_m,
                "route_min": links.route_s.astype(float) / 60,
                "link_min": links.link_s.astype(float) / 60,
                "delay_s": by_kind(links.kind, "extra_s", kinds),
                "detour": links.detour,
                "gain_places": gain[:, :, PLACES].sum(axis=0),
                "gain_people": gain[:, :, PEOPLE].sum(axis=0),
                "gain_score": gain[:, :, SCORE].sum(axis=0),
                "gain_vulnerable": _of(gain[:-1, :, SCORE], vulnerable),
                "residents_gaining": found.gaining.sum(axis=0),
                "vulnerable_gaining": _of(found.gaining[:-1], vulnerable),
                "recovered_share": _recovered(found, areas),
                "cost_dkk": links.cost_dkk,
            },
            index=pd.Index([f"L{rank}" for rank in range(1, count + 1)], name="link_id", dtype=object),
            geometry=links.geometry,
            crs=areas.crs,
        )
        table["gain_per_m"] = table["gain_score"] / table["length_m"]
        table["gain_per_mdkk"] = table["gain_score"] / (table["cost_dkk"] / 1e6)
    for name in ("per_m", "per_mdkk"):
        table[f"rank_{name}"] = table[f"gain_{name}"].rank(ascending=False, method="min")
    table["rank_vulnerable"] = table["gain_vulnerable"].rank(ascending=False, method="min")
    best = np.argmax(gain[:-1, :, SCORE], axis=0) if len(areas) and count else np.zeros(count, np.int64)
    # a connection may help people outside all areas alone
    some = gain[best, np.arange(count), SCORE] > 0
    table["top_area"] = np.where(some, areas["name"].to_numpy(object)[best], None)
    table["top_area_gain_share"] = np.where(some, _share_of_reach(found)[best, np.arange(count)], np.nan)
    table["top_ten_share"] = among_the_best(found.gains.gain.sum(axis=0), found.trials)
    table["top_ten_cost_share"] = among_the_best_for_cost(
        table["gain_score"].to_numpy(float), links.cost_dkk, links.kind.astype(object)
    )
    mine = np.array([not kinds[str(kind)].assumed for kind in links.kind], bool)
    table["assumed"] = np.where(mine, GIVEN[language], ASSUMED[language])
    table["reason"] = [reason(row, found.demand.cutoffs_min[-1], found.effect.mode, language) for row in
                       table.to_dict("records")]  # fmt: skip
    return table


def area_table(found: Found, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the areas that gain by each connection.

    Parameters
    ----------
    found : Found
        Connections.
    areas : GeoDataFrame
        For names and groups.

    Returns
    -------
    DataFrame
        As described in `FoundLinks`.
    """
    area, link = np.nonzero(found.gaining[:-1] > 0)
    order = np.lexsort((-found.gain[area, link, SCORE], link))
    area, link = area[order], link[order]
    people = found.residents[area]
    lost = found.lost(found.demand.areas)[area, found.of_water()[link].astype(int)]
    columns: dict[str, Any] = {
        "link_id": [f"L{number + 1}" for number in link],
        "area_id": found.demand.areas.to_numpy(object)[area],
        "area": areas["name"].to_numpy(object)[area],
        "group": areas["group"].to_numpy(object)[area],
        "residents": people,
        "residents_gaining": found.gaining[area, link],
    }
    before = _area_reach(found)
    for name, field in (("places", PLACES), ("people", PEOPLE)):
        columns[f"{name}_before"] = before[area, field] / people
        columns[f"{name}_after"] = (before[area, field] + found.gain[area, link, field]) / people
    gain = found.gain[area, link, SCORE]
    columns["gain_score"] = gain
    columns["recovered_share"] = np.divide(gain, lost, out=np.full(len(gain), np.nan), where=lost > 0)
    return pd.DataFrame(columns)


def set_table(sets: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Name the connections chosen one after the other.

    Parameters
    ----------
    sets : DataFrame
        From `choose_links`.
    links : DataFrame
        Of `link_table`.

    Returns
    -------
    DataFrame
        As described in `FoundLinks`.
    """
    table = sets.rename(columns={"gain": "gain_score"})
    table.insert(0, "step", np.arange(1, len(sets) + 1))
    table.insert(1, "link_id", links.index.to_numpy(object)[sets["row"].to_numpy(int)])
    return table.drop(columns="row")


def pair_table(pairs: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    """Name the pairs of connections.

    Parameters
    ----------
    pairs : DataFrame
        From `pair_interaction`.
    links : DataFrame
        Of `link_table`.

    Returns
    -------
    DataFrame
        As described in `FoundLinks`.
    """
    names = links.index.to_numpy(object)
    ids = {new: names[pairs[old].to_numpy(int)] for new, old in (("link_id", "row"), ("other_id", "other"))}
    return pd.DataFrame(ids).assign(together=pairs["together"], interaction=pairs["interaction"])


def home_table(found: Found, by_home: LinkGains, everybody: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tell where the residents live who gain by the best connections.

    Parameters
    ----------
    found : Found
        Connections.
    by_home : LinkGains
        Of the best of them, home by home.
    everybody : GeoDataFrame
        Homes, for the places on the map.

    Returns
    -------
    GeoDataFrame
        As described in `FoundLinks`.
    """
    demand = found.demand
    home, link = np.nonzero(by_home.gaining[:, :, -1] > 0)
    order = np.lexsort((home, link))
    home, link = home[order], link[order]
    columns: dict[str, Any] = {
        "link_id": [f"L{number + 1}" for number in link],
        "residents": demand.people[home],
    }
    for name, field in (("places", PLACES), ("people", PEOPLE)):
        columns[f"{name}_before"] = found.before[home, -1, field]
        added = by_home.gain[home, link, -1, field] / demand.people[home]
        columns[f"{name}_after"] = found.before[home, -1, field] + added
    points = everybody.geometry.to_numpy()[demand.home[home]]
    return gpd.GeoDataFrame(columns, geometry=points, crs=everybody.crs)


def notes(found: Found, areas: gpd.GeoDataFrame, kinds: Mapping[str, LinkKind]) -> tuple[Note, ...]:
    """Say what ranks rest on.

    Parameters
    ----------
    found : Found
        Connections.
    areas : GeoDataFrame
        With ``group``.
    kinds : mapping
        Table of costs.

    Returns
    -------
    tuple of Note
    """
    minutes = f"{found.demand.cutoffs_min[-1]:g}"
    costs = [one.kind for one in kinds.values() if one.assumed]
    text = (
        f"Costs, climbs and longest lengths are assumed for {', '.join(costs)}: orders of magnitude without land, not "
        "a budget. Bring a table of your own to replace them."
    )
    told = [
        *([Note("assumed", text)] if costs else []),
        Note(
            "assumed",
            f"Gains count what residents newly reach within {minutes} minutes; homes stay linked to the streets they "
            "are on, and nobody is assumed to move.",
        ),
        Note(
            "assumed",
            "Whether a connection can be built (levels, soil, ownership, protected land, ships passing) is not known "
            "here: a candidate is a place to look at.",
        ),
    ]
    told.append(
        Note(
            "assumed",
            "How often a connection is among the ten best is told over trials with each cut-off, with places, weighted "
            "places and residents counted, with speeds 10 % lower and higher (as cut-offs, so waits and climbs go with "
            "them), and with each kind of place weighing half to double. For its cost: each kind of connection costing "
            f"{COSTS[0]:g}, {COSTS[1]:g} or {COSTS[2]:g} times as much. Gradients, waits and lengths are not varied.",
            ("top_ten_share", "top_ten_cost_share"),
        )
    )
    if not (areas["group"] == "vulnerable").any():
        told.append(Note("missing", "No area is marked as vulnerable, so gains of vulnerable areas are missing."))
    return tuple(told)


def _of(values: NDArray[np.float64], vulnerable: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Sum over vulnerable areas; NaN where there are none."""
    if not vulnerable.any():
        return np.full(values.shape[1], np.nan)
    return np.asarray(values[vulnerable].sum(axis=0))


def _of_barrier(values: NDArray[Any], barrier: NDArray[np.int64]) -> NDArray[Any]:
    """Look up what is told of the barrier of each connection; None for a gap between streets."""
    told = np.full(len(barrier), None, dtype=object)
    told[barrier >= 0] = values[barrier[barrier >= 0]]
    return told


def _recovered(found: Found, areas: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Divide the gain of the areas by what barriers take from them: (Acc(G + l) - Acc(G)) / (Acc(G0) - Acc(G))."""
    lost = np.nansum(found.lost(areas.index), axis=0)[found.of_water().astype(int)]
    gain = found.gain[:-1, :, SCORE].sum(axis=0)
    return np.asarray(np.divide(gain, lost, out=np.full(len(gain), np.nan), where=lost > 0))


def _area_reach(found: Found) -> NDArray[np.float64]:
    """Sum over people what each area reaches as things are, shape (A + 1, F)."""
    reach = np.zeros((len(found.demand.areas) + 1, len(FIELDS)))
    np.add.at(reach, found.demand.area, found.before[:, -1] * found.demand.people[:, None])
    return reach


def _share_of_reach(found: Found) -> NDArray[np.float64]:
    """Divide the gain of each area by its reach as it is, shape (A, L)."""
    before = _area_reach(found)[:-1, SCORE, None]
    gain = found.gain[:-1, :, SCORE]
    return np.asarray(np.divide(gain, before, out=np.full(gain.shape, np.nan), where=before > 0))


def _streets_joined(links: LinkCandidates) -> list[str | None]:
    """Name the streets at both ends, where they have names."""
    name = _node_names(links.openings.network)
    ends = ([one for one in (name[u], name[v]) if one] for u, v in zip(links.u, links.v, strict=True))
    return [" - ".join(dict.fromkeys(pair)) or None for pair in ends]


def _node_names(network: Network) -> NDArray[np.object_]:
    """Name each node by a named street at it, the one of the lowest edge; None where there is none."""
    name = np.full(network.node_count, None, dtype=object)
    if "name" not in network.edge_attributes:
        return name
    named = network.edge_attributes["name"].to_numpy(object)
    known = np.flatnonzero(pd.notna(named))[::-1]
    name[network.edge_u[known]] = named[known]
    name[network.edge_v[known]] = named[known]
    return name
