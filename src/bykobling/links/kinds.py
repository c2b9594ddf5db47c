"""What a connection can be, what it costs to build, and how long it may be: a table the user can edit."""

from __future__ import annotations

import csv
import math
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from bykobling import _check
from bykobling.errors import Fault, ReadError
from bykobling.network.climbs import CLIMB_S
from bykobling.network.delays import CrossingDelays

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

NUMBERS = ("dkk_fixed", "dkk_per_m", "extra_s", "max_length_m")
_MAX_BYTES = 1_000_000


@dataclass(frozen=True)
class LinkKind:
    """One kind of connection.

    Parameters
    ----------
    kind : str
        ``"bridge"``, ``"underpass"``, ``"crossing"``, ``"path"``, ``"stairs"`` or ``"ramp"``.
    dkk_fixed : float
        Cost of having one at all: ramps, abutments, signals, planning.
    dkk_per_m : float
        Cost of each metre from street to street.
    extra_s : float
        Seconds beyond walking or riding its length: climbing (`bykobling.network.climbs`), waiting.
    max_length_m : float
        Longest that would be built.
    assumed : bool
        True for the values that come with bykobling, False for the user's own.
    """

    kind: str
    dkk_fixed: float
    dkk_per_m: float
    extra_s: float
    max_length_m: float
    assumed: bool = True


LINK_KINDS: dict[str, LinkKind] = {
    each.kind: each
    for each in (
        # Order of magnitude of Danish foot and cycle bridges of the 2010s as told in the press, 4 m wide: 50 to 300 m
        # for 15 to 60 million DKK.
        LinkKind("bridge", 5_000_000, 120_000, CLIMB_S["bridge"], 300.0),
        # Dearer by the metre: tracks are lifted out by night and weekend.
        LinkKind("underpass", 8_000_000, 200_000, CLIMB_S["underpass"], 300.0),
        # A signal with its island, kerbs and cables; nothing for each metre. Mean wait of the crossings table.
        LinkKind("crossing", 1_500_000, 0, CrossingDelays().signal, 150.0),
        # Asphalt 3 m wide with lamps and a base.
        LinkKind("path", 0, 6_000, CLIMB_S["path"], 150.0),
        # Concrete stairs with rails.
        LinkKind("stairs", 1_000_000, 20_000, CLIMB_S["stairs"], 60.0),
        # A ramp of 5 % on fill, between retaining walls.
        LinkKind("ramp", 1_000_000, 30_000, CLIMB_S["ramp"], 150.0),
    )
}
"""Kinds by name. Every value is assumed: orders of magnitude in DKK (2020s) without land, to be replaced by the user's.

Nobody should read a budget out of them; they say that a bridge costs more than a path, and about how many times more.
"""


def cost_dkk(kind: ArrayLike, length_m: ArrayLike, kinds: Mapping[str, LinkKind] = LINK_KINDS) -> NDArray[np.float64]:
    """Estimate what connections cost to build: ``dkk_fixed + dkk_per_m * length_m``.

    Parameters
    ----------
    kind : str or array of str
        Kind of each.
    length_m : float or array of float
        Metres from street to street.
    kinds : mapping, optional
        Table of kinds.

    Returns
    -------
    array of float64
        DKK.

    Examples
    --------
    >>> cost_dkk(["path", "bridge"], [100, 100]).tolist()
    [600000.0, 17000000.0]
    """
    names, metres = np.broadcast_arrays(np.atleast_1d(np.asarray(kind, object)), np.asarray(length_m, float))
    cost: NDArray[np.float64] = by_kind(names, "dkk_fixed", kinds) + by_kind(names, "dkk_per_m", kinds) * metres
    return cost


def by_kind(kind: NDArray[Any], value: str, kinds: Mapping[str, LinkKind]) -> NDArray[np.float64]:
    """Look up one number of the table for each connection.

    Parameters
    ----------
    kind : array of str
        Kind of each.
    value : str
        Name of a field of `LinkKind`.
    kinds : mapping
        Table of kinds.

    Returns
    -------
    array of float64
        Aligned with `kind`.
    """
    return np.array([getattr(kinds[str(name)], value) for name in kind], np.float64)


def with_delays(kinds: Mapping[str, LinkKind], delays: CrossingDelays) -> dict[str, LinkKind]:
    """Let a new crossing cost what a study says a signal costs; the user's own rows stay.

    Parameters
    ----------
    kinds : mapping
        Table of kinds.
    delays : CrossingDelays
        Of the study.

    Returns
    -------
    dict of str to LinkKind

    Examples
    --------
    >>> with_delays(LINK_KINDS, CrossingDelays(signal=40.0))["crossing"].extra_s
    40.0
    """
    one = kinds.get("crossing")
    own = {"crossing": replace(one, extra_s=delays.signal)} if one is not None and one.assumed else {}
    return {**kinds, **own}


def link_kind_table(kinds: Mapping[str, LinkKind] = LINK_KINDS) -> pd.DataFrame:
    """Put kinds into a table, for a file to edit and for reports.

    Parameters
    ----------
    kinds : mapping, optional
        Table of kinds.

    Returns
    -------
    DataFrame
        Index ``kind``; ``dkk_fixed``, ``dkk_per_m``, ``extra_s``, ``max_length_m``, ``assumed``.

    Examples
    --------
    >>> link_kind_table().loc["path", "dkk_per_m"]
    np.float64(6000.0)
    """
    table = pd.DataFrame([vars(each) for each in kinds.values()], columns=[each.name for each in fields(LinkKind)])
    table = table.astype({**dict.fromkeys(NUMBERS, float), "assumed": bool})
    return table.set_index("kind")


