"""Near but far: what lies in sight of home and is a long walk away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling._check import columns as _check_columns
from bykobling._check import weights as _check_weights
from bykobling.errors import Fault, InputError
from bykobling.network import Links, by_length
from bykobling.network.snapping import checked_geometries, make_snap
from bykobling.severance.fields import GATHER_M, by_stretch, group_means
from bykobling.severance.walks import metres_to_edge, nearest_metres, walk_metres

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap

LONGEST_M = 5_000.0
"""A walk longer than this is told as none at all."""

COLUMNS = ["near_but_far_places", "near_but_far_people"]
_HOMES_A_BLOCK = 2_048
"""Pairs are held in memory for so many homes at a time."""
_TOLD = ("dest_id", "name", "category")
"""What the list tells of a destination, where it has the column."""


@dataclass(frozen=True)
class NearButFar:
    """What lies near and is far on foot: for each resident, for each area, and one by one.

    Parameters
    ----------
    residents : DataFrame
        Index of the residents: ``near_but_far_places`` (number of destinations), ``near_but_far_people`` (persons);
        NaN for a home that is not linked to a street.
    areas : DataFrame
        Index ``area_id``: the same columns, mean over the area's residents; NaN without linked residents.
    pairs : GeoDataFrame
        A row an area and destination, the most telling first: ``area_id``; ``dest_id``, ``name``, ``category`` of
        the destination where it has them; ``dest`` (its index label); ``residents`` (whom it concerns);
        ``straight_m`` and ``walk_m`` of a home among them that has the median detour (``walk_m`` inf where there
        is no way within 5 km, or the far distance where that is longer), and the straight line from that home as
        geometry.
    """

    residents: pd.DataFrame
    areas: pd.DataFrame
    pairs: gpd.GeoDataFrame


@dataclass(frozen=True)
class _Targets:
    """What may be near: where it lies, how far it is to the edge of the extract, and where it hangs on the streets."""

    geometry: NDArray[np.object_]
    edge_m: NDArray[np.float64]
    links: Links


def near_but_far(
    network: Network,
    residents: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    *,
    near_m: float = 500.0,
    far_m: float = 1_000.0,
    neighbors: gpd.GeoDataFrame | None = None,
    walls: NDArray[np.object_] | None = None,
    extent: shapely.Polygon | None = None,
    progress: Progress | None = None,
) -> NearButFar:
    """Count and list what is near in a straight line and far on foot.

    Parameters
    ----------
    network : Network
        Streets, of which the lengths count and not the delays.
    residents : GeoDataFrame
        Points with ``residents`` (persons, or a weight) and ``area_id`` (None outside every area).
    destinations : GeoDataFrame
        Points, or polygons reached at their edge; ``dest_id``, ``name`` and ``category`` are told where present.
    near_m : float, optional
        Near is within this straight distance.
    far_m : float, optional
        Far is a walk longer than this, or no way at all.
    neighbors : GeoDataFrame, optional
        Points with ``residents``: everybody who may be near; the residents themselves by default.
    walls : array of Polygon, optional
        What the straight way between door and street may not cross (`Openings.walls`).
    extent : Polygon, optional
        What the extract covers: a pair that a way beyond its edge could bring within the far distance is left out.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    NearButFar
        Counts by resident and area, and the list behind them.

    Raises
    ------
    InputError
        Missing columns; residents that are missing or negative; no resident or destination; distances that are not
        above 0, or a far one below the near one.

    Notes
    -----
    bykobling's own. A destination that hangs on no street is left out: that its way is missing may be the map's
    fault. One on streets with no way to the home counts as far. Neighbours of 20 m of street are met together, at
    the middle of their homes. The list is sorted by ``residents * (1 - straight_m / walk_m)``.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0), (800, 100), (0, 100)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": line.length}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> home = gpd.GeoDataFrame({"residents": [40.0], "area_id": ["a"]}, geometry=[Point(0, 0)], crs=25832)
    >>> shop = gpd.GeoDataFrame({"name": ["shop"]}, geometry=[Point(0, 100)], crs=25832)
    >>> near_but_far(network, home, shop).pairs[["name", "residents", "straight_m", "walk_m"]].to_numpy().tolist()
    [['shop', 40.0, 100.0, 1700.0]]
    """
    people_there = residents if neighbors is None else neighbors
    _check(residents, destinations, people_there, near_m=near_m, far_m=far_m)
    lengths = by_length(network)
    to_edge_m = metres_to_edge(lengths, extent)
    points = checked_geometries(lengths, residents)
    snapped = lengths.snap(points, walls=walls)
    linked = np.flatnonzero(snapped.linked)
    # homes at one place are searched once
    xy, first, same = np.unique(shapely.get_coordinates(points[linked]), axis=0, return_index=True, return_inverse=True)
    homes, doors = snapped.take(linked[first]), np.asarray(shapely.points(xy), object)
    near = _Near(lengths, homes, doors, nearest_metres(lengths, Links.from_snap(homes), to_edge_m), near_m, far_m)
    shapes = checked_geometries(lengths, destinations)
    links = lengths.snap_edges(shapes, walls=walls)
    places = _Targets(shapes, nearest_metres(lengths, links, to_edge_m), links)
    found = list(near.far_pairs(places, progress, "Walking to places nearby"))
    pairs = near.measured(places, np.concatenate([np.empty((2, 0), np.int64), *found], axis=1))
    counts = np.zeros((len(homes), 2))
    counts[:, 0] = np.bincount(pairs["home"], minlength=len(homes))
    met, persons = _gathered(lengths, people_there, walls, to_edge_m)
    for home, whom in near.far_pairs(met, progress, "Walking to people nearby"):
        counts[:, 1] += np.bincount(home, weights=persons[whom], minlength=len(homes))
    table = np.full((len(residents), 2), np.nan)
    table[linked] = counts[same.ravel()]
    by_resident = pd.DataFrame(table, index=residents.index, columns=COLUMNS)
    living = residents[["area_id", "residents"]].iloc[linked].assign(home=same.ravel())
    return NearButFar(
        residents=by_resident,
        areas=_area_means(by_resident, residents),
        pairs=_drawn(_listed(pairs, pd.DataFrame(living)), destinations, doors, shapes),
    )


@dataclass(frozen=True)
class _Near:
    """Homes, each place once, and what is near and far for them."""

    lengths: Network
    homes: Snap
    doors: NDArray[np.object_]
    edge_m: NDArray[np.float64]
    near_m: float
    far_m: float

    def far_pairs(self, targets: _Targets, progress: Progress | None, message: str) -> Iterator[NDArray[np.int64]]:
        """Find (home, target) that lie near and are far on foot, block by block of homes."""
        linked = np.flatnonzero(targets.links.linked)
        tree = shapely.STRtree(targets.geometry[linked])
        count = len(self.homes)
        for start in range(0, count, _HOMES_A_BLOCK):
            block = np.arange(start, min(start + _HOMES_A_BLOCK, count))
            row, near = tree.query(self.doors[block], predicate="dwithin", distance=self.near_m)
            near = linked[near]
            # whoever leaves the extract and comes back walks at least this far
            sure = self.edge_m[block[row]] + targets.edge_m[near] >= self.far_m
            row, near = row[sure], near[sure]
            order = np.lexsort((near, row))
            row, near = row[order], near[order]

            def told(done: int, _: int, text: str, start: int = start) -> None:
                if progress is not None:
                    progress(start + done, count, text)

            walk_m = walk_metres(
                self.lengths, self.homes.take(block), targets.links,
                np.searchsorted(row, np.arange(len(block) + 1)), near,
                limit_m=self.far_m, progress=told, message=message,
            )  # fmt: skip
            far = np.isinf(walk_m)
            yield np.stack([block[row[far]], near[far]])

    def measured(self, places: _Targets, pairs: NDArray[np.int64]) -> pd.DataFrame:
        """Measure (home, place) that are far, sorted by home: straight and on foot."""
        home, dest = pairs
        ptr = np.searchsorted(home, np.arange(len(self.homes) + 1))
        longest_m = max(LONGEST_M, self.far_m)
        columns = {
            "home": home,
            "dest_row": dest,
            "straight_m": shapely.distance(self.doors[home], places.geometry[dest]),
            "walk_m": walk_metres(self.lengths, self.homes, places.links, ptr, dest, limit_m=longest_m),
        }
        return pd.DataFrame(columns)


def _gathered(
    lengths: Network,
    neighbors: gpd.GeoDataFrame,
    walls: NDArray[np.object_] | None,
    to_edge_m: NDArray[np.float64],
) -> tuple[_Targets, NDArray[np.float64]]:
    """Put people of one stretch of street together (as `fields.gathered`), in the middle of their homes."""
    points = checked_geometries(lengths, neighbors)
    snapped = lengths.snap(points, walls=walls)
    people = neighbors["residents"].to_numpy(float)
    mine = np.flatnonzero(snapped.linked & (people > 0))
    places, number = snapped.take(mine), people[mine]
    first, group = by_stretch(places, GATHER_M)
    total, x, y, offset_m, depth_m = group_means(
        group, number, *shapely.get_coordinates(points[mine]).T, places.offset_m, places.snap_m
    )
    reason = np.full(len(total), "ok", dtype=object)
    met = make_snap(lengths, places.edge[first], offset_m, depth_m, reason)
    links = Links.from_snap(met)
    return _Targets(np.asarray(shapely.points(x, y), object), nearest_metres(lengths, links, to_edge_m), links), total


def _listed(pairs: pd.DataFrame, living: pd.DataFrame) -> pd.DataFrame:
    """Choose of each area and destination the home with the median detour; add up whom it concerns."""
    living = living[living["area_id"].notna() & (living["residents"] > 0)]
    pairs = pairs.merge(living.groupby(["home", "area_id"])[["residents"]].sum().reset_index(), on="home")
    walked = pairs.assign(lost=1 - pairs["straight_m"] / pairs["walk_m"])
    walked = walked.sort_values(["area_id", "dest_row", "lost", "home"], kind="stable")
    group = walked.groupby(["area_id", "dest_row"], sort=False)["residents"]
    total, so_far = group.transform("sum"), group.cumsum()
    # the first home at which half the residents are reached, but for the rounding of a sum
    half = walked[so_far >= total / 2 * (1 - 1e-12)].assign(residents=total)
    typical = half.drop_duplicates(["area_id", "dest_row"])
    telling = -(typical["residents"] * typical["lost"])
    order = np.lexsort((typical["dest_row"], typical["area_id"].astype(str), telling))
    return typical.iloc[order].reset_index(drop=True)


def _drawn(
    listed: pd.DataFrame,
    destinations: gpd.GeoDataFrame,
    doors: NDArray[np.object_],
    shapes: NDArray[np.object_],
) -> gpd.GeoDataFrame:
    """Tell each pair's destination and draw the line of sight."""
    row = listed["dest_row"].to_numpy(np.int64)
    told = {name: destinations[name].to_numpy(object)[row] for name in _TOLD if name in destinations.columns}
    columns = {
        "area_id": listed["area_id"].to_numpy(object),
        "dest": destinations.index.to_numpy(object)[row],
        **told,
        **{name: listed[name].to_numpy(float) for name in ("residents", "straight_m", "walk_m")},
    }
    lines = shapely.shortest_line(doors[listed["home"].to_numpy(np.int64)], shapes[row])
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(lines, crs=destinations.crs), crs=destinations.crs)


