"""Who would use a connection, and what for: laid out once, asked for any number of links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.links.score import LinkGains, link_gains
from bykobling.network import Links
from bykobling.network.links import joined
from bykobling.severance.fields import category_weights, gathered, gathered_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.links.model import LinkCandidates
    from bykobling.network import Network, Snap

FIELDS = ("score", "places", "people")
"""What is reached: the share of all weighted places (as the barrier effect counts), the number of places, residents."""


@dataclass(frozen=True, eq=False)
class Demand:
    """Residents and places on a network.

    Parameters
    ----------
    homes : Snap
        O places where residents are gathered, by area and 20 m of street.
    people : array (O,)
        Residents of each.
    area : array of int64 (O,)
        Position of the area in `areas`; ``len(areas)`` outside every area.
    home : array of int64 (O,)
        Row of one of the homes gathered there.
    areas : Index
        Ids of the areas.
    destinations : Links
        Places, then residents as those whom others reach.
    weights : array (D, 3)
        One column each of `FIELDS`.
    cutoffs_min : tuple of float
        Ascending.
    """

    homes: Snap
    people: NDArray[np.float64]
    area: NDArray[np.int64]
    home: NDArray[np.int64]
    areas: pd.Index
    destinations: Links
    weights: NDArray[np.float64]
    cutoffs_min: tuple[float, ...]

    def take(self, rows: NDArray[Any]) -> Demand:
        """Choose homes; places stay.

        Parameters
        ----------
        rows : array of int or bool
            Which.

        Returns
        -------
        Demand
        """
        parts = {name: getattr(self, name)[rows] for name in ("people", "area", "home")}
        return replace(self, homes=self.homes.take(rows), **parts)

    def at_last(self) -> Demand:
        """Keep the longest cut-off alone.

        Returns
        -------
        Demand
        """
        return replace(self, cutoffs_min=self.cutoffs_min[-1:])

    @property
    def cutoffs_s(self) -> list[float]:
        """Cut-offs in seconds."""
        return [60.0 * minutes for minutes in self.cutoffs_min]


def demand_on(
    openings: Openings,
    residents: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    areas: pd.Index,
    *,
    weights: ArrayLike | None = None,
    cutoffs_min: Sequence[float] = (5, 10, 15),
) -> Demand:
    """Lay out who would use a connection.

    Parameters
    ----------
    openings : Openings
        Network and walls; homes and places are snapped to it.
    residents : GeoDataFrame
        Points of everybody, with ``residents`` and ``area_id`` (None outside every area).
    destinations : GeoDataFrame
        Places with ``category`` and ``weight``.
    areas : Index
        Ids of the areas.
    weights : array of float, optional
        Weight of each place; `category_weights` by default.
    cutoffs_min : sequence of float, optional
        Minutes, in any order.

    Returns
    -------
    Demand
    """
    network = openings.network
    everybody = network.snap(residents.geometry, walls=openings.walls)
    number = residents["residents"].to_numpy(float)
    area = areas.get_indexer(residents["area_id"].to_numpy(object)).astype(np.int64)
    area[area < 0] = len(areas)
    homes, people, home = gathered_apart(network, everybody, number, area)
    met, others = gathered(network, everybody, number)
    places = network.snap_edges(destinations.geometry, walls=openings.walls)
    own = category_weights(destinations) if weights is None else np.asarray(weights, float)
    table = np.zeros((len(own) + len(others), len(FIELDS)))
    table[: len(own), 0] = own
    table[: len(own), 1] = 1.0
    table[len(own) :, 2] = others
    return Demand(
        homes=homes,
        people=people,
        area=area[home],
        home=home,
        areas=areas,
        destinations=joined(places, Links.from_snap(met)),
        weights=table,
        cutoffs_min=tuple(sorted(float(minutes) for minutes in cutoffs_min)),
    )


def score_candidates(
    candidates: LinkCandidates,
    demand: Demand,
    *,
    network: Network | None = None,
    by_home: bool = False,
    progress: Progress | None = None,
) -> LinkGains:
    """Score candidates for the residents of each area.

    Parameters
    ----------
    candidates : LinkCandidates
        L links.
    demand : Demand
        On the network of the candidates.
    network : Network, optional
        The same network with edges added, such as links already chosen; the candidates' own by default.
    by_home : bool, optional
        Tell gains home by home instead of area by area: for a few candidates only.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    LinkGains
        Groups are areas, the last one everybody outside; or homes.
    """
    on = candidates.openings.network if network is None else network
    count = len(demand.people)
    return link_gains(
        on,
        demand.homes,
        demand.people,
        demand.destinations,
        demand.weights,
        end_u=on.at_nodes(candidates.u),
        end_v=on.at_nodes(candidates.v),
        link_s=candidates.link_s,
        cutoffs_s=demand.cutoffs_s,
        group=np.arange(count) if by_home else demand.area,
        n_groups=count if by_home else len(demand.areas) + 1,
        progress=progress,
    )
