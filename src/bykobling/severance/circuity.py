"""The detour index: how much longer than the straight line people walk, to all sides of their home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from bykobling._check import weights as _check_weights
from bykobling.errors import Fault, InputError
from bykobling.network import by_length
from bykobling.network.snapping import checked_geometries, make_snap
from bykobling.severance.walks import walk_metres

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network

LIMIT_RATIO = 10.0
"""A way more than so many times the straight line is told as none."""

LEAST_DIRECTIONS = 4
"""A home with fewer directions in which there is a street is left out: a pier has no surroundings."""


def detour_index(
    network: Network,
    residents: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    radius_m: float = 400.0,
    directions: int = 16,
    max_snap_m: float = 50.0,
    walls: NDArray[np.object_] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Measure walk over straight line from each home to a circle of places around it.

    Parameters
    ----------
    network : Network
        Streets, of which the lengths count and not the delays.
    residents : GeoDataFrame or GeoSeries
        Points where people live; homes at one place are searched once.
    radius_m : float, optional
        The index falls with the radius, so numbers of different radii are not to be compared.
    directions : int, optional
        Places on the circle, evenly spread, the first due north.
    max_snap_m : float, optional
        A place on the circle with no street so near (water, a rail yard, beyond the extract) is left out; at most
        half the radius.
    walls : array of Polygon, optional
        What the straight way from home to street may not cross (`Openings.walls`).
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    DataFrame
        Index of `residents`, a column a direction (bearing, degrees clockwise from north). Ratios of at least 1;
        inf where there is no way, or none within 10 times the straight line; NaN where the place is left out, the
        home is not linked to a street, or fewer than 4 places are left.

    Raises
    ------
    InputError
        A radius or snapping distance that is not above 0, or one larger than half the other; no direction.

    Notes
    -----
    From home P to the place T on a street nearest to the point of the circle:

    ``ratio = max(|PS| + along streets S to T, |PT|) / |PT|``

    with S the place on the street where the home hangs. T is the destination itself, so no way from the street to
    the circle is added, and a straight street gives exactly 1. By the triangle inequality ``|PT| <= |PS| + |ST|``,
    and no street is shorter than the straight line between its ends, so the ratio is at least 1. The maximum only
    acts where streets are drawn elsewhere than they are measured: the two sides of a big road.

    On a fine square grid the ratio is 1 along the streets and sqrt(2) at 45 degrees, 1.26 in the mean of 16
    directions; a mean above 1.5 is poor. Hess (1997), Places 11(2):58-65; Randall and Baetz (2001),
    doi 10.1061/(ASCE)0733-9488(2001)127:1(1); Stangl (2017), doi 10.1080/17549175.2017.1381143.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> lines = [LineString([(0, 0), end]) for end in ((0, 500), (500, 0), (0, -500), (-500, 0))]
    >>> streets = {"u": 1, "v": [2, 3, 4, 5], "walk": True, "length_m": 500.0}
    >>> cross = Network.from_streets(gpd.GeoDataFrame(streets, geometry=lines, crs=25832))
    >>> home = gpd.GeoSeries([Point(0, 100)], crs=25832)
    >>> detour_index(cross, home, directions=4, max_snap_m=110).round(3).to_numpy().tolist()
    [[1.0, 1.213, 1.0, 1.213]]
    """
    _check(radius_m, directions, max_snap_m)
    lengths = by_length(network)
    points = checked_geometries(lengths, residents)
    all_homes = lengths.snap(points, walls=walls)
    linked = np.flatnonzero(all_homes.linked)
    places, first, same = np.unique(
        shapely.get_coordinates(points[linked]), axis=0, return_index=True, return_inverse=True
    )
    homes = all_homes.take(linked[first])
    bearing = np.arange(directions) * (360.0 / directions)
    around = radius_m * np.column_stack([np.sin(np.deg2rad(bearing)), np.cos(np.deg2rad(bearing))])
    goals = lengths.snap(shapely.points((places[:, None, :] + around).reshape(-1, 2)), max_snap_m=max_snap_m)
    home, kept = _usable(goals.linked.reshape(-1, directions))
    goals = goals.take(kept)
    # the place on the street is the goal, not the point of the circle beside it
    goals = make_snap(lengths, goals.edge, goals.offset_m, np.zeros(len(kept)), goals.reason)
    walk_m = walk_metres(
        lengths, homes, goals, np.searchsorted(home, np.arange(len(homes) + 1)), np.arange(len(kept)),
        limit_m=LIMIT_RATIO * (radius_m + max_snap_m), progress=progress, message="Walking to all sides of every home",
    )  # fmt: skip
    straight_m = np.hypot(*(_on_street(lengths, goals.edge, goals.offset_m) - places[home]).T)
    ratio = np.maximum(walk_m, straight_m) / straight_m
    ratio[ratio > LIMIT_RATIO] = np.inf
    table = np.full((len(homes), directions), np.nan)
    table.flat[kept] = ratio
    result = np.full((len(points), directions), np.nan)
    result[linked] = table[same.ravel()]
    return pd.DataFrame(result, index=residents.index, columns=pd.Index(bearing, name="bearing"))


