"""The parts of streets that can be reached, cut at the metre where time is up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network, Snap


@dataclass(frozen=True, eq=False)
class Stretches:
    """Parts of edges, perhaps two of one edge; arrays are aligned.

    Parameters
    ----------
    edge : array of int64
        Edge of each.
    low, high : array of float64
        Where it begins and ends, as shares of the edge from its u, 0-1.
    """

    edge: NDArray[np.int64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def take(self, rows: NDArray[np.bool_]) -> Stretches:
        """Choose some of them.

        Parameters
        ----------
        rows : array of bool
            Which.

        Returns
        -------
        Stretches
        """
        return Stretches(self.edge[rows], self.low[rows], self.high[rows])

    def lines(self, network: Network) -> NDArray[np.object_]:
        """Draw them: a line each, a point where the stretch has no length.

        Parameters
        ----------
        network : Network
            The network of the edges.

        Returns
        -------
        array of LineString or Point
            Aligned.
        """
        lines = network.edge_geometry[self.edge]
        cut = (self.low > 0) | (self.high < 1)
        lines[cut] = substrings(lines[cut], self.low[cut], self.high[cut])
        return with_points(lines)


def with_points(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make a point of each line whose two ends are one: GEOS finds nothing near such a line.

    Parameters
    ----------
    lines : array of LineString
        Lines; not changed.

    Returns
    -------
    array of LineString or Point
        Aligned.
    """
    result, short = lines.copy(), shapely.length(lines) == 0
    result[short] = shapely.get_point(lines[short], 0)
    return result


def substrings(lines: NDArray[np.object_], low: NDArray[np.float64], high: NDArray[np.float64]) -> NDArray[np.object_]:
    """Cut a piece out of each line.

    Parameters
    ----------
    lines : array of LineString (n,)
        Lines.
    low, high : array of float64 (n,)
        Where the piece begins and ends, as shares of the line, 0-1; `high` is not below `low`.

    Returns
    -------
    array of LineString (n,)
        With the corners between both; its two ends are one where `low` is `high`.

    Examples
    --------
    >>> line = shapely.LineString([(0, 0), (4, 0), (4, 4)])
    >>> substrings(np.array([line]), np.array([0.25]), np.array([0.75]))[0].wkt
    'LINESTRING (2 0, 4 0, 4 2)'
    """
    corners, line = shapely.get_coordinates(lines, return_index=True)
    long = shapely.length(lines)
    step = np.zeros(len(corners))
    step[1:] = np.where(line[1:] == line[:-1], np.hypot(*np.diff(corners, axis=0).T), 0.0)
    total = np.cumsum(step)
    at = total - total[np.searchsorted(line, line)]
    inside = (at > low[line] * long[line]) & (at < high[line] * long[line])
    ends = [shapely.get_coordinates(shapely.line_interpolate_point(lines, share * long)) for share in (low, high)]
    row = np.arange(len(lines))
    owner = np.concatenate([row, line[inside], row])
    order = np.argsort(owner, kind="stable")
    kept = np.concatenate([ends[0], corners[inside], ends[1]])
    return np.asarray(shapely.linestrings(kept[order], indices=owner[order]), object)


def reached_stretches(network: Network, node_s: NDArray[np.float32], origin: Snap, limit_s: float) -> Stretches:
    """Find the parts of streets within a limit of one origin.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    node_s : array of float32 (n,)
        Seconds to each node; inf where that is not known to be within the limit.
    origin : Snap
        The place the seconds are counted from.
    limit_s : float
        Inclusive, seconds.

    Returns
    -------
    Stretches
        From u to where time is up, and likewise from v; whole edges where the two meet; and the origin's own edge
        from where it stands.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> home, far = network.snap([Point(400, 0)]), np.full(2, np.inf, np.float32)
    >>> [line.wkt for line in reached_stretches(network, far, home, 150.0).lines(network)]
    ['LINESTRING (200 0, 600 0)']
    """
    left_s = limit_s - node_s.astype(np.float64)
    met = np.flatnonzero((left_s[network.edge_u] >= 0) | (left_s[network.edge_v] >= 0))
    onward = _share(left_s[network.edge_u[met]], network.edge_s_forward[met])
    back = _share(left_s[network.edge_v[met]], network.edge_s_backward[met])
    whole = onward + back >= 1
    some, rest = ~whole & (onward > 0), ~whole & (back > 0)
    own = np.flatnonzero(limit_s - origin.access_s.astype(np.float64) >= 0)
    edge, at = origin.edge[own], origin.offset_m[own]
    length, own_left = network.edge_length_m[edge], limit_s - origin.access_s[own].astype(np.float64)
    at = np.divide(at, length, out=(at > 0).astype(np.float64), where=length > 0).clip(0.0, 1.0)
    ends = (np.zeros(whole.sum()), np.zeros(some.sum()), 1.0 - back[rest])
    tips = (np.ones(whole.sum()), onward[some], np.ones(rest.sum()))
    return Stretches(
        edge=np.concatenate([met[whole], met[some], met[rest], edge]),
        low=np.concatenate([*ends, np.maximum(0.0, at - _share(own_left, network.edge_s_backward[edge]))]),
        high=np.concatenate([*tips, np.minimum(1.0, at + _share(own_left, network.edge_s_forward[edge]))]),
    )


def _share(left_s: NDArray[np.float64], edge_s: NDArray[np.float32]) -> NDArray[np.float64]:
    """Find what share of an edge the seconds left are enough for: 0 where none are left or it is not allowed."""
    there = left_s >= 0
    share = np.where(there & (edge_s == 0), 1.0, 0.0)
    np.divide(left_s, edge_s, out=share, where=there & (edge_s > 0))
    return np.asarray(np.minimum(1.0, share))
