"""How long it takes to places with a name: the station, the town hall, the library."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bykobling._check import columns, raise_errors, unique
from bykobling.accessibility._door import above_zero
from bykobling.accessibility.sweep import Sweep
from bykobling.errors import Fault
from bykobling.network.snapping import checked_geometries

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.network import Network, Snap


def travel_time_to(
    network: Network,
    origins: Snap,
    places: gpd.GeoDataFrame,
    *,
    index: pd.Index | None = None,
    walls: NDArray[np.object_] | None = None,
    limit_min: float | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Find the time from every origin to every named place.

    Parameters
    ----------
    network : Network
        Streets of one mode.
    origins : Snap
        O places on it.
    places : GeoDataFrame
        Points, or polygons reached at their edge, with ``name``, each its own.
    index : Index, optional
        Labels of the origins; numbers from 0 by default.
    walls : array of Polygon, optional
        What the straight way from a street to a place may not cross (`Network.snap_edges`).
    limit_min : float, optional
        Minutes, inclusive.
    progress : callable, optional
        ``progress(done, total, message)``, once a place.

    Returns
    -------
    DataFrame
        Minutes, one column a place: inf where there is no way within the limit, NaN where either end is unlinked.

    Raises
    ------
    InputError
        No ``name`` column, names that are missing or told twice, an index of another length, a limit that is not
        above 0.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import LineString, Point
    >>> from bykobling.network import Network
    >>> line = LineString([(0, 0), (800, 0)])
    >>> street = {"u": [1], "v": [2], "walk": True, "length_m": 800.0}
    >>> network = Network.from_streets(gpd.GeoDataFrame(street, geometry=[line], crs=25832))
    >>> station = gpd.GeoDataFrame({"name": ["Nord"]}, geometry=[Point(800, 0)], crs=25832)
    >>> travel_time_to(network, network.snap([Point(0, 0), Point(400, 0)]), station)["Nord"].tolist()
    [10.0, 5.0]
    """
    faults = columns(places, ["name"], file="places") or unique(places["name"], file="places")
    if index is not None and len(index) != len(origins):
        rule = f"it has {len(index)} labels for {len(origins)} origins"
        faults.append(Fault("index", "", rule, "give one label an origin"))
    if limit_min is not None:
        faults += above_zero("limit_min", limit_min, "60")
    raise_errors(faults)
    sweep = Sweep(network, origins)
    limit_s = np.inf if limit_min is None else limit_min * 60.0
    shapes = checked_geometries(network, places.geometry)
    minutes = np.full((len(origins), len(places)), np.nan)
    for j in range(len(places)):
        links = network.snap_edges(shapes[j : j + 1], walls=walls)
        if links.linked[0]:
            minutes[:, j] = sweep.nearest_s(links, limit_s) / 60.0
        if progress is not None:
            progress(j + 1, len(places), f"travel time to {places['name'].iloc[j]}")
    return pd.DataFrame(minutes, index=index, columns=pd.Index(places["name"].to_numpy(object)))
