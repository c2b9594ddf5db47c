"""Straight ways across a barrier, sampled along it: what opening it means, and where its severance is read.

::

    street ------R---------------------      R  nearest street point to P, within reach
                 |
    =============P=====================      P  sample on the footprint's edge
      footprint  |  chord                    Q  where the inward normal leaves it
    =============Q=====================
                 |
    street ------S---------------------      S  nearest street point to Q
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bykobling.network import Network

SPACING_M = 50.0
"""Distance between samples on each edge of a footprint; both edges are sampled, so about one chord every 25 m."""

REACH_M = 40.0
"""How far beside a footprint a street may lie and still be joined."""

LONGEST_M = {"road": 120.0, "railway": 400.0, "land": 1_200.0, "water": 1_200.0, "user": 1_200.0}
"""Longest chord by kind of barrier: lengthwise ways along a strip are no crossings."""

_OUTSIDE_M = 0.5
_TOLERANCE_M = 1.0
_STEP_IN_M = 0.1
_NEAREST_TRIED = 4
_NEAR_HALF = 0.45
_HEART = 0.3


@dataclass(frozen=True)
class _Rows:
    """Aligned arrays, one entry a way."""

    def take(self, chosen: NDArray[Any]) -> Self:
        """Return the chosen ways only.

        Parameters
        ----------
        chosen : array of bool or int
            Mask or positions.

        Returns
        -------
        same type
            A new object.
        """
        return replace(self, **{name: getattr(self, name)[chosen] for name in self.__dataclass_fields__})


@dataclass(frozen=True)
class Chords(_Rows):
    """Straight ways across footprints; arrays are aligned, one entry a chord.

    Parameters
    ----------
    barrier : array of int
        Row of the barrier in the table the chords were made from.
    p, q : array of float, shape (n, 2)
        Where the chord enters and leaves the footprint.
    edge_p, edge_q : array of int
        Network edge joined on either side; -1 where none lies within reach.
    offset_p_m, offset_q_m : array of float
        Where on those edges, metres from their start.
    join_p_m, join_q_m : array of float
        Straight metres from the footprint's edge to the street.
    open : array of bool
        True where the way hits no other barrier and no building.
    """

    barrier: NDArray[np.int64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    edge_p: NDArray[np.int32]
    edge_q: NDArray[np.int32]
    offset_p_m: NDArray[np.float64]
    offset_q_m: NDArray[np.float64]
    join_p_m: NDArray[np.float64]
    join_q_m: NDArray[np.float64]
    open: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of chords."""
        return len(self.barrier)

    @property
    def width_m(self) -> NDArray[np.float64]:
        """Metres of footprint crossed by each chord."""
        return np.asarray(np.hypot(*(self.q - self.p).T))

    @property
    def length_m(self) -> NDArray[np.float64]:
        """Metres from street to street."""
        return self.width_m + self.join_p_m + self.join_q_m

    @property
    def linked(self) -> NDArray[np.bool_]:
        """True where a street lies within reach on both sides."""
        return (self.edge_p >= 0) & (self.edge_q >= 0)


@dataclass(frozen=True)
class Ways(_Rows):
    """Straight ways across footprints before any street is looked for; arrays are aligned, one entry a way.

    Parameters
    ----------
    barrier : array of int
        Row of the footprint it crosses.
    p, q : array of float, shape (n, 2)
        Where the way enters and leaves it.
    near_half_m : array of float
        Metres of a road that still lie on this side of it; 0 across anything else.
    """

    barrier: NDArray[np.int64]
    p: NDArray[np.float64]
    q: NDArray[np.float64]
    near_half_m: NDArray[np.float64]


def ways_across(footprints: NDArray[Any], kinds: NDArray[Any], *, spacing_m: float = SPACING_M) -> Ways:
    """Sample straight ways across each footprint.

    Parameters
    ----------
    footprints : array of Polygon or MultiPolygon, shape (n_barriers,)
        What each barrier closes, projected, metres.
    kinds : array of str, shape (n_barriers,)
        Kind of each, for the longest way.
    spacing_m : float, optional
        Metres between samples along each edge of a footprint.

    Returns
    -------
    Ways
        Those that lead *across*: not lengthwise, not round a corner.
    """
    barrier, p, q = _across(footprints, np.array([LONGEST_M[str(kind)] for kind in kinds]), spacing_m)
    near_half_m = np.where(np.asarray(kinds)[barrier] == "road", _NEAR_HALF * np.hypot(*(q - p).T), 0.0)
    return Ways(barrier, p, q, near_half_m)


