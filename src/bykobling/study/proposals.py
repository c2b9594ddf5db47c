"""Proposals as given to an assessment: read where they are files, and checked all together."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from bykobling.errors import Fault, StudyError
from bykobling.scenario import read_scenarios, with_gradients
from bykobling.scenario.speeds import with_waits
from bykobling.study.assess_noise import traffic_proposal_faults

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling.scenario import Scenario
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared


def given_proposals(
    study: Study, ready: Prepared, proposals: Sequence[Scenario | Path], *, dem: Path | None = None
) -> tuple[tuple[Scenario, ...], tuple[Fault, ...]]:
    """Read and check proposals.

    Parameters
    ----------
    study : Study
        Whether noise is estimated.
    ready : Prepared
        Networks, timetable, barriers and buildings.
    proposals : sequence of Scenario or Path
        Proposals, or files of them.
    dem : Path, optional
        A raster of heights in metres, for the gradient of new links that have none of their own.

    Returns
    -------
    scenarios : tuple of Scenario
        All of them.
    warnings : tuple of Fault
        What is odd about them.

    Raises
    ------
    StudyError
        With every error of every file and proposal.
    """
    found: list[Fault] = []
    scenarios: list[Scenario] = []
    for one in proposals:
        if isinstance(one, str | os.PathLike):
            scenarios += read_scenarios(one, crs=ready.inputs.areas.crs, faults=found)
        else:
            scenarios.append(one)
    if dem is not None:
        crs = ready.inputs.areas.crs
        scenarios = [with_gradients(one, dem, crs=crs, faults=found) for one in scenarios]
    scenarios = [with_waits(one, study.delays) for one in scenarios]
    found += proposal_faults(study, ready, scenarios)
    if any(fault.severity == "error" for fault in found):
        raise StudyError(found)
    return tuple(scenarios), tuple(found)


def proposal_faults(study: Study, ready: Prepared, scenarios: Sequence[Scenario]) -> list[Fault]:
    """Find everything wrong with proposals, all at once.

    Parameters
    ----------
    study : Study
        Whether noise is estimated.
    ready : Prepared
        Networks, timetable, barriers and buildings.
    scenarios : sequence of Scenario
        Proposals.

    Returns
    -------
    list of Fault
        Errors and warnings.
    """
    found: list[Fault] = []
    if not scenarios:
        found.append(Fault("proposals", "", "there is none", "give one or more"))
    names = [one.name for one in scenarios]
    for number, name in enumerate(names, start=1):
        if not name.strip():
            found.append(Fault("proposals", f"proposal {number}", "it has no name", "name it"))
        elif name in names[: number - 1]:
            found.append(Fault("proposals", f"proposal {number}", f"the name {name!r} is taken", "name it otherwise"))
    day = ready.inputs.day
    networks = [one.network for one in ready.openings]
    for one in scenarios:
        if one.changes_timetable and day is None:
            rule, remedy = "it changes public transport, and the study has no timetable", "add [transit] to the study"
            found.append(Fault(one.name, "", rule, remedy))
            continue
        found += one.check(
            networks,
            None if day is None else day.timetable,
            barriers=ready.barriers,
            buildings=ready.inputs.extract.buildings,
        )
        found += traffic_proposal_faults(study, ready, one)
    return found
