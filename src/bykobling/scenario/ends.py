"""Where drawn ends meet the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network

CROSSING_REACH_M = 40.0
"""So far from a new crossing may the streets on its two sides lie."""

_TOUCHING_M = 1.0
_THROUGH_M = 0.5
_CONE = 0.5


@dataclass(frozen=True)
class Place:
    """A place on a street.

    Parameters
    ----------
    edge : int
        Which; -1 where none is near enough.
    offset_m : float
        Metres along it.
    distance_m : float
        Straight metres to it, also where that is too far.
    point : Point
        Where on the street it is; as drawn where none is near enough.
    """

    edge: int
    offset_m: float
    distance_m: float
    point: shapely.Point


def joinable(network: Network, added: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which edges a new link may join: streets, and the links of the same scenario before it.

    Parameters
    ----------
    network : Network
        As built so far.
    added : array of int
        `Network.edge_street` of links added before.

    Returns
    -------
    array of bool (m,)
    """
    usable: NDArray[np.bool_] = network.edge_snappable | np.isin(network.edge_street, added)
    return usable


def nearest_place(network: Network, point: shapely.Point, usable: NDArray[np.bool_], max_m: float) -> Place:
    """Find the street a drawn end joins.

    Parameters
    ----------
    network : Network
        As built so far.
    point : Point
        The drawn end.
    usable : array of bool (m,)
        What may be joined.
    max_m : float
        Farthest.

    Returns
    -------
    Place
        The nearest of the streets; a fragment (a platform, a path on a roof) only where the end touches it or no
        street is near enough. Of equally near ones the first.
    """
    near = _within(network, point, usable, max_m)
    metres = shapely.distance(network.edge_geometry[near], point)
    near, metres = near[metres <= max_m], metres[metres <= max_m]
    if not len(near):
        lines = network.edge_geometry[usable]
        return Place(-1, np.nan, float(shapely.distance(lines, point).min(initial=np.inf)), point)
    street = network.main_parts[network.component[network.edge_u[near]]] | ~network.edge_snappable[near]
    first_rate = street | (metres <= _TOUCHING_M)
    pick = near[np.lexsort((near, metres, ~first_rate))[0]]
    return place_on(network, int(pick), point)


def place_on(network: Network, edge: int, point: shapely.Point) -> Place:
    """Find the place on an edge nearest to a point.

    Parameters
    ----------
    network : Network
        The network.
    edge : int
        An edge of it.
    point : Point
        Any.

    Returns
    -------
    Place
    """
    line = network.edge_geometry[edge]
    # a drawn line and its length may differ (the sides of a big road): offsets count along the length
    share = float(shapely.line_locate_point(line, point, normalized=True)) if line.length > 0 else 0.0
    at = shapely.line_interpolate_point(line, share, normalized=True)
    return Place(edge, share * float(network.edge_length_m[edge]), float(at.distance(point)), at)


def two_sides(
    network: Network, point: shapely.Point, usable: NDArray[np.bool_], footprint: shapely.Geometry | None
) -> tuple[Place | None, Place | None]:
    """Find the streets on the two sides of a road that a crossing at a point joins.

    Parameters
    ----------
    network : Network
        As built so far.
    point : Point
        On the road.
    usable : array of bool (m,)
        What may be joined.
    footprint : Polygon, optional
        What the road closes: the crossing is laid straight across it.

    Returns
    -------
    tuple of Place or None
        None where no street lies on that side.
    """
    near = _within(network, point, usable, CROSSING_REACH_M)
    places = [place_on(network, int(edge), point) for edge in near]
    through = [place for place in places if place.distance_m <= _THROUGH_M]
    places = [place for place in places if _THROUGH_M < place.distance_m <= CROSSING_REACH_M]
    places.sort(key=lambda place: (place.distance_m, place.edge))
    across = _across(network, point, places, through, footprint)
    if across is None:
        return None, None
    found: list[Place | None] = []
    for way in (across, -across):
        ahead = (place for place in places if _towards(point, place) @ way >= _CONE)
        found.append(next(ahead, None))
    return found[0], found[1]


def _across(
    network: Network,
    point: shapely.Point,
    places: list[Place],
    through: list[Place],
    footprint: shapely.Geometry | None,
) -> NDArray[np.float64] | None:
    """Find the direction straight across the road at a point, as a unit vector."""
    if footprint is not None:
        way = shapely.get_coordinates(shapely.shortest_line(point, shapely.boundary(footprint)))
        size = float(np.hypot(*(way[1] - way[0])))
        if size > _THROUGH_M:
            return np.asarray((way[1] - way[0]) / size)
    if through:
        line = network.edge_geometry[through[0].edge]
        at = line.project(point)
        ax, ay = line.interpolate(max(at - 1, 0.0)).coords[0]
        bx, by = line.interpolate(min(at + 1, line.length)).coords[0]
        along = np.hypot(bx - ax, by - ay)
        return np.array([ay - by, bx - ax]) / along if along > 0 else None
    return _towards(point, places[0]) if places else None


def _towards(point: shapely.Point, place: Place) -> NDArray[np.float64]:
    """Return the unit vector from a point to a place."""
    step = np.array([place.point.x - point.x, place.point.y - point.y])
    return step / max(float(np.hypot(*step)), 1e-9)


def _within(network: Network, point: shapely.Point, usable: NDArray[np.bool_], reach_m: float) -> NDArray[np.int64]:
    """List edges whose box comes near a point: cheaper than a search tree for a network that changes every time."""
    west, south, east, north = shapely.bounds(network.edge_geometry).T
    box = (west <= point.x + reach_m) & (east >= point.x - reach_m)
    box &= (south <= point.y + reach_m) & (north >= point.y - reach_m)
    return np.flatnonzero(box & usable)
