"""Adding edges between nodes: a bridge, a path, a crossing that is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pandas.api.types import is_bool_dtype, is_integer_dtype

from bykobling.network.model import make_network, on_grid

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from bykobling.network.model import Network


def with_edges(
    network: Network,
    u: ArrayLike,
    v: ArrayLike,
    *,
    length_m: ArrayLike,
    forward_s: ArrayLike,
    backward_s: ArrayLike | None = None,
    geometry: NDArray[np.object_] | None = None,
    snappable: bool = False,
) -> Network:
    """Add edges between nodes; old nodes and edges keep their numbers, the new edges follow.

    Parameters
    ----------
    network : Network
        Left as it is.
    u, v : array of int (k,)
        Nodes joined.
    length_m : array of float (k,)
        Metres.
    forward_s, backward_s : array of float (k,)
        Seconds from u to v and back, rounded to 1/1024 s; inf where not allowed. Back as forth by default.
    geometry : array of LineString (k,), optional
        From u to v; straight lines by default.
    snappable : bool, optional
        Whether points may be snapped onto the new edges. By default homes stay where they hang, so that nobody loses
        by an added edge.

    Returns
    -------
    Network
        Distances between old nodes grow nowhere.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (80, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 80.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> with_edges(network, [0], [1], length_m=[80.0], forward_s=[30.0]).edge_s_forward.tolist()
    [60.0, 30.0]
    """
    tail, head = np.asarray(u, np.int32), np.asarray(v, np.int32)
    if not len(tail):
        return network
    there = on_grid(np.asarray(forward_s, np.float64))
    back = there if backward_s is None else on_grid(np.asarray(backward_s, np.float64))
    if geometry is None:
        ends = [np.column_stack([network.node_x[node], network.node_y[node]]) for node in (tail, head)]
        geometry = np.asarray(shapely.linestrings(np.stack(ends, axis=1)), object)
    more: dict[str, Any] = {
        "edge_u": tail,
        "edge_v": head,
        "edge_length_m": np.asarray(length_m, np.float64),
        "edge_s_forward": there,
        "edge_s_backward": back,
        "edge_geometry": geometry,
        "edge_street": np.full(len(tail), -1, np.int64),
        "edge_snappable": np.full(len(tail), snappable),
    }
    columns = {name: np.concatenate([getattr(network, name), values]) for name, values in more.items()}
    return make_network(
        crs=network.crs,
        mode=network.mode,
        profile=network.profile,
        node_x=network.node_x,
        node_y=network.node_y,
        node_id=network.node_id,
        edge_attributes=_attributes(network.edge_attributes, len(tail)),
        **columns,
    )


def _attributes(table: pd.DataFrame, count: int) -> pd.DataFrame:
    """Add rows of what is not known: False for a flag, 0 for a whole number, else missing."""
    blank = {}
    for name, kind in table.dtypes.items():
        value: Any = False if is_bool_dtype(kind) else 0 if is_integer_dtype(kind) else None
        blank[name] = pd.Series([value] * count, dtype=kind)
    return pd.concat([table, pd.DataFrame(blank)], ignore_index=True) if count else table
