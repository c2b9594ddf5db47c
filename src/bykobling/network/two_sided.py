"""A big road has two sides: split it, and make crossing it cost what it costs.

A street network joins everything that meets at a junction, so a six-lane road is free to cross and severance is
invisible. Here every node on a barrier road is cut along the road into *sectors* (the corners of a junction), each
street keeps the corner it arrives at, and corners are joined by crossing rows with a delay::

            north arm                            north arm
                |                              a  ||  b
      side -----+===== barrier road    ->    side a  ||
                |                              ======++====   a-b, b-c, c-a: crossing rows
            south arm                              c

A walkable barrier road without mapped sidewalks becomes two lines, one a side; one whose sidewalks are mapped
separately keeps none, since the sidewalks carry the walking.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling.network.delays import CrossingDelays, crossing_delays_s, road_width_m

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

_BEARING_AT_M = 6.0
"""How far from a node a street's bearing is read: near enough to be local, far enough to skip digitising noise."""

FORBIDDEN_MAXSPEED_KMH = 80.0
"""Roads posted at this speed or more are not crossed at grade where nothing is marked (assumed)."""

_STRAIGHT_ON = np.deg2rad(120)

_KIND_RANK = {"signal": 0, "zebra": 1, "refuge": 2, "unmarked": 3}


@dataclass(frozen=True)
class _Arms:
    """Ends of street rows at the nodes to cut: one entry an end."""

    node: NDArray[np.int64]
    xy: NDArray[np.float64]
    row: NDArray[np.int64]
    at_u: NDArray[np.bool_]
    bearing: NDArray[np.float64]
    barrier: NDArray[np.bool_]


def two_sided(
    streets: gpd.GeoDataFrame,
    crossings: gpd.GeoDataFrame,
    barrier_road: NDArray[np.bool_],
    *,
    delays: CrossingDelays | None = None,
) -> gpd.GeoDataFrame:
    """Split barrier roads into two sides joined by crossings that cost their delay.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table (see `bykobling.osm.read_streets`), projected, metres.
    crossings : GeoDataFrame
        Crossing nodes: ``node`` and ``kind``.
    barrier_road : array of bool, shape (n_streets,)
        Which rows are big roads.
    delays : CrossingDelays, optional
        Seconds by kind of crossing.

    Returns
    -------
    GeoDataFrame
        Streets with the columns ``delay_s``, ``snappable`` and ``is_crossing`` added. Node ids of corners are new,
        negative numbers. Rows of motorways stay as they are (nobody walks them).

    Notes
    -----
    Delays follow the Highway Capacity Manual, see `bykobling.network.delays`. A level crossing costs its delay on
    every way through its node.
    """
    table = streets.reset_index(drop=True)
    table["delay_s"] = 0.0
    # nobody lives in a tunnel, and none is joined from above
    table["snappable"] = ~table["tunnel"].to_numpy(bool)
    table["is_crossing"] = False
    table["delay_part"] = 1.0
    road = np.asarray(barrier_road, dtype=bool)
    kind_at = _kind_by_node(table, crossings)
    cut = _Cut(table, road, _arms(table, road), kind_at=kind_at, delays=delays or CrossingDelays())
    order = np.lexsort((cut.arms.bearing, cut.arms.node))
    starts = np.flatnonzero(np.r_[True, np.diff(cut.arms.node[order]) != 0, True]) if len(order) else np.array([0])
    for first, last in itertools.pairwise(starts):
        cut.node(order[first:last])
    table["u"], table["v"] = cut.u, cut.v
    parts = [table[~road], _sides(table, road, cut)]
    if cut.rows:
        drawn = shapely.linestrings(np.array([row.pop("geometry") for row in cut.rows]))
        parts.append(gpd.GeoDataFrame(cut.rows, geometry=drawn, crs=table.crs))
    level = crossings.loc[crossings["kind"] == "level_crossing", "node"].tolist()
    nodes = np.array([corner for node in level for corner in cut.corners.get(node, [node])], np.int64)
    return _with_level_crossings(_concat(parts, table), nodes, delays=cut.delays, fresh=cut.fresh)


