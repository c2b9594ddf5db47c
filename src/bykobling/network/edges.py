"""Edges put into a network and taken out of it; nodes keep their numbers."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling.network.model import Network, make_network, on_grid
from bykobling.network.split import split_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

_WORKED_OUT = frozenset({"component", "indptr", "adj_node", "adj_s", "adj_edge"})


def remade(network: Network, **changed: Any) -> Network:  # noqa: ANN401 - fields of Network
    """Make a network anew with some fields changed; arcs and parts are worked out again.

    Parameters
    ----------
    network : Network
        Left as it is.
    **changed : object
        Fields of `Network` that are not worked out from others.

    Returns
    -------
    Network
    """
    rest = {each.name: getattr(network, each.name) for each in fields(network) if each.name not in _WORKED_OUT}
    return make_network(**(rest | changed))


def with_edges(
    network: Network,
    u: ArrayLike,
    v: ArrayLike,
    *,
    length_m: ArrayLike,
    forward_s: ArrayLike,
    backward_s: ArrayLike | None = None,
    geometry: NDArray[np.object_] | None = None,
    street: ArrayLike | None = None,
    told: Mapping[str, object] | None = None,
) -> Network:
    """Add edges between nodes; old nodes and edges keep their numbers, the new edges follow.

    Nothing snaps onto them: homes stay where they hang, so that nobody loses by an added edge.

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
    street : array of int (k,), optional
        Their `Network.edge_street`; -1 by default: no street of the table.
    told : mapping, optional
        Columns of `Network.edge_attributes` for all of them; those not named are False, 0 or missing.

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
        "edge_street": np.full(len(tail), -1, np.int64) if street is None else np.asarray(street, np.int64),
        "edge_snappable": np.zeros(len(tail), np.bool_),
    }
    arrays = {name: np.concatenate([getattr(network, name), values]) for name, values in more.items()}
    return remade(network, **arrays, edge_attributes=_with_rows(network.edge_attributes, len(tail), told or {}))


def _with_rows(table: pd.DataFrame, count: int, told: Mapping[str, object]) -> pd.DataFrame:
    """Add equal rows of a table's own types; what is not told is False, 0 or missing."""
    columns: dict[Any, pd.Series[Any]] = {}
    for name in table.columns:
        column = table[name]
        blank: object = {"b": False, "i": 0, "u": 0, "f": np.nan}.get(column.dtype.kind)
        rows = pd.Series([told.get(str(name), blank)] * count, dtype=column.dtype)
        columns[name] = pd.Series(np.concatenate([column.array, rows.array]), dtype=column.dtype)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table) + count))


def without_edges(network: Network, gone: NDArray[np.bool_]) -> Network:
    """Take edges out of a network; their nodes stay.

    Parameters
    ----------
    network : Network
        Left as it is.
    gone : array of bool (m,)
        Which edges.

    Returns
    -------
    Network
    """
    kept = {each.name: getattr(network, each.name)[~gone] for each in fields(network) if _of_edges(each.name)}
    return remade(network, **kept, edge_attributes=network.edge_attributes[~gone].reset_index(drop=True))


def _of_edges(name: str) -> bool:
    return name.startswith("edge_") and name != "edge_attributes"


def split_told(
    network: Network, edge: NDArray[np.int64], offset_m: NDArray[np.float64]
) -> tuple[Network, NDArray[np.int64], NDArray[np.int64]]:
    """Insert nodes as `split_at` does, and tell what each edge was a piece of.

    Parameters
    ----------
    network : Network
        Left as it is.
    edge, offset_m : array
        As in `split_at`.

    Returns
    -------
    network : Network
        With the nodes.
    node : array of int64
        Node at each place.
    parent : array of int64
        Edge of the old network each edge of the new one is a piece of.
    """
    numbered = replace(network, edge_street=np.arange(network.edge_count, dtype=np.int64))
    split, node = split_at(numbered, edge, offset_m)
    parent = split.edge_street
    return replace(split, edge_street=network.edge_street[parent]), node, parent
