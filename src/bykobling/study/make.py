"""Write a commented study file for given inputs: checked before anything is written."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from bykobling._check import nearest
from bykobling.errors import Fault, InputError, OutputError, ReadError, StudyError
from bykobling.study.config import SECTIONS, read_study
from bykobling.study.inputs import own_areas, own_barriers, own_destinations
from bykobling.study.made_text import study_text, toml_value
from bykobling.study.unread import unread_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bykobling._types import Progress
    from bykobling.study.model import Study

_PLAIN: dict[str, tuple[str, str]] = {
    "title": ("", "title"),
    "language": ("", "language"),
    "osm": ("osm", "file"),
    "ferries": ("osm", "ferries"),
    "areas": ("areas", "file"),
    "areas_layer": ("areas", "layer"),
    "areas_from": ("areas", "from"),
    "id_field": ("areas", "id"),
    "name_field": ("areas", "name"),
    "group_field": ("areas", "group"),
    "vulnerable": ("areas", "vulnerable"),
    "vulnerable_not_null": ("areas", "vulnerable_not_null"),
    "only_inside_extract": ("areas", "only_inside_extract"),
    "vulnerability_field": ("areas", "vulnerability"),
    "income_field": ("areas", "income"),
    "population": ("population", "file"),
    "population_layer": ("population", "layer"),
    "population_field": ("population", "residents"),
    "gtfs": ("transit", "gtfs"),
    "transit_from_osm": ("transit", "from_osm"),
    "transit_date": ("transit", "date"),
    "results": ("results", "folder"),
}
"""Inputs that are one key of the study file."""

_LAYERS: dict[str, dict[str, str]] = {
    "barriers": {"name_field": "name", "lanes_field": "lanes", "maxspeed_field": "maxspeed", "aadt_field": "aadt"},
    "destinations": {"weight_field": "weight"},
    "noise": {"field": "column"},
}
"""Inputs that are lists of layers, with keys that are called otherwise in the study file."""

_SECTIONS: dict[str, dict[str, str]] = {
    "traffic": {"aadt_field": "aadt", "name_field": "name"},
    "noise_screening": {},
}
"""Inputs that are whole sections."""

INPUTS: tuple[str, ...] = (*_PLAIN, *_LAYERS, *_SECTIONS, "modes", "settings")
"""What `make_study` takes."""

_TEXTS = frozenset({"title", "language", "osm", "areas", "population", "results"})

Tables: TypeAlias = "dict[str, Any]"


@dataclass(frozen=True)
class Made:
    """A study file that was written.

    Parameters
    ----------
    path : Path
        The file.
    faults : tuple of Fault
        Warnings about the layers it names.
    """

    path: Path
    faults: tuple[Fault, ...]


def make_study(
    folder: str | os.PathLike[str],
    inputs: Mapping[str, Any],
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write ``study.toml`` for given inputs, with the comments of the example that `bykobling init` writes.

    Parameters
    ----------
    folder : path-like
        Made where absent.
    inputs : mapping
        By the names of `INPUTS`: texts, numbers, flags and lists as the study file has them. Paths are absolute or
        relative to the folder. ``barriers``, ``destinations`` and ``noise`` are lists of files, or of tables with
        ``file``, ``layer`` and the keys of the study file; ``modes`` lists ``"walk"`` and ``"bike"``; ``settings``
        holds tables by section for whatever else the file can say.
    overwrite : bool, optional
        Whether a study file that is there is replaced.
    progress : callable, optional
        ``progress(done, total, message)``.

    Returns
    -------
    Made

    Raises
    ------
    StudyError
        With everything wrong with the inputs and the layers they name; nothing is written then.
    OutputError
        Where the file cannot be written.
    """
    target = Path(folder).expanduser().absolute()
    path = target / "study.toml"
    faults: list[Fault] = []
    if path.exists() and not overwrite:
        rule = "it exists and is not overwritten"
        faults.append(Fault(str(path), "", rule, "choose another folder, or say that it may be replaced"))
    tables = _tables(inputs, faults)
    if faults:
        raise StudyError(faults)
    found = _look(study_text(tables, lambda given: _absolute(given, target)), target, progress)
    _write(path, study_text(tables, lambda given: _relative(given, target)))
    return Made(path, tuple(found))


