"""Local environments as people walk and as the crow flies: what streets and barriers make of who lives near whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling.errors import Fault, InputError
from bykobling.network import Links, by_length, reach_table
from bykobling.network.snapping import checked_geometries

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network

_HOMES_A_BLOCK = 1_024
"""Pairs are held in memory for so many homes at a time."""
_COLUMNS = [
    "environment_straight",
    "environment_network",
    "environment_lost_share",
    "divergence_straight",
    "divergence_network",
    "spc",
    "divergence_between",
]


def spc(
    network: Network,
    points: gpd.GeoDataFrame | gpd.GeoSeries,
    groups: ArrayLike,
    *,
    radius_m: float = 1_000.0,
    walls: NDArray[np.object_] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Compare who lives near each home by street with who lives near it in a straight line.

    Parameters
    ----------
    network : Network
        Streets, of which the lengths count and not the delays.
    points : GeoDataFrame or GeoSeries
        n points where people live; people of one place in one row.
    groups : array of float, shape (n,) or (n, G)
        Residents of each of G groups at each point; one column is the total population alone.
    radius_m : float, optional
        Of the local environment.
    walls : array of Polygon, optional
        What the straight way from home to street may not cross (`Openings.walls`).
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        Index of `points`: ``environment_straight`` and ``environment_network`` (residents near, each weighed by how
        near), ``environment_lost_share`` (0-1, 1 - network / straight), ``divergence_straight`` and
        ``divergence_network`` (of the environment's mix of groups from that of all residents, nats, 0 or more),
        ``spc`` (network - straight: above 0 where streets separate more than distance does), ``divergence_between``
        (of the network environment's mix from the straight one's, nats). NaN for a point not linked to a street and
        where nobody lives near.

    Raises
    ------
    InputError
        Groups of another length than the points, missing, negative, or of nobody; a radius that is not above 0.

    Notes
    -----
    The spatial proximity and connectivity method: Roberto (2018), Sociological Methodology 48:182-224,
    doi 10.1177/0081175018796871. A resident at distance d weighs ``(1 - (d / r)^2)^2`` within the radius r; the
    local environment of a place is the weighed mix ``q`` of its groups, and its divergence from the mix ``p`` of
    all residents is ``sum q ln(q / p)``. Both are computed with d along streets (from door to door) and with d
    straight; the share of the environment lost, and the direct divergence between the two, are bykobling's own
    additions, which need no groups and no city to compare with. Nobody is farther in a straight line than along
    streets, so the first is in [0, 1] and the second is finite. Points not linked to a street are in no
    environment.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (900, 0), (900, 100), (0, 100)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": line.length}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> homes = gpd.GeoSeries([Point(0, 0), Point(0, 100)], crs=25832)
    >>> found = spc(network, homes, [[10.0, 0.0], [0.0, 10.0]], radius_m=200)
    >>> found[["environment_straight", "environment_network", "spc"]].round(3).to_numpy().tolist()
    [[15.625, 10.0, 0.653], [15.625, 10.0, 0.653]]
    """
    number = np.asarray(groups, np.float64)
    number = number[:, None] if number.ndim == 1 else number
    _check(len(points), number, radius_m)
    lengths = by_length(network)
    shapes = checked_geometries(lengths, points)
    snapped = lengths.snap(shapes, walls=walls)
    linked = np.flatnonzero(snapped.linked)
    homes, doors, living = snapped.take(linked), shapes[linked], number[linked]
    links, tree = Links.from_snap(homes), shapely.STRtree(doors)
    speed = lengths.profile.speed_m_s
    walked, flown = np.zeros((2, len(linked), number.shape[1]))
    for start in range(0, len(linked), _HOMES_A_BLOCK):
        block = np.arange(start, min(start + _HOMES_A_BLOCK, len(linked)))

        def told(done: int, _: int, text: str, start: int = start) -> None:
            if progress is not None:
                progress(start + done, len(linked), text)

        near, other = tree.query(doors[block], predicate="dwithin", distance=radius_m)
        metres = shapely.distance(doors[block[near]], doors[other])
        flown[block] = _weighed(near, living[other], metres / radius_m, len(block))
        table = reach_table(lengths, homes.take(block), links, radius_m / speed, progress=told)
        # nobody walks to the street and back to be at home
        others = table.dest != block[table.origin]
        far, whom = table.origin[others], table.dest[others]
        metres = table.seconds[others].astype(np.float64) * speed
        walked[block] = living[block] + _weighed(far, living[whom], metres / radius_m, len(block))
    result = np.full((len(shapes), len(_COLUMNS)), np.nan)
    result[linked] = _compared(flown, np.minimum(walked, flown), living.sum(axis=0))
    return pd.DataFrame(result, index=points.index, columns=_COLUMNS)


def _weighed(
    home: NDArray[np.int64], living: NDArray[np.float64], distance: NDArray[np.float64], homes: int
) -> NDArray[np.float64]:
    """Add up the residents near each home, weighed by how near: distance as a share of the radius."""
    weight = (1 - np.minimum(distance, 1.0) ** 2) ** 2
    return np.stack([np.bincount(home, weights=weight * group, minlength=homes) for group in living.T], axis=1)


def _compared(
    straight: NDArray[np.float64], walked: NDArray[np.float64], everybody: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Compute the columns of the result."""
    mixes = [_mix(straight), _mix(walked)]
    city = np.broadcast_to(everybody / everybody.sum(), straight.shape)
    far, near = straight.sum(axis=1), walked.sum(axis=1)
    lost = 1 - np.divide(near, far, out=np.full(len(far), np.nan), where=far > 0)
    from_city = [_divergence(mix, city) for mix in mixes]
    between = _divergence(mixes[1], mixes[0])
    return np.column_stack([far, near, lost, *from_city, from_city[1] - from_city[0], between])


def _mix(number: NDArray[np.float64]) -> NDArray[np.float64]:
    total = number.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(number, total, out=np.full_like(number, np.nan), where=total > 0))


def _divergence(mix: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the Kullback-Leibler divergence of rows, nats; a group that is absent adds nothing."""
    there = mix > 0
    ratio = np.divide(mix, other, out=np.ones_like(mix), where=there)
    terms = np.where(np.isnan(mix), np.nan, np.where(there, mix * np.log(ratio), 0.0))
    # equal mixes differ by rounding only
    return np.asarray(np.maximum(terms.sum(axis=1), 0.0))


def _check(points: int, groups: NDArray[np.float64], radius_m: float) -> None:
    """Refuse groups no mix can be made of."""
    faults = []
    if groups.ndim != 2 or len(groups) != points or not groups.shape[1]:
        rule = f"their shape is {groups.shape} for {points} points"
        faults.append(Fault("groups", "", rule, "give one row a point, one column a group"))
    elif not np.isfinite(groups).all() or (groups < 0).any():
        faults.append(Fault("groups", "", "some are missing, negative or not finite", "give numbers of residents"))
    elif not groups.sum() > 0:
        faults.append(Fault("groups", "", "nobody lives at any of the points", "give numbers of residents"))
    if not (np.isfinite(radius_m) and radius_m > 0):
        faults.append(Fault("radius_m", "", f"{radius_m} is not a number of metres above 0", "give e.g. 1000"))
    if faults:
        raise InputError(faults)
