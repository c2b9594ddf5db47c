"""Isochrones by public transport: islands of streets round the stops, each street cut where time is up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import numba
import numpy as np

from bykobling._check import raise_errors
from bykobling._kernels import transit as kernels
from bykobling.accessibility.catchments import CROSSING_M, FILL_M2, WIDTH_M, check_drawing, whole_and_parts
from bykobling.accessibility.drawing import Canvas, Pen
from bykobling.accessibility.stretches import reached_stretches
from bykobling.errors import Fault
from bykobling.network.snapping import Snap, checked_geometries, make_snap
from bykobling.transit.search import Task, blocks, ranks_of, searcher
from bykobling.transit.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import shapely
    from numpy.typing import ArrayLike, NDArray

    from bykobling._types import Progress
    from bykobling.accessibility.stretches import Stretches
    from bykobling.transit import TransitNetwork

_CHUNK = 16
"""Origins whose times to every node are held at once."""


def transit_isochrones(
    transit: TransitNetwork,
    origins: gpd.GeoDataFrame,
    cutoffs_min: Sequence[float] = (15.0, 30.0, 45.0),
    *,
    window: Window | None = None,
    percentile: float = 50.0,
    width_m: float = WIDTH_M,
    fill_m2: float = FILL_M2,
    walls: gpd.GeoSeries | ArrayLike | None = None,
    crossing_m: float = CROSSING_M,
    progress: Progress | None = None,
) -> gpd.GeoDataFrame:
    """Draw what is reached by public transport and on foot within each cut-off, along the streets.

    Parameters
    ----------
    transit : TransitNetwork
        Streets and timetable.
    origins : GeoDataFrame
        Points in the CRS of the network.
    cutoffs_min : sequence of float (C,)
        Minutes, inclusive, in any order; at most the longest journey of the settings.
    window : Window, optional
        Departures; 08:00 to 09:00, one a minute, by default. With ``arrive_by=True``: from where the points are
        reached.
    percentile : float
        Of the departures; 50: half of them are there within the cut-off.
    width_m, fill_m2, walls, crossing_m : object
        As for `isochrones`.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    GeoDataFrame
        ``origin`` (label in the index of `origins`), ``cutoff_min`` ascending, and polygons, one row for each of
        both; of one origin the larger holds the smaller. None for unlinked origins.

    Raises
    ------
    InputError
        Cut-offs that are not above 0 or beyond the longest journey; what `isochrones` raises.
    CrsError
        Points in another CRS than the network.

    Notes
    -----
    The time to every node, and to where every stop meets its street, is that of `transit_travel_time`, in whole
    seconds. From there a street is drawn as far as the time left takes one, which may be a part of a street beyond
    the longest walk of the settings.

    Changes of the window are worked out once, and a street is drawn when it is first needed: in Porto Alegre (18,000
    nodes, 4,000 stops) the first origin takes about 4 seconds, each one more a second.
    """
    moments, network = window or Window(), transit.network
    cutoffs = np.unique(np.asarray(cutoffs_min, np.float64))
    blocked = np.empty(0, object) if walls is None else checked_geometries(network, walls)
    check_drawing(cutoffs, blocked, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    if cutoffs[-1] > transit.settings.max_trip_min:
        rule = f"{cutoffs[-1]:g} min is beyond the longest journey, {transit.settings.max_trip_min:g} min"
        raise_errors([Fault("cutoffs_min", "", rule, "give less, or raise max_trip_min in the settings")])
    ranks = ranks_of((percentile,), moments.count)
    places = network.snap(origins.geometry)
    pen = Pen(network.edge_geometry, blocked, width_m=width_m, fill_m2=fill_m2, crossing_m=crossing_m)
    shapes: list[shapely.Geometry | None] = []
    with ThreadPoolExecutor(max(1, numba.get_num_threads()), thread_name_prefix="bykobling") as pool:
        canvas = Canvas(network.edge_geometry, pen, pool)
        for found in _stretches(transit, places, cutoffs, moments, ranks, progress=progress):
            drawn = canvas.draw(*whole_and_parts(network, [one for each in found for one in each]), steps=len(cutoffs))
            for each in found:
                shapes += [next(drawn) for _ in cutoffs] if each else [None] * len(cutoffs)
    table = {"origin": np.repeat(origins.index.to_numpy(), len(cutoffs)), "cutoff_min": np.tile(cutoffs, len(places))}
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=network.crs), crs=network.crs)


def _stretches(
    transit: TransitNetwork,
    places: Snap,
    cutoffs_min: NDArray[np.float64],
    window: Window,
    ranks: NDArray[np.int64],
    *,
    progress: Progress | None,
) -> Iterator[list[list[Stretches]]]:
    """Find of some origins at a time what is reached within each cut-off; nothing of unlinked ones."""
    network, nodes = transit.network, transit.network.node_count
    stops = _on_street(transit)
    everywhere = _joined(network.at_nodes(np.arange(nodes)), stops)
    task = Task(kernels.percentiles, (len(everywhere), 1), (ranks,))
    ends = (everywhere, places) if window.arrive_by else (places, everywhere)
    for start, stop, answer in blocks(searcher(transit, window), *ends, task, progress=progress, block=_CHUNK):
        found: list[list[Stretches]] = []
        for place, seconds in zip(range(start, stop), answer[:, :, 0], strict=True):
            mine = places.take([place])
            # one stands at each stop, after the time it takes to get there
            here = _joined(mine, _after(stops, seconds[nodes:]))
            found.append(
                [reached_stretches(network, seconds[:nodes], here, float(cutoff) * 60.0) for cutoff in cutoffs_min]
                if mine.linked[0]
                else []
            )
        yield found


def _on_street(transit: TransitNetwork) -> Snap:
    """Take the places on the streets where stops are entered, without the way from there, each once."""
    links = transit.links.take(transit.links.linked)
    _, first = np.unique(np.column_stack([links.edge, links.offset_m]), axis=0, return_index=True)
    links = links.take(first)
    return make_snap(transit.network, links.edge, links.offset_m, np.zeros(len(links)), links.reason)


def _after(places: Snap, seconds: NDArray[np.float32]) -> Snap:
    """Let it take some time to get to places; those that are not reached are left out."""
    reached = np.isfinite(seconds)
    return replace(places.take(reached), access_s=seconds[reached])


def _joined(one: Snap, other: Snap) -> Snap:
    return Snap(*(np.concatenate([getattr(one, name), getattr(other, name)]) for name in Snap.__dataclass_fields__))
