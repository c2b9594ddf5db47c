"""How fast one goes along a new link: level, climbing, on stairs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from bykobling._types import WALKER
from bykobling.network.climbs import CLIMB_S
from bykobling.network.delays import CrossingDelays
from bykobling.scenario.modifications import AddCrossing

if TYPE_CHECKING:
    from bykobling._types import Profile
    from bykobling.scenario.model import Scenario
    from bykobling.scenario.modifications import AddLink, LinkKind

_TOBLER, _TOBLER_BEST = 3.5, 0.05
_CYCLE_LEVEL_KMH, _CYCLE_UP_KMH, _CYCLE_DOWN_KMH = 21.6, 1.44, 0.86
_CYCLE_FASTEST = 1.4


def walking_share(gradient_pct: float) -> float:
    """Return walking speed on a gradient as a share of that on the level, ``exp(-3.5 (|s + 0.05| - 0.05))``.

    Parameters
    ----------
    gradient_pct : float
        Gradient in the direction walked, percent; above 0 climbs.

    Returns
    -------
    float
        1 on the level; greatest, 1.19, on a gentle descent of 5 %.

    Notes
    -----
    Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA 93-1; ``s`` is the slope as a
    ratio. His speed on the level (5.04 km/h) is replaced by that of the profile.

    Examples
    --------
    >>> [round(walking_share(pct), 2) for pct in (-5, 0, 5, 10)]
    [1.19, 1.0, 0.84, 0.7]
    """
    return math.exp(-_TOBLER * (abs(gradient_pct / 100 + _TOBLER_BEST) - _TOBLER_BEST))


def cycling_share(gradient_pct: float) -> float:
    """Return cycling speed on a gradient as a share of that on the level.

    Parameters
    ----------
    gradient_pct : float
        Gradient in the direction ridden, percent; above 0 climbs.

    Returns
    -------
    float
        1 on the level, at most 1.4.

    Notes
    -----
    Parkin and Rotheram (2010), Transport Policy 17(5), doi 10.1016/j.tranpol.2010.03.001: 21.6 km/h on the level,
    1.44 km/h less for each percent up, 0.86 km/h more for each percent down. Nobody gains more than 40 % (assumed).

    Examples
    --------
    >>> [round(cycling_share(pct), 2) for pct in (-5, 0, 5)]
    [1.2, 1.0, 0.67]
    """
    change_kmh = -_CYCLE_UP_KMH if gradient_pct > 0 else -_CYCLE_DOWN_KMH
    return max(0.0, min(_CYCLE_FASTEST, 1 + change_kmh * gradient_pct / _CYCLE_LEVEL_KMH))


def delay_of(link: AddLink) -> float:
    """Return the seconds lost on a new link: its own, else those of its kind.

    Parameters
    ----------
    link : AddLink
        As drawn.

    Returns
    -------
    float
        Seconds, either way. A ramp of which the gradient is told loses none: the gradient is its climb, while a bridge
        or underpass goes up and down between two ends.

    Examples
    --------
    >>> import shapely
    >>> from bykobling.scenario import AddLink
    >>> line = shapely.LineString([(0, 0), (80, 0)])
    >>> [delay_of(AddLink(line, kind, **more)) for kind, more in (("bridge", {}), ("bridge", {"delay_s": 0.0}))]
    [15.0, 0.0]
    """
    if link.delay_s is not None:
        return link.delay_s
    return 0.0 if link.kind == "ramp" and link.gradient_pct is not None else CLIMB_S[link.kind]


def with_waits(scenario: Scenario, delays: CrossingDelays) -> Scenario:
    """Let new crossings cost what a study says its crossings cost.

    Parameters
    ----------
    scenario : Scenario
        Left as it is.
    delays : CrossingDelays
        Of the study.

    Returns
    -------
    Scenario
        Crossings without seconds of their own have those of their kind; a kind of which the study tells none is left
        to what is worked out where it is built.

    Examples
    --------
    >>> import shapely
    >>> from bykobling.network.delays import CrossingDelays
    >>> from bykobling.scenario import AddCrossing, Scenario
    >>> proposal = Scenario((AddCrossing(shapely.Point(0, 0), kind="zebra"),))
    >>> with_waits(proposal, CrossingDelays(zebra=4.5)).modifications[0].delay_s
    4.5
    """
    if delays == CrossingDelays():
        return scenario
    changes = tuple(
        replace(each, delay_s=getattr(delays, each.kind))
        if isinstance(each, AddCrossing) and each.delay_s is None
        else each
        for each in scenario.modifications
    )
    return replace(scenario, modifications=changes)


def link_seconds(
    length_m: float, *, kind: LinkKind, profile: Profile, delay_s: float, gradient_pct: float | None
) -> tuple[float, float]:
    """Return the seconds along a new link, as it is drawn and back.

    Parameters
    ----------
    length_m : float
        Metres from street to street.
    kind : str
        Stairs are taken at the speed on steps, whatever their gradient.
    profile : Profile
        Who travels.
    delay_s : float
        Seconds lost on the way.
    gradient_pct : float or None
        Mean gradient as drawn, percent.

    Returns
    -------
    tuple of float
        Seconds, not rounded. A cyclist for whom it is too steep walks up, pushing.

    Examples
    --------
    >>> from bykobling._types import WALKER
    >>> link_seconds(80.0, kind="bridge", profile=WALKER, delay_s=0.0, gradient_pct=None)
    (60.0, 60.0)
    """
    if kind == "stairs":
        seconds = length_m / (profile.steps_speed_kmh / 3.6) + delay_s
        return seconds, seconds
    gradient = gradient_pct or 0.0
    forward, backward = (length_m / _speed_m_s(profile, pct) + delay_s for pct in (gradient, -gradient))
    return forward, backward


def _speed_m_s(profile: Profile, gradient_pct: float) -> float:
    """Return the speed of a profile on a gradient."""
    if profile.mode == "walk":
        return profile.speed_m_s * walking_share(gradient_pct)
    if gradient_pct == 0:
        return profile.speed_m_s
    pushing = WALKER.speed_m_s * walking_share(gradient_pct)
    return max(profile.speed_m_s * cycling_share(gradient_pct), min(pushing, profile.speed_m_s))
