"""Counted traffic on streets: match a layer of counts to the streets table, and say what is assumed elsewhere.

::

    ---------- <- carriageway -----------     o  a count of both directions, nearest to the lower carriageway:
    ---------- carriageway -> -----o-----        each of the two gets half
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from bykobling._check import columns as _check_columns
from bykobling._check import geometries as _check_geometries
from bykobling._check import raise_errors, same_crs
from bykobling._check import weights as _check_weights
from bykobling.errors import Fault
from bykobling.network.delays import ASSUMED_AADT_PER_LANE, road_lanes

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

OTHER_AADT_PER_LANE = 1_500.0
"""Vehicles a day on each lane of a street of a lower class (assumed, as in `bykobling.network.delays`)."""

_NO_ROAD = ("service", "track", "path", "footway", "cycleway", "pedestrian")
_TWIN_M = 40.0
_NAMED_TWIN_M = 80.0
_SAME_SECTION_M = 60.0
_OTHER_NAME_M = 10.0
_STEP_M = 3.0


def match_aadt(
    streets: gpd.GeoDataFrame,
    counts: gpd.GeoDataFrame | None,
    *,
    line_reach_m: float = 20.0,
    point_reach_m: float = 30.0,
    bearing_deg: float = 30.0,
    along_m: float = 0.0,
    both_ways: bool = True,
) -> pd.DataFrame:
    """Give every street its annual average daily traffic: counted where a count lies on it, else assumed.

    Parameters
    ----------
    streets : GeoDataFrame
        The streets table: ``highway``, ``drive``, ``oneway``, ``lanes``, ``name`` (`bykobling.osm.read_streets`).
    counts : GeoDataFrame or None
        Lines or points with ``aadt`` (vehicles a day, NaN where not counted) and, where known, ``name``. None: all
        is assumed.
    line_reach_m : float, optional
        A street takes the nearest line within so many metres of its middle that runs along it.
    point_reach_m : float, optional
        A point counts on the nearest street within so many metres, one of its name before others; one of another
        name must lie within 10 m, since spellings differ.
    bearing_deg : float, optional
        A line runs along a street where their bearings differ by no more.
    along_m : float, optional
        A point also counts on streets of the same name and class within so many metres of it that have none of their
        own; 0: on the one street alone.
    both_ways : bool, optional
        Whether counts hold both directions: the two one-way carriageways of a dual road (of one class and name,
        opposite, at most 80 m apart; 40 m where either has no name) then get half each, unless either has a count
        of its own beside the other's (within 60 m).

    Returns
    -------
    DataFrame
        Index of the streets: ``aadt`` (vehicles a day, in the directions the street carries; NaN where no motor
        traffic runs) and ``aadt_assumed`` (True where it is from class and lanes).

    Raises
    ------
    InputError
        Missing columns, another CRS, counts that are negative, distances or angles that are not positive.

    Notes
    -----
    Assumed traffic is lanes times the vehicles a lane of the class carries, see `bykobling.network.delays`. Several
    counts on one street are averaged: choose one year first. Tunnels are matched like other streets; service roads,
    which run beside big ones, never are. To let counts alone drive crossing delays, keep only what is counted:
    ``streets.assign(aadt=found["aadt"].where(~found["aadt_assumed"]))``.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, shapely
    >>> streets = gpd.GeoDataFrame(
    ...     {"highway": ["primary", "residential"], "drive": True, "oneway": False, "lanes": np.nan, "name": None},
    ...     geometry=[shapely.LineString([(0, 0), (200, 0)]), shapely.LineString([(0, 0), (0, 200)])],
    ...     crs=25832,
    ... )
    >>> counts = gpd.GeoDataFrame({"aadt": [18_000]}, geometry=[shapely.Point(90, 12)], crs=25832)
    >>> match_aadt(streets, counts)["aadt"].tolist()
    [18000.0, 3000.0]
    """
    _check(
        streets,
        counts,
        {"line_reach_m": line_reach_m, "point_reach_m": point_reach_m, "bearing_deg": bearing_deg},
        along_m=along_m,
    )
    roads = _Roads.of(streets)
    aadt, source = np.full(len(roads.row), np.nan), np.full(len(roads.row), -1)
    if counts is not None and len(roads.row):
        shapes = counts.geometry.to_numpy()
        told = counts[counts["aadt"].notna() & ~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]
        point = (told.geometry.geom_type == "Point").to_numpy(bool)
        aadt, source = _on_lines(roads, told[~point], line_reach_m, bearing_deg)
        near, at = _at_points(roads, told[point], point_reach_m, along_m)
        known = np.isfinite(near)
        # counts are numbered through, so that a line is not taken for a point
        aadt[known], source[known] = near[known], at[known] + int((~point).sum())
        if both_ways:
            _halve(roads, aadt, source, np.r_[told.geometry.to_numpy()[~point], told.geometry.to_numpy()[point]])
    classes = streets["highway"].fillna("").str.removesuffix("_link")
    assumed = classes.map(ASSUMED_AADT_PER_LANE).fillna(OTHER_AADT_PER_LANE).to_numpy(float) * road_lanes(
        streets.assign(highway=classes)
    )
    value = np.full(len(streets), np.nan)
    value[roads.row] = aadt
    drive = streets["drive"].to_numpy(bool)
    missing = drive & np.isnan(value)
    return pd.DataFrame({"aadt": np.where(missing, assumed, value), "aadt_assumed": missing}, index=streets.index)


@dataclass(frozen=True)
class _Roads:
    """Streets that may carry a count."""

    row: NDArray[np.int64]
    line: NDArray[np.object_]
    name: NDArray[np.object_]
    highway: NDArray[np.object_]
    oneway: NDArray[np.bool_]

    @classmethod
    def of(cls, streets: gpd.GeoDataFrame) -> _Roads:
        usable = streets["drive"].to_numpy(bool) & ~streets["highway"].isin(_NO_ROAD).to_numpy(bool)
        row = np.flatnonzero(usable)
        return cls(
            row,
            streets.geometry.to_numpy()[row],
            _plain(streets["name"])[row],
            streets["highway"].fillna("").to_numpy(object)[row],
            streets["oneway"].to_numpy(bool)[row],
        )


def _plain(names: pd.Series) -> NDArray[np.object_]:
    return np.asarray(names.fillna("").astype(str).str.strip().str.casefold(), object)


def _on_lines(
    roads: _Roads, lines: gpd.GeoDataFrame, reach_m: float, bearing_deg: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give each street the nearest line that runs along it at its middle."""
    aadt, source = np.full(len(roads.row), np.nan), np.full(len(roads.row), -1)
    if not len(lines):
        return aadt, source
    shapes = lines.geometry.to_numpy()
    middle = shapely.line_interpolate_point(roads.line, 0.5, normalized=True)
    street, line = shapely.STRtree(shapes).query(middle, predicate="dwithin", distance=reach_m)
    turn = _bearing(roads.line[street], middle[street]) - _bearing(shapes[line], middle[street])
    along = np.abs(np.sin(turn)) <= np.sin(np.deg2rad(min(bearing_deg, 90.0)))
    street, line = street[along], line[along]
    order = np.lexsort((line, shapely.distance(middle[street], shapes[line]), street))
    first = order[np.unique(street[order], return_index=True)[1]]
    aadt[street[first]] = lines["aadt"].to_numpy(float)[line[first]]
    source[street[first]] = line[first]
    return aadt, source


