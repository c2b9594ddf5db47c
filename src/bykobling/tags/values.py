"""Numbers and flags out of OSM's free text."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

Tags = Mapping[str, str]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_METRE_PER_FOOT = 0.3048
_KM_PER_MILE = 1.609344
_ZONE_KMH = {"urban": 50.0, "rural": 80.0, "trunk": 100.0, "motorway": 130.0, "living_street": 20.0, "walk": 5.0}
_MAX_LEVELS = 200
_MAX_LANES = 20
_MAX_LAYER = 20


def _numbers(text: str | None) -> list[float]:
    return [float(number.replace(",", ".")) for number in _NUMBER.findall(text)] if text else []


def lanes(tags: Tags) -> float:
    """Count the traffic lanes; the largest of several values, NaN where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    float
        Lanes of both directions.

    Examples
    --------
    >>> lanes({"lanes": "2;3"})
    3.0
    """
    found = [number for number in _numbers(tags.get("lanes")) if 0 < number <= _MAX_LANES]
    return max(found) if found else math.nan


def maxspeed_kmh(tags: Tags) -> float:
    """Read the speed limit in km/h; the largest of several values, NaN where there is none.

    A zone (``FR:urban``, ``DE:zone:30``) gives its usual limit.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    float
        km/h.

    Examples
    --------
    >>> maxspeed_kmh({"maxspeed": "50"})
    50.0
    >>> round(maxspeed_kmh({"maxspeed": "30 mph"}), 1)
    48.3
    """
    text = tags.get("maxspeed") or tags.get("maxspeed:type") or tags.get("zone:maxspeed") or ""
    best = math.nan
    for part in text.lower().split(";"):
        found = _numbers(part)
        if found:
            speed = found[-1] * (_KM_PER_MILE if "mph" in part else 1.0)
        else:
            speed = _ZONE_KMH.get(part.strip().rpartition(":")[2], math.nan)
        if 0 < speed <= 200 and not speed <= best:
            best = speed
    return best


def width_m(tags: Tags) -> float:
    """Read a width in metres (``12``, ``12 m``, ``40'``, ``40 ft``); NaN where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    float
        Metres.
    """
    text = tags.get("width") or tags.get("est_width") or ""
    found = _numbers(text)
    if not found:
        return math.nan
    value = found[0] * (_METRE_PER_FOOT if "'" in text or "ft" in text else 1.0)
    return value if 0 < value < 5000 else math.nan


def layer(tags: Tags) -> int:
    """Read the layer, 0 where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    int
        From -20 to 20.
    """
    try:
        value = int(tags.get("layer", "0"))
    except ValueError:
        return 0
    return value if abs(value) <= _MAX_LAYER else 0


def on_bridge(tags: Tags) -> bool:
    """Tell whether the way is on a bridge of any kind.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        False for bridges that are planned or gone.
    """
    return tags.get("bridge", "no") not in {"no", "abandoned", "removed", "proposed"}


def in_tunnel(tags: Tags) -> bool:
    """Tell whether the way runs below the ground.

    A passage through a building, an arcade or a roof over the way leaves it at the surface.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    bool
        False where the way stays at the surface.
    """
    return tags.get("tunnel", "no") not in {"no", "building_passage", "covered", "avalanche_protector"}


def levels_of(text: str | None) -> float:
    """Read a number of storeys, NaN where untagged or nonsense."""
    found = [number for number in _numbers(text) if 0 < number <= _MAX_LEVELS]
    return max(found) if found else math.nan


def flats(tags: Tags) -> float:
    """Count the dwellings of a building, NaN where untagged or nonsense.

    Parameters
    ----------
    tags : mapping of str to str
        Tags of one object.

    Returns
    -------
    float
        Dwellings, as tagged.
    """
    found = _numbers(tags.get("building:flats"))
    return found[0] if found and 0 < found[0] <= 5000 else math.nan