def join_streets(ways: Ways, footprints: NDArray[Any], network: Network, *, reach_m: float = REACH_M) -> Chords:
    """Join ways across to the streets on either side.

    Parameters
    ----------
    ways : Ways
        From `ways_across`.
    footprints : array of Polygon or MultiPolygon
        They are ways across.
    network : Network
        Streets to join.
    reach_m : float, optional
        Farthest a street may lie beside the footprint.

    Returns
    -------
    Chords
        One a way; ``open`` is True for all: see `keep_open`.
    """
    p, q = ways.p, ways.q
    # made here: another network may be joined in another thread, and no two may ask one prepared shape
    cores = _cores(footprints)[ways.barrier]
    unit = q - p
    unit = unit / np.maximum(np.hypot(*unit.T), 1e-9)[:, None]
    side_p = _nearest_street(p - unit * _OUTSIDE_M, cores, ways.near_half_m, network, reach_m)
    side_q = _nearest_street(q + unit * _OUTSIDE_M, cores, ways.near_half_m, network, reach_m)
    return Chords(
        barrier=ways.barrier, p=p, q=q,
        edge_p=side_p[0], edge_q=side_q[0],
        offset_p_m=side_p[1], offset_q_m=side_q[1],
        join_p_m=side_p[2], join_q_m=side_q[2],
        open=np.ones(len(ways.barrier), bool),
    )  # fmt: skip