def _at_points(
    roads: _Roads, points: gpd.GeoDataFrame, reach_m: float, along_m: float
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Put each count on one street, then on the same road farther along."""
    aadt, source = np.full(len(roads.row), np.nan), np.full(len(roads.row), -1)
    if not len(points):
        return aadt, source
    at, number = points.geometry.to_numpy(), points["aadt"].to_numpy(float)
    called = _plain(points["name"]) if "name" in points else np.full(len(points), "", object)
    tree = shapely.STRtree(roads.line)
    point, street = tree.query(at, predicate="dwithin", distance=reach_m)
    distance = shapely.distance(at[point], roads.line[street])
    told = (called[point] != "") & (roads.name[street] != "")
    same = told & (called[point] == roads.name[street])
    kept = same | ~told | (distance <= _OTHER_NAME_M)
    point, street, distance, same = point[kept], street[kept], distance[kept], same[kept]
    order = np.lexsort((street, distance, ~same, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    point, street = point[first], street[first]
    total = np.bincount(street, weights=number[point], minlength=len(aadt))
    hits = np.bincount(street, minlength=len(aadt))
    met = hits > 0
    aadt[met] = total[met] / hits[met]
    source[street[::-1]] = point[::-1]
    if along_m > 0:
        i, far = tree.query(at[point], predicate="dwithin", distance=along_m)
        same = (roads.name[far] != "") & (roads.name[far] == roads.name[street[i]]) & ~met[far]
        same &= roads.highway[far] == roads.highway[street[i]]
        i, far = i[same], far[same]
        order = np.lexsort((shapely.distance(at[point[i]], roads.line[far]), far))
        first = order[np.unique(far[order], return_index=True)[1]]
        aadt[far[first]], source[far[first]] = number[point[i[first]]], point[i[first]]
    return aadt, source


def _halve(roads: _Roads, aadt: NDArray[np.float64], source: NDArray[np.int64], places: NDArray[Any]) -> None:
    """Share a count of a dual road between its carriageways."""
    own = np.flatnonzero(np.isfinite(aadt) & roads.oneway)
    single = np.flatnonzero(roads.oneway)
    middle = shapely.line_interpolate_point(roads.line[own], 0.5, normalized=True)
    near, hit = shapely.STRtree(roads.line[single]).query(middle, predicate="dwithin", distance=_NAMED_TWIN_M)
    a, b = own[near], single[hit]
    turn = _bearing(roads.line[b], middle[near]) - _bearing(roads.line[a], middle[near])
    twin = (np.cos(turn) < -np.cos(np.deg2rad(30))) & (roads.highway[a] == roads.highway[b])
    nameless = (roads.name[a] == "") | (roads.name[b] == "")
    close = nameless & (shapely.distance(middle[near], roads.line[b]) <= _TWIN_M)
    twin &= close | (~nameless & (roads.name[a] == roads.name[b]))
    a, b = a[twin], b[twin]
    # two counts side by side are one a direction; two far apart are two cross-sections of the whole road
    beside = shapely.distance(places[source[a]], places[source[b]]) <= _SAME_SECTION_M
    apart = np.unique(source[a[(source[b] >= 0) & (source[b] != source[a]) & beside]])
    use = ~np.isin(source[a], apart)
    total = aadt.copy()
    aadt[_with_their_like(np.unique(a[use]), own, source, shapely.length(roads.line))] /= 2
    fresh = use & (source[b] < 0)
    aadt[b[fresh]] = total[a[fresh]] / 2


def _with_their_like(
    paired: NDArray[np.int64], own: NDArray[np.int64], source: NDArray[np.int64], length_m: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Add to the paired streets the others of their count: near a junction pieces of a dual road lie beside none."""
    metres = np.bincount(source[own], weights=length_m[own])
    mostly = np.flatnonzero(2 * np.bincount(source[paired], weights=length_m[paired], minlength=len(metres)) >= metres)
    alone = np.setdiff1d(own, paired)
    return np.union1d(paired, alone[np.isin(source[alone], np.intersect1d(mostly, source[paired]))])


def _bearing(lines: NDArray[Any], near: NDArray[Any]) -> NDArray[np.float64]:
    """Return the bearing of each line where it comes nearest to a point, radians."""
    at, long = shapely.line_locate_point(lines, near), shapely.length(lines)
    before = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.maximum(at - _STEP_M, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(lines, np.minimum(at + _STEP_M, long)))
    return np.asarray(np.arctan2(*(after - before).T[::-1]))


def _check(
    streets: gpd.GeoDataFrame, counts: gpd.GeoDataFrame | None, numbers: dict[str, float], *, along_m: float
) -> None:
    same_crs({"streets": streets} if counts is None else {"streets": streets, "counts": counts})
    faults = [
        Fault(name, "", f"it is {number}, and must be above 0", "give metres or degrees above 0")
        for name, number in numbers.items()
        if not number > 0
    ]
    if not along_m >= 0:
        faults.append(Fault("along_m", "", f"it is {along_m}, and must be 0 or more", "give metres of 0 or more"))
    faults += _check_columns(streets, ["highway", "drive", "oneway", "lanes", "name"], file="streets")
    if counts is not None:
        kinds = ["Point", "LineString", "MultiLineString"]
        faults += _check_geometries(counts, kinds, file="counts", absent="warning")
        missing = _check_columns(counts, ["aadt"], file="counts")
        faults += missing or _check_weights(counts.loc[counts["aadt"].notna(), "aadt"], file="counts")
    raise_errors(faults)
