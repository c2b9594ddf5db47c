"""Assess proposals: measure a study as it is, then with each proposal and with several, and tell what changes."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from bykobling.network.within import within_reach
from bykobling.results import Note
from bykobling.results.assessment import Assessment
from bykobling.scenario import ChangeSpeed
from bykobling.study import assemble
from bykobling.study.affected import effect_after, same_streets
from bykobling.study.assess_noise import heard, traffic_notes
from bykobling.study.assess_notes import climb_notes, closing_notes, elsewhere, height_notes, left_without
from bykobling.study.assess_spacing import changed_spacing, crossings_with
from bykobling.study.assess_state import State, table
from bykobling.study.assess_tables import (
    changed_areas,
    changed_gaps,
    changed_groups,
    minutes,
    proposal_layer,
    summary_row,
    thresholds,
)
from bykobling.study.assess_who import changed_homes, who_changes
from bykobling.study.noise import with_noise
from bykobling.study.prepare import input_notes, prepare_study
from bykobling.study.proposals import given_proposals, proposal_faults
from bykobling.study.provenance import run_record
from bykobling.study.run import PREPARE_SHARES, measure_effect, profile_of, transit_of
from bykobling.study.steps import Steps, parted
from bykobling.study.transit_affected import search_record, transit_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bykobling._types import Progress
    from bykobling.barriers import Openings
    from bykobling.errors import Fault
    from bykobling.scenario import Scenario
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared

_SHARES = PREPARE_SHARES | {"before": 60, "proposals": 100, "tables": 3}
MOST_IN_PAIRS = 8
"""Of more proposals, not every two are measured together: there would be more pairs than anybody reads."""

_TABLES = ("areas", "residents", "who", "groups", "thresholds", "times", "gaps", "spacing")

_LONGEST_WALK_S = 3600.0
"""So far on foot a profile looks: whoever comes to no changed place within it keeps every number."""


def assess_study(
    study: Study,
    proposals: Sequence[Scenario | Path],
    *,
    combinations: bool = True,
    dem: Path | None = None,
    progress: Progress | None = None,
) -> Assessment:
    """Measure what proposals change, and for whom. Nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    proposals : sequence of Scenario or Path
        Each with a name of its own, in the CRS of the study's network; or files for `read_scenarios`.
    combinations : bool, optional
        Measure every two together, and all together where there are more than two.
    dem : Path, optional
        A raster of heights in metres: new links without a gradient of their own get theirs from its ends
        (`bykobling.scenario.gradient_from_dem`).
    progress : callable, optional
        ``progress(done, total, message)``; raising `Cancelled` in it stops the run.

    Returns
    -------
    Assessment
        Every table, before, after and change.

    Raises
    ------
    StudyError
        With every error in the inputs and the proposals, before anything is measured.

    Notes
    -----
    Residents, places and barriers stay where they are: only ways change. The share recovered holds what is gained
    against the open city of before, one measure for all; the barrier effect after is that of the city with the
    proposal, whose open city has it too. A bridge over a lake gains much of the first and changes little of the
    second, since no road or railway took what it gives; a note says so.

    Where a proposal changes streets and no timetable, public transport is searched again only from homes it can touch,
    with the numbers of measuring everything again; ``run["transit"]`` tells from how many.
    """
    steps = Steps(progress, _SHARES)
    ready = prepare_study(study, steps)
    scenarios, faults = given_proposals(study, ready, proposals, dem=dem)
    with steps.step("before", "measuring things as they are") as inner:
        before = _measured(study, ready, ready.openings, progress=inner)
        if any(one.changes_traffic for one in scenarios):
            before = _state(ready, heard(study, ready, before, progress=inner))
    measured: list[_Proposal] = []
    with steps.step("proposals", "measuring proposals") as inner:
        several, left_out = _together(study, ready, scenarios) if combinations else ([], ())
        every = [_Proposal(one.name, one, (one.name,)) for one in scenarios] + several
        for one, told in zip(every, parted(inner, len(every)), strict=True):
            measured.append(_with_proposal(study, ready, before, one, progress=told))
    with steps.step("tables", "comparing"):
        result = _assessment(study, ready, before, measured)
        notes = tuple(
            dict.fromkeys((*result.notes, *(_told(one) for one in faults), *left_out, *height_notes(dem, scenarios)))
        )
    steps.finish()
    counts = {
        "proposals": len(scenarios),
        "measured": len(every),
        "areas": len(before.areas),
        "residents": len(before.people),
    }
    run = run_record(study, seconds=steps.seconds, crs=ready.inputs.areas.crs.to_string(), counts=counts)
    run["proposals"] = {one.name: [repr(each) for each in one.modifications] for one in scenarios}
    if before.transit is not None:
        run["transit"] = {one.name: search_record(before.transit, one.after.transit) for one in measured if one.after}
    run["notes"] = [dataclasses.asdict(note) for note in notes]
    return dataclasses.replace(result, notes=notes, run=run)


def save_assessment(assessment: Assessment, study: Study, *, folder: Path | None = None) -> Path:
    """Write an assessment: its tables, its GeoPackage and its report, all or none.

    Parameters
    ----------
    assessment : Assessment
        From `assess_study`.
    study : Study
        Tells language and folder.
    folder : Path, optional
        Where to write; ``assessment`` beside the study's results by default.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    OutputError
        When it cannot be written; earlier files are then untouched.
    """
    from bykobling.export import atomic_folder, write_assessment  # noqa: PLC0415 - assessing needs no writing
    from bykobling.report.assess import write_assessment_report  # noqa: PLC0415 - matplotlib is slow to load

    target = folder or study.results.with_name("assessment")
    with atomic_folder(target) as staging:
        write_assessment(assessment, staging, language=study.language)
        write_assessment_report(assessment, staging / "report.html", language=study.language)
    return target


def _told(fault: Fault) -> Note:
    """Turn a warning about a proposal into a note."""
    place = ", ".join(part for part in (fault.file, fault.where) if part)
    return Note("assumed", f"{place}: {fault.rule}.")


@dataclass(frozen=True)
class _Proposal:
    """A proposal or several of them together, and how things are with it."""

    name: str
    scenario: Scenario
    members: tuple[str, ...]
    after: State | None = None
    crossings: gpd.GeoDataFrame | None = None
    notes: tuple[Note, ...] = ()


def _together(study: Study, ready: Prepared, scenarios: Sequence[Scenario]) -> tuple[list[_Proposal], tuple[Note, ...]]:
    """Put every two proposals together, and all of more than two; those that do not fit each other are told."""
    pairs = list(itertools.combinations(scenarios, 2))
    found: list[_Proposal] = []
    notes: list[Note] = []
    if len(scenarios) > MOST_IN_PAIRS:
        text = f"Of more than {MOST_IN_PAIRS} proposals not every two are measured together, but all of them are."
        notes.append(Note("missing", text))
        pairs = []
    sets = [*pairs, *([tuple(scenarios)] if len(scenarios) > 2 else [])]
    taken = {one.name for one in scenarios}
    for members in sets:
        name = " + ".join(one.name for one in members)
        while name in taken:
            name = f"{name} (together)"
        steps = tuple(each for one in members for each in one.modifications)
        both = dataclasses.replace(members[0], modifications=steps, name=name)
        errors = [fault for fault in proposal_faults(study, ready, [both]) if fault.severity == "error"]
        if errors:
            text = f"{name} cannot be built together ({errors[0].rule}), so they are not measured together."
            notes.append(Note("missing", text))
            continue
        found.append(_Proposal(name, both, tuple(one.name for one in members)))
        taken.add(name)
    return found, tuple(notes)


def _measured(study: Study, ready: Prepared, openings: Sequence[Openings], *, progress: Progress) -> State:
    """Measure things as they are."""
    *parts, transit_part, profile_part = parted(progress, len(openings) + 2)
    effects = tuple(measure_effect(study, ready, one, progress=told) for one, told in zip(openings, parts, strict=True))
    transit = transit_of(study, ready, openings[0], day=ready.inputs.day, progress=transit_part)
    profile = profile_of(study, ready, openings, effects=effects, transit=transit, progress=profile_part)
    return _state(ready, State(effects, ready.residents, ready.inputs.areas, pd.DataFrame(), profile, transit))


def _state(ready: Prepared, made: State) -> State:
    """Put what was measured into tables of homes and areas."""
    areas = ready.inputs.areas
    profile = with_noise(made.profile, made.noise)
    people = assemble.resident_table(ready.residents, made.effects, profile)
    shares = assemble.share_table(made.effects, areas, ready.barriers)
    compared = assemble.area_table(areas, people, made.effects, shares, profile)
    gaps, _ = assemble.gap_table(compared)
    return dataclasses.replace(made, people=people, areas=compared, gaps=gaps)


def _with_proposal(study: Study, ready: Prepared, before: State, one: _Proposal, *, progress: Progress) -> _Proposal:
    """Measure things as they would be: what nobody's way leads to is taken from before."""
    found: list[Fault] = []
    openings, touched = _changed(ready, one.scenario, found)
    *parts, transit_part, profile_part, noise_part = parted(progress, len(openings) + 3)
    effects, crossings = before.effects, ready.crossings
    if one.scenario.changes_streets:
        only, crossings = _only(one.scenario), crossings_with(study, ready, one.scenario)
        effects = tuple(
            effect_after(study, ready, effect, openings=old, changed=new, touched=nodes, only=only, progress=told)
            for effect, old, new, nodes, told in zip(
                before.effects, ready.openings, openings, touched, parts, strict=True
            )
        )
    profile = before.profile
    new_ways = _within_a_walk(ready, openings, touched)
    transit = transit_with(study, ready, before.transit, one.scenario, walking=openings[0], progress=transit_part)
    if new_ways or transit is not before.transit:
        crossed = dataclasses.replace(ready, crossings=crossings)
        profile = profile_of(study, crossed, openings, effects=effects, transit=transit, progress=profile_part)
    changed = dataclasses.replace(before, effects=effects, profile=profile, transit=transit)
    after = _state(ready, heard(study, ready, changed, one.scenario, progress=noise_part))
    # of several together each has told its own
    notes = [_told(fault) for fault in found] if len(one.members) == 1 else []
    notes += left_without(one.name, ready, before, openings)
    return dataclasses.replace(one, after=after, crossings=crossings, notes=tuple(notes))


