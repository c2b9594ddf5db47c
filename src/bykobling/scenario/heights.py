"""How steep a new link is: from a raster of heights at its two ends."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from bykobling._check import metric_crs
from bykobling.errors import Fault, InputError, ReadError
from bykobling.scenario.modifications import AddLink

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from bykobling.scenario.model import Scenario

_METRES = frozenset({"", "m", "metre", "metres", "meter", "meters"})


def gradient_from_dem(path: str | os.PathLike[str], line: shapely.LineString, *, crs: Any) -> float:  # noqa: ANN401
    """Return the mean gradient of a line from a raster of heights, percent, above 0 where it climbs as drawn.

    Parameters
    ----------
    path : path
        Any raster GDAL reads; heights in metres in its first band.
    line : LineString
        Drawn, in `crs`.
    crs : optional
        CRS of the line, in metres; anything pyproj takes.

    Returns
    -------
    float
        ``100 (z1 - z0) / length``, with z0 and z1 the heights at its ends, each between the four cells around it
        (bilinear).

    Raises
    ------
    ReadError
        The raster cannot be read.
    InputError
        The raster has no CRS or other units than metres; an end lies outside it or where it tells nothing.

    Notes
    -----
    Only the ends count: a bridge goes over what lies between them.
    """
    found: list[Fault] = []
    gradient = _gradients(path, [("line", line)], crs, found)[0]
    if found:
        raise InputError(found)
    return float(gradient)


def with_gradients(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    faults: list[Fault] | None = None,
) -> Scenario:
    """Give the new links of a scenario the gradient of a raster of heights, where they have none of their own.

    Parameters
    ----------
    scenario : Scenario
        Left as it is.
    path : path
        As for `gradient_from_dem`.
    crs : optional
        CRS of its lines, where the scenario tells none.
    faults : list of Fault, optional
        A collector. Ends of which the raster tells no height are warnings: their link is taken as level.

    Returns
    -------
    Scenario
        A copy; stairs stay as they are, for their speed does not go by the gradient.

    Raises
    ------
    ReadError
        The raster cannot be read.
    InputError
        It has no CRS or other units than metres; without a collector also where it tells no height.
    """
    rows = [
        number
        for number, each in enumerate(scenario.modifications)
        if isinstance(each, AddLink) and each.gradient_pct is None and each.kind != "stairs"
        and isinstance(each.line, shapely.LineString) and each.line.length > 0
    ]  # fmt: skip
    if not rows:
        return scenario
    lines = [(scenario.where(number + 1).text, _line(scenario, number)) for number in rows]
    found: list[Fault] = []
    gradients = _gradients(path, lines, scenario.crs if scenario.crs is not None else crs, found)
    if found and faults is None:
        raise InputError(found)
    if faults is not None:
        faults += [dataclasses.replace(fault, severity="warning") for fault in found]
    changed = list(scenario.modifications)
    for number, pct in zip(rows, gradients.tolist(), strict=True):
        link = changed[number]
        if isinstance(link, AddLink) and np.isfinite(pct):
            changed[number] = dataclasses.replace(link, gradient_pct=pct)
    return dataclasses.replace(scenario, modifications=tuple(changed))


def _line(scenario: Scenario, number: int) -> shapely.LineString:
    """Give the line of a new link."""
    link = scenario.modifications[number]
    return link.line if isinstance(link, AddLink) else shapely.LineString()


def _gradients(
    path: str | os.PathLike[str],
    lines: Sequence[tuple[str, shapely.LineString]],
    crs: Any,  # noqa: ANN401 - anything pyproj takes
    found: list[Fault],
) -> NDArray[np.float64]:
    """Read the heights of all ends at once; a line without is NaN and told."""
    file = Path(path)
    ends = np.array([line.coords[at][:2] for _, line in lines for at in (0, -1)], np.float64)
    heights = _heights(file, ends, metric_crs(crs, file="crs")).reshape(-1, 2)
    for (where, _), pair in zip(lines, heights, strict=True):
        lost = [name for name, height in zip(("start", "end"), pair, strict=True) if not np.isfinite(height)]
        if lost:
            rule = f"it tells no height at the {' and the '.join(lost)}"
            found.append(Fault(file.name, where, rule, "give a raster that covers it, or gradient_pct"))
    length_m = np.array([line.length for _, line in lines])
    return np.asarray(100.0 * (heights[:, 1] - heights[:, 0]) / length_m)


def _heights(file: Path, places: NDArray[np.float64], crs: Any) -> NDArray[np.float64]:  # noqa: ANN401
    """Read heights between the four cells around each place, NaN where one of them tells nothing."""
    import pyproj  # noqa: PLC0415 - beside its only use
    import rasterio  # noqa: PLC0415 - slow to load
    from rasterio.errors import RasterioIOError  # noqa: PLC0415

    if not file.is_file():
        raise ReadError(f"{file}: there is no such file. Remedy: check the path.")
    try:
        with rasterio.open(file) as dataset:
            if dataset.crs is None:
                raise InputError(Fault(file.name, "", "it has no CRS", "tell its CRS, e.g. with gdal_edit -a_srs"))
            unit = (dataset.units[0] or "").strip().lower()
            if unit not in _METRES:
                raise InputError(Fault(file.name, "", f"its heights are in {unit!r}", "convert them to metres"))
            to_raster = pyproj.Transformer.from_crs(crs, dataset.crs.to_wkt(), always_xy=True)
            x, y = to_raster.transform(places[:, 0], places[:, 1])
            # from corners to middles of cells, where the heights are
            inverse = ~dataset.transform
            column = inverse.a * np.asarray(x) + inverse.b * np.asarray(y) + inverse.c - 0.5
            row = inverse.d * np.asarray(x) + inverse.e * np.asarray(y) + inverse.f - 0.5
            return np.array([_between(dataset, r, c) for r, c in zip(row, column, strict=True)])
    except RasterioIOError as error:
        raise ReadError(f"{file.name}: it cannot be read as a raster ({error}). Remedy: export it again.") from error


def _between(dataset: Any, row: float, column: float) -> float:  # noqa: ANN401 - rasterio has no types
    """Interpolate between four cells; within half a cell of the edge of the raster the outermost cells go on."""
    inside = -0.5 <= row <= dataset.height - 0.5 and -0.5 <= column <= dataset.width - 0.5
    if not (np.isfinite(row) and np.isfinite(column) and inside):
        return float("nan")
    row, column = (min(max(at, 0.0), size - 1.0) for at, size in ((row, dataset.height), (column, dataset.width)))
    top, left = min(int(row), max(dataset.height - 2, 0)), min(int(column), max(dataset.width - 2, 0))
    window = ((top, min(top + 2, dataset.height)), (left, min(left + 2, dataset.width)))
    cells = dataset.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    cells = cells * dataset.scales[0] + dataset.offsets[0]
    cells = np.pad(cells, ((0, 2 - cells.shape[0]), (0, 2 - cells.shape[1])), mode="edge")
    down, right = row - top, column - left
    weights = np.outer([1 - down, down], [1 - right, right])
    # a cell that weighs nothing may tell nothing
    return float((cells[weights > 0] * weights[weights > 0]).sum())
