"""The only validators: each collects every fault it finds; the caller raises once."""

# ruff: noqa: PLC0415 - pandas and pyproj are slow to import, and every room imports this one

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from bykobling.errors import CrsError, Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import geopandas as gpd
    import pandas as pd
    import pyproj

    from bykobling.errors import Severity

ROW = "__row__"
"""Column in which readers keep the place of a row in the file, from 1; no user's column is called so."""

NAMED = 10
"""So many rows are named in a fault, the rest is counted."""


def raise_errors(faults: Iterable[Fault]) -> None:
    """Raise one `InputError` with every fault of severity error, if there is any.

    Raises
    ------
    InputError
        Carrying all errors found.
    """
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        raise InputError(errors)


def settle(found: Sequence[Fault], faults: list[Fault] | None) -> None:
    """Hand faults to a collector, or raise the errors among them where there is none.

    Parameters
    ----------
    found : sequence of Fault
        What a reader found.
    faults : list of Fault or None
        The collector a caller gave; it takes errors and warnings alike, and nothing is raised.

    Raises
    ------
    InputError
        Without a collector, if `found` holds an error.
    """
    if faults is None:
        raise_errors(found)
    else:
        faults.extend(found)


def nearest(word: str, choices: Iterable[str]) -> str:
    """Return a hint naming the closest choice, or an empty string.

    Parameters
    ----------
    word : str
        What was written.
    choices : iterable of str
        What is known.

    Returns
    -------
    str
        E.g. ``"perhaps you mean 'file'"``.

    Examples
    --------
    >>> nearest("flie", ["file", "layer"])
    "perhaps you mean 'file'"
    """
    by_lower = {choice.lower(): choice for choice in choices}
    close = difflib.get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    return f"perhaps you mean {by_lower[close[0]]!r}" if close else ""


def rows(numbers: Iterable[Any]) -> str:
    """Name the first rows and count the rest.

    Examples
    --------
    >>> rows([3])
    'row 3'
    >>> rows(range(1, 14))
    'rows 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 3 more'
    """
    every = [str(number) for number in numbers]
    head = ", ".join(every[:NAMED])
    more = f" and {len(every) - NAMED} more" if len(every) > NAMED else ""
    return f"{'row' if len(every) == 1 else 'rows'} {head}{more}"


def metric_crs(crs: Any, *, file: str) -> pyproj.CRS:  # noqa: ANN401 - anything pyproj takes
    """Return the CRS if it is projected and in metres.

    Parameters
    ----------
    crs : anything pyproj takes
        An EPSG code, WKT, a `pyproj.CRS`.
    file : str
        What the CRS belongs to, for the message.

    Raises
    ------
    CrsError
        If there is none, it is unknown, in degrees, or in another unit than metres.

    Examples
    --------
    >>> metric_crs(25832, file="areas").to_epsg()
    25832
    """
    import pyproj
    from pyproj.exceptions import CRSError as UnknownCrs

    remedy = "use a projected CRS in metres such as the local UTM zone, e.g. to_crs(gdf.estimate_utm_crs())"
    if crs is None:
        raise CrsError(Fault(file, "", "it has no CRS", f"set the CRS it was drawn in, then {remedy}"))
    try:
        known = pyproj.CRS.from_user_input(crs)
    except UnknownCrs as error:
        raise CrsError(Fault(file, "", f"the CRS {crs!r} is unknown ({error})", remedy)) from error
    if not known.is_projected:
        raise CrsError(Fault(file, "", f"the CRS {known.name} ({_code(known)}) is not projected", remedy))
    units = {axis.unit_name for axis in known.axis_info[:2]}
    if not units <= {"metre", "meter", "m"}:
        raise CrsError(
            Fault(file, "", f"the CRS {known.name} ({_code(known)}) is in {', '.join(sorted(units))}", remedy)
        )
    return known


def _code(crs: pyproj.CRS) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else "no code"


def same_crs(tables: dict[str, gpd.GeoDataFrame]) -> pyproj.CRS:
    """Return the one metric CRS that all tables share.

    Raises
    ------
    CrsError
        If a table has none, is not metric, or differs from the first.
    """
    found = {name: metric_crs(table.crs, file=name) for name, table in tables.items()}
    first, crs = next(iter(found.items()))
    odd = [
        Fault(name, "", f"its CRS is {other.name}, that of {first} is {crs.name}", f"{name}.to_crs({first}.crs)")
        for name, other in found.items()
        if other != crs
    ]
    if odd:
        raise CrsError(odd)
    return crs


