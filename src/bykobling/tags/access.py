"""Who may use a way: on foot, by bicycle, by car."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bykobling.tags.values import Tags

ABSENT_HIGHWAYS = frozenset(
    {"proposed", "planned", "construction", "abandoned", "razed", "demolished", "removed", "disused", "no",
     "dismantled", "historic", "rest_area", "services", "emergency_bay", "crossing", "bus_stop", "street_lamp",
     "milestone", "speed_camera", "traffic_mirror"}
)  # fmt: skip
"""Values of ``highway`` on ways that are no street one could stand on today."""

WALK_HIGHWAYS = frozenset(
    {"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary",
     "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track", "footway",
     "pedestrian", "path", "steps", "cycleway", "bridleway", "corridor", "elevator", "platform", "ferry",
     "ladder", "byway"}
)  # fmt: skip
"""Classes open on foot unless a tag forbids it; ``corridor`` is public unless access says private or no."""

BIKE_HIGHWAYS = frozenset(
    {"trunk", "trunk_link", "primary", "primary_link", "secondary", "secondary_link", "tertiary",
     "tertiary_link", "unclassified", "residential", "living_street", "service", "road", "track", "path",
     "cycleway", "ferry", "byway"}
)  # fmt: skip
"""Classes open to bicycles unless a tag forbids it."""

DRIVE_HIGHWAYS = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary",
     "secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street", "service",
     "road"}
)  # fmt: skip
"""Classes motor vehicles generally use."""

SQUARE_HIGHWAYS = frozenset({"pedestrian", "footway", "path", "living_street", "platform", "corridor", "cycleway"})
"""Classes that, drawn as an area, are a square one walks across."""

YES = frozenset(
    {"yes", "designated", "permissive", "destination", "public", "official", "customers", "allowed", "limited", "1"}
)
"""Access values that let a passer-by through."""

NO = frozenset(
    {"no", "private", "permit", "use_sidepath", "restricted", "residents", "employees", "staff", "military",
     "forestry", "agricultural", "agriculture", "delivery", "emergency", "psv", "bus", "closed", "impassable", "0"}
)  # fmt: skip
"""Access values that do not."""

_ONEWAY_YES = frozenset({"yes", "1", "true"})
_ONEWAY_BACK = frozenset({"-1", "reverse"})
_FULL_WIDTH = frozenset(
    {"gate", "sliding_gate", "wicket_gate", "hampshire_gate", "door", "wall", "fence", "hedge", "sliding_beam",
     "full-height_turnstile", "turnstile", "swing_gate", "security_checkpoint", "city_gate", "entrance"}
)  # fmt: skip
"""Barriers at a node that fill the width of the way, so that general access rules hold for walkers too."""
_BIKE_STOPPERS = frozenset({"kissing_gate", "stile", "turnstile", "full-height_turnstile", "step", "steps"})
"""Barriers at a node no bicycle passes unless ``bicycle`` says so."""


def _verdict(tags: Tags, *keys: str) -> bool | None:
    """Take the first of the keys, most specific first, that says yes or no."""
    for key in keys:
        value = tags.get(key)
        if value in YES:
            return True
        if value in NO:
            return False
    return None


def street_class(tags: Tags) -> str | None:
    """Name the class of a street way: ``highway``, or platform or ferry; None where it is no street today.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    str or None
        A value of ``highway``, ``platform`` or ``ferry``.

    Examples
    --------
    >>> street_class({"railway": "platform"})
    'platform'
    >>> street_class({"highway": "proposed"}) is None
    True
    """
    highway = tags.get("highway")
    if highway is not None:
        return None if highway in ABSENT_HIGHWAYS else highway
    if tags.get("railway") == "platform" or tags.get("public_transport") == "platform":
        return "platform"
    return "ferry" if tags.get("route") == "ferry" else None


def is_street(tags: Tags, *, ferries: bool = False) -> bool:
    """Tell whether the way belongs in the streets table.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.
    ferries : bool, optional
        Whether a ferry is a street.

    Returns
    -------
    bool
        False for what is planned or gone.
    """
    kind = street_class(tags)
    return kind is not None and (ferries or kind != "ferry")


def walk_allowed(tags: Tags) -> bool:
    """Tell whether one may walk along the way.

    ``foot`` decides, then ``motorroad`` and the class, then ``access``. A sidewalk opens a class that is closed.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        True where nothing forbids it.

    Examples
    --------
    >>> walk_allowed({"highway": "footway"}), walk_allowed({"highway": "motorway"})
    (True, False)
    >>> walk_allowed({"highway": "service", "access": "private"})
    False
    """
    foot = _verdict(tags, "foot")
    if foot is not None:
        return foot
    kind = street_class(tags)
    if kind is None or tags.get("motorroad") == "yes":
        return False
    if kind not in WALK_HIGHWAYS:
        has_sidewalk = tags.get("sidewalk") in {"yes", "both", "left", "right"}
        return has_sidewalk and kind not in {"motorway", "motorway_link"}
    return _verdict(tags, "access") is not False


def bike_allowed(tags: Tags) -> tuple[bool, bool]:
    """Tell whether one may cycle the way, in its direction and against it.

    Pushing a bicycle is not modelled: ``dismount`` is no. Steps, footways and squares need an explicit yes.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    tuple of bool
        In the direction the way is drawn, and against it.

    Examples
    --------
    >>> bike_allowed({"highway": "residential", "oneway": "yes"})
    (True, False)
    >>> bike_allowed({"highway": "residential", "oneway": "yes", "oneway:bicycle": "no"})
    (True, True)
    """
    if not _bike_at_all(tags):
        return False, False
    forward, backward = _bike_directions(tags)
    for key, ahead in (("bicycle:forward", True), ("bicycle:backward", False)):
        said = _verdict(tags, key)
        if said is not None:
            forward, backward = (said, backward) if ahead else (forward, said)
    return forward, backward


def _bike_at_all(tags: Tags) -> bool:
    value = tags.get("bicycle")
    if value == "dismount":
        return False
    said = _verdict(tags, "bicycle")
    if said is not None:
        return said
    kind = street_class(tags)
    if kind is None or tags.get("motorroad") == "yes":
        return False
    if kind not in BIKE_HIGHWAYS:
        return False
    return _verdict(tags, "vehicle", "access") is not False


def _bike_directions(tags: Tags) -> tuple[bool, bool]:
    """Apply one-way rules: the bicycle's own, then contraflow lanes, then those of all traffic."""
    own = tags.get("oneway:bicycle")
    if own in _ONEWAY_YES:
        return True, False
    if own in _ONEWAY_BACK:
        return False, True
    if own == "no" or not is_oneway(tags):
        return True, True
    reverse = tags.get("oneway") in _ONEWAY_BACK
    if _contraflow(tags, reverse=reverse):
        return True, True
    return (False, True) if reverse else (True, False)