def detour_summary(
    ratios: pd.DataFrame, residents: pd.Series, area_id: pd.Series, *, radius_m: float = 400.0
) -> pd.DataFrame:
    """Summarise the detour index of each area's residents.

    Parameters
    ----------
    ratios : DataFrame
        From `detour_index`.
    residents : Series
        Persons at each home, 0 or more; index of `ratios`.
    area_id : Series
        Area of each home, None outside every area; index of `ratios`.
    radius_m : float, optional
        Of the circle; told in the names of the columns.

    Returns
    -------
    DataFrame
        Index ``area_id``: ``detour_index_400m`` (mean), ``detour_index_400m_median``, ``detour_index_400m_p90``,
        ``detour_no_way_400m_share`` (of the directions, 0-1). NaN where nobody has a value.

    Raises
    ------
    InputError
        Residents that are missing or negative, other indexes than that of the ratios.

    Notes
    -----
    Every resident counts once: the directions at a home share its residents. A direction without a way counts as
    10, the limit of the search, in the mean (a floor of what is true) and as infinite in the median and the
    percentile, which are infinite where half, or a tenth, of the directions have none. Its share is told beside
    them. Percentiles are the least ratio that at least so much of the weight does not exceed; nothing is
    interpolated.

    Examples
    --------
    >>> import pandas as pd
    >>> ratios = pd.DataFrame([[1.0, 1.5], [1.0, float("inf")]])
    >>> detour_summary(ratios, pd.Series([3, 1]), pd.Series(["a", "a"])).to_numpy().round(3).tolist()
    [[2.312, 1.0, inf, 0.125]]
    """
    faults = _check_weights(residents.rename("residents"), file="residents")
    for name, series in (("residents", residents), ("area_id", area_id)):
        if not series.index.equals(ratios.index):
            faults.append(Fault(name, "", "its index is not that of the ratios", "align it with reindex(ratios.index)"))
    if faults:
        raise InputError(faults)
    values = ratios.to_numpy(float)
    known = np.isfinite(values) | np.isinf(values)
    count = known.sum(axis=1)
    share = np.divide(residents.to_numpy(float), count, out=np.zeros(len(values)), where=count > 0)
    name = f"{radius_m:g}m"
    columns = (
        f"detour_index_{name}",
        f"detour_index_{name}_median",
        f"detour_index_{name}_p90",
        f"detour_no_way_{name}_share",
    )
    areas = pd.Index(sorted(area_id.dropna().unique()), name="area_id", dtype=object)
    rows = np.full((len(areas), len(columns)), np.nan)
    code = areas.get_indexer(area_id.to_numpy(object))
    for number in range(len(areas)):
        mine = known & (code == number)[:, None]
        weight = np.broadcast_to(share[:, None], values.shape)[mine]
        if weight.sum() > 0:
            rows[number] = _summary(values[mine], weight)
    return pd.DataFrame(rows, index=areas, columns=list(columns))


def _summary(ratio: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """Return mean, median, 90th percentile and the share without a way."""
    mean = float(np.average(np.minimum(ratio, LIMIT_RATIO), weights=weight))
    none = float(np.average(np.isinf(ratio), weights=weight))
    return mean, _percentile(ratio, weight, 0.5), _percentile(ratio, weight, 0.9), none


def _percentile(values: NDArray[np.float64], weight: NDArray[np.float64], share: float) -> float:
    """Find the least value that at least this share of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weight[order])
    # a share reached but for the rounding of a sum is reached
    return float(values[order][np.searchsorted(below, share * below[-1] * (1 - 1e-12))])


def _usable(linked: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the home and the number of each place on a circle that counts."""
    kept = np.flatnonzero((linked & (linked.sum(axis=1) >= LEAST_DIRECTIONS)[:, None]).ravel())
    return kept // linked.shape[1], kept


def _check(radius_m: float, directions: int, max_snap_m: float) -> None:
    """Refuse circles no index can be made of."""
    faults = []
    if not (np.isfinite(radius_m) and radius_m > 0):
        faults.append(Fault("radius_m", "", f"{radius_m} is not a number of metres above 0", "give e.g. 400"))
    elif not 0 < max_snap_m <= radius_m / 2:
        rule = f"{max_snap_m} is not above 0 and at most half the radius of {radius_m:g} m"
        faults.append(Fault("max_snap_m", "", rule, "give e.g. 50"))
    if directions < LEAST_DIRECTIONS:
        rule = f"{directions} are fewer than the {LEAST_DIRECTIONS} a home must have"
        faults.append(Fault("directions", "", rule, "give e.g. 16"))
    if faults:
        raise InputError(faults)


def _on_street(lengths: Network, edge: NDArray[np.int32], offset_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find the coordinates of places along edges."""
    whole = lengths.edge_length_m[edge]
    share = np.divide(offset_m, whole, out=np.zeros(len(edge)), where=whole > 0).clip(0, 1)
    points = shapely.line_interpolate_point(lengths.edge_geometry[edge], share, normalized=True)
    return np.asarray(shapely.get_coordinates(points), float)
