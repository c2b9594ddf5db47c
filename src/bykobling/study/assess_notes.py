"""What to know before using the numbers of a proposal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bykobling.results import Note
from bykobling.scenario import AddLink
from bykobling.scenario.speeds import delay_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bykobling.barriers import Openings
    from bykobling.scenario import Scenario
    from bykobling.study.assess_state import State
    from bykobling.study.prepare import Prepared

_ELSEWHERE_SHARE = 0.02
"""From this difference on between what is gained and what barriers take less, a note tells of it."""

_MOST = 0.5


def left_without(name: str, ready: Prepared, before: State, openings: Sequence[Openings]) -> list[Note]:
    """Tell of residents who cannot be compared, since a street to their home comes or goes.

    Parameters
    ----------
    name : str
        Of the proposal.
    ready : Prepared
        Residents.
    before : State
        Without it.
    openings : sequence of Openings
        Networks with it, walking first.

    Returns
    -------
    list of Note
    """
    linked = openings[0].network.snap(ready.residents.geometry, walls=openings[0].walls).linked
    people = ready.residents["residents"].to_numpy(float)
    was = ~np.isnan(before.reach)
    notes = []
    if people[was & ~linked].any():
        text = (
            f"With {name}, {people[was & ~linked].sum():,.0f} residents have no street left within reach of their "
            "home: they count as reaching nothing on the barrier effect, and are left out of other measures."
        )
        notes.append(Note("unlinked", text))
    if people[linked & ~was].any():
        text = (
            f"With {name}, {people[linked & ~was].sum():,.0f} residents are joined to the streets who were not before: "
            "there is nothing to compare them with, so they are left out."
        )
        notes.append(Note("unlinked", text))
    return notes


def elsewhere(name: str, row: dict[str, Any]) -> list[Note]:
    """Say where what is gained or lost is not what roads, railways and closed land take.

    Parameters
    ----------
    name : str
        Of the proposal.
    row : dict
        Its row of `Assessment.summary`.

    Returns
    -------
    list of Note
    """
    share = row["recovered_share"]
    taken_back = 1.0 - row["effect_after"] / row["effect_before"] if row["effect_before"] > 0 else 0.0
    if not abs(share - taken_back) > _ELSEWHERE_SHARE or share == 0 or taken_back / share >= _MOST:
        return []
    verb, done = ("gain", "gained") if share > 0 else ("lose", "lost")
    text = (
        f"With {name} residents {verb} reach worth {abs(share):.0%} of what roads, railways and closed land take, but "
        f"the barrier effect goes from {row['effect_before']:.2%} to {row['effect_after']:.2%}: most of what is {done} "
        "has to do with water, with height or with how streets meet, not with them."
    )
    return [Note("assumed", text, ("recovered_share", "effect_after"))]


def closing_notes(scenarios: Sequence[Scenario]) -> list[Note]:
    """Tell what of the crossings follows a proposal, and what does not.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Proposals.

    Returns
    -------
    list of Note
        One sentence where any changes streets, or none.
    """
    if not any(one.changes_streets for one in scenarios):
        return []
    text = (
        "New bridges, underpasses and crossings count in the spacing of crossings and in the waits at them, and closed "
        "ones no more. How divided the land is goes by the barriers alone: it does not change with a connection."
    )
    names = ("crossing_spacing_m", "crossing_beyond_200m_share", "crossing_delay_s", "division_index")
    return [Note("assumed", text, names)]


def climb_notes(scenarios: Sequence[Scenario]) -> list[Note]:
    """Tell the seconds that new links take beyond their length, where nobody gave them.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Proposals.

    Returns
    -------
    list of Note
        One sentence, or none.
    """
    links = [each for one in scenarios for each in one.modifications if isinstance(each, AddLink)]
    taken = {each.kind: delay_of(each) for each in links if each.delay_s is None and delay_of(each) > 0}
    if not taken:
        return []
    told = ", ".join(f"{kind} {seconds:g} s" for kind, seconds in sorted(taken.items()))
    return [
        Note("assumed", f"Seconds lost on new links beyond their length, assumed by kind: {told}; delay_s gives them.")
    ]


def height_notes(dem: Path | None, scenarios: Sequence[Scenario]) -> list[Note]:
    """Tell which gradients new links have, where a raster of heights was given.

    Parameters
    ----------
    dem : Path or None
        The raster.
    scenarios : sequence of Scenario
        Proposals, with the gradients it gave.

    Returns
    -------
    list of Note
        One sentence, or none.
    """
    if dem is None:
        return []
    told = [
        f"{one.name} {each.gradient_pct:.1f} %"
        for one in scenarios
        for each in one.modifications
        if isinstance(each, AddLink) and each.gradient_pct is not None
    ]
    return [Note("source", f"Gradients of new links, their own or from {dem.name}: {', '.join(told) or 'none'}.")]