def _only(scenario: Scenario) -> Literal["adds", "closes"] | None:
    """Tell whether a proposal only adds ways, or only closes them."""
    from bykobling.scenario import AddCrossing, AddLink, RemoveLink  # noqa: PLC0415 - beside its only use
    from bykobling.scenario.modifications import STREET_CHANGES  # noqa: PLC0415

    kinds = [type(each) for each in scenario.modifications if isinstance(each, STREET_CHANGES)]
    if all(kind in {AddCrossing, AddLink} for kind in kinds):
        return "adds"
    return "closes" if all(kind is RemoveLink for kind in kinds) else None


def _changed(
    ready: Prepared, scenario: Scenario, found: list[Fault]
) -> tuple[tuple[Openings, ...], list[NDArray[np.int64]]]:
    """Build a proposal into every network, and tell the nodes where it does."""
    if not scenario.changes_streets:
        return ready.openings, [np.empty(0, np.int64) for _ in ready.openings]
    changed, touched = [], []
    for one in ready.openings:
        network = scenario.apply(one.network, barriers=ready.barriers, faults=found)
        changed.append(dataclasses.replace(one, network=same_streets(one.network, network)))
        nodes = np.asarray(scenario.touched_nodes(one.network, barriers=ready.barriers), np.int64)
        if any(isinstance(each, ChangeSpeed) for each in scenario.modifications):
            # who lives along a slowed street may be far from both its ends
            nodes = np.arange(one.network.node_count)
        touched.append(nodes)
    return tuple(changed), touched


