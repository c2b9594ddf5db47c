"""Scenarios from files: drawn lines with a kind, or JSON in Conveyal's shape."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd
import shapely

from bykobling import _check
from bykobling._check import ROW
from bykobling.errors import Fault, ReadError
from bykobling.layers.columns import amounts, text
from bykobling.layers.source import LINES, open_layer
from bykobling.scenario._json import LARGEST_BYTES, parsed
from bykobling.scenario.conveyal import scenario_from_json
from bykobling.scenario.model import Scenario
from bykobling.scenario.modifications import (
    CROSSING_KINDS,
    LINK_KINDS,
    MODES,
    AddCrossing,
    AddLink,
    AddRoad,
    ChangeSpeed,
    ChangeTraffic,
    RemoveLink,
)

if TYPE_CHECKING:
    import os

    import geopandas as gpd

    from bykobling._types import Mode
    from bykobling.scenario.modifications import CrossingKind, StreetChange, TrafficChange

    _Drawn: TypeAlias = StreetChange | TrafficChange

_FOUND_CROSSING = "crossing"
DRAWN_KINDS = (*LINK_KINDS, *CROSSING_KINDS, _FOUND_CROSSING, "remove", "speed", "traffic", "road")
"""What a drawn line may be."""

_BOTH = {"": MODES, "both": MODES, "all": MODES}
_LINK_NUMBERS = ("width_m", "delay_s", "gradient_pct", "max_snap_m")
_NUMBERS = (*_LINK_NUMBERS, "speed_kmh", "aadt", "heavy_share")
_GEOJSON = frozenset({"FeatureCollection", "Feature", "GeometryCollection", "LineString", "MultiLineString"})


def read_scenarios(
    path: str | os.PathLike[str],
    *,
    crs: Any,  # noqa: ANN401 - anything pyproj takes
    layer: str | None = None,
    faults: list[Fault] | None = None,
) -> tuple[Scenario, ...]:
    """Read proposals from a file.

    Parameters
    ----------
    path : path
        JSON in Conveyal's shape (`bykobling.scenario.conveyal`): one scenario. Or any vector file GDAL reads, such as
        GeoJSON or GeoPackage: lines (for crossings points, too) with a column ``kind``: ``path``, ``bridge``,
        ``underpass``, ``stairs``, ``ramp``, ``signal``, ``zebra``, ``refuge``, ``crossing`` (a signal, as a search for
        connections calls it), ``remove``, ``speed``, ``traffic`` or ``road``. Optional: ``proposal`` (rows of one value
        are one scenario, in the order of the file), ``name``, ``mode`` (``walk``, ``bike``, or both where empty),
        ``width_m``, ``delay_s``, ``gradient_pct``, ``max_snap_m`` and, for ``speed``, ``speed_kmh``. Of motor traffic
        (``traffic``: other traffic on the streets along the line; ``road``: a new road, which is heard; who walks along
        it is a ``path``): ``aadt``, ``speed_kmh``, ``heavy_share``.
    crs : optional
        CRS of the network, in metres.
    layer : str, optional
        Layer of the file; needed where there are several.
    faults : list of Fault, optional
        A collector of errors and warnings; with it rows with errors are left out and nothing is raised for them.

    Returns
    -------
    tuple of Scenario
        In the order of the file; drawn rows without a proposal are one, named like the file.

    Raises
    ------
    ReadError
        If the file cannot be read.
    InputError
        With every fault found, by row.
    """
    file = Path(path)
    document = _document(file)
    if document is not None:
        scenario = scenario_from_json(document, crs=crs, file=file.name, faults=faults)
        return (scenario if scenario.name else Scenario(scenario.modifications, file.stem, scenario.crs),)
    table, label, found = open_layer(path, kinds=(*LINES, "Point"), needed=("kind",), crs=crs, layer=layer)
    made = _rows(table, label, found)
    _check.settle(found, faults)
    groups: dict[str, list[_Drawn]] = {}
    for proposal, change in made:
        groups.setdefault(proposal or file.stem, []).append(change)
    return tuple(Scenario(tuple(changes), name, table.crs) for name, changes in groups.items())


def _document(file: Path) -> str | None:
    """Read the text of a JSON file that is no GeoJSON, None of any other file."""
    if file.suffix.lower() != ".json" or not file.is_file():
        return None
    if file.stat().st_size > LARGEST_BYTES:
        told = f"{file.name}: it is {file.stat().st_size:,} bytes, more than {LARGEST_BYTES:,}."
        raise ReadError(f"{told} Remedy: split it into several files.")
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(f"{file.name}: it is not text in UTF-8 ({error}). Remedy: export it again.") from error
    document = parsed(content, file=file.name)
    drawn = isinstance(document, dict) and document.get("type") in _GEOJSON
    return None if drawn else content


def _rows(table: gpd.GeoDataFrame, label: str, found: list[Fault]) -> list[tuple[str, _Drawn]]:
    """Turn rows into modifications; rows with faults are left out."""
    at = table[ROW].to_list()
    words = {name: _words(table, name) for name in ("kind", "proposal", "name", "mode")}
    numbers: dict[str, list[float]] = {}
    for name in _NUMBERS:
        given = table[name] if name in table.columns else pd.Series([None] * len(table), dtype=object, name=name)
        values, wrong = amounts(given, file=label, at=at, negative=name == "gradient_pct")
        numbers[name] = values.to_list()
        found += wrong
    made = []
    for place, (row, shape) in enumerate(zip(at, table.geometry, strict=True)):
        before = len(found)
        told = {name: values[place] for name, values in words.items()}
        amount = {name: v[place] for name, v in numbers.items() if not pd.isna(v[place])}
        change = _one(_Row(label, row, found), shape, told, amount)
        if change is not None and len(found) == before:
            made.append((told["proposal"], change))
    return made


def _words(table: gpd.GeoDataFrame, name: str) -> list[str]:
    """Read an optional column of text; what is missing is empty."""
    if name not in table.columns:
        return [""] * len(table)
    return [(value or "").strip() for value in text(table[name])]


class _Row:
    """A row that faults are told of."""

    def __init__(self, label: str, number: int, found: list[Fault]) -> None:
        self.label, self.number, self.found = label, number, found

    def fault(self, rule: str, remedy: str) -> None:
        self.found.append(Fault(self.label, _check.rows([self.number]), rule, remedy))


def _one(row: _Row, drawn: shapely.Geometry, told: dict[str, str], amount: dict[str, float]) -> _Drawn | None:
    """Turn one row into a modification."""
    kind, modes = _kind(row, told["kind"]), _modes(row, told["mode"])
    shape = _line(row, drawn)
    if kind is None or modes is None or shape is None:
        return None
    if kind in (*CROSSING_KINDS, _FOUND_CROSSING):
        built: CrossingKind = "signal" if kind == _FOUND_CROSSING else kind
        return AddCrossing(shape, kind=built, delay_s=amount.get("delay_s"), name=told["name"])
    if isinstance(shape, shapely.Point):
        row.fault(f"a {kind} is drawn as a point", "draw a line from one street to another")
        return None
    return _along(row, shape, kind, modes, name=told["name"], amount=amount)


def _along(
    row: _Row,
    line: shapely.LineString,
    kind: Any,  # noqa: ANN401 - one of several Literals
    modes: tuple[Mode, ...],
    *,
    name: str,
    amount: dict[str, float],
) -> _Drawn | None:
    """Turn a row drawn as a line into a modification."""
    if kind == "remove":
        return RemoveLink(line, name=name)
    if kind == "speed":
        if "speed_kmh" in amount:
            return ChangeSpeed(line, amount["speed_kmh"], modes=modes, name=name)
        row.fault("speed_kmh is empty", "give the new speed")
        return None
    if kind in {"traffic", "road"}:
        return _driven(row, line, kind, name=name, amount=amount)
    options: dict[str, Any] = {each: amount[each] for each in _LINK_NUMBERS if each in amount}
    return AddLink(line, kind=kind, modes=modes, name=name, **options)


def _driven(
    row: _Row, line: shapely.LineString, kind: str, *, name: str, amount: dict[str, float]
) -> ChangeTraffic | AddRoad | None:
    """Turn a row about motor traffic into a modification."""
    more = {each: amount[each] for each in ("speed_kmh", "heavy_share") if each in amount}
    if kind == "traffic":
        return ChangeTraffic(line, amount.get("aadt"), name=name, **more)
    if "aadt" in amount:
        return AddRoad(line, amount["aadt"], name=name, **more)
    row.fault("aadt is empty", "give the motor vehicles a day, which are what is heard of a new road")
    return None


def _kind(row: _Row, told: str) -> Any:  # noqa: ANN401 - one of several Literals
    """Read the kind of a row."""
    if told.lower() in DRAWN_KINDS:
        return told.lower()
    hint = _check.nearest(told, DRAWN_KINDS) if told else ""
    listed = f"choose one of: {', '.join(DRAWN_KINDS)}"
    row.fault(f"kind is {told!r}" if told else "kind is empty", f"{hint}; {listed}" if hint else listed)
    return None


def _modes(row: _Row, told: str) -> tuple[Mode, ...] | None:
    """Read who may use a row."""
    word = told.lower()
    if word in _BOTH:
        return _BOTH[word]
    parts = [part.strip() for part in word.replace(";", ",").replace("+", ",").split(",")]
    if all(part in MODES for part in parts):
        return tuple(mode for mode in MODES if mode in parts)
    row.fault(f"mode is {told!r}", "choose walk, bike, or leave it empty for both")
    return None


def _line(row: _Row, shape: shapely.Geometry) -> shapely.Point | shapely.LineString | None:
    """Make one line of the parts of a row."""
    if isinstance(shape, shapely.Point | shapely.LineString):
        return shape
    merged = shapely.line_merge(shape)
    if isinstance(merged, shapely.LineString):
        return merged
    rule = f"its {shapely.get_num_geometries(shape)} parts make no single line"
    row.fault(rule, "draw each as a row of its own")
    return None
