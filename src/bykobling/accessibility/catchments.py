"""Isochrones that follow the streets: what is reached, drawn as wide as a street with its houses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numba
import numpy as np
import shapely

from bykobling._check import raise_errors
from bykobling._kernels.heap import scratch
from bykobling._kernels.sources import from_any
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.drawing import Canvas, Pen
from bykobling.accessibility.stretches import Stretches, reached_stretches
from bykobling.errors import Fault
from bykobling.network import costs_within
from bykobling.network.ends import arcs_of, limit_of, origins_of
from bykobling.network.snapping import checked_geometries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap

WIDTH_M = 25.0
"""Houses this far beside a street are in it."""

FILL_M2 = 20_000.0
"""A courtyard or block up to this size, all round which people walk, is no gap."""

CROSSING_M = 5.0
"""Half the width of a bridge over a wall, or of a way through it."""

ALL = -1
"""Number of the origin in a table of merged isochrones."""

_CHUNK = 64


def isochrones(
    network: Network,
    origins: Snap,
    *,
    cutoffs_min: ArrayLike,
    width_m: float = WIDTH_M,
    fill_m2: float = FILL_M2,
    walls: gpd.GeoSeries | ArrayLike | None = None,
    crossing_m: float = CROSSING_M,
    merged: bool = False,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Draw what is reached from each origin, or from any, within each cut-off, along the streets.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.
    cutoffs_min : array of float (C,)
        Minutes, inclusive, in any order.
    width_m : float, optional
        Metres to either side of a reached street that are drawn.
    fill_m2 : float, optional
        Holes up to this area are closed, unless a street or a wall lies in them; 0 closes none.
    walls : GeoSeries or array of Polygon, optional
        What is not walked on and never covered (railways, water, big roads: footprints of barriers, or
        ``Openings.walls``), except `crossing_m` to either side of a reached street through it. Nothing is drawn
        across a wall from the street beside it.
    crossing_m : float, optional
        Metres.
    merged : bool, optional
        Whether to draw one catchment of all origins, e.g. what is within 10 minutes of any station, instead of one
        of each: one search and one drawing a cut-off, so that ten thousand origins take as long as a few.
    progress : callable, optional
        Told after every origin; once where merged.

    Returns
    -------
    GeoDataFrame
        ``origin`` (number; -1 where merged), ``cutoff_min`` ascending, and polygons, one row for each of both; of
        one origin the larger holds the smaller. Empty where the street itself is out of reach; None for unlinked
        origins, and merged where all are.

    Raises
    ------
    InputError
        Cut-offs or widths that are not above 0, an area that is negative, walls that are no polygons.

    Notes
    -----
    Streets are cut where time is up, to the metre. A street farther than the cut-off is covered only within
    `width_m` of a reached one.

    Origins of one city share the drawings of its streets. A home in Copenhagen still takes about 30 ms for 5 and 10
    minutes on foot (two cores), ten thousand five minutes; merged, ten thousand take two seconds.

    Examples
    --------
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> drawn = isochrones(network, network.snap([Point(0, 0)]), cutoffs_min=[5], width_m=10)
    >>> drawn.total_bounds.tolist()
    [-10.0, -10.0, 410.0, 10.0]
    >>> stations = network.snap([Point(100, 0), Point(300, 0)])
    >>> isochrones(network, stations, cutoffs_min=[1], width_m=10, merged=True).total_bounds.round(6).tolist()
    [10.0, -10.0, 390.0, 10.0]
    """
    cutoffs = np.unique(np.asarray(cutoffs_min, np.float64))
    blocks = np.empty(0, object) if walls is None else checked_geometries(network, walls)
    check_drawing(cutoffs, blocks, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    pen = Pen(network.edge_geometry, blocks, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    draw = _of_all if merged else _of_each
    with ThreadPoolExecutor(max(1, numba.get_num_threads()), thread_name_prefix="bykobling") as pool:
        canvas = Canvas(network.edge_geometry, pen, pool)
        shapes = [shape for drawn in draw(network, origins, cutoffs, canvas, progress) for shape in drawn]
    numbers = np.array([ALL]) if merged else np.arange(len(origins))
    table = {"origin": np.repeat(numbers, len(cutoffs)), "cutoff_min": np.tile(cutoffs, len(numbers))}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=network.crs), crs=network.crs)


