"""Run a study: read, build, measure, compare, and hand back one `Results`."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bykobling.barriers import find_crossings, make_barriers, open_barriers
from bykobling.errors import Fault, StudyError
from bykobling.network import Network
from bykobling.network.two_sided import two_sided
from bykobling.network.user_roads import cut_at_roads
from bykobling.results import Note, Results
from bykobling.severance import barrier_effect, category_weights, crossing_detour
from bykobling.study import assemble
from bykobling.study.check import folder_faults, overwrite_faults
from bykobling.study.fairness import add_axes, correlation_table, index_notes, inequality_table
from bykobling.study.inputs import Inputs, read_inputs
from bykobling.study.profile import measure_profile
from bykobling.study.provenance import run_record
from bykobling.study.residents import make_residents
from bykobling.study.stands import stands_for
from bykobling.study.steps import Steps
from bykobling.study.traffic import big_roads, traffic_account
from bykobling.study.transit import measure_transit

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.network.delays import CrossingDelays
    from bykobling.osm import OsmExtract
    from bykobling.severance import BarrierEffect
    from bykobling.study.model import ModeSettings, Study
    from bykobling.study.profile import ProfileTables
    from bykobling.study.stands import Stands
    from bykobling.study.traffic import BigRoads
    from bykobling.study.transit import TransitTables

_SHARES: dict[str, float] = {
    "read": 25,
    "residents": 3,
    "barriers": 12,
    "walk": 35,
    "bike": 15,
    "detours": 4,
    "transit": 20,
    "profile": 20,
    "tables": 3,
}


def run_study(study: Study, *, progress: Progress | None = None) -> Results:
    """Measure how cut off each area is, and by what. Nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    progress : callable, optional
        ``progress(done, total, message)``; raising `Cancelled` in it stops the run.

    Returns
    -------
    Results
        Every table, the notes and the provenance.

    Raises
    ------
    StudyError
        With every error in the inputs, and every warning.
    """
    steps = Steps(progress, _SHARES)
    with steps.step("read", "reading") as inner:
        inputs, faults = read_inputs(study, progress=inner)
        faults = (*faults, *folder_faults(study.results), *overwrite_faults(study, study.results))
        if inputs is None or any(fault.severity == "error" for fault in faults):
            raise StudyError(faults)
    with steps.step("residents", "placing residents"):
        residents, assumed = make_residents(inputs.extract, inputs.areas, inputs.population)
        everybody, residents = residents, residents[residents["area_id"].notna()].reset_index(drop=True)
        if not len(residents):
            rule, remedy = "nobody lives in any of the areas", "check the areas, the population and the extract"
            raise StudyError(Fault(study.path.name, "[areas]", rule, remedy))
    with steps.step("barriers", "merging barriers"):
        barriers = make_barriers(inputs.extract, rules=study.rules, user_layers=inputs.barriers)
        big = big_roads(inputs.extract.streets, inputs.barriers, rules=study.rules)
        streets = streets_with_sides(inputs.extract, big, delays=study.delays)
        crossings = find_crossings(streets, barriers)
    modes: list[Openings] = []
    effects: list[BarrierEffect] = []
    for mode in (study.walk, study.bike):
        name = mode.profile.mode
        with steps.step(name, f"measuring ({name})") as inner:
            if mode.enabled:
                opened, effect = measure_mode(
                    study,
                    mode,
                    inputs,
                    streets=streets,
                    barriers=barriers,
                    residents=residents,
                    neighbors=everybody,
                    progress=inner,
                )
                effects.append(effect)
                modes.append(opened)
    with steps.step("detours", "measuring detours") as inner:
        severance = crossing_detour(modes[0], barriers, progress=inner)
    profile = transit = None
    if study.profile.enabled:
        stands = stands_for(everybody, modes[0])
        if inputs.day is not None:
            with steps.step("transit", "measuring public transport") as inner:
                transit = _transit(study, inputs, stands, walking=modes[0], progress=inner)
        with steps.step("profile", "measuring the profile") as inner:
            profile = measure_profile(
                study, inputs, opened=modes, effects=effects, everybody=everybody, stands=stands,
                barriers=barriers, crossings=crossings, transit=transit, progress=inner,
            )  # fmt: skip
    with steps.step("tables", "comparing areas"):
        traffic = traffic_account(inputs.extract.streets, big, study.traffic)
        notes = (*_notes(faults, inputs), *traffic.notes, *assumed, *(profile.notes if profile is not None else ()))
        notes += transit.notes if transit is not None else _no_timetable(study)
        measured = Measured(residents, barriers, crossings, severance, modes[0], effects, profile, transit)
        results = _results(study, inputs, measured, notes)
    steps.finish()
    counts = {
        "streets": len(inputs.extract.streets),
        "areas": len(results.areas),
        "residents": len(results.residents),
        "destinations": len(inputs.destinations),
        "barriers": len(results.barriers),
        "crossings": len(results.crossings),
        "unlinked_residents": int((results.unlinked["what"] == "resident").sum()),
        "unlinked_destinations": int((results.unlinked["what"] == "destination").sum()),
    }
    run = run_record(study, seconds=steps.seconds, crs=results.areas.crs.to_string(), counts=counts)
    run["traffic"] = {"aadt_assumed_share": traffic.aadt_assumed_share}
    if transit is not None:
        run["transit"] = transit.run
    run["notes"] = [dataclasses.asdict(note) for note in results.notes]
    return dataclasses.replace(results, run=run)


def _transit(
    study: Study, inputs: Inputs, stands: Stands, *, walking: Openings, progress: Progress
) -> TransitTables | None:
    """Measure public transport where the study names it, and somebody lives on a street."""
    living = stands.points["area_id"].notna().any()
    if study.transit is None or inputs.day is None or not living:
        return None
    return measure_transit(study.transit, inputs, inputs.day, stands, walking=walking, progress=progress)


def _no_timetable(study: Study) -> tuple[Note, ...]:
    """Say that public transport is missing from a profile."""
    if study.transit is not None or not study.profile.enabled:
        return ()
    return (Note("missing", "No timetable was given, so public transport is missing."),)


def streets_with_sides(extract: OsmExtract, big: BigRoads, *, delays: CrossingDelays) -> gpd.GeoDataFrame:
    """Give big roads, of OSM and of the user, two sides joined by crossings with their delay.

    Parameters
    ----------
    extract : OsmExtract
        Streets and crossings.
    big : BigRoads
        Which of them are big, and the user's own.
    delays : CrossingDelays
        Seconds lost at a crossing.

    Returns
    -------
    GeoDataFrame
        Streets with ``delay_s``, ``snappable``, ``is_crossing``.
    """
    sided = two_sided(extract.streets, extract.crossings, big.in_osm | big.along_own, delays=delays)
    if not len(big.own):
        return sided
    own = extract.streets.geometry.to_numpy()[big.along_own]
    return cut_at_roads(sided, extract.crossings, big.own, own=own, delays=delays)


def measure_mode(
    study: Study,
    mode: ModeSettings,
    inputs: Inputs,
    *,
    streets: gpd.GeoDataFrame,
    barriers: gpd.GeoDataFrame,
    residents: gpd.GeoDataFrame,
    neighbors: gpd.GeoDataFrame,
    progress: Progress,
) -> tuple[Openings, BarrierEffect]:
    """Build the network of one mode, open its barriers and measure what they cost.

    Parameters
    ----------
    study : Study
        Weights of categories.
    mode : ModeSettings
        Speeds and cut-offs.
    inputs : Inputs
        Places, buildings, extent.
    streets, barriers, residents : GeoDataFrame
        Made before; residents of the areas.
    neighbors : GeoDataFrame
        Everybody, in an area or not: whom residents can reach.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    openings : Openings
        Network and virtual links.
    effect : BarrierEffect
        What barriers cost.
    """
    network = Network.from_streets(streets, mode=mode.profile.mode, profile=mode.profile)
    openings = open_barriers(network, barriers, buildings=inputs.extract.buildings)
    effect = barrier_effect(
        openings,
        residents,
        inputs.destinations,
        cutoffs_min=mode.cutoffs_min,
        weights=category_weights(inputs.destinations, factors=study.destinations_osm.weights),
        neighbors=neighbors,
        extent=inputs.extract.extent,
        progress=progress,
    )
    return openings, effect


def save_results(results: Results, study: Study, *, folder: Path | None = None) -> Path:
    """Write tables, GeoPackage, report and provenance, all or none.

    Parameters
    ----------
    results : Results
        From `run_study`.
    study : Study
        Tells language and folder.
    folder : Path, optional
        Another folder than the study's.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    OutputError
        When it cannot be written; an earlier run's files are then untouched.
    """
    from bykobling.export import atomic_folder, write_results  # noqa: PLC0415 - running needs no writing
    from bykobling.report import write_report  # noqa: PLC0415 - matplotlib is slow to load

    target = folder or study.results
    # tables go to the disk while the maps are drawn
    with atomic_folder(target) as staging, ThreadPoolExecutor(1) as pool:
        tables = pool.submit(write_results, results, staging, language=study.language)
        write_report(results, staging / "report.html", language=study.language)
        tables.result()
    return target


@dataclasses.dataclass(frozen=True)
class Measured:
    """What the steps of a run made, ready to be put into tables."""

    residents: gpd.GeoDataFrame
    barriers: gpd.GeoDataFrame
    crossings: gpd.GeoDataFrame
    severance: gpd.GeoDataFrame
    openings: Openings
    effects: list[BarrierEffect]
    profile: ProfileTables | None
    transit: TransitTables | None


def _results(study: Study, inputs: Inputs, made: Measured, notes: tuple[Note, ...]) -> Results:
    people = assemble.resident_table(made.residents, made.effects, made.profile)
    shares = assemble.share_table(made.effects, inputs.areas, made.barriers)
    areas = assemble.area_table(inputs.areas, people, made.effects, shares, made.profile)
    headline = assemble.headline_of(areas)
    areas = add_axes(areas, study.profile, headline)
    gaps, missing = assemble.gap_table(areas)
    unlinked, lost = assemble.unlinked_table(people, inputs.destinations, made.openings)
    touched = areas["edge_affected_share"].gt(0)
    edge: tuple[Note, ...] = ()
    if touched.any():
        text = (
            f"In {int(touched.sum())} of {len(areas)} areas some residents' reach touches the edge of the extract: "
            "what lies beyond is not counted. Use an extract with a wider margin."
        )
        edge = (Note("edge", text),)
    more: dict[str, Any] = {}
    if made.profile is not None:
        more = {name: getattr(made.profile, name) for name in ("entries", "near_but_far", "travel_times")}
        more["inequality"] = inequality_table(areas)
        more["correlated"] = correlation_table(areas, list(gaps.index))
    if made.transit is not None:
        more |= {"stops": made.transit.stops, "lines": made.transit.lines}
    return Results(
        title=study.title,
        areas=areas,
        residents=people,
        barriers=assemble.barrier_table(made.barriers, made.crossings, made.effects[0], made.residents),
        crossings=made.crossings,
        severance=made.severance,
        streets=assemble.street_table(made.openings.network),
        shares=shares,
        gaps=gaps,
        unlinked=unlinked,
        notes=(*notes, *missing, *index_notes(areas, study.profile), *lost, *edge),
        **more,
    )


def _notes(faults: tuple[Fault, ...], inputs: Inputs) -> list[Note]:
    """Turn warnings about the inputs, and what the readers assumed, into notes."""
    notes = [
        Note("source", f"Streets, places and buildings: {inputs.extract.source}, © OpenStreetMap contributors, ODbL.")
    ]
    notes += [Note("source", text) for text in inputs.extract.notes]
    notes += [Note("missing", f"{fault.file}: {fault.rule}.") for fault in faults if fault.severity == "warning"]
    text = (
        "Waiting times at crossings of big roads are assumed by kind of crossing, lanes and traffic; traffic is "
        "assumed by class of road where no count is given."
    )
    notes.append(Note("assumed", text))
    return notes
