"""What kind of crossing a node or a way is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from bykobling.tags.values import Tags

StreetCrossing = Literal["signal", "zebra", "refuge", "unmarked"]
NodeCrossing = Literal["signal", "zebra", "refuge", "unmarked", "level_crossing"]

SIGNAL_VALUES = frozenset({"traffic_signals", "pelican", "puffin", "toucan", "pegasus"})
ZEBRA_VALUES = frozenset({"zebra", "marked", "uncontrolled", "tiger"})
REFUGE_VALUES = frozenset({"island", "refuge"})
CROSSING_WAYS = frozenset({"footway", "cycleway", "path", "pedestrian", "service"})
FOOTWAY_CLASSES = frozenset({"footway", "cycleway", "path", "pedestrian", "steps", "bridleway"})
"""Classes on which a node with traffic signals is a signal for walkers."""


def _kind(tags: Tags) -> StreetCrossing:
    value = tags.get("crossing", "")
    if value in SIGNAL_VALUES or tags.get("crossing:signals") in {"yes", "shared", "separate"}:
        return "signal"
    if value in REFUGE_VALUES or tags.get("crossing:island") == "yes" or tags.get("traffic_calming") == "island":
        return "refuge"
    if value in ZEBRA_VALUES or tags.get("crossing_ref") in {"zebra", "tiger"}:
        return "zebra"
    if tags.get("crossing:markings", "no") not in {"no", "unknown"}:
        return "zebra"
    return "unmarked"


def node_crossing(tags: Tags, *, on_footway: bool = False) -> NodeCrossing | None:
    """Name the crossing at a node, None where it is none.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.
    on_footway : bool
        Whether a footway or cycleway runs through the node: traffic signals there are signals for walkers.

    Returns
    -------
    str or None
        ``signal``, ``zebra``, ``refuge``, ``unmarked`` or ``level_crossing``.

    Examples
    --------
    >>> node_crossing({"highway": "crossing", "crossing": "uncontrolled", "crossing:island": "yes"})
    'refuge'
    >>> node_crossing({"railway": "tram_crossing"}) is None
    True
    """
    if tags.get("crossing") == "no":
        return None
    if tags.get("railway") in {"level_crossing", "crossing"}:
        return "level_crossing"
    highway = tags.get("highway")
    if highway == "traffic_signals" and (on_footway or tags.get("crossing") in SIGNAL_VALUES):
        return "signal"
    if highway == "crossing" or (highway is None and "crossing" in tags and "railway" not in tags):
        return _kind(tags)
    return None


def way_crossing(tags: Tags) -> StreetCrossing | None:
    """Name the crossing drawn as a way (``footway=crossing``), None where the way is none.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    str or None
        ``signal``, ``zebra``, ``refuge`` or ``unmarked``.

    Examples
    --------
    >>> way_crossing({"highway": "footway", "footway": "crossing", "crossing": "traffic_signals"})
    'signal'
    """
    if tags.get("highway") not in CROSSING_WAYS or tags.get("crossing") == "no":
        return None
    if any(tags.get(key) == "crossing" for key in ("footway", "cycleway", "path", "pedestrian", "service")):
        return _kind(tags)
    return None
