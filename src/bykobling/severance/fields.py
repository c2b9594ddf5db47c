"""What is reached: places, people, and the edge of the extract, as destinations with a column of weights each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling.network import Links

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling.network import Network

EDGE_M = 30.0
"""A street end this near the edge of the extract may go on outside it."""


def category_weights(destinations: gpd.GeoDataFrame) -> NDArray[np.float64]:
    """Weigh places so that every category counts alike, whatever its number of places.

    Parameters
    ----------
    destinations : GeoDataFrame
        With ``category`` and ``weight``.

    Returns
    -------
    array of float, shape (n,)
        Sums to 1 over all places and to the same over each category that has any.

    Examples
    --------
    >>> import pandas as pd
    >>> category_weights(pd.DataFrame({"category": ["a", "a", "b"], "weight": [1.0, 3.0, 5.0]})).tolist()
    [0.125, 0.375, 0.5]
    """
    weight = destinations["weight"].astype(float)
    total = weight.groupby(destinations["category"].to_numpy()).transform("sum")
    categories = destinations["category"][weight > 0].nunique()
    share = np.divide(weight, total * categories, out=np.zeros(len(weight)), where=(total > 0).to_numpy())
    return np.asarray(share, float)


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
    network: Network, destinations: gpd.GeoDataFrame, weights: ArrayLike | None, neighbors: gpd.GeoDataFrame
) -> tuple[Links, NDArray[np.float64]]:
    """Put places and people into one list of destinations with a column of weights each."""
    own = category_weights(destinations) if weights is None else np.asarray(weights, float)
    table = np.zeros((len(own) + len(neighbors), 2))
    table[: len(own), 0] = own
    table[len(own) :, 1] = neighbors["residents"].to_numpy(float)
    people = Links.from_snap(network.snap(neighbors.geometry))
    return _stacked(network.snap_edges(destinations.geometry), people), table


def with_edge(
    network: Network, links: Links, table: NDArray[np.float64], extent: shapely.Polygon | None
) -> tuple[Links, NDArray[np.float64]]:
    """Add one more field: nodes at the edge of the extract."""
    nodes = edge_nodes(network, extent) if extent is not None else np.empty(0, np.int64)
    edge = Links.from_snap(network.at_nodes(nodes))
    wide = np.zeros((len(table) + len(edge), table.shape[1] + 1))
    wide[: len(table), :-1] = table
    wide[len(table) :, -1] = 1.0
    return _stacked(links, edge), wide


def _stacked(first: Links, second: Links) -> Links:
    """Give the second destinations the numbers after the first."""
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(first, name), getattr(second, name)])
        for name in ("edge", "from_m", "to_m", "extra_s", "snap_m", "reason")
    }
    return Links(dest=np.concatenate([first.dest, second.dest + np.int32(len(first))]), **joined)
