"""Run a study: read, build, measure, compare, and hand back one `Results`."""

from __future__ import annotations

import dataclasses
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from bykobling.results import Note, Results
from bykobling.severance import barrier_effect, category_weights, crossing_detour
from bykobling.severance.rehearsal import EFFECT, WALKS
from bykobling.study import assemble
from bykobling.study.ahead import MachineCode, draw_ahead, styles_beside
from bykobling.study.fairness import add_axes, correlation_table, index_notes, inequality_table
from bykobling.study.prepare import input_notes, prepare_study
from bykobling.study.profile import measure_profile
from bykobling.study.provenance import run_record
from bykobling.study.steps import Steps, awaited, beside, parted
from bykobling.study.traffic import traffic_account
from bykobling.study.transit import measure_transit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import geopandas as gpd

    from bykobling._second import Second
    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.results import NoiseGrid
    from bykobling.severance import BarrierEffect
    from bykobling.study.model import ModeSettings, Study
    from bykobling.study.noise import NoiseTables
    from bykobling.study.prepare import Prepared
    from bykobling.study.profile import ProfileTables
    from bykobling.study.timetables import DayService
    from bykobling.study.transit import TransitTables

PREPARE_SHARES: dict[str, float] = {"read": 25, "residents": 3, "barriers": 8, "networks": 6}
"""Shares of a run that making ready takes."""

_SHARES = PREPARE_SHARES | {"walk": 35, "bike": 15, "detours": 4, "transit": 20, "noise": 10, "profile": 20,
                            "tables": 3}  # fmt: skip