class _Cut:
    """The nodes of big roads, cut into corners one after the other."""

    def __init__(
        self,
        table: gpd.GeoDataFrame,
        road: NDArray[np.bool_],
        arms: _Arms,
        *,
        kind_at: dict[int, str],
        delays: CrossingDelays,
    ) -> None:
        self.arms, self.kind_at, self.delays = arms, kind_at, delays
        # rows as plain dicts: taking them from the table one by one takes longer than all the rest
        self.streets = table[road].to_dict("index")
        self.widths = road_width_m(table)
        self.drive = table["drive"].to_numpy(bool)
        self.u = table["u"].to_numpy(np.int64).copy()
        self.v = table["v"].to_numpy(np.int64).copy()
        # left and right node of every barrier row's ends; where a road ends, both are its own node
        self.left_u, self.right_u = self.u.copy(), self.u.copy()
        self.left_v, self.right_v = self.v.copy(), self.v.copy()
        self.fresh = _FreshIds(min(int(self.u.min(initial=0)), int(self.v.min(initial=0)), 0))
        self.corners: dict[int, list[int]] = {}
        self.rows: list[dict[str, Any]] = []

    def node(self, at: NDArray[np.int64]) -> None:
        """Cut one node, given its ends sorted by bearing."""
        arms, is_arm = self.arms, self.arms.barrier[at]
        big = at[is_arm]
        kind = self.kind_at.get(int(arms.node[at[0]]))
        heir = _heir(arms, at, self.drive) if len(big) == 1 else None
        if len(big) == 1 and (heir is None or not _may_cross(self.streets[int(arms.row[big[0]])], kind)):
            return  # the end of a big road: people walk round it
        if heir is not None:
            is_arm = is_arm | (np.arange(len(at)) == heir)
        ids = [self.fresh.take() for _ in range(int(is_arm.sum()))]
        self.corners[int(arms.node[at[0]])] = ids
        self._assign(at, is_arm, ids)
        junction = heir is not None or len(ids) > 2 or len(ids) < len(at)
        made = _crossing_rows(self, big, ids, kind=kind, junction=junction)
        if heir is not None:
            # the road goes on as a smaller one: its sides meet in its middle, half a crossing from either
            middle = self.fresh.take()
            (self.u if arms.at_u[at[heir]] else self.v)[int(arms.row[at[heir]])] = middle
            made = [half for row in made for half in _halves(row, middle)]
        self.rows += made

    def _assign(self, at: NDArray[np.int64], is_arm: NDArray[np.bool_], ids: list[int]) -> None:
        """Give each end the corner it arrives at, and each arm the corners on its two sides."""
        # ends are sorted by bearing, so the number of arms passed so far tells the corner (0 = after the last arm)
        passed = np.cumsum(is_arm)
        for position, end in enumerate(at):
            row, at_u = int(self.arms.row[end]), bool(self.arms.at_u[end])
            after = ids[(int(passed[position]) - 1) % len(ids)]
            if not is_arm[position]:
                (self.u if at_u else self.v)[row] = after
                continue
            before = ids[(int(passed[position]) - 2) % len(ids)]
            if at_u:  # looking along the row: the corner counter-clockwise of it is on its left
                self.left_u[row], self.right_u[row] = after, before
            else:
                self.left_v[row], self.right_v[row] = before, after


class _FreshIds:
    """Hands out node ids below every id in use."""

    def __init__(self, lowest: int) -> None:
        self._next = lowest - 1

    def take(self) -> int:
        self._next -= 1
        return self._next + 1


