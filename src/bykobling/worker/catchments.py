"""Isochrones from a layer of points, on the streets of a study."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import geopandas as gpd
import numpy as np

from bykobling._types import Mode
from bykobling.accessibility import isochrones
from bykobling.errors import Fault, InputError
from bykobling.layers.source import open_layer
from bykobling.study import read_study
from bykobling.study.prepare import prepare_study
from bykobling.study.run import PREPARE_SHARES
from bykobling.study.steps import Steps
from bykobling.worker.layers import write_layer
from bykobling.worker.memory import stamp_of
from bykobling.worker.rpc import path_text
from bykobling.worker.studies import base_of

if TYPE_CHECKING:
    from pathlib import Path

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network import Network
    from bykobling.worker.methods import Call
    from bykobling.worker.params import Params


def write_isochrones(params: Params, call: Call) -> dict[str, Any]:
    """Draw what is reached from points and write it.

    Parameters
    ----------
    params : Params
        As `bykobling.worker.studies.isochrone`.
    call : Call
        The job.

    Returns
    -------
    dict
        ``output``, ``layers``, ``unlinked``.
    """
    path = params.path("study")
    base = base_of(path)
    points = params.path("points", base=base)
    layer = params.value("points_layer", str)
    cutoffs = params.numbers("cutoffs_min")
    output = params.path("output", base=base)
    mode = params.choice("mode", get_args(Mode), "walk")
    merged = params.value("merged", bool, default=False)
    params.close()
    opened, progress = _streets(path, mode, call)
    places, label, faults = open_layer(
        points, kinds=("Point",), crs=opened.network.crs, layer=layer, absent="warning", name="points"
    )
    if any(one.severity == "error" for one in faults):
        raise InputError(faults)
    drawn, unlinked = draw(opened.network, opened.walls, places, cutoffs, merged=merged, progress=progress)
    if not len(drawn):
        rule = "every point is too far from a street"
        raise InputError(Fault(label, "", rule, "check the CRS of the layer, and that it lies inside the map"))
    call.job.check()
    write_layer(output, drawn, layer="isochrones", geometry_type="MultiPolygon")
    return {"output": path_text(output), "layers": ["isochrones"], "unlinked": unlinked}


def draw(
    network: Network,
    walls: Any,  # noqa: ANN401 - an array of polygons
    places: gpd.GeoDataFrame,
    cutoffs_min: list[float],
    *,
    merged: bool,
    progress: Progress,
) -> tuple[gpd.GeoDataFrame, int]:
    """Draw isochrones with the columns of their points.

    Parameters
    ----------
    network : Network
        Streets.
    walls : array of Polygon
        What is never covered.
    places : GeoDataFrame
        Points.
    cutoffs_min : list of float
        Minutes.
    merged : bool
        Whether to draw one catchment of all points.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    GeoDataFrame, int
        One row a point and cut-off, the largest first so that the smaller lie on top; and how many points were too
        far from a street.
    """
    snapped = network.snap(places.geometry, walls=walls)
    drawn = isochrones(network, snapped, cutoffs_min=cutoffs_min, walls=walls, merged=merged, progress=progress)
    drawn = drawn[drawn.geometry.notna() & ~drawn.geometry.is_empty]
    drawn = drawn.sort_values(["origin", "cutoff_min"], ascending=[True, False], kind="stable")
    columns: dict[str, Any] = {"point": drawn["origin"].to_numpy() + 1, "cutoff_min": drawn["cutoff_min"].to_numpy()}
    if "name" in places.columns and not merged:
        columns["name"] = places["name"].to_numpy(object)[drawn["origin"].to_numpy()]
    table = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(drawn.geometry.to_numpy(), crs=drawn.crs))
    return table, int(np.sum(~snapped.linked))


def _streets(path: Path, mode: str, call: Call) -> tuple[Openings, Progress]:
    """Take the streets of a study from memory, or read it."""
    study = read_study(path)
    progress: Progress
    known = call.memory.known(stamp_of(study.input_files()))
    if known is not None:
        ready, progress = call.memory.get(known).ready, call.job.progress
    else:
        steps = Steps(call.job.progress, PREPARE_SHARES | {"draw": 20})
        ready = prepare_study(study, steps)
        with steps.step("draw", "drawing") as inner:
            progress = inner
    for one in ready.openings:
        if one.network.mode == mode:
            return one, progress
    rule = f"the study does not measure {mode!r}"
    raise InputError(Fault(study.path.name, f"[{mode}]", rule, "set enabled = true there, or ask for walk"))
