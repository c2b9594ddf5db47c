"""Places on the map that a planner should look at: islands of streets, homes and places far from every street."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.network import Network
from bykobling.study.inputs import read_inputs
from bykobling.study.residents import make_residents
from bykobling.worker.fault_places import COLUMNS, DEGREES

if TYPE_CHECKING:
    from pyproj import CRS

    from bykobling._types import Progress
    from bykobling.study import Study
    from bykobling.study.inputs import Inputs

MOST = 2_000
"""Of more points of one kind, this many are drawn."""


def odd_places(study: Study, *, progress: Progress | None = None) -> gpd.GeoDataFrame:
    """Find what can be measured and is odd all the same.

    Parameters
    ----------
    study : Study
        Without errors.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    GeoDataFrame
        As `bykobling.worker.fault_places.fault_points`, every row a warning; empty where the inputs have errors.
    """
    inputs, _ = read_inputs(study, progress=progress)
    if inputs is None:
        return gpd.GeoDataFrame({name: [] for name in COLUMNS}, geometry=gpd.GeoSeries([], crs=DEGREES), crs=DEGREES)
    network = Network.from_streets(inputs.extract.streets, mode="walk", profile=study.walk.profile)
    parts = [_islands(study, network), *_far(study, inputs, network)]
    return pd.concat([part.to_crs(DEGREES) for part in parts], ignore_index=True)


def _islands(study: Study, network: Network) -> gpd.GeoDataFrame:
    """Draw one point on every island of streets, the largest first."""
    nodes = np.bincount(network.component)
    order = np.argsort(-nodes, kind="stable")
    numbers = order[(order != network.main_component) & (nodes[order] > 0)][:MOST]
    _, first = np.unique(network.component, return_index=True)
    corner = first[numbers]
    rules = [f"an island: {count} street corners with no way on foot to the main part" for count in nodes[numbers]]
    remedy = "nothing where it is one, such as a platform; else join the streets in OSM, or bring a larger extract"
    points = gpd.points_from_xy(network.node_x[corner], network.node_y[corner])
    return _warned((study.osm.file.name, "streets"), rules, remedy=remedy, points=points, crs=network.crs)


def _far(study: Study, inputs: Inputs, network: Network) -> list[gpd.GeoDataFrame]:
    """Draw homes and places that no street is near to."""
    homes, _ = make_residents(inputs.extract, inputs.areas, inputs.population)
    remedy = "check its position and the map there, or raise [walk] max_snap_m"
    found = []
    for what, table in (("residents", homes), ("destinations", inputs.destinations)):
        points = table.geometry.representative_point()
        snapped = network.snap(points)
        rows = np.flatnonzero(~snapped.linked)[:MOST]
        rules = [
            f"the nearest street is {metres:,.0f} m away, more than {study.walk.profile.max_snap_m:g} m: not counted"
            for metres in snapped.snap_m[rows]
        ]
        here = points.to_numpy()[rows]
        found.append(_warned((study.path.name, what), rules, remedy=remedy, points=here, crs=network.crs))
    return found


def _warned(
    where: tuple[str, str],
    rules: list[str],
    *,
    remedy: str,
    points: Any,  # noqa: ANN401 - an array of points
    crs: CRS,
) -> gpd.GeoDataFrame:
    """Make rows of warnings."""
    values = {"file": where[0], "where": where[1], "remedy": remedy, "severity": "warning"}
    columns = {name: rules if name == "rule" else [values[name]] * len(rules) for name in COLUMNS}
    return gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points, crs=crs), crs=crs)