def _across(
    footprints: NDArray[Any], longest_m: NDArray[np.float64], spacing_m: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Cast the inward normal from samples on each footprint's edge to where it leaves the footprint."""
    polygons, owner = shapely.get_parts(footprints, return_index=True)
    rings, polygon_of = shapely.get_rings(polygons, return_index=True)
    length = shapely.length(rings)
    counts = np.maximum(1, np.floor(length / spacing_m)).astype(int)
    ring = np.repeat(np.arange(len(rings)), counts)
    if not len(ring):
        return np.empty(0, np.int64), np.empty((0, 2)), np.empty((0, 2))
    number = np.arange(len(ring)) - np.repeat(np.cumsum(counts) - counts, counts)
    position = (number + 0.5) / counts[ring] * length[ring]
    p, before, after = (_along(rings, ring, np.maximum(position + step, 0.0)) for step in (0, -1, 1))
    tangent = after - before
    tangent /= np.maximum(np.hypot(*tangent.T), 1e-9)[:, None]
    normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
    polygon = polygon_of[ring]
    shapely.prepare(polygons)
    normal[~shapely.contains_xy(polygons[polygon], *(p + normal * 0.2).T)] *= -1
    edges = _Edges.of(rings, polygon_of)
    longest = longest_m[owner[polygon]]
    width = edges.first_hit_m(p + normal * _STEP_IN_M, normal, longest, polygon) + _STEP_IN_M
    across = np.isfinite(width) & (width > 0.5)
    p, normal, width, polygon = p[across], normal[across], width[across], polygon[across]
    q = p + normal * width[:, None]
    # lengthwise ways are thin across: the footprint must be at least half as wide beside the chord's middle
    sideways = np.column_stack([-normal[:, 1], normal[:, 0]])
    beside = sum(
        np.minimum(edges.first_hit_m((p + q) / 2, way, width / 2, polygon), width / 2) for way in (sideways, -sideways)
    )
    broad = beside >= 0.5 * width
    return owner[polygon[broad]].astype(np.int64), p[broad], q[broad]


def _along(rings: NDArray[Any], ring: NDArray[np.int64], metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the places so many metres along rings, all at once: a shore has ten thousand corners to walk past."""
    corner, of = shapely.get_coordinates(rings, return_index=True)
    # all rings laid end to end, with a metre between them that no place falls into
    step = np.where(of[1:] == of[:-1], np.hypot(*np.diff(corner, axis=0).T), 1.0)
    walked = np.r_[0.0, np.cumsum(step)]
    first, last = np.searchsorted(of, ring), np.searchsorted(of, ring, side="right") - 1
    at = np.minimum(walked[first] + metres, walked[last])
    return np.column_stack([np.interp(at, walked, axis) for axis in corner.T])


@dataclass(frozen=True)
class _Edges:
    """Edges of polygons, to be hit by rays: far cheaper than cutting rays with a polygon of ten thousand corners."""

    tree: shapely.STRtree
    start: NDArray[np.float64]
    along: NDArray[np.float64]
    polygon: NDArray[np.int64]

    @classmethod
    def of(cls, rings: NDArray[Any], polygon_of: NDArray[np.int64]) -> _Edges:
        corner, ring = shapely.get_coordinates(rings, return_index=True)
        same = ring[1:] == ring[:-1]
        start, end = corner[:-1][same], corner[1:][same]
        lines = np.asarray(shapely.linestrings(np.stack([start, end], axis=1)), object)
        return cls(shapely.STRtree(lines), start, end - start, polygon_of[ring[:-1][same]])

    def first_hit_m(
        self,
        origin: NDArray[np.float64],
        unit: NDArray[np.float64],
        reach_m: NDArray[np.float64],
        polygon: NDArray[np.int64],
    ) -> NDArray[np.float64]:
        """Measure how far each ray runs to the first edge of its own polygon; inf where none is within reach."""
        rays = shapely.linestrings(np.stack([origin, origin + unit * reach_m[:, None]], axis=1))
        ray, edge = self.tree.query(rays, predicate="intersects")
        own = self.polygon[edge] == polygon[ray]
        ray, edge = ray[own], edge[own]
        (ux, uy), (dx, dy), (ax, ay) = unit[ray].T, self.along[edge].T, (self.start[edge] - origin[ray]).T
        turn = ux * dy - uy * dx
        hit = np.divide(ax * dy - ay * dx, turn, out=np.full(len(ray), np.inf), where=np.abs(turn) > 1e-9)
        first = np.full(len(origin), np.inf)
        np.minimum.at(first, ray, np.maximum(hit, 0.0))
        return first


def hearts(footprints: NDArray[Any], *, linear: NDArray[np.bool_]) -> NDArray[Any]:
    """Shrink footprints to what nobody steps over on the way from a home to the street.

    Parameters
    ----------
    footprints : array of Polygon
        Barriers.
    linear : array of bool
        Strips lose 30 % of their width on either side: the sides of a big road may lie a little inside it.

    Returns
    -------
    array of Polygon
        Possibly empty.
    """
    mean_width_m = 2 * shapely.area(footprints) / np.maximum(shapely.length(footprints), 1e-9)
    inset_m = np.where(linear, _HEART * mean_width_m, _TOLERANCE_M)
    return _shrunk(footprints, inset_m)


def _cores(footprints: NDArray[Any]) -> NDArray[Any]:
    """Shrink footprints by a hair, so that what merely grazes an edge does not count as running through."""
    return _shrunk(footprints, _TOLERANCE_M / 2)


def _shrunk(footprints: NDArray[Any], inset_m: NDArray[np.float64] | float) -> NDArray[Any]:
    """Take a margin off footprints and make them ready for many questions."""
    inner = np.asarray(shapely.buffer(footprints, np.negative(inset_m), quad_segs=1, join_style="mitre"), object)
    shapely.prepare(inner)
    return inner


def _nearest_street(
    points: NDArray[np.float64],
    cores: NDArray[Any],
    near_half_m: NDArray[np.float64],
    network: Network,
    reach_m: float,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    """Find the nearest street point on the sample's own side of the footprint: edge, offset and straight metres."""
    n = len(points)
    edge, offset, join = np.full(n, -1, np.int32), np.zeros(n), np.full(n, np.nan)
    # a fragment (a platform, a roof path) is no street to be joined, and a bridge passes over
    usable = network.edge_snappable & network.main_parts[network.component[network.edge_u]]
    if "bridge" in network.edge_attributes:
        usable = usable & ~network.edge_attributes["bridge"].to_numpy(bool)
    numbers = np.flatnonzero(usable)
    if not n or not len(numbers):
        return edge, offset, join
    lines = network.edge_geometry[numbers]
    at = np.asarray(shapely.points(points), object)
    which, street = shapely.STRtree(lines).query(at, predicate="dwithin", distance=reach_m)
    distance = shapely.distance(at[which], lines[street])
    order = np.lexsort((street, distance, which))
    which, street, distance = which[order], street[order], distance[order]
    rank = np.arange(len(which)) - np.searchsorted(which, which)
    keep = rank < _NEAREST_TRIED
    which, street, distance = which[keep], street[keep], distance[keep]
    way = shapely.shortest_line(at[which], lines[street])
    # a way that runs through the footprint has jumped to the other side
    same_side = ~shapely.intersects(cores[which], way)
    # the side line of a big road may lie inside a footprint drawn too wide: it is still the near half, and all of a
    # way shorter than that is within it
    same_side |= distance < near_half_m[which]
    # only what lies before the first street surely on this side can still be chosen
    sure = np.full(n, len(which))
    np.minimum.at(sure, which[same_side], np.flatnonzero(same_side))
    before = np.arange(len(which)) < sure[which]
    inside = np.flatnonzero(before & ~same_side & (near_half_m[which] > 0))
    within = shapely.length(shapely.intersection(way[inside], cores[which[inside]]))
    same_side[inside] = within < near_half_m[which[inside]]
    which, street, distance = which[same_side], street[same_side], distance[same_side]
    first = np.unique(which, return_index=True)[1]
    edge[which[first]] = numbers[street[first]]
    share = shapely.line_locate_point(lines[street[first]], at[which[first]], normalized=True)
    # a drawn line and its length may differ (the sides of a big road): offsets count along the length
    offset[which[first]] = np.nan_to_num(share) * network.edge_length_m[numbers[street[first]]]
    join[which[first]] = distance[first]
    return edge, offset, join


def way_lines(chords: Chords, network: Network) -> NDArray[Any]:
    """Draw each linked chord from street to street; unlinked ones across the footprint alone.

    Parameters
    ----------
    chords : Chords
        Ways across.
    network : Network
        The streets they join.

    Returns
    -------
    array of LineString
        One line a chord.
    """
    ends = []
    for edge, offset, own in (
        (chords.edge_p, chords.offset_p_m, chords.p),
        (chords.edge_q, chords.offset_q_m, chords.q),
    ):
        share = offset / np.maximum(network.edge_length_m[edge], 1e-9)
        street = shapely.line_interpolate_point(network.edge_geometry[edge], share, normalized=True)
        ends.append(np.where((edge >= 0)[:, None], shapely.get_coordinates(street), own))
    return np.asarray(shapely.linestrings(np.stack([ends[0], chords.p, chords.q, ends[1]], axis=1)))


def keep_open(
    chords: Chords,
    network: Network,
    *,
    footprints: NDArray[Any],
    buildings: NDArray[Any],
    own: NDArray[Any] | None = None,
) -> Chords:
    """Mark the chords that cross their own barrier alone, and no building.

    Parameters
    ----------
    chords : Chords
        Ways across.
    network : Network
        The streets they join.
    footprints : array of Polygon
        Every barrier, water included.
    buildings : array of Polygon
        Building footprints; may be empty.
    own : array of set of int, optional
        Barriers each chord may cross, by chord; its own alone by default.

    Returns
    -------
    Chords
        The same chords with ``open`` set; unlinked ones are never open.
    """
    ways = way_lines(chords, network)
    blocked = ~chords.linked
    # what crosses a core crosses its footprint, and cores are ready to be asked
    which, hit = shapely.STRtree(footprints).query(ways)
    if own is None:
        other = chords.barrier[which] != hit
    else:
        other = np.array([int(h) not in own[int(w)] for w, h in zip(which, hit, strict=True)], bool)
    which, hit = which[other], hit[other]
    blocked[which[shapely.intersects(_cores(footprints)[hit], ways[which])]] = True
    if len(buildings):
        which, hit = shapely.STRtree(buildings).query(ways, predicate="intersects")
        through = shapely.length(shapely.intersection(ways[which], buildings[hit])) > _TOLERANCE_M
        blocked[which[through]] = True
    return replace(chords, open=~blocked)
