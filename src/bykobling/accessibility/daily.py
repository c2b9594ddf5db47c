"""Daily life on foot: the nearest place of each kind, the fifteen-minute city, green round the corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from bykobling._check import columns, raise_errors
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.sweep import Sweep
from bykobling.errors import Fault
from bykobling.network import by_length
from bykobling.network.snapping import checked_geometries, make_snap

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap

GREEN_M2 = 5_000.0
"""Least green that counts: half a hectare."""

GREEN_WALK_M = 300.0

_ROUNDING_M = 0.01
"""Lengths are kept as seconds of 1/1024 s: a way of exactly 300 m may be a few millimetres longer."""


@dataclass(frozen=True, eq=False)
class CategoriesWithin:
    """How many kinds of daily places each origin has nearby.

    Parameters
    ----------
    count : array of float64 (O,)
        Categories with a place within the cut-off; NaN for unlinked origins, and for all where nothing is counted.
    counted : tuple of str
        The categories there are in the city.
    absent : tuple of str
        Those there are not, which count neither for nor against anybody.
    """

    count: NDArray[np.float64]
    counted: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def share(self) -> NDArray[np.float64]:
        """Share of the counted categories within the cut-off, 0-1."""
        return self.count / max(1, len(self.counted))


def nearest_minutes(
    network: Network,
    origins: Snap,
    destinations: gpd.GeoDataFrame,
    *,
    categories: Sequence[str],
    walls: NDArray[np.object_] | None = None,
    limit_min: float = 60.0,
    progress: Progress | None = None,
) -> NDArray[np.float32]:
    """Find the time to the nearest place of each category.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.
    destinations : GeoDataFrame
        Points, or polygons reached at their edge, with ``category``; every row counts, whatever its weight.
    categories : sequence of str
        K categories to look for.
    walls : array of Polygon, optional
        What the straight way from a street to a place may not cross (`Network.snap_edges`).
    limit_min : float, optional
        Minutes, inclusive, beyond which nothing is looked for.
    progress : callable, optional
        ``progress(done, total, message)``, once a category.

    Returns
    -------
    array of float32 (O, K)
        Minutes; inf where none is within the limit; NaN for unlinked origins, and for all in a category without any
        place.

    Raises
    ------
    InputError
        No ``category`` column, no category to look for or one named twice, a limit that is not above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> shops = gpd.GeoDataFrame({"category": ["shop"] * 2}, geometry=[Point(80, 0), Point(800, 0)], crs=25832)
    >>> nearest_minutes(network, network.snap([Point(0, 0)]), shops, categories=["shop", "school"]).tolist()
    [[1.0, nan]]
    """
    names = [str(name) for name in categories]
    faults = columns(destinations, ["category"], file="destinations")
    if not names or len(set(names)) < len(names):
        faults.append(Fault("categories", "", f"{names} are not one or more different names", "name each once"))
    faults += above_zero("limit_min", limit_min, "60")
    raise_errors(faults)
    category, shapes = destinations["category"].to_numpy(object), checked_geometries(network, destinations.geometry)
    sweep = Sweep(network, origins)
    minutes = np.full((len(origins), len(names)), np.nan, np.float32)
    for k, name in enumerate(names):
        if (mine := category == name).any():
            links = network.snap_edges(shapes[mine], walls=walls)
            minutes[:, k] = sweep.nearest_s(links, limit_min * 60.0) / np.float32(60.0)
        if progress is not None:
            progress(k + 1, len(names), f"nearest {name}")
    return minutes


def fifteen_minute_categories(
    nearest_min: ArrayLike,
    categories: Sequence[str],
    *,
    present: ArrayLike | None = None,
    cutoff_min: float = 15.0,
) -> CategoriesWithin:
    """Count the kinds of daily places within fifteen minutes.

    Parameters
    ----------
    nearest_min : array of float (O, K)
        Minutes to the nearest place of each category (`nearest_minutes`): inf beyond reach, NaN where unlinked.
    categories : sequence of str
        Names of the K categories.
    present : array of bool (K,), optional
        Which categories there are in the city; by default those with a time, or inf, for somebody.
    cutoff_min : float, optional
        Minutes, inclusive.

    Returns
    -------
    CategoriesWithin
        Count of each origin, and the categories that were left out of it.

    Raises
    ------
    InputError
        Arrays that do not fit each other, times that are negative, a cut-off that is not above 0.

    Notes
    -----
    A count, for people to read; after Moreno, Allam, Chabaud, Gall, Pratlong (2021),
    doi 10.3390/smartcities4010006. A city without a single library has its categories counted without libraries.

    Examples
    --------
    >>> found = fifteen_minute_categories([[4, 15, None], [16, float("inf"), None]], ["shop", "school", "library"])
    >>> found.count.tolist(), found.absent
    ([2.0, 0.0], ('library',))
    """
    times = np.asarray(nearest_min, np.float64)
    names = tuple(str(name) for name in categories)
    faults = above_zero("cutoff_min", cutoff_min, "15")
    if times.ndim != 2 or times.shape[1] != len(names) or not names:
        rule = f"its shape is {times.shape} for {len(names)} categories"
        faults.append(Fault("nearest_min", "", rule, "give one row an origin, one column a category"))
    elif (times < 0).any():
        faults.append(Fault("nearest_min", "", "some times are negative", "give minutes, 0 or more"))
    there: NDArray[np.bool_] = np.asarray(~np.isnan(times).all(axis=0) if present is None else present, bool)
    if there.shape != (len(names),) and not faults:
        rule = f"its shape is {there.shape} for {len(names)} categories"
        faults.append(Fault("present", "", rule, "give one flag a category"))
    raise_errors(faults)
    counted = times[:, there]
    count = (counted <= cutoff_min * (1 + 1e-6)).sum(axis=1).astype(np.float64)
    count[np.isnan(counted).any(axis=1) | (not there.any())] = np.nan
    return CategoriesWithin(
        count=count,
        counted=tuple(name for name, here in zip(names, there, strict=True) if here),
        absent=tuple(name for name, here in zip(names, there, strict=True) if not here),
    )


def green_300m(
    network: Network,
    residents: Snap,
    green: gpd.GeoSeries,
    *,
    walk_m: float = GREEN_WALK_M,
    min_area_m2: float = GREEN_M2,
    walls: NDArray[np.object_] | None = None,
) -> NDArray[np.float64]:
    """Tell who has green of half a hectare within 300 m along the streets.

    Parameters
    ----------
    network : Network
        Streets of one mode; ways are measured in metres, whatever their speeds and delays.
    residents : Snap
        O homes on it; the way from the door to the street counts.
    green : GeoSeries of Polygon or MultiPolygon
        Parks, woods, commons; what touches is one green. A green is reached where a street runs into it or passes
        within 20 m of its edge (`Network.snap_edges`).
    walk_m : float, optional
        Metres, inclusive.
    min_area_m2 : float, optional
        Least area of one green.
    walls : array of Polygon, optional
        What the straight way from a street to the green may not cross.

    Returns
    -------
    array of float64 (O,)
        1 or 0; NaN for unlinked homes, and for all where the layer of green is empty.

    Raises
    ------
    CrsError
        Green in another CRS than the network.
    InputError
        Green that is no polygon; a distance or an area that is not above 0.

    Notes
    -----
    World Health Organization, Regional Office for Europe (2016), "Urban green spaces and health: a review of
    evidence": 0.5 to 1 ha within 300 m of home. There the metres are straight; here they are walked, since a
    barrier between home and park is what is looked for.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point, box
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> homes = network.snap([Point(0, 0), Point(300, 0), Point(0, 500)])
    >>> green_300m(network, homes, gpd.GeoSeries([box(600, -50, 800, 50)], crs=25832)).tolist()
    [0.0, 1.0, nan]
    """
    shapes = checked_geometries(network, green)
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    faults = above_zero("walk_m", walk_m, "300") + above_zero("min_area_m2", min_area_m2, "5000")
    if (bad := np.flatnonzero(shapely.get_dimensions(shapes) != 2)).size:
        rule = f"{len(bad)} geometries are not polygons, the first a {shapes[bad[0]].geom_type}"
        faults.append(Fault("green", f"row {bad[0]}", rule, "use the outlines of parks and woods"))
    raise_errors(faults)
    if not len(shapes):
        return np.full(len(residents), np.nan)
    greens = shapely.get_parts(shapely.union_all(shapely.make_valid(shapes)))
    greens = greens[shapely.area(greens) >= min_area_m2]
    metric = by_length(network)
    homes = make_snap(metric, residents.edge, residents.offset_m, residents.snap_m, residents.reason)
    limit_s = (walk_m + _ROUNDING_M) / network.profile.speed_m_s
    near = np.zeros(len(residents))
    if len(greens):
        links = metric.snap_edges(greens, walls=walls)
        near[np.isfinite(Sweep(metric, homes).nearest_s(links, limit_s))] = 1
    near[~residents.linked] = np.nan
    return near