def _tables(inputs: Mapping[str, Any], faults: list[Fault]) -> Tables:
    """Sort the inputs into the sections of a study file."""
    tables: Tables = {"": {}, "osm": {}, "areas": {}}
    for name, value in inputs.items():
        if name not in INPUTS:
            hint = nearest(name, INPUTS) or f"known: {', '.join(INPUTS)}"
            faults.append(Fault("study", name, "there is no such input", hint))
        elif value is not None and value != []:
            _take(tables, name, value, faults)
    settings = inputs.get("settings") or {}
    if isinstance(settings, dict):
        for section, table in settings.items():
            _section(tables, str(section), table, faults)
    else:
        faults.append(Fault("study", "settings", "it is no table", "send tables by section"))
    _complete(tables, faults)
    _check_values(tables, faults)
    return tables


def _take(tables: Tables, name: str, value: Any, faults: list[Fault]) -> None:  # noqa: ANN401 - as given
    """Put one input where it belongs."""
    if name in _PLAIN:
        section, key = _PLAIN[name]
        if name in _TEXTS and not (isinstance(value, str) and value.strip()):
            faults.append(Fault("study", name, f"{value!r:.60} is no text", "send a text"))
        elif name == "gtfs" and not _are_texts(value):
            faults.append(Fault("study", name, f"{value!r:.60} is no list of files", "send a list of paths"))
        else:
            tables.setdefault(section, {})[key] = value
    elif name in _LAYERS:
        tables[name] = _layers(name, value, faults)
    elif name in _SECTIONS:
        if value is not False:
            table = {"file": value} if isinstance(value, str) else ({} if value is True else value)
            _section(tables, name, _called(_SECTIONS[name], table), faults)
    elif name == "modes":
        _modes(tables, value, faults)


