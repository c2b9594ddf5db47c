"""A town of four streets, measured so that the machine code of a real one is there.

Numba makes machine code when a kernel is first called, one kernel after the other: on a first run that takes longer
than all measuring. It keeps what it made on the disk, so a second process that measures the town makes half of it
meanwhile.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
from shapely import LineString, Point, box

from bykobling.barriers import Openings, open_barriers
from bykobling.network import Network
from bykobling.severance.circuity import detour_index
from bykobling.severance.detour import crossing_detour
from bykobling.severance.effect import barrier_effect
from bykobling.severance.near_far import near_but_far

if TYPE_CHECKING:
    from bykobling._types import Progress

EFFECT = "bykobling.severance.rehearsal:rehearse_effect"
WALKS = "bykobling.severance.rehearsal:rehearse_walks"
"""As a second process is asked for them."""

_CRS = 25832


def rehearsed() -> bool:
    """Tell whether the machine code of the barrier effect is on the disk, no older than what it was made of.

    Returns
    -------
    bool
        True too where numba keeps nothing: then it would be made in vain.
    """
    from bykobling._kernels.opening import opening_sums  # noqa: PLC0415 - imports numba

    # a plain function where numba is told to compile nothing
    folder = opening_sums.stats.cache_path if hasattr(opening_sums, "stats") else None
    if folder is None:
        return True
    source = Path(opening_sums.py_func.__code__.co_filename).stat().st_mtime
    kept = Path(folder).glob("opening.opening_sums-*.nbi")
    return any(index.stat().st_mtime >= source for index in kept)


def rehearse_effect(*, progress: Progress) -> None:
    """Measure the barrier effect in the town.

    Parameters
    ----------
    progress : callable
        ``progress(done, total, message)``.
    """
    openings, homes, shops = _town()
    weights = np.ones(len(shops))
    barrier_effect(openings, homes, shops, weights=weights, neighbors=homes, extent=_EXTENT, progress=progress)


def rehearse_walks(*, progress: Progress) -> None:
    """Measure detours in the town.

    Parameters
    ----------
    progress : callable
        ``progress(done, total, message)``.
    """
    openings, homes, shops = _town()
    network, walls = openings.network, openings.walls
    near_but_far(network, homes, shops, neighbors=homes, walls=walls, extent=_EXTENT, progress=progress)
    detour_index(network, homes, walls=walls, progress=progress)
    crossing_detour(openings, _railway(), progress=progress)


_EXTENT = box(-2000, -2000, 2600, 2500)


def _railway() -> gpd.GeoDataFrame:
    rows = {"name": ["Banen"], "kind": ["land"], "headline": [True], "linear": [True]}
    return gpd.GeoDataFrame(rows, geometry=[box(290, -10, 310, 490)], crs=_CRS, index=["b1"])


def _town() -> tuple[Openings, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Lay out a square of streets with a railway between two of them, two homes and two shops."""
    corners = [(0.0, 0.0), (600.0, 0.0), (600.0, 500.0), (0.0, 500.0)]
    lines = [LineString([corners[i], corners[(i + 1) % 4]]) for i in (0, 1, 3)]
    streets = {"u": [1, 2, 4], "v": [2, 3, 1], "walk": True, "length_m": [line.length for line in lines]}
    network = Network.from_streets(gpd.GeoDataFrame(streets, geometry=lines, crs=_CRS))
    doors = [Point(5, 400), Point(5, 100)]
    homes = gpd.GeoDataFrame({"residents": [4.0, 2.0], "area_id": ["a", "b"]}, geometry=doors, crs=_CRS)
    shops = gpd.GeoDataFrame(
        {"category": ["food", "school"], "name": ["shop", "school"], "weight": [1.0, 1.0]},
        geometry=[Point(595, 400), Point(595, 50).buffer(20)],
        crs=_CRS,
    )
    return open_barriers(network, _railway()), homes, shops
