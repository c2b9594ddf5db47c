"""The headline pair: what share of their reach barriers take from residents, and which barrier takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import weights as _check_weights
from bykobling.errors import Fault, InputError
from bykobling.severance.fields import fields_of, with_edge
from bykobling.severance.search import HEADLINE, WATER, chunks_of, search, share_gain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import shapely
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Mode, Progress
    from bykobling.barriers import Openings


@dataclass(frozen=True)
class BarrierEffect:
    """Reach with barriers as they are, with all opened, and with each opened alone.

    Arrays are aligned with the residents (R), areas (A), barriers (B), cut-offs (C) and fields (F) of the call.

    Parameters
    ----------
    mode : {"walk", "bike"}
        How residents move.
    cutoffs_min : tuple of float
        Minutes (C).
    fields : tuple of str
        What is reached (F).
    residents_index, areas_index, barriers_index : Index
        Labels of R, A, B.
    people : array (R,)
        Residents, 0 where unlinked.
    reach, reach_open, reach_open_water : array (R, C, F)
        Weight within reach as it is, with the headline barriers open, with the water open; NaN where unlinked.
    area_reach, area_reach_open, area_reach_open_water : array (A, C, F)
        The same, mean over an area's residents; NaN without linked residents.
    area_gain : array (A, B, C, F)
        What opening each barrier alone adds to an area's mean reach.
    area_share_gain : array (A, B, C, F)
        The same, plus an equal part of what barriers side by side give back only together (see `shares`).
    edge_affected : array of bool (R, C)
        True where the reach touches the edge of the extract.
    reason : array of str (R,)
        ``ok``, ``unlinked`` or ``island``.
    headline : array of bool (B,)
        Which barriers count in the headline.
    """

    mode: Mode
    cutoffs_min: tuple[float, ...]
    fields: tuple[str, ...]
    residents_index: pd.Index
    areas_index: pd.Index
    barriers_index: pd.Index
    people: NDArray[np.float64]
    reach: NDArray[np.float64]
    reach_open: NDArray[np.float64]
    reach_open_water: NDArray[np.float64]
    area_reach: NDArray[np.float64]
    area_reach_open: NDArray[np.float64]
    area_reach_open_water: NDArray[np.float64]
    area_gain: NDArray[np.float64]
    area_share_gain: NDArray[np.float64]
    edge_affected: NDArray[np.bool_]
    reason: NDArray[np.object_]
    headline: NDArray[np.bool_]

    def effect(self, *, water: bool = False) -> NDArray[np.float64]:
        """Return the barrier effect at each resident's home, 1 - reach / open reach, shape (R, C, F).

        Parameters
        ----------
        water : bool, optional
            Open the water instead of the headline barriers.

        Returns
        -------
        array of float
            In [0, 1); NaN where unlinked or where nothing is reached even with the barriers open.
        """
        return _lost(self.reach, self.reach_open_water if water else self.reach_open)

    def area_effect(self, *, water: bool = False) -> NDArray[np.float64]:
        """Return the barrier effect of each area, shape (A, C, F).

        Parameters
        ----------
        water : bool, optional
            Open the water instead of the headline barriers.

        Returns
        -------
        array of float
            In [0, 1); NaN where it cannot be told.
        """
        return _lost(self.area_reach, self.area_reach_open_water if water else self.area_reach_open)

    def shares(self, *, field: int = 0) -> pd.DataFrame:
        """List each barrier's share of each area's lost reach.

        Parameters
        ----------
        field : int, optional
            Position in `fields`.

        Returns
        -------
        DataFrame
            ``area_id``, ``barrier_id``, ``mode``, ``cutoff_min``, ``barrier_share`` (of the sum over headline
            barriers, so that it sums to 1; water barriers have shares among the water), and ``lost_reach_share``
            (the same gain over the reach with its kind all open).

        Notes
        -----
        A barrier's gain is what opening it alone adds. Where barriers run side by side with no street between (a
        railway and the building site along it), opening one alone gives nothing though both cut off; what opening
        such neighbours together adds beyond their own gains is split equally between them, as the Shapley value of
        two players does (Shapley 1953, doi 10.1515/9781400881970-018).
        """
        parts = []
        for mask, opened in (
            (self.headline, self.area_reach_open),
            (~self.headline, self.area_reach_open_water),
        ):
            gain = np.where(mask[None, :, None], self.area_share_gain[:, :, :, field], 0.0)
            total = gain.sum(axis=1)
            area, barrier, cutoff = np.nonzero(gain > 0)
            value = gain[area, barrier, cutoff]
            parts.append(
                pd.DataFrame(
                    {
                        "area_id": self.areas_index.to_numpy(object)[area],
                        "barrier_id": self.barriers_index.to_numpy(object)[barrier],
                        "mode": self.mode,
                        "cutoff_min": np.asarray(self.cutoffs_min)[cutoff],
                        "barrier_share": value / total[area, cutoff],
                        "lost_reach_share": value / opened[area, cutoff, field],
                    }
                )
            )
        table = pd.concat(parts, ignore_index=True)
        return table.sort_values(
            ["area_id", "cutoff_min", "barrier_share"], ascending=[True, True, False], kind="stable"
        ).reset_index(drop=True)

    def interaction(self, *, field: int = 0) -> NDArray[np.float64]:
        """Return the share of each area's loss that is in no barrier's share, shape (A, C).

        All open minus the sum of the barriers' gains, over all open minus as it is. Positive where barriers lie one
        behind the other (opening one helps little), negative where one opening would do for two.

        Parameters
        ----------
        field : int, optional
            Position in `fields`.

        Returns
        -------
        array of float
            NaN where nothing is lost.
        """
        lost = (self.area_reach_open - self.area_reach)[:, :, field]
        alone = self.area_share_gain[..., field][:, self.headline].sum(axis=1)
        return np.asarray(np.divide(lost - alone, lost, out=np.full_like(lost, np.nan), where=lost > 0))


def _lost(reach: NDArray[np.float64], opened: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1.0 - np.divide(reach, opened, out=np.full_like(reach, np.nan), where=opened > 0))


def barrier_effect(
    openings: Openings,
    residents: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    cutoffs_min: Sequence[float] = (5, 10, 15),
    weights: ArrayLike | None = None,
    neighbors: gpd.GeoDataFrame | None = None,
    extent: shapely.Polygon | None = None,
    progress: Progress | None = None,
) -> BarrierEffect:
    """Measure the share of residents' reach lost to barriers, and the share each barrier takes.

    ``BE_A = 1 - Acc_A(G) / Acc_A(G0)`` with ``Acc_A`` the mean over the area's residents of the weight within the
    cut-off, G the network as it is and G0 with virtual links straight across every barrier, walked without delay.
    A barrier's share is what opening it alone adds, over the sum of that over all barriers.

    Parameters
    ----------
    openings : Openings
        Network and virtual links (`bykobling.barriers.open_barriers`).
    residents : GeoDataFrame
        Points with ``residents`` (persons, or a weight) and ``area_id`` (None outside every area).
    destinations : GeoDataFrame
        Points, or polygons reached at their edge, with ``category`` and ``weight``.
    cutoffs_min : sequence of float, optional
        Minutes.
    weights : array of float, shape (n_destinations,), optional
        Weight of each destination; `category_weights` by default.
    neighbors : GeoDataFrame, optional
        Points with ``residents``: everybody who counts in the second field, ``people`` (the reach of people); the
        residents themselves by default.
    extent : Polygon, optional
        What the extract covers: marks residents whose reach touches its edge.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    BarrierEffect
        Values by resident, area and barrier.

    Raises
    ------
    InputError
        Weights that are missing, negative or too few; cut-offs that are not above 0.

    Notes
    -----
    The normalised form is bykobling's own. The concept, travel time and catchment with and without the barrier, is
    van Eldijk, Gil, Kuska, Sisinty Patro (2020), "Missing links: Quantifying barrier effects of transport
    infrastructure on local accessibility", Transportation Research Part D 85:102410, doi 10.1016/j.trd.2020.102410.
    """
    network = openings.network
    cutoffs = np.sort(np.asarray(cutoffs_min, float))
    people_there = residents if neighbors is None else neighbors
    _check(residents, people_there, destinations, weights, cutoffs)
    home, others = (network.snap(layer.geometry, walls=openings.walls) for layer in (residents, people_there))
    links, table = fields_of(openings, destinations, weights, others, people_there["residents"].to_numpy(float))
    fields = ("places", "people")
    links, table = with_edge(network, links, table, extent)
    areas = pd.Index(sorted(residents["area_id"].dropna().unique()), name="area_id")
    area_of = areas.get_indexer(residents["area_id"].to_numpy(object)).astype(np.int64)
    order, place, chunk_ptr, chunk_area = chunks_of(network, home, area_of)
    _, one_of_each = np.unique(place, return_index=True)
    living = np.bincount(place, weights=residents["residents"].to_numpy(float)[order]).astype(float)
    base, union, gain = search(
        openings, home.take(order[one_of_each]), links, table, cutoffs,
        people=living,
        chunk_ptr=chunk_ptr, chunk_area=chunk_area, n_areas=len(areas), progress=progress,
    )  # fmt: skip
    base, union = base[place], union[place]
    n_fields = len(fields)
    reach, opened, wet = (np.full((len(residents), len(cutoffs), n_fields), np.nan) for _ in range(3))
    reach[order] = base[:, :, :n_fields]
    opened[order] = reach[order] + union[:, HEADLINE, :, :n_fields]
    wet[order] = reach[order] + union[:, WATER, :, :n_fields]
    touched = np.zeros((len(residents), len(cutoffs)), bool)
    touched[order] = (base[:, :, -1] + union[:, HEADLINE, :, -1]) > 0
    people = np.where(home.linked, residents["residents"].to_numpy(float), 0.0)
    total = np.bincount(area_of[area_of >= 0], weights=people[area_of >= 0], minlength=len(areas)).astype(float)
    mean_gain = np.divide(
        gain, total[:, None, None, None], out=np.zeros_like(gain), where=total[:, None, None, None] > 0
    )
    return BarrierEffect(
        mode=network.mode,
        cutoffs_min=tuple(float(c) for c in cutoffs),
        fields=fields,
        residents_index=residents.index,
        areas_index=areas,
        barriers_index=openings.barriers,
        people=people,
        reach=reach,
        reach_open=opened,
        reach_open_water=wet,
        area_reach=_area_mean(reach, people, area_of, total),
        area_reach_open=_area_mean(opened, people, area_of, total),
        area_reach_open_water=_area_mean(wet, people, area_of, total),
        area_gain=mean_gain[:, : openings.n_barriers, :, :n_fields],
        area_share_gain=share_gain(mean_gain[..., :n_fields], openings),
        edge_affected=touched,
        reason=home.reason,
        headline=openings.headline,
    )


def _check(
    residents: gpd.GeoDataFrame,
    neighbors: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    weights: ArrayLike | None,
    cutoffs_min: NDArray[np.float64],
) -> None:
    """Collect what would blank or shift results without a word, and raise it."""
    faults = [
        *_check_weights(residents["residents"], file="residents"),
        *_check_weights(neighbors["residents"], file="neighbors"),
        *_check_weights(destinations["weight"], file="destinations"),
    ]
    if weights is not None:
        given = pd.Series(np.atleast_1d(np.asarray(weights, float)), name="weight")
        faults += _check_weights(given, file="weights")
        if len(given) != len(destinations):
            rule = f"there are {len(given)} weights for {len(destinations)} destinations"
            faults.append(Fault("weights", "", rule, "give one weight a destination, in the same order"))
    if not len(cutoffs_min) or not (cutoffs_min > 0).all():
        rule = f"{cutoffs_min.tolist()} are not numbers of minutes above 0"
        faults.append(Fault("cutoffs_min", "", rule, "give one or more, e.g. (5, 10, 15)"))
    if faults:
        raise InputError(faults)


def _area_mean(
    values: NDArray[np.float64],
    people: NDArray[np.float64],
    area_of: NDArray[np.int64],
    total: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Average over each area's linked residents; NaN where there are none."""
    mine = (area_of >= 0) & (people > 0)
    summed = np.zeros((len(total), *values.shape[1:]))
    np.add.at(summed, area_of[mine], values[mine] * people[mine][:, None, None])
    return np.divide(summed, total[:, None, None], out=np.full_like(summed, np.nan), where=total[:, None, None] > 0)
