"""Find where connections would pay most: candidates, their gains, the best apart and together."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bykobling.errors import Fault, StudyError
from bykobling.links import (
    LINK_KINDS,
    choose_links,
    demand_on,
    find_candidates,
    link_kind_table,
    pair_interaction,
    score_candidates,
    spheres_of_influence,
)
from bykobling.links.candidates import MIN_DETOUR
from bykobling.links.kinds import with_delays
from bykobling.network import reach_sums
from bykobling.results import FoundLinks
from bykobling.severance import category_weights
from bykobling.study import find_tables
from bykobling.study.assemble import street_table
from bykobling.study.find_stability import other_gains
from bykobling.study.find_times import minutes_saved
from bykobling.study.find_ways import found_ways
from bykobling.study.prepare import input_notes, prepare_study
from bykobling.study.provenance import run_record
from bykobling.study.run import PREPARE_SHARES, measure_effect, settings_of
from bykobling.study.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from bykobling._types import Mode, Progress
    from bykobling.links import Demand, LinkCandidates, LinkGains, LinkKind
    from bykobling.study.model import Study

BEST = 10
"""So many are told with a map of who gains, and in pairs."""

POOL = 40
"""Sets are chosen among so many of the best."""


@dataclass(frozen=True)
class FindSettings:
    """How to look for connections.

    Parameters
    ----------
    mode : {"walk", "bike"}
        How residents move.
    min_detour : float
        Least way round, over the straight line.
    street_gaps : bool
        Whether gaps between streets count, besides ways across barriers.
    steps : int
        How many connections to choose one after the other.
    budget_dkk : float or None
        What they may cost together.
    kinds : mapping
        Costs, seconds and longest lengths by kind.
    """

    mode: Mode = "walk"
    min_detour: float = MIN_DETOUR
    street_gaps: bool = True
    steps: int = 5
    budget_dkk: float | None = None
    kinds: Mapping[str, LinkKind] = dataclasses.field(default_factory=lambda: LINK_KINDS)


def find_study(study: Study, *, settings: FindSettings | None = None, progress: Progress | None = None) -> FoundLinks:
    """Rank every connection that could be built by what it gives the residents. Nothing is written.

    Parameters
    ----------
    study : Study
        From `read_study`.
    settings : FindSettings, optional
        How to look.
    progress : callable, optional
        ``progress(done, total, message)``; raising `Cancelled` in it stops the search.

    Returns
    -------
    FoundLinks
        Best first; without a row where no connection gives anybody anything.

    Raises
    ------
    StudyError
        With every error in the inputs and settings.

    Notes
    -----
    METRICS.md section 6: candidates (`find_candidates`), exact gains of each alone (`link_gains`), the best of those
    that do the same (`spheres_of_influence`), greedy sets (`choose_links`).
    """
    asked = settings or FindSettings()
    _check(study, asked)
    asked = dataclasses.replace(asked, kinds=with_delays(asked.kinds, study.delays))
    steps = Steps(progress, PREPARE_SHARES | {"effect": 30, "candidates": 5, "score": 30, "sets": 15, "tables": 20})
    ready = prepare_study(study, steps)
    openings = next(one for one in ready.openings if one.network.mode == asked.mode)
    with steps.step("effect", "measuring the barrier effect") as inner:
        effect = measure_effect(study, ready, openings, progress=inner)
    with steps.step("candidates", "looking for connections") as inner:
        candidates, counts = find_candidates(
            openings, ready.barriers,
            buildings=ready.inputs.extract.buildings, extent=ready.inputs.extract.extent, kinds=asked.kinds,
            min_detour=asked.min_detour, street_gaps=asked.street_gaps, progress=inner,
        )  # fmt: skip
    with steps.step("score", "scoring connections") as inner:
        demand = demand_on(
            candidates.openings, ready.everybody, ready.inputs.destinations, ready.inputs.areas.index,
            weights=category_weights(ready.inputs.destinations, factors=study.destinations_osm.weights),
            cutoffs_min=settings_of(study, openings).cutoffs_min,
        )  # fmt: skip
        gains = score_candidates(candidates, demand, progress=inner)
        worth = gains.gain[:, :, -1, 0].sum(axis=0)
        useful = np.flatnonzero(worth > 0)
        counts["no_resident_gains"] = len(candidates) - len(useful)
        apart = useful[spheres_of_influence(candidates.take(useful), worth[useful])]
        counts["beside_a_better_one"] = len(useful) - len(apart)
        counts["ranked"] = len(apart)
    best = candidates.take(apart)
    with steps.step("sets", "combining connections") as inner:
        sets = choose_links(best.take(np.arange(min(POOL, len(best)))), demand, steps=asked.steps,
                            budget_dkk=asked.budget_dkk, progress=inner)  # fmt: skip
        top = best.take(np.arange(min(BEST, len(best))))
        pairs = pair_interaction(top, demand, progress=inner)
        trials = other_gains(best, demand, ready.inputs.destinations["category"].to_numpy(object))
    with steps.step("tables", "telling who gains") as inner:
        found = find_tables.Found(best, gains.take(apart), _before(best, gains, demand), demand, effect, trials)
        areas = ready.inputs.areas
        links = find_tables.link_table(found, areas, ready.barriers, kinds=asked.kinds, language=study.language)
        saved = minutes_saved(top, demand, ready.inputs.destinations)
        ways = found_ways(study, ready, links.iloc[: len(top)], progress=inner)
        links = links.join([saved.set_axis(links.index[: len(top)]), ways.links])
        homes = score_candidates(top, demand, by_home=True)
        result = FoundLinks(
            title=study.title,
            mode=asked.mode,
            cutoff_min=demand.cutoffs_min[-1],
            links=links,
            areas=find_tables.area_table(found, areas),
            sets=find_tables.set_table(sets, links),
            interaction=find_tables.pair_table(pairs, links),
            homes=find_tables.home_table(found, homes, ready.everybody),
            entries=ways.entries,
            barriers=ready.barriers[["name", "kind", "headline", "geometry"]],
            streets=street_table(openings.network),
            area_shapes=areas[["name", "group", "geometry"]],
            kinds=link_kind_table(asked.kinds),
            counts=counts,
            notes=(*input_notes(ready), *ready.assumed, *find_tables.notes(found, areas, asked.kinds), *ways.notes),
        )
    steps.finish()
    run = run_record(study, seconds=steps.seconds, crs=areas.crs.to_string(), counts=counts)
    run["find"] = {
        "mode": asked.mode,
        "min_detour": asked.min_detour,
        "street_gaps": asked.street_gaps,
        "steps": asked.steps,
        "budget_dkk": asked.budget_dkk,
    }
    return dataclasses.replace(result, run=run)


def save_found(found: FoundLinks, study: Study, *, folder: Path | None = None) -> Path:
    """Write the connections found, their GeoPackage and their report, all or none.

    Parameters
    ----------
    found : FoundLinks
        From `find_study`.
    study : Study
        Tells language and folder.
    folder : Path, optional
        Where to write; ``links`` beside the study's results by default.

    Returns
    -------
    Path
        The folder written.

    Raises
    ------
    OutputError
        When it cannot be written; earlier files are then untouched.
    """
    from bykobling.export import atomic_folder  # noqa: PLC0415 - finding needs no writing
    from bykobling.export.found_folder import write_found  # noqa: PLC0415
    from bykobling.report.links import write_links_report  # noqa: PLC0415 - matplotlib is slow to load

    target = folder or study.results.with_name("links")
    with atomic_folder(target) as staging:
        write_found(found, staging, language=study.language)
        write_links_report(found, staging / "links.html", language=study.language)
    return target


def _before(links: LinkCandidates, gains: LinkGains, demand: Demand) -> NDArray[np.float64]:
    """Complete the reach of homes with those no candidate is near to."""
    before = gains.before.copy()
    far = np.flatnonzero(np.isnan(before[:, 0, 0]))
    if len(far):
        network = links.openings.network
        before[far] = reach_sums(network, demand.homes.take(far), demand.destinations, demand.weights, demand.cutoffs_s)
    return before


def _check(study: Study, asked: FindSettings) -> None:
    """Refuse settings nothing can be found with."""
    faults = []
    if asked.mode == "bike" and not study.bike.enabled:
        faults.append(Fault(study.path.name, "[bike]", "bicycles are not measured", "set enabled = true, or walk"))
    if not asked.min_detour >= 1:
        faults.append(
            Fault("min_detour", "", f"{asked.min_detour} is below 1", "no way is shorter than the straight one")
        )
    if asked.steps < 1:
        faults.append(Fault("steps", "", f"{asked.steps} is below 1", "choose one or more"))
    if asked.budget_dkk is not None and not asked.budget_dkk > 0:
        faults.append(Fault("budget_dkk", "", f"{asked.budget_dkk} is not above 0", "leave it out for no limit"))
    if faults:
        raise StudyError(faults)