def _are_texts(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _complete(tables: Tables, faults: list[Fault]) -> None:
    """Find what is missing, and leave out what says nothing."""
    transit = tables.get("transit", {})
    if transit.get("from_osm") is False:
        del transit["from_osm"]
    if "transit" in tables and not transit:
        del tables["transit"]
    areas = tables["areas"]
    if "file" not in tables["osm"]:
        faults.append(Fault("study", "osm", "it is missing", "name the OSM extract"))
    if not {"file", "from"} & set(areas):
        faults.append(Fault("study", "areas", "it is missing", "name the layer of housing areas"))
    if "population" in tables and "file" not in tables["population"]:
        faults.append(Fault("study", "population", "it is missing", "name the file the column of residents is in"))
    if "group" in areas and not {"vulnerable", "vulnerable_not_null"} & set(areas):
        areas["vulnerable"] = ["vulnerable"]


def _layers(name: str, value: object, faults: list[Fault]) -> list[dict[str, Any]]:
    """Read a list of layers: files, or tables that name one."""
    found = []
    for number, one in enumerate(value if isinstance(value, list) else [value], 1):
        table = {"file": one} if isinstance(one, str) else one
        if isinstance(table, dict) and isinstance(table.get("file"), str):
            found.append(_called(_LAYERS[name], table))
        else:
            remedy = 'send a path, or {"file": path, ...}'
            faults.append(Fault("study", f"{name} {number}", "it names no file", remedy))
    return found


def _called(names: Mapping[str, str], table: Any) -> Any:  # noqa: ANN401 - as given
    """Call the keys of a table as the study file does; what is None is left out."""
    if not isinstance(table, dict):
        return table
    return {names.get(str(key), str(key)): item for key, item in table.items() if item is not None}


def _section(tables: Tables, name: str, value: object, faults: list[Fault]) -> None:
    """Take a table as the study file has it."""
    if name not in SECTIONS:
        hint = nearest(name, SECTIONS) or f"known: {', '.join(SECTIONS)}"
        faults.append(Fault("study", name, "there is no such section", hint))
    elif isinstance(value, dict) and name not in {*_LAYERS, "title", "language"}:
        tables[name] = {**tables.get(name, {}), **_called({}, value)}
    else:
        faults.append(Fault("study", name, "it is no table", "send names and values"))


def _modes(tables: Tables, value: object, faults: list[Fault]) -> None:
    """Turn bicycles off where they are not among the modes."""
    modes = value if isinstance(value, list) else [value]
    odd = [one for one in modes if one not in ("walk", "bike")]
    if odd or "walk" not in modes:
        rule = f"{odd[0]!r:.60} is no mode" if odd else "walking cannot be left out"
        faults.append(Fault("study", "modes", rule, 'send ["walk"] or ["walk", "bike"]'))
    tables.setdefault("bike", {})["enabled"] = "bike" in modes


def _check_values(tables: Tables, faults: list[Fault]) -> None:
    """Find values that no study file can hold."""
    for section, held in tables.items():
        for table in held if isinstance(held, list) else [held]:
            for key, value in table.items():
                try:
                    toml_value(value)
                except TypeError as error:
                    faults.append(Fault("study", f"[{section}] {key}", str(error), "send texts, numbers and lists"))
                if key == "file" and not isinstance(value, str):
                    faults.append(Fault("study", f"[{section}] {key}", "it is no path", "send a text"))


def _absolute(given: str, folder: Path) -> str:
    if "\0" in given or "://" in given:
        return given  # told as a fault when the file is read
    place = Path(given).expanduser()
    return (place if place.is_absolute() else folder / place).as_posix()


def _relative(given: str, folder: Path) -> str:
    """Write a path inside the folder relative to it, so that the folder can be moved; others as they are."""
    place = Path(_absolute(given, folder))
    return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else place.as_posix()


def _look(text: str, folder: Path, progress: Progress | None) -> list[Fault]:
    """Read the file from elsewhere, and the layers it names; raise what is wrong, return what is odd."""
    with tempfile.TemporaryDirectory(prefix="bykobling-") as made:
        trial = Path(made) / "study.toml"
        trial.write_text(text, encoding="utf-8")
        study = dataclasses.replace(read_study(trial), path=folder / "study.toml")
    faults: list[Fault] = []
    looks = _looks(study, faults)
    for number, (file, look) in enumerate(looks):
        if progress is not None:
            progress(number, len(looks), f"looking at {file.name}")
        try:
            look()
        except InputError as error:
            faults += error.faults
        except ReadError as error:
            faults.append(unread_fault(file, error))
    if any(one.severity == "error" for one in faults):
        raise StudyError(faults)
    return faults


def _looks(study: Study, faults: list[Fault]) -> list[tuple[Path, Callable[[], object]]]:
    """List the layers that are quickly looked at; the map and timetables are left to `check_study`."""
    from bykobling.layers import read_population  # noqa: PLC0415 - beside its only use

    looks: list[tuple[Path, Callable[[], object]]] = []
    if study.areas.file is not None:
        looks.append((study.areas.file, lambda: own_areas(study.areas, faults)))
    people = study.population
    if people is not None:
        options: dict[str, Any] = {"layer": people.layer, "residents_column": people.residents_column}
        looks.append(
            (people.file, lambda: read_population(people.file, **options, blank_is_nobody=True, faults=faults))
        )
    looks += [(one.file, _look_at(own_barriers, one, None, faults)) for one in study.barriers]
    looks += [
        (one.file, _look_at(own_destinations, one, number, None, faults))
        for number, one in enumerate(study.destinations, 1)
    ]
    return looks


def _look_at(reader: Callable[..., object], *given: Any) -> Callable[[], object]:  # noqa: ANN401 - those of the reader
    return lambda: reader(*given)


def _write(path: Path, text: str) -> None:
    """Write under a temporary name, then rename: the file is never half-written."""
    temporary = path.with_name(f".{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        remedy = "choose another folder, or change its permissions"
        raise OutputError(f"{path} cannot be written ({error.strerror}). Remedy: {remedy}.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
