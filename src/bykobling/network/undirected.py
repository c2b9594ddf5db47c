"""Streets as plain edges that run both ways, in metres of float64: for measures of the network's own shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling._check import columns as _check_columns
from bykobling._check import rows as _rows
from bykobling._check import weights as _check_weights
from bykobling.errors import Fault, InputError
from bykobling.network.model import Network

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, eq=False)
class Undirected:
    """Edges of a streets table or a network, all of them, each open both ways.

    A `Network` keeps seconds to 1/1024 s as float32, which is what its searches want. Whether a way is as short as
    another is asked to a millionth of a millimetre here, so lengths stay the float64 metres they came as.

    Parameters
    ----------
    node : array (n,)
        Ids of the nodes, ascending.
    u, v : array of int64 (m,)
        Places of the end nodes in `node`.
    length_m : array of float64 (m,)
        Above 0.
    label : Index
        Labels of the edges: the index of the table, or edge numbers of the network.
    geometry : array of LineString (m,) or None
        Lines, where the source has them.
    crs : object
        Their CRS.
    """

    node: NDArray[Any]
    u: NDArray[np.int64]
    v: NDArray[np.int64]
    length_m: NDArray[np.float64]
    label: pd.Index
    geometry: NDArray[np.object_] | None
    crs: Any

    @property
    def key(self) -> NDArray[np.int64]:
        """One number for the two ends of an edge, whichever way round."""
        return self.key_of(self.u, self.v)

    def key_of(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give pairs of nodes a number, whichever way round.

        Parameters
        ----------
        one, other : array of int64
            Places of nodes.

        Returns
        -------
        array of int64
            Equal for equal pairs.
        """
        number: NDArray[np.int64] = np.minimum(one, other) * np.int64(len(self.node)) + np.maximum(one, other)
        return number


def undirected(streets: pd.DataFrame | Network) -> Undirected:
    """Take the edges of a streets table or a network, whatever direction they are open in.

    Parameters
    ----------
    streets : DataFrame, GeoDataFrame or Network
        A table needs ``u``, ``v`` and ``length_m``.

    Returns
    -------
    Undirected

    Raises
    ------
    InputError
        Missing columns or ids, lengths that are not above 0, labels that are not unique, no row.

    Examples
    --------
    >>> import pandas as pd
    >>> undirected(pd.DataFrame({"u": [7, 9], "v": [9, 8], "length_m": 100.0})).node.tolist()
    [7, 8, 9]
    """
    table = _table(streets) if isinstance(streets, Network) else streets
    faults = _check_columns(table, ("u", "v", "length_m"), file="streets")
    if not faults:
        faults = _check(table)
    if faults:
        raise InputError(faults)
    node, ends = np.unique(np.concatenate([table["u"].to_numpy(), table["v"].to_numpy()]), return_inverse=True)
    u, v = np.split(ends.astype(np.int64), 2)
    drawn = getattr(table, "_geometry_column_name", None) in table.columns
    return Undirected(
        node=node,
        u=u,
        v=v,
        length_m=table["length_m"].to_numpy(np.float64),
        label=table.index,
        geometry=table.geometry.to_numpy() if drawn else None,
        crs=table.crs if drawn else None,
    )


def one_each(streets: Undirected, values: ArrayLike, name: str) -> tuple[NDArray[Any], list[Fault]]:
    """Take one value an edge, and find what is wrong with their number or order.

    Parameters
    ----------
    streets : Undirected
        The edges.
    values : array or Series (m,)
        One an edge; a Series must have their labels, in their order.
    name : str
        What to call them in a fault.

    Returns
    -------
    tuple of array, list of Fault
        The values, and what is wrong.
    """
    given: NDArray[Any] = np.asarray(values)
    edges = len(streets.label)
    if given.shape != (edges,):
        rule = f"its shape is {given.shape} for {edges} streets"
        return given, [Fault(name, "", rule, "give one value a street, in the same order")]
    if isinstance(values, pd.Series) and not values.index.equals(streets.label):
        return given, [Fault(name, "", "its index is not that of the streets", f"{name}.reindex(streets.index)")]
    return given, []


def _check(table: pd.DataFrame) -> list[Fault]:
    """Find what no length of a way could be made of."""
    faults = []
    if not len(table):
        faults.append(Fault("streets", "", "there is no row", "check the extent they were cut to"))
    blank = np.flatnonzero(table["u"].isna().to_numpy() | table["v"].isna().to_numpy()) + 1
    if len(blank):
        faults.append(Fault("streets", _rows(blank), "u or v is empty", "give both ends the id of their node"))
    if not table.index.is_unique:
        faults.append(Fault("streets", "", "its index is not unique", "streets.reset_index(drop=True)"))
    return faults + _check_weights(table["length_m"], file="streets", positive=True)


def _table(network: Network) -> pd.DataFrame:
    """Lay the edges of a network out as a streets table labelled by edge number."""
    import geopandas as gpd  # noqa: PLC0415 - slow to import, and a table has its own geometry

    columns = {
        "u": network.node_id[network.edge_u],
        "v": network.node_id[network.edge_v],
        "length_m": network.edge_length_m,
    }
    table: pd.DataFrame = gpd.GeoDataFrame(columns, geometry=network.edge_geometry, crs=network.crs)
    return table