def columns(table: pd.DataFrame, needed: Iterable[str], *, file: str) -> list[Fault]:
    """Find missing columns, with the closest one there is and all of them."""
    there = [str(name) for name in table.columns if name not in {"geometry", ROW}]
    listed = ", ".join(there[: 2 * NAMED]) + (" ..." if len(there) > 2 * NAMED else "")
    return [
        Fault(
            file,
            f"column {name}",
            "there is no such column",
            f"{hint}; there are: {listed}"
            if (hint := nearest(name, there))
            else f"name one of those there are: {listed}",
        )
        for name in needed
        if name not in table.columns
    ]


def unique(values: pd.Series[Any], *, file: str, at: Sequence[int] | None = None) -> list[Fault]:
    """Find missing and repeated ids, told by their row numbers: `at`, else counted from 1."""
    found = []
    missing = _places(values.isna(), at)
    if missing:
        found.append(Fault(file, rows(missing), f"{values.name} is empty", "give every row an id"))
    double = values[values.duplicated(keep=False) & values.notna()]
    if len(double):
        which = list(dict.fromkeys(map(str, double)))
        named = ", ".join(which[:NAMED]) + (f" and {len(which) - NAMED} more" if len(which) > NAMED else "")
        where = rows(_places(values.duplicated(keep=False) & values.notna(), at))
        found.append(
            Fault(file, where, f"{values.name} is not unique: {named}", "give every row its own id, or merge the rows")
        )
    return found


def weights(
    values: pd.Series[Any], *, file: str, at: Sequence[int] | None = None, positive: bool = False
) -> list[Fault]:
    """Find weights that are no number, not finite, or negative (or zero, where they must be positive).

    Rows are told by `at`, else counted from 1.
    """
    import numpy as np
    import pandas as pd

    numbers = pd.to_numeric(values, errors="coerce").to_numpy("float64", na_value=np.nan)
    found = []
    bad = _places(~np.isfinite(numbers), at)
    if bad:
        found.append(Fault(file, rows(bad), f"{values.name} is not a finite number", "give a number or delete the row"))
    low = _places(numbers <= 0 if positive else numbers < 0, at)
    if low:
        rule = "must be above 0" if positive else "must not be negative"
        found.append(Fault(file, rows(low), f"{values.name} {rule}", "correct the values"))
    return found


def geometries(
    table: gpd.GeoDataFrame,
    kinds: Iterable[str],
    *,
    file: str,
    at: Sequence[int] | None = None,
    absent: Severity = "error",
) -> list[Fault]:
    """Find null, empty and invalid geometries and those of the wrong kind, told by `at`, else rows from 1.

    An invalid polygon is a warning: readers repair it. A row without geometry is what `absent` says.
    """
    import numpy as np
    import shapely

    shapes = table.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    found = []
    blank = _places(missing | shapely.is_empty(shapes), at)
    if blank:
        rule = "the geometry is null or empty" + ("; the row is left out" if absent == "warning" else "")
        found.append(Fault(file, rows(blank), rule, "draw it or delete the row", absent))
    types = np.asarray(table.geometry.geom_type, dtype=object)
    allowed = sorted(set(kinds))
    wrong = ~missing & ~np.isin(types, allowed)
    if wrong.any():
        seen = ", ".join(sorted(set(types[wrong])))
        rule = f"{seen} where {' or '.join(allowed)} is needed"
        found.append(Fault(file, rows(_places(wrong, at)), rule, "use a layer of that kind"))
    invalid = _places(~missing & ~shapely.is_valid(shapes), at)
    if invalid:
        rule = "the geometry is invalid (it crosses itself); it was repaired"
        remedy = "look at the shape, or run a fix-geometries tool on the layer"
        found.append(Fault(file, rows(invalid), rule, remedy, "warning"))
    return found


def _places(mask: Any, at: Sequence[int] | None = None) -> list[int]:  # noqa: ANN401 - a boolean Series or array
    import numpy as np

    places = np.flatnonzero(np.asarray(mask, dtype=bool)).tolist()
    return [place + 1 if at is None else at[place] for place in places]
