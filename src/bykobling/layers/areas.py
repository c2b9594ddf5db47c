"""Housing areas and population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bykobling import _check
from bykobling._check import ROW
from bykobling.errors import Fault
from bykobling.layers.columns import amounts, objects, plain, text
from bykobling.layers.source import POLYGONS, Source, open_layer
from bykobling.layers.where import Where, matches

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bykobling.errors import Severity

_REST = frozenset({"", "0", "no", "nej", "false", "none", "nan", "rest"})
"""Values of a group column that mean "not vulnerable" where no vulnerable values are named."""
_OVERLAP_M2 = 1.0
_OVERLAP_SHARE = 0.001
"""Drawing slivers below one square metre or a thousandth of the smaller area are no overlap."""


def read_areas(
    source: Source,
    *,
    id_column: str | None = None,
    name_column: str | None = None,
    group_column: str | None = None,
    vulnerable_values: Iterable[object] | None = None,
    vulnerable_not_null: bool = False,
    vulnerability_column: str | None = None,
    income_column: str | None = None,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read housing areas.

    Parameters
    ----------
    source : path or GeoDataFrame
        Polygons.
    id_column : str, optional
        Column of unique ids; the row number by default.
    name_column : str, optional
        Column of names; the id by default.
    group_column : str, optional
        Column that tells vulnerable areas; without it every area is ``"rest"``.
    vulnerable_values : iterable, optional
        Values of `group_column` that mean vulnerable; 1, 1.0 and "1" are alike. By default every value does but
        empty, 0, no, false and rest.
    vulnerable_not_null : bool, optional
        Whether every value that is not empty means vulnerable, 0 and no included.
    vulnerability_column, income_column : str, optional
        Columns of numbers: the city's own screening of social vulnerability (higher is worse), and mean income.
    crs : optional
        Metric CRS to project to; the local UTM zone by default.
    layer : str, optional
        Layer of the file; needed where there are several.
    where : str or Where, optional
        Which rows to read: a condition, or for files an attribute filter in SQL.
    faults : list of Fault, optional
        A collector: warnings and row errors are added to it, nothing is raised for them, and the faulty rows are
        left out. Without it errors are raised together and warnings are not told. A missing file, layer, column or
        CRS always raises, since there is no table to return.

    Returns
    -------
    GeoDataFrame
        Index ``area_id`` (str); ``name``, ``group`` ("vulnerable" or "rest"), geometry; ``vulnerability`` and
        ``income`` where asked for, NaN where empty.

    Raises
    ------
    InputError
        With every fault found.
    """
    numbers = {"vulnerability": vulnerability_column, "income": income_column}
    needed = [c for c in (id_column, name_column, group_column, *numbers.values()) if c is not None]
    table, label, found = open_layer(
        source, kinds=POLYGONS, needed=needed, crs=crs, layer=layer, where=where, name="areas"
    )
    ids = text(table[id_column] if id_column else table[ROW]).rename(id_column or "row number")
    found += _check.unique(ids, file=label, at=table[ROW].to_list())
    names = text(table[name_column]).fillna(ids) if name_column else ids
    values = None if group_column is None else table[group_column]
    group, about = _groups(values, vulnerable_values, label, len(table), not_null=vulnerable_not_null)
    index = pd.Index(ids.to_numpy(object), name="area_id", dtype=object)
    columns = {"name": names.set_axis(index), "group": objects(group).set_axis(index)}
    for name, column in numbers.items():
        if column is not None:
            number, wrong = amounts(table[column], file=label, at=table[ROW].to_list(), negative=True)
            columns[name] = number.set_axis(index)
            found += wrong
    areas = gpd.GeoDataFrame(columns, geometry=table.geometry.to_numpy(), crs=table.crs, index=index)
    areas = areas[~(ids.duplicated() | ids.isna()).to_numpy()]
    found += about + overlaps(areas, file=label)
    _check.settle(found, faults)
    return areas


