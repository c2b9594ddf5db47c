"""Read study.toml: every fault in one go, each with its section, key and remedy."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from bykobling._check import nearest
from bykobling._types import CYCLIST, PROFILES, WALKER, BarrierKind, Profile
from bykobling.barriers.rules import BarrierRules
from bykobling.errors import Fault, StudyError
from bykobling.indicators import INDICATORS, indicator_of
from bykobling.layers.where import Where
from bykobling.network.delays import CrossingDelays
from bykobling.study._section import Section
from bykobling.study.model import (
    AreasSource,
    BarrierLayer,
    DestinationLayer,
    Language,
    ModeSettings,
    OsmDestinations,
    OsmSource,
    PlaceLayer,
    PopulationSource,
    ProfileSettings,
    Study,
    TrafficSource,
)
from bykobling.study.noise_settings import NoiseLayer, NoiseScreening, read_noise_layer, read_noise_screening
from bykobling.study.transit_settings import read_transit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECTIONS = (
    "title", "language", "osm", "areas", "population", "barriers", "barrier_rules", "traffic",
    "destinations", "destinations_osm", "walk", "bike", "crossing_delays_s", "transit", "noise",
    "noise_screening", "profile", "results",
)  # fmt: skip
OSM_SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".json")
_MAX_BYTES = 1_000_000
_MAX_LAYERS = 50


def read_study(path: str | Path) -> Study:
    """Read a study file and check everything it says.

    Input files must exist but are not opened; see `bykobling.check_study` for that.

    Parameters
    ----------
    path : str or Path
        A ``study.toml``, or a folder holding one.

    Returns
    -------
    Study
        Frozen; all paths absolute.

    Raises
    ------
    StudyError
        With every fault found.

    Examples
    --------
    >>> read_study("data/monaco/study.toml").title  # doctest: +SKIP
    'Monaco and its neighbours'
    """
    file = Path(path).expanduser().absolute()
    file = file / "study.toml" if file.is_dir() else file
    table = _load(file)
    faults: list[Fault] = []
    study = _study(table, file, faults)
    if faults:
        raise StudyError(faults)
    return study


def _load(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise StudyError(Fault(file.name, "", "it is larger than a study file can be", "check the path"))
        return tomllib.loads(file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        remedy = "check the path, or write a first one with: bykobling init FOLDER"
        raise StudyError(Fault(str(file), "", "there is no such file", remedy)) from None
    except OSError as error:
        reason = f"it cannot be opened ({error.strerror})"
        raise StudyError(Fault(str(file), "", reason, "check the path and its permissions")) from error
    except UnicodeDecodeError:
        raise StudyError(Fault(file.name, "", "it is not UTF-8 text", "save it as UTF-8")) from None
    except tomllib.TOMLDecodeError as error:
        remedy = "texts need quotes, sections stand in [brackets]; a path on Windows needs 'single quotes'"
        raise StudyError(Fault(file.name, "", f"it is not valid TOML: {error}", remedy)) from None


def _study(table: dict[str, Any], file: Path, faults: list[Fault]) -> Study:
    def section(name: str) -> Section:
        return Section(table.get(name, {}), f"[{name}]", file=file, faults=faults)

    for key in table:
        if key not in SECTIONS:
            hint = nearest(key, SECTIONS) or f"known: {', '.join(SECTIONS)}"
            faults.append(Fault(file.name, f"[{key}]", "this section or key is unknown", hint))
    top = Section(table, "", file=file, faults=faults)
    destinations = tuple(_destination_layer(one) for one in _each(table, "destinations", file, faults))
    transit = read_transit(section("transit")) if "transit" in table else None
    profile = _profile(section("profile"), [one.category for one in destinations])
    if transit is not None and not profile.enabled:
        rule = "public transport is part of the profile, which is not measured"
        faults.append(Fault(file.name, "[transit]", rule, "delete [profile] enabled = false, or [transit]"))
    noise, screening = _noise(table, file, faults, measured=profile.enabled)
    return Study(
        path=file,
        title=top.text("title", file.parent.name) or "",
        language=top.choice("language", "en", get_args(Language)),
        osm=_osm(section("osm")),
        areas=_areas(section("areas")),
        population=_population(section("population")) if "population" in table else None,
        barriers=tuple(_barrier_layer(one) for one in _each(table, "barriers", file, faults)),
        rules=_rules(section("barrier_rules")),
        destinations=destinations,
        destinations_osm=_osm_destinations(section("destinations_osm"), file, faults),
        walk=_mode(section("walk"), WALKER, (5, 10, 15)),
        bike=_mode(section("bike"), dataclasses.replace(CYCLIST, push_speed_kmh=WALKER.speed_kmh), (10,)),
        delays=_delays(section("crossing_delays_s")),
        profile=profile,
        results=_results(section("results")),
        traffic=_traffic(section("traffic")) if "traffic" in table else None,
        transit=transit,
        noise=noise,
        noise_screening=screening,
    )


def _noise(
    table: dict[str, Any], file: Path, faults: list[Fault], *, measured: bool
) -> tuple[tuple[NoiseLayer, ...], NoiseScreening | None]:
    """Read the maps of noise, and how to estimate levels where there is none."""
    layers = []
    for one in _each(table, "noise", file, faults):
        layers.append(read_noise_layer(one, _where(one)))
        earlier = [(layer.source, layer.metric) for layer in layers[:-1]]
        if (layers[-1].source, layers[-1].metric) in earlier:
            rule = f"there is another map of {layers[-1].source} {layers[-1].metric}"
            one.fault("source", rule, "keep one map of each source and metric; lay parts together before")
    screening = None
    if "noise_screening" in table:
        section = Section(table["noise_screening"], "[noise_screening]", file=file, faults=faults)
        screening = read_noise_screening(section)
        if any(layer.source == "road" for layer in layers):
            section.fault("", "there is a map of road noise, so nothing need be estimated", "delete one of them")
    if (layers or screening) and not measured:
        rule = "noise is part of the profile, which is not measured"
        faults.append(Fault(file.name, "[[noise]]", rule, "delete [profile] enabled = false, or the noise"))
    return tuple(layers), screening


def _each(table: dict[str, Any], name: str, file: Path, faults: list[Fault]) -> Iterator[Section]:
    """Yield one reader for each ``[[name]]``."""
    layers = table.get(name, [])
    if not isinstance(layers, list) or len(layers) > _MAX_LAYERS:
        rule = "one table stands where a list belongs" if isinstance(layers, dict) else "it is not a short list"
        faults.append(Fault(file.name, f"[{name}]", rule, f"write [[{name}]] in double brackets above each layer"))
        return
    for number, layer in enumerate(layers, 1):
        yield Section(layer, f"[[{name}]] number {number},", file=file, faults=faults)


def _osm(section: Section) -> OsmSource:
    file = section.file("file")
    if file is not None and not file.name.lower().endswith(OSM_SUFFIXES):
        section.fault("file", f"{file.name!r} is no kind of OSM file", f"use one of {', '.join(OSM_SUFFIXES)}")
    source = OsmSource(file=file or Path(), ferries=section.flag("ferries", default=False))
    section.close()
    return source


def _areas(section: Section) -> AreasSource:
    levels = _admin_levels(section)
    if "file" in section and "from" in section:
        section.fault("file", "both file and from are given", "keep one of them")
    source = AreasSource(
        file=section.file("file", needed=not levels and "from" not in section),
        layer=section.text("layer"),
        admin_levels=levels,
        id_column=section.text("id"),
        name_column=section.text("name"),
        group_column=section.text("group"),
        vulnerable=section.scalars("vulnerable"),
        vulnerable_not_null=section.flag("vulnerable_not_null", default=False),
        only_inside_extract=section.flag("only_inside_extract", default=False),
        vulnerability_column=section.text("vulnerability"),
        income_column=section.text("income"),
    )
    if source.vulnerable and source.vulnerable_not_null:
        section.fault("vulnerable", "both vulnerable and vulnerable_not_null are given", "keep one of them")
    if (source.vulnerable_not_null or source.vulnerable) and not source.group_column and "file" in section:
        section.fault("group", "it is missing, so nobody can be told apart", 'name the column: group = "..."')
    if "from" in section:
        for key in ("layer", "id", "name", "group", "vulnerable_not_null", "vulnerability", "income"):
            if key in section:
                section.fault(key, "it belongs to a file, not to OSM boundaries", "delete it")
    section.close()
    return source


def _admin_levels(section: Section) -> tuple[int, ...]:
    text = section.text("from")
    if text is None:
        return ()
    head, _, tail = text.replace(" ", "").partition("=")
    levels = tail.split(",")
    if head != "osm:admin_level" or not all(level in {str(n) for n in range(2, 13)} for level in levels):
        section.fault("from", f"{text!r} is not understood", 'write from = "osm:admin_level=10" (2 to 12; "9,10" too)')
        return ()
    return tuple(sorted({int(level) for level in levels}))


def _population(section: Section) -> PopulationSource:
    source = PopulationSource(
        file=section.file("file") or Path(),
        layer=section.text("layer"),
        residents_column=section.text("residents", "residents") or "residents",
    )
    section.close()
    return source


def _barrier_layer(section: Section) -> BarrierLayer:
    width = section.raw("width_m")
    source = BarrierLayer(
        file=section.file("file") or Path(),
        layer=section.text("layer"),
        kind=section.choice("kind", "user", get_args(BarrierKind)),
        name_column=section.text("name"),
        name=section.text("name_constant"),
        width_column=section.text("width_m") if isinstance(width, str) else None,
        width_m=None if isinstance(width, str) else section.number("width_m", None, low=0.1, high=2000),
        lanes_column=section.text("lanes"),
        maxspeed_column=section.text("maxspeed"),
        aadt_column=section.text("aadt"),
        where=_where(section),
        merge_by_name=section.flag("merge_by_name", default=False),
    )
    section.close()
    return source


def _traffic(section: Section) -> TrafficSource:
    numbers = {"line_reach_m": (0.1, 500.0), "point_reach_m": (0.1, 500.0), "bearing_deg": (0.1, 90.0),
               "along_m": (0.0, 5_000.0)}  # fmt: skip
    read: dict[str, Any] = {
        key: section.number(key, getattr(TrafficSource, key), low=low, high=high)
        for key, (low, high) in numbers.items()
    }
    source = TrafficSource(
        file=section.file("file") or Path(),
        layer=section.text("layer"),
        aadt_column=section.text("aadt", TrafficSource.aadt_column) or TrafficSource.aadt_column,
        name_column=section.text("name"),
        where=_where(section),
        both_ways=section.flag("both_ways", default=TrafficSource.both_ways),
        **read,
    )
    section.close()
    return source


def _where(parent: Section) -> Where | None:
    table = parent.raw("where")
    if table is None:
        return None
    section = parent.inner(table, "where")
    where = Where(
        column=section.needed_text("column"),
        minimum=section.number("min", None, low=-1e15, high=1e15),
        maximum=section.number("max", None, low=-1e15, high=1e15),
        equals=section.scalars("equals"),
    )
    if not any(key in section for key in ("min", "max", "equals")):
        section.fault("", "it has no condition", 'add min, max or equals, e.g. where = { column = "speed", min = 60 }')
    section.close()
    return where


def _destination_layer(section: Section) -> DestinationLayer:
    source = DestinationLayer(
        file=section.file("file") or Path(),
        category=section.needed_text("category"),
        layer=section.text("layer"),
        weight_column=section.text("weight"),
    )
    section.close()
    return source


def _osm_destinations(section: Section, file: Path, faults: list[Fault]) -> OsmDestinations:
    from bykobling.tags import DESTINATION_CATEGORIES  # noqa: PLC0415 - kept beside its only use

    known = tuple(DESTINATION_CATEGORIES)
    categories = section.texts("categories", known, choices=known) if "categories" in section else None
    weights = Section(section.raw("weights") or {}, "[destinations_osm.weights]", file=file, faults=faults)
    found = {name: weights.number(name, None, high=1e6) for name in known}
    weights.close()
    section.raw("categories")
    section.close()
    return OsmDestinations(categories=categories, weights={k: v for k, v in found.items() if v is not None})


def _mode(section: Section, default: Profile, cutoffs: tuple[int, ...]) -> ModeSettings:
    numbers = {
        "speed_kmh": (default.speed_kmh, 0.5, 40.0),
        "steps_speed_kmh": (default.steps_speed_kmh, 0.1, 40.0),
        "max_snap_m": (default.max_snap_m, 1.0, 2000.0),
    }
    read: dict[str, Any] = {
        key: section.number(key, value, low=low, high=high) for key, (value, low, high) in numbers.items()
    }
    profile = dataclasses.replace(default, **read)
    enabled = section.flag("enabled", default=True)
    if default.mode == "walk" and not enabled:
        section.fault("enabled", "walking cannot be left out", "delete the line")
    settings = ModeSettings(profile, section.minutes("cutoffs_min", cutoffs), enabled)
    section.close()
    return settings


def _rules(section: Section) -> BarrierRules:
    """Read the fields of `BarrierRules` by their own names: lists of texts, or numbers of 0 or more."""
    default = BarrierRules()
    values: dict[str, Any] = {}
    for item in dataclasses.fields(BarrierRules):
        was = getattr(default, item.name)
        choices = was if item.name == "land_subkinds" else None
        is_list = isinstance(was, tuple)
        values[item.name] = (
            section.texts(item.name, was, choices=choices) if is_list else section.number(item.name, was, high=1e9)
        )
    section.close()
    return BarrierRules(**values)


def _delays(section: Section) -> CrossingDelays:
    default = CrossingDelays()
    fields = [item.name for item in dataclasses.fields(CrossingDelays)]
    values: dict[str, Any] = {name: section.number(name, getattr(default, name), high=600) for name in fields}
    section.close()
    return CrossingDelays(**values)


def _profile(section: Section, own_categories: Sequence[str]) -> ProfileSettings:
    default = ProfileSettings()
    own = {f"minutes_to_{name}_{mode}" for name in own_categories for mode in PROFILES}
    known = [*(one.name for one in INDICATORS), *sorted(own)]
    places = section.raw("places")
    settings = ProfileSettings(
        enabled=section.flag("enabled", default=True),
        places=None if places is None else _places(section.inner(places, "places")),
        standards=_limits(section, "standards", default.standards, known),
        index=_limits(section, "index", default.index, known),
    )
    section.close()
    return settings


def _places(section: Section) -> PlaceLayer:
    layer = PlaceLayer(
        file=section.file("file") or Path(),
        name_column=section.text("name", "name") or "name",
        layer=section.text("layer"),
    )
    section.close()
    return layer


def _limits(parent: Section, key: str, default: dict[str, float], known: Sequence[str]) -> dict[str, float]:
    """Read a table of numbers by indicator; an unknown indicator is a fault that names the nearest."""
    table = parent.raw(key)
    if table is None:
        return dict(default)
    section = parent.inner(table, key)
    names = tuple(table) if isinstance(table, dict) else ()
    found = {name: section.number(name, None, high=1e12) for name in names}
    for name in names:
        # other minutes and radii than the usual are as good; a kind of place must be one there is
        if name not in known and (indicator_of(name) is None or name.startswith("minutes_to_")):
            hint = nearest(name, known) or "see them with: bykobling indicators"
            section.fault(name, "there is no such indicator", hint)
    section.close()
    return {name: value for name, value in found.items() if value is not None}


def _results(section: Section) -> Path:
    folder = section.folder("folder", "results")
    section.close()
    return folder