def _concat(parts: list[gpd.GeoDataFrame], like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Stack tables that have the columns of `like`, keeping its dtypes."""
    kept = like.dtypes.drop("geometry")
    parts = [part[like.columns] for part in parts if len(part)]
    other = [kept[part.dtypes[kept.index] != kept] for part in parts]
    parts = [part.astype(dtypes) if len(dtypes) else part for part, dtypes in zip(parts, other, strict=True)]
    if not parts:
        return like.iloc[:0].copy()
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), geometry="geometry", crs=like.crs)


def _kind_by_node(streets: gpd.GeoDataFrame, crossings: gpd.GeoDataFrame) -> dict[int, str]:
    """Best kind of crossing at each node, from the node itself and from crossing ways that end there."""
    ways = streets.loc[streets["crossing"].isin(list(_KIND_RANK)), ["u", "v", "crossing"]]
    own = crossings.loc[crossings["kind"].isin(list(_KIND_RANK)), ["node", "kind"]]
    pairs = [
        *zip(ways["u"], ways["crossing"], strict=True),
        *zip(ways["v"], ways["crossing"], strict=True),
        *zip(own["node"], own["kind"], strict=True),
    ]
    best: dict[int, str] = {}
    for node, kind in pairs:
        if node not in best or _KIND_RANK[kind] < _KIND_RANK[best[node]]:
            best[int(node)] = kind
    return best


def _arms(table: gpd.GeoDataFrame, road: NDArray[np.bool_]) -> _Arms:
    """Collect every street end at a node of a barrier road, with its bearing there."""
    u, v = table["u"].to_numpy(np.int64), table["v"].to_numpy(np.int64)
    nodes = np.unique(np.r_[u[road], v[road]])
    usable = road | table["walk"].to_numpy(bool) | table["bike_forward"].to_numpy(bool)
    usable |= table["bike_backward"].to_numpy(bool)
    at_u = np.flatnonzero(usable & np.isin(u, nodes))
    at_v = np.flatnonzero(usable & np.isin(v, nodes))
    lines = table.geometry.to_numpy()
    length = shapely.length(lines)
    step = np.minimum(_BEARING_AT_M, length / 2)
    start = np.r_[
        shapely.get_coordinates(shapely.get_point(lines[at_u], 0)),
        shapely.get_coordinates(shapely.get_point(lines[at_v], -1)),
    ]
    toward = np.r_[
        shapely.get_coordinates(shapely.line_interpolate_point(lines[at_u], step[at_u])),
        shapely.get_coordinates(shapely.line_interpolate_point(lines[at_v], length[at_v] - step[at_v])),
    ]
    delta = toward - start
    rows = np.r_[at_u, at_v]
    return _Arms(
        node=np.r_[u[at_u], v[at_v]],
        xy=start,
        row=rows,
        at_u=np.r_[np.ones(len(at_u), bool), np.zeros(len(at_v), bool)],
        bearing=np.arctan2(delta[:, 1], delta[:, 0]),
        barrier=road[rows],
    )


def _heir(arms: _Arms, at: NDArray[np.int64], drive: NDArray[np.bool_]) -> int | None:
    """Find the street a big road goes on as beyond this node: drivable, and most nearly straight on."""
    arm = at[arms.barrier[at]][0]
    turn = np.abs(np.angle(np.exp(1j * (arms.bearing[at] - arms.bearing[arm]))))
    turn[arms.barrier[at] | ~drive[arms.row[at]]] = 0.0
    best = int(np.argmax(turn))
    return best if turn[best] > _STRAIGHT_ON else None


def _halves(row: dict[str, Any], middle: int) -> list[dict[str, Any]]:
    """Cut a crossing in two at a node in the middle of the road."""
    half = {"length_m": row["length_m"] / 2, "delay_s": row["delay_s"] / 2, "delay_part": 0.5}
    return [{**row, **half, "v": middle}, {**row, **half, "u": middle}]


def _crossing_rows(
    cut: _Cut, ends: NDArray[np.int64], corner_ids: list[int], *, kind: str | None, junction: bool
) -> list[dict[str, Any]]:
    """Join the two corners beside each arm, where the arm may be crossed."""
    if kind is None and not junction:
        return []  # a mere change of tags along the road is no place to cross
    arms, n_arms = cut.arms, len(ends)
    # with two arms there is one road and two corners: one crossing, not one for each arm
    wanted = range(n_arms if n_arms > 2 else 1)
    made = []
    for i in wanted:
        row = int(arms.row[ends[i]])
        street = cut.streets[row]
        if not _may_cross(street, kind, at_junction=n_arms > 2):
            continue
        across = arms.bearing[ends[i]] + np.pi / 2
        half = cut.widths[row] / 2
        reach = np.array([np.cos(across), np.sin(across)]) * half
        centre = arms.xy[ends[i]]
        typed = kind or "unmarked"
        sidewalks_on_road = bool(street["walk"]) and not bool(street["sidewalk_separate"])
        made.append(
            {
                **street,
                "u": corner_ids[i - 1],
                "v": corner_ids[i],
                "highway": "crossing",
                "walk": True,
                "bike_forward": True,
                "bike_backward": True,
                "drive": False,
                "oneway": False,
                "steps": False,
                "crossing": typed,
                # separately mapped ways already reach the middle of the road, so only the delay is left to pay
                "length_m": float(cut.widths[row]) if sidewalks_on_road else 0.1,
                "delay_s": crossing_delays_s(street, typed, delays=cut.delays),
                "snappable": False,
                "is_crossing": True,
                # all are drawn at once in the end
                "geometry": (centre - reach, centre + reach),
            }
        )
    return made


def _may_cross(street: Mapping[Hashable, Any], kind: str | None, *, at_junction: bool = False) -> bool:
    if street["highway"] == "motorway":
        return False
    if kind is not None:
        return True
    if street["highway"] == "motorway_link":
        # where a ramp meets a street people walk along, they walk past its mouth
        return at_junction
    return not float(street["maxspeed_kmh"]) >= FORBIDDEN_MAXSPEED_KMH


def _sides(table: gpd.GeoDataFrame, road: NDArray[np.bool_], cut: _Cut) -> gpd.GeoDataFrame:
    """Draw each barrier road that carries walkers or cyclists as a left and a right line."""
    left_u, left_v, right_u, right_v = (end[road] for end in (cut.left_u, cut.left_v, cut.right_u, cut.right_v))
    big = table[road].copy()
    big["walk"] &= ~big["sidewalk_separate"]
    keep = (big["walk"] | big["bike_forward"] | big["bike_backward"]).to_numpy(bool)
    half = cut.widths[road] / 2 + 1.0
    left, right = big.copy(), big
    left["u"], left["v"] = left_u, left_v
    right["u"], right["v"] = right_u, right_v
    left["geometry"] = offset_lines(big.geometry.to_numpy(), half)
    right["geometry"] = offset_lines(big.geometry.to_numpy(), -half)
    return _concat([left[keep], right[keep]], table)


def offset_lines(lines: NDArray[Any], distance_m: NDArray[np.float64]) -> NDArray[Any]:
    """Shift every vertex sideways along the mean normal of its two pieces (positive = left).

    A drawing aid, not an exact parallel: it never breaks a line into parts and never drops one, which
    `shapely.offset_curve` does on tight bends. Lengths and times are kept from the original line.

    Parameters
    ----------
    lines : array of LineString, shape (n,)
        Lines to shift.
    distance_m : array of float, shape (n,)
        Metres to the left; negative to the right.

    Returns
    -------
    array of LineString, shape (n,)
        Shifted lines with the same number of vertices.

    Examples
    --------
    >>> offset_lines(np.array([shapely.LineString([(0, 0), (10, 0)])]), np.array([2.0]))[0].wkt
    'LINESTRING (0 2, 10 2)'
    """
    coordinates, index = shapely.get_coordinates(lines, return_index=True)
    if not len(coordinates):
        return np.asarray(lines).copy()
    step = np.diff(coordinates, axis=0)
    step[np.diff(index) != 0] = 0.0
    length = np.hypot(step[:, 0], step[:, 1])
    unit = np.divide(step, length[:, None], out=np.zeros_like(step), where=length[:, None] > 0)
    mean = np.zeros_like(coordinates)
    mean[:-1] += unit
    mean[1:] += unit
    size = np.hypot(mean[:, 0], mean[:, 1])
    mean = np.divide(mean, size[:, None], out=np.zeros_like(mean), where=size[:, None] > 0)
    normal = np.column_stack([-mean[:, 1], mean[:, 0]])
    shifted = coordinates + normal * np.asarray(distance_m, float)[index][:, None]
    return np.asarray(shapely.linestrings(shifted, indices=index))


def _with_level_crossings(
    table: gpd.GeoDataFrame, nodes: NDArray[np.int64], *, delays: CrossingDelays, fresh: _FreshIds
) -> gpd.GeoDataFrame:
    """Make every way through a level-crossing node pay its delay: half on entering the node, half on leaving."""
    u, v = table["u"].to_numpy(np.int64).copy(), table["v"].to_numpy(np.int64).copy()
    rows = []
    for ends, position in ((u, 0), (v, -1)):
        for row in np.flatnonzero(np.isin(ends, nodes)):
            street = table.iloc[int(row)]
            point = shapely.get_point(street.geometry, position)
            hub, own = int(ends[row]), fresh.take()
            ends[row] = own
            rows.append(
                {
                    **street,
                    "u": own,
                    "v": hub,
                    "highway": "crossing",
                    "bike_forward": True,
                    "bike_backward": True,
                    "crossing": "level_crossing",
                    "length_m": 0.0,
                    "delay_s": delays.level_crossing / 2,
                    "delay_part": 0.5,
                    "snappable": False,
                    "is_crossing": True,
                    "geometry": shapely.LineString([point, point]),
                }
            )
    if not rows:
        return table
    result = table.copy()
    result["u"], result["v"] = u, v
    return _concat([result, gpd.GeoDataFrame(rows, geometry="geometry", crs=table.crs)], table)