def _groups(
    values: pd.Series[Any] | None, vulnerable: Iterable[object] | None, label: str, n: int, *, not_null: bool
) -> tuple[np.ndarray, list[Fault]]:
    about: list[Fault] = []
    if values is None:
        return np.full(n, "rest", dtype=object), about
    told = [(plain(value) or "") for value in values]
    if not_null:
        hit = np.array([value != "" for value in told], dtype=bool)
    elif vulnerable is None:
        hit = np.array([value.lower() not in _REST for value in told], dtype=bool)
    else:
        wanted = list(vulnerable)
        hit = matches(values, wanted)
        there = sorted(set(told) - {""})
        for value in wanted:
            if not matches(values, [value]).any():
                hint = _check.nearest(str(value), there)
                listed = f"the values there are: {', '.join(map(repr, there[: _check.NAMED])) or 'none'}"
                remedy = f"{hint}; {listed}" if hint else listed
                about.append(Fault(label, f"column {values.name}", f"no area has the value {value!r}", remedy))
    return np.where(hit, "vulnerable", "rest").astype(object), about


def overlaps(areas: gpd.GeoDataFrame, *, file: str) -> list[Fault]:
    """Find areas that overlap by more than a sliver, and tell each pair and its common surface.

    Parameters
    ----------
    areas : GeoDataFrame
        Polygons in a metric CRS.
    file : str
        Name of the layer, for messages.

    Returns
    -------
    list of Fault
        Warnings, the largest overlap first; those not named are counted in the last.
    """
    shapes = areas.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    common = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    smaller = np.minimum(shapely.area(shapes[left]), shapely.area(shapes[right]))
    real = np.flatnonzero(common > np.maximum(_OVERLAP_M2, _OVERLAP_SHARE * smaller))
    worst = real[np.argsort(-common[real], kind="stable")]
    remedy = "residents there count in the first of the two by id; draw them apart"
    found = [
        Fault(file, f"areas {areas.index[left[k]]} and {areas.index[right[k]]}",
              f"they overlap by {common[k]:,.0f} m²", remedy, "warning")
        for k in worst[: _check.NAMED]
    ]  # fmt: skip
    if len(worst) > _check.NAMED:
        found.append(Fault(file, "", f"{len(worst) - _check.NAMED} more pairs of areas overlap", remedy, "warning"))
    return found


def read_population(
    source: Source,
    *,
    residents_column: str = "residents",
    blank_is_nobody: bool = False,
    crs: Any = None,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    where: str | Where | None = None,
    faults: list[Fault] | None = None,
) -> gpd.GeoDataFrame:
    """Read population points, grid cells or blocks.

    Parameters
    ----------
    source : path or GeoDataFrame
        Points or polygons.
    residents_column : str
        Column of persons.
    blank_is_nobody : bool, optional
        Whether rows without a number or a shape are left out with a warning, as in registers that hide small
        numbers; otherwise they are errors.
    crs : optional
        Metric CRS to project to; the local UTM zone by default.
    layer : str, optional
        Layer of the file; needed where there are several.
    where : str or Where, optional
        Which rows to read: a condition, or for files an attribute filter in SQL.
    faults : list of Fault, optional
        A collector, as in `read_areas`.

    Returns
    -------
    GeoDataFrame
        Index int; ``residents`` (float), geometry Point or (Multi)Polygon as drawn. Rows of 0 persons are left out.

    Raises
    ------
    InputError
        If a number of persons is missing, not finite or negative.
    """
    severity: Severity = "warning" if blank_is_nobody else "error"
    table, label, found = open_layer(
        source, kinds=("Point", *POLYGONS), needed=[residents_column], crs=crs, layer=layer, where=where,
        name="population", absent=severity,
    )  # fmt: skip
    number, wrong = amounts(table[residents_column], file=label, at=table[ROW].to_list())
    found += wrong
    blank = table[residents_column].isna()
    if blank.any():
        rule = f"{residents_column} is empty in {blank.sum()} of {len(table)} rows"
        rule += "; they count as nobody" if blank_is_nobody else ""
        remedy = "give a number, 0 where nobody lives"
        found.append(Fault(label, _check.rows(table[ROW][blank]), rule, remedy, severity))
    if not (number > 0).any():
        found.append(Fault(label, f"column {residents_column}", "nobody lives there", "name the column of persons"))
    _check.settle(found, faults)
    good = (number > 0).to_numpy()
    return gpd.GeoDataFrame(
        {"residents": number[good].to_numpy()}, geometry=table.geometry[good].to_numpy(), crs=table.crs
    )
