"""Open a vector layer the user names, and note everything wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from bykobling.errors import Fault
from bykobling.study._section import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray
    from pyproj import CRS

    from bykobling.study.model import Where

_SHOWN = 5
_REFUSED = (".vrt",)
"""A virtual layer may point anywhere, the internet included."""


class Layer:
    """One open layer with the faults found in it.

    Parameters
    ----------
    path : Path
        The file.
    layer : str or None
        Layer in it; None where it has one.
    crs : CRS or None
        Project to this; None finds the local UTM zone.
    faults : list of Fault
        Where faults are put.
    """

    def __init__(self, path: Path, layer: str | None, *, crs: CRS | None, faults: list[Fault]) -> None:
        self.file = path.name
        self.faults = faults
        self.table: gpd.GeoDataFrame = gpd.GeoDataFrame({"geometry": []}, geometry="geometry")
        self.is_open = False
        table = self._open(path, layer)
        if table is not None:
            projected = self._projected(table, crs)
            if projected is not None:
                self.table, self.is_open = projected, True

    def fault(self, where: str, rule: str, remedy: str, *, warning: bool = False) -> None:
        """Note a fault.

        Parameters
        ----------
        where, rule, remedy : str
            As in `Fault`.
        warning : bool, optional
            Whether the run goes on.
        """
        self.faults.append(Fault(self.file, where, rule, remedy, "warning" if warning else "error"))

    def column(self, name: str | None) -> pd.Series | None:
        """Return a column, None where none is named or it is missing (a fault).

        Parameters
        ----------
        name : str or None
            Its name.

        Returns
        -------
        Series or None
            As read.
        """
        if name is None or not self.is_open:
            return None
        if name not in self.table.columns or name == self.table.geometry.name:
            columns = [str(c) for c in self.table.columns if c != self.table.geometry.name]
            hint = nearest(name, columns) or f"columns here: {', '.join(columns[:20]) or 'none'}"
            self.fault(f"column {name!r}", "there is no such column", hint)
            return None
        column: pd.Series = self.table[name]
        return column

    def numbers(self, name: str | None, *, low: float = 0.0) -> pd.Series | None:
        """Return a column of numbers, NaN where empty; text and values below `low` are faults.

        Parameters
        ----------
        name : str or None
            Its name.
        low : float, optional
            Smallest value allowed.

        Returns
        -------
        Series of float or None
            None where none is named or it is missing.
        """
        column = self.column(name)
        if column is None:
            return None
        values = pd.to_numeric(column, errors="coerce").astype(float)
        self._rows(
            values.isna() & column.notna(), f"{name} is not a number", "correct the values or choose another column"
        )
        self._rows(
            (values < low) | np.isinf(values), f"{name} is not a number of {low:g} or more", "correct the values"
        )
        return values

    def keep_geometry(self, dimensions: tuple[int, ...], words: str, *, null_is_error: bool = False) -> None:
        """Repair invalid shapes, leave out empty ones and those of another kind; each is told.

        Parameters
        ----------
        dimensions : tuple of int
            0 points, 1 lines, 2 polygons.
        words : str
            What they are, for messages.
        null_is_error : bool, optional
            Whether an empty shape stops the run.
        """
        if not self.is_open:
            return
        shapes = self.table.geometry.to_numpy()
        empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
        remedy = "draw it or delete the row"
        self._rows(empty, "the geometry is empty", remedy, warning=not null_is_error)
        broken = ~empty & ~shapely.is_valid(shapes)
        if broken.any():
            shapes = shapes.copy()
            shapes[broken] = [_repaired(shape, max(dimensions)) for shape in shapes[broken]]
            told = "the geometry is invalid and was repaired for this run"
            self._rows(broken, told, "repair it in the file (QGIS: Fix geometries)", warning=True)
        other = ~empty & ~np.isin(shapely.get_dimensions(shapes), dimensions)
        self._rows(other, f"the geometry is not {words}", "choose a layer of the right kind")
        table = self.table.set_geometry(gpd.GeoSeries(shapes, index=self.table.index, crs=self.table.crs))
        self.table = table[~(empty | other)]
        if not len(self.table):
            self.fault("", f"no {words} are left in it", "choose another file or layer")

    def select(self, where: Where | None) -> None:
        """Keep the rows that meet a condition.

        Parameters
        ----------
        where : Where or None
            The condition.
        """
        column = self.column(where.column) if where is not None else None
        if where is None or column is None:
            return
        keep = np.ones(len(column), bool)
        if where.minimum is not None or where.maximum is not None:
            values = pd.to_numeric(column, errors="coerce").to_numpy(float)
            keep &= values >= (-np.inf if where.minimum is None else where.minimum)
            keep &= values <= (np.inf if where.maximum is None else where.maximum)
        if where.equals:
            keep &= matches(column, where.equals)
        self.table = self.table[keep]
        if not keep.any():
            self.fault(f"column {where.column!r}", "no row meets the condition", "check `where`", warning=True)

    def _open(self, path: Path, layer: str | None) -> gpd.GeoDataFrame | None:
        if not path.is_file() or path.suffix.lower() in _REFUSED:
            self.fault("", "it is not a vector file that can be used", "use GeoPackage, GeoJSON or a shapefile")
            return None
        try:
            known = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            if layer is not None and layer not in known:
                hint = nearest(layer, known) or f"layers here: {', '.join(known) or 'none with geometry'}"
                self.fault(f"layer {layer!r}", "there is no such layer", hint)
                return None
            if layer is None and len(known) != 1:
                rule = f"it has {len(known)} layers with geometry" if known else "it has no geometry"
                self.fault("", rule, f'name one: layer = "..." ({", ".join(known) or "use another file"})')
                return None
            table = gpd.read_file(path, layer=layer or known[0], engine="pyogrio")
        except (OSError, RuntimeError, ValueError) as error:
            self.fault("", f"it cannot be read ({error})", "open it in QGIS and save it as GeoPackage")
            return None
        if not len(table):
            self.fault("", "it has no rows", "choose another file or layer")
            return None
        table.index = pd.RangeIndex(1, len(table) + 1)
        return table.set_geometry(shapely.force_2d(table.geometry.to_numpy()), crs=table.crs)

    def _projected(self, table: gpd.GeoDataFrame, crs: CRS | None) -> gpd.GeoDataFrame | None:
        if table.crs is None:
            self.fault("", "it has no coordinate reference system", "set one in QGIS and save it again")
            return None
        bounds = table.total_bounds
        if not np.isfinite(bounds).all():
            self.fault("", "every geometry in it is empty", "choose another file or layer")
            return None
        if table.crs.is_geographic and (np.abs(bounds) > 360).any():
            self.fault("", f"it says {table.crs.name} but holds metres", "set its true coordinate reference system")
            return None
        try:
            return table.to_crs(crs if crs is not None else table.estimate_utm_crs())
        except (ValueError, RuntimeError) as error:
            self.fault("", f"it cannot be projected ({error})", "check its coordinate reference system")
            return None

    def _rows(self, wrong: Any, rule: str, remedy: str, *, warning: bool = False) -> None:  # noqa: ANN401 - mask
        """Note the first rows where `wrong` holds, and how many more."""
        rows = np.flatnonzero(np.asarray(wrong, bool))
        for row in self.table.index[rows[:_SHOWN]]:
            self.fault(f"feature {row}", rule, remedy, warning=warning)
        if len(rows) > _SHOWN:
            more = f"{rule} (and so it is in {len(rows) - _SHOWN} more features)"
            self.fault("", more, remedy, warning=warning)


def matches(column: pd.Series, values: Iterable[str | float | bool]) -> NDArray[np.bool_]:
    """Tell which entries equal one of some values; 1, 1.0 and "1" are alike.

    Parameters
    ----------
    column : Series
        Entries.
    values : iterable
        Wanted.

    Returns
    -------
    array of bool
        One an entry; an empty one never matches.

    Examples
    --------
    >>> matches(pd.Series(["1", "2", None]), [1]).tolist()
    [True, False, False]
    """
    wanted = {_plain(value) for value in values}
    return np.array([not pd.isna(entry) and _plain(entry) in wanted for entry in column], bool)


def _plain(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    return str(value).strip()


def _repaired(shape: Any, dimension: int) -> Any:  # noqa: ANN401 - shapely geometries
    """Make a shape valid and keep its parts of the wanted dimension."""
    valid = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(valid) if shapely.get_dimensions(part) == dimension]
    return shapely.union_all(parts) if parts else valid