def _area_means(values: pd.DataFrame, residents: gpd.GeoDataFrame) -> pd.DataFrame:
    """Average over each area's linked residents; NaN where there are none."""
    areas = pd.Index(sorted(residents["area_id"].dropna().unique()), name="area_id", dtype=object)
    code = areas.get_indexer(residents["area_id"].to_numpy(object))
    people = residents["residents"].to_numpy(float)
    mine = (code >= 0) & values[COLUMNS[0]].notna().to_numpy() & (people > 0)
    total = np.bincount(code[mine], weights=people[mine], minlength=len(areas))
    means = {}
    for name in COLUMNS:
        summed = np.bincount(code[mine], weights=people[mine] * values[name].to_numpy()[mine], minlength=len(areas))
        means[name] = np.divide(summed, total, out=np.full(len(areas), np.nan), where=total > 0)
    return pd.DataFrame(means, index=areas)


def _check(
    residents: gpd.GeoDataFrame,
    destinations: gpd.GeoDataFrame,
    neighbors: gpd.GeoDataFrame,
    *,
    near_m: float,
    far_m: float,
) -> None:
    """Collect what nothing can be counted with, and raise it."""
    faults = [
        *_check_columns(residents, ["residents", "area_id"], file="residents"),
        *_check_columns(neighbors, ["residents"], file="neighbors"),
    ]
    if not faults:
        faults += _check_weights(residents["residents"], file="residents")
        faults += _check_weights(neighbors["residents"], file="neighbors")
    for name, table in (("residents", residents), ("destinations", destinations)):
        if not len(table):
            faults.append(Fault(name, "", "the table is empty", "give at least one row"))
    if not (near_m > 0 and np.isfinite(near_m)):
        faults.append(Fault("near_m", "", f"{near_m} is not a number of metres above 0", "give e.g. 500"))
    if not far_m >= near_m or not np.isfinite(far_m):
        rule = f"{far_m} is not a number of metres, or less than near_m = {near_m:g}"
        faults.append(Fault("far_m", "", rule, "give e.g. twice near_m"))
    if faults:
        raise InputError(faults)