def read_link_kinds(path: str | os.PathLike[str]) -> dict[str, LinkKind]:
    """Read the user's own costs and lengths; a kind the file does not name keeps its assumed values.

    Parameters
    ----------
    path : path
        A ``.csv`` with columns ``kind``, ``dkk_fixed``, ``dkk_per_m``, ``extra_s``, ``max_length_m`` and, optionally,
        ``assumed`` (true or false; false where there is no such column), or a ``.toml`` with a table a kind::

            [bridge]
            dkk_fixed = 6_000_000
            dkk_per_m = 150_000
            extra_s = 15
            max_length_m = 250

    Returns
    -------
    dict of str to LinkKind
        Every kind.

    Raises
    ------
    ReadError
        A file that is missing, too large, or neither.
    InputError
        With every fault: unknown or repeated kinds, missing columns, values that are no number or negative.
    """
    file = Path(path)
    if file.suffix.lower() not in {".csv", ".toml"}:
        rule = f"{file.name}: link kinds are read from a .csv or .toml file. Remedy: save it as one."
        raise ReadError(rule)
    try:
        with file.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
        if len(raw) > _MAX_BYTES or "\0" in text:
            raise ReadError(f"{file.name}: this is no table of link kinds. Remedy: name the right file.")
        table, at = _csv_rows(text) if file.suffix.lower() == ".csv" else _toml_rows(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error) as e:
        if isinstance(e, ReadError):
            raise
        why = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        raise ReadError(f"{file.name}: it cannot be read ({why}). Remedy: check the path, save it as UTF-8.") from e
    _check.raise_errors(_faults(table, at, file.name))
    read = {}
    for row in table.to_dict("records"):
        numbers = {name: float(row[name]) for name in NUMBERS}
        read[str(row["kind"])] = LinkKind(str(row["kind"]), assumed=_flag(row.get("assumed", "")) is True, **numbers)
    return {**LINK_KINDS, **read}


def _csv_rows(text: str) -> tuple[pd.DataFrame, list[str]]:
    lines = text.splitlines()
    comma = "," if not lines or lines[0].count(",") >= lines[0].count(";") else ";"
    rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=comma, strict=True) if row]
    if not rows:
        raise csv.Error("it is empty")
    if len(set(rows[0])) < len(rows[0]):
        raise csv.Error("two columns have one name")
    for number, row in enumerate(rows[1:], 1):
        if len(row) != len(rows[0]):
            rule = f"row {number} has {len(row)} cells, the head has {len(rows[0])}"
            raise csv.Error(rule)
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=object), [f"row {n}" for n in range(1, len(rows))]


def _toml_rows(text: str) -> tuple[pd.DataFrame, list[str]]:
    content = tomllib.loads(text)
    rows = [{"kind": kind, **(values if isinstance(values, dict) else {})} for kind, values in content.items()]
    present = dict.fromkeys(name for row in rows for name in row)
    columns = list(dict.fromkeys(["kind", *NUMBERS, *present]))
    # a key left out of one table is an empty cell there
    table = pd.DataFrame([{name: row.get(name, "") for name in columns} for row in rows], columns=columns, dtype=object)
    return table, [f"[{row['kind']}]" for row in rows]


def _faults(table: pd.DataFrame, at: list[str], file: str) -> list[Fault]:
    found = _check.columns(table, ["kind", *NUMBERS], file=file)
    known = {each.name for each in fields(LinkKind)}
    found += [
        Fault(file, f"column {name}", "there is no such column in a table of link kinds", "delete it")
        for name in map(str, table.columns)
        if name not in known
    ]
    seen: set[str] = set()
    for where, row in zip(at, table.to_dict("records"), strict=True):
        kind = str(row.get("kind", ""))
        if "kind" in row and kind not in LINK_KINDS:
            known_kinds = f"use one of {', '.join(LINK_KINDS)}"
            found.append(
                Fault(file, where, f"{kind!r} is no kind of link", _check.nearest(kind, LINK_KINDS) or known_kinds)
            )
        elif kind in seen:
            found.append(Fault(file, where, f"{kind!r} is there twice", "keep one of the rows"))
        seen.add(kind)
        found += [_number_fault(row[name], name, where, file) for name in NUMBERS if name in row]
        if _flag(row.get("assumed", "")) is None:
            rule = f"assumed is {row['assumed']!r}, which is neither true nor false"
            found.append(Fault(file, where, rule, "write true or false"))
    return [fault for fault in found if fault.rule]


def _number_fault(value: object, name: str, where: str, file: str) -> Fault:
    """Tell what is wrong with a number; a fault without a rule is none."""
    try:
        number = math.nan if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return Fault(file, where, f"{name} is {value!r}, which is no finite number", "write a number, with a point")
    if number < 0:
        return Fault(file, where, f"{name} is {number:g}, which is negative", "write 0 or more")
    if name == "max_length_m" and number == 0:
        return Fault(file, where, "max_length_m is 0, so none would ever be built", "write metres above 0")
    return Fault(file, where, "", "")


def _flag(value: object) -> bool | None:
    """Read true or false; empty is false, anything else None."""
    return {"": False, "false": False, "0": False, "no": False, "true": True, "1": True, "yes": True}.get(
        str(value).strip().lower()
    )
