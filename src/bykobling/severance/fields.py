"""What is reached: places, people, and the edge of the extract, as destinations with a column of weights each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.network import Links
from bykobling.network.links import joined
from bykobling.network.snapping import make_snap

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling.barriers import Openings
    from bykobling.network import Network, Snap

EDGE_M = 30.0
"""A street end this near the edge of the extract may go on outside it."""

GATHER_M = 20.0
"""People within so many metres of street are met together."""

LEAST_PLACES = 10
"""A category of fewer places counts in proportion."""


def category_weights(
    destinations: gpd.GeoDataFrame, *, factors: Mapping[str, float] | None = None
) -> NDArray[np.float64]:
    """Weigh places so that every category counts alike, whatever its number of places.

    Parameters
    ----------
    destinations : GeoDataFrame
        With ``category`` and ``weight``, which weighs places of one category against each other.
    factors : mapping of str to float, optional
        How much a category counts; 1 where not named.

    Returns
    -------
    array of float, shape (n,)
        Sums to 1 over all places.

    Notes
    -----
    A category of fewer than 10 places counts in proportion: where a city has one library in reach of the extract,
    that one place must not decide as much as all its shops.

    Examples
    --------
    >>> import pandas as pd
    >>> shops = pd.DataFrame({"category": ["shop"] * 10 + ["library"], "weight": 1.0})
    >>> category_weights(shops).round(3).tolist()[-2:]
    [0.091, 0.091]
    """
    weight = destinations["weight"].to_numpy(float)
    category, inverse = np.unique(destinations["category"].to_numpy(str), return_inverse=True)
    total = np.bincount(inverse, weights=weight, minlength=len(category))
    places = np.bincount(inverse, weights=weight > 0, minlength=len(category))
    factor = np.array([(factors or {}).get(str(name), 1.0) for name in category])
    whole = factor * np.minimum(1.0, places / LEAST_PLACES)
    share = np.divide(weight * whole[inverse], total[inverse], out=np.zeros(len(weight)), where=total[inverse] > 0)
    return np.asarray(share / share.sum() if share.sum() > 0 else share, float)


def edge_nodes(network: Network, extent: shapely.Polygon) -> NDArray[np.int64]:
    """Find nodes where streets may go on beyond the extract.

    Parameters
    ----------
    network : Network
        Streets.
    extent : Polygon
        What the extract covers, in the network's CRS.

    Returns
    -------
    array of int
        Nodes within 30 m of the extent's outline, or outside it.
    """
    inner = shapely.buffer(extent, -EDGE_M)
    shapely.prepare(inner)
    return np.flatnonzero(~shapely.contains_xy(inner, network.node_x, network.node_y))


def fields_of(
    openings: Openings,
    destinations: gpd.GeoDataFrame,
    weights: ArrayLike | None,
    neighbors: Snap,
    people: NDArray[np.float64],
) -> tuple[Links, NDArray[np.float64]]:
    """Put places and people into one list of destinations with a column of weights each."""
    own = category_weights(destinations) if weights is None else np.asarray(weights, float)
    network = openings.network
    met, number = gathered(network, neighbors, people)
    table = np.zeros((len(own) + len(number), 2))
    table[: len(own), 0] = own
    table[len(own) :, 1] = number
    places = network.snap_edges(destinations.geometry, walls=openings.walls)
    return joined(places, Links.from_snap(met)), table


def gathered(network: Network, homes: Snap, people: NDArray[np.float64]) -> tuple[Snap, NDArray[np.float64]]:
    """Put the people of one stretch of street together, where they live on average.

    Parameters
    ----------
    network : Network
        Streets.
    homes : Snap
        Homes on them.
    people : array of float
        Residents of each home.

    Returns
    -------
    places : Snap
        Those who are linked.
    people : array of float
        Residents at each place.
    """
    return gathered_apart(network, homes, people)[:2]


def gathered_apart(
    network: Network, homes: Snap, people: NDArray[np.float64], *apart: NDArray[Any]
) -> tuple[Snap, NDArray[np.float64], NDArray[np.int64]]:
    """Put the people of one stretch of street together, those of different areas apart.

    Homes outnumber street corners ten to one, and every search would meet each of them. Of 20 m of street, and
    20 m of depth behind it, all are met at once: nobody is moved more than that, and on average nobody is moved.

    Parameters
    ----------
    network : Network
        Streets.
    homes : Snap
        Homes on them.
    people : array of float
        Residents of each home.
    *apart : array
        What else keeps homes apart, such as the area they lie in.

    Returns
    -------
    places : Snap
        Those who are linked.
    people : array of float
        Residents at each place.
    home : array of int64
        A home at each place.
    """
    mine = np.flatnonzero(homes.linked & (people > 0))
    places, number = homes.take(mine), people[mine]
    first, group = by_stretch(places, GATHER_M, *(each[mine] for each in apart))
    total, offset_m, depth_m = group_means(group, number, places.offset_m, places.snap_m)
    reason = np.full(len(total), "ok", dtype=object)
    return make_snap(network, places.edge[first], offset_m, depth_m, reason), total, mine[first]


def by_stretch(places: Snap, length_m: float, *apart: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Group places by stretch of street and depth behind it.

    Parameters
    ----------
    places : Snap
        Linked places.
    length_m : float
        Of a stretch, and of a step of depth.
    *apart : array (n,)
        What else keeps places apart, such as the area they lie in.

    Returns
    -------
    first : array of int64 (G,)
        A place of each group.
    group : array of int64 (n,)
        Group of each place.
    """
    key = np.stack([*apart, places.edge, places.offset_m // length_m, places.snap_m // length_m])
    # as np.unique along the second axis, which sorts columns as wholes, in a tenth of its time
    order = np.lexsort(key[::-1])
    begins = np.ones(len(order), bool)
    begins[1:] = (np.diff(key[:, order], axis=1) != 0).any(axis=0)
    group = np.empty(len(order), np.int64)
    group[order] = np.cumsum(begins) - 1
    return order[begins], group


def group_means(
    group: NDArray[np.int64], weight: NDArray[np.float64], *values: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Give the weight of each group, and the weighted mean of each array of values in it."""
    total = np.asarray(np.bincount(group, weights=weight), float)
    return [total, *(np.bincount(group, weights=weight * one, minlength=len(total)) / total for one in values)]


def with_edge(
    network: Network, links: Links, table: NDArray[np.float64], extent: shapely.Polygon | None
) -> tuple[Links, NDArray[np.float64]]:
    """Add one more field: nodes at the edge of the extract."""
    nodes = edge_nodes(network, extent) if extent is not None else np.empty(0, np.int64)
    edge = Links.from_snap(network.at_nodes(nodes))
    wide = np.zeros((len(table) + len(edge), table.shape[1] + 1))
    wide[: len(table), :-1] = table
    wide[len(table) :, -1] = 1.0
    return joined(links, edge), wide