def _within_a_walk(ready: Prepared, openings: Sequence[Openings], touched: Sequence[NDArray[np.int64]]) -> bool:
    """Tell whether anybody, or any stop, is within an hour of what changes."""
    points = [ready.everybody.geometry.to_numpy()]
    day = ready.inputs.day
    if day is not None:
        where = gpd.GeoSeries(gpd.points_from_xy(day.timetable.link_lon, day.timetable.link_lat), crs=4326)
        points.append(where.to_crs(openings[0].network.crs).to_numpy())
    places = np.concatenate(points)
    for one, nodes in zip(openings, touched, strict=True):
        if len(nodes):
            snapped = one.network.snap(places)
            if within_reach(one.network, snapped, nodes, _LONGEST_WALK_S).any():
                return True
    return False


def _assessment(study: Study, ready: Prepared, before: State, measured: Sequence[_Proposal]) -> Assessment:
    """Compare every proposal with things as they are."""
    parts: dict[str, list[Any]] = {name: [] for name in _TABLES}
    rows: dict[str, dict[str, Any]] = {}
    told: list[Note] = []
    for one in measured:
        after = one.after
        if after is None:
            continue
        areas = changed_areas(one.name, before, after)
        gaps, closed, comparable = changed_gaps(one.name, before, after)
        parts["areas"].append(areas)
        parts["residents"].append(changed_homes(one.name, before, after))
        parts["who"].append(who_changes(one.name, before, after))
        parts["groups"].append(changed_groups(one.name, before, after, list(areas["indicator"].unique())))
        parts["thresholds"].append(thresholds(one.name, before, after, study.profile.standards))
        parts["times"].append(minutes(one.name, before, after, walk_m_s=study.walk.profile.speed_m_s))
        parts["gaps"].append(gaps)
        parts["spacing"].append(changed_spacing(one.name, ready, one.crossings))
        sums = summary_row(before, after, closed=closed, comparable=comparable)
        rows[one.name] = {"members": len(one.members), **sums}
        told += elsewhere(one.name, rows[one.name])
    # pandas cannot tell the types of a table of nothing
    tables = {
        name: pd.concat([one for one in some if len(one)] or some[:1], ignore_index=True)
        for name, some in parts.items()
    }
    summary = pd.DataFrame.from_dict(rows, orient="index").rename_axis("proposal")
    areas = ready.inputs.areas
    return Assessment(
        title=study.title,
        cutoff_min=float(before.effects[0].cutoffs_min[-1]),
        proposals=proposal_layer([one.scenario for one in measured if len(one.members) == 1], crs=areas.crs),
        summary=summary,
        areas=tables["areas"],
        residents=gpd.GeoDataFrame(tables["residents"], geometry="geometry", crs=areas.crs),
        who=tables["who"],
        groups=tables["groups"],
        thresholds=tables["thresholds"],
        times=tables["times"],
        gaps=tables["gaps"],
        interaction=_interaction(measured, summary["mean_reach_gain"]),
        spacing=tables["spacing"],
        barriers=ready.barriers[["name", "kind", "headline", "geometry"]],
        streets=assemble.street_table(ready.walking.network),
        area_shapes=areas[["name", "group", "geometry"]],
        notes=(*_notes(ready, before, measured), *told),
    )


