"""Edges put into a network and taken out of it; nodes keep their numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling.network.model import Network, make_network, on_grid
from bykobling.network.split import split_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    import shapely
    from numpy.typing import NDArray

_WORKED_OUT = frozenset({"component", "indptr", "adj_node", "adj_s", "adj_edge"})


@dataclass(frozen=True)
class NewEdge:
    """One edge to be put into a network.

    Parameters
    ----------
    u, v : int
        Nodes it joins.
    line : LineString
        From u to v.
    length_m : float
        Metres.
    forward_s, backward_s : float
        Seconds from u to v, and back.
    street : int
        Its `Network.edge_street`: a negative number tells new streets.
    told : mapping
        Columns of `Network.edge_attributes`; those not named are empty.
    """

    u: int
    v: int
    line: shapely.LineString
    length_m: float
    forward_s: float
    backward_s: float
    street: int
    told: Mapping[str, object]


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


def with_edge(network: Network, edge: NewEdge) -> Network:
    """Put an edge into a network, as its last one; nothing snaps onto it.

    Parameters
    ----------
    network : Network
        Left as it is.
    edge : NewEdge
        What to put in.

    Returns
    -------
    Network
    """
    lines = np.empty(1, object)
    lines[0] = edge.line
    new: dict[str, tuple[Any, Any]] = {
        "edge_u": ([edge.u], np.int32),
        "edge_v": ([edge.v], np.int32),
        "edge_length_m": ([edge.length_m], np.float64),
        "edge_s_forward": (on_grid(np.array([edge.forward_s])), np.float32),
        "edge_s_backward": (on_grid(np.array([edge.backward_s])), np.float32),
        "edge_geometry": (lines, object),
        "edge_street": ([edge.street], np.int64),
        "edge_snappable": ([False], np.bool_),
    }
    arrays = {name: np.concatenate([getattr(network, name), np.asarray(v, t)]) for name, (v, t) in new.items()}
    return remade(network, **arrays, edge_attributes=_with_row(network.edge_attributes, edge.told))


def _with_row(table: pd.DataFrame, told: Mapping[str, object]) -> pd.DataFrame:
    """Add a row of a table's own types; what is not told is False, 0 or missing."""
    columns: dict[Any, pd.Series[Any]] = {}
    for name in table.columns:
        column = table[name]
        blank: object = None
        if column.dtype.kind == "b":
            blank = False
        elif column.dtype.kind in "iu":
            blank = 0
        elif column.dtype.kind == "f":
            blank = np.nan
        row = pd.Series([told.get(str(name), blank)], dtype=column.dtype)
        columns[name] = pd.Series(np.concatenate([column.array, row.array]), dtype=column.dtype)
    return pd.DataFrame(columns, index=pd.RangeIndex(len(table) + 1))


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