def _contraflow(tags: Tags, *, reverse: bool) -> bool:
    for side in ("", ":left", ":right", ":both"):
        if tags.get(f"cycleway{side}", "").startswith("opposite"):
            return True
        lane = tags.get(f"cycleway{side}:oneway") if side else None
        if lane == "no" or (lane in _ONEWAY_BACK and not reverse) or (lane in _ONEWAY_YES and reverse):
            return True
    return False


def is_oneway(tags: Tags) -> bool:
    """Tell whether general traffic may use the way in one direction alone.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        True for roundabouts and motorways too, unless a tag says no.
    """
    value = tags.get("oneway")
    if value in _ONEWAY_YES or value in _ONEWAY_BACK:
        return True
    if value == "no":
        return False
    return tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"


def drivable(tags: Tags) -> bool:
    """Tell whether motor vehicles generally use the way (destination traffic counts, locked ways do not).

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        True where the class carries motor vehicles and no tag forbids them.
    """
    if street_class(tags) not in DRIVE_HIGHWAYS:
        return False
    return _verdict(tags, "motor_vehicle", "motorcar", "vehicle", "access") is not False


def sidewalk_separate(tags: Tags) -> bool:
    """Tell whether the sidewalks of a street are drawn as ways of their own.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        True where at least one side is.
    """
    if tags.get("foot") == "use_sidepath":
        return True
    return any(tags.get(key) == "separate" for key in ("sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"))


def gate_blocks(tags: Tags) -> tuple[bool, bool]:
    """Tell whether a barrier at a node stops walkers, and cyclists.

    A locked or private gate stops both unless ``foot`` or ``bicycle`` makes an exception. A bollard, a lift gate or
    a chain stops cars alone, whatever ``access`` says.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    tuple of bool
        On foot, by bicycle.

    Examples
    --------
    >>> gate_blocks({"barrier": "gate", "access": "private"})
    (True, True)
    >>> gate_blocks({"barrier": "gate", "access": "private", "foot": "yes"})
    (False, True)
    """
    kind = tags.get("barrier")
    if kind is None:
        return False, False
    closed = kind in _FULL_WIDTH and (_verdict(tags, "access") is False or tags.get("locked") == "yes")
    foot = _verdict(tags, "foot")
    bicycle = False if tags.get("bicycle") == "dismount" else _verdict(tags, "bicycle", "vehicle")
    walk_stops = closed if foot is None else not foot
    bike_stops = (closed or kind in _BIKE_STOPPERS) if bicycle is None else not bicycle
    return walk_stops, bike_stops