def _interaction(measured: Sequence[_Proposal], gain: pd.Series[float]) -> pd.DataFrame:
    """Tell of every two proposals what they give together beyond what each gives alone."""
    rows = []
    for one in measured:
        if len(one.members) == 2:
            first, other = one.members
            alone, together = (float(gain[first]), float(gain[other])), float(gain[one.name])
            rows.append(
                {
                    "proposal": first, "other": other, "alone": alone[0], "other_alone": alone[1],
                    "together": together, "interaction": together - sum(alone),
                }
            )  # fmt: skip
    return table("interaction", rows)


def _notes(ready: Prepared, before: State, measured: Sequence[_Proposal]) -> tuple[Note, ...]:
    """Gather what was assumed and is missing, each sentence once."""
    notes = [*input_notes(ready), *ready.assumed]
    notes += before.profile.notes if before.profile is not None else ()
    notes += before.transit.notes if before.transit is not None else ()
    text = (
        "Residents, places and barriers stay as they are: only the ways change. The share recovered is the reach "
        "gained over the reach that roads, railways and closed land take today."
    )
    notes.append(Note("assumed", text))
    notes += closing_notes([one.scenario for one in measured])
    notes += before.noise.notes if before.noise is not None else ()
    notes += traffic_notes([one.scenario for one in measured])
    notes += climb_notes([one.scenario for one in measured])
    if any(one.after is not None and "walk_to_station_m" in one.after.people for one in measured):
        notes.append(Note("assumed", "Minutes to a station are its metres at walking speed, without waiting."))
    notes += [note for one in measured for note in one.notes]
    return tuple(dict.fromkeys(notes))
