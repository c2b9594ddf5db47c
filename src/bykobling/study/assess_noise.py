"""What a proposal's motor traffic changes of noise: estimated before and after, home by home."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from bykobling.errors import Fault
from bykobling.results import Note
from bykobling.scenario.traffic import apply_traffic, changed_values, traffic_changes
from bykobling.study.noise import measure_noise
from bykobling.study.noise_maps import screened_maps, sounding_streets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bykobling._types import Progress
    from bykobling.scenario import Scenario
    from bykobling.study.assess_state import State
    from bykobling.study.model import Study
    from bykobling.study.prepare import Prepared


def heard(
    study: Study, ready: Prepared, state: State, scenario: Scenario | None = None, *, progress: Progress
) -> State:
    """Estimate noise as it is, or with a proposal that changes motor traffic.

    Parameters
    ----------
    study : Study
        How to estimate it.
    ready : Prepared
        Homes and streets.
    state : State
        What else was measured.
    scenario : Scenario, optional
        The proposal; where it changes no traffic the state stays as it is: nobody hears a path.
    progress : callable
        ``progress(done, total, message)``.

    Returns
    -------
    State
        With ``noise``.
    """
    if study.noise_screening is None or (scenario is not None and not scenario.changes_traffic):
        return state
    streets = sounding_streets(ready.inputs.extract, ready.big)
    driven = streets[streets["drive"].to_numpy(bool)]
    if scenario is not None:
        streets = apply_traffic(scenario, streets)
    maps = screened_maps(study.noise_screening, ready.inputs.extract, streets)
    # homes stay beside the streets there are, so that nobody moves by a proposal
    noise = measure_noise(maps, ready.inputs, ready.residents, driven, progress=progress)
    return dataclasses.replace(state, noise=noise)


def traffic_proposal_faults(study: Study, ready: Prepared, scenario: Scenario) -> list[Fault]:
    """Find what of a proposal's motor traffic cannot be heard.

    Parameters
    ----------
    study : Study
        Whether noise is estimated.
    ready : Prepared
        Streets.
    scenario : Scenario
        The proposal.

    Returns
    -------
    list of Fault
    """
    if not scenario.changes_traffic:
        return []
    if study.noise_screening is None:
        rule = "it changes motor traffic, and the study estimates no noise"
        return [Fault(scenario.name, "", rule, "add [noise_screening] to the study")]
    found: list[Fault] = []
    apply_traffic(scenario, sounding_streets(ready.inputs.extract, ready.big), found)
    return found


def traffic_notes(scenarios: Sequence[Scenario]) -> list[Note]:
    """Say what motor traffic proposals assume, and what their change of noise is worth.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The proposals.

    Returns
    -------
    list of Note
        None where traffic stays as it is.
    """
    notes = [
        Note("assumed", f"{one.name}: motor traffic afterwards is as the proposal says ({'; '.join(told)}).")
        for one in scenarios
        if (told := changed_values(traffic_changes(one)))
    ]
    if notes:
        text = (
            "Changes of noise are differences of two estimates of +-5 dB each: what both have wrong cancels, so they "
            "are surer than the levels. Traffic that moves to other streets counts only where the proposal says so."
        )
        notes.append(Note("assumed", text))
    return notes