def run_study(study: Study, *, progress: Progress | None = None, second: Second | None = None) -> Results:
    """Measure how cut off each area is, and by what. Nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    progress : callable, optional
        ``progress(done, total, message)``; raising `Cancelled` in it stops the run.
    second : Second, optional
        A process that works beside this one, asked by `bykobling.study.ahead` for what it can do.

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
    code = MachineCode(second, profile=study.profile.enabled)
    ready = prepare_study(study, steps, second=second)
    effects: list[BarrierEffect] = []
    day = ready.inputs.day if study.profile.enabled else None
    # neither needs the other, and what is between compiled searches keeps one core busy at most
    with beside(lambda tell: transit_of(study, ready, ready.walking, day=day, progress=tell)) as other:
        for openings in ready.openings:
            with steps.step(openings.network.mode, f"measuring ({openings.network.mode})") as inner:
                code.wait(EFFECT, inner)
                effects.append(measure_effect(study, ready, openings, progress=inner))
        with steps.step("detours", "measuring detours") as inner:
            severance = crossing_detour(ready.walking, ready.barriers, progress=inner)
        # what is left of it
        with steps.step("transit", "measuring public transport") as inner:
            transit = awaited(other, inner)
    draw_ahead(second, ready, severance, transit)
    profile = noise = grid = None
    if study.profile.enabled and (study.noise or study.noise_screening is not None):
        with steps.step("noise", "measuring noise") as inner:
            noise, grid = noise_of(study, ready, progress=inner)
    if study.profile.enabled:
        with steps.step("profile", "measuring the profile") as inner:
            code.wait(WALKS, inner)
            profile = profile_of(study, ready, ready.openings, effects=effects, transit=transit, progress=inner)
    with steps.step("tables", "comparing areas"):
        traffic = traffic_account(ready.inputs.extract.streets, ready.big, study.traffic)
        notes = (*input_notes(ready), *traffic.notes, *ready.assumed, *(profile.notes if profile is not None else ()))
        notes += transit.notes if transit is not None else _no_timetable(study)
        notes += noise.notes if noise is not None else _no_noise(study)
        results = _results(study, ready, Measured(severance, effects, profile, transit, noise, grid), notes)
    steps.finish()
    counts = {
        "streets": len(ready.inputs.extract.streets),
        "areas": len(results.areas),
        "residents": len(results.residents),
        "destinations": len(ready.inputs.destinations),
        "barriers": len(results.barriers),
        "crossings": len(results.crossings),
        "unlinked_residents": int((results.unlinked["what"] == "resident").sum()),
        "unlinked_destinations": int((results.unlinked["what"] == "destination").sum()),
    }
    run = run_record(study, seconds=steps.seconds, crs=results.areas.crs.to_string(), counts=counts)
    run["traffic"] = {"aadt_assumed_share": traffic.aadt_assumed_share}
    if transit is not None:
        run["transit"] = transit.run
    if noise is not None:
        run["noise"] = noise.run
    run["notes"] = [dataclasses.asdict(note) for note in results.notes]
    return dataclasses.replace(results, run=run)


def measure_effect(study: Study, ready: Prepared, openings: Openings, *, progress: Progress) -> BarrierEffect:
    """Measure what barriers cost in one mode.

    Parameters
    ----------
    study : Study
        Cut-offs, and weights of categories.
    ready : Prepared
        Residents, places, extent.
    openings : Openings
        Network of the mode.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    BarrierEffect
    """
    inputs = ready.inputs
    return barrier_effect(
        openings,
        ready.residents,
        inputs.destinations,
        cutoffs_min=settings_of(study, openings).cutoffs_min,
        weights=category_weights(inputs.destinations, factors=study.destinations_osm.weights),
        neighbors=ready.everybody,
        extent=inputs.extract.extent,
        progress=progress,
    )


def settings_of(study: Study, openings: Openings) -> ModeSettings:
    """Return the settings of the mode of a network.

    Parameters
    ----------
    study : Study
        Settings of both modes.
    openings : Openings
        Network of one.

    Returns
    -------
    ModeSettings
    """
    return study.walk if openings.network.mode == "walk" else study.bike


def transit_of(
    study: Study, ready: Prepared, walking: Openings, *, day: DayService | None, progress: Progress
) -> TransitTables | None:
    """Measure public transport where the study names it, and somebody lives on a street.

    Parameters
    ----------
    study : Study
        Window, cut-offs, limits.
    ready : Prepared
        Homes and places.
    walking : Openings
        Streets on foot.
    day : DayService or None
        The timetable.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    TransitTables or None
    """
    if study.transit is None or day is None or ready.stands is None:
        return None
    if not ready.stands.points["area_id"].notna().any():
        return None
    return measure_transit(study.transit, ready.inputs, day, ready.stands, walking=walking, progress=progress)


def noise_of(study: Study, ready: Prepared, *, progress: Progress) -> tuple[NoiseTables, NoiseGrid | None]:
    """Measure noise at the homes of the areas: on the user's maps, and estimated where the study asks for that.

    Parameters
    ----------
    study : Study
        Whether to estimate road noise.
    ready : Prepared
        Maps, homes, streets.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    NoiseTables
        At the homes.
    NoiseGrid or None
        Over the land, for the map.
    """
    from bykobling.study.noise import drawn_grid, measure_noise  # noqa: PLC0415 - few studies have noise maps
    from bykobling.study.noise_maps import screened_maps, sounding_streets  # noqa: PLC0415 - as above

    at_homes, over_land = parted(progress, 2)
    streets = sounding_streets(ready.inputs.extract, ready.big)
    maps = ready.inputs.noise
    if study.noise_screening is not None:
        maps += screened_maps(study.noise_screening, ready.inputs.extract, streets)
    driven = streets[streets["drive"].to_numpy(bool)]
    told = measure_noise(maps, ready.inputs, ready.residents, driven, progress=at_homes)
    return told, drawn_grid(maps, ready.inputs.areas, over_land)


def profile_of(
    study: Study,
    ready: Prepared,
    openings: Sequence[Openings],
    *,
    effects: Sequence[BarrierEffect],
    transit: TransitTables | None,
    progress: Progress,
) -> ProfileTables | None:
    """Measure the profile on networks, at the homes of a study.

    Parameters
    ----------
    study : Study
        Cut-offs, standards, named places.
    ready : Prepared
        Homes, places, barriers.
    openings : sequence of Openings
        One a mode, walking first.
    effects : sequence of BarrierEffect
        In the same order.
    transit : TransitTables or None
        Measured on the same streets.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    ProfileTables or None
        None where the study leaves the profile out.
    """
    if ready.stands is None:
        return None
    return measure_profile(
        study, ready.inputs, opened=openings, effects=effects, everybody=ready.everybody, stands=ready.stands,
        barriers=ready.barriers, crossings=ready.crossings, transit=transit, progress=progress,
    )  # fmt: skip


def _no_timetable(study: Study) -> tuple[Note, ...]:
    """Say that public transport is missing from a profile."""
    if study.transit is not None or not study.profile.enabled:
        return ()
    return (Note("missing", "No timetable was given, so public transport is missing."),)


def _no_noise(study: Study) -> tuple[Note, ...]:
    """Say that noise is missing from a profile."""
    if not study.profile.enabled:
        return ()
    text = "No noise map was given, so traffic noise is missing; [noise_screening] in the study file estimates it."
    return (Note("missing", text),)


def save_results(results: Results, study: Study, *, folder: Path | None = None, second: Second | None = None) -> Path:
    """Write tables, GeoPackage, report and provenance, all or none.

    Parameters
    ----------
    results : Results
        From `run_study`.
    study : Study
        Tells language and folder.
    folder : Path, optional
        Another folder than the study's.
    second : Second, optional
        A process that draws the report while this one writes the tables.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    OutputError
        When it cannot be written; an earlier run's files are then untouched.
    """
    target = folder or study.results
    styles = styles_beside(second, results, language=study.language)
    # running needs no writing; loaded by one thread, before there are two
    from bykobling.export import atomic_folder, write_results  # noqa: PLC0415
    from bykobling.report import write_report  # noqa: PLC0415

    # tables go to the disk while the page is drawn. Who waits for the page is who is stopped, and stops it
    with atomic_folder(target) as staging, ThreadPoolExecutor(1) as pool:
        tables = pool.submit(write_results, results, staging, language=study.language, styles=styles)
        write_report(results, staging / "report.html", language=study.language, second=second)
        tables.result()
    return target


@dataclasses.dataclass(frozen=True)
class Measured:
    """What the steps of a run made, ready to be put into tables."""

    severance: gpd.GeoDataFrame
    effects: list[BarrierEffect]
    profile: ProfileTables | None
    transit: TransitTables | None
    noise: NoiseTables | None = None
    noise_grid: NoiseGrid | None = None


def _results(study: Study, ready: Prepared, made: Measured, notes: tuple[Note, ...]) -> Results:
    profile = made.profile
    if made.noise is not None:
        from bykobling.study.noise import with_noise  # noqa: PLC0415 - as in `noise_of`

        profile = with_noise(profile, made.noise)
    people = assemble.resident_table(ready.residents, made.effects, profile)
    shares = assemble.share_table(made.effects, ready.inputs.areas, ready.barriers)
    areas = assemble.area_table(ready.inputs.areas, people, made.effects, shares, profile)
    headline = assemble.headline_of(areas)
    areas = add_axes(areas, study.profile, headline)
    gaps, missing = assemble.gap_table(areas)
    unlinked, lost = assemble.unlinked_table(people, ready.inputs.destinations, ready.walking)
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
    if made.noise is not None:
        more |= {"noise": made.noise.homes, "noise_grid": made.noise_grid}
        more |= {"noise_exposure": made.noise.exposure, "noise_bands": made.noise.bands}
    return Results(
        title=study.title,
        areas=areas,
        residents=people,
        barriers=assemble.barrier_table(ready.barriers, ready.crossings, made.effects[0], ready.residents),
        crossings=ready.crossings,
        severance=made.severance,
        streets=assemble.street_table(ready.walking.network),
        shares=shares,
        gaps=gaps,
        unlinked=unlinked,
        notes=(*notes, *missing, *index_notes(areas, study.profile), *lost, *edge),
        **more,
    )