def _of_each(
    network: Network, origins: Snap, cutoffs_min: NDArray[np.float64], canvas: Canvas, progress: Progress | None
) -> Iterator[list[shapely.Geometry | None]]:
    """Draw one origin's isochrones after the other, each from the smallest to the largest."""
    node_s = np.full(network.node_count, np.inf, np.float32)
    for start in range(0, len(origins), _CHUNK):
        chunk = origins.take(np.arange(start, min(start + _CHUNK, len(origins))))
        costs = costs_within(network, chunk, float(cutoffs_min[-1]) * 60.0)
        found: list[Stretches] = []
        for i in np.flatnonzero(chunk.linked).tolist():
            row = slice(costs.indptr[i], costs.indptr[i + 1])
            node_s[costs.node[row]] = costs.seconds[row]
            one = chunk.take([i])
            found += [reached_stretches(network, node_s, one, float(cutoff) * 60.0) for cutoff in cutoffs_min]
            node_s[costs.node[row]] = np.inf
        drawn = canvas.draw(*whole_and_parts(network, found), steps=len(cutoffs_min))
        for i, linked in enumerate(chunk.linked.tolist(), start + 1):
            yield [next(drawn) if linked else None for _ in cutoffs_min]
            if progress is not None:
                progress(i, len(origins), "isochrones")


def _of_all(
    network: Network, origins: Snap, cutoffs_min: NDArray[np.float64], canvas: Canvas, progress: Progress | None
) -> Iterator[list[shapely.Geometry | None]]:
    """Draw what is reached from any origin, from the smallest cut-off to the largest."""
    linked = origins.take(origins.linked)
    _, *seeds = origins_of(network, linked)
    limit_s = float(cutoffs_min[-1]) * 60.0
    node_s, *work = scratch(network.node_count, len(network.adj_node), seeds=2 * len(linked))
    arguments: tuple[Any, ...] = (limit_of(limit_s), *arcs_of(network), *seeds, node_s, *work)
    from_any(*arguments)
    found = [reached_stretches(network, node_s, linked, float(cutoff) * 60.0) for cutoff in cutoffs_min]
    drawn: list[shapely.Geometry | None] = list(canvas.draw(*whole_and_parts(network, found), steps=len(cutoffs_min)))
    yield drawn if len(linked) else [None] * len(drawn)
    if progress is not None:
        progress(1, 1, "isochrones")


def whole_and_parts(
    network: Network, found: list[Stretches]
) -> tuple[list[NDArray[np.int64]], list[NDArray[np.object_]]]:
    """Part stretches into edges reached from end to end, each once, and lines of the others."""
    whole, rest = [], []
    for one in found:
        ends = (one.low <= 0) & (one.high >= 1)
        whole.append(np.unique(one.edge[ends]))
        rest.append(one.take(~np.isin(one.edge, whole[-1])))
    if not found:
        return [], []
    joined = Stretches(*(np.concatenate([getattr(one, name) for one in rest]) for name in ("edge", "low", "high")))
    return whole, np.split(joined.lines(network), np.cumsum([len(one.edge) for one in rest])[:-1])


def check_drawing(
    cutoffs: NDArray[np.float64], walls: NDArray[np.object_], *, width_m: float, fill_m2: float, crossing_m: float
) -> None:
    """Find every option of a drawing that breaks a rule, and raise them together."""
    faults = above_zero("width_m", width_m, "25") + above_zero("crossing_m", crossing_m, "5")
    if not len(cutoffs) or not (np.isfinite(cutoffs) & (cutoffs > 0)).all():
        rule = f"{cutoffs.tolist()} are not numbers of minutes above 0"
        faults.append(Fault("cutoffs_min", "", rule, "give one or more, e.g. (5, 10, 15)"))
    if not fill_m2 >= 0:
        faults.append(Fault("fill_m2", "", f"{fill_m2} is negative", "give an area, or 0 to close no holes"))
    if (bad := np.flatnonzero(shapely.get_dimensions(walls) < 2)).size:
        rule = f"{len(bad)} are not polygons, the first is {walls[bad[0]]!s:.60}"
        faults.append(Fault("walls", f"row {bad[0]}", rule, "give the footprints of barriers"))
    raise_errors(faults)
